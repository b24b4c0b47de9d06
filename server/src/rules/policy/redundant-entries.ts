/**
 * Entries and statements that others of the same list already say. Nothing is said of a pair that differs in text that is
 * not known, nor of one that a condition of the template may part.
 *
 * Source: IAM user guide, "IAM JSON policy elements: Action" (names are compared in any letter case) and "IAM JSON policy
 * elements: Resource" (wildcards).
 */

import { findAction } from '../../iam/actions.ts';
import {
  type ConditionClause,
  HOLE,
  type Item,
  isConditional,
  isKnown,
  type PolicyDocument,
  type Principal,
  type Statement,
} from '../../iam/document.ts';
import { renderEdits } from '../../syntax/edit.ts';
import { detached, wildcardCovers } from '../../syntax/text.ts';
import type { Condition, Value } from '../../template/value.ts';
import type { Fix } from '../fix.ts';
import { removeItems } from '../policy-edits.ts';
import {
  type DocumentCheck,
  hasStatements,
  keyOf,
  listOf,
  type PolicyFault,
  replaceLeaf,
  writtenStatements,
} from './check.ts';

/** Longer lists are judged for repetitions up to here. */
const MAX_ENTRIES = 4000;
/** Characters that are compared for one list: what AWS accepts needs a fraction of it. The rest of the list is left alone. */
const MAX_WORK = 3_000_000;

/** An item with the text that it is compared by. */
interface Entry {
  readonly item: Item;
  readonly index: number;
  readonly text: string;
  /** In front of the first wildcard. */
  readonly stem: string;
  /** Its only wildcard is a `*` at the end. */
  readonly isPrefix: boolean;
  /** Parts of an ARN, once they were asked for. */
  parts?: readonly string[];
}

function entryOf(item: Item, index: number, text: string): Entry {
  const wildcard = text.search(/[*?]/);
  const stem = wildcard < 0 ? text : text.slice(0, wildcard);
  return { item, index, text, stem, isPrefix: wildcard === text.length - 1 && text.endsWith('*') };
}

type Covers = (outer: Entry, inner: Entry) => boolean;

/** Whether all that one thing hangs on holds wherever the other is there. */
function holdsWith(one: readonly Condition[], other: readonly Condition[]): boolean {
  return one.every(({ id, value }) => other.some((condition) => condition.id === id && condition.value === value));
}

/** The entry that says what this one says, and is there whenever this one is. */
function coveredBy(
  entry: Entry,
  equals: readonly Entry[],
  patterns: readonly Entry[],
  covers: Covers,
  budget: { work: number },
): Entry | undefined {
  const { conditions } = entry.item;
  budget.work -= patterns.length;
  for (const other of equals) {
    if (other === entry || !holdsWith(other.item.conditions, conditions)) continue;
    // Of two that say the same, the first stays; of a conditional and an unconditional one, the latter.
    if (other.item.conditions.length < conditions.length || other.index < entry.index) return other;
  }
  const compared = (other: Entry) => {
    // Each `*` may look at every character again.
    budget.work -= entry.text.length * Math.min(16, other.text.length - other.stem.length);
    return budget.work > 0 && covers(other, entry);
  };
  return patterns.find(
    (other) =>
      other.text !== entry.text &&
      entry.text.startsWith(other.stem) &&
      compared(other) &&
      // Two spellings of one pattern (`a**`, `a*`): the first stays.
      (other.index < entry.index || !covers(entry, other)) &&
      holdsWith(other.item.conditions, conditions),
  );
}

/** Entries that others of the list cover, with those. Service by service, since lists of actions are long. */
function covered(
  entries: readonly Entry[],
  groupOf: (entry: Entry) => string,
  covers: Covers,
): readonly (readonly [entry: Entry, by: Entry])[] {
  const equals = new Map<string, Entry[]>();
  const patterns = new Map<string, Entry[]>();
  for (const entry of entries) {
    const same = equals.get(entry.text);
    if (same) same.push(entry);
    else equals.set(entry.text, [entry]);
    if (entry.stem === entry.text) continue;
    const group = groupOf(entry);
    const list = patterns.get(group);
    if (list) list.push(entry);
    else patterns.set(group, [entry]);
  }
  if (equals.size === entries.length && !patterns.size) return [];
  const anywhere = patterns.get('') ?? [];
  const found: (readonly [Entry, Entry])[] = [];
  const budget = { work: MAX_WORK };
  for (const entry of entries) {
    if (budget.work <= 0) break;
    const group = groupOf(entry);
    const near = group === '' ? anywhere : [...anywhere, ...(patterns.get(group) ?? [])];
    const by = coveredBy(entry, equals.get(entry.text) ?? [], near, covers, budget);
    if (by) found.push([entry, by]);
  }
  return found;
}

