import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cloudFormationTemplate } from '../../server/src/cloudformation/template.ts';
import { locate } from '../../server/src/template/locate.ts';
import { select } from '../../server/src/template/select.ts';
import { ask, parse, resourceOf, sayValue, templateOf } from './cloudformation-support.ts';

const TEXT = `AWSTemplateFormatVersion: 2010-09-09
Metadata:
  Demarc: {Ignore: [{Rule: x, Reason: y}]}
Parameters:
  P: {Type: String, Default: d}
Conditions:
  A: !Equals [!Ref P, x]
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    UpdateReplacePolicy: !If [A, Retain, Delete]
    DependsOn: [Key]
    Metadata: {note: hi}
    Properties:
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault:
              SSEAlgorithm: !If [A, AES256, 'aws:kms']
      Tags:
        Fn::If:
          - A
          - - {Key: k, Value: v}
          - []
  Key:
    Type: AWS::KMS::Key
Outputs:
  Name:
    Condition: A
    Value: !Ref P
  Url:
    Value: !GetAtt Bucket.DomainName
`;

describe('templates', () => {
  const template = templateOf(TEXT);
  const bucket = resourceOf(template, 'Bucket');

  it('has its resources in order, by address and by type', () => {
    assert.deepEqual(
      template.resources.map((r) => `${r.address} ${r.type}`),
      ['Bucket AWS::S3::Bucket', 'Key AWS::KMS::Key'],
    );
    assert.equal(template.resource('Key')?.template, template);
    assert.equal(template.resource('Nobody'), undefined);
    assert.deepEqual(
      template.ofType('AWS::KMS::Key').map((r) => r.address),
      ['Key'],
    );
    assert.deepEqual(template.ofType('AWS::X::Y'), []);
    assert.equal(bucket.key.document, template.documents[0]);
    assert.equal(TEXT.slice(bucket.key.start, bucket.key.end), 'Bucket');
  });

  it('has attributes beside the properties', () => {
    const { attributes } = bucket;
    assert.deepEqual(attributes.names, ['DeletionPolicy', 'UpdateReplacePolicy', 'DependsOn', 'Metadata']);
    const value = (name: string) => sayValue(attributes.get(name)?.value as never);
    assert.equal(value('DeletionPolicy'), '"Retain"');
    assert.equal(value('UpdateReplacePolicy'), 'choice(A: "Retain"; not A: "Delete")');
    assert.equal(value('DependsOn'), '["Key"]');
    assert.equal(attributes.get('Type'), undefined);
  });

  it('has sections', () => {
    assert.equal(sayValue(template.metadata as never), '{Demarc: {Ignore: [{Rule: "x", Reason: "y"}]}}');
    assert.deepEqual(
      template.parameters.map((s) => [s.name, sayValue(s.value)]),
      [['P', '{Type: "String", Default: "d"}']],
    );
    // Under A, the default of P is ruled out.
    assert.deepEqual(
      template.outputs.map((s) => [s.name, sayValue(s.value)]),
      [
        ['Name', '{Condition: "A", Value: unknown(P)}'],
        ['Url', '{Value: resource Bucket.DomainName}'],
      ],
    );
    assert.deepEqual(template.providers, []);
  });

  it('evaluates a property once', () => {
    assert.equal(bucket.properties, bucket.properties);
    assert.equal(bucket.properties.get('Tags'), bucket.properties.get('Tags'));
  });

  it('evaluates any node', () => {
    const node = template.documents[0]?.roots[0]?.get('Outputs')?.get('Name')?.get('Value');
    assert.ok(node);
    assert.equal(sayValue(template.evaluate(node)), '"d"');
    assert.equal(template.evaluate(node), template.evaluate(node));
  });

  it('takes the last of two resources of one name', () => {
    const text = '{"Resources":{"R":{"Type":"A"},"S":{"Type":"B"},"R":{"Type":"C","Properties":{"P":1,"P":2}}}}';
    assert.deepEqual(
      templateOf(text).resources.map((r) => r.type),
      ['C', 'B'],
    );
    assert.deepEqual(ask(text, 'P'), ['2']);
  });

  it('reports absence at the nearest key', () => {
    const [none] = select(resourceOf(template, 'Key'), 'EnableKeyRotation');
    assert.equal(none?.node, resourceOf(template, 'Key').key);
    assert.equal(none?.value.kind === 'absent' && none.value.container?.node, resourceOf(template, 'Key').body);
    const [inner] = select(bucket, 'BucketEncryption.Nope');
    assert.equal(inner && TEXT.slice(inner.node.start, inner.node.end), 'BucketEncryption');
  });

  const broken: Record<string, string[]> = {
    '': [],
    '- a': [],
    'Resources:': [],
    'Resources: x': [],
    'Resources: []': [],
    'Resources: !Ref A': [],
    'Resources:\n  R': [],
    'Resources:\n  R:': [],
    'Resources:\n  R:\n    Type:': [],
    'Resources:\n  R:\n    Type: [a]': [],
    'Resources:\n  R:\n    Type: T\n    Properties:': ['R'],
    'Resources:\n  R:\n    Type: T\n    Properties: x': ['R'],
    'Resources:\n  R:\n    Type: T\n    Properties: [a]': ['R'],
    'Resources:\n  R:\n    Type: T\n    Properties: !If [': ['R'],
    'Resources:\n  R:\n    Type: T\n    Condition: [x]': ['R'],
    'Resources:\n  R:\n    Type: T\n  S:\n    Type: "U\n': ['R', 'S'],
    'Parameters: [a]\nConditions: x\nMappings:\n  - a\nOutputs: !Ref x\nMetadata: 5\nResources:\n  R:\n    Type: T': [
      'R',
    ],
    '{"Resources": {"R": {"Type": "T", "Properties": {': ['R'],
    'a: b\n---\nResources:\n  R:\n    Type: T\n': ['R'],
  };
  for (const [text, addresses] of Object.entries(broken)) {
    it(`reads what there is of ${JSON.stringify(text)}`, () => {
      const built = cloudFormationTemplate(parse(text));
      assert.deepEqual(built?.resources.map((r) => r.address) ?? [], addresses);
      for (const resource of built?.resources ?? []) assert.equal(select(resource, 'A.B').length, 1);
      assert.ok((built?.outputs.length ?? 0) + (built?.parameters.length ?? 0) === 0);
    });
  }

  it('has absent, not unknown, properties where Properties is empty', () => {
    assert.deepEqual(ask('Resources:\n  R:\n    Type: T\n    Properties:\n', 'A.B'), ['absent(A.B)']);
    assert.deepEqual(ask('Resources:\n  R:\n    Type: T\n    Properties: !ImportValue x\n', 'A.B'), ['unknown()']);
  });
});

