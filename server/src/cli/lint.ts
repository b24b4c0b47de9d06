/** Lints files: what belongs together is judged here, by other threads or is known already, and told in the order of files. */

import { setImmediate } from 'node:timers/promises';
import { classify } from '../analysis/classify.ts';
import type { Cache } from './cache.ts';
import { Before } from './change.ts';
import type { Configurations } from './config.ts';
import { compare, displayPath, type InputFile, readText, reasonOf, writeText } from './files.ts';
import type { GitBase } from './git.ts';
import { byPlace, InOrder } from './in-order.ts';
import { type Job, type JobBase, type Judgement, type Shared, unjudged } from './job.ts';
import type { AwsPart, FileResult, Found, MovedLine, Problem, Result, Totals } from './result.ts';
import { ThreadError, Threads } from './threads.ts';
import { type GivenText, type Group, type Unit, Units } from './units.ts';

export type { GivenText } from './units.ts';

export interface LintOptions {
  readonly cwd: string;
  readonly fix: boolean;
  readonly today: string;
  /** Whether the report is for a review: diffs of fixes, lines that moved, what AWS does. */
  readonly review?: boolean;
  /** The base to compare with, and which of its files the command line stands for. */
  readonly since?: { readonly git: GitBase; readonly covers: (path: string) => boolean };
  /** How many threads may judge, this one included; `atOnce`: they are started without a look at how long it takes. */
  readonly threads?: { readonly most: number; readonly atOnce: boolean; readonly program: string };
  readonly cache?: Cache;
  /** Whether the report says which rules ran. */
  readonly rules?: boolean;
  /** What could not be looked at. */
  readonly unfound?: readonly Problem[];
  /** Told after each file how many of how many are done. */
  readonly onProgress?: (done: number, all: number) => void;
}

/** Jobs are begun at most this many before the first that is not done. */
const WINDOW = 1024;
/** Threads are started when the work has taken this long and will take that long for each of them. */
const PATIENCE_MS = 100;
const WORTH_MS = 250;

/** Lints files, or one text that is given. What cannot be read or parsed is reported and the rest goes on. */
export async function lint(
  files: readonly InputFile[],
  given: GivenText | undefined,
  configurations: Configurations,
  options: LintOptions,
): Promise<Result> {
  const findings: FileResult['findings'][number][] = [];
  const suppressed: FileResult['suppressed'][number][] = [];
  const errors: Problem[] = [];
  const notes: Problem[] = [];
  const collect = (one: FileResult) => {
    for (const item of one.findings) findings.push(item);
    for (const item of one.suppressed) suppressed.push(item);
    errors.push(...one.errors);
    notes.push(...one.notes);
  };
  const totals = await lintFiles(files, given, configurations, options, collect);
  return { ...totals, findings, suppressed, errors, notes };
}

/** As {@link lint}, and tells the results of a file as soon as those of all files before it are told. */
export function lintFiles(
  files: readonly InputFile[],
  given: GivenText | undefined,
  configurations: Configurations,
  options: LintOptions,
  tell: (result: FileResult) => void | Promise<void>,
): Promise<Totals> {
  return new Run(configurations, options, tell).run(files, given);
}

/** A group of files on its way. */
interface Step {
  readonly touched: readonly string[];
  readonly errors: readonly Problem[];
  readonly notes: readonly Problem[];
  /** The files that are linted. */
  readonly wanted: readonly string[];
  readonly settings?: string;
  /** Where its judgement is kept. */
  readonly key?: string;
  /** Until it is judged. */
  job?: Job;
  judgement?: Judgement;
}

class Run {
  private readonly results: InOrder;
  private readonly fixed: { file: string; ruleId: string; title: string }[] = [];
  /** By which something was judged. */
  private readonly settings = new Set<string>();
  private readonly unsure = new Set<string>();
  private readonly gone: Found[] = [];
  private readonly moved: MovedLine[] = [];
  private readonly aws: AwsPart[] = [];
  private readonly before: Before | undefined;
  /** Errors in files of the base, until the step at hand is told. */
  private baseErrors: Problem[] = [];
  private silenced = 0;
  private isGiven = false;
  private readonly linted = new Set<string>();
  /** Findings in modules that are called: of two callers the same is told once. */
  private readonly told = new Set<string>();
  private judgedMs = 0;
  private threads: Threads | undefined;
  private wake = () => {};

