/** OpenAPI definitions of APIs, written in the template: their operations, and what these ask of callers. */

import type { Edit } from '../syntax/edit.ts';
import type { Node } from '../syntax/node.ts';
import type { Found } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asString, type ObjectValue, type Value } from '../template/value.ts';
import { HTTP_API, REST_API, SAM_API, SAM_HTTP_API, TF_HTTP_API, TF_REST_API } from './apigateway-apis.ts';
import { jsonBlocks } from './json-blocks.ts';
import { member } from './shared.ts';

/** Where an API has its definition. */
const BODY: Readonly<Record<string, string>> = {
  [REST_API]: 'Body',
  [HTTP_API]: 'Body',
  [SAM_API]: 'DefinitionBody',
  [SAM_HTTP_API]: 'DefinitionBody',
  [TF_REST_API]: 'body',
  [TF_HTTP_API]: 'body',
};

/** Types of APIs that can be defined by an OpenAPI document. */
export const DEFINED = Object.keys(BODY);

/** `options` is the browser's preflight request, which carries no credentials. */
const VERBS: ReadonlySet<string> = new Set([
  'get',
  'put',
  'post',
  'delete',
  'head',
  'patch',
  'trace',
  'x-amazon-apigateway-any-method',
]);

/** A path and method of a definition, with what says how it is called. */
export interface Operation {
  /** `GET /pets`. */
  readonly name: string;
  readonly key: Node;
  readonly found: Found;
  readonly value: ObjectValue;
  /** The document it is part of. */
  readonly root: ObjectValue;
}

/** The OpenAPI documents that define an API: one, or one for each condition. */
export function definitionsOf(api: Resource): readonly Found[] {
  const path = BODY[api.type];
  if (path === undefined) return [];
  return jsonBlocks(api, path).filter(({ value }) => value.kind === 'object');
}

/** The operations of a definition, but for preflight requests. */
export function operationsOf(definition: Found): Operation[] {
  const root = definition.value;
  if (root.kind !== 'object') return [];
  return member(definition, 'paths').flatMap((paths) =>
    members(paths).flatMap(([path, item]) =>
      members(item).flatMap(([verb, found]) => {
        const property = item.value.kind === 'object' ? item.value.get(verb) : undefined;
        if (!VERBS.has(verb) || !property || found.value.kind !== 'object') return [];
        const name = `${verb.startsWith('x-') ? 'ANY' : verb.toUpperCase()} ${path}`;
        return [{ name, key: property.key, found, value: found.value, root }];
      }),
    ),
  );
}

function members(found: Found): (readonly [string, Found])[] {
  if (found.value.kind !== 'object') return [];
  return found.value.names.flatMap((name) => member(found, name).map((leaf) => [name, leaf] as const));
}

/** What an operation asks of callers, and where that is written. */
export interface Security {
  readonly kind: 'authorised' | 'api-key' | 'none';
  readonly node: Node;
  readonly path: string;
  readonly conditions: Found['conditions'];
}

/** Undefined where it cannot be told, which includes security that is said for the document as a whole. */
export function securityOf(operation: Operation): readonly Security[] | undefined {
  const { found, value, root, key } = operation;
  if (value.open !== undefined || root.open !== undefined) return undefined;
  for (const auth of member(found, 'x-amazon-apigateway-auth')) {
    const [type] = member(auth, 'type');
    if (!type || asString(type.value) !== 'NONE') return undefined;
  }
  const leaves = member(found, 'security').filter((leaf) => leaf.value.kind !== 'absent');
  const place = { node: key, path: `${found.path}.security`, conditions: found.conditions };
  if (!leaves.length) return root.get('security') ? undefined : [{ kind: 'none', ...place }];
  const all: Security[] = [];
  for (const leaf of leaves) {
    const kind = kindOf(leaf, root);
    if (kind === undefined) return undefined;
    all.push({ kind, node: leaf.node, path: leaf.path, conditions: leaf.conditions });
  }
  return all;
}

function kindOf({ value }: Found, root: ObjectValue): Security['kind'] | undefined {
  if (value.kind !== 'list' || value.open !== undefined) return undefined;
  if (!value.items.length) return 'none';
  let kind: Security['kind'] = 'authorised';
  for (const item of value.items) {
    if (item.kind !== 'object' || item.open !== undefined) return undefined;
    if (!item.names.length) return 'none';
    if (item.names.every((name) => isApiKey(schemesOf(root)?.get(name)?.value))) kind = 'api-key';
  }
  return kind;
}

function objectAt(value: ObjectValue, name: string): ObjectValue | undefined {
  const found = value.get(name)?.value;
  return found?.kind === 'object' ? found : undefined;
}

function schemesOf(root: ObjectValue): ObjectValue | undefined {
  const components = objectAt(root, 'components');
  return objectAt(root, 'securityDefinitions') ?? (components && objectAt(components, 'securitySchemes'));
}

/** A key for usage plans; what has an authorizer or a type of authorization is written as `apiKey`, too. */
function isApiKey(scheme: Value | undefined): boolean {
  if (scheme?.kind !== 'object' || scheme.open !== undefined) return false;
  const type = scheme.get('type')?.value;
  return (
    type !== undefined &&
    asString(type) === 'apiKey' &&
    !scheme.names.some((name) => /^x-amazon-apigateway-auth(type|orizer)$/.test(name))
  );
}

/** How IAM is asked for in a definition. */
const SIGV4 = { type: 'apiKey', name: 'Authorization', in: 'header', 'x-amazon-apigateway-authtype': 'awsSigv4' };

/** Edits that make an operation ask for the document's only authorizer, or for IAM where it has none (REST APIs only). */
export function securityEdits(operation: Operation, isRest: boolean): readonly Edit[] | undefined {
  const { value, root, found } = operation;
  if (value.node.kind !== 'object' || root.node.kind !== 'object' || found.via.length) return undefined;
  const schemes = schemesOf(root);
  const guards = schemes?.names.filter((name) => schemes.get(name)?.value.kind === 'object') ?? [];
  const real = guards.filter((name) => !isApiKey(schemes?.get(name)?.value));
  const [only] = real;
  if (only !== undefined && real.length === 1) {
    return [{ kind: 'set', in: value.node, path: ['security'], data: [{ [only]: [] }] }];
  }
  if (!isRest || real.length || guards.includes('sigv4')) return undefined;
  const place = root.get('swagger') ? ['securityDefinitions'] : ['components', 'securitySchemes'];
  return [
    { kind: 'set', in: value.node, path: ['security'], data: [{ sigv4: [] }] },
    { kind: 'set', in: root.node, path: [...place, 'sigv4'], data: SIGV4 },
  ];
}
