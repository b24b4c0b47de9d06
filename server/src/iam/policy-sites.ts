/**
 * Where policy documents live: the properties of CloudFormation types and Terraform resources that hold one, what it decides
 * on there and whose it is; and properties that look alike but hold another language.
 *
 * Sources: the CloudFormation resource specification and the SAM schema, cfn-lint's policy rules, the Terraform AWS
 * provider's schema, read in September 2026; variables.tf of the modules.
 */

import type { PolicyKind } from './document.ts';

export interface PolicySite {
  readonly type: string;
  /** As in `select`; `{}` stands for every member of a map. */
  readonly path: string;
  /** `organization`: decided by the Type beside it. */
  readonly kind: PolicyKind | 'organization';
  /** Prefix of the service that owns the resource. */
  readonly service?: string;
  /** The property holds one statement or a list of them, without a document around. */
  readonly statements?: boolean;
}

/** Type, path and service of each property, by kind. */
type Row = readonly [type: string, path: string, service?: string];

const IDENTITY: readonly Row[] = [
  ['AWS::IAM::Group', 'Policies[].PolicyDocument'],
  ['AWS::IAM::GroupPolicy', 'PolicyDocument'],
  ['AWS::IAM::ManagedPolicy', 'PolicyDocument'],
  ['AWS::IAM::Policy', 'PolicyDocument'],
  ['AWS::IAM::Role', 'Policies[].PolicyDocument'],
  ['AWS::IAM::RolePolicy', 'PolicyDocument'],
  ['AWS::IAM::User', 'Policies[].PolicyDocument'],
  ['AWS::IAM::UserPolicy', 'PolicyDocument'],
  ['AWS::SSO::PermissionSet', 'InlinePolicy'],
  ['AWS::Serverless::Function', 'Policies[]'],
  ['AWS::Serverless::StateMachine', 'Policies[]'],
  ['AWS::IoT::Policy', 'PolicyDocument', 'iot'],
  ['aws_iam_policy', 'policy'],
  ['aws_iam_group_policy', 'policy'],
  ['aws_iam_role_policy', 'policy'],
  ['aws_iam_user_policy', 'policy'],
  ['aws_iam_role', 'inline_policy[].policy', 'deprecated block'],
  ['aws_ssoadmin_permission_set_inline_policy', 'inline_policy'],
  ['aws_iot_policy', 'policy', 'iot'],
  ['module:terraform-aws-modules/iam/aws//modules/iam-policy', 'policy'],
  ['module:terraform-aws-modules/lambda/aws', 'policy_json'],
];

const TRUST: readonly Row[] = [
  ['AWS::IAM::Role', 'AssumeRolePolicyDocument', 'sts'],
  ['AWS::Serverless::Function', 'AssumeRolePolicyDocument', 'sts'],
  ['aws_iam_role', 'assume_role_policy', 'sts'],
];

const SESSION: readonly Row[] = [
  ['AWS::RolesAnywhere::Profile', 'SessionPolicy'],
  ['AWS::Transfer::User', 'Policy', 's3'],
  ['AWS::EKS::PodIdentityAssociation', 'Policy'],
  ['aws_rolesanywhere_profile', 'session_policy'],
  ['aws_transfer_user', 'policy', 's3'],
  ['aws_transfer_access', 'policy', 's3'],
];

const VPC_ENDPOINT: readonly Row[] = [
  ['AWS::EC2::VPCEndpoint', 'PolicyDocument'],
  ['AWS::ODB::OdbNetwork', 'S3PolicyDocument', 's3'],
  ['AWS::ODB::OdbNetwork', 'KmsPolicyDocument', 'kms'],
  ['AWS::ODB::OdbNetwork', 'StsPolicyDocument', 'sts'],
  ['aws_vpc_endpoint', 'policy'],
  ['aws_vpc_endpoint_policy', 'policy'],
  ['aws_odb_network', 's3_policy_document', 's3'],
];

const ORGANIZATION: readonly Row[] = [
  ['AWS::Organizations::Policy', 'Content'],
  ['aws_organizations_policy', 'content'],
];

