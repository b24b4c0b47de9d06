/** Amazon RDS and Aurora: settings that some teams ask for of every database. */

import { select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asNumber, asString } from '../template/value.ts';
import { set } from './fixes.ts';
import { atLeast, isTrue, otherwise, scalar } from './predicates.ts';
import { CLUSTER, engineOf, INSTANCE, isAurora, TF_CLUSTER, TF_INSTANCE } from './rds-types.ts';
import { aws } from './references.ts';
import type { FixMaker, Predicate, Rule } from './rule.ts';
import { keepsSecret, secretMessage } from './secrets.ts';
import { all, has, known, lacks, not } from './shared.ts';

const TF_MEMBER = 'aws_rds_cluster_instance';

function isCloudFormation(resource: Resource): boolean {
  return resource.type.startsWith('AWS::');
}

// ---- what a database is

/** Whether no engine is given: a copy takes its source's. */
function lacksEngine(resource: Resource): boolean | undefined {
  return lacks(resource, isCloudFormation(resource) ? 'Engine' : 'engine');
}

/** A replica or restored copy, which takes what is left out from its source. */
function isCopy(instance: Resource): boolean | undefined {
  const sources = isCloudFormation(instance)
    ? ['SourceDBInstanceIdentifier', 'SourceDBClusterIdentifier', 'SourceDbiResourceId']
    : ['replicate_source_db', 'restore_to_point_in_time'];
  return not(all(...sources.map((path) => lacks(instance, path))));
}

/** An instance that is no member of a cluster: a member takes these settings from its cluster. */
function isAlone(instance: Resource): boolean | undefined {
  if (isCloudFormation(instance) && lacks(instance, 'DBClusterIdentifier') !== true) return false;
  // Aurora always needs its engine named: none means another one.
  return lacksEngine(instance) ? true : not(isAurora(instance));
}

function isAloneAndNew(instance: Resource): boolean | undefined {
  return all(isAlone(instance), not(isCopy(instance)));
}

// ---- IAM authentication

/**
 * Whether the engine can let IAM check who connects.
 * Source: RDS User Guide, "Supported Regions and DB engines for IAM database authentication" (MariaDB from 10.11 on).
 */
function takesIam(database: Resource): boolean | undefined {
  const engine = engineOf(database)?.toLowerCase();
  if (engine === undefined) {
    // Terraform's provider took Aurora MySQL for clusters without an engine, until version 5 asked for one.
    return database.type === TF_CLUSTER && lacksEngine(database) ? true : undefined;
  }
  if (engine === 'mariadb') {
    const version = known(database, isCloudFormation(database) ? 'EngineVersion' : 'engine_version');
    const [, major, minor] = /^(\d+)(?:\.(\d+))?/.exec(version ?? '') ?? [];
    if (major === undefined || (major === '10' && minor === undefined)) return undefined;
    return Number(major) > 10 || (major === '10' && Number(minor) >= 11);
  }
  return /^(?:mysql|postgres|aurora|aurora-mysql|aurora-postgresql)$/.test(engine);
}

function instanceTakesIam(instance: Resource): boolean | undefined {
  return all(isAloneAndNew(instance), takesIam(instance));
}

/** Aurora Serverless v1 had it neither for MySQL nor for PostgreSQL. */
function isServerlessV1(cluster: Resource): boolean | undefined {
  const path = isCloudFormation(cluster) ? 'EngineMode' : 'engine_mode';
  if (has(cluster, path) === false) return false;
  const mode = known(cluster, path)?.toLowerCase();
  return mode === undefined ? undefined : mode === 'serverless';
}

function clusterTakesIam(cluster: Resource): boolean | undefined {
  return all(takesIam(cluster), not(isServerlessV1(cluster)));
}

// ---- names and ports

/** Names that scanners and password lists begin with. */
const GUESSED: ReadonlySet<string> = new Set([
  'admin',
  'administrator',
  'awsuser',
  'dbadmin',
  'master',
  'mysql',
  'oracle',
  'postgres',
  'rdsadmin',
  'root',
  'sa',
  'system',
  'user',
]);

const userName: Predicate = (value, found) => {
  const verdict = keepsSecret(value, found);
  return verdict === false && GUESSED.has((asString(value) ?? '').toLowerCase()) ? 'guessed' : verdict;
};

/** Source: RDS API Reference, CreateDBInstance (Port) and CreateDBCluster (Port). */
const PORTS: readonly (readonly [engine: RegExp, port: number])[] = [
  [/^(?:mysql|mariadb|aurora|aurora-mysql)$/i, 3306],
  [/^(?:postgres|aurora-postgresql)$/i, 5432],
  [/^(?:custom-)?oracle-/i, 1521],
  [/^(?:custom-)?sqlserver-/i, 1433],
  [/^db2-/i, 50000],
];

