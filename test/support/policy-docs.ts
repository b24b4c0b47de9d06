/** docs/policy-checks.md: every check of policy documents, with what it says of the case that shows it. */

import { analyze } from '../../server/src/analysis/analyze.ts';
import { ruleById } from '../../server/src/rules/index.ts';
import type { Finding } from '../../server/src/rules/rule.ts';
import { CHECKS, FIXTURES } from '../rules/policies/all.ts';
import { FORMS, hosted, type PolicyFixture } from '../rules/policies/fixture.ts';
import { NOT_OFFLINE, RETIRED, SHOWN_BY_GOLDEN } from '../rules/policies/limits.ts';

const SETTINGS = { enable: true, tier: 'all', rules: {}, exclude: [] } as const;

/** What is said of the violating document, in the first form that it can be written in. */
function findingOf(fixture: PolicyFixture, target: string): Finding | undefined {
  const [id, variant] = target.split('/');
  for (const form of FORMS) {
    const source = hosted(fixture.violates, fixture.host, form);
    const analysis = source && analyze([source], SETTINGS);
    const found = analysis?.findings
      .map(({ finding }) => finding)
      .find(({ rule, variant: own }) => rule.id === id && (variant === undefined || own === variant));
    if (found) return found;
  }
  return undefined;
}

const cell = (text: string) => text.replaceAll('|', '\\|').replace(/[\n\u0000]/g, ' ');
const code = (text: string) => `\`${text}\``;

/** The page as Markdown. */
export function policyChecksPage(note: string): string {
  const groups = new Map<string, string[]>();
  for (const [check, target] of Object.entries(CHECKS)) {
    const [id = ''] = target.split('/');
    const fixture = FIXTURES.find((one) => one.check === check);
    const finding = fixture && findingOf(fixture, target);
    const said = finding
      ? `${finding.message}${finding.fixes()[0] ? ` → *${finding.fixes()[0]?.title}*` : ''}`
      : SHOWN_BY_GOLDEN[check]
        ? 'examples on the page of the rule'
        : '';
    const limit = NOT_OFFLINE[check];
    const row = `| ${code(check)} | ${finding?.severity ?? ruleById(id)?.severity ?? ''} | ${cell(said)}${limit ? ` (${cell(limit)})` : ''} |`;
    groups.set(id, [...(groups.get(id) ?? []), row]);
  }
  const sections = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([id, rows]) => [
      `## [${code(id)}](rules/${id}.md): ${ruleById(id)?.title ?? ''}`,
      '',
      '| check | severity | what it says of the case that shows it → first fix |',
      '|---|---|---|',
      ...rows.sort(),
      '',
    ]);
  const without = Object.entries(NOT_OFFLINE).filter(([check]) => !CHECKS[check]);
  return [
    note,
    '# Policy checks',
    '',
    `${Object.keys(CHECKS).length} checks on IAM policies, resource policies, trust policies and guardrails, wherever a policy is written. Each is shown by a document that breaks it and one that does not (\`test/rules/policies\`), tried as a file, in CloudFormation YAML and JSON, and in Terraform as text, \`jsonencode()\` and \`data.aws_iam_policy_document\`.`,
    '',
    ...sections,
    '## Not checked',
    '',
    '| check | why |',
    '|---|---|',
    ...[...without, ...Object.entries(RETIRED)].sort().map(([check, why]) => `| ${code(check)} | ${cell(why)} |`),
    '',
  ].join('\n');
}
