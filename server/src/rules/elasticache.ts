/** Amazon ElastiCache: encryption, authentication and backups of node-based caches. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { set } from './fixes.ts';
import { atLeast, isPresent, isTrue, noneOf, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Predicate, Rule } from './rule.ts';
import { keepElsewhere } from './secret-fixes.ts';
import { keepsSecret, secretMessage } from './secrets.ts';
import { all, known, lacks, not } from './shared.ts';
import { ownResource } from './sole-resource.ts';

export const GROUP = 'AWS::ElastiCache::ReplicationGroup';
export const CLUSTER = 'AWS::ElastiCache::CacheCluster';
export const TF_GROUP = 'aws_elasticache_replication_group';
export const TF_CLUSTER = 'aws_elasticache_cluster';

const AT_REST = aws('At-Rest Encryption in ElastiCache', 'AmazonElastiCache/latest/dg/at-rest-encryption.html');
const IN_TRANSIT = aws(
  'ElastiCache in-transit encryption (TLS)',
  'AmazonElastiCache/latest/dg/in-transit-encryption.html',
);

const TOKEN_ALIASES = ['cfn_nag:F44'];

/** A secret that is written here; a parameter that shows it is the business of that parameter. */
const isNotWritten: Predicate = (value, found) => {
  const verdict = keepsSecret(value, found);
  return verdict === 'echoed' ? undefined : verdict;
};

const engineProperty = (cache: Resource) => (cache.type.startsWith('AWS::') ? 'Engine' : 'engine');

/** The engine, in lower case; that of a replication group is Redis OSS where none is named. Undefined where it is not known. */
export function engineOf(cache: Resource): string | undefined {
  const property = engineProperty(cache);
  const isGroup = cache.type === GROUP || cache.type === TF_GROUP;
  if (isGroup && select(cache, property).every(({ value }) => value.kind === 'absent')) return 'redis';
  return known(cache, property)?.toLowerCase();
}

/** A group of its own: a secondary of a global datastore takes its settings from the primary. */
export function isPrimary(group: Resource): boolean | undefined {
  return lacks(group, group.type === GROUP ? 'GlobalReplicationGroupId' : 'global_replication_group_id');
}

function isRedisGroup(group: Resource): boolean | undefined {
  return all(isPrimary(group), engineOf(group) === 'redis');
}

/** Valkey, which is encrypted by default, or an engine that is not known: only what is switched off counts. */
function isOtherGroup(group: Resource): boolean | undefined {
  return all(isPrimary(group), engineOf(group) !== 'redis');
}

/** Whether a cache runs Memcached; undefined where the engine is not known. */
export function isMemcached(cluster: Resource): boolean | undefined {
  const engine = engineOf(cluster);
  return engine === undefined ? undefined : engine === 'memcached';
}

/** A Redis OSS node of its own, not a member of a replication group. */
function isSingleNode(cluster: Resource): boolean | undefined {
  const member = cluster.type === CLUSTER ? undefined : lacks(cluster, 'replication_group_id');
  return all(not(isMemcached(cluster)), cluster.type === CLUSTER || member);
}

/** Names a user group: that of the template, or one to fill in. A token that is missing in one case only stays a matter of that. */
const nameUsers: FixMaker = (found) => {
  if (/^auth_?token$/i.test(String(found.key?.value ?? ''))) return undefined;
  const types = ['AWS::ElastiCache::UserGroup', 'aws_elasticache_user_group'];
  const group = ownResource(found.resource, types, 'user_group_id', ['USER_GROUP_ID', 'id']);
  const title = `Use the user group ${group.name}`;
  return set([group.data], { safe: false, title, note: 'clients must then log in; takes encryption in transit' })(
    found,
  );
};

/**
 * The version of a Redis OSS group, where it is known and can be encrypted neither at rest nor in transit.
 * Source: ElastiCache User Guide, "At-Rest Encryption Conditions" and "In-transit encryption conditions".
 */
function oldRedis(group: Resource): string | undefined {
  const version = known(group, group.type === GROUP ? 'EngineVersion' : 'engine_version');
  const parts = /^(\d{1,2})\.(\d{1,3})\.(\d{1,3})$/.exec(version ?? '');
  if (!parts || engineOf(group) !== 'redis' || version === '3.2.6') return undefined;
  const [, major, minor, patch] = parts.map(Number) as [number, number, number, number];
  return major < 4 || (major === 4 && minor === 0 && patch < 10) ? version : undefined;
}

