/** Finds names that are defined by themselves. */

/** Marks names so that every cycle of definitions holds at least one marked name. */
export class LocalCycles {
  private readonly done = new Set<string>();
  private readonly cyclic = new Set<string>();

  constructor(private readonly namesIn: (name: string) => readonly string[]) {}

  /** Whether the definition of a name must not be followed. */
  includes(name: string): boolean {
    if (!this.done.has(name)) this.visit(name);
    return this.cyclic.has(name);
  }

  /** Depth first without recursion: definitions may form long chains. */
  private visit(root: string): void {
    const path = new Set<string>([root]);
    const stack = [{ name: root, pending: [...this.namesIn(root)] }];
    for (let top = stack[stack.length - 1]; top; top = stack[stack.length - 1]) {
      const next = top.pending.pop();
      if (next === undefined) {
        stack.pop();
        path.delete(top.name);
        this.done.add(top.name);
      } else if (path.has(next)) this.cyclic.add(next);
      else if (!this.done.has(next)) {
        path.add(next);
        stack.push({ name: next, pending: [...this.namesIn(next)] });
      }
    }
  }
}
