/** Amazon API Gateway: settings that some teams ask for of every API and stage. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { below, type Found, select, selectFrom } from '../template/select.ts';
import { isPartial, type Resource } from '../template/template.ts';
import { asNumber, asPattern, type Leaf } from '../template/value.ts';
import {
  apiOf,
  DEPLOYMENT,
  METHOD,
  protocolOf,
  REST_API,
  SAM_API,
  STAGE,
  STAGE_V2,
  TF_METHOD,
  TF_REST_API,
  TF_SETTINGS,
  TF_STAGE,
  TF_STAGE_V2,
} from './apigateway-apis.ts';
import { APIGATEWAY_WAF_RULES } from './apigateway-waf.ts';
import { set } from './fixes.ts';
import { isFalse, isPresent, isTrue, oneOf, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { Predicate, Reporter, Rule } from './rule.ts';
import { any, has, isCloudFormation, lacks } from './shared.ts';

const TF_DEPLOYMENT = 'aws_api_gateway_deployment';
const DOMAIN = 'AWS::ApiGateway::DomainName';
const TF_DOMAIN = 'aws_api_gateway_domain_name';

const STAGES = aws(
  'Set up a stage for a REST API in API Gateway',
  'apigateway/latest/developerguide/set-up-stages.html',
);
const LOGGING = aws(
  'Set up CloudWatch logging for REST APIs in API Gateway',
  'apigateway/latest/developerguide/set-up-logging.html',
);

const TF_INTEGRATION = 'aws_api_gateway_integration';
const toHttp = oneOf('HTTP', 'HTTP_PROXY');

/**
 * Whether some backend of a stage's API is reached over HTTP: only those are shown the certificate. Where the template names no
 * integration, as with an OpenAPI document, there may be one.
 */
function hasHttpBackend(stage: Resource): boolean | undefined {
  const { template, type } = stage;
  // SAM has no such property.
  if (type.startsWith('AWS::Serverless::')) return false;
  const isCfn = isCloudFormation(stage);
  const api = apiOf(stage, isCfn ? 'RestApiId' : 'rest_api_id');
  const integrations = template.ofType(isCfn ? METHOD : TF_INTEGRATION);
  const own = integrations.filter((one) => apiOf(one, isCfn ? 'RestApiId' : 'rest_api_id') === api);
  if (isPartial(template)) return undefined;
  if (!api || !own.length) return true;
  return any(
    ...own.flatMap((one) =>
      select(one, isCfn ? 'Integration.Type' : 'type').map(
        (found) => toHttp(found.value, found) as boolean | undefined,
      ),
    ),
  );
}

/** Only WebSocket APIs show a client certificate and write execution logs. */
function isWebSocket(stage: Resource): boolean | undefined {
  const api = stage.type.startsWith('AWS::Serverless::')
    ? stage
    : apiOf(stage, isCloudFormation(stage) ? 'ApiId' : 'api_id');
  const protocol = protocolOf(api);
  return protocol === undefined ? undefined : protocol === 'WEBSOCKET';
}

const logs: Predicate = oneOf('ERROR', 'INFO');

/** What the settings of one method leave out, those for all methods may say. */
function decidesLogs(stage: Resource, scope: Found | undefined): boolean | undefined {
  if (!scope || below(scope, 'LoggingLevel').some(({ value }) => value.kind !== 'absent')) return true;
  const general = select(stage, 'MethodSettings[]').filter((settings) =>
    below(settings, 'ResourcePath').every(({ value }) => asPattern(value)?.includes('*') !== false),
  );
  const levels = general.flatMap((settings) => below(settings, 'LoggingLevel'));
  return levels.every((found) => found.value.kind === 'absent' || logs(found.value, found) === false);
}

/** Preflight requests have neither body nor parameters worth a check. */
function hasRequest(method: Resource): boolean | undefined {
  const leaves = select(method, isCloudFormation(method) ? 'HttpMethod' : 'http_method');
  const verdicts = leaves.map((found) =>
    found.value.kind === 'absent' ? false : oneOf('OPTIONS')(found.value, found),
  );
  return verdicts.every((verdict) => verdict === false) ? true : undefined;
}

/** 0 bytes to 10 MiB. */
const validSize: Predicate = (value) => {
  const size = asNumber(value);
  return size === undefined ? undefined : size >= 0 && size <= 10_485_760;
};

/** Whether throttling is set for any method of a stage. */
function checkThrottling(stage: Resource, reporter: Reporter): void {
  if (stage.properties.open !== undefined || has(stage, 'MethodSettings.ThrottlingRateLimit') !== false) return;
  reporter.report({
    node: stage.key,
    resource: stage,
    variant: 'throttling',
    path: 'MethodSettings.ThrottlingRateLimit',
  });
}

