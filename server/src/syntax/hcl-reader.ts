/**
 * Reads the structure of HCL: bodies of attributes and blocks. Tolerant and total: whatever cannot be read costs its own
 * line, and a body that is left open ends with the text.
 * After the HCL native syntax specification (github.com/hashicorp/hcl, hclsyntax/spec.md).
 *
 * The tree is that of the same configuration in Terraform's JSON syntax: the labels of a block are objects around its
 * body, blocks of one name within a body are an array. What it adds: bodies, and arrays of blocks, have style `block`;
 * the key of a block's last label covers its whole header (`resource "aws_s3_bucket" "logs"`), and a body's
 * `outerStart` is where the header begins; each block of an array has an entry of its own, which is no member of the body.
 */

import { exact, shared, TOO_DEEP } from './hcl-cursor.ts';
import { literalText } from './hcl-expression.ts';
import { ExpressionReader } from './hcl-parser.ts';
import { ExpressionSource } from './hcl-source.ts';
import { Entry, Node, type Origin } from './node.ts';
import { adopt } from './parsed.ts';

export interface ReadProblem {
  /** Offsets of the text that was read. */
  readonly from: number;
  readonly to: number;
  readonly message: string;
  readonly leftOut?: true;
}

export interface ReadBody {
  /** Attributes and blocks; at the top level each block is an entry of its own. */
  readonly entries: readonly Entry[];
  readonly problems: readonly ReadProblem[];
}

/** Reads attributes and blocks of the top level. */
export function readHcl(text: string, origin: Origin): ReadBody {
  const reader = new BodyReader(text, origin);
  return { entries: reader.top(), problems: reader.problems };
}

/** More labels are not read: each is an object around the next. */
const MAX_LABELS = 10;

const NEW_LINE = 'expected a new line';

/** Blocks nested deeper are not read. */
const MAX_BLOCKS = 60;

interface Label {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

class BodyReader extends ExpressionReader {
  private readonly source: ExpressionSource;
  private blocks = 0;

  constructor(
    text: string,
    private readonly origin: Origin,
  ) {
    super(text, 0, text.length, false);
    this.source = new ExpressionSource(text, origin, true);
  }

  top(): Entry[] {
    const entries: Entry[] = [];
    while (this.at < this.end) {
      this.members(entries, false);
      // A bracket that closes nothing.
      if (this.at < this.end) {
        this.problem(this.at, this.at + 1, `unexpected '${this.text[this.at]}'`);
        this.at++;
      }
    }
    return entries.slice();
  }

  /**
   * Reads members up to a closing brace or the end.
   * @param oneLine whether a member stands on the line of the block's header: that one attribute is all it may have
   */
  private members(entries: Entry[], oneLine: boolean): void {
    let mayReport = this.blocks > 0;
    for (;;) {
      this.lines();
      const before = this.at;
      const first = this.code();
      if (first < 0 || first === 125) return;
      const entry = this.member();
      if (entry) entries.push(entry);
      this.space();
      const next = this.code();
      if (mayReport && entry && next >= 0 && (oneLine ? next !== 125 || isBlock(entry) : next === 125)) {
        // All of it is read the same way; Terraform rejects it.
        this.problem(this.at, this.at + 1, oneLine && next !== 125 ? "expected '}'" : NEW_LINE);
        mayReport = false;
      }
      if (next < 0 || next === 125) return;
      if (next !== 10) {
        // Where an expression failed on a later line, that line may be a member.
        if (this.at > before && this.beginsLine()) continue;
        if (entry && next === 44) {
          if (!oneLine) this.problem(this.at, this.at + 1, NEW_LINE);
          this.at++;
          continue;
        }
        if (entry && !oneLine) this.problem(this.at, this.at + 1, NEW_LINE);
        this.skipLine(before);
      }
    }
  }

  private beginsLine(): boolean {
    let at = this.at;
    while (at > 0 && (this.text[at - 1] === ' ' || this.text[at - 1] === '\t')) at--;
    return at === 0 || this.text[at - 1] === '\n';
  }

  /** Skips to the end of the line or to a brace that closes the body; always moves on from `before`. */
  private skipLine(before: number): void {
    if (this.at === before) this.at++;
    let depth = 0;
    while (this.at < this.end) {
      const c = this.text[this.at];
      if (c === '\n') return;
      if (c === '{') depth++;
      else if (c === '}' && depth-- === 0) return;
      this.at++;
    }
  }

  private member(): Entry | undefined {
    const from = this.at;
    const name = this.label();
    if (!name) {
      this.problem(from, from + 1, 'expected the name of an attribute or a block');
      return undefined;
    }
    this.space();
    if (this.code() === 61 && !this.peek('==')) return this.attribute(name);
    const labels: Label[] = [];
    for (;;) {
      this.space();
      const label = this.label();
      if (!label) break;
      if (labels.length < MAX_LABELS) labels.push(label);
      else this.problem(label.from, label.to, 'Not read: too many labels', true);
    }
    if (this.code() === 123) return this.block(name, labels);
    const last = labels[labels.length - 1] ?? name;
    this.problem(from, last.to, labels.length ? "expected '{'" : "expected '=' or a block");
    // A name that is being typed; with labels, a header without a body.
    if (labels.length) return undefined;
    this.at = name.to;
    return this.entry(this.word(name), new Node('missing', 'plain', this.origin, name.to, name.to));
  }

