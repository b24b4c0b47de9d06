/** Makes Values: objects computed on demand, choices with a bound on their size. */

import type { Node } from '../syntax/node.ts';
import type {
  Alternative,
  Choice,
  Condition,
  Known,
  Leaf,
  ListValue,
  ObjectValue,
  Property,
  Scalar,
  Unknown,
  Value,
  Via,
} from '../template/value.ts';
import { relocate } from '../template/value.ts';

/** More alternatives than this are no help to anyone; the value is unknown then. */
export const MAX_ALTERNATIVES = 64;
/** Longer lists and texts are not computed. */
export const MAX_ITEMS = 5_000;
export const MAX_TEXT = 1_000_000;

export function known(value: Scalar, node: Node): Known {
  return { kind: 'known', value, node };
}

export function unknown(why: string, node: Node): Unknown {
  return { kind: 'unknown', why, node };
}

/** `null`: written, and yet not set. */
export function absent(node: Node): Value {
  return { kind: 'absent', node, missing: [], written: node };
}

const failures = new WeakSet<object>();

/** Unknown because evaluation itself fails (a missing attribute, a bad argument): what `try` skips. */
export function failure(why: string, node: Node): Unknown {
  const value = unknown(why, node);
  failures.add(value);
  return value;
}

/** Whether a value is a {@link failure}. */
export function isFailure(value: Value): boolean {
  return failures.has(value);
}

const sets = new WeakSet<object>();

/** A list as a set: its items have no position, so that a loop binds the item as its key, too. */
export function asSet(value: Value): Value {
  if (value.kind !== 'list') return value;
  const copy = relocate(value, value.node);
  sets.add(copy);
  return copy;
}

/** Whether a value is certainly a set, as {@link asSet} makes them. */
export function isSet(value: Value): boolean {
  return sets.has(value);
}

export function list(items: readonly Value[], node: Node, open?: string): ListValue | Unknown {
  if (items.length > MAX_ITEMS) return unknown('has too many items', node);
  return { kind: 'list', items, node, open };
}

/** Why a list made of a resource's instances is open. */
export const EACH_INSTANCE = 'one for each instance';

/**
 * An item of a list of a resource's instances (`aws_x.y[*].id`): whichever it is, it is that attribute of the resource.
 * @param index undefined where it is not known
 */
export function instanceOf(list: ListValue, index: number | undefined): Value | undefined {
  const first = list.items[0];
  if (list.open !== EACH_INSTANCE || first?.kind !== 'reference') return undefined;
  return index === 0 || list.items.length === 1 ? first : undefined;
}

/** What a value may be once all its choices are taken. */
export function leavesOf(value: Value): readonly Leaf[] {
  return value.kind === 'choice' ? value.alternatives.flatMap((alternative) => leavesOf(alternative.value)) : [value];
}

/** Number of leaves a value has once all its choices are taken. */
function weight(value: Value): number {
  if (value.kind !== 'choice') return 1;
  let sum = 0;
  for (const alternative of value.alternatives) sum += weight(alternative.value);
  return sum;
}

/** What is assumed of conditions while alternatives are taken, innermost first. */
interface Assumed {
  readonly condition: Condition;
  readonly outer: Assumed | undefined;
}

/** Whether a condition holds under what is assumed; undefined where that leaves it open. */
function answered(condition: Condition, assumed: Assumed | undefined): boolean | undefined {
  for (let at = assumed; at; at = at.outer)
    if (at.condition.id === condition.id) return at.condition.value === condition.value;
  return undefined;
}

/** What remains of a value under an assumption; undefined where nothing does. */
function given(value: Value, assumed: Assumed): Value | undefined {
  if (value.kind !== 'choice') return value;
  const kept: Alternative[] = [];
  let changed = false;
  for (const alternative of value.alternatives) {
    const answer = answered(alternative.condition, assumed);
    if (answer === true) {
      const taken = given(alternative.value, assumed);
      return taken && carry(taken, value.via);
    }
    const inner = answer === false ? undefined : given(alternative.value, assumed);
    if (inner !== alternative.value) changed = true;
    if (inner) kept.push({ condition: alternative.condition, value: inner });
  }
  if (!changed) return value;
  return kept.length ? { ...value, alternatives: kept } : undefined;
}

