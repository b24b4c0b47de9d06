/**
 * Whatever is typed: nothing throws, nothing hangs, every range lies in the text, and the analysis that reuses the version
 * before finds what a fresh one finds. `FUZZ=5 node scripts/test.mjs robustness` runs it for five minutes with a new seed.
 */

import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { globSync } from 'tinyglobby';
import { type Analysis, analyze, type Source } from '../../server/src/analysis/analyze.ts';
import { conditionText } from '../../server/src/analysis/present.ts';
import type { Settings } from '../../server/src/analysis/settings.ts';
import type { Fix } from '../../server/src/rules/fix.ts';
import type { Finding } from '../../server/src/rules/rule.ts';
import { renderEdits } from '../../server/src/syntax/edit.ts';
import type { Node } from '../../server/src/syntax/node.ts';
import { loadIamData } from '../support/iam-data.ts';

loadIamData();
const SETTINGS: Settings = { enable: true, tier: 'all', rules: {}, exclude: [] };
const MINUTES = Number(process.env.FUZZ ?? 0);
/** Far above what any of these files takes, also on a machine that is busy. */
const TIME_BUDGET = 5_000;

/** What is typed, pasted or left half done. */
const FRAGMENTS = [
  ...['!Ref X', '!Sub "${A}-${B.Arn}"', '!If [IsProd, ', '!GetAtt A.B', '!Ref AWS::NoValue', '!FindInMap [', '!Join ['],
  ...['Fn::If:', '{ "Fn::Sub": "', '{"Ref": "AWS::NoValue"}', 'Fn::Transform:', 'Condition: C', 'Fn::ForEach::X:'],
  ...[
    '${',
    '${aws_s3_bucket.b.id}',
    '${jsonencode({',
    '${var.x ? ',
    '%{ if ',
    '$${',
    '${each.value}',
    'dynamic',
    '})}',
  ],
  ...['&a ', '*a', '<<: *a', '<<:', '- ', ': ', '? ', '|\n', '>-\n', '---\n', '...\n', '!!binary ', '%YAML 1.2\n'],
  ...[
    '"',
    "'",
    '\\"',
    '\\u12',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ',',
    '#',
    '# demarc-ignore',
    '/*',
    '//',
    '\t',
    '\n',
    '\r',
    '\r\n',
  ],
  ...['\ufeff', '\u0000', '\ud83d', 'é😀', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '"__proto__":'],
  ...[
    'true',
    '"false"',
    'null',
    '~',
    '0',
    '-1',
    '1e999',
    '012345678901',
    '*',
    's3:*',
    '0.0.0.0/0',
    '::/0',
    '999.1.1.1/99',
  ],
];

const OPERATIONS = [
  'delete',
  'insert',
  'duplicate',
  'truncate',
  'swap lines',
  'swap tokens',
  'replace',
  'indent',
  'move',
] as const;

interface Change {
  readonly operation: (typeof OPERATIONS)[number];
  /** Places as parts of the text. */
  readonly at: number;
  readonly to: number;
  readonly length: number;
  readonly fragment: string;
}

const part = fc.double({ min: 0, max: 1, noNaN: true });
const change: fc.Arbitrary<Change> = fc.record({
  operation: fc.constantFrom(...OPERATIONS),
  at: part,
  to: part,
  length: fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 12 }) }, fc.integer({ min: 1, max: 400 })),
  fragment: fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ maxLength: 6, unit: 'binary' })),
});

function applyChange(text: string, { operation, at, to, length, fragment }: Change): string {
  const start = Math.floor(at * text.length);
  const target = Math.floor(to * text.length);
  const chunk = text.slice(start, start + length);
  const without = text.slice(0, start) + text.slice(start + length);
  switch (operation) {
    case 'delete':
      return without;
    case 'insert':
      return text.slice(0, start) + fragment + text.slice(start);
    case 'duplicate':
      return text.slice(0, target) + chunk + text.slice(target);
    case 'move':
      return without.slice(0, target) + chunk + without.slice(target);
    case 'truncate':
      // Most of the time only the end of the text goes.
      return text.slice(0, text.length - Math.floor((text.length - start) * (length > 12 ? 1 : 0.1)));
    case 'replace': {
      const word = /[\w:.*/-]+/.exec(text.slice(start));
      if (!word) return text + fragment;
      const from = start + word.index;
      return text.slice(0, from) + fragment + text.slice(from + word[0].length);
    }
    case 'indent': {
      const line = text.lastIndexOf('\n', start) + 1;
      return length % 2
        ? `${text.slice(0, line)}  ${text.slice(line)}`
        : text.slice(0, line) + text.slice(line).replace(/^ {1,2}/, '');
    }
    case 'swap lines': {
      const lines = text.split('\n');
      const a = Math.floor(at * (lines.length - 1));
      const b = Math.floor(to * (lines.length - 1));
      [lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? ''];
      return lines.join('\n');
    }
    case 'swap tokens': {
      const tokens = text.split(/([\w.-]+)/);
      const odd = (fraction: number) => Math.min(tokens.length - 2, 2 * Math.floor((fraction * tokens.length) / 2) + 1);
      const a = odd(at);
      const b = odd(to);
      if (a > 0 && b > 0) [tokens[a], tokens[b]] = [tokens[b] ?? '', tokens[a] ?? ''];
      return tokens.join('');
    }
  }
}

