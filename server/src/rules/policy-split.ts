/** Takes a statement apart whose actions do not work on the same kinds of resources. */

import { expandActionPattern } from '../iam/actions.ts';
import { isOfType, namedBy } from '../iam/arn-reach.ts';
import type { Arn } from '../iam/arns.ts';
import { type Item, isConditional, isKnown, isWildcard, type Statement } from '../iam/document.ts';
import type { ActionResourceType } from '../iam/reference.ts';
import type { Data, Edit } from '../syntax/edit.ts';
import type { Fix } from './fix.ts';
import { isEverything } from './iam-breadth.ts';
import { MOST_TYPES, neededBy } from './policy-action-types.ts';
import { addStatements, copyOf, policyFix, removeItems, replaceItem, type Share } from './policy-edits.ts';
import { arnsFor, joined } from './policy-resources.ts';

/** More statements than these are no help. */
const MOST_STATEMENTS = 6;

/** Actions that go together, and what they are on. */
interface Group {
  readonly items: Item[];
  /** Resources of the statement; none where none of them fits. */
  readonly kept: readonly Item[];
  /** Types to write ARNs for; with none and nothing kept, everything. */
  readonly types: readonly ActionResourceType[];
  /** Actions that are added besides: what a pattern stands for and works on everything only. */
  readonly names: string[];
}

/**
 * Splits a statement into one for each set of resources that its actions work on: ARNs go with the actions that they
 * fit, actions that know no resource type get `*`, actions without a fitting ARN (and all, where the statement is on
 * `*`) ARNs of the template's own resources or with names to fill in. Condition, Effect and principals are copied, the
 * Sid gets a number. Undefined where everything belongs together, or the statement is not written out.
 */
export function splitStatement(statement: Statement): Fix | undefined {
  const { elements, openElements, actions, resources } = statement;
  if (!elements.Action || !elements.Resource || elements.NotAction || elements.NotResource) return undefined;
  if (openElements.has('Action') || openElements.has('Resource') || actions.length < 2) return undefined;
  if (![...actions, ...resources].every((item) => !isConditional(item, statement) && !item.via.length))
    return undefined;
  const wide = resources.find(({ text }) => text !== undefined && isEverything(text));
  if (wide && (resources.length > 1 || statement.effect !== 'Allow')) return undefined;
  const groups = wide ? groupsByType(statement) : groupsByArn(statement);
  // Actions that ARNs limit, and those that none does: `narrowResource` takes these two apart.
  if (wide && groups?.length === 2 && groups.some(({ types }) => !types.length)) return undefined;
  return groups && fixFor(statement, groups, wide ?? resources[0]);
}

/** On `*`: by what has to be named. */
function groupsByType(statement: Statement): readonly Group[] | undefined {
  const groups: Group[] = [];
  const names: string[] = [];
  for (const item of statement.actions) {
    const needed = neededBy(item, statement);
    if (!needed) return undefined;
    const { types } = needed;
    names.push(...needed.unlimited);
    const like = groups.find(
      (group) =>
        types.length > 0 === group.types.length > 0 && (isWithin(types, group) || isWithin(group.types, { types })),
    );
    if (!like) groups.push({ items: [item], kept: [], types, names: [] });
    else if (isWithin(types, like)) like.items.push(item);
    else groups[groups.indexOf(like)] = { ...like, items: [...like.items, item], types };
  }
  if (!names.length) return groups;
  const unlimited = groups.find(({ types }) => !types.length);
  if (unlimited) unlimited.names.push(...names);
  else groups.push({ items: [], kept: [], types: [], names });
  return groups;
}

function isWithin(types: readonly ActionResourceType[], { types: others }: Pick<Group, 'types'>): boolean {
  return types.every((type) => others.some(({ arnPattern }) => arnPattern === type.arnPattern));
}

