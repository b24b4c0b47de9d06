/** Amazon Athena: how query results are encrypted, and who decides that. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import type { Resource } from '../template/template.ts';
import { set } from './fixes.ts';
import { isPresent, isTrue, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Rule } from './rule.ts';
import { all, has, lacks } from './shared.ts';

const GROUP = 'AWS::Athena::WorkGroup';
const TF_GROUP = 'aws_athena_workgroup';
const DATABASE = 'aws_athena_database';

/** Where the settings of a workgroup are, in either language. */
interface Paths {
  readonly settings: string;
  readonly role: string;
  readonly results: string;
  readonly location: string;
  readonly managed: string;
}

const PATHS: Readonly<Record<string, Paths>> = {
  [GROUP]: {
    settings: 'WorkGroupConfiguration',
    role: 'WorkGroupConfiguration.ExecutionRole',
    results: 'WorkGroupConfiguration.ResultConfiguration',
    location: 'WorkGroupConfiguration.ResultConfiguration.OutputLocation',
    managed: 'WorkGroupConfiguration.ManagedQueryResultsConfiguration',
  },
  [TF_GROUP]: {
    settings: 'configuration',
    role: 'configuration.execution_role',
    results: 'configuration.result_configuration',
    location: 'configuration.result_configuration.output_location',
    managed: 'configuration.managed_query_results_configuration',
  },
};

/** Runs SQL: a workgroup for Spark needs a role, and the setting does not apply to it. Source: Athena API Reference. */
function runsSql(group: Resource): boolean | undefined {
  const paths = PATHS[group.type];
  return paths && all(lacks(group, paths.role), has(group, paths.settings));
}

function isBare(group: Resource): boolean | undefined {
  const paths = PATHS[group.type];
  return paths && lacks(group, paths.settings);
}

/** Results go to a bucket that is named here; those in Athena's own storage are encrypted anyway. */
function namesResults(group: Resource): boolean | undefined {
  const paths = PATHS[group.type];
  return paths && all(has(group, paths.results), lacks(group, paths.managed));
}

/** Enforced without a place for the results, no query would run. */
const enforce: FixMaker = (found) => {
  const paths = PATHS[found.resource.type];
  if (!paths || has(found.resource, paths.location) !== true) return undefined;
  return set(true, { safe: false, note: 'settings of clients no longer count' })(found);
};

const UNENCRYPTED = ['trivy:AVD-AWS-0006'];
const UNENFORCED = ['checkov:CKV_AWS_82', 'trivy:AVD-AWS-0007'];
const KICS_GROUP = 'kics:Athena Workgroup Not Encrypted';
const BUCKET_DEFAULT = { safe: false, note: 'takes the place of the default of the bucket' };

export const ATHENA_RULES: readonly Rule[] = [
  {
    id: 'athena-encryption',
    title: 'Workgroup leaves the encryption of results to its clients',
    category: 'encryption-at-rest',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'S3 encrypts every object by the default of its bucket; whether results use a key of yours, and whether clients may choose otherwise, is your decision.',
    },
    description:
      'Results of queries are copies of data, in a bucket that clients can choose unless the workgroup overrides their settings. Enforce the settings of the workgroup, and say in them how results are encrypted: with `SSE_KMS` reading them takes a permission on the key.',
    aws: awsDefaults('s3-encryption', 'athena-client-settings'),
    aliases: [
      'checkov:CKV_AWS_77',
      'checkov:CKV_AWS_159',
      ...UNENFORCED,
      ...UNENCRYPTED,
      'kics:Athena Database Not Encrypted',
      KICS_GROUP,
    ],
    variants: {
      unenforced: { aliases: UNENFORCED },
      bare: {
        message: 'Workgroup says neither where results go nor how they are encrypted',
        aliases: ['checkov:CKV_AWS_159', ...UNENFORCED, ...UNENCRYPTED, KICS_GROUP],
      },
      results: {
        severity: 'info',
        message: 'Results of queries are encrypted by the default of their bucket alone',
        aliases: ['checkov:CKV_AWS_159', ...UNENCRYPTED, KICS_GROUP],
      },
      database: {
        severity: 'info',
        message: 'Results of statements on the database are encrypted by the default of their bucket alone',
        aliases: ['checkov:CKV_AWS_77', ...UNENCRYPTED, 'kics:Athena Database Not Encrypted'],
      },
    },
    references: [
      aws('Override client-side settings', 'athena/latest/ug/workgroups-settings-override.html'),
      aws(
        'Encrypt Athena query results stored in Amazon S3',
        'athena/latest/ug/encrypting-query-results-stored-in-s3.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: GROUP, path: 'WorkGroupConfiguration.EnforceWorkGroupConfiguration', where: runsSql },
          {
            type: TF_GROUP,
            path: 'configuration.enforce_workgroup_configuration',
            where: runsSql,
            absent: true,
          },
        ],
        must: otherwise(isTrue, 'unenforced'),
        absent: 'unenforced',
        fix: enforce,
      },
      {
        kind: 'property',
        targets: [
          { type: GROUP, path: 'WorkGroupConfiguration', where: isBare },
          { type: TF_GROUP, path: 'configuration', where: isBare },
        ],
        must: () => true,
        absent: 'bare',
      },
      {
        kind: 'property',
        targets: [
          {
            type: GROUP,
            path: 'WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration',
            where: namesResults,
            fix: set({ EncryptionOption: 'SSE_S3' }, BUCKET_DEFAULT),
          },
          {
            type: TF_GROUP,
            path: 'configuration.result_configuration.encryption_configuration',
            where: namesResults,
            fix: set({ encryption_option: 'SSE_S3' }, BUCKET_DEFAULT),
          },
        ],
        must: otherwise(isPresent, 'results'),
        absent: 'results',
      },
      {
        kind: 'property',
        targets: [{ type: DATABASE, path: 'encryption_configuration' }],
        must: otherwise(isPresent, 'database'),
        absent: 'database',
      },
    ],
  },
];
