/** Completions of actions: services first, then the actions of one, and patterns that stand for several. */

import { actionsOf, expandActionPattern, services, serviceTitle } from './actions.ts';
import { type Completion, closeness, textItem } from './complete-item.ts';
import { type OwnResource, ownServices } from './complete-own.ts';
import { PROVIDERS } from './complete-principals.ts';
import { principalTexts, type Spot, textsOf } from './complete-spot.ts';
import { ACCESS_LEVELS, type ActionInfo } from './reference.ts';

/** Actions of a service that are offered before anything is typed of one: no service has policies about more. */
const MAX_LOOSE = 60;

/** Services that policies name most: listed before the others. */
const COMMON: ReadonlySet<string> = new Set(
  (
    'apigateway athena autoscaling backup batch bedrock cloudformation cloudfront cloudtrail cloudwatch codebuild ' +
    'codecommit codedeploy codepipeline cognito-idp config dynamodb ec2 ecr ecs eks elasticache elasticfilesystem ' +
    'elasticloadbalancing elasticmapreduce es events execute-api firehose glue guardduty iam kinesis kms lambda logs ' +
    'organizations rds redshift route53 s3 sagemaker scheduler secretsmanager ses sns sqs ssm ssmmessages states sts ' +
    'tag transfer wafv2 xray'
  ).split(' '),
);

/** What role trust policies allow. */
const TRUST_ACTIONS: ReadonlySet<string> = new Set([
  'AssumeRole',
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
  'SetContext',
  'SetSourceIdentity',
  'TagSession',
]);

/**
 * Completions for a text in Action or NotAction.
 * @param typed the text before the cursor
 * @param own the template's resources, whose services come first
 */
export function actionItems(spot: Spot, typed: string, own: readonly OwnResource[]): Completion[] {
  const colon = typed.indexOf(':');
  const taken = new Set(spot.items.map((item) => item.toLowerCase()));
  const items =
    colon < 0
      ? [...serviceItems(spot, typed, ownServices(own)), ...looseItems(spot, typed)]
      : ofService(spot, typed.slice(0, colon), typed);
  return items.filter((item) => item.kind === 'service' || !taken.has(item.label.toLowerCase()));
}

/** Services that the statement or the policy is about. */
function nearServices(spot: Spot): string[] {
  const used = textsOf(spot.statement, 'Action', 'NotAction', 'actions', 'not_actions').map((text) =>
    text.slice(0, Math.max(0, text.indexOf(':'))).toLowerCase(),
  );
  const own = spot.kind === 'trust' ? 'sts' : spot.service;
  return [...new Set([...(own ? [own] : []), ...used])].filter((prefix) => /^[a-z][a-z\d-]*$/.test(prefix));
}

/** Trust policies allow actions of STS alone, permission resources those of their service. */
function isNarrow(spot: Spot): boolean {
  return spot.kind === 'trust' || spot.form === 'flat';
}

function serviceItems(spot: Spot, typed: string, own: ReadonlySet<string>): Completion[] {
  const near = nearServices(spot);
  const items: Completion[] = [];
  for (const prefix of services()) {
    const quality = closeness(prefix, typed);
    const at = near.indexOf(prefix);
    if (quality === undefined || (isNarrow(spot) && at < 0)) continue;
    // A title costs unpacking the service: not for all at once.
    const isNamed = at >= 0 || own.has(prefix) || COMMON.has(prefix) || (typed !== '' && quality === 0);
    items.push({
      label: `${prefix}:`,
      kind: 'service',
      detail: isNamed ? serviceTitle(prefix) : undefined,
      rank:
        at >= 0
          ? spot.kind === 'trust'
            ? 90
            : 0
          : 100 + quality * 100 + (own.has(prefix) ? -50 : COMMON.has(prefix) ? 0 : 50),
      insertion: { parts: [`${prefix}:`], listed: true, continues: true },
      again: true,
      always: quality > 0,
    });
  }
  if ((typed === '' || typed === '*') && !isNarrow(spot)) {
    items.push(textItem('*', 'pattern', 149, { detail: 'Every action of every service', listed: true }));
  }
  return items;
}

/** Actions of the services at hand, where their names are typed without the service. */
function looseItems(spot: Spot, typed: string): Completion[] {
  const found: Completion[] = [];
  for (const prefix of nearServices(spot)) {
    if (typed.length < 3 && !isNarrow(spot)) continue;
    for (const action of allowed(spot, prefix)) {
      const quality = closeness(action.name, typed);
      if (quality === undefined || found.length >= MAX_LOOSE) continue;
      found.push(actionItem(action, trustRank(spot, action) ?? 10 + quality, typed !== ''));
    }
  }
  return found;
}

