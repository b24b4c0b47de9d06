/** Amazon Redshift, provisioned and serverless: exposure, encryption and secrets. Operation is in redshift-operations.ts. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import type { Found } from '../template/select.ts';
import { select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean } from '../template/value.ts';
import { customerKeyRule, switchedOn } from './customer-keys.ts';
import { set } from './fixes.ts';
import { addParameter, type ParameterShape, parameterOf } from './parameter-groups.ts';
import { isFalse, isTrue, noneOf, otherwise, textThat } from './predicates.ts';
import { REDSHIFT_OPERATION_RULES } from './redshift-operations.ts';
import {
  CLUSTER,
  GROUP,
  GROUP_SHAPE,
  NAMESPACE,
  TF_CLUSTER,
  TF_GROUP,
  TF_GROUP_SHAPE,
  TF_NAMESPACE,
  TF_WORKGROUP,
  WORKGROUP,
} from './redshift-types.ts';
import { aws } from './references.ts';
import type { FixMaker, Predicate, Reporter, Rule } from './rule.ts';
import { SECRET_SEVERITIES, type SecretProperty, secretAliases, secretChecks } from './secrets.ts';
import { all, any, has, known, lacks } from './shared.ts';

/** How a workgroup writes its parameters. */
const WORKGROUP_SHAPE: ParameterShape = {
  property: 'ConfigParameters',
  block: { name: 'ParameterKey', value: 'ParameterValue' },
};
const TF_WORKGROUP_SHAPE: ParameterShape = {
  property: 'config_parameter',
  block: { name: 'parameter_key', value: 'parameter_value' },
};

const TLS_NOTE = 'connections without TLS are refused';

function checkTls(group: Resource, reporter: Reporter): void {
  const cloudFormation = group.type.startsWith('AWS::');
  const isGroup = group.type === GROUP || group.type === TF_GROUP;
  const shape = isGroup
    ? cloudFormation
      ? GROUP_SHAPE
      : TF_GROUP_SHAPE
    : cloudFormation
      ? WORKGROUP_SHAPE
      : TF_WORKGROUP_SHAPE;
  const { values, open } = parameterOf(group, shape, 'require_ssl');
  for (const found of values) {
    if (asBoolean(found.value) !== false) continue;
    reporter.reportFound(found, {
      variant: isGroup ? undefined : 'workgroup',
      fix: () => set('true', { safe: false, note: TLS_NOTE })(found),
    });
  }
  if (values.length || open || !isGroup) return;
  // Only the family of today asks for TLS by itself.
  if (known(group, cloudFormation ? 'ParameterGroupFamily' : 'family') !== 'redshift-1.0') return;
  reporter.report({
    node: group.key,
    resource: group,
    variant: 'default',
    path: 'require_ssl',
    fix: () =>
      addParameter(group, shape, 'require_ssl', 'true', {
        title: `Set require_ssl to true (${TLS_NOTE})`,
        safe: false,
      }),
  });
}

/** Lets Redshift make the password and keep it in Secrets Manager. */
const managedPassword: FixMaker = (found) => {
  const entry = found.key?.entry;
  const depends = found.conditions.length > found.resource.conditions.length;
  const name = MANAGED[found.resource.type];
  if (!entry || depends || !name) return undefined;
  return {
    title: `Let Redshift keep the password in Secrets Manager (${name}; changes the password)`,
    safe: false,
    edits: [
      { kind: 'replace', node: entry.value, data: true },
      { kind: 'rename', entry, name },
    ],
  };
};

const MANAGED: Readonly<Record<string, string>> = {
  [CLUSTER]: 'ManageMasterPassword',
  [TF_CLUSTER]: 'manage_master_password',
  [NAMESPACE]: 'ManageAdminPassword',
  [TF_NAMESPACE]: 'manage_admin_password',
};

const PASSWORDS: readonly SecretProperty[] = [
  {
    at: [`${CLUSTER}.MasterUserPassword`, `${TF_CLUSTER}.master_password`],
    what: 'Master password',
    aliases: [
      'cfn_nag:F35',
      'guard:REDSHIFT_CLUSTER_MASTER_USER_PASSWORD_NO_PLAINTEXT_PASSWORD',
      'guard:REDSHIFT_CLUSTER_MASTER_USER_PASSWORD_USES_SECURE_SERVICE',
    ],
    fix: managedPassword,
  },
  {
    at: [`${NAMESPACE}.AdminUserPassword`, `${TF_NAMESPACE}.admin_user_password`],
    what: 'Admin password',
    fix: managedPassword,
  },
  { at: [`${TF_CLUSTER}.master_password_wo`], what: 'Master password' },
  { at: [`${TF_NAMESPACE}.admin_user_password_wo`], what: 'Admin password' },
];