function checkReplacement(resource: Resource, reporter: Reporter): void {
  const lifecycle = resource.attributes.get('lifecycle');
  const leaves: readonly Found[] = lifecycle
    ? selectFrom(resource, lifecycle.value, 'create_before_destroy', resource.conditions, lifecycle.key)
    : [];
  if (leaves.some((found) => found.value.kind !== 'absent' && isTrue(found.value, found) !== false)) return;
  const [found] = leaves;
  const variant = resource.type === TF_DEPLOYMENT ? 'deployment-replacement' : 'api-replacement';
  if (found) {
    reporter.reportFound(found, { variant, path: 'lifecycle.create_before_destroy', fix: () => set(true)(found) });
    return;
  }
  reporter.report({
    node: resource.key,
    resource,
    variant,
    path: 'lifecycle.create_before_destroy',
    fix: () => ({
      title: 'Create the new one before the old one is destroyed',
      safe: true,
      edits: [{ kind: 'set', in: resource.body, path: ['lifecycle'], data: { create_before_destroy: true } }],
    }),
  });
}

/** Usage plans name the stages they are for; undefined where it cannot be told whether one names this. */
function isPlanned(maker: Resource, nameProperty: string): boolean | undefined {
  const isCfn = isCloudFormation(maker);
  const names = select(maker, nameProperty).flatMap(({ value }) => asPattern(value) ?? []);
  const plans = maker.template.ofType(isCfn ? 'AWS::ApiGateway::UsagePlan' : 'aws_api_gateway_usage_plan');
  const isOpen = isPartial(maker.template) || (names.some((name) => name.includes('\u0000')) && plans.length > 0);
  let result: boolean | undefined = isOpen ? undefined : false;
  for (const plan of plans) {
    for (const { value } of select(plan, isCfn ? 'ApiStages[].Stage' : 'api_stages[].stage')) {
      const named = namesStage(value, maker, names);
      if (named) return true;
      if (named === undefined) result = undefined;
    }
  }
  return result;
}

function namesStage(value: Leaf, maker: Resource, names: readonly string[]): boolean | undefined {
  if (value.kind === 'absent') return false;
  if (value.kind === 'reference') return value.to === 'resource' ? value.target === maker.address : undefined;
  const text = asPattern(value);
  if (text === undefined || text.includes('\u0000')) return undefined;
  return names.includes(text);
}

function checkUsagePlan(stage: Resource, reporter: Reporter): void {
  const isDeployment = stage.type === DEPLOYMENT || stage.type === TF_DEPLOYMENT;
  const name = isCloudFormation(stage) ? 'StageName' : 'stage_name';
  // A deployment makes a stage only where it names one.
  if (isDeployment && has(stage, name) !== true) return;
  if (has(stage, 'Auth.UsagePlan') !== false || isPlanned(stage, name) !== false) return;
  reporter.report({
    node: stage.key,
    resource: stage,
    variant: isDeployment ? 'deployment-plan' : 'usage-plan',
    path: 'UsagePlan',
  });
}

