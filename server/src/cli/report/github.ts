/** The report for GitHub Actions: workflow commands that become annotations. */

import { SIDE_NAMES } from '../../analysis/side-names.ts';
import type { Severity } from '../../rules/rule.ts';
import type { FileResult, Place, Result, Totals } from '../result.ts';
import { type StreamedReport, Tally, wholeReport } from './streamed.ts';
import { changeCounts, count, harmless, severityCounts, sideCounts } from './words.ts';

const COMMAND: Record<Severity, 'error' | 'warning' | 'notice'> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'notice',
  info: 'notice',
};

/** The report, a file at a time. With a base, only what the change introduces is annotated. */
export class GithubReport implements StreamedReport {
  private readonly tally = new Tally();

  file(result: FileResult): string {
    this.tally.add(result);
    const lines = result.errors.map((error) =>
      command(error.fatal ? 'error' : 'warning', error, 'Demarc', error.message),
    );
    for (const item of result.findings) {
      if (item.change === 'before') continue;
      const { rule, owner, severity, condition, resource } = item;
      const facts = [SIDE_NAMES[owner.side], ...(resource === '*' ? [] : [resource])].join(', ');
      const message = `${item.message}${condition ? ` (when ${condition})` : ''} [${facts}]`;
      lines.push(command(COMMAND[severity], item, `${rule.title} (${rule.id})`, message));
    }
    return lines.map((line) => `${line}\n`).join('');
  }

  end({ comparison }: Totals): string {
    const { findings, introduced, severities, sides } = this.tally;
    if (comparison) return `${data(`Demarc: ${changeCounts(introduced, findings, comparison)}.`)}\n`;
    if (!findings) return '';
    const severity = severityCounts(severities);
    return `${data(`Demarc: ${count(findings, 'finding')} (${severity}). Whose side: ${sideCounts(sides)}.`)}\n`;
  }
}

export function githubReport(result: Result): string {
  return wholeReport(new GithubReport(), result);
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
