/** The two sides, for people. */

import type { Side } from '../rules/rule.ts';

/** Whose side of the shared responsibility model, as a person says it. */
export const SIDE_NAMES: Record<Side, string> = {
  customer: 'your side',
  shared: 'shared',
  aws: "AWS's side",
};
