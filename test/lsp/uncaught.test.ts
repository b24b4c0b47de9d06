/** What nobody caught in the server: it is told without the text of a template, and the server goes on, or ends to be started anew. */

import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { traceOf, watchFaults } from '../../server/src/faults.ts';
import { QUEUE, RULE } from '../support/queue.ts';
import { Client } from './client.ts';

const SECRET = 'AKIA-IN-A-TEMPLATE';

const folder = mkdtempSync(join(tmpdir(), 'demarc-uncaught-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The server, with something in its process that fails at a signal: a mistake in a library would do the same. */
async function failing(how: string): Promise<Client> {
  const preload = join(folder, `${how}.cjs`);
  const fail = { rejects: 'Promise.reject(error)', throws: 'throw error' }[how];
  writeFileSync(
    preload,
    `process.on('SIGUSR2', () => {
  const error = Object.assign(new TypeError('${SECRET}\\n    at ${SECRET}'), { code: 'EFAIL' });
  ${fail};
});
`,
  );
  return Client.start({ execArgv: ['--require', preload] });
}

async function until(what: string, test: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !test(); await new Promise((wake) => setTimeout(wake, 20)))
    assert.ok(Date.now() < end, `timed out waiting for ${what}`);
}

describe('in the server', { skip: process.platform === 'win32' }, () => {
  it('a promise that is rejected is told once, and the server goes on', async () => {
    const client = await failing('rejects');
    try {
      await client.open('untitled:a.yaml', QUEUE);
      const said = () => client.complaints.filter((one) => one.startsWith('Something failed'));
      for (let i = 0; i < 3; i++) client.process.kill('SIGUSR2');
      await until('the log', () => said().length > 0);
      assert.deepEqual(await client.findings('untitled:a.yaml'), [`${RULE} on "false"`]);
      client.process.kill('SIGUSR2');
      await client.open('untitled:b.yaml', QUEUE);
      assert.deepEqual(await client.findings('untitled:b.yaml'), [`${RULE} on "false"`]);
      const [message = ''] = said();
      assert.equal(said().length, 1);
      assert.match(message, /^Something failed, and nobody dealt with it: TypeError EFAIL\n +at .*rejects\.cjs/);
      assert.ok(!client.log.some((one) => one.includes(SECRET)));
      assert.equal(client.process.exitCode, null);
      assert.deepEqual(client.errors, []);
    } finally {
      await client.stop();
    }
  });

  it('an exception ends it, after its last words', async () => {
    const client = await failing('throws');
    await client.open('untitled:a.yaml', QUEUE);
    assert.deepEqual(await client.findings('untitled:a.yaml'), [`${RULE} on "false"`]);
    const ended = once(client.process, 'exit');
    client.process.kill('SIGUSR2');
    const [code] = await ended;
    assert.equal(code, 1);
    await until('the log', () => client.complaints.length > 0);
    const [message = '', ...others] = client.complaints;
    assert.match(message, /^The server ends, .*: TypeError EFAIL\n +at .*throws\.cjs/);
    assert.deepEqual(others, []);
    assert.ok(!client.log.some((one) => one.includes(SECRET)));
  });
});

describe('what nobody caught', () => {
  it('is told without what the error says', () => {
    const error = new SyntaxError(`Unexpected token in ${SECRET}\n    at ${SECRET} (line 1)`);
    const [name, ...frames] = traceOf(error).split('\n');
    assert.equal(name, 'SyntaxError');
    assert.ok(frames.length > 0 && frames.length <= 20);
    for (const frame of frames) assert.match(frame, /^ +at /);
    assert.ok(!traceOf(error).includes(SECRET));
    for (const [reason, said] of [
      [SECRET, 'no error, but of type string'],
      [undefined, 'no error, but of type undefined'],
      [{ stack: SECRET }, 'no error, but of type object'],
      [Object.assign(new Error(SECRET), { stack: undefined }), 'Error'],
      [Object.assign(new Error(SECRET), { stack: SECRET, code: 7 }), 'Error'],
    ] as const)
      assert.equal(traceOf(reason), said);
  });

  it('is told of so many kinds only, and an exception once', async () => {
    const exits: number[] = [];
    const written: string[] = [];
    const stderr = { write: (text: string) => void written.push(text) };
    const process = Object.assign(new EventEmitter(), { exit: (code: number) => void exits.push(code), stderr });
    const said: string[] = [];
    watchFaults((message) => {
      said.push(message);
    }, process);
    for (let i = 0; i < 200; i++)
      process.emit('unhandledRejection', Object.assign(new Error('x'), { code: `E${i}`, stack: '' }));
    assert.equal(said.length, 50);
    assert.deepEqual(exits, []);
    for (let i = 0; i < 3; i++) process.emit('uncaughtException', new Error('x'));
    await until('the end', () => exits.length > 0);
    assert.deepEqual(exits, [1]);
    assert.equal(said.length, 51);
    const other = Object.assign(new EventEmitter(), { exit: () => undefined, stderr });
    watchFaults(() => assert.fail('closed'), other);
    other.emit('uncaughtException', new Error('x'));
    assert.equal(written.length, 1);
  });

  it('of a server that nobody hears any more is its end, in words of its own', async () => {
    const client = await Client.start();
    const { process: server } = client;
    let written = '';
    server.stderr?.on('data', (text) => {
      written += text;
    });
    const ended = once(server, 'exit');
    server.stdout?.destroy();
    // Something to say for the log.
    await client.connection.sendNotification('textDocument/didOpen', {});
    const late = setTimeout(() => server.kill('SIGKILL'), 10_000);
    const [code] = await ended;
    clearTimeout(late);
    client.connection.dispose();
    assert.equal(code, 1);
    // Before it, what the library says of messages that it could not send.
    assert.match(written, /^(?:Sending log message failed\n)*Something failed, and nobody dealt with it: /);
    assert.doesNotMatch(written, /throw new/);
  });
});
