/** Amazon S3: the public access block of buckets, accounts and access points. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { below, type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { set, setEdits } from './fixes.ts';
import { isTrue } from './predicates.ts';
import { aws } from './references.ts';
import type { Reporter, Rule, Target } from './rule.ts';
import { BLOCK_MEMBERS } from './s3-bucket.ts';
import { addSplit } from './s3-split.ts';
import { lacks } from './shared.ts';

const BLOCK = aws(
  'Blocking public access to your Amazon S3 storage',
  'AmazonS3/latest/userguide/access-control-block-public-access.html',
);

const ALL_MEMBERS = [
  'checkov:CKV2_AWS_6',
  'guard:S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED',
  'guard:S3_BUCKET_PUBLIC_READ_PROHIBITED',
  'guard:S3_BUCKET_PUBLIC_WRITE_PROHIBITED',
  'cdk-nag:AwsSolutions-S2',
];

/** What peers call each member. */
const MEMBER_ALIASES: Readonly<Record<string, readonly string[]>> = {
  BlockPublicAcls: ['checkov:CKV_AWS_53', 'trivy:AVD-AWS-0086', 'kics:S3 Bucket Allows Public ACL'],
  BlockPublicPolicy: ['checkov:CKV_AWS_54', 'trivy:AVD-AWS-0087', 'kics:S3 Bucket Allows Public Policy'],
  IgnorePublicAcls: [
    'checkov:CKV_AWS_55',
    'trivy:AVD-AWS-0091',
    'kics:S3 Bucket Without Ignore Public ACL',
    'kics:S3 Bucket Public ACL Overridden By Public Access Block',
  ],
  RestrictPublicBuckets: [
    'checkov:CKV_AWS_56',
    'trivy:AVD-AWS-0093',
    'kics:S3 Bucket Without Restriction Of Public Bucket',
  ],
};

const MEMBER_MEANING: Readonly<Record<string, string>> = {
  BlockPublicAcls: 'new public ACLs are accepted',
  BlockPublicPolicy: 'public bucket policies are accepted',
  IgnorePublicAcls: 'public ACLs have effect',
  RestrictPublicBuckets: 'a public policy lets everyone in',
};

const memberAliases = (member: string): string[] => [...(MEMBER_ALIASES[member] ?? []), ...ALL_MEMBERS];

/** A Terraform resource that is a public access block, or the block within a resource. */
function blocksOf(
  resource: Resource,
): readonly { readonly leaf: (member: string) => readonly Found[]; readonly snake: boolean }[] {
  if (resource.type.startsWith('aws_')) return [{ leaf: (member) => select(resource, member), snake: true }];
  return select(resource, 'PublicAccessBlockConfiguration').flatMap((block) =>
    block.value.kind === 'object' ? [{ leaf: (member: string) => below(block, member), snake: false }] : [],
  );
}

/** Each member that is off, at its value; all that a written block leaves out at once, at its key. */
function checkBlock(resource: Resource, reporter: Reporter): void {
  for (const block of blocksOf(resource)) {
    const missing: { readonly member: string; readonly name: string; readonly found: Found }[] = [];
    for (const [cfn, tf] of BLOCK_MEMBERS) {
      const name = block.snake ? tf : cfn;
      for (const found of block.leaf(name)) {
        if (found.value.kind === 'absent') {
          missing.push({ member: cfn, name, found });
        } else if (isTrue(found.value, found) === false) {
          reporter.reportFound(found, {
            variant: cfn,
            message: `${name} is off: ${MEMBER_MEANING[cfn]}`,
            fix: () => set(true, { safe: false, note: 'ends public access' })(found),
          });
        }
      }
    }
    const [first] = missing;
    if (!first) continue;
    reporter.reportFound(first.found, {
      variant: 'incomplete',
      message: `A public access block that is written has every member off that it leaves out: ${missing.map(({ name }) => name).join(', ')}`,
      aliases: [...missing.flatMap(({ member }) => MEMBER_ALIASES[member] ?? []), ...ALL_MEMBERS],
      fix: () => {
        const edits = missing.flatMap(({ found }) => setEdits(found, true) ?? []);
        return edits.length
          ? { title: 'Switch on what the block leaves out (ends public access)', safe: false, edits }
          : undefined;
      },
    });
  }
}

const ALL_ON = Object.fromEntries(BLOCK_MEMBERS.map(([cfn]) => [cfn, true]));
const ALL_ON_TERRAFORM = Object.fromEntries(BLOCK_MEMBERS.map(([, tf]) => [tf, true]));

