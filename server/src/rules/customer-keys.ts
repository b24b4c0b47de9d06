/**
 * The preference for a KMS key of one's own, for every service that can take one: a table of where the key is named and what
 * AWS encrypts with when none is. The findings say by what the data is encrypted, for encrypted it is.
 *
 *     customerKeyRule({
 *       id: 'logs-cmk', data: 'Log events', always: true,
 *       aws: [{ text: '…', source: '…' }], references: [aws('…', '…')],
 *       places: [{
 *         name: 'group', thing: 'Log group', by: 'keys of CloudWatch Logs',
 *         at: ['AWS::Logs::LogGroup.KmsKeyId', 'aws_cloudwatch_log_group.kms_key_id'], aliases: ['checkov:CKV_AWS_158'],
 *       }],
 *     })
 */

import { type Found, select, selectFrom } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asPattern, type Leaf } from '../template/value.ts';
import { isPresent, isTrue } from './predicates.ts';
import type { AwsFact, Check, Predicate, Reference, Rule, Target, Variant } from './rule.ts';

/** A property that names the key. */
export interface KeyPlace {
  /** Its variant of the rule. */
  readonly name: string;
  /** What the key encrypts, as people call it: `Log group`. */
  readonly thing: string;
  /**
   * Type and path in either language: `AWS::Logs::LogGroup.KmsKeyId`. `block > path` looks only into blocks that exist, and
   * `path|path` takes the first that is set. A type holds no dot.
   */
  readonly at: readonly string[];
  /** By what AWS encrypts without such a key: `a key that AWS owns`. Where that is not known, findings do not say it. */
  readonly by?: string | ((found: Found) => string);
  /** Says it otherwise; undefined leaves it to the sentence that all share. */
  readonly message?: (found: Found) => string | undefined;
  readonly where?: Target['where'];
  /** Whether it is encrypted at all, where that is a setting of its own. */
  readonly encrypted?: (found: Found) => boolean | undefined;
  /** What the property must be, where it does not name the key itself. */
  readonly must?: Predicate;
  /** What absence means; a violation where left out. */
  readonly absent?: true;
  readonly aliases: readonly string[];
  /** Ids of findings on the alias of a key that AWS manages; those above where left out. */
  readonly managed?: readonly string[];
}

export interface CustomerKeyRule {
  readonly id: string;
  /** What is encrypted, for the description: `Log events`. */
  readonly data: string;
  /** AWS encrypts it whatever the template says. */
  readonly always: boolean;
  readonly title?: string;
  /** To follow the description that all share. */
  readonly advice?: string;
  readonly aws?: readonly AwsFact[];
  readonly references: readonly Reference[];
  readonly places: readonly KeyPlace[];
  /** Variants and checks of a rule that asks for more than keys. */
  readonly more?: { readonly variants: Readonly<Record<string, Variant>>; readonly checks: readonly Check[] };
}

/** A rule from its table. Variants are the names of the places, and `<name>-managed` for the alias of a key of AWS's. */
export function customerKeyRule(spec: CustomerKeyRule): Rule {
  const { id, data, always, places, more } = spec;
  const variants: Record<string, Variant> = { ...more?.variants };
  for (const { name, aliases, managed } of places) {
    variants[name] = { aliases };
    variants[`${name}-managed`] = { aliases: managed ?? aliases };
  }
  return {
    id,
    title: spec.title ?? `${places[0]?.thing ?? data} has no KMS key of its own`,
    category: 'encryption-at-rest',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: always ? 'aws' : 'shared',
      why: always
        ? 'AWS encrypts this whatever the template says; a key of your own, whose policy and use you control, is optional.'
        : 'AWS offers encryption with a key that it owns or manages; a key of your own, whose policy and use you control, is optional.',
    },
    description:
      `${data} ${always ? 'are encrypted in any case' : 'need no key of your own to be encrypted'}. With a customer managed key ` +
      'its policy decides who may read them, CloudTrail records each use under its ARN, and disabling it ends all access. ' +
      `The key costs money, and its policy must let the service in.${spec.advice ? ` ${spec.advice}` : ''}`,
    aws: spec.aws,
    aliases: [],
    variants,
    references: spec.references,
    checks: [...places.map(checkOf), ...(more?.checks ?? [])],
  };
}

