/**
 * The AWS shared responsibility model by service: what AWS takes care of, what stays with the customer, where both act.
 * Each row rests on the named page of the AWS documentation. Services whose page was not read are left out: a hover then says
 * nothing of the service rather than something that is guessed.
 */

/** Infrastructure, managed and abstracted are the model's three classes; serverless is the part of the last two without hosts. */
export type ServiceClass = 'infrastructure' | 'managed' | 'serverless' | 'abstracted';

export interface ServiceResponsibility {
  readonly name: string;
  /** `an infrastructure service`, for "Amazon EC2 is …". */
  readonly serviceClass: string;
  readonly kind: ServiceClass;
  /** Security of the cloud: AWS's part. */
  readonly aws: string;
  /** Security in the cloud: the customer's part. */
  readonly customer: string;
  /** Controls in which both act, each in its layer; empty where none is particular to the service. */
  readonly shared: string;
  /** Title of the AWS page. */
  readonly source: string;
}

const CLASS: Record<ServiceClass, string> = {
  infrastructure: 'an infrastructure service: you run what is inside the machine or network',
  managed: 'a managed service: AWS runs the platform, you configure it',
  serverless: 'a serverless service: AWS runs everything below your code',
  abstracted: 'an abstracted service: AWS runs it all, you own data and access',
};

function service(
  name: string,
  kind: ServiceClass,
  aws: string,
  customer: string,
  shared: string,
  source: string,
): ServiceResponsibility {
  return { name, kind, serviceClass: CLASS[kind], aws, customer, shared, source };
}

const CONFIGURATION = 'Configuration: AWS configures its devices and software, you configure the resource.';

