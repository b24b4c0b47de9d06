/** The table of merged IAM checks against the rules and, where it is at hand, the catalogue. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ruleById } from '../../server/src/rules/index.ts';
import { MERGED_IAM_CHECKS } from './iam-checks.ts';

const CATALOGUE = '../shared/catalogue/iam-checks.tsv';

describe('merged IAM checks', () => {
  it('name rules and variants that exist', () => {
    const missing = Object.values(MERGED_IAM_CHECKS).filter((target) => {
      const [id = '', variant] = target.split('/');
      const rule = ruleById(id);
      return !rule || (variant !== undefined && !rule.variants?.[variant]);
    });
    assert.deepEqual(missing, []);
  });

  it('has every variant of iam-policy-invalid', () => {
    const known = new Set(Object.values(MERGED_IAM_CHECKS));
    const variants = Object.keys(ruleById('iam-policy-invalid')?.variants ?? {});
    assert.ok(variants.length > 20);
    // Retired names are unknown ones of which more is known.
    assert.deepEqual(
      variants.filter((variant) => !known.has(`iam-policy-invalid/${variant}`)),
      ['retired-name'],
    );
  });

  it('has keys of the catalogue only', { skip: !existsSync(CATALOGUE) && 'the catalogue is not here' }, () => {
    const keys = new Set(
      readFileSync(CATALOGUE, 'utf8')
        .split('\n')
        .map((line) => line.split('\t')[0]),
    );
    assert.deepEqual(
      Object.keys(MERGED_IAM_CHECKS).filter((key) => !keys.has(key)),
      [],
    );
  });
});
