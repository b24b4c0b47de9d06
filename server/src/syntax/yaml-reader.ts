/** Reads YAML text into the syntax tree: the one place that knows the `yaml` package. */

import { Composer, isAlias, isMap, isScalar, isSeq, Lexer, Parser, type Scalar, Schema, type YAMLMap } from 'yaml';
import { Entry, Node, type NodeStyle, type Origin } from './node.ts';
import { addProblem, adopt, MAX_DEPTH } from './parsed.ts';
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

/**
 * Words, punctuation and white space of one text. The densest real templates have 0.3 a character, and CloudFormation takes
 * a megabyte.
 */
const MAX_LEXEMES = 350_000;

export const TOO_MUCH = 'Not read from here on: too much for one text';

/** Anchors by name, and how much aliases may still add: shared by all blocks of one document. */
export class YamlScope {
  readonly anchors = new Map<string, Anchor>();
  /** Nodes that aliases may stand for in all; a few lines of aliases of aliases would otherwise unfold to billions. */
  budget = 100_000;
  /** Lexemes that may still be read, in all blocks; below 0 where that was too few. */
  lexemes = MAX_LEXEMES;
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
  /** How many lexemes were read. */
  readonly lexemes: number;
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
  // The parser knows no lone carriage return; the editor ends a line there.
  const source = text.includes('\r') ? text.replace(/\r(?!\n)/g, '\n') : text;
  const shared = scope ?? new YamlScope();
  const before = shared.lexemes;
  const reader = new Reader(source, origin, shared);
  const roots: Node[] = [];
  const anchors = new Map<string, Anchor>();
  let documents = 0;
  // Of each of thousands of problems the package would have the stack described: nobody reads it.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    const composer = new Composer(OPTIONS);
    for (const document of composer.compose(reader.tokens(), true, source.length)) {
      documents++;
      for (const { pos, message } of document.errors) reader.problem(pos[0], pos[1], message);
      if (!document.contents) continue;
      reader.enter(documents === 1 ? shared : new YamlScope());
      const root = reader.node(document.contents, 0);
      if (root.kind !== 'missing' || root.tag !== undefined) roots.push(root);
      for (const [name, anchor] of reader.defined) anchors.set(name, anchor);
    }
  } catch {
    // The package is not known to throw here; if it does, this text is unknown and the editor goes on.
    reader.problem(0, source.length, 'Not readable as YAML');
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  const lexemes = before - shared.lexemes;
  return { roots, problems: reader.problems, documents, anchors, aliases: reader.aliases, lexemes };
}

class Reader {
  readonly problems: YamlProblem[] = [];
  readonly defined = new Map<string, Anchor>();
  aliases = false;
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

  enter(scope: YamlScope): void {
    this.scope = scope;
    this.defined.clear();
  }

  problem(from: number, to: number, message: string, leftOut?: true): void {
    const place = { from, to: Math.max(from, Math.min(to, this.text.length)), message };
    addProblem(this.problems, leftOut ? { ...place, leftOut } : place, MAX_PROBLEMS);
  }

  /** Tokens of the text, cut off below {@link MAX_DEPTH}: the composer recurses. */
  *tokens(): Generator<Token> {
    const parser = new Parser();
    let at = 0;
    for (const lexeme of new Lexer().lex(this.text)) {
      if (--this.limits.lexemes < 0) {
        this.problem(at, this.text.length, TOO_MUCH, true);
        break;
      }
      at += isMark(lexeme) ? 0 : lexeme.length;
      yield* this.pruned(parser.next(lexeme) as Iterable<Token>);
    }
    yield* this.pruned(parser.end() as Iterable<Token>);
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
      this.defined.set(anchor, entry);
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

/** Lexemes that say something of what follows and stand for no text: begin of a document, of a flow, of a scalar. */
function isMark(lexeme: string): boolean {
  return lexeme.length === 1 && (lexeme === '\x02' || lexeme === '\x18' || lexeme === '\x1f');
}

/** As much of the package's tokens as pruning needs. */
type Token = Parameters<Composer['next']>[0] & {
  value?: Token;
  items?: { key?: Token | null; value?: Token }[];
};
