/** Files and data that the server has through the client: virtual workspaces, versions of source control, the browser. */

import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import {
  createProtocolConnection,
  type Diagnostic,
  type ProtocolConnection,
} from 'vscode-languageserver-protocol/node';
import { serve } from '../../server/src/lsp/connection.ts';
import { loadIamData } from '../support/iam-data.ts';
import { Client, type ClientOptions } from './client.ts';

const RULE = 'sqs-encryption-disabled';
const MAIN = '{"resource": {"aws_sqs_queue": {"q": {"sqs_managed_sse_enabled": "${var.encrypt}"}}}}';
const variable = (value: boolean) => `{"variable": {"encrypt": {"default": ${value}}}}`;
const OFF = JSON.stringify({ rules: { [RULE]: 'off' } });

async function using(options: ClientOptions, test: (client: Client) => Promise<void>): Promise<void> {
  const client = await Client.start(options);
  try {
    await test(client);
    assert.deepEqual(client.errors, []);
  } finally {
    await client.stop();
  }
}

const found = async (client: Client, uri: string) => (await client.diagnostics(uri)).filter((one) => one.code === RULE);

describe('a virtual workspace', () => {
  const folder = 'vscode-vfs://github/owner/repository';

  it('has the other files of a module, read through the client', () =>
    using({ folder, files: { [`${folder}/net/vars.tf.json`]: variable(false) } }, async (client) => {
      const main = `${folder}/net/main.tf.json`;
      await client.open(main, MAIN, 'json');
      const [finding] = await found(client, main);
      assert.equal(finding?.relatedInformation?.[0]?.location.uri, `${folder}/net/vars.tf.json`);
      await client.open(`${folder}/net/vars.tf.json`, variable(true), 'json');
      assert.deepEqual(await found(client, main), []);
    }));

  it('has its configuration, in the folder and above it, but nothing above the workspace', () =>
    using({ folder, files: { [`${folder}/.demarc.json`]: OFF } }, async (client) => {
      const main = `${folder}/a/b/main.tf.json`;
      await client.open(main, MAIN.replace('"${var.encrypt}"', 'false'), 'json');
      assert.deepEqual(await found(client, main), []);
      const outside = 'vscode-vfs://github/owner/other/main.tf.json';
      await client.open(outside, MAIN.replace('"${var.encrypt}"', 'false'), 'json');
      assert.equal((await found(client, outside)).length, 1);
    }));

  it('reads a file again when it changed', () => {
    const files: Record<string, string> = { [`${folder}/vars.tf.json`]: variable(false) };
    return using({ folder, files }, async (client) => {
      const main = `${folder}/main.tf.json`;
      await client.open(main, MAIN, 'json');
      assert.equal((await found(client, main)).length, 1);
      await found(client, main);
      assert.deepEqual(client.read, [`${folder}/vars.tf.json`]);
      files[`${folder}/vars.tf.json`] = variable(true);
      await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [{ uri: `${folder}/vars.tf.json`, type: 2 }],
      });
      assert.deepEqual(await found(client, main), []);
    });
  });

  it('of a client that reads nothing is looked at file by file, and that is said once', () =>
    using({ folder }, async (client) => {
      for (const name of ['a', 'b']) {
        await client.open(`${folder}/${name}/main.tf.json`, MAIN.replace('"${var.encrypt}"', 'false'), 'json');
        assert.equal((await found(client, `${folder}/${name}/main.tf.json`)).length, 1);
      }
      assert.equal(client.log.filter((line) => /scheme vscode-vfs are not looked at/.test(line)).length, 1);
    }));
});

describe('a version of source control', () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'demarc-git-')));
  after(() => rmSync(root, { recursive: true, force: true }));
  const folder = pathToFileURL(root).href;
  const at = (name: string, ref = 'HEAD') =>
    `git:${new URL(`${folder}/${name}`).pathname}?${encodeURIComponent(JSON.stringify({ path: `${root}/${name}`, ref }))}`;

  it('has the files of its own revision, as the working tree names them', async () => {
    writeFileSync(join(root, 'main.tf.json'), MAIN);
    writeFileSync(join(root, 'vars.tf.json'), variable(true));
    writeFileSync(join(root, 'new.tf.json'), '{}');
    await using({ folder, files: { [at('vars.tf.json')]: variable(false) } }, async (client) => {
      await client.open(at('main.tf.json'), MAIN, 'json');
      const [finding] = await found(client, at('main.tf.json'));
      assert.equal(finding?.relatedInformation?.[0]?.location.uri, at('vars.tf.json'));
      assert.deepEqual(client.read.sort(), [at('new.tf.json'), at('vars.tf.json')].sort());
      await client.open(`${folder}/main.tf.json`, MAIN, 'json');
      assert.deepEqual(await found(client, `${folder}/main.tf.json`), []);
      // Another revision has files of its own.
      await client.open(at('main.tf.json', 'v1'), MAIN, 'json');
      assert.deepEqual(await found(client, at('main.tf.json', 'v1')), []);
      // One that is shown beside it counts as it is shown.
      await client.open(at('vars.tf.json', 'v1'), variable(false), 'json');
      assert.equal((await found(client, at('main.tf.json', 'v1'))).length, 1);
    });
  });

  it('is configured by the working tree', async () => {
    writeFileSync(join(root, '.demarc.json'), OFF);
    await using({ folder, files: {} }, async (client) => {
      await client.open(at('queue.tf.json'), MAIN.replace('"${var.encrypt}"', 'false'), 'json');
      assert.deepEqual(await found(client, at('queue.tf.json')), []);
      await client.open(`${folder}/.demarc.json`, JSON.stringify({ exclude: ['other.*'] }), 'jsonc');
      assert.equal((await found(client, at('queue.tf.json'))).length, 1);
      await client.open(at('other.tf.json'), MAIN.replace('"${var.encrypt}"', 'false'), 'json');
      assert.deepEqual(await found(client, at('other.tf.json')), []);
    });
  });
});

