/**
 * What AWS's service authorization reference says about IAM actions: which exist, their access level, the resource
 * types they can be limited to and the condition keys they know.
 *
 * The reference is packed by scripts/iam-data.mjs and is not part of the bundle: an entry point (Node, browser worker,
 * test) says how to get it with `setActionDataSource`. It is loaded on the first question and decoded one service at a
 * time. Without it every question has an answer that means "unknown", never an exception.
 */

import retiredNames from '../data/retired-iam-names.json';
import { canonicalWildcards, editDistance, matchesWildcard, wildcardCovers } from '../syntax/text.ts';

export type AccessLevel = 'Read' | 'List' | 'Write' | 'Permissions management' | 'Tagging';

/** All access levels, from the least to the most powerful. */
export const ACCESS_LEVELS: readonly AccessLevel[] = ['List', 'Read', 'Tagging', 'Write', 'Permissions management'];

/** A resource type that an action can be limited to. */
export interface ActionResourceType {
  readonly name: string;
  /** A call names a resource of this type in any case. */
  readonly required: boolean;
  /** As in `arn:${Partition}:s3:::${BucketName}`. */
  readonly arnPattern: string;
}

export interface ActionInfo {
  /** The prefix: `s3`. */
  readonly service: string;
  /** `GetObject`. */
  readonly name: string;
  /** `s3:GetObject`. */
  readonly full: string;
  readonly accessLevel: AccessLevel;
  /** Empty: the action works on `*` only. */
  readonly resourceTypes: readonly ActionResourceType[];
  /** Keys of the action and of its resource types; global keys only where the service names them. */
  readonly conditionKeys: readonly string[];
}

export type ConditionKeyType =
  | 'String'
  | 'ArrayOfString'
  | 'ARN'
  | 'ArrayOfARN'
  | 'Bool'
  | 'ArrayOfBool'
  | 'Numeric'
  | 'Date'
  | 'IPAddress';

export interface ConditionKey {
  /** Templated where the user chooses a part: `aws:RequestTag/${TagKey}`. */
  readonly name: string;
  readonly type: ConditionKeyType | undefined;
}

interface Packed {
  readonly services: Readonly<Record<string, unknown>>;
  readonly rcp: ReadonlySet<string>;
  readonly decoded: Map<string, Service>;
}

/** The unpacked part of a service; what a question does not need stays packed. */
class Service {
  readonly actions: readonly ActionInfo[];
  private readonly sections: readonly string[];
  private names: ReadonlyMap<string, ActionInfo> | undefined;
  private keys: readonly ConditionKey[] | undefined;
  private types: readonly { name: string; arnPattern: string }[] | undefined;
  private packedResourceSets: readonly string[] | undefined;
  private packedConditionSets: readonly string[] | undefined;
  private readonly resourceSets: (readonly ActionResourceType[])[] = [];
  private readonly conditionSets: (readonly string[])[] = [];

