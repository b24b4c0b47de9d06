/** What hovers say of conditions and resources. */

import { describe } from 'node:test';
import type { Json } from '../rules/policies/fixture.ts';
import { ALLOW, action, check, condition, ORG } from './hover-policy-support.ts';

describe('hover over a condition', () => {
  check('says what a global key holds, and whom it leaves', {
    host: 'bucket',
    statement: condition({ StringEquals: { 'aws:Principal‸OrgID': 'o-abcdefghij' } }),
    title: 'aws:PrincipalOrgID',
    says: [
      /^The organization that the account of the caller belongs to\. Only where it belongs to one\./,
      /A global key, of the caller, type String, with one value/,
      /Narrows whom the statement lets in: to the organization it names/,
    ],
  });
  check('says why a key does not narrow', {
    host: 'bucket',
    statement: condition({ StringLike: { 'aws:Ref‸erer': 'https://example.com/*' } }),
    title: 'aws:Referer',
    says: [
      /whatever the caller sends/,
      /Does not narrow whom the statement lets in: `aws:Referer` is whatever the caller sends/,
    ],
  });
  check('knows multivalued keys', {
    statement: action('ec2:*', { Condition: { 'ForAllValues:StringEquals': { 'aws:Tag‸Keys': ['team'] } } }),
    title: 'aws:TagKeys',
    says: [/with several values in a request/, /every value of the key in the request equals/],
  });
  check('knows keys with a name of their own', {
    statement: action('ec2:*', { Condition: { StringEquals: { 'aws:ResourceTag/Te‸am': 'a' } } }),
    title: 'aws:ResourceTag/Team',
    says: [/value of this tag on the resource/],
  });
  check('says which actions know the key of a service', {
    statement: action(['s3:GetObject', 's3:ListBucket'], { Condition: { StringLike: { 's3:pre‸fix': 'home/*' } } }),
    title: 's3:prefix',
    says: [
      /A key of Amazon S3, type String/,
      /Known to 1 of the 2 actions of the statement \(`s3:ListBucket`\), not to `s3:GetObject`/,
    ],
  });
  check('says that no action knows it', {
    statement: action('s3:GetObject', {
      Condition: { StringEquals: { 'kms:Via‸Service': 's3.eu-west-1.amazonaws.com' } },
    }),
    title: 'kms:ViaService',
    says: [/None of the actions of the statement knows it/],
  });
  check('corrects a key', {
    statement: action('s3:GetObject', { Condition: { StringEquals: { 'aws:PrincipleOrg‸ID': 'o-abcdefghij' } } }),
    title: 'aws:PrincipleOrgID',
    says: [/No condition key of this name is known.*Nearest: `aws:PrincipalOrgID`/],
  });
  check('explains an operator', {
    host: 'bucket',
    statement: condition({ 'StringEqualsIf‸Exists': { 'aws:PrincipalOrgID': 'o-abcdefghij' } }),
    title: 'StringEqualsIfExists',
    says: [
      /It also holds where the request lacks the key \(IfExists\)/,
      /Does not narrow.*IfExists lets in all others/,
    ],
  });
  check('knows that ForAnyValue needs the key', {
    statement: action('s3:*', { Condition: { 'ForAnyValue:StringNot‸Equals': { 'aws:TagKeys': ['a'] } } }),
    title: 'ForAnyValue:StringNotEquals',
    says: [/at least one value of the key in the request equals none/, /does not hold where the request lacks the key/],
  });
  check('knows that a negated operator does not', {
    statement: {
      ...(action('s3:*') as object),
      Effect: 'Deny',
      Condition: { 'StringNot‸Equals': { 'aws:RequestedRegion': 'eu-west-1' } },
    } as Json,
    title: 'StringNotEquals',
    says: [
      /It also holds where the request lacks the key\./,
      /denies requests for which it holds, and those that lack the key/,
    ],
  });
  check('knows Null', {
    statement: action('s3:*', { Condition: { 'Nul‸l': { 'aws:PrincipalOrgID': 'false' } } }),
    title: 'Null',
    says: [/Holds where the request has the key, whatever its value/],
  });
  check('knows that an operator does not exist', {
    statement: action('s3:*', { Condition: { 'StringMat‸ches': { 'aws:PrincipalOrgID': 'x' } } }),
    title: 'StringMatches',
    says: [/^`StringMatches` is no operator of the policy language\.$/],
  });
  check('explains an address range', {
    host: 'bucket',
    statement: condition({ IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '0.0.‸0.0/0'] } }),
    title: 'aws:SourceIp IpAddress 0.0.0.0/0',
    says: [/^Every IPv4 address\./, /Does not narrow whom the statement lets in/],
  });
  check('counts addresses', {
    host: 'bucket',
    statement: condition({ IpAddress: { 'aws:SourceIp': '203.0.‸113.0/24' } }),
    title: 'aws:SourceIp IpAddress 203.0.113.0/24',
    says: [/^256 IPv4 addresses\./, /to the network it names/],
  });
  check('counts none where there is no address', {
    host: 'bucket',
    statement: condition({ IpAddress: { 'aws:SourceIp': '300.1‸.1.1' } }),
    title: 'aws:SourceIp IpAddress 300.1.1.1',
    says: [/public address/],
    never: [/IPv4/],
  });
  check('explains a policy variable', {
    statement: action('s3:ListBucket', { Condition: { StringLike: { 's3:prefix': '${aws:user‸name}/*' } } }),
    title: 's3:prefix StringLike ${aws:username}/*',
    says: [/`\$\{aws:username\}` is filled in from each request\. The name of the IAM user/],
    // Terraform reads it as its own.
    except: ['tf-text', 'tf-jsonencode', 'tf-data'],
  });
  check('says that a wildcard is a character', {
    host: 'bucket',
    statement: condition({ StringEquals: { 'aws:PrincipalOrgID': 'o-abc‸*' } }),
    title: 'aws:PrincipalOrgID StringEquals o-abc*',
    says: [/compares `\*` and `\?` as plain characters/, /No request matches it: the statement lets in nobody/],
  });
  check('says that any value passes', {
    statement: action('s3:*', { Condition: { StringLike: { 'aws:SourceVpce': '*‸' } } }),
    title: 'aws:SourceVpce StringLike *',
    says: [/^Matches every value\./, /Holds for every value: it only asks that the request has the key/],
  });
  check('sums up the clauses', {
    host: 'bucket',
    statement: condition({ Bool: { 'aws:SecureTransport': 'true' }, ...ORG }),
    key: 'Condition',
    title: 'Condition',
    says: [
      /^All 2 must hold\./,
      /`aws:SecureTransport` Bool `true`\. Does not narrow/,
      /`aws:PrincipalOrgID` StringEquals `o-abcdefghij`\. Narrows/,
    ],
  });
});

