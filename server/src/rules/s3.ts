/** Amazon S3: settings of buckets and access points. ACLs are judged in s3-acl.ts, policies in s3-policies.ts. */

import type { Data } from '../syntax/edit.ts';
import { companions } from '../template/companions.ts';
import { below, type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean, asString } from '../template/value.ts';
import { providerMajorVersion } from '../terraform/provider.ts';
import type { Fix } from './fix.ts';
import { addTerraformResource, nameOf, remove, set, setEdits, terraformReference } from './fixes.ts';
import { isTrue, scalar, textThat } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Predicate, PropertyCheck, Reporter, Rule, Target } from './rule.ts';
import { selectPath } from './engine.ts';
import { S3_ACL_RULES } from './s3-acl.ts';
import { BLOCK_MEMBERS, BUCKET_TYPES, isLogTarget, policyClosedBy } from './s3-bucket.ts';
import { S3_POLICY_RULES } from './s3-policies.ts';
import { loggedByTrail } from './s3-trail.ts';
import { lacks } from './shared.ts';

const BLOCK = aws(
  'Blocking public access to your Amazon S3 storage',
  'AmazonS3/latest/userguide/access-control-block-public-access.html',
);
const ENCRYPTION = aws(
  'Setting default server-side encryption behavior for Amazon S3 buckets',
  'AmazonS3/latest/userguide/bucket-encryption.html',
);

const BLOCK_BY_DEFAULT = {
  text: 'A new bucket has all four settings of its public access block on when nothing is said about it.',
  since: '2023-04',
  source: 'Amazon S3 User Guide: Default settings for new S3 buckets FAQ',
};
const ENCRYPTED_BY_DEFAULT = {
  text: 'S3 encrypts every new object with SSE-S3 when nothing else is asked for.',
  since: '2023-01-05',
  source: 'Amazon S3 User Guide: Default encryption FAQ',
};

// ---- public access block

const ALL_MEMBERS = [
  'checkov:CKV2_AWS_6',
  'guard:S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED',
  'guard:S3_BUCKET_PUBLIC_READ_PROHIBITED',
  'guard:S3_BUCKET_PUBLIC_WRITE_PROHIBITED',
  'cdk-nag:AwsSolutions-S2',
];

/** What peers call each member. */
const MEMBER_ALIASES: Readonly<Record<string, readonly string[]>> = {
  BlockPublicAcls: ['checkov:CKV_AWS_53', 'trivy:AVD-AWS-0086', 'kics:S3 Bucket Allows Public ACL'],
  BlockPublicPolicy: ['checkov:CKV_AWS_54', 'trivy:AVD-AWS-0087', 'kics:S3 Bucket Allows Public Policy'],
  IgnorePublicAcls: [
    'checkov:CKV_AWS_55',
    'trivy:AVD-AWS-0091',
    'kics:S3 Bucket Without Ignore Public ACL',
    'kics:S3 Bucket Public ACL Overridden By Public Access Block',
  ],
  RestrictPublicBuckets: ['checkov:CKV_AWS_56', 'trivy:AVD-AWS-0093', 'kics:S3 Bucket Without Restriction Of Public Bucket'],
};

const MEMBER_MEANING: Readonly<Record<string, string>> = {
  BlockPublicAcls: 'new public ACLs are accepted',
  BlockPublicPolicy: 'public bucket policies are accepted',
  IgnorePublicAcls: 'public ACLs have effect',
  RestrictPublicBuckets: 'a public policy lets everyone in',
};

const memberAliases = (member: string): string[] => [...(MEMBER_ALIASES[member] ?? []), ...ALL_MEMBERS];

/** A Terraform resource that is a public access block, or the block within a resource. */
function blocksOf(resource: Resource): readonly { readonly leaf: (member: string) => readonly Found[]; readonly snake: boolean }[] {
  if (resource.type.startsWith('aws_')) return [{ leaf: (member) => select(resource, member), snake: true }];
  return select(resource, 'PublicAccessBlockConfiguration').flatMap((block) =>
    block.value.kind === 'object' ? [{ leaf: (member: string) => below(block, member), snake: false }] : [],
  );
}

