/**
 * Ids that conditions compare: of accounts and organizations, and ARNs.
 * Source: IAM user guide, "AWS global condition context keys".
 */

import type { ConditionClause, Item } from '../../iam/document.ts';
import type { Template } from '../../template/template.ts';
import { isNamed, NAME_FOR_ARN, referToArn } from './arns.ts';
import { fixOf, replaceLeaf } from './check.ts';
import { type Judged, keyOfClause, plainValues } from './condition-operators.ts';

const ACCOUNT_KEY = /^(?:aws:(?:source|principal|resource|vpce)account|kms:calleraccount|s3:resourceaccount)$/;
const ORGANIZATION_KEY = /^aws:(?:source|principal|resource|vpce)orgid$/;

/**
 * What a text is, as far as it is certain: AWS's ids, and names in small letters. What has capitals, brackets or
 * underscores may be a placeholder that is filled in before AWS sees it.
 */
function kindOf(text: string): 'account' | 'arn' | 'organization' | 'unit' | 'digits' | 'name' | undefined {
  if (/^\d{12}$/.test(text)) return 'account';
  if (/^[\d-]+$/.test(text)) return 'digits';
  if (text.startsWith('arn:')) return 'arn';
  if (/^o-[a-z0-9]{10,32}$/.test(text)) return 'organization';
  if (/^(?:ou|r)-[a-z0-9-]{4,68}$/.test(text)) return 'unit';
  return /^[a-z0-9][a-z0-9./-]*$/.test(text) ? 'name' : undefined;
}

/** What a key holds, and what it is called; undefined where it is no id. */
function wantedBy(clause: ConditionClause): readonly [kind: string, name: string] | undefined {
  const key = clause.key.toLowerCase();
  if (ACCOUNT_KEY.test(key)) return ['account', 'an account, by its 12 digits'];
  if (ORGANIZATION_KEY.test(key)) return ['organization', 'the id of an organization, such as o-a1b2c3d4e5'];
  return key.endsWith('arn') && keyOfClause(clause)?.type?.endsWith('ARN') ? ['arn', 'an ARN'] : undefined;
}

/** Values of another kind than the key's: no request has them. */
export function checkIds({ clause, report }: Judged, template: Template): void {
  const wanted = wantedBy(clause);
  if (!wanted) return;
  const [kind, name] = wanted;
  for (const item of plainValues(clause)) {
    const { text = '', node, conditions } = item;
    const found = /[*?]/.test(text) ? undefined : kindOf(text);
    // A word may be a placeholder where digits belong.
    if (found === undefined || found === kind || (kind !== 'arn' && found === 'name')) continue;
    report({
      key: 'cond-value-id',
      node,
      conditions,
      message: `${clause.key} holds ${name}, which ${JSON.stringify(text)} is not`,
      fix: () => (kind === 'account' ? changeTo(item, text.replaceAll('-', '')) : undefined),
    });
  }
  if (kind !== 'arn') return;
  for (const item of clause.values) {
    if (!isNamed(item, template)) continue;
    report({
      key: 'cond-value-id',
      node: item.node,
      conditions: item.conditions,
      message: NAME_FOR_ARN.message,
      fix: () => referToArn(item, template),
    });
  }
}

function changeTo(item: Item, account: string) {
  return /^\d{12}$/.test(account) && !item.via.length
    ? fixOf(`Change to ${account}`, replaceLeaf(item.value, account), false)
    : undefined;
}
