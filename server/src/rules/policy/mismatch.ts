/** Parts of a statement that do not go together: actions and resources, and the service that carries the policy. */

import { expandActionPattern, findAction, serviceExists } from '../../iam/actions.ts';
import { type Arn, arnText, canBe, isFurtherForm, readArn, typeArns } from '../../iam/arns.ts';
import {
  HOLE,
  type Item,
  isConditional,
  isKnown,
  isWildcard,
  type PolicyDocument,
  type Statement,
} from '../../iam/document.ts';
import { type ActionInfo, type ActionResourceType, Answers } from '../../iam/reference.ts';
import type { Data, Edit } from '../../syntax/edit.ts';
import { select } from '../../template/select.ts';
import type { Fix } from '../fix.ts';
import { addLikeness, copyOf, policyFix, removeItems, replaceItem } from '../policy-edits.ts';
import { splitStatement } from '../policy-split.ts';
import { aws } from '../references.ts';
import type { Rule, Variant } from '../rule.ts';
import { arnFault, writtenText } from './arns.ts';
import { type DocumentCheck, doubtful, hasStatements, policyRule, refused, writtenStatements } from './check.ts';

// ---- actions and resources

/** What a statement's resources may be; undefined where that cannot be told. */
interface Named {
  readonly items: readonly Item[];
  readonly arns: readonly Arn[];
}

function namedBy(statement: Statement): Named | undefined {
  const { policy, resources, openElements, elements } = statement;
  if (!elements.Resource || elements.NotResource || openElements.has('Resource') || !resources.length) return undefined;
  const arns: Arn[] = [];
  for (const { value } of resources) {
    const text = arnText(value, policy.resource.template);
    // A text that is no ARN is told by its own rule; one that is not known may be anything.
    if (text === undefined || !text.startsWith('arn:') || arnFault(text)) return undefined;
    const arn = readArn(text);
    if (!arn || isAny(arn.resource, arn.service) || isFurtherForm(arn)) return undefined;
    // Stage, method and path of an API may be left out, and the reference does not say how.
    if (arn.service === 'execute-api') return undefined;
    arns.push(arn);
  }
  return { items: resources, arns };
}

const isAny = (...fields: readonly string[]): boolean => fields.every((field) => /^[*\0]+$/.test(field));

/** Whether one of the resources can be of one of the types. Actions of a statement share types: each is judged once. */
function fits(types: Iterable<string>, arns: readonly Arn[], known: Map<string, boolean>): boolean {
  for (const type of types) {
    let can = known.get(type);
    if (can === undefined) {
      can = typeArns(type).some((one) => arns.some((arn) => canBe(arn, one)));
      known.set(type, can);
    }
    if (can) return true;
  }
  return false;
}

/** What the actions work on that an item stands for; undefined where there are none. */
interface Wanted {
  readonly types: ReadonlyMap<string, ActionResourceType>;
  readonly actions: readonly ActionInfo[];
}

const wanted = new Answers<Wanted | undefined>();

function wantedBy({ text = '' }: Item): Wanted | undefined {
  return wanted.of(text, readWanted);
}

function readWanted(text: string): Wanted | undefined {
  const single = /[*?]/.test(text) ? undefined : findAction(text);
  const actions: readonly ActionInfo[] = single ? [single] : expandActionPattern(text);
  const types = new Map<string, ActionResourceType>();
  for (const action of actions) for (const type of action.resourceTypes) types.set(type.arnPattern, type);
  return actions.length ? { types, actions } : undefined;
}

/** Calls that AWS documents on ARNs, though the reference knows no type for them. */
const ON_ARNS: ReadonlySet<string> = new Set(['logs:DescribeLogGroups']);

/**
 * Whether the reference may be behind what AWS takes: for tags of new types; and for actions that know no type but work
 * on ARNs of their service, as some that create a resource do. An ARN of everything in a service was once what such
 * actions were told to take.
 */
function mayBeBehind({ types, actions }: Wanted, arns: readonly Arn[]): boolean {
  return actions.every(({ accessLevel, service, name, full }) => {
    const own = arns.filter((arn) => arn.service === service);
    if (/^(?:Tag|Untag)|Tags/.test(name)) return own.length > 0;
    // Apps of MLflow are newer than the reference's types.
    if (service === 'sagemaker-mlflow') return arns.some(({ resource }) => resource.startsWith('mlflow-app/'));
    if (types.size) return false;
    // Sessions are resources of Systems Manager.
    if (ON_ARNS.has(full) || service === 'ssmmessages') return true;
    const looks = accessLevel === 'List' || accessLevel === 'Read';
    return looks ? own.some(({ resource }) => isAny(resource)) : own.length > 0;
  });
}

