/** Sorts edits by what they touch, so that several edits of one container are rendered together. */

import { LineIndex, type SyntaxDocument } from './document.ts';
import type { Data, Edit, TextEdit } from './edit.ts';
import { decodeScalar } from './embedded.ts';
import type { Entry, Node } from './node.ts';

/** The text that a tree was read from: a document, or the decoded text of a string in it. Offsets are that text's. */
export class Surface {
  readonly text: string;
  private readonly lines: LineIndex;
  constructor(
    readonly document: SyntaxDocument,
    readonly host: Node | undefined,
  ) {
    this.text = host ? decodeScalar(host).text : document.text;
    this.lines = host ? new LineIndex(this.text) : document.lines;
  }

  /** JSON inside a string is JSON whatever the document is. */
  get language(): SyntaxDocument['language'] {
    return this.host ? 'json' : this.document.language;
  }

  start(node: Node): number {
    return this.host ? node.from : node.start;
  }

  end(node: Node): number {
    return this.host ? node.to : node.end;
  }

  /** Where a node begins, its tag included. */
  outerStart(node: Node): number {
    return this.host ? (node.tagFrom ?? node.from) : node.outerStart;
  }

  lineStart(offset: number): number {
    const start = this.lines.start(this.lines.lineAt(offset)) ?? 0;
    return start === 0 && this.text.charCodeAt(0) === 0xfeff && offset > 0 ? 1 : start;
  }

  /** End of the line an offset is on, before its line break. */
  lineEnd(offset: number): number {
    return this.lines.lineEnd(this.lines.lineAt(offset));
  }

  /** Behind the line break that follows an end of line. */
  nextLine(lineEnd: number): number {
    if (this.text.startsWith('\r\n', lineEnd)) return lineEnd + 2;
    return Math.min(lineEnd + 1, this.text.length);
  }

  /** White space at the start of the line an offset is on. */
  indentAt(offset: number): string {
    const from = this.lineStart(offset);
    let i = from;
    while (this.text[i] === ' ' || this.text[i] === '\t') i++;
    return this.text.slice(from, i);
  }

  /** Whether only blanks stand before an offset on its line. */
  beginsLine(offset: number): boolean {
    return this.text.slice(this.lineStart(offset), offset).trim() === '';
  }

  get eol(): string {
    return this.text.includes('\r\n') ? '\r\n' : '\n';
  }
}

/** An edit of a surface's text, before its neighbours are known. */
export type Piece = TextEdit;

export interface ObjectChange {
  readonly removed: Set<Entry>;
  /** New members before all others, by name. */
  readonly first: Map<string, Data>;
  /** New members at the end, by name. */
  readonly added: Map<string, Data>;
  /** New members behind others. */
  readonly after: Map<Entry, Map<string, Data>>;
}

export interface ArrayChange {
  readonly removed: Set<Node>;
  readonly added: Data[];
  /** Behind an item that is there. */
  readonly after: Map<Node, Data[]>;
}

/** All changes to one surface. */
export class Plan {
  readonly replaced = new Map<Node, Data>();
  readonly objects = new Map<Node, ObjectChange>();
  readonly arrays = new Map<Node, ArrayChange>();
  readonly renamed = new Map<Entry, string>();

  constructor(readonly surface: Surface) {}

  object(node: Node): ObjectChange {
    let change = this.objects.get(node);
    if (!change) {
      change = { removed: new Set(), first: new Map(), added: new Map(), after: new Map() };
      this.objects.set(node, change);
    }
    return change;
  }

  array(node: Node): ArrayChange {
    let change = this.arrays.get(node);
    if (!change) {
      change = { removed: new Set(), added: [], after: new Map() };
      this.arrays.set(node, change);
    }
    return change;
  }

  /** Drops changes inside what is replaced or removed as a whole. */
  prune(): void {
    const gone = (node: Node): boolean => {
      let inner = node;
      for (let depth = 0; depth < 10_000; depth++) {
        const { entry, parent } = inner;
        if (!parent) return false;
        if (this.replaced.has(parent)) return true;
        if (entry && this.objects.get(parent)?.removed.has(entry)) return true;
        if (this.arrays.get(parent)?.removed.has(inner)) return true;
        inner = parent;
      }
      return true;
    };
    for (const node of [...this.replaced.keys()]) if (gone(node)) this.replaced.delete(node);
    for (const node of [...this.objects.keys()]) if (this.replaced.has(node) || gone(node)) this.objects.delete(node);
    for (const node of [...this.arrays.keys()]) if (this.replaced.has(node) || gone(node)) this.arrays.delete(node);
    for (const entry of [...this.renamed.keys()]) if (gone(entry.key)) this.renamed.delete(entry);
  }
}

/** Groups edits by surface; undefined where one of them names what is not written where it says. */
export function planEdits(edits: readonly Edit[]): Plan[] | undefined {
  const plans: Plan[] = [];
  const planOf = (node: Node): Plan => {
    const { host } = node.origin;
    const { document } = node;
    let plan = plans.find((p) => p.surface.host === host && p.surface.document === document);
    if (!plan) {
      plan = new Plan(new Surface(document, host));
      plans.push(plan);
    }
    return plan;
  };
  for (const edit of edits) if (!add(edit, planOf)) return undefined;
  for (const plan of plans) plan.prune();
  return plans;
}

