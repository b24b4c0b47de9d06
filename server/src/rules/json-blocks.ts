/** Blocks that a template may write as JSON text: what a service takes as one string. */

import { readJsonText } from '../iam/json-value.ts';
import { type Found, select } from '../template/select.ts';
import type { Resource, Template } from '../template/template.ts';
import type { Leaf, ListValue, ObjectValue, Value } from '../template/value.ts';
import type { Fix } from './fix.ts';
import type { FixMaker } from './rule.ts';

/** The object that a text holds as JSON; undefined where it breaks off or has parts put in: then it says nothing of what it lacks. */
export function jsonObject(value: Leaf, template: Template): ObjectValue | undefined {
  if (value.kind !== 'known' && value.kind !== 'text') return undefined;
  const json = readJsonText(value, template);
  if (json?.value?.kind !== 'object' || json.problems.length || json.open !== undefined) return undefined;
  return json.value;
}

/**
 * The object or list that a text holds as JSON, as far as it is written: where the text breaks off or has parts put in, all
 * that it lacks is unknown.
 */
export function jsonContents(value: Leaf, template: Template): ObjectValue | ListValue | undefined {
  if (value.kind !== 'known' && value.kind !== 'text') return undefined;
  const json = readJsonText(value, template);
  if (json?.value?.kind !== 'object' && json?.value?.kind !== 'list') return undefined;
  const why = json.problems.length ? 'the JSON text has errors' : json.open;
  return why === undefined ? json.value : opened(json.value, why);
}

/** The same value, of which members and items may be missing at every depth. */
function opened<T extends Value>(value: T, why: string): T {
  if (value.kind !== 'list' && value.kind !== 'object') return value;
  const base = { node: value.node, via: value.via, sensitive: value.sensitive, open: why };
  if (value.kind === 'list') {
    const list: ListValue = { kind: 'list', ...base, items: value.items.map((item) => opened(item, why)) };
    return list as Value as T;
  }
  const get: ObjectValue['get'] = (name) => {
    const property = value.get(name);
    return property && { name, key: property.key, value: opened(property.value, why) };
  };
  const object: ObjectValue = { kind: 'object', ...base, names: value.names, get };
  return object as Value as T;
}

/**
 * The blocks a property holds, written out or as JSON in a string (`jsonencode` included), to go on from with `below`.
 * Absent leaves are among them; text that is no JSON, or not known, is left out.
 */
export function jsonBlocks(resource: Resource, path: string): readonly Found[] {
  return select(resource, path).flatMap((found) => {
    const { value } = found;
    if (value.kind === 'object' || value.kind === 'absent') return [found];
    const json = jsonObject(value, resource.template);
    return json ? [{ ...found, value: json }] : [];
  });
}

/** As the maker says, where the value stands at its use: text that is defined elsewhere is not taken apart there. */
export function inPlace(make: FixMaker): FixMaker {
  return (found): Fix | readonly Fix[] | undefined => (found.via.length ? undefined : make(found));
}