function defaultPort(database: Resource): number | undefined {
  const engine = engineOf(database);
  return engine === undefined ? undefined : PORTS.find(([pattern]) => pattern.test(engine))?.[1];
}

const hasDefaultPort = (database: Resource): boolean | undefined => (defaultPort(database) ? true : undefined);

const otherPort: Predicate = (value, found) =>
  scalar((leaf) => {
    const port = asNumber(leaf);
    return port === undefined ? undefined : port !== defaultPort(found.resource);
  })(value, found);

// ---- Multi-AZ

/** SQL Server Express has no standby, Web and RDS Custom have one for some versions only. */
function canStandBy(instance: Resource): boolean | undefined {
  if (lacksEngine(instance)) return true;
  const engine = engineOf(instance);
  return engine === undefined ? undefined : !/^(?:sqlserver-(?:ex|web)|custom-)/i.test(engine);
}

/** An instance in a zone of its own choosing can have no standby: RDS refuses the two together. */
const addStandby: FixMaker = (found) => {
  const zone = isCloudFormation(found.resource) ? 'AvailabilityZone' : 'availability_zone';
  if (lacks(found.resource, zone) !== true) return undefined;
  return set(true, { safe: false, note: 'a standby costs as much as the instance' })(found);
};

// ---- monitoring

type Names = readonly [cloudFormation: string, terraform: string];
const MONITORING: Names = ['MonitoringInterval', 'monitoring_interval'];
const INSIGHTS: Names = ['PerformanceInsightsEnabled', 'performance_insights_enabled'];

/** A guard: no member of a cluster that has the setting for all of them. */
function unlessOfCluster([ofCluster, ofTerraform]: Names): (member: Resource) => boolean | undefined {
  return (member) => {
    let result: boolean | undefined = true;
    for (const { value } of select(member, isCloudFormation(member) ? 'DBClusterIdentifier' : 'cluster_identifier')) {
      if (value.kind === 'absent') continue;
      const cluster = value.kind === 'reference' ? member.template.resource(value.target) : undefined;
      const set = cluster && has(cluster, isCloudFormation(cluster) ? ofCluster : ofTerraform);
      if (set) return false;
      if (set === undefined) result = undefined;
    }
    return result;
  };
}

/** RDS needs a role to deliver the metrics: without one here there is nothing to switch on. */
const watch: FixMaker = (found) => {
  const role = isCloudFormation(found.resource) ? 'MonitoringRoleArn' : 'monitoring_role_arn';
  return has(found.resource, role) ? set(60)(found) : undefined;
};

/** Aurora MySQL keeps a log to go back by; not in a global database, nor in Serverless v1. */
function canBacktrack(cluster: Resource): boolean | undefined {
  const cloudFormation = isCloudFormation(cluster);
  const engine = engineOf(cluster)?.toLowerCase();
  const isMySql =
    engine === undefined
      ? cluster.type === TF_CLUSTER && lacksEngine(cluster)
        ? true
        : undefined
      : engine === 'aurora' || engine === 'aurora-mysql';
  return all(
    isMySql,
    not(isServerlessV1(cluster)),
    lacks(cluster, cloudFormation ? 'GlobalClusterIdentifier' : 'global_cluster_identifier'),
    lacks(cluster, cloudFormation ? 'ReplicationSourceIdentifier' : 'replication_source_identifier'),
  );
}

const DAY = 86_400;

const USER_ALIASES = ['cfn_nag:F24', 'guard:RDS_MASTER_USER_NAME_NO_PLAINTEXT_PASSWORD'];

