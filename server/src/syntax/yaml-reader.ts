/** Reads YAML text into the syntax tree: the one place that knows the `yaml` package. */

import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  Parser,
  type Scalar,
  Schema,
  type YAMLMap,
} from 'yaml';
import { Entry, Node, type NodeStyle, type Origin } from './node.ts';
import { addProblem, adopt, MAX_DEPTH, TOO_MUCH } from './parsed.ts';
import { atOnce, type Steps } from './steps.ts';
import { plainValue } from './yaml-scalars.ts';

/** A problem in offsets of the text that was read. */
export interface YamlProblem {
  readonly from: number;
  readonly to: number;
  readonly message: string;
  readonly leftOut?: true;
}

interface Anchor {
  readonly node: Node;
  /** Nodes it stands for, aliases in it counted in full. */
  readonly size: number;
}

/** Words, punctuation and white space of one text: a megabyte of what is written most densely, which is what AWS takes. */
const MAX_LEXEMES = 350_000;
/**
 * Of all that was read so far, a third as many as it has characters, and some to spare. Real templates have 0.3 a character, and
 * never a hundred more than this; what is made of brackets and line breaks has 1 or 2, and takes the longest to read.
 */
const CHARACTERS = 3;
const SPARE = 50_000;
/**
 * What takes longer, as so many lexemes: a document of its own, which each block is, a further one in the text, and a quoted text
 * that is open or goes over several lines, about which most is to be said.
 */
const BLOCK = 3;
const DOCUMENT = 10;
const OPEN = 8;
/** Lexemes of one step. */
const STEP = 2_000;

/** Anchors by name, and how much aliases may still add: shared by all blocks of one document. */
export class YamlScope {
  readonly anchors = new Map<string, Anchor>();
  /** Nodes that aliases may stand for in all; a few lines of aliases of aliases would otherwise unfold to billions. */
  budget = 100_000;
  /** Lexemes read so far, in all blocks. */
  lexemes = 0;
  /** That was too many. */
  isSpent = false;

  /**
   * Counts what was read before in the place of what would be read.
   * @param offset where it stands in the text
   */
  readAgain({ lexemes, peak }: YamlTree, offset: number): void {
    this.isSpent ||= this.lexemes + lexemes > MAX_LEXEMES || CHARACTERS * (this.lexemes - SPARE) + peak > offset;
    this.lexemes += lexemes;
  }
}

export interface YamlTree {
  /** One a YAML document, in order; documents that hold nothing are left out. */
  readonly roots: readonly Node[];
  readonly problems: readonly YamlProblem[];
  /** How many documents there are, empty ones included. */
  readonly documents: number;
  /** Anchors that the text defines. */
  readonly anchors: ReadonlyMap<string, Anchor>;
  /** It holds an alias: its nodes depend on other parts of the document. */
  readonly aliases: boolean;
  /** How many lexemes were read, and the most that they were ahead of the characters, in characters. */
  readonly lexemes: number;
  readonly peak: number;
}

