/**
 * Texts made to break a reader: each is answered for in a bounded time, no rule throws, every range lies in the text, and what
 * was left out is said. How fast the product is, the bench measures; the bound here only tells a blow-up from work.
 * Large texts have a part of the size that their names say, a tenth or less;
 * `FUZZ=1 node scripts/test.mjs unit/hostile.test` takes them in full.
 */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Analysis, analyze, type Source } from '../../server/src/analysis/analyze.ts';
import type { Settings } from '../../server/src/analysis/settings.ts';
import { diagnosticsOf } from '../../server/src/lsp/diagnostics.ts';
import type { SyntaxDocument } from '../../server/src/syntax/document.ts';
import { parseHcl } from '../../server/src/syntax/hcl.ts';
import { parseJson } from '../../server/src/syntax/json.ts';
import { parseYaml, parseYamlInSteps } from '../../server/src/syntax/yaml.ts';
import type { Template } from '../../server/src/template/template.ts';
import { blocksOf } from '../../server/src/terraform/blocks.ts';
import { terraformModule } from '../../server/src/terraform/configuration.ts';
import { terraformPlan } from '../../server/src/terraform/plan.ts';
import { template, yamlOf } from '../bench/cloudformation-documents.ts';
import { HCL, MODULES, PLANS, TF_JSON } from '../support/hostile-hcl.ts';
import { POLICIES, ROLES } from '../support/hostile-policies.ts';
import { type Attack, bucketYaml, JSON_TEXTS, many, times, YAML } from '../support/hostile-texts.ts';
import { loadIamData } from '../support/iam-data.ts';

loadIamData();
const SETTINGS: Settings = { enable: true, tier: 'all', rules: {}, exclude: [] };

/** Milliseconds of processor time. The slowest take a fourth of it on a machine that is busy; what blows up takes many times that. */
const BOUND = process.env.FUZZ ? 20_000 : 6_000;

/** What is said to be left out, by the attack's name. */
const SAYS: readonly (readonly [name: RegExp, message: RegExp])[] = [
  [/: 10 MB /, /^Not read: larger than 4 MB$/],
  [/: (?:billion laughs|a merge of many|a join that doubles)/, /^Not read: aliases stand for too much$/],
  // With a bracket open the indentation counts, and that of all lines is the same.
  [/(?:yaml|json): 20,000 nested (?!.*one open)/, /^Not read: nested deeper than 256 levels$/],
  [/: 20,000 (?:dashes|question marks|colons)$/, /^Not read: nested deeper than 256 levels$/],
  [/: (?:5,000 nested Fn|long form functions nested)/, /^Not read: nested deeper than 256 levels$/],
  [/: (?:a policy string of 20,000|statements nested in statements)/, /^Not read: nested deeper than 256 levels$/],
  [
    /\.tf: 20,000 (?:paren|brackets|braces|calls|templates|directives|loops|for|nested)/,
    /^Not read: nested too deeply$/,
  ],
  [/\.tf: 1 MB of (?:minus|exclamation|conditionals|questions|open indexes)/, /^Not read: nested too deeply$/],
  [/: 1 MB of sums/, /^Not read: too many operators$/],
  [/: 1 MB of (?:steps|indexes|splats)/, /^Not read: too many steps$/],
  [/: 20,000 labels/, /^Not read: too many labels$/],
  [/: 2,500 statements that allow all/, /^Not judged in full: more than 2000 statements in one policy$/],
  [/: a condition of 100,000 values/, /^Not judged in full: more than 5000 actions/],
];