// ---- actions

/** The service of an action; '' where it is a pattern. */
function serviceOf({ text }: Entry): string {
  const service = text.slice(0, Math.max(0, text.indexOf(':')));
  return /[*?]/.test(service) ? '' : service;
}

/** Whether an action pattern in lower case, whose stem the other one begins with, takes all that that one takes. */
function actionCovers({ text: outer, stem, isPrefix }: Entry, { text: inner }: Entry): boolean {
  // A name in full in front of the colon: what begins like it is of the same service.
  if (isPrefix && stem.includes(':')) return inner.startsWith(stem);
  if (/^\*+(:\*+)?$/.test(outer)) return true;
  const colon = outer.indexOf(':');
  const other = inner.indexOf(':');
  if (colon < 0 || other < 0) return false;
  return (
    wildcardCovers(outer.slice(0, colon), inner.slice(0, other)) &&
    wildcardCovers(outer.slice(colon + 1), inner.slice(other + 1))
  );
}

/** The actions of a list that others of it cover, each with the one that does. */
function redundantActions(items: readonly Item[]): readonly (readonly [item: Item, by: Item])[] {
  if (items.length < 2) return [];
  const entries = items.slice(0, MAX_ENTRIES).flatMap((item, index) => {
    if (!isKnown(item) || item.value.kind === 'object' || !item.text) return [];
    return entryOf(item, index, item.text.toLowerCase());
  });
  return covered(entries, serviceOf, actionCovers).map(([entry, by]) => [entry.item, by.item]);
}

// ---- resources

/** Encloses the name of what a text refers to. */
const MARK = '\u0002';
const WHOLE_ARN = /^\u0002[^\u0002]*Arn\u0002/;

/**
 * A text in which every reference is itself, so that equal texts are one text. Undefined where it is not known, and for
 * references of Terraform, whose indexes are not part of the model.
 */
function exactText(item: Item, policy: PolicyDocument): string | undefined {
  if (isKnown(item)) return item.text;
  return policy.resource.template.dialect === 'cloudformation' ? spell(item.value, 0) : undefined;
}

function spell(value: Value, depth: number): string | undefined {
  switch (value.kind) {
    case 'known':
      return String(value.value);
    case 'reference':
      return `${MARK}${value.target}.${value.attribute ?? ''}${MARK}`;
    case 'text': {
      if (depth > 20) return undefined;
      const parts = value.parts.map((part) => (typeof part === 'string' ? part : spell(part, depth + 1)));
      return parts.includes(undefined) ? undefined : parts.join('');
    }
    default:
      return undefined;
  }
}

/** Parts of an ARN; the colons of policy variables (`${aws:username}`) part nothing. */
function partsOf(entry: Entry): readonly string[] {
  const { text } = entry;
  entry.parts ??= (
    text.includes('${') ? text.replace(/\$\{[^{}]{0,256}\}/g, (variable) => variable.replaceAll(':', '\u0003')) : text
  ).split(':');
  return entry.parts;
}

/**
 * Whether an ARN pattern takes all that another one takes, in its own letter case. A wildcard is taken to stand for no
 * colon but at the end, and `${*}` for nothing but itself.
 */
const arnCovers: Covers = (outer, inner) => {
  const { text, stem, isPrefix } = outer;
  if (!inner.text.startsWith(stem)) return false;
  if (/^\*+$/.test(text)) return true;
  const parts = partsOf(outer);
  // The ARN of a resource with anything behind it, or a resource part that ends in anything.
  if (isPrefix && (parts.length >= 6 || WHOLE_ARN.test(text))) return true;
  if (text.includes(MARK) || inner.text.includes(MARK)) return false;
  if (/\$\{[*?$]\}/.test(text) || /\$\{[*?$]\}/.test(inner.text)) return false;
  const others = partsOf(inner);
  if (parts.length < 6 || others.length < parts.length) return false;
  return parts.every((part, i) => {
    if (i < parts.length - 1) return wildcardCovers(part, others[i] ?? '');
    const rest = others.slice(i).join(':');
    return (others.length === parts.length || part.endsWith('*')) && wildcardCovers(part, rest);
  });
};

