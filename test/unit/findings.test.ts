/** What findings say beyond their rule's title, and what they take along. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyze } from '../../server/src/analysis/analyze.ts';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings.ts';
import { cloudFormationTemplate } from '../../server/src/cloudformation/template.ts';
import { checkTemplate } from '../../server/src/rules/engine.ts';
import { mentions } from '../../server/src/rules/mentions.ts';
import type { Related, Rule } from '../../server/src/rules/rule.ts';
import { parseYaml } from '../../server/src/syntax/yaml.ts';

function messagesOf(type: string, properties: string, ruleId: string): readonly string[] {
  const text = `Resources:\n  One:\n    Type: ${type}\n    Properties: ${properties}\n`;
  const { findings } = analyze([{ uri: 't.yaml', text }], DEFAULT_SETTINGS) ?? { findings: [] };
  return findings.flatMap(({ finding }) => (finding.rule.id === ruleId ? [finding.message] : []));
}

function templateOf(text: string) {
  const template = cloudFormationTemplate(parseYaml('t.yaml', text));
  assert.ok(template);
  return template;
}

describe('the message of a version that cannot do what is asked', () => {
  it('names the upgrade of Redis OSS', () => {
    const of = (version: string, ruleId: string) =>
      messagesOf('AWS::ElastiCache::ReplicationGroup', `{ EngineVersion: ${version} }`, ruleId);
    const upgrade = 'Redis OSS 2.8.24 cannot encrypt: upgrade to 4.0.10 or later first';
    assert.deepEqual(of('2.8.24', 'elasticache-at-rest'), [`Replication group is not encrypted at rest; ${upgrade}`]);
    assert.deepEqual(of('2.8.24', 'elasticache-in-transit'), [`Cache takes unencrypted connections; ${upgrade}`]);
    assert.deepEqual(of('5.0.6', 'elasticache-in-transit'), ['Cache takes unencrypted connections']);
  });

  it('names the version of Elasticsearch, and what is a domain of which kind', () => {
    const old = (properties: string, ruleId: string) => messagesOf('AWS::Elasticsearch::Domain', properties, ruleId);
    assert.deepEqual(old('{}', 'opensearch-at-rest'), [
      'Elasticsearch domain is not encrypted at rest; that takes Elasticsearch 5.1 or later, and this one runs 1.5',
    ]);
    assert.deepEqual(old('{ ElasticsearchVersion: "6.3" }', 'opensearch-at-rest'), [
      'Elasticsearch domain is not encrypted at rest',
    ]);
    assert.deepEqual(old('{ ElasticsearchVersion: "6.3" }', 'opensearch-fgac'), [
      'Elasticsearch domain has no fine-grained access control; that takes Elasticsearch 6.7 or later, and this one runs 6.3',
    ]);
    assert.deepEqual(messagesOf('AWS::OpenSearchService::Domain', '{}', 'opensearch-at-rest'), [
      'OpenSearch domain is not encrypted at rest',
    ]);
  });
});

describe('a finding of SAM Globals', () => {
  it('does not add to the list of related places that its rule keeps', () => {
    const template = templateOf(`Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Timeout: 900 } }
Resources:
  First: { Type: AWS::Serverless::Function }
  Second: { Type: AWS::Serverless::Function }
`);
    const kept: Related[] = [];
    const node = template.resources[0]?.key;
    assert.ok(node);
    const rule = {
      id: 'test',
      title: 'Test',
      severity: 'low',
      aliases: [],
      checks: [
        {
          kind: 'resource',
          types: ['AWS::Serverless::Function'],
          check: (resource, reporter) => reporter.report({ node, resource, related: kept }),
        },
      ],
    } as Pick<Rule, 'id' | 'title' | 'severity' | 'aliases' | 'checks'> as Rule;
    const findings = checkTemplate(template, [rule]);
    assert.deepEqual(
      findings.map(({ related }) => related.map(({ message }) => message)),
      [['Also applies to Second']],
    );
    assert.deepEqual(kept, []);
  });
});

describe('mentions', () => {
  const text = 'Resources: { Web: { Type: X, A: Web, B: Web-1, C: "aws_x.Web, aws_x.Webs", D: "-aws_x.Web" } }\n';
  const places = (name: string) => [...mentions(templateOf(text), name)].map(({ offset }) => offset);

  it('finds a name that stands by itself', () => {
    const all = [...text.matchAll(/Web/g)].map(({ index }) => index);
    assert.deepEqual(places('Web'), [all[0], all[1], all[3], all[5]]);
    assert.deepEqual(places('Nobody'), []);
    assert.deepEqual(places(''), []);
  });

  it('finds a name with a dot', () => {
    assert.deepEqual(places('aws_x.Web'), [text.indexOf('aws_x.Web')]);
  });
});
