/** Runs the bundled command line as a program, in folders of its own. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { buildSync } from 'esbuild';

export const SQS = 'sqs-encryption-disabled';
const root = realpathSync(mkdtempSync(join(tmpdir(), 'demarc-cli-')));
after(() => rmSync(root, { recursive: true, force: true }));

/** As scripts/build.mjs bundles it. */
export const CLI = join(root, 'bin', 'cli.js');
{
  buildSync({
    entryPoints: ['server/src/cli/cli.ts'],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    outfile: CLI,
    logLevel: 'warning',
  });
  const data = 'server/src/data/iam.generated.json';
  if (existsSync(data)) copyFileSync(data, join(dirname(CLI), 'iam.json'));
}

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function demarc(
  cwd: string,
  args: readonly string[],
  input?: string | Buffer,
  env: Record<string, string> = {},
): Outcome {
  const { NO_COLOR: _, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd,
    input,
    encoding: 'utf8',
    maxBuffer: 100_000_000,
    env: { ...inherited, ...env },
  });
  return { code: status, stdout, stderr };
}

/** A path that nothing has yet, outside of every folder that is linted. */
export function unused(): string {
  return join(root, `u${folders++}`);
}

let folders = 0;
/** A new folder with these files; its own repository, so that no configuration outside of it counts. */
export function folder(files: Readonly<Record<string, string | Buffer>>): string {
  const path = join(root, `w${folders++}`);
  mkdirSync(join(path, '.git'), { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return path;
}

export interface Json {
  readonly version: string;
  readonly findings: readonly {
    readonly ruleId: string;
    readonly severity: string;
    readonly file: string;
    readonly resource: string;
    readonly path: string;
    readonly change?: 'introduced' | 'before';
    readonly range: {
      readonly start: { line: number; character: number };
      readonly end: { line: number; character: number };
    };
    readonly condition?: string;
    readonly aliases: readonly string[];
    readonly related?: readonly { readonly file: string; readonly message: string }[];
    readonly fixes: readonly {
      readonly title: string;
      readonly safe: boolean;
      readonly edits: readonly { file: string; range: Json['findings'][number]['range']; newText: string }[];
    }[];
  }[];
  /** Only with a base. */
  readonly fixed?: readonly Omit<Json['findings'][number], 'fixes' | 'aliases'>[];
  readonly errors: readonly { readonly file: string; readonly message: string; readonly range?: unknown }[];
}

/** Findings of the exemplar only: the catalogue grows. */
export function json(cwd: string, ...args: string[]): Json & { readonly code: number | null } {
  const { code, stdout, stderr } = demarc(cwd, ['lint', '--format', 'json', ...args]);
  assert.ok(stdout, stderr);
  const report = JSON.parse(stdout) as Json;
  const own = <T extends { readonly ruleId: string }>(list: readonly T[]) => list.filter((one) => one.ruleId === SQS);
  return { ...report, findings: own(report.findings), ...(report.fixed && { fixed: own(report.fixed) }), code };
}

export const queue = (value = 'false') => `AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      SqsManagedSseEnabled: ${value}
`;
export const tfQueue = (name: string, value: unknown) =>
  JSON.stringify({ resource: { aws_sqs_queue: { [name]: { sqs_managed_sse_enabled: value } } } });
export const where = (report: Json) => report.findings.map(({ file, resource }) => `${file} ${resource}`);
