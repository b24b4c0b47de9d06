/** Who may create service-linked roles. */

import type { Rule } from '../rule.ts';

export const SERVICE_LINKED_ROLE_RULES: readonly Rule[] = [];
