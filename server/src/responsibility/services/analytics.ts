/** Who does what in analytics: each row rests on the AWS pages that it names. */

import { CONFIGURATION, page, type ServiceResponsibility } from '../model.ts';

const MSK_PATCHING = page(
  'Patching on MSK Provisioned clusters (Amazon MSK Developer Guide)',
  'msk/latest/developerguide/patching-impact.html',
);
const MSK_STORAGE = page(
  'Storage management for Standard brokers (Amazon MSK Developer Guide)',
  'msk/latest/developerguide/msk-storage-management.html',
);
const EMR_DEFAULT_AMI = page(
  'Using the default Amazon Linux AMI for Amazon EMR',
  'emr/latest/ManagementGuide/emr-default-ami.html',
);
const EMR_CUSTOM_AMI = page(
  'Using a custom AMI to provide more flexibility for Amazon EMR cluster configuration',
  'emr/latest/ManagementGuide/emr-custom-ami.html',
);
const EMR_AL_RELEASE = page(
  'Change the Amazon Linux release when you create an EMR cluster',
  'emr/latest/ManagementGuide/emr-custom-ami-change-al-release.html',
);
const ATHENA_VERSIONS = page('Athena engine versioning', 'athena/latest/ug/engine-versions.html');

/** An image that is named for certain: what is not known may as well be none. */
const IMAGES = ['ami-*', '{{resolve:*'];

const FLEETS = ['MasterInstanceFleet', 'CoreInstanceFleet', 'TaskInstanceFleets[]'];

