import assert from 'node:assert/strict';
import test from 'node:test';
import { asPositive, judgeAlone, judgeClauses } from '../../server/src/iam/narrowing.ts';
import { isPublic, narrowed, principalVerdicts, publicVerdict, type Verdict } from '../../server/src/iam/public.ts';
import { externalIdGuard, oidcTrust } from '../../server/src/iam/trust.ts';
import type { Template } from '../../server/src/template/template.ts';
import { cloudFormation, onlyPolicy, onlyStatement, terraform } from './iam-support.ts';

const BUCKET = 'arn:aws:s3:::bucket';

/** A bucket policy; `rest` is the rest of the template. */
function bucketPolicy(statement: object | object[], rest: object = {}): Template {
  const statements = [statement]
    .flat()
    .map((one) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: `${BUCKET}/*`, ...one }));
  return cloudFormation(
    {
      P: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: { Bucket: 'bucket', PolicyDocument: { Version: '2012-10-17', Statement: statements } },
      },
      Role: { Type: 'AWS::IAM::Role', Properties: {} },
      Bucket: { Type: 'AWS::S3::Bucket' },
      Oai: { Type: 'AWS::CloudFront::CloudFrontOriginAccessIdentity', Properties: {} },
    },
    {
      Parameters: { Account: { Type: 'String' } },
      Conditions: { C: { 'Fn::Equals': [{ Ref: 'Account' }, 'x'] } },
      ...rest,
    },
  );
}

function verdict(statement: object | object[], rest?: object): Verdict {
  return publicVerdict(onlyPolicy(bucketPolicy(statement, rest))).verdict;
}

const everyone = (Condition?: object): Verdict => verdict({ Principal: '*', ...(Condition && { Condition }) });
const sub = (text: string) => ({ 'Fn::Sub': text });

