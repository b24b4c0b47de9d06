/** A position in a text, and the small steps that readers of Terraform's languages are made of. */

import type { Expression } from './hcl-expression.ts';

export interface ExpressionProblem {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

/** Deeper nesting is not read: far beyond what people write, far below what overflows the stack. */
export const MAX_DEPTH = 100;
const MAX_PROBLEMS = 50;

export class Cursor {
  readonly problems: ExpressionProblem[] = [];
  protected depth = 0;

  constructor(
    protected readonly text: string,
    public at: number,
    protected end: number,
    /** Whether line breaks are mere white space. */
    protected newlines: boolean,
  ) {}

  /** Runs with line breaks as white space. */
  protected delimited<T>(read: () => T): T {
    const outer = this.newlines;
    this.newlines = true;
    const result = read();
    this.newlines = outer;
    return result;
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
        const close = text.indexOf('*/', this.at + 2);
        this.at = close < 0 || close + 2 > this.end ? this.end : close + 2;
      } else return;
    }
  }

  /** Skips white space, comments and line breaks. */
  protected lines(): void {
    this.delimited(() => this.space());
  }

  protected identifier(): string | undefined {
    const from = this.at;
    if (from >= this.end || !isNameStart(this.text.charCodeAt(from))) return undefined;
    this.at++;
    while (this.at < this.end && isNamePart(this.text.charCodeAt(this.at))) this.at++;
    return this.text.slice(from, this.at);
  }

  protected nothing(from: number): Expression {
    return { kind: 'invalid', from, to: Math.max(from, this.at) };
  }

  protected invalid(from: number, message: string): Expression {
    this.problem(this.at, Math.min(this.at + 1, this.end), message);
    return this.nothing(from);
  }

  protected problem(from: number, to: number, message: string): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ from, to: Math.max(from, to), message });
  }
}

export function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

export function isNameStart(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || c > 127;
}

function isNamePart(c: number): boolean {
  return isNameStart(c) || isDigit(c) || c === 45;
}

/** The first line of a heredoc: `<<EOF` or `<<-EOF`. */
export function heredocHeader(
  text: string,
  from: number,
): { readonly tag: string; readonly indented: boolean; readonly body: number } | undefined {
  const header = /^<<(-?)([\p{L}_][\p{L}\p{N}_-]*)[ \t]*\r?\n/u.exec(text.slice(from, from + 200));
  return header ? { tag: header[2] as string, indented: header[1] === '-', body: from + header[0].length } : undefined;
}
