/**
 * Policies longer than AWS takes.
 *
 * A document is measured in the shortest form that says it: JSON without white space between its members, unknown texts and
 * conditional members as short as they can be. So a finding is certain, however the text is sent. IAM counts no white space
 * at all; AWS Organizations and the services count the text as they get it, and CloudFormation and Terraform send most
 * documents without white space.
 *
 * Sources: "IAM and AWS STS quotas" (IAM user guide); "Quotas and service limits for AWS Organizations", and for service
 * control policies AWS's announcement of 15 May 2026; for the services the pages named with their quotas.
 */

import type { Consumer, PolicyDocument, PolicyKind } from '../../iam/document.ts';
import { policiesOn } from '../../iam/sites.ts';
import type { Resource } from '../../template/template.ts';
import { oncePer } from '../../template/tracking.ts';
import { aws } from '../references.ts';
import type { Rule } from '../rule.ts';
import { type DocumentCheck, doubtful, policyRule, refused } from './check.ts';
import { documentLength, roughLength } from './document-length.ts';

interface Quota {
  readonly key: string;
  readonly limit: number;
  /** What it is the quota of. */
  readonly of: string;
  /** White space is not counted, in texts neither. */
  readonly dense?: true;
  /** AWS raises it on request. */
  readonly adjustable?: true;
}

const identity = (limit: number, of: string): Quota => ({ key: 'size-identity', limit, of, dense: true });
const MANAGED = identity(6144, 'a managed policy');
const INLINE: Readonly<Record<'user' | 'group' | 'role', Quota>> = {
  user: identity(2048, 'all inline policies of a user'),
  group: identity(5120, 'all inline policies of a group'),
  role: identity(10_240, 'all inline policies of a role'),
};
/** A file does not say what becomes of it: more than this is no policy of any identity. */
const LARGEST = identity(10_240, 'any identity policy of your own');

const IDENTITY_QUOTAS: Readonly<Record<string, Quota>> = {
  'AWS::IAM::ManagedPolicy': MANAGED,
  aws_iam_policy: MANAGED,
  'AWS::IAM::User': INLINE.user,
  'AWS::IAM::UserPolicy': INLINE.user,
  aws_iam_user_policy: INLINE.user,
  'AWS::IAM::Group': INLINE.group,
  'AWS::IAM::GroupPolicy': INLINE.group,
  aws_iam_group_policy: INLINE.group,
  'AWS::IAM::Role': INLINE.role,
  'AWS::IAM::RolePolicy': INLINE.role,
  'AWS::Serverless::Function': INLINE.role,
  'AWS::Serverless::StateMachine': INLINE.role,
  aws_iam_role: INLINE.role,
  aws_iam_role_policy: INLINE.role,
};

const QUOTAS: Readonly<Partial<Record<PolicyKind, Quota>>> = {
  trust: { key: 'size-trust', limit: 2048, of: 'the trust policy of a role', dense: true, adjustable: true },
  scp: { key: 'size-scp', limit: 10_240, of: 'a service control policy' },
  rcp: { key: 'size-rcp', limit: 5120, of: 'a resource control policy' },
  // AWS PrivateLink quotas, "including white space".
  'vpc-endpoint': { key: 'size-resource', limit: 20_480, of: 'the policy of an endpoint' },
};

const resource = (limit: number, of: string): Quota => ({ key: 'size-resource', limit, of });
const BUCKET = resource(20 * 1024, 'a bucket policy');
// Amazon SQS policy quotas.
const QUEUE = resource(8192, 'a queue policy');
// Amazon SNS API permissions: "Policy quotas".
const TOPIC = resource(30 * 1024, 'a topic policy');
// Amazon ECR API reference: SetRepositoryPolicy.
const REPOSITORY = resource(10_240, 'a repository policy');
// Amazon DynamoDB: "Resource-based policy considerations"; white space counts.
const TABLE = resource(20 * 1024, 'the policy of a table');
// Quotas for configuring and running a REST API in API Gateway.
const API: Quota = { ...resource(8192, 'the policy of an API'), adjustable: true };
// Amazon EventBridge quotas.
const EVENT_BUS: Quota = { ...resource(10_240, 'the policy of an event bus'), adjustable: true };

