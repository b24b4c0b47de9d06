/** What hovers say of policies, in every form that a policy is written in; the cursor is drawn in the document as `‸`. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyze } from '../../server/src/analysis/analyze.ts';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings.ts';
import { hoverAt } from '../../server/src/lsp/hover.ts';
import { renderHover } from '../../server/src/lsp/hover-markdown.ts';
import type { HoverModel } from '../../server/src/lsp/protocol.ts';
import { FORMS, type Form, type Host, hosted, type Json } from '../rules/policies/fixture.ts';
import { loadIamData } from '../support/iam-data.ts';

loadIamData();

const CURSOR = '‸';

/** The hover where the cursor is drawn, with what else the analysis found there or, by default, without. */
function hover(uri: string, drawn: string, findings = false): HoverModel | undefined {
  const offset = drawn.indexOf(CURSOR);
  assert.ok(offset >= 0, `no cursor in ${drawn}`);
  const analysis = analyze([{ uri, text: drawn.replace(CURSOR, '') }], DEFAULT_SETTINGS);
  assert.ok(analysis, drawn);
  return hoverAt(findings ? analysis : { ...analysis, findings: [], suppressed: [] }, uri, offset);
}

interface Case {
  readonly host?: Host;
  readonly statement: Json;
  /** Where to draw the cursor: a key of the document, by its first occurrence. Without it, it is drawn in the statement. */
  readonly key?: string;
  readonly title: string;
  readonly says: readonly RegExp[];
  readonly never?: readonly RegExp[];
  /** Forms that cannot say it, or say something else. */
  readonly except?: readonly Form[];
}

const ALLOW = { Effect: 'Allow' } as const;
const document = (statement: Json): Json => ({
  Version: '2012-10-17',
  Statement: Array.isArray(statement) ? statement : [statement],
});

function drawnIn(one: Case, form: Form): { readonly uri: string; readonly text: string } | undefined {
  const written = hosted(document(one.statement), one.host ?? 'identity', form);
  if (!written) return undefined;
  if (one.key === undefined) return written;
  if (form === 'tf-data') return undefined;
  const at = written.text.indexOf(one.key);
  assert.ok(at >= 0, `${one.key} in ${written.text}`);
  return { uri: written.uri, text: `${written.text.slice(0, at + 1)}${CURSOR}${written.text.slice(at + 1)}` };
}

function check(name: string, one: Case): void {
  it(name, () => {
    const forms = FORMS.filter((form) => !one.except?.includes(form));
    let seen = 0;
    for (const form of forms) {
      const place = drawnIn(one, form);
      if (!place) continue;
      seen++;
      const model = hover(place.uri, place.text);
      assert.ok(model?.subject, `${form}: no hover in ${place.text}`);
      const said = model.subject.lines.join('\n');
      assert.equal(model.subject.title, one.title, form);
      for (const pattern of one.says) assert.match(said, pattern, form);
      for (const pattern of one.never ?? []) assert.doesNotMatch(said, pattern, form);
      assert.ok(model.subject.lines.length <= 8, `${form}: ${said}`);
      assert.doesNotMatch(said, /[\0-\u0008]|undefined|\[object|NaN|\.\.|: \.| {2}/, form);
    }
    assert.ok(seen >= 3, `seen in ${seen} forms`);
  });
}

const ORG = { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } };
const OBJECTS = 'arn:aws:s3:::reports/*';
const everyone = (Condition?: Json): { readonly [name: string]: Json } => ({
  ...ALLOW,
  Principal: { AWS: '*‸' },
  Action: 's3:GetObject',
  Resource: OBJECTS,
  ...(Condition === undefined ? {} : { Condition }),
});
const principal = (Principal: Json, Condition?: Json): Json =>
  ({ ...(everyone(Condition) as object), Principal }) as Json;
const condition = (Condition: Json): Json => principal({ AWS: '*' }, Condition);
const action = (Action: Json, rest: object = {}): Json => ({ ...ALLOW, Action, Resource: '*', ...rest }) as Json;

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

