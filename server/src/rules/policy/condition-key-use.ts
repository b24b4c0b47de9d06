/** Condition keys that exist, but not in the requests that their statement is about. */

import { findAction, serviceExists } from '../../iam/actions.ts';
import {
  conditionKeysOf,
  findConditionKey,
  findGlobalKey,
  isProviderPrefix,
  keyPrefix,
  supportsConditionKey,
} from '../../iam/condition-keys.ts';
import {
  type ConditionClause,
  HOLE,
  type Item,
  isConditional,
  isKnown,
  isWildcard,
  type Statement,
} from '../../iam/document.ts';
import { grantsAction } from '../../iam/queries.ts';
import type { ActionInfo } from '../../iam/reference.ts';
import { markedText } from '../../iam/tokens.ts';
import type { Fix } from '../fix.ts';
import { policyFix, replaceItem } from '../policy-edits.ts';
import type { Related } from '../rule.ts';
import { holdsWithoutKey, type KeyFault, ownStatement, renameKey } from './condition-key-edits.ts';
import {
  COMPLETE_SERVICES,
  CONSTANT_KEYS,
  INCOMPLETE_SERVICES,
  PASSING_ACTIONS,
  PRINCIPAL_KEYS,
  SUPPORTED_SERVICES,
  WITHOUT_ENDPOINT_KEYS,
} from './condition-key-facts.ts';

/** What is wrong with the use of a key that exists: the most specific that applies. */
export function useFault(clause: ConditionClause, statement: Statement): KeyFault | undefined {
  const lower = clause.key.toLowerCase();
  const slash = lower.indexOf('/');
  const head = slash < 0 ? lower : lower.slice(0, slash);
  return (
    ofServicePrincipal(clause, statement, head) ??
    constantKey(clause, statement, lower) ??
    unsupportedServices(clause, statement, lower) ??
    tagWithNotAction(clause, statement, head) ??
    tagUnsupported(clause, statement, head) ??
    notForAction(clause, statement, head) ??
    needsAction(clause, statement, head)
  );
}

function named(names: readonly string[]): string {
  const [first = '', second, ...more] = [...new Set(names)];
  if (second === undefined) return first;
  return more.length ? `${first}, ${second} and ${more.length} more` : `${first} and ${second}`;
}

/** What becomes of requests without the key. */
function outcome(statement: Statement, holds: boolean): string {
  if (statement.effect === 'Allow') return holds ? 'the condition keeps nobody out' : 'the statement never allows it';
  return holds ? 'the statement denies it whatever the condition says' : 'the statement never denies it';
}

function relatedTo(items: readonly Item[]): readonly Related[] {
  return items.slice(0, 5).map(({ node, text }) => ({ node, message: `No request for ${text} carries the key` }));
}

// ---- callers

function ofServicePrincipal(clause: ConditionClause, statement: Statement, head: string): KeyFault | undefined {
  const source = PRINCIPAL_KEYS.get(head);
  const services = source === undefined ? [] : statement.principals.filter(({ type }) => type === 'Service');
  if (source === undefined || !services.length || clause.operator.name === 'Null') return undefined;
  // IAM Roles Anywhere hands what a certificate says to a role's trust policy as tags of the principal.
  if (head === 'aws:principaltag' && statement.policy.kind === 'trust') return undefined;
  const only = services.length === statement.principals.length && !statement.openElements.has('Principal');
  const holds = holdsWithoutKey(clause);
  if (holds === undefined || (!only && (holds || statement.effect !== 'Allow'))) return undefined;
  const name = named(services.map((one) => (isKnown(one) ? (one.text ?? '') : 'a service')));
  return {
    key: 'key-not-for-service-principal',
    message: `${clause.key} speaks of IAM principals, not of requests by ${name}`,
    related: services.slice(0, 5).map(({ node }) => ({ node, message: 'The service' })),
    fix: () => (only && source !== '' ? renameKey(clause, statement, source) : undefined),
  };
}

// ---- the resource

