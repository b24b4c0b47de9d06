/** Amazon RDS and Amazon Aurora: exposure, encryption, secrets, backups, logging and patching of databases. */

import type { Found } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean, asNumber, type Leaf } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { set } from './fixes.ts';
import { isPresent, isTrue, noneOf, scalar } from './predicates.ts';
import { RDS_ENGINE_RULES } from './rds-engines.ts';
import { aws } from './references.ts';
import type { FixMaker, Predicate, Rule, Verdict } from './rule.ts';
import { SECRET_SEVERITIES, type SecretProperty, secretAliases, secretChecks } from './secrets.ts';
import { all, any, has, known, lacks, not } from './shared.ts';

const INSTANCE = 'AWS::RDS::DBInstance';
const CLUSTER = 'AWS::RDS::DBCluster';
const TF_INSTANCE = 'aws_db_instance';
const TF_CLUSTER = 'aws_rds_cluster';

/** Engine of a database or cluster, where it is certain. */
export function engineOf(resource: Resource): string | undefined {
  return known(resource, resource.type.startsWith('AWS::') ? 'Engine' : 'engine');
}

/** Whether the engine is one of Aurora's; undefined where it is not certain. Without an engine (a restore) it is not certain. */
function isAurora(resource: Resource): boolean | undefined {
  const engine = engineOf(resource);
  return engine === undefined ? undefined : /^aurora/i.test(engine);
}

/** What makes a database take its storage, and whether that is encrypted, from elsewhere. */
const COPIED = {
  cloudFormation: [
    'SourceDBInstanceIdentifier',
    'SourceDBClusterIdentifier',
    'DBSnapshotIdentifier',
    'DBClusterSnapshotIdentifier',
    'DBClusterIdentifier',
    'SourceDbiResourceId',
    'SourceDBInstanceAutomatedBackupsArn',
  ],
  terraform: ['replicate_source_db', 'snapshot_identifier', 'restore_to_point_in_time', 's3_import'],
};

/** A database that has storage of its own: no Aurora member, no copy that takes after its source. */
function ownsStorage(resource: Resource): boolean | undefined {
  const copied = resource.type.startsWith('AWS::') ? COPIED.cloudFormation : COPIED.terraform;
  return all(isAurora(resource) !== true, ...copied.map((path) => lacks(resource, path)));
}

/** A cluster whose encryption is decided here: not restored, replicated, or a member of a global one. */
function isNewCluster(resource: Resource): boolean | undefined {
  const copied = resource.type.startsWith('AWS::')
    ? ['SnapshotIdentifier', 'SourceDBClusterIdentifier', 'ReplicationSourceIdentifier']
    : ['snapshot_identifier', 'replication_source_identifier', 'restore_to_point_in_time', 'global_cluster_identifier'];
  return all(...copied.map((path) => lacks(resource, path)));
}

/** A standalone instance, whose own backups and protection count: an Aurora member has its cluster's, a replica its source's. */
function isStandalone(resource: Resource): boolean | undefined {
  const replica = resource.type.startsWith('AWS::')
    ? ['SourceDBInstanceIdentifier', 'DBClusterIdentifier']
    : ['replicate_source_db'];
  return all(not(isAurora(resource) ?? false), ...replica.map((path) => lacks(resource, path)));
}

const backupDays: Predicate = scalar((value) => {
  const days = asNumber(value);
  if (days === undefined) return undefined;
  if (days > 35) return 'invalid';
  return days === 0 ? 'none' : days < 7 ? 'short' : true;
});

const RDS_ENCRYPTION_PAGE = aws(
  'Encrypting Amazon RDS resources',
  'AmazonRDS/latest/UserGuide/Overview.Encryption.html',
);
const RECREATES = { safe: false, note: 'replaces the database on deployment' };

/** Lets RDS make the password and keep it in Secrets Manager. */
const managedPassword: FixMaker = (found) => {
  const entry = found.key?.entry;
  const container = found.scopes[found.scopes.length - 1];
  const depends = found.conditions.length > found.resource.conditions.length;
  if (!entry || container?.node.kind !== 'object' || depends) return undefined;
  const name = found.resource.type.startsWith('AWS::') ? 'ManageMasterUserPassword' : 'manage_master_user_password';
  return {
    title: `Let RDS keep the password in Secrets Manager (${name}; changes the password)`,
    safe: false,
    edits: [
      { kind: 'replace', node: entry.value, data: true },
      { kind: 'rename', entry, name },
    ],
  };
};

