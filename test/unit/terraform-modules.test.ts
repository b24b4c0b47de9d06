/** Modules that call local modules: what arguments, outputs and calls make of the resources inside, and where it is mended. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withoutReplaced } from '../../server/src/terraform/recognise.ts';
import {
  analysisOf,
  call,
  type Files,
  findingsOf,
  fixed,
  queue,
  relatedOf,
  SQS,
  sourcesOf,
  told,
  variable,
} from './modules-support.ts';

const CHILD = variable('on') + queue('var.on');
const OFF_BY_DEFAULT = variable('on', 'default = false') + queue('var.on');
const output = (value: string, name = 'on') => `output "${name}" {\n  value = ${value}\n}\n`;
/** A root that calls `a` with these lines. */
const withCall = (lines: readonly string[], child = CHILD, more = ''): Files => ({
  'main.tf': more + call('a', './a', ...lines),
  'a/main.tf': child,
});
const USE = 'module.a.aws_sqs_queue.q at a/main.tf: var.on';
const toldOf = (files: Files, rule = SQS) => told(analysisOf(files), rule);
const firstFix = (files: Files, rule = SQS) => fixed(findingsOf(analysisOf(files), rule)[0])[0];
const addresses = (files: Files) => analysisOf(files).template.resources.map(({ address }) => address);

describe('arguments of a module', () => {
  it('decide what its resources are', () => {
    const condition = variable('x');
    const cases: readonly (readonly [string, Files, readonly string[]])[] = [
      ['a literal', withCall(['on = false']), [USE]],
      ['another', withCall(['on = true']), []],
      ['a resource', withCall(['on = aws_ssm_parameter.p.value']), []],
      ['a variable with a default', withCall(['on = var.x'], CHILD, variable('x', 'default = false')), [USE]],
      ['one without', withCall(['on = var.x'], CHILD, condition), []],
      ['a local', withCall(['on = local.x'], CHILD, 'locals {\n  x = false\n}\n'), [USE]],
      ['a condition', withCall(['on = var.x ? true : false'], CHILD, condition), [`${USE} when not var.x`]],
      ['null, which is no default', withCall(['on = null'], OFF_BY_DEFAULT), []],
      ['nothing, with a default', withCall([], OFF_BY_DEFAULT), [USE]],
      ['nothing, without one', withCall([]), []],
      ['half a line', withCall(['on =']), []],
    ];
    for (const [what, files, expected] of cases) assert.deepEqual(toldOf(files), expected, what);
  });

  it('are the default where they are null and may not be', () => {
    const child = variable('on', 'default = false', 'nullable = false') + queue('var.on');
    assert.deepEqual(toldOf(withCall(['on = null'], child)), [USE]);
    const conditional = withCall(['on = var.c ? null : true'], child, variable('c'));
    assert.deepEqual(toldOf(conditional), [`${USE} when var.c`]);
    assert.deepEqual(relatedOf(analysisOf(conditional)).slice(0, 2), [
      'Argument on of module a at main.tf: null',
      'Default of variable on at a/main.tf: false',
    ]);
  });

  it('pass through modules between', () => {
    const files = {
      'main.tf': call('a', './a', 'on = false'),
      'a/main.tf': variable('on') + call('b', '../b', 'on = var.on'),
      'b/main.tf': CHILD,
    };
    const analysis = analysisOf(files);
    assert.deepEqual(told(analysis), ['module.a.module.b.aws_sqs_queue.q at b/main.tf: var.on']);
    assert.deepEqual(relatedOf(analysis), [
      'Argument on of module b at a/main.tf: var.on',
      'Argument on of module a at main.tf: false',
      'Called as module.a.module.b at a/main.tf: module "b"',
    ]);
    const [finding] = findingsOf(analysis);
    const decided = finding?.related.filter((one) => one.decides).map(({ node }) => node.document.uri);
    assert.deepEqual(decided, ['main.tf'], 'what only passes on decides nothing');
  });

  it('may be absent members of an object, filled in by its type', () => {
    const child = variable('o', 'type = object({ on = optional(bool, false) })') + queue('var.o.on');
    const files = withCall(['o = {}'], child);
    assert.deepEqual(toldOf(files), ['module.a.aws_sqs_queue.q at a/main.tf: var.o.on']);
    assert.deepEqual(relatedOf(analysisOf(files)).slice(0, 2), [
      'Argument o of module a at main.tf: {}',
      'Default of variable o at a/main.tf: false',
    ]);
    assert.deepEqual(toldOf(withCall(['o = { on = true }'], child)), []);
  });

  it('may differ for each instance of the call', () => {
    const files = withCall(['for_each = { x = false, y = true }', 'on = each.value']);
    assert.deepEqual(toldOf(files), [`${USE} when each.key = "x"`]);
  });
});

