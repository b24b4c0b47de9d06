/** Which resources have to be judged for the findings of one file of a large module. */

import { modulePrefix } from '../template/module-path.ts';
import type { Resource, Template } from '../template/template.ts';
import type { Value } from '../template/value.ts';

const ADDRESS = /\b(?:data\.)?[a-z][a-z0-9]*_\w+\.[\w-]+/g;

/** Whether a file says something of a resource: its block, one that overrides it, or a call of its module. */
function isWrittenIn({ document, overrides = [], calls = [] }: Resource, uri: string): boolean {
  return document.uri === uri || [...overrides, ...calls].some((node) => node.document.uri === uri);
}

/**
 * The resources of a file, and all that they refer to: what belongs to a resource elsewhere (a bucket's policy, the rule of
 * a security group) is judged with that one, and reported where it is written.
 */
export function focusOn(template: Template, uri: string): ReadonlySet<Resource> {
  const focus = new Set<Resource>();
  const prefixes = new Set<string>();
  for (const resource of template.resources) {
    if (!isWrittenIn(resource, uri)) continue;
    focus.add(resource);
    prefixes.add(modulePrefix(resource));
  }
  // Settled before what they refer to is added.
  for (const { properties } of [...focus]) {
    for (const name of properties.names) addTargets(properties.get(name)?.value, template, focus, MAX_DEPTH);
  }
  const document = template.documents.find((one) => one.uri === uri);
  for (const [address] of document?.text.matchAll(ADDRESS) ?? []) {
    for (const prefix of prefixes) {
      const named = template.resource(prefix + address);
      if (named) focus.add(named);
    }
  }
  return focus;
}

/** Deeper in a property no resource says to whom it belongs. */
const MAX_DEPTH = 4;

/** Adds what a value refers to, by way of locals, variables and conditions too: the text alone does not show it. */
function addTargets(value: Value | undefined, template: Template, focus: Set<Resource>, depth: number): void {
  if (!value || depth === 0) return;
  if (value.kind === 'reference') {
    const target = value.to === 'resource' ? template.resource(value.target) : undefined;
    if (target) focus.add(target);
  } else if (value.kind === 'choice')
    for (const one of value.alternatives) addTargets(one.value, template, focus, depth - 1);
  else if (value.kind === 'list') for (const one of value.items) addTargets(one, template, focus, depth - 1);
  else if (value.kind === 'text')
    for (const part of value.parts) if (typeof part !== 'string') addTargets(part, template, focus, depth - 1);
}
