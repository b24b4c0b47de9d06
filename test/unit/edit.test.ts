import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { SyntaxDocument } from '../../server/src/syntax/document.ts';
import { applyTextEdits, type Data, type Edit, renderEdits } from '../../server/src/syntax/edit.ts';
import { parseEmbeddedJson } from '../../server/src/syntax/embedded.ts';
import { parseJson } from '../../server/src/syntax/json.ts';
import type { Node } from '../../server/src/syntax/node.ts';
import { parseYaml } from '../../server/src/syntax/yaml.ts';
import { at, data, entryAt, nodesOf } from './syntax-support.ts';

const json = (text: string) => parseJson('test.json', text);
const yaml = (text: string) => parseYaml('test.yaml', text);

function edited(document: SyntaxDocument, edits: readonly Edit[]): string | undefined {
  const rendered = renderEdits(edits)?.get(document);
  return rendered && applyTextEdits(document.text, rendered);
}

/** Renders edits on a text and compares; the result must parse as cleanly as the text did. */
function check(document: SyntaxDocument, edits: readonly Edit[], expected: string): void {
  const result = edited(document, edits);
  assert.equal(result, expected);
  if (document.problems.length) return;
  const again = document.language === 'json' ? json(expected) : yaml(expected);
  assert.deepEqual(again.problems, []);
}

describe('edits that end at one place in YAML', () => {
  const TEXT = 'R:\n  A:\n    P:\n      K:\n        V: 1\n  B: 2\n';

  it('go from the inner block outward, in whatever order they are asked for', () => {
    const document = yaml(TEXT);
    const inner: Edit = { kind: 'set', in: at(document, 'R', 'A', 'P', 'K'), path: ['x'], data: 1 };
    const outer: Edit = { kind: 'set', in: at(document, 'R', 'A', 'P'), path: ['q'], data: 2 };
    const outermost: Edit = { kind: 'insertAfter', entry: entryAt(document, 'R', 'A'), name: 'C', data: { z: 3 } };
    const expected = TEXT.replace('V: 1\n', 'V: 1\n        x: 1\n      q: 2\n  C:\n    z: 3\n');
    check(document, [inner, outer, outermost], expected);
    check(document, [outermost, outer, inner], expected);
    check(document, [outer, inner, outermost], expected);
  });
});

