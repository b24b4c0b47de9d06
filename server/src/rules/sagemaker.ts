/** Amazon SageMaker: notebook instances and domains, the isolation of models and jobs. Roles: sagemaker-roles.ts. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asNumber, asString } from '../template/value.ts';
import { set } from './fixes.ts';
import { isTrue, noneOf, oneOf, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { Predicate, Reporter, Rule, Target } from './rule.ts';
import { SAGEMAKER_ROLE_RULES } from './sagemaker-roles.ts';
import { has, lacks } from './shared.ts';

const NOTEBOOK = 'AWS::SageMaker::NotebookInstance';
const TF_NOTEBOOK = 'aws_sagemaker_notebook_instance';

const OUTSIDE = [
  'checkov:CKV_AWS_306',
  'cdk-nag:AwsSolutions-SM1',
  'kics:SageMaker Notebook Not Placed In VPC',
] as const;
const BY_DEFAULT = [
  'guard:SAGEMAKER_NOTEBOOK_NO_DIRECT_INTERNET_ACCESS',
  'cdk-nag:AwsSolutions-SM3',
  'kics:SageMaker Enabling Internet Access',
] as const;
// Checkov takes what is left out for disabled.
const DIRECT = ['checkov:CKV_AWS_122', ...BY_DEFAULT] as const;

const closeNotebook = set('Disabled', {
  safe: false,
  note: 'replaces the notebook instance with its volume; it then reaches only what your subnet is routed to',
});

/**
 * A way to the internet that bypasses the customer's network, and the network that is missing: one finding for each value of the
 * setting. Direct access can only be disabled in a subnet of one's own.
 */
function checkNotebook(notebook: Resource, reporter: Reporter): void {
  const cloudFormation = notebook.type === NOTEBOOK;
  const subnet = cloudFormation ? 'SubnetId' : 'subnet_id';
  const isOutside = lacks(notebook, subnet) === true;
  for (const found of select(notebook, cloudFormation ? 'DirectInternetAccess' : 'direct_internet_access')) {
    const state = found.value.kind === 'absent' ? 'absent' : asString(found.value)?.toLowerCase();
    const variant = variantOf(state, isOutside);
    if (!variant) continue;
    // That it is disabled is right; what is missing is the network.
    const place = state === 'disabled' ? { node: notebook.key, path: subnet } : {};
    reporter.reportFound(found, {
      variant,
      ...place,
      fix: state !== 'disabled' && has(notebook, subnet) === true ? () => closeNotebook(found) : undefined,
    });
  }
}

function variantOf(state: string | undefined, isOutside: boolean): string | undefined {
  if (state === 'enabled') return isOutside ? 'direct-outside' : 'direct';
  if (state === 'absent') return isOutside ? 'outside' : 'default';
  return state === 'disabled' && isOutside ? 'refused' : undefined;
}

/** The lowest metadata version; what is left out is another matter than version 1. */
const secondVersion: Predicate = oneOf('2');

/** Job definitions and schedules by type: where the network settings and the number of instances are. */
interface Job {
  readonly type: string | readonly string[];
  readonly encryption: string;
  readonly instances: string;
  /** The block that has the settings; a schedule may name a definition instead. */
  readonly within?: string;
}

const CLUSTER = 'JobResources.ClusterConfig.InstanceCount';
const JOBS: readonly Job[] = [
  {
    type: [
      'AWS::SageMaker::DataQualityJobDefinition',
      'AWS::SageMaker::ModelBiasJobDefinition',
      'AWS::SageMaker::ModelExplainabilityJobDefinition',
      'AWS::SageMaker::ModelQualityJobDefinition',
    ],
    encryption: 'NetworkConfig.EnableInterContainerTrafficEncryption',
    instances: CLUSTER,
  },
  {
    type: 'AWS::SageMaker::ProcessingJob',
    encryption: 'NetworkConfig.EnableInterContainerTrafficEncryption',
    instances: 'ProcessingResources.ClusterConfig.InstanceCount',
  },
  {
    type: 'AWS::SageMaker::MonitoringSchedule',
    within: 'MonitoringScheduleConfig.MonitoringJobDefinition',
    encryption: 'NetworkConfig.EnableInterContainerTrafficEncryption',
    instances: 'MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringResources.ClusterConfig.InstanceCount',
  },
  {
    type: 'aws_sagemaker_data_quality_job_definition',
    encryption: 'network_config.enable_inter_container_traffic_encryption',
    instances: 'job_resources.cluster_config.instance_count',
  },
  {
    type: 'aws_sagemaker_monitoring_schedule',
    within: 'monitoring_schedule_config.monitoring_job_definition',
    encryption: 'network_config.enable_inter_container_traffic_encryption',
    instances:
      'monitoring_schedule_config.monitoring_job_definition.monitoring_resources.cluster_config.instance_count',
  },
  {
    type: 'aws_sagemaker_training_job',
    encryption: 'enable_inter_container_traffic_encryption',
    instances: 'resource_config.instance_count',
  },
];

