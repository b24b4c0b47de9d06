/** What `for` and `dynamic` go through. */

import type { ForExpression } from '../syntax/hcl-expression.ts';
import type { Node } from '../syntax/node.ts';
import type { Condition, Value } from '../template/value.ts';
import type { Frame } from './scope.ts';
import { carry, choice, EACH_INSTANCE, isSet, known, list, mapChoice, unknown } from './values.ts';

/** Longer collections are not looped over. */
const MAX_LOOP = 100;

/** What a loop over a collection goes through; undefined where that is not known. */
export function pairsOf(collection: Value): { items: { index: Value; value: Value }[]; open?: string } | undefined {
  if (collection.kind === 'list') {
    if (collection.items.length > MAX_LOOP) return undefined;
    const items = collection.items.map((item, i) => {
      const value = carry(item, collection.via);
      return { index: isSet(collection) ? value : known(i, item.node), value };
    });
    return { items, open: collection.open };
  }
  if (collection.kind === 'reference' && collection.attribute === undefined) {
    const index = unknown('differs for each instance', collection.node);
    return { items: [{ index, value: collection }], open: EACH_INSTANCE };
  }
  if (collection.kind !== 'object' || collection.names.length > MAX_LOOP) return undefined;
  // Terraform goes through a map in the order of its keys.
  const items = [...collection.names].sort().flatMap((name) => {
    const property = collection.get(name);
    return property ? [{ index: known(name, property.key), value: carry(property.value, collection.via) }] : [];
  });
  return { items, open: collection.open };
}

/** The surroundings of one round of a loop. */
export function round(
  { keyName, valueName }: Pick<ForExpression, 'keyName' | 'valueName'>,
  index: Value,
  value: Value,
  { source, scope }: Frame,
): Frame {
  const outer = keyName === undefined ? scope : { name: keyName, value: index, outer: scope };
  return { source, scope: { name: valueName, value, outer } };
}

/**
 * Blocks of one name: those that are written, then those that `dynamic` blocks make. Beside others, one that is made
 * under a condition is a choice of that alone: without the condition there is none.
 */
export function blocksTogether(parts: readonly Value[], key: Node): Value {
  const items: Value[] = [];
  let open: string | undefined;
  const add = (value: Value, conditions: readonly Condition[]): void => {
    const under = (item: Value) =>
      conditions.reduceRight((inner, condition) => choice([{ condition, value: inner }], key), item);
    if (value.kind === 'choice') {
      for (const { condition, value: inner } of value.alternatives)
        add(carry(inner, value.via), [...conditions, condition]);
    } else if (value.kind === 'list') {
      for (const item of value.items) items.push(under(carry(item, value.via)));
      open = value.open ?? open;
    } else if (value.kind === 'object') items.push(under(value));
    else if (value.kind !== 'absent') open = value.kind === 'unknown' ? value.why : 'a dynamic block';
  };
  const [only] = parts;
  if (only?.kind === 'choice' && parts.length === 1)
    return mapChoice(only, key, (blocks) => blocksTogether([blocks], key));
  for (const part of parts) add(part, []);
  return open !== undefined && items.length === 0 ? unknown(open, key) : list(items, key, open);
}
