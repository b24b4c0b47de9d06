/** The pages of rules: what stands on one, that its examples hold, and that a page that does not match is named. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { analyze } from '../../server/src/analysis/analyze.ts';
import { rulePage } from '../../server/src/analysis/rule-page.ts';
import type { Settings } from '../../server/src/analysis/settings.ts';
import { RULES, ruleById } from '../../server/src/rules/index.ts';
import type { Rule } from '../../server/src/rules/rule.ts';
import { readCases } from '../rules/golden.ts';
import { loadIamData } from '../support/iam-data.ts';
import { compareDocs, docs, pageOf } from '../support/rule-docs.ts';
import { studyRule } from '../support/rule-examples.ts';

loadIamData();

function ruleOf(id: string): Rule {
  const rule = ruleById(id);
  assert.ok(rule, id);
  return rule;
}

const study = (id: string) => studyRule(ruleOf(id), readCases(`test/rules/cases/${id}.md`, id));

/** How often a rule finds something in an example's text. */
function count(id: string, language: string, syntax: string, text: string): number {
  const settings: Settings = { enable: true, tier: 'all', rules: {}, exclude: [] };
  const uri = language === 'Terraform' ? 'main.tf' : `template.${syntax}`;
  const analysis = analyze([{ uri, text }], settings);
  assert.ok(analysis, text);
  assert.deepEqual(
    analysis.documents.flatMap((document) => document.problems),
    [],
    text,
  );
  return analysis.findings.filter(({ finding }) => finding.rule.id === id).length;
}

