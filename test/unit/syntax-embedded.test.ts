import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { SyntaxDocument } from '../../server/src/syntax/document.ts';
import { decodeScalar, parseEmbeddedJson } from '../../server/src/syntax/embedded.ts';
import { parseJson } from '../../server/src/syntax/json.ts';
import { parseYaml } from '../../server/src/syntax/yaml.ts';
import { at, covered, data, nodesOf } from './syntax-support.ts';

const yaml = (text: string) => parseYaml('test.yaml', text);

/** Decodes `a` and checks that each letter and digit is written where the map says. */
function decoded(document: SyntaxDocument): string {
  const node = at(document, 'a');
  const { text, map } = decodeScalar(node);
  assert.equal(map.length, text.length + 1);
  for (let i = 0; i < text.length; i++) {
    const offset = node.origin.at(map[i] as number);
    assert.ok(offset >= node.start && offset <= node.end);
    if (/[a-z0-9]/.test(text[i] as string))
      assert.equal(document.text[offset], text[i], `character ${i} of ${JSON.stringify(text)}`);
  }
  return text;
}

describe('long scalars', () => {
  it('decodes quoted text of many lines in time linear to its length', () => {
    const started = performance.now();
    const text = decodeScalar(at(yaml(`a: "{\n${'  aaaaaaaa\n'.repeat(60_000)}  }"\n`), 'a')).text;
    assert.equal(text.length, 2 + 60_000 * 9 + 1);
    assert.ok(performance.now() - started < 8_000);
  });

  it('decodes block scalars of nothing but very many blank lines', () => {
    const node = at(yaml(`a: |+\n${'\n'.repeat(200_000)}b: 1\n`), 'a');
    assert.equal(decodeScalar(node).text, node.value);
  });

  it('keeps escaped blanks before a line break and drops the others', () => {
    for (const text of ['a: "one\\t \t\n  two"', "a: 'it''s  \n  two '", 'a: one  \n  two'])
      assert.equal(decodeScalar(at(yaml(text), 'a')).text, at(yaml(text), 'a').value);
  });
});

describe('decodeScalar', () => {
  const cases: [string, string, string][] = [
    ['plain', 'a: one two', 'one two'],
    ['plain on several lines', 'a: one\n  two\n\n  three', 'one two\nthree'],
    ['single quotes', "a: 'it''s x'", "it's x"],
    ['single quotes on several lines', "a: 'one  \n\n  two'", 'one\ntwo'],
    ['double quotes', 'a: "q\\" t\\t x\\x41 \\u00e9 \\U0001F600 e"', 'q" t\t xA é 😀 e'],
    ['double quotes, lines escaped and folded', 'a: "one\\\n   two\n   three \\n\n   four"', 'onetwo three \n four'],
    ['literal', 'a: |\n  one\n    two\n\n  three\n', 'one\n  two\n\nthree\n'],
    ['literal, stripped', 'a: |-\n  one\n  two\n\nb: 1', 'one\ntwo'],
    ['literal, kept', 'a: |+\n  one\n\n\nb: 1', 'one\n\n\n'],
    ['literal, indent written', 'a: |1\n  one\n two\n', ' one\ntwo\n'],
    ['literal with a comment', 'a: | # c\n  one\n', 'one\n'],
    ['literal, empty', 'a: |\nb: 1', ''],
    ['folded', 'a: >\n  one\n  two\n\n  three\n    four\n  five\n', 'one two\nthree\n  four\nfive\n'],
    ['folded, blank lines', 'a: >-\n\n  one\n\n\n  two\n', '\none\n\ntwo'],
    ['carriage returns', 'a: |\r\n  one\r\n  two\r\n', 'one\ntwo\n'],
  ];
  for (const [name, text, expected] of cases) {
    it(name, () => {
      const document = yaml(text);
      assert.equal(decoded(document), expected);
      assert.equal(at(document, 'a').value, expected);
    });
  }

  it('JSON escapes', () => {
    const document = parseJson('test.json', '{"a": "x\\"\\\\\\u0041\\ny\\/z"}');
    assert.equal(decoded(document), 'x"\\A\ny/z');
    assert.deepEqual(
      Array.from(decodeScalar(at(document, 'a')).map, (offset) => at(document, 'a').origin.at(offset)),
      [7, 8, 10, 12, 18, 20, 21, 23, 24],
    );
  });

  it('equals the parser for any text in any style', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'b', '1', ' ', '  ', '\n', '\n\n', "'", '"', '\\', '\t', 'é', '😀', ':', '#', '{'),
      maxLength: 14,
    });
    const style = fc.constantFrom('PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED');
    fc.assert(
      fc.property(text, style, fc.constantFrom(0, 20), (value, type, lineWidth) => {
        const source = stringify({ a: value }, { defaultStringType: type, lineWidth } as object);
        const document = yaml(source);
        if (typeof at(document, 'a').value !== 'string') return;
        assert.equal(decoded(document), at(document, 'a').value, source);
      }),
      { numRuns: 200 },
    );
  });
});

