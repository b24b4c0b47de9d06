/** The store of what AWS does by default: types that we know, paths in the language of the types, dates that can be, each fact said once. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FLAT_SITES, POLICY_SITES } from '../../server/src/iam/policy-sites.ts';
import {
  AWS_DEFAULTS,
  type AwsDefault,
  awsDefaults,
  awsDefaultsOf,
} from '../../server/src/responsibility/aws-defaults.ts';
import { RULES } from '../../server/src/rules/index.ts';

/** Types that only hovers speak of. */
const HOVERED_ONLY: readonly string[] = [
  'AWS::AppSync::ApiKey',
  'AWS::DocDB::DBInstance',
  'AWS::NeptuneGraph::Graph',
  'AWS::Serverless::SimpleTable',
  'AWS::Timestream::InfluxDBInstance',
  'AWS::WAFv2::LoggingConfiguration',
  'aws_bedrock_model_invocation_logging_configuration',
  'aws_docdb_cluster_instance',
  'aws_neptunegraph_graph',
  'aws_redshift_logging',
  'aws_timestreaminfluxdb_db_instance',
  'aws_wafv2_web_acl_logging_configuration',
];

const facts = Object.entries<AwsDefault>(AWS_DEFAULTS);

function typesOfRules(): Set<string> {
  const types = new Set([...POLICY_SITES, ...FLAT_SITES].map((site) => site.type));
  for (const check of RULES.flatMap((rule) => rule.checks)) {
    if (check.kind === 'resource') for (const type of check.types) types.add(type);
    if (check.kind === 'property') {
      for (const target of check.targets) {
        for (const type of [target.type].flat()) types.add(type);
        for (const path of [target.path].flat()) {
          const companion = /^@([^.]+)/.exec(path)?.[1];
          if (companion) types.add(companion);
        }
      }
    }
  }
  return types;
}

const isCloudFormation = (type: string) => type.startsWith('AWS::');

describe('what AWS does by default', () => {
  it('speaks of types that a rule or a policy site knows, or that are listed here', () => {
    const known = typesOfRules();
    const spokenOf = new Set(facts.flatMap(([, fact]) => fact.types));
    assert.deepEqual(
      [...spokenOf].filter((type) => !known.has(type) && !HOVERED_ONLY.includes(type)),
      [],
    );
    assert.deepEqual(
      HOVERED_ONLY.filter((type) => !spokenOf.has(type)),
      [],
    );
  });

  it('names properties in each language of its types', () => {
    for (const [id, { types, paths }] of facts) {
      assert.ok(types.length, id);
      for (const path of paths) assert.match(path, /^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*$/, id);
      if (!paths.length) continue;
      const pascal = paths.some((path) => /^[A-Z]/.test(path));
      const snake = paths.some((path) => /^[a-z]/.test(path));
      assert.equal(pascal, types.some(isCloudFormation), `${id}: CloudFormation`);
      assert.equal(
        snake,
        types.some((type) => type.startsWith('aws_')),
        `${id}: Terraform`,
      );
    }
  });

  it('has dates that have been', () => {
    for (const [id, { since }] of facts) {
      if (since === undefined) continue;
      assert.match(since, /^20\d\d-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$/, id);
      assert.ok(since <= '2026-11-30', id);
    }
  });

  it('says a thing once, in whole sentences, with a source', () => {
    const said = new Map<string, string>();
    for (const [id, { text, terraform, source }] of facts) {
      assert.equal(said.get(text), undefined, `${id} and ${said.get(text)}`);
      said.set(text, id);
      assert.match(text, /\.$/, id);
      if (terraform !== undefined) assert.match(terraform, /\.$/, id);
      assert.ok(source.trim(), id);
      assert.doesNotMatch(source, /botocore|pulumi|service-spec/i, id);
    }
  });

  it('says what Terraform does only where it speaks of Terraform', () => {
    for (const [id, { types, terraform }] of facts) {
      if (terraform !== undefined)
        assert.ok(
          types.some((type) => type.startsWith('aws_')),
          id,
        );
    }
  });

  it('is found by type, by property and by the block around it', () => {
    const ids = (types: readonly string[], path?: string) =>
      awsDefaultsOf(types, path).map((fact) => facts.find(([, one]) => one === fact)?.[0]);
    assert.deepEqual(ids(['AWS::RDS::DBInstance'], 'StorageEncrypted'), ['rds-encryption']);
    assert.deepEqual(ids(['aws_instance'], 'metadata_options'), ['ec2-imds-tokens', 'ec2-imds-hop-limit']);
    assert.deepEqual(ids(['AWS::S3::Bucket'], 'BucketEncryptionX'), []);
    assert.deepEqual(ids(['AWS::No::Such']), []);
    assert.ok(ids(['AWS::S3::Bucket']).includes('s3-encryption'));
  });

  it('gives rules the facts they name', () => {
    assert.deepEqual(awsDefaults('s3-encryption'), [AWS_DEFAULTS['s3-encryption']]);
  });
});