describe('hover over the first key of a policy', () => {
  const whole = (name: string, host: Host, statement: Json, title: string, says: RegExp[], never?: RegExp[]) => {
    check(name, { host, statement, key: 'Version', title, says, never, except: host === 'identity' ? [] : ['file'] });
  };
  whole('an administrator', 'identity', action('*'), 'Identity policy', [
    /^1 statement, Allow\./,
    /Administrator: it allows every action on every resource, without a condition/,
  ]);
  whole(
    'one that a Deny limits',
    'identity',
    [action('*'), { Effect: 'Deny', Action: 'iam:*', Resource: '*' }],
    'Identity policy',
    [/2 statements: 1 Allow, 1 Deny/],
    [/Administrator/],
  );
  whole(
    'one that a condition limits',
    'identity',
    action('*', { Condition: ORG }),
    'Identity policy',
    [/None of them on every resource without a condition/],
    [/Administrator/],
  );
  whole('control of IAM', 'identity', action('iam:*'), 'Identity policy', [/every IAM action on every resource/]);
  whole(
    'a way to more rights',
    'identity',
    [action(['lambda:CreateFunction', 'lambda:InvokeFunction']), action('iam:PassRole')],
    'Identity policy',
    [
      /Allows 3 actions of AWS Identity and Access Management \(IAM\), AWS Lambda|Allows 3 actions of AWS Lambda, AWS Identity/,
      /Can raise privileges: .*`iam:PassRole`/,
    ],
  );
  whole(
    'narrow permissions',
    'identity',
    action('s3:GetObject', { Resource: OBJECTS }),
    'Identity policy',
    [/Allows 1 action of Amazon S3: Read\./, /None of them on every resource/],
    [/raise/],
  );
  whole('a public bucket', 'bucket', principal({ AWS: '*' }), 'Resource policy (Amazon S3)', [
    /Lets in everyone, without credentials: its principal is everyone \(statement 1\)\./,
  ]);
  whole(
    'a condition that does not help',
    'bucket',
    condition({ StringLike: { 'aws:Referer': 'https://example.com/*' } }),
    'Resource policy (Amazon S3)',
    [/Lets in everyone.*`aws:Referer` is whatever the caller sends/],
  );
  whole(
    'an organization',
    'bucket',
    condition(ORG),
    'Resource policy (Amazon S3)',
    [/Lets in an organization: `aws:PrincipalOrgID`/],
    [/everyone/],
  );
  whole(
    'every account',
    'key',
    { ...ALLOW, Principal: { AWS: '*' }, Action: 'kms:Decrypt', Resource: '*' },
    'Resource policy (AWS Key Management Service)',
    [/Lets in every AWS account/],
  );
  whole(
    'another account',
    'queue',
    { ...ALLOW, Principal: { AWS: '111122223333' }, Action: 'sqs:SendMessage', Resource: '*' },
    'Resource policy (Amazon SQS)',
    [/Lets in other accounts: `111122223333`\./],
  );
  whole(
    'a service for anyone',
    'topic',
    { ...ALLOW, Principal: { Service: 's3.amazonaws.com' }, Action: 'sns:Publish', Resource: '*' },
    'Resource policy (Amazon SNS)',
    [/AWS services on behalf of any account \(`s3.amazonaws.com`\)/],
  );
  whole(
    'a trusted service',
    'trust',
    { ...ALLOW, Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
    'Trust policy',
    [/Lets in whom it names: `ec2.amazonaws.com`\./],
  );
  whole(
    'a guardrail',
    'scp',
    [
      action('*'),
      {
        Effect: 'Deny',
        NotAction: 'iam:*',
        Resource: '*',
        Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
      },
    ],
    'Service control policy',
    [
      /It grants nothing: it limits what the principals of member accounts can do/,
      /lets everything pass but what it denies/,
      /Statement 2 denies all actions but those of NotAction, .* where its condition on `aws:RequestedRegion` holds/,
    ],
  );
  whole(
    'an endpoint',
    'endpoint',
    { ...ALLOW, Principal: { AWS: '*' }, Action: '*', Resource: '*' },
    'VPC endpoint policy (Amazon S3)',
    [/limits what passes through the endpoint/, /It lets everything pass\./],
  );

  whole(
    'a Deny under a condition',
    'identity',
    [
      action('sqs:*'),
      { Effect: 'Deny', Action: '*', Resource: '*', Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } } },
    ],
    'Identity policy',
    [/A Deny statement takes from this, on some resources or under conditions\./],
  );
  whole(
    'a guardrail that only denies',
    'scp',
    { Effect: 'Deny', Action: 'organizations:LeaveOrganization', Resource: '*' },
    'Service control policy',
    [/It only denies: what passes, another policy beside it must allow/, /Statement 1 denies 1 action \(Write\)\./],
  );
  whole(
    'an endpoint that allows nothing',
    'endpoint',
    { Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:PutObject', Resource: '*' },
    'VPC endpoint policy (Amazon S3)',
    [/It allows nothing: no request passes/],
  );
  whole(
    'resource control',
    'rcp',
    {
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 's3:*',
      Resource: '*',
      Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-abcdefghij' } },
    },
    'Resource control policy',
    [
      /limits what can be done to the resources of member accounts/,
      /where its condition on `aws:PrincipalOrgID` holds/,
    ],
  );

  it('stands on the property that holds it, on the data source and on its use', () => {
    const yaml = hosted(document(principal({ AWS: '*' })), 'bucket', 'cfn-yaml');
    assert.ok(yaml);
    const onProperty = hover(yaml.uri, yaml.text.replace('PolicyDocument', 'Policy‸Document'));
    assert.equal(onProperty?.subject?.title, 'Resource policy (Amazon S3)');
    const data = hosted(document(principal({ AWS: '*' })), 'bucket', 'tf-data');
    assert.ok(data);
    const { data: sources, resource } = JSON.parse(data.text);
    const name = Object.keys(sources.aws_iam_policy_document)[0] ?? '';
    const onName = hover(data.uri, data.text.replace(`"${name}"`, `"${CURSOR}${name}"`));
    assert.equal(onName?.subject?.title, 'Resource policy (Amazon S3)');
    assert.ok(resource.aws_s3_bucket_policy);
    const onUse = hover(data.uri, data.text.replace('"policy"', '"pol‸icy"'));
    assert.equal(onUse?.subject?.title, 'Resource policy (Amazon S3)');
  });

  it('says what is not known', () => {
    const text = `Parameters:
  Statements: { Type: String }
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Policy‸Document:
        Version: '2012-10-17'
        Statement:
          - !Ref Statements
          - Effect: Allow
            Action: s3:GetObject
            Resource: '*'
`;
    const lines = hover('file:///a.yaml', text)?.subject?.lines ?? [];
    assert.match(lines.join('\n'), /More statements may exist: /);
    assert.match(lines.join('\n'), /And more that is not known/);
  });
});

