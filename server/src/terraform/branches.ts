/** What a branch of a conditional may take for granted: in `var.x == null ? a : b`, `b` is read with a set `var.x`. */

import { children, type Expression } from '../syntax/hcl-expression.ts';
import type { Node } from '../syntax/node.ts';
import type { Value } from '../template/value.ts';
import type { Formula } from './conditions.ts';
import { find, type Scope, stepName } from './scope.ts';
import { absent, known, unknown } from './values.ts';

const VARIABLE = /^var\.[A-Za-z_][\w-]*$/;
const MAX_NAMED = 50;

/**
 * The scope of one branch: variables that the condition decides are bound under `var.` and their name.
 * @param holds which of the branches
 * @param byDefault what the condition comes to with the variables' defaults, where that is known: in the other branch
 *   some variable it names has another value
 */
export function branchScope(
  condition: Expression,
  formula: Formula,
  holds: boolean,
  byDefault: boolean | undefined,
  scope: Scope | undefined,
  node: Node,
): Scope | undefined {
  const facts = new Map<string, Value>();
  if (byDefault === !holds) {
    for (const name of variablesIn(condition)) facts.set(name, unknown(`${name} is not its default here`, node));
  }
  learn(formula, holds, node, facts);
  let inner = scope;
  for (const [name, value] of facts) inner = { name, value, outer: inner };
  return inner;
}

/** What a variable is bound to by the branch it stands in. */
export function variableIn(scope: Scope | undefined, name: string): Value | undefined {
  return scope && find(scope, `var.${name}`);
}

function learn(formula: Formula, holds: boolean, node: Node, facts: Map<string, Value>): void {
  switch (formula.kind) {
    case 'constant':
      return;
    case 'not':
      learn(formula.of, !holds, node, facts);
      return;
    case 'and':
    case 'or':
      // Of several that do not all hold nothing follows for a single one.
      if (holds === (formula.kind === 'and')) for (const part of formula.of) learn(part, holds, node, facts);
      return;
    case 'atom': {
      if (formula.left === undefined) {
        if (VARIABLE.test(formula.id)) facts.set(formula.id, known(holds, node));
        return;
      }
      const value = holds && VARIABLE.test(formula.left) ? literal(formula.literal ?? '', node) : undefined;
      if (value) facts.set(formula.left, value);
    }
  }
}

function literal(printed: string, node: Node): Value | undefined {
  if (printed === 'null') return absent(node);
  if (printed.includes('${') || printed.includes('%{')) return undefined;
  try {
    const value: unknown = JSON.parse(printed);
    return typeof value === 'string' || typeof value === 'number' ? known(value, node) : undefined;
  } catch {
    return undefined;
  }
}

function variablesIn(condition: Expression): ReadonlySet<string> {
  const names = new Set<string>();
  const pending = [condition];
  for (let at = pending.pop(); at && names.size < MAX_NAMED; at = pending.pop()) {
    if (at.kind === 'traversal' && at.root.kind === 'name' && at.root.name === 'var') {
      const name = stepName(at.steps[0]);
      if (name) names.add(`var.${name}`);
    }
    pending.push(...children(at));
  }
  return names;
}
