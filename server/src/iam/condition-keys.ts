/**
 * Condition keys: the global ones and those of the services, their types, and which actions know them.
 * Sources: AWS's service authorization reference; IAM user guide, "AWS global condition context keys", whose categories
 * these are.
 */

import { closest } from './action-names.ts';
import { findAction } from './actions.ts';
import { type ActionInfo, Answers, type ConditionKey, type ConditionKeyType, decode, reference } from './reference.ts';

/** What a global key speaks of. */
export type KeyCategory = 'principal' | 'session' | 'network' | 'resource' | 'request';

export interface GlobalConditionKey extends ConditionKey {
  readonly category: KeyCategory;
}

const CATEGORIES: Readonly<Record<string, KeyCategory>> = {
  p: 'principal',
  s: 'session',
  n: 'network',
  r: 'resource',
  q: 'request',
};

/** Global keys that AWS's user guide lists and the packed data does not hold yet. */
const NEWER_GLOBAL_KEYS: readonly GlobalConditionKey[] = [
  { name: 'aws:SignInSessionArn', type: 'ARN', category: 'session' },
  { name: 'codebuild:BuildArn', type: 'ARN', category: 'session' },
  { name: 'codebuild:ProjectArn', type: 'ARN', category: 'session' },
];

/**
 * Keys that no reference lists under their prefix, though AWS uses them in policies of its own (AWSSSOServiceRolePolicy,
 * AWSMarketplaceManageSubscriptions, AWSDeepRacerAccountAdminAccess, AmazonDataZoneGlueManageAccessRolePolicy …), or
 * lists them with the actions of another service. Never suggested.
 */
const UNLISTED_KEYS: ReadonlyMap<string, ConditionKey> = new Map(
  [
    'aws:PrincipalOrgMasterAccountId',
    'catalog:ChangeType',
    'cognito-identity-auth:AccountId',
    'cognito-identity-auth:IdentityPoolArn',
    'cognito-identity-unauth:AccountId',
    'cognito-identity-unauth:IdentityPoolArn',
    'connect:UserArn',
    'deepracer:MultiUser',
    'deepracer:UserToken',
    'ec2:osuser',
    'identitycenter:ApplicationArn',
    'identitycenter:InstanceArn',
    'identitystore:GroupId',
    // Of AWS IoT policies, which may stand in a file that does not say so.
    'iot:ClientId',
    'iot:Connection.Thing.IsAttached',
    'iot:Connection.Thing.ThingName',
    'iot:Connection.Thing.ThingTypeName',
    'iot:JobId',
    'iot:SourceIp',
    'lakeformation:GlueARN',
    'logs:LogGeneratingResourceArns',
  ].map((name) => [name.toLowerCase(), { name, type: undefined }]),
);

/** The condition keys of a service (any case); empty where it does not exist or is unknown. */
export function conditionKeysOf(service: string): readonly ConditionKey[] {
  return decode(service)?.conditionKeys ?? [];
}

/** The keys that every service knows, or that stay with a session; empty without data. */
export function globalConditionKeys(): readonly GlobalConditionKey[] {
  const packed = reference();
  if (!packed) return [];
  packed.globalKeys ??= addNewer(
    packed.global.map(([name, type, category]) => ({ name, type, category: CATEGORIES[category] ?? 'request' })),
  );
  return packed.globalKeys as readonly GlobalConditionKey[];
}

function addNewer(keys: readonly GlobalConditionKey[]): readonly GlobalConditionKey[] {
  const names = new Set(keys.map(({ name }) => name.toLowerCase()));
  return [...keys, ...NEWER_GLOBAL_KEYS.filter(({ name }) => !names.has(name.toLowerCase()))];
}

/** The global key that a text (any case, template part filled in) names. */
export function findGlobalKey(key: string): GlobalConditionKey | undefined {
  return globalConditionKeys().find((known) => isConditionKey(known.name, key));
}

/**
 * Finds a key as written in a policy (`aws:RequestTag/team`, any case): among the keys of a service where one is given;
 * else among the global ones and those of the service that the key's own prefix names. Keys of identity providers
 * (`token.actions.githubusercontent.com:sub`, `SAML:aud`) are found as well, where AWS knows them.
 */
