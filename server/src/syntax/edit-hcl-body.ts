/** Changes of HCL's bodies: attributes and blocks that come and go, line by line. */

import type { Data } from './edit.ts';
import { onlyComments, parenthesized } from './edit-flow.ts';
import { placeOf } from './edit-hcl-blocks.ts';
import type { HclWriter } from './edit-hcl-write.ts';
import type { Piece, Surface } from './edit-plan.ts';
import type { Node } from './node.ts';

export interface NewMember {
  readonly name: string;
  readonly data: Data;
  /** Whether it is known to be a block; undefined where its place decides. */
  readonly asBlock: boolean | undefined;
}

/** Changes of one body. Members are named by their value: an expression, or the body of one block. */
export interface BodyChange {
  readonly removed: Set<Node>;
  readonly first: NewMember[];
  readonly added: NewMember[];
  readonly after: Map<Node, NewMember[]>;
}

export function newChange(): BodyChange {
  return { removed: new Set(), first: [], added: [], after: new Map() };
}

/** What stands beside a gap: the brace that opens the body, a line, several lines, a meta-argument at the front, a block. */
type Kind = 'open' | 'line' | 'lines' | 'lead' | 'block';

interface Unit {
  readonly node: Node;
  readonly name: string;
  readonly kind: Kind;
  readonly start: number;
  readonly end: number;
  /** End of its last line, comments included; -1 where anything else stands on its lines. */
  readonly tail: number;
  readonly kept: boolean;
}

interface Text {
  readonly text: string;
  readonly kind: Kind;
}

/** Meta-arguments that stand before all others, or behind. */
const LEAD: ReadonlySet<string> = new Set(['count', 'for_each', 'provider', 'providers', 'source', 'version']);
const LAST: ReadonlySet<string> = new Set(['lifecycle', 'connection', 'provisioner', 'depends_on']);
const TAGS: ReadonlySet<string> = new Set(['tags', 'tags_all', 'depends_on']);

function unitsOf(surface: Surface, body: Node, removed: ReadonlySet<Node>): Unit[] {
  const units: Unit[] = [];
  for (const { key, value, name } of body.entries) {
    const isBlock = value.style === 'block';
    for (const node of isBlock && value.kind === 'array' ? value.items : [value]) {
      const start = isBlock ? surface.outerStart(node) : surface.start(key);
      const end = isBlock ? surface.end(node) : parenthesized(surface, node).end;
      const line = surface.lineEnd(end);
      const alone = surface.beginsLine(start) && onlyComments(surface, surface.text.slice(end, line));
      const isOne = !surface.text.slice(start, end).includes('\n');
      units.push({
        node,
        name,
        kind: isBlock ? 'block' : !isOne ? 'lines' : LEAD.has(name) && body.parent ? 'lead' : 'line',
        start,
        end,
        tail: alone ? line : -1,
        kept: !removed.has(node),
      });
    }
  }
  return units.sort((a, b) => a.start - b.start);
}

/** Pieces of a body in braces; undefined where its text is broken. */
export function bodyEdits(surface: Surface, body: Node, change: BodyChange, writer: HclWriter): Piece[] | undefined {
  const { text } = surface;
  const open = surface.start(body);
  const close = surface.end(body) - 1;
  if (text[open] !== '{' || text[close] !== '}' || close <= open) return undefined;
  return new BodyEditor(surface, body, change, writer, open, close).edits();
}

class BodyEditor {
  private readonly pieces: Piece[] = [];
  private readonly units: Unit[];
  private readonly outer: string;
  private readonly indent: string;
  private readonly place: readonly string[] | undefined;

  constructor(
    private readonly surface: Surface,
    body: Node,
    private readonly change: BodyChange,
    private readonly writer: HclWriter,
    private readonly open: number,
    private readonly close: number,
  ) {
    this.units = unitsOf(surface, body, change.removed);
    this.outer = surface.indentAt(surface.outerStart(body));
    const first = this.units.find((unit) => surface.beginsLine(unit.start));
    this.indent = first ? surface.indentAt(first.start) : this.outer + writer.step;
    this.place = placeOf(body);
  }

  edits(): Piece[] | undefined {
    const { surface, units, change } = this;
    const head = surface.text.slice(this.open + 1, units[0]?.start ?? this.close);
    if (!head.includes('\n')) return this.oneLine();
    const kept = units.filter((unit) => unit.kept);
    if (units.some((unit) => unit.tail < 0 && (!unit.kept || change.after.has(unit.node)))) return undefined;
    const fresh = change.first.length + change.added.length + change.after.size > 0;
    if (!kept.length && !fresh && this.isBlank()) return [{ start: this.open + 1, end: this.close, newText: '' }];
    this.pieces.push(...removals(surface, units, this.open, this.close));
    if (fresh && !this.insertAll(kept)) return undefined;
    return this.pieces;
  }

  /** Whether nothing but its members stands in the body. */
  private isBlank(): boolean {
    let at = this.open + 1;
    let rest = '';
    for (const { start, tail } of this.units) {
      rest += this.surface.text.slice(at, start);
      at = tail;
    }
    return (rest + this.surface.text.slice(at, this.close)).trim() === '';
  }

