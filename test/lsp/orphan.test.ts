/** A server whose editor is gone ends, however the editor went. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { after, describe, it } from 'node:test';

/** Milliseconds: the server looks for its editor every three seconds. */
const PATIENCE = 15_000;

/** Stands for the extension host: starts the server as the language client does, and says which process it is. */
const EDITOR = `
const [, server_js, transport] = process.argv;
const args = [transport, '--clientProcessId=' + process.pid];
const server = require('node:child_process').fork(server_js, args, { silent: true });
const initialize = { processId: process.pid, rootUri: null, workspaceFolders: null, capabilities: {} };
const message = { jsonrpc: '2.0', id: 1, method: 'initialize', params: initialize };
const started = () => process.stdout.write(String(server.pid));
if (transport === '--node-ipc') {
  server.send(message);
  server.on('message', ({ id }) => id === 1 && started());
} else {
  const text = JSON.stringify(message);
  server.stdin.write('Content-Length: ' + Buffer.byteLength(text) + '\\r\\n\\r\\n' + text);
  server.stdout.once('data', started);
}
`;

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function gone(pid: number): Promise<boolean> {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await new Promise((wake) => setTimeout(wake, 100)))
    if (!isAlive(pid)) return true;
  return false;
}

describe('a server without its editor', () => {
  const started: number[] = [];
  after(() => {
    for (const pid of started) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
  const editor = async (transport: string): Promise<{ host: ChildProcess; server: number }> => {
    const host = spawn(process.execPath, ['-e', EDITOR, resolve('dist/server.js'), transport], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [data] = await once(host.stdout as NodeJS.ReadableStream, 'data');
    const server = Number(String(data));
    started.push(server, host.pid ?? server);
    assert.ok(isAlive(server));
    return { host, server };
  };

  for (const signal of ['SIGKILL', 'SIGTERM'] as const)
    for (const transport of ['--stdio', '--node-ipc'])
      it(`ends after the editor's ${signal}, ${transport}`, { timeout: 2 * PATIENCE }, async () => {
        const { host, server } = await editor(transport);
        host.kill(signal);
        assert.ok(await gone(server), 'it still runs');
      });

  it('ends when standard input ends', { timeout: 2 * PATIENCE }, async () => {
    const server = spawn(process.execPath, ['dist/server.js', '--stdio'], { stdio: ['pipe', 'ignore', 'inherit'] });
    const { pid } = server;
    assert.ok(pid);
    started.push(pid);
    await new Promise((wake) => setTimeout(wake, 300));
    server.stdin?.end();
    assert.ok(await gone(pid), 'it still runs');
  });
});
