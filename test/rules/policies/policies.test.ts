/** Every check of policy documents in every place where a document may live. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import { parse as parseYaml } from 'yaml';
import { type Analysis, analyze } from '../../../server/src/analysis/analyze.ts';
import type { Finding } from '../../../server/src/rules/rule.ts';
import { applyTextEdits, renderEdits } from '../../../server/src/syntax/edit.ts';
import { loadIamData } from '../../support/iam-data.ts';
import { CHECKS, FIXTURES } from './all.ts';
import { FORMS, type Hosted, hosted, type Json, type PolicyFixture, valueAt, withValue } from './fixture.ts';

loadIamData();
const SETTINGS = { enable: true, tier: 'all', rules: {}, exclude: [] } as const;
/** Rules that say what AWS refuses or ignores: a good document has none of their findings. */
const GRAMMAR =
  /^iam-(policy-(invalid|mismatch|variable|size)|principal-invalid|guardrail-invalid|arn-invalid|condition-(key-)?invalid)$/;

function run(source: Pick<Hosted, 'uri' | 'text'>): Analysis {
  const analysis = analyze([source], SETTINGS, {
    onError: (ruleId, error) => assert.fail(`${ruleId}: ${(error as Error).stack}`),
  });
  assert.ok(analysis, `not recognised:\n${source.text}`);
  return analysis;
}

/** The findings of the check, by the table of checks. */
function findingsOf(analysis: Analysis, check: string): Finding[] {
  const [id, variant] = (CHECKS[check] ?? check).split('/');
  return analysis.findings
    .map(({ finding }) => finding)
    .filter((finding) => finding.rule.id === id && (variant === undefined || finding.variant === variant));
}

const names = (findings: readonly Finding[]) =>
  findings.map(({ rule, variant, message }) => `${rule.id}/${variant}: ${message}`);
const grammar = (analysis: Analysis) =>
  analysis.findings.map(({ finding }) => finding).filter(({ rule }) => GRAMMAR.test(rule.id));

function applyFix(text: string, finding: Finding): string | undefined {
  const [fix] = finding.fixes();
  if (!fix) return undefined;
  const edits = renderEdits(fix.edits)?.get(finding.node.document);
  assert.ok(edits?.length, `"${fix.title}" renders to nothing in\n${text}`);
  return applyTextEdits(text, edits);
}

function verify(fixture: PolicyFixture, source: Hosted): void {
  const { check } = fixture;
  const { text, form } = source;
  const analysis = run(source);
  const found = findingsOf(analysis, check);
  assert.equal(
    found.length,
    1,
    `one finding of ${check} in\n${text}\n${names(analysis.findings.map((one) => one.finding)).join('\n')}`,
  );
  const [finding] = found as [Finding];
  if (source.path && fixture.at) {
    const root = parseTree(text);
    assert.ok(root);
    let node = findNodeAtLocation(root, [...source.path, ...fixture.at]);
    assert.ok(node, `the path ${fixture.at.join('.')} leads nowhere`);
    if (fixture.onKey) node = node.parent?.children?.[0];
    assert.ok(node);
    const range = text.slice(node.offset, node.offset + node.length);
    assert.deepEqual(
      [finding.node.start, text.slice(finding.node.start, finding.node.end)],
      [node.offset, range],
      'the exact range',
    );
  } else if (source.place && fixture.at) {
    const wanted = source.place(fixture.at, fixture.onKey === true);
    assert.ok(wanted, `the path ${fixture.at.join('.')} leads nowhere`);
    const { start, end } = finding.node;
    assert.deepEqual([start, text.slice(start, end)], [wanted.start, text.slice(wanted.start, wanted.end)], text);
  } else if (fixture.at && !form.endsWith('-data')) {
    assert.ok(finding.node.end > finding.node.start && finding.node !== finding.resource.body);
  }
  const fixed = applyFix(text, finding);
  if (fixture.fixed === undefined) {
    assert.equal(fixed, undefined, `no fix is expected, but "${finding.fixes()[0]?.title}" is offered`);
    return;
  }
  // Blocks of Terraform and expressions cannot take every edit.
  if (fixed === undefined && /-data$|-jsonencode$/.test(form)) return;
  assert.ok(fixed !== undefined, `a fix is offered in\n${text}`);
  const after = run({ uri: source.uri, text: fixed });
  assert.deepEqual(names(findingsOf(after, check)), [], `the finding is gone from\n${fixed}`);
  const before = new Set(names(grammar(analysis)));
  assert.deepEqual(
    names(grammar(after)).filter((name) => !before.has(name)),
    [],
    `no new fault came in\n${fixed}`,
  );
  const left = typeof fixture.fixed === 'function' ? fixture.fixed(form) : fixture.fixed;
  const wanted = hosted(left, fixture.host, form);
  assert.ok(wanted);
  assert.deepEqual(contents({ form, text: fixed }), contents(wanted), 'what the fix leaves');
}

