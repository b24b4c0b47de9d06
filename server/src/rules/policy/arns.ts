/** Resource ARNs: their form, and whether AWS has such resources. */

import { serviceExists } from '../../iam/actions.ts';
import {
  type Arn,
  arnText,
  mayBeAccount,
  mayBeRegion,
  mayExist,
  mayVary,
  NAME,
  PARTITIONS,
  QUEUE_URL,
  REGIONS,
  readArn,
  resourceMatches,
  splitArn,
  type TypeArn,
  toPattern,
  typeArnsOf,
  withoutVariables,
} from '../../iam/arns.ts';
import { HOLE, type Item, isKnown, type PolicyDocument } from '../../iam/document.ts';
import { Answers } from '../../iam/reference.ts';
import { hasPlaceholder } from '../../iam/tokens.ts';
import type { Data } from '../../syntax/edit.ts';
import type { Node } from '../../syntax/node.ts';
import { editDistance, wildcardsOverlap } from '../../syntax/text.ts';
import type { Template } from '../../template/template.ts';
import type { Fix } from '../fix.ts';
import { aws } from '../references.ts';
import type { Rule, Variant } from '../rule.ts';
import { writtenTemplate } from '../written.ts';
import {
  type DocumentCheck,
  fixOf,
  hasStatements,
  itemsOf,
  nearestName,
  policyRule,
  refused,
  replaceLeaf,
} from './check.ts';

/** What is wrong with an ARN, and how its text would be right. */
interface ArnFault {
  readonly key: string;
  readonly message: string;
  /** Writes the text anew; what it leaves has no fault. `any` stands for a region or account that is to be filled in. */
  readonly mend?: (text: string, any: { readonly region: string; readonly account: string }) => string | undefined;
}

/** Services of which AWS owns resources in every account, under ARNs without account. */
const WITHOUT_ACCOUNT: ReadonlySet<string> = new Set(['ssm', 'resource-explorer-2']);

const judged = new Answers<ArnFault | undefined>();

/** What is wrong with a text in Resource; undefined where nothing is, or it is not known. */
export function arnFault(text: string | undefined): ArnFault | undefined {
  if (text === undefined || text === HOLE || /^\*+$/.test(text) || hasPlaceholder(text)) return undefined;
  return judged.of(text, () => judge(withoutVariables(text)));
}

