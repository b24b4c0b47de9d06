/** Completion inside policy documents, by the bundled server: what is offered at `|>`, and the text after it was chosen. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { CompletionItem, CompletionList, TextEdit } from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Client } from './client.ts';

interface Case {
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
const json = (members: string) =>
  `{\n  "Version": "2012-10-17",\n  "Statement": [\n    {\n      "Effect": "Allow",\n      ${members}\n    }\n  ]\n}\n`;

/** A resource of CloudFormation with a policy, whose statement goes on with lines indented by twelve. */
const cfn = (members: string, type = 'AWS::IAM::ManagedPolicy') => `AWSTemplateFormatVersion: '2010-09-09'
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
const role = (members: string) => cfn(members, 'AWS::IAM::Role').replace('PolicyDocument', 'AssumeRolePolicyDocument');

/** A KMS key of CloudFormation in JSON. */
const key = (members: string) =>
  `{\n  "Resources": {\n    "Key": {\n      "Type": "AWS::KMS::Key",\n      "Properties": {\n        "KeyPolicy": {\n` +
  `          "Version": "2012-10-17",\n          "Statement": [{ "Effect": "Allow", ${members} }]\n        }\n      }\n    }\n  }\n}\n`;

const permission = (properties: string) =>
  `Resources:\n  Allowed:\n    Type: AWS::Lambda::Permission\n    Properties:\n      FunctionName: f\n      ${properties}\n`;

/** A Terraform policy as a string of JSON. */
const terraform = (policy: string) =>
  `{\n  "resource": {\n    "aws_iam_policy": {\n      "p": {\n        "policy": ${JSON.stringify(policy)}\n      }\n    }\n  }\n}\n`;
const inString = (members: string) => terraform(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow",${members}}]}`);
const encoded = (members: string) =>
  terraform(`\${jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", ${members} }] })}`);

/** A data source that a role trusts by. */
const data = (members: string) =>
  `{\n  "data": {\n    "aws_caller_identity": { "me": {} },\n    "aws_iam_policy_document": {\n      "trust": {\n` +
  `        "statement": [{ ${members} }]\n      }\n    }\n  },\n` +
  `  "resource": { "aws_iam_role": { "r": { "assume_role_policy": "\${data.aws_iam_policy_document.trust.json}" } } }\n}\n`;