export const APIGATEWAY_OPTIONAL_RULES: readonly Rule[] = [
  {
    id: 'apigw-not-private',
    title: 'API has a public endpoint',
    category: 'network-exposure',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS offers edge-optimized, Regional and private endpoints; which an API has is a decision of your architecture.',
    },
    description:
      'The endpoint can be reached from the internet, and whoever may call is left to authorization. An API that only your own networks use can be private: it is then reached through VPC endpoints that its resource policy names.',
    aws: awsDefaults('apigw-endpoint'),
    aliases: ['kics:API Gateway Endpoint Config is Not Private', 'kics:Serverless API Endpoint Config Not Private'],
    variants: {
      unstated: {
        message: 'The domain name states no endpoint type',
        aliases: ['guard:API_GW_ENDPOINT_TYPE_CHECK'],
      },
    },
    references: [
      aws('Private REST APIs in API Gateway', 'apigateway/latest/developerguide/apigateway-private-apis.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: REST_API, path: ['EndpointConfiguration.Types[]', 'Parameters.endpointConfigurationTypes'] },
          { type: SAM_API, path: 'EndpointConfiguration.Type' },
          { type: TF_REST_API, path: ['endpoint_configuration.types[]', 'parameters.endpointConfigurationTypes'] },
        ],
        must: oneOf('PRIVATE'),
        absent: false,
      },
      {
        kind: 'property',
        targets: [
          { type: DOMAIN, path: 'EndpointConfiguration.Types' },
          { type: TF_DOMAIN, path: 'endpoint_configuration.types' },
        ],
        must: otherwise(isPresent, 'unstated'),
        absent: 'unstated',
      },
    ],
  },
  {
    id: 'apigw-mtls-client-cert',
    title: 'Stage shows its backends no client certificate',
    category: 'encryption-in-transit',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS issues the client certificate and shows it to your backend once a stage names one; checking it is the backend’s part.',
    },
    description:
      'A backend that is reached over the internet cannot tell requests of API Gateway from those of others. Let the stage show a client certificate and the backend demand it. Towards callers, mutual TLS on the domain name does the same.',
    aliases: ['checkov:CKV2_AWS_51', 'cdk-nag:APIGWSSLEnabled', 'kics:API Gateway Without SSL Certificate'],
    variants: {
      'mutual-tls': { message: 'The domain name asks callers for no certificate', aliases: [] },
    },
    references: [
      aws(
        'Generate and configure an SSL certificate for backend authentication in API Gateway',
        'apigateway/latest/developerguide/getting-started-client-side-ssl-authentication.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: STAGE, path: 'ClientCertificateId', where: hasHttpBackend },
          { type: TF_STAGE, path: 'client_certificate_id', where: hasHttpBackend },
          { type: STAGE_V2, path: 'ClientCertificateId', where: isWebSocket },
          { type: TF_STAGE_V2, path: 'client_certificate_id', where: isWebSocket },
        ],
        must: isPresent,
        absent: false,
      },
      {
        kind: 'property',
        targets: [
          { type: [DOMAIN, 'AWS::ApiGatewayV2::DomainName'], path: 'MutualTlsAuthentication' },
          { type: [TF_DOMAIN, 'aws_apigatewayv2_domain_name'], path: 'mutual_tls_authentication' },
        ],
        must: otherwise(isPresent, 'mutual-tls'),
        absent: 'mutual-tls',
      },
    ],
  },
  {
    id: 'apigw-execution-logging',
    title: 'Stage writes no execution logs',
    category: 'logging',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS writes execution logs and metrics at the level that your method settings ask for, off when nothing is said.',
    },
    description:
      'Execution logs show why API Gateway refused or failed a request: authorizers, mappings, the answer of the backend. Set the level to `ERROR` or `INFO`, and leave data tracing off: it writes whole requests and responses to the log.',
    aliases: [
      'checkov:CKV2_AWS_4',
      'guard:API_GW_EXECUTION_LOGGING_ENABLED',
      'cdk-nag:AwsSolutions-APIG6',
      'kics:API Gateway With CloudWatch Logging Disabled',
    ],
    variants: {
      'data-trace': {
        message: 'Data tracing writes whole requests and responses, with all that is secret in them, to the log',
        aliases: ['checkov:CKV_AWS_276'],
      },
      metrics: { message: 'No detailed metrics are collected', aliases: ['kics:CloudWatch Metrics Disabled'] },
    },
    references: [LOGGING],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: STAGE, within: 'MethodSettings[]', path: 'LoggingLevel', where: decidesLogs },
          {
            type: STAGE,
            path: 'MethodSettings',
            where: (stage) => lacks(stage, 'MethodSettings'),
            fix: () => undefined,
          },
          { type: TF_STAGE, path: `@${TF_SETTINGS}.settings.logging_level` },
          { type: STAGE_V2, path: 'DefaultRouteSettings.LoggingLevel', where: isWebSocket },
          { type: TF_STAGE_V2, path: 'default_route_settings.logging_level', where: isWebSocket },
        ],
        must: logs,
        absent: false,
        fix: set('ERROR', { safe: false, note: 'the account needs a role with which API Gateway may write logs' }),
      },
      {
        kind: 'property',
        targets: [
          { type: STAGE, within: 'MethodSettings[]', path: 'DataTraceEnabled' },
          { type: DEPLOYMENT, within: 'StageDescription', path: 'DataTraceEnabled' },
          { type: DEPLOYMENT, within: 'StageDescription.MethodSettings[]', path: 'DataTraceEnabled' },
          { type: TF_SETTINGS, within: 'settings[]', path: 'data_trace_enabled' },
          { type: STAGE_V2, path: 'DefaultRouteSettings.DataTraceEnabled' },
          { type: TF_STAGE_V2, path: 'default_route_settings.data_trace_enabled' },
        ],
        must: otherwise(isFalse, 'data-trace'),
        absent: true,
        fix: set(false),
      },
      {
        kind: 'property',
        targets: [
          { type: STAGE, within: 'MethodSettings[]', path: 'MetricsEnabled' },
          { type: TF_SETTINGS, within: 'settings[]', path: 'metrics_enabled' },
        ],
        must: otherwise(isTrue, 'metrics'),
        absent: 'metrics',
        fix: set(true),
      },
    ],
  },
  ...APIGATEWAY_WAF_RULES,
  {
    id: 'apigw-other',
    title: 'API leaves out a setting that some teams ask for',
    category: 'other',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS offers validation, tracing, caching, compression and usage plans; whether an API uses them is up to you.',
    },
    description:
      'Validating requests keeps malformed input from the backend, tracing shows the way of a request, usage plans and throttling bound what one caller can take, caching and compression spare the backend. Set what your rules ask for.',
    aliases: [],
    variants: {
      validator: {
        message: 'API Gateway does not validate requests to this method',
        aliases: ['checkov:CKV2_AWS_53', 'cdk-nag:AwsSolutions-APIG2'],
      },
      tracing: {
        message: 'Requests are not traced',
        aliases: [
          'checkov:CKV_AWS_73',
          'trivy:AVD-AWS-0003',
          'trivy:AVD-AWS-0111',
          'cdk-nag:APIGWXrayEnabled',
          'kics:API Gateway X-Ray Disabled',
          'kics:Serverless API X-Ray Tracing Disabled',
        ],
      },
      cache: {
        message: 'The stage has no cache',
        aliases: [
          'checkov:CKV_AWS_120',
          'kics:API Gateway Cache Cluster Disabled',
          'kics:Serverless API Cache Cluster Disabled',
        ],
      },
      'method-cache': {
        message: 'Responses of these methods are not cached',
        aliases: ['checkov:CKV_AWS_225', 'trivy:AVD-AWS-0190', 'guard:API_GW_CACHE_ENABLED_AND_ENCRYPTED'],
      },
      compression: {
        message: 'Responses are not compressed: MinimumCompressionSize is not between 0 and 10485760',
        aliases: ['kics:API Gateway With Invalid Compression', 'kics:Serverless API Without Content Encoding'],
      },
      throttling: {
        message: 'The stage sets no limit to the rate of requests, other than that of the account',
        aliases: ['cdk-nag:APIGWDefaultThrottling'],
      },
      'usage-plan': {
        message: 'No usage plan is for this stage',
        aliases: ['cfn_nag:W64', 'kics:API Gateway Stage Without API Gateway UsagePlan Associated'],
      },
      'deployment-plan': {
        message: 'No usage plan is for the stage that this deployment makes',
        aliases: ['cfn_nag:W68', 'kics:API Gateway Deployment Without API Gateway UsagePlan Associated'],
      },
      'api-replacement': {
        message: 'When the API is replaced, the old one is destroyed before the new one is there',
        aliases: ['checkov:CKV_AWS_237'],
      },
      'deployment-replacement': {
        message: 'When the deployment is replaced, the old one is destroyed before the new one is there',
        aliases: ['checkov:CKV_AWS_217'],
      },
    },
    references: [
      STAGES,
      aws(
        'Request validation for REST APIs in API Gateway',
        'apigateway/latest/developerguide/api-gateway-method-request-validation.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: METHOD, path: 'RequestValidatorId', where: hasRequest },
          { type: TF_METHOD, path: 'request_validator_id', where: hasRequest },
        ],
        must: otherwise(isPresent, 'validator'),
        absent: 'validator',
      },
      {
        kind: 'property',
        targets: [
          { type: STAGE, path: 'TracingEnabled' },
          { type: TF_STAGE, path: 'xray_tracing_enabled' },
        ],
        must: otherwise(isTrue, 'tracing'),
        absent: 'tracing',
        fix: set(true),
      },
      {
        kind: 'property',
        targets: [
          { type: STAGE, path: 'CacheClusterEnabled' },
          { type: TF_STAGE, path: 'cache_cluster_enabled' },
        ],
        must: otherwise(isTrue, 'cache'),
        absent: 'cache',
      },
      {
        kind: 'property',
        targets: [
          { type: STAGE, within: 'MethodSettings[]', path: 'CachingEnabled' },
          { type: TF_SETTINGS, within: 'settings[]', path: 'caching_enabled' },
        ],
        must: otherwise(isTrue, 'method-cache'),
        absent: 'method-cache',
      },
      {
        kind: 'property',
        targets: [
          { type: [REST_API, SAM_API], path: 'MinimumCompressionSize' },
          { type: TF_REST_API, path: 'minimum_compression_size' },
        ],
        must: otherwise(validSize, 'compression'),
        absent: 'compression',
      },
      {
        kind: 'property',
        targets: [
          { type: STAGE_V2, path: 'DefaultRouteSettings.ThrottlingRateLimit' },
          { type: TF_STAGE_V2, path: 'default_route_settings.throttling_rate_limit' },
          { type: TF_STAGE, path: `@${TF_SETTINGS}.settings.throttling_rate_limit` },
        ],
        must: otherwise(isPresent, 'throttling'),
        absent: 'throttling',
      },
      { kind: 'resource', types: [STAGE], check: checkThrottling },
      { kind: 'resource', types: [TF_REST_API, TF_DEPLOYMENT], check: checkReplacement },
      { kind: 'resource', types: [STAGE, DEPLOYMENT, TF_STAGE, TF_DEPLOYMENT], check: checkUsagePlan },
    ],
  },
];