/** As above, of what no limit cuts at a tenth of the size. */
const SAYS_AT_FULL_SIZE: typeof SAYS = [
  [
    /yaml: (?:1 MB of (?:flow|line breaks|lines|documents|words|bars|quotes|quoted|comments|carriage))/,
    /^Not read from here on: too much/,
  ],
  [/yaml: (?:100,000 (?:aliases|anchors|keys|duplicates)|30,000 resources)/, /^Not read from here on: too much/],
  [/yaml: 1 MB of (?:nested flow|flow brackets)/, /^Not read: nested deeper than 256 levels$/],
  [/: brackets of 10 MB$/, /^Not read: nested deeper than 256 levels$/],
  [/\.tf: 1 MB of (?:words|quotes|equals|empty)/, /^Not read from here on: more than 20000 blocks$/],
  [/: 100,000 resources/, /^Not judged from here on: more than 5000 resources$/],
  [/: numbers of 10 MB$|json: 1 MB of (?:numbers|empty)/, /^Not read from here on: too much/],
  [/plan\.json: 30,000 resources/, /^Not judged from here on: more than 10000 resources$/],
];

function analyzed({ sources }: Attack): Analysis | undefined {
  const texts = sources();
  const before = process.cpuUsage();
  const analysis = analyze(texts, SETTINGS, {
    onError: (ruleId, error) => {
      throw new Error(`rule ${ruleId} throws`, { cause: error });
    },
  });
  const { user, system } = process.cpuUsage(before);
  assert.ok((user + system) / 1_000 < BOUND, `${Math.round((user + system) / 1_000)} ms`);
  return analysis;
}

function assertInside({ document, start, end }: Analysis['leftOut'][number]): void {
  assert.ok(start >= 0 && start <= end && end <= document.text.length, `${start}–${end} of ${document.text.length}`);
}

function check(attacks: readonly Attack[]): void {
  for (const attack of attacks) {
    it(attack.name, () => {
      const analysis = analyzed(attack);
      const said = analysis?.leftOut.map(({ message }) => message) ?? [];
      for (const one of analysis?.leftOut ?? []) assertInside(one);
      for (const { finding } of analysis?.findings.slice(0, 2_000) ?? []) {
        const { document, start, end } = finding.node;
        assertInside({ document, start, end, message: '' });
      }
      for (const [name, message] of process.env.FUZZ ? [...SAYS, ...SAYS_AT_FULL_SIZE] : SAYS)
        if (name.test(attack.name))
          assert.ok(
            said.some((one) => message.test(one)),
            `says: ${said.join(' · ')}`,
          );
      assert.equal(new Set(said).size, said.length, 'nothing is said twice');
      const [document] = analysis?.documents ?? [];
      if (!analysis || !document) return;
      const told = diagnosticsOf(analysis, document.uri).filter(({ code }) => code === 'left-out');
      assert.deepEqual(
        told.map(({ message }) => message),
        analysis.leftOut.filter((one) => one.document === document).map(({ message }) => message),
      );
      for (const { range } of told) assert.equal(range.start.line, range.end.line);
    });
  }
}

describe('hostile YAML', () => check(YAML));
describe('hostile JSON', () => check(JSON_TEXTS));
describe('hostile policies', () => check([...POLICIES, ...ROLES]));
describe('hostile HCL', () => check(HCL));
describe('hostile modules', () => check(MODULES));
describe('hostile Terraform JSON and plans', () => check([...TF_JSON, ...PLANS]));

