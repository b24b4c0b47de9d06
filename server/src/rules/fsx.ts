/** Amazon FSx: automatic backups of file systems. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { isPartial, type Resource } from '../template/template.ts';
import { inNoSelection } from './backup-selections.ts';
import { set } from './fixes.ts';
import { atLeast } from './predicates.ts';
import { aws } from './references.ts';
import type { Rule } from './rule.ts';
import { all, known, lacks } from './shared.ts';

const FILE_SYSTEM = 'AWS::FSx::FileSystem';

/** Links to buckets that are resources of their own. */
const ASSOCIATIONS = ['AWS::FSx::DataRepositoryAssociation', 'aws_fsx_data_repository_association'];

/** Lustre takes backups of persistent file systems only, and of none that is linked to a bucket. */
function lustreWithBackups(fileSystem: Resource): boolean | undefined {
  const cloudFormation = fileSystem.type === FILE_SYSTEM;
  const { template } = fileSystem;
  if (isPartial(template) || template.resources.some(({ type }) => ASSOCIATIONS.includes(type))) return undefined;
  // Whether Intelligent-Tiering takes backups is not on the pages read for this rule.
  if (known(fileSystem, cloudFormation ? 'StorageType' : 'storage_type') === 'INTELLIGENT_TIERING') return undefined;
  const inBlock = (name: string) => (cloudFormation ? `LustreConfiguration.${name}` : name);
  const deployment = known(fileSystem, inBlock(cloudFormation ? 'DeploymentType' : 'deployment_type'));
  if (!deployment?.startsWith('PERSISTENT')) return false;
  return all(
    lacks(fileSystem, inBlock(cloudFormation ? 'ImportPath' : 'import_path')),
    lacks(fileSystem, inBlock(cloudFormation ? 'ExportPath' : 'export_path')),
    inNoSelection(fileSystem),
  );
}

export const FSX_RULES: readonly Rule[] = [
  {
    id: 'fsx-backup',
    title: 'File system has no automatic backups',
    category: 'backup-resilience',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS takes and keeps the backups; whether there are any, and for how long they are kept, is your setting.',
    },
    description:
      'What is deleted, overwritten or encrypted by an attacker is gone. Keep automatic backups for at least a week, or name the file system in a plan of AWS Backup.',
    aws: awsDefaults('fsx-backup'),
    aliases: ['guard:FSX_RESOURCES_PROTECTED_BY_BACKUP_PLAN'],
    variants: { unset: { message: 'No automatic backups are made of this file system unless they are asked for' } },
    references: [
      aws('Protecting your data with automatic daily backups', 'fsx/latest/WindowsGuide/using-backups.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          ...['WindowsConfiguration', 'OntapConfiguration', 'OpenZFSConfiguration'].map((block) => ({
            type: FILE_SYSTEM,
            within: block,
            path: 'AutomaticBackupRetentionDays',
            where: inNoSelection,
            absent: true as const,
          })),
          {
            type: FILE_SYSTEM,
            within: 'LustreConfiguration',
            path: 'AutomaticBackupRetentionDays',
            where: lustreWithBackups,
            absent: 'unset',
          },
          {
            type: 'aws_fsx_windows_file_system',
            path: 'automatic_backup_retention_days',
            where: inNoSelection,
            absent: true,
          },
          {
            type: ['aws_fsx_ontap_file_system', 'aws_fsx_openzfs_file_system'],
            path: 'automatic_backup_retention_days',
            where: inNoSelection,
            absent: 'unset',
          },
          {
            type: 'aws_fsx_lustre_file_system',
            path: 'automatic_backup_retention_days',
            where: lustreWithBackups,
            absent: 'unset',
          },
        ],
        must: atLeast(1),
        absent: undefined,
        fix: set(7),
      },
    ],
  },
];
