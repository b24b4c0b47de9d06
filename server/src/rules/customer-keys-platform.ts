/** Keys of one's own for what builds, runs, records and learns: secrets, logs, images, pipelines, models and their like. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean, asString } from '../template/value.ts';
import { customerKeyRule, only, switchedOn, switchedOnBeside } from './customer-keys.ts';
import { set } from './fixes.ts';
import { isDirectPut } from './kinesis.ts';
import { isTrue, oneOf, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { Predicate, Rule } from './rule.ts';
import { has, isCloudFormation, known, not } from './shared.ts';

const OWNED = 'a key that AWS owns';
const S3_DEFAULT = 'SSE-S3, as its bucket does by default';
const TRANSIENT = 'a key that SageMaker makes for it and throws away';

const EBS_ACCOUNT_KEY = 'the default key of the account for EBS';
const isBlockEncrypted = switchedOnBeside('Encrypted', 'encrypted');

/** Envelope encryption of all that the Kubernetes API holds is the default from 1.28 on. */
const FIRST_WITH_ENVELOPE = 28;

/** Before that, nothing but the disks of etcd is encrypted without a key. A cluster without a version gets a current one. */
function beforeEnvelopes({ resource }: Found): string | undefined {
  const version = known(resource, resource.type.startsWith('AWS::') ? 'Version' : 'version');
  const minor = /^1\.(\d+)$/.exec(version ?? '')?.[1];
  return minor !== undefined && Number(minor) < FIRST_WITH_ENVELOPE
    ? 'Kubernetes secrets are encrypted on the disks of etcd alone: this version has no envelope encryption without a key'
    : undefined;
}

/** Whether a list names `secrets`. */
const holdsSecrets: Predicate = (value) => {
  if (value.kind !== 'list') return value.kind === 'absent' ? false : undefined;
  const names = value.items.map((item) => asString(item));
  if (names.includes('secrets')) return true;
  return value.open || names.includes(undefined) ? undefined : false;
};

/** CloudFormation encrypts a delivery stream by naming the kind of key, Terraform by a switch. */
function isDeliveryEncrypted({ resource }: Found): boolean | undefined {
  const cloudFormation = resource.type.startsWith('AWS::');
  if (cloudFormation) return has(resource, 'DeliveryStreamEncryptionConfigurationInput.KeyType');
  const enabled = select(resource, 'server_side_encryption.enabled').map(({ value }) =>
    value.kind === 'absent' ? false : asBoolean(value),
  );
  return enabled.includes(undefined) ? undefined : enabled.every((one) => one === true);
}

/** Whether a project stores what it builds by itself: a pipeline does it with a key of its own. */
function storesOutput(project: Resource): boolean | undefined {
  const path = isCloudFormation(project) ? 'Artifacts.Type' : 'artifacts.type';
  const type = known(project, path);
  return type === undefined ? not(has(project, path)) || undefined : type !== 'CODEPIPELINE';
}

