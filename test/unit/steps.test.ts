/** Analyses in steps: what they come to, how finely they go, and what is left where one is given up between two of them. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type Analysis,
  type AnalyzeOptions,
  analyze,
  analyzeInSteps,
  type Source,
} from '../../server/src/analysis/analyze.ts';
import type { Settings } from '../../server/src/analysis/settings.ts';
import { parseYamlInSteps } from '../../server/src/syntax/yaml.ts';
import { shape } from './syntax-support.ts';

const SETTINGS: Settings = { enable: true, tier: 'core', rules: {}, exclude: [] };
const COUNT = 30;
/** Pieces, of which the last one says a word. */
const pieces = (word: string, make: (name: string, i: number) => string, between = '') =>
  Array.from({ length: COUNT }, (_, i) => make(`q${i}${i === COUNT - 1 ? `-${word}` : ''}`, i)).join(between);

const yaml = (name: string, i: number) =>
  `  Q${i}:\n    Type: AWS::SQS::Queue\n    Properties:\n      QueueName: ${name}\n      SqsManagedSseEnabled: false\n`;
const hcl = (name: string, i: number | string) =>
  `resource "aws_sqs_queue" "q${i}" {\n  name = "${name}"\n  sqs_managed_sse_enabled = false\n}\n`;
const tfJson = (name: string, i: number | string) => `"q${i}": {"name": "${name}", "sqs_managed_sse_enabled": false}`;
const json = (name: string, i: number) =>
  `"Q${i}": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "${name}", "SqsManagedSseEnabled": false}}`;

const KINDS: Readonly<Record<string, (word: string) => readonly Source[]>> = {
  YAML: (word) => [{ uri: 'a.yaml', text: `Resources:\n${pieces(word, yaml)}` }],
  // A merge key draws on all of its map.
  'YAML that is read as a whole': (word) => [{ uri: 'a.yaml', text: `Resources:\n  <<: {}\n${pieces(word, yaml)}` }],
  JSON: (word) => [{ uri: 'a.json', text: `{\n"Resources": {\n${pieces(word, json, ',\n')}\n}\n}` }],
  HCL: (word) => [{ uri: 'a.tf', text: pieces(word, hcl) }],
  'a module of several files': (word) =>
    Array.from({ length: COUNT }, (_, i) =>
      i % 3
        ? { uri: `file:///m/${i}.tf`, text: hcl('same', `${i}s`) + hcl(`q-${word}`, i) }
        : {
            uri: `file:///m/${i}.tf.json`,
            text: `{"resource": {"aws_sqs_queue": {${tfJson('same', `${i}s`)}, ${tfJson(`q-${word}`, i)}}}}`,
          },
    ),
};

/** Some steps of an analysis; how many there were until the template was there, and what came of it. */
function some(sources: readonly Source[], options: AnalyzeOptions, most = Number.POSITIVE_INFINITY) {
  let reading = 0;
  let isRead = false;
  const onTemplate = () => {
    isRead = true;
  };
  const run = analyzeInSteps(sources, SETTINGS, { ...options, onTemplate });
  for (let steps = 0; steps < most; steps++) {
    const step = run.next();
    if (step.done) return { reading, isRead, analysis: step.value };
    if (!isRead) reading++;
  }
  return { reading, isRead, analysis: undefined };
}

const told = (analysis: Analysis | undefined) => [
  analysis?.documents.flatMap((document) => [...shape(document), ...document.problems]),
  analysis?.template.resources.map(({ address }) => address),
  analysis?.findings.map(({ finding, severity }) => [finding.rule.id, finding.node.start, finding.node.end, severity]),
];

describe('an analysis in steps', () => {
  for (const [kind, sources] of Object.entries(KINDS)) {
    it(`comes to the same: ${kind}`, () => {
      const { analysis } = some(sources('one'), {});
      assert.ok(analysis && analysis.findings.length >= COUNT && analysis.template.resources.length >= COUNT);
      assert.deepEqual(told(analysis), told(analyze(sources('one'), SETTINGS)));
    });

    it(`leaves the version before as it was where it is given up while it reads: ${kind}`, () => {
      const fresh = told(analyze(sources('one'), SETTINGS));
      const { reading } = some(sources('two'), { previous: analyze(sources('one'), SETTINGS) });
      assert.ok(reading > 0);
      const previous = analyze(sources('one'), SETTINGS);
      for (let most = 1; most <= reading; most++) {
        const { isRead } = some(sources('two'), { previous }, most);
        assert.equal(isRead, false);
        assert.deepEqual(told(previous), fresh, `after ${most} steps`);
      }
      assert.deepEqual(told(analyze(sources('two'), SETTINGS, { previous })), told(analyze(sources('two'), SETTINGS)));
    });
  }

  it('has a step for each piece and file that it reads', () => {
    for (const kind of ['YAML', 'JSON', 'HCL', 'a module of several files'])
      assert.ok(some(KINDS[kind]?.('one') ?? [], {}).reading >= COUNT, kind);
  });

  it('has a step for each resource of a plan, and one more for what was there before it', () => {
    const resource = (i: number) => `"address":"aws_sqs_queue.q${i}","type":"aws_sqs_queue","name":"q${i}"`;
    const list = (make: (i: number) => string) => Array.from({ length: COUNT }, (_, i) => make(i)).join(',');
    const text = `{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{"root_module":{"resources":[${list(
      (i) => `{${resource(i)},"mode":"managed","values":{"sqs_managed_sse_enabled":false}}`,
    )}]}},"resource_changes":[${list(
      (i) =>
        `{${resource(i)},"mode":"managed","change":{"actions":["update"],"before":{"sqs_managed_sse_enabled":${i % 2 > 0}},"after":{"sqs_managed_sse_enabled":false}}}`,
    )}]}`;
    const sources = [{ uri: 'plan.json', text }];
    const steps = [...analyzeInSteps(sources, SETTINGS)].length;
    assert.ok(steps >= 2 * COUNT, `${steps} steps`);
    const { analysis } = some(sources, {});
    assert.deepEqual(told(analysis), told(analyze(sources, SETTINGS)));
    const introduced = analysis?.planned?.introduced ?? [];
    assert.ok(introduced.length >= COUNT / 2 && introduced.length < (analysis?.findings.length ?? 0));
  });

  it('reads nothing again that did not change', () => {
    for (const kind of ['YAML', 'HCL']) {
      const [one, two] = [KINDS[kind]?.('one') ?? [], KINDS[kind]?.('two') ?? []];
      const { reading } = some(two, { previous: analyze(one, SETTINGS) });
      assert.ok(reading <= 3, `${kind}: ${reading}`);
    }
  });

  it('reads long YAML in steps where it is no more than one piece', () => {
    const items = (count: number) => Array.from({ length: count }, (_, i) => `      - a value of some length, ${i}\n`);
    const stepsOf = (count: number) =>
      [...parseYamlInSteps('a.yaml', `Resources:\n  A:\n    B:\n${items(count).join('')}`)].length;
    assert.ok(stepsOf(4_000) > stepsOf(1_000) + 6, `${stepsOf(1_000)}, ${stepsOf(4_000)}`);
  });
});