  /** A bare or quoted name. */
  private label(): Label | undefined {
    const from = this.at;
    if (this.code() === 34) {
      const quoted = this.quoted();
      if (quoted.kind !== 'template') return undefined;
      const name = literalText(quoted);
      if (name === undefined) this.problem(from, this.at, 'a label is plain text');
      return { from, to: this.at, name: name === undefined ? this.text.slice(from + 1, this.at - 1) : shared(name) };
    }
    const name = this.identifier();
    return name === undefined ? undefined : { from, to: this.at, name };
  }

  private attribute(name: Label): Entry {
    this.at++;
    const behind = this.at;
    this.space();
    const c = this.code();
    if (c < 0 || c === 10 || c === 125) {
      this.problem(name.from, behind, 'expected a value');
      return this.entry(this.word(name), new Node('missing', 'plain', this.origin, behind, behind));
    }
    return this.entry(this.word(name), this.source.build(this.expression()));
  }

  private block(name: Label, labels: readonly Label[]): Entry {
    const open = this.at++;
    const entries: Entry[] = [];
    if (this.blocks >= MAX_BLOCKS) {
      this.problem(open, open + 1, TOO_DEEP, true);
      this.skipBlock();
    } else {
      this.blocks++;
      this.space();
      this.members(entries, this.code() !== 10);
      this.blocks--;
      if (!this.take('}')) this.problem(name.from, open + 1, "the block is not closed with '}'");
    }
    const body = new Node('object', 'block', this.origin, open, this.at);
    body.tagFrom = name.from;
    adopt(body, exact(grouped(entries, this.origin)));
    return this.wrap(name, labels, body);
  }

  private skipBlock(): void {
    let depth = 1;
    for (; this.at < this.end && depth > 0; this.at++) {
      if (this.text[this.at] === '{') depth++;
      else if (this.text[this.at] === '}') depth--;
    }
  }

  /** Labels become objects around the body. */
  private wrap(name: Label, labels: readonly Label[], body: Node): Entry {
    const last = labels[labels.length - 1];
    if (!last) return this.entry(this.word(name), body);
    const header = new Node('string', 'plain', this.origin, name.from, last.to);
    header.value = last.name;
    header.source = this.text.slice(name.from, last.to);
    let inner = this.entry(header, body);
    for (let i = labels.length - 1; i >= 0; i--) {
      const label = labels[i] as Label;
      const object = new Node('object', 'block', this.origin, label.from, this.at);
      object.tagFrom = name.from;
      adopt(object, [inner]);
      inner = this.entry(i ? this.word(labels[i - 1] as Label) : this.word(name), object);
    }
    return inner;
  }

  private word({ from, to, name }: Label): Node {
    const node = new Node('string', this.text.charCodeAt(from) === 34 ? 'double' : 'plain', this.origin, from, to);
    node.value = name;
    node.source = name;
    return node;
  }

  private entry(key: Node, value: Node): Entry {
    const entry = new Entry(key, value);
    key.entry = entry;
    value.entry = entry;
    return entry;
  }
}

/** Puts blocks of one name into one array, in the place of the first. */
function grouped(entries: readonly Entry[], origin: Origin): readonly Entry[] {
  let blocks = 0;
  for (const entry of entries) if (isBlock(entry)) blocks++;
  if (blocks < 2) return entries;
  const byName = new Map<string, Entry[]>();
  for (const entry of entries) {
    if (!isBlock(entry)) continue;
    const same = byName.get(entry.name);
    if (same) same.push(entry);
    else byName.set(entry.name, [entry]);
  }
  const result: Entry[] = [];
  for (const entry of entries) {
    const same = isBlock(entry) ? (byName.get(entry.name) as Entry[]) : [entry];
    if (same.length === 1) result.push(entry);
    else if (same[0] === entry) {
      const last = same[same.length - 1] as Entry;
      const array = new Node('array', 'block', origin, entry.key.from, last.value.to);
      array.items = same.map((one) => one.value);
      const list = new Entry(copyOf(entry.key, origin), array);
      for (const one of same) {
        one.key.parent = array;
        one.value.parent = array;
      }
      result.push(list);
    }
  }
  return result;
}

function isBlock({ value }: Entry): boolean {
  return value.kind === 'object' && value.style === 'block';
}

/** The first block's key, as key of the list. */
function copyOf(key: Node, origin: Origin): Node {
  const copy = new Node(key.kind, key.style, origin, key.from, key.to);
  copy.value = key.value;
  copy.source = key.source;
  return copy;
}