describe('a hover of a policy in a template', () => {
  const TEMPLATE = `Resources:
  Reader:
    Type: AWS::IAM::Role
    Properties: {}
  Grant:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: reports
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal:
              AWS:
                - !Sub arn:aws:iam::\${AWS::AccountId}:root
                - !GetAtt Reader.Arn
            Action: s3:GetObject
            Resource: !Sub arn:aws:s3:::\${Bucket}/*
  Bucket:
    Type: AWS::S3::Bucket
  Call:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: report
      Action: lambda:InvokeFunction
      Principal: s3.amazonaws.com
      SourceArn: arn:aws:s3:::reports
`;
  const lines = (at: string, cursor: string): string => {
    assert.ok(TEMPLATE.includes(at));
    return hover('file:///a.yaml', TEMPLATE.replace(at, cursor))?.subject?.lines.join('\n') ?? '';
  };
  it('knows the own account and roles of the template', () => {
    assert.match(lines('AccountId}:root', 'AccountId}:‸root'), /^Your own account as a whole/);
    assert.match(lines('Reader.Arn', 'Rea‸der.Arn'), /^`Reader` \(`AWS::IAM::Role`\) of this template\./);
  });
  it('knows its buckets', () => {
    assert.match(
      lines('${Bucket}/*', '${Buc‸ket}/*'),
      /^Every object of the bucket that the template names, not the bucket itself/,
    );
  });
  it('knows permissions that are properties', () => {
    assert.match(
      lines('Principal: s3.', 'Principal: s3‸.'),
      /Narrowed by `aws:SourceArn` to what it names: `arn:aws:s3:::reports`/,
    );
    assert.match(lines('SourceArn: ', 'Source‸Arn: '), /^The resource for which a service acts/);
  });
});

