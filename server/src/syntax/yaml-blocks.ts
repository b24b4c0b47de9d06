/**
 * YAML, block by block: a text is split by its top-level keys and by the children of each section, every piece is read by
 * itself and kept for the next version of the text. An edit then costs what it touches, and what is broken in one
 * resource stays there. Texts outside the subset for which this is sound are read as a whole.
 */

import { type Change, compareTexts, ownCopy } from './change.ts';
import { Entry, Node, Origin } from './node.ts';
import { addProblem, adopt, type ParsedDocument, TOO_MUCH } from './parsed.ts';
import type { Steps } from './steps.ts';
import { readYamlInSteps, type YamlProblem, YamlScope, type YamlTree } from './yaml-reader.ts';

/** Where pieces begin and end. */
interface Section {
  readonly start: number;
  end: number;
  /** The key, where the section's children are pieces of their own. */
  readonly key: string | undefined;
  /** Its line has a key, whole or with a value behind it. */
  readonly keyed: boolean;
  split: boolean;
  /** Indentation of its children, -1 before the first. */
  indent: number;
  /** Starts of its children. */
  readonly children: number[];
}

/** Of a text: a reader's own limit holds for one block. */
const MAX_PROBLEMS = 1_000;

const SECTION = /^([A-Za-z][\w-]*) *:(?:[ \t]+#.*|[ \t]*)\r?$/;
const KEY = /^(?:[A-Za-z_\d][\w:./-]*|"[^"\\]*"|'[^']*') *:(?:\s|$)/;
/** A key that is still being typed. */
const WORD = /^[A-Za-z][\w-]*[ \t]*\r?$/;

/** How an earlier version was split, and what has changed since. */
interface KnownSplit {
  readonly sections: readonly Section[];
  readonly change: Change;
}

/**
 * Splits a text; undefined where it lies outside the sound subset. Linear.
 * @param known the split of an earlier version: only what lies around the change is looked at
 */
export function splitSections(text: string, known?: KnownSplit): Section[] | undefined {
  const { sections, from } = known ? splitBefore(known) : { sections: [], from: undefined };
  const later = known && new SplitLater(known);
  const length = text.length;
  let section = sections[sections.length - 1];
  if (section) section.end = length;
  let begun = section !== undefined;
  let i = from ?? (text.charCodeAt(0) === 0xfeff ? 1 : 0);
  while (i < length) {
    const rest = later?.at(i, section);
    if (rest) {
      for (const child of rest.children) section?.children.push(child);
      if (section) section.end = rest.end;
      sections.push(...rest.sections);
      break;
    }
    const newline = text.indexOf('\n', i);
    const lineEnd = newline < 0 ? length : newline;
    let p = i;
    while (p < lineEnd && text.charCodeAt(p) === 32) p++;
    const indent = p - i;
    const inside =
      indent > 0 && section !== undefined && (!section.split || (section.indent >= 0 && indent > section.indent));
    if (!inside) {
      let c = p < lineEnd ? text.charCodeAt(p) : 10;
      if (c === 9 && text.slice(p, lineEnd).trim() === '') c = 10;
      if (c === 9) return undefined;
      if (c !== 10 && c !== 13 && c !== 35) {
        if (indent === 0) {
          if (c === 45 && !begun && /^---\s*$/.test(text.slice(i, lineEnd))) {
            begun = true;
          } else {
            const line = text.slice(i, lineEnd);
            const head = SECTION.exec(line);
            const keyed = head !== null || KEY.test(line);
            if (!keyed && !WORD.test(line)) return undefined;
            begun = true;
            if (section) section.end = i;
            section = { start: i, end: length, key: head?.[1], keyed, split: head !== null, indent: -1, children: [] };
            sections.push(section);
          }
        } else {
          if (!section) return undefined;
          const isKey = KEY.test(text.slice(p, lineEnd));
          if (section.indent < 0) {
            if (isKey || WORD.test(text.slice(p, lineEnd))) section.indent = indent;
            else section.split = false;
          }
          if (section.split) {
            if (indent < section.indent) return undefined;
            // A dash at the children's own indentation goes on with the list under the child's key.
            if (c !== 45) {
              if (!isKey && !WORD.test(text.slice(p, lineEnd))) return undefined;
              section.children.push(i);
            } else if (!section.children.length) return undefined;
          }
        }
      }
    }
    i = lineEnd + 1;
  }
  return sections.some(({ keyed }) => keyed) ? sections : undefined;
}

/**
 * The split in front of the piece in which a change begins, to go on from there. Of a section's first child the section is
 * split anew: it tells how children are indented.
 */
function splitBefore({ sections, change: { prefix } }: KnownSplit): { sections: Section[]; from: number | undefined } {
  const last = sections.findLastIndex(({ start }) => start <= prefix);
  const section = sections[last];
  if (!section) return { sections: [], from: undefined };
  const before = sections.slice(0, last).map((one) => ({ ...one, children: [...one.children] }));
  const child = section.children.findLastIndex((start) => start <= prefix);
  if (child < 1) return { sections: before, from: last > 0 ? section.start : undefined };
  return {
    sections: [...before, { ...section, children: section.children.slice(0, child) }],
    from: section.children[child],
  };
}

/** What lies behind a change, split as before. */
class SplitLater {
  /** Where a section (child -1) or a child begins now. */
  private readonly starts = new Map<number, { readonly section: number; readonly child: number }>();

  constructor(private readonly known: KnownSplit) {
    const {
      sections,
      change: { behind, shift },
    } = known;
    sections.forEach(({ start, children }, section) => {
      if (start >= behind) this.starts.set(start + shift, { section, child: -1 });
      children.forEach((one, child) => {
        if (one >= behind) this.starts.set(one + shift, { section, child });
      });
    });
  }

  /**
   * The rest of the split, where from this offset on all is as before.
   * @param open the section that the offset lies in, perhaps
   * @returns further children of that section, where it ends, and the sections that follow
   */
  at(
    offset: number,
    open: Section | undefined,
  ): { readonly children: readonly number[]; readonly end: number; readonly sections: readonly Section[] } | undefined {
    const at = this.starts.get(offset);
    if (!at) return undefined;
    const {
      sections,
      change: { shift },
    } = this.known;
    const moved = (one: Section): Section => ({
      ...one,
      start: one.start + shift,
      end: one.end + shift,
      children: one.children.map((start) => start + shift),
    });
    if (at.child < 0) return { children: [], end: offset, sections: sections.slice(at.section).map(moved) };
    const known = moved(sections[at.section] as Section);
    if (!open?.split || open.indent !== known.indent || !open.children.length) return undefined;
    return {
      children: known.children.slice(at.child),
      end: known.end,
      sections: sections.slice(at.section + 1).map(moved),
    };
  }
}

/** A piece of a document, read by itself. */
interface Block {
  readonly origin: Origin;
  readonly entries: readonly Entry[];
  readonly tree: YamlTree;
}

/** The pieces of a document's latest version by their start, and the text they stand in. */
export interface BlockTable {
  readonly text: string;
  readonly sections: readonly Section[];
  readonly pieces: ReadonlyMap<number, Piece>;
}

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly block: Block;
}

