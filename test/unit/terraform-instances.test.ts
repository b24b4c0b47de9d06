import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { policiesOf } from '../../server/src/iam/sites.ts';
import { select } from '../../server/src/template/select.ts';
import type { Value } from '../../server/src/template/value.ts';
import { brief, leaves, moduleOf, resourceOf, textAt } from './terraform-support.ts';

/** The resource `aws_x.y` of a module in HCL. */
function instancesIn(text: string) {
  return resourceOf(moduleOf({ 'main.tf': text }), 'aws_x.y');
}

const at = (key: string) => `each.key = "${key}"`;
const index = (i: number) => `count.index = ${i}`;

describe('instances of a resource', () => {
  it('for_each over a map: one alternative for each key', () => {
    const resource = instancesIn(`
variable "buckets" {
  default = {
    logs   = { acl = "private" }
    public = { acl = "public-read", versioned = true }
  }
}
resource "aws_x" "y" {
  for_each  = var.buckets
  name      = "x-\${each.key}"
  acl       = each.value.acl
  versioned = try(each.value.versioned, false)
  looked_up = lookup(each.value, "versioned", "no")
  picked    = each.key == "logs" ? "L" : "other"
  from_map  = { logs = 1, public = 2 }[each.key]
}`);
    assert.equal(resource.address, 'aws_x.y');
    assert.deepEqual(leaves(resource, 'name'), [
      ['x-logs', at('logs')],
      ['x-public', at('public')],
    ]);
    assert.deepEqual(leaves(resource, 'acl'), [
      ['private', at('logs')],
      ['public-read', at('public')],
    ]);
    assert.deepEqual(leaves(resource, 'versioned'), [
      [false, at('logs')],
      [true, at('public')],
    ]);
    assert.deepEqual(leaves(resource, 'looked_up'), [
      ['no', at('logs')],
      [true, at('public')],
    ]);
    assert.deepEqual(leaves(resource, 'picked'), [
      ['L', at('logs')],
      ['other', at('public')],
    ]);
    assert.deepEqual(leaves(resource, 'from_map'), [
      [1, at('logs')],
      [2, at('public')],
    ]);
  });

  it('says a value at its use, and leads to the item that decides it', () => {
    const resource = instancesIn(`
variable "acls" { default = { a = "private", b = "public-read" } }
resource "aws_x" "y" {
  for_each = var.acls
  acl      = each.value
}`);
    const found = select(resource, 'acl');
    assert.deepEqual(found.map(textAt), ['each.value', 'each.value']);
    assert.deepEqual(
      found.map(({ via }) => via.map(({ name, node }) => [name, node.document.text.slice(node.start, node.end)])),
      [[['acls', '"private"']], [['acls', '"public-read"']]],
    );
  });

  it('for_each over sets, by whichever way they are made', () => {
    for (const collection of ['toset(["a", "b"])', 'var.set', 'local.set', 'toset(split(",", "a,b"))']) {
      const resource = instancesIn(`
variable "set" {
  type    = set(string)
  default = ["a", "b"]
}
locals { set = toset(concat(["a"], ["b"])) }
resource "aws_x" "y" {
  for_each = ${collection}
  value    = "\${each.key}=\${each.value}"
}`);
      assert.deepEqual(
        leaves(resource, 'value'),
        [
          ['a=a', at('a')],
          ['b=b', at('b')],
        ],
        collection,
      );
    }
  });

  it('for_each over a for expression, as people filter and key maps', () => {
    const resource = instancesIn(`
locals {
  users = [{ name = "ann", admin = true }, { name = "bob", admin = false }, { name = "cyd", admin = true }]
}
resource "aws_x" "y" {
  for_each = { for user in local.users : user.name => user if user.admin }
  name     = each.key
  admin    = each.value.admin
}`);
    assert.deepEqual(leaves(resource, 'name'), [
      ['ann', at('ann')],
      ['cyd', at('cyd')],
    ]);
    assert.deepEqual(leaves(resource, 'admin'), [true], 'the same for all is no choice');
  });

  it('count: one alternative for each index', () => {
    const resource = instancesIn(`
variable "n" { default = 3 }
variable "names" { default = ["a", "b", "c"] }
resource "aws_x" "y" {
  count = length(var.names)
  name  = var.names[count.index]
  first = count.index == 0
  next  = element(var.names, count.index + 1)
}`);
    assert.deepEqual(leaves(resource, 'name'), [
      ['a', index(0)],
      ['b', index(1)],
      ['c', index(2)],
    ]);
    assert.deepEqual(leaves(resource, 'first'), [
      [true, index(0)],
      [false, index(1)],
      [false, index(2)],
    ]);
    assert.deepEqual(leaves(resource, 'next'), [
      ['b', index(0)],
      ['c', index(1)],
      ['a', index(2)],
    ]);
  });

  it('one instance has its own value', () => {
    const one = instancesIn('resource "aws_x" "y" {\n  for_each = { only = 1 }\n  v = "${each.key}${each.value}"\n}');
    assert.deepEqual(leaves(one, 'v'), ['only1']);
    const conditional = instancesIn(`
variable "create" { default = true }
resource "aws_x" "y" {
  count = var.create ? 1 : 0
  i     = count.index
}`);
    assert.deepEqual(leaves(conditional, 'i'), [[0, 'var.create']]);
  });

  it('one map or another', () => {
    const resource = instancesIn(`
variable "prod" {}
resource "aws_x" "y" {
  for_each = var.prod ? { a = 1, b = 2 } : { a = 3 }
  v        = each.value
}`);
    assert.deepEqual(leaves(resource, 'v'), [
      [1, 'var.prod', at('a')],
      [2, 'var.prod', at('b')],
      [3, 'not var.prod'],
    ]);
  });

  it('what is not known is unknown, as is what is too much', () => {
    const values = (head: string, expression = 'each.value') =>
      leaves(instancesIn(`variable "open" {}\nresource "aws_x" "y" {\n  ${head}\n  v = ${expression}\n}`), 'v');
    assert.deepEqual(values('for_each = var.open'), ['?']);
    assert.deepEqual(values('for_each = merge({ a = 1 }, var.open)'), ['?']);
    assert.deepEqual(values('for_each = aws_x.z', 'each.key'), ['?']);
    assert.deepEqual(values('for_each = aws_x.z', 'each.value.id'), ['<aws_x.z id>'], 'whichever it is');
    assert.deepEqual(values('for_each = data.aws_x.z.ids'), ['?']);
    assert.deepEqual(values('for_each = { for i in range(21) : i => i }'), ['?']);
    assert.equal(values('for_each = { for i in range(20) : i => i }').length, 20);
    assert.deepEqual(values('count = var.open', 'count.index'), ['?']);
    assert.deepEqual(values('count = 21', 'count.index'), ['?']);
    assert.deepEqual(values('count = -1', 'count.index'), ['?']);
    assert.deepEqual(values('count = 2', 'each.value'), ['?']);
  });

  it('values of one instance go together, however often they are used', () => {
    const uses = Array.from({ length: 30 }, (_, i) => `\${each.key}${i}\${each.value.a}`).join('-');
    const resource = instancesIn(`
resource "aws_x" "y" {
  for_each = { p = { a = "1", public = true }, q = { a = "2", public = false }, r = { a = "3", public = false } }
  text     = "${uses}"
  joined   = join(",", [each.key, each.value.a, each.value.public ? each.key : "none"])
  nested   = each.value.public ? (each.key == "p" ? "open" : "never") : "closed"
  object   = { key = each.key, inner = { a = each.value.a } }
}`);
    assert.equal(leaves(resource, 'text').length, 3);
    assert.deepEqual(leaves(resource, 'joined'), [
      ['p,1,p', at('p')],
      ['q,2,none', at('q')],
      ['r,3,none', at('r')],
    ]);
    assert.deepEqual(leaves(resource, 'nested'), [
      ['open', at('p')],
      ['closed', at('q')],
      ['closed', at('r')],
    ]);
    assert.deepEqual(leaves(resource, 'object.inner.a').length, 3);
    const { template } = resource;
    const [first, second] = select(resource, 'object.key').map(({ conditions }) => conditions[0]);
    assert.ok(first && second);
    assert.equal(template.assume([first], second), undefined);
    assert.deepEqual(template.assume([first], first), [first]);
  });

  it('so do those of blocks over one collection', () => {
    const template = moduleOf({
      'main.tf': `
variable "sizes" { default = { a = 1, b = 2 } }
resource "aws_x" "y" {
  for_each = var.sizes
  v        = each.key
}
resource "aws_x" "z" {
  for_each = (var.sizes)
  v        = each.key
}
resource "aws_x" "other" {
  for_each = { a = 1, c = 2 }
  v        = each.key
}`,
    });
    const conditionsOf = (address: string) =>
      select(resourceOf(template, address), 'v').flatMap(({ conditions }) => conditions);
    const [a] = conditionsOf('aws_x.y');
    assert.ok(a);
    const together = (address: string) => conditionsOf(address).map((other) => template.assume([a], other)?.length);
    assert.deepEqual(together('aws_x.z'), [1, undefined]);
    assert.deepEqual(together('aws_x.other'), [2, 2]);
  });

  it('in JSON that is text, too', () => {
    const template = moduleOf({
      'main.tf': `
resource "aws_sqs_queue_policy" "p" {
  for_each = { only = "arn:aws:sqs:us-east-1:111122223333:q" }
  policy   = <<-EOT
    { "Statement": [{ "Effect": "Allow", "Action": "sqs:*", "Resource": "\${each.value}", "Sid": "\${each.key}" }] }
  EOT
}`,
    });
    const [statement] = policiesOf(template)[0]?.statements ?? [];
    assert.deepEqual(
      statement?.resources.map((item) => item.text),
      ['arn:aws:sqs:us-east-1:111122223333:q'],
    );
    assert.equal(statement?.sid?.text, 'only');
  });

  it('a question asked twice is asked once', () => {
    const resource = instancesIn(`
variable "on" {}
variable "e" {}
resource "aws_x" "y" {
  text  = "\${var.on ? "a" : "b"}\${!var.on ? "c" : "d"}\${var.on ? "e" : "f"}"
  many  = "${'${var.on ? "1" : "0"}'.repeat(40)}"
  cross = "\${var.on ? "a" : "b"}\${var.e ? "c" : "d"}"
}`);
    assert.deepEqual(leaves(resource, 'text'), [
      ['ade', 'var.on'],
      ['bcf', 'not var.on'],
    ]);
    assert.deepEqual(leaves(resource, 'many'), [
      ['1'.repeat(40), 'var.on'],
      ['0'.repeat(40), 'not var.on'],
    ]);
    assert.equal(leaves(resource, 'cross').length, 4);
  });

  it('a question about an instance and one to the outside', () => {
    const resource = instancesIn(`
variable "on" { default = true }
resource "aws_x" "y" {
  for_each = { p = true, q = false }
  both     = each.value && var.on ? "x" : "y"
  either   = var.on || each.value ? "x" : "y"
  neither  = !(each.value || var.on) ? "x" : "y"
  unclear  = each.key == var.unclear ? "x" : "y"
}`);
    assert.deepEqual(leaves(resource, 'both'), [
      ['x', at('p'), 'var.on'],
      ['y', at('p'), 'not var.on'],
      ['y', at('q')],
    ]);
    assert.deepEqual(leaves(resource, 'either'), [
      ['x', 'var.on'],
      ['x', 'not var.on', at('p')],
      ['y', 'not var.on', at('q')],
    ]);
    assert.deepEqual(leaves(resource, 'neither'), [
      ['y', at('p')],
      ['y', at('q'), 'var.on'],
      ['x', at('q'), 'not var.on'],
    ]);
    assert.deepEqual(
      leaves(resource, 'unclear'),
      ['?', '?'].map((value, i) => [value, at(i ? 'q' : 'p')]),
    );
  });

  it("Terraform's JSON syntax says the same", () => {
    const template = moduleOf({
      'main.tf.json': {
        resource: {
          aws_x: {
            y: { for_each: { a: { n: 1 }, b: { n: 2 } }, n: '${each.value.n}', t: '${each.key}-${each.value.n}' },
            z: { count: 2, n: '${count.index}' },
          },
        },
      },
    });
    assert.deepEqual(leaves(resourceOf(template, 'aws_x.y'), 't'), [
      ['a-1', at('a')],
      ['b-2', at('b')],
    ]);
    assert.deepEqual(leaves(resourceOf(template, 'aws_x.z'), 'n'), [
      [0, index(0)],
      [1, index(1)],
    ]);
  });

  it('arguments of a module are those of each call', () => {
    const text = `
module "m" {
  source   = "terraform-aws-modules/s3-bucket/aws"
  for_each = { a = "private", b = "public-read" }
  acl      = each.value
}`;
    assert.deepEqual(leaves(resourceOf(moduleOf({ 'main.tf': text }), 'module.m'), 'acl'), [
      ['private', at('a')],
      ['public-read', at('b')],
    ]);
  });
});