describe('a hover of other policies', () => {
  it('a boundary', () => {
    const text = `Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      PermissionsBoundary: !Ref Limit
  Limit:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Ver‸sion: '2012-10-17'
        Statement:
          - { Effect: Allow, Action: 's3:Get*', Resource: '*' }
`;
    const subject = hover('file:///a.yaml', text)?.subject;
    assert.equal(subject?.title, 'Permissions boundary');
    assert.match(
      subject?.lines.join('\n') ?? '',
      /It grants nothing.*\nIt leaves \d+ actions of Amazon S3: all Read\./,
    );
  });

  it('a permission of a function', () => {
    const text = `Resources:
  Call:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: report
      Action: lambda:InvokeFunction
      Princi‸pal: '*'
`;
    const subject = hover('file:///a.yaml', text)?.subject;
    assert.equal(subject?.title, 'Permission (AWS Lambda)');
    assert.match(subject?.lines.join('\n') ?? '', /^Lets in every AWS account: its principal is everyone/);
  });

  it('a domain inside a VPC', () => {
    const text = `Resources:
  Search:
    Type: AWS::OpenSearchService::Domain
    Properties:
      VPCOptions: { SubnetIds: [subnet-1] }
      Access‸Policies:
        Version: '2012-10-17'
        Statement:
          - { Effect: Allow, Principal: '*', Action: 'es:*', Resource: '*' }
`;
    assert.match(
      hover('file:///a.yaml', text)?.subject?.lines.join('\n') ?? '',
      /Not open to the internet: it is reached from its VPC only/,
    );
  });

  it('the own account in Terraform', () => {
    const text = JSON.stringify({
      data: {
        aws_caller_identity: { current: {} },
        aws_iam_policy_document: {
          trust: {
            statement: {
              actions: ['sts:AssumeRole'],
              principals: {
                type: 'AWS',
                identifiers: ['arn:aws:iam::${data.aws_caller_identity.current.account_id}:ro‸ot'],
              },
            },
          },
        },
      },
      resource: { aws_iam_role: { r: { assume_role_policy: '${data.aws_iam_policy_document.trust.json}' } } },
    });
    assert.match(hover('file:///main.tf.json', text)?.subject?.lines.join('\n') ?? '', /^Your own account as a whole/);
  });
});

describe('a hover of a finding in a policy', () => {
  it('goes with the part of the policy, in short', () => {
    for (const form of FORMS) {
      const written = hosted(document(everyone()), 'bucket', form);
      if (!written) continue;
      const model = hover(written.uri, written.text, true);
      assert.ok(model?.findings.length, form);
      assert.equal(model.subject?.title, 'Principal *', form);
      assert.ok((model.subject?.lines.length ?? 9) <= 4, form);
      const markdown = renderHover(model, { icons: false });
      assert.ok(markdown.indexOf('Principal *') > markdown.indexOf(model.findings[0]?.ruleId ?? '?'), 'findings first');
    }
  });
});

