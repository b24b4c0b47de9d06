/** Who does what in compute: each row rests on the AWS pages that it names. */

import { CONFIGURATION, page, type ServiceResponsibility } from '../model.ts';
import { CONTAINERS } from './containers.ts';

const LAMBDA_SHARED = page(
  'Understanding the shared responsibility model for Lambda runtime management',
  'lambda/latest/dg/runtime-management-shared.html',
);
const LAMBDA_UPDATES = page(
  'Understanding how Lambda manages runtime version updates',
  'lambda/latest/dg/runtimes-update.html',
);
const LAMBDA_DEPRECATION = page('Runtime deprecation', 'lambda/latest/dg/runtime-support-policy.html');
const LAMBDA_OWN_RUNTIME = page('Using a customer-managed runtime', 'lambda/latest/dg/cmr-using.html');
const LAMBDA_OWN_RUNTIMES = page('Customer-managed runtimes', 'lambda/latest/dg/runtimes-customer-managed.html');
const LIGHTSAIL_IMPORT = page(
  'Import large datasets to your Lightsail database without delays',
  'lightsail/latest/userguide/amazon-lightsail-configuring-database-data-import-mode.html',
);
const GAMELIFT_ANYWHERE = page(
  'Amazon GameLift Servers Anywhere fleets',
  'gameliftservers/latest/developerguide/fleets-intro-anywhere.html',
);

const FUNCTIONS = ['AWS::Lambda::Function', 'AWS::Serverless::Function'] as const;

