/** What AWS does by default in messaging, workflows and developer tools. */

import type { AwsDefault } from '../aws-defaults.ts';

export const PLATFORM_DEFAULTS = {
  'sqs-encryption': {
    types: ['AWS::SQS::Queue', 'aws_sqs_queue'],
    paths: ['SqsManagedSseEnabled', 'KmsMasterKeyId', 'sqs_managed_sse_enabled', 'kms_master_key_id'],
    done: true,
    text: 'SQS encrypts a new queue with SSE-SQS when nothing is said; queues made earlier stay as they are.',
    source: 'Announcing server-side encryption with Amazon SQS-managed encryption keys by default (AWS Compute Blog)',
  },
  'sns-encryption': {
    types: ['AWS::SNS::Topic', 'aws_sns_topic'],
    paths: ['KmsMasterKeyId', 'kms_master_key_id'],
    text: 'A topic gets server-side encryption with KMS only when a key is named.',
    source: 'Securing Amazon SNS data with server-side encryption (Amazon SNS Developer Guide)',
  },
  'ses-tls': {
    types: ['AWS::SES::ConfigurationSet', 'aws_ses_configuration_set', 'aws_sesv2_configuration_set'],
    paths: ['DeliveryOptions.TlsPolicy', 'delivery_options.tls_policy'],
    text: 'With OPTIONAL, messages are delivered in plain text if no TLS connection can be made.',
    terraform: 'Optional is what the provider sends when nothing is said.',
    source: 'Amazon SES API Reference: DeliveryOptions',
  },
  'states-logging': {
    types: ['AWS::StepFunctions::StateMachine', 'aws_sfn_state_machine', 'AWS::Serverless::StateMachine'],
    paths: ['LoggingConfiguration', 'Logging', 'logging_configuration'],
    text: 'A state machine logs nothing: the level is OFF when nothing is said.',
    source: 'AWS::StepFunctions::StateMachine LoggingConfiguration (AWS CloudFormation Template Reference)',
  },
  'pipes-encryption': {
    types: ['AWS::Pipes::Pipe', 'aws_pipes_pipe'],
    paths: ['KmsKeyIdentifier', 'kms_key_identifier'],
    done: true,
    text: 'A pipe that names no key uses a key that AWS owns.',
    source: 'AWS::Pipes::Pipe (AWS CloudFormation Template Reference)',
  },
  'codebuild-encryption': {
    types: ['AWS::CodeBuild::Project', 'aws_codebuild_project'],
    paths: [
      'Artifacts.EncryptionDisabled',
      'SecondaryArtifacts.EncryptionDisabled',
      'LogsConfig.S3Logs.EncryptionDisabled',
      'artifacts.encryption_disabled',
      'secondary_artifacts.encryption_disabled',
      'logs_config.s3_logs.encryption_disabled',
    ],
    done: true,
    text: 'Artifacts and logs in S3 are encrypted unless the project switches that off.',
    source: 'AWS::CodeBuild::Project (AWS CloudFormation Template Reference)',
  },
  'codebuild-key': {
    types: ['AWS::CodeBuild::Project', 'aws_codebuild_project'],
    paths: ['EncryptionKey', 'encryption_key'],
    text: 'A project that names no key encrypts with the key that AWS manages for S3.',
    source: 'AWS::CodeBuild::Project (AWS CloudFormation Template Reference)',
  },
  'codebuild-variables': {
    types: ['AWS::CodeBuild::Project', 'aws_codebuild_project'],
    paths: ['Environment.EnvironmentVariables', 'environment.environment_variable'],
    text: 'A variable without a type is PLAINTEXT, and the console and API show its value.',
    source: 'AWS::CodeBuild::Project EnvironmentVariable (AWS CloudFormation Template Reference)',
  },
  'codebuild-privileged': {
    types: ['AWS::CodeBuild::Project', 'aws_codebuild_project'],
    paths: ['Environment.PrivilegedMode', 'environment.privileged_mode'],
    done: true,
    text: 'Privileged mode is off unless it is asked for.',
    source: 'AWS::CodeBuild::Project Environment (AWS CloudFormation Template Reference)',
  },
  'codebuild-public': {
    types: ['AWS::CodeBuild::Project', 'aws_codebuild_project'],
    paths: ['Visibility', 'project_visibility'],
    done: true,
    text: 'A project is private unless it says otherwise.',
    source: 'Terraform AWS provider: aws_codebuild_project',
  },
  'codebuild-logs': {
    types: ['AWS::CodeBuild::Project', 'aws_codebuild_project'],
    paths: ['LogsConfig.CloudWatchLogs', 'logs_config.cloudwatch_logs'],
    done: true,
    text: 'Logs to CloudWatch Logs are on unless the project switches them off.',
    source: 'AWS::CodeBuild::Project LogsConfig (AWS CloudFormation Template Reference)',
  },
  'codebuild-pull-requests': {
    types: ['AWS::CodeBuild::Project', 'aws_codebuild_webhook'],
    paths: ['Triggers.PullRequestBuildPolicy', 'pull_request_build_policy'],
    text: 'A build policy can hold pull requests back until somebody with a role in the repository approves them with a comment; webhooks made since it exists have one by default.',
    source: 'Pull request comment approval (AWS CodeBuild User Guide); Terraform AWS provider: aws_codebuild_webhook',
  },
  'codepipeline-key': {
    types: ['AWS::CodePipeline::Pipeline', 'aws_codepipeline'],
    paths: [
      'ArtifactStore.EncryptionKey',
      'ArtifactStores.ArtifactStore.EncryptionKey',
      'artifact_store.encryption_key',
    ],
    done: true,
    text: 'An artifact store that names no key uses the default key for Amazon S3.',
    source: 'AWS::CodePipeline::Pipeline ArtifactStore (AWS CloudFormation Template Reference)',
  },
  'events-api-destination': {
    types: ['AWS::Events::ApiDestination', 'aws_cloudwatch_event_api_destination'],
    paths: ['InvocationEndpoint', 'invocation_endpoint'],
    text: 'The URL of an API destination must use HTTPS.',
    source: 'Create an API destination in Amazon EventBridge (Amazon EventBridge User Guide)',
  },
  'events-connection-secret': {
    types: ['AWS::Events::Connection', 'aws_cloudwatch_event_connection'],
    paths: ['AuthParameters', 'auth_parameters'],
    text: 'EventBridge stores the credentials of a connection as a secret in Secrets Manager.',
    source: 'Connections for API targets in Amazon EventBridge (Amazon EventBridge User Guide)',
  },
  'synthetics-artifacts': {
    types: ['AWS::Synthetics::Canary', 'aws_synthetics_canary'],
    paths: ['ArtifactConfig', 'artifact_config'],
    done: true,
    text: 'Artifacts are encrypted with an AWS managed KMS key where no encryption is set.',
    source: 'Encrypting canary artifacts (Amazon CloudWatch User Guide)',
  },
} as const satisfies Readonly<Record<string, AwsDefault>>;