export function findConditionKey(key: string, service?: string): ConditionKey | undefined {
  return lookups.of(`${service?.toLowerCase() ?? ''} ${key}`, () => lookUp(key, service));
}

// Keys come by the hundred and repeat; each is a scan of its service's.
const lookups = new Answers<ConditionKey | undefined>();

function lookUp(key: string, service: string | undefined): ConditionKey | undefined {
  const among = (prefix: string) => conditionKeysOf(prefix).find((known) => isConditionKey(known.name, key));
  if (service !== undefined) return among(service);
  if (!reference()) return undefined;
  const prefix = keyPrefix(key);
  return (
    findGlobalKey(key) ??
    among(prefix) ??
    (isProviderPrefix(prefix) ? among('sts') : undefined) ??
    UNLISTED_KEYS.get(key.toLowerCase())
  );
}

/**
 * The part before the colon, in lower case; the whole without one. Colons behind the first belong to a tag's key
 * (`ec2:ResourceTag/aws:autoscaling:groupName`) or an encryption context; those before it never, but an issuer may have a
 * path (`oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub`).
 */
export function keyPrefix(key: string): string {
  const colon = key.indexOf(':');
  const slash = key.indexOf('/');
  const end = slash >= 0 && slash < colon ? key.lastIndexOf(':') : colon;
  return (end < 0 ? key : key.slice(0, end)).toLowerCase();
}

/** Whether a prefix is that of an identity provider: an issuer (a domain, perhaps with a path), or SAML. */
export function isProviderPrefix(prefix: string): boolean {
  return prefix === 'saml' || prefix.includes('.') || prefix.includes('/');
}

/** Whether a request may have several values of a key: only then do ForAllValues and ForAnyValue have a meaning. */
export function isMultivalued(type: ConditionKeyType | undefined): boolean | undefined {
  return type?.startsWith('ArrayOf');
}

/**
 * Whether an action knows a condition key other than by being a global one; undefined where the action is unknown.
 * Global keys that the service does not name itself are the caller's to know.
 */
export function supportsConditionKey(action: ActionInfo | string, key: string): boolean | undefined {
  const info = typeof action === 'string' ? findAction(action) : action;
  return info?.conditionKeys.some((known) => isConditionKey(known, key));
}

/**
 * Keys close to one that does not exist, best first, at most three: global ones for `aws:…`, else of the service of its
 * prefix. The part that the user chooses (`aws:RequestTag/…`) is kept as written.
 */
export function nearestConditionKey(key: string): string[] {
  const slash = key.indexOf('/');
  const prefix = keyPrefix(key);
  const known =
    prefix === 'aws'
      ? globalConditionKeys()
      : conditionKeysOf(prefix === 'saml' ? 'sts' : prefix).filter(({ name }) => keyPrefix(name) === prefix);
  const heads = new Map<string, string>();
  const wholes = new Map<string, string>();
  for (const { name } of known) {
    const open = name.indexOf('${');
    if (open < 0) wholes.set(name.toLowerCase(), name);
    else if (slash >= 0 && name.charAt(open - 1) === '/' && name.indexOf('/') === open - 1) {
      heads.set(name.slice(0, open - 1).toLowerCase(), name.slice(0, open - 1));
    }
  }
  const near = (text: string, among: ReadonlyMap<string, string>) => {
    const lower = text.toLowerCase();
    const found = closest(lower, [...among.keys()].sort());
    // What goes on as it is written comes first: rather PrincipalOrgID than PrincipalArn for PrincipalOrg.
    const longer = found.filter((name) => name.startsWith(lower));
    return [...new Set([...longer, ...found])].flatMap((name) => among.get(name) ?? []);
  };
  const headed = slash < 0 ? [] : near(key.slice(0, slash), heads).map((head) => `${head}${key.slice(slash)}`);
  return [...headed, ...near(key, wholes)].slice(0, 3);
}

/** Whether a key as written is the key that the reference names, template part and case aside. */
export function isConditionKey(known: string, written: string): boolean {
  const open = known.indexOf('${');
  const key = written.toLowerCase();
  if (open < 0) return known.toLowerCase() === key;
  const head = known.slice(0, open).toLowerCase();
  const tail = known.slice(known.lastIndexOf('}') + 1).toLowerCase();
  return key.length > head.length + tail.length && key.startsWith(head) && key.endsWith(tail);
}
