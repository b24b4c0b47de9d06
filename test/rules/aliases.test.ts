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

/** Ids of the catalogue that no rule carries, with the reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'iam-admin-star checkov:CKV_AWS_275':
    'a managed policy read as data: what it is attached to is reported (iam-admin-managed-policy)',
  'iam-user-console-access kics:No Password Policy Enabled': 'not confirmed to be the same check',
  'iam-root-usage trivy:AVD-AWS-0140': 'the account itself: no template shows it',
  'iam-root-usage trivy:AVD-AWS-0142': 'the account itself: no template shows it',
  'iam-root-usage trivy:AVD-AWS-0144': 'the account itself: no template shows it',
  'iam-root-usage trivy:AVD-AWS-0165': 'the account itself: no template shows it',
  'iam-root-usage trivy:AVD-AWS-0166': 'the account itself: no template shows it',
  'iam-root-usage trivy:AVD-AWS-0168': 'the account itself: no template shows it',
  'iam-root-usage trivy:AVD-AWS-0169': 'the account itself: no template shows it',
  'iam-root-usage kics:Support Has No Role Associated': 'the account itself: no template shows it',
  'sg-ingress-admin-ports-world kics:SQL Analysis Services Port 2383': 'carried under its full name',
  'sg-no-description trivy:AVD-AWS-0049': 'not confirmed to be the same check',
  'sg-no-description trivy:AVD-AWS-0083': 'not confirmed to be the same check',
  'rds-logging checkov:CKV2_AWS_27': 'not checked yet: query logging of PostgreSQL is a parameter of the group',
  'rds-logging checkov:CKV2_AWS_30': 'not checked yet: query logging of PostgreSQL is a parameter of the group',
  'neptune-cmk checkov:CKV_AWS_280': 'the key of a snapshot can be read but not set',
  'lambda-tracing-logs cfn_nag:W58': 'not checked yet: whether the role may write logs',
  'lambda-tracing-logs trivy:AVD-AWS-0125': 'not confirmed to be the same check',
  'ecs-efs-transit kics:ECS Cluster Not Encrypted At Rest': 'not confirmed to be the same check',
  'ecs-role-same kics:Empty Roles For ECS Cluster Task Definitions': 'a task without a role has no rights to share',
  'elb-classic-listener cdk-nag:AwsSolutions-ELB1': 'not confirmed to be the same check',
  'route53-dnssec-logging kics:CloudWatch Logging Disabled': 'not confirmed to be the same check',
  'kinesis-cmk cdk-nag:AwsSolutions-KDS3': 'asks for the key that AWS manages: the opposite',
  'config-guardduty kics:Config Rule For Encrypted Volumes Disabled': 'any other Config rule would set it off',
  'cis-metric-alarms kics:CloudWatch * Alarm Missing': 'stands for 14 names',
  'emr-kerberos-logs cdk-nag:AwsSolutions-EMR6': 'asks for a key pair, which Session Manager makes needless',
};

function aliasesOf(rule: Rule): Set<string> {
  return new Set([...rule.aliases, ...Object.values(rule.variants ?? {}).flatMap((variant) => variant.aliases ?? [])]);
}

/** Rows of the catalogue by column. */
function catalogue(): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync(CATALOGUE, 'utf8').trimEnd().split('\n');
  const columns = head.split('\t');
  return lines.map((line) => Object.fromEntries(line.split('\t').map((cell, index) => [columns[index] ?? '', cell])));
}

/** The ids in a cell of the catalogue: `checkov: CKV_AWS_1, CKV_AWS_2; trivy: AVD-AWS-1 (a remark)`. */
function idsOf(cell: string): [tool: string, id: string][] {
  return cell.split(';').flatMap((part): [string, string][] => {
    const [tool = '', list = ''] = part.split(/:(.*)/s);
    return list
      .split(',')
      .map((id) => id.replace(/\(.*$/, '').trim())
      .filter(Boolean)
      .map((id) => [tool.trim(), id]);
  });
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
    for (const [tool, id] of idsOf(cell)) put(tool, id);
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
  it('has every id of another tool on some rule', (test) => {
    if (!existsSync(CATALOGUE)) return test.skip('skipped: no catalogue');
    const carried = new Set(
      RULES.flatMap((rule) => [...aliasesOf(rule)].map((alias) => `${alias.split(':')[0]}:${normaliseAlias(alias)}`)),
    );
    const missing = catalogue().flatMap(({ key = '', peer_ids: cell = '' }) =>
      idsOf(cell)
        .filter(([tool, id]) => !carried.has(`${tool}:${normaliseAlias(id)}`))
        .map(([tool, id]) => `${key} ${tool}:${id}`),
    );
    assert.deepEqual(
      missing.filter((one) => !LEFT_OUT[one]),
      [],
    );
    assert.deepEqual(
      Object.keys(LEFT_OUT).filter((one) => !missing.includes(one)),
      [],
      'is carried, or not in the catalogue',
    );
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
