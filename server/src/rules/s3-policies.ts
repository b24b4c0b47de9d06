/** Amazon S3: policies of buckets, access points, table and vector buckets, and identity policies on S3 as a whole. */

import { allows, isKnown, isWildcard, type Item, type PolicyDocument, type Statement } from '../iam/document.ts';
import { identify } from '../iam/principals.ts';
import { coversAction } from '../iam/queries.ts';
import { policiesOn } from '../iam/sites.ts';
import type { Data, Edit } from '../syntax/edit.ts';
import type { Node } from '../syntax/node.ts';
import { companions } from '../template/companions.ts';
import { select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asString } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { addCloudFormationResource, addTerraformResource, nameOf, terraformReference } from './fixes.ts';
import { aws } from './references.ts';
import { notActionRule, notPrincipalRule, type PolicyRule, publicPolicyRule, wildcardActionRule } from './resource-policies.ts';
import type { Owner, Reporter, Rule } from './rule.ts';
import { bucketsOf, policyClosedBy, servesWebsite } from './s3-bucket.ts';

const BUCKET_POLICIES = aws('Bucket policies for Amazon S3', 'AmazonS3/latest/userguide/bucket-policies.html');
const BLOCK = aws(
  'Blocking public access to your Amazon S3 storage',
  'AmazonS3/latest/userguide/access-control-block-public-access.html',
);
const PRACTICES = aws('Security best practices for Amazon S3', 'AmazonS3/latest/userguide/security-best-practices.html');

const BLOCK_ON = {
  text: 'A new bucket blocks public policies unless the template switches its public access block off.',
  since: '2023-04',
  source: 'Amazon S3 User Guide: Default settings for new S3 buckets FAQ',
};

/** What carries the policy of a bucket. */
const CARRIERS = ['AWS::S3::BucketPolicy', 'aws_s3_bucket_policy', 'aws_s3_bucket'] as const;

const ofBuckets: Omit<PolicyRule, 'id' | 'aliases'> = { thing: 'bucket', service: 's3', carriers: CARRIERS, standalone: true };

/** CKV_AWS_283 reads data sources only; it is carried along because the finding lies there. */
const ANY_DOCUMENT = 'checkov:CKV_AWS_283';

const BUCKET_PUBLIC = [
  'checkov:CKV_AWS_70',
  ANY_DOCUMENT,
  'cfn_nag:F16',
  'guard:S3_BUCKET_POLICY_NO_WILDCARD_PRINCIPAL',
  'cdk-nag:AwsSolutions-S5',
  'cloudsplaining:INTERNET_ACCESSIBLE',
  'kics:S3 Bucket Access to Any Principal',
];

/** KICS has a rule for each kind of action that everyone may do. */
const KICS_BY_ACTION: readonly (readonly [action: string, id: string])[] = [
  ['s3:GetObject', 'kics:S3 Bucket Allows Get Action From All Principals'],
  ['s3:ListBucket', 'kics:S3 Bucket Allows List Action From All Principals'],
  ['s3:PutObject', 'kics:S3 Bucket Allows Put Action From All Principals'],
  ['s3:DeleteObject', 'kics:S3 Bucket Allows Delete Action From All Principals'],
  ['s3:RestoreObject', 'kics:S3 Bucket Allows Restore Actions From All Principals'],
];

function publicAliases(statement: Statement): readonly string[] {
  return [...BUCKET_PUBLIC, ...KICS_BY_ACTION.flatMap(([action, id]) => (coversAction(statement, action) ? [id] : []))];
}

const TABLE_CARRIERS = [
  'AWS::S3Tables::TableBucketPolicy',
  'AWS::S3Tables::TablePolicy',
  'AWS::S3Express::BucketPolicy',
  'AWS::S3Express::AccessPoint',
  'AWS::S3Vectors::VectorBucketPolicy',
  'aws_s3tables_table_bucket_policy',
  'aws_s3tables_table_policy',
  'aws_s3vectors_vector_bucket_policy',
] as const;

const ACCESS_POINT_CARRIERS = [
  'AWS::S3::AccessPoint',
  'AWS::S3::MultiRegionAccessPointPolicy',
  'AWS::S3ObjectLambda::AccessPointPolicy',
  'AWS::S3Outposts::AccessPoint',
  'AWS::FSx::S3AccessPointAttachment',
  'aws_s3_access_point',
  'aws_s3control_access_point_policy',
  'aws_s3control_multi_region_access_point_policy',
  'aws_s3control_object_lambda_access_point_policy',
  'aws_fsx_s3_access_point_attachment',
] as const;

