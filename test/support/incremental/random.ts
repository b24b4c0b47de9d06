/** Pseudo-random numbers that a seed repeats. */

/** A whole number from 0 up to, and without, a bound. */
export type Below = (bound: number) => number;

/** A generator (mulberry32): the same seed gives the same numbers. */
export function generator(seed: number): Below {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
}

/** One of a list that is not empty. */
export function pick<T>(below: Below, list: readonly T[]): T {
  return list[below(list.length)] as T;
}

/** Whether one of `many` times. */
export function oneIn(below: Below, many: number): boolean {
  return below(many) === 0;
}
