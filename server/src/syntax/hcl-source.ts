/** Gives expressions their place in a document: syntax nodes for every part of a parsed expression. */

import { heredocHeader } from './hcl-cursor.ts';
import { type Expression, QuotedText, type TemplateExpression, type TemplatePart, unwrap } from './hcl-expression.ts';
import { keptStretches, textsIn } from './hcl-heredoc.ts';
import { Entry, Node, type NodeKind, type NodeStyle, type Origin } from './node.ts';
import { adopt } from './parsed.ts';

/** An expression with the text it was parsed from. */
export interface WrittenExpression {
  readonly expression: Expression;
  readonly source: ExpressionSource;
}

/** A node that stands for an expression. */
class ExpressionNode extends Node {
  constructor(
    kind: NodeKind,
    style: NodeStyle,
    readonly expression: Expression,
    readonly place: ExpressionSource,
  ) {
    super(kind, style, place.origin, expression.from, expression.to);
  }
}

/** The expression that a node stands for; undefined for nodes of JSON and YAML, and for blocks. */
export function expressionAt(node: Node): WrittenExpression | undefined {
  return node instanceof ExpressionNode ? { expression: node.expression, source: node.place } : undefined;
}

/**
 * A text that expressions were parsed from, and where it stands.
 * Quoted text has a node of style `double` whose range includes the quotes (in a JSON string these are the two
 * characters `\"`), as all quoted scalars have, and a heredoc one of style `literal` with its markers; their value is
 * the template as Terraform's JSON syntax would have it: escapes undone, `${…}` and `$${` as they are. Objects and
 * tuples have entries and items; whatever else must be computed is a plain string node without value.
 */
export class ExpressionSource {
  private nodes: Map<Expression, ExpressionNode> | undefined;
  /** Nodes not yet in `nodes`: most are never asked for by their expression. Texts know theirs. */
  private built: ExpressionNode[] = [];

  constructor(
    /** The text whose offsets the expressions have. */
    readonly text: string,
    /** Maps those offsets into the document. */
    readonly origin: Origin,
    /** No other source has its expressions: they may know their nodes. */
    private readonly isOnly = false,
  ) {}

  /** The node of an expression of this text. The same expression always has the same node. */
  node(expression: Expression): Node {
    const inner = unwrap(expression);
    if (this.isOnly && inner instanceof QuotedText) return inner.node ?? this.build(inner);
    this.nodes ??= new Map();
    for (const node of this.built) this.nodes.set(node.expression, node);
    if (this.built.length) this.built = [];
    return this.nodes.get(inner) ?? this.build(inner);
  }

  /** The node of an expression that has none yet. */
  build(expression: Expression): Node {
    const inner = unwrap(expression);
    const node = this.shape(inner);
    if (this.isOnly && inner instanceof QuotedText) inner.node = node;
    else this.built.push(node);
    return node;
  }

  /** A node for any part of the text. */
  span(from: number, to: number): Node {
    const node = new Node('string', 'plain', this.origin, from, to);
    node.source = this.text.slice(from, to);
    return node;
  }

  private shape(expression: Expression): ExpressionNode {
    switch (expression.kind) {
      case 'literal': {
        const { value, from, to } = expression;
        const kind = value === null ? 'null' : typeof value === 'number' ? 'number' : 'boolean';
        const node = new ExpressionNode(kind, 'plain', expression, this);
        node.value = value;
        node.source = this.text.slice(from, to);
        return node;
      }
      case 'template':
        return this.shapeTemplate(expression);
      case 'tuple': {
        const node = new ExpressionNode('array', 'flow', expression, this);
        node.items = expression.items.map((item) => {
          const child = this.build(item);
          child.parent = node;
          return child;
        });
        return node;
      }
      case 'object': {
        const node = new ExpressionNode('object', 'flow', expression, this);
        adopt(
          node,
          expression.items.map(({ key, value }) => new Entry(this.build(key), this.build(value))),
        );
        return node;
      }
      default: {
        const { from, to } = expression;
        const missing = expression.kind === 'invalid' && from === to;
        const node = new ExpressionNode(missing ? 'missing' : 'string', 'plain', expression, this);
        if (!missing) node.source = this.text.slice(from, to);
        return node;
      }
    }
  }

  private shapeTemplate(expression: TemplateExpression): ExpressionNode {
    // A bare key is text without quotes.
    const { from, style, indent } = expression;
    const bare = style === 'quoted' && this.text.charCodeAt(from) !== 34;
    const node = new ExpressionNode(
      'string',
      style === 'heredoc' ? 'literal' : bare ? 'plain' : 'double',
      expression,
      this,
    );
    const { first, last } = contentOf(expression, this.text);
    const only = onlyText(expression);
    // Most texts are as long as what they say: then nothing in them stands for anything else.
    if (only?.length === last - first) node.source = only;
    else node.source = this.text.slice(first, last);
    if (bare) node.value = only ?? node.source;
    else if (style === 'heredoc' ? !indent : !node.source.includes('\\')) node.value = node.source;
    else node.value = decodedText(expression, this.text);
    return node;
  }
}

/** What a template says that is nothing but text; undefined for all others. */
function onlyText(expression: TemplateExpression): string | undefined {
  if (expression instanceof QuotedText) return expression.value;
  const [only, another] = expression.parts;
  return only?.kind === 'text' && !another ? only.value : undefined;
}

/** What lies between a template's quotes or markers, as offsets of its text. */
function contentOf(expression: TemplateExpression, text: string): { first: number; last: number } {
  const { from, to, style } = expression;
  if (style === 'heredoc') {
    const { parts } = expression;
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
  decode(expression, source, copy, (decoded, at) => {
    for (let i = 0; i < decoded.length; i++) map.push(at);
    text += decoded;
  });
  map.push(Math.max(first, last));
  return { text, map };
}

/** The text of {@link templateText} alone. */
function decodedText(expression: TemplateExpression, source: string): string {
  let text = '';
  const copy = (from: number, to: number) => {
    text += source.slice(from, to);
  };
  decode(expression, source, copy, (decoded) => {
    text += decoded;
  });
  return text;
}

/** Takes over a stretch of the source as it is written. */
type Copy = (from: number, to: number) => void;
/** Takes over what an escape at an offset stands for. */
type Put = (decoded: string, at: number) => void;

function decode(expression: TemplateExpression, source: string, copy: Copy, put: Put): void {
  const { parts, style, indent } = expression;
  const { first, last } = contentOf(expression, source);
  let behind = first;
  for (const text of textsIn(parts)) {
    copy(behind, text.from);
    if (style === 'quoted') copyEscaped(text, source, copy, put);
    else for (const { from, to } of keptStretches(text, source, indent ?? 0)) copy(from, to);
    behind = text.to;
  }
  copy(behind, last);
}

function copyEscaped(part: TemplatePart, source: string, copy: Copy, put: Put): void {
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
