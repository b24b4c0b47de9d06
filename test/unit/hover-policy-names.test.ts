/** What hovers say of actions, patterns and principals. */

import { describe } from 'node:test';
import type { Json } from '../rules/policies/fixture.ts';
import { ALLOW, action, check, everyone, OBJECTS, ORG, principal } from './hover-policy-support.ts';

describe('hover over an action', () => {
  check('says its level, what it hands out, its types and keys', {
    statement: action('s3:Get‸Object'),
    title: 's3:GetObject',
    says: [
      /^An action of Amazon S3, access level Read\./,
      /Reads or copies out the objects of a bucket\./,
      /`object`/,
      /arn:\$\{Partition\}:s3:::/,
      /Condition keys, besides the global ones: `s3:/,
    ],
    never: [/aws:ResourceTag/],
  });
  check('takes any case', { statement: action('S3:GET‸OBJECT'), title: 's3:GetObject', says: [/access level Read/] });
  check('marks required types', {
    statement: action('secretsmanager:GetSecret‸Value'),
    title: 'secretsmanager:GetSecretValue',
    says: [/`Secret` \(required\) `arn:/, /copies out a secret/],
  });
  check('knows actions without resource types', {
    statement: action('ec2:Describe‸Instances'),
    title: 'ec2:DescribeInstances',
    says: [/it needs the resource `\*`/],
  });
  check('tells what it can be used for', {
    statement: action('iam:Pass‸Role'),
    title: 'iam:PassRole',
    says: [/Can raise privileges: together with `\w+:\w+`, its holder can .*\d+ more ways like it are known/],
  });
  check('tells what raises privileges alone', {
    statement: action('iam:CreatePolicy‸Version'),
    title: 'iam:CreatePolicyVersion',
    says: [/access level Permissions management/, /Can raise privileges: its holder can /],
  });
  check('tells what hands out credentials', {
    statement: action('iam:CreateAccess‸Key'),
    title: 'iam:CreateAccessKey',
    says: [/Hands out an access key of a user\./],
  });
  check('says so where the resources do not fit', {
    statement: action('s3:List‸Bucket', { Resource: OBJECTS }),
    title: 's3:ListBucket',
    says: [/None of the resources of the statement is one that the action works on/],
  });
  check('says which of the resources fit', {
    statement: action('s3:List‸Bucket', { Resource: [OBJECTS, 'arn:aws:s3:::reports'] }),
    title: 's3:ListBucket',
    says: [/it works on `arn:aws:s3:::reports`\./],
  });
  check('is silent about fitting ones', {
    statement: action('s3:Get‸Object', { Resource: OBJECTS }),
    title: 's3:GetObject',
    says: [/Read/],
    never: [/of the statement/],
  });
  check('says so where a resource limits that', {
    statement: action('sts:Assume‸Role', { Resource: 'arn:aws:iam::111122223333:role/worker' }),
    title: 'sts:AssumeRole',
    says: [/Can raise privileges where no resource or condition limits it: its holder can /],
  });
  check('finds nothing in assuming the role that trusts', {
    host: 'trust',
    statement: { ...ALLOW, Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:Assume‸Role' },
    title: 'sts:AssumeRole',
    says: [/^An action of AWS Security Token Service/],
    never: [/raise|Hands out/],
  });
  check('corrects a name', {
    statement: action('s3:GetObjet‸'),
    title: 's3:GetObjet',
    says: [/^Amazon S3 has no action of this name that is known\. Nearest: `s3:GetObject`\./],
  });
  check('corrects a service', {
    statement: action('dynamo:Get‸Item'),
    title: 'dynamo:GetItem',
    says: [/No service that is known has the prefix `dynamo`\. Nearest: `dynamodb:GetItem`/],
  });
  check('knows retired services', {
    statement: action('deeplens:Create‸Project'),
    title: 'deeplens:CreateProject',
    says: [/^AWS has retired this name: it matches nothing\.$/],
  });
});

describe('hover over a pattern', () => {
  check('counts by level', {
    statement: action('sqs:‸*'),
    title: 'sqs:*',
    says: [
      /^Matches \d+ actions of Amazon SQS: \d+ Permissions management, \d+ Write, /,
      /Permissions management: `sqs:AddPermission`/,
    ],
  });
  check('names what is dangerous, permissions management first', {
    statement: action('iam:‸*'),
    title: 'iam:*',
    says: [
      /Permissions management: `iam:[\s\S]*Can raise privileges: [\s\S]*Hands out credentials: /,
      /Hands on a role, or opens a resource to others: .*`iam:PassRole`/,
    ],
  });
  check('counts services', {
    statement: action('*‸'),
    title: '*',
    says: [/^Matches \d+,\d{3} actions of \d{3} services: /, /Reads or copies out stored data: `s3:GetObject`/],
    never: [/Resource types/],
  });
  check('lists a few', {
    statement: action('sqs:‸Send*'),
    title: 'sqs:Send*',
    says: [/Matches 1 action of Amazon SQS: Write\./, /That is `sqs:SendMessage`\./],
  });
  check('says that it matches nothing', {
    statement: action('s3:Frob‸*'),
    title: 's3:Frob*',
    says: [/^Matches no action that is known\./],
  });
  check('says what NotAction leaves out', {
    statement: { ...ALLOW, NotAction: ['iam:‸*', 'sts:*'], Resource: '*' },
    title: 'iam:*',
    says: [
      /^NotAction leaves out what it names: the statement allows all \d+,\d{3} other actions of the \d+,\d{3} known today, and those that AWS adds\./,
      /Matches \d+ actions/,
    ],
  });
  check('says what NotAction means as a whole', {
    statement: { Effect: 'Deny', NotAction: ['iam:*', 'sts:*'], Resource: '*' },
    key: 'NotAction',
    title: 'NotAction',
    says: [/the statement denies all \d+,\d{3} other/, /By access level: \d+ Permissions management/],
  });
  check('sums up Action', {
    statement: action(['s3:GetObject', 'kms:*']),
    key: 'Action',
    title: 'Action',
    says: [/^\d+ actions of Amazon S3, AWS Key Management Service: /, /stored data: `s3:GetObject` and `kms:Decrypt`/],
  });
});

describe('hover over a principal', () => {
  check('says that everyone is let in', {
    host: 'bucket',
    statement: everyone(),
    title: 'Principal *',
    says: [
      /^Everyone: every principal of every AWS account, and callers without credentials/,
      /Not narrowed: the statement has no condition\./,
    ],
  });
  check('says what narrows it', {
    host: 'bucket',
    statement: everyone(ORG),
    title: 'Principal *',
    says: [/Narrowed by `aws:PrincipalOrgID` to the organization it names: `o-abcdefghij`\./],
  });
  check('says why a condition does not', {
    host: 'bucket',
    statement: everyone({ StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' } }),
    title: 'Principal *',
    says: [/Not narrowed: `aws:SourceVpce` counts only if it is in the request/],
  });
  check('takes Deny statements into account', {
    host: 'bucket',
    statement: [
      everyone(),
      {
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 's3:*',
        Resource: ['arn:aws:s3:::reports', OBJECTS],
        Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } },
      },
    ],
    title: 'Principal *',
    says: [/A Deny \(statement 2\) keeps all others out/],
  });
  check('says who is denied', {
    host: 'bucket',
    statement: { Effect: 'Deny', Principal: { AWS: '*‸' }, Action: 's3:*', Resource: OBJECTS },
    title: 'Principal *',
    says: [/The statement denies its actions to them, whatever other statements allow/],
  });
  check('knows accounts', {
    host: 'bucket',
    statement: principal({ AWS: 'arn:aws:iam::1111‸22223333:root' }),
    title: 'Principal arn:aws:iam::111122223333:root',
    says: [/^The AWS account `111122223333` as a whole: its administrators decide/],
  });
  check('knows roles', {
    host: 'bucket',
    statement: principal({ AWS: 'arn:aws:iam::111122223333:role/re‸ader' }),
    title: 'Principal arn:aws:iam::111122223333:role/reader',
    says: [/^One role of the account `111122223333`, and with it every session of that role\./],
  });
  check('knows what deleted principals leave', {
    host: 'bucket',
    statement: principal({ AWS: 'AROAEXAM‸PLEEXAMPLE12' }),
    title: 'Principal AROAEXAMPLEEXAMPLE12',
    says: [/^The unique id of a role\. .*deleted; it then matches nobody/],
  });
  check('knows origin access identities', {
    host: 'bucket',
    statement: principal({ AWS: 'arn:aws:iam::cloudfront:user/CloudFront ‸Origin Access Identity E1EXAMPLE' }),
    title: 'Principal arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1EXAMPLE',
    says: [/^A CloudFront origin access identity/],
  });
  check('knows canonical users', {
    host: 'bucket',
    statement: principal({ CanonicalUser: `${'0'.repeat(63)}‸a` }),
    title: `Principal ${'0'.repeat(63)}a`,
    says: [/by its canonical user id/],
  });
  check('says for whom a service acts', {
    host: 'bucket',
    statement: principal(
      { Service: 'cloudtrail‸.amazonaws.com' },
      { StringEquals: { 'aws:SourceAccount': '111122223333' } },
    ),
    title: 'Principal cloudtrail.amazonaws.com',
    says: [
      /^The AWS service `cloudtrail.amazonaws.com`, in its own name/,
      /Narrowed by `aws:SourceAccount` to what it names: `111122223333`/,
    ],
  });
  check('says that a service may act for anyone', {
    host: 'topic',
    statement: { ...ALLOW, Principal: { Service: 's3.‸amazonaws.com' }, Action: 'sns:Publish', Resource: '*' },
    title: 'Principal s3.amazonaws.com',
    says: [/no condition such as `aws:SourceArn`.* so it may for any account/],
  });
  check('knows services that assume a role', {
    host: 'trust',
    statement: { ...ALLOW, Principal: { Service: 'lambda‸.amazonaws.com' }, Action: 'sts:AssumeRole' },
    title: 'Principal lambda.amazonaws.com',
    says: [/it assumes the role for those who configured it/],
    never: [/Not narrowed/],
  });
  check('knows external ids', {
    host: 'trust',
    statement: {
      ...ALLOW,
      Principal: { AWS: 'arn:aws:iam::111122223333:‸root' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:ExternalId': 'x1' } },
    },
    title: 'Principal arn:aws:iam::111122223333:root',
    says: [/must send the external id/],
  });
  const GITHUB = 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com';
  const federated = (Federated: string, Condition: Json): Json => ({
    ...ALLOW,
    Principal: { Federated },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition,
  });
  check('knows GitHub, and misses the subject', {
    host: 'trust',
    statement: federated(`${GITHUB}‸`, {
      StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
    }),
    title: `Principal ${GITHUB}`,
    says: [/GitHub Actions vouches for.*`repo:OWNER\/REPO:…`/, /Not narrowed: the claim `sub` is not asked for/],
  });
  check('knows what a subject is narrowed to', {
    host: 'trust',
    statement: federated(`${GITHUB}‸`, { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:acme/*' } }),
    title: `Principal ${GITHUB}`,
    says: [/Narrowed by `token.actions.githubusercontent.com:sub` to `repo:acme\/\*`: one owner/],
  });
  check('knows that a wildcard is a character of the subject', {
    host: 'trust',
    statement: federated(`${GITHUB}‸`, { StringEquals: { 'token.actions.githubusercontent.com:sub': 'repo:acme/*' } }),
    title: `Principal ${GITHUB}`,
    says: [/Matches no token: StringEquals compares the wildcard of `repo:acme\/\*` as a plain character/],
  });
  check('says so at the subject, and not that it narrows', {
    host: 'trust',
    statement: federated(GITHUB, { StringEquals: { 'token.actions.githubusercontent.com:sub': 'repo:acme‸/*' } }),
    title: 'token.actions.githubusercontent.com:sub StringEquals repo:acme/*',
    says: [/compares `\*` and `\?` as plain characters/, /Matches no token \(`repo:acme\/\*`\)/],
  });
  const eks = 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE';
  check('knows clusters', {
    host: 'trust',
    statement: federated(`arn:aws:iam::111122223333:oidc-provider/${eks}‸`, {
      StringEquals: { [`${eks}:sub`]: 'system:serviceaccount:default:web' },
    }),
    title: `Principal arn:aws:iam::111122223333:oidc-provider/${eks}`,
    says: [
      /an EKS cluster vouches for.*system:serviceaccount:NAMESPACE:NAME/,
      /Narrowed by .* to `system:serviceaccount:default:web`/,
    ],
  });
  check('knows SAML providers', {
    host: 'trust',
    statement: {
      ...ALLOW,
      Principal: { Federated: 'arn:aws:iam::111122223333:saml-provider/‸corp' },
      Action: 'sts:AssumeRoleWithSAML',
    },
    title: 'Principal arn:aws:iam::111122223333:saml-provider/corp',
    says: [/SAML identity provider.*`SAML:aud`/],
  });
  check('knows that wildcards match nobody', {
    host: 'bucket',
    statement: principal({ AWS: 'arn:aws:iam::111122223333:role/‸*' }),
    title: 'Principal arn:aws:iam::111122223333:role/*',
    says: [/it matches nobody/],
  });
});
