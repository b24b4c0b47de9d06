/**
 * Random edits of a text whose tree is known: what people do to templates, by weight; most of them change what the
 * template means.
 */

import type { Analysis } from '../../../server/src/analysis/analyze.ts';
import type { SyntaxDocument } from '../../../server/src/syntax/document.ts';
import type { Resource } from '../../../server/src/template/template.ts';
import { type Operation, someResource, Text } from './editable.ts';
import { deleteRange, indentLines, junk, lineEndings, pasteOwn, typeLetters } from './edits-letters.ts';
import { mutateFound, mutateSection, mutateValue, otherValue } from './edits-values.ts';
import { HEADS, LINES } from './fragments.ts';
import type { Piece } from './pool.ts';
import { type Below, oneIn, pick } from './random.ts';
import {
  indentAt,
  occurrences,
  type Place,
  reindented,
  renamed,
  swapped,
  type Unit,
  unitOf,
  withBehind,
  without,
} from './units.ts';

function commentOut(below: Below, at: Text): string {
  const marker = at.language === 'json' ? '// ' : '# ';
  const lines = at.text.split('\n');
  const commented = lines.flatMap((line, i) => (line.trimStart().startsWith(marker) ? [i] : []));
  if (commented.length && oneIn(below, 2)) {
    const i = pick(below, commented);
    return lines.map((line, j) => (j === i ? line.replace(marker, '') : line)).join('\n');
  }
  const unit = oneIn(below, 2) ? someResource(below, at)?.unit : pick(below, at.offer.units);
  if (!unit) return at.text;
  const from = at.text.lastIndexOf('\n', unit.start - 1) + 1;
  const piece = at.text.slice(from, unit.end);
  return at.replaced(from, unit.end, piece.replace(/^(?=[ \t]*\S)/gm, marker));
}

/** The place of a resource's name in the text, without quotes. */
function nameRange(at: Text, { key }: Resource): { start: number; end: number } | undefined {
  if (key.document !== at.document) return undefined;
  const quoted = /["']/.test(at.text[key.start] ?? '');
  const text = at.text.slice(key.start, key.end);
  // The key of a block of HCL may be its header.
  const last = /"([^"]*)"\s*$/.exec(text);
  if (last && at.language === 'hcl' && /\s/.test(text))
    return { start: key.start + last.index + 1, end: key.start + last.index + 1 + (last[1] ?? '').length };
  return quoted ? { start: key.start + 1, end: key.end - 1 } : { start: key.start, end: key.end };
}

function deleteResource(below: Below, at: Text): string | undefined {
  const one = someResource(below, at);
  return one && without(at.text, one.unit);
}

function duplicateResource(below: Below, at: Text): string | undefined {
  const one = someResource(below, at);
  const name = one && nameRange(at, one.resource);
  if (!one || !name) return undefined;
  const { start, end } = one.unit;
  const shift = start;
  const piece = at.text.slice(start, end);
  const copy = oneIn(below, 4)
    ? piece
    : `${piece.slice(0, name.start - shift)}${at.text.slice(name.start, name.end)}2${piece.slice(name.end - shift)}`;
  const other = oneIn(below, 2) ? someResource(below, at)?.unit : undefined;
  return withBehind(at.text, other ?? one.unit, copy);
}

function renameResource(below: Below, at: Text): string | undefined {
  const one = someResource(below, at);
  const range = one && nameRange(at, one.resource);
  if (!range) return undefined;
  const name = at.text.slice(range.start, range.end);
  const others = at.resources
    .map((resource) => nameRange(at, resource))
    .flatMap((two) => (two ? [at.text.slice(two.start, two.end)] : []));
  const other = oneIn(below, 4) ? pick(below, others) : `${name}${pick(below, ['X', 'Y', '2'])}`;
  return oneIn(below, 2) ? at.replaced(range.start, range.end, other) : renamed(at.text, name, other);
}

function swapResources(below: Below, at: Text): string | undefined {
  const a = someResource(below, at)?.unit;
  const b = someResource(below, at)?.unit;
  return a && b && swapped(at.text, a, b);
}

/** One name in the place of another, at one use of it. */
function retarget(below: Below, at: Text): string | undefined {
  const { names } = at;
  const used = names.filter((name) => occurrences(at.text, name).length > 1);
  if (!used.length) return undefined;
  const name = pick(below, used);
  const offset = pick(below, occurrences(at.text, name));
  const other = oneIn(below, 4)
    ? pick(below, ['Missing', 'aws_s3_bucket.missing', 'AWS::NoValue', ''])
    : pick(below, names);
  return renamed(at.text, name, other, [offset]);
}

