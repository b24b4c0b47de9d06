/** HCL's syntax, construct by construct, as trees with exact ranges; and text as it is while it is typed. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseHcl } from '../../server/src/syntax/hcl.ts';
import type { Node } from '../../server/src/syntax/node.ts';

/**
 * Every entry and item on a line: its key with the key's range, then kind, style, range and value of what it holds (a text
 * as JSON, what is computed between back quotes), then problems, led by `!`, and comments, led by `#`.
 */
function golden(text: string): string {
  const document = parseHcl('main.tf', text);
  const lines: string[] = [];
  const describe = (node: Node): string => {
    const range = `${node.outerStart === node.start ? '' : `${node.outerStart}:`}${node.start}-${node.end}`;
    const what = `${node.kind} ${node.style} ${range}`;
    if (!node.isScalar || node.kind === 'missing') return what;
    return node.value === undefined ? `${what} \`${node.source}\`` : `${what} ${JSON.stringify(node.value)}`;
  };
  const visit = (node: Node, indent: string): void => {
    for (const { name, key, value, duplicate } of node.entries) {
      const computed = key.value === undefined ? '`' : '';
      const mark = duplicate ? ' duplicate' : '';
      lines.push(`${indent}${computed}${name}${computed} ${key.start}-${key.end}${mark}: ${describe(value)}`);
      visit(value, `${indent}  `);
    }
    for (const item of node.items) {
      lines.push(`${indent}- ${describe(item)}`);
      visit(item, `${indent}  `);
    }
  };
  for (const root of document.roots) visit(root, '');
  for (const { start, end, message } of document.problems) lines.push(`! ${start}-${end} ${message}`);
  for (const { start, end, text: said, ownLine } of document.comments()) {
    lines.push(`# ${start}-${end} ${ownLine ? 'own line ' : ''}${said}`);
  }
  return lines.join('\n');
}

interface Case {
  readonly name: string;
  readonly text: string;
  readonly tree: readonly string[];
}