describe('dynamic blocks', () => {
  const block = (head: string, expression: string, path = 'b.v', more = '') =>
    leaves(
      instancesIn(`${more}
variable "on" {}
variable "none" { default = null }
variable "list" { default = ["p", "q"] }
locals { map = { k = { n = 1 }, l = { n = 2 } } }
resource "aws_x" "y" {
  dynamic "b" {
    ${head}
    content { v = ${expression} }
  }
}`),
      path,
    );

  it('over what is known', () => {
    assert.deepEqual(block('for_each = var.list', '"${b.key}${b.value}"'), ['0p', '1q']);
    assert.deepEqual(block('for_each = local.map', '"${b.key}${b.value.n}"'), ['k1', 'l2']);
    assert.deepEqual(block('for_each = toset(["a"])', '"${b.key}${b.value}"'), ['aa']);
    assert.deepEqual(block('for_each = flatten([["a"], [["b"]]])', 'b.value'), ['a', 'b']);
    assert.deepEqual(block('for_each = merge({ a = 1 }, { b = 2 })', 'b.value'), [1, 2]);
    assert.deepEqual(block('for_each = lookup({ r = ["x"] }, "r", [])', 'b.value'), ['x']);
    assert.deepEqual(block('for_each = [for x in var.list : upper(x) if x != "p"]', 'b.value'), ['Q']);
    assert.deepEqual(block('for_each = { for i, x in var.list : x => i }', '"${b.key}${b.value}"'), ['p0', 'q1']);
    assert.deepEqual(block('for_each = var.list\n    iterator = it', 'it.value'), ['p', 'q']);
    assert.deepEqual(block('for_each = var.list\n    labels = [b.value]', 'b.value'), ['p', 'q']);
    assert.deepEqual(block('for_each = []', '1'), []);
  });

  it('under a condition', () => {
    assert.deepEqual(block('for_each = var.on ? [1] : []', '"x"'), [['x', 'var.on']]);
    assert.deepEqual(block('for_each = var.on ? ["a"] : ["b"]', 'b.value'), [
      ['a', 'var.on'],
      ['b', 'not var.on'],
    ]);
    assert.deepEqual(block('for_each = local.map["k"].n == 1 ? [1] : []', '"x"'), ['x']);
  });

  it('beside others: these are there whatever holds', () => {
    const conditional = (i: number) => `
  dynamic "b" {
    for_each = var.v${i} ? [${i}] : []
    content { v = b.value }
  }`;
    const many = Array.from({ length: 12 }, (_, i) => i);
    const resource = instancesIn(`
${many.map((i) => `variable "v${i}" {}`).join('\n')}
resource "aws_x" "y" {
  b { v = "fixed" }
  ${many.map(conditional).join('')}
}`);
    assert.deepEqual(leaves(resource, 'b.v'), ['fixed', ...many.map((i) => [i, `var.v${i}`])]);
  });

  it('what is made only where a variable is set has that variable set', () => {
    assert.deepEqual(block('for_each = var.none == null ? [] : [var.none]', 'b.value'), [['?', 'var.none != null']]);
    assert.deepEqual(block('for_each = var.none != null ? [1] : []', 'var.none'), [['?', 'var.none != null']]);
    assert.deepEqual(block('for_each = var.none[*]', 'b.value'), []);
    const rules = 'variable "rules" { default = [] }';
    assert.deepEqual(block('for_each = length(var.rules) > 0 ? [1] : []', 'var.rules', 'b.v', rules), [
      ['?', 'length(var.rules) > 0'],
    ]);
  });

  it('within each other, and within instances', () => {
    const resource = instancesIn(`
resource "aws_x" "y" {
  for_each = { one = { rules = [{ ports = [80, 443] }, { ports = [] }] }, two = { rules = [] } }
  dynamic "rule" {
    for_each = each.value.rules
    iterator = outer
    content {
      name = "\${each.key}\${outer.key}"
      dynamic "port" {
        for_each = outer.value.ports
        content { number = "\${outer.key}:\${port.value}" }
      }
    }
  }
}`);
    assert.deepEqual(leaves(resource, 'rule.name'), [
      ['one0', at('one')],
      ['one1', at('one')],
    ]);
    assert.deepEqual(leaves(resource, 'rule.port.number'), [
      ['0:80', at('one')],
      ['0:443', at('one')],
    ]);
  });
});

