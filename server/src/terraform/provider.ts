/** The AWS provider's version, as far as a template pins it. */

import type { Template } from '../template/template.ts';

const constraints = new WeakMap<Template, string>();

/** Notes the version constraint of the AWS provider that a template states. */
export function setProviderVersion(template: Template, constraint: string): void {
  constraints.set(template, constraint);
}

/**
 * The newest major version of the AWS provider that a template's constraint allows; undefined where it sets no upper
 * bound or says nothing. Terraform installs the newest version allowed.
 */
export function providerMajorVersion(template: Template): number | undefined {
  const constraint = constraints.get(template);
  return constraint === undefined ? undefined : newestMajor(constraint);
}

/**
 * The upper bound of a version constraint such as `>= 3.0, < 5.0` or `~> 4.2`, as a major version
 * (developer.hashicorp.com/terraform/language/expressions/version-constraints).
 */
export function newestMajor(constraint: string): number | undefined {
  let newest: number | undefined;
  for (const part of constraint.split(',')) {
    const match = /^\s*(?:(=|!=|>=|<=|~>|>|<)\s*)?v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(part);
    if (!match) continue;
    const [, operator = '=', major, minor, patch] = match;
    // `~> 4` has nothing to the left of its last number to hold fast.
    if (operator === '!=' || operator === '>' || operator === '>=' || (operator === '~>' && minor === undefined))
      continue;
    const below = operator === '<' && Number(minor ?? 0) === 0 && Number(patch ?? 0) === 0;
    const bound = Number(major) - (below ? 1 : 0);
    newest = newest === undefined ? bound : Math.min(newest, bound);
  }
  return newest;
}
