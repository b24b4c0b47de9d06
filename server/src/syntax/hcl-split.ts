/**
 * Splits HCL into its top-level blocks and attributes by brackets, strings, heredocs and comments alone. Each piece is
 * then read by itself: what is broken in one stays there, and what did not change is not read again.
 */

import { type Change, compareTexts } from './change.ts';
import { heredocHeader, isNameStart } from './hcl-cursor.ts';
import { ClosingLines, firstFrom } from './hcl-heredoc.ts';

/** Offsets of the document. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A block or attribute, from its first character to behind its last. */
export interface PieceSpan extends Span {
  /** Where the line behind it starts; undefined where the text ends. Whatever is read from there on is so by itself. */
  readonly next: number | undefined;
}

export interface Pieces {
  readonly pieces: readonly PieceSpan[];
  readonly comments: readonly Span[];
  /** Where a comment begins that is not closed. */
  readonly openComments: readonly Span[];
  /** What stands in one piece decides on those before: nothing can be taken over from it. */
  readonly isEntangled: boolean;
}

/** Pieces with how many of the first and of the last are those of an earlier version. */
export interface LaterPieces extends Pieces {
  readonly first: number;
  readonly last: number;
}

/** How a line begins that opens a block of Terraform's top level: where brackets do not match, a block surely begins there. */
const TOP_LEVEL =
  /(?:(?:resource|data|ephemeral)[ \t]+"[^"\n]*"[ \t]+"[^"\n]*"|(?:variable|output|module|provider|check)[ \t]+"[^"\n]*"|locals|terraform|moved|import|removed)[ \t]*\{/y;

/**
 * Splits a text. Linear in its length, whatever it holds.
 * @param earlier a version of the text and its pieces: only what lies around the change is looked at again
 */
export function splitHcl(text: string, earlier?: { readonly text: string; readonly pieces: Pieces }): LaterPieces {
  if (earlier && !earlier.pieces.isEntangled) {
    const change = compareTexts(earlier.text, text);
    const known = new Known(earlier.pieces, change);
    const found = new Splitter(text, false, known).split();
    if (found && !found.isEntangled) return { ...found, first: known.first, last: known.last };
  }
  const strict = new Splitter(text, false).split();
  const pieces = strict ?? (new Splitter(text, true).split() as Pieces);
  return { ...pieces, first: 0, last: 0 };
}

/** What an earlier version knows of a text: where to begin, and where its pieces are met again. */
class Known {
  /** Pieces before the change. */
  readonly first: number;
  /** Pieces behind it, as far as they are taken over. */
  last = 0;

  constructor(
    private readonly earlier: Pieces,
    private readonly change: Change,
  ) {
    this.first = this.upTo(change.prefix);
  }

  /** How many pieces there are whose lines end up to an offset of the earlier text. */
  private upTo(offset: number): number {
    const { pieces } = this.earlier;
    let low = 0;
    let high = pieces.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pieces[middle]?.next ?? Number.POSITIVE_INFINITY) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Where to begin. */
  get start(): number | undefined {
    return this.earlier.pieces[this.first - 1]?.next;
  }

  firstPieces(): PieceSpan[] {
    return this.earlier.pieces.slice(0, this.first);
  }

  firstComments(): Span[] {
    const { start } = this;
    return start === undefined ? [] : this.earlier.comments.filter(({ end }) => end <= start);
  }

  /** What stands from there on, as far as all of it is known. */
  restFrom(at: number): { readonly pieces: readonly PieceSpan[]; readonly comments: readonly Span[] } | undefined {
    const { shift, behind } = this.change;
    if (at < behind + shift) return undefined;
    const index = this.upTo(at - shift);
    if (this.earlier.pieces[index - 1]?.next !== at - shift) return undefined;
    const pieces = this.earlier.pieces.slice(index).map(({ start, end, next }) => ({
      start: start + shift,
      end: end + shift,
      next: next === undefined ? undefined : next + shift,
    }));
    this.last = pieces.length;
    const comments = this.earlier.comments
      .filter(({ start }) => start + shift >= at)
      .map(({ start, end }) => ({ start: start + shift, end: end + shift }));
    return { pieces, comments };
  }
}

class Splitter {
  private readonly pieces: PieceSpan[];
  private readonly comments: Span[];
  private readonly openComments: Span[] = [];
  private heredocs: HeredocLines | undefined;
  private at = 0;
  private start = -1;
  private end = 0;
  private depth = 0;
  private isEntangled = false;

  constructor(
    private readonly text: string,
    /** Whether a line that looks like the top level ends whatever is open. */
    private readonly recovers: boolean,
    private readonly known?: Known,
  ) {
    this.pieces = known?.firstPieces() ?? [];
    this.comments = known?.firstComments() ?? [];
  }

  /** Undefined where brackets do not match and that was not to be expected. */
  split(): Pieces | undefined {
    const { text, known } = this;
    let lineStart = true;
    this.at = known?.start ?? (text.charCodeAt(0) === 0xfeff ? 1 : 0);
    while (this.at < text.length) {
      const c = text.charCodeAt(this.at);
      if (c === 10) {
        this.at++;
        lineStart = true;
        if (this.depth > 0) continue;
        this.flush(this.at);
        const rest = known?.restFrom(this.at);
        if (!rest) continue;
        // There may be too many of them for the arguments of one call.
        for (const one of rest.pieces) this.pieces.push(one);
        for (const one of rest.comments) this.comments.push(one);
        break;
      }
      if (c === 32 || c === 9 || c === 13) {
        this.at++;
        lineStart = false;
        continue;
      }
      if (this.comment(c)) {
        if (this.openComments.length && !this.recovers) return undefined;
        continue;
      }
      if (this.recovers && lineStart && this.isTopLevel()) {
        this.flush(undefined);
        this.depth = 0;
      }
      lineStart = false;
      if (this.start < 0) this.start = this.at;
      if (!this.token(c)) return undefined;
      this.end = this.at;
    }
    if (this.depth !== 0 && !this.recovers) return undefined;
    this.flush(undefined);
    const { pieces, comments, openComments } = this;
    return { pieces, comments, openComments, isEntangled: this.isEntangled || this.recovers };
  }

