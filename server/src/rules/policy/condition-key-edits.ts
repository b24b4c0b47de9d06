/** What a clause does to requests without its key, and edits on keys and operators of conditions. */

import { type ConditionClause, type Item, isKnown, type Statement } from '../../iam/document.ts';
import type { Data, Edit } from '../../syntax/edit.ts';
import type { Fix } from '../fix.ts';
import { addConditions, addStatements, copyOf, removeItems } from '../policy-edits.ts';
import { fixOf, type PolicyFault } from './check.ts';

/** A fault of a condition's key; where it is, the caller knows. */
export type KeyFault = Pick<PolicyFault, 'key' | 'message'> &
  Partial<Pick<PolicyFault, 'severity' | 'related' | 'fix'>>;

/**
 * Whether a clause holds for a request that lacks its key; undefined where that is not known.
 * Source: IAM user guide, "Condition operators" and "Set operators for multivalued context keys".
 */
export function holdsWithoutKey({ operator, values, complete }: ConditionClause): boolean | undefined {
  if (operator.name === undefined) return undefined;
  if (operator.name === 'Null') {
    const [value] = values;
    if (!complete || values.length !== 1 || !value || !isKnown(value)) return undefined;
    return value.text?.toLowerCase() === 'true';
  }
  if (operator.ifExists || operator.qualifier === 'ForAllValues') return true;
  return operator.qualifier === undefined && operator.negated;
}

/** Writes another key. None where the operator has it already, or the key is not written in place. */
export function renameKey(
  clause: ConditionClause,
  statement: Statement,
  name: string,
  title = `Change to ${name}`,
): Fix | undefined {
  const { keyNode: node, operatorNode } = clause;
  if (statement.policy.form === 'data') return fixOf(title, { kind: 'replace', node, data: name }, false);
  const { entry } = node;
  const clash = statement.conditions.some(
    (other) =>
      other !== clause && other.operatorNode === operatorNode && other.key.toLowerCase() === name.toLowerCase(),
  );
  return entry?.key === node && !clash ? fixOf(title, { kind: 'rename', entry, name }, false) : undefined;
}

/** Writes another operator for a clause that is alone under its own. */
function renameOperator(clause: ConditionClause, statement: Statement, name: string): Edit | undefined {
  const { operatorNode: node } = clause;
  if (statement.policy.form === 'data') return { kind: 'replace', node, data: name };
  const { entry } = node;
  const shared = statement.conditions.some(
    (other) =>
      other !== clause && (other.operatorNode === node || other.operatorText.toLowerCase() === name.toLowerCase()),
  );
  return entry?.key === node && !shared ? { kind: 'rename', entry, name } : undefined;
}

/** Compares a key by another operator; where others share its own, it alone. */
export function compareBy(clause: ConditionClause, statement: Statement, name: string): readonly Edit[] | undefined {
  const renamed = renameOperator(clause, statement, name);
  if (renamed) return [renamed];
  const { entry } = clause.keyNode;
  const value = copyOf(clause.valueNode);
  if (statement.policy.form === 'data' || entry?.key !== clause.keyNode || value === undefined) return undefined;
  // Another comparison of the key by that operator must stay.
  const taken = statement.conditions.some(
    (other) =>
      other.operatorText.toLowerCase() === name.toLowerCase() && other.key.toLowerCase() === clause.key.toLowerCase(),
  );
  const added = taken ? undefined : addConditions(statement, [{ operator: name, key: clause.key, value }]);
  const shared = statement.conditions.some(
    (other) => other.operatorNode === clause.operatorNode && other.keyNode !== clause.keyNode,
  );
  const emptied = shared ? entry : clause.operatorNode.entry;
  return added && emptied && [...added, { kind: 'remove', entry: emptied }];
}

/**
 * Takes actions off a statement and gives them one that is as it is, without one of its conditions. Undefined where it
 * is not all written out.
 */
export function ownStatement(
  clause: ConditionClause,
  statement: Statement,
  items: readonly Item[],
): readonly Edit[] | undefined {
  const { Resource, NotResource, Condition } = statement.elements;
  if (!Resource || NotResource || statement.resources.some(({ via }) => via.length)) return undefined;
  const resources = statement.resources.map(({ node }) => copyOf(node));
  const condition = Condition?.key.entry && copyOf(Condition.key.entry.value);
  const left = condition === undefined ? undefined : withoutClause(condition, clause);
  const actions = items.flatMap(({ text }) => text ?? []);
  if (left === undefined || !resources.every((one) => one !== undefined)) return undefined;
  const removed = removeItems(statement, 'Action', items);
  const added = addStatements(statement, [{ actions, resources, condition: left }]);
  return removed && added && [...removed, ...added];
}

/** Conditions as written without one: null where it is the only one, undefined where it is not found. */
function withoutClause(condition: Data, { operatorText, key }: ConditionClause): Data | null | undefined {
  if (Array.isArray(condition)) {
    const blocks: readonly Data[] = condition;
    const left = blocks.filter((block) => !(isFields(block) && block.test === operatorText && block.variable === key));
    if (left.length === blocks.length) return undefined;
    return left.length ? left : null;
  }
  if (!isFields(condition)) return undefined;
  if (condition.variable !== undefined) return condition.variable === key ? null : undefined;
  const keys = condition[operatorText];
  if (!isFields(keys) || keys[key] === undefined) return undefined;
  const left = Object.fromEntries(
    Object.entries(condition).flatMap(([operator, block]): [string, Data][] => {
      if (operator !== operatorText) return [[operator, block]];
      const others = Object.entries(keys).filter(([name]) => name !== key);
      return others.length ? [[operator, Object.fromEntries(others)]] : [];
    }),
  );
  return Object.keys(left).length ? left : null;
}

function isFields(data: Data | undefined): data is { readonly [name: string]: Data } {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}
