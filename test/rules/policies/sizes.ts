/** Policies longer than AWS takes. */

import type { Json, PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const SIZE_CHECKS: Readonly<Record<string, string>> = {
  'size-identity': 'iam-policy-size/size-identity',
  'size-resource': 'iam-policy-size/size-resource',
  'size-trust': 'iam-policy-size/size-trust',
  'size-scp': 'iam-policy-size/size-scp',
  'size-rcp': 'iam-policy-size/size-rcp',
};

type Fields = { readonly [name: string]: Json };

/** A document whose JSON without white space has exactly so many characters: one list of the statement is filled up. */
function ofLength(length: number, statement: (fill: readonly string[]) => Fields, prefix: string): Json {
  const document = (fill: readonly string[]) => ({ Version: '2012-10-17', Statement: [statement(fill)] });
  const fill: string[] = [];
  const room = () => length - JSON.stringify(document(fill)).length;
  while (room() > 200) fill.push(`${prefix}${String(fill.length).padStart(4, '0')}-${'x'.repeat(60)}`);
  // The last one takes what is left: its quotes and a comma.
  fill.push('');
  return document([...fill.slice(0, -1), `${prefix}${'y'.repeat(room() - prefix.length)}`]);
}

const BUCKETS = 'arn:aws:s3:::reports-';
const identity = (length: number) =>
  ofLength(length, (Resource) => ({ Effect: 'Allow', Action: 's3:ListBucket', Resource }), BUCKETS);
const bucket = (length: number) =>
  ofLength(
    length,
    (fill) => ({
      Effect: 'Allow',
      Principal: { AWS: '111122223333' },
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::reports/*',
      Condition: { StringEquals: { 's3:ExistingObjectTag/team': fill } },
    }),
    'team-',
  );
const queue = (length: number) =>
  ofLength(
    length,
    (fill) => ({
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: 'arn:aws:sqs:eu-west-1:111122223333:jobs',
      Condition: { ArnEquals: { 'aws:SourceArn': fill } },
    }),
    'arn:aws:sns:eu-west-1:111122223333:alarms-',
  );
const endpoint = (length: number) =>
  ofLength(
    length,
    (Resource) => ({ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 's3:ListBucket', Resource }),
    BUCKETS,
  );
const trust = (length: number) =>
  ofLength(
    length,
    (fill) => ({
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111122223333:root' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:ExternalId': fill } },
    }),
    'customer-',
  );
const scp = (length: number) =>
  ofLength(length, (Resource) => ({ Effect: 'Deny', Action: 's3:DeleteBucket', Resource }), BUCKETS);
const rcp = (length: number) =>
  ofLength(length, (Resource) => ({ Effect: 'Deny', Principal: '*', Action: 's3:DeleteBucket', Resource }), BUCKETS);

/** A document with white space in front of every text that counts for nothing in IAM. */
const spaced = (document: Json): Json => JSON.parse(JSON.stringify(document).replaceAll('reports-', 'reports- '));

export const SIZE_FIXTURES: readonly PolicyFixture[] = [
  {
    check: 'size-identity',
    host: 'identity',
    // More than a file may have as well, which does not say whether it becomes a managed policy.
    violates: identity(10_241),
    satisfies: [identity(6144), spaced(identity(6144))],
  },
  {
    check: 'size-identity',
    title: 'managed',
    host: 'identity',
    violates: identity(6145),
    satisfies: [identity(6144)],
    noFile: 'a file does not say that it becomes a managed policy',
  },
  { check: 'size-resource', title: 'a bucket', host: 'bucket', violates: bucket(20_481), satisfies: [bucket(20_480)] },
  { check: 'size-resource', title: 'a queue', host: 'queue', violates: queue(8193), satisfies: [queue(8192)] },
  {
    check: 'size-resource',
    title: 'an endpoint',
    host: 'endpoint',
    violates: endpoint(20_481),
    satisfies: [endpoint(20_480)],
  },
  { check: 'size-trust', host: 'trust', violates: trust(2049), satisfies: [trust(2048)] },
  { check: 'size-scp', host: 'scp', violates: scp(10_241), satisfies: [scp(10_240), scp(5121)] },
  { check: 'size-rcp', host: 'rcp', violates: rcp(5121), satisfies: [rcp(5120)] },
];
