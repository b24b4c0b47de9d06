/**
 * HCL as it looks while it is typed: whatever is done to a file, reading it throws nothing, every node lies in the text and
 * in its parent, the resources that were not touched are still found, and reading on from the version before says the same
 * as reading afresh. `FUZZ=5 node scripts/test.mjs fuzz/hcl` runs it for five minutes with a new seed.
 */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { globSync } from 'tinyglobby';
import type { SyntaxDocument } from '../../server/src/syntax/document.ts';
import { parseHcl } from '../../server/src/syntax/hcl.ts';
import type { Node } from '../../server/src/syntax/node.ts';
import { shape } from '../unit/syntax-support.ts';

const MINUTES = Number(process.env.FUZZ ?? 0);
const EDITS = MINUTES ? Number.POSITIVE_INFINITY : 30_000;
/** Milliseconds after which a run ends early, on a machine that is busy. */
const LIMIT = MINUTES ? MINUTES * 60_000 : 8_000;
/** Milliseconds of the processor for one text; most take a few hundredth of it. */
const TIME_BUDGET = 3_000;
/** Share of untouched resources that stay, at least. */
const RECALL = 0.95;

const FRAGMENTS = [
  ...['"', '{', '}', '[', ']', '(', ')', '=', ',', '.', '\n', '#', '//', '/*', '*/', '${', '%{', '}"', '\\', '$', '?'],
  ...['<<EOT\n', '<<-EOT\n', 'EOT', '<<', '=>', '...', '[*]', '::', 'for x in y : ', '%{ if x }', '%{ endif }', '$${'],
  ...['tags = {', 'versioning {', 'bucket =', 'policy = jsonencode({', 'resource "aws_s3_bucket" "b"', 'data "', 'é😀'],
  ...['\r\n', '\t', '\ufeff', '\u0000', '\ud83d', '__proto__ = 1', 'a = [\n', 'a = "\n', '"${', 'x = <<EOT\n{\n'],
];

/** A generator of pseudo-random numbers below a bound (a linear congruence; any will do that has a seed). */
function random(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** One edit: what of the text is replaced by what. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly inserted: string;
}

function anyEdit(text: string, below: (bound: number) => number): Edit {
  const from = below(text.length + 1);
  const line = (at: number) => ({
    from: text.lastIndexOf('\n', at - 1) + 1,
    to: text.indexOf('\n', at) < 0 ? text.length : text.indexOf('\n', at) + 1,
  });
  switch (below(9)) {
    case 0:
      return { from, to: Math.min(from + 1 + below(3), text.length), inserted: '' };
    case 1:
    case 2:
      return { from, to: from, inserted: FRAGMENTS[below(FRAGMENTS.length)] as string };
    case 3: {
      const source = below(text.length);
      return { from, to: from, inserted: text.slice(source, source + 1 + below(30)) };
    }
    case 4: {
      const token = /[\w-]+|[^\s\w]/.exec(text.slice(from, from + 200));
      const at = from + (token?.index ?? 0);
      const inserted = below(2) ? '' : (FRAGMENTS[below(FRAGMENTS.length)] as string);
      return { from: at, to: at + (token?.[0].length ?? 0), inserted };
    }
    case 5:
      return { ...line(from), inserted: '' };
    case 6: {
      const { from: start, to } = line(from);
      return { from: start, to: start, inserted: text.slice(start, to) };
    }
    case 7: {
      // The end of a line, as while it is typed.
      const { to } = line(from);
      return { from, to: Math.max(from, to - 1), inserted: '' };
    }
    default:
      return { from: text.length - below(Math.min(text.length, 200) + 1), to: text.length, inserted: '' };
  }
}

/** What resources and data sources a document has: type and name with the offsets of their headers. */
function resourcesOf(document: SyntaxDocument): Map<string, { readonly from: number; readonly to: number }[]> {
  const found = new Map<string, { readonly from: number; readonly to: number }[]>();
  for (const { name, value } of document.roots[0]?.entries ?? []) {
    if (name !== 'resource' && name !== 'data') continue;
    for (const type of value.entries) {
      for (const { key } of type.value.entries) {
        const address = `${name}.${type.name}.${key.value}`;
        const headers = found.get(address) ?? [];
        headers.push({ from: key.start, to: key.end + 1 });
        found.set(address, headers);
      }
    }
  }
  return found;
}

function inPlace(document: SyntaxDocument): void {
  const { length } = document.text;
  const visit = (node: Node, parent: Node | undefined): void => {
    const { start, end, outerStart } = node;
    assert.ok(start >= 0 && start <= end && end <= length, `${start}–${end} of ${length}`);
    assert.ok(outerStart >= 0 && outerStart <= start, 'a header stands before its body');
    if (parent) {
      assert.equal(node.parent, parent);
      assert.ok(start >= parent.outerStart && end <= parent.end, `${start}–${end} in ${parent.start}–${parent.end}`);
    }
    for (const { key, value } of node.entries) {
      visit(key, node.tagFrom === undefined || key.start >= node.start ? node : undefined);
      visit(value, node);
    }
    for (const item of node.items) visit(item, node);
  };
  for (const root of document.roots) visit(root, undefined);
  for (const { start, end } of document.problems) assert.ok(start >= 0 && start <= end && end <= length);
  let behind = 0;
  for (const { start, end } of document.comments()) {
    assert.ok(start >= behind && start < end && end <= length, 'comments follow one another');
    behind = end;
  }
}

