/** Instances of a block with `count` or `for_each`: what `each` and `count` are in it. */

import { print } from '../syntax/hcl-expression.ts';
import type { Node } from '../syntax/node.ts';
import type { Alternative, Leaf, ObjectValue, Value } from '../template/value.ts';
import type { Evaluator } from './evaluate.ts';
import { pairsOf } from './loops.ts';
import type { Scope } from './scope.ts';
import { choice, EACH_INSTANCE, known, LazyObject, type Member, unknown } from './values.ts';

/** Of more instances than this nothing is said. */
const MAX_INSTANCES = 20;

/**
 * The names that `count` or `for_each` binds in a block: `each` and `count` are one of several, under a condition that
 * names the instance. A block with one instance has that one's.
 * @param evaluator of the module that the block is in
 * @param bodies of the block; a later one overrides members of the earlier ones
 * @param prefix of the module's addresses: blocks of one module over the same collection have instances that go together
 * @param isNothing whether a value of `count` or `for_each` leaves no instance
 * @returns what is known of variables wherever the block is made, and no more where its instances are not known
 */
export function instanceScope(
  evaluator: Pick<Evaluator, 'node' | 'whereMade' | 'expressionOf'>,
  bodies: readonly Node[],
  prefix: string,
  isNothing: (leaf: Leaf) => boolean,
): Scope | undefined {
  const written = (name: string) => bodies.map((body) => body.get(name)).findLast((node) => node !== undefined);
  const count = written('count');
  const node = count ?? written('for_each');
  if (!node) return undefined;
  const outer = evaluator.whereMade(node, isNothing);
  const of = prefix + collectionText(evaluator, node);
  const instances = (leaf: Leaf) => (count ? counted(leaf, node, of) : keyed(leaf, node, of));
  const value = spread(evaluator.node(node), node, instances);
  return value ? { name: count ? 'count' : 'each', value, outer } : outer;
}

/** A collection as it is written, in one spelling: the same text has the same instances. */
function collectionText(evaluator: Pick<Evaluator, 'expressionOf'>, node: Node): string {
  const written = evaluator.expressionOf(node);
  return written ? print(written.expression) : node.document.text.slice(node.start, node.end);
}

/** Ways without an instance are left out: in them there is no block. Undefined where no way has known ones. */
function spread(value: Value, node: Node, instances: (leaf: Leaf) => readonly Alternative[] | undefined) {
  const all = (inner: Value): Value | 'unknown' | undefined => {
    if (inner.kind !== 'choice') {
      const found = instances(inner);
      if (!found) return 'unknown';
      return found.length > 1 ? choice(found, node) : found[0]?.value;
    }
    const alternatives: Alternative[] = [];
    for (const { condition, value: next } of inner.alternatives) {
      const found = all(next);
      if (found === 'unknown') return found;
      if (found) alternatives.push({ condition, value: found });
    }
    return alternatives.length > 1 ? choice(alternatives, node) : alternatives[0]?.value;
  };
  const found = all(value);
  return found === 'unknown' || found?.kind === 'unknown' ? undefined : found;
}

function counted(leaf: Leaf, node: Node, of: string): readonly Alternative[] | undefined {
  const number = leaf.kind === 'known' && leaf.value !== '' ? Number(leaf.value) : Number.NaN;
  if (!Number.isInteger(number) || number < 0 || number > MAX_INSTANCES) return undefined;
  return Array.from({ length: number }, (_, index) => ({
    condition: { id: `count.index of ${of}`, value: String(index), text: `count.index = ${index}` },
    value: bound({ index: known(index, node) }, node),
  }));
}

function keyed(leaf: Leaf, node: Node, of: string): readonly Alternative[] | undefined {
  if (leaf.kind === 'reference' && leaf.attribute === undefined) {
    // One instance for each of that resource: whichever it is, it is that resource.
    const key = unknown('differs for each instance', node);
    const condition = { id: `each.key of ${of}`, value: EACH_INSTANCE, text: EACH_INSTANCE };
    return [{ condition, value: bound({ key, value: leaf }, node) }];
  }
  const pairs = leaf.kind === 'list' || leaf.kind === 'object' ? pairsOf(leaf) : undefined;
  if (!pairs || pairs.open !== undefined || pairs.items.length > MAX_INSTANCES) return undefined;
  const found: Alternative[] = [];
  for (const { index, value } of pairs.items) {
    // A list can only stand here where its variable's type makes it a set: an item is its own key.
    const key = leaf.kind === 'list' ? value : index;
    if (key.kind !== 'known' && (pairs.items.length > 1 || key.kind !== 'text')) return undefined;
    const name = key.kind === 'known' ? String(key.value) : EACH_INSTANCE;
    found.push({
      condition: { id: `each.key of ${of}`, value: name, text: `each.key = ${JSON.stringify(name)}` },
      value: bound({ key, value }, node),
    });
  }
  return found;
}

function bound(values: Readonly<Record<string, Value>>, node: Node): ObjectValue {
  const members = Object.entries(values).map(([name, value]): [string, Member] => [
    name,
    { key: value.node, value: () => value },
  ]);
  return new LazyObject(node, new Map(members));
}
