/**
 * The same configuration gives the same findings in both syntaxes: every HCL file of the shared corpus, turned into
 * Terraform JSON by HashiCorp's own parser (as WebAssembly), is analysed both ways.
 */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, it } from 'node:test';
import { globSync } from 'tinyglobby';
import { type Analysis, analyze } from '../../server/src/analysis/analyze.ts';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type JsonObject = { [name: string]: Json };

// Not bundled: it reads its WebAssembly from beside itself.
const { parse } = createRequire(path.resolve('package.json'))('@cdktf/hcl2json') as {
  parse(name: string, text: string): Promise<JsonObject>;
};

const shared = path.resolve(process.env.DEMARC_SHARED ?? '../shared');

/** Files that HashiCorp's parser refuses, and why. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['checks/data/aws/example_StarActionPolicyDocument/main.tf', 'a block stands among the members of an object'],
  ['graph/checks/resources/S3BucketVersioning/main.tf', 'no new line after the last attribute of a block'],
  ['runner/resources/example/example.tf', 'an attribute is set twice'],
  ['runner/resources/example/invalid.tf', 'the text ends before the body of a block'],
  ['runner/resources/invalid_terraform_syntax/bad_tf_2.tf', 'a name stands alone'],
  ['runner/resources/unbalanced_eval_brackets/main.tf', 'a quoted string is not closed'],
]);

function analysed(uri: string, text: string): Analysis | undefined {
  return analyze(
    [{ uri, text }],
    { ...DEFAULT_SETTINGS, tier: 'all' },
    {
      onError: (rule, error) => assert.fail(`${rule} threw: ${error}`),
    },
  );
}

/** All findings with what they say, those in it that a comment suppresses included: the converter drops comments. */
function findingsOf(analysis: Analysis | undefined): string[] {
  const { findings = [], suppressed = [] } = analysis ?? {};
  return [...findings, ...suppressed]
    .map(({ finding }) => {
      const { rule, variant, severity, resource, conditions, message } = finding;
      const holds = conditions.map(({ text, value }) => `${text} is ${value}`).join(' and ');
      return JSON.stringify({ rule: rule.id, variant, severity, address: resource.address, holds, message });
    })
    .sort();
}

/** Puts the resources back into the order of the file: the converter sorts them, and some rules speak of the first of several. */
function inOrder(converted: JsonObject, { template }: Analysis): JsonObject {
  const result: JsonObject = { ...converted, resource: [], data: [] };
  const left = { resource: structuredClone(converted.resource), data: structuredClone(converted.data) } as Record<
    string,
    Record<string, Record<string, Json[]>>
  >;
  for (const { address, isData } of template.resources) {
    if (address.startsWith('module.')) continue;
    const section = isData ? 'data' : 'resource';
    const [type = '', name = ''] = address.replace(/^data\./, '').split('.');
    const body = left[section]?.[type]?.[name]?.shift();
    assert.ok(body !== undefined, `${address} is no resource in JSON`);
    (result[section] as Json[]).push({ [type]: { [name]: body } });
  }
  for (const types of Object.values(left))
    for (const [type, names] of Object.entries(types ?? {}))
      for (const [name, bodies] of Object.entries(names)) assert.deepEqual(bodies, [], `${type}.${name} is not read`);
  return result;
}

function without(list: readonly string[], other: readonly string[]): string[] {
  const rest = [...other];
  return list.filter((one) => {
    const at = rest.indexOf(one);
    if (at < 0) return true;
    rest.splice(at, 1);
    return false;
  });
}

describe('HCL and Terraform JSON', () => {
  it('give the same findings', async (t) => {
    const files = ['corpus/files', 'realworld'].flatMap((folder) =>
      globSync('**/*.tf', { cwd: path.join(shared, folder), absolute: true }),
    );
    if (!existsSync(path.join(shared, 'corpus/files'))) {
      t.skip('skipped: no corpus');
      return;
    }
    assert.ok(files.length > 400, `${files.length} files`);
    const differences: string[] = [];
    const refused = new Set<string>();
    let equal = 0;
    for (const file of files.sort()) {
      const text = readFileSync(file, 'utf8');
      const name = path.relative(shared, file).replaceAll(path.sep, '/');
      const listed = [...REFUSED.keys()].find((one) => name.endsWith(one));
      let converted: JsonObject;
      try {
        converted = await parse('main.tf', text);
      } catch (error) {
        if (listed) refused.add(listed);
        else differences.push(`${name}: the converter refuses it: ${error}`);
        continue;
      }
      const hcl = analysed('file:///m/main.tf', text);
      const json = analysed(
        'file:///m/main.tf.json',
        JSON.stringify(hcl ? inOrder(converted, hcl) : converted, undefined, 2),
      );
      const found = findingsOf(hcl);
      const expected = findingsOf(json);
      const extra = without(found, expected);
      const missed = without(expected, found);
      equal += found.length - extra.length;
      for (const one of extra) differences.push(`${name}: only in HCL: ${one}`);
      for (const one of missed) differences.push(`${name}: only in JSON: ${one}`);
    }
    t.diagnostic(`${files.length - refused.size} files, ${equal} findings are equal`);
    assert.deepEqual(differences, []);
    assert.ok(equal > 5_000, `${equal} findings`);
    assert.deepEqual([...refused].sort(), [...REFUSED.keys()].sort(), 'files that the converter refuses');
  });
});
