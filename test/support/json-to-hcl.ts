/**
 * Turns a module in Terraform's JSON syntax into HCL that says the same, as `terraform fmt` lays it out, and knows where
 * each key and value of the JSON text stands in it: what is true of the one has to be true of the other.
 */

import type { SyntaxDocument } from '../../server/src/syntax/document.ts';
import type { Data } from '../../server/src/syntax/edit.ts';
import { isBlockData } from '../../server/src/syntax/edit-hcl-blocks.ts';
import { decodeScalar, parseEmbeddedJson } from '../../server/src/syntax/embedded.ts';
import type { TemplatePart } from '../../server/src/syntax/hcl-expression.ts';
import { parseTemplate } from '../../server/src/syntax/hcl-parser.ts';
import { parseJson } from '../../server/src/syntax/json.ts';
import type { Entry, Node } from '../../server/src/syntax/node.ts';

/** How JSON in a string is written: as an object of HCL, in lines of its own, or with escapes in quotes. */
export type PolicyStyle = 'jsonencode' | 'heredoc' | 'quoted';

/** Offsets of the HCL text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Converted {
  readonly text: string;
  /** Where a key or value of the JSON text stands; undefined for what is not written in HCL. */
  place(node: Node): Range | undefined;
  /** The headers of the blocks within resources around a key or value of the JSON text, the innermost first. */
  headers(node: Node): readonly Range[];
}

/** Thrown for what HCL cannot say; the reason is its message. */
export class NotConvertible extends Error {}

interface Mark {
  /** Of the JSON document. */
  readonly start: number;
  readonly end: number;
  /** In the piece. */
  readonly at: number;
  readonly to: number;
  /** Of a block within a resource: its header. */
  readonly header?: Range;
}

/** Where the characters of a string stand: in the JSON document, and in the piece. */
interface Letters {
  readonly from: readonly number[];
  readonly at: readonly number[];
}

/** Text with what is known of it. */
class Piece {
  text = '';
  readonly marks: Mark[] = [];
  readonly letters: Letters[] = [];

  add(...parts: (string | Piece)[]): this {
    for (const part of parts) {
      const base = this.text.length;
      if (typeof part === 'string') this.text += part;
      else {
        this.text += part.text;
        for (const { start, end, at, to, header } of part.marks)
          this.marks.push({
            start,
            end,
            at: at + base,
            to: to + base,
            header: header && { start: header.start + base, end: header.end + base },
          });
        for (const { from, at } of part.letters) this.letters.push({ from, at: at.map((offset) => offset + base) });
      }
    }
    return this;
  }

  /** Says that a stretch of this text is a node; all of it where no offsets are given. */
  mark(node: Node, at = 0, to = this.text.length, header?: Range): this {
    this.marks.push({ start: node.start, end: node.end, at, to, header });
    return this;
  }
}

const piece = (...parts: (string | Piece)[]) => new Piece().add(...parts);

/** Arguments whose texts name things of the configuration; elements of lists and members of objects as well. */
const NAMING: ReadonlySet<string> = new Set([
  'depends_on',
  'provider',
  'providers',
  'ignore_changes',
  'replace_triggered_by',
  'iterator',
]);

/**
 * Converts a document.
 * @throws NotConvertible for text that is broken or has no form in HCL
 */
export function jsonToHcl(document: SyntaxDocument, style: PolicyStyle): Converted {
  if (document.problems.length) throw new NotConvertible('the JSON text is broken');
  const whole = new Converter(style).file(document);
  const byPlace = new Map<string, Mark>();
  // Of several on one range the first is the one that was written; blocks of a list come before what is in them.
  for (const mark of whole.marks) {
    const key = `${mark.start}:${mark.end}`;
    if (!byPlace.has(key)) byPlace.set(key, mark);
  }
  return {
    text: whole.text,
    place({ start, end }) {
      const mark = byPlace.get(`${start}:${end}`);
      if (mark) return { start: mark.at, end: mark.to };
      // A list of blocks: from the first to the last.
      const blocks = whole.marks.filter((one) => one.header && one.start > start && one.end < end);
      const outer = blocks.filter(
        (one) => !blocks.some((two) => two !== one && two.start <= one.start && one.end <= two.end),
      );
      const [first] = outer;
      const last = outer[outer.length - 1];
      if (first?.header && last) return { start: outer.length > 1 ? first.header.start : first.at, end: last.to };
      for (const { from, at } of whole.letters) {
        if (start < (from[0] as number) || end > (from[from.length - 1] as number)) continue;
        const first = at[from.findLastIndex((offset) => offset <= start)];
        const last = at[from.findIndex((offset) => offset >= end)];
        if (first !== undefined && last !== undefined) return { start: first, end: last };
      }
      return undefined;
    },
    headers({ start, end }) {
      return whole.marks
        .filter((mark) => mark.header && mark.start <= start && end <= mark.end)
        .sort((a, b) => a.end - a.start - (b.end - b.start))
        .map((mark) => mark.header as Range);
    },
  };
}

