import type { Json, PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const ARN_CHECKS: Readonly<Record<string, string>> = {
  'arn-prefix': 'iam-arn-invalid/arn-prefix',
  'arn-fields': 'iam-arn-invalid/arn-fields',
  'arn-partition': 'iam-arn-invalid/arn-partition',
  'arn-service-case': 'iam-arn-invalid/arn-service-case',
  'arn-region-invalid': 'iam-arn-invalid/arn-region-invalid',
  'arn-region-missing': 'iam-arn-invalid/arn-region-missing',
  'arn-region-not-allowed': 'iam-arn-invalid/arn-region-not-allowed',
  'arn-account-invalid': 'iam-arn-invalid/arn-account-invalid',
  'arn-account-missing': 'iam-arn-invalid/arn-account-missing',
  'arn-account-not-allowed': 'iam-arn-invalid/arn-account-not-allowed',
  'arn-resource-format': 'iam-arn-invalid/arn-resource-format',
  'arn-service-wildcard': 'iam-arn-invalid/arn-service-wildcard',
};

const allow = (Action: Json, Resource: Json): Json => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource }],
});

/** A statement with one action on one wrong and one good resource. */
function arn(
  check: string,
  title: string,
  action: string,
  wrong: string,
  fixed: string | undefined,
  satisfies: readonly [string, ...string[]],
): PolicyFixture {
  const [good] = satisfies;
  return {
    check,
    title,
    host: 'identity',
    violates: allow(action, [good, wrong]),
    at: ['Statement', 0, 'Resource', 1],
    ...(fixed === undefined ? {} : { fixed: allow(action, [good, fixed]) }),
    satisfies: satisfies.map((one) => allow(action, one)) as [Json, ...Json[]],
  };
}

const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:jobs';
const OBJECTS = 'arn:aws:s3:::reports/*';

