/**
 * Terraform's functions, as far as they are pure and what they are given is known; everything else is Unknown
 * (developer.hashicorp.com/terraform/language/functions).
 */

import type { Node } from '../syntax/node.ts';
import { asBoolean, asNumber, type ListValue, type ObjectValue, type Value } from '../template/value.ts';
import { equal } from './operators.ts';
import {
  absent,
  asSet,
  carry,
  failure,
  instanceOf,
  isFailure,
  isSet,
  known,
  LazyObject,
  list,
  MAX_ITEMS,
  MAX_TEXT,
  type Member,
  merge,
  unknown,
} from './values.ts';

/** Evaluates with arguments that are no choices; undefined where the result is not known. */
type Evaluate = (args: readonly Value[], node: Node) => Value | undefined;

/** The result of a call, said to be at `node`. Arguments are no choices. */
export function call(name: string, args: readonly Value[], node: Node): Value {
  const plain = name.startsWith('core::') ? name.slice('core::'.length) : name;
  const evaluate = FUNCTIONS.get(plain);
  if (evaluate) {
    if (args.some(isFailure) && !SKIPS_FAILURES.has(plain)) return failure('an argument cannot be evaluated', node);
    const result = evaluate(args, node);
    if (result) return result;
    const reason = args.find((arg) => arg.kind === 'unknown');
    if (reason?.kind === 'unknown') return unknown(reason.why, node);
  }
  return unknown(`${name}() is not evaluated`, node);
}

const SKIPS_FAILURES: ReadonlySet<string> = new Set(['can']);

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

function text(value: Value | undefined): string | undefined {
  return value?.kind === 'known' ? String(value.value) : undefined;
}

function onText(change: (text: string) => string): Evaluate {
  return ([value], node) => {
    const whole = text(value);
    return whole === undefined ? undefined : known(change(whole), node);
  };
}

function onTexts(change: (first: string, second: string) => string | boolean): Evaluate {
  return ([first, second], node) => {
    const a = text(first);
    const b = text(second);
    return a === undefined || b === undefined ? undefined : known(change(a, b), node);
  };
}

function closed(value: Value | undefined): ListValue | undefined {
  return value?.kind === 'list' && !value.open ? value : undefined;
}

function closedObject(value: Value | undefined): ObjectValue | undefined {
  return value?.kind === 'object' && !value.open ? value : undefined;
}

function items(value: ListValue): Value[] {
  return value.items.map((item) => carry(item, value.via));
}

/** The value itself: conversions that change nothing a rule looks at. */
const same: Evaluate = ([value]) => value;

const concat: Evaluate = (args, node) => {
  const all: Value[] = [];
  let open: string | undefined;
  for (const arg of args) {
    if (arg.kind === 'list') {
      all.push(...items(arg));
      open = arg.open ?? open;
    } else open = arg.kind === 'unknown' ? arg.why : 'a list that is not known yet';
  }
  return list(all, node, open);
};

const mergeAll: Evaluate = (args, node) => {
  const objects: ObjectValue[] = [];
  for (const arg of args) {
    if (arg.kind === 'object') objects.push(arg);
    else if (arg.kind !== 'absent')
      objects.push(new LazyObject(node, new Map(), arg.kind === 'unknown' ? arg.why : 'a map not known yet'));
  }
  return merge(objects, node);
};

const distinct: Evaluate = ([value], node) => {
  if (value?.kind !== 'list') return value?.kind === 'object' ? value : undefined;
  const seen = new Set<unknown>();
  const kept = items(value).filter((item) => {
    if (item.kind !== 'known') return true;
    if (seen.has(item.value)) return false;
    seen.add(item.value);
    return true;
  });
  return list(kept, node, value.open);
};

const toSet: Evaluate = (args, node) => {
  const unique = distinct(args, node);
  return unique && asSet(unique);
};

/** A set as a list: its order is Terraform's, its items have positions again. */
const toList: Evaluate = ([value], node) =>
  value?.kind === 'list' && isSet(value) ? list(items(value), node, value.open) : value;

const flatten: Evaluate = ([value], node) => {
  if (value?.kind !== 'list') return undefined;
  const flat: Value[] = [];
  let open: string | undefined;
  // Lists that hold one list several times unfold to more than is written: empty ones count as well.
  let visited = 0;
  const add = (inner: ListValue, depth: number) => {
    open = inner.open ?? open;
    for (const item of items(inner)) {
      if (++visited > 2 * MAX_ITEMS) return;
      if (item.kind === 'list' && depth < 20) add(item, depth + 1);
      else if (item.kind === 'known' || item.kind === 'object' || item.kind === 'text') flat.push(item);
      // A reference or an unknown may be a list itself.
      else {
        flat.push(item);
        open = 'a list that is not known yet';
      }
    }
  };
  add(value, 0);
  return visited > 2 * MAX_ITEMS ? undefined : list(flat, node, open);
};

