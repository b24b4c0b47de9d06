/** The command line: `demarc lint`, `demarc rules`, `demarc explain`. */

import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { version } from '../../../package.json';
import { setActionDataSource } from '../iam/reference.ts';
import { type Arguments, HELP, type LintArguments, parseArguments, SEVERITIES, UsageError } from './arguments.ts';
import { compareWithReport, readBaseline } from './baseline.ts';
import { explainRule, listRules } from './catalogue.ts';
import { Configurations } from './config.ts';
import { coveredBy, decode, findFiles, reasonOf, writeText } from './files.ts';
import { BaseError, GitBase } from './git.ts';
import { type GivenText, lint } from './lint.ts';
import { githubReport } from './report/github.ts';
import { jsonReport } from './report/json.ts';
import { markdownReport } from './report/markdown.ts';
import { prettyReport } from './report/pretty.ts';
import { sarifReport } from './report/sarif.ts';
import { fileName, harmless } from './report/words.ts';
import type { Found, Problem, Result } from './result.ts';

const SLOW_MS = 1000;

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
    case 'rules':
      return emit(listRules(args.format, args.tier ?? 'all', useColor(args)), args.output);
    case 'explain': {
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
    mkdirSync(dirname(path), { recursive: true });
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
  try {
    base = openBase(args, cwd);
  } catch (error) {
    if (!(error instanceof BaseError)) throw error;
    process.stderr.write(`demarc: ${harmless(error.message)}\n`);
    return 2;
  }
  const configurations = new Configurations(cwd, args);
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
  const linted = lint(files, given, configurations, {
    cwd,
    fix: args.fix,
    edits: args.format === 'json' || args.format === 'sarif',
    today: new Date().toISOString().slice(0, 10),
    review: args.format === 'markdown',
    since: base.git && { git: base.git, covers },
    onProgress: (done, all) => progress.show(done, all),
  });
  progress.clear();
  const all: Result = { ...linted, errors: [...unfound, ...linted.errors] };
  const { report } = base;
  const result = report ? compareWithReport(all, report.findings, report.name, cwd, covers) : all;
  const threshold = SEVERITIES.indexOf(args.failOn);
  const failed = result.findings.some(
    ({ severity, change }) => change !== 'before' && SEVERITIES.indexOf(severity) <= threshold,
  );
  const exitCode = result.errors.some((error) => error.fatal) ? 2 : failed ? 1 : 0;
  const written = emit(render(args, result, exitCode), args.output);
  if (!args.quiet && args.format !== 'pretty') {
    // Reports for machines have no room for these.
    for (const { file, range, message } of result.notes) {
      process.stderr.write(
        `${fileName(file)}${range ? `:${range.start.line + 1}:${range.start.character + 1}` : ''}: ${harmless(message)}\n`,
      );
    }
  }
  return Math.max(written, exitCode);
}

/** What the run is compared with; nothing where neither option is given. */
interface Base {
  readonly git?: GitBase;
  readonly report?: { readonly name: string; readonly findings: readonly Found[] };
}

function openBase({ since, baseline }: LintArguments, cwd: string): Base {
  if (since !== undefined) return { git: GitBase.open(cwd, since) };
  if (baseline !== undefined) return { report: { name: baseline, findings: readBaseline(resolve(cwd, baseline)) } };
  return {};
}

function wasThere({ git, report }: Base, path: string): boolean {
  return git?.pathOf(path) !== undefined || (report?.findings.some(({ file }) => resolve(file) === path) ?? false);
}

function render(args: LintArguments, result: Result, exitCode: number): string {
  switch (args.format) {
    case 'pretty':
      return prettyReport(result, { color: useColor(args), quiet: args.quiet });
    case 'json':
      return jsonReport(result, version);
    case 'sarif':
      return sarifReport(result, version, exitCode);
    case 'markdown':
      return markdownReport(result);
    case 'github':
      return githubReport(result);
  }
}

/** Says how far it is, on a terminal and only when it takes long. */
class Progress {
  private readonly since = Date.now();
  private shown = 0;

  constructor(private readonly quiet: boolean) {}

  show(done: number, all: number): void {
    const now = Date.now();
    if (this.quiet || !process.stderr.isTTY || now - this.since < SLOW_MS || now - this.shown < 100) return;
    this.shown = now;
    process.stderr.write(`\r\u001b[2KLinted ${done} of ${all} files`);
  }

  clear(): void {
    if (this.shown) process.stderr.write('\r\u001b[2K');
  }
}

// The data lies beside the bundle and is read when a policy first asks for it.
setActionDataSource(() => readFileSync(join(__dirname, 'iam.json'), 'utf8'));

// A reader that has seen enough (`demarc rules | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? (process.exitCode ?? 0) : 2);
});
// Where nobody listens to remarks the report still goes out.
process.stderr.on('error', () => undefined);

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(
      `demarc: internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exitCode = 2;
  },
);
