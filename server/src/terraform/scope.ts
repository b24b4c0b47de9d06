/** What expressions are evaluated in: a module's definitions, names bound by loops, and the texts expressions stand in. */

import { decodeScalar } from '../syntax/embedded.ts';
import { type Expression, literalText, type TemplatePart, type TraversalStep } from '../syntax/hcl-expression.ts';
import { parseTemplate } from '../syntax/hcl-parser.ts';
import { ExpressionSource } from '../syntax/hcl-source.ts';
import { type Node, Origin } from '../syntax/node.ts';
import { detached } from '../syntax/text.ts';
import type { Value, Via } from '../template/value.ts';

/** What the names of a module stand for. */
export interface Definitions {
  /** What stands before the addresses of the module's resources: `module.network.`, or nothing. */
  readonly prefix: string;
  /** What a variable is set to, its default, or Unknown; undefined where it is not declared. */
  variable(name: string): { readonly value: Value; readonly kind: Via['kind']; readonly module?: string } | undefined;
  /** Whether a variable's value is decided for good: by a call, out of constants or the default. */
  isFixed(name: string): boolean;
  /** An output of a module that is called; undefined where that module is not known. */
  output(module: string, name: string): Value | undefined;
  /** The node that defines a local. */
  local(name: string): Node | undefined;
  /** Why a local must not be evaluated (`refers to itself`); undefined where it may be. */
  flawOfLocal(name: string): string | undefined;
  /** Whether a managed resource of that address is declared. */
  declares(address: string): boolean;
  /** Whether a resource or data source of that address has `count` or `for_each`: an index of it is an instance. */
  isRepeated(address: string): boolean;
  /** The region that `data.aws_region.NAME` finds, where a provider block says it for good. */
  region(name: string): Value | undefined;
}

/** Names bound by `for` and `dynamic`, innermost first. */
export interface Scope {
  readonly name: string;
  readonly value: Value;
  readonly outer: Scope | undefined;
}

/** An expression's surroundings. */
export interface Frame {
  readonly source: ExpressionSource;
  readonly scope: Scope | undefined;
}

/** What a name is bound to by a loop around. */
export function find(scope: Scope | undefined, name: string): Value | undefined {
  for (let at = scope; at; at = at.outer) if (at.name === name) return at.value;
  return undefined;
}

/** The name in `.name` or `["name"]`. */
export function stepName(step: TraversalStep | undefined): string | undefined {
  const name = step?.kind === 'attribute' ? step.name : step?.kind === 'index' ? literalText(step.key) : undefined;
  return name || undefined;
}

/** Which output the steps behind `module` name, and with how many of them: `.x.out`, `.x[0].out`, `.x[*].out`. */
export function outputStep(
  steps: readonly TraversalStep[],
): { readonly name: string; readonly reach: number } | undefined {
  const [, second, third] = steps;
  const reach = (second?.kind === 'index' || second?.kind === 'splat') && third ? 2 : 1;
  const name = stepName(steps[reach]);
  return name === undefined ? undefined : { name, reach };
}

/** The name of the local that an expression is. */
export function localName(expression: Expression): string | undefined {
  if (expression.kind !== 'traversal' || expression.root.kind !== 'name' || expression.root.name !== 'local')
    return undefined;
  return expression.steps.length === 1 ? stepName(expression.steps[0]) : undefined;
}

/** A text with templates in it. */
export interface ParsedScalar {
  readonly source: ExpressionSource;
  readonly parts: readonly TemplatePart[];
  /** The one expression the text consists of. */
  readonly whole: Expression | undefined;
}

const MAX_KEPT = 20_000;
const MAX_KEPT_LENGTH = 4_000;

// Trees know no place in a document, so the same text is the same tree in the next version of it.
const kept = new Map<string, readonly TemplatePart[]>();

function partsOf(text: string): readonly TemplatePart[] {
  const before = kept.get(text);
  if (before) return before;
  if (text.length > MAX_KEPT_LENGTH) return parseTemplate(text).parts;
  const own = detached(text);
  const { parts } = parseTemplate(own);
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(own, parts);
  return parts;
}

/** Texts of a module, parsed once. */
export class Scalars {
  private readonly parsed = new WeakMap<Node, ParsedScalar>();

  /** The templates in a text; undefined where it has none. */
  parse(node: Node): ParsedScalar | undefined {
    if (node.kind !== 'string' || typeof node.value !== 'string') return undefined;
    if (!node.value.includes('${') && !node.value.includes('%{')) return undefined;
    const before = this.parsed.get(node);
    if (before) return before;
    const { text, map } = decodeScalar(node);
    const parts = partsOf(text);
    const only = parts.length === 1 ? parts[0] : undefined;
    const result = {
      source: new ExpressionSource(text, new Origin(node.document, 0, map, node)),
      parts,
      whole: only?.kind === 'interpolation' ? only.expression : undefined,
    };
    this.parsed.set(node, result);
    return result;
  }
}