/** Where encryption is said here; left out in a restored cluster, that is decided by more than this template. */
function saysEncryption(cluster: Resource): boolean | undefined {
  return cluster.type.startsWith('AWS::')
    ? any(has(cluster, 'Encrypted'), lacks(cluster, 'SnapshotIdentifier'))
    : any(
        has(cluster, 'encrypted'),
        all(...['snapshot_identifier', 'snapshot_arn'].map((path) => lacks(cluster, path))),
      );
}

/** Names that are tried first, as AWS and its examples use them. */
const COMMON_NAMES = new Set(['awsuser', 'admin', 'administrator', 'root', 'master', 'superuser', 'redshift']);

const masterName: Predicate = (value, found) => judgeName(found)(value, found);

function judgeName(found: Found): Predicate {
  return textThat((name) => {
    if (name.includes('\u0000')) return undefined;
    if (isPublic(found.resource) && COMMON_NAMES.has(name.toLowerCase())) return 'public';
    return name.toLowerCase() === 'awsuser' ? 'user' : true;
  });
}

function isPublic(cluster: Resource): boolean {
  const flags = select(cluster, cluster.type.startsWith('AWS::') ? 'PubliclyAccessible' : 'publicly_accessible');
  return flags.length > 0 && flags.every(({ value }) => asBoolean(value) === true);
}

const ENCRYPTION_PAGE = aws(
  'Amazon Redshift database encryption',
  'redshift/latest/mgmt/working-with-db-encryption.html',
);

