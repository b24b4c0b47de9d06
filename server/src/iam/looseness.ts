/**
 * Whether the conditions of a statement narrow what it allows. A condition that everybody fulfils does not; what is wrong
 * with it is reported by iam-conditions.ts.
 *
 * Sources: IAM user guide, "AWS global condition context keys" and "Condition operators"; Access Analyzer's policy checks
 * on wildcards and on ForAllValues.
 */

import type { Node } from '../syntax/node.ts';
import { once } from '../template/tracking.ts';
import { findConditionKey } from './condition-keys.ts';
import { type ConditionClause, HOLE, type Item, isConditional, isKnown, type Statement } from './document.ts';

/** A condition that holds for everybody, or nearly. */
export interface Loose {
  readonly kind: 'any-value' | 'any-address' | 'any-principal' | 'absent-key';
  /** The value, or the operator where that is what lets everybody in. */
  readonly node: Node;
}

/** Global keys with more than one value in a request. Source: "Multivalued context keys". */
const MULTIVALUED: ReadonlySet<string> = new Set([
  'aws:calledvia',
  'aws:principalorgpaths',
  'aws:principalservicenameslist',
  'aws:resourceorgpaths',
  'aws:sourceorgpaths',
  'aws:tagkeys',
  'aws:vpceorgpaths',
]);
/** Of these, ForAllValues is no means to limit who calls: without the key everybody passes. */
const IDENTIFYING: ReadonlySet<string> = new Set(['aws:principalorgpaths', 'aws:sourceorgpaths', 'aws:vpceorgpaths']);
/** Keys that say how a request travels, not who makes it or on what. */
const TRANSPORT: ReadonlySet<string> = new Set(['aws:securetransport', 's3:tlsversion']);
/** `*` demands that the tag exists, which is a use of its own. */
const TAG_KEY = /(^|[:-])(request|resource|principal|existingobject|requestobject)-?tag\//;
const EVERY_ADDRESS = /^(0\.0\.0\.0\/0|::\/0|0\.0\.0\.0\/1|128\.0\.0\.0\/1|\*)$/;
const EVERY_PRINCIPAL = /^arn:[^:]*:(iam|sts|\*):\*?:\*:(\*|(role|user|assumed-role)\/\*)$/;

/** Whether a clause of an Allow statement lets everybody through, and where. Undefined where it does not, or is not known to. */
export function looseness(clause: ConditionClause, statement: Statement): Loose | undefined {
  const { operator } = clause;
  const key = clause.key.toLowerCase();
  if (operator.name === undefined || operator.negated || operator.name === 'Null' || key.includes(HOLE))
    return undefined;
  if (operator.qualifier === 'ForAllValues' && letsAbsentKeyPass(key) && !demandsKey(key, statement)) {
    return { kind: 'absent-key', node: clause.operatorNode };
  }
  const value = clause.values.find(
    (item) => isKnown(item) && !isConditional(item, statement) && isLooseValue(item, operator.name ?? '', key),
  );
  if (!value) return undefined;
  if (operator.name === 'IpAddress') return { kind: 'any-address', node: value.node };
  return { kind: value.text === '*' ? 'any-value' : 'any-principal', node: value.node };
}

function isLooseValue(item: Item, operator: string, key: string): boolean {
  const text = item.text ?? '';
  if (operator === 'IpAddress') return EVERY_ADDRESS.test(text);
  if (!/^(StringLike|Arn)/.test(operator)) return false;
  if (/^\*+$/.test(text)) return !TAG_KEY.test(key);
  return key === 'aws:principalarn' && EVERY_PRINCIPAL.test(text);
}

/** Whether ForAllValues on this key is a mistake: the key has one value, or says who calls. Unknown keys are not. */
function letsAbsentKeyPass(key: string): boolean {
  if (IDENTIFYING.has(key)) return true;
  if (MULTIVALUED.has(key)) return false;
  if (key.startsWith('aws:')) return true;
  const known = findConditionKey(key);
  return known?.type !== undefined && !known.type.startsWith('ArrayOf');
}

/** Whether the statement demands by `Null` that the key is there, or might. */
function demandsKey(key: string, statement: Statement): boolean {
  if (statement.openElements.has('Condition')) return true;
  return statement.conditions.some(
    (clause) =>
      clause.operator.name === 'Null' &&
      clause.key.toLowerCase() === key &&
      clause.values.some((item) => item.text?.toLowerCase() !== 'true'),
  );
}

const MFA = 'aws:multifactorauthpresent';

/** Whether a clause asks of an Allow statement that no MFA was used: it narrows nothing that matters. */
export function asksForNoMfa(clause: ConditionClause): boolean {
  return (
    clause.key.toLowerCase() === MFA &&
    !clause.operator.negated &&
    clause.operator.name !== 'Null' &&
    clause.values.length === 1 &&
    clause.values[0]?.text?.toLowerCase() === 'false'
  );
}

/** Whether conditions narrow an Allow statement: `none` and `some` are certain. */
export type Narrowing = 'none' | 'some' | 'unknown';

/** Whether the conditions of a statement narrow whom, when or on what it allows. */
export const narrowing = once((statement: Statement): Narrowing => narrowingBy(statement.conditions, statement));

/** The same for some of the conditions of a statement. */
export function narrowingBy(clauses: readonly ConditionClause[], statement: Statement): Narrowing {
  let result: Narrowing = statement.openElements.has('Condition') ? 'unknown' : 'none';
  for (const clause of clauses) {
    if (TRANSPORT.has(clause.key.toLowerCase()) || looseness(clause, statement) || asksForNoMfa(clause)) continue;
    if (!isConditional(clause, statement) && !clause.key.includes(HOLE) && clause.operator.name !== undefined)
      return 'some';
    result = 'unknown';
  }
  return result;
}
