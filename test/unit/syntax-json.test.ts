import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { SyntaxDocument } from '../../server/src/syntax/document.ts';
import { parseJson } from '../../server/src/syntax/json.ts';
import { at, covered, data, nodesOf, shape } from './syntax-support.ts';

const parse = (text: string) => parseJson('test.json', text);
const messages = (text: string) => parse(text).problems.map((problem) => problem.message);

describe('JSON', () => {
  it('reads values with kind, style, source and exact offsets', () => {
    const document = parse('{"s": "a\\n\\u00e9", "n": -1.50e1, "b": true, "z": null, "l": [1, {}]}');
    assert.deepEqual(data(document.roots[0]), { s: 'a\né', n: -15, b: true, z: null, l: [1, {}] });
    assert.deepEqual(document.problems, []);
    assert.equal(at(document, 'n').source, '-1.50e1');
    assert.equal(covered(at(document, 's')), '"a\\n\\u00e9"');
    assert.equal(covered(at(document, 'l')), '[1, {}]');
    assert.equal(at(document, 's').style, 'double');
    assert.equal(at(document, 'l').style, 'flow');
    const item = at(document, 'l', 0);
    assert.equal(item.parent, at(document, 'l'));
    assert.equal(item.entry, undefined);
    assert.equal(at(document, 'n').entry?.name, 'n');
  });

  it('reads broken text on one line in time linear to its length', () => {
    const resource = '"R":{"Type":"AWS::S3::Bucket","Properties":{"A":[1,2]}},';
    const before = process.cpuUsage();
    parse(`{"Resources":{${resource.repeat(12_000)}`);
    parse(`[${'["a":1],'.repeat(60_000)}`);
    const { user, system } = process.cpuUsage(before);
    assert.ok(user + system < 10_000_000, `${(user + system) / 1e6} s of the processor`);
  });

  it('takes comments and trailing commas', () => {
    const document = parse('// one\n{"a": 1, /* two */ "b": "// no"}');
    assert.equal(document.comments().length, 2);
    assert.deepEqual(
      document.comments().map(({ text, ownLine }) => [text, ownLine]),
      [
        ['one', true],
        ['two', false],
      ],
    );
    const clean = parse('{"a": [1, 2,], // c\r\n}');
    assert.deepEqual(clean.problems, []);
    const [comment] = clean.comments();
    assert.equal(clean.text.slice(comment?.start, comment?.end), '// c');
    assert.deepEqual(data(clean.roots[0]), { a: [1, 2] });
  });

  it('skips a byte order mark and counts it', () => {
    const document = parse('\ufeff{"a": 1');
    assert.equal(document.roots[0]?.start, 1);
    assert.equal(covered(at(document, 'a')), '1');
    assert.equal(document.problems[0]?.start, document.text.length);
  });

  it('marks earlier duplicates and lets the last one win', () => {
    const document = parse('{"a": 1, "b": 2, "a": 3}');
    assert.deepEqual(
      document.roots[0]?.entries.map((entry) => entry.duplicate),
      [true, false, false],
    );
    assert.equal(at(document, 'a').value, 3);
  });

  it('holds nothing in an empty text', () => {
    assert.equal(parse('').roots.length, 0);
    assert.equal(parse(' // only\n').roots.length, 0);
  });

  it('puts a hole behind the key or colon of a half-typed member', () => {
    for (const [text, where] of [
      ['{"a"}', 4],
      ['{"a":}', 5],
      ['{"a": , "b": 1}', 5],
      ['{"a"\n "b": 1}', 4],
      ['{"a":\n "b": 1}', 5],
      ['{a\n, "b": 1}', 2],
    ] as const) {
      const document = parse(text);
      const hole = at(document, 'a');
      assert.deepEqual([hole.kind, hole.start, hole.end], ['missing', where, where], text);
      assert.ok(document.problems.length > 0, text);
      if (text.includes('"b"')) assert.equal(at(document, 'b').value, 1, text);
    }
  });

  it('keeps the other members when a bracket, quote or comma is missing', () => {
    const members = (text: string) => parse(text).roots[0]?.entries.map((entry) => entry.name);
    assert.deepEqual(members('{\n  "a": {\n    "x": {\n    "y": 1\n  },\n  "b": 1\n}'), ['a', 'b']);
    assert.deepEqual(members('{\n  "a": [\n    1\n  "b": 1\n}'), ['a', 'b']);
    assert.deepEqual(members('{\n  "a": "open,\n  "b": 1\n}'), ['a', 'b']);
    assert.deepEqual(members('{"a": 1 "b": 2}'), ['a', 'b']);
    assert.deepEqual(members('{\n  "a": \n    "x": 1\n  },\n  "b": 1\n}')?.at(-1), 'b');
    assert.deepEqual(members('{"a": [{"k": 1}, "b": 1}')?.[0], 'a');
  });

  it('reports what is wrong once', () => {
    assert.deepEqual(messages('{"a": 1 "b": 2}'), [', expected']);
    assert.deepEqual(messages('{"a": tru}'), ['Value expected']);
    assert.deepEqual(messages('{"a": 1} x'), ['Nothing may follow the document']);
    assert.deepEqual(messages('{"a": 1'), ['} expected']);
  });

  it('neither overflows nor hangs on deep nesting', () => {
    for (const text of [
      '['.repeat(50_000),
      '{"a":'.repeat(50_000),
      '['.repeat(30_000) + ']'.repeat(30_000),
      ']'.repeat(50_000),
    ]) {
      const document = parse(text);
      assert.ok(document.problems.length > 0);
      assert.ok(nodesOf(document).length < 2000);
    }
    const wide = parse(`[${'[]'.repeat(1)}${',[]'.repeat(20_000)}]`);
    assert.equal(wide.roots[0]?.items.length, 20_001);
  });

  it('reads all JSON as JSON.parse does, with every scalar where it says', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        const document = parse(JSON.stringify(value, null, indent));
        assert.deepEqual(document.problems, []);
        for (const node of nodesOf(document)) {
          if (node.isScalar) assert.deepEqual(JSON.parse(covered(node)), node.value);
        }
        assert.equal(JSON.stringify(data(document.roots[0])), JSON.stringify(fromEntries(value)));
      }),
      { numRuns: 200 },
    );
  });

  it('never throws, and stays within the text, whatever is deleted or inserted', () => {
    const base = '{\n  "a": {"b": [1, "x", {"c": null}], "d": "e\\n"}, // c\n  "f": -2e3\n}\n';
    const piece = fc.constantFrom(
      '',
      '"',
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '\\',
      '\n',
      'x',
      '/*',
      '//',
      '\u0000',
      '\ud800',
    );
    fc.assert(
      fc.property(fc.nat(base.length), fc.nat(6), piece, fc.nat(base.length), piece, (from, length, a, where, b) => {
        const once = base.slice(0, from) + a + base.slice(from + length);
        const text = once.slice(0, where) + b + once.slice(where);
        const document = parse(text);
        document.comments();
        for (const node of nodesOf(document))
          assert.ok(node.start >= 0 && node.start <= node.end && node.end <= text.length);
      }),
      { numRuns: 250 },
    );
  });
});

