import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { analyze } from '../../server/src/analysis/analyze.ts';
import type { SyntaxDocument } from '../../server/src/syntax/document.ts';
import { applyTextEdits, type Data, type Edit, renderEdits } from '../../server/src/syntax/edit.ts';
import { parseEmbeddedJson } from '../../server/src/syntax/embedded.ts';
import { parseHcl } from '../../server/src/syntax/hcl.ts';
import { children } from '../../server/src/syntax/hcl-expression.ts';
import { expressionAt } from '../../server/src/syntax/hcl-source.ts';
import type { Entry, Node } from '../../server/src/syntax/node.ts';

const parse = (text: string) => parseHcl('main.tf', text);

/** What edits made of formatted texts, for one run of the formatter. */
const formatted: string[] = [];

function edited(document: SyntaxDocument, edits: readonly Edit[]): string | undefined {
  const rendered = renderEdits(edits)?.get(document);
  return rendered && applyTextEdits(document.text, rendered);
}

/** Renders edits and compares; the result must parse as cleanly as the text did. */
function check(text: string, make: (root: Node) => readonly Edit[], expected: string, isFormatted = true): void {
  const document = parse(text);
  assert.deepEqual(document.problems, []);
  const result = edited(document, make(document.roots[0] as Node));
  assert.equal(result, expected);
  assert.deepEqual(parse(expected).problems, []);
  if (isFormatted) formatted.push(expected);
}

/** A body by its labels and the names of blocks in it. */
function body(root: Node, ...path: string[]): Node {
  const [kind, type, name, ...inner] = path as [string, string, string];
  const top = root.entries.find((one) => one.name === kind && one.value.get(type)?.get(name));
  let node = top?.value.get(type)?.get(name);
  for (const one of inner) node = node?.get(one);
  assert.ok(node, path.join('.'));
  return node;
}

const entryOf = (node: Node, name: string): Entry => {
  const entry = node.entryOf(name);
  assert.ok(entry, name);
  return entry;
};

/** The argument of a call that is the value of an attribute. */
function argument(node: Node | undefined): Node {
  const call = node && expressionAt(node);
  assert.ok(call);
  const [first] = children(call.expression);
  assert.ok(first);
  return call.source.node(first);
}

const inBucket = (lines: string) => `resource "aws_s3_bucket" "b" {\n${lines}}\n`;
const bucket = (root: Node, ...inner: string[]) => body(root, 'resource', 'aws_s3_bucket', 'b', ...inner);
const behind = (entry: Entry, data: Data): Edit => ({ kind: 'insertAfter', entry, name: 'resource', data });
const set = (node: Node, path: readonly string[], data: Data): Edit => ({ kind: 'set', in: node, path, data });