const POLICY: readonly Case[] = [
  {
    name: 'offers services where nothing is typed of an action',
    text: json('"Action": "|>"'),
    has: ['s3:', 'sqs:', 'iam:', '*'],
    lacks: ['s3:GetObject'],
    choose: ['s3:', '      "Action": "s3:"'],
  },
  {
    name: 'lists the services of the statement first',
    text: json('"Action": ["sqs:SendMessage", "|>"]'),
    first: ['sqs:'],
  },
  {
    name: 'offers the actions of a service behind its colon',
    text: json('"Action": ["s3:|>"]'),
    has: ['s3:GetObject', 's3:Get*', 's3:*'],
    choose: ['s3:GetObject', '      "Action": ["s3:GetObject"]'],
  },
  {
    name: 'closes a quote, adds the comma that is missing',
    text: json('"Action": "s3:GetObj|>\n      "Resource": "*"'),
    first: ['s3:GetObject'],
    choose: ['s3:GetObject', '      "Action": "s3:GetObject",'],
  },
  {
    name: 'closes the list, too, where the next key follows',
    text: json('"Action": ["s3:PutObject", "s3:GetObj|>\n      "Resource": "*"'),
    choose: ['s3:GetObject', '      "Action": ["s3:PutObject", "s3:GetObject"],'],
  },
  {
    name: 'writes the quotes that are missing',
    text: json('"Action": [|>]'),
    choose: ['s3:', '      "Action": ["s3:$1"]'],
  },
  {
    name: 'puts a comma before what follows in a list',
    text: json('"Action": ["s3:GetObj|>" "s3:PutObject"]'),
    choose: ['s3:GetObject', '      "Action": ["s3:GetObject", "s3:PutObject"]'],
  },
  {
    name: 'leaves out what is in the list, in any case',
    text: json('"Action": ["S3:getobject", "s3:GetObject|>"]'),
    has: ['s3:GetObjectAcl'],
    lacks: ['s3:GetObject'],
  },
  {
    name: 'replaces all of a word that the cursor is in',
    text: json('"Action": ["s3:Get|>Objekt"]'),
    choose: ['s3:GetObject', '      "Action": ["s3:GetObject"]'],
  },
  {
    name: 'takes wildcards for what they are',
    text: json('"Action": ["s3:Get*Acl|>"]'),
    first: ['s3:Get*Acl', 's3:GetBucketAcl'],
    lacks: ['s3:GetObject'],
  },
  { name: 'filters without regard to case', text: json('"Action": "S3:getobjectacl|>"'), first: ['s3:GetObjectAcl'] },
  {
    name: 'offers the elements that are not there',
    text: json('"Action": "s3:GetObject", |>'),
    has: ['Resource', 'Condition', 'Sid'],
    lacks: ['Action', 'NotAction', 'Effect'],
    choose: ['Resource', '      "Action": "s3:GetObject", "Resource": ["$1"]'],
  },
  {
    name: 'completes a key without quotes',
    text: json('Cond|>'),
    choose: ['Condition', '      "Condition": { $1 }'],
  },
  {
    name: 'replaces a key alone where its value is there',
    text: json('"Act|>": ["s3:GetObject"]'),
    choose: ['NotAction', '      "NotAction": ["s3:GetObject"]'],
  },
  {
    name: 'adds the comma before a key on a new line',
    text: json('"Action": "s3:GetObject"\n      |>'),
    choose: ['Resource', '      "Resource": ["$1"]'],
    has: ['Resource'],
  },
  {
    name: 'offers the elements of a document that is begun',
    text: '{\n  "Version": "2012-10-17",\n  |>\n}\n',
    first: ['Statement', 'Id'],
    lacks: ['Version'],
  },
  {
    name: 'offers a whole statement in the list of them',
    text: '{\n  "Version": "2012-10-17",\n  "Statement": [|>]\n}\n',
    choose: ['Statement', '  "Statement": [{ "Effect": "${1|Allow,Deny|}", "Action": ["$2"], "Resource": ["$3"] }]'],
  },
  {
    name: 'writes a statement over several lines where it begins one',
    text: '{\n    "Version": "2012-10-17",\n    "Statement": [\n        |>\n    ]\n}\n',
    choose: [
      'Statement',
      '        {\n            "Effect": "${1|Allow,Deny|}",\n            "Action": ["$2"],\n            "Resource": ["$3"]\n        }',
    ],
  },
  {
    name: 'writes the list of statements over several lines, too',
    text: '{\n  "Version": "2012-10-17",\n  "State|>"\n}\n',
    choose: [
      'Statement',
      '  "Statement": [\n    {\n      "Effect": "${1|Allow,Deny|}",\n      "Action": ["$2"],\n      "Resource": ["$3"]\n    }\n  ]',
    ],
  },
  {
    name: 'offers the ARN of objects before that of objects behind an access point',
    text: json('"Action": "s3:GetObject", "Resource": "|>"'),
    first: ['arn:aws:s3:::<BucketName>/<ObjectName>'],
  },
  {
    name: 'offers common operators and keys first',
    text: json('"Action": "s3:GetObject", "Condition": { |> }'),
    first: ['StringEquals', 'StringLike', 'ArnLike'],
  },
  { name: 'offers effects', text: json('"Effect": "|>"'), first: ['Allow', 'Deny'] },
  { name: 'offers versions', text: json('').replace('2012-10-17', '|>20'), first: ['2012-10-17', '2008-10-17'] },
  {
    name: 'offers operators, those for the key at hand first',
    text: json('"Action": "s3:GetObject", "Condition": { "|>": { "aws:SourceIp": "192.0.2.0/24" } }'),
    first: ['IpAddress', 'NotIpAddress', 'IpAddressIfExists'],
    has: ['StringEquals', 'ForAnyValue:StringLike', 'Null'],
  },
  {
    name: 'offers operators for keys with several values first where the key has',
    text: json('"Action": "*", "Condition": { "|>": { "aws:TagKeys": ["team"] } }'),
    first: ['ForAnyValue:StringEquals'],
  },
  {
    name: 'offers the keys that the actions know before the global ones',
    text: json('"Action": "s3:PutObject", "Condition": { "StringEquals": { "|>" } }'),
    has: ['s3:x-amz-acl', 'aws:PrincipalOrgID'],
    lacks: ['s3:prefix', 'ec2:Region'],
    choose: [
      's3:x-amz-acl',
      '      "Action": "s3:PutObject", "Condition": { "StringEquals": { "s3:x-amz-acl": "$1" } }',
    ],
  },
  {
    name: 'offers the tag of a templated key as a stop',
    text: json('"Action": "s3:GetObject", "Condition": { "StringEquals": { "aws:PrincipalTag|>" } }'),
    choose: [
      'aws:PrincipalTag/${TagKey}',
      '      "Action": "s3:GetObject", "Condition": { "StringEquals": { "aws:PrincipalTag/${1:TagKey}": "$2" } }',
    ],
  },
  {
    name: 'offers keys that fit the operator first',
    text: json('"Action": "s3:GetObject", "Condition": { "Bool": { "aws:S|>": "false" } }'),
    first: ['aws:SecureTransport'],
  },
  {
    name: 'offers true and false',
    text: json('"Action": "s3:GetObject", "Condition": { "Bool": { "aws:SecureTransport": |> } }'),
    first: ['true', 'false'],
    choose: ['false', '      "Action": "s3:GetObject", "Condition": { "Bool": { "aws:SecureTransport": "false" } }'],
  },
  {
    name: 'offers services to pass a role to',
    text: json('"Action": "iam:PassRole", "Condition": { "StringEquals": { "iam:PassedToService": "lam|>" } }'),
    first: ['lambda.amazonaws.com'],
  },
  {
    name: 'offers the kinds of principals',
    text: json('"Principal": { |> }'),
    has: ['AWS', 'Service', 'Federated', 'CanonicalUser'],
    choose: ['Service', '      "Principal": { "Service": "$1" }'],
  },
  {
    name: 'offers the object of principals, or everyone',
    text: json('"Principal": |>'),
    has: ['*', '{ Service }'],
    choose: ['{ Service }', '      "Principal": { "Service": "$1" }'],
  },
  {
    name: 'offers skeletons of principals',
    text: json('"Principal": { "AWS": ["|>"] }'),
    has: ['arn:aws:iam::<account>:root', '*'],
    choose: ['arn:aws:iam::<account>:root', '      "Principal": { "AWS": ["arn:aws:iam::${1:123456789012}:root"] }'],
  },
  {
    name: 'offers the ARNs that the actions work on, and * where one needs it',
    text: json('"Action": ["s3:ListAllMyBuckets", "s3:ListBucket"], "Resource": "|>"'),
    has: ['arn:aws:s3:::<BucketName>', '*'],
    lacks: ['arn:aws:s3:::<BucketName>/<ObjectName>'],
    choose: [
      'arn:aws:s3:::<BucketName>',
      '      "Action": ["s3:ListAllMyBuckets", "s3:ListBucket"], "Resource": "arn:aws:s3:::${1:BucketName}"',
    ],
  },
  {
    name: 'reads Windows line ends and a byte order mark',
    text: `\ufeff${json('"Action": "s3:GetObj|>\n      "Resource": "*"').replaceAll('\n', '\r\n')}`,
    choose: ['s3:GetObject', '      "Action": "s3:GetObject",\r'],
  },
  {
    name: 'reads comments',
    text: json('// "Action": "\n      "Action": /* { */ "s3:GetObj|>"'),
    first: ['s3:GetObject'],
  },
  { name: 'is silent in comments', text: json('// "Action": "s3:|>"'), none: true },
  { name: 'is silent in a name', text: json('"Sid": "|>"'), none: true },
  { name: 'is silent behind a value', text: json('"Action": "s3:GetObject" |>'), none: true },
  { name: 'is silent in other files', text: '{ "Statement": [{ "Action": "|>" }] }', none: true },
];

