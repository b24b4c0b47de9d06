/**
 * Texts made to break a reader: each is answered for in a bounded time, no rule throws, every range lies in the text, and what
 * was left out is said. How fast the product is, the bench measures; the bound here only tells a blow-up from work.
 */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Analysis, analyze } from '../../server/src/analysis/analyze.ts';
import type { Settings } from '../../server/src/analysis/settings.ts';
import { diagnosticsOf } from '../../server/src/lsp/diagnostics.ts';
import { HCL, MODULES, PLANS, TF_JSON } from '../support/hostile-hcl.ts';
import { POLICIES, ROLES } from '../support/hostile-policies.ts';
import { type Attack, JSON_TEXTS, YAML } from '../support/hostile-texts.ts';
import { loadIamData } from '../support/iam-data.ts';

loadIamData();
const SETTINGS: Settings = { enable: true, tier: 'all', rules: {}, exclude: [] };

/** Milliseconds of processor time. The slowest take some seconds on a machine that is busy; what blows up takes minutes. */
const BOUND = 20_000;

/** What is said to be left out, by the attack's name. */
const SAYS: readonly (readonly [name: RegExp, message: RegExp])[] = [
  [/: 10 MB /, /^Not read: larger than 4 MB$/],
  [
    /: (?:billion laughs|a merge of many|100,000 aliases|a join that doubles)/,
    /^Not read: aliases stand for too much$/,
  ],
  [/(?:yaml|json): 20,000 nested/, /^Not read: nested deeper than 256 levels$/],
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
  [
    /yaml: (?:1 MB of (?:flow|line|documents|words|bars)|100,000 (?:keys|duplicates))/,
    /^Not read from here on: too much/,
  ],
  [/\.(?:yaml|json): (?:30|100),000 resources/, /^Not judged from here on: more than (?:5|10)000 resources$/],
  [/\.tf: (?:30|100),000 resources/, /^Not judged from here on: more than 10000 resources$/],
  [/: 5,000 statements that allow all/, /^Not judged in full: more than 2000 statements in one policy$/],
  [/: a condition of 100,000 values/, /^Not judged in full: more than 5000 actions/],
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
      for (const [name, message] of SAYS)
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
    assert.deepEqual(bucket(analysis), alone);
    assert.equal(analysis?.template.resources.length, 5_000);
    assert.deepEqual(
      analysis?.leftOut.map(({ message, document, start, end }) => [message, document.text.slice(start, end)]),
      [['Not judged from here on: more than 5000 resources', 'T4999']],
    );
  });

  it('are judged as a fresh reader would, however a text grew too large', () => {
    const block = (i: number) => `  T${i}:\n    Type: AWS::SNS::Topic\n    Properties: {A: [${'x, '.repeat(2_000)}]}\n`;
    const text = (count: number) => `Resources:\n${GOOD}${Array.from({ length: count }, (_, i) => block(i)).join('')}`;
    let incremental: Analysis | undefined;
    for (const count of [40, 80, 81, 60, 90]) {
      const source = { uri: 'a.yaml', text: text(count) };
      incremental = analyze([source], SETTINGS, { previous: incremental });
      const fresh = analyze([source], SETTINGS);
      const told = (one: Analysis | undefined) => [
        one?.leftOut.map(({ start, message }) => `${start} ${message}`),
        one?.template.resources.map(({ address }) => address),
        one?.findings.length,
      ];
      assert.deepEqual(told(incremental), told(fresh));
      assert.equal(Boolean(fresh?.leftOut.length), count > 50, `${count}`);
    }
  });
});

function nestedFunctions(depth: number): string {
  return `${'{"Fn::If": [C, '.repeat(depth)}x${', b]}'.repeat(depth)}`;
}
