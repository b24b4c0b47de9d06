/** AWS Elastic Beanstalk: who patches the platform, and what environments leave to their defaults. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean, asString } from '../template/value.ts';
import { addOptions, type OptionName, optionsKey, optionsOf } from './beanstalk-options.ts';
import type { Fix } from './fix.ts';
import { set, setEdits } from './fixes.ts';
import { aws } from './references.ts';
import type { FixMaker, Owner, Reporter, Rule } from './rule.ts';
import { lacks } from './shared.ts';

const ENVIRONMENT = 'AWS::ElasticBeanstalk::Environment';
const TF_ENVIRONMENT = 'aws_elastic_beanstalk_environment';

const UPDATES: OptionName = 'aws:elasticbeanstalk:managedactions/ManagedActionsEnabled';
const HEALTH: OptionName = 'aws:elasticbeanstalk:healthreporting:system/SystemType';
const LOGS: OptionName = 'aws:elasticbeanstalk:hostmanager/LogPublicationControl';
const STREAM: OptionName = 'aws:elasticbeanstalk:cloudwatch:logs/StreamLogs';
const ADDRESS: OptionName = 'aws:ec2:vpc/AssociatePublicIpAddress';
const NETWORK: OptionName = 'aws:ec2:vpc/VPCId';
/** Streaming of health events is a part of enhanced health; it is met in either namespace. */
const HEALTH_STREAMS: readonly OptionName[] = [
  'aws:elasticbeanstalk:cloudwatch:logs:health/HealthStreamingEnabled',
  'aws:elasticbeanstalk:healthreporting:system/HealthStreamingEnabled',
];

/** What managed updates need beside the switch. Source: Elastic Beanstalk Developer Guide, General options. */
const WINDOW: Readonly<Record<OptionName, string>> = {
  'aws:elasticbeanstalk:managedactions/PreferredStartTime': 'Sun:02:00',
  'aws:elasticbeanstalk:managedactions:platformupdate/UpdateLevel': 'minor',
};

const ALIASES = {
  updates: ['checkov:CKV_AWS_340', 'cdk-nag:AwsSolutions-EB3'],
  health: ['checkov:CKV_AWS_312', 'cdk-nag:ElasticBeanstalkEnhancedHealthReportingEnabled'],
  logs: ['cdk-nag:AwsSolutions-EB4'],
  network: ['cdk-nag:AwsSolutions-EB1'],
} as const;

/** Options that say the wrong thing. */
interface Wrong {
  readonly variant: string;
  readonly option: OptionName;
  readonly wrong: string;
  readonly fix: FixMaker;
}

const WRONG: readonly Wrong[] = [
  { variant: 'updates', option: UPDATES, wrong: 'false', fix: (found) => switchOn(found) },
  {
    variant: 'health',
    option: HEALTH,
    wrong: 'basic',
    fix: set('enhanced', { safe: false, note: 'the environment needs a service role' }),
  },
  {
    variant: 'logs',
    option: LOGS,
    wrong: 'false',
    fix: set('true', { safe: false, note: 'instances need permission to write to the bucket' }),
  },
  {
    variant: 'address',
    option: ADDRESS,
    wrong: 'true',
    fix: set('false', { safe: false, note: 'instances then need a NAT gateway to reach AWS' }),
  },
];

/** Switches managed updates on, with the window and level that they need. */
function switchOn(found: Parameters<FixMaker>[0]): Fix | undefined {
  const edits = setEdits(found, 'true');
  const options = optionsOf(found.resource);
  const missing = Object.entries(WINDOW).filter(([option]) => !options.values(option as OptionName).length);
  const more = missing.length ? addOptions(found.resource, Object.fromEntries(missing)) : [];
  if (!edits || !more) return undefined;
  return {
    title: 'Switch on managed platform updates (needs enhanced health reporting and a service role)',
    safe: false,
    edits: [...edits, ...more],
  };
}

function checkWrong(resource: Resource, reporter: Reporter): void {
  const options = optionsOf(resource);
  for (const { variant, option, wrong, fix } of WRONG) {
    for (const found of options.values(option)) {
      if (asString(found.value)?.toLowerCase() !== wrong) continue;
      reporter.reportFound(found, { variant, path: option, fix: () => fix(found) });
    }
  }
}

/** Options that an environment leaves out, together: what that means, and what to set. */
const LEFT_OUT = [
  {
    kind: 'updates',
    // Whoever names the window wants updates: the page of options calls true the default of the switch.
    options: [UPDATES, ...(Object.keys(WINDOW) as OptionName[])],
    text: 'managed platform updates',
    fix: { [UPDATES]: 'true', ...WINDOW },
  },
  {
    kind: 'health',
    options: [HEALTH, ...HEALTH_STREAMS],
    text: 'enhanced health reporting',
    fix: { [HEALTH]: 'enhanced' },
  },
  { kind: 'logs', options: [LOGS, STREAM], text: 'upload of logs', fix: { [LOGS]: 'true' } },
] as const;

