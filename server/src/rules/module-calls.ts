/**
 * What the arguments of well-known registry modules stand for. Names and defaults are those of the modules' variables.tf and main.tf
 * (terraform-aws-modules/terraform-aws-*); where a default differs between major versions, absence is not judged.
 */

import { companions, declareCompanions } from '../template/companions.ts';
import { select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { set, setEdits } from './fixes.ts';
import { ingressOf, isListed, SECURITY_GROUP_MODULES } from './module-security-groups.ts';
import { type Argument, type ModuleView, withModuleCalls } from './module-views.ts';
import { isTrue, otherwise, scalar } from './predicates.ts';
import type { Check, FixMaker, Predicate, Report, Reporter, Rule } from './rule.ts';
import { aclsClosedBy, BUCKET_MODULE } from './s3-bucket.ts';
import { INSECURE_TRANSPORT } from './s3-transport.ts';
import { EXPOSURE_RULES } from './security-group-exposure.ts';
import { all, any, has, isOn, known, lacks, not } from './shared.ts';

const S3 = BUCKET_MODULE;
const VPC = 'module:terraform-aws-modules/vpc/aws';
const EKS = 'module:terraform-aws-modules/eks/aws';
const LAMBDA = 'module:terraform-aws-modules/lambda/aws';
const RDS = 'module:terraform-aws-modules/rds/aws';
const AURORA = 'module:terraform-aws-modules/rds-aurora/aws';

declareCompanions(VPC, { aws_flow_log: 'vpc_id' });

/** An argument by the name of its attribute, left to AWS where the call leaves it out. */
const sameNamed = (...names: readonly string[]): Record<string, Argument> =>
  Object.fromEntries(names.map((argument) => [argument, { argument, absent: 'same' as const }]));

/** An argument by the name of its attribute, whose default is the module's. */
const named = (...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, name]));

/** Whether none of the switches that make a resource is certainly off. */
function unlessOff(...switches: readonly string[]): (call: Resource) => boolean {
  return (call) =>
    switches.every((name) => {
      const found = select(call, name);
      return !(found.length > 0 && found.every(({ value }) => asBoolean(value) === false));
    });
}

// ---- databases

/** What a database is restored or copied from: null in the modules, as in the provider. */
const SOURCES = ['replicate_source_db', 'snapshot_identifier', 'restore_to_point_in_time', 's3_import'];

/** Whether the password of the call is the one that is used: no other one is made. */
function usesPassword(call: Resource): boolean {
  return ['manage_master_user_password', 'create_random_password'].every((name) => isOn(call, name) === false);
}

/** A password of the call: not reported where another one is used, and mended by the switch that the call may have already. */
function ofPassword(report: Report, call: Resource): Report | undefined {
  if (!usesPassword(call)) return undefined;
  const [managed] = select(call, 'manage_master_user_password');
  if (!managed || managed.value.kind === 'absent') return report;
  return {
    ...report,
    fix: () => {
      const [fix] = [report.fix?.() ?? []].flat();
      const edits = setEdits(managed, true);
      const { entry } = report.node;
      return fix && edits && entry ? { ...fix, edits: [...edits, { kind: 'remove', entry }] } : undefined;
    },
  };
}

const INSTANCE: ModuleView = {
  modules: [RDS, `${RDS}//modules/db_instance`],
  as: 'aws_db_instance',
  attributes: {
    ...sameNamed('engine', 'publicly_accessible', 'deletion_protection', 'enabled_cloudwatch_logs_exports'),
    ...sameNamed('iam_database_authentication_enabled', 'multi_az', 'monitoring_interval', 'kms_key_id'),
    ...sameNamed('performance_insights_enabled', 'performance_insights_kms_key_id', 'auto_minor_version_upgrade'),
    ...sameNamed('availability_zone', ...SOURCES),
    ...named('storage_encrypted', 'backup_retention_period', 'ca_cert_identifier', 'port', 'password'),
    // What the module calls the user by itself is not written in the call.
    username: { argument: 'username', absent: true },
    ...named('copy_tags_to_snapshot'),
  },
  rules: ['rds-master-password-literal'],
  exists: unlessOff('create_db_instance', 'create'),
  adapt: ofPassword,
};

