/** Amazon Kinesis Data Streams and Amazon Data Firehose: encryption of streams, and who may use them. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { declareCompanions } from '../template/companions.ts';
import type { Found } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { set } from './fixes.ts';
import { setInBlock } from './nested-fixes.ts';
import { isPresent, isTrue, oneOf, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import { publicPolicyRule } from './resource-policies.ts';
import type { FixMaker, Rule } from './rule.ts';
import { all, has, known, lacks } from './shared.ts';

declareCompanions('aws_kinesis_stream', { aws_kinesis_resource_policy: 'resource_arn' });

const STREAM = 'AWS::Kinesis::Stream';
const DELIVERY = 'AWS::KinesisFirehose::DeliveryStream';
const MANAGED_KEY = 'alias/aws/kinesis';
const ENCRYPTION = aws(
  'What is server-side encryption for Kinesis Data Streams?',
  'streams/latest/dev/what-is-sse.html',
);

/** Encrypts with the key that AWS manages, unless a key is named already. */
const encrypt: FixMaker = (found) => {
  const { resource, value } = found;
  const key = resource.type === STREAM ? 'KeyId' : 'kms_key_id';
  if (value.kind === 'absent' && value.written && found.key?.value === 'StreamEncryption') {
    return setInBlock('KMS', { title: `Encrypt with ${MANAGED_KEY}` }, { KeyId: MANAGED_KEY })(found);
  }
  const isNew = value.kind === 'absent' && value.missing.length > 1 && !value.written;
  if (isNew && value.container) {
    const block = absentBlock(found);
    return block && set({ EncryptionType: 'KMS', KeyId: MANAGED_KEY }, { title: `Encrypt with ${MANAGED_KEY}` })(block);
  }
  const named = has(resource, resource.type === STREAM ? 'StreamEncryption.KeyId' : 'kms_key_id') !== false;
  return set('KMS', named ? {} : { also: { [key]: MANAGED_KEY } })(found);
};

/** The absence of the block, instead of that of a property in it. */
function absentBlock(found: Found): Found | undefined {
  const { value } = found;
  return value.kind === 'absent' ? { ...found, value: { ...value, missing: value.missing.slice(0, -1) } } : undefined;
}

/** Takes records from its producers itself: those of a stream or a topic are encrypted there. */
export function isDirectPut(delivery: Resource): boolean | undefined {
  if (delivery.type === DELIVERY) {
    const type = known(delivery, 'DeliveryStreamType');
    if (type !== undefined) return type === 'DirectPut';
    return lacks(delivery, 'DeliveryStreamType') === true ? true : undefined;
  }
  return all(lacks(delivery, 'kinesis_source_configuration'), lacks(delivery, 'msk_source_configuration'));
}

export const KINESIS_RULES: readonly Rule[] = [
  {
    id: 'kinesis-encryption',
    title: 'Stream is not encrypted',
    category: 'encryption-at-rest',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'Kinesis encrypts the records of a stream on the server only if you ask for it.',
    },
    description:
      'Records lie in the stream in the clear for as long as it keeps them. Encrypt it with KMS: the key that AWS manages will do unless other accounts use the stream. It applies to records that come in afterwards.',
    aws: awsDefaults('kinesis-encryption'),
    aliases: [
      'checkov:CKV_AWS_43',
      'cfn_nag:W49',
      'trivy:AVD-AWS-0064',
      'guard:KINESIS_STREAM_ENCRYPTION_RULE',
      'cdk-nag:AwsSolutions-KDS1',
      'kics:Kinesis Not Encrypted With KMS',
      'kics:Kinesis SSE Not Configured',
    ],
    variants: {
      'no-key': {
        message: 'The encryption of this stream names no key',
        aliases: ['cfn_nag:W49', 'guard:KINESIS_STREAM_ENCRYPTION_RULE'],
      },
    },
    references: [ENCRYPTION],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: STREAM, path: 'StreamEncryption.EncryptionType' },
          { type: 'aws_kinesis_stream', path: 'encryption_type' },
        ],
        must: oneOf('KMS'),
        absent: false,
        fix: encrypt,
      },
      {
        kind: 'property',
        targets: [
          {
            type: STREAM,
            path: 'StreamEncryption.KeyId',
            where: (stream) => known(stream, 'StreamEncryption.EncryptionType') === 'KMS',
          },
        ],
        must: otherwise(isPresent, 'no-key'),
        absent: 'no-key',
        fix: set(MANAGED_KEY),
      },
    ],
  },
  publicPolicyRule({
    id: 'kinesis-policy-public',
    thing: 'stream',
    service: 'kinesis',
    standalone: true,
    severities: { write: 'high', read: 'high' },
    aliases: ['checkov:CKV_AWS_283'],
    references: [
      aws('Share access using resource-based policies', 'streams/latest/dev/resource-based-policy-examples.html'),
    ],
  }),
  {
    id: 'firehose-encryption',
    title: 'Delivery stream is not encrypted',
    category: 'encryption-at-rest',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'Firehose encrypts the records it buffers only if you ask for it; a key that AWS owns costs nothing.',
    },
    description:
      'Records wait in the delivery stream in the clear until they are delivered. Turn on server-side encryption. A stream that reads from Kinesis has its records encrypted there.',
    aws: awsDefaults('firehose-encryption'),
    aliases: [
      'checkov:CKV_AWS_240',
      'cfn_nag:W88',
      'guard:KINESIS_FIREHOSE_DELIVERY_STREAM_ENCRYPTION_RULE',
      'cdk-nag:AwsSolutions-KDF1',
      'kics:Kinesis SSE Not Configured',
    ],
    references: [aws('Data protection in Amazon Data Firehose', 'firehose/latest/dev/encryption.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          {
            type: DELIVERY,
            path: 'DeliveryStreamEncryptionConfigurationInput.KeyType',
            where: isDirectPut,
            fix: (found) =>
              setInBlock(
                has(found.resource, 'DeliveryStreamEncryptionConfigurationInput.KeyARN') === true
                  ? 'CUSTOMER_MANAGED_CMK'
                  : 'AWS_OWNED_CMK',
              )(found),
          },
        ],
        must: isPresent,
        absent: false,
      },
      {
        kind: 'property',
        targets: [
          {
            type: 'aws_kinesis_firehose_delivery_stream',
            path: 'server_side_encryption.enabled',
            where: isDirectPut,
          },
        ],
        must: isTrue,
        absent: false,
        fix: set(true),
      },
    ],
  },
];