/** As {@link data} builds objects: `__proto__` and the like are members like any other only there. */
function fromEntries(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromEntries);
  if (typeof value !== 'object' || value === null) return value;
  const members: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(JSON.parse(JSON.stringify(value)) as object))
    members[name] = fromEntries(inner);
  return members;
}

describe('JSON, version by version', () => {
  const TEXT =
    '{\n  "V": "1", // v\n  "Resources": {\n    "A": {"Type": "X", "P": {"n": [1, 2]}},\n    "B": {"Type": "Y"},\n    "C": 12\n  },\n  "O": [true]\n}\n';
  const again = (text: string, previous: SyntaxDocument) => parseJson('test.json', text, previous);

  it('keeps the nodes of members that did not change, at their new place', () => {
    const first = parse(TEXT);
    const b = at(first, 'Resources', 'B');
    const root = first.roots[0];
    const text = TEXT.replace('[1, 2]', '[1, 2, 3]');
    const second = again(text, first);
    assert.equal(at(second, 'Resources', 'B'), b);
    assert.notEqual(second.roots[0], root);
    assert.equal(b.document, second);
    assert.equal(b.parent, at(second, 'Resources'));
    assert.equal(covered(b), '{"Type": "Y"}');
    assert.deepEqual(shape(second), shape(parse(text)));
  });

  it('keeps them through a version whose brackets do not match', () => {
    const first = parse(TEXT);
    const b = at(first, 'Resources', 'B');
    const open = again(TEXT.replace('[1, 2]', '[1, 2'), first);
    assert.deepEqual(shape(open), shape(parse(open.text)));
    const third = again(TEXT.replace('[1, 2]', '[]'), open);
    assert.equal(at(third, 'Resources', 'B'), b);
    assert.deepEqual(shape(third), shape(parse(third.text)));
  });

  it('says the same where there are more members than are kept', () => {
    const text = (count: number, value: number) =>
      `{"A": {"B": ${value}}, ${Array.from({ length: count }, (_, i) => `"k${i}": ${i === count - 2 ? value : i}`).join(', ')}}`;
    let document = parse(text(20_010, 0));
    for (const [count, value] of [
      [20_010, 1],
      [20_011, 1],
      [19_990, 2],
      [20_005, 2],
    ] as const) {
      document = again(text(count, value), document);
      assert.deepEqual(shape(document), shape(parse(document.text)));
    }
  });

  it('says the same where a text is cut off', () => {
    const text = (a: number, b: number) => `{"R": {"A": [${'1,'.repeat(a)}1], "B": [${'1,'.repeat(b)}1]}}`;
    const told = (document: SyntaxDocument) => [
      at(document, 'R', 'A').items.length,
      document.roots[0]?.get('R')?.get('B')?.items.length,
      document.problems,
    ];
    let document = parse(text(130_000, 200_000));
    for (const a of [130_000, 100_000, 129_999, 20_000]) {
      document = again(text(a, 200_000), document);
      assert.deepEqual(told(document), told(parse(document.text)), `${a}`);
      assert.equal(document.problems.length, a > 20_000 ? 1 : 0, `${a}`);
    }
  });

  it('gives the nodes of one version to one successor only', () => {
    const first = parse(TEXT);
    const second = again(`${TEXT} `, first);
    const other = again(` ${TEXT}`, first);
    assert.deepEqual(shape(second), shape(parse(second.text)));
    assert.deepEqual(shape(other), shape(parse(other.text)));
  });

  it('says the same as reading afresh after any run of edits', () => {
    const piece = fc.constantFrom(
      '',
      ' ',
      '\n',
      '"',
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '0',
      'x',
      '//',
      '/*',
      '*/',
      '"k": 1,',
      '{}',
      '\\',
    );
    const edit = fc.tuple(fc.nat(TEXT.length), fc.nat(8), piece);
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 5 }), (edits) => {
        let text = TEXT;
        let document = parse(text);
        for (const [from, length, inserted] of edits) {
          text = text.slice(0, from) + inserted + text.slice(from + length);
          document = again(text, document);
          const fresh = parse(text);
          assert.deepEqual(shape(document), shape(fresh), text);
          assert.deepEqual(document.problems, fresh.problems, text);
        }
      }),
      { numRuns: 250 },
    );
  });
});
