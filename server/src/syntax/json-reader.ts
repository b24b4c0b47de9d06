/** Reads JSON text into the syntax tree and keeps what can be kept of text that is broken or half typed. */

import { createScanner, type JSONScanner } from 'jsonc-parser';
import { ownCopy } from './change.ts';
import { Entry, Node, type NodeKind, type NodeStyle, Origin } from './node.ts';
import { addProblem, adopt, MAX_DEPTH, TOO_MUCH } from './parsed.ts';
import { atOnce, type Steps } from './steps.ts';

/** A problem in offsets of the text that was read. */
export interface JsonProblem {
  readonly from: number;
  readonly to: number;
  readonly message: string;
  readonly leftOut?: true;
}

export interface JsonTree {
  readonly root: Node | undefined;
  readonly problems: readonly JsonProblem[];
}

/** Tokens of jsonc-parser; its const enum cannot be imported by a compiler that looks at one file at a time. */
const OPEN_BRACE = 1;
const CLOSE_BRACE = 2;
const OPEN_BRACKET = 3;
const CLOSE_BRACKET = 4;
const COMMA = 5;
const COLON = 6;
const NULL = 7;
const TRUE = 8;
const FALSE = 9;
const STRING = 10;
const NUMBER = 11;
const UNKNOWN = 16;
const EOF = 17;

const MAX_PROBLEMS = 200;

/**
 * Keys, values and what holds them, of one text: a twelfth as many as it has characters, and some to spare. Large plans and
 * templates have a twentieth.
 */
const MAX_NODES = 3_000_000;
const CHARACTERS = 12;
const SPARE = 200_000;

/** Members of one text that are units: what follows is read again with each change. */
const MAX_UNITS = 20_000;

const SCAN_ERRORS: Readonly<Record<number, string>> = {
  1: 'Comment is not closed',
  2: 'String is not closed',
  3: 'Number has no digits',
  4: 'Unicode escape is not valid',
  5: 'Escape is not valid',
  6: 'Control character in a string',
};

/**
 * A member of the top-level object, or of an object in it: what a change of the text is confined to. Its nodes share an
 * origin of their own, so that it moves as a whole.
 */
export interface Unit {
  readonly entry: Entry;
  readonly origin: Origin;
  readonly depth: number;
  /** Offsets of the text it was read from. */
  readonly start: number;
  readonly end: number;
  /** Problems in it, counted from its start. */
  readonly problems: readonly JsonProblem[];
  /** How many values it holds. */
  readonly nodes: number;
}

export interface UnitTree extends JsonTree {
  /** Units in order; undefined where brackets do not match, or a problem lies between units. */
  readonly units: readonly Unit[] | undefined;
}

/**
 * Reads JSON with comments and trailing commas.
 * Never throws: a hole becomes a `missing` node, containers that are not closed end where their parent goes on, and
 * nesting beyond {@link MAX_DEPTH} is skipped with a problem.
 * @param text the text; node offsets count from its start
 * @param origin maps them to the document
 */
export function readJson(text: string, origin: Origin): JsonTree {
  const first = new Reader(text, origin, false);
  const root = atOnce(first.read());
  return first.unbalanced ? readByIndent(text, origin) : { root, problems: first.problems };
}

/**
 * As {@link readJson}, in units, of which each is a step.
 * @param known the unit of an earlier text that has the same text at this offset and depth: it is taken over unread
 */
export function* readJsonUnits(
  text: string,
  origin: Origin,
  known?: (offset: number, depth: number) => Unit | undefined,
): Steps<UnitTree> {
  const reader = new Reader(text, origin, false, true, known);
  const root = yield* reader.read();
  if (reader.unbalanced) return { ...readByIndent(text, origin), units: undefined };
  const { units, problems } = reader;
  for (const { origin: own, start } of units) {
    own.base = origin.base + start;
    own.document = origin.document;
  }
  const inside = units.reduce((sum, unit) => sum + unit.problems.length, 0);
  // Of the one in which the text was cut off, more may be read another time.
  return { root, problems, units: inside === problems.length && !reader.isCut ? units : undefined };
}