  private texts(members: readonly NewMember[]): Text[] {
    return members.flatMap(({ name, data, asBlock }) => {
      const written = this.writer.member(name, data, this.indent, this.place, asBlock);
      return written.texts.map((text): Text => {
        const kind = LEAD.has(name) ? 'lead' : text.includes('\n') || LAST.has(name) ? 'lines' : 'line';
        return { text, kind: written.isBlock ? 'block' : kind };
      });
    });
  }

  private insertAll(kept: readonly Unit[]): boolean {
    const { change } = this;
    const ends: [anchor: Unit | undefined, members: NewMember[]][] = [];
    const to = (anchor: Unit | undefined, member: NewMember) => {
      const known = ends.find(([other]) => other === anchor);
      if (known) known[1].push(member);
      else ends.push([anchor, [member]]);
    };
    for (const member of change.first) to(undefined, member);
    for (const [node, members] of change.after) {
      const index = this.units.findIndex((unit) => unit.node === node);
      // Members behind what is removed move up.
      const anchor = this.units.slice(0, index + 1).findLast((unit) => unit.kept);
      for (const member of members) to(anchor, member);
    }
    const isBlock = ({ name, data, asBlock }: NewMember) =>
      this.writer.member(name, data, '', this.place, asBlock).isBlock;
    const isLast = ({ name }: NewMember) => name === 'depends_on';
    const blocks = change.added.filter((member) => isBlock(member));
    for (const member of change.added) if (!isBlock(member) && !isLast(member)) to(this.atFront(kept), member);
    for (const member of [...blocks, ...change.added.filter(isLast)]) to(this.atEnd(kept, member.name), member);
    return ends.every(([anchor, members]) => this.insert(anchor, members));
  }

  /** The attribute that a new one follows: the last one before all blocks, tags aside. */
  private atFront(kept: readonly Unit[]): Unit | undefined {
    const block = kept.findIndex((unit) => unit.kind === 'block');
    const front = block < 0 ? kept : kept.slice(0, block);
    const own = front.filter((unit) => !TAGS.has(unit.name));
    return own[own.length - 1];
  }

  /** What a new block follows: all but the meta-arguments that stand last. */
  private atEnd(kept: readonly Unit[], name: string): Unit | undefined {
    const stays = (unit: Unit) =>
      name === 'depends_on' || !(LAST.has(name) ? unit.name === 'depends_on' : LAST.has(unit.name));
    let end = kept.length;
    while (end > 0 && !stays(kept[end - 1] as Unit)) end--;
    return kept[end - 1];
  }

  private insert(anchor: Unit | undefined, members: readonly NewMember[]): boolean {
    const { surface } = this;
    const { eol } = surface;
    let at: number;
    if (anchor) at = anchor.tail;
    else {
      const line = surface.lineEnd(this.open);
      at = onlyComments(surface, surface.text.slice(this.open + 1, line)) ? line : this.open + 1;
    }
    if (at < 0) return false;
    const isTight = this.isTight(anchor, members);
    let newText = '';
    let before: Kind = anchor?.kind ?? 'open';
    for (const { text, kind } of this.texts(members)) {
      newText += eol + (isApart(before, kind) && !isTight ? eol : '') + this.indent + text;
      before = kind;
    }
    const next = this.units.find((unit) => unit.kept && unit.start > at);
    const line = surface.nextLine(at);
    const blank = surface.text.slice(line, surface.lineEnd(line)).trim() === '';
    if (next && !blank && !isTight && isApart(before, next.kind)) newText += eol;
    this.pieces.push({ start: at, end: at, newText });
    return true;
  }

  /** Whether new blocks stand among others of their name that no blank lines set apart. */
  private isTight(anchor: Unit | undefined, members: readonly NewMember[]): boolean {
    if (anchor?.kind !== 'block' || members.some(({ name }) => name !== anchor.name)) return false;
    const same = this.units.filter((unit) => unit.name === anchor.name);
    return same.some((unit, i) => {
      const previous = same[i - 1];
      return previous && /^[^\n]*\n[ \t]*$/.test(this.surface.text.slice(previous.end, unit.start));
    });
  }

  /** A body whose braces stand on one line holds one attribute at most. */
  private oneLine(): Piece[] | undefined {
    const { surface, units, change } = this;
    const { eol } = surface;
    const [only, ...more] = units;
    if (more.length) return undefined;
    const members = [...change.first, ...change.after.values(), ...change.added].flat();
    const isKept = only?.kept === true;
    const between = surface.text.slice(this.open + 1, this.close);
    const lines = this.joined(members, isKept ? 'line' : 'open');
    const end = eol + this.outer;
    if (!isKept) {
      if (!only && between.trim() !== '') return undefined;
      return [{ start: this.open + 1, end: this.close, newText: members.length ? lines + end : '' }];
    }
    if (!members.length) return [];
    const head = surface.text.slice(this.open + 1, only.start);
    const tail = surface.text.slice(only.end, this.close);
    if (head.trim() !== '' || tail.trim() !== '') return undefined;
    return [
      { start: this.open + 1, end: only.start, newText: eol + this.indent },
      { start: only.end, end: this.close, newText: lines + end },
    ];
  }

