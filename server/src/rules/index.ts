/** The catalogue: every rule there is. */

import { knowCloudFormationTypes } from '../template/cloud-control.ts';
import { ACM_RULES } from './acm.ts';
import { AMI_RULES } from './ami.ts';
import { APIGATEWAY_RULES } from './apigateway.ts';
import { APPRUNNER_RULES } from './apprunner.ts';
import { APPSYNC_RULES } from './appsync.ts';
import { ATHENA_RULES } from './athena.ts';
import { BACKUP_RULES } from './backup.ts';
import { BATCH_RULES } from './batch.ts';
import { BEANSTALK_RULES } from './beanstalk.ts';
import { BEDROCK_RULES } from './bedrock.ts';
import { CLOUDFORMATION_STACK_RULES } from './cloudformation-stacks.ts';
import { CLOUDFRONT_RULES } from './cloudfront.ts';
import { CLOUDFRONT_OPTIONAL_RULES } from './cloudfront-optional.ts';
import { CLOUDSEARCH_RULES } from './cloudsearch.ts';
import { CLOUDTRAIL_RULES } from './cloudtrail.ts';
import { CLOUDTRAIL_EVENT_RULES } from './cloudtrail-events.ts';
import { CODEARTIFACT_RULES } from './codeartifact.ts';
import { CODEBUILD_RULES } from './codebuild.ts';
import { COGNITO_RULES } from './cognito.ts';
import { CONFIG_RULES } from './config.ts';
import { DATA_KEY_RULES } from './customer-keys-data.ts';
import { PLATFORM_KEY_RULES } from './customer-keys-platform.ts';
import { STORAGE_KEY_RULES } from './customer-keys-storage.ts';
import { DAX_RULES } from './dax.ts';
import { DETECTION_RULES } from './detection.ts';
import { DEVELOPER_ENVIRONMENT_RULES } from './developer-environments.ts';
import { DLM_RULES } from './dlm.ts';
import { DMS_RULES } from './dms.ts';
import { DOCDB_RULES } from './docdb.ts';
import { DYNAMODB_RULES } from './dynamodb.ts';
import { EBS_RULES } from './ebs.ts';
import { EC2_RULES } from './ec2.ts';
import { EC2_CLASSIC_RULES } from './ec2-classic.ts';
import { EC2_OPTIONAL_RULES } from './ec2-optional.ts';
import { EC2_USER_DATA_RULES } from './ec2-user-data.ts';
import { ECR_RULES } from './ecr.ts';
import { ECS_RULES } from './ecs.ts';
import { ECS_OPTIONAL_RULES } from './ecs-optional.ts';
import { EFS_RULES } from './efs.ts';
import { EKS_RULES } from './eks.ts';
import { ELASTICACHE_RULES } from './elasticache.ts';
import { ELASTICACHE_OPTIONAL_RULES } from './elasticache-optional.ts';
import { ELB_RULES } from './elb.ts';
import { ELBV2_RULES } from './elbv2.ts';
import { ELBV2_OPTIONAL_RULES } from './elbv2-optional.ts';
import { EMR_RULES } from './emr.ts';
import { EVENTS_RULES } from './events.ts';
import { FSX_RULES } from './fsx.ts';
import { GAMELIFT_RULES } from './gamelift.ts';
import { GLOBALACCELERATOR_RULES } from './globalaccelerator.ts';
import { GLUE_RULES } from './glue.ts';
import { IAM_ACCESS_RULES } from './iam-access.ts';
import { IAM_ACCOUNT_RULES } from './iam-account.ts';
import { IAM_CONDITION_RULES } from './iam-conditions.ts';
import { IAM_MANAGED_POLICY_RULES } from './iam-managed-policies.ts';
import { IAM_OPTIONAL_RULES } from './iam-optional.ts';
import { IAM_TRUST_RULES } from './iam-trust.ts';
import { IAM_USER_RULES } from './iam-users.ts';
import { IOT_RULES } from './iot.ts';
import { KINESIS_RULES } from './kinesis.ts';
import { KMS_RULES } from './kms.ts';
import { LAKE_FORMATION_RULES } from './lakeformation.ts';
import { LAMBDA_RULES } from './lambda.ts';
import { LIGHTSAIL_RULES } from './lightsail.ts';
import { LINE_MOVER_RULES } from './line-movers.ts';
import { LOGS_RULES } from './logs.ts';
import { MEDIASTORE_RULES } from './mediastore.ts';
import { MEMORYDB_RULES } from './memorydb.ts';
import { onModuleCalls } from './module-calls.ts';
import { MQ_RULES } from './mq.ts';
import { MSK_RULES } from './msk.ts';
import { MWAA_RULES } from './mwaa.ts';
import { NEPTUNE_RULES } from './neptune.ts';
import { NETWORK_ACL_RULES } from './network-acls.ts';
import { NETWORKFIREWALL_RULES } from './networkfirewall.ts';
import { OPENSEARCH_RULES } from './opensearch.ts';
import { OPENSEARCH_SERVERLESS_RULES } from './opensearch-serverless.ts';
import { ARN_RULES } from './policy/arns.ts';
import { CONDITION_KEY_RULES } from './policy/condition-keys.ts';
import { CONDITION_REACH_RULES } from './policy/condition-reach.ts';
import { CONDITION_VALUE_RULES } from './policy/condition-values.ts';
import { GUARDRAIL_RULES } from './policy/guardrails.ts';
import { IAM_POLICY_INVALID_RULES } from './policy/invalid.ts';
import { MISMATCH_RULES } from './policy/mismatch.ts';
import { PRINCIPAL_RULES } from './policy/principals.ts';
import { REDUNDANCY_RULES } from './policy/redundancy.ts';
import { SERVICE_LINKED_ROLE_RULES } from './policy/service-linked-roles.ts';
import { SIZE_RULES } from './policy/sizes.ts';
import { VARIABLE_RULES } from './policy/variables.ts';
import { QLDB_RULES } from './qldb.ts';
import { QUICKSIGHT_RULES } from './quicksight.ts';
import { RAM_RULES } from './ram.ts';
import { RDS_RULES } from './rds.ts';
import { RDS_OPTIONAL_RULES } from './rds-optional.ts';
import { REDSHIFT_RULES } from './redshift.ts';
import { ROUTE53_RULES } from './route53.ts';
import { type Rule, typesOf } from './rule.ts';
import { S3_RULES } from './s3.ts';
import { SAGEMAKER_RULES } from './sagemaker.ts';
import { SAM_RULES } from './sam.ts';
import { SECRET_VALUE_RULES } from './secret-values.ts';
import { SECRETSMANAGER_RULES } from './secretsmanager.ts';
import { SECURITY_GROUP_USER_RULES } from './security-group-users.ts';
import { SECURITY_GROUP_RULES } from './security-groups.ts';
import { SES_RULES } from './ses.ts';
import { SHIELD_RULES } from './shield.ts';
import { SIMPLEDB_RULES } from './simpledb.ts';
import { SNS_RULES } from './sns.ts';
import { SQS_RULES } from './sqs.ts';
import { SSM_RULES } from './ssm.ts';
import { STATES_RULES } from './states.ts';
import { STORAGEGATEWAY_RULES } from './storagegateway.ts';
import { SYNTHETICS_RULES } from './synthetics.ts';
import { TEMPLATE_SECRET_RULES } from './template-secrets.ts';
import { TEMPLATE_SECTION_RULES } from './template-sections.ts';
import { TRANSFER_RULES } from './transfer.ts';
import { VPC_RULES } from './vpc.ts';
import { VPC_ENDPOINT_RULES } from './vpc-endpoints.ts';
import { ROUTE_RULES } from './vpc-routes.ts';
import { VPN_RULES } from './vpn.ts';
import { WAF_RULES } from './waf.ts';
import { WORKSPACES_RULES } from './workspaces.ts';

