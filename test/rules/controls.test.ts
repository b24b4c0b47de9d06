/** Every core row of the catalogue has a rule, in each of its languages. Reads ../shared; skips without it. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { ruleById } from '../../server/src/rules/index.ts';
import { MERGED_CONTROLS, NOT_IN } from './controls.ts';
import { allCases } from './golden.ts';

const CONTROLS = resolve(process.env.DEMARC_SHARED ?? '../shared', 'catalogue/controls.tsv');
const skip = !existsSync(CONTROLS) && 'skipped: no corpus';

interface Row {
  readonly key: string;
  readonly cfn: string;
  readonly tf: string;
  readonly tier: string;
}

function rows(): Row[] {
  const [head = '', ...lines] = readFileSync(CONTROLS, 'utf8').trimEnd().split('\n');
  const columns = head.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    const cell = (name: string) => cells[columns.indexOf(name)]?.trim() ?? '';
    return { key: cell('key'), cfn: cell('cfn'), tf: cell('tf'), tier: cell('tier') };
  });
}

/** The id of the rule that a row is implemented by. */
function ruleOf(key: string): string {
  return (MERGED_CONTROLS[key] ?? key).split('/')[0] ?? key;
}

/** Languages that a row asks for: not those whose cell is a dash, or says that only the other one has it. */
function languagesOf({ cfn, tf }: Row): string[] {
  return [...(/^-|TF only/.test(cfn) ? [] : ['cfn']), ...(/^-|CFN only/.test(tf) ? [] : ['tf'])];
}

describe('controls of the catalogue', () => {
  it('have a rule: every core row', { skip }, (test) => {
    const all = rows();
    assert.ok(all.length > 400, `only ${all.length} rows were read`);
    const without = all.filter(({ key }) => !ruleById(ruleOf(key)));
    const optIn = without.filter(({ tier }) => tier !== 'core').map(({ key }) => key);
    test.diagnostic(`opt-in rows without a rule: ${optIn.length}${optIn.length ? ` (${optIn.join(', ')})` : ''}`);
    const core = without.filter(({ tier }) => tier === 'core').map(({ key }) => key);
    assert.ok(!core.length, `${core.length} core rows without a rule: ${core.join(', ')}`);
  });

  it('are found in each of their languages', { skip }, () => {
    const found = new Set(
      allCases('test/rules/cases')
        .filter((test) => test.marks.some((mark) => mark.ruleId === test.ruleId))
        .map((test) => `${test.ruleId} ${test.language.split('-')[0]}`),
    );
    const missing = rows()
      .filter(({ key }) => ruleById(ruleOf(key)))
      .flatMap((row) => languagesOf(row).map((language) => ({ key: row.key, language })))
      .filter(({ key, language }) => !found.has(`${ruleOf(key)} ${language}`) && !NOT_IN[`${key} ${language}`])
      .map(({ key, language }) => `${key} ${language}`);
    assert.deepEqual(missing, [], 'no golden case with a finding');
  });

  it('are merged into rules and variants that exist, under keys that exist', { skip }, () => {
    const keys = new Set(rows().map(({ key }) => key));
    const wrong = Object.entries(MERGED_CONTROLS).filter(([key, target]) => {
      const [id = '', variant] = target.split('/');
      const rule = ruleById(id);
      return !keys.has(key) || ruleById(key) || !rule || (variant !== undefined && !rule.variants?.[variant]);
    });
    assert.deepEqual(wrong, []);
    assert.deepEqual(
      Object.keys(NOT_IN).filter((one) => !keys.has(one.split(' ')[0] ?? '')),
      [],
    );
  });
});
