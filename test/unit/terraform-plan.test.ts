import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseJson } from '../../server/src/syntax/json.ts';
import { companions, declareCompanions } from '../../server/src/template/companions.ts';
import { select } from '../../server/src/template/select.ts';
import type { Template } from '../../server/src/template/template.ts';
import { terraformPlan } from '../../server/src/terraform/plan.ts';
import { providerMajorVersion } from '../../server/src/terraform/provider.ts';
import { brief, leaves, resourceOf, textAt } from './terraform-support.ts';

function planOf(data: unknown): Template {
  const template = terraformPlan(parseJson('plan.json', JSON.stringify(data, null, 1)));
  assert.ok(template);
  return template;
}

function resource(address: string, values: unknown, more: object = {}): object {
  const parts = address.replace(/\[.*?\]/g, '').split('.');
  const data = parts.includes('data');
  const name = parts[parts.length - 1] as string;
  return { address, mode: data ? 'data' : 'managed', type: parts[parts.length - 2], name, values, ...more };
}

function change(address: string, after_unknown: unknown, after: unknown = {}): object {
  return { address, change: { actions: ['create'], after, after_unknown } };
}

const plan = {
  format_version: '1.1',
  variables: { region: { value: 'eu-west-1' } },
  planned_values: {
    outputs: { o: { sensitive: false, value: 'x' } },
    root_module: {
      resources: [
        resource(
          'aws_s3_bucket.b',
          { bucket: 'logs', acl: null, tags: {}, policy: '${aws:username}', logging: [], website: [], secret: 's' },
          {
            sensitive_values: { secret: true },
          },
        ),
        resource('aws_s3_bucket_versioning.v', { versioning_configuration: [{ status: 'Enabled' }] }),
        resource('aws_sg.multi', { ingress: [{ port: 1 }, { port: 2 }], ids: [null, null] }),
      ],
      child_modules: [
        {
          address: 'module.m[0]',
          resources: [
            resource('module.m[0].aws_s3_bucket.this["a.b"]', { bucket: 'x' }),
            resource('module.m[0].aws_s3_bucket.this["c"]', { bucket: 'y' }),
            resource('module.m[0].aws_s3_bucket_versioning.this["a.b"]', {}),
            resource('module.m[0].aws_s3_bucket_versioning.outer', {}),
          ],
        },
      ],
    },
  },
  resource_changes: [
    change('aws_s3_bucket.b', { id: true, arn: true, region: true, tags: {}, kms_key_id: true, website: true }),
    change('aws_s3_bucket_versioning.v', { id: true, bucket: true, versioning_configuration: [{}] }),
    change('aws_sg.multi', { ids: [true, true], all: true, ingress: [{ from: true }, { from: true }] }),
    change('module.m[0].aws_s3_bucket_versioning.this["a.b"]', { bucket: true }),
    change('module.m[0].aws_s3_bucket_versioning.outer', { bucket: true }),
  ],
  prior_state: {
    values: {
      root_module: {
        resources: [resource('data.aws_iam_policy_document.d', { json: '{}' }), resource('aws_old.gone', { a: 1 })],
      },
    },
  },
  configuration: {
    provider_config: {
      aws: {
        name: 'aws',
        version_constraint: '~> 4.0',
        expressions: { region: { references: ['var.region'] }, profile: { constant_value: 'p' } },
      },
    },
    root_module: {
      outputs: {},
      resources: [
        {
          address: 'aws_s3_bucket.b',
          expressions: {
            bucket: { constant_value: 'logs' },
            kms_key_id: { references: ['aws_kms_key.k.arn', 'aws_kms_key.k'] },
            logging: [],
          },
        },
        {
          address: 'aws_s3_bucket_versioning.v',
          expressions: {
            bucket: { references: ['aws_s3_bucket.b.id', 'aws_s3_bucket.b'] },
            versioning_configuration: [{ status: { constant_value: 'Enabled' } }],
          },
        },
        {
          address: 'aws_sg.multi',
          expressions: {
            ids: { references: ['aws_x.a.id', 'aws_x.a', 'aws_x.b.id', 'aws_x.b'] },
            all: { references: ['aws_x.a.id', 'aws_x.a', 'aws_x.b.id', 'aws_x.b'] },
            ingress: [
              { from: { references: ['aws_x.a.id', 'aws_x.a'] } },
              { from: { references: ['aws_x.b.id', 'aws_x.b'] } },
            ],
          },
        },
      ],
      module_calls: {
        m: {
          expressions: { target: { references: ['aws_s3_bucket.b.id', 'aws_s3_bucket.b'] } },
          module: {
            outputs: {},
            resources: [
              { address: 'aws_s3_bucket.this', expressions: { bucket: { references: ['each.key'] } } },
              {
                address: 'aws_s3_bucket_versioning.this',
                expressions: { bucket: { references: ['aws_s3_bucket.this', 'each.key'] } },
              },
              { address: 'aws_s3_bucket_versioning.outer', expressions: { bucket: { references: ['var.target'] } } },
            ],
          },
        },
      },
    },
  },
};