const CASES: Readonly<Record<string, readonly Case[]>> = {
  Blocks: [
    {
      name: 'bare and quoted labels',
      text: 'resource aws_s3_bucket "b" {\n}\n',
      tree: [
        'resource 0-8: object block 0:9-30',
        '  aws_s3_bucket 9-22: object block 0:23-30',
        '    b 0-26: object block 0:27-30',
      ],
    },
    {
      name: 'a block on one line',
      text: 'variable "v" { default = 1 }',
      tree: [
        'variable 0-8: object block 0:9-28',
        '  v 0-12: object block 0:13-28',
        '    default 15-22: number plain 25-26 1',
      ],
    },
    {
      name: 'blocks of one name, and one between',
      text: 'a {\n  r {}\n  s { x = 1 }\n  r { y = 2 }\n}\n',
      tree: [
        'a 0-1: object block 0:2-40',
        '  r 6-7: array block 6-38',
        '    - object block 6:8-10',
        '    - object block 27:29-38',
        '      y 31-32: number plain 35-36 2',
        '  s 13-14: object block 13:15-24',
        '    x 17-18: number plain 21-22 1',
      ],
    },
    {
      name: 'an attribute that is set twice',
      text: 'a = 1\nb {\n  c = 1\n  c = 2\n}\n',
      tree: [
        'a 0-1: number plain 4-5 1',
        'b 6-7: object block 6:8-27',
        '  c 12-13 duplicate: number plain 16-17 1',
        '  c 20-21: number plain 24-25 2',
      ],
    },
    {
      name: 'names with dashes, digits and letters of any script',
      text: 'for_each-1 = 1\n_données = 2\n变量 = 3\n',
      tree: [
        'for_each-1 0-10: number plain 13-14 1',
        '_données 15-23: number plain 26-27 2',
        '变量 28-30: number plain 33-34 3',
      ],
    },
  ],
  Literals: [
    {
      name: 'numbers',
      text: 'a = 0\nb = 1.50\nc = 12e-1\nd = -3\n',
      tree: [
        'a 0-1: number plain 4-5 0',
        'b 6-7: number plain 10-14 1.5',
        'c 15-16: number plain 19-24 1.2',
        'd 25-26: string plain 29-31 `-3`',
      ],
    },
    {
      name: 'booleans and null',
      text: 'a = true\nb = false\nc = null\n',
      tree: ['a 0-1: boolean plain 4-8 true', 'b 9-10: boolean plain 13-18 false', 'c 19-20: null plain 23-27 null'],
    },
    {
      name: 'escapes',
      text: 'a = "\\n\\r\\t\\"\\\\\\u00e9\\U0001F600"\n',
      tree: ['a 0-1: string double 4-32 "\\n\\r\\t\\"\\\\é😀"'],
    },
    {
      name: 'what is no interpolation',
      text: 'a = "$${b} %%{c} $d % $$ $"\n',
      tree: ['a 0-1: string double 4-27 "$${b} %%{c} $d % $$ $"'],
    },
  ],
  Expressions: [
    {
      name: 'lists and objects',
      text: 'a = [1, "b", [c],]\nd = { e = 1, "f": 2\n  (g) = 3\n  80 = [] }\n',
      tree: [
        'a 0-1: array flow 4-18',
        '  - number plain 5-6 1',
        '  - string double 8-11 "b"',
        '  - array flow 13-16',
        '    - string plain 14-15 `c`',
        'd 19-20: object flow 23-60',
        '  e 25-26: number plain 29-30 1',
        '  f 32-35: number plain 37-38 2',
        '  `g` 42-43: number plain 47-48 3',
        '  80 51-53: array flow 56-58',
      ],
    },
    {
      name: 'what is computed',
      text: 'a = b.c[0].d\ne = !f && g\nh = (1 + 2)\ni = j("k", l...)\nm = provider::n::o(1)\n',
      tree: [
        'a 0-1: string plain 4-12 `b.c[0].d`',
        'e 13-14: string plain 17-24 `!f && g`',
        'h 25-26: string plain 30-35 `1 + 2`',
        'i 37-38: string plain 41-53 `j("k", l...)`',
        'm 54-55: string plain 58-75 `provider::n::o(1)`',
      ],
    },
    {
      name: 'loops',
      text: 'a = [for b in c : b if b]\nd = {for k, v in e : k => v...}\n',
      tree: [
        'a 0-1: string plain 4-25 `[for b in c : b if b]`',
        'd 26-27: string plain 30-57 `{for k, v in e : k => v...}`',
      ],
    },
    {
      name: 'splats and old indexes',
      text: 'a = b[*].c\nd = e.*.f\ng = h.0.i\n',
      tree: [
        'a 0-1: string plain 4-10 `b[*].c`',
        'd 11-12: string plain 15-20 `e.*.f`',
        'g 21-22: string plain 25-30 `h.0.i`',
      ],
    },
    {
      name: 'choices on several lines in parentheses',
      text: 'a = (b ?\n  "c" :\n  d)\n',
      tree: ['a 0-1: string plain 5-20 `b ?', '  "c" :', '  d`'],
    },
  ],
  Templates: [
    {
      name: 'interpolations and directives',
      text: 'a = "b${c}d"\ne = "${~ f ~}"\ng = "%{ if h }i%{ else }j%{ endif }"\nk = "%{ for l in m }${l}%{ endfor }"\n',
      tree: [
        'a 0-1: string double 4-12 "b${c}d"',
        'e 13-14: string double 17-27 "${~ f ~}"',
        'g 28-29: string double 32-64 "%{ if h }i%{ else }j%{ endif }"',
        'k 65-66: string double 69-101 "%{ for l in m }${l}%{ endfor }"',
      ],
    },
    {
      name: 'quotes and braces within an interpolation',
      text: 'a = "${b["}"]} ${c({ d = "{" })}"\n',
      tree: ['a 0-1: string double 4-33 "${b[\\"}\\"]} ${c({ d = \\"{\\" })}"'],
    },
    {
      name: 'heredocs',
      text: 'a = <<EOT\n  b ${c}\nEOT\nd = <<-EOT\n    e\n      f\n\n    ${g["}"]}\n  EOT\n',
      tree: [
        'a 0-1: string literal 4-22 "  b ${c}\\n"',
        'd 23-24: string literal 27-68 "e\\n  f\\n\\n${g[\\"}\\"]}\\n"',
      ],
    },
    {
      name: 'heredocs in calls and objects',
      text: 'a = jsonencode({\n  b = trim(<<-X\n    c "\n  X\n  )\n})\nd = [<<Y\ne\nY\n  , 1]\n',
      tree: [
        'a 0-1: string plain 4-51 `jsonencode({',
        '  b = trim(<<-X',
        '    c "',
        '  X',
        '  )',
        '})`',
        'd 52-53: array flow 56-71',
        '  - string literal 57-64 "e\\n"',
        '  - number plain 69-70 1',
      ],
    },
  ],
  'Comments and white space': [
    {
      name: 'comments everywhere',
      text: '# one\na = 1 // two\nb = [ # three\n  2, /* four */ 3 // five\n]\n/* six\n*/ c /* seven */ {\n  # eight\n} # nine',
      tree: [
        'a 6-7: number plain 10-11 1',
        'b 19-20: array flow 23-60',
        '  - number plain 35-36 2',
        '  - number plain 49-50 3',
        'c 71-72: object block 71:85-98',
        '# 0-5 own line one',
        '# 12-18 two',
        '# 25-32 three',
        '# 38-48 four',
        '# 51-58 five',
        '# 61-70 own line six',
        '# 73-84 seven',
        '# 89-96 own line eight',
        '# 99-105 nine',
      ],
    },
    {
      name: 'a byte order mark, carriage returns and tabs',
      text: '\ufeffa = 1\r\nb {\r\n\tc = "d" # e\r\n}\r\nf = <<-X\r\n\t\tg\r\n\tX\r\n',
      tree: [
        'a 1-2: number plain 5-6 1',
        'b 8-9: object block 8:10-28',
        '  c 14-15: string double 18-21 "d"',
        'f 30-31: string literal 34-47 "g\\r\\n"',
        '# 22-26 e',
      ],
    },
    {
      name: 'text outside of the basic plane',
      text: 'a = "😀" # 😀\nb = 1',
      tree: ['a 0-1: string double 4-8 "😀"', 'b 14-15: number plain 18-19 1', '# 9-13 😀'],
    },
    {
      name: 'nothing',
      text: ' \n',
      tree: [],
    },
    {
      name: 'comments alone',
      text: '# a\n',
      tree: ['# 0-3 own line a'],
    },
  ],
  'Text that is being typed': [
    {
      name: 'a name',
      text: 'a {\n  b\n  c = 1\n}\n',
      tree: [
        'a 0-1: object block 0:2-17',
        '  b 6-7: missing plain 7-7',
        '  c 10-11: number plain 14-15 1',
        "! 6-7 expected '=' or a block",
      ],
    },
    {
      name: 'a name and an equals sign',
      text: 'a {\n  b =\n  c = 1\n}\n',
      tree: [
        'a 0-1: object block 0:2-19',
        '  b 6-7: missing plain 9-9',
        '  c 12-13: number plain 16-17 1',
        '! 6-9 expected a value',
      ],
    },
    {
      name: 'an open quote',
      text: 'a {\n  b = "x\n  c = 1\n}\n',
      tree: [
        'a 0-1: object block 0:2-22',
        '  b 6-7: string plain 10-12 `"x`',
        '  c 15-16: number plain 19-20 1',
        '! 12-13 the text is not closed',
      ],
    },
    {
      name: 'an open interpolation',
      text: 'a {\n  b = "x${y\n  c = 1\n}\n',
      tree: [
        'a 0-1: object block 0:2-25',
        '  b 6-7: string plain 10-15 `"x${y`',
        '  c 18-19: number plain 22-23 1',
        "! 18-19 expected '}'",
        '! 15-16 the text is not closed',
      ],
    },
    {
      name: 'an open list',
      text: 'a {\n  b = [1,\n  c = 1\n}\nd {}\n',
      tree: [
        'a 0-1: object block 0:2-23',
        '  b 6-7: array flow 10-13',
        '    - number plain 11-12 1',
        '  c 16-17: number plain 20-21 1',
        'd 24-25: object block 24:26-28',
        "! 10-11 the list is not closed with ']'",
      ],
    },
    {
      name: 'an open object, blocks behind it',
      text: 'resource "a" "b" {\n  tags = {\n    x = 1\n\nresource "c" "d" {\n  y = 2\n}\n',
      tree: [
        'resource 0-8: object block 0:9-39',
        '  a 9-12: object block 0:13-39',
        '    b 0-16: object block 0:17-39',
        '      tags 21-25: object flow 28-39',
        '        x 34-35: number plain 38-39 1',
        'resource 41-49: object block 41:50-69',
        '  c 50-53: object block 41:54-69',
        '    d 41-57: object block 41:58-69',
        '      y 62-63: number plain 66-67 2',
        "! 39-39 expected ',' or a new line",
        "! 0-18 the block is not closed with '}'",
      ],
    },
    {
      name: 'an open call',
      text: 'a {\n  b = c(1,\n  d = 1\n}\ne {}\n',
      tree: [
        'a 0-1: object block 0:2-24',
        '  b 6-7: string plain 10-14 `c(1,`',
        '  d 17-18: number plain 21-22 1',
        'e 25-26: object block 25:27-29',
        "! 17-18 expected ')'",
      ],
    },
    {
      name: 'an open heredoc',
      text: 'resource "a" "b" {\n  c = <<EOT\n  d = 1\n}\nresource "e" "f" {\n  g = <<EOT\nh\nEOT\n}\n',
      tree: [
        'resource 0-8: object block 0:9-40',
        '  a 9-12: object block 0:13-40',
        '    b 0-16: object block 0:17-40',
        '      c 21-22: string plain 25-30 `<<EOT`',
        '      d 33-34: number plain 37-38 1',
        'resource 41-49: object block 41:50-79',
        '  e 50-53: object block 41:54-79',
        '    f 41-57: object block 41:58-79',
        '      g 62-63: string literal 66-77 "h\\n"',
        '! 25-30 expected EOT',
      ],
    },
    {
      name: 'an open comment',
      text: 'a = 1 /* b\nc = 2\n',
      tree: [
        'a 0-1: number plain 4-5 1',
        'c 11-12: number plain 15-16 2',
        "! 6-8 the comment is not closed with '*/'",
        '# 6-10 b',
      ],
    },
    {
      name: 'stray brackets',
      text: 'a {\n  b = 1 }\n}\n])\nc = 2\n',
      tree: [
        'a 0-1: object block 0:2-13',
        '  b 6-7: number plain 10-11 1',
        'c 19-20: number plain 23-24 2',
        '! 12-13 expected a new line',
        "! 14-15 unexpected '}'",
        '! 16-17 expected the name of an attribute or a block',
      ],
    },
    {
      name: 'a header without a body',
      text: 'resource "a" "b"\nresource "c" "d" {}\n',
      tree: [
        'resource 17-25: object block 17:26-36',
        '  c 26-29: object block 17:30-36',
        '    d 17-33: object block 17:34-36',
        "! 0-16 expected '{'",
      ],
    },
    {
      name: 'a header without labels',
      text: 'resource\nresource "c" "d" {}\n',
      tree: [
        'resource 0-8: missing plain 8-8',
        'resource 9-17: object block 9:18-28',
        '  c 18-21: object block 9:22-28',
        '    d 9-25: object block 9:26-28',
        "! 0-8 expected '=' or a block",
      ],
    },
    {
      name: 'a label that is open',
      text: 'resource "a\nresource "c" "d" {}\n',
      tree: [
        'resource 0-8: missing plain 8-8',
        'resource 12-20: object block 12:21-31',
        '  c 21-24: object block 12:25-31',
        '    d 12-28: object block 12:29-31',
        '! 11-11 the text is not closed',
        "! 0-8 expected '=' or a block",
        '! 9-10 expected a new line',
      ],
    },
    {
      name: 'a block that is open',
      text: 'resource "a" "b" {\n  c = 1\n\nresource "d" "e" {\n}\n',
      tree: [
        'resource 0-8: object block 0:9-26',
        '  a 9-12: object block 0:13-26',
        '    b 0-16: object block 0:17-26',
        '      c 21-22: number plain 25-26 1',
        'resource 28-36: object block 28:37-48',
        '  d 37-40: object block 28:41-48',
        '    e 28-44: object block 28:45-48',
        "! 0-18 the block is not closed with '}'",
      ],
    },
    {
      name: 'a reference',
      text: 'a {\n  b = c.\n  d = e[\n}\n',
      tree: [
        'a 0-1: object block 0:2-23',
        '  b 6-7: string plain 10-12 `c.`',
        '  d 15-16: string plain 19-21 `e[`',
        '! 11-12 expected a name',
        '! 22-23 expected an expression',
        "! 22-22 expected ']'",
        '! 22-23 expected a new line',
      ],
    },
    {
      name: 'an operator',
      text: 'a {\n  b = c +\n  d = 1\n}\n',
      tree: [
        'a 0-1: object block 0:2-23',
        '  b 6-7: string plain 10-13 `c +`',
        '  d 16-17: number plain 20-21 1',
        '! 13-14 expected an expression',
      ],
    },
    {
      name: 'several attributes on a line',
      text: 'a { b = 1, c = 2 }\n',
      tree: [
        'a 0-1: object block 0:2-18',
        '  b 4-5: number plain 8-9 1',
        '  c 11-12: number plain 15-16 2',
        "! 9-10 expected '}'",
      ],
    },
    {
      name: 'an interpolation as a label',
      text: 'a "b${c}" {}\n',
      tree: ['a 0-1: object block 0:2-12', '  b${c} 0-9: object block 0:10-12', '! 2-9 a label is plain text'],
    },
  ],
};

for (const [suite, cases] of Object.entries(CASES)) {
  describe(`HCL: ${suite}`, () => {
    for (const { name, text, tree } of cases)
      it(name, () => assert.deepEqual(golden(text).split('\n'), tree.length ? tree : ['']));
  });
}
