/** What reports have in common. */

import type { Severity, Side } from '../../rules/rule.ts';
import { SEVERITIES } from '../arguments.ts';
import type { Item, Result } from '../result.ts';

/** `1 finding`, `2 findings`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

const WHOSE: Record<Side, string> = { customer: 'yours', shared: 'shared', aws: "AWS's" };

/** `2 critical, 1 low`, gravest first; what does not occur is left out. */
export function bySeverity(items: readonly Item[]): string {
  const of = (severity: Severity) => items.filter((item) => item.severity === severity).length;
  return SEVERITIES.filter(of)
    .map((severity) => `${of(severity)} ${severity}`)
    .join(', ');
}

/** `2 yours, 1 shared`: what does not occur is left out. */
export function bySide(items: readonly Item[]): string {
  const of = (side: Side) => items.filter((item) => item.rule.owner.side === side).length;
  return (Object.keys(WHOSE) as Side[])
    .filter(of)
    .map((side) => `${of(side)} ${WHOSE[side]}`)
    .join(', ');
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

/** A text from a template without what would steer a terminal or break a line. */
export function harmless(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ' ');
}
