/** Two versions of a template: what a change introduces, fixes, leaves; by rule, resource and property, never by line. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { globSync } from 'tinyglobby';
import { analyze } from '../../server/src/analysis/analyze.ts';
import { compare, opensBy } from '../../server/src/analysis/compare.ts';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings.ts';

function analysisOf(text: string) {
  const analysis = analyze([{ uri: 'file:///template.yaml', text }], DEFAULT_SETTINGS);
  assert.ok(analysis, text);
  return analysis;
}

/** What a change does, as `rule resource`. */
function changes(before: string, after: string) {
  const found = compare(analysisOf(before), analysisOf(after));
  const named = (all: typeof found.introduced) =>
    all.map(({ finding }) => `${finding.rule.id} ${finding.resource.address}`);
  return { introduced: named(found.introduced), fixed: named(found.fixed), before: found.before.size };
}

const volume = (name: string, encrypted: string) => `  ${name}:
    Type: AWS::EC2::Volume
    Properties:
      AvailabilityZone: eu-central-1a
      Size: 10
${encrypted}`;
const template = (...resources: string[]) => `Resources:\n${resources.join('')}`;
const ON = '      Encrypted: true\n';
const OFF = '      Encrypted: false\n';

const group = (...rules: string[]) => `Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      VpcId: vpc-1
      SecurityGroupIngress:
${rules.map((cidr) => `        - { IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: ${cidr}, Description: d }\n`).join('')}`;

