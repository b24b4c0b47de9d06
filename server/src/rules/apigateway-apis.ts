/** Amazon API Gateway: which API a method, route or stage belongs to, and who can reach that API at all. */

import { isPublic, publicVerdict } from '../iam/public.ts';
import { policiesOn } from '../iam/sites.ts';
import { companions, declareCompanions } from '../template/companions.ts';
import { type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asString } from '../template/value.ts';
import { any, has, isCloudFormation, known } from './shared.ts';

export const REST_API = 'AWS::ApiGateway::RestApi';
export const HTTP_API = 'AWS::ApiGatewayV2::Api';
export const SAM_API = 'AWS::Serverless::Api';
export const SAM_HTTP_API = 'AWS::Serverless::HttpApi';
export const TF_REST_API = 'aws_api_gateway_rest_api';
export const TF_HTTP_API = 'aws_apigatewayv2_api';

export const METHOD = 'AWS::ApiGateway::Method';
export const TF_METHOD = 'aws_api_gateway_method';
export const STAGE = 'AWS::ApiGateway::Stage';
export const TF_STAGE = 'aws_api_gateway_stage';
export const STAGE_V2 = 'AWS::ApiGatewayV2::Stage';
export const TF_STAGE_V2 = 'aws_apigatewayv2_stage';
export const DEPLOYMENT = 'AWS::ApiGateway::Deployment';
export const TF_SETTINGS = 'aws_api_gateway_method_settings';

const TF_POLICY = 'aws_api_gateway_rest_api_policy';

declareCompanions(TF_REST_API, { [TF_POLICY]: 'rest_api_id', [TF_METHOD]: 'rest_api_id' });
declareCompanions(REST_API, { [METHOD]: 'RestApiId' });
declareCompanions(TF_STAGE, { [TF_SETTINGS]: 'stage_name' });

/** The API of the template that a property names; undefined where it lies elsewhere or cannot be told. */
export function apiOf(resource: Resource, property: string): Resource | undefined {
  const targets = new Set(
    select(resource, property).map(({ value }) => (value.kind === 'reference' ? value.target : undefined)),
  );
  const [target] = targets;
  return targets.size === 1 && target !== undefined ? resource.template.resource(target) : undefined;
}

const ENDPOINT: Readonly<Record<string, readonly string[]>> = {
  [REST_API]: ['EndpointConfiguration.Types[]', 'Parameters.endpointConfigurationTypes'],
  [SAM_API]: ['EndpointConfiguration.Type'],
  [TF_REST_API]: ['endpoint_configuration.types[]', 'parameters.endpointConfigurationTypes'],
};

/** Where the endpoint type is written, SAM's short form included. */
function endpointTypes(api: Resource): readonly Found[] {
  const short = api.type === SAM_API ? select(api, 'EndpointConfiguration') : [];
  if (short.length && short.every(({ value }) => value.kind === 'known')) return short;
  for (const path of ENDPOINT[api.type] ?? []) {
    const leaves = select(api, path);
    if (leaves.some(({ value }) => value.kind !== 'absent')) return leaves;
  }
  return [];
}

/** Whether an API is reached through VPC endpoints only. */
export function isPrivate(api: Resource): boolean | undefined {
  const verdicts = new Set(
    endpointTypes(api).map(({ value }) =>
      value.kind === 'absent' ? false : asString(value) === undefined ? undefined : asString(value) === 'PRIVATE',
    ),
  );
  if (!verdicts.size) return api.properties.open === undefined ? false : undefined;
  const [verdict] = verdicts;
  return verdicts.size === 1 ? verdict : undefined;
}

/** SAM's lists of those to let in, which it turns into a resource policy. */
const ALLOWED = ['AwsAccount', 'IntrinsicVpc', 'IntrinsicVpce', 'IpRange', 'SourceVpc'].map(
  (name) => `Auth.ResourcePolicy.${name}Whitelist`,
);

/** Whether a resource policy keeps out everyone but some; undefined where it cannot be told. */
function isRestricted(api: Resource): boolean | undefined {
  const carriers = [api];
  if (api.type === TF_REST_API) {
    const joined = companions(api, TF_POLICY);
    if (joined.maybe) return undefined;
    carriers.push(...joined.sure);
  }
  if (api.type === SAM_API) {
    const allowed = any(...ALLOWED.map((path) => has(api, path)));
    if (allowed !== false) return allowed;
  }
  const policies = carriers.flatMap((carrier) => policiesOn(carrier));
  if (!policies.length) {
    const written = any(
      carriers.length > 1,
      ...['Policy', 'policy', 'Auth.ResourcePolicy.CustomStatements'].map((name) => has(api, name)),
    );
    return written === false && !bodyHasPolicy(api) ? false : undefined;
  }
  const verdicts = policies.map((policy) => {
    const { verdict } = publicVerdict(policy);
    if (isPublic(verdict)) return false;
    return verdict === 'UNKNOWN' || policy.open !== undefined ? undefined : true;
  });
  return any(...verdicts);
}

const POLICY_MEMBER = 'x-amazon-apigateway-policy';

/** A definition may carry the resource policy, too; parts of it that are not written here may. */
function bodyHasPolicy(api: Resource): boolean {
  return ['Body', 'DefinitionBody', 'body'].some((name) =>
    select(api, name).some(
      ({ value, node, via }) =>
        (value.kind === 'object' && (value.open !== undefined || value.get(POLICY_MEMBER) !== undefined)) ||
        [node, ...via.map((hop) => hop.node)].some(({ document, start, end }) =>
          document.text.slice(start, end).includes(POLICY_MEMBER),
        ),
    ),
  );
}

/**
 * Who reaches an API before its methods ask for anything: everyone (`open`), VPC endpoints of any account (`vpc`), or those
 * that a resource policy names (`some`; a private API without policy lets nobody in).
 */
export function reach(api: Resource): 'open' | 'vpc' | 'some' | undefined {
  const restricted = isRestricted(api);
  if (restricted !== false) return restricted === undefined ? undefined : 'some';
  const inside = isPrivate(api);
  if (inside !== true) return inside === undefined ? undefined : 'open';
  return has(api, 'Policy') || has(api, 'policy') || has(api, 'Auth.ResourcePolicy') || companionPolicy(api)
    ? 'vpc'
    : 'some';
}

function companionPolicy(api: Resource): boolean {
  return api.type === TF_REST_API && companions(api, TF_POLICY).sure.length > 0;
}

/** `HTTP` or `WEBSOCKET`, as the API says or its routes show. */
export function protocolOf(api: Resource | undefined, routeKey?: string): string | undefined {
  if (api?.type === SAM_HTTP_API) return 'HTTP';
  if (api?.type === HTTP_API || api?.type === TF_HTTP_API) {
    const protocol = known(api, isCloudFormation(api) ? 'ProtocolType' : 'protocol_type');
    if (protocol !== undefined) return protocol.toUpperCase();
    // Only HTTP APIs can be imported.
    if (['Body', 'BodyS3Location'].some((name) => has(api, name))) return 'HTTP';
  }
  if (routeKey === undefined) return undefined;
  return /^[A-Z]+ \//.test(routeKey) ? 'HTTP' : routeKey === '$connect' ? 'WEBSOCKET' : undefined;
}
