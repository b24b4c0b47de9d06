/** What is remembered of a module while its documents are typed in: the same answer as that of looking for it anew. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { KnownModules } from '../../server/src/lsp/known-modules.ts';
import { Modules } from '../../server/src/lsp/modules.ts';
import { folderOf } from '../../server/src/lsp/uris.ts';

const ROOT = 'file:///work';
const CALL = 'module "network" {\n  source = "./network"\n}\n';

class World {
  readonly disk = new Map<string, string>();
  readonly open = new Map<string, TextDocument>();
  generation = 0;
  lists = 0;
  readonly modules = new Modules({
    list: async (folder) => {
      this.lists++;
      return [...this.disk.keys()].filter((uri) => folderOf(uri) === folder).map((uri) => uri.slice(folder.length + 1));
    },
    text: async (uri) => {
      const document = this.open.get(uri);
      const text = document?.getText() ?? this.disk.get(uri);
      return text === undefined ? undefined : { text, languageId: document?.languageId };
    },
    open: () => [...this.open.keys()],
    folders: [ROOT],
    rootOf: () => ROOT,
  });
  readonly known = new KnownModules(this.modules, () => [...this.open.values()]);

  constructor(files: Readonly<Record<string, string>>) {
    for (const [path, text] of Object.entries(files)) this.disk.set(`${ROOT}/${path}`, text);
  }

  /** Opens a file, or changes it. */
  type(path: string, text: string): void {
    const uri = `${ROOT}/${path}`;
    if (!this.open.has(uri)) this.generation++;
    this.open.set(uri, TextDocument.create(uri, 'terraform', 1, text));
  }

  close(path: string): void {
    this.open.delete(`${ROOT}/${path}`);
    this.known.forget(`${ROOT}/${path}`);
    this.generation++;
  }

  own(path: string) {
    const uri = `${ROOT}/${path}`;
    return { uri, text: this.open.get(uri)?.getText() ?? '', languageId: 'terraform' };
  }

  ask(path: string) {
    return this.known.sourcesOf(this.own(path), () => this.generation);
  }

  /** Compares what is remembered with what is found anew. */
  async check(path: string): Promise<void> {
    assert.deepEqual(await this.ask(path), await this.modules.sourcesOf(this.own(path)), path);
  }
}

const FILES = {
  'main.tf': 'locals {\n  a = 1\n}\n',
  'other.tf': 'locals {\n  b = 1\n}\n',
  'network/main.tf': 'variable "name" {}\n',
  'network/more.tf': 'variable "more" {}\n',
  'elsewhere/main.tf': 'variable "far" {}\n',
};

describe('what is known of a module', () => {
  it('does not look at folders again while texts change', async () => {
    const world = new World(FILES);
    world.type('main.tf', `${CALL}locals {\n  a = 1\n}\n`);
    await world.ask('main.tf');
    const { lists } = world;
    for (let i = 0; i < 20; i++) {
      world.type('main.tf', `${CALL}locals {\n  a = ${i}\n}\n`);
      const { sources } = await world.ask('main.tf');
      assert.deepEqual(
        sources.map(({ uri, folder }) => [uri, folder]),
        [
          [`${ROOT}/main.tf`, undefined],
          [`${ROOT}/other.tf`, undefined],
          [`${ROOT}/network/main.tf`, 'network'],
          [`${ROOT}/network/more.tf`, 'network'],
        ],
      );
      assert.match(sources[0]?.text ?? '', new RegExp(`a = ${i}\\n`));
    }
    assert.equal(world.lists, lists);
  });

  it('keeps the source of a file that did not change', async () => {
    const world = new World(FILES);
    world.type('main.tf', 'locals {\n}\n');
    const before = await world.ask('main.tf');
    world.type('main.tf', 'locals {\n  x = 1\n}\n');
    const after = await world.ask('main.tf');
    assert.notEqual(after.sources[0], before.sources[0]);
    assert.equal(after.sources[1], before.sources[1]);
  });

  it('looks again when a call is typed, in any document', async () => {
    const world = new World(FILES);
    world.type('main.tf', 'locals {\n}\n');
    world.type('network/main.tf', 'variable "name" {}\n');
    for (const path of ['main.tf', 'network/main.tf']) await world.check(path);
    world.type('main.tf', CALL);
    assert.equal((await world.ask('network/main.tf')).root, ROOT, 'a module that is called now');
    assert.equal((await world.ask('main.tf')).sources.length, 4);
    world.type('main.tf', CALL.replace('./network', './elsewhere'));
    assert.equal((await world.ask('network/main.tf')).root, `${ROOT}/network`);
    assert.equal((await world.ask('main.tf')).sources.length, 3);
  });

  it('looks again when more than texts changed', async () => {
    const world = new World(FILES);
    world.type('main.tf', CALL);
    await world.check('main.tf');
    world.disk.set(`${ROOT}/network/new.tf`, 'locals {}\n');
    world.generation++;
    await world.check('main.tf');
    assert.equal((await world.ask('main.tf')).sources.length, 5);
  });

  it('says what looking anew says, whatever is typed, opened and closed', async () => {
    const world = new World(FILES);
    const texts = [
      '',
      CALL,
      `${CALL}locals {\n}\n`,
      CALL.replace('./network', '../elsewhere'),
      'locals {\n  é = 1\n}\n',
    ];
    const paths = Object.keys(FILES);
    let seed = 7;
    const next = (count: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
      return (seed >> 8) % count;
    };
    for (let step = 0; step < 300; step++) {
      const path = paths[next(paths.length)] as string;
      if (next(8) === 0 && world.open.has(`${ROOT}/${path}`)) world.close(path);
      else world.type(path, texts[next(texts.length)] as string);
      for (const uri of world.open.keys()) await world.check(uri.slice(ROOT.length + 1));
    }
  });
});