test('section 1: principals', () => {
  const rows: readonly (readonly [unknown, Verdict])[] = [
    ['*', 'PUBLIC'],
    [{ AWS: '*' }, 'PUBLIC'],
    [{ AWS: ['arn:aws:iam::123456789012:root', '*'] }, 'PUBLIC'],
    [['*'], 'PUBLIC'],
    [{ '*': '*' }, 'PUBLIC'],
    [{ Service: '*' }, 'PUBLIC'],
    [{ Federated: '*' }, 'PUBLIC'],
    [{ CanonicalUser: '*' }, 'NONE'],
    [{ AWS: 'arn:aws:iam::*:root' }, 'NONE'],
    [{ AWS: 'arn:aws:iam::*:role/x' }, 'NONE'],
    [{ AWS: 'arn:aws:iam::123456789012:role/*' }, 'NONE'],
    [{ AWS: '123*' }, 'NONE'],
    [{ AWS: '123456789012' }, 'EXTERNAL-ACCOUNT'],
    [{ AWS: 'arn:aws:iam::123456789012:root' }, 'EXTERNAL-ACCOUNT'],
    [{ AWS: 'arn:aws:iam::123456789012:role/r' }, 'EXTERNAL-ACCOUNT'],
    [{ AWS: 'arn:aws:sts::123456789012:assumed-role/r/s' }, 'EXTERNAL-ACCOUNT'],
    [{ AWS: { Ref: 'AWS::AccountId' } }, 'OWN'],
    [{ AWS: sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:root') }, 'OWN'],
    [{ AWS: { 'Fn::GetAtt': ['Role', 'Arn'] } }, 'OWN'],
    [{ AWS: { Ref: 'Account' } }, 'UNKNOWN'],
    [{ AWS: sub('arn:aws:iam::${Account}:root') }, 'UNKNOWN'],
    [{ AWS: ['123456789012', { Ref: 'Account' }] }, 'EXTERNAL-ACCOUNT'],
    [{ AWS: [{ Ref: 'AWS::AccountId' }, { Ref: 'Account' }] }, 'UNKNOWN'],
    [{ AWS: 'AROAEXAMPLEEXAMPLE123' }, 'FIXED'],
    [{ AWS: 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1' }, 'FIXED'],
    [{ CanonicalUser: '0'.repeat(64) }, 'FIXED'],
    [{ CanonicalUser: { 'Fn::GetAtt': ['Oai', 'S3CanonicalUserId'] } }, 'FIXED'],
    [{ Service: 'cloudtrail.amazonaws.com' }, 'SERVICE-UNBOUNDED'],
    [{ Service: sub('logs.${AWS::Region}.amazonaws.com') }, 'SERVICE-UNBOUNDED'],
    [{ Service: 'delivery.logs.amazonaws.com' }, 'FIXED'],
    [{ Service: { Ref: 'Account' } }, 'UNKNOWN'],
    [{ Federated: 'graph.facebook.com' }, 'PUBLIC'],
    [{ Federated: 'cognito-identity.amazonaws.com' }, 'PUBLIC'],
    [{ Federated: 'arn:aws:iam::123456789012:oidc-provider/example.com' }, 'NONE'],
    [{ Federated: 'arn:aws:iam::123456789012:saml-provider/p' }, 'FIXED'],
    [{}, 'NONE'],
    [[], 'NONE'],
    [{ AWS: [] }, 'NONE'],
    [{ Aws: '*' }, 'NONE'],
    [{ Ref: 'Account' }, 'UNKNOWN'],
  ];
  for (const [principal, expected] of rows)
    assert.equal(verdict({ Principal: principal }), expected, JSON.stringify(principal));
  assert.equal(verdict({}), 'NONE');
  assert.equal(verdict({ NotPrincipal: { AWS: '123456789012' } }), 'PUBLIC');
  assert.equal(verdict({ Effect: 'Deny', NotPrincipal: { AWS: '123456789012' } }), 'NONE');
  assert.equal(verdict({ Effect: 'Deny', Principal: '*' }), 'NONE');
  assert.equal(verdict({ Effect: { Ref: 'Account' }, Principal: '*' }), 'UNKNOWN');
});

test('an account that the caller knows as its own is not foreign', () => {
  const policy = onlyPolicy(bucketPolicy({ Principal: { AWS: '123456789012' } }));
  assert.equal(publicVerdict(policy, { ownAccounts: ['123456789012'] }).verdict, 'OWN');
});

test('section 2: kinds and services', () => {
  const of = (type: string, properties: object): Verdict =>
    publicVerdict(onlyPolicy(cloudFormation({ R: { Type: type, Properties: properties } }))).verdict;
  const open = { Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] };
  assert.equal(of('AWS::SQS::QueuePolicy', { PolicyDocument: open }), 'PUBLIC');
  assert.equal(of('AWS::KMS::Key', { KeyPolicy: open }), 'ANY-AWS-ACCOUNT');
  assert.equal(of('AWS::SecretsManager::ResourcePolicy', { ResourcePolicy: open }), 'ANY-AWS-ACCOUNT');
  assert.equal(of('AWS::ECR::Repository', { RepositoryPolicyText: open }), 'ANY-AWS-ACCOUNT');
  assert.equal(of('AWS::ECR::PublicRepository', { RepositoryPolicyText: open }), 'NONE');
  assert.equal(of('AWS::EC2::VPCEndpoint', { PolicyDocument: open }), 'NONE');
  assert.equal(of('AWS::IAM::ManagedPolicy', { PolicyDocument: open }), 'NONE');
  assert.equal(of('AWS::IoT::Policy', { PolicyDocument: open }), 'NONE');
  assert.equal(of('AWS::VpcLattice::AuthPolicy', { Policy: open }), 'UNKNOWN');
  const permission = (more: object) =>
    of('AWS::Lambda::Permission', { Action: 'lambda:InvokeFunction', FunctionName: 'f', Principal: '*', ...more });
  assert.equal(permission({}), 'ANY-AWS-ACCOUNT');
  assert.equal(permission({ FunctionUrlAuthType: 'NONE' }), 'PUBLIC');
  assert.equal(permission({ FunctionUrlAuthType: 'AWS_IAM' }), 'ANY-AWS-ACCOUNT');
  assert.equal(permission({ PrincipalOrgID: 'o-abcdefghij' }), 'ORG');
  assert.equal(permission({ SourceAccount: '123456789012' }), 'FIXED');
  assert.equal(permission({ Principal: 's3.amazonaws.com' }), 'SERVICE-UNBOUNDED');
  assert.equal(permission({ Principal: 's3.amazonaws.com', SourceArn: 'arn:aws:s3:::bucket' }), 'FIXED');
  assert.equal(permission({ Principal: 's3.amazonaws.com', SourceArn: 'arn:aws:sns:*:*:*' }), 'SERVICE-UNBOUNDED');
});

test('domains and access points in a VPC are never public', () => {
  const domain = (more: object) =>
    publicVerdict(
      onlyPolicy(
        cloudFormation({
          D: {
            Type: 'AWS::OpenSearchService::Domain',
            Properties: {
              AccessPolicies: { Statement: { Effect: 'Allow', Principal: '*', Action: 'es:*', Resource: '*' } },
              ...more,
            },
          },
        }),
      ),
    ).verdict;
  assert.equal(domain({}), 'PUBLIC');
  assert.equal(domain({ VPCOptions: { SubnetIds: ['subnet-1'] } }), 'NONE');
  assert.equal(domain({ VPCOptions: { Ref: 'AWS::NoValue' } }), 'PUBLIC');
  const policy = '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "es:*", "Resource": "*"}}';
  const apart = (vpc: object) =>
    publicVerdict(
      onlyPolicy(
        terraform({
          resource: {
            aws_opensearch_domain: { d: { domain_name: 'd', ...vpc } },
            aws_opensearch_domain_policy: {
              p: { domain_name: '${aws_opensearch_domain.d.domain_name}', access_policies: policy },
            },
          },
        }),
      ),
    ).verdict;
  assert.equal(apart({}), 'PUBLIC');
  assert.equal(apart({ vpc_options: { subnet_ids: ['subnet-1'] } }), 'NONE');
});

test('section 3: operators', () => {
  const key = { 'aws:PrincipalOrgID': 'o-abcdefghij' };
  const rows: readonly (readonly [string, Verdict])[] = [
    ['StringEquals', 'ORG'],
    ['StringLike', 'ORG'],
    ['StringEqualsIgnoreCase', 'ORG'],
    ['stringequals', 'ORG'],
    ['ForAnyValue:StringEquals', 'ORG'],
    ['StringNotEquals', 'PUBLIC'],
    ['StringNotLike', 'PUBLIC'],
    ['StringEqualsIfExists', 'PUBLIC'],
    ['ForAllValues:StringEquals', 'PUBLIC'],
    ['Null', 'PUBLIC'],
    ['StringEqual', 'UNKNOWN'],
  ];
  for (const [operator, expected] of rows) assert.equal(everyone({ [operator]: key }), expected, operator);
  // A key that must be there cannot be missing.
  const present = { Null: { 'aws:PrincipalOrgID': 'false' } };
  assert.equal(everyone({ StringEqualsIfExists: key, ...present }), 'ORG');
  assert.equal(everyone({ 'ForAllValues:StringEquals': key, ...present }), 'ORG');
});

test('section 3: keys and values', () => {
  const account = '123456789012';
  const rows: readonly (readonly [string, string, unknown, Verdict])[] = [
    ['StringLike', 'aws:PrincipalOrgID', 'o-*', 'PUBLIC'],
    ['StringLike', 'aws:PrincipalOrgID', '*', 'PUBLIC'],
    ['StringEquals', 'aws:PrincipalOrgID', '*', 'NONE'],
    ['StringEquals', 'aws:PrincipalOrgID', ['o-abcdefghij', 'o-klmnopqrst'], 'ORG'],
    ['StringLike', 'aws:PrincipalOrgID', ['o-abcdefghij', '*'], 'PUBLIC'],
    ['StringEquals', 'AWS:principalorgid', 'o-abcdefghij', 'ORG'],
    ['StringEquals', 'aws:PrincipalOrgID', '${aws:PrincipalOrgID}', 'PUBLIC'],
    ['StringEquals', 'aws:PrincipalOrgID', '${aws:ResourceOrgID}', 'UNKNOWN'],
    ['StringEquals', 'aws:PrincipalOrgID', { Ref: 'Account' }, 'UNKNOWN'],
    ['StringEquals', 'aws:PrincipalOrgID', [], 'NONE'],
    ['ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-abcdefghij/r-ab12/*', 'ORG'],
    ['ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-*/r-ab12/*', 'PUBLIC'],
    ['ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', '*', 'PUBLIC'],
    ['StringLike', 'aws:PrincipalOrgPaths', 'o-abcdefghij/*', 'UNKNOWN'],
    ['StringEquals', 'aws:PrincipalAccount', account, 'EXTERNAL-ACCOUNT'],
    ['StringEquals', 'aws:PrincipalAccount', { Ref: 'AWS::AccountId' }, 'OWN'],
    ['StringEquals', 'aws:PrincipalAccount', [{ Ref: 'AWS::AccountId' }, account], 'EXTERNAL-ACCOUNT'],
    ['StringLike', 'aws:PrincipalAccount', '*', 'PUBLIC'],
    ['ArnLike', 'aws:PrincipalArn', `arn:aws:iam::${account}:role/*`, 'EXTERNAL-ACCOUNT'],
    ['ArnLike', 'aws:PrincipalArn', sub('arn:aws:iam::${AWS::AccountId}:role/*'), 'OWN'],
    ['ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/Admin', 'PUBLIC'],
    ['ArnEquals', 'aws:PrincipalArn', { 'Fn::GetAtt': ['Role', 'Arn'] }, 'OWN'],
    ['StringLike', 'aws:userid', 'AROAEXAMPLEEXAMPLE123:*', 'FIXED'],
    ['StringLike', 'aws:userid', 'AROA*', 'PUBLIC'],
    ['StringLike', 'aws:userid', '*:*', 'PUBLIC'],
    ['ArnLike', 'aws:SourceArn', `arn:aws:sns:*:${account}:*`, 'FIXED'],
    ['ArnLike', 'aws:SourceArn', 'arn:aws:sns:*:*:*', 'PUBLIC'],
    ['ArnLike', 'aws:SourceArn', 'arn:aws:s3:::bucket', 'FIXED'],
    ['ArnLike', 'aws:SourceArn', 'arn:aws:s3:::*', 'PUBLIC'],
    ['ArnLike', 'aws:SourceArn', 'arn:aws:s3:*', 'PUBLIC'],
    ['ArnLike', 'aws:SourceArn', 'arn:aws:s3:::a-long-prefix-*', 'UNKNOWN'],
    ['ArnLike', 'aws:SourceArn', sub('${Bucket.Arn}/*'), 'FIXED'],
    ['ArnLike', 'aws:SourceArn', sub('arn:aws:sns:*:${AWS::AccountId}:*'), 'FIXED'],
    ['ArnLike', 'aws:SourceArn', sub('arn:aws:sns:*:${Account}:*'), 'UNKNOWN'],
    ['StringEquals', 'aws:SourceAccount', account, 'FIXED'],
    ['StringEquals', 'aws:SourceOrgID', 'o-abcdefghij', 'ORG'],
    ['StringEquals', 'aws:SourceVpc', 'vpc-12345678', 'FIXED'],
    ['StringLike', 'aws:SourceVpc', 'vpc-*', 'PUBLIC'],
    ['StringEquals', 'aws:SourceVpce', ['vpce-12345678'], 'FIXED'],
    ['StringLike', 'aws:SourceVpce', 'vpce-*', 'PUBLIC'],
    ['IpAddress', 'aws:SourceIp', '203.0.113.0/24', 'FIXED'],
    ['IpAddress', 'aws:SourceIp', '203.0.113.7', 'FIXED'],
    ['IpAddress', 'aws:SourceIp', '11.0.0.0/8', 'FIXED'],
    ['IpAddress', 'aws:SourceIp', '0.0.0.0/0', 'PUBLIC'],
    ['IpAddress', 'aws:SourceIp', ['0.0.0.0/1', '128.0.0.0/1'], 'PUBLIC'],
    ['IpAddress', 'aws:SourceIp', '::/0', 'PUBLIC'],
    ['IpAddress', 'aws:SourceIp', '2001:db8::/32', 'FIXED'],
    ['IpAddress', 'aws:SourceIp', 'fc00::/7', 'FIXED'],
    ['IpAddress', 'aws:SourceIp', { Ref: 'Account' }, 'UNKNOWN'],
    ['NotIpAddress', 'aws:SourceIp', '203.0.113.0/24', 'PUBLIC'],
    ['IpAddress', 'aws:VpcSourceIp', '10.0.0.0/8', 'PUBLIC'],
    ['ArnLike', 's3:DataAccessPointArn', `arn:aws:s3:*:${account}:accesspoint/*`, 'FIXED'],
    ['ArnLike', 's3:DataAccessPointArn', 'arn:aws:s3:*:*:accesspoint/*', 'PUBLIC'],
    ['StringEquals', 's3:DataAccessPointAccount', account, 'FIXED'],
    ['StringEquals', 'kms:CallerAccount', account, 'EXTERNAL-ACCOUNT'],
    ['StringEquals', 'kms:ViaService', 's3.us-east-1.amazonaws.com', 'PUBLIC'],
    ['StringEquals', 'aws:PrincipalTag/team', 'x', 'PUBLIC'],
    ['StringEquals', 'aws:username', 'x', 'PUBLIC'],
    ['StringLike', 'aws:Referer', 'https://example.com/*', 'PUBLIC'],
    ['StringEquals', 'aws:UserAgent', 'x', 'PUBLIC'],
    ['Bool', 'aws:SecureTransport', 'true', 'PUBLIC'],
    ['Bool', 'aws:MultiFactorAuthPresent', 'true', 'PUBLIC'],
    ['DateLessThan', 'aws:CurrentTime', '2030-01-01T00:00:00Z', 'PUBLIC'],
    ['StringEquals', 'aws:RequestedRegion', 'us-east-1', 'PUBLIC'],
    ['StringEquals', 'aws:ResourceAccount', account, 'PUBLIC'],
    ['StringLike', 's3:prefix', 'home/*', 'PUBLIC'],
    ['StringEquals', 'example:NewKey', 'x', 'UNKNOWN'],
    ['Bool', 'elasticfilesystem:AccessedViaMountTarget', 'true', 'FIXED'],
  ];
  for (const [operator, key, value, expected] of rows) {
    assert.equal(everyone({ [operator]: { [key]: value } }), expected, `${operator} ${key} ${JSON.stringify(value)}`);
  }
});

test('section 3: the rest of the keys that name callers, and of those that never do', () => {
  const account = '123456789012';
  const rows: readonly (readonly [string, string, unknown, Verdict])[] = [
    ['StringEquals', 'aws:SourceOwner', account, 'FIXED'],
    ['ForAnyValue:StringLike', 'aws:SourceOrgPaths', 'o-abcdefghij/r-ab12/ou-ab12-*', 'ORG'],
    ['ArnEquals', 'aws:SourceVpcArn', `arn:aws:ec2:eu-west-1:${account}:vpc/vpc-12345678`, 'FIXED'],
    ['ArnLike', 'aws:SourceVpcArn', 'arn:aws:ec2:*:*:vpc/*', 'PUBLIC'],
    ['StringEquals', 'aws:VpceAccount', account, 'FIXED'],
    ['StringLike', 'aws:VpceAccount', '1*', 'PUBLIC'],
    ['StringEquals', 'aws:VpceOrgID', 'o-abcdefghij', 'ORG'],
    ['ForAnyValue:StringLike', 'aws:VpceOrgPaths', 'o-abcdefghij/*', 'ORG'],
    ['ArnLike', 's3:AccessGrantsInstanceArn', `arn:aws:s3:*:${account}:access-grants/default`, 'FIXED'],
    [
      'StringEquals',
      's3:x-amz-server-side-encryption-aws-kms-key-id',
      `arn:aws:kms:eu-west-1:${account}:key/1`,
      'FIXED',
    ],
    ['StringLike', 's3:x-amz-server-side-encryption-aws-kms-key-id', '*', 'PUBLIC'],
    ['IpAddress', 'aws:SourceIp', '64.0.0.0/7', 'PUBLIC'],
    ['IpAddress', 'aws:SourceIp', '2001:d00::/24', 'PUBLIC'],
    ['IpAddress', 'aws:SourceIp', '10.0.0.0/8', 'FIXED'],
    ['IpAddress', 'aws:SourceIp', '172.16.0.0/12', 'FIXED'],
    ['IpAddress', 'aws:SourceIp', ['203.0.113.0/24', { Ref: 'Account' }], 'UNKNOWN'],
    ['StringEquals', 'aws:PrincipalType', 'User', 'PUBLIC'],
    ['StringEquals', 'aws:ResourceTag/open', 'yes', 'PUBLIC'],
    ['StringEquals', 'aws:RequestTag/team', 'x', 'PUBLIC'],
    ['Bool', 'aws:ViaAWSService', 'true', 'PUBLIC'],
    ['ForAnyValue:StringEquals', 'aws:CalledVia', 'athena.amazonaws.com', 'PUBLIC'],
    ['StringEquals', 'aws:ResourceOrgID', 'o-abcdefghij', 'PUBLIC'],
    ['NumericLessThan', 'aws:EpochTime', '1893456000', 'PUBLIC'],
    ['StringEquals', 's3:authType', 'REST-HEADER', 'PUBLIC'],
    ['StringEquals', 's3:signatureversion', 'AWS4-HMAC-SHA256', 'PUBLIC'],
    ['StringEquals', 'kms:EncryptionContext:aws:s3:arn', BUCKET, 'PUBLIC'],
    ['StringEquals', 'sts:ExternalId', 'x', 'PUBLIC'],
    ['StringEquals', 'aws:PrincipalAccount', '${aws:PrincipalAccount}', 'PUBLIC'],
    ['Bool', 'aws:PrincipalIsAWSService', 'true', 'UNKNOWN'],
  ];
  for (const [operator, key, value, expected] of rows) {
    assert.equal(everyone({ [operator]: { [key]: value } }), expected, `${operator} ${key} ${JSON.stringify(value)}`);
  }
});

test('a clause is judged as if its operator let in only whom it names', () => {
  const of = (operator: string, key: string, value: string) => {
    const statement = onlyStatement(bucketPolicy({ Principal: '*', Condition: { [operator]: { [key]: value } } }));
    const { operator: positive } = asPositive(statement.conditions[0]!);
    return `${positive.name} ${judgeAlone(asPositive(statement.conditions[0]!), statement).result}`;
  };
  assert.equal(of('StringNotEqualsIfExists', 'aws:PrincipalOrgID', 'o-abcdefghij'), 'StringEquals narrows');
  assert.equal(of('ArnNotLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/x'), 'ArnLike fails');
  assert.equal(of('NotIpAddress', 'aws:SourceIp', '203.0.113.0/24'), 'IpAddress narrows');
  assert.equal(of('StringNotLike', 'aws:Referer', 'x'), 'StringLike fails');
  assert.equal(of('NumericNotEquals', 'aws:MultiFactorAuthAge', '5'), 'undefined unknown');
});

test('one good key suffices, conditions of the template are not certain', () => {
  assert.equal(everyone({ StringLike: { 'aws:Referer': 'x', 'aws:SourceVpc': 'vpc-12345678' } }), 'FIXED');
  assert.equal(
    everyone({ StringEquals: { 'aws:SourceVpc': 'vpc-12345678', 'aws:PrincipalOrgID': 'o-abcdefghij' } }),
    'FIXED',
  );
  const org = { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } };
  // One alternative lets everyone in.
  assert.equal(everyone({ 'Fn::If': ['C', org, { Ref: 'AWS::NoValue' }] }), 'PUBLIC');
  assert.equal(everyone({ StringEquals: { 'Fn::If': ['C', org.StringEquals, { Ref: 'AWS::NoValue' }] } }), 'UNKNOWN');
  assert.equal(verdict({ Principal: { AWS: { 'Fn::If': ['C', '*', '123456789012'] } } }), 'PUBLIC');
});

test('a verdict says what narrows and what does not', () => {
  const policy = onlyPolicy(
    bucketPolicy({
      Principal: '*',
      Condition: { StringLike: { 'aws:Referer': 'x' }, StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } },
    }),
  );
  const found = publicVerdict(policy);
  assert.deepEqual(
    found.notNarrowedBy.map(({ clause }) => clause.key),
    ['aws:Referer', 'aws:SourceVpc'],
  );
  assert.match(found.notNarrowedBy[0]?.why ?? '', /caller/);
  assert.equal(found.anonymous, true);
  assert.equal(found.principal?.text, '*');
  assert.equal(narrowed(policy.statements[0]!), undefined);
  const fixed = onlyPolicy(bucketPolicy({ Principal: '*', Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } }));
  assert.equal(narrowed(fixed.statements[0]!)?.by.key, 'aws:SourceVpc');
  assert.equal(publicVerdict(fixed).narrowedBy?.key, 'aws:SourceVpc');
  assert.equal(publicVerdict(fixed).anonymous, false);
});

