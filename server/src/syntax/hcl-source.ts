/** Gives expressions their place in a document: syntax nodes for every part of a parsed expression. */

import { heredocHeader } from './hcl-cursor.ts';
import type { Expression, TemplateExpression, TemplatePart } from './hcl-expression.ts';
import { Entry, Node, type NodeKind, type NodeStyle, type Origin } from './node.ts';

/** An expression with the text it was parsed from. */
export interface WrittenExpression {
  readonly expression: Expression;
  readonly source: ExpressionSource;
}

const written = new WeakMap<Node, WrittenExpression>();

/** The expression that a node stands for; undefined for nodes of JSON and YAML, and for blocks. */
export function expressionAt(node: Node): WrittenExpression | undefined {
  return written.get(node);
}

/**
 * A text that expressions were parsed from, and where it stands.
 * Quoted text has a node of style `double` whose range includes the quotes (in a JSON string these are the two
 * characters `\"`), as all quoted scalars have, and a heredoc one of style `literal` with its markers; their value is
 * the template as Terraform's JSON syntax would have it: escapes undone, `${…}` and `$${` as they are. Objects and
 * tuples have entries and items; whatever else must be computed is a plain string node without value.
 */
export class ExpressionSource {
  private readonly nodes = new Map<Expression, Node>();

  constructor(
    /** The text whose offsets the expressions have. */
    readonly text: string,
    /** Maps those offsets into the document. */
    readonly origin: Origin,
  ) {}

  /** The node of an expression of this text. The same expression always has the same node. */
  node(expression: Expression): Node {
    return this.nodes.get(expression) ?? this.build(expression);
  }

  /** A node for any part of the text. */
  span(from: number, to: number): Node {
    const node = new Node('string', 'plain', this.origin, from, to);
    node.source = this.text.slice(from, to);
    return node;
  }

  private build(expression: Expression): Node {
    const node = this.shape(expression);
    this.nodes.set(expression, node);
    if (!written.has(node)) written.set(node, { expression, source: this });
    return node;
  }

  private make(kind: NodeKind, style: NodeStyle, { from, to }: Expression): Node {
    return new Node(kind, style, this.origin, from, to);
  }

  private shape(expression: Expression): Node {
    switch (expression.kind) {
      case 'literal': {
        const { value, from, to } = expression;
        const kind = value === null ? 'null' : typeof value === 'number' ? 'number' : 'boolean';
        const node = this.make(kind, 'plain', expression);
        node.value = value;
        node.source = this.text.slice(from, to);
        return node;
      }
      case 'template':
        return this.shapeTemplate(expression);
      case 'tuple': {
        const node = this.make('array', 'flow', expression);
        node.items = expression.items.map((item) => this.adopt(node, item));
        return node;
      }
      case 'object': {
        const node = this.make('object', 'flow', expression);
        const last = new Map<string, Entry>();
        node.entries = expression.items.map(({ key, value }) => {
          const entry = new Entry(this.adopt(node, key), this.adopt(node, value));
          entry.key.entry = entry;
          entry.value.entry = entry;
          const earlier = last.get(entry.name);
          if (earlier) earlier.duplicate = true;
          last.set(entry.name, entry);
          return entry;
        });
        return node;
      }
      case 'parentheses':
        return this.node(expression.inner);
      case 'invalid':
        return expression.from === expression.to ? this.make('missing', 'plain', expression) : this.other(expression);
      default:
        return this.other(expression);
    }
  }

  private other({ from, to }: Expression): Node {
    return this.span(from, to);
  }

  private shapeTemplate(expression: TemplateExpression): Node {
    // A bare key is text without quotes.
    const { from, to, style } = expression;
    const bare = style === 'quoted' && this.text[from] !== '"';
    const node = this.make('string', style === 'heredoc' ? 'literal' : bare ? 'plain' : 'double', expression);
    const { first, last } = contentOf(expression, this.text);
    node.source = this.text.slice(first, last);
    node.value = bare ? node.source : templateText(expression, this.text).text;
    if (to < from) node.value = undefined;
    return node;
  }

  private adopt(parent: Node, child: Expression): Node {
    const node = this.node(child);
    node.parent = parent;
    return node;
  }
}

/** What lies between a template's quotes or markers, as offsets of its text. */
function contentOf({ from, to, style, parts }: TemplateExpression, text: string): { first: number; last: number } {
  if (style === 'heredoc') {
    const first = parts[0]?.from ?? heredocHeader(text, from)?.body ?? from;
    return { first, last: parts[parts.length - 1]?.to ?? first };
  }
  return text[from] === '"' ? { first: from + 1, last: to - 1 } : { first: from, last: to };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/** The text of a template, and for each of its characters, and for its end, the offset in the source. */
export interface TemplateText {
  readonly text: string;
  readonly map: ArrayLike<number>;
}

/**
 * A template as it would stand in a JSON string: backslash escapes and a heredoc's indentation undone, interpolations,
 * directives and `$${` as written.
 */
export function templateText(expression: TemplateExpression, source: string): TemplateText {
  const { first, last } = contentOf(expression, source);
  const map: number[] = [];
  let text = '';
  const copy = (from: number, to: number) => {
    for (let at = from; at < to; at++) map.push(at);
    text += source.slice(from, to);
  };
  const put = (decoded: string, at: number) => {
    for (let i = 0; i < decoded.length; i++) map.push(at);
    text += decoded;
  };
  for (const part of expression.parts) {
    if (part.kind !== 'text') copy(part.from, part.to);
    else if (expression.style === 'heredoc') copyLines(part, source, expression.indent ?? 0, copy);
    else copyEscaped(part, source, copy, put);
  }
  map.push(Math.max(first, last));
  return { text, map };
}

type Copy = (from: number, to: number) => void;

function copyLines(part: TemplatePart, source: string, indent: number, copy: Copy): void {
  let at = part.from;
  let line = at === 0 || source[at - 1] === '\n';
  while (at < part.to) {
    if (line) for (let i = 0; i < indent && at < part.to && (source[at] === ' ' || source[at] === '\t'); i++) at++;
    const next = source.indexOf('\n', at);
    const end = next < 0 || next >= part.to ? part.to : next + 1;
    copy(at, end);
    at = end;
    line = true;
  }
}

function copyEscaped(part: TemplatePart, source: string, copy: Copy, put: (decoded: string, at: number) => void): void {
  let at = part.from;
  while (at < part.to) {
    const next = source.indexOf('\\', at);
    const end = next < 0 || next >= part.to ? part.to : next;
    copy(at, end);
    at = end;
    if (at >= part.to) return;
    const c = source[at + 1] ?? '';
    const digits = c === 'u' ? 4 : c === 'U' ? 8 : 0;
    const hex = source.slice(at + 2, Math.min(at + 2 + digits, part.to));
    if (digits && hex.length === digits && /^[0-9a-fA-F]+$/.test(hex)) {
      const point = Number.parseInt(hex, 16);
      put(point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd', at);
      at += 2 + digits;
    } else {
      put(ESCAPES[c] ?? c, at);
      at += 2;
    }
  }
}
