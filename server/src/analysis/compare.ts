/**
 * Two versions of a template side by side: which findings the change introduces, which it fixes, which were there before. They are
 * told apart by rule, resource and property, never by line, so that moving text around changes nothing.
 */

import type { Finding, Severity } from '../rules/rule.ts';
import type { Node } from '../syntax/node.ts';
import type { Resource } from '../template/template.ts';
import type { Analysis, ReportedFinding } from './analyze.ts';
import type { SuppressedFinding } from './suppressions.ts';

export type Change = 'introduced' | 'fixed' | 'before';

export interface Comparison {
  /**
   * Findings of the head that the base does not have, or has as less severe. Where the base was not judged whole, or is broken,
   * what it may have had all the same is none of them.
   */
  readonly introduced: readonly ReportedFinding[];
  /** Findings of the base that the head does not have; none where the head is more broken than the base was, or not judged whole. */
  readonly fixed: readonly ReportedFinding[];
  /** Of the head, with what each was in the base. */
  readonly before: ReadonlyMap<ReportedFinding, ReportedFinding>;
  /** Findings of the base that the head suppresses. */
  readonly suppressed: readonly ReportedFinding[];
  /** Whether a suppressed finding of the head was in the base, suppressed or not. */
  wasBefore(finding: SuppressedFinding): boolean;
  /** How a finding of either side stands to the change. */
  changeOf(finding: ReportedFinding): Change | undefined;
}

/** A side that could not be read, or is none of ours, has no findings. */
type Side = Analysis | undefined;

interface Held {
  readonly finding: Finding;
}

/**
 * Ways to recognise a finding, the strictest first. A list position says little, since an item may be added in front: there
 * the item's text counts first.
 */
const IDENTITIES: readonly ((finding: Finding) => string)[] = [
  (finding) => [...owner(finding), properties(finding), itemText(finding.node)].join('\n'),
  (finding) => [...owner(finding), finding.path].join('\n'),
  (finding) => [...owner(finding), properties(finding)].join('\n'),
];

/** As a last way: a resource that was renamed. */
function renamed({ rule, resource, path }: Finding): string {
  return [rule.id, resource.type, path, bodyText(resource)].join('\n');
}

/** Rule and resource. */
function owner({ rule, resource }: Finding): readonly [string, string] {
  return [rule.id, resource.address];
}

/** The path without list positions. */
function properties({ path }: Finding): string {
  return path
    .split('.')
    .filter((name) => !/^\d+$/.test(name))
    .join('.');
}

/** The text of the outermost list item that a node lies in; empty where it lies in none. */
function itemText(node: Node): string {
  let item: Node | undefined;
  for (let at: Node | undefined = node; at; at = at.parent) if (at.parent?.kind === 'array') item = at;
  return item ? squeezed(item) : '';
}

function bodyText({ key }: Resource): string {
  return key.entry ? squeezed(key.entry.value) : squeezed(key);
}

/** Gravest first. */
const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

/** Longer texts are told apart by their beginning and their length: they are keys, not contents. */
const MOST_TEXT = 4000;

function squeezed(node: Node): string {
  const text = node.document.text.slice(node.start, node.end).replace(/\s+/g, ' ');
  return text.length > MOST_TEXT ? `${text.length} ${text.slice(0, MOST_TEXT)}` : text;
}

