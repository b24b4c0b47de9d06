/** Resource ARNs: their form, and whether AWS has such resources. */

import type { Rule } from '../rule.ts';

export const ARN_RULES: readonly Rule[] = [];