describe('edits in JSON', () => {
  const TEXT = '{\n  "a": 1,\n  "b": {\n    "c": [1, 2], // note\n    "d": {}\n  }\n}\n';

  it('set creates blocks on the way, once for all that need them', () => {
    const document = json(TEXT);
    const b = at(document, 'b');
    check(
      document,
      [
        { kind: 'set', in: b, path: ['e', 'f'], data: true },
        { kind: 'set', in: b, path: ['e', 'g'], data: [1] },
      ],
      TEXT.replace('"d": {}', '"d": {},\n    "e": {\n      "f": true,\n      "g": [\n        1\n      ]\n    }'),
    );
    check(document, [{ kind: 'set', in: b, path: ['d', 'x'], data: 1 }], TEXT.replace('{}', '{\n      "x": 1\n    }'));
    check(document, [{ kind: 'set', in: b, path: ['c'], data: 'x' }], TEXT.replace('[1, 2]', '"x"'));
  });

  it('insertAfter adds one block for all that need it, and refuses two that contradict', () => {
    const document = json('{\n  "a": 1\n}');
    const entry = entryAt(document, 'a');
    check(
      document,
      [
        { kind: 'insertAfter', entry, name: 't', data: { x: 1 } },
        { kind: 'insertAfter', entry, name: 't', data: { y: 2 } },
      ],
      '{\n  "a": 1,\n  "t": {\n    "x": 1,\n    "y": 2\n  }\n}',
    );
    assert.equal(
      edited(document, [
        { kind: 'insertAfter', entry, name: 't', data: { x: 1 } },
        { kind: 'insertAfter', entry, name: 't', data: { x: 2 } },
      ]),
      undefined,
    );
  });

  it('set fills a block that another edit of the call writes', () => {
    const document = json('{\n  "a": null\n}');
    const root = at(document);
    check(
      document,
      [
        { kind: 'set', in: root, path: ['a', 'x'], data: 1 },
        { kind: 'set', in: root, path: ['a', 'y', 'z'], data: 2 },
        { kind: 'set', in: root, path: ['a', 'y', 'w'], data: 3 },
      ],
      '{\n  "a": {\n    "x": 1,\n    "y": {\n      "z": 2,\n      "w": 3\n    }\n  }\n}',
    );
  });

  it('single lines stay single lines', () => {
    const document = json('{"a": 1, "b": {"c": [1, 2]}}');
    check(
      document,
      [{ kind: 'set', in: at(document, 'b'), path: ['d', 'e'], data: [1] }],
      '{"a": 1, "b": {"c": [1, 2], "d": {"e": [1]}}}',
    );
    check(
      document,
      [{ kind: 'append', to: at(document, 'b', 'c'), data: { x: 1 } }],
      '{"a": 1, "b": {"c": [1, 2, {"x": 1}]}}',
    );
    check(document, [{ kind: 'remove', entry: entryAt(document, 'a') }], '{"b": {"c": [1, 2]}}');
    check(document, [{ kind: 'remove', entry: entryAt(document, 'b') }], '{"a": 1}');
    check(
      document,
      [
        { kind: 'removeItem', node: at(document, 'b', 'c', 0) },
        { kind: 'removeItem', node: at(document, 'b', 'c', 1) },
      ],
      '{"a": 1, "b": {"c": []}}',
    );
  });

  it('removes whole lines with their comment, and the comma before the last', () => {
    const document = json('{\n  // of a\n  "a": 1, // one\n  "b": 2, // two\n  "c": 3 // three\n}');
    check(
      document,
      [{ kind: 'remove', entry: entryAt(document, 'a') }],
      '{\n  // of a\n  "b": 2, // two\n  "c": 3 // three\n}',
    );
    check(
      document,
      [{ kind: 'remove', entry: entryAt(document, 'c') }],
      '{\n  // of a\n  "a": 1, // one\n  "b": 2 // two\n}',
    );
    check(
      document,
      [
        { kind: 'remove', entry: entryAt(document, 'c') },
        { kind: 'set', in: at(document), path: ['d'], data: 4 },
      ],
      '{\n  // of a\n  "a": 1, // one\n  "b": 2, // two\n  "d": 4\n}',
    );
    const all = ['a', 'b', 'c'].map((name): Edit => ({ kind: 'remove', entry: entryAt(document, name) }));
    check(document, all, '{\n  // of a\n}');
  });

  it('keeps trailing commas, tabs and carriage returns', () => {
    const document = json('{\r\n\t"a": [\r\n\t\t1,\r\n\t],\r\n}');
    check(
      document,
      [
        { kind: 'append', to: at(document, 'a'), data: 2 },
        { kind: 'insertAfter', entry: entryAt(document, 'a'), name: 'b', data: { c: 1 } },
      ],
      '{\r\n\t"a": [\r\n\t\t1,\r\n\t\t2,\r\n\t],\r\n\t"b": {\r\n\t\t"c": 1\r\n\t},\r\n}',
    );
  });

  it('inserts siblings, with a blank line where there are some', () => {
    const document = json('{\n  "a": 1,\n\n  "b": 2\n}');
    check(
      document,
      [{ kind: 'insertAfter', entry: entryAt(document, 'a'), name: 'x', data: 0 }],
      '{\n  "a": 1,\n\n  "x": 0,\n\n  "b": 2\n}',
    );
    check(
      document,
      [{ kind: 'insertAfter', entry: entryAt(document, 'b'), name: 'x', data: 0 }],
      '{\n  "a": 1,\n\n  "b": 2,\n\n  "x": 0\n}',
    );
  });

  it('sets a new member before all others', () => {
    const first = (text: string, expected: string) => {
      const document = json(text);
      const edit: Edit = { kind: 'set', in: at(document, 'a'), path: ['v', 'w'], data: 1, first: true };
      check(document, [edit], expected);
    };
    first('{"a": {"b": 1, "c": 2}}', '{"a": {"v": {"w": 1}, "b": 1, "c": 2}}');
    first('{"a": {}}', '{"a": {"v": {"w": 1}}}');
    first(
      '{\n  "a": { // of a\n    // of b\n    "b": 1\n  }\n}',
      '{\n  "a": { // of a\n    "v": {\n      "w": 1\n    },\n    // of b\n    "b": 1\n  }\n}',
    );
    first('{\n  "a": { "b": 1,\n    "c": 2 }\n}', '{\n  "a": { "v": { "w": 1 }, "b": 1,\n    "c": 2 }\n}');
    const document = json('{\n\t"a": 1,\n\t"b": 2\n}');
    check(
      document,
      [
        { kind: 'set', in: at(document), path: ['v'], data: 0, first: true },
        { kind: 'set', in: at(document), path: ['x'], data: 0, first: true },
        { kind: 'set', in: at(document), path: ['b'], data: 3, first: true },
        { kind: 'remove', entry: entryAt(document, 'a') },
      ],
      '{\n\t"v": 0,\n\t"x": 0,\n\t"b": 3\n}',
    );
  });

  it('renames, writes missing values, and appends items like their siblings', () => {
    const document = json('{"a": 1, "b": }');
    check(
      document,
      [
        { kind: 'rename', entry: entryAt(document, 'a'), name: 'x"' },
        { kind: 'replace', node: at(document, 'b'), data: 'v' },
      ],
      '{"x\\"": 1, "b": "v" }',
    );
    const list = json('[\n  {"a": 1},\n  {"a": 2}\n]');
    check(list, [{ kind: 'append', to: at(list), data: { a: 3 } }], '[\n  {"a": 1},\n  {"a": 2},\n  {"a": 3}\n]');
  });

  it('adds items behind one that is there, which may be replaced', () => {
    const inline = json('{"a": ["x", "y"]}');
    const [x] = at(inline, 'a').items as [Node, Node];
    check(
      inline,
      [
        { kind: 'replace', node: x, data: 'p' },
        { kind: 'append', to: at(inline, 'a'), data: 'q', after: x },
        { kind: 'append', to: at(inline, 'a'), data: 'r', after: x },
        { kind: 'append', to: at(inline, 'a'), data: 'z' },
      ],
      '{"a": ["p", "q", "r", "y", "z"]}',
    );
    const lines = json('[\n  1,\n  2\n]');
    const [one, two] = at(lines).items as [Node, Node];
    check(
      lines,
      [
        { kind: 'append', to: at(lines), data: 3, after: one },
        { kind: 'removeItem', node: two },
      ],
      '[\n  1,\n  3\n]',
    );
  });

  it('writes intrinsic functions in full', () => {
    const document = json('{}');
    check(
      document,
      [{ kind: 'set', in: at(document), path: ['a'], data: { Ref: 'X' } }],
      '{\n  "a": {\n    "Ref": "X"\n  }\n}',
    );
  });
});

