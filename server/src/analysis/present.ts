/** Words for findings, the same in the editor, the hover and every report. */

import type { Fix } from '../rules/fix.ts';
import type { Finding } from '../rules/rule.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import { applyTextEdits, renderEdits, type TextEdit } from '../syntax/edit.ts';
import type { Condition } from '../template/value.ts';

export { SIDE_NAMES } from './side-names.ts';

/** What must hold for a finding to be in force: `IsProd and not IsDev`; undefined where it always is. */
export function conditionText(conditions: readonly Condition[]): string | undefined {
  return conditions.length ? conditions.map((condition) => condition.text).join(' and ') : undefined;
}

/** The fixes of a finding; none where a rule's own code fails. */
export function fixesOf(finding: Finding): readonly Fix[] {
  try {
    return finding.fixes();
  } catch {
    return [];
  }
}

/** The text edits of a fix by document; undefined where it cannot be rendered in the text as it stands. */
export function fixEdits(fix: Fix): ReadonlyMap<SyntaxDocument, readonly TextEdit[]> | undefined {
  try {
    return renderEdits(fix.edits);
  } catch {
    // A fix that cannot be rendered is one that is not offered.
    return undefined;
  }
}

/**
 * The text edits of several fixes at once, for "fix all": fixes whose edits would overlap earlier ones are left out
 * (they are offered again once the others are applied).
 */
export function combinedEdits(fixes: readonly Fix[]): ReadonlyMap<SyntaxDocument, readonly TextEdit[]> {
  const all = fixEdits({ title: '', safe: true, edits: fixes.flatMap((fix) => fix.edits) });
  if (all && [...all.values()].every((edits) => !overlapping(edits))) return all;
  const merged = new Map<SyntaxDocument, TextEdit[]>();
  for (const fix of fixes) {
    const rendered = fixEdits(fix);
    if (!rendered) continue;
    const clash = [...rendered].some(([document, edits]) => overlapping([...(merged.get(document) ?? []), ...edits]));
    if (clash) continue;
    for (const [document, edits] of rendered) merged.set(document, [...(merged.get(document) ?? []), ...edits]);
  }
  return merged;
}

function overlapping(edits: readonly TextEdit[]): boolean {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  return sorted.some((edit, index) => {
    const next = sorted[index + 1];
    // Two insertions at one place have no order that both would agree on.
    return next !== undefined && (next.start < edit.end || next.start === edit.start);
  });
}

/** A fix as a unified diff of the lines it touches, with a line of context; the first document only. */
export function fixDiff(fix: Fix, context = 1): string | undefined {
  const rendered = fixEdits(fix);
  const [first] = rendered ?? [];
  if (!first) return undefined;
  const [document, edits] = first;
  const after = applyTextEdits(document.text, edits);
  return lineDiff(document.text, after, context);
}

/**
 * Unified diff of two texts, for people: each change with `context` lines around it, `@@` between changes that lie apart.
 * Empty where the texts are equal.
 */
export function lineDiff(before: string, after: string, context = 1): string {
  const a = before.split(/\r?\n/);
  const b = after.split(/\r?\n/);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const removed = a.slice(head, a.length - tail);
  const added = b.slice(head, b.length - tail);
  if (!removed.length && !added.length) return '';
  const lines: string[] = a.slice(Math.max(0, head - context), head).map((line) => ` ${line}`);
  let i = 0;
  let j = 0;
  for (const [x, y] of longestCommon(removed, added)) {
    while (i < x) lines.push(`-${removed[i++]}`);
    while (j < y) lines.push(`+${added[j++]}`);
    lines.push(` ${removed[i++]}`);
    j++;
  }
  while (i < removed.length) lines.push(`-${removed[i++]}`);
  while (j < added.length) lines.push(`+${added[j++]}`);
  lines.push(...a.slice(a.length - tail, a.length - tail + context).map((line) => ` ${line}`));
  return hunks(lines, context).join('\n');
}

/** Leaves out unchanged lines that are further than `context` from a change. */
function hunks(lines: readonly string[], context: number): string[] {
  const near = (index: number) =>
    lines.slice(Math.max(0, index - context), index + context + 1).some((line) => !line.startsWith(' '));
  const shown: string[] = [];
  let gap = false;
  lines.forEach((line, index) => {
    if (!near(index)) gap = shown.length > 0;
    else {
      if (gap) shown.push('@@');
      gap = false;
      shown.push(line);
    }
  });
  return shown;
}

/** Pairs of equal lines in order; texts longer than that many lines are shown whole. */
function longestCommon(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  if (a.length * b.length > 40_000) return [];
  const length: number[][] = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number) => length[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      (length[i] as number[])[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}

/** Longer lines of a diff are cut around what changed in them, and longer diffs end early: a minified file is one line. */
const MAX_DIFF_COLUMNS = 160;
const MAX_DIFF_LINES = 60;

/** A diff at a size that a person reads. */
export function shortDiff(diff: string): string {
  const lines = diff.split('\n');
  const added = lines.filter((line) => line.startsWith('+'));
  const removed = lines.filter((line) => line.startsWith('-'));
  let plus = 0;
  let minus = 0;
  const shown = lines.slice(0, MAX_DIFF_LINES).map((line) => {
    const other = line.startsWith('-') ? added[minus++] : line.startsWith('+') ? removed[plus++] : undefined;
    if (line.length <= MAX_DIFF_COLUMNS) return line;
    let same = 1;
    while (other !== undefined && same < line.length && line[same] === other[same]) same++;
    const from = Math.max(1, Math.min(same - 40, line.length - MAX_DIFF_COLUMNS));
    const to = from + MAX_DIFF_COLUMNS;
    return `${line[0]}${from > 1 ? '…' : ''}${line.slice(from, to)}${to < line.length ? '…' : ''}`;
  });
  if (lines.length > shown.length) shown.push('@@ …');
  return shown.join('\n');
}