describe('attributes of HCL', () => {
  it('stand behind the last one of those in front, and the group is aligned anew', () => {
    check(
      inBucket('  bucket = "x"       # name\n  acl    = "private" # who\n\n  versioning {\n    enabled = true\n  }\n'),
      (root) => [set(bucket(root), ['force_destroy'], false)],
      inBucket(
        '  bucket        = "x"       # name\n  acl           = "private" # who\n  force_destroy = false\n\n' +
          '  versioning {\n    enabled = true\n  }\n',
      ),
    );
  });

  it('leave a text that is not formatted as it is elsewhere', () => {
    check(
      inBucket('  bucket = "x"\n  acl = "private"\n'),
      (root) => [set(bucket(root), ['force_destroy'], false)],
      inBucket('  bucket = "x"\n  acl = "private"\n  force_destroy = false\n'),
      false,
    );
  });

  it('keep comments at the ends of lines aligned', () => {
    check(
      inBucket('  bucket = "x"       # name\n  acl    = "private" # who\n'),
      (root) => [{ kind: 'replace', node: bucket(root).get('acl') as Node, data: 'log-delivery-write' }],
      inBucket('  bucket = "x"                  # name\n  acl    = "log-delivery-write" # who\n'),
    );
  });

  it('come first where asked, into empty bodies, and into one that holds blocks only', () => {
    check(
      inBucket('  acl = "private"\n'),
      (root) => [{ kind: 'set', in: bucket(root), path: ['bucket'], data: 'x', first: true }],
      inBucket('  bucket = "x"\n  acl    = "private"\n'),
    );
    check(
      'resource "aws_s3_bucket" "b" {}\n',
      (root) => [set(bucket(root), ['acl'], 'private')],
      inBucket('  acl = "private"\n'),
    );
    check(inBucket(''), (root) => [set(bucket(root), ['acl'], 'private')], inBucket('  acl = "private"\n'));
    check(
      inBucket('  versioning {\n    enabled = true\n  }\n'),
      (root) => [set(bucket(root), ['acl'], 'private')],
      inBucket('  acl = "private"\n\n  versioning {\n    enabled = true\n  }\n'),
    );
  });

  it('leave meta-arguments and tags where they are', () => {
    check(
      inBucket('  count = 2\n\n  tags = {\n    a = "b"\n  }\n\n  lifecycle {\n    prevent_destroy = true\n  }\n'),
      (root) => [set(bucket(root), ['acl'], 'private'), set(bucket(root), ['versioning', 'enabled'], true)],
      inBucket(
        '  count = 2\n\n  acl = "private"\n\n  tags = {\n    a = "b"\n  }\n\n  versioning {\n    enabled = true\n  }\n\n' +
          '  lifecycle {\n    prevent_destroy = true\n  }\n',
      ),
    );
    check(
      inBucket('  acl = "private"\n'),
      (root) => [set(bucket(root), ['depends_on'], ['aws_kms_key.k'])],
      inBucket('  acl = "private"\n\n  depends_on = [aws_kms_key.k]\n'),
    );
  });

  it('are removed with their lines, and of two gaps one stays', () => {
    check(
      inBucket('  bucket_prefix = "x"\n  acl           = "private"\n'),
      (root) => [{ kind: 'remove', entry: entryOf(bucket(root), 'bucket_prefix') }],
      inBucket('  acl = "private"\n'),
    );
    check(
      inBucket(
        '  bucket = "x"\n\n  versioning {\n    enabled = true\n  }\n\n  logging {\n    target_bucket = "y"\n  }\n',
      ),
      (root) => [{ kind: 'remove', entry: entryOf(bucket(root), 'versioning') }],
      inBucket('  bucket = "x"\n\n  logging {\n    target_bucket = "y"\n  }\n'),
    );
    check(
      inBucket('  bucket = "x"\n\n  versioning {\n    enabled = true\n  }\n'),
      (root) => [{ kind: 'remove', entry: entryOf(bucket(root), 'versioning') }],
      inBucket('  bucket = "x"\n'),
    );
    check(
      inBucket('  bucket = "x"\n'),
      (root) => [{ kind: 'remove', entry: entryOf(bucket(root), 'bucket') }],
      'resource "aws_s3_bucket" "b" {}\n',
    );
  });

  it('are renamed, aligned anew', () => {
    check(
      inBucket('  bucket = "x"\n  acl    = "private"\n'),
      (root) => [{ kind: 'rename', entry: entryOf(bucket(root), 'bucket'), name: 'bucket_prefix' }],
      inBucket('  bucket_prefix = "x"\n  acl           = "private"\n'),
    );
  });

  it('keep line ends, tabs and a missing end of the last line', () => {
    const crlf = inBucket('  bucket = "x"\n').replaceAll('\n', '\r\n');
    check(
      crlf,
      (root) => [set(bucket(root), ['versioning', 'enabled'], true)],
      inBucket('  bucket = "x"\n\n  versioning {\n    enabled = true\n  }\n').replaceAll('\n', '\r\n'),
      false,
    );
    check(
      inBucket('\tbucket = "x"\n'),
      (root) => [set(bucket(root), ['versioning', 'enabled'], true)],
      inBucket('\tbucket = "x"\n\n\tversioning {\n\t\tenabled = true\n\t}\n'),
      false,
    );
    check(
      inBucket('  bucket = "x"\n').trimEnd(),
      (root) => [
        { kind: 'insertAfter', entry: root.entries[0] as Entry, name: 'resource', data: { aws_kms_key: { k: {} } } },
      ],
      `${inBucket('  bucket = "x"\n')}\nresource "aws_kms_key" "k" {}`,
      false,
    );
  });
});