describe('edits in YAML', () => {
  const TEXT = `Resources:
  A:
    Type: T # note
    Properties:
      Name: "x" # c
      Tags:
        - Key: a
          Value: b
        # second
        - Key: c
          Value: d

  B:
    Type: T
`;

  it('set creates blocks on the way, once for all that need them', () => {
    const document = yaml(TEXT);
    const b = at(document, 'Resources', 'B');
    check(
      document,
      [
        { kind: 'set', in: b, path: ['P', 'E', 'x'], data: true },
        { kind: 'set', in: b, path: ['P', 'E', 'y'], data: ['s'] },
      ],
      `${TEXT}    P:\n      E:\n        x: true\n        "y":\n          - s\n`,
    );
    check(
      document,
      [{ kind: 'set', in: at(document, 'Resources', 'A'), path: ['Properties', 'Z'], data: 1 }],
      TEXT.replace('Value: d\n', 'Value: d\n      Z: 1\n'),
    );
  });

  it('replaces values of every form by every form, keeping comments', () => {
    const document = yaml(TEXT);
    const replace = (path: (string | number)[], value: Data, from: string, to: string) =>
      check(
        document,
        [{ kind: 'replace', node: at(document, 'Resources', 'A', ...path), data: value }],
        TEXT.replace(from, to),
      );
    replace(['Type'], 'yes', 'T #', '"yes" #');
    replace(['Properties', 'Name'], 'new', '"x"', '"new"');
    replace(['Properties', 'Name'], false, '"x"', 'false');
    replace(['Properties', 'Name'], ['a'], '"x" # c', '# c\n        - a');
    replace(['Properties', 'Name'], { a: { b: 1 } }, '"x" # c', '# c\n        a:\n          b: 1');
    replace(['Properties', 'Tags', 0], 's', '- Key: a\n          Value: b', '- s');
    replace(['Properties', 'Tags', 0], { k: 1, l: [] }, '- Key: a\n          Value: b', '- k: 1\n          l: []');
    replace(
      ['Properties', 'Tags'],
      [],
      '\n        - Key: a\n          Value: b\n        # second\n        - Key: c\n          Value: d',
      ' []',
    );
    replace(
      ['Properties', 'Tags'],
      ['q'],
      '- Key: a\n          Value: b\n        # second\n        - Key: c\n          Value: d',
      '- q',
    );
  });

  it('writes where nothing is written yet', () => {
    const document = yaml('a:\nb: # c\nc: ~\nd: {}\ne: []\nf: \ng\n');
    check(
      document,
      [
        { kind: 'replace', node: at(document, 'a'), data: 1 },
        { kind: 'replace', node: at(document, 'b'), data: 'v' },
        { kind: 'set', in: at(document), path: ['c', 'x'], data: 1 },
        { kind: 'set', in: at(document, 'd'), path: ['x', 'w'], data: 1 },
        { kind: 'append', to: at(document, 'e'), data: { x: 1, z: 2 } },
        { kind: 'append', to: at(document, 'f'), data: 'i' },
        { kind: 'replace', node: at(document, 'g'), data: 'v' },
      ],
      'a: 1\nb: v # c\nc:\n  x: 1\nd:\n  x:\n    w: 1\ne:\n  - x: 1\n    z: 2\nf:\n  - i\ng: v\n',
    );
  });

  it('removes whole lines, and no comments but those on them', () => {
    const document = yaml(TEXT);
    const a = at(document, 'Resources', 'A');
    check(document, [{ kind: 'remove', entry: entryAt(a, 'Type') }], TEXT.replace('    Type: T # note\n', ''));
    check(
      document,
      [{ kind: 'removeItem', node: at(a, 'Properties', 'Tags', 0) }],
      TEXT.replace('        - Key: a\n          Value: b\n', ''),
    );
    check(
      document,
      [{ kind: 'removeItem', node: at(a, 'Properties', 'Tags', 1) }],
      TEXT.replace('        - Key: c\n          Value: d\n', ''),
    );
    check(
      document,
      [{ kind: 'remove', entry: entryAt(a, 'Properties', 'Tags', 0, 'Key') }],
      TEXT.replace('- Key: a\n          Value: b', '- Value: b'),
    );
    check(
      document,
      [{ kind: 'remove', entry: entryAt(document, 'Resources', 'B', 'Type') }],
      TEXT.replace('  B:\n    Type: T\n', '  B: {}\n'),
    );
    const both = [0, 1].map((k): Edit => ({ kind: 'removeItem', node: at(a, 'Properties', 'Tags', k) }));
    check(document, both, TEXT.replace(/Tags:[\s\S]*Value: d\n/, 'Tags: []\n        # second\n'));
    const open = yaml('a: 1\nb: 2');
    check(open, [{ kind: 'remove', entry: entryAt(open, 'b') }], 'a: 1');
    check(
      open,
      [
        { kind: 'remove', entry: entryAt(open, 'b') },
        { kind: 'remove', entry: entryAt(open, 'a') },
      ],
      '{}',
    );
  });

  it('inserts siblings, with a blank line where there are some', () => {
    const document = yaml(TEXT);
    const sibling: Data = { Type: 'P', Bucket: { Ref: 'A' } };
    check(
      document,
      [{ kind: 'insertAfter', entry: entryAt(document, 'Resources', 'A'), name: 'P', data: sibling }],
      TEXT.replace('  B:', '  P:\n    Type: P\n    Bucket: !Ref A\n\n  B:'),
    );
    check(
      document,
      [
        { kind: 'insertAfter', entry: entryAt(document, 'Resources', 'B'), name: 'P', data: 1 },
        { kind: 'rename', entry: entryAt(document, 'Resources', 'B'), name: 'C' },
      ],
      `${TEXT.replace('  B:', '  C:')}\n  P: 1\n`,
    );
  });

  it('sets a new member before all others', () => {
    const first = (text: string, path: readonly (string | number)[], expected: string) => {
      const document = yaml(text);
      const edit: Edit = { kind: 'set', in: at(document, ...path), path: ['v'], data: { w: 1 }, first: true };
      check(document, [edit], expected);
    };
    first('a:\r\n  b: 1\r\n', ['a'], 'a:\r\n  v:\r\n    w: 1\r\n  b: 1\r\n');
    first('a: # of a\n  # of b\n  b: 1\n', ['a'], 'a: # of a\n  v:\n    w: 1\n  # of b\n  b: 1\n');
    first('# of the file\na: 1\n', [], '# of the file\nv:\n  w: 1\na: 1\n');
    first('a:\n  - b: 1\n    c: 2\n', ['a', 0], 'a:\n  - v:\n      w: 1\n    b: 1\n    c: 2\n');
    first('a:\n  - - b: 1\n', ['a', 0, 0], 'a:\n  - - v:\n        w: 1\n      b: 1\n');
    first('a: {b: 1}\n', ['a'], 'a: {v: { w: 1 }, b: 1}\n');
    first('a: {}\n', ['a'], 'a:\n  v:\n    w: 1\n');
    first('a:\n  b: 1\n\n  c: 2\n', ['a'], 'a:\n  v:\n    w: 1\n\n  b: 1\n\n  c: 2\n');
    const document = yaml('a:\n  - b: 1\n    c: 2\n');
    check(
      document,
      [
        { kind: 'set', in: at(document, 'a', 0), path: ['v'], data: 0, first: true },
        { kind: 'remove', entry: entryAt(document, 'a', 0, 'b') },
      ],
      'a:\n  - v: 0\n    c: 2\n',
    );
  });

  it('adds items behind one that is there', () => {
    const block = yaml('a:\n  - x # first\n  - y\n  - z\nb: [x, y]\n');
    const [x, y] = at(block, 'a').items as [Node, Node];
    const [flow] = at(block, 'b').items as [Node];
    check(
      block,
      [
        { kind: 'replace', node: x, data: 'p' },
        { kind: 'append', to: at(block, 'a'), data: 'q', after: x },
        { kind: 'removeItem', node: y },
        { kind: 'append', to: at(block, 'a'), data: 'last' },
        { kind: 'append', to: at(block, 'b'), data: 'z', after: flow },
      ],
      'a:\n  - p # first\n  - q\n  - z\n  - last\nb: [x, z, y]\n',
    );
  });

  it('follows the indent of lists, line ends, quotes and steps', () => {
    const document = yaml("a:\r\n    b:\r\n    - 'x'\r\n    c: 'y'\r\n");
    check(
      document,
      [
        { kind: 'append', to: at(document, 'a', 'b'), data: 'yes' },
        { kind: 'set', in: at(document, 'a'), path: ['d', 'e'], data: ["it's: x"] },
      ],
      "a:\r\n    b:\r\n    - 'x'\r\n    - 'yes'\r\n    c: 'y'\r\n    d:\r\n        e:\r\n        - 'it''s: x'\r\n",
    );
  });

  it('quotes what a reader would take for something else', () => {
    const values = [
      'yes',
      'No',
      '012',
      '1e3',
      '22:22',
      '2012-10-17',
      '*',
      '@x',
      'a: b',
      'a #b',
      ' a',
      'a ',
      '',
      '-',
      '- a',
      '!x',
      '&x',
      '%x',
      '`x',
      '~',
      'null',
      '{a}',
      '[a',
      '|',
      '>',
      '#a',
      'a:',
      '"q"',
      "'q'",
      '?',
      '---',
      '<<',
      'a\tb',
      '\u0007',
      'a\nb ',
      '\ud800',
    ];
    for (const value of values) {
      const document = yaml('a: 1\nb: [x]\n');
      const result = edited(document, [
        { kind: 'replace', node: at(document, 'a'), data: value },
        { kind: 'append', to: at(document, 'b'), data: value },
      ]);
      const again = yaml(result ?? '');
      assert.deepEqual(again.problems, [], value);
      assert.deepEqual(data(again.roots[0]), { a: value, b: ['x', value] });
    }
    const plain = [
      'AWS::S3::Bucket',
      's3:GetObject',
      'arn:aws:s3:::x/*',
      '10.0.0.0/16',
      'a#b',
      'dev-1',
      '${X}',
      'TLSv1.2',
    ];
    for (const value of plain) {
      const document = yaml('a: 1\n');
      assert.equal(edited(document, [{ kind: 'replace', node: at(document, 'a'), data: value }]), `a: ${value}\n`);
    }
  });

  it('writes intrinsic functions short, unless the document writes them in full', () => {
    const value: Data = [
      { Ref: 'X' },
      { 'Fn::GetAtt': ['A', 'Arn'] },
      { 'Fn::GetAtt': 'A.Arn' },
      { 'Fn::Sub': '${A}/*' },
      { 'Fn::If': ['C', { Ref: 'X' }, { Ref: 'AWS::NoValue' }] },
      { 'Fn::If': ['C', { a: 1 }, 2] },
      { 'Fn::Base64': { 'Fn::Sub': 'x' } },
      { Condition: 'C' },
    ];
    const short = yaml('a:\n  - 1\n');
    check(
      short,
      [{ kind: 'replace', node: at(short, 'a'), data: value }],
      'a:\n  - !Ref X\n  - !GetAtt A.Arn\n  - !GetAtt A.Arn\n  - !Sub ${A}/*\n  - !If [C, !Ref X, !Ref AWS::NoValue]\n  - !If\n    - C\n    - a: 1\n    - 2\n  - Fn::Base64: !Sub x\n  - Condition: C\n',
    );
    const long = yaml('a:\n  Ref: X\n');
    check(long, [{ kind: 'set', in: at(long), path: ['b'], data: { Ref: 'Z' } }], 'a:\n  Ref: X\nb:\n  Ref: Z\n');
  });

  it('edits flow style in flow style, JSON within YAML as JSON', () => {
    const document = yaml('a: {x: 1, l: [1, 2]}\nb: {"k": [1]}\n');
    check(
      document,
      [
        { kind: 'set', in: at(document, 'a'), path: ['o', 'm'], data: ['a,b', { Ref: 'X' }] },
        { kind: 'removeItem', node: at(document, 'a', 'l', 0) },
        { kind: 'set', in: at(document, 'b'), path: ['r'], data: { Ref: 'X' } },
        { kind: 'append', to: at(document, 'b', 'k'), data: 'yes' },
      ],
      'a: {x: 1, l: [2], o: {m: [\'a,b\', !Ref X]}}\nb: {"k": [1, "yes"], "r": {"Ref": "X"}}\n',
    );
  });

  it('replaces tagged values with their tag, keeps anchors, and writes over merged entries', () => {
    const document = yaml('a: !If\n  - C\n  - 1\nb: !Ref X # c\nc: &k\n  z: 1\nd:\n  <<: *k\n  y1: 2\n');
    check(
      document,
      [
        { kind: 'replace', node: at(document, 'a'), data: { x: 1 } },
        { kind: 'replace', node: at(document, 'b'), data: true },
        { kind: 'set', in: at(document, 'd'), path: ['z'], data: 3 },
      ],
      'a:\n  x: 1\nb: true # c\nc: &k\n  z: 1\nd:\n  <<: *k\n  y1: 2\n  z: 3\n',
    );
  });
});

