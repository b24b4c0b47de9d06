/** Amazon API Gateway: encryption, logs, and what else APIs and their stages are asked for. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import type { Data, Edit } from '../syntax/edit.ts';
import { below, type Found } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asPattern } from '../template/value.ts';
import {
  DEPLOYMENT,
  METHOD,
  REST_API,
  SAM_API,
  SAM_HTTP_API,
  STAGE,
  STAGE_V2,
  TF_REST_API,
  TF_SETTINGS,
  TF_STAGE,
  TF_STAGE_V2,
} from './apigateway-apis.ts';
import { APIGATEWAY_AUTH_RULES } from './apigateway-auth.ts';
import { APIGATEWAY_CERTIFICATE_RULES } from './apigateway-certificates.ts';
import { checkOperations, secureScheme } from './apigateway-integrations.ts';
import { DEFINED } from './apigateway-openapi.ts';
import { APIGATEWAY_OPTIONAL_RULES } from './apigateway-optional.ts';
import { APIGATEWAY_POLICY_RULES } from './apigateway-policies.ts';
import type { Fix } from './fix.ts';
import { addCloudFormationResource, addTerraformResource, nameOf, set, setEdits } from './fixes.ts';
import { isFalse, isPresent, isTrue, otherwise, textThat } from './predicates.ts';
import { aws } from './references.ts';
import type { Owner, Predicate, Rule } from './rule.ts';
import { has, isCloudFormation, known } from './shared.ts';

const DOMAIN = 'AWS::ApiGateway::DomainName';
const DOMAIN_V2 = 'AWS::ApiGatewayV2::DomainName';

/** Names of policies: `TLS_1_0`, `TLS_1_2`, `SecurityPolicy_TLS13_1_2_2021_06`, `SecurityPolicy_TLS12_2018_EDGE`. */
const modernPolicy: Predicate = textThat((text) => {
  if (/^TLS_1_[01]$/i.test(text)) return false;
  return /^(TLS_1_[23]$|SecurityPolicy_TLS1[23]_)/i.test(text) ? true : undefined;
});

const TLS_12 = set('TLS_1_2', { safe: false, note: 'clients without TLS 1.2 can no longer connect' });

const TRANSPORT: Owner = {
  side: 'customer',
  why: 'AWS speaks to a backend as its URL says; whether that is over TLS, and whether its certificate is checked, is your setting.',
};

/** `http://` to a backend that is not reached through a VPC link. */
const overTls: Predicate = textThat((text) => !/^http:/i.test(text));

/** Through a VPC link requests stay in a private network. */
function leavesNetwork(path: string) {
  return (resource: Resource): boolean | undefined => {
    const type = known(resource, path);
    return type !== undefined ? type !== 'VPC_LINK' : has(resource, path) === false ? true : undefined;
  };
}

/** Whether the settings of a method turn its cache on. */
function caches(path: string) {
  return (_: Resource, scope: Found | undefined): boolean | undefined => {
    const verdicts = scope ? below(scope, path).map((found) => isTrue(found.value, found)) : [];
    return verdicts.length > 0 && verdicts.every((verdict) => verdict === true) ? true : undefined;
  };
}

const FORMAT = JSON.stringify({
  requestId: '$context.requestId',
  ip: '$context.identity.sourceIp',
  requestTime: '$context.requestTime',
  httpMethod: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
});
const FORMAT_V2 = FORMAT.replace('"path":"$context.path"', '"routeKey":"$context.routeKey"');

/** A destination is there, so that only the format is missing. */
function namesDestination(_: Resource, scope: Found | undefined): boolean | undefined {
  return scope && below(scope, 'DestinationArn').every((found) => isPresent(found.value, found) === true);
}

/** The name that a resource was added under. */
function addedName(edits: readonly Edit[], type: string): string | undefined {
  const [edit] = edits;
  if (edit?.kind === 'set') return edit.path[0];
  if (edit?.kind !== 'insertAfter' && edit?.kind !== 'append') return undefined;
  const data = edit.data as { readonly [name: string]: Data };
  // A block of HCL, a type in JSON, or a logical id.
  if (edit.kind === 'insertAfter' && edit.name === 'resource') return Object.keys(data[type] ?? {})[0];
  if (edit.kind === 'insertAfter' && edit.name !== type) return edit.name;
  return Object.keys(data)[0];
}