/** Each member that is off, at its value; all that a written block leaves out at once, at its key. */
function checkBlock(resource: Resource, reporter: Reporter): void {
  for (const block of blocksOf(resource)) {
    const missing: { readonly member: string; readonly name: string; readonly found: Found }[] = [];
    for (const [cfn, tf] of BLOCK_MEMBERS) {
      const name = block.snake ? tf : cfn;
      for (const found of block.leaf(name)) {
        if (found.value.kind === 'absent') {
          missing.push({ member: cfn, name, found });
        } else if (isTrue(found.value, found) === false) {
          reporter.reportFound(found, {
            variant: cfn,
            message: `${name} is off: ${MEMBER_MEANING[cfn]}`,
            fix: () => set(true, { safe: false, note: 'ends public access' })(found),
          });
        }
      }
    }
    const [first] = missing;
    if (!first) continue;
    reporter.reportFound(first.found, {
      variant: 'incomplete',
      message: `A public access block that is written has every member off that it leaves out: ${missing.map(({ name }) => name).join(', ')}`,
      aliases: [...missing.flatMap(({ member }) => MEMBER_ALIASES[member] ?? []), ...ALL_MEMBERS],
      fix: () => {
        const edits = missing.flatMap(({ found }) => setEdits(found, true) ?? []);
        return edits.length ? { title: 'Switch on what the block leaves out (ends public access)', safe: false, edits } : undefined;
      },
    });
  }
}

const ALL_ON = Object.fromEntries(BLOCK_MEMBERS.map(([cfn]) => [cfn, true]));
const ALL_ON_TERRAFORM = Object.fromEntries(BLOCK_MEMBERS.map(([, tf]) => [tf, true]));

// ---- split resources of Terraform

/** The provider's first version with a resource of its own for each setting of a bucket. */
const FIRST_SPLIT = 4;

/** A fix that adds such a resource. */
function addSplit(type: string, title: string, data: (bucket: Resource) => Readonly<Record<string, Data>> | undefined): FixMaker {
  return (found) => splitFix(found.resource, type, title, data);
}

function splitFix(
  bucket: Resource,
  type: string,
  title: string,
  data: (bucket: Resource) => Readonly<Record<string, Data>> | undefined,
): Fix | undefined {
  if ((providerMajorVersion(bucket.template) ?? FIRST_SPLIT) < FIRST_SPLIT) return undefined;
  const settings = data(bucket);
  const edits = settings && addTerraformResource(bucket, type, nameOf(bucket), { bucket: terraformReference(bucket, 'id'), ...settings });
  return edits && { title, safe: true, edits };
}

// ---- versioning

/** `Enabled`, or version 3's `enabled = true`. */
const isEnabled: Predicate = scalar((value) => {
  const text = asString(value);
  return text === undefined ? undefined : /^(enabled|true)$/i.test(text) || 'suspended';
});

const MFA_DELETE = ['@aws_s3_bucket_versioning.versioning_configuration.mfa_delete', 'versioning.mfa_delete'];

/** Whether a setting of the bucket is certainly left out, wherever it may be written. */
function saysNothing(bucket: Resource, paths: readonly string[]): boolean {
  return paths.every((path) => selectPath(bucket, path).every((leaf) => leaf.value.kind === 'absent'));
}

const versioningFix: FixMaker = (found) => {
  if (found.value.kind === 'absent' && found.resource.type === 'aws_s3_bucket' && !found.value.written) {
    return addSplit('aws_s3_bucket_versioning', 'Add a versioning configuration', () => ({
      versioning_configuration: { status: 'Enabled' },
    }))(found);
  }
  const inline = found.resource.type === 'aws_s3_bucket';
  return set(inline ? true : 'Enabled')(found);
};

// ---- encryption

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
        return set(ALGORITHMS.find((one) => one.toLowerCase() === text) ?? 'AES256')(found);
      },
    },
    {
      kind: 'property',
      targets: keys,
      // An empty key is none.
      must: (value) => (value.kind === 'known' && value.value === '' ? true : 'key'),
      absent: true,
      fix: remove({ note: 'objects stay encrypted with SSE-S3' }),
    },
  ];
}

const CMK_ALIASES = ['checkov:CKV_AWS_145', 'trivy:AVD-AWS-0132', 'cdk-nag:S3DefaultEncryptionKMS'];

const usesKms = textThat((text) => (text.includes('\u0000') ? undefined : /^aws:kms/.test(text)));

// ---- logging

/** The one bucket of the template that takes in logs, as a target for others. */
function logBucket(bucket: Resource): Resource | undefined {
  const [target, ...others] = bucket.template.ofType(...bucket.types).filter((one) => one !== bucket && isLogTarget(one));
  return others.length ? undefined : target;
}

