/** Keys of one's own for what builds, runs and records: secrets, logs, images, pipelines and their like. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import type { Found } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asString } from '../template/value.ts';
import { customerKeyRule, only } from './customer-keys.ts';
import { oneOf } from './predicates.ts';
import { aws } from './references.ts';
import type { Predicate, Rule } from './rule.ts';
import { has, isCloudFormation, known, not } from './shared.ts';

const OWNED = 'a key that AWS owns';

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
];
