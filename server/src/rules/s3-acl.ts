/** Amazon S3: access control lists that let everyone in. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { below, type Found, select } from '../template/select.ts';
import { isPartial, type Resource } from '../template/template.ts';
import { asString } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { remove, set } from './fixes.ts';
import { oneOf } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Owner, Report, Reporter, Rule } from './rule.ts';
import { aclsClosedBy, bucketsOf, needsAcls } from './s3-bucket.ts';

const OWNER: Owner = {
  side: 'customer',
  why: 'AWS turns ACLs off on new buckets and stores what you ask for; granting outsiders access to your data is your decision.',
};

const OWNERSHIP = aws(
  'Controlling ownership of objects and disabling ACLs for your bucket',
  'AmazonS3/latest/userguide/about-object-ownership.html',
);
const ACL = aws('Access control list (ACL) overview', 'AmazonS3/latest/userguide/acl-overview.html');
const BLOCK = aws(
  'Blocking public access to your Amazon S3 storage',
  'AmazonS3/latest/userguide/access-control-block-public-access.html',
);

/** Canned ACLs as each language spells them, to one spelling. */
const CANNED: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  PublicRead: 'public-read',
  PublicReadWrite: 'public-read-write',
  AuthenticatedRead: 'authenticated-read',
});

const GROUPS = 'http://acs.amazonaws.com/groups/global/';

/** Where a canned ACL is written, by type. */
const CANNED_PATHS: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 'AccessControl',
  aws_s3_bucket_acl: 'acl',
  aws_s3_bucket: 'acl',
};

/** Terraform: the list of grants of a type, and in a grant the group and what it may do. */
const GRANT_PATHS: Readonly<Record<string, readonly [grants: string, uri: string, permission: string]>> = {
  aws_s3_bucket_acl: ['access_control_policy.grant[]', 'grantee.uri', 'permission'],
  aws_s3_bucket: ['grant[]', 'uri', 'permissions[]'],
};

interface Grant {
  readonly block: Found;
  readonly group: 'AllUsers' | 'AuthenticatedUsers';
  readonly uri: Found;
  readonly permissions: readonly { readonly name: string; readonly found: Found }[];
}

function grantsOf(resource: Resource): readonly Grant[] {
  const paths = GRANT_PATHS[resource.type];
  if (!paths) return [];
  return select(resource, paths[0]).flatMap((block) => {
    if (block.value.kind !== 'object') return [];
    const permissions = below(block, paths[2]).flatMap((found) => {
      const name = asString(found.value);
      return name === undefined ? [] : [{ name, found }];
    });
    return below(block, paths[1]).flatMap((uri): Grant[] => {
      const text = asString(uri.value);
      const group = text?.startsWith(GROUPS) ? text.slice(GROUPS.length) : undefined;
      return group === 'AllUsers' || group === 'AuthenticatedUsers' ? [{ block, group, uri, permissions }] : [];
    });
  });
}

const TAKES_OVER: ReadonlySet<string> = new Set(['WRITE_ACP', 'FULL_CONTROL']);

/** Reports a leaf of an ACL; for information where the bucket's other settings take its effect away. */
function reportAcl(found: Found, reporter: Reporter, report: Partial<Report>): void {
  const buckets = bucketsOf(found.resource);
  const closing = buckets.map((bucket) => aclsClosedBy(bucket));
  const closed = closing.length > 0 && closing.every((one) => one !== undefined) ? closing[0] : undefined;
  reporter.reportFound(found, {
    ...report,
    ...(closed
      ? { severity: 'info' as const, message: `${report.message}, but another setting takes its effect away` }
      : {}),
    related: [
      ...(closed
        ? [
            {
              node: closed.node,
              message: 'This setting takes the effect of public ACLs away',
              resource: closed.resource,
            },
          ]
        : []),
      ...buckets
        .filter((bucket) => bucket !== found.resource)
        .map((bucket) => ({ node: bucket.key, message: `ACL of ${bucket.address}`, resource: bucket })),
    ],
  });
}

/** CloudFormation's and version 3's property may go; the argument of `aws_s3_bucket_acl` is required. */
const makePrivate: FixMaker = (found) => {
  const options = { safe: false, note: 'ends the access that this ACL gives' };
  return found.resource.type === 'AWS::S3::Bucket' ? remove(options)(found) : set('private', options)(found);
};

/** One of several grants may go; an access control policy without any is not valid. */
function removeGrant({ block }: Grant): Fix | undefined {
  const list = block.node.parent;
  if (list?.kind !== 'array' || list.items.length < 2) return undefined;
  return {
    title: 'Remove this grant (ends the access it gives)',
    safe: false,
    edits: [{ kind: 'removeItem', node: block.node }],
  };
}

