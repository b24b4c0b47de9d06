/** Amazon EFS: encryption, access and backups of file systems. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { declareCompanions } from '../template/companions.ts';
import type { Resource } from '../template/template.ts';
import { inNoSelection } from './backup-selections.ts';
import { addTerraformResource, set, terraformReference } from './fixes.ts';
import { setInBlock } from './nested-fixes.ts';
import { isPresent, isTrue, oneOf, otherwise, textThat } from './predicates.ts';
import { aws } from './references.ts';
import { publicPolicyRule } from './resource-policies.ts';
import type { FixMaker, Rule } from './rule.ts';
import { all, lacks } from './shared.ts';

declareCompanions('aws_efs_file_system', {
  aws_efs_backup_policy: 'file_system_id',
  aws_efs_file_system_policy: 'file_system_id',
});

const FILE_SYSTEM = 'AWS::EFS::FileSystem';
const TF_FILE_SYSTEM = 'aws_efs_file_system';
const ACCESS_POINTS = aws('Working with Amazon EFS access points', 'efs/latest/ug/efs-access-points.html');

/** File systems in several zones: those in one zone are backed up unless told otherwise. */
function isRegional(fileSystem: Resource): boolean | undefined {
  return lacks(fileSystem, fileSystem.type === FILE_SYSTEM ? 'AvailabilityZoneName' : 'availability_zone_name');
}

const needsBackup = (fileSystem: Resource) => all(isRegional(fileSystem), inNoSelection(fileSystem));

const turnOnBackups: FixMaker = (found) => {
  if (found.value.kind !== 'absent' || found.resource.type !== TF_FILE_SYSTEM) return setInBlock('ENABLED')(found);
  const edits = addTerraformResource(found.resource, 'aws_efs_backup_policy', String(found.resource.key.value), {
    file_system_id: terraformReference(found.resource, 'id'),
    backup_policy: { status: 'ENABLED' },
  });
  return edits && { title: 'Turn on automatic backups', safe: true, edits };
};

export const EFS_RULES: readonly Rule[] = [
  {
    id: 'efs-encryption',
    title: 'File system is not encrypted',
    category: 'encryption-at-rest',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'EFS encrypts a file system that a template creates only if the template asks for it.',
    },
    description:
      'Files and their names are stored in the clear. Encryption can only be chosen when the file system is created: to encrypt this one later its files must be moved.',
    aws: awsDefaults('efs-encryption'),
    aliases: [
      'checkov:CKV_AWS_42',
      'cfn_nag:F32',
      'trivy:AVD-AWS-0037',
      'guard:EFS_ENCRYPTED_CHECK',
      'cdk-nag:AwsSolutions-EFS1',
      'kics:EFS Not Encrypted',
    ],
    references: [aws('Encrypting data at rest', 'efs/latest/ug/encryption-at-rest.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: FILE_SYSTEM, path: 'Encrypted' },
          { type: TF_FILE_SYSTEM, path: 'encrypted' },
        ],
        must: isTrue,
        absent: false,
        fix: set(true, { safe: false, note: 'replaces the file system on deployment' }),
      },
    ],
  },
  publicPolicyRule({
    id: 'efs-policy-public',
    thing: 'file system',
    service: 'elasticfilesystem',
    standalone: true,
    severities: { write: 'high', read: 'medium' },
    description:
      'A statement allows every principal, and no condition narrows it: any client that reaches a mount target may do what it allows, without credentials. Name the roles that mount the file system, or add a condition on `elasticfilesystem:AccessedViaMountTarget`, and refuse connections without TLS.',
    aws: awsDefaults('efs-policy'),
    aliases: ['checkov:CKV_AWS_283', 'kics:EFS With Vulnerable Policy'],
    references: [aws('Using IAM to control access to file systems', 'efs/latest/ug/iam-access-control-nfs-efs.html')],
  }),
  {
    id: 'efs-access-point',
    title: 'Access point does not enforce an identity',
    category: 'iam',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'EFS enforces the user and the directory that an access point names; naming them is up to you.',
    },
    description:
      'An access point can give every connection one POSIX user and one directory, whatever the client claims. Without a user, a client acts as any user it likes; without a directory of its own, it sees the whole file system.',
    aliases: ['checkov:CKV_AWS_330'],
    variants: {
      root: {
        message: 'Access point shows the whole file system, not a directory of its own',
        aliases: ['checkov:CKV_AWS_329'],
      },
    },
    references: [ACCESS_POINTS],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::EFS::AccessPoint', path: 'PosixUser' },
          { type: 'aws_efs_access_point', path: 'posix_user' },
        ],
        must: isPresent,
        absent: false,
      },
      {
        kind: 'property',
        targets: [
          { type: 'AWS::EFS::AccessPoint', path: 'RootDirectory.Path' },
          { type: 'aws_efs_access_point', path: 'root_directory.path' },
        ],
        must: otherwise(
          textThat((path) => !/^\/?$/.test(path)),
          'root',
        ),
        absent: 'root',
      },
    ],
  },
  {
    id: 'efs-backup',
    title: 'File system has no automatic backups',
    category: 'backup-resilience',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'EFS keeps files durable, and AWS Backup copies them if you ask; getting back what was deleted is up to you.',
    },
    description:
      'A deleted or overwritten file is gone in every zone at once. Turn on automatic backups, or name the file system in a plan of AWS Backup.',
    aws: awsDefaults('efs-backup'),
    aliases: ['checkov:CKV2_AWS_18', 'guard:EFS_RESOURCES_PROTECTED_BY_BACKUP_PLAN', 'cdk-nag:EFSInBackupPlan'],
    references: [aws('Backing up EFS file systems', 'efs/latest/ug/awsbackup.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: FILE_SYSTEM, path: 'BackupPolicy.Status', where: needsBackup },
          { type: TF_FILE_SYSTEM, path: '@aws_efs_backup_policy.backup_policy.status', where: needsBackup },
        ],
        must: oneOf('ENABLED'),
        absent: false,
        fix: turnOnBackups,
      },
    ],
  },
];