function judge(text: string): ArnFault | undefined {
  if (!text.startsWith('arn:')) {
    // Whatever it may still become an ARN; API Gateway takes a short form.
    if (wildcardsOverlap(toPattern(text), 'arn:*') || text.startsWith('execute-api:')) return undefined;
    return {
      key: 'arn-prefix',
      message: `${shown(text)} is no ARN: it does not begin with "arn:"`,
      mend: (raw) =>
        [
          raw.trim(),
          ...PREFIXES.map((prefix) => prefix + raw.trim()),
          lowerPrefix(raw),
          raw.trim().replace(/^s3:\/\//, 'arn:aws:s3:::'),
        ].find(isGood),
    };
  }
  const fields = splitArn(text);
  const [, partition = '', service = ''] = fields;
  if (!mayVary(partition) && !PARTITIONS.includes(partition)) {
    const skipped = serviceExists(partition) === true;
    const near = nearestName(partition, PARTITIONS) ?? 'aws';
    return {
      key: 'arn-partition',
      message: skipped
        ? `The ARN lacks its partition: ${partition} is a service`
        : `${shown(partition)} is no partition of AWS`,
      mend: (raw) => withField(raw, 1, (own) => (skipped ? `aws:${own}` : near)),
    };
  }
  const arn = readArn(text);
  if (!arn) {
    if (text.includes(HOLE)) return undefined;
    return {
      key: 'arn-fields',
      message: `The ARN has ${fields.length} of six fields, separated by colons`,
      // Region and account of a bucket are empty, and easily forgotten.
      mend: (raw) => [raw.replace(/^(arn:[^:]*:s3):{1,2}(?=[^:])/, '$1:::')].find(isGood),
    };
  }
  if (arn.service.includes(HOLE)) return undefined;
  if (mayVary(service)) {
    return {
      key: 'arn-service-wildcard',
      message: `The service of the ARN is ${shown(service)}: AWS takes no wildcards there`,
    };
  }
  if (/[A-Z]/.test(service)) {
    return {
      key: 'arn-service-case',
      message: `The service of an ARN is in lower case: ${service.toLowerCase()}`,
      mend: (raw) => withField(raw, 2, (own) => own.toLowerCase()),
    };
  }
  return placeFault(arn) ?? typeFault(arn);
}

/** Region and account by themselves. */
function placeFault({ region, account }: Arn): ArnFault | undefined {
  if (region !== '' && !mayVary(region) && !mayBeRegion(region)) {
    // What has the form of a name may be a new one.
    const hasForm = /^[a-z]{2}-[a-z]+-\d$/.test(region);
    const near = nearestRegion(region, hasForm ? 1 : 2);
    if (near === undefined && hasForm) return undefined;
    return {
      key: 'arn-region-invalid',
      message: `${shown(region)} is no region of AWS${near === undefined ? '' : `: ${near} is meant?`}`,
      mend: (raw) => (near === undefined ? undefined : withField(raw, 3, () => near)),
    };
  }
  if (mayBeAccount(account)) return undefined;
  return {
    key: 'arn-account-invalid',
    message: `${shown(account)} is no account: its id has 12 digits`,
    mend: (raw) => withField(raw, 4, (own) => (/^\d{4}-\d{4}-\d{4}$/.test(own) ? own.replaceAll('-', '') : undefined)),
  };
}

/** The region that differs least: in so many letters, or by the letter of an Availability Zone. */
function nearestRegion(region: string, limit: number): string | undefined {
  const zone = region.slice(0, -1);
  if (REGIONS.includes(zone)) return zone;
  for (let distance = 1; distance <= limit; distance++) {
    const near = REGIONS.find((known) => editDistance(known, region, distance) <= distance);
    if (near !== undefined) return near;
  }
  return undefined;
}

/** By the types of resources that the service has. */
function typeFault(arn: Arn): ArnFault | undefined {
  const { service, resource, region, account } = arn;
  const known = typeArnsOf(service);
  if (!known) return undefined;
  if (!mayExist(arn)) {
    const heads = [...new Set(known.map(({ head }) => head).filter(Boolean))];
    const near = resource === '' ? undefined : nearestHead(resource, heads);
    return {
      key: 'arn-resource-format',
      message:
        resource === ''
          ? 'The ARN names no resource: nothing stands behind the last colon'
          : `${service} has no resource ${shown(resource)}: ${near === undefined ? `it begins with ${someOf(heads)}` : `${near}… is meant?`}`,
      mend: (raw) =>
        near === undefined
          ? undefined
          : withField(raw, 5, (own) => near + own.slice(wordOf(own).length).replace(/^[/:]/, '')),
    };
  }
  const types = known.filter((type) => resourceMatches(resource, type));
  if (!types.length || /^[*\0]*$/.test(resource)) return undefined;
  const without = (field: 'region' | 'account') => types.every((type) => type[field] === '');
  const wants = (field: 'region' | 'account') => types.every((type) => type[field] !== '' && type[field] !== 'aws');
  const clear = (raw: string) => {
    const cleared = without('region') ? withField(raw, 3, () => '') : raw;
    return cleared !== undefined && without('account') ? withField(cleared, 4, () => '') : cleared;
  };
  const fill: ArnFault['mend'] = (raw, any) => {
    const filled = wants('region') ? withField(raw, 3, (own) => own || any.region) : raw;
    return filled !== undefined && wants('account') ? withField(filled, 4, (own) => own || any.account) : filled;
  };
  const what = nameOf(types);
  if (isWritten(region) && without('region'))
    return { key: 'arn-region-not-allowed', message: `ARNs of ${service} ${what} have no region`, mend: clear };
  if (isWritten(account) && without('account'))
    return { key: 'arn-account-not-allowed', message: `ARNs of ${service} ${what} have no account`, mend: clear };
  if (region === '' && wants('region'))
    return { key: 'arn-region-missing', message: `ARNs of ${service} ${what} have a region`, mend: fill };
  if (account === '' && wants('account') && !WITHOUT_ACCOUNT.has(service))
    return { key: 'arn-account-missing', message: `ARNs of ${service} ${what} have an account`, mend: fill };
  return undefined;
}

/** Whether a field certainly holds a character. */
const isWritten = (field: string): boolean => /[^*\0]/.test(field);

/** What the types are called in ARNs. */
function nameOf(types: readonly TypeArn[]): string {
  const heads = [...new Set(types.map(({ head }) => head.replace(/^\/|[/:]$/g, '')))];
  return heads.length === 1 && heads[0] ? `(${heads[0]})` : 'resources';
}

function someOf(heads: readonly string[]): string {
  const shownHeads = heads.slice(0, 4).join(', ');
  return heads.length > 4 ? `${shownHeads} …` : shownHeads;
}

/** The word that a resource begins with. */
const wordOf = (resource: string): string => /^\/?[^/:]*/.exec(resource)?.[0] ?? '';

/** The beginning that is meant: the same word with another separator or case, else one much like it. */
function nearestHead(resource: string, heads: readonly string[]): string | undefined {
  const word = wordOf(resource);
  if (mayVary(word)) return undefined;
  const bare = (head: string) => head.replace(/[/:]$/, '');
  const same = heads.find((head) => bare(head) === word);
  if (same !== undefined) return same;
  const near = nearestName(word, heads.map(bare));
  return heads.find((head) => bare(head) === near);
}

const shown = (text: string): string => JSON.stringify(text.replaceAll(HOLE, '…'));

// ---- mending

const PREFIXES = ['arn:', 'arn', 'arn:aws:', 'arn:aws', 'a'];

function lowerPrefix(raw: string): string {
  const colon = raw.indexOf(':');
  return raw.slice(0, colon).toLowerCase() + raw.slice(Math.max(colon, 0));
}

/** Whether a mended text is an ARN of a known service without any fault. */
function isGood(text: string): boolean {
  const plain = withoutVariables(text);
  const arn = readArn(plain);
  return arn !== undefined && serviceExists(arn.service) === true && judge(plain) === undefined;
}

/** Writes one field of an ARN anew. */
function withField(text: string, index: number, write: (field: string) => string | undefined): string | undefined {
  const fields = splitArn(text);
  const written = write(fields[index] ?? '');
  if (fields[index] === undefined || written === undefined) return undefined;
  return fields.map((field, i) => (i === index ? written : field)).join(':');
}

/** A text of a template as written. */
export interface WrittenText {
  readonly text: string;
  /** CloudFormation puts values into it; `Fn::GetAtt` counts as `${Resource.Attribute}`. */
  readonly isSub: boolean;
}

/** The text of a node as written; undefined where it is made by other functions. */
export function writtenText(node: Node): WrittenText | undefined {
  const only =
    node.kind === 'object' && node.tag === undefined && node.entries.length === 1 ? node.entries[0] : undefined;
  const name = only ? only.name : node.tag?.replace('!', 'Fn::');
  const inner = only?.value ?? node;
  const text = writtenTemplate(inner);
  if (name === 'Fn::GetAtt') {
    const path = text ?? inner.items.map(({ value }) => value).join('.');
    return /^\w+\.[\w.]+$/.test(path) ? { text: `\${${path}}`, isSub: true } : undefined;
  }
  if (text === undefined || inner.kind !== 'string' || (name !== undefined && name !== 'Fn::Sub')) return undefined;
  return { text, isSub: name === 'Fn::Sub' };
}

const IN_SUB = { region: '${AWS::Region}', account: '${AWS::AccountId}' };
const WILD = { region: '*', account: '*' };

function fixFor(item: Item, fault: ArnFault): Fix | undefined {
  const written = writtenText(item.node);
  if (!written || !fault.mend) return undefined;
  const { text, isSub } = written;
  // What else a text may be made of is not written anew.
  if (!isSub && (!isKnown(item) || text !== item.text)) return undefined;
  const mended = fault.mend(text, isSub ? IN_SUB : WILD);
  if (mended === undefined || mended === text || arnFault(mended)) return undefined;
  const data: Data = isSub ? { 'Fn::Sub': mended } : mended;
  return fixOf(`Change to ${mended}`, replaceLeaf(item.value, data), false);
}

// ---- checks

const checkResources: DocumentCheck = (policy, fault) => {
  if (!hasStatements(policy) || policy.kind === 'trust') return;
  for (const { item, element } of itemsOf(policy, 'Resource', 'NotResource')) {
    const { template } = policy.resource;
    // An empty default of a parameter is there to be filled.
    const found = isNamed(item, template)
      ? NAME_FOR_ARN
      : isDoubled(item, template)
        ? ARN_IN_ARN
        : item.text === '' && item.via.length
          ? undefined
          : arnFault(item.text);
    if (!found || isExempt(policy, found)) continue;
    fault({
      key: found.key,
      node: item.node,
      message: found.message,
      conditions: item.conditions,
      path: `${element}.${item.text?.replaceAll(HOLE, '…')}`,
      fix: () => (found === NAME_FOR_ARN || found === ARN_IN_ARN ? referToArn(item, template) : fixFor(item, found)),
    });
  }
};

/** A resource by its name, or the URL of a queue, where AWS asks for its ARN. */
export const NAME_FOR_ARN: ArnFault = {
  key: 'arn-prefix',
  message: 'This is the name or address of a resource, and AWS asks for its ARN',
};

/** Whether a text begins with the name of a resource of the template, as `Ref` often gives it, where its ARN belongs. */
export function isNamed({ text, value }: Item, template: Template): boolean {
  if (!text?.startsWith(HOLE)) return false;
  const written = arnText(value, template);
  return written?.startsWith(NAME) === true || written === QUEUE_URL;
}

const ARN_IN_ARN: ArnFault = {
  key: 'arn-resource-format',
  message: 'The ARN of a resource stands inside an ARN',
};

/** Whether the ARN of a resource of the template follows the first five fields of another: `arn:aws:s3:::${Bucket.Arn}`. */
function isDoubled({ text, value }: Item, template: Template): boolean {
  if (!text?.startsWith('arn:') || !text.includes(HOLE)) return false;
  return /^arn:(?:[^:]{0,64}:){4}arn:/.test(arnText(value, template) ?? '');
}

/** Refers to the ARN in place of the name, or of an ARN around it, where all behind is plain text. */
export function referToArn({ value }: Item, template: Template): Fix | undefined {
  const parts = value.kind === 'text' ? value.parts : [value];
  const at = parts.findIndex((part) => typeof part === 'object' && part.kind === 'reference' && part.to === 'resource');
  const [first, ...rest] = at < 0 ? [] : parts.slice(at);
  if (typeof first !== 'object' || first.kind !== 'reference') return undefined;
  const behind = rest.map((part) => (typeof part === 'string' ? part : HOLE)).join('');
  if (/[$%\0]/.test(behind)) return undefined;
  const { target } = first;
  const cloudFormation = template.dialect === 'cloudformation';
  // What is an ARN already stays as it is.
  const own = arnText(first, template)?.startsWith('arn:') === true;
  const attribute = own ? first.attribute : cloudFormation ? 'Arn' : 'arn';
  const path = attribute === undefined ? target : `${target}.${attribute}`;
  const whole: Data = attribute === undefined ? { Ref: target } : { 'Fn::GetAtt': [target, attribute] };
  const text = `\${${path}}${behind}`;
  const data: Data = !cloudFormation ? text : behind ? { 'Fn::Sub': text } : whole;
  return fixOf(`Refer to the ARN of ${target}`, replaceLeaf(value, data), false);
}

/** VPC Lattice takes paths of the service, too. */
function isExempt(policy: PolicyDocument, { key }: ArnFault): boolean {
  return key === 'arn-prefix' && policy.service === 'vpc-lattice-svcs';
}

/** A wildcard in the service of an action: `*` alone, and `*:*`, mean everything and are told by other rules. */
const checkActions: DocumentCheck = (policy, fault) => {
  for (const { item, element } of itemsOf(policy, 'Action', 'NotAction')) {
    const { text } = item;
    const colon = text?.indexOf(':') ?? -1;
    if (text === undefined || colon < 0 || /^\*+(?::\*+)?$/.test(text)) continue;
    const service = text.slice(0, colon);
    if (!/[*?]/.test(service)) continue;
    fault({
      key: 'arn-service-wildcard',
      node: item.node,
      message: `${shown(service)} is no service by name: what it matches grows with AWS`,
      conditions: item.conditions,
      path: `${element}.${text.replaceAll(HOLE, '…')}`,
    });
  }
};

const VARIANTS: Readonly<Record<string, Variant>> = {
  'arn-prefix': refused('parliament:INVALID_ARN', 'access-analyzer:INVALID_ARN_PREFIX'),
  'arn-fields': refused('parliament:INVALID_ARN', 'access-analyzer:MISSING_ARN_FIELD'),
  'arn-partition': refused('parliament:INVALID_ARN', 'access-analyzer:INVALID_PARTITION'),
  'arn-service-case': refused('access-analyzer:INVALID_ARN_SERVICE_CASE'),
  'arn-region-invalid': refused('parliament:INVALID_ARN', 'access-analyzer:INVALID_ARN_REGION'),
  'arn-region-missing': refused('access-analyzer:MISSING_ARN_REGION'),
  'arn-region-not-allowed': refused('access-analyzer:ARN_REGION_NOT_ALLOWED'),
  'arn-account-invalid': refused('parliament:INVALID_ARN', 'access-analyzer:INVALID_ARN_ACCOUNT'),
  'arn-account-missing': refused('access-analyzer:MISSING_ARN_ACCOUNT'),
  'arn-account-not-allowed': refused('access-analyzer:ARN_ACCOUNT_NOT_ALLOWED'),
  'arn-resource-format': refused('access-analyzer:INVALID_ARN_RESOURCE'),
  'arn-service-wildcard': { severity: 'info', aliases: ['access-analyzer:WILDCARD_IN_SERVICE_NAME'] },
};

export const ARN_RULES: readonly Rule[] = [
  policyRule({
    id: 'iam-arn-invalid',
    title: 'ARN names no resource',
    severity: 'medium',
    owner: {
      side: 'customer',
      why: 'AWS compares the ARNs of a policy with those of resources character by character; what the policy names is yours.',
    },
    description:
      'The text in Resource is not an ARN as AWS writes it: AWS refuses the policy, or takes it and the statement applies to nothing. An Allow then grants nothing, and a Deny forbids nothing. Write the ARN as the service authorization reference lists it for the resource type, with a wildcard where any will do.',
    variants: VARIANTS,
    references: [
      aws('IAM JSON policy elements: Resource', 'IAM/latest/UserGuide/reference_policies_elements_resource.html'),
      aws('IAM policy validation check reference', 'IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html'),
      aws(
        'Actions, resources, and condition keys for AWS services',
        'service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html',
      ),
    ],
    checks: [checkResources, checkActions],
  }),
];
