/** Every fix of every finding in the golden cases, also of rules that a case is not about, and all of them together. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from '../../server/src/analysis/analyze.ts';
import { checkFixes, loadIamData } from '../support/fix-check.ts';
import { jsonToHcl, type PolicyStyle } from '../support/json-to-hcl.ts';
import { allCases, type Case, fileName } from './golden.ts';

loadIamData();

const STYLES: readonly PolicyStyle[] = ['jsonencode', 'heredoc'];

/** A case in Terraform's JSON syntax as it is written in HCL, each way that is another text. */
function inHcl({ language, text }: Case): { uri: string; text: string }[] {
  if (language !== 'tf-json') return [];
  const document = parse({ uri: fileName(language), text });
  const texts = new Set(STYLES.map((style) => jsonToHcl(document, style).text));
  return [...texts].map((one) => ({ uri: fileName('tf-hcl'), text: one }));
}

describe('fixes', () => {
  const cases = allCases('test/rules/cases');
  for (const ruleId of new Set(cases.map((test) => test.ruleId))) {
    it(`mend what they are for and nothing else: ${ruleId}`, () => {
      for (const test of cases) {
        if (test.ruleId !== ruleId) continue;
        const sources = [{ uri: fileName(test.language), text: test.text }, ...inHcl(test)];
        for (const { uri, text } of sources) {
          const failures = checkFixes(uri, text)?.failures ?? [];
          const lines = failures.map(
            (one) => `${one.kind}: line ${one.line} ${one.ruleId} "${one.title}": ${one.details}`,
          );
          assert.deepEqual(lines, [], `${test.title} (${uri})`);
        }
      }
    });
  }
});
