/** Amazon EventBridge: who may use event buses and schema registries, and the secrets and addresses of API destinations. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import type { Found } from '../template/select.ts';
import { below } from '../template/select.ts';
import { asBoolean, asString } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { textThat } from './predicates.ts';
import { aws } from './references.ts';
import { merge, type PolicyRule, publicPolicyRule } from './resource-policies.ts';
import type { PropertyCheck, Rule, Target } from './rule.ts';
import { keepElsewhere } from './secret-fixes.ts';
import { keepsSecret, SECRET_SEVERITIES, type SecretProperty, secretChecks, secretMessage } from './secrets.ts';

const BUS: Omit<PolicyRule, 'id' | 'thing' | 'service'> = {
  aliases: ['cdk-nag:AwsSolutions-EVB1'],
  standalone: true,
};

const CREDENTIALS: readonly SecretProperty[] = [
  {
    at: [
      'AWS::Events::Connection.AuthParameters.ApiKeyAuthParameters.ApiKeyValue',
      'aws_cloudwatch_event_connection.auth_parameters.api_key.value',
    ],
    what: 'API key of the connection',
  },
  {
    at: [
      'AWS::Events::Connection.AuthParameters.BasicAuthParameters.Password',
      'aws_cloudwatch_event_connection.auth_parameters.basic.password',
    ],
    what: 'Password of the connection',
  },
  {
    at: [
      'AWS::Events::Connection.AuthParameters.OAuthParameters.ClientParameters.ClientSecret',
      'aws_cloudwatch_event_connection.auth_parameters.oauth.client_parameters.client_secret',
    ],
    what: 'Client secret of the connection',
  },
];

/** Lists of further parameters that a connection sends; each says whether its value is a secret. */
const PARAMETERS: readonly (readonly [type: string, path: string, flag: string, value: string])[] = [
  ...['InvocationHttpParameters', 'OAuthParameters.OAuthHttpParameters'].flatMap((block) =>
    ['BodyParameters', 'HeaderParameters', 'QueryStringParameters'].map(
      (list) => ['AWS::Events::Connection', `AuthParameters.${block}.${list}`, 'IsValueSecret', 'Value'] as const,
    ),
  ),
  ...['invocation_http_parameters', 'oauth.oauth_http_parameters'].flatMap((block) =>
    ['body', 'header', 'query_string'].map(
      (list) =>
        ['aws_cloudwatch_event_connection', `auth_parameters.${block}.${list}`, 'is_value_secret', 'value'] as const,
    ),
  ),
];

function isSecret(scope: Found | undefined, flag: string): boolean | undefined {
  const flags = scope ? below(scope, flag) : [];
  return flags.length === 1 ? flags.map(({ value }) => asBoolean(value) === true)[0] : undefined;
}

const parameterCheck: PropertyCheck = {
  kind: 'property',
  targets: PARAMETERS.map(
    ([type, within, flag, path]): Target => ({ type, within, path, where: (_, scope) => isSecret(scope, flag) }),
  ),
  must: keepsSecret,
  absent: true,
  message: secretMessage('Secret parameter of the connection'),
  fix: keepElsewhere,
};

function withTls(found: Found): Fix | undefined {
  const { node, via } = found;
  const text = asString(found.value);
  if (via.length || text === undefined || node.value !== text) return undefined;
  return {
    title: 'Use https (the endpoint must answer there)',
    safe: false,
    edits: [{ kind: 'replace', node, data: text.replace(/^http:/i, 'https:') }],
  };
}

export const EVENTS_RULES: readonly Rule[] = [
  merge(
    publicPolicyRule({
      ...BUS,
      id: 'events-bus-policy-public',
      thing: 'event bus',
      service: 'events',
      severities: { write: 'high', read: 'medium' },
      description:
        'A statement allows every principal, and no condition narrows it: any AWS account can put events on the bus, forge those that your rules act on and run up their costs, or manage its rules. Name the accounts, or let in your organization with a condition on `aws:PrincipalOrgID`.',
      references: [
        aws(
          'Permissions for event buses in Amazon EventBridge',
          'eventbridge/latest/userguide/eb-event-bus-perms.html',
        ),
      ],
    }),
    publicPolicyRule({
      ...BUS,
      id: 'events-bus-policy-public',
      thing: 'schema registry',
      service: 'schemas',
      aliases: [],
      severities: { write: 'high', read: 'medium' },
    }),
  ),
  {
    id: 'events-connection-secret',
    title: 'Secret of a connection is written in the template',
    category: 'secrets',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS keeps the credentials of a connection in Secrets Manager; that they also stand in a template is your choice.',
    },
    description:
      'Everyone who can read the template or its history can call the API in your name. In CloudFormation take the value from Secrets Manager by a dynamic reference; in Terraform from a sensitive variable without a default, or a data source. Replace the secret: it has been exposed.',
    aws: awsDefaults('events-connection-secret'),
    aliases: [],
    variants: SECRET_SEVERITIES,
    references: [
      aws(
        'Connections for API targets in Amazon EventBridge',
        'eventbridge/latest/userguide/eb-target-connection.html',
      ),
      aws(
        'Get values stored in other services using dynamic references',
        'AWSCloudFormation/latest/UserGuide/dynamic-references.html',
      ),
    ],
    checks: [...secretChecks(CREDENTIALS), parameterCheck],
  },
  {
    id: 'events-api-destination-http',
    title: 'API destination does not use HTTPS',
    category: 'encryption-in-transit',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'aws',
      why: 'EventBridge calls API destinations over HTTPS only; the address that you give must say so.',
    },
    description:
      'EventBridge takes no address without TLS, since events and credentials would travel in the clear: the deployment fails, or nothing arrives. Give the `https` address of the endpoint.',
    aws: awsDefaults('events-api-destination'),
    aliases: [],
    references: [
      aws(
        'Create an API destination in Amazon EventBridge',
        'eventbridge/latest/userguide/eb-api-destination-create.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::Events::ApiDestination', path: 'InvocationEndpoint' },
          { type: 'aws_cloudwatch_event_api_destination', path: 'invocation_endpoint' },
        ],
        must: textThat((text) => (/^http:/i.test(text) ? false : text.startsWith('\u0000') ? undefined : true)),
        absent: true,
        fix: withTls,
      },
    ],
  },
];