describe('branches of conditionals', () => {
  it('know the variable that they are about', () => {
    const resource = instancesIn(`
variable "none" { default = null }
variable "env" { default = "dev" }
variable "on" { default = false }
resource "aws_x" "y" {
  key  = var.none != null ? var.none : "default"
  env  = var.env == "prod" ? "is \${var.env}" : var.env
  on   = var.on ? var.on : !var.on
  size = var.env != "dev" ? "x-\${var.env}" : "small"
  two  = var.on && var.none != null ? "\${var.on}-\${var.none}" : "-"
}`);
    assert.deepEqual(leaves(resource, 'key'), [
      ['?', 'var.none != null'],
      ['default', 'var.none == null'],
    ]);
    assert.deepEqual(leaves(resource, 'env'), [
      ['is prod', 'var.env == "prod"'],
      ['dev', 'var.env != "prod"'],
    ]);
    assert.deepEqual(leaves(resource, 'on'), [
      [true, 'var.on'],
      [true, 'not var.on'],
    ]);
    assert.deepEqual(leaves(resource, 'size'), [
      ['x-{?}', 'var.env != "dev"'],
      ['small', 'var.env == "dev"'],
    ]);
    assert.deepEqual((leaves(resource, 'two')[0] as unknown[])[0], 'true-{?}');
  });

  it('hold for a resource that only they make', () => {
    const resource = instancesIn(`
variable "key" { default = null }
locals { has_key = var.key != null }
resource "aws_x" "y" {
  count = var.key == null ? 0 : 1
  key   = var.key
  own   = local.has_key ? var.key : "aws"
}`);
    assert.deepEqual(leaves(resource, 'key'), [['?', 'var.key != null']]);
    assert.deepEqual(leaves(resource, 'own'), [['?', 'var.key != null']]);
  });
});