function renameDeclaration(below: Below, at: Text): string | undefined {
  const { names } = at;
  if (!names.length) return undefined;
  const name = pick(below, names);
  const offsets = occurrences(at.text, name);
  return offsets.length
    ? renamed(at.text, name, `${name}Z`, oneIn(below, 2) ? offsets.slice(0, 1) : offsets)
    : undefined;
}

function changeType(below: Below, at: Text): string | undefined {
  if (!at.resources.length || !at.pool.types.length) return undefined;
  const { type, key, body } = pick(below, at.resources);
  const offsets = occurrences(at.text, type);
  const own = offsets.filter(
    (offset) => offset >= Math.min(key.start, body.outerStart) - type.length - 30 && offset <= body.end,
  );
  const offset = own[0] ?? offsets[0];
  const others = [...new Set(at.resources.map((one) => one.type))];
  const other = oneIn(below, 3) ? pick(below, others) : pick(below, at.pool.types);
  return offset === undefined ? undefined : renamed(at.text, type, other, [offset]);
}

const deleteUnit: Operation = (below, at) =>
  at.offer.units.length ? without(at.text, pick(below, at.offer.units)) : undefined;

const duplicateUnit: Operation = (below, at) => {
  if (!at.offer.units.length) return undefined;
  const unit = pick(below, at.offer.units);
  const copy = at.text.slice(unit.start, unit.end);
  return withBehind(at.text, oneIn(below, 2) ? unit : pick(below, at.offer.units), copy);
};

const swapUnits: Operation = (below, at) => {
  const { units } = at.offer;
  return units.length ? swapped(at.text, pick(below, units), pick(below, units)) : undefined;
};

const renameKey: Operation = (below, at) => {
  const keyed = at.offer.units.filter(({ key }) => key);
  if (!keyed.length) return undefined;
  const { key } = pick(below, keyed);
  const { key: other } = pick(below, keyed);
  if (!key || !other) return undefined;
  return at.replaced(key.start, key.end, at.text.slice(other.start, other.end));
};

/** A property that resources of this type have elsewhere. */
const addProperty: Operation = (below, at) => {
  if (!at.resources.length) return undefined;
  const resource = pick(below, at.resources);
  const known = at.pool.properties.get(resource.type);
  if (!known) return undefined;
  const body = at.isCloudFormation ? resource.body.get('Properties') : resource.body;
  const written = body?.entries.filter(({ merged, key }) => !merged && key.document === at.document) ?? [];
  if (!written.length) return undefined;
  const { key, value } = pick(below, written);
  return withBehind(at.text, unitOf(at.document, value, key), pick(below, known));
};

/** A line at the head of a resource that says whether, how often, or after what there is one. */
const addAttribute: Operation = (below, at) => {
  if (!at.resources.length) return undefined;
  const { body } = pick(below, at.resources);
  const [first] = body.entries.filter(({ merged, key }) => !merged && key.document === at.document);
  if (!first) return undefined;
  const names = at.names.length ? at.names : ['x'];
  const lines = LINES[at.isCloudFormation ? `cloudformation ${at.language}` : at.language];
  const line = pick(below, lines ?? ['x: 1']).replaceAll('NAME', pick(below, names));
  const unit = unitOf(at.document, first.value, first.key);
  if (at.language === 'json') return at.replaced(unit.start, unit.start, `${line}, `);
  return at.replaced(unit.start, unit.start, `${reindented(line, indentAt(at.text, unit.start))}\n`);
};

/** A resource out of the pool whose links lead to what there is here; or a whole set of them, one after the other. */
const pasteResource: Operation = (below, at) => {
  const { pool } = at;
  if (!pool.resources.length) return undefined;
  const present = new Set(at.resources.map(({ type }) => type));
  const fitting = pool.resources.filter(
    ({ type, links }) => present.has(type) || links.some((link) => present.has(link.type)),
  );
  const piece = pick(below, fitting.length && !oneIn(below, 4) ? fitting : pool.resources);
  const one = someResource(below, at);
  const text = rewired(below, at, piece);
  if (one) return withBehind(at.text, one.unit, text);
  return at.language === 'hcl' ? `${at.text}\n${text}\n` : undefined;
};

