/** Amazon MQ: exposure, logs and upgrades of brokers. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean, asString } from '../template/value.ts';
import { set } from './fixes.ts';
import { isFalse } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Predicate, Reporter, Rule } from './rule.ts';
import { isCloudFormation, known } from './shared.ts';

const BROKER = 'AWS::AmazonMQ::Broker';
const TF_BROKER = 'aws_mq_broker';
const CONFIGURATION = 'AWS::AmazonMQ::Configuration';
const TF_CONFIGURATION = 'aws_mq_configuration';

/** `activemq` or `rabbitmq`. */
function engineOf(broker: Resource): string | undefined {
  return known(broker, isCloudFormation(broker) ? 'EngineType' : 'engine_type')?.toLowerCase();
}

// ---- logs

const GENERAL = ['checkov:CKV_AWS_48', 'trivy:AVD-AWS-0071', 'kics:MQ Broker Logging Disabled'];
const AUDIT = ['checkov:CKV_AWS_197', 'trivy:AVD-AWS-0070'];
const LOG_NOTE = 'Amazon MQ needs permission to write to CloudWatch Logs; takes effect at the next reboot';

function checkLogs(broker: Resource, reporter: Reporter): void {
  const [block, general, audit] = isCloudFormation(broker)
    ? ['Logs', 'General', 'Audit']
    : ['logs', 'general', 'audit'];
  const isOff = ({ value }: Found) => value.kind === 'absent' || asBoolean(value) === false;
  const noGeneral = select(broker, `${block}.${general}`).filter(isOff);
  // RabbitMQ has no audit log.
  const noAudit = engineOf(broker) === 'activemq' ? select(broker, `${block}.${audit}`).filter(isOff) : [];
  for (const found of noGeneral) {
    const both = found.value.kind === 'absent' && noAudit.some((other) => other.node === found.node);
    reporter.reportFound(found, {
      variant: both ? undefined : 'general',
      fix: () => (both ? bothLogs(found, audit) : set(true, { safe: false, note: LOG_NOTE })(found)),
    });
  }
  for (const found of noAudit) {
    if (found.value.kind === 'absent' && noGeneral.some((other) => other.node === found.node)) continue;
    reporter.reportFound(found, { variant: 'audit', fix: () => set(true, { safe: false, note: LOG_NOTE })(found) });
  }
}

/** Turns on both, where both are missing in one place. */
function bothLogs(found: Found, audit: string): ReturnType<FixMaker> {
  const { value } = found;
  const general = value.kind === 'absent' ? value.missing[value.missing.length - 1] : undefined;
  if (value.kind !== 'absent' || general === undefined) return undefined;
  const options = { title: 'Turn on the general and the audit log', safe: false, note: LOG_NOTE };
  if (value.missing.length === 1 && !value.written) return set(true, { ...options, also: { [audit]: true } })(found);
  const block = { ...found, value: { ...value, missing: value.missing.slice(0, -1) } };
  return set({ [general]: true, [audit]: true }, options)(block);
}

// ---- versions

/** The oldest minor version that Amazon MQ supports: Amazon MQ Developer Guide, "Managing … engine versions". */
const OLDEST: Readonly<Record<string, readonly [major: number, minor: number]>> = Object.assign(Object.create(null), {
  activemq: [5, 18],
  rabbitmq: [3, 13],
});

/** Whether a version is one that is supported still; undefined where that cannot be told. */
function isSupported(engine: string | undefined, version: string | undefined): boolean | undefined {
  const oldest = engine === undefined ? undefined : OLDEST[engine];
  const [, major, minor] = /^(\d+)\.(\d+)(?:\.|$)/.exec(version ?? '') ?? [];
  if (!oldest || major === undefined || minor === undefined) return undefined;
  return Number(major) > oldest[0] || (Number(major) === oldest[0] && Number(minor) >= oldest[1]);
}

const supportedVersion: Predicate = (value, { resource }) => {
  // A number loses the zero it ends with.
  const text = value.kind === 'known' && typeof value.value === 'number' ? value.node.source : asString(value);
  const supported = isSupported(engineOf(resource), text);
  return supported === false ? 'version' : supported;
};

const upgrade: FixMaker = (found) => {
  if (engineOf(found.resource) !== 'activemq' || found.resource.type === CONFIGURATION) return undefined;
  if (found.resource.type === TF_CONFIGURATION) return undefined;
  const automatic = isCloudFormation(found.resource) ? 'AutoMinorVersionUpgrade' : 'auto_minor_version_upgrade';
  return set('5.19', {
    safe: false,
    note: 'upgrades the broker',
    also: found.via.length ? undefined : { [automatic]: true },
  })(found);
};

/** These versions take nothing but automatic upgrades. */
function upgradesAlways(broker: Resource): boolean | undefined {
  return isSupported(engineOf(broker), known(broker, isCloudFormation(broker) ? 'EngineVersion' : 'engine_version'));
}