describe('values of HCL', () => {
  const replaced = (data: Data, expected: string) =>
    check(
      inBucket('  bucket = "x"\n'),
      (root) => [{ kind: 'replace', node: bucket(root).get('bucket') as Node, data }],
      inBucket(`  bucket = ${expected}\n`),
    );

  it('are text with its escapes, or the expression that a text consists of', () => {
    replaced('a"b\\c\nd', '"a\\"b\\\\c\\nd"');
    replaced('${aws_kms_key.k.arn}', 'aws_kms_key.k.arn');
    replaced('${aws_kms_key.k.arn}/*', '"${aws_kms_key.k.arn}/*"');
    replaced('${var.a["x"]}-"', '"${var.a["x"]}-\\""');
    replaced('$${aws:username}', '"$${aws:username}"');
    replaced('\\b', '"\\\\b"');
    replaced(true, 'true');
    replaced(null, 'null');
    replaced(1.5, '1.5');
    replaced(['a', 1], '["a", 1]');
    replaced([], '[]');
  });

  it('are calls of jsonencode where a text holds JSON', () => {
    replaced(
      JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Resource: '${a.b.arn}', 'x:y': [] }] }),
      'jsonencode({\n    Version = "2012-10-17"\n    Statement = [\n      {\n        Effect   = "Deny"\n' +
        '        Resource = a.b.arn\n        "x:y"    = []\n      },\n    ]\n  })',
    );
  });

  it('take lines of their own in long lists', () => {
    const names = Array.from({ length: 4 }, (_, i) => `arn:aws:iam::123456789012:role/${i}`);
    replaced(names, `[\n${names.map((name) => `    "${name}",\n`).join('')}  ]`);
  });

  it('are replaced inside an expression', () => {
    check(
      inBucket('  acl = var.open ? "public-read" : "private"\n'),
      (root) => {
        const value = expressionAt(bucket(root).get('acl') as Node);
        assert.equal(value?.expression.kind, 'conditional');
        const open = children(value.expression)[1];
        assert.ok(open);
        return [{ kind: 'replace', node: value.source.node(open), data: 'log-delivery-write' }];
      },
      inBucket('  acl = var.open ? "log-delivery-write" : "private"\n'),
    );
  });

  it('take the place of a conditional whose other arm says the same', () => {
    const becomes = (before: string, after: string, arm = 2, data: Data = 'private') =>
      check(
        inBucket(`  acl = ${before}\n`),
        (root) => {
          const value = expressionAt(bucket(root).get('acl') as Node);
          const node = value && children(value.expression)[arm];
          assert.ok(node);
          return [{ kind: 'replace', node: value.source.node(node), data }];
        },
        inBucket(`  acl = ${after}\n`),
      );
    becomes('var.open ? "private" : "public-read"', '"private"');
    becomes('var.open ? "public-read" : "private"', '"private"', 1);
    becomes('var.open ? ("private") : "public-read"', '"private"');
    becomes('var.open ? true : false', 'true', 2, true);
    becomes('var.open ? local.acl : "public-read"', 'var.open ? local.acl : "private"');
  });

  it('are written where none is', () => {
    const document = parse('locals {\n  a =\n}\n');
    const local = (document.roots[0] as Node).get('locals') as Node;
    assert.equal(
      edited(document, [{ kind: 'replace', node: local.get('a') as Node, data: 1 }]),
      'locals {\n  a = 1\n}\n',
    );
  });
});

