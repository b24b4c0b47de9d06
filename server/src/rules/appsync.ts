/** AWS AppSync: how callers prove who they are, what is cached and logged, what the API tells of itself. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asNumber } from '../template/value.ts';
import { set } from './fixes.ts';
import { isPresent, isTrue, noneOf, oneOf, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { Owner, Reporter, Rule } from './rule.ts';
import { has, known } from './shared.ts';
import { declareWebAclAssociations, webAclCheck } from './web-acls.ts';
import { writtenTemplate } from './written.ts';

const GRAPHQL = 'AWS::AppSync::GraphQLApi';
const EVENTS = 'AWS::AppSync::Api';
const CACHE = 'AWS::AppSync::ApiCache';
const APIS = [GRAPHQL, EVENTS, 'aws_appsync_graphql_api', 'aws_appsync_api'];

declareWebAclAssociations(...APIS);

const AUTHORIZATION = aws(
  'Configuring authorization and authentication to secure your GraphQL APIs',
  'appsync/latest/devguide/security-authz.html',
);

/** Private APIs answer inside VPCs only. */
function isGlobal(api: Resource): boolean | undefined {
  const path = api.types.includes(GRAPHQL) ? 'Visibility' : 'visibility';
  if (has(api, path) === false) return true;
  const visibility = known(api, path);
  return visibility === undefined ? undefined : visibility.toUpperCase() !== 'PRIVATE';
}

// ---- how long keys last

const MAX_DAYS = 90;
/** `timeadd(timestamp(), "8760h")`, the one way to say a duration in the argument itself. */
const TIMEADD = /^\s*\$\{\s*timeadd\(\s*(?:plan)?timestamp\(\)\s*,\s*"(\d{1,7})h"\s*\)\s*\}\s*$/;
/** Days in what the resources of the `time` provider count in. */
const PERIODS: readonly (readonly [unit: string, days: number])[] = [
  ['years', 365],
  ['months', 30],
  ['days', 1],
  ['hours', 1 / 24],
];

/** Days that a key is good for; undefined where only the day of deployment would tell. */
function daysOf({ value, node, resource }: Found): number | undefined {
  const hours = TIMEADD.exec(writtenTemplate(node) ?? '')?.[1];
  if (hours !== undefined) return Number(hours) / 24;
  const time = value.kind === 'reference' ? resource.template.resource(value.target) : undefined;
  const prefix = time?.type === 'time_offset' ? 'offset' : time?.type === 'time_rotating' ? 'rotation' : undefined;
  if (!time || !prefix || has(time, 'base_rfc3339') !== false) return undefined;
  let days = 0;
  for (const [unit, length] of PERIODS) {
    for (const found of select(time, `${prefix}_${unit}`)) {
      if (found.value.kind === 'absent') continue;
      const number = asNumber(found.value);
      if (number === undefined) return undefined;
      days += number * length;
    }
  }
  return days;
}

function checkKey(key: Resource, reporter: Reporter): void {
  for (const found of select(key, 'expires')) {
    const days = daysOf(found);
    if (days === undefined || days <= MAX_DAYS) continue;
    reporter.reportFound(found, {
      message: `The API key is good for ${Math.round(days)} days`,
      fix: () => {
        const text = writtenTemplate(found.node) ?? '';
        if (!TIMEADD.test(text)) return undefined;
        return {
          title: `Let the key expire after ${MAX_DAYS} days (clients need a new one before)`,
          safe: false,
          edits: [{ kind: 'replace', node: found.node, data: text.replace(/"\d+h"/, `"${MAX_DAYS * 24}h"`) }],
        };
      },
    });
  }
}

const LOGGING: Owner = {
  side: 'customer',
  why: 'AWS writes logs of requests to CloudWatch Logs once you give it a role and a level; both are off until then.',
};