describe('hovers of hostile and broken policies', () => {
  const TEXTS: readonly (readonly [string, string])[] = [
    [
      'file:///a.json',
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:*","`x`","[a](b)"],"Resource":"arn:aws:s3:::$(alert)*`","Condition":{"StringLike":{"aws:`x`":["${aws:`y`}"," "]}}}]}',
    ],
    [
      'file:///b.json',
      '{"Version":"2012-10-17","Id":"x","Statement":{"Effect":"Deny","NotPrincipal":{"AWS":["*"]},"NotAction":["iam:*",7,null],"NotResource":["*","arn:"],"Condition":{"Null":{"a":[true]},"ForAllValues:":{"b":{}},"IpAddress":{"aws:SourceIp":"1.2.3.4/99"}}}}',
    ],
    [
      'file:///c.yaml',
      'Resources:\n  P:\n    Type: AWS::SQS::QueuePolicy\n    Properties:\n      PolicyDocument:\n        Statement:\n          - Effect: !If [A, Allow, Deny]\n            Principal: !Ref X\n            Action: !Split [",", !Ref Y]\n            Resource: !Sub "${Q.Arn}*"\n            Condition:\n              ? StringEquals\n',
    ],
    [
      'file:///d.tf.json',
      '{"resource":{"aws_iam_role":{"r":{"assume_role_policy":"{\\n \\"Statement\\": [{\\"Effect\\":\\"Allow\\",\\"Principal\\":{\\"Federated\\":\\"${x}\\"},\\"Action\\":\\"sts:\\u0041ssumeRole\\",\\"Condition\\":{\\"StringLike\\":{\\"token.actions.githubusercontent.com:sub\\":\\"*\\"}}}]}"}}}}',
    ],
    [
      'file:///e.tf.json',
      '{"data":{"aws_iam_policy_document":{"d":{"source_policy_documents":["${data.aws_iam_policy_document.d.json}"],"statement":[{"actions":["${var.a}","*"],"resources":["${aws_s3_bucket.b.arn}/*"],"principals":[{"type":"AWS","identifiers":["*","${x.y}"]}],"condition":[{"test":"Bool","variable":"aws:SecureTransport","values":["false"]}]}]}}}}',
    ],
    [
      'file:///f.json',
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*", "iam:\n"Resource": "*", "Condition": {"StringEquals"',
    ],
  ];
  it('never throw, stay inside the text and let no template text through as Markdown', () => {
    let shown = 0;
    for (const [uri, text] of TEXTS) {
      const analysis = analyze([{ uri, text }], DEFAULT_SETTINGS);
      assert.ok(analysis, uri);
      const lines = analysis.documents[0]?.lines;
      assert.ok(lines);
      for (let offset = 0; offset <= text.length; offset++) {
        const quiet = hoverAt({ ...analysis, findings: [], suppressed: [] }, uri, offset);
        for (const model of [quiet, hoverAt(analysis, uri, offset)]) {
          if (!model) continue;
          shown++;
          const { start, end } = model.range;
          const last = text.split('\n');
          assert.ok(start.line >= 0 && end.line < last.length, `${uri} ${offset}`);
          assert.ok(end.character <= (last[end.line]?.length ?? 0), `${uri} ${offset}`);
          const markdown = renderHover(model, { icons: false });
          assert.doesNotMatch(
            markdown.replace(/(`+)[\s\S]*?\1/g, ''),
            /\[a\]\(b\)|(?<!\\)\$\(alert/,
            `${uri} ${offset}`,
          );
          assert.doesNotMatch(markdown, /undefined|\[object/, `${uri} ${offset}`);
        }
      }
    }
    assert.ok(shown > 400, String(shown));
  });

  it('never throw at any place of a policy that is being typed', () => {
    const text = TEXTS[0]?.[1] ?? '';
    for (let length = 40; length <= text.length; length += 3) {
      const source = { uri: 'file:///a.json', text: text.slice(0, length) };
      const analysis = analyze([source], DEFAULT_SETTINGS);
      if (!analysis) continue;
      for (const offset of [length, length - 1, length - 7, length >> 1]) hoverAt(analysis, source.uri, offset);
    }
  });
});
