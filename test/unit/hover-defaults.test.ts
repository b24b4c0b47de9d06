/** What a hover says of AWS's own doings; the cursor is drawn in the text as `‸`. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyze } from '../../server/src/analysis/analyze.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../server/src/analysis/settings.ts';
import { hoverAt } from '../../server/src/lsp/hover.ts';
import { renderHover } from '../../server/src/lsp/hover-markdown.ts';
import type { HoverModel } from '../../server/src/lsp/protocol.ts';
import { loadIamData } from '../support/iam-data.ts';

loadIamData();

/** Findings would stand in the way of the subject below them. */
const QUIET: Settings = { ...DEFAULT_SETTINGS, rules: {} };

function hover(drawn: string, uri = 'file:///a.yaml', settings = QUIET): HoverModel | undefined {
  const offset = drawn.indexOf('‸');
  assert.ok(offset >= 0, 'no cursor');
  const analysis = analyze([{ uri, text: drawn.replace('‸', '') }], settings);
  assert.ok(analysis);
  return hoverAt({ ...analysis, findings: [], suppressed: [] }, uri, offset);
}

const facts = (model: HoverModel | undefined) => model?.subject?.aws.map((fact) => fact.text) ?? [];

function yaml(resource: string): string {
  return `Resources:\n${resource.replace(/^/gm, '  ')}\n`;
}

function terraform(resource: unknown): string {
  return JSON.stringify({ resource }, null, 2);
}

const TF = 'file:///main.tf.json';

describe('hover over a resource', () => {
  it('lists what AWS does there by itself', () => {
    for (const text of ['B‸ucket:\n  Type: AWS::S3::Bucket', 'Bucket:\n  Type: AWS::S3::‸Bucket']) {
      const model = hover(yaml(text));
      assert.ok(
        facts(model).some((fact) => fact.startsWith('S3 encrypts every new object')),
        text,
      );
      assert.ok(
        facts(model).some((fact) => fact.startsWith('A new bucket blocks public access')),
        text,
      );
      assert.ok(!facts(model).some((fact) => fact.includes('keeps no versions')), text);
    }
  });

  it('says since when, and which page says so', () => {
    const model = hover(yaml('B‸ucket:\n  Type: AWS::S3::Bucket'));
    assert.ok(model);
    assert.match(
      renderHover(model, { icons: false }),
      /\*\*What AWS does here by itself\*\*\n(- .*\n)*- S3 encrypts [^\n]*\(since 2023\\?-01\\?-05\) — \*Default encryption FAQ/,
    );
  });

  it('leaves out what the resource sets', () => {
    const model = hover(
      yaml(
        'Bu‸cket:\n  Type: AWS::S3::Bucket\n  Properties:\n    PublicAccessBlockConfiguration:\n      BlockPublicAcls: false',
      ),
    );
    assert.ok(!facts(model).some((fact) => fact.includes('blocks public access')));
    assert.ok(facts(model).some((fact) => fact.startsWith('S3 encrypts')));
  });

  it('leaves out what a property in a list sets', () => {
    const project = (artifact: string) =>
      facts(
        hover(
          yaml(
            `Bui‸ld:\n  Type: AWS::CodeBuild::Project\n  Properties:\n    SecondaryArtifacts:\n      - Type: S3\n${artifact}`,
          ),
        ),
      ).some((fact) => fact.startsWith('Artifacts and logs in S3 are encrypted'));
    assert.equal(project('        Name: a'), true);
    assert.equal(project('        EncryptionDisabled: true'), false);
  });

  it('leaves out what a resource of its own sets, and says nothing of that resource', () => {
    const text = (companion: object) =>
      terraform({ aws_s3_bucket: { b: { bucket: 'b' } }, ...companion }).replace('"b": {', '"‸b": {');
    const block = { aws_s3_bucket_public_access_block: { p: { bucket: '${aws_s3_bucket.b.id}' } } };
    const blocks = (fact: string) => fact.startsWith('A new bucket blocks public access');
    assert.ok(facts(hover(text({}), TF)).some(blocks));
    assert.ok(!facts(hover(text(block), TF)).some(blocks));
    assert.deepEqual(facts(hover(terraform(block).replace('"p"', '"‸p"'), TF)), []);
  });

  it('leaves out what Terraform does otherwise', () => {
    const backups = (fact: string) => fact.startsWith('RDS makes backups by itself');
    assert.ok(facts(hover(yaml('D‸b:\n  Type: AWS::RDS::DBInstance'))).some(backups));
    const inTerraform = facts(hover(terraform({ aws_db_instance: { db: {} } }).replace('"db"', '"‸db"'), TF));
    assert.ok(inTerraform.length > 0);
    assert.ok(!inTerraform.some(backups));
  });

  it('names five at most', () => {
    const count = facts(hover(yaml('Pr‸oject:\n  Type: AWS::CodeBuild::Project'))).length;
    assert.ok(count > 3 && count <= 5, String(count));
    for (const type of ['AWS::S3::Bucket', 'AWS::Redshift::Cluster'])
      assert.ok(facts(hover(yaml(`A‸a:\n  Type: ${type}`))).length <= 5, type);
  });

  it('says nothing of a data source', () => {
    const text = JSON.stringify({ data: { aws_s3_bucket: { b: { bucket: 'b' } } } }).replace('"b":{', '"‸b":{');
    assert.deepEqual(facts(hover(text, TF)), []);
  });
});