export const APPSYNC_RULES: readonly Rule[] = [
  {
    id: 'appsync-api-key',
    title: 'API lets in everyone who has its key',
    category: 'public-access',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS checks callers in the way that you choose; an API key tells nothing of who calls.',
    },
    description:
      'An API key is one fixed text that all callers share and that sits in every web page or app that uses it. It suits development and data that anyone may read. For everything else let callers sign in: Amazon Cognito, OpenID Connect, IAM, or a Lambda function of your own.',
    aliases: [],
    references: [AUTHORIZATION],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: GRAPHQL, path: 'AuthenticationType', where: isGlobal },
          { type: 'aws_appsync_graphql_api', path: 'authentication_type', where: isGlobal },
        ],
        must: noneOf('API_KEY'),
        absent: undefined,
        fix: set('AWS_IAM', { safe: false, note: 'clients must then sign their requests' }),
      },
      {
        kind: 'property',
        targets: [
          { type: EVENTS, path: 'EventConfig.AuthProviders[].AuthType' },
          { type: 'aws_appsync_api', path: 'event_config.auth_provider[].auth_type' },
        ],
        must: noneOf('API_KEY'),
        absent: undefined,
      },
    ],
  },
  {
    id: 'appsync-api-key-long',
    title: 'API key is good for more than 90 days',
    category: 'secrets',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS lets a key expire after seven days unless told otherwise; up to 365 days are your choice.',
    },
    description:
      'The key is in the hands of everyone who ever loaded the page or app, and stays good until it expires. Let it expire sooner, and renew it on a schedule.',
    aws: awsDefaults('appsync-key-expiry'),
    aliases: [],
    references: [AUTHORIZATION, aws('CreateApiKey', 'appsync/latest/APIReference/API_CreateApiKey.html')],
    checks: [{ kind: 'resource', types: ['aws_appsync_api_key'], check: checkKey }],
  },
  {
    id: 'appsync-cache-encryption',
    title: 'Cache is told not to encrypt',
    category: 'encryption-at-rest',
    severity: 'info',
    tier: 'core',
    owner: {
      side: 'aws',
      why: 'AppSync encrypts new caches at rest and in transit whatever the template says; only older ones may lack it.',
    },
    description:
      'The switch is deprecated and changes nothing for a new cache. A cache that was made with it some time ago may be unencrypted still: its encryption is fixed when it is made, so replace it. A cache loses nothing but time by that.',
    aws: awsDefaults('appsync-cache-encryption'),
    aliases: ['checkov:CKV_AWS_214', 'checkov:CKV_AWS_215'],
    variants: {
      rest: {
        message: 'The template says not to encrypt the cache at rest, which AppSync does all the same for new caches',
        aliases: ['checkov:CKV_AWS_214'],
      },
      transit: {
        message:
          'The template says not to encrypt the cache in transit, which AppSync does all the same for new caches',
        aliases: ['checkov:CKV_AWS_215'],
      },
    },
    references: [
      aws(
        'Configuring server-side caching and API payload compression',
        'appsync/latest/devguide/enabling-caching.html',
      ),
    ],
    checks: (
      [
        ['rest', 'AtRestEncryptionEnabled', 'at_rest_encryption_enabled'],
        ['transit', 'TransitEncryptionEnabled', 'transit_encryption_enabled'],
      ] as const
    ).map(([variant, cloudFormation, terraform]) => ({
      kind: 'property' as const,
      targets: [
        { type: CACHE, path: cloudFormation },
        { type: 'aws_appsync_api_cache', path: terraform },
      ],
      must: otherwise(isTrue, variant),
      absent: true,
      fix: set(true, { safe: false, note: 'replaces the cache' }),
    })),
  },
  {
    id: 'appsync-logging',
    title: 'API does not log its requests',
    category: 'logging',
    severity: 'low',
    tier: 'core',
    owner: LOGGING,
    description:
      'Without logs nobody can tell later who asked for what, and which fields failed. Give the API a role that may write to CloudWatch Logs, and a level of at least ERROR.',
    aliases: ['checkov:CKV_AWS_193', 'checkov:CKV_AWS_194', 'cdk-nag:AwsSolutions-ASC3'],
    variants: {
      level: {
        message: 'The log level leaves out all fields',
        aliases: ['checkov:CKV_AWS_194'],
      },
    },
    references: [aws('Monitoring and logging GraphQL API data', 'appsync/latest/devguide/monitoring.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: GRAPHQL, path: 'LogConfig' },
          { type: EVENTS, path: 'EventConfig.LogConfig' },
          { type: 'aws_appsync_graphql_api', path: 'log_config' },
          { type: 'aws_appsync_api', path: 'event_config.log_config' },
        ],
        must: isPresent,
        absent: false,
      },
      {
        kind: 'property',
        targets: [
          { type: GRAPHQL, path: 'LogConfig.FieldLogLevel' },
          { type: EVENTS, path: 'EventConfig.LogConfig.LogLevel' },
          { type: 'aws_appsync_graphql_api', path: 'log_config.field_log_level' },
          { type: 'aws_appsync_api', path: 'event_config.log_config.log_level' },
        ],
        must: otherwise(noneOf('NONE'), 'level'),
        absent: undefined,
        fix: set('ERROR'),
      },
    ],
  },
  {
    id: 'appsync-introspection',
    title: 'API tells its whole schema',
    category: 'public-access',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS answers introspection unless told otherwise; whether callers may see the whole schema is your decision.',
    },
    description:
      'Introspection lists every type, field and operation, those that no client of yours uses included. It helps developers, and whoever looks for a way in. Switch it off for an API in production.',
    aws: awsDefaults('appsync-introspection'),
    aliases: [],
    references: [
      aws(
        'Configuring GraphQL run complexity, query depth, and introspection with AWS AppSync',
        'appsync/latest/devguide/configuration-limits.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: GRAPHQL, path: 'IntrospectionConfig', where: isGlobal },
          { type: 'aws_appsync_graphql_api', path: 'introspection_config', where: isGlobal },
        ],
        must: oneOf('DISABLED'),
        absent: false,
        fix: set('DISABLED', { safe: false, note: 'clients and tools can no longer read the schema' }),
      },
    ],
  },
  {
    id: 'appsync-waf',
    title: 'No web ACL guards the API',
    category: 'network-exposure',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS absorbs floods of packets; filters for requests, by AWS WAF, are yours to set up.',
    },
    description:
      'Every request reaches the API and what lies behind it. With a web ACL AWS WAF limits rates and drops requests that carry known attacks. The managed rules for known bad inputs hold those against Log4j.',
    aliases: ['checkov:CKV2_AWS_33', 'checkov:CKV2_AWS_78'],
    variants: {
      none: { aliases: ['checkov:CKV2_AWS_33'] },
      log4j: {
        message: 'The web ACL lacks the managed rules that look for attacks on Log4j',
        aliases: ['checkov:CKV2_AWS_78'],
      },
    },
    references: [
      aws('Using AWS WAF to protect your AWS AppSync APIs', 'appsync/latest/devguide/WAF-Integration.html'),
      aws('Baseline rule groups', 'waf/latest/developerguide/aws-managed-rule-groups-baseline.html'),
    ],
    checks: [webAclCheck(APIS)],
  },
];
