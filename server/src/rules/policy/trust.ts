/**
 * What a trust policy may say. Sources: IAM user guide, "Update a role trust policy" and the pages on federation; IAM Roles
 * Anywhere user guide on its trust policy; AWS STS API reference; Access Analyzer policy check reference.
 */

import { findAction, matchesPattern, serviceExists } from '../../iam/actions.ts';
import { HOLE, type Item, isKnown, isWildcard, type Principal, type Statement } from '../../iam/document.ts';
import { identify } from '../../iam/principals.ts';
import { grantsAction } from '../../iam/queries.ts';
import type { Edit } from '../../syntax/edit.ts';
import { removeItems } from '../policy-edits.ts';
import { type DocumentCheck, fixOf, hasStatements, removeElement, replaceLeaf, writtenStatements } from './check.ts';

type Assume = 'sts:AssumeRole' | 'sts:AssumeRoleWithSAML' | 'sts:AssumeRoleWithWebIdentity';

const ASSUME: readonly Assume[] = ['sts:AssumeRole', 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity'];
/** What a trust policy decides on. */
const TRUST_ACTIONS: readonly string[] = [...ASSUME, 'sts:TagSession', 'sts:SetSourceIdentity', 'sts:SetContext'];
/** What IAM Roles Anywhere does when it assumes a role. */
const ROLES_ANYWHERE = 'rolesanywhere.amazonaws.com';
const ROLES_ANYWHERE_ACTIONS = ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'];

const checkResource: DocumentCheck = (policy, fault) => {
  if (policy.kind !== 'trust' || !hasStatements(policy)) return;
  for (const statement of writtenStatements(policy)) {
    for (const name of ['Resource', 'NotResource'] as const) {
      const element = statement.elements[name];
      if (!element) continue;
      const everything = name === 'Resource' && statement.resources.every(isWildcard);
      fault({
        key: 'trust-resource',
        node: element.key,
        message: `A trust policy has no ${name}: it speaks of the role that it belongs to`,
        path: name,
        conditions: statement.templateConditions,
        fix: () => fixOf(`Remove ${element.name}`, removeElement(element), everything),
      });
    }
  }
};

/** The action by which a principal assumes a role; undefined where any may do, or that is not known. */
function assumesBy(principal: Principal, statement: Statement): Assume | undefined {
  switch (identify(principal, statement.policy).form) {
    case 'account':
    case 'identity':
    case 'unique-id':
    case 'service':
      return 'sts:AssumeRole';
    case 'saml':
      return 'sts:AssumeRoleWithSAML';
    case 'oidc':
      return 'sts:AssumeRoleWithWebIdentity';
    default:
      return undefined;
  }
}

/** The one way to assume a role that an action names. */
function namedAssume(item: Item): Assume | undefined {
  const lower = item.text?.toLowerCase();
  return ASSUME.find((action) => action.toLowerCase() === lower);
}

const checkMismatch: DocumentCheck = (policy, fault) => {
  if (policy.kind !== 'trust' || !hasStatements(policy)) return;
  for (const statement of writtenStatements(policy)) {
    if (!statement.principals.length || !statement.actions.length || statement.elements.NotAction) continue;
    if (statement.openElements.has('Principal') || statement.openElements.has('Action')) continue;
    const ways = new Map(statement.principals.map((principal) => [principal, assumesBy(principal, statement)]));
    // Someone who is not known may use any action.
    const open = [...ways.values()].includes(undefined);
    const wanted = new Set(ways.values());
    const unfit = open ? [] : statement.actions.filter((item) => isUnfit(item, wanted));
    for (const item of unfit) {
      const [only, ...others] = wanted;
      fault({
        key: 'trust-action-mismatch',
        node: item.node,
        message: `None of the principals can use ${item.text}${!others.length && only ? `: they assume a role by ${only}` : ''}`,
        path: `Action.${item.text}`,
        conditions: item.conditions,
        fix: () =>
          only && !others.length ? fixOf(`Change to ${only}`, swap(item, only, statement), false) : undefined,
      });
    }
    if (unfit.length || statement.actions.some((item) => !isKnown(item))) continue;
    const named = ASSUME.filter((way) => statement.actions.some((item) => matchesPattern(item.text ?? '', way)));
    if (!named.length) continue;
    for (const [principal, way] of ways) {
      if (!way || named.includes(way)) continue;
      fault({
        key: 'trust-action-mismatch',
        node: principal.node,
        message: `This principal assumes a role by ${way}, which the statement does not name`,
        path: `Principal.${principal.text?.replaceAll(HOLE, '…')}`,
        conditions: principal.conditions,
      });
    }
  }
};

/** Whether an action is a way to assume a role that no principal can go. */
function isUnfit(item: Item, wanted: ReadonlySet<Assume | undefined>): boolean {
  const named = isKnown(item) ? namedAssume(item) : undefined;
  return named !== undefined && !wanted.has(named);
}

/** Puts the right action in place of a wrong one; takes that off where the right one stands beside it. */
function swap(item: Item, action: Assume, statement: Statement): Edit | undefined {
  if (item.via.length) return undefined;
  if (!statement.actions.some((other) => namedAssume(other) === action)) return replaceLeaf(item.value, action);
  return removeItems(statement, 'Action', [item])?.[0];
}

const checkRolesAnywhere: DocumentCheck = (policy, fault) => {
  if (policy.kind !== 'trust' || !hasStatements(policy)) return;
  const trusting = policy.statements.filter(
    (statement) =>
      statement.effect !== 'Deny' &&
      statement.principals.some(({ type, text }) => type === 'Service' && text === ROLES_ANYWHERE),
  );
  const [first] = trusting;
  if (first?.effect !== 'Allow') return;
  const missing = ROLES_ANYWHERE_ACTIONS.filter((action) =>
    policy.statements.every((statement) => grantsAction(statement, action) === false),
  );
  const element = first.elements.Action;
  // Without the first of them it is no trust at all, which is another fault.
  if (!missing.length || missing.includes('sts:AssumeRole') || !element) return;
  fault({
    key: 'trust-rolesanywhere-actions',
    node: element.key,
    message: `IAM Roles Anywhere cannot assume the role without ${missing.join(' and ')}`,
    path: 'Action',
    conditions: first.templateConditions,
    fix: () => {
      const { entry } = element.key;
      if (entry?.key !== element.key || entry.value.aliasOf || first.actions.some((item) => item.via.length))
        return undefined;
      const list = entry.value;
      if (list.kind === 'array' && list.tag === undefined) {
        return {
          title: `Add ${missing.join(' and ')}`,
          safe: false,
          edits: missing.map((data): Edit => ({ kind: 'append', to: list, data })),
        };
      }
      const [item, ...others] = first.actions;
      if (!item || others.length || !isKnown(item) || item.node !== list) return undefined;
      return fixOf(
        `Add ${missing.join(' and ')}`,
        { kind: 'replace', node: list, data: [item.text ?? '', ...missing] },
        false,
      );
    },
  });
};

const checkForeignActions: DocumentCheck = (policy, fault) => {
  if (policy.kind !== 'trust' || !hasStatements(policy)) return;
  for (const statement of writtenStatements(policy)) {
    for (const item of statement.actions) {
      const { text } = item;
      if (text === undefined || !isKnown(item) || !text.includes(':')) continue;
      if (TRUST_ACTIONS.some((action) => matchesPattern(text, action))) continue;
      // A name that does not exist is told as such.
      const isPattern = /[*?]/.test(text);
      if (isPattern ? serviceExists(text.slice(0, text.indexOf(':'))) === false : isUnknown(text)) continue;
      fault({
        key: 'trust-action-not-sts',
        node: item.node,
        message: `${text} has no place in a trust policy, which decides on assuming the role only`,
        path: `Action.${text}`,
        conditions: item.conditions,
        fix: () =>
          statement.actions.length > 1
            ? fixOf(`Remove ${text}`, removeItems(statement, 'Action', [item])?.[0], false)
            : undefined,
      });
    }
  }
};

function isUnknown(action: string): boolean {
  return serviceExists('sts') === true && findAction(action) === undefined;
}

export const TRUST_CHECKS: readonly DocumentCheck[] = [
  checkResource,
  checkMismatch,
  checkRolesAnywhere,
  checkForeignActions,
];
