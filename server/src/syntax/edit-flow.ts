/** Edits of containers in brackets: all of JSON, YAML's flow style, and HCL's expressions. */

import type { Data } from './edit.ts';
import type { Piece, Surface } from './edit-plan.ts';
import type { Entry, Node } from './node.ts';

/** How new text looks inside a container. */
export interface FlowWriter {
  /** A member of an object or an item of an array, without comma. `indent` is undefined on a single line. */
  item(item: NewItem, indent: string | undefined): string;
  readonly step: string;
  /** Between a brace and what it holds on one line. */
  readonly pad: string;
  /** Whether an empty container's new members get a line each. */
  readonly spread: boolean;
  /** False where members on lines of their own take no commas: objects of HCL. */
  readonly commas?: boolean;
}

export interface NewItem {
  /** Undefined for items of arrays. */
  readonly name: string | undefined;
  readonly data: Data;
}

export interface FlowChange {
  readonly node: Node;
  /** What each existing member is: an entry, or an item. */
  readonly members: readonly (Entry | Node)[];
  readonly removed: ReadonlySet<Entry | Node>;
  /** New items by the index of the member they follow: -1 before all, `members.length` at the end. */
  readonly added: ReadonlyMap<number, readonly NewItem[]>;
}

interface Member {
  readonly start: number;
  readonly end: number;
  /** Offset of its comma, -1 where there is none. */
  readonly comma: number;
  /** It stands first on its line. */
  readonly ownLine: boolean;
  /** Where its line ends, if nothing but its comma and comments follow on it; else -1. */
  readonly tail: number;
  readonly kept: boolean;
}

/** Renders a change of a bracketed container; undefined where its text is broken. */
export function flowEdits(surface: Surface, change: FlowChange, writer: FlowWriter): Piece[] | undefined {
  const { text } = surface;
  const open = surface.start(change.node);
  const close = surface.end(change.node) - 1;
  const object = change.node.kind === 'object';
  if (text[open] !== (object ? '{' : '[') || text[close] !== (object ? '}' : ']') || close <= open) return undefined;
  const members = change.members.map((member, index): Member => {
    const start = startOf(surface, member);
    const end = endOf(surface, member);
    const next = change.members[index + 1];
    const comma = findComma(surface, end, next ? startOf(surface, next) : close);
    const behind = comma < 0 ? end : comma + 1;
    const line = surface.lineEnd(behind);
    const alone = line <= close && onlyComments(surface, text.slice(behind, line));
    return {
      start,
      end,
      comma,
      ownLine: surface.beginsLine(start),
      tail: alone ? line : -1,
      kept: !change.removed.has(member),
    };
  });
  return new FlowEditor(surface, writer, open, close, members, change).edits();
}

class FlowEditor {
  private readonly pieces: Piece[] = [];
  private readonly multi: boolean;
  private readonly indent: string;
  /** The last member had a comma. */
  private readonly trailing: boolean;
  /** Members are set apart by blank lines. */
  private readonly gap: string;
  /** Behind members on lines of their own. */
  private readonly separator: string;

  constructor(
    private readonly surface: Surface,
    private readonly writer: FlowWriter,
    private readonly open: number,
    private readonly close: number,
    private readonly members: readonly Member[],
    private readonly change: FlowChange,
  ) {
    const first = members.find((member) => member.ownLine);
    this.multi = members.length ? first !== undefined : writer.spread;
    this.indent = first ? surface.indentAt(first.start) : surface.indentAt(open) + writer.step;
    this.trailing = (members[members.length - 1]?.comma ?? -1) >= 0;
    const apart =
      members.length > 1 && members.every((member, k) => k === 0 || this.blankBefore(member, members[k - 1] as Member));
    this.gap = apart ? surface.eol : '';
    this.separator = this.multi && writer.commas === false ? '' : ',';
  }

  edits(): Piece[] {
    const { members } = this;
    if (!members.some((member) => member.kept)) {
      this.renew();
      return this.pieces;
    }
    this.prepend(this.change.added.get(-1) ?? []);
    this.remove();
    let last = members.length - 1;
    while (!(members[last] as Member).kept) last--;
    for (let k = 0; k < members.length; k++) {
      const member = members[k] as Member;
      if (!member.kept) continue;
      const items = [...(this.change.added.get(k) ?? [])];
      // Items behind members that are removed move up to the one before.
      for (let m = k + 1; m < members.length && !(members[m] as Member).kept; m++)
        items.push(...(this.change.added.get(m) ?? []));
      if (k === last) items.push(...(this.change.added.get(members.length) ?? []));
      if (items.length) this.insert(member, items, k === last);
      else if (k === last && last < members.length - 1) this.comma(member, this.trailing);
    }
    return this.pieces;
  }