export const S3_PUBLIC_ACCESS_RULES: readonly Rule[] = [
  {
    id: 's3-public-access-block-disabled',
    title: 'Public access block is switched off',
    category: 'public-access',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS blocks public access to new buckets by itself; this template takes that guard away.',
    },
    description:
      'Without the public access block a single ACL or policy, now or later, opens the bucket to everyone. ' +
      'Switch all four settings on, or leave the block out: AWS then switches them on for new buckets. A block ' +
      'that is written has every setting off that it does not name.',
    aws: awsDefaults('s3-public-access-block', 's3-public-access-block-members'),
    aliases: [...Object.values(MEMBER_ALIASES).flat(), ...ALL_MEMBERS],
    variants: {
      ...Object.fromEntries(BLOCK_MEMBERS.map(([member]) => [member, { aliases: memberAliases(member) }])),
      incomplete: {},
    },
    references: [BLOCK],
    checks: [{ kind: 'resource', types: ['AWS::S3::Bucket', 'aws_s3_bucket_public_access_block'], check: checkBlock }],
  },
  {
    id: 's3-public-access-block-missing',
    title: 'Public access block is not written down',
    category: 'public-access',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'aws',
      why: 'AWS blocks public access to new buckets by itself; writing it down also covers buckets that are older or imported.',
    },
    description:
      'New buckets block public access without being told. Buckets from before April 2023, and imported ones, ' +
      'keep what they had: with the four settings in the template the guard is there in every case, and taking ' +
      'it away shows in review.',
    aws: awsDefaults('s3-public-access-block'),
    aliases: [
      'checkov:CKV_AWS_53',
      'checkov:CKV_AWS_54',
      'checkov:CKV_AWS_55',
      'checkov:CKV_AWS_56',
      'checkov:CKV2_AWS_6',
      'trivy:AVD-AWS-0094',
      'guard:S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED',
      'guard:S3_BUCKET_PUBLIC_READ_PROHIBITED',
      'guard:S3_BUCKET_PUBLIC_WRITE_PROHIBITED',
      'cdk-nag:AwsSolutions-S2',
    ],
    references: [BLOCK],
    checks: [
      {
        kind: 'property',
        targets: [
          {
            type: 'AWS::S3::Bucket',
            path: 'PublicAccessBlockConfiguration',
            fix: set(ALL_ON, {
              title: 'Block public access',
              safe: false,
              note: 'ends public access where there is any',
            }),
          },
          {
            type: 'aws_s3_bucket',
            path: '@aws_s3_bucket_public_access_block.bucket',
            fix: addSplit(
              'aws_s3_bucket_public_access_block',
              'Block public access (ends public access where there is any)',
              ALL_ON_TERRAFORM,
              false,
            ),
          },
        ],
        must: () => true,
        absent: false,
      },
    ],
  },
  {
    id: 's3-account-public-access-block',
    title: 'Public access block of the account is switched off',
    category: 'public-access',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'The block of the account is a guard that AWS offers over all buckets; switching its members on is up to you.',
    },
    description:
      'The public access block of the account stands over every bucket and access point in it. A member that ' +
      'is off, or that this resource leaves out, guards nothing. Switch all four on, and serve public content ' +
      'through CloudFront.',
    aliases: [],
    references: [BLOCK],
    checks: [{ kind: 'resource', types: ['aws_s3_account_public_access_block'], check: checkBlock }],
  },
  {
    id: 's3-access-point-public-access-block',
    title: 'Access point gives up its public access block',
    category: 'public-access',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS creates access points with all public access blocked; this template opts out, which is your decision.',
    },
    description:
      'The public access block of an access point cannot be changed once it exists. With a member off, the ' +
      'policy of the access point can open the data behind it to everyone. Leave the block out, or keep all ' +
      'four members on.',
    aws: awsDefaults('s3-access-point-block'),
    aliases: ['checkov:CKV_AWS_392'],
    references: [
      aws(
        'Managing public access to access points for general purpose buckets',
        'AmazonS3/latest/userguide/access-points-bpa-settings.html',
      ),
      BLOCK,
    ],
    checks: [
      {
        kind: 'property',
        targets: BLOCK_MEMBERS.flatMap(([cfn, tf]): Target[] => [
          {
            type: 'AWS::S3::AccessPoint',
            path: `PublicAccessBlockConfiguration.${cfn}`,
            where: (point) => lacks(point, 'VpcConfiguration'),
          },
          { type: 'AWS::S3::MultiRegionAccessPoint', path: `PublicAccessBlockConfiguration.${cfn}` },
          {
            type: 'aws_s3_access_point',
            path: `public_access_block_configuration.${tf}`,
            where: (point) => lacks(point, 'vpc_configuration'),
          },
          { type: 'aws_s3control_multi_region_access_point', path: `details.public_access_block.${tf}` },
        ]),
        must: isTrue,
        absent: true,
        fix: set(true, { safe: false, note: 'replaces the access point on deployment' }),
      },
    ],
  },
];
