/** Amazon CloudWatch Logs: how long log data is kept, and who may write and subscribe. */

import type { PolicyDocument } from '../iam/document.ts';
import { principalVerdicts } from '../iam/public.ts';
import { awsDefaults } from '../responsibility/aws-defaults.ts';
import type { Resource } from '../template/template.ts';
import { asNumber } from '../template/value.ts';
import { set } from './fixes.ts';
import { sourceAccount } from './policy-conditions.ts';
import { scalar } from './predicates.ts';
import { aws } from './references.ts';
import { publicPolicyRule } from './resource-policies.ts';
import type { Reporter, Rule } from './rule.ts';
import { known, lacks } from './shared.ts';

const GROUP = 'AWS::Logs::LogGroup';
const TF_GROUP = 'aws_cloudwatch_log_group';

/** Days that a log group can be told to keep. Source: Amazon CloudWatch Logs API Reference, PutRetentionPolicy. */
const RETENTIONS: ReadonlySet<number> = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

const retention = scalar((value) => {
  const days = asNumber(value);
  if (days === undefined) return undefined;
  if (days === 0) return 'forever';
  if (!RETENTIONS.has(days)) return 'invalid';
  return days < 365 ? 'short' : true;
});

/** Groups of class DELIVERY keep log data for a day, whatever they are told. */
function keepsWhatItIsTold(group: Resource): boolean | undefined {
  const property = group.type === GROUP ? 'LogGroupClass' : 'log_group_class';
  if (lacks(group, property) === true) return true;
  const name = known(group, property);
  return name === undefined ? undefined : name !== 'DELIVERY';
}

/** A service that writes on behalf of any of its customers. */
function checkServices(policy: PolicyDocument, reporter: Reporter): void {
  if (policy.kind !== 'resource' || policy.service !== 'logs') return;
  for (const statement of policy.statements) {
    for (const { verdict, principal, identity } of principalVerdicts(statement)) {
      if (verdict !== 'SERVICE-UNBOUNDED' || !principal) continue;
      reporter.report({
        node: principal.node,
        resource: policy.resource,
        conditions: principal.conditions,
        variant: 'service',
        message: `${identity?.name ?? 'The service'} may act here on behalf of any AWS account: neither aws:SourceArn nor aws:SourceAccount says for whom`,
        path: 'Principal',
        fix: () => sourceAccount(statement),
      });
    }
  }
}

const publicRule = publicPolicyRule({
  id: 'logs-resource-policy-public',
  thing: 'log resource',
  service: 'logs',
  standalone: true,
  severities: { write: 'high', read: 'high' },
  title: 'Policy of CloudWatch Logs lets everyone in',
  description:
    'Log data may come from outside: from any AWS account where a statement allows every principal, and from every customer of a service where it names that service without saying for whose resources. Name the accounts, or add a condition on `aws:PrincipalOrgID`; for a service, say with `aws:SourceArn` or `aws:SourceAccount` for whose resources it may act.',
  aliases: ['checkov:CKV_AWS_283', 'kics:CloudWatch Logs Destination With Vulnerable Policy'],
  references: [
    aws('PutResourcePolicy', 'AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html'),
    aws('PutDestinationPolicy', 'AmazonCloudWatchLogs/latest/APIReference/API_PutDestinationPolicy.html'),
  ],
});

export const LOGS_RULES: readonly Rule[] = [
  {
    id: 'logs-retention',
    title: 'Log data is kept for ever',
    category: 'logging',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'CloudWatch Logs keeps log data until you say when it may go; how long you need it, and may keep it, is yours to know.',
    },
    description:
      'What nobody deletes is paid for and can leak for ever, personal data in it included. Say how long it is kept: long enough to look into what went unnoticed, a year for records of security.',
    aws: awsDefaults('logs-retention'),
    aliases: [
      'checkov:CKV_AWS_66',
      'cfn_nag:W86',
      'guard:CW_LOGGROUP_RETENTION_PERIOD_CHECK',
      'cdk-nag:CloudWatchLogGroupRetentionPeriod',
      'kics:CloudWatch Without Retention Period Specified',
    ],
    variants: {
      forever: {},
      short: {
        severity: 'info',
        message: 'Log data is kept for less than a year',
        aliases: ['checkov:CKV_AWS_338'],
      },
      invalid: {
        message: 'CloudWatch Logs knows no such retention: the deployment fails',
        aliases: ['guard:CW_LOGGROUP_RETENTION_PERIOD_CHECK'],
      },
    },
    references: [
      aws(
        'Working with log groups and log streams',
        'AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html',
      ),
      aws('PutRetentionPolicy', 'AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: GROUP, path: 'RetentionInDays', where: keepsWhatItIsTold },
          { type: TF_GROUP, path: 'retention_in_days', where: keepsWhatItIsTold },
        ],
        must: retention,
        absent: 'forever',
        fix: set(365),
      },
    ],
  },
  {
    ...publicRule,
    variants: { ...publicRule.variants, service: { severity: 'low', aliases: [] } },
    checks: [...publicRule.checks, { kind: 'policy', check: checkServices }],
  },
];
