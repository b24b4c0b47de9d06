/**
 * In a browser the list of IAM actions comes after the first findings: until then names are unknown, and unknown is never a finding.
 * Nothing is told that the list then takes back, but for what it can tell more exactly at the same place.
 */

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { analyze } from '../../server/src/analysis/analyze.ts';
import type { Settings } from '../../server/src/analysis/settings.ts';
import { setActionDataSource } from '../../server/src/iam/reference.ts';
import { loadIamData } from '../support/iam-data.ts';
import { allCases, fileName } from './golden.ts';
import { FIXTURES } from './policies/all.ts';
import { FORMS, hosted } from './policies/fixture.ts';

const SETTINGS: Settings = { enable: true, tier: 'all', rules: {}, exclude: [] };

/** Told of another part of the same clause. */
const TOLD_BESIDE: Readonly<Record<string, string>> = {
  'cond-type-mismatch, no operator says it 0': 'first the value is no boolean, then the key has none',
};

const CASES = allCases('test/rules/cases').map(({ file, line, language, text }) => ({
  title: `${file}:${line}`,
  source: { uri: fileName(language), text },
}));

const DOCUMENTS = FIXTURES.flatMap(({ check, title, host, violates, satisfies }) =>
  [violates, ...satisfies].flatMap((document, index) => {
    const source = FORMS[0] && hosted(document, host, FORMS[0]);
    return source ? [{ title: `${check}, ${title ?? ''} ${index}`, source }] : [];
  }),
);

interface Told {
  readonly rule: string;
  readonly address: string;
  readonly start: number;
  readonly end: number;
}

/** Of each text, what is told of it. */
function told(texts: readonly { readonly source: Parameters<typeof analyze>[0][number] }[]): Told[][] {
  return texts.map(({ source }) =>
    (analyze([source], SETTINGS)?.findings ?? []).map(({ finding: { rule, resource, node } }) => ({
      rule: rule.id,
      address: resource.address,
      start: node.start,
      end: node.end,
    })),
  );
}

/** The same finding, or another one in the same place: one cause is told once, by what knows most of it. */
function stays(before: Told, now: readonly Told[]): boolean {
  return now.some(
    ({ rule, address, start, end }) =>
      address === before.address &&
      (rule === before.rule ? start === before.start : start <= before.end && end >= before.start),
  );
}

describe('without the list of actions', () => {
  after(loadIamData);

  for (const [name, texts] of Object.entries({ 'golden case': CASES, document: DOCUMENTS })) {
    it(`no ${name} has a finding that is gone when the list comes`, () => {
      assert.ok(texts.length > 100);
      setActionDataSource(undefined);
      const before = told(texts);
      loadIamData();
      const after = told(texts);
      assert.ok(before.flat().length > 100 && after.flat().length > before.flat().length);
      const gone = before.flatMap((findings, index) =>
        findings
          .filter((finding) => !stays(finding, after[index] ?? []))
          .filter(() => !TOLD_BESIDE[texts[index]?.title ?? ''])
          .map(({ rule, address }) => `${texts[index]?.title}: ${rule} on ${address}`),
      );
      assert.deepEqual(gone, []);
    });
  }
});