const SERVICES = {
  ec2: service(
    'Amazon EC2',
    'infrastructure',
    'facilities, hosts and the hypervisor.',
    'who can reach the instance, login credentials, the guest operating system and its patches, the permissions of its role.',
    'Patching: AWS patches the hosts, you patch the guest. Configuration: each side its own layer.',
    'Security in Amazon EC2',
  ),
  ebs: service(
    'Amazon EBS',
    'infrastructure',
    'the storage hardware and its durability.',
    'whether volumes are encrypted and with which key, and with whom snapshots are shared.',
    CONFIGURATION,
    'Data protection in Amazon EC2',
  ),
  vpc: service(
    'Amazon VPC',
    'infrastructure',
    'the network fabric and the isolation between networks.',
    'security groups, network ACLs, routes, endpoints and flow logs.',
    CONFIGURATION,
    'Security in Amazon Virtual Private Cloud',
  ),
  ecs: service(
    'Amazon ECS',
    'managed',
    'the control plane, and with Fargate the hosts as well.',
    'images, task and execution roles, secrets, network exposure; with the EC2 launch type also the instances.',
    'Patching: AWS patches Fargate hosts and publishes AMIs, you roll out images and AMIs.',
    'AWS shared responsibility model for Amazon ECS',
  ),
  eks: service(
    'Amazon EKS',
    'managed',
    'the control-plane nodes and etcd.',
    'the data plane: security groups, node and container configuration, node patches, network controls, IAM.',
    'Patching and configuration: AWS builds patched node images, you deploy them.',
    'Security in Amazon EKS',
  ),
  lambda: service(
    'AWS Lambda',
    'serverless',
    'the execution environment and the managed runtimes, for which it publishes patches.',
    'code, libraries and layers, the role, the resource policy and URL, secrets in the environment, moving off deprecated runtimes.',
    'Runtime patching: AWS applies it in Auto mode; Function update, Manual and container images move it towards you.',
    'Understanding the shared responsibility model for Lambda runtime management',
  ),
  beanstalk: service(
    'AWS Elastic Beanstalk',
    'managed',
    'platform updates, applied where managed updates are on.',
    'the application, its data, staying on a supported platform, and patching where you opt out of managed updates.',
    'Patching: by the managed-updates setting.',
    'Shared responsibility model for Elastic Beanstalk platform maintenance',
  ),
  codebuild: service(
    'AWS CodeBuild',
    'managed',
    'the host operating system, virtualisation and facilities.',
    'the build image, project credentials, security groups, privileged mode.',
    CONFIGURATION,
    'Security in AWS CodeBuild',
  ),
  rds: service(
    'Amazon RDS',
    'managed',
    'the operating system and the database software: installing and patching both, the mechanics of backup and failover.',
    'public access and security groups, encryption when the database is made, IAM and database users, TLS, which backups and upgrades you want.',
    'Patching: AWS supplies and applies it in your maintenance window, if you allow minor upgrades. Backup: AWS makes them, you choose how many.',
    'What is Amazon RDS?; Security in Amazon RDS',
  ),
  aurora: service(
    'Amazon Aurora',
    'managed',
    'the hosting software and infrastructure; new Aurora clusters since 2026-02-18 are encrypted with a key AWS owns.',
    'network exposure, IAM and database users, your own key, clusters made or restored from older ones.',
    'Patching: some patches are required.',
    'Security in Amazon Aurora; Encrypting Amazon Aurora resources',
  ),
  dynamodb: service(
    'Amazon DynamoDB',
    'abstracted',
    'guest operating system and database patching, firewalls, disaster recovery; user data is always encrypted at rest.',
    'IAM and resource policies, the kind of key, point-in-time recovery, deletion protection.',
    CONFIGURATION,
    'Configuration and vulnerability analysis in Amazon DynamoDB',
  ),
  s3: service(
    'Amazon S3',
    'abstracted',
    'patching, firewalls and disaster recovery of the service; every new object is encrypted (SSE-S3), new buckets block public access and have ACLs off.',
    'your data and who owns objects, access through IAM, policies and settings, encryption choices, turning on detective controls.',
    CONFIGURATION,
    'Amazon S3 security; Configuration and vulnerability analysis in Amazon S3',
  ),
  efs: service(
    'Amazon EFS',
    'abstracted',
    'the service software and its storage.',
    'security groups of mount targets, the file system policy, encryption when it is made (off by default in templates), backups.',
    CONFIGURATION,
    'Security considerations for Amazon EFS; Data encryption in Amazon EFS',
  ),
  redshift: service(
    'Amazon Redshift',
    'managed',
    'operating system and database patching, firewalls, disaster recovery.',
    'public access, encryption of provisioned clusters, TLS, the admin user, audit logs.',
    'Patching: AWS applies it in the window that you choose.',
    'Configuration and vulnerability analysis in Amazon Redshift',
  ),
  elasticache: service(
    'Amazon ElastiCache',
    'managed',
    'monitoring the fleet and offering service updates.',
    'when self-service updates are applied, encryption in transit and at rest, authentication.',
    'Patching: AWS offers it, you apply it or let it be applied.',
    'Security in Amazon ElastiCache',
  ),
  opensearch: service(
    'Amazon OpenSearch Service',
    'managed',
    'required updates of the service software, which it schedules.',
    'optional updates, the access policy, fine-grained access control, encryption between nodes, at rest and over HTTPS.',
    'Patching: required updates are AWS’s, optional ones yours.',
    'Service software updates in Amazon OpenSearch Service',
  ),
  msk: service(
    'Amazon MSK',
    'managed',
    'security patching in maintenance, encryption at rest, renewal of TLS certificates.',
    'public access, client authentication, TLS only, the choice of key.',
    'Patching.',
    'Security in Amazon MSK; Amazon MSK encryption',
  ),
  emr: service(
    'Amazon EMR',
    'managed',
    'the release and its default AMI.',
    'rebooting or a custom AMI for kernel fixes, blocking public access, the security configuration.',
    'Patching.',
    'Security in Amazon EMR',
  ),
  sagemaker: service(
    'Amazon SageMaker',
    'managed',
    'testing and releasing notebook software.',
    'stopping and starting to receive it, direct internet access, root access, the VPC, keys.',
    'Patching.',
    'Security in Amazon SageMaker',
  ),
  glue: service(
    'AWS Glue',
    'serverless',
    'the engine and its workers.',
    'the security configuration, the role of jobs, connections, a supported version.',
    CONFIGURATION,
    'Security in AWS Glue',
  ),
  kinesis: service(
    'Amazon Kinesis Data Streams',
    'abstracted',
    'the service and its storage.',
    'server-side encryption and its key, the policy, retention.',
    CONFIGURATION,
    'Security in Amazon Kinesis Data Streams',
  ),
  sqs: service(
    'Amazon SQS',
    'abstracted',
    'the service and its storage; new queues are encrypted with keys SQS owns.',
    'the queue policy, a key of your own, what the template switches off.',
    CONFIGURATION,
    'Data protection in Amazon SQS',
  ),
  sns: service(
    'Amazon SNS',
    'abstracted',
    'the service and its storage.',
    'the topic policy, server-side encryption and its key, HTTPS for subscriptions.',
    CONFIGURATION,
    'Data protection in Amazon SNS',
  ),
  events: service(
    'Amazon EventBridge',
    'abstracted',
    'running the service.',
    'bus policies and roles, logging, the choice of key.',
    CONFIGURATION,
    'Configuration and vulnerability analysis in Amazon EventBridge',
  ),
  states: service(
    'AWS Step Functions',
    'abstracted',
    'running the service; data is always encrypted at rest.',
    'roles, logging, the choice of key.',
    CONFIGURATION,
    'Configuration and vulnerability analysis in AWS Step Functions',
  ),
  apigateway: service(
    'Amazon API Gateway',
    'abstracted',
    'the managed endpoints and where their TLS ends.',
    'authorisers, the resource policy, logging, the firewall in front, the TLS policy.',
    CONFIGURATION,
    'Vulnerability analysis in Amazon API Gateway',
  ),
  cloudfront: service(
    'Amazon CloudFront',
    'abstracted',
    'the edge network.',
    'the security of the origin, the viewer policy, access to the origin, logging, the firewall in front.',
    CONFIGURATION,
    'Security in Amazon CloudFront',
  ),
  iam: service(
    'AWS IAM',
    'abstracted',
    'patching and availability of the service.',
    'every policy and trust relationship, MFA, the rotation of keys.',
    'Configuration; awareness and training: each side trains its own people.',
    'Configuration and vulnerability analysis in AWS IAM; Security in IAM and AWS STS',
  ),
  kms: service(
    'AWS KMS',
    'abstracted',
    'security, availability and durability of the key material of standard keys.',
    'key policies, rotation, which services use the key; with imported material its durability, with an external key store the keys themselves.',
    CONFIGURATION,
    'External key stores; Importing key material',
  ),
  secretsmanager: service(
    'AWS Secrets Manager',
    'abstracted',
    'storing secrets encrypted and encrypting them in transit.',
    'who may read them, their rotation, the key.',
    CONFIGURATION,
    'Security in AWS Secrets Manager',
  ),
  cloudtrail: service(
    'AWS CloudTrail',
    'abstracted',
    'delivering logs, encrypted with SSE-S3 by default.',
    'turning it on in every Region, validation, a key of your own, the policy of its bucket.',
    'Detection: AWS records, you switch it on and look.',
    'Security in AWS CloudTrail; Data protection in AWS CloudTrail',
  ),
  config: service(
    'AWS Config',
    'abstracted',
    'the service, its operating systems and databases, firewall and disaster recovery.',
    'switching the recorder on in every Region, what it records, acting on what rules find.',
    'Detection: AWS records, you switch it on and look.',
    'Infrastructure Security in AWS Config',
  ),
  guardduty: service(
    'Amazon GuardDuty',
    'abstracted',
    'the service, and the detection of threats in the logs that it reads.',
    'switching it on in every account and Region, acting on its findings.',
    'Detection: AWS watches, you switch it on and act.',
    'Security in Amazon GuardDuty',
  ),
  logs: service(
    'Amazon CloudWatch Logs',
    'abstracted',
    'storing log data, always encrypted.',
    'retention, a key of your own, who may read.',
    CONFIGURATION,
    'Encrypt log data in CloudWatch Logs using AWS KMS',
  ),
  cognito: service(
    'Amazon Cognito',
    'abstracted',
    'patching, firewalls and disaster recovery of the service.',
    'the password policy, unauthenticated identities, how applications are integrated.',
    CONFIGURATION,
    'Configuration and vulnerability analysis in Amazon Cognito',
  ),
} satisfies Record<string, ServiceResponsibility>;

