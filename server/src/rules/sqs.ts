/** Amazon SQS: encryption and policies of queues, and where messages go that cannot be processed. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { declareCompanions, names } from '../template/companions.ts';
import { below, type Found, select } from '../template/select.ts';
import { isPartial, oncePerResource, oncePerTemplate, type Resource } from '../template/template.ts';
import type { Leaf } from '../template/value.ts';
import { customerKeyRule } from './customer-keys.ts';
import { set } from './fixes.ts';
import { isPresent, isTrue } from './predicates.ts';
import { aws } from './references.ts';
import {
  merge,
  notActionRule,
  notPrincipalRule,
  type PolicyRule,
  publicPolicyRule,
  wildcardActionRule,
} from './resource-policies.ts';
import type { Rule } from './rule.ts';
import { any, lacks } from './shared.ts';
import { refusesHttpCheck } from './tls-policies.ts';

declareCompanions('AWS::SQS::Queue', { 'AWS::SQS::QueuePolicy': 'Queues[]', 'AWS::SQS::QueueInlinePolicy': 'Queue' });
declareCompanions('aws_sqs_queue', { aws_sqs_queue_policy: 'queue_url', aws_sqs_queue_redrive_policy: 'queue_url' });

const ENCRYPTION = aws(
  'Encryption at rest in Amazon SQS',
  'AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html',
);
const PRACTICES = aws(
  'Amazon SQS security best practices',
  'AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html',
);

const QUEUE: Omit<PolicyRule, 'id' | 'aliases'> = {
  thing: 'queue',
  service: 'sqs',
  standalone: true,
  references: [
    aws(
      'Overview of managing access in Amazon SQS',
      'AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-overview-of-managing-access.html',
    ),
    PRACTICES,
  ],
};

/** SQS encrypts with keys that it owns unless that is switched off. */
function isQueueEncrypted({ resource, value }: Found): boolean | undefined {
  if (value.kind !== 'absent') return true;
  const path = resource.type.startsWith('AWS::') ? 'SqsManagedSseEnabled' : 'sqs_managed_sse_enabled';
  const verdicts = select(resource, path).map((found) => found.value.kind === 'absent' || isTrue(found.value, found));
  return verdicts.every((one) => one === true) ? true : verdicts.every((one) => one === false) ? false : undefined;
}

/** What the queues of a template name as the place for what they cannot process. */
interface DeadLetters {
  /** Addresses that are referred to, and from which resources. */
  readonly referred: ReadonlyMap<string, ReadonlySet<Resource>>;
  /** What is said in another way: its text has to be compared. */
  readonly others: readonly { readonly from: Resource; readonly value: Leaf }[];
}

const deadLettersOf = oncePerTemplate((template): DeadLetters => {
  const referred = new Map<string, Set<Resource>>();
  const others: { from: Resource; value: Leaf }[] = [];
  for (const from of template.ofType('AWS::SQS::Queue', 'aws_sqs_queue', 'aws_sqs_queue_redrive_policy')) {
    for (const policy of select(from, from.type.startsWith('AWS::') ? 'RedrivePolicy' : 'redrive_policy')) {
      if (policy.value.kind === 'absent') continue;
      // JSON text is searched as it is: it names the queue by a reference.
      const targets = policy.value.kind === 'object' ? below(policy, 'deadLetterTargetArn') : [policy];
      for (const { value } of targets) {
        if (value.kind !== 'reference' || value.to !== 'resource') others.push({ from, value });
        else referred.set(value.target, (referred.get(value.target) ?? new Set()).add(from));
      }
    }
  }
  return { referred, others };
});

/** Whether another queue names this one as the place for what it cannot process. */
const isDeadLetterQueue = oncePerResource((queue): boolean | undefined => {
  const { referred, others } = deadLettersOf(queue.template);
  for (const from of referred.get(queue.address) ?? []) {
    if (from !== queue) return true;
  }
  const verdicts = others.map(({ from, value }) => (from === queue ? false : names(value, queue)));
  return any(...verdicts, isPartial(queue.template) ? undefined : false);
});

/** A queue that takes what others cannot process, by how it is used or what it is called. */
function takesOwnMessages(queue: Resource): boolean | undefined {
  const cloudFormation = queue.type.startsWith('AWS::');
  if (/dlq|dead.?letter/i.test(queue.address)) return false;
  const dead = isDeadLetterQueue(queue);
  if (dead !== false) return dead === true ? false : undefined;
  return lacks(queue, cloudFormation ? 'RedriveAllowPolicy' : 'redrive_allow_policy');
}

