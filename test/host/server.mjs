// Starts the VS Code server that the npm package code-server carries: server-main.js itself, not code-server's wrapper.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { host, installed, obstacle } from './hosts.mjs';
import { quiet } from './settings.mjs';

const START_LIMIT_MS = 60_000;

/**
 * @param {object} [options]
 * @param {string} [options.name] which VS Code: newest or min; `DEMARC_HOST` or newest if left out
 * @param {string} [options.vsix] an extension to install before the start
 * @param {object} [options.settings] user settings on top of the quiet ones
 * @param {(text: string) => void} [options.log] gets the server's output
 */
export async function startServer({ name, vsix, settings = {}, log = () => {} } = {}) {
  const why = obstacle() ?? (installed() ? undefined : 'it is not installed (or outdated): node test/host/install.mjs');
  if (why) throw new Error(`Cannot start the VS Code server: ${why}`);

  const { node, main } = host(name);
  const root = mkdtempSync(path.join(tmpdir(), 'demarc-vscode-'));
  const data = path.join(root, 'data');
  const extensions = path.join(root, 'extensions');
  const user = path.join(data, 'data', 'User');
  mkdirSync(user, { recursive: true });
  mkdirSync(extensions);
  writeFileSync(path.join(user, 'settings.json'), JSON.stringify({ ...quiet, ...settings }, null, 2));

  // NODE_OPTIONS and the IPC hook belong to whoever started us (an integrated terminal, a debugger)
  const { NODE_OPTIONS: _, VSCODE_IPC_HOOK_CLI: __, ...inherited } = process.env;
  const env = { EXTENSIONS_GALLERY: '{}', ...inherited };
  const common = ['--accept-server-license-terms', '--telemetry-level', 'off', '--server-data-dir', data];
  const run = (...args) =>
    spawn(node, [main, ...common, '--extensions-dir', extensions, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  const cleanUp = () => rmSync(root, { recursive: true, force: true, maxRetries: 5 });

  let server;
  try {
    if (vsix) await finished(run('--install-extension', path.resolve(vsix), '--force'), log);
    const port = await freePort();
    // Without the smoke test driver VS Code silently ignores ?payload=, and with it the extension under development.
    const listen = ['--host', '127.0.0.1', '--port', String(port)];
    server = run(...listen, '--without-connection-token', '--enable-smoke-test-driver');
    await started(server, log);

    const authority = `127.0.0.1:${port}`;
    const remote = (file) => `vscode-remote://${authority}${encodeURI(path.resolve(file))}`;
    return {
      root,
      /**
       * The address of a window. Its payload are pairs that stand for VS Code's command line.
       * @param {{ folder?: string, extension?: string, tests?: string, open?: string }} window
       */
      address({ folder, extension, tests, open } = {}) {
        const payload = [['skipWelcome', 'true']];
        if (extension) payload.push(['extensionDevelopmentPath', remote(extension)]);
        if (tests) payload.push(['extensionTestsPath', remote(tests)]);
        if (open) payload.push(['openFile', remote(open)]);
        const query = new URLSearchParams({ payload: JSON.stringify(payload) });
        if (!folder) query.set('ew', 'true');
        else query.set(folder.endsWith('.code-workspace') ? 'workspace' : 'folder', path.resolve(folder));
        return `http://${authority}/?${query.toString().replaceAll('+', '%20')}`;
      },
      async stop() {
        await end(server);
        cleanUp();
      },
    };
  } catch (error) {
    if (server) await end(server);
    cleanUp();
    throw error;
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function collect(child, log, seen = () => {}) {
  let output = '';
  const take = (data) => {
    output += data;
    log(String(data));
    seen(output);
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  return () => output;
}

function finished(child, log) {
  return new Promise((resolve, reject) => {
    const output = collect(child, log);
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`exit code ${code}\n${output()}`))));
  });
}

function started(child, log) {
  return new Promise((resolve, reject) => {
    const output = collect(child, log, (text) => text.includes('Extension host agent started') && resolve());
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the VS Code server ended with ${code}\n${output()}`)));
    setTimeout(() => reject(new Error(`the VS Code server did not start\n${output()}`)), START_LIMIT_MS).unref();
  });
}

async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const impatient = setTimeout(() => child.kill('SIGKILL'), 5000);
  await exit;
  clearTimeout(impatient);
}
