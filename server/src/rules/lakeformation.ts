/** AWS Lake Formation: who governs new databases and tables. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import type { Node } from '../syntax/node.ts';
import { noneOf } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Rule, Target } from './rule.ts';

const SETTINGS = 'AWS::LakeFormation::DataLakeSettings';
const TF_SETTINGS = 'aws_lakeformation_data_lake_settings';

/** Takes the grant out: the item of the list, or the block that stands alone. */
const removeGrant: FixMaker = (found) => {
  const at = found.path.split('.')[0] ?? '';
  const list = found.resource.properties.get(at)?.key.entry;
  if (!list || found.via.length || found.conditions.length > found.resource.conditions.length) return undefined;
  const title = `Remove the grant from ${at} (who uses new databases and tables needs Lake Formation permissions)`;
  if (list.value.kind !== 'array') return { title, safe: false, edits: [{ kind: 'remove', entry: list }] };
  let item: Node | undefined = found.node;
  while (item && item.parent !== list.value) item = item.parent;
  if (!item) return undefined;
  const isOnly = list.value.items.length === 1;
  return {
    title,
    safe: false,
    edits: [isOnly ? { kind: 'replace', node: list.value, data: [] } : { kind: 'removeItem', node: item }],
  };
};

function targets(...kinds: readonly string[]): Target[] {
  return kinds.flatMap((kind) => [
    { type: SETTINGS, path: `Create${kind}DefaultPermissions[].Principal.DataLakePrincipalIdentifier` },
    { type: TF_SETTINGS, path: `create_${kind.toLowerCase()}_default_permissions[].principal` },
  ]);
}

export const LAKE_FORMATION_RULES: readonly Rule[] = [
  {
    id: 'lakeformation-iam-allowed-principals',
    title: 'New databases and tables are left to IAM alone',
    category: 'iam',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'Lake Formation lets IAM alone decide until its settings say otherwise; these settings keep it so, and that choice is yours.',
    },
    description:
      'The group IAMAllowedPrincipals gets every permission on each new database or table, so that Lake Formation permissions on it, on columns and rows too, restrict nobody whom IAM lets in. Leave the list empty, and grant permissions in Lake Formation.',
    aws: awsDefaults('lakeformation-defaults'),
    aliases: [],
    references: [
      aws('Changing the default settings for your data lake', 'lake-formation/latest/dg/change-settings.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: targets('Database', 'Table'),
        must: noneOf('IAM_ALLOWED_PRINCIPALS'),
        absent: true,
        fix: removeGrant,
      },
    ],
  },
];
