/** The report for people at a terminal. */

import { createColors } from 'picocolors';
import { SIDE_NAMES } from '../../analysis/side-names.ts';
import type { Severity } from '../../rules/rule.ts';
import type { FileResult, Item, Problem, Result, Totals } from '../result.ts';
import { type StreamedReport, Tally, wholeReport } from './streamed.ts';
import { changeCounts, count, fileName, harmless, severityCounts, sideCounts } from './words.ts';

export interface PrettyOptions {
  readonly color: boolean;
  /** Findings and errors only. */
  readonly quiet: boolean;
}

type Colors = ReturnType<typeof createColors>;

/** The report, a file at a time. */
export class PrettyReport implements StreamedReport {
  private readonly c: Colors;
  private readonly tally = new Tally();
  private hasBlocks = false;

  constructor(private readonly options: PrettyOptions) {
    this.c = createColors(options.color);
  }

  file(result: FileResult): string {
    const { c } = this;
    this.tally.add(result);
    const notes = this.options.quiet ? [] : result.notes;
    const { errors, findings } = result;
    if (!errors.length && !findings.length && !notes.length) return '';
    const lines = [c.underline(fileName(result.file))];
    for (const error of errors) lines.push(`  ${at(error, c)}${c.red('error')}  ${harmless(error.message)}`);
    for (const item of findings) lines.push(...finding(item, c));
    for (const note of notes) lines.push(`  ${at(note, c)}${c.dim('note')}  ${harmless(note.message)}`);
    return this.block(`${lines.join('\n')}\n`);
  }

  end(totals: Totals): string {
    return this.options.quiet ? '' : this.block(summary(this.tally, totals, this.c));
  }

  private block(text: string): string {
    const block = this.hasBlocks ? `\n${text}` : text;
    this.hasBlocks = true;
    return block;
  }
}

export function prettyReport(result: Result, options: PrettyOptions): string {
  return wholeReport(new PrettyReport(options), result);
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
  if (!excerpt) return [];
  const number = String(range.start.line + 1).padStart(6);
  const cutLeft = excerpt.from > 0 ? '…' : '';
  const cutRight = excerpt.goesOn ? '…' : '';
  const before = cutLeft + excerpt.text.slice(0, excerpt.start);
  const marked = excerpt.text.slice(excerpt.start, excerpt.end);
  // Tabs stay tabs below tabs, so that both lines are as wide wherever tab stops are.
  const indent = [...before].map((one) => (one === '\t' ? '\t' : ' '.repeat(width(one)))).join('');
  const text = cutLeft + excerpt.text + cutRight;
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

function summary(tally: Tally, { fixed, files, comparison }: Totals, c: Colors): string {
  const { findings, suppressed, errors, fixable } = tally;
  const lines: string[] = [];
  if (fixed.length) {
    for (const one of fixed)
      lines.push(`${c.green('fixed')}  ${harmless(one.file)}  ${harmless(one.title)}  ${c.dim(one.ruleId)}`);
    lines.push('');
  }
  if (findings) {
    const where = count(tally.files, 'file');
    lines.push(
      `${c.bold(count(findings, 'finding'))} in ${where}: ${severityCounts(tally.severities)}.`,
      `Whose side: ${sideCounts(tally.sides)}.`,
    );
  } else
    lines.push(
      files
        ? `${c.green('No findings')} in ${count(files, 'file')}.`
        : 'Nothing to lint: no template, configuration or policy was found.',
    );
  const more: string[] = [];
  if (fixed.length) more.push(`${count(fixed.length, 'finding')} fixed`);
  if (fixable) more.push(`${fixable} can be fixed with --fix`);
  if (suppressed) more.push(`${suppressed} suppressed`);
  if (errors) more.push(c.red(count(errors, 'error')));
  if (more.length) lines.push(`${more.join(' · ')}.`);
  if (comparison)
    lines.push(`Since ${harmless(comparison.base)}: ${c.bold(changeCounts(tally.introduced, findings, comparison))}.`);
  return `${lines.join('\n')}\n`;
}
