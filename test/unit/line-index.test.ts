import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { LineIndex } from '../../server/src/syntax/document.ts';

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
