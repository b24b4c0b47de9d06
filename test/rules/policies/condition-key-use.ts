/** Condition keys that exist, and are not in the requests that the statement is about. */

import { ASSUMED_BY, allow, deny, key, onBucket, onTopic, policy } from './condition-statements.ts';
import type { PolicyFixture } from './fixture.ts';

export const CONDITION_KEY_USE_FIXTURES: readonly PolicyFixture[] = [
  {
    check: 'key-not-for-action',
    host: 'identity',
    violates: policy({
      Sid: 'Home',
      Effect: 'Allow',
      Action: ['s3:ListBucket', 's3:GetObject'],
      Resource: ['arn:aws:s3:::reports', 'arn:aws:s3:::reports/*'],
      Condition: { StringLike: { 's3:prefix': 'home/*' }, Bool: { 'aws:SecureTransport': 'true' } },
    }),
    at: key('StringLike', 's3:prefix'),
    onKey: true,
    fixed: policy(
      {
        Sid: 'Home',
        Effect: 'Allow',
        Action: ['s3:ListBucket'],
        Resource: ['arn:aws:s3:::reports', 'arn:aws:s3:::reports/*'],
        Condition: { StringLike: { 's3:prefix': 'home/*' }, Bool: { 'aws:SecureTransport': 'true' } },
      },
      {
        Sid: 'Home2',
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: ['arn:aws:s3:::reports', 'arn:aws:s3:::reports/*'],
        Condition: { Bool: { 'aws:SecureTransport': 'true' } },
      },
    ),
    satisfies: [
      policy(allow('s3:ListBucket', { StringLike: { 's3:prefix': 'home/*' } })),
      // Patterns may stand for actions that have it, and others get by where the key is optional.
      policy(allow(['s3:List*', 's3:ListBucket'], { StringLike: { 's3:prefix': 'home/*' } })),
      policy(allow(['s3:ListBucket', 's3:GetObject'], { StringLikeIfExists: { 's3:prefix': 'home/*' } })),
      policy(allow(['s3:ListBucket', 's3:GetObject'], { StringNotEquals: { 's3:prefix': 'home/secret' } })),
      policy(allow(['s3:GetObject'], { StringEquals: { 'aws:PrincipalTag/team': 'web' } })),
      // Keys that stay with a session are in requests to every service.
      policy(
        allow('s3:GetObject', {
          StringEquals: { 'ec2:SourceInstanceARN': 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0' },
        }),
      ),
      policy(allow(['ec2:RunInstances', 'ec2:CreateTags'], { StringEquals: { 'aws:RequestTag/team': 'web' } })),
      policy({
        Effect: 'Allow',
        NotAction: 's3:PutObject',
        Resource: '*',
        Condition: { StringEquals: { 's3:authType': 'REST-HEADER' } },
      }),
    ],
  },
  {
    check: 'key-not-for-action',
    title: 'beside what passes a role',
    host: 'identity',
    violates: policy(
      allow(['iam:PassRole', 'ec2:RunInstances'], { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } }),
    ),
    at: key('StringEquals', 'iam:PassedToService'),
    onKey: true,
    satisfies: [policy(allow('iam:PassRole', { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } }))],
  },
  {
    check: 'key-not-for-action',
    title: 'none of the actions',
    host: 'identity',
    violates: policy(allow('s3:listbucket', { StringEquals: { 's3:x-amz-storage-class': 'STANDARD' } })),
    at: key('StringEquals', 's3:x-amz-storage-class'),
    onKey: true,
    satisfies: [policy(allow('s3:PutObject', { StringEquals: { 's3:x-amz-storage-class': 'STANDARD' } }))],
  },
  {
    check: 'key-not-for-action',
    title: 'a key of another service, optional',
    host: 'identity',
    violates: policy(allow('sqs:SendMessage', { StringEqualsIfExists: { 's3:prefix': 'home/' } })),
    at: key('StringEqualsIfExists', 's3:prefix'),
    onKey: true,
    satisfies: [policy(allow('sqs:SendMessage', { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }))],
  },
  {
    check: 'key-not-for-action',
    title: 'denied',
    host: 'bucket',
    violates: policy({
      Effect: 'Deny',
      Principal: '*',
      Action: ['s3:PutObject', 's3:DeleteObject'],
      Resource: 'arn:aws:s3:::reports/*',
      Condition: { StringEquals: { 's3:x-amz-acl': 'public-read' } },
    }),
    at: key('StringEquals', 's3:x-amz-acl'),
    onKey: true,
    fixed: policy(
      {
        Effect: 'Deny',
        Principal: '*',
        Action: ['s3:PutObject'],
        Resource: 'arn:aws:s3:::reports/*',
        Condition: { StringEquals: { 's3:x-amz-acl': 'public-read' } },
      },
      { Effect: 'Deny', Principal: '*', Action: 's3:DeleteObject', Resource: 'arn:aws:s3:::reports/*' },
    ),
    satisfies: [
      policy({
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:PutObject',
        Resource: 'arn:aws:s3:::reports/*',
        Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } },
      }),
      policy({
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: ['arn:aws:s3:::reports', 'arn:aws:s3:::reports/*'],
        Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } },
      }),
    ],
  },
  {
    check: 'key-not-for-action',
    title: 'tags that no action takes',
    host: 'identity',
    violates: policy(
      allow(['sqs:SendMessage', 'sqs:ReceiveMessage'], { StringEquals: { 'aws:RequestTag/team': 'web' } }),
    ),
    at: key('StringEquals', 'aws:RequestTag/team'),
    onKey: true,
    satisfies: [
      policy(allow('sqs:CreateQueue', { StringEquals: { 'aws:RequestTag/team': 'web' } })),
      policy(allow(['sqs:SendMessage', 'sqs:CreateQueue'], { StringEquals: { 'aws:RequestTag/team': 'web' } })),
    ],
  },
  {
    check: 'key-needs-action',
    host: 'trust',
    violates: policy({
      Effect: 'Allow',
      Principal: ASSUMED_BY,
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:RequestTag/team': 'web' } },
    }),
    at: key('StringEquals', 'aws:RequestTag/team'),
    onKey: true,
    fixed: policy({
      Effect: 'Allow',
      Principal: ASSUMED_BY,
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Condition: { StringEquals: { 'aws:RequestTag/team': 'web' } },
    }),
    satisfies: [
      policy({
        Effect: 'Allow',
        Principal: ASSUMED_BY,
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: { StringEquals: { 'aws:RequestTag/team': 'web' } },
      }),
      policy(
        {
          Effect: 'Allow',
          Principal: ASSUMED_BY,
          Action: 'sts:AssumeRole',
          Condition: { StringLike: { 'sts:SourceIdentity': 'deployer-*' } },
        },
        { Effect: 'Allow', Principal: ASSUMED_BY, Action: 'sts:SetSourceIdentity' },
      ),
      policy({
        Effect: 'Allow',
        Principal: ASSUMED_BY,
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': 'agreed-upon' }, Null: { 'aws:RequestTag/team': 'true' } },
      }),
    ],
  },
  {
    check: 'key-needs-action',
    title: 'the source identity',
    host: 'trust',
    violates: policy({
      Effect: 'Allow',
      Principal: ASSUMED_BY,
      Action: ['sts:AssumeRole'],
      Condition: { StringLike: { 'sts:SourceIdentity': 'deployer-*' } },
    }),
    at: key('StringLike', 'sts:SourceIdentity'),
    onKey: true,
    fixed: policy({
      Effect: 'Allow',
      Principal: ASSUMED_BY,
      Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
      Condition: { StringLike: { 'sts:SourceIdentity': 'deployer-*' } },
    }),
    satisfies: [
      policy({
        Effect: 'Allow',
        Principal: ASSUMED_BY,
        Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
        Condition: { StringLike: { 'sts:SourceIdentity': 'deployer-*' } },
      }),
    ],
  },
  {
    check: 'key-supported-services-only',
    host: 'identity',
    violates: policy(allow(['s3:GetObject', 'sns:Publish'], { StringEquals: { 'aws:VpceOrgID': 'o-a1b2c3d4e5' } })),
    at: key('StringEquals', 'aws:VpceOrgID'),
    onKey: true,
    satisfies: [
      policy(allow(['s3:*', 'kms:Decrypt', 'sqs:*'], { StringEquals: { 'aws:VpceOrgID': 'o-a1b2c3d4e5' } })),
      policy(allow('dynamodb:GetItem', { StringEquals: { 'aws:VpceAccount': '111122223333' } })),
      policy(allow('sns:Publish', { StringEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' } })),
    ],
  },
  {
    check: 'key-supported-services-only',
    title: 'everything',
    host: 'scp',
    violates: policy(
      deny('*', {
        StringNotEqualsIfExists: { 'aws:VpceOrgID': 'o-a1b2c3d4e5' },
        Bool: { 'aws:ViaAWSService': 'false' },
      }),
    ),
    at: key('StringNotEqualsIfExists', 'aws:VpceOrgID'),
    onKey: true,
    satisfies: [policy(deny('s3:*', { StringNotEqualsIfExists: { 'aws:VpceOrgID': 'o-a1b2c3d4e5' } }))],
  },
  {
    check: 'key-irrelevant-in-resource-policy',
    host: 'bucket',
    violates: policy(onBucket({ StringEquals: { 's3:ResourceAccount': '111122223333' } })),
    at: key('StringEquals', 's3:ResourceAccount'),
    onKey: true,
    satisfies: [
      policy(onBucket({ StringEquals: { 'aws:PrincipalAccount': '111122223333' } })),
      // Compared with the caller's account it keeps others out.
      policy(onBucket({ StringEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } })),
    ],
  },
  {
    check: 'key-not-for-service-principal',
    host: 'topic',
    violates: policy(
      onTopic({ Service: 'cloudwatch.amazonaws.com' }, { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }),
    ),
    at: key('StringEquals', 'aws:PrincipalOrgID'),
    onKey: true,
    fixed: policy(
      onTopic({ Service: 'cloudwatch.amazonaws.com' }, { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } }),
    ),
    satisfies: [
      policy(onTopic({ Service: 'cloudwatch.amazonaws.com' }, { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } })),
      policy(onTopic(ASSUMED_BY, { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } })),
      // With others, or where it is optional, the service still gets in.
      policy(
        onTopic(
          { Service: 'cloudwatch.amazonaws.com', ...ASSUMED_BY },
          { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
        ),
      ),
    ],
  },
  {
    check: 'key-not-for-service-principal',
    title: 'beside roles',
    host: 'topic',
    violates: policy(
      onTopic(
        { Service: 'cloudwatch.amazonaws.com', ...ASSUMED_BY },
        { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/*' } },
      ),
    ),
    at: key('ArnLike', 'aws:PrincipalArn'),
    onKey: true,
    satisfies: [policy(onTopic(ASSUMED_BY, { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/*' } }))],
  },
  {
    check: 'tag-key-missing',
    host: 'identity',
    violates: policy(allow('ec2:StartInstances', { StringEquals: { 'aws:ResourceTag': 'web' } })),
    at: key('StringEquals', 'aws:ResourceTag'),
    onKey: true,
    fixed: policy(allow('ec2:StartInstances', { StringEquals: { 'aws:ResourceTag/TAG_KEY': 'web' } })),
    satisfies: [policy(allow('ec2:StartInstances', { StringEquals: { 'aws:ResourceTag/team': 'web' } }))],
  },
  {
    check: 'tag-key-missing',
    title: 'a key of a service, with nothing behind the slash',
    host: 'identity',
    violates: policy(allow('ec2:StartInstances', { StringEquals: { 'ec2:ResourceTag/': 'web' } })),
    at: key('StringEquals', 'ec2:ResourceTag/'),
    onKey: true,
    fixed: policy(allow('ec2:StartInstances', { StringEquals: { 'ec2:ResourceTag/TAG_KEY': 'web' } })),
    satisfies: [policy(allow('ec2:StartInstances', { StringEquals: { 'ec2:ResourceTag/team': 'web' } }))],
  },
  {
    check: 'tag-key-unsupported-allow',
    host: 'identity',
    violates: policy(
      allow(['ec2:StartInstances', 'ec2:DescribeInstances'], { StringEquals: { 'aws:ResourceTag/team': 'web' } }),
    ),
    at: key('StringEquals', 'aws:ResourceTag/team'),
    onKey: true,
    fixed: policy(allow(['ec2:StartInstances'], { StringEquals: { 'aws:ResourceTag/team': 'web' } }), {
      Effect: 'Allow',
      Action: 'ec2:DescribeInstances',
      Resource: '*',
    }),
    satisfies: [
      policy(allow('ec2:StartInstances', { StringEquals: { 'aws:ResourceTag/team': 'web' } })),
      policy(allow('ec2:*', { StringEquals: { 'aws:ResourceTag/team': 'web' } })),
      policy(
        allow(['ec2:StartInstances', 'ec2:DescribeInstances'], {
          StringEqualsIfExists: { 'aws:ResourceTag/team': 'web' },
        }),
      ),
      policy(allow('ec2:DescribeInstances', { StringEquals: { 'aws:PrincipalTag/team': 'web' } })),
      // What is created may be asked for the tags that it is to have.
      policy(allow('resource-groups:CreateGroup', { Null: { 'aws:ResourceTag/team': 'true' } })),
    ],
  },
  {
    check: 'tag-key-unsupported-allow',
    title: 'a service without tags',
    host: 'identity',
    violates: policy(allow('polly:*', { StringEquals: { 'aws:ResourceTag/team': 'web' } })),
    at: key('StringEquals', 'aws:ResourceTag/team'),
    onKey: true,
    satisfies: [policy(allow('lambda:*', { StringEquals: { 'aws:ResourceTag/team': 'web' } }))],
  },
  {
    check: 'tag-key-unsupported-deny',
    host: 'identity',
    violates: policy(
      deny(['appmesh:DeleteMesh', 'polly:DeleteLexicon'], { StringEquals: { 'aws:ResourceTag/status': 'kept' } }),
    ),
    at: key('StringEquals', 'aws:ResourceTag/status'),
    onKey: true,
    fixed: policy(deny(['appmesh:DeleteMesh'], { StringEquals: { 'aws:ResourceTag/status': 'kept' } }), {
      Effect: 'Deny',
      Action: 'polly:DeleteLexicon',
      Resource: '*',
    }),
    satisfies: [
      policy(deny('appmesh:DeleteMesh', { StringEquals: { 'aws:ResourceTag/status': 'kept' } })),
      policy(
        deny(['appmesh:DeleteMesh', 'polly:DeleteLexicon'], { StringNotEquals: { 'aws:ResourceTag/status': 'free' } }),
      ),
    ],
  },
  {
    check: 'tag-key-notaction',
    host: 'identity',
    violates: policy({
      Effect: 'Deny',
      NotAction: 'ec2:Describe*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:ResourceTag/status': 'kept' } },
    }),
    at: key('StringEquals', 'aws:ResourceTag/status'),
    onKey: true,
    satisfies: [
      policy({
        Effect: 'Deny',
        NotAction: 'ec2:Describe*',
        Resource: '*',
        Condition: { StringNotEquals: { 'aws:ResourceTag/status': 'free' } },
      }),
      policy({
        Effect: 'Deny',
        NotAction: 'ec2:Describe*',
        Resource: '*',
        Condition: { StringEquals: { 'aws:PrincipalTag/status': 'guest' } },
      }),
    ],
  },
  {
    check: 'tag-key-notaction',
    title: 'allowed',
    host: 'identity',
    violates: policy({
      Effect: 'Allow',
      NotAction: 'iam:*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:ResourceTag/team': 'web' } },
    }),
    at: key('StringEquals', 'aws:ResourceTag/team'),
    onKey: true,
    satisfies: [
      policy({
        Effect: 'Allow',
        NotAction: 'iam:*',
        Resource: '*',
        Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
      }),
    ],
  },
];
