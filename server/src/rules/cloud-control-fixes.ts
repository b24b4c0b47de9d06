/** Fixes of resources of Terraform's Cloud Control provider: judged under CloudFormation's names, written under their own. */

import type { Data, Edit } from '../syntax/edit.ts';
import type { Node } from '../syntax/node.ts';
import { attributeName, attributePath, isMap } from '../template/cloud-control.ts';
import type { Resource } from '../template/template.ts';
import type { Fix } from './fix.ts';

/** Whether data has a member of such a name, at any depth. */
function holds(data: Data, named: RegExp): boolean {
  if (typeof data !== 'object' || data === null) return false;
  if (Array.isArray(data)) return data.some((item) => holds(item, named));
  return Object.entries(data).some(([name, value]) => named.test(name) || holds(value, named));
}

/** A call of CloudFormation's, which Terraform does not know. */
const INTRINSIC = /^(?:Ref|Fn::.+)$/;
/** A policy document keeps its own names; it is JSON text in this provider and no block. */
const POLICY = /^(?:Statement|Effect)$/;

/** Data under a property, with the names of its members as the provider spells them. */
function respelled(data: Data, property = ''): Data {
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map((item) => respelled(item));
  const members = Object.entries(data).map(([name, value]) => [
    isMap(property) ? name : attributeName(name),
    respelled(value, name),
  ]);
  return Object.fromEntries(members);
}

/** The property that a node is the value of, by its name in CloudFormation where that is a map. */
function propertyOf(node: Node): string {
  const name = node.entry?.name ?? '';
  return name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Whether a node is written as an attribute of the resource: not in JSON text inside one, not in another resource. */
function isAttribute(node: Node, resource: Resource): boolean {
  return node.origin === resource.body.origin && node.from >= resource.body.from && node.to <= resource.body.to;
}

function editOf(edit: Edit, resource: Resource): Edit | undefined {
  if ('data' in edit && holds(edit.data, INTRINSIC)) return undefined;
  switch (edit.kind) {
    case 'set':
      if (!isAttribute(edit.in, resource)) return edit;
      if (holds(edit.data, POLICY)) return undefined;
      return {
        ...edit,
        path: attributePath([propertyOf(edit.in), ...edit.path]).slice(1),
        data: respelled(edit.data, edit.path.at(-1)),
      };
    case 'replace':
      if (!isAttribute(edit.node, resource)) return edit;
      return holds(edit.data, POLICY) ? undefined : { ...edit, data: respelled(edit.data, propertyOf(edit.node)) };
    case 'append':
      if (!isAttribute(edit.to, resource)) return edit;
      return holds(edit.data, POLICY) ? undefined : { ...edit, data: respelled(edit.data) };
    case 'rename':
      return isAttribute(edit.entry.key, resource) ? { ...edit, name: attributeName(edit.name) } : edit;
    case 'insertAfter':
      // A sibling in CloudFormation's shape is no Terraform.
      return undefined;
    default:
      return edit;
  }
}

/** The words of a title that name properties, as they are written here. */
function titleOf(title: string, spelling: ReadonlyMap<string, string>): string {
  return title.replace(/[A-Z]\w+/g, (word) => spelling.get(word) ?? word);
}

/**
 * A fix made for CloudFormation as the resource of the Cloud Control provider takes it.
 * @param path the property path of the finding, in CloudFormation's names
 * @returns undefined where it cannot be said in Terraform: an added sibling resource, a policy document as a block
 */
export function mirroredFix(fix: Fix, resource: Resource, path: string): Fix | undefined {
  const edits: Edit[] = [];
  const spelling = new Map<string, string>();
  const learn = (names: readonly string[]) => {
    const written = attributePath(names);
    names.forEach((name, index) => {
      spelling.set(name, written[index] as string);
    });
  };
  learn(path.split('.'));
  for (const edit of fix.edits) {
    const own = editOf(edit, resource);
    if (!own) return undefined;
    if (edit.kind === 'rename') learn([edit.name]);
    if (edit.kind === 'set') learn([propertyOf(edit.in), ...edit.path]);
    edits.push(own);
  }
  return { ...fix, title: titleOf(fix.title, spelling), edits };
}
