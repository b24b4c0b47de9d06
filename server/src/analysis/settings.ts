/** What a user may set, after the editor's settings and the workspace's configuration file are merged. */

import type { Severity } from '../rules/rule.ts';
import { matchesGlob } from './globs.ts';

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

/** Names of the configuration file; where several lie in one folder, the first counts. */
export const CONFIGURATION_NAMES: readonly string[] = ['.demarc.json', '.demarc.yaml', '.demarc.yml'];

/** What a rule may be set to. */
export const RULE_SETTINGS: readonly RuleSetting[] = ['off', 'on', 'critical', 'high', 'medium', 'low', 'info'];

/** A rule's setting as written. `off` and `on` without quotes are booleans in YAML 1.1. */
export function ruleSetting(value: unknown): RuleSetting | undefined {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return RULE_SETTINGS.find((one) => one === value);
}

/**
 * Settings with others over them: `rules` are merged, `exclude` is added to, everything else is replaced.
 * What is not of the right type (an editor passes on whatever a person typed) is left out.
 */
export function mergeSettings(base: Settings, over: Partial<Settings>): Settings {
  const rules =
    typeof over.rules === 'object' && over.rules !== null ? Object.entries(over.rules as Record<string, unknown>) : [];
  const valid = rules.flatMap(([name, value]): [string, RuleSetting][] => {
    const setting = ruleSetting(value);
    return setting ? [[name, setting]] : [];
  });
  return {
    enable: typeof over.enable === 'boolean' ? over.enable : base.enable,
    tier: over.tier === 'core' || over.tier === 'all' ? over.tier : base.tier,
    rules: { ...base.rules, ...Object.fromEntries(valid) },
    exclude: [
      ...base.exclude,
      ...(Array.isArray(over.exclude) ? over.exclude.filter((one): one is string => typeof one === 'string') : []),
    ],
  };
}

/**
 * Whether a file is left alone.
 * @param relativePath below the folder that the globs are relative to, `/` between segments
 */
export function excluded(settings: Pick<Settings, 'exclude'>, relativePath: string): boolean {
  return settings.exclude.some((pattern) => matchesGlob(pattern, relativePath));
}
