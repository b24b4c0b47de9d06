/** Keys of one's own for what learns and moves data, and for the many services with a single property for it. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { type Found, select } from '../template/select.ts';
import { asBoolean } from '../template/value.ts';
import { customerKeyRule, switchedOn, switchedOnBeside } from './customer-keys.ts';
import { set } from './fixes.ts';
import { isDirectPut } from './kinesis.ts';
import { isTrue, oneOf, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { Rule } from './rule.ts';
import { has } from './shared.ts';

const OWNED = 'a key that AWS owns';
const S3_DEFAULT = 'SSE-S3, as its bucket does by default';
const TRANSIENT = 'a key that SageMaker makes for it and throws away';

const EBS_ACCOUNT_KEY = 'the default key of the account for EBS';
const isBlockEncrypted = switchedOnBeside('Encrypted', 'encrypted');

/** CloudFormation encrypts a delivery stream by naming the kind of key, Terraform by a switch. */
function isDeliveryEncrypted({ resource }: Found): boolean | undefined {
  const cloudFormation = resource.type.startsWith('AWS::');
  if (cloudFormation) return has(resource, 'DeliveryStreamEncryptionConfigurationInput.KeyType');
  const enabled = select(resource, 'server_side_encryption.enabled').map(({ value }) =>
    value.kind === 'absent' ? false : asBoolean(value),
  );
  return enabled.includes(undefined) ? undefined : enabled.every((one) => one === true);
}

export const DATA_KEY_RULES: readonly Rule[] = [
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
          owner: {
            side: 'shared',
            why: 'AWS upgrades minor versions of the replication engine in the maintenance window where that is allowed; switched off, they wait for you.',
            moves: { from: 'aws', to: 'shared' },
          },
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
