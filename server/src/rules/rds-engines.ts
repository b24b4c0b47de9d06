/** Amazon RDS and Aurora: what depends on the engine (TLS parameters, versions) and on the network around the database. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { names } from '../template/companions.ts';
import { type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean, asString } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { set } from './fixes.ts';
import { addParameter, databaseShape, parameterOf } from './parameter-groups.ts';
import { aws } from './references.ts';
import type { Related, Reporter, Rule } from './rule.ts';
import { isCloudFormation, known } from './shared.ts';
import { givesPublicAddresses, internetRoute } from './subnets.ts';

interface TlsParameter {
  readonly name: string;
  /** What to write. */
  readonly on: string;
  /** Without the parameter the engine does not insist on TLS. */
  readonly offByDefault: boolean;
}

/** The parameter that makes an engine insist on TLS, by parameter group family; the defaults are those of the engine's version. */
function tlsParameter(family: string): TlsParameter | undefined {
  const [, engine = '', version = ''] = /^([a-z-]+?)-?(\d[\d.]*)?$/.exec(family.toLowerCase()) ?? [];
  if (engine === 'postgres')
    return { name: 'rds.force_ssl', on: '1', offByDefault: version !== '' && Number.parseInt(version, 10) < 15 };
  if (engine === 'mysql') return { name: 'require_secure_transport', on: 'ON', offByDefault: true };
  if (engine === 'mariadb') {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    const supported = major > 10 || (major === 10 && minor >= 5);
    const offByDefault = supported && (major < 11 || (major === 11 && minor < 8));
    return { name: 'require_secure_transport', on: 'ON', offByDefault };
  }
  if (/^sqlserver-/.test(family)) return { name: 'rds.force_ssl', on: '1', offByDefault: true };
  // TLS is an option that DB2COMM adds (RDS User Guide, "Using SSL/TLS with an Amazon RDS for Db2 DB instance").
  if (/db2-/.test(family)) return { name: 'DB2COMM', on: 'SSL', offByDefault: true };
  // Aurora: only what the template itself says is judged, its defaults were not confirmed.
  if (engine === 'aurora-postgresql') return { name: 'rds.force_ssl', on: '1', offByDefault: false };
  if (engine === 'aurora-mysql') return { name: 'require_secure_transport', on: 'ON', offByDefault: false };
  return undefined;
}

function insists(parameter: TlsParameter, text: string): boolean {
  const value = text.trim().toUpperCase();
  return parameter.on === 'SSL' ? value === 'SSL' : ['1', 'ON', 'TRUE'].includes(value);
}

function checkTls(group: Resource, reporter: Reporter): void {
  const family = known(group, isCloudFormation(group) ? 'Family' : 'family');
  const parameter = family === undefined ? undefined : tlsParameter(family);
  if (!parameter) return;
  const related: Related[] = usersOf(group).map((user) => ({
    node: user.key,
    message: `Used by ${user.address}`,
    resource: user,
  }));
  const shape = databaseShape(group);
  const about = {
    title: `Set ${parameter.name} to ${parameter.on} (connections without TLS are refused)`,
    safe: false,
  };
  const { values, open } = parameterOf(group, shape, parameter.name);
  for (const found of values) {
    const text = asString(found.value);
    if (text === undefined || insists(parameter, text)) continue;
    reporter.reportFound(found, {
      message: `${parameter.name} is ${text}: the engine accepts connections without TLS`,
      related,
      fix: () => set(parameter.on, about)(found),
    });
  }
  if (values.length || open || !parameter.offByDefault) return;
  reporter.report({
    node: group.key,
    resource: group,
    message: `${parameter.name} is not set: ${family} accepts connections without TLS`,
    related,
    fix: () => addParameter(group, shape, parameter.name, parameter.on, about),
  });
}

const GROUP_USERS: readonly (readonly [string, string])[] = [
  ['AWS::RDS::DBInstance', 'DBParameterGroupName'],
  ['AWS::RDS::DBCluster', 'DBClusterParameterGroupName'],
  ['aws_db_instance', 'parameter_group_name'],
  ['aws_rds_cluster', 'db_cluster_parameter_group_name'],
];

function usersOf(group: Resource): Resource[] {
  return GROUP_USERS.flatMap(([type, path]) =>
    group.template.ofType(type).filter((user) => select(user, path).some(({ value }) => names(value, group) === true)),
  );
}

/** The last minor version of each major that has the flaw of AWS security bulletin AWS-2022-004, as its readers list them. */
const LOG_FDW: Readonly<Record<string, Readonly<Record<string, number>>>> = Object.assign(Object.create(null), {
  postgres: { '13': 2, '12': 6, '11': 11, '10': 16, '9.6': 21 },
  'aurora-postgresql': { '11': 8, '10': 13 },
});
const OLDEST_AURORA_LISTED: Readonly<Record<string, number>> = { '11': 6, '10': 11 };

function vulnerable(engine: string, version: string): boolean | undefined {
  const majors = LOG_FDW[engine];
  if (!majors) return false;
  const [, major, minor] = /^(9\.\d+|\d+)(?:\.(\d+))?/.exec(version) ?? [];
  if (major === undefined) return undefined;
  if (engine === 'postgres' && /^9\.[0-5]$/.test(major)) return true;
  const last = majors[major];
  if (last === undefined) return false;
  // Only the major is named: RDS takes its newest minor version.
  if (minor === undefined) return false;
  const number = Number(minor);
  return number <= last && (engine === 'postgres' || number >= (OLDEST_AURORA_LISTED[major] ?? 0));
}

