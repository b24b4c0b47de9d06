/** Text inside string scalars: what it decodes to, where each character is written, and JSON that it holds. */

import type { SyntaxProblem } from './document.ts';
import { expressionAt, templateText } from './hcl-source.ts';
import { type JsonProblem, readJson } from './json-reader.ts';
import { type Node, Origin } from './node.ts';

/** The text of a scalar and where it is written. */
export interface DecodedScalar {
  readonly text: string;
  /**
   * For each character of `text`, and for its end, the offset in the scalar's own tree: `node.origin.at(map[i])` is the
   * document's. `new Origin(node.document, 0, map, node)` maps a tree read from `text`.
   */
  readonly map: ArrayLike<number>;
}

/**
 * Decodes a scalar of any style: JSON and YAML escapes, doubled quotes, line folding, and the indentation and final
 * newlines of block scalars. An alias decodes to what it stands for, at the place where that is written.
 * @returns the text, equal to the scalar's value where that is a string, and the offsets; empty for containers
 */
export function decodeScalar(node: Node): DecodedScalar {
  const scalar = node.aliasOf ?? node;
  const known = decodedScalars.get(scalar);
  if (known) return known;
  const decoded = decode(scalar);
  decodedScalars.set(scalar, decoded);
  return decoded;
}

// Nodes never change their text, so what was decoded once stays true.
const decodedScalars = new WeakMap<Node, DecodedScalar>();

/** The scalar as written, quotes and block header included. */
export function rawText(node: Node): string {
  const { host } = node.origin;
  if (host) return decodeScalar(host).text.slice(node.from, node.to);
  return node.document.text.slice(node.start, node.end);
}

class Output {
  text = '';
  readonly map: number[] = [];

  /** Adds text whose every character is written at one place. */
  put(text: string, at: number): void {
    for (let i = 0; i < text.length; i++) this.map.push(at);
    this.text += text;
  }

  /** Adds a stretch of the source as it is. */
  copy(raw: string, from: number, to: number, base: number): void {
    for (let i = from; i < to; i++) this.map.push(base + i);
    this.text += raw.slice(from, to);
  }

  done(end: number): DecodedScalar {
    this.map.push(end);
    return this;
  }
}

function decode(node: Node): DecodedScalar {
  if (!node.isScalar || node.kind === 'missing') return new Output().done(node.from);
  const written = expressionAt(node);
  if (written?.expression.kind === 'template') return templateText(written.expression, written.source.text);
  const raw = rawText(node);
  const json = node.document.language !== 'yaml' || node.origin.host !== undefined;
  let result: DecodedScalar;
  switch (node.style) {
    case 'double':
      result = json ? decodeJson(raw, node.from, node.to) : decodeFlow(raw, node.from, node.to, 'double');
      break;
    case 'single':
      result = decodeFlow(raw, node.from, node.to, 'single');
      break;
    case 'literal':
    case 'folded':
      result = decodeBlock(raw, node);
      break;
    default:
      result = decodeFlow(raw, node.from, node.to, 'plain');
  }
  if (typeof node.value !== 'string' || result.text === node.value) return result;
  // Broken text that its parser recovered in its own way: the value counts, and every character lies in the scalar.
  const rough = new Output();
  for (let i = 0; i < node.value.length; i++) rough.map.push(Math.min(node.from + i, node.to));
  rough.text = node.value;
  return rough.done(node.to);
}

