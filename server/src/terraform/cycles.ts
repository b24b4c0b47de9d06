/** Finds names that are defined by themselves. */

/** Tells which names lead back to themselves, whichever of them is asked for first. */
export class LocalCycles {
  /** Names in the order in which they were come upon. */
  private readonly order = new Map<string, number>();
  private readonly cyclic = new Set<string>();
  /** Names that were come upon and may still be part of a cycle, in order. */
  private readonly open: string[] = [];
  private readonly isOpen = new Set<string>();

  constructor(private readonly namesIn: (name: string) => readonly string[]) {}

  /** Whether the definition of a name must not be followed. */
  includes(name: string): boolean {
    if (!this.order.has(name)) this.visit(name);
    return this.cyclic.has(name);
  }

  /** Strongly connected components by Tarjan, without recursion: definitions may form long chains. */
  private visit(root: string): void {
    const path = [this.enter(root)];
    for (let top = path[path.length - 1]; top; top = path[path.length - 1]) {
      const next = top.pending.pop();
      if (next === undefined) {
        path.pop();
        this.leave(top.name, top.least);
        const above = path[path.length - 1];
        if (above) above.least = Math.min(above.least, top.least);
      } else if (!this.order.has(next)) path.push(this.enter(next));
      else if (this.isOpen.has(next)) {
        if (next === top.name) this.cyclic.add(next);
        top.least = Math.min(top.least, this.order.get(next) as number);
      }
    }
  }

  private enter(name: string): { readonly name: string; readonly pending: string[]; least: number } {
    const at = this.order.size;
    this.order.set(name, at);
    this.open.push(name);
    this.isOpen.add(name);
    return { name, pending: [...this.namesIn(name)], least: at };
  }

  /** @param least the first name, by order, that this one leads to */
  private leave(name: string, least: number): void {
    if (least !== this.order.get(name)) return;
    const component = this.open.splice(this.open.lastIndexOf(name));
    for (const one of component) {
      this.isOpen.delete(one);
      if (component.length > 1) this.cyclic.add(one);
    }
  }
}
