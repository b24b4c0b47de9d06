/**
 * Keeps HCL aligned as `terraform fmt` aligns it: the equals signs, and the comments at their ends, of lines that follow
 * each other. After what hclwrite does (github.com/hashicorp/hcl, hclwrite/format.go); checked against the binary.
 */

import type { TextEdit } from './edit.ts';
import { heredocHeader } from './hcl-cursor.ts';

/** A line as the formatter sees it: a heredoc is part of the line that it begins on. Offsets of the text that was read. */
interface Row {
  /** Where the line begins, its indentation included. */
  readonly from: number;
  /** Behind what stands before the equals sign, or before the comment where there is no such sign. */
  readonly lead: number;
  /** The equals sign, where the line holds a whole value; else -1. */
  readonly equals: number;
  /** The equals sign in front of a value of several lines, which is aligned with no other; else -1. */
  readonly opens: number;
  /** Behind the value, or behind the lead. */
  readonly tail: number;
  /** A comment at the line's end; -1 where there is none. */
  readonly comment: number;
}

const OPEN = '([{';
const CLOSE = ')]}';

/** Splits a text into rows. Linear in its length. */
function rowsOf(text: string): Row[] {
  const rows: Row[] = [];
  let from = 0;
  for (let at = 0; at < text.length; ) {
    const row = readRow(text, from);
    rows.push(row.row);
    at = row.next;
    from = at;
  }
  return rows;
}

function readRow(text: string, from: number): { readonly row: Row; readonly next: number } {
  let at = from;
  /** Behind the last token, and how many there were. */
  let last = from;
  let tokens = 0;
  let lead = -1;
  let equals = -1;
  let net = 0;
  let comment = -1;
  while (at < text.length && text[at] !== '\n') {
    const c = text[at] as string;
    if (c === ' ' || c === '\t' || c === '\r') {
      at++;
      continue;
    }
    if (c === '#' || text.startsWith('//', at)) {
      comment = at;
      at = lineEnd(text, at);
      break;
    }
    if (c === '=' && !/[=>]/.test(text[at + 1] ?? '') && !/[=!<>]/.test(text[at - 1] ?? '') && equals < 0 && tokens) {
      lead = last;
      equals = at;
    } else if (OPEN.includes(c)) net += equals < 0 ? 0 : 1;
    else if (CLOSE.includes(c)) net -= equals < 0 ? 0 : 1;
    at = tokenEnd(text, at);
    last = at;
    tokens++;
  }
  const next = Math.min(at + 1, text.length);
  const own = equals >= 0 && net === 0;
  // A line that is nothing but a comment has no comment at its end.
  const ends = comment >= 0 && tokens > 0;
  return {
    row: {
      from,
      lead: own ? lead : last,
      equals: own ? equals : -1,
      opens: own ? -1 : equals,
      tail: last,
      comment: ends ? comment : -1,
    },
    next,
  };
}

/** Behind the token at an offset: a quoted text, a heredoc, a comment between marks, a word, or one character. */
function tokenEnd(text: string, at: number): number {
  if (text[at] === '"') return quotedEnd(text, at);
  if (text.startsWith('/*', at)) {
    const close = text.indexOf('*/', at + 2);
    return close < 0 ? text.length : close + 2;
  }
  if (text.startsWith('<<', at)) {
    const header = heredocHeader(text, at);
    for (let line = header ? header.body : text.length; line < text.length; ) {
      const end = lineEnd(text, line);
      const content = text.slice(line, end);
      if (content.trim() === header?.tag) return line + content.trimEnd().length;
      line = end + 1;
    }
    return header ? text.length : at + 2;
  }
  return at + 1;
}

