/** Policies of resources that let in the public, or a service for whomever it acts. */

import type { Form, Json, PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. Each service has a rule of its own: that of buckets stands for them here. */
export const PUBLIC_CHECKS: Readonly<Record<string, string>> = {
  'allow-notprincipal': 's3-bucket-policy-not-principal',
  'public-resource-policy': 's3-bucket-policy-public',
  'public-weak-condition': 's3-bucket-policy-public',
  'public-broad-cidr': 's3-bucket-policy-public',
  'service-principal-no-source': 'iam-service-principal-no-source/service-principal-no-source',
  'service-principal-weak-key': 'iam-service-principal-no-source/service-principal-weak-key',
  's3-policy-lockout': 's3-bucket-policy-lockout',
  // Not of documents: shown by golden cases.
  'lambda-permission-wildcard': 'lambda-permission-public',
  'lambda-principal-not-arn': 'lambda-role-not-arn',
  'managed-admin-attached': 'iam-admin-managed-policy',
  'policy-on-user': 'iam-user-policy-attached',
};

type Fields = { readonly [name: string]: Json };

const policy = (...Statement: readonly Json[]): Json => ({ Version: '2012-10-17', Statement });
const OBJECTS = 'arn:aws:s3:::reports/*';
const grant = (more: Fields): Json => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: OBJECTS, ...more });
const read = (more: Fields): Json => policy(grant(more));
const readIf = (Condition: Json): Json => read({ Principal: '*', Condition });
const ORGANIZATION = { 'aws:PrincipalOrgID': 'o-abcdefghij' };
const ENDPOINT = { 'aws:SourceVpce': 'vpce-0123456789abcdef0' };

/** The account that a template is deployed to, as its language says it; elsewhere a name to put one in for. */
const ownAccount = (form: Form): Json =>
  form === 'cfn-json' ? { Ref: 'AWS::AccountId' } : form === 'cfn-yaml' ? 'AWS::AccountId' : 'ACCOUNT_ID';
const ownRole = (form: Form): Json => {
  const arn = 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/ROLE_NAME';
  if (form === 'cfn-json') return { 'Fn::Sub': arn };
  return form === 'cfn-yaml' ? arn : 'arn:aws:iam::ACCOUNT_ID:role/ROLE_NAME';
};
/** What is left where everyone was let in: the own account where it can be named, else an organization is asked for. */
const closed =
  (key: string | undefined, Condition: Fields = {}) =>
  (form: Form): Json => {
    if (form === 'cfn-json' || form === 'cfn-yaml') {
      const Principal = { AWS: ownAccount(form) };
      return read(Object.keys(Condition).length ? { Principal, Condition } : { Principal });
    }
    const { StringEquals, ...others } = Condition;
    const asked = { ...(StringEquals as Fields | undefined), 'aws:PrincipalOrgID': 'ORGANIZATION_ID' };
    return read({ Principal: key ? { [key]: '*' } : '*', Condition: { ...others, StringEquals: asked } });
  };

