/** Amazon Managed Workflows for Apache Airflow: who can reach the web server, and which logs are kept. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { set } from './fixes.ts';
import { setInBlock } from './nested-fixes.ts';
import { isPresent, isTrue, noneOf, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { Owner, PropertyCheck, Rule, Variant } from './rule.ts';
import { has } from './shared.ts';

const ENVIRONMENT = 'AWS::MWAA::Environment';
const TF_ENVIRONMENT = 'aws_mwaa_environment';

/** Logs that MWAA keeps only if asked to. Those of tasks are on by default. */
const LOGS = [
  { name: 'scheduler', cloudFormation: 'SchedulerLogs', terraform: 'scheduler_logs', id: 'checkov:CKV_AWS_242' },
  { name: 'worker', cloudFormation: 'WorkerLogs', terraform: 'worker_logs', id: 'checkov:CKV_AWS_243' },
  { name: 'web server', cloudFormation: 'WebserverLogs', terraform: 'webserver_logs', id: 'checkov:CKV_AWS_244' },
] as const;

const LOGS_ARE_YOURS: Owner = {
  side: 'customer',
  why: 'AWS sends these logs to CloudWatch Logs only where the environment asks for them; that is your setting.',
};

const LOG_VARIANTS: Readonly<Record<string, Variant>> = Object.fromEntries(
  LOGS.map(({ name, terraform, id }) => [
    terraform,
    { severity: 'low' as const, owner: LOGS_ARE_YOURS, message: `Logs of the ${name} are not kept`, aliases: [id] },
  ]),
);
const ALL_ON = {
  cloudFormation: Object.fromEntries(LOGS.map(({ cloudFormation }) => [cloudFormation, { Enabled: true }])),
  terraform: Object.fromEntries(LOGS.map(({ terraform }) => [terraform, { enabled: true }])),
};
const LOGGING = { safe: false, note: 'its role must be allowed to write logs' };

const LOG_CHECKS: readonly PropertyCheck[] = LOGS.map(({ cloudFormation, terraform }) => ({
  kind: 'property',
  targets: [
    {
      type: ENVIRONMENT,
      path: `LoggingConfiguration.${cloudFormation}.Enabled`,
      where: (environment) => has(environment, 'LoggingConfiguration'),
    },
    {
      type: TF_ENVIRONMENT,
      path: `logging_configuration.${terraform}.enabled`,
      where: (environment) => has(environment, 'logging_configuration'),
    },
  ],
  must: otherwise(isTrue, terraform),
  absent: terraform,
  fix: setInBlock(true, LOGGING),
}));

export const MWAA_RULES: readonly Rule[] = [
  {
    id: 'mwaa-public',
    title: 'Airflow web server is reachable from the internet',
    category: 'public-access',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS authenticates everyone who opens the web server with IAM; whether the internet can open it is set by you.',
    },
    description:
      'Workflows run with the rights of the environment: a web server on the internet is guarded by IAM alone, and without logs nobody can tell who ran what. With `PRIVATE_ONLY` the web server is reached through an endpoint in the VPC. Keep the logs of scheduler, workers and web server.',
    aws: awsDefaults('mwaa-web-server'),
    aliases: ['checkov:CKV2_AWS_66', ...LOGS.map(({ id }) => id)],
    variants: {
      public: { aliases: ['checkov:CKV2_AWS_66'] },
      logs: {
        severity: 'low',
        owner: LOGS_ARE_YOURS,
        message: 'Logs of the scheduler, the workers and the web server are not kept',
        aliases: LOGS.map(({ id }) => id),
      },
      ...LOG_VARIANTS,
    },
    references: [
      aws('Apache Airflow access modes', 'mwaa/latest/userguide/configuring-networking.html'),
      aws('Accessing Airflow logs in Amazon CloudWatch', 'mwaa/latest/userguide/monitoring-airflow.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: ENVIRONMENT, path: 'WebserverAccessMode' },
          { type: TF_ENVIRONMENT, path: 'webserver_access_mode' },
        ],
        must: otherwise(noneOf('PUBLIC_ONLY', 'PUBLIC_AND_PRIVATE'), 'public'),
        absent: true,
        fix: set('PRIVATE_ONLY', { safe: false, note: 'the web server is then reached from the VPC only' }),
      },
      ...LOG_CHECKS,
      {
        kind: 'property',
        targets: [
          {
            type: ENVIRONMENT,
            path: 'LoggingConfiguration',
            fix: set(ALL_ON.cloudFormation, { ...LOGGING, title: 'Keep the logs' }),
          },
          {
            type: TF_ENVIRONMENT,
            path: 'logging_configuration',
            fix: set(ALL_ON.terraform, { ...LOGGING, title: 'Keep the logs' }),
          },
        ],
        must: otherwise(isPresent, 'logs'),
        absent: 'logs',
      },
    ],
  },
];