describe('blocks of HCL', () => {
  it('are created on the way, once for all that need them, apart from what is before', () => {
    check(
      inBucket('  bucket = "x"\n'),
      (root) => [
        set(bucket(root), ['a', 'b', 'c'], { d: 1, long: 2 }),
        set(bucket(root), ['a', 'e'], 'f'),
        set(bucket(root), ['tags', 'x:y'], 'z'),
      ],
      inBucket(
        '  bucket = "x"\n\n  tags = {\n    "x:y" = "z"\n  }\n\n' +
          '  a {\n    e = "f"\n\n    b {\n      c {\n        d    = 1\n        long = 2\n      }\n    }\n  }\n',
      ),
    );
  });

  it('are attributes where the resource has no blocks, and in expressions', () => {
    check(
      'resource "awscc_s3_bucket" "b" {\n  bucket_name = "x"\n}\n',
      (root) => [
        set(body(root, 'resource', 'awscc_s3_bucket', 'b'), ['versioning_configuration', 'status'], 'Enabled'),
      ],
      'resource "awscc_s3_bucket" "b" {\n  bucket_name = "x"\n\n  versioning_configuration = {\n    status = "Enabled"\n  }\n}\n',
    );
    check(
      'locals {\n  a = {\n    b = 1\n  }\n}\n',
      (root) => [set((root.get('locals') as Node).get('a') as Node, ['c', 'd'], [{ e: 1 }])],
      'locals {\n  a = {\n    b = 1\n    c = {\n      d = [\n        {\n          e = 1\n        },\n      ]\n    }\n  }\n}\n',
    );
  });

  it('stay what they are: blocks, or values', () => {
    const text = inBucket('  versioning {\n    enabled = false\n  }\n\n  x = {\n    y = 1\n  }\n');
    check(
      text,
      (root) => [
        { kind: 'replace', node: bucket(root, 'versioning'), data: { enabled: true, mfa_delete: true } },
        set(bucket(root), ['x', 'other'], 2),
      ],
      inBucket(
        '  versioning {\n    enabled    = true\n    mfa_delete = true\n  }\n\n  x = {\n    y     = 1\n    other = 2\n  }\n',
      ),
    );
  });

  it('on one line take lines where they get more than one attribute', () => {
    check(
      inBucket('  versioning { enabled = false }\n'),
      (root) => [set(bucket(root, 'versioning'), ['mfa_delete'], true)],
      inBucket('  versioning {\n    enabled    = false\n    mfa_delete = true\n  }\n'),
    );
    check(
      inBucket('  versioning { enabled = false }\n'),
      (root) => [{ kind: 'remove', entry: entryOf(bucket(root, 'versioning'), 'enabled') }],
      inBucket('  versioning {}\n'),
    );
  });

  const rules = (...ports: number[]) => inBucket(ports.map((port) => `  rule {\n    port = ${port}\n  }\n`).join('\n'));

  it('come and go in lists', () => {
    const list = (root: Node) => bucket(root).get('rule') as Node;
    check(rules(1, 2), (root) => [{ kind: 'append', to: list(root), data: { port: 3 } }], rules(1, 2, 3));
    check(
      rules(1, 2),
      (root) => [{ kind: 'append', to: list(root), data: { port: 3 }, after: list(root).items[0] as Node }],
      rules(1, 3, 2),
    );
    check(rules(1, 2), (root) => [{ kind: 'removeItem', node: list(root).items[0] as Node }], rules(2));
    check(rules(1, 2), (root) => [{ kind: 'remove', entry: list(root).items[1]?.entry as Entry }], rules(1));
    // One that stood alone gets company.
    check(rules(1), (root) => [{ kind: 'append', to: list(root), data: { port: 2 } }], rules(1, 2));
    check(rules(1, 2), (root) => [{ kind: 'replace', node: list(root), data: [] }], inBucket('  rule = []\n'));
    check(
      rules(1, 2),
      (root) => [{ kind: 'rename', entry: entryOf(bucket(root), 'rule'), name: 'grant' }],
      rules(1, 2).replaceAll('rule', 'grant'),
    );
  });

  it('of the top level come and go with the blank line before them', () => {
    const text = `# Buckets\n\n${inBucket('')}\ndata "aws_region" "r" {}\n\n# Key\nresource "aws_kms_key" "k" {}\n`;
    check(
      text,
      (root) => [
        behind(root.entries[0] as Entry, { aws_x: { y: { z: 1 } } }),
        behind(root.entries[0] as Entry, { aws_x: { w: {} } }),
        set(root, ['data', 'aws_caller_identity', 'current'], {}),
        { kind: 'set', in: root, path: ['variable', 'v'], data: { type: 'string', sensitive: true }, first: true },
      ],
      `# Buckets\n\nvariable "v" {\n  type      = string\n  sensitive = true\n}\n\n${inBucket('')}\n` +
        'resource "aws_x" "y" {\n  z = 1\n}\n\nresource "aws_x" "w" {}\n\n' +
        'data "aws_region" "r" {}\n\ndata "aws_caller_identity" "current" {}\n\n# Key\nresource "aws_kms_key" "k" {}\n',
    );
    check(
      text,
      (root) => [{ kind: 'remove', entry: root.entries[1] as Entry }],
      text.replace('data "aws_region" "r" {}\n\n', ''),
    );
    const document = parse(text);
    const entry = document.roots[0]?.entries[0] as Entry;
    const clash = [{ z: 1 }, { z: 2 }].map(
      (data): Edit => ({ kind: 'insertAfter', entry, name: 'resource', data: { aws_x: { y: data } } }),
    );
    assert.equal(renderEdits(clash), undefined);
  });
});

