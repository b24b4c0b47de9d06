/** The blocks of a large HCL text that decide on what stands in one of them: completion reads these, not all of the text. */

import { parseHcl } from '../syntax/hcl.ts';
import type { PieceSpan } from '../syntax/hcl-split.ts';
import type { WrittenResource } from './complete-own.ts';

/** How a block of the top level begins: its kind, and up to two labels. */
const HEAD =
  /([A-Za-z_][\w-]*)(?![\w-])[ \t]*(?:("[^"\\\n]*"|[A-Za-z_][\w-]*(?![\w-]))[ \t]*)?(?:("[^"\\\n]*"|[A-Za-z_][\w-]*(?![\w-]))[ \t]*)?\{/y;

/** What a block begins with; without a kind, where it is an attribute or cannot be told. */
interface Head {
  readonly kind: string | undefined;
  readonly labels: readonly string[];
  /** Where its body begins. */
  readonly body: number;
}

/** One of a block of locals, with the words of its value; without them where these cannot be told. */
interface Local {
  readonly name: string;
  readonly words?: ReadonlySet<string>;
}

/** What expressions refer to: words that are all written where it is used. */
type Symbols = readonly (readonly string[])[];

/** Kinds whose blocks nothing refers to by a word of their own, and that may count everywhere. */
const EVERYWHERE: ReadonlySet<string | undefined> = new Set([undefined, 'provider', 'terraform']);

/** Each is looked for in all of the text: where there are more, all of that is read. */
const MAX_SYMBOLS = 200;

const NONE: ReadonlySet<string> = new Set();

export class Blocks {
  private readonly heads: readonly Head[];
  private readonly known = new Map<number, ReadonlySet<string>>();
  private readonly locals = new Map<number, readonly Local[]>();
  /** Blocks by the two words that refer to them. */
  private readonly bySymbol = new Map<string, Map<string, number[]>>();

  constructor(
    private readonly text: string,
    private readonly pieces: readonly PieceSpan[],
  ) {
    this.heads = pieces.map(({ start }) => headAt(text, start));
    this.heads.forEach(({ kind, labels }, i) => {
      const [scope, name] = symbolOf(kind, labels);
      if (scope === undefined || name === undefined) return;
      const names = this.bySymbol.get(scope) ?? new Map<string, number[]>();
      this.bySymbol.set(scope, names);
      const same = names.get(name);
      if (same) same.push(i);
      else names.set(name, [i]);
    });
  }

  /**
   * Blocks that are read with one of them: those that it refers to, those that take over what is written in an attribute of it, and
   * what these refer to. More than needed, where names are alike.
   * @param attribute at the block's top, where the cursor is in one
   * @returns indices of pieces in the order of the text, the block's own included
   */
  around(index: number, attribute: string | undefined): number[] {
    const found = new Set([index]);
    this.heads.forEach(({ kind, labels }, i) => {
      // Whose account it is can be asked of any place.
      if (EVERYWHERE.has(kind) || (kind === 'data' && labels[0] === 'aws_caller_identity')) found.add(i);
    });
    this.addUsers(index, attribute, found);
    // The set grows while it is gone through.
    for (const one of found) {
      const words = this.words(one);
      for (const scope of words) {
        const names = this.bySymbol.get(scope);
        if (!names) continue;
        for (const name of names.size <= words.size ? names.keys() : words)
          if (scope === 'local' || words.has(name)) for (const other of names.get(name) ?? []) found.add(other);
      }
    }
    return [...found].sort((a, b) => a - b);
  }

  /** Resources of all of the text whose type is wanted, without those that there may be several of. */
  resources(isWanted: (type: string) => boolean): WrittenResource[] {
    return this.heads.flatMap(({ kind, labels: [type, name], body }, i) => {
      if (kind !== 'resource' || type === undefined || name === undefined || !isWanted(type)) return [];
      const { start, end } = this.pieces[i] as PieceSpan;
      const written = this.text.slice(body, end);
      if (/\b(?:count|for_each)\b/.test(written) && isRepeated(this.text.slice(start, end))) return [];
      return [{ address: `${type}.${name}`, type, body: written }];
    });
  }

  private addUsers(index: number, attribute: string | undefined, found: Set<number>): void {
    const asked = new Set<string>();
    const open = [...this.symbolsOf(index, attribute)];
    // The list grows while it is gone through.
    for (const symbol of open) {
      const key = symbol.join(' ');
      if (asked.has(key)) continue;
      asked.add(key);
      if (asked.size > MAX_SYMBOLS) {
        for (let i = 0; i < this.pieces.length; i++) found.add(i);
        return;
      }
      for (const user of this.usersOf(symbol)) {
        found.add(user);
        open.push(...this.passedOn(user, symbol));
      }
    }
  }

  /** What refers to what is written in an attribute of a block. */
  private symbolsOf(index: number, attribute: string | undefined): Symbols {
    const { kind, labels } = this.heads[index] as Head;
    if (kind === 'locals') return attribute === undefined ? this.localsOf(index) : [['local', attribute]];
    const symbol = symbolOf(kind, labels).filter((word) => word !== undefined);
    if (symbol.length < 2) return [];
    // What a managed policy is for is decided by who attaches it.
    const isWhole = kind !== 'resource' || attribute === undefined || labels[0] === 'aws_iam_policy';
    return [isWhole ? symbol : [...symbol, attribute]];
  }

  /** What refers to a block that takes something over, where its value holds that. */
  private passedOn(user: number, symbol: readonly string[]): Symbols {
    const { kind } = this.heads[user] as Head;
    if (kind === 'data') return this.symbolsOf(user, undefined);
    return kind === 'locals' ? this.localsOf(user, symbol) : [];
  }

  /** Locals of a block, in whose values all words of a symbol are written. */
  private localsOf(index: number, symbol: readonly string[] = []): Symbols {
    const { start, end } = this.pieces[index] as PieceSpan;
    const locals = this.locals.get(index) ?? localsIn(this.text.slice(start, end));
    this.locals.set(index, locals);
    return locals.flatMap(({ name, words }) =>
      !words || symbol.every((word) => words.has(word)) ? [['local', name]] : [],
    );
  }

  /** Blocks in which all words of a symbol are written. */
  private usersOf(symbol: readonly string[]): number[] {
    const { text, pieces } = this;
    const users: number[] = [];
    // The name is the rarest of them.
    const name = symbol[1] as string;
    let index = 0;
    for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, (pieces[index] as PieceSpan).start)) {
      index = this.indexAt(at);
      if (symbol.every((word) => this.words(index).has(word))) users.push(index);
      if (++index >= pieces.length) break;
    }
    return users;
  }

  private indexAt(offset: number): number {
    let low = 0;
    let high = this.pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.pieces[middle] as PieceSpan).start <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private words(index: number): ReadonlySet<string> {
    const known = this.known.get(index);
    if (known) return known;
    const { start, end } = this.pieces[index] as PieceSpan;
    const words = wordsIn(this.text.slice(start, end));
    this.known.set(index, words);
    return words;
  }
}