describe('outputs of a module', () => {
  const outputs = output('false') + output('{ inner = false }', 'o') + output('aws_sqs_queue.own.id', 'id');
  const child = outputs + queue('true', 'own');
  const root = (value: string, ...lines: readonly string[]) => withCall(lines, child, queue(value));

  it('are what they say, of whichever instance', () => {
    for (const value of [
      'module.a.on',
      'module.a[0].on',
      'module.a["x"].on',
      'module.a.o.inner',
      'module.a[0].o.inner',
    ])
      assert.deepEqual(toldOf(root(value)), [`aws_sqs_queue.q at main.tf: ${value}`], value);
    for (const value of ['module.a.none', 'module.b.on', 'module.a', 'module.a.on.x', 'module.a[var.x].none'])
      assert.deepEqual(toldOf(root(value)), [], value);
    assert.deepEqual(relatedOf(analysisOf(root('module.a.on'))), ['From output on of module a at a/main.tf: false']);
  });

  it('pass through two modules', () => {
    const files = {
      'main.tf': call('a', './a') + queue('module.a.on'),
      'a/main.tf': call('b', '../b') + output('module.b.on'),
      'b/main.tf': output('false'),
    };
    assert.deepEqual(relatedOf(analysisOf(files)), [
      'From output on of module a at a/main.tf: module.b.on',
      'From output on of module b at b/main.tf: false',
    ]);
    assert.deepEqual(fixed(findingsOf(analysisOf(files))[0]), [
      { title: 'Set output on of module b to true', files: { 'b/main.tf': output('true') } },
    ]);
  });

  it('join what is split over modules, by name, index or splat', () => {
    const bucket = `resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n${output('aws_s3_bucket.b.id', 'id')}`;
    const versioning = (id: string) =>
      `resource "aws_s3_bucket_versioning" "v" {
  bucket = ${id}
  versioning_configuration {
    status = "Enabled"
  }
}
`;
    const versioned = (id: string) => toldOf(withCall([], bucket, versioning(id)), 's3-versioning').length === 0;
    for (const id of ['module.a.id', 'module.a[0].id', 'module.a["x"].id', 'one(module.a[*].id)', 'module.a[*].id[0]'])
      assert.ok(versioned(id), id);
    assert.ok(!versioned('"other"'));
    const files = {
      'main.tf': call('a', './a') + call('v', './v', 'id = module.a.id'),
      'a/main.tf': bucket,
      'v/main.tf': variable('id') + versioning('var.id'),
    };
    assert.deepEqual(toldOf(files, 's3-versioning'), [], 'from one module to the other');
  });

  it('may go in circles with arguments', () => {
    const child = CHILD + output('var.on');
    const both = call('a', './a', 'on = module.b.on') + call('b', './a', 'on = module.a.on');
    assert.deepEqual(toldOf({ 'main.tf': both, 'a/main.tf': child }), []);
    assert.deepEqual(toldOf(withCall(['on = module.a.on'], child)), []);
  });
});

