/** Of several questions about the same things, asked one after the other and answered in any order, the last one counts. */
export class Latest {
  private readonly turns = new Map<string, number>();
  private turn = 0;

  /**
   * Something is asked, or known, about these things from now on: what was asked about them before counts no more.
   * @returns whether the answer counts for a thing, asked when it is there; what nobody asked about has no other answer
   */
  begin(keys: Iterable<string>): (key: string) => boolean {
    const turn = ++this.turn;
    for (const key of keys) this.turns.set(key, turn);
    return (key) => (this.turns.get(key) ?? turn) === turn;
  }
}
