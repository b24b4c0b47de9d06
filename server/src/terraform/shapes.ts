/** Shapes that Terraform's JSON syntax allows for blocks. */

import type { Entry, Node } from '../syntax/node.ts';

/** Members of an object as read: of one name the last. */
export function winners(body: Node): readonly Entry[] {
  const isWinner = (entry: Entry) => !entry.duplicate && !entry.merged;
  return body.entries.every(isWinner) ? body.entries : body.entries.filter(isWinner);
}

/** A block: an object, or a list of one. */
export function single(node: Node | undefined): Node | undefined {
  const block = node?.kind === 'array' && node.items.length === 1 ? node.items[0] : node;
  return block?.kind === 'object' ? block : undefined;
}

/** Objects at a place where Terraform's JSON syntax takes one or a list of them. */
export function objectsOf(node: Node | undefined): readonly Node[] {
  if (node?.kind === 'object') return [node];
  return node?.kind === 'array' ? node.items.filter((item) => item.kind === 'object') : [];
}

/** Whether a member named `dynamic` holds dynamic blocks. */
export function isDynamic(value: Node): boolean {
  const outer = objectsOf(value);
  const blocks = outer.flatMap((object) => object.entries.flatMap((entry) => objectsOf(entry.value)));
  return (
    blocks.length > 0 &&
    blocks.every((block) => block.get('content') !== undefined || block.get('for_each') !== undefined)
  );
}

/** Gathers dynamic blocks by the name of the blocks they make. */
export function collectDynamics(value: Node, found: Map<string, { key: Node; blocks: Node[] }>): void {
  for (const object of objectsOf(value)) {
    for (const entry of object.entries) {
      const known = found.get(entry.name) ?? { key: entry.key, blocks: [] };
      for (const block of objectsOf(entry.value)) known.blocks.push(block);
      found.set(entry.name, known);
    }
  }
}