function headAt(text: string, start: number): Head {
  HEAD.lastIndex = start;
  const match = HEAD.exec(text);
  const labels = match?.slice(2).flatMap((label) => (label === undefined ? [] : [label.replaceAll('"', '')])) ?? [];
  return { kind: match?.[1], labels, body: HEAD.lastIndex - 1 };
}

/** The two words that refer to a block; all of `locals` by the first. */
function symbolOf(
  kind: string | undefined,
  [first, second]: readonly string[],
): readonly [scope?: string, name?: string] {
  switch (kind) {
    case 'resource':
    case 'data':
    case 'ephemeral':
      return [first, second];
    case 'variable':
      return ['var', first];
    case 'module':
      return ['module', first];
    case 'locals':
      return ['local', ''];
    default:
      return [];
  }
}

function localsIn(block: string): Local[] {
  const document = parseHcl('', block);
  // Half-typed, one may take in the rest of them.
  if (document.problems.length)
    return [...block.matchAll(/(?<![\p{L}\p{N}_-])([\p{L}_][\p{L}\p{N}_-]*)[ \t]*=(?!=)/gu)].map(([, name = '']) => ({
      name,
    }));
  const locals = document.roots[0]?.get('locals')?.entries ?? [];
  return locals.map(({ name, value }) => ({ name, words: wordsIn(block.slice(value.start, value.end)) }));
}

function wordsIn(text: string): ReadonlySet<string> {
  const words = text.match(/[\p{L}_][\p{L}\p{N}_-]*/gu);
  return words ? new Set(words) : NONE;
}

/** Whether a resource has `count` or `for_each`. */
function isRepeated(block: string): boolean {
  const body = parseHcl('', block).roots[0]?.entries[0]?.value.entries[0]?.value.entries[0]?.value;
  return body?.get('count') !== undefined || body?.get('for_each') !== undefined;
}