/** A bracket is open or one too many closes: reads again and lets the indentation say what belongs together. */
function readByIndent(text: string, origin: Origin): JsonTree {
  const reader = new Reader(text, origin, true);
  return { root: atOnce(reader.read()), problems: reader.problems };
}

/** A container that is being read. */
interface Frame {
  readonly array: boolean;
  /** Indentation of the line its bracket stands on, and where that line ends. */
  readonly indent: number;
  readonly line: number;
}

/** Sets a scanner behind blanks and line breaks: it would join them to a text, character by character. */
export function skipBlanks(text: string, scanner: JSONScanner): void {
  let i = scanner.getPosition();
  const from = i;
  for (let c = text.charCodeAt(i); c === 32 || c === 9 || c === 10 || c === 13; c = text.charCodeAt(i)) i++;
  if (i > from) scanner.setPosition(i);
}

/** Of an object that is being read. */
interface Members {
  readonly entries: Entry[];
  /** Whether a member may follow: at the beginning, and behind a comma. */
  isDue: boolean;
}

class Reader {
  readonly problems: JsonProblem[] = [];
  /** Brackets do not match. */
  unbalanced = false;
  private readonly scanner: JSONScanner;
  private readonly frames: Frame[] = [];
  private token = EOF;
  private from = 0;
  private to = 0;
  /** End of the token before. */
  private last = 0;
  /** Start of the line that `from` was last asked for, and how far the text was looked through for it. */
  private line = 0;
  private looked = 0;
  /** The first line break from `breakFrom` on. */
  private breakFrom = 0;
  private nextBreak = -1;

  /** Units read so far. */
  readonly units: Unit[] = [];
  /** Offset that node offsets count from: the start of the unit being read. */
  private base = 0;

  constructor(
    private readonly text: string,
    private origin: Origin,
    private readonly byIndent: boolean,
    private readonly inUnits = false,
    private readonly known?: (offset: number, depth: number) => Unit | undefined,
  ) {
    this.scanner = createScanner(text, true);
    this.left = Math.min(MAX_NODES, SPARE + Math.floor(text.length / CHARACTERS));
  }

  *read(): Steps<Node | undefined> {
    this.next();
    if (this.token === EOF) return undefined;
    const root = this.token === OPEN_BRACE ? yield* this.objectOfUnits() : this.value();
    while (this.token !== EOF) {
      // What follows the root is no part of it; a bracket here says that one was closed too early.
      if (this.token === CLOSE_BRACE || this.token === CLOSE_BRACKET || this.token === COMMA) this.unbalanced = true;
      this.problem('Nothing may follow the document', this.from, this.text.length);
      break;
    }
    return root;
  }

  private next(): void {
    this.last = this.to;
    if (this.isCut) {
      this.token = EOF;
      return;
    }
    skipBlanks(this.text, this.scanner);
    this.token = this.scanner.scan();
    this.from = this.scanner.getTokenOffset();
    // The scanner ends a comment that is open, and nothing but begun, behind the text.
    this.to = Math.min(this.from + this.scanner.getTokenLength(), this.text.length);
    this.from = Math.min(this.from, this.to);
    const error = this.scanner.getTokenError() as number;
    if (error) this.problem(SCAN_ERRORS[error] ?? 'Not valid JSON', this.from, this.to);
  }

  /** Whether a colon follows the current token. */
  private beforeColon(): boolean {
    let i = this.to;
    for (let c = this.text.charCodeAt(i); c === 32 || c === 9 || c === 10 || c === 13; c = this.text.charCodeAt(i)) i++;
    return this.text.charCodeAt(i) === 58;
  }

  private problem(message: string, from = this.from, to = this.to, leftOut?: true): void {
    if (this.isCut) return;
    const before = this.problems[this.problems.length - 1];
    if (before && before.from === from && before.message === message) return;
    addProblem(this.problems, leftOut ? { from, to, message, leftOut } : { from, to, message }, MAX_PROBLEMS);
  }

