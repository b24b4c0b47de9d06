/** AWS IoT Core: what a device may do in the account, by the policy of its certificate. */

import { allows, HOLE, type Item, isKnown, isWildcard, type PolicyDocument, type Statement } from '../iam/document.ts';
import type { Fix } from './fix.ts';
import { isEverything } from './iam-breadth.ts';
import { aws } from './references.ts';
import { actionsText, pathOf } from './resource-policy.ts';
import type { Reporter, Rule } from './rule.ts';
import { relatedHops } from './shared.ts';

/** What a device that only exchanges messages needs. */
const MESSAGING = ['iot:Connect', 'iot:Publish', 'iot:Receive', 'iot:Subscribe'];

/**
 * Resources by which an action reaches all devices without saying `*`. Source: AWS IoT Developer Guide, audit check "AWS IoT
 * policies overly permissive"; what a device receives is limited by what it may subscribe to.
 */
const WIDE: Readonly<Record<string, RegExp>> = Object.assign(Object.create(null), {
  'iot:connect': /:client\/(\*|\$\{iot:ClientId\})$/i,
  'iot:publish': /:topic\/(\*|\$aws\/things\/\*)$/,
  'iot:subscribe': /:topicfilter\/(\*|\$aws\/things\/\*)$/,
  'iot:getthingshadow': /:thing\/\*$/,
  'iot:updatethingshadow': /:thing\/\*$/,
  'iot:deletethingshadow': /:thing\/\*$/,
  'iot:describejobexecution': /:thing\/\*$/,
  'iot:getpendingjobexecutions': /:thing\/\*$/,
  'iot:startnextpendingjobexecution': /:thing\/\*$/,
  'iot:updatejobexecution': /:thing\/\*$/,
});

function isEveryAction(item: Item): boolean {
  return isWildcard(item) || /^iot:\*+$/i.test(item.text ?? '');
}

function checkPolicy(policy: PolicyDocument, reporter: Reporter): void {
  const users = policy.consumers.filter(({ service }) => service === 'iot');
  if (!users.length) return;
  for (const statement of [...policy.statements, ...policy.included]) {
    if (!allows(statement)) continue;
    const report = (item: Item, element: string, variant: string, message: string, fix?: () => Fix | undefined) =>
      reporter.report({
        node: item.node,
        resource: statement.policy.resource,
        variant,
        message,
        conditions: item.conditions,
        path: pathOf(statement, element),
        related: [
          ...relatedHops(item.via),
          ...users
            .filter(({ resource }) => resource !== statement.policy.resource)
            .map(({ resource }) => ({ node: resource.key, message: `Used by ${resource.address}`, resource })),
        ],
        fix,
      });
    const everyAction = statement.actions.filter(isEveryAction);
    for (const item of everyAction) {
      report(item, 'Action', 'action', `Devices with this policy may use ${item.text}: every action of AWS IoT`, () =>
        messagingOnly(item, statement),
      );
    }
    for (const item of statement.resources) {
      if (item.text === undefined) continue;
      if (isEverything(item.text)) {
        const message = `Devices with this policy may use ${actionsText(statement)} on everything in AWS IoT`;
        report(item, 'Resource', breadth(statement), message, () => ownClient(item, statement));
      } else if (!everyAction.length && statement.hasCondition === false) {
        const action = wideAction(statement, item);
        const message = `Devices with this policy may use ${action} for all devices`;
        if (action) report(item, 'Resource', 'in-effect', message, () => ownClient(item, statement));
      }
    }
  }
}

/** How much it matters that a statement holds for every resource. */
function breadth(statement: Statement): string {
  if (statement.hasCondition !== false) return 'conditioned';
  const receives =
    statement.actions.length > 0 && statement.actions.every(({ text }) => /^iot:Receive$/i.test(text ?? ''));
  return receives ? 'receive' : 'resource';
}

/** An action of the statement that reaches all devices by this resource. */
function wideAction(statement: Statement, { text = '' }: Item): string | undefined {
  return statement.actions.find(
    (action) => isKnown(action) && WIDE[action.text?.toLowerCase() ?? '']?.test(text.replaceAll(HOLE, '')),
  )?.text;
}

/** The four actions of messaging in place of all; where others are listed beside it, those. */
function messagingOnly({ node, via }: Item, statement: Statement): Fix | undefined {
  if (via.length) return undefined;
  const value = statement.elements.Action?.value;
  const list = value?.kind === 'list' && value.node === node.parent ? node.parent : undefined;
  if (list && statement.actions.some((item) => !isEveryAction(item))) {
    return {
      title: 'Allow only the other actions that are listed (ends all else that devices do)',
      safe: false,
      edits: [{ kind: 'removeItem', node }],
    };
  }
  return {
    title: 'Allow only connecting, publishing, subscribing and receiving (ends all else that devices do)',
    safe: false,
    edits: [{ kind: 'replace', node: list ?? node, data: MESSAGING }],
  };
}

/** A device connects as its thing only: written where the template can name its Region and account. */
function ownClient({ node, via }: Item, statement: Statement): Fix | undefined {
  const { policy } = statement;
  const { template } = policy.resource;
  const connects = statement.actions.every(({ text }) => /^iot:Connect$/i.test(text ?? ''));
  if (!connects || !statement.actions.length || via.length || policy.host) return undefined;
  if (template.dialect !== 'cloudformation') return undefined;
  const client = 'client/$' + '{!iot:Connection.Thing.ThingName}';
  const arn = ['arn', 'AWS::Partition', 'iot', 'AWS::Region', 'AWS::AccountId']
    .map((part) => (part.startsWith('AWS') ? `\${${part}}` : part))
    .join(':');
  return {
    title: 'Let a device connect as its own thing only (its client id must be the name of its thing)',
    safe: false,
    edits: [{ kind: 'replace', node, data: { 'Fn::Sub': `${arn}:${client}` } }],
  };
}

const ACTION = ['cfn_nag:W38', 'guard:IOT_POLICY_WILDCARD_ACTION_RULE', 'kics:IoT Policy Allows Action as Wildcard'];
const RESOURCE = ['cfn_nag:W39', 'guard:IOT_POLICY_WILDCARD_RESOURCE_RULE', 'kics:IoT Policy Allows Wildcard Resource'];

export const IOT_RULES: readonly Rule[] = [
  {
    id: 'iot-policy-wildcard',
    title: 'Device policy is not limited to the device',
    category: 'iam',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS lets a device do what the policy of its certificate says; how far that reaches is up to you.',
    },
    description:
      'Whoever takes the key out of one device can then speak for every other: read and forge their messages, change their shadows and jobs, or connect as them. List the actions that a device needs, and name resources by policy variables such as `${iot:Connection.Thing.ThingName}`, with the condition that the certificate is attached to that thing (`iot:Connection.Thing.IsAttached`).',
    aliases: [...ACTION, ...RESOURCE],
    variants: {
      action: { aliases: ACTION },
      resource: { aliases: RESOURCE },
      conditioned: { severity: 'medium', aliases: RESOURCE },
      receive: { severity: 'info', aliases: RESOURCE },
      'in-effect': { severity: 'medium', aliases: [] },
    },
    references: [
      aws('AWS IoT Core policies', 'iot/latest/developerguide/iot-policies.html'),
      aws('AWS IoT policies overly permissive', 'iot/latest/developerguide/audit-chk-iot-policy-permissive.html'),
      aws('Thing policy variables', 'iot/latest/developerguide/thing-policy-variables.html'),
    ],
    checks: [{ kind: 'policy', check: checkPolicy }],
  },
];