test('the widest statement decides; every principal is told', () => {
  const policy = onlyPolicy(
    bucketPolicy([{ Principal: { AWS: ['123456789012', '*'] } }, { Principal: { Service: 'x.amazonaws.com' } }]),
  );
  const found = publicVerdict(policy);
  assert.deepEqual(
    found.principals.map((one) => one.verdict),
    ['PUBLIC', 'SERVICE-UNBOUNDED', 'EXTERNAL-ACCOUNT'],
  );
  assert.equal(found.statement, policy.statements[0]);
  assert.equal(isPublic(found.verdict), true);
  assert.equal(principalVerdicts(policy.statements[1]!).length, 1);
});

test('Deny statements: perimeters keep outsiders out, others do not', () => {
  const allow = { Principal: '*' };
  const deny = (more: object) =>
    verdict([allow, { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET, `${BUCKET}/*`], ...more }]);
  const unless = (operator: string, key: string, value: unknown) =>
    deny({ Condition: { [operator]: { [key]: value } } });
  assert.equal(deny({}), 'NONE');
  assert.equal(unless('StringNotEquals', 'aws:PrincipalOrgID', 'o-abcdefghij'), 'ORG');
  assert.equal(unless('StringNotEqualsIfExists', 'aws:PrincipalOrgID', 'o-abcdefghij'), 'ORG');
  assert.equal(unless('StringNotEquals', 'aws:PrincipalAccount', { Ref: 'AWS::AccountId' }), 'OWN');
  assert.equal(unless('StringNotEquals', 'aws:SourceVpce', 'vpce-12345678'), 'FIXED');
  assert.equal(unless('NotIpAddress', 'aws:SourceIp', '203.0.113.0/24'), 'FIXED');
  assert.equal(unless('NotIpAddress', 'aws:SourceIp', '0.0.0.0/0'), 'PUBLIC');
  assert.equal(unless('StringNotEquals', 'aws:PrincipalOrgID', { Ref: 'Account' }), 'UNKNOWN');
  assert.equal(unless('StringEquals', 'aws:PrincipalOrgID', 'o-abcdefghij'), 'PUBLIC');
  assert.equal(unless('Bool', 'aws:SecureTransport', 'false'), 'PUBLIC');
  assert.equal(unless('StringNotLike', 'aws:Referer', 'x'), 'PUBLIC');
  const two = {
    StringNotEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' },
    BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
  };
  assert.equal(deny({ Condition: two }), 'ORG');
  assert.equal(deny({ Condition: { ...two, Bool: { 'aws:SecureTransport': 'false' } } }), 'PUBLIC');
  const org = { Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } } };
  assert.equal(deny({ ...org, Action: 's3:Put*' }), 'PUBLIC');
  assert.equal(deny({ ...org, Resource: BUCKET }), 'PUBLIC');
  assert.equal(deny({ ...org, Principal: { AWS: '123456789012' } }), 'PUBLIC');
  assert.equal(
    verdict([
      { ...allow, Resource: sub('${Bucket.Arn}/*') },
      { Effect: 'Deny', Principal: '*', Action: '*', Resource: sub('${Bucket.Arn}/*') },
    ]),
    'NONE',
  );
  const policy = onlyPolicy(
    bucketPolicy([allow, { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', ...org }]),
  );
  assert.equal(publicVerdict(policy).rescuedBy, policy.statements[1]);
});

test('a Deny under a condition of the template is not certain', () => {
  const policy = bucketPolicy({ Principal: '*' });
  assert.equal(publicVerdict(onlyPolicy(policy)).verdict, 'PUBLIC');
  const text = {
    P: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        PolicyDocument: {
          Statement: [
            { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' },
            {
              'Fn::If': ['C', { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' }, { Ref: 'AWS::NoValue' }],
            },
          ],
        },
      },
    },
  };
  const template = cloudFormation(text, {
    Parameters: { A: { Type: 'String' } },
    Conditions: { C: { 'Fn::Equals': [{ Ref: 'A' }, 'x'] } },
  });
  assert.equal(publicVerdict(onlyPolicy(template)).verdict, 'UNKNOWN');
});

test('section 4: services need a source', () => {
  const service = (Condition?: object) =>
    verdict({ Principal: { Service: 'sns.amazonaws.com' }, ...(Condition && { Condition }) });
  assert.equal(service(), 'SERVICE-UNBOUNDED');
  assert.equal(service({ StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } }), 'FIXED');
  assert.equal(service({ ArnLike: { 'aws:SourceArn': 'arn:aws:sns:us-east-1:123456789012:t' } }), 'FIXED');
  assert.equal(service({ StringEquals: { 'aws:SourceOrgID': 'o-abcdefghij' } }), 'ORG');
  assert.equal(service({ StringLike: { 'aws:Referer': 'x' } }), 'SERVICE-UNBOUNDED');
  assert.equal(service({ StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } }), 'SERVICE-UNBOUNDED');
  assert.equal(service({ StringEqualsIfExists: { 'aws:SourceAccount': '123456789012' } }), 'SERVICE-UNBOUNDED');
  // Requests of services carry no principal keys: the statement may match nothing, which another rule says.
  assert.equal(service({ StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } }), 'UNKNOWN');
});

