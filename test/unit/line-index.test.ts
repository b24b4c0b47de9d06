import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { LineIndex } from '../../server/src/syntax/document.ts';
import { holdsWord, ParsedDocument } from '../../server/src/syntax/parsed.ts';

/** Texts of few different characters, so that line ends part and meet. */
const text = (maxLength: number) =>
  fc.array(fc.constantFrom('a', 'b', '\n', '\r', '\r\n'), { maxLength }).map((parts) => parts.join(''));
const feeds = (maxLength: number) =>
  fc.array(fc.constantFrom('a', 'bc', '\n'), { maxLength }).map((parts) => parts.join(''));
const edits = (inserted: fc.Arbitrary<string>) =>
  fc.array(fc.record({ at: fc.nat(), removed: fc.nat(3), inserted }), { maxLength: 12 });

function linesOf(lines: LineIndex): string[] {
  return Array.from({ length: lines.count }, (_, line) => `${lines.start(line)} ${lines.lineText(line)}`);
}

describe('lines', () => {
  for (const [name, start, inserted] of [
    ['line feeds', feeds(40), feeds(3)],
    ['all line ends', text(30), text(3)],
    ['letters only', feeds(40), fc.constantFrom('x', 'yz')],
  ] as const)
    it(`taken over from earlier versions are those of the text: ${name}`, () => {
      fc.assert(
        fc.property(start, edits(inserted), (first, changes) => {
          let lines = new LineIndex(first);
          for (const { at, removed, inserted } of changes) {
            const from = at % (lines.text.length + 1);
            const changed = lines.text.slice(0, from) + inserted + lines.text.slice(from + removed);
            lines = new LineIndex(changed, lines);
            const fresh = new LineIndex(changed);
            assert.deepEqual(linesOf(lines), linesOf(fresh));
            for (let offset = 0; offset <= changed.length; offset++) {
              const position = fresh.positionAt(offset);
              assert.deepEqual(lines.positionAt(offset), position);
              assert.equal(lines.offsetAt(position), Math.min(offset, fresh.lineEnd(position.line)));
              for (const end of [offset, changed.length]) {
                assert.ok(lines.isRange(fresh.range(offset, end), offset, end));
                if (offset > 0) assert.ok(!lines.isRange(fresh.range(offset - 1, end), offset, end));
              }
            }
          }
        }),
        { seed: 7, numRuns: 400 },
      );
    });

  it('that do not exist have no start', () => {
    const lines = new LineIndex('a\nb');
    assert.deepEqual(
      [-1, 0, 1, 2].map((line) => lines.start(line)),
      [undefined, 0, 2, undefined],
    );
  });
});

describe('words of a text', () => {
  const parse = (text: string, previous?: ParsedDocument) => new ParsedDocument('a', 'yaml', text, () => [], previous);
  const piece = fc.constantFrom('a', 'b', 'ab', 'abab', '\n', '\r', 'c');

  it('are those that it holds, whatever earlier versions held and were asked', () => {
    const step = fc.record({
      at: fc.nat(),
      removed: fc.nat(4),
      inserted: fc.array(piece, { maxLength: 3 }).map((parts) => parts.join('')),
      asks: fc.boolean(),
      readsLines: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.array(step, { maxLength: 12 }), (first, steps) => {
        let document = parse(first.join(''));
        for (const { at, removed, inserted, asks, readsLines } of steps) {
          const { text } = document;
          const from = at % (text.length + 1);
          document = parse(text.slice(0, from) + inserted + text.slice(from + removed), document);
          if (readsLines) document.lines;
          for (const word of asks ? ['abab', 'c', 'bb'] : [])
            assert.equal(
              holdsWord(document, word),
              document.text.includes(word),
              JSON.stringify([document.text, word]),
            );
        }
      }),
      { seed: 7, numRuns: 2000 },
    );
  });
});
