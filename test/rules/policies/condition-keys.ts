/** Condition keys: whether they exist, and are in the requests that the statement is about. */

import { CONDITION_KEY_USE_FIXTURES } from './condition-key-use.ts';
import { allow, deny, EKS, GITHUB, key, onBucket, onTopic, policy, SAML } from './condition-statements.ts';
import type { PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const CONDITION_KEY_CHECKS: Readonly<Record<string, string>> = {
  'unknown-global-key': 'iam-condition-key-invalid/unknown-global-key',
  'unknown-service-key': 'iam-condition-key-invalid/unknown-service-key',
  'condition-key-format': 'iam-condition-key-invalid/condition-key-format',
  'unsupported-global-key': 'iam-condition-key-invalid/unsupported-global-key',
  'key-not-for-action': 'iam-condition-key-invalid/key-not-for-action',
  'key-needs-action': 'iam-condition-key-invalid/key-needs-action',
  'key-supported-services-only': 'iam-condition-key-invalid/key-supported-services-only',
  'key-irrelevant-in-resource-policy': 'iam-condition-key-invalid/key-irrelevant-in-resource-policy',
  'key-not-for-service-principal': 'iam-condition-key-invalid/key-not-for-service-principal',
  'tag-key-missing': 'iam-condition-key-invalid/tag-key-missing',
  'tag-key-unsupported-allow': 'iam-condition-key-invalid/tag-key-unsupported-allow',
  'tag-key-unsupported-deny': 'iam-condition-key-invalid/tag-key-unsupported-deny',
  'tag-key-notaction': 'iam-condition-key-invalid/tag-key-notaction',
};

export const CONDITION_KEY_FIXTURES: readonly PolicyFixture[] = [
  {
    check: 'unknown-global-key',
    host: 'identity',
    violates: policy(allow('s3:GetObject', { StringEquals: { 'aws:PrincipalOrg': 'o-a1b2c3d4e5' } })),
    at: key('StringEquals', 'aws:PrincipalOrg'),
    onKey: true,
    fixed: policy(allow('s3:GetObject', { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } })),
    satisfies: [
      policy(
        allow('s3:GetObject', {
          StringEquals: { 'AWS:principalORGid': 'o-a1b2c3d4e5', 'aws:PrincipalTag/team': 'web' },
          StringLike: { 'aws:userid': 'AROAEXAMPLE:*' },
          Bool: { 'aws:SecureTransport': 'true', 'aws:ViaAWSService': 'false' },
        }),
      ),
      // Listed by the user guide before the data has them.
      policy(
        allow('s3:GetObject', {
          ArnLike: {
            'aws:SignInSessionArn': 'arn:aws:signin:eu-west-1:111122223333:session/*',
            'codebuild:ProjectArn': 'arn:aws:codebuild:eu-west-1:111122223333:project/site',
          },
        }),
      ),
      policy(
        allow('s3:GetObject', {
          ArnEquals: { 'lambda:SourceFunctionArn': 'arn:aws:lambda:eu-west-1:111122223333:function:thumbnails' },
        }),
      ),
    ],
  },
  {
    check: 'unknown-global-key',
    title: 'a key of a service',
    host: 'identity',
    violates: policy(allow('iam:PassRole', { StringEquals: { 'aws:PassedToService': 'ec2.amazonaws.com' } })),
    at: key('StringEquals', 'aws:PassedToService'),
    onKey: true,
    fixed: policy(allow('iam:PassRole', { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } })),
    satisfies: [policy(allow('iam:PassRole', { StringEquals: { 'iam:passedtoservice': 'ec2.amazonaws.com' } }))],
  },
  {
    check: 'unknown-global-key',
    title: 'nothing like it',
    host: 'scp',
    violates: policy(deny('s3:GetObject', { StringEquals: { 'aws:DepartmentName': 'web' } })),
    at: key('StringEquals', 'aws:DepartmentName'),
    onKey: true,
    satisfies: [policy(deny('s3:GetObject', { StringNotEquals: { 'aws:ResourceOrgID': '${aws:PrincipalOrgID}' } }))],
  },
  {
    check: 'unknown-service-key',
    host: 'identity',
    violates: policy(allow('s3:ListBucket', { StringLike: { 's3:prefixes': 'home/*' } })),
    at: key('StringLike', 's3:prefixes'),
    onKey: true,
    fixed: policy(allow('s3:ListBucket', { StringLike: { 's3:prefix': 'home/*' } })),
    satisfies: [
      policy(allow('s3:ListBucket', { StringLike: { 'S3:Prefix': 'home/*' } })),
      // The part that the user chooses may hold colons.
      policy(
        allow('kms:Decrypt', { StringEquals: { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::reports' } }),
        allow('ec2:TerminateInstances', { StringEquals: { 'ec2:ResourceTag/aws:autoscaling:groupName': 'web' } }),
        allow('s3:GetObject', { StringEquals: { 's3:ExistingObjectTag/team': 'web' } }),
        allow('secretsmanager:GetSecretValue', { StringEquals: { 'secretsmanager:resource/Type': 'x' } }),
        allow('codebuild:StartBuild', {
          StringEquals: { 'codebuild:environment.environmentVariables/Stage.value': 'test' },
        }),
      ),
      // Known to the actions of a service, under the name of another one.
      policy(allow('aws-marketplace:StartChangeSet', { StringEquals: { 'catalog:ChangeType': 'CreateOffer' } })),
      policy(allow('iot:Connect', { Bool: { 'iot:Connection.Thing.IsAttached': 'true' } })),
    ],
  },
  {
    check: 'unknown-service-key',
    title: 'a global key under the name of a service',
    host: 'bucket',
    violates: policy(onBucket({ IpAddress: { 's3:SourceIp': '203.0.113.0/24' } })),
    at: key('IpAddress', 's3:SourceIp'),
    onKey: true,
    fixed: policy(onBucket({ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } })),
    satisfies: [policy(onBucket({ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }))],
  },
  {
    check: 'unknown-service-key',
    title: 'nothing like it',
    host: 'identity',
    violates: policy(allow('s3:ListBucket', { StringEquals: { 's3:departmentname': 'web' } })),
    at: key('StringEquals', 's3:departmentname'),
    onKey: true,
    satisfies: [policy(allow('s3:ListBucket', { StringEquals: { 's3:delimiter': '/' } }))],
  },
  {
    check: 'unknown-service-key',
    title: 'providers',
    host: 'trust',
    violates: policy({
      Effect: 'Allow',
      Principal: SAML,
      Action: 'sts:AssumeRoleWithSAML',
      Condition: { StringEquals: { 'SAML:audd': 'https://signin.aws.amazon.com/saml' } },
    }),
    at: key('StringEquals', 'SAML:audd'),
    onKey: true,
    fixed: policy({
      Effect: 'Allow',
      Principal: SAML,
      Action: 'sts:AssumeRoleWithSAML',
      Condition: { StringEquals: { 'saml:aud': 'https://signin.aws.amazon.com/saml' } },
    }),
    satisfies: [
      policy({
        Effect: 'Allow',
        Principal: GITHUB,
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': 'repo:example/site:ref:refs/heads/main',
            'token.actions.githubusercontent.com:custom_claim': 'x',
          },
        },
      }),
      policy({
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${EKS}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { [`${EKS}:sub`]: 'system:serviceaccount:web:site', [`${EKS}:aud`]: 'sts.amazonaws.com' },
        },
      }),
    ],
  },
  {
    check: 'condition-key-format',
    host: 'identity',
    violates: policy(allow('s3:ListBucket', { DateGreaterThan: { CurrentTime: '2026-07-16T12:00:00Z' } })),
    at: key('DateGreaterThan', 'CurrentTime'),
    onKey: true,
    satisfies: [policy(allow('s3:ListBucket', { DateGreaterThan: { 'aws:CurrentTime': '2026-07-16T12:00:00Z' } }))],
  },
  {
    check: 'unsupported-global-key',
    host: 'identity',
    violates: policy(allow('s3:GetObject', { ArnLike: { 'aws:ARN': 'arn:aws:iam::111122223333:role/web' } })),
    at: key('ArnLike', 'aws:ARN'),
    onKey: true,
    fixed: policy(allow('s3:GetObject', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/web' } })),
    satisfies: [
      policy(allow('s3:GetObject', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/web' } })),
    ],
  },
  {
    check: 'unsupported-global-key',
    title: 'a service',
    host: 'topic',
    violates: policy(
      onTopic(
        { Service: 'cloudwatch.amazonaws.com' },
        { ArnLike: { 'aws:Arn': 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:*' } },
      ),
    ),
    at: key('ArnLike', 'aws:Arn'),
    onKey: true,
    fixed: policy(
      onTopic(
        { Service: 'cloudwatch.amazonaws.com' },
        { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:*' } },
      ),
    ),
    satisfies: [
      policy(
        onTopic(
          { Service: 'cloudwatch.amazonaws.com' },
          { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:*' } },
        ),
      ),
    ],
  },
  ...CONDITION_KEY_USE_FIXTURES,
];
