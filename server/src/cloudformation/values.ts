/** Values that are worked out when they are looked at: objects, lists and choices over syntax nodes. */

import type { Entry, Node } from '../syntax/node.ts';
import type {
  Absent,
  Alternative,
  Choice,
  Condition,
  ListValue,
  ObjectValue,
  Property,
  Unknown,
  Value,
  Via,
} from '../template/value.ts';
import { relocate } from '../template/value.ts';
import { addsMembers } from './call.ts';

/** Evaluates a node in the scope it stands in. */
export type Evaluate = (node: Node) => Value;

export function unknown(node: Node, why: string): Unknown {
  return { kind: 'unknown', node, why };
}

/** Written as nothing: `AWS::NoValue`, `null`. */
export function nothing(node: Node): Absent {
  return { kind: 'absent', node, missing: [], written: node };
}

/** Above this many members an index pays. */
const INDEXED = 12;

/** A mapping of the document. Members are evaluated, once, when they are asked for. */
export class NodeObject implements ObjectValue {
  readonly kind = 'object';
  private read: Map<string, Property> | undefined;
  private indexed: ReadonlyMap<string, Entry> | undefined;
  private added: string | undefined;
  private looked = false;

  constructor(
    readonly node: Node,
    private readonly evaluate: Evaluate,
    /** Leaves out members by name. */
    private readonly keep?: (name: string) => boolean,
  ) {}

  get names(): readonly string[] {
    return [...this.index().keys()];
  }

  get open(): string | undefined {
    if (!this.looked) {
      for (const { name } of this.node.entries) {
        if (addsMembers(name)) this.added = `${name} adds members`;
        else if (name.startsWith('Fn::')) this.added = `${name} stands beside other keys`;
      }
      this.looked = true;
    }
    return this.added;
  }

  get(name: string): Property | undefined {
    const known = this.read?.get(name);
    if (known) return known;
    const entry = this.entry(name);
    if (!entry) return undefined;
    const property = { name, key: entry.key, value: this.evaluate(entry.value) };
    this.read ??= new Map();
    this.read.set(name, property);
    return property;
  }

  private entry(name: string): Entry | undefined {
    if (this.node.entries.length > INDEXED) return this.index().get(name);
    const entry = this.node.entryOf(name);
    return entry && this.isMember(name) ? entry : undefined;
  }

  private index(): ReadonlyMap<string, Entry> {
    if (!this.indexed) {
      const byName = new Map<string, Entry>();
      for (const entry of this.node.entries) {
        // Later entries win, written ones win over merged ones, as in Node.entryOf.
        const before = byName.get(entry.name);
        if (this.isMember(entry.name) && (!before || !entry.merged || before.merged)) byName.set(entry.name, entry);
      }
      this.indexed = byName;
    }
    return this.indexed;
  }

  private isMember(name: string): boolean {
    return !name.startsWith('Fn::') && (!this.keep || this.keep(name));
  }
}

/** An object without members. `open` says why there may be some all the same. */
export function emptyObject(node: Node, open?: string): ObjectValue {
  return { kind: 'object', node, names: [], get: () => undefined, open };
}

/** A list whose items are evaluated, once, when they are looked at. Items that are nothing vanish. */
export class LazyList implements ListValue {
  readonly kind = 'list';
  private all: readonly Value[] | undefined;
  private evaluated: readonly Value[] | undefined;

  constructor(
    readonly node: Node,
    private readonly compute: () => readonly Value[],
    readonly open?: string,
    readonly via?: readonly Via[],
  ) {}

  /** All items as written, those that are nothing included: what functions over lists count. */
  get written(): readonly Value[] {
    this.all ??= this.compute();
    return this.all;
  }

  get items(): readonly Value[] {
    this.evaluated ??= present(this.written);
    return this.evaluated;
  }
}

/** The items of a list as written, those that are nothing included. */
export function writtenItems(list: ListValue): readonly Value[] {
  return list instanceof LazyList ? list.written : list.items;
}

/** The items of a list that are there: an item that is nothing in one branch is an item of the other branch only. */
function present(items: readonly Value[]): readonly Value[] {
  const kept: Value[] = [];
  for (const item of items) {
    if (item.kind === 'choice') kept.push(new LazyChoice(item.node, () => withoutNothing(item.alternatives)));
    else if (item.kind !== 'absent') kept.push(item);
  }
  return kept;
}

