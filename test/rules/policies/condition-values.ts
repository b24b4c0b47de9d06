import type { PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const CONDITION_VALUE_CHECKS: Readonly<Record<string, string>> = {};

export const CONDITION_VALUE_FIXTURES: readonly PolicyFixture[] = [];
