import type { PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const ARN_CHECKS: Readonly<Record<string, string>> = {};

export const ARN_FIXTURES: readonly PolicyFixture[] = [];
