/** Amazon EFS: encryption, access and backups of file systems. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import type { Data } from '../syntax/edit.ts';
import { declareCompanions } from '../template/companions.ts';
import type { Resource } from '../template/template.ts';
import { inNoSelection } from './backup-selections.ts';
import { addTerraformResource, nameOf, set, terraformReference } from './fixes.ts';
import { setInBlock } from './nested-fixes.ts';
import { isPresent, isTrue, oneOf, otherwise, textThat } from './predicates.ts';
import { aws } from './references.ts';
import { publicPolicyRule } from './resource-policies.ts';
import type { FixMaker, Rule } from './rule.ts';
import { all, known, lacks } from './shared.ts';

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

// ---- access points

/** The first id that Linux gives to a person. */
const FIRST_USER = 1000;

/** An id as the language takes it: CloudFormation's are texts. */
function idOf(resource: Resource, id: string | number): Data {
  return resource.type.startsWith('AWS::') ? String(id) : Number(id);
}

interface AccessPointNames {
  readonly user: string;
  readonly ids: readonly [uid: string, gid: string];
  readonly root: string;
  readonly path: string;
  readonly creation: string;
  readonly owner: readonly [uid: string, gid: string, permissions: string];
}

const ACCESS_POINT: Readonly<Record<'cloudFormation' | 'terraform', AccessPointNames>> = {
  cloudFormation: {
    user: 'PosixUser',
    ids: ['Uid', 'Gid'],
    root: 'RootDirectory',
    path: 'Path',
    creation: 'CreationInfo',
    owner: ['OwnerUid', 'OwnerGid', 'Permissions'],
  },
  terraform: {
    user: 'posix_user',
    ids: ['uid', 'gid'],
    root: 'root_directory',
    path: 'path',
    creation: 'creation_info',
    owner: ['owner_uid', 'owner_gid', 'permissions'],
  },
};

const namesOf = ({ type }: Resource): AccessPointNames =>
  ACCESS_POINT[type.startsWith('AWS::') ? 'cloudFormation' : 'terraform'];

const REPLACES_POINT = 'replaces the access point on deployment';

const giveUser: FixMaker = (found) => {
  const [uid, gid] = namesOf(found.resource).ids;
  return set(
    { [uid]: idOf(found.resource, FIRST_USER), [gid]: idOf(found.resource, FIRST_USER) },
    { safe: false, title: `Give every client the POSIX user ${FIRST_USER}`, note: `put in yours; ${REPLACES_POINT}` },
  )(found);
};

/** A directory of its own, which EFS makes where there is none, for the user of the access point. */
const giveDirectory: FixMaker = (found) => {
  const { resource, value } = found;
  const names = namesOf(resource);
  const directory = `/${nameOf(resource)
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()}`;
  const [uid, gid] = names.ids.map((id) => Number(known(resource, `${names.user}.${id}`) ?? FIRST_USER) || FIRST_USER);
  const [ownerUid, ownerGid, permissions] = names.owner;
  const creation = {
    [ownerUid]: idOf(resource, uid ?? FIRST_USER),
    [ownerGid]: idOf(resource, gid ?? FIRST_USER),
    [permissions]: '0750',
  };
  const options = {
    safe: false,
    title: `Show the directory ${directory} only`,
    note: `clients no longer see other files; ${REPLACES_POINT}`,
  };
  if (value.kind === 'absent' && value.missing[0] === names.root && !value.written) {
    const whole = { ...found, value: { ...value, missing: [names.root] } };
    return set({ [names.path]: directory, [names.creation]: creation }, options)(whole);
  }
  const hasCreation = lacks(resource, `${names.root}.${names.creation}`) !== true;
  return set(directory, { ...options, also: hasCreation ? {} : { [names.creation]: creation } })(found);
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
        fix: giveUser,
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
        fix: giveDirectory,
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
