/** Who does what in governance, detection and monitoring: each row rests on the AWS pages that it names. */

import { CONFIGURATION, page, type ServiceResponsibility } from '../model.ts';

export const MANAGEMENT = {
  organizations: {
    name: 'AWS Organizations',
    kind: 'abstracted',
    types: ['Organizations::', 'organizations_'],
    aws: 'the service itself, and holding accounts to the policies that you attach to them.',
    customer:
      'the structure of accounts, service and resource control policies, delegated administrators, trusted services; the management account, which those policies do not bind.',
    shared: [CONFIGURATION],
    sources: [
      page('Service control policies (SCPs)', 'organizations/latest/userguide/orgs_manage_policies_scps.html'),
      page(
        'Infrastructure security in AWS Organizations',
        'organizations/latest/userguide/orgs_security_infrastructure.html',
      ),
    ],
  },
  ram: {
    name: 'AWS Resource Access Manager',
    kind: 'abstracted',
    types: ['RAM::', 'ram_'],
    aws: 'granting the accounts that you name access to shared resources, and nobody else.',
    customer:
      'what is shared, with which accounts, outside the organization or not, which permissions come with it, ending shares.',
    shared: [CONFIGURATION],
    sources: [page('Security in AWS Resource Access Manager', 'ram/latest/userguide/security.html')],
  },
  cloudtrail: {
    name: 'AWS CloudTrail',
    kind: 'abstracted',
    types: ['CloudTrail::', 'cloudtrail'],
    aws: 'recording API activity, 90 days of event history, delivering log files encrypted with SSE-S3 unless told otherwise.',
    customer:
      'a trail for all Regions, data events, log file validation, the bucket, its policy and lifecycle, a key of your own, reading the logs.',
    shared: [{ control: 'Detection', aws: 'records', customer: 'keep the record, protect it and look' }],
    sources: [
      page('Security best practices in AWS CloudTrail', 'awscloudtrail/latest/userguide/best-practices-security.html'),
    ],
  },
  config: {
    name: 'AWS Config',
    kind: 'abstracted',
    types: ['Config::', 'config_'],
    aws: 'the service with its operating systems, databases, firewall and disaster recovery.',
    customer:
      'a recorder in every Region, which resource types it records, the rules, the bucket that it delivers to, acting on what rules find.',
    shared: [{ control: 'Detection', aws: 'records and evaluates', customer: 'choose what, and act' }],
    situations: [
      {
        label: 'with a rule of your own',
        when: [
          {
            types: ['AWS::Config::ConfigRule'],
            path: 'Source.Owner',
            values: ['CUSTOM_LAMBDA', 'CUSTOM_POLICY'],
          },
          {
            types: ['aws_config_config_rule'],
            path: 'source.owner',
            values: ['CUSTOM_LAMBDA', 'CUSTOM_POLICY'],
          },
        ],
        aws: 'calling the rule when a resource changes or a schedule says so, and keeping its results.',
        customer:
          'the logic of the rule and its upkeep, the Lambda function or Guard policy that holds it, acting on what it finds.',
        sources: [page('AWS Config Custom Rules', 'config/latest/developerguide/evaluate-config_develop-rules.html')],
      },
    ],
    sources: [
      page('Infrastructure Security in AWS Config', 'config/latest/developerguide/infrastructure-security.html'),
    ],
  },
  guardduty: {
    name: 'Amazon GuardDuty',
    kind: 'abstracted',
    types: ['GuardDuty::', 'guardduty_'],
    aws: 'reading CloudTrail, flow and DNS logs on its own, threat intelligence and models, reporting what looks malicious.',
    customer:
      'switching it on in every account and Region, protection plans beyond the basics, what is suppressed, responding to findings.',
    shared: [{ control: 'Detection', aws: 'watches', customer: 'switch it on and act' }],
    sources: [
      page('What is Amazon GuardDuty?', 'guardduty/latest/ug/what-is-guardduty.html'),
      page('Security in Amazon GuardDuty', 'guardduty/latest/ug/security.html'),
    ],
  },
  securityhub: {
    name: 'AWS Security Hub',
    kind: 'abstracted',
    types: ['SecurityHub::', 'securityhub_'],
    aws: 'running the checks of its standards, and gathering findings of other services.',
    customer:
      'switching it on in every Region, AWS Config recording underneath, which standards and controls apply, remedying findings.',
    shared: [{ control: 'Detection', aws: 'checks and collects', customer: 'switch it on and act' }],
    sources: [page('Introduction to AWS Security Hub CSPM', 'securityhub/latest/userguide/what-is-securityhub.html')],
  },
  inspector: {
    name: 'Amazon Inspector',
    kind: 'abstracted',
    types: ['InspectorV2::', 'Inspector::', 'inspector2_', 'inspector_'],
    aws: 'the scanner, and its knowledge of vulnerabilities; it patches nothing of yours.',
    customer:
      'activating scans for accounts and resource types, new members included, suppression rules, patching and closing what it finds.',
    shared: [{ control: 'Patching', aws: 'finds what is vulnerable', customer: 'patch it' }],
    situations: [
      {
        label: 'as Inspector Classic',
        when: [
          {
            types: [
              'AWS::Inspector::AssessmentTarget',
              'AWS::Inspector::AssessmentTemplate',
              'AWS::Inspector::ResourceGroup',
              'aws_inspector_assessment_target',
              'aws_inspector_assessment_template',
              'aws_inspector_resource_group',
            ],
          },
        ],
        aws: 'nothing any more: support ended on 2026-05-20, and what it held can no longer be reached.',
        customer: 'activating Amazon Inspector in its place, and taking these resources out of templates.',
        shared: [
          { control: 'Patching', aws: 'finds what is vulnerable once Inspector is activated', customer: 'patch it' },
        ],
        sources: [page('What is Amazon Inspector Classic?', 'inspector/v1/userguide/inspector_introduction.html')],
      },
    ],
    sources: [
      page('What is Amazon Inspector?', 'inspector/latest/user/what-is-inspector.html'),
      page('Security in Amazon Inspector', 'inspector/latest/user/security.html'),
    ],
  },
  macie: {
    name: 'Amazon Macie',
    kind: 'abstracted',
    types: ['Macie::', 'macie2_', 'macie_'],
    aws: 'an inventory of S3 buckets, watching their exposure, and managed identifiers that recognise sensitive data.',
    customer:
      'switching it on, which buckets and objects are searched, identifiers of your own, access to encrypted objects, acting on findings.',
    shared: [{ control: 'Detection', aws: 'searches', customer: 'say where, and act' }],
    sources: [
      page('What is Amazon Macie?', 'macie/latest/user/what-is-macie.html'),
      page('Security in Macie', 'macie/latest/user/security.html'),
    ],
  },
  cloudwatch: {
    name: 'Amazon CloudWatch',
    kind: 'abstracted',
    types: ['CloudWatch::', 'cloudwatch_'],
    aws: 'storing metrics, always encrypted at rest, with keys of its own by default, and evaluating alarms.',
    customer: 'which metrics and alarms exist, whom they notify and whether anyone answers, who may see the data.',
    shared: [{ control: 'Detection', aws: 'collects and evaluates', customer: 'set alarms and respond' }],
    sources: [page('Data protection in Amazon CloudWatch', 'AmazonCloudWatch/latest/monitoring/data-protection.html')],
  },
  logs: {
    name: 'Amazon CloudWatch Logs',
    kind: 'abstracted',
    types: ['Logs::', 'cloudwatch_log_', 'cloudwatch_query_definition'],
    aws: 'taking in and storing log data, and deleting it when its retention ends.',
    customer:
      'retention, a KMS key of your own and access to it, who may read or receive logs, keeping secrets out of them.',
    shared: [{ control: 'Keys', aws: 'encrypts all log data', customer: 'choose a key of your own where one is due' }],
    sources: [
      page(
        'Encrypt log data in CloudWatch Logs using AWS Key Management Service',
        'AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html',
      ),
    ],
  },
  rum: {
    name: 'Amazon CloudWatch RUM',
    kind: 'abstracted',
    types: ['RUM::', 'rum_'],
    aws: 'the service that takes in what the web client collects, and the snippet that it generates.',
    customer:
      'what is collected from visitors, cookies, notices and consent under the law that applies, who may send data and who may see it.',
    shared: [CONFIGURATION],
    sources: [
      page(
        'Data protection and data privacy with CloudWatch RUM',
        'AmazonCloudWatch/latest/monitoring/CloudWatch-RUM-privacy.html',
      ),
    ],
  },
  oam: {
    name: 'Amazon CloudWatch cross-account observability',
    kind: 'abstracted',
    types: ['Oam::', 'oam_'],
    aws: 'showing a monitoring account the data of the accounts that are linked to it.',
    customer:
      'which accounts may link to a sink, which metrics, logs and traces are shared, who may look in the monitoring account.',
    shared: [CONFIGURATION],
    sources: [
      page('CloudWatch Observability Access Manager API Reference: Welcome', 'OAM/latest/APIReference/Welcome.html'),
    ],
  },
  xray: {
    name: 'AWS X-Ray',
    kind: 'abstracted',
    types: ['XRay::', 'xray_'],
    aws: 'storing traces and what belongs to them, always encrypted at rest, with keys of its own by default.',
    customer: 'what is traced and sampled, keeping secrets out of annotations, a key of your own, who may read traces.',
    shared: [
      { control: 'Keys', aws: 'encrypts all traces', customer: 'choose and keep a key of your own where one is due' },
    ],
    sources: [page('Data protection in AWS X-Ray', 'xray/latest/devguide/xray-console-encryption.html')],
  },
  prometheus: {
    name: 'Amazon Managed Service for Prometheus',
    kind: 'managed',
    types: ['APS::', 'prometheus_'],
    aws: 'the workspaces and the infrastructure under them, and collectors where you let AWS collect.',
    customer:
      'what is sent to a workspace, the agents that send it unless AWS collects, rules and alerts, resource policies, logging.',
    shared: [CONFIGURATION],
    situations: [
      {
        label: 'with a managed collector',
        when: [{ types: ['AWS::APS::Scraper', 'aws_prometheus_scraper'] }],
        aws: 'the collector: installing, patching and scaling it, and bringing metrics to the workspace off the public internet.',
        customer: 'what it scrapes, its access to the cluster, its subnets and security groups.',
        shared: [{ control: 'Patching', aws: 'patches the collector', customer: 'patch what it scrapes' }],
        sources: [page('Ingest metrics with AWS managed collectors', 'prometheus/latest/userguide/AMP-collector.html')],
      },
    ],
    sources: [
      page(
        'Data protection in Amazon Managed Service for Prometheus',
        'prometheus/latest/userguide/data-protection.html',
      ),
      page('Ingest metrics with AWS managed collectors', 'prometheus/latest/userguide/AMP-collector.html'),
    ],
  },
  cloudformation: {
    name: 'AWS CloudFormation',
    kind: 'abstracted',
    types: ['CloudFormation::', 'cloudformation_'],
    aws: 'carrying out templates and tracking what they made; of dynamic references it never stores the value.',
    customer:
      'what a template creates, secrets kept out of it, the role that deploys it, stack policies, protection against deletion, what custom resources do.',
    shared: [CONFIGURATION],
    movers: [
      {
        concern: 'the roles that StackSets works with',
        from: 'customer',
        to: 'aws',
        when: [
          { types: ['AWS::CloudFormation::StackSet'], path: 'PermissionModel', values: ['SERVICE_MANAGED'] },
          { types: ['aws_cloudformation_stack_set'], path: 'permission_model', values: ['SERVICE_MANAGED'] },
        ],
        text: 'With service-managed permissions AWS creates the roles in each target account; otherwise you create and manage them.',
        sources: [
          page(
            'Prerequisites for using CloudFormation StackSets',
            'AWSCloudFormation/latest/UserGuide/stacksets-prereqs.html',
          ),
        ],
      },
    ],
    sources: [
      page(
        'Security best practices for CloudFormation',
        'AWSCloudFormation/latest/UserGuide/security-best-practices.html',
      ),
      page(
        'Configuration and vulnerability analysis in CloudFormation',
        'AWSCloudFormation/latest/UserGuide/vulnerability-analysis-and-management.html',
      ),
    ],
  },
  ssm: {
    name: 'AWS Systems Manager',
    kind: 'abstracted',
    types: ['SSM::', 'ssm_'],
    aws: 'firewalls and disaster recovery of the service, and running what you ask it to on your nodes.',
    customer:
      'documents and who may see or run them, parameters and which are SecureString, sessions and their logs, the nodes and their patches.',
    shared: [
      {
        control: 'Patching',
        aws: 'offers patches without testing them',
        customer: 'define which are approved, and install them',
      },
    ],
    sources: [
      page(
        'Configuration and vulnerability analysis in AWS Systems Manager',
        'systems-manager/latest/userguide/vulnerability-analysis-and-management.html',
      ),
      page('AWS Systems Manager Patch Manager', 'systems-manager/latest/userguide/patch-manager.html'),
    ],
  },
} satisfies Record<string, ServiceResponsibility>;