const RESOURCE: readonly Row[] = [
  ['AWS::Organizations::ResourcePolicy', 'Content', 'organizations'],
  ['AWS::ApiGateway::RestApi', 'Policy', 'execute-api'],
  ['AWS::ApiGateway::DomainNameV2', 'Policy', 'execute-api'],
  ['AWS::APS::ResourcePolicy', 'PolicyDocument', 'aps'],
  ['AWS::AIOps::InvestigationGroup', 'InvestigationGroupPolicy', 'aiops'],
  ['AWS::Backup::BackupVault', 'AccessPolicy', 'backup'],
  ['AWS::Backup::LogicallyAirGappedBackupVault', 'AccessPolicy', 'backup'],
  ['AWS::Bedrock::ResourcePolicy', 'PolicyDocument', 'bedrock'],
  ['AWS::Bedrock::KnowledgeBasePolicy', 'PolicyDocument', 'bedrock'],
  ['AWS::BedrockAgentCore::ResourcePolicy', 'Policy', 'bedrock-agentcore'],
  ['AWS::CloudTrail::ResourcePolicy', 'ResourcePolicy', 'cloudtrail'],
  ['AWS::CodeArtifact::Domain', 'PermissionsPolicyDocument', 'codeartifact'],
  ['AWS::CodeArtifact::Repository', 'PermissionsPolicyDocument', 'codeartifact'],
  ['AWS::Comprehend::DocumentClassifier', 'ModelPolicy', 'comprehend'],
  ['AWS::Comprehend::EntityRecognizer', 'ModelPolicy', 'comprehend'],
  ['AWS::DSQL::Cluster', 'PolicyDocument', 'dsql'],
  ['AWS::DynamoDB::Table', 'ResourcePolicy.PolicyDocument', 'dynamodb'],
  ['AWS::DynamoDB::Table', 'StreamSpecification.ResourcePolicy.PolicyDocument', 'dynamodb'],
  ['AWS::DynamoDB::GlobalTable', 'Replicas[].ResourcePolicy.PolicyDocument', 'dynamodb'],
  ['AWS::DynamoDB::GlobalTable', 'Replicas[].ReplicaStreamSpecification.ResourcePolicy.PolicyDocument', 'dynamodb'],
  ['AWS::ECR::Repository', 'RepositoryPolicyText', 'ecr'],
  ['AWS::ECR::PublicRepository', 'RepositoryPolicyText', 'ecr-public'],
  ['AWS::ECR::RegistryPolicy', 'PolicyText', 'ecr'],
  ['AWS::ECR::RepositoryCreationTemplate', 'RepositoryPolicy', 'ecr'],
  ['AWS::EFS::FileSystem', 'FileSystemPolicy', 'elasticfilesystem'],
  ['AWS::Elasticsearch::Domain', 'AccessPolicies', 'es'],
  ['AWS::OpenSearchService::Domain', 'AccessPolicies', 'es'],
  ['AWS::EventSchemas::RegistryPolicy', 'Policy', 'schemas'],
  ['AWS::Events::EventBus', 'Policy', 'events'],
  ['AWS::EventsV2::ResourcePolicy', 'PolicyDocument', 'events'],
  ['AWS::FSx::S3AccessPointAttachment', 'S3AccessPoint.Policy', 's3'],
  ['AWS::KMS::Key', 'KeyPolicy', 'kms'],
  ['AWS::KMS::ReplicaKey', 'KeyPolicy', 'kms'],
  ['AWS::Kinesis::ResourcePolicy', 'ResourcePolicy', 'kinesis'],
  ['AWS::Lambda::ResourcePolicy', 'PolicyDocument', 'lambda'],
  ['AWS::Lex::ResourcePolicy', 'Policy', 'lex'],
  ['AWS::Logs::ResourcePolicy', 'PolicyDocument', 'logs'],
  ['AWS::Logs::LogGroup', 'ResourcePolicyDocument', 'logs'],
  ['AWS::Logs::Destination', 'DestinationPolicy', 'logs'],
  ['AWS::Logs::DeliveryDestination', 'DeliveryDestinationPolicy.DeliveryDestinationPolicy', 'logs'],
  ['AWS::MSK::ClusterPolicy', 'Policy', 'kafka'],
  ['AWS::MediaPackageV2::ChannelPolicy', 'Policy', 'mediapackagev2'],
  ['AWS::MediaPackageV2::OriginEndpointPolicy', 'Policy', 'mediapackagev2'],
  ['AWS::MediaStore::Container', 'Policy', 'mediastore'],
  ['AWS::MediaTailor::ChannelPolicy', 'Policy', 'mediatailor'],
  ['AWS::OSIS::Pipeline', 'ResourcePolicy.Policy', 'osis'],
  ['AWS::Oam::Sink', 'Policy', 'oam'],
  ['AWS::Omics::SequenceStore', 'S3AccessPolicy', 's3'],
  ['AWS::PaymentCryptography::Key', 'Policy', 'payment-cryptography'],
  ['AWS::RUM::AppMonitor', 'ResourcePolicy.PolicyDocument', 'rum'],
  ['AWS::Redshift::Cluster', 'NamespaceResourcePolicy', 'redshift'],
  ['AWS::RedshiftServerless::Namespace', 'NamespaceResourcePolicy', 'redshift-serverless'],
  ['AWS::S3::BucketPolicy', 'PolicyDocument', 's3'],
  ['AWS::S3::AccessPoint', 'Policy', 's3'],
  ['AWS::S3::MultiRegionAccessPointPolicy', 'Policy', 's3'],
  ['AWS::S3Express::BucketPolicy', 'PolicyDocument', 's3express'],
  ['AWS::S3Express::AccessPoint', 'Policy', 's3express'],
  ['AWS::S3Files::FileSystemPolicy', 'Policy', 's3files'],
  ['AWS::S3ObjectLambda::AccessPointPolicy', 'PolicyDocument', 's3-object-lambda'],
  ['AWS::S3Outposts::AccessPoint', 'Policy', 's3-outposts'],
  ['AWS::S3Outposts::BucketPolicy', 'PolicyDocument', 's3-outposts'],
  ['AWS::S3Tables::TableBucketPolicy', 'ResourcePolicy', 's3tables'],
  ['AWS::S3Tables::TablePolicy', 'ResourcePolicy', 's3tables'],
  ['AWS::S3Vectors::VectorBucketPolicy', 'Policy', 's3vectors'],
  ['AWS::SMSVOICE::ResourcePolicy', 'PolicyDocument', 'sms-voice'],
  ['AWS::SNS::TopicPolicy', 'PolicyDocument', 'sns'],
  ['AWS::SNS::TopicInlinePolicy', 'PolicyDocument', 'sns'],
  ['AWS::SQS::QueuePolicy', 'PolicyDocument', 'sqs'],
  ['AWS::SQS::QueueInlinePolicy', 'PolicyDocument', 'sqs'],
  ['AWS::SSM::ResourcePolicy', 'Policy', 'ssm'],
  ['AWS::SageMaker::ModelPackageGroup', 'ModelPackageGroupPolicy', 'sagemaker'],
  ['AWS::SecretsManager::ResourcePolicy', 'ResourcePolicy', 'secretsmanager'],
  ['AWS::VpcLattice::AuthPolicy', 'Policy', 'vpc-lattice-svcs'],
  ['AWS::VpcLattice::ResourcePolicy', 'Policy', 'vpc-lattice'],
  ['AWS::XRay::ResourcePolicy', 'PolicyDocument', 'xray'],
  ['aws_organizations_resource_policy', 'content', 'organizations'],
  ['aws_acmpca_policy', 'policy', 'acm-pca'],
  ['aws_api_gateway_domain_name', 'policy', 'execute-api'],
  ['aws_api_gateway_rest_api', 'policy', 'execute-api'],
  ['aws_api_gateway_rest_api_policy', 'policy', 'execute-api'],
  ['aws_backup_vault_policy', 'policy', 'backup'],
  ['aws_cloudsearch_domain_service_access_policy', 'access_policy', 'cloudsearch'],
  ['aws_cloudwatch_event_bus_policy', 'policy', 'events'],
  ['aws_cloudwatch_log_delivery_destination_policy', 'delivery_destination_policy', 'logs'],
  ['aws_cloudwatch_log_destination_policy', 'access_policy', 'logs'],
  ['aws_cloudwatch_log_resource_policy', 'policy_document', 'logs'],
  ['aws_codeartifact_domain_permissions_policy', 'policy_document', 'codeartifact'],
  ['aws_codeartifact_repository_permissions_policy', 'policy_document', 'codeartifact'],
  ['aws_codebuild_resource_policy', 'policy', 'codebuild'],
  ['aws_dynamodb_resource_policy', 'policy', 'dynamodb'],
  ['aws_ecr_registry_policy', 'policy', 'ecr'],
  ['aws_ecr_repository_creation_template', 'repository_policy', 'ecr'],
  ['aws_ecr_repository_policy', 'policy', 'ecr'],
  ['aws_ecrpublic_repository_policy', 'policy', 'ecr-public'],
  ['aws_efs_file_system_policy', 'policy', 'elasticfilesystem'],
  ['aws_elasticsearch_domain', 'access_policies', 'es'],
  ['aws_elasticsearch_domain_policy', 'access_policies', 'es'],
  ['aws_opensearch_domain', 'access_policies', 'es'],
  ['aws_opensearch_domain_policy', 'access_policies', 'es'],
  ['aws_fsx_s3_access_point_attachment', 's3_access_point[].policy', 's3'],
  ['aws_glacier_vault', 'access_policy', 'glacier'],
  ['aws_glacier_vault_lock', 'policy', 'glacier'],
  ['aws_glue_resource_policy', 'policy', 'glue'],
  ['aws_kinesis_resource_policy', 'policy', 'kinesis'],
  ['aws_kms_external_key', 'policy', 'kms'],
  ['aws_kms_key', 'policy', 'kms'],
  ['aws_kms_key_policy', 'policy', 'kms'],
  ['aws_kms_replica_external_key', 'policy', 'kms'],
  ['aws_kms_replica_key', 'policy', 'kms'],
  ['aws_media_store_container_policy', 'policy', 'mediastore'],
  ['aws_msk_cluster_policy', 'policy', 'kafka'],
  ['aws_networkfirewall_resource_policy', 'policy', 'network-firewall'],
  ['aws_oam_sink_policy', 'policy', 'oam'],
  ['aws_prometheus_resource_policy', 'policy_document', 'aps'],
  ['aws_redshift_resource_policy', 'policy', 'redshift'],
  ['aws_redshiftserverless_resource_policy', 'policy', 'redshift-serverless'],
  ['aws_s3_access_point', 'policy', 's3'],
  ['aws_s3_bucket', 'policy', 's3'],
  ['aws_s3_bucket_policy', 'policy', 's3'],
  ['aws_s3control_access_grants_instance_resource_policy', 'policy', 's3'],
  ['aws_s3control_access_point_policy', 'policy', 's3'],
  ['aws_s3control_bucket_policy', 'policy', 's3-outposts'],
  ['aws_s3control_multi_region_access_point_policy', 'details[].policy', 's3'],
  ['aws_s3control_object_lambda_access_point_policy', 'policy', 's3-object-lambda'],
  ['aws_s3tables_table_bucket_policy', 'resource_policy', 's3tables'],
  ['aws_s3tables_table_policy', 'resource_policy', 's3tables'],
  ['aws_s3vectors_vector_bucket_policy', 'policy', 's3vectors'],
  ['aws_sagemaker_model_package_group_policy', 'resource_policy', 'sagemaker'],
  ['aws_schemas_registry_policy', 'policy', 'schemas'],
  ['aws_secretsmanager_secret', 'policy', 'secretsmanager'],
  ['aws_secretsmanager_secret_policy', 'policy', 'secretsmanager'],
  ['aws_ses_identity_policy', 'policy', 'ses'],
  ['aws_sesv2_email_identity_policy', 'policy', 'ses'],
  ['aws_sns_topic', 'policy', 'sns'],
  ['aws_sns_topic_policy', 'policy', 'sns'],
  ['aws_sqs_queue', 'policy', 'sqs'],
  ['aws_sqs_queue_policy', 'policy', 'sqs'],
  ['aws_vpclattice_auth_policy', 'policy', 'vpc-lattice-svcs'],
  ['aws_vpclattice_resource_policy', 'policy', 'vpc-lattice'],
  ['aws_xray_resource_policy', 'policy_document', 'xray'],
  ['module:terraform-aws-modules/ecr/aws', 'repository_policy', 'ecr'],
  ['module:terraform-aws-modules/kms/aws', 'policy', 'kms'],
  ['module:terraform-aws-modules/s3-bucket/aws', 'policy', 's3'],
];