describe('from the text back to the model', () => {
  const template = templateOf(TEXT);
  const at = (text: string, shift = 0) => {
    const place = locate(template, TEXT.indexOf(text) + shift);
    return place && `${place.resource.address} ${place.inProperties ? '' : '/ '}${place.path.join('.')}`;
  };

  it('finds resource and path', () => {
    assert.equal(at('Bucket:'), 'Bucket / ');
    assert.equal(at('AWS::S3::Bucket'), 'Bucket / Type');
    assert.equal(at('Type: AWS::KMS', 1), 'Key / Type');
    assert.equal(at('DeletionPolicy'), 'Bucket / DeletionPolicy');
    assert.equal(at('BucketEncryption'), 'Bucket BucketEncryption');
    assert.equal(
      at('SSEAlgorithm'),
      'Bucket BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.SSEAlgorithm',
    );
    assert.equal(at('AES256', 2), at('SSEAlgorithm'));
    assert.equal(at('Value: v'), 'Bucket Tags.0.Value');
    assert.equal(at('hi}'), 'Bucket / Metadata.note');
    assert.equal(at('Demarc'), undefined);
    assert.equal(at('DomainName'), undefined);
  });

  it('hands out key and value', () => {
    const place = locate(template, TEXT.indexOf("'aws:kms'") + 3);
    assert.equal(place?.key && TEXT.slice(place.key.start, place.key.end), 'SSEAlgorithm');
    assert.equal(place?.value && TEXT.slice(place.value.start, place.value.end), "'aws:kms'");
  });

  it('never throws, at no offset', () => {
    let inside = 0;
    for (let offset = -1; offset <= TEXT.length + 1; offset++) if (locate(template, offset)) inside++;
    assert.ok(inside > 300);
  });

  it('knows only the document asked for', () => {
    assert.equal(locate(template, TEXT.indexOf('Bucket:'), parse('a: b')), undefined);
  });
});