const CLUSTER: ModuleView = {
  modules: [AURORA],
  as: 'aws_rds_cluster',
  attributes: {
    ...sameNamed('engine', 'engine_mode', 'deletion_protection', 'iam_database_authentication_enabled', 'kms_key_id'),
    ...sameNamed('enabled_cloudwatch_logs_exports', 'snapshot_identifier', 'replication_source_identifier'),
    ...sameNamed('restore_to_point_in_time', 'global_cluster_identifier'),
    ...named('storage_encrypted', 'backup_retention_period', 'master_password', 'port'),
    master_username: { argument: 'master_username', absent: true },
  },
  rules: ['rds-master-password-literal'],
  exists: unlessOff('create_cluster', 'create'),
  adapt: ofPassword,
};

const MEMBER: ModuleView = {
  modules: [AURORA],
  as: 'aws_rds_cluster_instance',
  attributes: named('engine', 'publicly_accessible', 'auto_minor_version_upgrade', 'ca_cert_identifier'),
  exists: unlessOff('create_cluster', 'create'),
};

// ---- buckets

const makesBucket = unlessOff('create_bucket');

const BLOCK: ModuleView = {
  modules: [S3],
  as: 'aws_s3_bucket_public_access_block',
  attributes: named('block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'),
  rules: ['s3-public-access-block-disabled'],
  exists: unlessOff('create_bucket', 'attach_public_policy'),
};

const ACL: ModuleView = {
  modules: [S3],
  as: 'aws_s3_bucket_acl',
  attributes: named('acl'),
  rules: ['s3-public-acl', 's3-authenticated-users-acl'],
  exists: makesBucket,
  adapt: (report, call) => {
    const closed = aclsClosedBy(call);
    if (!closed) return report;
    const related = { node: closed.node, message: 'This setting takes the effect of public ACLs away', resource: call };
    return {
      ...report,
      severity: 'info',
      message: `${report.message}, but another setting takes its effect away`,
      related: [...(report.related ?? []), related],
    };
  },
};

/** An ACL of the call's, other than the private one, needs the ownership that lets ACLs in. */
const doesWithoutAcl = (call: Resource) =>
  all(lacks(call, 'grant'), any(lacks(call, 'acl'), known(call, 'acl') === 'private'));

const OWNERSHIP: ModuleView = {
  modules: [S3],
  as: 'aws_s3_bucket_ownership_controls',
  attributes: {
    'rule.object_ownership': {
      argument: 'object_ownership',
      where: (call) => all(isOn(call, 'control_object_ownership'), doesWithoutAcl(call)),
    },
  },
  exists: makesBucket,
};

/** `enabled = true` or `status = "Enabled"`; a map that says neither switches it on. */
const keepsVersions: Predicate = scalar((value) => {
  if (value.kind !== 'known') return undefined;
  if (/^(?:enabled|true)$/i.test(String(value.value))) return true;
  return /^(?:suspended|disabled|false)$/i.test(String(value.value)) ? 'suspended' : undefined;
});

const VERSIONS: readonly Check[] = [
  {
    kind: 'property',
    targets: [
      {
        type: S3,
        path: 'versioning.enabled',
        where: (call) =>
          all(makesBucket(call), not(isOn(call, 'is_directory_bucket')), lacks(call, 'versioning.status')),
      },
    ],
    must: keepsVersions,
    absent: true,
    fix: set(true),
  },
  {
    kind: 'property',
    targets: [
      {
        type: S3,
        path: 'versioning.status',
        where: (call) => all(makesBucket(call), lacks(call, 'versioning.enabled')),
      },
    ],
    must: keepsVersions,
    absent: true,
    fix: set('Enabled'),
  },
  {
    kind: 'property',
    targets: [
      {
        type: S3,
        path: 'versioning',
        where: (call) => all(makesBucket(call), not(isOn(call, 'is_directory_bucket'))),
      },
    ],
    must: (value) => (value.kind === 'object' && !value.open ? value.names.length > 0 : undefined),
    absent: false,
    fix: set({ enabled: true }, { title: 'Enable versioning' }),
  },
];

