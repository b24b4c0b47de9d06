/** Fixes of what identity policies allow too broadly: fewer actions where a wildcard is at issue, else fewer resources. */

import type { Item, Statement } from '../iam/document.ts';
import type { Fix } from './fix.ts';
import type { AccessFinding } from './iam-access-findings.ts';
import { escalationsOf } from './iam-escalation-paths.ts';
import { narrowActions } from './policy-actions.ts';
import { nameResources, narrowResource } from './policy-resources.ts';

/** The fix of a finding, where there is one. */
export function accessFix({ rule, variant, statement, item }: AccessFinding): Fix | undefined {
  switch (rule) {
    case 'iam-admin-star':
    case 'iam-not-action':
      return undefined;
    case 'iam-wildcard-action':
    case 'iam-service-wildcard':
    case 'iam-full-iam':
    case 's3-presigned-post-full-access':
      // An agent needs all of its channel.
      return item && variant !== 'agent-channel' ? narrowActions(item, statement) : undefined;
    case 'iam-not-resource':
      return nameResources(statement);
    case 'iam-privilege-escalation':
      return item && narrowPath(item, statement);
    default:
      return narrowResource(statement);
  }
}

/** Limits the action that completes a path; where that cannot be done, the one that all of its paths need besides. */
function narrowPath(item: Item, statement: Statement): Fix | undefined {
  const own = narrowResource(statement);
  if (own) return own;
  const escalation = escalationsOf(statement.policy.resource.template).get(item);
  const [other, ...more] = escalation?.others ?? [];
  if (!other || more.length || !escalation?.paths.every((path) => path.actions.length > 1)) return undefined;
  const holder = statement.policy.statements.find(({ actions }) => actions.includes(other));
  return holder && holder !== statement ? narrowResource(holder) : undefined;
}
