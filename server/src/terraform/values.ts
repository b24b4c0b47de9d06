/** Makes Values: objects computed on demand, choices with a bound on their size. */

import type { Node } from '../syntax/node.ts';
import type {
  Alternative,
  Choice,
  Known,
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

/** Number of leaves a value has once all its choices are taken. */
function weight(value: Value): number {
  if (value.kind !== 'choice') return 1;
  let sum = 0;
  for (const alternative of value.alternatives) sum += weight(alternative.value);
  return sum;
}

/** One of several; unknown where these are too many. */
export function choice(alternatives: readonly Alternative[], node: Node): Value {
  const value: Value = { kind: 'choice', alternatives, node };
  return weight(value) > MAX_ALTERNATIVES ? unknown('has too many alternatives', node) : value;
}

/** Applies a function to each alternative of a value. */
export function mapChoice(value: Value, node: Node, apply: (value: Value) => Value): Value {
  if (value.kind !== 'choice') return apply(value);
  const alternatives = value.alternatives.map(({ condition, value: inner }) => ({
    condition,
    value: mapChoice(inner, node, apply),
  }));
  return choice(alternatives, node);
}

/** Applies a function of several values to every combination of their alternatives. */
export function combine(values: readonly Value[], node: Node, apply: (values: readonly Value[]) => Value): Value {
  let combinations = 1;
  for (const value of values) combinations *= weight(value);
  if (combinations === 1 && values.every((value) => value.kind !== 'choice')) return apply(values);
  if (combinations > MAX_ALTERNATIVES) return unknown('has too many alternatives', node);
  const index = values.findIndex((value) => value.kind === 'choice');
  return mapChoice(values[index] as Value, node, (value) => combine(values.with(index, value), node, apply));
}

/** The same value said at a use, each alternative with the hop to where it is decided. */
export function refer(value: Value, node: Node, via: Omit<Via, 'node'>): Value {
  return place(value, node, (leaf) => [{ ...via, node: leaf.node }]);
}

/** The same value at another node. */
export function at(value: Value, node: Node): Value {
  return value.node === node ? value : place(value, node, () => []);
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
  private readonly done = new Map<string, Property>();

  constructor(
    readonly node: Node,
    private readonly members: ReadonlyMap<string, Member>,
    readonly open?: string,
  ) {
    this.names = [...members.keys()];
  }

  get(name: string): Property | undefined {
    const ready = this.done.get(name);
    if (ready) return ready;
    const member = this.members.get(name);
    if (!member) return undefined;
    const property = { name, key: member.key, value: member.value() };
    this.done.set(name, property);
    return property;
  }
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
