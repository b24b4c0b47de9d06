import type { PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const MISMATCH_CHECKS: Readonly<Record<string, string>> = {};

export const MISMATCH_FIXTURES: readonly PolicyFixture[] = [];
