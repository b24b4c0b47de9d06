/**
 * Where a cursor stands in JSON, HCL or YAML's flow style that is being typed: which brackets are open, whether a key or a
 * value belongs there, and what of it is written. Reads the text before the cursor once, and little behind it.
 */

/** `flow`: YAML in brackets, where words need no quotes. */
export type ScanMode = 'json' | 'hcl' | 'flow';

/** The word at the cursor, in offsets of the scanned text. */
export interface Token {
  /** Of all of it, quotes included. */
  readonly start: number;
  readonly end: number;
  /** Of what stands between the quotes. */
  readonly from: number;
  readonly to: number;
  /** The quote it begins with; empty without one. */
  readonly quote: '' | '"' | "'";
  /** The quote that ends it is there. */
  readonly closed: boolean;
}

export interface Scanned {
  readonly token: Token;
  readonly role: 'key' | 'value';
  /** Its colon is written. */
  readonly hasColon: boolean;
  /** More follows in the container, and no comma is between. */
  readonly commaAfter: boolean;
  /** Something stands before in the container, and no comma is between: where that ends. */
  readonly commaBefore: number | undefined;
  /** The list that it stands in is not closed before the next key. */
  readonly closeList: boolean;
  /** It stands in a block of HCL, not in an object: one member a line, without commas. */
  readonly inBlock: boolean;
  /** What is written before the value: a key's name, where it is the value of one. */
  readonly key: string | undefined;
  /** Keys of the objects around, outermost first. */
  readonly path: readonly string[];
  /** Where the brackets around begin, outermost first. */
  readonly brackets: readonly number[];
  /** The key at hand in each of them. */
  readonly keys: readonly (string | undefined)[];
  /** What would close all brackets that are open, where the text ends at the word. */
  readonly closers: string;
}

interface Frame {
  readonly open: string;
  readonly start: number;
  state: 'key' | 'colon' | 'value' | 'after';
  key: string | undefined;
  /** A block's body in HCL: no `=` stands before its brace. */
  readonly isBlock: boolean;
}

const CLOSES: Readonly<Record<string, string>> = { '}': '{', ']': '[', ')': '(' };
const CLOSERS: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')' };
/** Nobody nests policies deeper. */
const MAX_DEPTH = 500;

/** Offset behind blanks and line breaks. */
function skipSpace(text: string, at: number): number {
  let i = at;
  while (i < text.length && text.charCodeAt(i) <= 32) i++;
  return i;
}

/** Offset of the quote that closes the string opened at `at`; that of the line's end where none does. */
export function stringEnd(text: string, at: number, mode: ScanMode): number {
  const quote = text[at];
  for (let i = at + 1; i < text.length; i++) {
    const c = text[i];
    if (c === '\\' && quote === '"') i++;
    else if (c === quote) {
      if (quote === "'" && text[i + 1] === "'") i++;
      else return i;
    } else if (c === '\n' || c === '\r') return i;
    else if (mode === 'hcl' && c === '$' && text[i + 1] === '{') i = holeEnd(text, i + 2);
  }
  return text.length;
}

/** Offset of the brace that closes a hole in a string of HCL; of the line's end where none does. */
function holeEnd(text: string, from: number): number {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    const c = text[i];
    if (c === '{') depth++;
    else if (c === '}') {
      if (--depth === 0) return i;
    } else if (c === '\n') return i - 1;
  }
  return text.length;
}

function wordEnd(text: string, at: number, mode: ScanMode, key: boolean): number {
  let i = at;
  for (; i < text.length; i++) {
    const c = text[i] as string;
    if (c <= ' ' || c === ',' || c === '"' || c === '{' || c === '}' || c === '[' || c === ']') break;
    if (mode === 'hcl' && (c === '(' || c === ')' || c === '=' || c === ':')) break;
    if (c === ':' && mode === 'json' && key) break;
    if (c === ':' && mode === 'flow' && /^[\s,\]}]|^$/.test(text[i + 1] ?? '') && key) break;
  }
  return i;
}

/** Offset behind the bracket that closes the one at `at`; the text's length where none does. */
export function bracketEnd(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const c = text[i];
    if (c === '"') i = stringEnd(text, i, 'json');
    else if (c === '{' || c === '[') depth++;
    else if ((c === '}' || c === ']') && --depth === 0) return i + 1;
  }
  return text.length;
}

/**
 * @param text the text
 * @param from where a value begins: the start of the text, or a bracket
 * @param offset the cursor
 * @returns undefined in comments, behind the end of the value, and where nothing but punctuation can stand
 */