/** Converts data: a module in the shape of Terraform's JSON syntax. */
export function dataToHcl(data: Data, style: PolicyStyle = 'jsonencode'): string {
  return jsonToHcl(parseJson('main.tf.json', JSON.stringify(data)), style).text;
}

/** Where a body stands: decides what its members are. */
interface Site {
  /** `resource`, `data`, `variable`, … */
  readonly section: string;
  /** The type of a resource or data source. */
  readonly type: string;
  /** Names of the blocks around, the resource's own left out. */
  readonly path: readonly string[];
}

class Converter {
  constructor(private readonly style: PolicyStyle) {}

  file(document: SyntaxDocument): Piece {
    const out = new Piece();
    for (const root of document.roots) {
      for (const object of objects(root)) {
        for (const entry of winners(object)) {
          for (const block of this.section(entry)) out.add(out.text ? '\n' : '', block, '\n');
        }
      }
    }
    return out;
  }

  /** Top-level blocks. */
  private section({ name, key, value }: Entry): Piece[] {
    if (name === '//') return [commentLines(value, '')];
    const labels = { resource: 2, data: 2, ephemeral: 2, variable: 1, output: 1, module: 1, provider: 1, check: 1 };
    const depth = labels[name as keyof typeof labels] ?? 0;
    return this.labelled(name, key, value, depth, []);
  }

  private labelled(section: string, key: Node, value: Node, depth: number, labels: readonly Entry[]): Piece[] {
    if (value.kind === 'array' && !value.items.every((item) => item.kind === 'object'))
      throw new NotConvertible('a list that holds something else than blocks');
    if (value.kind !== 'object' && value.kind !== 'array') throw new NotConvertible(`${section} is no block`);
    return objects(value).flatMap((object) => {
      if (depth > 0) {
        return winners(object).flatMap((entry) =>
          entry.name === '//'
            ? [commentLines(entry.value, '')]
            : this.labelled(section, entry.key, entry.value, depth - 1, [...labels, entry]),
        );
      }
      const header = [section, ...labels.map((label) => JSON.stringify(label.name))].join(' ');
      const out = new Piece();
      const comment = object.entries.find((entry) => entry.name === '//');
      if (comment) out.add(commentLines(comment.value, ''), '\n');
      const at = out.text.length;
      const site = { section, type: labels.length > 1 ? (labels[0] as Entry).name : '', path: [] };
      const block = piece(header, ' ')
        .mark(key, 0, header.length)
        .add(this.body(object, site, '', false).mark(object));
      out.add(block);
      if (value.kind === 'object') out.marks.push({ start: value.start, end: value.end, at, to: out.text.length });
      return [out];
    });
  }

  /**
   * A body in braces.
   * @param comments whether `"//"` is written here: that of a resource stands above it
   */
  private body(object: Node, site: Site, indent: string, comments = true): Piece {
    const inner = `${indent}  `;
    const members: Line[] = [];
    for (const entry of winners(object)) {
      if (entry.name === '//') {
        if (comments) members.push({ piece: commentLines(entry.value, inner), key: undefined, isBlock: false });
      } else members.push(...this.member(entry, site, inner));
    }
    if (!members.length) return piece('{}');
    return piece('{\n', laidOut(members, inner), indent, '}');
  }

