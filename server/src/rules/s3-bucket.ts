/** A bucket as one thing: Terraform's split resources joined to it, and the settings that close what others open. */

import type { PolicyDocument } from '../iam/document.ts';
import { policiesOn } from '../iam/sites.ts';
import { companions, declareCompanions, names, ownersOf } from '../template/companions.ts';
import { type Found, select } from '../template/select.ts';
import { isPartial, oncePerResource, oncePerTemplate, type Resource, type Template } from '../template/template.ts';
import { asBoolean, asString } from '../template/value.ts';
import { selectPath } from './engine.ts';
import { aws } from './references.ts';

export const BUCKET_TYPES: readonly string[] = ['AWS::S3::Bucket', 'aws_s3_bucket'];

/** The calls of the registry module that makes a bucket; its arguments are named as the attributes of the split resources. */
export const BUCKET_MODULE = 'module:terraform-aws-modules/s3-bucket/aws';

/** What carries the policy of a bucket. */
export const POLICY_CARRIERS: readonly string[] = [
  'AWS::S3::BucketPolicy',
  'aws_s3_bucket_policy',
  'aws_s3_bucket',
  BUCKET_MODULE,
];

export const BUCKET_POLICIES = aws('Bucket policies for Amazon S3', 'AmazonS3/latest/userguide/bucket-policies.html');
export const PRACTICES = aws(
  'Security best practices for Amazon S3',
  'AmazonS3/latest/userguide/security-best-practices.html',
);

declareCompanions('aws_s3_bucket', {
  aws_s3_bucket_accelerate_configuration: 'bucket',
  aws_s3_bucket_acl: 'bucket',
  aws_s3_bucket_cors_configuration: 'bucket',
  aws_s3_bucket_logging: 'bucket',
  aws_s3_bucket_object_lock_configuration: 'bucket',
  aws_s3_bucket_ownership_controls: 'bucket',
  aws_s3_bucket_policy: 'bucket',
  aws_s3_bucket_public_access_block: 'bucket',
  aws_s3_bucket_replication_configuration: 'bucket',
  aws_s3_bucket_server_side_encryption_configuration: 'bucket',
  aws_s3_bucket_versioning: 'bucket',
  aws_s3_bucket_website_configuration: 'bucket',
});
declareCompanions('AWS::S3::Bucket', { 'AWS::S3::BucketPolicy': 'Bucket' });

/** The buckets that a split resource (or a bucket policy) belongs to; a bucket itself. */
export function bucketsOf(resource: Resource): readonly Resource[] {
  if (resource.types.some((type) => BUCKET_TYPES.includes(type) || type === BUCKET_MODULE)) return [resource];
  return ownersOf(resource, resource.type.startsWith('AWS::') ? 'Bucket' : 'bucket', ...BUCKET_TYPES);
}

/** Members of a public access block: the CloudFormation name and Terraform's. */
export const BLOCK_MEMBERS: readonly (readonly [cfn: string, tf: string])[] = [
  ['BlockPublicAcls', 'block_public_acls'],
  ['BlockPublicPolicy', 'block_public_policy'],
  ['IgnorePublicAcls', 'ignore_public_acls'],
  ['RestrictPublicBuckets', 'restrict_public_buckets'],
];

/** The leaf of a setting that certainly holds, whatever the conditions of the template are. */
function certain(found: readonly Found[], holds: (leaf: Found) => boolean | undefined): Found | undefined {
  return found.length > 0 && found.every((leaf) => holds(leaf) === true) ? found[0] : undefined;
}

/** A member of the bucket's public access block that is certainly on. */
function blockMember(bucket: Resource, member: string): Found | undefined {
  const snake = BLOCK_MEMBERS.find(([cfn]) => cfn === member)?.[1] ?? member;
  const path = bucket.type.startsWith('AWS::')
    ? `PublicAccessBlockConfiguration.${member}`
    : bucket.type === BUCKET_MODULE
      ? snake
      : `@aws_s3_bucket_public_access_block.${snake}`;
  return certain(selectPath(bucket, path), (leaf) => asBoolean(leaf.value));
}

/** What keeps a public ACL from having an effect on this bucket. */
export function aclsClosedBy(bucket: Resource): Found | undefined {
  const path = bucket.type.startsWith('AWS::')
    ? 'OwnershipControls.Rules[].ObjectOwnership'
    : '@aws_s3_bucket_ownership_controls.rule.object_ownership';
  return (
    blockMember(bucket, 'IgnorePublicAcls') ??
    blockMember(bucket, 'BlockPublicAcls') ??
    certain(selectPath(bucket, path), (leaf) => asString(leaf.value) === 'BucketOwnerEnforced')
  );
}

/** What keeps a public policy from having an effect on this bucket. */
export function policyClosedBy(bucket: Resource): Found | undefined {
  return blockMember(bucket, 'BlockPublicPolicy') ?? blockMember(bucket, 'RestrictPublicBuckets');
}

