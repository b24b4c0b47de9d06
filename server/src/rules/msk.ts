/** Amazon MSK: who can reach the brokers of a cluster, how, and what they log. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import type { Data } from '../syntax/edit.ts';
import { type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { set } from './fixes.ts';
import { isTrue, noneOf, oneOf, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { Reporter, Rule } from './rule.ts';

const CLUSTER = 'AWS::MSK::Cluster';
const TF_CLUSTER = 'aws_msk_cluster';

// ---- authentication

/** How each language names the ways to sign in; a block of certificate authorities is one by being there. */
const AUTHENTICATION = {
  [CLUSTER]: {
    block: 'ClientAuthentication',
    open: 'ClientAuthentication.Unauthenticated.Enabled',
    switches: ['ClientAuthentication.Sasl.Iam.Enabled', 'ClientAuthentication.Sasl.Scram.Enabled'],
    blocks: ['ClientAuthentication.Tls'],
    iam: { Sasl: { Iam: { Enabled: true } } },
  },
  [TF_CLUSTER]: {
    block: 'client_authentication',
    open: 'client_authentication.unauthenticated',
    switches: ['client_authentication.sasl.iam', 'client_authentication.sasl.scram'],
    blocks: ['client_authentication.tls'],
    iam: { sasl: { iam: true } },
  },
} as const;

function authenticationOf(cluster: Resource) {
  return AUTHENTICATION[cluster.type === CLUSTER ? CLUSTER : TF_CLUSTER];
}

function checkUnauthenticated(cluster: Resource, reporter: Reporter): void {
  const { block, open, iam } = authenticationOf(cluster);
  for (const found of select(cluster, open)) {
    if (asBoolean(found.value) !== true) continue;
    reporter.reportFound(found, {
      fix: () => set(false, { safe: false, note: 'clients need another way to sign in' })(found),
    });
  }
  for (const found of select(cluster, `${block}[]`)) {
    const empty = found.value.kind === 'object' && !found.value.open && !saysAnything(cluster);
    if (found.value.kind !== 'absent' && !empty) continue;
    reporter.reportFound(found, {
      node: (empty && found.key) || found.node,
      variant: 'none',
      fix: () => signInFix(found, iam),
    });
  }
}

/** Whether a cluster names a way to sign in, or says anything about coming in without. */
function saysAnything(cluster: Resource): boolean {
  const { open, switches, blocks } = authenticationOf(cluster);
  const says = (path: string) => select(cluster, path).some(({ value }) => value.kind !== 'absent');
  return [open, ...blocks].some(says) || switches.some((path) => says(path) && !isOff(cluster, path));
}

function isOff(cluster: Resource, path: string): boolean {
  return select(cluster, path).every(({ value }) => value.kind === 'absent' || asBoolean(value) === false);
}

function signInFix(found: Found, iam: Data): Fix | readonly Fix[] | undefined {
  if (found.value.kind !== 'absent') return undefined;
  return set(iam, { title: 'Turn on IAM access control', safe: false, note: 'every client has to sign in then' })(
    found,
  );
}

// ---- logs

const LOGS = {
  [CLUSTER]: {
    block: 'LoggingInfo',
    switches: ['CloudWatchLogs.Enabled', 'Firehose.Enabled', 'S3.Enabled'].map(
      (path) => `LoggingInfo.BrokerLogs.${path}`,
    ),
  },
  [TF_CLUSTER]: {
    block: 'logging_info',
    switches: ['cloudwatch_logs.enabled', 'firehose.enabled', 's3.enabled'].map(
      (path) => `logging_info.broker_logs.${path}`,
    ),
  },
};

function checkLogs(cluster: Resource, reporter: Reporter): void {
  const { block, switches } = LOGS[cluster.type === CLUSTER ? CLUSTER : TF_CLUSTER];
  const targets = switches.map((path) => select(cluster, path));
  const used = targets.filter((leaves) => leaves.some((leaf) => leaf.value.kind !== 'absent' && !isFalse(leaf)));
  // Several that may be on: in which cases none is cannot be told.
  if (used.length > 1) return;
  const [only] = used;
  // Where it is not on it is off, and nothing else takes the logs.
  const depends = (leaf: Found) => leaf.conditions.length > cluster.conditions.length;
  const off = only
    ? only.filter((leaf) => isFalse(leaf) || (leaf.value.kind === 'absent' && depends(leaf)))
    : targets.flat().filter(isFalse).slice(0, 1);
  for (const found of off) {
    reporter.reportFound(found, { path: block, fix: () => (hasTarget(found) ? deliver(found) : undefined) });
  }
  const [missing] = targets[0] ?? [];
  if (!only && !off.length && missing) reporter.reportFound(missing, { path: block });
}

function isFalse({ value }: Found): boolean {
  return asBoolean(value) === false;
}

const deliver = set(true, { safe: false, note: 'MSK must be allowed to write there' });

/** Whether the block of a switch names where the logs go. */
function hasTarget(found: Found): boolean {
  if (found.value.kind === 'absent') return false;
  const block = found.scopes[found.scopes.length - 1];
  return ['LogGroup', 'DeliveryStream', 'Bucket', 'log_group', 'delivery_stream', 'bucket'].some(
    (name) => block?.names.includes(name) === true,
  );
}

