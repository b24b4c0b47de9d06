/** AWS SAM: who may call the APIs that functions are attached to, and what policy templates give. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import type { Data, Edit } from '../syntax/edit.ts';
import type { Node } from '../syntax/node.ts';
import { below, type Found, select, selectFrom } from '../template/select.ts';
import type { Resource, Template } from '../template/template.ts';
import { oncePerTemplate } from '../template/template.ts';
import { asPattern, asString, type ObjectValue } from '../template/value.ts';
import { reach, SAM_API, SAM_HTTP_API } from './apigateway-apis.ts';
import type { Fix } from './fix.ts';
import { setEdits } from './fixes.ts';
import { isPresent, isTrue, noneOf } from './predicates.ts';
import { aws } from './references.ts';
import type { Related, Reporter, Rule } from './rule.ts';
import { has, member, relatedHops } from './shared.ts';
import { soleResource } from './sole-resource.ts';

const OWNERS = ['AWS::Serverless::Function', 'AWS::Serverless::StateMachine'];

/** A path and method of an API that runs a function. */
interface ApiEvent {
  readonly owner: Resource;
  readonly name: string;
  readonly key: Node;
  readonly properties: Found;
  readonly kind: 'Api' | 'HttpApi';
  /** Undefined for the API that SAM makes by itself. */
  readonly api: Resource | undefined;
}

/** Events whose API is known. */
function eventsOf(template: Template): ApiEvent[] {
  return template.ofType(...OWNERS).flatMap((owner) =>
    select(owner, 'Events').flatMap((events) => {
      if (events.value.kind !== 'object') return [];
      return events.value.names.flatMap((name) => member(events, name).flatMap((event) => eventOf(owner, name, event)));
    }),
  );
}

function eventOf(owner: Resource, name: string, event: Found): ApiEvent[] {
  const [type] = below(event, 'Type');
  const kind = type && asString(type.value);
  if ((kind !== 'Api' && kind !== 'HttpApi') || !event.key) return [];
  const base = { owner, name, key: event.key, kind } as const;
  return below(event, 'Properties').flatMap((properties): ApiEvent[] => {
    // An HttpApi event without properties is the catch-all route of the implicit API.
    if (properties.value.kind !== 'object') {
      return kind === 'HttpApi' && properties.value.kind === 'absent' ? [{ ...base, properties, api: undefined }] : [];
    }
    const leaves = below(properties, kind === 'Api' ? 'RestApiId' : 'ApiId');
    const [leaf, ...others] = leaves;
    if (!leaf || others.length) return [];
    if (leaf.value.kind === 'absent') return [{ ...base, properties, api: undefined }];
    if (leaf.value.kind !== 'reference') return [];
    const api = owner.template.resource(leaf.value.target);
    return api?.type === (kind === 'Api' ? SAM_API : SAM_HTTP_API) ? [{ ...base, properties, api }] : [];
  });
}

/** `GET /pets`. */
function callOf(event: ApiEvent): string | undefined {
  const [method] = below(event.properties, 'Method');
  const [path] = below(event.properties, 'Path');
  const verb = method?.value.kind === 'absent' ? 'ANY' : method && asString(method.value);
  return verb && `${verb.toUpperCase()} ${(path && asPattern(path.value, '…')) || '$default'}`;
}

/** What Globals say for the API that SAM makes by itself. */
function globalsOf(event: ApiEvent): ObjectValue | undefined {
  const { template, document } = event.owner;
  const section = document.roots.map((root) => root.get('Globals')?.get(event.kind)).find((node) => node !== undefined);
  const value = section && template.evaluate(section);
  return value?.kind === 'object' ? value : undefined;
}

/** The default authorizer of an event's API: set, not set, or not known. */
function hasDefault(event: ApiEvent): boolean | undefined {
  if (event.api) return has(event.api, 'Auth.DefaultAuthorizer');
  const globals = globalsOf(event);
  if (!globals) return false;
  const verdicts = new Set(
    selectFrom(event.owner, globals, 'Auth.DefaultAuthorizer').map((found) => isPresent(found.value, found)),
  );
  const [verdict] = verdicts;
  return verdicts.size === 1 && typeof verdict === 'boolean' ? verdict : undefined;
}

/** Whether everyone reaches the API; false also where its definition says what SAM does not see. */
function isOpen(event: ApiEvent): boolean {
  const { api } = event;
  if (!api) {
    const globals = globalsOf(event);
    return !globals || !['EndpointConfiguration', 'DefinitionUri', 'DefinitionBody'].some((name) => globals.get(name));
  }
  if (['DefinitionUri', 'DefinitionBody'].some((name) => has(api, name) !== false)) return false;
  return event.kind === 'HttpApi' || reach(api) === 'open';
}