function analyzed(sources: readonly Source[], previous?: Analysis): Analysis | undefined {
  const from = performance.now();
  const analysis = analyze(sources, SETTINGS, {
    previous,
    onError: (ruleId, error) => {
      throw new Error(`rule ${ruleId} throws`, { cause: error });
    },
  });
  const took = performance.now() - from;
  assert.ok(took < TIME_BUDGET, `${Math.round(took)} ms`);
  return analysis;
}

function inside(node: Node): string {
  const { start, end, document } = node;
  assert.ok(start >= 0 && start <= end && end <= document.text.length, `${start}–${end} of ${document.text.length}`);
  return `${document.uri}:${start}-${end}`;
}

/** Everything a user would see of an analysis. */
function summary(analysis: Analysis | undefined, fixes: boolean): unknown {
  if (!analysis) return undefined;
  const finding = ({ finding: one }: { readonly finding: Finding }) => [
    `${one.rule.id} ${one.variant ?? ''} ${one.severity} ${one.resource.address} ${one.path}`,
    inside(one.node),
    one.message,
    conditionText(one.conditions),
    one.related.map((related) => `${inside(related.node)} ${related.message}`),
    fixes ? one.fixes().map((fix) => [fix.title, fix.safe, rendered(fix)]) : [],
  ];
  return {
    findings: analysis.findings.map(finding),
    suppressed: analysis.suppressed.map(finding),
    problems: analysis.documents.map(({ problems, text }) =>
      problems.map(({ start, end, message }) => {
        assert.ok(start >= 0 && start <= end && end <= text.length, `${message}: ${start}–${end} of ${text.length}`);
        return `${start}-${end} ${message}`;
      }),
    ),
    suppressionProblems: analysis.suppressionProblems.map(({ start, end, message }) => `${start}-${end} ${message}`),
    comments: analysis.documents.map((document) => document.comments().map(({ start, text }) => `${start} ${text}`)),
    resources: analysis.template.resources.map(({ address, key, body }) => `${address} ${inside(key)} ${inside(body)}`),
  };
}

function rendered(fix: Fix): unknown {
  const edits = renderEdits(fix.edits);
  if (!edits) return undefined;
  return [...edits].map(([document, list]) => {
    for (const { start, end } of list)
      assert.ok(start >= 0 && start <= end && end <= document.text.length, 'an edit lies in the text');
    return [document.uri, list];
  });
}

/** Types a series of changes into one of the sources and compares, after each, fresh and incremental analysis. */
function typeIn(sources: readonly Source[], index: number, changes: readonly Change[]): void {
  let current = [...sources];
  let incremental = analyzed(current);
  changes.forEach((one, step) => {
    const source = current[index] as Source;
    current = current.map((old) => (old === source ? { ...source, text: applyChange(source.text, one) } : old));
    incremental = analyzed(current, incremental);
    const fixes = step === changes.length - 1;
    assert.deepEqual(
      summary(incremental, fixes),
      summary(analyzed(current), fixes),
      'incremental and fresh analysis agree',
    );
  });
}

function fuzz(targets: readonly (readonly Source[])[], runs: number, seconds: number): void {
  const series = fc.tuple(fc.nat(targets.length - 1), fc.nat(10), fc.array(change, { minLength: 1, maxLength: 6 }));
  const property = fc.property(series, ([target, file, changes]) => {
    const sources = targets[target] as readonly Source[];
    typeIn(sources, file % sources.length, changes);
  });
  const limit = 1000 * (MINUTES ? MINUTES * 30 : seconds);
  fc.assert(property, {
    numRuns: MINUTES ? 1_000_000 : runs,
    ...(MINUTES ? {} : { seed: 20_260_601 }),
    interruptAfterTimeLimit: limit,
    markInterruptAsFailure: false,
  });
}

const read = (path: string): Source => ({ uri: path, text: readFileSync(path, 'utf8') });

describe('robustness', () => {
  it('survives whatever is typed into our samples', () => {
    const module = globSync('samples/terraform-json/*.tf.json').sort().map(read);
    const hcl = globSync('samples/terraform/*.tf').sort().map(read);
    const alone = globSync(['samples/**/*.{json,yaml}', '!samples/terraform-json/**'])
      .sort()
      .map((path) => [read(path)]);
    const crlf = alone.map(([one]) => [{ ...(one as Source), text: (one as Source).text.replaceAll('\n', '\r\n') }]);
    assert.ok(module.length > 1 && hcl.length > 1 && alone.length > 3);
    fuzz([module, hcl, ...alone, ...crlf], 150, 8);
  });

  const realworld = '../shared/realworld';
  it('survives whatever is typed into real templates', { skip: !existsSync(realworld) && 'no shared folder' }, () => {
    const every = MINUTES ? 3 : 20;
    const targets = globSync('**/*.{json,yaml,yml,template}', { cwd: realworld })
      .sort()
      .map((name) => join(realworld, name))
      .filter((path) => statSync(path).size < 40_000)
      .filter((_, index) => index % every === 0)
      .map((path) => [read(path)]);
    fuzz(targets, 100, 8);
  });
});