describe('types of variables', () => {
  const text = `
variable "buckets" {
  type = map(object({
    acl     = optional(string, "private")
    comment = optional(string)
    logging = optional(object({ bucket = string, prefix = optional(string, "log/") }))
    rules   = optional(list(object({ days = optional(number, 30) })), [])
    crypt   = optional(object({ algorithm = optional(string, "AES256") }), {})
  }))
  default = {
    a = { acl = "public-read", surplus = 1, rules = [{}, { days = 1 }] }
    b = { acl = null, logging = { bucket = "l" } }
  }
}
resource "aws_x" "y" {
  for_each = var.buckets
  acl      = each.value.acl
  comment  = each.value.comment
  surplus  = try(each.value.surplus, "none")
  prefix   = try(each.value.logging.prefix, "-")
  days     = join(",", each.value.rules[*].days)
  crypt    = each.value.crypt.algorithm
}`;

  it('give what is left out its default', () => {
    const resource = instancesIn(text);
    assert.deepEqual(leaves(resource, 'acl'), [
      ['public-read', at('a')],
      ['private', at('b')],
    ]);
    assert.deepEqual(leaves(resource, 'comment'), [null]);
    assert.deepEqual(leaves(resource, 'surplus'), ['none']);
    assert.deepEqual(leaves(resource, 'prefix'), [
      ['-', at('a')],
      ['log/', at('b')],
    ]);
    assert.deepEqual(leaves(resource, 'days'), [
      ['30,1', at('a')],
      ['', at('b')],
    ]);
    assert.deepEqual(leaves(resource, 'crypt'), ['AES256']);
  });

  it('lead to the default in the type', () => {
    const [, second] = select(instancesIn(text), 'acl');
    const last = second?.via[second.via.length - 1]?.node;
    assert.equal(last?.document.text.slice(last.start, last.end), '"private"');
  });

  it('are text in JSON', () => {
    const template = moduleOf({
      'main.tf.json': {
        variable: { v: { type: 'object({a = optional(bool, true), b = optional(set(string))})', default: {} } },
        resource: { aws_x: { y: { a: '${var.v.a}', b: '${var.v.b}' } } },
      },
    });
    assert.deepEqual(leaves(resourceOf(template, 'aws_x.y'), 'a'), [true]);
    assert.deepEqual(leaves(resourceOf(template, 'aws_x.y'), 'b'), [null]);
  });
});

