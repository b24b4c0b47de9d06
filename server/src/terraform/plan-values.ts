/**
 * Values in a plan: plain data, laid over with what is unknown until apply, what is sensitive, and what the
 * configuration says (developer.hashicorp.com/terraform/internals/json-format).
 */

import type { Node } from '../syntax/node.ts';
import type { ObjectValue, Value } from '../template/value.ts';
import type { PlanReference } from './plan-references.ts';
import { absent, known, LazyObject, list, type Member, sensitive, unknown } from './values.ts';

/** What is known beside a value itself, in the same shape as the value. */
export interface Overlay {
  /** `after_unknown`: true where the value is known only after apply. */
  readonly unknown?: Node | undefined;
  /** `sensitive_values`: true where the value is sensitive. */
  readonly sensitive?: Node | undefined;
  /** The blocks of the configuration that may have made this one; undefined where the plan does not tell. */
  readonly expressions?: readonly Node[] | undefined;
  /** The expression that made this value, where it is one argument. */
  readonly expression?: Node | undefined;
  readonly resolve: (expression: Node) => readonly PlanReference[];
}

const NOTHING: Overlay = { resolve: () => [] };
const MAX_DEPTH = 200;

/** A value of a plan with its overlay; without, plain data (templates in it have been evaluated: `${` is just text). */
export function planValue(node: Node, overlay: Overlay = NOTHING, depth = 0): Value {
  if (depth > MAX_DEPTH) return unknown('is nested too deeply', node);
  if (overlay.unknown?.value === true) return unknownValue(node, overlay);
  const value = plain(node, overlay, depth);
  return overlay.sensitive?.value === true ? sensitive(value) : value;
}

function plain(node: Node, overlay: Overlay, depth: number): Value {
  switch (node.kind) {
    case 'object':
      return planObject(node, overlay, depth);
    case 'array': {
      const marks = overlay.unknown?.items ?? [];
      const items = node.items.map((item, i) => planValue(item, itemOverlay(overlay, i, node.items.length), depth + 1));
      // Items that are unknown as a whole may be missing from the values.
      for (let i = node.items.length; i < marks.length; i++) {
        const mark = marks[i] as Node;
        items.push(planValue(mark, { ...itemOverlay(overlay, i, marks.length), unknown: mark }, depth + 1));
      }
      return list(items, node);
    }
    case 'null':
      return absent(node);
    case 'missing':
      return unknown('nothing is written yet', node);
    default:
      return known(node.value ?? node.source, node);
  }
}

/** An object of a plan. Members that are null, or that nobody set and AWS decides, are not there: they are absent. */
export function planObject(node: Node, overlay: Overlay = NOTHING, depth = 0): ObjectValue {
  const members = new Map<string, Member>();
  const add = (name: string, key: Node, value: Node) => {
    const inner = memberOverlay(overlay, name);
    if (value.kind === 'null' && inner.unknown?.value !== true) return;
    if (isUnset(value, inner, overlay)) return;
    members.set(name, { key, value: () => planValue(value, inner, depth + 1) });
  };
  for (const entry of node.entries) if (!entry.duplicate) add(entry.name, entry.key, entry.value);
  for (const entry of overlay.unknown?.entries ?? []) {
    if (!members.has(entry.name) && holdsTrue(entry.value)) add(entry.name, entry.key, entry.value);
  }
  return new LazyObject(node, members);
}

/**
 * Whether a member stands in the plan although the configuration says nothing of it: an attribute that AWS fills in
 * after apply, or a block that is not there, which a plan writes as an empty list.
 */
function isUnset(value: Node, own: Overlay, parent: Overlay): boolean {
  const emptyList = value.kind === 'array' && value.items.length === 0 && !holdsTrue(own.unknown);
  if (own.unknown?.value !== true && !emptyList) return false;
  if (parent.expression) return false;
  if (!parent.expressions) return emptyList;
  return !own.expression && !own.expressions;
}

function unknownValue(node: Node, overlay: Overlay): Value {
  const { expression } = overlay;
  const references = expression ? overlay.resolve(expression) : [];
  const [only] = references;
  if (only && references.length === 1) {
    return { kind: 'reference', to: 'resource', target: only.target, attribute: only.attribute, node };
  }
  return unknown('is known after apply', node);
}

function memberOverlay(overlay: Overlay, name: string): Overlay {
  const { expressions, resolve } = overlay;
  const written = expressions?.map((block) => block.get(name)).filter((child) => child !== undefined);
  const blocks: Node[] = [];
  let expression: Node | undefined;
  for (const child of written ?? []) {
    if (child.kind === 'array') for (const item of child.items) blocks.push(item);
    else if (isArgument(child)) expression = child;
    else blocks.push(child);
  }
  // Of several blocks of a set it is not known which is which: what one of them refers to is not for sure.
  const sure = (written?.length ?? 0) === 1 || agree(written ?? []);
  return {
    unknown: overlay.unknown?.get(name),
    sensitive: overlay.sensitive?.value === true ? overlay.sensitive : overlay.sensitive?.get(name),
    expressions: expression || blocks.length === 0 ? undefined : blocks,
    expression,
    // Blocks below decide for themselves.
    resolve: sure || !expression ? resolve : () => [],
  };
}

function itemOverlay(overlay: Overlay, index: number, count: number): Overlay {
  const { expressions, expression, resolve } = overlay;
  // As many blocks as there are items need not stand in the same order (sets are sorted): all of them are candidates.
  return {
    unknown: overlay.unknown?.items[index],
    sensitive: overlay.sensitive?.value === true ? overlay.sensitive : overlay.sensitive?.items[index],
    expressions,
    expression,
    resolve: expression && count > 1 ? (node) => nth(resolve(node), index, count) : resolve,
  };
}

/** The reference of one item of a list, where each item is one. */
function nth(references: readonly PlanReference[], index: number, count: number): readonly PlanReference[] {
  const one = references[index];
  return references.length === count && one ? [one] : [];
}

/** Whether expressions of several blocks all say the same. */
function agree(expressions: readonly Node[]): boolean {
  const texts = new Set(expressions.map((node) => node.document.text.slice(node.start, node.end).replace(/\s+/g, '')));
  return texts.size <= 1;
}

/** Whether an entry of `expressions` is an argument (its value or what it refers to) rather than a block. */
function isArgument(node: Node): boolean {
  if (node.kind !== 'object') return false;
  const names = node.entries.map((entry) => entry.name);
  return names.every((name) => name === 'constant_value' || name === 'references');
}

function holdsTrue(node: Node | undefined, depth = 0): boolean {
  if (!node || depth > MAX_DEPTH) return false;
  if (node.value === true) return true;
  return (
    node.items.some((item) => holdsTrue(item, depth + 1)) ||
    node.entries.some((entry) => holdsTrue(entry.value, depth + 1))
  );
}
