/** The catalogue: every rule there is. */

import { RDS_RULES } from './rds.ts';
import type { Rule } from './rule.ts';
import { SQS_RULES } from './sqs.ts';

export const RULES: readonly Rule[] = [...RDS_RULES, ...SQS_RULES];

const byId = new Map(RULES.map((rule) => [rule.id, rule]));

/** The rule of an id. */
export function ruleById(id: string): Rule | undefined {
  return byId.get(id);
}
