/**
 * Pieces of a text that its tree knows: members, items, whole resources; and what takes them out, doubles or moves
 * them.
 */

import type { SyntaxDocument } from '../../../server/src/syntax/document.ts';
import { parseEmbeddedJson } from '../../../server/src/syntax/embedded.ts';
import type { Node } from '../../../server/src/syntax/node.ts';
import type { Resource } from '../../../server/src/template/template.ts';

/** A member of an object, an item of a list, or a block. */
export interface Unit {
  readonly start: number;
  readonly end: number;
  /** It has its lines for itself: they are the range, line break included. */
  readonly lines: boolean;
  readonly key?: Node;
  readonly value: Node;
}

/** A value that could be another one. */
export interface Place {
  readonly node: Node;
  /** Of the member that it is the value of, or the list is in. */
  readonly name: string;
  /** Inside a string: only plain words can be written there. */
  readonly embedded: boolean;
}

/** All that a tree offers, found once for a text. */
export interface Offer {
  readonly document: SyntaxDocument;
  readonly units: readonly Unit[];
  readonly places: readonly Place[];
}

const MAX_NODES = 30_000;

/** Walks a document. What merge keys and aliases bring in is left out: it is written elsewhere. */
export function offerOf(document: SyntaxDocument): Offer {
  const units: Unit[] = [];
  const places: Place[] = [];
  let left = MAX_NODES;
  const walk = (node: Node, name: string, embedded: boolean): void => {
    if (--left < 0 || node.aliasOf) return;
    if (node.isScalar) {
      places.push({ node, name, embedded });
      const inner = !embedded && node.kind === 'string' ? parseEmbeddedJson(node)?.root : undefined;
      if (inner) walk(inner, name, true);
      return;
    }
    if (node.style === 'flow') places.push({ node, name, embedded });
    for (const { key, value, merged, name: own } of node.entries) {
      if (merged) continue;
      if (!embedded) units.push(unitOf(document, value, key));
      walk(value, own, embedded);
    }
    for (const item of node.items) {
      if (!embedded) units.push(unitOf(document, item));
      walk(item, name, embedded);
    }
  };
  for (const root of document.roots) walk(root, '', false);
  return { document, units, places };
}

/** The range of a member or item as it would be cut. */
export function unitOf(document: SyntaxDocument, value: Node, key?: Node): Unit {
  const { text, language } = document;
  const isBlock = language === 'hcl' && value.style === 'block';
  const start = isBlock ? value.outerStart : (key ?? value).outerStart;
  const end = Math.max(value.end, start);
  const more = { key, value };
  if (language === 'json') return { start, end, lines: false, ...more };
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const line = text.indexOf('\n', end);
  const to = line < 0 ? text.length : line + 1;
  const alone = /^[ \t]*(?:- )?$/.test(text.slice(from, start)) && /^[ \t]*(?:#.*)?\r?\n?$/.test(text.slice(end, to));
  return alone && (key || language === 'yaml')
    ? { start: from, end: to, lines: true, ...more }
    : { start, end, lines: false, ...more };
}

/** The range of a whole resource in its document; undefined where it is written in no piece (a plan, a policy file). */
export function unitOfResource({ key, body, document }: Resource): Unit | undefined {
  const isWritten = document.text.length > 0 && key.document === document && body.document === document;
  if (!isWritten || body.end <= key.start) return undefined;
  return unitOf(document, body, key);
}

/** A text without a piece of it, and without the comma that would be left. */
export function without(text: string, { start, end, lines }: Unit): string {
  if (lines) return text.slice(0, start) + text.slice(end);
  const after = /^\s*,[ \t]*(?:\r?\n[ \t]*)?/.exec(text.slice(end, end + 200));
  if (after) return text.slice(0, start) + text.slice(end + after[0].length);
  const before = /,\s*$/.exec(text.slice(Math.max(0, start - 200), start));
  return text.slice(0, start - (before?.[0].length ?? 0)) + text.slice(end);
}

/**
 * A text with a piece right behind one of its own; in lines of its own, where that one has them, at its indentation.
 */
export function withBehind(text: string, unit: Unit, piece: string): string {
  const { start, end, lines } = unit;
  if (lines) {
    const mended = end > 0 && text[end - 1] !== '\n' ? '\n' : '';
    return `${text.slice(0, end)}${mended}${reindented(piece, indentAt(text, start))}\n${text.slice(end)}`;
  }
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const isFirst = /^[ \t]*$/.test(text.slice(from, start));
  const between = isFirst ? `\n${text.slice(from, start)}` : ' ';
  return `${text.slice(0, end)},${between}${piece.trim()}${text.slice(end)}`;
}

/** A text in which two pieces have changed places; undefined where one is part of the other. */
export function swapped(text: string, a: Unit, b: Unit): string | undefined {
  const [first, second] = a.start < b.start ? [a, b] : [b, a];
  if (first.end > second.start || first.lines !== second.lines) return undefined;
  const piece = ({ start, end }: Unit) => text.slice(start, end);
  return (
    text.slice(0, first.start) +
    piece(second) +
    text.slice(first.end, second.start) +
    piece(first) +
    text.slice(second.end)
  );
}

/** The blanks that a line begins with. */
export function indentAt(text: string, offset: number): string {
  const from = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(from, from + 200))?.[0] ?? '';
}

/** Lines moved so that the first has an indentation; without the last line break. */
export function reindented(piece: string, indent: string): string {
  const lines = piece.replace(/\r?\n$/, '').split('\n');
  const own = /^[ \t]*/.exec(lines[0] ?? '')?.[0].length ?? 0;
  return lines
    .map((line) => (line.trim() ? indent + line.slice(Math.min(own, line.length - line.trimStart().length)) : line))
    .join('\n');
}

const WORD = /[\w]/;

/** Where a name stands as a whole word. */
export function occurrences(text: string, name: string): number[] {
  const found: number[] = [];
  if (!name) return found;
  for (let at = text.indexOf(name); at >= 0 && found.length < 200; at = text.indexOf(name, at + name.length)) {
    if (!WORD.test(text[at - 1] ?? ' ') && !WORD.test(text[at + name.length] ?? ' ')) found.push(at);
  }
  return found;
}

/** A text with a name written otherwise, everywhere or at the given places. */
export function renamed(text: string, name: string, other: string, places = occurrences(text, name)): string {
  let result = text;
  for (const at of [...places].sort((a, b) => b - a))
    result = result.slice(0, at) + other + result.slice(at + name.length);
  return result;
}
