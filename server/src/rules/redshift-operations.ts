/** Amazon Redshift in operation: logs, network path, backups and upgrades. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { companions, declareCompanions } from '../template/companions.ts';
import { select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean, asNumber } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { addTerraformResource, nameOf, set, terraformReference } from './fixes.ts';
import { addParameter, parameterOf } from './parameter-groups.ts';
import { isPresent, isTrue, otherwise, scalar } from './predicates.ts';
import {
  CLUSTER,
  GROUP,
  GROUP_SHAPE,
  TF_CLUSTER,
  TF_GROUP,
  TF_GROUP_SHAPE,
  TF_WORKGROUP,
  WORKGROUP,
} from './redshift-types.ts';
import { aws } from './references.ts';
import type { Reporter, Rule } from './rule.ts';

declareCompanions(TF_CLUSTER, { aws_redshift_logging: 'cluster_identifier' });

const LOGS = ['connectionlog', 'userlog', 'useractivitylog'];

/** The logging block is from before version 6 of the provider; today logging is a resource of its own. */
function checkTerraformLogging(cluster: Resource, reporter: Reporter): void {
  const { sure, maybe } = companions(cluster, 'aws_redshift_logging');
  if (sure.length || maybe) return;
  for (const found of select(cluster, 'logging.enable')) {
    if (found.value.kind === 'absent') reporter.reportFound(found, { fix: () => addLogging(cluster) });
    else if (asBoolean(found.value) === false) reporter.reportFound(found);
  }
}

function addLogging(cluster: Resource): Fix | undefined {
  const edits = addTerraformResource(cluster, 'aws_redshift_logging', nameOf(cluster), {
    cluster_identifier: terraformReference(cluster, 'cluster_identifier'),
    log_destination_type: 'cloudwatch',
    log_exports: LOGS,
  });
  return edits && { title: 'Send the audit logs to CloudWatch Logs', safe: true, edits };
}

function checkActivityLogging(group: Resource, reporter: Reporter): void {
  const shape = group.type === GROUP ? GROUP_SHAPE : TF_GROUP_SHAPE;
  const { values, open } = parameterOf(group, shape, 'enable_user_activity_logging');
  for (const found of values)
    if (asBoolean(found.value) === false)
      reporter.reportFound(found, { variant: 'activity', fix: () => set('true')(found) });
  if (values.length || open) return;
  reporter.report({
    node: group.key,
    resource: group,
    variant: 'activity',
    path: 'enable_user_activity_logging',
    fix: () =>
      addParameter(group, shape, 'enable_user_activity_logging', 'true', {
        title: 'Set enable_user_activity_logging to true',
        safe: true,
      }),
  });
}

