/** The place of a cursor in HCL that is being typed: in blocks, in expressions, in the JSON of a heredoc. */

import type { SyntaxDocument } from '../syntax/document.ts';
import { piecesOf } from '../syntax/hcl.ts';
import { heredocHeader } from '../syntax/hcl-cursor.ts';
import type { PieceSpan } from '../syntax/hcl-split.ts';
import { Blocks } from './complete-blocks.ts';
import { type Layer, type Place, type Repair, scannedPlace } from './complete-position.ts';
import { scan, stringEnd } from './complete-scan.ts';

/** Nobody writes a longer block. */
const MAX_LENGTH = 400_000;

/** The text around a block. */
interface Surroundings {
  readonly head: string;
  readonly tail: string;
}

/**
 * The place in the block of the top level that an offset lies in.
 * @param isLarge reads only the blocks that decide on what stands there
 * @param known the document of the text, or of a version before
 */
export function hclPlace(text: string, offset: number, isLarge: boolean, known?: SyntaxDocument): Place | undefined {
  const pieces = piecesOf(text, known);
  const index = lastUpTo(pieces, offset);
  const piece = pieces[index];
  if (!piece) return undefined;
  const { start } = piece;
  // A block that is not closed is open up to the next one.
  const end = pieces[index + 1]?.start ?? text.length;
  if (end - start > MAX_LENGTH) return undefined;
  if (!isLarge) return placeIn(text, start, end, offset, () => ({ head: text.slice(0, start), tail: text.slice(end) }));
  const blocks = new Blocks(text, pieces);
  const place = placeIn(text, start, end, offset, (attribute) => {
    const written = (indices: readonly number[]) =>
      indices.map((i) => `${text.slice(pieces[i]?.start, pieces[i]?.end)}\n`).join('');
    const around = blocks.around(index, attribute);
    const own = around.indexOf(index);
    return { head: written(around.slice(0, own)), tail: written(around.slice(own + 1)) };
  });
  return place && { ...place, resources: (isWanted) => blocks.resources(isWanted) };
}

/** @param around the text that is read with the block, by its attribute that the cursor is in, where that is known */
function placeIn(
  text: string,
  start: number,
  end: number,
  offset: number,
  around: (attribute: string | undefined) => Surroundings,
): Place | undefined {
  const block = text.slice(start, end);
  const context = contextAt(block, offset - start);
  const repair: Repair = (from, to, written) => block.slice(0, from - start) + written + block.slice(to - start);
  switch (context.kind) {
    case 'none':
      return undefined;
    case 'heredoc': {
      const from = start + context.from;
      const inner: Layer = layer(text.slice(from, start + context.to), from);
      if (!/^\s*[{[]/.test(inner.text)) return undefined;
      const place = rooted(scannedPlace(inner, 0, offset - from, 'json', repair));
      if (!place) return place;
      // The attribute is that of the block, not a key of the text.
      const { head, tail } = around(undefined);
      const marked = head + place.marked;
      if (context.isClosed) return { ...place, marked: marked + tail };
      // One that is not closed is no text yet.
      return { ...place, marked: marked + tail, cut: `${marked}\n${context.tag}\n}\n${tail}` };
    }
    case 'code': {
      const place = scannedPlace(layer(context.text, start), 0, offset - start, 'hcl', repair);
      if (!place) return undefined;
      const at = offset - start;
      const ended = layer(context.text.slice(0, Math.max(offset, place.end + place.closing) - start), start);
      /** The text with the mark, which ends there with all brackets closed; `before` is what it begins with. */
      const closed = (before: (from: number) => string) =>
        scannedPlace(ended, 0, at, 'hcl', (from, _, written) => `${before(from)}${written}\n`)?.marked;
      const { brackets = [], keys = [], path } = scan(ended.text, 0, at, 'hcl') ?? {};
      const { head, tail } = around(path?.[0]);
      // An expression that is not closed is not read: it can be, where the block ends at the word. Of a loop over what is
      // not known nothing is read either.
      const cut = closed((from) => head + looped(text.slice(start, from)));
      const holder = brackets[keys.indexOf('Statement')];
      // The members of the object with Statement. What closes it and all around it behind them does no harm.
      const policy = holder === undefined ? undefined : closed((from) => text.slice(start + holder + 1, from));
      const isSource = /^data\s+"aws_iam_policy_document"/.test(context.text);
      const marked = head + place.marked + tail;
      return { ...(isSource ? rooted(place) : place), marked, cut: cut && cut + tail, policy };
    }
  }
}

/** The last piece that begins up to an offset; -1 where there is none. */
function lastUpTo(pieces: readonly PieceSpan[], offset: number): number {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pieces[middle] as PieceSpan).start <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** A block in which loops run once. */
function looped(block: string): string {
  return block.replace(/^([ \t]*for_each[ \t]*=)[^\n{["]*$/gm, '$1 ["each"]');
}

/** At the top of a document no key is above that says so. */
function rooted<T extends Place | undefined>(place: T): T {
  return place?.path?.length ? place : place && { ...place, path: undefined };
}

function layer(text: string, base: number): Layer {
  return { text, at: (at) => at + base, encode: (piece) => piece };
}

type Context =
  /** In a comment, or in the header of a heredoc. */
  | { readonly kind: 'none' }
  /** Offsets of the heredoc's content. */
  | {
      readonly kind: 'heredoc';
      readonly from: number;
      readonly to: number;
      readonly tag: string;
      readonly isClosed: boolean;
    }
  /** The text, in which quotes stand for heredocs before the cursor. */
  | { readonly kind: 'code'; readonly text: string };

function contextAt(text: string, cursor: number): Context {
  let masked = text;
  for (let at = 0; at < cursor; ) {
    const c = text[at];
    if (c === '"') at = stringEnd(text, at, 'hcl') + 1;
    else if (c === '#' || (c === '/' && text[at + 1] === '/')) {
      at = lineEnd(text, at);
      if (cursor <= at) return { kind: 'none' };
    } else if (c === '/' && text[at + 1] === '*') {
      const close = text.indexOf('*/', at + 2);
      at = close < 0 ? text.length : close + 2;
      if (cursor < at) return { kind: 'none' };
    } else if (c === '<' && text[at + 1] === '<') {
      const header = heredocHeader(text, at);
      if (!header) {
        at += 2;
        continue;
      }
      const { line, end } = closingTag(text, header.body, header.tag);
      if (cursor < header.body) return { kind: 'none' };
      const isClosed = end > line;
      if (cursor < line || !isClosed)
        return { kind: 'heredoc', from: header.body, to: line, tag: header.tag, isClosed };
      if (cursor <= end) return { kind: 'none' };
      masked = `${masked.slice(0, at)}""${' '.repeat(end - at - 2)}${masked.slice(end)}`;
      at = end;
    } else at++;
  }
  return { kind: 'code', text: masked };
}

/** Where the line of a heredoc's closing tag begins, and where the tag ends; the text's end where there is none. */
function closingTag(text: string, body: number, tag: string): { line: number; end: number } {
  for (let line = body; line < text.length; ) {
    const end = lineEnd(text, line);
    if (text.slice(line, end).trim() === tag) return { line, end: line + text.slice(line, end).trimEnd().length };
    line = end + 1;
  }
  return { line: text.length, end: text.length };
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