/** Adds a log group and lets the stage write to it. */
function logToGroup(found: Found): Fix | undefined {
  const { resource, value } = found;
  if (value.kind !== 'absent' || value.missing.length < 2) return undefined;
  const isCfn = isCloudFormation(resource);
  const type = isCfn ? 'AWS::Logs::LogGroup' : 'aws_cloudwatch_log_group';
  const group = isCfn
    ? addCloudFormationResource(resource, `${nameOf(resource)}AccessLogs`, type, { RetentionInDays: 365 })
    : addTerraformResource(resource, type, `${nameOf(resource)}_access_logs`, { retention_in_days: 365 });
  const name = group && addedName(group, type);
  if (!group || name === undefined) return undefined;
  const format = [STAGE_V2, TF_STAGE_V2].some((one) => resource.types.includes(one)) ? FORMAT_V2 : FORMAT;
  const target: Data = isCfn ? { 'Fn::GetAtt': [name, 'Arn'] } : `\${${type}.${name}.arn}`;
  const data: Data = isCfn ? { DestinationArn: target, Format: format } : { destination_arn: target, format };
  const edits = setEdits({ ...found, value: { ...value, missing: value.missing.slice(0, -1) } }, data);
  return (
    edits && {
      title: 'Write access logs to a new log group (for REST and WebSocket APIs the account needs a CloudWatch role)',
      safe: false,
      edits: [...edits, ...group],
    }
  );
}

const LOG_ALIASES = ['trivy:AVD-AWS-0001', 'cdk-nag:AwsSolutions-APIG1'];
const LOGS_OF_STAGE = [
  'checkov:CKV_AWS_76',
  'cfn_nag:W69',
  'guard:API_GW_STAGE_ACCESS_LOGGING_RULE',
  'kics:API Gateway Access Logging Disabled',
  'kics:Serverless API Access Logging Setting Undefined',
  'trivy:AVD-AWS-0113',
  ...LOG_ALIASES,
];
const LOGS_OF_V2_STAGE = [
  'checkov:CKV_AWS_95',
  'cfn_nag:W46',
  'guard:API_GWV2_ACCESS_LOGS_ENABLED',
  'kics:API Gateway V2 Stage Access Logging Settings Not Defined',
  'trivy:AVD-AWS-0116',
  ...LOG_ALIASES,
];
const LOGS_OF_DEPLOYMENT = [
  'cfn_nag:W45',
  'kics:API Gateway Deployment Without Access Log Setting',
  'cdk-nag:AwsSolutions-APIG1',
];

