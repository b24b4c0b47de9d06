/**
 * The reading room of AWS's service authorization reference: packed by scripts/iam-data.mjs and not part of the bundle. An
 * entry point (Node, browser worker, test) says how to get it with `setActionDataSource`. It is loaded on the first
 * question and decoded one service at a time. Without it every question has an answer that means "unknown", never an
 * exception. Questions about actions are in actions.ts, about condition keys in condition-keys.ts.
 */

import { detached } from '../syntax/text.ts';

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

/** The columns of services, in the order of their prefixes; the layout is described in scripts/iam-data.mjs. */
const COLUMNS = [
  'titles',
  'groups',
  'nouns',
  'codes',
  'resourceSets',
  'conditionSets',
  'resourceTypes',
  'conditionKeys',
] as const;
type Column = (typeof COLUMNS)[number];

export interface Packed {
  /** The place of each service in the columns. */
  readonly services: ReadonlyMap<string, number>;
  readonly columns: Readonly<Record<Column, readonly string[]>>;
  /** What stands before and behind a noun. */
  readonly forms: readonly (readonly [before: string, behind: string])[];
  readonly rcp: ReadonlySet<string>;
  /** Name, type and category letter of each global condition key. */
  readonly global: readonly (readonly [name: string, type: ConditionKeyType | undefined, category: string])[];
  /** Unpacked on first use, by condition-keys.ts. */
  globalKeys?: readonly ConditionKey[];
  readonly decoded: Map<string, Service>;
}

/** Digits of codes, and their values. */
const DIGITS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-';
const DIGIT_VALUES: ReadonlyMap<string, number> = new Map([...DIGITS].map((digit, value) => [digit, value]));

/** The unpacked part of a service; what a question does not need stays packed. */
export class Service {
  readonly actions: readonly ActionInfo[];
  private names: ReadonlyMap<string, ActionInfo> | undefined;
  private keys: readonly ConditionKey[] | undefined;
  private types: readonly { name: string; arnPattern: string }[] | undefined;
  private packedResourceSets: readonly string[] | undefined;
  private packedConditionSets: readonly string[] | undefined;
  private readonly resourceSets: (readonly ActionResourceType[])[] = [];
  private readonly conditionSets: (readonly string[])[] = [];

  constructor(
    readonly prefix: string,
    private readonly packed: Packed,
    private readonly place: number,
  ) {
    const groups = list(this.column('groups'), ',').map((group) => {
      const dot = group.indexOf('.');
      return {
        accessLevel: LEVELS[group.charAt(0)] ?? 'Write',
        resourceSet: Number.parseInt(group.slice(1, dot), 36),
        conditionSet: Number.parseInt(group.slice(dot + 1), 36),
      };
    });
    const codes = list(this.column('codes'), ',');
    const wide = groups.length > DIGITS.length;
    const value = (digit: string) => DIGIT_VALUES.get(digit) ?? 0;
    const actions: ActionInfo[] = [];
    list(this.column('nouns'), ',').forEach((noun, i) => {
      const code = codes[i] ?? '';
      for (let at = 0; at < code.length; at += wide ? 3 : 2) {
        const form = packed.forms[value(code.charAt(at))];
        const high = wide ? value(code.charAt(at + 1)) * DIGITS.length : 0;
        const group = groups[high + value(code.charAt(at + (wide ? 2 : 1)))];
        if (!form || !group) continue;
        const name = form[0] + noun + form[1];
        actions.push(new Action(this, prefix, name, group.accessLevel, group.resourceSet, group.conditionSet));
      }
    });
    this.actions = actions.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** What AWS calls it: `Amazon S3`. */
  get title(): string {
    return this.column('titles');
  }

  get byLowerName(): ReadonlyMap<string, ActionInfo> {
    this.names ??= new Map(this.actions.map((action) => [action.name.toLowerCase(), action]));
    return this.names;
  }

  get conditionKeys(): readonly ConditionKey[] {
    this.keys ??= list(this.column('conditionKeys'), ';').map((entry) => {
      const [name = '', type = ''] = entry.split('~');
      return { name, type: KEY_TYPES[type] };
    });
    return this.keys;
  }

  /** Sets are shared by the actions that have them. */
  resourceSet(index: number): readonly ActionResourceType[] {
    const known = this.resourceSets[index];
    if (known) return known;
    this.types ??= list(this.column('resourceTypes'), ';').map((entry) => {
      const [name = '', arn = ''] = entry.split('~');
      return { name, arnPattern: unpackArn(arn) };
    });
    this.packedResourceSets ??= this.column('resourceSets').split(';');
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
    this.packedConditionSets ??= this.column('conditionSets').split(';');
    const keys = this.conditionKeys;
    const set = list(this.packedConditionSets[index] ?? '', ',').flatMap(
      (member) => keys[Number.parseInt(member, 36)]?.name ?? [],
    );
    this.conditionSets[index] = set;
    return set;
  }

  private column(name: Column): string {
    return this.packed.columns[name][this.place] ?? '';
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

/** Answers by text, kept until the data changes: policies say the same few hundred texts again and again. */
export class Answers<V> {
  private readonly kept = new Map<string, V>();

  /** @param most how many are kept; then it begins anew */
  constructor(private readonly most = 2_000) {
    onDataChange(() => this.kept.clear());
  }

  /** The answer for a text, made where it is not kept. */
  of(text: string, make: (text: string) => V): V {
    const known = this.kept.get(text);
    if (known !== undefined || this.kept.has(text)) return known as V;
    const own = detached(text);
    const made = make(own);
    if (this.kept.size >= this.most) this.kept.clear();
    this.kept.set(own, made);
    return made;
  }
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
    const texts = (value ?? {}) as Readonly<Record<string, unknown>>;
    const column = (name: string, separator: string) => {
      const text = texts[name];
      return list(typeof text === 'string' ? text : '', separator);
    };
    const prefixes = column('services', '|');
    if (!prefixes.length) return null;
    const columns = {} as Record<Column, readonly string[]>;
    for (const name of COLUMNS) columns[name] = column(name, '|');
    return {
      services: new Map(prefixes.map((prefix, place) => [prefix, place])),
      columns,
      forms: column('forms', ',').map((form) => {
        const [before = '', behind = ''] = form.split('~');
        return [before, behind] as const;
      }),
      rcp: new Set(column('rcp', ',')),
      global: column('global', ';').map((entry) => {
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
  const place = packed?.services.get(service);
  if (!packed || place === undefined) return undefined;
  let known = packed.decoded.get(service);
  if (!known) {
    known = new Service(service, packed, place);
    packed.decoded.set(service, known);
  }
  return known;
}

/** The ARN patterns of the resource types of all services; one may hold several, separated by commas. */
export function* arnPatterns(): Generator<string, void, undefined> {
  for (const types of reference()?.columns.resourceTypes ?? []) {
    for (const entry of list(types, ';')) yield unpackArn(entry.slice(entry.indexOf('~') + 1));
  }
}

function unpackArn(packed: string): string {
  // A function, because '$' has a meaning in replacement text.
  return `arn:\${Partition}:${packed.replace('@', () => '${Region}:${Account}')}`;
}

function list(text: string, separator: string): string[] {
  return text === '' ? [] : text.split(separator);
}