/**
 * One of several; unknown where these are too many. Within an alternative, what contradicts its condition (the same
 * question, another answer) is left out; the same value in all of them is no choice.
 */
export function choice(alternatives: readonly Alternative[], node: Node): Value {
  const kept: Alternative[] = [];
  for (const { condition, value } of alternatives) {
    const inner = given(value, { condition, outer: undefined });
    if (inner) kept.push({ condition, value: inner });
  }
  const first = kept[0]?.value;
  if (!first) return unknown('cannot be', node);
  if (kept.length > 1 && kept.every(({ value }) => value.node === first.node && sameValue(value, first))) return first;
  const value: Value = { kind: 'choice', alternatives: kept, node };
  return weight(value) > MAX_ALTERNATIVES ? unknown('has too many alternatives', node) : value;
}

/** Applies a function to each alternative of a value. */
export function mapChoice(value: Value, node: Node, apply: (value: Leaf) => Value): Value {
  if (value.kind !== 'choice') return apply(value);
  const alternatives = value.alternatives.map(({ condition, value: inner }) => ({
    condition,
    value: mapChoice(inner, node, apply),
  }));
  return choice(alternatives, node);
}

/** Values of which each has one alternative taken, or what to take next. */
type Combination =
  | { readonly values: readonly Leaf[] }
  | { readonly alternatives: readonly { readonly condition: Condition; readonly then: Combination }[] };

/** More choices are not combined, even where they are all the same one. */
const MAX_CHOICES = 300;
const MAX_TAKEN = 20_000;

/** All combinations that can be; undefined where they are too many, or none. */
function combinations(values: readonly Value[]): Combination | undefined {
  const choosing = values.flatMap((value, index) => (value.kind === 'choice' ? [index] : []));
  if (choosing.length > MAX_CHOICES) return undefined;
  const taken = [...values];
  let ends = 0;
  let steps = 0;
  const take = (value: Value, at: number, assumed: Assumed | undefined): Combination | undefined => {
    if (++steps > MAX_TAKEN || ends > MAX_ALTERNATIVES) return undefined;
    if (value.kind === 'choice') {
      const alternatives: { condition: Condition; then: Combination }[] = [];
      for (const { condition, value: inner } of value.alternatives) {
        const answer = answered(condition, assumed);
        if (answer === true) return take(inner, at, assumed);
        const then = answer === undefined ? take(inner, at, { condition, outer: assumed }) : undefined;
        if (then) alternatives.push({ condition, then });
      }
      return alternatives.length ? { alternatives } : undefined;
    }
    const index = choosing[at];
    if (index !== undefined) taken[index] = value;
    const next = choosing[at + 1];
    if (next !== undefined) return take(values[next] as Value, at + 1, assumed);
    ends++;
    return { values: [...taken] as Leaf[] };
  };
  const all = take(values[choosing[0] ?? 0] as Value, 0, undefined);
  return ends > MAX_ALTERNATIVES || steps > MAX_TAKEN ? undefined : all;
}

/**
 * Applies a function of several values to every combination of their alternatives; those under contradicting
 * conditions are left out.
 */
export function combine(values: readonly Value[], node: Node, apply: (values: readonly Leaf[]) => Value): Value {
  if (values.every((value) => value.kind !== 'choice')) return apply(values as readonly Leaf[]);
  const all = combinations(values);
  if (!all) return unknown('has too many alternatives', node);
  const build = (combination: Combination): Value =>
    'values' in combination
      ? apply(combination.values)
      : choice(
          combination.alternatives.map(({ condition, then }) => ({ condition, value: build(then) })),
          node,
        );
  return build(all);
}

/** The same value said at a use, each alternative with the hop to where it is decided. */
export function refer(value: Value, node: Node, via: Omit<Via, 'node'>): Value {
  return place(value, node, (leaf) => [{ ...via, node: leaf.node }]);
}

/** The same value at another node. */
export function at(value: Value, node: Node): Value {
  return value.node === node ? value : place(value, node, () => []);
}

/**
 * What a loop binds, at its use. Its last hop, which led to the collection looped over, leads to the item itself.
 */