const JSON_ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Escapes of YAML's double quotes, beside those with digits and the escaped line end. */
const YAML_ESCAPES: Readonly<Record<string, string>> = {
  ...JSON_ESCAPES,
  0: '\0',
  a: '\x07',
  e: '\x1b',
  v: '\v',
  ' ': ' ',
  '\t': '\t',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function decodeJson(raw: string, base: number, to: number): DecodedScalar {
  const out = new Output();
  const end = raw.length > 1 && raw.endsWith('"') ? raw.length - 1 : raw.length;
  let i = 1;
  while (i < end) {
    const next = raw.indexOf('\\', i);
    const stop = next < 0 || next > end ? end : next;
    out.copy(raw, i, stop, base);
    i = stop;
    if (i >= end) break;
    const c = raw[i + 1] ?? '';
    if (c === 'u' && /^[\da-fA-F]{4}$/.test(raw.slice(i + 2, i + 6))) {
      out.put(String.fromCharCode(Number.parseInt(raw.slice(i + 2, i + 6), 16)), base + i);
      i += 6;
    } else {
      out.put(JSON_ESCAPES[c] ?? '', base + i);
      i += 2;
    }
  }
  return out.done(Math.min(base + end, to));
}

/** Plain and quoted scalars of YAML: line breaks fold into a space, empty lines into line breaks. */
function decodeFlow(raw: string, base: number, to: number, style: 'plain' | 'single' | 'double'): DecodedScalar {
  const out = new Output();
  const quote = style === 'single' ? "'" : style === 'double' ? '"' : '';
  let end = raw.length;
  let i = 0;
  if (quote) {
    i = 1;
    if (end > 1 && raw.endsWith(quote)) end--;
  }
  while (i < end) {
    const c = raw[i] as string;
    if (c === '\n' || c === '\r') {
      let breaks = 0;
      const at = i;
      while (i < end && /[ \t\n\r]/.test(raw[i] as string)) {
        if (raw[i] === '\n' || (raw[i] === '\r' && raw[i + 1] !== '\n')) breaks++;
        i++;
      }
      out.put(breaks > 1 ? '\n'.repeat(breaks - 1) : ' ', base + at);
    } else if (style === 'single' && c === "'" && raw[i + 1] === "'") {
      out.put("'", base + i);
      i += 2;
    } else if (style === 'double' && c === '\\') {
      const escaped = raw[i + 1] ?? '';
      const digits = HEX_DIGITS[escaped];
      if (digits) {
        const code = Number.parseInt(raw.slice(i + 2, i + 2 + digits), 16);
        out.put(code <= 0x10ffff ? String.fromCodePoint(code) : '', base + i);
        i += 2 + digits;
      } else if (escaped === '\n' || escaped === '\r') {
        // An escaped line end joins the lines.
        i += escaped === '\r' && raw[i + 2] === '\n' ? 3 : 2;
        while (raw[i] === ' ' || raw[i] === '\t') i++;
      } else {
        out.put(YAML_ESCAPES[escaped] ?? escaped, base + i);
        i += 2;
      }
    } else {
      let stop = i + 1;
      while (stop < end && !/[\n\r'\\]/.test(raw[stop] as string)) stop++;
      let to = stop;
      // Blanks before a line break are dropped; escaped ones never come here.
      if (raw[stop] === '\n' || raw[stop] === '\r') while (to > i && /[ \t]/.test(raw[to - 1] as string)) to--;
      out.copy(raw, i, to, base);
      i = stop;
    }
  }
  return out.done(Math.min(base + end, to));
}

/** A line of a block scalar: raw offsets of its indentation, its content and its end. */
interface Line {
  readonly from: number;
  readonly content: number;
  readonly to: number;
}

function decodeBlock(raw: string, node: Node): DecodedScalar {
  const header = /^[|>]([-+]?)([1-9]?)([-+]?)/.exec(raw);
  const chomp = header?.[1] || header?.[3] || '';
  const newline = raw.search(/[\n\r]/);
  if (!header || newline < 0) {
    const out = new Output();
    // All there may be are line breaks, kept by `+`.
    if (typeof node.value === 'string') out.put(node.value, node.to);
    return out.done(node.to);
  }
  const lines: Line[] = [];
  for (let i = newline; i < raw.length; ) {
    i += raw[i] === '\r' && raw[i + 1] === '\n' ? 2 : 1;
    let to = i;
    while (to < raw.length && raw[to] !== '\n' && raw[to] !== '\r') to++;
    let content = i;
    while (content < to && raw[content] === ' ') content++;
    lines.push({ from: i, content, to });
    i = to;
  }
  const first = lines.find((line) => line.content < line.to);
  const indent = first
    ? first.content - first.from
    : lines.reduce((most, line) => Math.max(most, line.to - line.from), 0);
  if (!header[2]) return joinLines(raw, lines, indent, node, chomp);
  // A written indent counts from the parent's; the value tells how far that goes.
  for (let i = 0; i < indent; i++) {
    const result = joinLines(raw, lines, i, node, chomp);
    if (result.text === node.value) return result;
  }
  return joinLines(raw, lines, indent, node, chomp);
}

function joinLines(raw: string, lines: readonly Line[], indent: number, node: Node, chomp: string): DecodedScalar {
  const out = new Output();
  const base = node.from;
  let last = lines.length - 1;
  while (
    last >= 0 &&
    (lines[last] as Line).content === (lines[last] as Line).to &&
    (lines[last] as Line).to - (lines[last] as Line).from <= indent
  )
    last--;
  /** Line breaks that stand between the text so far and the next line. */
  let breaks = 0;
  let begun = false;
  let spaced = false;
  for (let k = 0; k <= last; k++) {
    const { from, content, to } = lines[k] as Line;
    const start = Math.min(from + indent, to);
    const empty = start === to;
    const at = base + Math.max(0, from - 1);
    if (node.style === 'literal') {
      if (k) out.put('\n', at);
    } else if (!begun) {
      if (k) out.put('\n', at);
      if (!empty) begun = true;
      spaced = content > start || raw[content] === '\t';
    } else {
      // Folding: one break between two lines of text is a blank, further ones stay; around indented lines all stay.
      breaks++;
      if (empty) continue;
      const indented = content > start || raw[content] === '\t';
      if (indented || spaced) out.put('\n'.repeat(breaks), at);
      else out.put(breaks === 1 ? ' ' : '\n'.repeat(breaks - 1), at);
      breaks = 0;
      spaced = indented;
    }
    out.copy(raw, start, to, base);
  }
  const value = typeof node.value === 'string' ? node.value : out.text;
  const end = last >= 0 ? base + (lines[last] as Line).to : node.to;
  if (chomp !== '-' && value.startsWith(out.text) && /^\n*$/.test(value.slice(out.text.length))) {
    // The breaks at the end are the parser's to count: they lie behind what the node covers.
    out.put(value.slice(out.text.length), end);
    return out.done(Math.min(end + 1, node.to));
  }
  return out.done(end);
}

/** JSON found in a string. */
export interface EmbeddedJson {
  readonly root?: Node;
  /** In the document's offsets, wherever the string stands by now. */
  readonly problems: readonly SyntaxProblem[];
}

class Embedded implements EmbeddedJson {
  constructor(
    readonly root: Node | undefined,
    private readonly found: readonly JsonProblem[],
    private readonly origin: Origin,
  ) {}

  get problems(): readonly SyntaxProblem[] {
    return this.found.map(({ from, to, ...said }) => ({
      start: this.origin.at(from),
      end: this.origin.at(to),
      ...said,
    }));
  }
}

const embedded = new WeakMap<Node, EmbeddedJson>();

/**
 * Parses the JSON object or array that a string scalar holds. The nodes' `start` and `end` are offsets of the document,
 * their host is the scalar; asked twice, the same tree comes back.
 * @returns undefined, at the cost of one look, where the string does not begin like JSON
 */
export function parseEmbeddedJson(node: Node): EmbeddedJson | undefined {
  const scalar = node.aliasOf ?? node;
  if (scalar.kind !== 'string' || typeof scalar.value !== 'string' || !beginsLikeJson(scalar.value)) return undefined;
  const known = embedded.get(scalar);
  if (known) return known;
  const { text, map } = decodeScalar(scalar);
  const origin = new Origin(scalar.document, 0, map, scalar);
  const { root, problems } = readJson(text, origin);
  const result = new Embedded(root, problems, origin);
  embedded.set(scalar, result);
  return result;
}

function beginsLikeJson(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 123 || c === 91) return true;
    if (c !== 32 && c !== 9 && c !== 10 && c !== 13) return false;
  }
  return false;
}
