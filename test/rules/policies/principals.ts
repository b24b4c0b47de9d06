/** Principals of policies with a resource. Those of trust policies: trust.ts. */

import type { Json, PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const PRINCIPAL_CHECKS: Readonly<Record<string, string>> = {
  'principal-wildcard': 'iam-principal-invalid/principal-wildcard',
  'principal-unique-id-role': 'iam-principal-invalid/principal-unique-id-role',
  'principal-unique-id-user': 'iam-principal-invalid/principal-unique-id-user',
  'service-principal-format': 'iam-principal-invalid/service-principal-format',
  'federated-not-supported': 'iam-principal-invalid/federated-not-supported',
  'empty-array-principal': 'iam-policy-redundant/empty-array-principal',
  'empty-object-principal': 'iam-policy-redundant/empty-object-principal',
  'redundant-trust-principal': 'iam-policy-redundant/redundant-trust-principal',
};

const read = (Principal: Json, more: { readonly [name: string]: Json } = {}): Json => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*', ...more }],
});
const pass = (Condition: Json): Json => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'iam:PassRole', Resource: 'arn:aws:iam::111122223333:role/app', Condition }],
});

const ROLE = 'arn:aws:iam::111122223333:role/service/broker';
const assume = (AWS: Json): Json => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' }],
});

