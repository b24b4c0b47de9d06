/**
 * One analysis for each state of a document or module, shared by all features. What is short is done at once; what is long runs
 * in slices between which other messages are dealt with. One run at a time for each place, which takes over from the one before.
 *
 * A newer version does not end a run that is under way: what is left of it and the keystroke that takes over from it are
 * together no more work than the newer version from the start, and whoever types without a pause sees findings all the same. Its
 * result is shown to nobody. A run is given up where nothing can be taken over from it (the document is closed, or its settings
 * are others), and, once it is read, for a hover in a newer version, which needs to have that read and nothing else.
 */

import type { CancellationToken } from 'vscode-languageserver';
import { type Analysis, type AnalyzeOptions, analyzeInSteps, type Source } from '../analysis/analyze.ts';
import type { Settings } from '../analysis/settings.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import type { Memory } from './memory.ts';
import { cancelled, overtaken } from './requests.ts';
import { giveWay, inSlices, WorkClock } from './turns.ts';
import { warmUp } from './warm-up.ts';

/** All that decides on a document's analysis, and where it is kept. */
export interface State {
  /** The module or file at the root, with its settings. */
  readonly place: string;
  /** Versions of all that goes into it. */
  readonly key: string;
  readonly sources: readonly Source[];
  readonly settings: Settings;
}

/** What analyses need of the workspace. */
export interface AnalysesHost {
  /** The newest state of a document; undefined where it is not open. */
  stateOf(uri: string): Promise<State | undefined>;
  /** A number that is another one for each text that the document had. */
  revisionOf(uri: string): number | undefined;
  /** Counts whatever may change a state. */
  readonly generation: number;
  /** Resolved at the next change of it. */
  nextChange(): Promise<void>;
  /** How many messages of the client were dealt with. */
  messages(): number;
  /** How often a person typed in any document. */
  readonly edits: number;
  /** The day, `2026-01-31`, for suppressions that expire. */
  today(): string;
  readonly memory: Memory | undefined;
  /** A run has ended. */
  analysed(report: RunReport): void;
  /** A rule threw, or all of a run. */
  ruleFailed(ruleId: string, error: unknown): void;
  failed(uri: string, error: unknown): void;
}

/** What a run did, for the log. */
export interface RunReport {
  readonly uri: string;
  /** Milliseconds of work until all was read, and in all. */
  readonly read: number;
  readonly spent: number;
  readonly resources: number;
  readonly findings: number;
}

/** What a request wants of an analysis. */
export interface Wants {
  /** The request may be cancelled. */
  readonly token?: CancellationToken | undefined;
  /** Where the document's text becomes another one while the request waits for a long run, it is turned away. */
  readonly isForThisText?: boolean;
}

/** The analyses of one state. */
interface Entry {
  readonly key: string;
  analysis?: Analysis | undefined;
  /** What the next run takes over from: its template is the newest one. */
  latest?: Analysis | undefined;
  isNone?: boolean;
}

interface Run {
  readonly entry: Entry;
  /** The template is read; its rules are under way. */
  unjudged?: Analysis;
  /** Somebody waits for a newer version, who needs no findings. */
  isGivenUp?: true;
  /** Never fails. */
  ended: Promise<void>;
}

/** Milliseconds that a hover in a large text waits for findings before it shows what is known without them. */
const PATIENCE = 25;
/** Milliseconds before a first analysis is followed by the warm-up. */
const DELAY = 50;
/** Rules over less text than this are done before a person waits for them. Characters. */
const LARGE_TEXT = 200_000;

function isLargeText(sources: readonly Source[]): boolean {
  return sources.reduce((sum, { text }) => sum + text.length, 0) > LARGE_TEXT;
}

export class Analyses {
  /** By place. */
  private readonly entries = new Map<string, Entry>();
  private readonly running = new Map<string, Run>();
  /** Where analyses belong, to know whether they are still good. */
  private readonly origins = new WeakMap<Analysis, { readonly place: string; readonly entry: Entry }>();
  /** Languages that have been typed in. */
  private readonly warm = new Set<SyntaxDocument['language']>();

  constructor(private readonly host: AnalysesHost) {}

  /** The template last read at a place. */
  latest(place: string): Analysis | undefined {
    return this.entries.get(place)?.latest;
  }

  /** Whether an analysis is of the newest version analysed: an older one must not be used any more. */
  isCurrent(analysis: Analysis): boolean {
    const origin = this.origins.get(analysis);
    return !origin || this.entries.get(origin.place) === origin.entry;
  }

  /** Forgets a place that no open document is part of any more. */
  drop(place: string): void {
    this.entries.delete(place);
  }

  /** What analyses rest upon changed: none is good any more, in any version. */
  forget(): void {
    for (const place of [...this.entries.keys()]) this.drop(place);
  }

