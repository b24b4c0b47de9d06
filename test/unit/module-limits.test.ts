/** How much is read of a Terraform module and all that it calls: up to a limit, and what is beyond it is named. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Analysis, analyze, type Source } from '../../server/src/analysis/analyze.ts';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings.ts';
import { DiskTexts } from '../../server/src/lsp/disk-texts.ts';
import { Modules } from '../../server/src/lsp/modules.ts';
import { folderOf, nameOf } from '../../server/src/lsp/uris.ts';
import { demarc, folder as folderOnDisk } from './cli-support.ts';
import { call, type Files } from './modules-support.ts';

const ROOT = 'file:///w';
const BUCKET = 'resource "aws_s3_bucket" "b" {}\n';
const MISSING = 's3-public-access-block-missing';

/** Modules over files by their path in the workspace; `read` takes the paths that are read. */
function modulesOver(files: ReadonlyMap<string, string | undefined>, open: readonly string[] = []) {
  const read: string[] = [];
  const byFolder = new Map<string, string[]>();
  for (const path of files.keys()) {
    const uri = `${ROOT}/${path}`;
    const folder = folderOf(uri) ?? '';
    const names = byFolder.get(folder);
    if (names) names.push(nameOf(uri));
    else byFolder.set(folder, [nameOf(uri)]);
  }
  const modules = new Modules({
    list: async (folder) => byFolder.get(folder) ?? [],
    text: async (uri) => {
      const path = uri.slice(ROOT.length + 1);
      read.push(path);
      const text = files.get(path);
      return text === undefined ? undefined : { text, languageId: undefined };
    },
    open: () => open.map((path) => `${ROOT}/${path}`),
    folders: [ROOT],
    rootOf: () => ROOT,
  });
  const sourcesOf = (path: string) => modules.sourcesOf({ uri: `${ROOT}/${path}`, text: files.get(path) ?? '' });
  return { sourcesOf, read };
}

const over = (files: Files, open?: readonly string[]) => modulesOver(new Map(Object.entries(files)), open);
const times = <T>(count: number, one: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => one(i));
const wereRead = (sources: readonly Source[]) => sources.filter(({ unread }) => unread === undefined);
const told = (analysis: Analysis | undefined) =>
  analysis?.leftOut.map(
    ({ message, document, start, end }) => `${nameOf(document.uri)} ${document.text.slice(start, end)}: ${message}`,
  );
const missing = (analysis: Analysis | undefined) =>
  analysis?.findings
    .filter(({ finding }) => finding.rule.id === MISSING)
    .map(({ finding }) => finding.resource.address);
const judged = (sources: readonly Source[]) => analyze(sources, { ...DEFAULT_SETTINGS, tier: 'all' });
const TOO_MANY = 'Not read: more than 50 local modules are called';
const LIMIT = '2000 files, or 32 MB';

describe('modules in the editor', () => {
  const estate = (count: number): Files => ({
    'main.tf': BUCKET + times(count, (i) => call(`m${i}`, `./m${i}`)).join(''),
    ...Object.fromEntries(
      times(count, (i) => [`m${i}/main.tf`, `output "o" {\n  value = ${i}\n}\n${call('deep', './deep')}`]),
    ),
    ...Object.fromEntries(times(count, (i) => [`m${i}/deep/main.tf`, 'locals {}\n'])),
  });

  it('are all read up to a number of them, and what is missing is missing', async () => {
    const { sources } = await over(estate(25)).sourcesOf('main.tf');
    assert.equal(wereRead(sources).length, 51);
    const analysis = judged(sources);
    assert.deepEqual(told(analysis), []);
    assert.deepEqual(missing(analysis), ['aws_s3_bucket.b']);
  });

  it('are not read beyond it: the call says so, and what may be there is not taken for missing', async () => {
    const { sourcesOf, read } = over(estate(60));
    const { sources } = await sourcesOf('main.tf');
    assert.equal(wereRead(sources).length, 51);
    assert.equal(read.length, 50);
    const analysis = judged(sources);
    // Those that the first 50 call are beyond it, too; each file says it once.
    const [first, ...others] = told(analysis) ?? [];
    assert.equal(first, `main.tf module "m50": ${TOO_MANY}`);
    assert.deepEqual(others, Array(50).fill(`main.tf module "deep": ${TOO_MANY}`));
    assert.deepEqual(missing(analysis), []);
  });

  it('are read all the same where the file at hand is in one of them', async () => {
    const { sources, root } = await over(estate(60), ['main.tf']).sourcesOf('m57/main.tf');
    assert.equal(root, ROOT);
    assert.ok(wereRead(sources).some(({ uri }) => uri === `${ROOT}/m57/main.tf`));
  });

  it('are judged by themselves where their caller is not read, and say so', async () => {
    const files = { ...estate(60), 'm57/deep/main.tf': BUCKET };
    const { sources, root } = await over(files).sourcesOf('m57/deep/main.tf');
    // The module that calls it is known, what calls that one is cut before.
    assert.ok(wereRead(sources).some(({ uri }) => uri === `${ROOT}/m57/deep/main.tf`));
    assert.equal(root, `${ROOT}/m57/deep`);
    const analysis = judged(sources);
    assert.deepEqual(told(analysis), [
      'main.tf resource: Judged without the module that calls it: not all of that is read',
    ]);
    assert.deepEqual(missing(analysis), []);
  });
});