const OPTIONS = {
  // Every scalar comes as a string; plainValue decides. Unknown tags are warnings then, never errors.
  // Made once: a schema of its own for each block would take longer than reading it.
  schema: new Schema({ schema: 'failsafe' }),
  // The package's own check compares every key with every other.
  uniqueKeys: false,
  strict: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

const MAX_PROBLEMS = 200;

/**
 * Reads YAML. Never throws: what the parser cannot read is a problem, the rest is kept.
 * @param text the text; node offsets count from its start
 * @param origin maps them to the document
 * @param scope anchors of the text before; undefined where the text stands alone
 */
export function readYaml(text: string, origin: Origin, scope?: YamlScope): YamlTree {
  return atOnce(readYamlInSteps(text, origin, scope));
}

/** As {@link readYaml}, in steps; what a document's text comes to is one. */
export function* readYamlInSteps(text: string, origin: Origin, scope?: YamlScope): Steps<YamlTree> {
  // The parser knows no lone carriage return; the editor ends a line there.
  const source = text.includes('\r') ? text.replace(/\r(?!\n)/g, '\n') : text;
  const shared = scope ?? new YamlScope();
  const reader = new Reader(source, origin, shared);
  const tokens = reader.tokens();
  const composer = new Composer(OPTIONS);
  let step = reader.take(composer, tokens);
  while (step === 'more') {
    yield;
    step = reader.take(composer, tokens);
  }
  const { roots, problems, documents, anchors, aliases, lexemes, peak } = reader;
  return { roots, problems, documents, anchors, aliases, lexemes, peak };
}

class Reader {
  readonly problems: YamlProblem[] = [];
  readonly roots: Node[] = [];
  readonly anchors = new Map<string, Anchor>();
  documents = 0;
  aliases = false;
  lexemes = 0;
  peak = 0;
  /** Nodes made so far, an alias counting for all it stands for. */
  private size = 0;

  constructor(
    private readonly text: string,
    private readonly origin: Origin,
    private scope: YamlScope,
  ) {
    this.limits = scope;
  }

  /** Whose limit of lexemes counts, in every document of the text. */
  private readonly limits: YamlScope;

  /** Takes one step of the text's tokens. */
  take(composer: Composer, tokens: Iterator<Token | undefined>): 'more' | 'done' {
    // Of each of thousands of problems the package would have the stack described: nobody reads it.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      for (;;) {
        const { value: token, done } = tokens.next();
        if (done) break;
        if (!token) return 'more';
        for (const document of composer.next(token)) this.document(document);
      }
      for (const document of composer.end(true, this.text.length)) this.document(document);
    } catch {
      // The package is not known to throw here; if it does, this text is unknown and the editor goes on.
      this.problem(0, this.text.length, 'Not readable as YAML');
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    return 'done';
  }

  private document({ errors, contents }: Document.Parsed): void {
    this.documents++;
    for (const { pos, message } of errors) this.problem(pos[0], pos[1], message);
    if (!contents) return;
    if (this.documents > 1) this.scope = new YamlScope();
    const root = this.node(contents, 0);
    if (root.kind !== 'missing' || root.tag !== undefined) this.roots.push(root);
  }

  private problem(from: number, to: number, message: string, leftOut?: true): void {
    const place = { from, to: Math.max(from, Math.min(to, this.text.length)), message };
    addProblem(this.problems, leftOut ? { ...place, leftOut } : place, MAX_PROBLEMS);
  }

  /** Tokens of the text, cut off below {@link MAX_DEPTH}: the composer recurses. Undefined between two steps. */
  *tokens(): Generator<Token | undefined> {
    const parser = new Parser();
    const start = this.origin.base;
    let at = 0;
    let next = STEP;
    this.count(BLOCK, start);
    for (const lexeme of new Lexer().lex(this.text)) {
      this.count(weight(lexeme), start + at);
      if (this.limits.isSpent) {
        this.problem(at, this.text.length, TOO_MUCH, true);
        break;
      }
      at += isMark(lexeme) ? 0 : lexeme.length;
      yield* this.pruned(parser.next(lexeme) as Iterable<Token>);
      if (this.lexemes < next) continue;
      next = this.lexemes + STEP;
      yield undefined;
    }
    yield* this.pruned(parser.end() as Iterable<Token>);
  }

  /** @param offset in the document */
  private count(lexemes: number, offset: number): void {
    const { limits } = this;
    this.lexemes += lexemes;
    limits.lexemes += lexemes;
    this.peak = Math.max(this.peak, CHARACTERS * this.lexemes - (offset - this.origin.base));
    limits.isSpent ||= limits.lexemes > MAX_LEXEMES || CHARACTERS * (limits.lexemes - SPARE) > offset;
  }

  private *pruned(tokens: Iterable<Token>): Generator<Token> {
    for (const token of tokens) {
      if (token.type === 'document') this.prune(token);
      yield token;
    }
  }

  private prune(document: Token): void {
    let level: Token[] = document.value ? [document.value] : [];
    for (let depth = 1; level.length; depth++) {
      const below: Token[] = [];
      for (const token of level) {
        for (const item of token.items ?? []) {
          for (const side of ['key', 'value'] as const) {
            const child = item[side];
            if (!child?.items) continue;
            if (depth < MAX_DEPTH) below.push(child);
            else {
              this.problem(child.offset, child.offset + 1, `Not read: nested deeper than ${MAX_DEPTH} levels`, true);
              item[side] = undefined;
            }
          }
        }
      }
      level = below;
    }
  }

  /** @param after offset behind what was read before this node: its tag and anchor lie between */
  node(ast: unknown, after: number): Node {
    this.size++;
    const before = this.size;
    let node: Node;
    if (isAlias(ast)) return this.alias(ast.source, ast.range?.[0] ?? after, ast.range?.[1] ?? after);
    if (!isMap(ast) && !isSeq(ast) && !isScalar(ast)) return this.missing(after);
    const { tag, anchor } = ast;
    const from = ast.range?.[0] ?? after;
    const [tagFrom, tagTo] = tag === undefined ? [-1, after] : this.findTag(after, from);
    if (isMap(ast)) node = this.map(ast, tagTo);
    else if (isSeq(ast)) {
      const items: Node[] = [];
      let last = Math.max(tagTo, ast.flow ? from + 1 : from);
      for (const item of ast.items) {
        const child = this.node(item, last);
        items.push(child);
        last = Math.max(last, child.to);
      }
      const to = ast.flow || !items.length ? (ast.range?.[1] ?? last) : last;
      node = new Node('array', ast.flow ? 'flow' : 'block', this.origin, from, to);
      node.items = items;
      for (const item of items) item.parent = node;
    } else node = this.scalar(ast, tagTo);
    if (tagFrom >= 0) {
      node.tag = this.text.slice(tagFrom, tagTo);
      node.tagFrom = tagFrom;
    } else node.tag = tag;
    if (anchor) {
      const entry = { node, size: this.size - before + 1 };
      this.scope.anchors.set(anchor, entry);
      this.anchors.set(anchor, entry);
    }
    return node;
  }

  private missing(at: number): Node {
    return new Node('missing', 'plain', this.origin, at, at);
  }

  private scalar(ast: Scalar, after: number): Node {
    const range = ast.range ?? [after, after, after];
    const from = range[0];
    let to = range[1];
    const text = String(ast.value ?? '');
    let style: NodeStyle;
    switch (ast.type) {
      case 'QUOTE_DOUBLE':
        style = 'double';
        break;
      case 'QUOTE_SINGLE':
        style = 'single';
        break;
      case 'BLOCK_LITERAL':
      case 'BLOCK_FOLDED':
        style = ast.type === 'BLOCK_LITERAL' ? 'literal' : 'folded';
        if (to > from && this.text.charCodeAt(to - 1) === 10) to--;
        if (to > from && this.text.charCodeAt(to - 1) === 13) to--;
        break;
      default:
        style = 'plain';
        if (from >= to) return this.missing(this.blanksBack(from, after));
    }
    const value = style !== 'plain' || ast.tag === 'tag:yaml.org,2002:str' ? text : plainValue(text);
    const kind = value === null ? 'null' : (typeof value as 'string' | 'number' | 'boolean');
    const node = new Node(kind, style, this.origin, from, to);
    node.value = value;
    node.source = text;
    return node;
  }

  /** Goes back over blanks, so that a missing value stands right behind its colon, dash or tag. */
  private blanksBack(from: number, least: number): number {
    let at = Math.min(from, this.text.length);
    while (at > least) {
      const c = this.text.charCodeAt(at - 1);
      if (c !== 32 && c !== 9 && c !== 10 && c !== 13) break;
      at--;
    }
    return at;
  }

  private map(ast: YAMLMap, after: number): Node {
    const [from, to] = ast.range ?? [after, after];
    const flow = ast.flow === true;
    const entries: Entry[] = [];
    let merge = false;
    let last = Math.max(after, flow ? from + 1 : 0);
    for (const pair of ast.items) {
      const key = pair.key ? this.node(pair.key, last) : this.missing(last);
      last = Math.max(last, key.to);
      const value = pair.value ? this.node(pair.value, last) : this.missing(last);
      last = Math.max(last, value.to);
      if (!flow && key.kind === 'string' && key.style === 'plain') this.keyLines(key, value, entries);
      else entries.push(new Entry(key, value));
      if (key.source === '<<' && key.style === 'plain' && key.tag === undefined) merge = true;
    }
    const first = entries[0]?.key;
    const start = flow || !first ? from : (first.tagFrom ?? first.from);
    const node = new Node('object', flow ? 'flow' : 'block', this.origin, start, flow || !first ? to : last);
    adopt(node, merge ? this.merged(node, entries) : entries);
    return node;
  }

  /** A key on several lines is a key that is still being typed, above the next one: each line is a key of its own. */
  private keyLines(key: Node, value: Node, entries: Entry[]): void {
    const newline = this.text.indexOf('\n', key.from);
    if (newline < 0 || newline >= key.to) {
      entries.push(new Entry(key, value));
      return;
    }
    const parts = this.text.slice(key.from, key.to).split('\n');
    let offset = key.from;
    parts.forEach((part, index) => {
      const text = part.trim();
      if (text) {
        const from = offset + part.indexOf(text);
        const line = new Node('string', 'plain', this.origin, from, from + text.length);
        line.value = text;
        line.source = text;
        entries.push(new Entry(line, index === parts.length - 1 ? value : this.missing(line.to)));
      }
      offset += part.length + 1;
    });
  }

  /** Resolves merge keys: entries of the objects they name, where no entry of that name is written. */
  private merged(object: Node, entries: readonly Entry[]): readonly Entry[] {
    const written: Entry[] = [];
    const sources: Node[] = [];
    for (const entry of entries) {
      const plain = entry.key.source === '<<' && entry.key.style === 'plain' && entry.key.tag === undefined;
      const named = entry.value.kind === 'array' ? entry.value.items : [entry.value];
      if (plain && named.length && named.every((node) => node.kind === 'object')) {
        entry.value.parent = object;
        for (const source of named) sources.push(source);
      } else written.push(entry);
    }
    const names = new Set(written.map((entry) => entry.name));
    for (const source of sources) {
      const own = new Set<string>();
      for (const { name } of source.entries) own.add(name);
      for (const name of own) {
        if (names.has(name) || this.scope.budget-- <= 0) continue;
        names.add(name);
        const from = source.entryOf(name);
        if (!from) continue;
        const entry = new Entry(from.key, from.value);
        entry.merged = true;
        written.push(entry);
      }
    }
    return written;
  }

  private alias(name: string, from: number, to: number): Node {
    this.aliases = true;
    const anchor = this.scope.anchors.get(name);
    if (!anchor || anchor.size > this.scope.budget) {
      if (anchor) this.problem(from, to, 'Not read: aliases stand for too much', true);
      else this.problem(from, to, `No anchor named ${name} before this alias`);
      const hole = new Node('missing', 'plain', this.origin, from, to);
      hole.source = this.text.slice(from, to);
      return hole;
    }
    this.scope.budget -= anchor.size;
    this.size += anchor.size;
    const target = anchor.node;
    const node = new Node(target.kind, target.style, this.origin, from, to);
    node.value = target.value;
    node.source = target.source;
    node.tag = target.tag;
    node.entries = target.entries;
    node.items = target.items;
    node.aliasOf = target;
    return node;
  }

  /** Start and end of the tag between two offsets, where otherwise only blanks, comments and an anchor stand. */
  private findTag(after: number, before: number): [number, number] {
    for (let i = after; i < before; ) {
      const c = this.text[i];
      if (c === '!') {
        let end = i + 1;
        while (end < before && !/[\s,[\]{}]/.test(this.text[end] as string)) end++;
        return [i, end];
      }
      if (c === '#' && /\s/.test(this.text[i - 1] ?? ' ')) {
        const line = this.text.indexOf('\n', i);
        i = line < 0 ? before : line;
      } else if (c === '&') {
        while (i < before && !/\s/.test(this.text[i] as string)) i++;
      } else i++;
    }
    return [-1, after];
  }
}

function weight(lexeme: string): number {
  if (lexeme === '---') return DOCUMENT;
  const quote = lexeme.charCodeAt(0);
  if (quote !== 34 && quote !== 39) return 1;
  const isClosed = lexeme.length > 1 && lexeme.charCodeAt(lexeme.length - 1) === quote;
  return isClosed && !lexeme.includes('\n') ? 1 : OPEN;
}

/** Lexemes that say something of what follows and stand for no text: begin of a document, of a flow, of a scalar. */
function isMark(lexeme: string): boolean {
  return lexeme.length === 1 && (lexeme === '\x02' || lexeme === '\x18' || lexeme === '\x1f');
}

/** As much of the package's tokens as pruning needs. */
type Token = Parameters<Composer['next']>[0] & {
  value?: Token;
  items?: { key?: Token | null; value?: Token }[];
};