/** One finding for all that is switched off because the environment leaves it out, and one for the network. */
function checkLeftOut(environment: Resource, reporter: Reporter): void {
  const saved = environment.type === ENVIRONMENT ? 'TemplateName' : 'template_name';
  const options = optionsOf(environment);
  // A saved configuration may set what the environment does not.
  if (options.open || lacks(environment, saved) !== true) return;
  if (!options.values(NETWORK).length) {
    reporter.report({ node: environment.key, resource: environment, variant: 'network', path: NETWORK });
  }
  const missing = LEFT_OUT.filter(({ options: names }) =>
    names.every((name) =>
      // A stream of health events that is off says nothing of the reporting.
      HEALTH_STREAMS.includes(name)
        ? options.values(name).every(({ value }) => asBoolean(value) === false || asString(value) === '')
        : !options.values(name).length,
    ),
  );
  if (!missing.length) return;
  const what = listed(missing.map(({ text }) => text));
  reporter.report({
    node: optionsKey(environment),
    resource: environment,
    variant: missing.some(({ kind }) => kind === 'updates') ? 'left-out' : 'left-out-minor',
    message: `The environment does not switch on ${what}`,
    aliases: missing.flatMap(({ kind }) => ALIASES[kind]),
    path: 'options',
    fix: () => {
      const edits = addOptions(environment, Object.assign({}, ...missing.map(({ fix }) => fix)));
      return edits && { title: `Switch on ${what} (needs a service role)`, safe: false, edits };
    },
  });
}

/** `a, b and c`. */
function listed(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts[texts.length - 1]}`;
}

function yours(why: string): Owner {
  return { side: 'customer', why };
}

export const BEANSTALK_RULES: readonly Rule[] = [
  {
    id: 'elasticbeanstalk',
    title: 'Managed platform updates are switched off',
    category: 'patching',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS publishes fixed platform versions and applies them where managed updates are on; without them, updating the platform waits for you.',
      moves: { from: 'aws', to: 'customer' },
    },
    description:
      'The settings of an environment decide whether fixes of the platform reach its instances by themselves, whether logs outlive an instance, and who can reach it. Managed updates apply fixes of the operating system, the runtime and the web server; they need enhanced health reporting, by which AWS sees whether an update worked. Also keep logs outside the instances, and run in a network of your own with instances in private subnets.',
    aws: awsDefaults('beanstalk-updates', 'beanstalk-logs'),
    aliases: [...ALIASES.updates],
    variants: {
      updates: { aliases: [...ALIASES.updates] },
      health: {
        severity: 'info',
        owner: yours('AWS reports health in two depths; which of them the environment uses is your setting.'),
        message: 'Health reporting is basic: managed updates and rolling deployments cannot see whether they worked',
        aliases: [...ALIASES.health],
      },
      logs: {
        severity: 'info',
        owner: yours('AWS writes the logs on the instances; whether they outlive an instance is your setting.'),
        message: 'Logs stay on the instances and go with them',
        aliases: [...ALIASES.logs],
      },
      address: {
        severity: 'low',
        owner: yours(
          'AWS gives the instances the addresses that the environment asks for; who can reach them is your part.',
        ),
        message: 'Instances of the environment get public addresses',
        aliases: [],
      },
      'left-out': {},
      'left-out-minor': {
        severity: 'info',
        owner: yours('AWS offers these options; switching them on is your setting.'),
      },
      network: {
        severity: 'info',
        owner: yours('AWS places the instances where the environment says; in which network they run is your part.'),
        message: 'The environment names no network of yours and runs in the default VPC',
        aliases: [...ALIASES.network],
      },
    },
    references: [
      aws('Managed platform updates', 'elasticbeanstalk/latest/dg/environment-platform-update-managed.html'),
      aws(
        'Shared responsibility model for Elastic Beanstalk platform maintenance',
        'elasticbeanstalk/latest/dg/platforms-shared-responsibility.html',
      ),
      aws('General options for all environments', 'elasticbeanstalk/latest/dg/command-options-general.html'),
    ],
    checks: [
      {
        kind: 'resource',
        types: [
          ENVIRONMENT,
          TF_ENVIRONMENT,
          'AWS::ElasticBeanstalk::ConfigurationTemplate',
          'aws_elastic_beanstalk_configuration_template',
        ],
        check: checkWrong,
      },
      { kind: 'resource', types: [ENVIRONMENT, TF_ENVIRONMENT], check: checkLeftOut },
    ],
  },
];
