/** Keys of one's own for what stores data: volumes, file systems, databases, caches, streams and backups. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asString } from '../template/value.ts';
import { customerKeyRule, only, switchedOn } from './customer-keys.ts';
import { isFalse, isTrue, oneOf } from './predicates.ts';
import { isNewCluster, ownsStorage } from './rds.ts';
import { CLUSTER, INSTANCE, isAurora, TF_CLUSTER, TF_INSTANCE } from './rds-types.ts';
import { aws } from './references.ts';
import type { Rule } from './rule.ts';
import { all, known, lacks } from './shared.ts';

const OWNED = 'a key that AWS owns';

function isCloudFormation(resource: Resource): boolean {
  return resource.type.startsWith('AWS::');
}

/** A volume that is not made from a snapshot or another volume: those bring their key. */
function isEmptyVolume(volume: Resource): boolean | undefined {
  return isCloudFormation(volume)
    ? all(lacks(volume, 'SnapshotId'), lacks(volume, 'SourceVolumeId'))
    : lacks(volume, 'snapshot_id');
}

const isStorageEncrypted = switchedOn('StorageEncrypted', 'storage_encrypted');

/** New Aurora clusters are encrypted whatever is said. */
function isClusterEncrypted(found: Found): boolean | undefined {
  return isAurora(found.resource) === true ? true : isStorageEncrypted(found);
}

const isElastiCacheEncrypted = switchedOn('AtRestEncryptionEnabled', 'at_rest_encryption_enabled');

/** Valkey is encrypted unless that is switched off, Redis OSS only where it is asked for. */
function isCacheEncrypted(found: Found): boolean | undefined {
  const { resource } = found;
  const cloudFormation = isCloudFormation(resource);
  const engine = known(resource, cloudFormation ? 'Engine' : 'engine');
  const unsaid = lacks(resource, cloudFormation ? 'AtRestEncryptionEnabled' : 'at_rest_encryption_enabled');
  return engine === 'valkey' && unsaid ? true : isElastiCacheEncrypted(found);
}

/** Scratch file systems of Lustre take no key; a file system of Lustre is one unless it says otherwise. */
function takesKey(fileSystem: Resource): boolean | undefined {
  const cloudFormation = isCloudFormation(fileSystem);
  const type = cloudFormation ? known(fileSystem, 'FileSystemType') : undefined;
  if (cloudFormation && type !== 'LUSTRE') return type === undefined ? undefined : true;
  const path = cloudFormation ? 'LustreConfiguration.DeploymentType' : 'deployment_type';
  const persistent = select(fileSystem, path).map(({ value }) =>
    value.kind === 'absent' ? false : asString(value)?.startsWith('PERSISTENT'),
  );
  return persistent.every((one) => one === true);
}

const isTableEncryptedWithKms = only('SSESpecification.SSEEnabled', 'server_side_encryption.enabled', isTrue);

function isStreamEncrypted({ resource }: Found): boolean | undefined {
  const path = isCloudFormation(resource) ? 'StreamEncryption.EncryptionType' : 'encryption_type';
  const verdicts = select(resource, path).map((found) =>
    found.value.kind === 'absent' ? false : oneOf('KMS')(found.value, found),
  );
  return verdicts.every((verdict) => verdict === true) ? true : verdicts.includes(false) ? false : undefined;
}

function refusesOwnedKey(broker: Resource): boolean {
  const path = isCloudFormation(broker) ? 'EncryptionOptions.UseAwsOwnedKey' : 'encryption_options.use_aws_owned_key';
  return select(broker, path).every((found) => isFalse(found.value, found) === true);
}