const loggingFix: FixMaker = (found) => {
  const target = logBucket(found.resource);
  if (!target) return undefined;
  const prefix = `${nameOf(found.resource)}/`;
  if (found.resource.type === 'AWS::S3::Bucket') {
    const data = { DestinationBucketName: { Ref: nameOf(target) }, LogFilePrefix: prefix };
    return set(data, { title: `Log accesses to ${nameOf(target)}` })(found);
  }
  return addSplit('aws_s3_bucket_logging', `Log accesses to ${target.address}`, () => ({
    target_bucket: terraformReference(target, 'id'),
    target_prefix: prefix,
  }))(found);
};

const wantsLogging = (bucket: Resource): boolean => !isLogTarget(bucket) && !loggedByTrail(bucket);

// ---- CORS

/** Rules of cross-origin sharing: type, path of the rules, and the names of their members. */
const CORS: readonly (readonly [type: string, rules: string, origins: string, methods: string, headers: string])[] = [
  ['AWS::S3::Bucket', 'CorsConfiguration.CorsRules[]', 'AllowedOrigins', 'AllowedMethods', 'AllowedHeaders'],
  ['aws_s3_bucket_cors_configuration', 'cors_rule[]', 'allowed_origins', 'allowed_methods', 'allowed_headers'],
  ['aws_s3_bucket', 'cors_rule[]', 'allowed_origins', 'allowed_methods', 'allowed_headers'],
];

const WRITES: ReadonlySet<string> = new Set(['PUT', 'POST', 'DELETE']);

function corsCheck([type, rules, origins, methods, headers]: (typeof CORS)[number]): Rule['checks'][number] {
  return {
    kind: 'resource',
    types: [type],
    check: (resource, reporter) => {
      for (const block of select(resource, rules)) {
        if (block.value.kind !== 'object') continue;
        const texts = (name: string) => below(block, `${name}[]`).map((leaf) => asString(leaf.value)?.toUpperCase());
        const writes = texts(methods).find((method) => method !== undefined && WRITES.has(method));
        const anyHeader = texts(headers).includes('*');
        if (!writes && !anyHeader) continue;
        for (const origin of below(block, `${origins}[]`)) {
          if (asString(origin.value) !== '*') continue;
          const message = writes ? `Scripts of any website may send ${writes} requests` : 'Scripts of any website may send any header';
          reporter.reportFound(origin, { variant: writes ? 'write' : 'headers', message });
        }
      }
    },
  };
}

// ---- website

function checkWebsite(resource: Resource, reporter: Reporter): void {
  const [path, redirect, companionType] = resource.type.startsWith('AWS::')
    ? ['WebsiteConfiguration', 'RedirectAllRequestsTo', undefined]
    : ['website[]', 'redirect_all_requests_to', 'aws_s3_bucket_website_configuration'];
  const variant = policyClosedBy(resource) ? 'closed' : undefined;
  for (const found of select(resource, path)) {
    const { value } = found;
    if (value.kind !== 'object' || value.get(redirect) || !found.key) continue;
    reporter.reportFound(found, { node: found.key, variant });
  }
  if (!companionType) return;
  for (const site of companions(resource, companionType).sure) {
    if (site.properties.get(redirect)) continue;
    reporter.report({
      node: site.key,
      resource: site,
      variant,
      related: [{ node: resource.key, message: `Website of ${resource.address}`, resource }],
    });
  }
}

