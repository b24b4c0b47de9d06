/** What a policy says twice, or to no effect. The checks of principals and conditions: principals.ts, condition-values.ts. */

import type { Json, PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const REDUNDANCY_CHECKS: Readonly<Record<string, string>> = {
  'sid-empty': 'iam-policy-redundant/sid-empty',
  'action-case': 'iam-policy-redundant/action-case',
  'empty-array-action': 'iam-policy-redundant/empty-array-action',
  'empty-array-resource': 'iam-policy-redundant/empty-array-resource',
  'empty-array-condition': 'iam-policy-redundant/empty-array-condition',
  'empty-object-condition': 'iam-policy-redundant/empty-object-condition',
  'redundant-action': 'iam-policy-redundant/redundant-action',
  'redundant-resource': 'iam-policy-redundant/redundant-resource',
  'redundant-statement': 'iam-policy-redundant/redundant-statement',
};

type Fields = { readonly [name: string]: Json };

const document = (...statements: readonly Json[]): Json => ({ Version: '2012-10-17', Statement: statements });
const READ = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*' } as const;
const WRITE = { Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::inbox/*' } as const;
const read = (elements: Fields = {}): Json => document({ ...READ, ...elements });
const actions = (...Action: readonly string[]) => read({ Action });
const resources = (...Resource: readonly string[]) => read({ Resource });

const LEFT_OUT = 'Terraform leaves what is empty out of the document';

export const REDUNDANCY_FIXTURES: readonly PolicyFixture[] = [
  {
    check: 'sid-empty',
    host: 'identity',
    violates: document({ Sid: '', ...READ }),
    at: ['Statement', 0, 'Sid'],
    fixed: read(),
    satisfies: [read(), document({ Sid: 'Read', ...READ })],
    noData: LEFT_OUT,
  },
  {
    check: 'action-case',
    host: 'identity',
    violates: actions('s3:getObject', 's3:PutObject'),
    at: ['Statement', 0, 'Action', 0],
    fixed: actions('s3:GetObject', 's3:PutObject'),
    satisfies: [actions('s3:GetObject'), actions('S3:GetObject', 's3:PutObject'), actions('s3:get*', 's3:putobject*')],
  },
  {
    check: 'action-case',
    title: 'alone',
    host: 'queue',
    violates: document({ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'SQS:sendmessage' }),
    at: ['Statement', 0, 'Action'],
    fixed: document({ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'sqs:SendMessage' }),
    // As SQS and SNS themselves write it into the policies that they make.
    satisfies: [document({ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'SQS:SendMessage' })],
  },
  {
    check: 'empty-array-action',
    host: 'identity',
    violates: document(WRITE, { ...READ, Action: [] }),
    at: ['Statement', 1, 'Action'],
    fixed: document(WRITE),
    satisfies: [document(WRITE, READ)],
    noData: LEFT_OUT,
  },
  {
    check: 'empty-array-action',
    title: 'the only statement',
    host: 'identity',
    violates: read({ Action: [] }),
    at: ['Statement', 0, 'Action'],
    satisfies: [read()],
    noData: LEFT_OUT,
  },
  {
    check: 'empty-array-action',
    title: 'without exceptions',
    host: 'identity',
    violates: document(WRITE, { Effect: 'Deny', NotAction: [], Resource: '*' }),
    at: ['Statement', 1, 'NotAction'],
    satisfies: [document(WRITE, { Effect: 'Deny', NotAction: ['s3:GetObject'], Resource: '*' })],
    noData: LEFT_OUT,
  },
  {
    check: 'empty-array-resource',
    host: 'identity',
    violates: document({ ...READ, Resource: [] }, WRITE),
    at: ['Statement', 0, 'Resource'],
    fixed: document(WRITE),
    satisfies: [document(READ, WRITE)],
    noData: LEFT_OUT,
  },
  {
    check: 'empty-array-condition',
    host: 'identity',
    violates: read({ Condition: { StringEquals: { 'aws:PrincipalOrgID': [] } } }),
    at: ['Statement', 0, 'Condition', 'StringEquals', 'aws:PrincipalOrgID'],
    satisfies: [
      read({ Condition: { StringEquals: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5'] } } }),
      read({ Condition: { StringEquals: { 's3:ExistingObjectTag/team': '' } } }),
    ],
  },
  {
    check: 'empty-array-condition',
    title: 'of a set',
    host: 'identity',
    violates: read({ Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': [] } } }),
    at: ['Statement', 0, 'Condition', 'ForAllValues:StringEquals', 'aws:TagKeys'],
    satisfies: [read()],
  },
  {
    check: 'empty-object-condition',
    host: 'identity',
    violates: read({ Condition: {} }),
    at: ['Statement', 0, 'Condition'],
    fixed: read(),
    satisfies: [read(), read({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } })],
    noData: LEFT_OUT,
  },
  {
    check: 'empty-object-condition',
    title: 'the only operator',
    host: 'identity',
    violates: read({ Condition: { StringEquals: {} } }),
    at: ['Statement', 0, 'Condition', 'StringEquals'],
    fixed: read(),
    satisfies: [read()],
    noData: LEFT_OUT,
  },
  {
    check: 'empty-object-condition',
    title: 'one of two operators',
    host: 'identity',
    violates: read({ Condition: { StringEquals: {}, Bool: { 'aws:SecureTransport': 'true' } } }),
    at: ['Statement', 0, 'Condition', 'StringEquals'],
    fixed: read({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
    satisfies: [read()],
    noData: LEFT_OUT,
  },
  {
    check: 'redundant-action',
    title: 'covered',
    host: 'identity',
    violates: actions('s3:Get*', 's3:PutObject', 's3:GetObject'),
    at: ['Statement', 0, 'Action', 2],
    fixed: actions('s3:Get*', 's3:PutObject'),
    satisfies: [
      actions('s3:Get*', 's3:PutObject'),
      actions('s3:Get*Acl', 's3:GetObject*'),
      // Neither covers the other.
      actions('s3:?etObject', 's3:G*Object'),
      // Names of another service begin alike.
      document({ Effect: 'Deny', Action: ['ec2:*', 'ec2messages:GetMessages'], Resource: '*' }),
      // In other lists it is something else.
      document({ ...READ, Action: ['s3:*'] }, { ...WRITE, Action: ['s3:GetObject'] }),
    ],
  },
  {
    check: 'redundant-action',
    title: 'twice, in other letters',
    host: 'identity',
    violates: actions('s3:GetObject', 's3:getObject'),
    at: ['Statement', 0, 'Action', 1],
    fixed: actions('s3:GetObject'),
    satisfies: [actions('s3:GetObject', 's3:GetObjectAcl')],
  },
  {
    check: 'redundant-action',
    title: 'beside a pattern of services',
    host: 'scp',
    violates: document({ Effect: 'Deny', Action: ['*:Delete*', 's3:DeleteBucket', 's3:PutObject'], Resource: '*' }),
    at: ['Statement', 0, 'Action', 1],
    fixed: document({ Effect: 'Deny', Action: ['*:Delete*', 's3:PutObject'], Resource: '*' }),
    satisfies: [document({ Effect: 'Deny', Action: ['s3:DeleteBucket', 'ec2:*'], Resource: '*' })],
  },
  {
    check: 'redundant-action',
    title: 'an exception covered',
    host: 'identity',
    violates: document({ Effect: 'Deny', NotAction: ['iam:*', 'sts:*', 'iam:GetUser'], Resource: '*' }),
    at: ['Statement', 0, 'NotAction', 2],
    fixed: document({ Effect: 'Deny', NotAction: ['iam:*', 'sts:*'], Resource: '*' }),
    satisfies: [document({ Effect: 'Deny', NotAction: ['iam:*', 'sts:*'], Resource: '*' })],
  },
  {
    check: 'redundant-resource',
    title: 'covered',
    host: 'identity',
    violates: resources('arn:aws:s3:::reports/*', 'arn:aws:s3:::reports/2026/*', 'arn:aws:s3:::inbox/*'),
    at: ['Statement', 0, 'Resource', 1],
    fixed: resources('arn:aws:s3:::reports/*', 'arn:aws:s3:::inbox/*'),
    satisfies: [
      resources('arn:aws:s3:::reports', 'arn:aws:s3:::reports/*'),
      // Letters count.
      resources('arn:aws:s3:::reports/*', 'arn:aws:s3:::Reports/2026'),
      // A wildcard within stands for no colon here, to be certain.
      document({
        Effect: 'Allow',
        Action: 'logs:PutLogEvents',
        Resource: [
          'arn:aws:logs:*:111122223333:log-group:a*z',
          'arn:aws:logs:eu-west-1:111122223333:log-group:ab:log-stream:z',
        ],
      }),
      // Whose home it is decides who asks.
      resources('arn:aws:s3:::home/${aws:username}/*', 'arn:aws:s3:::home/shared/*'),
    ],
  },
  {
    check: 'redundant-resource',
    title: 'twice',
    host: 'identity',
    violates: resources('arn:aws:s3:::reports/*', 'arn:aws:s3:::inbox/*', 'arn:aws:s3:::reports/*'),
    at: ['Statement', 0, 'Resource', 2],
    fixed: resources('arn:aws:s3:::reports/*', 'arn:aws:s3:::inbox/*'),
    satisfies: [resources('arn:aws:s3:::home/${aws:username}/*', 'arn:aws:s3:::home/${aws:userid}/*')],
  },
  {
    check: 'redundant-resource',
    title: 'beside everything',
    host: 'identity',
    violates: document({ ...READ, Action: 's3:ListAllMyBuckets', Resource: ['arn:aws:s3:::reports', '*'] }),
    at: ['Statement', 0, 'Resource', 0],
    fixed: document({ ...READ, Action: 's3:ListAllMyBuckets', Resource: ['*'] }),
    satisfies: [document({ ...READ, Action: 's3:ListAllMyBuckets', Resource: ['*'] })],
  },
  {
    check: 'redundant-statement',
    host: 'identity',
    violates: document(
      { Sid: 'Read', ...READ, Action: ['s3:GetObject', 's3:ListBucket'] },
      { Sid: 'ReadAgain', ...READ, Action: ['s3:ListBucket', 's3:GetObject'] },
    ),
    at: ['Statement', 1, 'Sid'],
    onKey: true,
    fixed: document({ Sid: 'Read', ...READ, Action: ['s3:GetObject', 's3:ListBucket'] }),
    satisfies: [
      document({ Sid: 'Read', ...READ }, { Sid: 'Write', ...WRITE }),
      document({ Sid: 'Read', ...READ }, { Sid: 'Deny', ...READ, Effect: 'Deny' }),
      document(READ, { ...READ, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
      document(READ, { ...READ, Resource: 'arn:aws:s3:::Reports/*' }),
    ],
  },
  {
    check: 'redundant-statement',
    title: 'with a principal and a condition',
    host: 'bucket',
    violates: document(
      {
        ...READ,
        Principal: { AWS: ['111122223333', '444455556666'] },
        Condition: { Bool: { 'aws:SecureTransport': 'true' } },
      },
      {
        Condition: { bool: { 'aws:securetransport': 'true' } },
        Principal: { AWS: ['444455556666', '111122223333'] },
        ...READ,
      },
    ),
    at: ['Statement', 1, 'Condition'],
    onKey: true,
    fixed: document({
      ...READ,
      Principal: { AWS: ['111122223333', '444455556666'] },
      Condition: { Bool: { 'aws:SecureTransport': 'true' } },
    }),
    satisfies: [
      document({ ...READ, Principal: { AWS: '111122223333' } }, { ...READ, Principal: { AWS: '444455556666' } }),
    ],
  },
];