  /** Nodes that may still be made, and whether that was too few: the text ends there. */
  private left: number;
  isCut = false;

  private node(kind: NodeKind, style: NodeStyle, from: number, to: number): Node {
    if (--this.left < 0 && !this.isCut) {
      this.problem(TOO_MUCH, this.from, this.text.length, true);
      this.isCut = true;
    }
    return new Node(kind, style, this.origin, from - this.base, to - this.base);
  }

  private scalar(kind: NodeKind, style: NodeStyle, value: Node['value'], source: string): Node {
    const node = this.node(kind, style, this.from, this.to);
    node.value = value;
    node.source = source;
    return node;
  }

  private source(): string {
    return this.own(this.text.slice(this.from, this.to));
  }

  /** A string that may outlive this version of the text, which a slice would keep alive as a whole. */
  private own(text: string): string {
    return this.known ? ownCopy(text) : text;
  }

  /** Reads the value the current token starts and moves behind it; undefined, without moving, where none starts. */
  private value(): Node | undefined {
    let node: Node;
    switch (this.token) {
      case OPEN_BRACE:
        return this.object();
      case OPEN_BRACKET:
        return this.array();
      case STRING: {
        const text = this.own(this.scanner.getTokenValue());
        node = this.scalar('string', 'double', text, text);
        break;
      }
      case NUMBER:
        node = this.scalar('number', 'plain', Number(this.source()), this.source());
        break;
      case TRUE:
      case FALSE:
        node = this.scalar('boolean', 'plain', this.token === TRUE, this.source());
        break;
      case NULL:
        node = this.scalar('null', 'plain', null, 'null');
        break;
      case UNKNOWN:
        this.problem('Value expected');
        node = this.scalar('missing', 'plain', undefined, this.source());
        break;
      default:
        return undefined;
    }
    this.next();
    return node;
  }

  /** Opens a container; false, with the container skipped, where it is nested too deep. */
  private open(array: boolean): boolean {
    if (this.frames.length >= MAX_DEPTH) {
      const from = this.from;
      let depth = 0;
      do {
        if (this.token === OPEN_BRACE || this.token === OPEN_BRACKET) depth++;
        else if (this.token === CLOSE_BRACE || this.token === CLOSE_BRACKET) depth--;
        this.next();
      } while (depth > 0 && this.token !== EOF);
      this.problem(`Not read: nested deeper than ${MAX_DEPTH} levels`, from, this.last, true);
      return false;
    }
    const line = this.lineStart();
    this.frames.push({ array, indent: this.byIndent ? this.indentOf(line) : 0, line });
    this.next();
    return true;
  }

  /** Start of the current token's line. Tokens come in order, so the text is looked through once, however long its lines are. */
  private lineStart(): number {
    if (!this.byIndent) return 0;
    for (; this.looked < this.from; this.looked++)
      if (this.text.charCodeAt(this.looked) === 10) this.line = this.looked + 1;
    return this.line;
  }

  private indentOf(line: number): number {
    let i = line;
    while (this.text.charCodeAt(i) === 32 || this.text.charCodeAt(i) === 9) i++;
    return i - line;
  }

  /** Whether the indentation of the current token, first on its line, says that the innermost container has ended before it. */
  private dedented(closing: boolean): boolean {
    if (!this.byIndent) return false;
    const frame = this.frames[this.frames.length - 1] as Frame;
    const line = this.lineStart();
    if (line === frame.line || this.indentOf(line) !== this.from - line) return false;
    const indent = this.from - line;
    return closing ? indent < frame.indent : indent <= frame.indent && this.frames.length > 1;
  }

  /** Whether a closing bracket, first on its line, is indented deeper than the innermost container: it closes nothing. */
  private surplus(): boolean {
    if (!this.byIndent) return false;
    const frame = this.frames[this.frames.length - 1] as Frame;
    const line = this.lineStart();
    return line !== frame.line && this.indentOf(line) === this.from - line && this.from - line > frame.indent;
  }

