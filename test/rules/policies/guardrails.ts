/** Guardrails of an organization. */

import type { Host, Json, PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const GUARDRAIL_CHECKS: Readonly<Record<string, string>> = {
  'rcp-principal': 'iam-guardrail-invalid/rcp-principal',
  'rcp-allow': 'iam-guardrail-invalid/rcp-allow',
  'rcp-notaction': 'iam-guardrail-invalid/rcp-notaction',
  'rcp-action-service': 'iam-guardrail-invalid/rcp-action-service',
  'rcp-principal-key-carveout': 'iam-rcp-carve-out/rcp-principal-key-carveout',
  'rcp-service-key-carveout': 'iam-rcp-carve-out/rcp-service-key-carveout',
  'rcp-service-key-null': 'iam-rcp-carve-out/rcp-service-key-null',
};

type Fields = { readonly [name: string]: Json };

const policy = (...Statement: readonly Json[]): Json => ({ Version: '2012-10-17', Statement });
const deny = (more: Fields): Json => policy({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', ...more });
const denyIf = (Condition: Json): Json => deny({ Condition });

const SECURE = { Bool: { 'aws:SecureTransport': 'false' } };
const ORGANIZATION = { 'aws:PrincipalOrgID': 'o-abcdefghij' };
const SOURCE = { 'aws:SourceOrgID': 'o-abcdefghij' };
const SERVICE = { 'aws:PrincipalIsAWSService': 'true' };
const NO_SERVICE = { 'aws:PrincipalIsAWSService': 'false' };
const KNOWN_SOURCE = { 'aws:SourceAccount': 'false' };
const FULL_ACCESS = policy({ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' });

export const GUARDRAIL_FIXTURES: readonly PolicyFixture[] = [
  {
    check: 'rcp-principal',
    host: 'rcp',
    violates: deny({ Principal: { AWS: '*' }, Condition: SECURE }),
    at: ['Statement', 0, 'Principal'],
    fixed: deny({ Condition: SECURE }),
    satisfies: [denyIf(SECURE), FULL_ACCESS],
  },
  {
    check: 'rcp-principal',
    title: 'NotPrincipal',
    host: 'rcp',
    violates: policy({
      Effect: 'Deny',
      NotPrincipal: { AWS: '111122223333' },
      Action: 's3:*',
      Resource: '*',
    }),
    at: ['Statement', 0, 'NotPrincipal'],
    onKey: true,
    satisfies: [denyIf(SECURE)],
  },
  {
    check: 'rcp-principal',
    title: 'none',
    host: 'rcp',
    violates: policy({ Effect: 'Deny', Action: 's3:*', Resource: '*', Condition: SECURE }),
    satisfies: [denyIf(SECURE)],
  },
  {
    check: 'rcp-allow',
    host: 'rcp',
    violates: policy({ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::reports/*' }),
    at: ['Statement', 0, 'Effect'],
    satisfies: [FULL_ACCESS, denyIf(SECURE)],
  },
  {
    check: 'rcp-allow',
    title: 'of some actions',
    host: 'rcp',
    violates: policy({ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' }),
    at: ['Statement', 0, 'Effect'],
    satisfies: [FULL_ACCESS],
  },
  {
    check: 'rcp-allow',
    title: 'under a condition',
    host: 'rcp',
    violates: policy({ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', Condition: SECURE }),
    at: ['Statement', 0, 'Effect'],
    satisfies: [FULL_ACCESS],
  },
  {
    check: 'rcp-notaction',
    host: 'rcp',
    violates: policy({ Effect: 'Deny', Principal: '*', NotAction: 's3:GetObject', Resource: '*', Condition: SECURE }),
    at: ['Statement', 0, 'NotAction'],
    onKey: true,
    satisfies: [denyIf(SECURE)],
  },
  {
    check: 'rcp-action-service',
    host: 'rcp',
    violates: deny({ Action: ['s3:*', 'ec2:RunInstances'], Condition: SECURE }),
    at: ['Statement', 0, 'Action', 1],
    satisfies: [
      deny({ Action: ['s3:*', 'sqs:*', 'kms:*', 'secretsmanager:*', 'sts:AssumeRole'], Condition: SECURE }),
      deny({ Action: '*', Condition: SECURE }),
    ],
  },
  {
    check: 'rcp-principal-key-carveout',
    host: 'rcp',
    violates: denyIf({ StringNotEqualsIfExists: ORGANIZATION }),
    at: ['Statement', 0, 'Condition', 'StringNotEqualsIfExists', 'aws:PrincipalOrgID'],
    onKey: true,
    fixed: denyIf({ StringNotEqualsIfExists: ORGANIZATION, BoolIfExists: NO_SERVICE }),
    satisfies: [
      denyIf({ StringNotEqualsIfExists: ORGANIZATION, BoolIfExists: NO_SERVICE }),
      denyIf({ StringNotEquals: ORGANIZATION, Bool: NO_SERVICE }),
      // Only requests of principals meet it.
      denyIf({ StringEquals: { 'aws:PrincipalAccount': '444455556666' } }),
      denyIf({ StringNotEquals: ORGANIZATION, StringEquals: { 'aws:PrincipalType': 'User' } }),
      denyIf(SECURE),
    ],
  },
  {
    check: 'rcp-service-key-carveout',
    host: 'rcp',
    violates: denyIf({ StringNotEqualsIfExists: SOURCE, Null: KNOWN_SOURCE }),
    at: ['Statement', 0, 'Condition', 'StringNotEqualsIfExists', 'aws:SourceOrgID'],
    onKey: true,
    fixed: denyIf({ StringNotEqualsIfExists: SOURCE, Null: KNOWN_SOURCE, Bool: SERVICE }),
    satisfies: [
      denyIf({ StringNotEqualsIfExists: SOURCE, Null: KNOWN_SOURCE, Bool: SERVICE }),
      denyIf({ StringNotEquals: SOURCE, Null: { 'aws:SourceArn': 'false' }, BoolIfExists: SERVICE }),
      denyIf({ StringEquals: { 'aws:SourceAccount': '444455556666' } }),
    ],
  },
  {
    check: 'rcp-service-key-carveout',
    title: 'and whatever has no source',
    host: 'rcp',
    violates: denyIf({ StringNotEquals: { 'aws:SourceAccount': '111122223333' } }),
    at: ['Statement', 0, 'Condition', 'StringNotEquals', 'aws:SourceAccount'],
    onKey: true,
    fixed: denyIf({
      StringNotEquals: { 'aws:SourceAccount': '111122223333' },
      Null: KNOWN_SOURCE,
      Bool: SERVICE,
    }),
    satisfies: [denyIf(SECURE)],
  },
  {
    check: 'rcp-service-key-null',
    host: 'rcp',
    violates: denyIf({ StringNotEqualsIfExists: SOURCE, Bool: SERVICE }),
    at: ['Statement', 0, 'Condition', 'StringNotEqualsIfExists', 'aws:SourceOrgID'],
    onKey: true,
    fixed: denyIf({ StringNotEqualsIfExists: SOURCE, Bool: SERVICE, Null: KNOWN_SOURCE }),
    satisfies: [denyIf({ StringNotEqualsIfExists: SOURCE, Bool: SERVICE, Null: KNOWN_SOURCE })],
  },
];

const allow = (more: Fields): Json => policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...more });

/** Checks of the catalogue that AWS has retired, and documents that they were about. */
export const LEGAL_TODAY: Readonly<Record<string, { readonly host: Host; readonly documents: readonly Json[] }>> = {
  'scp-legacy-restrictions': {
    host: 'scp',
    documents: [
      allow({ Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } }),
      policy({ Effect: 'Allow', NotAction: 'iam:CreateUser', Resource: '*' }),
      allow({ Resource: 'arn:aws:s3:::reports/*' }),
      policy({ Effect: 'Deny', Action: 's3:GetObject', NotResource: 'arn:aws:s3:::reports/*' }),
      policy({ Effect: 'Deny', Action: 's3:Get*Acl', Resource: '*' }),
    ],
  },
};
