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
import { type AccessLevel, type ActionInfo, Answers } from '../iam/reference.ts';
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

/** What an action pattern is about, whatever a statement allows of it. */
interface Meaning {
  readonly credentials: readonly SensitiveAction[];
  readonly exfiltration: readonly SensitiveAction[];
  /** Actions that give others access. */
  readonly shared: readonly string[];
  /** The other actions that can be limited to a resource, with what they do there. */
  readonly restrictable: Iterable<Restrictable>;
}

interface Restrictable {
  readonly action: ActionInfo;
  readonly level: AccessLevel;
}

const meanings = new Answers<Meaning>();

function meaningOf(pattern: string): Meaning {
  // A pattern of many services is rare, and its first actions decide.
  if (!/^[^*?:]+:/.test(pattern)) return readMeaning(pattern);
  return meanings.of(pattern, () => {
    const meaning = readMeaning(pattern);
    return { ...meaning, restrictable: [...meaning.restrictable] };
  });
}

function readMeaning(pattern: string): Meaning {
  const shared = SHARING.matching(pattern);
  return {
    credentials: CREDENTIALS.matching(pattern),
    exfiltration: DATA.matching(pattern),
    shared,
    restrictable: restrictableOf(pattern, shared),
  };
}

function* restrictableOf(pattern: string, shared: readonly string[]): Generator<Restrictable> {
  for (const action of matchingActions(pattern)) {
    if (!supportsResourceLevel(action) || wildcardResourceExemption(action) !== undefined) continue;
    if (!shared.includes(action.full)) yield { action, level: levelOf(action) };
  }
}

/**
 * Sorts what an action pattern grants.
 * @param covers whether an action of the pattern is allowed on everything, and not denied
 */
export function itemGrant(item: Item, covers: (action: string) => boolean): ItemGrant {
  const pattern = item.text ?? '';
  const meaning = meaningOf(pattern);
  const credentials = meaning.credentials.filter(({ action }) => covers(action));
  const exfiltration = meaning.exfiltration.filter(({ action }) => covers(action));
  const shared = meaning.shared.filter(covers);
  const permissions = shared.flatMap((action) => findAction(action) ?? []);
  const sharing = permissions.some((action) => action.accessLevel === 'Write');
  const concerns = new Set<Concern>();
  const write: ActionInfo[] = [];
  const other: ActionInfo[] = [];
  for (const { action, level } of meaning.restrictable) {
    if (permissions.length >= ENOUGH && write.length >= ENOUGH && other.length >= ENOUGH) break;
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