export interface BlockwiseResult {
  readonly root: Node;
  readonly problems: YamlProblem[];
  readonly table: BlockTable;
}

/**
 * Reads a document block by block, taking blocks of the version before where nothing changed.
 * @param known blocks of the version before
 * @returns what makes the document of them: then those nodes belong to `document` and are no longer part of the earlier one.
 *   Undefined where the text must be read as a whole; `known` is untouched until then
 */
export function* readBlockwise(
  document: ParsedDocument,
  known: BlockTable | undefined,
): Steps<(() => BlockwiseResult) | undefined> {
  const { text } = document;
  const change = known && compareTexts(known.text, text);
  const sections = splitSections(text, known && change && { sections: known.sections, change });
  if (!sections) return undefined;
  const scope = new YamlScope();
  const table = new Map<number, Piece>();
  const find = known && change ? unchanged(known, change) : () => undefined;
  /** Where it became too much for one text. */
  let cut: number | undefined;
  const parts: { section: Section; pieces: Piece[] }[] = [];
  for (const section of sections) {
    const split = section.split && section.children.length > 0;
    const starts = split ? section.children : [section.start];
    const pieces: Piece[] = [];
    for (let k = 0; k < starts.length && cut === undefined; k++) {
      const start = starts[k] as number;
      const end = starts[k + 1] ?? section.end;
      let block = find(start, end);
      if (block) {
        scope.readAgain(block.tree, start);
        for (const [name, anchor] of block.tree.anchors) scope.anchors.set(name, anchor);
      } else {
        const slice = text.slice(start, end);
        block = yield* readBlock(document, start, known ? ownCopy(slice) : slice, scope);
        yield;
      }
      if (scope.isSpent) cut = start;
      else if (!block) return undefined;
      else {
        const piece = { start, end, block };
        pieces.push(piece);
        // What an alias stands for may change while its own text does not.
        if (!block.tree.aliases) table.set(start, piece);
      }
    }
    if (pieces.length) parts.push({ section, pieces });
    if (cut !== undefined) break;
  }
  if (!parts.length) return undefined;
  return () => {
    const result = assemble(document, parts, { text, sections, pieces: table });
    if (cut !== undefined) result.problems.push({ from: cut, to: text.length, message: TOO_MUCH, leftOut: true });
    return result;
  };
}

