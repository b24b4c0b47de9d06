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
import { NOT_OFFLINE, OWN_VARIANTS, RETIRED, SHOWN_BY_GOLDEN } from './limits.ts';

const CATALOGUE = '../shared/catalogue/iam-checks.tsv';

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