export const PRINCIPAL_FIXTURES: readonly PolicyFixture[] = [
  {
    check: 'principal-wildcard',
    host: 'bucket',
    violates: read({ AWS: 'arn:aws:iam::111122223333:role/app-*' }),
    at: ['Statement', 0, 'Principal', 'AWS'],
    satisfies: [
      read({ AWS: 'arn:aws:iam::111122223333:role/app' }),
      read({ AWS: ['111122223333', 'arn:aws:iam::111122223333:user/ops/ann'] }),
      read({ AWS: '*' }, { Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/app-*' } } }),
      read({ AWS: '*' }),
      read('*'),
      // The rule on public access says that this names nobody.
      read({ AWS: 'arn:aws:iam::*:root' }),
      read({ Service: '*' }),
    ],
  },
  {
    check: 'principal-wildcard',
    title: 'in a Deny, among others',
    host: 'queue',
    violates: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: { AWS: ['arn:aws:iam::111122223333:role/app', 'arn:aws:iam::*:role/app'] },
          Action: 'sqs:SendMessage',
          Resource: 'arn:aws:sqs:eu-west-1:111122223333:jobs',
        },
      ],
    },
    at: ['Statement', 0, 'Principal', 'AWS', 1],
    satisfies: [
      {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 'sqs:SendMessage',
            Resource: 'arn:aws:sqs:eu-west-1:111122223333:jobs',
          },
        ],
      },
    ],
  },
  {
    check: 'principal-wildcard',
    title: 'in a service',
    host: 'bucket',
    violates: read({ Service: '*.amazonaws.com' }),
    at: ['Statement', 0, 'Principal', 'Service'],
    satisfies: [read({ Service: 'cloudfront.amazonaws.com' })],
  },
  {
    check: 'principal-unique-id-role',
    host: 'bucket',
    violates: read({ AWS: ['arn:aws:iam::111122223333:role/app', 'AROAEXAMPLEEXAMPLE123'] }),
    at: ['Statement', 0, 'Principal', 'AWS', 1],
    satisfies: [
      read({ AWS: '*' }, { Condition: { StringLike: { 'aws:userid': 'AROAEXAMPLEEXAMPLE123:*' } } }),
      read({ CanonicalUser: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be' }),
    ],
  },
  {
    check: 'principal-unique-id-user',
    host: 'key',
    violates: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: 'AIDAEXAMPLEEXAMPLE123' }, Action: 'kms:Decrypt', Resource: '*' },
      ],
    },
    at: ['Statement', 0, 'Principal', 'AWS'],
    satisfies: [
      {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: 'arn:aws:iam::111122223333:user/ann' },
            Action: 'kms:Decrypt',
            Resource: '*',
          },
        ],
      },
    ],
  },
  {
    check: 'service-principal-format',
    host: 'bucket',
    violates: read({ Service: 'CloudFront.amazonaws.com' }),
    at: ['Statement', 0, 'Principal', 'Service'],
    fixed: read({ Service: 'cloudfront.amazonaws.com' }),
    satisfies: [
      read({ Service: 'cloudfront.amazonaws.com' }),
      read({ Service: ['logs.eu-west-1.amazonaws.com', 'delivery.logs.amazonaws.com'] }),
      read({ Service: 'elasticmapreduce.amazonaws.com.cn' }),
      read({ Service: ['s3.ap-east-1.amazonaws.com', 'member.org.stacksets.cloudformation.amazonaws.com'] }),
      read({ Service: ['alexa-appkit.amazon.com', 'billingreports.amazonaws.com'] }),
      read({ Service: 'ops.apigateway.amazonaws.com' }),
    ],
  },
  {
    check: 'service-principal-format',
    title: 'without its domain',
    host: 'trust',
    violates: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: ['lambda'] }, Action: 'sts:AssumeRole' }],
    },
    at: ['Statement', 0, 'Principal', 'Service', 0],
    fixed: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: ['lambda.amazonaws.com'] }, Action: 'sts:AssumeRole' }],
    },
    satisfies: [
      {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: ['lambda.amazonaws.com'] }, Action: 'sts:AssumeRole' }],
      },
    ],
  },
  {
    check: 'service-principal-format',
    title: 'no name of a service',
    host: 'trust',
    violates: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'arn:aws:iam::111122223333:role/app' }, Action: 'sts:AssumeRole' },
      ],
    },
    at: ['Statement', 0, 'Principal', 'Service'],
    satisfies: [
      {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
    ],
  },
  {
    check: 'service-principal-format',
    title: 'in a condition',
    host: 'identity',
    violates: pass({ StringEquals: { 'iam:PassedToService': ['ecs-tasks.amazonaws.com', 'Lambda.amazonaws.com'] } }),
    at: ['Statement', 0, 'Condition', 'StringEquals', 'iam:PassedToService', 1],
    fixed: pass({ StringEquals: { 'iam:PassedToService': ['ecs-tasks.amazonaws.com', 'lambda.amazonaws.com'] } }),
    satisfies: [
      pass({ StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } }),
      pass({ StringLike: { 'iam:PassedToService': ['*.amazonaws.com', 'ec2.*'] } }),
      pass({ StringEqualsIgnoreCase: { 'iam:PassedToService': 'Lambda.amazonaws.com' } }),
      pass({ StringEqualsIfExists: { 'iam:PassedToService': 'ec2.amazonaws.com.cn' } }),
      pass({ Null: { 'iam:PassedToService': 'false' } }),
    ],
  },
  {
    check: 'service-principal-format',
    title: 'through which a key is used',
    host: 'identity',
    violates: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'kms:Decrypt',
          Resource: 'arn:aws:kms:eu-west-1:111122223333:key/11112222-3333-4444-5555-666677778888',
          Condition: { StringEquals: { 'kms:ViaService': 'S3.eu-west-1.amazonaws.com' } },
        },
      ],
    },
    at: ['Statement', 0, 'Condition', 'StringEquals', 'kms:ViaService'],
    fixed: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'kms:Decrypt',
          Resource: 'arn:aws:kms:eu-west-1:111122223333:key/11112222-3333-4444-5555-666677778888',
          Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } },
        },
      ],
    },
    satisfies: [
      {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'kms:Decrypt',
            Resource: 'arn:aws:kms:eu-west-1:111122223333:key/11112222-3333-4444-5555-666677778888',
            Condition: { StringLike: { 'kms:ViaService': 's3.*.amazonaws.com' } },
          },
        ],
      },
    ],
  },
  {
    check: 'federated-not-supported',
    host: 'bucket',
    violates: read({ Federated: 'arn:aws:iam::111122223333:saml-provider/directory' }),
    at: ['Statement', 0, 'Principal', 'Federated'],
    satisfies: [
      read({ AWS: 'arn:aws:sts::111122223333:assumed-role/app/session' }),
      // The rule on public access says more.
      read({ Federated: 'graph.facebook.com' }),
    ],
  },
  {
    check: 'empty-array-principal',
    host: 'bucket',
    violates: read({ AWS: [], Service: 'billingreports.amazonaws.com' }),
    at: ['Statement', 0, 'Principal', 'AWS'],
    fixed: read({ Service: 'billingreports.amazonaws.com' }),
    noData: 'Terraform writes no principals of an empty list',
    satisfies: [read({ AWS: ['111122223333'] })],
  },
  {
    check: 'empty-array-principal',
    title: 'alone',
    host: 'bucket',
    violates: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: '111122223333' },
          Action: 's3:GetObject',
          Resource: 'arn:aws:s3:::reports/*',
        },
        { Effect: 'Allow', Principal: { AWS: [] }, Action: 's3:PutObject', Resource: 'arn:aws:s3:::reports/*' },
      ],
    },
    at: ['Statement', 1, 'Principal', 'AWS'],
    fixed: read({ AWS: '111122223333' }),
    noData: 'Terraform writes no principals of an empty list',
    satisfies: [read({ AWS: ['111122223333'] })],
  },
  {
    check: 'empty-object-principal',
    host: 'bucket',
    violates: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: '111122223333' },
          Action: 's3:GetObject',
          Resource: 'arn:aws:s3:::reports/*',
        },
        { Effect: 'Allow', Principal: {}, Action: 's3:PutObject', Resource: 'arn:aws:s3:::reports/*' },
      ],
    },
    at: ['Statement', 1, 'Principal'],
    fixed: read({ AWS: '111122223333' }),
    noData: 'a block of principals has a type',
    satisfies: [read({ AWS: '111122223333' })],
  },
  {
    check: 'redundant-trust-principal',
    host: 'trust',
    violates: assume([ROLE, 'arn:aws:sts::111122223333:assumed-role/broker/session']),
    at: ['Statement', 0, 'Principal', 'AWS', 1],
    fixed: assume([ROLE]),
    satisfies: [
      assume([ROLE, 'arn:aws:sts::111122223333:assumed-role/other/session']),
      assume([ROLE, 'arn:aws:sts::444455556666:assumed-role/broker/session']),
      assume('arn:aws:sts::111122223333:assumed-role/broker/session'),
    ],
  },
];
