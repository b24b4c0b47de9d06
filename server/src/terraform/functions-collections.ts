/** Terraform's functions of lists, sets and maps ("Collection functions"). */

import type { ListValue } from '../template/value.ts';
import { asBoolean, asNumber, type ObjectValue, type Value } from '../template/value.ts';
import {
  characters,
  closed,
  closedObject,
  type Evaluate,
  integer,
  items,
  listOf,
  text,
  texts,
} from './functions-base.ts';
import { equal } from './operators.ts';
import {
  absent,
  asSet,
  carry,
  failure,
  instanceOf,
  isSet,
  known,
  LazyObject,
  list,
  MAX_ITEMS,
  type Member,
  merge,
} from './values.ts';

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
  value?.kind === 'list' && isSet(value) ? list(inOrder(value), node, value.open) : value;

function inOrder(set: ListValue): Value[] {
  const all = items(set);
  if (!all.every((item) => item.kind === 'known')) return all;
  return all.sort((a, b) => (String(text(a)) < String(text(b)) ? -1 : 1));
}

/** Attributes that are one text wherever resources and data sources of AWS have them. */
const TEXT_ATTRIBUTES: ReadonlySet<string> = new Set(['arn', 'id', 'json', 'minified_json', 'name']);

function isText(value: Value): boolean {
  return value.kind === 'reference' && value.to === 'resource' && TEXT_ATTRIBUTES.has(value.attribute ?? '');
}

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
      else if (item.kind === 'known' || item.kind === 'object' || item.kind === 'text' || isText(item)) flat.push(item);
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
  return whole === undefined ? undefined : known(characters(whole).length, node);
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

const every =
  (decisive: boolean): Evaluate =>
  ([value], node) => {
    const whole = closed(value);
    if (!whole) return undefined;
    const truths = whole.items.map(asBoolean);
    if (truths.includes(decisive)) return known(decisive, node);
    return truths.includes(undefined) ? undefined : known(!decisive, node);
  };

const slice: Evaluate = ([value, start, end], node) => {
  const whole = closed(value);
  const from = integer(start);
  const to = integer(end);
  if (!whole || from === undefined || to === undefined) return undefined;
  if (from < 0 || to < from || to > whole.items.length) return failure('reaches beyond the list', node);
  return list(items(whole).slice(from, to), node);
};

const sort: Evaluate = ([value], node) => {
  const all = texts(value);
  return all && listOf([...all].sort(), node);
};

const indexOf: Evaluate = ([value, wanted], node) => {
  const whole = closed(value);
  if (!whole || !wanted) return undefined;
  for (const [i, item] of whole.items.entries()) {
    const same = equal(item, wanted);
    if (same !== false) return same ? known(i, node) : undefined;
  }
  return failure('is not in the list', node);
};

const zipMap: Evaluate = ([names, members], node) => {
  const keys = texts(names);
  const all = closed(members);
  if (!keys || !all) return undefined;
  if (keys.length !== all.items.length) return failure('has not as many keys as values', node);
  const found = items(all).map((value, i): [string, Member] => [
    keys[i] as string,
    { key: value.node, value: () => value },
  ]);
  return new LazyObject(node, new Map(found));
};

const chunkList: Evaluate = ([value, size], node) => {
  const whole = closed(value);
  const length = integer(size);
  if (!whole || length === undefined || length < 1) return undefined;
  const all = items(whole);
  const chunks = Array.from({ length: Math.ceil(all.length / length) }, (_, i) =>
    list(all.slice(i * length, (i + 1) * length), node),
  );
  return list(chunks, node);
};

/** Known texts of sets, of which `keep` says by how many of the other sets hold one whether it stays. */
const ofSets =
  (keep: (others: readonly boolean[]) => boolean): Evaluate =>
  (args, node) => {
    const [first, ...others] = args.map(texts);
    if (!first || others.includes(undefined)) return undefined;
    const sets = others.map((other) => new Set(other));
    const kept = [...new Set(first)].filter((item) => keep(sets.map((set) => set.has(item))));
    return asSet(listOf(kept, node));
  };

const product: Evaluate = (args, node) => {
  const lists = args.map(closed);
  if (!lists.length || lists.includes(undefined)) return undefined;
  let rows: (readonly Value[])[] = [[]];
  for (const one of lists as ListValue[]) {
    if (rows.length * one.items.length > MAX_ITEMS) return undefined;
    rows = rows.flatMap((row) => items(one).map((item) => [...row, item]));
  }
  return list(
    rows.map((row) => list(row, node)),
    node,
  );
};

export const COLLECTION_FUNCTIONS: readonly (readonly [string, Evaluate])[] = [
  ['alltrue', every(false)],
  ['anytrue', every(true)],
  ['chunklist', chunkList],
  ['coalesce', coalesce],
  ['coalescelist', coalesceList],
  ['compact', compact],
  ['concat', concat],
  ['contains', contains],
  ['distinct', distinct],
  ['element', element],
  ['flatten', flatten],
  ['index', indexOf],
  ['keys', keys],
  ['length', length],
  ['lookup', lookup],
  ['merge', mergeAll],
  ['one', one],
  ['reverse', ([value], node) => (value?.kind === 'list' ? list(items(value).reverse(), node, value.open) : undefined)],
  ['setintersection', ofSets((others) => others.every(Boolean))],
  ['setproduct', product],
  ['setsubtract', ofSets((others) => !others.some(Boolean))],
  ['setunion', (args, node) => toSet([concat(args, node) as Value], node)],
  ['slice', slice],
  ['sort', sort],
  ['tolist', toList],
  ['toset', toSet],
  ['values', values],
  ['zipmap', zipMap],
];
