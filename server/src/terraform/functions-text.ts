/** Terraform's functions of text (developer.hashicorp.com/terraform/language/functions, "String functions"). */

import type { Node } from '../syntax/node.ts';
import { asNumber, type Value } from '../template/value.ts';
import { characters, closed, type Evaluate, integer, listOf, onText, onTexts, text } from './functions-base.ts';
import { instanceOf, known, list, MAX_ITEMS, MAX_TEXT, unknown } from './values.ts';

/** Adjacent pieces of a template as one text: known ones are joined, texts are spliced in, the rest are holes. */
export function joinText(pieces: readonly Value[], node: Node): Value {
  const parts: (string | Value)[] = [];
  let length = 0;
  let secret = false;
  const append = (text: string) => {
    length += text.length;
    const last = parts[parts.length - 1];
    if (typeof last === 'string') parts[parts.length - 1] = last + text;
    else if (text) parts.push(text);
  };
  for (const piece of pieces) {
    secret ||= piece.sensitive === true;
    if (piece.kind === 'known') append(String(piece.value));
    else if (piece.kind === 'text') {
      for (const part of piece.parts) {
        if (typeof part === 'string') append(part);
        else parts.push(part);
      }
    } else parts.push(piece);
    if (length > MAX_TEXT || parts.length > 2_000) return unknown('is too long', node);
  }
  const flags = secret ? { sensitive: true } : undefined;
  const holes = parts.some((part) => typeof part !== 'string');
  if (!holes) return { ...known((parts[0] as string | undefined) ?? '', node), ...flags };
  return { kind: 'text', parts, node, ...flags };
}

const join: Evaluate = ([separator, ...lists], node) => {
  const between = text(separator);
  if (between === undefined) return undefined;
  const pieces: Value[] = [];
  for (const part of lists) {
    // `join("", aws_x.y.*.id)` is how modules name the one instance that there is.
    const instance = part.kind === 'list' ? instanceOf(part, undefined) : undefined;
    const whole = closed(part);
    if (!whole && !instance) return undefined;
    for (const item of whole ? whole.items : [instance as Value]) {
      if (pieces.length) pieces.push(known(between, node));
      pieces.push(item);
    }
  }
  return joinText(pieces, node);
};

const split: Evaluate = ([separator, value], node) => {
  const between = text(separator);
  const whole = text(value);
  if (between === undefined || whole === undefined) return undefined;
  return listOf(between === '' ? [...whole] : whole.split(between), node);
};

