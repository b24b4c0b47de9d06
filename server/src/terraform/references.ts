/** What a definition is made of: the variables, locals and outputs of modules that its expressions name. */

import { children, type Expression, partExpressions, unwrap } from '../syntax/hcl-expression.ts';
import { expressionAt } from '../syntax/hcl-source.ts';
import type { Node } from '../syntax/node.ts';
import { outputStep, type Scalars, stepName } from './scope.ts';

/** A definition that another one names. */
export interface Reference {
  readonly kind: 'variable' | 'local' | 'output';
  /** Of an output: the call's. */
  readonly module?: string;
  readonly name: string;
  /** How deep evaluation is, at least by the text, where it comes to the name. */
  readonly depth: number;
}

/** Of the same node the same in each version of a document that it is part of. */
const kept = new WeakMap<Node, readonly Reference[]>();

/** Variables, locals and outputs of modules that a node names, at any depth; no name is followed. */
export function referencesIn(root: Node, scalars: Scalars): readonly Reference[] {
  const before = kept.get(root);
  if (before) return before;
  const found: Reference[] = [];
  const nodes: (readonly [Node, number])[] = [[root, 1]];
  for (let next = nodes.pop(); next; next = nodes.pop()) {
    const [node, depth] = next;
    const written = expressionAt(node);
    for (const entry of written ? [] : node.entries) nodes.push([entry.key, depth + 1], [entry.value, depth + 1]);
    for (const item of written ? [] : node.items) nodes.push([item, depth + 1]);
    const expressions = written ? [written.expression] : partExpressions(scalars.parse(node)?.parts ?? []);
    addReferences(expressions, depth + 1, found);
  }
  kept.set(root, found);
  return found;
}

function addReferences(expressions: readonly Expression[], depth: number, found: Reference[]): void {
  const pending = expressions.map((expression): readonly [Expression, number] => [expression, depth]);
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [expression, depth] = next;
    const reference = referenceOf(expression, depth);
    if (reference) found.push(reference);
    // Parts of a condition that a loop decides are looked at one within the other.
    const below = depth + 1 + (expression.kind === 'conditional' ? operatorsIn(expression.condition) : 0);
    for (const child of children(expression)) pending.push([child, below]);
  }
}

function referenceOf(expression: Expression, depth: number): Reference | undefined {
  if (expression.kind !== 'traversal' || expression.root.kind !== 'name') return undefined;
  const { root, steps } = expression;
  const first = stepName(steps[0]);
  if (first === undefined) return undefined;
  if (root.name === 'local') return { kind: 'local', name: first, depth };
  if (root.name === 'var') return { kind: 'variable', name: first, depth };
  const output = root.name === 'module' ? outputStep(steps)?.name : undefined;
  return output === undefined ? undefined : { kind: 'output', module: first, name: output, depth };
}

/** How many `!`, `&&` and `||` a condition is made of. */
function operatorsIn(condition: Expression): number {
  let count = 0;
  const pending = [condition];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const part = unwrap(next);
    const isNot = part.kind === 'unary' && part.operator === '!';
    if (!isNot && !(part.kind === 'binary' && (part.operator === '&&' || part.operator === '||'))) continue;
    count++;
    pending.push(...children(part));
  }
  return count;
}