export const STORAGE_KEY_RULES: readonly Rule[] = [
  customerKeyRule({
    id: 'ebs-cmk',
    data: 'Volumes',
    always: false,
    aws: awsDefaults('ebs-key'),
    references: [aws('Amazon EBS encryption', 'ebs/latest/userguide/ebs-encryption.html')],
    places: [
      {
        name: 'volume',
        thing: 'Volume',
        by: 'the default key of the account for EBS',
        at: ['AWS::EC2::Volume.KmsKeyId', 'aws_ebs_volume.kms_key_id'],
        where: isEmptyVolume,
        encrypted: switchedOn('Encrypted', 'encrypted'),
        aliases: [
          'checkov:CKV_AWS_189',
          'cfn_nag:W37',
          'trivy:AVD-AWS-0027',
          'guard:EBS_VOLUME_ENCRYPTION_KEY_RULE',
          'kics:CMK Unencrypted Storage',
          'kics:EBS Volume Without KmsKeyId',
        ],
      },
      {
        name: 'snapshot-copy',
        thing: 'Copy of the snapshot',
        by: 'the default key of the account for EBS',
        at: ['aws_ebs_snapshot_copy.kms_key_id'],
        encrypted: switchedOn('Encrypted', 'encrypted'),
        aliases: ['checkov:CKV_AWS_183'],
      },
    ],
  }),
  customerKeyRule({
    id: 'rds-cmk',
    data: 'Databases',
    always: false,
    aws: awsDefaults('rds-key', 'aurora-encryption'),
    references: [aws('Encrypting Amazon RDS resources', 'AmazonRDS/latest/UserGuide/Overview.Encryption.html')],
    places: [
      {
        name: 'instance',
        thing: 'Database',
        by: 'aws/rds, which AWS manages',
        at: [`${INSTANCE}.KmsKeyId`, `${TF_INSTANCE}.kms_key_id`],
        where: ownsStorage,
        encrypted: isStorageEncrypted,
        aliases: ['kics:Default KMS Key Usage'],
      },
      {
        name: 'cluster',
        thing: 'Database cluster',
        by: (found) => (isStorageEncrypted(found) ? 'aws/rds, which AWS manages' : OWNED),
        at: [`${CLUSTER}.KmsKeyId`, `${TF_CLUSTER}.kms_key_id`],
        where: isNewCluster,
        encrypted: isClusterEncrypted,
        aliases: ['checkov:CKV_AWS_327', 'trivy:AVD-AWS-0079', 'kics:Default KMS Key Usage'],
      },
      {
        name: 'snapshot-copy',
        thing: 'Copy of the snapshot',
        at: ['aws_db_snapshot_copy.kms_key_id'],
        aliases: ['checkov:CKV_AWS_266'],
      },
      {
        name: 'backups',
        thing: 'Replica of the backups',
        at: ['aws_db_instance_automated_backups_replication.kms_key_id'],
        aliases: ['checkov:CKV_AWS_245'],
      },
      {
        name: 'activity',
        thing: 'Activity stream',
        at: ['aws_rds_cluster_activity_stream.kms_key_id'],
        aliases: ['checkov:CKV_AWS_246'],
      },
    ],
  }),
  customerKeyRule({
    id: 'rds-performance-insights-cmk',
    data: 'Performance data',
    always: true,
    aws: awsDefaults('rds-performance-insights-key'),
    references: [
      aws(
        'Overview of Performance Insights on Amazon RDS',
        'AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.html',
      ),
    ],
    places: [
      {
        name: 'instance',
        thing: 'Data of Performance Insights',
        by: 'aws/rds, which AWS manages',
        at: [
          `${INSTANCE}.PerformanceInsightsKMSKeyId`,
          `${TF_INSTANCE}.performance_insights_kms_key_id`,
          'aws_rds_cluster_instance.performance_insights_kms_key_id',
        ],
        where: only('EnablePerformanceInsights', 'performance_insights_enabled', isTrue),
        aliases: ['checkov:CKV_AWS_354', 'trivy:AVD-AWS-0078'],
      },
      {
        name: 'cluster',
        thing: 'Data of Performance Insights',
        by: 'aws/rds, which AWS manages',
        at: [`${CLUSTER}.PerformanceInsightsKmsKeyId`, `${TF_CLUSTER}.performance_insights_kms_key_id`],
        where: only('PerformanceInsightsEnabled', 'performance_insights_enabled', isTrue),
        aliases: ['trivy:AVD-AWS-0078'],
      },
    ],
  }),
  customerKeyRule({
    id: 'dynamodb-encryption-disabled',
    title: 'Table has no KMS key of its own',
    data: 'Items of a table',
    always: true,
    aws: awsDefaults('dynamodb-encryption'),
    references: [aws('DynamoDB encryption at rest', 'amazondynamodb/latest/developerguide/EncryptionAtRest.html')],
    places: [
      {
        name: 'owned',
        thing: 'Table',
        by: OWNED,
        at: [
          'AWS::DynamoDB::Table.SSESpecification.SSEEnabled',
          'AWS::DynamoDB::GlobalTable.SSESpecification.SSEEnabled',
          'aws_dynamodb_table.server_side_encryption.enabled',
        ],
        must: isTrue,
        aliases: [
          'checkov:CKV_AWS_119',
          'cfn_nag:W74',
          'trivy:AVD-AWS-0025',
          'trivy:AVD-AWS-0121',
          'guard:DYNAMODB_TABLE_ENCRYPTED_KMS',
          'guard:DYNAMODB_TABLE_MUST_BE_ENCRYPTED',
          'kics:DynamoDB Table Not Encrypted',
          'kics:DynamoDB With Aws Owned CMK',
        ],
      },
      {
        name: 'key',
        thing: 'Table',
        by: 'aws/dynamodb, which AWS manages',
        at: [
          'AWS::DynamoDB::Table.SSESpecification.KMSMasterKeyId',
          'aws_dynamodb_table.server_side_encryption.kms_key_arn',
        ],
        where: isTableEncryptedWithKms,
        aliases: ['checkov:CKV_AWS_119', 'trivy:AVD-AWS-0025'],
      },
      {
        name: 'replica',
        thing: 'Replica of the table',
        by: 'aws/dynamodb, which AWS manages',
        at: ['AWS::DynamoDB::GlobalTable.Replicas[] > SSESpecification.KMSMasterKeyId'],
        where: isTableEncryptedWithKms,
        aliases: [],
      },
      {
        name: 'table-replica',
        thing: 'Replica of the table',
        at: ['aws_dynamodb_table_replica.kms_key_arn'],
        aliases: ['checkov:CKV_AWS_271'],
      },
    ],
  }),
  customerKeyRule({
    id: 'elasticache-cmk',
    data: 'Caches',
    always: false,
    aws: awsDefaults('elasticache-serverless-encryption', 'elasticache-at-rest'),
    references: [aws('At-Rest Encryption in ElastiCache', 'AmazonElastiCache/latest/dg/at-rest-encryption.html')],
    places: [
      {
        name: 'group',
        thing: 'Replication group',
        by: 'a key of the service',
        at: ['AWS::ElastiCache::ReplicationGroup.KmsKeyId', 'aws_elasticache_replication_group.kms_key_id'],
        encrypted: isCacheEncrypted,
        aliases: ['checkov:CKV_AWS_191'],
      },
      {
        name: 'serverless',
        thing: 'Serverless cache',
        by: 'a key of the service',
        at: ['AWS::ElastiCache::ServerlessCache.KmsKeyId', 'aws_elasticache_serverless_cache.kms_key_id'],
        aliases: [],
      },
    ],
  }),
  customerKeyRule({
    id: 'memorydb-cmk',
    data: 'Clusters and their snapshots',
    title: 'MemoryDB has no KMS key of its own',
    always: true,
    aws: awsDefaults('memorydb-encryption'),
    references: [aws('At-Rest Encryption in MemoryDB', 'memorydb/latest/devguide/at-rest-encryption.html')],
    places: [
      {
        name: 'cluster',
        thing: 'Cluster',
        by: 'a key of the service',
        at: ['AWS::MemoryDB::Cluster.KmsKeyId', 'aws_memorydb_cluster.kms_key_arn'],
        aliases: ['checkov:CKV_AWS_201'],
      },
      {
        name: 'snapshot',
        thing: 'Snapshot',
        by: 'a key of the service',
        at: ['aws_memorydb_snapshot.kms_key_arn'],
        aliases: ['checkov:CKV_AWS_278'],
      },
    ],
  }),
  customerKeyRule({
    id: 'efs-cmk',
    data: 'File systems',
    always: false,
    aws: awsDefaults('efs-key'),
    references: [aws('Encrypting data at rest', 'efs/latest/ug/encryption-at-rest.html')],
    places: [
      {
        name: 'file-system',
        thing: 'File system',
        by: 'aws/elasticfilesystem, which AWS manages',
        at: ['AWS::EFS::FileSystem.KmsKeyId', 'aws_efs_file_system.kms_key_id'],
        encrypted: switchedOn('Encrypted', 'encrypted'),
        aliases: ['checkov:CKV_AWS_184', 'kics:EFS Without KMS'],
      },
    ],
  }),
  customerKeyRule({
    id: 'fsx-cmk',
    data: 'File systems',
    always: true,
    aws: awsDefaults('fsx-encryption'),
    references: [
      aws('Encrypting data at rest', 'fsx/latest/LustreGuide/encryption-at-rest.html'),
      aws('Encryption of data at rest', 'fsx/latest/WindowsGuide/encryption-at-rest.html'),
    ],
    places: [
      ...(
        [
          ['windows', 'checkov:CKV_AWS_179'],
          ['lustre', 'checkov:CKV_AWS_190'],
          ['ontap', 'checkov:CKV_AWS_178'],
          ['openzfs', 'checkov:CKV_AWS_203'],
        ] as const
      ).map(([kind, alias]) => ({
        name: kind,
        thing: 'File system',
        by: 'a key of Amazon FSx in the account',
        at: [`aws_fsx_${kind}_file_system.kms_key_id`],
        ...(kind === 'lustre' ? { where: takesKey } : {}),
        aliases: [alias],
      })),
      {
        name: 'file-system',
        thing: 'File system',
        by: 'a key of Amazon FSx in the account',
        at: ['AWS::FSx::FileSystem.KmsKeyId'],
        where: takesKey,
        aliases: [],
      },
    ],
  }),
  customerKeyRule({
    id: 'backup-vault-cmk',
    data: 'Backups of the services that AWS Backup fully manages',
    always: true,
    aws: awsDefaults('backup-vault-key'),
    references: [aws('Encryption for backups in AWS Backup', 'aws-backup/latest/devguide/encryption.html')],
    places: [
      {
        name: 'vault',
        thing: 'Backup vault',
        by: 'a key that AWS Backup makes',
        at: ['AWS::Backup::BackupVault.EncryptionKeyArn', 'aws_backup_vault.kms_key_arn'],
        aliases: ['checkov:CKV_AWS_166'],
      },
      {
        name: 'air-gapped',
        thing: 'Logically air-gapped vault',
        by: OWNED,
        at: [
          'AWS::Backup::LogicallyAirGappedBackupVault.EncryptionKeyArn',
          'aws_backup_logically_air_gapped_vault.encryption_key_arn',
        ],
        aliases: [],
      },
    ],
  }),
  customerKeyRule({
    id: 'opensearch-cmk',
    data: 'Indexes and their snapshots',
    title: 'Domain has no KMS key of its own',
    always: false,
    references: [
      aws(
        'Encryption of data at rest for Amazon OpenSearch Service',
        'opensearch-service/latest/developerguide/encryption-at-rest.html',
      ),
    ],
    places: [
      {
        name: 'domain',
        thing: 'Domain',
        by: 'aws/es, which AWS manages',
        at: [
          'AWS::OpenSearchService::Domain.EncryptionAtRestOptions.KmsKeyId',
          'AWS::Elasticsearch::Domain.EncryptionAtRestOptions.KmsKeyId',
          'aws_opensearch_domain.encrypt_at_rest.kms_key_id',
          'aws_elasticsearch_domain.encrypt_at_rest.kms_key_id',
        ],
        encrypted: switchedOn('EncryptionAtRestOptions.Enabled', 'encrypt_at_rest.enabled'),
        aliases: ['checkov:CKV_AWS_247', 'kics:ElasticSearch Encryption With KMS Disabled'],
      },
    ],
  }),
  customerKeyRule({
    id: 'msk-cmk',
    data: 'Volumes of brokers',
    title: 'Cluster has no KMS key of its own',
    always: true,
    aws: awsDefaults('msk-at-rest'),
    references: [aws('Amazon MSK encryption', 'msk/latest/developerguide/msk-encryption.html')],
    places: [
      {
        name: 'cluster',
        thing: 'Cluster',
        by: 'aws/kafka, which AWS manages',
        at: [
          'AWS::MSK::Cluster.EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId',
          'aws_msk_cluster.encryption_info.encryption_at_rest_kms_key_arn',
        ],
        aliases: ['trivy:AVD-AWS-0179', 'kics:MSK Cluster Encryption Disabled'],
      },
    ],
  }),
  customerKeyRule({
    id: 'kinesis-cmk',
    data: 'Records of a stream',
    title: 'Stream has no KMS key of its own',
    always: false,
    advice: 'Each producer and consumer then calls KMS, which a busy stream notices on the bill.',
    references: [
      aws('What is server-side encryption for Kinesis Data Streams?', 'streams/latest/dev/what-is-sse.html'),
    ],
    places: [
      {
        name: 'stream',
        thing: 'Stream',
        at: ['AWS::Kinesis::Stream.StreamEncryption.KeyId', 'aws_kinesis_stream.kms_key_id'],
        encrypted: isStreamEncrypted,
        aliases: ['checkov:CKV_AWS_185'],
      },
      {
        name: 'video',
        thing: 'Video stream',
        by: 'aws/kinesisvideo, which AWS manages',
        at: ['AWS::KinesisVideo::Stream.KmsKeyId', 'aws_kinesis_video_stream.kms_key_id'],
        aliases: ['checkov:CKV_AWS_177'],
      },
    ],
  }),
  customerKeyRule({
    id: 'mq-encryption-cmk',
    data: 'Messages and settings of a broker',
    title: 'Broker has no KMS key of its own',
    always: true,
    aws: awsDefaults('mq-encryption'),
    references: [aws('Data protection in Amazon MQ', 'amazon-mq/latest/developer-guide/data-protection.html')],
    places: [
      {
        name: 'broker',
        thing: 'Broker',
        by: ({ resource }) => (refusesOwnedKey(resource) ? 'aws/mq, which AWS manages' : OWNED),
        at: ['AWS::AmazonMQ::Broker.EncryptionOptions.KmsKeyId', 'aws_mq_broker.encryption_options.kms_key_id'],
        aliases: [
          'checkov:CKV_AWS_209',
          'cfn_nag:W53',
          'guard:AMAZON_MQ_BROKER_ENCRYPTION_OPTIONS_RULE',
          'kics:AmazonMQ Broker Encryption Disabled',
        ],
      },
    ],
  }),
];