describe('edits in JSON inside a string', () => {
  const edit = (
    text: string,
    path: string[],
    build: (root: Node) => Edit[],
    language: typeof yaml = yaml,
  ): string | undefined => {
    const document = language(text);
    const root = parseEmbeddedJson(at(document, ...path))?.root;
    assert.ok(root);
    return edited(document, build(root));
  };
  const add = (root: Node): Edit[] => [
    { kind: 'set', in: root, path: ['n', 'm'], data: 'q"\\\'' },
    { kind: 'replace', node: at(root, 'a'), data: ['x'] },
  ];

  it('escapes as the string demands', () => {
    assert.equal(
      edit('p: "{\\"a\\": 1}"\n', ['p'], add),
      'p: "{\\"a\\": [\\"x\\"], \\"n\\": {\\"m\\": \\"q\\\\\\"\\\\\\\\\'\\"}}"\n',
    );
    assert.equal(edit('p: \'{"a": 1}\'\n', ['p'], add), 'p: \'{"a": ["x"], "n": {"m": "q\\"\\\\\'\'"}}\'\n');
    assert.equal(
      edit('{"p": "{\\"a\\": 1}"}', ['p'], add, json),
      '{"p": "{\\"a\\": [\\"x\\"], \\"n\\": {\\"m\\": \\"q\\\\\\"\\\\\\\\\'\\"}}"}',
    );
    assert.equal(
      edit('{"p": "{\\n  \\"a\\": 1\\n}"}', ['p'], (root) => [{ kind: 'set', in: root, path: ['b'], data: 2 }], json),
      '{"p": "{\\n  \\"a\\": 1,\\n  \\"b\\": 2\\n}"}',
    );
  });

  it('indents as the block does', () => {
    assert.equal(
      edit('p: |\n    {\n      "a": 1\n    }\nq: 1\n', ['p'], (root) => [
        { kind: 'set', in: root, path: ['b', 'c'], data: 2 },
      ]),
      'p: |\n    {\n      "a": 1,\n      "b": {\n        "c": 2\n      }\n    }\nq: 1\n',
    );
    assert.equal(
      edit('p: |-\n  {"a": 1,\n   "b": 2}\n', ['p'], (root) => [{ kind: 'remove', entry: entryAt(root, 'b') }]),
      'p: |-\n  {"a": 1}\n',
    );
  });
});

