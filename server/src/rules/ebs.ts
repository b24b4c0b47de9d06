/** Amazon EBS: encryption of volumes and snapshots, and who can read snapshots. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { companions, declareCompanions } from '../template/companions.ts';
import type { Found } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { set } from './fixes.ts';
import { isTrue, noneOf, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Owner, Predicate, Rule } from './rule.ts';
import { all, belowLacks, lacks } from './shared.ts';

const ENCRYPTION_PAGE = aws('Amazon EBS encryption', 'ebs/latest/userguide/ebs-encryption.html');
const OWNER: Owner = {
  side: 'customer',
  why: 'EBS encrypts a volume when told to, by the template or by the default of the account and Region; both are your settings.',
};
const DESCRIPTION =
  'Whoever gets at the disk, a snapshot of it or a copy reads the data. Encryption costs nothing and is chosen when the volume is made: an existing volume moves through an encrypted copy of a snapshot.';

const UNSET = 'Volume is not encrypted unless the account encrypts by default';
const VOLUME_ALIASES = [
  'checkov:CKV_AWS_3',
  'cfn_nag:F1',
  'trivy:AVD-AWS-0026',
  'guard:ENCRYPTED_VOLUMES',
  'cdk-nag:AwsSolutions-EC26',
  'kics:EBS Volume Encryption Disabled',
];

declareCompanions('aws_ebs_volume', { aws_volume_attachment: 'volume_id' });

/** Whether the template attaches the volume to an instance. */
function isAttached(volume: Resource): boolean {
  return companions(volume, 'aws_volume_attachment').sure.length > 0;
}

/** A device that takes its encryption from the snapshot it is made of. */
function noSnapshot(_resource: Resource, scope: Found | undefined): boolean | undefined {
  return scope && belowLacks(scope, 'SnapshotId');
}

function noTerraformSnapshot(_resource: Resource, scope: Found | undefined): boolean | undefined {
  return scope && belowLacks(scope, 'snapshot_id');
}

/** Lists of no device say as much about the root volume as none at all. */
const someDevice: Predicate = (value) =>
  value.kind === 'list' && !value.items.length && !value.open ? 'no-root' : true;

/** What replaces the volume of an instance replaces its data. */
const encryptInline = set(true, { safe: false, note: 'replaces the instance or its volume on deployment' });
/** Only where there is no block: one that is made of a variable is not for us to write. */
const encryptRoot: FixMaker = (found) =>
  found.value.kind === 'absent' && !found.value.written
    ? set(
        { encrypted: true },
        { safe: false, note: 'replaces the instance or its volume on deployment', title: 'Encrypt the root volume' },
      )(found)
    : undefined;

