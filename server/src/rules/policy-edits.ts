/** Edits on the statements of policy documents, whatever form they are written in. */

import type { ElementName, Item, PolicyDocument, Statement } from '../iam/document.ts';
import { type Data, type Edit, renderEdits } from '../syntax/edit.ts';
import type { Node } from '../syntax/node.ts';
import type { Fix } from './fix.ts';

/** A fix that changes who may do what: never safe. Undefined where there is nothing to edit, or the text takes no edits. */
export function policyFix(title: string, edits: readonly Edit[] | undefined): Fix | undefined {
  if (!edits?.length) return undefined;
  const rendered = renderEdits(edits);
  return rendered?.size === 1 ? { title, safe: false, edits } : undefined;
}

/** Whether a document of this form takes intrinsic functions of CloudFormation: text inside a string does not. */
export function takesIntrinsics(policy: PolicyDocument): boolean {
  return policy.resource.template.dialect === 'cloudformation' && !policy.host;
}

/** How a policy names the account it is deployed to; undefined where it has no way to. */
export function ownAccount(policy: PolicyDocument): Data | undefined {
  const { template } = policy.resource;
  // Inside a string an intrinsic function is mere text.
  if (template.dialect === 'cloudformation') return policy.host ? undefined : { Ref: 'AWS::AccountId' };
  if (template.dialect !== 'terraform') return undefined;
  const caller = template.ofType('data.aws_caller_identity').find((one) => one.address.startsWith('data.'));
  return caller && `\${${caller.address}.account_id}`;
}

/** The value of an element as written; undefined where it stands elsewhere, or is repeated. */
function writtenValue(statement: Statement, name: ElementName): Node | undefined {
  const entry = statement.elements[name]?.key.entry;
  return entry && !entry.merged && !entry.value.aliasOf ? entry.value : undefined;
}

/** Writes texts in place of an item of Action or Resource. Undefined where the item's place holds one text only. */
export function replaceItem(
  statement: Statement,
  element: ElementName,
  item: Item,
  texts: readonly Data[],
): readonly Edit[] | undefined {
  const { node } = item;
  const [first, ...others] = texts;
  const value = writtenValue(statement, element);
  if (first === undefined || !value || item.via.length || node.aliasOf) return undefined;
  if (value.kind === 'array' && value.tag === undefined && node.parent === value) {
    return [
      { kind: 'replace', node, data: first },
      ...others.map((data): Edit => ({ kind: 'append', to: value, data })),
    ];
  }
  // The whole of the element, or what a condition puts in its place; an alternative inside a list holds one text.
  const isWhole = node === value || insideOf(node, value, 3);
  if (!isWhole && others.length) return undefined;
  return [{ kind: 'replace', node, data: others.length ? texts : first }];
}

/** Whether a node is an alternative of the one condition that is the value. */
function insideOf(node: Node, value: Node, depth: number): boolean {
  if (value.kind === 'array' && value.tag === undefined) return false;
  for (let at: Node | undefined = node.parent, left = depth; at && left > 0; at = at.parent, left--) {
    if (at === value) return true;
  }
  return false;
}

/**
 * Takes items off a list of the statement, of which others stay; or the whole statement off the policy where nothing stays.
 */
export function removeItems(
  statement: Statement,
  element: ElementName,
  items: readonly Item[],
): readonly Edit[] | undefined {
  const value = writtenValue(statement, element);
  const isList = value?.kind === 'array' && value.tag === undefined;
  if (isList && items.length < value.items.length) {
    if (items.some(({ node, via }) => via.length || node.parent !== value)) return undefined;
    return items.map(({ node }) => ({ kind: 'removeItem', node }));
  }
  if (!value || items.some(({ via, node }) => via.length || (node !== value && node.parent !== value)))
    return undefined;
  const list = listOf(statement);
  return list && list.items.length > 1 ? [{ kind: 'removeItem', node: statement.node }] : undefined;
}

/** The list that a statement is a member of, written out. */
function listOf(statement: Statement): Node | undefined {
  const { parent } = statement.node;
  if (parent?.kind !== 'array' || parent.tag !== undefined || statement.policy.via.length) return undefined;
  return parent.entry && /^statement$/i.test(parent.entry.name) ? parent : undefined;
}

/** Adds a statement that is as this one, with other actions on everything. */
export function addLikeness(statement: Statement, actions: readonly string[]): readonly Edit[] | undefined {
  const list = listOf(statement);
  if (!list) return undefined;
  const isData = statement.policy.form === 'data';
  const condition = statement.elements.Condition?.key.entry;
  const copied = condition && copyOf(condition.value);
  if (condition && copied === undefined) return undefined;
  const [only] = actions;
  const data: Data = isData
    ? { actions, resources: ['*'], ...(condition && copied !== undefined ? { condition: copied } : {}) }
    : {
        Effect: 'Allow',
        Action: actions.length === 1 && only !== undefined ? only : actions,
        Resource: '*',
        ...(condition && copied !== undefined ? { Condition: copied } : {}),
      };
  return [{ kind: 'append', to: list, data }];
}

/** What a node says, if it says it all by itself: no functions, no aliases. */
function copyOf(node: Node): Data | undefined {
  if (node.tag !== undefined || node.aliasOf) return undefined;
  if (node.kind === 'array') {
    const items = node.items.map(copyOf);
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (node.kind === 'object') {
    const copied: { [name: string]: Data } = {};
    for (const { name, value, merged } of node.entries) {
      const data = merged || /^Fn::|^Ref$/.test(name) ? undefined : copyOf(value);
      if (data === undefined) return undefined;
      copied[name] = data;
    }
    return copied;
  }
  return node.kind === 'missing' ? undefined : (node.value ?? undefined);
}

/** One comparison that a statement is to ask for. */
export interface Demand {
  readonly operator: string;
  readonly key: string;
  readonly value: Data;
}

/**
 * Adds comparisons to the conditions of a statement; one that stands there already with the same key and operator is
 * replaced. Undefined where the conditions are not written in a form that takes more.
 */
export function addConditions(statement: Statement, demands: readonly Demand[]): readonly Edit[] | undefined {
  const { policy, node } = statement;
  if (policy.form === 'flat' || policy.via.length || node.kind !== 'object' || node.aliasOf) return undefined;
  const entry = statement.elements.Condition?.key.entry;
  if (policy.form === 'data') {
    const blocks = demands.map(({ operator, key, value }) => ({
      test: operator,
      variable: key,
      values: Array.isArray(value) ? value : [value],
    }));
    if (!entry)
      return [{ kind: 'set', in: node, path: ['condition'], data: blocks.length === 1 ? (blocks[0] as Data) : blocks }];
    if (entry.value.kind !== 'array' || entry.value.aliasOf) return undefined;
    return blocks.map((data) => ({ kind: 'append', to: entry.value, data }));
  }
  if (entry && (entry.value.kind !== 'object' || entry.value.aliasOf || entry.merged || isFunction(entry.value)))
    return undefined;
  // Operators and keys are read in any letter case, and one that is there is written to.
  return demands.map(({ operator, key, value }) => {
    const operators = entry?.value.entries.find(({ name }) => name.toLowerCase() === operator.toLowerCase());
    const keys = operators?.value.entries.find(({ name }) => name.toLowerCase() === key.toLowerCase());
    const path = ['Condition', operators?.name ?? operator, keys?.name ?? key];
    return { kind: 'set', in: node, path, data: value };
  });
}

function isFunction(node: Node): boolean {
  return node.tag !== undefined || node.entries.some(({ name }) => name.startsWith('Fn::') || name === 'Ref');
}
