/**
 * The first analyses of a server run several times slower than later ones, until the engine has compiled the rules. The first
 * template that is opened is therefore analysed some more times, in slices between which requests are answered: what follows are
 * the user's first keystrokes, which then cost about half.
 */

import { analyzeInSteps, type Source } from '../analysis/analyze.ts';
import type { Settings } from '../analysis/settings.ts';
import { giveWay, inSlices } from './turns.ts';

/** Milliseconds before it begins: the first diagnostics go out before. */
const DELAY = 50;
/** Milliseconds of work at most, and runs at most. Measured at 1,000 lines: below a second there is little gain. */
const BUDGET = 1200;
const MAX_RUNS = 150;

/**
 * Analyses a copy of the sources until the budget is spent. The results are thrown away; trees of open documents are not touched.
 * @param messages how many were dealt with so far: a person who types goes first
 */
export function warmUp(sources: readonly Source[], settings: Settings, messages: () => number): void {
  const run = async () => {
    for (let runs = 0, left = BUDGET; runs < MAX_RUNS && left > 0; runs++) {
      const worked = await inSlices(analyzeInSteps(sources, settings), messages, () => true);
      if (!worked?.value) return;
      left -= worked.spent;
      await giveWay(messages);
    }
  };
  // What fails here fails for the document itself, too, and is told there.
  setTimeout(() => void run().catch(() => undefined), DELAY);
}
