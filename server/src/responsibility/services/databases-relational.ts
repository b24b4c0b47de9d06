/** Who does what in relational databases and warehouses: each row rests on the AWS pages that it names. */

import { CONFIGURATION, page, type ServiceResponsibility, type SettingTest, type SharedControl } from '../model.ts';

/** A database whose engine is one of these, as an instance or as a cluster. */
function engineIs(part: 'instance' | 'cluster', ...values: readonly string[]): readonly SettingTest[] {
  const isInstance = part === 'instance';
  return [
    { types: [isInstance ? 'AWS::RDS::DBInstance' : 'AWS::RDS::DBCluster'], path: 'Engine', values },
    {
      types: isInstance ? ['aws_db_instance'] : ['aws_rds_cluster', 'aws_rds_cluster_instance'],
      path: 'engine',
      values,
    },
  ];
}

const WINDOW: SharedControl = {
  control: 'Patching',
  aws: 'applies required patches of security and reliability in the maintenance window',
  customer: 'choose the window, apply optional updates, and decide whether minor upgrades come by themselves',
};

const RDS_BACKUP: SharedControl = {
  control: 'Backup',
  aws: 'makes automated backups and restores from them',
  customer: 'choose how many days are kept, and take snapshots beyond that',
};

const AURORA_DUTIES = {
  aws: 'the hosts and the distributed storage: installing and patching operating system and engine, replacing hardware; new clusters since 2026-02-18 are encrypted with a key AWS owns.',
  customer:
    'security groups and public access, IAM and database users, TLS, your own key, clusters made unencrypted before then with their snapshots, clones and replicas, when minor upgrades come.',
  shared: [WINDOW, RDS_BACKUP],
};

const AURORA_PAGES = [
  page('Security in Amazon Aurora', 'AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.html'),
  page(
    'Maintaining an Amazon Aurora DB cluster',
    'AmazonRDS/latest/AuroraUserGuide/USER_UpgradeDBInstance.Maintenance.html',
  ),
  page('Encrypting Amazon Aurora resources', 'AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html'),
];

const REDSHIFT_PASSWORD = page(
  'Managing Amazon Redshift admin passwords using AWS Secrets Manager',
  'redshift/latest/mgmt/redshift-secrets-manager-integration.html',
);

const CUSTOM = page('Amazon RDS Custom', 'AmazonRDS/latest/UserGuide/rds-custom.html');

