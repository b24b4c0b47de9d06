import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compareTexts } from '../../server/src/syntax/change.ts';
import type { SyntaxDocument } from '../../server/src/syntax/document.ts';
import { parseYaml, parseYamlWhole } from '../../server/src/syntax/yaml.ts';
import { splitSections } from '../../server/src/syntax/yaml-blocks.ts';
import { looksTyped, plainValue } from '../../server/src/syntax/yaml-scalars.ts';
import { at, covered, data, entryAt, nodesOf, shape } from './syntax-support.ts';

const parse = (text: string, previous?: SyntaxDocument) => parseYaml('test.yaml', text, previous);
const names = (document: SyntaxDocument, ...path: string[]) => at(document, ...path).entries.map((entry) => entry.name);

const TEMPLATE = `AWSTemplateFormatVersion: '2010-09-09'
# A bucket and what reads it
Parameters:
  Stage:
    Type: String # short
    Default: dev
Conditions:
  IsProd: !Equals [!Ref Stage, prod]

Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub "\${Stage}-data"
      Tags:
      - Key: a
        Value: b
  # The function
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Timeout: 30
      Code:
        ZipFile: |
          # no comment
          print("hello")

      Role: !GetAtt
        - Role
        - Arn
  Role: {Type: AWS::IAM::Role}
Outputs:
  Name: {Value: !Ref Bucket}
`;

