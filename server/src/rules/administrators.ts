/** Roles that may do everything, and what in the template makes them so. */

import { attachedPolicies } from '../iam/attached.ts';
import { allows, isWildcard, type Statement } from '../iam/document.ts';
import type { Found } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asPattern, type Condition } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { everythingItem } from './iam-breadth.ts';
import { readOnlyFix } from './iam-managed-policies.ts';
import type { Related } from './rule.ts';

/** A policy that gives a role every action on every resource. */
export interface Breadth {
  /** The place that does. */
  readonly related: Related;
  /** What must hold for it to be in force. */
  readonly conditions: readonly Condition[];
  /** Where it is all that does, what takes its place. */
  readonly fix?: () => Fix | undefined;
}

/** An ARN of a managed policy of AWS, in any partition. */
const MANAGED = /^arn:[^:]*:iam::aws:policy\/(\w+)$/;

/** What gives a role of the template every action on every resource; a permissions boundary may take it away again. */
function breadthsOf(role: Resource, policies: readonly string[]): readonly Breadth[] {
  const attached = attachedPolicies(role.template).find(({ principal }) => principal === role);
  if (!attached || attached.boundaries.length) return [];
  const managed = attached.managedArns.flatMap((found) => {
    const name = nameOfPolicy(found);
    if (name === undefined || !policies.includes(name)) return [];
    const related = { node: found.node, message: `Attaches ${name}`, resource: found.resource };
    return [{ related, conditions: found.conditions, fix: () => readOnlyFix(found) }];
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

/**
 * What makes a role an administrator where a leaf names it: the first place that does, with all that must hold at once for the
 * leaf and for it. Undefined where nothing in the template does for certain.
 * @param policies the managed policies of AWS that count
 */
export function breadthAt(
  found: Found,
  role: Resource,
  policies: readonly string[] = ['AdministratorAccess'],
): Breadth | undefined {
  const breadths = breadthsOf(role, policies);
  for (const { related, conditions, fix } of breadths) {
    let all: readonly Condition[] | undefined = found.conditions;
    for (const condition of conditions) all = all && role.template.assume(all, condition);
    if (all) return { related, conditions: all, fix: breadths.length === 1 ? fix : undefined };
  }
  return undefined;
}

/** The resource of the template that a leaf refers to; data sources are not of it. */
export function referred({ value, resource }: Found): Resource | undefined {
  if (value.kind !== 'reference' || value.to !== 'resource') return undefined;
  const target = resource.template.resource(value.target);
  return target?.isData ? undefined : target;
}