/** On ARNs: by which of them fit. */
function groupsByArn(statement: Statement): readonly Group[] | undefined {
  const { template } = statement.policy.resource;
  const arns: (readonly [item: Item, arn: Arn])[] = [];
  for (const item of statement.resources) {
    const arn = namedBy(item, template);
    if (!arn) return undefined;
    arns.push([item, arn]);
  }
  const groups = new Map<string, Group>();
  for (const item of statement.actions) {
    if (!isKnown(item) || isWildcard(item)) return undefined;
    const found = expandActionPattern(item.text ?? '');
    if (!found.length) return undefined;
    const reached = new Map(found.flatMap(({ resourceTypes }) => resourceTypes.map((type) => [type.arnPattern, type])));
    const kept = arns
      .filter(([, arn]) => [...reached.values()].some((type) => isOfType(arn, type)))
      .map(([one]) => one);
    let types: readonly ActionResourceType[] = [];
    if (!kept.length && reached.size) {
      // For a Deny, names to fill in would deny nothing.
      const needed = statement.effect === 'Allow' ? neededBy(item, statement) : undefined;
      if (!needed?.types.length) return undefined;
      types = needed.types;
    }
    const key = [
      ...kept.map((one) => arns.findIndex(([other]) => other === one)),
      ...types.map((one) => one.arnPattern),
    ].join();
    const like = groups.get(key);
    if (like) like.items.push(item);
    else groups.set(key, { items: [item], kept, types, names: [] });
  }
  return [...groups.values()];
}

function fixFor(statement: Statement, groups: readonly Group[], place: Item | undefined): Fix | undefined {
  // The statement itself keeps its first action.
  const [first, ...others] = groups;
  if (!first || !others.length || !place || groups.length > MOST_STATEMENTS) return undefined;
  if (groups.some(({ types }) => types.length > MOST_TYPES)) return undefined;
  const names = new Set<string>();
  const written: (readonly Data[])[] = [];
  for (const group of groups) {
    const data = group.kept.length
      ? group.kept.map(({ node }) => copyOf(node))
      : arnsOf(statement, group, place, names);
    if (!data?.every((one) => one !== undefined)) return undefined;
    written.push(data);
  }
  const edits: (readonly Edit[] | undefined)[] = [
    removeItems(
      statement,
      'Action',
      others.flatMap(({ items }) => items),
    ),
    ...keepResources(statement, first, written[0] ?? []),
  ];
  const shares = others.map((group, i): Share => {
    const actions = [...group.items.flatMap(({ text }) => text ?? []), ...group.names];
    return { actions: [...new Set(actions)], resources: written[i + 1] ?? [] };
  });
  edits.push(addStatements(statement, shares));
  if (edits.some((edit) => edit === undefined)) return undefined;
  const put = names.size ? ` (put in ${joined([...names])})` : '';
  return policyFix(
    `Split into ${groups.length} statements, each on what its actions work on${put}`,
    edits.flatMap((edit) => edit ?? []),
  );
}

/** Leaves of the resources what the first group needs. */
function* keepResources(
  statement: Statement,
  { kept }: Group,
  written: readonly Data[],
): Generator<readonly Edit[] | undefined> {
  const [place, ...more] = statement.resources;
  if (kept.length) {
    const gone = statement.resources.filter((item) => !kept.includes(item));
    if (gone.length) yield removeItems(statement, 'Resource', gone);
    return;
  }
  if (!place || (written.length === 1 && written[0] === place.text)) return;
  yield replaceItem(statement, 'Resource', place, written);
  if (more.length) yield removeItems(statement, 'Resource', more);
}

/** ARNs to write for a group. */
function arnsOf(statement: Statement, group: Group, place: Item, names: Set<string>): readonly Data[] | undefined {
  if (!group.types.length) return ['*'];
  const narrowed = arnsFor(statement, group.types, { ...place, text: '*' });
  for (const name of narrowed?.names ?? []) names.add(name);
  return narrowed?.arns;
}
