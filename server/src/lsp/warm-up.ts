/**
 * The first analyses of a server run several times slower than later ones, until the engine has compiled the rules. The first
 * template that is opened is therefore analysed some more times, in slices between which requests are answered: what follows are
 * the user's first keystrokes, which then cost about half.
 */

import { type Analysis, analyze, type Source } from '../analysis/analyze.ts';
import type { Settings } from '../analysis/settings.ts';

/** Milliseconds before it begins: the first diagnostics go out before. */
const DELAY = 50;
/** Milliseconds of work at most, and runs at most. Measured at 1,000 lines: below a second there is little gain. */
const BUDGET = 1200;
const MAX_RUNS = 150;

/** After the requests that wait. A browser has only the timer. */
const soon = (run: () => void): unknown =>
  typeof setImmediate === 'function' ? setImmediate(run) : setTimeout(run, 0);

/**
 * Analyses a copy of the sources until the budget is spent; one run a turn of the event loop. Documents that take longer than the
 * budget get a single run. The results are thrown away; trees of open documents are not touched.
 */
export function warmUp(sources: readonly Source[], settings: Settings): void {
  let previous: Analysis | undefined;
  let spent = 0;
  let runs = 0;
  const run = () => {
    const started = performance.now();
    const analysis = analyze(sources, settings, { previous });
    previous = analysis;
    spent += performance.now() - started;
    if (analysis && ++runs < MAX_RUNS && spent < BUDGET) soon(run);
  };
  setTimeout(run, DELAY);
}
