/**
 * Where heredocs end, and the indentation that those with `<<-` drop: that of the line with the least. Lines of blanks do
 * not count and stay as they are, nor does the line of the closing tag; a line that begins with `${` or `%{` has none.
 */

import { isNamePart, isNameStart } from './hcl-cursor.ts';
import type { TemplatePart } from './hcl-expression.ts';

type TextPart = Extract<TemplatePart, { kind: 'text' }>;

/** The lines of a text that may close a heredoc, found once: looking for each tag line by line takes too long. */
export class ClosingLines {
  /** Offsets of the lines that consist of one name. */
  private readonly byName = new Map<string, number[]>();

  constructor(text: string) {
    for (let line = 0; line >= 0 && line < text.length; line = text.indexOf('\n', line) + 1 || -1) {
      let from = line;
      while (isBlank(text, from)) from++;
      if (!isNameStart(text.charCodeAt(from))) continue;
      let to = from + 1;
      while (isNamePart(text.charCodeAt(to))) to++;
      let end = to;
      while (isBlank(text, end) || text.charCodeAt(end) === 13) end++;
      if (end < text.length && text.charCodeAt(end) !== 10) continue;
      const name = text.slice(from, to);
      const lines = this.byName.get(name);
      if (lines) lines.push(line);
      else this.byName.set(name, [line]);
    }
  }

  /** Offset of the first line from an offset on that closes a heredoc of this tag; -1 where there is none. */
  after(tag: string, from: number): number {
    return firstFrom(this.byName.get(tag), from);
  }
}

/** The first of ascending offsets that is not less than another; -1 where there is none. */
export function firstFrom(offsets: readonly number[] | undefined, from: number): number {
  if (!offsets) return -1;
  let low = 0;
  let high = offsets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] as number) < from) low = middle + 1;
    else high = middle;
  }
  return offsets[low] ?? -1;
}

/** The texts of a template in the order written, those within directives included. */
export function textsIn(parts: readonly TemplatePart[]): TextPart[] {
  const texts: TextPart[] = [];
  const collect = (part: TemplatePart): void => {
    if (part.kind === 'text') texts.push(part);
    else if (part.kind === 'if') {
      part.whenTrue.forEach(collect);
      part.whenFalse.forEach(collect);
    } else if (part.kind === 'for') part.body.forEach(collect);
  };
  parts.forEach(collect);
  return texts;
}

/** A line of a text, or what belongs to it of one: offsets of the source, behind its blanks, and behind its end. */
interface Line {
  readonly from: number;
  readonly content: number;
  readonly to: number;
}

/** Lines of a text part; the first only where the part begins it. `from` equals `content` where nothing is to be dropped. */
function linesOf({ from, to }: TextPart, source: string): Line[] {
  const lines: Line[] = [];
  for (let at = from; at < to; ) {
    const next = source.indexOf('\n', at);
    const end = next < 0 || next >= to ? to : next + 1;
    let content = at;
    if (at === 0 || source.charCodeAt(at - 1) === 10) while (content < end && isBlank(source, content)) content++;
    const rest = source.slice(content, end);
    lines.push({ from: at, content: rest === '\n' || rest === '\r\n' ? at : content, to: end });
    at = end;
  }
  return lines;
}

/**
 * Columns that all lines of a heredoc's body begin with.
 * @param from offset of the body's first line in the source
 * @param to offset of the closing tag's line
 */
export function sharedIndent(parts: readonly TemplatePart[], source: string, from: number, to: number): number {
  let least = Number.POSITIVE_INFINITY;
  let behind = from;
  const begins = (at: number) => at < to && (at === from || source.charCodeAt(at - 1) === 10);
  for (const text of textsIn(parts)) {
    if (text.from > behind && begins(behind)) return 0;
    for (const line of linesOf(text, source)) {
      const isEmpty = line.content === line.from && /^[ \t]*\r?\n$/.test(source.slice(line.from, line.to));
      if (begins(line.from) && !isEmpty) least = Math.min(least, line.content - line.from);
    }
    behind = text.to;
  }
  if (begins(behind)) return 0;
  return Number.isFinite(least) ? least : 0;
}

/** The stretches of a text that are left of it without an indentation. */
export function keptStretches(part: TextPart, source: string, indent: number): { from: number; to: number }[] {
  return linesOf(part, source).map(({ from, content, to }) => ({ from: Math.min(from + indent, content), to }));
}

/** Template parts whose texts have lost an indentation. */
export function dedented(parts: readonly TemplatePart[], source: string, indent: number): TemplatePart[] {
  return parts.map((part) => {
    if (part.kind === 'if') {
      const { whenTrue, whenFalse } = part;
      return {
        ...part,
        whenTrue: dedented(whenTrue, source, indent),
        whenFalse: dedented(whenFalse, source, indent),
      };
    }
    if (part.kind === 'for') return { ...part, body: dedented(part.body, source, indent) };
    return part.kind === 'text' ? { ...part, value: dedentedValue(part, source, indent) } : part;
  });
}

function dedentedValue(part: TextPart, source: string, indent: number): string {
  const written = source.slice(part.from, part.to);
  let value = keptStretches(part, source, indent)
    .map(({ from, to }) => source.slice(from, to))
    .join('')
    .replace(/([$%])\1\{/g, '$1{');
  // What `~` has stripped stays so.
  const plain = part.value;
  if (/^\s/.test(written) && !/^\s/.test(plain)) value = value.trimStart();
  if (/\s$/.test(written) && !/\s$/.test(plain)) value = value.trimEnd();
  return value;
}

function isBlank(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  return c === 32 || c === 9;
}