function add(edit: Edit, planOf: (node: Node) => Plan): boolean {
  switch (edit.kind) {
    case 'replace':
      planOf(edit.node).replaced.set(edit.node, edit.data);
      return true;
    case 'set':
      return set(edit.in.aliasOf ?? edit.in, edit.path, edit.data, edit.first === true, planOf);
    case 'remove': {
      const object = edit.entry.key.parent;
      // In HCL each block of a list has an entry, which is the list's.
      if (object?.kind === 'array' && object.items.includes(edit.entry.value)) {
        planOf(object).array(object).removed.add(edit.entry.value);
        return true;
      }
      if (!object?.entries.includes(edit.entry)) return false;
      planOf(object).object(object).removed.add(edit.entry);
      return true;
    }
    case 'removeItem': {
      const array = edit.node.parent;
      if (!array?.items.includes(edit.node)) return false;
      planOf(array).array(array).removed.add(edit.node);
      return true;
    }
    case 'append':
      return append(edit.to.aliasOf ?? edit.to, edit.data, edit.after, planOf);
    case 'rename':
      planOf(edit.entry.key).renamed.set(edit.entry, edit.name);
      return true;
    case 'insertAfter': {
      const object = edit.entry.key.parent;
      if (!object?.entries.includes(edit.entry)) return false;
      const { after } = planOf(object).object(object);
      const names = after.get(edit.entry) ?? new Map<string, Data>();
      const isTop = object.parent === undefined && object.document.language === 'hcl';
      const merged = mergeDisjoint(names.get(edit.name), edit.data, isTop ? 2 : 1);
      if (merged === undefined) return false;
      names.set(edit.name, merged);
      after.set(edit.entry, names);
      return true;
    }
  }
}

/**
 * Two findings may each add a resource of a type that is new: one object for both. Undefined where they contradict.
 * @param levels of names until a body begins
 */
function mergeDisjoint(known: Data | undefined, added: Data, levels: number): Data | undefined {
  if (known === undefined || JSON.stringify(known) === JSON.stringify(added)) return added;
  if (!levels || !isRecord(known) || !isRecord(added)) return undefined;
  const merged: { [name: string]: Data } = { ...known };
  for (const [name, data] of Object.entries(added)) {
    const both = mergeDisjoint(known[name], data, levels - 1);
    if (both === undefined) return undefined;
    merged[name] = both;
  }
  return merged;
}

function append(node: Node, data: Data, behind: Node | undefined, planOf: (node: Node) => Plan): boolean {
  const plan = planOf(node);
  const replaced = plan.replaced.get(node);
  if (isList(replaced)) plan.replaced.set(node, [...replaced, data]);
  else if (node.kind === 'array' || isOneBlock(node)) {
    const { added, after } = plan.array(node);
    // Two findings may ask for the same item.
    const text = JSON.stringify(data);
    if ([added, ...after.values()].some((list) => list.some((known) => JSON.stringify(known) === text))) return true;
    if (!behind || !node.items.includes(behind)) added.push(data);
    else after.set(behind, [...(after.get(behind) ?? []), data]);
  } else if (node.kind === 'missing' || (node.kind === 'null' && node.tag === undefined))
    plan.replaced.set(node, [data]);
  else return false;
  return true;
}

/** A block of HCL that may be followed by others of its name. */
function isOneBlock(node: Node): boolean {
  return node.kind === 'object' && node.style === 'block' && node.document.language === 'hcl' && !node.origin.host;
}

function set(start: Node, path: readonly string[], data: Data, first: boolean, planOf: (node: Node) => Plan): boolean {
  let node = start;
  for (let i = 0; i < path.length; i++) {
    const name = path[i] as string;
    const plan = planOf(node);
    const replaced = plan.replaced.get(node);
    if (replaced !== undefined) {
      if (!isRecord(replaced)) return false;
      plan.replaced.set(node, setIn(replaced, path.slice(i), data));
      return true;
    }
    if (node.kind === 'missing' || (node.kind === 'null' && node.tag === undefined)) {
      plan.replaced.set(node, setIn({}, path.slice(i), data));
      return true;
    }
    if (node.kind !== 'object') return false;
    const change = plan.objects.get(node);
    // At the top level of HCL each block stands by itself.
    const isTop = node.parent === undefined && isOneBlock(node);
    const entry = isTop ? undefined : node.entryOf(name);
    if (!entry || entry.merged || change?.removed.has(entry)) {
      const object = plan.object(node);
      // Another edit may have placed it already.
      const place = object.first.has(name) || (first && !object.added.has(name)) ? object.first : object.added;
      const rest = path.slice(i + 1);
      const known = place.get(name);
      place.set(name, rest.length ? setIn(isRecord(known) ? known : {}, rest, data) : data);
      return true;
    }
    node = entry.value.aliasOf && i < path.length - 1 ? entry.value.aliasOf : entry.value;
  }
  planOf(node).replaced.set(node, data);
  return true;
}

function setIn(
  data: { readonly [key: string]: Data },
  path: readonly string[],
  value: Data,
): { readonly [key: string]: Data } {
  const [name, ...rest] = path;
  if (name === undefined) return data;
  const inner = data[name];
  return { ...data, [name]: rest.length ? setIn(isRecord(inner) ? inner : {}, rest, value) : value };
}

export function isList(data: Data | undefined): data is readonly Data[] {
  return Array.isArray(data);
}

export function isRecord(data: Data | undefined): data is { readonly [key: string]: Data } {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

/** Sorts pieces and joins those that touch; undefined where two overlap. */
export function settle(pieces: readonly Piece[]): TextEdit[] | undefined {
  const sorted = pieces
    .map((piece, index) => ({ piece, index }))
    .sort((a, b) => a.piece.start - b.piece.start || a.piece.end - b.piece.end || a.index - b.index);
  const result: TextEdit[] = [];
  for (const { piece } of sorted) {
    const last = result[result.length - 1];
    if (!last || piece.start > last.end) result.push(piece);
    else if (piece.start < last.end) return undefined;
    else result[result.length - 1] = { start: last.start, end: piece.end, newText: last.newText + piece.newText };
  }
  return result;
}
