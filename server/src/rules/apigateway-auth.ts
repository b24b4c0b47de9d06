/** Amazon API Gateway: who may call the methods and routes of an API. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { companions } from '../template/companions.ts';
import { select } from '../template/select.ts';
import { isPartial, type Resource } from '../template/template.ts';
import { asString } from '../template/value.ts';
import { apiOf, METHOD, protocolOf, REST_API, reach, SAM_API, TF_METHOD, TF_REST_API } from './apigateway-apis.ts';
import { DEFINED, definitionsOf, operationsOf, securityEdits, securityOf } from './apigateway-openapi.ts';
import { set } from './fixes.ts';
import { isTrue, noneOf, oneOf } from './predicates.ts';
import { aws } from './references.ts';
import type { Owner, Predicate, Reporter, Rule } from './rule.ts';
import { has, isCloudFormation } from './shared.ts';

const ROUTE = 'AWS::ApiGatewayV2::Route';
const TF_ROUTE = 'aws_apigatewayv2_route';

const OWNER: Owner = {
  side: 'customer',
  why: 'AWS runs the endpoint and checks what you ask it to check; who may call a method is your setting.',
};
const ACCESS = aws(
  'Control and manage access to REST APIs in API Gateway',
  'apigateway/latest/developerguide/apigateway-control-access-to-api.html',
);
/** Callers must then send requests that IAM can check. */
const SIGN = set('AWS_IAM', { safe: false, note: 'callers must sign their requests from then on' });

/** Whether every alternative passes (true), none is open to doubt and one fails (false), or it cannot be told. */
function everywhere(resource: Resource, path: string, must: Predicate, absent: boolean): boolean | undefined {
  let result: boolean | undefined = true;
  for (const found of select(resource, path)) {
    const verdict = found.value.kind === 'absent' ? absent : must(found.value, found);
    if (verdict === undefined) return undefined;
    if (verdict !== true) result = false;
  }
  return result;
}

/** What an API key makes of a method without authorization; a key that cannot be ruled out counts. */
function keyed(resource: Resource): 'api-key' | undefined {
  const path = isCloudFormation(resource) ? 'ApiKeyRequired' : 'api_key_required';
  return everywhere(resource, path, isTrue, false) === false ? undefined : 'api-key';
}

function checkMethod(method: Resource, reporter: Reporter): void {
  const isCfn = isCloudFormation(method);
  // A preflight request carries no credentials.
  const preflight = everywhere(method, isCfn ? 'HttpMethod' : 'http_method', oneOf('OPTIONS'), false);
  if (preflight !== false) return;
  for (const found of select(method, isCfn ? 'AuthorizationType' : 'authorization')) {
    if (found.value.kind === 'absent' || noneOf('NONE')(found.value, found) !== false) continue;
    const api = apiOf(method, isCfn ? 'RestApiId' : 'rest_api_id');
    // Who reaches a private API, or one with a resource policy, is decided there.
    if (api ? reach(api) !== 'open' : isPartial(method.template)) return;
    reporter.reportFound(found, { variant: keyed(method), fix: () => SIGN(found) });
  }
}

function checkRoute(route: Resource, reporter: Reporter): void {
  const isCfn = isCloudFormation(route);
  const [first, ...others] = select(route, isCfn ? 'RouteKey' : 'route_key');
  const key = first && !others.length ? asString(first.value) : undefined;
  if (key === undefined || /^OPTIONS /i.test(key)) return;
  const protocol = protocolOf(apiOf(route, isCfn ? 'ApiId' : 'api_id'), key);
  // A WebSocket is authorised once, when it is opened.
  if (protocol !== 'HTTP' && !(protocol === 'WEBSOCKET' && key === '$connect')) return;
  for (const found of select(route, isCfn ? 'AuthorizationType' : 'authorization_type')) {
    if (found.value.kind !== 'absent' && noneOf('NONE')(found.value, found) !== false) continue;
    const variant = protocol === 'WEBSOCKET' ? keyed(route) : undefined;
    reporter.reportFound(found, {
      variant,
      message: `Anyone ${variant ? 'with an API key ' : ''}may call the route ${key}`,
      fix: () => SIGN(found),
    });
  }
}

function checkDefinition(api: Resource, reporter: Reporter): void {
  const definitions = definitionsOf(api);
  if (!definitions.length) return;
  // SAM writes its authorizers into the definition.
  if (api.type.startsWith('AWS::Serverless::') && has(api, 'Auth') !== false) return;
  // A function that is not known may say how the API is authorised.
  if (eventsAuthorise(api) || (api.type.startsWith('AWS::Serverless::') && isPartial(api.template))) return;
  const isRest = [REST_API, SAM_API, TF_REST_API].includes(api.type);
  if (isRest && reach(api) !== 'open') return;
  for (const definition of definitions) {
    for (const operation of operationsOf(definition)) {
      for (const { kind, ...place } of securityOf(operation) ?? []) {
        if (kind === 'authorised') continue;
        reporter.report({
          ...place,
          resource: api,
          variant: kind === 'api-key' ? 'api-key' : undefined,
          message: `Anyone ${kind === 'api-key' ? 'with an API key ' : ''}may call ${operation.name}`,
          fix: () => {
            const edits = securityEdits(operation, isRest);
            return (
              edits && {
                title: `Require authorization for ${operation.name} (callers without it are refused from then on)`,
                safe: false,
                edits,
              }
            );
          },
        });
      }
    }
  }
}