const ENCRYPTION = aws('Amazon MSK encryption', 'msk/latest/developerguide/msk-encryption.html');
const SECURITY = aws(
  'Update security settings of a Amazon MSK cluster',
  'msk/latest/developerguide/msk-update-security.html',
);

export const MSK_RULES: readonly Rule[] = [
  {
    id: 'msk-public',
    title: 'Brokers can be reached from the internet',
    category: 'public-access',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'MSK gives brokers public addresses only when you turn public access on; that, and who is let in, is yours.',
    },
    description:
      'The brokers get public addresses, so that whoever the security groups let in can try to connect, and reads and writes topics once signed in. Keep public access off and reach the cluster through the VPC, a VPN or private connectivity.',
    aws: awsDefaults('msk-public'),
    aliases: ['checkov:CKV_AWS_291', 'kics:MSK Broker Is Publicly Accessible'],
    references: [
      aws('Turn on public access to an MSK Provisioned cluster', 'msk/latest/developerguide/public-access.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type' },
          { type: TF_CLUSTER, path: 'broker_node_group_info.connectivity_info.public_access.type' },
        ],
        must: noneOf('SERVICE_PROVIDED_EIPS'),
        absent: true,
        fix: set('DISABLED', {
          safe: false,
          note: 'clients outside the VPC lose their connection',
          title: 'Turn public access off',
        }),
      },
    ],
  },
  {
    id: 'msk-unauthenticated',
    title: 'Clients connect to the cluster without signing in',
    category: 'iam',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'MSK offers IAM, SCRAM and client certificates; whether clients must use one of them is your setting.',
    },
    description:
      'Everything that the security groups let through can read and write all topics, and nobody knows who it was. Turn on IAM access control, SASL/SCRAM or mutual TLS, and turn unauthenticated access off.',
    aliases: [],
    variants: { none: { message: 'No way to sign in is named: clients connect without' } },
    references: [
      SECURITY,
      aws('Authentication and authorization for Apache Kafka APIs', 'msk/latest/developerguide/kafka_apis_iam.html'),
    ],
    checks: [{ kind: 'resource', types: [CLUSTER, TF_CLUSTER], check: checkUnauthenticated }],
  },
  {
    id: 'msk-in-transit',
    title: 'Brokers accept connections in plain text',
    category: 'encryption-in-transit',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS encrypts traffic with and between brokers by default and renews the certificates; this setting gives that up.',
    },
    description:
      'Records, and passwords where there are any, can be read and changed on the way. Set `TLS` for clients, and leave encryption between the brokers on: that can only be chosen as the cluster is made.',
    aws: awsDefaults('msk-client-tls', 'msk-in-cluster'),
    aliases: [
      'checkov:CKV_AWS_81',
      'trivy:AVD-AWS-0073',
      'cdk-nag:AwsSolutions-MSK2',
      'cdk-nag:AwsSolutions-MSK3',
      'kics:MSK Cluster Encryption Disabled',
    ],
    variants: {
      clients: {
        aliases: [
          'checkov:CKV_AWS_81',
          'trivy:AVD-AWS-0073',
          'cdk-nag:AwsSolutions-MSK2',
          'kics:MSK Cluster Encryption Disabled',
        ],
      },
      brokers: {
        message: 'Brokers talk to each other unencrypted',
        aliases: [
          'checkov:CKV_AWS_81',
          'trivy:AVD-AWS-0073',
          'cdk-nag:AwsSolutions-MSK3',
          'kics:MSK Cluster Encryption Disabled',
        ],
      },
    },
    references: [ENCRYPTION, SECURITY],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'EncryptionInfo.EncryptionInTransit.ClientBroker' },
          { type: TF_CLUSTER, path: 'encryption_info.encryption_in_transit.client_broker' },
        ],
        must: otherwise(oneOf('TLS'), 'clients'),
        absent: true,
        fix: set('TLS', { safe: false, note: 'clients that connect in plain text are refused' }),
      },
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'EncryptionInfo.EncryptionInTransit.InCluster' },
          { type: TF_CLUSTER, path: 'encryption_info.encryption_in_transit.in_cluster' },
        ],
        must: otherwise(isTrue, 'brokers'),
        absent: true,
        fix: set(true, { safe: false, note: 'replaces the cluster on deployment' }),
      },
    ],
  },
  {
    id: 'msk-logging',
    title: 'Brokers deliver no logs',
    category: 'logging',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'MSK delivers the logs of its brokers where you ask for it: to CloudWatch Logs, S3 or Firehose.',
    },
    description:
      'Refused connections, failed logins and errors of the brokers are nowhere to be seen. Deliver the broker logs to at least one of CloudWatch Logs, S3 and Firehose.',
    aliases: [
      'checkov:CKV_AWS_80',
      'trivy:AVD-AWS-0074',
      'cdk-nag:AwsSolutions-MSK6',
      'kics:MSK Cluster Logging Disabled',
    ],
    references: [aws('Amazon MSK logging', 'msk/latest/developerguide/msk-logging.html')],
    checks: [{ kind: 'resource', types: [CLUSTER, TF_CLUSTER], check: checkLogs }],
  },
];