  /** Takes a packed service; the layout is described in scripts/iam-data.mjs. */
  constructor(prefix: string, packed: string) {
    this.sections = packed.split('|');
    const actions: ActionInfo[] = [];
    for (const group of list(this.section(0), ';')) {
      const colon = group.indexOf(':');
      const dot = group.indexOf('.');
      const accessLevel = LEVELS[group.charAt(0)] ?? 'Write';
      const resourceSet = Number.parseInt(group.slice(1, dot), 36);
      const conditionSet = Number.parseInt(group.slice(dot + 1, colon), 36);
      for (const name of group.slice(colon + 1).split(',')) {
        actions.push(new Action(this, prefix, name, accessLevel, resourceSet, conditionSet));
      }
    }
    this.actions = actions.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  get byLowerName(): ReadonlyMap<string, ActionInfo> {
    this.names ??= new Map(this.actions.map((action) => [action.name.toLowerCase(), action]));
    return this.names;
  }

  get conditionKeys(): readonly ConditionKey[] {
    this.keys ??= list(this.section(4), ';').map((entry) => {
      const [name = '', type = ''] = entry.split('~');
      return { name, type: KEY_TYPES[type] };
    });
    return this.keys;
  }

  /** Sets are shared by the actions that have them. */
  resourceSet(index: number): readonly ActionResourceType[] {
    const known = this.resourceSets[index];
    if (known) return known;
    this.types ??= list(this.section(3), ';').map((entry) => {
      const [name = '', arn = ''] = entry.split('~');
      // A function, because '$' has a meaning in replacement text.
      return { name, arnPattern: `arn:\${Partition}:${arn.replace('@', () => '${Region}:${Account}')}` };
    });
    this.packedResourceSets ??= this.section(1).split(';');
    const types = this.types;
    const set = list(this.packedResourceSets[index] ?? '', ',').flatMap((member): ActionResourceType[] => {
      const type = types[Number.parseInt(member, 36)];
      return type ? [{ name: type.name, required: member.endsWith('!'), arnPattern: type.arnPattern }] : [];
    });
    this.resourceSets[index] = set;
    return set;
  }

  conditionSet(index: number): readonly string[] {
    const known = this.conditionSets[index];
    if (known) return known;
    this.packedConditionSets ??= this.section(2).split(';');
    const keys = this.conditionKeys;
    const set = list(this.packedConditionSets[index] ?? '', ',').flatMap(
      (member) => keys[Number.parseInt(member, 36)]?.name ?? [],
    );
    this.conditionSets[index] = set;
    return set;
  }

  private section(index: number): string {
    return this.sections[index] ?? '';
  }
}

class Action implements ActionInfo {
  readonly #home: Service;
  readonly #resourceSet: number;
  readonly #conditionSet: number;

  constructor(
    home: Service,
    readonly service: string,
    readonly name: string,
    readonly accessLevel: AccessLevel,
    resourceSet: number,
    conditionSet: number,
  ) {
    this.#home = home;
    this.#resourceSet = resourceSet;
    this.#conditionSet = conditionSet;
  }

  get full(): string {
    return `${this.service}:${this.name}`;
  }

  get resourceTypes(): readonly ActionResourceType[] {
    return this.#home.resourceSet(this.#resourceSet);
  }

