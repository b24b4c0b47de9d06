/** Where comments and findings stand: which line a comment speaks of, which resource it belongs to, where a finding begins. */

import type { Comment, SyntaxDocument } from '../syntax/document.ts';
import { children, type Expression } from '../syntax/hcl-expression.ts';
import { expressionAt } from '../syntax/hcl-source.ts';
import type { Node } from '../syntax/node.ts';
import { nodesAt } from '../template/locate.ts';
import type { Resource } from '../template/template.ts';

/**
 * Where in the document a node stands that may be part of a string: the offset of the outermost string that it was parsed
 * out of, in HCL also of a heredoc or quoted text around an interpolation; else that of the node, or of its tag.
 */
export function startInDocument(node: Node): number {
  let outer = node;
  while (outer.origin.host) outer = outer.origin.host;
  return templateAround(outer) ?? outer.outerStart;
}

/** The offset of the outermost text of HCL with an interpolation that a node lies in: no comment can stand there. */
function templateAround(node: Node): number | undefined {
  const { document, start } = node;
  if (document.language !== 'hcl') return undefined;
  const written = expressionAt(nodesAt(document, start).at(-1) ?? node);
  if (!written) return undefined;
  const { origin } = written.source;
  let expression: Expression | undefined = written.expression;
  while (expression) {
    const from = origin.at(expression.from);
    if (expression.kind === 'template' && from < start) return from;
    expression = children(expression).find((one) => origin.at(one.from) <= start && start < origin.at(one.to));
  }
  return undefined;
}

/**
 * The lines on which a finding is pointed at: that of its node, of its tag, of the key it is written under; for text
 * inside a string also those of the string, since no comment can stand in it.
 */
export function linesOf(node: Node): Set<number> {
  const { lines } = node.document;
  const found = new Set<number>([lines.lineAt(startInDocument(node))]);
  for (let at: Node | undefined = node; at; at = at.origin.host) {
    found.add(lines.lineAt(at.start));
    found.add(lines.lineAt(at.outerStart));
    if (at.entry) found.add(lines.lineAt(at.entry.key.start));
  }
  return found;
}

/** Lines on which items of lists and blocks begin that hold the node, within its resource. */
export function beginsWithin(node: Node, resource: Resource): { line: number; item: boolean }[] {
  const { lines, language } = node.document;
  const found: { line: number; item: boolean }[] = [];
  if (language === 'hcl') return blocksAround(node);
  for (let at: Node | undefined = node; at && at !== resource.body; at = at.parent ?? at.origin.host) {
    if (at.document !== resource.document || at.start < resource.key.start) break;
    if (at.parent?.kind === 'array') found.push({ line: lines.lineAt(at.start), item: true });
    else if (at.entry) found.push({ line: lines.lineAt(at.entry.key.start), item: false });
  }
  return found;
}

/**
 * The same in HCL, where it does not matter whether there is one nested block of a name or several. What is in a call is
 * not in the tree: the innermost node around leads on.
 */
function blocksAround(node: Node): { line: number; item: boolean }[] {
  const { document } = node;
  const found: { line: number; item: boolean }[] = [];
  const add = (at: Node) => {
    const isBlock = at.style === 'block';
    const inList = at.parent?.kind === 'array';
    if (isBlock && at.kind === 'array') return;
    const from = isBlock || inList ? at.outerStart : at.entry?.key.start;
    if (from !== undefined) found.push({ line: document.lines.lineAt(from), item: isBlock || inList });
  };
  for (let at: Node | undefined = node; at; at = at.parent ?? at.origin.host) add(at);
  const [root, ...inner] = nodesAt(document, node.start);
  if (root) inner.forEach(add);
  return found;
}

interface Extent {
  readonly resource: Resource;
  readonly first: number;
  readonly last: number;
}

