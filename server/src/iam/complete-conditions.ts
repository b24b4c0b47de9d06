/** Completions of conditions: operators, keys that the statement's actions know, and values. */

import { expandActionPattern } from './actions.ts';
import { type Completion, partsOf, textItem } from './complete-item.ts';
import { type OwnResource, sourceArns, takesObject } from './complete-own.ts';
import type { Place } from './complete-position.ts';
import { canTag, EXAMPLE_ACCOUNT, SERVICE_PRINCIPALS } from './complete-principals.ts';
import { principalTexts, type Spot, textsOf } from './complete-spot.ts';
import { conditionKeysOf, findConditionKey, globalConditionKeys, keyPrefix } from './condition-keys.ts';
import { OPERATOR_NAMES, parseOperator } from './document.ts';
import type { ConditionKey, ConditionKeyType } from './reference.ts';

/** Families of operators, by how they begin, and the types of keys that they compare. */
const FAMILIES: readonly (readonly [begin: RegExp, types: readonly string[], what: string])[] = [
  [/^String(?:Not)?Like$/, ['String', 'ARN'], 'Compares text, with * and ?'],
  [/^String.*IgnoreCase$/, ['String', 'ARN'], 'Compares text, in any case'],
  [/^String/, ['String', 'ARN'], 'Compares text to the letter'],
  [/^(?:Arn)/, ['ARN'], 'Compares ARNs, part by part'],
  [/^Numeric/, ['Numeric'], 'Compares numbers'],
  [/^Date/, ['Date'], 'Compares dates'],
  [/^Bool/, ['Bool'], 'Compares with true or false'],
  [/^(?:Not)?IpAddress/, ['IPAddress'], 'Matches addresses and ranges'],
  [/^Binary/, ['Binary'], 'Compares bytes in base64'],
  [/^Null/, [], 'Asks whether the key is there'],
];

function family(operator: string): (typeof FAMILIES)[number] | undefined {
  return FAMILIES.find(([begin]) => begin.test(operator));
}

function single(type: ConditionKeyType | undefined): string | undefined {
  return type?.replace(/^ArrayOf/, '');
}

/** The operator that fits a type best. */
function preferred(type: ConditionKeyType | undefined): string {
  switch (single(type)) {
    case 'ARN':
      return 'ArnLike';
    case 'Bool':
      return 'Bool';
    case 'Numeric':
      return 'NumericLessThanEquals';
    case 'Date':
      return 'DateGreaterThan';
    case 'IPAddress':
      return 'IpAddress';
    default:
      return 'StringEquals';
  }
}

/** Whether an operator compares a type of key: 0 as it should, 1 it can, 2 it cannot. */
function fits(operator: string, type: ConditionKeyType | undefined): number {
  if (operator === 'Null') return 1;
  const of = single(type);
  if (of === undefined) return 1;
  const types = family(operator)?.[1] ?? [];
  if (of === 'ARN' && operator.startsWith('String')) return 1;
  return types.includes(of) ? 0 : 2;
}

/** Operators that policies use most: listed before the others. */
const COMMON_OPERATORS = ['StringEquals', 'StringLike', 'ArnLike', 'ArnEquals', 'Bool', 'IpAddress', 'StringNotEquals'];
const LISTED_OPERATORS: readonly string[] = [...new Set([...COMMON_OPERATORS, ...OPERATOR_NAMES])];

/** Operators, as keys of Condition (`isKey`) or as the `test` of a data source's block. */
export function operatorItems(isKey: boolean, keys: readonly string[], taken: readonly string[]): Completion[] {
  const types = keys.map((key) => findConditionKey(key)?.type);
  const multivalued = types.some((type) => type?.startsWith('ArrayOf'));
  const worst = (name: string) => types.reduce((most, type) => Math.max(most, fits(name, type)), 0);
  const best = new Set(types.map(preferred));
  const items: Completion[] = [];
  const add = (label: string, base: string, rank: number, detail: string) => {
    if (taken.includes(label)) return;
    items.push({
      label,
      kind: 'operator',
      detail,
      rank: rank + worst(base) * 1000,
      insertion: { parts: [label], ...(isKey ? { follow: { kind: 'object' as const } } : {}) },
      again: isKey,
    });
  };
  LISTED_OPERATORS.forEach((name, i) => {
    const what = family(name)?.[2] ?? '';
    add(name, name, (multivalued ? 200 : 0) + (best.has(name) && keys.length ? 0 : 1 + i), what);
    if (name === 'Null') return;
    add(`${name}IfExists`, name, 100 + (multivalued ? 200 : 0) + i, `${what}; holds where the key is missing`);
    if (!/^(?:String|Arn)/.test(name)) return;
    const negated = name.includes('Not');
    const rank = (qualifier: number) => (multivalued ? 0 : 300) + qualifier * 50 + i;
    add(`ForAnyValue:${name}`, name, rank(negated ? 1 : 0), `${what}; of several values one must hold`);
    add(`ForAllValues:${name}`, name, rank(negated ? 0 : 1), `${what}; every value must hold, none is needed`);
  });
  return items;
}

