/** Renders a plan of edits as HCL. */

import type { SyntaxDocument } from './document.ts';
import type { Data, TextEdit } from './edit.ts';
import { flowEdits, parenthesized } from './edit-flow.ts';
import { alignedEdits } from './edit-hcl-align.ts';
import { isBlockData, placeOf } from './edit-hcl-blocks.ts';
import { type BodyChange, bodyEdits, type NewMember, newChange, topEdits } from './edit-hcl-body.ts';
import { HclWriter, hclText, isBare, type ObjectHabits, PLAIN } from './edit-hcl-write.ts';
import { flowChanges, isSpread } from './edit-json.ts';
import { isList, isRecord, type Piece, type Plan, type Surface } from './edit-plan.ts';
import { styleOf } from './edit-style.ts';
import { children, type Expression, unwrap } from './hcl-expression.ts';
import { expressionAt } from './hcl-source.ts';
import type { Entry, Node } from './node.ts';

/** Pieces of an HCL text; undefined where the text is broken at one of the places. */
export function hclPieces(plan: Plan, roots: readonly Node[]): Piece[] | undefined {
  try {
    return new HclEditor(plan, roots).pieces();
  } catch (error) {
    if (error instanceof Unwritable) return undefined;
    throw error;
  }
}

/** What an edit asks for has no place in the text. */
class Unwritable extends Error {}

/** Whether a node is a body that is written as a block, or stands for labels around one. */
function isBlock(node: Node): boolean {
  return node.style === 'block' && node.kind === 'object';
}

function isBlockList(node: Node): boolean {
  return node.style === 'block' && node.kind === 'array';
}

/** The body that blocks of a list, or a block, are written in. */
function bodyAround(node: Node): Node | undefined {
  return node.parent && isBlockList(node.parent) ? node.parent.parent : node.parent;
}

class HclEditor {
  private readonly surface: Surface;
  private readonly step: string;
  private readonly changes = new Map<Node, BodyChange>();
  private readonly found: Piece[] = [];

  constructor(
    private readonly plan: Plan,
    private readonly roots: readonly Node[],
  ) {
    this.surface = plan.surface;
    this.step = styleOf(plan.surface, roots).step;
  }

  pieces(): Piece[] | undefined {
    const { plan, surface } = this;
    for (const [node, data] of this.outermost(plan.replaced)) this.replace(node, data);
    this.gather();
    for (const [body, change] of this.changes) {
      const isTop = body.parent === undefined;
      const writer = new HclWriter(surface.eol, this.step);
      const pieces = isTop ? topEdits(surface, body, change, writer) : bodyEdits(surface, body, change, writer);
      if (!pieces) return undefined;
      this.found.push(...pieces);
    }
    for (const change of flowChanges(plan)) {
      const { node } = change;
      if (node.style === 'block') continue;
      const items = [...change.added.values()].flat();
      const isFlat = items.every(({ data }) => !isList(data) && !isRecord(data));
      const spread = this.maySpread(node) && (node.kind === 'object' || !isFlat);
      const writer = new HclWriter(surface.eol, this.step, this.habits(node), spread, isBare(node), this.commas(node));
      const pieces = flowEdits(surface, change, writer);
      if (!pieces) return undefined;
      this.found.push(...pieces);
    }
    for (const [entry, name] of plan.renamed) this.rename(entry, name);
    return this.found;
  }

  /** An expression inside another one that is replaced goes with it; inside expressions no parents tell. */
  private outermost(replaced: ReadonlyMap<Node, Data>): (readonly [Node, Data])[] {
    const all = [...replaced];
    return all.filter(
      ([node]) => !all.some(([other]) => other !== node && other.start <= node.start && other.end >= node.end),
    );
  }

  private change(body: Node | undefined): BodyChange {
    if (!body) throw new Unwritable();
    let change = this.changes.get(body);
    if (!change) {
      change = newChange();
      this.changes.set(body, change);
    }
    return change;
  }

