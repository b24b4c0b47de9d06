/** Edits on the statements of policy documents, whatever form they are written in. */

import { type ElementName, type Item, isKnown, type PolicyDocument, type Statement } from '../iam/document.ts';
import { type Data, type Edit, renderEdits } from '../syntax/edit.ts';
import { rawText } from '../syntax/embedded.ts';
import { expressionAt } from '../syntax/hcl-source.ts';
import type { Node } from '../syntax/node.ts';
import { inSameModule, localAddress } from '../template/module-path.ts';
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
  const caller = template.ofType('data.aws_caller_identity').find((one) => inSameModule(one, policy.resource));
  return caller && `\${${localAddress(caller)}.account_id}`;
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
      ...others.map((data): Edit => ({ kind: 'append', to: value, data, after: node })),
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
    // A text with holes in a string is read as a node of its own, which is no member of the list that it is in.
    const members = items.map(({ node }) => value.items.find((one) => one === node || one.from === node.from));
    return members.every((node) => node !== undefined)
      ? members.map((node) => ({ kind: 'removeItem', node }))
      : undefined;
  }
  if (!value || items.some(({ via, node }) => via.length || (node !== value && node.parent !== value)))
    return undefined;
  const list = listOf(statement);
  return list && list.items.length > 1 ? [{ kind: 'removeItem', node: statement.node }] : undefined;
}

/** The list that a statement is a member of, written out. */
function listOf(statement: Statement): Node | undefined {
  const { parent, entry } = statement.node;
  // The only statement of a data source in HCL.
  if (statement.policy.form === 'data' && entry?.name === 'statement' && parent?.kind === 'object') {
    return takesMore(statement.node) && !statement.policy.via.length ? statement.node : undefined;
  }
  if (parent?.kind !== 'array' || parent.tag !== undefined || statement.policy.via.length) return undefined;
  return parent.entry && /^statement$/i.test(parent.entry.name) ? parent : undefined;
}

/** What a new statement allows or denies; the rest it has from the one that it stands beside. */
export interface Share {
  readonly actions: readonly Data[];
  readonly resources: readonly Data[];
  /** Asked for besides; only where the statement that it stands beside has no condition. */
  readonly demands?: readonly Demand[];
  /** In the place of the condition that is there; null for none. */
  readonly condition?: Data | null;
}

/** Adds a statement that is as this one, with other actions on everything. */
export function addLikeness(statement: Statement, actions: readonly string[]): readonly Edit[] | undefined {
  return addStatements(statement, [{ actions, resources: ['*'] }]);
}

/**
 * Adds statements that are as this one (effect, principals and condition), with other actions and resources. A Sid gets a
 * number behind it that no other statement has. Undefined where there is no list to add to, or what is to be copied
 * cannot be.
 */
export function addStatements(statement: Statement, shares: readonly Share[]): readonly Edit[] | undefined {
  const list = listOf(statement);
  if (!list) return undefined;
  const isData = statement.policy.form === 'data';
  const head: { [name: string]: Data } = {};
  const tail: { [name: string]: Data } = {};
  for (const name of ['Effect', 'Principal', 'NotPrincipal', 'Condition'] as const) {
    const entry = statement.elements[name]?.key.entry;
    const data = entry && !entry.merged ? copyOf(entry.value) : undefined;
    if (statement.elements[name] && data === undefined) return undefined;
    if (entry && data !== undefined) (name === 'Condition' ? tail : head)[entry.name] = data;
  }
  const sids = sidsFor(statement, shares.length);
  if (statement.elements.Condition && shares.some(({ demands }) => demands)) return undefined;
  return shares.map(({ actions, resources, demands = [], condition }, i): Edit => {
    const sid = sids?.[i];
    const name = isData ? 'condition' : 'Condition';
    const asked = demands.length ? (isData ? blocksOf(demands) : clausesOf(demands)) : condition;
    const data: Data = {
      ...(sid === undefined ? {} : { [isData ? 'sid' : 'Sid']: sid }),
      ...head,
      ...(isData ? { actions, resources } : { Action: plain(actions), Resource: plain(resources) }),
      ...(asked === undefined ? tail : asked === null ? {} : { [name]: asked }),
    };
    return { kind: 'append', to: list, data };
  });
}

