/** Rules by the names that people know them by: our id, or the id of the same check in another tool. */

import { RULES } from './index.ts';
import type { Rule } from './rule.ts';

let index: Map<string, Rule[]> | undefined;

/** Folds the spellings of a peer's id: case, the tool's prefix, trivy's `AVD-`. */
export function normaliseAlias(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/^[a-z_-]+:(?!:)/, '')
    .replace(/^avd-/, '');
}

/** Every id of other tools that a rule or one of its variants carries, each once. */
export function aliasesOf(rule: Rule): readonly string[] {
  const all = [...rule.aliases, ...Object.values(rule.variants ?? {}).flatMap((variant) => variant.aliases ?? [])];
  // The same id may stand in two tools: it is folded within one.
  return [...new Map(all.map((alias) => [alias.slice(0, alias.indexOf(':')) + normaliseAlias(alias), alias])).values()];
}

function build(): Map<string, Rule[]> {
  const map = new Map<string, Rule[]>();
  const put = (name: string, rule: Rule) => {
    const list = map.get(name);
    if (!list) map.set(name, [rule]);
    else if (!list.includes(rule)) list.push(rule);
  };
  for (const rule of RULES) {
    put(rule.id, rule);
    for (const alias of aliasesOf(rule)) put(normaliseAlias(alias), rule);
  }
  return map;
}

/** The rules a name stands for: exactly one for our own id, none or several for a peer's (`checkov:CKV_AWS_20`, `CKV_AWS_20`, `F1`). */
export function rulesByAlias(name: string): readonly Rule[] {
  index ??= build();
  return index.get(normaliseAlias(name)) ?? index.get(name) ?? [];
}
