/** What an action, a pattern of actions, or the whole Action or NotAction of a statement means. */

import { isRetired, nearest } from './action-names.ts';
import { expandActionPattern, findAction, serviceExists, serviceTitle } from './actions.ts';
import { byLevel, code, counted, listed, type PolicyPart } from './describe-text.ts';
import { type Item, isConditional, isKnown, isWildcard, type Statement } from './document.ts';
import {
  allowedBy,
  CREDENTIALS_EXPOSURE,
  CREDENTIALS_WITHOUT_RESOURCE,
  credentialsExposure,
  DATA_EXFILTRATION,
  dataExfiltration,
  type EscalationPath,
  escalationPaths,
  escalationPathsWith,
  RESOURCE_EXPOSURE,
} from './escalation.ts';
import { type ActionInfo, type ActionResourceType, reference } from './reference.ts';

/** Resource types whose ARNs are written out. */
const MOST_ARNS = 3;

/** An item of Action or NotAction; undefined where its text is not known. */
export function describeAction(item: Item, statement: Statement): PolicyPart | undefined {
  const { text, node } = item;
  if (!text || !isKnown(item) || !reference()) return undefined;
  const excluded = statement.notActions.includes(item);
  const lines = excluded ? [leftOut(statement)] : [];
  if (/[*?]/.test(text)) return { title: text, lines: [...lines, ...patternLines(text, statement)], node };
  const action = findAction(text);
  if (!action) return { title: text, lines: [...lines, ...unknownLines(text)], node };
  return { title: action.full, lines: [...lines, ...actionLines(action, statement)], node };
}

/** Action or NotAction as a whole: what its items come to together. */
export function describeActions(name: 'Action' | 'NotAction', statement: Statement): PolicyPart | undefined {
  const element = statement.elements[name];
  const items = name === 'Action' ? statement.actions : statement.notActions;
  if (!element || !reference()) return undefined;
  const named = union(items);
  const certain = items.every(isKnown) && !statement.openElements.has(name);
  if (name === 'NotAction') {
    const rest = expandActionPattern('*').filter((action) => !named.has(action));
    const lines = [leftOut(statement)];
    if (certain && rest.length) lines.push(`By access level: ${byLevel(rest)}.`);
    return { title: element.name, lines, node: element.key };
  }
  if (!named.size) return undefined;
  const services = new Set([...named].map((action) => action.service));
  const lines = [
    `${certain ? '' : 'At least '}${counted(named.size, 'action')} of ${inServices([...services])}: ${byLevel(named)}.`,
    ...(isTrust(statement) ? [] : dangerLines(items.filter(isKnown).map((item) => item.text ?? ''))),
  ];
  return { title: element.name, lines, node: element.key };
}

/** The actions that items stand for. */
function union(items: readonly Item[]): ReadonlySet<ActionInfo> {
  return new Set(items.flatMap((item) => (isKnown(item) ? expandActionPattern(item.text ?? '') : [])));
}

/** What NotAction means for the other actions. */
function leftOut(statement: Statement): string {
  const items = statement.notActions;
  const certain =
    items.every((item) => isKnown(item) && !isConditional(item, statement)) && !statement.openElements.has('NotAction');
  const all = expandActionPattern('*').length;
  const rest = all - union(items).size;
  const count = certain ? `all ${counted(rest, 'other action')} of the ${all.toLocaleString('en-US')} known today` : '';
  const verb = statement.effect === 'Deny' ? 'denies' : statement.effect === 'Allow' ? 'allows' : 'speaks of';
  return `NotAction leaves out what it names: the statement ${verb} ${count || 'all other actions'}, and those that AWS adds.`;
}

/** Services by name, or how many. */
export function inServices(prefixes: readonly string[]): string {
  if (prefixes.length > 3) return counted(prefixes.length, 'service');
  return prefixes.map((prefix) => serviceTitle(prefix) ?? prefix).join(', ');
}