  get conditionKeys(): readonly string[] {
    return this.#home.conditionSet(this.#conditionSet);
  }
}

const LEVELS: Readonly<Record<string, AccessLevel>> = {
  R: 'Read',
  L: 'List',
  W: 'Write',
  P: 'Permissions management',
  T: 'Tagging',
};

const KEY_TYPES: Readonly<Record<string, ConditionKeyType>> = {
  S: 'String',
  s: 'ArrayOfString',
  A: 'ARN',
  a: 'ArrayOfARN',
  B: 'Bool',
  b: 'ArrayOfBool',
  N: 'Numeric',
  D: 'Date',
  I: 'IPAddress',
};

// The longest action in existence has under 100 characters: nothing longer can match by intent.
const MAX_PATTERN = 512;
// Bound on the results kept by pattern, counted in actions: some ten times `*`.
const MAX_CACHED_ACTIONS = 200_000;
const MAX_CACHED_PATTERNS = 1_000;

let loadData: (() => unknown) | undefined;
let data: Packed | null | undefined;
const expansions = new Map<string, readonly ActionInfo[]>();
let cachedActions = 0;

/**
 * Says where the packed reference comes from. `load` returns the text of iam.generated.json or its parsed value; it is
 * called at most once, on the first question. Whatever it throws or returns amiss counts as "no data".
 */
export function setActionDataSource(load: (() => unknown) | undefined): void {
  loadData = load;
  data = undefined;
  clearExpansions();
}

/** Whether the prefix (any case) names a service; undefined where the reference is not at hand. */
export function serviceExists(prefix: string): boolean | undefined {
  const packed = reference();
  return packed && Object.hasOwn(packed.services, prefix.toLowerCase());
}

/** All service prefixes, sorted; empty without data. */
export function services(): string[] {
  return Object.keys(reference()?.services ?? {});
}

/** The actions of a service (any case), by name; empty where it does not exist or is unknown. */
export function actionsOf(service: string): readonly ActionInfo[] {
  return decode(service)?.actions ?? [];
}

/** The condition keys of a service (any case); empty where it does not exist or is unknown. */
export function conditionKeysOf(service: string): readonly ConditionKey[] {
  return decode(service)?.conditionKeys ?? [];
}

/** The one action that `service:Name` (any case, no wildcards) names. */
export function findAction(action: string): ActionInfo | undefined {
  const colon = action.indexOf(':');
  if (colon < 0) return undefined;
  return decode(action.slice(0, colon))?.byLowerName.get(action.slice(colon + 1).toLowerCase());
}

/**
 * Finds a key as written in a policy (`aws:RequestTag/team`, any case) among the keys of a service; without a service
 * among those of the service that the key's own prefix names.
 */
export function findConditionKey(key: string, service?: string): ConditionKey | undefined {
  return conditionKeysOf(service ?? key.slice(0, Math.max(0, key.indexOf(':')))).find((known) =>
    isConditionKey(known.name, key),
  );
}

/**
 * Whether an action knows a condition key other than by being a global one; undefined where the action is unknown.
 * Global keys that the service does not name itself are the caller's to know.
 */
export function supportsConditionKey(action: ActionInfo | string, key: string): boolean | undefined {
  const info = typeof action === 'string' ? findAction(action) : action;
  return info?.conditionKeys.some((known) => isConditionKey(known, key));
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
  const found = [...matchingActions(key)];
  if (expansions.size >= MAX_CACHED_PATTERNS || cachedActions + found.length > MAX_CACHED_ACTIONS) clearExpansions();
  expansions.set(key, found);
  cachedActions += found.length;
  return found;
}

/** As `expandActionPattern`, one action at a time: a service is not even decoded before its turn has come. */
export function* matchingActions(pattern: string): Generator<ActionInfo, void, undefined> {
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
  const colon = action.indexOf(':');
  if (!parts || colon < 0) return false;
  const lower = action.toLowerCase();
  return matchesWildcard(parts.service, lower.slice(0, colon)) && matchesWildcard(parts.name, lower.slice(colon + 1));
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

/**
 * Names close to one that does not exist, best first, at most three: other spellings of a service, other spellings of
 * an action (two typing errors at most), and the action behind an API operation of another name (`s3:ListBuckets`).
 * Takes `service:Name` or a service prefix alone; a wildcard in the name is kept where only the service is misspelt.
 * Empty where the name exists, where nothing is close, and without data.
 */
export function nearest(name: string): string[] {
  if (!reference() || name.length > MAX_PATTERN) return [];
  const colon = name.indexOf(':');
  const service = (colon < 0 ? name : name.slice(0, colon)).toLowerCase();
  const action = colon < 0 ? undefined : name.slice(colon + 1);
  if (!serviceExists(service)) {
    const known = SERVICE_NICKNAMES[service];
    const prefixes = known ? [known] : closest(service, services());
    if (action === undefined) return prefixes.slice(0, 3);
    const full = prefixes.map((prefix) => ({ prefix, info: findAction(`${prefix}:${action}`) }));
    const exact = full.flatMap(({ info }) => (info ? [info.full] : []));
    if (exact.length > 0) return exact.slice(0, 3);
    return full
      .map(({ prefix }) => `${prefix}:${action}`)
      .filter((candidate) => !matchingActions(candidate).next().done)
      .slice(0, 3);
  }
  if (action === undefined || hasWildcard(action) || findAction(name)) return [];
  const operation = OPERATION_ACTIONS[`${service}:${action.toLowerCase()}`];
  if (operation) return operation.filter((full) => findAction(full) !== undefined);
  const names = [...(decode(service)?.byLowerName.keys() ?? [])];
  return closest(action.toLowerCase(), names)
    .flatMap((lower) => decode(service)?.byLowerName.get(lower)?.full ?? [])
    .slice(0, 3);
}

/**
 * Whether AWS retired the service (`deeplens`), or the action (`one:DeleteUser`) or its whole service. Needs no data.
 */
export function isRetired(name: string): boolean {
  const lower = name.toLowerCase();
  const colon = lower.indexOf(':');
  return RETIRED_SERVICES.has(colon < 0 ? lower : lower.slice(0, colon)) || RETIRED_ACTIONS.has(lower);
}

const RETIRED_SERVICES: ReadonlySet<string> = new Set(retiredNames.services);
const RETIRED_ACTIONS: ReadonlySet<string> = new Set(retiredNames.actions);

// What people write for a service: the name of its console, its SDK client or its endpoint.
const SERVICE_NICKNAMES: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  amazonmq: 'mq',
  apigatewayv2: 'apigateway',
  asg: 'autoscaling',
  aurora: 'rds',
  certificatemanager: 'acm',
  'cloudwatch-logs': 'logs',
  cloudwatchevents: 'events',
  cloudwatchlogs: 'logs',
  cognito: 'cognito-idp',
  cognitoidp: 'cognito-idp',
  ddb: 'dynamodb',
  docdb: 'rds',
  documentdb: 'rds',
  'ecs-tasks': 'ecs',
  efs: 'elasticfilesystem',
  elasticsearch: 'es',
  elb: 'elasticloadbalancing',
  elbv2: 'elasticloadbalancing',
  emr: 'elasticmapreduce',
  eventbridge: 'events',
  fargate: 'ecs',
  msk: 'kafka',
  parameterstore: 'ssm',
  rdsdata: 'rds-data',
  s3control: 's3',
  sesv2: 'ses',
  sfn: 'states',
  ssoadmin: 'sso',
  'sso-admin': 'sso',
  stepfunction: 'states',
  stepfunctions: 'states',
  'systems-manager': 'ssm',
  systemsmanager: 'ssm',
  vpc: 'ec2',
});

