/** Looks up which of a list of actions a pattern covers, by service: most patterns name one, and most lists few of it. */

import { matchesPattern } from '../iam/actions.ts';

/** Patterns whose answer is kept: people write the same few hundred again and again. */
const MAX_KEPT = 1_000;

export class ActionIndex<T> {
  private readonly byService = new Map<string, T[]>();
  private readonly kept = new Map<string, readonly T[]>();

  constructor(
    private readonly entries: readonly T[],
    private readonly actionOf: (entry: T) => string,
  ) {
    for (const entry of entries) {
      const action = actionOf(entry);
      const service = action.slice(0, action.indexOf(':')).toLowerCase();
      const list = this.byService.get(service);
      if (list) list.push(entry);
      else this.byService.set(service, [entry]);
    }
  }

  /** The entries whose action an Action pattern covers, in the order of the list. */
  matching(pattern: string): readonly T[] {
    const known = this.kept.get(pattern);
    if (known) return known;
    const found = this.find(pattern);
    if (this.kept.size >= MAX_KEPT) this.kept.clear();
    this.kept.set(pattern, found);
    return found;
  }

  private find(pattern: string): readonly T[] {
    const colon = pattern.indexOf(':');
    const service = colon < 0 ? '*' : pattern.slice(0, colon).toLowerCase();
    const candidates = /[*?]/.test(service) ? this.entries : (this.byService.get(service) ?? []);
    return candidates.filter((entry) => matchesPattern(pattern, this.actionOf(entry)));
  }
}
