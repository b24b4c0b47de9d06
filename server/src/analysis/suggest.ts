/** "Did you mean": the nearest of the names that are known. */

import { rulesByAlias } from '../rules/aliases.ts';
import { RULES } from '../rules/index.ts';
import { editDistance } from '../syntax/text.ts';

const LONGEST = 80;

/** The known name nearest to what was written, without regard to case; undefined where none is near. */
export function closest(written: string, names: Iterable<string>): string | undefined {
  const text = written.trim().toLowerCase();
  if (!text || text.length > LONGEST) return undefined;
  let limit = Math.max(1, Math.min(3, Math.floor(text.length / 3)));
  let found: string | undefined;
  for (const name of names) {
    const cost = editDistance(text, name.toLowerCase(), limit);
    if (cost > limit || (cost === limit && found !== undefined)) continue;
    found = name;
    limit = cost;
    if (cost === 0) break;
  }
  return found;
}

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

/** A text from a file, short enough for a message. */
export function clip(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
