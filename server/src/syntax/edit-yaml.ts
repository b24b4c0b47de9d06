/** Renders a plan of edits as YAML: block style here, brackets as in JSON. */

import type { Data } from './edit.ts';
import { type FlowWriter, flowEdits } from './edit-flow.ts';
import { flowChanges, isSpread, JsonWriter, replaceJson } from './edit-json.ts';
import { type ArrayChange, isRecord, type ObjectChange, type Piece, type Plan, type Surface } from './edit-plan.ts';
import { column, type Style, styleOf } from './edit-style.ts';
import { YamlWriter } from './edit-yaml-write.ts';
import type { Entry, Node } from './node.ts';

/** Pieces of a YAML text; undefined where the text is broken at one of the places. */
export function yamlPieces(plan: Plan, roots: readonly Node[]): Piece[] | undefined {
  return new YamlEditor(plan, styleOf(plan.surface, roots)).pieces();
}

/** Blocks may end at one place: what is added to the inner one stands before what is added to the outer one. */
function innermostFirst(nodes: readonly Node[]): Node[] {
  const depth = (node: Node): number => {
    let levels = 0;
    for (let at = node.parent; at; at = at.parent) levels++;
    return levels;
  };
  const depths = new Map(nodes.map((node) => [node, depth(node)]));
  return [...depths.keys()].sort((a, b) => (depths.get(b) ?? 0) - (depths.get(a) ?? 0));
}

class YamlEditor {
  private readonly surface: Surface;
  private readonly text: string;
  private readonly eol: string;
  private readonly writer: YamlWriter;
  private readonly found: Piece[] = [];
  private broken = false;

  constructor(
    private readonly plan: Plan,
    private readonly style: Style,
  ) {
    this.surface = plan.surface;
    this.text = plan.surface.text;
    this.eol = plan.surface.eol;
    this.writer = new YamlWriter(style);
  }

  pieces(): Piece[] | undefined {
    const { plan } = this;
    for (const [node, data] of plan.replaced) this.replace(node, data);
    for (const change of flowChanges(plan)) {
      const { node } = change;
      const { length } = node.kind === 'object' ? node.entries : node.items;
      if (node.style === 'flow' && (length || inFlow(node))) {
        const pieces = flowEdits(this.surface, change, this.flowWriter(node));
        if (pieces) this.found.push(...pieces);
        else this.broken = true;
      }
    }
    for (const node of innermostFirst([...plan.objects.keys(), ...plan.arrays.keys()])) {
      const object = plan.objects.get(node);
      const array = plan.arrays.get(node);
      if (object) {
        if (node.style === 'block') this.object(node, object);
        else if (!node.entries.length && !inFlow(node) && object.first.size + object.added.size)
          this.replace(node, Object.fromEntries([...object.first, ...object.added]));
      }
      if (array) {
        if (node.style === 'block') this.array(node, array);
        else if (!node.items.length && !inFlow(node) && array.added.length) this.replace(node, array.added);
      }
    }
    for (const [entry, name] of plan.renamed) this.rename(entry, name);
    return this.broken ? undefined : this.found;
  }

  private put(start: number, end: number, newText: string): void {
    if (start !== end || newText) this.found.push({ start, end, newText });
  }

  /** Brackets whose keys are in double quotes are JSON, in a YAML file too. */
  private flowWriter(node: Node): FlowWriter {
    let outer: Node | undefined = node;
    for (; outer; outer = outer.parent) {
      if (outer.kind === 'object' && outer.style === 'flow' && outer.entries.length) {
        if (outer.entries[0]?.key.style !== 'double') return this.writer;
        return new JsonWriter(this.eol, this.style, node.parent ? isSpread(this.surface, node.parent) : true);
      }
    }
    return this.writer;
  }

  private rename({ key }: Entry, name: string): void {
    const quote = key.style === 'double' ? '"' : key.style === 'single' ? "'" : undefined;
    if (key.kind === 'missing') this.broken = true;
    else this.put(this.surface.start(key), this.surface.end(key), this.writer.scalar(name, inFlow(key), quote));
  }

  // Values

