/** Condition operators that do not suit their key, or their values. */

import { findConditionKey } from '../../iam/condition-keys.ts';
import { type ConditionClause, HOLE, type Item, isKnown, type Statement } from '../../iam/document.ts';
import type { ConditionKey } from '../../iam/reference.ts';
import { hasPlaceholder } from '../../iam/tokens.ts';
import { oidcTrust } from '../../iam/trust.ts';
import type { Edit } from '../../syntax/edit.ts';
import type { Fix } from '../fix.ts';
import type { PolicyFault } from './check.ts';
import { changeOperator, operatorLike, operatorOrKey } from './condition-edits.ts';
import { dateForm, isBoolean, isNumber, networkOf, withoutVariables } from './condition-formats.ts';

export type Family = 'String' | 'Numeric' | 'Date' | 'Bool' | 'Binary' | 'IpAddress' | 'Arn' | 'Null';

/** What an operator compares; undefined where there is no such operator. */
export function familyOf(name: string | undefined): Family | undefined {
  if (name === undefined) return undefined;
  if (name === 'NotIpAddress') return 'IpAddress';
  const family = /^(String|Numeric|Date|Bool|Binary|IpAddress|Arn|Null)/.exec(name)?.[1];
  return family as Family | undefined;
}

const COMPARED: Readonly<Record<Family, string>> = {
  String: 'texts',
  Numeric: 'numbers',
  Date: 'dates',
  Bool: 'booleans',
  Binary: 'binary data',
  IpAddress: 'IP addresses',
  Arn: 'ARNs',
  Null: 'keys',
};

/** What a key holds, and the operators for it that are and are not equal. */
const BY_TYPE: Readonly<Record<string, { is: string; family: Family; equal: string; unequal: string | undefined }>> = {
  String: { is: 'a text', family: 'String', equal: 'StringEquals', unequal: 'StringNotEquals' },
  ARN: { is: 'an ARN', family: 'Arn', equal: 'ArnEquals', unequal: 'ArnNotEquals' },
  Bool: { is: 'a boolean', family: 'Bool', equal: 'Bool', unequal: undefined },
  Numeric: { is: 'a number', family: 'Numeric', equal: 'NumericEquals', unequal: 'NumericNotEquals' },
  Date: { is: 'a date', family: 'Date', equal: 'DateEquals', unequal: 'DateNotEquals' },
  IPAddress: { is: 'an IP address', family: 'IpAddress', equal: 'IpAddress', unequal: 'NotIpAddress' },
};

/** The key that a clause is about, from AWS's data; undefined where it is not known. */
export function keyOfClause(clause: ConditionClause): ConditionKey | undefined {
  return clause.key.includes(HOLE) ? undefined : findConditionKey(clause.key);
}

/** The type of a key's single value; undefined where it is not known, or is for the author to decide (tags). */
function typeOf(known: ConditionKey | undefined): string | undefined {
  if (!known?.type || known.name.includes('${')) return undefined;
  return known.type.replace(/^ArrayOf/, '');
}

export type Report = (fault: Omit<PolicyFault, 'path'>) => void;

/** A clause with what is asked of it again and again. */
export interface Judged {
  readonly clause: ConditionClause;
  readonly statement: Statement;
  readonly report: Report;
}

/** The values that are known, without policy variables (which have checks of their own). */
export function plainValues(clause: ConditionClause): readonly Item[] {
  return clause.values.filter(
    (item) => isKnown(item) && !item.text?.includes('${') && !hasPlaceholder(item.text ?? ''),
  );
}

export function editsFix(title: string, edits: readonly Edit[] | undefined, safe = false): Fix | undefined {
  return edits?.length ? { title, safe, edits } : undefined;
}

// ---- operator and key

const MFA = 'aws:multifactorauthpresent';

function isPlainTrue({ operator, values }: ConditionClause): boolean {
  return !operator.ifExists && values.every((item) => item.text?.toLowerCase() === 'true');
}

/** Whether the operator compares what the key does not hold; reported then. */
export function checkOperatorType({ clause, statement, report }: Judged, family: Family): boolean {
  const type = typeOf(keyOfClause(clause));
  const held = type && BY_TYPE[type];
  if (!held || held.family === family || family === 'Binary') return false;
  // An ARN is a text as well; which operator is the better one for it is another question.
  if ((family === 'String' || family === 'Arn') && (held.family === 'String' || held.family === 'Arn')) return false;
  // The time in seconds is a number too.
  if (family === 'Numeric' && clause.key.toLowerCase() === 'aws:epochtime') return false;
  // Every other use of this key is told with its way around, by iam-condition-mfa-bad-pattern.
  if (clause.key.toLowerCase() === MFA && !(statement.effect === 'Allow' && isPlainTrue(clause))) return false;
  const name = counterpart(clause, family, type);
  const whole = name && operatorLike(name, clause.operator);
  report({
    key: 'cond-type-mismatch',
    node: operatorOrKey(clause, statement),
    message: `${clause.operator.name} compares ${COMPARED[family]}, and ${clause.key} is ${held.is}`,
    fix: () => (whole ? editsFix(`Compare with ${whole}`, changeOperator(clause, statement, whole)) : undefined),
  });
  return true;
}

