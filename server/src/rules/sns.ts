/** Amazon SNS: policies and encryption of topics, and how they deliver. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import type { Edit } from '../syntax/edit.ts';
import { declareCompanions } from '../template/companions.ts';
import { type Found, selectFrom } from '../template/select.ts';
import { asString } from '../template/value.ts';
import { customerKeyRule } from './customer-keys.ts';
import { setEdits } from './fixes.ts';
import { isPresent, noneOf } from './predicates.ts';
import { aws } from './references.ts';
import {
  crossAccountRule,
  merge,
  notActionRule,
  notPrincipalRule,
  type PolicyRule,
  publicPolicyRule,
} from './resource-policies.ts';
import type { FixMaker, Rule } from './rule.ts';
import { refusesHttpCheck } from './tls-policies.ts';

declareCompanions('AWS::SNS::Topic', {
  'AWS::SNS::TopicPolicy': 'Topics[]',
  'AWS::SNS::TopicInlinePolicy': 'TopicArn',
});
declareCompanions('aws_sns_topic', { aws_sns_topic_policy: 'arn' });

const ENCRYPTION = aws(
  'Securing Amazon SNS data with server-side encryption',
  'sns/latest/dg/sns-server-side-encryption.html',
);
const PRACTICES = aws('Amazon SNS security best practices', 'sns/latest/dg/sns-security-best-practices.html');

const TOPIC: Omit<PolicyRule, 'id' | 'aliases'> = {
  thing: 'topic',
  service: 'sns',
  standalone: true,
  references: [
    aws('Overview of managing access in Amazon SNS', 'sns/latest/dg/sns-overview-of-managing-access.html'),
    PRACTICES,
  ],
};

/** Delivers over TLS; the address that the message goes to, if it is written here, changes with it. */
const deliverSafely: FixMaker = (found) => {
  const edits = setEdits(found, 'https');
  if (!edits || found.via.length) return undefined;
  const secured = endpointOf(found).flatMap((endpoint): Edit[] => {
    const url = asString(endpoint.value);
    return url !== undefined && /^http:/i.test(url) && endpoint.via.length === 0
      ? [{ kind: 'replace', node: endpoint.node, data: `https${url.slice(4)}` }]
      : [];
  });
  return {
    title: 'Deliver over HTTPS (the endpoint needs a certificate)',
    safe: false,
    edits: [...edits, ...secured],
  };
};

/** The endpoint that belongs to a protocol: its neighbour. */
function endpointOf(protocol: Found): readonly Found[] {
  const block = protocol.scopes[protocol.scopes.length - 1];
  if (!block) return [];
  const name = protocol.resource.type.startsWith('AWS::') ? 'Endpoint' : 'endpoint';
  return selectFrom(protocol.resource, block, name).filter((one) => one.value.kind === 'known');
}

