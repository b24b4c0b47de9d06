/** The place of a cursor in YAML that is being typed. Reads no more than the resource around it. */

import {
  embedded,
  escaped,
  innerOffset,
  type Layer,
  MARK,
  type Place,
  type Repair,
  scannedPlace,
} from './complete-position.ts';

/** Nobody writes a longer resource, or policy file. */
const MAX_LENGTH = 400_000;

/** What is open at the cursor: nothing, brackets, a string, a block scalar, or a comment. */
type Context =
  | { readonly kind: 'block' }
  | { readonly kind: 'comment' }
  | { readonly kind: 'flow'; readonly from: number }
  | { readonly kind: 'quoted'; readonly from: number; readonly quote: '"' | "'" }
  | { readonly kind: 'scalar'; readonly from: number; readonly to: number };

/** The place at an offset of YAML; with `cuts`, the resource around it stands for the document. */
export function yamlPlace(whole: string, offset: number, cuts: boolean): Place | undefined {
  const part = cuts ? cut(whole, offset) : undefined;
  // Outside of resources no policies are; a template in brackets is read as it is.
  if (cuts && !part && !/^\s*\{/.test(whole)) return undefined;
  const { head, from, to } = part ?? { head: '', from: 0, to: whole.length };
  if (to - from > MAX_LENGTH) return undefined;
  const text = whole.slice(from, to);
  const cursor = offset - from;
  const layer: Layer = { text, at: (at) => at + from, encode: (piece) => piece };
  const repair = (start: number, end: number, piece: string) =>
    head + text.slice(0, start - from) + piece + text.slice(end - from);
  const context = contextAt(text, cursor);
  switch (context.kind) {
    case 'comment':
      return undefined;
    case 'flow': {
      const place = scannedPlace(layer, context.from, cursor, 'flow', repair);
      return place && tagged(place, text, cursor);
    }
    case 'scalar':
      return scalarPlace(layer, context, cursor, repair);
    case 'quoted': {
      const end = closingQuote(text, context.from, context.quote);
      const inner = embedded(layer, context.from + 1, end, context.quote);
      if (inner) {
        const at = innerOffset(inner, offset);
        const place = /^\s*[{[]/.test(inner.text) ? scannedPlace(inner, 0, at, 'json', repair) : undefined;
        return place && tagged(place, text, context.from);
      }
      // A string that began on another line is not one that is being typed.
      if (text.slice(context.from, cursor).includes('\n')) return undefined;
      return linePlace(text, cursor, from, repair);
    }
    case 'block':
      return linePlace(text, cursor, from, repair);
  }
}

function tagged(place: Place, text: string, at: number): Place {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  const tag = line.lastIndexOf('!Sub');
  if (tag < 0) return place;
  return /^\s+["']?[^"']*$/.test(line.slice(tag + 4)) ? { ...place, substitutes: true } : place;
}

/** The resource of a CloudFormation template that an offset lies in, as a template of its own. */
function cut(text: string, offset: number): { head: string; from: number; to: number } | undefined {
  const lineStart = (at: number) => text.lastIndexOf('\n', at - 1) + 1;
  // Backwards to the section, remembering the last line of each indentation on the way.
  let resource: number | undefined;
  let indent = Number.POSITIVE_INFINITY;
  let at = lineStart(offset);
  let section = '';
  const cursorLine = at;
  const top = indentOf(text, /^(?:[ \t]*(?:#.*|---.*|%.*)?\r?\n)*/.exec(text)?.[0].length ?? 0);
  for (;;) {
    const width = indentOf(text, at);
    const c = text[at + width] ?? '\n';
    if (c !== '\n' && c !== '\r' && c !== '#') {
      if (width <= top) {
        section = text.slice(at + width, at + width + 12);
        break;
      }
      if (width < indent && (at !== cursorLine || /^[\w"']+["']?:/.test(text.slice(at + width, at + width + 300)))) {
        indent = width;
        resource = at;
      }
    }
    if (at === 0) break;
    at = lineStart(at - 1);
  }
  if (resource === undefined || !/^["']?Resources["']?:/.test(section)) return undefined;
  let to = text.length;
  for (let next = text.indexOf('\n', offset) + 1; next > 0; next = text.indexOf('\n', next) + 1) {
    const width = indentOf(text, next);
    const c = text[next + width] ?? '\n';
    if (width <= indent && c !== '\n' && c !== '\r' && c !== '#') {
      to = next;
      break;
    }
  }
  return { head: `${' '.repeat(top)}Resources:\n`, from: resource, to };
}

function indentOf(text: string, lineStart: number): number {
  let i = lineStart;
  while (text.charCodeAt(i) === 32) i++;
  return i - lineStart;
}

/** Offset of the quote that closes a string; of the text's end where none does. */
function closingQuote(text: string, from: number, quote: string): number {
  for (let i = from + 1; i < text.length; i++) {
    const c = text[i];
    if (c === '\\' && quote === '"') i++;
    else if (c === quote) {
      if (quote === "'" && text[i + 1] === "'") i++;
      else return i;
    }
  }
  return text.length;
}

/** Reads the text up to the cursor and says what is open there. */
function contextAt(text: string, cursor: number): Context {
  let line = 0;
  let flow: { from: number; depth: number } | undefined;
  // A string or a bracket counts only where a token begins.
  let fresh = true;
  let keyColumn = -1;
  let i = 0;
  const newLine = (at: number) => {
    line = at;
    fresh = true;
    keyColumn = -1;
  };
  while (i < cursor) {
    const c = text[i] as string;
    if (c === '\n') newLine(++i);
    else if (c === ' ' || c === '\t' || c === '\r') i++;
    else if (c === '#' && (i === line || text.charCodeAt(i - 1) <= 32)) {
      i = lineEnd(text, i);
      if (cursor <= i) return { kind: 'comment' };
    } else if (fresh && (c === '"' || c === "'")) {
      const close = closingQuote(text, i, c);
      if (cursor <= close) return flow ? { kind: 'flow', from: flow.from } : { kind: 'quoted', from: i, quote: c };
      if (keyColumn < 0) keyColumn = i - line;
      i = close + 1;
      line = text.lastIndexOf('\n', close) + 1;
      fresh = false;
    } else if (fresh && (c === '{' || c === '[')) {
      if (flow) flow.depth++;
      else flow = { from: i, depth: 1 };
      i++;
    } else if (flow) {
      if (c === '}' || c === ']') {
        if (--flow.depth === 0) flow = undefined;
        fresh = false;
      } else fresh = c === ',' || (c === ':' && /[\s"'[{]/.test(text[i + 1] ?? ' '));
      i++;
    } else if (fresh && (c === '|' || c === '>') && /^[|>][+\-\d]*\s*(?:#.*)?$/.test(restOfLine(text, i))) {
      const body = lineEnd(text, i) + 1;
      if (cursor < body) return { kind: 'block' };
      const indent = Math.max(keyColumn, 0);
      const stop = scalarEnd(text, body, indent);
      if (cursor < stop || (cursor === stop && stop === text.length)) {
        // A blank line at the end belongs to what the cursor's column says.
        const column = cursor - (text.lastIndexOf('\n', cursor - 1) + 1);
        return column > indent ? { kind: 'scalar', from: body, to: stop } : { kind: 'block' };
      }
      i = stop;
      newLine(i);
    } else if (c === '-' && fresh && /\s/.test(text[i + 1] ?? '\n')) i++;
    else if ((c === '!' || c === '&') && fresh) {
      while (i < cursor && text.charCodeAt(i) > 32) i++;
    } else {
      if (keyColumn < 0) keyColumn = i - line;
      fresh = c === ':' && /\s/.test(text[i + 1] ?? '\n');
      i++;
    }
  }
  return flow ? { kind: 'flow', from: flow.from } : { kind: 'block' };
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function restOfLine(text: string, at: number): string {
  return text.slice(at, Math.min(lineEnd(text, at), at + 500));
}

/** Where the lines of a block scalar end: at the first that is indented no deeper than its key. */
function scalarEnd(text: string, body: number, indent: number): number {
  for (let at = body; at < text.length; at = lineEnd(text, at) + 1) {
    const width = indentOf(text, at);
    const c = text[at + width] ?? '\n';
    if (c !== '\n' && c !== '\r' && width <= indent) return at;
  }
  return text.length;
}

/** JSON in a block scalar. */
function scalarPlace(layer: Layer, context: Context & { kind: 'scalar' }, cursor: number, repair: Repair) {
  const { text } = layer;
  if (!/^\s*[{[]/.test(text.slice(context.from, Math.min(context.to, context.from + 500)))) return undefined;
  const header = text.slice(text.lastIndexOf('\n', context.from - 2) + 1, context.from);
  // The scan ends where the scalar does.
  const inner: Layer = { ...layer, text: text.slice(0, context.to) };
  const place = scannedPlace(inner, context.from, cursor, 'json', repair);
  return place && /!Sub\b|Fn::Sub/.test(header) ? { ...place, substitutes: true } : place;
}

/** A line of YAML in block style: its dashes, its key and its value, in columns. */
interface Line {
  readonly start: number;
  readonly end: number;
  /** Column of the first dash, of the text where there is none. */
  readonly indent: number;
  /** Column behind the dashes. */
  readonly column: number;
  readonly dashed: boolean;
  /** The text behind the dashes. */
  readonly rest: string;
  /** Length of the key in `rest`, without its colon; -1 where there is none. */
  readonly key: number;
  /** Nothing, or only a tag, stands behind the colon. */
  readonly open: boolean;
}

const KEY = /^("(?:[^"\\]|\\.){0,300}"|'[^']{0,300}'|[^\s#"'{}[\]&!|>][^#\n]{0,300}?)[ \t]{0,300}:(?=[ \t]|$)/;

function lineAt(text: string, at: number): Line {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const end = lineEnd(text, at);
  const full = text.slice(start, text[end - 1] === '\r' ? end - 1 : end);
  const [, blanks = '', dashes = ''] = /^( *)((?:-(?:[ \t]+|$))*)/.exec(full) ?? [];
  const column = blanks.length + dashes.length;
  const rest = full.slice(column);
  const match = KEY.exec(rest);
  const open = match ? /^\s*(?:[!&]\S*\s*)?(?:#.*)?$/.test(rest.slice(match[0].length)) : false;
  return {
    start,
    end,
    indent: blanks.length,
    column,
    dashed: dashes !== '',
    rest,
    key: match ? (match[1] as string).length : -1,
    open,
  };
}

/** A word on a line of block style. */
function linePlace(text: string, cursor: number, base: number, repair: Repair): Place | undefined {
  const line = lineAt(text, cursor);
  const at = cursor - line.start - line.column;
  // Right behind a dash its blank is missing.
  const noBlank = line.dashed && line.rest === '' && text[cursor - 1] === '-';
  if (at < 0 && line.rest.trim() !== '') return undefined;
  const { rest } = line;
  let key = line.key;
  // `s3:` at the cursor is an action that is being typed, `aws:` a condition key, `ForAnyValue:` an operator.
  if (
    key >= 0 &&
    at === rest.length &&
    rest.endsWith(':') &&
    /^(?:[a-z][\w.-]*|For(?:AnyValue|AllValues)):$/.test(rest)
  )
    key = -1;
  const substitutes = /!Sub\s/.test(rest);
  if (key >= 0 && at > rest.indexOf(':', key)) {
    const colon = rest.indexOf(':', key);
    const blanks = /^[ \t]*(?:[!&]\S+[ \t]+)*/.exec(rest.slice(colon + 1))?.[0].length ?? 0;
    const from = colon + 1 + blanks;
    if (at < from && rest.slice(from).trim() !== '') return undefined;
    const word = wordAt(rest, Math.min(from, at), at);
    const lead = at === colon + 1 ? ' ' : '';
    return made({ word, lead, role: 'value', hasColon: false, inline: true });
  }
  const word =
    at < 0 ? { start: at, end: at, from: at, to: at, quote: '' as const, closed: false } : wordAt(rest, 0, at);
  if (key >= 0) return made({ word: keyWord(rest, key), lead: '', role: 'key', hasColon: true, inline: false });
  const around = neighbours(text, line, at < 0 ? cursor - line.start : line.column);
  if (line.dashed) {
    const role = around === 'object' ? 'key' : 'any';
    return made({ word, lead: noBlank ? ' ' : '', role, hasColon: false, inline: true });
  }
  if (around === 'list') return made({ word, lead: '- ', role: 'value', hasColon: false, inline: false });
  if (around === undefined) return undefined;
  return made({ word, lead: '', role: around === 'object' ? 'key' : 'any', hasColon: false, inline: false });

  function made(part: Pick<Place, 'lead' | 'role' | 'hasColon' | 'inline'> & { word: Word }): Place {
    const { word: found, lead, role, hasColon, inline } = part;
    const offset = line.start + line.column;
    const colon = role === 'key' && !hasColon ? ': x' : '';
    const written = rest.slice(found.from, Math.max(found.from, at));
    return {
      marked: repair(base + offset + found.start, base + offset + found.end, `${lead}${MARK}${colon}`),
      start: base + offset + found.from,
      end: base + offset + found.to,
      prefix: found.quote === '"' ? written.replace(/\\(.)/g, '$1') : written,
      style: 'block',
      quote: found.quote,
      closing: found.closed ? 1 : 0,
      role,
      hasColon,
      lead,
      inline,
      trail: '',
      commaAt: undefined,
      path: undefined,
      substitutes,
      encode: (piece) => (found.quote === '"' ? escaped(piece) : found.quote ? piece.replaceAll("'", "''") : piece),
    };
  }
}

interface Word {
  readonly start: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
  readonly quote: '' | '"' | "'";
  readonly closed: boolean;
}

function keyWord(rest: string, key: number): Word {
  const quote = rest[0] === '"' || rest[0] === "'" ? rest[0] : '';
  const inset = quote ? 1 : 0;
  return { start: 0, end: key, from: inset, to: key - inset, quote, closed: quote !== '' };
}

/** The scalar that begins at `from` and reaches to the end of the line, or to its quote. */
function wordAt(rest: string, from: number, cursor: number): Word {
  const quote = rest[from] === '"' || rest[from] === "'" ? (rest[from] as '"' | "'") : '';
  if (quote && cursor > from) {
    const close = closingQuote(rest, from, quote);
    const closed = close < rest.length && /^\s*(?:#.*)?$/.test(rest.slice(close + 1));
    if (closed) return { start: from, end: close + 1, from: from + 1, to: close, quote, closed };
    const to = Math.max(cursor, from + 1);
    return { start: from, end: rest.length, from: from + 1, to, quote, closed };
  }
  const comment = rest.slice(from).search(/(?:^|\s)#/);
  const text = (comment < 0 ? rest.slice(from) : rest.slice(from, from + comment)).trimEnd();
  const to = Math.max(from + text.length, cursor);
  return { start: from, end: to, from, to, quote: '', closed: false };
}

/** How many lines are looked at to tell what a line belongs to. */
const MAX_LINES = 2000;

/**
 * What a line at a column is part of: an object or list that others at that column show, or the first thing below a key
 * (`any`); undefined where nothing can stand.
 */
function neighbours(text: string, line: Line, column: number): 'object' | 'list' | 'any' | undefined {
  let budget = MAX_LINES;
  let inList = false;
  // Behind a dash, only what follows can show that an object begins.
  for (let at = line.dashed ? -1 : line.start - 1; at >= 0 && budget > 0; budget--) {
    const before = lineAt(text, at);
    const isComment = before.rest.startsWith('#') && !before.dashed;
    if (!isComment && (before.rest.trim() !== '' || before.dashed)) {
      // Items may stand in the column of their key: then a line there without a dash is the next key.
      if (before.column === column && before.key >= 0) return 'object';
      if (before.column < column) return inList ? 'list' : before.key >= 0 && before.open ? 'any' : undefined;
      if (before.dashed && before.indent === column) inList = true;
      else if (before.indent < column) return inList ? 'list' : undefined;
    }
    at = before.start - 1;
  }
  if (inList) return column === 0 ? undefined : 'list';
  for (let at = line.end + 1; at < text.length && budget > 0; budget--) {
    const after = lineAt(text, at);
    if (after.rest.trim() !== '' && !after.rest.startsWith('#')) {
      if (after.indent === column && !after.dashed && after.key >= 0) return 'object';
      break;
    }
    at = after.end + 1;
  }
  return line.dashed || column === 0 ? 'any' : undefined;
}
