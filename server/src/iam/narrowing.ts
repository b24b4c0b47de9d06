/**
 * Which conditions decide *who* may use a grant to everyone, and which only look so.
 * Sources: Amazon S3 user guide, "The meaning of public"; IAM user guide, "AWS global condition context keys",
 * "IAM JSON policy elements: Condition operators" and "The confused deputy problem".
 */

import { type ConditionClause, HOLE, type Item, isConditional, isKnown, type Statement } from './document.ts';
import type { AccountContext } from './principals.ts';
import { FIXED_TEXT, hasWildcard, markedText, OWN_ACCOUNT } from './tokens.ts';

/** Whom a condition leaves over. `nobody`: it never matches. `signed`: any caller with AWS credentials. */
export type NarrowedTo = 'nobody' | 'own' | 'fixed' | 'network' | 'org' | 'foreign' | 'signed';

/** Who is let in: everyone, an AWS service on behalf of anyone, or everyone an identity provider knows. */
export type Audience = 'everyone' | 'service' | 'federated';

export interface JudgedClause {
  readonly clause: ConditionClause;
  readonly result: 'narrows' | 'fails' | 'unknown';
  /** Set where it narrows (for `unknown`: what it would narrow to, where known). */
  readonly to: NarrowedTo | undefined;
  /** Why it does not help, to follow the clause's key: "IfExists lets in requests that lack the key". */
  readonly why: string;
}

/** How the values of a key must look for it to name someone. */
type Shape = 'id' | 'account' | 'org-path' | 'arn' | 'user-id' | 'network';

interface Key {
  readonly shape: Shape;
  readonly to: NarrowedTo;
  /** Has several values in a request, and needs ForAnyValue. */
  readonly multivalued?: boolean;
  /** Tells for whom a service acts. */
  readonly source?: boolean;
}

const KEYS: ReadonlyMap<string, Key> = new Map<string, Key>([
  ['aws:principalorgid', { shape: 'id', to: 'org' }],
  ['aws:principalorgpaths', { shape: 'org-path', to: 'org', multivalued: true }],
  ['aws:principalaccount', { shape: 'account', to: 'foreign' }],
  ['aws:principalarn', { shape: 'arn', to: 'foreign' }],
  ['aws:userid', { shape: 'user-id', to: 'fixed' }],
  ['aws:sourcearn', { shape: 'arn', to: 'fixed', source: true }],
  ['aws:sourceaccount', { shape: 'id', to: 'fixed', source: true }],
  ['aws:sourceowner', { shape: 'id', to: 'fixed', source: true }],
  ['aws:sourceorgid', { shape: 'id', to: 'org', source: true }],
  ['aws:sourceorgpaths', { shape: 'org-path', to: 'org', multivalued: true, source: true }],
  ['aws:sourcevpc', { shape: 'id', to: 'fixed' }],
  ['aws:sourcevpcarn', { shape: 'arn', to: 'fixed' }],
  ['aws:sourcevpce', { shape: 'id', to: 'fixed' }],
  ['aws:vpceaccount', { shape: 'id', to: 'fixed' }],
  ['aws:vpceorgid', { shape: 'id', to: 'org' }],
  ['aws:vpceorgpaths', { shape: 'org-path', to: 'org', multivalued: true }],
  ['aws:sourceip', { shape: 'network', to: 'network' }],
  ['s3:dataaccesspointarn', { shape: 'arn', to: 'fixed' }],
  ['s3:dataaccesspointaccount', { shape: 'id', to: 'fixed' }],
  ['s3:accessgrantsinstancearn', { shape: 'arn', to: 'fixed' }],
  ['s3:x-amz-server-side-encryption-aws-kms-key-id', { shape: 'arn', to: 'fixed' }],
  ['kms:calleraccount', { shape: 'account', to: 'foreign' }],
  ['lambda:eventsourcetoken', { shape: 'id', to: 'fixed', source: true }],
]);

const CALLER_CHOOSES = 'is whatever the caller sends';
const ANY_ACCOUNT_SETS = 'can be set by any AWS account for itself';
const NOT_WHO = 'says nothing about who calls';

/** Keys that never tell who is let in, and why. */
const NEVER: ReadonlyMap<string, string> = new Map([
  ['aws:referer', CALLER_CHOOSES],
  ['aws:useragent', CALLER_CHOOSES],
  ['aws:sourceidentity', ANY_ACCOUNT_SETS],
  ['aws:principaltype', ANY_ACCOUNT_SETS],
  ['aws:username', ANY_ACCOUNT_SETS],
  // It guards a party that is named (see externalIdGuard), not the public: whoever knows the text may send it.
  ['sts:externalid', CALLER_CHOOSES],
  ['aws:vpcsourceip', 'is no address of one network unless aws:SourceVpc or aws:SourceVpce names it'],
  ...[
    'aws:securetransport',
    'aws:currenttime',
    'aws:epochtime',
    'aws:tokenissuetime',
    'aws:multifactorauthpresent',
    'aws:multifactorauthage',
    'aws:requestedregion',
    'aws:resourceaccount',
    'aws:resourceorgid',
    'aws:resourceorgpaths',
    'aws:viaawsservice',
    'aws:calledvia',
    'aws:calledviafirst',
    'aws:calledvialast',
    'aws:tagkeys',
  ].map((key) => [key, NOT_WHO] as const),
]);