/** A role of a template that has a bucket, a table, a topic and a distribution behind it. */
const app = (policy: string) => `Resources:
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

const YAML: readonly Case[] = [
  {
    name: 'lists the services of the template first',
    text: app('                Action: |>'),
    first: ['dynamodb:', 's3:', 'sns:'],
    has: ['sqs:'],
  },
  {
    name: 'offers the resources of the template first, by their attributes',
    text: app('                Action: dynamodb:GetItem\n                Resource: |>'),
    first: [
      '!GetAtt Table.Arn',
      '!Sub arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/<TableName>',
      'arn:aws:dynamodb:<region>:<account>:table/<TableName>',
    ],
    choose: ['!GetAtt Table.Arn', '                Resource: !GetAtt Table.Arn'],
  },
  {
    name: 'offers what belongs to a resource of the template as an item',
    text: app('                Action: [s3:GetObject, s3:ListBucket]\n                Resource:\n                  |>'),
    first: ['!GetAtt Files.Arn', "!Sub '${Files.Arn}/*'", 'arn:aws:s3:::<BucketName>'],
    choose: ["!Sub '${Files.Arn}/*'", "                  - !Sub '${Files.Arn}/*'"],
  },
  {
    name: 'offers a resource of the template whose Ref is its ARN',
    text: app('                Action: sns:Publish\n                Resource: [|>]'),
    first: ['!Ref Topic'],
    choose: ['!Ref Topic', '                Resource: [!Ref Topic]'],
  },
  {
    name: 'offers the resources of the template in a text that is substituted',
    text: app("                Action: s3:GetObject\n                Resource: !Sub '|>'"),
    first: ['${Files.Arn}/*'],
    choose: ['${Files.Arn}/*', "                Resource: !Sub '${Files.Arn}/*'"],
  },
  {
    name: 'offers no resource that refers to what carries the policy: that would be a circle',
    text: app('                Action: lambda:InvokeFunction\n                Resource: |>').replace(
      '  Table:',
      '  Own:\n    Type: AWS::Lambda::Function\n    Properties:\n      Role: !GetAtt Role.Arn\n' +
        '  Other:\n    Type: AWS::Lambda::Function\n    Properties:\n      Role: !GetAtt RoleOfOther.Arn\n  Table:',
    ),
    has: ['!GetAtt Other.Arn'],
    lacks: ['!GetAtt Own.Arn'],
  },
  {
    name: 'quotes what has braces inside of brackets',
    text: role('            Principal: { AWS: |> }'),
    choose: [
      '!Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:root',
      "            Principal: { AWS: !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' }",
    ],
  },
  {
    name: 'offers everything for the key that carries the policy, and not the key',
    text: cfn('            Action: kms:*\n            Resource: |>', 'AWS::KMS::Key').replace(
      'PolicyDocument',
      'KeyPolicy',
    ),
    first: ['*'],
    lacks: ['!GetAtt Rights.Arn'],
  },
  {
    name: 'offers the distribution that CloudFront acts for',
    text: app(
      '                Action: s3:GetObject\n                Principal: { Service: cloudfront.amazonaws.com }\n' +
        '                Condition:\n                  ArnLike:\n                    aws:SourceArn: |>',
    ),
    first: ["!Sub 'arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Cdn}'"],
  },
  {
    name: 'offers kinds of principals behind the colon, before everyone',
    text: role('            Principal: |>'),
    first: ['{ Service }', '{ AWS }', '{ Federated }'],
    has: ['*'],
    choose: ['{ Service }', '            Principal: { Service: $1 }'],
  },
  {
    name: 'offers the action by which services assume a role first',
    text: role('            Principal: { Service: lambda.amazonaws.com }\n            Action: |>'),
    first: ['sts:AssumeRole'],
  },
  {
    name: 'offers the action by which identities of a provider assume a role first',
    text: role(
      '            Principal:\n              Federated: !Sub arn:aws:iam::${AWS::AccountId}:oidc-provider/gitlab.example.com\n' +
        '            Action: sts:|>',
    ),
    first: ['sts:AssumeRoleWithWebIdentity'],
  },
  {
    name: 'asks a service that is let in for whom it acts',
    text: cfn(
      '            Principal: { Service: sns.amazonaws.com }\n            Action: sqs:SendMessage\n' +
        '            Condition:\n              ArnLike:\n                |>',
      'AWS::SQS::QueuePolicy',
    ),
    first: ['aws:SourceArn'],
  },
  {
    name: 'offers actions in a list',
    text: cfn('            Action:\n              - s3:GetObj|>\n            Resource: "*"'),
    first: ['s3:GetObject'],
    choose: ['s3:GetObject', '              - s3:GetObject'],
  },
  {
    name: 'offers services in an empty item',
    text: cfn('            Action:\n              - |>'),
    has: ['s3:', '*'],
    choose: ['*', "              - '*'"],
  },
  {
    name: 'writes the blank behind a dash',
    text: cfn('            Action:\n              -|>'),
    choose: ['s3:', '              - s3:'],
  },
  {
    name: 'writes the dash of the first item',
    text: cfn('            Action:\n              |>\n            Resource: "*"'),
    choose: ['s3:', '              - s3:'],
  },
  {
    name: 'writes the dash of the next item',
    text: cfn('            Action:\n              - sqs:SendMessage\n              |>'),
    choose: ['s3:', '              - s3:'],
  },
  {
    name: 'takes a line in the column of a key for the next key, where items stand there, too',
    text: cfn('            Action:\n            - sqs:SendMessage\n            |>'),
    has: ['Resource', 'Condition'],
    lacks: ['s3:', 'Action'],
  },
  {
    name: 'offers an operator with its qualifier',
    text: cfn('            Action: ec2:CreateTags\n            Condition:\n              ForAnyValue:|>'),
    choose: ['ForAnyValue:StringEquals', '              ForAnyValue:StringEquals:\n                $1'],
  },
  {
    name: 'offers the keys of an identity provider',
    text: role(
      '            Principal:\n              Federated: !Sub arn:aws:iam::${AWS::AccountId}:oidc-provider/gitlab.example.com\n' +
        '            Action: sts:AssumeRoleWithWebIdentity\n            Condition:\n              StringEquals:\n' +
        '                gitlab.example.com:|>',
    ),
    first: ['gitlab.example.com:aud', 'gitlab.example.com:sub'],
  },
  {
    name: 'denies what is not encrypted on the way: false first',
    text: cfn(
      '            Action: s3:*\n            Condition:\n              Bool:\n                aws:SecureTransport: |>',
    ).replace('Allow', 'Deny'),
    first: ['false', 'true'],
  },
  {
    name: 'knows a service from a key',
    text: cfn('            Action:\n              - sqs:|>'),
    has: ['sqs:SendMessage'],
    choose: ['sqs:SendMessage', '              - sqs:SendMessage'],
  },
  {
    name: 'closes a quote',
    text: cfn('            Action: "s3:GetObj|>\n            Resource: "*"'),
    choose: ['s3:GetObject', '            Action: "s3:GetObject"'],
  },
  {
    name: 'offers actions in brackets that are open',
    text: cfn('            Action: [s3:PutObject, s3:GetObj|>\n            Resource: "*"'),
    choose: ['s3:GetObject', '            Action: [s3:PutObject, s3:GetObject'],
  },
  {
    name: 'offers actions in a branch of a condition',
    text: cfn('            Action: !If [IsProd, "s3:GetObj|>", "s3:PutObject"]'),
    first: ['s3:GetObject'],
  },
  {
    name: 'offers elements, without principals in an identity policy',
    text: cfn('            |>'),
    first: ['Action', 'Resource', 'Condition'],
    lacks: ['Principal', 'Effect'],
    choose: ['Action', '            Action:\n              - $1'],
  },
  {
    name: 'offers elements with principals, without resources in a trust policy',
    text: role('            |>'),
    first: ['Principal', 'Action'],
    lacks: ['Resource', 'Effect'],
  },
  {
    name: 'offers a key before those that follow',
    text: cfn('            Res|>\n            Action: s3:GetObject'),
    choose: ['Resource', '            Resource:\n              - $1'],
  },
  {
    name: 'begins a statement behind its dash',
    text: cfn('            Action: s3:GetObject\n          - |>'),
    has: ['Statement', 'Effect'],
    choose: ['Effect', '          - Effect: ${1|Allow,Deny|}'],
  },
  {
    name: 'writes the blank behind a colon',
    text: cfn('            Action: s3:GetObject').replace('Effect: Allow', 'Effect:|>'),
    choose: ['Deny', '          - Effect: Deny'],
  },
  {
    name: 'offers the services that assume a role',
    text: role('            Principal:\n              Service: |>'),
    first: ['lambda.amazonaws.com', 'ec2.amazonaws.com', 'ecs-tasks.amazonaws.com'],
  },
  {
    name: 'offers what a trust policy allows',
    text: role('            Action: |>'),
    has: ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
    lacks: ['s3:', 'sts:GetCallerIdentity'],
  },
  {
    name: 'offers the own account by pseudo parameters in an Fn::Sub',
    text: cfn('            Principal:\n              AWS: !Sub "|>"', 'AWS::S3::BucketPolicy'),
    choose: [
      'arn:${AWS::Partition}:iam::${AWS::AccountId}:root',
      '              AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"',
    ],
  },
  {
    name: 'offers the own account as a reference',
    text: cfn('            Condition:\n              StringEquals:\n                aws:SourceAccount: |>'),
    choose: ['!Ref AWS::AccountId', '                aws:SourceAccount: !Ref AWS::AccountId'],
  },
  {
    name: 'offers operators and keys in blocks',
    text: cfn(
      '            Action: s3:PutObject\n            Condition:\n              StringEquals:\n                aws:|>',
    ),
    has: ['aws:PrincipalOrgID', 'aws:RequestTag/${TagKey}'],
    choose: ['aws:PrincipalOrgID', '                aws:PrincipalOrgID: $1'],
  },
  {
    name: 'quotes values that YAML would read otherwise',
    text: cfn('            Condition:\n              Bool:\n                aws:SecureTransport: |>'),
    choose: ['true', "                aws:SecureTransport: 'true'"],
  },
  {
    name: 'reads JSON in a block scalar',
    text: 'Resources:\n  P:\n    Type: AWS::Logs::ResourcePolicy\n    Properties:\n      PolicyDocument: |\n        {\n          "Version": "2012-10-17",\n          "Statement": [{ "Effect": "Allow", "Principal": { "Service": "|>" } }]\n        }\n',
    has: ['lambda.amazonaws.com'],
  },
  {
    name: 'reads a policy file',
    text: 'Version: "2012-10-17"\nStatement:\n  - Effect: Allow\n    Action:\n      - ec2:RunInst|>\n',
    first: ['ec2:RunInstances'],
  },
  {
    name: 'reads Windows line ends',
    text: cfn('            Action:\n              - |>\n            Resource: "*"').replaceAll('\n', '\r\n'),
    has: ['s3:'],
    choose: ['s3:', '              - s3:\r'],
  },
  {
    name: 'keeps to the words of a flow mapping',
    text: cfn('            Principal: { Service: lam|> }', 'AWS::S3::BucketPolicy'),
    first: ['lambda.amazonaws.com'],
    choose: ['lambda.amazonaws.com', '            Principal: { Service: lambda.amazonaws.com }'],
  },
  { name: 'is silent in comments', text: cfn('            Action: s3:GetObject # |>'), none: true },
  { name: 'is silent in a reference', text: cfn('            Action: !Ref |>'), none: true },
  { name: 'is silent in ordinary properties', text: cfn('').replace('QueueName: jobs', 'QueueName: |>'), none: true },
  { name: 'is silent in other files', text: 'kind: Pod\nStatement:\n  - |>\n', none: true },
];

const OTHER: readonly (Case & { readonly ending: string })[] = [
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

describe('completion', () => {
  let client: Client;
  let plain: Client;
  let count = 0;
  /** What the server logs: an exception would be there. */
  const logged: unknown[] = [];
  before(async () => {
    const completionItem = { snippetSupport: true, documentationFormat: ['markdown'] };
    client = await Client.start({ textDocument: { completion: { completionItem } } });
    client.connection.onNotification('window/logMessage', (params) => void logged.push(params));
    plain = await Client.start();
  });
  after(async () => {
    await Promise.all([client.stop(), plain.stop()]);
    assert.deepEqual(client.errors, []);
    assert.deepEqual(logged, []);
  });

  const ask = async (text: string, ending: string, who = client) => {
    const cursor = text.indexOf('|>');
    assert.ok(cursor >= 0, 'no cursor');
    const uri = `untitled:completion${++count}.${ending}`;
    const language = ending === 'yaml' ? 'yaml' : 'json';
    const document = TextDocument.create(uri, language, 1, text.replace('|>', ''));
    await who.open(uri, document.getText(), language);
    const position = document.positionAt(cursor);
    const list = await who.connection.sendRequest<CompletionList | null>('textDocument/completion', {
      textDocument: { uri },
      position,
    });
    await who.close(uri);
    return { list, items: list?.items ?? [], document, position };
  };

  const suites: readonly (readonly [string, string, readonly Case[]])[] = [
    ['a policy in JSON', 'json', POLICY],
    ['a template in YAML', 'yaml', YAML],
    ['other forms', 'json', OTHER],
  ];
  for (const [suite, kind, cases] of suites) {
    describe(suite, () => {
      for (const { name, text, ending = kind, has, first, lacks, choose, none } of cases) {
        it(name, async () => {
          const { items, document, position } = await ask(text, ending);
          const labels = items.map((item) => item.label);
          if (none) return assert.deepEqual(labels, []);
          assert.ok(labels.length > 0 && labels.length <= 300, `${labels.length} items`);
          if (first) assert.deepEqual(labels.slice(0, first.length), first);
          for (const label of has ?? []) assert.ok(labels.includes(label), `no ${label} in ${labels.slice(0, 40)}`);
          for (const label of lacks ?? []) assert.ok(!labels.includes(label), `${label} is there`);
          for (const item of items) checkRange(item, document, position);
          if (!choose) return;
          const item = items.find((one) => one.label === choose[0]);
          assert.ok(item, `no ${choose[0]} in ${labels.slice(0, 40)}`);
          const lines = apply(document, item).split('\n');
          const span = choose[1].split('\n').length;
          assert.equal(lines.slice(position.line, position.line + span).join('\n'), choose[1]);
        });
      }
    });
  }

  /** What an editor demands: one line, around the cursor, and text before the cursor that the filter text begins like. */
  function checkRange(item: CompletionItem, document: TextDocument, position: { line: number; character: number }) {
    const { range } = item.textEdit as TextEdit;
    assert.equal(range.start.line, position.line, item.label);
    assert.equal(range.end.line, position.line, item.label);
    assert.ok(range.start.character <= position.character && position.character <= range.end.character, item.label);
    const typed = document.getText({ start: range.start, end: position }).toLowerCase();
    let at = 0;
    for (const c of typed) {
      at = (item.filterText ?? item.label).toLowerCase().indexOf(c, at) + 1;
      assert.ok(at > 0, `${item.filterText} does not pass the filter ${typed}`);
    }
  }

  /** The text after an item was chosen; lines of a snippet take over the indentation, as editors do it. */
  function apply(document: TextDocument, item: CompletionItem): string {
    const edit = item.textEdit as TextEdit;
    const line = document.getText({ ...edit.range, start: { line: edit.range.start.line, character: 0 } });
    const indent = /^\s*/.exec(line)?.[0] ?? '';
    const newText = (item.insertTextFormat === 2 ? edit.newText.replace(/\\([\\$}])/g, '$1') : edit.newText).replaceAll(
      '\n',
      `\n${item.insertTextMode === 2 ? indent : ''}`,
    );
    // Edits before the cursor are on other lines or before the range: applied apart, the lines stay where they are.
    return TextDocument.applyEdits(document, [{ ...edit, newText }, ...(item.additionalTextEdits ?? [])]);
  }

  it('adds the comma that is missing at the end of the line before', async () => {
    const { items, document } = await ask(json('"Action": "s3:GetObject"\n      |>'), 'json');
    const item = items.find((one) => one.label === 'Resource');
    assert.ok(item);
    assert.match(apply(document, item), /"Action": "s3:GetObject",\n {6}"Resource": \["\$1"\]/);
  });

  it('reads nothing but the resource at hand in a large template', async () => {
    const queues = Array.from({ length: 1500 }, (_, i) => `"Q${i}": { "Type": "AWS::SQS::Queue", "Properties": {} },`);
    const large = key('"Action": ["kms:Decr|>]').replace('"Key":', `${queues.join('\n')}\n    "Key":`);
    const { items, document } = await ask(large, 'json');
    const item = items.find((one) => one.label === 'kms:Decrypt');
    assert.ok(document.getText().length > 50_000 && item);
    assert.match(apply(document, item), /"Action": \["kms:Decrypt"\] \}\]/);
  });

  it('tells more about an item that is looked at', async () => {
    const { items } = await ask(json('"Action": ["s3:GetObj|>"]'), 'json');
    const item = items.find((one) => one.label === 's3:GetObject');
    assert.equal(item?.documentation, undefined);
    const resolved = await client.connection.sendRequest<CompletionItem>('completionItem/resolve', item);
    const { documentation } = resolved;
    assert.ok(typeof documentation === 'object');
    assert.match(documentation.value, /Access level: Read/);
    assert.match(documentation.value, /s3:ExistingObjectTag/);
  });

  it('asks again for actions, and cuts long lists', async () => {
    const { list } = await ask(json('"Action": ["ec2:|>"]'), 'json');
    assert.equal(list?.items.length, 300);
    assert.equal(list?.isIncomplete, true);
  });

  it('writes no snippets for a client without them', async () => {
    const { items } = await ask(json('"Action": "s3:GetObject", "Resource": |>'), 'json', plain);
    const item = items.find((one) => one.label === 'arn:aws:s3:::<BucketName>/<ObjectName>');
    assert.ok(item?.textEdit);
    assert.equal(item.textEdit.newText, '"arn:aws:s3:::BucketName/ObjectName"');
    assert.notEqual(item.insertTextFormat, 2);
  });

  it('offers the next step by itself only to its own client', async () => {
    const { items } = await ask(json('"Action": "|>"'), 'json');
    assert.equal(items.find((one) => one.label === 's3:')?.command, undefined);
  });

  it('is silent where the settings leave a file alone', async () => {
    const off = await Client.start({ settings: { enable: false } });
    const { list } = await ask(json('"Action": "|>"'), 'json', off);
    await off.stop();
    assert.equal(list, null);
  });

  it('answers at every offset of half a policy, broken anywhere', async () => {
    const whole = [
      {
        ending: 'json',
        text: json(
          '"Action": ["s3:GetObject", "sqs:*"],\n      "Condition": { "Bool": { "aws:SecureTransport": "false" } }',
        ),
      },
      {
        ending: 'yaml',
        text: role('            Principal: { Service: [lambda.amazonaws.com] }\n            Action: sts:AssumeRole'),
      },
      {
        ending: 'json',
        text: key('"Principal": { "AWS": { "Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root" } }, "Action": "kms:*"'),
      },
      { ending: 'tf.json', text: inString('"Action":["s3:GetObject"],"Resource":"*"') },
      { ending: 'tf.json', text: encoded('Action = ["s3:GetObject"], Resource = "*"') },
    ];
    let answers = 0;
    for (const { ending, text } of whole) {
      const uri = `untitled:everywhere${++count}.${ending}`;
      await client.open(uri, text, ending === 'yaml' ? 'yaml' : 'json');
      const document = TextDocument.create(uri, '', 1, text);
      const lists = await Promise.all(
        Array.from({ length: text.length + 1 }, (_, offset) =>
          client.connection.sendRequest<CompletionList | null>('textDocument/completion', {
            textDocument: { uri },
            position: document.positionAt(offset),
          }),
        ),
      );
      answers += lists.filter(Boolean).length;
      await client.close(uri);
      // The text up to the cursor alone.
      for (let end = 1; end < text.length; end += 17) await ask(`${text.slice(0, end)}|>`, ending);
    }
    assert.ok(answers > 300, `${answers} answers`);
    assert.deepEqual(logged, []);
  });
});