  /** Changes of bodies, those of the lists of blocks in them included. */
  private gather(): void {
    for (const [node, { removed, first, added, after }] of this.plan.objects) {
      if (node.style !== 'block') continue;
      const members = (names: ReadonlyMap<string, Data>): NewMember[] =>
        [...names].map(([name, data]) => ({ name, data, asBlock: undefined }));
      if (node.parent && this.surface.text[this.surface.start(node)] !== '{') {
        // A label: what is removed is the block as a whole.
        if (first.size || added.size || after.size || removed.size !== node.entries.length) throw new Unwritable();
        let top = node;
        while (top.parent?.parent) top = top.parent;
        this.change(top.parent).removed.add(top);
        continue;
      }
      const change = this.change(node);
      for (const { value } of removed) for (const one of blocksOf(value)) change.removed.add(one);
      change.first.push(...members(first));
      change.added.push(...members(added));
      for (const [{ value }, names] of after) put(change.after, blocksOf(value).at(-1), members(names));
    }
    for (const [node, { removed, added, after }] of this.plan.arrays) {
      if (node.style !== 'block') continue;
      const list = isBlockList(node);
      const change = this.change(list ? node.parent : bodyAround(node));
      const name = node.entry?.name;
      if (name === undefined || (!list && change.removed.has(node))) throw new Unwritable();
      const members = (items: readonly Data[]): NewMember[] => items.map((data) => ({ name, data, asBlock: true }));
      for (const one of removed) change.removed.add(one);
      if (added.length) put(change.after, list ? node.items.at(-1) : node, members(added));
      for (const [item, items] of after) put(change.after, item, members(items));
    }
  }

  private replace(node: Node, data: Data): void {
    if (!node.parent && node.style === 'block') throw new Unwritable();
    if (node.style === 'block') this.replaceBlock(node, data);
    else if (node.kind === 'missing') this.fill(node, data);
    else {
      const newText = this.value(node, data);
      const { start, end } = this.plan.surface.language === 'hcl' ? this.range(this.decided(node, newText)) : node;
      this.found.push({ start, end, newText });
    }
  }

  /** What a new text takes the place of: a conditional as a whole, where its other arm says the same, or the node itself. */
  private decided(node: Node, text: string): Node {
    const arm = expressionAt(node);
    if (!arm || this.plan.replaced.size > 1) return node;
    let around: Node | undefined;
    for (let within = this.roots; ; ) {
      const next = within.find((one) => one.start <= node.start && node.end <= one.end);
      if (!next || next === node) break;
      around = next;
      within = [...next.entries.map(({ value }) => value), ...next.items];
    }
    const host = around && expressionAt(around);
    let at = host?.source === arm.source ? host.expression : undefined;
    while (at) {
      const inner: Expression = unwrap(at);
      if (inner.kind === 'conditional') {
        const arms = [unwrap(inner.whenTrue), unwrap(inner.whenFalse)];
        const other = arms.includes(arm.expression) && arms.find((one) => one !== arm.expression);
        if (other) return arm.source.text.slice(other.from, other.to) === text ? arm.source.node(inner) : node;
      }
      const { from, to } = arm.expression;
      at = children(inner).find((child) => child.from <= from && to <= child.to);
    }
    return node;
  }

  private range(node: Node): { readonly start: number; readonly end: number } {
    return { start: this.surface.start(node), end: this.surface.end(node) };
  }

  /** The text of a value in the place of another one. */
  private value(node: Node, data: Data): string {
    const { surface } = this;
    const before = this.surface.start(node) - surface.lineStart(surface.start(node));
    const wasFlat = (node.entries.length > 0 || node.items.length > 0) && !isSpread(surface, node);
    const indent = wasFlat || !this.maySpread(node) ? undefined : surface.indentAt(surface.start(node));
    const writer = new HclWriter(surface.eol, this.step, this.habits(node), true, isBare(node));
    if (isList(data) && indent !== undefined && node.items.length && isSpread(surface, node))
      return writer.tall(data, indent);
    return writer.expression(data, indent, Math.max(0, before - (indent?.length ?? 0)));
  }

  /** A block, or all of its name, becomes what the data says. */
  private replaceBlock(node: Node, data: Data): void {
    const { surface } = this;
    const [first, ...others] = blocksOf(node);
    const body = first && bodyAround(first);
    const name = node.entry?.name;
    if (!first || !body || name === undefined || surface.text[surface.start(first)] !== '{') throw new Unwritable();
    const place = placeOf(body);
    const writer = new HclWriter(surface.eol, this.step);
    const indent = surface.indentAt(surface.outerStart(first));
    if (isRecord(data) && !others.length) {
      const inner = placeOf(first);
      this.found.push({ ...this.range(first), newText: writer.body(data, indent, inner) });
      return;
    }
    // Blocks stay blocks where there is anything to write.
    const asBlock = isRecord(data) || (isList(data) && data.length > 0 && data.every(isRecord));
    const { texts } = writer.member(name, data, indent, place, asBlock);
    const newText = texts.join(`${surface.eol}${surface.eol}${indent}`);
    this.found.push({ start: surface.outerStart(first), end: surface.end(first), newText });
    for (const other of others) this.change(body).removed.add(other);
  }