const NEVER_PREFIXES: readonly (readonly [prefix: string, why: string])[] = [
  ['aws:principaltag/', ANY_ACCOUNT_SETS],
  ['aws:resourcetag/', NOT_WHO],
  ['aws:requesttag/', NOT_WHO],
  ['kms:', NOT_WHO],
  ['s3:', NOT_WHO],
];

const LIKE: ReadonlySet<string> = new Set(['StringLike', 'ArnLike', 'ArnEquals']);
const EXACT: ReadonlySet<string> = new Set(['StringEquals', 'StringEqualsIgnoreCase']);

/**
 * Judges every clause of a statement that lets in an audience. Clauses of one statement must all hold: one that narrows
 * is enough.
 */
export function judgeClauses(statement: Statement, audience: Audience, context: AccountContext = {}): JudgedClause[] {
  const present = presentKeys(statement);
  return statement.conditions.map((clause) => {
    const judged = judge(clause, statement, audience, context, present);
    if (judged.result !== 'narrows' || !isConditional(clause, statement)) return judged;
    return { ...judged, result: 'unknown', why: 'is there only under a condition of the template' };
  });
}

const POSITIVE: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NotIpAddress: 'IpAddress',
};

/**
 * A clause as it would be if its operator let in only whom it names: not negated, not `IfExists`, `ForAnyValue` in place of
 * `ForAllValues`. Its operator has no name where there is no such comparison.
 */
export function asPositive(clause: ConditionClause): ConditionClause {
  const { name, negated } = clause.operator;
  const positive = negated ? POSITIVE[name ?? ''] : name;
  const qualifier = clause.operator.qualifier === undefined ? undefined : ('ForAnyValue' as const);
  const operator = {
    ...clause.operator,
    name: positive,
    base: positive ?? '',
    negated: false,
    ifExists: false,
    qualifier,
  };
  return { ...clause, operator };
}

/** Judges a clause as if it stood alone in its statement. */
export function judgeAlone(
  clause: ConditionClause,
  statement: Statement,
  audience: Audience = 'everyone',
  context: AccountContext = {},
): JudgedClause {
  return judge(clause, statement, audience, context, new Map());
}

/**
 * Keys that `Null: {key: false}` demands to be in the request: absence then helps nobody. `unknown` where a template
 * decides whether it demands that; {@link HOLE} stands for a key that is not known itself.
 */
function presentKeys(statement: Statement): ReadonlyMap<string, true | 'unknown'> {
  const keys = new Map<string, true | 'unknown'>();
  for (const clause of statement.conditions) {
    const { operator, operatorText, values } = clause;
    const mayBeNull = operator.name === undefined && operatorText.includes(HOLE);
    if (operator.name !== 'Null' && !mayBeNull) continue;
    const [value] = values;
    if (clause.complete && values.length === 1 && value && isKnown(value) && value.text?.toLowerCase() !== 'false')
      continue;
    const key = clause.key.includes(HOLE) ? HOLE : clause.key.toLowerCase();
    const certain = !mayBeNull && !isConditional(clause, statement) && values.length === 1 && value && isKnown(value);
    if (certain) keys.set(key, true);
    else if (!keys.has(key)) keys.set(key, 'unknown');
  }
  return keys;
}