describe('several edits', () => {
  it('may span documents', () => {
    const one = json('{"a": 1}');
    const two = yaml('a: 1\n');
    const rendered = renderEdits([
      { kind: 'replace', node: at(one, 'a'), data: 2 },
      { kind: 'replace', node: at(two, 'a'), data: 2 },
    ]);
    assert.deepEqual(
      [...(rendered ?? [])].map(([document, edits]) => applyTextEdits(document.text, edits)),
      ['{"a": 2}', 'a: 2\n'],
    );
  });

  it('drop what another one removes', () => {
    const document = yaml('a:\n  b: 1\n  c: 2\nd: 3\n');
    check(
      document,
      [
        { kind: 'replace', node: at(document, 'a', 'b'), data: 9 },
        { kind: 'remove', entry: entryAt(document, 'a') },
      ],
      'd: 3\n',
    );
  });

  it('are not rendered where a node is not what they say', () => {
    const document = yaml('a: 1\nl: [1]\n');
    assert.equal(renderEdits([{ kind: 'set', in: at(document), path: ['a', 'b'], data: 1 }]), undefined);
    assert.equal(renderEdits([{ kind: 'append', to: at(document, 'a'), data: 1 }]), undefined);
    assert.equal(renderEdits([{ kind: 'removeItem', node: at(document, 'a') }]), undefined);
    const open = json('{"a": [1');
    assert.equal(renderEdits([{ kind: 'append', to: at(open, 'a'), data: 2 }]), undefined);
  });
});