export const ARN_FIXTURES: readonly PolicyFixture[] = [
  arn('arn-prefix', 'a name', 's3:GetObject', 'reports/*', undefined, [
    OBJECTS,
    '*',
    '**',
    'arn:aws:s3:::${aws:username}/*',
  ]),
  arn('arn-prefix', 'the tail of an ARN', 's3:GetObject', 's3:::reports/daily/*', 'arn:aws:s3:::reports/daily/*', [
    OBJECTS,
    'arn:*:s3:::reports/*',
  ]),
  arn('arn-prefix', 'without its first letters', 's3:GetObject', 'aws:s3:::reports/x', 'arn:aws:s3:::reports/x', [
    OBJECTS,
  ]),
  arn('arn-prefix', 'in capitals', 's3:GetObject', 'ARN:aws:s3:::reports/x', 'arn:aws:s3:::reports/x', [OBJECTS]),
  {
    check: 'arn-prefix',
    title: 'the short form of API Gateway',
    host: 'identity',
    violates: allow('execute-api:Invoke', 'prod/GET/orders'),
    at: ['Statement', 0, 'Resource'],
    satisfies: [
      allow('execute-api:Invoke', 'execute-api:/prod/GET/orders'),
      allow('execute-api:Invoke', 'arn:aws:execute-api:eu-west-1:111122223333:a1b2c3/prod/GET/orders'),
      allow('execute-api:Invoke', 'arn:aws:execute-api:eu-west-1:*:a1b2c3/*'),
    ],
  },
  arn('arn-prefix', 'the address of an object', 's3:GetObject', 's3://reports/x', 'arn:aws:s3:::reports/x', [OBJECTS]),
  arn('arn-fields', 'too few', 'sqs:SendMessage', 'arn:aws:sqs:eu-west-1:jobs', undefined, [QUEUE, 'arn:aws:sqs:*']),
  arn('arn-fields', 'two colons', 's3:GetObject', 'arn:aws:s3::reports/*', 'arn:aws:s3:::reports/*', [
    OBJECTS,
    'arn:aws:s3::*:reports/*',
  ]),
  arn('arn-fields', 'one colon', 's3:GetObject', 'arn:aws:s3:reports/daily', 'arn:aws:s3:::reports/daily', [
    OBJECTS,
    'arn:aws:s3:::a:b/c:d',
    'arn:aws:s3:*',
    'arn:aws:s3:*:reports/*',
  ]),
  arn('arn-fields', 'a wildcard in a path', 's3:GetObject', 'arn:aws:s3:reports/*', 'arn:aws:s3:::reports/*', [
    OBJECTS,
  ]),
  arn('arn-partition', 'misspelt', 's3:GetObject', 'arn:aw:s3:::reports/x', 'arn:aws:s3:::reports/x', [
    OBJECTS,
    'arn:aws-cn:s3:::reports/*',
    'arn:aws-us-gov:s3:::reports/*',
    'arn:aws-eusc:s3:::reports/*',
    'arn:aws*:s3:::reports/*',
    'arn:*:s3:::reports/*',
  ]),
  arn('arn-partition', 'left out', 's3:GetObject', 'arn:s3:::reports/x', 'arn:aws:s3:::reports/x', [OBJECTS]),
  arn('arn-service-case', 'capitals', 's3:GetObject', 'arn:aws:S3:::reports/x', 'arn:aws:s3:::reports/x', [OBJECTS]),
  arn(
    'arn-region-invalid',
    'misspelt',
    'sqs:SendMessage',
    'arn:aws:sqs:eu-wst-1:111122223333:mails',
    'arn:aws:sqs:eu-west-1:111122223333:mails',
    [
      QUEUE,
      'arn:aws:sqs:eu-*:111122223333:jobs',
      'arn:aws:sqs:*:111122223333:jobs',
      'arn:aws:sqs:${aws:RequestedRegion}:111122223333:jobs',
      // Not open yet, named as regions are.
      'arn:aws:sqs:sa-west-1:111122223333:jobs',
      'arn:aws:sqs:th-west-3:111122223333:jobs',
    ],
  ),
  arn(
    'arn-region-invalid',
    'an Availability Zone',
    'sqs:SendMessage',
    'arn:aws:sqs:eu-west-1b:111122223333:mails',
    'arn:aws:sqs:eu-west-1:111122223333:mails',
    [QUEUE],
  ),
  arn('arn-region-invalid', 'a place', 'sqs:SendMessage', 'arn:aws:sqs:ireland:111122223333:mails', undefined, [QUEUE]),
  arn(
    'arn-region-missing',
    'empty',
    'sqs:SendMessage',
    'arn:aws:sqs::111122223333:mails',
    'arn:aws:sqs:*:111122223333:mails',
    [QUEUE, 'arn:aws:sqs:*:*:jobs', 'arn:aws:sqs:*:jobs', 'arn:aws:sqs:*'],
  ),
  arn(
    'arn-region-missing',
    'a type among others',
    'rds:StartDBCluster',
    'arn:aws:rds::111122223333:cluster:orders',
    'arn:aws:rds:*:111122223333:cluster:orders',
    ['arn:aws:rds:eu-west-1:111122223333:cluster:orders', 'arn:aws:rds:*:111122223333:cluster:o*'],
  ),
  {
    check: 'arn-region-missing',
    title: 'types of a service without region',
    host: 'identity',
    violates: allow('rds:*', ['arn:aws:rds::111122223333:db:orders']),
    at: ['Statement', 0, 'Resource', 0],
    fixed: allow('rds:*', ['arn:aws:rds:*:111122223333:db:orders']),
    satisfies: [
      allow('rds:*', 'arn:aws:rds::111122223333:global-cluster:orders'),
      allow('iam:GetRole', 'arn:aws:iam::111122223333:role/app'),
      allow('cloudfront:GetDistribution', 'arn:aws:cloudfront::111122223333:distribution/*'),
      allow('organizations:DescribeAccount', 'arn:aws:organizations::111122223333:account/o-*/*'),
    ],
  },
  arn(
    'arn-region-not-allowed',
    'a role',
    'iam:GetRole',
    'arn:aws:iam:eu-west-1:111122223333:role/app',
    'arn:aws:iam::111122223333:role/app',
    ['arn:aws:iam::111122223333:role/web', 'arn:aws:iam:*:111122223333:role/web', 'arn:aws:iam::*:role/*'],
  ),
  arn(
    'arn-region-not-allowed',
    'a bucket with region and account',
    's3:GetObject',
    'arn:aws:s3:eu-west-1:111122223333:reports/x',
    'arn:aws:s3:::reports/x',
    [
      OBJECTS,
      'arn:aws:s3:eu-west-1:111122223333:accesspoint/reports/object/*',
      'arn:aws:s3:*:*:reports/*',
      'arn:aws:s3:eu-west-1:111122223333:*',
    ],
  ),
  arn(
    'arn-account-invalid',
    'written with hyphens',
    'sqs:SendMessage',
    'arn:aws:sqs:eu-west-1:1111-2222-3333:mails',
    'arn:aws:sqs:eu-west-1:111122223333:mails',
    [
      QUEUE,
      'arn:aws:sqs:eu-west-1:*:jobs',
      'arn:aws:sqs:eu-west-1:1111*:jobs',
      'arn:aws:sqs:eu-west-1:${aws:PrincipalAccount}:jobs',
    ],
  ),
  arn('arn-account-invalid', 'a digit short', 'sqs:SendMessage', 'arn:aws:sqs:eu-west-1:11112222333:m', undefined, [
    QUEUE,
  ]),
  {
    check: 'arn-account-invalid',
    title: 'accounts of AWS',
    host: 'identity',
    violates: allow('sqs:SendMessage', 'arn:aws:sqs:eu-west-1:mine:jobs'),
    at: ['Statement', 0, 'Resource'],
    satisfies: [
      allow('iam:GetPolicy', 'arn:aws:iam::aws:policy/ReadOnlyAccess'),
      allow('bedrock:InvokeModel', 'arn:aws:bedrock:eu-west-1::foundation-model/*'),
      allow('ec2:RunInstances', ['arn:aws:ec2:*::image/ami-*', 'arn:aws:ec2:*:*:instance/*']),
      allow('ssm:GetParameter', 'arn:aws:ssm:eu-west-1::parameter/aws/service/*'),
      // Filled in before AWS sees it.
      allow('sqs:SendMessage', 'arn:aws:sqs:eu-west-1:<account>:jobs'),
      allow('sqs:SendMessage', 'arn:aws:sqs:eu-west-1:{{ account }}:jobs'),
      allow('sqs:SendMessage', '__QUEUE_ARN__'),
    ],
  },
  arn(
    'arn-account-missing',
    'empty',
    'dynamodb:GetItem',
    'arn:aws:dynamodb:eu-west-1::table/orders',
    'arn:aws:dynamodb:eu-west-1:*:table/orders',
    ['arn:aws:dynamodb:eu-west-1:111122223333:table/orders', 'arn:aws:dynamodb:*:*:table/*'],
  ),
  arn(
    'arn-account-not-allowed',
    'a bucket',
    's3:GetObject',
    'arn:aws:s3::111122223333:reports/x',
    'arn:aws:s3:::reports/x',
    [OBJECTS, 'arn:aws:s3::*:reports/*', 'arn:aws:s3::111122223333:accesspoint/reports.mrap'],
  ),
  arn(
    'arn-resource-format',
    'a type misspelt',
    'iam:GetRole',
    'arn:aws:iam::111122223333:roles/app',
    'arn:aws:iam::111122223333:role/app',
    ['arn:aws:iam::111122223333:role/web', 'arn:aws:iam::111122223333:r*', 'arn:aws:iam::111122223333:*'],
  ),
  arn(
    'arn-resource-format',
    'another separator',
    'lambda:InvokeFunction',
    'arn:aws:lambda:eu-west-1:111122223333:function/send',
    'arn:aws:lambda:eu-west-1:111122223333:function:send',
    ['arn:aws:lambda:eu-west-1:111122223333:function:pay', 'arn:aws:lambda:*:*:function:*:live'],
  ),
  arn(
    'arn-resource-format',
    'capitals of a type',
    'states:StartExecution',
    'arn:aws:states:eu-west-1:111122223333:statemachine:orders',
    'arn:aws:states:eu-west-1:111122223333:stateMachine:orders',
    ['arn:aws:states:eu-west-1:111122223333:stateMachine:pay'],
  ),
  arn(
    'arn-resource-format',
    'no type',
    'dynamodb:GetItem',
    'arn:aws:dynamodb:eu-west-1:111122223333:orders',
    undefined,
    ['arn:aws:dynamodb:eu-west-1:111122223333:table/orders'],
  ),
  {
    check: 'arn-resource-format',
    title: 'nothing',
    host: 'identity',
    violates: allow('s3:GetObject', 'arn:aws:s3:::'),
    at: ['Statement', 0, 'Resource'],
    satisfies: [
      allow('s3:*', ['arn:aws:s3:::*', 'arn:aws:s3:::*/*']),
      allow('logs:PutLogEvents', 'arn:aws:logs:*:*:log-group:/aws/lambda/send:*'),
      allow('apigateway:GET', ['arn:aws:apigateway:*::/restapis/*', 'arn:aws:apigateway:*::/tags/*']),
      allow('waf:*', 'arn:aws:waf::*:changetoken/*'),
      allow('backup:StartRestoreJob', 'arn:aws:backup:*:*:recovery-point:*'),
      allow('servicecatalog:DescribePortfolio', 'arn:aws:catalog:*:*:portfolio/port-*'),
      // A service that is newer than the reference.
      allow('s3:GetObject', [OBJECTS, 'arn:aws:frobnicator:*:*:thing/*']),
    ],
  },
  arn('arn-service-wildcard', 'in an ARN', 'sqs:SendMessage', 'arn:aws:s?s:eu-west-1:111122223333:jobs', undefined, [
    QUEUE,
  ]),
  {
    check: 'arn-service-wildcard',
    title: 'in an action',
    host: 'identity',
    violates: allow(['s3:GetObject', 's3*:Get*'], OBJECTS),
    at: ['Statement', 0, 'Action', 1],
    satisfies: [allow('*', '*'), allow('*:*', '*'), allow('s3:*', OBJECTS)],
  },
];
