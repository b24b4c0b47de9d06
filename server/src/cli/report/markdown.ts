/** The report for a pull request's comment or a job's summary. */

import { SIDE_NAMES } from '../../analysis/present.ts';
import type { Item, Result } from '../result.ts';
import { byFile, bySeverity, bySide, count, fixable, harmless } from './words.ts';

export function markdownReport(result: Result): string {
  const { findings, suppressed, errors, fixed, files } = result;
  const lines = ['# Demarc', ''];
  if (findings.length)
    lines.push(`**${count(findings.length, 'finding')}** (${bySeverity(findings)}). Whose side: ${bySide(findings)}.`);
  else lines.push(`No findings in ${count(files, 'file')}.`);
  const more: string[] = [];
  if (fixed.length) more.push(`${count(fixed.length, 'finding')} fixed`);
  if (fixable(result)) more.push(`${fixable(result)} can be fixed with \`demarc lint --fix\``);
  if (suppressed.length) more.push(`${suppressed.length} suppressed`);
  if (more.length) lines.push('', `${more.join(', ')}.`);
  for (const [file, items] of byFile(findings)) {
    lines.push(
      '',
      `## ${escaped(file)}`,
      '',
      '| Line | Severity | Side | Finding | Resource | Rule |',
      '|---:|---|---|---|---|---|',
    );
    lines.push(...items.map(row));
  }
  if (errors.length) {
    lines.push('', '## Errors', '', '| File | Line | Error |', '|---|---:|---|');
    for (const { file, range, message } of errors)
      lines.push(`| ${escaped(file)} | ${range ? range.start.line + 1 : ''} | ${escaped(message)} |`);
  }
  return `${lines.join('\n')}\n`;
}

function row({ range, severity, rule, message, condition, resource }: Item): string {
  const [reference] = rule.references;
  const text = escaped(condition ? `${message} (when ${condition})` : message);
  const id = reference ? `[${escaped(rule.id)}](${reference.url})` : escaped(rule.id);
  return `| ${range.start.line + 1} | ${severity} | ${SIDE_NAMES[rule.owner.side]} | ${text} | ${escaped(resource)} | ${id} |`;
}

/** Text of a template as text: no markup, no HTML, no mention of anybody, no cell of its own. */
function escaped(text: string): string {
  return harmless(text)
    .replace(/[\\`*_{}[\]<>#|~!]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/@/g, '&#64;')
    .replace(/(https?):/gi, '$1&#58;')
    .replace(/www\./gi, 'www&#46;');
}