/** Behind a quoted text; braces of its interpolations are counted, not recursed into. */
function quotedEnd(text: string, from: number): number {
  const stack: number[] = [-1];
  for (let at = from + 1; at < text.length; at++) {
    const c = text[at];
    const top = stack[stack.length - 1] as number;
    if (top < 0) {
      if (c === '\\') at++;
      else if (c === '\n') return at;
      else if (c === '"') {
        stack.pop();
        if (!stack.length) return at + 1;
      } else if ((c === '$' || c === '%') && text[at + 1] === c && text[at + 2] === '{') at += 2;
      else if ((c === '$' || c === '%') && text[at + 1] === '{') {
        stack.push(0);
        at++;
      }
    } else if (c === '"') stack.push(-1);
    else if (c === '{') stack[stack.length - 1] = top + 1;
    else if (c === '}') {
      if (top === 0) stack.pop();
      else stack[stack.length - 1] = top - 1;
    }
  }
  return text.length;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** Characters as a person counts them, nearly: what lies beyond 16 bits counts once. */
function columns(text: string, from: number, to: number): number {
  return Array.from(text.slice(from, to)).length;
}

/** Runs of rows that follow each other and have a cell in common, as indexes [first, end). */
function chains(rows: readonly Row[], has: (row: Row) => boolean): (readonly [number, number])[] {
  const found: [number, number][] = [];
  let first = -1;
  for (let i = 0; i <= rows.length; i++) {
    const row = rows[i];
    if (row && has(row)) {
      if (first < 0) first = i;
    } else if (first >= 0) {
      found.push([first, i]);
      first = -1;
    }
  }
  return found;
}

interface Cells {
  /** Blanks before the cell of a row; undefined where it has no such cell. */
  readonly wanted: (number | undefined)[];
  /** Whether the run that a row is in stands as it should. */
  readonly aligned: (boolean | undefined)[];
}

/** How rows are to be aligned: cells that begin one blank behind the widest text before them. */
function align(
  rows: readonly Row[],
  cell: (row: Row) => number,
  width: (row: Row, index: number) => number,
  before: (row: Row) => number,
): Cells {
  const wanted: (number | undefined)[] = rows.map(() => undefined);
  const aligned: (boolean | undefined)[] = rows.map(() => undefined);
  for (const [first, end] of chains(rows, (row) => cell(row) >= 0)) {
    let most = 0;
    for (let i = first; i < end; i++) most = Math.max(most, width(rows[i] as Row, i));
    let fits = true;
    for (let i = first; i < end; i++) {
      const row = rows[i] as Row;
      wanted[i] = most - width(row, i) + 1;
      if (cell(row) - before(row) !== wanted[i]) fits = false;
    }
    aligned.fill(fits, first, end);
  }
  return { wanted, aligned };
}

/** A stretch of the new text: of the old text, or of an edit. */
interface Segment {
  /** Offsets of the new text. */
  readonly from: number;
  readonly to: number;
  /** Offset in the old text of its first character; undefined for what an edit wrote. */
  readonly old: number | undefined;
}

/**
 * Aligns what edits change, in one stretch of a text.
 * @param text the stretch before the edits
 * @param edits sorted, apart, with offsets of that stretch
 * @returns further edits of the new text: sorted, blanks only
 */
function alignments(text: string, next: string, segments: readonly Segment[]): TextEdit[] {
  const old = rowsOf(text);
  const now = rowsOf(next);
  const rowAt = new Map(old.map((row, index) => [row.from, index]));
  /** The row that a new one was. */
  const origins = now.map((row) => {
    const segment = segments.find((one) => row.from >= one.from && row.from < one.to);
    return segment?.old === undefined ? undefined : rowAt.get(segment.old + row.from - segment.from);
  });
  const edits: TextEdit[] = [];

  const decide = (was: Cells, is: Cells, cell: (row: Row) => number, before: (row: Row) => number): number[] => {
    const blanks = now.map((row) => cell(row) - before(row));
    for (const [first, end] of chains(now, (row) => cell(row) >= 0)) {
      const known = origins.slice(first, end).flatMap((origin) => (origin === undefined ? [] : [was.aligned[origin]]));
      if (known.includes(false)) continue;
      for (let i = first; i < end; i++) blanks[i] = is.wanted[i] as number;
    }
    now.forEach((row, i) => {
      const start = before(row);
      const end = cell(row);
      const wanted = blanks[i] as number;
      if (end >= 0 && end - start !== wanted) edits.push({ start, end, newText: ' '.repeat(Math.max(1, wanted)) });
    });
    return blanks;
  };

  const equals = (row: Row) => row.equals;
  const leadWidth = (source: string) => (row: Row) => columns(source, row.from, row.lead);
  const lead = (row: Row) => row.lead;
  const signs = align(old, equals, leadWidth(text), lead);
  now.forEach(({ opens }, i) => {
    // A value that gets several lines leaves its run.
    const origin = origins[i];
    if (opens < 0 || origin === undefined || !signs.aligned[origin]) return;
    let start = opens;
    while (next[start - 1] === ' ' || next[start - 1] === '\t') start--;
    if (opens - start !== 1) edits.push({ start, end: opens, newText: ' ' });
  });
  const blanks = decide(signs, align(now, equals, leadWidth(next), lead), equals, lead);

  const comment = (row: Row) => row.comment;
  const tail = (row: Row) => row.tail;
  const whole = columns;
  const oldWidth = (row: Row) => whole(text, row.from, row.tail);
  const newWidth = (row: Row, i: number) => {
    const written = whole(next, row.from, row.tail);
    return row.equals < 0 ? written : written - (row.equals - row.lead) + (blanks[i] as number);
  };
  decide(align(old, comment, oldWidth, tail), align(now, comment, newWidth, tail), comment, tail);
  return edits.sort((a, b) => a.start - b.start);
}

/**
 * Edits of a text with what it takes to keep lines aligned that were.
 * @param windows stretches of the text within which alignment is looked at, apart from each other, in order; edits
 *   outside of all are left as they are
 * @param edits sorted, not touching each other
 */
export function alignedEdits(
  text: string,
  edits: readonly TextEdit[],
  windows: readonly { readonly start: number; readonly end: number }[],
): TextEdit[] {
  const result: TextEdit[] = [];
  const left = new Set(edits);
  for (const { start, end } of windows) {
    const inside = [...left].filter((edit) => edit.start >= start && edit.end <= end);
    for (const edit of inside) left.delete(edit);
    if (inside.length) result.push(...alignedWindow(text.slice(start, end), start, inside));
  }
  result.push(...left);
  return result.sort((a, b) => a.start - b.start || a.end - b.end);
}

function alignedWindow(text: string, base: number, edits: readonly TextEdit[]): TextEdit[] {
  const segments: Segment[] = [];
  let next = '';
  let at = 0;
  const copy = (to: number) => {
    if (to > at) segments.push({ from: next.length, to: next.length + to - at, old: at });
    next += text.slice(at, to);
  };
  for (const { start, end, newText } of edits) {
    copy(start - base);
    segments.push({ from: next.length, to: next.length + newText.length, old: undefined });
    next += newText;
    at = end - base;
  }
  copy(text.length);
  const blanks = alignments(text, next, segments);
  if (!blanks.length) return [...edits];
  return compose(edits, segments, next, blanks, base);
}

/** Joins edits of a text with edits of what they make of it. */
function compose(
  edits: readonly TextEdit[],
  segments: readonly Segment[],
  next: string,
  blanks: readonly TextEdit[],
  base: number,
): TextEdit[] {
  const result: TextEdit[] = [];
  const put = (edit: TextEdit) => {
    const last = result[result.length - 1];
    if (last && last.end === edit.start)
      result[result.length - 1] = { start: last.start, end: edit.end, newText: last.newText + edit.newText };
    else result.push(edit);
  };
  let index = 0;
  for (const segment of segments) {
    const touching = blanks.filter((one) => one.start < segment.to && one.end > segment.from);
    // What a change of blanks writes goes where it begins.
    const writes = (one: TextEdit) => (one.start >= segment.from ? one.newText : '');
    if (segment.old === undefined) {
      const edit = edits[index++] as TextEdit;
      let newText = '';
      let at = segment.from;
      for (const one of touching) {
        newText += next.slice(at, Math.max(at, one.start)) + writes(one);
        at = Math.min(one.end, segment.to);
      }
      put({ ...edit, newText: newText + next.slice(at, segment.to) });
      continue;
    }
    for (const one of touching) {
      const start = Math.max(one.start, segment.from);
      const offset = base + segment.old - segment.from;
      put({ start: start + offset, end: Math.min(one.end, segment.to) + offset, newText: writes(one) });
    }
  }
  return result.sort((a, b) => a.start - b.start);
}