type Key = keyof typeof SERVICES;

/** Longest match first: the start of a CloudFormation type (after `AWS::`) or of a Terraform type (after `aws_`). */
const PREFIXES: readonly (readonly [string, Key])[] = (
  [
    ['EC2::Volume', 'ebs'],
    ['EC2::Instance', 'ec2'],
    ['EC2::LaunchTemplate', 'ec2'],
    ['EC2::EC2Fleet', 'ec2'],
    ['EC2::SpotFleet', 'ec2'],
    ['EC2::Host', 'ec2'],
    ['EC2::KeyPair', 'ec2'],
    ['EC2::InstanceConnectEndpoint', 'vpc'],
    ['EC2::Snapshot', 'ebs'],
    ['EC2::', 'vpc'],
    ['ECS::', 'ecs'],
    ['EKS::', 'eks'],
    ['Lambda::', 'lambda'],
    ['Serverless::Function', 'lambda'],
    ['ElasticBeanstalk::', 'beanstalk'],
    ['CodeBuild::', 'codebuild'],
    ['RDS::DBCluster', 'aurora'],
    ['RDS::GlobalCluster', 'aurora'],
    ['RDS::', 'rds'],
    ['DynamoDB::', 'dynamodb'],
    ['Serverless::SimpleTable', 'dynamodb'],
    ['S3::', 's3'],
    ['EFS::', 'efs'],
    ['Redshift::', 'redshift'],
    ['ElastiCache::', 'elasticache'],
    ['OpenSearchService::', 'opensearch'],
    ['Elasticsearch::', 'opensearch'],
    ['MSK::', 'msk'],
    ['EMR::', 'emr'],
    ['SageMaker::', 'sagemaker'],
    ['Glue::', 'glue'],
    ['Kinesis::', 'kinesis'],
    ['SQS::', 'sqs'],
    ['SNS::', 'sns'],
    ['Events::', 'events'],
    ['StepFunctions::', 'states'],
    ['Serverless::StateMachine', 'states'],
    ['ApiGateway::', 'apigateway'],
    ['ApiGatewayV2::', 'apigateway'],
    ['Serverless::Api', 'apigateway'],
    ['Serverless::HttpApi', 'apigateway'],
    ['CloudFront::', 'cloudfront'],
    ['IAM::', 'iam'],
    ['KMS::', 'kms'],
    ['SecretsManager::', 'secretsmanager'],
    ['CloudTrail::', 'cloudtrail'],
    ['Config::', 'config'],
    ['GuardDuty::', 'guardduty'],
    ['Logs::', 'logs'],
    ['Cognito::', 'cognito'],
    ['instance', 'ec2'],
    ['launch_template', 'ec2'],
    ['launch_configuration', 'ec2'],
    ['ami', 'ec2'],
    ['ebs_', 'ebs'],
    ['vpc', 'vpc'],
    ['security_group', 'vpc'],
    ['default_security_group', 'vpc'],
    ['network_acl', 'vpc'],
    ['default_network_acl', 'vpc'],
    ['subnet', 'vpc'],
    ['route', 'vpc'],
    ['flow_log', 'vpc'],
    ['ecs_', 'ecs'],
    ['eks_', 'eks'],
    ['lambda_', 'lambda'],
    ['elastic_beanstalk_', 'beanstalk'],
    ['codebuild_', 'codebuild'],
    ['rds_cluster', 'aurora'],
    ['rds_global_cluster', 'aurora'],
    ['rds_', 'rds'],
    ['db_', 'rds'],
    ['dynamodb_', 'dynamodb'],
    ['s3_', 's3'],
    ['efs_', 'efs'],
    ['redshift_', 'redshift'],
    ['elasticache_', 'elasticache'],
    ['opensearch_', 'opensearch'],
    ['elasticsearch_', 'opensearch'],
    ['msk_', 'msk'],
    ['emr_', 'emr'],
    ['sagemaker_', 'sagemaker'],
    ['glue_', 'glue'],
    ['kinesis_stream', 'kinesis'],
    ['sqs_', 'sqs'],
    ['sns_', 'sns'],
    ['cloudwatch_event_', 'events'],
    ['sfn_', 'states'],
    ['api_gateway_', 'apigateway'],
    ['apigatewayv2_', 'apigateway'],
    ['cloudfront_', 'cloudfront'],
    ['iam_', 'iam'],
    ['kms_', 'kms'],
    ['secretsmanager_', 'secretsmanager'],
    ['cloudtrail', 'cloudtrail'],
    ['config_', 'config'],
    ['guardduty_', 'guardduty'],
    ['cloudwatch_log_', 'logs'],
    ['cognito_', 'cognito'],
  ] as [string, Key][]
).sort((a, b) => b[0].length - a[0].length);

