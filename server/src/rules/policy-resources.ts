/** The ARNs that the actions of a statement work on: of the template's only resource of the type, else with a name to fill in. */

import { HOLE, type Item, type Statement } from '../iam/document.ts';
import { OWN_ARNS, type OwnArn } from '../iam/own-arns.ts';
import type { ActionResourceType } from '../iam/reference.ts';
import type { Data, Edit } from '../syntax/edit.ts';
import type { Node } from '../syntax/node.ts';
import { wildcardCovers } from '../syntax/text.ts';
import type { Resource, Template } from '../template/template.ts';
import type { Fix } from './fix.ts';
import { isRepeated, nameOf, terraformReference } from './fixes.ts';
import { isEverything } from './iam-breadth.ts';
import { MOST_TYPES, neededBy } from './policy-action-types.ts';
import { addLikeness, ownAccount, policyFix, removeItems, replaceItem, takesIntrinsics } from './policy-edits.ts';

/** Names to fill in where the reference's own would lead astray: the ARN of a secret ends in six random characters. */
const NAMES: ReadonlyMap<string, string> = new Map([['SecretId', 'SECRET_NAME-??????']]);

/** What an ARN begins with; each may be text of a template. */
interface Fields {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** The fields in CloudFormation's own words. */
const INTRINSIC: Fields = {
  partition: '${AWS::Partition}',
  region: '${AWS::Region}',
  account: '${AWS::AccountId}',
};

export interface Narrowed {
  readonly arns: readonly Data[];
  /** What of the template they name. */
  readonly owners: readonly string[];
  /** Names to fill in. */
  readonly names: readonly string[];
}

/** The actions of a statement by whether a resource limits them. */
interface Sorted {
  readonly types: readonly ActionResourceType[];
  /** Actions as written that work on everything only. */
  readonly unlimited: readonly Item[];
  /** The same among those that a pattern stands for. */
  readonly unlimitedNames: readonly string[];
}

function sortActions(statement: Statement): Sorted | undefined {
  const types = new Map<string, ActionResourceType>();
  const unlimited: Item[] = [];
  const unlimitedNames: string[] = [];
  for (const item of statement.actions) {
    const needed = neededBy(item, statement);
    if (!needed) return undefined;
    if (!needed.types.length) unlimited.push(item);
    unlimitedNames.push(...needed.unlimited);
    for (const type of needed.types) types.set(type.arnPattern, type);
  }
  if (!types.size || types.size > MOST_TYPES || statement.openElements.has('Action')) return undefined;
  return { types: [...types.values()], unlimited, unlimitedNames };
}

// ---- ARNs

/** Text as a template writes it, where an ARN stands in it: of a string, or of `Fn::Sub`. */
export function rawText(node: Node): string | undefined {
  const inner = node.kind === 'object' && node.entries.length === 1 ? node.get('Fn::Sub') : node;
  if (inner?.kind !== 'string' || (inner.tag !== undefined && inner.tag !== '!Sub')) return undefined;
  return typeof inner.value === 'string' ? inner.value : undefined;
}

/** The fields of an ARN with a wildcard, colons inside `${…}` aside; what is not named there is the deployment's own. */
function fieldsOf(statement: Statement, wide: Item): Fields | undefined {
  const { policy } = statement;
  const own: Fields = takesIntrinsics(policy)
    ? INTRINSIC
    : { partition: 'aws', region: '*', account: textOf(ownAccount(policy)) ?? '*' };
  if (!wide.text?.startsWith('arn:')) return own;
  const raw = rawText(wide.node);
  if (raw === undefined) return wide.text.includes(HOLE) ? undefined : own;
  const [, partition, , region, account] = splitFields(raw);
  const named = (field: string | undefined, other: string) => (!field || /^\*+$/.test(field) ? other : field);
  return {
    partition: named(partition, own.partition),
    region: named(region, own.region),
    account: named(account, own.account),
  };
}

/** Parts between colons, those inside `${…}` aside. */
function splitFields(arn: string): string[] {
  const fields: string[] = [];
  let from = 0;
  let open = false;
  for (let i = 0; i < arn.length; i++) {
    if (arn[i] === '{') open = true;
    else if (arn[i] === '}') open = false;
    else if (arn[i] === ':' && !open) {
      fields.push(arn.slice(from, i));
      from = i + 1;
    }
  }
  return [...fields, arn.slice(from)];
}

function textOf(data: Data | undefined): string | undefined {
  return typeof data === 'string' ? data : undefined;
}

/** `BucketName` as `BUCKET_NAME`. */
function shouted(name: string): string {
  const plain = name.replace(/With(?:out)?[A-Z]\w{0,60}$/, '');
  return NAMES.get(name) ?? plain.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
}

const PLACEHOLDER = /\$\{([^{}]*)\}/g;

/** An ARN pattern of the reference with one name to fill in, and `*` for what lies below. */
function skeleton(pattern: string, fields: Fields): { readonly text: string; readonly name: string } | undefined {
  const free = [...pattern.matchAll(PLACEHOLDER)]
    .map((match) => match[1] ?? '')
    .filter((name) => !['Partition', 'Region', 'Account'].includes(name));
  const key = free.find((name) => name.includes('Name')) ?? free[0];
  if (key === undefined) return undefined;
  const name = shouted(key);
  const text = pattern.replace(PLACEHOLDER, (_, part: string) => {
    if (part === 'Partition') return fields.partition;
    if (part === 'Region') return fields.region;
    if (part === 'Account') return fields.account;
    return part === key ? name : '*';
  });
  return { text, name };
}

// ---- the template's own

/** The only resource of a type that a statement can be limited to, where referring to it makes no circle. */
function soleOwn(statement: Statement, own: OwnArn): Resource | undefined {
  const { resource } = statement.policy;
  const { template, type } = resource;
  const isCloudFormation = template.dialect === 'cloudformation';
  if (isCloudFormation ? !takesIntrinsics(statement.policy) : template.dialect !== 'terraform') return undefined;
  const [sole, ...others] = template.ofType(isCloudFormation ? own.cfn : own.tf);
  if (!sole || others.length || sole.isData || sole.isMirrored || sole.conditions.length || type === sole.type) {
    return undefined;
  }
  if (isRepeated(sole)) return undefined;
  if (sole.document !== resource.document) return undefined;
  // It may not need the policy, or what holds it; and a role that the policy is attached to is not passed on.
  if (reaches(template, sole, resource)) return undefined;
  return own.cfn === 'AWS::IAM::Role' && reaches(template, resource, sole) ? undefined : sole;
}

/** Whether the text of a resource names another one, itself or through others. Text may also be mere text: then too much is assumed. */
function reaches(template: Template, from: Resource, to: Resource): boolean {
  const seen = new Set<Resource>([from]);
  const queue = [from];
  for (let at = queue.pop(); at; at = queue.pop()) {
    const { body } = at;
    const text = body.document.text.slice(body.start, body.end);
    if (text.includes(nameOf(to))) return true;
    if (seen.size > 100) return true;
    for (const other of template.resources) {
      if (seen.has(other) || !text.includes(nameOf(other))) continue;
      seen.add(other);
      queue.push(other);
    }
  }
  return false;
}

function ownArn(resource: Resource, own: OwnArn): Data {
  const { tail = '' } = own;
  if (!resource.type.startsWith('AWS::')) return `${terraformReference(resource, 'arn')}${tail}`;
  const name = nameOf(resource);
  if (own.by === 'Ref') return tail ? { 'Fn::Sub': `\${${name}}${tail}` } : { Ref: name };
  return tail ? { 'Fn::Sub': `\${${name}.${own.by}}${tail}` } : { 'Fn::GetAtt': [name, own.by] };
}

/** ARNs for the types, each of the template's own resource or to be filled in. */
export function arnsFor(statement: Statement, types: readonly ActionResourceType[], wide: Item): Narrowed | undefined {
  const fields = fieldsOf(statement, wide);
  if (!fields) return undefined;
  const assumes = statement.actions.some(({ text }) => text?.toLowerCase().startsWith('sts:'));
  const arns: Data[] = [];
  const owners = new Set<string>();
  const names = new Set<string>();
  for (const { name, arnPattern } of types) {
    const own = OWN_ARNS.get(`${arnPattern.split(':')[2]}:${name.toLowerCase()}`);
    // Roles to assume are other people's, as are ARNs that name an account.
    const sole = own && !assumes && !/^\d{12}$/.test(fields.account) ? soleOwn(statement, own) : undefined;
    if (own && sole) {
      arns.push(ownArn(sole, own));
      owners.add(sole.address);
      continue;
    }
    const arn = skeleton(arnPattern, fields);
    if (!arn) return undefined;
    arns.push(takesIntrinsics(statement.policy) && arn.text.includes('${') ? { 'Fn::Sub': arn.text } : arn.text);
    names.add(arn.name);
  }
  return { arns, owners: [...owners], names: [...names] };
}

/** "a, b and c". */
export function joined(names: readonly string[]): string {
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}` : (names[0] ?? '');
}

function titleFor({ owners, names }: Narrowed): string {
  const own = joined(owners);
  const filled = `put in ${joined(names)}`;
  if (!names.length) return `Allow it on ${own} only (other resources are then refused)`;
  return own
    ? `Allow it on ${own} and named resources only (${filled})`
    : `Allow it on named resources only (${filled})`;
}

// ---- the fixes

/** The items of Resource that stand for all there is of these types. */
function wideItems(statement: Statement, types: readonly ActionResourceType[]): readonly Item[] {
  return statement.resources.filter(({ text }) => {
    if (text === undefined) return false;
    if (isEverything(text)) return true;
    if (!text.startsWith('arn:') || !text.includes('*')) return false;
    return types.some(({ arnPattern }) => {
      const any = anyPartition(arnPattern.replace(PLACEHOLDER, '*'));
      return wildcardCovers(anyPartition(text), any);
    });
  });
}

/** An ARN of any partition; IAM's without account, since a policy reaches its own only. */
function anyPartition(arn: string): string {
  const parts = arn.split(':');
  if (parts.length < 6) return arn;
  parts[1] = '*';
  if (parts[2] === 'iam') parts[4] = '*';
  return parts.join(':');
}

/**
 * Limits a statement to the ARNs that its actions work on: those of the template's only fitting resource, else with a name
 * to fill in, which no resource has until then. Actions that know no resource get a statement of their own.
 * Undefined where the actions share no few types, or the statement is not written out.
 */
export function narrowResource(statement: Statement): Fix | undefined {
  if (statement.effect !== 'Allow' || statement.openElements.has('Resource')) return undefined;
  const sorted = sortActions(statement);
  if (!sorted) return undefined;
  const [wide, ...others] = wideItems(statement, sorted.types);
  const narrowed = wide && arnsFor(statement, sorted.types, wide);
  if (!narrowed) return undefined;
  const edits: (readonly Edit[] | undefined)[] = [replaceItem(statement, 'Resource', wide, narrowed.arns)];
  if (others.length) edits.push(removeItems(statement, 'Resource', others));
  const apart = [...sorted.unlimited.flatMap(({ text }) => text ?? []), ...sorted.unlimitedNames];
  if (apart.length) {
    if (sorted.unlimited.length) edits.push(removeItems(statement, 'Action', sorted.unlimited));
    edits.push(addLikeness(statement, apart));
  }
  if (edits.some((edit) => edit === undefined)) return undefined;
  return policyFix(
    titleFor(narrowed),
    edits.flatMap((edit) => edit ?? []),
  );
}

/** Turns `NotResource` into `Resource` with the ARNs that the actions work on. */
export function nameResources(statement: Statement): Fix | undefined {
  const entry = statement.elements.NotResource?.key.entry;
  const [wide] = statement.notResources;
  const sorted = sortActions(statement);
  if (!entry || !wide || !sorted || sorted.unlimited.length || sorted.unlimitedNames.length) return undefined;
  const narrowed = arnsFor(statement, sorted.types, { ...wide, text: '*' });
  if (!narrowed || entry.merged || entry.value.aliasOf) return undefined;
  const list = entry.value.kind === 'array' && entry.value.tag === undefined;
  const { arns } = narrowed;
  return policyFix(titleFor(narrowed), [
    { kind: 'rename', entry, name: statement.policy.form === 'data' ? 'resources' : 'Resource' },
    { kind: 'replace', node: entry.value, data: list || arns.length > 1 ? arns : (arns[0] as Data) },
  ]);
}

/**
 * The ARN of something in the own account: of the template's only resource of the type, else with names to fill in, the
 * Region and the account among them where the language cannot say these.
 */
export function namedArn(
  statement: Statement,
  service: string,
  type: string | undefined,
  pattern: string,
): { readonly data: Data; readonly owner?: string; readonly names: readonly string[] } {
  const own = type === undefined ? undefined : OWN_ARNS.get(`${service}:${type}`);
  const sole = own && soleOwn(statement, own);
  if (own && sole) return { data: ownArn(sole, own), owner: sole.address, names: [] };
  const fields: Fields = takesIntrinsics(statement.policy)
    ? INTRINSIC
    : { partition: 'aws', region: 'REGION', account: textOf(ownAccount(statement.policy)) ?? 'ACCOUNT_ID' };
  const region = service === 'iam' ? '' : '${Region}';
  const full = `arn:\${Partition}:${service}:${region}:\${Account}:${pattern}`;
  const { text = full, name = '' } = skeleton(full, fields) ?? {};
  return {
    data: takesIntrinsics(statement.policy) ? { 'Fn::Sub': text } : text,
    names: ['REGION', 'ACCOUNT_ID', name].filter((one) => one !== '' && text.split(/[:/]/).includes(one)),
  };
}
