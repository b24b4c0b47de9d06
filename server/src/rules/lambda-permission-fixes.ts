/** Fixes of the permissions by which an API calls a function: down to the method and path that lead to it. */

import type { Data } from '../syntax/edit.ts';
import { type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asString, type Value } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { known } from './shared.ts';

/** The resources that a value refers to, by address. */
function referredBy(value: Value): readonly string[] {
  if (value.kind === 'reference') return value.to === 'resource' ? [value.target] : [];
  return value.kind === 'text' ? value.parts.flatMap((part) => (typeof part === 'string' ? [] : referredBy(part))) : [];
}

/** Whether a property of a resource refers to another resource, whatever else it says. */
function refersTo(resource: Resource, path: string, target: string): boolean {
  return select(resource, path).some(({ value }) => referredBy(value).includes(target));
}

/** A method and a path as an ARN of the API names them: `POST/orders/*`. */
type Route = string;

interface RestNames {
  readonly type: string;
  readonly api: string;
  readonly method: string;
  readonly resource: string;
  readonly uri: string;
  readonly parent: string;
  readonly part: string;
}

const REST: readonly RestNames[] = [
  {
    type: 'AWS::ApiGateway::Method',
    api: 'RestApiId',
    method: 'HttpMethod',
    resource: 'ResourceId',
    uri: 'Integration.Uri',
    parent: 'ParentId',
    part: 'PathPart',
  },
  {
    type: 'aws_api_gateway_integration',
    api: 'rest_api_id',
    method: 'http_method',
    resource: 'resource_id',
    uri: 'uri',
    parent: 'parent_id',
    part: 'path_part',
  },
];
const HTTP: readonly (readonly [type: string, api: string, key: string, target: string, uri: string])[] = [
  ['AWS::ApiGatewayV2::Route', 'ApiId', 'RouteKey', 'Target', 'IntegrationUri'],
  ['aws_apigatewayv2_route', 'api_id', 'route_key', 'target', 'integration_uri'],
];

const MAX_DEPTH = 30;

/** `/orders/*` of the resource that a property names; undefined where a part of the path is not known. */
function pathOf(of: Resource, property: string, names: RestNames, api: string, depth = 0): string | undefined {
  const [leaf, ...more] = select(of, property);
  if (leaf?.value.kind !== 'reference' || more.length || depth > MAX_DEPTH) return undefined;
  if (leaf.value.target === api) return '';
  const resource = of.template.resource(leaf.value.target);
  const part = resource && known(resource, names.part);
  const parent = resource && pathOf(resource, names.parent, names, api, depth + 1);
  return part === undefined || parent === undefined ? undefined : `${parent}/${wildcard(part)}`;
}

/** Parameters of a path stand for anything. */
function wildcard(part: string): string {
  return part.replace(/\{[^{}]*\}/g, '*');
}

/** A method's name; in Terraform an integration may take it from the method. */
function methodOf(resource: Resource, property: string): string | undefined {
  const [leaf, ...more] = select(resource, property);
  if (!leaf || more.length) return undefined;
  const { value } = leaf;
  const method = value.kind === 'reference' ? resource.template.resource(value.target) : undefined;
  const name = method ? known(method, 'http_method') : asString(value);
  return name?.toUpperCase() === 'ANY' ? '*' : name?.toUpperCase();
}

/** What of an API leads to a function; undefined where part of it is not known. */
function routesTo(target: string, api: Resource): readonly (Route | undefined)[] {
  const { template, address } = api;
  const rest = REST.flatMap((names) =>
    template
      .ofType(names.type)
      .filter((one) => refersTo(one, names.api, address) && refersTo(one, names.uri, target))
      .map((one): Route | undefined => {
        const method = methodOf(one, names.method);
        const path = pathOf(one, names.resource, names, address);
        return method === undefined || path === undefined ? undefined : `${method}${path || '/'}`;
      }),
  );
  const http = HTTP.flatMap(([type, ofApi, key, toIntegration, uri]) =>
    template
      .ofType(type)
      .filter((one) => refersTo(one, ofApi, address))
      .filter((one) =>
        select(one, toIntegration).some(({ value }) =>
          referredBy(value).some((name) => {
            const integration = template.resource(name);
            return integration !== undefined && refersTo(integration, uri, target);
          }),
        ),
      )
      .map((one): Route | undefined => {
        const [, method, path] = /^([A-Z]+) (\/\S*)$/.exec(known(one, key) ?? '') ?? [];
        return method === undefined || path === undefined
          ? undefined
          : `${method === 'ANY' ? '*' : method}${wildcard(path)}`;
      }),
  );
  return [...rest, ...http];
}

/** The text of an ARN as it is written, and whether it stands in `Fn::Sub`. */
function writtenArn({ node, via, resource }: Found): { readonly text: string; readonly isSub: boolean } | undefined {
  const isCfn = resource.template.dialect === 'cloudformation';
  const long = isCfn && node.kind === 'object' && node.entries.length === 1 ? node.get('Fn::Sub') : undefined;
  const scalar = long ?? node;
  if (via.length || typeof scalar.value !== 'string' || node.origin.host) return undefined;
  if (scalar.tag !== undefined && scalar.tag !== '!Sub') return undefined;
  return { text: scalar.value, isSub: long !== undefined || scalar.tag === '!Sub' };
}

/** Ends the ARN with the one method and path of the API that lead to the function. */
export function narrowToRoute(source: Found): Fix | undefined {
  const { resource: permission } = source;
  const isCfn = permission.template.dialect === 'cloudformation';
  const [called, ...more] = select(permission, isCfn ? 'FunctionName' : 'function_name');
  const [target] = called && !more.length ? referredBy(called.value) : [];
  const apis = referredBy(source.value).flatMap((name) => permission.template.resource(name) ?? []);
  const [api, ...others] = apis.filter(({ type }) => /ApiGateway|^aws_api_?gateway/.test(type));
  const arn = writtenArn(source);
  if (!target || !api || others.length || !arn) return undefined;
  let head = arn.text;
  while (head.endsWith('/*')) head = head.slice(0, -2);
  const [route, ...rest] = new Set(routesTo(target, api));
  // Only what stands right behind the API is known to be the stage.
  if (route === undefined || rest.length || !/[:}][\w-]*$/.test(head)) return undefined;
  const text = `${head}/*/${route}`;
  if (text.endsWith('/*/*')) return undefined;
  const data: Data = arn.isSub ? { 'Fn::Sub': text } : text;
  return {
    title: `Allow ${route.replace('/', ' /')} only (calls by other methods and paths are refused)`,
    safe: false,
    edits: [{ kind: 'replace', node: source.node, data }],
  };
}