export const REDSHIFT_RULES: readonly Rule[] = [
  {
    id: 'redshift-public',
    title: 'Redshift is publicly accessible',
    category: 'public-access',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS keeps new clusters and workgroups private by default; a public address, and who may use it, is your setting.',
    },
    description:
      'The data warehouse gets a public address, so anyone whom its security group lets in can try to log in. Keep it in private subnets and reach it through the VPC, a VPN or the query editor.',
    aws: awsDefaults('redshift-public', 'redshift-serverless-public'),
    aliases: [
      'checkov:CKV_AWS_87',
      'guard:REDSHIFT_CLUSTER_PUBLIC_ACCESS_CHECK',
      'cdk-nag:AwsSolutions-RS8',
      'kics:Redshift Publicly Accessible',
    ],
    variants: { workgroup: { message: 'Redshift Serverless workgroup is publicly accessible', aliases: [] } },
    references: [aws('Redshift resources in a VPC', 'redshift/latest/mgmt/managing-clusters-vpc.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'PubliclyAccessible' },
          { type: TF_CLUSTER, path: 'publicly_accessible' },
        ],
        must: isFalse,
        absent: true,
        fix: set(false, { safe: false, note: 'clients outside the VPC lose their connection' }),
      },
      {
        kind: 'property',
        targets: [
          { type: WORKGROUP, path: 'PubliclyAccessible' },
          { type: TF_WORKGROUP, path: 'publicly_accessible' },
        ],
        must: otherwise(isFalse, 'workgroup'),
        absent: true,
        fix: set(false, { safe: false, note: 'clients outside the VPC lose their connection' }),
      },
    ],
  },
  {
    id: 'redshift-encryption',
    title: 'Redshift cluster does not say that it is encrypted',
    category: 'encryption-at-rest',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS makes new clusters with encryption only; clusters that exist, and what the template says, are yours.',
    },
    description:
      'Tables, backups and snapshots of an unencrypted cluster lie in plain on disk. AWS refuses a new cluster without encryption, but one that was made earlier stays as it was, and before version 6 of the Terraform provider the argument was off by default. Say true.',
    aws: awsDefaults('redshift-encryption'),
    aliases: [
      'checkov:CKV_AWS_64',
      'cfn_nag:F28',
      'trivy:AVD-AWS-0084',
      'guard:REDSHIFT_CLUSTER_CONFIGURATION_CHECK',
      'cdk-nag:AwsSolutions-RS6',
      'cdk-nag:RedshiftClusterConfiguration',
      'kics:Redshift Not Encrypted',
    ],
    variants: {
      off: { severity: 'high', message: 'Encryption of the Redshift cluster is switched off' },
      default: {
        severity: 'info',
        message: 'Encryption is not stated: new clusters have it by default, older ones may not',
      },
    },
    references: [ENCRYPTION_PAGE],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'Encrypted', where: saysEncryption },
          { type: TF_CLUSTER, path: 'encrypted', where: saysEncryption },
        ],
        must: otherwise(isTrue, 'off'),
        absent: 'default',
        fix: set(true, { safe: false, note: 'an unencrypted cluster is migrated and read-only meanwhile' }),
      },
    ],
  },
  customerKeyRule({
    id: 'redshift-cmk',
    data: 'Warehouses and their snapshots',
    title: 'Redshift has no KMS key of its own',
    always: false,
    references: [ENCRYPTION_PAGE],
    places: [
      {
        name: 'cluster',
        thing: 'Cluster',
        by: 'a key that AWS owns or manages',
        at: [`${CLUSTER}.KmsKeyId`, `${TF_CLUSTER}.kms_key_id`],
        encrypted: switchedOn('Encrypted', 'encrypted'),
        aliases: ['checkov:CKV_AWS_142', 'trivy:AVD-AWS-0084', 'kics:Redshift Cluster Without KMS CMK'],
      },
      {
        name: 'namespace',
        thing: 'Namespace',
        by: 'a key that AWS owns or manages',
        at: [`${NAMESPACE}.KmsKeyId`, `${TF_NAMESPACE}.kms_key_id`],
        aliases: ['checkov:CKV_AWS_282'],
      },
      {
        name: 'grant',
        thing: 'Copy of the snapshots in the other Region',
        by: 'a key that AWS manages',
        at: ['aws_redshift_snapshot_copy_grant.kms_key_id'],
        aliases: ['checkov:CKV_AWS_281'],
      },
    ],
  }),
  {
    id: 'redshift-require-ssl',
    title: 'Redshift accepts connections without TLS',
    category: 'encryption-in-transit',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS asks for TLS in the default parameter group of today; what a group of your own says is your part.',
    },
    description:
      'Clusters with this parameter group take connections in plain text: passwords and results can be read on the way. Set `require_ssl` to true.',
    aws: awsDefaults('redshift-tls'),
    aliases: ['checkov:CKV_AWS_105', 'cdk-nag:AwsSolutions-RS1'],
    variants: {
      default: { message: 'require_ssl is not set: the family redshift-1.0 accepts connections without TLS' },
      workgroup: { message: 'Redshift Serverless workgroup accepts connections without TLS', aliases: [] },
    },
    references: [
      aws('Amazon Redshift parameter groups', 'redshift/latest/mgmt/working-with-parameter-groups.html'),
      aws('Configuring security options for connections', 'redshift/latest/mgmt/connecting-ssl-support.html'),
    ],
    checks: [{ kind: 'resource', types: [GROUP, TF_GROUP, WORKGROUP, TF_WORKGROUP], check: checkTls }],
  },
  {
    id: 'redshift-password-literal',
    title: 'Password of the data warehouse is in the template',
    category: 'secrets',
    severity: 'critical',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS offers to keep the password in Secrets Manager; writing it into a template is your choice.',
    },
    description:
      'Everyone who can read the template, its history or the stack can log in as the administrator. Let Redshift manage the password in Secrets Manager (`ManageMasterPassword`, `ManageAdminPassword`), or refer to a secret.',
    aliases: secretAliases(PASSWORDS),
    variants: SECRET_SEVERITIES,
    references: [
      aws(
        'Managing Amazon Redshift admin passwords using AWS Secrets Manager',
        'redshift/latest/mgmt/redshift-secrets-manager-integration.html',
      ),
    ],
    checks: secretChecks(PASSWORDS),
  },
  {
    id: 'redshift-default-names',
    title: 'Redshift cluster keeps names and port that everyone knows',
    category: 'other',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS suggests names and a port so that a cluster is quickly made; choosing others is your setting.',
    },
    description:
      'Scanners and password lists start with the defaults. Other names and another port stop the simplest of them; security groups and the password are what protects the data.',
    aliases: [],
    variants: {
      user: { message: 'The administrator is called awsuser, as by default', aliases: ['cdk-nag:AwsSolutions-RS3'] },
      public: {
        severity: 'medium',
        message: 'The cluster is public and its administrator has a name that is tried first',
        aliases: ['checkov:CKV_AWS_391', 'cdk-nag:AwsSolutions-RS3'],
      },
      database: { message: 'The database is called dev, as by default', aliases: ['checkov:CKV_AWS_320'] },
      port: {
        message: 'The cluster listens on port 5439, as by default',
        aliases: ['cdk-nag:AwsSolutions-RS4', 'kics:Redshift Using Default Port'],
      },
    },
    references: [
      aws('AWS::Redshift::Cluster', 'AWSCloudFormation/latest/UserGuide/aws-resource-redshift-cluster.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'MasterUsername' },
          { type: TF_CLUSTER, path: 'master_username' },
        ],
        must: masterName,
        absent: true,
      },
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'DBName', absent: true },
          {
            type: TF_CLUSTER,
            path: 'database_name',
            where: (cluster) => lacks(cluster, 'snapshot_identifier'),
          },
        ],
        must: otherwise(noneOf('dev'), 'database'),
        absent: 'database',
      },
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'Port' },
          { type: TF_CLUSTER, path: 'port' },
        ],
        must: otherwise(noneOf(5439), 'port'),
        absent: 'port',
      },
    ],
  },
  ...REDSHIFT_OPERATION_RULES,
];