function trust(statement: object): Template {
  return cloudFormation({
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: { Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', ...statement } },
      },
    },
    Provider: { Type: 'AWS::IAM::OIDCProvider', Properties: { Url: 'https://token.actions.githubusercontent.com' } },
  });
}

test('section 4: trust of services and accounts', () => {
  const of = (statement: object) => publicVerdict(onlyPolicy(trust(statement))).verdict;
  assert.equal(of({ Principal: { Service: 'ec2.amazonaws.com' } }), 'FIXED');
  assert.equal(of({ Principal: '*' }), 'PUBLIC');
  assert.equal(of({ Principal: { AWS: '*' } }), 'PUBLIC');
  assert.equal(
    of({ Principal: { AWS: '*' }, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } } }),
    'ORG',
  );
  assert.equal(of({ Principal: { Federated: 'arn:aws:iam::123456789012:saml-provider/p' } }), 'FIXED');
  const foreign = { Principal: { AWS: '123456789012' } };
  const external = { StringEquals: { 'sts:ExternalId': 'abc' } };
  assert.equal(of(foreign), 'EXTERNAL-ACCOUNT');
  assert.equal(of({ ...foreign, Condition: external }), 'EXTERNAL-ACCOUNT');
  const guard = (Condition: object) => externalIdGuard(onlyStatement(trust({ ...foreign, Condition })));
  assert.equal(guard(external)?.key, 'sts:ExternalId');
  assert.equal(guard({ StringLike: { 'sts:ExternalId': '*' } }), undefined);
  assert.equal(guard({ StringEqualsIfExists: { 'sts:ExternalId': 'abc' } }), undefined);
  assert.ok(publicVerdict(onlyPolicy(trust({ ...foreign, Condition: external }))).externalId);
  // It does not keep everyone out.
  assert.notEqual(of({ Principal: { AWS: '*' }, Condition: external }), 'FIXED');
});

