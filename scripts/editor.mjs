// npm run editor: the samples in an editor with this extension. In the desktop VS Code when `code` is on the PATH, else in
// the VS Code server of test/host, in any browser. `npm run editor -- DIR` opens another folder.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { findOnPath, installed } from '../test/host/hosts.mjs';
import { startServer } from '../test/host/server.mjs';

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..');
const extension = path.resolve(process.env.DEMARC_EXTENSION_PATH || root);
const folder = path.resolve(process.argv[2] ?? path.join(root, 'samples'));
if (!existsSync(folder)) fail(`there is no folder ${folder}`);

const desktop = findOnPath('code', 'code.cmd');
if (desktop) {
  const shell = desktop.endsWith('.cmd');
  const quote = (text) => (shell ? `"${text}"` : text);
  const code = spawn(quote(desktop), [quote(`--extensionDevelopmentPath=${extension}`), quote(folder)], {
    stdio: 'inherit',
    shell,
  });
  code.once('error', (error) => fail(String(error)));
  code.once('exit', (status) => {
    process.exitCode = status ?? 1;
  });
} else if (installed()) {
  // without the suppression of the tests' settings a person would be asked whether to trust their own folder
  const server = await startServer({ settings: { 'editor.hover.delay': 300, 'git.enabled': true } });
  console.log(
    `VS Code with Demarc and ${folder}: open\n\n  ${server.address({ folder, extension })}\n\nCtrl+C ends it.`,
  );
  const stop = async () => {
    await server.stop();
    process.exit(0);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
} else {
  fail('there is no `code` on the PATH. Install the VS Code server of the tests first: node test/host/install.mjs');
}

function fail(text) {
  console.error(`Cannot open the editor: ${text}`);
  process.exit(1);
}
