/** Conditions that keep out fewer than they seem to. */

import { findConditionKey, isProviderPrefix, keyPrefix } from '../../iam/condition-keys.ts';
import { type ConditionClause, HOLE, type Item, isKnown, type Statement } from '../../iam/document.ts';
import { isPublic, narrowed, principalVerdicts } from '../../iam/public.ts';
import { grantsAction } from '../../iam/queries.ts';
import { looseness } from '../iam-narrowing.ts';
import { addConditions, policyFix } from '../policy-edits.ts';
import { aws } from '../references.ts';
import type { Rule, Variant } from '../rule.ts';
import { clausePath, clausesOf, type DocumentCheck, type PolicyFault, policyRule } from './check.ts';
import { compareBy } from './condition-key-edits.ts';
import { CALLER_CHOSEN, CHOSEN_VARIABLES, NAME_KEYS, PAIRED_KEYS, SENSITIVE_KEYS } from './condition-key-facts.ts';

type Fault = Pick<PolicyFault, 'key' | 'message'> & Partial<PolicyFault>;
type Judge = (clause: ConditionClause, statement: Statement, key: string) => Fault | undefined;

/** What comes between the literal start of a value and the rest: AWS asks for six characters. */
const LITERAL = 6;

/** Whether a clause decides by its values whom its statement lets in: what matches is allowed, or not denied. */
function letsIn({ operator }: ConditionClause, { effect }: Statement): boolean {
  if (operator.name === undefined || operator.name === 'Null') return false;
  return effect === 'Allow' ? !operator.negated : effect === 'Deny' && operator.negated;
}

/** Whether the statement lets in the public, or a service for anyone: the rules on that name the condition. */
function isTold(statement: Statement): boolean {
  return principalVerdicts(statement).some(({ verdict }) => isPublic(verdict) || verdict === 'SERVICE-UNBOUNDED');
}

/** Whether the statement asks for a key as well, or may. */
function asksFor(statement: Statement, ...keys: readonly string[]): boolean {
  return (
    statement.openElements.has('Condition') ||
    statement.conditions.some(
      (other) => other.key.includes(HOLE) || keys.some((key) => other.key.toLowerCase() === key.toLowerCase()),
    )
  );
}

// ---- keys

const untrustworthy: Judge = (clause, statement, key) => {
  if (!CALLER_CHOSEN.has(key) || statement.effect !== 'Allow' || !letsIn(clause, statement)) return undefined;
  // Services are asked for their source: another rule's matter.
  if (statement.principals.some(({ type }) => type === 'Service') || isTold(statement)) return undefined;
  // Another condition, or the own account's policies, decide who gets in.
  if (narrowed(statement)) return undefined;
  const verdicts = principalVerdicts(statement);
  if (verdicts.length && verdicts.every(({ verdict }) => verdict === 'OWN')) return undefined;
  return {
    key: 'untrustworthy-key',
    node: clause.keyNode,
    message: `${clause.key} is whatever the caller sends: it keeps nobody out who knows the value`,
  };
};

/** Has the form of an id, which AWS asks for, and is none. */
const NO_VPC = 'vpc-00000000000000000';

const unpaired: Judge = (clause, statement, key) => {
  const pairs = PAIRED_KEYS.get(key);
  if (!pairs || !letsIn(clause, statement) || asksFor(statement, ...pairs) || isTold(statement)) return undefined;
  const [first] = pairs;
  return {
    key: 'missing-paired-key',
    node: clause.keyNode,
    message: `${clause.key} alone also lets in other VPCs that use these private addresses: ask for ${first} as well`,
    // In a Deny one more condition would deny less.
    fix: () =>
      statement.effect === 'Allow'
        ? policyFix(
            'Ask for the VPC as well (put in its id)',
            addConditions(statement, [{ operator: 'StringEquals', key: first, value: NO_VPC }]),
          )
        : undefined,
  };
};

const READS = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:Scan'];

const attributesWithoutSelect: Judge = (clause, statement, key) => {
  if (key !== 'dynamodb:attributes' || statement.effect !== 'Allow' || clause.operator.name === 'Null')
    return undefined;
  if (clause.operator.name === undefined || asksFor(statement, 'dynamodb:Select')) return undefined;
  const read = READS.find((action) => grantsAction(statement, action) === true);
  if (read === undefined) return undefined;
  return {
    key: 'dynamodb-attributes-select',
    node: clause.keyNode,
    message: `A ${read.slice('dynamodb:'.length)} that names no attributes returns all of them: ask for dynamodb:Select to be SPECIFIC_ATTRIBUTES as well`,
    fix: () =>
      policyFix(
        'Ask for named attributes (requests that name none are then refused)',
        addConditions(statement, [{ operator: 'StringEquals', key: 'dynamodb:Select', value: 'SPECIFIC_ATTRIBUTES' }]),
      ),
  };
};