function unknownLines(text: string): string[] {
  if (isRetired(text)) return ['AWS has retired this name: it matches nothing.'];
  const colon = text.indexOf(':');
  if (colon < 0) return ['No action: one is written `service:Name`.'];
  const prefix = text.slice(0, colon);
  const near = nearest(text);
  const hint = near.length ? ` Nearest: ${listed(near)}.` : '';
  const title = serviceTitle(prefix);
  return serviceExists(prefix)
    ? [`${title ?? code(prefix)} has no action of this name that is known.${hint}`]
    : [`No service that is known has the prefix ${code(prefix)}.${hint}`];
}

function actionLines(action: ActionInfo, statement: Statement): string[] {
  const title = serviceTitle(action.service);
  const lines = [
    `An action of ${title ?? code(action.service)}, access level ${action.accessLevel}.${isRetired(action.full) ? ' AWS has retired it.' : ''}`,
    ...singleDanger(action.full, statement),
  ];
  lines.push(typeLine(action));
  const own = ownKeys(action);
  lines.push(
    own.length
      ? `Condition keys, besides the global ones: ${listed(own)}.`
      : 'Knows no condition keys but the global ones.',
  );
  return lines;
}

function ownKeys(action: ActionInfo): string[] {
  const { service } = action;
  const own = action.conditionKeys.filter((key) => !key.startsWith('aws:'));
  return own.sort((a, b) => Number(b.startsWith(`${service}:`)) - Number(a.startsWith(`${service}:`)));
}

