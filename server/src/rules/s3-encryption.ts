/** Amazon S3: encryption at rest. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { below } from '../template/select.ts';
import { asString } from '../template/value.ts';
import { remove, set } from './fixes.ts';
import { textThat } from './predicates.ts';
import { aws } from './references.ts';
import type { PropertyCheck, Rule, Target } from './rule.ts';
import { takesNoLogs } from './s3-bucket.ts';

const ENCRYPTION = aws(
  'Setting default server-side encryption behavior for Amazon S3 buckets',
  'AmazonS3/latest/userguide/bucket-encryption.html',
);

const ALGORITHMS = ['AES256', 'aws:kms', 'aws:kms:dsse'];

const knownAlgorithm = textThat((text) => (text.includes('\u0000') ? undefined : ALGORITHMS.includes(text)));

const DEFAULTS = 'ServerSideEncryptionConfiguration[].ServerSideEncryptionByDefault[]';
const DEFAULTS_TERRAFORM = 'rule.apply_server_side_encryption_by_default[]';

/** Blocks that say how to encrypt by default: type, path of the block, algorithm, key. */
const ENCRYPTION_BLOCKS: readonly (readonly [type: string, within: string, algorithm: string, key: string])[] = [
  ['AWS::S3::Bucket', `BucketEncryption.${DEFAULTS}`, 'SSEAlgorithm', 'KMSMasterKeyID'],
  ['aws_s3_bucket_server_side_encryption_configuration', DEFAULTS_TERRAFORM, 'sse_algorithm', 'kms_master_key_id'],
  ['aws_s3_bucket', `server_side_encryption_configuration.${DEFAULTS_TERRAFORM}`, 'sse_algorithm', 'kms_master_key_id'],
];

function encryptionChecks(): readonly PropertyCheck[] {
  const algorithms: Target[] = ENCRYPTION_BLOCKS.map(([type, within, path]) => ({ type, within, path }));
  const keys: Target[] = ENCRYPTION_BLOCKS.map(([type, within, algorithm, path]) => ({
    type,
    within,
    path,
    where: (_resource, scope) => {
      const leaves = scope ? below(scope, algorithm) : [];
      return leaves.length > 0 && leaves.every((leaf) => asString(leaf.value) === 'AES256');
    },
  }));
  return [
    {
      kind: 'property',
      targets: algorithms,
      must: knownAlgorithm,
      absent: undefined,
      message: (found) => `${asString(found.value) ?? 'This'} is no encryption algorithm of S3: deployment fails`,
      fix: (found) => {
        const text = asString(found.value)?.toLowerCase();
        // S3 refuses a key beside AES256.
        const block = found.scopes[found.scopes.length - 1];
        const keyed = block?.names.some((name) => name.toLowerCase().replaceAll('_', '') === 'kmsmasterkeyid');
        const fallback = keyed ? 'aws:kms' : 'AES256';
        return set(ALGORITHMS.find((one) => one.toLowerCase() === text) ?? fallback)(found);
      },
    },
    {
      kind: 'property',
      targets: keys,
      // An empty key is none, and a parameter may be empty.
      must: (value) =>
        value.kind === 'unknown' ? undefined : value.kind === 'known' && value.value === '' ? true : 'key',
      absent: true,
      fix: remove({ note: 'objects stay encrypted with SSE-S3' }),
    },
  ];
}

const ENCRYPTED_ALIASES = [
  'checkov:CKV_AWS_19',
  'cfn_nag:W41',
  'trivy:AVD-AWS-0088',
  'guard:S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED',
  'kics:S3 Bucket Without Server-side-encryption',
];
const CMK_ALIASES = ['checkov:CKV_AWS_145', 'trivy:AVD-AWS-0132', 'cdk-nag:S3DefaultEncryptionKMS'];

const usesKms = textThat((text) => (text.includes('\u0000') ? undefined : /^aws:kms/.test(text)));

