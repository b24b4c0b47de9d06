/** The resource that the template has only one of, for fixes to name. */

import type { Data } from '../syntax/edit.ts';
import { inSameModule } from '../template/module-path.ts';
import type { Resource } from '../template/template.ts';
import { type FixOptions, isRepeated, nameOf, set, terraformReference } from './fixes.ts';
import type { FixMaker } from './rule.ts';

/**
 * The one resource of these types in the template, or in the Terraform module that `near` is in; undefined where there are
 * several or none, or it exists under a condition only, or in several instances.
 */
export function soleResource(near: Resource, ...types: readonly string[]): Resource | undefined {
  const [sole, ...others] = near.template.ofType(...types).filter((one) => inSameModule(one, near));
  return !sole || others.length || sole.conditions.length || isRepeated(sole) ? undefined : sole;
}

/**
 * Sets the property to the name of the template's one resource of these types ("Use the security configuration Encrypted").
 * None is offered where there is no such resource, or where an alternative of the property is at issue.
 */
export function useSole(types: readonly string[], what: string, options: FixOptions): FixMaker {
  return (found) => {
    const { resource, conditions } = found;
    const sole = soleResource(resource, ...types);
    if (!sole || conditions.length > resource.conditions.length) return undefined;
    const isCloudFormation = resource.template.dialect === 'cloudformation';
    const data = isCloudFormation ? { Ref: sole.address } : terraformReference(sole, 'name');
    return set(data, { title: `Use the ${what} ${sole.address}`, ...options })(found);
  };
}

export interface OwnResource {
  readonly data: Data;
  /** To go into a title: `AppUsers`, or `of your own (put in its name)`. */
  readonly name: string;
}

/**
 * What to name a resource of these types by: the template's only one, or else a name to fill in, with which nothing is deployed
 * as it stands.
 * @param missing the name to fill in, and what it is: `['ACL_NAME', 'name']`
 */
export function ownResource(
  near: Resource,
  types: readonly string[],
  attribute: string,
  missing: readonly [placeholder: string, what: string],
): OwnResource {
  const sole = soleResource(near, ...types);
  if (!sole) return { data: missing[0], name: `of your own (put in its ${missing[1]})` };
  const isCloudFormation = near.template.dialect === 'cloudformation';
  return { data: isCloudFormation ? { Ref: nameOf(sole) } : terraformReference(sole, attribute), name: sole.address };
}
