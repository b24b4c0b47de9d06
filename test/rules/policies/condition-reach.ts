/** Conditions that keep out fewer than they seem to. */

import type { Json, PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const CONDITION_REACH_CHECKS: Readonly<Record<string, string>> = {
  'mfa-bad-pattern': 'iam-condition-mfa-bad-pattern',
  'forallvalues-single': 'iam-condition-too-loose/absent-key',
  'untrustworthy-key': 'iam-condition-weak/untrustworthy-key',
  'missing-paired-key': 'iam-condition-weak/missing-paired-key',
  'dynamodb-attributes-select': 'iam-condition-weak/dynamodb-attributes-select',
  's3-prefix-negative': 'iam-condition-weak/s3-prefix-negative',
  'foranyvalue-audience': 'iam-condition-weak/foranyvalue-audience',
  'wildcard-too-permissive': 'iam-condition-weak/wildcard-too-permissive',
  'variable-too-permissive': 'iam-condition-weak/variable-too-permissive',
  'stringlike-on-arn-key': 'iam-condition-weak/stringlike-on-arn-key',
};

type Fields = { readonly [name: string]: Json };

const policy = (...statements: readonly Fields[]): Json => ({ Version: '2012-10-17', Statement: statements });
const key = (operator: string, name: string) => ['Statement', 0, 'Condition', operator, name] as const;
const operator = (name: string) => ['Statement', 0, 'Condition', name] as const;

const allow = (Action: Json, Condition: Json): Fields => ({ Effect: 'Allow', Action, Resource: '*', Condition });
const deny = (Action: Json, Condition: Json): Fields => ({ Effect: 'Deny', Action, Resource: '*', Condition });

const PARTNER = { AWS: 'arn:aws:iam::444455556666:root' };
const onBucket = (Condition: Json, Principal: Json = PARTNER): Fields => ({
  Effect: 'Allow',
  Principal,
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::reports/*',
  Condition,
});
const GITHUB = 'token.actions.githubusercontent.com';
const trust = (Condition: Json): Json =>
  policy({
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${GITHUB}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition,
  });
const SUBJECT = { StringEquals: { [`${GITHUB}:sub`]: 'repo:example/site:ref:refs/heads/main' } };

export const CONDITION_REACH_FIXTURES: readonly PolicyFixture[] = [
  {
    check: 'mfa-bad-pattern',
    host: 'identity',
    violates: policy(allow('ec2:StopInstances', { Bool: { 'aws:MultiFactorAuthPresent': 'false' } })),
    at: key('Bool', 'aws:MultiFactorAuthPresent'),
    fixed: policy(allow('ec2:StopInstances', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } })),
    satisfies: [
      policy(allow('ec2:StopInstances', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } })),
      policy(deny('ec2:StopInstances', { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } })),
    ],
  },
  {
    check: 'forallvalues-single',
    host: 'identity',
    violates: policy(
      allow('iam:PassRole', { 'ForAllValues:StringEquals': { 'iam:PassedToService': 'ec2.amazonaws.com' } }),
    ),
    at: operator('ForAllValues:StringEquals'),
    onKey: true,
    fixed: policy(allow('iam:PassRole', { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } })),
    satisfies: [
      policy(allow('iam:PassRole', { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } })),
      policy(allow('ec2:CreateTags', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'stage'] } })),
    ],
  },
  {
    check: 'untrustworthy-key',
    host: 'bucket',
    violates: policy(onBucket({ StringLike: { 'aws:Referer': 'https://www.example.com/*' } })),
    at: key('StringLike', 'aws:Referer'),
    onKey: true,
    satisfies: [
      policy(onBucket({ StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } })),
      // Public, and told so by the rule on that.
      policy(onBucket({ StringLike: { 'aws:Referer': 'https://www.example.com/*' } }, '*')),
      // Asked for its source by the rules on services.
      policy(onBucket({ StringEquals: { 'aws:Referer': '111122223333' } }, { Service: 'ses.amazonaws.com' })),
      policy({
        ...onBucket({ StringNotLike: { 'aws:Referer': 'https://www.example.com/*' } }),
        Effect: 'Deny',
      }),
      policy(onBucket({ Null: { 'aws:Referer': 'true' } })),
      policy(
        onBucket({
          StringLike: { 'aws:Referer': 'https://www.example.com/*' },
          StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
        }),
      ),
    ],
  },
  {
    check: 'missing-paired-key',
    host: 'identity',
    violates: policy(allow('s3:GetObject', { IpAddress: { 'aws:VpcSourceIp': '10.0.0.0/16' } })),
    at: key('IpAddress', 'aws:VpcSourceIp'),
    onKey: true,
    fixed: policy(
      allow('s3:GetObject', {
        IpAddress: { 'aws:VpcSourceIp': '10.0.0.0/16' },
        StringEquals: { 'aws:SourceVpc': 'vpc-00000000000000000' },
      }),
    ),
    satisfies: [
      policy(
        allow('s3:GetObject', {
          IpAddress: { 'aws:VpcSourceIp': '10.0.0.0/16' },
          StringEquals: { 'aws:sourceVpce': 'vpce-0123456789abcdef0' },
        }),
      ),
      policy(
        allow('s3:GetObject', {
          IpAddress: { 'aws:VpcSourceIp': '10.0.0.0/16' },
          ArnEquals: { 'aws:SourceVpcArn': 'arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-0123456789abcdef0' },
        }),
      ),
      policy(deny('s3:GetObject', { IpAddress: { 'aws:VpcSourceIp': '10.0.66.0/24' } })),
    ],
  },
  {
    check: 'missing-paired-key',
    title: 'denied',
    host: 'identity',
    violates: policy(deny('s3:GetObject', { NotIpAddress: { 'aws:VpcSourceIp': '10.0.0.0/16' } })),
    at: key('NotIpAddress', 'aws:VpcSourceIp'),
    onKey: true,
    satisfies: [
      policy(
        deny('s3:GetObject', {
          NotIpAddress: { 'aws:VpcSourceIp': '10.0.0.0/16' },
          StringEquals: { 'aws:SourceVpc': 'vpc-0123456789abcdef0' },
        }),
      ),
    ],
  },
  {
    check: 'dynamodb-attributes-select',
    host: 'identity',
    violates: policy(
      allow(['dynamodb:GetItem', 'dynamodb:Query'], {
        'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['UserId', 'Score'] },
      }),
    ),
    at: key('ForAllValues:StringEquals', 'dynamodb:Attributes'),
    onKey: true,
    fixed: policy(
      allow(['dynamodb:GetItem', 'dynamodb:Query'], {
        'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['UserId', 'Score'] },
        StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
      }),
    ),
    satisfies: [
      policy(
        allow('dynamodb:Query', {
          'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['UserId', 'Score'] },
          StringEqualsIfExists: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
        }),
      ),
      policy(
        allow('dynamodb:PutItem', { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['UserId', 'Score'] } }),
      ),
    ],
  },
  {
    check: 's3-prefix-negative',
    host: 'identity',
    violates: policy(deny('s3:ListBucket', { StringLike: { 's3:prefix': 'private/*' } })),
    at: key('StringLike', 's3:prefix'),
    onKey: true,
    satisfies: [
      policy(deny('s3:ListBucket', { StringNotLike: { 's3:prefix': 'public/*' } })),
      policy(allow('s3:ListBucket', { StringLike: { 's3:prefix': 'public/*' } })),
      policy(deny('s3:ListBucket', { StringEquals: { 's3:prefix': '' } })),
      policy(deny('s3:ListBucket', { Null: { 's3:prefix': 'true' } })),
    ],
  },
  {
    check: 's3-prefix-negative',
    title: 'allowed',
    host: 'identity',
    violates: policy(allow('s3:ListBucket', { StringNotEquals: { 's3:prefix': ['private/', 'secret/'] } })),
    at: key('StringNotEquals', 's3:prefix'),
    onKey: true,
    satisfies: [policy(allow('s3:ListBucket', { StringEquals: { 's3:prefix': ['public/', 'site/'] } }))],
  },
  {
    check: 'foranyvalue-audience',
    host: 'trust',
    violates: trust({
      'ForAnyValue:StringEquals': { [`${GITHUB}:aud`]: 'sts.amazonaws.com' },
      StringLike: { [`${GITHUB}:sub`]: 'repo:example/site:ref:refs/heads/main' },
    }),
    at: operator('ForAnyValue:StringEquals'),
    onKey: true,
    fixed: trust({
      StringEquals: { [`${GITHUB}:aud`]: 'sts.amazonaws.com' },
      StringLike: { [`${GITHUB}:sub`]: 'repo:example/site:ref:refs/heads/main' },
    }),
    satisfies: [
      trust({ StringEquals: { ...SUBJECT.StringEquals, [`${GITHUB}:aud`]: 'sts.amazonaws.com' } }),
      policy({
        Effect: 'Allow',
        Principal: { Federated: 'cognito-identity.amazonaws.com' },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { 'cognito-identity.amazonaws.com:aud': 'eu-west-1:12345678-dead-beef-cafe-123456790ab' },
          'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'authenticated' },
        },
      }),
    ],
  },
  {
    check: 'foranyvalue-audience',
    title: 'beside the subject',
    host: 'trust',
    violates: trust({ 'ForAnyValue:StringEquals': { [`${GITHUB}:aud`]: 'sts.amazonaws.com' }, ...SUBJECT }),
    at: operator('ForAnyValue:StringEquals'),
    onKey: true,
    fixed: trust({ StringEquals: { ...SUBJECT.StringEquals, [`${GITHUB}:aud`]: 'sts.amazonaws.com' } }),
    satisfies: [trust({ StringEquals: { ...SUBJECT.StringEquals, [`${GITHUB}:aud`]: 'sts.amazonaws.com' } })],
  },
  {
    check: 'wildcard-too-permissive',
    host: 'identity',
    violates: policy(allow('s3:GetObject', { StringLike: { 'aws:ResourceOrgID': 'o-a1b2*' } })),
    at: key('StringLike', 'aws:ResourceOrgID'),
    satisfies: [
      policy(allow('s3:GetObject', { StringLike: { 'aws:ResourceOrgID': 'o-a1b2c3d4e5' } })),
      // Paths begin with the organization.
      policy(allow('s3:GetObject', { 'ForAnyValue:StringLike': { 'aws:ResourceOrgPaths': 'o-a1b2c3d4e5/*' } })),
      policy(allow('s3:GetObject', { StringLike: { 'aws:PrincipalTag/team': 'w*' } })),
      // Whoever matches is denied, and others are not let in.
      policy(deny('s3:GetObject', { StringLike: { 'aws:ResourceAccount': '1111*' } })),
      policy(deny('s3:*', { StringNotLike: { 'aws:userId': ['AROAEXAMPLEID:*', '111122223333'] } })),
      policy(allow('sts:AssumeRole', { StringLike: { 'aws:username': 'deployer-*' } })),
    ],
  },
  {
    check: 'wildcard-too-permissive',
    title: 'left out of a Deny',
    host: 'bucket',
    violates: policy({
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::reports/*',
      Condition: { StringNotLike: { 'aws:PrincipalAccount': ['111122223333', '4444*'] } },
    }),
    at: [...key('StringNotLike', 'aws:PrincipalAccount'), 1],
    satisfies: [
      policy({
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::reports/*',
        Condition: { StringNotLike: { 'aws:PrincipalAccount': ['111122223333', '444455556666'] } },
      }),
    ],
  },
  {
    check: 'wildcard-too-permissive',
    title: 'the id of a principal',
    host: 'identity',
    violates: policy(deny('s3:*', { StringNotLike: { 'aws:userid': 'AROA*:deployer' } })),
    at: key('StringNotLike', 'aws:userid'),
    satisfies: [
      policy(deny('s3:*', { StringNotLike: { 'aws:userid': 'AROAEXAMPLEID:deployer-*' } })),
      policy(deny('s3:*', { StringNotLike: { 'aws:userid': '*:deployer@example.com' } })),
    ],
  },
  {
    check: 'wildcard-too-permissive',
    title: 'a short name',
    host: 'trust',
    violates: policy({
      Effect: 'Allow',
      Principal: PARTNER,
      Action: 'sts:AssumeRole',
      Condition: { StringLike: { 'sts:ExternalId': 'ab-*' } },
    }),
    at: key('StringLike', 'sts:ExternalId'),
    satisfies: [
      policy({
        Effect: 'Allow',
        Principal: PARTNER,
        Action: 'sts:AssumeRole',
        Condition: { StringLike: { 'sts:ExternalId': 'b6f2c1d0-*' } },
      }),
      policy({
        Effect: 'Allow',
        Principal: PARTNER,
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': 'ab-c' } },
      }),
    ],
  },
  {
    check: 'variable-too-permissive',
    host: 'bucket',
    violates: policy(onBucket({ StringEquals: { 'aws:PrincipalAccount': '${aws:PrincipalTag/account}' } })),
    at: key('StringEquals', 'aws:PrincipalAccount'),
    satisfies: [
      // What AWS fills in is as good as a value.
      policy(onBucket({ StringEquals: { 'aws:PrincipalOrgID': '${aws:ResourceOrgID}' } })),
      policy(onBucket({ StringEquals: { 'aws:PrincipalAccount': '${aws:ResourceAccount}' } })),
      policy(onBucket({ StringEquals: { 'aws:PrincipalTag/team': '${aws:RequestTag/team}' } })),
      policy(onBucket({ StringLike: { 'aws:userid': 'AROAEXAMPLEID:${aws:PrincipalTag/name}' } })),
    ],
  },
  {
    check: 'stringlike-on-arn-key',
    host: 'bucket',
    violates: policy(onBucket({ StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/deployer' } })),
    at: operator('StringLike'),
    onKey: true,
    fixed: policy(onBucket({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/deployer' } })),
    satisfies: [
      policy(onBucket({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/deployer' } })),
      policy(onBucket({ StringEquals: { 'aws:PrincipalArn': 'arn:aws:iam::444455556666:role/deployer' } })),
      policy(onBucket({ StringLike: { 'aws:PrincipalTag/team': 'web*' } })),
    ],
  },
  {
    check: 'stringlike-on-arn-key',
    title: 'beside another key',
    host: 'bucket',
    violates: policy({
      ...onBucket({
        StringNotLikeIfExists: {
          'aws:PrincipalArn': ['arn:aws:iam::444455556666:role/web-*'],
          'aws:PrincipalTag/team': 'web*',
        },
      }),
      Effect: 'Deny',
    }),
    at: key('StringNotLikeIfExists', 'aws:PrincipalArn'),
    onKey: true,
    fixed: policy({
      ...onBucket({
        StringNotLikeIfExists: { 'aws:PrincipalTag/team': 'web*' },
        ArnNotLikeIfExists: { 'aws:PrincipalArn': ['arn:aws:iam::444455556666:role/web-*'] },
      }),
      Effect: 'Deny',
    }),
    satisfies: [
      policy({
        ...onBucket({ ArnNotLikeIfExists: { 'aws:PrincipalArn': ['arn:aws:iam::444455556666:role/web-*'] } }),
        Effect: 'Deny',
      }),
    ],
  },
  {
    check: 'stringlike-on-arn-key',
    title: 'text that is no ARN',
    host: 'bucket',
    violates: policy(onBucket({ StringLike: { 'aws:PrincipalArn': '*:role/deployer' } })),
    at: operator('StringLike'),
    onKey: true,
    satisfies: [policy(onBucket({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::444455556666:role/*' } }))],
  },
];