/** The switch by which the module adds a statement that refuses plain HTTP. */
const DENY_HTTP = 'attach_deny_insecure_transport_policy';

/** Whether the call makes a bucket that should refuse plain HTTP: one that serves no website, which is read over it. */
const needsTls = (call: Resource): boolean | undefined =>
  all(makesBucket(call), not(isOn(call, 'is_directory_bucket')), lacks(call, 'website'));

const refuseHttp: FixMaker = set(true, {
  title: 'Refuse requests without TLS',
  safe: false,
  note: 'clients that use plain HTTP are cut off',
});

/** The check of bucket policies, mended by the module's own switch. */
function checkPolicy(call: Resource, reporter: Reporter): void {
  const [check] = INSECURE_TRANSPORT.checks;
  if (check?.kind !== 'resource' || all(needsTls(call), not(isOn(call, DENY_HTTP))) !== true) return;
  check.check(call, {
    reportFound: reporter.reportFound,
    report(report) {
      const [found] = select(call, DENY_HTTP);
      reporter.report({ ...report, fix: () => found && refuseHttp(found) });
    },
  });
}

const TRANSPORT: readonly Check[] = [
  {
    kind: 'property',
    targets: [{ type: S3, path: DENY_HTTP, where: (call) => all(needsTls(call), lacks(call, 'policy')) }],
    must: otherwise(isTrue, 'no-policy'),
    absent: 'no-policy',
    fix: refuseHttp,
  },
  { kind: 'resource', types: [S3], check: checkPolicy },
];

// ---- networks

const SUBNETS: ModuleView = {
  modules: [VPC],
  as: 'aws_subnet',
  // The module uses it for the subnets of `public_subnets` only.
  attributes: { map_public_ip_on_launch: { argument: 'map_public_ip_on_launch', variant: 'public' } },
  exists: unlessOff('create_vpc'),
};

const FLOW_LOGS: readonly Check[] = [
  {
    kind: 'property',
    targets: [
      {
        type: VPC,
        path: 'enable_flow_log',
        where: (call) => {
          const logs = companions(call, 'aws_flow_log');
          return unlessOff('create_vpc')(call) && !logs.sure.length && !logs.maybe;
        },
      },
    ],
    must: isTrue,
    absent: false,
    fix: (found) => {
      const elsewhere = ['flow_log_destination_arn', 'flow_log_cloudwatch_iam_role_arn', 'flow_log_destination_type'];
      if (elsewhere.some((name) => has(found.resource, name) !== false)) return set(true)(found);
      return set(true, {
        title: 'Switch flow logs on, to a log group of their own',
        also: { create_flow_log_cloudwatch_log_group: true, create_flow_log_cloudwatch_iam_role: true },
      })(found);
    },
  },
];

const GROUP: ModuleView = {
  modules: SECURITY_GROUP_MODULES,
  as: 'aws_security_group',
  attributes: {},
  made: { ingress: ingressOf },
  rules: EXPOSURE_RULES,
  exists: unlessOff('create'),
  // A CIDR that stands in a text with others cannot be taken out of a list.
  adapt: (report) => (isListed(report.node) ? report : { ...report, fix: undefined }),
};

// ---- clusters

/** Closes the endpoint by the names that the call uses: version 21 dropped the prefix. */
function privateEndpoint(call: Resource): Fix | readonly Fix[] | undefined {
  for (const prefix of ['', 'cluster_']) {
    const [access] = call.properties.get(`${prefix}endpoint_public_access`)
      ? select(call, `${prefix}endpoint_public_access`)
      : [];
    if (!access) continue;
    return set(false, {
      safe: false,
      note: 'the API can then be reached from the VPC only',
      also: { [`${prefix}endpoint_private_access`]: true },
    })(access);
  }
  return undefined;
}

