/** Command lines: Demarc's, and the peers' over the same files. Wall time, CPU time of all their processes, most memory. */

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { memory, processTree } from './process-usage.ts';
import { type Summary, summarize } from './statistics.ts';

/** What one run took: seconds, MiB. */
interface Run {
  readonly wall: number;
  readonly cpu?: number;
  readonly peak?: number;
  /** Undefined where it did not end in time. */
  readonly exit?: number;
}

export interface CommandRow {
  readonly tool: string;
  /** Key of what was read: `template`, `templates` or `tree`. */
  readonly target: Target;
  /** What was kept from a run before, and how many threads: `cold` where nothing is said. */
  readonly state: string;
  /** Seconds. */
  readonly wall?: Summary;
  readonly cpu?: Summary;
  /** MiB. */
  readonly peak?: number;
  /** Why there are no figures. */
  readonly missing?: string;
}

export type Target = 'template' | 'templates' | 'tree';

export interface Targets {
  readonly template: string;
  readonly templates: readonly string[];
  readonly tree: string;
  /** What the tree is, for the report. */
  readonly about: string;
  readonly files: number;
  readonly bytes: number;
}

/** A tool over some targets. */
export interface Tool {
  readonly name: string;
  readonly note: string;
  readonly missing?: string;
  /** @returns the command over a target, or undefined where it has none. */
  command(target: Target, targets: Targets): readonly string[] | undefined;
  readonly environment?: Readonly<Record<string, string>>;
  /** Exit codes from this on say that the work was not done; 126 where left out, which is the shell's. */
  readonly failsFrom?: number;
}

/** Milliseconds: a tool that takes longer has no figure. */
const PATIENCE = 300_000;
const POLL = 200;

/**
 * Runs a command with nothing to read and its output thrown away. Its CPU time is what the shell says of its children, so it is
 * known of those that have ended, too, on every system with a shell.
 */
export function run(command: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Run> {
  const shell = process.platform === 'win32' ? undefined : '/bin/sh';
  const [name = '', ...rest] = shell
    ? [shell, '-c', '"$@" >/dev/null 2>&1; echo "exit $?"; times', 'sh', ...command]
    : command;
  const started = performance.now();
  const child = spawn(name, rest, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...environment },
    detached: shell !== undefined,
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  let peak = 0;
  const watch = setInterval(() => {
    if (child.pid) peak = Math.max(peak, memory(processTree(child.pid)).peak ?? 0);
  }, POLL);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    try {
      process.kill(shell && child.pid ? -child.pid : (child.pid ?? 0), 'SIGKILL');
    } catch {
      // It ended by itself meanwhile.
    }
  }, PATIENCE);
  return new Promise((done) => {
    const finish = (exit?: number) => {
      clearInterval(watch);
      clearTimeout(timer);
      const wall = (performance.now() - started) / 1000;
      const told = /exit (\d+)\n/.exec(said);
      // The second line of `times` is of the children: user and system.
      const used = [...(said.split('\n').at(-2) ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
      const cpu = used.length === 2 ? used.reduce((sum, [, m, s]) => sum + Number(m) * 60 + Number(s), 0) : undefined;
      done({ wall, cpu, peak: peak || undefined, exit: late ? undefined : told ? Number(told[1]) : exit });
    };
    child.once('error', () => finish());
    child.once('close', (code) => finish(code ?? undefined));
  });
}

/**
 * @param before called before every run
 */
export async function measureCommand(
  tool: Tool,
  target: Target,
  targets: Targets,
  state: string,
  runs: number,
  before: () => void = () => undefined,
): Promise<CommandRow | undefined> {
  const row = { tool: tool.name, target, state };
  if (tool.missing) return { ...row, missing: tool.missing };
  const command = tool.command(target, targets);
  if (!command) return undefined;
  const made: Run[] = [];
  for (let i = 0; i < runs; i++) {
    before();
    const one = await run(command, tool.environment);
    if (one.exit === undefined || one.exit >= (tool.failsFrom ?? 126))
      return {
        ...row,
        missing: one.exit === undefined ? `did not end in ${PATIENCE / 1000} s` : `failed (exit ${one.exit})`,
      };
    made.push(one);
  }
  return {
    ...row,
    wall: summarize(made.map((one) => one.wall)),
    cpu: summarize(made.map((one) => one.cpu)),
    peak: summarize(made.map((one) => one.peak))?.max,
  };
}

/** All files below a folder, in order. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return entry.isFile() ? [path] : [];
    });
}

/** A file that people would give to a linter of templates. */
function isTemplate(path: string): boolean {
  if (!/\.(ya?ml|json|template)$/.test(path)) return false;
  const text = readFileSync(path, 'utf8');
  return /^\s*["']?Resources["']?\s*:/m.test(text) && /\bAWS::\w+::\w+/.test(text);
}

/**
 * @param tree real templates; where there is none, the documents of the bench
 * @param template one template of about 1,000 lines
 */
export function findTargets(tree: string, documents: string, template: string): Targets {
  const real = existsSync(tree);
  const folder = resolve(real ? tree : documents);
  const files = filesBelow(folder);
  return {
    template,
    templates: files.filter(isTemplate),
    tree: folder,
    about: real ? 'a tree of real templates, plans and configurations' : 'the documents of this bench',
    files: files.length,
    bytes: files.reduce((sum, path) => sum + statSync(path).size, 0),
  };
}

/** Paths of a target, for a tool that takes any number of them. */
export function pathsOf(target: Target, targets: Targets): readonly string[] {
  if (target === 'template') return [targets.template];
  return target === 'templates' ? targets.templates : [targets.tree];
}

/**
 * Demarc's command line.
 * @param cli its file
 * @param options beside the paths
 */
export function demarcTool(cli: string, options: readonly string[] = []): Tool {
  return {
    name: 'Demarc',
    note: '',
    failsFrom: 2,
    command: (target, targets) =>
      [process.execPath, cli, 'lint', ...pathsOf(target, targets), '--format', 'json', '--quiet'].concat(options),
  };
}

/** `@aws/cloudformation-validate` over files, by a program of the bench: the package has no command line for Node. */
export function validateTool(program: string, folder: string, scratch: string, version: string): Tool {
  return {
    name: 'cloudformation-validate',
    note: `${version}, one process for all files, its CEL engine`,
    command: (target, targets) => {
      if (target === 'tree') return undefined;
      const list = join(scratch, `${target}.txt`);
      writeFileSync(list, pathsOf(target, targets).join('\n'));
      return [process.execPath, program, folder, list];
    },
  };
}

/** Makes a folder anew: a cache that nobody has filled. */
export function emptyFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}
