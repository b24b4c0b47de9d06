/**
 * Checks of policy documents as functions of a document that name its faults by the keys of the catalogue's IAM checks. A
 * rule is a set of checks with what it says of each key: see `policyRule`. Every check sees every document of a template,
 * wherever it lives and however it is written; `policy.kind` says what it decides on.
 */

import { closest } from '../../iam/action-names.ts';
import type { ConditionClause, Element, Item, PolicyDocument, Principal, Statement } from '../../iam/document.ts';
import { HOLE } from '../../iam/document.ts';
import type { Data, Edit } from '../../syntax/edit.ts';
import type { Node } from '../../syntax/node.ts';
import { blockKey } from '../../template/select.ts';
import type { Template } from '../../template/template.ts';
import { once } from '../../template/tracking.ts';
import type { Condition, Leaf, Value } from '../../template/value.ts';
import type { Fix } from '../fix.ts';
import type { Check, Related, Rule, Severity, Variant } from '../rule.ts';

/** Something that is wrong with a document. */
export interface PolicyFault {
  /** A key of the catalogue's IAM checks, and a variant of the rule. */
  readonly key: string;
  readonly node: Node;
  readonly message: string;
  readonly conditions?: readonly Condition[];
  readonly severity?: Severity;
  readonly related?: readonly Related[];
  readonly fix?: () => Fix | undefined;
  /** Below the document, without positions. */
  readonly path: string;
}

/** Judges a document and calls `fault` for all that is wrong with it. Never throws on what a document may hold. */
export type DocumentCheck = (policy: PolicyDocument, fault: (fault: PolicyFault) => void) => void;

/** A rule on policy documents: its variants are the keys that its checks name. */
export interface PolicyRule extends Omit<Rule, 'category' | 'tier' | 'aliases' | 'checks' | 'variants'> {
  /** What each key means: severity, peers' ids. */
  readonly variants: Readonly<Record<string, Variant>>;
  readonly checks: readonly DocumentCheck[];
}

/** Makes a rule of checks. */
export function policyRule({ checks, ...rule }: PolicyRule): Rule {
  return {
    ...rule,
    category: 'iam',
    tier: 'core',
    aliases: [...new Set(Object.values(rule.variants).flatMap((variant) => variant.aliases ?? []))],
    checks: checks.map(checkOf),
  };
}

function checkOf(run: DocumentCheck): Check {
  return {
    kind: 'policy',
    check: (policy, reporter) =>
      run(policy, ({ key, path, ...fault }) =>
        reporter.report({
          ...fault,
          variant: key,
          resource: policy.resource,
          conditions: fault.conditions ?? policy.conditions,
          path: [policy.site, path].filter(Boolean).join('.'),
        }),
      ),
  };
}

/** AWS refuses the policy, so a deployment fails. */
export const refused = (...aliases: readonly string[]): Variant => ({ severity: 'medium', aliases });
/** AWS takes it, and it does not do what it says. */
export const doubtful = (...aliases: readonly string[]): Variant => ({ severity: 'low', aliases });
/** It does what it says, in more words than needed. */
export const remark = (...aliases: readonly string[]): Variant => ({ severity: 'info', aliases });

/** Whether it is a policy in IAM's language with statements: not flat arguments, not a dialect of another service. */
export function hasStatements(policy: PolicyDocument): boolean {
  return policy.form !== 'flat' && policy.kind !== 'other';
}

/** Whether the JSON grammar applies: not to flat permissions, nor to dialects of other services. */
export function isJson(policy: PolicyDocument): boolean {
  return policy.form === 'document' || policy.form === 'statements';
}

/** A value's leaves, all alternatives. */
export function leaves(value: Value, depth = 0): Leaf[] {
  if (value.kind !== 'choice') return [value];
  return depth > 20 ? [] : value.alternatives.flatMap((alternative) => leaves(alternative.value, depth + 1));
}

/** The known name nearest to a misspelt one. */
export function nearestName(written: string, names: readonly string[]): string | undefined {
  const lower = written.toLowerCase();
  const same = names.find((name) => name.toLowerCase() === lower || `${name.toLowerCase()}s` === lower);
  if (same !== undefined) return same;
  const [near] = closest(
    lower,
    names.map((name) => name.toLowerCase()),
  );
  return names.find((name) => name.toLowerCase() === near);
}

/** A fix of one edit; none where there is nothing to edit. */
export function fixOf(title: string, edit: Edit | undefined, safe = true): Fix | undefined {
  return edit && { title, safe, edits: [edit] };
}

/** Replaces what a leaf is written as, where it is written in place. */
export function replaceLeaf(leaf: Leaf, data: Data): Edit | undefined {
  return leaf.via?.length ? undefined : { kind: 'replace', node: leaf.node, data };
}

/** Every statement as written, once: one with alternatives stands several times in the model. */
export const writtenStatements = once((policy: PolicyDocument): readonly Statement[] => {
  const seen = new Set<Node>();
  return policy.statements.filter((statement) => !seen.has(statement.node) && seen.add(statement.node));
});

/** What to report for something that a statement lacks: its first key. */
export function keyOf(statement: Statement): Node {
  const key = blockKey(statement.node);
  return key !== statement.node ? key : (statement.policy.statement?.key ?? statement.policy.key);
}

