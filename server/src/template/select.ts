/** Walks property paths through choices, lists and Terraform's single blocks: a path in, judged leaves out. */

import type { Node } from '../syntax/node.ts';
import { oncePerResource, type Resource, type Template } from './template.ts';
import type { Absent, Condition, Leaf, ObjectValue, Value, Via } from './value.ts';

/** One leaf a path leads to, with all that was taken on the way. */
export interface Found {
  readonly value: Leaf;
  /** The node to report: the value, or for absence the key of the nearest enclosing block. */
  readonly node: Node;
  /** The key the value is written under, where there is one. */
  readonly key?: Node;
  /** What must hold for this leaf to be in force, the resource's own conditions included. */
  readonly conditions: readonly Condition[];
  readonly via: readonly Via[];
  /** Objects walked through, outermost first. */
  readonly scopes: readonly ObjectValue[];
  /** The resource it lies in: a companion's leaf lies in the companion. */
  readonly resource: Resource;
  /** The path as walked, list positions included: `Ingress.0.CidrIp`. */
  readonly path: string;
}

interface State {
  readonly conditions: readonly Condition[];
  readonly via: readonly Via[];
  readonly scopes: readonly ObjectValue[];
  readonly key: Node | undefined;
  readonly enclosing: Node;
  readonly path: string;
}

const MAX_LEAVES = 2000;

/**
 * What absence is reported on in an object that has no key of its own, being an item of a list: its first key. Blocks of
 * HCL have a header each.
 */
export function blockKey(node: Node): Node {
  return blockHeader(node) ?? node.entries[0]?.key ?? node;
}

/** The header of a block of HCL, given its body or, of several blocks under one name, the list of them; undefined elsewhere. */
export function blockHeader(node: Node): Node | undefined {
  return node.style === 'block' && node.document.language === 'hcl' ? node.entry?.key : undefined;
}

/** Names the innermost written key on the way: what absence is reported on. */
function absent(node: Node, container: ObjectValue | undefined, missing: readonly string[], written?: Node): Absent {
  return { kind: 'absent', node, container, missing, written };
}

class Walk {
  readonly found: Found[] = [];
  constructor(
    readonly resource: Resource,
    readonly template: Template,
  ) {}

  emit(value: Leaf, state: State): void {
    if (this.found.length >= MAX_LEAVES) return;
    const node = value.kind === 'absent' ? (value.written ?? value.node) : value.node;
    this.found.push({
      value,
      node,
      key: state.key,
      conditions: state.conditions,
      via: value.via ? [...state.via, ...value.via] : state.via,
      scopes: state.scopes,
      resource: this.resource,
      path: state.path,
    });
  }

