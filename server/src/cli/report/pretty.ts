/** The report for people at a terminal. */

import { createColors } from 'picocolors';
import { SIDE_NAMES } from '../../analysis/present.ts';
import type { Severity } from '../../rules/rule.ts';
import type { Item, Problem, Result } from '../result.ts';
import { byFile, bySeverity, bySide, changeCounts, count, fileName, fixable, harmless } from './words.ts';

export interface PrettyOptions {
  readonly color: boolean;
  /** Findings and errors only. */
  readonly quiet: boolean;
}

type Colors = ReturnType<typeof createColors>;

/** Columns of a line that are shown; longer lines are cut around what is underlined. */
const MAX_COLUMNS = 120;

export function prettyReport(result: Result, options: PrettyOptions): string {
  const c = createColors(options.color);
  const blocks: string[] = [];
  const notes = options.quiet ? [] : result.notes;
  const findings = byFile(result.findings);
  const errors = byFile(result.errors);
  const remarks = byFile(notes);
  const files = [...new Set([...errors.keys(), ...findings.keys(), ...remarks.keys()])].sort();
  for (const file of files) {
    const lines = [c.underline(fileName(file))];
    for (const error of errors.get(file) ?? [])
      lines.push(`  ${at(error, c)}${c.red('error')}  ${harmless(error.message)}`);
    for (const item of findings.get(file) ?? []) lines.push(...finding(item, c));
    for (const note of remarks.get(file) ?? [])
      lines.push(`  ${at(note, c)}${c.dim('note')}  ${harmless(note.message)}`);
    blocks.push(`${lines.join('\n')}\n`);
  }
  if (!options.quiet) blocks.push(summary(result, c));
  return blocks.join('\n');
}

function at({ range }: Problem, c: Colors): string {
  return range ? `${c.dim(`${range.start.line + 1}:${range.start.character + 1}`)}  ` : '';
}

function tint(severity: Severity, c: Colors): string {
  const paint = { critical: c.red, high: c.red, medium: c.yellow, low: c.cyan, info: c.dim }[severity];
  const text = paint(severity);
  return severity === 'critical' ? c.bold(text) : text;
}

function finding(item: Item, c: Colors): string[] {
  const { range, rule, owner, resource, condition, related, fixes } = item;
  const position = c.dim(`${range.start.line + 1}:${range.start.character + 1}`);
  const mark = item.change === 'introduced' ? `${c.bold(c.magenta('new'))}  ` : '';
  const lines = [`  ${position}  ${mark}${tint(item.severity, c)}  ${harmless(item.message)}  ${c.dim(rule.id)}`];
  const facts = [c.bold(SIDE_NAMES[owner.side])];
  if (resource !== '*') facts.push(`resource ${harmless(resource)}`);
  if (condition) facts.push(`when ${harmless(condition)}`);
  lines.push(`        ${facts.join(c.dim(' · '))}`, ...source(item, c));
  for (const one of related) {
    lines.push(
      c.dim(
        `        ${harmless(one.message)}: ${harmless(one.file)}:${one.range.start.line + 1}:${one.range.start.character + 1}`,
      ),
    );
  }
  const [fix] = fixes;
  if (fix)
    lines.push(
      `        ${c.green('fix')}  ${harmless(fix.title)}${c.dim(fix.safe ? ' (demarc lint --fix)' : ' (not by --fix: check it first)')}`,
    );
  return lines;
}

/** The line with what is wrong in it underlined. */
function source({ range, excerpt }: Item, c: Colors): string[] {
  const { start, end } = range;
  const to = end.line === start.line ? end.character : excerpt.trimEnd().length;
  const number = String(start.line + 1).padStart(6);
  // What lies far to the right is brought into view.
  const from =
    start.character > MAX_COLUMNS - 40 ? Math.max(0, Math.min(start.character - 40, excerpt.length - MAX_COLUMNS)) : 0;
  const shown = excerpt.slice(from, from + MAX_COLUMNS);
  const cutLeft = from > 0 ? '…' : '';
  const cutRight = from + MAX_COLUMNS < excerpt.length ? '…' : '';
  const before = cutLeft + shown.slice(0, start.character - from);
  const marked = shown.slice(start.character - from, Math.max(start.character - from + 1, to - from));
  // Tabs stay tabs below tabs, so that both lines are as wide wherever tab stops are.
  const indent = [...before].map((one) => (one === '\t' ? '\t' : ' '.repeat(width(one)))).join('');
  const text = cutLeft + shown + cutRight;
  return [
    `${c.dim(`${number} │`)} ${keepTabs(text)}`,
    `${c.dim('       │')} ${indent}${c.yellow(
      '^'.repeat(
        Math.max(
          1,
          [...marked].reduce((sum, one) => sum + width(one), 0),
        ),
      ),
    )}`,
  ];
}

function keepTabs(text: string): string {
  return text.split('\t').map(harmless).join('\t');
}

/** Terminal columns of a character: 2 for East Asian wide ones and emoji, 0 for marks that combine. */
function width(character: string): number {
  const code = character.codePointAt(0) as number;
  if (code < 0x300) return 1;
  if (/\p{Mn}|\p{Me}|\u200d|[\ufe00-\ufe0f]/u.test(character)) return 0;
  const wide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd);
  return wide ? 2 : 1;
}

function summary(result: Result, c: Colors): string {
  const { findings, suppressed, errors, fixed, files, comparison } = result;
  const lines: string[] = [];
  if (fixed.length) {
    for (const one of fixed)
      lines.push(`${c.green('fixed')}  ${harmless(one.file)}  ${harmless(one.title)}  ${c.dim(one.ruleId)}`);
    lines.push('');
  }
  if (findings.length) {
    const where = count(new Set(findings.map((item) => item.file)).size, 'file');
    lines.push(
      `${c.bold(count(findings.length, 'finding'))} in ${where}: ${bySeverity(findings)}.`,
      `Whose side: ${bySide(findings)}.`,
    );
  } else
    lines.push(
      files
        ? `${c.green('No findings')} in ${count(files, 'file')}.`
        : 'Nothing to lint: no template, configuration or policy was found.',
    );
  const more: string[] = [];
  if (fixed.length) more.push(`${count(fixed.length, 'finding')} fixed`);
  const safe = fixable(result);
  if (safe) more.push(`${safe} can be fixed with --fix`);
  if (suppressed.length) more.push(`${suppressed.length} suppressed`);
  if (errors.length) more.push(c.red(count(errors.length, 'error')));
  if (more.length) lines.push(`${more.join(' · ')}.`);
  if (comparison) lines.push(`Since ${harmless(comparison.base)}: ${c.bold(changeCounts(findings, comparison))}.`);
  return `${lines.join('\n')}\n`;
}
