/** The length that a policy document has at least. */

import type { ConditionClause, Item, PolicyDocument, Principal, Statement } from '../../iam/document.ts';
import { HOLE, isConditional } from '../../iam/document.ts';
import type { Value } from '../../template/value.ts';

/** Bounds of the walk: what is left out counts nothing, so the result is still the least. */
const MAX_DEPTH = 30;
const MAX_VALUES = 20_000;

/**
 * The characters that a document has at least as JSON without white space between its members; with `dense`, without any
 * white space. Texts that are not known count nothing, a choice as its shortest alternative.
 * @param enough the walk may stop as soon as this is exceeded
 */
export function documentLength(policy: PolicyDocument, enough: number, dense: boolean): number {
  if (policy.form === 'data') return lengthOfBlocks(policy, dense);
  const meter = new Meter(dense, enough);
  return policy.elements.length ? meter.members(policy.elements.map(({ name, value }) => [name, value])) : 0;
}

/** More than a document of ordinary elements has, for next to nothing: whether it is worth measuring. */
export function roughLength(policy: PolicyDocument): number {
  let length = 500;
  const add = (items: readonly Item[]) => {
    for (const { text } of items) length += (text?.length ?? 0) + 4;
  };
  for (const statement of policy.statements) {
    length += 150 + (statement.sid?.text?.length ?? 0);
    add(statement.actions);
    add(statement.notActions);
    add(statement.resources);
    add(statement.notResources);
    add(statement.principals);
    add(statement.notPrincipals);
    for (const { operatorText, key, values } of statement.conditions) {
      length += operatorText.length + key.length + 10;
      add(values);
    }
  }
  return length;
}

class Meter {
  private budget = MAX_VALUES;

  constructor(
    private readonly dense: boolean,
    private readonly enough: number,
  ) {}

  members(members: readonly (readonly [name: string, value: Value])[], depth = 0): number {
    let length = 1;
    for (const [name, value] of members) {
      const inner = this.length(value, depth + 1);
      // Quotes, colon and comma.
      if (inner > 0) length += textLength(name, this.dense) + inner + 4;
      if (length > this.enough * 4) break;
    }
    return Math.max(2, length);
  }

  /** Of a value; 0 where it may not be there. */
  length(value: Value, depth: number): number {
    if (depth > MAX_DEPTH || this.budget-- <= 0) return 0;
    switch (value.kind) {
      case 'known':
        return typeof value.value === 'string' ? textLength(value.value, this.dense) + 2 : String(value.value).length;
      case 'text':
        return value.parts.reduce(
          (sum, part) => sum + (typeof part === 'string' ? textLength(part, this.dense) : this.inside(part, depth + 1)),
          2,
        );
      case 'list': {
        const lengths = value.items.map((item) => this.length(item, depth + 1)).filter((length) => length > 0);
        return lengths.reduce((sum, length) => sum + length + 1, lengths.length ? 1 : 2);
      }
      case 'object':
        return this.members(
          value.names.flatMap((name) => {
            const property = value.get(name);
            return property ? [[name, property.value] as const] : [];
          }),
          depth,
        );
      case 'choice': {
        const lengths = value.alternatives.map((alternative) => this.length(alternative.value, depth + 1));
        return lengths.length ? Math.min(...lengths) : 0;
      }
      default:
        return 0;
    }
  }

  /** Of a value in a text. */
  private inside(value: Value, depth: number): number {
    const length = this.length(value, depth);
    return value.kind === 'known' || value.kind === 'text' ? Math.max(0, length - 2) : 0;
  }
}

/** Of a text in JSON, without its quotes. */
function textLength(text: string, dense: boolean): number {
  return JSON.stringify(dense ? text.replace(/\s/g, '') : text).length - 2;
}

// ---- blocks of data.aws_iam_policy_document, which writes the version, the Sid and lists of one member as that member

function lengthOfBlocks(policy: PolicyDocument, dense: boolean): number {
  // Of documents that it takes in, some may replace statements.
  if (policy.included.length || policy.open !== undefined) return 0;
  const seen = new Set<Statement['node']>();
  let length = '{"Version":"2012-10-17","Statement":[]}'.length;
  for (const statement of policy.statements) {
    if (seen.has(statement.node) || statement.templateConditions.length > policy.conditions.length) continue;
    seen.add(statement.node);
    length += lengthOfBlock(statement, dense) + 1;
  }
  return seen.size ? length - 1 : length;
}

function lengthOfBlock(statement: Statement, dense: boolean): number {
  const of = (item: Item) => {
    if (isConditional(item, statement)) return 0;
    const text = (item.text ?? '').replaceAll(HOLE, '');
    return textLength(text, dense) + 2;
  };
  const list = (items: readonly Item[]) => {
    const lengths = items.map(of).filter((length) => length > 0);
    return lengths.reduce((sum, length) => sum + length, 0) + (lengths.length > 1 ? lengths.length + 1 : 0);
  };
  const element = (name: string, length: number) => (length > 0 ? name.length + length + 4 : 0);
  const grouped = <T>(
    members: readonly T[],
    nameOf: (member: T) => string,
    length: (members: readonly T[]) => number,
  ) => {
    const groups = new Map<string, T[]>();
    for (const member of members) groups.set(nameOf(member), [...(groups.get(nameOf(member)) ?? []), member]);
    return [...groups].reduce((sum, [name, group]) => sum + element(name.replaceAll(HOLE, ''), length(group)), 1);
  };
  const principals = (named: readonly Principal[]) =>
    !named.length ? 0 : named.some(({ type }) => type === '*') ? 3 : grouped(named, ({ type }) => type, list);
  const clauses = statement.conditions.filter((clause) => !isConditional(clause, statement));
  const compared = (group: readonly ConditionClause[]) =>
    grouped(
      group,
      ({ key }) => key,
      (same) => list(same.flatMap(({ values }) => values)),
    );
  return (
    1 +
    element('Sid', statement.sid ? of(statement.sid) : 0) +
    element('Effect', statement.effect === 'Deny' ? 6 : 7) +
    element('Action', list(statement.actions)) +
    element('NotAction', list(statement.notActions)) +
    element('Resource', list(statement.resources)) +
    element('NotResource', list(statement.notResources)) +
    element('Principal', principals(statement.principals)) +
    element('NotPrincipal', principals(statement.notPrincipals)) +
    element('Condition', clauses.length ? grouped(clauses, ({ operatorText }) => operatorText, compared) : 0)
  );
}
