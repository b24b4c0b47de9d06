/** On how much a statement allows what it allows: everything, all resources of a type, or something named. */

import { findAction } from '../iam/actions.ts';
import { HOLE, type Item, isConditional, type PolicyDocument, type Statement } from '../iam/document.ts';
import type { ActionInfo } from '../iam/reference.ts';
import { wildcardCovers } from '../syntax/text.ts';
import { once } from '../template/tracking.ts';

/** Whether a text in Resource stands for everything there is: `*`, `arn:*`, `arn:aws:*:*:*:*`. */
export function isEverything(text: string): boolean {
  if (/^\*+$/.test(text)) return true;
  if (!text.startsWith('arn:')) return false;
  const parts = text.split(':');
  const rest = parts.slice(2);
  if (!rest.length) return parts[1] === '*';
  return rest.every((part) => /^\*+$/.test(part));
}

/** What the Resource of a statement reaches. */
interface Reach {
  /** Stands for everything. */
  readonly everything: Item | undefined;
  /** ARNs with wildcards, in one form. */
  readonly wide: readonly { readonly item: Item; readonly arn: string }[];
  /** The first of them that takes all of a resource type, by the type's ARN pattern. */
  readonly byType: Map<string, Item | undefined>;
}

const reachOf = once((statement: Statement): Reach => {
  const everything = statement.resources.find((item) => item.text !== undefined && isEverything(item.text));
  const wide = statement.resources.flatMap((item) =>
    item.text?.startsWith('arn:') && item.text.includes('*') ? [{ item, arn: normalised(item.text) }] : [],
  );
  return { everything, wide, byType: new Map() };
});

/** The item of Resource that stands for everything, where one does. */
export function everythingItem(statement: Statement): Item | undefined {
  return reachOf(statement).everything;
}

/** ARNs in one form: any partition; IAM's without account, since a policy can only reach its own. */
function normalised(arn: string): string {
  const parts = arn.split(':');
  if (parts[0] !== 'arn' || parts.length < 6) return arn;
  parts[1] = '*';
  if (parts[2] === 'iam') parts[4] = '*';
  return parts.join(':');
}

const typePatterns = new Map<string, string>();

/** What a resource type's ARNs look like, in one form. As many as AWS has types. */
function typePattern(arnPattern: string): string {
  let pattern = typePatterns.get(arnPattern);
  if (pattern === undefined) {
    pattern = normalised(arnPattern.replace(/\$\{[^{}]*\}/g, '*'));
    typePatterns.set(arnPattern, pattern);
  }
  return pattern;
}

/**
 * The item of Resource by which a statement allows an action on all that the action works on, without saying `*`: all
 * resource types of the action are covered by ARNs such as `arn:aws:s3:::*`.
 */
export function effectivelyEverything(statement: Statement, action: ActionInfo | string): Item | undefined {
  const { wide, byType } = reachOf(statement);
  if (!wide.length) return undefined;
  const info = typeof action === 'string' ? findAction(action) : action;
  const types = info?.resourceTypes ?? [];
  let first: Item | undefined;
  for (const { arnPattern } of types) {
    let found = byType.get(arnPattern);
    if (!found && !byType.has(arnPattern)) {
      const pattern = typePattern(arnPattern);
      found = wide.find(({ arn }) => wildcardCovers(arn, pattern))?.item;
      byType.set(arnPattern, found);
    }
    if (!found) return undefined;
    first ??= found;
  }
  return first;
}

/** The item of Resource by which a statement allows an action on everything, by `*` or in effect. */
export function broadItem(statement: Statement, action: ActionInfo | string): Item | undefined {
  return everythingItem(statement) ?? effectivelyEverything(statement, action);
}

/** Whether every resource is certainly named more narrowly than everything. */
export function isNarrow(statement: Statement): boolean {
  return (
    statement.resources.length > 0 &&
    !statement.openElements.has('Resource') &&
    statement.resources.every((item) => item.text !== undefined && item.text !== HOLE && !isEverything(item.text))
  );
}

const RESOURCE_TAG = /^[a-z0-9-]+:resourcetag\//i;

/** Whether a condition lets the statement reach certainly no resources but those with a tag of some value. */
export function isBoundByTag(statement: Statement): boolean {
  return statement.conditions.some(
    (clause) =>
      RESOURCE_TAG.test(clause.key) &&
      clause.operator.name?.startsWith('String') &&
      !clause.operator.negated &&
      !clause.operator.ifExists &&
      clause.operator.qualifier !== 'ForAllValues' &&
      clause.values.every(({ text }) => text !== undefined && !/^\*+$/.test(text)) &&
      !isConditional(clause, statement),
  );
}

/** Whether a document says what a principal may do in AWS. AWS IoT's policies have a grammar and an enforcement of their own. */
export function grantsPermissions(policy: PolicyDocument): boolean {
  return policy.kind === 'identity' && policy.service !== 'iot' && policy.form !== 'flat';
}
