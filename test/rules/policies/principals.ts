import type { PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const PRINCIPAL_CHECKS: Readonly<Record<string, string>> = {};

export const PRINCIPAL_FIXTURES: readonly PolicyFixture[] = [];