export const SQS_RULES: readonly Rule[] = [
  publicPolicyRule({
    ...QUEUE,
    id: 'sqs-policy-public',
    leaveNotPrincipal: true,
    aliases: [
      'checkov:CKV_AWS_168',
      'checkov:CKV_AWS_387',
      'checkov:CKV_AWS_283',
      'cfn_nag:F21',
      'guard:SQS_QUEUEPOLICY_NO_WILDCARD_PRINCIPAL',
      'kics:SQS Queue Exposed',
      'kics:SQS Policy With Public Access',
    ],
  }),
  wildcardActionRule({
    ...QUEUE,
    id: 'sqs-policy-wildcard-action',
    aliases: [
      'checkov:CKV_AWS_72',
      'cfn_nag:F20',
      'trivy:AVD-AWS-0097',
      'guard:SQS_QUEUEPOLICY_NO_WILDCARD_ACTION',
      'kics:SQS Policy Allows All Actions',
    ],
  }),
  {
    ...merge(
      notPrincipalRule({
        ...QUEUE,
        id: 'sqs-policy-not-principal-action',
        aliases: [
          'cfn_nag:F7',
          'guard:SQS_QUEUEPOLICY_NO_ALLOW_PLUS_NOTPRINCIPAL',
          'kics:SQS Queue Policy Allows Not Principal',
          'parliament:NOTPRINCIPAL_WITH_ALLOW',
        ],
      }),
      notActionRule({
        ...QUEUE,
        id: 'sqs-policy-not-principal-action',
        severity: 'high',
        aliases: [
          'cfn_nag:W18',
          'guard:SQS_QUEUEPOLICY_NO_ALLOW_PLUS_NOT_ACTION',
          'kics:SQS Queue Policy Allows NotAction',
        ],
      }),
    ),
    title: 'Queue policy allows all but what it names',
    description:
      'With `Allow`, `NotPrincipal` lets in everyone who is not on its list, anonymous callers included, and `NotAction` grants every action that is not on its list, later ones included. Name what is allowed with `Principal` and `Action`.',
  },
  {
    id: 'sqs-encryption-disabled',
    title: 'Queue encryption is switched off',
    category: 'encryption-at-rest',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS encrypts new queues with keys it owns unless told not to; this template tells it not to, and that choice is yours.',
    },
    description:
      'Messages of this queue are stored without server-side encryption. Leave the property out (SSE-SQS is then on), set it to true, or name a KMS key.',
    aws: awsDefaults('sqs-encryption'),
    aliases: [
      'checkov:CKV_AWS_27',
      'cfn_nag:W48',
      'trivy:AVD-AWS-0096',
      'guard:SQS_QUEUE_KMS_MASTER_KEY_ID_RULE',
      'cdk-nag:AwsSolutions-SQS2',
      'kics:SQS With SSE Disabled',
    ],
    references: [ENCRYPTION],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::SQS::Queue', path: 'SqsManagedSseEnabled', where: (queue) => lacks(queue, 'KmsMasterKeyId') },
          {
            type: 'aws_sqs_queue',
            path: 'sqs_managed_sse_enabled',
            where: (queue) => lacks(queue, 'kms_master_key_id'),
          },
        ],
        must: isTrue,
        absent: true,
        fix: set(true),
      },
    ],
  },
  customerKeyRule({
    id: 'sqs-cmk',
    data: 'Messages',
    title: 'Queue has no KMS key of its own',
    always: false,
    advice: 'Only with such a key can other accounts and AWS services that send to the queue be let in by its policy.',
    references: [ENCRYPTION],
    places: [
      {
        name: 'queue',
        thing: 'Queue',
        by: 'keys that SQS owns',
        at: ['AWS::SQS::Queue.KmsMasterKeyId', 'aws_sqs_queue.kms_master_key_id'],
        encrypted: isQueueEncrypted,
        aliases: ['trivy:AVD-AWS-0135'],
        managed: ['checkov:CKV2_AWS_73', 'trivy:AVD-AWS-0135'],
      },
    ],
  }),
  {
    id: 'sqs-tls',
    title: 'Queue accepts requests without TLS',
    category: 'encryption-in-transit',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'shared',
      why: 'AWS offers TLS on every endpoint of SQS; refusing plain HTTP takes a statement in your queue policy.',
    },
    description:
      'SDKs use HTTPS by themselves, but a client that is told to use HTTP is served as well. Deny all actions in the queue policy where `aws:SecureTransport` is false.',
    aliases: ['cdk-nag:AwsSolutions-SQS4'],
    references: [PRACTICES],
    checks: [
      refusesHttpCheck(
        ['AWS::SQS::Queue', 'aws_sqs_queue'],
        ['AWS::SQS::QueuePolicy', 'AWS::SQS::QueueInlinePolicy', 'aws_sqs_queue_policy'],
      ),
    ],
  },
  {
    id: 'sqs-dlq',
    title: 'Queue has no dead-letter queue',
    category: 'backup-resilience',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS keeps a message until its retention ends; where it goes when no consumer can process it is up to you.',
    },
    description:
      'A message that cannot be processed is delivered again and again until it expires, and is then lost. With a redrive policy it moves to a dead-letter queue after a number of attempts.',
    aliases: ['cdk-nag:AwsSolutions-SQS3', 'cdk-nag:SQSRedrivePolicy'],
    references: [
      aws(
        'Using dead-letter queues in Amazon SQS',
        'AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::SQS::Queue', path: 'RedrivePolicy', where: takesOwnMessages },
          {
            type: 'aws_sqs_queue',
            path: ['redrive_policy', '@aws_sqs_queue_redrive_policy.redrive_policy'],
            where: takesOwnMessages,
          },
        ],
        must: isPresent,
        absent: false,
      },
    ],
  },
];