  /** A value where none is written. */
  private fill(node: Node, data: Data): void {
    const { surface } = this;
    const at = surface.start(node);
    const { entry } = node;
    if (!entry || surface.end(node) !== at) throw new Unwritable();
    const written = surface.text.slice(surface.end(entry.key), at);
    const text = this.value(node, data);
    if (written.includes('=') || written.includes(':')) {
      const gap = /\s$/.test(written) ? '' : ' ';
      this.found.push({ start: at, end: at, newText: gap + text });
      return;
    }
    const { parent } = node;
    const indent = surface.indentAt(surface.start(entry.key));
    const asBlock = parent !== undefined && isBlock(parent) && isBlockData(placeOf(parent), entry.name, data);
    const writer = new HclWriter(surface.eol, this.step);
    const place = parent && placeOf(parent);
    const texts = asBlock ? writer.member(entry.name, data, indent, place).texts : [`${entry.name} = ${text}`];
    const start = surface.start(entry.key);
    this.found.push({ start, end: at, newText: texts.join(surface.eol + surface.eol + indent) });
  }

  private rename(entry: Entry, name: string): void {
    const keys = entry.value.style === 'block' ? blocksOf(entry.value).map((one) => one.entry?.key) : [entry.key];
    for (const key of keys) {
      // The key of a label covers the whole header.
      if (!key || (key.style === 'plain' && key.source !== key.value)) throw new Unwritable();
      const inBody = entry.key.parent?.style === 'block';
      const newText = inBody || (key.style === 'plain' && /^[A-Za-z_][\w-]*$/.test(name)) ? name : hclText(name);
      this.found.push({ ...this.range(key), newText });
    }
  }

  /** Whether a value of this node's place may take several lines. */
  private maySpread(node: Node): boolean {
    const { parent } = node;
    if (!parent) return true;
    if (parent.style !== 'block') return isSpread(this.surface, parent);
    return (
      !parent.parent || this.surface.text.slice(this.surface.start(parent), this.surface.start(node)).includes('\n')
    );
  }

  /** How objects are written at a node: as it is, or the nearest one that holds anything. */
  private habits(node: Node): ObjectHabits {
    const { surface } = this;
    for (let at: Node | undefined = node; at && at.style === 'flow'; at = at.parent) {
      const members = at.entries.filter(({ value }) => value.kind !== 'missing');
      const [first] = members;
      if (!first) continue;
      const { end } = parenthesized(surface, first.key);
      const between = surface.text.slice(end, parenthesized(surface, first.value).start);
      const colon = between.includes(':');
      return {
        quoted: members.every(({ key }) => key.style === 'double'),
        separator: colon ? (/^ *: *$/.test(between) ? between : ': ') : ' = ',
      };
    }
    return PLAIN;
  }

  /** Whether members of an object are set apart by commas. */
  private commas(node: Node): boolean {
    if (node.kind === 'array') return true;
    const { text } = this.surface;
    return node.entries.some(({ value }, i) => {
      const end = parenthesized(this.surface, value).end;
      const next = node.entries[i + 1]?.key;
      const to = next ? this.surface.start(next) : this.surface.end(node) - 1;
      return /^[ \t]*,/.test(text.slice(end, to));
    });
  }
}

/** The blocks that a value is, or the value itself. */
function blocksOf(value: Node): readonly Node[] {
  return isBlockList(value) ? value.items : [value];
}

function put(into: Map<Node, NewMember[]>, node: Node | undefined, members: readonly NewMember[]): void {
  if (!node) throw new Unwritable();
  into.set(node, [...(into.get(node) ?? []), ...members]);
}

/** Edits of an HCL document with what keeps its lines aligned. */
export function alignHcl(document: SyntaxDocument, edits: readonly TextEdit[]): TextEdit[] {
  const { text, lines, roots } = document;
  const lineStart = (offset: number) => lines.start(lines.lineAt(offset)) ?? 0;
  const nextLine = (offset: number) => lines.start(lines.lineAt(offset) + 1) ?? text.length;
  const stretches = edits.map(({ start, end }) => ({ start: lineStart(start), end: nextLine(end) }));
  for (const { value } of roots.flatMap((root) => root.entries)) {
    const start = value.style === 'block' ? value.outerStart : (value.entry?.key.start ?? value.start);
    const { end } = value;
    if (edits.some((edit) => edit.start <= nextLine(end) && edit.end >= lineStart(start)))
      stretches.push({ start: lineStart(start), end: nextLine(end) });
  }
  const windows: { start: number; end: number }[] = [];
  for (const { start, end } of stretches.sort((a, b) => a.start - b.start)) {
    const last = windows[windows.length - 1];
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else windows.push({ start, end });
  }
  return alignedEdits(text, edits, windows);
}
