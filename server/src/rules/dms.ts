/** AWS Database Migration Service: who can reach replication instances, and how they reach databases. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asString } from '../template/value.ts';
import { set } from './fixes.ts';
import { isFalse, noneOf, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Rule } from './rule.ts';
import { has, known } from './shared.ts';

const INSTANCE = 'AWS::DMS::ReplicationInstance';
const TF_INSTANCE = 'aws_dms_replication_instance';
const ENDPOINT = 'AWS::DMS::Endpoint';
const TF_ENDPOINT = 'aws_dms_endpoint';

/**
 * The mildest mode with encryption that DMS supports for an engine; `verify-*` needs a certificate. Engines that are left
 * out have no SSL mode. Source: AWS DMS User Guide, "Using SSL with AWS Database Migration Service".
 */
const MODES: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  postgres: 'require',
  'aurora-postgresql': 'require',
  'aurora-postgresql-serverless': 'require',
  sqlserver: 'require',
  mongodb: 'require',
  mysql: 'verify-ca',
  mariadb: 'verify-ca',
  aurora: 'verify-ca',
  'aurora-serverless': 'verify-ca',
  oracle: 'verify-ca',
  db2: 'verify-ca',
  sybase: 'verify-full',
  docdb: 'verify-full',
});

function engineOf(endpoint: Resource): string | undefined {
  return known(endpoint, endpoint.type === ENDPOINT ? 'EngineName' : 'engine_name')?.toLowerCase();
}

/** An engine for which there is a choice. */
function hasModes(endpoint: Resource): boolean | undefined {
  const engine = engineOf(endpoint);
  return engine === undefined ? undefined : engine in MODES;
}

/** Options of a connection may ask for TLS as well. */
function asksForTls(endpoint: Resource): boolean | undefined {
  const path = endpoint.type === ENDPOINT ? 'ExtraConnectionAttributes' : 'extra_connection_attributes';
  const options = select(endpoint, path);
  if (options.every(({ value }) => value.kind === 'absent')) return false;
  const texts = options.map(({ value }) => (value.kind === 'absent' ? '' : asString(value)));
  return texts.every((text) => text !== undefined && !/ssl|tls/i.test(text)) ? false : undefined;
}

function mayBePlain(endpoint: Resource): boolean | undefined {
  return asksForTls(endpoint) === false ? hasModes(endpoint) : undefined;
}

const encrypt: FixMaker = (found) => {
  const { resource } = found;
  const mode = MODES[engineOf(resource) ?? ''];
  const hasCertificate = has(resource, resource.type === ENDPOINT ? 'CertificateArn' : 'certificate_arn') === true;
  if (!mode || (mode !== 'require' && !hasCertificate)) return undefined;
  return set(mode, { safe: false, note: 'the database must offer TLS' })(found);
};

export const DMS_RULES: readonly Rule[] = [
  {
    id: 'dms-public',
    title: 'Replication instance has a public address',
    category: 'public-access',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS gives a replication instance the address that is asked for, and a public one where nothing is said; who can reach it is your part.',
    },
    description:
      'A replication instance holds the credentials of the databases it connects and whatever it is moving. Keep it private and reach databases elsewhere through a VPN, peering or a NAT gateway. It cannot be changed later.',
    aws: awsDefaults('dms-public'),
    aliases: [
      'checkov:CKV_AWS_89',
      'cfn_nag:W91',
      'guard:DMS_REPLICATION_NOT_PUBLIC',
      'cdk-nag:DMSReplicationNotPublic',
      'kics:Amazon DMS Replication Instance Is Publicly Accessible',
    ],
    variants: {
      default: { message: 'Replication instance has a public address, as PubliclyAccessible is left out' },
    },
    references: [
      aws(
        'Public and private replication instances',
        'dms/latest/userguide/CHAP_ReplicationInstance.PublicPrivate.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: INSTANCE, path: 'PubliclyAccessible' },
          { type: TF_INSTANCE, path: 'publicly_accessible', absent: true },
        ],
        must: isFalse,
        absent: 'default',
        fix: set(false, { safe: false, note: 'replaces the replication instance on deployment' }),
      },
    ],
  },
  {
    id: 'dms-endpoint-ssl',
    title: 'Endpoint connects without TLS',
    category: 'encryption-in-transit',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'DMS encrypts its connection to a database by the mode that the endpoint names, and not at all where it names none.',
    },
    description:
      'The password of the database and everything that is moved cross the network in the clear. Name an SSL mode: `require` encrypts, `verify-ca` and `verify-full` also check the certificate that you import. Not every engine supports every mode; endpoints such as S3 or Kinesis have none and are encrypted anyway.',
    aws: awsDefaults('dms-endpoint-tls'),
    aliases: ['checkov:CKV2_AWS_49'],
    variants: {
      redis: { message: 'Endpoint connects to Redis without TLS', aliases: [] },
      kafka: { message: 'Endpoint connects to Kafka without TLS', aliases: [] },
    },
    references: [aws('Using SSL with AWS Database Migration Service', 'dms/latest/userguide/CHAP_Security.SSL.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: ENDPOINT, path: 'SslMode', where: mayBePlain },
          { type: TF_ENDPOINT, path: 'ssl_mode', where: mayBePlain },
        ],
        must: noneOf('none'),
        absent: false,
        fix: encrypt,
      },
      {
        kind: 'property',
        targets: [
          { type: ENDPOINT, path: 'RedisSettings.SslSecurityProtocol' },
          { type: TF_ENDPOINT, path: 'redis_settings.ssl_security_protocol' },
        ],
        must: otherwise(noneOf('plaintext'), 'redis'),
        absent: true,
        fix: set('ssl-encryption', { safe: false, note: 'the server must offer TLS' }),
      },
      {
        kind: 'property',
        targets: [
          { type: ENDPOINT, path: 'KafkaSettings.SecurityProtocol' },
          { type: TF_ENDPOINT, path: 'kafka_settings.security_protocol' },
        ],
        must: otherwise(noneOf('plaintext'), 'kafka'),
        absent: true,
        fix: set('ssl-encryption', { safe: false, note: 'the brokers must offer TLS' }),
      },
    ],
  },
];