// Random trees in random styles, one random edit each: the tree must change as the data does, comments and the rest must stay.

const NAMES = ['a', 'b', 'Key', 'Fn::X', 'x y', 'yes', 'k-1'];
const scalar = fc.constantFrom<Data>(
  'v',
  'yes',
  '012',
  '2012-10-17',
  'a: b',
  "it's",
  '"q"',
  '',
  '*',
  ' lead',
  'é😀',
  'x #y',
  'a,b',
  '{a}',
  '-',
  '- x',
  'a:',
  '22:22',
  1,
  1.5,
  -3,
  true,
  false,
  null,
);
const { tree } = fc.letrec<{ tree: Data }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), tie('tree')), { maxLength: 4, selector: ([name]) => name })
      .map((members) => Object.fromEntries(members) as Data),
  ),
}));
const root = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), tree), { minLength: 1, maxLength: 4, selector: ([name]) => name })
  .map((members) => Object.fromEntries(members) as Data);

/** Adds comments at the ends of some lines and, in YAML, on lines of their own. */
function comment(text: string, marker: string, where: readonly number[]): string {
  const lines = text.split('\n');
  return lines
    .map((line, k) => {
      const chosen = where[k % where.length] as number;
      if (line === '' || chosen > 2) return line;
      const indent = /^ */.exec(line)?.[0] ?? '';
      if (chosen === 0 && k > 0) return `${indent}${marker} own${k}\n${line}`;
      return chosen === 1 ? `${line} ${marker} end${k}` : line;
    })
    .join('\n');
}

