import type { Json, PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const MISMATCH_CHECKS: Readonly<Record<string, string>> = {
  'resource-action-mismatch': 'iam-policy-mismatch/resource-action-mismatch',
  'resource-policy-action-scope': 'iam-policy-mismatch/resource-policy-action-scope',
  'resource-policy-arn-scope': 'iam-policy-mismatch/resource-policy-arn-scope',
};

type Fields = { readonly [name: string]: Json };

const policy = (...Statement: readonly Fields[]): Json => ({ Version: '2012-10-17', Statement });
const allow = (Action: Json, Resource: Json): Json => policy({ Effect: 'Allow', Action, Resource });
const grant = (Action: Json, Resource: Json): Json =>
  policy({ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action, Resource });

const check = 'resource-action-mismatch';
const BUCKET = 'arn:aws:s3:::reports';
const OBJECTS = 'arn:aws:s3:::reports/*';
const TABLE = 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders';

export const MISMATCH_FIXTURES: readonly PolicyFixture[] = [
  {
    check,
    title: 'a bucket is meant',
    host: 'identity',
    violates: allow(['s3:ListBucket', 's3:GetObject'], OBJECTS),
    at: ['Statement', 0, 'Action', 0],
    fixed: allow(['s3:ListBucket', 's3:GetObject'], [OBJECTS, BUCKET]),
    satisfies: [
      allow(['s3:ListBucket', 's3:GetObject'], [OBJECTS, BUCKET]),
      allow('s3:ListBucket', 'arn:aws:s3:::reports*'),
      allow('s3:ListBucket', 'arn:aws:s3:::${aws:username}'),
      allow('s3:ListAllMyBuckets', 'arn:aws:s3:::*'),
      allow('s3:*', OBJECTS),
      allow('s3:*', '*'),
      allow('sagemaker-mlflow:CreateRun', 'arn:aws:sagemaker:eu-west-1:111122223333:mlflow-app/runs'),
    ],
  },
  {
    check,
    title: 'objects are meant',
    host: 'identity',
    violates: allow(['s3:ListBucket', 's3:GetObject*'], [BUCKET, 'arn:aws:s3:::images']),
    at: ['Statement', 0, 'Action', 1],
    fixed: allow(['s3:ListBucket', 's3:GetObject*'], [BUCKET, 'arn:aws:s3:::images', OBJECTS, 'arn:aws:s3:::images/*']),
    satisfies: [
      allow('s3:GetObject', 'arn:aws:s3:eu-west-1:111122223333:accesspoint/reports/object/*'),
      allow('s3:Get*', BUCKET),
      policy({ Effect: 'Deny', Action: 's3:GetObject', NotResource: BUCKET }),
      policy({ Effect: 'Deny', NotAction: 's3:ListBucket', Resource: BUCKET }),
    ],
  },
  {
    check,
    title: 'an action without resource types',
    host: 'identity',
    violates: allow('ec2:DescribeInstances', 'arn:aws:ec2:*:*:instance/*'),
    at: ['Statement', 0, 'Action'],
    fixed: allow('ec2:DescribeInstances', '*'),
    satisfies: [
      allow('ec2:DescribeInstances', '*'),
      allow(['ec2:StartInstances', 'ec2:Describe*'], ['arn:aws:ec2:*:*:instance/*', '*']),
      allow('logs:DescribeLogGroups', 'arn:aws:logs:*:*:log-group:*'),
    ],
  },
  {
    check,
    title: 'an action without resource types among others',
    host: 'identity',
    violates: allow(['dynamodb:GetItem', 'dynamodb:ListTables'], TABLE),
    at: ['Statement', 0, 'Action', 1],
    fixed: policy(
      { Effect: 'Allow', Action: ['dynamodb:GetItem'], Resource: TABLE },
      { Effect: 'Allow', Action: 'dynamodb:ListTables', Resource: '*' },
    ),
    satisfies: [
      policy(
        { Effect: 'Allow', Action: ['dynamodb:GetItem'], Resource: TABLE },
        { Effect: 'Allow', Action: 'dynamodb:ListTables', Resource: '*' },
      ),
      allow(['dynamodb:Query', 'dynamodb:GetItem'], TABLE),
    ],
  },
  {
    check,
    title: 'another service',
    host: 'identity',
    violates: allow('sqs:SendMessage', [TABLE]),
    at: ['Statement', 0, 'Action'],
    satisfies: [
      allow(['dynamodb:GetItem', 'sqs:SendMessage'], [TABLE, 'arn:aws:sqs:eu-west-1:111122223333:jobs']),
      allow('logs:PutLogEvents', 'arn:aws:logs:*:*:log-group:/aws/lambda/send:*'),
      allow('sts:AssumeRole', 'arn:aws:iam::111122223333:role/app'),
      allow('iam:PassRole', 'arn:aws:iam::*:role/app'),
    ],
  },
  {
    check,
    title: 'another type',
    host: 'identity',
    violates: allow('kms:Decrypt', 'arn:aws:kms:eu-west-1:111122223333:alias/app'),
    at: ['Statement', 0, 'Action'],
    satisfies: [
      allow('kms:Decrypt', 'arn:aws:kms:eu-west-1:111122223333:key/*'),
      allow('kms:UpdateAlias', 'arn:aws:kms:eu-west-1:111122223333:alias/app'),
    ],
  },
  {
    check,
    title: 'a Deny that forbids nothing',
    host: 'scp',
    violates: policy({ Effect: 'Deny', Action: 's3:DeleteBucket', Resource: OBJECTS }),
    at: ['Statement', 0, 'Action'],
    // Nothing in the statement works on the objects.
    fixed: policy({ Effect: 'Deny', Action: 's3:DeleteBucket', Resource: BUCKET }),
    satisfies: [policy({ Effect: 'Deny', Action: 's3:DeleteBucket', Resource: BUCKET })],
  },
  {
    check,
    title: 'in the policy of a bucket',
    host: 'bucket',
    violates: grant('s3:ListBucket', OBJECTS),
    at: ['Statement', 0, 'Action'],
    fixed: grant('s3:ListBucket', BUCKET),
    satisfies: [grant(['s3:ListBucket', 's3:GetObject'], [OBJECTS, BUCKET])],
  },
  {
    check: 'resource-policy-action-scope',
    title: 'a key in the policy of a bucket',
    host: 'bucket',
    violates: grant(['s3:GetObject', 'kms:Decrypt'], OBJECTS),
    at: ['Statement', 0, 'Action', 1],
    fixed: grant(['s3:GetObject'], OBJECTS),
    satisfies: [grant('s3:GetObject', OBJECTS), grant('S3:GetObject', OBJECTS), grant('*', OBJECTS)],
  },
  {
    check: 'resource-policy-action-scope',
    title: 'the only action',
    host: 'queue',
    violates: grant('sns:Publish', '*'),
    at: ['Statement', 0, 'Action'],
    satisfies: [grant('SQS:SendMessage', '*')],
  },
  {
    check: 'resource-policy-arn-scope',
    title: 'another service',
    host: 'queue',
    violates: grant('sqs:SendMessage', 'arn:aws:sns:eu-west-1:111122223333:alarms'),
    at: ['Statement', 0, 'Resource'],
    satisfies: [
      grant('sqs:SendMessage', 'arn:aws:sqs:eu-west-1:111122223333:jobs'),
      grant('sqs:SendMessage', 'arn:aws:sqs:*:*:*'),
    ],
  },
  {
    check: 'resource-policy-arn-scope',
    title: 'another bucket',
    host: 'bucket',
    violates: grant('s3:GetObject', [OBJECTS, 'arn:aws:s3:::images/*']),
    at: ['Statement', 0, 'Resource', 1],
    satisfies: [
      grant('s3:GetObject', [OBJECTS, 'arn:aws:s3:::reports/images/*']),
      grant('s3:GetObject', 'arn:aws:s3:::rep*/*'),
      grant('s3:GetObject', '*'),
    ],
  },
  {
    check: 'resource-action-mismatch',
    title: 'a pattern of actions that mostly know no type',
    host: 'identity',
    violates: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['s3:GetObject', 'ec2:Describe*'], Resource: 'arn:aws:s3:::reports/*' }],
    },
    at: ['Statement', 0, 'Action', 1],
    fixed: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: ['s3:GetObject'], Resource: 'arn:aws:s3:::reports/*' },
        { Effect: 'Allow', Action: 'ec2:Describe*', Resource: '*' },
      ],
    },
    satisfies: [
      {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: ['s3:GetObject', 'ec2:Describe*'], Resource: '*' }],
      },
    ],
  },
];
