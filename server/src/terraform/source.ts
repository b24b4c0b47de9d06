/** Gives expressions their place in a document: syntax nodes for every part of a parsed expression. */

import { Entry, Node, type NodeKind, type NodeStyle, type Origin } from '../syntax/node.ts';
import { type Expression, literalText, type TemplatePart } from './expression.ts';

const expressionNodes = new WeakSet<Node>();

/** Whether a node is part of an expression: its text is no template of its own, as that of a JSON string is. */
export function isExpressionNode(node: Node): boolean {
  return expressionNodes.has(node);
}

/**
 * A text that expressions were parsed from, and where it stands.
 * Quoted text has a node of style `double` whose range includes the quotes (in a JSON string these are the two
 * characters `\"`), as all quoted scalars have; objects and tuples have entries and items; whatever must be computed is
 * a plain string node without value.
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
    const node = this.make('string', 'plain', from, to);
    node.source = this.text.slice(from, to);
    return node;
  }

  private make(kind: NodeKind, style: NodeStyle, from: number, to: number): Node {
    const node = new Node(kind, style, this.origin, from, to);
    expressionNodes.add(node);
    return node;
  }

  private build(expression: Expression): Node {
    const node = this.shape(expression);
    this.nodes.set(expression, node);
    return node;
  }

  private shape(expression: Expression): Node {
    const { from, to } = expression;
    switch (expression.kind) {
      case 'literal': {
        const { value } = expression;
        const kind = value === null ? 'null' : typeof value === 'number' ? 'number' : 'boolean';
        const node = this.make(kind, 'plain', from, to);
        node.value = value;
        node.source = this.text.slice(from, to);
        return node;
      }
      case 'template':
        return this.shapeTemplate(from, to, expression.style, expression.parts, literalText(expression));
      case 'tuple': {
        const node = this.make('array', 'flow', from, to);
        node.items = expression.items.map((item) => this.adopt(node, item));
        return node;
      }
      case 'object': {
        const node = this.make('object', 'flow', from, to);
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
      default:
        return this.span(from, to);
    }
  }

  private shapeTemplate(
    from: number,
    to: number,
    style: 'quoted' | 'heredoc',
    parts: readonly TemplatePart[],
    literal: string | undefined,
  ): Node {
    // A bare key is text without quotes.
    const bare = style === 'quoted' && this.text[from] !== '"';
    const node = this.make('string', style === 'heredoc' ? 'literal' : bare ? 'plain' : 'double', from, to);
    node.value = literal;
    const first = style === 'heredoc' ? (parts[0]?.from ?? from) : bare ? from : from + 1;
    const last = style === 'heredoc' ? (parts[parts.length - 1]?.to ?? from) : bare ? to : to - 1;
    node.source = this.text.slice(first, last);
    return node;
  }

  private adopt(parent: Node, child: Expression): Node {
    const node = this.node(child);
    node.parent = parent;
    return node;
  }
}