describe('text with directives', () => {
  it('is each text that it may be', () => {
    const resource = instancesIn(`
variable "on" {}
resource "aws_x" "y" {
  for_each = { p = [80, 443] }
  text = <<-EOT
    name: \${each.key}
    %{ for i, port in each.value ~}
    port \${i} = \${port}
    %{ endfor ~}
    %{ if var.on }on%{ else }off%{ endif }
  EOT
}`);
    assert.deepEqual(
      select(resource, 'text').map(({ value }) => brief(value)),
      ['on', 'off'].map((end) => `name: p\nport 0 = 80\nport 1 = 443\n${end}\n`),
    );
  });
});

describe('hostile instances', () => {
  it('cost no more than their budget', () => {
    const many = Array.from({ length: 20 }, (_, i) => `k${i} = { a = ${i}, b = ${i % 2 === 0} }`).join(', ');
    const ors = Array.from({ length: 40 }, (_, i) => `(each.value.b && var.v${i})`).join(' || ');
    const deep = `${'each.value.b ? ('.repeat(60)}1${') : 2'.repeat(60)}`;
    const text = `
variable "big" { default = { ${many} } }
${Array.from({ length: 40 }, (_, i) => `variable "v${i}" {}`).join('\n')}
resource "aws_x" "y" {
  for_each = var.big
  a = ${ors} ? 1 : 2
  b = ${deep}
  c = [${'each.value.a, '.repeat(2_000)}]
  d = "${'${each.value.a}'.repeat(2_000)}"
  e = join(",", [${'each.value.a, '.repeat(400)}])
  f = "${Array.from({ length: 40 }, (_, i) => `\${var.v${i} ? each.key : "x"}`).join('')}"
  dynamic "x" {
    for_each = var.big
    content {
      dynamic "y" {
        for_each = var.big
        content {
          dynamic "z" {
            for_each = var.big
            content { v = "\${each.key}\${x.key}\${y.key}\${z.key}" }
          }
        }
      }
    }
  }
}`;
    const started = Date.now();
    const resource = instancesIn(text);
    for (const name of resource.properties.names) select(resource, name);
    select(resource, 'x.y.z.v');
    assert.ok(Date.now() - started < 8_000);
    assert.deepEqual(leaves(resource, 'f'), ['?']);
  });
});

