/** Finds definitions that lead back to themselves, or through too many others. */

/** One definition that another one names. */
export interface Use<D> {
  readonly of: D;
  /** How deep in the evaluation of the other it is evaluated. */
  readonly depth: number;
}

/** On the way through the definitions. */
interface Visit<D> {
  readonly of: D;
  readonly pending: Use<D>[];
  /** The first definition, by order, that this one leads to. */
  least: number;
  /** How deep evaluation comes. */
  depth: number;
}

/**
 * Tells which definitions can be evaluated by what they are made of alone: the answer is the same whichever of them is asked
 * for first, and whoever asks.
 */
export class DefinitionGraph<D extends object> {
  /** Definitions in the order in which they were come upon. */
  private readonly order = new Map<D, number>();
  private readonly cyclic = new Set<D>();
  /** Of those without a cycle: how deep evaluation comes. */
  private readonly depths = new Map<D, number>();
  /** Definitions that were come upon and may still be part of a cycle, in order. */
  private readonly open: D[] = [];
  private readonly isOpen = new Set<D>();

  constructor(
    private readonly usesOf: (definition: D) => readonly Use<D>[],
    private readonly maxDepth: number,
  ) {}

  /** Why a definition must not be followed; undefined where it may be. */
  flaw(definition: D): 'cyclic' | 'deep' | undefined {
    if (!this.order.has(definition)) this.visit(definition);
    if (this.cyclic.has(definition)) return 'cyclic';
    return (this.depths.get(definition) ?? 0) > this.maxDepth ? 'deep' : undefined;
  }

  /** Strongly connected components by Tarjan, without recursion: definitions may form long chains. */
  private visit(root: D): void {
    const path = [this.enter(root)];
    for (let top = path[path.length - 1]; top; top = path[path.length - 1]) {
      const next = top.pending[top.pending.length - 1];
      if (!next) {
        path.pop();
        this.leave(top);
        const above = path[path.length - 1];
        if (above) above.least = Math.min(above.least, top.least);
      } else if (!this.order.has(next.of)) path.push(this.enter(next.of));
      else {
        top.pending.pop();
        if (this.isOpen.has(next.of)) {
          if (next.of === top.of) this.cyclic.add(next.of);
          top.least = Math.min(top.least, this.order.get(next.of) as number);
        }
        // What is too deep by itself is cut there, and goes no deeper.
        const below = this.depths.get(next.of) ?? 0;
        if (below <= this.maxDepth) top.depth = Math.max(top.depth, next.depth + below);
      }
    }
  }

  private enter(definition: D): Visit<D> {
    const at = this.order.size;
    this.order.set(definition, at);
    this.open.push(definition);
    this.isOpen.add(definition);
    return { of: definition, pending: [...this.usesOf(definition)], least: at, depth: 0 };
  }

  private leave({ of, least, depth }: Visit<D>): void {
    this.depths.set(of, depth);
    if (least !== this.order.get(of)) return;
    const component = this.open.splice(this.open.lastIndexOf(of));
    for (const one of component) {
      this.isOpen.delete(one);
      if (component.length === 1 && !this.cyclic.has(one)) continue;
      this.cyclic.add(one);
      this.depths.delete(one);
    }
  }
}
