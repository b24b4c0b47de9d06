/** What one action of a statement, as written, grants on everything. */

import { findAction, matchesPattern, matchingActions, supportsResourceLevel } from '../iam/actions.ts';
import type { Item } from '../iam/document.ts';
import {
  CREDENTIALS_EXPOSURE,
  DATA_EXFILTRATION,
  RESOURCE_EXPOSURE,
  type SensitiveAction,
  wildcardResourceExemption,
} from '../iam/escalation.ts';
import type { ActionInfo } from '../iam/reference.ts';
import { levelOf } from './iam-access-levels.ts';
import { ActionIndex } from './iam-action-index.ts';
import type { Concern } from './iam-aliases.ts';

/** Sorted by what it is for; a few of each. */
export interface ItemGrant {
  readonly item: Item;
  /** Concerns by what they rest on. */
  readonly credentials: readonly SensitiveAction[];
  readonly exfiltration: readonly SensitiveAction[];
  readonly permissions: readonly ActionInfo[];
  readonly write: readonly ActionInfo[];
  readonly other: readonly ActionInfo[];
  readonly concerns: ReadonlySet<Concern>;
}

const CREDENTIALS = new ActionIndex(CREDENTIALS_EXPOSURE, (one) => one.action);
const DATA = new ActionIndex(DATA_EXFILTRATION, (one) => one.action);
const SHARING = new ActionIndex(RESOURCE_EXPOSURE, (action) => action);
const LINKS = 'iam:CreateServiceLinkedRole';
/** How many actions of each sort are looked for. */
const ENOUGH = 4;
/** How many actions a message names. */
const NAMED = 3;

/**
 * Sorts what an action pattern grants.
 * @param covers whether an action of the pattern is allowed on everything, and not denied
 */
export function itemGrant(item: Item, covers: (action: string) => boolean): ItemGrant {
  const pattern = item.text ?? '';
  const credentials = CREDENTIALS.matching(pattern).filter(({ action }) => covers(action));
  const exfiltration = DATA.matching(pattern).filter(({ action }) => covers(action));
  const shared = SHARING.matching(pattern).filter(covers);
  const permissions = shared.flatMap((action) => findAction(action) ?? []);
  const sharing = permissions.some((action) => action.accessLevel === 'Write');
  const concerns = new Set<Concern>();
  const write: ActionInfo[] = [];
  const other: ActionInfo[] = [];
  for (const action of matchingActions(pattern)) {
    if (permissions.length >= ENOUGH && write.length >= ENOUGH && other.length >= ENOUGH) break;
    if (
      !supportsResourceLevel(action) ||
      wildcardResourceExemption(action) !== undefined ||
      shared.includes(action.full)
    )
      continue;
    const level = levelOf(action);
    const list = level === 'Permissions management' ? permissions : level === 'Write' ? write : other;
    if (list.length >= ENOUGH || !covers(action.full)) continue;
    list.push(action);
    // Peers go by the reference.
    if (action.accessLevel === 'Permissions management') concerns.add('permissions');
  }
  if (credentials.some((one) => one.peers)) concerns.add('credentials');
  if (exfiltration.some((one) => one.peers)) concerns.add('exfiltration');
  if (permissions.length) concerns.add('permissions');
  if (write.length || sharing) concerns.add('write');
  if (permissions.length || write.length || other.length) concerns.add('resource');
  if (shared.includes('iam:PassRole')) concerns.add('passrole');
  if (credentials.some((one) => one.action === 'sts:AssumeRole')) concerns.add('assumerole');
  if (/^[i*?]/i.test(pattern) && matchesPattern(pattern, LINKS) && covers(LINKS)) concerns.add('linked-role');
  return { item, credentials, exfiltration, permissions, write, other, concerns };
}

/** "a", "a and b", "a, b, c and more". */
export function listed(names: readonly string[]): string {
  const unique = [...new Set(names)];
  if (unique.length <= 1) return unique[0] ?? '';
  if (unique.length > NAMED) return `${unique.slice(0, NAMED).join(', ')} and more`;
  return `${unique.slice(0, -1).join(', ')} and ${unique[unique.length - 1]}`;
}