export const REDSHIFT_OPERATION_RULES: readonly Rule[] = [
  {
    id: 'redshift-logging',
    title: 'Redshift cluster keeps no audit logs',
    category: 'logging',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'Redshift can send its audit logs to CloudWatch Logs or S3; whether it does is your setting.',
    },
    description:
      'Connections, changes of users and queries are only in system tables, which administrators of the database can read and which keep a few days. Send the connection, user and user activity logs to CloudWatch Logs or a bucket.',
    aws: awsDefaults('redshift-logging'),
    aliases: ['checkov:CKV_AWS_71', 'cdk-nag:AwsSolutions-RS5', 'kics:Redshift Cluster Logging Disabled'],
    variants: {
      activity: {
        severity: 'info',
        message: 'enable_user_activity_logging is off: audit logs hold no queries',
        aliases: ['cdk-nag:AwsSolutions-RS11'],
      },
    },
    references: [aws('Database audit logging', 'redshift/latest/mgmt/db-auditing.html')],
    checks: [
      {
        kind: 'property',
        targets: [{ type: CLUSTER, path: 'LoggingProperties' }],
        must: isPresent,
        absent: false,
        fix: set(
          { LogDestinationType: 'cloudwatch', LogExports: LOGS },
          { title: 'Send the audit logs to CloudWatch Logs' },
        ),
      },
      { kind: 'resource', types: [TF_CLUSTER], check: checkTerraformLogging },
      { kind: 'resource', types: [GROUP, TF_GROUP], check: checkActivityLogging },
    ],
  },
  {
    id: 'redshift-enhanced-routing',
    title: 'Redshift loads and unloads data outside your VPC',
    category: 'network-exposure',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS routes COPY and UNLOAD traffic outside your VPC unless told otherwise; that path is your setting.',
    },
    description:
      'Security groups, endpoint policies and flow logs of the VPC see nothing of `COPY` and `UNLOAD`, so data can leave for any bucket. With enhanced VPC routing this traffic goes through the VPC; it needs an endpoint for S3 or a route out.',
    aws: awsDefaults('redshift-routing'),
    aliases: [
      'checkov:CKV_AWS_321',
      'guard:REDSHIFT_ENHANCED_VPC_ROUTING_ENABLED',
      'cdk-nag:RedshiftEnhancedVPCRoutingEnabled',
    ],
    variants: { workgroup: { aliases: [] } },
    references: [
      aws(
        'Controlling network traffic with Redshift enhanced VPC routing',
        'redshift/latest/mgmt/enhanced-vpc-routing.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'EnhancedVpcRouting' },
          { type: TF_CLUSTER, path: 'enhanced_vpc_routing' },
        ],
        must: isTrue,
        absent: false,
        fix: set(true, { safe: false, note: 'COPY and UNLOAD need a route or an endpoint in the VPC' }),
      },
      {
        kind: 'property',
        targets: [
          { type: WORKGROUP, path: 'EnhancedVpcRouting' },
          { type: TF_WORKGROUP, path: 'enhanced_vpc_routing' },
        ],
        must: otherwise(isTrue, 'workgroup'),
        absent: 'workgroup',
        fix: set(true, { safe: false, note: 'COPY and UNLOAD need a route or an endpoint in the VPC' }),
      },
    ],
  },
  {
    id: 'redshift-backup',
    title: 'Automated snapshots are switched off',
    category: 'backup-resilience',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS takes the snapshots; for how many days, if any, they are kept is your setting.',
    },
    description:
      'After a mistake, a bug or an attack there is no snapshot to go back to but those that someone took by hand. Keep at least seven days for data that matters.',
    aws: awsDefaults('redshift-backup'),
    aliases: ['checkov:CKV_AWS_343', 'guard:REDSHIFT_BACKUP_ENABLED', 'cdk-nag:AwsSolutions-RS10'],
    references: [aws('Amazon Redshift snapshots and backups', 'redshift/latest/mgmt/working-with-snapshots.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'AutomatedSnapshotRetentionPeriod' },
          { type: TF_CLUSTER, path: 'automated_snapshot_retention_period' },
        ],
        must: scalar((value) => {
          const days = asNumber(value);
          return days === undefined ? undefined : days > 0;
        }),
        absent: true,
        fix: set(7),
      },
    ],
  },
  {
    id: 'redshift-upgrade',
    title: 'Version upgrades of the Redshift engine are switched off',
    category: 'patching',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS upgrades the engine in your maintenance window as long as you allow it; switched off, upgrading waits for you.',
      moves: { from: 'aws', to: 'customer' },
    },
    description:
      'New versions of the engine are no longer applied in the maintenance window: someone has to allow them. Leave the property out, or set it to true.',
    aws: awsDefaults('redshift-upgrade'),
    aliases: [
      'checkov:CKV_AWS_141',
      'guard:REDSHIFT_CLUSTER_MAINTENANCESETTINGS_CHECK',
      'cdk-nag:AwsSolutions-RS9',
      'cdk-nag:RedshiftClusterMaintenanceSettings',
    ],
    references: [aws('Amazon Redshift provisioned clusters', 'redshift/latest/mgmt/working-with-clusters.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'AllowVersionUpgrade' },
          { type: TF_CLUSTER, path: 'allow_version_upgrade' },
        ],
        must: isTrue,
        absent: true,
        fix: set(true),
      },
    ],
  },
];