const renamed = (name: string, absent?: Argument['absent']): Argument => ({
  argument: [name, `cluster_${name}`],
  absent,
});

const EKS_CLUSTER: ModuleView = {
  modules: [EKS],
  as: 'aws_eks_cluster',
  attributes: {
    'vpc_config.endpoint_public_access': renamed('endpoint_public_access'),
    // Everyone, in every version.
    'vpc_config.public_access_cidrs': renamed('endpoint_public_access_cidrs', 'same'),
    enabled_cluster_log_types: renamed('enabled_log_types'),
    version: { argument: ['kubernetes_version', 'cluster_version'] },
  },
  rules: ['eks-public-endpoint', 'eks-control-plane-logs', 'eks-version'],
  exists: unlessOff('create', 'create_eks'),
  adapt: (report, call, ruleId) =>
    ruleId === 'eks-public-endpoint' ? { ...report, fix: () => privateEndpoint(call) } : report,
};

// ---- keys and images

const KEY: ModuleView = {
  modules: ['module:terraform-aws-modules/kms/aws'],
  as: 'aws_kms_key',
  attributes: {
    enable_key_rotation: 'enable_key_rotation',
    ...sameNamed(
      'customer_master_key_spec',
      'key_spec',
      'key_usage',
      'is_enabled',
      'custom_key_store_id',
      'xks_key_id',
    ),
  },
  exists: (call) =>
    unlessOff('create')(call) &&
    ['create_external', 'create_replica', 'create_replica_external'].every((name) => isOn(call, name) === false),
};

const REPOSITORY: ModuleView = {
  modules: ['module:terraform-aws-modules/ecr/aws'],
  as: 'aws_ecr_repository',
  attributes: {
    image_tag_mutability: 'repository_image_tag_mutability',
    'image_scanning_configuration.scan_on_push': 'repository_image_scan_on_push',
  },
  exists: (call) =>
    all(unlessOff('create', 'create_repository')(call), (known(call, 'repository_type') ?? 'private') === 'private'),
};

// ---- functions

const FUNCTION: ModuleView = {
  modules: [LAMBDA],
  as: 'aws_lambda_function',
  attributes: {
    ...named('runtime', 'package_type'),
    ...sameNamed('code_signing_config_arn', 'kms_key_arn'),
    'environment.variables': 'environment_variables',
    'tracing_config.mode': { argument: 'tracing_mode', absent: 'same' },
    vpc_config: { argument: 'vpc_subnet_ids', absent: 'same' },
  },
  rules: ['lambda-env-secret'],
  exists: unlessOff('create', 'create_function'),
};

const FUNCTION_URL: ModuleView = {
  modules: [LAMBDA],
  as: 'aws_lambda_function_url',
  attributes: {
    // NONE, unless the call says otherwise.
    authorization_type: { argument: 'authorization_type', absent: false },
    cors: 'cors',
  },
  rules: ['lambda-url-cors-open'],
  exists: (call) =>
    all(unlessOff('create', 'create_function')(call), isOn(call, 'create_lambda_function_url') ?? false),
};

const VIEWS: readonly ModuleView[] = [
  INSTANCE,
  CLUSTER,
  MEMBER,
  BLOCK,
  ACL,
  OWNERSHIP,
  SUBNETS,
  GROUP,
  EKS_CLUSTER,
  KEY,
  REPOSITORY,
  FUNCTION,
  FUNCTION_URL,
];

/** Checks on arguments that no attribute of a resource stands for, by rule. */
const FURTHER: Readonly<Record<string, readonly Check[]>> = {
  's3-versioning': VERSIONS,
  's3-insecure-transport': TRANSPORT,
  'vpc-flow-logs': FLOW_LOGS,
};

/** The rules, which judge the calls of well-known registry modules as well. */
export function onModuleCalls(rules: readonly Rule[]): readonly Rule[] {
  return withModuleCalls(rules, VIEWS, FURTHER);
}
