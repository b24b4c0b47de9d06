/**
 * What AWS's service authorization reference says about IAM actions: which exist, their access level, and the resource
 * types they can be limited to. Without the reference (see reference.ts) every question has an answer that means "unknown".
 */

import { canonicalWildcards, detached, matchesWildcard, wildcardCovers } from '../syntax/text.ts';
import {
  ACCESS_LEVELS,
  type AccessLevel,
  type ActionInfo,
  Answers,
  decode,
  onDataChange,
  reference,
} from './reference.ts';

// The longest action in existence has under 100 characters: nothing longer can match by intent.
const MAX_PATTERN = 512;
// Bound on the results kept by pattern, counted in actions: some ten times `*`.
const MAX_CACHED_ACTIONS = 200_000;
const MAX_CACHED_PATTERNS = 1_000;

const expansions = new Map<string, readonly ActionInfo[]>();
let cachedActions = 0;
onDataChange(clearExpansions);

/** Whether the prefix (any case) names a service; undefined where the reference is not at hand. */
export function serviceExists(prefix: string): boolean | undefined {
  const packed = reference();
  return packed?.services.has(prefix.toLowerCase());
}

/** All service prefixes, sorted; empty without data. */
export function services(): string[] {
  return [...(reference()?.services.keys() ?? [])];
}

/** What AWS calls a service (any case): `Amazon S3`; undefined where it is not known. */
export function serviceTitle(prefix: string): string | undefined {
  return decode(prefix)?.title || undefined;
}

/** The actions of a service (any case), by name; empty where it does not exist or is unknown. */
export function actionsOf(service: string): readonly ActionInfo[] {
  return decode(service)?.actions ?? [];
}

/** The one action that `service:Name` (any case, no wildcards) names. */
export function findAction(action: string): ActionInfo | undefined {
  const colon = action.indexOf(':');
  if (colon < 0) return undefined;
  return decode(action.slice(0, colon))?.byLowerName.get(action.slice(colon + 1).toLowerCase());
}

/** Whether resource control policies apply to the service (any case); undefined without data. */
export function supportsResourceControlPolicies(service: string): boolean | undefined {
  return reference()?.rcp.has(service.toLowerCase());
}

/**
 * Whether a statement can limit the action to a resource, that is whether it knows a resource type. False where the
 * action is unknown: nobody can be asked to narrow what is not known to be narrowable.
 */
export function supportsResourceLevel(action: ActionInfo | string): boolean {
  const info = typeof action === 'string' ? findAction(action) : action;
  return info !== undefined && info.resourceTypes.length > 0;
}

/**
 * The actions that a pattern as written in Action (`*`, `s3:Get*`, `s3:?etObject`; any case) grants, by service and
 * name. The answer is shared: do not change it. Prefer `matchingActions` where the first few decide.
 */
export function expandActionPattern(pattern: string): readonly ActionInfo[] {
  const key = pattern.toLowerCase();
  const known = expansions.get(key);
  if (known) return known;
  const found = [...eachMatching(key)];
  if (expansions.size >= MAX_CACHED_PATTERNS || cachedActions + found.length > MAX_CACHED_ACTIONS) clearExpansions();
  expansions.set(detached(key), found);
  cachedActions += found.length;
  return found;
}

/**
 * As `expandActionPattern`, but where the pattern is about many services, one action at a time: a service is not even
 * decoded before its turn has come.
 */
export function matchingActions(pattern: string): Iterable<ActionInfo> {
  const colon = pattern.indexOf(':');
  const isOneService = colon > 0 && !hasWildcard(pattern.slice(0, colon));
  return isOneService ? expandActionPattern(pattern) : begunFor(pattern.toLowerCase());
}

/** The answer to a pattern about many services, as far as anybody has asked for it. */
class Begun implements Iterable<ActionInfo> {
  private readonly found: ActionInfo[] = [];
  private readonly rest: Iterator<ActionInfo, void>;

