import type { PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const PUBLIC_CHECKS: Readonly<Record<string, string>> = {};

export const PUBLIC_FIXTURES: readonly PolicyFixture[] = [];
