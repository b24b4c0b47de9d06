/** The command line: `demarc lint`, `demarc rules`, `demarc explain`. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { version } from '../../../package.json';
import { setActionDataSource } from '../iam/reference.ts';
import { type Arguments, HELP, type LintArguments, parseArguments, SEVERITIES, UsageError } from './arguments.ts';
import { LEADS_OUT, leadsOut } from './boundary.ts';
import { Cache, programOf } from './cache.ts';
import { Configurations } from './config.ts';
import { coveredBy, decode, findFiles, makeFolder, reasonOf, rootOf, writeText } from './files.ts';
import { BaseError, GitBase } from './git.ts';
import { type GivenText, type LintOptions, lint, lintFiles } from './lint.ts';
import { GithubReport } from './report/github.ts';
import { jsonReport } from './report/json.ts';
import { PrettyReport } from './report/pretty.ts';
import { type StreamedReport, wholeReport } from './report/streamed.ts';
import { fileName, harmless } from './report/words.ts';
import type { FileResult, Found, Problem, Result } from './result.ts';
import { isThread, serve } from './threads.ts';

const SLOW_MS = 1000;
/** What IAM knows. */
const DATA = join(__dirname, 'iam.json');

async function main(argv: readonly string[]): Promise<number> {
  let args: Arguments;
  try {
    args = parseArguments(argv);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`demarc: ${harmless(error.message)}\nSee demarc --help.\n`);
    return 2;
  }
  switch (args.command) {
    case 'help':
      process.stdout.write(HELP);
      return 0;
    case 'version':
      process.stdout.write(`${version}\n`);
      return 0;
    case 'rules': {
      const { listRules } = await import('./catalogue.ts');
      return emit(listRules(args.format, args.tier ?? 'all', useColor(args)), args.output);
    }
    case 'explain': {
      const { explainRule } = await import('./catalogue.ts');
      const explained = explainRule(args.rule, args.format, useColor(args));
      if ('text' in explained) return emit(explained.text, args.output);
      process.stderr.write(`demarc: ${harmless(explained.error)}\n`);
      return 2;
    }
    case 'lint':
      return runLint(args);
  }
}

