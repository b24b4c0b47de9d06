/** "Did you mean": the nearest of the rules that are known. */

import { rulesByAlias } from '../rules/aliases.ts';
import { RULES } from '../rules/index.ts';
import { clip, closest } from './closest.ts';

export { clip, closest };

let names: readonly string[] | undefined;

/** Our rule ids, then the ids of other tools that our rules carry, without the tool's name. */
function ruleNames(): readonly string[] {
  if (!names) {
    const aliases = RULES.flatMap((rule) => [
      ...rule.aliases,
      ...Object.values(rule.variants ?? {}).flatMap((one) => one.aliases ?? []),
    ]);
    names = [
      ...new Set([...RULES.map((rule) => rule.id), ...aliases.map((alias) => alias.replace(/^[a-z_-]+:(?!:)/i, ''))]),
    ];
  }
  return names;
}

/** Whether a name stands for a rule: our id, or another tool's id of the same check. */
export function isRuleName(name: string): boolean {
  return rulesByAlias(name).length > 0;
}

/** Says that a name is no rule, and which one may have been meant. `guess: false` spares the search. */
export function unknownRule(name: string, guess = true): string {
  const nearest = guess ? closest(name, ruleNames()) : undefined;
  return `Unknown rule "${clip(name)}".${nearest ? ` Did you mean "${nearest}"?` : ''}`;
}
