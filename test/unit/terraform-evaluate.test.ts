import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { select } from '../../server/src/template/select.ts';
import { brief, evaluated, leaves, moduleOf, resourceOf, textAt } from './terraform-support.ts';

const rest = {
  variable: {
    name: { default: 'prod' },
    public: { type: 'bool', default: true },
    off: { default: false },
    list: { default: ['a', 'b'] },
    map: { default: { a: 1, b: { c: 'deep' } } },
    nothing: { default: null },
    open: {},
    secret: { default: 's3', sensitive: true },
  },
  locals: {
    plain: 'local',
    whole: '${aws_s3_bucket.b}',
    bucket: '${local.whole}',
    both: '${var.public && var.open}',
    fixed: true,
    again: '${local.fixed}',
    pick: '${var.public ? "p" : "q"}',
    self: 'x${local.self}',
    one: '${local.two}',
    two: '${local.one}',
    tags: '${merge(var.map, {"a": 2})}',
  },
  resource: { aws_x: { y: {} }, aws_s3_bucket: { b: {} } },
};

/** The value of a text in a module with the above. */
function value(text: unknown): unknown {
  const template = moduleOf({ 'main.tf.json': { ...rest, resource: { aws_x: { y: { value: text } } } } });
  const property = resourceOf(template, 'aws_x.y').properties.get('value');
  return property && brief(property.value);
}

