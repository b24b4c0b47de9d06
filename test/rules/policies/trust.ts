import type { PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const TRUST_CHECKS: Readonly<Record<string, string>> = {};

export const TRUST_FIXTURES: readonly PolicyFixture[] = [];
