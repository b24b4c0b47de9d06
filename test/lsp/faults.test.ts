/** What a client does wrong: the server says so, and goes on; or ends, where nobody is there any more. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { after, describe, it } from 'node:test';
import { ErrorCodes, type ResponseError } from 'vscode-languageserver-protocol';
import { QUEUE, RULE } from '../support/queue.ts';
import { Client, SERVER } from './client.ts';

const children: ChildProcess[] = [];
after(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** A server whose pipe is written by hand. */
class Raw {
  readonly process: ChildProcess;
  output = '';

  constructor() {
    this.process = spawn(process.execPath, [SERVER, '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
    children.push(this.process);
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.output += text;
    });
  }

  write(text: string): void {
    this.process.stdin?.write(text);
  }

  say(message: object, header = 'Content-Length'): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.write(`${header}: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  initialize(processId: number | null = null): Promise<Answer> {
    this.say({ id: 'first', method: 'initialize', params: { processId, rootUri: null, capabilities: {} } });
    return this.answer('first');
  }

  /** All messages on standard output. @throws where there is anything else */
  messages(): Answer[] {
    const found: Answer[] = [];
    for (let rest = Buffer.from(this.output); rest.length; ) {
      const [header, length] = /^Content-Length: (\d+)\r\n\r\n/.exec(rest.toString('latin1')) ?? [];
      assert.ok(header, `nothing but the protocol: ${rest.subarray(0, 80)}`);
      const end = header.length + Number(length);
      if (rest.length < end) break;
      found.push(JSON.parse(rest.subarray(header.length, end).toString()));
      rest = rest.subarray(end);
    }
    return found;
  }

  answer(id: unknown): Promise<Answer> {
    return this.until(`answer ${id}`, () => this.messages().find((one) => one.id === id && !('method' in one)));
  }

  async until<T>(what: string, test: () => T | undefined): Promise<T> {
    for (const end = Date.now() + 20_000; ; ) {
      const value = test();
      if (value !== undefined) return value;
      assert.ok(Date.now() < end, `timed out waiting for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  exit(): Promise<number> {
    return this.until('the end', () => this.process.exitCode ?? undefined);
  }
}

interface Answer {
  readonly id?: unknown;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

async function using(test: (client: Client) => Promise<void>): Promise<void> {
  const client = await Client.start();
  try {
    await test(client);
    // It is still there, and right.
    await client.open('untitled:end.yaml', QUEUE);
    assert.deepEqual(await client.findings('untitled:end.yaml'), [`${RULE} on "false"`]);
    assert.deepEqual(client.errors, []);
  } finally {
    await client.stop();
  }
}

const codeOf = (request: Promise<unknown>) =>
  request.then(
    () => undefined,
    (error: ResponseError) => error.code,
  );
const notify = (client: Client, method: string, params?: unknown) =>
  params === undefined
    ? client.connection.sendNotification(method)
    : client.connection.sendNotification(method, params as object);

describe('a client that makes mistakes', () => {
  it('is told of methods that do not exist, and of parameters that are none', () =>
    using(async (client) => {
      await client.open('untitled:a.yaml', QUEUE);
      const { connection } = client;
      assert.equal(await codeOf(connection.sendRequest('textDocument/noSuchThing', {})), ErrorCodes.MethodNotFound);
      await notify(client, 'textDocument/noSuchThing', {});
      const textDocument = { uri: 'untitled:a.yaml' };
      for (const [method, params] of [
        ['textDocument/hover', { textDocument: null }],
        ['textDocument/hover', { textDocument }],
        ['textDocument/hover', { textDocument, position: { line: 'x', character: {} } }],
        ['textDocument/hover', { textDocument: { uri: 7 }, position: { line: 0, character: 0 } }],
        ['textDocument/completion', { textDocument, position: null }],
        ['textDocument/codeAction', { textDocument, range: {}, context: { diagnostics: [] } }],
        [
          'textDocument/codeAction',
          { textDocument, range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } } },
        ],
        ['textDocument/diagnostic', { textDocument: [] }],
        ['demarc/map', {}],
        ['demarc/compare', {}],
        ['demarc/status', {}],
      ] as const) {
        const code = await codeOf(connection.sendRequest(method, params));
        assert.equal(code, ErrorCodes.InvalidParams, `${method} ${JSON.stringify(params)}`);
      }
      assert.ok((await codeOf(connection.sendRequest('textDocument/hover'))) !== undefined);
      assert.ok((await codeOf(connection.sendRequest('textDocument/hover', [1, 2, 3]))) !== undefined);
    }));

