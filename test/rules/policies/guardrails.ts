import type { PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const GUARDRAIL_CHECKS: Readonly<Record<string, string>> = {};

export const GUARDRAIL_FIXTURES: readonly PolicyFixture[] = [];