describe('expressions of HCL', () => {
  it('keep the habits of lists', () => {
    const listed = (list: string) => inBucket(`  x = ${list}\n`);
    const append = (list: string, expected: string, data: Data = 'n', isFormatted = true) =>
      check(
        listed(list),
        (root) => [{ kind: 'append', to: bucket(root).get('x') as Node, data }],
        listed(expected),
        isFormatted,
      );
    append('[]', '["n"]');
    append('["a"]', '["a", "n"]');
    append('[\n    "a",\n    "b", # last\n  ]', '[\n    "a",\n    "b", # last\n    "n",\n  ]');
    append('[\n    "a"\n  ]', '[\n    "a",\n    "n"\n  ]');
    append('[{ a = 1 }]', '[{ a = 1 }, { b = 2 }]', { b: 2 });
    append('[{\n    a = 1\n  }]', '[{\n    a = 1\n    }, {\n    b = 2\n  }]', { b: 2 });
    append(
      '[{\n    a = 1\n    }, {\n    b = 2\n  }]',
      '[{\n    a = 1\n    }, {\n    b = 2\n    }, {\n    c = 3\n  }]',
      { c: 3 },
    );
  });

  it('keep the habits of objects', () => {
    const object = (text: string) => inBucket(`  x = ${text}\n`);
    const add = (text: string, expected: string, name = 'n') =>
      check(object(text), (root) => [set(bucket(root), ['x', name], 1)], object(expected));
    add('{}', '{\n    n = 1\n  }');
    add('{ a = 1 }', '{ a = 1, n = 1 }');
    add('{ "a" : 1 }', '{ "a" : 1, "n" : 1 }');
    add('{\n    "a" : 1,\n  }', '{\n    "a" : 1,\n    "n" : 1,\n  }');
    add('{\n    a  = 1, # one\n    bb = 2\n  }', '{\n    a  = 1, # one\n    bb = 2,\n    n  = 1\n  }');
    add('{\n    a = 1\n  }', '{\n    a     = 1\n    "n:m" = 1\n  }', 'n:m');
    check(
      object('{\n    a    = 1\n    long = 2\n  }'),
      (root) => [
        { kind: 'remove', entry: entryOf(bucket(root).get('x') as Node, 'long') },
        { kind: 'rename', entry: entryOf(bucket(root).get('x') as Node, 'a'), name: 'bbb' },
      ],
      object('{\n    bbb = 1\n  }'),
    );
  });

  it('are edited inside calls', () => {
    check(
      inBucket(
        '  policy = jsonencode({\n    Statement = [\n      {\n        Effect = "Allow"\n      },\n    ]\n  })\n',
      ),
      (root) => {
        const statement = argument(bucket(root).get('policy')).get('Statement');
        return [
          { kind: 'append', to: statement as Node, data: { Effect: 'Deny', Resource: '${a.b.arn}/*' } },
          set(statement?.items[0] as Node, ['Condition', 'Bool', 'aws:SecureTransport'], 'true'),
        ];
      },
      inBucket(
        '  policy = jsonencode({\n    Statement = [\n      {\n        Effect = "Allow"\n        Condition = {\n' +
          '          Bool = {\n            "aws:SecureTransport" = "true"\n          }\n        }\n      },\n' +
          '      {\n        Effect   = "Deny"\n        Resource = "${a.b.arn}/*"\n      },\n    ]\n  })\n',
      ),
    );
  });
});