describe('resources beside what is hostile', () => {
  const bucket = (analysis: Analysis | undefined) =>
    analysis?.findings
      .filter(({ finding }) => finding.resource.address === 'Good')
      .map(({ finding }) => finding.rule.id);
  const GOOD = '  Good:\n    Type: AWS::S3::Bucket\n    Properties:\n      AccessControl: PublicReadWrite\n';
  const alone = bucket(analyze([{ uri: 'a.yaml', text: `Resources:\n${GOOD}` }], SETTINGS));

  it('are judged all the same', () => {
    assert.ok(alone?.length);
    for (const value of ['['.repeat(20_000), '- '.repeat(20_000), nestedFunctions(5_000), 'x'.repeat(1_000_000)]) {
      const text = `Resources:\n${GOOD}  Bad:\n    Type: AWS::SQS::Queue\n    Properties:\n      QueueName: ${value}\n`;
      assert.deepEqual(bucket(analyze([{ uri: 'a.yaml', text }], SETTINGS)), alone, value.slice(0, 20));
    }
  });

  it('are judged where a type is named like a member of every object', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf']) {
      const text = `Resources:\n${GOOD}  Bad:\n    Type: ${name}\n`;
      const thrown: string[] = [];
      const analysis = analyze([{ uri: 'a.yaml', text }], SETTINGS, { onError: (ruleId) => thrown.push(ruleId) });
      assert.deepEqual(thrown, []);
      assert.deepEqual(bucket(analysis), alone);
    }
  });

  it('are judged up to a limit of them', () => {
    const many = Array.from(
      { length: 6_000 },
      (_, i) => `  T${i}:\n    Type: AWS::CloudFormation::WaitConditionHandle\n`,
    );
    const analysis = analyze([{ uri: 'a.yaml', text: `Resources:\n${GOOD}${many.join('')}` }], SETTINGS);
    // What was cut off may be the policy of the bucket, a bucket whose logs it takes in, or the trail that watches it.
    const hangOnOthers = ['s3-access-logging', 's3-cmk', 's3-insecure-transport', 's3-object-lock'];
    assert.deepEqual(
      bucket(analysis),
      alone?.filter((id) => !hangOnOthers.includes(id)),
    );
    assert.equal(analysis?.template.resources.length, 5_000);
    assert.deepEqual(
      analysis?.leftOut.map(({ message, document, start, end }) => [message, document.text.slice(start, end)]),
      [['Not judged from here on: more than 5000 resources', 'T4999']],
    );
  });

  it('are judged up to a limit of them in a Terraform module and those that it calls', () => {
    const topics = (count: number) => times(count, (i) => `resource "aws_sns_topic" "t${i}" {}\n`);
    const child = parseHcl('file:///m/c/main.tf', topics(3));
    const root = (count: number, previous?: SyntaxDocument) =>
      parseHcl('file:///m/main.tf', `${topics(count)}module "c" {\n  source = "./c"\n}\n`, previous);
    const told = ({ resources, leftOut }: Template) => [
      resources.length,
      leftOut?.map(({ node, message }) => `${message} (${node.document.uri} ${node.value})`),
    ];
    const folders = new Map([['c', [child]]]);
    const said = 'Not judged from here on: more than 5000 resources';
    let document = root(4_997);
    let template = terraformModule([document], folders);
    assert.deepEqual(told(template), [5_000, []]);
    for (const [count, first] of [
      [4_998, 'c/main.tf t2'],
      [5_003, 'main.tf t5000'],
      [5_000, 'c/main.tf t0'],
    ] as const) {
      document = root(count, document);
      template = terraformModule([document], folders, template);
      assert.deepEqual(told(template), [5_000, [`${said} (file:///m/${first})`]], `${count}`);
    }
    document = root(10, document);
    assert.deepEqual(told(terraformModule([document], folders, template)), [13, []]);
  });

  it('are judged up to a limit of them in a plan', () => {
    const planned = (count: number) =>
      times(count, (i) => `{"address":"aws_sns_topic.t${i}","type":"aws_sns_topic","name":"t${i}","values":{}}`, ',');
    const read = (count: number) => {
      const text = `{"planned_values":{"root_module":{"resources":[${planned(count)}]}}}`;
      const plan = terraformPlan(parseJson('plan.json', text));
      return [plan?.resources.length, plan?.leftOut?.map(({ node, message }) => `${message}: ${node.value}`)];
    };
    assert.deepEqual(read(10_000), [10_000, []]);
    assert.deepEqual(read(10_002), [
      10_000,
      ['Not judged from here on: more than 10000 resources: aws_sns_topic.t10000'],
    ]);
  });

  it('are found in override files in time', () => {
    const count = many(20_000, 2_500);
    const topics = (name: string) => times(count, (i) => `resource "aws_sns_topic" "t${i}" {\n  name = "${name}"\n}\n`);
    const before = process.cpuUsage();
    const blocks = blocksOf([parseHcl('main.tf', topics('a')), parseHcl('override.tf', topics('b'))]);
    assert.equal(blocks.resources.length, count);
    assert.ok(blocks.resources.every(({ bodies }) => bodies.length === 2));
    const { user, system } = process.cpuUsage(before);
    assert.ok((user + system) / 1_000 < BOUND);
  });

  it('are judged as a fresh reader would, however a text grew too large', () => {
    const block = (i: number, item: string) =>
      `  T${i}:\n    Type: AWS::SNS::Topic\n    Properties: {A: [${item.repeat(2_000)}]}\n`;
    const yaml = (item: string) => (count: number) => ({
      uri: 'a.yaml',
      text: `Resources:\n${GOOD}${Array.from({ length: count }, (_, i) => block(i, item)).join('')}`,
    });
    const hcl = (count: number) => ({
      uri: 'a.tf',
      text: times(count, (i) => `resource "aws_sns_topic" "t${i}" {}\n`),
    });
    // Too much in all; too much for its length; too many blocks.
    fresh(yaml('twelve words, '), process.env.FUZZ ? [40, 80, 81, 60, 90] : [30, 60], 50);
    fresh(yaml('x, '), [2, 12, 13, 8, 12], 8);
    fresh(hcl, [19_999, 20_002, 20_001, 20_000], 20_000);
  });

  function fresh(sourceOf: (count: number) => Source, counts: readonly number[], limit: number): void {
    let incremental: Analysis | undefined;
    for (const count of counts) {
      const source = sourceOf(count);
      incremental = analyze([source], SETTINGS, { previous: incremental });
      const fresh = analyze([source], SETTINGS);
      const told = (one: Analysis | undefined) => [
        one?.leftOut.map(({ start, message }) => `${start} ${message}`),
        one?.template.resources.map(({ address }) => address),
        one?.findings.length,
      ];
      assert.deepEqual(told(incremental), told(fresh));
      const cut = fresh?.leftOut.some(({ message }) => message.startsWith('Not read from here on: '));
      assert.equal(cut, count > limit, `${count}`);
    }
  }
});

