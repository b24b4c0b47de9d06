/** Fixes that name a resource which the template has only one of. */

import { type FixOptions, set, terraformReference } from './fixes.ts';
import type { FixMaker } from './rule.ts';

/**
 * Sets the property to the name of the template's one resource of these types ("Use the security configuration Encrypted").
 * None is offered where there are several or none, where that one exists under a condition only, or where an alternative
 * of the property is at issue.
 */
export function useSole(types: readonly string[], what: string, options: FixOptions): FixMaker {
  return (found) => {
    const { resource, conditions } = found;
    const [sole, ...others] = resource.template.ofType(...types);
    if (!sole || others.length || sole.conditions.length || conditions.length > resource.conditions.length) {
      return undefined;
    }
    const isCloudFormation = resource.template.dialect === 'cloudformation';
    const data = isCloudFormation ? { Ref: sole.address } : terraformReference(sole, 'name');
    return set(data, { title: `Use the ${what} ${sole.address}`, ...options })(found);
  };
}
