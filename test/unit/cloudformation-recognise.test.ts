import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { looksLikeCloudFormation } from '../../server/src/cloudformation/recognise.ts';

const TEMPLATES: Record<string, [text: string, language?: string, uri?: string]> = {
  'YAML with a version': ['AWSTemplateFormatVersion: 2010-09-09\n'],
  'YAML with a quoted version key': ["---\n'AWSTemplateFormatVersion': '2010-09-09'\n"],
  'YAML with resources only': ['Description: x\nResources:\n  B:\n    Type: AWS::S3::Bucket\n'],
  'YAML behind a comment and a byte order mark': ['\uFEFF# hello\nResources:\n  B:\n    Type: "AWS::S3::Bucket"\n'],
  'YAML with CRLF': ['Resources:\r\n  B:\r\n    Type: AWS::S3::Bucket\r\n'],
  'YAML with a flow mapping': ['Resources: {B: {Type: AWS::S3::Bucket}}'],
  'SAM, before any resource': ['Transform: AWS::Serverless-2016-10-31\n'],
  'SAM in a list of transforms': ['Transform:\n  - My::Macro\n  - AWS::Serverless-2016-10-31\nResources:\n'],
  'custom resources': ['Resources:\n  C:\n    Type: Custom::Thing\n'],
  'modules and third parties': ['Resources:\n  C:\n    Type: My::S3::Bucket::MODULE\n'],
  'Alexa skills': ['Resources:\n  C:\n    Type: Alexa::ASK::Skill\n'],
  'half-typed YAML': [
    'AWSTemplateFormatVersion: 2010-09-09\nResources:\n  B:\n    Type: AWS::S3::Bucket\n    Prop: [\n  - {',
  ],
  'JSON with a version': ['{"AWSTemplateFormatVersion": "2010-09-09"}'],
  'JSON in one line, resources only': ['{"Resources":{"B":{"Type":"AWS::S3::Bucket"}}}'],
  'JSON where other sections come first': [
    '{"Parameters":{"A":{"Type":"String"}},"Resources":{"B":{"Type":"AWS::S3::Bucket"}}}',
  ],
  'JSON with Transform': ['{"Transform": ["AWS::Serverless-2016-10-31"], "Resources": {}}'],
  'CDK output': [
    '{\n "Resources": {\n  "B": {\n   "Type": "AWS::S3::Bucket",\n   "Metadata": {"aws:cdk:path": "S/B"}\n  }\n }\n}',
    'json',
    'cdk.out/S.template.json',
  ],
  'JSON with a bracket missing above': [
    '{\n  "Parameters": {\n    "A": {"Type": "String"\n  },\n  "Resources": {\n    "B": {"Type": "AWS::S3::Bucket"}\n  }\n}',
  ],
  'JSON with an open string': [
    '{\n  "Description": "never closed,\n  "Resources": {"B": {"Type": "AWS::S3::Bucket"}}\n}',
  ],
  'a language of its own': ['Resources:\n', 'cloudformation', 'x.template'],
};

const OTHERS: Record<string, [text: string, language?: string, uri?: string]> = {
  'an empty text': [''],
  'package.json': ['{"name": "x", "keywords": ["AWS::S3::Bucket"], "scripts": {"Resources": "echo"}}', 'json'],
  Kubernetes: ['apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - resources:\n      limits: {cpu: 1}\n'],
  'a ConfigMap that holds a template': [
    'apiVersion: v1\nkind: ConfigMap\ndata:\n  t: |\n    AWSTemplateFormatVersion: 2010-09-09\n    Resources:\n      B:\n        Type: AWS::S3::Bucket\n',
  ],
  'docker-compose': ['services:\n  a:\n    image: x\n    environment:\n      TYPE: AWS::S3::Bucket\n'],
  'a GitHub workflow': ['on: push\njobs:\n  a:\n    steps:\n      - run: echo AWSTemplateFormatVersion\n'],
  OpenAPI: [
    'openapi: 3.0.0\ninfo: {title: x}\npaths:\n  /:\n    get:\n      x-amazon-apigateway-integration:\n        uri: {Fn::Sub: "arn:${AWS::Partition}:x"}\n',
  ],
  'serverless.yml': ['service: x\nresources:\n  Resources:\n    B:\n      Type: AWS::S3::Bucket\n'],
  'the answer of get-template': [
    '{\n  "TemplateBody": {\n    "AWSTemplateFormatVersion": "2010-09-09",\n    "Resources": {"B": {"Type": "AWS::S3::Bucket"}}\n  }\n}',
  ],
  'a plan that holds a template': [
    '{"planned_values": {"template_body": "{\\"AWSTemplateFormatVersion\\": \\"2010-09-09\\"}"}}',
  ],
  'a resource type schema': ['{"typeName": "AWS::S3::Bucket", "properties": {"Type": {"type": "string"}}}'],
  'resources of something else': ['Resources:\n  - name: a\n    Type: Thing # AWS::S3::Bucket\n'],
  'a policy': ['{"Version": "2012-10-17", "Statement": []}'],
  Terraform: [
    'resource "aws_cloudformation_stack" "x" {\n  template_body = <<E\nAWSTemplateFormatVersion: 2010-09-09\nE\n}',
    'terraform',
    'main.tf',
  ],
  'Terraform in JSON': ['{"AWSTemplateFormatVersion": "no"}', 'json', 'main.tf.json'],
  Markdown: ['AWSTemplateFormatVersion: 2010-09-09', 'markdown', 'README.md'],
};

describe('recognising CloudFormation', () => {
  for (const [name, [text, language = 'yaml', uri = 'file.yaml']] of Object.entries(TEMPLATES)) {
    it(`takes ${name}`, () => assert.equal(looksLikeCloudFormation(text, language, uri), true));
  }
  for (const [name, [text, language = 'yaml', uri = 'file.yaml']] of Object.entries(OTHERS)) {
    it(`leaves ${name}`, () => assert.equal(looksLikeCloudFormation(text, language, uri), false));
  }

  it('holds on every prefix of a template that reaches a resource type', () => {
    const text =
      '{\n  "Description": "d",\n  "Resources": {\n    "B": {\n      "Type": "AWS::S3::Bucket",\n      "Properties": {"A": ["b", {"c": 1}]}\n    }\n  }\n}\n';
    for (let end = text.indexOf('AWS::S3') + 6; end <= text.length; end++) {
      assert.equal(looksLikeCloudFormation(text.slice(0, end), 'json', 'x.json'), true, `at ${end}`);
    }
  });

  it('needs no time worth naming for a large text that is none', () => {
    const text = `{"AWS::x": [${'{"a": "b\\"", "Resources": 1},\n'.repeat(60_000)}0]}`;
    const start = performance.now();
    assert.equal(looksLikeCloudFormation(text, 'json', 'x.json'), false);
    assert.ok(performance.now() - start < 500);
  });
});