// Key policies are left out: AWS KMS no longer lists a quota for their size.
const RESOURCE_QUOTAS: Readonly<Record<string, Quota>> = {
  'AWS::S3::BucketPolicy': BUCKET,
  aws_s3_bucket: BUCKET,
  aws_s3_bucket_policy: BUCKET,
  'AWS::SQS::QueuePolicy': QUEUE,
  'AWS::SQS::QueueInlinePolicy': QUEUE,
  aws_sqs_queue: QUEUE,
  aws_sqs_queue_policy: QUEUE,
  'AWS::SNS::TopicPolicy': TOPIC,
  'AWS::SNS::TopicInlinePolicy': TOPIC,
  aws_sns_topic: TOPIC,
  aws_sns_topic_policy: TOPIC,
  'AWS::ECR::Repository': REPOSITORY,
  aws_ecr_repository_policy: REPOSITORY,
  'AWS::DynamoDB::Table': TABLE,
  'AWS::DynamoDB::GlobalTable': TABLE,
  aws_dynamodb_resource_policy: TABLE,
  'AWS::ApiGateway::RestApi': API,
  aws_api_gateway_rest_api: API,
  aws_api_gateway_rest_api_policy: API,
  'AWS::Events::EventBus': EVENT_BUS,
  aws_cloudwatch_event_bus_policy: EVENT_BUS,
};

/** The smallest quota that whoever uses a document has; undefined where none is known. */
function quotaOf(policy: PolicyDocument): Quota | undefined {
  if (policy.resource.template.dialect === 'policy') {
    return policy.kind === 'identity' ? LARGEST : undefined;
  }
  let least: Quota | undefined;
  for (const consumer of policy.consumers) {
    const quota = quotaOfConsumer(consumer);
    if (quota && (!least || quota.limit < least.limit)) least = quota;
  }
  return least;
}

function quotaOfConsumer({ resource, kind, service }: Consumer): Quota | undefined {
  if (kind === 'identity') {
    if (service === 'iot') return undefined;
    if (resource.type === 'AWS::IAM::Policy') return inlineQuota(resource);
    return IDENTITY_QUOTAS[resource.type];
  }
  if (kind === 'resource') return RESOURCE_QUOTAS[resource.type];
  // A managed policy is a boundary by who uses it.
  if (kind === 'boundary') return IDENTITY_QUOTAS[resource.type];
  if (kind === 'vpc-endpoint' && !/^(AWS::EC2::|aws_vpc_)/.test(resource.type)) return undefined;
  return QUOTAS[kind];
}

/** AWS::IAM::Policy is an inline policy of all that it lists. */
function inlineQuota(resource: Resource): Quota | undefined {
  for (const [property, quota] of [
    ['Users', INLINE.user],
    ['Groups', INLINE.group],
    ['Roles', INLINE.role],
  ] as const) {
    const value = resource.properties.get(property)?.value;
    if (value?.kind === 'list' && value.items.some(({ kind }) => kind !== 'absent' && kind !== 'choice')) return quota;
  }
  return undefined;
}

/** Types with several inline policies, which share one quota. */
const SHARED: ReadonlySet<string> = new Set(['AWS::IAM::User', 'AWS::IAM::Group', 'AWS::IAM::Role', 'aws_iam_role']);

/** The length of a document as its quota counts it; computed once. */
const lengthOf = oncePer((policy: PolicyDocument, quota: Quota) =>
  documentLength(policy, quota.limit, quota.dense === true),
);

