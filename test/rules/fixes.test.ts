/** Every fix of every finding in the golden cases, also of rules that a case is not about, and all of them together. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkFixes, loadIamData } from '../support/fix-check.ts';
import { allCases, fileName } from './golden.ts';

loadIamData();

describe('fixes', () => {
  const cases = allCases('test/rules/cases');
  for (const ruleId of new Set(cases.map((test) => test.ruleId))) {
    it(`mend what they are for and nothing else: ${ruleId}`, () => {
      for (const test of cases) {
        if (test.ruleId !== ruleId) continue;
        const failures = checkFixes(fileName(test.language), test.text)?.failures ?? [];
        const lines = failures.map(
          (one) => `${one.kind}: line ${one.line} ${one.ruleId} "${one.title}": ${one.details}`,
        );
        assert.deepEqual(lines, [], test.title);
      }
    });
  }
});