function withoutNothing(alternatives: readonly Alternative[]): readonly Alternative[] {
  const kept: Alternative[] = [];
  for (const { condition, value } of alternatives) {
    if (value.kind === 'choice') {
      kept.push({ condition, value: new LazyChoice(value.node, () => withoutNothing(value.alternatives)) });
    } else if (value.kind !== 'absent') kept.push({ condition, value });
  }
  return kept;
}

/** A choice whose alternatives are found, once, when they are looked at. */
export class LazyChoice implements Choice {
  readonly kind = 'choice';
  private found: readonly Alternative[] | undefined;

  constructor(
    readonly node: Node,
    private readonly compute: () => readonly Alternative[],
  ) {}

  get alternatives(): readonly Alternative[] {
    this.found ??= this.compute();
    return this.found;
  }
}

/** An alternative whose value is computed when it is looked at: nested branches cost nothing until a rule walks them. */
export class LazyAlternative implements Alternative {
  private computed: Value | undefined;

  constructor(
    readonly condition: Condition,
    private readonly compute: () => Value,
  ) {}

  get value(): Value {
    this.computed ??= this.compute();
    return this.computed;
  }
}

/** The same value with a hop added before its own; in a choice, to each alternative. The node stays. */
export function withVia(value: Value, via: Via): Value {
  if (value.kind === 'choice') {
    const { node } = value;
    return new LazyChoice(node, () =>
      value.alternatives.map((a) => new LazyAlternative(a.condition, () => withVia(a.value, via))),
    );
  }
  return relocate(value, value.node, via);
}

/** The same value with hops added before its own. */
export function withHops(value: Value, hops: readonly Via[] | undefined): Value {
  let result = value;
  for (const hop of [...(hops ?? [])].reverse()) result = withVia(result, hop);
  return result;
}

/** The same value said at another node, list items and alternatives included. */
export function saidAt(value: Value, node: Node, hops: readonly Via[]): Value {
  if (value.kind === 'choice') {
    return new LazyChoice(node, () =>
      value.alternatives.map((a) => new LazyAlternative(a.condition, () => saidAt(a.value, node, hops))),
    );
  }
  const via = [...hops, ...(value.via ?? [])];
  if (value.kind === 'list') {
    // An item's own node stays known as its last hop: that is where a fix would have to go.
    const kind = hops[hops.length - 1]?.kind ?? 'mapping';
    const name = hops[hops.length - 1]?.name ?? '';
    return new LazyList(
      node,
      () => writtenItems(value).map((item, i) => saidAt(item, node, [{ kind, name: `${name}.${i}`, node: item.node }])),
      value.open,
      via,
    );
  }
  return Object.assign(Object.create(value), { node, via: via.length ? via : undefined }) as Value;
}

/**
 * A block as an object, whatever it is written as: a choice of blocks becomes a block of choices.
 * What is no block at all is an object of which nothing is known.
 */
export function asObject(value: Value, key: Node): ObjectValue {
  if (value.kind === 'object') return value;
  if (value.kind === 'absent') return emptyObject(value.written ?? value.node);
  if (value.kind === 'choice') return new ChoiceObject(value, key);
  return emptyObject(value.node, value.kind === 'unknown' ? value.why : 'is not a block');
}

class ChoiceObject implements ObjectValue {
  readonly kind = 'object';
  readonly node: Node;
  private readonly read = new Map<string, Property | undefined>();
  private readonly branches: readonly { readonly condition: Condition; readonly block: ObjectValue }[];

  constructor(
    choice: Choice,
    private readonly key: Node,
  ) {
    this.node = choice.node;
    this.branches = choice.alternatives.map((a) => ({ condition: a.condition, block: asObject(a.value, key) }));
  }

  get names(): readonly string[] {
    return [...new Set(this.branches.flatMap((branch) => branch.block.names))];
  }

  get open(): string | undefined {
    return this.branches.find((branch) => branch.block.open)?.block.open;
  }

  get(name: string): Property | undefined {
    if (!this.read.has(name)) this.read.set(name, this.compute(name));
    return this.read.get(name);
  }

  private compute(name: string): Property | undefined {
    const properties = this.branches.map((branch) => branch.block.get(name));
    const first = properties.find((property) => property !== undefined);
    if (!first) return undefined;
    const alternatives = this.branches.map(({ condition, block }, i): Alternative => {
      const value = properties[i]?.value;
      if (value) return { condition, value };
      if (block.open) return { condition, value: unknown(block.node, block.open) };
      return { condition, value: { kind: 'absent', node: this.key, container: block, missing: [name] } };
    });
    return { name, key: first.key, value: { kind: 'choice', node: first.value.node, alternatives } };
  }
}
