/** Parts of a statement that do not go together. */

import type { Rule } from '../rule.ts';

export const MISMATCH_RULES: readonly Rule[] = [];