const checkActions: DocumentCheck = (policy, fault) => {
  if (!hasStatements(policy) || policy.kind === 'trust' || policy.service === 'iot') return;
  for (const statement of writtenStatements(policy)) {
    if (!statement.actions.length || statement.elements.NotAction) continue;
    const named = namedBy(statement);
    if (!named || isOutOfScope(statement, named)) continue;
    const known = new Map<string, boolean>();
    for (const item of statement.actions) {
      if (!isKnown(item) || isWildcard(item) || isForeign(item, policy)) continue;
      const needs = wantedBy(item);
      if (!needs || fits(needs.types.keys(), named.arns, known) || mayBeBehind(needs, named.arns)) continue;
      fault({
        key: 'resource-action-mismatch',
        node: item.node,
        message: messageFor(item, needs, named),
        severity: statement.effect === 'Deny' || policy.kind === 'resource' ? 'medium' : undefined,
        related: named.items.slice(0, 5).map(({ node }) => ({ node, message: 'What the statement is on' })),
        conditions: item.conditions,
        path: `Action.${item.text}`,
        fix: () => fixFor(statement, item, needs, named),
      });
    }
  }
};

const BUCKET = 'arn:${Partition}:s3:::${BucketName}';
const OBJECT = 'arn:${Partition}:s3:::${BucketName}/${ObjectName}';

/** The actions that no ARN can limit, where they are most of what a pattern stands for. */
function mostlyUnlimited({ actions }: Wanted): number {
  const unlimited = actions.filter(({ resourceTypes }) => !resourceTypes.length).length;
  return unlimited * 2 > actions.length ? unlimited : 0;
}

function messageFor({ text = '' }: Item, needs: Wanted, { arns }: Named): string {
  const types = [...needs.types.values()];
  if (!types.length) return `${text} works on Resource "*" only: it knows no type of resource`;
  const unlimited = mostlyUnlimited(needs);
  if (unlimited)
    return `${text} has no effect here: ${unlimited} of its ${needs.actions.length} actions work on Resource "*" only, the others on other resources than these`;
  const isS3 = arns.every(({ service }) => service === 's3');
  if (isS3 && types.some(({ arnPattern }) => arnPattern === OBJECT))
    return `${text} works on objects (arn:aws:s3:::name/*), not on buckets`;
  if (isS3 && types.some(({ arnPattern }) => arnPattern === BUCKET))
    return `${text} works on buckets (arn:aws:s3:::name), not on objects`;
  const wanted = types.slice(0, 2).map(({ name, arnPattern }) => `${name} (${skeleton(arnPattern)})`);
  const more = types.length > 2 ? ' and others' : '';
  return `${text} works on resources of type ${wanted.join(', ')}${more}, and none of the ARNs here is of that form`;
}

/** An ARN pattern of the reference with wildcards. */
function skeleton(arnPattern: string): string {
  const [first = ''] = arnPattern.split(', ');
  return first.replace('${Partition}', 'aws').replace(/\$\{[^{}]*\}/g, '*');
}

// ---- mending

function fixFor(statement: Statement, item: Item, needs: Wanted, named: Named): Fix | undefined {
  const { types, actions } = needs;
  const isRead = actions.every(({ accessLevel }) => accessLevel === 'List' || accessLevel === 'Read');
  // On everything: only what changes nothing.
  if (types.size && isRead && mostlyUnlimited(needs) && statement.actions.length > 1 && !item.via.length) {
    const removed = removeItems(statement, 'Action', [item]);
    const added = removed && addLikeness(statement, [item.text ?? '']);
    return added && policyFix(`Move ${item.text} to a statement of its own, on "*"`, [...removed, ...added]);
  }
  if (types.has(BUCKET)) return addRelatives(statement, named, 'the bucket', bucketOf);
  if (types.has(OBJECT)) return addRelatives(statement, named, 'the objects', objectsOf);
  if (!types.size && statement.effect === 'Allow') {
    const all = statement.actions.every((one) => isKnown(one) && wantedBy(one)?.types.size === 0);
    const [first, ...others] = statement.resources;
    if (all && first && !statement.elements.Principal) {
      const edits = [replaceItem(statement, 'Resource', first, ['*'])];
      if (others.length) edits.push(removeItems(statement, 'Resource', others));
      return edits.every((edit) => edit !== undefined)
        ? policyFix('Set Resource to "*"', edits.flat() as Edit[])
        : undefined;
    }
  }
  return statement.actions.length > 1 && item.via.length === 0 ? splitStatement(statement) : undefined;
}

