/** Ways to look at a syntax tree that the syntax tests share. */

import type { SyntaxDocument } from '../../server/src/syntax/document.ts';
import type { Data } from '../../server/src/syntax/edit.ts';
import type { Entry, Node } from '../../server/src/syntax/node.ts';

/** The value below names and list positions; throws where there is none, so that a test says what it missed. */
export function at(document: SyntaxDocument | Node, ...path: (string | number)[]): Node {
  let node = 'roots' in document ? document.roots[0] : document;
  for (const step of path) node = typeof step === 'number' ? node?.items[step] : node?.get(step);
  if (!node) throw new Error(`nothing at ${path.join('.')}`);
  return node;
}

export function entryAt(document: SyntaxDocument | Node, ...path: (string | number)[]): Entry {
  const { entry } = at(document, ...path);
  if (!entry) throw new Error(`no entry at ${path.join('.')}`);
  return entry;
}

/** What a node covers in its document. */
export function covered(node: Node): string {
  return node.document.text.slice(node.start, node.end);
}

/** A tree as data; a tag becomes a member named like it, a hole `null`. */
export function data(node: Node | undefined): Data {
  if (!node) return null;
  let value: Data;
  if (node.kind === 'object') {
    const members: Record<string, Data> = {};
    for (const { name } of node.entries) members[name] = data(node.get(name));
    value = members;
  } else if (node.kind === 'array') value = node.items.map(data);
  else value = node.value ?? null;
  return node.tag === undefined ? value : { [node.tag]: value };
}

/** Everything a tree says, offsets and links included, a line a node: equal shapes are equal trees. */
export function shape(document: SyntaxDocument): string[] {
  const lines: string[] = [];
  const visit = (node: Node, depth: number): void => {
    const scalar = node.isScalar ? JSON.stringify([node.value, node.source]) : '';
    lines.push(
      `${' '.repeat(depth)}${node.kind} ${node.style} ${node.start}-${node.end} ${node.tag ?? ''}@${node.outerStart} ${scalar}`,
    );
    if (node.document !== document) lines.push('node of another document');
    if (node.aliasOf) return;
    for (const entry of node.entries) {
      lines.push(
        `${' '.repeat(depth)}${entry.merged ? 'merged' : ''}${entry.duplicate ? 'duplicate' : ''} ${entry.name}`,
      );
      if (entry.merged) continue;
      if (
        entry.key.parent !== node ||
        entry.value.parent !== node ||
        entry.key.entry !== entry ||
        entry.value.entry !== entry
      ) {
        lines.push(`broken link at ${entry.name}`);
      }
      visit(entry.key, depth + 1);
      visit(entry.value, depth + 1);
    }
    for (const item of node.items) {
      if (item.parent !== node) lines.push('broken link of an item');
      visit(item, depth + 1);
    }
  };
  for (const root of document.roots) visit(root, 0);
  return lines;
}

/** All nodes of a document in order, keys included, aliases not followed. */
export function nodesOf(document: SyntaxDocument): Node[] {
  const found: Node[] = [];
  const visit = (node: Node): void => {
    found.push(node);
    if (node.aliasOf) return;
    for (const entry of node.entries) {
      if (entry.merged) continue;
      visit(entry.key);
      visit(entry.value);
    }
    node.items.forEach(visit);
  };
  document.roots.forEach(visit);
  return found;
}