/** Compares two versions of one template; either may be missing, where a file was added or removed. */
export function compare(base: Side, head: Side): Comparison {
  const before = new Map<ReportedFinding, ReportedFinding>();
  const same = pair(IDENTITIES, base?.findings ?? [], head?.findings ?? [], (then, now) => before.set(now, then));
  // Only what one side alone has can have been renamed: a copy is new.
  const isAlone = ({ finding }: ReportedFinding, other: Side) => !other?.template.resource(finding.resource.address);
  const moved = new Set<ReportedFinding>();
  pair(
    [renamed],
    same.gone.filter((one) => isAlone(one, head)),
    same.fresh.filter((one) => isAlone(one, base)),
    (then, now) => {
      before.set(now, then);
      moved.add(then).add(now);
    },
  );
  const worse = new Set<ReportedFinding>();
  const better = new Set<ReportedFinding>();
  for (const [now, then] of [...before]) {
    if (SEVERITIES.indexOf(now.severity) >= SEVERITIES.indexOf(then.severity)) continue;
    // What kept it harmless was taken away.
    before.delete(now);
    worse.add(now);
    better.add(then);
  }
  const unseen = unseenBefore(base, head);
  const perhapsOld = new Set(same.fresh.filter((one) => !moved.has(one) && unseen(one.finding)));
  const fresh = new Set(same.fresh.filter((one) => !moved.has(one) && !perhapsOld.has(one)));
  const introduced = (head?.findings ?? []).filter((one) => fresh.has(one) || worse.has(one));
  // What is suppressed from now on is still there.
  const suppressed: ReportedFinding[] = [];
  const known = new Set<SuppressedFinding>();
  const gone = same.gone.filter((one) => !moved.has(one));
  const quiet = pair(IDENTITIES, gone, head?.suppressed ?? [], (then, now) => {
    suppressed.push(then);
    known.add(now);
  });
  pair(IDENTITIES, base?.suppressed ?? [], quiet.fresh, (_, now) => known.add(now));
  // Of what broken text does not show, or a limit leaves out, nobody knows.
  const isUnknown = problems(head) > problems(base) || Boolean(head?.leftOut.length);
  const fixed = isUnknown ? [] : quiet.gone;
  const changes = new Map<ReportedFinding, Change>();
  for (const one of introduced) changes.set(one, 'introduced');
  for (const one of fixed) changes.set(one, 'fixed');
  for (const [now, then] of before) {
    changes.set(now, 'before');
    changes.set(then, 'before');
  }
  for (const one of [...suppressed, ...better, ...perhapsOld]) changes.set(one, 'before');
  return {
    introduced,
    fixed,
    before,
    suppressed,
    wasBefore: (one) => known.has(one),
    changeOf: (one) => changes.get(one),
  };
}

/** What is written of a resource, all of it, however it is laid out. */
function definition({ key, body }: Resource): string {
  const start = key.document === body.document && key.start < body.start ? key.start : body.start;
  return body.document.text.slice(start, body.end).replace(/\s+/g, ' ');
}

/**
 * Whether a finding that only the head has may have been there all along: a limit, or broken text, kept the base from being judged
 * whole. So it is where its resource was no part of the base and yet is written there, word by word; and where something is missing
 * beside a resource that is the same, and the base had nothing that named it and is another now.
 */
function unseenBefore(base: Side, head: Side): (finding: Finding) => boolean {
  const isWhole = !base?.leftOut.length && !problems(base);
  // A plan has what was there before in the same text.
  if (!base || !head || isWhole || base.documents[0] === head.documents[0]) return () => false;
  let texts: readonly string[] | undefined;
  let altered: readonly string[] | undefined;
  return ({ resource, node }) => {
    const now = definition(resource);
    const then = base.template.resource(resource.address);
    if (!then) {
      texts ??= base.documents.map(({ text }) => text.replace(/\s+/g, ' '));
      return texts.some((text) => text.includes(now));
    }
    if (!base.leftOut.length || head.leftOut.length || node !== resource.key || definition(then) !== now) return false;
    altered ??= base.template.resources
      .map((one) => [one, head.template.resource(one.address)] as const)
      .filter(([one, other]) => !other || definition(other) !== definition(one))
      .map(([one]) => definition(one));
    const name = resource.address.split('.').slice(-2).join('.');
    return !altered.some((text) => named(text, name));
  };
}

function problems(side: Side): number {
  return side?.documents.reduce((sum, document) => sum + document.problems.length, 0) ?? 0;
}

/** Pairs findings of two lists, by the strictest way of recognising them first; what is left of either comes back. */
function pair<Then extends Held, Now extends Held>(
  identities: readonly ((finding: Finding) => string)[],
  base: readonly Then[],
  head: readonly Now[],
  onPair: (then: Then, now: Now) => void,
): { readonly gone: readonly Then[]; readonly fresh: readonly Now[] } {
  let gone = base;
  let fresh = head;
  for (const identity of identities) {
    if (!gone.length || !fresh.length) break;
    const known = new Map<string, Then[]>();
    for (const one of gone) {
      const key = identity(one.finding);
      const list = known.get(key);
      if (list) list.push(one);
      else known.set(key, [one]);
    }
    const matched = new Set<Then>();
    fresh = fresh.filter((one) => {
      const same = known.get(identity(one.finding))?.shift();
      if (!same) return true;
      onPair(same, one);
      matched.add(same);
      return false;
    });
    gone = gone.filter((one) => !matched.has(one));
  }
  return { gone, fresh };
}