export const PLATFORM_KEY_RULES: readonly Rule[] = [
  customerKeyRule({
    id: 'secretsmanager-cmk',
    data: 'Secrets',
    title: 'Secret has no KMS key of its own',
    always: true,
    advice: 'Only a secret under such a key can be shared with another account.',
    aws: awsDefaults('secretsmanager-encryption'),
    references: [
      aws(
        'Secret encryption and decryption in AWS Secrets Manager',
        'secretsmanager/latest/userguide/security-encryption.html',
      ),
    ],
    places: [
      {
        name: 'secret',
        thing: 'Secret',
        by: 'aws/secretsmanager, which AWS manages',
        at: ['AWS::SecretsManager::Secret.KmsKeyId', 'aws_secretsmanager_secret.kms_key_id'],
        aliases: [
          'checkov:CKV_AWS_149',
          'cfn_nag:W77',
          'trivy:AVD-AWS-0098',
          'guard:SECRETSMANAGER_USING_CMK',
          'cdk-nag:SecretsManagerUsingKMSKey',
          'kics:Secretsmanager Secret Without KMS',
        ],
        managed: [
          'checkov:CKV_AWS_149',
          'trivy:AVD-AWS-0098',
          'guard:SECRETSMANAGER_USING_CMK',
          'cdk-nag:SecretsManagerUsingKMSKey',
          'kics:Secretsmanager Secret Encrypted With AWS Managed Key',
        ],
      },
    ],
  }),
  customerKeyRule({
    id: 'ssm-parameter-cmk',
    data: 'SecureString parameters',
    title: 'Parameter has no KMS key of its own',
    always: true,
    aws: awsDefaults('ssm-secure-string'),
    references: [
      aws(
        'AWS KMS encryption for AWS Systems Manager Parameter Store SecureString parameters',
        'systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html',
      ),
    ],
    places: [
      {
        name: 'parameter',
        thing: 'Parameter',
        by: 'aws/ssm, which AWS manages',
        at: ['aws_ssm_parameter.key_id'],
        where: only('Type', 'type', oneOf('SecureString')),
        aliases: ['checkov:CKV_AWS_337'],
      },
    ],
  }),
  customerKeyRule({
    id: 'scheduler-pipes-cmk',
    data: 'Schedules and pipes',
    title: 'Schedule or pipe has no KMS key of its own',
    always: true,
    aws: awsDefaults('pipes-encryption'),
    references: [aws('Encryption at rest in EventBridge Scheduler', 'scheduler/latest/UserGuide/encryption-rest.html')],
    places: [
      {
        name: 'schedule',
        thing: 'Schedule',
        by: OWNED,
        at: ['AWS::Scheduler::Schedule.KmsKeyArn', 'aws_scheduler_schedule.kms_key_arn'],
        aliases: ['checkov:CKV_AWS_297'],
      },
      {
        name: 'pipe',
        thing: 'Pipe',
        by: OWNED,
        at: ['AWS::Pipes::Pipe.KmsKeyIdentifier', 'aws_pipes_pipe.kms_key_identifier'],
        aliases: [],
      },
    ],
  }),
  customerKeyRule({
    id: 'ecr-cmk',
    data: 'Images',
    title: 'Repository is not encrypted with a KMS key',
    always: true,
    advice: 'The encryption of a repository is chosen when it is made: changing it replaces the repository.',
    aws: awsDefaults('ecr-encryption'),
    references: [aws('Encryption at rest', 'AmazonECR/latest/userguide/encryption-at-rest.html')],
    places: [
      {
        name: 'repository',
        thing: 'Repository',
        by: 'AES-256 under keys of Amazon S3',
        at: [
          'AWS::ECR::Repository.EncryptionConfiguration.EncryptionType',
          'aws_ecr_repository.encryption_configuration.encryption_type',
        ],
        must: oneOf('KMS', 'KMS_DSSE'),
        aliases: ['checkov:CKV_AWS_136', 'trivy:AVD-AWS-0033', 'kics:ECR Repository Not Encrypted With CMK'],
      },
    ],
  }),
  customerKeyRule({
    id: 'eks-secrets-encryption',
    data: 'Secrets of a cluster of Kubernetes 1.28 or later',
    title: 'Kubernetes secrets have no KMS key of their own',
    always: true,
    advice: 'Before Kubernetes 1.28 nothing but the disks of etcd is encrypted unless a key is named.',
    aws: awsDefaults('eks-encryption'),
    references: [
      aws('Default envelope encryption for all Kubernetes API Data', 'eks/latest/userguide/envelope-encryption.html'),
    ],
    places: [
      {
        name: 'cluster',
        thing: 'What the Kubernetes API holds',
        by: OWNED,
        message: beforeEnvelopes,
        at: [
          'AWS::EKS::Cluster.EncryptionConfig[].Provider.KeyArn',
          'aws_eks_cluster.encryption_config.provider.key_arn',
        ],
        aliases: [
          'checkov:CKV_AWS_58',
          'cfn_nag:W82',
          'trivy:AVD-AWS-0039',
          'guard:EKS_CLUSTER_ENCRYPTION_RULE',
          'kics:EKS Cluster Encryption Disabled',
        ],
      },
      {
        name: 'resources',
        thing: 'What the Kubernetes API holds',
        message: () => 'The key encrypts nothing: secrets are what it can be for, and the list does not name them',
        at: ['AWS::EKS::Cluster.EncryptionConfig[] > Resources', 'aws_eks_cluster.encryption_config > resources'],
        must: holdsSecrets,
        absent: true,
        aliases: ['checkov:CKV_AWS_58'],
      },
    ],
  }),
  customerKeyRule({
    id: 'cloudtrail-encryption',
    data: 'Log files and events',
    title: 'Trail has no KMS key of its own',
    always: true,
    advice: 'It also keeps those who administer the bucket from reading the log by that alone.',
    aws: awsDefaults('cloudtrail-encryption'),
    references: [
      aws(
        'Encrypting CloudTrail log files, digest files, and event data stores with AWS KMS keys (SSE-KMS)',
        'awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html',
      ),
    ],
    places: [
      {
        name: 'trail',
        thing: 'What the trail delivers',
        by: 'SSE-S3',
        at: ['AWS::CloudTrail::Trail.KMSKeyId', 'aws_cloudtrail.kms_key_id'],
        aliases: [
          'checkov:CKV_AWS_35',
          'trivy:AVD-AWS-0015',
          'guard:CLOUD_TRAIL_ENCRYPTION_ENABLED',
          'cdk-nag:CloudTrailEncryptionEnabled',
          'kics:CloudTrail Log Files Not Encrypted With KMS',
        ],
      },
      {
        name: 'event-data-store',
        thing: 'Event data store',
        by: OWNED,
        at: ['AWS::CloudTrail::EventDataStore.KmsKeyId', 'aws_cloudtrail_event_data_store.kms_key_id'],
        aliases: ['checkov:CKV_AWS_294'],
      },
    ],
  }),
  customerKeyRule({
    id: 'logs-cmk',
    data: 'Log events',
    title: 'Log group has no KMS key of its own',
    always: true,
    aws: awsDefaults('logs-encryption'),
    references: [
      aws(
        'Encrypt log data in CloudWatch Logs using AWS Key Management Service',
        'AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html',
      ),
    ],
    places: [
      {
        name: 'group',
        thing: 'Log group',
        by: 'keys of CloudWatch Logs',
        at: ['AWS::Logs::LogGroup.KmsKeyId', 'aws_cloudwatch_log_group.kms_key_id'],
        aliases: [
          'checkov:CKV_AWS_158',
          'cfn_nag:W84',
          'trivy:AVD-AWS-0017',
          'guard:CLOUDWATCH_LOG_GROUP_ENCRYPTED',
          'cdk-nag:CloudWatchLogGroupEncrypted',
          'kics:CloudWatch Log Group Without KMS',
        ],
      },
    ],
  }),
  customerKeyRule({
    id: 'codebuild-cmk',
    data: 'Artifacts of builds',
    title: 'Build project has no KMS key of its own',
    always: true,
    aws: awsDefaults('codebuild-key'),
    references: [aws('Data encryption', 'codebuild/latest/userguide/security-encryption.html')],
    places: [
      {
        name: 'project',
        thing: 'What the project builds',
        by: 'aws/s3, which AWS manages',
        at: ['AWS::CodeBuild::Project.EncryptionKey', 'aws_codebuild_project.encryption_key'],
        where: storesOutput,
        aliases: [
          'checkov:CKV_AWS_147',
          'cfn_nag:W32',
          'guard:CODEBUILD_ENCRYPTION_KEY_RULE',
          'cdk-nag:AwsSolutions-CB4',
          'kics:CodeBuild Not Encrypted',
        ],
        managed: [
          'checkov:CKV_AWS_147',
          'cdk-nag:AwsSolutions-CB4',
          'kics:CodeBuild Project Encrypted With AWS Managed Key',
        ],
      },
    ],
  }),
  customerKeyRule({
    id: 'codepipeline-artifact-cmk',
    data: 'Artifacts and packages',
    title: 'Artifacts have no KMS key of their own',
    always: true,
    advice: 'A pipeline that works across accounts needs it.',
    aws: awsDefaults('codepipeline-key'),
    references: [
      aws(
        'Configure server-side encryption for artifacts stored in Amazon S3 for CodePipeline',
        'codepipeline/latest/userguide/S3-artifact-encryption.html',
      ),
    ],
    places: [
      {
        name: 'store',
        thing: 'Artifact store',
        by: 'the default key for Amazon S3',
        at: [
          'AWS::CodePipeline::Pipeline.ArtifactStore > EncryptionKey.Id',
          'AWS::CodePipeline::Pipeline.ArtifactStores[].ArtifactStore > EncryptionKey.Id',
          'aws_codepipeline.artifact_store[] > encryption_key.id',
        ],
        aliases: ['checkov:CKV_AWS_219'],
      },
      {
        name: 'domain',
        thing: 'CodeArtifact domain',
        by: 'aws/codeartifact, which AWS manages',
        at: ['AWS::CodeArtifact::Domain.EncryptionKey', 'aws_codeartifact_domain.encryption_key'],
        aliases: ['checkov:CKV_AWS_221'],
      },
    ],
  }),
  customerKeyRule({
    id: 'sagemaker-cmk',
    data: 'Volumes and outputs',
    title: 'SageMaker resource has no KMS key of its own',
    always: true,
    aws: awsDefaults('sagemaker-volumes', 's3-encryption'),
    references: [aws('Protect Data at Rest Using Encryption', 'sagemaker/latest/dg/encryption-at-rest.html')],
    places: [
      {
        name: 'notebook',
        thing: 'Volume of the notebook instance',
        by: TRANSIENT,
        at: ['AWS::SageMaker::NotebookInstance.KmsKeyId', 'aws_sagemaker_notebook_instance.kms_key_id'],
        aliases: [
          'checkov:CKV_AWS_22',
          'checkov:CKV_AWS_187',
          'cfn_nag:W1201',
          'guard:SAGEMAKER_NOTEBOOK_INSTANCE_KMS_KEY_CONFIGURED',
          'cdk-nag:AwsSolutions-SM2',
          'kics:Sagemaker Notebook Instance Without KMS',
        ],
      },
      {
        name: 'domain',
        thing: 'File system of the domain',
        by: 'a key that AWS manages',
        at: ['AWS::SageMaker::Domain.KmsKeyId', 'aws_sagemaker_domain.kms_key_id'],
        aliases: ['checkov:CKV_AWS_187'],
      },
      {
        name: 'endpoint',
        thing: 'Volume of the endpoint',
        by: TRANSIENT,
        at: ['AWS::SageMaker::EndpointConfig.KmsKeyId', 'aws_sagemaker_endpoint_configuration.kms_key_arn'],
        aliases: [
          'checkov:CKV_AWS_98',
          'cfn_nag:W1200',
          'guard:SAGEMAKER_ENDPOINT_CONFIGURATION_KMS_KEY_CONFIGURED',
          'cdk-nag:SageMakerEndpointConfigurationKMSKeyConfigured',
          'kics:Sagemaker Endpoint Configuration Encryption Disabled',
        ],
      },
      {
        name: 'job-output',
        thing: 'Output of the monitoring job',
        by: S3_DEFAULT,
        at: [
          'AWS::SageMaker::DataQualityJobDefinition.DataQualityJobOutputConfig.KmsKeyId',
          'aws_sagemaker_data_quality_job_definition.data_quality_job_output_config.kms_key_id',
        ],
        aliases: ['checkov:CKV_AWS_367'],
      },
      {
        name: 'job-volume',
        thing: 'Volume of the monitoring job',
        by: TRANSIENT,
        at: [
          'AWS::SageMaker::DataQualityJobDefinition.JobResources.ClusterConfig.VolumeKmsKeyId',
          'aws_sagemaker_data_quality_job_definition.job_resources.cluster_config.volume_kms_key_id',
        ],
        aliases: ['checkov:CKV_AWS_368'],
      },
      {
        name: 'flow',
        thing: 'Output of the human review',
        by: S3_DEFAULT,
        at: ['aws_sagemaker_flow_definition.output_config.kms_key_id'],
        aliases: ['checkov:CKV_AWS_372'],
      },
    ],
  }),
  customerKeyRule({
    id: 'dms-cmk-upgrade',
    data: 'Data under way and connection settings',
    title: 'DMS resource has no KMS key of its own',
    always: true,
    aws: awsDefaults('dms-key', 'dms-minor-upgrade'),
    references: [aws('Security in AWS Database Migration Service', 'dms/latest/userguide/CHAP_Security.html')],
    places: [
      {
        name: 'instance',
        thing: 'Storage of the replication instance',
        by: 'aws/dms, which AWS manages',
        at: ['AWS::DMS::ReplicationInstance.KmsKeyId', 'aws_dms_replication_instance.kms_key_arn'],
        aliases: ['checkov:CKV_AWS_212'],
      },
      {
        name: 'endpoint',
        thing: 'What DMS stores of the connection',
        by: 'aws/dms, which AWS manages',
        at: [
          'AWS::DMS::Endpoint.KmsKeyId|S3Settings.ServerSideEncryptionKmsKeyId',
          // Terraform takes no other key where the engine is S3.
          'aws_dms_endpoint.kms_key_arn|s3_settings.server_side_encryption_kms_key_id',
        ],
        aliases: ['checkov:CKV_AWS_296'],
      },
      {
        name: 's3-endpoint',
        thing: 'What DMS stores of the connection',
        by: 'aws/dms, which AWS manages',
        at: ['aws_dms_s3_endpoint.kms_key_arn'],
        aliases: ['checkov:CKV_AWS_298'],
      },
      {
        name: 'serverless',
        thing: 'Serverless replication',
        by: 'aws/dms, which AWS manages',
        at: [
          'AWS::DMS::ReplicationConfig.ComputeConfig.KmsKeyId',
          'aws_dms_replication_config.compute_config.kms_key_id',
        ],
        aliases: [],
      },
    ],
    more: {
      variants: {
        upgrade: {
          message: 'Minor upgrades of the replication engine wait for you',
          aliases: ['checkov:CKV_AWS_222'],
        },
      },
      checks: [
        {
          kind: 'property',
          targets: [
            { type: 'AWS::DMS::ReplicationInstance', path: 'AutoMinorVersionUpgrade' },
            // The provider sends false where nothing is said.
            { type: 'aws_dms_replication_instance', path: 'auto_minor_version_upgrade', absent: 'upgrade' },
          ],
          must: otherwise(isTrue, 'upgrade'),
          absent: true,
          fix: set(true),
        },
      ],
    },
  }),
  customerKeyRule({
    id: 'cmk-preference-other',
    data: 'What these services store',
    title: 'Resource has no KMS key of its own',
    always: false,
    aws: awsDefaults('timestream-encryption', 'keyspaces-encryption', 'kendra-encryption', 'appflow-encryption'),
    references: [aws('AWS KMS keys', 'kms/latest/developerguide/concepts.html')],
    places: [
      {
        name: 'timestream',
        thing: 'Database',
        by: 'the key that AWS manages for Timestream',
        at: ['AWS::Timestream::Database.KmsKeyId', 'aws_timestreamwrite_database.kms_key_id'],
        aliases: ['checkov:CKV_AWS_160', 'cdk-nag:AwsSolutions-TS3'],
      },
      {
        name: 'keyspaces',
        thing: 'Table',
        by: OWNED,
        at: [
          'AWS::Cassandra::Table.EncryptionSpecification.EncryptionType',
          'aws_keyspaces_table.encryption_specification.type',
        ],
        must: oneOf('CUSTOMER_MANAGED_KMS_KEY'),
        aliases: ['checkov:CKV_AWS_265'],
      },
      {
        name: 'kendra',
        thing: 'Index',
        by: OWNED,
        at: [
          'AWS::Kendra::Index.ServerSideEncryptionConfiguration.KmsKeyId',
          'aws_kendra_index.server_side_encryption_configuration.kms_key_id',
        ],
        aliases: ['checkov:CKV_AWS_262', 'cfn_nag:W80', 'guard:KENDRA_INDEX_ENCRYPTION_KMS_KEY_ID_RULE'],
      },
      {
        name: 'flow',
        thing: 'Flow',
        by: 'the key that AppFlow manages',
        at: ['AWS::AppFlow::Flow.KMSArn', 'aws_appflow_flow.kms_arn'],
        aliases: ['checkov:CKV_AWS_263'],
      },
      {
        name: 'connector-profile',
        thing: 'Connector profile',
        by: 'the key that AppFlow manages',
        at: ['AWS::AppFlow::ConnectorProfile.KMSArn', 'aws_appflow_connector_profile.kms_arn'],
        aliases: ['checkov:CKV_AWS_264'],
      },
      {
        name: 'model',
        thing: 'Trained model',
        by: 'a key of Amazon Comprehend',
        at: [
          'AWS::Comprehend::DocumentClassifier.ModelKmsKeyId',
          'aws_comprehend_entity_recognizer.model_kms_key_id',
          'aws_comprehend_document_classifier.model_kms_key_id',
        ],
        aliases: ['checkov:CKV_AWS_267'],
      },
      {
        name: 'volume',
        thing: 'Volume of the training job',
        at: [
          'AWS::Comprehend::DocumentClassifier.VolumeKmsKeyId',
          'aws_comprehend_entity_recognizer.volume_kms_key_id',
          'aws_comprehend_document_classifier.volume_kms_key_id',
        ],
        aliases: ['checkov:CKV_AWS_268'],
      },
      {
        name: 'connect-video',
        thing: 'Media stream of the contact center',
        at: [
          'AWS::Connect::InstanceStorageConfig.KinesisVideoStreamConfig > EncryptionConfig.KeyId',
          'aws_connect_instance_storage_config.storage_config.kinesis_video_stream_config > encryption_config.key_id',
        ],
        aliases: ['checkov:CKV_AWS_269'],
      },
      {
        name: 'connect-s3',
        thing: 'What the contact center writes to S3',
        by: S3_DEFAULT,
        at: [
          'AWS::Connect::InstanceStorageConfig.S3Config > EncryptionConfig.KeyId',
          'aws_connect_instance_storage_config.storage_config.s3_config > encryption_config.key_id',
        ],
        aliases: ['checkov:CKV_AWS_270'],
      },
      {
        name: 'lex',
        thing: 'Conversation log in S3',
        by: S3_DEFAULT,
        at: [
          'AWS::Lex::BotAlias.ConversationLogSettings.AudioLogSettings[].Destination.S3Bucket > KmsKeyArn',
          'aws_lex_bot_alias.conversation_logs.log_settings[] > kms_key_arn',
        ],
        aliases: ['cdk-nag:AwsSolutions-LEX4'],
      },
      {
        name: 'component',
        thing: 'Image Builder component',
        at: ['AWS::ImageBuilder::Component.KmsKeyId', 'aws_imagebuilder_component.kms_key_id'],
        aliases: ['checkov:CKV_AWS_180'],
      },
      {
        name: 'recipe',
        thing: 'Volume of the image',
        by: EBS_ACCOUNT_KEY,
        at: [
          'AWS::ImageBuilder::ImageRecipe.BlockDeviceMappings[].Ebs > KmsKeyId',
          'aws_imagebuilder_image_recipe.block_device_mapping[].ebs > kms_key_id',
        ],
        encrypted: isBlockEncrypted,
        aliases: ['checkov:CKV_AWS_200'],
      },
      {
        name: 'image-copy',
        thing: 'Copy of the image',
        by: EBS_ACCOUNT_KEY,
        at: ['aws_ami_copy.kms_key_id'],
        encrypted: switchedOn('Encrypted', 'encrypted'),
        aliases: ['checkov:CKV_AWS_236'],
      },
      {
        name: 'firehose',
        thing: 'Delivery stream',
        by: OWNED,
        at: [
          'AWS::KinesisFirehose::DeliveryStream.DeliveryStreamEncryptionConfigurationInput.KeyARN',
          'aws_kinesis_firehose_delivery_stream.server_side_encryption.key_arn',
        ],
        where: isDirectPut,
        encrypted: isDeliveryEncrypted,
        aliases: ['checkov:CKV_AWS_241'],
      },
      {
        name: 'codeguru',
        thing: 'Repository association',
        by: OWNED,
        at: ['aws_codegurureviewer_repository_association.kms_key_details.encryption_option'],
        must: oneOf('CUSTOMER_MANAGED_CMK'),
        aliases: ['checkov:CKV_AWS_381'],
      },
      {
        name: 'dlm-schedule',
        thing: 'Copy of the snapshot',
        by: EBS_ACCOUNT_KEY,
        at: [
          'AWS::DLM::LifecyclePolicy.PolicyDetails.Schedules[].CrossRegionCopyRules[] > CmkArn',
          'aws_dlm_lifecycle_policy.policy_details.schedule[].cross_region_copy_rule[] > cmk_arn',
        ],
        encrypted: isBlockEncrypted,
        aliases: ['checkov:CKV_AWS_256'],
      },
      {
        name: 'dlm-event',
        thing: 'Copy of the snapshot',
        by: EBS_ACCOUNT_KEY,
        at: [
          'AWS::DLM::LifecyclePolicy.PolicyDetails.Actions[].CrossRegionCopy[].EncryptionConfiguration > CmkArn',
          'aws_dlm_lifecycle_policy.policy_details.action.cross_region_copy[].encryption_configuration > cmk_arn',
        ],
        encrypted: isBlockEncrypted,
        aliases: ['checkov:CKV_AWS_254'],
      },
    ],
  }),
];
