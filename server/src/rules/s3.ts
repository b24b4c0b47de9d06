/** Amazon S3: versions, logs, websites and cross-origin rules of buckets; the rest is in the files named s3-…. */

import { companions } from '../template/companions.ts';
import { inSameModule } from '../template/module-path.ts';
import { below, type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean, asString } from '../template/value.ts';
import { selectPath } from './engine.ts';
import { isRepeated, nameOf, remove, set, terraformReference } from './fixes.ts';
import { nameOrigin } from './list-fixes.ts';
import { scalar } from './predicates.ts';
import { aws } from './references.ts';
import { removeResource } from './removal-fixes.ts';
import type { FixMaker, Predicate, Reporter, Rule } from './rule.ts';
import { S3_ACL_RULES } from './s3-acl.ts';
import { BUCKET_TYPES, isLogTarget, mayBeLogTarget, policyClosedBy, takesNoLogs } from './s3-bucket.ts';
import { S3_ENCRYPTION_RULES } from './s3-encryption.ts';
import { S3_POLICY_RULES } from './s3-policies.ts';
import { S3_PUBLIC_ACCESS_RULES } from './s3-public-access.ts';
import { addSplit } from './s3-split.ts';
import { loggedByTrail } from './s3-trail.ts';

// ---- versioning

/** `Enabled`, or version 3's `enabled = true`. */
const isEnabled: Predicate = scalar((value) => {
  const text = asString(value);
  if (text === undefined) return undefined;
  if (/^(enabled|true)$/i.test(text)) return true;
  // What is neither is refused, or not typed to its end.
  return /^(suspended|disabled|false)$/i.test(text) ? 'suspended' : undefined;
});

const MFA_DELETE = ['@aws_s3_bucket_versioning.versioning_configuration.mfa_delete', 'versioning.mfa_delete'];

/** Whether a setting of the bucket is certainly left out, wherever it may be written. */
function saysNothing(bucket: Resource, paths: readonly string[]): boolean {
  return paths.every((path) => selectPath(bucket, path).every((leaf) => leaf.value.kind === 'absent'));
}

const versioningFix: FixMaker = (found) => {
  if (found.value.kind === 'absent' && found.resource.type === 'aws_s3_bucket' && !found.value.written) {
    const settings = { versioning_configuration: { status: 'Enabled' } };
    return addSplit('aws_s3_bucket_versioning', 'Add a versioning configuration', settings)(found);
  }
  const inline = found.resource.type === 'aws_s3_bucket';
  return set(inline ? true : 'Enabled')(found);
};

// ---- logging

/** The one bucket of the template that takes in logs, as a target for others. */
function logBucket(bucket: Resource): Resource | undefined {
  const [target, ...others] = bucket.template
    .ofType(...bucket.types)
    .filter((one) => one !== bucket && inSameModule(one, bucket) && isLogTarget(one));
  return !target || others.length || isRepeated(target) ? undefined : target;
}

const loggingFix: FixMaker = (found) => {
  const target = logBucket(found.resource);
  if (!target) return undefined;
  const prefix = `${nameOf(found.resource)}/`;
  if (found.resource.type === 'AWS::S3::Bucket') {
    const data = { DestinationBucketName: { Ref: nameOf(target) }, LogFilePrefix: prefix };
    return set(data, { title: `Log accesses to ${nameOf(target)}` })(found);
  }
  const settings = { target_bucket: terraformReference(target, 'id'), target_prefix: prefix };
  return addSplit('aws_s3_bucket_logging', `Log accesses to ${target.address}`, settings)(found);
};

const wantsLogging = (bucket: Resource): boolean => !mayBeLogTarget(bucket) && !loggedByTrail(bucket);

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
          const message = writes
            ? `Scripts of any website may send ${writes} requests`
            : 'Scripts of any website may send any header';
          reporter.reportFound(origin, {
            variant: writes ? 'write' : 'headers',
            message,
            fix: () => nameOrigin(origin),
          });
        }
      }
    },
  };
}

// ---- website

const WITHOUT_WEBSITE = 'Remove the website (its endpoint no longer answers: serve the bucket with CloudFront)';

/** Takes the configuration out, also where Terraform has it in a list of one. */
function withoutWebsite(found: Found): ReturnType<FixMaker> {
  const entry = found.key?.entry;
  const isOnlyItem =
    entry?.value.kind === 'array' && entry.value.items.length === 1 && entry.value === found.node.parent;
  if (entry && isOnlyItem && found.resource.template.dialect === 'terraform' && !found.via.length) {
    return { title: WITHOUT_WEBSITE, safe: false, edits: [{ kind: 'remove', entry }] };
  }
  return remove({ safe: false, title: WITHOUT_WEBSITE })(found);
}