  private blankBefore(member: Member, previous: Member): boolean {
    return /\n[ \t]*\r?\n/.test(this.surface.text.slice(previous.end, member.start));
  }

  private put(start: number, end: number, newText: string): void {
    if (start !== end || newText) this.pieces.push({ start, end, newText });
  }

  private comma(member: Member, needed: boolean): void {
    if (needed && member.comma < 0) this.put(member.end, member.end, this.separator);
    else if (!needed && member.comma >= 0) this.put(member.comma, member.comma + 1, '');
  }

  /** New items behind a member that stays. */
  private insert(member: Member, items: readonly NewItem[], last: boolean): void {
    this.comma(member, true);
    const line = this.multi && member.tail >= 0;
    const at = line ? member.tail : member.comma < 0 ? member.end : member.comma + 1;
    const { eol } = this.surface;
    let newText = '';
    const hug = this.multi ? undefined : this.hug();
    items.forEach((item, index) => {
      const isLast = last && index === items.length - 1;
      const comma = !isLast || this.trailing ? this.separator : '';
      const before = this.multi ? eol + this.gap + this.indent : ' ';
      let text = this.writer.item(item, this.multi ? this.indent : hug?.outer);
      if (hug && !isLast && text.endsWith(`${eol}${hug.outer}}`))
        text = `${text.slice(0, -1 - hug.outer.length)}${hug.between}}`;
      newText += before + text + comma;
    });
    if (hug && last) {
      const line = this.surface.lineStart(member.end);
      if (this.surface.text.slice(line, member.end - 1) !== hug.between) this.put(line, member.end - 1, hug.between);
    }
    this.put(at, at, newText);
  }

  /** Indentation in a list of HCL that begins with `[{` and ends with `}]`: of its end, and of `}, {` between items. */
  private hug(): { readonly outer: string; readonly between: string } | undefined {
    const { surface, members } = this;
    const [first, second] = members;
    const last = members[members.length - 1];
    if (surface.language !== 'hcl' || !first || !last || surface.text[last.end - 1] !== '}') return undefined;
    if (!surface.beginsLine(last.end - 1)) return undefined;
    const outer = surface.indentAt(this.close);
    return { outer, between: second ? surface.indentAt(second.start) : outer + this.writer.step };
  }

  /** New items before all members. */
  private prepend(items: readonly NewItem[]): void {
    const { surface, open } = this;
    const [first] = this.members;
    if (!first || !items.length) return;
    if (!first.ownLine) {
      this.put(first.start, first.start, items.map((item) => `${this.writer.item(item, undefined)}, `).join(''));
      return;
    }
    // A comment behind the bracket stays there.
    const line = surface.lineEnd(open + 1);
    const at = onlyComments(surface, surface.text.slice(open + 1, line)) ? line : open + 1;
    const lines = items.map(
      (item) => `${surface.eol}${this.indent}${this.writer.item(item, this.indent)}${this.separator}${this.gap}`,
    );
    this.put(at, at, lines.join(''));
  }

  private remove(): void {
    const { members } = this;
    for (let i = 0; i < members.length; i++) {
      if ((members[i] as Member).kept) continue;
      let j = i;
      while (j + 1 < members.length && !(members[j + 1] as Member).kept) j++;
      this.removeRun(i, j);
      i = j;
    }
  }

  private removeRun(i: number, j: number): void {
    const { surface, members } = this;
    const first = members[i] as Member;
    const end = members[j] as Member;
    const allLines = members.slice(i, j + 1).every((member) => member.ownLine && member.tail >= 0);
    if (allLines) {
      for (const member of members.slice(i, j + 1))
        this.put(surface.lineStart(member.start), surface.nextLine(member.tail), '');
      return;
    }
    const behind = end.comma < 0 ? end.end : end.comma + 1;
    const next = members[j + 1];
    if (next) {
      const between = surface.text.slice(behind, next.start);
      this.put(first.start, between.trim() === '' && !between.includes('\n') ? next.start : behind, '');
      return;
    }
    const previous = members[i - 1] as Member;
    const from = previous.comma < 0 ? previous.end : previous.comma + 1;
    this.put(surface.text.slice(from, first.start).trim() === '' ? from : first.start, behind, '');
  }

