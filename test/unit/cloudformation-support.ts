/** Short ways to ask what a template's properties are known to be. */

import assert from 'node:assert/strict';
import { cloudFormationTemplate } from '../../server/src/cloudformation/template.ts';
import type { SyntaxDocument } from '../../server/src/syntax/document.ts';
import { parseJson } from '../../server/src/syntax/json.ts';
import { parseYaml } from '../../server/src/syntax/yaml.ts';
import { type Found, select } from '../../server/src/template/select.ts';
import type { Resource, Template } from '../../server/src/template/template.ts';
import type { Value } from '../../server/src/template/value.ts';

/** Parses YAML, or JSON where the text begins with a brace. */
export function parse(text: string): SyntaxDocument {
  return text.trimStart().startsWith('{') ? parseJson('test.json', text) : parseYaml('test.yaml', text);
}

export function templateOf(text: string): Template {
  const template = cloudFormationTemplate(parse(text));
  assert.ok(template, 'is no template');
  return template;
}

export function resourceOf(template: Template, address: string): Resource {
  const resource = template.resource(address);
  assert.ok(resource, `${address} is no resource`);
  return resource;
}

/** One line a leaf: the conditions it holds under, what it is, where it came from. */
export function say(found: Found): string {
  const conditions = found.conditions.map((condition) => condition.text).join(' & ');
  const via = found.via.map((hop) => ` <${hop.kind} ${hop.name}>`).join('');
  return `${conditions ? `${conditions}: ` : ''}${sayValue(found.value)}${via}`;
}

export function sayValue(value: Value): string {
  const secret = value.sensitive ? 'secret ' : '';
  switch (value.kind) {
    case 'known':
      return secret + JSON.stringify(value.value);
    case 'text':
      return `${secret}text(${value.parts.map((part) => (typeof part === 'string' ? JSON.stringify(part) : sayValue(part))).join(' ')})`;
    case 'reference':
      return `${value.to} ${value.target}${value.attribute ? `.${value.attribute}` : ''}`;
    case 'unknown': {
      const possible = value.possible?.map(sayValue).join('|');
      return `${secret}unknown(${value.parameter ?? ''}${possible ? ` ${possible}` : ''})`;
    }
    case 'absent':
      return value.written ? 'nothing' : `absent(${value.missing.join('.')})`;
    case 'list':
      return `[${value.items.map(sayValue).join(', ')}${value.open ? ' …' : ''}]`;
    case 'object':
      return `{${value.names.map((name) => `${name}: ${sayValue((value.get(name) as { value: Value }).value)}`).join(', ')}${value.open ? ' …' : ''}}`;
    case 'choice':
      return `choice(${value.alternatives.map((a) => `${a.condition.text}: ${sayValue(a.value)}`).join('; ')})`;
  }
}

/** All leaves of a path of a resource. */
export function ask(text: string | Template, path: string, address = 'R'): string[] {
  const template = typeof text === 'string' ? templateOf(text) : text;
  return select(resourceOf(template, address), path).map(say);
}