const STATEMENTS: readonly Row[] = [
  ['AWS::Events::EventBusPolicy', 'Statement', 'events'],
  ['AWS::Serverless::Function', 'Events{}.Properties.Auth.ResourcePolicy.CustomStatements', 'execute-api'],
  ['AWS::Serverless::Api', 'Auth.ResourcePolicy.CustomStatements', 'execute-api'],
];

const OTHER: readonly Row[] = [['AWS::RAM::Permission', 'PolicyTemplate']];

function rows(kind: PolicySite['kind'], list: readonly Row[], statements?: boolean): PolicySite[] {
  return list.map(([type, path, service]) => ({ type, path, kind, service, statements }));
}

export const POLICY_SITES: readonly PolicySite[] = [
  ...rows('identity', IDENTITY),
  ...rows('trust', TRUST),
  ...rows('session', SESSION),
  ...rows('vpc-endpoint', VPC_ENDPOINT),
  ...rows('organization', ORGANIZATION),
  ...rows('resource', RESOURCE),
  ...rows('resource', STATEMENTS, true),
  ...rows('other', OTHER),
];

/** A permission written as properties of a resource of its own. */
export interface FlatSite {
  readonly type: string;
  readonly service: string;
  readonly principal: string;
  readonly action: string;
  /** The action where none is written. */
  readonly defaultAction?: string;
  /** Properties that act as a condition: operator and key. */
  readonly conditions: Readonly<Record<string, readonly [operator: string, key: string]>>;
  /** Property that holds blocks of operator, key and value. */
  readonly blocks?: string;
}