/** `arn:aws:s3:::reports` of `arn:aws:s3:::reports/*`. */
function bucketOf(text: string): string | undefined {
  return /^[^/]*[^/:*]\/\*?$/.test(text) ? text.slice(0, text.indexOf('/')) : undefined;
}

/** `arn:aws:s3:::reports/*` of `arn:aws:s3:::reports`. */
function objectsOf(text: string): string | undefined {
  return /[/*]$/.test(text) ? undefined : `${text}/*`;
}

/** Adds, for each of the ARNs of S3, the one that belongs to it; instead of it, where no action of the statement works on it. */
function addRelatives(
  statement: Statement,
  { items, arns }: Named,
  what: string,
  relative: (text: string) => string | undefined,
): Fix | undefined {
  const added: Data[] = [];
  const instead: Edit[] = [];
  for (const [i, item] of items.entries()) {
    const arn = arns[i];
    if (arn?.service !== 's3') continue;
    const data = isConditional(item, statement) ? undefined : relativeOf(item, relative);
    if (data === undefined) return undefined;
    added.push(data);
    if (!isUsed(arn, statement)) instead.push(...(replaceItem(statement, 'Resource', item, [data]) ?? []));
  }
  if (instead.length && instead.length === items.length) return policyFix(`Change to the ARN of ${what}`, instead);
  const [first] = items;
  if (!first || !added.length) return undefined;
  const list = first.node.parent;
  const isList = list?.kind === 'array' && list.tag === undefined && items.every(({ node }) => node.parent === list);
  const own = isList ? undefined : copyOf(first.node);
  const edits = isList
    ? added.map((data): Edit => ({ kind: 'append', to: list, data }))
    : own !== undefined && items.length === 1
      ? replaceItem(statement, 'Resource', first, [own, ...added])
      : undefined;
  return policyFix(`Add the ARN of ${what}`, edits);
}

/** Whether one of the actions may work on an ARN. */
function isUsed(arn: Arn, statement: Statement): boolean {
  return statement.actions.some((action) => {
    const needs = isKnown(action) ? wantedBy(action) : undefined;
    return !needs?.types.size || fits(needs.types.keys(), [arn], new Map());
  });
}

function relativeOf(item: Item, relative: (text: string) => string | undefined): Data | undefined {
  const found = writtenText(item.node);
  if (!found || item.via.length) return undefined;
  const text = relative(found.text);
  if (text === undefined || !found.isSub) return text;
  const [, target, attribute] = /^\$\{(\w+)\.(\w+)\}$/.exec(text) ?? [];
  if (target !== undefined && attribute !== undefined) return { 'Fn::GetAtt': [target, attribute] };
  return { 'Fn::Sub': text };
}

// ---- the service that carries the policy

/**
 * Services whose resources take actions of their own only, by what carries the policy. Others either take actions of
 * further services or do not say.
 */
const OWN_ACTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['s3', ['s3', 's3-object-lambda', 's3express', 's3-outposts']],
  ['sqs', ['sqs']],
  ['sns', ['sns']],
  ['kms', ['kms']],
  ['secretsmanager', ['secretsmanager']],
  ['ecr', ['ecr']],
  ['dynamodb', ['dynamodb']],
  ['elasticfilesystem', ['elasticfilesystem']],
  ['glacier', ['glacier']],
  ['backup', ['backup']],
  ['kinesis', ['kinesis']],
  ['es', ['es', 'opensearch']],
  ['execute-api', ['execute-api']],
]);

/** Whether a known action is one of a service that has no say in this policy. */
function isForeign({ text = '' }: Item, policy: PolicyDocument): boolean {
  const own = policy.kind === 'resource' ? OWN_ACTIONS.get(policy.service ?? '') : undefined;
  const service = text.slice(0, Math.max(0, text.indexOf(':'))).toLowerCase();
  return own !== undefined && serviceExists(service) === true && !own.includes(service);
}

const checkActionScope: DocumentCheck = (policy, fault) => {
  if (!hasStatements(policy) || policy.kind !== 'resource') return;
  for (const statement of writtenStatements(policy)) {
    for (const [element, items] of [
      ['Action', statement.actions],
      ['NotAction', statement.notActions],
    ] as const) {
      const foreign = items.filter((item) => isForeign(item, policy));
      for (const item of foreign) {
        fault({
          key: 'resource-policy-action-scope',
          node: item.node,
          message: `${item.text?.replaceAll(HOLE, '…')} is no action on what carries this policy: it takes actions of ${policy.service} only`,
          conditions: item.conditions,
          path: `${element}.${item.text?.replaceAll(HOLE, '…')}`,
          fix: () =>
            foreign.length < items.length
              ? policyFix('Remove the action', removeItems(statement, element, [item]))
              : undefined,
        });
      }
    }
  }
};