function checkUpgrades(broker: Resource, reporter: Reporter): void {
  const path = isCloudFormation(broker) ? 'AutoMinorVersionUpgrade' : 'auto_minor_version_upgrade';
  for (const found of select(broker, path)) {
    // Left out, it is on in CloudFormation and off in the Terraform provider.
    const on = found.value.kind === 'absent' ? isCloudFormation(broker) : asBoolean(found.value);
    if (on !== false) continue;
    reporter.reportFound(found, {
      variant: upgradesAlways(broker) ? 'refused' : 'manual',
      fix: () => set(true)(found),
    });
  }
}

const VERSIONS = [
  aws(
    'Managing Amazon MQ for ActiveMQ engine versions',
    'amazon-mq/latest/developer-guide/activemq-version-management.html',
  ),
  aws(
    'Managing Amazon MQ for RabbitMQ engine versions',
    'amazon-mq/latest/developer-guide/rabbitmq-version-management.html',
  ),
];

export const MQ_RULES: readonly Rule[] = [
  {
    id: 'mq-public',
    title: 'Broker is publicly accessible',
    category: 'public-access',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'Amazon MQ gives a broker a public address only when asked to; whether it has one is your setting.',
    },
    description:
      'The broker and its web console answer on the internet, and a user name and a password are what keeps others out. Make it private and reach it through the VPC or a VPN. This can only be chosen when the broker is made.',
    aws: awsDefaults('mq-public'),
    aliases: ['checkov:CKV_AWS_69', 'trivy:AVD-AWS-0072', 'kics:MQ Broker Is Publicly Accessible'],
    references: [
      aws('Security best practices for Amazon MQ', 'amazon-mq/latest/developer-guide/using-amazon-mq-securely.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: BROKER, path: 'PubliclyAccessible' },
          { type: TF_BROKER, path: 'publicly_accessible' },
        ],
        must: isFalse,
        absent: true,
        fix: set(false, { safe: false, note: 'replaces the broker on deployment' }),
      },
    ],
  },
  {
    id: 'mq-logging',
    title: 'Broker publishes no logs',
    category: 'logging',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'Amazon MQ can publish the logs of a broker to CloudWatch Logs; both switches are yours.',
    },
    description:
      'Failed logins and errors are not kept, and neither are changes that administrators make. Turn on the general log, and for ActiveMQ the audit log as well; Amazon MQ needs a resource policy in CloudWatch Logs that lets it write.',
    aws: awsDefaults('mq-logs'),
    aliases: [...GENERAL, ...AUDIT],
    variants: {
      general: { message: 'Broker does not publish its general log', aliases: GENERAL },
      audit: { message: 'Broker does not publish its audit log', aliases: AUDIT },
    },
    references: [
      aws('Configuring ActiveMQ logs', 'amazon-mq/latest/developer-guide/configure-logging-monitoring-activemq.html'),
    ],
    checks: [{ kind: 'resource', types: [BROKER, TF_BROKER], check: checkLogs }],
  },
  {
    id: 'mq-minor-upgrade',
    title: 'Broker is not upgraded automatically',
    category: 'patching',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS tests new versions of the engine and installs them in your maintenance window, as long as you allow it.',
      moves: { from: 'aws', to: 'customer' },
    },
    description:
      'Security fixes of the engine wait until someone installs them. Let Amazon MQ upgrade the broker in the maintenance window, and move off versions that are no longer supported: AWS upgrades those by itself within weeks, whether that suits you or not.',
    aws: [
      ...awsDefaults('mq-minor-upgrade', 'mq-upgrades-only'),
      {
        text: 'Support ended for RabbitMQ 3.12 on 2025-03-17 and for ActiveMQ 5.17 on 2025-06-16.',
        source: 'Amazon MQ Developer Guide: Managing Amazon MQ engine versions',
      },
    ],
    aliases: ['checkov:CKV_AWS_207', 'checkov:CKV_AWS_208'],
    variants: {
      manual: { aliases: ['checkov:CKV_AWS_207'] },
      refused: {
        message: 'Automatic upgrades are off, which Amazon MQ does not accept for this version of the engine',
        aliases: ['checkov:CKV_AWS_207'],
      },
      version: {
        message: 'Amazon MQ no longer supports this version of the engine',
        aliases: ['checkov:CKV_AWS_208'],
      },
    },
    references: VERSIONS,
    checks: [
      { kind: 'resource', types: [BROKER, TF_BROKER], check: checkUpgrades },
      {
        kind: 'property',
        targets: [
          { type: [BROKER, CONFIGURATION], path: 'EngineVersion' },
          { type: [TF_BROKER, TF_CONFIGURATION], path: 'engine_version' },
        ],
        must: supportedVersion,
        absent: true,
        fix: upgrade,
      },
    ],
  },
];