/** A place of the base: a property of a resource. */
interface BasePlace {
  readonly resource: Resource;
  /** Names and list positions from the properties on; empty for the resource as a whole. */
  readonly path: readonly string[];
}

/** Findings that a change introduces by taking away or altering what stands at a place of the base. */
export function opensBy(comparison: Comparison, place: BasePlace): readonly ReportedFinding[] {
  const { resource, path } = place;
  // A condition narrows its whole statement.
  const condition = path.lastIndexOf('Condition');
  const isCondition = condition > 0 && isPosition(path[condition - 1] ?? '');
  const hovered = (isCondition ? path.slice(0, condition) : path).filter((name) => !isPosition(name));
  const mentioned = new Set([resource.address, ...mentions(resource)]);
  return comparison.introduced.filter(({ finding }) => {
    if (finding.resource.address === resource.address) {
      const names = properties(finding).split('.').filter(Boolean);
      // One lies within the other: the block that was there, or the value in it.
      const isSame =
        names.length > 0 && hovered.length > 0 && hovered.every((name, at) => at >= names.length || names[at] === name);
      if (!isSame) return false;
      const kept = keptAt(place, finding.resource);
      // What stands there still has lost its effect only where that comes from elsewhere: from a variable's default.
      if (kept) return finding.related.length > 0 && itemText(kept) === itemText(finding.node);
      return !isCondition || isOfStatement(finding.node, nodesTo(place)[condition]);
    }
    // A resource that protected another one and is gone.
    return mentioned.has(finding.resource.address) && !finding.resource.template.resource(resource.address);
  });
}

function isPosition(name: string): boolean {
  return /^\d+$/.test(name);
}

/** The nodes from the properties of a resource down to a place, as far as they are written there. */
function nodesTo({ resource, path }: BasePlace): readonly Node[] {
  const nodes: Node[] = [];
  let node: Node | undefined = resource.properties.node;
  for (const name of path) {
    if (!node) break;
    nodes.push(node);
    node = node.kind === 'array' ? node.items[Number(name)] : node.get(name);
  }
  return node ? [...nodes, node] : nodes;
}

/** What stands at a place of the base, where the head has the same text there; items of a list may have moved in it. */
function keptAt(place: BasePlace, head: Resource): Node | undefined {
  const nodes = nodesTo(place);
  const last = nodes[place.path.length];
  let now = head.properties.node ? [head.properties.node] : [];
  for (const [at, name] of place.path.entries()) {
    const then = nodes[at];
    const next = nodes[at + 1];
    if (!then || !next) return undefined;
    if (then.kind === 'array') {
      const old = new Set(then.items.map(squeezed));
      const items = now.flatMap((node) => node.items);
      if (items.some((item) => squeezed(item) === squeezed(next))) return last;
      now = items.filter((item) => !old.has(squeezed(item)));
    } else now = now.flatMap((node) => node.get(name) ?? []);
  }
  return last && now.some((node) => squeezed(node) === squeezed(last)) ? last : undefined;
}

/** Whether a node of the head lies in a statement that differs from one of the base by its condition and name only. */
function isOfStatement(node: Node, base: Node | undefined): boolean {
  const rest = ({ entries }: Node) =>
    entries
      .filter(({ name }) => name !== 'Condition' && name !== 'Sid')
      .map(({ name, value }) => `${name} ${squeezed(value)}`)
      .sort()
      .join('\n');
  for (let at: Node | undefined = node; base && at; at = at.parent)
    if (at.kind === 'object' && at.get('Effect')) return rest(at) === rest(base);
  return false;
}

/** Addresses of the resources that the texts of a resource name. */
function mentions(resource: Resource): readonly string[] {
  const { template, key } = resource;
  const body = key.entry ? key.document.text.slice(key.entry.value.start, key.entry.value.end) : '';
  return template.resources.filter((one) => one !== resource && named(body, one.address)).map((one) => one.address);
}

/** Whether a text holds a name, not as a part of a longer one. */
function named(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!/[\w-]/.test(text[at - 1] ?? '') && !/[\w-]/.test(text[at + name.length] ?? '')) return true;
  }
  return false;
}
