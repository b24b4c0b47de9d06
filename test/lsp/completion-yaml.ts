/** Completion in CloudFormation templates in YAML. */

import { app, type Case, cfn, role } from './completion-texts.ts';

export const YAML: readonly Case[] = [
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
        '  Also:\n    Type: AWS::Lambda::Function\n    Properties:\n      Description: !GetAtt RoleOfOther.Arn\n' +
        '      Role: !GetAtt Role.Arn\n' +
        '  Other:\n    Type: AWS::Lambda::Function\n    # Not: !GetAtt Role.Arn\n    Properties:\n' +
        '      Role: !GetAtt RoleOfOther.Arn\n  Table:',
    ),
    has: ['!GetAtt Other.Arn'],
    lacks: ['!GetAtt Own.Arn', '!GetAtt Also.Arn'],
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
