/** Condition operators and values that do not fit each other or their key. */

import type { Rule } from '../rule.ts';

export const CONDITION_VALUE_RULES: readonly Rule[] = [];