export const ANALYTICS = {
  msk: {
    name: 'Amazon MSK',
    kind: 'managed',
    types: ['MSK::', 'msk_'],
    aws: 'brokers and their operating system, patched one broker at a time; encryption at rest that is always on; renewal of the TLS certificates of brokers.',
    customer:
      'who reaches the brokers and how clients authenticate, TLS to them, topics and their permissions, upgrades of Kafka before its support ends, client software, the choice of key.',
    shared: [
      {
        control: 'Patching',
        aws: 'installs operating system and security updates on brokers',
        customer: 'build clients and topics so that a broker can restart, and upgrade Kafka in time',
      },
      {
        control: 'Availability',
        aws: 'repairs infrastructure that degrades',
        customer: 'choose replication, partitions and client settings',
      },
    ],
    situations: [
      {
        label: 'as MSK Serverless',
        kind: 'serverless',
        when: [{ types: ['AWS::MSK::ServerlessCluster', 'aws_msk_serverless_cluster'] }],
        aws: 'the brokers, their capacity and the placement of partitions; Kafka without cluster capacity to manage.',
        customer:
          'IAM policies, which every client needs, the subnets and security groups, topics and client software.',
        shared: [CONFIGURATION],
        sources: [
          page('What is MSK Serverless? (Amazon MSK Developer Guide)', 'msk/latest/developerguide/serverless.html'),
        ],
      },
    ],
    movers: [
      {
        concern: 'storage of the brokers',
        from: 'customer',
        to: 'aws',
        when: [
          { types: ['AWS::MSK::Cluster'], path: 'BrokerNodeGroupInfo.InstanceType', values: ['express.*'] },
          { types: ['aws_msk_cluster'], path: 'broker_node_group_info.instance_type', values: ['express.*'] },
        ],
        text: 'Express brokers have storage that MSK provisions and scales; on Standard brokers you do.',
        sources: [MSK_STORAGE],
      },
    ],
    sources: [
      MSK_PATCHING,
      page('Amazon MSK encryption', 'msk/latest/developerguide/msk-encryption.html'),
      page('Amazon MSK version support', 'msk/latest/developerguide/version-support.html'),
    ],
  },
  mskconnect: {
    name: 'Amazon MSK Connect',
    kind: 'managed',
    types: ['KafkaConnect::', 'mskconnect_'],
    aws: 'patches and upgrades of Kafka Connect and of the hardware below, restarts of failed tasks, scaling within your limits.',
    customer: 'the code of plugins, the configuration of connectors and workers, the service execution role, the VPC.',
    shared: [
      { control: 'Patching', aws: 'patches workers and hardware', customer: 'keep the plugins up to date' },
      CONFIGURATION,
    ],
    sources: [
      page('Understand MSK Connect (Amazon MSK Developer Guide)', 'msk/latest/developerguide/msk-connect.html'),
    ],
  },
  glue: {
    name: 'AWS Glue',
    kind: 'serverless',
    types: ['Glue::', 'glue_'],
    aws: 'the infrastructure of jobs and crawlers, and security patches for every Glue version that is supported.',
    customer:
      'job scripts and libraries, roles, connections and their credentials, encryption of catalog and job data, moving off versions without support.',
    shared: [
      {
        control: 'Patching',
        aws: 'patches versions until their end of support',
        customer: 'move jobs to a supported version in time',
      },
      CONFIGURATION,
    ],
    sources: [
      page('AWS Glue version support policy', 'glue/latest/dg/glue-version-support-policy.html'),
      page('Security in AWS Glue', 'glue/latest/dg/security.html'),
    ],
  },
  kinesis: {
    name: 'Amazon Kinesis Data Streams',
    kind: 'abstracted',
    types: ['Kinesis::', 'kinesis_stream', 'kinesis_resource_policy'],
    aws: 'the infrastructure and storage of streams; once encryption is on, encrypting each record before it is stored.',
    customer:
      'server-side encryption and its key, who reads and writes, credentials of producers and consumers, retention.',
    shared: [CONFIGURATION],
    movers: [
      {
        concern: 'the number of shards',
        from: 'customer',
        to: 'aws',
        when: [
          { types: ['AWS::Kinesis::Stream'], path: 'StreamModeDetails.StreamMode', values: ['ON_DEMAND'] },
          { types: ['aws_kinesis_stream'], path: 'stream_mode_details.stream_mode', values: ['ON_DEMAND'] },
        ],
        text: 'In on-demand mode Kinesis manages the shards; in provisioned mode you watch and adjust their number.',
        sources: [page('Choose the right mode to stream in', 'streams/latest/dev/how-do-i-size-a-stream.html')],
      },
    ],
    sources: [
      page('Data protection in Amazon Kinesis Data Streams', 'streams/latest/dev/server-side-encryption.html'),
      page('Security best practices for Kinesis Data Streams', 'streams/latest/dev/security-best-practices.html'),
    ],
  },
  firehose: {
    name: 'Amazon Data Firehose',
    kind: 'abstracted',
    types: ['KinesisFirehose::', 'kinesis_firehose_'],
    aws: 'the infrastructure that takes in, buffers and delivers records.',
    customer:
      'encryption of the stream, or of the data stream that feeds it, the role of the stream, credentials of destinations, the destinations themselves.',
    shared: [CONFIGURATION],
    sources: [
      page('Data protection in Amazon Data Firehose', 'firehose/latest/dev/encryption.html'),
      page(
        'Implement security best practices for Amazon Data Firehose',
        'firehose/latest/dev/security-best-practices.html',
      ),
    ],
  },
  kinesisvideo: {
    name: 'Amazon Kinesis Video Streams',
    kind: 'abstracted',
    types: ['KinesisVideo::', 'kinesis_video_'],
    aws: 'the infrastructure, and encryption of everything that a stream stores.',
    customer:
      'the key, chosen once when a stream is created, how long video is kept, who may send and watch it, the devices that produce it.',
    shared: [CONFIGURATION],
    sources: [page('Data protection in Kinesis Video Streams', 'kinesisvideostreams/latest/dg/how-kms.html')],
  },
  athena: {
    name: 'Amazon Athena',
    kind: 'serverless',
    types: ['Athena::', 'athena_'],
    aws: 'everything below your queries: patches of operating system and database, firewalls, disaster recovery.',
    customer:
      'where results go and how they are encrypted, whether workgroups override clients, permissions on data and catalog.',
    shared: [
      CONFIGURATION,
      {
        control: 'Patching',
        aws: 'releases engine versions and upgrades workgroups to them',
        customer: 'test queries against a new version',
      },
    ],
    movers: [
      {
        concern: 'upgrades of the query engine',
        from: 'aws',
        to: 'customer',
        when: [
          {
            types: ['AWS::Athena::WorkGroup'],
            path: 'WorkGroupConfiguration.EngineVersion.SelectedEngineVersion',
            values: ['Athena engine version *'],
          },
          {
            types: ['aws_athena_workgroup'],
            path: 'configuration.engine_version.selected_engine_version',
            values: ['Athena engine version *'],
          },
        ],
        text: 'Athena upgrades workgroups by itself by default; one that names a version stays on it until that version is withdrawn.',
        rule: {
          id: 'moves-athena-engine-version',
          title: 'Workgroup stays on one engine version',
          message: 'The engine version is pinned: upgrading the workgroup moves from AWS to you',
          description:
            'By default Athena upgrades a workgroup to a new engine version, unless it finds incompatibilities. A workgroup that names a version is left alone until that version is no longer available, and is then upgraded whether it is ready or not. Pin a version while you test queries against the next one, and set `AUTO` afterwards.',
          back: { set: 'AUTO', safe: false, note: 'queries meet a new engine version when Athena decides' },
        },
        sources: [
          ATHENA_VERSIONS,
          page('Change Athena engine versions', 'athena/latest/ug/engine-versions-changing.html'),
        ],
      },
    ],
    sources: [
      page(
        'Configuration and vulnerability analysis in Athena',
        'athena/latest/ug/security-vulnerability-management.html',
      ),
      ATHENA_VERSIONS,
    ],
  },
  lakeformation: {
    name: 'AWS Lake Formation',
    kind: 'abstracted',
    types: ['LakeFormation::', 'lakeformation_'],
    aws: 'the service, and enforcing the permissions that you define when integrated services ask for data.',
    customer:
      'data lake administrators, grants on catalog and locations, default permissions of new tables, IAM permissions beside them.',
    shared: [CONFIGURATION],
    sources: [
      page('Managing Lake Formation permissions', 'lake-formation/latest/dg/managing-permissions.html'),
      page('Overview of Lake Formation permissions', 'lake-formation/latest/dg/lf-permissions-overview.html'),
    ],
  },
  emr: {
    name: 'Amazon EMR',
    kind: 'managed',
    types: ['EMR::', 'emr_'],
    aws: 'the hosts, and releases with a default Amazon Linux AMI; from 5.36, 6.6 and 7.0 on, the latest patch releases start on a current one.',
    customer:
      'managing and updating clusters: the release, kernel updates of running nodes, security groups and SSH, encryption, roles, the code of jobs.',
    shared: [
      {
        control: 'Patching',
        aws: 'builds releases and their default AMI, with security updates at first boot',
        customer: 'move to newer releases and restart clusters for updates that need a reboot',
      },
      CONFIGURATION,
    ],
    movers: [
      {
        concern: 'the image of the nodes',
        from: 'aws',
        to: 'customer',
        when: [
          { types: ['AWS::EMR::Cluster', 'AWS::EMR::InstanceGroupConfig'], path: 'CustomAmiId', values: IMAGES },
          { types: ['AWS::EMR::Cluster'], path: 'Instances.MasterInstanceGroup.CustomAmiId', values: IMAGES },
          { types: ['AWS::EMR::Cluster'], path: 'Instances.CoreInstanceGroup.CustomAmiId', values: IMAGES },
          { types: ['AWS::EMR::Cluster'], path: 'Instances.TaskInstanceGroups[].CustomAmiId', values: IMAGES },
          ...FLEETS.map((path) => ({
            types: ['AWS::EMR::Cluster'],
            path: `Instances.${path}.InstanceTypeConfigs[].CustomAmiId`,
            values: IMAGES,
          })),
          { types: ['AWS::EMR::InstanceFleetConfig'], path: 'InstanceTypeConfigs[].CustomAmiId', values: IMAGES },
          { types: ['aws_emr_cluster'], path: 'custom_ami_id', values: IMAGES },
        ],
        text: 'With a custom AMI, nodes start from an image that you build, not from the one that EMR keeps up to date.',
        rule: {
          id: 'moves-emr-custom-ami',
          title: 'Nodes start from an image of your own',
          message: 'The node image is yours: building it on a current Amazon Linux moves from AWS to you',
          description:
            'EMR builds a default AMI for each release, and takes new Amazon Linux releases into it while that is the latest patch release. A custom AMI stays as it was built: rebuild it on the most recent Amazon Linux, and start clusters anew from it. It is right where software must be installed beforehand or the boot volume must be set up in a way of its own.',
          back: {
            safe: false,
            note: 'replaces the cluster or its nodes; bootstrap actions must install what the image held',
          },
        },
        sources: [EMR_CUSTOM_AMI, EMR_DEFAULT_AMI],
      },
      {
        concern: 'the Amazon Linux release of the nodes',
        from: 'aws',
        to: 'customer',
        when: [
          { types: ['AWS::EMR::Cluster'], path: 'OSReleaseLabel', values: ['*'] },
          { types: ['aws_emr_cluster'], path: 'os_release_label', values: ['*'] },
        ],
        text: 'A cluster that names its Amazon Linux release does not start on the latest one that EMR has validated.',
        rule: {
          id: 'moves-emr-os-release',
          title: 'Nodes stay on one Amazon Linux release',
          message: 'The Amazon Linux release is pinned: choosing a patched one moves from AWS to you',
          description:
            'Left to itself, EMR 6.6 and later start a cluster on the latest Amazon Linux release that is validated for the default AMI. A release that is named here is used for every new cluster, however old it gets. Name one to reproduce a fault or to wait for a fix, and remove it afterwards.',
          back: { safe: false, note: 'replaces the cluster' },
        },
        sources: [EMR_AL_RELEASE, EMR_DEFAULT_AMI],
      },
    ],
    sources: [EMR_DEFAULT_AMI, page('Security in Amazon EMR', 'emr/latest/ManagementGuide/emr-security.html')],
  },
  emrserverless: {
    name: 'Amazon EMR Serverless',
    kind: 'serverless',
    types: ['EMRServerless::', 'emrserverless_'],
    aws: 'the clusters below: nothing to configure, secure or operate to run Spark and Hive; base images to build on.',
    customer:
      'the code of jobs, the release, the runtime roles, the network of the application, images that you customize and their updates.',
    shared: [
      {
        control: 'Patching',
        aws: 'publishes releases and base images',
        customer: 'choose releases, and rebuild images',
      },
      CONFIGURATION,
    ],
    sources: [
      page('Customizing an EMR Serverless image', 'emr/latest/EMR-Serverless-UserGuide/application-custom-image.html'),
      page('Welcome (Amazon EMR Serverless API Reference)', 'emr-serverless/latest/APIReference/Welcome.html'),
      page(
        'Infrastructure security in Amazon EMR Serverless',
        'emr/latest/EMR-Serverless-UserGuide/infrastructure-security.html',
      ),
    ],
  },
  emrcontainers: {
    name: 'Amazon EMR on EKS',
    kind: 'managed',
    types: ['EMRContainers::', 'emrcontainers_'],
    aws: 'releases as container images, which it patches regularly.',
    customer: 'the EKS cluster it runs on, job roles, the code of jobs, and patches for what you add to an image.',
    shared: [
      {
        control: 'Patching',
        aws: 'patches the base images',
        customer: 'rebuild custom images on them, and patch the binaries that you add',
      },
      CONFIGURATION,
    ],
    sources: [
      page(
        'Amazon EMR on EKS security best practices',
        'emr/latest/EMR-on-EKS-DevelopmentGuide/security-best-practices.html',
      ),
      page(
        'Considerations for customizing images (Amazon EMR on EKS)',
        'emr/latest/EMR-on-EKS-DevelopmentGuide/docker-custom-images-considerations.html',
      ),
    ],
  },
  quicksight: {
    name: 'Amazon QuickSight',
    kind: 'abstracted',
    types: ['QuickSight::', 'quicksight_'],
    aws: 'the service, and encryption of credentials of data sources and of data in SPICE, with its own keys unless you register one.',
    customer:
      'users and what they may see, data sources and their credentials, TLS to them, a key of your own, registered before the data it is for.',
    shared: [CONFIGURATION],
    sources: [
      page('Data encryption in Amazon Quick', 'quick/latest/userguide/data-encryption.html'),
      page('Data protection in Amazon Quick', 'quick/latest/userguide/sec-data-protection.html'),
    ],
  },
  appflow: {
    name: 'Amazon AppFlow',
    kind: 'abstracted',
    types: ['AppFlow::', 'appflow_'],
    aws: 'the infrastructure of flows, TLS in transit, and storing credentials of connections encrypted, in your Secrets Manager.',
    customer:
      'which applications are connected and with which credentials, what a flow carries and where to, private connections, the choice of key.',
    shared: [CONFIGURATION],
    sources: [
      page('Data protection in Amazon AppFlow', 'appflow/latest/userguide/data-protection.html'),
      page('Managing Amazon AppFlow connections', 'appflow/latest/userguide/connections.html'),
    ],
  },
} satisfies Record<string, ServiceResponsibility>;
