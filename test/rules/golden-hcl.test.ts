/**
 * Every golden case in Terraform's JSON syntax says the same in HCL: the same findings, on the same values. Absence is
 * reported on the header of the block that lacks something.
 */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Analysis, analyze } from '../../server/src/analysis/analyze.ts';
import { conditionText } from '../../server/src/analysis/present.ts';
import type { Settings } from '../../server/src/analysis/settings.ts';
import type { Finding } from '../../server/src/rules/rule.ts';
import { loadIamData } from '../support/iam-data.ts';
import { type Converted, jsonToHcl, type PolicyStyle, type Range } from '../support/json-to-hcl.ts';
import { allCases, fileName } from './golden.ts';

loadIamData();
const SETTINGS: Settings = { enable: true, tier: 'all', rules: {}, exclude: [] };
const STYLES: readonly PolicyStyle[] = ['jsonencode', 'heredoc', 'quoted'];
const CASES = allCases('test/rules/cases').filter(({ language }) => language === 'tf-json');

function run(uri: string, text: string): Analysis {
  const failures: string[] = [];
  const analysis = analyze([{ uri, text }], SETTINGS, {
    onError: (ruleId, error) => failures.push(`${ruleId}: ${(error as Error).stack}`),
  });
  assert.deepEqual(failures, [], 'no rule throws');
  assert.ok(analysis, `${uri} is recognised`);
  assert.deepEqual(
    analysis.documents.flatMap(({ problems }) => problems),
    [],
    `${uri} parses:\n${text}`,
  );
  return analysis;
}

/** What a finding says, apart from where. */
function saying(finding: Finding): string {
  const { rule, variant, severity, owner, resource, conditions, message, aliases, related, path } = finding;
  const parts = [rule.id, variant, severity, owner.side, resource.address, conditionText(conditions), message];
  // A block that stands alone is no list in HCL.
  parts.push(path.replace(/\.\d*(?=\.|$)/g, ''));
  return [...parts, ...related.map((one) => one.message), ...aliases].map((part) => part ?? '-').join(' | ');
}

/** Rules that report a key, which in a statement may be the first one. */
const REPORT_KEYS: ReadonlySet<string> = new Set([
  'iam-not-action',
  's3-bucket-policy-not-principal',
  'sns-policy-not-principal-action',
  'sqs-policy-not-principal-action',
]);

/** Findings that only one way of writing has, by case and style. */
const ONLY_IN_HCL: Readonly<Record<string, { readonly rules: readonly string[]; readonly why: string }>> = {
  'waf-log4j 239 jsonencode': {
    rules: ['waf-log4j', 'waf-default-allow-no-rules'],
    why: '`jsonencode([])` is an empty list of rules; the rules that a text holds are not read',
  },
};

function show(text: string, { start, end }: Range): string {
  const [first = ''] = text.slice(start, end).split('\n');
  return `${text.slice(0, start).split('\n').length}: ${first.slice(0, 60)}@${start}`;
}

/** Where a finding of the JSON text may be reported in HCL. */
function places({ rule, node, path }: Finding, converted: Converted): Range[] {
  const own = converted.place(node);
  // An item of a list has no key in JSON: its first one stands for it, or the whole of it. A block has a header.
  const isFirst = node.parent?.entries[0]?.key === node && !path.split('.').includes(node.entry?.name ?? '');
  const isKey = REPORT_KEYS.has(rule.id);
  const header =
    (isFirst && !isKey) || (node.kind === 'object' && !node.entry) ? converted.headers(node)[0] : undefined;
  return header ? [header] : own ? [own] : [];
}

describe('golden cases in HCL', () => {
  for (const style of STYLES) {
    for (const test of CASES) {
      it(`${test.ruleId}: ${test.title} (${style}, line ${test.line})`, () => {
        const before = run(fileName('tf-json'), test.text);
        const converted = jsonToHcl(before.documents[0] as Analysis['documents'][number], style);
        const after = run('main.tf', converted.text);
        const got = after.findings.map(({ finding }) => finding);
        const wrong: string[] = [];
        const left = new Set(got);
        for (const { finding } of before.findings) {
          const same = [...left].filter((one) => saying(one) === saying(finding));
          const wanted = places(finding, converted);
          const hit = same.find(({ node }) =>
            wanted.some(({ start, end }) => start === node.start && end === node.end),
          );
          if (hit) left.delete(hit);
          else {
            const where = wanted.map((range) => show(converted.text, range)).join(' or ') || 'nowhere';
            const others = same.map(({ node }) => show(converted.text, node)).join(', ');
            const json = show(test.text, finding.node);
            wrong.push(`${saying(finding)} on ${where} (${json}), not ${others || 'found'}`);
          }
        }
        const extra = ONLY_IN_HCL[`${test.ruleId} ${test.line} ${style}`]?.rules ?? [];
        const rest = [...left].filter(({ rule }) => !extra.includes(rule.id));
        assert.equal(left.size - rest.length, extra.length, 'no exception is named that is none');
        const more = wrong.length ? [] : rest.map((one) => `${saying(one)} on ${show(converted.text, one.node)}`);
        assert.deepEqual([...wrong, ...more], [], converted.text);
      });
    }
  }
});
