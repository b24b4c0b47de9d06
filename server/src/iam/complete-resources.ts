/** Completions of resources: skeletons of the ARNs that the statement's actions work on. */

import { expandActionPattern } from './actions.ts';
import { type Completion, partsOf, textItem } from './complete-item.ts';
import { type OwnResource, ownArns } from './complete-own.ts';
import type { Place } from './complete-position.ts';
import { canTag, EXAMPLE_ACCOUNT } from './complete-principals.ts';
import { type Spot, textsOf } from './complete-spot.ts';

/** Actions of a statement that are looked at, and skeletons that are offered. */
const MAX_ACTIONS = 2000;
const MAX_ITEMS = 100;

interface Counted {
  count: number;
  /** How many of the actions need a resource of the type. */
  required: number;
  name: string;
}

/** Stands for how much a pattern leaves to fill in. */
function stops(pattern: string): number {
  return pattern.split('${').length;
}

/** Completions for Resource; `own` are the template's resources, which come first. */
export function resourceItems(spot: Spot, place: Place, own: readonly OwnResource[]): Completion[] {
  const patterns = new Map<string, Counted>();
  const bare: string[] = [];
  let actions = 0;
  for (const pattern of textsOf(spot.statement, 'Action', 'NotAction', 'actions', 'not_actions')) {
    if (/^\*/.test(pattern)) continue;
    for (const action of expandActionPattern(pattern)) {
      if (++actions > MAX_ACTIONS) break;
      if (!action.resourceTypes.length) bare.push(action.full);
      for (const type of action.resourceTypes) {
        const known = patterns.get(type.arnPattern) ?? { count: 0, required: 0, name: type.name };
        known.count++;
        if (type.required) known.required++;
        patterns.set(type.arnPattern, known);
      }
    }
  }
  const items: Completion[] = [];
  const sorted = [...patterns]
    .sort(([a, x], [b, y]) => y.required - x.required || y.count - x.count || stops(a) - stops(b))
    .slice(0, MAX_ITEMS);
  sorted.forEach(([pattern, { count, name }], i) => {
    const share = actions > 1 ? `${name} · ${count} of ${actions} actions` : name;
    const service = pattern.split(':')[2] ?? '';
    items.push(
      ...ownArns(own, [service, name], { spot, place, detail: `${share} · of this template`, rank: 1 + i / 100 }),
    );
    items.push(skeleton(pattern, share, 11 + 2 * i, place.substitutes, false));
    if (canTag(spot, place) && i < 10 && /\$\{(?:Region|Account)\}/.test(pattern)) {
      items.push(skeleton(pattern, `${share} · own account`, 10 + 2 * i, false, true));
    }
  });
  const only = bare.length > 0 && patterns.size === 0;
  const isKey = spot.service === 'kms' && spot.kind === 'resource';
  const why = isKey
    ? 'The key that the policy is on'
    : bare.length
      ? `Needed by ${bare.slice(0, 2).join(', ')}${bare.length > 2 ? ` and ${bare.length - 2} more` : ''}`
      : 'Every resource';
  const rank = only || isKey ? 0 : 800;
  items.push(textItem('*', 'resource', rank, { detail: why, listed: true }));
  if (!patterns.size && !only) {
    items.push(
      skeleton('arn:${Partition}:${service}:${Region}:${Account}:${resource}', 'An ARN', 10, place.substitutes, false),
    );
  }
  return items.filter((item) => !spot.items.includes(item.label));
}

/** An ARN pattern with stops for what is to be filled in; partition, region and account by pseudo parameters where they work. */
function skeleton(pattern: string, detail: string, rank: number, substitutes: boolean, tagged: boolean): Completion {
  const pseudo = substitutes || tagged;
  const known = pattern.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => {
    if (pseudo) return PSEUDO[name] ?? whole;
    if (name === 'Partition') return 'aws';
    if (name === 'Region') return '${region}';
    return name === 'Account' ? `\${${EXAMPLE_ACCOUNT}}` : whole;
  });
  const parts = partsOf(known).map((part) =>
    typeof part !== 'string' && part.stop.startsWith('AWS::') ? `\${${part.stop}}` : part,
  );
  const label = parts
    .map((part) => (typeof part === 'string' ? part : part.stop === EXAMPLE_ACCOUNT ? '<account>' : `<${part.stop}>`))
    .join('');
  return {
    label: tagged ? `!Sub ${label}` : label,
    kind: 'resource',
    detail,
    rank,
    insertion: { parts: tagged ? ['!Sub ', ...parts] : parts, listed: true, raw: tagged },
  };
}

const PSEUDO: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  Partition: '${AWS::Partition}',
  Region: '${AWS::Region}',
  Account: '${AWS::AccountId}',
});