describe('a folder of very many files in the editor', () => {
  const COUNT = 100_000;
  const many = new Map(
    times(COUNT, (i): [string, string] => [`f${String(i).padStart(6, '0')}.tf`, `locals {\n  l${i} = 1\n}\n`]),
  );
  const LAST = 'f099999.tf';

  it('is read up to a number of files; the one at hand and those that are open are among them', async () => {
    const files = new Map(many).set(LAST, BUCKET);
    const { sourcesOf, read } = modulesOver(files, ['f090000.tf', LAST]);
    const { sources } = await sourcesOf(LAST);
    const names = wereRead(sources).map(({ uri }) => nameOf(uri));
    assert.equal(names.length, 2_000);
    assert.ok(names.includes(LAST) && names.includes('f090000.tf') && names.includes('f000000.tf'));
    assert.deepEqual([...names].sort(), names);
    assert.ok(read.length <= 2_000, `${read.length} reads`);
    const analysis = judged(sources);
    assert.equal(
      told(analysis)?.find((one) => one.startsWith(LAST)),
      `${LAST} resource: Not all files of this module are read: only ${LIMIT}`,
    );
    assert.deepEqual(missing(analysis), []);
  });

  it('is not read where it is above, nor is that kept quiet', async () => {
    const files = new Map(many).set('a/main.tf', BUCKET);
    const { sourcesOf, read } = modulesOver(files);
    const { sources, root } = await sourcesOf('a/main.tf');
    assert.equal(root, `${ROOT}/a`);
    assert.ok(read.length <= 2_001, `${read.length} reads`);
    assert.deepEqual(told(judged(sources)), [
      `main.tf resource: Judged without modules that may call it: only ${LIMIT} around are read`,
    ]);
  });

  it('is not read in half where it is called', async () => {
    const files = new Map([...many].map(([name, text]): [string, string] => [`lib/${name}`, text]))
      .set('main.tf', BUCKET + call('lib', './lib') + call('small', './small'))
      .set('small/main.tf', 'locals {}\n');
    const { sources } = await modulesOver(files).sourcesOf('main.tf');
    assert.deepEqual(
      wereRead(sources).map(({ uri }) => uri),
      [`${ROOT}/main.tf`],
    );
    assert.deepEqual(told(judged(sources)), [
      `main.tf module "lib": Not read: the modules together have more than ${LIMIT}`,
    ]);
  });
});

describe('files of very much text in the editor', () => {
  it('are read up to a number of characters', async () => {
    const large = `# ${'x'.repeat(7_000_000)}\n`;
    const files = { ...Object.fromEntries(times(40, (i) => [`f${10 + i}.tf`, large])), 'z.tf': BUCKET };
    const { sourcesOf, read } = over(files);
    const { sources } = await sourcesOf('z.tf');
    assert.deepEqual(
      wereRead(sources).map(({ uri }) => nameOf(uri)),
      ['f10.tf', 'f11.tf', 'f12.tf', 'f13.tf', 'z.tf'],
    );
    assert.ok(read.length <= 20, `${read.length} reads`);
    assert.deepEqual(sources.at(-1)?.unread, `Not all files of this module are read: only ${LIMIT}`);
  });

  it('are none of those that cannot be read', async () => {
    const files = new Map<string, string | undefined>(
      times(3_000, (i) => [`f${10_000 + i}.tf`, i % 2 ? undefined : '# x\n']),
    );
    files.set('.#f10000.tf', undefined);
    const { sources } = await modulesOver(files).sourcesOf('f10000.tf');
    assert.equal(wereRead(sources).length, 1_500);
    assert.deepEqual(
      sources.slice(1_500).map(({ unread }) => unread),
      ['Judged without what cannot be read of this module: f10001.tf'],
    );
  });
});

describe('texts of the disk', () => {
  it('are kept up to a number of characters, those last asked for', async () => {
    const loaded: string[] = [];
    const texts = new DiskTexts(async (uri) => {
      loaded.push(uri);
      return uri === 'none' ? undefined : 'x'.repeat(10);
    }, 30);
    for (const uri of ['a', 'b', 'c', 'none', 'a', 'd']) await texts.read(uri);
    assert.deepEqual(loaded, ['a', 'b', 'c', 'none', 'd']);
    assert.deepEqual([...texts.keys()].sort(), ['a', 'c', 'd', 'none']);
    // Nobody would say that it changed meanwhile.
    assert.deepEqual(
      ['a', 'b', 'c'].map((key) => texts.versionOf(key)),
      [0, 1, 0],
    );
    await texts.read('b');
    assert.deepEqual([...texts.keys()].sort(), ['a', 'b', 'd', 'none']);
    texts.forget('a');
    await texts.read('e');
    assert.deepEqual([...texts.keys()].sort(), ['b', 'd', 'e', 'none']);
  });

  it('are kept where one alone is too large', async () => {
    const texts = new DiskTexts(async () => 'x'.repeat(100), 30);
    assert.equal((await texts.read('a'))?.length, 100);
    assert.deepEqual(texts.keys(), ['a']);
    await texts.read('b');
    assert.deepEqual(texts.keys(), ['b']);
  });
});

describe('modules on the command line', () => {
  it('beyond a number of them that were not named are not read, and what may be there is not taken for missing', () => {
    const lint = (count: number) => {
      const cwd = folderOnDisk({
        'main.tf': BUCKET + times(count, (i) => call(`m${i}`, `./m${i}`)).join(''),
        ...Object.fromEntries(times(count, (i) => [`m${i}/main.tf`, 'locals {}\n'])),
      });
      const report = JSON.parse(demarc(cwd, ['lint', 'main.tf', '--tier', 'all', '--format', 'json']).stdout);
      return [
        report.findings.filter(({ ruleId }: { ruleId: string }) => ruleId === MISSING).length,
        report.errors.map(({ file, message }: { file: string; message: string }) => `${file}: ${message}`),
      ];
    };
    assert.deepEqual(lint(100), [1, []]);
    assert.deepEqual(lint(101), [0, ['main.tf: Not read: more than 100 local modules are called']]);
  });
});
