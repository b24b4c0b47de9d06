/** Roles that may do everything, and what in the template makes them so. */

import { attachedPolicies } from '../iam/attached.ts';
import { allows, isWildcard, type Statement } from '../iam/document.ts';
import type { Found } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asPattern, type Condition } from '../template/value.ts';
import { everythingItem } from './iam-breadth.ts';
import type { Related } from './rule.ts';

/** A policy that gives a role every action on every resource. */
export interface Breadth {
  /** The place that does. */
  readonly related: Related;
  /** What must hold for it to be in force. */
  readonly conditions: readonly Condition[];
}

/** AWS's policy that allows everything. */
export const ADMINISTRATOR_POLICIES: readonly string[] = ['AdministratorAccess'];

const MANAGED = /^arn:[^:]*:iam::aws:policy\/(\w+)$/;

/**
 * What gives a role of the template every action on every resource. Nothing where it has a permissions boundary, which may take
 * it away again.
 * @param policies names of managed policies that count as well
 */
export function breadthOf(role: Resource, policies = ADMINISTRATOR_POLICIES): readonly Breadth[] {
  const attached = attachedPolicies(role.template).find(({ principal }) => principal === role);
  if (!attached || attached.boundaries.length) return [];
  const managed = attached.managedArns.flatMap((found) => {
    const name = nameOfPolicy(found);
    if (name === undefined || !policies.includes(name)) return [];
    const related = { node: found.node, message: `Attaches ${name}`, resource: found.resource };
    return [{ related, conditions: found.conditions }];
  });
  const written = attached.policies.flatMap((policy) => [...policy.statements, ...policy.included].flatMap(breadthIn));
  return [...managed, ...written];
}

/** The name of a managed policy of AWS, by its ARN; SAM takes the name alone. */
function nameOfPolicy({ value }: Found): string | undefined {
  const text = asPattern(value) ?? '';
  return MANAGED.exec(text)?.[1] ?? (/^\w+$/.test(text) ? text : undefined);
}

function breadthIn(statement: Statement): Breadth[] {
  if (!allows(statement) || statement.hasCondition !== false || !everythingItem(statement)) return [];
  const item = statement.actions.find(isWildcard);
  if (!item) return [];
  const { resource } = statement.policy;
  const related = { node: item.node, message: 'Allows every action on every resource', resource };
  return [{ related, conditions: item.conditions }];
}

/** What must hold for a leaf and for the breadth of the role that it names; undefined where both cannot be. */
export function together(found: Found, { conditions }: Breadth): readonly Condition[] | undefined {
  let all: readonly Condition[] | undefined = found.conditions;
  for (const condition of conditions) all = all && found.resource.template.assume(all, condition);
  return all;
}

/** The role that a leaf refers to, if the template makes it. */
export function referredRole({ value, resource }: Found): Resource | undefined {
  const role = value.kind === 'reference' && value.to === 'resource' ? resource.template.resource(value.target) : undefined;
  return role?.isData ? undefined : role;
}
