/** AWS Global Accelerator: flow logs. CloudFormation has no property for them. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { set } from './fixes.ts';
import { isTrue } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Rule } from './rule.ts';
import { has } from './shared.ts';

/** Flow logs need a bucket: they can only be switched on where one is named. */
const turnOn: FixMaker = (found) =>
  has(found.resource, 'attributes.flow_logs_s3_bucket') === true
    ? set(true, { safe: false, note: 'stored logs are billed' })(found)
    : undefined;

export const GLOBALACCELERATOR_RULES: readonly Rule[] = [
  {
    id: 'globalaccelerator-logs',
    title: 'Accelerator writes no flow logs',
    category: 'logging',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS carries the traffic; a record of it is written only to a bucket that you name.',
    },
    description:
      'Without flow logs nobody can tell afterwards which clients reached which endpoint through the accelerator. Name a bucket and switch them on.',
    aws: awsDefaults('globalaccelerator-logs'),
    aliases: ['checkov:CKV_AWS_75', 'kics:Global Accelerator Flow Logs Disabled'],
    references: [
      aws(
        'Flow logs in AWS Global Accelerator',
        'global-accelerator/latest/dg/monitoring-global-accelerator.flow-logs.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          {
            type: ['aws_globalaccelerator_accelerator', 'aws_globalaccelerator_custom_routing_accelerator'],
            path: 'attributes.flow_logs_enabled',
          },
        ],
        must: isTrue,
        absent: false,
        fix: turnOn,
      },
    ],
  },
];
