/** Whose side, at one glance: hovers on resources, properties, findings and the sides of a diff. The cursor is drawn as `‸`. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyze } from '../../server/src/analysis/analyze.ts';
import { compare } from '../../server/src/analysis/compare.ts';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings.ts';
import { hoverAt } from '../../server/src/lsp/hover.ts';
import { renderHover } from '../../server/src/lsp/hover-markdown.ts';
import { awsWillNot, OWN_LIMITS } from '../../server/src/responsibility/limits.ts';
import { RULES, ruleById } from '../../server/src/rules/index.ts';

const YAML = 'file:///a.yaml';
const TF = 'file:///main.tf.json';

function analysisOf(text: string, uri = YAML) {
  const analysis = analyze([{ uri, text }], DEFAULT_SETTINGS);
  assert.ok(analysis, text);
  return analysis;
}

/** The hover as people without icons and commands read it, escapes undone. */
function plain(markdown: string): string {
  return markdown.replace(/\\(?=[^\w\s])/g, '');
}

function hover(drawn: string, uri = YAML): string {
  const offset = drawn.indexOf('‸');
  assert.ok(offset >= 0, 'no cursor');
  const model = hoverAt(analysisOf(drawn.replace('‸', ''), uri), uri, offset);
  assert.ok(model, 'no hover');
  return plain(renderHover(model, { icons: false, serviceLink: (id) => `page:${id}` }));
}

const yaml = (...resources: string[]) => `Resources:\n${resources.join('').replace(/^/gm, '  ')}`.trimEnd();
const terraform = (type: string, properties: object) =>
  JSON.stringify({ resource: { [type]: { it: properties } } }, null, 2);

