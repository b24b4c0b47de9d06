/** AWS Backup and S3 Glacier vaults: who may use a vault, what keeps its contents from being deleted, and what is backed up. */

import { policiesOn } from '../iam/sites.ts';
import { declareCompanions } from '../template/companions.ts';
import type { Resource } from '../template/template.ts';
import { inNoSelection } from './backup-selections.ts';
import { selectPath } from './engine.ts';
import { addTerraformResource, nameOf, set, terraformReference } from './fixes.ts';
import { isPresent } from './predicates.ts';
import { aws } from './references.ts';
import { publicPolicyRule } from './resource-policies.ts';
import type { Check, FixMaker, ResourceCheck, Rule } from './rule.ts';
import { any, lacks, not } from './shared.ts';

declareCompanions('aws_backup_vault', { aws_backup_vault_lock_configuration: 'backup_vault_name' });

const VAULT_LOCK = aws('AWS Backup Vault Lock', 'aws-backup/latest/devguide/vault-lock.html');
const MIN_DAYS = 7;

const lock: FixMaker = (found) => {
  const note = `backups are kept for ${MIN_DAYS} days at least; jobs that ask for less fail`;
  if (found.resource.type !== 'aws_backup_vault') {
    return set({ MinRetentionDays: MIN_DAYS }, { title: 'Lock the vault', note, safe: false })(found);
  }
  const edits = addTerraformResource(found.resource, 'aws_backup_vault_lock_configuration', nameOf(found.resource), {
    backup_vault_name: terraformReference(found.resource, 'name'),
    min_retention_days: MIN_DAYS,
  });
  return edits && { title: `Lock the vault (${note})`, safe: false, edits };
};

/** Resources with data, and the peers' ids that speak of them. */
const COVERED: Readonly<Record<string, { readonly types: readonly string[]; readonly aliases: readonly string[] }>> = {
  cluster: {
    types: ['AWS::RDS::DBCluster', 'aws_rds_cluster'],
    aliases: ['checkov:CKV2_AWS_8', 'cdk-nag:RDSInBackupPlan'],
  },
  database: { types: ['AWS::RDS::DBInstance', 'aws_db_instance'], aliases: ['cdk-nag:RDSInBackupPlan'] },
  volume: {
    types: ['AWS::EC2::Volume', 'aws_ebs_volume'],
    aliases: ['checkov:CKV2_AWS_9', 'cdk-nag:EC2EBSInBackupPlan'],
  },
  table: {
    types: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable', 'aws_dynamodb_table'],
    aliases: ['cdk-nag:DynamoDBInBackupPlan'],
  },
  'file-system': { types: ['AWS::EFS::FileSystem', 'aws_efs_file_system'], aliases: [] },
};

/**
 * Whether its own service or its cluster backs a resource up: members of an Aurora cluster go with the cluster, and a file system's
 * own automatic backups are made by AWS Backup.
 */
function isBackedUp(resource: Resource): boolean | undefined {
  const { type } = resource;
  if (type === 'AWS::RDS::DBInstance') return not(lacks(resource, 'DBClusterIdentifier'));
  const status =
    type === 'AWS::EFS::FileSystem'
      ? 'BackupPolicy.Status'
      : type === 'aws_efs_file_system'
        ? '@aws_efs_backup_policy.backup_policy.status'
        : undefined;
  if (status === undefined) return false;
  return any(
    ...selectPath(resource, status).map(({ value }) =>
      value.kind === 'absent' ? false : value.kind === 'known' ? value.value === 'ENABLED' : undefined,
    ),
  );
}

// ---- S3 Glacier, which CloudFormation has no resources for

const GLACIER = publicPolicyRule({
  id: 'glacier-vault-policy-public',
  thing: 'vault',
  service: 'glacier',
  severities: { write: 'high', read: 'high' },
  aliases: ['checkov:CKV_AWS_167', 'checkov:CKV_AWS_283'],
  references: [aws('Vault Access Policies', 'amazonglacier/latest/dev/vault-access-policy.html')],
});

/** The check of policies, on those that vaults carry. */
function onVaults(check: Check): Check {
  if (check.kind !== 'policy') return check;
  return {
    kind: 'resource',
    types: ['aws_glacier_vault', 'aws_glacier_vault_lock'],
    check: (vault, reporter) => {
      for (const policy of policiesOn(vault)) check.check(policy, reporter);
    },
  };
}

export const BACKUP_RULES: readonly Rule[] = [
  publicPolicyRule({
    id: 'backup-vault-policy-public',
    thing: 'backup vault',
    service: 'backup',
    standalone: true,
    severities: { write: 'high', read: 'high' },
    aliases: ['checkov:CKV_AWS_283'],
    references: [aws('Vault access policies', 'aws-backup/latest/devguide/create-a-vault-access-policy.html')],
  }),
  { ...GLACIER, checks: GLACIER.checks.map(onVaults) },
  {
    id: 'backup-vault-lock',
    title: 'Backup vault is not locked',
    category: 'backup-resilience',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS keeps backups until someone who may delete them does; taking that away, even from administrators, is your choice.',
    },
    description:
      'Whoever takes over an administrator can delete the backups before anything else. A vault lock refuses that until the minimum retention is over: in governance mode some roles may lift it, in compliance mode nobody can.',
    aliases: [],
    references: [VAULT_LOCK],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::Backup::BackupVault', path: 'LockConfiguration' },
          { type: 'aws_backup_vault', path: '@aws_backup_vault_lock_configuration.backup_vault_name' },
        ],
        must: isPresent,
        absent: false,
        fix: lock,
      },
    ],
  },
  {
    id: 'backup-plan-coverage',
    title: 'No backup plan of the template covers this resource',
    category: 'backup-resilience',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS Backup backs up what a selection names, by ARN or by tag; what has to be in one is your decision.',
    },
    description:
      'Nothing here makes AWS Backup take copies of this resource that outlive it. Name it in a backup selection, or give it a tag that one selects. A plan that lives elsewhere, in the organization for instance, is not seen.',
    aliases: [...new Set(Object.values(COVERED).flatMap((one) => one.aliases))],
    variants: Object.fromEntries(Object.entries(COVERED).map(([name, { aliases }]) => [name, { aliases }])),
    references: [aws('Assigning resources to a backup plan', 'aws-backup/latest/devguide/assigning-resources.html')],
    checks: Object.entries(COVERED).map(
      ([variant, { types }]): ResourceCheck => ({
        kind: 'resource',
        types,
        check: (resource, reporter) => {
          if (isBackedUp(resource) === false && inNoSelection(resource) === true)
            reporter.report({ node: resource.key, resource, variant });
        },
      }),
    ),
  },
];