/** Whether a function that SAM attaches to the API says how it is authorised. */
function eventsAuthorise(api: Resource): boolean {
  if (!api.type.startsWith('AWS::Serverless::')) return false;
  return api.template.ofType('AWS::Serverless::Function', 'AWS::Serverless::StateMachine').some((owner) => {
    const events = owner.properties.get('Events')?.value;
    if (!events || events.kind === 'absent') return false;
    if (events.kind !== 'object') return true;
    return events.names.some((name) => has(owner, `Events.${name}.Properties.Auth`) !== false);
  });
}

/** What the methods of an API ask for, where all that the template shows ask for something. */
export function askedByMethods(
  api: Resource,
): { readonly kind: 'authorizer' | 'iam'; readonly by: Resource } | undefined {
  const joined = companions(api, isCloudFormation(api) ? METHOD : TF_METHOD);
  let signed: Resource | undefined;
  let last: Resource | undefined;
  for (const method of joined.sure) {
    const isCfn = isCloudFormation(method);
    if (everywhere(method, isCfn ? 'HttpMethod' : 'http_method', oneOf('OPTIONS'), false) === true) continue;
    const path = isCfn ? 'AuthorizationType' : 'authorization';
    if (everywhere(method, path, oneOf('AWS_IAM'), false) === true) signed = method;
    else if (everywhere(method, path, oneOf('CUSTOM', 'COGNITO_USER_POOLS', 'JWT'), false) !== true) return undefined;
    last = method;
  }
  return signed ? { kind: 'iam', by: signed } : last && { kind: 'authorizer', by: last };
}

export const APIGATEWAY_AUTH_RULES: readonly Rule[] = [
  {
    id: 'apigw-method-no-auth',
    title: 'Method of the API asks for no authorization',
    category: 'public-access',
    severity: 'high',
    tier: 'core',
    owner: OWNER,
    description:
      'Anyone who knows the URL may call the method, and reaches the function or service behind it with the rights of the integration. Let IAM, a Cognito user pool or a Lambda authorizer decide, or narrow the API with a resource policy. Methods that answer preflight requests (OPTIONS) need none.',
    aws: awsDefaults('apigw-authorization'),
    aliases: [
      'checkov:CKV_AWS_59',
      'checkov:CKV2_AWS_70',
      'cfn_nag:W59',
      'trivy:AVD-AWS-0004',
      'guard:API_GW_METHOD_AUTHORIZATION_TYPE_RULE',
      'cdk-nag:AwsSolutions-APIG4',
      'cdk-nag:AwsSolutions-COG4',
      'kics:API Gateway Method Does Not Contains An API Key',
      'kics:API Gateway Without Configured Authorizer',
      'kics:API Gateway With Open Access',
    ],
    variants: {
      'api-key': {
        severity: 'medium',
        message:
          'An API key is all that the method asks for: it tells callers apart for usage plans and authorises nobody',
        aliases: [
          'cfn_nag:W59',
          'guard:API_GW_METHOD_AUTHORIZATION_TYPE_RULE',
          'cdk-nag:AwsSolutions-APIG4',
          'cdk-nag:AwsSolutions-COG4',
          'kics:API Gateway Without Configured Authorizer',
        ],
      },
    },
    references: [ACCESS],
    checks: [{ kind: 'resource', types: [METHOD, TF_METHOD], check: checkMethod }],
  },
  {
    id: 'apigwv2-route-no-auth',
    title: 'Route of the API asks for no authorization',
    category: 'public-access',
    severity: 'high',
    tier: 'core',
    owner: OWNER,
    description:
      'Anyone who knows the URL may call the route. Let IAM, a JWT authorizer or a Lambda authorizer decide; in a WebSocket API that is done at the route `$connect`, once for the connection. HTTP APIs have no resource policy that could narrow it.',
    aws: awsDefaults('apigwv2-authorization'),
    aliases: ['checkov:CKV_AWS_309', 'cdk-nag:AwsSolutions-APIG4'],
    variants: { 'api-key': { severity: 'medium' } },
    references: [
      aws(
        'Control and manage access to HTTP APIs in API Gateway',
        'apigateway/latest/developerguide/http-api-access-control.html',
      ),
      aws(
        'Manage connected users and client apps: $connect and $disconnect routes',
        'apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html',
      ),
    ],
    checks: [{ kind: 'resource', types: [ROUTE, TF_ROUTE], check: checkRoute }],
  },
  {
    id: 'apigw-openapi-no-security',
    title: 'Operation of the API asks for no authorization',
    category: 'public-access',
    severity: 'medium',
    tier: 'core',
    owner: OWNER,
    description:
      'The OpenAPI definition names no security scheme for the operation, so API Gateway lets everyone call it. Name one that has an authorizer or asks for IAM (`x-amazon-apigateway-authtype: awsSigv4`) in the `security` of each operation.',
    aliases: [],
    variants: { 'api-key': { severity: 'low' } },
    references: [
      ACCESS,
      aws(
        'x-amazon-apigateway-authtype property',
        'apigateway/latest/developerguide/api-gateway-swagger-extensions-authtype.html',
      ),
    ],
    checks: [{ kind: 'resource', types: DEFINED, check: checkDefinition }],
  },
];
