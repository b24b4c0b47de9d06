/**
 * Condition keys: the global ones and those of the services, their types, and which actions know them.
 * Sources: AWS's service authorization reference; IAM user guide, "AWS global condition context keys", whose categories
 * these are.
 */

import { closest } from './action-names.ts';
import { findAction } from './actions.ts';
import { type ActionInfo, type ConditionKey, type ConditionKeyType, decode, reference } from './reference.ts';

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

/** The condition keys of a service (any case); empty where it does not exist or is unknown. */
export function conditionKeysOf(service: string): readonly ConditionKey[] {
  return decode(service)?.conditionKeys ?? [];
}

/** The keys that every service knows, or that stay with a session; empty without data. */
export function globalConditionKeys(): readonly GlobalConditionKey[] {
  const packed = reference();
  if (!packed) return [];
  packed.globalKeys ??= packed.global.map(([name, type, category]) => ({
    name,
    type,
    category: CATEGORIES[category] ?? 'request',
  }));
  return packed.globalKeys as readonly GlobalConditionKey[];
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
  const among = (prefix: string) => conditionKeysOf(prefix).find((known) => isConditionKey(known.name, key));
  if (service !== undefined) return among(service);
  const prefix = keyPrefix(key);
  return findGlobalKey(key) ?? among(prefix) ?? (isProviderPrefix(prefix) ? among('sts') : undefined);
}

/** The part before the colon, in lower case; the whole without one. */
export function keyPrefix(key: string): string {
  const colon = key.lastIndexOf(':');
  return (colon < 0 ? key : key.slice(0, colon)).toLowerCase();
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
 * prefix. A template part (`aws:RequestTag/…`) is kept as written.
 */
export function nearestConditionKey(key: string): string[] {
  const slash = key.indexOf('/');
  const head = (slash < 0 ? key : key.slice(0, slash)).toLowerCase();
  const prefix = keyPrefix(head);
  const known = prefix === 'aws' ? globalConditionKeys() : conditionKeysOf(prefix);
  const heads = new Map<string, string>();
  for (const { name } of known) {
    const at = name.indexOf('/');
    const templated = name.includes('${');
    if (templated !== slash >= 0) continue;
    const shown = templated ? name.slice(0, at) : name;
    heads.set(shown.toLowerCase(), shown);
  }
  return closest(head, [...heads.keys()].sort())
    .slice(0, 3)
    .map((lower) => `${heads.get(lower)}${slash < 0 ? '' : key.slice(slash)}`);
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
