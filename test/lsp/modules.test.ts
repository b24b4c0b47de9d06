/** Terraform modules in the editor: which files are analysed with which, and where findings of called modules stand. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  type CodeAction,
  type CompletionList,
  type Diagnostic,
  FileChangeType,
  WatchKind,
} from 'vscode-languageserver-protocol';
import { call, type Files, queue, SQS, variable } from '../unit/modules-support.ts';
import { Client, type ClientOptions } from './client.ts';

const CHILD = variable('on') + queue('var.on');
const CALLER = call('a', './a', 'on = false');

const root = realpathSync(mkdtempSync(join(tmpdir(), 'demarc-modules-')));
after(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

function write(path: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
}

/** A workspace with these files, in which a test runs. */
async function inWorkspace(
  files: Files,
  test: (client: Client, uri: string, path: string) => Promise<void>,
  options: ClientOptions = {},
): Promise<void> {
  const path = join(root, `w${count++}`);
  mkdirSync(path);
  write(path, files);
  const uri = pathToFileURL(path).href;
  const client = await Client.start({ folder: uri, ...options });
  try {
    await test(client, uri, path);
    assert.deepEqual(client.errors, []);
  } finally {
    await client.stop();
  }
}

const open = (client: Client, uri: string, text: string) => client.open(uri, text, 'terraform');
const found = async (client: Client, uri: string): Promise<Diagnostic[]> =>
  (await client.diagnostics(uri)).filter((one) => one.code === SQS);
const places = async (client: Client, uri: string): Promise<string[]> =>
  (await found(client, uri)).map((one) => client.document(uri).getText(one.range));
const changed = (client: Client, ...uris: readonly string[]) =>
  client.connection.sendNotification('workspace/didChangeWatchedFiles', {
    changes: uris.map((uri) => ({ uri, type: 2 })),
  });

describe('more modules than are read', () => {
  it('are named where they are called, and what may be in them is not taken for missing', () => {
    const COUNT = 51;
    const numbers = Array.from({ length: COUNT }, (_, i) => i);
    const calls = numbers.map((i) => call(`m${i}`, `./m${i}`)).join('');
    const bucket = 'resource "aws_s3_bucket" "b" {}\n';
    return inWorkspace(
      Object.fromEntries(numbers.map((i) => [`m${i}/main.tf`, queue('false')])),
      async (client, uri) => {
        const told = async (text: string) => {
          await open(client, `${uri}/main.tf`, text);
          const all = await client.diagnostics(`${uri}/main.tf`);
          return all
            .filter(({ code }) => code === 'left-out' || code === 's3-public-access-block-missing')
            .map(({ code, range, message }) => [code, range.start.line, code === 'left-out' ? message : '']);
        };
        assert.deepEqual(await told(bucket + calls), [
          ['left-out', 1 + 3 * (COUNT - 1), 'Not read: more than 50 local modules are called'],
        ]);
        await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri: `${uri}/main.tf` } });
        assert.deepEqual(await told(bucket + calls.slice(0, calls.lastIndexOf('module'))), [
          ['s3-public-access-block-missing', 0, ''],
        ]);
        // Of the file at hand something is said whichever module it is in.
        await open(client, `${uri}/m50/main.tf`, queue('false'));
        assert.deepEqual(await places(client, `${uri}/m50/main.tf`), ['false']);
      },
      { settings: { tier: 'all' } },
    );
  });
});

describe('a file of a module that is too large to be read', () => {
  it('is told of, and what may be in it is not taken for missing; a folder is no file', () =>
    inWorkspace(
      { 'big/large.tf': `# ${'x'.repeat(9_000_000)}\n`, 'small/folder.tf/main.tf': '' },
      async (client, uri) => {
        const told = async (file: string) => {
          await open(client, file, 'resource "aws_s3_bucket" "b" {}\n');
          const codes = ['left-out', 's3-public-access-block-missing'];
          const all = await client.diagnostics(file);
          return all
            .filter(({ code }) => codes.includes(String(code)))
            .map(({ message }) => String(message).split(' · ')[0]);
        };
        assert.deepEqual(await told(`${uri}/big/main.tf`), [
          'Judged without what cannot be read of this module: large.tf',
        ]);
        const [missing = '', ...others] = await told(`${uri}/small/main.tf`);
        assert.deepEqual(others, []);
        assert.doesNotMatch(missing, /cannot be read/);
        // An action mends its finding, and not what was left out.
        await client.replace(`${uri}/big/main.tf`, 'resource "aws_s3_bucket" "b" {}', queue('false'));
        const [at] = await found(client, `${uri}/big/main.tf`);
        const [action] = await client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
          textDocument: { uri: `${uri}/big/main.tf` },
          range: at?.range,
          context: { diagnostics: [] },
        });
        assert.deepEqual(
          action?.diagnostics?.map(({ code }) => code),
          [SQS],
        );
      },
      { settings: { tier: 'all' } },
    ));
});

