/** What reports have in common. */

import { harmless } from '../../analysis/markdown.ts';

import type { Severity, Side } from '../../rules/rule.ts';
import { SEVERITIES } from '../arguments.ts';
import type { Comparison, Found, Item, Result } from '../result.ts';

export { harmless };

/** `1 finding`, `2 findings`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

const WHOSE: Record<Side, string> = { customer: 'yours', shared: 'shared', aws: "AWS's" };

/** `2 critical, 1 low`, gravest first; what does not occur is left out. */
export function bySeverity(items: readonly Found[]): string {
  const of = (severity: Severity) => items.filter((item) => item.severity === severity).length;
  return SEVERITIES.filter(of)
    .map((severity) => `${of(severity)} ${severity}`)
    .join(', ');
}

/** `2 yours, 1 shared`: what does not occur is left out. */
export function bySide(items: readonly Found[]): string {
  const of = (side: Side) => items.filter((item) => item.owner.side === side).length;
  return (Object.keys(WHOSE) as Side[])
    .filter(of)
    .map((side) => `${of(side)} ${WHOSE[side]}`)
    .join(', ');
}

/** `3 introduced, 2 fixed, 14 before`, and what was suppressed by the change. */
export function changeCounts(findings: readonly Item[], { fixed, silenced }: Comparison): string {
  const introduced = findings.filter(({ change }) => change === 'introduced').length;
  const counts = [
    `${introduced} introduced`,
    `${fixed.length} fixed`,
    `${findings.length - introduced} before`,
    ...(silenced ? [`${silenced} suppressed by this change`] : []),
  ];
  return counts.join(', ');
}

/** Items by file, in the order they come. */
export function byFile<T extends { readonly file: string }>(items: readonly T[]): Map<string, T[]> {
  const files = new Map<string, T[]>();
  for (const item of items) {
    const list = files.get(item.file);
    if (list) list.push(item);
    else files.set(item.file, [item]);
  }
  return files;
}

/** How many findings `--fix` would mend. */
export function fixable(result: Result): number {
  return result.findings.filter((item) => item.fixes.some((fix) => fix.safe)).length;
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
