/** Shared by the tests of Terraform templates. */

import assert from 'node:assert/strict';
import { parseHcl } from '../../server/src/syntax/hcl.ts';
import { parseJson } from '../../server/src/syntax/json.ts';
import { type Found, select } from '../../server/src/template/select.ts';
import type { Resource, Template } from '../../server/src/template/template.ts';
import type { Value } from '../../server/src/template/value.ts';
import { terraformModule } from '../../server/src/terraform/configuration.ts';

/** A module of files by name; a file is text or data. Text in files named `*.tf` is HCL. */
export function moduleOf(files: Readonly<Record<string, unknown>>): Template {
  const documents = Object.entries(files).map(([name, content]) => {
    const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2);
    return name.endsWith('.tf') ? parseHcl(name, text) : parseJson(name, text);
  });
  return terraformModule(documents);
}

export function resourceOf(template: Template, address: string): Resource {
  const resource = template.resource(address);
  assert.ok(resource, `${address} is there`);
  return resource;
}

/** The text a found value is reported on. */
export function textAt(found: Found): string {
  return found.node.document.text.slice(found.node.start, found.node.end);
}

/** A value without nodes, in short. */
export function brief(value: Value): unknown {
  switch (value.kind) {
    case 'known':
      return value.value;
    case 'absent':
      return null;
    case 'unknown':
      return '?';
    case 'reference':
      return `<${value.target}${value.attribute ? ` ${value.attribute}` : ''}>`;
    case 'text':
      return value.parts.map((part) => (typeof part === 'string' ? part : `{${String(brief(part))}}`)).join('');
    case 'list':
      return [...value.items.map(brief), ...(value.open ? ['…'] : [])];
    case 'object': {
      const entries = value.names.map((name) => [name, brief(value.get(name)?.value as Value)]);
      return Object.fromEntries(value.open ? [...entries, ['…', '…']] : entries);
    }
    case 'choice':
      return { choice: value.alternatives.map((a) => [a.condition.text, brief(a.value)]) };
  }
}

/** The value of `value` in a module with one resource that holds it. */
export function evaluated(value: unknown, rest: Readonly<Record<string, unknown>> = {}): Value {
  const template = moduleOf({ 'main.tf.json': { resource: { aws_x: { y: { value } } }, ...rest } });
  return resourceOf(template, 'aws_x.y').properties.get('value')?.value as Value;
}

/** Leaves with their conditions. */
export function leaves(resource: Resource, path: string): unknown[] {
  return select(resource, path).map(({ value, conditions }) => {
    const texts = conditions.map((condition) => condition.text);
    return texts.length ? [brief(value), ...texts] : brief(value);
  });
}