describe('YAML', () => {
  it('reads scalars as CloudFormation does', () => {
    const expected: [string, unknown][] = [
      ['yes', true],
      ['Off', false],
      ['TRUE', true],
      ['y', 'y'],
      ['~', null],
      ['NULL', null],
      ['null', null],
      ['12', 12],
      ['-1.5', -1.5],
      ['+3', 3],
      ['0', 0],
      ['.5', 0.5],
      ['1e3', 1000],
      ['0x1F', 31],
      ['012345678901', '012345678901'],
      ['123456789012', 123456789012],
      ['99999999999999999999', '99999999999999999999'],
      ['2012-10-17', '2012-10-17'],
      ['1_000', '1_000'],
      ['22:22', '22:22'],
      ['1.2.3', '1.2.3'],
      ['-', '-'],
      ['.inf', '.inf'],
      ['AWS::S3::Bucket', 'AWS::S3::Bucket'],
      ['a#b', 'a#b'],
    ];
    for (const [source, value] of expected) {
      assert.equal(plainValue(source), value, source);
      const node = at(parse(`k: ${source === '-' ? "'-'" : source}\n`), 'k');
      assert.equal(node.value, value, source);
      assert.equal(node.source, source);
    }
    assert.equal(at(parse('k: "yes"'), 'k').value, 'yes');
    assert.equal(at(parse('k: !!str 12'), 'k').value, '12');
    assert.equal(at(parse('k:'), 'k').kind, 'missing');
    assert.deepEqual(names(parse('yes: 1\n200: 2\n"q": 3')), ['yes', '200', 'q']);
  });

  it('knows which texts want quotes', () => {
    for (const text of [
      'yes',
      'n',
      '',
      '12',
      '012',
      '1_0',
      '22:22',
      '0b1',
      '0o7',
      '2012-10-17',
      '1e3',
      '.nan',
      '~',
      '<<',
      '1,000',
    ]) {
      assert.equal(looksTyped(text), true, text);
    }
    for (const text of ['yesterday', 'a', 'dev-1', '10.0.0.0/16', 'v1', '1.2.3a', 'AES256'])
      assert.equal(looksTyped(text), false, text);
  });

  it('keeps tags as written and their place', () => {
    const document = parse(
      'a: !Ref X\nb: !Sub # c\n  text\nc: !If\n  - !Ref A\n  - !GetAtt\nd: &x !Foo::Bar {e: 1}\ne: !!str 1\n',
    );
    assert.deepEqual(document.problems, []);
    const tags = ['a', 'b', 'c', 'd', 'e'].map((name) => [
      at(document, name).tag,
      document.text.slice(at(document, name).outerStart, at(document, name).start),
    ]);
    assert.deepEqual(tags, [
      ['!Ref', '!Ref '],
      ['!Sub', '!Sub # c\n  '],
      ['!If', '!If\n  '],
      ['!Foo::Bar', '!Foo::Bar '],
      ['!!str', '!!str '],
    ]);
    assert.equal(covered(at(document, 'a')), 'X');
    assert.equal(at(document, 'c', 0).tag, '!Ref');
    const empty = at(document, 'c', 1);
    assert.deepEqual(
      [empty.kind, empty.tag, document.text.slice(empty.outerStart, empty.start)],
      ['missing', '!GetAtt', '!GetAtt'],
    );
  });

  it('gives ranges without tag, comment and final newline', () => {
    const document = parse(TEMPLATE);
    assert.deepEqual(document.problems, []);
    assert.equal(covered(at(document, 'Resources', 'Bucket', 'Properties', 'BucketName')), '"${Stage}-data"');
    assert.equal(covered(at(document, 'Parameters', 'Stage', 'Type')), 'String');
    const code = at(document, 'Resources', 'Function', 'Properties', 'Code', 'ZipFile');
    assert.equal(covered(code), '|\n          # no comment\n          print("hello")');
    assert.equal(code.value, '# no comment\nprint("hello")\n');
    assert.equal(covered(at(document, 'Resources', 'Bucket', 'Properties', 'Tags')), '- Key: a\n        Value: b');
    assert.equal(covered(at(document, 'Parameters')), 'Stage:\n    Type: String # short\n    Default: dev');
    assert.equal(at(document, 'Outputs', 'Name', 'Value').tag, '!Ref');
  });

  it('finds comments, and none inside scalars', () => {
    const document = parse(`${TEMPLATE}x: "# no"\ny: 'a # no'\nz: | # header\n  # no\nw: a#no\n  # own`);
    assert.deepEqual(
      document.comments().map(({ text, ownLine }) => `${text}${ownLine ? ' (own line)' : ''}`),
      ['A bucket and what reads it (own line)', 'short', 'The function (own line)', 'header', 'own (own line)'],
    );
    for (const { start, end } of document.comments()) assert.match(document.text.slice(start, end), /^# ?\w[\w ]*$/);
  });

  it('resolves aliases, sharing what they stand for', () => {
    const document = parse('a: &a\n  x: [1, 2]\nb: *a\nc: *none\nd: &d [*d]\n');
    const alias = at(document, 'b');
    assert.equal(alias.aliasOf, at(document, 'a'));
    assert.equal(alias.entries, at(document, 'a').entries);
    assert.equal(covered(alias), '*a');
    assert.equal(at(document, 'c').kind, 'missing');
    assert.equal(at(document, 'd', 0).kind, 'missing');
    assert.equal(document.problems.length, 2);
  });

  it('resolves merge keys: written entries win, then the first source', () => {
    const document = parse('a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*a, *b]\n  x: 3\nd:\n  <<: *a\n');
    assert.deepEqual(data(at(document, 'c')), { x: 3, y: 1, z: 2 });
    assert.deepEqual(
      at(document, 'c').entries.map((entry) => [entry.name, entry.merged]),
      [
        ['x', false],
        ['y', true],
        ['z', true],
      ],
    );
    assert.deepEqual(data(at(document, 'd')), { x: 1, y: 1 });
    assert.equal(entryAt(document, 'a', 'x').merged, false);
  });

  it('does not unfold alias bombs', () => {
    let text = 'a0: &a0 [x, x]\n';
    for (let i = 1; i < 40; i++)
      text += `a${i}: &a${i} [${Array(9)
        .fill(`*a${i - 1}`)
        .join(', ')}]\n`;
    const document = parse(text);
    let count = 0;
    const walk = (nodes: readonly { items: readonly never[]; entries: readonly { value: never }[] }[]): void => {
      for (const node of nodes) {
        count++;
        walk(node.items);
        walk(node.entries.map((entry) => entry.value));
      }
    };
    walk(document.roots as never);
    assert.ok(count < 300_000, String(count));
    assert.ok(document.problems.some((problem) => problem.message === 'Not read: aliases stand for too much'));
  });

  it('reads several documents, marks duplicates, takes any line end and a byte order mark', () => {
    assert.deepEqual(parse('---\na: 1\n---\n- b\n').roots.map(data), [{ a: 1 }, ['b']]);
    assert.deepEqual(
      at(parse('a: 1\na: 2\n')).entries.map((entry) => entry.duplicate),
      [true, false],
    );
    for (const eol of ['\n', '\r\n', '\r']) {
      const text = ['a: 1', 'b:', '  c: "x 😀"', '  d: |', '    e', 'f: é'].join(eol);
      const document = parse(text);
      assert.deepEqual(data(document.roots[0]), { a: 1, b: { c: 'x 😀', d: 'e\n' }, f: 'é' });
      assert.equal(covered(at(document, 'f')), 'é');
      const marked = parse(`\ufeff${text}`);
      assert.equal(covered(at(marked, 'b', 'c')), '"x 😀"');
      assert.equal(at(marked).start, 1);
    }
    assert.equal(parse('').roots.length, 0);
    assert.equal(parse('# only\n').roots.length, 0);
  });

  it('keeps the rest around a half-typed key', () => {
    for (const where of ['    Buck\n', '    Buck:\n']) {
      const document = parse(`Resources:\n  A:\n    Type: X\n${where}    Properties: {a: 1}\n  B:\n    Type: Y\n`);
      assert.deepEqual(names(document, 'Resources', 'A'), ['Type', 'Buck', 'Properties']);
      assert.equal(at(document, 'Resources', 'A', 'Buck').kind, 'missing');
      assert.equal(at(document, 'Resources', 'B', 'Type').value, 'Y');
    }
    const first = parse('Resources:\n  A:\n    Buck\n    Type: X\n');
    assert.deepEqual(names(first, 'Resources', 'A'), ['Buck', 'Type']);
    assert.equal(covered(entryAt(first, 'Resources', 'A', 'Type').key), 'Type');
    assert.deepEqual(names(parse('Resources:\n  Buck\n  A:\n    Type: X\n'), 'Resources'), ['Buck', 'A']);
    assert.deepEqual(names(parse('Resources:\n  A:\n    Type: X\nOut')), ['Resources', 'Out']);
  });

  it('keeps what is broken in one resource there', () => {
    for (const broken of [
      'x: "open',
      "x: 'open",
      'x: [a, b',
      'x: {a: 1,',
      'x: a: b',
      'x: !Sub "a',
      '- x',
      '\tx: 1',
      'x: &',
      'x: *',
      'x: @a',
      '? x',
    ]) {
      const document = parse(`Resources:\n  A:\n    Type: X\n    ${broken}\n  B:\n    Type: Y\nOutputs:\n  O: 1\n`);
      assert.equal(at(document, 'Resources', 'B', 'Type').value, 'Y', broken);
      assert.equal(at(document, 'Outputs', 'O').value, 1, broken);
      assert.ok(document.problems.length || broken === '? x', broken);
    }
  });

  it('neither overflows nor hangs', () => {
    const texts = ['a: '.concat('['.repeat(3_000)), '- '.repeat(3_000), `a: ${'{a: '.repeat(3_000)}`];
    for (const text of texts) {
      const document = parse(text);
      assert.ok(document.problems.length > 0);
      assert.ok(nodesOf(document).length < 2000);
    }
  });
});

describe('YAML, block by block', () => {
  it('says the same as reading the whole', () => {
    assert.ok(splitSections(TEMPLATE));
    assert.deepEqual(shape(parse(TEMPLATE)), shape(parseYamlWhole('test.yaml', TEMPLATE)));
  });

  it('leaves texts outside its subset alone', () => {
    for (const text of [
      '- a\n',
      '{a: 1}',
      '%YAML 1.1\n---\na: 1',
      'a: 1\n---\nb: 2',
      '? a\n: b',
      'a:\n    b: 1\n  c: 2\n',
      'a:\n\tb: 1',
      'word',
      '...',
    ]) {
      assert.equal(splitSections(text), undefined, text);
    }
  });

  it('splits a version as if there had been none before', () => {
    const pieces = [
      '',
      '\n',
      ' ',
      '  ',
      '- ',
      'A: 1',
      '  B:\n',
      'C:\n',
      '#',
      '\t',
      '---\n',
      'word',
      ':',
      '\r\n',
      '    D: {}\n',
    ];
    const edit = fc.tuple(fc.nat(), fc.nat(40), fc.constantFrom(...pieces));
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 12 }), fc.boolean(), (edits, mark) => {
        let text = mark ? `\ufeff${TEMPLATE}` : TEMPLATE;
        let sections = splitSections(text);
        let old = text;
        for (const [at, length, inserted] of edits) {
          const start = at % (text.length + 1);
          text = text.slice(0, start) + inserted + text.slice(start + length);
          const whole = splitSections(text);
          const known = sections && { sections, change: compareTexts(old, text) };
          assert.deepEqual(splitSections(text, known), whole, text);
          // As the reader does: where a text cannot be split, the next one is compared with the last that could.
          if (whole) [sections, old] = [whole, text];
        }
      }),
      { numRuns: 400 },
    );
  });

  it('keeps the nodes of blocks that did not change, at their new place', () => {
    const first = parse(TEMPLATE);
    const bucket = at(first, 'Resources', 'Bucket');
    const role = at(first, 'Resources', 'Role');
    const root = first.roots[0];
    const text = TEMPLATE.replace('Timeout: 30', 'Timeout: 3000');
    const second = parse(text, first);
    assert.equal(at(second, 'Resources', 'Bucket'), bucket);
    assert.equal(at(second, 'Resources', 'Role'), role);
    assert.notEqual(second.roots[0], root);
    assert.equal(at(second, 'Resources', 'Function', 'Properties', 'Timeout').value, 3000);
    assert.equal(bucket.parent, at(second, 'Resources'));
    assert.equal(role.document, second);
    assert.equal(covered(role), '{Type: AWS::IAM::Role}');
    assert.deepEqual(shape(second), shape(parseYamlWhole('test.yaml', text)));
  });

  it('gives two equal blocks nodes of their own', () => {
    const text = 'A:\n  x: 1\n  x: 1\n';
    const first = parse(text);
    const second = parse(`${text}  x: 1\n`, first);
    for (const document of [first, second]) assert.equal(new Set(nodesOf(document)).size, nodesOf(document).length);
    assert.deepEqual(shape(second), shape(parseYamlWhole('test.yaml', second.text)));
  });

  it('follows an alias whose anchor changes in another block', () => {
    const text = 'a: &a\n  x: 1\nb: *a\nc: 1\n';
    const second = parse(text.replace('x: 1', 'x: 2'), parse(text));
    assert.deepEqual(data(at(second, 'b')), { x: 2 });
    const third = parse(second.text.replace('c: 1', 'c: 3'), second);
    assert.deepEqual(data(at(third, 'b')), { x: 2 });
    assert.equal(at(third, 'b').aliasOf, at(third, 'a'));
  });

  it('finds its blocks again behind a version that had to be read as a whole', () => {
    const first = parse(TEMPLATE);
    const bucket = at(first, 'Resources', 'Bucket');
    const odd = parse(`${TEMPLATE}---\n`, first);
    const third = parse(TEMPLATE, odd);
    assert.equal(at(third, 'Resources', 'Bucket'), bucket);
    assert.deepEqual(shape(third), shape(parseYamlWhole('test.yaml', TEMPLATE)));
  });

  it('does not give the nodes of one version to two successors', () => {
    const first = parse(TEMPLATE);
    const second = parse(`${TEMPLATE}# x\n`, first);
    const other = parse(`# y\n${TEMPLATE}`, first);
    assert.deepEqual(shape(second), shape(parseYamlWhole('test.yaml', second.text)));
    assert.deepEqual(shape(other), shape(parseYamlWhole('test.yaml', other.text)));
  });

  it('says the same as the whole after any run of edits', () => {
    const pieces = [
      '',
      ' ',
      '\n',
      '  ',
      '\n\n',
      'x',
      ':',
      ': ',
      '- ',
      '#',
      ' # c',
      '"',
      "'",
      '[',
      ']',
      '{',
      '}',
      ',',
      '!Ref ',
      '&a ',
      '*a',
      '|',
      '\n  New:\n    a: 1',
      '\t',
    ];
    const edit = fc.tuple(fc.nat(TEMPLATE.length), fc.nat(12), fc.constantFrom(...pieces));
    let clean = 0;
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        let text = TEMPLATE;
        let document = parse(text);
        for (const [from, length, piece] of edits) {
          text = text.slice(0, from) + piece + text.slice(from + length);
          document = parse(text, document);
          const fresh = parse(text);
          assert.deepEqual(shape(document), shape(fresh), text);
          assert.deepEqual(document.problems, fresh.problems, text);
          for (const node of nodesOf(document))
            assert.ok(node.start >= 0 && node.start <= node.end && node.end <= text.length, text);
          if (document.problems.length) continue;
          clean++;
          assert.deepEqual(shape(document), shape(parseYamlWhole('test.yaml', text)), text);
        }
      }),
      { numRuns: 60 },
    );
    assert.ok(clean > 20, `only ${clean} texts without errors`);
  });

  const folder = join(process.cwd(), '../shared/realworld');
  const list = join(folder, 'realworld.tsv');
  it('says the same as the whole on real templates', {
    skip: existsSync(list) ? false : `${list} is not there`,
  }, () => {
    let blockwise = 0;
    for (const row of readFileSync(list, 'utf8').split('\n').slice(1)) {
      const [file = '', , format = '', size = ''] = row.split('\t');
      if (!format.includes('yaml') || Number(size) > 10_000) continue;
      const text = readFileSync(join(folder, file), 'utf8');
      const document = parse(text);
      document.comments();
      if (splitSections(text)) blockwise++;
      assert.deepEqual(shape(document), shape(parseYamlWhole(file, text)), file);
    }
    assert.ok(blockwise > 100, `only ${blockwise} read in blocks`);
  });
});
