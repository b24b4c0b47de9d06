/**
 * Nothing follows from the absence of what a limit kept from being read. In every golden case each resource in turn is left out, as
 * it would be behind thousands of others: no finding may come that is not there with it.
 */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyze, parse, type Source, templateOf } from '../../server/src/analysis/analyze.ts';
import { classify } from '../../server/src/analysis/classify.ts';
import type { Settings } from '../../server/src/analysis/settings.ts';
import { checkTemplate } from '../../server/src/rules/engine.ts';
import { RULES } from '../../server/src/rules/index.ts';
import type { Severity } from '../../server/src/rules/rule.ts';
import { ResourceIndex } from '../../server/src/template/resource-index.ts';
import type { Resource, Template } from '../../server/src/template/template.ts';
import { loadIamData } from '../support/iam-data.ts';
import { allCases, type Case, fileName } from './golden.ts';

loadIamData();
const SETTINGS: Settings = { enable: true, tier: 'all', rules: {}, exclude: [] };

function read(test: Case): Template | undefined {
  const source = { uri: fileName(test.language), text: test.text };
  const dialect = classify(source);
  return dialect && templateOf(dialect, [parse(source)]);
}

/** The template as it is where a limit cuts one resource off. */
function without(template: Template, gone: Resource): Template {
  const own = template.resources.filter((one) => one !== gone);
  Object.assign(template, { index: new ResourceIndex(own, 'first') });
  Object.defineProperty(template, 'leftOut', { value: [{ node: gone.key, message: 'Not judged' }] });
  return template;
}

/** Rules whose finding is certain by itself; what was left out might only have said the same, or judged it more mildly. */
const TRUE_BY_ITSELF: Readonly<Record<string, string>> = {
  'apigw-resource-policy-public': 'the policy lets everyone in; methods that ask for authorization make it milder',
  'cfn-parameter-secret-no-noecho':
    'the parameter shows the secret; where it is used the same would be said of the value',
  'elbv2-listener-http': 'the listener takes HTTP; an internal load balancer makes it milder',
  'elbv2-targetgroup-http': 'the targets are reached over HTTP; a listener with HTTPS makes it milder',
  'iam-admin-star': 'the policy allows everything; that it is a boundary is known from who has it',
  'iam-service-wildcard': 'the statement allows it; more is known of the document from who includes it',
  'iam-wildcard-resource': 'the statement allows it; more is known of the document from who includes it',
  'iam-write-without-constraint': 'the statement allows it; with other policies of the same role it would be worse',
  'rds-public-subnet': 'the subnets are public; databases without a public address make it milder',
  's3-bucket-policy-public': 'the policy lets everyone in; a public access block of the bucket makes it milder',
  's3-public-acl': 'the ACL lets everyone in; a public access block of the bucket makes it milder',
  'vpc-endpoint-service-permissions-star':
    'everyone may ask for a connection; a service that lets each in makes it milder',
};

const RANK: Readonly<Record<Severity, number>> = { critical: 0, high: 1, medium: 2, low: 3, info: 4 };

/** By rule and place: the severity. */
function found(template: Template): ReadonlyMap<string, Severity> {
  const findings = checkTemplate(template, RULES, {
    onError: (ruleId, error) => {
      throw new Error(`rule ${ruleId} throws`, { cause: error });
    },
  });
  return new Map(
    findings.map(({ rule, resource, node, path, severity }) => [
      [rule.id, resource.address, path, node.start, node.end].join(' '),
      severity,
    ]),
  );
}

