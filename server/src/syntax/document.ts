/** A parsed text: its trees, its comments, what could not be read, and where its lines begin. */

import { compareTexts } from './change.ts';
import type { Node } from './node.ts';

/** Something the parser could not read. Offsets are the document's. */
export interface SyntaxProblem {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  /** A limit was reached: what stands there was not read, whether it is right or wrong. */
  readonly leftOut?: true;
}

/** A comment, offsets of the document, `text` without its marker (`#`, `//`, `/*`) and trimmed. */
export interface Comment {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Nothing but white space stands before it on its line. */
  readonly ownLine: boolean;
}

export interface SyntaxDocument {
  /** Where the text came from, as the caller names it (a URI in the editor, a path on the command line). */
  readonly uri: string;
  readonly language: 'json' | 'yaml' | 'hcl';
  readonly text: string;
  /** One tree a YAML document, one in JSON; none where the text holds nothing. */
  readonly roots: readonly Node[];
  readonly problems: readonly SyntaxProblem[];
  readonly lines: LineIndex;
  /** All comments in order; computed on first use. */
  comments(): readonly Comment[];
}

/** Zero-based line and UTF-16 character, as in the language server protocol. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Line starts of a text, found once. `\n`, `\r\n` and a lone `\r` end a line. */
export class LineIndex {
  readonly starts: readonly number[];

  /**
   * @param previous lines of an earlier version of the text: those that did not change are taken over
   */
  constructor(
    readonly text: string,
    previous?: LineIndex,
  ) {
    const known = previous && startsAfter(previous, text);
    if (known) {
      this.starts = known;
      return;
    }
    const starts = [0];
    // Most texts have line feeds only, which are found fastest so.
    const returns = text.includes('\r');
    for (let i = returns ? -1 : text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
    for (let i = 0; returns && i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c === 10) starts.push(i + 1);
      else if (c === 13 && text.charCodeAt(i + 1) !== 10) starts.push(i + 1);
    }
    this.starts = starts;
  }

  /** The line an offset lies in; offsets outside the text are clamped. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  positionAt(offset: number): Position {
    const clamped = Math.max(0, Math.min(offset, this.text.length));
    const line = this.lineAt(clamped);
    return { line, character: clamped - (this.starts[line] as number) };
  }

  range(start: number, end: number): Range {
    return { start: this.positionAt(start), end: this.positionAt(end) };
  }

  /** Offset of a position, clamped to its line. */
  offsetAt(position: Position): number {
    const start = this.starts[Math.max(0, Math.min(position.line, this.starts.length - 1))] as number;
    return Math.min(start + position.character, this.lineEnd(position.line));
  }

  /** Offset behind the last character of a line, before its line break. */
  lineEnd(line: number): number {
    const next = this.starts[line + 1];
    if (next === undefined) return this.text.length;
    const c = this.text.charCodeAt(next - 2);
    return this.text.charCodeAt(next - 1) === 10 && c === 13 && next >= 2 ? next - 2 : next - 1;
  }

  /** The text of a line without its line break. */
  lineText(line: number): string {
    return this.text.slice(this.starts[line] ?? this.text.length, this.lineEnd(line));
  }
}

/** Line starts by those of an earlier version; undefined where carriage returns end lines, which may part and meet. */
function startsAfter({ text: old, starts }: LineIndex, text: string): number[] | undefined {
  if (old.includes('\r') || text.includes('\r')) return undefined;
  const { prefix, behind, shift } = compareTexts(old, text);
  // A start is decided by the line feed before it.
  const from = upTo(starts, prefix);
  const to = upTo(starts, behind);
  const found = starts.slice(0, from);
  for (let i = text.indexOf('\n', prefix); i >= 0 && i < behind + shift; i = text.indexOf('\n', i + 1))
    found.push(i + 1);
  for (let i = to; i < starts.length; i++) found.push((starts[i] as number) + shift);
  return found;
}

/** How many starts there are up to an offset, itself included. */
function upTo(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as number) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
