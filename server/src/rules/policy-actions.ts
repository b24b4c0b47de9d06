/** What to write in the place of a wildcard in Action: the actions that it stands for, by what they do. */

import { actionsOf, expandActionPattern, patternCovers } from '../iam/actions.ts';
import { isWorkedOn, namedBy } from '../iam/arn-reach.ts';
import { type Item, isConditional, isKnown, type PolicyDocument, type Statement } from '../iam/document.ts';
import type { ActionInfo } from '../iam/reference.ts';
import type { Fix } from './fix.ts';
import { everythingItem } from './iam-breadth.ts';
import { CONTROL } from './iam-services.ts';
import { policyFix, removeItems, replaceItem } from './policy-edits.ts';

/** More patterns and names than these are no list that a person would write. */
const MOST_TEXTS = 20;
/** More names than these are not spelled out. */
const MOST_NAMES = 60;
/** Titles name so many. */
const NAMED = 4;

/** Verbs of actions that do nothing but look: "Read" is the level of some that start things as well. */
const LOOKS =
  /^(?:Batch)?(?:Get|List|Describe|Head|Search|Query|Scan|Lookup|View|Select|Receive|Check|Filter|Validate|Test|Simulate|Download|ESHttpGet|ESHttpHead|PartiQLSelect)/;

/** Characters that IAM takes in a policy, white space aside. Source: IAM user guide, "IAM and AWS STS quotas". */
const QUOTAS: readonly (readonly [type: RegExp, characters: number])[] = [
  [/^(AWS::IAM::User|aws_iam_user)/, 2_048],
  [/^(AWS::IAM::Group|aws_iam_group)/, 5_120],
  [/^(AWS::IAM::Role|aws_iam_role)/, 10_240],
];
const MANAGED_POLICY_QUOTA = 6_144;

function reads({ accessLevel }: ActionInfo): boolean {
  return accessLevel === 'Read' || accessLevel === 'List';
}

const looks = (action: ActionInfo): boolean => reads(action) && LOOKS.test(action.name);
const isNoPermission = ({ accessLevel }: ActionInfo): boolean => accessLevel !== 'Permissions management';

/**
 * The chosen ones among the actions of a service in as few texts as can be: `s3:Get*` where all that the pattern matches
 * is wanted, else `s3:GetObject*`, else the action's own name. Undefined where there are none, or too many.
 * @param actions those that matter here
 * @param wanted also asked of actions that do not matter
 */
function textsOf(
  service: string,
  actions: readonly ActionInfo[],
  wanted: (action: ActionInfo) => boolean,
): readonly string[] | undefined {
  const all = actionsOf(service);
  const names = actions.filter(wanted).map(({ name }) => name);
  const texts = new Set<string>();
  let covered: string | undefined;
  for (const name of names) {
    if (covered !== undefined && name.startsWith(covered)) continue;
    covered = prefixesOf(name).find((prefix) => {
      if (names.filter((other) => other.startsWith(prefix)).length < 2) return false;
      return all.every((other) => !other.name.toLowerCase().startsWith(prefix.toLowerCase()) || wanted(other));
    });
    texts.add(covered === undefined ? `${service}:${name}` : `${service}:${covered}*`);
    if (texts.size > MOST_TEXTS) return undefined;
  }
  return texts.size ? [...texts].sort() : undefined;
}

/** `GetObjectAcl`: Get, GetObject, GetObjectAcl. */
function prefixesOf(name: string): readonly string[] {
  const found: string[] = [];
  for (let i = 1; i < name.length; i++) {
    const [before = '', at = ''] = [name[i - 1], name[i]];
    if (/[a-z0-9]/.test(before) && /[A-Z]/.test(at)) found.push(name.slice(0, i));
  }
  return [...found, name];
}

/** The one service that a wildcard is about: its own, or for `*` that of every resource of the statement. */
function serviceOf(item: Item, statement: Statement): string | undefined {
  const text = item.text?.toLowerCase() ?? '';
  const colon = text.indexOf(':');
  if (colon > 0 && !/[*?]/.test(text.slice(0, colon))) return text.slice(0, colon);
  if (!/^\*+(?::\*+)?$/.test(text) || !statement.resources.length || statement.openElements.has('Resource')) {
    return undefined;
  }
  const services = new Set(
    statement.resources.map((one) => (one.text?.startsWith('arn:') ? one.text.split(':')[2] : '')),
  );
  const [service] = services;
  return services.size === 1 && service && /^[a-z0-9-]+$/.test(service) ? service : undefined;
}

