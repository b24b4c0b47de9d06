/** The list of policy checks against the catalogue: every row that can be decided offline is reported and shown by a fixture. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { analyze } from '../../../server/src/analysis/analyze.ts';
import { RULES, ruleById } from '../../../server/src/rules/index.ts';
import { loadIamData } from '../../support/iam-data.ts';
import { readCases } from '../golden.ts';
import { CHECKS, FIXTURES } from './all.ts';
import { FORMS, hosted } from './fixture.ts';
import { LEGAL_TODAY } from './guardrails.ts';

const CATALOGUE = '../shared/catalogue/iam-checks.tsv';

/** Rows that no linter can decide in full without AWS, and how far it goes. */
const NOT_OFFLINE: Readonly<Record<string, string>> = {
  'check-access-not-granted':
    'without a rule: needs a list of forbidden actions and resources, and a setting holds one level for each rule',
  'check-no-new-access':
    'without a rule: compares with an earlier version, which no document names; containment under conditions is for AWS to prove',
  'arn-region-invalid': 'the form of a Region name, and those of the release: a new Region passes',
  'public-resource-policy':
    'every type that has a policy is judged; of some AWS does not say when it calls them public',
  'cond-region-value': 'the list of Regions is as old as the release; names that a new Region may have pass',
  'key-needs-action': 'session tags and source identities in trust policies: AWS publishes no list of such keys',
  'key-supported-services-only': 'the services that the user guide lists with the key at the time of the release',
  'key-irrelevant-in-resource-policy': 'bucket policies: AWS names these keys only as examples',
  'untrustworthy-key': 'the two keys of which the user guide says that callers choose them',
  'wildcard-too-permissive': 'sensitive keys as the user guide lists them; of other keys AWS does not say which',
  'variable-too-permissive': 'the same keys, for variables with values that callers choose',
};

/** Rows that no document can show, most of them about properties, and the golden cases that do in both languages. */
const SHOWN_BY_GOLDEN: Readonly<Record<string, string>> = {
  // A document that is no JSON cannot be written as a document.
  'json-syntax': 'iam-policy-invalid.md',
  'lambda-permission-wildcard': 'lambda-permission-public.md',
  'lambda-principal-not-arn': 'lambda-role-not-arn.md',
  'managed-admin-attached': 'iam-admin-managed-policy.md',
  'policy-on-user': 'iam-user-policy-attached.md',
};

/** Rows of what AWS once refused and takes today: nothing may be reported. */
const RETIRED: Readonly<Record<string, string>> = {
  'scp-legacy-restrictions': 'service control policies take the whole language of IAM since September 2025',
};

/** Variants that are parts of a row, or of no row of the catalogue. */
const OWN_VARIANTS: Readonly<Record<string, string>> = {
  'iam-policy-invalid/retired-name': 'part of unknown-service and unknown-action',
};

describe('policy checks of the catalogue', () => {
  it('name rules and variants that exist', () => {
    const missing = Object.values(CHECKS).filter((target) => {
      const [id = '', variant] = target.split('/');
      const rule = ruleById(id);
      return !rule || (variant !== undefined && !rule.variants?.[variant]);
    });
    assert.deepEqual(missing, []);
  });

  it('are shown by fixtures, each of a check that is listed', () => {
    const shown = new Set(FIXTURES.map(({ check }) => check));
    assert.deepEqual(
      Object.keys(CHECKS).filter((check) => !shown.has(check) && !SHOWN_BY_GOLDEN[check]),
      [],
    );
    assert.deepEqual(
      [...shown].filter((check) => !CHECKS[check]),
      [],
    );
  });

  it('are shown by golden cases of their rule in both languages where they are not about documents', () => {
    for (const [check, file] of Object.entries(SHOWN_BY_GOLDEN)) {
      const [ruleId = ''] = CHECKS[check]?.split('/') ?? [];
      assert.equal(file, `${ruleId}.md`, check);
      const cases = readCases(`test/rules/cases/${file}`, ruleId);
      for (const [language, of] of [
        ['CloudFormation', /^cfn-/],
        ['Terraform', /^tf-/],
      ] as const) {
        const kinds = cases.filter((one) => of.test(one.language)).flatMap((one) => one.kinds);
        assert.ok(kinds.includes('violates') && kinds.includes('satisfies'), `${file} shows it for ${language}`);
      }
    }
  });

  it('stay silent on what AWS takes today', () => {
    assert.deepEqual(Object.keys(LEGAL_TODAY), Object.keys(RETIRED));
    loadIamData();
    for (const [check, { host, documents }] of Object.entries(LEGAL_TODAY)) {
      assert.ok(!CHECKS[check], `${check} is reported by no rule`);
      for (const document of documents) {
        for (const form of FORMS) {
          const source = hosted(document, host, form);
          if (!source) continue;
          const findings = analyze([source], { enable: true, tier: 'all', rules: {}, exclude: [] })?.findings ?? [];
          assert.deepEqual(
            findings.map(({ finding }) => `${finding.rule.id}: ${finding.message}`),
            [],
            source.text,
          );
        }
      }
    }
  });

  it('name every variant of the rules on documents', () => {
    const named = new Set(Object.values(CHECKS));
    const grammar = new Set(
      Object.values(CHECKS)
        .filter((target) => /^iam-(policy|principal|arn|guardrail|condition-(key-)?invalid)/.test(target))
        .map((target) => target.split('/')[0]),
    );
    const unnamed = RULES.filter(({ id }) => grammar.has(id)).flatMap(({ id, variants }) =>
      Object.keys(variants ?? {})
        .map((variant) => `${id}/${variant}`)
        .filter((target) => !named.has(target) && !OWN_VARIANTS[target]),
    );
    assert.deepEqual(unnamed, []);
  });

  it('cover the catalogue', { skip: !existsSync(CATALOGUE) && 'skipped: no corpus' }, () => {
    const rows = readFileSync(CATALOGUE, 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t'));
    const keys = new Set(rows.map(([key = '']) => key));
    const offline = rows.filter((row) => row[7] === 'yes').map(([key = '']) => key);
    assert.equal(offline.length, 170);
    assert.deepEqual(
      offline.filter((key) => !CHECKS[key] && !RETIRED[key]),
      [],
      'rows without a rule',
    );
    assert.deepEqual(
      rows
        .filter((row) => row[7] !== 'yes')
        .map(([key = '']) => key)
        .filter((key) => !NOT_OFFLINE[key]),
      [],
      'rows that cannot be decided offline are named',
    );
    assert.deepEqual(
      Object.keys(CHECKS).filter((key) => !keys.has(key)),
      [],
      'keys of the catalogue only',
    );
  });
});