function judge(
  clause: ConditionClause,
  statement: Statement,
  audience: Audience,
  context: AccountContext,
  present: ReadonlyMap<string, true | 'unknown'>,
): JudgedClause {
  const { operator } = clause;
  const key = clause.key.toLowerCase();
  const fails = (why: string): JudgedClause => ({ clause, result: 'fails', to: undefined, why });
  const unknown = (why: string): JudgedClause => ({ clause, result: 'unknown', to: undefined, why });
  const narrows = (to: NarrowedTo): JudgedClause => ({ clause, result: 'narrows', to, why: '' });

  if (operator.name === undefined) return unknown('has an operator that is not known');
  if (key.includes(HOLE)) return unknown('is not known');
  if (operator.name === 'Null') return fails('only says whether the key is there');
  if (operator.negated) return fails(`is compared by ${operator.name}, which lets in everyone but those named`);
  if (operator.ifExists || operator.qualifier === 'ForAllValues') {
    const demanded = present.get(key) ?? present.get(HOLE);
    if (demanded === undefined) {
      const what = operator.ifExists ? 'IfExists' : 'ForAllValues';
      return fails(`counts only if it is in the request: ${what} lets in all others`);
    }
    if (demanded !== true || !present.has(key)) return unknown('may have to be in the request');
  }
  if (key === 'elasticfilesystem:accessedviamounttarget') {
    return operator.name === 'Bool' && valuesAre(clause, 'true')
      ? narrows('network')
      : unknown('is not certainly true');
  }
  if (key === 'lambda:functionurlauthtype') {
    if (valuesAre(clause, 'AWS_IAM')) return narrows('signed');
    return valuesAre(clause, 'NONE')
      ? fails('is NONE, which lets in callers without credentials')
      : unknown('is not known');
  }
  // Requests that a service makes in its own name: not everyone, and yet for anyone.
  if (/^aws:principal(isawsservice|servicename|servicenameslist)$/.test(key)) return unknown('names services');
  const rule = keyRule(key, statement, audience);
  if (typeof rule === 'string') return rule === '' ? unknown('is not known to name callers') : fails(rule);
  if (
    rule.shape === 'network' ? operator.name !== 'IpAddress' : !LIKE.has(operator.name) && !EXACT.has(operator.name)
  ) {
    return unknown(`is compared by ${operator.name}`);
  }
  if (rule.multivalued && operator.qualifier === undefined) return unknown('has several values and needs ForAnyValue');
  return judgeValues(clause, statement, rule, context);
}

/** What a key can do, why it does nothing, or `''` where that is not known. */
function keyRule(key: string, statement: Statement, audience: Audience): Key | string {
  const { policy } = statement;
  if (key === 's3:dataaccesspointarn' && /AccessPoint|access_point/.test(policy.resource.type)) {
    return 'is the access point itself, for every caller';
  }
  const rule = KEYS.get(key);
  if (rule) {
    // The keys of a calling principal are not in requests of services.
    if (audience === 'service' && !rule.source) return policy.form === 'flat' && rule.to === 'org' ? rule : '';
    return rule;
  }
  const never = NEVER.get(key);
  if (never !== undefined) return never;
  for (const [prefix, why] of NEVER_PREFIXES) {
    if (!key.startsWith(prefix)) continue;
    // A service's encryption context can name whom it acts for.
    return audience === 'service' && key.startsWith('kms:') ? '' : why;
  }
  return '';
}

/** Whether the clause has values, all known and equal to a text. */
function valuesAre(clause: ConditionClause, text: string): boolean {
  return (
    clause.complete &&
    clause.values.length > 0 &&
    clause.values.every((item) => item.text?.toLowerCase() === text.toLowerCase())
  );
}

function judgeValues(clause: ConditionClause, statement: Statement, rule: Key, context: AccountContext): JudgedClause {
  const { template } = statement.policy.resource;
  const like = LIKE.has(clause.operator.name ?? '');
  let doubt: string | undefined = clause.complete ? undefined : 'is not known in full';
  let to: NarrowedTo = rule.to === 'foreign' && clause.values.length > 0 ? 'own' : rule.to;
  let matches = false;
  for (const item of clause.values) {
    const text = markedText(item.value, template);
    const verdict = text === undefined ? undefined : judgeText(text, rule.shape, like, context);
    if (verdict === undefined) doubt ??= 'has a value that is not known';
    else if (typeof verdict === 'string') {
      if (!isConditionalItem(item, clause)) return { clause, result: 'fails', to: undefined, why: verdict };
      doubt ??= 'has a value under a condition of the template';
    } else if (verdict.matches) {
      matches = true;
      if (rule.to === 'foreign' && !verdict.own) to = 'foreign';
    }
  }
  if (doubt !== undefined) return { clause, result: 'unknown', to, why: doubt };
  return { clause, result: 'narrows', to: matches ? to : 'nobody', why: '' };
}

function isConditionalItem(item: Item, clause: ConditionClause): boolean {
  return item.conditions.length > clause.conditions.length;
}

/** A value that names someone. */
interface Fixed {
  /** False: a wildcard compared as a character, which matches no request. */
  readonly matches: boolean;
  readonly own: boolean;
}

