/** The catalogue is covered, and the ids of other tools that rules carry exist there. Reads ../shared; skips what is missing. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { normaliseAlias } from '../../server/src/rules/aliases.ts';
import { RULES, ruleById } from '../../server/src/rules/index.ts';
import type { Rule } from '../../server/src/rules/rule.ts';

const SHARED = resolve(process.env.DEMARC_SHARED ?? '../shared');
const CORPUS = resolve(SHARED, 'corpus/rules.jsonl');
const CATALOGUE = resolve(SHARED, 'catalogue/controls.tsv');

/** Tools whose cases are in the corpus. */
const TOOLS = ['checkov', 'cfn_nag', 'guard', 'parliament', 'cloudsplaining'];

/** First parts of the keys of services that are complete. */
const COMPLETE =
  /^(s3|ec2|sg|ebs|rds|aurora|iam|kms|lambda|sns|sqs|nacl|vpc|subnet|route|ami)-|^(db-security-group|template-plaintext-password)/;

function aliasesOf(rule: Rule): Set<string> {
  return new Set([...rule.aliases, ...Object.values(rule.variants ?? {}).flatMap((variant) => variant.aliases ?? [])]);
}

/** Rows of the catalogue by column. */
function catalogue(): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync(CATALOGUE, 'utf8').trimEnd().split('\n');
  const columns = head.split('\t');
  return lines.map((line) => Object.fromEntries(line.split('\t').map((cell, index) => [columns[index] ?? '', cell])));
}

/** `tool:id` of every check that the corpus or the catalogue knows, folded. */
function known(): Set<string> {
  const ids = new Set<string>();
  const put = (tool: string, id: string) => ids.add(`${tool.trim()}:${normaliseAlias(id)}`);
  for (const line of readFileSync(CORPUS, 'utf8').split('\n').filter(Boolean)) {
    const { peer, rule, name, aliases } = JSON.parse(line) as Record<'peer' | 'rule' | 'name', string> & {
      aliases: string[];
    };
    for (const id of [rule, name, ...aliases]) if (id) put(peer, id);
  }
  for (const { peer_ids: cell = '' } of catalogue()) {
    for (const part of cell.split(';')) {
      const [tool = '', list = ''] = part.split(/:(.*)/s);
      for (const id of list.split(',')) put(tool, id.replace(/\(.*$/, ''));
    }
  }
  return ids;
}

describe('ids of other tools', () => {
  it('have the form tool:id, once in a list', () => {
    for (const rule of RULES) {
      for (const list of [
        rule.aliases,
        ...Object.values(rule.variants ?? {}).map((variant) => variant.aliases ?? []),
      ]) {
        assert.deepEqual(list, [...new Set(list)], `${rule.id} names an id twice`);
        for (const alias of list) assert.match(alias, /^[a-z][a-z_-]*:\S.*$/, rule.id);
      }
    }
  });

  it('exist', (test) => {
    if (!existsSync(CORPUS) || !existsSync(CATALOGUE)) return test.skip('skipped: no corpus');
    const ids = known();
    assert.ok(ids.has('checkov:ckv_aws_20') && !ids.has('checkov:ckv_aws_0'));
    const missing = RULES.flatMap((rule) =>
      [...aliasesOf(rule)]
        .filter((alias) => TOOLS.includes(alias.slice(0, alias.indexOf(':'))))
        .filter((alias) => !ids.has(`${alias.slice(0, alias.indexOf(':'))}:${normaliseAlias(alias)}`))
        .map((alias) => `${rule.id}: ${alias}`),
    );
    assert.deepEqual(missing, []);
  });
});

describe('the catalogue', () => {
  it('has a rule for every core row of the services that are complete', (test) => {
    if (!existsSync(CATALOGUE)) return test.skip('skipped: no catalogue');
    const rows = catalogue().filter(({ key = '', tier }) => tier === 'core' && COMPLETE.test(key));
    assert.ok(rows.length > 100, `only ${rows.length} rows were read`);
    const without = rows.map(({ key = '' }) => key).filter((key) => !ruleById(key));
    assert.deepEqual(without, []);
  });

  it('decides which of its rules are opt-in', (test) => {
    if (!existsSync(CATALOGUE)) return test.skip('skipped: no catalogue');
    const differing = catalogue().filter(({ key = '', tier }) => {
      const rule = ruleById(key);
      return rule && rule.tier !== tier;
    });
    assert.deepEqual(
      differing.map(({ key }) => key),
      [],
    );
  });
});
