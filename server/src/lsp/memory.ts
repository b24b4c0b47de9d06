/** Who looks after the memory of the process, where somebody can. */
export interface Memory {
  /** A large text is about to be analysed: memory may be spent. */
  makeRoom(): void;
  /**
   * A piece of work is done. If no other follows, what it left behind may be cleared away.
   * @param isIdle nobody waits for anything: no need to see whether another follows
   */
  rest(isIdle?: boolean): void;
}