/** Actions of a statement that are expanded for their keys. */
const MAX_ACTIONS = 4000;

/** Keys that the statement's actions know, with how many of them do. */
function knownKeys(spot: Spot): { keys: ReadonlyMap<string, number>; actions: number } {
  const keys = new Map<string, number>();
  const patterns = textsOf(spot.statement, 'Action', 'actions');
  let actions = 0;
  for (const pattern of patterns) {
    if (/^\*/.test(pattern)) continue;
    for (const action of expandActionPattern(pattern)) {
      if (++actions > MAX_ACTIONS) return { keys, actions };
      for (const key of action.conditionKeys) keys.set(key, (keys.get(key) ?? 0) + 1);
    }
  }
  return { keys, actions };
}

/**
 * Issuers of the tokens that a statement lets assume a role: those of its principal, else GitHub's. Their `sub` and `aud`
 * are no keys of the reference. Source: IAM user guide, "Available keys for AWS OIDC federation".
 */
function issuers(spot: Spot): readonly string[] {
  const actions = textsOf(spot.statement, 'Action', 'actions');
  if (!actions.some((text) => text.toLowerCase() === 'sts:assumerolewithwebidentity')) return [];
  const found = new Set<string>();
  for (const text of principalTexts(spot.statement)) {
    const issuer = /:oidc-provider\/([\w./-]+)$/.exec(text)?.[1];
    if (issuer) found.add(issuer);
  }
  return found.size ? [...found] : ['token.actions.githubusercontent.com'];
}

/** Global keys that policies use most: listed before the others. */
const COMMON_KEYS: ReadonlySet<string> = new Set(
  (
    'SourceAccount SourceArn SourceIp SourceVpce SourceVpc SecureTransport PrincipalOrgID PrincipalArn PrincipalAccount ' +
    'PrincipalTag/${TagKey} PrincipalIsAWSService ResourceAccount ResourceOrgID RequestedRegion RequestTag/${TagKey} ' +
    'MultiFactorAuthPresent ViaAWSService TagKeys'
  )
    .split(' ')
    .map((name) => `aws:${name}`),
);

/** For whom a service acts: what a statement that lets one in is to ask for. */
const SOURCE_KEYS: ReadonlySet<string> = new Set(['aws:SourceArn', 'aws:SourceAccount']);

