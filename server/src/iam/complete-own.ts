/** Resources of the template at hand: what a policy in it is most likely about. */

import { localAddress } from '../template/module-path.ts';
import type { Resource } from '../template/template.ts';
import type { Completion } from './complete-item.ts';
import type { Place } from './complete-position.ts';
import { canTag } from './complete-principals.ts';
import type { Spot } from './complete-spot.ts';
import { OWN_ARNS, type OwnArn } from './own-arns.ts';

/** A resource that a statement can refer to. */
export interface OwnResource {
  /** Logical id, or address in Terraform. */
  readonly address: string;
  readonly type: string;
}

/** A distribution has no attribute that is its ARN. */
const DISTRIBUTION = '';

/** A type's service and how its ARN is referred to. */
interface Kind {
  readonly service: string;
  readonly own: OwnArn;
}

/** Types of SAM, by those that they are turned into. */
const SAM: Readonly<Record<string, string>> = {
  'AWS::Serverless::Function': 'AWS::Lambda::Function',
  'AWS::Serverless::SimpleTable': 'AWS::DynamoDB::Table',
  'AWS::Serverless::StateMachine': 'AWS::StepFunctions::StateMachine',
};

/** Further resources that services act for: no policy allows anything on them, but `aws:SourceArn` names them. */
const SOURCES: readonly (readonly [service: string, own: OwnArn])[] = [
  ['events', { cfn: 'AWS::Events::Rule', by: 'Arn', tf: 'aws_cloudwatch_event_rule' }],
  ['cloudfront', { cfn: 'AWS::CloudFront::Distribution', by: DISTRIBUTION, tf: 'aws_cloudfront_distribution' }],
];

const KINDS: ReadonlyMap<string, Kind> = (() => {
  const kinds = new Map<string, Kind>();
  const add = (service: string, own: OwnArn) => {
    // A type is there once for each of its ARNs: that of the resource itself comes without a tail.
    if (own.tail) return;
    for (const type of [own.cfn, own.tf]) kinds.set(type, { service, own });
  };
  for (const [key, own] of OWN_ARNS) add(key.slice(0, key.indexOf(':')), own);
  for (const [service, own] of SOURCES) add(service, own);
  for (const [type, same] of Object.entries(SAM)) kinds.set(type, kinds.get(same) as Kind);
  return kinds;
})();

/** Resources that are looked at, and items that are offered of one type. */
const MAX_RESOURCES = 2000;
const MAX_ITEMS = 20;

/**
 * The resources of a template that a policy in it may refer to: those that ARNs are known of, save what carries the policy
 * and what refers to that, which would make a circle.
 * @param beside resources in the other files of a Terraform module
 * @param yaml all of a CloudFormation template in YAML, of which the spot's template holds the resource at the cursor alone
 * @param written the same of another text of which the spot's template is a part
 */
export function ownResources(
  { template, address }: Spot,
  yaml: string | undefined,
  beside: readonly Resource[] = [],
  written?: Place['resources'],
): readonly OwnResource[] {
  if (!template || (template.dialect !== 'cloudformation' && template.dialect !== 'terraform')) return [];
  const inText = written?.((type) => KINDS.has(type)) ?? resourcesOf(template.resources);
  const all = yaml === undefined ? [...inText, ...resourcesOf(beside)] : resourcesInYaml(yaml);
  const seen = new Set<string | undefined>([address]);
  return all
    .filter((one) => KINDS.has(one.type) && !seen.has(one.address) && seen.add(one.address))
    .slice(0, MAX_RESOURCES)
    .filter((one) => address === undefined || !refersTo(one, address));
}

/** A resource with the text of its body. */
export interface WrittenResource extends OwnResource {
  readonly body: string;
  /** Lines of it may say nothing. */
  readonly hasComments?: true;
}

function resourcesOf(resources: readonly Resource[]): WrittenResource[] {
  return resources.flatMap((resource) => {
    const { type, isData, attributes, body } = resource;
    if (isData || attributes.get('count') || attributes.get('for_each')) return [];
    return [{ address: localAddress(resource), type, body: body.document.text.slice(body.start, body.end) }];
  });
}

function refersTo({ body, hasComments }: WrittenResource, address: string): boolean {
  return mentions(body, address) && (!hasComments || mentions(withoutComments(body), address));
}

/** Whether a resource's text refers to another one. */
function mentions(text: string, address: string): boolean {
  // In HCL an address stands anywhere in an expression.
  const bare = address.includes('.') ? [' ', '[', '('] : [];
  return ['!Ref ', '!GetAtt ', 'Ref: ', '${', '"', "'", ...bare].some((before) => {
    const reference = before + address;
    for (let at = text.indexOf(reference); at >= 0; at = text.indexOf(reference, at + 1))
      if (!/[\w:]/.test(text[at + reference.length] ?? '')) return true;
    return false;
  });
}