describe('a page of a rule', () => {
  const id = 'ebs-encryption';
  const page = pageOf(ruleOf(id), study(id));

  it('says what, why, whose side, what AWS does, where, the fix, how to suppress, and names the peers', () => {
    assert.match(page, /^# Volume is not encrypted\n/);
    assert.match(
      page,
      /`ebs-encryption` · high · encryption at rest · on by default · \[all rules\]\(\.\.\/rules\.md\)/,
    );
    for (const heading of [
      'Whose side',
      'What AWS does by default',
      'Variants',
      'Where it looks',
      'CloudFormation',
      'Terraform',
      'Suppress',
      'The same check elsewhere',
      'Related controls',
      'References',
    ])
      assert.match(page, new RegExp(`^## ${heading}$`, 'm'));
    assert.match(page, /\*\*Yours \(security \*in\* the cloud\)\.\*\*/);
    assert.match(page, /\*\*Fix \(with care\):\*\* Set Encrypted to true \(replaces the volume on deployment\)\./);
    assert.match(page, /`# demarc-ignore ebs-encryption: why this is accepted`/);
    assert.match(page, /`checkov:skip=CKV_AWS_3`.*cfn_nag `rules_to_suppress` \(`F1`\)/);
    assert.match(page, /- AWS FSBP EC2\.3\n/);
    assert.match(
      page,
      /- CloudFormation: `AWS::EC2::Volume` \(`Encrypted`\)\n- Terraform: `aws_ebs_volume` \(`encrypted`\)/,
    );
  });

  it('has a row a variant, with the ids in which it differs', () => {
    assert.match(
      page,
      /\| `unset` \| medium \| Volume is not encrypted unless the account encrypts by default \| {2}\|/,
    );
    assert.match(
      page,
      /\| `attached` \| high \| Volume of an instance is not encrypted \| also `checkov:CKV2_AWS_2` \|/,
    );
  });

  it('marks the value with a comment in YAML and in HCL', () => {
    assert.match(page, /Encrypted: false # ← Volume is not encrypted\n/);
    assert.match(page, /encrypted += false # ← Volume is not encrypted\n/);
  });

  it('is the same each time', () => {
    assert.equal(pageOf(ruleOf(id), study(id)), page);
  });

  it('says what moves the line, and leaves out what it has nothing to say of', () => {
    const moves = rulePage(ruleOf('moves-lambda-runtime-update')).markdown;
    assert.match(moves, /This setting moves the line: from (?:AWS|both|you) to (?:AWS|both|you)\./);
    assert.doesNotMatch(moves, /## (?:CloudFormation|Terraform)\n|all rules/);
    assert.doesNotMatch(rulePage(ruleOf(id), { brief: true }).markdown, /## Suppress/);
  });

  it('keeps markup in a rule’s words as text', () => {
    const evil = { ...ruleOf(id), title: 'a <img> [x](command:y) | b', variants: { v: { message: 'c | d' } } };
    const { markdown } = rulePage(evil);
    assert.match(markdown, /^# a \\<img\\> \\\[x\\\]\(command:y\) \\\| b\n/);
    assert.match(markdown, /\| `v` \| high \| c \\\| d \|/);
  });
});

describe('examples of a rule', () => {
  for (const id of [
    'ebs-encryption',
    's3-bucket-policy-public',
    'sg-ingress-ssh-world',
    'iam-wildcard-resource',
    'cloudfront-logging',
    'rds-master-password-literal',
  ]) {
    it(`hold: ${id}`, () => {
      const { examples, languages } = study(id);
      assert.deepEqual(
        examples.map((one) => one.language),
        languages,
      );
      assert.ok(examples.length >= 2);
      for (const { language, syntax, bad, good, diff, fixes, where } of examples) {
        assert.ok(bad.split('\n').length < 40, bad);
        assert.ok(count(id, language, syntax, bad) > 0, bad);
        assert.equal(where === undefined, bad.includes('# ← '), bad);
        if (good !== undefined && !diff) assert.equal(count(id, language, syntax, good), 0, good);
        for (const fix of fixes) assert.ok(fix.title);
      }
    });
  }

  it('are cut down to what is found', () => {
    const [example] = study('ebs-encryption').examples;
    assert.equal(
      example?.bad,
      'Resources:\n  Off:\n    Type: AWS::EC2::Volume\n    Properties:\n      AvailabilityZone: eu-west-1a\n      Encrypted: false # ← Volume is not encrypted\n',
    );
  });

  it('say of the fixes whether they are safe', () => {
    assert.equal(study('ebs-encryption').fix, 'with care');
    assert.equal(study('cloudfront-viewer-http').fix, 'safe');
    assert.equal(study('sns-cmk').fix, 'none');
  });
});

describe('all pages together', () => {
  const ids = ['ebs-encryption', 's3-versioning', 'sns-cmk', 'cloudfront-logging', 'moves-lambda-runtime-update'];
  const pages = docs(ids.map(ruleOf));

  it('are one a rule, the list and the coverage', () => {
    assert.deepEqual([...pages.keys()], ['coverage.md', 'rules.md', ...[...ids].sort().map((id) => `rules/${id}.md`)]);
    for (const [name, text] of pages) assert.ok(text.split('\n').length < 180, `${name} is too long to read`);
  });

  it('list rules by service, with severity, side, languages, fix and tier', () => {
    const list = String(pages.get('rules.md'));
    assert.match(list, /^5 rules: 4 run by default, 1 are opt-in/m);
    assert.match(
      list,
      /^## EBS\n\n.*\n.*\n\| \[`ebs-encryption`\]\(rules\/ebs-encryption\.md\) \| Volume is not encrypted \| encryption-at-rest \| high \| your side \| CloudFormation, Terraform \| with care \| core \|$/m,
    );
    assert.match(list, /^## Lambda\n[\s\S]*`moves-lambda-runtime-update`/m);
  });

  it('count what has a fix, and name the kinds of golden case', () => {
    const coverage = String(pages.get('coverage.md'));
    assert.match(coverage, /^\| core \| 4 \| 4 \| 4 \| \d \(\d+ %\) \| \d \(\d+ %\) \|$/m);
    assert.match(
      coverage,
      /^\| \[`ebs-encryption`\]\(rules\/ebs-encryption\.md\) \| core \| VSUC \| VSU \| – \| with care \|$/m,
    );
  });

  it('link to each other and to the web only', () => {
    for (const [name, text] of pages) {
      for (const [, link = ''] of text.matchAll(/(?<!\\)\]\(([^)\s]+)\)/g)) {
        if (link.startsWith('https://')) continue;
        const target = new URL(link, `file:///${name}`).pathname.slice(1);
        assert.ok(pages.has(target), `${name}: ${link}`);
      }
    }
  });
});

describe('the check of the pages', () => {
  it('tells stale, missing and left-over pages apart', () => {
    const wanted = new Map([
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ]);
    const present = new Map([
      ['a', '1'],
      ['b', 'old'],
      ['d', '4'],
    ]);
    assert.deepEqual(compareDocs(wanted, present), { stale: ['b'], missing: ['c'], leftOver: ['d'] });
    assert.deepEqual(compareDocs(wanted, wanted), { stale: [], missing: [], leftOver: [] });
  });

  it('fails and names them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'demarc-docs-'));
    try {
      mkdirSync(join(folder, 'rules'));
      writeFileSync(join(folder, 'rules/ebs-encryption.md'), '# Volume\n');
      writeFileSync(join(folder, 'rules/no-such-rule.md'), '# Gone\n');
      const { status, stderr } = spawnSync(process.execPath, ['scripts/docs.mjs', '--check', '--out', folder], {
        encoding: 'utf8',
      });
      assert.equal(status, 1, stderr);
      for (const line of [
        `stale: ${join(folder, 'rules/ebs-encryption.md')}`,
        `missing: ${join(folder, 'rules.md')}`,
        `missing: ${join(folder, 'rules/sqs-encryption-disabled.md')}`,
        `left over: ${join(folder, 'rules/no-such-rule.md')}`,
        'npm run docs',
      ])
        assert.ok(stderr.includes(line), `${line} in ${stderr.slice(0, 500)}`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the README', () => {
  it('counts the rules as they are', () => {
    const core = RULES.filter(({ tier }) => tier === 'core').length;
    assert.match(readFileSync('README.md', 'utf8'), new RegExp(`${RULES.length} rules, ${core} of them on by default`));
  });
});
