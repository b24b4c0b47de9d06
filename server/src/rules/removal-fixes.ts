/** Fixes that take a resource, or one block of several, out of the template. */

import type { Edit } from '../syntax/edit.ts';
import type { Found } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import type { Fix } from './fix.ts';
import { enclosingEntry, nameOf } from './fixes.ts';

const WORD = /[\w-]/;

/** Whether something in the template names a resource: its name stands elsewhere than at its definition. */
function isNamed(resource: Resource): boolean {
  const { template, key } = resource;
  const isCloudFormation = template.dialect === 'cloudformation';
  const name = isCloudFormation ? nameOf(resource) : `${resource.type}.${nameOf(resource)}`;
  return template.documents.some(({ text }) => {
    for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
      const isOwn = key.document.text === text && at >= key.start && at < key.end;
      if (!isOwn && !WORD.test(text.charAt(at - 1)) && !WORD.test(text.charAt(at + name.length))) return true;
    }
    return false;
  });
}

/** Removes a resource as a whole. None is offered where the template still names it, or in a plan. */
export function removeResource(resource: Resource, title: string): Fix | undefined {
  const { template, key } = resource;
  const own = key.entry;
  if (!own || !['cloudformation', 'terraform'].includes(template.dialect) || isNamed(resource)) return undefined;
  // Terraform: the block of a type goes with the only resource in it.
  const ofType = template.dialect === 'terraform' ? enclosingEntry(key.parent) : undefined;
  const entry = ofType?.value.kind === 'object' && ofType.value.entries.length === 1 ? ofType : own;
  return { title, safe: false, edits: [{ kind: 'remove', entry }] };
}

/**
 * Removes the block that a leaf is written in: an item of a list, or the only block of its name. None is offered where the leaf
 * is defined elsewhere, or is an alternative.
 */
export function removeBlock(found: Found, title: string): Fix | undefined {
  const block = found.scopes[found.scopes.length - 1]?.node;
  if (!block || found.via.length || found.key?.parent !== block || found.key.entry?.value !== found.node)
    return undefined;
  const list = block.parent;
  if (list?.kind === 'array' && list.tag === undefined && !list.entry?.name.startsWith('Fn::')) {
    const whole = list.items.length === 1 && found.resource.template.dialect === 'terraform' ? list.entry : undefined;
    const edit: Edit = whole ? { kind: 'remove', entry: whole } : { kind: 'removeItem', node: block };
    return { title, safe: false, edits: [edit] };
  }
  return block.entry && { title, safe: false, edits: [{ kind: 'remove', entry: block.entry }] };
}
