/** What is left of a wildcard in Action where its holder is to look, not to change. */

import { actionsOf, matchesPattern } from '../iam/actions.ts';
import type { Item, Statement } from '../iam/document.ts';
import type { ActionInfo } from '../iam/reference.ts';
import type { Fix } from './fix.ts';
import { policyFix, replaceItem } from './policy-edits.ts';

/** More texts than these are no list that a person would write. */
const MOST = 12;
/** Titles name so many. */
const NAMED = 4;

const cache = new Map<string, readonly string[] | undefined>();

/** Verbs of actions that do nothing but look: "Read" is the level of some that start things as well. */
const LOOKS =
  /^(?:Batch)?(?:Get|List|Describe|Head|Search|Query|Scan|Lookup|View|Select|Receive|Check|Filter|Validate|Test|Simulate|Download|ESHttpGet|ESHttpHead|PartiQLSelect)/;

function reads({ accessLevel }: ActionInfo): boolean {
  return accessLevel === 'Read' || accessLevel === 'List';
}

/**
 * The actions of a service that read and list, in as few texts as can be: `s3:Get*` where every action that it matches is
 * one, else the action's own name. Undefined where there are none, or more than a person would write.
 */
function readPatterns(service: string): readonly string[] | undefined {
  if (!cache.has(service)) cache.set(service, patternsOf(service));
  return cache.get(service);
}

function patternsOf(service: string): readonly string[] | undefined {
  const all = actionsOf(service);
  const texts = new Set<string>();
  for (const action of all) {
    const verb = reads(action) ? LOOKS.exec(action.name)?.[0] : undefined;
    if (verb === undefined) continue;
    const pattern = `${service}:${verb}*`;
    const matched = all.filter(({ full }) => matchesPattern(pattern, full));
    texts.add(matched.length > 1 && matched.every(reads) ? pattern : action.full);
  }
  return texts.size > 0 && texts.size <= MOST ? [...texts].sort() : undefined;
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

/** Puts the actions that read and list in the place of a wildcard. */
export function narrowActions(item: Item, statement: Statement): Fix | undefined {
  const service = serviceOf(item, statement);
  const patterns = service && readPatterns(service);
  return patterns ? allowOnly(item, statement, patterns, 'Allow reading only') : undefined;
}

/**
 * Puts named actions in the place of a wildcard.
 * @param what the beginning of the title: `Allow reading only`
 */
export function allowOnly(item: Item, statement: Statement, actions: readonly string[], what: string): Fix | undefined {
  const others = statement.actions.filter((one) => one !== item).map((one) => one.text?.toLowerCase());
  const texts = actions.filter((action) => !others.includes(action.toLowerCase()));
  const shown = actions.slice(0, NAMED).join(', ') + (actions.length > NAMED ? ' and more' : '');
  return policyFix(`${what}: ${shown}`, replaceItem(statement, 'Action', item, texts));
}
