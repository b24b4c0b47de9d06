import type { PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const CONDITION_REACH_CHECKS: Readonly<Record<string, string>> = {
  // Conditions.
  'mfa-bad-pattern': 'iam-condition-mfa-bad-pattern',
  'forallvalues-single': 'iam-condition-too-loose/absent-key',
};

export const CONDITION_REACH_FIXTURES: readonly PolicyFixture[] = [];
