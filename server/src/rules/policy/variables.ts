/** Policy variables that AWS refuses or takes as plain text. */

import type { Rule } from '../rule.ts';

export const VARIABLE_RULES: readonly Rule[] = [];
