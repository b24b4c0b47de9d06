/** A parsed text: its trees, its comments, what could not be read, and where its lines begin. */

import { type Change, compareTexts } from './change.ts';
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

/** Where lines start: some of an earlier version, all of them from one line on moved by as much. */
interface Starts {
  readonly list: readonly number[];
  readonly from: number;
  readonly shift: number;
}

/** Line starts of a text, found once. `\n`, `\r\n` and a lone `\r` end a line. */
export class LineIndex {
  private readonly starts: Starts;
  /** What was written anew since the earlier version, offsets of this text; undefined where that is not known. */
  readonly changed: { readonly start: number; readonly end: number } | undefined;
  /** Carriage returns may part from their line feeds and meet them: what is known of an earlier version says little then. */
  private readonly hasReturns: boolean;

  /**
   * @param previous lines of an earlier version of the text: those that did not change are taken over
   */
  constructor(
    readonly text: string,
    previous?: LineIndex,
  ) {
    const change = previous && compareTexts(previous.text, text);
    const known = change && previous.after(text, change);
    this.changed = change && { start: change.prefix, end: change.behind + change.shift };
    // Most texts have line feeds only, which are found fastest so.
    this.hasReturns = !known && text.includes('\r');
    this.starts = known ?? { list: this.hasReturns ? startsIn(text) : startsBehindFeeds(text), from: 0, shift: 0 };
  }

  /** The starts of a later version of the text; undefined where carriage returns end lines in either. */
  private after(text: string, { prefix, behind, shift }: Change): Starts | undefined {
    if (this.hasReturns) return undefined;
    const { starts } = this;
    const end = behind + shift;
    if (text.slice(prefix, end).includes('\r')) return undefined;
    // A start is decided by the line feed before it.
    const from = this.upTo(prefix);
    const to = this.upTo(behind);
    const first = text.indexOf('\n', prefix);
    const isWithin = to === from && (first < 0 || first >= end);
    // Keys on one line, one after the other.
    if (isWithin && (starts.shift === 0 || starts.from === from))
      return { list: starts.list, from, shift: starts.shift + shift };
    const { length } = starts.list;
    const list: number[] = [];
    for (let i = 0; i < from; i++) list.push(this.at(i));
    for (let i = first; i >= 0 && i < end; i = text.indexOf('\n', i + 1)) list.push(i + 1);
    for (let i = to; i < length; i++) list.push(this.at(i) + shift);
    return { list, from: 0, shift: 0 };
  }

  private at(line: number): number {
    const { list, from, shift } = this.starts;
    return (list[line] as number) + (line >= from ? shift : 0);
  }

  /** How many starts there are up to an offset, itself included. */
  private upTo(offset: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at(middle) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** How many lines there are; an empty text has one. */
  get count(): number {
    return this.starts.list.length;
  }

  /** Offset of a line's first character; undefined where there is no such line. */
  start(line: number): number | undefined {
    return line >= 0 && line < this.count ? this.at(line) : undefined;
  }

  /** The line an offset lies in; offsets outside the text are clamped. */
  lineAt(offset: number): number {
    return Math.max(0, this.upTo(offset) - 1);
  }

  positionAt(offset: number): Position {
    const clamped = Math.max(0, Math.min(offset, this.text.length));
    const line = this.lineAt(clamped);
    return { line, character: clamped - this.at(line) };
  }

  range(start: number, end: number): Range {
    return { start: this.positionAt(start), end: this.positionAt(end) };
  }

  /** Whether a range is that of the offsets: as comparing it with {@link range}, but nothing is made. */
  isRange({ start, end }: Range, from: number, to: number): boolean {
    return this.isAt(start, from) && this.isAt(end, to);
  }

  private isAt({ line, character }: Position, offset: number): boolean {
    const start = this.start(line);
    if (start === undefined || start + character !== offset || offset > this.text.length) return false;
    const next = this.start(line + 1);
    return next === undefined || offset < next;
  }

  /** Offset of a position, clamped to its line. */
  offsetAt(position: Position): number {
    const start = this.at(Math.max(0, Math.min(position.line, this.count - 1)));
    return Math.min(start + position.character, this.lineEnd(position.line));
  }

  /** Offset behind the last character of a line, before its line break. */
  lineEnd(line: number): number {
    const next = this.start(line + 1);
    if (next === undefined) return this.text.length;
    const c = this.text.charCodeAt(next - 2);
    return this.text.charCodeAt(next - 1) === 10 && c === 13 && next >= 2 ? next - 2 : next - 1;
  }

  /** The text of a line without its line break. */
  lineText(line: number): string {
    return this.text.slice(this.start(line) ?? this.text.length, this.lineEnd(line));
  }
}

function startsBehindFeeds(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

function startsIn(text: string): number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return starts;
}