/** An API key that is asked for, or may be. */
function isKeyed(event: ApiEvent): boolean {
  const leaves = [
    ...below(event.properties, 'Auth.ApiKeyRequired'),
    ...(event.api ? select(event.api, 'Auth.ApiKeyRequired') : []),
  ];
  return leaves.some((found) => found.value.kind !== 'absent' && isTrue(found.value, found) !== false);
}

const SIGN_NOTE = 'callers must sign their requests from then on';

function iamFix(title: string, edits: readonly Edit[] | undefined): Fix | undefined {
  return edits && { title: `${title} (${SIGN_NOTE})`, safe: false, edits };
}

/** Lets IAM authorise all calls of an API that have no authorizer of their own. */
function defaultFix(api: Resource): Fix | undefined {
  const [found] = select(api, 'Auth.DefaultAuthorizer');
  if (found?.value.kind !== 'absent') return undefined;
  const edits = setEdits(found, 'AWS_IAM');
  const [enabled] = api.type === SAM_HTTP_API ? select(api, 'Auth.EnableIamAuthorizer') : [];
  const more = enabled && isTrue(enabled.value, enabled) !== true ? setEdits(enabled, true) : [];
  return more && iamFix('Set Auth.DefaultAuthorizer to AWS_IAM', edits && [...more, ...edits]);
}

/** Lets IAM authorise one event. An HTTP API must have the authorizer first. */
function eventFix(event: ApiEvent, found: Found): Fix | undefined {
  const edits = setEdits(found, 'AWS_IAM');
  if (event.kind === 'Api') return iamFix('Set Auth.Authorizer to AWS_IAM', edits);
  const root = event.owner.document.roots.find((node) => node.get('Resources'));
  const enabled = event.api
    ? select(event.api, 'Auth.EnableIamAuthorizer').flatMap((leaf) => setEdits(leaf, true) ?? [])
    : root && [
        { kind: 'set' as const, in: root, path: ['Globals', 'HttpApi', 'Auth', 'EnableIamAuthorizer'], data: true },
      ];
  return enabled && iamFix('Set Auth.Authorizer to AWS_IAM', edits && [...enabled, ...edits]);
}

/** An event that has no authorizer, by its own choice or for want of a default. */
interface OpenEvent extends ApiEvent {
  readonly call: string;
  /** The authorizer, `NONE` or absent. */
  readonly authorizer: Found;
  readonly keyed: boolean;
}

/** Events that everyone may cause, with what is written of their authorizer. */
function openEvents(template: Template): OpenEvent[] {
  return eventsOf(template).flatMap((event) => {
    const call = callOf(event);
    if (call === undefined || call.startsWith('OPTIONS ') || !isOpen(event)) return [];
    if (below(event.properties, 'Auth.ResourcePolicy').some(({ value }) => value.kind !== 'absent')) return [];
    const open = below(event.properties, 'Auth.Authorizer').filter((found) =>
      found.value.kind === 'absent' ? hasDefault(event) === false : noneOf('NONE')(found.value, found) === false,
    );
    return open.map((authorizer) => ({ ...event, call, authorizer, keyed: isKeyed(event) }));
  });
}

const openEventsIn = oncePerTemplate(openEvents);

/** Lacks an authorizer because its API has no default: the API is reported, once for all its events. */
function isForApi({ api, authorizer }: OpenEvent): boolean {
  return api !== undefined && authorizer.value.kind === 'absent';
}

function who(keyed: boolean): string {
  return keyed ? 'anyone with an API key' : 'anyone';
}

function checkApi(api: Resource, reporter: Reporter): void {
  const events = openEventsIn(api.template).filter((event) => event.api === api && isForApi(event));
  const [first, ...others] = events;
  if (!first) return;
  const keyed = events.every((event) => event.keyed);
  const calls = others.length ? `${first.call} and ${others.length} more` : first.call;
  reporter.report({
    node: api.key,
    resource: api,
    variant: keyed ? 'api-key' : undefined,
    path: 'Auth.DefaultAuthorizer',
    message: `The API has no default authorizer: ${who(keyed)} may call ${calls}`,
    related: events.map(
      ({ key, call, owner }): Related => ({
        node: key,
        message: `${call} asks for no authorization`,
        resource: owner,
      }),
    ),
    fix: () => defaultFix(api),
  });
}