  constructor(
    private readonly configurations: Configurations,
    private readonly options: LintOptions,
    tell: (result: FileResult) => void | Promise<void>,
  ) {
    this.results = new InOrder(tell);
    const { since } = options;
    this.before =
      since &&
      new Before(since.git, since.covers, (path, message) =>
        this.baseErrors.push({ file: this.show(path), message, fatal: true }),
      );
  }

  async run(files: readonly InputFile[], given: GivenText | undefined): Promise<Totals> {
    this.isGiven = given !== undefined;
    const all = given ? [{ path: given.path, explicit: true }] : files;
    await this.configurations.load(all.map(({ path }) => path));
    const units = new Units(all, given, this.configurations, this.options.cwd);
    this.results.add('errors', this.options.unfound ?? []);
    const unread = this.options.since?.git.unread ?? [];
    this.results.add(
      'errors',
      unread.map(({ path, message }) => ({ file: this.show(path), message, fatal: true })),
    );
    this.results.add('errors', this.configurations.problems);
    for (const group of units.groups) this.results.expect(units.touched(group).map(this.show));
    try {
      await this.judgeAll(units, all.length);
    } finally {
      await this.threads?.end();
    }
    if (this.before && !given) await this.deleted(this.before);
    await this.results.end();
    const { since } = this.options;
    return {
      fixed: this.fixed,
      rules: this.options.rules ? await this.rulesThatRan() : [],
      files: this.linted.size,
      unsure: [...this.unsure],
      comparison: since && {
        base: `${since.git.name} (${since.git.commit.slice(0, 7)})`,
        fixed: this.gone.sort(byPlace),
        silenced: this.silenced,
      },
      moved: this.moved.sort((a, b) => compare(a.file, b.file) || a.range.start.line - b.range.start.line),
      aws: this.aws.sort((a, b) => compare(a.file, b.file) || a.range.start.line - b.range.start.line),
    };
  }

  private readonly show = (path: string): string => displayPath(path, this.options.cwd);

  private async judgeAll(units: Units, all: number): Promise<void> {
    const { groups } = units;
    const open = new Map<number, Step>();
    let next = 0;
    let done = 0;
    const tellReady = async () => {
      for (let step = open.get(next); step && !step.job; step = open.get(next)) {
        open.delete(next++);
        await this.tell(step);
        done = Math.max(done + 1, this.linted.size);
        this.options.onProgress?.(Math.min(done, all), all);
      }
    };
    const wait = async () => {
      // Asked in the very turn in which the waiting begins: whoever is done before that wakes nobody.
      if (open.get(next)?.job)
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      await tellReady();
    };
    for (const [index, group] of groups.entries()) {
      while (index - next >= WINDOW) await wait();
      const step = await this.read(units, group);
      open.set(index, step);
      if (step.job) {
        this.startThreads(index, groups.length);
        const size = step.job.sources.reduce((sum, { text }) => sum + text.length, 0);
        if (this.threads?.takes(size)) void this.elsewhere(step, step.job, this.threads, size);
        else await this.here(step, step.job);
        // Others' answers are heard.
        if (this.threads) await setImmediate();
      }
      await tellReady();
    }
    while (next < groups.length) await wait();
    this.options.onProgress?.(all, all);
  }

  /** Starts threads where what is left is worth it, judged by what was done so far. */
  private startThreads(done: number, all: number): void {
    const { threads, fix } = this.options;
    const left = all - done;
    // Fixes of one unit are what the next one reads.
    if (this.threads || fix || !threads || threads.most < 2 || left < 2) return;
    let count = threads.most - 1;
    if (!threads.atOnce) {
      if (this.judgedMs < PATIENCE_MS) return;
      count = Math.min(count, Math.floor(((this.judgedMs / done) * left) / WORTH_MS));
    }
    if (count > 0) this.threads = new Threads(threads.program, Math.min(count, left - 1));
  }

  private async here(step: Step, job: Job): Promise<void> {
    const { judge } = await import('./judge.ts');
    const start = performance.now();
    const judgement = judge(job);
    this.judgedMs += performance.now() - start;
    this.settle(step, judgement, () => JSON.stringify(judgement));
  }