describe('terraform plans', () => {
  const template = planOf(plan);
  const bucket = resourceOf(template, 'aws_s3_bucket.b');

  it('lists planned resources of all modules and data that was read', () => {
    assert.deepEqual(
      template.resources.map((r) => r.address),
      [
        'aws_s3_bucket.b',
        'aws_s3_bucket_versioning.v',
        'aws_sg.multi',
        'module.m[0].aws_s3_bucket.this["a.b"]',
        'module.m[0].aws_s3_bucket.this["c"]',
        'module.m[0].aws_s3_bucket_versioning.this["a.b"]',
        'module.m[0].aws_s3_bucket_versioning.outer',
        'data.aws_iam_policy_document.d',
      ],
    );
    const data = resourceOf(template, 'data.aws_iam_policy_document.d');
    assert.deepEqual(
      [data.type, data.isData, brief(data.properties)],
      ['data.aws_iam_policy_document', true, { json: '{}' }],
    );
    assert.equal(bucket.document.text.slice(bucket.key.start, bucket.key.end), '"aws_s3_bucket.b"');
  });

  it('takes values as they are, and leaves out what nobody set', () => {
    // acl is null, website and region are filled in by AWS, kms_key_id is known after apply, logging was set to nothing.
    assert.deepEqual(brief(bucket.properties), {
      bucket: 'logs',
      tags: {},
      policy: '${aws:username}',
      secret: 's',
      kms_key_id: '<aws_kms_key.k arn>',
    });
    assert.equal(select(bucket, 'secret')[0]?.value.sensitive, true);
    assert.equal(select(bucket, 'bucket')[0]?.value.sensitive, undefined);
    assert.deepEqual(
      select(bucket, 'acl').map((found) => [found.value.kind, textAt(found)]),
      [['absent', '"aws_s3_bucket.b"']],
    );
  });

  it('joins resources by the references of the configuration', () => {
    declareCompanions('aws_s3_bucket', { aws_s3_bucket_versioning: 'bucket' });
    const joined = (address: string) =>
      companions(resourceOf(template, address), 'aws_s3_bucket_versioning').sure.map((r) => r.address);
    assert.deepEqual(joined('aws_s3_bucket.b'), [
      'aws_s3_bucket_versioning.v',
      'module.m[0].aws_s3_bucket_versioning.outer',
    ]);
    assert.deepEqual(joined('module.m[0].aws_s3_bucket.this["a.b"]'), [
      'module.m[0].aws_s3_bucket_versioning.this["a.b"]',
    ]);
    assert.deepEqual(joined('module.m[0].aws_s3_bucket.this["c"]'), []);
  });

  it('takes a reference only where it is the only one', () => {
    const group = resourceOf(template, 'aws_sg.multi');
    assert.deepEqual(leaves(group, 'ids[]'), ['<aws_x.a id>', '<aws_x.b id>']);
    assert.deepEqual(leaves(group, 'all'), ['?']);
    assert.deepEqual(leaves(group, 'ingress.from'), ['?', '?']);
    assert.deepEqual(leaves(group, 'ingress.port'), [1, 2]);
  });

  it('shows outputs, variables, providers and their version', () => {
    assert.deepEqual(
      template.outputs.map(({ name, value }) => [name, brief(value)]),
      [['o', 'x']],
    );
    assert.deepEqual(
      template.parameters.map(({ name, value }) => [name, brief(value)]),
      [['region', 'eu-west-1']],
    );
    assert.deepEqual(
      template.providers.map(({ name, value }) => [name, brief(value)]),
      [['aws', { region: '?', profile: 'p' }]],
    );
    assert.equal(providerMajorVersion(template), 4);
  });

  it('marks what is known after apply where the configuration is missing', () => {
    const bare = planOf({ ...plan, configuration: undefined });
    assert.deepEqual(leaves(resourceOf(bare, 'aws_s3_bucket.b'), 'kms_key_id'), ['?']);
    assert.deepEqual(leaves(resourceOf(bare, 'aws_s3_bucket.b'), 'website'), ['?']);
    assert.deepEqual(leaves(resourceOf(bare, 'aws_s3_bucket.b'), 'logging.target'), [null]);
  });

  it('reads a state', () => {
    const state = planOf({
      format_version: '1.0',
      values: { root_module: { resources: [resource('aws_x.y', { a: 1 })] } },
    });
    assert.deepEqual(brief(resourceOf(state, 'aws_x.y').properties), { a: 1 });
  });

  it('falls back to the changes where nothing else was kept', () => {
    const changes = [
      { ...change('aws_x.y', { id: true }, { a: 1 }), type: 'aws_x' },
      { address: 'aws_x.gone', type: 'aws_x', change: { actions: ['delete'], after: null } },
    ];
    const kept = planOf({ format_version: '1.0', resource_changes: changes });
    assert.deepEqual(
      kept.resources.map((r) => [r.address, r.type, brief(r.properties)]),
      [['aws_x.y', 'aws_x', { a: 1, id: '?' }]],
    );
  });

  it('is no plan without planned values or changes', () => {
    for (const text of ['', '[]', '{}', '{"format_version": "1"}', '{"planned_values": 1}']) {
      assert.equal(terraformPlan(parseJson('x.json', text)), undefined, text);
    }
  });

  it('reads a plan that breaks off anywhere', () => {
    const text = JSON.stringify(plan);
    for (let length = 0; length < text.length; length += 37) {
      for (const r of terraformPlan(parseJson('x.json', text.slice(0, length)))?.resources ?? []) brief(r.properties);
    }
  });
});