const MASTER_PASSWORDS: readonly SecretProperty[] = [
  {
    at: [`${INSTANCE}.MasterUserPassword`, `${TF_INSTANCE}.password`],
    what: 'Master password',
    aliases: [
      'cfn_nag:F23',
      'guard:RDS_MASTER_USER_PASSWORD_NO_PLAINTEXT_PASSWORD',
      'guard:RDS_MASTER_USER_PASSWORD_USES_SECURE_SERVICE',
    ],
    fix: managedPassword,
  },
  {
    at: [`${CLUSTER}.MasterUserPassword`, `${TF_CLUSTER}.master_password`],
    what: 'Master password',
    aliases: ['cfn_nag:F34', 'guard:RDS_CLUSTER_MASTER_USER_PASSWORD_NO_PLAINTEXT_PASSWORD', 'guard:RDS_CLUSTER_MASTER_USER_PASSWORD_USES_SECURE_SERVICE'],
    fix: managedPassword,
  },
];

export const RDS_RULES: readonly Rule[] = [
  {
    id: 'rds-public',
    title: 'Database is publicly accessible',
    category: 'public-access',
    severity: 'critical',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS gives the database the public address that the template asks for; who can reach it is your part.',
    },
    description:
      'The database gets a public IP address, so anyone whom its security group lets in can try to log in. Keep it in private subnets and reach it through the application, a bastion or a VPN.',
    aws: [
      {
        text: 'Without a subnet group and without this property, CloudFormation makes a non-Aurora database public in the default VPC; with a subnet group of your own it is private.',
        source: 'Amazon RDS API Reference: CreateDBInstance',
      },
    ],
    aliases: [
      'checkov:CKV_AWS_17',
      'cfn_nag:F22',
      'trivy:AVD-AWS-0180',
      'guard:RDS_INSTANCE_PUBLIC_ACCESS_CHECK',
      'cdk-nag:RDSInstancePublicAccess',
      'kics:RDS DB Instance Publicly Accessible',
    ],
    variants: {
      default: {
        severity: 'low',
        message: 'Without a subnet group and without PubliclyAccessible the database is public in the default VPC',
        aliases: ['guard:RDS_INSTANCE_PUBLIC_ACCESS_CHECK', 'cfn_nag:F22'],
      },
    },
    references: [
      aws(
        'Hiding a DB instance in a VPC from the internet',
        'AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          {
            type: INSTANCE,
            path: 'PubliclyAccessible',
            where: (resource) =>
              any(
                has(resource, 'PubliclyAccessible'),
                all(ownsStorage(resource), lacks(resource, 'DBSubnetGroupName')),
              ),
          },
          { type: CLUSTER, path: 'PubliclyAccessible', absent: true },
          { type: [TF_INSTANCE, 'aws_rds_cluster_instance'], path: 'publicly_accessible', absent: true },
        ],
        must: (value) => {
          const truth = asBoolean(value);
          return truth === undefined ? undefined : !truth;
        },
        absent: 'default',
        fix: set(false, { safe: false, note: 'clients outside the VPC lose their connection' }),
      },
    ],
  },
  {
    id: 'rds-storage-encryption',
    title: 'Database storage is not encrypted',
    category: 'encryption-at-rest',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'RDS encrypts storage only when told to as the database is made; that choice is yours and cannot be made later.',
    },
    description:
      'Data, backups, replicas and snapshots of this database lie unencrypted on disk. Encryption can only be chosen when the database is made: an existing one moves through an encrypted copy of a snapshot.',
    aliases: [
      'checkov:CKV_AWS_16',
      'cfn_nag:F27',
      'trivy:AVD-AWS-0080',
      'guard:RDS_STORAGE_ENCRYPTED',
      'cdk-nag:AwsSolutions-RDS2',
      'kics:DB Instance Storage Not Encrypted',
    ],
    references: [RDS_ENCRYPTION_PAGE],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: INSTANCE, path: 'StorageEncrypted', where: ownsStorage },
          { type: TF_INSTANCE, path: 'storage_encrypted', where: ownsStorage },
          // Multi-AZ DB clusters of MySQL and PostgreSQL are not Aurora: nothing encrypts them by default.
          {
            type: CLUSTER,
            path: 'StorageEncrypted',
            where: (cluster) => all(not(isAurora(cluster)), isNewCluster(cluster)),
          },
          {
            type: TF_CLUSTER,
            path: 'storage_encrypted',
            where: (cluster) => all(not(isAurora(cluster)), isNewCluster(cluster)),
          },
        ],
        must: isTrue,
        absent: false,
        fix: set(true, RECREATES),
      },
    ],
  },
  {
    id: 'aurora-storage-encryption',
    title: 'Aurora storage encryption is switched off',
    category: 'encryption-at-rest',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS encrypts every new Aurora cluster; clusters that exist or are restored, and the choice of key, are yours.',
    },
    description:
      'The template asks for an Aurora cluster without encryption at rest. New clusters are encrypted by AWS whatever is said here, but an older one that this template manages stays as it is. Say true, and name a key if you need your own.',
    aws: [
      {
        text: 'A new Aurora cluster is always encrypted at rest, with a key that AWS owns unless you name one.',
        since: '2026-02-18',
        source: 'Encrypting Amazon Aurora resources (Amazon Aurora User Guide)',
      },
    ],
    aliases: [
      'checkov:CKV_AWS_96',
      'cfn_nag:F26',
      'trivy:AVD-AWS-0079',
      'guard:RDS_STORAGE_ENCRYPTED',
      'cdk-nag:AwsSolutions-RDS2',
      'kics:Aurora With Disabled at Rest Encryption',
    ],
    variants: {
      'global-unset': {
        severity: 'info',
        message: 'Global cluster does not ask for encryption',
        aliases: ['checkov:CKV_AWS_140'],
      },
      global: {
        message: 'Global cluster encryption is switched off',
        aliases: ['checkov:CKV_AWS_140', 'kics:RDS Storage Encryption Disabled'],
      },
    },
    references: [
      aws('Encrypting Amazon Aurora resources', 'AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          {
            type: CLUSTER,
            path: 'StorageEncrypted',
            where: (cluster) => all(isAurora(cluster), isNewCluster(cluster)),
          },
          {
            type: TF_CLUSTER,
            path: 'storage_encrypted',
            where: (cluster) => all(isAurora(cluster), isNewCluster(cluster)),
          },
        ],
        must: isTrue,
        absent: true,
        fix: set(true, RECREATES),
      },
      {
        kind: 'property',
        targets: [
          {
            type: 'AWS::RDS::GlobalCluster',
            path: 'StorageEncrypted',
            where: (cluster) => lacks(cluster, 'SourceDBClusterIdentifier'),
          },
          {
            type: 'aws_rds_global_cluster',
            path: 'storage_encrypted',
            where: (cluster) => lacks(cluster, 'source_db_cluster_identifier'),
          },
        ],
        must: (value, found) => {
          const verdict = isTrue(value, found);
          return verdict === false ? 'global' : verdict;
        },
        absent: 'global-unset',
        fix: set(true, { safe: false, note: 'replaces the global cluster on deployment' }),
      },
    ],
  },
  {
    id: 'rds-snapshot-public',
    title: 'Database snapshot is shared with everyone',
    category: 'public-access',
    severity: 'critical',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS keeps snapshots within the account until they are shared; sharing with "all" is your setting.',
    },
    description:
      'Any AWS account can copy this snapshot and read the whole database from it. Share with named accounts only.',
    aliases: ['checkov:CKV_AWS_302'],
    references: [aws('Sharing a DB snapshot for Amazon RDS', 'AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          {
            type: [
              'aws_db_snapshot',
              'aws_db_cluster_snapshot',
              'aws_db_snapshot_copy',
              'aws_rds_cluster_snapshot_copy',
            ],
            path: 'shared_accounts[]',
          },
        ],
        must: noneOf('all'),
        absent: true,
        fix: (found) => ({
          title: 'Remove "all" from shared_accounts',
          safe: true,
          edits: [{ kind: 'removeItem', node: found.node }],
        }),
      },
    ],
  },
  {
    id: 'rds-snapshot-unencrypted',
    title: 'Cluster snapshot is not encrypted',
    category: 'encryption-at-rest',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'A snapshot is as encrypted as the cluster it is taken from, and that is decided by you when the cluster is made.',
    },
    description:
      'The snapshot is declared unencrypted. Encrypt the cluster it comes from; a snapshot follows its source.',
    aliases: ['checkov:CKV_AWS_146', 'kics:RDS Database Cluster not Encrypted'],
    references: [RDS_ENCRYPTION_PAGE],
    checks: [
      {
        kind: 'property',
        targets: [{ type: 'aws_db_cluster_snapshot', path: 'storage_encrypted' }],
        must: isTrue,
        absent: true,
      },
    ],
  },
  {
    id: 'rds-master-password-literal',
    title: 'Master password is in the template',
    category: 'secrets',
    severity: 'critical',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS offers to keep the password in Secrets Manager; writing it into a template is your choice.',
    },
    description:
      'Everyone who can read the template, its history or the stack can read the password. Let RDS manage it in Secrets Manager (`ManageMasterUserPassword`), or refer to a secret.',
    aliases: secretAliases(MASTER_PASSWORDS),
    variants: SECRET_SEVERITIES,
    references: [
      aws(
        'Password management with Amazon RDS and AWS Secrets Manager',
        'AmazonRDS/latest/UserGuide/rds-secrets-manager.html',
      ),
    ],
    checks: secretChecks(MASTER_PASSWORDS),
  },
  {
    id: 'rds-backup-retention',
    title: 'Database backups are kept for less than a week',
    category: 'backup-resilience',
    severity: 'low',
    tier: 'core',
    owner: { side: 'customer', why: 'AWS makes the backups; how many days of them you can go back is your setting.' },
    description:
      'After a mistake, a bug or an attack you can only go back as far as automated backups reach. Keep at least seven days for data that matters.',
    aws: [
      {
        text: 'Left out in CloudFormation, RDS keeps one day. The Terraform provider sends 0 for aws_db_instance, which switches backups off.',
        source: 'Amazon RDS API Reference: CreateDBInstance; Terraform AWS provider: aws_db_instance',
      },
    ],
    aliases: ['cdk-nag:AwsSolutions-RDS13', 'kics:Low RDS Backup Retention Period'],
    variants: {
      none: {
        severity: 'high',
        message: 'Automated backups are switched off',
        aliases: [
          'checkov:CKV_AWS_133',
          'cfn_nag:W75',
          'trivy:AVD-AWS-0077',
          'guard:DB_INSTANCE_BACKUP_ENABLED',
          'cdk-nag:AwsSolutions-RDS13',
          'kics:RDS With Backup Disabled',
        ],
      },
      'none-by-default': {
        severity: 'high',
        message: 'Automated backups are off: the Terraform provider sends 0 days when nothing is said',
        aliases: ['trivy:AVD-AWS-0077', 'kics:RDS With Backup Disabled'],
      },
      short: { severity: 'low' },
      invalid: {
        message: 'RDS keeps backups for 35 days at most: the deployment fails',
        aliases: ['checkov:CKV_AWS_133'],
      },
      default: {
        severity: 'info',
        message: 'RDS keeps one day of backups when nothing is said',
        aliases: ['guard:DB_INSTANCE_BACKUP_ENABLED', 'trivy:AVD-AWS-0077'],
      },
    },
    references: [
      aws(
        'Backup retention period',
        'AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.BackupRetention.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: INSTANCE, path: 'BackupRetentionPeriod', where: isStandalone },
          { type: CLUSTER, path: 'BackupRetentionPeriod' },
          { type: TF_INSTANCE, path: 'backup_retention_period', where: isStandalone, absent: 'none-by-default' },
          { type: TF_CLUSTER, path: 'backup_retention_period' },
        ],
        must: backupDays,
        absent: 'default',
        fix: (found) => set((asNumber(found.value) ?? 0) > 35 ? 35 : 7)(found),
      },
    ],
  },
  {
    id: 'rds-deletion-protection',
    title: 'Database is not protected from deletion',
    category: 'backup-resilience',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'RDS offers deletion protection and leaves it off; whether the database may be deleted by mistake is up to you.',
    },
    description:
      'A renamed resource, a deleted stack or a careless destroy removes the database. With deletion protection that fails until it is switched off on purpose.',
    aliases: ['cdk-nag:AwsSolutions-RDS10', 'kics:RDS DB Instance With Deletion Protection Disabled'],
    variants: {
      instance: {
        aliases: [
          'checkov:CKV_AWS_293',
          'cfn_nag:F80',
          'trivy:AVD-AWS-0177',
          'guard:RDS_INSTANCE_DELETION_PROTECTION_ENABLED',
          'cdk-nag:AwsSolutions-RDS10',
          'kics:RDS DB Instance With Deletion Protection Disabled',
        ],
      },
      cluster: { aliases: ['checkov:CKV_AWS_139', 'cfn_nag:F80', 'trivy:AVD-AWS-0343', 'cdk-nag:AwsSolutions-RDS10'] },
    },
    references: [aws('Deleting a DB instance', 'AmazonRDS/latest/UserGuide/USER_DeleteInstance.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: INSTANCE, path: 'DeletionProtection', where: isStandalone },
          { type: TF_INSTANCE, path: 'deletion_protection', where: isStandalone },
        ],
        must: (value, found) => (isTrue(value, found) === false ? 'instance' : isTrue(value, found)),
        absent: 'instance',
        fix: set(true),
      },
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'DeletionProtection' },
          { type: TF_CLUSTER, path: 'deletion_protection' },
        ],
        must: (value, found) => (isTrue(value, found) === false ? 'cluster' : isTrue(value, found)),
        absent: 'cluster',
        fix: set(true),
      },
    ],
  },
  {
    id: 'rds-minor-upgrade',
    title: 'Minor version upgrades are switched off',
    category: 'patching',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS patches the engine in your maintenance window as long as you allow it; switched off, patching waits for you.',
      moves: { from: 'aws', to: 'customer' },
    },
    description:
      'Security fixes of the engine are no longer applied in the maintenance window: someone has to upgrade by hand. Leave the property out, or set it to true.',
    aws: [
      {
        text: 'Left out, minor versions are applied in the maintenance window.',
        source: 'Amazon RDS API Reference: CreateDBInstance',
      },
    ],
    aliases: [
      'checkov:CKV_AWS_226',
      'guard:RDS_AUTOMATIC_MINOR_VERSION_UPGRADE_ENABLED',
      'cdk-nag:RDSAutomaticMinorVersionUpgradeEnabled',
      'kics:Automatic Minor Upgrades Disabled',
    ],
    references: [
      aws(
        'Automatically upgrading the minor engine version',
        'AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: [INSTANCE, CLUSTER], path: 'AutoMinorVersionUpgrade' },
          { type: [TF_INSTANCE, 'aws_rds_cluster_instance'], path: 'auto_minor_version_upgrade' },
        ],
        must: isTrue,
        absent: true,
        fix: set(true),
      },
    ],
  },
  {
    id: 'rds-logging',
    title: 'Database logs are not exported',
    category: 'logging',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS can ship the engine’s logs to CloudWatch Logs; which of them, if any, is your setting.',
    },
    description:
      'Errors, slow queries and audit records stay on the instance and are gone after a few days. Export the logs that your engine has to CloudWatch Logs.',
    aliases: ['cdk-nag:AwsSolutions-RDS16', 'kics:RDS Without Logging'],
    variants: {
      instance: {
        aliases: [
          'checkov:CKV_AWS_129',
          'guard:RDS_INSTANCE_LOGGING_ENABLED',
          'cdk-nag:RDSLoggingEnabled',
          'kics:RDS Without Logging',
        ],
      },
      cluster: { aliases: ['checkov:CKV_AWS_324', 'cdk-nag:AwsSolutions-RDS16'] },
      'mysql-cluster': { aliases: ['checkov:CKV_AWS_324', 'checkov:CKV_AWS_325', 'cdk-nag:AwsSolutions-RDS16'] },
      audit: {
        severity: 'info',
        message: 'The audit log of this MySQL cluster is not exported',
        aliases: ['checkov:CKV_AWS_325'],
      },
    },
    references: [
      aws(
        'Publishing database logs to Amazon CloudWatch Logs',
        'AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: INSTANCE, path: 'EnableCloudwatchLogsExports', where: isStandaloneEngine },
          { type: TF_INSTANCE, path: 'enabled_cloudwatch_logs_exports', where: isStandaloneEngine },
        ],
        must: (value, found) => (isPresent(value, found) === false ? 'instance' : isPresent(value, found)),
        absent: 'instance',
        fix: exportLogs,
      },
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'EnableCloudwatchLogsExports', where: (cluster) => not(isMySqlCluster(cluster)) },
          {
            type: TF_CLUSTER,
            path: 'enabled_cloudwatch_logs_exports',
            where: (cluster) => not(isMySqlCluster(cluster)),
          },
          { type: CLUSTER, path: 'EnableCloudwatchLogsExports', where: isMySqlCluster, absent: 'mysql-cluster' },
          { type: TF_CLUSTER, path: 'enabled_cloudwatch_logs_exports', where: isMySqlCluster, absent: 'mysql-cluster' },
        ],
        must: clusterLogs,
        absent: 'cluster',
        fix: exportLogs,
      },
    ],
  },
  {
    id: 'rds-ca-cert',
    title: 'Database uses an expired certificate authority',
    category: 'encryption-in-transit',
    severity: 'low',
    tier: 'core',
    owner: { side: 'shared', why: 'AWS issues new certificate authorities; moving a database to one is your change.' },
    description:
      'Clients that verify the server certificate can no longer trust it. Move to one of the current authorities, `rds-ca-rsa2048-g1` for example.',
    aliases: ['checkov:CKV_AWS_211', 'kics:CA Certificate Identifier Is Outdated'],
    references: [
      aws(
        'Using SSL/TLS to encrypt a connection to a DB instance or cluster',
        'AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: INSTANCE, path: 'CACertificateIdentifier' },
          { type: [TF_INSTANCE, 'aws_rds_cluster_instance'], path: 'ca_cert_identifier' },
        ],
        must: noneOf('rds-ca-2010', 'rds-ca-2015', 'rds-ca-2019'),
        absent: true,
        fix: set('rds-ca-rsa2048-g1', {
          safe: false,
          note: 'clients must trust the new authority; may restart the database',
        }),
      },
    ],
  },
  ...RDS_ENGINE_RULES,
];