/** What is wrong, and the upgrade that comes first where the version cannot be encrypted. */
function withUpgrade(message: string): (found: Found) => string {
  return ({ resource }) => {
    const version = oldRedis(resource);
    if (version === undefined) return message;
    return `${message}; Redis OSS ${version} cannot encrypt: upgrade to 4.0.10 or later first`;
  };
}

/** A fix that would not deploy with a version that cannot be encrypted is not offered there. */
function unlessOld(fix: FixMaker): FixMaker {
  return (found) => (oldRedis(found.resource) === undefined ? fix(found) : undefined);
}

export const ELASTICACHE_RULES: readonly Rule[] = [
  {
    id: 'elasticache-at-rest',
    title: 'Replication group is not encrypted at rest',
    category: 'encryption-at-rest',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'ElastiCache encrypts the disk and the backups of a Redis OSS group only if you ask for it when you create it.',
    },
    description:
      'What the nodes write to disk while they synchronise and swap, and every backup in Amazon S3, is stored in the clear. Encryption can only be chosen when the group is created.',
    aws: awsDefaults('elasticache-at-rest', 'elasticache-serverless-encryption'),
    aliases: [
      'checkov:CKV_AWS_29',
      'cfn_nag:F25',
      'trivy:AVD-AWS-0045',
      'guard:ELASTICACHE_REPLICATION_GROUP_ENCRYPTION_AT_REST',
      'cdk-nag:AwsSolutions-AEC3',
      'kics:ElastiCache Replication Group Not Encrypted At Rest',
    ],
    references: [AT_REST],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: GROUP, path: 'AtRestEncryptionEnabled', where: isRedisGroup },
          { type: TF_GROUP, path: 'at_rest_encryption_enabled', where: isRedisGroup },
          { type: GROUP, path: 'AtRestEncryptionEnabled', where: isOtherGroup, absent: true },
          { type: TF_GROUP, path: 'at_rest_encryption_enabled', where: isOtherGroup, absent: true },
        ],
        must: isTrue,
        absent: false,
        message: withUpgrade('Replication group is not encrypted at rest'),
        fix: unlessOld(set(true, { safe: false, note: 'replaces the replication group on deployment' })),
      },
    ],
  },
  {
    id: 'elasticache-in-transit',
    title: 'Cache takes unencrypted connections',
    category: 'encryption-in-transit',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'ElastiCache can encrypt the connections of a node-based cache with TLS; switching it on is up to you.',
    },
    description:
      'Keys, values and the AUTH token cross your network in the clear, and a client cannot tell whether it speaks to the real cache. Turn on encryption in transit, and require it once every client uses TLS.',
    aws: awsDefaults('elasticache-in-transit', 'elasticache-serverless-in-transit'),
    aliases: [
      'checkov:CKV_AWS_30',
      'checkov:CKV_AWS_31',
      'cfn_nag:F33',
      'trivy:AVD-AWS-0051',
      'guard:ELASTICACHE_REPLICATION_GROUP_ENCRYPTION_IN_TRANSIT',
      'cdk-nag:AwsSolutions-AEC3',
      'kics:ElastiCache Replication Group Not Encrypted At Transit',
    ],
    variants: {
      preferred: {
        severity: 'low',
        message: 'Encryption in transit is preferred, not required: clients without TLS are served as well',
        aliases: [],
      },
      memcached: { severity: 'medium', aliases: [] },
    },
    references: [IN_TRANSIT],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: GROUP, path: 'TransitEncryptionEnabled', where: isPrimary },
          { type: TF_GROUP, path: 'transit_encryption_enabled', where: isPrimary },
        ],
        must: isTrue,
        absent: false,
        message: withUpgrade('Cache takes unencrypted connections'),
        fix: unlessOld(set(true, { safe: false, note: 'clients must use TLS; may replace the replication group' })),
      },
      {
        kind: 'property',
        targets: [
          { type: GROUP, path: 'TransitEncryptionMode' },
          { type: TF_GROUP, path: 'transit_encryption_mode' },
        ],
        must: otherwise(noneOf('preferred'), 'preferred'),
        absent: true,
        fix: set('required', { safe: false, note: 'clients must use TLS' }),
      },
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'TransitEncryptionEnabled', where: isMemcached },
          { type: TF_CLUSTER, path: 'transit_encryption_enabled', where: isMemcached },
        ],
        must: otherwise(isTrue, 'memcached'),
        absent: 'memcached',
        fix: set(true, { safe: false, note: 'replaces the cluster on deployment; clients must use TLS' }),
      },
    ],
  },
  {
    id: 'elasticache-auth',
    title: 'Cache asks its clients for no authentication',
    category: 'iam',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'ElastiCache offers users with roles and AUTH tokens; who may connect to the cache is yours to say.',
    },
    description:
      'Whoever reaches the port reads, changes and flushes everything in the cache. Give the group a user group with role-based access control, or an AUTH token; both need encryption in transit.',
    aliases: ['checkov:CKV_AWS_31', 'cdk-nag:AwsSolutions-AEC6'],
    references: [
      aws('Role-Based Access Control (RBAC)', 'AmazonElastiCache/latest/dg/Clusters.RBAC.html'),
      aws('Authenticating with the Valkey and Redis OSS AUTH command', 'AmazonElastiCache/latest/dg/auth.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: GROUP, path: ['UserGroupIds', 'AuthToken'], where: isPrimary },
          { type: TF_GROUP, path: ['user_group_ids', 'auth_token'], where: isPrimary },
        ],
        must: isPresent,
        absent: false,
        fix: nameUsers,
      },
    ],
  },
  {
    id: 'elasticache-auth-literal',
    title: 'Password of the cache is written in the template',
    category: 'secrets',
    severity: 'critical',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS checks the password you set; keeping it out of templates and repositories is up to you.',
    },
    description:
      'Everyone who can read the repository, or the template of the stack, has the password. Keep it in Secrets Manager and refer to it, or let IAM authenticate the users; then change the password that was written here.',
    aliases: TOKEN_ALIASES,
    variants: {
      'plain-reference': {
        severity: 'high',
        message: 'The AUTH token is read from a plain-text SSM parameter',
        aliases: TOKEN_ALIASES,
      },
      password: { aliases: [] },
      'plain-password': {
        severity: 'high',
        message: 'The password is read from a plain-text SSM parameter',
        aliases: [],
      },
    },
    references: [
      aws('Authenticating with the Valkey and Redis OSS AUTH command', 'AmazonElastiCache/latest/dg/auth.html'),
      aws(
        'Using dynamic references to specify template values',
        'AWSCloudFormation/latest/UserGuide/dynamic-references.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: GROUP, path: 'AuthToken' },
          { type: TF_GROUP, path: 'auth_token' },
        ],
        must: isNotWritten,
        absent: true,
        message: secretMessage('The AUTH token'),
        fix: keepElsewhere,
      },
      {
        kind: 'property',
        targets: [
          { type: 'AWS::ElastiCache::User', path: 'Passwords[]' },
          { type: 'AWS::ElastiCache::User', path: 'AuthenticationMode.Passwords[]' },
          { type: 'aws_elasticache_user', path: 'passwords[]' },
          { type: 'aws_elasticache_user', path: 'authentication_mode.passwords[]' },
        ],
        must: (value, found) => {
          const verdict = isNotWritten(value, found);
          return verdict === 'plain-reference' ? 'plain-password' : verdict === false ? 'password' : verdict;
        },
        absent: true,
        message: secretMessage('The password'),
        fix: keepElsewhere,
      },
    ],
  },
  {
    id: 'elasticache-backup',
    title: 'Cache has no automatic backups',
    category: 'backup-resilience',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS takes daily backups if you ask for them; what you could not do without is yours to know.',
    },
    description:
      'A flush, a faulty release or a lost node takes data along that exists nowhere else. Keep automatic backups for some days, unless all that is cached can be built anew.',
    aws: awsDefaults('elasticache-backup'),
    aliases: [
      'checkov:CKV_AWS_134',
      'trivy:AVD-AWS-0050',
      'cdk-nag:ElastiCacheRedisClusterAutomaticBackup',
      'kics:ElastiCache Redis Cluster Without Backup',
    ],
    references: [aws('Scheduling automatic backups', 'AmazonElastiCache/latest/dg/backups-automatic.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: GROUP, path: 'SnapshotRetentionLimit', where: isPrimary },
          { type: CLUSTER, path: 'SnapshotRetentionLimit', where: isSingleNode },
          { type: TF_GROUP, path: 'snapshot_retention_limit', where: isPrimary },
          { type: TF_CLUSTER, path: 'snapshot_retention_limit', where: isSingleNode },
        ],
        must: atLeast(1),
        absent: false,
        fix: set(7),
      },
    ],
  },
];
