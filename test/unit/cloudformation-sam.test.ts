import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { select } from '../../server/src/template/select.ts';
import { ask, resourceOf, templateOf } from './cloudformation-support.ts';

const TEXT = `Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: nodejs20.x
    Timeout: 3
    Tracing: Active
    Layers: [one]
    Environment:
      Variables: {A: global, B: global}
    VpcConfig: !If [InVpc, {SubnetIds: [s]}, !Ref AWS::NoValue]
    Tags: {Team: x}
  Api:
    AccessLogSetting: {Format: f}
  SimpleTable:
    SSESpecification: {SSEEnabled: true}
Conditions:
  InVpc: !Equals [!Ref AWS::Region, us-east-1]
Resources:
  Plain:
    Type: AWS::Serverless::Function
  Own:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: 30
      Tracing: PassThrough
      Layers: [two, !Ref Layer]
      Environment:
        Variables: {B: own, C: own}
      VpcConfig: !Ref AWS::NoValue
      Tags: !Ref AWS::NoValue
      DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Queue.Arn}
      FunctionUrlConfig: {AuthType: NONE}
      Policies:
        - S3ReadPolicy: {BucketName: '*'}
        - Statement: [{Effect: Allow, Action: '*', Resource: '*'}]
  Left:
    Type: AWS::Serverless::Function
    IgnoreGlobals: [Timeout, Layers]
    Properties: {Layers: [three]}
  Alone:
    Type: AWS::Serverless::Function
    IgnoreGlobals: '*'
  Table:
    Type: AWS::Serverless::SimpleTable
  Api:
    Type: AWS::Serverless::Api
    Properties: {StageName: v1}
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties: {Logging: {Level: ALL}, Role: !GetAtt PlainRole.Arn}
  Layer:
    Type: AWS::Serverless::LayerVersion
  Nested:
    Type: AWS::Serverless::Application
  Queue:
    Type: AWS::SQS::Queue
  R:
    Type: AWS::X::Y
    Properties: {Timeout: 1, Api: !Ref ServerlessRestApi, Role: !GetAtt PlainRole.Arn, Version: !Ref Own.Version, No: !Ref Nobody}
`;

const template = templateOf(TEXT);
const of = (path: string, address: string) => ask(template, path, address);

