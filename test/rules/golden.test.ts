/** Every rule against its golden cases: the exact ranges, the severities, and what the fixes leave. */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { type Analysis, analyze } from '../../server/src/analysis/analyze.ts';
import type { Settings } from '../../server/src/analysis/settings.ts';
import { RULES } from '../../server/src/rules/index.ts';
import { applyTextEdits, renderEdits } from '../../server/src/syntax/edit.ts';
import { isUncovered } from '../support/fix-check.ts';
import { loadIamData } from '../support/iam-data.ts';
import { allCases, type Case, fileName } from './golden.ts';

loadIamData();
const CASES = allCases('test/rules/cases');
/** `UPDATE_GOLDEN=rule-id` (or the beginning of one) writes what the fixes leave into the cases: read them afterwards. */
const UPDATE = process.env.UPDATE_GOLDEN;
const SETTINGS: Settings = { enable: true, tier: 'all', rules: {}, exclude: [] };

function run(test: Case, text: string): Analysis {
  const failures: string[] = [];
  const analysis = analyze([{ uri: fileName(test.language), text }], SETTINGS, {
    onError: (ruleId, error) => failures.push(`${ruleId}: ${(error as Error).stack}`),
  });
  assert.deepEqual(failures, [], 'no rule throws');
  assert.ok(analysis, 'the text is recognised');
  return analysis;
}

/** A finding as a line that a person can compare. */
function line(text: string, ruleId: string, start: number, end: number, severity?: string): string {
  const row = text.slice(0, start).split('\n').length;
  return `${row}: ${ruleId}${severity ? ` ${severity}` : ''} on ${JSON.stringify(text.slice(start, end))}@${start}`;
}

/** What the preferred fix of every finding of the rule leaves, applied one by one so that none stands on another's offsets. */
function applyFixes(test: Case): { text: string; applied: number } {
  let text = test.text;
  let applied = 0;
  for (let round = 0; round < 50; round++) {
    const finding = run(test, text)
      .findings.map((one) => one.finding)
      .find((one) => one.rule.id === test.ruleId && one.fixes().length);
    const fix = finding?.fixes()[0];
    if (!finding || !fix) return { text, applied };
    const edits = renderEdits(fix.edits);
    assert.ok(edits, `"${fix.title}" can be rendered`);
    const own = edits.get(finding.node.document);
    assert.ok(own?.length && edits.size === 1, `"${fix.title}" edits this document`);
    const next = applyTextEdits(text, own);
    assert.notEqual(next, text, `"${fix.title}" changes something`);
    text = next;
    applied++;
  }
  assert.fail('fixes do not come to an end');
}

describe('golden cases of rules', () => {
  for (const test of CASES) {
    it(`${test.ruleId}: ${test.title}`, () => {
      const analysis = run(test, test.text);
      const found = analysis.findings
        .filter(
          ({ finding }) =>
            finding.rule.id === test.ruleId || test.marks.some((mark) => mark.ruleId === finding.rule.id),
        )
        .map(({ finding }) => finding);
      const wanted = test.marks.map((mark) => line(test.text, mark.ruleId, mark.start, mark.end, mark.severity));
      const got = found.map((one) => {
        const mark = test.marks.find(
          (m) => m.ruleId === one.rule.id && m.start === one.node.start && m.end === one.node.end,
        );
        return line(
          test.text,
          one.rule.id,
          one.node.start,
          one.node.end,
          mark && !mark.severity ? undefined : one.severity,
        );
      });
      assert.deepEqual(got.sort(), wanted.sort(), `${test.file}:${test.line}`);

      const own = found.filter((one) => one.rule.id === test.ruleId);
      if (!own.length) return;
      if (test.noFix) {
        assert.deepEqual(
          own.flatMap((one) => one.fixes().map((fix) => fix.title)),
          [],
          'no fix is offered',
        );
        return;
      }
      const { text, applied } = applyFixes(test);
      if (UPDATE && test.ruleId.startsWith(UPDATE) && applied && test.fixed !== text) {
        const markdown = readFileSync(test.file, 'utf8');
        const from = markdown.indexOf(`## ${test.title}\n`);
        const next = markdown.indexOf('\n## ', from + 1);
        const section = markdown
          .slice(from, next < 0 ? undefined : next)
          .replace(/\n+fixed\n[\s\S]*$/, '')
          .trimEnd();
        const rest = next < 0 ? '\n' : `\n${markdown.slice(next)}`;
        writeFileSync(test.file, `${markdown.slice(0, from)}${section}\n\nfixed\n\n\`\`\`\n${text}\`\`\`${rest}`);
        return;
      }
      assert.ok(applied, 'a fix is offered (or the case says "no fix")');
      assert.equal(text, test.fixed, 'what the fixes leave');
      const after = run(test, text);
      const rest = after.findings.map(({ finding }) => finding);
      assert.deepEqual(
        after.documents.flatMap((document) => document.problems),
        [],
        'the fixed text parses',
      );
      assert.deepEqual(
        rest.filter((one) => one.rule.id === test.ruleId && one.fixes().length).map((one) => one.message),
        [],
        'the finding is gone',
      );
      const before = new Set(analysis.findings.map(({ finding }) => `${finding.rule.id} ${finding.resource.address}`));
      assert.deepEqual(
        rest
          .filter((one) => !isUncovered(one, analysis, [test.ruleId]))
          .map((one) => `${one.rule.id} ${one.resource.address}`)
          .filter((one) => !before.has(one)),
        [],
        'no new finding came',
      );
    });
  }

  it('every rule has a violating, a satisfying and an unknown case in each of its languages', () => {
    const missing: string[] = [];
    // What is no resource has no type to tell the language.
    const only: Readonly<Record<string, string>> = { 'provider-credentials': 'tf' };
    for (const rule of RULES) {
      const languages = new Set<string>();
      for (const check of rule.checks) {
        const types =
          check.kind === 'property'
            ? check.targets.flatMap((target) => target.type)
            : check.kind === 'resource'
              ? check.types
              : [];
        for (const type of types) languages.add(type.includes('::') ? 'cfn' : 'tf');
        if (check.kind === 'policy' || check.kind === 'template') for (const one of ['cfn', 'tf']) languages.add(one);
      }
      const cases = CASES.filter((test) => test.ruleId === rule.id);
      for (const language of only[rule.id] ? [only[rule.id] as string] : languages) {
        const kinds = new Set(cases.filter((test) => test.language.startsWith(language)).flatMap((test) => test.kinds));
        for (const kind of ['violates', 'satisfies', 'unknown'])
          if (!kinds.has(kind)) missing.push(`${rule.id}: ${language} ${kind}`);
      }
    }
    assert.deepEqual(missing, []);
  });
});