describe('JSON in texts of HCL', () => {
  const added: Data = { 'a"b': '\\' };
  const append = (policy: string, expected: string) =>
    check(
      inBucket(`  policy = ${policy}\n`),
      (root) => {
        const list = parseEmbeddedJson(bucket(root).get('policy') as Node)?.root?.get('S');
        return [{ kind: 'append', to: list as Node, data: added }];
      },
      inBucket(`  policy = ${expected}\n`),
    );

  it('is escaped between quotes and nowhere else', () => {
    append('"{\\"S\\": [1]}"', '"{\\"S\\": [1, {\\"a\\\\\\"b\\": \\"\\\\\\\\\\"}]}"');
    append(
      '<<EOF\n{\n  "S": [\n    1\n  ]\n}\nEOF',
      '<<EOF\n{\n  "S": [\n    1,\n    {\n      "a\\"b": "\\\\"\n    }\n  ]\n}\nEOF',
    );
    append(
      '<<-EOF\n    {\n      "S": [\n        1\n      ]\n    }\n  EOF',
      '<<-EOF\n    {\n      "S": [\n        1,\n        {\n          "a\\"b": "\\\\"\n        }\n      ]\n    }\n  EOF',
    );
  });
});

describe('fixes in HCL', () => {
  it('add resources beside the one they are for, and the data source of the account', () => {
    const text = 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n';
    const result = analyze([{ uri: 'main.tf', text }], { enable: true, tier: 'all', rules: {}, exclude: [] });
    const finding = result?.findings.find(({ finding: one }) => one.rule.id === 'vpc-flow-logs')?.finding;
    const [fix] = finding?.fixes() ?? [];
    const [document] = result?.documents ?? [];
    assert.ok(fix && document);
    const next = edited(document, fix.edits) ?? '';
    assert.ok(next.startsWith('data "aws_caller_identity" "current" {}\n\nresource "aws_vpc" "main" {'));
    for (const type of ['cloudwatch_log_group', 'iam_role', 'iam_role_policy'])
      assert.match(next, new RegExp(`\\n\\nresource "aws_${type}" "main_flow_logs" \\{\\n`));
    assert.match(next, /\n\nresource "aws_flow_log" "main" \{\n {2}vpc_id +=/);
    formatted.push(next);
  });
});

describe('the formatter of Terraform', () => {
  it('changes nothing in what was edited', (test) => {
    if (spawnSync('terraform', ['version']).status !== 0) {
      test.skip('no terraform');
      return;
    }
    const folder = mkdtempSync(join(tmpdir(), 'demarc-fmt-'));
    try {
      formatted.forEach((text, i) => {
        writeFileSync(join(folder, `${i}.tf`), text);
      });
      const run = spawnSync('terraform', ['fmt', '-check', '-diff', '-no-color', folder], { encoding: 'utf8' });
      assert.equal(run.stdout, '');
      assert.equal(run.status, 0);
      assert.ok(formatted.length > 40);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
