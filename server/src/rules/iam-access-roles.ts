/** Roles that a holder may pass on, assume, or have AWS create: all of them. */

import { matchesPattern } from '../iam/actions.ts';
import { type ConditionClause, HOLE, type Item, isConditional } from '../iam/document.ts';
import type { StatementView } from './iam-access-statement.ts';
import { listed } from './iam-item-grants.ts';
import type { PassedRole } from './iam-passed-roles.ts';

const LINKS = 'iam:CreateServiceLinkedRole';
const EVERY_ROLE = /^arn:[^:]*:iam::[^:]*:(role\/\*+|\*+)$/;

/** Whether an action as written covers another one; most are told apart by how they begin. */
function covers({ text = '' }: Item, action: string): boolean {
  const first = text[0];
  return (first === '*' || first === '?' || first?.toLowerCase() === action[0]) && matchesPattern(text, action);
}

/** What stands for every role in the statement's Resource. */
function everyRole({ everything, statement }: StatementView): Item | undefined {
  return everything ?? statement.resources.find(({ text }) => text !== undefined && EVERY_ROLE.test(text));
}

/**
 * Reports `iam:PassRole` on every role; whether the item is that.
 * @param lent what a guarded one is used with
 * @param escalated it completes a path, and is reported as that
 */
export function passRole(view: StatementView, item: Item, lent: PassedRole | undefined, escalated: boolean): boolean {
  if (!covers(item, 'iam:PassRole') || view.denied('iam:PassRole')) return false;
  const wide = everyRole(view);
  if (!wide || view.statement.openElements.has('Condition')) return false;
  const guards = view.statement.conditions.filter((clause) =>
    /^iam:(passedtoservice|associatedresourcearn)$/i.test(clause.key),
  );
  if (lent) {
    passRoleTo(view, item, wide, lent);
    return true;
  }
  if (guards.some((clause) => !clause.operator.ifExists || isConditional(clause, view.statement))) return false;
  // Keys that are not known may be those that guard it.
  if (view.statement.conditions.some((clause) => clause.key.includes(HOLE))) return false;
  if (escalated) return true;
  view.add({
    rule: 'iam-passrole-star',
    variant: guards.length ? 'if-exists' : undefined,
    node: item.node,
    item,
    message: guards.length
      ? `${item.text} allows to pass every role: the condition counts only if its key is in the request`
      : `${item.text} allows to pass every role of the account to any service`,
    concerns: ['passrole', ...(view.narrowed === 'none' ? view.grant(item, view.isBroad).concerns : [])],
    wide,
    related: [{ node: wide.node, message: 'Stands for every role' }],
    path: `Action.${item.text}`,
  });
  return true;
}

/** The service is named, and the holder creates there what acts with the role. */
function passRoleTo(view: StatementView, item: Item, wide: Item, { service, creators }: PassedRole): void {
  const names = listed(creators.flatMap((one) => one.text ?? []));
  view.add({
    rule: 'iam-passrole-star',
    variant: 'to-service',
    node: item.node,
    item,
    message: `With ${names}, ${item.text} gives its holder the rights of every role that trusts ${service}`,
    concerns: ['passrole', ...(view.everything ? (['resource'] as const) : [])],
    wide,
    related: [
      { node: wide.node, message: 'Stands for every role' },
      ...creators.map((one) => ({ node: one.node, message: `${one.text} creates what acts with the role` })),
    ],
    path: `Action.${item.text}`,
  });
}

/** Reports `sts:AssumeRole` on every role; whether the item is that. */
export function assumeRole(view: StatementView, item: Item): boolean {
  if (view.narrowed !== 'none' || !covers(item, 'sts:AssumeRole') || view.denied('sts:AssumeRole')) return false;
  const wide = everyRole(view);
  if (!wide) return false;
  view.add({
    rule: 'iam-assumerole-star',
    node: item.node,
    item,
    message: `${item.text} allows to assume every role that trusts this account`,
    concerns: [
      'assumerole',
      ...(view.everything ? (['escalation'] as const) : []),
      ...view.grant(item, view.isBroad).concerns,
    ],
    wide,
    related: [{ node: wide.node, message: 'Stands for every role' }],
    path: `Action.${item.text}`,
  });
  return true;
}

const SERVICE_NAME = /^iam:awsservicename$/i;

/** Whether a clause says which service the role may be for. Values that are not known may. */
function namesService({ key, operator, values }: ConditionClause): boolean {
  return SERVICE_NAME.test(key) && !operator.negated && !values.some(({ text }) => /^[*?]/.test(text ?? ''));
}

/**
 * Reports `iam:CreateServiceLinkedRole` for every service; whether the item is that, or is it for named services: then
 * there is nothing left to say, for the roles have names that no policy can choose.
 */
export function linkedRole(view: StatementView, item: Item): boolean {
  const { statement } = view;
  if (!covers(item, LINKS) || view.denied(LINKS) || statement.openElements.has('Condition')) {
    return false;
  }
  const wide = everyRole(view);
  if (!wide || statement.conditions.some((clause) => clause.key.includes(HOLE))) return false;
  if (statement.conditions.some(namesService)) return item.text?.toLowerCase() === LINKS.toLowerCase();
  const { credentials, permissions } = view.grant(item, view.isBroad);
  // A pattern that gives worse is reported for that.
  if (view.narrowed === 'none' && (credentials.length || permissions.length)) return false;
  view.add({
    rule: 'iam-create-service-linked-role-star',
    node: item.node,
    item,
    message: `${item.text} allows to create the service-linked role of any service`,
    concerns: ['linked-role', ...(view.narrowed === 'none' ? view.grant(item, view.isBroad).concerns : [])],
    wide,
    related: [{ node: wide.node, message: 'Stands for every role' }],
    path: `Action.${item.text}`,
  });
  return true;
}
