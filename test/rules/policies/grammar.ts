/** Structure of documents. */

import type { PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const GRAMMAR_CHECKS: Readonly<Record<string, string>> = {
  'json-syntax': 'iam-policy-invalid/json-syntax',
  'data-type': 'iam-policy-invalid/data-type',
  'unknown-element': 'iam-policy-invalid/unknown-element',
  'missing-statement': 'iam-policy-invalid/missing-statement',
  'missing-effect': 'iam-policy-invalid/missing-effect',
  'invalid-effect': 'iam-policy-invalid/invalid-effect',
  'missing-action': 'iam-policy-invalid/missing-action',
  'missing-resource': 'iam-policy-invalid/missing-resource',
  'missing-principal': 'iam-policy-invalid/missing-principal',
  'unsupported-principal': 'iam-policy-invalid/unsupported-principal',
  'scp-principal': 'iam-policy-invalid/scp-principal',
  'element-combination': 'iam-policy-invalid/element-combination',
  'invalid-version': 'iam-policy-invalid/invalid-version',
  'missing-version': 'iam-policy-invalid/missing-version',
  'old-version': 'iam-policy-invalid/old-version',
  'var-version': 'iam-policy-invalid/var-version',
  'sid-chars': 'iam-policy-invalid/sid-chars',
  'sid-duplicate': 'iam-policy-invalid/sid-duplicate',
  'principal-format': 'iam-policy-invalid/principal-format',
  'principal-key': 'iam-policy-invalid/principal-key',
  'action-format': 'iam-policy-invalid/action-format',
  'unknown-service': 'iam-policy-invalid/unknown-service',
  'unknown-action': 'iam-policy-invalid/unknown-action',
  'wildcard-action-matches-nothing': 'iam-policy-invalid/wildcard-action-matches-nothing',
  'cond-operator': 'iam-policy-invalid/cond-operator',
};

export const GRAMMAR_FIXTURES: readonly PolicyFixture[] = [
  {
    check: 'invalid-effect',
    host: 'identity',
    violates: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*' }],
    },
    at: ['Statement', 0, 'Effect'],
    fixed: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*' }],
    },
    satisfies: [
      {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*' }],
      },
    ],
  },
  {
    check: 'unknown-action',
    host: 'identity',
    violates: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['s3:GetObjcet', 's3:PutObject'], Resource: 'arn:aws:s3:::reports/*' }],
    },
    at: ['Statement', 0, 'Action', 0],
    fixed: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::reports/*' }],
    },
    satisfies: [
      {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: ['s3:GetObject'], Resource: 'arn:aws:s3:::reports/*' }],
      },
    ],
  },
];
