/** The word at a cursor in JSON, HCL and YAML's brackets, also inside strings, and what is written around it. */

import type { WrittenResource } from './complete-own.ts';
import { type ScanMode, type Scanned, scan } from './complete-scan.ts';

/** Stands in the text for the word at the cursor. No policy holds this word. */
export const MARK = 'DemarcCompletionMark';

/** What is written around the word, for those who insert it. */
export interface Place {
  /** The text in which {@link MARK} stands for the word: all of it, or the resource around. */
  readonly marked: string;
  /** Offsets of the document: what is to be replaced, quotes excluded. */
  readonly start: number;
  readonly end: number;
  /** Document offset where the quote before `start` begins; `start` without one. Left out in YAML. */
  readonly quoteStart?: number;
  /** The text of the word up to the cursor, escapes undone. */
  readonly prefix: string;
  /** `block`: YAML without brackets. */
  readonly style: ScanMode | 'block';
  /** The quote before `start`; empty without one. */
  readonly quote: '' | '"' | "'";
  /** The quote that closes it stands at `end`, this long in the document; 0 where it is missing. */
  readonly closing: number;
  /** `any`: the first thing in a block, which decides whether it is an object, a list or a scalar. */
  readonly role: 'key' | 'value' | 'any';
  /** The colon behind the key is written. */
  readonly hasColon: boolean;
  /** To be written before the word: a blank behind a colon, the dash of a list item. */
  readonly lead: string;
  /** Behind a key's colon, on its line. */
  readonly inline: boolean;
  /** To be written behind the word: a comma, a bracket. */
  readonly trail: string;
  /** Document offset where a comma is missing before the word. */
  readonly commaAt: number | undefined;
  /** In a block of HCL: what follows a key may be a block, too. */
  readonly inBlock?: boolean;
  /** A shorter text with the mark, for where {@link marked} does not parse. */
  readonly cut?: string;
  /** The members of the policy alone, with the mark, for where nothing else says that it is one. */
  readonly policy?: string;
  /** The resources of all of the text, where {@link marked} is a part of it. */
  readonly resources?: (isWanted: (type: string) => boolean) => readonly WrittenResource[];
  /** Keys of the objects around, as far as the syntax shows them; undefined where it does not. */
  readonly path: readonly string[] | undefined;
  /** The text of an `Fn::Sub`. */
  readonly substitutes: boolean;
  /** Escapes text for the strings around. */
  encode(text: string): string;
}

/** Text inside strings, and how its offsets and characters are written in the document. */
export interface Layer {
  readonly text: string;
  at(offset: number): number;
  encode(text: string): string;
}

/** Replaces a range of the document. */
export type Repair = (start: number, end: number, piece: string) => string;

/** The place in a layer of JSON, HCL or flow style, or in the JSON that a string of it holds. */
export function scannedPlace(
  layer: Layer,
  from: number,
  offset: number,
  mode: ScanMode,
  repair: Repair,
  depth = 0,
): Place | undefined {
  const scanned = scan(layer.text, from, offset, mode);
  if (!scanned) return undefined;
  const { token } = scanned;
  if (token.quote && scanned.role === 'value' && depth < 3) {
    const inner = embedded(layer, token.from, token.closed ? token.to : token.end, token.quote);
    if (inner) {
      const at = innerOffset(inner, layer.at(offset));
      const hcl = /^\s*\$\{/.test(inner.text);
      if (hcl && !/\bjsonencode\s*\(/.test(inner.text.slice(0, at))) return undefined;
      const start = hcl ? inner.text.indexOf('jsonencode', 0) + 'jsonencode'.length : 0;
      return scannedPlace(inner, start, at, hcl ? 'hcl' : 'json', repair, depth + 1);
    }
  }
  return place(layer, scanned, offset, mode, repair);
}

function place(layer: Layer, scanned: Scanned, offset: number, mode: ScanMode, repair: Repair): Place {
  const { token, role, hasColon, commaAfter, commaBefore, closeList } = scanned;
  // In HCL the next key is on the next line.
  const comma = closeList ? mode !== 'hcl' : commaAfter;
  const trail = `${closeList ? ']' : ''}${comma ? ',' : ''}`;
  const colon = role === 'key' && !hasColon ? (mode === 'hcl' ? ' = "x"' : ': "x"') : '';
  const word = mode === 'hcl' && role === 'key' && !token.quote ? MARK : `"${MARK}"`;
  // An expression must be closed to be read at all; JSON need not.
  const ending = mode === 'hcl' && scanned.closers ? `${scanned.closers}}` : '';
  const piece = `${commaBefore === undefined ? '' : ','}${word}${colon}${trail}${ending}`;
  const written = layer.text.slice(token.from, offset);
  const start = layer.at(token.from);
  return {
    marked: repair(layer.at(token.start), layer.at(token.end), layer.encode(piece)),
    start,
    end: layer.at(token.to),
    quoteStart: layer.at(token.start),
    prefix: token.quote === '"' ? unescaped(written) : written,
    style: mode,
    quote: token.quote,
    closing: token.closed ? layer.at(token.end) - layer.at(token.to) : 0,
    role,
    hasColon,
    lead: '',
    inline: true,
    trail,
    commaAt: commaBefore === undefined ? undefined : layer.at(commaBefore),
    inBlock: scanned.inBlock,
    path: scanned.path,
    substitutes: scanned.key === 'Fn::Sub',
    encode: (text) => layer.encode(text),
  };
}

/** The text in a string where that is JSON, or a call of `jsonencode`. */
export function embedded(outer: Layer, from: number, to: number, quote: string): Layer | undefined {
  if (!/^(?:\s|\\[nrt])*(?:[{[]|\$\{)/.test(outer.text.slice(from, Math.min(to, from + 200)))) return undefined;
  const map: number[] = [];
  let text = '';
  const raw = outer.text;
  let i = from;
  while (i < to) {
    map.push(i);
    const c = raw[i] as string;
    if (quote === '"' && c === '\\') {
      const next = raw[i + 1] ?? '';
      if (next === 'u') {
        text += String.fromCharCode(Number.parseInt(raw.slice(i + 2, i + 6), 16) || 32);
        i += 6;
      } else {
        text += ESCAPES[next] ?? next.charAt(0);
        if (next === '') map.pop();
        i += 2;
      }
    } else {
      text += c;
      i += quote === "'" && c === "'" ? 2 : 1;
    }
  }
  map.push(to);
  return {
    text,
    at: (offset) => outer.at(map[Math.min(offset, map.length - 1)] ?? to),
    encode: (piece) => outer.encode(quote === '"' ? escaped(piece) : piece.replaceAll("'", "''")),
  };
}

/** The offset in a layer of a document's offset. */
export function innerOffset(layer: Layer, documentOffset: number): number {
  let low = 0;
  let high = layer.text.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (layer.at(middle) < documentOffset) low = middle + 1;
    else high = middle;
  }
  return low;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** Text as it stands in a JSON string, without the quotes. */
export function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function unescaped(text: string): string {
  return text.includes('\\') ? text.replace(/\\u[\da-fA-F]{4}|\\(.)/g, (whole, c) => ESCAPES[c] ?? c ?? whole) : text;
}
