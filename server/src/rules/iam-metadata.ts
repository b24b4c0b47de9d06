/**
 * Which reads tell only how a resource is set up. The service authorization reference calls `s3:GetBucketLocation` and
 * `logs:GetLogEvents` both "Read"; only one of them gives away what is stored.
 */

import { matchingActions, supportsResourceLevel } from '../iam/actions.ts';
import { wildcardResourceExemption } from '../iam/escalation.ts';
import type { ActionInfo } from '../iam/reference.ts';
import type { ItemGrant } from './iam-item-grants.ts';

/** Services that store nothing but settings: every read is of metadata. */
const SETTINGS_ONLY: ReadonlySet<string> = new Set(['access-analyzer', 'iam', 'kms', 'organizations']);
const DESCRIBES = /^(?:Describe|List)/;
const GETS_METADATA =
  /^Get\w*(?:Acl|Attributes|Encryption|EventSelectors|Location|Logging|Policy|Status|Tagging|Tags|Versioning)$/;
const S3_METADATA = /^Get(?:Bucket\w+|\w+Configuration)$/;
/** Descriptions that hold secrets, payloads or personal data. */
const DESCRIBES_DATA: ReadonlySet<string> = new Set([
  'cognito-idp:DescribeUserPoolClient',
  'connect:DescribeContact',
  'identitystore:DescribeUser',
  'states:DescribeExecution',
  'storagegateway:DescribeChapCredentials',
  'workdocs:DescribeComments',
  'workdocs:DescribeDocumentVersions',
]);

/** Whether an action of access level Read returns more than settings and state, or may. */
function readsData({ service, name, full, accessLevel }: ActionInfo): boolean {
  if (accessLevel !== 'Read' || SETTINGS_ONLY.has(service)) return false;
  if (DESCRIBES.test(name)) return DESCRIBES_DATA.has(full);
  return !GETS_METADATA.test(name) && !(service === 's3' && S3_METADATA.test(name));
}

/** Whether any read of what is left of an action on everything may return data. A grant holds only a few of a pattern. */
export function grantsDataReads({ item, other }: ItemGrant, covers: (action: string) => boolean): boolean {
  if (other.some(readsData)) return true;
  if (!/[*?]/.test(item.text ?? '')) return false;
  for (const action of matchingActions(item.text ?? '')) {
    if (!readsData(action) || !supportsResourceLevel(action) || wildcardResourceExemption(action) !== undefined)
      continue;
    if (covers(action.full)) return true;
  }
  return false;
}

/** Whether what is left of an action on everything changes tags. */
export function grantsTagging({ item }: ItemGrant, covers: (action: string) => boolean): boolean {
  for (const action of matchingActions(item.text ?? '')) {
    if (action.accessLevel === 'Tagging' && supportsResourceLevel(action) && covers(action.full)) return true;
  }
  return false;
}
