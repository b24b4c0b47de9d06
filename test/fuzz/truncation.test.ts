/**
 * Texts that end anywhere: real documents cut off, random text of each language's alphabet, random bytes. Nothing throws, and
 * no range lies outside of the document. By default some offsets of each document; `FUZZ=30 node scripts/test.mjs truncation`
 * goes through every offset, for half an hour at most.
 */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { globSync } from 'tinyglobby';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type Analysis, analyze } from '../../server/src/analysis/analyze.ts';
import type { Settings } from '../../server/src/analysis/settings.ts';
import { codeActions } from '../../server/src/lsp/code-actions.ts';
import { Completer } from '../../server/src/lsp/completion.ts';
import { diagnosticsOf } from '../../server/src/lsp/diagnostics.ts';
import { hoverAt } from '../../server/src/lsp/hover.ts';
import { mapOf } from '../../server/src/lsp/map.ts';
import type { Range } from '../../server/src/syntax/document.ts';
import { loadIamData } from '../support/iam-data.ts';

loadIamData();
const SETTINGS: Settings = { enable: true, tier: 'all', rules: {}, exclude: [] };
const MINUTES = Number(process.env.FUZZ ?? 0);
const SEED = 20_260_601;
const DOCUMENTS = 50;
/** Offsets of each document that are tried by default. */
const OFFSETS = 8;
const ABILITIES = { snippets: true, markdown: true, descriptions: true, asksAgain: true };

interface Text {
  readonly name: string;
  readonly text: string;
}

function fail(error: unknown): never {
  throw error;
}

/** Everything that is asked of a text while it is typed, at its end and at one more place. */
function look({ name, text }: Text, at: number): void {
  const uri = `file:///t/${name}`;
  const document = TextDocument.create(uri, name.endsWith('.tf') ? 'terraform' : '', 1, text);
  const inside = (range: Range) => {
    for (const position of [range.start, range.end]) {
      const lines = document.lineCount;
      assert.ok(position.line >= 0 && position.line < lines && position.character >= 0, `line ${position.line}`);
      assert.deepEqual(document.positionAt(document.offsetAt(position)), position, 'is a position of the text');
    }
    assert.ok(document.offsetAt(range.start) <= document.offsetAt(range.end), 'is in order');
  };
  const analysis = analyze([{ uri, text }], SETTINGS, {
    onError: (rule, error) => fail(new Error(rule, { cause: error })),
  });
  const completer = new Completer();
  for (const offset of [text.length, at]) {
    const position = document.positionAt(offset);
    const list = completer.complete(document, { position }, ABILITIES, fail);
    for (const { textEdit } of list?.items.slice(0, 20) ?? [])
      if (textEdit && 'range' in textEdit) inside(textEdit.range);
    if (analysis) lookAt(analysis, uri, offset, { start: position, end: position }, inside);
  }
  if (!analysis) return;
  for (const { range, relatedInformation = [] } of diagnosticsOf(analysis, uri)) {
    inside(range);
    for (const { location } of relatedInformation) if (location.uri === uri) inside(location.range);
  }
  for (const { range, findings } of mapOf(analysis, uri).resources) {
    inside(range);
    for (const finding of findings) inside(finding.range);
  }
  for (const { start, end } of analysis.documents.flatMap(({ problems }) => problems))
    assert.ok(start >= 0 && start <= end && end <= text.length, `${start}–${end} of ${text.length}`);
  for (const { start, end, text: own } of analysis.documents.flatMap((one) => one.comments()))
    assert.ok(start >= 0 && start <= end && end <= text.length, own);
}

function lookAt(analysis: Analysis, uri: string, offset: number, range: Range, inside: (range: Range) => void): void {
  const hover = hoverAt(analysis, uri, offset);
  if (hover) inside(hover.range);
  for (const { edit } of codeActions(analysis, { textDocument: { uri }, range, context: { diagnostics: [] } }, () => 1))
    for (const change of edit?.documentChanges ?? [])
      if ('edits' in change) for (const one of change.edits) if ('range' in one) inside(one.range);
}

/** So many documents, spread over all there are: real ones where they are at hand, else the samples. */
function documents(): Text[] {
  const real = '../shared/realworld';
  const folder = existsSync(real) ? real : 'samples';
  const names = globSync('**/*.{json,yaml,yml,template,tf}', { cwd: folder }).sort();
  const texts = names.flatMap((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    return text.length < 12_000 ? [{ name: basename(name), text }] : [];
  });
  const step = Math.max(1, texts.length / DOCUMENTS);
  return Array.from({ length: Math.min(DOCUMENTS, texts.length) }, (_, i) => texts[Math.floor(i * step)] as Text);
}

function tried<T>(what: string, input: T, run: (input: T) => void): void {
  try {
    run(input);
  } catch (error) {
    throw new Error(what, { cause: error });
  }
}