describe('hover over a resource', () => {
  const on = (Resource: Json, Action: Json = ['s3:GetObject', 's3:ListBucket']): Json => action(Action, { Resource });
  check('everything', { statement: on('*‸'), title: '*', says: [/^Every resource that the actions work on\.$/] });
  check('the objects of a bucket', {
    statement: on('arn:aws:s3:::re‸ports/*'),
    title: 'arn:aws:s3:::reports/*',
    says: [
      /^Every object of the bucket `reports`, not the bucket itself\./,
      /resource type `object`/,
      /1 action of the statement does not work on it: `s3:ListBucket`/,
    ],
  });
  check('a bucket', {
    statement: on('arn:aws:s3:::re‸ports'),
    title: 'arn:aws:s3:::reports',
    says: [/^The bucket `reports` itself, not its objects\./, /`s3:GetObject`/],
  });
  check('buckets by their beginning', {
    statement: on('arn:aws:s3:::re‸ports*'),
    title: 'arn:aws:s3:::reports*',
    says: [/^Every bucket whose name begins with `reports`, and every object in it\./],
  });
  check('objects by their beginning', {
    statement: on('arn:aws:s3:::re‸ports/2026/*'),
    title: 'arn:aws:s3:::reports/2026/*',
    says: [/^Objects of the bucket `reports` whose key begins with `2026\/`\./],
  });
  check('all of a type', {
    statement: on('arn:aws:dynamodb:*:1111‸22223333:table/*', 'dynamodb:GetItem'),
    title: 'arn:aws:dynamodb:*:111122223333:table/*',
    says: [/^Every `table` of Amazon DynamoDB, in every Region, of the account `111122223333`\./],
  });
  check('one of a type', {
    statement: on('arn:aws:dynamodb:eu-west-1:1111‸22223333:table/orders', 'dynamodb:GetItem'),
    title: 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders',
    says: [/^The `table` `orders` of Amazon DynamoDB, in `eu-west-1`, of the account `111122223333`\./],
  });
  check('one that does not fit', {
    statement: on('arn:aws:sns:eu-west-1:1111‸22223333:alarms', 'sqs:SendMessage'),
    title: 'arn:aws:sns:eu-west-1:111122223333:alarms',
    says: [/^`alarms` of Amazon SNS/, /Fits none of the actions of the statement/],
  });
  check('what a policy is attached to', {
    host: 'key',
    statement: {
      ...ALLOW,
      Principal: { AWS: 'arn:aws:iam::111122223333:root' },
      Action: 'kms:Decrypt',
      Resource: '*‸',
    },
    title: '*',
    says: [/^Everything that the policy is attached to\./],
  });
  check('what NotResource leaves out', {
    statement: { ...ALLOW, Action: 's3:*', NotResource: 'arn:aws:s3:::re‸ports' },
    title: 'arn:aws:s3:::reports',
    says: [/^NotResource leaves out what it names: the statement allows its actions on every other resource\./],
  });
});
