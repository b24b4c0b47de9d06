import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Source } from '../../server/src/analysis/analyze.ts';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings.ts';
import { warmUp } from '../../server/src/lsp/warm-up.ts';
import { loadIamData } from '../support/iam-data.ts';

loadIamData();

/** Counts how often it is asked whether somebody types; from `until` on somebody does. */
function person(until = Number.POSITIVE_INFINITY) {
  let asked = 0;
  return {
    get asked() {
      return asked;
    },
    goesOn: () => ++asked < until,
  };
}

const source = (name: string, text: string): Source => ({ uri: `file:///w/${name}`, text });
const samples = (...files: string[]) =>
  files.map((file) => source(file.split('/').at(-1) ?? '', readFileSync(`samples/${file}`, 'utf8')));
const warm = (sources: readonly Source[], goesOn: () => boolean) => warmUp(sources, DEFAULT_SETTINGS, () => 0, goesOn);

describe('the warm-up', () => {
  for (const [name, sources] of [
    ['YAML', samples('cloudformation/orders.yaml')],
    ['JSON', samples('terraform-json/main.tf.json')],
    ['HCL', samples('terraform/main.tf')],
  ] as const)
    it(`types into ${name} in slices, and gives way at once to who types`, async () => {
      const [alone, typist] = [person(), person(3)];
      assert.equal(await warm(sources, alone.goesOn), true);
      assert.ok(alone.asked > 3, `asked ${alone.asked} times`);
      assert.equal(await warm(sources, typist.goesOn), false);
      // Once more for the answer.
      assert.ok(typist.asked <= 4, `asked ${typist.asked} times`);
    });

  it('bears every text', async () => {
    const bucket = 'Resources:\n  B:\n    Type: AWS::S3::Bucket\n';
    for (const text of [
      '',
      'Resources: {}\n',
      `\ufeff${bucket}`,
      bucket.replaceAll('\n', '\r\n'),
      `${bucket}    Properties:\n      BucketName: 😀😀\n      Tags: &t [*t, {Key: "`,
      `Parameters:\n  P: {Type: String, Default: "\\u0041😀"}\n${bucket}    Properties: {BucketName: !Sub "\${P`,
      `${bucket}${'  # x\n'.repeat(20_000)}`,
    ])
      assert.equal(await warm([source('a.yaml', text)], person(40).goesOn).then(() => 'over'), 'over');
  });
});
