import type { PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const VARIABLE_CHECKS: Readonly<Record<string, string>> = {};

export const VARIABLE_FIXTURES: readonly PolicyFixture[] = [];