  /**
   * Handles a closing bracket or the end of the text.
   * True: the innermost container ends here (its own bracket is consumed). False: the bracket was skipped.
   */
  private close(): boolean {
    const array = (this.frames[this.frames.length - 1] as Frame).array;
    const expected = array ? CLOSE_BRACKET : CLOSE_BRACE;
    const message = array ? '] expected' : '} expected';
    if (this.token === EOF) {
      this.unbalanced ||= !this.isCut;
      this.problem(message, this.last, this.last);
      return true;
    }
    if (this.token === expected && !this.dedented(true)) {
      if (this.surplus()) {
        this.problem('Bracket closes nothing');
        this.next();
        return false;
      }
      this.next();
      return true;
    }
    this.unbalanced = true;
    if (this.token === expected || this.frames.some((frame) => frame.array !== array)) {
      this.problem(message, this.last, this.last);
      return true;
    }
    this.problem('Bracket closes nothing');
    this.next();
    return false;
  }

  private object(): Node {
    const { from } = this;
    if (!this.open(false)) return this.node('missing', 'plain', from, this.last);
    const members: Members = { entries: [], isDue: true };
    while (this.comesToMember(members)) this.add(members, this.unit() ?? this.member());
    return this.closeObject(from, members);
  }

  /** As {@link object}, of the first two levels: a step for each unit. */
  private *objectOfUnits(): Steps<Node> {
    const { from } = this;
    if (!this.open(false)) return this.node('missing', 'plain', from, this.last);
    const members: Members = { entries: [], isDue: true };
    while (this.comesToMember(members)) {
      const unit = this.unit();
      yield;
      if (unit) this.add(members, unit);
      else {
        const { key, end } = this.key();
        const isOfUnits =
          this.inUnits && this.frames.length === 1 && this.token === OPEN_BRACE && !this.dedented(false);
        this.add(members, this.memberOf(key, end, isOfUnits ? yield* this.objectOfUnits() : this.valueBehind()));
      }
    }
    return this.closeObject(from, members);
  }

  private closeObject(from: number, { entries }: Members): Node {
    this.frames.pop();
    const node = this.node('object', 'flow', from, this.last);
    adopt(node, entries);
    return node;
  }

  /** Reads on to the next member of the innermost object; false where the object ends. */
  private comesToMember(members: Members): boolean {
    for (;;) {
      if (this.token === COMMA) {
        if (members.isDue) this.problem('Key expected');
        members.isDue = true;
        this.next();
      } else if (this.token === CLOSE_BRACE || this.token === CLOSE_BRACKET || this.token === EOF) {
        if (this.close()) return false;
      } else if (this.dedented(false)) {
        this.problem('} expected', this.last, this.last);
        return false;
      } else if (
        this.token === STRING ||
        (this.token !== COLON && this.token !== OPEN_BRACE && this.token !== OPEN_BRACKET)
      ) {
        if (!members.isDue) this.problem(', expected', this.last, this.last);
        return true;
      } else {
        this.problem('Key expected');
        // A value without a key is read to find its end and dropped.
        if (!this.value()) this.next();
        members.isDue = false;
      }
    }
  }

  private add(members: Members, member: Entry): void {
    members.entries.push(member);
    // A key without a value says enough: no complaint about its comma.
    members.isDue = member.value.kind === 'missing' && this.token !== COMMA;
  }