  private replace(node: Node, data: Data): void {
    const { surface } = this;
    const start = surface.outerStart(node);
    const end = surface.end(node);
    if (inFlow(node)) {
      const writer = this.flowWriter(node);
      const parent = node.parent as Node;
      const indent = writer instanceof JsonWriter && isSpread(surface, parent) ? surface.indentAt(start) : undefined;
      const piece = replaceJson(
        surface,
        node,
        writer instanceof JsonWriter ? writer.value(data, indent) : this.writer.inline(data),
      );
      if (piece) this.found.push(piece);
      else this.broken = true;
      return;
    }
    const quote = node.kind === 'string' && node.tag === undefined ? quoteOf(node) : undefined;
    if (quote && typeof data === 'string' && !data.includes('\n')) {
      this.put(start, end, this.writer.scalar(data, false, quote));
      return;
    }
    const holder = this.holder(node);
    if (!holder) return;
    const { at, indent, dash, prefix } = holder;
    if (!node.parent) {
      const { head, lines } = this.writer.value(data, '', '');
      this.put(
        start,
        end,
        [...(head ? [head] : []), ...lines.map((line) => line.slice(isRecord(data) ? this.style.step.length : 0))].join(
          this.eol,
        ),
      );
      return;
    }
    const written = this.writer.value(data, indent, dash);
    // A list item takes a block's first line behind its dash.
    const hanging = prefix === '-' && !written.head && written.lines.length > 0;
    const item = hanging ? this.writer.listItem(data, indent) : [];
    const head = hanging ? (item[0] as string).slice(indent.length + 2) : written.head;
    const lines = hanging ? item.slice(1) : written.lines;
    this.place(node, at, holder.insert, head, lines);
  }

