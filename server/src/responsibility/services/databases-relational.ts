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
    'security groups and public access, IAM and database users, TLS, your own key, clusters older than 2026-02-18 or restored from them, when minor upgrades come.',
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

const CUSTOM = page('Working with Amazon RDS Custom', 'AmazonRDS/latest/UserGuide/rds-custom.html');

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
        aws: 'facilities, hardware and server maintenance, and automation that provisions, monitors and backs up the database.',
        customer:
          'patching the operating system, high availability, the Oracle media, patches and licences that you bring, whatever you change on the host; besides it network exposure, users and TLS.',
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
        aws: 'facilities, hardware and server maintenance, and automation that provisions, monitors and backs up the database.',
        customer:
          'high availability, whatever you install or change as administrator of the host, the image behind an engine version of your own; besides it network exposure, users and TLS.',
        shared: [{ control: 'Backup', aws: 'automates backups', customer: 'see that your changes leave them working' }],
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
        text: 'With automatic minor upgrades off, fixes of the engine wait until you upgrade.',
        rule: 'rds-minor-upgrade',
        sources: [
          page(
            'Upgrading a DB instance engine version',
            'AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html',
          ),
        ],
      },
      {
        concern: 'the operating system and high availability',
        from: 'aws',
        to: 'customer',
        when: engineIs('instance', 'custom-oracle-*'),
        text: 'With RDS Custom for Oracle you patch the operating system and provide high availability; patching the database is shared.',
        rule: {
          id: 'moves-rds-custom-oracle',
          title: 'RDS Custom for Oracle makes the host yours',
          message: 'RDS Custom for Oracle: patching the operating system and high availability move from AWS to you',
          description:
            'RDS Custom gives you the host and its administrator rights. In return you patch its operating system and provide high availability, and you bring the media, the patches and the licences of Oracle Database. Use it where an application needs that access; otherwise RDS for Oracle leaves all this to AWS. Moving between the two means a new database.',
        },
        sources: [CUSTOM],
      },
      {
        concern: 'high availability',
        from: 'aws',
        to: 'customer',
        when: engineIs('instance', 'custom-sqlserver-*'),
        text: 'With RDS Custom for SQL Server high availability is yours, and backups and scaling are shared.',
        rule: {
          id: 'moves-rds-custom-sqlserver',
          title: 'RDS Custom for SQL Server makes high availability yours',
          message:
            'RDS Custom for SQL Server: high availability moves from AWS to you, backups and scaling become shared',
          description:
            'RDS Custom gives you the host and its administrator rights. In return high availability is yours, and what you change on the host must leave backups and scaling working. Use it where an application needs that access; otherwise RDS for SQL Server leaves all this to AWS. Moving between the two means a new database.',
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
      page('What is Amazon RDS?', 'AmazonRDS/latest/UserGuide/Welcome.html'),
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
    aws: 'everything below SQL: hosts, patches and version upgrades without downtime, storage over several Availability Zones.',
    customer:
      'your data, IAM permissions and database roles that may connect, the kind of key, deletion protection, backups with AWS Backup, a second Region where you need one.',
    shared: [
      { control: 'Availability', aws: 'spreads a cluster over Availability Zones', customer: 'peer a second Region' },
      CONFIGURATION,
    ],
    sources: [
      page('Security in Amazon Aurora DSQL', 'aurora-dsql/latest/userguide/security.html'),
      page('Data protection in Amazon Aurora DSQL', 'aurora-dsql/latest/userguide/data-protection.html'),
      page('Resilience in Amazon Aurora DSQL', 'aurora-dsql/latest/userguide/disaster-recovery-resiliency.html'),
      page('Amazon Aurora DSQL features'),
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
        customer: 'choose the window, and whether new versions are let in',
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
        text: 'With version upgrades off, new versions of the engine wait until you let them in.',
        rule: 'redshift-upgrade',
        sources: [page('Amazon Redshift provisioned clusters', 'redshift/latest/mgmt/working-with-clusters.html')],
      },
      {
        concern: 'the admin password',
        from: 'customer',
        to: 'aws',
        when: [
          { types: ['AWS::Redshift::Cluster'], path: 'ManageMasterPassword', values: ['true'] },
          { types: ['aws_redshift_cluster'], path: 'manage_master_password', values: ['true'] },
        ],
        text: 'Redshift keeps the admin password in Secrets Manager, where its rotation is managed for you.',
        sources: [
          page(
            'Managed rotation for AWS Secrets Manager secrets',
            'secretsmanager/latest/userguide/rotate-secrets_managed.html',
          ),
        ],
      },
    ],
    sources: [
      page(
        'Configuration and vulnerability analysis in Amazon Redshift',
        'redshift/latest/mgmt/security-vulnerability-analysis-and-management.html',
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
    aws: 'the data centers that hold the Exadata systems and the network to your VPCs; the Exadata infrastructure itself is managed by Oracle Cloud Infrastructure.',
    customer:
      'the databases and their data, who may manage them through IAM, which VPCs and address ranges reach the ODB network, which AWS services it is opened to.',
    shared: [CONFIGURATION],
    sources: [page('Oracle Database@AWS API Reference: Welcome', 'odb/latest/APIReference/Welcome.html')],
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
        customer: 'choose the window, and whether minor versions come by themselves',
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
        text: 'With automatic minor upgrades off, AWS still maintains the host, but new versions of the replication engine wait for you.',
        rule: 'dms-cmk-upgrade',
        sources: [
          page(
            'Working with replication engine versions',
            'dms/latest/userguide/CHAP_ReplicationInstance.EngineVersions.html',
          ),
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
