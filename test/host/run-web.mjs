// Runs the suites of test/vscode in a VS Code that is nothing but a page: extension and language server in web workers, the
// workspace a virtual folder, as on vscode.dev.
//   node test/host/run-web.mjs        after node test/host/install.mjs
//   --window=folder,web,restricted    only these windows
//   --grep=TEXT                       only tests with this in their title
//   DEMARC_HOST_VERBOSE=1             everything VS Code says
//   DEMARC_EXTENSION_PATH=…           another extension folder than this repository
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { launch } from './chromium.mjs';
import { exitOf } from './extension-host.mjs';
import { HERE } from './hosts.mjs';
import { untrusted } from './settings.mjs';
import { startWeb } from './web.mjs';

/**
 * As in run-electron.mjs: `NAME.WINDOW.test.ts` says where a suite runs; `web` is here only. Others need Node, git, or a window without
 * a folder.
 */
const WINDOWS = { folder: {}, web: {}, restricted: { restricted: true, settings: untrusted } };

const LIMIT_MS = 300_000;
const root = path.resolve(HERE, '../..');
const option = (name) => {
  const argument = process.argv.find((a) => a.startsWith(`--${name}=`));
  return argument?.slice(name.length + 3) ?? '';
};

const results = [];
let broken = false;
for (const name of (option('window') || Object.keys(WINDOWS).join()).split(',')) {
  if (!WINDOWS[name]) throw new Error(`no window called "${name}"; there are ${Object.keys(WINDOWS).join(', ')}`);
  console.log(`\n${name} window, in the browser`);
  const tests = await run(name, WINDOWS[name]);
  results.push(...tests);
  if (!tests.some((test) => test.state === 'passed')) broken ||= !option('grep'); // a host that ran no test has failed
}
const count = (state) => results.filter((test) => test.state === state).length;
if (count('failed') || !count('passed')) broken = true;
console.log(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
process.exit(broken ? 1 : 0);

/** Everything in one file: a worker loads no other. It lies below the extension, where the host looks for it. */
async function bundle(name, outfile) {
  const folder = path.join(root, 'test/vscode');
  const suites = readdirSync(folder)
    .filter((file) => file.endsWith('.test.ts'))
    .filter((file) => (/\.(\w+)\.test\.ts$/.exec(file)?.[1] ?? 'folder') === name)
    .sort();
  const load = suites.map((file) => `require('./${file}');`).join(' ');
  await build({
    stdin: {
      // Mocha's build takes the module for its own: what it exports comes last.
      contents: `const { runner } = require('../web/index.ts');
module.exports = { run: runner(() => { ${load} }, ${JSON.stringify(option('grep'))}) };`,
      resolveDir: folder,
    },
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'browser',
    target: 'es2022',
    external: ['vscode'],
    alias: { 'node:assert/strict': path.join(root, 'test/web/assert.ts') },
    define: { global: 'globalThis' },
    sourcemap: 'inline',
    logLevel: 'error',
  });
}

/** The tests that ran, as test/web/index.ts reports them in its log. */
async function run(name, window) {
  // The repository is far too much for a folder that the page looks through for extensions: only what is packaged.
  const extension = path.join(root, 'out/web', name);
  const built = path.resolve(process.env.DEMARC_EXTENSION_PATH || root);
  rmSync(extension, { recursive: true, force: true });
  mkdirSync(extension, { recursive: true });
  for (const part of ['package.json', 'dist', 'syntaxes', 'schemas', 'media'])
    cpSync(path.join(built, part), path.join(extension, part), { recursive: true });
  const tests = path.join(extension, 'tests.js');
  await bundle(name, tests);
  const server = await startWeb({ ...window, extension, tests, folder: path.join(root, 'test/vscode/fixtures/ws') });
  const browser = await launch();
  let report = [];
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const verbose = Boolean(process.env.DEMARC_HOST_VERBOSE);
    if (verbose) page.on('console', (message) => process.stderr.write(`[page] ${message.text()}\n`));
    const take = (line) => {
      const found = /^demarc-report (.*)$/.exec(line)?.[1];
      if (found) report = JSON.parse(found);
      return Boolean(found);
    };
    const exit = await exitOf(page, { limit: LIMIT_MS, verbose, take });
    await server.show(page);
    if ((await exit.code) !== 0) broken = true;
  } catch (error) {
    console.error(String(error));
    broken = true;
  }
  await browser.close();
  server.stop();
  return report;
}
