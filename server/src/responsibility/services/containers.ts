/** Who does what where containers run and lie: each row rests on the AWS pages that it names. */

import { CONFIGURATION, page, type ServiceResponsibility, type SettingTest } from '../model.ts';
import { KUBERNETES } from './kubernetes.ts';

const ECS_ANYWHERE = page(
  'Amazon ECS clusters for external instances',
  'AmazonECS/latest/developerguide/ecs-anywhere.html',
);
const ECS_INSTANCES = page(
  'Amazon ECS Linux container instance management',
  'AmazonECS/latest/developerguide/manage-linux.html',
);
const ECS_SHARED = page(
  'AWS shared responsibility model for Amazon ECS',
  'AmazonECS/latest/developerguide/security-shared-model.html',
);
const FARGATE_PLATFORM = page(
  'Fargate platform versions for Amazon ECS',
  'AmazonECS/latest/developerguide/platform-fargate.html',
);
const BATCH_IMAGES = page('Compute resource AMIs', 'batch/latest/userguide/compute_resource_AMIs.html');
const BATCH_ENVIRONMENTS = page(
  'Compute environments for AWS Batch',
  'batch/latest/userguide/compute_environments.html',
);
const BATCH_UNMANAGED = page(
  'Unmanaged compute environments',
  'batch/latest/userguide/unmanaged_compute_environments.html',
);
const BATCH_VERSIONS = page(
  'Managing AMI versions in compute environments',
  'batch/latest/userguide/managing-ami-versions.html',
);
const ECR_SCANNING = page(
  'Scan images for software vulnerabilities in Amazon ECR',
  'AmazonECR/latest/userguide/image-scanning.html',
);

const CFN_SERVICE = ['AWS::ECS::Service', 'AWS::ECS::TaskSet'] as const;
const TF_SERVICE = ['aws_ecs_service', 'aws_ecs_task_set'] as const;

/** A capacity provider with a group of instances, or a service that asks for them. */
const ON_EC2: readonly SettingTest[] = [
  { types: CFN_SERVICE, path: 'LaunchType', values: ['EC2'] },
  { types: TF_SERVICE, path: 'launch_type', values: ['EC2'] },
  { types: ['AWS::ECS::CapacityProvider'], path: 'AutoScalingGroupProvider.AutoScalingGroupArn', present: true },
  { types: ['aws_ecs_capacity_provider'], path: 'auto_scaling_group_provider.auto_scaling_group_arn', present: true },
];

const FARGATE_DUTIES = {
  kind: 'serverless',
  aws: 'the control plane and the infrastructure below the container, which it patches; each task has a kernel of its own.',
  customer: 'the image and its patches, task and execution roles, secrets, security groups, the platform version.',
  shared: [
    {
      control: 'Patching',
      aws: 'patches what is below the container and retires tasks on vulnerable revisions',
      customer: 'rebuild the image, and start new tasks in time',
    },
  ],
} as const;

