/**
 * Unknown is never a finding. In every golden case each written value in turn is handed to a parameter or variable without
 * default: a finding on that value must vanish, and none may come where none was.
 */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Analysis, analyze, parse } from '../../server/src/analysis/analyze.ts';
import type { Settings } from '../../server/src/analysis/settings.ts';
import type { Finding } from '../../server/src/rules/rule.ts';
import { applyTextEdits, type Edit, renderEdits } from '../../server/src/syntax/edit.ts';
import type { Entry, Node } from '../../server/src/syntax/node.ts';
import { loadIamData } from '../support/iam-data.ts';
import { jsonToHcl } from '../support/json-to-hcl.ts';
import { allCases, type Case, fileName } from './golden.ts';

loadIamData();
const SETTINGS: Settings = { enable: true, tier: 'all', rules: {}, exclude: [] };

/** Rules that a parameter breaks as well as a value does. */
const SAID_BY_ANY_VALUE: Readonly<Record<string, string>> = {
  'template-plaintext-password': 'a parameter without NoEcho shows the secret',
  'datasync-literal': 'a parameter without NoEcho shows the secret',
  'rds-master-password-literal': 'a parameter without NoEcho shows the secret',
  'rds-master-username-literal': 'a parameter without NoEcho shows the name',
  'docdb-password-literal': 'a parameter without NoEcho shows the secret',
  'docdb-public-elastic': 'a parameter without NoEcho shows the secret',
  'redshift-password-literal': 'a parameter without NoEcho shows the secret',
  'opensearch-fgac': 'a parameter without NoEcho shows the password of the master user',
  'secret-literal-in-secretsmanager': 'a parameter without NoEcho shows the secret',
  'events-connection-secret': 'a parameter without NoEcho shows the secret',
  'iam-user-policy-attached': 'whoever the user is, a user it is',
};

/** Rules that ask whether something is named at all: in HCL, a file or what another resource is known by. */
const NAMED_IS_ENOUGH: Readonly<Record<string, string>> = {
  'moves-acm-imported': 'a certificate that comes from a file or a parameter is one of your own',
  'moves-kms-cloudhsm-store': 'whichever cluster the store is linked to, it is one',
  'moves-waf-rule-version': 'whichever version of the rules is named, it stays that one',
  'cloudfront-s3-no-oac': 'whichever identity has access, it is an identity',
  'moves-ecs-on-ec2': 'whichever group provides the capacity, it consists of instances',
};

/** Rules whose finding is certain by itself; what becomes unknown only excused it, and absence of an excuse is the rule. */
const ONLY_EXCUSED: Readonly<Record<string, string>> = {
  'ec2-imdsv1': 'HttpTokens is left out; images and account settings that require tokens are the exception',
  's3-access-logging': 'logging is left out; that another bucket or a trail has the logs is the exception',
  'sns-policy-cross-account': 'an account is named by its number; a topic of that very account is the exception',
  'sg-egress-world': 'all protocols leave, wherever to; a rule to loopback is the exception',
  'codebuild-encryption-disabled': 'plain output is asked for; a project without artifacts is the exception',
  'sg-unused': 'a variable cannot name a resource of the template that it belongs to',
};

function run(test: Case, text: string): Analysis {
  const analysis = analyze([{ uri: fileName(test.language), text }], SETTINGS);
  assert.ok(analysis);
  return analysis;
}

function keyOf({ rule, resource, path }: Finding): string {
  return `${rule.id} ${resource.address} ${path.replace(/\b\d+\b/g, '#')}`;
}

function census(analysis: Analysis): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { finding } of analysis.findings) counts.set(keyOf(finding), (counts.get(keyOf(finding)) ?? 0) + 1);
  return counts;
}

/** Scalars written as the value of a property, not as part of an intrinsic function. */
function values(analysis: Analysis, test: Case): Node[] {
  const isCloudFormation = test.language.startsWith('cfn');
  const found: Node[] = [];
  const visit = (node: Node): void => {
    if (node.aliasOf || node.tag) return;
    if (node.isScalar) found.push(node);
    for (const entry of node.entries) {
      if (!entry.merged && !/^(Ref|Condition|Fn::.*)$/.test(entry.name)) visit(entry.value);
    }
    node.items.forEach(visit);
  };
  for (const resource of analysis.template.resources) {
    if (isCloudFormation) {
      const properties = resource.body.get('Properties');
      if (properties) visit(properties);
    } else {
      // Whether there is anything is asked before what it is like.
      const isSwitch = ({ name }: Entry) =>
        /^(?:count|for_each)$/.test(name) ||
        (/^(?:create\w*|source|version)$/.test(name) && resource.type.startsWith('module:'));
      for (const entry of resource.body.entries) if (!isSwitch(entry)) visit(entry.value);
    }
  }
  return found;
}