/** Those actions that can be used on what the statement names; all where that is not known. */
function usable(actions: readonly ActionInfo[], statement: Statement): readonly ActionInfo[] {
  if (!statement.resources.length || statement.openElements.has('Resource') || everythingItem(statement))
    return actions;
  const { template } = statement.policy.resource;
  const arns = statement.resources.map((item) => namedBy(item, template));
  if (arns.includes(undefined)) return actions;
  return actions.filter((action) => arns.some((arn) => arn && isWorkedOn(arn, action)));
}

/**
 * What can take the place of a wildcard that stands for a whole service, the narrowest first: reading; all but deciding
 * who may do what; and all of it by name, which takes nothing away but what AWS adds later.
 */
export function narrowActions(item: Item, statement: Statement): readonly Fix[] {
  const service = serviceOf(item, statement);
  if (service === undefined) return [];
  const actions = usable(actionsOf(service), statement);
  const choices: (Fix | undefined)[] = [];
  const reading = textsOf(service, actions, looks);
  if (reading) choices.push(allowOnly(item, statement, reading, 'Allow reading only (List, Read)'));
  // In these services changing anything is deciding who may do what.
  const some = !CONTROL.has(service) && actions.some((action) => !isNoPermission(action));
  const changing = some ? textsOf(service, actions, isNoPermission) : undefined;
  if (changing) {
    choices.push(
      allowOnly(item, statement, changing, 'Allow all but permissions management (List, Read, Write, Tagging)'),
    );
  }
  if (actions.length > 1 && actions.length <= MOST_NAMES) {
    const names = actions.map(({ full }) => full);
    choices.push(allowOnly(item, statement, names, `Spell out all ${names.length} actions that can be used here`));
  }
  return choices.filter((fix) => fix !== undefined);
}

/** Puts in the place of a pattern the actions that it stands for, less some. */
export function leaveOut(item: Item, statement: Statement, out: ReadonlySet<string>): Fix | undefined {
  const service = serviceOf(item, statement);
  const { text = '' } = item;
  if (service === undefined || !/[*?]/.test(text) || text.toLowerCase() === `${service}:*`) return undefined;
  const matched = new Set(expandActionPattern(text));
  const left = textsOf(
    service,
    usable([...matched], statement),
    (action) => matched.has(action) && !out.has(action.full),
  );
  return left && allowOnly(item, statement, left, `Leave out ${brief([...out])}`);
}

/** "a, b and more". */
function brief(names: readonly string[]): string {
  return names.slice(0, NAMED).join(', ') + (names.length > NAMED ? ' and more' : '');
}

/**
 * Puts named actions in the place of a wildcard. Undefined where the policy would be larger than IAM takes.
 * @param what the beginning of the title: `Allow reading only`
 */
export function allowOnly(item: Item, statement: Statement, actions: readonly string[], what: string): Fix | undefined {
  const others = statement.actions.filter((one) => one !== item && isKnown(one) && !isConditional(one, statement));
  const covers = (outer: string, inner: string | undefined) => inner !== undefined && patternCovers(outer, inner);
  const texts = actions.filter((action) => !others.some(({ text = '' }) => covers(text, action)));
  if (texts.join('","').length > roomIn(statement.policy)) return undefined;
  const replaced = replaceItem(statement, 'Action', item, texts);
  // What a new pattern says as well.
  const repeated = others.filter(({ text }) => texts.some((one) => covers(one, text)));
  const removed = repeated.length ? removeItems(statement, 'Action', repeated) : [];
  return replaced && policyFix(`${what}: ${brief(actions)}`, [...replaced, ...(removed ?? [])]);
}

/** How many characters a policy may grow by. */
function roomIn({ resource, statements }: PolicyDocument): number {
  const quota = QUOTAS.find(([type]) => type.test(resource.type))?.[1] ?? MANAGED_POLICY_QUOTA;
  let used = 0;
  for (const { node } of statements) {
    used += node.document.text.slice(node.start, node.end).replace(/\s+/g, '').length;
  }
  return quota - used;
}
