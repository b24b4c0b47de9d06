/** Fixes that take a whole resource out of a template. */

import type { Entry, Node } from '../syntax/node.ts';
import type { Resource } from '../template/template.ts';
import type { Fix } from './fix.ts';
import { nameOf } from './fixes.ts';

/**
 * Removes a resource that nothing else in the template names.
 * @param what what the resource is, for the title: "the access key"
 */
export function removeResource(resource: Resource, what: string, note: string): Fix | undefined {
  const { template, key } = resource;
  const own = entryToRemove(key.entry);
  if (!own || !['cloudformation', 'terraform'].includes(template.dialect) || template.resources.length < 2) {
    return undefined;
  }
  if (template.documents.some((document) => document.roots.some((root) => names(root, resource)))) return undefined;
  return {
    title: `Remove ${what} ${nameOf(resource)} (${note})`,
    safe: false,
    edits: [{ kind: 'remove', entry: own }],
  };
}

/**
 * Whether a text in a tree names the resource: in CloudFormation its logical id as a word (also where that may be mere
 * text), in Terraform its address.
 */
function names(node: Node, resource: Resource): boolean {
  if (node === resource.body) return false;
  const isTerraform = resource.template.dialect === 'terraform';
  if (node.isScalar) {
    // The name of a condition is no reference to a resource.
    if (!isTerraform && node.entry?.name === 'Condition') return false;
    // What HCL computes has no value, only its text.
    const text = typeof node.value === 'string' ? node.value : isTerraform ? node.source : '';
    return occurs(text, isTerraform ? `${resource.type}.${nameOf(resource)}` : nameOf(resource));
  }
  return node.items.some((item) => names(item, resource)) || node.entries.some(({ value }) => names(value, resource));
}

/** The entry of a resource, or of its type where that holds nothing else. */
export function entryToRemove(entry: Entry | undefined): Entry | undefined {
  let at = entry;
  while (at && (at.key.parent?.entries.length ?? 0) === 1) {
    const above: Node | undefined = at.key.parent;
    if (!above?.entry || above.parent?.kind === 'array') return undefined;
    at = above.entry;
  }
  return at;
}

/** Whether a name stands in a text as a word of its own. */
function occurs(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!isWord(text[at - 1]) && !isWord(text[at + name.length])) return true;
  }
  return false;
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\w-]/.test(character);
}
