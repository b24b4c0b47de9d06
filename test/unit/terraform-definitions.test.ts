/** What a name of a Terraform module stands for, whoever asks first: in circles, in long chains, from module to module. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseHcl } from '../../server/src/syntax/hcl.ts';
import type { Value } from '../../server/src/template/value.ts';
import { type ModuleFolders, terraformModule } from '../../server/src/terraform/configuration.ts';
import { call, variable } from './modules-support.ts';
import { brief } from './terraform-support.ts';

/** A value with the reason of what is unknown. */
function explained(value: Value | undefined): unknown {
  return value?.kind === 'unknown' ? `? ${value.why}` : value && brief(value);
}

/** What `value` of each resource is, of resources asked for in an order. */
function asked(root: string, folders: Readonly<Record<string, string>>, order: (names: string[]) => string[]): unknown {
  const files: ModuleFolders = new Map(
    Object.entries(folders).map(([folder, text]) => [folder, [parseHcl(`${folder}/main.tf`, text)]]),
  );
  const template = terraformModule([parseHcl('main.tf', root)], files);
  const found = new Map<string, unknown>();
  for (const address of order(template.resources.map((resource) => resource.address)))
    found.set(address, explained(template.resource(address)?.properties.get('value')?.value));
  return Object.fromEntries([...found].sort());
}

/** Asks in many orders; what comes of it is the same. */
function inAnyOrder(root: string, folders: Readonly<Record<string, string>> = {}): Readonly<Record<string, unknown>> {
  const first = asked(root, folders, (names) => names);
  assert.deepEqual(
    asked(root, folders, (names) => [...names].reverse()),
    first,
    'asked from the end on',
  );
  const count = Object.keys(first as object).length;
  for (let at = 1; at < count; at += Math.ceil(count / 5)) {
    const turned = asked(root, folders, (names) => [...names.slice(at), ...names.slice(0, at)]);
    assert.deepEqual(turned, first, `asked from ${at} on`);
  }
  return first as Readonly<Record<string, unknown>>;
}

const holder = (name: string, value: string) => `resource "aws_x" "${name}" {\n  value = ${value}\n}\n`;
const locals = (lines: Readonly<Record<string, string>>) =>
  `locals {\n${Object.entries(lines)
    .map(([name, value]) => `  ${name} = ${value}\n`)
    .join('')}}\n`;

describe('names of a Terraform module that are defined by themselves', () => {
  it('are unknown, each of them, and what leads to them is what it is', () => {
    const names = ['a', 'b', 'c', 'd'];
    const found = inAnyOrder(
      locals({ a: '"1${local.b}"', b: '"2${local.c}"', c: '"3${local.a}"', d: '"4${local.a}"' }) +
        names.map((name) => holder(name, `local.${name}`)).join(''),
    );
    assert.deepEqual(found, {
      'aws_x.a': '? local a refers to itself',
      'aws_x.b': '? local b refers to itself',
      'aws_x.c': '? local c refers to itself',
      'aws_x.d': '4{?}',
    });
  });

  it('are so by variables too', () => {
    const found = inAnyOrder(
      variable('a', 'default = "1${var.b}"') +
        variable('b', 'default = "2${var.c}"') +
        variable('c', 'default = "3${var.a}"') +
        variable('d', 'default = "4${var.a}"') +
        ['a', 'b', 'c', 'd'].map((name) => holder(name, `var.${name}`)).join(''),
    );
    assert.deepEqual(found, {
      'aws_x.a': '? variable a refers to itself',
      'aws_x.b': '? variable b refers to itself',
      'aws_x.c': '? variable c refers to itself',
      'aws_x.d': '4{?}',
    });
  });

  it('are so by locals and variables in turn', () => {
    const found = inAnyOrder(
      locals({ a: '"1${var.b}"', c: '["3", local.a]' }) +
        variable('b', 'default = "2${local.c[1]}"') +
        holder('a', 'local.a') +
        holder('b', 'var.b') +
        holder('c', 'local.c[0]'),
    );
    assert.deepEqual(found, {
      'aws_x.a': '? local a refers to itself',
      'aws_x.b': '? variable b refers to itself',
      'aws_x.c': '? local c refers to itself',
    });
  });

  it('are so from module to module', () => {
    const child = `${variable('in')}output "out" {\n  value = "o\${var.in}"\n}\n${holder('r', 'var.in')}`;
    const found = inAnyOrder(
      call('a', './a', 'in = "a${module.b.out}"') +
        call('b', './a', 'in = "b${local.c}"') +
        locals({ c: 'module.a.out' }) +
        holder('a', 'module.a.out') +
        holder('b', 'module.b.out') +
        holder('c', 'local.c'),
      { a: child },
    );
    assert.deepEqual(found, {
      'aws_x.a': '<module.a out>',
      'aws_x.b': '<module.b out>',
      'aws_x.c': '? local c refers to itself',
      'module.a.aws_x.r': '? variable in refers to itself',
      'module.b.aws_x.r': '? variable in refers to itself',
    });
  });

  it('are so by how often a module is called', () => {
    const child = `${variable('in')}output "out" {\n  value = ["x"]\n}\noutput "in" {\n  value = var.in\n}\n`;
    const text = (each: string) =>
      `module "a" {\n  source = "./a"\n  for_each = toset(${each})\n  in = each.key\n}\n${holder('r', 'module.a["x"].in')}`;
    assert.deepEqual(inAnyOrder(text('["x"]'), { a: child }), { 'aws_x.r': 'x' });
    assert.deepEqual(inAnyOrder(text('[module.a["x"].in]'), { a: child }), { 'aws_x.r': '<module.a in>' });
  });

  it('are told from those that only look so', () => {
    const child =
      variable('one') +
      variable('two') +
      'output "one" {\n  value = var.one\n}\noutput "two" {\n  value = var.two\n}\n' +
      `${variable('checked', 'default = "c"', 'validation {', '  condition = var.checked != ""', '}')}${holder('v', 'var.checked')}`;
    const found = inAnyOrder(
      call('a', './a', 'one = "x"', 'two = module.b.one') +
        call('b', './a', 'one = module.a.one', 'two = module.a.two') +
        holder('r', 'module.b.two'),
      { a: child },
    );
    assert.deepEqual(found, { 'aws_x.r': 'x', 'module.a.aws_x.v': 'c', 'module.b.aws_x.v': 'c' });
  });
});

