/** The Parameters section: declarations, and what a reference to one is known to be. */

import type { Node } from '../syntax/node.ts';
import type { Known, Value, Via } from '../template/value.ts';
import { callOf, plainText } from './call.ts';
import { LazyList } from './values.ts';

export interface Parameter {
  readonly name: string;
  readonly key: Node;
  readonly type: string;
  readonly default: Node | undefined;
  /** Allowed values that can be read. */
  readonly allowed: readonly Node[];
  /** The allowed values as text, if there are any and all could be read. */
  readonly domain: readonly string[] | undefined;
  readonly noEcho: boolean;
  readonly isList: boolean;
  /** Its value is the name of an SSM parameter, read when the stack is deployed. */
  readonly isFromSsm: boolean;
}

/** The parameters of a section that have a body, by name. */
export function readParameters(section: Node | undefined): ReadonlyMap<string, Parameter> {
  const found = new Map<string, Parameter>();
  for (const entry of section?.entries ?? []) {
    if (entry.value.kind !== 'object') continue;
    found.set(entry.name, readParameter(entry.name, entry.key, entry.value));
  }
  return found;
}

function readParameter(name: string, key: Node, body: Node): Parameter {
  const type = plainText(body.get('Type')) ?? 'String';
  const fallback = body.get('Default');
  const listed = body.get('AllowedValues');
  const items = listed?.kind === 'array' ? listed.items : [];
  const allowed = items.filter((item) => plainText(item) !== undefined);
  const isList = type === 'CommaDelimitedList' || type.includes('List<');
  const isFromSsm = type.startsWith('AWS::SSM::Parameter::Value<');
  const isWhole = allowed.length > 0 && allowed.length === items.length && !isList && !isFromSsm;
  return {
    name,
    key,
    type,
    default: fallback && fallback.kind !== 'missing' && fallback.kind !== 'null' ? fallback : undefined,
    allowed,
    domain: isWhole ? allowed.map((item) => plainText(item) ?? '') : undefined,
    noEcho: plainText(body.get('NoEcho'))?.toLowerCase() === 'true',
    isList,
    isFromSsm,
  };
}

/** Whether a parameter cannot have a value; `isDefault` says that it is the default. */
export type Excluded = (text: string, isDefault: boolean) => boolean;

/**
 * What a reference at `node` to a parameter is: its default; without one, unknown, with what it can only be.
 * `excluded` tells values that cannot be, as the conditions assumed at that place rule them out; a default that is ruled out
 * is no value there.
 */
export function parameterValue(parameter: Parameter, node: Node, excluded: Excluded): Value {
  const { name, noEcho } = parameter;
  const sensitive = noEcho || undefined;
  if (parameter.isFromSsm) {
    return { kind: 'unknown', node, why: `parameter ${name} is read from SSM`, parameter: name, sensitive };
  }
  const written = parameter.default;
  const text = written && defaultText(written);
  if (written && text !== undefined && !excluded(text, true)) {
    const via: readonly Via[] = [{ kind: 'parameter', name, node: written }];
    if (!parameter.isList) return { kind: 'known', node, value: typed(parameter, text), via, sensitive };
    const items = text === '' ? [] : text.split(',');
    const list = items.map((item): Known => ({ kind: 'known', node, value: item.trim(), sensitive }));
    return Object.assign(new LazyList(node, () => list, undefined, via), { sensitive });
  }
  const why = written ? `the default of parameter ${name} does not apply here` : `parameter ${name} has no default`;
  const possible = parameter.isList ? [] : parameter.allowed.filter((item) => !excluded(plainText(item) ?? '', false));
  return {
    kind: 'unknown',
    node,
    why,
    parameter: name,
    sensitive,
    possible: possible.length
      ? possible.map((item) => ({ kind: 'known', node: item, value: typed(parameter, plainText(item) ?? '') }))
      : undefined,
  };
}

/** A default's text; for a list wrongly written as a list, joined by commas. */
function defaultText(node: Node): string | undefined {
  if (node.kind === 'array' && !callOf(node)) {
    const items = node.items.map((item) => plainText(item));
    return items.every((item) => item !== undefined) ? items.join(',') : undefined;
  }
  const call = callOf(node);
  return call ? undefined : plainText(node);
}

function typed(parameter: Parameter, text: string): string | number {
  return parameter.type === 'Number' && /^-?\d{1,15}(?:\.\d{1,10})?$/.test(text) ? Number(text) : text;
}
