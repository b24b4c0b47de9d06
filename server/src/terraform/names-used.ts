/** Which names of a module a block speaks of: when none of them has changed, it means what it meant before. */

import { children, type Expression, partExpressions } from '../syntax/hcl-expression.ts';
import { expressionAt } from '../syntax/hcl-source.ts';
import type { Node } from '../syntax/node.ts';
import { type Scalars, stepName } from './scope.ts';

/** Spoken of: some variable, local or resource that only evaluation can tell. */
export const ANY = '*';

/**
 * What the expressions in a node refer to, directly: `var.a`, `local.b`, `module.c`, `data.t.n`, `type.name`. Names that loops
 * bind are among them, which does no harm.
 */
export function namesUsed(root: Node, scalars: Scalars): ReadonlySet<string> {
  const names = new Set<string>();
  const nodes = [root];
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    const written = expressionAt(node);
    if (written) addNames([written.expression], names);
    else {
      for (const entry of node.entries) nodes.push(entry.key, entry.value);
      for (const item of node.items) nodes.push(item);
      const parsed = scalars.parse(node);
      if (parsed) addNames(partExpressions(parsed.parts), names);
    }
  }
  return names;
}

function addNames(expressions: readonly Expression[], names: Set<string>): void {
  const pending = [...expressions];
  for (let expression = pending.pop(); expression; expression = pending.pop()) {
    if (expression.kind === 'name') names.add(isNamespace(expression.name) ? ANY : expression.name);
    else if (expression.kind === 'traversal' && expression.root.kind === 'name') {
      const { root, steps } = expression;
      const first = stepName(steps[0]);
      const second = stepName(steps[1]);
      if (root.name === 'data') names.add(first && second ? `data.${first}.${second}` : ANY);
      else names.add(first ? `${root.name}.${first}` : ANY);
      // By itself the root, `var` in `var.a`, would speak of any name.
      pending.push(...children(expression).slice(1));
      continue;
    }
    for (const child of children(expression)) pending.push(child);
  }
}

function isNamespace(name: string): boolean {
  return name === 'var' || name === 'local' || name === 'module' || name === 'data';
}

/**
 * Adds names whose definitions speak of what has changed, directly or through others.
 * @param definitions of each name, what its definitions speak of
 */
export function addDependents(
  changed: Set<string>,
  definitions: Iterable<readonly [name: string, uses: ReadonlySet<string>]>,
): void {
  const users = new Map<string, string[]>();
  for (const [name, uses] of definitions) {
    for (const use of uses) {
      const known = users.get(use);
      if (known) known.push(name);
      else users.set(use, [name]);
    }
  }
  const pending = [...changed, ANY];
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    for (const user of users.get(one) ?? []) {
      if (changed.has(user)) continue;
      changed.add(user);
      pending.push(user);
    }
  }
}

/** Whether a block that speaks of these names has to be evaluated anew. */
export function speaksOf(names: ReadonlySet<string>, changed: ReadonlySet<string>): boolean {
  if (!changed.size) return false;
  if (names.has(ANY)) return true;
  for (const name of changed) if (names.has(name)) return true;
  return false;
}