const TRAIL = { Service: 'cloudtrail.amazonaws.com' };
const OWN_TRAIL = {
  StringEquals: { 'aws:SourceArn': 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/all' },
};
const write = (more: Fields): Json =>
  policy({ Effect: 'Allow', Principal: TRAIL, Action: 's3:PutObject', Resource: OBJECTS, ...more });

export const PUBLIC_FIXTURES: readonly PolicyFixture[] = [
  {
    check: 'allow-notprincipal',
    host: 'bucket',
    violates: read({ NotPrincipal: { AWS: '111122223333' } }),
    at: ['Statement', 0, 'NotPrincipal'],
    onKey: true,
    satisfies: [
      read({ Principal: { AWS: '111122223333' } }),
      policy({
        Effect: 'Deny',
        NotPrincipal: { AWS: ['111122223333', 'arn:aws:iam::111122223333:role/admin'] },
        Action: 's3:DeleteObject',
        Resource: OBJECTS,
      }),
    ],
  },
  {
    check: 'public-resource-policy',
    host: 'bucket',
    violates: read({ Principal: { AWS: '*' } }),
    at: ['Statement', 0, 'Principal', 'AWS'],
    fixed: closed('AWS'),
    satisfies: [
      read({ Principal: { AWS: '111122223333' } }),
      read({ Principal: { Service: 'cloudfront.amazonaws.com' }, Condition: OWN_TRAIL }),
      readIf({ StringEquals: ORGANIZATION }),
      readIf({ StringEquals: ENDPOINT }),
      readIf({ IpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '2001:db8::/32'] } }),
      readIf({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/app-*' } }),
      readIf({ StringEquals: ORGANIZATION, Bool: { 'aws:SecureTransport': 'true' } }),
      // A Deny of all others: a perimeter.
      policy(grant({ Principal: '*' }), {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: '*',
        Condition: { StringNotEquals: ORGANIZATION },
      }),
    ],
  },
  {
    check: 'public-weak-condition',
    title: 'IfExists',
    host: 'bucket',
    violates: readIf({ StringEqualsIfExists: ENDPOINT }),
    at: ['Statement', 0, 'Principal'],
    fixed: readIf({ StringEquals: ENDPOINT }),
    satisfies: [readIf({ StringEquals: ENDPOINT })],
  },
  {
    check: 'public-weak-condition',
    title: 'negated',
    host: 'bucket',
    violates: readIf({ ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/app' } }),
    at: ['Statement', 0, 'Principal'],
    fixed: readIf({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/app' } }),
    satisfies: [readIf({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/app' } })],
  },
  {
    check: 'public-weak-condition',
    title: 'a wildcard for every organization',
    host: 'bucket',
    violates: readIf({ StringLike: { 'aws:PrincipalOrgID': 'o-*' } }),
    at: ['Statement', 0, 'Principal'],
    fixed: closed(undefined, { StringLike: { 'aws:PrincipalOrgID': 'o-*' } }),
    satisfies: [readIf({ StringLike: { 'aws:PrincipalOrgID': 'o-abcdefghij' } })],
  },
  {
    check: 'public-weak-condition',
    title: 'what the caller sends',
    host: 'bucket',
    violates: readIf({ StringLike: { 'aws:Referer': 'https://www.example.com/*' } }),
    at: ['Statement', 0, 'Principal'],
    fixed: closed(undefined, { StringLike: { 'aws:Referer': 'https://www.example.com/*' } }),
    satisfies: [readIf({ StringEquals: ENDPOINT })],
  },
  {
    check: 'public-broad-cidr',
    host: 'bucket',
    violates: readIf({ IpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '64.0.0.0/7'] } }),
    at: ['Statement', 0, 'Principal'],
    fixed: closed(undefined, { IpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '64.0.0.0/7'] } }),
    satisfies: [
      readIf({ IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }),
      readIf({ IpAddress: { 'aws:SourceIp': '64.0.0.0/8' } }),
    ],
  },
  {
    check: 'service-principal-no-source',
    host: 'bucket',
    violates: write({ Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } } }),
    at: ['Statement', 0, 'Principal', 'Service'],
    fixed: (form) =>
      write({
        Condition: {
          StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceAccount': ownAccount(form) },
        },
      }),
    satisfies: [
      write({ Condition: OWN_TRAIL }),
      write({ Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }),
      write({ Condition: { StringEquals: { 'aws:SourceOrgID': 'o-abcdefghij' } } }),
      write({ Principal: { Service: 'logging.s3.amazonaws.com' } }),
      policy({ Effect: 'Deny', Principal: TRAIL, Action: 's3:PutObject', Resource: OBJECTS }),
    ],
  },
  {
    check: 'service-principal-no-source',
    title: 'a wildcard for every account',
    host: 'queue',
    violates: policy({
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: 'arn:aws:sqs:eu-west-1:111122223333:jobs',
      Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:*' } },
    }),
    at: ['Statement', 0, 'Principal', 'Service'],
    fixed: (form) =>
      policy({
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: 'arn:aws:sqs:eu-west-1:111122223333:jobs',
        Condition: {
          ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:*' },
          StringEquals: { 'aws:SourceAccount': ownAccount(form) },
        },
      }),
    satisfies: [
      policy({
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: 'arn:aws:sqs:eu-west-1:111122223333:jobs',
        Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:111122223333:*' } },
      }),
    ],
  },
  {
    check: 'service-principal-weak-key',
    host: 'bucket',
    violates: write({ Condition: { StringEquals: { 'aws:Referer': '111122223333' } } }),
    at: ['Statement', 0, 'Condition', 'StringEquals', 'aws:Referer'],
    onKey: true,
    fixed: write({ Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }),
    satisfies: [
      write({ Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }),
      write({ Condition: { StringEquals: { 'aws:SourceAccount': '111122223333', 'aws:Referer': '111122223333' } } }),
    ],
  },
  {
    check: 's3-policy-lockout',
    host: 'bucket',
    violates: policy({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::reports' }),
    at: ['Statement', 0, 'Principal'],
    fixed: (form) =>
      policy({
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: 'arn:aws:s3:::reports',
        Condition: { ArnNotEquals: { 'aws:PrincipalArn': ownRole(form) } },
      }),
    satisfies: [
      policy({
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: 'arn:aws:s3:::reports',
        Condition: { ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/admin' } },
      }),
      policy({ Effect: 'Deny', Principal: '*', Action: 's3:DeleteObject', Resource: OBJECTS }),
      policy({
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: 'arn:aws:s3:::reports',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    ],
  },
];
