/** Amazon DocumentDB: encryption, secrets, audit logs and backups of clusters. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import type { Resource } from '../template/template.ts';
import { asNumber, asString } from '../template/value.ts';
import { customerKeyRule, switchedOn } from './customer-keys.ts';
import { set, setEdits } from './fixes.ts';
import { addParameter, databaseShape, parameterOf } from './parameter-groups.ts';
import { isPresent, isTrue, noneOf, otherwise, scalar } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Predicate, Reporter, Rule } from './rule.ts';
import { keepElsewhere } from './secret-fixes.ts';
import { keepsSecret, SECRET_SEVERITIES, type SecretProperty, secretAliases, secretChecks } from './secrets.ts';
import { all, known, lacks } from './shared.ts';

const CLUSTER = 'AWS::DocDB::DBCluster';
const TF_CLUSTER = 'aws_docdb_cluster';
const GROUP = 'AWS::DocDB::DBClusterParameterGroup';
const TF_GROUP = 'aws_docdb_cluster_parameter_group';

/** A cluster whose encryption is decided here: not restored, and not a member of a global one. */
function isNewCluster(resource: Resource): boolean | undefined {
  const elsewhere = resource.type.startsWith('AWS::')
    ? ['SnapshotIdentifier', 'SourceDBClusterIdentifier', 'GlobalClusterIdentifier']
    : ['snapshot_identifier', 'restore_to_point_in_time', 'global_cluster_identifier'];
  return all(...elsewhere.map((path) => lacks(resource, path)));
}

const TLS_NOTE = 'clients without TLS lose their connection';

function checkTls(group: Resource, reporter: Reporter): void {
  for (const found of parameterOf(group, databaseShape(group), 'tls').values) {
    if (asString(found.value)?.toLowerCase() !== 'disabled') continue;
    reporter.reportFound(found, { fix: () => set('enabled', { safe: false, note: TLS_NOTE })(found) });
  }
}

/** Values of audit_logs that write nothing. */
const isAudited = noneOf('disabled', 'none');

function checkAuditParameter(group: Resource, reporter: Reporter): void {
  const shape = databaseShape(group);
  const title = 'Set audit_logs to enabled';
  const { values, open } = parameterOf(group, shape, 'audit_logs');
  for (const found of values) {
    if (isAudited(found.value, found) !== false) continue;
    reporter.reportFound(found, {
      variant: 'parameter',
      fix: () => {
        const edits = setEdits(found, 'enabled');
        return edits && { title, safe: true, edits };
      },
    });
  }
  if (values.length || open) return;
  reporter.report({
    node: group.key,
    resource: group,
    variant: 'parameter',
    path: 'audit_logs',
    fix: () => addParameter(group, shape, 'audit_logs', 'enabled', { title, safe: true }),
  });
}

const backupDays: Predicate = scalar((value) => {
  const days = asNumber(value);
  if (days === undefined) return undefined;
  if (days < 1 || days > 35) return 'invalid';
  return days >= 7;
});

/** Lets DocumentDB make the password and keep it in Secrets Manager. */
const managedPassword: FixMaker = (found) => {
  const entry = found.key?.entry;
  const depends = found.conditions.length > found.resource.conditions.length;
  if (!entry || depends) return undefined;
  const name = found.resource.type === CLUSTER ? 'ManageMasterUserPassword' : 'manage_master_user_password';
  return {
    title: `Let DocumentDB keep the password in Secrets Manager (${name}; changes the password)`,
    safe: false,
    edits: [
      { kind: 'replace', node: entry.value, data: true },
      { kind: 'rename', entry, name },
    ],
  };
};

const MASTER_PASSWORDS: readonly SecretProperty[] = [
  {
    at: [`${CLUSTER}.MasterUserPassword`, `${TF_CLUSTER}.master_password`],
    what: 'Master password',
    aliases: ['cfn_nag:F70', 'cdk-nag:AwsSolutions-DOC3', 'kics:DocDB Cluster Master Password In Plaintext'],
    fix: managedPassword,
  },
  { at: [`${TF_CLUSTER}.master_password_wo`], what: 'Master password' },
];

const ENCRYPTION_PAGE = aws(
  'Encrypting Amazon DocumentDB data at rest',
  'documentdb/latest/developerguide/encryption-at-rest.html',
);
const AUDIT_PAGE = aws('Auditing Amazon DocumentDB events', 'documentdb/latest/developerguide/event-auditing.html');
const SECRETS_PAGE = aws(
  'Password management with Amazon DocumentDB and AWS Secrets Manager',
  'documentdb/latest/developerguide/docdb-secrets-manager.html',
);