/** The resources of a list that others of it cover, each with the one that does. */
function redundantResources(
  items: readonly Item[],
  policy: PolicyDocument,
): readonly (readonly [item: Item, by: Item])[] {
  if (items.length < 2) return [];
  const entries = items.slice(0, MAX_ENTRIES).flatMap((item, index) => {
    const text = exactText(item, policy);
    return text ? entryOf(item, index, text) : [];
  });
  return covered(entries, () => '', arnCovers).map(([entry, by]) => [entry.item, by.item]);
}

// ---- statements

/** What a statement says, Sid aside: equal texts mean equal statements. Undefined where it is not known in full. */
function meaningOf(statement: Statement): string | undefined {
  if (!statement.effect || !statement.complete || statement.unknownElements.length) return undefined;
  const texts = (items: readonly Item[], lower = false): readonly string[] | undefined => {
    const said: string[] = [];
    for (const item of items) {
      const text = exactText(item, statement.policy);
      if (text === undefined || isConditional(item, statement)) return undefined;
      said.push(lower ? text.toLowerCase() : text);
    }
    return said.sort();
  };
  const named = (principals: readonly Principal[]) => {
    const said = principals.map((principal) => ({ type: principal.type, text: texts([principal]) }));
    return said.some(({ type, text }) => !text || type.includes(HOLE))
      ? undefined
      : said.map(({ type, text }) => [type, text]).sort(byText);
  };
  const compared = (clauses: readonly ConditionClause[]) => {
    const said = clauses.map((clause) => {
      const values = texts(clause.values);
      const isOpen = !clause.complete || isConditional(clause, statement) || clause.key.includes(HOLE);
      return isOpen || !values ? undefined : [clause.operatorText.toLowerCase(), clause.key.toLowerCase(), values];
    });
    return said.includes(undefined) ? undefined : said.sort(byText);
  };
  const parts = [
    named(statement.principals),
    named(statement.notPrincipals),
    texts(statement.actions, true),
    texts(statement.notActions, true),
    texts(statement.resources),
    texts(statement.notResources),
    compared(statement.conditions),
  ];
  if (parts.includes(undefined)) return undefined;
  return JSON.stringify([
    statement.effect,
    Object.keys(statement.elements)
      .filter((name) => name !== 'Sid')
      .sort(),
    parts,
  ]);
}

/** A number of a text, in any letter case: texts of different numbers are different. */
function hashOf(text: string): number {
  let hash = text.length;
  for (let i = 0; i < text.length; i++) hash = (hash * 31 + (text.charCodeAt(i) | 0x20)) | 0;
  return hash;
}

/** Differs wherever two statements say different things, but for the rarest of cases; costs next to nothing. */
function outlineOf({
  effect,
  actions,
  notActions,
  resources,
  notResources,
  conditions,
  principals,
}: Statement): string {
  // In whatever order the texts stand.
  const sum = (items: readonly Item[]) => items.reduce((all, { text }) => (all + hashOf(text ?? '')) | 0, items.length);
  const asked = conditions.reduce((all, { key, values }) => (all + hashOf(key) + sum(values)) | 0, conditions.length);
  return [effect, sum(actions), sum(notActions), sum(resources), sum(notResources), sum(principals), asked].join();
}

function byText(a: unknown, b: unknown): number {
  const one = JSON.stringify(a);
  const other = JSON.stringify(b);
  return one < other ? -1 : one > other ? 1 : 0;
}

const checkStatements: DocumentCheck = (policy, fault) => {
  if (!hasStatements(policy) || policy.service === 'iot') return;
  const written = writtenStatements(policy);
  // One that stands for several alternatives is not one statement.
  const statements =
    written.length === policy.statements.length
      ? written
      : written.filter(({ node }) => policy.statements.filter((other) => other.node === node).length === 1);
  if (statements.length < 2) return;
  for (const alike of groupsOf(statements, outlineOf)) {
    if (alike.length > 1) for (const same of groupsOf(alike, meaningOf)) reportSame(same, fault);
  }
};

