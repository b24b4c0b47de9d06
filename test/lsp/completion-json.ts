/** Completion in policy files in JSON: what is offered where. */

import { type Case, json } from './completion-texts.ts';

export const POLICY: readonly Case[] = [
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