describe('comparing two versions', () => {
  it('tells what a change introduces and fixes', () => {
    const before = template(volume('Data', ON), volume('Logs', OFF));
    const after = template(volume('Data', OFF), volume('Logs', ON));
    assert.deepEqual(changes(before, after), {
      introduced: ['ebs-encryption Data'],
      fixed: ['ebs-encryption Logs'],
      before: 0,
    });
  });

  it('does not mind lines: what moved was there before', () => {
    const before = template(volume('Data', OFF), volume('Logs', ON));
    const after = `# a comment\n\n${template(volume('Logs', ON), volume('Data', OFF))}`;
    assert.deepEqual(changes(before, after), { introduced: [], fixed: [], before: 1 });
  });

  it('knows the item of a list that was there, wherever a new one is put', () => {
    const two = compare(
      analysisOf(group('0.0.0.0/0').replace('Description: d', 'Description: old')),
      analysisOf(
        group('0.0.0.0/0', '0.0.0.0/0')
          .replace('Description: d }\n        - {', 'Description: new }\n        - {')
          .replace('Description: d', 'Description: old'),
      ),
    );
    const [added] = two.introduced.filter(({ finding }) => finding.rule.id === 'sg-ingress-ssh-world');
    assert.ok(added);
    const line = added.finding.node.document.lines.range(added.finding.node.start, added.finding.node.end).start.line;
    assert.match(added.finding.node.document.text.split('\n')[line] ?? '', /Description: new/);
  });

  it('takes a resource that was only renamed for the same', () => {
    assert.deepEqual(changes(template(volume('Data', OFF)), template(volume('Store', OFF))), {
      introduced: [],
      fixed: [],
      before: 1,
    });
  });

  it('has everything introduced in a new file, everything fixed in a deleted one', () => {
    const one = analysisOf(template(volume('Data', OFF)));
    assert.equal(compare(undefined, one).introduced.length, one.findings.length);
    assert.equal(compare(one, undefined).fixed.length, one.findings.length);
    assert.ok(one.findings.length);
  });

  it('takes what became graver for introduced', () => {
    const bucket = (block: string) => `Resources:
  Files:
    Type: AWS::S3::Bucket
    Properties:
      AccessControl: PublicRead
      OwnershipControls: { Rules: [{ ObjectOwnership: ObjectWriter }] }
      PublicAccessBlockConfiguration:
        { BlockPublicAcls: ${block}, BlockPublicPolicy: true, IgnorePublicAcls: ${block}, RestrictPublicBuckets: true }
`;
    const worse = changes(bucket('true'), bucket('false'));
    assert.ok(worse.introduced.includes('s3-public-acl Files'), JSON.stringify(worse));
    const better = changes(bucket('false'), bucket('true'));
    assert.deepEqual(better.introduced, []);
  });

  it('says what taking a value away opens', () => {
    const base = analysisOf(template(volume('Data', ON)));
    const found = compare(base, analysisOf(template(volume('Data', ''))));
    const data = base.template.resource('Data');
    assert.ok(data);
    const opened = (path: string[]) => opensBy(found, { resource: data, path }).map(({ finding }) => finding.rule.id);
    assert.deepEqual(opened(['Encrypted']), ['ebs-encryption']);
    assert.deepEqual(opened(['Size']), []);
    assert.deepEqual(opened([]), []);
  });

  it('does not take a list item for removed that only has a new one in front', () => {
    const base = analysisOf(group('10.0.0.0/8', '192.168.0.0/16'));
    const resource = base.template.resource('Group');
    assert.ok(resource);
    const opened = (after: string, item: number) =>
      opensBy(compare(base, analysisOf(after)), { resource, path: ['SecurityGroupIngress', String(item), 'CidrIp'] });
    const added = group('0.0.0.0/0', '10.0.0.0/8', '192.168.0.0/16');
    assert.deepEqual([opened(added, 0).length, opened(added, 1).length], [0, 0]);
    const altered = group('0.0.0.0/0', '192.168.0.0/16');
    assert.deepEqual([opened(altered, 0).length, opened(altered, 1).length], [1, 0]);
  });

  it('says at a condition of a policy what taking it away opens, and nothing at what has stayed', () => {
    const policy = (condition: string, front = '') => `Resources:
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: files
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
${front}          - Effect: Allow
            Principal: '*'
            Action: s3:GetObject
            Resource: arn:aws:s3:::files/*
${condition}`;
    const other =
      "          - { Effect: Deny, Principal: '*', Action: 's3:Put*', Resource: 'arn:aws:s3:::files/*', Condition: { Bool: { aws:SecureTransport: 'false' } } }\n";
    const base = analysisOf(
      policy('            Condition: { StringEquals: { aws:PrincipalOrgID: o-1234567890 } }\n', other),
    );
    const found = compare(base, analysisOf(policy('', other)));
    const resource = base.template.resource('Policy');
    assert.ok(resource);
    const opened = (...path: string[]) =>
      opensBy(found, { resource, path: ['PolicyDocument', 'Statement', ...path] }).map(
        ({ finding }) => finding.rule.id,
      );
    assert.deepEqual(opened('1', 'Condition'), ['s3-bucket-policy-public']);
    assert.deepEqual(opened('1', 'Condition', 'StringEquals', 'aws:PrincipalOrgID'), ['s3-bucket-policy-public']);
    assert.deepEqual(opened('1', 'Principal'), []);
    assert.deepEqual(opened('0', 'Condition'), []);
  });

  it('says at a value that has stayed what a variable that it names opens', () => {
    const text = (encrypt: boolean) => `Parameters:
  Encrypt: { Type: String, Default: ${encrypt} }
${template(volume('Data', '      Encrypted: !Ref Encrypt\n'))}`;
    const base = analysisOf(text(true));
    const resource = base.template.resource('Data');
    assert.ok(resource);
    const found = compare(base, analysisOf(text(false)));
    assert.equal(opensBy(found, { resource, path: ['Encrypted'] }).length, found.introduced.length);
    assert.equal(found.introduced.length, 1);
  });

  it('says what taking away a resource that protected another opens', () => {
    const policy = `  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Deny
            Principal: '*'
            Action: s3:*
            Resource: [!GetAtt Bucket.Arn, !Sub '\${Bucket.Arn}/*']
            Condition: { Bool: { aws:SecureTransport: 'false' } }
`;
    const bucket = '  Bucket:\n    Type: AWS::S3::Bucket\n';
    const base = analysisOf(template(bucket, policy));
    const found = compare(base, analysisOf(template(bucket)));
    const gone = base.template.resource('Policy');
    assert.ok(gone);
    const opened = opensBy(found, { resource: gone, path: ['PolicyDocument'] }).map(({ finding }) => finding.rule.id);
    assert.ok(opened.includes('s3-insecure-transport'), opened.join());
  });

  describe('with a version that was not judged whole', () => {
    const topics = (count: number) =>
      Array.from({ length: count }, (_, i) => `  T${i}: { Type: AWS::SNS::Topic }\n`).join('');
    const net = (name: string) => `  ${name}: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }\n`;
    const log = (name: string) =>
      `  Log: { Type: AWS::EC2::FlowLog, Properties: { ResourceId: !Ref ${name}, ResourceType: VPC, TrafficType: ALL } }\n`;
    const told = (before: string, after: string) =>
      changes(before, after).introduced.filter((one) => /^(?:ebs-encryption|vpc-flow-logs) /.test(one));

    it('takes what a limit kept from being told for no news', () => {
      const [data, large, small] = [volume('Data', OFF), topics(5_000), topics(4_990)];
      assert.deepEqual(told(template(large, data), template(small, data)), [], 'behind the limit');
      assert.deepEqual(told(template(net('Net'), large), template(net('Net'), small)), [], 'nothing missing was told');
      assert.deepEqual(told(template(large, data), template(large, data)), []);
    });

    it('tells what is news all the same', () => {
      const [large, small] = [topics(5_000), topics(4_990)];
      const [on, off] = [volume('Data', ON), volume('Data', OFF)];
      assert.deepEqual(told(template(large, on), template(small, off)), ['ebs-encryption Data'], 'another text');
      assert.deepEqual(told(template(on, large), template(off, large)), ['ebs-encryption Data'], 'in both');
      assert.deepEqual(told(template(large), template(small, off)), ['ebs-encryption Data'], 'not in the base');
      assert.deepEqual(
        told(template(net('Net'), log('Net'), large), template(net('Net'), small)),
        ['vpc-flow-logs Net'],
        'what was beside it is gone',
      );
      const parameter = (value: string) => `Parameters:\n  Encrypt: { Type: String, Default: ${value} }\n`;
      const by = volume('Data', '      Encrypted: !Ref Encrypt\n');
      assert.deepEqual(
        told(parameter("'true'") + template(by, large), parameter("'false'") + template(by, small)),
        ['ebs-encryption Data'],
        'by a parameter',
      );
    });

    it('takes what broken text hid for no news', () => {
      const [data, logs] = [volume('Data', OFF), volume('Logs', OFF)];
      const broken = '  Broken: "\n';
      assert.deepEqual(told(template(broken, data), template(data)), []);
      assert.deepEqual(told(template(broken, data), template(data, logs)), ['ebs-encryption Logs']);
    });
  });

  it('finds nothing new in a file that was only written differently', () => {
    const files = globSync('samples/**/*.{yaml,json}');
    assert.ok(files.length > 4);
    for (const file of files) {
      const text = readFileSync(file, 'utf8');
      const other = file.endsWith('.json') ? JSON.stringify(JSON.parse(text), null, 7) : `# moved\n\n${text}`;
      const analyses = [text, other].map((one) => analyze([{ uri: `file:///${file}`, text: one }], DEFAULT_SETTINGS));
      const found = compare(analyses[0], analyses[1]);
      assert.deepEqual([found.introduced, found.fixed], [[], []], file);
      assert.equal(found.before.size, analyses[0]?.findings.length, file);
    }
  });
});