  private async elsewhere(step: Step, job: Job, threads: Threads, size: number): Promise<void> {
    try {
      const text = await threads.judge(job, size);
      this.settle(step, JSON.parse(text) as Judgement, () => text);
    } catch (error) {
      // Who takes all memory of a thread would take all of this one.
      if (!(error instanceof ThreadError) || !error.tooLarge) await this.here(step, job);
      else this.settle(step, unjudged(job, this.show, 'Not linted: this takes more memory than there is.'));
    }
    this.wake();
  }

  private settle(step: Step, judgement: Judgement, text?: () => string): void {
    step.judgement = judgement;
    step.job = undefined;
    // What went wrong in Demarc itself may go well the next time.
    if (step.key !== undefined && text && !judgement.errors.length) this.options.cache?.put(step.key, text());
  }

  /** Reads what belongs to a group of files, and looks it up. */
  private async read(units: Units, group: Group): Promise<Step> {
    const touched = units.touched(group).map(this.show);
    const { unit, errors, notes } = units.read(group);
    if (!unit) return { touched, errors, notes, wanted: [] };
    const failed: Problem[] = [];
    const job = this.compared(this.options.fix ? await this.fix(unit, failed) : this.jobOf(unit), failed);
    const { cache } = this.options;
    const key = cache && !this.options.fix && !this.isGiven ? keyOf(cache, job) : undefined;
    const judgement = key === undefined ? undefined : known(cache?.get(key), job);
    const step: Step = {
      touched,
      errors: [...errors, ...failed, ...this.baseErrors],
      notes,
      wanted: job.wanted,
      settings: job.settings,
      key,
      job: judgement ? undefined : job,
      judgement,
    };
    this.baseErrors = [];
    return step;
  }

  private jobOf({ sources, wanted, settings }: Unit): Job {
    const { cwd, today, review = false } = this.options;
    return { cwd, today, review, settings: JSON.stringify(settings), sources, wanted: [...wanted.keys()] };
  }

  /** With what it is to be compared with. */
  private compared(job: Job, failed: Problem[]): Job {
    const { before } = this;
    const { since } = this.options;
    if (!before || !since) return job;
    const outside = job.wanted.find((path) => !since.git.contains(path));
    if (outside !== undefined) {
      const message = 'Outside of the repository: there is nothing to compare with.';
      failed.push({ file: this.show(outside), message, fatal: true });
    }
    const read = job.sources.filter(({ unread }) => unread === undefined);
    const all = read.map(({ uri }) => uri);
    const texts = before.sourcesOf(job.wanted, all, !this.isGiven);
    const base: JobBase = {
      // What is not read of the head is not known of the base either.
      sources: texts && [...texts, ...job.sources.filter((one) => !read.includes(one))],
      counted: before.counted(texts ?? [], job.wanted),
    };
    return { ...job, base };
  }

  /** Applies safe fixes and writes what they change; the job with the texts as they are on disk afterwards. */
  private async fix(unit: Unit, failed: Problem[]): Promise<Job> {
    const job = this.jobOf(unit);
    try {
      const { fix } = await import('./judge.ts');
      const { sources, applied } = fix(job);
      const written = this.write(sources, unit, failed);
      if (written === job.sources) return job;
      const isWritten = (uri: string) => written.every((source, i) => source.uri !== uri || source === sources[i]);
      for (const { uri, ruleId, title, edits } of applied)
        if ([...edits.keys()].every(isWritten)) this.fixed.push({ file: this.show(uri), ruleId, title });
      return { ...job, sources: written };
    } catch (error) {
      const [first = ''] = job.wanted;
      failed.push({ file: this.show(first), message: `Internal error: ${reasonOf(error)}.`, fatal: true });
      return job;
    }
  }

  /** Writes what changed; the sources as they are on disk afterwards, the very same where nothing is. */
  private write(after: Job['sources'], { sources: before, wanted }: Unit, failed: Problem[]): Job['sources'] {
    let changed = false;
    const written = before.map((old, index) => {
      const source = after[index];
      const loaded = wanted.get(old.uri);
      if (!source || !loaded || source.text === old.text) return old;
      const fail = (message: string) => {
        failed.push({ file: this.show(loaded.path), message, fatal: true });
        return old;
      };
      const now = readText(loaded.path);
      if (!('text' in now) || now.text !== old.text) return fail('Not fixed: it was changed meanwhile.');
      try {
        writeText(loaded.path, source.text, loaded.encoding);
      } catch (error) {
        return fail(`Cannot be written: ${reasonOf(error)}.`);
      }
      changed = true;
      return source;
    });
    return changed ? written : before;
  }