function useColor(args: { readonly color?: boolean; readonly output?: string }): boolean {
  if (args.output !== undefined) return args.color === true;
  return args.color ?? (process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb');
}

/** Writes a report to where it is wanted; 0, or 2 where that fails. */
function emit(report: string, output: string | undefined): number {
  if (output === undefined) {
    process.stdout.write(report);
    return 0;
  }
  try {
    const path = resolve(output);
    if (leadsOut(path)) throw new Error(LEADS_OUT.replace(/\.$/, ''));
    makeFolder(dirname(path));
    writeText(path, report);
    return 0;
  } catch (error) {
    process.stderr.write(`demarc: ${output}: Cannot be written: ${reasonOf(error)}.\n`);
    return 2;
  }
}

async function runLint(args: LintArguments): Promise<number> {
  const cwd = process.cwd();
  let base: Base;
  let cache: Cache | undefined;
  try {
    base = await openBase(args, cwd);
    cache = openCache(args, cwd);
  } catch (error) {
    if (!(error instanceof BaseError || error instanceof UsageError)) throw error;
    process.stderr.write(`demarc: ${harmless(error.message)}\n`);
    return 2;
  }
  const configurations = new Configurations(cwd, args, cache);
  const { files, errors } = args.stdin ? { files: [], errors: [] } : findFiles(args.paths, cwd);
  const covers = coveredBy(args.stdin ? [args.stdinFilename ?? 'stdin'] : args.paths, cwd);
  const unfound: Problem[] = errors
    // What was there and is deleted is no mistake.
    .filter(({ file }) => !wasThere(base, resolve(cwd, file)))
    .map((error) => ({ ...error, fatal: true }));
  let given: GivenText | undefined;
  if (args.stdin) {
    const path = resolve(cwd, args.stdinFilename ?? 'stdin');
    const read = decode(await buffer(process.stdin));
    if ('text' in read) given = { path, text: read.text };
    else unfound.push({ file: args.stdinFilename ?? 'stdin', message: read.error, fatal: true });
  }
  const progress = new Progress(args.quiet);
  const options: LintOptions = {
    cwd,
    fix: args.fix,
    today: new Date().toISOString().slice(0, 10),
    review: args.format === 'markdown',
    since: base.git && { git: base.git, covers },
    threads: { most: args.jobs ?? availableParallelism(), atOnce: args.jobs !== undefined, program: __filename },
    cache,
    rules: args.format === 'sarif',
    onProgress: (done, all) => progress.show(done, all),
  };
  const verdict = new Verdict(args.failOn);
  const remarks: string[] = [];
  const streamed = streamedReport(args);
  let written = 0;
  if (streamed && !base.report) {
    const page = new Page(args.output, progress);
    const totals = await lintFiles(files, given, configurations, { ...options, unfound }, async (one) => {
      verdict.add(one);
      remarks.push(...remarksOf(one.notes));
      // Who has seen enough learns what was found so far.
      process.exitCode = verdict.exitCode;
      await page.write(streamed.file(one));
    });
    progress.clear();
    await page.write(streamed.end(totals));
    written = page.end();
  } else {
    const { report } = base;
    if (report) await configurations.load(report.findings.map(({ file }) => resolve(cwd, file)).filter(covers));
    const linted = await lint(files, given, configurations, options);
    progress.clear();
    const all: Result = { ...linted, errors: [...unfound, ...linted.errors] };
    const result = report
      ? (await import('./baseline.ts')).compareWithReport(all, report.findings, report.name, cwd, covers, (path) =>
          configurations.settingsOf(path),
        )
      : all;
    verdict.add(result);
    remarks.push(...remarksOf(result.notes));
    written = emit(await render(args, result, verdict.exitCode), args.output);
  }
  // Reports for machines have no room for these.
  if (!args.quiet && args.format !== 'pretty') for (const remark of remarks) process.stderr.write(remark);
  const notes = cache ? [cache.note, cache.save()] : [];
  if (!args.quiet) for (const note of notes) if (note) process.stderr.write(`demarc: ${harmless(note)}\n`);
  return Math.max(written, verdict.exitCode);
}

/** What the exit code says. */
class Verdict {
  private failed = false;
  private broken = false;
  private readonly threshold: number;

  constructor(failOn: LintArguments['failOn']) {
    this.threshold = SEVERITIES.indexOf(failOn);
  }

  add({ findings, errors }: Pick<FileResult, 'findings' | 'errors'>): void {
    this.broken ||= errors.some((error) => error.fatal);
    this.failed ||= findings.some(
      ({ severity, change }) => change !== 'before' && SEVERITIES.indexOf(severity) <= this.threshold,
    );
  }

  get exitCode(): number {
    return this.broken ? 2 : this.failed ? 1 : 0;
  }
}

/** Where a streamed report goes: to the reader as it comes, into a file when it is whole. */
class Page {
  private readonly kept: string[] = [];

  constructor(
    private readonly output: string | undefined,
    private readonly progress: Progress,
  ) {}

  async write(text: string): Promise<void> {
    if (!text) return;
    if (this.output !== undefined) this.kept.push(text);
    else {
      this.progress.clear();
      // A slow reader is waited for: what it has not read is not piled up.
      if (!process.stdout.write(text)) await once(process.stdout, 'drain');
    }
  }

  /** 0, or 2 where it could not be written. */
  end(): number {
    return this.output === undefined ? 0 : emit(this.kept.join(''), this.output);
  }
}

function remarksOf(notes: readonly Problem[]): string[] {
  return notes.map(
    ({ file, range, message }) =>
      `${fileName(file)}${range ? `:${range.start.line + 1}:${range.start.character + 1}` : ''}: ${harmless(message)}\n`,
  );
}

/** @throws UsageError where the user named a place that cannot be trusted */
function openCache({ cache, cacheLocation, fix, stdin, quiet, paths }: LintArguments, cwd: string): Cache | undefined {
  // What fixes write is what they read, and one text is judged as fast as it is looked up.
  if (!cache || fix || stdin) return undefined;
  const program = programOf([__filename, DATA]);
  const opened = Cache.open({ location: cacheLocation, cwd, paths: paths.map((path) => rootOf(path, cwd)), program });
  if (typeof opened !== 'string') return opened;
  if (cacheLocation !== undefined) throw new UsageError(`--cache-location: ${opened}.`);
  if (!quiet) process.stderr.write(`demarc: No cache is used: ${harmless(opened)}.\n`);
  return undefined;
}

/** What the run is compared with; nothing where neither option is given. */
interface Base {
  readonly git?: GitBase;
  readonly report?: { readonly name: string; readonly findings: readonly Found[] };
}

async function openBase({ since, baseline }: LintArguments, cwd: string): Promise<Base> {
  if (since !== undefined) return { git: GitBase.open(cwd, since) };
  if (baseline === undefined) return {};
  const { readBaseline } = await import('./baseline.ts');
  return { report: { name: baseline, findings: readBaseline(resolve(cwd, baseline)) } };
}

function wasThere({ git, report }: Base, path: string): boolean {
  return git?.pathOf(path) !== undefined || (report?.findings.some(({ file }) => resolve(file) === path) ?? false);
}

function streamedReport(args: LintArguments): StreamedReport | undefined {
  if (args.format === 'pretty') return new PrettyReport({ color: useColor(args), quiet: args.quiet });
  return args.format === 'github' ? new GithubReport() : undefined;
}

async function render(args: LintArguments, result: Result, exitCode: number): Promise<string> {
  const streamed = streamedReport(args);
  if (streamed) return wholeReport(streamed, result);
  switch (args.format) {
    case 'sarif':
      return (await import('./report/sarif.ts')).sarifReport(result, version, exitCode);
    case 'markdown':
      return (await import('./report/markdown.ts')).markdownReport(result);
    default:
      return jsonReport(result, version);
  }
}

/** Says how far it is, on a terminal and only when it takes long. */
class Progress {
  private readonly since = Date.now();
  private shown = 0;
  private isThere = false;
  private readonly isWanted: boolean;

  constructor(quiet: boolean) {
    const { CI, TERM } = process.env;
    this.isWanted = !quiet && process.stderr.isTTY === true && !CI && TERM !== 'dumb';
  }

  show(done: number, all: number): void {
    const now = Date.now();
    if (!this.isWanted || now - this.since < SLOW_MS || now - this.shown < 100) return;
    this.shown = now;
    this.isThere = true;
    process.stderr.write(`\r\u001b[2KLinted ${done} of ${all} files`);
  }

  /** Makes room for others on the line. */
  clear(): void {
    if (this.isThere) process.stderr.write('\r\u001b[2K');
    this.isThere = false;
  }
}

function run(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`demarc rules | head`) is no error.
    if (error.code === 'EPIPE') process.exit();
    process.stderr.write(`demarc: The report cannot be written: ${reasonOf(error)}.\n`, () => process.exit(2));
  });
  // Where nobody listens to remarks the report still goes out.
  process.stderr.on('error', () => undefined);
  // Node itself would end with 1, which says that there are findings.
  process.on('uncaughtException', (error) => fail(error, () => process.exit(2)));
  main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  }, fail);
}

function fail(error: unknown, then?: () => void): void {
  process.exitCode = 2;
  const lines = String(error instanceof Error ? (error.stack ?? error.message) : error).split('\n');
  process.stderr.write(`demarc: internal error: ${lines.map(harmless).join('\n')}\n`, then);
}

// The data lies beside the bundle and is read when a policy first asks for it.
setActionDataSource(() => readFileSync(DATA, 'utf8'));

if (isThread()) void import('./judge.ts').then(({ judge }) => serve(judge));
else run();
