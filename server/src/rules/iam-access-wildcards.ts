/** Wildcards and negations: what allows all of AWS, all of a service, or all but something. */

import { type Item, isKnown, isWildcard } from '../iam/document.ts';
import { CREDENTIALS_EXPOSURE, DATA_EXFILTRATION, RESOURCE_EXPOSURE } from '../iam/escalation.ts';
import { coversAction } from '../iam/queries.ts';
import { EVERYTHING, type StatementView } from './iam-access-statement.ts';
import type { Concern } from './iam-aliases.ts';
import { isBoundByTag, isEverything, isNarrow } from './iam-breadth.ts';
import { escalatesAlone } from './iam-escalation-paths.ts';
import { AGENT_CHANNELS, CONTROL, CRITICAL_SERVICES } from './iam-services.ts';

const EVERY_BUCKET = /^arn:[^:]*:s3:::\*+(\/\*+)?$/;

/** Reports Allow with NotAction. */
export function notAction(view: StatementView): void {
  const { NotAction: element, Action, Resource, NotResource } = view.statement.elements;
  // Both at once are no policy at all.
  if (!element || Action) return;
  const narrow = isNarrow(view.statement);
  if (Resource && !narrow && !view.everything) return;
  if (!Resource && view.statement.openElements.has('Resource')) return;
  const open = view.narrowed === 'none' && (view.everything !== undefined || NotResource !== undefined);
  const implied = open ? EVERYTHING.filter((concern) => notActionImplies(view, concern)) : [];
  view.add({
    rule: 'iam-not-action',
    variant: narrow ? 'narrow-resource' : view.narrowed === 'none' ? undefined : 'conditioned',
    node: element.key,
    item: undefined,
    message: narrow
      ? 'NotAction allows every action but those named, also those that AWS adds later, on these resources'
      : 'NotAction allows every action but those named, of every service, also those that AWS adds later',
    concerns: ['not-action', ...(view.everything ? (['resource'] as const) : []), ...implied],
    path: 'NotAction',
  });
}

function notActionImplies(view: StatementView, concern: Concern): boolean {
  const all = (actions: readonly string[]) =>
    actions.some((action) => coversAction(view.statement, action) === true && !view.denied(action));
  switch (concern) {
    case 'escalation':
      return all(['iam:PutUserPolicy', 'iam:AttachRolePolicy', 'lambda:UpdateFunctionCode']);
    case 'credentials':
      return all(CREDENTIALS_EXPOSURE.filter((one) => one.peers).map((one) => one.action));
    case 'exfiltration':
      return all(DATA_EXFILTRATION.filter((one) => one.peers).map((one) => one.action));
    case 'permissions':
      return all(RESOURCE_EXPOSURE);
    case 'passrole':
      return all(['iam:PassRole']);
    case 'assumerole':
      return all(['sts:AssumeRole']);
    case 'linked-role':
      return all(['iam:CreateServiceLinkedRole']);
    case 'write':
      return all(['ec2:RunInstances', 's3:PutObject']);
    default:
      return false;
  }
}

/** Reports Allow with NotResource. */
export function notResource(view: StatementView): void {
  const { NotResource: element, Resource } = view.statement.elements;
  if (!element || Resource) return;
  const concerns = new Set<Concern>(['not-resource']);
  if (view.narrowed === 'none') {
    for (const item of view.statement.actions.filter(isKnown)) {
      if (isWildcard(item)) for (const concern of EVERYTHING) concerns.add(concern);
      else for (const concern of view.grant(item, () => true).concerns) concerns.add(concern);
    }
    concerns.delete('resource');
  }
  view.add({
    rule: 'iam-not-resource',
    variant: view.narrowed === 'none' ? undefined : 'conditioned',
    node: element.key,
    item: undefined,
    message: 'NotResource allows these actions on everything but what it names, also on what is created later',
    concerns,
    path: 'NotResource',
  });
}

/** Reports `*` in Action. */
export function wildcard(view: StatementView, item: Item): void {
  const open = view.narrowed === 'none';
  if (open && view.everything) {
    view.add({
      rule: 'iam-admin-star',
      node: item.node,
      item,
      message: 'Allows every action on every resource: the rights of an administrator',
      concerns: ['admin', 'action', 'full-iam', ...EVERYTHING],
      path: 'Action.*',
    });
    return;
  }
  view.add({
    rule: 'iam-wildcard-action',
    variant: view.narrowed === 'some' ? 'conditioned' : undefined,
    node: item.node,
    item,
    message: view.everything
      ? 'Allows every action of every service on every resource, if its condition holds'
      : view.statement.elements.NotResource
        ? 'Allows every action of every service on everything but what NotResource names'
        : 'Allows every action of every service that these resources take',
    concerns: ['action', 'service', ...(view.everything ? (['resource'] as const) : [])],
    path: 'Action.*',
  });
}

/** Reports `svc:*`; whether the item is one. */
export function serviceWildcard(view: StatementView, item: Item): boolean {
  const service = /^([a-z0-9-]+):\*+$/i.exec(item.text ?? '')?.[1]?.toLowerCase();
  if (service === undefined) return false;
  const open = view.narrowed === 'none';
  const control = CONTROL.get(service);
  const path = `Action.${service}:*`;
  if (open && view.everything && control !== undefined) {
    const implied: readonly Concern[] =
      service === 'iam' ? EVERYTHING.filter((one) => one !== 'exfiltration' && one !== 'assumerole') : [];
    view.add({
      rule: 'iam-full-iam',
      node: item.node,
      item,
      message: `Allows every action of ${service} on every resource: ${control}`,
      concerns: ['full-iam', 'service', ...(implied.length ? implied : view.grant(item, view.isBroad).concerns)],
      path,
    });
    return true;
  }
  const broad = view.everything !== undefined;
  const tagged = !open && isBoundByTag(view.statement);
  const variant = AGENT_CHANNELS.has(service)
    ? 'agent-channel'
    : broad && open && CRITICAL_SERVICES.has(service)
      ? 'critical-service'
      : isNarrow(view.statement) || tagged
        ? 'narrow-resource'
        : undefined;
  const grant = open ? view.grant(item, view.isBroad) : undefined;
  const escalates = open && broad && escalatesAlone(item.text ?? '', view.denied);
  const everyBucket = service === 's3' && isOnEveryBucket(view);
  view.add({
    rule: everyBucket ? 's3-presigned-post-full-access' : 'iam-service-wildcard',
    variant: everyBucket ? undefined : variant,
    node: item.node,
    item,
    message: everyBucket
      ? `Allows ${item.text} on every bucket: all data, its deletion and every setting`
      : `Allows every action of ${service}${tagged ? ' on resources with the tag' : broad ? ' on every resource' : ''}, also those that AWS adds later`,
    concerns: [
      'service',
      ...(everyBucket ? (['every-bucket'] as const) : []),
      ...(grant?.concerns ?? (broad && view.canBeRestricted(item) ? (['resource'] as const) : [])),
      ...(escalates ? (['escalation'] as const) : []),
    ],
    path,
  });
  return true;
}

/** Whether nothing limits the buckets that the statement is about. */
function isOnEveryBucket(view: StatementView): boolean {
  return (
    view.statement.hasCondition === false &&
    view.statement.resources.some(({ text = '' }) => isEverything(text) || EVERY_BUCKET.test(text))
  );
}
