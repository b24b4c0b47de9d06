/** Related controls: ids of the right form, that the mapping knows, of rules that exist. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { FRAMEWORKS, frameworksOf, relatedControls } from '../../server/src/rules/frameworks.ts';
import { ruleById } from '../../server/src/rules/index.ts';

const CATALOGUE = resolve(process.env.DEMARC_SHARED ?? '../shared', 'catalogue');
const skip = !existsSync(CATALOGUE) && 'skipped: no corpus';

const FORMS = {
  cis: /^v\d+\.\d+ \d+(?:\.\d+)+$/,
  fsbp: /^[A-Z][A-Za-z0-9]*\.\d+$/,
  nist: /^[A-Z]{2}-\d+$/,
  pci: /^A?\d+(?:\.\d+){2}$/,
};

describe('related controls', () => {
  it('have the form of their framework, once each', () => {
    for (const [id, frameworks] of Object.entries(FRAMEWORKS)) {
      assert.ok(Object.keys(frameworks).length, id);
      for (const [name, form] of Object.entries(FORMS) as [keyof typeof FORMS, RegExp][]) {
        const list = frameworks[name];
        if (!list) continue;
        assert.ok(list.length && new Set(list).size === list.length, `${id} ${name}`);
        for (const one of list) assert.match(one, form, id);
      }
    }
  });

  it('are said with the name and version of the framework, and never as compliance', () => {
    assert.deepEqual(relatedControls('rds-public'), [
      'CIS AWS Foundations v5.0 2.2.3, v7.0 3.2.3',
      'AWS FSBP RDS.2',
      'NIST 800-53 r5 AC-3, AC-6, SC-7',
      'PCI DSS 4.0 1.2.8, 1.3.1, 1.3.2, 1.4.2',
    ]);
    for (const name of ['no-such-rule', 'constructor', '__proto__']) {
      assert.deepEqual(relatedControls(name), []);
      assert.equal(frameworksOf(name), undefined);
    }
  });

  it('are those of the mapping', { skip }, () => {
    const known = { cis: new Set<string>(), fsbp: new Set<string>(), pci: new Set<string>() };
    const lines = readFileSync(resolve(CATALOGUE, 'control-mapping.md'), 'utf8').split('\n');
    const cells = (line: string) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
    const [head = [], , ...rows] = lines.filter((line) => line.startsWith('|')).map(cells);
    for (const row of rows) {
      head.forEach((name, column) => {
        const ids = (row[column] ?? '–')
          .split(',')
          .map((id) => id.trim())
          .filter((id) => id !== '–');
        const version = /^CIS (v\S+)/.exec(name)?.[1];
        for (const id of ids) {
          if (version) known.cis.add(`${version} ${id}`);
          if (name === 'FSBP') known.fsbp.add(id);
          if (name.startsWith('PCI')) known.pci.add(id.split('.').slice(0, 3).join('.'));
        }
      });
    }
    assert.ok(known.cis.size > 20 && known.fsbp.size > 40 && known.pci.size > 20);
    const unknown = Object.entries(FRAMEWORKS).flatMap(([rule, frameworks]) =>
      (['cis', 'fsbp', 'pci'] as const).flatMap((name) =>
        (frameworks[name] ?? []).filter((id) => !known[name].has(id)).map((id) => `${rule}: ${name} ${id}`),
      ),
    );
    assert.deepEqual(unknown, []);
  });

  it('belong to rules, or to controls of the catalogue whose rule is still to come', (test) => {
    const rest = Object.keys(FRAMEWORKS).filter((id) => !ruleById(id));
    test.diagnostic(`without a rule yet: ${rest.join(', ') || 'none'}`);
    const controls = resolve(CATALOGUE, 'controls.tsv');
    if (!existsSync(controls)) return;
    const keys = new Set(
      readFileSync(controls, 'utf8')
        .split('\n')
        .map((line) => line.split('\t')[0]),
    );
    assert.deepEqual(
      rest.filter((id) => !keys.has(id)),
      [],
    );
  });
});
