/** The map of a folder: whoever is answered last, what was asked last is shown. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type * as MapFolder from '../../client/src/map-folder.ts';
import type { MapTemplate } from '../../server/src/lsp/protocol.ts';
import type * as Stub from '../support/vscode-stub.ts';
import { template } from './map-support.ts';

/** Files as they are asked for, and the answer to it. */
interface Question {
  readonly uris: readonly string[];
  readonly answer: (templates: readonly MapTemplate[]) => void;
}

const folder = mkdtempSync(join(tmpdir(), 'demarc-map-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let FolderMap: typeof MapFolder.FolderMap;
let vscode: typeof Stub;
before(async () => {
  const outfile = join(folder, 'map-folder.mjs');
  await build({
    stdin: {
      contents: `export * from './client/src/map-folder.ts'; export * as vscode from 'vscode';`,
      resolveDir: process.cwd(),
      loader: 'ts',
    },
    alias: { vscode: './test/support/vscode-stub.ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'warning',
  });
  ({ FolderMap, vscode } = await import(pathToFileURL(outfile).href));
});

const FILES = ['file:///w/a.yaml', 'file:///w/b.yaml'];
const version = (uri: string, name: string) => ({ ...template([], uri), name });
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A map that was read once, and what it asks from then on. */
async function map() {
  const questions: Question[] = [];
  const changed = new vscode.EventEmitter<ReadonlySet<string> | undefined>();
  const source = {
    health: 'running',
    onDidChange: changed.event,
    many: (uris: readonly Stub.Uri[]) =>
      new Promise<readonly MapTemplate[]>((answer) => questions.push({ uris: uris.map(String), answer })),
  };
  vscode.stub.files = FILES.map((uri) => vscode.Uri.parse(uri));
  const made = new FolderMap(vscode.Uri.parse('file:///w') as never, source as never);
  const read = made.read();
  await turn();
  questions.shift()?.answer(FILES.map((uri) => version(uri, 'first')));
  await read;
  const shown = () => made.templates().map((one) => `${one.uri} ${(one as { name?: string }).name}`);
  return { questions, changed, shown, dispose: () => made.dispose() };
}

describe('the map of a folder', () => {
  it('shows what was asked last, whichever answer comes last', async () => {
    const { questions, changed, shown, dispose } = await map();
    assert.deepEqual(shown(), ['file:///w/a.yaml first', 'file:///w/b.yaml first']);
    changed.fire(undefined);
    changed.fire(new Set(['file:///w/a.yaml']));
    await turn();
    const [older, newer] = questions;
    assert.deepEqual(older?.uris, FILES);
    assert.deepEqual(newer?.uris, ['file:///w/a.yaml']);
    newer?.answer([version('file:///w/a.yaml', 'newer')]);
    await turn();
    older?.answer(FILES.map((uri) => version(uri, 'older')));
    await turn();
    assert.deepEqual(shown(), ['file:///w/a.yaml newer', 'file:///w/b.yaml older']);
    dispose();
  });

  it('takes no template back that is none any more, nor a file that is deleted', async () => {
    const { questions, changed, shown, dispose } = await map();
    changed.fire(undefined);
    changed.fire(new Set(['file:///w/a.yaml']));
    await turn();
    vscode.stub.deleted.fire(vscode.Uri.parse('file:///w/b.yaml'));
    const [older, newer] = questions;
    newer?.answer([]);
    await turn();
    older?.answer(FILES.map((uri) => version(uri, 'older')));
    await turn();
    assert.deepEqual(shown(), []);
    dispose();
  });

  it('follows one change after the other', async () => {
    const { questions, changed, shown, dispose } = await map();
    for (const name of ['second', 'third']) {
      changed.fire(undefined);
      await turn();
      questions.shift()?.answer(FILES.map((uri) => version(uri, name)));
      await turn();
      assert.deepEqual(shown(), [`file:///w/a.yaml ${name}`, `file:///w/b.yaml ${name}`]);
    }
    dispose();
  });
});
