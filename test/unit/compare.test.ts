/** Two versions of a template: what a change introduces, fixes, leaves; by rule, resource and property, never by line. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
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
    const opened = (names: string[]) => opensBy(found, data, names).map(({ finding }) => finding.rule.id);
    assert.deepEqual(opened(['Encrypted']), ['ebs-encryption']);
    assert.deepEqual(opened(['Size']), []);
    assert.deepEqual(opened([]), []);
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
    const opened = opensBy(found, gone, ['PolicyDocument']).map(({ finding }) => finding.rule.id);
    assert.ok(opened.includes('s3-insecure-transport'), opened.join());
  });
});
