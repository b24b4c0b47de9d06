/** Renders a plan of edits as JSON. */

import type { Data } from './edit.ts';
import { type FlowChange, type FlowWriter, flowEdits, type NewItem } from './edit-flow.ts';
import { isList, isRecord, type Piece, type Plan, type Surface } from './edit-plan.ts';
import { type Style, styleOf } from './edit-style.ts';
import type { Node } from './node.ts';

/** Writes values as JSON in a document's style. */
export class JsonWriter implements FlowWriter {
  constructor(
    private readonly eol: string,
    private readonly style: Style,
    /** Whether an empty container's new members get a line each. */
    readonly spread: boolean,
    /** Every value stays on one line, as its siblings do. */
    private readonly flat = false,
  ) {}

  get step(): string {
    return this.style.step;
  }

  get pad(): string {
    return this.style.pad;
  }

  item({ name, data }: NewItem, indent: string | undefined): string {
    const value = this.value(data, this.flat ? undefined : indent);
    return name === undefined ? value : `${JSON.stringify(name)}${this.style.colon}${value}`;
  }

  /** A value; on several lines where `indent`, that of its first line, is given. */
  value(data: Data, indent: string | undefined): string {
    if (isList(data))
      return this.bracket(
        '[',
        ']',
        '',
        data.map((item) => ({ name: undefined, data: item })),
        indent,
      );
    if (!isRecord(data)) return JSON.stringify(data);
    return this.bracket(
      '{',
      '}',
      this.pad,
      Object.entries(data).map(([name, value]) => ({ name, data: value })),
      indent,
    );
  }

  private bracket(
    open: string,
    close: string,
    pad: string,
    items: readonly NewItem[],
    indent: string | undefined,
  ): string {
    if (!items.length) return open + close;
    if (indent === undefined)
      return open + pad + items.map((item) => this.item(item, undefined)).join(', ') + pad + close;
    const inner = indent + this.step;
    const lines = items.map((item) => inner + this.item(item, inner)).join(`,${this.eol}`);
    return `${open}${this.eol}${lines}${this.eol}${indent}${close}`;
  }
}

/** Whether a container's members stand on lines of their own. */
export function isSpread(surface: Surface, node: Node): boolean {
  const firsts = node.kind === 'object' ? node.entries.map((entry) => entry.key) : node.items;
  return firsts.some((first) => surface.beginsLine(surface.outerStart(first)));
}

/** Whether a list's items are containers on one line each. */
function hasFlatItems(surface: Surface, node: Node): boolean {
  const containers = node.items.filter((item) => item.entries.length || item.items.length);
  return containers.length > 0 && !containers.some((item) => isSpread(surface, item));
}

/** Whether a value of this node's place may take several lines: the nearest container that holds anything decides. */
function maySpread(surface: Surface, node: Node): boolean {
  if (node.parent) return isSpread(surface, node.parent);
  return !surface.host || surface.text.includes('\n');
}

/** Pieces of a JSON text; undefined where the text is broken at one of the places. */
export function jsonPieces(plan: Plan, roots: readonly Node[]): Piece[] | undefined {
  const { surface } = plan;
  const style = styleOf(surface, roots);
  const pieces: Piece[] = [];
  for (const [node, data] of plan.replaced) {
    const writer = new JsonWriter(surface.eol, style, true);
    const oneLine = !node.isScalar && (node.entries.length || node.items.length) && !isSpread(surface, node);
    const indent = oneLine || !maySpread(surface, node) ? undefined : surface.indentAt(surface.start(node));
    const piece = replaceJson(surface, node, writer.value(data, indent));
    if (!piece) return undefined;
    pieces.push(piece);
  }
  for (const change of flowChanges(plan)) {
    const writer = new JsonWriter(
      surface.eol,
      style,
      maySpread(surface, change.node),
      hasFlatItems(surface, change.node),
    );
    const found = flowEdits(surface, change, writer);
    if (!found) return undefined;
    pieces.push(...found);
  }
  for (const [entry, name] of plan.renamed) {
    pieces.push({ start: surface.start(entry.key), end: surface.end(entry.key), newText: JSON.stringify(name) });
  }
  return pieces;
}

/** Replaces a value, or writes one where it is missing. */
export function replaceJson(surface: Surface, node: Node, value: string): Piece | undefined {
  const start = surface.outerStart(node);
  const end = surface.end(node);
  if (node.kind !== 'missing') return { start, end, newText: value };
  const { entry } = node;
  if (!entry || start !== end) return start === end ? undefined : { start, end, newText: value };
  const colon = surface.text.slice(surface.end(entry.key), start).includes(':');
  return { start, end, newText: colon ? ` ${value}` : `: ${value}` };
}

/** A plan's changes of bracketed containers, members in order. */
export function flowChanges(plan: Plan): FlowChange[] {
  const changes: FlowChange[] = [];
  for (const [node, { removed, first, added, after }] of plan.objects) {
    const members = node.entries.filter((entry) => !entry.merged);
    const items = new Map<number, NewItem[]>();
    if (first.size) items.set(-1, newItems(first));
    for (const [entry, names] of after) items.set(members.indexOf(entry), newItems(names));
    if (added.size) items.set(members.length, newItems(added));
    changes.push({ node, members, removed, added: items });
  }
  for (const [node, { removed, added, after }] of plan.arrays) {
    const items = new Map<number, NewItem[]>();
    const add = (index: number, list: readonly Data[]) =>
      items.set(
        index,
        list.map((data) => ({ name: undefined, data })),
      );
    for (const [item, list] of after) add(node.items.indexOf(item), list);
    if (added.length) add(node.items.length, added);
    changes.push({ node, members: node.items, removed, added: items });
  }
  return changes;
}

function newItems(names: ReadonlyMap<string, Data>): NewItem[] {
  return [...names].map(([name, data]) => ({ name, data }));
}
