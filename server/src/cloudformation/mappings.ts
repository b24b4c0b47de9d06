/** `Fn::FindInMap`: the value where the keys are known, the choice over the keys where they are not. */

import type { Node } from '../syntax/node.ts';
import type { Alternative, Condition, Value, Via } from '../template/value.ts';
import { overBranches } from './branches.ts';
import { argumentsOf, type Call, plainText } from './call.ts';
import type { Scope } from './scope.ts';
import { LazyAlternative, LazyChoice, saidAt, unknown } from './values.ts';

/** Maps with more keys than this are not told apart. */
const MAX_KEYS = 200;
/** The answer to "which key?" when the fallback of the language extensions applies. Not a key: those have letters and digits only. */
const OTHER = '(other)';

/** Map name, first key, second key, and `{DefaultValue: …}` of the language extensions. */
export function findInMap(call: Call, scope: Scope): Value {
  const [map, first, second, options] = argumentsOf(call);
  if (!map || !first || !second) return unknown(call.node, 'the keys are not written yet');
  const inputs = [scope.evaluate(map), scope.evaluate(first), scope.evaluate(second)];
  const fallback = options?.get('DefaultValue');
  return overBranches(scope, call.node, inputs, ([name, one, two], inner) => {
    const body = name?.kind === 'known' ? scope.names.mapping(String(name.value)) : undefined;
    if (name?.kind !== 'known' || !body || !one || !two) {
      return fallback && name?.kind === 'known' ? inner.evaluate(fallback) : unknown(call.node, 'the map is not known');
    }
    return new Lookup(call, fallback, String(name.value)).descend(body, [one, two], inner, []);
  });
}

class Lookup {
  constructor(
    private readonly call: Call,
    private readonly fallback: Node | undefined,
    private readonly map: string,
  ) {}

  /** Follows the keys left from a level of the map on. */
  descend(
    level: Node,
    keys: readonly Value[],
    scope: Scope,
    taken: readonly string[],
    via: readonly Via[] = [],
  ): Value {
    const { node } = this.call;
    const [key, ...rest] = keys;
    if (!key) {
      const name = [this.map, ...taken].join('.');
      return saidAt(scope.evaluate(level), node, [...via, { kind: 'mapping', name, node: level }]);
    }
    if (level.kind !== 'object') return unknown(node, `${[this.map, ...taken].join('.')} has no keys`);
    if (key.kind === 'known') {
      const text = String(key.value);
      const entry = level.get(text);
      if (!entry) return this.missing(scope, text);
      return this.descend(entry, rest, scope, [...taken, text], [...via, ...(key.via ?? [])]);
    }
    return this.any(level, key, rest, scope, taken, via);
  }

  /** The key is not known: one alternative a key that it can be. */
  private any(
    level: Node,
    key: Value,
    rest: readonly Value[],
    scope: Scope,
    taken: readonly string[],
    via: readonly Via[],
  ): Value {
    const { node } = this.call;
    if (level.entries.length > MAX_KEYS) return unknown(node, `${this.map} has too many keys`);
    const id = scope.names.conditions.symbolOf(key.node);
    const possible = key.kind === 'unknown' ? key.possible?.map((value) => plainText(value.node)) : undefined;
    const open: { condition: Condition; inner: Scope; entry: Node | undefined }[] = [];
    for (const { name, value, duplicate } of level.entries) {
      if (duplicate || (possible && !possible.includes(name))) continue;
      const condition = { id, value: name, text: `${id} is ${name}` };
      const inner = scope.under(condition);
      if (inner) open.push({ condition, inner, entry: value });
    }
    if (this.fallback && !possible?.every((name) => name !== undefined && level.get(name))) {
      const condition = { id, value: OTHER, text: `${id} is another` };
      const inner = scope.under(condition);
      if (inner) open.push({ condition, inner, entry: undefined });
    }
    const evaluate = (inner: Scope, name: string, entry: Node | undefined): Value =>
      entry ? this.descend(entry, rest, inner, [...taken, name], via) : this.missing(inner, name);
    const decided = open.find((answer) => answer.inner === scope);
    if (decided) return evaluate(scope, String(decided.condition.value), decided.entry);
    if (!open.length) return unknown(node, `no key of ${this.map} applies`);
    return new LazyChoice(node, () =>
      open.map(
        ({ condition, inner, entry }): Alternative =>
          new LazyAlternative(condition, () => evaluate(inner, String(condition.value), entry)),
      ),
    );
  }

  private missing(scope: Scope, key: string): Value {
    return this.fallback ? scope.evaluate(this.fallback) : unknown(this.call.node, `${this.map} has no key ${key}`);
  }
}
