/** The one syntax tree of every language Demarc reads: positioned, error-tolerant, in UTF-16 offsets. */

import type { SyntaxDocument } from './document.ts';

/** `missing`: nothing is written where a value belongs (`key:` with no value yet, a hole in broken text). */
export type NodeKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null' | 'missing';

/**
 * How a node is written. JSON containers are `flow`, JSON strings `double`, other JSON scalars `plain`;
 * YAML adds `single`, `literal` (`|`), `folded` (`>`) and `block` containers. In HCL bodies and lists of blocks are `block`,
 * heredocs `literal`; what an expression computes is `plain`, without a value.
 */
export type NodeStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded' | 'flow' | 'block';

/**
 * Turns a tree's own offsets into offsets of the document.
 * A block of a document shifts as a whole (`base`); a tree parsed out of a string maps through the string's escapes (`map`).
 */
export class Origin {
  constructor(
    /** Changes when an unchanged block is carried over to the next version of its document. Read {@link Node.document}. */
    public document: SyntaxDocument,
    /** Added to every offset. Changes when an unchanged block is found again at another place. */
    public base: number,
    /** For text inside a string: offset of each decoded character relative to `base`; one more entry than characters. */
    readonly map?: ArrayLike<number>,
    /** For text inside a string: the scalar it was parsed from; edits in it are escaped as that scalar demands. */
    readonly host?: Node,
  ) {}

  /** Document offset of a tree offset. Text inside a string moves with its host: there `base` is the host tree's own. */
  at(offset: number): number {
    if (!this.map) return this.base + offset;
    const inner = this.base + (this.map[Math.min(offset, this.map.length - 1)] ?? 0);
    return this.host ? this.host.origin.at(inner) : inner;
  }
}

const NO_ENTRIES: readonly Entry[] = [];
const NO_ITEMS: readonly Node[] = [];

/** A piece of the syntax tree. Offsets `from`/`to` are the tree's own; `start`/`end` are the document's. */
export class Node {
  /** Scalars: the value as the language reads it. A plain YAML `012345678901` stays the string it looks like in {@link source}. */
  value: string | number | boolean | null | undefined = undefined;
  /** Scalars: the text as written, without quotes for quoted styles undone; `''` for containers. */
  source = '';
  /** YAML tag as written (`!Ref`, `!Sub`); the range of the node excludes it. */
  declare tag: string | undefined;
  /** Tree offset where the tag starts; of an HCL body, where its block does. */
  declare tagFrom: number | undefined;
  /** Members of an object in the order written, duplicates included and marked. Merge keys (`<<`) come resolved, marked `merged`. */
  entries: readonly Entry[] = NO_ENTRIES;
  /** Items of an array. */
  items: readonly Node[] = NO_ITEMS;
  /** The container this node lies in. */
  parent: Node | undefined = undefined;
  /** The entry whose key or value this node is. */
  entry: Entry | undefined = undefined;
  /** For an alias (`*x`): the node it stands for; this node carries its kind, value, entries and items, at the alias's own range. */
  declare aliasOf: Node | undefined;

  constructor(
    readonly kind: NodeKind,
    readonly style: NodeStyle,
    readonly origin: Origin,
    readonly from: number,
    readonly to: number,
  ) {}

  /** Document offset of the first character (of the opening quote for quoted scalars; after a tag). */
  get start(): number {
    return this.origin.at(this.from);
  }

  /** Document offset behind the last character. Block scalars end before their final newline. */
  get end(): number {
    return this.origin.at(this.to);
  }

  /** Document offset of the tag, or of the node where it has none. */
  get outerStart(): number {
    return this.tagFrom === undefined ? this.start : this.origin.at(this.tagFrom);
  }

  get document(): SyntaxDocument {
    return this.origin.host ? this.origin.host.document : this.origin.document;
  }

  get isScalar(): boolean {
    return this.kind !== 'object' && this.kind !== 'array';
  }

  /** The last entry of that name (later duplicates win, as in every consumer of these formats); written entries before merged ones. */
  entryOf(name: string): Entry | undefined {
    let found: Entry | undefined;
    for (const entry of this.entries) {
      if (entry.name === name && (!found || !entry.merged || found.merged)) found = entry;
    }
    return found;
  }

  /** The value of the entry of that name. */
  get(name: string): Node | undefined {
    return this.entryOf(name)?.value;
  }
}

/** What few nodes have is no field of all of them: there are a hundred thousand in a large document. */
Object.assign(Node.prototype, { tag: undefined, tagFrom: undefined, aliasOf: undefined });

/** A key with its value. */
export class Entry {
  /** A later entry of the same name exists. */
  duplicate = false;
  /** Brought in by a YAML merge key (`<<: *defaults`). */
  merged = false;

  constructor(
    readonly key: Node,
    /** Set anew only by who reads the tree: where a template's text turns out to be something else. */
    public value: Node,
  ) {}

  /** The key's text. */
  get name(): string {
    return typeof this.key.value === 'string' ? this.key.value : this.key.source;
  }
}