  private member(entry: Entry, site: Site, indent: string): Line[] {
    const { name, key, value } = entry;
    if (name === 'dynamic' && site.section !== 'locals' && objects(value).length)
      return this.dynamics(value, site, indent);
    if (!isIdentifier(name)) throw new NotConvertible(`${JSON.stringify(name)} is no name of an argument`);
    if (this.isBlock(entry, site)) {
      const inner = { ...site, path: [...site.path, name] };
      if (name === 'provisioner' || name === 'backend') return this.withLabel(entry, inner, indent);
      return objects(value).map((object, index) => {
        const header = { start: 0, end: name.length };
        const block = piece(name, ' ');
        if (index === 0) block.mark(key, 0, name.length);
        const body = this.body(object, inner, indent);
        block.add(body);
        block.mark(object, name.length + 1, block.text.length, header);
        return { piece: piece(indent, block), key: undefined, isBlock: true };
      });
    }
    const naming = NAMING.has(name) || (site.section === 'variable' && name === 'type');
    const written = naming ? this.names(value, indent) : this.value(value, indent);
    return [{ piece: written.mark(value), key: piece(name).mark(key), isBlock: false }];
  }

  private isBlock({ name, value }: Entry, { section, type, path }: Site): boolean {
    if (section === 'locals' || section === 'output' || section === 'module') {
      return value.kind === 'object' && (name === 'precondition' || name === 'lifecycle');
    }
    if (section === 'variable') return name === 'validation';
    if (section === 'terraform' && path[path.length - 1] === 'required_providers') return false;
    const all = objects(value);
    if (!all.length || (value.kind === 'array' && all.length < value.items.length) || name === 'for_each') return false;
    if (!all.every((object) => object.entries.every((entry) => entry.name === '//' || isIdentifier(entry.name))))
      return false;
    const isTyped = section === 'resource' || section === 'data';
    return !isTyped || isBlockData([section, type, '', ...path], name, value.kind === 'array' ? [{}] : {});
  }

  private withLabel({ name, value }: Entry, site: Site, indent: string): Line[] {
    return objects(value).flatMap((object) =>
      winners(object).map((label) => {
        const header = `${name} ${JSON.stringify(label.name)}`;
        const block = piece(header, ' ').mark(label.key, 0, header.length);
        const [body] = objects(label.value);
        if (!body) throw new NotConvertible(`${name} is no block`);
        return {
          piece: piece(indent, block.add(this.body(body, site, indent).mark(label.value))),
          key: undefined,
          isBlock: true,
        };
      }),
    );
  }

  private dynamics(value: Node, site: Site, indent: string): Line[] {
    return objects(value).flatMap((object) =>
      winners(object).flatMap((label) =>
        objects(label.value).map((block) => {
          const header = `dynamic ${JSON.stringify(label.name)}`;
          const out = piece(header, ' ').mark(label.key, 0, header.length);
          out.add(this.dynamic(block, { ...site, path: [...site.path, label.name] }, indent).mark(block));
          return { piece: piece(indent, out), key: undefined, isBlock: true };
        }),
      ),
    );
  }

  private dynamic(block: Node, site: Site, indent: string): Piece {
    const inner = `${indent}  `;
    const members = winners(block).flatMap((entry): Line[] => {
      const { name, key, value } = entry;
      const [content] = name === 'content' ? objects(value) : [];
      if (!content) return this.member(entry, { ...site, path: [] }, inner);
      const body = piece(name, ' ').mark(key, 0, name.length);
      const written = this.body(content, site, inner);
      body.add(written);
      return [
        {
          piece: piece(inner, body.mark(content, name.length + 1, body.text.length, { start: 0, end: name.length })),
          key: undefined,
          isBlock: true,
        },
      ];
    });
    return piece('{\n', laidOut(members, inner), indent, '}');
  }

  /** References that JSON writes as texts. */
  private names(value: Node, indent: string): Piece {
    if (value.kind === 'array') return this.list(value, indent, (item) => this.names(item, indent));
    if (value.kind === 'object') {
      return this.object(value, indent, (one, inner) => this.names(one, inner));
    }
    if (typeof value.value !== 'string') return this.value(value, indent);
    return value.value.includes('${') ? this.value(value, indent) : this.letters(value, value.value, 0, (text) => text);
  }

