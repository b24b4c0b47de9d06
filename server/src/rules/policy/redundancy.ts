/** What a policy says twice, or to no effect. */

import type { Rule } from '../rule.ts';

export const REDUNDANCY_RULES: readonly Rule[] = [];
