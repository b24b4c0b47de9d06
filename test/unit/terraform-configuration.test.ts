import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseJson } from '../../server/src/syntax/json.ts';
import { companions, declareCompanions } from '../../server/src/template/companions.ts';
import { select } from '../../server/src/template/select.ts';
import type { Value } from '../../server/src/template/value.ts';
import { terraformModule } from '../../server/src/terraform/configuration.ts';
import { newestMajor, providerMajorVersion } from '../../server/src/terraform/provider.ts';
import { brief, leaves, moduleOf, resourceOf, textAt } from './terraform-support.ts';

describe('terraform modules', () => {
  it('binds the item itself as the key of a set', () => {
    const content = { from: '${ingress.key}', to: '${ingress.value}' };
    const dynamic = (forEach: unknown) => ({ ingress: { for_each: forEach, content } });
    const template = moduleOf({
      'a.tf.json': {
        variable: {
          ports: { type: 'set(number)', default: [22, 3389] },
          list: { type: 'list(number)', default: [22] },
        },
        resource: {
          aws_x: {
            a: { dynamic: dynamic('${toset([22, 3389])}') },
            b: { dynamic: dynamic('${var.ports}') },
            c: { dynamic: dynamic('${var.list}') },
            d: { dynamic: dynamic('${tolist(toset([22]))}') },
          },
        },
      },
    });
    const both = [
      { from: 22, to: 22 },
      { from: 3389, to: 3389 },
    ];
    const of = (name: string) => brief(resourceOf(template, `aws_x.${name}`).properties.get('ingress')?.value as Value);
    assert.deepEqual(of('a'), both);
    assert.deepEqual(of('b'), both);
    assert.deepEqual(of('c'), [{ from: 0, to: 22 }]);
    assert.deepEqual(of('d'), [{ from: 0, to: 22 }]);
  });

  it('keeps a resource whose count is a variable that defaults to 0 in one branch', () => {
    const template = moduleOf({
      'a.tf.json': {
        variable: { on: { default: true }, n: { default: 0 } },
        resource: { aws_x: { a: { count: '${var.on ? var.n : 0}' }, b: { count: '${var.on ? 0 : 0}' } } },
      },
    });
    assert.deepEqual(
      template.resources.map((r) => [r.address, r.conditions.map((c) => c.text)]),
      [['aws_x.a', ['var.on']]],
    );
  });

  it('survives blocks, locals and lists by the hundred thousand, and lists that double', () => {
    const many = (item: string) => `[${`${item},`.repeat(200_000)}${item}]`;
    const doubling = Array.from({ length: 40 }, (_, i) => `"l${i + 1}": ["\${local.l${i}}", "\${local.l${i}}"]`).join();
    const template = moduleOf({
      'a.tf.json': `{"terraform": ${many('{}')}, "locals": {"b": ${many('1')}, "a": "\${local.b}", "l0": [], ${doubling}},
        "resource": {"aws_x": {"y": {"a": "\${local.a}", "f": "\${flatten(local.l40)}", "dynamic": {"d": ${many('{"for_each": []}')}}}}}}`,
    });
    const { properties } = resourceOf(template, 'aws_x.y');
    for (const name of ['a', 'f', 'd']) assert.ok(properties.get(name)?.value, name);
    assert.equal(brief(properties.get('f')?.value as Value), '?');
  });

  it('reads resources and data sources, as objects or lists of them at every level', () => {
    const body = {
      acl: 'private',
      '//': 'why',
      lifecycle: { prevent_destroy: true },
      depends_on: ['aws_x.y'],
      tags: { a: 'b' },
    };
    for (const resource of [
      { aws_s3_bucket: { b: body } },
      [{ aws_s3_bucket: { b: body } }],
      { aws_s3_bucket: [{ b: body }] },
      { aws_s3_bucket: { b: [body] } },
    ]) {
      const template = moduleOf({
        'main.tf.json': { '//': 'note', resource, data: { aws_ami: { a: { owners: ['self'] } } } },
      });
      assert.deepEqual(
        template.resources.map((r) => [r.address, r.type, r.isData]),
        [
          ['aws_s3_bucket.b', 'aws_s3_bucket', false],
          ['data.aws_ami.a', 'data.aws_ami', true],
        ],
      );
      const bucket = resourceOf(template, 'aws_s3_bucket.b');
      assert.deepEqual(brief(bucket.properties), { acl: 'private', tags: { a: 'b' } });
      assert.deepEqual(bucket.attributes.names, ['lifecycle', 'depends_on']);
      assert.equal(bucket.document.text.slice(bucket.key.start, bucket.key.end), '"b"');
      assert.deepEqual(template.ofType('data.aws_ami').length, 1);
      assert.deepEqual(template.ofType('data.aws_ami', 'aws_s3_bucket').length, 2);
    }
  });

  it('steps through a single block and a list of one alike', () => {
    for (const versioning of [{ enabled: false }, [{ enabled: false }]]) {
      const template = moduleOf({ 'main.tf.json': { resource: { aws_s3_bucket: { b: { versioning } } } } });
      assert.deepEqual(leaves(resourceOf(template, 'aws_s3_bucket.b'), 'versioning.enabled'), [false]);
    }
  });

  it('is one module across files, each resource with its own document', () => {
    declareCompanions('aws_s3_bucket', { aws_s3_bucket_versioning: 'bucket' });
    const template = moduleOf({
      '/m/variables.tf.json': { variable: { name: { default: 'logs' } } },
      '/m/main.tf.json': { resource: { aws_s3_bucket: { b: { bucket: '${var.name}' } } } },
      '/m/more.tf.json': {
        resource: { aws_s3_bucket_versioning: { v: { bucket: '${aws_s3_bucket.b.id}' }, w: { bucket: 'logs' } } },
      },
    });
    const bucket = resourceOf(template, 'aws_s3_bucket.b');
    assert.equal(bucket.document.uri, '/m/main.tf.json');
    const [name] = select(bucket, 'bucket');
    assert.equal(name?.via[0]?.node.document.uri, '/m/variables.tf.json');
    assert.deepEqual(
      companions(bucket, 'aws_s3_bucket_versioning').sure.map((r) => r.address),
      ['aws_s3_bucket_versioning.v', 'aws_s3_bucket_versioning.w'],
    );
    assert.equal(template.documents.length, 3);
  });

  it('merges override files after all others', () => {
    const template = moduleOf({
      'override.tf.json': {
        resource: { aws_s3_bucket: { b: { acl: 'private', lifecycle: { prevent_destroy: true } } } },
        variable: { v: { default: 2 } },
      },
      'main.tf.json': {
        resource: { aws_s3_bucket: { b: { acl: 'public-read', bucket: 'x', n: '${var.v}' } } },
        variable: { v: { default: 1 } },
      },
      'a_override.tf.json': { locals: { l: 1 } },
    });
    assert.equal(template.resources.length, 1);
    const bucket = resourceOf(template, 'aws_s3_bucket.b');
    assert.deepEqual(brief(bucket.properties), { acl: 'private', bucket: 'x', n: 2 });
    assert.equal(bucket.document.uri, 'main.tf.json');
    assert.equal(select(bucket, 'acl')[0]?.node.document.uri, 'override.tf.json');
  });

  it('leaves out what never exists and says when the rest does', () => {
    const template = moduleOf({
      'main.tf.json': {
        locals: { none: 0, never: false },
        variable: { zero: { default: 0 }, on: { default: false } },
        resource: {
          aws_x: {
            zero: { count: 0 },
            text: { count: '${0}' },
            local: { count: '${local.none}' },
            constant: { count: '${local.never ? 1 : 0}' },
            empty: { for_each: {} },
            emptySet: { for_each: '${toset([])}' },
            variable: { count: '${var.zero}' },
            open: { count: '${var.undeclared}' },
            when: { count: '${var.on ? 1 : 0}' },
            unless: { count: '${var.on ? 0 : 1}' },
            either: { count: '${var.on ? 1 : 2}' },
            each: { for_each: '${var.on ? {"a": 1} : {}}', name: '${each.value}' },
          },
        },
      },
    });
    const found = template.resources.map((r) => [
      r.address.slice('aws_x.'.length),
      r.conditions.map((c) => c.text).join(),
    ]);
    assert.deepEqual(Object.fromEntries(found), {
      variable: '',
      open: '',
      when: 'var.on',
      unless: 'not var.on',
      either: '',
      each: 'var.on',
    });
  });

  it('expands dynamic blocks over what is known', () => {
    const template = moduleOf({
      'main.tf.json': {
        variable: { ports: { default: [{ port: 22, cidr: '0.0.0.0/0' }] }, on: {}, open: {} },
        resource: {
          aws_x: {
            known: {
              dynamic: {
                ingress: {
                  for_each: '${var.ports}',
                  content: { port: '${ingress.value.port}', cidr: ['${ingress.value["cidr"]}'] },
                },
              },
            },
            named: {
              dynamic: {
                ingress: [{ for_each: [1, 2], iterator: 'it', content: [{ port: '${it.value}', at: '${it.key}' }] }],
              },
            },
            open: { dynamic: { ingress: { for_each: '${var.open}', content: { port: 22 } } } },
            mixed: { ingress: { port: 1 }, dynamic: [{ ingress: { for_each: '${var.open}', content: { port: 22 } } }] },
            when: { dynamic: { logging: { for_each: '${var.on ? [1] : []}', content: { bucket: 'b' } } } },
            plain: { dynamic: 'text' },
          },
        },
      },
    });
    const of = (name: string) => brief(resourceOf(template, `aws_x.${name}`).properties);
    assert.deepEqual(of('known'), { ingress: [{ port: 22, cidr: ['0.0.0.0/0'] }] });
    assert.deepEqual(of('named'), {
      ingress: [
        { port: 1, at: 0 },
        { port: 2, at: 1 },
      ],
    });
    assert.deepEqual(of('open'), { ingress: '?' });
    assert.deepEqual(of('mixed'), { ingress: [{ port: 1 }, '…'] });
    assert.deepEqual(of('when'), {
      logging: {
        choice: [
          ['var.on', [{ bucket: 'b' }]],
          ['not var.on', []],
        ],
      },
    });
    assert.deepEqual(of('plain'), { dynamic: 'text' });
  });

  it('shows outputs, variables and providers', () => {
    const template = moduleOf({
      'main.tf.json': {
        output: { o: { value: '${aws_x.y.id}', sensitive: true } },
        variable: { v: { default: 1 } },
        provider: { aws: [{ region: 'eu-west-1' }, { alias: 'us', region: 'us-east-1' }] },
      },
    });
    const sections = (list: typeof template.outputs) => list.map(({ name, value }) => [name, brief(value)]);
    assert.deepEqual(sections(template.outputs), [['o', { value: '<aws_x.y id>', sensitive: true }]]);
    assert.deepEqual(sections(template.parameters), [['v', { default: 1 }]]);
    assert.deepEqual(sections(template.providers), [
      ['aws', { region: 'eu-west-1' }],
      ['aws', { alias: 'us', region: 'us-east-1' }],
    ]);
  });

  it('knows the newest provider version allowed', () => {
    const table: [string, number | undefined][] = [
      ['~> 4.2', 4],
      ['~> 4.2.1', 4],
      ['~> 4', undefined],
      ['5.1.0', 5],
      ['= 3.76', 3],
      ['>= 3.0', undefined],
      ['>= 3.0, < 5.0', 4],
      ['< 5.1', 5],
      ['<= 3.9', 3],
      ['!= 3.0', undefined],
      ['nonsense', undefined],
    ];
    for (const [constraint, major] of table) assert.equal(newestMajor(constraint), major, constraint);
    const required = (aws: unknown) => moduleOf({ 'versions.tf.json': { terraform: { required_providers: { aws } } } });
    assert.equal(providerMajorVersion(required({ source: 'hashicorp/aws', version: '~> 4.0' })), 4);
    assert.equal(providerMajorVersion(required('~> 3.0')), 3);
    assert.equal(providerMajorVersion(moduleOf({ 'p.tf.json': { provider: { aws: { version: '~> 2.0' } } } })), 2);
    assert.equal(providerMajorVersion(moduleOf({})), undefined);
  });

  it('evaluates nodes that no property reaches', () => {
    const template = moduleOf({
      'main.tf.json': { variable: { v: { default: 'x' } }, output: { o: { value: 'a-${var.v}' } } },
    });
    const node = template.documents[0]?.roots[0]?.get('output')?.get('o')?.get('value');
    assert.ok(node);
    assert.equal(brief(template.evaluate(node)), 'a-x');
  });

  it('keeps what can be read of broken text', () => {
    const whole = JSON.stringify(
      {
        resource: { aws_s3_bucket: { a: { acl: 'private' }, b: { acl: '${var.public ? "public-read" : "private"}' } } },
      },
      null,
      1,
    );
    for (let length = 0; length <= whole.length; length++) {
      const template = terraformModule([parseJson('main.tf.json', whole.slice(0, length))]);
      for (const resource of template.resources) for (const found of select(resource, 'acl')) textAt(found);
      if (length > whole.indexOf('"b"'))
        assert.deepEqual(leaves(resourceOf(template, 'aws_s3_bucket.a'), 'acl'), ['private'], String(length));
    }
  });
});
