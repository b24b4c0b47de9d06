/** Functions of several values, each of which may depend on conditions: computed branch by branch. */

import type { Node } from '../syntax/node.ts';
import type { Alternative, Value, Via } from '../template/value.ts';
import type { Scope } from './scope.ts';
import { unknown } from './values.ts';

/** More combinations than this are not told apart. */
const MAX_BRANCHES = 32;
const MAX_TEXT = 1 << 20;
const MAX_PARTS = 10_000;

/**
 * Applies `combine` to every combination of alternatives that can hold together, and yields the choice among the results.
 * Where there are too many combinations, `combine` gets the values as they are, choices included.
 */
export function overBranches(
  scope: Scope,
  node: Node,
  inputs: readonly Value[],
  combine: (values: readonly Value[], scope: Scope) => Value,
): Value {
  let count = 1;
  for (const input of inputs) {
    if (count <= MAX_BRANCHES) count *= leaves(input, MAX_BRANCHES + 1);
  }
  if (count > MAX_BRANCHES) return combine(inputs, scope);
  return expand(scope, node, inputs, 0, combine);
}

function expand(
  scope: Scope,
  node: Node,
  inputs: readonly Value[],
  from: number,
  combine: (values: readonly Value[], scope: Scope) => Value,
): Value {
  let at = from;
  while (at < inputs.length && inputs[at]?.kind !== 'choice') at++;
  const choice = inputs[at];
  if (choice?.kind !== 'choice') return combine(inputs, scope);
  const alternatives: Alternative[] = [];
  for (const { condition, value } of choice.alternatives) {
    const inner = scope.under(condition);
    if (!inner) continue;
    const result = expand(inner, node, [...inputs.slice(0, at), value, ...inputs.slice(at + 1)], at, combine);
    // What holds anyway is no alternative.
    if (inner === scope) return result;
    alternatives.push({ condition, value: result });
  }
  return { kind: 'choice', node, alternatives };
}

function leaves(value: Value, limit: number): number {
  if (value.kind !== 'choice') return 1;
  let count = 0;
  for (const alternative of value.alternatives) {
    if (count >= limit) break;
    count += leaves(alternative.value, limit - count);
  }
  return Math.max(1, count);
}

/**
 * Texts and values one after the other, as one value: known where all parts are, the part itself where it is the only one,
 * text with holes otherwise. What is nothing adds nothing.
 */
export function concatenate(node: Node, values: readonly (string | Value)[]): Value {
  const parts: (string | Value)[] = [];
  const via: Via[] = [];
  let plain = '';
  let length = 0;
  let sensitive: true | undefined;
  const flush = (): void => {
    if (plain) parts.push(plain);
    plain = '';
  };
  const add = (value: string | Value): void => {
    if (typeof value === 'string') {
      plain += value;
      length += value.length;
      return;
    }
    if (value.sensitive) sensitive = true;
    if (value.kind === 'absent') return;
    if ((value.kind === 'known' || value.kind === 'text') && value.via && via.length < MAX_PARTS)
      via.push(...value.via);
    if (value.kind === 'known') add(String(value.value));
    else if (value.kind === 'text') for (const part of value.parts) add(part);
    else {
      flush();
      parts.push(value.kind === 'object' || value.kind === 'list' ? unknown(value.node, 'is no text') : value);
    }
  };
  for (const value of values) {
    if (length > MAX_TEXT || parts.length > MAX_PARTS) return unknown(node, 'is too long');
    add(value);
  }
  flush();
  const [first, second] = parts;
  const hops = via.length ? via : undefined;
  if (second === undefined) {
    if (first === undefined || typeof first === 'string')
      return { kind: 'known', node, value: first ?? '', via: hops, sensitive };
    if (!hops && first.kind !== 'choice') return Object.assign(Object.create(first), { node }) as Value;
  }
  return { kind: 'text', node, parts, via: hops, sensitive };
}