const negativePrefix: Judge = (clause, statement, key) => {
  const { operator, values } = clause;
  if (key !== 's3:prefix' || !/^String/.test(operator.name ?? '')) return undefined;
  if (statement.effect !== (operator.negated ? 'Allow' : 'Deny')) return undefined;
  // Listing without a prefix is one request, not a set of them.
  if (!values.length || values.every(({ text }) => text === '')) return undefined;
  const shown = values.find((item) => isKnown(item) && item.text !== '')?.text;
  return {
    key: 's3-prefix-negative',
    node: clause.keyNode,
    message: `A request for a shorter prefix lists the objects under ${shown === undefined ? 'these prefixes' : JSON.stringify(shown)} all the same`,
  };
};

const audience: Judge = (clause, statement, key) => {
  const { operator, operatorText } = clause;
  if (operator.qualifier !== 'ForAnyValue' || operator.name === undefined) return undefined;
  if (!key.endsWith(':aud') || !isProviderPrefix(keyPrefix(key))) return undefined;
  const name = operatorText.slice(operatorText.indexOf(':') + 1);
  return {
    key: 'foranyvalue-audience',
    node: clause.operatorNode,
    message: `${clause.key} has a single value: ForAnyValue is for keys with several`,
    fix: () => policyFix(`Compare with ${name}`, compareBy(clause, statement, name)),
  };
};

// ---- values

/** Where the first wildcard or policy variable of a kind stands in a text; undefined for none. */
function firstOf(text: string, kind: 'wildcard' | 'variable'): number | undefined {
  for (let at = 0; at < text.length; at++) {
    if (text.startsWith('${', at)) {
      const close = text.indexOf('}', at);
      const name = text.slice(at + 2, close < 0 ? text.length : close).toLowerCase();
      if (kind === 'variable' && CHOSEN_VARIABLES.some((one) => name.startsWith(one))) return at;
      if (close < 0) return undefined;
      at = close;
    } else if (kind === 'wildcard' && (text[at] === '*' || text[at] === '?')) return at;
  }
  return undefined;
}

/** How much of `text` before a place is literal, back to its start, to a wildcard or a variable. */
function literalBefore(text: string, at: number): number {
  let from = at;
  while (from > 0 && !/[*?}]/.test(text[from - 1] ?? '')) from--;
  return at - from;
}

/** Why a value is too wide for a key; undefined where it is not. */
function widthOf(text: string, key: string, kind: 'wildcard' | 'variable'): string | undefined {
  const at = firstOf(text, kind);
  if (at === undefined) return undefined;
  const what = kind === 'wildcard' ? 'a wildcard' : 'a variable';
  if (SENSITIVE_KEYS.has(key)) {
    return kind === 'wildcard'
      ? 'a wildcard in it also matches what belongs to others'
      : 'the variable in it has a value that callers choose';
  }
  if (key === 'aws:userid') {
    const id = /^(?:[^:$]|\$\{[^{}]*\}|\$)*/.exec(text)?.[0] ?? '';
    // Session names are free; the id before them is not, unless it is left open as a whole.
    if (id.length < text.length && (at > id.length || /^(?:\*|\$\{[^}]*\})$/.test(id))) return undefined;
    return `${what} in the id, before the colon, also matches other principals`;
  }
  if (!NAME_KEYS.has(key)) return undefined;
  const literal = literalBefore(text, at);
  return literal < LITERAL
    ? `only ${literal} ${literal === 1 ? 'character stands' : 'characters stand'} before ${what}`
    : undefined;
}

function* wideValues(clause: ConditionClause, statement: Statement, key: string): Generator<Fault & { item: Item }> {
  if (!SENSITIVE_KEYS.has(key) && !NAME_KEYS.has(key) && key !== 'aws:userid') return;
  if (!letsIn(clause, statement) || !/^String/.test(clause.operator.name ?? '')) return;
  const { kind } = statement.policy;
  const like = /Like$/.test(clause.operator.name ?? '');
  const guarded = kind === 'resource' || kind === 'trust' || kind === 'rcp' || kind === 'vpc-endpoint';
  let told: boolean | undefined;
  for (const item of clause.values) {
    if (!isKnown(item) || item.text === undefined) continue;
    const wildcard = like ? widthOf(item.text, key, 'wildcard') : undefined;
    // Where the account's own administrators choose the tags of all who come, variables are as good as values.
    const why = wildcard ?? (guarded ? widthOf(item.text, key, 'variable') : undefined);
    if (why === undefined) continue;
    told ??= isTold(statement);
    if (told) return;
    yield {
      item,
      key: wildcard === undefined ? 'variable-too-permissive' : 'wildcard-too-permissive',
      message: `${JSON.stringify(item.text)} is too wide for ${clause.key}: ${why}`,
      severity: SENSITIVE_KEYS.has(key) ? undefined : 'medium',
    };
  }
}

// ---- ARNs

/** Whether a wildcard stands before the last part of an ARN, where as text it may run into the parts behind it. */
function crosses({ text = '' }: Item): boolean {
  if (/^\*+$/.test(text)) return false;
  const parts = text.split(':');
  return parts.length < 6 || /[*?]/.test(parts.slice(0, 5).join(''));
}

