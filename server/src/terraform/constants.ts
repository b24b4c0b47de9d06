/** Looks at expressions without evaluating them: whether their value is fixed by the text, and what they refer to. */

import { children, type Expression, partExpressions } from '../syntax/hcl-expression.ts';
import { expressionAt } from '../syntax/hcl-source.ts';
import type { Node } from '../syntax/node.ts';
import { referencesIn } from './references.ts';
import { type Definitions, find, type Scalars, type Scope, stepName } from './scope.ts';

export class Constants {
  private readonly locals = new Map<string, boolean>();

  constructor(
    private readonly definitions: Definitions,
    private readonly scalars: Scalars,
  ) {}

  /** Whether a node's value is fixed by the text alone: no variable, no reference decides on it. */
  isConstant(node: Node, depth = 0): boolean {
    if (depth > 10) return false;
    const written = expressionAt(node);
    if (written) return this.isConstantExpression(written.expression, undefined, depth + 1);
    if (node.kind === 'object') return node.entries.every((entry) => this.isConstant(entry.value, depth + 1));
    if (node.kind === 'array') return node.items.every((item) => this.isConstant(item, depth + 1));
    const parsed = this.scalars.parse(node);
    return (
      !parsed || partExpressions(parsed.parts).every((part) => this.isConstantExpression(part, undefined, depth + 1))
    );
  }

  /** As {@link isConstant}, of an expression; what loops bind counts as fixed. */
  isConstantExpression(expression: Expression, scope: Scope | undefined, depth = 0): boolean {
    if (depth > 20) return false;
    if (expression.kind === 'name') return find(scope, expression.name) !== undefined;
    if (expression.kind === 'traversal' && expression.root.kind === 'name') {
      if (find(scope, expression.root.name)) return true;
      const first = stepName(expression.steps[0]);
      if (expression.root.name === 'var') return first !== undefined && this.definitions.isFixed(first);
      if (expression.root.name !== 'local' || first === undefined || !this.isConstantLocal(first)) return false;
      return children(expression)
        .slice(1)
        .every((key) => this.isConstantExpression(key, scope, depth + 1));
    }
    return (
      expression.kind !== 'invalid' &&
      children(expression).every((child) => this.isConstantExpression(child, scope, depth + 1))
    );
  }

  /** The answer is the local's own, whoever asks: those that it refers to are looked at first, and without recursion. */
  private isConstantLocal(name: string): boolean {
    const pending = this.locals.has(name) ? [] : [name];
    for (let top = pending[pending.length - 1]; top !== undefined; top = pending[pending.length - 1]) {
      const node = this.definitions.local(top);
      if (!this.locals.has(top)) {
        // One that leads back to itself is not fixed.
        this.locals.set(top, false);
        for (const other of node ? referencesIn(node, this.scalars) : [])
          if (other.kind === 'local' && !this.locals.has(other.name)) pending.push(other.name);
        continue;
      }
      pending.pop();
      this.locals.set(top, node !== undefined && this.isConstant(node));
    }
    return this.locals.get(name) === true;
  }

  /** Whether an expression speaks of what a loop binds. */
  usesBinding(expression: Expression, scope: Scope | undefined): boolean {
    if (!scope) return false;
    if (expression.kind === 'name') return find(scope, expression.name) !== undefined;
    return children(expression).some((child) => this.usesBinding(child, scope));
  }
}
