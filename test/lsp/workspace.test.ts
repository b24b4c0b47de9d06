/** The server against files, configuration and editors that can do less than VS Code. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { CodeAction, TextEdit } from 'vscode-languageserver-protocol';
import { QUEUE, RULE } from '../support/queue.ts';
import { Client, type ClientOptions } from './client.ts';

const MAIN = '{"resource": {"aws_sqs_queue": {"q": {"sqs_managed_sse_enabled": "${var.encrypt}"}}}}';
const variable = (value: boolean) => `{"variable": {"encrypt": {"default": ${value}}}}`;
const OFF = JSON.stringify({ rules: { [RULE]: 'off' } });
/** The editor does not watch files. */
const UNWATCHED = { workspace: { didChangeWatchedFiles: undefined } };

const root = realpathSync(mkdtempSync(join(tmpdir(), 'demarc-lsp-')));
after(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** A new folder with these files. */
function folder(files: Readonly<Record<string, string>> = {}): { path: string; uri: string } {
  const path = join(root, `w${count++}`);
  mkdirSync(path);
  write(path, files);
  return { path, uri: pathToFileURL(path).href };
}

async function using(options: ClientOptions, test: (client: Client) => Promise<void>): Promise<void> {
  const client = await Client.start(options);
  try {
    await test(client);
    assert.deepEqual(client.errors, []);
  } finally {
    await client.stop();
  }
}

const codes = async (client: Client, uri: string) =>
  (await client.diagnostics(uri)).map((one) => one.code).filter((code) => code === RULE);
const has = (seen: readonly unknown[]) => seen.includes(RULE);
const hasNot = (seen: readonly unknown[]) => !seen.includes(RULE);

describe('editors that can do less', () => {
  it('get edits without versions where they take no documentChanges', () =>
    using({ workspace: { workspaceEdit: {} } }, async (client) => {
      await client.open('untitled:a.yaml', QUEUE);
      const [diagnostic] = await client.diagnostics('untitled:a.yaml');
      assert.ok(diagnostic);
      const [fix] = (await client.actions('untitled:a.yaml', diagnostic)) as CodeAction[];
      assert.equal(fix?.edit?.documentChanges, undefined);
      const edits = fix?.edit?.changes?.['untitled:a.yaml'] as TextEdit[];
      assert.deepEqual(
        edits.map((edit) => edit.newText),
        ['true'],
      );
    }));

  it('are offered no code actions where they know commands only', () =>
    using({ textDocument: { codeAction: {} } }, async (client) => {
      assert.equal(client.capabilities.codeActionProvider, undefined);
    }));

  it('cannot take the server down by refusing what it asks', () =>
    using({ refuses: true }, async (client) => {
      await client.open('untitled:a.yaml', QUEUE);
      await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
      await client.until('a refresh', () => client.refreshes || undefined);
      assert.deepEqual(await codes(client, 'untitled:a.yaml'), [RULE]);
      assert.equal(client.process.exitCode, null);
    }));

  it('may send settings of their own accord', () =>
    using({ workspace: { configuration: false } }, async (client) => {
      await client.open('untitled:a.yaml', QUEUE);
      assert.deepEqual(await codes(client, 'untitled:a.yaml'), [RULE]);
      await client.connection.sendNotification('workspace/didChangeConfiguration', {
        settings: { demarc: { rules: { [RULE]: 'off' } } },
      });
      assert.deepEqual(await codes(client, 'untitled:a.yaml'), []);
    }));

  it('may count versions from 0', () =>
    using({ push: true }, async (client) => {
      await client.open('untitled:zero.yaml', QUEUE, 'yaml', 0);
      await client.pushed('untitled:zero.yaml', 'the finding', has);
      await client.replace('untitled:zero.yaml', 'false', 'true');
      await client.pushed('untitled:zero.yaml', 'no finding', hasNot);
    }));

  it('may begin versions anew with another language when a document is opened again', () =>
    using({}, async (client) => {
      const { uri } = folder({ 'a.tf.json': MAIN });
      await client.open(`${uri}/a.tf.json`, MAIN, 'json');
      await client.open(`${uri}/vars.tf.json`, variable(false), 'json');
      assert.deepEqual(await codes(client, `${uri}/a.tf.json`), [RULE]);
      await client.close(`${uri}/vars.tf.json`);
      await client.open(`${uri}/vars.tf.json`, variable(true), 'jsonc');
      assert.deepEqual(await codes(client, `${uri}/a.tf.json`), []);
    }));

  it('see changes on disk when they open, save or close something, where nobody watches', async () => {
    const { path, uri } = folder({ 'main.tf.json': MAIN, 'vars.tf.json': variable(true) });
    await using({ ...UNWATCHED, folder: uri }, async (client) => {
      await client.open(`${uri}/main.tf.json`, MAIN, 'json');
      assert.deepEqual(await codes(client, `${uri}/main.tf.json`), []);
      write(path, { 'vars.tf.json': variable(false) });
      await client.save(`${uri}/main.tf.json`);
      assert.deepEqual(await codes(client, `${uri}/main.tf.json`), [RULE]);
      write(path, { '.demarc.json': OFF });
      await client.save(`${uri}/main.tf.json`);
      assert.deepEqual(await codes(client, `${uri}/main.tf.json`), []);
    });
    // A watcher of the workspace says nothing of files outside of it.
    await using({ folder: folder().uri }, async (client) => {
      write(path, { '.demarc.json': '{}' });
      await client.open(`${uri}/main.tf.json`, MAIN, 'json');
      assert.deepEqual(await codes(client, `${uri}/main.tf.json`), [RULE]);
      write(path, { 'vars.tf.json': variable(true) });
      await client.save(`${uri}/main.tf.json`);
      assert.deepEqual(await codes(client, `${uri}/main.tf.json`), []);
    });
  });

  it('are told anew when they save something, where nobody watches', async () => {
    const { path, uri } = folder({ 'main.tf.json': MAIN, 'vars.tf.json': variable(true) });
    const main = `${uri}/main.tf.json`;
    await using({ ...UNWATCHED, push: true, folder: uri }, async (client) => {
      await client.open(main, MAIN, 'json');
      await client.pushed(main, 'nothing', hasNot);
      write(path, { 'vars.tf.json': variable(false) });
      await client.save(main);
      await client.pushed(main, 'the finding', has);
    });
    await using({ ...UNWATCHED, folder: uri }, async (client) => {
      await client.open(main, MAIN, 'json');
      await client.save(main);
      await client.until('a refresh', () => client.refreshes || undefined);
    });
  });

  it('exits with 0 after shutdown and with 1 without', async () => {
    const orderly = await Client.start();
    await orderly.stop();
    assert.equal(orderly.process.exitCode, 0);
    const abrupt = await Client.start();
    const gone = new Promise((resolve) => abrupt.process.once('exit', resolve));
    await abrupt.connection.sendNotification('exit');
    assert.equal(await gone, 1);
    abrupt.connection.dispose();
  });
});

describe('documents that depend on others', () => {
  it('are pushed again when a file of their module is edited, and when it is closed unsaved', async () => {
    const { uri } = folder({ 'main.tf.json': MAIN, 'vars.tf.json': variable(true) });
    await using({ push: true, folder: uri }, async (client) => {
      const main = `${uri}/main.tf.json`;
      await client.open(main, MAIN, 'json');
      await client.pushed(main, 'nothing', hasNot);
      await client.open(`${uri}/vars.tf.json`, variable(true), 'json');
      await client.replace(`${uri}/vars.tf.json`, 'true', 'false');
      await client.pushed(main, 'a finding by the edited default', has);
      await client.close(`${uri}/vars.tf.json`);
      await client.pushed(main, 'nothing, by the default on disk', hasNot);
    });
  });

  it('are pushed again while the configuration is edited, before it is saved', async () => {
    const { uri } = folder({ '.demarc.json': '{}' });
    await using({ push: true, folder: uri }, async (client) => {
      await client.open(`${uri}/a.yaml`, QUEUE);
      await client.pushed(`${uri}/a.yaml`, 'a finding', has);
      await client.open(`${uri}/.demarc.json`, '{}', 'jsonc');
      await client.replace(`${uri}/.demarc.json`, '{}', OFF);
      await client.pushed(`${uri}/a.yaml`, 'nothing', hasNot);
      await client.close(`${uri}/.demarc.json`);
      await client.pushed(`${uri}/a.yaml`, 'the finding again', has);
    });
  });

  it('are asked for again by a client that pulls, when an unsaved file they depend on changes or is closed', async () => {
    const { uri } = folder({ '.demarc.json': '{}' });
    await using({ folder: uri }, async (client) => {
      await client.open(`${uri}/a.yaml`, QUEUE);
      await client.open(`${uri}/.demarc.json`, OFF, 'jsonc');
      assert.deepEqual(await codes(client, `${uri}/a.yaml`), []);
      await client.until('a refresh', () => client.refreshes || undefined);
      client.refreshes = 0;
      await client.close(`${uri}/.demarc.json`);
      await client.until('another', () => client.refreshes || undefined);
      assert.deepEqual(await codes(client, `${uri}/a.yaml`), [RULE]);
    });
  });

  it('are pushed again where they are plans, and say where their configuration is now', async () => {
    const plan = {
      format_version: '1.2',
      terraform_version: '1.9.0',
      planned_values: {
        root_module: {
          resources: [
            {
              address: 'aws_sqs_queue.q',
              mode: 'managed',
              type: 'aws_sqs_queue',
              name: 'q',
              values: { sqs_managed_sse_enabled: false },
            },
          ],
        },
      },
      resource_changes: [],
    };
    const written = 'resource "aws_sqs_queue" "q" {\n  sqs_managed_sse_enabled = false\n}\n';
    const { uri } = folder({ 'main.tf': written });
    await using({ push: true, folder: uri }, async (client) => {
      const lines = () => {
        const last = client.published.filter((one) => one.uri === `${uri}/plan.json`).pop();
        const finding = last?.diagnostics.find(({ code }) => code === RULE);
        return finding?.relatedInformation?.map(({ location }) => location.range.start.line).join();
      };
      await client.open(`${uri}/plan.json`, JSON.stringify(plan), 'json');
      await client.until('the finding', () => (lines() === '1' ? true : undefined));
      await client.open(`${uri}/main.tf`, written, 'terraform');
      await client.replace(`${uri}/main.tf`, 'resource', '\n\nresource');
      await client.until('where it is now', () => (lines() === '3' ? true : undefined), 3000);
    });
  });

  it('are one file however the editor spells its name', async () => {
    const { path, uri } = folder({ 'main (1)!.tf.json': MAIN, "vars'ü.tf.json": variable(true) });
    const exact = 'vars%27%C3%BC.tf.json';
    await using({ folder: uri }, async (client) => {
      const main = `${uri}/main%20%281%29%21.tf.json`;
      await client.open(main, MAIN, 'json');
      await client.open(`${uri}/${exact}`, variable(false), 'json');
      const [finding, ...more] = (await client.diagnostics(main)).filter((one) => one.code === RULE);
      assert.equal(more.length, 0);
      assert.deepEqual(
        finding?.relatedInformation?.map((one) => one.location.uri),
        [`${uri}/${exact}`],
      );
      await client.close(`${uri}/${exact}`);
      assert.deepEqual(await codes(client, main), []);
      write(path, { "vars'ü.tf.json": variable(false) });
      await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [{ uri: `${uri}/${exact}`, type: 2 }],
      });
      assert.deepEqual(await codes(client, main), [RULE]);
    });
  });
});