describe('hover over a resource type', () => {
  it('says class, AWS, you, shared, and where the page is', () => {
    const text = hover(yaml('Bucket:\n  Type: AWS::S3::B‸ucket\n'));
    assert.match(text, /^\*\*Amazon S3\*\* is an abstracted service: AWS runs all of it/);
    for (const side of ['AWS', 'You', 'Shared']) assert.match(text, new RegExp(`^- \\*\\*${side}:\\*\\* \\S`, 'm'));
    assert.match(text, /\[who does what\]\(page:s3\)/);
  });

  it('counts what is open by side, and names it', () => {
    const text = hover(
      yaml(
        'Db:\n  Type: AWS::RDS::DB‸Instance\n  Properties:\n    Engine: postgres\n    AutoMinorVersionUpgrade: false\n',
      ),
    );
    assert.match(text, /\*\*Open here:\*\* Your side: \d+ · Shared: \d+\n- Database storage is not encrypted · high/);
    assert.match(text, /- Database storage is not encrypted · high · `rds-storage-encryption`/);
  });

  it('says so where nothing is open', () => {
    assert.match(
      hover(
        yaml(
          'Stream:\n  Type: AWS::Kinesis::Str‸eam\n  Properties:\n    StreamEncryption: { EncryptionType: KMS, KeyId: k }\n',
        ),
      ),
      /Nothing is open on this resource\./,
    );
  });

  const lambda = (packageType: string) =>
    `Parameters: { Kind: { Type: String } }\n${yaml(`Work:\n  Type: AWS::Lambda::Fun‸ction\n  Properties:\n${packageType}    Role: r\n`)}`;

  it('is true for the setting at hand: a container image', () => {
    const text = hover(lambda('    PackageType: Image\n'));
    assert.match(text, /\*\*AWS Lambda, as a container image\*\*/);
    assert.match(text, /\*\*You:\*\* the whole image/);
    assert.match(text, /Runtime patching moved from AWS to you:/);
  });

  it('is true for the setting at hand: an archive', () => {
    for (const packageType of ['', '    PackageType: Zip\n']) {
      const text = hover(lambda(packageType));
      assert.match(text, /\*\*AWS Lambda\*\* is a serverless service/);
      assert.doesNotMatch(text, /moved from/);
    }
  });

  it('decides nothing that is not known', () => {
    const text = hover(lambda('    PackageType: !Ref Kind\n'));
    assert.match(text, /How far AWS goes depends on `PackageType`, which is not known here\./);
    const task = `Parameters: { Kind: { Type: String } }\n${yaml('Task:\n  Type: AWS::ECS::Task‸Definition\n  Properties:\n    RequiresCompatibilities: [!Ref Kind]\n')}`;
    assert.match(hover(task), /depends on `RequiresCompatibilities`, which/);
    assert.match(text, /\*\*AWS Lambda\*\* is a serverless service/);
    assert.doesNotMatch(text, /moved from/);
  });

  it('decides where both branches agree, and not where they differ', () => {
    const either = (a: string, b: string) =>
      `Conditions: { Prod: !Equals [!Ref AWS::Region, x] }\n${yaml(`Work:\n  Type: AWS::Lambda::Fun‸ction\n  Properties:\n    PackageType: !If [Prod, ${a}, ${b}]\n`)}`;
    assert.match(hover(either('Image', 'Image')), /as a container image/);
    assert.doesNotMatch(hover(either('Image', 'Zip')), /as a container image/);
  });

  it('says of a form only what AWS does in it', () => {
    const database = (settings: string) =>
      hover(yaml(`Db:\n  Type: AWS::RDS::DBIns‸tance\n  Properties:\n    PubliclyAccessible: false\n${settings}`));
    const minor = /RDS applies minor versions in the maintenance window/;
    const backup = /RDS makes backups by itself/;
    assert.match(database('    Engine: postgres\n'), minor);
    assert.match(database('    Engine: postgres\n'), backup);
    assert.doesNotMatch(database('    Engine: custom-oracle-ee\n'), minor);
    const custom = database('    Engine: custom-oracle-ee\n    AutoMinorVersionUpgrade: false\n');
    assert.match(custom, /Patching the operating system moved from AWS to you/);
    assert.doesNotMatch(custom, /Minor engine upgrades moved/);
    assert.doesNotMatch(database('    Engine: aurora-mysql\n'), backup);
    assert.doesNotMatch(database('    SourceDBInstanceIdentifier: other\n'), backup);
    const updates = /Lambda applies updates of the runtime by itself/;
    assert.match(hover(lambda('    Runtime: nodejs22.x\n')), updates);
    for (const type of ['Image', '!Ref Kind'])
      assert.doesNotMatch(hover(lambda(`    PackageType: ${type}\n`)), updates);
    assert.doesNotMatch(
      hover(yaml('Lb:\n  Type: AWS::ElasticLoadBalancingV2::LoadBal‸ancer\n  Properties: { Type: network }\n')),
      /desync/,
    );
  });

  it('names what is shared everywhere only where nothing else is', () => {
    assert.doesNotMatch(hover(yaml('Bucket:\n  Type: AWS::S3::B‸ucket\n')), /infrastructure devices/);
    assert.match(hover(yaml('Topic:\n  Type: AWS::SNS::T‸opic\n')), /infrastructure devices/);
  });

  it('says nothing of a type that neither the model nor a rule knows', () => {
    const text = yaml('It:\n  Type: Custom::Th‸ing\n  Properties: { ServiceToken: x }\n');
    assert.equal(hoverAt(analysisOf(text.replace('‸', '')), YAML, text.indexOf('‸')), undefined);
  });

  it('says the same in Terraform', () => {
    const text = terraform('aws_lambda_function', { package_type: 'Image' }).replace('"it"', '"i‸t"');
    assert.match(hover(text, TF), /AWS Lambda, as a container image/);
  });
});

