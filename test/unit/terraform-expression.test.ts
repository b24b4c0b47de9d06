import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Expression, literalText, print } from '../../server/src/syntax/hcl-expression.ts';
import { parseExpression, parseTemplate } from '../../server/src/syntax/hcl-parser.ts';

const whole = (text: string): Expression => {
  const { expression, end, problems } = parseExpression(text);
  assert.deepEqual(problems, [], text);
  assert.equal(text.slice(end).trim(), '', `reads ${text} to its end`);
  return expression;
};

describe('terraform expressions', () => {
  const spellings: [string, string][] = [
    ['1', '1'],
    ['1.5e3', '1500'],
    ['true', 'true'],
    ['null', 'null'],
    ['"a\\n\\"b\\" \\u00e9"', '"a\\n\\"b\\" é"'],
    ['"$${x} %%{y} $5 100%"', '"$${x} %%{y} $5 100%"'],
    ['var.x', 'var.x'],
    ['var . x', 'var.x'],
    ['a-b', 'a-b'],
    ['a - b', 'a - b'],
    ['var.x["a"][0]', 'var.x.a[0]'],
    ['var.x["a b"]', 'var.x["a b"]'],
    ['aws_x.y.0.id', 'aws_x.y[0].id'],
    ['aws_x.y.*.id', 'aws_x.y.*.id'],
    ['aws_x.y[*].id', 'aws_x.y[*].id'],
    ['a || b && c', 'a || (b && c)'],
    ['(a || b) && c', '(a || b) && c'],
    ['1 + 2 * 3 - 4', '(1 + (2 * 3)) - 4'],
    ['a < b == c >= d', '(a < b) == (c >= d)'],
    ['!a', '!a'],
    ['-(1 + 2)', '-(1 + 2)'],
    ['a ? b : c ? d : e', 'a ? b : (c ? d : e)'],
    ['f()', 'f()'],
    ['f(1, "a",)', 'f(1, "a")'],
    ['f(a...)', 'f(a...)'],
    ['provider::aws::arn_parse(x)', 'provider::aws::arn_parse(x)'],
    ['[]', '[]'],
    ['[1, [2], {}]', '[1, [2], {}]'],
    ['{a = 1, "b" : 2, (c) = 3}', '{"a" = 1, "b" = 2, c = 3}'],
    ['{\n  a = 1 # one\n  /* two */ b = 2\n}', '{"a" = 1, "b" = 2}'],
    ['[for x in y : x.id if x.ok]', '[for x in y : x.id if x.ok]'],
    ['{for k, v in y : k => v...}', '{for k, v in y : k => v...}'],
    ['{for = 1}', '{"for" = 1}'],
    ['"a${b}c"', '"a${b}c"'],
    ['"${"x${"y"}"}"', '"${"x${"y"}"}"'],
    ['"%{ if a }b%{ else }c%{ endif }"', '"%{if a}b%{else}c%{endif}"'],
    ['"%{ for x in y }${x}%{ endfor }"', '"%{for x in y}${x}%{endfor}"'],
    ['"a ${~ b ~} c"', '"a${b}c"'],
    ['<<EOT\na\n  b\nEOT', '"a\\n  b\\n"'],
    ['<<-EOT\n    a\n      ${b}\n    EOT', '"a\\n  ${b}\\n"'],
  ];
  for (const [text, expected] of spellings)
    it(`reads ${JSON.stringify(text)}`, () => assert.equal(print(whole(text)), expected));

  it('gives every part its range', () => {
    const text = ' var.public ? "public-read" : lower( "A" )';
    const expression = whole(text);
    assert.equal(expression.kind, 'conditional');
    if (expression.kind !== 'conditional') return;
    const at = ({ from, to }: Expression) => text.slice(from, to);
    assert.equal(at(expression.condition), 'var.public');
    assert.equal(at(expression.whenTrue), '"public-read"');
    assert.equal(at(expression.whenFalse), 'lower( "A" )');
  });

  it('ends at the line where line breaks count', () => {
    const text = 'x = [\n  1,\n  2\n]\ny = 2';
    const { expression, end } = parseExpression(text, 4, text.length, false);
    assert.equal(expression.kind, 'tuple');
    assert.equal(text.slice(end), '\ny = 2');
  });

  it('knows only $${ and %%{ as escapes in a bare template', () => {
    const { parts } = parseTemplate('a\\n"$${b}${c}');
    assert.equal(parts.length, 2);
    assert.deepEqual(parts[0], { kind: 'text', from: 0, to: 9, value: 'a\\n"${b}' });
  });

  const broken = [
    '',
    '${',
    'a.',
    'a[',
    'a[1',
    'f(',
    'f(1',
    '[1',
    '{a',
    '{a = ',
    '"abc',
    '"${a',
    '<<EOT\nabc',
    '1 +',
    'a ?',
    'a ? b',
    '(a',
    '*',
    '}',
    '[for',
    '[for x',
  ];
  for (const text of broken) {
    it(`reports ${JSON.stringify(text)}`, () => assert.notEqual(parseExpression(text).problems.length, 0));
  }

  it('goes on behind a broken interpolation', () => {
    const { parts, problems } = parseTemplate('${a b} ${c}');
    assert.equal(problems.length, 1);
    const kinds = parts.map((part) => (part.kind === 'interpolation' ? part.expression.kind : part.kind));
    assert.deepEqual(kinds, ['invalid', 'text', 'name']);
  });

  it('reads any text', () => {
    const pieces = fc.constantFrom(
      ...[
        '${',
        '%{',
        '}',
        '"',
        '\\',
        '(',
        ')',
        '[',
        ']',
        '{',
        ',',
        '.',
        '*',
        '?',
        ':',
        '=',
        '=>',
        '!',
        '-',
        '&&',
        '||',
        '<<EOT\n',
        'EOT',
        '\n',
      ],
      ...[
        'for ',
        ' in ',
        'if ',
        'else',
        'endif',
        'endfor',
        'var',
        'x',
        '1',
        '~',
        '$',
        '%',
        ' ',
        '#',
        '/*',
        '...',
        '::',
        'é',
        '\ud800',
      ],
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (input) => {
        for (const newlines of [true, false]) {
          const { expression, end } = parseExpression(input, 0, input.length, newlines);
          assert.ok(end <= input.length);
          print(expression);
          literalText(expression);
        }
        const { parts } = parseTemplate(input);
        // Parts follow each other without gap or overlap.
        let at = 0;
        for (const part of parts) {
          assert.ok(part.from >= at && part.to >= part.from && part.to <= input.length);
          at = part.to;
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('reads what is deep or long without overflowing', () => {
    for (const piece of [
      '(',
      '[',
      '{a=',
      '!',
      '-',
      'f(',
      '"${',
      '%{ if a }',
      'a ? ',
      'a[',
      'a.b.',
      '1+',
      'a &&',
      '<<A\n',
    ]) {
      const text = piece.repeat(20_000);
      print(parseExpression(text).expression);
      parseTemplate(text);
      parseTemplate(`\${${text}`);
    }
  });
});