export const SNS_RULES: readonly Rule[] = [
  publicPolicyRule({
    ...TOPIC,
    id: 'sns-policy-public',
    leaveNotPrincipal: true,
    aliases: [
      'checkov:CKV_AWS_169',
      'checkov:CKV_AWS_283',
      'cfn_nag:F18',
      'guard:SNS_TOPICPOLICY_NO_WILDCARD_PRINCIPAL',
      'kics:SNS Topic is Publicly Accessible',
      'cloudsplaining:INTERNET_ACCESSIBLE',
    ],
  }),
  crossAccountRule({ ...TOPIC, id: 'sns-policy-cross-account', aliases: ['checkov:CKV_AWS_385'] }),
  {
    ...merge(
      notPrincipalRule({
        ...TOPIC,
        id: 'sns-policy-not-principal-action',
        aliases: [
          'cfn_nag:F8',
          'guard:SNS_TOPICPOLICY_NO_ALLOW_PLUS_NOTPRINCIPAL',
          'parliament:NOTPRINCIPAL_WITH_ALLOW',
        ],
      }),
      notActionRule({
        ...TOPIC,
        id: 'sns-policy-not-principal-action',
        severity: 'high',
        aliases: [
          'cfn_nag:W19',
          'guard:SNS_TOPICPOLICY_NO_ALLOW_PLUS_NOT_ACTION',
          'kics:SNS Topic Publicity Has Allow and NotAction Simultaneously',
        ],
      }),
    ),
    title: 'Topic policy allows all but what it names',
    description:
      'With `Allow`, `NotPrincipal` lets in everyone who is not on its list, anonymous callers included, and `NotAction` grants every action that is not on its list, later ones included. Name what is allowed with `Principal` and `Action`.',
  },
  {
    id: 'sns-subscription-http',
    title: 'Messages are delivered over plain HTTP',
    category: 'encryption-in-transit',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'SNS delivers by the protocol of the subscription, HTTPS included; the endpoint and its certificate are yours.',
    },
    description:
      'Whoever sits between SNS and the endpoint reads and alters the messages, the confirmation of the subscription among them. Give the endpoint a certificate and subscribe it with `https`.',
    aliases: [],
    references: [
      PRACTICES,
      aws(
        'Fanout Amazon SNS notifications to HTTPS endpoints',
        'sns/latest/dg/sns-http-https-endpoint-as-subscriber.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::SNS::Subscription', path: 'Protocol' },
          { type: 'AWS::SNS::Topic', within: 'Subscription[]', path: 'Protocol' },
          { type: 'aws_sns_topic_subscription', path: 'protocol' },
        ],
        must: noneOf('http'),
        absent: true,
        fix: deliverSafely,
      },
    ],
  },
  {
    id: 'sns-encryption',
    title: 'Topic has no encryption key',
    category: 'encryption-at-rest',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'SNS encrypts messages at rest with KMS only for topics that name a key; naming one is up to you.',
    },
    description:
      'Without a key the topic has no server-side encryption of its own. Name a KMS key; for topics that AWS services publish to it must be a customer managed key whose policy lets those services in.',
    aws: awsDefaults('sns-encryption'),
    aliases: [
      'checkov:CKV_AWS_26',
      'cfn_nag:W47',
      'trivy:AVD-AWS-0095',
      'guard:SNS_ENCRYPTED_KMS',
      'cdk-nag:SNSEncryptedKMS',
      'kics:SNS Topic Not Encrypted',
      'kics:SNS Topic Without KmsMasterKeyId',
    ],
    references: [ENCRYPTION],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::SNS::Topic', path: 'KmsMasterKeyId' },
          { type: 'aws_sns_topic', path: 'kms_master_key_id' },
        ],
        must: isPresent,
        absent: false,
      },
    ],
  },
  customerKeyRule({
    id: 'sns-cmk',
    data: 'Messages',
    title: 'Topic uses the key that AWS manages',
    always: false,
    advice:
      'The policy of `alias/aws/sns` cannot be changed: other accounts and AWS services cannot be let in to publish.',
    references: [ENCRYPTION],
    places: [
      {
        name: 'topic',
        thing: 'Topic',
        at: ['AWS::SNS::Topic.KmsMasterKeyId', 'aws_sns_topic.kms_master_key_id'],
        // A topic without any key is sns-encryption's.
        absent: true,
        aliases: ['trivy:AVD-AWS-0136', 'kics:SNS Topic Encrypted With AWS Managed Key'],
      },
    ],
  }),
  {
    id: 'sns-tls',
    title: 'Topic accepts messages without TLS',
    category: 'encryption-in-transit',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'shared',
      why: 'AWS offers TLS on every endpoint of SNS; refusing plain HTTP takes a statement in your topic policy.',
    },
    description:
      'SDKs use HTTPS by themselves, but a publisher that is told to use HTTP is served as well. Deny `sns:Publish` in the topic policy where `aws:SecureTransport` is false.',
    aliases: ['cdk-nag:AwsSolutions-SNS3'],
    references: [PRACTICES],
    checks: [
      refusesHttpCheck(
        ['AWS::SNS::Topic', 'aws_sns_topic'],
        ['AWS::SNS::TopicPolicy', 'AWS::SNS::TopicInlinePolicy', 'aws_sns_topic_policy'],
      ),
    ],
  },
];
