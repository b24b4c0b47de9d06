/** What a run of the bench found: the figures of several runs of each measurement, put together. */

import type { CommandRow, Target } from './commands.ts';
import type { BenchDocument } from './documents.ts';
import type { Measured } from './policies.ts';
import type { Probed } from './probe.ts';
import { type Summary, summarize } from './statistics.ts';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** GiB. */
  readonly memory: number;
  readonly system: string;
  readonly node: string;
}

export interface StartRow {
  readonly server: string;
  /** Milliseconds. */
  readonly wall?: Summary;
  readonly cpu?: Summary;
}

export type DocumentFacts = Pick<BenchDocument, 'id' | 'title' | 'lines' | 'bytes' | 'resources'>;

/** A server on a document. Milliseconds and MiB. */
export interface TypingRow {
  readonly document: string;
  readonly server: string;
  readonly openWall?: Summary;
  readonly openCpu?: Summary;
  readonly openReply?: Summary;
  readonly afterOpenCpu?: Summary;
  readonly keyWall?: Summary;
  readonly keyCpu?: Summary;
  /** Of the first keystrokes of each run, as a user who begins feels them. */
  readonly firstCpu?: Summary;
  readonly places: readonly { readonly name: string; readonly wall?: Summary; readonly cpu?: Summary }[];
  readonly stall?: Summary;
  readonly burst?: Summary;
  readonly hover?: Summary;
  readonly hoversSaid: number;
  readonly completion?: Summary;
  readonly completionsSaid: number;
  readonly memoryStart?: number;
  readonly memoryOpen?: number;
  readonly memory100?: number;
  readonly memory1000?: number;
  readonly memoryPeak?: number;
  readonly edits: number;
  readonly diagnostics?: number;
  readonly failures: number;
  readonly died: boolean;
}

export interface Results {
  readonly date: string;
  readonly quick: boolean;
  readonly machine: Machine;
  /** Processes that wanted a core, on average of a minute, before and behind. */
  readonly load: readonly [before: number, behind: number];
  readonly notes: readonly { readonly name: string; readonly note: string }[];
  readonly missing: readonly string[];
  readonly policies?: { readonly dataBytes: number; readonly rows: readonly Measured[] };
  readonly packageBytes?: number;
  readonly start?: readonly StartRow[];
  readonly documents?: readonly DocumentFacts[];
  readonly typing?: readonly TypingRow[];
  readonly commands?: {
    readonly rows: readonly CommandRow[];
    readonly about: Readonly<Record<Target, string>>;
  };
}

/** Keystrokes that count as the first. */
export const FIRST = 20;

const greatest = (values: readonly (number | undefined)[]) => summarize(values)?.max;

/** Several runs of a server on a document: times of all of them together, the most memory of any. */
export function together(document: BenchDocument, server: string, runs: readonly Probed[]): TypingRow {
  const keystrokes = runs.flatMap((run) => run.keystrokes);
  const names = [...new Set(document.places.map((place) => place.name))];
  const of = (pick: (run: Probed) => number | undefined) => summarize(runs.map(pick));
  const most = (pick: (run: Probed) => number | undefined) => greatest(runs.map(pick));
  return {
    document: document.id,
    server,
    openWall: of((run) => run.openWall),
    openCpu: of((run) => run.openCpu),
    openReply: of((run) => run.openReply),
    afterOpenCpu: of((run) => run.afterOpenCpu),
    keyWall: summarize(keystrokes.map((one) => one.wall)),
    keyCpu: summarize(keystrokes.map((one) => one.cpu)),
    firstCpu: summarize(runs.flatMap((run) => run.keystrokes.slice(0, FIRST).map((one) => one.cpu))),
    places: names.map((name) => {
      const here = keystrokes.filter((one) => one.place === name);
      return { name, wall: summarize(here.map((one) => one.wall)), cpu: summarize(here.map((one) => one.cpu)) };
    }),
    stall: summarize(runs.flatMap((run) => run.stalls)),
    burst: of((run) => run.burstWall),
    hover: summarize(runs.flatMap((run) => run.hovers)),
    hoversSaid: runs[0]?.hoversSaid ?? 0,
    completion: summarize(runs.flatMap((run) => run.completions)),
    completionsSaid: runs[0]?.completionsSaid ?? 0,
    memoryStart: most((run) => run.memoryStart),
    memoryOpen: most((run) => run.memoryOpen),
    memory100: most((run) => run.memory100),
    memory1000: most((run) => run.memory1000),
    memoryPeak: most((run) => run.memoryPeak),
    edits: Math.max(...runs.map((run) => run.edits)),
    diagnostics: runs[0]?.diagnostics,
    failures: runs.reduce((sum, run) => sum + run.failures, 0),
    died: runs.some((run) => run.died),
  };
}