describe('calls of modules', () => {
  it('are made, or not, or perhaps', () => {
    const conditional = withCall(['count = var.x ? 1 : 0', 'on = false'], CHILD, variable('x'));
    assert.deepEqual(toldOf(conditional), [`${USE} when var.x`]);
    for (const line of ['count = 0', 'for_each = {}', 'for_each = toset([])', 'count = false ? 1 : 0'])
      assert.deepEqual(addresses(withCall([line, 'on = false'])), [], line);
    assert.deepEqual(toldOf(withCall(['count = var.n', 'on = false'], CHILD, variable('n', 'default = 0'))), [USE]);
  });

  it('of the same module that find the same are told once, with both', () => {
    const files = {
      'main.tf': call('a', './a', 'on = false') + call('b', './a', 'on = false'),
      'a/main.tf': CHILD,
    };
    const analysis = analysisOf(files);
    assert.deepEqual(told(analysis), [USE]);
    assert.deepEqual(relatedOf(analysis), [
      'Argument on of module a at main.tf: false',
      'Called as module.a at main.tf: module "a"',
      'Argument on of module b at main.tf: false',
      'Called as module.b at main.tf: module "b"',
      'Also applies to module.b.aws_sqs_queue.q at a/main.tf: resource "aws_sqs_queue" "q"',
    ]);
    const main = (a: boolean, b: boolean) => ({
      'main.tf': call('a', './a', `on = ${a}`) + call('b', './a', `on = ${b}`),
    });
    assert.deepEqual(fixed(findingsOf(analysis)[0]), [
      { title: 'Set argument on of module a to true', files: main(true, false) },
      { title: 'Set argument on of module b to true', files: main(false, true) },
    ]);
  });

  it('of the same module are told apart where arguments differ', () => {
    const files = {
      'main.tf': call('a', './a', 'on = true') + call('b', './a', 'on = false'),
      'a/main.tf': CHILD,
    };
    assert.deepEqual(toldOf(files), ['module.b.aws_sqs_queue.q at a/main.tf: var.on']);
  });

  it('of which one is certain find what is certain', () => {
    const files = (other: string) => ({
      'main.tf':
        variable('x') + call('a', './a', 'count = var.x ? 1 : 0', 'on = false') + call('b', './a', 'on = false', other),
      'a/main.tf': CHILD,
    });
    assert.deepEqual(toldOf(files('')), [USE]);
    assert.deepEqual(toldOf(files('count = var.x ? 1 : 0')), [`${USE} when var.x`]);
    assert.deepEqual(toldOf(files('count = var.x ? 0 : 1')), [USE], 'one or the other');
  });

  it('in a circle end', () => {
    const circle = {
      'main.tf': call('a', './a', 'on = false'),
      'a/main.tf': CHILD + call('b', '../b', 'on = var.on'),
      'b/main.tf': CHILD + call('a', '../a', 'on = var.on'),
    };
    assert.deepEqual(addresses(circle), ['module.a.aws_sqs_queue.q', 'module.a.module.b.aws_sqs_queue.q']);
    const self = { 'main.tf': variable('on') + queue('false') + call('me', './.', 'on = false') };
    assert.deepEqual(addresses(self), ['aws_sqs_queue.q']);
    const child = withCall(['on = false'], CHILD + call('me', './', 'on = false') + call('root', '../', 'on = false'));
    assert.deepEqual(addresses(child), ['module.a.aws_sqs_queue.q']);
  });

  it('reach folders by every way of writing them', () => {
    const files = (source: string): Files => ({ 'main.tf': call('m', source, 'on = false'), 'x/a/main.tf': CHILD });
    for (const source of ['./x/a', './x//a', './x/a/', './x/./a', './y/../x/a', '././x/a'])
      assert.deepEqual(addresses(files(source)), ['module.m.aws_sqs_queue.q'], source);
    for (const source of ['x/a', '/x/a', './x', './missing', '$' + '{var.s}', '', 'git::https://example.com/x//a'])
      assert.deepEqual(addresses(files(source)), [], source);
    const outside = { 'main.tf': call('m', '../a', 'on = false'), '../a/main.tf': CHILD };
    assert.deepEqual(addresses(outside), ['module.m.aws_sqs_queue.q']);
  });

  it('by the thousand, and of callers by the dozen, cost a bounded time', () => {
    const fan = Array.from({ length: 60 }, (_, i) => call(`m${i}`, '../b')).join('');
    const wide = { 'main.tf': fan.replaceAll('../b', './a'), 'a/main.tf': fan, 'b/main.tf': CHILD };
    assert.ok(addresses(wide).length <= 200);
    const many = { 'main.tf': 'module "a" { source = "./a" }\n'.repeat(20_000), 'a/main.tf': CHILD };
    assert.ok(addresses(many).length <= 200);
  });
});

