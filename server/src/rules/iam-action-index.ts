/** Looks up which of a list of actions a pattern covers, by service: most patterns name one, and most lists few of it. */

import { matchesPattern } from '../iam/actions.ts';
import { Answers } from '../iam/reference.ts';

export class ActionIndex<T> {
  private readonly byService = new Map<string, T[]>();
  private readonly kept = new Answers<readonly T[]>();

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
    return this.kept.of(pattern, () => this.find(pattern));
  }

  private find(pattern: string): readonly T[] {
    const colon = pattern.indexOf(':');
    const service = colon < 0 ? '*' : pattern.slice(0, colon).toLowerCase();
    const candidates = /[*?]/.test(service) ? this.entries : (this.byService.get(service) ?? []);
    return candidates.filter((entry) => matchesPattern(pattern, this.actionOf(entry)));
  }
}