const SOURCE_ACCOUNT = ['StringEquals', 'aws:SourceAccount'] as const;
const PRINCIPAL_ORG = ['StringEquals', 'aws:PrincipalOrgID'] as const;
const URL_AUTH = ['StringEquals', 'lambda:FunctionUrlAuthType'] as const;
const SOURCE_ARN = ['ArnLike', 'aws:SourceArn'] as const;
const SOURCE_TOKEN = ['StringEquals', 'lambda:EventSourceToken'] as const;
const VIA_URL = ['Bool', 'lambda:InvokedViaFunctionUrl'] as const;

export const FLAT_SITES: readonly FlatSite[] = [
  {
    type: 'AWS::Lambda::Permission',
    service: 'lambda',
    principal: 'Principal',
    action: 'Action',
    conditions: {
      SourceArn: SOURCE_ARN,
      SourceAccount: SOURCE_ACCOUNT,
      PrincipalOrgID: PRINCIPAL_ORG,
      FunctionUrlAuthType: URL_AUTH,
      EventSourceToken: SOURCE_TOKEN,
      InvokedViaFunctionUrl: VIA_URL,
    },
  },
  {
    type: 'AWS::Lambda::LayerVersionPermission',
    service: 'lambda',
    principal: 'Principal',
    action: 'Action',
    conditions: { OrganizationId: PRINCIPAL_ORG },
  },
  {
    type: 'AWS::Signer::ProfilePermission',
    service: 'signer',
    principal: 'Principal',
    action: 'Action',
    conditions: {},
  },
  {
    type: 'AWS::ACMPCA::Permission',
    service: 'acm-pca',
    principal: 'Principal',
    action: 'Actions',
    conditions: { SourceAccount: SOURCE_ACCOUNT },
  },
  {
    type: 'AWS::QBusiness::Permission',
    service: 'qbusiness',
    principal: 'Principal',
    action: 'Actions',
    conditions: {},
    blocks: 'Conditions',
  },
  {
    type: 'AWS::Events::EventBusPolicy',
    service: 'events',
    principal: 'Principal',
    action: 'Action',
    conditions: {},
    blocks: 'Condition',
  },
  {
    type: 'aws_lambda_permission',
    service: 'lambda',
    principal: 'principal',
    action: 'action',
    conditions: {
      source_arn: SOURCE_ARN,
      source_account: SOURCE_ACCOUNT,
      principal_org_id: PRINCIPAL_ORG,
      function_url_auth_type: URL_AUTH,
      event_source_token: SOURCE_TOKEN,
      invoked_via_function_url: VIA_URL,
    },
  },
  {
    type: 'aws_lambda_layer_version_permission',
    service: 'lambda',
    principal: 'principal',
    action: 'action',
    conditions: { organization_id: PRINCIPAL_ORG },
  },
  {
    type: 'aws_cloudwatch_event_permission',
    service: 'events',
    principal: 'principal',
    action: 'action',
    defaultAction: 'events:PutEvents',
    conditions: {},
    blocks: 'condition',
  },
  {
    type: 'aws_signer_signing_profile_permission',
    service: 'signer',
    principal: 'principal',
    action: 'action',
    conditions: {},
  },
  {
    type: 'aws_acmpca_permission',
    service: 'acm-pca',
    principal: 'principal',
    action: 'actions',
    conditions: { source_account: SOURCE_ACCOUNT },
  },
];