describe('YAML that is dense', () => {
  const read = (text: string) => {
    const steps = [...parseYamlInSteps('a.yaml', text)].length;
    return { steps, cut: parseYaml('a.yaml', text).problems.find(({ leftOut }) => leftOut)?.start };
  };

  it('is read for as long as others of its length are', () => {
    for (const [piece, most] of [
      ['x,', 60_000],
      ['"",', 170_000],
      ['\n', 90_000],
      ['-\n', 90_000],
      ['a\n', 30_000],
      [' #\n', 90_000],
      ['---\n', 30_000],
      ['&a x,', 90_000],
    ] as const) {
      const { steps, cut } = read(bucketYaml(`${piece.endsWith(',') ? '[' : 'x\n'}${piece.repeat(100_000)}`));
      assert.ok(cut !== undefined && cut < most, `${JSON.stringify(piece)} is read up to ${cut}`);
      assert.ok(steps < 10_000, `${JSON.stringify(piece)}: ${steps} steps`);
    }
  });

  it('is read in full where people write it', () => {
    for (const text of [
      yamlOf(template(many(500), 9)),
      // Everything in braces.
      `Resources:\n${times(500, (i) => `  B${i}: ${JSON.stringify(template(1, 1).Resources)}\n`)}`,
    ])
      assert.equal(read(text).cut, undefined);
  });
});

function nestedFunctions(depth: number): string {
  return `${'{"Fn::If": [C, '.repeat(depth)}x${', b]}'.repeat(depth)}`;
}