export function fromLoop(value: Value, node: Node): Value {
  if (value.kind === 'choice') return mapChoice(value, node, (leaf) => fromLoop(leaf, node));
  if (value.node === node) return value;
  const copy = moved(value, node, []);
  const last = value.via?.[value.via.length - 1];
  const { document, start, end } = value.node;
  if (last && last.node.document === document && last.node.start <= start && end <= last.node.end)
    Object.assign(copy, { via: [...(value.via ?? []).slice(0, -1), { ...last, node: value.node }] });
  return copy;
}

/** The same value with the hops of what holds it put first. */
export function carry(value: Value, via: readonly Via[] | undefined): Value {
  if (!via?.length) return value;
  if (value.kind === 'choice') return withAlternatives(value, value.node, (inner) => carry(inner, via));
  return moved(value, value.node, via);
}

/** The same value, marked sensitive (or not) with all its alternatives. */
export function sensitive(value: Value, on = true): Value {
  if (Boolean(value.sensitive) === on) return value;
  if (value.kind !== 'choice') return Object.assign(moved(value, value.node, []), { sensitive: on });
  return Object.assign(
    withAlternatives(value, value.node, (inner) => sensitive(inner, on)),
    { sensitive: on },
  );
}

function place(value: Value, node: Node, hops: (leaf: Value) => readonly Via[]): Value {
  if (value.kind === 'choice') return withAlternatives(value, node, (inner) => place(inner, node, hops));
  return moved(value, node, hops(value));
}

function moved(value: Value, node: Node, hops: readonly Via[]): Value {
  const copy = relocate(value, node);
  const via = hops.length ? [...hops, ...(value.via ?? [])] : value.via;
  Object.assign(copy, { via }, copy.kind === 'absent' ? { written: node } : undefined);
  if (isFailure(value)) failures.add(copy);
  if (isSet(value)) sets.add(copy);
  return copy;
}

function withAlternatives(value: Choice, node: Node, change: (value: Value) => Value): Value {
  const alternatives = value.alternatives.map((inner) => ({ condition: inner.condition, value: change(inner.value) }));
  return { kind: 'choice', alternatives, node, via: value.via, sensitive: value.sensitive };
}

export interface Member {
  readonly key: Node;
  readonly value: () => Value;
}

/** A block or map whose members are evaluated when asked for, once. */
export class LazyObject implements ObjectValue {
  readonly kind = 'object';
  readonly names: readonly string[];
  /** What is evaluated stands in the place of what it was made of. */
  private readonly members: Map<string, Member | Property>;

  /** @param members its own from then on */
  constructor(
    readonly node: Node,
    members: Map<string, Member>,
    readonly open?: string,
  ) {
    this.members = members;
    this.names = [...members.keys()];
  }

  get(name: string): Property | undefined {
    const member = this.members.get(name);
    if (!member || isMade(member)) return member;
    const property = { name, key: member.key, value: member.value() };
    this.members.set(name, property);
    return property;
  }
}

function isMade(member: Member | Property): member is Property {
  return typeof member.value !== 'function';
}

/** Later objects win; a later one that is not fully known may overwrite whatever earlier ones say. */
export function merge(objects: readonly ObjectValue[], node: Node, open?: string): ObjectValue {
  const members = new Map<string, Member>();
  let doubt: string | undefined;
  for (const object of objects) {
    if (object.open) {
      const why = object.open;
      for (const [name, member] of members)
        members.set(name, { key: member.key, value: () => unknown(why, member.key) });
      doubt = why;
    }
    for (const name of object.names) {
      const property = object.get(name);
      if (!property) continue;
      const value = carry(property.value, object.via);
      members.set(name, { key: property.key, value: () => value });
    }
  }
  return new LazyObject(node, members, doubt ?? open);
}

/** Whether two values are certainly the same scalar, text or reference. */
export function sameValue(a: Value, b: Value): boolean {
  if (a.kind === 'known' && b.kind === 'known') return a.value === b.value;
  if (a.kind === 'reference' && b.kind === 'reference') return a.target === b.target && a.attribute === b.attribute;
  if (a.kind !== 'text' || b.kind !== 'text' || a.parts.length !== b.parts.length)
    return a.kind === 'absent' && b.kind === 'absent';
  return a.parts.every((part, i) => {
    const other = b.parts[i];
    if (typeof part === 'string' || typeof other === 'string') return part === other;
    return other !== undefined && sameValue(part, other);
  });
}