  walk(value: Value, names: readonly string[], at: number, state: State): void {
    if (this.found.length >= MAX_LEAVES) return;
    if (value.kind === 'choice') {
      for (const alternative of value.alternatives) {
        const conditions = this.template.assume(state.conditions, alternative.condition);
        if (conditions) this.walk(alternative.value, names, at, { ...state, conditions });
      }
      return;
    }
    const name = names[at];
    if (value.kind === 'absent') {
      const container = value.container ?? state.scopes[state.scopes.length - 1];
      this.emit(
        {
          ...absent(
            value.node,
            container,
            [...value.missing, ...names.slice(at).filter((n) => n !== '[]')],
            value.written,
          ),
          via: value.via,
        },
        state,
      );
      return;
    }
    if (name === undefined) {
      this.emit(value, state);
      return;
    }
    if (value.kind === 'list') {
      const rest = name === '[]' ? at + 1 : at;
      const via = value.via ? [...state.via, ...value.via] : state.via;
      value.items.forEach((item, index) => {
        const path = state.path ? `${state.path}.${index}` : String(index);
        // A block that may be repeated and is not: its own key.
        const enclosing = value.items.length === 1 ? state.enclosing : blockKey(item.node);
        this.walk(item, names, rest, { ...state, via, enclosing, path });
      });
      if (value.open) this.emit({ kind: 'unknown', why: value.open, node: value.node }, { ...state, via });
      return;
    }
    if (name === '[]') {
      // A single block or scalar where a list may stand: the one item itself.
      this.walk(value, names, at + 1, state);
      return;
    }
    if (value.kind === 'object') {
      const scopes = [...state.scopes, value];
      const via = value.via ? [...state.via, ...value.via] : state.via;
      const property = value.get(name);
      if (property) {
        const path = state.path ? `${state.path}.${name}` : name;
        if (property.value.kind === 'absent' && property.value.written) {
          const missing = names.slice(at).filter((n) => n !== '[]');
          const nothing = { ...absent(property.key, value, missing, property.value.written), via: property.value.via };
          this.emit(nothing, { ...state, scopes, via, path, key: property.key });
          return;
        }
        this.walk(property.value, names, at + 1, {
          ...state,
          scopes,
          via,
          path,
          key: property.key,
          enclosing: property.key,
        });
        return;
      }
      if (value.open) {
        this.emit({ kind: 'unknown', why: value.open, node: value.node }, { ...state, scopes, via });
        return;
      }
      const missing = names.slice(at).filter((n) => n !== '[]');
      this.emit(absent(state.enclosing, value, missing), { ...state, scopes, via });
      return;
    }
    // A scalar, reference or text where a block belongs: nothing is known of what lies in it.
    if (value.kind === 'unknown' || value.kind === 'reference') {
      this.emit(
        { kind: 'unknown', why: value.kind === 'unknown' ? value.why : `refers to ${value.target}`, node: value.node },
        state,
      );
      return;
    }
    this.emit({ kind: 'unknown', why: 'is not a block', node: value.node }, state);
  }
}

function split(path: string): string[] {
  const names: string[] = [];
  for (const part of path.split('.')) {
    if (part.endsWith('[]')) {
      if (part.length > 2) names.push(part.slice(0, -2));
      names.push('[]');
    } else if (part) names.push(part);
  }
  return names;
}

const paths = new Map<string, readonly string[]>();
function namesOf(path: string): readonly string[] {
  let names = paths.get(path);
  if (!names) {
    names = split(path);
    paths.set(path, names);
  }
  return names;
}

/**
 * The leaves a property path leads to within a resource.
 * `A.B` walks blocks; `A[]` walks the items of a list (a single block counts as a list of one, and a name applied to a list
 * applies to each item). An empty list yields nothing; a missing block yields one Absent leaf.
 */
export function select(resource: Resource, path: string): readonly Found[] {
  // Rules ask the same of a resource over and over: guards, names, companions.
  const known = selected(resource);
  let found = known.get(path);
  if (!found) {
    found = selectFrom(resource, resource.properties, path, resource.conditions, resource.key);
    known.set(path, found);
  }
  return found;
}

const selected = oncePerResource((): Map<string, readonly Found[]> => new Map());

/** As {@link select}, from any value of the resource on; `enclosing` is the key to report absence on. */
export function selectFrom(
  resource: Resource,
  value: Value,
  path: string,
  conditions: readonly Condition[] = resource.conditions,
  enclosing: Node = resource.key,
  scopes: readonly ObjectValue[] = [],
  via: readonly Via[] = [],
): readonly Found[] {
  const walk = new Walk(resource, resource.template);
  walk.walk(value, namesOf(path), 0, { conditions, via, scopes, key: undefined, enclosing, path: '' });
  return walk.found;
}

/** The hops to where a leaf's value is written, without the value's own, which come again with what is below it. */
export function viaBefore({ via, value }: Found): readonly Via[] {
  const own = value.via ?? [];
  const before = via.length - own.length;
  return before >= 0 && own.every((hop, i) => via[before + i] === hop) ? via.slice(0, before) : via;
}

/** Continues from a leaf: the leaves of a path below it, with its conditions and hops kept. */
export function below(found: Found, path: string): readonly Found[] {
  const walk = new Walk(found.resource, found.resource.template);
  walk.walk(found.value, namesOf(path), 0, {
    conditions: found.conditions,
    via: viaBefore(found),
    scopes: found.scopes,
    key: found.key,
    enclosing: found.value.kind === 'object' && found.key && !/\.\d+$/.test(found.path) ? found.key : found.node,
    path: found.path,
  });
  return walk.found;
}