/** Majors below are past extended support: no version of them can be had. Source: Amazon RDS User Guide, release calendars. */
const OLDEST_MAJOR = 11;

/** The newest minor version of the same major, which RDS takes where only that is named. */
function newestMinor(found: Found, version: string): Fix | undefined {
  const [major = ''] = version.split('.');
  if (Number(major) < OLDEST_MAJOR) return undefined;
  const title = `Set the version to ${major}: RDS takes its newest minor version`;
  return set(major, { title, safe: false, note: 'restarts the database' })(found);
}

function checkVersion(database: Resource, reporter: Reporter): void {
  const cloudFormation = database.type.startsWith('AWS::');
  const engine = known(database, cloudFormation ? 'Engine' : 'engine')?.toLowerCase();
  if (!engine) return;
  for (const found of select(database, cloudFormation ? 'EngineVersion' : 'engine_version')) {
    const version = asString(found.value);
    if (version === undefined || !vulnerable(engine, version)) continue;
    reporter.reportFound(found, {
      message: `${engine} ${version} lets a privileged user read files of the host through the log_fdw extension`,
      variant: engine.startsWith('aurora') ? 'aurora' : undefined,
      fix: () => newestMinor(found, version),
    });
  }
}

/** Whether the template has databases, and none of them takes a public address. */
function hasPrivateDatabasesOnly({ template }: Resource): boolean {
  const databases = template.ofType('AWS::RDS::DBInstance', 'aws_db_instance', 'aws_rds_cluster_instance');
  const isPrivate = (database: Resource) =>
    select(database, database.type.startsWith('AWS::') ? 'PubliclyAccessible' : 'publicly_accessible').every(
      ({ value }) => value.kind === 'absent' || asBoolean(value) === false,
    );
  return databases.length > 0 && databases.every(isPrivate);
}

function checkSubnets(group: Resource, reporter: Reporter): void {
  const cloudFormation = group.type.startsWith('AWS::');
  const variant = hasPrivateDatabasesOnly(group) ? 'private-address' : undefined;
  for (const found of select(group, cloudFormation ? 'SubnetIds[]' : 'subnet_ids[]')) {
    const { value } = found;
    const subnet = value.kind === 'reference' ? group.template.resource(value.target) : undefined;
    if (!subnet || !/Subnet$|^aws_subnet$/.test(subnet.type)) continue;
    const why = givesPublicAddresses(subnet) ?? internetRoute(subnet);
    if (why)
      reporter.reportFound(found, {
        variant,
        message: `The database may be placed in ${subnet.address}, which is a public subnet`,
        related: [why],
      });
  }
}

export const RDS_ENGINE_RULES: readonly Rule[] = [
  {
    id: 'rds-tls',
    title: 'Database accepts connections without TLS',
    category: 'encryption-in-transit',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS gives every database a certificate and TLS; insisting on it is a parameter that you set.',
    },
    description:
      'A client that does not ask for TLS sends queries, data and, depending on the plugin, its password in clear text. Make the engine refuse such connections.',
    aws: awsDefaults('rds-tls'),
    aliases: ['checkov:CKV2_AWS_69'],
    references: [
      aws(
        'Using SSL/TLS to encrypt a connection to a DB instance or cluster',
        'AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html',
      ),
    ],
    checks: [
      {
        kind: 'resource',
        types: [
          'AWS::RDS::DBParameterGroup',
          'AWS::RDS::DBClusterParameterGroup',
          'aws_db_parameter_group',
          'aws_rds_cluster_parameter_group',
        ],
        check: checkTls,
      },
    ],
  },
  {
    id: 'rds-engine-vulnerable',
    title: 'Engine version has a known vulnerability',
    category: 'patching',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS publishes fixed engine versions; which version a database is pinned to is up to you.',
    },
    description:
      'In this version a privileged database user can read files of the host through the `log_fdw` extension (AWS security bulletin AWS-2022-004). Move to a newer version.',
    aliases: ['checkov:CKV_AWS_250'],
    variants: { aurora: { aliases: ['checkov:CKV_AWS_388', 'checkov:CKV_AWS_250'] } },
    references: [
      aws(
        'Upgrades of the RDS for PostgreSQL DB engine',
        'AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.PostgreSQL.html',
      ),
    ],
    checks: [
      {
        kind: 'resource',
        types: [
          'AWS::RDS::DBInstance',
          'AWS::RDS::DBCluster',
          'aws_db_instance',
          'aws_rds_cluster',
          'aws_rds_cluster_instance',
        ],
        check: checkVersion,
      },
    ],
  },
  {
    id: 'rds-public-subnet',
    title: 'Database subnet group has a public subnet',
    category: 'network-exposure',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS places the database in the subnets you name; which of them are public is your network design.',
    },
    description:
      'A database in a subnet with a route to the internet is one setting away from being reachable. Use private subnets only.',
    aliases: ['kics:RDS Associated with Public Subnet'],
    // Without a public address nobody reaches it from outside, wherever it stands.
    variants: { 'private-address': { severity: 'low' } },
    references: [
      aws(
        'Working with a DB instance in a VPC',
        'AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html',
      ),
    ],
    checks: [{ kind: 'resource', types: ['AWS::RDS::DBSubnetGroup', 'aws_db_subnet_group'], check: checkSubnets }],
  },
];
