/** The bench measures what it says: documents of the wanted sizes, typing that ends where it began, figures that add up. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { bars } from '../bench/bars.ts';
import { run } from '../bench/commands.ts';
import { writeDocuments } from '../bench/documents.ts';
import { edits } from '../bench/probe.ts';
import { page } from '../bench/report.ts';
import type { Results, TypingRow } from '../bench/results.ts';
import { summarize } from '../bench/statistics.ts';

const folder = mkdtempSync(join(tmpdir(), 'demarc-bench-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

describe('the documents of the bench', () => {
  const documents = writeDocuments(join(folder, 'documents'), join(folder, 'nowhere'), false);

  test('have the sizes that they are named after', () => {
    const facts = new Map(documents.map((one) => [one.id, one]));
    for (const language of ['yaml', 'json', 'terraform']) {
      for (const [size, most] of [
        [50, 100],
        [1000, 1100],
        [10_000, 10_200],
      ] as const) {
        const lines = facts.get(`${language}-${size}`)?.lines ?? 0;
        assert.ok(lines >= size && lines <= most, `${language}-${size} has ${lines} lines`);
      }
      const big = facts.get(`${language}-1MB`);
      assert.equal(big?.resources, 500, language);
      assert.ok(big.bytes >= 1_000_000 && big.bytes < 1_100_000, `${language}: ${big.bytes} bytes`);
    }
    assert.equal(facts.get('module')?.files.length, 101);
  });

  test('are the same in YAML and in JSON, and in every run', () => {
    const again = writeDocuments(join(folder, 'documents'), join(folder, 'nowhere'), false);
    assert.deepEqual(again, documents);
  });

  test('are typed in five places, and are what they were after every word', () => {
    for (const document of documents.filter(({ id }) => !id.endsWith('-50'))) {
      assert.deepEqual(
        document.places.map((place) => place.name).sort(),
        ['a new key', 'a parameter', 'a policy', 'a reference', 'a value'],
        document.id,
      );
      const texts = new Map(
        document.files.map(({ path, text }) => [path, TextDocument.create(path, document.language, 0, text)]),
      );
      const typed = edits(document.places);
      let changed = 0;
      for (let i = 0; i < 120; i++) {
        const { place, start, end, text } = typed.next().value;
        const open = texts.get(place.path);
        assert.ok(open);
        const before = open.getText();
        TextDocument.update(open, [{ range: { start, end }, text }], i + 1);
        if (open.getText() !== before) changed++;
      }
      assert.equal(changed, 120);
      // Every place has words of five letters and, as a new key, of six edits; 120 end in the middle of none or one.
      while ([...texts].some(([path, open]) => open.getText() !== textOf(path)) && changed < 140) {
        const { place, start, end, text } = typed.next().value;
        const open = texts.get(place.path);
        assert.ok(open);
        TextDocument.update(open, [{ range: { start, end }, text }], ++changed);
      }
      for (const [path, open] of texts) assert.equal(open.getText(), textOf(path), path);

      function textOf(path: string): string | undefined {
        return document.files.find((file) => file.path === path)?.text;
      }
    }
  });
});

test('the median is of the middle, the 95th percentile nearly the greatest, what was not measured does not count', () => {
  assert.equal(summarize([]), undefined);
  assert.equal(summarize([undefined]), undefined);
  assert.deepEqual(summarize([3, undefined, 1, 2, 10]), { count: 4, median: 2.5, p95: 10, min: 1, max: 10 });
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  assert.deepEqual(summarize(hundred), { count: 100, median: 50.5, p95: 95, min: 1, max: 100 });
});

test('a command that cannot be run and one that ends are told apart', {
  skip: process.platform === 'win32',
}, async () => {
  const worked = await run([process.execPath, '-e', 'for (const end = Date.now() + 300; Date.now() < end; );']);
  assert.equal(worked.exit, 0);
  assert.ok(worked.wall >= 0.3);
  assert.ok((worked.cpu ?? 0) > 0.05 && (worked.cpu ?? 0) <= worked.wall, `${worked.cpu} of ${worked.wall} s`);
  assert.equal((await run([process.execPath, '-e', 'process.exit(3)'])).exit, 3);
  assert.equal((await run([join(folder, 'no-such-program')])).exit, 127);
});

test('the page says which bars are met, and compares the peers', () => {
  const of = (value: number) => summarize([value]);
  const row = (server: string, document: string, cpu: number): TypingRow => ({
    document,
    server,
    keyCpu: of(cpu),
    keyWall: of(cpu * 2),
    places: [],
    hoversSaid: 0,
    completionsSaid: 0,
    memory100: 150,
    edits: 100,
    failures: 0,
    died: false,
  });
  const results: Results = {
    date: '2026-01-01',
    quick: false,
    machine: { processor: 'Some', cores: 2, memory: 8, system: 'linux 6', node: 'v20' },
    load: [0, 0],
    notes: [],
    missing: ['another server 1.0 could not be installed'],
    start: [
      { server: 'empty server', wall: of(100), cpu: of(50) },
      { server: 'Demarc', wall: of(140), cpu: of(70) },
      { server: 'peer', wall: of(420), cpu: of(210) },
    ],
    documents: [
      { id: 'yaml-1000', title: 'A thousand', lines: 1000, bytes: 1, resources: 1 },
      { id: 'yaml-1MB', title: 'A megabyte', lines: 1000, bytes: 1, resources: 1 },
    ],
    typing: [row('Demarc', 'yaml-1000', 8), row('peer', 'yaml-1000', 32), row('Demarc', 'yaml-1MB', 17)],
  };
  const met = bars(results).map((bar) => [bar.what, bar.met]);
  assert.deepEqual(met, [
    ['start: process → `initialize` answered', true],
    ['keystroke, A thousand: CPU, median', true],
    ['keystroke, A megabyte: CPU, median and p95', false],
    ['memory, A thousand: resident after 100 edits', false],
    ['memory, A megabyte: resident after 100 edits', true],
  ]);
  const text = page(results);
  assert.match(text, /\| peer +\| keystroke, A thousand +\| CPU +\| +4\.00 × \|/);
  assert.match(text, /\| peer +\| start +\| CPU +\| +3\.00 × \|/);
  assert.match(text, /- another server 1\.0 could not be installed: left out/);
  assert.doesNotMatch(text, /undefined|NaN/);
});