/** A condition clause with the statement that it is of. */
export interface ClauseOfPolicy {
  readonly clause: ConditionClause;
  readonly statement: Statement;
}

/** Every condition clause of every statement as written. A clause whose value is a choice comes once for each alternative. */
export const clausesOf = once((policy: PolicyDocument): readonly ClauseOfPolicy[] =>
  hasStatements(policy) ? readClauses(policy) : [],
);

function readClauses(policy: PolicyDocument): ClauseOfPolicy[] {
  const seen = new Set<Node>();
  // A statement with a choice of Conditions stands once for each: their clauses differ, its others do not.
  return policy.statements.flatMap((statement) =>
    statement.conditions
      .filter(({ valueNode }) => policy.form === 'data' || (!seen.has(valueNode) && seen.add(valueNode)))
      .map((clause) => ({ clause, statement })),
  );
}

/** Path of a clause for {@link PolicyFault.path}. */
export function clausePath(clause: ConditionClause): string {
  return `Condition.${clause.operatorText}.${clause.key}`.replaceAll(HOLE, '…');
}

/** Elements that are lists of texts. */
export type ListElement = 'Action' | 'NotAction' | 'Resource' | 'NotResource';

/** A text of an element, with the statement that it is of. */
export interface ItemOfPolicy {
  readonly item: Item;
  readonly element: ListElement;
  readonly statement: Statement;
}

const LIST_ELEMENTS: readonly ListElement[] = ['Action', 'NotAction', 'Resource', 'NotResource'];

const allItems = once((policy: PolicyDocument): readonly ItemOfPolicy[] =>
  writtenStatements(policy).flatMap((statement) =>
    LIST_ELEMENTS.flatMap((element) => listOf(statement, element).map((item) => ({ item, element, statement }))),
  ),
);

/** Every text of the elements of every statement as written. */
export function itemsOf(policy: PolicyDocument, ...elements: readonly ListElement[]): readonly ItemOfPolicy[] {
  if (!hasStatements(policy)) return [];
  const found = allItems(policy);
  return elements.length === LIST_ELEMENTS.length ? found : found.filter(({ element }) => elements.includes(element));
}

/** The texts of an element. */
export function listOf(statement: Statement, element: ListElement): readonly Item[] {
  switch (element) {
    case 'Action':
      return statement.actions;
    case 'NotAction':
      return statement.notActions;
    case 'Resource':
      return statement.resources;
    case 'NotResource':
      return statement.notResources;
  }
}

/** Removes an element of a statement or document, where it is written in place. */
export function removeElement(element: Element | undefined): Edit | undefined {
  const entry = element?.key.entry;
  return entry && entry.key === element?.key ? { kind: 'remove', entry } : undefined;
}

/** A leaf with what must hold in the template for it to be the one in force. */
export interface Alternative {
  readonly leaf: Leaf;
  readonly conditions: readonly Condition[];
}

/**
 * A value's leaves, each with its conditions on top of the given ones. Those that contradict them are left out; what is
 * written as nothing (`AWS::NoValue`) comes as `absent`.
 */
export function leavesUnder(
  value: Value,
  conditions: readonly Condition[],
  template: Template,
  depth = 0,
): readonly Alternative[] {
  if (value.kind !== 'choice') return [{ leaf: value, conditions }];
  if (depth > 20) return [];
  return value.alternatives.flatMap((alternative) => {
    const assumed = template.assume(conditions, alternative.condition);
    return assumed ? leavesUnder(alternative.value, assumed, template, depth + 1) : [];
  });
}

/**
 * What must hold in the template for a statement as written to be there: its `templateConditions` without those that tell
 * apart the alternatives of its Effect or Condition, for each of which it stands once in the model.
 */
export function writtenConditions(statement: Statement): readonly Condition[] {
  const { policy, node, templateConditions } = statement;
  if (templateConditions.length === policy.conditions.length) return templateConditions;
  const others = policy.statements.filter((other) => other.node === node && other !== statement);
  return templateConditions.filter(({ id, value }) =>
    others.every((other) => other.templateConditions.some((one) => one.id === id && one.value === value)),
  );
}

/** The leaves of an element of a statement, each with its conditions; none where it is not there. */
export function elementLeaves(statement: Statement, element: Element | undefined): readonly Alternative[] {
  return element ? leavesUnder(element.value, writtenConditions(statement), statement.policy.resource.template) : [];
}

/** A principal with the element and the statement that it is of. */
export interface PrincipalOfPolicy {
  readonly principal: Principal;
  readonly element: 'Principal' | 'NotPrincipal';
  readonly statement: Statement;
}

/** Every principal of every statement as written. */
export function principalsOf(policy: PolicyDocument): readonly PrincipalOfPolicy[] {
  if (!hasStatements(policy)) return [];
  return writtenStatements(policy).flatMap((statement) => [
    ...statement.principals.map((principal) => ({ principal, element: 'Principal', statement }) as const),
    ...statement.notPrincipals.map((principal) => ({ principal, element: 'NotPrincipal', statement }) as const),
  ]);
}