export const COMPUTE = {
  ...CONTAINERS,
  ec2: {
    name: 'Amazon EC2',
    kind: 'infrastructure',
    types: [
      'EC2::Instance',
      'EC2::LaunchTemplate',
      'EC2::EC2Fleet',
      'EC2::SpotFleet',
      'EC2::Host',
      'EC2::KeyPair',
      'EC2::EIP',
      'EC2::PlacementGroup',
      'EC2::CapacityReservation',
      'instance',
      'launch_template',
      'ami',
      'key_pair',
      'eip',
      'placement_group',
      'spot_',
      'ec2_fleet',
      'ec2_host',
      'ec2_instance_',
      'ec2_image_',
      'ec2_allowed_images_settings',
      'ec2_serial_console_access',
      'ec2_capacity_',
      'ec2_default_credit_specification',
    ],
    aws: 'facilities, hosts and the hypervisor that keeps instances apart.',
    customer:
      'who can reach the instance, login credentials and key pairs, the guest operating system and software with their patches, the permissions of its role.',
    shared: [
      { control: 'Patching', aws: 'patches the hosts', customer: 'patch the guest and what you install' },
      {
        control: 'Availability',
        aws: 'moves a supported instance off a failed host',
        customer: 'make it come up again unattended',
      },
      CONFIGURATION,
    ],
    movers: [
      {
        concern: 'recovery from a failed host',
        from: 'aws',
        to: 'customer',
        when: [
          {
            types: ['AWS::EC2::LaunchTemplate'],
            path: 'LaunchTemplateData.MaintenanceOptions.AutoRecovery',
            values: ['disabled'],
          },
          {
            types: ['aws_instance', 'aws_launch_template'],
            path: 'maintenance_options.auto_recovery',
            values: ['disabled'],
          },
        ],
        text: 'AWS moves a supported instance off a failed host by itself unless that is switched off; then noticing the failure and starting it elsewhere is yours.',
        rule: {
          id: 'moves-ec2-auto-recovery',
          title: 'Instance is not recovered from a failed host',
          message: 'Automatic recovery is off: bringing the instance back after a failed host moves from AWS to you',
          description:
            'Simplified automatic recovery is on for supported instances: when a status check finds the host impaired, EC2 moves the instance to another one. Switched off, it stays down until you or an alarm acts. That is right for software which handles the loss of a member itself, since a recovered instance loses what was in memory. Instances of an Auto Scaling group are never recovered: their group replaces them.',
          back: { set: 'default', safe: false, note: 'a recovered instance restarts and loses what is in memory' },
        },
        sources: [
          page(
            'Configure simplified automatic recovery on an Amazon EC2 instance',
            'AWSEC2/latest/UserGuide/instance-configuration-recovery.html',
          ),
        ],
      },
    ],
    sources: [
      page('Security in Amazon EC2', 'AWSEC2/latest/UserGuide/ec2-security.html'),
      page('Update management for Amazon EC2 instances', 'AWSEC2/latest/UserGuide/update-management.html'),
    ],
  },
  autoscaling: {
    name: 'Amazon EC2 Auto Scaling',
    kind: 'infrastructure',
    types: ['AutoScaling::', 'AutoScalingPlans::', 'autoscaling_', 'autoscalingplans_', 'launch_configuration'],
    aws: 'the service that launches and replaces instances, and the hosts they run on.',
    customer:
      'what the group launches: the image and how current it is, guest patches, security groups, the role, encryption of volumes.',
    shared: [
      {
        control: 'Patching',
        aws: 'patches the hosts',
        customer: 'patch the guests, or replace them from a current image',
      },
      CONFIGURATION,
    ],
    sources: [
      page('Security in Amazon EC2 Auto Scaling', 'autoscaling/ec2/userguide/security.html'),
      page('Update management for Amazon EC2 instances', 'AWSEC2/latest/UserGuide/update-management.html'),
    ],
  },
  imagebuilder: {
    name: 'EC2 Image Builder',
    kind: 'managed',
    types: ['ImageBuilder::', 'imagebuilder_'],
    aws: 'the build service, current base images as a source, and components that install pending updates.',
    customer:
      'the recipe and its components, building again when patches appear, rolling the image out, who may launch it.',
    shared: [
      {
        control: 'Patching',
        aws: 'offers current base images and update components',
        customer: 'use them, rebuild, and redeploy the instances',
      },
      CONFIGURATION,
    ],
    sources: [
      page('Patch Management for Image Builder images', 'imagebuilder/latest/userguide/security-patch-management.html'),
    ],
  },
  lightsail: {
    name: 'Amazon Lightsail',
    kind: 'managed',
    types: ['Lightsail::', 'lightsail_'],
    aws: 'the infrastructure and the hosts below what you create.',
    customer:
      'firewall ports, public flags and access keys, your data and its snapshots, and all that runs inside an instance or a container.',
    shared: [CONFIGURATION],
    situations: [
      {
        label: 'as an instance',
        kind: 'infrastructure',
        when: [
          {
            types: ['AWS::Lightsail::Instance', 'aws_lightsail_instance', 'aws_lightsail_instance_public_ports'],
          },
        ],
        aws: 'facilities, the host and the hypervisor below the instance, and keeping its snapshots.',
        customer:
          'open ports, passwords and SSH keys, the operating system and application with their patches, snapshots.',
        shared: [
          { control: 'Patching', aws: 'patches the host', customer: 'patch the instance' },
          {
            control: 'Backup',
            aws: 'keeps the snapshots',
            customer: 'take them, or switch automatic ones on',
          },
        ],
        sources: [
          page(
            'Secure Windows Server instances on Lightsail',
            'lightsail/latest/userguide/best-practices-for-securing-windows-based-lightsail-instances.html',
          ),
        ],
      },
      {
        label: 'as a managed database',
        when: [{ types: ['AWS::Lightsail::Database', 'aws_lightsail_database'] }],
        aws: 'the host, minor upgrades and maintenance in the weekly window, backups in the daily one.',
        customer: 'the public flag, the master password, the data, and when the windows are.',
        shared: [
          {
            control: 'Patching',
            aws: 'applies minor upgrades',
            customer: 'choose the maintenance window',
          },
          { control: 'Backup', aws: 'backs up in the backup window', customer: 'leave backups on' },
        ],
        sources: [
          page(
            'Schedule maintenance and backups for Lightsail databases',
            'lightsail/latest/userguide/amazon-lightsail-changing-preferred-maintenance-and-backup-windows.html',
          ),
        ],
      },
      {
        label: 'as a container service',
        when: [
          {
            types: [
              'AWS::Lightsail::Container',
              'aws_lightsail_container_service',
              'aws_lightsail_container_service_deployment_version',
            ],
          },
        ],
        aws: 'the nodes that run the containers, load balancing, and the HTTPS endpoint.',
        customer: 'the images and their patches, environment variables, and which container is public.',
        sources: [
          page(
            'Deploy and manage containers on Amazon Lightsail',
            'lightsail/latest/userguide/amazon-lightsail-container-services.html',
          ),
        ],
      },
    ],
    movers: [
      {
        concern: 'database backups',
        from: 'aws',
        to: 'customer',
        when: [
          { types: ['AWS::Lightsail::Database'], path: 'BackupRetention', values: ['false'] },
          { types: ['aws_lightsail_database'], path: 'backup_retention_enabled', values: ['false'] },
        ],
        text: 'Lightsail backs a database up in its daily window; without backup retention those backups are deleted and no more are made, so that snapshots are yours to take.',
        rule: {
          id: 'moves-lightsail-backups',
          title: 'Automatic backups of the database are off',
          message: 'Without backup retention Lightsail keeps no backups: taking snapshots moves from AWS to you',
          description:
            'Lightsail suspends its daily backups of the database and deletes those it holds for emergencies. AWS means this for a large import, and only for as long as it runs. Take a snapshot first and switch backups on again afterwards.',
          back: { set: true, safe: false, note: 'may interrupt the database' },
        },
        sources: [LIGHTSAIL_IMPORT],
      },
    ],
    sources: [page('Security in Amazon Lightsail', 'lightsail/latest/userguide/security.html')],
  },
  lambda: {
    name: 'AWS Lambda',
    kind: 'serverless',
    types: ['Lambda::', 'Serverless::Function', 'Serverless::LayerVersion', 'lambda_'],
    aws: 'the execution environment and the managed runtimes, which it patches for as long as they are supported.',
    customer:
      'code, libraries and layers, the role, the resource policy and URL, secrets in the environment, moving off deprecated runtimes.',
    shared: [
      { control: 'Patching', aws: 'publishes patched runtimes', customer: 'choose how functions receive them' },
      CONFIGURATION,
    ],
    situations: [
      {
        label: 'as a container image',
        when: [
          { types: FUNCTIONS, path: 'PackageType', values: ['Image'] },
          { types: ['aws_lambda_function'], path: 'package_type', values: ['Image'] },
        ],
        aws: 'the execution environment below the container, and patched base images for you to build on.',
        customer:
          'the whole image, its operating system and runtime included; the role, the resource policy and URL, secrets in the environment.',
        shared: [
          {
            control: 'Patching',
            aws: 'publishes patched base images',
            customer: 'rebuild and deploy the image on them',
          },
        ],
        sources: [LAMBDA_SHARED],
      },
      {
        label: 'on an OS-only runtime',
        when: [
          { types: FUNCTIONS, path: 'Runtime', values: ['provided*'] },
          { types: ['aws_lambda_function'], path: 'runtime', values: ['provided*'] },
        ],
        aws: 'the execution environment and the operating system of the runtime, which it patches.',
        customer:
          'the language runtime or compiled binary that you bring, its patches included; the role, the resource policy and URL, secrets in the environment.',
        shared: [
          {
            control: 'Patching',
            aws: 'patches the operating system',
            customer: 'patch the language runtime and libraries in your package',
          },
        ],
        sources: [page("When to use Lambda's OS-only runtimes", 'lambda/latest/dg/runtimes-provided.html')],
      },
      {
        label: 'on a customer-managed runtime',
        when: [
          { types: FUNCTIONS, path: 'RuntimeConfig.RuntimeArn', present: true },
          { types: ['AWS::Lambda::Runtime', 'AWS::Lambda::RuntimeVersion', 'AWS::Lambda::RuntimeAlias'] },
        ],
        aws: 'the execution environment, and starting it from the runtime version that the publisher released.',
        customer:
          'the runtime, or trust in its publisher: what it brings runs in the environment with the role of the function; its updates and their roll-out; code, roles, secrets.',
        shared: [
          {
            control: 'Patching',
            aws: 'patches what is below the runtime',
            customer: 'build, roll out and retire runtime versions, or see that their publisher does',
          },
        ],
        sources: [LAMBDA_OWN_RUNTIMES, LAMBDA_OWN_RUNTIME],
      },
      {
        label: 'on Managed Instances',
        when: [
          {
            types: FUNCTIONS,
            path: 'CapacityProviderConfig.LambdaManagedInstancesCapacityProviderConfig.CapacityProviderArn',
            present: true,
          },
          {
            types: ['aws_lambda_function'],
            path: 'capacity_provider_config.lambda_managed_instances_capacity_provider_config.capacity_provider_arn',
            present: true,
          },
          { types: ['AWS::Lambda::CapacityProvider', 'aws_lambda_capacity_provider'] },
        ],
        aws: 'the EC2 instances in your account: launching, scaling and replacing them, with patches of operating system and runtime.',
        customer:
          'functions that share a capacity provider, as containers on it are no security boundary; who may pass the provider; subnets and security groups, code, roles, secrets.',
        shared: [
          {
            control: 'Patching',
            aws: 'patches the operating system and the managed runtime',
            customer: 'patch code, libraries and layers',
          },
          CONFIGURATION,
        ],
        sources: [
          page('Lambda Managed Instances', 'lambda/latest/dg/lambda-managed-instances.html'),
          page(
            'Security and permissions (Lambda Managed Instances)',
            'lambda/latest/dg/lambda-managed-instances-security.html',
          ),
        ],
      },
      {
        label: 'as a MicroVM image',
        when: [{ types: ['AWS::Lambda::MicrovmImage'] }],
        aws: 'the virtual machine below, and base images with current patches, whose versions are deprecated and expire.',
        customer:
          'building the image again to take patches in, what you install in it, the container image it starts from, roles and secrets.',
        shared: [
          {
            control: 'Patching',
            aws: 'publishes patched base images',
            customer: 'rebuild the image before its base expires',
          },
        ],
        sources: [page('MicroVM images', 'lambda/latest/dg/microvms-images.html')],
      },
      {
        label: 'as a layer',
        when: [
          { types: ['AWS::Lambda::LayerVersion', 'AWS::Serverless::LayerVersion'] },
          { types: ['aws_lambda_layer_version'] },
        ],
        aws: 'storing the layer and mounting it into functions.',
        customer: 'the libraries or custom runtime in it and their updates, and which accounts may use it.',
        shared: [],
        sources: [LAMBDA_SHARED],
      },
    ],
    movers: [
      {
        concern: 'runtime patching',
        from: 'aws',
        to: 'customer',
        when: [
          { types: FUNCTIONS, path: 'PackageType', values: ['Image'] },
          { types: ['aws_lambda_function'], path: 'package_type', values: ['Image'] },
        ],
        text: 'A container image brings its own runtime, which is patched when you rebuild it.',
        rule: 'moves-lambda-runtime-update',
        sources: [LAMBDA_SHARED],
      },
      {
        concern: 'runtime patching',
        from: 'aws',
        to: 'customer',
        when: [
          { types: FUNCTIONS, path: 'RuntimeManagementConfig.UpdateRuntimeOn', values: ['Manual'] },
          { types: ['aws_lambda_runtime_management_config'], path: 'update_runtime_on', values: ['Manual'] },
        ],
        text: 'The function stays on the runtime version that you name, and gets patches only when you name another.',
        rule: 'moves-lambda-runtime-update',
        sources: [LAMBDA_SHARED, LAMBDA_UPDATES],
      },
      {
        concern: 'runtime patching',
        from: 'aws',
        to: 'shared',
        when: [
          { types: FUNCTIONS, path: 'RuntimeManagementConfig.UpdateRuntimeOn', values: ['FunctionUpdate'] },
          { types: ['aws_lambda_runtime_management_config'], path: 'update_runtime_on', values: ['FunctionUpdate'] },
        ],
        text: 'AWS moves the function to the newest runtime version, but only when you update the function.',
        rule: 'moves-lambda-runtime-update',
        sources: [LAMBDA_SHARED, LAMBDA_UPDATES],
      },
      {
        concern: 'runtime patching',
        from: 'aws',
        to: 'customer',
        when: [{ types: FUNCTIONS, path: 'RuntimeConfig.RuntimeArn', present: true }],
        text: 'The publisher of a customer-managed runtime builds, patches and rolls out its versions; AWS does so for its own runtimes alone.',
        rule: {
          id: 'moves-lambda-own-runtime',
          title: 'Function runs on a customer-managed runtime',
          message:
            'The runtime is not one of AWS: building, patching and rolling it out move from AWS to its publisher',
          description:
            'A customer-managed runtime is built and kept current by whoever publishes it: you, or another account that you trust. What the publisher releases runs in the environment of the function, with the permissions of its role. That is right for a language or an agent that AWS does not offer, with a publisher who patches on a schedule.',
        },
        sources: [LAMBDA_OWN_RUNTIME, LAMBDA_OWN_RUNTIMES],
      },
    ],
    sources: [LAMBDA_SHARED, LAMBDA_DEPRECATION],
  },
  beanstalk: {
    name: 'AWS Elastic Beanstalk',
    kind: 'managed',
    types: ['ElasticBeanstalk::', 'elastic_beanstalk_'],
    aws: 'platform versions with patched operating system, runtime, application and web server, applied by itself where managed updates are on.',
    customer:
      'the application, its data and components, staying on a supported platform, repairing failed updates, patching where managed updates are off, an image of your own.',
    shared: [
      {
        control: 'Patching',
        aws: 'publishes platform updates, and applies patch and minor ones where managed updates are on',
        customer: 'switch them on or patch yourself, take major updates, and rebuild an image of your own',
      },
      CONFIGURATION,
    ],
    sources: [
      page(
        'Shared responsibility model for Elastic Beanstalk platform maintenance',
        'elasticbeanstalk/latest/dg/platforms-shared-responsibility.html',
      ),
      page('Managed platform updates', 'elasticbeanstalk/latest/dg/environment-platform-update-managed.html'),
    ],
  },
  gamelift: {
    name: 'Amazon GameLift Servers',
    kind: 'managed',
    types: ['GameLift::', 'gamelift_'],
    aws: 'the service, encryption of builds and player data, and in managed fleets the hosts and the image with which a fleet is created.',
    customer:
      'the game server and its patches, replacing fleets to get a current image, open ports, traffic between players and server.',
    shared: [
      {
        control: 'Patching',
        aws: 'gives each new managed fleet its latest image, and never changes it afterwards',
        customer: 'replace fleets to get patches, within a year at the latest, and update the game server',
      },
      CONFIGURATION,
    ],
    situations: [
      {
        label: 'on Anywhere hosts',
        when: [{ types: ['AWS::GameLift::Fleet'], path: 'ComputeType', values: ['ANYWHERE'] }],
        aws: 'the service that places game sessions, and encryption of player data.',
        customer:
          'the hosts, wherever they are: hardware, operating system, patches, network, authentication tokens, and the game server.',
        shared: [],
        sources: [GAMELIFT_ANYWHERE],
      },
      {
        label: 'with FleetIQ',
        kind: 'infrastructure',
        when: [{ types: ['AWS::GameLift::GameServerGroup', 'aws_gamelift_game_server_group'] }],
        aws: 'the hosts and the hypervisor, and choosing where game servers start.',
        customer:
          'the EC2 instances, which run in your account: image, operating system, patches and role, open ports, and the game server.',
        shared: [
          { control: 'Patching', aws: 'patches the hosts', customer: 'patch the instances and the game server' },
        ],
        sources: [
          page(
            'Configuration and vulnerability analysis in Amazon GameLift Servers',
            'gameliftservers/latest/developerguide/vulnerability-analysis-management.html',
          ),
          page('Security in Amazon EC2', 'AWSEC2/latest/UserGuide/ec2-security.html'),
        ],
      },
    ],
    movers: [
      {
        concern: 'the hosts',
        from: 'aws',
        to: 'customer',
        when: [{ types: ['AWS::GameLift::Fleet'], path: 'ComputeType', values: ['ANYWHERE'] }],
        text: 'The hosts of an Anywhere fleet are supplied and managed by you, their patches included.',
        rule: {
          id: 'moves-gamelift-anywhere',
          title: 'Hosts of the fleet are yours to run',
          message: 'An Anywhere fleet runs on hosts of your own: running and patching them moves from AWS to you',
          description:
            'GameLift places game sessions on hosts that you register. Hardware, operating system, patches, network and renewal of the authentication tokens are yours, as is installing the game server. This is meant for development and for hosting beside managed fleets.',
        },
        sources: [GAMELIFT_ANYWHERE],
      },
    ],
    sources: [
      page(
        'Configuration and vulnerability analysis in Amazon GameLift Servers',
        'gameliftservers/latest/developerguide/vulnerability-analysis-management.html',
      ),
      page('Data protection in Amazon GameLift Servers', 'gameliftservers/latest/developerguide/data-protection.html'),
      page(
        'Security best practices for Amazon GameLift Servers',
        'gameliftservers/latest/developerguide/security-best-practices.html',
      ),
    ],
  },
  opsworks: {
    name: 'AWS OpsWorks',
    kind: 'managed',
    types: ['OpsWorks::', 'OpsWorksCM::', 'opsworks_'],
    aws: 'the hosts below instances; OpsWorks Stacks itself ended on 2024-05-26 and is disabled for everyone.',
    customer: 'moving off the service, and the instances left: their operating system, patches, recipes and secrets.',
    shared: [{ control: 'Patching', aws: 'patches the hosts', customer: 'patch the instances' }],
    sources: [page('Stacks', 'opsworks/latest/userguide/workingstacks.html')],
  },
} satisfies Record<string, ServiceResponsibility>;