/** The operator that says the same of another type; undefined where there is none, or the values do not suit it. */
function counterpart(
  { operator, values, complete }: ConditionClause,
  family: Family,
  type: string,
): string | undefined {
  const target = BY_TYPE[type];
  const name = operator.name ?? '';
  if (!target || !complete || !values.every((item) => isKnown(item) && suits(item.text ?? '', target.family)))
    return undefined;
  // A range of addresses is no text.
  if (family === 'IpAddress' && target.family === 'String') return undefined;
  const order = /^(Numeric|Date)((?:Less|Greater)Than(?:Equals)?)$/.exec(name)?.[2];
  if (order) return target.family === 'Numeric' || target.family === 'Date' ? `${target.family}${order}` : undefined;
  return operator.negated ? target.unequal : target.equal;
}

function suits(text: string, family: Family): boolean {
  switch (family) {
    case 'Bool':
      return isBoolean(text);
    case 'Numeric':
      return isNumber(text);
    case 'Date':
      return dateForm(text) === 'iso';
    case 'IpAddress':
      return networkOf(text) !== undefined;
    case 'Arn':
      return text.startsWith('arn:');
    default:
      return !/[*?]/.test(text);
  }
}

/** AWS's data has several values of these, and AWS's own policies compare them as one. */
const ONE_OF_SEVERAL: ReadonlySet<string> = new Set(['events:source', 'events:detail-type']);

/** A key with several values needs to be told how many of them must match. */
export function checkQualifier({ clause, statement, report }: Judged): void {
  const { operator } = clause;
  if (operator.qualifier || !keyOfClause(clause)?.type?.startsWith('ArrayOf')) return;
  if (ONE_OF_SEVERAL.has(clause.key.toLowerCase())) return;
  // To demand that none matches, or to deny if all do, takes the other qualifier: for the author to decide.
  const name = statement.effect === 'Allow' && !operator.negated ? `ForAnyValue:${clause.operatorText}` : undefined;
  report({
    key: 'cond-missing-qualifier',
    node: operatorOrKey(clause, statement),
    message: `${clause.key} has several values: say ForAnyValue or ForAllValues`,
    fix: () => (name ? editsFix(`Compare with ${name}`, changeOperator(clause, statement, name)) : undefined),
  });
}

export function isLike({ operator }: ConditionClause): boolean {
  return operator.name?.endsWith('Like') === true || operator.name?.startsWith('Arn') === true;
}

/** `*` and `?` are wildcards for the Like operators only. */
export function checkWildcards({ clause, statement, report }: Judged): void {
  const { operator, values } = clause;
  if (!operator.name?.startsWith('String') || isLike(clause)) return;
  const literal = values.filter((item) => hasWildcard(item.text));
  const [first, ...others] = literal;
  if (!first) return;
  if (isSubjectOfTrust(first, statement)) return;
  const isArn =
    keyOfClause(clause)?.type?.endsWith('ARN') === true &&
    values.every((item) => item.text === HOLE || item.text?.startsWith('arn:'));
  const like = `${isArn ? 'Arn' : 'String'}${operator.negated ? 'Not' : ''}Like`;
  const whole = operatorLike(like, operator);
  // What is to be denied passes; what is to be kept out comes in.
  const opens = (statement.effect === 'Deny') !== operator.negated;
  report({
    key: 'wildcard-without-like',
    node: first.node,
    message: `${operator.name} takes the wildcard for a plain character`,
    severity: opens ? 'medium' : undefined,
    conditions: first.conditions,
    related: others.map(({ node }) => ({ node, message: 'Another wildcard' })),
    fix: () =>
      // There is no Like that ignores the case; a star alone would let everything pass.
      operator.name?.endsWith('IgnoreCase') || literal.some((item) => /^\*+$/.test(item.text ?? ''))
        ? undefined
        : editsFix(`Compare with ${whole}`, changeOperator(clause, statement, whole)),
  });
}

/** Whether iam-trust-oidc-unscoped says of this subject that no token has it: of all but wildcards in its last part. */
function isSubjectOfTrust(item: Item, statement: Statement): boolean {
  if (statement.policy.kind !== 'trust' || statement.effect !== 'Allow') return false;
  return statement.principals.some((principal) => {
    if (principal.type !== 'Federated') return false;
    const trust = oidcTrust(statement, principal);
    return trust?.literal === true && trust.state !== 'wildcard-rest' && trust.item?.node === item.node;
  });
}

function hasWildcard(text: string | undefined): boolean {
  if (text === undefined || !(text.includes('*') || text.includes('?'))) return false;
  const plain = withoutVariables(text);
  // The query of an address begins with a question mark.
  return plain.includes('*') || (plain.includes('?') && !/^https?:/.test(plain));
}