describe('hover over a property', () => {
  it('says whose decision it is and what AWS does if it is left out', () => {
    const text = hover(
      yaml('Db:\n  Type: AWS::RDS::DBInstance\n  Properties:\n    Storage‸Encrypted: true\n    Engine: postgres\n'),
    );
    assert.match(text, /^\*\*`StorageEncrypted`\*\* — your decision\n/);
    assert.match(text, /What AWS does where it is left out\*\*\n- Storage of an instance is not encrypted/);
  });

  it('names what is open on its value', () => {
    const text = hover(yaml('Db:\n  Type: AWS::RDS::DBInstance\n  Properties:\n    Publicly‸Accessible: true\n'));
    assert.match(text, /\*\*Open here:\*\* Your side: 1\n- Database is publicly accessible · critical · `rds-public`/);
    const closed = hover(yaml('Db:\n  Type: AWS::RDS::DBInstance\n  Properties:\n    Publicly‸Accessible: false\n'));
    assert.doesNotMatch(closed, /open/);
  });

  it('says so where the decision is shared', () => {
    const text = hover(yaml('Fn:\n  Type: AWS::Lambda::Function\n  Properties:\n    Pack‸ageType: Zip\n'));
    assert.match(text, /^\*\*`PackageType`\*\* — shared/);
    const broker = hover(
      yaml('Mq:\n  Type: AWS::AmazonMQ::Broker\n  Properties:\n    AutoMinor‸VersionUpgrade: true\n'),
    );
    assert.match(broker, /^\*\*`AutoMinorVersionUpgrade`\*\* — shared/);
  });

  it('leaves to AWS nothing that a template writes', () => {
    const text = hover(
      yaml(
        'Bucket:\n  Type: AWS::S3::Bucket\n  Properties:\n    BucketEncryption:\n      ServerSideEncryptionConfiguration:\n        - ServerSideEncryptionBy‸Default: { SSEAlgorithm: AES256 }\n',
      ),
    );
    assert.match(text, /ServerSideEncryptionByDefault`\*\* — your decision/);
  });
});

describe('hover over a finding', () => {
  it('says whose it is, why, what AWS will not do, what could happen, and the fix', () => {
    const text = hover(yaml('Db:\n  Type: AWS::RDS::DBInstance\n  Properties:\n    PubliclyAccessible: tr‸ue\n'));
    assert.match(
      text,
      /^\*\*Your side\*\* \(security in the cloud\) — \*\*Database is publicly accessible\*\* · critical\n/,
    );
    assert.match(text, /AWS grants the access that is configured; it does not ask whether it should be public\./);
    assert.match(text, /The database gets a public IP address/);
    assert.match(text, /```diff\n[\s\S]*\+ *PubliclyAccessible: false/);
    assert.match(text, /Related:/);
  });

  it('names of its service only what AWS does with this type', () => {
    const text = hover(
      yaml('Cache:\n  Type: AWS::ElastiCache::ReplicationGroup\n  Properties:\n    TransitEncryptionEnabled: fal‸se\n'),
    );
    assert.match(text, /Encryption in transit of caches on nodes is off/);
    assert.doesNotMatch(text, /A serverless cache/);
  });

  it('says that a setting moved the line', () => {
    const text = hover(yaml('Fn:\n  Type: AWS::Lambda::Function\n  Properties:\n    PackageType: Im‸age\n'));
    assert.match(text, /This setting moves the line: from AWS to you\./);
    assert.match(text, /AWS leaves runtime patching to you while this setting holds\./);
  });
});

describe('hover in a diff', () => {
  const at = (drawn: string, other: string, role: 'base' | 'head') => {
    const offset = drawn.indexOf('‸');
    const own = analysisOf(drawn.replace('‸', ''));
    const comparison = role === 'base' ? compare(own, analysisOf(other)) : compare(analysisOf(other), own);
    const model = hoverAt(own, YAML, offset, { role, comparison });
    return model && plain(renderHover(model, { icons: false }));
  };
  const db = (access: string) =>
    yaml(`Db:\n  Type: AWS::RDS::DBInstance\n  Properties:\n${access}    Engine: postgres\n`);
  const open = db('    PubliclyAccessible: true\n');
  const closed = db('    PubliclyAccessible: false\n');

  it('says introduced here, was there before, fixed here', () => {
    const drawn = open.replace('true', 'tr‸ue');
    assert.match(at(drawn, closed, 'head') ?? '', /critical · \*\*introduced here\*\*/);
    assert.match(at(drawn, open, 'head') ?? '', /critical · \*\*was there before\*\*/);
    assert.match(at(drawn, closed, 'base') ?? '', /critical · \*\*fixed here\*\*/);
  });

  it('says on the removed side what the change takes away', () => {
    const text = at(closed.replace('false', 'fal‸se'), open, 'base') ?? '';
    assert.match(
      text,
      /^\*\*This change removes this protection\.\*\*\n- Your side: Database is publicly accessible · critical · `rds-public` \(`Db`\)/,
    );
    assert.doesNotMatch(at(closed.replace('false', 'fal‸se'), closed, 'base') ?? '', /removes/);
  });

  it('marks what is open on a resource', () => {
    const text = at(open.replace('DBInstance', 'DBInst‸ance'), closed, 'head') ?? '';
    assert.match(text, /Database is publicly accessible · critical · `rds-public` · \*\*introduced here\*\*/);
  });
});

describe('what AWS will not do', () => {
  it('is said by rules that exist', () => {
    assert.deepEqual(
      OWN_LIMITS.filter((id) => !ruleById(id)),
      [],
    );
  });

  it("is never said of AWS's own side", () => {
    for (const rule of RULES) if (rule.owner.side === 'aws') assert.equal(awsWillNot(rule), undefined, rule.id);
  });
});