  /** Reads a member that is a unit: those two levels down, and those of the top level that hold no object. */
  private unit(): Entry | undefined {
    const depth = this.frames.length;
    // A base says that this member lies in a unit already.
    if (!this.inUnits || this.base || depth > 2 || this.units.length >= MAX_UNITS) return undefined;
    if (this.frames.some((frame) => frame.array)) return undefined;
    const start = this.from;
    const known = this.known?.(start, depth);
    if (known && known.nodes <= this.left) {
      this.left -= known.nodes;
      const end = start + known.end - known.start;
      this.units.push(known.start === start ? known : { ...known, start, end });
      for (const { from, to, message, leftOut } of known.problems)
        this.problem(message, from + start, to + start, leftOut);
      this.to = end;
      this.scanner.setPosition(end);
      this.next();
      return known.entry;
    }
    if (depth === 1 && this.holdsObject()) return undefined;
    const { origin } = this;
    const before = this.problems.length;
    const nodes = this.left;
    this.base = start;
    this.origin = new Origin(origin.document, 0);
    const entry = this.member();
    this.base = 0;
    this.origin = origin;
    const own = entry.key.origin;
    const end = start + Math.max(entry.key.to, entry.value.to);
    const problems = this.problems
      .slice(before)
      .filter((problem) => problem.from < end)
      .map((problem) => ({ ...problem, from: problem.from - start, to: problem.to - start }));
    this.units.push({ entry, origin: own, depth, start, end, problems, nodes: nodes - this.left });
    return entry;
  }

  /** Whether the value of the key at the current token begins with a brace. */
  private holdsObject(): boolean {
    return /^\s*:\s*\{/.test(this.text.slice(this.to, this.to + 200));
  }

  private member(): Entry {
    const { key, end } = this.key();
    return this.memberOf(key, end, this.valueBehind());
  }

  /** Reads a member's key and colon. */
  private key(): { readonly key: Node; readonly end: number } {
    const quoted = this.token === STRING;
    const text = quoted ? this.own(this.scanner.getTokenValue()) : this.source();
    if (!quoted) this.problem('Key must be in double quotes');
    const key = this.scalar('string', quoted ? 'double' : 'plain', text, text);
    this.next();
    if (this.token === COLON) this.next();
    else this.problem(': expected', this.last, this.last);
    return { key, end: this.last };
  }

  /** Reads the value behind a key, where there is one. */
  private valueBehind(): Node | undefined {
    // A string before a colon is the next key: this one has no value yet.
    const nextKey = (this.token === STRING || this.token === UNKNOWN) && this.beforeColon();
    return nextKey || this.dedented(false) ? undefined : this.value();
  }

  private memberOf(key: Node, end: number, value: Node | undefined): Entry {
    if (value) return new Entry(key, value);
    this.problem('Value expected', end, end);
    return new Entry(key, this.node('missing', 'plain', end, end));
  }

  private array(): Node {
    const from = this.from;
    if (!this.open(true)) return this.node('missing', 'plain', from, this.last);
    const items: Node[] = [];
    let comma = true;
    for (;;) {
      if (this.token === COMMA) {
        if (comma) this.problem('Value expected');
        comma = true;
        this.next();
      } else if (this.token === CLOSE_BRACE || this.token === CLOSE_BRACKET || this.token === EOF) {
        if (this.close()) break;
      } else if (this.dedented(false)) {
        this.problem('] expected', this.last, this.last);
        break;
      } else if (this.token === COLON) {
        this.problem('Value expected');
        this.next();
      } else if (this.token === STRING && this.frames.length > 1 && this.beforeColon() && this.onLaterLine(from)) {
        // A key inside an array: the array was never closed.
        this.unbalanced = true;
        this.problem('] expected', this.last, this.last);
        break;
      } else {
        if (!comma) this.problem(', expected', this.last, this.last);
        comma = false;
        const item = this.value();
        if (item) items.push(item);
      }
    }
    this.frames.pop();
    const node = this.node('array', 'flow', from, this.last);
    node.items = items;
    for (const item of items) item.parent = node;
    return node;
  }

  /** Whether the current token stands on a later line than an offset. */
  private onLaterLine(from: number): boolean {
    // Many offsets share the break behind them: in a text of one line, all of them.
    if (this.nextBreak < from || from < this.breakFrom) {
      const at = this.text.indexOf('\n', from);
      this.breakFrom = from;
      this.nextBreak = at < 0 ? this.text.length : at;
    }
    return this.nextBreak < this.from;
  }
}
