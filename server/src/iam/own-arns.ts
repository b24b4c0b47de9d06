/** What a template's own resources are called in a policy. */

/** What in a template gives the ARN of a resource type. */
export interface OwnArn {
  /** CloudFormation type, and what gives its ARN: an attribute, or `Ref`. */
  readonly cfn: string;
  readonly by: string;
  readonly tf: string;
  /** What the ARN of the type has behind that of the resource. */
  readonly tail?: string;
}

const BUCKET: OwnArn = { cfn: 'AWS::S3::Bucket', by: 'Arn', tf: 'aws_s3_bucket' };
const TABLE: OwnArn = { cfn: 'AWS::DynamoDB::Table', by: 'Arn', tf: 'aws_dynamodb_table' };

/** Resources whose ARN a template can refer to, by service and resource type of the service authorization reference, in lower case. */
export const OWN_ARNS: ReadonlyMap<string, OwnArn> = new Map<string, OwnArn>([
  ['s3:bucket', BUCKET],
  ['s3:object', { ...BUCKET, tail: '/*' }],
  ['dynamodb:table', TABLE],
  ['dynamodb:index', { ...TABLE, tail: '/index/*' }],
  ['dynamodb:stream', { ...TABLE, tail: '/stream/*' }],
  ['sqs:queue', { cfn: 'AWS::SQS::Queue', by: 'Arn', tf: 'aws_sqs_queue' }],
  ['sns:topic', { cfn: 'AWS::SNS::Topic', by: 'Ref', tf: 'aws_sns_topic' }],
  ['kms:key', { cfn: 'AWS::KMS::Key', by: 'Arn', tf: 'aws_kms_key' }],
  ['secretsmanager:secret', { cfn: 'AWS::SecretsManager::Secret', by: 'Ref', tf: 'aws_secretsmanager_secret' }],
  ['lambda:function', { cfn: 'AWS::Lambda::Function', by: 'Arn', tf: 'aws_lambda_function' }],
  ['states:statemachine', { cfn: 'AWS::StepFunctions::StateMachine', by: 'Arn', tf: 'aws_sfn_state_machine' }],
  ['kinesis:stream', { cfn: 'AWS::Kinesis::Stream', by: 'Arn', tf: 'aws_kinesis_stream' }],
  [
    'firehose:deliverystream',
    { cfn: 'AWS::KinesisFirehose::DeliveryStream', by: 'Arn', tf: 'aws_kinesis_firehose_delivery_stream' },
  ],
  ['logs:log-group', { cfn: 'AWS::Logs::LogGroup', by: 'Arn', tf: 'aws_cloudwatch_log_group' }],
  ['events:event-bus', { cfn: 'AWS::Events::EventBus', by: 'Arn', tf: 'aws_cloudwatch_event_bus' }],
  ['ecs:cluster', { cfn: 'AWS::ECS::Cluster', by: 'Arn', tf: 'aws_ecs_cluster' }],
  ['ecr:repository', { cfn: 'AWS::ECR::Repository', by: 'Arn', tf: 'aws_ecr_repository' }],
  ['codebuild:project', { cfn: 'AWS::CodeBuild::Project', by: 'Arn', tf: 'aws_codebuild_project' }],
  ['iam:role', { cfn: 'AWS::IAM::Role', by: 'Arn', tf: 'aws_iam_role' }],
  ['elasticfilesystem:file-system', { cfn: 'AWS::EFS::FileSystem', by: 'Arn', tf: 'aws_efs_file_system' }],
  [
    'rolesanywhere:trust-anchor',
    { cfn: 'AWS::RolesAnywhere::TrustAnchor', by: 'TrustAnchorArn', tf: 'aws_rolesanywhere_trust_anchor' },
  ],
  ['cognito-idp:userpool', { cfn: 'AWS::Cognito::UserPool', by: 'Arn', tf: 'aws_cognito_user_pool' }],
]);