describe('SAM', () => {
  it('types stand for those of CloudFormation as well', () => {
    assert.deepEqual(Object.fromEntries(template.resources.map((r) => [r.address, r.types.slice(1).join()])), {
      Plain: 'AWS::Lambda::Function',
      Own: 'AWS::Lambda::Function',
      Left: 'AWS::Lambda::Function',
      Alone: 'AWS::Lambda::Function',
      Table: 'AWS::DynamoDB::Table',
      Api: 'AWS::ApiGateway::Stage',
      Machine: 'AWS::StepFunctions::StateMachine',
      Layer: 'AWS::Lambda::LayerVersion',
      Nested: '',
      Queue: '',
      R: '',
    });
    assert.equal(template.ofType('AWS::Lambda::Function').length, 4);
    assert.equal(template.ofType('AWS::Lambda::Function', 'AWS::SQS::Queue').length, 5);
  });

  it('a resource inherits what it does not say', () => {
    assert.deepEqual(of('Runtime', 'Plain'), ['"nodejs20.x" <global Function.Runtime>']);
    assert.deepEqual(of('Environment.Variables.A', 'Plain'), ['"global" <global Function.Environment>']);
    assert.deepEqual(of('SSESpecification.SSEEnabled', 'Table'), ['true <global SimpleTable.SSESpecification>']);
    assert.deepEqual(of('AccessLogSetting.Format', 'Api'), ['"f" <global Api.AccessLogSetting>']);
  });

  it('an inherited branch is inherited branch by branch', () => {
    assert.deepEqual(of('VpcConfig.SubnetIds', 'Plain'), [
      'InVpc: ["s"] <global Function.VpcConfig>',
      'not InVpc: nothing <global Function.VpcConfig>',
    ]);
  });

  it('an inherited value is said in Globals', () => {
    const [found] = select(resourceOf(template, 'Plain'), 'Timeout');
    assert.equal(found?.node.start, TEXT.indexOf('Timeout: 3') + 9);
    assert.equal(found?.via[0]?.node, found?.node);
  });

  it('scalars are overridden, maps merge, lists follow the global ones', () => {
    assert.deepEqual(of('Timeout', 'Own'), ['30']);
    assert.deepEqual(of('Environment.Variables.A', 'Own'), ['"global" <global Function.Environment.Variables.A>']);
    assert.deepEqual(of('Environment.Variables.B', 'Own'), ['"own"']);
    assert.deepEqual(of('Environment.Variables', 'Own'), ['{A: "global", B: "own", C: "own"}']);
    assert.deepEqual(of('Layers[]', 'Own'), ['"one" <global Function.Layers>', '"two"', 'resource Layer']);
  });

  it('a function call overrides as a whole', () => {
    assert.deepEqual(of('VpcConfig', 'Own'), ['nothing']);
    assert.deepEqual(of('Tags', 'Own'), ['nothing']);
  });

  it('IgnoreGlobals leaves out', () => {
    assert.deepEqual(of('Timeout', 'Left'), ['absent(Timeout)']);
    assert.deepEqual(of('Layers', 'Left'), ['["three"]']);
    assert.deepEqual(of('Runtime', 'Left'), ['"nodejs20.x" <global Function.Runtime>']);
    assert.deepEqual(of('Runtime', 'Alone'), ['absent(Runtime)']);
  });

  it('properties can be read by the names of CloudFormation', () => {
    assert.deepEqual(of('TracingConfig.Mode', 'Own'), ['"PassThrough"']);
    assert.deepEqual(of('TracingConfig.Mode', 'Plain'), ['"Active" <global Function.Tracing>']);
    assert.deepEqual(of('DeadLetterConfig.TargetArn', 'Own'), ['resource Queue.Arn']);
    assert.deepEqual(of('LoggingConfiguration.Level', 'Machine'), ['"ALL"']);
    assert.deepEqual(of('RoleArn', 'Machine'), ['resource PlainRole.Arn']);
  });

  it('what is missing is missing by the name of SAM', () => {
    assert.deepEqual(of('DeadLetterConfig.TargetArn', 'Alone'), ['absent(DeadLetterQueue.TargetArn)']);
    assert.deepEqual(of('TracingConfiguration.Enabled', 'Machine'), ['absent(Tracing.Enabled)']);
    const [found] = select(resourceOf(template, 'Alone'), 'DeadLetterConfig');
    assert.equal(found?.node, resourceOf(template, 'Alone').key);
  });

  it('policy templates and the URL stay as they are', () => {
    assert.deepEqual(of('Policies[].S3ReadPolicy.BucketName', 'Own'), ['"*"', 'absent(S3ReadPolicy.BucketName)']);
    assert.deepEqual(of('FunctionUrlConfig.AuthType', 'Own'), ['"NONE"']);
  });

  it('resources that the transform makes can be referred to', () => {
    assert.deepEqual(of('Api', 'R'), ['resource ServerlessRestApi']);
    assert.deepEqual(of('Role', 'R'), ['resource PlainRole.Arn']);
    assert.deepEqual(of('Version', 'R'), ['resource Own.Version']);
    assert.deepEqual(of('No', 'R'), ['unknown()']);
  });

  it('Globals do not reach other types, and may be half-typed', () => {
    assert.deepEqual(of('Timeout', 'R'), ['1']);
    for (const globals of [
      'Globals:',
      'Globals: x',
      'Globals:\n  Function:',
      'Globals:\n  Function: [a]',
      'Globals: !Ref x',
    ]) {
      const text = `Transform: AWS::Serverless-2016-10-31\n${globals}\nResources:\n  R:\n    Type: AWS::Serverless::Function\n    Properties: {Timeout: 1}\n`;
      assert.deepEqual(ask(text, 'Timeout'), ['1'], globals);
    }
  });
});