export const RULES: readonly Rule[] = onModuleCalls([
  ...LINE_MOVER_RULES,
  ...TEMPLATE_SECTION_RULES,
  ...SYNTHETICS_RULES,
  ...STATES_RULES,
  ...SSM_RULES,
  ...SECRET_VALUE_RULES,
  ...EVENTS_RULES,
  ...CLOUDFORMATION_STACK_RULES,
  ...APPSYNC_RULES,
  ...ATHENA_RULES,
  ...DMS_RULES,
  ...EMR_RULES,
  ...GLUE_RULES,
  ...LAKE_FORMATION_RULES,
  ...MEDIASTORE_RULES,
  ...MWAA_RULES,
  ...QLDB_RULES,
  ...QUICKSIGHT_RULES,
  ...RAM_RULES,
  ...SIMPLEDB_RULES,
  ...NETWORKFIREWALL_RULES,
  ...GLOBALACCELERATOR_RULES,
  ...ACM_RULES,
  ...ROUTE53_RULES,
  ...WAF_RULES,
  ...OPENSEARCH_SERVERLESS_RULES,
  ...OPENSEARCH_RULES,
  ...MSK_RULES,
  ...MQ_RULES,
  ...CLOUDSEARCH_RULES,
  ...WORKSPACES_RULES,
  ...VPN_RULES,
  ...TRANSFER_RULES,
  ...STORAGEGATEWAY_RULES,
  ...LIGHTSAIL_RULES,
  ...FSX_RULES,
  ...DLM_RULES,
  ...BATCH_RULES,
  ...BACKUP_RULES,
  ...AMI_RULES,
  ...APIGATEWAY_RULES,
  ...CLOUDFRONT_RULES,
  ...CLOUDFRONT_OPTIONAL_RULES,
  ...EC2_USER_DATA_RULES,
  ...SECRETSMANAGER_RULES,
  ...MEMORYDB_RULES,
  ...LOGS_RULES,
  ...KINESIS_RULES,
  ...ELASTICACHE_RULES,
  ...ELASTICACHE_OPTIONAL_RULES,
  ...EFS_RULES,
  ...DYNAMODB_RULES,
  ...CODEARTIFACT_RULES,
  ...CODEBUILD_RULES,
  ...PLATFORM_KEY_RULES,
  ...DATA_KEY_RULES,
  ...STORAGE_KEY_RULES,
  ...DAX_RULES,
  ...CLOUDTRAIL_RULES,
  ...EC2_RULES,
  ...IAM_OPTIONAL_RULES,
  ...EC2_OPTIONAL_RULES,
  ...SHIELD_RULES,
  ...EC2_CLASSIC_RULES,
  ...DETECTION_RULES,
  ...CONFIG_RULES,
  ...CLOUDTRAIL_EVENT_RULES,
  ...IAM_ACCOUNT_RULES,
  ...IAM_MANAGED_POLICY_RULES,
  ...IAM_TRUST_RULES,
  ...IAM_USER_RULES,
  ...EBS_RULES,
  ...ECR_RULES,
  ...ECS_RULES,
  ...ECS_OPTIONAL_RULES,
  ...EKS_RULES,
  ...ELB_RULES,
  ...ELBV2_RULES,
  ...ELBV2_OPTIONAL_RULES,
  ...IAM_ACCESS_RULES,
  ...IAM_CONDITION_RULES,
  ...IAM_POLICY_INVALID_RULES,
  ...PRINCIPAL_RULES,
  ...GUARDRAIL_RULES,
  ...ARN_RULES,
  ...MISMATCH_RULES,
  ...REDUNDANCY_RULES,
  ...SIZE_RULES,
  ...CONDITION_KEY_RULES,
  ...CONDITION_VALUE_RULES,
  ...CONDITION_REACH_RULES,
  ...VARIABLE_RULES,
  ...SERVICE_LINKED_ROLE_RULES,
  ...KMS_RULES,
  ...LAMBDA_RULES,
  ...NETWORK_ACL_RULES,
  ...DOCDB_RULES,
  ...NEPTUNE_RULES,
  ...RDS_RULES,
  ...RDS_OPTIONAL_RULES,
  ...REDSHIFT_RULES,
  ...S3_RULES,
  ...SAM_RULES,
  ...SECURITY_GROUP_USER_RULES,
  ...SECURITY_GROUP_RULES,
  ...SNS_RULES,
  ...SQS_RULES,
  ...TEMPLATE_SECRET_RULES,
  ...VPC_ENDPOINT_RULES,
  ...ROUTE_RULES,
  ...VPC_RULES,
  ...APPRUNNER_RULES,
  ...BEANSTALK_RULES,
  ...BEDROCK_RULES,
  ...COGNITO_RULES,
  ...DEVELOPER_ENVIRONMENT_RULES,
  ...GAMELIFT_RULES,
  ...IOT_RULES,
  ...SAGEMAKER_RULES,
  ...SES_RULES,
]);

// The types that checks name; those that code looks up by itself are known from its companions.
knowCloudFormationTypes(RULES.flatMap(({ checks }) => checks.flatMap(typesOf)));

const byId = new Map(RULES.map((rule) => [rule.id, rule]));

/** The rule of an id. */
export function ruleById(id: string): Rule | undefined {
  return byId.get(id);
}