/** Condition keys: `operator` is what they are compared with, `isKey` whether they are keys of an object. */
export function keyItems(spot: Spot, operator: string | undefined, isKey: boolean, typed: string): Completion[] {
  const parsed = operator === undefined ? undefined : parseOperator(operator);
  const base = parsed?.name;
  const taken = new Set(spot.names.map((name) => name.toLowerCase()));
  const found = new Map<string, Completion>();
  const letsServiceIn = principalTexts(spot.statement).some((text) => /^[\w.-]+\.amazonaws\.com(?:\.cn)?$/.test(text));
  const asked = letsServiceIn && spot.kind !== 'identity' ? SOURCE_KEYS : undefined;
  const add = (key: ConditionKey, rank: number, detail: string) => {
    const lower = key.name.toLowerCase();
    if (found.has(lower) || (taken.has(lower) && !key.name.includes('${'))) return;
    const { type } = key;
    const misfit = base === undefined ? 0 : fits(base, type);
    const several = type?.startsWith('ArrayOf') === true;
    // Keys of one value and operators for several do not go together, and the other way round.
    const wrongCount =
      parsed !== undefined && type !== undefined && base !== 'Null' && (parsed.qualifier !== undefined) !== several;
    const head = key.name.replace(/\$\{.*$/, '');
    found.set(lower, {
      label: key.name,
      kind: 'key',
      detail: [type, detail].filter(Boolean).join(' · '),
      // An ARN that is compared as text is no mistake.
      rank: asked?.has(key.name) && misfit < 2 ? misfit : rank + misfit * 1000 + (wrongCount ? 500 : 0),
      insertion: {
        parts: partsOf(key.name),
        ...(isKey
          ? {
              follow:
                single(type) === 'Bool' || base === 'Null'
                  ? { kind: 'text' as const, choices: ['true', 'false'] }
                  : several || parsed?.qualifier
                    ? { kind: 'list' as const }
                    : { kind: 'text' as const },
            }
          : {}),
      },
      again: isKey && single(type) !== 'Bool' && !key.name.includes('${') && head !== '',
    });
  };
  const { keys, actions } = knownKeys(spot);
  const globals = globalConditionKeys();
  for (const [name, count] of keys) {
    const isGlobal = globals.some((key) => key.name === name);
    const known = findConditionKey(name.replace('${', 'x').replace('}', '')) ?? { name, type: undefined };
    const share = actions > 1 ? `known to ${count} of ${actions} actions` : 'of this action';
    // Claims of the tokens of all issuers there are: those of the statement's own come below.
    const isClaim = name.slice(0, Math.max(0, name.indexOf(':'))).includes('.');
    const rank = isGlobal ? 20 : isClaim ? 40 : 5 + 10 * (1 - count / actions);
    add({ name, type: known.type ?? typeOf(name) }, rank, share);
  }
  for (const issuer of issuers(spot)) {
    for (const name of ['aud', 'sub']) {
      add(
        { name: `${issuer}:${name}`, type: 'String' },
        0,
        name === 'sub' ? 'whose token it is' : 'whom the token is for',
      );
    }
  }
  for (const key of globals) {
    if (!key.name.startsWith('aws:') && !typed) continue;
    add(key, COMMON_KEYS.has(key.name) ? 25 : 30, `global, ${key.category}`);
  }
  const prefix = keyPrefix(typed);
  const others = typed.includes(':') && prefix !== 'aws' ? prefix : actions === 0 ? spot.service : undefined;
  if (others !== undefined) {
    const note = actions ? 'not known to the actions here' : '';
    for (const key of conditionKeysOf(others)) add(key, actions ? 400 : 15, note);
  }
  return [...found.values()];
}

function typeOf(name: string): ConditionKeyType | undefined {
  return conditionKeysOf(keyPrefix(name)).find((key) => key.name === name)?.type;
}

/** Values that AWS defines for keys. Source: the IAM user guide and the pages of the services on their condition keys. */
const VALUES: Readonly<Record<string, readonly string[]>> = Object.assign(Object.create(null), {
  'lambda:functionurlauthtype': ['AWS_IAM', 'NONE'],
  's3:x-amz-server-side-encryption': ['aws:kms', 'AES256', 'aws:kms:dsse'],
  's3:x-amz-acl': [
    'bucket-owner-full-control',
    'private',
    'public-read',
    'public-read-write',
    'authenticated-read',
    'bucket-owner-read',
    'log-delivery-write',
  ],
  's3:tlsversion': ['1.2', '1.3'],
  'saml:aud': ['https://signin.aws.amazon.com/saml'],
  'token.actions.githubusercontent.com:aud': ['sts.amazonaws.com'],
  'cognito-identity.amazonaws.com:amr': ['authenticated', 'unauthenticated'],
});

/** How values of keys begin. */
const SKELETONS: Readonly<Record<string, string | readonly string[]>> = Object.assign(Object.create(null), {
  'aws:principalorgid': 'o-${organization}',
  'aws:resourceorgid': 'o-${organization}',
  'aws:sourceorgid': 'o-${organization}',
  'aws:principalorgpaths': 'o-${organization}/r-${root}/ou-${unit}/*',
  'aws:resourceorgpaths': 'o-${organization}/r-${root}/ou-${unit}/*',
  'aws:sourceorgpaths': 'o-${organization}/r-${root}/ou-${unit}/*',
  'aws:sourcevpc': 'vpc-${id}',
  'aws:sourcevpce': 'vpce-${id}',
  'aws:sourceip': '${203.0.113.0/24}',
  'aws:vpcsourceip': '${10.0.0.0/8}',
  'aws:principalarn': `arn:aws:iam::\${${EXAMPLE_ACCOUNT}}:role/\${RoleName}`,
  'aws:sourcearn': `arn:aws:\${service}:\${region}:\${${EXAMPLE_ACCOUNT}}:\${resource}`,
  // GitHub puts ids behind the names for repositories created or renamed since July 2026.
  'token.actions.githubusercontent.com:sub': [
    'repo:${owner}/${repository}:ref:refs/heads/${main}',
    'repo:${owner}@${id}/${repository}@${id}:ref:refs/heads/${main}',
  ],
  'kms:viaservice': '${s3}.${region}.amazonaws.com',
});

const ACCOUNT_KEYS = /^(?:aws:(?:source|principal|resource)account|kms:calleraccount|s3:resourceaccount)$/;
const SERVICE_KEYS =
  /^(?:iam:passedtoservice|iam:awsservicename|aws:principalservicename(?:slist)?|aws:calledvia(?:first|last)?)$/;

/** Values of a key, compared by an operator; `own` are the template's resources. */
export function valueItems(
  spot: Spot,
  operator: string | undefined,
  key: string,
  place: Place,
  own: readonly OwnResource[],
): Completion[] {
  const base = operator === undefined ? undefined : parseOperator(operator).name;
  const known = findConditionKey(key);
  const lower = key.toLowerCase();
  if (base === 'Null') {
    return [
      textItem('true', 'value', 0, { detail: 'The key is missing', listed: true }),
      textItem('false', 'value', 1, { detail: 'The key is there', listed: true }),
    ];
  }
  if (base === 'Bool' || single(known?.type) === 'Bool') {
    // A secure transport is denied where it is false.
    const first =
      lower === 'aws:securetransport' && textsOf(spot.statement, 'Effect', 'effect')[0] === 'Deny' ? 'false' : 'true';
    return ['true', 'false'].map((text) => textItem(text, 'value', text === first ? 0 : 1, { listed: true }));
  }
  const items = (VALUES[lower] ?? []).map((text, i) => textItem(text, 'value', i, { listed: true }));
  if (lower === 'aws:sourcearn') items.push(...sourceArns(own, principalTexts(spot.statement), spot, place));
  items.push(...[SKELETONS[lower] ?? []].flat().map((skeleton, i) => skeletonItem(skeleton, 30 + i)));
  if (ACCOUNT_KEYS.test(lower)) items.push(...accountItems(spot, place));
  if (SERVICE_KEYS.test(lower)) {
    items.push(
      ...SERVICE_PRINCIPALS.map(([name, detail], i) => textItem(name, 'value', 20 + i, { detail, listed: true })),
    );
  }
  return items.filter((item) => !spot.items.includes(item.label));
}

function skeletonItem(skeleton: string, rank: number): Completion {
  return {
    label: skeleton.replaceAll(/\$\{([^{}]*)\}/g, '$1'),
    kind: 'value',
    rank,
    insertion: { parts: partsOf(skeleton), listed: true },
  };
}

const OWN_ACCOUNT = { kind: 'value', detail: 'The own account', rank: 0, always: true } as const;

/** The own account as the language says it, and an example. */
function accountItems(spot: Spot, place: Place): Completion[] {
  const items: Completion[] = [];
  const own = (label: string, text: string, raw: boolean) =>
    items.push({ ...OWN_ACCOUNT, label, insertion: { parts: [text], raw, listed: true } });
  const dialect = spot.template?.dialect;
  if (place.substitutes) own('${AWS::AccountId}', '${AWS::AccountId}', false);
  else if (canTag(spot, place)) own('!Ref AWS::AccountId', '!Ref AWS::AccountId', true);
  else if (takesObject(spot, place)) {
    own('{ "Ref": "AWS::AccountId" }', '{ "Ref": "AWS::AccountId" }', true);
  } else if (dialect === 'terraform') {
    const identity = spot.template?.resources.find((one) => one.address.startsWith('data.aws_caller_identity.'));
    if (identity && place.style === 'hcl') {
      const text = `${identity.address}.account_id`;
      items.push({
        ...OWN_ACCOUNT,
        label: text,
        insertion: { parts: [text], raw: true, listed: true },
        unquotes: true,
      });
    } else if (identity && place.style === 'json') {
      own(`\${${identity.address}.account_id}`, `\${${identity.address}.account_id}`, false);
    }
  }
  items.push({
    label: EXAMPLE_ACCOUNT,
    kind: 'value',
    detail: 'An account id',
    rank: 5,
    insertion: { parts: [{ stop: EXAMPLE_ACCOUNT }], listed: true },
  });
  return items;
}
