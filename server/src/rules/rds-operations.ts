/** Amazon RDS and Aurora in operation: backups, protection from deletion, upgrades, logs and certificates. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import type { Found } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asNumber, type Leaf } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { set } from './fixes.ts';
import { isPresent, isTrue, noneOf, scalar } from './predicates.ts';
import { CLUSTER, engineOf, INSTANCE, isAurora, TF_CLUSTER, TF_INSTANCE } from './rds-types.ts';
import { aws } from './references.ts';
import type { FixMaker, Predicate, Rule, Verdict } from './rule.ts';
import { all, lacks, not } from './shared.ts';

/** A standalone instance, whose own backups and protection count: an Aurora member has its cluster's, a replica its source's. */
function isStandalone(resource: Resource): boolean | undefined {
  const replica = resource.type.startsWith('AWS::')
    ? ['SourceDBInstanceIdentifier', 'DBClusterIdentifier']
    : ['replicate_source_db'];
  return all(not(isAurora(resource) ?? false), ...replica.map((path) => lacks(resource, path)));
}

/** RDS Custom takes no other value than false. Source: Amazon RDS API Reference, CreateDBInstance, AutoMinorVersionUpgrade. */
function mayUpgrade(resource: Resource): boolean {
  return !/^custom-/i.test(engineOf(resource) ?? '');
}

const backupDays: Predicate = scalar((value) => {
  const days = asNumber(value);
  if (days === undefined) return undefined;
  if (days > 35) return 'invalid';
  return days === 0 ? 'none' : days < 7 ? 'short' : true;
});

/** Source of the outage: Amazon RDS User Guide, "Backup retention period". */
const backupFix: FixMaker = (found) => {
  const days = asNumber(found.value);
  if (days !== undefined && days > 35) return set(35)(found);
  const off = days === 0 || (found.value.kind === 'absent' && found.resource.type === TF_INSTANCE);
  return set(7, off ? { safe: false, note: 'interrupts a running instance' } : {})(found);
};

export const RDS_OPERATION_RULES: readonly Rule[] = [
  {
    id: 'rds-backup-retention',
    title: 'Database backups are kept for less than a week',
    category: 'backup-resilience',
    severity: 'low',
    tier: 'core',
    owner: { side: 'customer', why: 'AWS makes the backups; how many days of them you can go back is your setting.' },
    description:
      'After a mistake, a bug or an attack you can only go back as far as automated backups reach. Keep at least seven days for data that matters.',
    aws: awsDefaults('rds-backup', 'rds-cluster-backup'),
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
          'kics:RDS Cluster With Backup Disabled',
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
        fix: backupFix,
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
      'New minor versions, and most fixes of the engine with them, no longer come in the maintenance window: someone has to upgrade by hand. Leave the property out, or set it to true.',
    aws: awsDefaults('rds-minor-upgrade'),
    aliases: [
      'checkov:CKV_AWS_226',
      'guard:RDS_AUTOMATIC_MINOR_VERSION_UPGRADE_ENABLED',
      'cdk-nag:RDSAutomaticMinorVersionUpgradeEnabled',
      'kics:Automatic Minor Upgrades Disabled',
    ],
    references: [
      aws('Upgrading a DB instance engine version', 'AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: [INSTANCE, CLUSTER], path: 'AutoMinorVersionUpgrade', where: mayUpgrade },
          { type: [TF_INSTANCE, 'aws_rds_cluster_instance'], path: 'auto_minor_version_upgrade', where: mayUpgrade },
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
  const named =
    logs.length < 2 ? `${logs.join()} log` : `${logs.slice(0, -1).join(', ')} and ${logs[logs.length - 1]} logs`;
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