const compact: Evaluate = ([value], node) => {
  if (value?.kind !== 'list') return undefined;
  const kept = items(value).filter((item) => item.kind !== 'absent' && !(item.kind === 'known' && item.value === ''));
  return list(kept, node, value.open);
};

const coalesce: Evaluate = (args) => {
  for (const arg of args) {
    if (arg.kind === 'absent' || (arg.kind === 'known' && arg.value === '')) continue;
    return arg.kind === 'unknown' ? undefined : arg;
  }
  return undefined;
};

const coalesceList: Evaluate = (args) => {
  for (const arg of args) {
    if (arg.kind === 'absent' || (arg.kind === 'list' && !arg.open && arg.items.length === 0)) continue;
    return arg.kind === 'list' && arg.items.length > 0 ? arg : undefined;
  }
  return undefined;
};

const lookup: Evaluate = ([map, key, fallback], node) => {
  const name = text(key);
  if (map?.kind !== 'object' || name === undefined) return undefined;
  const property = map.get(name);
  if (property) return carry(property.value, map.via);
  if (map.open) return undefined;
  return fallback ?? failure(`has no member ${name}`, node);
};

const element: Evaluate = ([value, index], node) => {
  const position = index && asNumber(index);
  const instance = value?.kind === 'list' ? instanceOf(value, position) : undefined;
  if (instance) return instance;
  const whole = closed(value);
  if (!whole || position === undefined || !Number.isInteger(position) || position < 0) return undefined;
  if (whole.items.length === 0) return failure('has no items', node);
  return items(whole)[position % whole.items.length];
};

const contains: Evaluate = ([value, wanted], node) => {
  if (value?.kind !== 'list' || !wanted) return undefined;
  const matches = value.items.map((item) => equal(item, wanted));
  if (matches.includes(true)) return known(true, node);
  return value.open || matches.includes(undefined) ? undefined : known(false, node);
};

const length: Evaluate = ([value], node) => {
  if (value?.kind === 'list') return value.open ? undefined : known(value.items.length, node);
  if (value?.kind === 'object') return value.open ? undefined : known(value.names.length, node);
  const whole = text(value);
  return whole === undefined ? undefined : known([...whole].length, node);
};