/** One text stands by itself. */
function plain(texts: readonly Data[]): Data {
  const [only] = texts;
  return texts.length === 1 && only !== undefined ? only : texts;
}

/** Names for statements beside one that has a name; undefined where it has none, or it is not known. */
function sidsFor({ sid, policy }: Statement, count: number): readonly string[] | undefined {
  if (!sid?.text || !isKnown(sid)) return undefined;
  const taken = new Set(policy.statements.map((one) => one.sid?.text));
  const found: string[] = [];
  for (let i = 2; found.length < count; i++) if (!taken.has(`${sid.text}${i}`)) found.push(`${sid.text}${i}`);
  return found;
}

/** What a node says, if it says it all by itself: no aliases; functions of CloudFormation as they are. */
export function copyOf(node: Node): Data | undefined {
  if (node.aliasOf) return undefined;
  const data = untagged(node);
  // Text in a string is copied as it stands there, whatever it is taken for.
  if (node.tag === undefined || data === undefined || node.origin.host) return data;
  if (!/^!\w+$/.test(node.tag)) return undefined;
  const name = node.tag.slice(1);
  if (name === 'Ref' || name === 'Condition') return { [name]: data };
  const split = name === 'GetAtt' && typeof data === 'string' ? data.indexOf('.') : -1;
  return {
    [`Fn::${name}`]: split > 0 && typeof data === 'string' ? [data.slice(0, split), data.slice(split + 1)] : data,
  };
}

function untagged(node: Node): Data | undefined {
  switch (node.kind) {
    case 'array': {
      const items = node.items.map(copyOf);
      return items.every((item) => item !== undefined) ? items : undefined;
    }
    case 'object': {
      const copied: { [name: string]: Data } = {};
      for (const { key, value, merged } of node.entries) {
        const name = textIn(key);
        const data = merged ? undefined : copyOf(value);
        if (name === undefined || data === undefined) return undefined;
        copied[name] = data;
      }
      return copied;
    }
    case 'string':
      return textIn(node);
    case 'missing':
      return undefined;
    default:
      return node.value ?? undefined;
  }
}

/** The text of a string or key. Inside a string holes are read as other text: what is written there counts. */
function textIn(node: Node): string | undefined {
  if (!node.origin.host) {
    // What HCL computes is an interpolation in text.
    if (node.value === undefined && expressionAt(node)) return `\${${rawText(node)}}`;
    return node.value === undefined || node.value === null ? undefined : String(node.value);
  }
  try {
    const text: unknown = JSON.parse(rawText(node));
    return typeof text === 'string' ? text : undefined;
  } catch {
    // A hole with quotes of its own, or one where a value belongs.
    return undefined;
  }
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
    if (!entry) return [{ kind: 'set', in: node, path: ['condition'], data: blocksOf(demands) }];
    if (!takesMore(entry.value) || entry.value.aliasOf) return undefined;
    return demands.map((demand) => ({ kind: 'append', to: entry.value, data: blockOf(demand) }));
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

/** Whether something may be added behind: to a list, or to a block of HCL that stands alone so far. */
export function takesMore(node: Node): boolean {
  return (
    node.kind === 'array' || (node.kind === 'object' && node.style === 'block' && node.document.language === 'hcl')
  );
}

function isFunction(node: Node): boolean {
  return node.tag !== undefined || node.entries.some(({ name }) => name.startsWith('Fn::') || name === 'Ref');
}

/** The `condition` blocks of a data source. */
function blocksOf(demands: readonly Demand[]): Data {
  const [only] = demands;
  return demands.length === 1 && only ? blockOf(only) : demands.map(blockOf);
}

function blockOf({ operator, key, value }: Demand): Data {
  return { test: operator, variable: key, values: Array.isArray(value) ? value : [value] };
}

/** The value of Condition. */
function clausesOf(demands: readonly Demand[]): Data {
  const operators: { [operator: string]: { [key: string]: Data } } = {};
  for (const { operator, key, value } of demands) {
    const keys = operators[operator] ?? {};
    keys[key] = value;
    operators[operator] = keys;
  }
  return operators;
}