/**
 * Properties whose text or object looks like a policy document and is none: type, path, and what it holds instead.
 */
export const LOOK_ALIKES: readonly (readonly [type: string, path: string, holds: string])[] = [
  ['AWS::Config::ConfigRule', 'Source.CustomPolicyDetails.PolicyText', 'Guard rules'],
  ['AWS::Config::OrganizationConfigRule', 'OrganizationCustomPolicyRuleMetadata.PolicyText', 'Guard rules'],
  ['AWS::EC2::VerifiedAccessEndpoint', 'PolicyDocument', 'Cedar'],
  ['AWS::EC2::VerifiedAccessGroup', 'PolicyDocument', 'Cedar'],
  ['AWS::NetworkManager::CoreNetwork', 'PolicyDocument', 'Cloud WAN policy'],
  ['AWS::Logs::AccountPolicy', 'PolicyDocument', 'data protection or subscription policy'],
  ['AWS::Logs::LogGroup', 'DataProtectionPolicy', 'data protection policy'],
  ['AWS::SNS::Topic', 'DataProtectionPolicy', 'data protection policy'],
  ['AWS::SNS::Topic', 'ArchivePolicy', 'message archive'],
  ['AWS::SNS::Subscription', 'FilterPolicy', 'message filter'],
  ['AWS::SNS::Subscription', 'RedrivePolicy', 'dead-letter queue'],
  ['AWS::SQS::Queue', 'RedrivePolicy', 'dead-letter queue'],
  ['AWS::SQS::Queue', 'RedriveAllowPolicy', 'dead-letter sources'],
  ['AWS::OpenSearchServerless::AccessPolicy', 'Policy', 'data access rules'],
  ['AWS::OpenSearchServerless::SecurityPolicy', 'Policy', 'encryption or network rules'],
  ['AWS::ECR::Repository', 'LifecyclePolicy.LifecyclePolicyText', 'lifecycle rules'],
  ['AWS::MediaStore::Container', 'LifecyclePolicy', 'lifecycle rules'],
  ['AWS::WorkSpacesWeb::BrowserSettings', 'BrowserPolicy', 'Chrome policy'],
  ['aws_verifiedaccess_endpoint', 'policy_document', 'Cedar'],
  ['aws_verifiedaccess_group', 'policy_document', 'Cedar'],
  ['aws_networkmanager_core_network', 'base_policy_document', 'Cloud WAN policy'],
  ['aws_networkmanager_core_network_policy_attachment', 'policy_document', 'Cloud WAN policy'],
  ['aws_config_config_rule', 'source[].custom_policy_details[].policy_text', 'Guard rules'],
  ['aws_config_organization_custom_policy_rule', 'policy_text', 'Guard rules'],
  ['aws_cloudwatch_log_data_protection_policy', 'policy_document', 'data protection policy'],
  ['aws_cloudwatch_log_account_policy', 'policy_document', 'data protection or subscription policy'],
  ['aws_cloudwatch_log_index_policy', 'policy_document', 'field indexes'],
  ['aws_sns_topic_data_protection_policy', 'policy', 'data protection policy'],
  ['aws_sns_topic', 'delivery_policy', 'delivery retries'],
  ['aws_sns_topic', 'archive_policy', 'message archive'],
  ['aws_sns_topic_subscription', 'delivery_policy', 'delivery retries'],
  ['aws_sns_topic_subscription', 'filter_policy', 'message filter'],
  ['aws_sns_topic_subscription', 'redrive_policy', 'dead-letter queue'],
  ['aws_sqs_queue', 'redrive_policy', 'dead-letter queue'],
  ['aws_sqs_queue', 'redrive_allow_policy', 'dead-letter sources'],
  ['aws_ecr_lifecycle_policy', 'policy', 'lifecycle rules'],
  ['aws_ecr_repository_creation_template', 'lifecycle_policy', 'lifecycle rules'],
  ['aws_opensearchserverless_access_policy', 'policy', 'data access rules'],
  ['aws_opensearchserverless_lifecycle_policy', 'policy', 'retention rules'],
  ['aws_opensearchserverless_security_policy', 'policy', 'encryption or network rules'],
  ['aws_cloudformation_stack', 'policy_body', 'stack policy'],
  ['aws_emr_instance_group', 'autoscaling_policy', 'scaling rules'],
  ['aws_iot_policy_attachment', 'policy', 'the name of a policy'],
  ['aws_workspacesweb_browser_settings', 'browser_policy', 'Chrome policy'],
  ['aws_ses_receipt_filter', 'policy', 'Allow or Block'],
];
