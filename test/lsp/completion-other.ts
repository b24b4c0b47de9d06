/** Completion in CloudFormation JSON, Terraform and policies in YAML. */

import { type Case, cfn, data, encoded, inString, key, permission, terraform } from './completion-texts.ts';

export const OTHER: readonly (Case & { readonly ending: string })[] = [
  {
    name: 'CloudFormation JSON: the service of the resource first',
    ending: 'json',
    text: key('"Action": "|>"'),
    first: ['kms:'],
  },
  {
    name: 'CloudFormation JSON: the key itself as resource',
    ending: 'json',
    text: key('"Action": "kms:Decrypt", "Resource": "|>"'),
    first: ['*'],
  },
  {
    name: 'CloudFormation JSON: the own account',
    ending: 'json',
    text: key('"Condition": { "StringEquals": { "aws:SourceAccount": |> } }'),
    has: ['{ "Ref": "AWS::AccountId" }', '123456789012'],
  },
  {
    name: 'JSON in a string of Terraform',
    ending: 'tf.json',
    text: inString('"Action":["s3:GetObj|>"]'),
    first: ['s3:GetObject'],
    choose: ['s3:GetObject', inString('"Action":["s3:GetObject"]').split('\n')[4] as string],
  },
  {
    name: 'JSON in a string of Terraform, a quote open',
    ending: 'tf.json',
    text: inString('"Action":["s3:GetObj|>]'),
    choose: ['s3:GetObject', inString('"Action":["s3:GetObject"]').split('\n')[4] as string],
  },
  {
    name: 'JSON in a string of Terraform, a key',
    ending: 'tf.json',
    text: inString('"Action":"s3:GetObject",|>'),
    has: ['Resource', 'Condition'],
    lacks: ['Principal', 'Action'],
  },
  {
    name: 'jsonencode',
    ending: 'tf.json',
    text: encoded('Action = ["s3:GetObj|>"]'),
    first: ['s3:GetObject'],
  },
  { name: 'jsonencode, a key', ending: 'tf.json', text: encoded('Act|>'), has: ['Action', 'NotAction'] },
  {
    name: 'jsonencode that is not closed',
    ending: 'tf.json',
    text: terraform('${jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObj|>'),
    first: ['s3:GetObject'],
  },
  {
    name: 'a data source, a block as a whole',
    ending: 'tf.json',
    text: data('').replace('[{  }]', '[|>]'),
    first: ['statement'],
    choose: [
      'statement',
      '        "statement": [{ "principals": [{ "type": "$1", "identifiers": ["$2"] }], "actions": ["$3"] }]',
    ],
  },
  {
    name: 'a data source, on a resource of the module',
    ending: 'tf.json',
    text: data('"actions": ["s3:GetObject"], "resources": ["|>"]').replace(
      '"resource": {',
      '"resource": { "aws_s3_bucket": { "files": { "bucket": "files" }, "many": { "count": 2 } },',
    ),
    first: ['${aws_s3_bucket.files.arn}/*'],
    lacks: ['${aws_s3_bucket.many.arn}/*'],
    choose: [
      '${aws_s3_bucket.files.arn}/*',
      '        "statement": [{ "actions": ["s3:GetObject"], "resources": ["${aws_s3_bucket.files.arn}/*"] }]',
    ],
  },
  {
    name: 'a call of jsonencode, on a resource of the module',
    ending: 'tf.json',
    text: encoded('Action = "sns:Publish", Resource = |>').replace(
      '"resource": {',
      '"resource": {\n    "aws_sns_topic": { "jobs": { "name": "jobs" } },',
    ),
    first: ['aws_sns_topic.jobs.arn'],
  },
  {
    name: 'a template in JSON, on a resource of its own',
    ending: 'json',
    text: key('"Action": "s3:GetObject", "Resource": |>').replace(
      '"Key": {',
      '"Files": { "Type": "AWS::S3::Bucket" },\n    "Key": {',
    ),
    has: ['{ "Fn::Sub": "${Files.Arn}/*" }'],
    choose: [
      '{ "Fn::Sub": "${Files.Arn}/*" }',
      '          "Statement": [{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": { "Fn::Sub": "${Files.Arn}/*" } }]',
    ],
  },
  {
    name: 'a data source, by who uses it',
    ending: 'tf.json',
    text: data('"actions": ["|>"]'),
    first: ['sts:AssumeRole'],
    lacks: ['s3:'],
  },
  {
    name: 'a data source, its arguments',
    ending: 'tf.json',
    text: data('"actions": ["sts:AssumeRole"], "|>"'),
    has: ['principals', 'condition', 'effect'],
    lacks: ['actions'],
  },
  {
    name: 'a data source, principals',
    ending: 'tf.json',
    text: data('"principals": [{ "type": "Service", "identifiers": ["ec|>"] }]'),
    first: ['ec2.amazonaws.com', 'ecs-tasks.amazonaws.com'],
  },
  {
    name: 'a data source, the operator for its key',
    ending: 'tf.json',
    text: data('"condition": [{ "test": "|>", "variable": "aws:MultiFactorAuthPresent" }]'),
    first: ['Bool'],
  },
  {
    name: 'a data source, the own account',
    ending: 'tf.json',
    text: data('"condition": [{ "test": "StringEquals", "variable": "aws:SourceAccount", "values": ["|>"] }]'),
    first: ['${data.aws_caller_identity.me.account_id}'],
  },
  {
    name: 'a permission of a Lambda function, its action',
    ending: 'yaml',
    text: permission('Action: |>\n      Principal: events.amazonaws.com'),
    first: ['lambda:'],
    has: ['lambda:InvokeFunction'],
    lacks: ['s3:', '*'],
  },
  {
    name: 'a permission of a Lambda function, its principal',
    ending: 'yaml',
    text: permission('Principal: ev|>'),
    first: ['events.amazonaws.com'],
  },
  {
    name: 'a template that is indented as a whole',
    ending: 'yaml',
    text: cfn('            Action: s3:GetObj|>').replaceAll(/^(?=.)/gm, '  '),
    first: ['s3:GetObject'],
  },
  { name: 'Terraform: ordinary properties', ending: 'tf.json', text: inString('').replace('"p"', '"|>"'), none: true },
];
