/** When a server that ended by itself is started again, and when no more. The clock is the caller's. */

/** So many ends in a row, and nobody but a person starts the server again. */
export const MOST_CRASHES = 5;

/** A server that ran so long before it ended is sound: what came before is forgotten. Milliseconds. */
const SOUND = 3 * 60_000;

/** Waits before each new start, in milliseconds: the first crash is most often the only one. */
const DELAYS = [0, 1000, 2000, 4000];

/** What a crash amounts to. */
export interface Crash {
  /** How many there were in a row, this one included. */
  readonly count: number;
  /** Milliseconds to wait before the next start; undefined: there is none. */
  readonly delay: number | undefined;
}

/** Counts crashes in a row. */
export class Crashes {
  private count = 0;

  /**
   * The server ended by itself.
   * @param ran milliseconds since it was ready; 0 where it never was
   */
  record(ran: number): Crash {
    this.count = ran >= SOUND ? 1 : this.count + 1;
    return { count: this.count, delay: this.count < MOST_CRASHES ? DELAYS[this.count - 1] : undefined };
  }

  /** A person asked for a new start: what was before does not count. */
  forget(): void {
    this.count = 0;
  }
}
