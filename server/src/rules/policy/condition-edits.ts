/** Edits on single comparisons of a Condition. */

import type { ConditionClause, Item, Operator, Statement } from '../../iam/document.ts';
import type { Data, Edit } from '../../syntax/edit.ts';
import type { Entry, Node } from '../../syntax/node.ts';

/** The comparisons that stand under the same operator as written. */
function siblings(clause: ConditionClause, statement: Statement): readonly ConditionClause[] {
  return statement.conditions.filter(
    (other) => other.operatorNode === clause.operatorNode && other.keyNode !== clause.keyNode,
  );
}

/** Whether no other key stands under the operator. */
export function isAlone(clause: ConditionClause, statement: Statement): boolean {
  return statement.policy.form === 'data' || !siblings(clause, statement).length;
}

/** What to report of an operator that does not suit a key: the operator, or the key where others share the operator. */
export function operatorOrKey(clause: ConditionClause, statement: Statement): Node {
  return isAlone(clause, statement) ? clause.operatorNode : clause.keyNode;
}

/** An operator's whole name, with the qualifier and `IfExists` of another one. */
export function operatorLike(name: string, { qualifier, ifExists }: Operator): string {
  return `${qualifier ? `${qualifier}:` : ''}${name}${ifExists ? 'IfExists' : ''}`;
}

/** The entry of a key, and of the operator that it stands under; undefined where they are not written as members. */
function written(clause: ConditionClause): { readonly operator: Entry; readonly key: Entry } | undefined {
  const operator = clause.operatorNode.entry;
  const key = clause.keyNode.entry;
  if (!operator || !key || operator.key !== clause.operatorNode || key.key !== clause.keyNode) return undefined;
  if (operator.merged || key.merged || operator.value.aliasOf) return undefined;
  return { operator, key };
}

/** Gives an operator another name for every key that stands under it; undefined where that name is taken. */
export function renameOperator(
  clause: ConditionClause,
  statement: Statement,
  name: string,
): readonly Edit[] | undefined {
  if (isAlone(clause, statement)) return changeOperator(clause, statement, name);
  const { entry } = clause.operatorNode;
  const isTaken = statement.conditions.some((other) => other.operatorText === name);
  return entry?.key === clause.operatorNode && !isTaken ? [{ kind: 'rename', entry, name }] : undefined;
}

/**
 * Compares a key with another operator, and other values where given: renames the operator where the key is alone under
 * it, else moves the key. Undefined where the Condition is not written in a form that takes it.
 */
export function changeOperator(
  clause: ConditionClause,
  statement: Statement,
  name: string,
  values?: Data,
): readonly Edit[] | undefined {
  if (statement.policy.form === 'data') {
    const edits: Edit[] = [{ kind: 'replace', node: clause.operatorNode, data: name }];
    if (values !== undefined)
      edits.push({ kind: 'replace', node: clause.valueNode, data: Array.isArray(values) ? values : [values] });
    return edits;
  }
  const entries = written(clause);
  if (!entries) return undefined;
  const { operator, key } = entries;
  const named = statement.conditions.filter((other) => other.operatorText.toLowerCase() === name.toLowerCase());
  if (named.some((other) => other.key.toLowerCase() === clause.key.toLowerCase())) return undefined;
  const alone = !siblings(clause, statement).length;
  if (alone && !named.length) {
    const rename: Edit = { kind: 'rename', entry: operator, name };
    return values === undefined ? [rename] : [rename, { kind: 'replace', node: clause.valueNode, data: values }];
  }
  // Moved members must stand in the Condition itself, not in a branch of Fn::If.
  const data = values ?? plainData(clause.valueNode);
  const condition = operator.value.entries.includes(key) ? statement.elements.Condition?.key.entry?.value : undefined;
  if (data === undefined || !condition?.entries.includes(operator) || condition.aliasOf) return undefined;
  const [target] = named;
  return [
    { kind: 'remove', entry: alone ? operator : key },
    // A new operator stands first: what is removed may be the last.
    target
      ? { kind: 'set', in: condition, path: [target.operatorText, clause.key], data }
      : { kind: 'set', in: condition, path: [name, clause.key], data, first: true },
  ];
}

/** Takes a key off the Condition, and the Condition off the statement where nothing else is in it. */
export function removeClause(clause: ConditionClause, statement: Statement): readonly Edit[] | undefined {
  if (statement.policy.form === 'data') {
    const block = clause.operatorNode.parent;
    const list = block?.parent;
    const entry = statement.elements.Condition?.key.entry;
    // In HCL a block stands alone, where JSON has a list of one.
    if (block && entry?.value === block) return [{ kind: 'remove', entry }];
    if (!block || list?.kind !== 'array' || !entry) return undefined;
    return list.items.length > 1 ? [{ kind: 'removeItem', node: block }] : [{ kind: 'remove', entry }];
  }
  const entries = written(clause);
  const condition = statement.elements.Condition?.key.entry;
  if (!entries || !condition) return undefined;
  const { operator, key } = entries;
  if (!operator.value.entries.includes(key) || !condition.value.entries.includes(operator)) return undefined;
  if (operator.value.entries.length > 1) return [{ kind: 'remove', entry: key }];
  if (condition.value.entries.length > 1) return [{ kind: 'remove', entry: operator }];
  return [{ kind: 'remove', entry: condition }];
}

/** Takes a value off the list of a key, of which others stay. */
export function removeValue(item: Item): Edit | undefined {
  const list = item.node.parent;
  if (item.via.length || list?.kind !== 'array' || list.tag !== undefined || list.items.length < 2) return undefined;
  return { kind: 'removeItem', node: item.node };
}

/** What a node says, if it is a plain scalar, a reference or a substitution, or a list of them: no aliases. */
export function plainData(node: Node): Data | undefined {
  if (node.kind === 'array' && node.tag === undefined && !node.aliasOf) {
    const items = node.items.map(itemData);
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  return itemData(node);
}

function itemData(node: Node): Data | undefined {
  if (node.aliasOf || node.kind === 'missing') return undefined;
  const [only, ...others] = node.entries;
  if (node.kind === 'object' && only && !others.length && node.tag === undefined && !only.merged)
    return only.value.tag === undefined ? callData(only.name, only.value) : undefined;
  if (!node.isScalar) return undefined;
  if (node.tag === '!Ref') return callData('Ref', node);
  if (node.tag === '!Sub') return callData('Fn::Sub', node);
  return node.tag === undefined ? (node.value ?? undefined) : undefined;
}

function callData(name: string, argument: Node): Data | undefined {
  if ((name !== 'Ref' && name !== 'Fn::Sub') || typeof argument.value !== 'string' || argument.aliasOf)
    return undefined;
  return { [name]: argument.value };
}