describe('files of one module in the editor', () => {
  it('offer each other their resources in policies', () => {
    const policy = `data "aws_iam_policy_document" "p" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = []
  }
}
`;
    const files = { 'queues.tf': 'resource "aws_sqs_queue" "jobs" {}\n', 'a/main.tf': CHILD };
    return inWorkspace(files, async (client, uri) => {
      const main = `${uri}/main.tf`;
      await open(client, main, policy + CALLER);
      await client.diagnostics(main);
      const document = client.document(main);
      const position = document.positionAt(document.getText().indexOf('[]') + 1);
      const params = { textDocument: { uri: main }, position };
      const list = await client.connection.sendRequest<CompletionList | null>('textDocument/completion', params);
      const labels = (list?.items ?? []).map(({ label }) => label);
      assert.deepEqual(
        labels.filter((label) => label.includes('aws_sqs_queue')),
        ['aws_sqs_queue.jobs.arn'],
      );
    });
  });

  it('change what is told of each other, and a client that pulls is asked to look again', () =>
    inWorkspace({}, async (client, uri) => {
      const vars = variable('on', 'default = true');
      await open(client, `${uri}/variables.tf`, vars);
      await open(client, `${uri}/main.tf`, queue('var.on'));
      assert.deepEqual(await places(client, `${uri}/main.tf`), []);
      await client.until('what opening asks for', () => client.refreshes || undefined);
      client.refreshes = 0;
      await client.replace(`${uri}/variables.tf`, 'true', 'false');
      await client.until('a refresh', () => client.refreshes || undefined);
      assert.deepEqual(await places(client, `${uri}/main.tf`), ['var.on']);
      assert.deepEqual(await places(client, `${uri}/variables.tf`), []);
    }));

  it('take values from files beside them, open or not', () =>
    inWorkspace({ 'terraform.tfvars': 'on = false\n' }, async (client, uri) => {
      const main = `${uri}/main.tf`;
      await open(client, main, CHILD);
      const [finding] = await found(client, main);
      assert.equal(finding?.relatedInformation?.[0]?.message, 'Value of variable on');
      assert.equal(finding.relatedInformation[0].location.uri, `${uri}/terraform.tfvars`);
      const fix = (await client.actions(main, finding)).find((one) => one.title === 'Set variable on to true');
      const [change] = (fix?.edit?.documentChanges ?? []) as { textDocument: { uri: string }; edits: unknown[] }[];
      assert.equal(change?.textDocument.uri, `${uri}/terraform.tfvars`);
      await client.open(`${uri}/terraform.tfvars`, 'on = true\n', 'terraform-vars');
      assert.deepEqual(await places(client, main), []);
    }));
});

