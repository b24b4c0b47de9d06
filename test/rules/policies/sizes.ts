import type { PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const SIZE_CHECKS: Readonly<Record<string, string>> = {};

export const SIZE_FIXTURES: readonly PolicyFixture[] = [];
