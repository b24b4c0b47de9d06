/** Which rules run under given settings, and at which severity. */

import { rulesByAlias } from '../rules/aliases.ts';
import { RULES } from '../rules/index.ts';
import type { Finding, Rule, Severity } from '../rules/rule.ts';
import type { RuleSetting, Settings } from './settings.ts';

export interface ActiveRules {
  readonly rules: readonly Rule[];
  readonly severityOf: (finding: Finding) => Severity;
}

const cache = new WeakMap<Settings, ActiveRules>();

/** The rules a user's settings leave on. The same settings object gives the same list, so that per-list work is done once. */
export function activeRules(settings: Settings): ActiveRules {
  const known = cache.get(settings);
  if (known) return known;
  const byId = new Map<string, RuleSetting>();
  for (const [name, setting] of Object.entries(settings.rules)) {
    for (const rule of rulesByAlias(name)) byId.set(rule.id, setting);
  }
  // Our own ids win over ids of other tools that stand for several rules.
  for (const [name, setting] of Object.entries(settings.rules)) byId.set(name, setting);
  const rules = RULES.filter((rule) => {
    const setting = byId.get(rule.id);
    if (setting !== undefined) return setting !== 'off';
    return rule.tier === 'core' || settings.tier === 'all';
  });
  const active: ActiveRules = {
    rules,
    severityOf: (finding) => {
      const setting = byId.get(finding.rule.id);
      return setting === undefined || setting === 'on' || setting === 'off' ? finding.severity : setting;
    },
  };
  cache.set(settings, active);
  return active;
}
