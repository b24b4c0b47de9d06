/** Turns of the event loop: what lies between a long computation and the requests that come meanwhile. */

/** Milliseconds of work between two turns in which requests are answered. */
export const SLICE = 8;
/** Turns that are given away at most before work goes on, whatever comes. */
const MAX_TURNS = 100;

/** After what waits already. No timer: where nothing waits, it costs some microseconds. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else {
      // Timers of browsers wait some milliseconds.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    }
  });
}

/**
 * Lets all messages that wait be dealt with: the connection hands out one a turn.
 * @param messages how many were dealt with so far
 */
export async function giveWay(messages: () => number): Promise<void> {
  for (let turns = 0, seen = -1; turns < MAX_TURNS && seen !== messages(); turns += 2) {
    seen = messages();
    await turn();
    await turn();
  }
}

/** What a piece of work came to, and how long it took. */
export interface Worked<T> {
  readonly value: T;
  /** Milliseconds of work, without the turns between. */
  readonly spent: number;
}

/** Counts the time of a work that goes in slices. */
export class WorkClock {
  private before = 0;
  private began: number | undefined;

  /** Milliseconds of work so far, without the turns between. */
  get spent(): number {
    return this.before + this.slice;
  }

  /** Milliseconds of the slice at hand. */
  get slice(): number {
    return this.began === undefined ? 0 : performance.now() - this.began;
  }

  begin(): void {
    this.began = performance.now();
  }

  end(): void {
    this.before = this.spent;
    this.began = undefined;
  }
}

/**
 * Runs steps to their end: at once where that takes no longer than a slice, else in slices between which messages are dealt with.
 * @param goesOn asked after each turn; false gives the work up, and the answer is undefined
 * @param clock runs while the steps do
 * @throws what a step throws
 */
export async function inSlices<T>(
  steps: Generator<unknown, T>,
  messages: () => number,
  goesOn: () => boolean,
  clock = new WorkClock(),
): Promise<Worked<T> | undefined> {
  for (;;) {
    clock.begin();
    let step = steps.next();
    while (!step.done && clock.slice < SLICE) step = steps.next();
    clock.end();
    if (step.done) return { value: step.value, spent: clock.spent };
    await giveWay(messages);
    if (!goesOn()) return undefined;
  }
}
