/** Questions that rules ask of a statement's actions. Three-valued: undefined where it cannot be told. */

import { matchesPattern, patternCovers } from './actions.ts';
import { HOLE, type Item, isConditional, isKnown, type Statement } from './document.ts';

/** Whether an action (`iam:PassRole`) is one that the statement speaks of, whatever its effect. */
export function coversAction(statement: Statement, action: string): boolean | undefined {
  if (statement.elements.NotAction) {
    const named = matchesAny(statement.notActions, action, statement);
    if (named !== false) return named === true ? false : undefined;
    return statement.openElements.has('NotAction') ? undefined : true;
  }
  const named = matchesAny(statement.actions, action, statement);
  return named === false && statement.openElements.has('Action') ? undefined : named;
}

/** Whether the statement allows an action on some resource, its Condition aside. */
export function grantsAction(statement: Statement, action: string): boolean | undefined {
  if (statement.effect === 'Deny') return false;
  const covers = coversAction(statement, action);
  if (covers === false) return false;
  return statement.effect === 'Allow' ? covers : undefined;
}

/**
 * Whether a statement certainly speaks of every action that another one does.
 * False may only mean that it is not evident.
 */
export function coversActionsOf(outer: Statement, inner: Statement): boolean {
  if (outer.elements.NotAction || !outer.actions.length) return false;
  const certain = outer.actions.filter((item) => isKnown(item) && !isConditional(item, outer));
  const patterns = certain.map((item) => item.text ?? '');
  if (patterns.some((pattern) => patternCovers(pattern, '*'))) return true;
  if (inner.elements.NotAction || !inner.actions.length || inner.openElements.has('Action')) return false;
  return inner.actions.every(
    (item) => isKnown(item) && patterns.some((pattern) => patternCovers(pattern, item.text ?? '')),
  );
}

/** Whether any of the patterns matches the action; holes and conditions of the template make it unknown. */
function matchesAny(items: readonly Item[], action: string, statement: Statement): boolean | undefined {
  let result: boolean | undefined = false;
  for (const item of items) {
    if (item.text === undefined) continue;
    const known = isKnown(item);
    if (!matchesPattern(known ? item.text : item.text.replaceAll(HOLE, '*'), action)) continue;
    if (known && !isConditional(item, statement)) return true;
    result = undefined;
  }
  return result;
}
