/** AWS Elemental MediaStore: policies and access logs of containers. The service ended in November 2025. */

import type { PolicyDocument, Statement } from '../iam/document.ts';
import { allows } from '../iam/document.ts';
import { declareCompanions } from '../template/companions.ts';
import { set } from './fixes.ts';
import { isPresent, isTrue, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import { publicPolicyRule } from './resource-policies.ts';
import type { Check, Reporter, Rule } from './rule.ts';

declareCompanions('aws_media_store_container', { aws_media_store_container_policy: 'container_name' });

const CONTAINER = 'AWS::MediaStore::Container';
const TF_CONTAINER = 'aws_media_store_container';

/** Whether a statement speaks of requests over TLS: undefined where it may. */
function speaksOfTls(statement: Statement, value: 'true' | 'false'): boolean | undefined {
  for (const clause of statement.conditions) {
    if (clause.key.toLowerCase() !== 'aws:securetransport') continue;
    const texts = clause.values.map(({ text }) => text?.toLowerCase());
    if (!clause.complete || texts.includes(undefined)) return undefined;
    if (clause.operator.name === 'Bool' && texts.every((text) => text === value)) return true;
  }
  return statement.complete && statement.hasCondition !== 'unknown' ? false : undefined;
}

/** An Allow that holds without TLS as well, in a policy that denies that nowhere. */
function checkTransport(policy: PolicyDocument, reporter: Reporter): void {
  const isContainers = policy.consumers.some((one) => one.kind === 'resource' && one.service === 'mediastore');
  if (!isContainers || policy.open !== undefined) return;
  const { statements } = policy;
  if (statements.some((one) => one.effect !== 'Allow' && speaksOfTls(one, 'false') !== false)) return;
  for (const statement of statements) {
    const { effectNode, templateConditions, policy: own } = statement;
    if (!effectNode || !allows(statement) || speaksOfTls(statement, 'true') !== false) continue;
    reporter.report({
      node: effectNode,
      resource: own.resource,
      conditions: templateConditions,
      variant: 'http',
      path: [own.site, 'Statement', String(statement.index), 'Effect'].filter(Boolean).join('.'),
    });
  }
}

const PUBLIC = publicPolicyRule({
  id: 'mediastore-policy',
  thing: 'container',
  service: 'mediastore',
  tier: 'opt-in',
  severity: 'low',
  severities: { write: 'low', read: 'low' },
  aliases: [],
  aws: [
    {
      text: 'Support of AWS Elemental MediaStore has ended.',
      since: '2025-11-13',
      source: 'AWS Elemental MediaStore User Guide: end of support notice',
    },
  ],
  references: [
    aws(
      'Example container policy: Public read access over HTTPS',
      'mediastore/latest/ug/policies-examples-public-https.html',
    ),
  ],
});

const OWN_CHECKS: readonly Check[] = [
  { kind: 'policy', check: checkTransport },
  {
    kind: 'property',
    targets: [{ type: CONTAINER, path: 'AccessLoggingEnabled' }],
    must: otherwise(isTrue, 'logging'),
    absent: 'logging',
    fix: set(true),
  },
  {
    kind: 'property',
    targets: [
      { type: CONTAINER, path: 'Policy' },
      { type: TF_CONTAINER, path: '@aws_media_store_container_policy.policy' },
    ],
    must: otherwise(isPresent, 'default-policy'),
    absent: 'default-policy',
  },
];

export const MEDIASTORE_RULES: readonly Rule[] = [
  {
    ...PUBLIC,
    aliases: ['cdk-nag:AwsSolutions-MS1', 'cdk-nag:AwsSolutions-MS3', 'cdk-nag:AwsSolutions-MS7'],
    variants: {
      ...PUBLIC.variants,
      malformed: { severity: 'low' },
      http: {
        message: 'Container policy also allows requests without TLS',
        aliases: ['cdk-nag:AwsSolutions-MS3'],
      },
      logging: { message: 'Access to the container is not logged', aliases: ['cdk-nag:AwsSolutions-MS1'] },
      'default-policy': {
        severity: 'info',
        message: 'Container has the default policy, which lets the account in over HTTPS',
        aliases: ['cdk-nag:AwsSolutions-MS7'],
      },
    },
    checks: [...PUBLIC.checks, ...OWN_CHECKS],
  },
];
