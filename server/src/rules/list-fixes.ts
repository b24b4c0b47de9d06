/** Fixes of lists from which one item has to go. */

import type { Data } from '../syntax/edit.ts';
import type { Node } from '../syntax/node.ts';
import type { Found } from '../template/select.ts';
import { asString } from '../template/value.ts';
import { set } from './fixes.ts';
import type { FixMaker } from './rule.ts';

/** The item that a leaf is, or the whole of (`{ Value: leaf }`), in a list of several that is written out. */
function itemOf({ node, key, via }: Found): Node | undefined {
  const entry = key?.entry;
  if (!entry || via.length) return undefined;
  const item = entry.value === node ? key.parent : node;
  const list = item?.parent;
  if (list?.kind !== 'array' || list.items.length < 2) return undefined;
  // An alternative of a condition is no item of the list as written.
  return list.tag === undefined && !list.entry?.name.startsWith('Fn::') ? item : undefined;
}

/** Takes everyone off a list of origins that may call; where nobody else is on it, one that is to be filled in takes the place. */
export const nameOrigin: FixMaker = (found) => {
  const item = itemOf(found);
  const title = 'Allow one website only (put in its origin)';
  if (!item) return set('https://www.example.com', { safe: false, title })(found);
  return {
    title: `Remove ${asString(found.value)} (scripts of websites that are not listed are refused)`,
    safe: false,
    edits: [{ kind: 'removeItem', node: item }],
  };
};

/**
 * Takes an item off its list. Where it is the only one, or one of two alternatives, `data` takes its place.
 * @param note what this does, for the title's brackets; such a fix is not safe
 */
export function takeOff(data: Data, note: string): FixMaker {
  return (found) => {
    const item = itemOf(found);
    if (!item) return set(data, { safe: false, note })(found);
    return {
      title: `Remove ${asString(found.value)} (${note})`,
      safe: false,
      edits: [{ kind: 'removeItem', node: item }],
    };
  };
}