  it('may change, save and close what is not open, and say nothing that can be understood', () =>
    using(async (client) => {
      const textDocument = { uri: 'untitled:unknown.yaml', version: 2 };
      for (const [method, params] of [
        ['textDocument/didChange', { textDocument, contentChanges: [{ text: 'a' }] }],
        ['textDocument/didSave', { textDocument }],
        ['textDocument/didClose', { textDocument }],
        ['textDocument/didOpen', { textDocument }],
        ['textDocument/didOpen', null],
        ['textDocument/didOpen', {}],
        ['textDocument/didChange', { textDocument, contentChanges: 'all' }],
        ['textDocument/didChange'],
        ['textDocument/didClose', { textDocument: 'x' }],
        ['workspace/didChangeConfiguration', null],
        ['workspace/didChangeConfiguration', { settings: 3 }],
        ['workspace/didChangeWatchedFiles', { changes: { uri: 1 } }],
        ['workspace/didChangeWatchedFiles', { changes: [null, { uri: {} }] }],
        ['workspace/didChangeWorkspaceFolders', {}],
        ['workspace/didChangeWorkspaceFolders', { event: { added: [{ uri: 3 }], removed: 'x' } }],
        ['$/setTrace', null],
        ['$/cancelRequest', {}],
        ['$/cancelRequest', { id: 'none' }],
      ] as const)
        await notify(client, method, params);
      assert.deepEqual(await client.diagnostics('untitled:unknown.yaml'), []);
      assert.ok(client.complaints.some((line) => line.includes('is changed, but not open')));
      assert.ok(client.complaints.some((line) => line.startsWith('textDocument/didOpen cannot be understood')));
    }));

  it('may open twice, number versions as it likes, and edit beyond the end', () =>
    using(async (client) => {
      const uri = 'untitled:twice.yaml';
      await client.open(uri, 'a: b\n');
      await client.open(uri, QUEUE);
      assert.deepEqual(await client.findings(uri), [`${RULE} on "false"`]);
      const change = (version: unknown, ...contentChanges: unknown[]) =>
        notify(client, 'textDocument/didChange', { textDocument: { uri, version }, contentChanges });
      const range = (line: number, character: number, toLine = line, to = character) => ({
        start: { line, character },
        end: { line: toLine, character: to },
      });
      await change(1, { range: range(0, 0), text: '# one\n' });
      await change(null, { range: range(-3, -1), text: '# two\n' });
      await change(-7, { range: range(500, 3, 502, 9), text: '# three\n# four\n' });
      await change(4, { range: range(600, 0, 400, 0), text: '# five\r' });
      await change(4, { range: range(9, 0), text: '\n# six\n' });
      await change(5, { range: range(0, 1.5), text: 'lost' }, { text: 'lost' });
      await change(5, { range: range(6, 900), text: ' # end' });
      const text = `# two\n# one\n${QUEUE.replace('false', 'false # end')}# three\n# four\n# five\r\n# six\n`;
      const [diagnostic] = await client.diagnostics(uri);
      assert.deepEqual(diagnostic?.range, range(6, 28, 6, 33));
      await client.open('untitled:same.yaml', text);
      const same = await client.diagnostics('untitled:same.yaml');
      assert.deepEqual(same, await client.diagnostics(uri));
      assert.ok(client.complaints.some((line) => line.includes('comes after version')));
    }));