describe('terraform evaluation', () => {
  const table: [unknown, unknown][] = [
    ['plain', 'plain'],
    ['$${aws:username}', '${aws:username}'],
    ['100%', '100%'],
    ['${1}', 1],
    ['${true}', true],
    ['${null}', null],
    ['${"a"}', 'a'],
    ['${var.name}', 'prod'],
    ['x-${var.name}-${1}-${true}', 'x-prod-1-true'],
    ['${var.open}', '?'],
    ['${var.missing}', '?'],
    ['x-${var.open}', 'x-{?}'],
    ['${var.nothing}', null],
    ['${var.list}', ['a', 'b']],
    ['${var.list[1]}', 'b'],
    ['${var.list[9]}', '?'],
    ['${var.map.a}', 1],
    ['${var.map["b"].c}', 'deep'],
    ['${var.map.zz}', '?'],
    ['${local.plain}', 'local'],
    ['${local.bucket.arn}', '<aws_s3_bucket.b arn>'],
    ['${local.again}', true],
    ['${local.self}', '?'],
    ['${local.one}', '?'],
    ['${local.tags}', { a: 2, b: { c: 'deep' } }],
    ['${aws_s3_bucket.b.arn}', '<aws_s3_bucket.b arn>'],
    ['${aws_s3_bucket.b[0].arn}', '<aws_s3_bucket.b arn>'],
    ['${aws_s3_bucket.b["k"]}', '<aws_s3_bucket.b k>'],
    ['${aws_s3_bucket.b[each.key].arn}', '<aws_s3_bucket.b arn>'],
    ['${aws_s3_bucket.b.*.arn}', ['<aws_s3_bucket.b arn>', '…']],
    ['${aws_s3_bucket.b[*].arn}', ['<aws_s3_bucket.b arn>', '…']],
    ['${aws_s3_bucket.b.*.arn[count.index]}', '<aws_s3_bucket.b arn>'],
    ['${aws_s3_bucket.b.*.arn[0]}', '<aws_s3_bucket.b arn>'],
    ['${element(concat(aws_s3_bucket.b.*.arn, [""]), 0)}', '<aws_s3_bucket.b arn>'],
    ['${element(concat(aws_s3_bucket.b.*.arn, [""]), 1)}', '?'],
    ['${one(aws_s3_bucket.b[*].id)}', '<aws_s3_bucket.b id>'],
    ['${join("", aws_s3_bucket.b.*.id)}', '{<aws_s3_bucket.b id>}'],
    ['${[for x in aws_s3_bucket.b : x.id]}', ['<aws_s3_bucket.b id>', '…']],
    ['${aws_s3_bucket.b.arn}/*', '{<aws_s3_bucket.b arn>}/*'],
    ['${data.aws_iam_policy_document.d.json}', '<data.aws_iam_policy_document.d json>'],
    ['${module.m.out}', '<module.m out>'],
    ['${each.value}', '?'],
    ['${count.index}', '?'],
    ['${path.module}/x', '{?}/x'],
    ['${foo}', '?'],
    ['${foo.bar}', '?'],
    ['${aws_s3_bucket.}', '?'],
    ['${1 + 2 * 3}', 7],
    ['${1 / 0}', '?'],
    ['${-var.map.a}', -1],
    ['${!var.off}', true],
    ['${var.off && var.open}', false],
    ['${var.open || true}', true],
    ['${var.name == "prod"}', true],
    ['${var.nothing == null}', true],
    ['${var.open == null}', '?'],
    ['${1 == "1"}', '?'],
    ['${true ? "a" : "b"}', 'a'],
    ['${local.again ? "a" : "b"}', 'a'],
    ['${1 > 2 ? "a" : "b"}', 'b'],
    [
      '${var.public ? "a" : "b"}',
      {
        choice: [
          ['var.public', 'a'],
          ['not var.public', 'b'],
        ],
      },
    ],
    [
      '${!var.public ? "a" : "b"}',
      {
        choice: [
          ['not var.public', 'a'],
          ['var.public', 'b'],
        ],
      },
    ],
    [
      '${var.name == "x" ? 1 : 2}',
      {
        choice: [
          ['var.name == "x"', 1],
          ['var.name != "x"', 2],
        ],
      },
    ],
    [
      '${"x" != var.name ? 1 : 2}',
      {
        choice: [
          ['var.name != "x"', 1],
          ['var.name == "x"', 2],
        ],
      },
    ],
    [
      '${local.both ? 1 : null}',
      {
        choice: [
          ['var.public && var.open', 1],
          ['not (var.public && var.open)', null],
        ],
      },
    ],
    [
      'a-${var.public ? "b" : "c"}',
      {
        choice: [
          ['var.public', 'a-b'],
          ['not var.public', 'a-c'],
        ],
      },
    ],
    [
      '%{ if var.public }a%{ else }b%{ endif }!',
      {
        choice: [
          ['var.public', 'a!'],
          ['not var.public', 'b!'],
        ],
      },
    ],
    ['%{ for x in var.list }${x}%{ endfor }', 'ab'],
    ['%{ for i, x in var.list }${i}=${x};%{ endfor }', '0=a;1=b;'],
    ['%{ for x in var.open }${x}%{ endfor }', '{?}'],
    [
      '${local.pick}',
      {
        choice: [
          ['var.public', 'p'],
          ['not var.public', 'q'],
        ],
      },
    ],
    ['${[for x in var.list : upper(x)]}', ['A', 'B']],
    ['${[for x in var.list : x if x != "a"]}', ['b']],
    ['${[for x in var.open : x]}', '?'],
    ['${{for k, v in var.map : k => v if k == "a"}}', { a: 1 }],
    [
      '${jsonencode({Statement = [{Effect = "Allow", Resource = aws_s3_bucket.b.arn}]})}',
      { Statement: [{ Effect: 'Allow', Resource: '<aws_s3_bucket.b arn>' }] },
    ],
    ['${jsonencode([{"a": 1}])}', [{ a: 1 }]],
    ['${jsondecode("{\\"a\\": [1, null]}")}', { a: [1, null] }],
    ['${base64encode("a")}', 'a'],
    ['${base64decode(base64encode("a"))}', 'a'],
    ['${base64decode("aGk=")}', 'hi'],
    ['${concat(["a"], var.list, [1])}', ['a', 'a', 'b', 1]],
    ['${concat(["a"], var.open)}', ['a', '…']],
    ['${merge({a = 1}, {b = 2}, null)}', { a: 1, b: 2 }],
    ['${merge({a = 1}, var.open)}', { a: '?', '…': '…' }],
    ['${merge(var.open, {a = 1})}', { a: 1, '…': '…' }],
    ['${lower("AB")}${upper("c")}', 'abC'],
    ['${format("%s-%d%%", "a", 1)}', 'a-1%'],
    ['${format("%s", aws_s3_bucket.b.arn)}', '{<aws_s3_bucket.b arn>}'],
    ['${join(",", var.list)}', 'a,b'],
    ['${split(",", "a,b")}', ['a', 'b']],
    ['${replace("a.b.c", ".", "$1")}', 'a$1b$1c'],
    ['${replace("a", "/(a+)+/", "b")}', '?'],
    ['${toset(["a", "a", "b"])}', ['a', 'b']],
    ['${tostring(1)}', '1'],
    ['${tobool("true")}', true],
    ['${tonumber("1.5")}', 1.5],
    ['${try(var.map.zz, "x")}', 'x'],
    ['${try(var.map.zz.yy, var.map.a)}', 1],
    ['${try(var.open.x, "x")}', '?'],
    ['${coalesce(null, "", "x")}', 'x'],
    ['${lookup(var.map, "zz", 3)}', 3],
    ['${lookup(var.map, "a", 3)}', 1],
    ['${element(var.list, 3)}', 'b'],
    ['${flatten([["a"], [["b"]]])}', ['a', 'b']],
    ['${compact(["a", "", null])}', ['a']],
    ['${distinct(["a", "a"])}', ['a']],
    ['${length(var.list)}', 2],
    ['${trimspace("  a ")}', 'a'],
    ['${one([])}', null],
    ['${one(["a"])}', 'a'],
    ['${keys(var.map)}', ['a', 'b']],
    ['${values({b = 1, a = 2})}', [2, 1]],
    ['${contains(var.list, "a")}', true],
    ['${contains(var.list, "z")}', false],
    ['${file("x.json")}', '?'],
    [
      '${lower(var.public ? "A" : "B")}',
      {
        choice: [
          ['var.public', 'a'],
          ['not var.public', 'b'],
        ],
      },
    ],
    [
      { a: '${var.name}', '//': 'comment', '${var.name}': 1 },
      { a: 'prod', prod: 1 },
    ],
    [
      { '${var.open}': 1, b: 2 },
      { b: 2, '…': '…' },
    ],
  ];
  for (const [written, expected] of table) {
    it(`evaluates ${JSON.stringify(written)}`, () => assert.deepEqual(value(written), expected));
  }

  it('marks sensitive values', () => {
    assert.equal(evaluated('${var.secret}', { variable: rest.variable }).sensitive, true);
    assert.equal(evaluated('x${var.secret}', { variable: rest.variable }).sensitive, true);
    assert.equal(evaluated('${nonsensitive(var.secret)}', { variable: rest.variable }).sensitive, false);
    assert.equal(evaluated('${sensitive("x")}').sensitive, true);
    assert.equal(evaluated('x').sensitive, undefined);
  });

  it('says where a value comes from', () => {
    const found = evaluated('${local.a}', { locals: { a: '${var.v}' }, variable: { v: { default: 'x' } } });
    assert.deepEqual(
      found.via?.map(({ kind, name, node }) => [kind, name, node.document.text.slice(node.start, node.end)]),
      [
        ['local', 'a', '"${var.v}"'],
        ['variable', 'v', '"x"'],
      ],
    );
    assert.equal(found.node.document.text.slice(found.node.start, found.node.end), '"${local.a}"');
  });

  it('names the variable of an unknown and what it may be', () => {
    const validation = { condition: '${contains(["a", "b"], var.v)}', error_message: 'no' };
    const found = evaluated('${var.v}', { variable: { v: { validation } } });
    assert.equal(found.kind, 'unknown');
    if (found.kind !== 'unknown') return;
    assert.equal(found.parameter, 'v');
    assert.deepEqual(found.possible?.map(brief), ['a', 'b']);
  });

  it('puts each alternative on its own literal, escaped quotes included', () => {
    const template = moduleOf({
      'main.tf.json': { resource: { aws_s3_bucket: { b: { acl: '${var.public ? "public-read" : "private"}' } } } },
    });
    const found = select(resourceOf(template, 'aws_s3_bucket.b'), 'acl');
    assert.deepEqual(found.map(textAt), ['\\"public-read\\"', '\\"private\\"']);
    assert.deepEqual(
      found.map((leaf) => leaf.node.style),
      ['double', 'double'],
    );
  });

  it('maps escapes and line breaks before a literal', () => {
    const policy = '${jsonencode({\n\t"é" = 1\n\tEffect = "Allow"\n\tAction = ["*", "s3:Get\\"x"]\n})}';
    const template = moduleOf({ 'main.tf.json': { resource: { aws_iam_policy: { p: { policy } } } } });
    const resource = resourceOf(template, 'aws_iam_policy.p');
    assert.deepEqual(select(resource, 'policy.Effect').map(textAt), ['\\"Allow\\"']);
    assert.deepEqual(select(resource, 'policy.Action[]').map(textAt), ['\\"*\\"', '\\"s3:Get\\\\\\"x\\"']);
    const [key] = select(resource, 'policy.Effect').map((leaf) => leaf.key);
    assert.equal(key?.document.text.slice(key.start, key.end), 'Effect');
    const object = resource.properties.get('policy')?.value.node;
    assert.equal(object?.kind, 'object');
    assert.deepEqual(
      object?.entries.map((entry) => entry.name),
      ['é', 'Effect', 'Action'],
    );
  });

  it('reports a computed whole on the string that holds it', () => {
    const template = moduleOf({
      'main.tf.json': { resource: { aws_x: { y: { a: '${lower("X")}', b: '${true}', c: '${true ? 1 : 2}' } } } },
    });
    const resource = resourceOf(template, 'aws_x.y');
    for (const name of ['a', 'b', 'c']) assert.equal(select(resource, name)[0]?.node.style, 'double', name);
  });

  it('drops alternatives that contradict each other', () => {
    const template = moduleOf({
      'main.tf.json': {
        resource: {
          aws_x: {
            y: {
              count: '${var.on ? 1 : 0}',
              a: '${var.on ? "in" : "out"}',
              b: '${var.e == "p" ? "p" : var.e == "q" ? "q" : "none"}',
              c: '${var.on && var.z ? (var.z ? "z" : "never") : "other"}',
              d: '${var.e == "p" ? (var.e == "q" ? "never" : "p") : "none"}',
            },
          },
        },
      },
    });
    const resource = resourceOf(template, 'aws_x.y');
    assert.deepEqual(leaves(resource, 'a'), [['in', 'var.on']]);
    assert.deepEqual(leaves(resource, 'b'), [
      ['p', 'var.on', 'var.e == "p"'],
      ['q', 'var.on', 'var.e != "p"', 'var.e == "q"'],
      ['none', 'var.on', 'var.e != "p"', 'var.e != "q"'],
    ]);
    assert.deepEqual(
      leaves(resource, 'c').map((leaf) => (leaf as string[])[0]),
      ['z', 'other'],
    );
    assert.deepEqual(
      leaves(resource, 'd').map((leaf) => (leaf as string[])[0]),
      ['p', 'none'],
    );
  });

  it('bounds what a hostile module costs', () => {
    const locals: Record<string, unknown> = { l0: 'x', t0: 'x', c0: 'x', f0: '${[1, 2]}' };
    for (let i = 1; i < 60; i++) {
      locals[`l${i}`] = `\${concat([local.l${i - 1}], [local.l${i - 1}])}`;
      locals[`t${i}`] = `\${local.t${i - 1}}\${local.t${i - 1}}`;
      locals[`c${i}`] = `\${var.v${i} ? local.c${i - 1} : local.c${i - 1}}`;
      locals[`f${i}`] = `\${flatten([local.f${i - 1}, local.f${i - 1}])}`;
      locals[`a${i}`] = `\${${`local.a${i - 1} && `.repeat(50)}true ? 1 : 2}`;
    }
    const loops = `\${[for a in local.r : ${'[for b in local.r : '.repeat(12)}a${']'.repeat(13)}}`;
    locals.r = Array.from({ length: 50 }, (_, i) => i);
    const started = Date.now();
    const module = {
      locals,
      resource: {
        aws_x: {
          y: { l: '${local.l59}', t: '${local.t59}', c: '${local.c59}', f: '${local.f59}', a: '${local.a59}', loops },
        },
      },
    };
    const resource = resourceOf(moduleOf({ 'main.tf.json': module }), 'aws_x.y');
    for (const name of resource.properties.names) select(resource, name);
    assert.ok(Date.now() - started < 5_000);
    assert.notEqual(select(resource, 't')[0]?.value.kind, 'known');
  });
});
