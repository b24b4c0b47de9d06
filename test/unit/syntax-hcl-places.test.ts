/** HCL: where the characters of its texts are written, and what one version of a file leaves to the next. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeScalar, parseEmbeddedJson } from '../../server/src/syntax/embedded.ts';
import { parseHcl } from '../../server/src/syntax/hcl.ts';
import type { Node } from '../../server/src/syntax/node.ts';
import { at, covered, shape } from './syntax-support.ts';

describe('HCL: places in texts', () => {
  it('says where each character of a heredoc and of a quoted text is written', () => {
    const document = parseHcl(
      'main.tf',
      'a = <<-X\n    {"b": [\n      "é😀"]}\n    X\nc = "{\\"d\\": \\"\\u00e9\\"}"\n',
    );
    const { text, map } = decodeScalar(at(document, 'a'));
    assert.equal(text, at(document, 'a').value);
    assert.equal(map.length, text.length + 1);
    for (let i = 0; i < text.length; i++) assert.equal(text[i], document.text[map[i] as number]);
    const embedded = parseEmbeddedJson(at(document, 'a'));
    assert.deepEqual(embedded?.problems, []);
    assert.equal(covered(at(embedded?.root as Node, 'b', 0)), '"é😀"');
    assert.equal(covered(at(parseEmbeddedJson(at(document, 'c'))?.root as Node, 'd')), '\\"\\u00e9\\"');
  });

  it('drops the indentation of the line with the least, whatever the closing line has', () => {
    const value = (body: string) => at(parseHcl('main.tf', `a = <<-X\n${body}X\n`), 'a').value;
    assert.equal(value('    b\n      c\n'), 'b\n  c\n');
    assert.equal(value('    b\n  '), 'b\n');
    assert.equal(value('    b\n \n    c\n'), 'b\n \nc\n');
    assert.equal(value('\t\tb\n\tc\n'), '\tb\nc\n');
    assert.equal(value('    b\n${c}\n'), '    b\n${c}\n');
    assert.equal(value('    %{ if b }\n      c\n    %{ endif }\n'), '%{ if b }\n  c\n%{ endif }\n');
    assert.equal(value('    ${b({\n c = 1 })}\n    d\n'), '${b({\n c = 1 })}\nd\n');
    assert.equal(value(''), '');
  });
});

describe('HCL, version by version', () => {
  const TEXT = 'a "x" {\n  b = 1\n}\n\nc "y" {\n  d = <<EOT\ne\nEOT\n}\nf = 2\n';

  it('keeps the nodes of blocks that did not change, at their new place', () => {
    const first = parseHcl('main.tf', TEXT);
    const kept = at(first, 'c', 'y');
    const text = TEXT.replace('b = 1', 'b = [1, 2]');
    const second = parseHcl('main.tf', text, first);
    assert.equal(at(second, 'c', 'y'), kept);
    assert.equal(kept.document, second);
    assert.equal(covered(kept), '{\n  d = <<EOT\ne\nEOT\n}');
    assert.deepEqual(shape(second), shape(parseHcl('main.tf', text)));
  });

  it('keeps them while a bracket is open before them', () => {
    const first = parseHcl(
      'main.tf',
      `resource ${TEXT.replace('c "y"', 'resource "c" "y"').replace('a "x"', '"a" "x"')}`,
    );
    const kept = at(first.roots[0]?.entries[1]?.value as Node, 'c', 'y');
    const second = parseHcl('main.tf', first.text.replace('b = 1', 'b = ['), first);
    assert.equal(second.roots[0]?.entries[1]?.value.get('c')?.get('y'), kept);
  });

  it('gives the nodes of one version to one successor only', () => {
    const first = parseHcl('main.tf', TEXT);
    const second = parseHcl('main.tf', `${TEXT} `, first);
    const other = parseHcl('main.tf', ` ${TEXT}`, first);
    assert.deepEqual(shape(second), shape(parseHcl('main.tf', second.text)));
    assert.deepEqual(shape(other), shape(parseHcl('main.tf', other.text)));
  });
});