function said(document: SyntaxDocument): string {
  return [...shape(document), ...document.problems.map((one) => JSON.stringify(one))].join('\n');
}

/** Types into files, one edit after another, and counts the resources that should be there and that are. */
function typeInto(
  texts: readonly string[],
  seed: number,
  edits: number,
): { edits: number; expected: number; kept: number } {
  const below = random(seed);
  const count = { edits: 0, expected: 0, kept: 0 };
  const started = performance.now();
  while (count.edits < edits && performance.now() - started < LIMIT) {
    let text = texts[below(texts.length)] as string;
    let document = parseHcl('main.tf', text);
    for (let step = 0; step < 3; step++) {
      const wellFormed = document.problems.length === 0;
      const before = wellFormed ? resourcesOf(document) : undefined;
      const { from, to, inserted } = anyEdit(text, below);
      text = text.slice(0, from) + inserted + text.slice(to);
      const fresh = parseHcl('main.tf', text);
      document = parseHcl('main.tf', text, document);
      count.edits++;
      inPlace(document);
      assert.ok(said(document) === said(fresh), `incremental and fresh reading differ: ${JSON.stringify(text)}`);
      if (!before) continue;
      const after = resourcesOf(document);
      for (const [address, headers] of before) {
        for (const header of headers) {
          if (from <= header.to && to >= header.from) continue;
          count.expected++;
          const moved = header.from >= to ? header.from + inserted.length - (to - from) : header.from;
          if (after.get(address)?.some((one) => one.from === moved)) count.kept++;
        }
      }
    }
  }
  return count;
}

function report({ edits, expected, kept }: ReturnType<typeof typeInto>): string {
  return `${edits} edits, ${kept} of ${expected} untouched resources found (${(kept / expected).toFixed(4)})`;
}

const seed = MINUTES ? Date.now() : 20_261_122;
const REALWORLD = ['../shared/corpus', '../shared/realworld'];

describe('HCL while it is typed', () => {
  it('survives edits of our samples', (test) => {
    const texts = globSync('samples/**/*.tf')
      .sort()
      .map((path) => readFileSync(path, 'utf8'));
    assert.ok(texts.length > 0);
    const result = typeInto([...texts, ...texts.map((text) => text.replaceAll('\n', '\r\n'))], seed, EDITS / 10);
    test.diagnostic(report(result));
    assert.ok(result.kept >= RECALL * result.expected, report(result));
  });

  const skip = !REALWORLD.every((path) => existsSync(path)) && 'no shared folder';
  it('survives edits of real files', { skip }, (test) => {
    const texts = REALWORLD.flatMap((cwd) => globSync('**/*.tf', { cwd, dot: true }).map((path) => join(cwd, path)))
      .sort()
      .map((path) => readFileSync(path, 'utf8'));
    const result = typeInto(texts, seed, EDITS);
    test.diagnostic(report(result));
    assert.ok(result.expected > 1_000 && result.kept >= RECALL * result.expected, report(result));
  });

  const HUGE: Readonly<Record<string, string>> = {
    'open lists': `a = ${'['.repeat(20_000)}`,
    'nested lists': `a = ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`,
    'open objects': 'a = {\n'.repeat(20_000),
    'open blocks': 'a {\n'.repeat(20_000),
    'nested blocks': `${'a {\n'.repeat(20_000)}${'}\n'.repeat(20_000)}`,
    'open calls': `a = ${'f('.repeat(20_000)}`,
    'closing brackets': '}])\n'.repeat(20_000),
    'minus signs': `a = ${'-'.repeat(100_000)}1`,
    'open interpolations': `a = "${'${'.repeat(500_000)}`,
    'texts in texts': `a = ${'"${'.repeat(250_000)}`,
    'interpolations in a heredoc': `a = <<EOT\n${'${'.repeat(500_000)}\nEOT\n`,
    directives: `a = "${'%{ if x }'.repeat(50_000)}"`,
    'open heredocs': 'a = <<EOT\n'.repeat(50_000),
    'open heredocs with other tags': Array.from({ length: 50_000 }, (_, i) => `a = <<T${i}\n`).join(''),
    'heredocs opened before blocks': 'a = <<EOT\n'.repeat(20_000) + 'resource "a" "b" {\n'.repeat(20_000),
    'open comments': '/*\n'.repeat(100_000),
    'open texts': 'a = "\n'.repeat(100_000),
    attributes: Array.from({ length: 100_000 }, (_, i) => `a${i} = ${i}\n`).join(''),
    'attributes of one block': `a {\n${'b = 1\n'.repeat(100_000)}}\n`,
    'blocks of one name': `a {\n${'b {}\n'.repeat(100_000)}}\n`,
    labels: `a ${'"b" '.repeat(50_000)}{}`,
    operators: `a = 1${' + 1'.repeat(200_000)}`,
    'choices in a row': `a = x${' ? y : z'.repeat(50_000)}`,
    steps: `a = b${'.c'.repeat(200_000)}`,
    'one line': `a = "${'x'.repeat(10_000_000)}"`,
    'one name': 'x'.repeat(10_000_000),
    'one number': `a = ${'1'.repeat(1_000_000)}`,
  };
  for (const [name, text] of Object.entries(HUGE)) {
    it(`reads ${name} without end in time`, () => {
      const started = process.cpuUsage();
      const document = parseHcl('main.tf', text);
      document.comments();
      const { user, system } = process.cpuUsage(started);
      assert.ok(user + system < 1000 * TIME_BUDGET, `${Math.round((user + system) / 1000)} ms`);
      inPlace(document);
    });
  }
});