describe('JSON inside a string', () => {
  it('is found in every style, at the offsets of the document', () => {
    const texts = [
      'a: |\n    {\n      "Action": "s3:Get"\n    }\n',
      'a: >\n    {\n    "Action":\n    "s3:Get"}\n',
      'a: \'{"Action": "s3:Get"}\'',
      'a: \'{\n  "Action":   "s3:Get"}\'',
    ];
    for (const text of texts) {
      const document = yaml(text);
      const json = parseEmbeddedJson(at(document, 'a'));
      assert.deepEqual(data(json?.root), { Action: 's3:Get' });
      assert.deepEqual(json?.problems, []);
      assert.equal(covered(at(json?.root as never, 'Action')), '"s3:Get"');
    }
    const escaped = yaml('a: "{\\"Action\\": [\\"x\\", 12]}"');
    const json = parseEmbeddedJson(at(escaped, 'a'));
    assert.equal(covered(at(json?.root as never, 'Action', 0)), '\\"x\\"');
    assert.equal(covered(at(json?.root as never, 'Action', 1)), '12');
    assert.equal(json?.root?.document, escaped);
  });

  it('may hold JSON in its own strings', () => {
    const document = parseJson(
      'test.json',
      JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ c: 'deep' }) }) }),
    );
    const outer = parseEmbeddedJson(at(document, 'a'))?.root;
    const inner = parseEmbeddedJson(at(outer as never, 'b'))?.root;
    assert.equal(at(inner as never, 'c').value, 'deep');
    assert.match(covered(at(inner as never, 'c')), /^\\+"deep\\+"$/);
  });

  it('reports its problems in the document', () => {
    const document = yaml('x: 1\na: \'{"b": }\'');
    const json = parseEmbeddedJson(at(document, 'a'));
    assert.deepEqual(json?.problems, [{ start: 14, end: 14, message: 'Value expected' }]);
  });

  it('is not looked for where a string does not begin like it', () => {
    const document = yaml('a: text {\nb: 12\nc: [x]\nd: ""');
    for (const name of ['a', 'b', 'c', 'd']) assert.equal(parseEmbeddedJson(at(document, name)), undefined);
  });

  it('moves with its host from version to version', () => {
    const first = yaml('x: 1\na: \'{"b": "c"}\'\n');
    const root = parseEmbeddedJson(at(first, 'a'))?.root;
    const second = parseYaml('test.yaml', 'x: 1234\na: \'{"b": "c"}\'\n', first);
    const again = parseEmbeddedJson(at(second, 'a'))?.root;
    assert.equal(again, root);
    assert.equal(again?.document, second);
    assert.equal(covered(at(again as never, 'b')), '"c"');
    assert.equal(nodesOf(second).length, 5);
  });
});