// ---- encryption in transit

const TRANSPORT: Owner = {
  side: 'shared',
  why: 'AWS offers TLS on every S3 endpoint and accepts plain HTTP beside it; refusing HTTP takes a statement in your bucket policy.',
};

/** How far a policy refuses plain HTTP. */
type Refusal = 'all' | 'some' | 'none' | 'unknown';

function refusalOf(policy: PolicyDocument): Refusal {
  let best: Refusal = policy.open === undefined ? 'none' : 'unknown';
  for (const statement of [...policy.statements, ...policy.included]) {
    if (statement.effect === 'Allow') continue;
    const refusal = refusesHttp(statement);
    if (refusal === 'all') return 'all';
    if (refusal === 'unknown' || (refusal === 'some' && best === 'none')) best = refusal;
  }
  return best;
}

function refusesHttp(statement: Statement): Refusal {
  const transport = statement.conditions.some((clause) => {
    const key = clause.key.toLowerCase();
    const values = clause.values.map((item) => item.text?.toLowerCase());
    if (key === 'aws:securetransport') return clause.operator.name === 'Bool' && values.includes('false');
    if (key === 's3:tlsversion') return clause.operator.name?.startsWith('NumericLessThan') === true;
    return false;
  });
  if (!transport) return statement.complete && statement.effect ? 'none' : 'unknown';
  if (statement.effect === undefined || !statement.complete) return 'unknown';
  const everyone = statement.principals.some((principal) => identify(principal, statement.policy).form === 'everyone');
  const everything = coversAction(statement, 's3:GetObject') && coversAction(statement, 's3:PutObject') && coversAction(statement, 's3:ListBucket');
  return everyone && everything && objectsAndBucket(statement.resources) ? 'all' : 'some';
}

/** Whether Resource names a bucket and its objects. Which bucket is another rule's matter: AWS refuses a foreign one. */
function objectsAndBucket(resources: readonly Item[]): boolean {
  const texts = resources.map((item) => item.text ?? '');
  return texts.some((text) => text.endsWith('*')) && texts.some((text) => !text.endsWith('/*'));
}

