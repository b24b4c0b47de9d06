// `npm test`: builds, checks, and runs every suite that this machine can run. Needs Node and git, nothing else.
// The real-editor suites need the VS Codes of test/host (npm run host:install) and Chromium; without them they say so.
//   --editor   the real-editor suites must run (CI)
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const editor = process.argv.includes('--editor');
const steps = [
  ['build', ['scripts/build.mjs']],
  ['types, lint, layers, dead code', ['npm', 'run', '-s', 'check']],
  ['documentation of rules', ['scripts/docs.mjs', '--check']],
  ['texts for translators', ['scripts/l10n.mjs', '--check']],
  ['unit, rules, server', ['scripts/test.mjs']],
  ['grammars', ['test/grammar/run.mjs', ...(editor ? ['--require-editor'] : [])]],
];
const hosts = existsSync('test/host/node_modules/.vscode-host.json');
if (editor || hosts) {
  steps.push(['real VS Code, newest', ['test/host/run-electron.mjs', '--server']]);
  if (editor) steps.push(['real VS Code, engine floor', ['test/host/run-electron.mjs', '--server=min']]);
  steps.push(['real VS Code, in the browser', ['test/host/run-web.mjs']]);
} else console.log('skipped: real VS Code (npm run host:install fetches it; npm run test:electron on a desktop)');

let failed = 0;
for (const [name, [command, ...args]] of steps) {
  const from = Date.now();
  console.log(`\n== ${name}`);
  const node = command.endsWith('.mjs');
  const { status } = spawnSync(node ? process.execPath : command, node ? [command, ...args] : args, {
    stdio: 'inherit',
    shell: !node && process.platform === 'win32',
  });
  console.log(
    `== ${name}: ${status === 0 ? 'passed' : `FAILED (${status})`} in ${((Date.now() - from) / 1000).toFixed(1)} s`,
  );
  if (status !== 0) failed++;
  if (status !== 0 && name === 'build') break;
}
console.log(`\n${steps.length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