describe('what was left out', () => {
  const cases = allCases('test/rules/cases').filter(({ language }) => /^(?:cfn|tf-(?:json|hcl))/.test(language));

  it('is not taken for missing, in any golden case', () => {
    const wrong: string[] = [];
    const excused = new Set<string>();
    let tried = 0;
    for (const test of cases) {
      const count = read(test)?.resources.length ?? 0;
      if (count < 2) continue;
      const whole = found(read(test) as Template);
      for (let i = 0; i < count; i++) {
        const template = read(test) as Template;
        const gone = template.resources[i] as Resource;
        for (const [finding, severity] of found(without(template, gone))) {
          const before = whole.get(finding);
          if (before && RANK[before] <= RANK[severity]) continue;
          const [ruleId = ''] = finding.split(' ');
          if (ruleId in TRUE_BY_ITSELF) excused.add(ruleId);
          else wrong.push(`${test.file}:${test.line} without ${gone.address}: ${finding} (${before} → ${severity})`);
        }
        tried++;
      }
    }
    assert.ok(tried > 1_000, `${tried} were left out`);
    assert.ok(!wrong.length, wrong.join('\n'));
    assert.deepEqual([...excused].sort(), Object.keys(TRUE_BY_ITSELF).sort());
  });

  const others = (count: number, one: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => one(i)).join('');
  const BUCKET = 'resource "aws_s3_bucket" "b" {\n  bucket = "logs"\n}\n';
  const BLOCK = `resource "aws_s3_bucket_public_access_block" "b" {
  bucket                  = aws_s3_bucket.b.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
`;
  const MISSING = 's3-public-access-block-missing';

  it('is not taken for missing where it lies behind 5,000 resources, before and after', () => {
    const texts = {
      'main.tf': (count: number, last: boolean) =>
        `${BUCKET}${others(count, (i) => `resource "aws_sns_topic" "t${i}" {}\n`)}${last ? BLOCK : ''}`,
      'template.yaml': (count: number, last: boolean) =>
        `Resources:
  Net: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
${others(count, (i) => `  T${i}: { Type: AWS::SNS::Topic }\n`)}${
  last
    ? '  Log: { Type: AWS::EC2::FlowLog, Properties: { ResourceId: !Ref Net, ResourceType: VPC, TrafficType: ALL } }\n'
    : ''
}`,
    };
    for (const [uri, rule] of [
      ['main.tf', MISSING],
      ['template.yaml', 'vpc-flow-logs'],
    ] as const) {
      const rules = RULES.filter(({ id }) => id === rule);
      let previous: Template | undefined;
      const said = (count: number, last: boolean) => {
        const source = { uri, text: texts[uri](count, last) };
        const dialect = classify(source) as Template['dialect'];
        const document = parse(source, previous?.documents[0]);
        previous = templateOf(dialect, [document], undefined, previous) as Template;
        const fresh = templateOf(dialect, [parse(source)]) as Template;
        const found = checkTemplate(previous, rules).map(({ resource }) => resource.address);
        assert.deepEqual(
          found,
          checkTemplate(fresh, rules).map(({ resource }) => resource.address),
          `${uri} ${count}`,
        );
        return found.length;
      };
      assert.equal(said(4_998, false), 1, `${uri}: is missing`);
      assert.equal(said(4_998, true), 0, `${uri}: is there`);
      assert.equal(said(4_999, true), 0, `${uri}: is there, and cut off`);
      assert.equal(said(5_000, false), 0, `${uri}: may be there, as something is cut off`);
      assert.equal(said(4_999, false), 1, `${uri}: is missing again`);
    }
  });

  it('is not taken for missing in texts that were not read, or not to the end', () => {
    const missing = (...sources: Source[]) =>
      analyze(sources, SETTINGS)?.findings.filter(({ finding }) => finding.rule.id === MISSING).length;
    const bucket: Source = { uri: 'a.tf', text: BUCKET };
    assert.equal(missing(bucket, { uri: 'b.tf', text: `# ${'x'.repeat(3_000_000)}\n` }), 1);
    assert.equal(missing(bucket, { uri: 'b.tf', text: `# ${'x'.repeat(4_000_000)}\n` }), 0);
    const topic = (i: number) => `  T${i}:\n    Type: AWS::SNS::Topic\n    Properties: {A: [${'x, '.repeat(2_000)}]}\n`;
    const net = (count: number): Source => ({
      uri: 'template.yaml',
      text: `Resources:\n  Net: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }\n${others(count, topic)}`,
    });
    const unlogged = (source: Source) =>
      analyze([source], SETTINGS)?.findings.filter(({ finding }) => finding.rule.id === 'vpc-flow-logs').length;
    assert.equal(unlogged(net(5)), 1);
    assert.equal(unlogged(net(60)), 0);
  });

  it('is not taken for missing in modules that were not read', () => {
    const root: Source = {
      uri: 'main.tf',
      text: `${BUCKET}module "c" {\n  source = "./c"\n  bucket = aws_s3_bucket.b.id\n}\n`,
    };
    const unread: Source = { uri: 'c', text: '', folder: 'c', unread: 'Not read: too many' };
    const said = (...sources: Source[]) => {
      const analysis = analyze(sources, SETTINGS);
      return [
        analysis?.findings.filter(({ finding }) => finding.rule.id === MISSING).length,
        analysis?.leftOut.map(({ message, document, start, end }) => [
          message,
          document.uri,
          document.text.slice(start, end),
        ]),
      ];
    };
    assert.deepEqual(said(root), [1, []]);
    assert.deepEqual(said(root, unread), [0, [['Not read: too many', 'main.tf', 'module "c"']]]);
    // A folder that nobody calls, or not any more, is of no concern.
    assert.deepEqual(said({ uri: 'main.tf', text: BUCKET }, unread), [1, []]);
    // Other files of the module itself.
    const { folder: _, ...beside } = unread;
    assert.deepEqual(said({ uri: 'a.tf', text: BUCKET }, { uri: 'b.tf', text: '' }, beside), [
      0,
      [['Not read: too many', 'a.tf', 'resource']],
    ]);
  });
});