export const S3_ENCRYPTION_RULES: readonly Rule[] = [
  {
    id: 's3-encryption-invalid',
    title: 'Default encryption is not valid',
    category: 'encryption-at-rest',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'aws',
      why: 'AWS encrypts every new object with SSE-S3 by itself; only a setting that it refuses stands in the way here.',
    },
    description:
      'S3 knows `AES256` (SSE-S3), `aws:kms` and `aws:kms:dsse`. With anything else, or with a KMS key beside ' +
      '`AES256`, it refuses the configuration. Name one of the three, and a key with the KMS ones only.',
    aws: awsDefaults('s3-encryption'),
    aliases: ENCRYPTED_ALIASES,
    variants: {
      key: { message: 'A KMS key goes with aws:kms only; S3 refuses it beside AES256', aliases: [] },
    },
    references: [ENCRYPTION],
    checks: encryptionChecks(),
  },
  {
    id: 's3-cmk',
    title: 'Bucket is not encrypted with a KMS key',
    category: 'encryption-at-rest',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'shared',
      why: 'AWS encrypts every object with a key of its own; a KMS key, with its audit trail and key policy, is yours to choose.',
    },
    description:
      'Objects are encrypted in any case. A KMS key adds a second permission that readers need, an audit trail ' +
      'of its use, and the means to withdraw all data at once. Use `aws:kms` with a bucket key to keep its ' +
      'cost down.',
    aws: awsDefaults('s3-encryption'),
    aliases: CMK_ALIASES,
    // Guard's rule of that name takes any encryption that is written.
    variants: { unsaid: { aliases: [...CMK_ALIASES, 'guard:S3_DEFAULT_ENCRYPTION_KMS'] } },
    references: [
      aws(
        'Using server-side encryption with AWS KMS keys (SSE-KMS)',
        'AmazonS3/latest/userguide/UsingKMSEncryption.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::S3::Bucket', path: `BucketEncryption.${DEFAULTS}.SSEAlgorithm`, where: takesNoLogs },
          {
            type: 'aws_s3_bucket',
            where: takesNoLogs,
            path: [
              `@aws_s3_bucket_server_side_encryption_configuration.${DEFAULTS_TERRAFORM}.sse_algorithm`,
              `server_side_encryption_configuration.${DEFAULTS_TERRAFORM}.sse_algorithm`,
            ],
          },
        ],
        must: usesKms,
        absent: 'unsaid',
      },
    ],
  },
  {
    id: 's3-object-unencrypted',
    title: 'Object names no KMS key',
    category: 'encryption-at-rest',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'aws',
      why: 'AWS encrypts the object with the default of its bucket; a key of its own is a preference.',
    },
    description:
      'The object is encrypted as its bucket says, with SSE-S3 at least. Name a key here only if it needs ' +
      'another one than the bucket has.',
    aws: awsDefaults('s3-encryption'),
    aliases: ['checkov:CKV_AWS_186', 'kics:S3 Bucket Object Not Encrypted'],
    variants: { copy: { aliases: ['checkov:CKV_AWS_181'] } },
    references: [ENCRYPTION],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: ['aws_s3_object', 'aws_s3_bucket_object'], path: 'kms_key_id', absent: false },
          { type: 'aws_s3_object_copy', path: 'kms_key_id', absent: 'copy' },
        ],
        must: (value) => !(value.kind === 'known' && value.value === ''),
        absent: false,
      },
    ],
  },
  {
    id: 's3-ssec-allowed',
    title: 'Uploads with customer-provided keys are allowed again',
    category: 'encryption-at-rest',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS refuses uploads with customer-provided keys on new buckets; this template lets them in again.',
      moves: { from: 'aws', to: 'customer' },
    },
    description:
      'With SSE-C the caller brings the key and AWS keeps none: whoever can write to the bucket can encrypt ' +
      'its objects beyond your reach and ask for ransom. Block `SSE-C` unless a client depends on it.',
    aws: awsDefaults('s3-sse-c'),
    aliases: [],
    references: [
      aws(
        'Blocking or unblocking SSE-C for a general purpose bucket',
        'AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          {
            type: 'AWS::S3::Bucket',
            path: 'BucketEncryption.ServerSideEncryptionConfiguration[].BlockedEncryptionTypes.EncryptionType[]',
          },
          { type: 'aws_s3_bucket_server_side_encryption_configuration', path: 'rule.blocked_encryption_types[]' },
        ],
        must: textThat((text) => (text.includes('\u0000') ? undefined : text !== 'NONE')),
        absent: true,
        fix: set('SSE-C', { safe: false, note: 'uploads with customer-provided keys fail' }),
      },
    ],
  },
];