export const EBS_RULES: readonly Rule[] = [
  {
    id: 'ebs-encryption',
    title: 'Volume is not encrypted',
    category: 'encryption-at-rest',
    severity: 'high',
    tier: 'core',
    owner: OWNER,
    description: DESCRIPTION,
    aws: awsDefaults('ebs-encryption'),
    aliases: VOLUME_ALIASES,
    variants: {
      unset: { severity: 'medium', message: UNSET },
      attached: {
        message: 'Volume of an instance is not encrypted',
        aliases: [...VOLUME_ALIASES, 'checkov:CKV2_AWS_2'],
      },
      'attached-unset': { severity: 'medium', message: UNSET, aliases: [...VOLUME_ALIASES, 'checkov:CKV2_AWS_2'] },
    },
    references: [ENCRYPTION_PAGE],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::EC2::Volume', path: 'Encrypted', where: (volume) => lacks(volume, 'SnapshotId') },
          { type: 'aws_ebs_volume', path: 'encrypted', where: (volume) => lacks(volume, 'snapshot_id') },
        ],
        must: (value, found) => {
          const encrypted = isTrue(value, found);
          return encrypted === false && isAttached(found.resource) ? 'attached' : encrypted;
        },
        absent: true,
        fix: set(true, { safe: false, note: 'replaces the volume on deployment' }),
      },
      {
        kind: 'property',
        targets: [
          // EC2 refuses a key without encryption: such a volume is never made unencrypted.
          {
            type: 'AWS::EC2::Volume',
            path: 'Encrypted',
            where: (volume) => all(lacks(volume, 'SnapshotId'), lacks(volume, 'KmsKeyId')),
          },
          {
            type: 'aws_ebs_volume',
            path: 'encrypted',
            where: (volume) => all(lacks(volume, 'snapshot_id'), lacks(volume, 'kms_key_id'), !isAttached(volume)),
          },
          {
            type: 'aws_ebs_volume',
            path: 'encrypted',
            where: (volume) => all(lacks(volume, 'snapshot_id'), lacks(volume, 'kms_key_id'), isAttached(volume)),
            absent: 'attached-unset',
          },
        ],
        must: () => true,
        absent: 'unset',
        fix: set(true, { safe: false, note: 'replaces the volume on deployment' }),
      },
    ],
  },
  {
    id: 'ebs-encryption-inline',
    title: 'Volume of the instance is not encrypted',
    category: 'encryption-at-rest',
    severity: 'high',
    tier: 'core',
    owner: OWNER,
    description: DESCRIPTION,
    aws: awsDefaults('ebs-encryption'),
    aliases: [
      'checkov:CKV_AWS_8',
      'trivy:AVD-AWS-0008',
      'trivy:AVD-AWS-0131',
      'cdk-nag:AwsSolutions-EC26',
      'kics:Launch Configuration Is Not Encrypted',
    ],
    variants: {
      unset: { severity: 'medium', message: UNSET },
      'no-root': {
        severity: 'info',
        message: 'The root volume is as encrypted as its image and the account’s default make it',
        aliases: ['checkov:CKV_AWS_8', 'trivy:AVD-AWS-0131'],
      },
    },
    references: [ENCRYPTION_PAGE],
    checks: [
      {
        kind: 'property',
        targets: [
          {
            type: ['AWS::EC2::Instance', 'AWS::AutoScaling::LaunchConfiguration'],
            within: 'BlockDeviceMappings[].Ebs',
            path: 'Encrypted',
            where: noSnapshot,
          },
          {
            type: 'AWS::EC2::LaunchTemplate',
            within: 'LaunchTemplateData.BlockDeviceMappings[].Ebs',
            path: 'Encrypted',
            where: noSnapshot,
          },
          {
            type: 'AWS::EC2::SpotFleet',
            within: 'SpotFleetRequestConfigData.LaunchSpecifications[].BlockDeviceMappings[].Ebs',
            path: 'Encrypted',
            where: noSnapshot,
          },
          {
            type: ['aws_instance', 'aws_launch_configuration', 'aws_spot_instance_request'],
            within: 'root_block_device[]',
            path: 'encrypted',
            where: noTerraformSnapshot,
          },
          {
            type: ['aws_instance', 'aws_launch_configuration', 'aws_spot_instance_request'],
            within: 'ebs_block_device[]',
            path: 'encrypted',
            where: noTerraformSnapshot,
          },
          {
            type: 'aws_spot_fleet_request',
            within: 'launch_specification[].root_block_device[]',
            path: 'encrypted',
            where: noTerraformSnapshot,
          },
          {
            type: 'aws_spot_fleet_request',
            within: 'launch_specification[].ebs_block_device[]',
            path: 'encrypted',
            where: noTerraformSnapshot,
          },
          {
            type: 'aws_launch_template',
            within: 'block_device_mappings[].ebs[]',
            path: 'encrypted',
            where: noTerraformSnapshot,
          },
        ],
        must: isTrue,
        absent: 'unset',
        fix: encryptInline,
      },
      {
        kind: 'property',
        targets: [
          { type: 'AWS::EC2::Instance', path: ['BlockDeviceMappings', 'LaunchTemplate'] },
          { type: 'AWS::AutoScaling::LaunchConfiguration', path: 'BlockDeviceMappings' },
          { type: 'aws_instance', path: ['root_block_device', 'launch_template'], fix: encryptRoot },
          { type: 'aws_launch_configuration', path: 'root_block_device', fix: encryptRoot },
        ],
        must: someDevice,
        absent: 'no-root',
      },
    ],
  },
  {
    id: 'ebs-default-encryption-off',
    title: 'Encryption of new volumes by default is switched off',
    category: 'encryption-at-rest',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS offers to encrypt every new volume of the Region; the switch is an account setting of yours.',
    },
    description:
      'With the switch on, no volume can be made unencrypted by mistake. It affects new volumes only and costs nothing.',
    aws: awsDefaults('ebs-default-encryption'),
    aliases: ['checkov:CKV_AWS_106', 'kics:EBS Default Encryption Disabled'],
    references: [aws('Enable Amazon EBS encryption by default', 'ebs/latest/userguide/encryption-by-default.html')],
    checks: [
      {
        kind: 'property',
        targets: [{ type: 'aws_ebs_encryption_by_default', path: 'enabled' }],
        must: isTrue,
        absent: true,
        fix: set(true),
      },
    ],
  },
  {
    id: 'ebs-snapshot-unencrypted',
    title: 'Copy of a snapshot is not encrypted',
    category: 'encryption-at-rest',
    severity: 'medium',
    tier: 'core',
    owner: OWNER,
    description: 'A copy is the moment at which an unencrypted snapshot can become an encrypted one. Say so here.',
    aliases: ['kics:EBS Volume Snapshot Not Encrypted'],
    references: [ENCRYPTION_PAGE],
    checks: [
      {
        kind: 'property',
        targets: [{ type: 'aws_ebs_snapshot_copy', path: 'encrypted' }],
        must: isTrue,
        absent: true,
        fix: set(true, { safe: false, note: 'replaces the snapshot on deployment' }),
      },
    ],
  },
  {
    id: 'ebs-snapshot-public',
    title: 'Snapshot is shared with everyone',
    category: 'public-access',
    severity: 'critical',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS keeps a snapshot within the account until it is shared; with whom is your setting.',
    },
    description:
      'Any AWS account can make a volume of this snapshot and read it. Share with named accounts, and block public sharing for the Region.',
    aliases: [],
    variants: { unblocked: { severity: 'high', message: 'Public sharing of snapshots is not blocked in this Region' } },
    references: [
      aws('Block public access for Amazon EBS snapshots', 'ebs/latest/userguide/block-public-access-snapshots.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [{ type: 'aws_snapshot_create_volume_permission', path: 'account_id' }],
        must: noneOf('all'),
        absent: true,
      },
      {
        kind: 'property',
        targets: [{ type: 'aws_ebs_snapshot_block_public_access', path: 'state' }],
        must: otherwise(noneOf('unblocked'), 'unblocked'),
        absent: true,
        fix: set('block-all-sharing', { safe: false, note: 'snapshots that are public now stop being so' }),
      },
    ],
  },
];
