/** Machine images: who may launch them, their encryption, and how they are looked up. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean, asString } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { set } from './fixes.ts';
import { isPresent, isTrue, noneOf, otherwise, textThat } from './predicates.ts';
import { aws } from './references.ts';
import { removeResource } from './removal-fixes.ts';
import type { FixMaker, Owner, Predicate, Rule } from './rule.ts';
import { all, belowLacks } from './shared.ts';

const SHARING_PAGE = aws('Understand shared AMI usage in Amazon EC2', 'AWSEC2/latest/UserGuide/sharing-amis.html');
const SHARING: Owner = {
  side: 'customer',
  why: 'An image is private until its owner shares it; with whom is your setting.',
};

const LAUNCH_PERMISSION = {
  cloudFormation: 'Distributions[].AmiDistributionConfiguration.LaunchPermissionConfiguration',
  terraform: 'distribution[].ami_distribution_configuration[].launch_permission[]',
} as const;

/** Takes the item out of its list; the whole key where it is the only one. */
function unshare(title: string): FixMaker {
  return (found) => withoutItem(found, title);
}

function withoutItem(found: Found, title: string): Fix | undefined {
  const { node } = found;
  const list = found.key?.entry?.value;
  // An alternative of a condition is no item of the list as written.
  if (list?.kind !== 'array' || node.parent !== list || found.via.length) return undefined;
  const entry = list.items.length === 1 ? list.entry : undefined;
  return {
    title,
    safe: false,
    edits: [entry ? { kind: 'remove', entry } : { kind: 'removeItem', node }],
  };
}

const NOT_SHARED = 'Stop sharing with this account (it can then no longer launch the image)';

/** Twelve digits name an account outright; references may well be one's own. */
const noAccountNumber: Predicate = textThat((text) => (/^\d{12}$/.test(text) ? false : undefined));

/** A device that takes its encryption from a snapshot. */
function noSnapshot(name: string) {
  return (_resource: Resource, scope: Found | undefined): boolean | undefined => scope && belowLacks(scope, name);
}

/** The newest image that matches is taken, and no filter says whose images count. */
function takesNewestOfAnyone(resource: Resource): boolean | undefined {
  const newest = select(resource, 'most_recent').map(({ value }) =>
    value.kind === 'absent' ? false : asBoolean(value),
  );
  const filters = select(resource, 'filter[].name');
  const byName =
    filters.some(({ value }) => asString(value) === 'name') ||
    select(resource, 'name_regex').every(({ value }) => value.kind !== 'absent');
  const known = filters.every(({ value }) => value.kind === 'absent' || asString(value) !== undefined);
  const scoped = filters.some(({ value }) => ['owner-id', 'owner-alias', 'image-id'].includes(asString(value) ?? ''));
  return all(newest.includes(undefined) ? undefined : newest.includes(true), byName, known ? !scoped : undefined);
}

/** Names of images that AWS publishes itself. */
const PUBLISHED_BY_AWS = /^(?:amzn|al20\d\d|windows_server|bottlerocket|aws-)/i;

const nameOwner: FixMaker = (found) => {
  const own = set(['self'], { safe: false, title: 'Take images of this account only (owners: self)' })(found);
  const aws = set(['amazon'], { safe: false, title: 'Take images of AWS only (owners: amazon)' })(found);
  const names = select(found.resource, 'filter[].values[]').map(({ value }) => asString(value) ?? '');
  const order = names.some((name) => PUBLISHED_BY_AWS.test(name)) ? [aws, own] : [own, aws];
  return order.flatMap((fix) => fix ?? []);
};

const ENCRYPTION: Owner = {
  side: 'customer',
  why: 'The volumes of an image are encrypted when you say so, here or in the default of the account and Region.',
};