describe('files of a module', () => {
  it('are overridden in the root and below', () => {
    const override = { ...withCall(['on = true']), 'override.tf': 'module "a" {\n  on = false\n}\n' };
    assert.deepEqual(relatedOf(analysisOf(override))[0], 'Argument on of module a at override.tf: false');
    const below = (name: string, text: string) => toldOf({ ...withCall(['on = true'], CHILD), [`a/${name}`]: text });
    assert.deepEqual(below('x_override.tf', queue('false')), ['module.a.aws_sqs_queue.q at a/x_override.tf: false']);
    assert.deepEqual(
      below('override.tf.json', '{"resource": {"aws_sqs_queue": {"q": {"sqs_managed_sse_enabled": false}}}}'),
      ['module.a.aws_sqs_queue.q at a/override.tf.json: false'],
    );
    const source = {
      ...withCall(['on = false']),
      'override.tf': 'module "a" {\n  source = "./b"\n}\n',
      'b/main.tf': '',
    };
    assert.deepEqual(toldOf(source), []);
    const variables = { ...withCall([]), 'a/override.tf': variable('on', 'default = false') };
    assert.deepEqual(toldOf(variables), [USE]);
  });

  it('may be in both syntaxes', () => {
    const resource = '{"resource": {"aws_sqs_queue": {"q": {"sqs_managed_sse_enabled": "$' + '{var.on}"}}}}';
    const files = { 'main.tf': call('a', './a', 'on = false'), 'a/v.tf': variable('on'), 'a/q.tf.json': resource };
    assert.deepEqual(toldOf(files), ['module.a.aws_sqs_queue.q at a/q.tf.json: "$' + '{var.on}"']);
    const root = { 'main.tf.json': '{"module": {"a": {"source": "./a", "on": false}}}', 'a/main.tf': CHILD };
    assert.deepEqual(firstFix(root), {
      title: 'Set argument on of module a to true',
      files: { 'main.tf.json': '{"module": {"a": {"source": "./a", "on": true}}}' },
    });
  });

  it('of OpenTofu replace those of the same name', () => {
    assert.deepEqual(withoutReplaced(['a.tf', 'a.tofu', 'b.tf', 'c.tf.json', 'c.tofu.json', 'd.tofu']), [
      'a.tofu',
      'b.tf',
      'c.tofu.json',
      'd.tofu',
    ]);
  });

  it('may hold blocks that make nothing', () => {
    const blocks = `moved {
  from = aws_sqs_queue.old
  to   = module.a.aws_sqs_queue.q
}
import {
  to = module.a.aws_sqs_queue.q
  id = "https://sqs.us-east-1.amazonaws.com/123456789012/q"
}
check "c" {
  data "aws_caller_identity" "scoped" {}
  assert {
    condition     = true
    error_message = "no"
  }
}
removed {
  from = aws_sqs_queue.gone
  lifecycle {
    destroy = false
  }
}
ephemeral "aws_secretsmanager_secret_version" "e" {
  secret_id = "s"
}
provider "aws" {
  region = "eu-central-1"
}
provider "aws" {
  alias  = "w"
  region = "us-east-1"
}
`;
    const files = { 'main.tf': blocks + call('a', './a', 'providers = { aws = aws.w }'), 'a/main.tf': blocks };
    const { findings, template, documents } = analysisOf(files);
    assert.deepEqual(findings, []);
    assert.deepEqual(template.resources, []);
    assert.deepEqual(
      documents.flatMap(({ problems }) => problems),
      [],
    );
    assert.deepEqual(
      template.providers.map(({ name }) => name),
      ['aws', 'aws'],
    );
  });

  it('hold policies whose text differs for each call', () => {
    const policy = `resource "aws_sqs_queue_policy" "p" {
  queue_url = "q"
  policy    = <<EOT
{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "$\{var.who}"},
  "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:123456789012:q"}]}
EOT
}
`;
    const files = (a: string, b: string) => ({
      'main.tf': call('a', './a', `who = "${a}"`) + call('b', './a', `who = "${b}"`),
      'a/main.tf': variable('who') + policy,
    });
    const root = 'arn:aws:iam::123456789012:root';
    const at = 'a/main.tf: "$' + '{var.who}"';
    const rule = 'sqs-policy-public';
    assert.deepEqual(toldOf(files(root, '*'), rule), [`module.b.aws_sqs_queue_policy.p at ${at}`]);
    assert.deepEqual(toldOf(files('*', '*'), rule), [`module.a.aws_sqs_queue_policy.p at ${at}`]);
    assert.deepEqual(toldOf(files(root, root), rule), []);
    assert.equal(relatedOf(analysisOf(files(root, '*')), rule)[0], 'Argument who of module b at main.tf: "*"');
  });
});

