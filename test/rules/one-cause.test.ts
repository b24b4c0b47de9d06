/**
 * One cause, one finding. Two findings on one value are two things to mend: every pair of rules that meets on a value in the
 * golden cases is named here with its reason. What a resource lacks is reported on its key, where findings meet by nature.
 */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyze } from '../../server/src/analysis/analyze.ts';
import type { Settings } from '../../server/src/analysis/settings.ts';
import type { Finding } from '../../server/src/rules/rule.ts';
import { loadIamData } from '../support/iam-data.ts';
import { allCases, fileName } from './golden.ts';

loadIamData();
const SETTINGS: Settings = { enable: true, tier: 'all', rules: {}, exclude: [] };

const TWO_CAUSES: Readonly<Record<string, string>> = {
  'apigw-cache-encryption + apigw-execution-logging': 'the settings of a method lack two, on their first key',
  'apigw-execution-logging + apigw-execution-logging': 'logs and metrics are two settings, which a method lacks',
  'apigw-execution-logging + apigw-other': 'the settings of a method lack two, on their first key',
  'apigw-other + apigw-other': 'the settings of a method lack two, on their first key',
  'apigw-cert-weak + moves-acm-imported': 'how weak the certificate is, and who renews it',
  'ami-unencrypted + cmk-preference-other': 'the block lacks encryption, and (opt-in) a key of your own',
  'cmk-preference-other + dlm-copy-encryption': 'the block lacks encryption, and (opt-in) a key of your own',
  'cloudfront-logging + cloudfront-other':
    'the distribution lacks two settings, on the key of the block they belong to',
  'cloudfront-logging + cloudfront-waf': 'the distribution lacks two settings, on the key of the block they belong to',
  'cloudfront-other + cloudfront-other': 'the distribution lacks two settings, on the key of the block they belong to',
  'cloudfront-other + cloudfront-viewer-tls':
    'the distribution lacks two settings, on the key of the block they belong to',
  'cloudfront-other + cloudfront-waf': 'the distribution lacks two settings, on the key of the block they belong to',
  'cloudfront-viewer-tls + cloudfront-waf':
    'the distribution lacks two settings, on the key of the block they belong to',
  'elbv2-access-logs + elbv2-deletion-protection': 'the list of attributes lacks two of them, on the key of the list',
  'elbv2-deletion-protection + elbv2-drop-invalid-headers':
    'the list of attributes lacks two of them, on the key of the list',
  'cloudfront-logging + cloudfront-viewer-tls':
    'the distribution lacks two settings, on the key of the block they belong to',
  'ecs-other + ecs-other': 'the container lacks two settings, on its first key',
  'ecs-other + ecs-readonly-root': 'the container lacks two settings, on its first key',
  'ec2-imdsv1 + ec2-monitoring': 'a launch template lacks two settings, on the key of the block they belong to',
  'elbv2-access-logs + elbv2-drop-invalid-headers': 'the list of attributes lacks two of them, on the key of the list',
  'iam-login-password-reset + iam-user-console-access':
    'the block lacks a setting, and that there is a block is another matter',
  'iam-root-access-key + iam-too-many-access-keys': 'whose key it is, and how many there are',
  'lambda-role-not-arn + lambda-role-shared': 'the role is named by no ARN, and several functions have it',
  'opensearch-ha + opensearch-ha': 'the cluster lacks two settings, on the key of the block they belong to',
  'kinesis-cmk + kinesis-encryption': 'the block lacks its key, and (opt-in) one of your own',
  'opensearch-at-rest + opensearch-cmk': 'the block lacks encryption, and (opt-in) a key of your own',
  's3-cmk + s3-encryption-invalid': 'what S3 refuses, and (opt-in) that no KMS key is asked for',
  'ssm-session-encryption + ssm-session-encryption':
    'the preferences lack a key and a place for logs, on the key of their block',
  'sg-ingress-all-world + sg-ingress-world': 'the default of a parameter that two rules of a group use',
  'sg-ingress-ssh-world + sg-ingress-world': 'a variable that two rules of a group use',
  'sg-ingress-network-source + sg-ingress-ssh-world': 'a variable that holds several networks',
  'sg-ingress-network-source + sg-ingress-world': 'a variable that holds several networks',
};

function run(name: string, text: string): readonly Finding[] {
  return (analyze([{ uri: name, text }], SETTINGS)?.findings ?? []).map(({ finding }) => finding);
}

/** Rules that report the same value of a text, in pairs. */
function pairs(findings: readonly Finding[]): Set<string> {
  const found = new Set<string>();
  for (const [index, one] of findings.entries()) {
    for (const other of findings.slice(index + 1)) {
      if (one.node !== other.node || one.node === one.resource.key) continue;
      found.add([one.rule.id, other.rule.id].sort().join(' + '));
    }
  }
  return found;
}

describe('one cause is one finding', () => {
  const met = new Set<string>();

  it('on every value of the golden cases', () => {
    const unexplained: string[] = [];
    for (const test of allCases('test/rules/cases')) {
      for (const pair of pairs(run(fileName(test.language), test.text))) {
        met.add(pair);
        if (!TWO_CAUSES[pair]) unexplained.push(`${pair} (${test.ruleId}: ${test.title})`);
      }
    }
    assert.deepEqual(unexplained, []);
  });

  it('and no pair is named that does not meet', () => {
    assert.deepEqual(
      Object.keys(TWO_CAUSES).filter((pair) => !met.has(pair)),
      [],
    );
  });

  it('an open group names the instances that it exposes, and they repeat nothing', () => {
    const findings = run(
      'template.yaml',
      `Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: remote access
      SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0 }]
  Public:
    Type: AWS::EC2::Instance
    Properties: { ImageId: ami-1, NetworkInterfaces: [{ DeviceIndex: '0', AssociatePublicIpAddress: true, GroupSet: [!Ref Group] }] }
  Private:
    Type: AWS::EC2::Instance
    Properties: { ImageId: ami-1, NetworkInterfaces: [{ DeviceIndex: '0', AssociatePublicIpAddress: false, GroupSet: [!Ref Group] }] }
`,
    );
    const open = findings.filter(({ rule }) => rule.id === 'sg-ingress-ssh-world');
    assert.equal(open.length, 1);
    assert.deepEqual(
      open[0]?.related.map(({ message }) => message),
      ['Public has a public address'],
    );
    assert.ok(!findings.some(({ rule }) => rule.id === 'ec2-in-public-subnet-all-ports'));
  });
});

describe('safe fixes', () => {
  const database = (days: string) =>
    `Resources:\n  Database:\n    Type: AWS::RDS::DBInstance\n    Properties: { Engine: postgres${days} }\n`;
  const safety = (days: string) =>
    run('template.yaml', database(days))
      .filter(({ rule }) => rule.id === 'rds-backup-retention')
      .flatMap((finding) => finding.fixes().map(({ safe }) => safe));

  it('do not switch on backups of a database that runs without: that interrupts it', () => {
    assert.deepEqual(safety(', BackupRetentionPeriod: 0'), [false]);
  });

  it('keep backups for longer', () => {
    assert.deepEqual(safety(', BackupRetentionPeriod: 3'), [true]);
    assert.deepEqual(safety(''), [true]);
  });
});