describe('what is known of the surroundings', () => {
  /** Values of the arguments of `aws_x.y`, beside the rest of a module. */
  const values = (rest: string, args: Readonly<Record<string, string>>) => {
    const lines = Object.entries(args).map(([name, value]) => `  ${name} = ${value}\n`);
    const { properties } = instancesIn(`${rest}\nresource "aws_x" "y" {\n${lines.join('')}}\n`);
    return Object.fromEntries(properties.names.map((name) => [name, brief(properties.get(name)?.value as Value)]));
  };
  const PROVIDER = 'provider "aws" {\n  region = "eu-west-1"\n}\n';
  const SECOND = 'provider "aws" {\n  alias = "us"\n  region = "us-east-1"\n}\n';
  const CURRENT = 'data "aws_region" "current" {}\n';

  it('the region of the default provider', () => {
    const arn = `"arn:aws:sqs:\${data.aws_region.current.id}:111122223333:jobs"`;
    const current = ['data.aws_region.current.name', 'data.aws_region.current.region', arn];
    const args = Object.fromEntries(current.map((value, i) => [`v${i}`, value]));
    const found = { v0: 'eu-west-1', v1: 'eu-west-1', v2: 'arn:aws:sqs:eu-west-1:111122223333:jobs' };
    assert.deepEqual(values(PROVIDER + SECOND + CURRENT, args), found);
    const local = 'locals {\n  at = "eu-west-1"\n}\nprovider "aws" {\n  region = local.at\n}\n';
    assert.deepEqual(values(local + CURRENT, args), found);
  });

  it('no region where another provider, a variable or nothing decides it', () => {
    const open = { v: '<data.aws_region.current name>' };
    const args = { v: 'data.aws_region.current.name' };
    const other = 'data "aws_region" "current" {\n  provider = aws.us\n}\n';
    const variable = 'variable "at" {\n  default = "eu-west-1"\n}\nprovider "aws" {\n  region = var.at\n}\n';
    for (const rest of [
      CURRENT,
      SECOND + CURRENT,
      PROVIDER + SECOND + other,
      `${PROVIDER}data "aws_region" "current" {\n  region = "us-east-1"\n}\n`,
      variable + CURRENT,
      PROVIDER + PROVIDER.replace('eu-west-1', 'eu-west-2') + CURRENT,
    ])
      assert.deepEqual(values(rest, args), open, rest);
    assert.deepEqual(values(PROVIDER + CURRENT, { v: 'data.aws_region.current.description' }), {
      v: '<data.aws_region.current description>',
    });
  });

  it('an index of a resource with several instances is one of them, of another resource an attribute', () => {
    const rest = `
resource "aws_s3_bucket" "each" {
  for_each = toset(["logs"])
}
resource "aws_s3_bucket" "one" {}
`;
    const args = {
      instance: 'aws_s3_bucket.each["logs"]',
      arn: 'aws_s3_bucket.each["logs"].arn',
      other: 'aws_s3_bucket.each[var.x]',
      attribute: 'aws_s3_bucket.one["arn"]',
      in_loop: '[for one in aws_s3_bucket.each : one["arn"]]',
    };
    assert.deepEqual(values(rest, args), {
      instance: '<aws_s3_bucket.each>',
      arn: '<aws_s3_bucket.each arn>',
      other: '<aws_s3_bucket.each>',
      attribute: '<aws_s3_bucket.one arn>',
      in_loop: ['<aws_s3_bucket.each arn>', '…'],
    });
  });

  it('workspace, paths and functions of providers: holes, and both ways of a condition', () => {
    const args = {
      chosen: 'terraform.workspace == "prod" ? "A" : "B"',
      named: '"${terraform.workspace}-x"',
      path: '"${path.module}/x.json"',
      file: 'file("${path.module}/x.json")',
      function: '"a${provider::other::f("x")}b"',
      tried: 'try(provider::other::f("x"), "fallback")',
    };
    assert.deepEqual(values('', args), {
      chosen: {
        choice: [
          ['terraform.workspace == "prod"', 'A'],
          ['terraform.workspace != "prod"', 'B'],
        ],
      },
      named: '{?}-x',
      path: '{?}/x.json',
      file: '?',
      function: 'a{?}b',
      tried: '?',
    });
  });
});
