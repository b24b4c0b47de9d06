/** The resource types that actions as written work on. */

import { expandActionPattern, supportsResourceLevel } from '../iam/actions.ts';
import { type Item, isConditional, isKnown, isWildcard, type Statement } from '../iam/document.ts';
import { wildcardResourceExemption } from '../iam/escalation.ts';
import type { ActionInfo, ActionResourceType } from '../iam/reference.ts';
import { itemGrant } from './iam-item-grants.ts';

/** More types than these are no narrowing that a person could fill in. */
export const MOST_TYPES = 4;
/** More actions than these are not written out beside a pattern. */
const MOST_NAMES = 4;

/** The types that patterns over a service are about, whatever else they match. */
const MAIN: Readonly<Record<string, readonly string[]>> = {
  dynamodb: ['table', 'index'],
  lambda: ['function'],
  s3: ['bucket', 'object'],
};

/** What an action as written has to be given. */
export interface Needed {
  /** None: it works on everything only. */
  readonly types: readonly ActionResourceType[];
  /** Actions among those that a pattern stands for that work on everything only. */
  readonly unlimited: readonly string[];
}

/** What an action as written has to be given; undefined where that leaves a choice, or is not known. */
export function neededBy(item: Item, statement: Statement): Needed | undefined {
  if (!isKnown(item) || isConditional(item, statement) || item.via.length || isWildcard(item)) return undefined;
  const actions = expandActionPattern(item.text ?? '');
  const limited = actions.filter(isRestrictable);
  if (!limited.length) {
    const { permissions, credentials, exfiltration } = itemGrant(item, () => true);
    // It is at issue itself, and nothing but its removal would change that.
    return permissions.length || credentials.length || exfiltration.length ? undefined : { types: [], unlimited: [] };
  }
  if (/:\*+$/.test(item.text ?? '')) return undefined;
  const isPattern = /[*?]/.test(item.text ?? '');
  const others = actions.filter((action) => !supportsResourceLevel(action) && looks(action)).map(({ full }) => full);
  const main = isPattern ? mainOf(limited) : undefined;
  if (others.length > MOST_NAMES && !main) return undefined;
  const types = isPattern ? (main ?? mostOf(limited)) : typesOf(limited[0] as ActionInfo);
  return types && { types, unlimited: others.length <= MOST_NAMES ? others : [] };
}

/** The resource types an action has to be given; undefined where it leaves a choice. */
function typesOf(action: ActionInfo): readonly ActionResourceType[] | undefined {
  const required = action.resourceTypes.filter((type) => type.required);
  // Access points are another way to the same bucket.
  const types = required.length ? required : action.resourceTypes.filter(({ name }) => !name.startsWith('accesspoint'));
  return required.length || types.length === 1 ? types : undefined;
}

function isRestrictable(action: ActionInfo): boolean {
  return supportsResourceLevel(action) && wildcardResourceExemption(action) === undefined;
}

/** What a pattern covers besides is kept where it only looks: to change an account as a whole has to be asked for by name. */
function looks({ accessLevel }: ActionInfo): boolean {
  return accessLevel === 'Read' || accessLevel === 'List';
}

/** The main types of a service among those of a pattern's actions. */
function mainOf(actions: readonly ActionInfo[]): readonly ActionResourceType[] | undefined {
  const names = MAIN[actions[0]?.service ?? ''];
  if (!names) return undefined;
  const types = new Map(actions.flatMap((action) => typesOf(action) ?? []).map((type) => [type.name, type]));
  const found = names.flatMap((name) => types.get(name) ?? []);
  return found.length ? found : undefined;
}

/** The few types that most of the actions of a pattern work on. */
function mostOf(actions: readonly ActionInfo[]): readonly ActionResourceType[] | undefined {
  const counts = new Map<string, { type: ActionResourceType; count: number }>();
  for (const action of actions) {
    for (const type of typesOf(action) ?? []) {
      const known = counts.get(type.arnPattern);
      if (known) known.count++;
      else counts.set(type.arnPattern, { type, count: 1 });
    }
  }
  const sorted = [...counts.values()].sort((a, b) => b.count - a.count);
  const picked: ActionResourceType[] = [];
  for (const { type } of sorted.slice(0, MOST_TYPES - 1)) {
    picked.push(type);
    const covered = actions.filter((action) =>
      action.resourceTypes.some(({ arnPattern }) => picked.some((one) => one.arnPattern === arnPattern)),
    );
    if (covered.length >= actions.length * 0.75) return picked;
  }
  return undefined;
}