function rewired(below: Below, at: Text, piece: Piece): string {
  let { text } = piece;
  for (const { name, type } of piece.links) {
    const targets = at.resources.filter((one) => one.type === type);
    if (targets.length) text = renamed(text, name, at.name(pick(below, targets)));
  }
  if (oneIn(below, 2)) return text;
  const last = piece.name.split('.').pop() ?? piece.name;
  return renamed(text, last, `${last}${below(100)}`, occurrences(text, last).slice(0, 1));
}

const moveProperty: Operation = (below, at) => {
  const from = someResource(below, at);
  const to = someResource(below, at);
  if (!from || !to) return undefined;
  const within = (unit: Unit) =>
    at.offer.units.filter(
      (one) => one.key && one.start > unit.start && one.end <= unit.end && one.end - one.start < 500,
    );
  const units = within(from.unit);
  const places = within(to.unit);
  if (!units.length || !places.length) return undefined;
  const unit = pick(below, units);
  const place = pick(below, places);
  if (place.start < unit.end && unit.start < place.end) return undefined;
  const piece = at.text.slice(unit.start, unit.end);
  const isCopy = oneIn(below, 2);
  if (isCopy) return withBehind(at.text, place, piece);
  if (unit.start > place.start) return withBehind(without(at.text, unit), place, piece);
  return without(withBehind(at.text, place, piece), unit);
};

/** An anchor on one value, and an alias or a merge of it in the place of another. */
const alias: Operation = (below, at) => {
  if (at.language !== 'yaml') return undefined;
  const { places, units } = at.offer;
  const anchors = /&(\w+)/.exec(at.text);
  const other = pick(below, units);
  if (!anchors) {
    const inner = units.filter(({ key, value }) => key && value.style === 'block');
    const { key } = pick(below, inner.length ? inner : units);
    const colon = key ? at.text.indexOf(':', key.end) : -1;
    return colon < 0 ? undefined : at.replaced(colon + 1, colon + 1, ' &shared');
  }
  const name = anchors[1] ?? 'shared';
  if (oneIn(below, 4)) return at.text.replace(`&${name}`, '');
  if (oneIn(below, 2)) {
    const { node } = pick(below, places);
    return at.replaced(node.outerStart, node.end, `*${name}`);
  }
  return withBehind(at.text, other, `<<: *${name}`);
};

/** A comment of ours or of another tool, for a finding, another rule, or everything. */
const suppress: Operation = (below, at) => {
  const own = at.analysis.findings.filter(({ finding }) => finding.node.document === at.document);
  const { finding } = own.length ? pick(below, own) : { finding: undefined };
  const id = finding?.rule.id ?? 's3-public-acl';
  const foreign = finding?.aliases.length ? (pick(below, finding.aliases).split(':').pop() ?? id) : 'CKV_AWS_20';
  const existing = [...at.text.matchAll(/.*(?:demarc-ignore|checkov:skip|trivy:ignore|cfn_nag).*\n/g)];
  if (existing.length && oneIn(below, 2)) {
    const { index, 0: line } = pick(below, existing);
    return at.replaced(index, index + line.length, '');
  }
  const marker = at.language === 'json' ? '//' : '#';
  const line = pick(below, [
    `${marker} demarc-ignore ${id}: because`,
    `${marker} demarc-ignore ${id}`,
    `${marker} demarc-ignore-file ${id}: because`,
    `${marker} demarc-ignore ${id}, nonsense: because`,
    `${marker} checkov:skip=${foreign}:because`,
    `${marker} trivy:ignore:${foreign}`,
    `${marker} tfsec:ignore:*`,
  ]);
  const { start } = finding?.node ?? { start: below(at.text.length + 1) };
  const offset = oneIn(below, 4) ? 0 : at.text.lastIndexOf('\n', start - 1) + 1;
  if (oneIn(below, 3)) {
    const end = at.text.indexOf('\n', start);
    return end < 0 ? `${at.text} ${line}` : at.replaced(end, end, ` ${line}`);
  }
  return at.replaced(offset, offset, `${indentAt(at.text, offset)}${line}\n`);
};

/** What stands at the top of a template and changes how all of it is read. */
const head: Operation = (below, at) => {
  const heads = HEADS[at.isCloudFormation ? `cloudformation ${at.language}` : at.language];
  if (!heads) return undefined;
  const line = pick(below, heads).replaceAll('NAME', at.names.length ? pick(below, at.names) : 'x');
  if (at.text.includes(line) && oneIn(below, 2)) return at.text.replace(line, '');
  if (at.language === 'json') return at.text.replace('{', `{ ${line},`);
  return oneIn(below, 2) ? `${line}\n${at.text}` : `${at.text}\n${line}\n`;
};

