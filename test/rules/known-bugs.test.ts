/**
 * What other tools are known to get wrong, as templates: each must be judged right here. A line says what the mistake is; `expect` are
 * the findings that matter, `silent` the rules that must not speak of that resource.
 */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyze } from '../../server/src/analysis/analyze.ts';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings.ts';
import { loadIamData } from '../support/iam-data.ts';

loadIamData();

interface KnownBug {
  readonly mistake: string;
  readonly uri: 'template.yaml' | 'main.tf.json';
  readonly text: string;
  /** `rule resource`. */
  readonly expect: readonly string[];
  readonly silent: readonly string[];
}

const resource = (types: object) => JSON.stringify({ resource: types }, null, 2);

const KNOWN_BUGS: readonly KnownBug[] = [
  {
    mistake: 'all-protocol ingress names no ports and is taken for none',
    uri: 'template.yaml',
    text: `Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: everything
      SecurityGroupIngress: [{ IpProtocol: -1, CidrIp: 0.0.0.0/0 }]
`,
    expect: ['sg-ingress-all-world Group'],
    silent: [],
  },
  {
    mistake: 'one rule for the group itself excuses the open one beside it',
    uri: 'main.tf.json',
    text: resource({
      aws_security_group: {
        nodes: {
          description: 'nodes',
          ingress: [
            { protocol: '-1', from_port: 0, to_port: 0, self: true },
            { protocol: 'tcp', from_port: 22, to_port: 22, cidr_blocks: ['0.0.0.0/0'] },
          ],
        },
      },
    }),
    expect: ['sg-ingress-ssh-world aws_security_group.nodes'],
    silent: ['sg-ingress-all-world aws_security_group.nodes'],
  },
  {
    mistake: 'a trust policy whose principal is the plain string "*"',
    uri: 'template.yaml',
    text: `Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: { Effect: Allow, Principal: '*', Action: sts:AssumeRole }
`,
    expect: ['iam-trust-public Role'],
    silent: [],
  },
  {
    mistake: 'the condition of one statement hides the other statement',
    uri: 'template.yaml',
    text: `Resources:
  Queue:
    Type: AWS::SQS::Queue
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: '*'
            Action: sqs:SendMessage
            Resource: !GetAtt Queue.Arn
            Condition: { StringEquals: { aws:PrincipalOrgID: o-abcdefghij } }
          - Effect: Allow
            Principal: '*'
            Action: sqs:ReceiveMessage
            Resource: !GetAtt Queue.Arn
`,
    expect: ['sqs-policy-public Policy'],
    silent: [],
  },
  {
    mistake: 'a queue without a KMS key is called unencrypted, though SSE-SQS is on, by default or by name',
    uri: 'template.yaml',
    text: `Resources:
  Silent: { Type: AWS::SQS::Queue }
  Named: { Type: AWS::SQS::Queue, Properties: { SqsManagedSseEnabled: true } }
  Off: { Type: AWS::SQS::Queue, Properties: { SqsManagedSseEnabled: false } }
`,
    expect: ['sqs-encryption-disabled Off'],
    silent: ['sqs-encryption-disabled Silent', 'sqs-encryption-disabled Named'],
  },
  {
    mistake: 'dual-layer encryption (aws:kms:dsse) is not known as an algorithm',
    uri: 'template.yaml',
    text: `Resources:
  Key: { Type: AWS::KMS::Key, Properties: { EnableKeyRotation: true } }
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms:dsse', KMSMasterKeyID: !GetAtt Key.Arn }
`,
    expect: [],
    silent: ['s3-encryption-invalid Bucket', 's3-cmk Bucket'],
  },
  {
    mistake: 'a list of good TLS policies that ends before TLS 1.3',
    uri: 'main.tf.json',
    text: resource({
      aws_lb_listener: {
        good: {
          load_balancer_arn: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/1',
          port: 443,
          protocol: 'HTTPS',
          ssl_policy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
          certificate_arn: 'arn:aws:acm:us-east-1:111122223333:certificate/1',
          default_action: [{ type: 'forward', target_group_arn: 'arn:aws:elasticloadbalancing:tg' }],
        },
      },
    }),
    expect: [],
    silent: ['elbv2-listener-tls-policy aws_lb_listener.good'],
  },
  {
    mistake: 'rotation is asked of keys that cannot rotate: asymmetric ones and those for HMAC',
    uri: 'template.yaml',
    text: `Resources:
  Signing: { Type: AWS::KMS::Key, Properties: { KeySpec: RSA_2048, KeyUsage: SIGN_VERIFY } }
  Hmac: { Type: AWS::KMS::Key, Properties: { KeySpec: HMAC_256, KeyUsage: GENERATE_VERIFY_MAC } }
  Symmetric: { Type: AWS::KMS::Key, Properties: { EnableKeyRotation: false } }
`,
    expect: ['kms-rotation Symmetric'],
    silent: ['kms-rotation Signing', 'kms-rotation Hmac'],
  },
  {
    mistake: 'members of an Aurora cluster are judged as databases of their own',
    uri: 'template.yaml',
    text: `Resources:
  Cluster:
    Type: AWS::RDS::DBCluster
    Properties:
      Engine: aurora-postgresql
      MasterUsername: app
      ManageMasterUserPassword: true
      BackupRetentionPeriod: 7
      DeletionProtection: true
  Member:
    Type: AWS::RDS::DBInstance
    Properties: { Engine: aurora-postgresql, DBClusterIdentifier: !Ref Cluster, DBInstanceClass: db.r7g.large }
`,
    expect: [],
    silent: [
      'rds-storage-encryption Member',
      'rds-backup-retention Member',
      'rds-deletion-protection Member',
      'rds-public Member',
    ],
  },
  {
    mistake: 'a group that says nothing of egress: CloudFormation opens it, Terraform takes the default rule away',
    uri: 'main.tf.json',
    text: resource({ aws_security_group: { quiet: { description: 'no egress block' } } }),
    expect: [],
    silent: ['sg-egress-missing aws_security_group.quiet', 'sg-egress-world aws_security_group.quiet'],
  },
];

describe('mistakes that other tools are known for', () => {
  for (const { mistake, uri, text, expect, silent } of KNOWN_BUGS) {
    it(mistake, () => {
      const analysis = analyze([{ uri, text }], { ...DEFAULT_SETTINGS, tier: 'all' });
      const found = (analysis?.findings ?? []).map(({ finding }) => `${finding.rule.id} ${finding.resource.address}`);
      assert.ok(analysis && analysis.template.resources.length > 0);
      assert.deepEqual(
        expect.filter((one) => !found.includes(one)),
        [],
        `not found among ${found}`,
      );
      assert.deepEqual(
        silent.filter((one) => found.includes(one)),
        [],
        'said wrongly',
      );
    });
  }
});
