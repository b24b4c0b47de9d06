#!/usr/bin/env node
// Speaks the part of VS Code's command line that @vscode/test-electron uses, and runs the tests in the extension host of a
// VS Code server with headless Chromium as its window. Its exit code is the host's.
//   DEMARC_HOST=newest|min   DEMARC_HOST_SETTINGS={…} more user settings   DEMARC_HOST_VERBOSE=1 everything VS Code says
//   DEMARC_HOST_TIMEOUT_MS=… gives up then, with a screenshot in out/
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { launch } from './chromium.mjs';
import { exitOf } from './extension-host.mjs';
import { startServer } from './server.mjs';

const { values, positionals } = parseArgs({
  options: {
    extensionDevelopmentPath: { type: 'string' },
    extensionTestsPath: { type: 'string' },
    'user-data-dir': { type: 'string' }, // the server has folders of its own
    'extensions-dir': { type: 'string' },
  },
  strict: false, // --no-sandbox, --disable-updates … mean nothing here
  allowPositionals: true,
});
const local = (file) => (file?.startsWith('file:') ? fileURLToPath(file) : file);
const verbose = Boolean(process.env.DEMARC_HOST_VERBOSE);
const limit = Number(process.env.DEMARC_HOST_TIMEOUT_MS || 300_000);

const server = await startServer({
  settings: JSON.parse(process.env.DEMARC_HOST_SETTINGS || '{}'),
  log: (text) => verbose && process.stderr.write(text),
});
let browser;
async function stop(code) {
  await browser?.close().catch(() => {});
  await server.stop();
  process.exit(code);
}
process.once('SIGINT', () => stop(130));
process.once('SIGTERM', () => stop(143));

try {
  browser = await launch();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  if (verbose) page.on('console', (message) => process.stderr.write(`[page] ${message.text()}\n`));
  const exit = await exitOf(page, { limit, verbose });
  await page.goto(
    server.address({
      folder: positionals[0],
      extension: local(values.extensionDevelopmentPath),
      tests: local(values.extensionTestsPath),
    }),
  );
  await stop(await exit.code);
} catch (error) {
  console.error(error);
  await stop(1);
}