  private joined(members: readonly NewMember[], behind: Kind): string {
    const { eol } = this.surface;
    const texts = this.texts(members);
    const ordered = [...texts.filter(({ kind }) => kind !== 'block'), ...texts.filter(({ kind }) => kind === 'block')];
    let before = behind;
    return ordered
      .map(({ text, kind }) => {
        const gap = isApart(before, kind) ? eol : '';
        before = kind;
        return eol + gap + this.indent + text;
      })
      .join('');
  }
}

/** Whether a blank line stands between two members. */
function isApart(before: Kind, behind: Kind): boolean {
  if (before === 'open') return false;
  if (before === 'lead' && behind !== 'lead') return true;
  return [before, behind].some((kind) => kind === 'block' || kind === 'lines');
}

/** Takes the lines of members away, and one of two gaps that would meet. */
function removals(surface: Surface, units: readonly Unit[], open: number, close: number): Piece[] {
  const { text } = surface;
  const pieces: Piece[] = [];
  const isBlank = (from: number) => text.slice(from, surface.lineEnd(from)).trim() === '';
  for (let i = 0; i < units.length; i++) {
    if ((units[i] as Unit).kept) continue;
    let j = i;
    for (let next = units[j + 1]; next && !next.kept; next = units[j + 1]) {
      if (text.slice((units[j] as Unit).tail, next.start).trim() !== '') break;
      j++;
    }
    let start = surface.lineStart((units[i] as Unit).start);
    let end = surface.nextLine((units[j] as Unit).tail);
    const head = text.slice(open + 1, start);
    const opens = onlyComments(surface, head) && !head.slice(0, -1).includes('\n');
    let gap = start;
    while (gap > open + 1 && isBlank(surface.lineStart(gap - 1)) && surface.lineStart(gap - 1) > open)
      gap = surface.lineStart(gap - 1);
    const closes = text.slice(end, close).trim() === '' && surface.lineStart(close) >= end;
    if (end < close && isBlank(end) && !closes && (opens || gap < start || open < 0)) {
      while (end < close && isBlank(end)) end = surface.nextLine(end);
    } else if (closes && gap < start) {
      start = gap;
      end = Math.max(end, surface.lineStart(close));
    }
    pieces.push({ start, end, newText: '' });
    i = j;
  }
  return pieces;
}

// ---- the top level

/** Blocks that stand before all resources, in that order. */
const PRELUDE: readonly string[] = ['terraform', 'provider', 'variable', 'locals', 'data'];

/** Pieces of the top level; undefined where its text is broken at one of the places. */
export function topEdits(surface: Surface, root: Node, change: BodyChange, writer: HclWriter): Piece[] | undefined {
  const { text, eol } = surface;
  const units = unitsOf(surface, root, change.removed);
  if (units.some((unit) => unit.tail < 0 && (!unit.kept || change.after.has(unit.node)))) return undefined;
  const pieces = removals(surface, units, -1, text.length);
  const behind = (unit: Unit, members: readonly NewMember[]): boolean => {
    const blocks = members.flatMap(({ name, data }) => writer.top(name, data));
    const newText = blocks.map((block) => eol + eol + block).join('');
    if (unit.tail >= 0) pieces.push({ start: unit.tail, end: unit.tail, newText });
    return unit.tail >= 0;
  };
  const before = (unit: Unit | undefined, member: NewMember): boolean => {
    const blocks = writer.top(member.name, member.data);
    const start = unit ? aboveComments(surface, surface.lineStart(unit.start)) : surface.lineStart(text.length);
    const gap = unit ? eol + eol : eol;
    pieces.push({ start, end: start, newText: blocks.map((block) => block + gap).join('') });
    return true;
  };
  for (const [node, members] of change.after) {
    const unit = units.find((one) => one.node === node);
    if (!unit || !behind(unit, members)) return undefined;
  }
  for (const member of change.first) {
    const same = units.findLast((unit) => unit.name === member.name);
    const rank = PRELUDE.indexOf(member.name);
    const earlier = PRELUDE.slice(0, rank < 0 ? PRELUDE.length : rank);
    const next = units.find((unit) => !earlier.includes(unit.name));
    const last = units[units.length - 1];
    const done = same ? behind(same, [member]) : next || !last ? before(next, member) : behind(last, [member]);
    if (!done) return undefined;
  }
  for (const member of change.added) {
    const last = units.findLast((unit) => unit.name === member.name) ?? units[units.length - 1];
    if (!(last ? behind(last, [member]) : before(undefined, member))) return undefined;
  }
  return pieces;
}

/** The line at which comments begin that stand right above a line. */
function aboveComments(surface: Surface, lineStart: number): number {
  let at = lineStart;
  while (at > 0) {
    const above = surface.lineStart(at - 1);
    if (above >= at || !/^(?:#|\/\/)/.test(surface.text.slice(above, at).trim())) return at;
    at = above;
  }
  return at;
}
