/** All cases of policy checks, and the rule and variant (`rule/variant`) that report each check. */

import { ACCESS_CHECKS, ACCESS_FIXTURES } from './access.ts';
import { ARN_CHECKS, ARN_FIXTURES } from './arns.ts';
import { CONDITION_KEY_CHECKS, CONDITION_KEY_FIXTURES } from './condition-keys.ts';
import { CONDITION_REACH_CHECKS, CONDITION_REACH_FIXTURES } from './condition-reach.ts';
import { CONDITION_VALUE_CHECKS, CONDITION_VALUE_FIXTURES } from './condition-values.ts';
import type { PolicyFixture } from './fixture.ts';
import { GRAMMAR_CHECKS, GRAMMAR_FIXTURES } from './grammar.ts';
import { GUARDRAIL_CHECKS, GUARDRAIL_FIXTURES } from './guardrails.ts';
import { MISMATCH_CHECKS, MISMATCH_FIXTURES } from './mismatch.ts';
import { PRINCIPAL_CHECKS, PRINCIPAL_FIXTURES } from './principals.ts';
import { PUBLIC_CHECKS, PUBLIC_FIXTURES } from './public.ts';
import { REDUNDANCY_CHECKS, REDUNDANCY_FIXTURES } from './redundancy.ts';
import { SIZE_CHECKS, SIZE_FIXTURES } from './sizes.ts';
import { TRUST_CHECKS, TRUST_FIXTURES } from './trust.ts';
import { VARIABLE_CHECKS, VARIABLE_FIXTURES } from './variables.ts';

export const FIXTURES: readonly PolicyFixture[] = [
  ...GRAMMAR_FIXTURES,
  ...PRINCIPAL_FIXTURES,
  ...GUARDRAIL_FIXTURES,
  ...ARN_FIXTURES,
  ...MISMATCH_FIXTURES,
  ...REDUNDANCY_FIXTURES,
  ...SIZE_FIXTURES,
  ...CONDITION_KEY_FIXTURES,
  ...CONDITION_VALUE_FIXTURES,
  ...CONDITION_REACH_FIXTURES,
  ...VARIABLE_FIXTURES,
  ...ACCESS_FIXTURES,
  ...TRUST_FIXTURES,
  ...PUBLIC_FIXTURES,
];

/** Key of iam-checks.tsv → `rule/variant`. */
export const CHECKS: Readonly<Record<string, string>> = {
  ...GRAMMAR_CHECKS,
  ...PRINCIPAL_CHECKS,
  ...GUARDRAIL_CHECKS,
  ...ARN_CHECKS,
  ...MISMATCH_CHECKS,
  ...REDUNDANCY_CHECKS,
  ...SIZE_CHECKS,
  ...CONDITION_KEY_CHECKS,
  ...CONDITION_VALUE_CHECKS,
  ...CONDITION_REACH_CHECKS,
  ...VARIABLE_CHECKS,
  ...ACCESS_CHECKS,
  ...TRUST_CHECKS,
  ...PUBLIC_CHECKS,
};
