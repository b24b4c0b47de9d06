/** From a place in the text back to the model: which resource and which of its properties lie there. */

import type { SyntaxDocument } from '../syntax/document.ts';
import type { Entry, Node } from '../syntax/node.ts';
import type { Resource, Template } from './template.ts';

export interface Place {
  readonly resource: Resource;
  /**
   * Names and list positions from the properties (`inProperties`) or the definition on, as in `Found.path`; empty on the
   * resource's own name. Branches of a condition do not count.
   */
  readonly path: readonly string[];
  /** The path is one below `resource.properties`, not one of `Type`, `DeletionPolicy`, `count` … */
  readonly inProperties: boolean;
  /** The key of the innermost entry there. */
  readonly key?: Node;
  /** Its value, or the list item. */
  readonly value?: Node;
}

const MAX_DEPTH = 500;

/**
 * The resource at an offset of a document of the template (the first, where none is given) and the path to what is written
 * there; undefined outside of resources. Between two entries it is the block around them.
 */
export function locate(template: Template, offset: number, document?: SyntaxDocument): Place | undefined {
  const where = document ?? template.documents[0];
  const resource = template.resources.find((candidate) => candidate.document === where && holds(candidate, offset));
  if (!resource) return undefined;
  const properties = resource.properties.node;
  const path: string[] = [];
  // Without a Properties block, CloudFormation's properties are an empty block at the definition.
  let inProperties = resource.body === properties && template.dialect !== 'cloudformation';
  let key: Node | undefined = resource.key;
  let node = resource.body;
  let isBranch = false;
  // Terraform writes `dynamic`, a name and `content` around the body of blocks that a loop makes.
  let dynamic: 'name' | 'body' | undefined;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    if (node === properties && node !== resource.body) {
      inProperties = true;
      path.length = 0;
    }
    // An alias shows what is written elsewhere; a call of a function is a value of its own.
    if (node.aliasOf || (node.tag && !isTransparent(node.tag))) break;
    if (node.kind === 'object') {
      const entry = entryAt(node, offset);
      if (!entry) break;
      const isCall = entry.name === 'Ref' || (entry.name.startsWith('Fn::') && node.entries.length === 1);
      isBranch = entry.name === 'Fn::If' && isCall;
      if (isCall && !isBranch) break;
      if (dynamic === 'body') {
        if (entry.name !== 'content') break;
        dynamic = undefined;
      } else if (inProperties && template.dialect === 'terraform' && !dynamic && entry.name === 'dynamic') {
        dynamic = 'name';
      } else if (!isBranch) {
        path.push(entry.name);
        key = entry.key;
        if (dynamic) dynamic = 'body';
      }
      node = entry.value;
      if (offset < entry.value.outerStart && offset <= entry.key.end) break;
    } else if (node.kind === 'array') {
      const index = node.items.findIndex((item) => item.outerStart <= offset && offset <= item.end);
      const item = node.items[index];
      if (!item) break;
      if (!isBranch && !dynamic && !isTransparent(node.tag)) path.push(String(index));
      // Each block of HCL has a header of its own.
      if (!dynamic && item.style === 'block' && item.entry) key = item.entry.key;
      isBranch = false;
      node = item;
    } else break;
  }
  return { resource, path, inProperties, key, value: node };
}

function isTransparent(tag: string | undefined): boolean {
  return tag === '!If';
}

function holds(resource: Resource, offset: number): boolean {
  const { key, body } = resource;
  return Math.min(key.outerStart, body.outerStart) <= offset && offset <= Math.max(key.end, body.end);
}

/**
 * The entry of an object that an offset lies in. Where one ends at the very place the next begins, the later one is meant.
 * Blocks of one name in HCL may have others between them.
 */
function entryAt(node: Node, offset: number): Entry | undefined {
  let found: Entry | undefined;
  for (const entry of node.entries) {
    const { key, value } = entry;
    if (entry.merged || offset < key.start || offset > Math.max(key.end, value.end)) continue;
    const blocks = value.kind === 'array' && value.style === 'block' ? value.items : undefined;
    if (!blocks || blocks.some((block) => block.outerStart <= offset && offset <= block.end)) found = entry;
  }
  return found;
}

/** The nodes of a document's own tree at an offset, from the root inwards. */
export function nodesAt(document: SyntaxDocument, offset: number): readonly Node[] {
  const found: Node[] = [];
  const around = (node: Node) => node.outerStart <= offset && offset <= node.end;
  for (let at = document.roots.find(around); at; ) {
    found.push(at);
    at = at.kind === 'array' ? at.items.findLast(around) : entryAt(at, offset)?.value;
  }
  return found;
}