describe('hover over a property', () => {
  it('says what its absence means', () => {
    const model = hover(yaml('Db:\n  Type: AWS::RDS::DBInstance\n  Properties:\n    Storage‸Encrypted: true'));
    assert.deepEqual(
      facts(model).map((fact) => fact.slice(0, 46)),
      ['Storage of an instance is not encrypted unless'],
    );
    assert.ok(model);
    assert.match(
      renderHover(model, { icons: false }),
      /\*\*What AWS does where it is left out\*\*\n- Storage of an instance/,
    );
  });

  it('speaks of properties that no rule looks at', () => {
    const model = hover(
      yaml(
        'Api:\n  Type: AWS::AppSync::GraphQLApi\n  Properties:\n    AuthenticationType: AWS_IAM\n    Visi‸bility: GLOBAL',
      ),
    );
    assert.deepEqual(model?.subject?.rules, []);
    assert.equal(facts(model).length, 1);
  });

  it('adds what Terraform does otherwise, in Terraform only', () => {
    const tf = hover(
      terraform({ aws_db_instance: { db: { backup_retention_period: 7 } } }).replace('backup_', 'back‸up_'),
      TF,
    );
    assert.ok(tf);
    assert.match(renderHover(tf, { icons: false }), /keeps them for one day\\?\. In Terraform: The provider sends 0/);
    const cfn = hover(yaml('Db:\n  Type: AWS::RDS::DBInstance\n  Properties:\n    Backup‸RetentionPeriod: 7'));
    assert.ok(cfn);
    assert.doesNotMatch(renderHover(cfn, { icons: false }), /In Terraform/);
  });

  it('knows the spelling of the Cloud Control provider', () => {
    const text = terraform({ awscc_rds_db_instance: { db: { storage_encrypted: true } } });
    const model = hover(text.replace('storage_', 'stor‸age_'), TF);
    assert.deepEqual(
      facts(model).map((fact) => fact.slice(0, 22)),
      ['Storage of an instance'],
    );
  });

  it('names the rules that look at it, in that spelling as well', () => {
    const rules = (model: HoverModel | undefined) => model?.subject?.rules.map(({ ruleId }) => ruleId) ?? [];
    const mirrored = terraform({ awscc_rds_db_instance: { db: { storage_encrypted: true } } });
    const own = yaml('Db:\n  Type: AWS::RDS::DBInstance\n  Properties:\n    Storage‸Encrypted: true');
    assert.deepEqual(rules(hover(mirrored.replace('storage_', 'stor‸age_'), TF)), rules(hover(own)));
    assert.ok(rules(hover(own)).includes('rds-storage-encryption'));
  });

  it('finds a block by its own name and a property in a list', () => {
    const block = hover(
      terraform({ aws_instance: { i: { metadata_options: { http_tokens: 'optional' } } } }).replace('meta', 'me‸ta'),
      TF,
    );
    assert.equal(facts(block).length, 2);
    const inList = hover(
      yaml(
        'T:\n  Type: AWS::ECS::TaskDefinition\n  Properties:\n    Volumes:\n      - Name: a\n        EFSVolumeConfiguration:\n          Transit‸Encryption: ENABLED',
      ),
    );
    assert.equal(facts(inList).length, 1);
  });

  it('is silent over values, and over names of which nothing is known', () => {
    assert.equal(
      hover(yaml('Db:\n  Type: AWS::RDS::DBInstance\n  Properties:\n    StorageEncrypted: tr‸ue')),
      undefined,
    );
    assert.equal(hover(yaml('Db:\n  Type: AWS::RDS::DBInstance\n  Properties:\n    Stor‸age: 7')), undefined);
  });
});

describe('hover over a finding', () => {
  const finding = (drawn: string, uri: string) => {
    const offset = drawn.indexOf('‸');
    const analysis = analyze([{ uri, text: drawn.replace('‸', '') }], DEFAULT_SETTINGS);
    assert.ok(analysis);
    const model = hoverAt(analysis, uri, offset);
    assert.ok(model);
    return model;
  };

  it('takes what AWS does from its property where the rule names nothing', () => {
    const model = finding(
      yaml('Db:\n  Type: AWS::RDS::DBInstance\n  Properties:\n    Engine: mysql\n    StorageEncrypted: fa‸lse'),
      'file:///a.yaml',
    );
    const encryption = model.findings.find((one) => one.ruleId === 'rds-storage-encryption');
    assert.match(encryption?.aws[0]?.text ?? '', /^Storage of an instance is not encrypted/);
  });

  it('goes with what AWS does at the resource where it stands on its name, each fact once', () => {
    const model = finding(yaml('Buc‸ket:\n  Type: AWS::S3::Bucket'), 'file:///a.yaml');
    assert.ok(model.findings.length);
    const texts = [...model.findings.flatMap((one) => [...new Set(one.aws)]), ...(model.subject?.aws ?? [])];
    const besides = model.subject?.aws.map((fact) => fact.text) ?? [];
    assert.ok(besides.some((text) => text.startsWith('S3 encrypts every new object')));
    for (const text of besides) assert.equal(texts.filter((fact) => fact.text === text).length, 1, text);
    assert.deepEqual(model.subject?.lines, []);
  });

  it('says what Terraform does otherwise in Terraform only', () => {
    const model = finding(
      terraform({ aws_mq_broker: { b: { auto_minor_version_upgrade: false } } }).replace('false', 'fa‸lse'),
      TF,
    );
    const [fact] = model.findings.find((one) => one.ruleId === 'mq-minor-upgrade')?.aws ?? [];
    assert.equal(fact?.terraform, 'The provider switches them off.');
  });
});