describe('long chains of names in a Terraform module', () => {
  const length = 200;
  const chain = (link: (before: string) => string, first = '"x"') => {
    const lines: Record<string, string> = { a0: first };
    for (let i = 1; i <= length; i++) lines[`a${i}`] = link(`local.a${i - 1}`);
    const holders = Array.from({ length: length + 1 }, (_, i) => holder(`r${i}`, `local.a${i}`));
    return locals(lines) + holders.join('');
  };

  it('are followed as far, whoever asks first', () => {
    for (const link of [(a: string) => a, (a: string) => `"\${${a}}"`, (a: string) => `(((${a})))`]) {
      const found = inAnyOrder(chain(link));
      assert.equal(found['aws_x.r20'], 'x');
      assert.equal(found[`aws_x.r${length}`], found[`aws_x.r${length - 1}`], 'what is not known stays so');
      assert.match(String(found[`aws_x.r${length}`]), /\?/);
    }
  });

  it('are followed as far from a deep place', () => {
    const lines: Record<string, string> = { a0: '"x"' };
    for (let i = 1; i <= 60; i++) lines[`a${i}`] = `local.a${i - 1}`;
    const deep = (i: number) => `${'('.repeat(80)}local.a${i}${')'.repeat(80)}`;
    const holders = Array.from({ length: 61 }, (_, i) => holder(`r${i}`, deep(i)));
    const found = inAnyOrder(locals(lines) + holders.join(''));
    for (let i = 0; i <= 60; i++) assert.equal(found[`aws_x.r${i}`], 'x');
  });

  it('are followed as far through variables, outputs and members', () => {
    inAnyOrder(
      chain((a) => `{ m = ${a}.m }`, '{ m = "x" }').replaceAll(/value = local\.a(\d+)/g, 'value = local.a$1.m'),
    );
    const variables = Array.from({ length }, (_, i) => variable(`a${i + 1}`, `default = var.a${i}`));
    const holders = Array.from({ length: length + 1 }, (_, i) => holder(`r${i}`, `var.a${i}`));
    inAnyOrder(variable('a0', 'default = "x"') + variables.join('') + holders.join(''));
    const child = `${variable('in')}output "out" {\n  value = var.in\n}\n${holder('r', 'var.in')}`;
    const calls = Array.from({ length: 150 }, (_, i) =>
      call(`m${i}`, './a', i ? `in = module.m${i - 1}.out` : 'in = "x"'),
    );
    const found = inAnyOrder(calls.join(''), { a: child });
    assert.equal(found['module.m10.aws_x.r'], 'x');
  });

  it('do not use up what one expression may cost', () => {
    const items = Array.from({ length: 100 }, (_, i) => `"${i}"`).join(', ');
    const lines: Record<string, string> = { list: `[${items}]` };
    for (let i = 0; i < 8; i++) lines[`a${i}`] = 'length([for x in local.list : [for y in local.list : y]])';
    const all = holder('all', `"${Array.from({ length: 8 }, (_, i) => `\${local.a${i}}`).join('-')}"`);
    const each = Array.from({ length: 8 }, (_, i) => holder(`r${i}`, `local.a${i}`)).join('');
    const found = inAnyOrder(locals(lines) + all + each);
    assert.equal(found['aws_x.all'], Array(8).fill('100').join('-'));
  });
});