export const RDS_OPTIONAL_RULES: readonly Rule[] = [
  {
    id: 'rds-iam-auth',
    title: 'IAM does not check who connects to the database',
    category: 'iam',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'RDS lets IAM check connections where you ask for it; users and passwords of the engine are yours to manage.',
    },
    description:
      'Everyone who connects needs a password that someone has to store, share and change. With IAM authentication a user or role gets a token that is good for 15 minutes, and policies say who may. Users with passwords go on working beside it.',
    aws: [
      {
        text: 'IAM database authentication is off when nothing is said; Db2, Oracle and SQL Server do not have it.',
        source: 'Amazon RDS API Reference: CreateDBInstance',
      },
    ],
    aliases: ['trivy:AVD-AWS-0176', 'cdk-nag:AwsSolutions-RDS6', 'kics:IAM Database Auth Not Enabled'],
    variants: {
      instance: {
        aliases: [
          'checkov:CKV_AWS_161',
          'trivy:AVD-AWS-0176',
          'cdk-nag:AwsSolutions-RDS6',
          'kics:IAM Database Auth Not Enabled',
        ],
      },
      cluster: {
        aliases: ['checkov:CKV_AWS_162', 'cdk-nag:AwsSolutions-RDS6', 'kics:IAM Database Auth Not Enabled'],
      },
    },
    references: [
      aws(
        'IAM database authentication for MariaDB, MySQL, and PostgreSQL',
        'AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: INSTANCE, path: 'EnableIAMDatabaseAuthentication', where: instanceTakesIam },
          { type: TF_INSTANCE, path: 'iam_database_authentication_enabled', where: instanceTakesIam },
        ],
        must: otherwise(isTrue, 'instance'),
        absent: 'instance',
        fix: set(true),
      },
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'EnableIAMDatabaseAuthentication', where: clusterTakesIam },
          { type: TF_CLUSTER, path: 'iam_database_authentication_enabled', where: clusterTakesIam },
        ],
        must: otherwise(isTrue, 'cluster'),
        absent: 'cluster',
        fix: set(true),
      },
    ],
  },
  {
    id: 'rds-master-username-literal',
    title: 'Name of the master user is written in the template',
    category: 'secrets',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS makes the user that you name; keeping its name from those who need not know it is up to you.',
    },
    description:
      'Everyone who can read the template knows half of what it takes to log in. Take the name from a parameter with NoEcho or from Secrets Manager, and none that is tried first. The name cannot be changed later without replacing the database.',
    aliases: USER_ALIASES,
    variants: {
      guessed: { message: 'The master user has a name that is tried first' },
      'plain-reference': {
        severity: 'info',
        message: 'The name of the master user is read from a plain-text SSM parameter',
      },
      echoed: {
        severity: 'info',
        message: 'The name of the master user comes from a parameter without NoEcho',
      },
    },
    references: [aws('Master user account privileges', 'AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: [INSTANCE, CLUSTER], path: 'MasterUsername' },
          { type: TF_INSTANCE, path: 'username' },
          { type: TF_CLUSTER, path: 'master_username' },
        ],
        must: userName,
        absent: true,
        message: secretMessage('The name of the master user'),
      },
    ],
  },
  {
    id: 'rds-multi-az',
    title: 'Database has no standby in another Availability Zone',
    category: 'backup-resilience',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS keeps a standby and fails over to it once you ask for Multi-AZ; whether an outage of a zone stops you is your choice.',
    },
    description:
      'When its Availability Zone or its host fails, the database is down until it is restored, and some maintenance interrupts it too. With Multi-AZ RDS keeps a synchronous standby in another zone and fails over by itself.',
    aws: [
      {
        text: 'An instance is in a single Availability Zone when nothing is said; the storage of Aurora always spans three.',
        source: 'Amazon RDS User Guide: Multi-AZ DB instance deployments; Amazon Aurora User Guide: Aurora storage',
      },
    ],
    aliases: [
      'checkov:CKV_AWS_157',
      'guard:RDS_MULTI_AZ_SUPPORT',
      'cdk-nag:AwsSolutions-RDS3',
      'kics:RDS Multi-AZ Deployment Disabled',
    ],
    references: [
      aws(
        'Configuring and managing a Multi-AZ deployment for Amazon RDS',
        'AmazonRDS/latest/UserGuide/Concepts.MultiAZ.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: INSTANCE, path: 'MultiAZ', where: (instance) => all(isAloneAndNew(instance), canStandBy(instance)) },
          {
            type: TF_INSTANCE,
            path: 'multi_az',
            where: (instance) => all(isAloneAndNew(instance), canStandBy(instance)),
          },
          // A replica: its source may have the standby.
          {
            type: INSTANCE,
            path: 'MultiAZ',
            where: (instance) => all(isAlone(instance), isCopy(instance), canStandBy(instance)),
            absent: true,
          },
          {
            type: TF_INSTANCE,
            path: 'multi_az',
            where: (instance) => all(isAlone(instance), isCopy(instance), canStandBy(instance)),
            absent: true,
          },
        ],
        must: isTrue,
        absent: false,
        fix: addStandby,
      },
    ],
  },
  {
    id: 'rds-default-port',
    title: 'Database listens on the default port of its engine',
    category: 'network-exposure',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'RDS takes the port that clients of the engine expect; another one, and who may reach it, are your setting.',
    },
    description:
      'Scanners try the default ports first. Another port hides the database from the simplest of them; security groups are what protects it.',
    aliases: ['cdk-nag:AwsSolutions-RDS11', 'kics:RDS Using Default Port'],
    references: [aws('AWS::RDS::DBInstance', 'AWSCloudFormation/latest/UserGuide/aws-resource-rds-dbinstance.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: INSTANCE, path: 'Port', where: (instance) => all(isAlone(instance), hasDefaultPort(instance)) },
          { type: TF_INSTANCE, path: 'port', where: (instance) => all(isAlone(instance), hasDefaultPort(instance)) },
          { type: CLUSTER, path: 'Port', where: hasDefaultPort },
          { type: TF_CLUSTER, path: 'port', where: hasDefaultPort },
        ],
        must: otherPort,
        absent: false,
        message: (found) => `The database listens on port ${defaultPort(found.resource)}, the default of its engine`,
      },
    ],
  },
  {
    id: 'rds-monitoring-extras',
    title: 'Database leaves optional monitoring and recovery out',
    category: 'logging',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS watches the host and keeps it running; metrics of the operating system, of queries and ways back are yours to switch on.',
    },
    description:
      'Enhanced Monitoring shows processes and memory of the instance, Performance Insights which queries load it: what one looks at when something is odd. Snapshots without the tags of the database fall out of rules that go by tags. With Backtrack an Aurora MySQL cluster goes back to before a mistake within minutes.',
    aliases: [],
    variants: {
      monitoring: {
        message: 'Enhanced Monitoring is off',
        aliases: [
          'checkov:CKV_AWS_118',
          'guard:RDS_ENHANCED_MONITORING_ENABLED',
          'cdk-nag:RDSEnhancedMonitoringEnabled',
        ],
      },
      insights: {
        message: 'Performance Insights is off',
        aliases: ['checkov:CKV_AWS_353', 'trivy:AVD-AWS-0133'],
      },
      tags: { message: 'Snapshots do not get the tags of the instance', aliases: ['checkov:CKV2_AWS_60'] },
      'cluster-tags': { message: 'Snapshots do not get the tags of the cluster', aliases: ['checkov:CKV_AWS_313'] },
      backtrack: {
        message: 'The cluster cannot be backtracked',
        aliases: ['checkov:CKV_AWS_326', 'guard:AURORA_MYSQL_BACKTRACKING_ENABLED', 'cdk-nag:AwsSolutions-RDS14'],
      },
    },
    references: [
      aws('Monitoring OS metrics with Enhanced Monitoring', 'AmazonRDS/latest/UserGuide/USER_Monitoring.OS.html'),
      aws('Backtracking an Aurora DB cluster', 'AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Backtrack.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: INSTANCE, path: MONITORING[0], where: unlessOfCluster(MONITORING) },
          { type: TF_INSTANCE, path: MONITORING[1] },
          { type: TF_MEMBER, path: MONITORING[1], where: unlessOfCluster(MONITORING) },
        ],
        must: otherwise(atLeast(1), 'monitoring'),
        absent: 'monitoring',
        fix: watch,
      },
      {
        kind: 'property',
        targets: [
          { type: INSTANCE, path: 'EnablePerformanceInsights', where: unlessOfCluster(INSIGHTS) },
          { type: TF_INSTANCE, path: INSIGHTS[1] },
          { type: TF_MEMBER, path: INSIGHTS[1], where: unlessOfCluster(INSIGHTS) },
        ],
        must: otherwise(isTrue, 'insights'),
        absent: 'insights',
        fix: set(true, { safe: false, note: 'not every instance class has it' }),
      },
      {
        kind: 'property',
        targets: [
          { type: INSTANCE, path: 'CopyTagsToSnapshot', where: isAlone },
          { type: TF_INSTANCE, path: 'copy_tags_to_snapshot', where: isAlone },
        ],
        must: otherwise(isTrue, 'tags'),
        absent: 'tags',
        fix: set(true),
      },
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'CopyTagsToSnapshot' },
          { type: TF_CLUSTER, path: 'copy_tags_to_snapshot' },
        ],
        must: otherwise(isTrue, 'cluster-tags'),
        absent: 'cluster-tags',
        fix: set(true),
      },
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'BacktrackWindow', where: canBacktrack },
          { type: TF_CLUSTER, path: 'backtrack_window', where: canBacktrack },
        ],
        must: otherwise(atLeast(1), 'backtrack'),
        absent: 'backtrack',
        fix: set(DAY, { safe: false, note: 'only a cluster that is new or restored can have it' }),
      },
    ],
  },
];
