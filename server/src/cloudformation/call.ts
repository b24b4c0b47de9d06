/** Intrinsic function calls, short (`!Sub x`) and long (`Fn::Sub: x`), in one shape. */

import type { Node } from '../syntax/node.ts';

/** A call of an intrinsic function. */
export interface Call {
  /** Long name: `Ref`, `Condition`, `Fn::Sub`. */
  readonly name: string;
  /** The whole call. */
  readonly node: Node;
  /** What it is applied to; for the short form the node itself, whose tag then counts no more. */
  readonly argument: Node;
  /** Written in the short form. */
  readonly tagged: boolean;
}

/** Whether a key calls an intrinsic function that yields a value (a loop or transform adds members instead). */
function isFunctionName(name: string): boolean {
  return name === 'Ref' || name.startsWith('Fn::');
}

/** Whether a key adds members to the object it stands in: `Fn::Transform`, `Fn::ForEach::Name`. */
export function addsMembers(name: string): boolean {
  return name === 'Fn::Transform' || name.startsWith('Fn::ForEach');
}

/**
 * The call that a node is, if it is one. An object is a call if its only entry names a function;
 * `Condition` counts only in its short form, as the long form is a plain key outside of the Conditions section.
 */
export function callOf(node: Node): Call | undefined {
  const tag = node.tag;
  if (tag !== undefined && tag.length > 1 && tag.startsWith('!') && !tag.startsWith('!!') && !tag.startsWith('!<')) {
    const name = tag.slice(1);
    return { name: name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`, node, argument: node, tagged: true };
  }
  return longCallOf(node);
}

/** The call in the long form that a node is, whatever its tag: `!Base64` may be applied to `{Fn::Sub: …}`. */
export function longCallOf(node: Node): Call | undefined {
  if (node.kind !== 'object' || node.entries.length !== 1) return undefined;
  const entry = node.entries[0];
  if (!entry || !isFunctionName(entry.name)) return undefined;
  return { name: entry.name, node, argument: entry.value, tagged: false };
}

/** The items a call's argument lists; none where it is no list. */
export function argumentsOf(call: Call): readonly Node[] {
  return call.argument.kind === 'array' && (call.tagged || !callOf(call.argument)) ? call.argument.items : [];
}

/** The text a call's argument is, if it is a plain scalar. */
export function argumentText(call: Call): string | undefined {
  return call.tagged ? scalarText(call.argument) : plainText(call.argument);
}

/** The text of a plain scalar that is no call. Numbers as written. */
export function plainText(node: Node | undefined): string | undefined {
  return node && !callOf(node) ? scalarText(node) : undefined;
}

function scalarText(node: Node): string | undefined {
  if (node.kind === 'string') return String(node.value);
  if (node.kind === 'number') return node.source || String(node.value);
  return node.kind === 'boolean' ? String(node.value) : undefined;
}

/** The name a node plainly refers to (`Ref`), if it does. */
export function referencedName(node: Node): string | undefined {
  const call = callOf(node);
  return call?.name === 'Ref' ? argumentText(call) : undefined;
}
