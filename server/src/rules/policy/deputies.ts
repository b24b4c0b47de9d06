/**
 * Services that a resource lets in for whomever they act: the confused deputy. Those of Lambda functions and log resources
 * are told by rules of their own. Sources: IAM user guide, "The confused deputy problem"; Access Analyzer policy check
 * reference.
 */

import type { ConditionClause, PolicyDocument, Statement } from '../../iam/document.ts';
import { principalVerdicts } from '../../iam/public.ts';
import type { Edit } from '../../syntax/edit.ts';
import { sourceAccount } from '../policy-conditions.ts';
import { policyFix } from '../policy-edits.ts';
import { clausePath, type DocumentCheck, hasStatements } from './check.ts';

/** Reported by lambda-permission-no-source and logs-resource-policy-public. */
const ELSEWHERE: ReadonlySet<string | undefined> = new Set(['lambda', 'logs']);
/** Keys that are asked for in place of a source, and hold what the caller sends. */
const WEAK_KEY = /^aws:(?:referer|useragent)$/i;

export const DEPUTY_CHECK: DocumentCheck = (policy, fault) => {
  if (policy.kind !== 'resource' || !hasStatements(policy) || ELSEWHERE.has(policy.service)) return;
  for (const statement of policy.statements) {
    if (statement.effect !== 'Allow' || !statement.principals.some(({ type }) => type === 'Service')) continue;
    for (const { verdict, principal, identity, notNarrowedBy } of principalVerdicts(statement)) {
      if (verdict !== 'SERVICE-UNBOUNDED' || !principal || identity?.form !== 'service') continue;
      const service = identity.name ?? 'The service';
      const weak = statement.conditions.find(({ key }) => WEAK_KEY.test(key));
      if (weak) {
        fault({
          key: 'service-principal-weak-key',
          node: weak.keyNode,
          message: `${weak.key} is whatever the caller of ${service} sends: aws:SourceAccount or aws:SourceArn says for whom it acts`,
          path: clausePath(weak),
          conditions: weak.conditions,
          fix: () => policyFix('Compare aws:SourceAccount instead', rename(weak, statement)),
        });
        // It speaks for all services of the statement.
        break;
      }
      fault({
        key: 'service-principal-no-source',
        node: principal.node,
        message: `${service} may act here on behalf of any AWS account: neither aws:SourceArn nor aws:SourceAccount says for whom`,
        path: `Principal.Service.${identity.name ?? '…'}`,
        conditions: principal.conditions,
        related: notNarrowedBy.map(({ clause, why }) => ({
          node: clause.keyNode,
          message: `${clause.key} does not narrow it: it ${why}`,
        })),
        fix: () => sourceAccount(statement),
      });
    }
  }
};

/** Compares the account in place of a referrer, where what is compared is an account. */
function rename(clause: ConditionClause, statement: Statement): readonly Edit[] | undefined {
  const isAccount = clause.values.length > 0 && clause.values.every(({ text }) => text && /^\d{12}$/.test(text));
  const exact = /^String(?:Equals|Like)$/.test(clause.operatorText);
  if (!isAccount || !exact) return undefined;
  return renameKey(clause, 'aws:SourceAccount', statement.policy);
}

function renameKey(clause: ConditionClause, name: string, policy: PolicyDocument): readonly Edit[] | undefined {
  if (policy.via.length) return undefined;
  if (policy.form === 'data') return [{ kind: 'replace', node: clause.keyNode, data: name }];
  const { entry } = clause.keyNode;
  return entry?.key === clause.keyNode ? [{ kind: 'rename', entry, name }] : undefined;
}