  /** Puts a value behind a key or dash that ends at `at`, instead of what is there. */
  private place(node: Node, at: number, insert: string, head: string, lines: readonly string[]): void {
    const { surface, text, eol } = this;
    const start = surface.outerStart(node);
    const end = surface.end(node);
    const below = lines.map((line) => eol + line).join('');
    const gap = text.slice(at, start);
    const headLine = surface.lineEnd(at);
    const first = insert + (head ? ` ${head}` : '');
    if (start > headLine) {
      // The old value begins below: what else the first line holds stays.
      if (/[&!]/.test(text.slice(at, headLine).replace(/#.*/, ''))) {
        this.broken = true;
        return;
      }
      this.put(at, at, first);
      if (lines.length && !head) {
        this.put(surface.lineStart(start), end, lines.join(eol));
        return;
      }
      // One line cannot hold the comments of two.
      const commented = text.slice(at, headLine).includes('#') && !lines.length;
      this.put(headLine, commented ? surface.lineEnd(end) : end, below);
      return;
    }
    const tailEnd = surface.lineEnd(end);
    const tail = text.slice(end, tailEnd);
    const anchor = gap.trimEnd();
    if (!lines.length) {
      if (node.kind === 'missing' && start === end)
        this.put(at + anchor.length, tail.trim() === '' ? tailEnd : end, first);
      else if (gap === '') this.put(start, end, first);
      else this.put(start, end, head);
      return;
    }
    const cut = at + anchor.length;
    if (tail.trim() === '') this.put(cut, tailEnd, first + below);
    else {
      this.put(cut, end, first);
      this.put(tailEnd, tailEnd, below);
    }
  }

  /**
   * What a block value stands behind: where its colon or dash ends, the indentation of the key or dash, how far lists
   * are indented from there, and what must be inserted first (the colon of a half-typed key).
   */
  private holder(node: Node): { at: number; indent: string; dash: string; prefix: string; insert: string } | undefined {
    const { surface, text } = this;
    const { entry, parent } = node;
    if (!parent) return { at: surface.outerStart(node), indent: '', dash: '', prefix: '', insert: '' };
    if (entry && entry.value === node) {
      const from = surface.end(entry.key);
      const colon = /^[ \t]*:/.exec(text.slice(from, from + 200));
      const indent = ' '.repeat(column(surface, surface.outerStart(entry.key)));
      if (colon) return { at: from + colon[0].length, indent, dash: this.style.dash, prefix: ':', insert: '' };
      if (node.kind === 'missing') return { at: from, indent, dash: this.style.dash, prefix: ':', insert: ':' };
    } else if (!entry) {
      const dash = this.dashOf(parent, parent.items.indexOf(node));
      if (dash >= 0)
        return { at: dash + 1, indent: ' '.repeat(column(surface, dash)), dash: '  ', prefix: '-', insert: '' };
    }
    this.broken = true;
    return undefined;
  }

  /** Offset of the dash of a list's item, -1 where there is none. */
  private dashOf(array: Node, index: number): number {
    const { surface, text } = this;
    const item = array.items[index];
    if (!item) return -1;
    if (index === 0) return text[surface.start(array)] === '-' ? surface.start(array) : -1;
    const previous = array.items[index - 1] as Node;
    let line = surface.nextLine(surface.lineEnd(surface.end(previous)));
    while (line <= surface.outerStart(item) && line < text.length) {
      const at = line + surface.indentAt(line).length;
      if (text[at] === '-') return at;
      const next = surface.nextLine(surface.lineEnd(at));
      if (next <= line) break;
      line = next;
    }
    return -1;
  }

  // Containers

  private object(node: Node, change: ObjectChange): void {
    const entries = node.entries.filter((entry) => !entry.merged);
    const keys = entries.map((entry) => this.surface.outerStart(entry.key));
    const ends = entries.map((entry) => Math.max(this.surface.end(entry.key), this.surface.end(entry.value)));
    const removed = entries.map((entry) => change.removed.has(entry));
    const indent = ' '.repeat(column(this.surface, keys[0] ?? 0));
    const added = new Map<number, string[][]>();
    const add = (index: number, names: ReadonlyMap<string, Data>): void => {
      const blocks = [...names].map(([name, data]) => this.writer.entry(name, data, indent));
      added.set(index, [...(added.get(index) ?? []), ...blocks]);
    };
    for (const [entry, names] of change.after) add(entries.indexOf(entry), names);
    if (change.added.size) add(entries.length - 1, change.added);
    if (removed.every(Boolean)) {
      const all: [string, Data][] = [...change.first, ...change.added];
      for (const names of change.after.values()) all.push(...names);
      this.renew(node, keys, ends, all.length ? Object.fromEntries(all) : '{}');
      return;
    }
    if (change.first.size) this.prepend(node, keys, ends, change.first, indent);
    this.lines(keys, ends, removed, added);
  }

  /** New members before the first key, above the comments that belong to it. */
  private prepend(
    node: Node,
    starts: readonly number[],
    ends: readonly number[],
    names: ReadonlyMap<string, Data>,
    indent: string,
  ): void {
    const { surface, text, eol } = this;
    const start = starts[0] as number;
    const gap = this.areApart(starts, ends) ? eol : '';
    const blocks = [...names].map(([name, data]) => this.writer.entry(name, data, indent).join(eol) + eol + gap);
    const written = blocks.join('');
    if (!surface.beginsLine(start)) {
      // Behind the dash of a list's item: the first key moves to a line of its own.
      if (/^\s*(?:-\s+)+$/.test(text.slice(surface.lineStart(start), start)))
        this.put(start, start, written.slice(indent.length) + indent);
      else this.broken = true;
      return;
    }
    let at = surface.lineStart(start);
    // At the top of a file the comments are the file's.
    while (node.parent && at > 0) {
      const before = surface.lineStart(at - 1);
      const line = text.slice(before, at);
      if (before === at || !/^[ \t]*#/.test(line)) break;
      at = before;
    }
    this.put(at, at, written);
  }

  private array(node: Node, change: ArrayChange): void {
    const { surface, text } = this;
    const dashes = node.items.map((_, index) => this.dashOf(node, index));
    if (dashes.includes(-1)) {
      this.broken = true;
      return;
    }
    const ends = node.items.map((item, index) => Math.max(surface.end(item), (dashes[index] as number) + 1));
    const removed = node.items.map((item) => change.removed.has(item));
    if (removed.every(Boolean)) {
      const all = [...[...change.after.values()].flat(), ...change.added];
      this.renew(node, dashes, ends, all.length ? all : '[]');
      return;
    }
    const first = dashes[0] as number;
    const indent = ' '.repeat(column(surface, first));
    const gap = /^ +(?=\S)/.exec(text.slice(first + 1, surface.lineEnd(first)))?.[0] ?? ' ';
    const added = new Map<number, string[][]>();
    const add = (index: number, list: readonly Data[]) => {
      const blocks = list.map((data) => this.writer.listItem(data, indent, gap));
      if (blocks.length) added.set(index, [...(added.get(index) ?? []), ...blocks]);
    };
    for (const [item, list] of change.after) add(node.items.indexOf(item), list);
    add(node.items.length - 1, change.added);
    this.lines(dashes, ends, removed, added);
  }

  /** Removes and adds whole lines; some of the old ones stay. */
  private lines(
    starts: readonly number[],
    ends: readonly number[],
    removed: readonly boolean[],
    added: ReadonlyMap<number, string[][]>,
  ): void {
    const { surface, eol } = this;
    const apart = this.areApart(starts, ends);
    for (let k = 0; k < starts.length; k++) {
      const start = starts[k] as number;
      const tail = this.tailOf(ends[k] as number);
      if (tail < 0) return;
      const blocks = added.get(k);
      if (blocks) {
        const newText = blocks.map((lines) => (apart ? eol : '') + lines.map((line) => eol + line).join('')).join('');
        this.put(tail, tail, newText);
      }
      if (!removed[k]) continue;
      if (surface.beginsLine(start)) {
        this.removeLines(surface.lineStart(start), tail);
        continue;
      }
      // It shares its line with the dash before it: the next that stays takes its place.
      if (!/^\s*(?:-\s+)+$/.test(this.text.slice(surface.lineStart(start), start))) {
        this.broken = true;
        return;
      }
      const next = removed.indexOf(false, k);
      const following = starts[k + 1] ?? -1;
      if (next === k + 1 && this.text.slice(tail, following).trim() === '') this.put(start, following, '');
      else this.put(start, tail, '');
    }
  }

  /** Whether blank lines set the members apart. */
  private areApart(starts: readonly number[], ends: readonly number[]): boolean {
    const isApart = (start: number, k: number) => /\n[ \t]*\r?\n/.test(this.text.slice(ends[k - 1], start));
    return starts.length > 1 && starts.every((start, k) => k === 0 || isApart(start, k));
  }

  private removeLines(from: number, tail: number): void {
    const next = this.surface.nextLine(tail);
    // At the end of a text without final line break, the break before goes instead.
    if (tail === this.text.length && from > 0)
      this.put(from - (this.text.startsWith('\r\n', from - 2) ? 2 : 1), tail, '');
    else this.put(from, next, '');
  }

  /** End of the line a value ends on, its comment included; -1, and broken, where something else follows. */
  private tailOf(end: number): number {
    const line = this.surface.lineEnd(end);
    if (/^[ \t]*(?:#.*)?$/.test(this.text.slice(end, line))) return line;
    this.broken = true;
    return -1;
  }

  /** Nothing of a block container stays: new data, or empty brackets. */
  private renew(node: Node, starts: readonly number[], ends: readonly number[], data: Data | '{}' | '[]'): void {
    const { surface } = this;
    if (data !== '{}' && data !== '[]') {
      this.replace(node, data);
      return;
    }
    const tails = ends.map((end) => this.tailOf(end));
    if (tails.includes(-1)) return;
    const holder = this.holder(node);
    if (!holder) return;
    const first = starts[0] as number;
    if (node.parent && surface.lineStart(first) > holder.at && surface.beginsLine(first)) {
      const headLine = surface.lineEnd(holder.at);
      const header = this.text.slice(holder.at, headLine);
      // Behind a tag or an anchor, before a comment.
      const at = holder.at + (/^(?:[ \t]+[&!]\S*)*/.exec(header)?.[0].length ?? 0);
      this.put(at, at, ` ${data}`);
      for (const [k, start] of starts.entries()) this.removeLines(surface.lineStart(start), tails[k] as number);
      return;
    }
    this.put(first, ends[ends.length - 1] as number, data);
  }
}

function quoteOf(node: Node): '"' | "'" | undefined {
  return node.style === 'double' ? '"' : node.style === 'single' ? "'" : undefined;
}

/** Whether a node stands between brackets. */
function inFlow(node: Node): boolean {
  return node.parent?.style === 'flow';
}
