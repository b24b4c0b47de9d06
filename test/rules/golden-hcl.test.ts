/**
 * Every golden case in Terraform's JSON syntax says the same in HCL: the same findings, on the same values. Absence is
 * reported on the header of the block that lacks something.
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { type Analysis, analyze, parse } from '../../server/src/analysis/analyze.ts';
import { conditionText } from '../../server/src/analysis/present.ts';
import type { Settings } from '../../server/src/analysis/settings.ts';
import type { Finding } from '../../server/src/rules/rule.ts';
import { applyTextEdits, renderEdits } from '../../server/src/syntax/edit.ts';
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

/** Findings that can be mended in HCL only, by rule and resource. */
const MENDED_IN_HCL: Readonly<Record<string, string>> = {
  'docdb-logging aws_docdb_cluster_parameter_group.bad_single': 'a block that stands alone is no list in JSON',
  'iam-condition-weak data.aws_iam_policy_document.bad': 'a block that stands alone is no list in JSON',
  'events-connection-secret aws_cloudwatch_event_connection.branch': 'the value is part of an expression in a string',
  'secret-literal-in-secretsmanager aws_secretsmanager_secret_version.branch':
    'the value is part of an expression in a string',
  'secret-literal-in-secretsmanager aws_secretsmanager_secret_version.pairs':
    'the value is part of an expression in a string',
};

function fixesOf(finding: Finding): string[] {
  return finding.fixes().map(({ title, safe }) => `${title}${safe ? '' : ' (with care)'}`);
}

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
  if (header) return [header];
  if (own && isBody(converted.text, own)) return converted.headers(node.items[0] ?? node).slice(0, 1);
  return own ? [own] : [];
}

/** Whether a range is the body of a block, and no value of an argument. */
function isBody(text: string, { start }: Range): boolean {
  return text[start] === '{' && /[\w"] $/.test(text.slice(0, start));
}

/** What each preferred fix of a text leaves. */
function fixed(text: string): string[] {
  const { findings, documents } = run('main.tf', text);
  return findings.flatMap(({ finding }) => {
    const [fix] = finding.fixes();
    const edits = fix && renderEdits(fix.edits)?.get(documents[0] as Analysis['documents'][number]);
    return edits ? [applyTextEdits(text, edits)] : [];
  });
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
          if (hit) {
            left.delete(hit);
            if (finding.fixes().length || !MENDED_IN_HCL[`${finding.rule.id} ${finding.resource.address}`])
              assert.deepEqual(fixesOf(hit), fixesOf(finding), `fixes of ${saying(finding)}`);
          } else {
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

  const hasTerraform = spawnSync('terraform', ['version']).status === 0;
  it('terraform fmt leaves what fixes write as it is', { skip: !hasTerraform && 'no terraform' }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'demarc-fmt-'));
    try {
      const texts = new Map<string, string>();
      for (const test of CASES) {
        for (const style of STYLES) {
          const { text } = jsonToHcl(parse({ uri: fileName('tf-json'), text: test.text }), style);
          if (texts.has(text)) continue;
          texts.set(text, `${test.ruleId}-${test.line}-${style}`);
        }
      }
      let count = 0;
      for (const [text, name] of texts) {
        mkdirSync(join(folder, name));
        writeFileSync(join(folder, name, 'before.tf'), text);
        const mended = fixed(text);
        for (const [index, one] of mended.entries()) writeFileSync(join(folder, name, `${index}.tf`), one);
        count += mended.length;
      }
      assert.ok(count > 1000, `${count} fixes`);
      const { stdout, status } = spawnSync('terraform', ['fmt', '-check', '-recursive', folder], { encoding: 'utf8' });
      assert.ok(status === 0 || status === 3, 'every file parses');
      const changed = stdout.split('\n').filter(Boolean);
      // Expressions that JSON has in one line stay as they are.
      const asWritten = new Set(changed.filter((file) => file.endsWith('before.tf')).map((file) => dirname(file)));
      assert.ok(asWritten.size < 10);
      assert.deepEqual(
        changed.filter((file) => !asWritten.has(dirname(file))),
        [],
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
