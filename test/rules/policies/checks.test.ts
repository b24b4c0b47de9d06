/** The list of policy checks against the catalogue: every row that can be decided offline is reported and shown by a fixture. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { RULES, ruleById } from '../../../server/src/rules/index.ts';
import { CHECKS, FIXTURES } from './all.ts';

const CATALOGUE = '../shared/catalogue/iam-checks.tsv';

/** Rows that no linter can decide in full without AWS, and how far it goes. */
const NOT_OFFLINE: Readonly<Record<string, string>> = {};

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
      Object.keys(CHECKS).filter((check) => !shown.has(check)),
      [],
    );
    assert.deepEqual(
      [...shown].filter((check) => !CHECKS[check]),
      [],
    );
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
      offline.filter((key) => !CHECKS[key]),
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