/** Logical ids, types and texts in the `Resources` of a template, by the indentation of its lines. */
function resourcesInYaml(text: string): WrittenResource[] {
  const found: { address: string; type: string | undefined; from: number; to: number }[] = [];
  let inside = false;
  let indent: number | undefined;
  for (let line = 0, next = 0; line < text.length; line = next) {
    next = text.indexOf('\n', line) + 1 || text.length + 1;
    const resource = found[found.length - 1];
    if (isLetter(text.charCodeAt(line))) {
      inside = text.startsWith('Resources:', line);
      continue;
    }
    const at = inside ? contentAt(text, line) : line;
    if (at === line) continue;
    indent ??= at - line;
    if (at - line === indent) {
      const address = /^([A-Za-z\d]+):\s*(?:#.*)?$/.exec(text.slice(at, next - 1).trimEnd())?.[1] ?? '';
      found.push({ address, type: undefined, from: next, to: next });
    } else if (resource) {
      resource.to = next;
      // The resource's own `Type` comes before any other in what people write.
      if (resource.type === undefined && text.startsWith('Type:', at))
        resource.type = /^Type:\s*["']?(AWS::[\w:]+)/.exec(text.slice(at, next - 1))?.[1];
    }
  }
  return found.flatMap(({ address, type, from, to }) =>
    address && type ? [{ address, type, body: text.slice(from, to), hasComments: true as const }] : [],
  );
}

/** Where a line of YAML begins that is indented and says something; its start where it does not. */
function contentAt(text: string, line: number): number {
  let at = line;
  while (text.charCodeAt(at) === 32) at++;
  let content = at;
  while (text.charCodeAt(content) === 9 || text.charCodeAt(content) === 32) content++;
  const c = text.charCodeAt(content);
  const isNothing = c === 35 || c === 10 || c === 13 || Number.isNaN(c);
  return isNothing ? line : at;
}

function isLetter(c: number): boolean {
  return (c >= 65 && c <= 90) || (c >= 97 && c <= 122);
}

function withoutComments(text: string): string {
  return text
    .split('\n')
    .filter((line) => contentAt(line, 0) > 0)
    .join('\n');
}

/** Services that the template has resources of; roles aside, which every template has. */
export function ownServices(own: readonly OwnResource[]): ReadonlySet<string> {
  const kinds = own.flatMap(({ type }) => KINDS.get(type) ?? []);
  const isSource = (kind: Kind) => SOURCES.some((source) => source[1] === kind.own);
  return new Set(kinds.flatMap((kind) => (kind.service === 'iam' || isSource(kind) ? [] : [kind.service])));
}

/**
 * The ARNs of the template's resources of a resource type of the reference (`dynamodb`, `table`).
 * @param detail behind the label
 * @param rank of the first of them
 */
export function ownArns(
  own: readonly OwnResource[],
  [service, type]: readonly [service: string, type: string],
  { spot, place, detail, rank }: { spot: Spot; place: Place; detail: string; rank: number },
): Completion[] {
  const wanted = OWN_ARNS.get(`${service}:${type.toLowerCase()}`);
  if (!wanted) return [];
  return own
    .flatMap((one) => {
      const kind = KINDS.get(one.type);
      if (kind?.own.cfn !== wanted.cfn) return [];
      return written(one.address, wanted, spot, place) ?? [];
    })
    .slice(0, MAX_ITEMS)
    .map((one) => reference(one, detail, rank));
}

/** The ARNs of the resources that a service principal acts for, for `aws:SourceArn`. */
export function sourceArns(
  own: readonly OwnResource[],
  principals: readonly string[],
  spot: Spot,
  place: Place,
): Completion[] {
  const services = new Set(principals.map((name) => name.replace(/\.amazonaws\.com(?:\.cn)?$/, '')));
  return own
    .flatMap((one) => {
      const kind = KINDS.get(one.type);
      return kind && services.has(kind.service) ? (written(one.address, kind.own, spot, place) ?? []) : [];
    })
    .slice(0, MAX_ITEMS)
    .map((one, i) => reference(one, 'of this template', i));
}

interface Written {
  readonly text: string;
  /** A call or an expression, not a text. */
  readonly raw: boolean;
  /** It is written instead of the quotes around the place. */
  readonly unquotes?: boolean;
}

function reference({ text, raw, unquotes }: Written, detail: string, rank: number): Completion {
  const insertion = { parts: [text], raw, listed: true, interpolates: true };
  return { label: text, kind: 'resource', detail, rank, insertion, unquotes };
}

/** A resource's ARN as its place can say it; undefined where it cannot. */
function written(address: string, { by, tail = '' }: OwnArn, spot: Spot, place: Place): Written | undefined {
  if (spot.template?.dialect === 'terraform') return inTerraform(`${address}.arn`, tail, place);
  const target = by === 'Ref' ? address : `${address}.${by}`;
  const text =
    by === DISTRIBUTION
      ? `arn:\${AWS::Partition}:cloudfront::\${AWS::AccountId}:distribution/\${${address}}`
      : `\${${target}}${tail}`;
  const isSub = tail !== '' || by === DISTRIBUTION;
  if (place.substitutes) return { text, raw: false };
  if (canTag(spot, place)) {
    if (isSub) return { text: `!Sub '${text}'`, raw: true };
    return { text: by === 'Ref' ? `!Ref ${address}` : `!GetAtt ${target}`, raw: true };
  }
  if (!takesObject(spot, place)) return undefined;
  if (isSub) return { text: `{ "Fn::Sub": "${text}" }`, raw: true };
  return {
    text: by === 'Ref' ? `{ "Ref": "${address}" }` : `{ "Fn::GetAtt": ["${address}", "${by}"] }`,
    raw: true,
  };
}

function inTerraform(expression: string, tail: string, place: Place): Written | undefined {
  if (place.style === 'json') return { text: `\${${expression}}${tail}`, raw: false };
  if (place.style !== 'hcl') return undefined;
  if (place.quote) {
    return tail ? { text: `\${${expression}}${tail}`, raw: false } : { text: expression, raw: true, unquotes: true };
  }
  return { text: tail ? `"\${${expression}}${tail}"` : expression, raw: true };
}

/** Whether a call of CloudFormation may stand as an object of JSON. */
export function takesObject(spot: Spot, place: Place): boolean {
  return (
    spot.template?.dialect === 'cloudformation' && place.style === 'json' && !place.quote && place.encode('"') === '"'
  );
}
