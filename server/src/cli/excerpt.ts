/** The part of a line that is shown with a finding: a line may be megabytes long, and have thousands of findings. */

import type { Range } from '../syntax/document.ts';

/** Columns of a line that are shown; longer lines are cut around what is underlined. */
const MAX_COLUMNS = 120;

export interface Excerpt {
  readonly text: string;
  /** How many characters of the line are left out in front. */
  readonly from: number;
  /** Whether the line goes on behind. */
  readonly goesOn: boolean;
  /** Where in the text what is wrong begins and ends. */
  readonly start: number;
  readonly end: number;
}

/** @param line the line that the range begins on, without its end */
export function excerptOf(line: string, { start, end }: Range): Excerpt {
  const to = end.line === start.line ? end.character : line.trimEnd().length;
  // What lies far to the right is brought into view.
  const from =
    start.character > MAX_COLUMNS - 40 ? Math.max(0, Math.min(start.character - 40, line.length - MAX_COLUMNS)) : 0;
  const begins = start.character - from;
  return {
    text: line.slice(from, from + MAX_COLUMNS),
    from,
    goesOn: from + MAX_COLUMNS < line.length,
    start: begins,
    end: Math.max(begins + 1, to - from),
  };
}
