/** Questions that several rule files ask of a resource. */

import { select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { isPresent } from './predicates.ts';

/**
 * Whether a property is set in every alternative (true), in none (false), or it depends (undefined).
 * References and unknowns count as set.
 */
export function has(resource: Resource, path: string): boolean | undefined {
  const verdicts = new Set(select(resource, path).map((found) => isPresent(found.value, found)));
  if (verdicts.size !== 1) return verdicts.size === 0 ? false : undefined;
  const [verdict] = verdicts;
  return typeof verdict === 'string' ? undefined : verdict;
}

/** The opposite of {@link has}. */
export function lacks(resource: Resource, path: string): boolean | undefined {
  const set = has(resource, path);
  return set === undefined ? undefined : !set;
}