describe('a module that is called', () => {
  it('is judged by itself where nobody is known to call it', () =>
    inWorkspace({ 'a/main.tf': CHILD, 'other/main.tf': CALLER.replace('./a', '../a') }, async (client, uri) => {
      await open(client, `${uri}/a/main.tf`, CHILD);
      assert.deepEqual(await places(client, `${uri}/a/main.tf`), []);
      await open(client, `${uri}/other/main.tf`, CALLER.replace('./a', '../a'));
      assert.deepEqual(await places(client, `${uri}/a/main.tf`), ['var.on'], 'with its caller open');
      await client.close(`${uri}/other/main.tf`);
      assert.deepEqual(await places(client, `${uri}/a/main.tf`), []);
    }));

  it('is judged as a folder above calls it, open or not', () =>
    inWorkspace({ 'main.tf': CALLER, 'a/main.tf': CHILD }, async (client, uri, path) => {
      const child = `${uri}/a/main.tf`;
      await open(client, child, CHILD);
      assert.deepEqual(await places(client, child), ['var.on']);
      write(path, { 'main.tf': CALLER.replace('false', 'true') });
      await changed(client, `${uri}/main.tf`);
      assert.deepEqual(await places(client, child), []);
      await open(client, `${uri}/main.tf`, CALLER);
      assert.deepEqual(await places(client, child), ['var.on'], 'as it is edited');
    }));

  it('is judged as a folder above reaches it through other modules', () => {
    const files = {
      'main.tf': call('a', './modules/a', 'on = false'),
      'modules/a/main.tf': variable('on') + call('b', '../b', 'on = var.on'),
      'modules/b/main.tf': CHILD,
    };
    return inWorkspace(files, async (client, uri) => {
      const child = `${uri}/modules/b/main.tf`;
      await open(client, child, CHILD);
      const [finding] = await found(client, child);
      const related = finding?.relatedInformation?.map(({ location, message }) => [message, location.uri]);
      assert.deepEqual(related, [
        ['Argument on of module b', `${uri}/modules/a/main.tf`],
        ['Argument on of module a', `${uri}/main.tf`],
        ['Called as module.a.module.b', `${uri}/modules/a/main.tf`],
      ]);
    });
  });

  it('and calls its caller is judged all the same', () => {
    const files = { 'main.tf': CALLER, 'a/main.tf': CHILD + call('up', '../') };
    return inWorkspace(files, async (client, uri) => {
      await open(client, `${uri}/a/main.tf`, files['a/main.tf']);
      assert.deepEqual(await places(client, `${uri}/a/main.tf`), ['var.on']);
      await open(client, `${uri}/main.tf`, CALLER);
      assert.equal((await found(client, `${uri}/main.tf`)).length, 1);
    });
  });

  it('is one with the root where it is reached from outside again', () => {
    const files = {
      'app/main.tf': `${call('b', '../b')}${queue('false')}`,
      'b/main.tf': call('app', '../app'),
    };
    return inWorkspace(files, async (client, uri) => {
      await open(client, `${uri}/app/main.tf`, files['app/main.tf']);
      assert.deepEqual(await places(client, `${uri}/app/main.tf`), ['false']);
    });
  });

  it('shows its finding at the argument that decides, with an action that edits it', () =>
    inWorkspace({ 'a/main.tf': CHILD }, async (client, uri) => {
      const main = `${uri}/main.tf`;
      await open(client, main, CALLER);
      const [finding, ...more] = await found(client, main);
      assert.equal(more.length, 0);
      assert.ok(finding);
      assert.equal(client.document(main).getText(finding.range), 'false');
      assert.equal(finding.relatedInformation?.[0]?.message, 'Used here, in module.a.aws_sqs_queue.q');
      assert.equal(finding.relatedInformation[0].location.uri, `${uri}/a/main.tf`);
      const actions = (await client.actions(main, finding)) as CodeAction[];
      const fix = actions.find((one) => one.title === 'Set argument on of module a to true');
      assert.ok(fix);
      assert.equal(client.apply(main, fix), CALLER.replace('false', 'true'));
      assert.ok(!actions.some((one) => one.title.startsWith('Suppress')), 'it is suppressed where it is written');
      await client.replace(main, 'false', 'true');
      assert.deepEqual(await places(client, main), []);
    }));

  it('comes, moves and goes with its files', () =>
    inWorkspace({ 'main.tf': CALLER }, async (client, uri, path) => {
      const main = `${uri}/main.tf`;
      await open(client, main, CALLER);
      assert.deepEqual(await places(client, main), []);
      write(path, { 'a/main.tf': CHILD });
      await changed(client, `${uri}/a/main.tf`);
      assert.deepEqual(await places(client, main), ['false']);
      renameSync(join(path, 'a/main.tf'), join(path, 'a/queue.tf'));
      await changed(client, `${uri}/a/main.tf`, `${uri}/a/queue.tf`);
      const [finding] = await found(client, main);
      assert.equal(finding?.relatedInformation?.[0]?.location.uri, `${uri}/a/queue.tf`);
      rmSync(join(path, 'a'), { recursive: true });
      await changed(client, `${uri}/a/queue.tf`);
      assert.deepEqual(await places(client, main), []);
      await open(client, `${uri}/a/new.tf`, CHILD);
      assert.deepEqual(await places(client, main), ['false'], 'a file that was never saved counts');
      await client.close(`${uri}/a/new.tf`);
      assert.deepEqual(await places(client, main), []);
    }));

  it('goes with its folder, of which alone an editor may tell', () =>
    inWorkspace({ 'main.tf': CALLER, 'a/main.tf': CHILD, 'b/notes.txt': '' }, async (client, uri, path) => {
      const main = `${uri}/main.tf`;
      await open(client, main, CALLER);
      assert.deepEqual(await places(client, main), ['false']);
      const watchers = client.registrations.flatMap(({ registerOptions }) => registerOptions?.watchers ?? []);
      assert.ok(
        watchers.some(({ globPattern, kind }) => globPattern === '**/*' && kind === WatchKind.Delete),
        'of any name',
      );
      const deleted = (name: string) => {
        rmSync(join(path, name), { recursive: true });
        return client.connection.sendNotification('workspace/didChangeWatchedFiles', {
          changes: [{ uri: `${uri}/${name}`, type: FileChangeType.Deleted }],
        });
      };
      await deleted('b');
      assert.deepEqual(await places(client, main), ['false']);
      assert.equal(client.refreshes, 0, 'nothing to look at again');
      await deleted('a');
      assert.deepEqual(await places(client, main), []);
      assert.equal(client.refreshes, 1);
    }));

  it('comes with its folder, of which nobody tells, when something is saved', () =>
    inWorkspace({ 'main.tf': CALLER }, async (client, uri, path) => {
      const main = `${uri}/main.tf`;
      await open(client, main, CALLER);
      assert.deepEqual(await places(client, main), []);
      write(path, { 'a/main.tf': CHILD });
      await client.save(main);
      assert.deepEqual(await places(client, main), ['false']);
    }));

  it('is read without the mark that some editors begin a file with', () => {
    const files = { 'main.tf': `\ufeff${CALLER}`, 'a/main.tf': `\ufeff${queue('var.on')}`, 'a/v.tf': variable('on') };
    return inWorkspace(files, async (client, uri) => {
      const child = `${uri}/a/main.tf`;
      await open(client, child, queue('var.on'));
      const [finding] = await found(client, child);
      assert.deepEqual(
        finding?.relatedInformation?.map(({ location: { range } }) => [range.start.line, range.start.character]),
        [
          [2, 7],
          [0, 0],
        ],
      );
    });
  });

  it('is pushed again when its caller is opened, edited and closed', () =>
    inWorkspace(
      { 'a/main.tf': CHILD },
      async (client, uri) => {
        const child = `${uri}/a/main.tf`;
        const has = (seen: readonly unknown[]) => seen.includes(SQS);
        await open(client, child, CHILD);
        await client.pushed(child, 'nothing', (seen) => !has(seen));
        await open(client, `${uri}/x.tf`, 'locals {}\n');
        await client.pushed(`${uri}/x.tf`, 'nothing', (seen) => !has(seen));
        await client.replace(`${uri}/x.tf`, 'locals {}\n', CALLER);
        await client.pushed(child, 'the finding', has);
        await client.pushed(`${uri}/x.tf`, 'the finding at the argument', has);
        await client.close(`${uri}/x.tf`);
        await client.pushed(child, 'nothing again', (seen) => !has(seen));
      },
      { push: true },
    ));

  it('is read through the client in a virtual workspace', async () => {
    const folder = 'vscode-vfs://github/owner/repository';
    const files = { [`${folder}/main.tf`]: CALLER, [`${folder}/a/main.tf`]: CHILD };
    const client = await Client.start({ folder, files });
    try {
      await open(client, `${folder}/main.tf`, CALLER);
      assert.deepEqual(await places(client, `${folder}/main.tf`), ['false']);
      await open(client, `${folder}/a/main.tf`, CHILD);
      assert.deepEqual(await places(client, `${folder}/a/main.tf`), ['var.on']);
      assert.deepEqual(client.errors, []);
    } finally {
      await client.stop();
    }
  });
});

