/** Who does what in messaging, workflows, devices and media: each row rests on the AWS pages that it names. */

import { CONFIGURATION, page, type ServiceResponsibility } from '../model.ts';

const OWN_DKIM = page(
  'Provide your own DKIM authentication token (BYODKIM) in Amazon SES',
  'ses/latest/dg/send-email-authentication-dkim-bring-your-own.html',
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
      page('Announcing server-side encryption with Amazon SQS-managed encryption keys by default (AWS Compute Blog)'),
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
      page('Data protection (Amazon SNS)', 'sns/latest/dg/sns-data-protection.html'),
      page('Amazon SNS security best practices', 'sns/latest/dg/sns-security-best-practices.html'),
    ],
  },
  events: {
    name: 'Amazon EventBridge',
    kind: 'abstracted',
    types: ['Events::', 'EventsV2::', 'EventSchemas::', 'cloudwatch_event_', 'schemas_'],
    aws: 'the infrastructure of buses, rules and registries; the secret in which it keeps credentials of a connection.',
    customer:
      'policies on buses and schema registries, the roles that rules use, what events carry and where they go, the choice of key.',
    shared: [CONFIGURATION],
    sources: [
      page(
        'Configuration and vulnerability analysis in Amazon EventBridge',
        'eventbridge/latest/userguide/eb-analysis.html',
      ),
      EVENTS_DATA,
    ],
  },
  pipes: {
    name: 'Amazon EventBridge Pipes',
    kind: 'abstracted',
    types: ['Pipes::', 'pipes_'],
    aws: 'the infrastructure of pipes, and encryption of their data with a key that AWS owns unless you name one.',
    customer: 'the role of the pipe, source and target, credentials of brokers it reads from, logs, the choice of key.',
    shared: [CONFIGURATION],
    sources: [EVENTS_DATA, page('AWS::Pipes::Pipe (AWS CloudFormation Template Reference)')],
  },
  scheduler: {
    name: 'Amazon EventBridge Scheduler',
    kind: 'abstracted',
    types: ['Scheduler::', 'scheduler_'],
    aws: 'the infrastructure of schedules, and encryption of all their data, with a key that AWS owns by default.',
    customer: 'the execution role, the target and what is handed to it, and policy and use of a key of your own.',
    shared: [CONFIGURATION],
    sources: [page('Encryption at rest in EventBridge Scheduler', 'scheduler/latest/UserGuide/encryption-rest.html')],
  },
  states: {
    name: 'AWS Step Functions',
    kind: 'abstracted',
    types: ['StepFunctions::', 'Serverless::StateMachine', 'sfn_'],
    aws: 'the infrastructure that runs state machines, and encryption at rest, with keys that AWS owns by default.',
    customer:
      'the definition and the role of a state machine, what its input and history reveal, logging, the choice of key.',
    shared: [CONFIGURATION],
    sources: [
      page('Configuration and vulnerability analysis in AWS Step Functions'),
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
      'public access and security groups, users of the broker and their passwords, the engine version, logs, the choice of key.',
    shared: [
      {
        control: 'Patching',
        aws: 'patches brokers in the maintenance window',
        customer: 'choose the window, and let minor versions in',
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
        text: 'With automatic upgrades off, new versions of the engine wait until you install them.',
        rule: 'mq-minor-upgrade',
        sources: [page('Maintaining an Amazon MQ broker', 'amazon-mq/latest/developer-guide/maintaining-brokers.html')],
      },
    ],
    sources: [
      page('Maintaining an Amazon MQ broker', 'amazon-mq/latest/developer-guide/maintaining-brokers.html'),
      page('Data protection in Amazon MQ', 'amazon-mq/latest/developer-guide/data-protection.html'),
    ],
  },
  mwaa: {
    name: 'Amazon MWAA',
    kind: 'managed',
    types: ['MWAA::', 'mwaa_'],
    aws: 'the environment that runs Airflow, which it patches and upgrades periodically.',
    customer:
      'DAGs, plugins and Python requirements, who may add them, web server access, the execution role, the VPC, moving to newer versions of Airflow.',
    shared: [
      {
        control: 'Patching',
        aws: 'patches Airflow periodically, and with each update of the environment',
        customer: 'test DAGs and requirements against new versions',
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
            note: 'an environment keeps what it was created with, and a shared VPC needs CUSTOMER',
          },
        },
        sources: [page('CreateEnvironment (Amazon MWAA API Reference)', 'mwaa/latest/API/API_CreateEnvironment.html')],
      },
    ],
    sources: [
      page(
        'Configuration and vulnerability analysis in Amazon MWAA',
        'mwaa/latest/userguide/configuration-vulnerability-analysis.html',
      ),
      page('Update an Amazon MWAA environment', 'mwaa/latest/userguide/update-environment.html'),
      page('Security best practices on Amazon MWAA', 'mwaa/latest/userguide/security-best-practices.html'),
    ],
  },
  appsync: {
    name: 'AWS AppSync',
    kind: 'serverless',
    types: ['AppSync::', 'appsync_'],
    aws: 'the infrastructure of the API, and serving each change of its configuration once it is propagated.',
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
    aws: 'the infrastructure that sends and receives mail, trying TLS first, and DKIM keys that it generates and signs with.',
    customer:
      'who may send as an identity, DNS records, TLS that is required and not just tried, keys for mail stored in S3, what mail contains.',
    shared: [CONFIGURATION],
    movers: [
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
    aws: 'the APIs of its channels, carried on by AWS End User Messaging; support for campaigns and segments until 2026-10-30 only.',
    customer: 'the credentials of push services and channels, whom you message and about what, leaving what has ended.',
    shared: [CONFIGURATION],
    sources: [page('Amazon Pinpoint channels', 'pinpoint/latest/userguide/channels.html')],
  },
  smsvoice: {
    name: 'AWS End User Messaging SMS',
    kind: 'abstracted',
    types: ['SMSVOICE::', 'pinpointsmsvoicev2_'],
    aws: 'the infrastructure that sends and receives messages, and by default opting out those who answer STOP.',
    customer:
      'whom you message and about what, policies that share numbers, pools and opt-out lists, roles for inbound messages.',
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
          back: { set: false, safe: false, note: 'AWS then handles STOP before your application sees it' },
        },
        sources: [OPT_OUTS],
      },
    ],
    sources: [
      OPT_OUTS,
      page(
        'How AWS End User Messaging SMS works with IAM',
        'sms-voice/latest/userguide/security_iam_service-with-iam.html',
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
    sources: [
      page('AWS IoT security', 'iot/latest/developerguide/iot-security.html'),
      page('Security best practices in AWS IoT Core', 'iot/latest/developerguide/security-best-practices.html'),
      page(
        'Vulnerability analysis and management in AWS IoT Core',
        'iot/latest/developerguide/vulnerability-analysis-and-management.html',
      ),
    ],
  },
  mediastore: {
    name: 'AWS Elemental MediaStore',
    kind: 'abstracted',
    types: ['MediaStore::', 'media_store_'],
    aws: 'the storage, and a policy on each new container that demands HTTPS.',
    customer: 'the container policy once you change it, CORS, access logs, how long objects are kept.',
    shared: [CONFIGURATION],
    sources: [
      page('Data protection in AWS Elemental MediaStore', 'mediastore/latest/ug/data-protection.html'),
      page('Container policies in AWS Elemental MediaStore', 'mediastore/latest/ug/policies.html'),
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