  /** An expression. */
  private value(node: Node, indent: string): Piece {
    switch (node.kind) {
      case 'object':
        return this.object(node, indent, (value, inner) => this.value(value, inner));
      case 'array':
        return this.list(node, indent, (item, inner) => this.value(item, inner));
      case 'string':
        return this.string(node, indent);
      default:
        return piece(node.source || String(node.value));
    }
  }

  private object(node: Node, indent: string, write: (value: Node, indent: string) => Piece): Piece {
    const inner = `${indent}  `;
    const members = winners(node).flatMap((entry): Line[] => {
      if (entry.name === '//' && node.origin.host === undefined)
        return [{ piece: commentLines(entry.value, inner), key: undefined, isBlock: false }];
      return [{ piece: write(entry.value, inner).mark(entry.value), key: this.key(entry.key), isBlock: false }];
    });
    return members.length ? piece('{\n', laidOut(members, inner), indent, '}') : piece('{}');
  }

  private key(key: Node): Piece {
    const name = String(key.value);
    if (isIdentifier(name)) return piece(name).mark(key);
    const written = this.string(key, '');
    // An expression for a key is put in parentheses.
    return /^["]/.test(written.text) ? written.mark(key) : piece('(', written.mark(key), ')');
  }

  /** On one line where it fits there; lists of objects and lists always in several. */
  private list(node: Node, indent: string, write: (item: Node, indent: string) => Piece): Piece {
    const inner = `${indent}  `;
    const items = node.items.map((item) => write(item, inner).mark(item));
    const flat = items.every((item) => !item.text.includes('\n'));
    if (flat && items.reduce((sum, item) => sum + item.text.length + 2, 0) < 90) {
      const out = new Piece().add('[');
      for (const [index, item] of items.entries()) out.add(index ? ', ' : '', item);
      return out.add(']');
    }
    const out = new Piece().add('[\n');
    for (const [index, item] of items.entries()) out.add(inner, item, index < items.length - 1 ? ',\n' : '\n');
    return out.add(indent, ']');
  }

  private string(node: Node, indent: string): Piece {
    const { text } = decodeScalar(node);
    const { parts } = parseTemplate(text);
    const only = parts.length === 1 ? parts[0] : undefined;
    if (only?.kind === 'interpolation') {
      const { from, to } = only.expression;
      const bare = this.letters(node, text.slice(from, to), from, (source) => source);
      if (!bare.text.includes('\n')) return bare;
      return piece('(', bare, ')');
    }
    const json = this.style === 'quoted' ? undefined : parseEmbeddedJson(node);
    if (json?.root && !json.problems.length) {
      if (this.style === 'jsonencode') return piece('jsonencode(', this.value(json.root, indent).mark(json.root), ')');
      return piece('<<EOF\n', new JsonWriter().value(json.root, '').mark(json.root), '\nEOF');
    }
    if (this.style !== 'quoted' && /\n$/.test(text) && text.length > 1) {
      return piece(
        '<<EOF\n',
        this.letters(node, text, 0, (source) => source),
        'EOF',
      );
    }
    return this.quoted(node, text, parts);
  }

  private quoted(node: Node, text: string, parts: readonly TemplatePart[]): Piece {
    const out = new Piece().add('"');
    const inText = new Uint8Array(text.length);
    for (const part of textParts(parts)) inText.fill(1, part.from, part.to);
    const written = this.letters(node, text, 0, (source, at) => (inText[at] ? escapeText(source) : source));
    return out.add(written, '"');
  }

  /**
   * A stretch of a string's text, character by character.
   * @param from where the stretch begins in the text
   */
  private letters(node: Node, text: string, from: number, write: (letter: string, at: number) => string): Piece {
    const { map } = decodeScalar(node);
    const out = new Piece();
    const offsets: number[] = [];
    const at: number[] = [];
    for (let i = 0; i < text.length; i++) {
      offsets.push(node.origin.at(map[from + i] as number));
      at.push(out.text.length);
      out.text += write(text[i] as string, from + i);
    }
    offsets.push(node.origin.at(map[from + text.length] as number));
    at.push(out.text.length);
    out.letters.push({ from: offsets, at });
    return out;
  }
}

/** JSON as it is, in lines. */
class JsonWriter {
  value(node: Node, indent: string): Piece {
    const inner = `${indent}  `;
    const list = (open: string, items: readonly Piece[], close: string) => {
      if (!items.length) return piece(open, close);
      const out = piece(open, '\n');
      for (const [index, item] of items.entries()) out.add(inner, item, index < items.length - 1 ? ',\n' : '\n');
      return out.add(indent, close);
    };
    if (node.kind === 'array') {
      const items = node.items.map((item) => this.value(item, inner).mark(item));
      if (!node.items.every((item) => item.isScalar)) return list('[', items, ']');
      const out = piece('[');
      for (const [index, item] of items.entries()) out.add(index ? ', ' : '', item);
      return out.add(']');
    }
    if (node.kind === 'object') {
      const members = node.entries.map(({ key, value }) =>
        piece(this.scalar(key).mark(key), ': ', this.value(value, inner).mark(value)),
      );
      return list('{', members, '}');
    }
    return this.scalar(node);
  }

