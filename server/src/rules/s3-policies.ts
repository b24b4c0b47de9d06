/** Amazon S3: policies of buckets, access points, table and vector buckets, and identity policies on S3 as a whole. */

import { isKnown, isWildcard, type Principal, type Statement } from '../iam/document.ts';
import { identify } from '../iam/principals.ts';
import { coversAction } from '../iam/queries.ts';
import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { accessCheck } from './iam-access.ts';
import { allAliases } from './iam-aliases.ts';
import { exceptOneRole } from './policy-conditions.ts';
import { aws } from './references.ts';
import {
  notActionRule,
  notPrincipalRule,
  type PolicyRule,
  publicPolicyRule,
  wildcardActionRule,
} from './resource-policies.ts';
import type { Owner, Rule } from './rule.ts';
import { BUCKET_POLICIES, bucketsOf, POLICY_CARRIERS, PRACTICES, policyClosedBy } from './s3-bucket.ts';
import { missesObjects } from './s3-object-actions.ts';
import { INSECURE_TRANSPORT } from './s3-transport.ts';

const BLOCK = aws(
  'Blocking public access to your Amazon S3 storage',
  'AmazonS3/latest/userguide/access-control-block-public-access.html',
);

const ofBuckets: Omit<PolicyRule, 'id' | 'aliases'> = {
  thing: 'bucket',
  service: 's3',
  carriers: POLICY_CARRIERS,
  standalone: true,
};

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

// ---- lock-out

/** Everyone, if a statement names them. */
function everyoneOf(statement: Statement): Principal | undefined {
  return statement.principals.find((principal) => identify(principal, statement.policy).form === 'everyone');
}

/** Denies everyone every action on the bucket itself: the policy cannot be changed back. */
function locksOut(statement: Statement): boolean {
  if (statement.effect !== 'Deny' || statement.hasCondition !== false || !statement.complete) return false;
  if (!['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'].every((action) => coversAction(statement, action) === true))
    return false;
  const { resources } = statement;
  if (!statement.elements.Resource) return !statement.elements.NotResource;
  return (
    resources.some((item) => isKnown(item) && (isWildcard(item) || /^arn:[^:]*:s3:::[^/]+$/.test(item.text ?? ''))) ||
    namesBucket(statement)
  );
}

/** Whether Resource is the very bucket of the template. */
function namesBucket(statement: Statement): boolean {
  const { template } = statement.policy.resource;
  return statement.resources.some(({ value }) => {
    if (value.kind !== 'reference' || value.to !== 'resource') return false;
    return (
      template.resource(value.target)?.types.some((type) => type === 'AWS::S3::Bucket' || type === 'aws_s3_bucket') ===
      true
    );
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
      'A statement of the bucket policy allows every principal, and no condition narrows it to an account, an ' +
      'organization or a network: anyone, without an AWS account even, may do what it allows. Name accounts or ' +
      'roles, add a condition on `aws:PrincipalOrgID` or `aws:SourceVpce`, or let CloudFront read with origin ' +
      'access control.',
    aws: awsDefaults('s3-public-access-block'),
    aliases: [...BUCKET_PUBLIC, ...KICS_BY_ACTION.map(([, id]) => id)],
    aliasesFor: publicAliases,
    unsigned: true,
    leaveNotPrincipal: true,
    grantsNothing: (statement) =>
      missesObjects(statement)
        ? 'it grants nothing: its actions are on objects, its resource is the bucket without a key'
        : undefined,
    references: [
      BUCKET_POLICIES,
      BLOCK,
      aws(
        'Restrict access to an Amazon S3 origin',
        'AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html',
      ),
    ],
    closedBy: (carrier) => {
      const closing = bucketsOf(carrier).map(policyClosedBy);
      const [first] = closing;
      if (!first || !closing.every((one) => one !== undefined)) return undefined;
      return {
        node: first.node,
        resource: first.resource,
        message: 'the public access block of the bucket keeps the public out',
      };
    },
  }),
  wildcardActionRule({
    ...ofBuckets,
    id: 's3-bucket-policy-wildcard-action',
    aliases: [
      'cfn_nag:F15',
      'guard:S3_BUCKET_POLICY_NO_WILDCARD_ACTION',
      'kics:S3 Bucket With All Permissions',
      'parliament:PERMISSIONS_MANAGEMENT_ACTIONS',
    ],
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
      'A statement of the access point policy allows every principal, and no condition narrows it. Name ' +
      'principals, add a condition on `aws:PrincipalOrgID`, or bind the access point to a VPC.',
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
      'A Deny of all actions to all principals without a condition also keeps out whoever would mend the ' +
      'policy: only the root user of the account that owns the bucket can delete it. Leave out an ' +
      'administrator role with a condition on `aws:PrincipalArn`.',
    aliases: ['checkov:CKV_AWS_93'],
    references: [
      BUCKET_POLICIES,
      aws(
        'Troubleshoot access denied (403 Forbidden) errors in Amazon S3',
        'AmazonS3/latest/userguide/troubleshoot-403-errors.html',
      ),
    ],
    checks: [
      {
        kind: 'policy',
        check: (policy, reporter) => {
          const carriers = policy.consumers.filter(
            ({ kind, resource }) =>
              kind === 'resource' && resource.types.some((type) => POLICY_CARRIERS.includes(type)),
          );
          if (!carriers.length) return;
          for (const statement of [...policy.statements, ...policy.included]) {
            const everyone = everyoneOf(statement);
            if (!everyone || !locksOut(statement)) continue;
            const { resource, site } = statement.policy;
            reporter.report({
              node: everyone.node,
              resource,
              conditions: everyone.conditions,
              path: [site, 'Statement', String(statement.index)].filter(Boolean).join('.'),
              fix: () => exceptOneRole(statement),
              related: carriers
                .filter((carrier) => carrier.resource !== resource)
                .map((carrier) => ({
                  node: carrier.resource.key,
                  message: `Used by ${carrier.resource.address}`,
                  resource: carrier.resource,
                })),
            });
          }
        },
      },
    ],
  },
  INSECURE_TRANSPORT,
  {
    id: 's3-presigned-post-full-access',
    title: 'Identity may do everything in S3',
    category: 'iam',
    severity: 'high',
    tier: 'core',
    owner: CUSTOMER,
    description:
      '`s3:*` on more than one bucket lets its holder delete data, open buckets to the public and sign URLs ' +
      'that hand both on to anyone. List the actions it needs, on the buckets it needs.',
    aliases: allAliases('every-bucket'),
    references: [
      aws('Policies and permissions in Amazon S3', 'AmazonS3/latest/userguide/access-policy-language-overview.html'),
      PRACTICES,
    ],
    // Judged where all else is that a statement allows too broadly: one cause, one finding.
    checks: [accessCheck('s3-presigned-post-full-access')],
  },
];
