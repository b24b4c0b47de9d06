/** AWS Glue: encryption of the Data Catalog, of what jobs write and of connections, and who may use the catalog. */

import { policiesOn } from '../iam/sites.ts';
import { awsDefaults } from '../responsibility/aws-defaults.ts';
import type { Data } from '../syntax/edit.ts';
import { select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean, asPattern, asString } from '../template/value.ts';
import { set } from './fixes.ts';
import { isPresent, isTrue, noneOf, oneOf, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import { publicPolicyRule } from './resource-policies.ts';
import type { Check, FixMaker, Rule } from './rule.ts';
import { all, has, known, lacks } from './shared.ts';
import { useSole } from './sole-resource.ts';
import { writtenTemplate } from './written.ts';

const SETTINGS = 'AWS::Glue::DataCatalogEncryptionSettings';
const TF_SETTINGS = 'aws_glue_data_catalog_encryption_settings';
const SECURITY = 'AWS::Glue::SecurityConfiguration';
const TF_SECURITY = 'aws_glue_security_configuration';
const CONNECTION = 'AWS::Glue::Connection';
const TF_CONNECTION = 'aws_glue_connection';

// ---- security configurations

const KEY_PERMISSIONS = 'roles need permissions on the key';
const CALLERS = 'whoever writes or reads connections needs permissions on the key';
const REPLACED = `replaces the configuration; ${KEY_PERMISSIONS}`;

/** Properties that name a KMS key, below the block of encryption settings. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  [SECURITY]: ['S3Encryptions[].KmsKeyArn', 'CloudWatchEncryption.KmsKeyArn', 'JobBookmarksEncryption.KmsKeyArn'].map(
    (path) => `EncryptionConfiguration.${path}`,
  ),
  [TF_SECURITY]: ['s3_encryption', 'cloudwatch_encryption', 'job_bookmarks_encryption'].map(
    (path) => `encryption_configuration.${path}.kms_key_arn`,
  ),
  [SETTINGS]: ['EncryptionAtRest.SseAwsKmsKeyId', 'ConnectionPasswordEncryption.KmsKeyId'].map(
    (path) => `DataCatalogEncryptionSettings.${path}`,
  ),
  [TF_SETTINGS]: ['encryption_at_rest.sse_aws_kms_key_id', 'connection_password_encryption.aws_kms_key_id'].map(
    (path) => `data_catalog_encryption_settings.${path}`,
  ),
};

/** The key that another part of the settings names already, as it is written there. */
function keyOf(resource: Resource): Data | undefined {
  const keys = (KEYS[resource.type] ?? [])
    .flatMap((path) => select(resource, path))
    .filter(({ value }) => value.kind !== 'absent')
    .map(({ value, node }): Data | undefined => {
      if (resource.template.dialect !== 'cloudformation') {
        return node.origin.host ? undefined : writtenTemplate(node);
      }
      if (value.kind === 'reference' && value.to === 'resource') {
        return value.attribute ? { 'Fn::GetAtt': [value.target, value.attribute] } : { Ref: value.target };
      }
      return value.via?.length ? undefined : asString(value);
    });
  const [first] = keys;
  return keys.every((key) => JSON.stringify(key) === JSON.stringify(first)) ? first : undefined;
}

/** Encrypts with the key of the other parts, where this one names none: without a key there is nothing to write. */
function encryptWith(data: Data, keyName: string, note: string): FixMaker {
  return (found) => {
    const { resource, value } = found;
    const beside = found.path.slice(0, Math.max(found.path.lastIndexOf('.'), 0));
    const isKeyed = value.kind !== 'absent' && has(resource, `${beside}.${keyName}`) === true;
    const key = isKeyed ? undefined : keyOf(resource);
    if (isKeyed) return set(data, { safe: false, note })(found);
    if (key === undefined) return undefined;
    if (value.kind !== 'absent' || value.missing.length < 2) {
      return set(data, { safe: false, note, also: { [keyName]: key } })(found);
    }
    // A block that is not there comes whole.
    const missing = value.missing.slice(0, -1);
    const title = `Set ${missing.join('.')} to ${String(data)}`;
    const block = { ...found, value: { ...value, missing } };
    return set({ [value.missing[missing.length] ?? '']: data, [keyName]: key }, { safe: false, note, title })(block);
  };
}

/** What S3 does by itself, said aloud. */
const encryptS3: FixMaker = (found) => {
  const { value, resource } = found;
  if (resource.type === TF_SECURITY) return set('SSE-S3', { safe: false, note: 'replaces the configuration' })(found);
  if (value.kind !== 'absent' || value.missing[0] !== 'S3Encryptions') return set('SSE-S3')(found);
  return set([{ S3EncryptionMode: 'SSE-S3' }], { title: 'Set S3Encryptions to SSE-S3' })({
    ...found,
    value: { ...value, missing: ['S3Encryptions'] },
  });
};

const attach = useSole([SECURITY, TF_SECURITY], 'security configuration', { safe: false, note: KEY_PERMISSIONS });

/** Ray jobs take no security configuration. Source: AWS Glue Developer Guide, "Managing security configurations". */
function takesSecurity(path: string): (job: Resource) => boolean | undefined {
  return (job) => {
    const name = known(job, path);
    if (name !== undefined) return name !== 'glueray';
    return lacks(job, path) === true ? true : undefined;
  };
}

// ---- connections

/** Databases that are reached over a URL of this form do without TLS unless told otherwise. */
const JDBC = /^jdbc:(?:mysql|mariadb|postgresql|redshift|sqlserver|oracle)\b/i;

/** A JDBC connection whose URL asks for no TLS by itself; unknown where it may. */
function isPlainJdbc(type: string, properties: string): (connection: Resource) => boolean | undefined {
  return (connection) => {
    const kind =
      known(connection, type) ?? (lacks(connection, type) && connection.type === TF_CONNECTION ? 'JDBC' : '');
    if (kind !== 'JDBC') return kind ? false : undefined;
    // A connector that is bought or brought along has properties of its own.
    return all(
      ...select(connection, `${properties}.JDBC_CONNECTION_URL`).map(({ value }) => {
        if (value.kind === 'absent') return has(connection, `${properties}.HOST`);
        const text = asPattern(value);
        if (text === undefined || !text.toLowerCase().startsWith('jdbc:')) return undefined;
        return JDBC.test(text) && !/ssl|tls|tcps|encrypt/i.test(text);
      }),
    );
  };
}

// ---- the resource policy

const PUBLIC_POLICY = publicPolicyRule({
  id: 'glue-resource-policy-public',
  thing: 'Data Catalog',
  service: 'glue',
  standalone: true,
  severity: 'high',
  severities: { write: 'high', read: 'high' },
  aliases: ['checkov:CKV_AWS_283', 'kics:Glue With Vulnerable Policy'],
  references: [aws('AWS Glue resource policies', 'glue/latest/dg/glue-resource-policies.html')],
});

/** CloudFormation has no resource for the policy of the catalog: only what Terraform and policy files hold is looked through. */
const PUBLIC_POLICY_CHECK: Check = {
  kind: 'resource',
  types: ['aws_glue_resource_policy', 'data.aws_iam_policy_document', '*'],
  check: (resource, reporter) => {
    for (const check of PUBLIC_POLICY.checks) {
      if (check.kind === 'policy') for (const policy of policiesOn(resource)) check.check(policy, reporter);
    }
  },
};

export const GLUE_RULES: readonly Rule[] = [
  {
    id: 'glue-catalog-encryption',
    title: 'Data Catalog is not encrypted',
    category: 'encryption-at-rest',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'Glue encrypts what is written to the Data Catalog, and passwords of connections, only where its settings ask for it.',
    },
    description:
      'Databases, tables, partitions and connections are stored as they are, and whoever may read a connection reads its password in the clear. Turn on both settings. With metadata encryption and no key of your own, Glue uses the key that AWS manages; encryption applies to what is written afterwards.',
    aws: awsDefaults('glue-catalog-encryption'),
    aliases: ['checkov:CKV_AWS_94', 'kics:Glue Data Catalog Encryption Disabled'],
    variants: {
      passwords: { message: 'Passwords of connections are returned in the clear' },
    },
    references: [
      aws('Encrypting your Data Catalog', 'glue/latest/dg/encrypt-glue-data-catalog.html'),
      aws('Encrypting connection passwords', 'glue/latest/dg/encrypt-connection-passwords.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: SETTINGS, path: 'DataCatalogEncryptionSettings.EncryptionAtRest.CatalogEncryptionMode' },
          {
            type: TF_SETTINGS,
            path: 'data_catalog_encryption_settings.encryption_at_rest.catalog_encryption_mode',
          },
        ],
        must: oneOf('SSE-KMS', 'SSE-KMS-WITH-SERVICE-ROLE'),
        absent: false,
        fix: set('SSE-KMS', { safe: false, note: 'whoever uses the catalog needs permissions on the key' }),
      },
      {
        kind: 'property',
        targets: [
          {
            type: SETTINGS,
            path: 'DataCatalogEncryptionSettings.ConnectionPasswordEncryption.ReturnConnectionPasswordEncrypted',
            fix: encryptWith(true, 'KmsKeyId', CALLERS),
          },
          {
            type: TF_SETTINGS,
            path: 'data_catalog_encryption_settings.connection_password_encryption.return_connection_password_encrypted',
            fix: encryptWith(true, 'aws_kms_key_id', CALLERS),
          },
        ],
        must: otherwise(isTrue, 'passwords'),
        absent: 'passwords',
      },
    ],
  },
  {
    id: 'glue-security-configuration',
    title: 'What jobs keep is not encrypted with a key',
    category: 'encryption-at-rest',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'S3 and CloudWatch Logs encrypt with keys of their own; that Glue uses a key of yours for targets, logs and bookmarks takes a security configuration.',
    },
    description:
      'Without a key of yours, whoever may read the bucket or the log group reads what jobs and crawlers write there. A security configuration says with which key data, logs and bookmarks are encrypted, so that reading them takes a permission on the key. Name one, and leave no part of it disabled.',
    aws: awsDefaults('s3-encryption'),
    aliases: [
      'checkov:CKV_AWS_99',
      'checkov:CKV_AWS_195',
      'cdk-nag:AwsSolutions-GL1',
      'cdk-nag:AwsSolutions-GL3',
      'kics:Glue Security Configuration Encryption Disabled',
    ],
    variants: {
      bookmarks: {
        message: 'Job bookmarks are not encrypted',
        aliases: [
          'checkov:CKV_AWS_99',
          'cdk-nag:AwsSolutions-GL3',
          'kics:Glue Security Configuration Encryption Disabled',
        ],
      },
      logs: {
        severity: 'info',
        message: 'Logs are encrypted by CloudWatch, but with no key of yours',
        aliases: [
          'checkov:CKV_AWS_99',
          'cdk-nag:AwsSolutions-GL1',
          'kics:Glue Security Configuration Encryption Disabled',
        ],
      },
      s3: {
        severity: 'info',
        message: 'Data in S3 is encrypted by the default of its bucket alone',
        aliases: ['checkov:CKV_AWS_99', 'kics:Glue Security Configuration Encryption Disabled'],
      },
      unattached: {
        severity: 'low',
        message: 'No security configuration is named: bookmarks stay unencrypted, data and logs have no key of yours',
        aliases: ['checkov:CKV_AWS_195', 'cdk-nag:AwsSolutions-GL1', 'cdk-nag:AwsSolutions-GL3'],
      },
    },
    references: [aws('Encrypting data written by AWS Glue', 'glue/latest/dg/encryption-security-configuration.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          {
            type: SECURITY,
            path: 'EncryptionConfiguration.JobBookmarksEncryption.JobBookmarksEncryptionMode',
            fix: encryptWith('CSE-KMS', 'KmsKeyArn', KEY_PERMISSIONS),
          },
          {
            type: TF_SECURITY,
            path: 'encryption_configuration.job_bookmarks_encryption.job_bookmarks_encryption_mode',
            fix: encryptWith('CSE-KMS', 'kms_key_arn', REPLACED),
          },
        ],
        must: otherwise(noneOf('DISABLED'), 'bookmarks'),
        absent: 'bookmarks',
      },
      {
        kind: 'property',
        targets: [
          {
            type: SECURITY,
            path: 'EncryptionConfiguration.CloudWatchEncryption.CloudWatchEncryptionMode',
            fix: encryptWith('SSE-KMS', 'KmsKeyArn', KEY_PERMISSIONS),
          },
          {
            type: TF_SECURITY,
            path: 'encryption_configuration.cloudwatch_encryption.cloudwatch_encryption_mode',
            fix: encryptWith('SSE-KMS', 'kms_key_arn', REPLACED),
          },
        ],
        must: otherwise(noneOf('DISABLED'), 'logs'),
        absent: 'logs',
      },
      {
        kind: 'property',
        targets: [
          { type: SECURITY, path: 'EncryptionConfiguration.S3Encryptions[].S3EncryptionMode' },
          { type: TF_SECURITY, path: 'encryption_configuration.s3_encryption.s3_encryption_mode' },
        ],
        must: otherwise(noneOf('DISABLED'), 's3'),
        absent: 's3',
        fix: encryptS3,
      },
      {
        kind: 'property',
        targets: [
          { type: 'AWS::Glue::Job', path: 'SecurityConfiguration', where: takesSecurity('Command.Name') },
          { type: 'AWS::Glue::Crawler', path: 'CrawlerSecurityConfiguration' },
          { type: 'AWS::Glue::DevEndpoint', path: 'SecurityConfiguration' },
          { type: 'aws_glue_job', path: 'security_configuration', where: takesSecurity('command.name') },
          { type: ['aws_glue_crawler', 'aws_glue_dev_endpoint'], path: 'security_configuration' },
        ],
        must: otherwise(isPresent, 'unattached'),
        absent: 'unattached',
        fix: attach,
      },
    ],
  },
  { ...PUBLIC_POLICY, checks: [PUBLIC_POLICY_CHECK] },
  {
    id: 'glue-connection-ssl',
    title: 'Connection does not insist on TLS',
    category: 'encryption-in-transit',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'Glue connects as the connection says; that it does so over TLS only is a property that you set.',
    },
    description:
      'Jobs and crawlers log in and fetch data over a connection that may be in the clear, and take whoever answers for the database. Set `JDBC_ENFORCE_SSL`: the connection then fails unless it is encrypted and the host name matches the certificate.',
    aws: awsDefaults('glue-connection-tls'),
    aliases: [],
    variants: { kafka: { message: 'Connection to Kafka is not encrypted' } },
    references: [aws('Connection API', 'glue/latest/dg/aws-glue-api-catalog-connections.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          {
            type: CONNECTION,
            path: 'ConnectionInput.ConnectionProperties.JDBC_ENFORCE_SSL',
            where: isPlainJdbc('ConnectionInput.ConnectionType', 'ConnectionInput.ConnectionProperties'),
          },
          {
            type: TF_CONNECTION,
            path: 'connection_properties.JDBC_ENFORCE_SSL',
            where: isPlainJdbc('connection_type', 'connection_properties'),
          },
        ],
        must: isTrue,
        absent: false,
        fix: set('true', { safe: false, note: 'the database must offer TLS with a certificate of its name' }),
      },
      {
        kind: 'property',
        targets: [
          { type: CONNECTION, path: 'ConnectionInput.ConnectionProperties.KAFKA_SSL_ENABLED' },
          { type: TF_CONNECTION, path: 'connection_properties.KAFKA_SSL_ENABLED' },
        ],
        must: (value) => (asBoolean(value) === false ? 'kafka' : true),
        absent: true,
        fix: set('true', { safe: false, note: 'the brokers must offer TLS' }),
      },
    ],
  },
];