const stringOnArn: Judge = (clause, statement) => {
  const { operator } = clause;
  if (operator.name !== 'StringLike' && operator.name !== 'StringNotLike') return undefined;
  if (!/ARN$/.test(findConditionKey(clause.key)?.type ?? '')) return undefined;
  const known = clause.values.filter((item) => isKnown(item));
  if (!known.length) return undefined;
  // In a Deny, or negated in an Allow, what matches besides is kept out.
  const wide = letsIn(clause, statement) && known.some((item) => /[*?]/.test(item.text ?? '') && crosses(item));
  const name = operator.negated ? 'ArnNotLike' : 'ArnLike';
  const written = `${operator.qualifier ? `${operator.qualifier}:` : ''}${name}${operator.ifExists ? 'IfExists' : ''}`;
  const shared = statement.conditions.some(
    (other) => other.operatorNode === clause.operatorNode && other.keyNode !== clause.keyNode,
  );
  return {
    key: 'stringlike-on-arn-key',
    node: shared ? clause.keyNode : clause.operatorNode,
    message: wide
      ? `${clause.key} is an ARN: compared as text, a wildcard in it also runs over the colons between its parts`
      : `${clause.key} is an ARN: ${name} compares it part by part`,
    severity: wide ? undefined : 'info',
    fix: () => {
      // Text that is no ARN matches none.
      const arns = clause.complete && clause.values.every((item) => isKnown(item) && isArn(item.text ?? ''));
      if (!arns) return undefined;
      return policyFix(`Compare with ${written}`, compareBy(clause, statement, written));
    },
  };
};

function isArn(text: string): boolean {
  return text.startsWith('arn:') && text.split(':').length >= 6;
}

const JUDGES: readonly Judge[] = [
  untrustworthy,
  unpaired,
  attributesWithoutSelect,
  negativePrefix,
  audience,
  stringOnArn,
];

const checkReach: DocumentCheck = (policy, fault) => {
  if (policy.service === 'iot') return;
  for (const { clause, statement } of clausesOf(policy)) {
    if (clause.key.includes(HOLE)) continue;
    const key = clause.key.toLowerCase();
    const found: Fault[] = JUDGES.flatMap((judge) => judge(clause, statement, key) ?? []);
    for (const { item, ...wide } of wideValues(clause, statement, key))
      found.push({ ...wide, node: item.node, conditions: item.conditions });
    // What holds for everybody is told by iam-condition-too-loose.
    if (!found.length || looseness(clause, statement)) continue;
    for (const one of found)
      fault({ conditions: clause.conditions, node: clause.keyNode, path: clausePath(clause), ...one });
  }
};

const medium = (...aliases: readonly string[]): Variant => ({ severity: 'medium', aliases });
const high = (...aliases: readonly string[]): Variant => ({ severity: 'high', aliases });

export const CONDITION_REACH_RULES: readonly Rule[] = [
  policyRule({
    id: 'iam-condition-weak',
    title: 'Condition keeps out fewer than it seems to',
    severity: 'medium',
    owner: {
      side: 'customer',
      why: 'AWS evaluates conditions exactly as they are written; whom they let through is for you to decide.',
    },
    description:
      'The condition narrows what the statement says, yet leaves a way around: the caller chooses the value that is compared, a wildcard or variable also matches others, or a request that says less escapes the comparison. ' +
      'Name accounts, organizations and networks in full, compare ARNs with ARN operators, and ask for the keys that belong together.',
    variants: {
      'untrustworthy-key': medium('access-analyzer:UNTRUSTWORTHY_CONDITION_KEY'),
      'missing-paired-key': medium('access-analyzer:MISSING_PAIRED_CONDITION_KEYS'),
      'dynamodb-attributes-select': medium('access-analyzer:DYNAMODB_ATTRIBUTES_WITHOUT_SELECT'),
      's3-prefix-negative': medium('access-analyzer:S3_PREFIX_IN_NEGATIVE_CONTEXT'),
      'foranyvalue-audience': medium(
        'access-analyzer:FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE',
        'access-analyzer:CONFIRM_AUDIENCE_CLAIM_TYPE',
      ),
      'wildcard-too-permissive': high('access-analyzer:WILDCARD_USAGE_TOO_PERMISSIVE'),
      'variable-too-permissive': high('access-analyzer:VARIABLE_USAGE_TOO_PERMISSIVE'),
      'stringlike-on-arn-key': medium(
        'parliament:MISMATCHED_TYPE_BUT_USABLE',
        'access-analyzer:STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS',
      ),
    },
    references: [
      aws('AWS global condition context keys', 'IAM/latest/UserGuide/reference_policies_condition-keys.html'),
      aws(
        'IAM JSON policy elements: Condition operators',
        'IAM/latest/UserGuide/reference_policies_elements_condition_operators.html',
      ),
      aws('IAM policy validation check reference', 'IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html'),
    ],
    checks: [checkReach],
  }),
];