  private flush(next: number | undefined): void {
    if (this.start >= 0) this.pieces.push({ start: this.start, end: this.end, next });
    this.start = -1;
  }

  private isTopLevel(): boolean {
    if (this.at !== 0 && this.text.charCodeAt(this.at - 1) !== 10) return false;
    TOP_LEVEL.lastIndex = this.at;
    return TOP_LEVEL.test(this.text);
  }

  private comment(c: number): boolean {
    const { text } = this;
    const next = text.charCodeAt(this.at + 1);
    let end: number;
    if (c === 35 || (c === 47 && next === 47)) end = lineEnd(text, this.at);
    else if (c === 47 && next === 42) {
      const close = this.openComments.length ? -1 : text.indexOf('*/', this.at + 2);
      // One that is not closed is no reason to lose the rest of the file.
      end = close >= 0 ? close + 2 : lineEnd(text, this.at);
      if (close < 0) this.openComments.push({ start: this.at, end: this.at + 2 });
    } else return false;
    this.comments.push({ start: this.at, end });
    this.at = end;
    return true;
  }

  /** Skips one token; false where a bracket closes nothing. */
  private token(c: number): boolean {
    const { text } = this;
    if (c === 34) this.at = this.stringEnd(this.at);
    else if (c === 60 && text.charCodeAt(this.at + 1) === 60) this.at = this.heredocEnd(this.at);
    else if (c === 123 || c === 91 || c === 40) {
      this.depth++;
      this.at++;
    } else if (c === 125 || c === 93 || c === 41) {
      this.at++;
      if (this.depth > 0) this.depth--;
      else return this.recovers;
    } else if (isNameStart(c)) {
      this.at++;
      while (this.at < text.length && isWord(text.charCodeAt(this.at))) this.at++;
    } else this.at++;
    return true;
  }

  /** Behind a quoted text, its interpolations included; at the end of the line where it is not closed. */
  private stringEnd(from: number): number {
    const { text } = this;
    // Braces that are open, text around an interpolation as -1: no recursion, however deep it goes.
    const stack: number[] = [-1];
    let at = from + 1;
    while (at < text.length) {
      const c = text.charCodeAt(at);
      const top = stack[stack.length - 1] as number;
      if (top < 0) {
        if (c === 92) at += 2;
        else if (c === 34) {
          stack.pop();
          at++;
          if (!stack.length) return at;
        } else if (c === 10) return at;
        else if ((c === 36 || c === 37) && text.charCodeAt(at + 1) === c && text.charCodeAt(at + 2) === 123) at += 3;
        else if ((c === 36 || c === 37) && text.charCodeAt(at + 1) === 123) {
          stack.push(0);
          at += 2;
        } else at++;
      } else {
        if (c === 34) stack.push(-1);
        else if (c === 123) stack[stack.length - 1] = top + 1;
        else if (c === 125) {
          if (top === 0) stack.pop();
          else stack[stack.length - 1] = top - 1;
        } else if (c === 10 && this.recovers) return at;
        at++;
      }
    }
    return at;
  }

  /**
   * Behind a heredoc's closing tag; where it is not closed, behind its first line. The tag that closes another heredoc of
   * a later block does not close it.
   */
  private heredocEnd(from: number): number {
    const { text } = this;
    const header = heredocHeader(text, from);
    if (!header) return from + 2;
    const { tag, body } = header;
    this.heredocs ??= new HeredocLines(text);
    const line = this.heredocs.closing.after(tag, body);
    const isOpen = line < 0 || this.heredocs.opensAgain(tag, body, line);
    // What follows may close it some day.
    if (isOpen) this.isEntangled = true;
    return isOpen ? body - 1 : text.indexOf(tag, line) + tag.length;
  }
}

/** Lines of a text that tell where its heredocs end. */
class HeredocLines {
  readonly closing: ClosingLines;
  private readonly topLevel: number[] = [];
  private readonly opening = new Map<string, number[]>();

  constructor(text: string) {
    this.closing = new ClosingLines(text);
    for (let line = 0; line >= 0 && line < text.length; line = text.indexOf('\n', line) + 1 || -1) {
      TOP_LEVEL.lastIndex = line;
      if (TOP_LEVEL.test(text)) this.topLevel.push(line);
    }
    for (let at = text.indexOf('<<'); at >= 0; at = text.indexOf('<<', at + 2)) {
      const header = heredocHeader(text, at);
      if (!header) continue;
      const before = this.opening.get(header.tag);
      if (before) before.push(at);
      else this.opening.set(header.tag, [at]);
    }
  }

  /** Whether between two offsets a block of the top level begins, and in it, or behind it, a heredoc of the same tag. */
  opensAgain(tag: string, from: number, to: number): boolean {
    const top = firstFrom(this.topLevel, from);
    if (top < 0 || top > to) return false;
    const opening = firstFrom(this.opening.get(tag), top);
    return opening >= 0 && opening < to;
  }
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

function isWord(c: number): boolean {
  return isNameStart(c) || (c >= 48 && c <= 57) || c === 45;
}