/** Rules whose subject is another service than the resource's type says: the volumes of an instance are EBS. */
const BY_RULE: readonly (readonly [string, Key])[] = [
  ['ebs-', 'ebs'],
  ['iam-', 'iam'],
];

/**
 * The model of the service that a resource type belongs to: `AWS::S3::Bucket`, `aws_s3_bucket`, `data.aws_iam_policy_document`.
 * The rule id, where given, decides first; the engine, where given, tells a cluster of RDS from one of Aurora.
 * Undefined for services whose documentation was not read.
 */
export function serviceOf(type: string, { ruleId = '', engine = '' } = {}): ServiceResponsibility | undefined {
  for (const [prefix, key] of BY_RULE) if (ruleId.startsWith(prefix)) return SERVICES[key];
  if (type === '*') return SERVICES.iam;
  const bare = type
    .replace(/^data\./, '')
    .replace(/^AWS::/, '')
    .replace(/^aws_/, '');
  // A Terraform prefix ends at an underscore: `route` is no part of `route53_zone`, nor `vpc` of `vpclattice_service`.
  const match = PREFIXES.find(
    ([prefix]) => bare.startsWith(prefix) && (/[A-Z_]/.test(prefix) || /^(?:_|$)/.test(bare.slice(prefix.length))),
  );
  if (match?.[1] === 'aurora' && engine && !/^aurora/i.test(engine)) return SERVICES.rds;
  return match && SERVICES[match[1]];
}