  /** No member stays: the container holds new items only, or nothing. */
  private renew(): void {
    const { surface, open, close } = this;
    const items: NewItem[] = [];
    for (let k = -1; k <= this.members.length; k++) items.push(...(this.change.added.get(k) ?? []));
    const comments = this.leftovers();
    if (comments) {
      // Comments stay: each member goes by itself, new ones come first.
      for (const member of this.members) {
        if (member.ownLine && member.tail >= 0)
          this.put(surface.lineStart(member.start), surface.nextLine(member.tail), '');
        else this.put(member.start, member.comma < 0 ? member.end : member.comma + 1, '');
      }
      if (items.length) this.put(open + 1, open + 1, this.lines(items));
      return;
    }
    if (!items.length) {
      this.put(open + 1, close, '');
      return;
    }
    const trailing = this.trailing ? ',' : '';
    if (this.multi) this.put(open + 1, close, this.lines(items) + trailing + surface.eol + surface.indentAt(open));
    else {
      const inner = items.map((item) => this.writer.item(item, undefined)).join(', ');
      const pad = this.change.node.kind === 'object' ? this.writer.pad : '';
      this.put(open + 1, close, pad + inner + trailing + pad);
    }
  }

  private lines(items: readonly NewItem[]): string {
    const { eol } = this.surface;
    return items.map((item) => eol + this.indent + this.writer.item(item, this.indent)).join(this.separator);
  }

  /** Whether anything but blanks and commas stands between the brackets beside the members. */
  private leftovers(): boolean {
    let rest = '';
    let at = this.open + 1;
    for (const member of this.members) {
      // A comment on a member's own line goes with it.
      rest += this.surface.text.slice(at, member.start);
      at = member.ownLine && member.tail >= 0 ? member.tail : member.end;
    }
    rest += this.surface.text.slice(at, this.close);
    return rest.replace(/[\s,]/g, '') !== '';
  }
}

function startOf(surface: Surface, member: Entry | Node): number {
  const node = 'key' in member ? member.key : member;
  return surface.language === 'hcl' ? parenthesized(surface, node).start : surface.outerStart(node);
}

function endOf(surface: Surface, member: Entry | Node): number {
  if (surface.language === 'hcl') return parenthesized(surface, 'key' in member ? member.value : member).end;
  return 'key' in member ? Math.max(surface.end(member.key), surface.end(member.value)) : surface.end(member);
}

/** Where a value or key of HCL begins and ends, parentheses around it included. */
export function parenthesized(surface: Surface, node: Node): { readonly start: number; readonly end: number } {
  const { text } = surface;
  let start = surface.outerStart(node);
  let end = surface.end(node);
  for (;;) {
    let before = start - 1;
    while (before >= 0 && /\s/.test(text[before] as string)) before--;
    let behind = end;
    while (behind < text.length && /\s/.test(text[behind] as string)) behind++;
    if (text[before] !== '(' || text[behind] !== ')') return { start, end };
    start = before;
    end = behind + 1;
  }
}

/** Offset of the comma between two offsets, comments skipped; -1 where there is none. */
function findComma(surface: Surface, from: number, to: number): number {
  const { text } = surface;
  for (let i = from; i < to; i++) {
    if (text[i] === ',') return i;
    const end = commentEnd(surface, i);
    if (end > i) i = end - 1;
  }
  return -1;
}

/** End of the comment that begins at an offset; the offset itself where none does. */
function commentEnd(surface: Surface, at: number): number {
  const { text } = surface;
  if (surface.language === 'yaml') return text[at] === '#' && /\s/.test(text[at - 1] ?? ' ') ? surface.lineEnd(at) : at;
  if (text.startsWith('//', at) || (surface.language === 'hcl' && text[at] === '#')) return surface.lineEnd(at);
  if (!text.startsWith('/*', at)) return at;
  const end = text.indexOf('*/', at + 2);
  return end < 0 ? text.length : end + 2;
}

/** Whether the rest of a line is blank but for comments that end on it. */
export function onlyComments(surface: Surface, rest: string): boolean {
  const trimmed = rest.trim();
  if (trimmed === '') return true;
  if (surface.language === 'yaml') return trimmed.startsWith('#') && /^\s/.test(rest);
  if (surface.language === 'hcl' && trimmed.startsWith('#')) return true;
  return trimmed.startsWith('//') || (trimmed.startsWith('/*') && trimmed.indexOf('*/') === trimmed.length - 2);
}