function typeLine({ resourceTypes }: ActionInfo): string {
  if (!resourceTypes.length) return 'Knows no resource type: it needs the resource `*`.';
  // Access points are another way to the same thing.
  const weight = ({ name, required }: ActionResourceType) => (required ? 0 : name.startsWith('accesspoint') ? 2 : 1);
  const types = [...resourceTypes].sort((a, b) => weight(a) - weight(b));
  const written = types.length <= MOST_ARNS;
  const shown = types.slice(0, written ? MOST_ARNS : 8).map(({ name, required, arnPattern }) => {
    return `${code(name)}${required ? ' (required)' : ''}${written ? ` ${code(arnPattern)}` : ''}`;
  });
  const more = types.length - shown.length;
  return `Resource ${types.length === 1 ? 'type' : 'types'}: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}

/** What makes one action worth more than its access level says. */
function singleDanger(full: string, statement: Statement): string[] {
  if (isTrust(statement)) return [];
  const lines: string[] = [];
  const [path, ...more] = escalationPathsWith(full).sort(byWeight);
  if (path) lines.push(pathLine(path, full, more.length, isFree(statement)));
  const credentials = CREDENTIALS_EXPOSURE.find(({ action }) => action === full);
  if (credentials) lines.push(`Hands out ${oneOf(credentials.exposes)}.`);
  else if (CREDENTIALS_WITHOUT_RESOURCE.includes(full)) lines.push('Hands out credentials.');
  const data = DATA_EXFILTRATION.find(({ action }) => action === full);
  if (data) lines.push(exposure(data.exposes));
  return lines;
}

/** What needs no other action first, then what is done with the services that everyone uses. */
export function byWeight(a: EscalationPath, b: EscalationPath): number {
  const known = ({ id }: EscalationPath) => (/^(?:iam|sts|ec2|lambda)-/.test(id) ? 0 : 1);
  return a.actions.length - b.actions.length || known(a) - known(b);
}

/** A trust policy says who may assume one role: its actions give no more than that. */
function isTrust({ policy }: Statement): boolean {
  return policy.kind === 'trust';
}

/** Whether a statement allows its actions on everything and without a condition. */
function isFree({ effect, resources, conditions, openElements }: Statement): boolean {
  return effect === 'Allow' && resources.some(isWildcard) && !conditions.length && !openElements.has('Condition');
}

function pathLine(path: EscalationPath, full: string, more: number, free: boolean): string {
  const others = path.actions.filter((action) => action.toLowerCase() !== full.toLowerCase());
  const means = others.length ? `together with ${listed(others)}, its holder` : 'its holder';
  const rest = more ? ` ${counted(more, 'more way')} like it ${more === 1 ? 'is' : 'are'} known.` : '';
  const where = free ? 'Can raise privileges' : 'Can raise privileges where no resource or condition limits it';
  return `${where}: ${means} can ${path.title}.${rest}`;
}

/** The tables speak of a grant on everything; one action by itself is about one thing. */
function oneOf(exposes: string): string {
  return exposes.replace(/\b(?:any|every) (?=([a-z]))/g, (_, next: string) => (/[aeio]/.test(next) ? 'an ' : 'a '));
}

function exposure(exposes: string): string {
  const shared = exposes.replace(/, to other accounts$/, '');
  return shared === exposes ? `Reads or copies out ${oneOf(exposes)}.` : `Can open ${oneOf(shared)} to other accounts.`;
}

function patternLines(pattern: string, statement: Statement): string[] {
  const actions = expandActionPattern(pattern);
  if (!actions.length) {
    const retired = isRetired(pattern.replace(/:.*$/, ''));
    if (retired) return ['AWS has retired this service: the pattern matches nothing.'];
    const near = nearest(pattern);
    const hint = near.length ? ` Nearest: ${listed(near)}.` : '';
    return [`Matches no action that is known.${hint}`];
  }
  const services = [...new Set(actions.map((action) => action.service))];
  const lines = [`Matches ${counted(actions.length, 'action')} of ${inServices(services)}: ${byLevel(actions)}.`];
  if (actions.length <= 4) lines.push(`That is ${listed(actions.map(({ full }) => full))}.`);
  if (!isTrust(statement)) lines.push(...dangerLines([pattern]));
  if (services.length === 1) lines.push(...patternTypes(actions));
  return lines;
}

/** The actions of patterns to look at first, by name. */
function dangerLines(patterns: readonly string[]): string[] {
  const lines: string[] = [];
  const said = new Set<string>();
  const say = (what: string, names: readonly string[]) => {
    const fresh = [...new Set(names)].filter((name) => !said.has(name)).sort((a, b) => fame(a) - fame(b));
    for (const name of fresh) said.add(name);
    if (fresh.length) lines.push(`${what}: ${listed(fresh)}.`);
  };
  const allowed = allowedBy(patterns);
  const management = patterns
    .flatMap((pattern) => expandActionPattern(pattern))
    .filter((action) => action.accessLevel === 'Permissions management')
    .sort((a, b) => openness(a) - openness(b))
    .map(({ full }) => full);
  say('Permissions management', management);
  say(
    'Can raise privileges',
    escalationPaths(allowed)
      .sort(byWeight)
      .flatMap((path) => path.actions),
  );
  say(
    'Hands on a role, or opens a resource to others',
    RESOURCE_EXPOSURE.filter((action) => allowed.covers(action)),
  );
  say('Hands out credentials', [
    ...credentialsExposure(allowed).map(({ action }) => action),
    ...CREDENTIALS_WITHOUT_RESOURCE.filter((action) => allowed.covers(action)),
  ]);
  say(
    'Reads or copies out stored data',
    dataExfiltration(allowed).map(({ action }) => action),
  );
  return lines;
}

const FAMOUS: ReadonlySet<string> = new Set(['iam', 'kms', 'lambda', 's3', 'secretsmanager', 'sts']);

/** Services that decide over all others, or that everyone uses, are named first. */
function fame(action: string): number {
  return FAMOUS.has(action.slice(0, action.indexOf(':'))) ? 0 : 1;
}

/** What puts a policy in place comes before what only touches one, and that before the rest. */
function openness({ name }: ActionInfo): number {
  if (!/Polic|Acl|Permission|Grant/.test(name)) return 2;
  return /^(?:Put|Attach|Add|Set|Create)/.test(name) ? 0 : 1;
}

function patternTypes(actions: readonly ActionInfo[]): string[] {
  const counts = new Map<string, number>();
  for (const { resourceTypes } of actions) {
    for (const { name } of resourceTypes) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const types = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  const bare = actions.filter((action) => !action.resourceTypes.length).length;
  const keys = new Set(actions.flatMap(ownKeys));
  const lines: string[] = [];
  if (types.length) {
    const rest = bare === 1 ? '; 1 action knows none and needs `*`' : `; ${bare} actions know none and need \`*\``;
    lines.push(`Resource types: ${listed(types)}${bare ? rest : ''}.`);
  } else lines.push('None of them knows a resource type: they need the resource `*`.');
  if (keys.size) lines.push(`Condition keys of some of them: ${listed([...keys], 4)}.`);
  return lines;
}