export const CONTAINERS = {
  ...KUBERNETES,
  ecs: {
    name: 'Amazon ECS',
    kind: 'managed',
    types: ['ECS::', 'ecs_'],
    aws: 'the control plane; with Fargate and Managed Instances also the hosts and their patches.',
    customer:
      'images, task and execution roles, secrets, network exposure; on EC2 or external instances also the hosts with their patches and agent.',
    shared: [
      {
        control: 'Patching',
        aws: 'patches the hosts it runs, and publishes images for those you run',
        customer: 'rebuild container images, and roll out host images where hosts are yours',
      },
      CONFIGURATION,
    ],
    situations: [
      {
        ...FARGATE_DUTIES,
        label: 'on Fargate',
        when: [
          { types: CFN_SERVICE, path: 'LaunchType', values: ['FARGATE'] },
          {
            types: CFN_SERVICE,
            path: 'CapacityProviderStrategy[].CapacityProvider',
            values: ['FARGATE', 'FARGATE_SPOT'],
          },
          { types: TF_SERVICE, path: 'launch_type', values: ['FARGATE'] },
          {
            types: TF_SERVICE,
            path: 'capacity_provider_strategy.capacity_provider',
            values: ['FARGATE', 'FARGATE_SPOT'],
          },
        ],
        sources: [FARGATE_PLATFORM],
      },
      {
        ...FARGATE_DUTIES,
        label: 'for Fargate',
        when: [
          { types: ['AWS::ECS::TaskDefinition'], path: 'RequiresCompatibilities[]', values: ['FARGATE'] },
          { types: ['aws_ecs_task_definition'], path: 'requires_compatibilities[]', values: ['FARGATE'] },
        ],
        sources: [FARGATE_PLATFORM],
      },
      {
        label: 'on Managed Instances',
        when: [
          {
            types: ['AWS::ECS::CapacityProvider'],
            path: 'ManagedInstancesProvider.InfrastructureRoleArn',
            present: true,
          },
          {
            types: ['aws_ecs_capacity_provider'],
            path: 'managed_instances_provider.infrastructure_role_arn',
            present: true,
          },
        ],
        aws: 'the control plane and the instances: it provisions, patches and replaces them within 21 days, with no login for anyone.',
        customer:
          'images and their patches, roles, secrets, security groups, privileged settings; tasks may share an instance and its kernel.',
        shared: [
          {
            control: 'Patching',
            aws: 'replaces instances to patch them',
            customer: 'rebuild images, and choose the windows for it',
          },
        ],
        sources: [
          page(
            'Shared responsibility model for Amazon ECS Managed Instances',
            'AmazonECS/latest/developerguide/security-shared-model-managed-instances.html',
          ),
          page(
            'Patching in Amazon ECS Managed Instances',
            'AmazonECS/latest/developerguide/managed-instances-patching.html',
          ),
        ],
      },
      {
        label: 'on EC2 instances',
        when: ON_EC2,
        aws: 'the control plane, the hardware and hypervisor, and ECS-optimized images to launch instances from.',
        customer:
          'the instances: image, operating system, agent, patches, what tasks read from the metadata service; no isolation between tasks on one; container images, roles, secrets.',
        shared: [
          {
            control: 'Patching',
            aws: 'publishes current ECS-optimized images',
            customer: 'replace instances and rebuild container images',
          },
        ],
        sources: [ECS_INSTANCES, ECS_SHARED],
      },
      {
        label: 'on external instances (ECS Anywhere)',
        when: [
          { types: CFN_SERVICE, path: 'LaunchType', values: ['EXTERNAL'] },
          { types: TF_SERVICE, path: 'launch_type', values: ['EXTERNAL'] },
        ],
        aws: 'the control plane, and short-lived credentials for registered instances.',
        customer:
          'the machines outside AWS: hardware, operating system, network, the ECS and SSM agents; images, roles and secrets.',
        shared: [],
        sources: [ECS_ANYWHERE],
      },
    ],
    movers: [
      {
        concern: 'the hosts of the containers',
        from: 'aws',
        to: 'customer',
        when: ON_EC2,
        text: 'On EC2 the instances are yours to maintain, their patches and agent included; Fargate and Managed Instances leave that to AWS.',
        rule: {
          id: 'moves-ecs-on-ec2',
          title: 'Tasks run on EC2 instances that you maintain',
          message: 'Tasks run on EC2 instances of yours: patching them and their agent moves from AWS to you',
          description:
            'AWS publishes current ECS-optimized images; launching instances from them, replacing old ones and keeping the agent current is yours. Tasks on one instance share its kernel. On Fargate and on ECS Managed Instances AWS patches the hosts. EC2 is right where you need an image, a device or an agent of your own.',
        },
        sources: [ECS_INSTANCES, ECS_SHARED],
      },
      {
        concern: 'the hosts of the containers',
        from: 'aws',
        to: 'customer',
        when: [
          { types: CFN_SERVICE, path: 'LaunchType', values: ['EXTERNAL'] },
          { types: TF_SERVICE, path: 'launch_type', values: ['EXTERNAL'] },
        ],
        text: 'External instances are machines of your own: hardware, operating system, network and both agents are yours.',
        rule: {
          id: 'moves-ecs-anywhere',
          title: 'Tasks run on machines outside AWS',
          message: 'Tasks run on external instances: hardware, operating system and agents move from AWS to you',
          description:
            'ECS Anywhere schedules tasks on servers that you register. AWS runs the control plane and hands out short-lived credentials; the machine, its patches, its network and updates of the ECS and SSM agents are yours.',
        },
        sources: [ECS_ANYWHERE],
      },
      {
        concern: 'platform version upgrades',
        from: 'aws',
        to: 'customer',
        when: [
          { types: CFN_SERVICE, path: 'PlatformVersion', values: ['1.*'] },
          { types: TF_SERVICE, path: 'platform_version', values: ['1.*'] },
        ],
        text: 'AWS patches revisions of this platform version, but moving to the next version waits for you.',
        rule: 'moves-fargate-platform-version',
        sources: [FARGATE_PLATFORM],
      },
    ],
    sources: [ECS_SHARED],
  },
  ecr: {
    name: 'Amazon ECR',
    kind: 'abstracted',
    types: ['ECR::', 'ecr_', 'ecrpublic_'],
    aws: 'the registry and its storage, where images are always encrypted at rest.',
    customer:
      'what is in the images and rebuilding them, scanning, tag immutability, repository and registry policies, the key, expiry.',
    shared: [
      {
        control: 'Detection',
        aws: 'scans for known vulnerabilities as configured',
        customer: 'configure scanning, read findings and rebuild',
      },
      CONFIGURATION,
    ],
    situations: [
      {
        label: 'as a public repository',
        when: [
          {
            types: ['AWS::ECR::PublicRepository', 'aws_ecrpublic_repository', 'aws_ecrpublic_repository_policy'],
          },
        ],
        aws: 'the public registry, which lets anyone pull and shows the repository in a gallery.',
        customer: 'what you publish: no secrets in images, their patches, and who may push.',
        shared: [],
        sources: [page('Amazon ECR public repositories', 'AmazonECR/latest/public/public-repositories.html')],
      },
    ],
    movers: [
      {
        concern: 'looking for vulnerabilities in stored images',
        from: 'customer',
        to: 'shared',
        when: [
          { types: ['AWS::ECR::RegistryScanningConfiguration'], path: 'ScanType', values: ['ENHANCED'] },
          { types: ['aws_ecr_registry_scanning_configuration'], path: 'scan_type', values: ['ENHANCED'] },
        ],
        text: 'With enhanced scanning Amazon Inspector can scan stored images again as new vulnerabilities become known; acting on findings stays yours.',
        sources: [ECR_SCANNING],
      },
    ],
    sources: [
      ECR_SCANNING,
      page('Encryption at rest', 'AmazonECR/latest/userguide/encryption-at-rest.html'),
      page('Security in Amazon Elastic Container Registry', 'AmazonECR/latest/userguide/security.html'),
    ],
  },
  batch: {
    name: 'AWS Batch',
    kind: 'managed',
    types: ['Batch::', 'batch_'],
    aws: 'the scheduler and the infrastructure; on Fargate and ECS Managed Instances also the hosts.',
    customer:
      'job images, roles, secrets, privileged settings, network; on EC2 the guest operating system and moving to patched images.',
    shared: [
      {
        control: 'Patching',
        aws: 'starts managed environments with a recent AWS image',
        customer: 'update the environment to newer ones, and rebuild job images',
      },
      CONFIGURATION,
    ],
    situations: [
      {
        label: 'in an unmanaged environment',
        when: [
          { types: ['AWS::Batch::ComputeEnvironment'], path: 'Type', values: ['UNMANAGED'] },
          { types: ['aws_batch_compute_environment'], path: 'type', values: ['UNMANAGED'] },
        ],
        aws: 'the scheduler, and the hardware and hypervisor of the instances.',
        customer: 'the instances altogether: launching, image, agent, patches, scaling; job images, roles and network.',
        shared: [],
        sources: [BATCH_UNMANAGED],
      },
      {
        label: 'on ECS Managed Instances',
        when: [
          {
            types: ['AWS::Batch::ComputeEnvironment'],
            path: 'ComputeResources.Type',
            values: ['ECS_MANAGED_INSTANCES'],
          },
          {
            types: ['aws_batch_compute_environment'],
            path: 'compute_resources.type',
            values: ['ECS_MANAGED_INSTANCES'],
          },
        ],
        aws: 'the scheduler and the instances, which it provisions, patches and replaces.',
        customer:
          'job images and their patches, job and execution roles, secrets, security groups, privileged settings.',
        shared: [{ control: 'Patching', aws: 'replaces instances to patch them', customer: 'rebuild job images' }],
        sources: [
          page(
            'Amazon ECS Managed Instances compute environments',
            'batch/latest/userguide/ecs_managed_instances.html',
          ),
        ],
      },
      {
        label: 'on Fargate',
        kind: 'serverless',
        when: [
          { types: ['AWS::Batch::ComputeEnvironment'], path: 'ComputeResources.Type', values: ['FARGATE*'] },
          { types: ['aws_batch_compute_environment'], path: 'compute_resources.type', values: ['FARGATE*'] },
        ],
        aws: 'the scheduler and the infrastructure below the containers, which it patches.',
        customer: 'job images and their patches, job and execution roles, secrets, security groups.',
        shared: [{ control: 'Patching', aws: 'patches what is below the container', customer: 'rebuild job images' }],
        sources: [FARGATE_PLATFORM],
      },
      {
        label: 'on EC2 instances',
        when: [
          { types: ['AWS::Batch::ComputeEnvironment'], path: 'ComputeResources.Type', values: ['EC2', 'SPOT'] },
          { types: ['aws_batch_compute_environment'], path: 'compute_resources.type', values: ['EC2', 'SPOT'] },
        ],
        aws: 'the scheduler, launching and scaling the instances, and a recent AWS image to start with.',
        customer:
          'the guest operating system and its patches: Batch does not update images after creation; job images, roles, network.',
        sources: [BATCH_IMAGES],
      },
    ],
    movers: [
      {
        concern: 'the instances of the environment',
        from: 'shared',
        to: 'customer',
        when: [
          { types: ['AWS::Batch::ComputeEnvironment'], path: 'Type', values: ['UNMANAGED'] },
          { types: ['aws_batch_compute_environment'], path: 'type', values: ['UNMANAGED'] },
        ],
        text: 'In an unmanaged environment you launch, scale and maintain the instances that run the jobs.',
        rule: {
          id: 'moves-batch-unmanaged',
          title: 'Instances of the compute environment are yours to run',
          message: 'The environment is unmanaged: launching, scaling and patching its instances is yours',
          description:
            'In a managed environment Batch launches and scales instances with a recent image, or runs jobs on Fargate. In an unmanaged one you launch the ECS instances or EKS nodes yourself, and their image, agent and capacity are yours. That is right only where a managed environment cannot describe the hosts you need.',
        },
        sources: [BATCH_UNMANAGED],
      },
      {
        concern: 'choice of the node image',
        from: 'shared',
        to: 'customer',
        when: [
          { types: ['AWS::Batch::ComputeEnvironment'], path: 'ComputeResources.ImageId', values: ['ami-*'] },
          {
            types: ['AWS::Batch::ComputeEnvironment'],
            path: 'ComputeResources.Ec2Configuration[].ImageIdOverride',
            values: ['ami-*'],
          },
          { types: ['aws_batch_compute_environment'], path: 'compute_resources.image_id', values: ['ami-*'] },
          {
            types: ['aws_batch_compute_environment'],
            path: 'compute_resources.ec2_configuration.image_id_override',
            values: ['ami-*'],
          },
        ],
        text: 'Left to itself Batch takes a recent AWS image and can take the latest on an update; a named one stays until you name another.',
        rule: {
          id: 'moves-batch-fixed-image',
          title: 'Compute environment is fixed to one image',
          message: 'The image is fixed: choosing or building a patched one moves from AWS to you',
          description:
            'Without an image id Batch picks a recent image of AWS, and an update of the infrastructure can pick the latest. With one, every patched image is found or built, and named here, by you, and Batch does not show whether it is out of date. Either way Batch does not update running environments by itself.',
          back: { safe: false, note: 'replaces instances or the environment, and software of your image is gone' },
        },
        sources: [BATCH_IMAGES, BATCH_VERSIONS],
      },
    ],
    sources: [BATCH_ENVIRONMENTS, BATCH_IMAGES, page('Security in AWS Batch', 'batch/latest/userguide/security.html')],
  },
  apprunner: {
    name: 'AWS App Runner',
    kind: 'serverless',
    types: ['AppRunner::', 'apprunner_'],
    aws: 'the infrastructure: starting, running, scaling and load balancing of the service, which takes no new customers.',
    customer:
      'code or image and its patches, moving off runtime versions whose support ended, instance and access roles, secrets, whether it is public.',
    shared: [CONFIGURATION],
    situations: [
      {
        label: 'from an image',
        when: [
          {
            types: ['AWS::AppRunner::Service'],
            path: 'SourceConfiguration.ImageRepository.ImageIdentifier',
            present: true,
          },
          {
            types: ['aws_apprunner_service'],
            path: 'source_configuration.image_repository.image_identifier',
            present: true,
          },
        ],
        customer: 'the whole image, its operating system and runtime included; roles, secrets, whether it is public.',
        shared: [
          {
            control: 'Patching',
            aws: 'runs the hosts',
            customer: 'rebuild the image with patches and deploy it',
          },
        ],
        sources: [page('App Runner service based on a source image', 'apprunner/latest/dg/service-source-image.html')],
      },
      {
        label: 'from source code',
        when: [
          {
            types: ['AWS::AppRunner::Service'],
            path: 'SourceConfiguration.CodeRepository.RepositoryUrl',
            present: true,
          },
          {
            types: ['aws_apprunner_service'],
            path: 'source_configuration.code_repository.repository_url',
            present: true,
          },
        ],
        aws: 'the infrastructure, builds, and managed runtime images, which it updates on every deployment.',
        customer:
          'code and its libraries, deploying often enough, runtime version locks, roles, secrets, whether it is public.',
        shared: [
          {
            control: 'Patching',
            aws: 'updates the runtime on every deployment',
            customer: 'deploy, and do not lock the version for long',
          },
        ],
        sources: [page('App Runner service based on source code', 'apprunner/latest/dg/service-source-code.html')],
      },
    ],
    sources: [
      page(
        'Configuration and vulnerability analysis in App Runner',
        'apprunner/latest/dg/security-shared-responsibility.html',
      ),
      page('AWS App Runner availability change', 'apprunner/latest/dg/apprunner-availability-change.html'),
    ],
  },
} satisfies Record<string, ServiceResponsibility>;
