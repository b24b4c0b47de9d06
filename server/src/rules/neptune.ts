/** Amazon Neptune: exposure, encryption, access and operation of graph databases. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import type { Resource } from '../template/template.ts';
import { asNumber } from '../template/value.ts';
import { customerKeyRule, switchedOn } from './customer-keys.ts';
import { appendItem, set } from './fixes.ts';
import { isFalse, isPresent, isTrue, otherwise, scalar } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Predicate, Rule } from './rule.ts';
import { all, lacks } from './shared.ts';

const CLUSTER = 'AWS::Neptune::DBCluster';
const TF_CLUSTER = 'aws_neptune_cluster';
const INSTANCE = 'AWS::Neptune::DBInstance';
const TF_INSTANCE = 'aws_neptune_cluster_instance';

/** A cluster whose encryption is decided here: not restored, replicated, or a member of a global one. */
function isNewCluster(resource: Resource): boolean | undefined {
  const elsewhere = resource.type.startsWith('AWS::')
    ? ['SnapshotIdentifier', 'SourceDBClusterIdentifier', 'GlobalClusterIdentifier']
    : ['snapshot_identifier', 'replication_source_identifier', 'global_cluster_identifier'];
  return all(...elsewhere.map((path) => lacks(resource, path)));
}

const backupDays: Predicate = scalar((value) => {
  const days = asNumber(value);
  if (days === undefined) return undefined;
  if (days < 1 || days > 35) return 'invalid';
  return days >= 7 ? true : 'short';
});

const exportsAudit: Predicate = (value, found) => {
  if (value.kind !== 'list' || !value.items.length) return isPresent(value, found);
  const names = value.items.map((item) => (item.kind === 'known' ? String(item.value) : undefined));
  if (names.includes('audit')) return true;
  return names.includes(undefined) || value.open ? undefined : 'other';
};

const exportAudit: FixMaker = (found) => {
  const about = {
    title: 'Export the audit log to CloudWatch Logs',
    note: 'needs neptune_enable_audit_log in the cluster parameter group',
  };
  if (found.value.kind === 'list' && found.value.items.length) {
    const edits = appendItem(found, 'audit');
    return edits && { title: `${about.title} (${about.note})`, safe: true, edits };
  }
  return set(['audit'], about)(found);
};

const ENCRYPTION_PAGE = aws('Encrypting Neptune resources at rest', 'neptune/latest/userguide/encrypt.html');