  constructor(pattern: string) {
    this.rest = eachMatching(pattern);
  }

  *[Symbol.iterator](): Generator<ActionInfo, void, undefined> {
    for (let i = 0; ; i++) {
      if (i === this.found.length) {
        const next = this.rest.next();
        if (next.done) return;
        this.found.push(next.value);
      }
      yield this.found[i] as ActionInfo;
    }
  }
}

const begun = new Map<string, Begun>();
/** As many may hold each action there is. */
const MAX_BEGUN = 100;

function begunFor(pattern: string): Begun {
  let answer = begun.get(pattern);
  if (!answer) {
    if (begun.size >= MAX_BEGUN) begun.clear();
    // What is begun holds on to its pattern, too.
    const own = detached(pattern);
    answer = new Begun(own);
    begun.set(own, answer);
  }
  return answer;
}

/** Whether a pattern matches an action that is known. */
export function matchesAnyAction(pattern: string): boolean {
  for (const _ of matchingActions(pattern)) return true;
  return false;
}

function* eachMatching(pattern: string): Generator<ActionInfo, void, undefined> {
  const parts = splitPattern(pattern);
  if (!parts) return;
  const { service, name } = parts;
  for (const prefix of hasWildcard(service) ? services() : [service]) {
    if (!matchesWildcard(service, prefix)) continue;
    const known = decode(prefix);
    if (!known) continue;
    if (name === '*') yield* known.actions;
    else if (hasWildcard(name)) {
      for (const [lower, action] of known.byLowerName) if (matchesWildcard(name, lower)) yield action;
    } else {
      const action = known.byLowerName.get(name);
      if (action) yield action;
    }
  }
}

/**
 * The access levels that a pattern grants, from the least to the most powerful; empty where it matches nothing known.
 */
export function accessLevels(pattern: string): AccessLevel[] {
  const found = new Set<AccessLevel>();
  for (const action of matchingActions(pattern)) {
    found.add(action.accessLevel);
    if (found.size === ACCESS_LEVELS.length) break;
  }
  return ACCESS_LEVELS.filter((level) => found.has(level));
}

/** Whether a pattern as written in Action matches `service:Name`, case aside. Needs no data. */
export function matchesPattern(pattern: string, action: string): boolean {
  const parts = splitPattern(pattern);
  const whole = splitPattern(action);
  if (!parts || !whole || !action.includes(':')) return false;
  return matchesWildcard(parts.service, whole.service) && matchesWildcard(parts.name, whole.name);
}

/**
 * Whether pattern `a` matches everything that pattern `b` matches. Needs no data. True is certain; false may only mean
 * that it is not evident (`s3:?*` against `s3:*t`).
 */
export function patternCovers(a: string, b: string): boolean {
  const outer = splitPattern(a);
  const inner = splitPattern(b);
  if (!outer || !inner) return false;
  return wildcardCovers(outer.service, inner.service) && wildcardCovers(outer.name, inner.name);
}

function clearExpansions(): void {
  expansions.clear();
  begun.clear();
  cachedActions = 0;
}

function hasWildcard(text: string): boolean {
  return text.includes('*') || text.includes('?');
}

interface Halves {
  readonly service: string;
  readonly name: string;
}

const split = new Answers<Halves | undefined>();

/** A pattern's two halves in lower case; `*` alone is both. Undefined where IAM would not read it as an action. */
function splitPattern(pattern: string): Halves | undefined {
  return split.of(pattern, halvesOf);
}

function halvesOf(pattern: string): Halves | undefined {
  if (pattern.length > MAX_PATTERN) return undefined;
  if (pattern === '*') return { service: '*', name: '*' };
  const lower = canonicalWildcards(pattern.toLowerCase());
  const colon = lower.indexOf(':');
  if (colon >= 0) return { service: lower.slice(0, colon), name: lower.slice(colon + 1) };
  return lower === '*' ? { service: '*', name: '*' } : undefined;
}
