/**
 * YAML, block by block: a text is split by its top-level keys and by the children of each section, every piece is read by
 * itself and kept for the next version of the text. An edit then costs what it touches, and what is broken in one
 * resource stays there. Texts outside the subset for which this is sound are read as a whole.
 */

import { compareTexts, ownCopy } from './change.ts';
import { Entry, Node, Origin } from './node.ts';
import { adopt, type ParsedDocument } from './parsed.ts';
import { readYaml, YamlScope, type YamlTree } from './yaml-reader.ts';

/** Where pieces begin and end. */
interface Section {
  readonly start: number;
  end: number;
  /** The key, where the section's children are pieces of their own. */
  readonly key: string | undefined;
  split: boolean;
  /** Indentation of its children, -1 before the first. */
  indent: number;
  /** Starts of its children. */
  readonly children: number[];
}

const SECTION = /^([A-Za-z][\w-]*) *:(?:[ \t]+#.*|[ \t]*)\r?$/;
const KEY = /^(?:[A-Za-z_\d][\w:./-]*|"[^"\\]*"|'[^']*') *:(?:\s|$)/;
/** A key that is still being typed. */
const WORD = /^[A-Za-z][\w-]*[ \t]*\r?$/;

/** Splits a text; undefined where it lies outside the sound subset. Linear. */
export function splitSections(text: string): Section[] | undefined {
  const sections: Section[] = [];
  const length = text.length;
  let section: Section | undefined;
  let begun = false;
  let keys = false;
  let i = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (i < length) {
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
            if (head || KEY.test(line)) keys = true;
            else if (!WORD.test(line)) return undefined;
            begun = true;
            if (section) section.end = i;
            section = { start: i, end: length, key: head?.[1], split: head !== null, indent: -1, children: [] };
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
  return keys ? sections : undefined;
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
  readonly pieces: ReadonlyMap<number, Piece>;
}

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly block: Block;
}

export interface BlockwiseResult {
  readonly root: Node;
  readonly problems: { readonly from: number; readonly to: number; readonly message: string }[];
  readonly table: BlockTable;
}

/**
 * Reads a document block by block, taking blocks of the version before where nothing changed: those nodes then
 * belong to `document` and are no longer part of the earlier one.
 * @param known blocks of the version before
 * @returns undefined where the text must be read as a whole; `known` is untouched then
 */
export function readBlockwise(document: ParsedDocument, known: BlockTable | undefined): BlockwiseResult | undefined {
  const { text } = document;
  const sections = splitSections(text);
  if (!sections) return undefined;
  const scope = new YamlScope();
  const table = new Map<number, Piece>();
  const find = known ? unchanged(known, text) : () => undefined;
  const read = (start: number, end: number): Piece | undefined => {
    let block = find(start, end);
    if (block) for (const [name, anchor] of block.tree.anchors) scope.anchors.set(name, anchor);
    else {
      const slice = text.slice(start, end);
      block = readBlock(document, start, known ? ownCopy(slice) : slice, scope);
    }
    if (!block) return undefined;
    const piece = { start, end, block };
    // What an alias stands for may change while its own text does not.
    if (!block.tree.aliases) table.set(start, piece);
    return piece;
  };
  const parts: { section: Section; pieces: Piece[] }[] = [];
  for (const section of sections) {
    const split = section.split && section.children.length > 0;
    const starts = split ? section.children : [section.start];
    const pieces: Piece[] = [];
    for (let k = 0; k < starts.length; k++) {
      const piece = read(starts[k] as number, starts[k + 1] ?? section.end);
      if (!piece) return undefined;
      pieces.push(piece);
    }
    parts.push({ section, pieces });
  }
  return assemble(document, parts, { text, pieces: table });
}

/** Finds blocks of the version before that lie before or behind all changes. */
function unchanged({ text: old, pieces }: BlockTable, text: string): (start: number, end: number) => Block | undefined {
  const { prefix, behind, shift } = compareTexts(old, text);
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
): BlockwiseResult | undefined {
  const problems: BlockwiseResult['problems'] = [];
  const origin = new Origin(document, 0);
  const top: Entry[] = [];
  for (const { section, pieces } of parts) {
    const entries: Entry[] = [];
    for (const { start, block } of pieces) {
      block.origin.base = start;
      block.origin.document = document;
      for (const entry of block.entries) entries.push(entry);
      for (const { from, to, message } of block.tree.problems)
        problems.push({ from: from + start, to: to + start, message });
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

function readBlock(document: ParsedDocument, start: number, text: string, scope: YamlScope): Block | undefined {
  const origin = new Origin(document, start);
  const tree = readYaml(text, origin, scope);
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
