/**
 * A chain of versions of one template, analysed one from the other as an editor does, each compared with an analysis
 * that begins anew.
 */

import { type Analysis, analyze, analyzeInSteps, type Source } from '../../../server/src/analysis/analyze.ts';
import type { Settings } from '../../../server/src/analysis/settings.ts';
import { type Difference, differences, type Look, told } from './told.ts';

/** How a version comes about. */
export interface Step {
  readonly sources: readonly Source[];
  /**
   * What is done before: nothing is taken over (`drop`); an analysis of another text is given up in the middle, and the
   * next takes over from what it had read (`elsewhere`); an analysis of this text is cancelled, and what it found is what
   * the next takes over from (`cancel`).
   */
  readonly before?: 'drop' | 'elsewhere' | 'cancel';
  /** Afterwards the same text is analysed once more, and that is given up: the analysis at hand must stay good. */
  readonly givesUp?: boolean;
  readonly settings: Settings;
  readonly today?: string;
  readonly look: Look;
}

export interface Failure {
  /** The number of the step that fails. */
  readonly step: number;
  /** What was analysed: of that step. */
  readonly what: string;
  readonly differences: readonly Difference[];
}

/** What was done, for the count line. */
export interface Counts {
  steps: number;
  findings: number;
  /** Resources that were there, and those whose tree was taken over. */
  resources: number;
  reusedTrees: number;
  /** Those that were taken over as they are, with their values and what rules said of them. */
  reused: number;
}

/** The analysis under test; another one where the test itself is tested. */
export type Analyze = typeof analyze;

export function counts(): Counts {
  return { steps: 0, findings: 0, resources: 0, reusedTrees: 0, reused: 0 };
}

/** An editor's way along a chain. */
export class Journey {
  private previous: Analysis | undefined;
  /** The step at hand as an analysis says it that begins anew. */
  full: Analysis | undefined;
  private at = -1;

  constructor(
    readonly count: Counts = counts(),
    private readonly incrementally: Analyze = analyze,
  ) {}

  /** Takes a step. Never throws; after a failure one may go on from there. */
  advance(step: Step): Failure | undefined {
    this.at++;
    try {
      return this.taken(step);
    } catch (error) {
      return { step: this.at, what: '', differences: [thrown('analyze', error)] };
    }
  }

  private taken(step: Step): Failure | undefined {
    const { sources, settings, today, look } = step;
    const failures: Difference[] = [];
    const onError = (rule: string, error: unknown) => failures.push(thrown(rule, error));
    this.previous = prepared(step, this.previous);
    this.full = analyze(sources, settings, { today, onError });
    const before = this.previous && inventory(this.previous);
    const incremental = this.incrementally(sources, settings, { previous: this.previous, today, onError });
    const wanted = told(this.full, look);
    this.previous = incremental;
    const failed = this.fails('', [...failures, ...differences(told(incremental, look), wanted)]);
    if (failed) return failed;
    if (incremental) tally(this.count, incremental, before);
    if (!step.givesUp) return undefined;
    this.previous = giveUp(step, incremental, look.seed % 40);
    return this.fails('after a second analysis was given up', differences(told(incremental, look), wanted));
  }

  private fails(what: string, found: readonly Difference[]): Failure | undefined {
    return found.length ? { step: this.at, what, differences: found } : undefined;
  }
}

/**
 * Goes along a chain.
 * @returns the first step at which the two analyses disagree, or something throws; undefined where there is none
 */
export function follow(steps: readonly Step[], incrementally: Analyze = analyze): Failure | undefined {
  const journey = new Journey(counts(), incrementally);
  for (const step of steps) {
    const failure = journey.advance(step);
    if (failure) return failure;
  }
  return undefined;
}

function prepared({ before, sources, settings, look }: Step, previous: Analysis | undefined): Analysis | undefined {
  if (before === 'drop') return undefined;
  if (before === 'elsewhere') {
    const other = sources.map((source) => ({ ...source, text: source.text.slice(0, source.text.length >> 1) }));
    return giveUp({ sources: other, settings }, previous, look.seed % 40);
  }
  if (before !== 'cancel') return previous;
  let left = look.seed % 5;
  return analyze(sources, settings, { previous, cancelled: () => left-- <= 0 });
}

/** Ends an analysis after some steps; what it had read is what the next takes over from. */
function giveUp(
  { sources, settings }: Pick<Step, 'sources' | 'settings'>,
  previous: Analysis | undefined,
  after: number,
): Analysis | undefined {
  let read: Analysis | undefined;
  const onTemplate = (unjudged: Analysis) => {
    read = unjudged;
  };
  const run = analyzeInSteps(sources, settings, { previous, onTemplate });
  for (let i = 0; i < after; i++) if (run.next().done) break;
  // Before the first step nothing was touched.
  return after ? read : previous;
}

function thrown(what: string, error: unknown): Difference {
  const line = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { section: 'throws', kind: 'extra', line: `${what} ${line}` };
}

interface Inventory {
  readonly trees: ReadonlySet<unknown>;
  readonly resources: ReadonlySet<unknown>;
}

/** What an analysis is made of, noted before the next one uses it up. */
function inventory({ template: { resources } }: Analysis): Inventory {
  return { trees: new Set(resources.map(({ body }) => body)), resources: new Set(resources) };
}

function tally(count: Counts, { template, findings }: Analysis, before: Inventory | undefined): void {
  count.steps++;
  count.findings += findings.length;
  count.resources += template.resources.length;
  if (!before) return;
  count.reusedTrees += template.resources.filter(({ body }) => before.trees.has(body)).length;
  count.reused += template.resources.filter((resource) => before.resources.has(resource)).length;
}