/** What a text says, layout aside; undefined for forms that are no data format. */
function contents({ form, text }: Pick<Hosted, 'form' | 'text'>): unknown {
  switch (form) {
    case 'cfn-yaml':
      return parseYaml(text);
    case 'tf-text': {
      const { resource } = JSON.parse(text) as { resource: Record<string, { example: Record<string, string> }> };
      const { policy, assume_role_policy, content } = Object.values(resource)[0]?.example ?? {};
      return JSON.parse(policy ?? assume_role_policy ?? content ?? '');
    }
    case 'tf-jsonencode':
    case 'tf-data':
    case 'hcl-jsonencode':
    case 'hcl-data':
      return undefined;
    case 'hcl-heredoc':
      return JSON.parse(/<<EOF\n([\s\S]*?)\nEOF/.exec(text)?.[1] ?? '');
    case 'hcl-quoted': {
      const [quoted = ''] = /"\{(?:[^"\\]|\\.)*"/.exec(text) ?? [];
      return JSON.parse(JSON.parse(quoted) as string);
    }
    default:
      return JSON.parse(text);
  }
}

/** Where the value is not known there is no fault; where it stands under a condition, the fault is under it as well. */
function verifyUnknown(fixture: PolicyFixture): void {
  const { violates, at, host, check } = fixture;
  if (!at?.length || fixture.onKey) return;
  const value = valueAt(violates, at);
  if (typeof value === 'object') return;
  if (!fixture.knownAnyway) {
    for (const [form, token] of [
      ['cfn-json', { Ref: 'Parameter' }],
      ['cfn-yaml', { 'Fn::ImportValue': 'shared' }],
      ['tf-text', '${var.unknown}'],
      ['hcl-heredoc', '${var.unknown}'],
      ['hcl-jsonencode', '${data.aws_ssm_parameter.unknown.value}'],
    ] as const) {
      const source = hosted(withValue(violates, at, token), host, form);
      assert.ok(source);
      // What stands for a policy variable was doubled; this is a reference.
      const text = source.text.replaceAll(/\$(?=\$\{(?:var|data)\.)/g, '');
      const found = findingsOf(run({ uri: source.uri, text }), check);
      assert.deepEqual(names(found), [], `unknown is no finding:\n${text}`);
    }
  }
  if (fixture.unconditional) return;
  const other = { Ref: 'AWS::NoValue' };
  const source = hosted(
    withValue(violates, at, { 'Fn::If': ['IsProduction', value as Json, other] }),
    host,
    'cfn-json',
  );
  assert.ok(source);
  const template = {
    Conditions: { IsProduction: { 'Fn::Equals': [{ Ref: 'Stage' }, 'production'] } },
    ...JSON.parse(source.text),
  };
  const found = findingsOf(run({ uri: source.uri, text: JSON.stringify(template, null, 2) }), check);
  assert.equal(found.length, 1, `a finding under the condition:\n${source.text}`);
  assert.ok(found[0]?.conditions.length, 'the finding names its condition');
}

describe('policy checks', () => {
  for (const fixture of FIXTURES) {
    describe(`${fixture.check}${fixture.title ? ` - ${fixture.title}` : ''}`, () => {
      for (const form of FORMS) {
        if (form.endsWith('-data') && fixture.noData) continue;
        if (form === 'file' && fixture.noFile) continue;
        const source = hosted(fixture.violates, fixture.host, form);
        if (!source) {
          if (form === 'tf-data') it('says why a data source cannot say it', () => assert.ok(fixture.noData));
          continue;
        }
        it(`violates: ${form}`, () => verify(fixture, source));
      }
      it('satisfies', () => {
        for (const document of fixture.satisfies) {
          for (const form of FORMS) {
            const source = hosted(document, fixture.host, form);
            if (!source) continue;
            const analysis = run(source);
            assert.deepEqual(names(findingsOf(analysis, fixture.check)), [], `no finding in\n${source.text}`);
            assert.deepEqual(names(grammar(analysis)), [], `no fault in\n${source.text}`);
          }
        }
      });
      it('unknown and conditional', () => verifyUnknown(fixture));
    });
  }
});
