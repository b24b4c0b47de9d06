/** Reads every Terraform JSON file and plan of the shared corpus: nothing throws, and nothing that is declared is lost. */

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { parseJson } from '../../server/src/syntax/json.ts';
import type { Template } from '../../server/src/template/template.ts';
import type { Value } from '../../server/src/template/value.ts';
import { terraformModule } from '../../server/src/terraform/configuration.ts';
import { terraformPlan } from '../../server/src/terraform/plan.ts';
import { looksLikeTerraform } from '../../server/src/terraform/recognise.ts';

const shared = path.resolve(process.cwd(), '../shared');
const folders = ['corpus/files', 'realworld'].map((name) => path.join(shared, name)).filter((name) => existsSync(name));

function files(): { uri: string; text: string }[] {
  const names = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)),
  );
  return names
    .filter((name) => name.endsWith('.json'))
    .map((uri) => {
      const bytes = readFileSync(uri);
      // Some plans were written by PowerShell.
      const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
      return { uri, text: bytes.toString(utf16 ? 'utf16le' : 'utf8') };
    });
}

/** Walks all of a value; returns how many leaves it has. */
function walk(value: Value): number {
  const { start, end, document } = value.node;
  assert.ok(start >= 0 && end >= start && end <= document.text.length, 'the range lies in the text');
  switch (value.kind) {
    case 'object':
      return value.names.reduce((sum, name) => {
        const property = value.get(name);
        assert.ok(property);
        return sum + walk(property.value);
      }, 0);
    case 'list':
      return value.items.reduce((sum, item) => sum + walk(item), 0);
    case 'choice':
      return value.alternatives.reduce((sum, alternative) => sum + walk(alternative.value), 0);
    case 'text':
      return value.parts.reduce((sum, part) => sum + (typeof part === 'string' ? 0 : walk(part)), 1);
    default:
      return 1;
  }
}

function walkAll(template: Template): number {
  let sum = 0;
  for (const resource of template.resources) sum += walk(resource.properties) + walk(resource.attributes);
  for (const section of [...template.outputs, ...template.parameters, ...template.providers])
    sum += walk(section.value);
  return sum;
}

/** Resources as a plain reading of JSON finds them. */
function declared(data: Record<string, unknown>): number {
  const blocks = (value: unknown): Record<string, unknown>[] =>
    (Array.isArray(value) ? value : value ? [value] : []).flatMap((v) => (v && typeof v === 'object' ? [v] : []));
  let count = 0;
  for (const section of ['resource', 'data']) {
    for (const types of blocks(data[section]))
      for (const names of Object.values(types))
        for (const bodies of blocks(names)) for (const body of Object.values(bodies)) count += blocks(body).length;
  }
  return count;
}

interface PlanModule {
  readonly resources?: { readonly address?: string }[];
  readonly child_modules?: PlanModule[];
}

function addresses(module: PlanModule | undefined): string[] {
  if (!module) return [];
  return [
    ...(module.resources ?? []).flatMap((r) => r.address ?? []),
    ...(module.child_modules ?? []).flatMap(addresses),
  ];
}

describe('terraform in the shared corpus', { skip: folders.length === 0 && 'the shared corpus is not here' }, () => {
  const all = files();

  it('reads every configuration', () => {
    let count = 0;
    let resources = 0;
    for (const { uri, text } of all) {
      if (!uri.endsWith('.tf.json')) continue;
      count++;
      const template = terraformModule([parseJson(uri, text)]);
      walkAll(template);
      const expected = declared(JSON.parse(text));
      // Some are never made (count = 0).
      const never = text.includes('"count"') || text.includes('"for_each"');
      assert.ok(never ? template.resources.length <= expected : template.resources.length === expected, uri);
      resources += template.resources.length;
      // Fragments that hold only a variable or nothing are known by their name alone.
      if (expected) assert.equal(looksLikeTerraform(text, 'json', 'some.json'), 'terraform', uri);
    }
    assert.ok(count > 400 && resources > 2 * count, `${resources} resources in ${count} files`);
  });

  it('reads every plan', () => {
    let plans = 0;
    let resources = 0;
    for (const { uri, text } of all) {
      if (looksLikeTerraform(text, 'json', uri) !== 'terraform-plan') continue;
      plans++;
      const template = terraformPlan(parseJson(uri, text));
      assert.ok(template, uri);
      walkAll(template);
      const data = JSON.parse(text.replace(/^\ufeff/, ''));
      const planned = addresses(data.planned_values?.root_module ?? data.values?.root_module);
      for (const address of planned) assert.ok(template.resource(address), `${uri}: ${address}`);
      resources += template.resources.length;
    }
    assert.ok(plans > 30 && resources > plans, `${resources} resources in ${plans} plans`);
  });

  it('takes nothing else for Terraform', () => {
    for (const { uri, text } of all) {
      if (uri.endsWith('.tf.json') || /plan|tfstate/i.test(uri)) continue;
      assert.equal(looksLikeTerraform(text, 'json', uri), undefined, uri);
    }
  });
});
