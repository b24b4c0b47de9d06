import type { PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const REDUNDANCY_CHECKS: Readonly<Record<string, string>> = {};

export const REDUNDANCY_FIXTURES: readonly PolicyFixture[] = [];