function checkOf(place: KeyPlace): Check {
  const { name, must = isOwnKey } = place;
  return {
    kind: 'property',
    targets: place.at.map((at) => targetOf(at, place.where)),
    must: (value, found) => {
      if (isManaged(value, found)) return `${name}-managed`;
      const verdict = must(value, found);
      return verdict === false ? name : verdict;
    },
    absent: place.absent ?? name,
    message: (found) => place.message?.(found) ?? messageOf(place, found),
  };
}

function targetOf(at: string, where: Target['where']): Target {
  const dot = at.indexOf('.');
  const [first = '', second] = at.slice(dot + 1).split(' > ');
  const path = (second ?? first).split('|');
  return { type: at.slice(0, dot), path, ...(second === undefined ? {} : { within: first }), where };
}

function messageOf({ thing, by, encrypted }: KeyPlace, found: Found): string {
  const is = encrypted ? encrypted(found) : true;
  if (is === false) return `${thing} does not ask for encryption, and names no KMS key`;
  const alias = MANAGED.exec(asPattern(found.value) ?? '')?.[1];
  const key = alias ? `${alias}, which AWS manages` : typeof by === 'function' ? by(found) : by;
  if (is === undefined || key === undefined) return `${thing} names no KMS key of its own`;
  return `${thing} is encrypted with ${key}, not with a key of your own`;
}

// ---- keys

/** The alias of a key that AWS manages for a service, by itself or at the end of an ARN. */
const MANAGED = /(?:^|[:\u0000])alias\/(aws\/[\w-]+)$/;

/** Data sources of Terraform that look a key up, and by what. */
const LOOKUPS: Readonly<Record<string, string>> = { 'data.aws_kms_alias': 'name', 'data.aws_kms_key': 'key_id' };

/** Whether a value certainly names a key that AWS manages, also through a data source. */
function isManaged(value: Leaf, found: Found): boolean {
  if (value.kind === 'reference') {
    const source = found.resource.template.resource(value.target);
    const name = source && LOOKUPS[source.type];
    if (!source || name === undefined) return false;
    const leaves = select(source, name);
    return leaves.length > 0 && leaves.every((leaf) => MANAGED.test(asPattern(leaf.value) ?? ''));
  }
  return (value.kind === 'known' || value.kind === 'text') && MANAGED.test(asPattern(value) ?? '');
}

const isOwnKey: Predicate = (value, found) => isPresent(value, found);

// ---- whether it is encrypted at all

/** A switch of the resource, by its path in CloudFormation and in Terraform: all its alternatives on, all off, or not known. */
export function switchedOn(cloudFormation: string, terraform: string): (found: Found) => boolean | undefined {
  return ({ resource }) => truthOf(select(resource, resource.type.startsWith('AWS::') ? cloudFormation : terraform));
}

/** As {@link switchedOn}, for a switch in the block that holds the key. */
export function switchedOnBeside(cloudFormation: string, terraform: string): (found: Found) => boolean | undefined {
  return ({ resource, scopes }) => {
    const block = scopes[scopes.length - 1];
    const name = resource.type.startsWith('AWS::') ? cloudFormation : terraform;
    return block && truthOf(selectFrom(resource, block, name));
  };
}

function truthOf(leaves: readonly Found[]): boolean | undefined {
  const verdicts = new Set(leaves.map((leaf) => (leaf.value.kind === 'absent' ? false : isTrue(leaf.value, leaf))));
  const [verdict] = verdicts;
  return verdicts.size === 1 && typeof verdict === 'boolean' ? verdict : undefined;
}

/** Guard of a place: only where a property is certainly that text. */
export function only(cloudFormation: string, terraform: string, is: Predicate): NonNullable<Target['where']> {
  return (resource: Resource) => {
    const leaves = select(resource, resource.type.startsWith('AWS::') ? cloudFormation : terraform);
    const verdicts = leaves.map((leaf) => (leaf.value.kind === 'absent' ? false : is(leaf.value, leaf)));
    return verdicts.length > 0 && verdicts.every((verdict) => verdict === true) ? true : undefined;
  };
}
