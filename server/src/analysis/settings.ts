/** What a user may set, after the editor's settings and the workspace's configuration file are merged. */

import type { Severity } from '../rules/rule.ts';

/** `off` silences a rule, `on` runs an opt-in rule at its own severity, a severity replaces its own. */
export type RuleSetting = 'off' | 'on' | Severity;

export interface Settings {
  readonly enable: boolean;
  /** `core`: rules that everyone wants; `all`: the opt-in rules too. */
  readonly tier: 'core' | 'all';
  /** By rule id; ids of other tools (`CKV_AWS_20`) stand for our rules that carry them. */
  readonly rules: Readonly<Record<string, RuleSetting>>;
  /** Globs of files that are left alone, relative to the workspace folder or the configuration file. */
  readonly exclude: readonly string[];
}

export const DEFAULT_SETTINGS: Settings = { enable: true, tier: 'core', rules: {}, exclude: [] };