export const APIGATEWAY_RULES: readonly Rule[] = [
  ...APIGATEWAY_AUTH_RULES,
  ...APIGATEWAY_POLICY_RULES,
  {
    id: 'apigw-tls-policy',
    title: 'API accepts TLS 1.0',
    category: 'encryption-in-transit',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS ends TLS and maintains the security policies; which of them a domain name uses is your choice.',
    },
    description:
      'The security policy decides the TLS versions that clients may use. `TLS_1_0` keeps a protocol alive that standards have retired. Choose `TLS_1_2` or one of the policies for TLS 1.3.',
    aws: awsDefaults('apigw-tls', 'apigwv2-tls'),
    aliases: [
      'checkov:CKV_AWS_206',
      'cfn_nag:W62',
      'trivy:AVD-AWS-0005',
      'trivy:AVD-AWS-0112',
      'guard:API_GW_DOMAIN_DENY_NON_TLS_TRAFFIC',
      'kics:API Gateway Without Security Policy',
    ],
    variants: {
      unstated: {
        severity: 'info',
        message: 'The domain name states no security policy: the oldest TLS version it takes is left to AWS',
      },
    },
    references: [
      aws(
        'Choose a security policy for your custom domain in API Gateway',
        'apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: DOMAIN, path: 'SecurityPolicy', absent: 'unstated' },
          { type: 'aws_api_gateway_domain_name', path: 'security_policy', absent: 'unstated' },
          { type: SAM_API, within: 'Domain', path: 'SecurityPolicy', absent: 'unstated' },
          { type: SAM_HTTP_API, within: 'Domain', path: 'SecurityPolicy' },
          { type: DOMAIN_V2, path: 'DomainNameConfigurations[].SecurityPolicy' },
          { type: 'aws_apigatewayv2_domain_name', path: 'domain_name_configuration[].security_policy' },
          { type: [REST_API, SAM_API], path: 'SecurityPolicy' },
          { type: TF_REST_API, path: 'security_policy' },
        ],
        must: modernPolicy,
        absent: true,
        fix: TLS_12,
      },
    ],
  },
  {
    id: 'apigw-integration-http',
    title: 'API calls its backend over plain HTTP',
    category: 'encryption-in-transit',
    severity: 'medium',
    tier: 'core',
    owner: TRANSPORT,
    description:
      'API Gateway passes requests on over the internet without encryption, or to whoever shows any certificate. Tokens and bodies that came in over TLS can then be read and changed on the way. Serve the backend over HTTPS with a certificate that API Gateway trusts, or reach it through a VPC link.',
    aliases: [],
    variants: { unverified: { message: 'API Gateway does not check the certificate of the backend' } },
    references: [
      aws('Set up HTTP integrations in API Gateway', 'apigateway/latest/developerguide/setup-http-integrations.html'),
      aws(
        'x-amazon-apigateway-integration.tlsConfig object',
        'apigateway/latest/developerguide/api-gateway-extensions-integration-tls-config.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: METHOD, path: 'Integration.Uri', where: leavesNetwork('Integration.ConnectionType') },
          { type: 'AWS::ApiGatewayV2::Integration', path: 'IntegrationUri', where: leavesNetwork('ConnectionType') },
          { type: 'aws_api_gateway_integration', path: 'uri', where: leavesNetwork('connection_type') },
          { type: 'aws_apigatewayv2_integration', path: 'integration_uri', where: leavesNetwork('connection_type') },
        ],
        must: overTls,
        absent: true,
        message: (found) => `API Gateway calls ${asPattern(found.value, '…') ?? 'its backend'} without TLS`,
        fix: secureScheme,
      },
      {
        kind: 'property',
        targets: [
          // CloudFormation's integration has no such property; OpenAPI documents do.
          { type: 'aws_api_gateway_integration', path: 'tls_config.insecure_skip_verification' },
        ],
        must: otherwise(isFalse, 'unverified'),
        absent: true,
        fix: set(false, { safe: false, note: 'the backend needs a certificate that API Gateway trusts' }),
      },
      { kind: 'resource', types: DEFINED, check: checkOperations },
    ],
  },
  {
    id: 'apigw-cache-encryption',
    title: 'Cached responses are not encrypted',
    category: 'encryption-at-rest',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS encrypts the cache of a stage where a method setting asks for it; that is up to you.',
    },
    description:
      'Responses of the API, which may hold personal data, stay in the cache unencrypted for as long as they live. Set `CacheDataEncrypted` wherever caching is on.',
    aliases: [
      'checkov:CKV_AWS_308',
      'cfn_nag:W87',
      'trivy:AVD-AWS-0002',
      'trivy:AVD-AWS-0110',
      'guard:API_GW_CACHE_ENABLED_AND_ENCRYPTED',
      'cdk-nag:APIGWCacheEnabledAndEncrypted',
      'kics:API Gateway Method Settings Cache Not Encrypted',
    ],
    references: [
      aws('Cache settings for REST APIs in API Gateway', 'apigateway/latest/developerguide/api-gateway-caching.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: STAGE, within: 'MethodSettings[]', path: 'CacheDataEncrypted', where: caches('CachingEnabled') },
          { type: DEPLOYMENT, within: 'StageDescription', path: 'CacheDataEncrypted', where: caches('CachingEnabled') },
          {
            type: DEPLOYMENT,
            within: 'StageDescription.MethodSettings[]',
            path: 'CacheDataEncrypted',
            where: caches('CachingEnabled'),
          },
          {
            type: TF_SETTINGS,
            within: 'settings[]',
            path: 'cache_data_encrypted',
            where: caches('caching_enabled'),
          },
        ],
        must: isTrue,
        absent: false,
        fix: set(true),
      },
    ],
  },
  {
    id: 'apigw-access-logging',
    title: 'Stage writes no access logs',
    category: 'logging',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS writes access logs to a log group or stream of yours once a stage names one; that, and looking at them, is your part.',
    },
    description:
      'Without access logs nobody can tell afterwards who called what. Name a log group and a format that holds the caller, the time, the path and the status.',
    aws: awsDefaults('apigw-access-logs'),
    aliases: [...new Set([...LOGS_OF_STAGE, ...LOGS_OF_V2_STAGE, ...LOGS_OF_DEPLOYMENT])],
    variants: {
      stage: { aliases: LOGS_OF_STAGE },
      v2: { aliases: LOGS_OF_V2_STAGE },
      format: {
        message: 'No access logs are written without a format, which must hold $context.requestId',
        aliases: ['guard:API_GWV2_ACCESS_LOGS_ENABLED'],
      },
      deployment: { message: 'The stage that the deployment makes writes no access logs', aliases: LOGS_OF_DEPLOYMENT },
    },
    references: [
      aws(
        'Set up CloudWatch logging for REST APIs in API Gateway',
        'apigateway/latest/developerguide/set-up-logging.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: STAGE, path: 'AccessLogSetting.DestinationArn', absent: 'stage' },
          { type: STAGE_V2, path: 'AccessLogSettings.DestinationArn', absent: 'v2' },
          {
            type: DEPLOYMENT,
            path: 'StageDescription.AccessLogSetting.DestinationArn',
            where: (deployment) => has(deployment, 'StageName'),
            absent: 'deployment',
            fix: () => undefined,
          },
          { type: TF_STAGE, path: 'access_log_settings.destination_arn', absent: 'stage' },
          { type: TF_STAGE_V2, path: 'access_log_settings.destination_arn', absent: 'v2' },
        ],
        must: isPresent,
        absent: false,
        fix: logToGroup,
      },
      {
        kind: 'property',
        targets: [
          { type: STAGE, within: 'AccessLogSetting', path: 'Format', where: namesDestination, fix: set(FORMAT) },
          { type: STAGE_V2, within: 'AccessLogSettings', path: 'Format', where: namesDestination, fix: set(FORMAT_V2) },
        ],
        must: otherwise(
          textThat((text) => /\u0000|\$context\.(extendedR|r)equestId/.test(text)),
          'format',
        ),
        absent: 'format',
      },
    ],
  },
  ...APIGATEWAY_CERTIFICATE_RULES,
  ...APIGATEWAY_OPTIONAL_RULES,
];
