/** A position in a text, and the small steps that readers of Terraform's languages are made of. */

import { ownCopy } from './change.ts';
import type { Expression } from './hcl-expression.ts';
import { addProblem } from './parsed.ts';

export interface ExpressionProblem {
  readonly from: number;
  readonly to: number;
  readonly message: string;
  readonly leftOut?: true;
}

/** Deeper nesting is not read: far beyond what people write, far below what overflows the stack. */
export const MAX_DEPTH = 100;
export const TOO_DEEP = 'Not read: nested too deeply';
const MAX_PROBLEMS = 50;

export class Cursor {
  readonly problems: ExpressionProblem[] = [];
  protected depth = 0;
  /** No comment is closed from here on. */
  private lacksClose = false;

  constructor(
    protected readonly text: string,
    public at: number,
    protected end: number,
    /** Whether line breaks are mere white space. */
    protected newlines: boolean,
  ) {}

  /** The character here; -1 at the end. */
  protected code(): number {
    return this.at < this.end ? this.text.charCodeAt(this.at) : -1;
  }

  /** Takes one character, given by its code. */
  protected takeCode(expected: number): boolean {
    if (this.code() !== expected) return false;
    this.at++;
    return true;
  }

  protected peek(expected: string): boolean {
    return this.at + expected.length <= this.end && this.text.startsWith(expected, this.at);
  }

  protected take(expected: string): boolean {
    if (!this.peek(expected)) return false;
    this.at += expected.length;
    return true;
  }

  /** Skips white space and comments; line breaks only where they mean nothing. */
  protected space(): void {
    const { text } = this;
    while (this.at < this.end) {
      const c = text.charCodeAt(this.at);
      if (c === 32 || c === 9 || c === 13 || (c === 10 && this.newlines)) this.at++;
      else if (c === 35 || (c === 47 && text.charCodeAt(this.at + 1) === 47)) {
        const next = text.indexOf('\n', this.at);
        this.at = next < 0 || next > this.end ? this.end : next;
      } else if (c === 47 && text.charCodeAt(this.at + 1) === 42) {
        const close = this.lacksClose ? -1 : text.indexOf('*/', this.at + 2);
        this.lacksClose = close < 0;
        // One that is not closed ends with its line: no reason to lose the rest.
        const end = close < 0 ? text.indexOf('\n', this.at) : close + 2;
        this.at = end < 0 || end > this.end ? this.end : end;
      } else return;
    }
  }

  /** Skips white space, comments and line breaks. */
  protected lines(): void {
    const outer = this.newlines;
    this.newlines = true;
    this.space();
    this.newlines = outer;
  }

  protected identifier(): string | undefined {
    const { text, end, at: from } = this;
    if (from >= end || !isNameStart(text.charCodeAt(from))) return undefined;
    let at = from + 1;
    while (at < end && isNamePart(text.charCodeAt(at))) at++;
    this.at = at;
    return shared(text.slice(from, at));
  }

  protected nothing(from: number): Expression {
    return { kind: 'invalid', from, to: this.written(from) };
  }

  /** Where what was read from an offset on ends, without the white space behind it. */
  protected written(from: number): number {
    let to = Math.max(from, this.at);
    while (to > from && this.text.charCodeAt(to - 1) <= 32) to--;
    return to;
  }

  protected invalid(from: number, message: string, leftOut?: true): Expression {
    this.problem(this.at, Math.min(this.at + 1, this.end), message, leftOut);
    return this.nothing(from);
  }

  protected problem(from: number, to: number, message: string, leftOut?: true): void {
    const place = { from, to: Math.max(from, to), message };
    addProblem(this.problems, leftOut ? { ...place, leftOut } : place, MAX_PROBLEMS);
  }
}

/** Names that were read last: most are written many times. */
const names = new Map<string, string>();
const MAX_NAMES = 2_000;
const MAX_NAME_LENGTH = 50;

/** A name as the one string that stands for it wherever it is written. */
export function shared(name: string): string {
  const known = names.get(name);
  if (known !== undefined || name.length > MAX_NAME_LENGTH) return known ?? name;
  if (names.size >= MAX_NAMES) names.clear();
  // It outlives the text that it is written in.
  const own = ownCopy(name);
  names.set(own, own);
  return own;
}

const NOTHING: readonly never[] = [];

/** A list that is complete, without the room that one has which grows. */
export function exact<T>(items: readonly T[]): readonly T[] {
  return items.length ? items.slice() : NOTHING;
}

export function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

/** Whether a UTF-16 unit may begin a name: letters of any script and `_`. Halves of surrogate pairs count as letters. */
export function isNameStart(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || (c > 127 && isLetter(c, NAME_START));
}

/** Whether a UTF-16 unit may stand within a name. */
export function isNamePart(c: number): boolean {
  if ((c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || isDigit(c) || c === 45) return true;
  return c > 127 && isLetter(c, NAME_PART);
}

const NAME_START = /\p{ID_Start}/u;
const NAME_PART = /\p{ID_Continue}/u;

function isLetter(c: number, letters: RegExp): boolean {
  return (c >= 0xd800 && c <= 0xdfff) || letters.test(String.fromCharCode(c));
}

/** The first line of a heredoc: `<<EOF` or `<<-EOF`. */
export function heredocHeader(
  text: string,
  from: number,
): { readonly tag: string; readonly indented: boolean; readonly body: number } | undefined {
  const header = /^<<(-?)([\p{L}_][\p{L}\p{N}_-]*)[ \t]*\r?\n/u.exec(text.slice(from, from + 200));
  return header ? { tag: header[2] as string, indented: header[1] === '-', body: from + header[0].length } : undefined;
}
