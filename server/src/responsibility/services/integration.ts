/** Who does what in messaging, workflows, devices and media: each row rests on the AWS pages that it names. */

import { CONFIGURATION, page, type ServiceResponsibility } from '../model.ts';

const OWN_DKIM = page(
  'Provide your own DKIM authentication token (BYODKIM) in Amazon SES',
  'ses/latest/dg/send-email-authentication-dkim-bring-your-own.html',
);
const MQ_UPGRADES = page(
  'Upgrading an Amazon MQ broker engine version',
  'amazon-mq/latest/developer-guide/upgrading-brokers.html',
);
const OPT_OUTS = page('Opt-out lists in AWS End User Messaging SMS', 'sms-voice/latest/userguide/opt-out-list.html');
const EVENTS_DATA = page(
  'Data protection in Amazon EventBridge',
  'eventbridge/latest/userguide/eb-data-protection.html',
);

export const INTEGRATION = {
  sqs: {
    name: 'Amazon SQS',
    kind: 'abstracted',
    types: ['SQS::', 'sqs_'],
    aws: 'the infrastructure that stores and delivers messages, and encryption of new queues with keys that SQS owns.',
    customer:
      'who may send and receive, the queue policy above all, refusing requests without TLS, a KMS key where you need one, leaving encryption on.',
    shared: [CONFIGURATION],
    sources: [
      page(
        'Amazon SQS security best practices',
        'AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html',
      ),
      page(
        'Encryption at rest in Amazon SQS',
        'AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html',
      ),
      page(
        'AWS::SQS::Queue (CloudFormation Template Reference)',
        'AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html',
      ),
    ],
  },
  sns: {
    name: 'Amazon SNS',
    kind: 'abstracted',
    types: ['SNS::', 'sns_'],
    aws: 'the infrastructure that takes messages and delivers them to subscribers.',
    customer:
      'who may publish and subscribe, the topic policy above all, server-side encryption and its key, HTTPS for publishers and endpoints.',
    shared: [CONFIGURATION],
    sources: [
      page('Amazon SNS security best practices', 'sns/latest/dg/sns-security-best-practices.html'),
      page('Securing Amazon SNS data with server-side encryption', 'sns/latest/dg/sns-server-side-encryption.html'),
    ],
  },
  events: {
    name: 'Amazon EventBridge',
    kind: 'abstracted',
    types: ['Events::', 'EventsV2::', 'EventSchemas::', 'cloudwatch_event_', 'schemas_'],
    aws: 'the infrastructure of buses, rules and registries; encryption of events at rest, with a key that it owns by default, and TLS in transit.',
    customer:
      'policies on buses and registries, roles of rules, where events go, credentials of connections, the key; no secrets in names and tags, which stay unencrypted.',
    shared: [CONFIGURATION],
    sources: [
      EVENTS_DATA,
      page(
        'Configuration and vulnerability analysis in Amazon EventBridge',
        'eventbridge/latest/userguide/eb-analysis.html',
      ),
    ],
  },
  pipes: {
    name: 'Amazon EventBridge Pipes',
    kind: 'abstracted',
    types: ['Pipes::', 'pipes_'],
    aws: 'the infrastructure of pipes, which stores no events at rest, and encryption of patterns and transformers, with a key of its own unless you name one.',
    customer: 'the role of the pipe, source and target, credentials of brokers it reads from, logs, the choice of key.',
    shared: [CONFIGURATION],
    sources: [
      EVENTS_DATA,
      page(
        'AWS::Pipes::Pipe (CloudFormation Template Reference)',
        'AWSCloudFormation/latest/TemplateReference/aws-resource-pipes-pipe.html',
      ),
    ],
  },
  scheduler: {
    name: 'Amazon EventBridge Scheduler',
    kind: 'abstracted',
    types: ['Scheduler::', 'scheduler_'],
    aws: 'the infrastructure of schedules, and encryption of all their data, with a key that AWS owns by default.',
    customer:
      'the execution role, the target and what is handed to it, and, where you bring a key for that payload, its policy.',
    shared: [CONFIGURATION],
    sources: [page('Encryption at rest in EventBridge Scheduler', 'scheduler/latest/UserGuide/encryption-rest.html')],
  },
  states: {
    name: 'AWS Step Functions',
    kind: 'abstracted',
    types: ['StepFunctions::', 'Serverless::StateMachine', 'sfn_'],
    aws: 'the infrastructure that runs state machines, and encryption at rest with its own keys, which cannot be switched off.',
    customer:
      'the definition and the role of a state machine, what its input and history reveal, logging, a key of your own as a second layer.',
    shared: [CONFIGURATION],
    sources: [
      page('Data at rest encryption in Step Functions', 'step-functions/latest/dg/encryption-at-rest.html'),
      page(
        'EncryptionConfiguration (AWS Step Functions API Reference)',
        'step-functions/latest/apireference/API_EncryptionConfiguration.html',
      ),
    ],
  },
  mq: {
    name: 'Amazon MQ',
    kind: 'managed',
    types: ['AmazonMQ::', 'mq_'],
    aws: 'maintenance of hardware and operating system of brokers, encryption at rest that is always on, TLS between brokers.',
    customer:
      'public access and security groups, users of the broker and their passwords, major and minor versions of the engine, logs, the choice of key.',
    shared: [
      {
        control: 'Patching',
        aws: 'patches brokers in the maintenance window',
        customer: 'choose the window, and upgrade the engine before its support ends',
      },
      {
        control: 'Availability',
        aws: 'maintains one node at a time where there are several',
        customer: 'choose a deployment across zones',
      },
    ],
    movers: [
      {
        concern: 'upgrades of the engine',
        from: 'aws',
        to: 'customer',
        when: [
          { types: ['AWS::AmazonMQ::Broker'], path: 'AutoMinorVersionUpgrade', values: ['false'] },
          { types: ['aws_mq_broker'], path: 'auto_minor_version_upgrade', values: ['false'], absent: true },
        ],
        text: 'With automatic upgrades off, which only engines before ActiveMQ 5.18 and RabbitMQ 3.13 allow, new patch versions wait for you.',
        rule: 'mq-minor-upgrade',
        sources: [MQ_UPGRADES],
      },
    ],
    sources: [
      page(
        'Scheduling the maintenance window for an Amazon MQ broker',
        'amazon-mq/latest/developer-guide/maintaining-brokers.html',
      ),
      MQ_UPGRADES,
      page('Data protection in Amazon MQ', 'amazon-mq/latest/developer-guide/data-protection.html'),
    ],
  },
  mwaa: {
    name: 'Amazon MWAA',
    kind: 'managed',
    types: ['MWAA::', 'mwaa_'],
    aws: 'the Fargate compute, metadata database and web server that run Airflow, patched images for them, encryption, scaling within your limits.',
    customer:
      'DAGs, plugins, requirements and startup scripts, who may add them, updating the environment to newer images and versions, web server access, the execution role, the VPC.',
    shared: [
      {
        control: 'Patching',
        aws: 'builds and patches the images that Airflow runs on',
        customer: 'update the environment to them, and keep Python requirements secure',
      },
      CONFIGURATION,
    ],
    movers: [
      {
        concern: 'the VPC endpoints of the environment',
        from: 'aws',
        to: 'customer',
        when: [
          { types: ['AWS::MWAA::Environment'], path: 'EndpointManagement', values: ['CUSTOMER'] },
          { types: ['aws_mwaa_environment'], path: 'endpoint_management', values: ['CUSTOMER'] },
        ],
        text: 'With endpoint management CUSTOMER you create and manage the VPC endpoints that MWAA otherwise looks after.',
        rule: {
          id: 'moves-mwaa-endpoints',
          title: 'VPC endpoints of Airflow are left to you',
          message: 'You manage the VPC endpoints: creating and keeping them moves from AWS to you',
          description:
            'An environment needs VPC endpoints in your VPC. MWAA creates and manages them, unless it is told that you do. In a shared VPC it has to be so: the environment then waits for your endpoints, and fails when there are none after 72 hours. Elsewhere `SERVICE` is less work.',
          back: {
            set: 'SERVICE',
            safe: false,
            note: 'only a new environment takes it, and a shared VPC needs CUSTOMER',
          },
        },
        sources: [page('CreateEnvironment (Amazon MWAA API Reference)', 'mwaa/latest/API/API_CreateEnvironment.html')],
      },
    ],
    sources: [
      page('AWS shared responsibility model for Amazon MWAA', 'mwaa/latest/userguide/shared-responsibility.html'),
      page('Update an Amazon MWAA environment', 'mwaa/latest/userguide/update-environment.html'),
      page('Security best practices on Amazon MWAA', 'mwaa/latest/userguide/security-best-practices.html'),
    ],
  },
  appsync: {
    name: 'AWS AppSync',
    kind: 'serverless',
    types: ['AppSync::', 'appsync_'],
    aws: 'the infrastructure of the API, and TLS 1.2 or later between it and other AWS services.',
    customer:
      'how callers authenticate and what they may ask for, resolvers and the roles of data sources, HTTPS to what they call, API keys, logs.',
    shared: [CONFIGURATION],
    sources: [
      page('Security best practices for AWS AppSync', 'appsync/latest/devguide/best-practices.html'),
      page('Data protection in AWS AppSync', 'appsync/latest/devguide/data-protection.html'),
    ],
  },
  ses: {
    name: 'Amazon SES',
    kind: 'abstracted',
    types: ['SES::', 'ses_', 'sesv2_'],
    aws: 'the infrastructure that sends and receives mail, trying TLS first; with Easy DKIM also the keys that mail is signed with.',
    customer:
      'who may send as an identity, DNS records, TLS that is required and not just tried, keys for mail stored in S3, what mail contains.',
    shared: [CONFIGURATION],
    movers: [
      {
        concern: 'number and warm-up of dedicated IP addresses',
        from: 'customer',
        to: 'shared',
        when: [
          { types: ['AWS::SES::DedicatedIpPool'], path: 'ScalingMode', values: ['MANAGED'] },
          { types: ['aws_sesv2_dedicated_ip_pool'], path: 'scaling_mode', values: ['MANAGED'] },
        ],
        text: 'In a managed pool, SES decides on the addresses and warms them up; your reputation, and leaving block lists, stay with you.',
        sources: [
          page('Dedicated IP addresses (managed) for Amazon SES', 'ses/latest/dg/managed-dedicated-sending.html'),
        ],
      },
      {
        concern: 'the DKIM key pair',
        from: 'aws',
        to: 'customer',
        when: [
          { types: ['AWS::SES::EmailIdentity'], path: 'DkimSigningAttributes.DomainSigningSelector', values: ['*'] },
          {
            types: ['aws_sesv2_email_identity'],
            path: 'dkim_signing_attributes.domain_signing_selector',
            values: ['*'],
          },
        ],
        text: 'With Easy DKIM, SES generates the key pair; with a key of your own, you generate, protect and rotate it.',
        rule: {
          id: 'moves-ses-own-dkim',
          title: 'Mail is signed with a DKIM key of your own',
          message: 'The DKIM key is yours: generating, protecting and rotating it moves from AWS to you',
          description:
            'Easy DKIM lets SES generate the key pair, and DNS records point to what it publishes. With a key pair of your own, the private key passes through your hands and your template, and rotating it means a new pair, a new DNS record and a new deployment. It is right where a single DNS record must do, or where your policy asks for keys of your own; take the private key from a secret.',
        },
        sources: [
          OWN_DKIM,
          page('Authenticating Email with DKIM in Amazon SES', 'ses/latest/dg/send-email-authentication-dkim.html'),
        ],
      },
    ],
    sources: [
      page('Data protection in Amazon Simple Email Service', 'ses/latest/dg/data-protection.html'),
      page('Security in Amazon Simple Email Service', 'ses/latest/dg/security.html'),
    ],
  },
  pinpoint: {
    name: 'Amazon Pinpoint',
    kind: 'abstracted',
    types: ['Pinpoint::', 'pinpoint_'],
    aws: 'the APIs of its channels, carried on by AWS End User Messaging; support for segments, campaigns and journeys ended on 2026-10-30.',
    customer:
      'the credentials of push services and channels, whom you message and about what, moving away from what has ended.',
    shared: [CONFIGURATION],
    sources: [page('Amazon Pinpoint channels', 'pinpoint/latest/userguide/channels.html')],
  },
  smsvoice: {
    name: 'AWS End User Messaging SMS',
    kind: 'abstracted',
    types: ['SMSVOICE::', 'pinpointsmsvoicev2_'],
    aws: 'the infrastructure that sends and receives messages, and by default opting out those who answer STOP.',
    customer:
      'whom you message and about what, sharing of numbers, pools and opt-out lists with other accounts, roles for inbound messages.',
    shared: [CONFIGURATION],
    movers: [
      {
        concern: 'opt-outs of recipients',
        from: 'aws',
        to: 'customer',
        when: [
          {
            types: ['AWS::SMSVOICE::PhoneNumber', 'AWS::SMSVOICE::Pool'],
            path: 'SelfManagedOptOutsEnabled',
            values: ['true'],
          },
          {
            types: ['aws_pinpointsmsvoicev2_phone_number', 'aws_pinpointsmsvoicev2_pool'],
            path: 'self_managed_opt_outs_enabled',
            values: ['true'],
          },
        ],
        text: 'AWS puts whoever answers STOP on the opt-out list, unless self-managed opt-outs leave that to you.',
        rule: {
          id: 'moves-sms-opt-outs',
          title: 'Opt-outs of recipients are left to you',
          message: 'Opt-outs are self-managed: honouring STOP moves from AWS to you',
          description:
            'By default AWS adds a recipient who answers STOP to the opt-out list, and sends nothing more to that number. With self-managed opt-outs it does neither: your application must read the answers, keep the list and stop sending. It is right where a consent system of your own does that already.',
          back: {
            set: false,
            safe: false,
            note: 'AWS then answers HELP and STOP instead of handing them to your application',
          },
        },
        sources: [page('Self managed opt-outs', 'sms-voice/latest/userguide/opt-out-list-self-managed.html'), OPT_OUTS],
      },
    ],
    sources: [
      OPT_OUTS,
      page(
        'Working with shared resources in AWS End User Messaging SMS',
        'sms-voice/latest/userguide/shared-resources.html',
      ),
    ],
  },
  iot: {
    name: 'AWS IoT Core',
    kind: 'abstracted',
    types: ['IoT::', 'iot_'],
    aws: 'the message broker, which authenticates devices over TLS and enforces their policies; server certificates, renewed in time.',
    customer:
      'credentials of devices, one identity each, the policy of each device, rules and their roles, the devices and the software on them.',
    shared: [
      CONFIGURATION,
      {
        control: 'Detection',
        aws: 'offers audits and detection in Device Defender',
        customer: 'turn them on and act on what they find',
      },
    ],
    situations: [
      {
        label: 'with a custom authorizer',
        when: [{ types: ['AWS::IoT::Authorizer', 'aws_iot_authorizer'] }],
        aws: 'calling the authorizer when a device connects, and letting it do what the answer allows.',
        customer:
          'authenticating devices and deciding what they may do: the Lambda function, its code and upkeep, the keys that tokens are signed with.',
      },
    ],
    sources: [
      page('AWS IoT security', 'iot/latest/developerguide/iot-security.html'),
      page('Security best practices in AWS IoT Core', 'iot/latest/developerguide/security-best-practices.html'),
    ],
  },
  mediastore: {
    name: 'AWS Elemental MediaStore',
    kind: 'abstracted',
    types: ['MediaStore::', 'media_store_'],
    aws: 'nothing any more: support ended on 2025-11-13, and containers can no longer be reached.',
    customer: 'moving to another origin for video, such as S3, and taking containers out of templates.',
    shared: [CONFIGURATION],
    sources: [
      page(
        'AWS::MediaStore::Container (CloudFormation Template Reference)',
        'AWSCloudFormation/latest/TemplateReference/aws-resource-mediastore-container.html',
      ),
    ],
  },
  mediapackage: {
    name: 'AWS Elemental MediaPackage',
    kind: 'abstracted',
    types: ['MediaPackage::', 'MediaPackageV2::', 'media_package_', 'media_packagev2_'],
    aws: 'the infrastructure that packages and delivers video.',
    customer: 'policies on channels and endpoints, encryption of content with DRM, and CDN authorization of requests.',
    shared: [CONFIGURATION],
    sources: [
      page('Security in AWS Elemental MediaPackage', 'mediapackage/latest/ug/security.html'),
      page('Data protection in AWS Elemental MediaPackage', 'mediapackage/latest/ug/data-protection.html'),
    ],
  },
  mediatailor: {
    name: 'AWS Elemental MediaTailor',
    kind: 'abstracted',
    types: ['MediaTailor::'],
    aws: 'the infrastructure that assembles manifests, whose data it neither encrypts nor decrypts.',
    customer:
      'channel policies, protection of content at its origin, and keeping sensitive data out of URLs and parameters.',
    shared: [CONFIGURATION],
    sources: [
      page('Security in AWS Elemental MediaTailor', 'mediatailor/latest/ug/security.html'),
      page('Data protection in AWS Elemental MediaTailor', 'mediatailor/latest/ug/data-protection.html'),
    ],
  },
} satisfies Record<string, ServiceResponsibility>;