const replace: Evaluate = ([value, search, replacement], node) => {
  const whole = text(value);
  const written = text(search);
  const by = text(replacement);
  if (whole === undefined || written === undefined || by === undefined) return undefined;
  let find = written;
  // `/…/` is a regular expression: never run from a template. One without any sign of its own is plain text.
  if (find.length > 1 && find.startsWith('/') && find.endsWith('/')) {
    find = find.slice(1, -1);
    if (!/^[\w\s@:,;=<>#&'"~`-]+$/.test(find) || by.includes('$')) return undefined;
  }
  if (find === '' || (whole.length * (by.length + 1)) / find.length > MAX_TEXT) return undefined;
  return known(
    whole.replaceAll(find, () => by),
    node,
  );
};

const VERB = /^([-+0 ]*)(\d{0,3})(?:\.(\d{1,2}))?([svdtqf])/;

const format: Evaluate = ([pattern, ...args], node) => {
  const spec = text(pattern);
  if (spec === undefined) return undefined;
  const pieces: Value[] = [];
  let from = 0;
  let next = 0;
  for (let i = spec.indexOf('%'); i >= 0; i = spec.indexOf('%', from)) {
    pieces.push(known(spec.slice(from, i), node));
    if (spec[i + 1] === '%') {
      pieces.push(known('%', node));
      from = i + 2;
    } else {
      const verb = VERB.exec(spec.slice(i + 1, i + 20));
      const arg = args[next++];
      const piece = verb && arg ? formatted(arg, verb, node) : undefined;
      if (!verb || !piece) return undefined;
      pieces.push(piece);
      from = i + 1 + verb[0].length;
    }
    if (pieces.length > 500) return undefined;
  }
  pieces.push(known(spec.slice(from), node));
  return joinText(pieces, node);
};

function formatted(arg: Value, verb: RegExpExecArray, node: Node): Value | undefined {
  const [whole, flags = '', width = '', precision, kind] = verb;
  if (arg.kind === 'object' || arg.kind === 'list' || arg.kind === 'absent') return undefined;
  if (arg.kind !== 'known') return whole === 's' || whole === 'd' || whole === 'v' ? arg : undefined;
  let written = String(arg.value);
  const number = asNumber(arg);
  if (kind === 'q') written = JSON.stringify(written);
  if (kind === 'd' || kind === 'f') {
    if (number === undefined || (kind === 'd' && !Number.isInteger(number))) return undefined;
    written = kind === 'f' ? number.toFixed(Number(precision ?? 6)) : String(number);
    // What must be rounded is rounded by other rules there.
    if (Number(written) !== number) return undefined;
    if (flags.includes('+') && number >= 0) written = `+${written}`;
  } else if (precision !== undefined || /[+ ]/.test(flags)) return undefined;
  const length = Number(width || 0);
  if (flags.includes('-')) written = written.padEnd(length);
  else if (flags.includes('0') && (kind === 'd' || kind === 'f')) {
    const sign = /^[-+]/.exec(written)?.[0] ?? '';
    written = sign + written.slice(sign.length).padStart(length - sign.length, '0');
  } else written = written.padStart(length);
  return known(written, node);
}

const formatList: Evaluate = ([pattern, ...args], node) => {
  const lists = args.filter((arg) => arg.kind === 'list');
  if (lists.some((arg) => arg.open !== undefined) || args.some((arg) => arg.kind === 'unknown')) return undefined;
  const length = lists[0]?.items.length ?? 1;
  if (!pattern || length > MAX_ITEMS || lists.some((arg) => arg.items.length !== length)) return undefined;
  const made = Array.from({ length }, (_, i) =>
    format([pattern, ...args.map((arg) => (arg.kind === 'list' ? (arg.items[i] as Value) : arg))], node),
  );
  return list(
    made.map((item) => item ?? unknown('format() is not evaluated', node)),
    node,
  );
};

const substr: Evaluate = ([value, offset, length], node) => {
  const whole = text(value);
  const from = integer(offset);
  const count = integer(length);
  if (whole === undefined || from === undefined || count === undefined || whole.length > MAX_TEXT) return undefined;
  const all = characters(whole);
  const start = from < 0 ? Math.max(0, all.length + from) : from;
  return known(all.slice(start, count < 0 ? undefined : start + count).join(''), node);
};

const indent: Evaluate = ([spaces, value], node) => {
  const width = integer(spaces);
  const whole = text(value);
  if (width === undefined || whole === undefined || width < 0 || width > 200) return undefined;
  const lines = whole.split('\n');
  if (whole.length + lines.length * width > MAX_TEXT) return undefined;
  return known(lines.join(`\n${' '.repeat(width)}`), node);
};

/** Takes characters of a set off one or both ends. */
function trimmed(value: string, set: string, start: boolean, end: boolean): string {
  let from = 0;
  let to = value.length;
  while (start && from < to && set.includes(value[from] as string)) from++;
  while (end && to > from && set.includes(value[to - 1] as string)) to--;
  return value.slice(from, to);
}

const LINE_BREAKS = '\r\n';

export const TEXT_FUNCTIONS: readonly (readonly [string, Evaluate])[] = [
  ['basename', onText((value) => trimmed(value, '/', false, true).split('/').at(-1) ?? '')],
  ['chomp', onText((value) => trimmed(value, LINE_BREAKS, false, true))],
  ['endswith', onTexts((value, end) => value.endsWith(end))],
  ['format', format],
  ['formatlist', formatList],
  ['indent', indent],
  ['join', join],
  ['lower', onText((value) => value.toLowerCase())],
  ['replace', replace],
  ['split', split],
  ['startswith', onTexts((value, start) => value.startsWith(start))],
  ['strcontains', onTexts((value, part) => value.includes(part))],
  ['strrev', onText((value) => [...characters(value)].reverse().join(''))],
  ['substr', substr],
  [
    'title',
    onText((value) => value.replace(/(^|[^\p{L}\p{N}_])(\p{L})/gu, (_, before, first) => before + first.toUpperCase())),
  ],
  ['trim', onTexts((value, set) => trimmed(value, set, true, true))],
  ['trimprefix', onTexts((value, prefix) => (value.startsWith(prefix) ? value.slice(prefix.length) : value))],
  ['trimspace', onText((value) => value.trim())],
  [
    'trimsuffix',
    onTexts((value, suffix) => (suffix && value.endsWith(suffix) ? value.slice(0, -suffix.length) : value)),
  ],
  ['upper', onText((value) => value.toUpperCase())],
];