/** Whether the bucket serves a website, by a block of its own or a companion. Redirects of everything serve nothing. */
export function servesWebsite(bucket: Resource): boolean | undefined {
  if (bucket.properties.get('WebsiteConfiguration') ?? bucket.properties.get('website')) return true;
  const { sure, maybe } = companions(bucket, 'aws_s3_bucket_website_configuration');
  return sure.length > 0 ? true : maybe ? undefined : false;
}

/** Documents that are certainly this bucket's policy. */
export function policiesOfBucket(bucket: Resource): readonly PolicyDocument[] {
  const carriers = [
    bucket,
    ...companions(bucket, 'AWS::S3::BucketPolicy').sure,
    ...companions(bucket, 'aws_s3_bucket_policy').sure,
  ];
  return [...new Set(carriers.flatMap((carrier) => policiesOn(carrier)))];
}

/** Services that write logs of others into a bucket. */
const LOG_SERVICES: ReadonlySet<string> = new Set([
  'logging.s3.amazonaws.com',
  'delivery.logs.amazonaws.com',
  'logdelivery.elasticloadbalancing.amazonaws.com',
]);

/** Where CloudFront's standard logs go: they are written by ACL. */
const CLOUDFRONT_TARGETS: readonly (readonly [type: string, path: string])[] = [
  ['AWS::CloudFront::Distribution', 'DistributionConfig.Logging.Bucket'],
  ['aws_cloudfront_distribution', 'logging_config.bucket'],
];

/** Where others say that their logs go: type and property. */
const LOG_TARGETS: readonly (readonly [type: string, path: string])[] = [
  ['AWS::S3::Bucket', 'LoggingConfiguration.DestinationBucketName'],
  ['aws_s3_bucket_logging', 'target_bucket'],
  ['aws_s3_bucket', 'logging.target_bucket'],
  ['AWS::ElasticLoadBalancing::LoadBalancer', 'AccessLoggingPolicy.S3BucketName'],
  ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'LoadBalancerAttributes[].Value'],
  ['aws_elb', 'access_logs.bucket'],
  ['aws_lb', 'access_logs.bucket'],
  ['aws_alb', 'access_logs.bucket'],
  ...CLOUDFRONT_TARGETS,
];

type Targets = readonly (readonly [type: string, path: string])[];

/** What a template says of where logs go, found once: a template may hold thousands of buckets. */
const namedIn = (targets: Targets) =>
  oncePerTemplate((template): readonly Found[] =>
    targets
      .flatMap(([type, path]) => template.ofType(type).flatMap((other) => select(other, path)))
      .filter((leaf) => leaf.value.kind !== 'absent'),
  );
const namedForLogs = namedIn(LOG_TARGETS);
const namedForCloudFront = namedIn(CLOUDFRONT_TARGETS);

const takesLogsOf = (named: (template: Template) => readonly Found[]) =>
  oncePerResource((bucket) => named(bucket.template).some((leaf) => names(leaf.value, bucket) === true));
const takesLogs = takesLogsOf(namedForLogs);
const takesCloudFrontLogs = takesLogsOf(namedForCloudFront);

function aclsOf(bucket: Resource): readonly Found[] {
  return [
    ...select(bucket, 'AccessControl'),
    ...select(bucket, 'acl'),
    ...selectPath(bucket, '@aws_s3_bucket_acl.acl'),
  ];
}

function hasLogDeliveryAcl(bucket: Resource): boolean {
  return aclsOf(bucket).some((leaf) => /^log-?delivery-?write$/i.test(asString(leaf.value) ?? ''));
}

/** Whether other buckets' logs go here, for all that is known: an ACL by a parameter may be the one that lets them in. */
export function mayBeLogTarget(bucket: Resource): boolean {
  return (
    isLogTarget(bucket) || isPartial(bucket.template) || aclsOf(bucket).some((leaf) => leaf.value.kind === 'unknown')
  );
}

/** Whether something that writes to the bucket needs its ACLs. */
export function needsAcls(bucket: Resource): boolean {
  return hasLogDeliveryAcl(bucket) || takesCloudFrontLogs(bucket);
}

/**
 * Whether a bucket takes in logs: others name it as the target of theirs, its ACL is the one for log delivery, or its policy lets a log
 * delivery service write.
 */
export const isLogTarget = oncePerResource((bucket): boolean => takesInLogs(bucket));

/**
 * Whether certainly no logs are delivered to a bucket. Server access logs can be delivered to a bucket with SSE-S3 and without Object Lock
 * only ("Enabling Amazon S3 server access logging"); to ask for a KMS key or a lock there would stop them.
 */
export function takesNoLogs(bucket: Resource): boolean {
  return !mayBeLogTarget(bucket);
}

function takesInLogs(bucket: Resource): boolean {
  if (hasLogDeliveryAcl(bucket) || takesLogs(bucket)) return true;
  return policiesOfBucket(bucket).some((policy) =>
    policy.statements.some(
      (statement) =>
        statement.effect === 'Allow' &&
        statement.principals.some((one) => one.type === 'Service' && LOG_SERVICES.has(one.text?.toLowerCase() ?? '')),
    ),
  );
}