function groupsOf(
  statements: readonly Statement[],
  keyOfGroup: (statement: Statement) => string | undefined,
): Iterable<readonly Statement[]> {
  const groups = new Map<string, Statement[]>();
  for (const statement of statements) {
    const key = keyOfGroup(statement);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(statement);
    else groups.set(key, [statement]);
  }
  return groups.values();
}

function reportSame(same: readonly Statement[], fault: (fault: PolicyFault) => void): void {
  for (const statement of same) {
    const conditions = statement.templateConditions;
    const other = same.find(
      (one) =>
        one !== statement &&
        holdsWith(one.templateConditions, conditions) &&
        (one.templateConditions.length < conditions.length || one.index < statement.index),
    );
    if (!other) continue;
    fault({
      key: 'redundant-statement',
      node: keyOf(statement),
      message: 'Another statement says the same',
      related: [{ node: keyOf(other), message: 'The statement that says the same' }],
      path: `Statement.${statement.index}`,
      conditions,
      fix: () => removal('Remove the statement', statement),
    });
  }
}

/** Takes a statement off the policy, where others stay. */
export function removal(title: string, statement: Statement): Fix | undefined {
  return safely(title, removeItems(statement, 'Effect', []));
}

/** A fix that changes nobody's rights; none where it cannot be rendered. */
function safely(title: string, edits: Fix['edits'] | undefined): Fix | undefined {
  return edits?.length && renderEdits(edits)?.size === 1 ? { title, safe: true, edits } : undefined;
}

/** Actions that are written as AWS does. */
const canonical = new Set<string>();
const MAX_CANONICAL = 20_000;

/** Actions in other letters than AWS writes them. What is to be removed anyway is left to that. */
function checkCase(
  element: string,
  items: readonly Item[],
  redundant: ReadonlySet<Item>,
  fault: (fault: PolicyFault) => void,
): void {
  for (const item of items) {
    const { text } = item;
    if (!text || canonical.has(text) || redundant.has(item) || !isKnown(item) || /[*?]/.test(text)) continue;
    const action = findAction(text);
    if (!action) continue;
    // `SNS:Publish` is how the consoles of AWS themselves write it.
    if (text.endsWith(`:${action.name}`)) {
      if (canonical.size >= MAX_CANONICAL) canonical.clear();
      canonical.add(detached(text));
      continue;
    }
    const written = `${action.service}:${action.name}`;
    fault({
      key: 'action-case',
      node: item.node,
      message: `AWS writes it ${written}`,
      path: `${element}.${text}`,
      conditions: item.conditions,
      fix: () => {
        const edit = replaceLeaf(item.value, written);
        return safely(`Change to ${written}`, edit && [edit]);
      },
    });
  }
}

const checkEntries: DocumentCheck = (policy, fault) => {
  // Topics of AWS IoT have wildcards of their own.
  if (!hasStatements(policy) || policy.service === 'iot') return;
  for (const statement of writtenStatements(policy)) {
    for (const element of ['Action', 'NotAction', 'Resource', 'NotResource'] as const) {
      const items = listOf(statement, element);
      const isAction = element === 'Action' || element === 'NotAction';
      const redundant = isAction ? redundantActions(items) : redundantResources(items, policy);
      if (isAction) checkCase(element, items, new Set(redundant.map(([item]) => item)), fault);
      for (const [item, by] of redundant) {
        const same = isAction ? item.text?.toLowerCase() === by.text?.toLowerCase() : item.text === by.text;
        const outer = isKnown(by) ? by.text : 'Another one';
        const inner = isKnown(item) ? item.text : 'this';
        fault({
          key: isAction ? 'redundant-action' : 'redundant-resource',
          node: item.node,
          message: same ? `${element} names this more than once` : `${outer} covers ${inner} already`,
          related: [{ node: by.node, message: same ? 'The first of them' : 'What covers it' }],
          path: `${element}.${(item.text ?? '').replaceAll(HOLE, '…')}`,
          conditions: item.conditions,
          fix: () => safely(`Remove the ${isAction ? 'action' : 'resource'}`, removeItems(statement, element, [item])),
        });
      }
    }
  }
};

/** Entries and statements that say nothing more. */
export const REPETITION_CHECKS: readonly DocumentCheck[] = [checkEntries, checkStatements];