/** A fixed value; why it is none; undefined where that is not known. */
function judgeText(text: string, shape: Shape, like: boolean, context: AccountContext): Fixed | string | undefined {
  if (shape === 'network') return judgeNetwork(text);
  const variable = policyVariable(text);
  if (variable !== undefined && !(shape === 'arn' && !accountField(text).includes('${'))) {
    // A resource's owner is one account; the caller's own value always equals itself.
    return /^aws:resource/i.test(variable) ? undefined : `is compared with \${${variable}}, the caller's own value`;
  }
  const plain = text.replaceAll(/\$\{[*?$]\}/g, '_');
  if (!like) {
    if (plain.includes(HOLE)) return undefined;
    return { matches: !hasWildcard(plain), own: isOwn(plain, context) };
  }
  if (/^[*?]+$/.test(plain)) return `allows any value ('${plain}')`;
  switch (shape) {
    case 'id':
    case 'account':
      if (hasWildcard(plain)) return `has a wildcard in '${shown(plain)}'`;
      return plain.includes(HOLE) ? undefined : { matches: true, own: isOwn(plain, context) };
    case 'org-path': {
      const organization = plain.slice(0, plain.indexOf('/') + 1);
      if (organization.includes(HOLE) || (organization === '' && !hasWildcard(plain) && plain.includes(HOLE)))
        return undefined;
      if (organization === '' ? hasWildcard(plain) : hasWildcard(organization))
        return `names no organization in '${shown(plain)}'`;
      return { matches: true, own: false };
    }
    case 'user-id': {
      const colon = plain.indexOf(':');
      const id = colon < 0 ? plain : plain.slice(0, colon);
      if (hasWildcard(id)) return `has a wildcard in the id of '${shown(plain)}'`;
      return id.includes(HOLE) ? undefined : { matches: true, own: false };
    }
    case 'arn':
      return judgeArn(plain, context);
  }
}

function accountField(text: string): string {
  return text.split(':')[4] ?? '';
}

/** An ARN names someone by its account, or where its service leaves that out, by the name of the resource. */
function judgeArn(text: string, context: AccountContext): Fixed | string | undefined {
  if (!hasWildcard(text))
    return text.includes(HOLE) ? undefined : { matches: true, own: isOwn(accountField(text) || text, context) };
  // A reference to a resource of the template, and something behind it.
  if (text.startsWith(FIXED_TEXT)) return { matches: true, own: true };
  const fields = text.split(':');
  if (fields.length < 6) return text.includes(HOLE) ? undefined : `allows any account in '${shown(text)}'`;
  const account = fields[4] ?? '';
  if (account.includes(HOLE))
    return hasWildcard(account) ? `has a wildcard for the account in '${shown(text)}'` : undefined;
  if (account !== '') {
    if (hasWildcard(account)) return `has a wildcard for the account in '${shown(text)}'`;
    return { matches: true, own: isOwn(account, context) };
  }
  // Without an account a bucket's name, which is unique in the world, must be written out.
  const name = fields.slice(5).join(':').split('/', 1)[0] ?? '';
  if (!hasWildcard(name)) return name.includes(HOLE) ? undefined : { matches: true, own: false };
  const literal = name.slice(0, name.search(/[*?]/));
  // A long prefix of a name is a weak guard, but one.
  return literal.length >= 6 || /[\0\u0001\u0002]/.test(literal) ? undefined : `names no resource in '${shown(text)}'`;
}

function isOwn(account: string, context: AccountContext): boolean {
  return account === OWN_ACCOUNT || account === FIXED_TEXT || context.ownAccounts?.includes(account) === true;
}

/** The first policy variable in a text: `aws:PrincipalOrgID` of `${aws:PrincipalOrgID}`. */
function policyVariable(text: string): string | undefined {
  for (let at = text.indexOf('${'); at >= 0; at = text.indexOf('${', at + 2)) {
    const close = text.indexOf('}', at);
    const name = close < 0 ? text.slice(at + 2) : text.slice(at + 2, close);
    if (!/^[*?$]$/.test(name)) return name;
  }
  return undefined;
}

/** S3 calls IPv4 ranges wider than /8 and IPv6 ranges wider than /32 public, private ranges aside. */
function judgeNetwork(text: string): Fixed | string | undefined {
  if (text === FIXED_TEXT) return { matches: true, own: false };
  if (text.includes('${')) return undefined;
  if (text === '*') return `allows any address ('*')`;
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  const length = slash < 0 ? undefined : text.slice(slash + 1);
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
  const prefix = length === undefined ? undefined : Number(length);
  if (address.includes(HOLE) || address.includes(FIXED_TEXT)) {
    return prefix !== undefined && prefix >= 32 ? { matches: true, own: false } : undefined;
  }
  if (address.includes(':')) {
    if (prefix === undefined || prefix >= 32 || /^f[cde]/i.test(address)) return { matches: true, own: false };
    return `allows ${text}, wider than /32`;
  }
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) return undefined;
  if (prefix === undefined || prefix >= 8) return { matches: true, own: false };
  return `allows ${text}, wider than /8`;
}

/** For people: marks as they would write them. */
function shown(text: string): string {
  return text.replaceAll(OWN_ACCOUNT, '${AccountId}').replaceAll(/[\0\u0002]/g, '…');
}
