/** Edits that know nothing of the tree: letters, lines, blanks. */

import type { Text } from './editable.ts';
import { FRAGMENTS, TYPED } from './fragments.ts';
import { type Below, oneIn, pick } from './random.ts';

/** Letters within a word: a key, a value, or whatever is there. */
export function typeLetters(below: Below, at: Text): string {
  const { units, places } = at.offer;
  const node = oneIn(below, 3) ? units[below(units.length)]?.key : places[below(places.length)]?.node;
  const offset = node ? node.start + below(node.end - node.start + 1) : below(at.text.length + 1);
  const typed = pick(below, TYPED);
  return oneIn(below, 3)
    ? at.text.slice(0, Math.max(0, offset - 1)) + at.text.slice(offset)
    : at.replaced(offset, offset, typed);
}

export function deleteRange(below: Below, at: Text): string {
  const start = below(at.text.length + 1);
  return at.replaced(start, start + 1 + below(oneIn(below, 4) ? 600 : 20), '');
}

export function pasteOwn(below: Below, at: Text): string {
  const lines = at.text.split('\n');
  const from = below(lines.length);
  const copied = lines.slice(from, from + 1 + below(12));
  const to = below(lines.length);
  return [...lines.slice(0, to), ...copied, ...lines.slice(to)].join('\n');
}

export function junk(below: Below, at: Text): string {
  const isLine = oneIn(below, 2);
  let offset = below(at.text.length + 1);
  if (isLine) offset = at.text.lastIndexOf('\n', offset - 1) + 1;
  return at.replaced(offset, offset, pick(below, FRAGMENTS));
}

export function lineEndings(below: Below, at: Text): string {
  if (at.text.includes('\r\n') && oneIn(below, 2)) return at.text.replaceAll('\r\n', '\n');
  if (oneIn(below, 3)) return at.text.replaceAll(/\r?\n/g, '\r\n');
  const offset = at.text.indexOf('\n', below(at.text.length + 1));
  return offset < 0 ? `${at.text}\r\n` : at.replaced(offset, offset, '\r');
}

export function indentLines(below: Below, at: Text): string {
  const lines = at.text.split('\n');
  const from = below(lines.length);
  const depth = (line: string) => /^[ \t]*/.exec(line)?.[0].length ?? 0;
  let to = from + 1;
  // One line, or all that is below it.
  if (oneIn(below, 2)) while (to < lines.length && depth(lines[to] ?? '') > depth(lines[from] ?? '')) to++;
  const by = pick(below, ['  ', ' ', '\t', '-1', '-2', '-2']);
  const moved = lines
    .slice(from, to)
    .map((line) => (by.startsWith('-') ? line.slice(Math.min(depth(line), Number(by.slice(1)))) : by + line));
  return [...lines.slice(0, from), ...moved, ...lines.slice(to)].join('\n');
}