/** A check of every canned ACL, in one spelling. */
function cannedAcls(judge: (acl: string, found: Found, reporter: Reporter) => void): Rule['checks'][number] {
  return {
    kind: 'resource',
    types: Object.keys(CANNED_PATHS),
    check: (resource, reporter) => {
      const path = resource.types.map((type) => CANNED_PATHS[type]).find((one) => one !== undefined);
      if (!path) return;
      for (const found of select(resource, path)) {
        const text = asString(found.value);
        if (text !== undefined) judge(CANNED[text] ?? text, found, reporter);
      }
    },
  };
}

/** A check of every grant to a group of strangers. */
function grants(judge: (grant: Grant, reporter: Reporter) => void): Rule['checks'][number] {
  return {
    kind: 'resource',
    types: Object.keys(GRANT_PATHS),
    check: (resource, reporter) => {
      for (const grant of grantsOf(resource)) judge(grant, reporter);
    },
  };
}

/** Whether nothing in the template writes to the bucket by ACL. */
const doesWithout = (resource: Resource): boolean =>
  !isPartial(resource.template) && !bucketsOf(resource).some(needsAcls);

/** What a grant to everyone allows, the worst first. */
const PUBLIC_GRANTS: readonly (readonly [permission: string, variant: string, what: string])[] = [
  ['WRITE', 'write', 'add, overwrite and delete objects'],
  ['READ', 'read', 'list the bucket'],
  ['READ_ACP', 'acp-read', 'read the access control list'],
];

const READ_ALIASES = [
  'checkov:CKV_AWS_20',
  'cfn_nag:W31',
  'trivy:AVD-AWS-0092',
  'guard:S3_BUCKET_PUBLIC_READ_ACL',
  'cdk-nag:S3BucketPublicReadProhibited',
  'kics:S3 Bucket ACL Allows Read Or Write to All Users',
];
const WRITE_ALIASES = [
  'checkov:CKV_AWS_20',
  'checkov:CKV_AWS_57',
  'cfn_nag:F14',
  'trivy:AVD-AWS-0092',
  'guard:S3_BUCKET_NO_PUBLIC_RW_ACL',
  'cdk-nag:S3BucketPublicReadProhibited',
  'cdk-nag:S3BucketPublicWriteProhibited',
  'kics:S3 Bucket ACL Allows Read Or Write to All Users',
];
const AUTHENTICATED_ALIASES = [
  'checkov:CKV2_AWS_43',
  'trivy:AVD-AWS-0092',
  'cdk-nag:S3BucketPublicReadProhibited',
  'kics:S3 Bucket ACL Allows Read to Any Authenticated User',
];

