/**
 * Our reading of HCL against HashiCorp's own (its Go parser as WebAssembly, which prints a file as JSON): the same files
 * are read without a problem, and blocks, labels, attributes and values come out the same.
 */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parse as parseGo } from '@cdktf/hcl2json';
import { globSync } from 'tinyglobby';
import { parseHcl } from '../../server/src/syntax/hcl.ts';
import type { Expression, TemplatePart } from '../../server/src/syntax/hcl-expression.ts';
import { expressionAt } from '../../server/src/syntax/hcl-source.ts';
import type { Node } from '../../server/src/syntax/node.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** A body, or the labels around one, as hcl2json prints it: every block in an array, attributes by name. */
function body(node: Node): Json {
  const result: { [name: string]: Json } = Object.create(null);
  for (const { name, value } of node.entries) merge(result, name, member(value));
  return result;
}

function member(value: Node): Json {
  if (value.style !== 'block') return attribute(value);
  if (value.kind === 'array') return value.items.map(member).reduce(joined);
  // The objects that labels make begin behind the block's brace.
  const isBody = value.document.text[value.start] === '{';
  return isBody ? [body(value)] : body(value);
}

function merge(into: { [name: string]: Json }, name: string, value: Json): void {
  into[name] = name in into ? joined(into[name] as Json, value) : value;
}

/** Two blocks of one name: their bodies in one array, below equal labels. */
function joined(a: Json, b: Json): Json {
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
  if (!isObject(a) || !isObject(b)) return b;
  for (const [name, value] of Object.entries(b)) merge(a, name, value);
  return a;
}

function isObject(value: Json): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function attribute(node: Node): Json {
  const written = expressionAt(node);
  return written ? converted(written.expression, written.source.text) : '(nothing)';
}

function converted(expression: Expression, text: string): Json {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'unary':
      if (expression.operand.kind === 'literal' && typeof expression.operand.value === 'number') {
        return -expression.operand.value;
      }
      return wrapped(expression, text);
    case 'template':
      return parts(expression.parts, text);
    case 'tuple':
      return expression.items.map((item) => converted(item, text));
    case 'object': {
      const result: { [name: string]: Json } = Object.create(null);
      for (const { key, value } of expression.items) {
        result[key.kind === 'template' ? parts(key.parts, text) : wrapped(key, text)] = converted(value, text);
      }
      return result;
    }
    default:
      return wrapped(expression, text);
  }
}

function wrapped({ from, to }: { readonly from: number; readonly to: number }, text: string): string {
  return `\${${text.slice(from, to)}}`;
}

function parts(list: readonly TemplatePart[], text: string): string {
  return list.map((part) => printed(part, text)).join('');
}

function printed(part: TemplatePart, text: string): string {
  switch (part.kind) {
    case 'text':
      return part.value;
    case 'interpolation':
      return wrapped(part.expression, text);
    default:
      return '?';
  }
}

export { body, parseGo, parseHcl };