const UNKNOWN_IN_HCL = [
  '${var.not_known}',
  '${data.aws_ssm_parameter.not_known.value}',
  '${templatefile("not-known.tftpl", {})}',
  '${file("not-known.txt")}',
  '${lookup(var.not_known, "key")}',
  '${local.not_known}',
];

function unknownInHcl(index: number): string {
  return UNKNOWN_IN_HCL[index % UNKNOWN_IN_HCL.length] as string;
}

/** The text with a value handed to a parameter that nothing is known of. */
function withUnknown(analysis: Analysis, node: Node, test: Case, index: number): string | undefined {
  const [document] = analysis.documents;
  const [root] = document?.roots ?? [];
  if (!document || !root) return undefined;
  const edits: Edit[] = test.language.startsWith('cfn')
    ? [
        { kind: 'replace', node, data: { Ref: 'NotKnown' } },
        { kind: 'set', in: root, path: ['Parameters', 'NotKnown'], data: { Type: 'String' } },
      ]
    : [
        { kind: 'replace', node, data: test.language === 'tf-hcl' ? unknownInHcl(index) : '${var.not_known}' },
        { kind: 'set', in: root, path: ['variable', 'not_known'], data: {} },
      ];
  const rendered = renderEdits(edits)?.get(document);
  return rendered && applyTextEdits(document.text, rendered);
}

/** What is still found, or newly, once a value is not known. */
function offenders(test: Case): string[] {
  const before = run(test, test.text);
  const was = census(before);
  const wrong: string[] = [];
  for (const [index, node] of values(before, test).entries()) {
    const own = before.findings.filter(({ finding }) => finding.node === node);
    // Values that nothing is found on are many: a third of them, all with FUZZ.
    if (!own.length && index % 3 && !process.env.FUZZ) continue;
    const text = withUnknown(before, node, test, index);
    if (text === undefined) continue;
    const after = run(test, text);
    const is = census(after);
    const what = `${test.ruleId} ${test.language}: ${test.text.slice(node.start, node.end)} at ${node.start}`;
    for (const { finding } of own) {
      const still = (is.get(keyOf(finding)) ?? 0) >= (was.get(keyOf(finding)) ?? 0);
      const isNamed = test.language === 'tf-hcl' && NAMED_IS_ENOUGH[finding.rule.id];
      if (still && !isNamed && !SAID_BY_ANY_VALUE[finding.rule.id]) wrong.push(`${keyOf(finding)} stays (${what})`);
    }
    // One finding hides a lesser one: what comes to light as another goes was there before.
    if ([...was].some(([key, count]) => (is.get(key) ?? 0) < count)) continue;
    for (const { finding } of after.findings) {
      const { id } = finding.rule;
      if ((is.get(keyOf(finding)) ?? 0) <= (was.get(keyOf(finding)) ?? 0)) continue;
      const isNamed = test.language === 'tf-hcl' && NAMED_IS_ENOUGH[id];
      if (!isNamed && !SAID_BY_ANY_VALUE[id] && !ONLY_EXCUSED[id]) wrong.push(`${keyOf(finding)} comes (${what})`);
    }
  }
  return wrong;
}

/** A case in Terraform's JSON syntax as it is in HCL. */
function inHcl(test: Case): Case[] {
  if (test.language !== 'tf-json') return [];
  const { text } = jsonToHcl(parse({ uri: fileName(test.language), text: test.text }), 'heredoc');
  return [{ ...test, language: 'tf-hcl', text }];
}

describe('unknown is never a finding', () => {
  const written = allCases('test/rules/cases').filter(({ language }) => /^(cfn|tf-json|tf-hcl)/.test(language));
  const cases = [...written, ...written.flatMap(inHcl)];
  for (const ruleId of new Set(cases.map((test) => test.ruleId))) {
    it(ruleId, () => {
      assert.deepEqual(
        cases.filter((test) => test.ruleId === ruleId).flatMap((test) => offenders(test)),
        [],
      );
    });
  }
});