export const S3_RULES: readonly Rule[] = [
  ...S3_ACL_RULES,
  ...S3_POLICY_RULES,
  {
    id: 's3-public-access-block-disabled',
    title: 'Public access block is switched off',
    category: 'public-access',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS blocks public access to new buckets by itself; this template takes that guard away.',
    },
    description:
      'Without the public access block a single ACL or policy, now or later, opens the bucket to everyone. Switch all four settings on, or leave the block out: ' +
      'AWS then switches them on for new buckets. A block that is written has every setting off that it does not name.',
    aws: [BLOCK_BY_DEFAULT],
    aliases: [...Object.values(MEMBER_ALIASES).flat(), ...ALL_MEMBERS],
    variants: {
      ...Object.fromEntries(BLOCK_MEMBERS.map(([member]) => [member, { aliases: memberAliases(member) }])),
      incomplete: {},
    },
    references: [BLOCK],
    checks: [{ kind: 'resource', types: ['AWS::S3::Bucket', 'aws_s3_bucket_public_access_block'], check: checkBlock }],
  },
  {
    id: 's3-public-access-block-missing',
    title: 'Public access block is not written down',
    category: 'public-access',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'aws',
      why: 'AWS blocks public access to new buckets by itself; writing it down also covers buckets that are older or imported.',
    },
    description:
      'New buckets block public access without being told. Buckets from before April 2023, and imported ones, keep what they had: with the four settings in the template ' +
      'the guard is there in every case, and taking it away shows in review.',
    aws: [BLOCK_BY_DEFAULT],
    aliases: [
      'checkov:CKV_AWS_53',
      'checkov:CKV_AWS_54',
      'checkov:CKV_AWS_55',
      'checkov:CKV_AWS_56',
      'checkov:CKV2_AWS_6',
      'trivy:AVD-AWS-0094',
      'guard:S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED',
      'guard:S3_BUCKET_PUBLIC_READ_PROHIBITED',
      'guard:S3_BUCKET_PUBLIC_WRITE_PROHIBITED',
      'cdk-nag:AwsSolutions-S2',
    ],
    references: [BLOCK],
    checks: [
      {
        kind: 'property',
        targets: [
          {
            type: 'AWS::S3::Bucket',
            path: 'PublicAccessBlockConfiguration',
            fix: set(ALL_ON, { title: 'Block public access', safe: false, note: 'ends public access where there is any' }),
          },
          {
            type: 'aws_s3_bucket',
            path: '@aws_s3_bucket_public_access_block.bucket',
            fix: (found) => {
              const fix = addSplit('aws_s3_bucket_public_access_block', 'Block public access (ends public access where there is any)', () => ALL_ON_TERRAFORM)(found);
              return fix && { ...(fix as Fix), safe: false };
            },
          },
        ],
        must: () => true,
        absent: false,
      },
    ],
  },
  {
    id: 's3-account-public-access-block',
    title: 'Public access block of the account is switched off',
    category: 'public-access',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'The block of the account is a guard that AWS offers over all buckets; switching its members on is up to you.',
    },
    description:
      'The public access block of the account stands over every bucket and access point in it. A member that is off, or that this resource leaves out, guards nothing. Switch all ' +
      'four on, and serve public content through CloudFront.',
    aliases: [],
    references: [BLOCK],
    checks: [{ kind: 'resource', types: ['aws_s3_account_public_access_block'], check: checkBlock }],
  },
  {
    id: 's3-access-point-public-access-block',
    title: 'Access point gives up its public access block',
    category: 'public-access',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS creates access points with all public access blocked; this template opts out, which is your decision.',
    },
    description:
      'The public access block of an access point cannot be changed once it exists. With a member off, the policy of the access point can open the data behind it to ' +
      'everyone. Leave the block out, or keep all four members on.',
    aws: [
      {
        text: 'An access point blocks all public access unless its creation says otherwise.',
        source: 'Amazon S3 User Guide: Managing public access to access points for general purpose buckets',
      },
    ],
    aliases: ['checkov:CKV_AWS_392'],
    references: [
      aws(
        'Managing public access to access points for general purpose buckets',
        'AmazonS3/latest/userguide/access-points-bpa-settings.html',
      ),
      BLOCK,
    ],
    checks: [
      {
        kind: 'property',
        targets: BLOCK_MEMBERS.flatMap(([cfn, tf]): Target[] => [
          {
            type: 'AWS::S3::AccessPoint',
            path: `PublicAccessBlockConfiguration.${cfn}`,
            where: (point) => lacks(point, 'VpcConfiguration'),
          },
          { type: 'AWS::S3::MultiRegionAccessPoint', path: `PublicAccessBlockConfiguration.${cfn}` },
          {
            type: 'aws_s3_access_point',
            path: `public_access_block_configuration.${tf}`,
            where: (point) => lacks(point, 'vpc_configuration'),
          },
          { type: 'aws_s3control_multi_region_access_point', path: `details.public_access_block.${tf}` },
        ]),
        must: isTrue,
        absent: true,
        fix: set(true, { safe: false, note: 'replaces the access point on deployment' }),
      },
    ],
  },
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
      'S3 knows `AES256` (SSE-S3), `aws:kms` and `aws:kms:dsse`. With anything else, or with a KMS key beside `AES256`, it refuses the configuration. Name one of the three, and a ' +
      'key with the KMS ones only.',
    aws: [ENCRYPTED_BY_DEFAULT],
    aliases: [
      'checkov:CKV_AWS_19',
      'cfn_nag:W41',
      'trivy:AVD-AWS-0088',
      'guard:S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED',
      'kics:S3 Bucket Without Server-side-encryption',
    ],
    variants: { key: { message: 'A KMS key goes with aws:kms only; S3 refuses it beside AES256', aliases: [] } },
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
      'Objects are encrypted in any case. A KMS key adds a second permission that readers need, an audit trail of its use, and the means to withdraw all data at once. Use `aws:kms` ' +
      'with a bucket key to keep its cost down.',
    aws: [ENCRYPTED_BY_DEFAULT],
    aliases: CMK_ALIASES,
    // Guard's rule of that name takes any encryption that is written.
    variants: { unsaid: { aliases: [...CMK_ALIASES, 'guard:S3_DEFAULT_ENCRYPTION_KMS'] } },
    references: [
      aws('Using server-side encryption with AWS KMS keys (SSE-KMS)', 'AmazonS3/latest/userguide/UsingKMSEncryption.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::S3::Bucket', path: `BucketEncryption.${DEFAULTS}.SSEAlgorithm` },
          {
            type: 'aws_s3_bucket',
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
      'The object is encrypted as its bucket says, with SSE-S3 at least. Name a key here only if it needs another one than the bucket has.',
    aws: [ENCRYPTED_BY_DEFAULT],
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
      side: 'aws',
      why: 'AWS refuses uploads with customer-provided keys on new buckets; this template lets them in again.',
      moves: { from: 'aws', to: 'customer' },
    },
    description:
      'With SSE-C the caller brings the key and AWS keeps none: whoever can write to the bucket can encrypt its objects beyond your reach and ask for ransom. Block `SSE-C` unless a ' +
      'client depends on it.',
    aws: [
      {
        text: 'S3 refuses uploads with SSE-C on new buckets, and on existing ones in accounts that hold no such objects.',
        since: '2026-04',
        source: 'Amazon S3 User Guide: Blocking or unblocking SSE-C for a general purpose bucket',
      },
    ],
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
  {
    id: 's3-versioning',
    title: 'Bucket keeps no earlier versions',
    category: 'backup-resilience',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS stores every object in several places, but what you overwrite or delete is gone unless you ask for versions.',
    },
    description:
      'Without versioning an object that is overwritten or deleted, by mistake or by an intruder, cannot be brought back. Enable it, with a lifecycle rule for versions that are no longer needed.',
    aliases: [
      'checkov:CKV_AWS_21',
      'trivy:AVD-AWS-0090',
      'guard:S3_BUCKET_VERSIONING_ENABLED',
      'cdk-nag:S3BucketVersioningEnabled',
      'kics:S3 Bucket Without Versioning',
    ],
    variants: { suspended: { message: 'Versioning is switched off: nothing that is overwritten or deleted comes back' } },
    references: [
      aws('Retaining multiple versions of objects with S3 Versioning', 'AmazonS3/latest/userguide/Versioning.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::S3::Bucket', path: 'VersioningConfiguration.Status' },
          {
            type: 'aws_s3_bucket',
            path: ['@aws_s3_bucket_versioning.versioning_configuration.status', 'versioning.enabled'],
          },
        ],
        must: isEnabled,
        absent: false,
        fix: versioningFix,
      },
    ],
  },
  {
    id: 's3-mfa-delete',
    title: 'Versions can be deleted without MFA',
    category: 'backup-resilience',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS asks for a second factor before a version is deleted only if the root user of the account has switched that on.',
    },
    description:
      'With MFA delete, deleting a version takes the MFA device of the root user as well. Only the root user can switch it on, so it does not fit into an ordinary pipeline.',
    aliases: ['trivy:AVD-AWS-0170', 'kics:S3 Bucket Without Enabled MFA Delete'],
    references: [aws('Configuring MFA delete', 'AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'aws_s3_bucket_versioning', path: 'versioning_configuration.mfa_delete' },
          { type: 'aws_s3_bucket', path: 'versioning.mfa_delete' },
        ],
        must: isEnabled,
        // Absence is the bucket's, whether or not it has a versioning configuration.
        absent: true,
      },
      {
        kind: 'resource',
        types: ['aws_s3_bucket'],
        check: (bucket, reporter) => {
          if (saysNothing(bucket, MFA_DELETE)) reporter.report({ node: bucket.key, resource: bucket, path: 'versioning.mfa_delete' });
        },
      },
    ],
  },
  {
    id: 's3-object-lock',
    title: 'Object lock is off',
    category: 'backup-resilience',
    severity: 'low',
    tier: 'opt-in',
    owner: { side: 'customer', why: 'AWS keeps objects from being deleted only where you lock them.' },
    description:
      'Object lock keeps versions from being overwritten or deleted for a time you set: for backups, logs and records that must survive an intruder.',
    aliases: ['checkov:CKV_AWS_143', 'guard:S3_BUCKET_DEFAULT_LOCK_ENABLED', 'cdk-nag:S3BucketDefaultLockEnabled'],
    references: [aws('Locking objects with Object Lock', 'AmazonS3/latest/userguide/object-lock.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::S3::Bucket', path: 'ObjectLockEnabled' },
          {
            type: 'aws_s3_bucket',
            path: ['object_lock_enabled', 'object_lock_configuration.object_lock_enabled', '@aws_s3_bucket_object_lock_configuration.bucket'],
          },
        ],
        must: scalar((value) => (value.kind === 'known' ? (asBoolean(value) ?? value.value !== 'Disabled') : true)),
        absent: false,
      },
    ],
  },
  {
    id: 's3-replication',
    title: 'Bucket is not replicated',
    category: 'backup-resilience',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'shared',
      why: 'AWS keeps objects in several availability zones of a Region; the loss of the Region is for you to plan for.',
    },
    description:
      'Replication copies new objects to another bucket, in another Region or account. It pays where data must outlive a Region or an account.',
    aliases: ['checkov:CKV_AWS_144', 'guard:S3_BUCKET_REPLICATION_ENABLED', 'cdk-nag:S3BucketReplicationEnabled'],
    references: [aws('Replicating objects within and across Regions', 'AmazonS3/latest/userguide/replication.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::S3::Bucket', path: 'ReplicationConfiguration' },
          { type: 'aws_s3_bucket', path: ['@aws_s3_bucket_replication_configuration.bucket', 'replication_configuration[]'] },
        ],
        must: () => true,
        absent: false,
      },
    ],
  },
  {
    id: 's3-access-logging',
    title: 'Access to the bucket is not logged',
    category: 'logging',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS offers access logs and data events; whether there is a trace of who read your data is your decision.',
    },
    description:
      'Without access logs or CloudTrail data events nobody can tell who read or deleted objects. Log to another bucket, or record data events in a trail.',
    aliases: [
      'checkov:CKV_AWS_18',
      'cfn_nag:W35',
      'trivy:AVD-AWS-0089',
      'guard:S3_BUCKET_LOGGING_ENABLED',
      'cdk-nag:AwsSolutions-S1',
      'kics:S3 Bucket Logging Disabled',
      'kics:S3 Bucket CloudTrail Logging Disabled',
    ],
    references: [aws('Logging requests with server access logging', 'AmazonS3/latest/userguide/ServerLogs.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::S3::Bucket', path: 'LoggingConfiguration', where: wantsLogging },
          { type: 'aws_s3_bucket', path: ['@aws_s3_bucket_logging.bucket', 'logging[]'], where: wantsLogging },
        ],
        must: () => true,
        absent: false,
        fix: loggingFix,
      },
    ],
  },
  {
    id: 's3-website-hosting',
    title: 'Bucket serves a website by plain HTTP',
    category: 'public-access',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS offers website endpoints without TLS for public content; whether to use one is a choice of your architecture.',
    },
    description:
      'The website endpoint of a bucket speaks HTTP only and needs the objects to be public. Let CloudFront serve them instead, from a private bucket with origin access control.',
    aliases: ['cdk-nag:AwsSolutions-S5', 'kics:S3 Static Website Host Enabled'],
    variants: { closed: { severity: 'info', message: 'Website endpoint is configured, but the public access block keeps visitors out' } },
    references: [
      aws('Hosting a static website using Amazon S3', 'AmazonS3/latest/userguide/WebsiteHosting.html'),
      aws(
        'Restricting access to an Amazon S3 origin',
        'AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html',
      ),
    ],
    checks: [{ kind: 'resource', types: BUCKET_TYPES, check: checkWebsite }],
  },
  {
    id: 's3-cors-wildcard',
    title: 'Cross-origin rule lets every website in',
    category: 'public-access',
    severity: 'low',
    tier: 'core',
    owner: { side: 'customer', why: 'AWS allows no cross-origin requests until you write a rule; whom it names is your decision.' },
    description:
      'Scripts of any website may send requests to the bucket with what their visitors hold. Name the origins that need it, and only the methods and headers they use.',
    aliases: ['kics:S3 Bucket with Unsecured CORS Rule'],
    variants: { write: {}, headers: {} },
    references: [aws('Using cross-origin resource sharing (CORS)', 'AmazonS3/latest/userguide/cors.html')],
    checks: CORS.map(corsCheck),
  },
];