export const AMI_RULES: readonly Rule[] = [
  {
    id: 'ami-public',
    title: 'Image is shared with everyone',
    category: 'public-access',
    severity: 'critical',
    tier: 'core',
    owner: SHARING,
    description:
      'Any AWS account can launch the image and read all that is on its disks: code, configuration, forgotten keys. Share with named accounts or with your organization, and block public sharing for the Region.',
    aws: awsDefaults('ami-block-public-access'),
    aliases: ['checkov:CKV_AWS_205'],
    variants: {
      unblocked: { severity: 'high', message: 'Public sharing of images is not blocked in this Region', aliases: [] },
    },
    references: [
      SHARING_PAGE,
      aws('Understand block public access for AMIs', 'AWSEC2/latest/UserGuide/block-public-access-to-amis.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          {
            type: 'AWS::ImageBuilder::DistributionConfiguration',
            path: `${LAUNCH_PERMISSION.cloudFormation}.UserGroups[]`,
          },
          { type: 'aws_imagebuilder_distribution_configuration', path: `${LAUNCH_PERMISSION.terraform}.user_groups[]` },
          { type: 'aws_ami_launch_permission', path: 'group', fix: () => undefined },
        ],
        must: noneOf('all'),
        absent: true,
        fix: unshare('Stop sharing with everyone (others can then no longer launch the image)'),
      },
      {
        kind: 'property',
        targets: [{ type: 'aws_ec2_image_block_public_access', path: 'state' }],
        must: otherwise(noneOf('unblocked'), 'unblocked'),
        absent: true,
        fix: set('block-new-sharing'),
      },
    ],
  },
  {
    id: 'ami-shared-accounts',
    title: 'Image is shared with another account',
    category: 'public-access',
    severity: 'low',
    tier: 'core',
    owner: SHARING,
    description:
      'The account can launch the image, read all that is on its disks and copy it, and keeps its copies when the permission ends. See that the account is one of yours; the ARN of your organization or of a unit in it names yours and no other.',
    aliases: ['checkov:CKV_AWS_205', 'kics:AMI Shared With Multiple Accounts'],
    references: [
      SHARING_PAGE,
      aws('Share an AMI with specific AWS accounts', 'AWSEC2/latest/UserGuide/sharingamis-explicit.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          {
            type: 'AWS::ImageBuilder::DistributionConfiguration',
            path: `${LAUNCH_PERMISSION.cloudFormation}.UserIds[]`,
          },
          { type: 'aws_imagebuilder_distribution_configuration', path: `${LAUNCH_PERMISSION.terraform}.user_ids[]` },
          {
            type: 'aws_ami_launch_permission',
            path: 'account_id',
            fix: ({ resource }) => removeResource(resource, NOT_SHARED),
          },
        ],
        must: noAccountNumber,
        absent: true,
        message: (found) => `Image is shared with account ${asString(found.value) ?? ''}`,
        fix: unshare(NOT_SHARED),
      },
    ],
  },
  {
    id: 'ami-unencrypted',
    title: 'Volume of the image is not encrypted',
    category: 'encryption-at-rest',
    severity: 'medium',
    tier: 'core',
    owner: ENCRYPTION,
    description:
      'Every instance that is launched from the image starts with an unencrypted copy of its disks, unless it or the account’s default says otherwise. Encrypt here, where it is said once; it costs nothing.',
    aws: awsDefaults('ebs-encryption'),
    aliases: ['checkov:CKV_AWS_204', 'kics:AMI Not Encrypted'],
    variants: {
      copy: {
        message: 'Copy of the image is not encrypted',
        aliases: ['checkov:CKV_AWS_235', 'kics:AMI Not Encrypted'],
      },
      recipe: { aliases: ['checkov:CKV_AWS_200', 'kics:AMI Not Encrypted'] },
      distribution: {
        severity: 'info',
        message: 'Distributed images are as encrypted as the build makes them, with no key of their own',
        aliases: ['checkov:CKV_AWS_199'],
      },
    },
    references: [
      aws('Use encryption with EBS-backed AMIs', 'AWSEC2/latest/UserGuide/AMIEncryption.html'),
      aws('Enable Amazon EBS encryption by default', 'ebs/latest/userguide/encryption-by-default.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'aws_ami', within: 'ebs_block_device[]', path: 'encrypted', where: noSnapshot('snapshot_id') },
        ],
        must: isTrue,
        absent: false,
        fix: set(true, { safe: false, note: 'replaces the image on deployment' }),
      },
      {
        kind: 'property',
        targets: [{ type: 'aws_ami_copy', path: 'encrypted' }],
        must: otherwise(isTrue, 'copy'),
        absent: 'copy',
        fix: set(true, { safe: false, note: 'replaces the copy on deployment' }),
      },
      {
        kind: 'property',
        targets: [
          {
            type: 'AWS::ImageBuilder::ImageRecipe',
            within: 'BlockDeviceMappings[].Ebs',
            path: 'Encrypted',
            where: noSnapshot('SnapshotId'),
          },
          {
            type: 'AWS::ImageBuilder::ContainerRecipe',
            within: 'InstanceConfiguration.BlockDeviceMappings[].Ebs',
            path: 'Encrypted',
            where: noSnapshot('SnapshotId'),
          },
          {
            type: 'aws_imagebuilder_image_recipe',
            within: 'block_device_mapping[].ebs[]',
            path: 'encrypted',
            where: noSnapshot('snapshot_id'),
          },
          {
            type: 'aws_imagebuilder_container_recipe',
            within: 'instance_configuration[].block_device_mapping[].ebs[]',
            path: 'encrypted',
            where: noSnapshot('snapshot_id'),
          },
        ],
        must: otherwise(isTrue, 'recipe'),
        absent: 'recipe',
        fix: set(true, { safe: false, note: 'replaces the recipe on deployment' }),
      },
      {
        kind: 'property',
        targets: [
          {
            type: 'AWS::ImageBuilder::DistributionConfiguration',
            within: 'Distributions[].AmiDistributionConfiguration',
            path: 'KmsKeyId',
          },
          {
            type: 'aws_imagebuilder_distribution_configuration',
            within: 'distribution[].ami_distribution_configuration[]',
            path: 'kms_key_id',
          },
        ],
        must: () => true,
        absent: 'distribution',
      },
    ],
  },
  {
    id: 'ami-whoami-confusion',
    title: 'Newest image of that name is taken from anyone',
    category: 'other',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS lets everyone publish images under any name; whose images you start is your choice.',
    },
    description:
      'Without `owners` the lookup searches public images of all accounts. Whoever publishes a newer one under a name that matches has their software started in your account (the “whoAMI” attack). Name the owners: an account id, `self` or `amazon`.',
    aliases: ['checkov:CKV_AWS_386', 'trivy:AVD-AWS-0344'],
    references: [
      SHARING_PAGE,
      aws(
        'Find an AMI that meets the requirements for your EC2 instance',
        'AWSEC2/latest/UserGuide/finding-an-ami.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [{ type: 'data.aws_ami', path: 'owners', where: takesNewestOfAnyone }],
        must: isPresent,
        absent: false,
        fix: nameOwner,
      },
    ],
  },
];
