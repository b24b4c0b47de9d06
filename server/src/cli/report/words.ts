/** What reports have in common. */

import { harmless } from '../../analysis/markdown.ts';

import type { Severity, Side } from '../../rules/rule.ts';
import { SEVERITIES } from '../arguments.ts';
import type { Comparison, Item } from '../result.ts';

export { harmless };

/** `1 finding`, `2 findings`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

const WHOSE: Record<Side, string> = { customer: 'yours', shared: 'shared', aws: "AWS's" };

/** `2 critical, 1 low`, gravest first; what does not occur is left out. */
export function severityCounts(counts: ReadonlyMap<Severity, number>): string {
  return SEVERITIES.filter((severity) => counts.get(severity))
    .map((severity) => `${counts.get(severity)} ${severity}`)
    .join(', ');
}

/** `2 yours, 1 shared`: what does not occur is left out. */
export function sideCounts(counts: ReadonlyMap<Side, number>): string {
  return (Object.keys(WHOSE) as Side[])
    .filter((side) => counts.get(side))
    .map((side) => `${counts.get(side)} ${WHOSE[side]}`)
    .join(', ');
}

/** `3 introduced, 2 fixed, 14 before`, and what was suppressed by the change. */
export function changeCounts(introduced: number, findings: number, { fixed, silenced }: Comparison): string {
  const counts = [
    `${introduced} introduced`,
    `${fixed.length} fixed`,
    `${findings - introduced} before`,
    ...(silenced ? [`${silenced} suppressed by this change`] : []),
  ];
  return counts.join(', ');
}

/** Whether `--fix` would mend a finding. */
export function isFixable(item: Item): boolean {
  return item.fixes.some((fix) => fix.safe);
}

/** A file's name at the beginning of a line, where two colons would make it a command for a pipeline. */
export function fileName(file: string): string {
  const name = harmless(file);
  return /^\s*::/.test(name) ? `./${name}` : name;
}

/** JSON without a character that steers a terminal or deceives a reader, and without a command for a pipeline that logs it. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2)
    .replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, escapedUnits)
    .replace(/##(?=\[|vso\[|teamcity\[)/g, '#\\u0023');
  return `${text}\n`;
}

function escapedUnits(text: string): string {
  return text.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