  /**
   * The analysis of a document's newest version, computed at most once for each state of all that goes into it.
   * Undefined where the document is closed, excluded, or none of ours.
   * @throws ResponseError where the request was cancelled or overtaken
   */
  async of(uri: string, wants: Wants = {}): Promise<Analysis | undefined> {
    const { token } = wants;
    const revision = this.host.revisionOf(uri);
    for (let hasGivenWay = false; ; ) {
      if (token?.isCancellationRequested) throw cancelled();
      const state = await this.host.stateOf(uri);
      if (!state) return undefined;
      const { generation } = this.host;
      const isNewest = () => this.host.generation === generation;
      const known = this.known(state);
      if (known) return known.analysis;
      if (!hasGivenWay) {
        // A burst of changes that came at once is analysed once.
        hasGivenWay = true;
        await giveWay(() => this.host.messages());
        if (token?.isCancellationRequested) throw cancelled();
        if (!isNewest()) continue;
      }
      const found = this.known(state);
      if (found) return found.analysis;
      const { ended } = this.runFor(state, uri);
      await Promise.race([ended, this.host.nextChange(), ...(token ? [cancellation(token)] : [])]);
      if (token?.isCancellationRequested) throw cancelled();
      const now = this.host.revisionOf(uri);
      if (wants.isForThisText && now !== revision && now !== undefined) throw overtaken();
      const made = isNewest() ? this.known(state) : undefined;
      if (made) return made.analysis;
    }
  }

  /**
   * As {@link of}, for what cannot wait: while the rules of a large text are under way, what is known of its newest version
   * without them.
   * @throws ResponseError where the request was cancelled
   */
  async atHand(uri: string, wants: Wants = {}): Promise<Analysis | undefined> {
    let isDone = false;
    const complete = this.of(uri, wants).finally(() => {
      isDone = true;
    });
    // Who does not wait for it is not told that it failed.
    complete.catch(() => undefined);
    while (!isDone) {
      await Promise.race([complete, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
      const state = isDone ? undefined : await this.host.stateOf(uri);
      const run = state && this.running.get(state.place);
      if (isDone || !state || !isLargeText(state.sources)) break;
      if (run?.unjudged && run.entry.key === state.key) return run.unjudged;
      // What it has judged so far is taken over.
      if (run && run.entry.key !== state.key) run.isGivenUp = true;
    }
    return complete;
  }

  /** What is known of a state already; an analysis that is undefined says that there is none. */
  private known({ place, key }: State): { readonly analysis: Analysis | undefined } | undefined {
    const entry = this.entries.get(place);
    if (entry?.key !== key) return undefined;
    return entry.isNone || entry.analysis ? { analysis: entry.analysis } : undefined;
  }

  /** The run that has to end before more is known: one under way, or a new one. */
  private runFor(state: State, uri: string): Run {
    const { place, key } = state;
    const cached = this.entries.get(place);
    return (
      this.running.get(place) ?? this.begin(state, uri, cached?.key === key ? cached : { key, latest: cached?.latest })
    );
  }

  private begin(state: State, uri: string, entry: Entry): Run {
    const { place } = state;
    const run: Run = { entry, ended: Promise.resolve() };
    this.entries.set(place, entry);
    this.running.set(place, run);
    const fail = (error: unknown) => {
      // Rules are guarded one by one: without a template there is nothing to say.
      entry.isNone = true;
      entry.latest = undefined;
      this.host.failed(uri, error);
    };
    run.ended = this.analyse(state, uri, run)
      .catch(fail)
      .finally(() => {
        if (this.running.get(place) === run) this.running.delete(place);
      });
    return run;
  }

  private async analyse(state: State, uri: string, run: Run): Promise<void> {
    const { place, sources, settings } = state;
    const { entry } = run;
    if (isLargeText(sources)) this.host.memory?.makeRoom();
    const clock = new WorkClock();
    let read: number | undefined;
    const options: AnalyzeOptions = {
      previous: entry.latest,
      today: this.host.today(),
      onError: (ruleId, error) => this.host.ruleFailed(ruleId, error),
      onTemplate: (unjudged) => {
        read = clock.spent;
        entry.latest = run.unjudged = unjudged;
        this.origins.set(unjudged, { place, entry });
      },
    };
    // What is read is taken over; what is half read is not.
    const goesOn = () => !(run.isGivenUp && run.unjudged) && this.entries.get(place) === entry;
    const steps = analyzeInSteps(sources, settings, options);
    const worked = await inSlices(steps, () => this.host.messages(), goesOn, clock);
    if (!worked) return;
    const { value: analysis, spent } = worked;
    this.keep(place, entry, analysis);
    if (!analysis) return;
    this.host.analysed({
      uri,
      read: read ?? spent,
      spent,
      resources: analysis.template.resources.length,
      findings: analysis.findings.length,
    });
    const language = analysis.documents[0]?.language;
    this.host.memory?.rest();
    if (!language || this.warm.has(language)) return;
    this.warm.add(language);
    const { edits } = this.host;
    const isAlone = () => this.host.edits === edits;
    // Whoever opens further files types later. Their analyses go first: as long as one runs, there is always something that waits.
    const waiting = () => (this.running.size ? Number.NaN : this.host.messages());
    const warm = () => warmUp(sources, settings, waiting, isAlone);
    // The first diagnostics go out before.
    setTimeout(() => void warm().then((isOver) => this.host.memory?.rest(isOver && !this.running.size)), DELAY);
  }

  private keep(place: string, entry: Entry, analysis: Analysis | undefined): void {
    entry.latest = analysis;
    entry.isNone = !analysis;
    entry.analysis = analysis;
    if (analysis) this.origins.set(analysis, { place, entry });
  }
}

/** Resolved when a request is cancelled. */
function cancellation(token: CancellationToken): Promise<void> {
  return new Promise((resolve) => {
    if (token.isCancellationRequested) resolve();
    else token.onCancellationRequested(() => resolve());
  });
}
