/** Reports that are written a file at a time: what they remember of a file is numbers. */

import type { Severity, Side } from '../../rules/rule.ts';
import { compare } from '../files.ts';
import type { FileResult, Result, Totals } from '../result.ts';
import { isFixable } from './words.ts';

export interface StreamedReport {
  /** The text for a file; files come in order, one now and then again. */
  file(result: FileResult): string;
  /** What follows all files. */
  end(totals: Totals): string;
}

/** What there was, in numbers. */
export class Tally {
  findings = 0;
  introduced = 0;
  suppressed = 0;
  errors = 0;
  fixable = 0;
  /** Files with findings. */
  files = 0;
  readonly severities = new Map<Severity, number>();
  readonly sides = new Map<Side, number>();

  add({ findings, suppressed, errors }: FileResult): void {
    this.findings += findings.length;
    this.suppressed += suppressed.length;
    this.errors += errors.length;
    if (findings.length) this.files++;
    for (const item of findings) {
      const { severity, owner, change } = item;
      this.severities.set(severity, (this.severities.get(severity) ?? 0) + 1);
      this.sides.set(owner.side, (this.sides.get(owner.side) ?? 0) + 1);
      if (change === 'introduced') this.introduced++;
      if (isFixable(item)) this.fixable++;
    }
  }
}

/** Writes a result at once. */
export function wholeReport(report: StreamedReport, result: Result): string {
  const texts = byFile(result).map((one) => report.file(one));
  return [...texts, report.end(result)].join('');
}

function byFile(result: Result): FileResult[] {
  const files = new Map<string, { [K in keyof Omit<FileResult, 'file'>]: FileResult[K][number][] }>();
  for (const kind of ['findings', 'suppressed', 'errors', 'notes'] as const) {
    for (const one of result[kind]) {
      let lists = files.get(one.file);
      if (!lists) {
        lists = { findings: [], suppressed: [], errors: [], notes: [] };
        files.set(one.file, lists);
      }
      (lists[kind] as unknown[]).push(one);
    }
  }
  return [...files].sort(([a], [b]) => compare(a, b)).map(([file, lists]) => ({ file, ...lists }));
}
