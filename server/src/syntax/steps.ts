/** Work in steps, between which others may have their turn. */

/** Yields between two steps and returns what the work comes to. What is given up between two steps has changed nothing. */
export type Steps<T> = Generator<void, T>;

/** Does all of a work at once. */
export function atOnce<T>(work: Steps<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