/** Whether a job runs on one instance, so that nothing passes between instances yet. */
function runsAlone(resource: Resource, path: string): boolean {
  const counts = select(resource, path);
  return counts.length > 0 && counts.every(({ value }) => asNumber(value) === 1);
}

/** Two targets of each job: by how many instances it runs on depends how much it matters. */
function jobTargets(alone: boolean): Target[] {
  return JOBS.map(({ type, within, encryption, instances }) => ({
    type,
    within,
    path: encryption,
    where: (resource: Resource) => runsAlone(resource, instances) === alone,
  }));
}

const encryptTraffic = set(true, {
  safe: false,
  note: 'replaces a job definition, which needs another name; jobs may take longer',
});

export const SAGEMAKER_RULES: readonly Rule[] = [
  {
    id: 'sagemaker-direct-internet',
    title: 'Notebook instance reaches the internet past your network',
    category: 'network-exposure',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS gives notebooks a network of its own with internet access unless you place them in yours; the way out is your choice.',
    },
    description:
      'Code in the notebook can send data anywhere, and fetch packages from anywhere, without passing your security groups, endpoints, firewall or flow logs. Place it in a subnet of yours with a security group, disable direct internet access, and give it the VPC endpoints (or a NAT gateway) that it needs.',
    aws: awsDefaults('sagemaker-internet', 'sagemaker-domain-internet'),
    aliases: [...DIRECT],
    variants: {
      direct: { message: 'The notebook instance has direct internet access beside the network of its subnet' },
      'direct-outside': {
        message: 'The notebook instance has direct internet access and stands in no subnet of yours',
        aliases: [...DIRECT, ...OUTSIDE],
      },
      default: {
        message: 'The notebook instance has direct internet access, which is the default',
        aliases: [...BY_DEFAULT],
      },
      outside: {
        message:
          'The notebook instance stands in no subnet of yours and has direct internet access, which is the default',
        aliases: [...BY_DEFAULT, ...OUTSIDE],
      },
      refused: {
        severity: 'low',
        message: 'Direct internet access can be disabled only in a subnet of yours, and none is named',
        aliases: [...OUTSIDE],
      },
      domain: {
        severity: 'medium',
        message: 'Apps of this domain reach the internet through a network of SageMaker, not through yours',
        aliases: [],
      },
    },
    references: [
      aws(
        'Connect a notebook instance in a VPC to external resources',
        'sagemaker/latest/dg/appendix-notebook-and-internet-access.html',
      ),
      aws(
        'Connect Studio notebooks in a VPC to external resources',
        'sagemaker/latest/dg/studio-notebooks-and-internet-access.html',
      ),
    ],
    checks: [
      { kind: 'resource', types: [NOTEBOOK, TF_NOTEBOOK], check: checkNotebook },
      {
        kind: 'property',
        targets: [
          { type: 'AWS::SageMaker::Domain', path: 'AppNetworkAccessType' },
          { type: 'aws_sagemaker_domain', path: 'app_network_access_type' },
        ],
        must: otherwise(noneOf('PublicInternetOnly'), 'domain'),
        absent: 'domain',
        fix: set('VpcOnly', {
          safe: false,
          note: 'CloudFormation replaces the domain; its apps then need VPC endpoints or a NAT gateway',
        }),
      },
    ],
  },
  {
    id: 'sagemaker-root-access',
    title: 'Users of the notebook instance are root',
    category: 'iam',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS maintains the notebook’s software; whether those who use it may change the machine is your setting.',
    },
    description:
      'With root access, a user (or code run in a notebook) can change the system, read what other users left there, and switch off what your lifecycle configuration set up. Disable it: lifecycle configurations still run as root, and packages can be installed into an environment of one’s own.',
    aws: awsDefaults('sagemaker-root'),
    aliases: ['checkov:CKV_AWS_307'],
    references: [
      aws('Control root access to a SageMaker notebook instance', 'sagemaker/latest/dg/nbi-root-access.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: NOTEBOOK, path: 'RootAccess' },
          { type: TF_NOTEBOOK, path: 'root_access' },
        ],
        must: noneOf('Enabled'),
        absent: false,
        fix: set('Disabled', { safe: false, note: 'users can no longer install system packages' }),
      },
    ],
  },
  {
    id: 'sagemaker-network-isolation',
    title: 'Model container is not isolated from the network',
    category: 'network-exposure',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS runs the containers and can cut them off; what they are allowed to reach, and whether they encrypt what they exchange, is your setting.',
    },
    description:
      'A model container that can make calls can send inputs and model data to others, which matters most for images and model files from elsewhere. Isolate the container where it needs no network: SageMaker itself still copies data in and out. For jobs on several instances, encrypt what these send each other.',
    aliases: ['checkov:CKV_AWS_370'],
    variants: {
      traffic: {
        message: 'Traffic between the instances of the job is not encrypted',
        aliases: ['checkov:CKV_AWS_369'],
      },
      alone: {
        severity: 'info',
        message: 'Traffic between instances is not encrypted, should the job run on more than one',
        aliases: ['checkov:CKV_AWS_369'],
      },
    },
    references: [
      aws(
        'Run training and inference containers in internet-free mode',
        'sagemaker/latest/dg/mkt-algo-model-internet-free.html',
      ),
      aws(
        'Protect communications between ML compute instances in a distributed training job',
        'sagemaker/latest/dg/train-encrypt.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::SageMaker::Model', path: 'EnableNetworkIsolation' },
          { type: 'aws_sagemaker_model', path: 'enable_network_isolation' },
        ],
        must: isTrue,
        absent: false,
        fix: set(true, { safe: false, note: 'replaces the model; its containers can then call nothing' }),
      },
      {
        kind: 'property',
        targets: jobTargets(false),
        must: otherwise(isTrue, 'traffic'),
        absent: 'traffic',
        fix: encryptTraffic,
      },
      {
        kind: 'property',
        targets: jobTargets(true),
        must: otherwise(isTrue, 'alone'),
        absent: 'alone',
        fix: encryptTraffic,
      },
    ],
  },
  {
    id: 'sagemaker-imdsv2',
    title: 'Notebook instance answers version 1 of the metadata service',
    category: 'iam',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS offers both versions of the metadata service; that only the one with session tokens is answered is your setting.',
    },
    description:
      'Whoever can make the notebook send a plain web request (a vulnerable library, a server-side request forgery) can read the credentials of its role from version 1 of the metadata service. Version 2 asks for a session token first. Set the minimum version to 2.',
    aws: awsDefaults('sagemaker-imds'),
    aliases: ['checkov:CKV_AWS_371'],
    variants: {
      unsaid: {
        severity: 'info',
        message: 'The template does not say that the notebook instance demands version 2 of the metadata service',
      },
    },
    references: [
      aws(
        'InstanceMetadataServiceConfiguration',
        'sagemaker/latest/APIReference/API_InstanceMetadataServiceConfiguration.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          {
            type: NOTEBOOK,
            path: 'InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion',
          },
          {
            type: TF_NOTEBOOK,
            path: 'instance_metadata_service_configuration.minimum_instance_metadata_service_version',
          },
        ],
        must: secondVersion,
        // AWS's own pages disagree on what new notebooks get.
        absent: 'unsaid',
        fix: set('2', { safe: false, note: 'programs that know only version 1 lose their credentials' }),
      },
    ],
  },
  ...SAGEMAKER_ROLE_RULES,
];