test('section 4: identity providers', () => {
  const github = 'token.actions.githubusercontent.com';
  const provider = `arn:aws:iam::123456789012:oidc-provider/${github}`;
  const state = (Condition: object | undefined, Federated: unknown = provider) => {
    const statement = onlyStatement(
      trust({ Principal: { Federated }, Action: 'sts:AssumeRoleWithWebIdentity', ...(Condition && { Condition }) }),
    );
    const found = oidcTrust(statement, statement.principals[0]!);
    return [found?.state, publicVerdict(statement.policy).verdict].join(' ');
  };
  const subject = (value: unknown, operator = 'StringLike') => state({ [operator]: { [`${github}:sub`]: value } });
  assert.equal(state(undefined), 'unscoped PUBLIC');
  assert.equal(state({ StringEquals: { [`${github}:aud`]: 'sts.amazonaws.com' } }), 'no-subject PUBLIC');
  assert.equal(subject('repo:org/repo:ref:refs/heads/main'), 'scoped FIXED');
  assert.equal(subject('repo:org/repo:*'), 'wildcard-rest FIXED');
  assert.equal(subject('repo:org/*'), 'wildcard-rest FIXED');
  assert.equal(subject('*'), 'wildcard-owner PUBLIC');
  assert.equal(subject('repo:*'), 'wildcard-owner PUBLIC');
  assert.equal(subject('repo:org*'), 'wildcard-owner PUBLIC');
  assert.equal(subject('repo:org*/repo:*'), 'wildcard-owner PUBLIC');
  assert.equal(subject(['repo:org/repo:*', 'repo:*']), 'wildcard-owner PUBLIC');
  // Ids behind the names: the names tell whose it is, whatever the ids.
  assert.equal(subject('repo:org@12/repo@34:ref:refs/heads/main'), 'scoped FIXED');
  assert.equal(subject('repo:org@*/repo@*:ref:refs/heads/main'), 'scoped FIXED');
  assert.equal(subject('repo:org@*/repo@*:*'), 'wildcard-rest FIXED');
  assert.equal(subject('repo:org@*'), 'wildcard-rest FIXED');
  assert.equal(subject('repo:*@12/repo@34:*'), 'wildcard-owner PUBLIC');
  assert.equal(subject('repo:org*@12/repo@34:*'), 'wildcard-owner PUBLIC');
  assert.equal(subject('environment:prod'), 'caller-claim PUBLIC');
  // AWS STS checks other claims of GitHub too.
  assert.equal(state({ StringEquals: { [`${github}:repository_id`]: '34' } }), 'scoped FIXED');
  assert.equal(state({ StringEquals: { [`${github}:environment`]: 'prod' } }), 'no-subject PUBLIC');
  assert.equal(subject('workflow:x:repo:org/repo:ref:refs/heads/main', 'StringEquals'), 'caller-claim PUBLIC');
  assert.equal(subject('invalid', 'StringEquals'), 'malformed NONE');
  // A wildcard compared as a character was meant wide and matches no token.
  assert.equal(subject('repo:org*', 'StringEquals'), 'wildcard-owner NONE');
  assert.equal(subject('repo:org/repo:*', 'StringNotLike'), 'unscoped PUBLIC');
  assert.equal(subject('repo:org/repo:*', 'StringLikeIfExists'), 'unscoped PUBLIC');
  assert.equal(subject({ Ref: 'AWS::StackName' }), 'unknown UNKNOWN');
  assert.equal(
    state({ StringLike: { [`${github}:sub`]: 'repo:org/repo:*' } }, { Ref: 'Provider' }),
    'wildcard-rest FIXED',
  );
  assert.equal(state(undefined, { Ref: 'Provider' }), 'unscoped PUBLIC');
  const gitlab = 'arn:aws:iam::123456789012:oidc-provider/gitlab.com';
  const project = (value: string) => state({ StringLike: { 'gitlab.com:sub': value } }, gitlab);
  assert.equal(project('project_path:group/project:ref_type:branch:ref:main'), 'scoped FIXED');
  assert.equal(project('project_path:group/*:ref_type:branch:ref:main'), 'wildcard-rest FIXED');
  assert.equal(project('project_path:*:ref_type:branch:ref:main'), 'wildcard-owner PUBLIC');
  assert.equal(project('project_*'), 'wildcard-owner PUBLIC');
  assert.equal(state({ StringEquals: { 'gitlab.com:aud': 'https://gitlab.com' } }, gitlab), 'no-subject PUBLIC');
  const terraformCloud = 'arn:aws:iam::123456789012:oidc-provider/app.terraform.io';
  const workspace = (value: string) => state({ StringLike: { 'app.terraform.io:sub': value } }, terraformCloud);
  assert.equal(workspace('organization:example:project:*:workspace:*:run_phase:*'), 'scoped FIXED');
  assert.equal(workspace('organization:*:project:site:workspace:*:run_phase:*'), 'wildcard-owner PUBLIC');
  // An issuer of one's own names its workloads by the audience already.
  const eks = 'arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/ABC';
  assert.equal(
    state({ StringEquals: { 'oidc.eks.us-east-1.amazonaws.com/id/ABC:aud': 'sts.amazonaws.com' } }, eks),
    'scoped FIXED',
  );
  assert.equal(state({ StringEquals: { 'aws:SourceVpc': 'vpc-1' } }, eks), 'unscoped PUBLIC');
  assert.equal(state({ StringEquals: { 'accounts.google.com:aud': 'x' } }, 'accounts.google.com'), 'scoped FIXED');
  assert.equal(state(undefined, 'cognito-identity.amazonaws.com'), 'unscoped PUBLIC');
});

