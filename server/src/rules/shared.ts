/** Questions that several rule files ask of a resource. */

import { below, type Found, select, selectFrom } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean, asString, type Via } from '../template/value.ts';
import { isPresent } from './predicates.ts';
import type { Related } from './rule.ts';

/** Whether a resource answers to CloudFormation's names: one of a template of its own, or of Terraform's Cloud Control provider. */
export function isCloudFormation({ type }: Resource): boolean {
  return type.startsWith('AWS::');
}

/**
 * Whether a property is set in every alternative (true), in none (false), or it depends (undefined).
 * References and unknowns count as set.
 */
export function has(resource: Resource, path: string): boolean | undefined {
  const verdicts = new Set(select(resource, path).map((found) => isPresent(found.value, found)));
  if (verdicts.size !== 1) return verdicts.size === 0 ? false : undefined;
  const [verdict] = verdicts;
  return typeof verdict === 'string' ? undefined : verdict;
}

/** The opposite of {@link has}. */
export function lacks(resource: Resource, path: string): boolean | undefined {
  const set = has(resource, path);
  return set === undefined ? undefined : !set;
}

/** A property's text where every alternative says the same; undefined otherwise. */
export function known(resource: Resource, path: string): string | undefined {
  const found = select(resource, path);
  const [first] = found;
  const text = first && asString(first.value);
  return text !== undefined && found.every((one) => asString(one.value) === text) ? text : undefined;
}

/** Whether a switch is on: absent is off; undefined where it depends or is not known. */
export function isOn(resource: Resource, path: string): boolean | undefined {
  const verdicts = new Set(
    select(resource, path).map(({ value }) => (value.kind === 'absent' ? false : asBoolean(value))),
  );
  if (verdicts.size === 0) return false;
  const [verdict] = verdicts;
  return verdicts.size === 1 ? verdict : undefined;
}

/** Three-valued conjunction: false if any is, else undefined if any is. */
export function all(...verdicts: readonly (boolean | undefined)[]): boolean | undefined {
  if (verdicts.includes(false)) return false;
  return verdicts.includes(undefined) ? undefined : true;
}

/** Three-valued disjunction: true if any is, else undefined if any is. */
export function any(...verdicts: readonly (boolean | undefined)[]): boolean | undefined {
  if (verdicts.includes(true)) return true;
  return verdicts.includes(undefined) ? undefined : false;
}

/** Three-valued negation. */
export function not(verdict: boolean | undefined): boolean | undefined {
  return verdict === undefined ? undefined : !verdict;
}

/** As {@link lacks}, within a block. */
export function belowLacks(scope: Found, path: string): boolean | undefined {
  const verdicts = new Set(below(scope, path).map((found) => isPresent(found.value, found)));
  if (verdicts.size === 0) return true;
  const [verdict] = verdicts;
  return verdicts.size === 1 && typeof verdict === 'boolean' ? !verdict : undefined;
}

/** The leaves of a block's member by its own name, which may hold dots as a path could not; none where it is not written. */
export function member(block: Found, name: string): readonly Found[] {
  const { value, resource, conditions, via, scopes, path } = block;
  const property = value.kind === 'object' ? value.get(name) : undefined;
  if (value.kind !== 'object' || !property) return [];
  const leaves = selectFrom(resource, property.value, '', conditions, property.key, [...scopes, value], via);
  return leaves.map((leaf) => ({ ...leaf, key: property.key, path: path ? `${path}.${name}` : name }));
}

/** What a hop is, for people: `Default of parameter X`. */
export function hopText({ kind, name, module }: Pick<Via, 'kind' | 'name' | 'module'>): string {
  switch (kind) {
    case 'parameter':
    case 'variable':
      return `Default of ${kind} ${name}`;
    case 'assignment':
      return `Value of variable ${name}`;
    case 'argument':
      return `Argument ${name} of module ${module ?? ''}`;
    default:
      return `From ${kind} ${name}`;
  }
}

/** The hops from a value's use to its definition, as related places: "Default of parameter X". */
export function relatedHops(via: readonly Via[]): Related[] {
  // An argument that only passes on what the caller was given decides nothing.
  const decider = via.findLast((hop) => hop.kind === 'argument');
  return via.map((hop) => ({
    node: hop.node,
    message: hopText(hop),
    ...(hop === decider ? { decides: true } : undefined),
  }));
}
