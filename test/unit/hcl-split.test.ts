import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { splitHcl } from '../../server/src/syntax/hcl-split.ts';

/** What stands for itself. */
const WHOLE = [
  'resource "aws_s3_bucket" "a" {\n  bucket = "x"\n}\n',
  'locals {\n  a = {\n    b = [1, 2]\n  }\n}\n',
  'data "x" "y" {\n  policy = <<EOT\n{ "a": [\nEOT\n}\n',
  'a = 1\n',
  '# note\n',
  '// note\n',
  '/* over\n lines */\n',
];
/** What opens and closes things. */
const PARTS = [
  '/*',
  '*/',
  '{',
  '}',
  '[',
  ')',
  '"',
  '"${',
  '\n',
  '\n\n',
  ' ',
  '<<EOT\n',
  '<<-X\n',
  'EOT\n',
  'X\n',
  '<<',
  'é',
  '\r\n',
  '\ufeff',
];

const text = (whole: number, maxLength: number) =>
  fc
    .array(
      fc.oneof(
        { weight: whole, arbitrary: fc.constantFrom(...WHOLE) },
        { weight: 1, arbitrary: fc.constantFrom(...PARTS) },
      ),
      { maxLength },
    )
    .map((parts) => parts.join(''));
const edits = fc.array(
  fc.record({ at: fc.nat(), removed: fc.constantFrom(0, 0, 1, 1, 2, 9, 60), inserted: text(1, 2) }),
  {
    minLength: 1,
    maxLength: 10,
  },
);

const spans = ({ pieces, comments, openComments }: ReturnType<typeof splitHcl>) => ({ pieces, comments, openComments });

describe('HCL is split', () => {
  it('around a change as it is in all', () => {
    let kept = 0;
    fc.assert(
      fc.property(text(30, 24), edits, (first, changes) => {
        let before = { text: first, pieces: splitHcl(first) };
        for (const { at, removed, inserted } of changes) {
          const from = at % (before.text.length + 1);
          const changed = before.text.slice(0, from) + inserted + before.text.slice(from + removed);
          const found = splitHcl(changed, before);
          assert.deepEqual(spans(found), spans(splitHcl(changed)));
          const textOf = (all: string, span: { start: number; end: number }) => all.slice(span.start, span.end);
          const those = [
            ...Array.from({ length: found.first }, (_, i) => [i, i] as const),
            ...Array.from(
              { length: found.last },
              (_, i) => [before.pieces.pieces.length - 1 - i, found.pieces.length - 1 - i] as const,
            ),
          ];
          assert.ok(found.first + found.last <= Math.min(found.pieces.length, before.pieces.pieces.length));
          for (const [earlier, now] of those) {
            kept++;
            const [old, later] = [before.pieces.pieces[earlier], found.pieces[now]];
            assert.ok(old && later);
            assert.equal(textOf(before.text, old), textOf(changed, later));
          }
          before = { text: changed, pieces: found };
        }
      }),
      { seed: 11, numRuns: 3000 },
    );
    assert.ok(kept > 5_000, `too little is taken over for the test to say much: ${kept}`);
  });
});
