/** Amazon EC2: what some teams ask of every instance, and launch configurations, which AWS is phasing out. */

import { ownersOf } from '../template/companions.ts';
import { select } from '../template/select.ts';
import type { Resource, Template } from '../template/template.ts';
import { set } from './fixes.ts';
import { isPresent, isTrue } from './predicates.ts';
import { aws } from './references.ts';
import type { Reporter, Rule, Target } from './rule.ts';
import { any, has, lacks } from './shared.ts';

const INSTANCE = 'AWS::EC2::Instance';
const LAUNCH_CONFIGURATION = 'AWS::AutoScaling::LaunchConfiguration';
const TEMPLATE_PROPERTY: Readonly<Record<string, string>> = {
  [INSTANCE]: 'LaunchTemplate',
  aws_instance: 'launch_template',
  aws_spot_instance_request: 'launch_template',
};

/** A property of an instance: what its launch template says instead is not known here. */
function ofInstance(type: string | readonly string[], path: string): Target {
  return {
    type,
    path,
    where: (resource) =>
      any(has(resource, path), lacks(resource, TEMPLATE_PROPERTY[resource.type] ?? 'LaunchTemplate')),
  };
}

/** Where Auto Scaling groups name a launch configuration, and which types those are. */
const GROUPS: Readonly<Record<string, { readonly property: string; readonly configuration: string }>> = {
  'AWS::AutoScaling::AutoScalingGroup': {
    property: 'LaunchConfigurationName',
    configuration: LAUNCH_CONFIGURATION,
  },
  aws_autoscaling_group: { property: 'launch_configuration', configuration: 'aws_launch_configuration' },
};

/** Groups that start instances by a launch configuration; the configurations that no group of the template uses. */
function checkLaunchConfigurations(template: Template, reporter: Reporter): void {
  const used = new Set<Resource>();
  for (const [type, { property, configuration }] of Object.entries(GROUPS)) {
    for (const group of template.ofType(type)) {
      const configurations = ownersOf(group, property, configuration);
      for (const one of configurations) used.add(one);
      for (const found of select(group, property)) {
        if (isPresent(found.value, found) !== true || found.value.kind === 'unknown') continue;
        reporter.reportFound(found, {
          variant: 'group',
          related: configurations.map((one) => ({ node: one.key, message: 'The launch configuration', resource: one })),
        });
      }
    }
  }
  for (const { configuration } of Object.values(GROUPS)) {
    for (const resource of template.ofType(configuration)) {
      if (!used.has(resource)) reporter.report({ node: resource.key, resource });
    }
  }
}

export const EC2_OPTIONAL_RULES: readonly Rule[] = [
  {
    id: 'ec2-no-instance-profile',
    title: 'Instance has no role',
    category: 'iam',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS hands an instance short-lived credentials of the role that you give it; without one, software on it needs keys of its own.',
    },
    description:
      'Software on an instance without a role that calls AWS needs an access key in a file or a variable, which does not expire. Systems Manager also patches and opens sessions through a role. Attach an instance profile, if only with what Systems Manager needs.',
    aliases: [
      'checkov:CKV2_AWS_41',
      'guard:EC2_INSTANCE_PROFILE_ATTACHED',
      'cdk-nag:EC2InstanceProfileAttached',
      'kics:EC2 Instance Has No IAM Role',
    ],
    references: [aws('IAM roles for Amazon EC2', 'AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          ofInstance(INSTANCE, 'IamInstanceProfile'),
          ofInstance(['aws_instance', 'aws_spot_instance_request'], 'iam_instance_profile'),
        ],
        must: isPresent,
        absent: false,
      },
    ],
  },
  {
    id: 'ec2-termination-protection',
    title: 'Instance can be terminated by a single call',
    category: 'backup-resilience',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS terminates an instance when someone with the permission asks for it; to have it refuse is your setting.',
    },
    description:
      'Termination deletes the instance and, by default, its root volume. With protection the call fails until somebody switches it off. For instances that keep state; leave it off where instances come and go.',
    aws: [
      {
        text: 'Termination protection is off by default; Spot Instances cannot have it, and Auto Scaling terminates instances in spite of it.',
        source: 'Change instance termination protection (Amazon EC2 User Guide)',
      },
    ],
    aliases: ['cdk-nag:AwsSolutions-EC29'],
    references: [
      aws('Change instance termination protection', 'AWSEC2/latest/UserGuide/Using_ChangingDisableAPITermination.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [ofInstance(INSTANCE, 'DisableApiTermination'), ofInstance('aws_instance', 'disable_api_termination')],
        must: isTrue,
        absent: false,
        fix: set(true, { safe: false, note: 'a deployment that removes or replaces the instance then fails' }),
      },
    ],
  },
  {
    id: 'ec2-monitoring',
    title: 'Instance is not monitored in detail',
    category: 'logging',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS measures every instance each five minutes at no charge; measuring each minute is your choice.',
    },
    description:
      'An alarm on a metric that arrives every five minutes sounds late, and short peaks do not show. Detailed monitoring sends metrics every minute and is charged for.',
    aws: [
      {
        text: 'Basic monitoring, every five minutes, is the default; launch configurations ask for detailed monitoring by themselves.',
        source:
          'Amazon EC2 API Reference: RunInstancesMonitoringEnabled; CloudFormation User Guide: AWS::AutoScaling::LaunchConfiguration',
      },
    ],
    aliases: [
      'checkov:CKV_AWS_126',
      'guard:EC2_INSTANCE_DETAILED_MONITORING_ENABLED',
      'cdk-nag:AwsSolutions-EC28',
      'kics:EC2 Instance Monitoring Disabled',
    ],
    references: [
      aws(
        'Manage detailed monitoring for your EC2 instances',
        'AWSEC2/latest/UserGuide/manage-detailed-monitoring.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          ofInstance(INSTANCE, 'Monitoring'),
          { type: 'AWS::EC2::LaunchTemplate', path: 'LaunchTemplateData.Monitoring.Enabled' },
          { type: LAUNCH_CONFIGURATION, path: 'InstanceMonitoring', absent: true },
          ofInstance(['aws_instance', 'aws_spot_instance_request'], 'monitoring'),
          { type: 'aws_launch_template', path: 'monitoring.enabled' },
          { type: 'aws_launch_configuration', path: 'enable_monitoring', absent: true },
        ],
        must: isTrue,
        absent: false,
        fix: set(true, { note: 'is charged for' }),
      },
    ],
  },
  {
    id: 'launch-config-deprecated',
    title: 'Launch configuration is used',
    category: 'other',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'shared',
      why: 'AWS adds no new instance types or features to launch configurations and takes them away from new accounts; moving to launch templates is your part.',
    },
    description:
      'Launch configurations know neither new instance types nor newer options of EC2, and cannot be changed: each edit makes a new one. Write a launch template with the same settings, and let the group name its version.',
    aws: [
      {
        text: 'Accounts created since October 2024 cannot create launch configurations; instance types that came after 2022 are not supported in them.',
        since: '2024-10-01',
        source: 'Auto Scaling launch configurations (Amazon EC2 Auto Scaling User Guide)',
      },
    ],
    aliases: ['checkov:CKV_AWS_315'],
    variants: { group: { message: 'Auto Scaling group starts instances by a launch configuration' } },
    references: [
      aws('Auto Scaling launch configurations', 'autoscaling/ec2/userguide/launch-configurations.html'),
      aws(
        'Migrate your Auto Scaling groups to launch templates',
        'autoscaling/ec2/userguide/migrate-to-launch-templates.html',
      ),
    ],
    checks: [{ kind: 'template', check: checkLaunchConfigurations }],
  },
];