export function scan(text: string, from: number, offset: number, mode: ScanMode): Scanned | undefined {
  const root: Frame = { open: '', start: from, state: 'value', key: undefined, isBlock: false };
  const stack: Frame[] = [root];
  let lastEnd = from;
  let i = from;
  const top = (): Frame => stack[stack.length - 1] as Frame;
  const took = (word: string, end: number) => {
    const frame = top();
    if (frame.state === 'key' || (frame.open === '{' && frame.state === 'after')) {
      frame.key = word;
      frame.state = 'colon';
    } else frame.state = 'after';
    lastEnd = end;
  };
  for (;;) {
    // Blanks and comments.
    while (i < offset && text.charCodeAt(i) <= 32) {
      if (text[i] === '\n' && mode === 'hcl' && top().open === '{' && top().state === 'after') top().state = 'key';
      i++;
    }
    if (i >= offset) break;
    const c = text[i] as string;
    if ((c === '/' && text[i + 1] === '/' && mode !== 'flow') || (c === '#' && mode !== 'json')) {
      const end = text.indexOf('\n', i);
      if (end < 0 || end >= offset) return undefined;
      i = end;
    } else if (c === '/' && text[i + 1] === '*' && mode !== 'flow') {
      const end = text.indexOf('*/', i + 2);
      if (end < 0 || end + 2 > offset) return undefined;
      i = end + 2;
    } else if (c === '"' || (c === "'" && mode === 'flow')) {
      const end = stringEnd(text, i, mode);
      if (offset <= end) return describe(text, mode, stack, quoted(text, i, end, offset, mode), lastEnd);
      took(text.slice(i + 1, end), end + 1);
      i = end + 1;
    } else if (c === '{' || c === '[' || c === '(') {
      if (stack.length > MAX_DEPTH) return undefined;
      const isBlock = mode === 'hcl' && c === '{' && top().state !== 'value';
      stack.push({ open: c, start: i, state: c === '{' ? 'key' : 'value', key: undefined, isBlock });
      i++;
    } else if (c === '}' || c === ']' || c === ')') {
      const opener = CLOSES[c];
      let depth = stack.length - 1;
      while (depth > 0 && stack[depth]?.open !== opener) depth--;
      if (depth > 0) stack.length = depth;
      top().state = 'after';
      lastEnd = ++i;
      if (stack.length === 1 && mode === 'flow') return undefined;
    } else if (c === ',') {
      const frame = top();
      frame.state = frame.open === '{' ? 'key' : 'value';
      frame.key = undefined;
      i++;
    } else if (c === ':' || (c === '=' && mode === 'hcl' && text[i + 1] !== '=' && text[i + 1] !== '>')) {
      top().state = 'value';
      i++;
    } else {
      const end = Math.max(wordEnd(text, i, mode, top().state === 'key' || top().state === 'after'), i + 1);
      if (offset <= end) return describe(text, mode, stack, bare(i, end), lastEnd);
      took(text.slice(i, end), end);
      i = end;
    }
  }
  // Between words: one that begins right at the cursor without a quote is meant.
  const frame = top();
  const next = text[offset] ?? '';
  const end = /[\w*]/.test(next) ? wordEnd(text, offset, mode, frame.state === 'key') : offset;
  return describe(text, mode, stack, bare(offset, end), lastEnd);
}

function bare(start: number, end: number): Token {
  return { start, end, from: start, to: end, quote: '', closed: false };
}

/** A string at the cursor; where what follows its closing quote makes no sense, that quote opens the next string. */
function quoted(text: string, start: number, end: number, offset: number, mode: ScanMode): Token {
  const quote = text[start] as '"' | "'";
  if (text[end] === quote) {
    let next = end + 1;
    while (text[next] === ' ' || text[next] === '\t') next++;
    const follows = text[next] ?? '';
    if (follows === '' || /[,:\]}\r\n)#/"]/.test(follows) || (mode === 'hcl' && follows === '=')) {
      return { start, end: end + 1, from: start + 1, to: end, quote, closed: true };
    }
  }
  let to = offset;
  while (to < end && !/[\s,\]}"']/.test(text[to] as string)) to++;
  return { start, end: to, from: start + 1, to, quote, closed: false };
}

function describe(
  text: string,
  mode: ScanMode,
  stack: readonly Frame[],
  token: Token,
  lastEnd: number,
): Scanned | undefined {
  const frame = stack[stack.length - 1] as Frame;
  const { state, open } = frame;
  if (open === '' || open === '(') return undefined;
  if (state === 'colon') return undefined;
  const role = open === '{' && (state === 'key' || state === 'after') ? 'key' : 'value';
  // Behind a value only a new line (or what is typed there) starts the next one.
  if (state === 'after' && frame.isBlock) return undefined;
  if (state === 'after' && token.start === token.end && !text.slice(lastEnd, token.start).includes('\n'))
    return undefined;
  const next = skipSpace(text, token.end);
  const c = text[next] ?? '';
  const isAssigned = mode === 'hcl' && (c === '=' || (frame.isBlock && c === '{'));
  const hasColon = role === 'key' && (c === ':' || isAssigned);
  const starts = /["\w{['!]/.test(c) && !hasColon;
  let closeList = false;
  if (role === 'value' && open === '[' && starts) {
    const end = c === '"' ? stringEnd(text, next, mode) + 1 : wordEnd(text, next, mode, true);
    closeList = (mode === 'flow' ? /^:(?:\s|$)/ : /^[ \t]*[:=]/).test(text.slice(end, end + 20));
  }
  const separated = mode === 'hcl' && open === '{' && text.slice(token.end, next).includes('\n');
  return {
    token,
    role,
    hasColon,
    inBlock: frame.isBlock,
    commaAfter: starts && !separated && !frame.isBlock,
    commaBefore: state === 'after' ? lastEnd : undefined,
    closeList,
    key: role === 'value' ? frame.key : undefined,
    path: stack.flatMap((one) => one.key ?? []),
    brackets: stack.slice(1).map((one) => one.start),
    keys: stack.slice(1).map((one) => one.key),
    closers:
      next < text.length
        ? ''
        : stack
            .map((one) => CLOSERS[one.open] ?? '')
            .reverse()
            .join(''),
  };
}