const BUCKET_OF: Readonly<Record<string, string>> = {
  'AWS::S3::BucketPolicy': 'Bucket',
  aws_s3_bucket_policy: 'bucket',
};

/** The name of the one bucket that carries the policy, where it is written out. */
function bucketName({ consumers }: PolicyDocument): string | undefined {
  const [consumer, ...others] = consumers;
  if (!consumer || others.length) return undefined;
  const property = BUCKET_OF[consumer.resource.type];
  if (property === undefined) return undefined;
  const [selected, ...more] = select(consumer.resource, property);
  const leaf = selected?.value;
  return leaf?.kind === 'known' && !leaf.via?.length && !more.length ? String(leaf.value) : undefined;
}

/** Whether an ARN names what the policy's resource cannot be. */
function outOfScope(policy: PolicyDocument, item: Item): string | undefined {
  const own = policy.kind === 'resource' ? OWN_ACTIONS.get(policy.service ?? '') : undefined;
  if (!own) return undefined;
  const text = arnText(item.value, policy.resource.template);
  if (!text?.startsWith('arn:') || arnFault(text)) return undefined;
  const arn = readArn(text);
  if (!arn || /[*?\0]/.test(arn.service)) return undefined;
  // AWS's own older names of a service are in ARNs only.
  if (!own.includes(arn.service)) {
    return serviceExists(arn.service)
      ? `An ARN of ${arn.service} is not what carries this policy: a resource of ${policy.service}`
      : undefined;
  }
  const bucket = arn.service === 's3' ? bucketName(policy) : undefined;
  const [named = ''] = arn.resource.split('/');
  if (bucket === undefined || arn.region !== '' || arn.account !== '' || /[*?\0\u0002]/.test(named)) return undefined;
  // An access point's alias is a bucket name in some ways, but not in a policy.
  return named === bucket ? undefined : `The policy is that of the bucket ${bucket}, not of ${named}`;
}

function isOutOfScope({ policy }: Statement, { items }: Named): boolean {
  return items.some((item) => outOfScope(policy, item) !== undefined);
}

const checkArnScope: DocumentCheck = (policy, fault) => {
  if (!hasStatements(policy) || policy.kind !== 'resource') return;
  for (const statement of writtenStatements(policy)) {
    for (const [element, items] of [
      ['Resource', statement.resources],
      ['NotResource', statement.notResources],
    ] as const) {
      for (const item of items) {
        const message = outOfScope(policy, item);
        if (message === undefined) continue;
        fault({
          key: 'resource-policy-arn-scope',
          node: item.node,
          message,
          conditions: item.conditions,
          path: `${element}.${item.text?.replaceAll(HOLE, '…')}`,
        });
      }
    }
  }
};

const VARIANTS: Readonly<Record<string, Variant>> = {
  'resource-action-mismatch': doubtful('parliament:RESOURCE_MISMATCH'),
  'resource-policy-action-scope': refused('access-analyzer:UNSUPPORTED_ACTION_IN_POLICY'),
  'resource-policy-arn-scope': refused('access-analyzer:UNSUPPORTED_RESOURCE_ARN_IN_POLICY'),
};

export const MISMATCH_RULES: readonly Rule[] = [
  policyRule({
    id: 'iam-policy-mismatch',
    title: 'Actions and resources do not go together',
    severity: 'low',
    owner: {
      side: 'customer',
      why: 'AWS applies a statement to a call only where both its action and its resource match; which ones stand together is yours.',
    },
    description:
      'A statement applies where action and resource match the same call, and no call has these two: an Allow grants nothing, a Deny forbids nothing. Listing objects works on the bucket, reading them on the objects; actions that know no type of resource take `"*"`. A policy on a resource speaks of that resource, in actions of its service.',
    variants: VARIANTS,
    references: [
      aws(
        'Actions, resources, and condition keys for AWS services',
        'service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html',
      ),
      aws('IAM JSON policy elements: Resource', 'IAM/latest/UserGuide/reference_policies_elements_resource.html'),
      aws('IAM policy validation check reference', 'IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html'),
    ],
    checks: [checkActions, checkActionScope, checkArnScope],
  }),
];