export const DOCDB_RULES: readonly Rule[] = [
  {
    id: 'docdb-encryption',
    title: 'DocumentDB cluster is not encrypted',
    category: 'encryption-at-rest',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'DocumentDB encrypts a cluster made by a template only when told to; that choice is yours and cannot be made later.',
    },
    description:
      'Data, indexes, logs, backups and snapshots of this cluster lie unencrypted on disk. Encryption can only be chosen when the cluster is made: an existing one moves through an encrypted restore of its snapshot.',
    aws: awsDefaults('docdb-encryption'),
    aliases: [
      'checkov:CKV_AWS_74',
      'trivy:AVD-AWS-0021',
      'cdk-nag:AwsSolutions-DOC1',
      'kics:DOCDB Cluster Not Encrypted',
    ],
    variants: {
      global: { message: 'Global cluster is not encrypted', aliases: ['checkov:CKV_AWS_292'] },
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
        kind: 'property',
        targets: [
          {
            type: 'AWS::DocDB::GlobalCluster',
            path: 'StorageEncrypted',
            where: (cluster) => lacks(cluster, 'SourceDBClusterIdentifier'),
          },
          {
            type: 'aws_docdb_global_cluster',
            path: 'storage_encrypted',
            where: (cluster) => lacks(cluster, 'source_db_cluster_identifier'),
          },
        ],
        must: otherwise(isTrue, 'global'),
        absent: 'global',
        fix: set(true, { safe: false, note: 'replaces the global cluster on deployment' }),
      },
    ],
  },
  customerKeyRule({
    id: 'docdb-cmk',
    data: 'Clusters and their snapshots',
    title: 'DocumentDB cluster has no KMS key of its own',
    always: false,
    advice: 'Snapshots under the key that AWS manages cannot be shared with other accounts.',
    references: [ENCRYPTION_PAGE],
    places: [
      {
        name: 'cluster',
        thing: 'Cluster',
        by: 'aws/rds, which AWS manages',
        at: [`${CLUSTER}.KmsKeyId`, `${TF_CLUSTER}.kms_key_id`],
        where: isNewCluster,
        encrypted: switchedOn('StorageEncrypted', 'storage_encrypted'),
        aliases: ['checkov:CKV_AWS_182', 'trivy:AVD-AWS-0022', 'kics:DOCDB Cluster Without KMS'],
        managed: ['checkov:CKV_AWS_182', 'trivy:AVD-AWS-0022', 'kics:DOCDB Cluster Encrypted With AWS Managed Key'],
      },
    ],
  }),
  {
    id: 'docdb-tls',
    title: 'DocumentDB accepts connections without TLS',
    category: 'encryption-in-transit',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'DocumentDB asks for TLS by default; switching it off in a parameter group of your own is your choice.',
    },
    description:
      'Clusters with this parameter group take connections in plain text: passwords and documents can be read on the way. Leave the parameter out, or set it to `enabled` or to the oldest version of TLS that you accept.',
    aws: awsDefaults('docdb-tls'),
    aliases: ['checkov:CKV_AWS_90'],
    references: [aws('Encrypting data in transit', 'documentdb/latest/developerguide/security.encryption.ssl.html')],
    checks: [{ kind: 'resource', types: [GROUP, TF_GROUP], check: checkTls }],
  },
  {
    id: 'docdb-password-literal',
    title: 'Master password is in the template',
    category: 'secrets',
    severity: 'critical',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS offers to keep the password in Secrets Manager; writing it into a template is your choice.',
    },
    description:
      'Everyone who can read the template, its history or the stack can read the password. Let DocumentDB manage it in Secrets Manager (`ManageMasterUserPassword`), or refer to a secret.',
    aliases: secretAliases(MASTER_PASSWORDS),
    variants: SECRET_SEVERITIES,
    references: [SECRETS_PAGE],
    checks: secretChecks(MASTER_PASSWORDS),
  },
  {
    id: 'docdb-logging',
    title: 'DocumentDB writes no audit log',
    category: 'logging',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'DocumentDB can audit what happens in a cluster and send it to CloudWatch Logs; both switches are yours.',
    },
    description:
      'Logins, changes of users and dropped collections leave no record. Auditing takes two settings: `audit_logs` in the cluster parameter group makes the records, and the export sends them to CloudWatch Logs.',
    aws: awsDefaults('docdb-audit'),
    aliases: [
      'checkov:CKV_AWS_85',
      'trivy:AVD-AWS-0020',
      'cdk-nag:AwsSolutions-DOC5',
      'kics:DocDB Logging Is Disabled',
    ],
    variants: {
      export: { message: 'No log of this cluster is exported to CloudWatch Logs' },
      parameter: {
        message: 'audit_logs is off: clusters with this parameter group write no audit records',
        aliases: ['checkov:CKV_AWS_104'],
      },
    },
    references: [AUDIT_PAGE],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'EnableCloudwatchLogsExports' },
          { type: TF_CLUSTER, path: 'enabled_cloudwatch_logs_exports' },
        ],
        must: otherwise(isPresent, 'export'),
        absent: 'export',
        fix: set(['audit'], {
          title: 'Export the audit log to CloudWatch Logs',
          note: 'needs audit_logs in the cluster parameter group',
        }),
      },
      { kind: 'resource', types: [GROUP, TF_GROUP], check: checkAuditParameter },
    ],
  },
  {
    id: 'docdb-backup',
    title: 'DocumentDB backups are kept for less than a week',
    category: 'backup-resilience',
    severity: 'low',
    tier: 'core',
    owner: { side: 'customer', why: 'AWS makes the backups; how many days of them you can go back is your setting.' },
    description:
      'After a mistake, a bug or an attack you can only go back as far as automated backups reach. Keep at least seven days for data that matters.',
    aws: awsDefaults('docdb-backup'),
    aliases: ['checkov:CKV_AWS_360', 'cdk-nag:AwsSolutions-DOC4'],
    variants: {
      invalid: { message: 'DocumentDB keeps backups for 1 to 35 days: the deployment fails' },
      default: { severity: 'info', message: 'DocumentDB keeps one day of backups when nothing is said' },
    },
    references: [
      aws('Backing up and restoring in Amazon DocumentDB', 'documentdb/latest/developerguide/backup_restore.html'),
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
    ],
  },
  {
    id: 'docdb-default-port',
    title: 'DocumentDB listens on its default port',
    category: 'network-exposure',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS suggests the port that MongoDB clients expect; another one, and who may reach it, are your setting.',
    },
    description:
      'Scanners try 27017 first. Another port hides the database from the simplest of them; security groups are what protects it.',
    aliases: ['cdk-nag:AwsSolutions-DOC2'],
    references: [aws('AWS::DocDB::DBCluster', 'AWSCloudFormation/latest/UserGuide/aws-resource-docdb-dbcluster.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'Port' },
          { type: TF_CLUSTER, path: 'port' },
        ],
        must: noneOf(27017),
        absent: false,
      },
    ],
  },
  {
    id: 'docdb-public-elastic',
    title: 'Admin password of the elastic cluster is in the template',
    category: 'iam',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'Elastic clusters take the password from Secrets Manager as well (SECRET_ARN); writing it out is your choice.',
    },
    description:
      'With `PLAIN_TEXT` the password itself is part of the template, and everyone who can read it or its history can log in as the administrator. Keep it in Secrets Manager, set the type to `SECRET_ARN` and give the ARN of the secret.',
    aliases: [],
    variants: {
      'plain-reference': { message: 'Admin password is read from a plain-text SSM parameter' },
      echoed: {
        message:
          'Admin password comes from a parameter without NoEcho, which CloudFormation shows to anyone who can describe the stack',
      },
    },
    references: [
      aws('AWS::DocDBElastic::Cluster', 'AWSCloudFormation/latest/UserGuide/aws-resource-docdbelastic-cluster.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          {
            type: 'AWS::DocDBElastic::Cluster',
            path: 'AdminUserPassword',
            where: (cluster) => isPlainText(cluster, 'AuthType'),
          },
          {
            type: 'aws_docdbelastic_cluster',
            path: 'admin_user_password',
            where: (cluster) => isPlainText(cluster, 'auth_type'),
          },
        ],
        must: keepsSecret,
        absent: true,
        fix: keepElsewhere,
      },
    ],
  },
];

/** Whether the password property holds a password, not the ARN of a secret. */
function isPlainText(cluster: Resource, path: string): boolean | undefined {
  const type = known(cluster, path);
  return type === undefined ? undefined : type === 'PLAIN_TEXT';
}