/** The comments of one document against its lines and resources. */
export class CommentPlaces {
  /** Last line of each comment that has its lines for itself, by its first line. */
  private readonly ownLines = new Map<number, number>();
  private readonly extents: readonly Extent[];
  private readonly byFirst = new Map<number, Resource>();
  private readonly firstContent: number;

  constructor(
    private readonly document: SyntaxDocument,
    resources: readonly Resource[],
  ) {
    const { lines } = document;
    for (const comment of document.comments()) {
      if (comment.ownLine)
        this.ownLines.set(lines.lineAt(comment.start), lines.lineAt(Math.max(comment.start, comment.end - 1)));
    }
    const extents: Extent[] = [];
    for (const resource of resources) {
      if (resource.document !== document) continue;
      const first = lines.lineAt(resource.key.start);
      extents.push({ resource, first, last: Math.max(first, lines.lineAt(resource.body.end)) });
      if (!this.byFirst.has(first)) this.byFirst.set(first, resource);
    }
    this.extents = extents.sort((a, b) => a.first - b.first);
    const [root] = document.roots;
    const first = document.language === 'hcl' ? root?.entries[0]?.key : root;
    this.firstContent = first?.outerStart ?? document.text.length;
  }

  /** Whether nothing but comments stands before it. */
  isTop(comment: Comment): boolean {
    return comment.start <= this.firstContent;
  }

  /** The line a comment speaks of: its own behind something, else the one below it and below comments that follow. */
  target(comment: Comment): { line: number; above: boolean } {
    const line = this.document.lines.lineAt(comment.start);
    return comment.ownLine ? { line: this.below(line), above: true } : { line, above: false };
  }

  /** The line below a comment and those that follow it, by the comment's: found once for all of them. */
  private readonly belowLines = new Map<number, number>();

  private below(from: number): number {
    const passed: number[] = [];
    let line = from;
    for (;;) {
      const known = this.belowLines.get(line);
      if (known !== undefined) {
        line = known;
        break;
      }
      const last = this.ownLines.get(line);
      if (last === undefined) break;
      passed.push(line);
      line = last + 1;
    }
    for (const one of passed) this.belowLines.set(one, line);
    return line;
  }

  /** The resource that begins on a line. */
  resourceAt(line: number): Resource | undefined {
    return this.byFirst.get(line);
  }

  /** The resource a comment lies in, or stands right above. */
  resourceOf(comment: Comment): Resource | undefined {
    const line = this.document.lines.lineAt(comment.start);
    const before = this.lastUpTo(line);
    if (before && line <= before.last) return before.resource;
    if (!comment.ownLine) return undefined;
    // In YAML a comment that is indented deeper than the resource's key still belongs to it when nothing else came between.
    if (this.document.language === 'yaml' && before && this.indent(line) > this.indent(before.first)) {
      if (this.onlyComments(before.last + 1, line)) return before.resource;
    }
    return this.resourceAt(this.target(comment).line);
  }

  private lastUpTo(line: number): Extent | undefined {
    let low = 0;
    let high = this.extents.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.extents[middle] as Extent).first <= line) low = middle + 1;
      else high = middle;
    }
    return this.extents[low - 1];
  }

  private indent(line: number): number {
    return /^[ \t]*/.exec(this.document.lines.lineText(line))?.[0].length ?? 0;
  }

  /** How far from a line on there is nothing but comments and blank lines, as far as it was looked. */
  private readonly clear = new Map<number, { to: number; isEnd: boolean }>();

  private onlyComments(from: number, to: number): boolean {
    let found = this.clear.get(from);
    if (!found) {
      found = { to: from, isEnd: false };
      this.clear.set(from, found);
    }
    for (let line = found.to; line < to && !found.isEnd; line = found.to) {
      const last = this.ownLines.get(line);
      if (last === undefined && this.document.lines.lineText(line).trim()) found.isEnd = true;
      else found.to = (last ?? line) + 1;
    }
    return found.to >= to;
  }
}
