/** The resource that the template has only one of, for fixes to name. */

import type { Data } from '../syntax/edit.ts';
import type { Resource, Template } from '../template/template.ts';
import { type FixOptions, nameOf, set, terraformReference } from './fixes.ts';
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
  { template }: Resource,
  types: readonly string[],
  attribute: string,
  missing: readonly [placeholder: string, what: string],
): OwnResource {
  const sole = soleResource(template, ...types);
  if (!sole) return { data: missing[0], name: `of your own (put in its ${missing[1]})` };
  const isCloudFormation = template.dialect === 'cloudformation';
  return { data: isCloudFormation ? { Ref: nameOf(sole) } : terraformReference(sole, attribute), name: sole.address };
}