const join: Evaluate = ([separator, ...lists], node) => {
  const between = text(separator);
  if (between === undefined) return undefined;
  const pieces: Value[] = [];
  for (const part of lists) {
    // `join("", aws_x.y.*.id)` is how modules name the one instance that there is.
    const instance = part.kind === 'list' ? instanceOf(part, undefined) : undefined;
    const whole = closed(part);
    if (!whole && !instance) return undefined;
    for (const item of whole ? items(whole) : [instance as Value]) {
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
  return list(
    (between === '' ? [...whole] : whole.split(between)).map((part) => known(part, node)),
    node,
  );
};

const replace: Evaluate = ([value, search, replacement], node) => {
  const whole = text(value);
  const find = text(search);
  const by = text(replacement);
  if (whole === undefined || find === undefined || by === undefined) return undefined;
  // `/…/` is a regular expression: never run from a template.
  if (find.length > 1 && find.startsWith('/') && find.endsWith('/')) return undefined;
  if (find === '' || (whole.length * (by.length + 1)) / find.length > MAX_TEXT) return undefined;
  return known(
    whole.replaceAll(find, () => by),
    node,
  );
};

const format: Evaluate = ([pattern, ...args], node) => {
  const spec = text(pattern);
  if (spec === undefined) return undefined;
  const pieces: Value[] = [];
  let from = 0;
  let next = 0;
  for (let i = spec.indexOf('%'); i >= 0; i = spec.indexOf('%', from)) {
    pieces.push(known(spec.slice(from, i), node));
    const verb = spec[i + 1];
    from = i + 2;
    if (verb === '%') pieces.push(known('%', node));
    else if (verb === 's' || verb === 'd' || verb === 'v') {
      const arg = args[next++];
      if (!arg || arg.kind === 'object' || arg.kind === 'list') return undefined;
      pieces.push(arg);
    } else return undefined;
    if (pieces.length > 500) return undefined;
  }
  pieces.push(known(spec.slice(from), node));
  return joinText(pieces, node);
};

const keys: Evaluate = ([value], node) => {
  const whole = closedObject(value);
  return (
    whole &&
    list(
      [...whole.names].sort().map((name) => known(name, node)),
      node,
    )
  );
};

const values: Evaluate = ([value], node) => {
  const whole = closedObject(value);
  if (!whole) return undefined;
  const all = [...whole.names].sort().flatMap((name) => whole.get(name)?.value ?? []);
  return list(
    all.map((item) => carry(item, whole.via)),
    node,
  );
};

const one: Evaluate = ([value], node) => {
  const instance = value?.kind === 'list' ? instanceOf(value, undefined) : undefined;
  if (instance) return instance;
  const whole = closed(value);
  if (!whole) return undefined;
  if (whole.items.length > 1) return failure('has more than one item', node);
  return items(whole)[0] ?? absent(node);
};

const toBoolean: Evaluate = ([value], node) => {
  if (value?.kind !== 'known') return value;
  const truth = asBoolean(value);
  return truth === undefined ? failure('is no boolean', node) : { ...known(truth, node), via: value.via };
};

const toNumber: Evaluate = ([value], node) => {
  if (value?.kind !== 'known') return value;
  const number = asNumber(value);
  return number === undefined ? failure('is no number', node) : { ...known(number, node), via: value.via };
};

const toText: Evaluate = ([value], node) => {
  if (value?.kind !== 'known') return value;
  return { ...known(String(value.value), node), via: value.via };
};

const base64decode: Evaluate = ([value], node) => {
  const encoded = text(value);
  if (encoded === undefined || encoded.length > MAX_TEXT || !/^[A-Za-z0-9+/]*={0,2}$/.test(encoded)) return undefined;
  try {
    const bytes = Uint8Array.from(atob(encoded), (c) => c.charCodeAt(0));
    return known(new TextDecoder('utf-8', { fatal: true }).decode(bytes), node);
  } catch {
    return failure('is no text in base64', node);
  }
};

const jsondecode: Evaluate = ([value], node) => {
  // jsonencode() left its argument as it was.
  if (value?.kind === 'object' || value?.kind === 'list') return value;
  const json = text(value);
  if (json === undefined || json.length > MAX_TEXT) return undefined;
  try {
    return fromData(JSON.parse(json), node, 0);
  } catch {
    return failure('is no JSON', node);
  }
};

/** Plain data as a value; all of it is said to be at one node. */
function fromData(data: unknown, node: Node, depth: number): Value {
  if (depth > 50) return unknown('is nested too deeply', node);
  if (data === null) return absent(node);
  if (typeof data === 'string' || typeof data === 'number' || typeof data === 'boolean') return known(data, node);
  if (Array.isArray(data)) {
    return list(
      data.map((item) => fromData(item, node, depth + 1)),
      node,
    );
  }
  const members = new Map<string, Member>();
  for (const [name, member] of Object.entries(data as object)) {
    members.set(name, { key: node, value: () => fromData(member, node, depth + 1) });
  }
  return new LazyObject(node, members);
}

const every =
  (decisive: boolean): Evaluate =>
  ([value], node) => {
    const whole = closed(value);
    if (!whole) return undefined;
    const truths = whole.items.map(asBoolean);
    if (truths.includes(decisive)) return known(decisive, node);
    return truths.includes(undefined) ? undefined : known(!decisive, node);
  };

const FUNCTIONS: ReadonlyMap<string, Evaluate> = new Map<string, Evaluate>([
  ['alltrue', every(false)],
  ['anytrue', every(true)],
  ['base64decode', base64decode],
  [
    'can',
    ([value], node) =>
      value && isFailure(value)
        ? known(false, node)
        : value && value.kind !== 'unknown'
          ? known(true, node)
          : undefined,
  ],
  ['chomp', onText((value) => value.replace(/[\r\n]{1,1000}$/, ''))],
  ['coalesce', coalesce],
  ['coalescelist', coalesceList],
  ['compact', compact],
  ['concat', concat],
  ['contains', contains],
  ['distinct', distinct],
  ['element', element],
  ['endswith', onTexts((value, end) => value.endsWith(end))],
  ['flatten', flatten],
  ['format', format],
  ['join', join],
  ['jsondecode', jsondecode],
  ['keys', keys],
  ['length', length],
  ['lookup', lookup],
  ['lower', onText((value) => value.toLowerCase())],
  ['merge', mergeAll],
  ['one', one],
  ['replace', replace],
  ['reverse', ([value], node) => (value?.kind === 'list' ? list(items(value).reverse(), node, value.open) : undefined)],
  ['setunion', (args, node) => toSet([concat(args, node) as Value], node)],
  ['split', split],
  ['startswith', onTexts((value, start) => value.startsWith(start))],
  ['tobool', toBoolean],
  ['tolist', toList],
  ['tomap', same],
  ['tonumber', toNumber],
  ['toset', toSet],
  ['tostring', toText],
  ['trimprefix', onTexts((value, prefix) => (value.startsWith(prefix) ? value.slice(prefix.length) : value))],
  ['trimspace', onText((value) => value.trim())],
  [
    'trimsuffix',
    onTexts((value, suffix) => (suffix && value.endsWith(suffix) ? value.slice(0, -suffix.length) : value)),
  ],
  ['upper', onText((value) => value.toUpperCase())],
  ['values', values],
]);