const where = fc.array(fc.nat(7), { minLength: 3, maxLength: 9 });
const yamlText = fc
  .tuple(root, fc.constantFrom(2, 4), fc.boolean(), fc.boolean(), where, fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([value, indent, indentSeq, singleQuote, comments, eol, flow]) => {
    const text = stringify(value, {
      indent,
      indentSeq,
      singleQuote,
      lineWidth: 0,
      ...(flow ? { collectionStyle: 'flow' } : {}),
    });
    return (flow ? text : comment(text, '#', comments)).replaceAll('\n', eol);
  });
const jsonText = fc.tuple(root, fc.constantFrom(undefined, 2, 4, '\t'), where).map(([value, indent, comments]) => {
  const text = JSON.stringify(value, null, indent);
  return indent === undefined ? text : comment(text, '//', comments);
});

/** What the data is after an edit. */
function expectedAfter(document: SyntaxDocument, edit: Edit): Data {
  const change = (node: Node): Data => {
    if (edit.kind === 'replace' && edit.node === node) return edit.data;
    if (node.kind === 'object') {
      const members: [string, Data][] = [];
      for (const entry of node.entries) {
        if (edit.kind === 'remove' && edit.entry === entry) continue;
        members.push([edit.kind === 'rename' && edit.entry === entry ? edit.name : entry.name, change(entry.value)]);
        if (edit.kind === 'insertAfter' && edit.entry === entry) members.push([edit.name, edit.data]);
      }
      if (edit.kind === 'set' && edit.in === node) {
        const member: [string, Data] = [edit.path[0] as string, { [edit.path[1] as string]: edit.data }];
        if (edit.first) members.unshift(member);
        else members.push(member);
      }
      return Object.fromEntries(members);
    }
    if (node.kind !== 'array') return data(node);
    const items = node.items.filter((item) => edit.kind !== 'removeItem' || edit.node !== item).map(change);
    return edit.kind === 'append' && edit.to === node ? [...items, edit.data] : items;
  };
  return change(document.roots[0] as Node);
}

