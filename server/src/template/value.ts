/**
 * What a property is *known* to be. A template rarely says a plain value: it says a parameter, a condition, a text with
 * holes. Rules never see syntax, they see Values, and judge each alternative by itself.
 */

import type { Node } from '../syntax/node.ts';

export type Scalar = string | number | boolean;

/** Where a value came from when it is not written at its use: shown as related location and used by fixes. */
export interface Via {
  /** `assignment`: a variable set in a file (`*.tfvars`); `argument`: a variable set by the call of a module. */
  readonly kind: 'parameter' | 'variable' | 'local' | 'mapping' | 'global' | 'argument' | 'assignment' | 'output';
  readonly name: string;
  /** The node that decides the value: the default, the local's expression, the mapped value. */
  readonly node: Node;
  /** `argument`: the name of the call. */
  readonly module?: string;
}

/**
 * What must hold for an alternative to be the one in force. `id` names the question, `value` the answer:
 * `{ id: 'IsProd', value: true, text: 'IsProd' }`, `{ id: 'AWS::Region', value: 'us-east-1', text: 'AWS::Region is us-east-1' }`.
 */
export interface Condition {
  readonly id: string;
  readonly value: boolean | string;
  /** For people: `IsProd`, `not IsProd`, `var.public`. */
  readonly text: string;
}

interface Base {
  /** Where the value is written at its use. */
  readonly node: Node;
  /** Hops from the use to the definition, first hop first. */
  readonly via?: readonly Via[];
  /** A NoEcho parameter or sensitive variable. */
  readonly sensitive?: boolean;
}

/** A scalar that is certain. Numbers and booleans written as strings stay strings: see {@link asBoolean} and {@link asNumber}. */
export interface Known extends Base {
  readonly kind: 'known';
  readonly value: Scalar;
}

export interface Property {
  readonly name: string;
  /** The key as written. */
  readonly key: Node;
  readonly value: Value;
}

/** A block of properties. Evaluated on demand: `get` costs only what is asked for. */
export interface ObjectValue extends Base {
  readonly kind: 'object';
  readonly names: readonly string[];
  get(name: string): Property | undefined;
  /** Why members that are not named may still exist (a transform, a dynamic block, a merge with something unknown). */
  readonly open?: string;
}

export interface ListValue extends Base {
  readonly kind: 'list';
  readonly items: readonly Value[];
  /** Why more items may exist than are named. */
  readonly open?: string;
}

export interface Alternative {
  readonly condition: Condition;
  readonly value: Value;
}

/** One of several, each under its condition. */
export interface Choice extends Base {
  readonly kind: 'choice';
  readonly alternatives: readonly Alternative[];
}

/** Text with holes: `arn:aws:s3:::${Bucket}/*`. Holes that are known are already filled in; adjacent strings are joined. */
export interface Text extends Base {
  readonly kind: 'text';
  readonly parts: readonly (string | Value)[];
}

/** Names another thing in the template. */
export interface Reference extends Base {
  readonly kind: 'reference';
  /** Logical id (CloudFormation), `type.name`, `data.type.name` or `module.name` (Terraform), or the pseudo parameter's name. */
  readonly target: string;
  readonly to: 'resource' | 'module' | 'pseudo';
  /** `Arn`, `id`, `bucket` …; absent for a plain `Ref`. */
  readonly attribute?: string;
}

export interface Unknown extends Base {
  readonly kind: 'unknown';
  /** `parameter X has no default`, `import`, `computed at apply` … */
  readonly why: string;
  /** What it can only be (allowed values of a parameter without default): it violates only if all of these do. */
  readonly possible?: readonly Value[];
  /** Parameter or variable that it is. */
  readonly parameter?: string;
}

/** Not set. `node` is the key of the nearest enclosing block that would hold it. */
export interface Absent extends Base {
  readonly kind: 'absent';
  /** The innermost object on the path that exists, to insert into. */
  readonly container?: ObjectValue;
  /** Names to create inside `container`, outermost first. */
  readonly missing: readonly string[];
  /** It is written, as nothing (`AWS::NoValue`, `null`): replacing this node sets it. */
  readonly written?: Node;
}

export type Value = Known | ObjectValue | ListValue | Choice | Text | Reference | Unknown | Absent;
/** A value after every choice on the way to it was taken. */
export type Leaf = Exclude<Value, Choice>;

/** Truth of a scalar as CloudFormation and Terraform coerce it: booleans, and the strings `true`/`false` in any case. */
export function asBoolean(value: Value): boolean | undefined {
  if (value.kind !== 'known') return undefined;
  if (typeof value.value === 'boolean') return value.value;
  const text = String(value.value).toLowerCase();
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

/** Number of a scalar, also when written as a string. */
export function asNumber(value: Value): number | undefined {
  if (value.kind !== 'known' || typeof value.value === 'boolean') return undefined;
  if (typeof value.value === 'number') return value.value;
  return /^\s*[-+]?\d+(\.\d+)?\s*$/.test(value.value) ? Number(value.value) : undefined;
}

/** Text of a scalar. */
export function asString(value: Value): string | undefined {
  return value.kind === 'known' ? String(value.value) : undefined;
}

/** Text of a value with `hole` for every part that is not known; undefined where it is no text at all. */
export function asPattern(value: Value, hole = '\u0000'): string | undefined {
  if (value.kind === 'known') return String(value.value);
  if (value.kind === 'text')
    return value.parts.map((part) => (typeof part === 'string' ? part : (asPattern(part, hole) ?? hole))).join('');
  if (value.kind === 'reference' || value.kind === 'unknown') return hole;
  return undefined;
}

/** The same value said at another node, with a hop added: what a reference to a parameter or local evaluates to. */
export function relocate<T extends Value>(value: T, node: Node, via?: Via): T {
  const hops = via ? [via, ...(value.via ?? [])] : value.via;
  if (value.kind !== 'object' && Object.getPrototypeOf(value) === Object.prototype)
    return { ...value, node, via: hops };
  // Object.create keeps lazy getters of objects and lists alive; own fields shadow the prototype's.
  return Object.assign(Object.create(value), { node, via: hops }) as T;
}
