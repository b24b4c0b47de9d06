/** Conditions that keep out fewer than they seem to. */

import type { Rule } from '../rule.ts';

export const CONDITION_REACH_RULES: readonly Rule[] = [];
