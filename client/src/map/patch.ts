/** Makes the document look like a tree of elements, touching only what differs: focus, scroll and selection stay. */

import type { VNode } from './vnode.ts';

/** What each element was last drawn from. */
const drawn = new WeakMap<Element, VNode>();

/** @param parent its children become `children` */
export function patch(parent: Element, children: readonly (VNode | string)[]): void {
  const old = new Map<string, Element>();
  for (const element of parent.children) {
    const node = drawn.get(element);
    if (node?.key !== undefined) old.set(`${node.tag} ${node.key}`, element);
  }
  let at: ChildNode | null = parent.firstChild;
  for (const child of children) {
    if (typeof child === 'string') {
      if (at?.nodeType === Node.TEXT_NODE) {
        if (at.nodeValue !== child) at.nodeValue = child;
        at = at.nextSibling;
      } else parent.insertBefore(document.createTextNode(child), at);
      continue;
    }
    const found = elementFor(child, at, old);
    if (found === at) at = at?.nextSibling ?? null;
    else parent.insertBefore(found, at);
    update(found, child);
  }
  while (at) {
    const next: ChildNode | null = at.nextSibling;
    at.remove();
    at = next;
  }
}

/** The element that was drawn for the same key, or stands in the same place; else a new one. */
function elementFor({ tag, key }: VNode, at: ChildNode | null, old: Map<string, Element>): Element {
  if (key !== undefined) {
    const name = `${tag} ${key}`;
    const kept = old.get(name);
    old.delete(name);
    return kept ?? document.createElement(tag);
  }
  const node = at instanceof Element ? drawn.get(at) : undefined;
  return at instanceof Element && node?.tag === tag && node.key === undefined ? at : document.createElement(tag);
}

function update(element: Element, node: VNode): void {
  const before = drawn.get(element);
  drawn.set(element, node);
  for (const [name, value] of Object.entries(node.attributes)) {
    if (name === 'value' && !(element instanceof HTMLOptionElement)) continue;
    if (value === undefined) element.removeAttribute(name);
    else if (before?.attributes[name] !== value) element.setAttribute(name, value);
  }
  for (const name of Object.keys(before?.attributes ?? {}))
    if (!Object.hasOwn(node.attributes, name)) element.removeAttribute(name);
  patch(element, node.children);
  // A field belongs to whoever types in it; a choice can be shown once its options are there.
  const { value } = node.attributes;
  if (value === undefined) return;
  if (element instanceof HTMLSelectElement) element.value = value;
  else if (element instanceof HTMLInputElement && element !== document.activeElement) element.value = value;
}
