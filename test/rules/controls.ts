/**
 * Rows of catalogue/controls.tsv that are implemented under another row's key: the rule, and its variant where it has one
 * (`rule` or `rule/variant`). What is not here has a rule of its own name, or none yet. The one table for controls, as
 * iam-checks.ts is for the checks of policies.
 */
export const MERGED_CONTROLS: Readonly<Record<string, string>> = {};

/** Rows that name a place in a language where there is nothing to judge, with the reason: `key language`. */
export const NOT_IN: Readonly<Record<string, string>> = {
  'appsync-api-key-long cfn': 'an absolute date: how long the key lives depends on the day of deployment',
};
