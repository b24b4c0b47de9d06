/** What may be written at a place of a policy: the one entrance of completion. */

import { actionItems } from './complete-actions.ts';
import { keyItems, operatorItems, valueItems } from './complete-conditions.ts';
import {
  blockElements,
  dataElements,
  documentElements,
  sourceElements,
  statementElements,
  VERSION,
  wholeBlock,
  wholeStatement,
} from './complete-elements.ts';
import { type Completion, closeness, textItem } from './complete-item.ts';
import type { OwnResource } from './complete-own.ts';
import type { Place } from './complete-position.ts';
import { everyone, identityArns, principalItems, principalTypes, principalTypeValues } from './complete-principals.ts';
import { resourceItems } from './complete-resources.ts';
import { type Spot, textsOf } from './complete-spot.ts';

/** Items in one answer. */
export const MAX_ITEMS = 300;

export interface Completions {
  /** Best first. */
  readonly items: readonly Completion[];
  /** More fit what is typed, or what fits depends on more than its letters: ask again when it grows. */
  readonly isIncomplete: boolean;
}

/**
 * Completions for a place and what stands there, filtered by what is typed, best first, at most {@link MAX_ITEMS}.
 * @param own the resources of the template that a statement may refer to
 */
export function completionsAt(spot: Spot, place: Place, own: readonly OwnResource[]): Completions {
  const typed = place.prefix;
  const fitting: { readonly item: Completion; readonly rank: number }[] = [];
  for (const item of candidates(spot, place, own)) {
    const quality = item.always ? 0 : closeness(item.label, typed);
    if (quality !== undefined) fitting.push({ item, rank: item.rank + quality * 10_000 });
  }
  fitting.sort((a, b) => a.rank - b.rank || (a.item.label < b.item.label ? -1 : a.item.label > b.item.label ? 1 : 0));
  const isAction = spot.path.length >= 2 && /^(?:Not)?Action$/.test(spot.path[1] ?? '');
  return {
    items: fitting.slice(0, MAX_ITEMS).map(({ item }) => item),
    isIncomplete: fitting.length > MAX_ITEMS || isAction || /[*?]/.test(typed),
  };
}

function candidates(spot: Spot, place: Place, own: readonly OwnResource[]): Completion[] {
  const [first, element, ...rest] = spot.path;
  // The first thing in a block may be the first key of an object.
  const opens = place.role === 'any';
  const asKey = spot.isKey || opens;
  const repeats = place.inBlock === true;
  if (first === undefined) {
    if (spot.form === 'data') return spot.isKey ? sourceElements(spot, repeats) : [];
    return asKey ? documentElements(spot) : [];
  }
  if (element === undefined) {
    if (first === 'Statement') {
      if (spot.isKey) return spot.form === 'data' ? dataElements(spot, repeats) : statementElements(spot);
      if (spot.form === 'data') return place.quote ? [] : [wholeBlock(spot)];
      return opens && place.inline ? [wholeStatement(spot), ...statementElements(spot)] : [wholeStatement(spot)];
    }
    if (spot.isKey) return [];
    return first === 'Version'
      ? [
          textItem(VERSION, 'value', 0, { detail: 'The current version of the policy language' }),
          textItem('2008-10-17', 'value', 1, { detail: 'Older: without policy variables' }),
        ]
      : [];
  }
  if (first !== 'Statement') return [];
  switch (element) {
    case 'Effect':
      if (spot.isKey) return [];
      return [textItem('Allow', 'value', 0), textItem('Deny', 'value', 1)];
    case 'Action':
    case 'NotAction':
      return spot.isKey ? [] : actionItems(spot, place.prefix, own);
    case 'Resource':
    case 'NotResource':
      return spot.isKey ? [] : resourceItems(spot, place, own);
    case 'Principal':
    case 'NotPrincipal':
      return spot.form === 'data' ? dataPrincipal(spot, rest, place) : principal(spot, rest, place, asKey);
    case 'Condition':
      return spot.form === 'data' ? dataCondition(spot, rest, place, own) : condition(spot, rest, place, asKey, own);
    default:
      return [];
  }
}

function principal(spot: Spot, [type]: readonly string[], place: Place, asKey: boolean): Completion[] {
  if (spot.form === 'flat') return [...principalItems(spot, 'Service', place), ...principalItems(spot, 'AWS', place)];
  if (type !== undefined) return spot.isKey ? [] : principalItems(spot, type, place);
  const types = asKey ? principalTypes(spot) : [];
  // Behind the colon `"*"` alone may stand, or the object that names the principals.
  const objects =
    asKey || place.quote
      ? []
      : principalTypes(spot).map((item) => ({
          ...item,
          label: `{ ${item.label} }`,
          object: [[item.label, { kind: 'text' }] as const],
          inBrackets: true,
        }));
  return spot.isKey ? types : [...types, ...objects, everyone(50, spot, false)];
}

function condition(
  spot: Spot,
  [operator, key]: readonly string[],
  place: Place,
  asKey: boolean,
  own: readonly OwnResource[],
): Completion[] {
  if (operator === undefined) {
    if (!asKey) return [];
    return operatorItems(true, keysBelowMark(spot), spot.names);
  }
  if (key === undefined) return asKey ? keyItems(spot, operator, true, place.prefix) : [];
  return spot.isKey ? [] : valueItems(spot, operator, key, place, own);
}

/** Keys under the operator that is being typed. */
function keysBelowMark(spot: Spot): readonly string[] {
  if (!spot.isKey) return [];
  const mark = spot.object?.names.find((name) => !spot.names.includes(name));
  const value = mark === undefined ? undefined : spot.object?.get(mark)?.value;
  return value?.kind === 'object' ? value.names : [];
}

function dataPrincipal(spot: Spot, [argument]: readonly string[], place: Place): Completion[] {
  if (argument === undefined) return spot.isKey ? blockElements('Principal', spot) : [];
  if (argument === 'type') return principalTypeValues();
  if (argument !== 'identifiers') return [];
  const [type] = textsOf(spot.object, 'type');
  return type === undefined ? identityArns(spot, place) : principalItems(spot, type, place);
}

function dataCondition(
  spot: Spot,
  [argument]: readonly string[],
  place: Place,
  own: readonly OwnResource[],
): Completion[] {
  if (argument === undefined) return spot.isKey ? blockElements('Condition', spot) : [];
  const [operator] = textsOf(spot.object, 'test');
  const [key] = textsOf(spot.object, 'variable');
  if (argument === 'test') return operatorItems(false, key === undefined ? [] : [key], []);
  if (argument === 'variable') return keyItems(spot, operator, false, place.prefix);
  return argument === 'values' && key !== undefined ? valueItems(spot, operator, key, place, own) : [];
}