/** Aurora MySQL: the engine whose clusters write an audit log of their own. */
function isMySqlCluster(cluster: Resource): boolean {
  // Terraform's provider took MySQL where no engine was given, until version 5 asked for one.
  const unset = lacks(cluster, cluster.type.startsWith('AWS::') ? 'Engine' : 'engine') ? 'aurora' : '';
  return /^aurora(-mysql)?$/i.test(engineOf(cluster) ?? unset);
}

function clusterLogs(value: Leaf, found: Found): Verdict {
  const present = isPresent(value, found);
  if (present !== true)
    return present === false ? (isMySqlCluster(found.resource) ? 'mysql-cluster' : 'cluster') : present;
  if (!isMySqlCluster(found.resource) || value.kind !== 'list' || value.open) return true;
  const names = value.items.map((item) => (item.kind === 'known' ? String(item.value) : undefined));
  return names.includes('audit') ? true : names.includes(undefined) ? undefined : 'audit';
}

function isStandaloneEngine(resource: Resource): boolean | undefined {
  return all(
    not(isAurora(resource) ?? false),
    lacks(resource, resource.type.startsWith('AWS::') ? 'DBClusterIdentifier' : 'replicate_source_db'),
  );
}

function exportLogs(found: Found): Fix | readonly Fix[] | undefined {
  const logs = exportableLogs(found.resource);
  if (!logs) return undefined;
  const named = logs.length < 2 ? `${logs.join()} log` : `${logs.slice(0, -1).join(', ')} and ${logs[logs.length - 1]} logs`;
  return set(logs, { title: `Export the ${named} to CloudWatch Logs` })(found);
}

/** The logs that RDS can export for the engine, the ones that everyone wants; undefined for engines not listed. */
function exportableLogs(resource: Resource): string[] | undefined {
  const engine = engineOf(resource)?.toLowerCase() ?? '';
  if (engine === 'mysql' || engine === 'mariadb') return ['error', 'slowquery'];
  if (engine === 'aurora-mysql' || engine === 'aurora') return ['audit', 'error', 'slowquery'];
  if (engine === 'postgres' || engine === 'aurora-postgresql') return ['postgresql'];
  if (engine.startsWith('oracle')) return ['alert', 'audit'];
  if (engine.startsWith('sqlserver')) return ['error'];
  return undefined;
}