// API operations that have no action of their own name: the action that permits them.
const OPERATION_ACTIONS: Readonly<Record<string, readonly string[]>> = Object.assign(Object.create(null), {
  'dynamodb:batchexecutestatement': ['dynamodb:PartiQLSelect', 'dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate'],
  'dynamodb:executestatement': ['dynamodb:PartiQLSelect', 'dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate'],
  'dynamodb:transactgetitems': ['dynamodb:GetItem'],
  'dynamodb:transactwriteitems': ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
  'kms:reencrypt': ['kms:ReEncryptFrom', 'kms:ReEncryptTo'],
  'lambda:invoke': ['lambda:InvokeFunction'],
  's3:completemultipartupload': ['s3:PutObject'],
  's3:copyobject': ['s3:GetObject', 's3:PutObject'],
  's3:createmultipartupload': ['s3:PutObject'],
  's3:deletebucketcors': ['s3:PutBucketCORS'],
  's3:deletebucketencryption': ['s3:PutEncryptionConfiguration'],
  's3:deletebucketlifecycle': ['s3:PutLifecycleConfiguration'],
  's3:deletebucketreplication': ['s3:PutReplicationConfiguration'],
  's3:deletebuckettagging': ['s3:PutBucketTagging'],
  's3:deleteobjects': ['s3:DeleteObject'],
  's3:deletepublicaccessblock': ['s3:PutBucketPublicAccessBlock'],
  's3:getbucketaccelerateconfiguration': ['s3:GetAccelerateConfiguration'],
  's3:getbucketencryption': ['s3:GetEncryptionConfiguration'],
  's3:getbucketlifecycle': ['s3:GetLifecycleConfiguration'],
  's3:getbucketlifecycleconfiguration': ['s3:GetLifecycleConfiguration'],
  's3:getbucketnotificationconfiguration': ['s3:GetBucketNotification'],
  's3:getbucketreplication': ['s3:GetReplicationConfiguration'],
  's3:getobjectlockconfiguration': ['s3:GetBucketObjectLockConfiguration'],
  's3:getpublicaccessblock': ['s3:GetBucketPublicAccessBlock'],
  's3:headbucket': ['s3:ListBucket'],
  's3:headobject': ['s3:GetObject'],
  's3:listbuckets': ['s3:ListAllMyBuckets'],
  's3:listmultipartuploads': ['s3:ListBucketMultipartUploads'],
  's3:listobjects': ['s3:ListBucket'],
  's3:listobjectsv2': ['s3:ListBucket'],
  's3:listobjectversions': ['s3:ListBucketVersions'],
  's3:listparts': ['s3:ListMultipartUploadParts'],
  's3:putbucketencryption': ['s3:PutEncryptionConfiguration'],
  's3:replicationtags': ['s3:ReplicateTags'],
  's3:putbucketlifecycleconfiguration': ['s3:PutLifecycleConfiguration'],
  's3:putbucketreplication': ['s3:PutReplicationConfiguration'],
  's3:putobjectlockconfiguration': ['s3:PutBucketObjectLockConfiguration'],
  's3:putpublicaccessblock': ['s3:PutBucketPublicAccessBlock'],
  's3:selectobjectcontent': ['s3:GetObject'],
  's3:uploadpart': ['s3:PutObject'],
  's3:uploadpartcopy': ['s3:GetObject', 's3:PutObject'],
  'sns:publishbatch': ['sns:Publish'],
  'sqs:changemessagevisibilitybatch': ['sqs:ChangeMessageVisibility'],
  'sqs:deletemessagebatch': ['sqs:DeleteMessage'],
  'sqs:sendmessagebatch': ['sqs:SendMessage'],
});