  private async tell({ touched, errors, notes, wanted, settings, judgement }: Step): Promise<void> {
    this.results.add('errors', this.once(errors));
    this.results.add('notes', this.once(notes));
    if (errors.length || judgement?.errors.length || judgement?.files.some((file) => file.errors.length))
      for (const name of touched) this.unsure.add(name);
    const isNew = new Set(wanted.filter((path) => !this.linted.has(path)));
    for (const path of isNew) this.linted.add(path);
    if (judgement) {
      for (const file of judgement.files) {
        if (!isNew.has(file.path)) continue;
        this.results.add('errors', file.errors);
        this.results.add('notes', file.notes);
      }
      const isNews = ({ shared }: Shared) => {
        if (shared === undefined) return true;
        if (this.told.has(shared)) return false;
        this.told.add(shared);
        return true;
      };
      this.results.add('findings', judgement.findings.filter(isNews));
      this.results.add('suppressed', judgement.suppressed.filter(isNews));
      this.results.add('errors', judgement.errors);
      if (judgement.isJudged && settings !== undefined) this.settings.add(settings);
      for (const one of judgement.gone) this.gone.push(one);
      this.silenced += judgement.silenced;
      this.moved.push(...judgement.moved);
      this.aws.push(...judgement.aws);
    }
    await this.results.settle(touched);
  }

  private async rulesThatRan(): Promise<string[]> {
    const { rulesOf } = await import('./judge.ts');
    return [...new Set([...this.settings].flatMap(rulesOf))].sort(compare);
  }

  private readonly remarks = new Set<string>();

  /** A file of several modules is read several times. */
  private once(problems: readonly Problem[]): Problem[] {
    return problems.filter(({ file, message }) => {
      const key = `${file}\n${message}`;
      return this.remarks.size < this.remarks.add(key).size;
    });
  }

  /** Templates that the change took away: all that was found in them is gone. */
  private async deleted(before: Before): Promise<void> {
    const groups = await before.deleted(async (path) => {
      const read = readText(path);
      if ('error' in read || classify({ uri: path, text: read.text })) return false;
      const { isWellFormed } = await import('./judge.ts');
      return isWellFormed({ uri: path, text: read.text });
    });
    const known = this.configurations.problems.length;
    await this.configurations.load(groups.flatMap((sources) => sources.map(({ uri }) => uri)));
    this.results.add('errors', [...this.configurations.problems.slice(known), ...this.baseErrors]);
    const { cwd, today, review = false } = this.options;
    for (const sources of groups) {
      const [first] = sources;
      const settings = first && this.configurations.settingsOf(first.uri);
      if (!settings) continue;
      const { judgeGone } = await import('./judge.ts');
      const job = { cwd, today, review, settings: JSON.stringify(settings), sources, wanted: [] };
      const { gone, isJudged } = judgeGone(job);
      if (isJudged) this.settings.add(job.settings);
      for (const one of gone) this.gone.push(one);
    }
  }
}

/** Everything that a judgement depends on but the day, which it says by itself. */
function keyOf(cache: Cache, { cwd, review, settings, sources, wanted, base }: Job): string {
  const told = (list: readonly Job['sources'][number][]) =>
    list.map(({ uri, folder, unread }) => [uri, folder ?? null, unread ?? null]);
  const facts = [
    'judgement',
    cwd,
    review,
    settings,
    wanted,
    told(sources),
    base ? [base.sources ? told(base.sources) : null, base.counted] : null,
  ];
  return cache.key(
    facts,
    [...sources, ...(base?.sources ?? [])].map(({ text }) => text),
  );
}

function known(text: string | undefined, { today }: Job): Judgement | undefined {
  if (text === undefined) return undefined;
  const judgement = JSON.parse(text) as Judgement;
  return judgement.day === undefined || judgement.day === today ? judgement : undefined;
}