/** Actions of a service; in a trust policy those of STS that it can allow. */
function allowed(spot: Spot, prefix: string): readonly ActionInfo[] {
  const actions = actionsOf(prefix);
  if (spot.kind !== 'trust' || prefix.toLowerCase() !== 'sts') return actions;
  return actions.filter((action) => TRUST_ACTIONS.has(action.name));
}

/** First the action by which the principals of a trust policy assume the role. */
function trustRank(spot: Spot, action: ActionInfo): number | undefined {
  if (spot.kind !== 'trust') return undefined;
  const principals = principalTexts(spot.statement);
  const isWeb = (text: string) => text.includes(':oidc-provider/') || PROVIDERS.some(([name]) => name === text);
  const wanted = principals.some((text) => text.includes(':saml-provider/'))
    ? 'AssumeRoleWithSAML'
    : principals.some(isWeb)
      ? 'AssumeRoleWithWebIdentity'
      : 'AssumeRole';
  return action.name === wanted ? 1 : undefined;
}

function actionItem(action: ActionInfo, rank: number, always = false): Completion {
  const types = action.resourceTypes.map((type) => type.name);
  const resources = types.length ? types.slice(0, 3).join(', ') + (types.length > 3 ? ' …' : '') : 'resource *';
  return {
    label: action.full,
    kind: 'action',
    detail: `${action.accessLevel} · ${resources}`,
    documentation: () => aboutAction(action),
    rank,
    insertion: { parts: [action.full], listed: true },
    always,
  };
}

function ofService(spot: Spot, prefix: string, typed: string): Completion[] {
  const name = typed.slice(prefix.length + 1);
  const actions = allowed(spot, prefix);
  if (!actions.length) return [];
  const service = (actions[0] as ActionInfo).service;
  const items: Completion[] = [];
  if (/[*?]/.test(name)) {
    // What the pattern grants so far, then each action that it may still become.
    const exact = expandActionPattern(`${service}:${name}`);
    if (exact.length) items.push(patternItem(`${service}:${name}`, exact, 0, true));
    const open = expandActionPattern(`${service}:${name}*`);
    const within = new Set(allowed(spot, prefix));
    for (const action of open) if (within.has(action)) items.push(actionItem(action, 10, true));
    return items;
  }
  for (const action of actions) {
    const quality = closeness(action.name, name);
    if (quality !== undefined) items.push(actionItem(action, trustRank(spot, action) ?? 10 + quality));
  }
  if (spot.kind === 'trust') return items;
  for (const pattern of patterns(actions)) {
    if (closeness(pattern, name) === undefined) continue;
    const full = `${service}:${pattern}`;
    const matched = expandActionPattern(full);
    if (matched.length > 1) items.push(patternItem(full, matched, pattern === '*' ? 60 : 50));
  }
  return items;
}

function patternItem(label: string, matched: readonly ActionInfo[], rank: number, always = false): Completion {
  return {
    label,
    kind: 'pattern',
    detail: `${matched.length} ${matched.length === 1 ? 'action' : 'actions'}`,
    documentation: () => aboutPattern(matched),
    rank,
    insertion: { parts: [label], listed: true },
    always,
  };
}

/** Patterns by the first word of names (`Get*`), where several actions begin with it; and all. */
function patterns(actions: readonly ActionInfo[]): string[] {
  const counts = new Map<string, number>();
  for (const { name } of actions) {
    const verb = /^[A-Z][a-z\d]+/.exec(name)?.[0];
    if (verb) counts.set(verb, (counts.get(verb) ?? 0) + 1);
  }
  const verbs = [...counts].filter(([, count]) => count > 1).map(([verb]) => `${verb}*`);
  return [...verbs, '*'];
}

/** How many names are listed one by one. */
const MOST_NAMED = 8;

function named(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return names.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function aboutAction({ accessLevel, resourceTypes, conditionKeys }: ActionInfo): string[] {
  const lines = [`Access level: ${accessLevel}.`];
  lines.push(
    resourceTypes.length
      ? `Can be limited to: ${named(resourceTypes.map(({ name, required }) => (required ? `${name} (required)` : name)))}.`
      : 'Knows no resource type: it needs the resource "*".',
  );
  if (conditionKeys.length) lines.push(`Condition keys: ${named(conditionKeys)}.`);
  return lines;
}

function aboutPattern(actions: readonly ActionInfo[]): string[] {
  const levels = [...ACCESS_LEVELS].reverse().flatMap((level) => {
    const { length } = actions.filter((action) => action.accessLevel === level);
    return length ? [`${length} ${level}`] : [];
  });
  const management = actions.filter((action) => action.accessLevel === 'Permissions management');
  return [
    `Stands for ${actions.length} ${actions.length === 1 ? 'action' : 'actions'}: ${levels.join(', ')}.`,
    ...(management.length ? [`Permissions management: ${named(management.map(({ name }) => name))}.`] : []),
  ];
}