export const RELATIONAL = {
  rds: {
    name: 'Amazon RDS',
    kind: 'managed',
    types: ['RDS::', 'rds_', 'db_'],
    aws: 'hardware and, outside RDS Custom, the operating system and the database software: installing and patching both, making backups, replacing hosts that fail.',
    customer:
      'public access and security groups, encryption when the database is made, IAM and database users, TLS, which backups and upgrades you want, tuning of queries.',
    shared: [WINDOW, RDS_BACKUP],
    situations: [
      {
        label: 'as Amazon Aurora',
        when: [
          ...engineIs('instance', 'aurora*'),
          ...engineIs('cluster', 'aurora*'),
          { types: ['aws_rds_cluster'], path: 'engine', absent: true },
        ],
        ...AURORA_DUTIES,
        sources: AURORA_PAGES,
      },
      {
        label: 'as a Multi-AZ DB cluster',
        when: engineIs('cluster', 'mysql', 'postgres'),
        aws: 'the operating system and the database software of a writer and its readable standbys in other Availability Zones: installing, patching, replication, backups and failover.',
        customer:
          'public access and security groups, encryption when the cluster is made, IAM and database users, TLS, which backups and upgrades you want, clients that reconnect after a failover.',
      },
      {
        label: 'as RDS Custom for Oracle',
        when: engineIs('instance', 'custom-oracle-*'),
        aws: 'facilities, hardware and server maintenance, high availability, and automation that provisions, monitors and backs up the database.',
        customer:
          'patching the operating system, the Oracle media, patches and licences that you bring, whatever you change on the host; besides it network exposure, users and TLS.',
        shared: [
          {
            control: 'Patching',
            aws: 'installs the database from the engine version that you made',
            customer: 'bring the media and patches, and patch the operating system',
          },
          { control: 'Backup', aws: 'automates backups', customer: 'see that your changes leave them working' },
        ],
        sources: [CUSTOM],
      },
      {
        label: 'as RDS Custom for SQL Server',
        when: engineIs('instance', 'custom-sqlserver-*'),
        aws: 'facilities, hardware and server maintenance, high availability and backups; operating system and database with their patches on an engine version of RDS.',
        customer:
          'whatever you install or change as administrator of the host, and with an engine version of your own its operating system, database and patches; network exposure, users, TLS.',
        shared: [
          {
            control: 'Patching',
            aws: 'patches operating system and database of its own engine versions',
            customer: 'patch an engine version of your own, and see that changes do not block patches',
          },
        ],
        sources: [
          CUSTOM,
          page(
            'Bring Your Own Media with RDS Custom for SQL Server',
            'AmazonRDS/latest/UserGuide/custom-sqlserver.byom.html',
          ),
        ],
      },
    ],
    movers: [
      {
        concern: 'minor engine upgrades',
        from: 'aws',
        to: 'customer',
        when: [
          {
            types: ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'],
            path: 'AutoMinorVersionUpgrade',
            values: ['false'],
          },
          {
            types: ['aws_db_instance', 'aws_rds_cluster_instance'],
            path: 'auto_minor_version_upgrade',
            values: ['false'],
          },
        ],
        // RDS Custom takes no automatic upgrades at all.
        except: engineIs('instance', 'custom-*'),
        text: 'With automatic minor upgrades off, fixes of the engine wait until you upgrade; RDS still forces critical ones, and those at the end of support.',
        rule: 'rds-minor-upgrade',
        sources: [
          page(
            'Upgrading a DB instance engine version',
            'AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html',
          ),
        ],
      },
      {
        concern: 'patching the operating system',
        from: 'aws',
        to: 'customer',
        when: engineIs('instance', 'custom-oracle-*'),
        text: 'With RDS Custom for Oracle you patch the operating system; patching the database, scaling and backups are shared.',
        rule: {
          id: 'moves-rds-custom-oracle',
          title: 'RDS Custom for Oracle makes the host yours',
          message: 'RDS Custom for Oracle: patching the operating system moves from AWS to you, backups become shared',
          description:
            'RDS Custom gives you the host and its administrator rights. In return you patch its operating system, share scaling and backups with AWS, and bring the media, the patches and the licences of Oracle Database. Use it where an application needs that access; otherwise RDS for Oracle leaves all this to AWS. Moving between the two means a new database.',
        },
        sources: [CUSTOM],
      },
      {
        concern: 'the host',
        from: 'aws',
        to: 'shared',
        when: engineIs('instance', 'custom-sqlserver-*'),
        text: 'With RDS Custom for SQL Server you administer the host, and with an engine version of your own you also patch it.',
        rule: {
          id: 'moves-rds-custom-sqlserver',
          title: 'RDS Custom for SQL Server shares the host with you',
          message:
            'RDS Custom for SQL Server: the host is shared, and what you change on it must leave AWS able to run it',
          description:
            'RDS Custom gives you the host and its administrator rights. In return scaling is shared, and what you change on the host must stay within what RDS supports, or the instance counts as unsupported until you mend it. With an engine version of your own, patching operating system and database is yours too. Use it where an application needs that access; otherwise RDS for SQL Server leaves all this to AWS. Moving between the two means a new database.',
        },
        sources: [CUSTOM],
      },
      {
        concern: 'the master password',
        from: 'customer',
        to: 'aws',
        when: [
          {
            types: ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'],
            path: 'ManageMasterUserPassword',
            values: ['true'],
          },
          { types: ['aws_db_instance', 'aws_rds_cluster'], path: 'manage_master_user_password', values: ['true'] },
        ],
        text: 'RDS generates the master password, keeps it in Secrets Manager and rotates it.',
        sources: [
          page(
            'Password management with Amazon RDS and AWS Secrets Manager',
            'AmazonRDS/latest/UserGuide/rds-secrets-manager.html',
          ),
        ],
      },
    ],
    sources: [
      page('What is Amazon Relational Database Service (Amazon RDS)?', 'AmazonRDS/latest/UserGuide/Welcome.html'),
      page('Security in Amazon RDS', 'AmazonRDS/latest/UserGuide/UsingWithRDS.html'),
      page('Maintaining a DB instance', 'AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Maintenance.html'),
    ],
  },
  // Types that exist for Aurora alone; its clusters and instances share theirs with RDS and are a situation there.
  aurora: {
    name: 'Amazon Aurora',
    kind: 'managed',
    types: ['RDS::GlobalCluster', 'rds_global_cluster', 'rds_cluster_endpoint'],
    ...AURORA_DUTIES,
    sources: AURORA_PAGES,
  },
  dsql: {
    name: 'Amazon Aurora DSQL',
    kind: 'abstracted',
    types: ['DSQL::', 'dsql_'],
    aws: 'everything below SQL: hosts and their patches, failover, storage over three Availability Zones; data is always encrypted, and clients must use TLS.',
    customer:
      'your data, IAM permissions and database roles that may connect, the kind of key, deletion protection, backups with AWS Backup, a second Region where you need one.',
    shared: [
      { control: 'Availability', aws: 'spreads a cluster over Availability Zones', customer: 'peer a second Region' },
      CONFIGURATION,
    ],
    sources: [
      page(
        'Configuration and vulnerability analysis in Amazon Aurora DSQL',
        'aurora-dsql/latest/userguide/configuration-vulnerability.html',
      ),
      page('Data protection in Amazon Aurora DSQL', 'aurora-dsql/latest/userguide/data-protection.html'),
      page('Resilience in Amazon Aurora DSQL', 'aurora-dsql/latest/userguide/disaster-recovery-resiliency.html'),
    ],
  },
  redshift: {
    name: 'Amazon Redshift',
    kind: 'managed',
    types: ['Redshift::', 'redshift_'],
    aws: 'operating system and database patching, firewall configuration of the service, disaster recovery; upgrades and patches in the maintenance window.',
    customer:
      'public access and security groups, encryption of the cluster, TLS, the admin user and database grants, audit logs, how long snapshots are kept.',
    shared: [
      {
        control: 'Patching',
        aws: 'applies patches and upgrades',
        customer: 'choose the window, which mandatory security updates may ignore, and whether new versions are let in',
      },
    ],
    movers: [
      {
        concern: 'engine upgrades',
        from: 'aws',
        to: 'customer',
        when: [
          { types: ['AWS::Redshift::Cluster'], path: 'AllowVersionUpgrade', values: ['false'] },
          { types: ['aws_redshift_cluster'], path: 'allow_version_upgrade', values: ['false'] },
        ],
        text: 'With version upgrades off, new major versions of the engine wait until you let them in.',
        rule: 'redshift-upgrade',
        sources: [
          page(
            'AWS::Redshift::Cluster',
            'AWSCloudFormation/latest/TemplateReference/aws-resource-redshift-cluster.html',
          ),
        ],
      },
      {
        concern: 'the admin password',
        from: 'customer',
        to: 'aws',
        when: [
          { types: ['AWS::Redshift::Cluster'], path: 'ManageMasterPassword', values: ['true'] },
          { types: ['aws_redshift_cluster'], path: 'manage_master_password', values: ['true'] },
        ],
        text: 'Redshift generates the admin password, keeps it in Secrets Manager and rotates it every 30 days.',
        sources: [REDSHIFT_PASSWORD],
      },
    ],
    sources: [
      page(
        'Configuration and vulnerability analysis in Amazon Redshift',
        'redshift/latest/mgmt/security-vulnerability-analysis-and-management.html',
      ),
      page(
        'Considerations for using Amazon Redshift provisioned clusters',
        'redshift/latest/mgmt/managing-cluster-considerations.html',
      ),
    ],
  },
  'redshift-serverless': {
    name: 'Amazon Redshift Serverless',
    kind: 'abstracted',
    types: ['RedshiftServerless::', 'redshiftserverless_'],
    aws: 'hosts, capacity, patching and disaster recovery: updates are applied within 14 days of release while the warehouse is idle, without a maintenance window.',
    customer:
      'public access and security groups of the workgroup, IAM roles and database grants, the admin password, the kind of key, audit logs, snapshots to keep.',
    shared: [CONFIGURATION],
    movers: [
      {
        concern: 'the admin password',
        from: 'customer',
        to: 'aws',
        when: [
          { types: ['AWS::RedshiftServerless::Namespace'], path: 'ManageAdminPassword', values: ['true'] },
          { types: ['aws_redshiftserverless_namespace'], path: 'manage_admin_password', values: ['true'] },
        ],
        text: 'Redshift generates the admin password, keeps it in Secrets Manager and rotates it every 30 days.',
        sources: [REDSHIFT_PASSWORD],
      },
    ],
    sources: [
      page(
        'Considerations when using Amazon Redshift Serverless',
        'redshift/latest/mgmt/serverless-usage-considerations.html',
      ),
      page(
        'Configuration and vulnerability analysis in Amazon Redshift',
        'redshift/latest/mgmt/security-vulnerability-analysis-and-management.html',
      ),
    ],
  },
  odb: {
    name: 'Oracle Database@AWS',
    kind: 'managed',
    types: ['ODB::', 'odb_'],
    aws: 'the data centers that hold the Exadata systems and the network to your VPCs; Oracle Cloud Infrastructure manages the Exadata systems, whose data is encrypted by default (TDE).',
    customer:
      'the databases, their users and data, who may manage them through IAM, which VPCs and address ranges reach the private ODB network, which AWS services it is opened to.',
    shared: [CONFIGURATION],
    sources: [
      page('Security in Oracle Database@AWS', 'odb/latest/UserGuide/security.html'),
      page('Welcome', 'odb/latest/APIReference/Welcome.html'),
    ],
  },
  dms: {
    name: 'AWS DMS',
    kind: 'managed',
    types: ['DMS::', 'dms_'],
    aws: 'the hosts of the replication and new versions of the replication engine; patches are applied in the weekly maintenance window.',
    customer:
      'credentials and TLS of the endpoints, network exposure of the replication, the key of what it stores, the security of source and target databases.',
    shared: [
      {
        control: 'Patching',
        aws: 'releases engine versions and patches in the window',
        customer: 'choose the window, and whether deprecated versions are left by themselves',
      },
    ],
    situations: [
      {
        label: 'serverless',
        kind: 'abstracted',
        when: [{ types: ['AWS::DMS::ReplicationConfig', 'aws_dms_replication_config'] }],
        aws: 'the hosts of the replication: capacity, availability, engine versions and patches.',
        customer:
          'credentials and TLS of the endpoints, subnets and security groups, the key, the limits of capacity, the security of source and target databases.',
        shared: [CONFIGURATION],
        sources: [page('Working with AWS DMS Serverless', 'dms/latest/userguide/CHAP_Serverless.html')],
      },
    ],
    movers: [
      {
        concern: 'minor engine upgrades',
        from: 'aws',
        to: 'shared',
        when: [
          { types: ['AWS::DMS::ReplicationInstance'], path: 'AutoMinorVersionUpgrade', values: ['false'] },
          {
            types: ['aws_dms_replication_instance'],
            path: 'auto_minor_version_upgrade',
            values: ['false'],
            absent: true,
          },
        ],
        text: 'With automatic upgrades off, AWS still maintains the host, but leaving a deprecated version of the replication engine is up to you.',
        rule: 'dms-cmk-upgrade',
        sources: [
          page('Creating a replication instance', 'dms/latest/userguide/CHAP_ReplicationInstance.Creating.html'),
        ],
      },
    ],
    sources: [
      page('Security in AWS Database Migration Service', 'dms/latest/userguide/CHAP_Security.html'),
      page(
        'Working with the AWS DMS maintenance window',
        'dms/latest/userguide/CHAP_ReplicationInstance.MaintenanceWindow.html',
      ),
    ],
  },
} satisfies Record<string, ServiceResponsibility>;
