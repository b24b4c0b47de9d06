/** Condition keys: whether they exist, and are in the requests that the statement is about. */

import type { Rule } from '../rule.ts';

export const CONDITION_KEY_RULES: readonly Rule[] = [];