describe('configuration in the editor', () => {
  it('is found above the workspace folder within a repository, as by the command line, and no further', async () => {
    const { uri } = folder({ '.demarc.json': OFF, 'repo/.git/HEAD': '', 'repo/a/x.yaml': '', 'plain/a/x.yaml': '' });
    for (const [name, wanted] of [
      ['plain', [RULE]],
      ['repo', [RULE]],
    ] as const) {
      await using({ folder: `${uri}/${name}/a` }, async (client) => {
        await client.open(`${uri}/${name}/a/x.yaml`, QUEUE);
        assert.deepEqual(await codes(client, `${uri}/${name}/a/x.yaml`), wanted, name);
      });
    }
    write(join(root, uri.slice(uri.lastIndexOf('/') + 1)), { 'repo/.demarc.yaml': `rules: { ${RULE}: off }` });
    await using({ folder: `${uri}/repo/a` }, async (client) => {
      await client.open(`${uri}/repo/a/x.yaml`, QUEUE);
      assert.deepEqual(await codes(client, `${uri}/repo/a/x.yaml`), []);
    });
  });

  it('holds for its own root of several, and its globs are relative to it', async () => {
    const { uri: one } = folder({ '.demarc.json': OFF });
    const { uri: two } = folder({ 'sub/.demarc.json': '{"exclude": ["left/*.yaml"]}' });
    const settings = { exclude: ['sub/right/*.yaml'] };
    await using({ folders: [one, two], settings }, async (client) => {
      for (const [uri, wanted] of [
        [`${one}/a.yaml`, []],
        [`${two}/a.yaml`, [RULE]],
        [`${two}/sub/left/a.yaml`, []],
        [`${two}/sub/right/a.yaml`, []],
        [`${two}/sub/a.yaml`, [RULE]],
      ] as const) {
        await client.open(uri, QUEUE);
        assert.deepEqual(await codes(client, uri), wanted, uri);
      }
    });
  });

  it('is checked itself: what is wrong stands at its place', async () => {
    const { uri } = folder();
    const text = `tier: every\nrules:\n  sqs-encryption-disable: off\n`;
    await using({ folder: uri }, async (client) => {
      await client.open(`${uri}/.demarc.yaml`, text);
      assert.deepEqual(await client.findings(`${uri}/.demarc.yaml`), [
        'configuration on "every"',
        'configuration on "sqs-encryption-disable"',
      ]);
    });
  });

  it('is left to the schema by our own client, but for rules that do not exist', async () => {
    const { uri } = folder();
    const text = '{"tier": "every", "rules": {"sqs-encryption-disable": "off"}}';
    await using({ folder: uri, clientHovers: true }, async (client) => {
      await client.open(`${uri}/.demarc.json`, text, 'jsonc');
      assert.deepEqual(await client.findings(`${uri}/.demarc.json`), [
        'configuration on "\\"sqs-encryption-disable\\""',
      ]);
    });
  });

  it('that switches a document off is told in its status', () =>
    using({ settings: { exclude: ['*.yaml'] } }, async (client) => {
      await client.open('untitled:off.yaml', QUEUE);
      await client.open('untitled:none.yml', 'a: b\n');
      const status = (uri: string) => client.connection.sendRequest<{ off?: boolean }>('demarc/status', { uri });
      assert.equal((await status('untitled:off.yaml')).off, true);
      assert.equal((await status('untitled:none.yml')).off, undefined);
    }));

  it('does not fail for names that are no proper URIs', () =>
    using({ settings: { exclude: ['x/**'] } }, async (client) => {
      await client.open('untitled:100%.yaml', QUEUE);
      assert.deepEqual(await codes(client, 'untitled:100%.yaml'), [RULE]);
    }));
});
