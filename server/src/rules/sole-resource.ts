/** The resource that the template has only one of, for fixes to name. */

import type { Resource, Template } from '../template/template.ts';
import { type FixOptions, set, terraformReference } from './fixes.ts';
import type { FixMaker } from './rule.ts';

/** The template's one resource of these types; undefined where there are several or none, or it exists under a condition only. */
export function soleResource(template: Template, ...types: readonly string[]): Resource | undefined {
  const [sole, ...others] = template.ofType(...types);
  return others.length || sole?.conditions.length ? undefined : sole;
}

/**
 * Sets the property to the name of the template's one resource of these types ("Use the security configuration Encrypted").
 * None is offered where there is no such resource, or where an alternative of the property is at issue.
 */
export function useSole(types: readonly string[], what: string, options: FixOptions): FixMaker {
  return (found) => {
    const { resource, conditions } = found;
    const sole = soleResource(resource.template, ...types);
    if (!sole || conditions.length > resource.conditions.length) return undefined;
    const isCloudFormation = resource.template.dialect === 'cloudformation';
    const data = isCloudFormation ? { Ref: sole.address } : terraformReference(sole, 'name');
    return set(data, { title: `Use the ${what} ${sole.address}`, ...options })(found);
  };
}
