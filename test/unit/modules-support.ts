/** Shared by the tests of Terraform modules that call each other: files by their path from the root module. */

import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { type Analysis, type AnalyzeOptions, analyze, type Source } from '../../server/src/analysis/analyze.ts';
import { conditionText, fixEdits, fixesOf } from '../../server/src/analysis/present.ts';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings.ts';
import type { Finding } from '../../server/src/rules/rule.ts';
import type { Node } from '../../server/src/syntax/node.ts';

export type Files = Readonly<Record<string, string>>;

export const SQS = 'sqs-encryption-disabled';

/** A queue whose encryption is an expression. */
export const queue = (value: string, name = 'q') =>
  `resource "aws_sqs_queue" "${name}" {\n  sqs_managed_sse_enabled = ${value}\n}\n`;

/** A call of a module, with more lines in it. */
export const call = (name: string, source: string, ...lines: readonly string[]) =>
  `module "${name}" {\n  source = "${source}"\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;

/** A variable, with what its body says. */
export const variable = (name: string, ...lines: readonly string[]) =>
  `variable "${name}" {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;

/** What is analysed as one: `main.tf` is the root's, `a/main.tf` that of the module in `a`. */
export function sourcesOf(files: Files): Source[] {
  return Object.entries(files).map(([path, text]) => {
    const folder = posix.dirname(path);
    return { uri: path, text, ...(folder === '.' ? undefined : { folder }) };
  });
}

/** The analysis of a root module with what it calls; rules that throw fail the test. */
export function analysisOf(files: Files, options: AnalyzeOptions = {}): Analysis {
  const settings = { ...DEFAULT_SETTINGS, tier: 'all' as const };
  const analysis = analyze(sourcesOf(files), settings, {
    onError: (rule, error) => assert.fail(`${rule}: ${error instanceof Error ? error.stack : String(error)}`),
    ...options,
  });
  assert.ok(analysis, 'is Terraform');
  return analysis;
}

/** The text of a node behind its file. */
export const at = (node: Node) =>
  `${node.document.uri}: ${node.document.text.slice(node.start, node.end).replace(/\s+/g, ' ')}`;

export function findingsOf(analysis: Analysis, rule = SQS): Finding[] {
  return analysis.findings.flatMap(({ finding }) => (finding.rule.id === rule ? [finding] : []));
}

/** Findings in short: address, place, and the condition where there is one. */
export function told(analysis: Analysis, rule = SQS): string[] {
  return findingsOf(analysis, rule).map(({ resource, node, conditions }) => {
    const condition = conditionText(conditions);
    return `${resource.address} at ${at(node)}${condition ? ` when ${condition}` : ''}`;
  });
}

/** What belongs to the one finding of a rule: places with their texts. */
export function relatedOf(analysis: Analysis, rule = SQS): string[] {
  const [finding, ...others] = findingsOf(analysis, rule);
  assert.ok(finding && !others.length, `one finding of ${rule}`);
  return finding.related.map(({ node, message }) => `${message} at ${at(node)}`);
}

/** The fixes of a finding: title, and the files as they are afterwards. */
export function fixed(finding: Finding | undefined): { readonly title: string; readonly files: Files }[] {
  assert.ok(finding, 'is found');
  return fixesOf(finding).map((fix) => {
    const files: Record<string, string> = {};
    for (const [document, edits] of fixEdits(fix) ?? []) {
      let { text } = document;
      for (const edit of [...edits].sort((a, b) => b.start - a.start))
        text = text.slice(0, edit.start) + edit.newText + text.slice(edit.end);
      files[document.uri] = text;
    }
    return { title: fix.title, files };
  });
}
