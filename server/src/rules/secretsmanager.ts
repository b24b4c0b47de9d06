/** AWS Secrets Manager: who may read secrets, and how often they change. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { companions, declareCompanions } from '../template/companions.ts';
import { select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean } from '../template/value.ts';
import { set } from './fixes.ts';
import { isTrue, otherwise, scalar, textThat } from './predicates.ts';
import { aws } from './references.ts';
import { publicPolicyRule } from './resource-policies.ts';
import type { Reporter, Rule } from './rule.ts';
import { has } from './shared.ts';

declareCompanions('AWS::SecretsManager::Secret', { 'AWS::SecretsManager::RotationSchedule': 'SecretId' });
declareCompanions('aws_secretsmanager_secret', {
  aws_secretsmanager_secret_policy: 'secret_arn',
  aws_secretsmanager_secret_rotation: 'secret_id',
});

const POLICY = 'AWS::SecretsManager::ResourcePolicy';
const SCHEDULE = 'AWS::SecretsManager::RotationSchedule';
const MAX_DAYS = 90;

/** CloudFormation has broad policies refused unless told otherwise; Terraform only when asked to. */
function refusesPublic(carrier: Resource) {
  const cloudFormation = carrier.type === POLICY;
  const found = select(carrier, cloudFormation ? 'BlockPublicPolicy' : 'block_public_policy');
  const refused = found.every(({ value }) => (value.kind === 'absent' ? cloudFormation : asBoolean(value) === true));
  if (!refused || !found.length) return undefined;
  return {
    message: 'Secrets Manager is told to refuse such a policy: the deployment fails',
    node: found[0]?.key ?? carrier.key,
    resource: carrier,
  };
}

const often = scalar((value) => {
  const days = value.kind === 'known' ? Number(value.value) : Number.NaN;
  return Number.isNaN(days) ? undefined : days <= MAX_DAYS;
});

/** `rate(180 days)`; of cron expressions nothing is said. */
const oftenByRate = textThat((text) => {
  const [, days] = /^rate\((\d{1,6}) days?\)$/.exec(text.trim()) ?? [];
  return days === undefined ? undefined : Number(days) <= MAX_DAYS;
});

function checkSchedule(secret: Resource, reporter: Reporter): void {
  const cloudFormation = secret.type.startsWith('AWS::');
  const { sure, maybe } = companions(secret, cloudFormation ? SCHEDULE : 'aws_secretsmanager_secret_rotation');
  // The provider's versions before 4 had the rotation in the secret itself.
  if (sure.length || maybe || (!cloudFormation && has(secret, 'rotation_lambda_arn') !== false)) return;
  reporter.report({ node: secret.key, resource: secret, variant: 'none' });
}

const moreOften = set(MAX_DAYS, { safe: false, note: 'rotates the secret more often' });

export const SECRETSMANAGER_RULES: readonly Rule[] = [
  withUnblocked(
    publicPolicyRule({
      id: 'secretsmanager-policy-public',
      thing: 'secret',
      service: 'secretsmanager',
      standalone: true,
      severities: { read: 'critical', write: 'critical' },
      description:
        'A statement allows every principal, and no condition narrows it: any AWS account may do with the secret what the statement allows. Name the principals, or add a condition on `aws:PrincipalOrgID`, and have Secrets Manager refuse public policies.',
      aws: awsDefaults('secretsmanager-block-public'),
      aliases: ['checkov:CKV_AWS_283', 'kics:Secrets Manager With Vulnerable Policy'],
      references: [
        aws('Resource-based policies', 'secretsmanager/latest/userguide/auth-and-access_resource-policies.html'),
        aws('PutResourcePolicy', 'secretsmanager/latest/apireference/API_PutResourcePolicy.html'),
      ],
      closedBy: refusesPublic,
    }),
  ),
  {
    id: 'secretsmanager-rotation',
    title: 'Secret is rotated less than every 90 days',
    category: 'secrets',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'Secrets Manager runs the rotation that you set up; how long a secret stays the same is your decision.',
    },
    description:
      'A secret that leaked is good until it changes. Let Secrets Manager rotate it, managed by the service that uses it where there is such a thing, or else by a Lambda function.',
    aliases: ['checkov:CKV_AWS_304'],
    variants: {
      none: {
        severity: 'info',
        message: 'No rotation of this secret is set up here',
        aliases: ['checkov:CKV2_AWS_57', 'guard:SECRETSMANAGER_ROTATION_ENABLED_CHECK', 'cdk-nag:AwsSolutions-SMG4'],
      },
    },
    references: [aws('Rotate AWS Secrets Manager secrets', 'secretsmanager/latest/userguide/rotating-secrets.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: SCHEDULE, path: 'RotationRules.AutomaticallyAfterDays' },
          {
            type: ['aws_secretsmanager_secret_rotation', 'aws_secretsmanager_secret'],
            path: 'rotation_rules.automatically_after_days',
          },
        ],
        must: often,
        absent: true,
        fix: moreOften,
      },
      {
        kind: 'property',
        targets: [
          { type: SCHEDULE, path: 'RotationRules.ScheduleExpression' },
          { type: 'aws_secretsmanager_secret_rotation', path: 'rotation_rules.schedule_expression' },
        ],
        must: oftenByRate,
        absent: true,
        fix: set(`rate(${MAX_DAYS} days)`, { safe: false, note: 'rotates the secret more often' }),
      },
      {
        kind: 'resource',
        types: ['AWS::SecretsManager::Secret', 'aws_secretsmanager_secret'],
        check: checkSchedule,
      },
    ],
  },
];

/** Also reports that Secrets Manager is told to take public policies, whatever this one says. */
function withUnblocked(rule: Rule): Rule {
  return {
    ...rule,
    variants: {
      ...rule.variants,
      closed: { severity: 'medium' },
      unblocked: {
        severity: 'low',
        message: 'Secrets Manager is told not to refuse public policies for this secret',
        aliases: [],
      },
    },
    checks: [
      ...rule.checks,
      {
        kind: 'property',
        targets: [
          { type: POLICY, path: 'BlockPublicPolicy' },
          { type: 'aws_secretsmanager_secret_policy', path: 'block_public_policy' },
        ],
        must: otherwise(isTrue, 'unblocked'),
        absent: true,
        fix: set(true),
      },
    ],
  };
}