/** The length of the inline policies in front of one of the same resource that are there whenever it is. */
function lengthBefore(policy: PolicyDocument, quota: Quota): number {
  const { resource } = policy;
  if (quota.key !== 'size-identity' || !SHARED.has(resource.type)) return 0;
  let length = 0;
  for (const other of policiesOn(resource)) {
    if (other === policy) break;
    if (other.kind !== 'identity' || other.resource !== resource || other.problems.length) continue;
    if (other.conditions.length <= resource.conditions.length) length += lengthOf(other, quota);
  }
  return length;
}

/** Whether it is worth measuring, together with those that it shares the quota with. */
function mayExceed(policy: PolicyDocument, quota: Quota): boolean {
  const { resource } = policy;
  const shares = quota.key === 'size-identity' && SHARED.has(resource.type);
  const together = shares ? policiesOn(resource).filter(({ kind }) => kind === 'identity') : [policy];
  let length = 0;
  for (const one of together) {
    length += roughLength(one);
    if (length > quota.limit) return true;
  }
  return false;
}

const checkSize: DocumentCheck = (policy, fault) => {
  if ((policy.form !== 'document' && policy.form !== 'data') || policy.problems.length) return;
  const quota = quotaOf(policy);
  if (!quota) return;
  if (!mayExceed(policy, quota)) return;
  const own = lengthOf(policy, quota);
  const before = lengthBefore(policy, quota);
  // Told where the quota is first exceeded, and of each document that does so alone.
  const alone = own > quota.limit;
  if (!alone && (own + before <= quota.limit || before > quota.limit)) return;
  const counted = quota.dense ? 'characters, white space aside' : 'characters';
  const length = `${alone ? 'The policy has' : 'With those before it the policy has'} at least ${grouped(alone ? own : own + before)}`;
  fault({
    key: quota.key,
    node: policy.key,
    message: `${length} ${counted}: AWS takes ${grouped(quota.limit)} for ${quota.of}${quota.adjustable ? ' unless it raises the quota for you' : ''}`,
    // AWS refuses it for certain.
    severity: quota.adjustable || quota === LARGEST ? undefined : 'medium',
    path: '',
  });
};

/** A number as it is read: 10,240. */
function grouped(count: number): string {
  return String(count).replace(/\d(?=(?:\d{3})+$)/g, '$&,');
}

export const SIZE_RULES: readonly Rule[] = [
  policyRule({
    id: 'iam-policy-size',
    title: 'Policy is longer than AWS takes',
    severity: 'low',
    owner: {
      side: 'customer',
      why: 'AWS refuses a policy that exceeds the quota when it is deployed; how much you write into one is yours.',
    },
    description:
      'The deployment fails, as soon as the policy reaches AWS. Split it: by task into several managed policies, or into a policy for each role. Before that, see what can go: entries that others cover, statements that differ in one element only, long lists of principals that `aws:PrincipalOrgID` or a tag can stand for.',
    aws: [
      {
        text: 'A managed policy may have 6,144 characters; all inline policies of a role 10,240, of a group 5,120 and of a user 2,048. White space does not count.',
        source: 'IAM and AWS STS quotas (IAM User Guide)',
      },
      {
        text: 'A service control policy may have 10,240 characters; until May 2026 it was 5,120.',
        source: "AWS What's New of 15 May 2026",
      },
    ],
    variants: {
      'size-identity': doubtful('access-analyzer:POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA'),
      'size-resource': doubtful('access-analyzer:POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA'),
      'size-trust': doubtful('access-analyzer:POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA'),
      'size-scp': refused('access-analyzer:POLICY_SIZE_EXCEEDS_SCP_QUOTA'),
      'size-rcp': refused('access-analyzer:POLICY_SIZE_EXCEEDS_RCP_QUOTA'),
    },
    references: [
      aws('IAM and AWS STS quotas', 'IAM/latest/UserGuide/reference_iam-quotas.html'),
      aws(
        'Quotas and service limits for AWS Organizations',
        'organizations/latest/userguide/orgs_reference_limits.html',
      ),
    ],
    checks: [checkSize],
  }),
];