describe('the list of actions, where it comes through the client', () => {
  after(loadIamData);
  const uri = 'untitled:policy.json';
  const POLICY = JSON.stringify(
    { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObjekt', Resource: 'arn:aws:s3:::a/*' }] },
    null,
    2,
  );

  /** A server in this process that asks a client of this process; `data` answers it. */
  async function inProcess(data: () => Promise<string | null>) {
    const [up, down] = [new PassThrough(), new PassThrough()];
    serve(createConnection(new StreamMessageReader(up), new StreamMessageWriter(down)), {
      version: '0',
      dataFromClient: true,
    });
    const client = createProtocolConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
    const seen = { asked: 0, refreshes: 0, log: [] as string[] };
    client.onRequest('demarc/readData', ({ name }: { name: string }) => {
      assert.equal(name, 'iam.json');
      seen.asked++;
      return data();
    });
    client.onRequest('workspace/diagnostic/refresh', () => {
      seen.refreshes++;
      return null;
    });
    client.onNotification('window/logMessage', ({ message }: { message: string }) => void seen.log.push(message));
    client.listen();
    await client.sendRequest('initialize', {
      processId: null,
      rootUri: null,
      workspaceFolders: null,
      initializationOptions: { clientFiles: true },
      capabilities: {
        workspace: { diagnostics: { refreshSupport: true } },
        textDocument: { diagnostic: {}, completion: { completionItem: {} } },
      },
    });
    await client.sendNotification('initialized', {});
    return { client, seen };
  }
  const open = (client: ProtocolConnection, text: string) =>
    client.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'json', version: 1, text } });
  const messages = async (client: ProtocolConnection) =>
    (await client.sendRequest<{ items: Diagnostic[] }>('textDocument/diagnostic', { textDocument: { uri } })).items.map(
      (one) => String(one.message),
    );

  it('is not asked for before something needs it, is unknown until it is there, and then counts', async () => {
    const { readFileSync } = await import('node:fs');
    let send: (text: string) => void = () => undefined;
    const coming = new Promise<string>((resolve) => {
      send = resolve;
    });
    const { client, seen } = await inProcess(() => coming);
    await open(client, '{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}');
    await messages(client);
    assert.equal(seen.asked, 0);
    await client.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: 2 },
      contentChanges: [{ text: POLICY }],
    });
    assert.deepEqual(
      (await messages(client)).filter((text) => /GetObjekt/.test(text)),
      [],
    );
    const line = POLICY.split('\n').findIndex((text) => text.includes('GetObjekt'));
    const character = (POLICY.split('\n')[line] ?? '').indexOf('GetObj') + 6;
    const completion = client.sendRequest<{ items: { label: string }[] } | null>('textDocument/completion', {
      textDocument: { uri },
      position: { line, character },
    });
    send(readFileSync('server/src/data/iam.generated.json', 'utf8'));
    assert.ok((await completion)?.items.some(({ label }) => label === 's3:GetObject'));
    assert.equal((await messages(client)).filter((text) => /GetObjekt/.test(text)).length, 1);
    assert.deepEqual({ asked: seen.asked, refreshes: seen.refreshes }, { asked: 1, refreshes: 1 });
    client.dispose();
  });

  it('may be missing: nothing is said of names, and the log says why', async () => {
    const { client, seen } = await inProcess(async () => null);
    await open(client, POLICY);
    await messages(client);
    assert.deepEqual(
      (await messages(client)).filter((text) => /GetObjekt/.test(text)),
      [],
    );
    assert.equal(seen.log.filter((text) => /their list is missing/.test(text)).length, 1);
    assert.equal(seen.refreshes, 0);
    client.dispose();
  });
});
