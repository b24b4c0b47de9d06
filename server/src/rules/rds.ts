/** Amazon RDS and Amazon Aurora: exposure, encryption and secrets of databases. Operation is in rds-operations.ts. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean } from '../template/value.ts';
import { set } from './fixes.ts';
import { isTrue, noneOf } from './predicates.ts';
import { RDS_ENGINE_RULES } from './rds-engines.ts';
import { RDS_OPERATION_RULES } from './rds-operations.ts';
import { CLUSTER, INSTANCE, isAurora, TF_CLUSTER, TF_INSTANCE } from './rds-types.ts';
import { aws } from './references.ts';
import type { FixMaker, Rule } from './rule.ts';
import { SECRET_SEVERITIES, type SecretProperty, secretAliases, secretChecks } from './secrets.ts';
import { all, any, has, lacks, not } from './shared.ts';

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
export function ownsStorage(resource: Resource): boolean | undefined {
  const copied = resource.type.startsWith('AWS::') ? COPIED.cloudFormation : COPIED.terraform;
  return all(isAurora(resource) !== true, ...copied.map((path) => lacks(resource, path)));
}

/** A cluster whose encryption is decided here: not restored, replicated, or a member of a global one. */
export function isNewCluster(resource: Resource): boolean | undefined {
  const copied = resource.type.startsWith('AWS::')
    ? [
        'SnapshotIdentifier',
        'SourceDBClusterIdentifier',
        'SourceDbClusterResourceId',
        'ReplicationSourceIdentifier',
        'GlobalClusterIdentifier',
      ]
    : ['snapshot_identifier', 'replication_source_identifier', 'restore_to_point_in_time', 'global_cluster_identifier'];
  return all(...copied.map((path) => lacks(resource, path)));
}

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
    aliases: [
      'cfn_nag:F34',
      'guard:RDS_CLUSTER_MASTER_USER_PASSWORD_NO_PLAINTEXT_PASSWORD',
      'guard:RDS_CLUSTER_MASTER_USER_PASSWORD_USES_SECURE_SERVICE',
    ],
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
    aws: awsDefaults('rds-public'),
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
      // Source: Amazon RDS API Reference, CreateDBCluster: Multi-AZ DB clusters only.
      'cluster-default': {
        severity: 'low',
        message: 'Without a subnet group and without PubliclyAccessible the cluster is public in the default VPC',
        aliases: [],
      },
    },
    references: [
      aws(
        'Working with a DB instance in a VPC',
        'AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html#USER_VPC.Hiding',
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
          {
            type: CLUSTER,
            path: 'PubliclyAccessible',
            where: (cluster) =>
              any(
                has(cluster, 'PubliclyAccessible'),
                all(not(isAurora(cluster)), isNewCluster(cluster), lacks(cluster, 'DBSubnetGroupName')),
              ),
            absent: 'cluster-default',
          },
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
      'kics:RDS Storage Not Encrypted',
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
    aws: awsDefaults('aurora-encryption'),
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
  ...RDS_OPERATION_RULES,
  ...RDS_ENGINE_RULES,
];