  private scalar(node: Node): Piece {
    const host = node.origin.host as Node;
    const { text, map } = decodeScalar(host);
    const out = piece(text.slice(node.from, node.to));
    const from: number[] = [];
    const at: number[] = [];
    for (let i = node.from; i <= node.to; i++) {
      from.push(host.origin.at(map[i] as number));
      at.push(i - node.from);
    }
    out.letters.push({ from, at });
    return out;
  }
}

interface Line {
  /** A whole block or comment with its indentation; an argument's value. */
  readonly piece: Piece;
  /** The name of an argument. */
  readonly key: Piece | undefined;
  readonly isBlock: boolean;
}

/** Lines of a body: equals signs of arguments that follow each other stand below each other, blocks stand apart. */
function laidOut(lines: readonly Line[], indent: string): Piece {
  const out = new Piece();
  for (let index = 0; index < lines.length; ) {
    const line = lines[index] as Line;
    const previous = lines[index - 1];
    // A comment belongs to what stands below it.
    if (previous && (previous.isBlock || (line.isBlock && previous.key))) out.add('\n');
    if (!line.key) {
      out.add(line.piece, '\n');
      index++;
      continue;
    }
    let end = index;
    while (end < lines.length && isAligned(lines[end] as Line)) end++;
    if (end === index) {
      out.add(indent, line.key, ' = ', line.piece, '\n');
      index++;
      continue;
    }
    const chain = lines.slice(index, end);
    const width = Math.max(...chain.map(({ key }) => key?.text.length ?? 0));
    for (const { key, piece: value } of chain)
      out.add(indent, key as Piece, ' '.repeat(width - (key as Piece).text.length), ' = ', value, '\n');
    index = end;
  }
  return out;
}

function isAligned({ key, piece: { text } }: Line): boolean {
  return key !== undefined && (!text.includes('\n') || text.startsWith('<<'));
}

function commentLines(value: Node, indent: string): Piece {
  const texts = value.kind === 'array' ? value.items.map((item) => item.value) : [value.value];
  const lines = texts.flatMap((text) => String(text ?? '').split('\n'));
  return piece(lines.map((line) => `${indent}# ${line}`).join('\n'));
}

function objects(node: Node): readonly Node[] {
  if (node.kind === 'object') return [node];
  return node.kind === 'array' ? node.items.filter((item) => item.kind === 'object') : [];
}

function winners(object: Node): readonly Entry[] {
  return object.entries.filter((entry) => !entry.duplicate);
}

/** What is text in a template, in its branches and loops as well. */
function textParts(parts: readonly TemplatePart[]): readonly TemplatePart[] {
  return parts.flatMap((part) => {
    if (part.kind === 'if') return textParts([...part.whenTrue, ...part.whenFalse]);
    if (part.kind === 'for') return textParts(part.body);
    return part.kind === 'text' ? [part] : [];
  });
}

function isIdentifier(name: string): boolean {
  return /^[A-Za-z_][\w-]*$/.test(name);
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '"': '\\"', '\\': '\\\\' };

function escapeText(letter: string): string {
  return ESCAPES[letter] ?? letter;
}
