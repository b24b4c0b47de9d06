/** Guardrails of an organization: service and resource control policies. */

import type { Rule } from '../rule.ts';

export const GUARDRAIL_RULES: readonly Rule[] = [];