const WEIGHTS: readonly (readonly [number, string, Operation])[] = [
  [8, 'type letters', typeLetters],
  [3, 'delete a range', deleteRange],
  [2, 'paste lines', pasteOwn],
  [3, 'junk', junk],
  [1, 'line endings', lineEndings],
  [3, 'indent', indentLines],
  [4, 'comment out or in', commentOut],
  [4, 'delete a resource', deleteResource],
  [4, 'duplicate a resource', duplicateResource],
  [4, 'rename a resource', renameResource],
  [3, 'swap resources', swapResources],
  [8, 'retarget a reference', retarget],
  [3, 'rename a declaration', renameDeclaration],
  [4, 'change a type', changeType],
  [10, 'change a value', mutateValue],
  [8, 'change a value outside of resources', mutateSection],
  [8, 'change a value of a finding', mutateFound],
  [5, 'delete a member', deleteUnit],
  [3, 'duplicate a member', duplicateUnit],
  [2, 'swap members', swapUnits],
  [2, 'rename a key', renameKey],
  [6, 'add a property', addProperty],
  [4, 'add an attribute', addAttribute],
  [8, 'paste a resource', pasteResource],
  [3, 'move a property', moveProperty],
  [2, 'alias', alias],
  [4, 'suppress', suppress],
  [3, 'head', head],
];
/** Each as often as it weighs. */
const OPERATIONS = WEIGHTS.flatMap(([weight, name, operation]) =>
  Array.from({ length: weight }, () => [name, operation] as const),
);

/** An edited text, and what was done. */
export interface Edited {
  readonly name: string;
  readonly text: string;
}

/**
 * One random edit of a document of an analysis.
 * @returns undefined where what was to be done is not possible there
 */
export function edited(below: Below, analysis: Analysis, document: SyntaxDocument): Edited | undefined {
  const [name, operation] = pick(below, OPERATIONS);
  const target = new Text(analysis, document);
  const needsTree = !([typeLetters, deleteRange, pasteOwn, junk, lineEndings, indentLines] as Operation[]).includes(
    operation,
  );
  if (needsTree && !target.offer.units.length) return undefined;
  const text = operation(below, target);
  return text === undefined || text === document.text ? undefined : { name, text };
}

/**
 * What one change each makes of a document: every value outside of the resources another one, every member gone, every
 * name
 * at each of its places another one; in random order.
 */
export function variants(below: Below, analysis: Analysis, document: SyntaxDocument): string[] {
  const at = new Text(analysis, document);
  const { text, names, offer, resources } = at;
  const isInside = (node: Place['node']) =>
    resources.some(({ body }) => body.start <= node.start && node.end <= body.end);
  const outside = offer.places.filter(({ node }) => !isInside(node));
  const all = [
    // Twice: what decides elsewhere is worth it.
    ...[...outside, ...outside, ...offer.places].map((place) =>
      at.replaced(place.node.outerStart, place.node.end, otherValue(below, at, place)),
    ),
    ...offer.units.map((unit) => without(text, unit)),
    ...names.flatMap((name) =>
      occurrences(text, name).map((offset) =>
        renamed(text, name, pick(below, [...names, 'Missing', `${name}Z`]), [offset]),
      ),
    ),
  ];
  const order = all.map((one) => ({ one, rank: below(2 ** 31) })).sort((a, b) => a.rank - b.rank);
  return [...new Set(order.map(({ one }) => one))].filter((one) => one !== text);
}

/** The texts on the way from one to another when what differs is typed: what was there goes, then letters come. */
export function typing(below: Below, from: string, to: string): string[] {
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) start++;
  let tail = 0;
  const most = Math.min(from.length, to.length) - start;
  while (tail < most && from[from.length - 1 - tail] === to[to.length - 1 - tail]) tail++;
  const before = to.slice(0, start);
  const after = to.slice(to.length - tail);
  const middle = to.slice(start, to.length - tail);
  if (middle.length < 2) return [to];
  const cuts = Array.from({ length: 1 + below(3) }, () => below(middle.length)).sort((a, b) => a - b);
  return [...new Set([...cuts.map((cut) => before + middle.slice(0, cut) + after), to])];
}