  it('may initialize twice, and ask too early or too late: it is refused', async () => {
    const raw = new Raw();
    raw.say({ method: 'textDocument/didOpen', params: { textDocument: { uri: 'a.yaml', version: 1, text: QUEUE } } });
    raw.say({ id: 1, method: 'textDocument/hover', params: {} });
    assert.equal((await raw.answer(1)).error?.code, ErrorCodes.ServerNotInitialized);
    assert.ok((await raw.initialize()).result);
    raw.say({ id: 2, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } });
    assert.equal((await raw.answer(2)).error?.code, ErrorCodes.InvalidRequest);
    raw.say({ id: 3, method: 'demarc/status', params: { uri: 'a.yaml' } });
    assert.equal((await raw.answer(3)).result, null, 'what came before initialize is left out');
    raw.say({ id: 4, method: 'shutdown' });
    assert.equal((await raw.answer(4)).error, undefined);
    raw.say({ id: 5, method: 'textDocument/hover', params: {} });
    assert.equal((await raw.answer(5)).error?.code, ErrorCodes.InvalidRequest);
    raw.say({ method: 'exit' });
    assert.equal(await raw.exit(), 0);
  });

  it('may initialize with nonsense, and then rightly', async () => {
    const raw = new Raw();
    raw.say({ id: 1, method: 'initialize' });
    raw.say({ id: 2, method: 'initialize', params: { capabilities: null } });
    for (const id of [1, 2]) assert.ok((await raw.answer(id)).error);
    raw.say({
      id: 3,
      method: 'initialize',
      params: {
        processId: 'x',
        workspaceFolders: [{ uri: 4 }, null],
        capabilities: { workspace: 7, textDocument: [] },
      },
    });
    assert.ok((await raw.answer(3)).result);
    raw.process.stdin?.end();
    await raw.exit();
  });

  it('may send what is no message', async () => {
    const raw = new Raw();
    await raw.initialize();
    for (const body of [
      'null',
      '1',
      '"x"',
      '[]',
      '{}',
      '{"jsonrpc":"2.0"}',
      '{"id":null,"method":"x"}',
      '{"id":9}',
      '{oops',
    ])
      raw.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
    raw.say({ id: {}, method: 'textDocument/hover', params: {} });
    raw.say({ id: 77, result: null });
    raw.say({ id: 1, method: 'demarc/status', params: { uri: 'x' } }, 'content-length');
    assert.equal((await raw.answer(1)).result, null);
    raw.process.stdin?.end();
    assert.equal(await raw.exit(), 1);
    raw.messages();
  });
});

describe('a client that is gone', () => {
  it('without a farewell: the server ends with 1', async () => {
    const raw = new Raw();
    await raw.initialize();
    raw.say({ method: 'exit' });
    assert.equal(await raw.exit(), 1);
  });

  it('with its pipe: the server ends, whatever it does', async () => {
    const raw = new Raw();
    await raw.initialize();
    const text = `Resources:\n${Array.from({ length: 3000 }, (_, i) => QUEUE.slice(11).replace('Jobs', `Q${i}`)).join('')}`;
    raw.say({
      method: 'textDocument/didOpen',
      params: { textDocument: { uri: 'untitled:large.yaml', languageId: 'yaml', version: 1, text } },
    });
    raw.process.stdout?.destroy();
    raw.process.stdin?.end();
    await raw.until('the end', () => (raw.process.exitCode ?? raw.process.signalCode) !== null || undefined);
  });

  it('as a process: the server ends by itself', async () => {
    const parent = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { stdio: 'ignore' });
    children.push(parent);
    const raw = new Raw();
    await raw.initialize(parent.pid ?? null);
    parent.kill('SIGKILL');
    assert.equal(await raw.exit(), 1);
  });

  it('with a header that is none: what follows is read again, or the server ends when the pipe does', async () => {
    const raw = new Raw();
    await raw.initialize();
    raw.write('Content-Length: twelve\r\n\r\n');
    raw.say({ id: 1, method: 'demarc/status', params: { uri: 'x' } });
    raw.write('garbage without a colon\r\n\r\n');
    raw.write('Content-Length: 99999999\r\n\r\n{"jsonrpc":');
    raw.process.stdin?.end();
    assert.equal(await raw.exit(), 1);
    raw.messages();
  });
});