/** What Deny takes to refuse plain HTTP to a bucket, in the data of a JSON policy. */
function denyStatement(bucketArn: Data, objectArns: Data): Data {
  return {
    Sid: 'DenyInsecureTransport',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [bucketArn, objectArns],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

/** The same as a block of `data.aws_iam_policy_document`. */
function denyBlock(bucketArn: Data, objectArns: Data): Data {
  return {
    sid: 'DenyInsecureTransport',
    effect: 'Deny',
    principals: { type: '*', identifiers: ['*'] },
    actions: ['s3:*'],
    resources: [bucketArn, objectArns],
    condition: { test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] },
  };
}

/** ARNs of a bucket and of its objects as its template writes them. */
function arnsOf(bucket: Resource): readonly [Data, Data] {
  if (bucket.type.startsWith('AWS::')) {
    return [{ 'Fn::GetAtt': [nameOf(bucket), 'Arn'] }, { 'Fn::Sub': `\${${nameOf(bucket)}.Arn}/*` }];
  }
  const arn = terraformReference(bucket, 'arn');
  return [arn, `${arn}/*`];
}

/** ARNs of the bucket that a policy's carrier names: one of the template, or by its literal name. */
function namedArns(carrier: Resource): readonly [Data, Data] | undefined {
  const [bucket, ...others] = bucketsOf(carrier);
  if (bucket && !others.length) return arnsOf(bucket);
  const isCloudFormation = carrier.type.startsWith('AWS::');
  const [leaf, ...more] = select(carrier, isCloudFormation ? 'Bucket' : 'bucket');
  if (!leaf || more.length) return undefined;
  const { value } = leaf;
  const parameter = value.kind === 'unknown' && isCloudFormation ? value.parameter : undefined;
  const name = parameter === undefined ? asString(value) : `\${${parameter}}`;
  if (name === undefined || leaf.via.length) return undefined;
  if (!isCloudFormation) return [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`];
  const arn = `arn:\${AWS::Partition}:s3:::${name}`;
  return [{ 'Fn::Sub': arn }, { 'Fn::Sub': `${arn}/*` }];
}

const REFUSE = 'Refuse requests without TLS (clients that use plain HTTP are cut off)';

/** Adds the Deny to the statements of a policy. */
function denyFix(policy: PolicyDocument, carrier: Resource): Fix | undefined {
  const arns = namedArns(carrier);
  const list = policy.statement?.value;
  if (!arns || policy.via.length || list?.kind !== 'list') return undefined;
  // Inside a string of CloudFormation an intrinsic function is mere text.
  if (policy.host && carrier.template.dialect === 'cloudformation') return undefined;
  const data = policy.form === 'data' ? denyBlock(...arns) : denyStatement(...arns);
  const edits: Edit[] = [{ kind: 'append', to: list.node, data }];
  return { title: REFUSE, safe: false, edits };
}

/** Adds a policy of its own to a bucket that has none. */
function policyFix(bucket: Resource): Fix | undefined {
  const name = nameOf(bucket);
  const arns = arnsOf(bucket);
  const document = { Version: '2012-10-17', Statement: [denyStatement(...arns)] };
  const edits =
    addCloudFormationResource(bucket, `${name}Policy`, 'AWS::S3::BucketPolicy', { Bucket: { Ref: name }, PolicyDocument: document }) ??
    addTerraformResource(bucket, 'aws_s3_bucket_policy', name, {
      bucket: terraformReference(bucket, 'id'),
      policy: JSON.stringify(document),
    });
  return edits && { title: REFUSE, safe: false, edits };
}

/** Where the Deny is missing: the key `Statement` (`statement` blocks), or whatever holds the document. */
function placeOf(policy: PolicyDocument): Node {
  return policy.statement?.key ?? policy.key;
}

function checkBucketPolicy(carrier: Resource, reporter: Reporter): void {
  const isBucket = bucketsOf(carrier)[0] === carrier;
  const documents = policiesOn(carrier).filter((policy) => policy.kind === 'resource' && policy.service === 's3');
  for (const policy of documents) {
    // With alternatives of the whole document, or several sources of it, no one of them says all.
    if (policy.conditions.length > carrier.conditions.length && documents.length > 1) continue;
    if (bucketsOf(carrier).some((bucket) => servesWebsite(bucket) !== false)) continue;
    const refusal = refusalOf(policy);
    if (refusal !== 'none' && refusal !== 'some') continue;
    const related = policy.resource === carrier ? [] : [{ node: carrier.key, message: `Used by ${carrier.address}`, resource: carrier }];
    reporter.report({
      node: placeOf(policy),
      resource: policy.resource,
      variant: refusal === 'some' ? 'partial' : undefined,
      conditions: policy.conditions,
      path: [policy.site, 'Statement'].filter(Boolean).join('.'),
      related: isBucket ? related : [...related, ...bucketsOf(carrier).map((bucket) => ({ node: bucket.key, message: `Policy of ${bucket.address}`, resource: bucket }))],
      fix: () => denyFix(policy, carrier),
    });
  }
}

/** No policy in sight: it may live elsewhere, so this is for information. */
function checkBucketWithoutPolicy(bucket: Resource, reporter: Reporter): void {
  const types = ['AWS::S3::BucketPolicy', 'aws_s3_bucket_policy'].map((type) => companions(bucket, type));
  if (types.some(({ sure, maybe }) => sure.length > 0 || maybe)) return;
  if (bucket.properties.get('policy') || bucket.properties.open || servesWebsite(bucket) !== false) return;
  reporter.report({ node: bucket.key, resource: bucket, variant: 'no-policy', path: 'policy', fix: () => policyFix(bucket) });
}

// ---- lock-out

/** Denies everyone every action on the bucket itself: the policy cannot be changed back. */
function locksOut(statement: Statement): boolean {
  if (statement.effect !== 'Deny' || statement.hasCondition !== false || !statement.complete) return false;
  if (!statement.principals.some((principal) => identify(principal, statement.policy).form === 'everyone')) return false;
  if (!['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'].every((action) => coversAction(statement, action) === true)) return false;
  const { resources } = statement;
  if (!statement.elements.Resource) return !statement.elements.NotResource;
  return resources.some((item) => isKnown(item) && (isWildcard(item) || /^arn:[^:]*:s3:::[^/]+$/.test(item.text ?? ''))) || namesBucket(statement);
}

/** Whether Resource is the very bucket of the template. */
function namesBucket(statement: Statement): boolean {
  const { template } = statement.policy.resource;
  return statement.resources.some(({ value }) => {
    if (value.kind !== 'reference' || value.to !== 'resource') return false;
    return template.resource(value.target)?.types.some((type) => type === 'AWS::S3::Bucket' || type === 'aws_s3_bucket') === true;
  });
}

const CUSTOMER: Owner = {
  side: 'customer',
  why: 'AWS enforces a policy exactly as it is written; what it allows and denies is your decision.',
};

export const S3_POLICY_RULES: readonly Rule[] = [
  publicPolicyRule({
    ...ofBuckets,
    id: 's3-bucket-policy-public',
    description:
      'A statement of the bucket policy allows every principal, and no condition narrows it to an account, an organization or a network: anyone, without ' +
      'an AWS account even, may do what it allows. Name accounts or roles, add a condition on `aws:PrincipalOrgID` or `aws:SourceVpce`, or let CloudFront ' +
      'read with origin access control.',
    aws: [BLOCK_ON],
    aliases: [...BUCKET_PUBLIC, ...KICS_BY_ACTION.map(([, id]) => id)],
    aliasesFor: publicAliases,
    leaveNotPrincipal: true,
    references: [
      BUCKET_POLICIES,
      BLOCK,
      aws(
        'Restricting access to an Amazon S3 origin',
        'AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html',
      ),
    ],
    closedBy: (carrier) => {
      const closing = bucketsOf(carrier).map(policyClosedBy);
      const [first] = closing;
      if (!first || !closing.every((one) => one !== undefined)) return undefined;
      return { node: first.node, resource: first.resource, message: 'the public access block of the bucket keeps the public out' };
    },
  }),
  wildcardActionRule({
    ...ofBuckets,
    id: 's3-bucket-policy-wildcard-action',
    aliases: ['cfn_nag:F15', 'guard:S3_BUCKET_POLICY_NO_WILDCARD_ACTION', 'kics:S3 Bucket With All Permissions'],
    references: [BUCKET_POLICIES],
  }),
  notPrincipalRule({
    ...ofBuckets,
    id: 's3-bucket-policy-not-principal',
    aliases: ['cfn_nag:F9', 'guard:S3_BUCKETPOLICY_NO_ALLOW_PLUS_NOTPRINCIPAL', 'parliament:NOTPRINCIPAL_WITH_ALLOW'],
  }),
  notActionRule({
    ...ofBuckets,
    id: 's3-bucket-policy-not-action',
    aliases: ['cfn_nag:W20', 'guard:S3_BUCKET_POLICY_NO_ALLOW_PLUS_NOT_ACTION'],
  }),
  publicPolicyRule({
    id: 's3-access-point-policy-public',
    thing: 'access point',
    service: ['s3', 's3-object-lambda', 's3-outposts'],
    carriers: ACCESS_POINT_CARRIERS,
    description:
      'A statement of the access point policy allows every principal, and no condition narrows it. Name principals, add a condition on ' +
      '`aws:PrincipalOrgID`, or bind the access point to a VPC.',
    aliases: [ANY_DOCUMENT],
    references: [
      aws(
        'Managing public access to access points for general purpose buckets',
        'AmazonS3/latest/userguide/access-points-bpa-settings.html',
      ),
      BLOCK,
    ],
  }),
  publicPolicyRule({
    id: 's3-table-bucket-policy-public',
    thing: 'bucket',
    title: 'Policy of a table, vector or directory bucket lets everyone in',
    service: ['s3tables', 's3express', 's3vectors'],
    carriers: TABLE_CARRIERS,
    standalone: true,
    severities: { write: 'high', read: 'medium' },
    aliases: [ANY_DOCUMENT],
    references: [aws('Security for S3 Tables', 'AmazonS3/latest/userguide/s3-tables-security-overview.html')],
  }),
  {
    id: 's3-bucket-policy-lockout',
    title: 'Bucket policy denies everything to everyone',
    category: 'iam',
    severity: 'medium',
    tier: 'core',
    owner: CUSTOMER,
    description:
      'A Deny of all actions to all principals without a condition also keeps out whoever would mend the policy: only the root user of the account that ' +
      'owns the bucket can delete it. Leave out an administrator role with a condition on `aws:PrincipalArn`.',
    aliases: ['checkov:CKV_AWS_93'],
    references: [
      BUCKET_POLICIES,
      aws('Troubleshoot access denied (403 Forbidden) errors in Amazon S3', 'AmazonS3/latest/userguide/troubleshoot-403-errors.html'),
    ],
    checks: [
      {
        kind: 'policy',
        check: (policy, reporter) => {
          const carriers = policy.consumers.filter(
            ({ kind, resource }) => kind === 'resource' && resource.types.some((type) => (CARRIERS as readonly string[]).includes(type)),
          );
          if (!carriers.length) return;
          for (const statement of [...policy.statements, ...policy.included]) {
            if (!locksOut(statement)) continue;
            const { resource, site } = statement.policy;
            reporter.report({
              node: statement.principals[0]?.node ?? statement.node,
              resource,
              conditions: statement.templateConditions,
              path: [site, 'Statement', String(statement.index)].filter(Boolean).join('.'),
              related: carriers
                .filter((carrier) => carrier.resource !== resource)
                .map((carrier) => ({ node: carrier.resource.key, message: `Used by ${carrier.resource.address}`, resource: carrier.resource })),
            });
          }
        },
      },
    ],
  },
  {
    id: 's3-insecure-transport',
    title: 'Bucket policy does not refuse plain HTTP',
    category: 'encryption-in-transit',
    severity: 'medium',
    tier: 'core',
    owner: TRANSPORT,
    description:
      'S3 answers HTTP as well as HTTPS, so that objects and signed requests may cross the network in the clear. Add a Deny on `s3:*` for requests with ' +
      '`aws:SecureTransport` false, on the bucket and its objects.',
    aliases: [
      'guard:S3_BUCKET_SSL_REQUESTS_ONLY',
      'cdk-nag:AwsSolutions-S10',
      'kics:S3 Bucket Policy Accepts HTTP Requests',
      'kics:S3 Bucket Without SSL In Write Actions',
    ],
    variants: {
      partial: { severity: 'low', message: 'Bucket policy refuses plain HTTP for some requests only' },
      'no-policy': {
        severity: 'info',
        message: 'No policy in this template refuses plain HTTP to this bucket',
        aliases: ['cdk-nag:AwsSolutions-S10'],
      },
    },
    references: [PRACTICES, BUCKET_POLICIES],
    checks: [
      { kind: 'resource', types: CARRIERS, check: checkBucketPolicy },
      { kind: 'resource', types: ['AWS::S3::Bucket', 'aws_s3_bucket'], check: checkBucketWithoutPolicy },
    ],
  },
  {
    id: 's3-presigned-post-full-access',
    title: 'Identity may do everything in S3',
    category: 'iam',
    severity: 'high',
    tier: 'core',
    owner: CUSTOMER,
    description:
      '`s3:*` on more than one bucket lets its holder delete data, open buckets to the public and sign URLs that hand both on to anyone. List the actions ' +
      'it needs, on the buckets it needs.',
    aliases: ['trivy:AVD-AWS-0345', 'trivy:AVD-AWS-0346'],
    references: [
      aws('Policies and permissions in Amazon S3', 'AmazonS3/latest/userguide/access-policy-language-overview.html'),
      PRACTICES,
    ],
    checks: [{ kind: 'policy', check: checkFullAccess }],
  },
];

function checkFullAccess(policy: PolicyDocument, reporter: Reporter): void {
  if (policy.kind !== 'identity') return;
  for (const statement of policy.statements) {
    if (!allows(statement) || statement.hasCondition !== false) continue;
    if (!statement.resources.some((item) => isWildcard(item) || /^arn:[^:]+:s3:::\*/.test(item.text ?? ''))) continue;
    for (const item of statement.actions) {
      if (!/^s3:\*+$/i.test(item.text ?? '')) continue;
      const { resource, site } = policy;
      reporter.report({
        node: item.node,
        resource,
        conditions: item.conditions,
        message: `${item.text} on every bucket: all data, its deletion and every setting`,
        path: [site, 'Statement', String(statement.index), 'Action'].filter(Boolean).join('.'),
        related: policy.consumers
          .filter((consumer) => consumer.resource !== resource)
          .map((consumer) => ({ node: consumer.resource.key, message: `Used by ${consumer.resource.address}`, resource: consumer.resource })),
      });
    }
  }
}
