/** Type constraints of variables: what converting a value to its type adds to it and takes away. */

import { decodeScalar } from '../syntax/embedded.ts';
import { type Expression, literalText, unwrap } from '../syntax/hcl-expression.ts';
import { parseExpression } from '../syntax/hcl-parser.ts';
import { ExpressionSource, expressionAt, type WrittenExpression } from '../syntax/hcl-source.ts';
import { type Node, Origin } from '../syntax/node.ts';
import type { ObjectValue, Value } from '../template/value.ts';
import { absent, asSet, carry, LazyObject, list, type Member, mapChoice, sensitive } from './values.ts';

const MAX_DEPTH = 20;

/** The type constraint that a node is: an expression in HCL, the text of one in JSON. */
export function constraintOf(node: Node): WrittenExpression | undefined {
  const written = expressionAt(node);
  if (written && written.expression.kind !== 'template') return written;
  if (node.kind !== 'string' || typeof node.value !== 'string') return undefined;
  const { text, map } = decodeScalar(node);
  const { expression } = parseExpression(text);
  return { expression, source: new ExpressionSource(text, new Origin(node.document, 0, map, node)) };
}

/**
 * A value as its variable's type makes it: members that are left out, or null, have the default that `optional(type,
 * default)` gives them, or are null; what a set lists has no position; an object has no members but those of its type.
 * @param evaluate gives the value of a default
 */
export function converted(value: Value, type: Expression, evaluate: (written: Expression) => Value, depth = 0): Value {
  const { name, of } = takenApart(type);
  if (depth > MAX_DEPTH || name === undefined || !of) return value;
  const inner = (member: Value, memberType: Expression) => converted(member, memberType, evaluate, depth + 1);
  return mapChoice(value, value.node, (leaf) => {
    switch (name) {
      case 'set':
      case 'list': {
        if (leaf.kind !== 'list') return leaf;
        const items = leaf.items.map((item) => inner(item, of));
        const made = like(list(items, leaf.node, leaf.open), leaf);
        return name === 'set' ? asSet(made) : made;
      }
      case 'map':
        return leaf.kind === 'object'
          ? like(
              members(leaf, (member) => inner(member, of)),
              leaf,
            )
          : leaf;
      case 'object':
        return leaf.kind === 'object' && of.kind === 'object'
          ? like(attributes(leaf, of, evaluate, inner), leaf)
          : leaf;
      default:
        return leaf;
    }
  });
}

/** Whether converting to a type may change what a value is taken for. */
export function changes(type: Expression, depth = 0): boolean {
  const { name, of } = takenApart(type);
  if (name === 'set') return true;
  if (name === undefined || !of || depth > MAX_DEPTH) return false;
  if (name !== 'object') return changes(of, depth + 1);
  if (of.kind !== 'object') return false;
  return of.items.some(({ value }) => takenApart(value).name === 'optional' || changes(value, depth + 1));
}

/** `list(string)` in its parts. */
function takenApart(type: Expression): {
  readonly name?: string;
  readonly of?: Expression;
  readonly fallback?: Expression;
} {
  const written = unwrap(type);
  if (written.kind !== 'call') return {};
  const [of, fallback] = written.args;
  return { name: written.name, of: of && unwrap(of), fallback };
}

function members(object: ObjectValue, change: (value: Value) => Value): ObjectValue {
  const all = object.names.flatMap((name): [string, Member][] => {
    const property = object.get(name);
    return property ? [[name, { key: property.key, value: () => change(property.value) }]] : [];
  });
  return new LazyObject(object.node, new Map(all), object.open);
}

function attributes(
  object: ObjectValue,
  type: Expression & { readonly kind: 'object' },
  evaluate: (written: Expression) => Value,
  inner: (value: Value, type: Expression) => Value,
): ObjectValue {
  const all = new Map<string, Member>();
  for (const { key, value: memberType } of type.items) {
    const name = literalText(key);
    if (name === undefined) continue;
    const written = object.get(name);
    const part = takenApart(memberType);
    const optional = part.name === 'optional' && part.of ? part : undefined;
    const own = optional?.of ?? memberType;
    if (!written && (object.open !== undefined || !optional)) continue;
    const fallback = () => (optional?.fallback ? inner(evaluate(optional.fallback), own) : absent(object.node));
    const isSet = written && written.value.kind !== 'absent';
    const missing = optional?.fallback !== undefined || !written ? fallback : () => written.value;
    all.set(name, { key: written?.key ?? object.node, value: isSet ? () => inner(written.value, own) : missing });
  }
  return new LazyObject(object.node, all, object.open);
}

/** What a conversion made, with the hops and the secrecy of what it was made of. */
function like<T extends Value>(made: T, of: Value): Value {
  const carried = carry(made, of.via);
  return of.sensitive === undefined ? carried : sensitive(carried, of.sensitive);
}
