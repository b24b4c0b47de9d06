/** Parameter groups of database services: one parameter out of a map, or out of a list of blocks with a name and a value. */

import { below, type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asString } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { appendTo } from './fixes.ts';
import { isCloudFormation, member } from './shared.ts';

/** How a resource type writes its parameters. */
export interface ParameterShape {
  /** The property that holds them: `Parameters`, `parameter`. */
  readonly property: string;
  /** What a block of a list calls the parameter's name and value; undefined where the property is a map of names. */
  readonly block?: { readonly name: string; readonly value: string };
}

/** How parameter groups of databases write them: a map in CloudFormation, blocks in Terraform. */
export function databaseShape(group: Resource): ParameterShape {
  return isCloudFormation(group)
    ? { property: 'Parameters' }
    : { property: 'parameter', block: { name: 'name', value: 'value' } };
}

/** What a group says of one parameter. */
export interface ParameterValues {
  /** The values written for the parameter; none where it is not set. */
  readonly values: readonly Found[];
  /** It may also be set in a place that cannot be read. */
  readonly open: boolean;
}

/** What a group says of a parameter. Names are compared without regard to case. */
export function parameterOf(group: Resource, shape: ParameterShape, parameter: string): ParameterValues {
  const wanted = parameter.toLowerCase();
  const values: Found[] = [];
  let open = false;
  for (const found of select(group, shape.block ? `${shape.property}[]` : shape.property)) {
    const { value } = found;
    if (value.kind === 'absent') continue;
    if (value.kind !== 'object') {
      open = true;
      continue;
    }
    if (value.open) open = true;
    if (!shape.block) {
      const written = value.names.find((name) => name.toLowerCase() === wanted);
      if (written !== undefined) values.push(...member(found, written));
      continue;
    }
    for (const name of below(found, shape.block.name)) {
      const text = asString(name.value);
      if (text === undefined) open = open || name.value.kind !== 'absent';
      else if (text.toLowerCase() === wanted) values.push(...below(found, shape.block.value));
    }
  }
  return { values: values.filter((one) => one.value.kind !== 'absent'), open };
}

/** A fix that adds a parameter to a group that does not set it; undefined where its list is not written in one place. */
export function addParameter(
  group: Resource,
  shape: ParameterShape,
  parameter: string,
  value: string,
  about: { readonly title: string; readonly safe: boolean },
): Fix | undefined {
  const { node } = group.properties;
  if (!shape.block) {
    const written = group.properties.get(shape.property)?.key.entry?.value;
    if (node.kind !== 'object' || (written && written.kind !== 'object')) return undefined;
    return { ...about, edits: [{ kind: 'set', in: node, path: [shape.property, parameter], data: value }] };
  }
  const edits = appendTo(group, shape.property, [{ [shape.block.name]: parameter, [shape.block.value]: value }]);
  return edits && { ...about, edits };
}