function constantKey(clause: ConditionClause, statement: Statement, key: string): KeyFault | undefined {
  const { policy } = statement;
  if (policy.kind !== 'resource' || !CONSTANT_KEYS.get(policy.service ?? '')?.has(key)) return undefined;
  // Compared with a variable, it says something of the caller.
  const { template } = policy.resource;
  if (!clause.complete || clause.values.some(({ value }) => /\0|\$\{/.test(markedText(value, template) ?? HOLE)))
    return undefined;
  return {
    key: 'key-irrelevant-in-resource-policy',
    message: `${clause.key} is the same for every request to the resource that carries this policy`,
  };
}

// ---- services

function unsupportedServices(clause: ConditionClause, statement: Statement, key: string): KeyFault | undefined {
  const supported = SUPPORTED_SERVICES.get(key);
  if (!supported) return undefined;
  const { policy } = statement;
  const found = statement.actions.filter((item) => {
    if (!isKnown(item) || isConditional(item, statement)) return false;
    const text = item.text?.toLowerCase() ?? '';
    if (isWildcard(item)) return policy.kind !== 'resource' || !policy.service || !supported.has(policy.service);
    if (text === WITHOUT_ENDPOINT_KEYS) return true;
    const prefix = text.slice(0, Math.max(text.indexOf(':'), 0));
    return prefix !== '' && serviceExists(prefix) === true && !supported.has(prefix);
  });
  if (!found.length) return undefined;
  return {
    key: 'key-supported-services-only',
    message: `${clause.key} is in requests to some services only: AWS does not list it for ${named(
      found.map((item) => (isWildcard(item) ? 'all services' : (item.text ?? ''))),
    )}`,
    related: found.slice(0, 5).map(({ node }) => ({ node, message: 'Not known to carry the key' })),
  };
}

// ---- tags

function tagWithNotAction(clause: ConditionClause, statement: Statement, head: string): KeyFault | undefined {
  if (head !== 'aws:resourcetag' && head !== 'aws:requesttag') return undefined;
  const { NotAction } = statement.elements;
  if (!NotAction || statement.effect === undefined || holdsWithoutKey(clause) !== false) return undefined;
  const denies = statement.effect === 'Deny';
  return {
    key: 'tag-key-notaction',
    message: `Requests for many of the actions that NotAction leaves do not carry ${clause.key}: the statement ${
      denies ? 'does not deny' : 'does not allow'
    } these`,
    severity: denies ? undefined : 'info',
    related: [{ node: NotAction.key, message: 'Stands for every action but these' }],
  };
}

/** Whether a service knows tags of resources in no request, by its own key or the global one. */
function lacksResourceTags(service: string): boolean {
  return (
    serviceExists(service) === true &&
    !conditionKeysOf(service).some(({ name }) => /^aws:ResourceTag\//i.test(name) || /^(?!aws:).*tag/i.test(name))
  );
}

/** Whether it may create something: then it may be asked for the tags of what it creates, listed or not. */
function mayCreate({ accessLevel }: ActionInfo): boolean {
  return accessLevel !== 'List' && accessLevel !== 'Read';
}

function tagUnsupported(clause: ConditionClause, statement: Statement, head: string): KeyFault | undefined {
  const { effect } = statement;
  if (head !== 'aws:resourcetag' || effect === undefined || holdsWithoutKey(clause) !== false) return undefined;
  const found = statement.actions.filter((item) => {
    if (!isKnown(item) || isConditional(item, statement)) return false;
    const text = item.text ?? '';
    const service = text.slice(0, Math.max(text.indexOf(':'), 0)).toLowerCase();
    if (/[*?]/.test(text)) return lacksResourceTags(service);
    const action = findAction(text);
    if (!action || INCOMPLETE_SERVICES.has(service) || carries(action, clause.key, RESOURCE_TAG)) return false;
    return lacksResourceTags(service) || (!action.resourceTypes.length && !mayCreate(action));
  });
  if (!found.length) return undefined;
  return {
    key: effect === 'Allow' ? 'tag-key-unsupported-allow' : 'tag-key-unsupported-deny',
    message: `Requests for ${named(found.map(({ text = '' }) => text))} carry no tags of resources: ${outcome(statement, false)}`,
    related: relatedTo(found),
    fix: () => moveOut(clause, statement, found),
  };
}

// ---- actions

const RESOURCE_TAG = 'aws:ResourceTag/${TagKey}';

/** Keys of requests and resources that are global by name, though not all actions have them. */
const TAG_HEADS: ReadonlySet<string> = new Set(['aws:resourcetag', 'aws:requesttag', 'aws:tagkeys']);

function notForAction(clause: ConditionClause, statement: Statement, head: string): KeyFault | undefined {
  const { key } = clause;
  const isTag = TAG_HEADS.has(head);
  const prefix = keyPrefix(key);
  if (!isTag && (prefix === 'aws' || isProviderPrefix(prefix) || INCOMPLETE_SERVICES.has(prefix))) return undefined;
  const known = isTag ? findGlobalKey(key) : findConditionKey(key, prefix);
  // Listed under another service's actions only, or nowhere: too little is known of it.
  if (!isTag && (!known || findGlobalKey(key))) return undefined;
  const holds = holdsWithoutKey(clause);
  if (holds === undefined || statement.effect === undefined || !statement.elements.Action) return undefined;
  const lacking: Item[] = [];
  let certain = !statement.openElements.has('Action');
  for (const item of statement.actions) {
    const carries = carriesKey(item, statement, key, known?.name);
    if (carries === false) lacking.push(item);
    else certain = false;
  }
  // A condition that merely has no effect on some actions is likely meant so, and most services are listed with gaps.
  if (!certain && (holds || isTag || !COMPLETE_SERVICES.has(prefix))) return undefined;
  if (!lacking.length) return undefined;
  return {
    key: 'key-not-for-action',
    message: `Requests for ${named(lacking.map(({ text = '' }) => text))} do not carry ${key}: ${outcome(statement, holds)}`,
    severity: statement.effect === 'Deny' && !holds ? 'medium' : undefined,
    related: relatedTo(lacking),
    fix: () => moveOut(clause, statement, lacking),
  };
}

/** Whether requests for an action as written carry a key; undefined for patterns and what is not known. */
function carriesKey(item: Item, statement: Statement, key: string, canonical: string | undefined): boolean | undefined {
  if (!isKnown(item) || isConditional(item, statement) || /[*?]/.test(item.text ?? '*')) return undefined;
  const action = findAction(item.text ?? '');
  if (!action || INCOMPLETE_SERVICES.has(action.service)) return undefined;
  if (/^aws:ResourceTag\//i.test(key) && !action.resourceTypes.length && mayCreate(action)) return undefined;
  return carries(action, key, canonical);
}

/** The name as the reference has it is found at once; other spellings take the long way. */
function carries(action: ActionInfo, key: string, canonical: string | undefined): boolean {
  const { conditionKeys } = action;
  return (canonical !== undefined && conditionKeys.includes(canonical)) || supportsConditionKey(action, key) === true;
}

/** Gives actions that do not know a key a statement without it; none where they are all. */
function moveOut(clause: ConditionClause, statement: Statement, items: readonly Item[]): Fix | undefined {
  if (items.length >= statement.actions.length || holdsWithoutKey(clause) !== false) return undefined;
  const denies = statement.effect === 'Deny';
  // What the statement never allowed is allowed then: only to read, and only where the resources are named.
  if (!denies && !items.every((item) => isHarmless(item, statement))) return undefined;
  return policyFix(
    `${denies ? 'Deny' : 'Allow'} ${named(items.map(({ text = '' }) => text))} in a statement without ${clause.key}`,
    ownStatement(clause, statement, items),
  );
}

function isHarmless({ text }: Item, statement: Statement): boolean {
  const action = findAction(text ?? '');
  if (!action || mayCreate(action)) return false;
  return !action.resourceTypes.length || statement.resources.every((item) => item.text !== HOLE && !isWildcard(item));
}

// ---- sessions

/** What a trust policy asks of a session can only be passed by those whom it also allows to pass it. */
function needsAction(clause: ConditionClause, statement: Statement, head: string): KeyFault | undefined {
  const action = PASSING_ACTIONS.get(head);
  const { policy, effect } = statement;
  if (action === undefined || policy.kind !== 'trust' || effect !== 'Allow') return undefined;
  if (policy.open !== undefined || policy.included.length || holdsWithoutKey(clause) !== false) return undefined;
  if (policy.statements.some((other) => grantsAction(other, action) !== false)) return undefined;
  const assumes = statement.actions.find((item) => isKnown(item) && /^sts:AssumeRole/i.test(item.text ?? ''));
  if (!assumes) return undefined;
  return {
    key: 'key-needs-action',
    message: `Nobody may pass what ${clause.key} asks for: that takes ${action}, which the policy does not allow`,
    related: [{ node: assumes.node, message: `Allowed without ${action}` }],
    fix: () =>
      policyFix(`Allow ${action} as well`, replaceItem(statement, 'Action', assumes, [assumes.text ?? '', action])),
  };
}