function checkEvents(owner: Resource, reporter: Reporter): void {
  for (const event of openEventsIn(owner.template)) {
    if (event.owner !== owner || isForApi(event)) continue;
    const { authorizer, call, keyed, name } = event;
    const exempt = hasDefault(event) === true;
    reporter.report({
      node: authorizer.value.kind === 'absent' && !authorizer.value.written ? event.key : authorizer.node,
      resource: owner,
      variant: keyed ? 'api-key' : exempt ? 'exempt' : undefined,
      path: `Events.${name}.Properties.Auth.Authorizer`,
      conditions: authorizer.conditions,
      message: `${keyed ? 'Anyone with an API key' : 'Anyone'} may call ${call}${exempt ? ': it is exempt from the default authorizer' : ''}`,
      related: relatedHops(authorizer.via.filter((hop) => hop.node !== authorizer.node)),
      fix: () => eventFix(event, authorizer),
    });
  }
}

// ---- policy templates

/** What a policy template's parameter names: the types of the template that can be meant, and how they are named. */
const NAMED: Readonly<Record<string, { readonly types: readonly string[]; readonly attribute?: string }>> =
  Object.assign(Object.create(null), {
    BucketName: { types: ['AWS::S3::Bucket'] },
    TableName: { types: ['AWS::DynamoDB::Table'] },
    QueueName: { types: ['AWS::SQS::Queue'], attribute: 'QueueName' },
    TopicName: { types: ['AWS::SNS::Topic'], attribute: 'TopicName' },
    StreamName: { types: ['AWS::Kinesis::Stream'] },
    KeyId: { types: ['AWS::KMS::Key'] },
    SecretArn: { types: ['AWS::SecretsManager::Secret'] },
    StateMachineName: { types: ['AWS::StepFunctions::StateMachine'], attribute: 'Name' },
  });

/** `*`, and ARNs whose resource is. */
const STAR = /^(arn:[^:]*:[^:]*:[^:]*:[^:]*:([\w-]+[:/])?)?\*+$/;

/** Names the only resource of the template that can be meant. */
function nameFix(found: Found, parameter: string): Fix | undefined {
  const named = NAMED[parameter];
  const only = named && soleResource(found.resource, ...named.types);
  if (!only) return undefined;
  const data: Data = named.attribute ? { 'Fn::GetAtt': [only.address, named.attribute] } : { Ref: only.address };
  const edits = setEdits(found, data);
  return (
    edits && {
      title: `Name ${only.address} (the function loses access to all others)`,
      safe: false,
      edits,
    }
  );
}

function checkPolicyTemplates(resource: Resource, reporter: Reporter): void {
  for (const item of select(resource, 'Policies[]')) {
    if (item.value.kind !== 'object') continue;
    for (const name of item.value.names) {
      // A document has statements; a template has one name and its parameters.
      if (!/^\w+Policy(V2)?$/.test(name)) continue;
      for (const parameters of member(item, name)) {
        if (parameters.value.kind !== 'object') continue;
        for (const parameter of parameters.value.names) {
          for (const found of member(parameters, parameter)) {
            const text = asPattern(found.value);
            if (text === undefined || !STAR.test(text)) continue;
            reporter.reportFound(found, {
              message: `${name} with ${parameter} "${text.replaceAll('\u0000', '…')}" is for every resource of the account`,
              fix: () => nameFix(found, parameter),
            });
          }
        }
      }
    }
  }
}

export const SAM_RULES: readonly Rule[] = [
  {
    id: 'sam-api-auth-none',
    title: 'API of a function asks for no authorization',
    category: 'public-access',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS runs the endpoint and checks what you ask it to check; who may call the function through it is your setting.',
    },
    description:
      'Anyone who knows the URL may call the function. Set a `DefaultAuthorizer` in the `Auth` of the API, or an `Authorizer` at the event; `AWS_IAM` needs no authorizer of your own.',
    aws: awsDefaults('sam-authorization'),
    aliases: [],
    variants: { 'api-key': { severity: 'medium' }, exempt: { severity: 'medium' } },
    references: [
      aws(
        'Control API access with your AWS SAM template',
        'serverless-application-model/latest/developerguide/serverless-controlling-access-to-apis.html',
      ),
    ],
    checks: [
      { kind: 'resource', types: [SAM_API, SAM_HTTP_API], check: checkApi },
      { kind: 'resource', types: OWNERS, check: checkEvents },
    ],
  },
  {
    id: 'sam-policy-template-star',
    title: 'Policy template is for every resource',
    category: 'iam',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'SAM fills in the policy template with what you name; which resources the function may use is your decision.',
    },
    description:
      'SAM’s policy templates keep a function to one resource. With `*` in its place the function may do the same with every table, bucket or secret of the account. Name the resource.',
    aliases: ['trivy:AVD-AWS-0114', 'trivy:AVD-AWS-0120'],
    references: [
      aws(
        'AWS SAM policy templates',
        'serverless-application-model/latest/developerguide/serverless-policy-templates.html',
      ),
    ],
    checks: [{ kind: 'resource', types: OWNERS, check: checkPolicyTemplates }],
  },
];