/** Finds blocks of the version before that lie before or behind all changes. */
function unchanged(
  { pieces }: BlockTable,
  { prefix, behind, shift }: Change,
): (start: number, end: number) => Block | undefined {
  return (start, end) => {
    const before = pieces.get(start);
    if (before && before.end === end && end <= prefix) return before.block;
    const after = pieces.get(start - shift);
    return after && after.end === end - shift && after.start >= behind ? after.block : undefined;
  };
}

function assemble(
  document: ParsedDocument,
  parts: readonly { section: Section; pieces: readonly Piece[] }[],
  table: BlockTable,
): BlockwiseResult {
  const problems: BlockwiseResult['problems'] = [];
  const origin = new Origin(document, 0);
  const top: Entry[] = [];
  for (const { section, pieces } of parts) {
    const entries: Entry[] = [];
    for (const { start, block } of pieces) {
      block.origin.base = start;
      block.origin.document = document;
      for (const entry of block.entries) entries.push(entry);
      for (const problem of block.tree.problems)
        addProblem(problems, { ...problem, from: problem.from + start, to: problem.to + start }, MAX_PROBLEMS);
    }
    if (!section.split || !section.children.length) {
      for (const entry of entries) top.push(entry);
      continue;
    }
    const name = section.key as string;
    const key = new Node('string', 'plain', origin, section.start, section.start + name.length);
    key.value = name;
    key.source = name;
    top.push(new Entry(key, container(origin, entries)));
  }
  return { root: container(origin, top), problems, table };
}

function container(origin: Origin, entries: readonly Entry[]): Node {
  const first = entries[0] as Entry;
  const last = entries[entries.length - 1] as Entry;
  const node = new Node('object', 'block', origin, first.key.outerStart, Math.max(last.value.end, last.key.end));
  adopt(node, entries);
  return node;
}

function* readBlock(document: ParsedDocument, start: number, text: string, scope: YamlScope): Steps<Block | undefined> {
  const origin = new Origin(document, start);
  const tree = yield* readYamlInSteps(text, origin, scope);
  const root = tree.roots[0];
  if (tree.documents !== 1 || tree.roots.length !== 1 || !root) return undefined;
  if (
    root.tag !== undefined ||
    (tree.anchors.size && [...tree.anchors.values()].some((anchor) => anchor.node === root))
  )
    return undefined;
  if (root.kind === 'object' && root.style === 'block' && root.entries.length) {
    // A merge key draws on the whole section, which is read here in pieces.
    if (root.entries.some((entry) => entry.merged || entry.name === '<<')) return undefined;
    return { origin, entries: root.entries, tree };
  }
  if (root.isScalar && root.style === 'plain' && !root.source.includes(' ')) {
    // A key that is still being typed.
    const value = new Node('missing', 'plain', origin, root.to, root.to);
    const problem = { from: root.from, to: root.to, message: 'Implicit map keys need to be followed by map values' };
    return { origin, entries: [new Entry(root, value)], tree: { ...tree, problems: [...tree.problems, problem] } };
  }
  return undefined;
}