describe('a large module', () => {
  const many = (file: string, on: string) =>
    Array.from({ length: 80 }, (_, i) => queue(i % 2 ? on : 'true', `${file}${i}`)).join('');
  const files = {
    'main.tf': variable('on', 'default = true') + call('a', './a', 'on = var.on') + many('m', 'var.on'),
    'other.tf': many('o', 'var.on'),
    'a/main.tf': variable('on') + many('c', 'var.on'),
  };

  it('is told of in full after a change, as by a server that begins anew', () =>
    inWorkspace(files, async (client, uri) => {
      const uris = Object.keys(files).map((name) => `${uri}/${name}`);
      for (const [name, text] of Object.entries(files)) await open(client, `${uri}/${name}`, text);
      for (const one of uris) assert.deepEqual(await places(client, one), []);
      await client.until('what opening asks for', () => client.refreshes || undefined);
      client.refreshes = 0;
      await client.replace(`${uri}/main.tf`, 'default = true', 'default = false');
      const first = await found(client, `${uri}/main.tf`);
      assert.ok(first.length >= 40, `${first.length} findings`);
      await client.until('a refresh, for the other files', () => client.refreshes || undefined);
      const told = await Promise.all(uris.map((one) => client.diagnostics(one)));
      const fresh = await Client.start({ folder: uri });
      try {
        for (const one of uris) await open(fresh, one, client.document(one).getText());
        const anew = await Promise.all(uris.map((one) => fresh.diagnostics(one)));
        assert.deepEqual(told, anew);
        assert.equal((await found(fresh, `${uri}/other.tf`)).length, 40);
        assert.equal((await found(fresh, `${uri}/a/main.tf`)).length, 40);
      } finally {
        await fresh.stop();
      }
    }));
});
