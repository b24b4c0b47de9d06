/** Amazon SQS: encryption of queues. Queue policies are judged in resource-policies.ts. */

import { set } from './fixes.ts';
import { isTrue } from './predicates.ts';
import { aws } from './references.ts';
import type { Rule } from './rule.ts';
import { lacks } from './shared.ts';

export const SQS_RULES: readonly Rule[] = [
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
    aws: [
      {
        text: 'SQS encrypts a new queue with SSE-SQS when the template says nothing.',
        source: 'Announcing server-side encryption with Amazon SQS-managed encryption keys by default (AWS Compute Blog)',
      },
    ],
    aliases: [
      'checkov:CKV_AWS_27',
      'cfn_nag:W48',
      'trivy:AVD-AWS-0096',
      'guard:SQS_QUEUE_KMS_MASTER_KEY_ID_RULE',
      'cdk-nag:AwsSolutions-SQS2',
    ],
    references: [
      aws('Encryption at rest in Amazon SQS', 'AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::SQS::Queue', path: 'SqsManagedSseEnabled', where: (queue) => lacks(queue, 'KmsMasterKeyId') },
          { type: 'aws_sqs_queue', path: 'sqs_managed_sse_enabled', where: (queue) => lacks(queue, 'kms_master_key_id') },
        ],
        must: isTrue,
        absent: true,
        fix: set(true),
      },
    ],
  },
];