function checkWebsite(resource: Resource, reporter: Reporter): void {
  const [path, redirect, companionType] = resource.type.startsWith('AWS::')
    ? ['WebsiteConfiguration', 'RedirectAllRequestsTo', undefined]
    : ['website[]', 'redirect_all_requests_to', 'aws_s3_bucket_website_configuration'];
  const variant = policyClosedBy(resource) ? 'closed' : undefined;
  for (const found of select(resource, path)) {
    const { value } = found;
    if (value.kind !== 'object' || value.get(redirect) || !found.key) continue;
    reporter.reportFound(found, { node: found.key, variant, fix: () => withoutWebsite(found) });
  }
  if (!companionType) return;
  for (const site of companions(resource, companionType).sure) {
    if (site.properties.get(redirect)) continue;
    reporter.report({
      node: site.key,
      resource: site,
      variant,
      related: [{ node: resource.key, message: `Website of ${resource.address}`, resource }],
      fix: () => removeResource(site, WITHOUT_WEBSITE),
    });
  }
}

export const S3_RULES: readonly Rule[] = [
  ...S3_ACL_RULES,
  ...S3_PUBLIC_ACCESS_RULES,
  ...S3_POLICY_RULES,
  ...S3_ENCRYPTION_RULES,
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
      'Without versioning an object that is overwritten or deleted, by mistake or by an intruder, cannot be ' +
      'brought back. Enable it, with a lifecycle rule for versions that are no longer needed.',
    aliases: [
      'checkov:CKV_AWS_21',
      'trivy:AVD-AWS-0090',
      'guard:S3_BUCKET_VERSIONING_ENABLED',
      'cdk-nag:S3BucketVersioningEnabled',
      'kics:S3 Bucket Without Versioning',
    ],
    variants: {
      suspended: { message: 'Versioning is switched off: nothing that is overwritten or deleted comes back' },
    },
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
      'With MFA delete, deleting a version takes the MFA device of the root user as well. Only the root user ' +
      'can switch it on, so it does not fit into an ordinary pipeline.',
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
          if (saysNothing(bucket, MFA_DELETE))
            reporter.report({ node: bucket.key, resource: bucket, path: 'versioning.mfa_delete' });
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
      'Object lock keeps versions from being overwritten or deleted for a time you set: for backups, logs and ' +
      'records that must survive an intruder.',
    aliases: ['checkov:CKV_AWS_143', 'guard:S3_BUCKET_DEFAULT_LOCK_ENABLED', 'cdk-nag:S3BucketDefaultLockEnabled'],
    references: [aws('Locking objects with Object Lock', 'AmazonS3/latest/userguide/object-lock.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::S3::Bucket', path: 'ObjectLockEnabled', where: takesNoLogs },
          {
            type: 'aws_s3_bucket',
            where: takesNoLogs,
            path: [
              'object_lock_enabled',
              'object_lock_configuration.object_lock_enabled',
              '@aws_s3_bucket_object_lock_configuration.bucket',
            ],
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
      why: 'Except in one-zone storage classes AWS keeps objects in several availability zones; the loss of the Region is for you to plan for.',
    },
    description:
      'Replication copies new objects to another bucket, in another Region or account. It pays where data must ' +
      'outlive a Region or an account.',
    aliases: ['checkov:CKV_AWS_144', 'guard:S3_BUCKET_REPLICATION_ENABLED', 'cdk-nag:S3BucketReplicationEnabled'],
    references: [aws('Replicating objects within and across Regions', 'AmazonS3/latest/userguide/replication.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::S3::Bucket', path: 'ReplicationConfiguration' },
          {
            type: 'aws_s3_bucket',
            path: ['@aws_s3_bucket_replication_configuration.bucket', 'replication_configuration[]'],
          },
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
      'Without access logs or CloudTrail data events nobody can tell who read or deleted objects. Log to ' +
      'another bucket, or record data events in a trail.',
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
      'The website endpoint of a bucket speaks HTTP only and needs the objects to be public. Let CloudFront ' +
      'serve them instead, from a private bucket with origin access control.',
    aliases: ['cdk-nag:AwsSolutions-S5', 'kics:S3 Static Website Host Enabled'],
    variants: {
      closed: {
        severity: 'info',
        message: 'Website endpoint is configured, but the public access block keeps visitors out',
      },
    },
    references: [
      aws('Hosting a static website using Amazon S3', 'AmazonS3/latest/userguide/WebsiteHosting.html'),
      aws(
        'Restrict access to an Amazon S3 origin',
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
    owner: {
      side: 'customer',
      why: 'AWS allows no cross-origin requests until you write a rule; whom it names is your decision.',
    },
    description:
      'Scripts of any website may send requests to the bucket with what their visitors hold. Name the origins ' +
      'that need it, and only the methods and headers they use.',
    aliases: ['kics:S3 Bucket with Unsecured CORS Rule'],
    variants: { write: {}, headers: {} },
    references: [aws('Using cross-origin resource sharing (CORS)', 'AmazonS3/latest/userguide/cors.html')],
    checks: CORS.map(corsCheck),
  },
];
