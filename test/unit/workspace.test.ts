/** What decides on an analysis in the server, without a connection: settings that come late, files that are not open, and the day. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import type { Settings } from '../../server/src/analysis/settings.ts';
import { type Host, Workspace } from '../../server/src/lsp/workspace.ts';
import { QUEUE, RULE } from '../support/queue.ts';

const OFF: Partial<Settings> = { rules: { [RULE]: 'off' } };
const URI = 'file:///w/a.yaml';

/** A workspace that complains of nothing, with one open document. */
function workspaceWith(host: Partial<Host>): Workspace {
  const workspace = new Workspace({
    files: { list: async () => [], read: async () => undefined },
    settings: async () => undefined,
    today: () => '2026-01-31',
    log: () => undefined,
    error: (message) => assert.fail(message),
    ...host,
  });
  workspace.folders = ['file:///w'];
  workspace.open({ textDocument: { uri: URI, languageId: 'yaml', version: 1, text: QUEUE } });
  return workspace;
}

const found = async (workspace: Workspace, uri = URI) =>
  ((await workspace.analysisOfFile(uri))?.findings ?? []).map(({ finding }) => finding.rule.id);

/** Lets promises settle. */
const settled = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('settings of a client that answers late', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  /** A client whose answers a test gives, one by one. */
  function slow() {
    const answers: ((settings: Partial<Settings>) => void)[] = [];
    const settings = () => new Promise<Partial<Settings>>((resolve) => void answers.push(resolve));
    let completed = 0;
    const workspace = workspaceWith({ settings, completed: () => void completed++ });
    return { workspace, answers, completed: () => completed };
  }

  it('hold as soon as they are there', async () => {
    const { workspace, answers, completed } = slow();
    const first = found(workspace);
    await settled();
    mock.timers.tick(5000);
    assert.deepEqual(await first, [RULE], 'by the defaults');
    answers[0]?.(OFF);
    await settled();
    assert.equal(completed(), 1);
    assert.deepEqual(await found(workspace), []);
  });

  it('hold no more where they are others by then', async () => {
    const { workspace, answers, completed } = slow();
    const first = found(workspace);
    await settled();
    mock.timers.tick(5000);
    await first;
    workspace.changedSettings();
    const second = found(workspace);
    await settled();
    answers[1]?.({});
    assert.deepEqual(await second, [RULE]);
    answers[0]?.(OFF);
    await settled();
    assert.deepEqual(await found(workspace), [RULE]);
    assert.equal(completed(), 0);
  });
});

describe('files that are not open', () => {
  it('leave nothing behind of their settings', async () => {
    const asked = new Map<string, number>();
    const workspace = workspaceWith({
      files: { list: async () => [], read: async () => QUEUE },
      settings: async (uri) => {
        asked.set(uri, (asked.get(uri) ?? 0) + 1);
        return undefined;
      },
    });
    for (let i = 0; i < 2; i++) for (const uri of [URI, 'file:///w/closed.yaml']) await found(workspace, uri);
    assert.deepEqual([...asked.values()], [1, 2], 'an open document is asked for once, another one each time');
  });
});

describe('a configuration file with very many mistakes', () => {
  it('is read once for all documents, and tells of a part of them', async () => {
    const rules = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`no-such-rule-${i}`, 'off']));
    const log: string[] = [];
    const workspace = workspaceWith({
      files: { list: async () => ['.demarc.json'], read: async () => JSON.stringify({ rules }) },
      log: (message) => log.push(message),
    });
    const uris = Array.from({ length: 5 }, (_, i) => `file:///w/${i}.yaml`);
    for (const uri of uris) {
      workspace.open({ textDocument: { uri, languageId: 'yaml', version: 1, text: QUEUE } });
      assert.deepEqual(await found(workspace, uri), [RULE]);
    }
    assert.equal(log.length, 201);
    assert.match(log.at(-1) ?? '', /demarc\.json: Problems are not told from here on: more than 200\./);
  });
});

describe('a suppression that expires', () => {
  it('does so on its day, whether anybody types or not', async () => {
    let today = '2026-01-31';
    const workspace = workspaceWith({ today: () => today });
    const text = QUEUE.replace('false', 'false #trivy:ignore:AVD-AWS-0096:exp:2026-01-31');
    workspace.open({ textDocument: { uri: URI, languageId: 'yaml', version: 2, text } });
    assert.deepEqual(await found(workspace), []);
    today = '2026-02-01';
    assert.deepEqual(await found(workspace), [RULE]);
  });
});

describe('the warm-up behind the first analysis', () => {
  /** Opens a second file meanwhile, and perhaps types in it. @returns whether it came to its end */
  async function warmedUp(types: boolean): Promise<boolean> {
    const files: Readonly<Record<string, string>> = {
      'a.tf': 'resource "aws_sqs_queue" "a" {\n  name = "first"\n}\n',
      'b.tf': 'resource "aws_sqs_queue" "b" {\n  name = "second"\n}\n',
    };
    let tell = (_: boolean) => {};
    const over = new Promise<boolean>((resolve) => {
      tell = resolve;
    });
    const workspace = workspaceWith({
      files: { list: async () => Object.keys(files), read: async (uri) => files[uri.slice('file:///w/'.length)] },
      memory: { makeRoom: () => undefined, rest: (isIdle) => isIdle !== undefined && tell(isIdle) },
    });
    for (const [name, text] of Object.entries(files)) {
      const uri = `file:///w/${name}`;
      workspace.open({ textDocument: { uri, languageId: 'terraform', version: 1, text } });
      await workspace.analysis(uri);
    }
    if (types)
      workspace.edit({ textDocument: { uri: 'file:///w/b.tf', version: 2 }, contentChanges: [{ text: 'locals {}' }] });
    return over;
  }

  it('goes on when further files are opened', async () => {
    assert.equal(await warmedUp(false), true);
  });

  it('ends when a person types', async () => {
    assert.equal(await warmedUp(true), false);
  });
});
