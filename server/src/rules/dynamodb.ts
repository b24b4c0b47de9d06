/** Amazon DynamoDB: recovery and protection of tables, and who their resource policies let in. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { declareCompanions } from '../template/companions.ts';
import { set } from './fixes.ts';
import { setInBlock } from './nested-fixes.ts';
import { isTrue, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import { publicPolicyRule } from './resource-policies.ts';
import type { Rule } from './rule.ts';

declareCompanions('aws_dynamodb_table', { aws_dynamodb_resource_policy: 'resource_arn' });

const TABLE = 'AWS::DynamoDB::Table';
const GLOBAL_TABLE = 'AWS::DynamoDB::GlobalTable';

export const DYNAMODB_RULES: readonly Rule[] = [
  {
    id: 'dynamodb-pitr',
    title: 'Table has no point-in-time recovery',
    category: 'backup-resilience',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS keeps the table durable; whether you can go back to what was in it before a mistake is your setting.',
    },
    description:
      'A wrong write or delete is final: DynamoDB replicates it like any other. With point-in-time recovery the table can be restored to any second of the recovery period, into a new table.',
    aws: awsDefaults('dynamodb-recovery'),
    aliases: [
      'checkov:CKV_AWS_28',
      'cfn_nag:W78',
      'trivy:AVD-AWS-0024',
      'guard:DYNAMODB_PITR_ENABLED',
      'cdk-nag:AwsSolutions-DDB3',
      'kics:DynamoDB Table Point In Time Recovery Disabled',
    ],
    variants: {
      replica: {
        message: 'This replica of the global table has no point-in-time recovery',
        aliases: ['checkov:CKV_AWS_165'],
      },
    },
    references: [
      aws('Point-in-time backups for DynamoDB', 'amazondynamodb/latest/developerguide/PointInTimeRecovery.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: TABLE, path: 'PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled' },
          { type: 'aws_dynamodb_table', path: 'point_in_time_recovery.enabled' },
        ],
        must: isTrue,
        absent: false,
        fix: setInBlock(true),
      },
      {
        kind: 'property',
        targets: [
          {
            type: GLOBAL_TABLE,
            within: 'Replicas[]',
            path: 'PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled',
          },
        ],
        must: otherwise(isTrue, 'replica'),
        absent: 'replica',
        fix: setInBlock(true),
      },
    ],
  },
  {
    id: 'dynamodb-deletion-protection',
    title: 'Table is not protected from deletion',
    category: 'backup-resilience',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'DynamoDB offers deletion protection and leaves it off; whether the table may be deleted by mistake is up to you.',
    },
    description:
      'A renamed resource, a changed key schema or a careless destroy deletes the table with its items. With deletion protection that fails until it is switched off on purpose.',
    aws: awsDefaults('dynamodb-deletion-protection'),
    aliases: [],
    references: [
      aws('Basic operations on DynamoDB tables', 'amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          {
            type: TABLE,
            path: 'DeletionProtectionEnabled',
            // SAM's simple table has no such property.
            where: (table) => table.type === TABLE,
          },
          { type: GLOBAL_TABLE, within: 'Replicas[]', path: 'DeletionProtectionEnabled' },
          { type: 'aws_dynamodb_table', path: 'deletion_protection_enabled' },
        ],
        must: isTrue,
        absent: false,
        fix: set(true),
      },
    ],
  },
  {
    ...publicPolicyRule({
      id: 'dynamodb-resource-policy-public',
      thing: 'table',
      service: 'dynamodb',
      title: 'Table policy lets everyone in, which DynamoDB refuses',
      owner: {
        side: 'shared',
        why: 'DynamoDB refuses resource policies that let the public in, and that cannot be switched off; which accounts a policy names is up to you.',
      },
      description:
        'A statement allows every principal, and no condition narrows it. DynamoDB checks a resource policy when it is attached and refuses one that would be public, so the deployment fails. Name the principals, or add a condition on `aws:PrincipalOrgID` or `aws:SourceAccount`.',
      aws: awsDefaults('dynamodb-block-public-access'),
      aliases: ['checkov:CKV_AWS_283'],
      references: [
        aws(
          'Blocking public access with resource-based policies in DynamoDB',
          'amazondynamodb/latest/developerguide/rbac-bpa-rbp.html',
        ),
      ],
      closedBy: (carrier) => ({
        message: 'DynamoDB refuses such a policy: the deployment fails',
        node: carrier.key,
        resource: carrier,
      }),
    }),
    severity: 'medium',
    variants: { closed: { severity: 'medium' }, malformed: { severity: 'medium' } },
  },
];