function randomEdit(document: SyntaxDocument, pick: number, value: Data): Edit | undefined {
  const nodes = nodesOf(document);
  const objects = nodes.filter((node) => node.kind === 'object');
  const arrays = nodes.filter((node) => node.kind === 'array');
  const entries = objects.flatMap((node) => node.entries);
  const items = arrays.flatMap((node) => node.items);
  const values = [...entries.map((entry) => entry.value), ...items];
  const choices: Edit[] = [
    ...values.map((node): Edit => ({ kind: 'replace', node, data: value })),
    ...objects.map((node): Edit => ({ kind: 'set', in: node, path: ['New', 'In'], data: value })),
    ...objects.map((node): Edit => ({ kind: 'set', in: node, path: ['New', 'In'], data: value, first: true })),
    ...entries.map((entry): Edit => ({ kind: 'remove', entry })),
    ...entries.map((entry): Edit => ({ kind: 'rename', entry, name: 'New name' })),
    ...entries.map((entry): Edit => ({ kind: 'insertAfter', entry, name: 'New', data: value })),
    ...items.map((node): Edit => ({ kind: 'removeItem', node })),
    ...arrays.map((node): Edit => ({ kind: 'append', to: node, data: value })),
  ];
  return choices[pick % choices.length];
}

describe('any edit of any tree', () => {
  for (const [name, texts, parse] of [
    ['JSON', jsonText, json],
    ['YAML', yamlText, yaml],
  ] as const) {
    it(name, () => {
      fc.assert(
        fc.property(texts, fc.nat(10_000), tree, (before, pick, value) => {
          const document = parse(before);
          if (document.problems.length) return;
          const edit = randomEdit(document, pick, value);
          if (!edit) return;
          const expected = expectedAfter(document, edit);
          const rendered = renderEdits([edit])?.get(document);
          assert.ok(rendered, `${edit.kind} not rendered in\n${document.text}`);
          const text = applyTextEdits(document.text, rendered);
          const again = parse(text);
          assert.deepEqual(again.problems, [], `${edit.kind}\n${document.text}\n=>\n${text}`);
          assert.deepEqual(data(again.roots[0]), expected, `${edit.kind}\n${document.text}\n=>\n${text}`);
          // The order of members as well: a new one stands where the edit says.
          assert.equal(JSON.stringify(data(again.roots[0])), JSON.stringify(expected), `${document.text}\n=>\n${text}`);
          const kept = (comment: { start: number; end: number }) => !covers(rendered, comment.start);
          assert.deepEqual(
            again.comments().map((comment) => comment.text),
            document
              .comments()
              .filter(kept)
              .map((comment) => comment.text),
            `${edit.kind}\n${document.text}\n=>\n${text}`,
          );
          if (edit.kind !== 'replace' && edit.kind !== 'remove' && edit.kind !== 'removeItem') {
            assert.equal(
              again.comments().length,
              document.comments().length,
              `comments\n${document.text}\n=>\n${text}`,
            );
          }
          if (name === 'YAML' && document.text.includes('\r')) assert.doesNotMatch(text, /[^\r]\n/);
        }),
        { numRuns: 150 },
      );
    });
  }
});

function covers(edits: readonly { start: number; end: number }[], offset: number): boolean {
  return edits.some((edit) => edit.start <= offset && offset < edit.end);
}
