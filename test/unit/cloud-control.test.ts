/** Resources of Terraform's Cloud Control provider: CloudFormation's rules, written in snake case. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isNode, parseDocument, visit } from 'yaml';
import { analyze } from '../../server/src/analysis/analyze.ts';
import { POLICY_SITES } from '../../server/src/iam/policy-sites.ts';
import { attributeName, cloudControlType, isMap, mirroredType } from '../../server/src/template/cloud-control.ts';
import { allCases, fileName } from '../rules/golden.ts';
import { checkFixes, loadIamData } from '../support/fix-check.ts';

loadIamData();

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
interface Written {
  Type?: string;
  Properties?: { [name: string]: Json };
}

/** Properties that CloudFormation takes as an object and the provider as JSON text. */
const TEXTS = new Set([
  ...POLICY_SITES.filter(({ type }) => type.startsWith('AWS::')).flatMap(({ path }) =>
    path.split('.').map((name) => name.replace(/\[\]$/, '')),
  ),
]);

function isCall(value: Json): boolean {
  // What lacks its Fn::Sub is a mistake of CloudFormation.
  if (typeof value === 'string') return /\$\{(AWS::|\w+\.|\w+\})/.test(value);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(isCall);
  return Object.entries(value).some(([name, inner]) => /^(Ref|Fn::.*)$/.test(name) || isCall(inner));
}

function inSnakeCase(value: Json, name = ''): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => inSnakeCase(item));
  if ('Statement' in value && TEXTS.has(name)) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]): [string, Json] =>
    isMap(name) ? [key, inner] : [attributeName(key), inSnakeCase(inner, key)],
  );
  return Object.fromEntries(entries);
}

/** The resources of a template that say nothing but constants: `[logical id, resource]`. */
function plainResources(text: string): [string, Written][] {
  const document = parseDocument(text, { logLevel: 'silent' });
  if (document.errors.length) return [];
  visit(document, (_, node) =>
    isNode(node) && node.tag && /^![A-Z]/.test(node.tag) ? document.createNode({ Ref: 'Call' }) : undefined,
  );
  const template: { Resources?: { [id: string]: Written } } | null = document.toJS();
  return Object.entries(template?.Resources ?? {}).filter(
    ([, resource]) =>
      resource?.Properties &&
      Object.keys(resource).every((key) => key === 'Type' || key === 'Properties') &&
      mirroredType(cloudControlType(resource.Type ?? '')) === resource.Type &&
      !isCall(resource.Properties),
  );
}

const SETTINGS = { enable: true, tier: 'all', rules: {}, exclude: [] } as const;

function findingsOf(uri: string, text: string): string[] {
  const analysis = analyze([{ uri, text }], SETTINGS);
  return (analysis?.findings ?? []).map(({ finding }) => {
    const resource = finding.resource.address.replace(/^awscc_\w+\./, '');
    return `${resource}: ${finding.rule.id} ${finding.variant ?? ''} ${finding.path}`;
  });
}

describe('Cloud Control resources', () => {
  it('names attributes as the provider does', () => {
    const names: Record<string, string> = {
      Arn: 'arn',
      GlobalReplicationGroupDescription: 'global_replication_group_description',
      S3Bucket: 's3_bucket',
      KMSMasterKeyID: 'kms_master_key_id',
      CloudWatchLogsLogGroupArn: 'cloudwatch_logs_log_group_arn',
      EnableIAMDatabaseAuthentication: 'enable_iam_database_authentication',
      Ipv6CidrBlock: 'ipv_6_cidr_block',
    };
    for (const [property, attribute] of Object.entries(names)) assert.equal(attributeName(property), attribute);
    assert.equal(cloudControlType('AWS::EC2::VPCEndpoint'), 'awscc_ec2_vpc_endpoint');
    assert.equal(mirroredType('awscc_s3_bucket'), 'AWS::S3::Bucket');
    assert.equal(mirroredType('aws_s3_bucket'), undefined);
    assert.equal(mirroredType('awscc_no_such_thing'), undefined);
  });

  it('are mended in their own spelling, or not at all', () => {
    const module = (bucket: Json) => JSON.stringify({ resource: { awscc_s3_bucket: { data: bucket } } });
    const fixesOf = (bucket: Json, ruleId: string) =>
      analyze([{ uri: 'main.tf.json', text: module(bucket) }], SETTINGS)
        ?.findings.filter(({ finding }) => finding.rule.id === ruleId)
        .flatMap(({ finding }) => finding.fixes().map((fix) => fix.title));
    assert.deepEqual(fixesOf({ bucket_name: 'data' }, 's3-versioning'), [
      'Set versioning_configuration.status to Enabled',
    ]);
    // The fix adds a bucket policy in CloudFormation's own words.
    assert.deepEqual(fixesOf({ bucket_name: 'data' }, 's3-insecure-transport'), []);
  });

  it('are judged, and mended, as the CloudFormation resources that they mirror', () => {
    let compared = 0;
    for (const test of allCases('test/rules/cases')) {
      if (!test.language.startsWith('cfn-')) continue;
      const resources = plainResources(test.text);
      if (!resources.length) continue;
      const template = JSON.stringify({ Resources: Object.fromEntries(resources) }, null, 2);
      const types: { [type: string]: { [name: string]: Json } } = {};
      for (const [id, { Type = '', Properties = {} }] of resources) {
        const type = cloudControlType(Type);
        types[type] = { ...types[type], [id]: inSnakeCase(Properties) };
      }
      // What is plain text to CloudFormation is a template to Terraform.
      const module = JSON.stringify({ resource: types }, null, 2).replace(/[$%](?={)/g, (sign) => sign + sign);
      const expected = findingsOf(fileName('cfn-json'), template).sort();
      assert.deepEqual(findingsOf('main.tf.json', module).sort(), expected, `${test.file}: ${test.title}\n${module}`);
      assert.deepEqual(checkFixes('main.tf.json', module)?.failures ?? [], [], `${test.file}: ${test.title}`);
      compared += expected.length;
    }
    assert.ok(compared > 300, `only ${compared} findings were compared`);
  });
});
