/** The report for GitHub Actions: workflow commands that become annotations. */

import { SIDE_NAMES } from '../../analysis/present.ts';
import type { Severity } from '../../rules/rule.ts';
import type { Place, Result } from '../result.ts';
import { bySeverity, bySide, changeCounts, count, harmless } from './words.ts';

const COMMAND: Record<Severity, 'error' | 'warning' | 'notice'> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'notice',
  info: 'notice',
};

/** With a base, only what the change introduces is annotated. */
export function githubReport({ findings: all, errors, comparison }: Result): string {
  const lines: string[] = [];
  const findings = all.filter(({ change }) => change !== 'before');
  for (const error of errors) lines.push(command(error.fatal ? 'error' : 'warning', error, 'Demarc', error.message));
  for (const item of findings) {
    const { rule, owner, severity, condition, resource } = item;
    const facts = [SIDE_NAMES[owner.side], ...(resource === '*' ? [] : [resource])].join(', ');
    const message = `${item.message}${condition ? ` (when ${condition})` : ''} [${facts}]`;
    lines.push(command(COMMAND[severity], item, `${rule.title} (${rule.id})`, message));
  }
  if (comparison) lines.push(data(`Demarc: ${changeCounts(all, comparison)}.`));
  else if (findings.length)
    lines.push(
      data(`Demarc: ${count(findings.length, 'finding')} (${bySeverity(findings)}). Whose side: ${bySide(findings)}.`),
    );
  return lines.map((line) => `${line}\n`).join('');
}

function command(name: string, { file, range }: Partial<Place>, title: string, message: string): string {
  const parts = [`file=${property(file ?? '')}`];
  if (range) {
    const { start, end } = range;
    parts.push(`line=${start.line + 1}`, `endLine=${end.line + 1}`);
    // Columns are only understood within one line.
    if (start.line === end.line) parts.push(`col=${start.character + 1}`, `endColumn=${end.character + 1}`);
  }
  parts.push(`title=${property(title)}`);
  return `::${name} ${parts.join(',')}::${data(message)}`;
}

/** A workflow command ends at the line's end, its properties at a comma or colon: text of a template must not. */
function data(text: string): string {
  return harmless(text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A'));
}

function property(text: string): string {
  return data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