export const NEPTUNE_RULES: readonly Rule[] = [
  {
    id: 'neptune-encryption',
    title: 'Neptune cluster is not encrypted',
    category: 'encryption-at-rest',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'Encryption of a Neptune cluster is chosen as the cluster is made and cannot be added later; that choice is yours.',
    },
    description:
      'The graph, its logs, backups and snapshots lie unencrypted on disk. Encryption can only be chosen when the cluster is made: an existing one moves through an encrypted restore of its snapshot.',
    aliases: [
      'checkov:CKV_AWS_44',
      'cfn_nag:F30',
      'trivy:AVD-AWS-0076',
      'cdk-nag:AwsSolutions-N4',
      'kics:Neptune Database Cluster Encryption Disabled',
    ],
    variants: {
      snapshot: { message: 'Snapshot is declared unencrypted', aliases: ['checkov:CKV_AWS_279'] },
    },
    references: [ENCRYPTION_PAGE],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'StorageEncrypted', where: isNewCluster },
          { type: TF_CLUSTER, path: 'storage_encrypted', where: isNewCluster },
        ],
        must: isTrue,
        absent: false,
        fix: set(true, { safe: false, note: 'replaces the cluster on deployment' }),
      },
      {
        // A snapshot takes after its cluster: only what is said of it counts.
        kind: 'property',
        targets: [{ type: 'aws_neptune_cluster_snapshot', path: 'storage_encrypted' }],
        must: otherwise(isTrue, 'snapshot'),
        absent: true,
      },
    ],
  },
  customerKeyRule({
    id: 'neptune-cmk',
    data: 'Clusters and their snapshots',
    title: 'Neptune cluster has no KMS key of its own',
    always: false,
    advice: 'Snapshots under the key that AWS manages cannot be shared with other accounts.',
    references: [ENCRYPTION_PAGE],
    places: [
      {
        name: 'cluster',
        thing: 'Cluster',
        by: 'aws/rds, which AWS manages',
        at: [`${CLUSTER}.KmsKeyId`, `${TF_CLUSTER}.kms_key_arn`],
        where: isNewCluster,
        encrypted: switchedOn('StorageEncrypted', 'storage_encrypted'),
        aliases: ['checkov:CKV_AWS_347', 'trivy:AVD-AWS-0128'],
      },
    ],
  }),
  {
    id: 'neptune-public',
    title: 'Neptune instance has a public endpoint',
    category: 'public-access',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'Neptune instances are private until a public endpoint is asked for; asking for it is your setting.',
    },
    description:
      'The graph database answers on the internet to whatever its security group lets in, and only IAM authentication stands before the data. Keep instances in the VPC and reach them through the application, a load balancer or a VPN.',
    aws: awsDefaults('neptune-public'),
    aliases: ['checkov:CKV_AWS_102', 'kics:Neptune Cluster Instance is Publicly Accessible'],
    references: [aws('Neptune Public Endpoints', 'neptune/latest/userguide/neptune-public-endpoints.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: INSTANCE, path: 'PubliclyAccessible' },
          { type: TF_INSTANCE, path: 'publicly_accessible' },
        ],
        must: isFalse,
        absent: true,
        fix: set(false, { safe: false, note: 'clients outside the VPC lose their connection' }),
      },
    ],
  },
  {
    id: 'neptune-iam-auth',
    title: 'Neptune asks for no authentication',
    category: 'iam',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'Neptune checks requests against IAM only where the cluster is told to; managing that access is yours.',
    },
    description:
      'Neptune has no users and passwords: without IAM authentication everything that reaches the port in the VPC can read and change the whole graph. Switch it on and give each client a role with the `neptune-db` actions that it needs.',
    aws: awsDefaults('neptune-iam-authentication'),
    aliases: [
      'checkov:CKV_AWS_359',
      'cdk-nag:AwsSolutions-N5',
      'kics:Neptune Cluster With IAM Database Authentication Disabled',
    ],
    references: [
      aws('Enabling IAM database authentication in Neptune', 'neptune/latest/userguide/iam-auth-enable.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'IamAuthEnabled' },
          { type: TF_CLUSTER, path: 'iam_database_authentication_enabled' },
        ],
        must: isTrue,
        absent: false,
        fix: set(true, { safe: false, note: 'clients must sign their requests' }),
      },
    ],
  },
  {
    id: 'neptune-logging',
    title: 'Neptune audit log is not exported',
    category: 'logging',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'Neptune can send its audit log to CloudWatch Logs; both making and exporting it are your settings.',
    },
    description:
      'Who queried or changed the graph cannot be told later. Set `neptune_enable_audit_log` in the cluster parameter group and export the log to CloudWatch Logs.',
    aliases: ['checkov:CKV_AWS_101', 'trivy:AVD-AWS-0075', 'kics:Neptune Logging Is Disabled'],
    variants: { other: { message: 'Other logs are exported, but not the audit log' } },
    references: [
      aws('Publishing Neptune Logs to Amazon CloudWatch Logs', 'neptune/latest/userguide/cloudwatch-logs.html'),
      aws('Using Audit Logs with Amazon Neptune Clusters', 'neptune/latest/userguide/auditing.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'EnableCloudwatchLogsExports' },
          { type: TF_CLUSTER, path: 'enable_cloudwatch_logs_exports' },
        ],
        must: exportsAudit,
        absent: false,
        fix: exportAudit,
      },
    ],
  },
  {
    id: 'neptune-backup',
    title: 'Neptune backups are kept for less than a week',
    category: 'backup-resilience',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS makes the backups; how far back they reach, and whether the cluster can be deleted by mistake, are your settings.',
    },
    description:
      'After a mistake, a bug or an attack you can only go back as far as automated backups reach. Keep at least seven days for data that matters, and protect the cluster from deletion.',
    aws: awsDefaults('neptune-backup', 'neptune-deletion-protection'),
    aliases: ['checkov:CKV_AWS_361', 'cdk-nag:AwsSolutions-N3'],
    variants: {
      short: {},
      invalid: { message: 'Neptune keeps backups for 1 to 35 days: the deployment fails' },
      default: { severity: 'info', message: 'Neptune keeps one day of backups when nothing is said' },
      unprotected: {
        message: 'Cluster is not protected from deletion',
        aliases: ['checkov:CKV2_AWS_58'],
      },
      tags: {
        severity: 'info',
        message: 'Tags are not copied to snapshots, so access and cost rules by tag do not reach them',
        aliases: ['checkov:CKV_AWS_362'],
      },
    },
    references: [
      aws('Backing up and restoring an Amazon Neptune DB cluster', 'neptune/latest/userguide/backup-restore.html'),
      aws('CreateDBCluster', 'neptune/latest/apiref/API_CreateDBCluster.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'BackupRetentionPeriod' },
          { type: TF_CLUSTER, path: 'backup_retention_period' },
        ],
        must: backupDays,
        absent: 'default',
        fix: (found) => set((asNumber(found.value) ?? 0) > 35 ? 35 : 7)(found),
      },
      {
        kind: 'property',
        targets: [
          // AWS's sources disagree on what absence means.
          { type: CLUSTER, path: 'DeletionProtection', absent: undefined },
          { type: TF_CLUSTER, path: 'deletion_protection', absent: 'unprotected' },
        ],
        must: otherwise(isTrue, 'unprotected'),
        absent: undefined,
        fix: set(true),
      },
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'CopyTagsToSnapshot' },
          { type: TF_CLUSTER, path: 'copy_tags_to_snapshot' },
        ],
        must: otherwise(isTrue, 'tags'),
        absent: 'tags',
        fix: set(true),
      },
    ],
  },
  {
    id: 'neptune-minor-upgrade',
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
      'Fixes of the engine are no longer applied in the maintenance window: someone has to upgrade by hand. Leave the property out, or set it to true.',
    aws: awsDefaults('neptune-minor-upgrade'),
    aliases: ['cdk-nag:AwsSolutions-N2'],
    references: [
      aws('Maintaining your Amazon Neptune DB Cluster', 'neptune/latest/userguide/cluster-maintenance.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: INSTANCE, path: 'AutoMinorVersionUpgrade' },
          { type: TF_INSTANCE, path: 'auto_minor_version_upgrade' },
        ],
        must: isTrue,
        absent: true,
        fix: set(true),
      },
    ],
  },
];