function reference(): Packed | undefined {
  if (data === undefined) data = load();
  return data ?? undefined;
}

function load(): Packed | null {
  try {
    let value = loadData?.();
    if (typeof value === 'string') value = JSON.parse(value);
    const { services: packed, rcp } = (value ?? {}) as { services?: unknown; rcp?: unknown };
    if (typeof packed !== 'object' || packed === null) return null;
    return {
      services: packed as Record<string, unknown>,
      rcp: new Set(Array.isArray(rcp) ? rcp : []),
      decoded: new Map(),
    };
  } catch {
    // A missing or damaged file makes names unknown; it must not take the linter down.
    return null;
  }
}

/** The service of a prefix (any case), unpacked on first use. */
function decode(prefix: string): Service | undefined {
  const packed = reference();
  const service = prefix.toLowerCase();
  if (!packed || !Object.hasOwn(packed.services, service)) return undefined;
  let known = packed.decoded.get(service);
  if (!known) {
    const text = packed.services[service];
    known = new Service(service, typeof text === 'string' ? text : '');
    packed.decoded.set(service, known);
  }
  return known;
}

function list(text: string, separator: string): string[] {
  return text === '' ? [] : text.split(separator);
}

function clearExpansions(): void {
  expansions.clear();
  cachedActions = 0;
}

function hasWildcard(text: string): boolean {
  return text.includes('*') || text.includes('?');
}

/** A pattern's two halves in lower case; `*` alone is both. Undefined where IAM would not read it as an action. */
function splitPattern(pattern: string): { service: string; name: string } | undefined {
  if (pattern.length > MAX_PATTERN) return undefined;
  if (pattern === '*') return { service: '*', name: '*' };
  const lower = canonicalWildcards(pattern.toLowerCase());
  const colon = lower.indexOf(':');
  if (colon >= 0) return { service: lower.slice(0, colon), name: lower.slice(colon + 1) };
  return lower === '*' ? { service: '*', name: '*' } : undefined;
}

/** Whether a key as written is the key that the reference names, template part and case aside. */
function isConditionKey(known: string, written: string): boolean {
  const open = known.indexOf('${');
  const key = written.toLowerCase();
  if (open < 0) return known.toLowerCase() === key;
  const head = known.slice(0, open).toLowerCase();
  const tail = known.slice(known.lastIndexOf('}') + 1).toLowerCase();
  return key.length > head.length + tail.length && key.startsWith(head) && key.endsWith(tail);
}

/** The candidates within two typing errors of a name, all in lower case, best first; short names allow fewer errors. */
export function closest(name: string, candidates: readonly string[]): string[] {
  const limit = name.length < 3 ? 0 : name.length < 6 ? 1 : 2;
  const found: { candidate: string; distance: number }[] = [];
  for (const candidate of candidates) {
    const distance = editDistance(name, candidate, limit);
    if (distance <= limit) found.push({ candidate, distance });
  }
  // Sorting is stable and candidates come sorted: the order is deterministic.
  return found.sort((a, b) => a.distance - b.distance).map(({ candidate }) => candidate);
}