describe('fixes in modules', () => {
  it('are made where the value is decided', () => {
    assert.deepEqual(firstFix(withCall(['on = false'])), {
      title: 'Set argument on of module a to true',
      files: { 'main.tf': call('a', './a', 'on = true') },
    });
    const byVariable = firstFix(withCall(['on = var.x'], CHILD, variable('x', 'default = false')));
    assert.equal(byVariable?.title, 'Set the default of variable x to true');
    assert.deepEqual(Object.keys(byVariable?.files ?? {}), ['main.tf']);
    const byDefault = firstFix(withCall([], OFF_BY_DEFAULT));
    assert.equal(byDefault?.title, 'Set the default of variable on to true');
    assert.deepEqual(Object.keys(byDefault?.files ?? {}), ['a/main.tf']);
  });

  it('count what a value decides in the module that names it', () => {
    const nested = {
      'main.tf': call('a', './a', 'on = false'),
      'a/main.tf': variable('on') + call('b', '../b', 'on = var.on'),
      'b/main.tf': CHILD,
    };
    assert.deepEqual(firstFix(nested), {
      title: 'Set argument on of module a to true',
      files: { 'main.tf': call('a', './a', 'on = true') },
    });
    const twice = withCall(['on = false'], CHILD + queue('var.on', 'r'));
    assert.deepEqual(firstFix(twice), {
      title: 'Set sqs_managed_sse_enabled to true',
      files: { 'a/main.tf': variable('on') + queue('true') + queue('var.on', 'r') },
    });
    const local = `${variable('on')}locals {\n  x = var.on\n}\n${queue('local.x')}${queue('local.x', 'r')}`;
    assert.equal(firstFix(withCall(['on = false'], local))?.title, 'Set sqs_managed_sse_enabled to true');
    const shared = {
      'main.tf': `locals {\n  x = false\n}\n${call('a', './a', 'on = local.x')}${call('b', './a', 'on = true')}`,
      'a/main.tf': CHILD,
    };
    assert.equal(firstFix(shared)?.title, 'Set local x to true');
  });

  it('set what a variable leaves out where that is said', () => {
    const volume = (encrypted: string) =>
      `resource "aws_ebs_volume" "v" {\n  availability_zone = "a"\n  size = 1\n  encrypted = ${encrypted}\n}\n`;
    const child = variable('y', 'default = null') + volume('var.y');
    assert.deepEqual(firstFix(withCall([], child), 'ebs-encryption'), {
      title: 'Set the default of variable y to true (replaces the volume on deployment)',
      files: { 'a/main.tf': variable('y', 'default = true') + volume('var.y') },
    });
    assert.deepEqual(firstFix(withCall(['y = null'], child), 'ebs-encryption'), {
      title: 'Set argument y of module a to true (replaces the volume on deployment)',
      files: { 'main.tf': call('a', './a', 'y = true') },
    });
  });

  it('refer to resources as their own module does, under names that are free in it', () => {
    const bucket = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n';
    const named = 'resource "aws_s3_bucket_policy" "b" {\n  bucket = "other"\n  policy = "{}"\n}\n';
    const fix = (files: Files) =>
      fixed(
        findingsOf(analysisOf(files), 's3-insecure-transport').find(
          ({ resource }) => resource.type === 'aws_s3_bucket',
        ),
      )[0]?.files;
    const inChild = fix(withCall([], bucket, named))?.['a/main.tf'] ?? '';
    assert.match(inChild, /resource "aws_s3_bucket_policy" "b" \{\n {2}bucket = aws_s3_bucket\.b\.id\n/);
    assert.doesNotMatch(inChild, /module\./);
    assert.match(fix(withCall([], bucket + named))?.['a/main.tf'] ?? '', /resource "aws_s3_bucket_policy" "b_2" \{/);
    const twice = { 'main.tf': call('a', './a') + call('b', './a'), 'a/main.tf': bucket };
    assert.match(fix(twice)?.['a/main.tf'] ?? '', /resource "aws_s3_bucket_policy" "b" \{/);
  });

  it('name no resource of another module', () => {
    const bucket = (name: string) => `resource "aws_s3_bucket" "${name}" {\n  bucket = "${name}"\n}\n`;
    const policy = (id: string) => `resource "aws_s3_bucket_policy" "p" {
  bucket = ${id}
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "123456789012" }, Action = "s3:GetObject", Resource = "*" }]
  })
}
`;
    const own = { 'main.tf': bucket('b') + policy('aws_s3_bucket.b.id') };
    assert.match(firstFix(own, 's3-insecure-transport')?.files['main.tf'] ?? '', /aws_s3_bucket\.b\.arn/);
    const split = withCall([], bucket('b') + output('aws_s3_bucket.b.id', 'id'), policy('module.a.id'));
    const [finding] = findingsOf(analysisOf(split), 's3-insecure-transport');
    assert.deepEqual(fixed(finding), []);
  });
});

describe('files of values', () => {
  const declared = variable('on') + queue('var.on');
  const decided = (files: Files) => {
    const [finding] = findingsOf(analysisOf(files));
    const [first] = finding?.related ?? [];
    return first && `${first.message} at ${first.node.document.uri}`;
  };

  it('set variables of the root, and are mended', () => {
    const files = { 'main.tf': declared, 'terraform.tfvars': 'on = false\n' };
    assert.equal(decided(files), 'Value of variable on at terraform.tfvars');
    assert.deepEqual(firstFix(files), {
      title: 'Set variable on to true',
      files: { 'terraform.tfvars': 'on = true\n' },
    });
    assert.deepEqual(toldOf({ 'main.tf': declared, 'terraform.tfvars': 'on = true\n' }), []);
    const passed = { ...withCall(['on = var.x'], CHILD, variable('x')), 'terraform.tfvars': 'x = false\n' };
    assert.deepEqual(relatedOf(analysisOf(passed)).slice(0, 2), [
      'Argument on of module a at main.tf: var.x',
      'Value of variable x at terraform.tfvars: false',
    ]);
    const below = { ...withCall([]), 'a/terraform.tfvars': 'on = false\n' };
    assert.deepEqual(toldOf(below), []);
  });

  it('come after each other as Terraform reads them', () => {
    const on = 'on = true\n';
    const off = 'on = false\n';
    const json = '{"on": false}';
    const winners: readonly (readonly [Files, string])[] = [
      [{ 'terraform.tfvars': on, 'terraform.tfvars.json': json }, 'terraform.tfvars.json'],
      [{ 'a.auto.tfvars': off, 'terraform.tfvars.json': '{"on": true}', 'terraform.tfvars': on }, 'a.auto.tfvars'],
      [{ 'b.auto.tfvars': off, 'a.auto.tfvars': on }, 'b.auto.tfvars'],
      [{ 'x.auto.tfvars.json': json, 'x.auto.tfvars': on }, 'x.auto.tfvars.json'],
    ];
    for (const [values, winner] of winners)
      assert.equal(decided({ ...values, 'main.tf': declared }), `Value of variable on at ${winner}`);
    const notRead = { 'main.tf': declared, 'prod.tfvars': off, 'auto.tfvars': off };
    assert.deepEqual(toldOf(notRead), [], 'these are named on the command line only');
  });

  it('hold objects and heredocs, and names that nobody declared', () => {
    const files = {
      'main.tf': variable('o', 'type = object({ on = bool })') + queue('var.o.on'),
      'terraform.tfvars': 'text = <<EOT\non = 1\nEOT\no = {\n  on = false\n}\n',
    };
    assert.equal(firstFix(files)?.files['terraform.tfvars'], 'text = <<EOT\non = 1\nEOT\no = {\n  on = true\n}\n');
    assert.deepEqual(toldOf({ 'main.tf': queue('var.on'), 'terraform.tfvars': 'on = false\n' }), []);
    assert.deepEqual(toldOf({ 'main.tf': declared, 'terraform.tfvars': 'on = \n' }), []);
    assert.deepEqual(toldOf({ 'main.tf': declared, 'terraform.tfvars.json': '[' }), []);
  });
});

describe('sources of a module', () => {
  it('give the same analysis in any order', () => {
    const files = {
      'main.tf': call('a', './a', 'on = false'),
      'a/main.tf': variable('on') + call('b', '../b', 'on = var.on'),
      'b/main.tf': CHILD,
    };
    const reversed = Object.fromEntries(Object.entries(files).reverse());
    assert.equal(sourcesOf(reversed)[0]?.folder, 'b');
    assert.deepEqual(toldOf(reversed), toldOf(files));
  });
});
