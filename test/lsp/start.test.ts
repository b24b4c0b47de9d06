/** The first moments of the bundled server. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ErrorCodes, type Message, StreamMessageReader } from 'vscode-languageserver-protocol/node';

interface Answer extends Message {
  readonly id?: number;
  readonly result?: { readonly capabilities?: object; readonly items?: readonly object[] };
  readonly error?: { readonly code: number; readonly message: string };
}

const initialize = {
  id: 1,
  method: 'initialize',
  params: { processId: process.pid, rootUri: null, capabilities: { textDocument: { diagnostic: {} } } },
};
const QUEUE = JSON.stringify({
  Resources: { Jobs: { Type: 'AWS::SQS::Queue', Properties: { SqsManagedSseEnabled: false } } },
});
const uri = 'untitled:queue.json';
const open = {
  method: 'textDocument/didOpen',
  params: { textDocument: { uri, languageId: 'json', version: 1, text: QUEUE } },
};
const pull = (id: number) => ({ id, method: 'textDocument/diagnostic', params: { textDocument: { uri } } });

/** Without a client's good manners: what is sent is sent at once, whatever was answered. */
class Raw {
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
  errors = '';
  private readonly answers = new Map<number, Answer>();
  private readonly waiting = new Map<number, (answer: Answer) => void>();

  constructor(file = 'dist/server.js', env: Record<string, string> = {}) {
    this.process = spawn(process.execPath, [file, '--stdio'], { env: { ...process.env, ...env } });
    this.process.stderr?.on('data', (data) => {
      this.errors += data;
    });
    this.ended = new Promise((resolve) => this.process.once('exit', resolve));
    const { stdout } = this.process;
    if (!stdout) throw new Error('no pipe');
    new StreamMessageReader(stdout).listen((message) => {
      const answer = message as Answer;
      if (answer.id === undefined) return;
      this.answers.set(answer.id, answer);
      this.waiting.get(answer.id)?.(answer);
    });
  }

  /** All in one piece. */
  send(...messages: readonly object[]): void {
    const texts = messages.map((message) => JSON.stringify({ jsonrpc: '2.0', ...message }));
    this.process.stdin?.write(
      texts.map((text) => `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`).join(''),
    );
  }

  async answer(id: number): Promise<Answer> {
    return this.answers.get(id) ?? new Promise((resolve) => this.waiting.set(id, resolve));
  }

  async stop(): Promise<void> {
    this.send({ id: 1000, method: 'shutdown' }, { method: 'exit' });
    assert.equal(await this.ended, 0);
  }
}

describe('the server at its start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'demarc-start-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('answers initialize before the engine is loaded', async () => {
    const file = join(folder, 'server.js');
    copyFileSync('dist/server.js', file);
    const server = new Raw(file);
    server.send(initialize);
    assert.ok((await server.answer(1)).result?.capabilities);
    // There is no engine beside it, which is its end.
    assert.notEqual(await server.ended, 0);
    assert.match(server.errors, /engine\.js/);
  });

  it('handles what comes with initialize, in one piece', async () => {
    const server = new Raw();
    server.send(initialize, { method: 'initialized', params: {} }, open, pull(2), { ...initialize, id: 3 }, pull(4));
    assert.ok((await server.answer(1)).result?.capabilities);
    assert.equal((await server.answer(2)).result?.items?.length, 1);
    assert.equal((await server.answer(3)).error?.code, ErrorCodes.InvalidRequest);
    assert.equal((await server.answer(4)).result?.items?.length, 1);
    await server.stop();
  });

  it('refuses what comes before initialize, and what initialize itself got wrong', async () => {
    const server = new Raw();
    server.send(pull(2), open, { ...initialize, id: 3, params: { processId: null } });
    assert.equal((await server.answer(2)).error?.code, ErrorCodes.ServerNotInitialized);
    assert.ok((await server.answer(3)).error);
    server.send(initialize, pull(4));
    assert.ok((await server.answer(1)).result?.capabilities);
    assert.deepEqual((await server.answer(4)).result?.items, [], 'the document was opened too early');
    await server.stop();
  });

  it('ends where nothing but initialize came', async () => {
    const server = new Raw();
    server.send(initialize);
    await server.answer(1);
    await server.stop();
  });

  it('keeps no compiled code where all users write', async () => {
    const temporary = join(folder, 'temporary');
    mkdirSync(temporary);
    const server = new Raw('dist/server.js', { TMPDIR: temporary, TEMP: temporary, NODE_COMPILE_CACHE: '' });
    server.send(initialize, open, pull(2));
    await server.answer(2);
    await server.stop();
    assert.deepEqual(readdirSync(temporary), []);
  });
});
