/** Principals: who a policy names, and whether AWS takes it that way. */

import type { Rule } from '../rule.ts';

export const PRINCIPAL_RULES: readonly Rule[] = [];
