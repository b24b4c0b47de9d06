/** Fixes of what identity policies allow too broadly: fewer actions where a wildcard is at issue, else fewer resources. */

import type { Item, Statement } from '../iam/document.ts';
import { CREDENTIALS_EXPOSURE, DATA_EXFILTRATION } from '../iam/escalation.ts';
import type { Fix } from './fix.ts';
import type { AccessFinding } from './iam-access-statement.ts';
import { escalationsIn } from './iam-escalation-paths.ts';
import { leaveOut, narrowActions } from './policy-actions.ts';
import { linkedToService, passedToService, taggedOnly } from './policy-conditions.ts';
import { nameResources, narrowResource } from './policy-resources.ts';
import { splitStatement } from './policy-split.ts';

const CREDENTIALS: ReadonlySet<string> = new Set(CREDENTIALS_EXPOSURE.map(({ action }) => action));
const DATA: ReadonlySet<string> = new Set(DATA_EXFILTRATION.map(({ action }) => action));

/** The fixes of a finding, the preferred one first. */
export function accessFixes(finding: AccessFinding): readonly Fix[] {
  return fixesOf(finding).filter((fix) => fix !== undefined);
}

function fixesOf({ rule, variant, statement, item, related }: AccessFinding): readonly (Fix | undefined)[] {
  switch (rule) {
    case 'iam-admin-star':
    case 'iam-not-action':
      return [];
    case 'iam-wildcard-action':
    case 'iam-service-wildcard':
    case 'iam-full-iam':
    case 's3-presigned-post-full-access':
      // An agent needs all of its channel.
      return item && variant !== 'agent-channel' ? narrowActions(item, statement) : [];
    case 'iam-not-resource':
      return [nameResources(statement)];
    case 'iam-privilege-escalation':
      return item ? [narrowPath(item, statement)] : [];
    case 'iam-passrole-star':
      return [
        narrowResource(statement),
        splitStatement(statement),
        variant === undefined ? passedToService(statement) : undefined,
      ];
    case 'iam-create-service-linked-role-star':
      // The service is what matters; an ARN with its name would say the same in another place.
      return [linkedToService(statement), narrowResource(statement)];
    case 'iam-credentials-exposure':
    case 'iam-data-exfiltration': {
      const out = rule === 'iam-data-exfiltration' ? DATA : CREDENTIALS;
      // Another action that hands out the same would stay.
      const other = item && !related.length ? leaveOut(item, statement, out) : undefined;
      return [narrowResource(statement), splitStatement(statement), other];
    }
    case 'iam-write-without-constraint':
      return [narrowResource(statement), splitStatement(statement), taggedOnly(statement)];
    default:
      return [narrowResource(statement), splitStatement(statement)];
  }
}

/** Limits the action that completes a path; where that cannot be done, the one that all of its paths need besides. */
function narrowPath(item: Item, statement: Statement): Fix | undefined {
  const own = narrowResource(statement);
  if (own) return own;
  const escalation = escalationsIn(statement.policy).get(item);
  const [other, ...more] = escalation?.others ?? [];
  if (!other || more.length || !escalation?.paths.every((path) => path.actions.length > 1)) return undefined;
  const holder = statement.policy.statements.find(({ actions }) => actions.includes(other));
  return holder && holder !== statement ? narrowResource(holder) : undefined;
}
