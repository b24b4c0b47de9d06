/** Texts to complete in: a few statements or properties within what a template or policy has around them. */

export interface Case {
  readonly name: string;
  /** `|>` is the cursor. */
  readonly text: string;
  readonly ending?: string;
  /** Labels that must be there; the first ones, in this order, with `first`. */
  readonly has?: readonly string[];
  readonly first?: readonly string[];
  readonly lacks?: readonly string[];
  /** A label, and what stands on the cursor's line (or the whole text behind it) after it was chosen; stops are `$1`. */
  readonly choose?: readonly [label: string, line: string];
  readonly none?: boolean;
}

/** A statement of a policy file in JSON. */
export const json = (members: string) =>
  `{\n  "Version": "2012-10-17",\n  "Statement": [\n    {\n      "Effect": "Allow",\n      ${members}\n    }\n  ]\n}\n`;

/** A resource of CloudFormation with a policy, whose statement goes on with lines indented by twelve. */
export const cfn = (members: string, type = 'AWS::IAM::ManagedPolicy') => `AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: jobs
  Rights:
    Type: ${type}
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
${members}
  Other:
    Type: AWS::SQS::Queue
`;
export const role = (members: string) =>
  cfn(members, 'AWS::IAM::Role').replace('PolicyDocument', 'AssumeRolePolicyDocument');

/** A KMS key of CloudFormation in JSON. */
export const key = (members: string) =>
  `{\n  "Resources": {\n    "Key": {\n      "Type": "AWS::KMS::Key",\n      "Properties": {\n        "KeyPolicy": {\n` +
  `          "Version": "2012-10-17",\n          "Statement": [{ "Effect": "Allow", ${members} }]\n        }\n      }\n    }\n  }\n}\n`;

export const permission = (properties: string) =>
  `Resources:\n  Allowed:\n    Type: AWS::Lambda::Permission\n    Properties:\n      FunctionName: f\n      ${properties}\n`;

/** A Terraform policy as a string of JSON. */
export const terraform = (policy: string) =>
  `{\n  "resource": {\n    "aws_iam_policy": {\n      "p": {\n        "policy": ${JSON.stringify(policy)}\n      }\n    }\n  }\n}\n`;
export const inString = (members: string) =>
  terraform(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow",${members}}]}`);
export const encoded = (members: string) =>
  terraform(`\${jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", ${members} }] })}`);

/** A data source that a role trusts by. */
export const data = (members: string) =>
  `{\n  "data": {\n    "aws_caller_identity": { "me": {} },\n    "aws_iam_policy_document": {\n      "trust": {\n` +
  `        "statement": [{ ${members} }]\n      }\n    }\n  },\n` +
  `  "resource": { "aws_iam_role": { "r": { "assume_role_policy": "\${data.aws_iam_policy_document.trust.json}" } } }\n}\n`;

/** A role of a template that has a bucket, a table, a topic and a distribution behind it. */
export const app = (policy: string) => `Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: work
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
${policy}
  Table:
    Type: AWS::DynamoDB::Table
  # Jobs that failed
  Topic:
    Type: 'AWS::SNS::Topic'
  Files:
    DeletionPolicy: Retain
    Type: AWS::S3::Bucket
    Properties:
      Tags: [{ Key: Type, Value: AWS::SQS::Queue }]
  Cdn:
    Type: AWS::CloudFront::Distribution
Outputs:
  Queue:
    Type: AWS::SQS::Queue
`;