describe('truncated documents', () => {
  const all = documents();

  it('are many', () => assert.ok(all.length >= (existsSync('../shared/realworld') ? DOCUMENTS : 10), `${all.length}`));

  it('are answered for wherever they end', () => {
    const until = performance.now() + MINUTES * 60_000;
    for (const [i, { name, text }] of all.entries()) {
      // A prime stride: other columns and tokens in each document.
      const offsets = MINUTES
        ? Array.from({ length: text.length }, (_, k) => k)
        : Array.from({ length: OFFSETS }, (_, k) => (((k * text.length) / OFFSETS) | 0) + ((i * 37 + k * 11) % 53));
      for (const end of offsets) {
        if (MINUTES && performance.now() > until) return;
        const cut = text.slice(0, end);
        tried(`${name}, ${end} characters`, { name, text: cut }, (one) => look(one, cut.lastIndexOf('\n') + 1));
      }
    }
  });
});

/** What each language is made of. */
const ALPHABETS: Readonly<Record<string, readonly string[]>> = {
  'a.yaml': [
    ...[
      'Resources:\n',
      '  B:\n',
      '    Type: AWS::S3::Bucket\n',
      '    Properties:\n',
      '      ',
      '  ',
      '\n',
      '- ',
      ': ',
      '? ',
    ],
    ...[
      '&a ',
      '*a',
      '<<: *a\n',
      '!Ref ',
      '!Sub ',
      '!If [',
      '"',
      "'",
      '|\n',
      '>-\n',
      '---\n',
      '...\n',
      '[',
      ']',
      '{',
      '}',
    ],
    ...[
      ',',
      '#',
      '%YAML 1.2\n',
      '\t',
      '\r',
      '\u0000',
      '\ud800',
      '\ufeff',
      'PolicyDocument: ',
      'Statement: ',
      'é',
      '😀',
    ],
  ],
  'a.json': [
    ...[
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '"Resources"',
      '"B"',
      '"Type"',
      '"AWS::S3::Bucket"',
      '"Properties"',
      '\\',
      '\\u12',
    ],
    ...[
      '1',
      '-',
      '.5',
      '1e999',
      'true',
      'null',
      '//',
      '/*',
      '*/',
      '\n',
      ' ',
      '\t',
      '\u0000',
      '\udc00',
      '\ufeff',
      '"Fn::If"',
    ],
    ...['"Statement"', '"Effect"', '"Allow"', '"Action"', '"*"', '"Principal"'],
  ],
  'a.tf': [
    ...[
      'resource ',
      '"aws_s3_bucket" ',
      '"b" ',
      '{\n',
      '}\n',
      '}',
      '=',
      ' ',
      '\n',
      '"',
      '${',
      '%{ if ',
      '%{ for ',
      '~}',
      '$$',
    ],
    ...[
      '<<EOF\n',
      '<<-E\n',
      'EOF\n',
      '(',
      ')',
      '[',
      ']',
      '[*]',
      '.',
      '...',
      '?',
      ':',
      '=>',
      'for x in ',
      'locals ',
      'local.a',
    ],
    ...[
      'jsonencode(',
      'var.x',
      '"a"',
      '1',
      '-',
      '!',
      '&&',
      '/*',
      '*/',
      '#',
      '//',
      '\r',
      '\u0000',
      '\ud83d',
      'é',
      'policy',
    ],
  ],
};
const HEADS: Readonly<Record<string, string>> = {
  'a.yaml': 'Resources:\n  A:\n    Type: AWS::SQS::Queue\n',
  'a.json': '{"Resources":{"A":{"Type":"AWS::SQS::Queue"},',
  'a.tf': 'resource "aws_sqs_queue" "a" {\n}\n',
};

describe('random text', () => {
  const options = (runs: number) => ({
    numRuns: MINUTES ? 1_000_000 : runs,
    seed: MINUTES ? undefined : SEED,
    interruptAfterTimeLimit: MINUTES ? MINUTES * 10_000 : 8_000,
    markInterruptAsFailure: false,
  });

  for (const [name, alphabet] of Object.entries(ALPHABETS)) {
    it(`of the alphabet of ${name} is answered for`, () => {
      const text = fc
        .array(fc.constantFrom(...alphabet), { maxLength: 60 })
        .map((parts) => HEADS[name] + parts.join(''));
      fc.assert(
        fc.property(text, fc.nat(), (one, at) => look({ name, text: one }, at % (one.length + 1))),
        options(150),
      );
    });

    it(`of bytes in ${name} is answered for`, () => {
      const text = fc
        .uint8Array({ maxLength: 200 })
        .map((bytes) => HEADS[name] + new TextDecoder('utf-8').decode(bytes) + Buffer.from(bytes).toString('utf16le'));
      fc.assert(
        fc.property(text, fc.nat(), (one, at) => look({ name, text: one }, at % (one.length + 1))),
        options(60),
      );
    });
  }
});
