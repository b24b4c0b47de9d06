/** Runs checks over the statements of trust policies: those of roles, and documents that can be nothing else. */

import { allows, type Item, type PolicyDocument, type Statement } from '../iam/document.ts';
import { identify } from '../iam/principals.ts';
import type { Node } from '../syntax/node.ts';
import { isStandalone, speaksOf } from './resource-policies.ts';
import type { PolicyCheck, Related, Report } from './rule.ts';
import { hopText } from './shared.ts';

/** What a check says of a statement. */
interface TrustReport extends Pick<Report, 'variant' | 'message' | 'severity' | 'related' | 'fix' | 'aliases'> {
  readonly node: Node;
  /** The element it is about, for fingerprints. */
  readonly element: string;
  /** The item at the node: conditions and hops are taken from it. */
  readonly item?: Item;
}

export type ReportTrust = (report: TrustReport) => void;

/**
 * A trust policy: by where it is used, else by what it says (a data source or file with `sts` actions only, or with identity
 * providers as principals, which count nowhere else).
 */
function isTrust(policy: PolicyDocument): boolean {
  if (policy.kind === 'trust') return true;
  return isStandalone(policy) && (speaksOf(policy, ['sts']) || trustsProvidersOnly(policy));
}

function trustsProvidersOnly(policy: PolicyDocument): boolean {
  const principals = policy.statements.flatMap((statement) => statement.principals);
  const federated = principals.every((principal) => ['saml', 'oidc'].includes(identify(principal, policy).form));
  return principals.length > 0 && federated && policy.statements.every((statement) => !statement.actions.length);
}

/** A check of each statement that certainly allows, in every trust policy. */
export function checkTrust(judge: (statement: Statement, report: ReportTrust) => void): PolicyCheck {
  return {
    kind: 'policy',
    check: (policy, reporter) => {
      if (!isTrust(policy)) return;
      for (const statement of policy.statements) {
        if (!allows(statement)) continue;
        judge(statement, ({ element, item, ...report }) =>
          reporter.report({
            ...report,
            resource: policy.resource,
            conditions: item?.conditions ?? statement.templateConditions,
            related: [...(item ? hops(item) : []), ...(report.related ?? []), ...users(policy)],
            path: [policy.site, 'Statement', String(statement.index), element].filter(Boolean).join('.'),
          }),
        );
      }
    },
  };
}

function hops(item: Item): Related[] {
  return item.via.map((via) => ({
    node: via.node,
    message: hopText(via),
  }));
}

/** Roles that put a document to use, where it is defined apart. */
function users(policy: PolicyDocument): Related[] {
  return policy.consumers
    .filter((consumer) => consumer.resource !== policy.resource)
    .map(({ resource }) => ({ node: resource.key, message: `Trust policy of ${resource.address}`, resource }));
}
