/** What `for` and `dynamic` go through. */

import type { Value } from '../template/value.ts';
import { carry, EACH_INSTANCE, isSet, known, unknown } from './values.ts';

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
