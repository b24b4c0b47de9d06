/**
 * The reading room of AWS's service authorization reference: packed by scripts/iam-data.mjs and not part of the bundle. An
 * entry point (Node, browser worker, test) says how to get it with `setActionDataSource`. It is loaded on the first
 * question and decoded one service at a time. Without it every question has an answer that means "unknown", never an
 * exception. Questions about actions are in actions.ts, about condition keys in condition-keys.ts.
 */

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

export interface Packed {
  readonly services: Readonly<Record<string, unknown>>;
  readonly rcp: ReadonlySet<string>;
  /** Name, type and category letter of each global condition key. */
  readonly global: readonly (readonly [name: string, type: ConditionKeyType | undefined, category: string])[];
  /** Unpacked on first use, by condition-keys.ts. */
  globalKeys?: readonly ConditionKey[];
  readonly decoded: Map<string, Service>;
}

/** The unpacked part of a service; what a question does not need stays packed. */
export class Service {
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

let loadData: (() => unknown) | undefined;
let data: Packed | null | undefined;

const dependents: (() => void)[] = [];

/** Registers what must be forgotten when the source changes: a cache of answers. */
export function onDataChange(forget: () => void): void {
  dependents.push(forget);
}

/**
 * Says where the packed reference comes from. `load` returns the text of iam.generated.json or its parsed value; it is
 * called at most once, on the first question. Whatever it throws or returns amiss counts as "no data".
 */
export function setActionDataSource(load: (() => unknown) | undefined): void {
  loadData = load;
  data = undefined;
  for (const forget of dependents) forget();
}

/** The packed reference; undefined where it is not at hand. */
export function reference(): Packed | undefined {
  if (data === undefined) data = load();
  return data ?? undefined;
}

function load(): Packed | null {
  try {
    let value = loadData?.();
    if (typeof value === 'string') value = JSON.parse(value);
    const { services: packed, rcp, global } = (value ?? {}) as { services?: unknown; rcp?: unknown; global?: unknown };
    if (typeof packed !== 'object' || packed === null) return null;
    return {
      services: packed as Record<string, unknown>,
      rcp: new Set(Array.isArray(rcp) ? rcp : []),
      global: list(typeof global === 'string' ? global : '', ';').map((entry) => {
        const [name = '', type = '', category = ''] = entry.split('~');
        return [name, KEY_TYPES[type], category] as const;
      }),
      decoded: new Map(),
    };
  } catch {
    // A missing or damaged file makes names unknown; it must not take the linter down.
    return null;
  }
}

/** The service of a prefix (any case), unpacked on first use. */
export function decode(prefix: string): Service | undefined {
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