test('Terraform: own account, own resources, data sources', () => {
  const of = (principals: object, condition?: object) =>
    publicVerdict(
      onlyPolicy(
        terraform({
          variable: { account: {} },
          data: {
            aws_caller_identity: { me: {} },
            aws_partition: { p: {} },
            aws_elb_service_account: { elb: {} },
            aws_iam_policy_document: {
              d: {
                statement: { actions: ['s3:GetObject'], resources: ['*'], principals, ...(condition && { condition }) },
              },
            },
          },
          resource: {
            aws_s3_bucket_policy: { p: { bucket: 'b', policy: '${data.aws_iam_policy_document.d.json}' } },
            aws_iam_role: { r: {} },
            aws_s3_bucket: { b: {} },
          },
        }),
      ),
    ).verdict;
  const aws = (...identifiers: string[]) => of({ type: 'AWS', identifiers });
  assert.equal(of({ type: '*', identifiers: ['*'] }), 'PUBLIC');
  assert.equal(aws('*'), 'PUBLIC');
  assert.equal(aws('${data.aws_caller_identity.me.account_id}'), 'OWN');
  assert.equal(aws('arn:${data.aws_partition.p.partition}:iam::${data.aws_caller_identity.me.account_id}:root'), 'OWN');
  assert.equal(aws('${aws_iam_role.r.arn}'), 'OWN');
  assert.equal(aws('${data.aws_elb_service_account.elb.arn}'), 'FIXED');
  assert.equal(aws('arn:aws:iam::${var.account}:root'), 'UNKNOWN');
  assert.equal(aws('arn:aws:iam::123456789012:root'), 'EXTERNAL-ACCOUNT');
  const everyone = { type: '*', identifiers: ['*'] };
  assert.equal(of(everyone, { test: 'StringEquals', variable: 'aws:PrincipalOrgID', values: ['o-abcdefghij'] }), 'ORG');
  assert.equal(
    of(everyone, { test: 'ArnLike', variable: 'aws:SourceArn', values: ['${aws_s3_bucket.b.arn}'] }),
    'FIXED',
  );
  assert.equal(
    of(everyone, { test: 'StringEquals', variable: 'aws:PrincipalOrgID', values: ['&{aws:PrincipalOrgID}'] }),
    'PUBLIC',
  );
  assert.equal(
    of(everyone, {
      test: 'StringEquals',
      variable: 'aws:PrincipalAccount',
      values: ['${data.aws_caller_identity.me.account_id}'],
    }),
    'OWN',
  );
});

test('in an access point its own ARN narrows nothing', () => {
  const template = cloudFormation({
    A: {
      Type: 'AWS::S3::AccessPoint',
      Properties: {
        Policy: {
          Statement: {
            Effect: 'Allow',
            Principal: '*',
            Action: 's3:GetObject',
            Condition: { ArnLike: { 's3:DataAccessPointArn': 'arn:aws:s3:*:123456789012:accesspoint/*' } },
          },
        },
      },
    },
  });
  const [judged] = judgeClauses(onlyStatement(template), 'everyone');
  assert.equal(judged?.result, 'fails');
  assert.equal(publicVerdict(onlyPolicy(template)).verdict, 'PUBLIC');
});