export const S3_ACL_RULES: readonly Rule[] = [
  {
    id: 's3-public-acl',
    title: 'Bucket ACL lets everyone in',
    category: 'public-access',
    severity: 'critical',
    tier: 'core',
    owner: OWNER,
    description:
      'The access control list gives the group of all users, anonymous ones included, access to the bucket. ' +
      'Keep the bucket private; publish files through CloudFront with origin access control, or write a bucket ' +
      'policy that names who may read.',
    aws: awsDefaults('s3-acls', 's3-public-access-block'),
    aliases: [...new Set([...READ_ALIASES, ...WRITE_ALIASES, 'checkov:CKV_AWS_375'])],
    variants: {
      read: { aliases: READ_ALIASES },
      write: { aliases: WRITE_ALIASES },
      'acp-read': { severity: 'high', aliases: ['checkov:CKV_AWS_375', 'trivy:AVD-AWS-0092'] },
    },
    references: [ACL, BLOCK, OWNERSHIP],
    checks: [
      cannedAcls((acl, found, reporter) => {
        const variant = acl === 'public-read' ? 'read' : acl === 'public-read-write' ? 'write' : undefined;
        if (!variant) return;
        const message =
          variant === 'read'
            ? 'Everyone on the internet may list this bucket'
            : 'Everyone on the internet may list, add, overwrite and delete objects in this bucket';
        reportAcl(found, reporter, { variant, message, fix: () => makePrivate(found) });
      }),
      grants((grant, reporter) => {
        const { group, uri, permissions } = grant;
        if (group !== 'AllUsers' || permissions.some(({ name }) => TAKES_OVER.has(name))) return;
        const widest = PUBLIC_GRANTS.find(([name]) => permissions.some((one) => one.name === name));
        if (!widest) return;
        const [, variant, what] = widest;
        reportAcl(uri, reporter, {
          variant,
          message: `A grant lets everyone on the internet ${what}`,
          fix: () => removeGrant(grant),
        });
      }),
    ],
  },
  {
    id: 's3-authenticated-users-acl',
    title: 'Bucket ACL lets every AWS account in',
    category: 'public-access',
    severity: 'critical',
    tier: 'core',
    owner: OWNER,
    description:
      '"Authenticated users" are all identities of all AWS accounts in the world, not those of yours. Whoever ' +
      'opens an account of their own may use the bucket. Keep it private and name accounts or roles in a ' +
      'bucket policy.',
    aws: awsDefaults('s3-acls', 's3-public-access-block'),
    aliases: AUTHENTICATED_ALIASES,
    variants: { canned: { aliases: ['checkov:CKV_AWS_20', ...AUTHENTICATED_ALIASES] } },
    references: [ACL, BLOCK, OWNERSHIP],
    checks: [
      cannedAcls((acl, found, reporter) => {
        if (acl !== 'authenticated-read') return;
        const message = 'Every identity of every AWS account in the world may list this bucket';
        reportAcl(found, reporter, { variant: 'canned', message, fix: () => makePrivate(found) });
      }),
      grants((grant, reporter) => {
        const { group, uri, permissions } = grant;
        if (group !== 'AuthenticatedUsers' || permissions.some(({ name }) => TAKES_OVER.has(name))) return;
        const [first] = permissions;
        if (!first) return;
        const message = `A grant gives ${first.name} to every AWS account in the world`;
        reportAcl(uri, reporter, { message, fix: () => removeGrant(grant) });
      }),
    ],
  },
  {
    id: 's3-acl-write-acp',
    title: 'Bucket ACL lets strangers rewrite it',
    category: 'public-access',
    severity: 'critical',
    tier: 'core',
    owner: OWNER,
    description:
      'A grant of `WRITE_ACP` or `FULL_CONTROL` to a group of strangers lets them give themselves any further ' +
      'access to the bucket. Remove the grant and disable ACLs with bucket owner enforced.',
    aws: awsDefaults('s3-acls'),
    aliases: ['checkov:CKV_AWS_57', 'checkov:CKV_AWS_375', 'kics:S3 Bucket ACL Grants WRITE_ACP Permission'],
    variants: {
      'full-control': {
        aliases: [
          'checkov:CKV_AWS_57',
          'checkov:CKV_AWS_375',
          'checkov:CKV_AWS_20',
          'trivy:AVD-AWS-0092',
          'kics:S3 Bucket ACL Grants WRITE_ACP Permission',
        ],
      },
      authenticated: { aliases: [...AUTHENTICATED_ALIASES, 'kics:S3 Bucket ACL Grants WRITE_ACP Permission'] },
    },
    references: [ACL, OWNERSHIP],
    checks: [
      grants((grant, reporter) => {
        const { group, permissions } = grant;
        for (const { name, found } of permissions) {
          if (!TAKES_OVER.has(name)) continue;
          const everyone = group === 'AllUsers';
          const variant = !everyone ? 'authenticated' : name === 'FULL_CONTROL' ? 'full-control' : undefined;
          const who = everyone ? 'everyone on the internet' : 'every AWS account in the world';
          reportAcl(found, reporter, {
            variant,
            message: `${name} lets ${who} rewrite the access control list`,
            fix: () => removeGrant(grant),
          });
        }
      }),
    ],
  },
  {
    id: 's3-acls-enabled',
    title: 'Access control lists are switched on',
    category: 'public-access',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS disables ACLs on new buckets, so that only policies decide; this template switches them on again.',
      moves: { from: 'aws', to: 'customer' },
    },
    description:
      'With ACLs on, whoever uploads an object may own it or open it to others, past the bucket policy. Use ' +
      '`BucketOwnerEnforced` unless something that writes to the bucket, such as the standard logs of ' +
      'CloudFront, still needs ACLs.',
    aws: awsDefaults('s3-acls'),
    aliases: ['checkov:CKV2_AWS_65'],
    references: [OWNERSHIP],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::S3::Bucket', path: 'OwnershipControls.Rules[].ObjectOwnership', where: doesWithout },
          { type: 'aws_s3_bucket_ownership_controls', path: 'rule.object_ownership', where: doesWithout },
        ],
        must: oneOf('BucketOwnerEnforced'),
        absent: true,
        fix: set('BucketOwnerEnforced', { safe: false, note: 'access through ACLs ends' }),
      },
    ],
  },
];
