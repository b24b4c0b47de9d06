/** Condition operators and values that do not fit each other or their key; conditions that say nothing. */

import type { Json, PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const CONDITION_VALUE_CHECKS: Readonly<Record<string, string>> = {
  'cond-duplicate-key': 'iam-condition-invalid/cond-duplicate-key',
  'cond-mixed-types': 'iam-condition-invalid/cond-mixed-types',
  'cond-multi-bool': 'iam-condition-invalid/cond-multi-bool',
  'null-ifexists': 'iam-condition-invalid/null-ifexists',
  'null-value-type': 'iam-condition-invalid/null-value-type',
  'cond-type-mismatch': 'iam-condition-invalid/cond-type-mismatch',
  'cond-value-bool': 'iam-condition-invalid/cond-value-bool',
  'cond-value-number': 'iam-condition-invalid/cond-value-number',
  'cond-value-date': 'iam-condition-invalid/cond-value-date',
  'cond-value-date-epoch': 'iam-condition-invalid/cond-value-date-epoch',
  'cond-value-ip': 'iam-condition-invalid/cond-value-ip',
  'cond-value-binary': 'iam-condition-invalid/cond-value-binary',
  'cond-private-ip-only': 'iam-condition-invalid/cond-private-ip-only',
  'cond-region-value': 'iam-condition-invalid/cond-region-value',
  'cond-vpc-format': 'iam-condition-invalid/cond-vpc-format',
  'cond-vpce-format': 'iam-condition-invalid/cond-vpce-format',
  'cond-kms-key-value': 'iam-condition-invalid/cond-kms-key-value',
  'cond-missing-qualifier': 'iam-condition-invalid/cond-missing-qualifier',
  'wildcard-without-like': 'iam-condition-invalid/wildcard-without-like',
  'null-qualifier': 'iam-policy-redundant/null-qualifier',
  'cond-ip-hostbits': 'iam-policy-redundant/cond-ip-hostbits',
  'cond-private-ip-some': 'iam-policy-redundant/cond-private-ip-some',
  'equivalent-null-false': 'iam-policy-redundant/equivalent-null-false',
  'equivalent-null-true': 'iam-policy-redundant/equivalent-null-true',
  'cond-key-always-true': 'iam-policy-redundant/cond-key-always-true',
  'cond-key-never-true': 'iam-policy-redundant/cond-key-never-true',
  'cond-redundant-number': 'iam-policy-redundant/cond-redundant-number',
};

/** A policy that reads objects under a condition. */
function read(condition: Json, effect = 'Allow'): Json {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: effect, Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*', Condition: condition }],
  };
}

/** A policy on instances under a condition. */
function tag(condition: Json, effect = 'Allow'): Json {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: effect,
        Action: 'ec2:CreateTags',
        Resource: 'arn:aws:ec2:eu-west-1:111122223333:instance/*',
        Condition: condition,
      },
    ],
  };
}

const inCondition = (...path: (string | number)[]) => ['Statement', 0, 'Condition', ...path];
const ORG = { StringEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } };

export const CONDITION_VALUE_FIXTURES: readonly PolicyFixture[] = [
  {
    check: 'cond-duplicate-key',
    host: 'identity',
    violates: tag({ StringEquals: { 'aws:RequestedRegion': 'eu-west-1', 'aws:requestedregion': 'eu-west-2' } }),
    at: inCondition('StringEquals', 'aws:requestedregion'),
    onKey: true,
    fixed: tag({ StringEquals: { 'aws:RequestedRegion': ['eu-west-1', 'eu-west-2'] } }),
    satisfies: [
      tag({ StringEquals: { 'aws:RequestedRegion': ['eu-west-1', 'eu-west-2'] } }),
      tag({ StringEquals: { 'aws:PrincipalTag/Team': 'a' }, StringLike: { 'aws:PrincipalTag/team': 'b*' } }),
    ],
  },
  {
    check: 'cond-mixed-types',
    host: 'identity',
    violates: read({ StringEquals: { 'aws:PrincipalAccount': ['111122223333', 444455556666] } }),
    at: inCondition('StringEquals', 'aws:PrincipalAccount', 1),
    fixed: read({ StringEquals: { 'aws:PrincipalAccount': ['111122223333', '444455556666'] } }),
    noData: 'values of a data source are texts',
    satisfies: [
      read({ StringEquals: { 'aws:PrincipalAccount': ['111122223333', '444455556666'] } }),
      read({ NumericLessThan: { 'aws:MultiFactorAuthAge': 3600 } }),
      read({ Bool: { 'aws:SecureTransport': true } }),
    ],
  },
  {
    check: 'cond-mixed-types',
    title: 'a number and a boolean',
    host: 'identity',
    violates: read({ StringEquals: { 'aws:PrincipalTag/level': [1, true] } }),
    at: inCondition('StringEquals', 'aws:PrincipalTag/level', 1),
    fixed: read({ StringEquals: { 'aws:PrincipalTag/level': ['1', 'true'] } }),
    noData: 'values of a data source are texts',
    satisfies: [read({ StringEquals: { 'aws:PrincipalTag/level': [1, 2] } })],
  },
  {
    check: 'cond-multi-bool',
    host: 'identity',
    violates: read({ Bool: { 'aws:SecureTransport': ['true', 'false'] } }),
    at: inCondition('Bool', 'aws:SecureTransport', 1),
    satisfies: [
      read({ Bool: { 'aws:SecureTransport': ['true'] } }),
      read({ Bool: { 'aws:SecureTransport': 'true', 'aws:ViaAWSService': 'false' } }),
      read({ Null: { 'aws:PrincipalTag/team': 'false' } }),
    ],
  },
  {
    check: 'cond-multi-bool',
    title: 'twice the same',
    host: 'identity',
    violates: read({ Null: { 'aws:PrincipalTag/team': ['true', 'true'] } }),
    at: inCondition('Null', 'aws:PrincipalTag/team', 1),
    fixed: read({ Null: { 'aws:PrincipalTag/team': ['true'] } }),
    satisfies: [read({ StringEquals: { 'aws:PrincipalTag/team': ['true', 'false'] } })],
  },
  {
    check: 'null-ifexists',
    host: 'identity',
    violates: read({ NullIfExists: { 'aws:PrincipalTag/team': 'false' } }),
    at: inCondition('NullIfExists'),
    onKey: true,
    fixed: read({ Null: { 'aws:PrincipalTag/team': 'false' } }),
    satisfies: [
      read({ Null: { 'aws:PrincipalTag/team': 'false' } }),
      read({ BoolIfExists: { 'aws:SecureTransport': 'true' } }),
    ],
  },
  {
    check: 'null-value-type',
    host: 'identity',
    violates: read({ Null: { 'aws:PrincipalTag/team': 'platform' } }),
    at: inCondition('Null', 'aws:PrincipalTag/team'),
    satisfies: [
      read({ Null: { 'aws:PrincipalTag/team': 'true' } }),
      read({ Null: { 'aws:PrincipalTag/team': false } }),
      read({ Null: { 'aws:PrincipalTag/team': 'False' } }),
    ],
  },
  {
    check: 'cond-type-mismatch',
    title: 'an address compared as text',
    host: 'identity',
    violates: read({ StringEquals: { 'aws:SourceIp': '203.0.113.0/24' } }),
    at: inCondition('StringEquals'),
    onKey: true,
    fixed: read({ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }),
    satisfies: [
      read({ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }),
      read({ NotIpAddress: { 'aws:VpcSourceIp': '10.0.0.0/8' }, StringEquals: { 'aws:SourceVpc': 'vpc-0a1b2c3d' } }),
      // A tag holds what its author puts there.
      read({ NumericLessThan: { 'aws:PrincipalTag/level': '5' } }),
      read({ DateLessThan: { 'aws:PrincipalTag/until': '2030-01-01T00:00:00Z' } }),
      read({ ArnLike: { 'aws:PrincipalTag/owner': 'arn:aws:iam::111122223333:role/*' } }),
      // ARNs are texts as well.
      read({ StringEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/app' } }),
      read({ NumericLessThan: { 'aws:EpochTime': '1900000000' } }),
      read({ Null: { 'aws:MultiFactorAuthAge': 'true' } }),
      // Keys that AWS's data does not have.
      read({ Bool: { 'example.com:verified': 'true' } }),
    ],
  },
  {
    check: 'cond-type-mismatch',
    title: 'a boolean beside texts',
    host: 'identity',
    violates: read({ StringEquals: { 'aws:PrincipalOrgID': 'o-1234567890', 'aws:SecureTransport': 'true' } }),
    at: inCondition('StringEquals', 'aws:SecureTransport'),
    onKey: true,
    fixed: read({ ...ORG, Bool: { 'aws:SecureTransport': 'true' } }),
    satisfies: [read({ ...ORG, Bool: { 'aws:SecureTransport': 'true' } })],
  },
  {
    check: 'cond-type-mismatch',
    title: 'an order of texts',
    host: 'identity',
    violates: read({ DateLessThanIfExists: { 'aws:MultiFactorAuthAge': '3600' } }),
    at: inCondition('DateLessThanIfExists'),
    onKey: true,
    fixed: read({ NumericLessThanIfExists: { 'aws:MultiFactorAuthAge': '3600' } }),
    satisfies: [read({ NumericLessThanIfExists: { 'aws:MultiFactorAuthAge': '3600' } })],
  },
  {
    check: 'cond-type-mismatch',
    title: 'no operator says it',
    host: 'identity',
    violates: read({ Bool: { 'aws:username': 'alice' } }),
    at: inCondition('Bool'),
    onKey: true,
    fixed: read({ StringEquals: { 'aws:username': 'alice' } }),
    satisfies: [read({ StringEquals: { 'aws:username': 'alice' } })],
  },
  {
    check: 'cond-type-mismatch',
    title: 'not equal has no boolean',
    host: 'identity',
    violates: read({ StringNotEquals: { 'aws:SecureTransport': 'false' } }),
    at: inCondition('StringNotEquals'),
    onKey: true,
    satisfies: [read({ Bool: { 'aws:SecureTransport': 'true' } })],
  },
  {
    check: 'cond-value-bool',
    host: 'identity',
    violates: read({ Bool: { 'aws:SecureTransport': 'enabled' } }),
    at: inCondition('Bool', 'aws:SecureTransport'),
    satisfies: [
      read({ Bool: { 'aws:SecureTransport': 'True' } }),
      read({ BoolIfExists: { 'aws:ViaAWSService': false } }),
    ],
  },
  {
    check: 'cond-value-number',
    host: 'identity',
    violates: read({ NumericLessThan: { 'aws:MultiFactorAuthAge': '1h' } }),
    at: inCondition('NumericLessThan', 'aws:MultiFactorAuthAge'),
    satisfies: [
      read({ NumericLessThan: { 's3:TlsVersion': '1.2' } }, 'Deny'),
      read({ NumericLessThan: { 'aws:MultiFactorAuthAge': 3600 } }),
      read({ NumericGreaterThanEquals: { 'aws:PrincipalTag/level': '-3' } }),
    ],
  },
  {
    check: 'cond-value-date',
    host: 'identity',
    violates: read({ DateLessThan: { 'aws:CurrentTime': '31 December 2030' } }),
    at: inCondition('DateLessThan', 'aws:CurrentTime'),
    satisfies: [
      read({ DateLessThan: { 'aws:CurrentTime': '2030-12-31T23:59:59Z' } }),
      read({ DateLessThan: { 'aws:CurrentTime': '2030-12-31' } }),
      read({ DateLessThan: { 'aws:CurrentTime': '2030-12' } }),
      read({ DateLessThan: { 'aws:CurrentTime': '2030' } }),
      read({ DateLessThan: { 'aws:CurrentTime': '2030-12-31T23:59+01:00' } }),
      read({ DateGreaterThan: { 'aws:TokenIssueTime': '2028-02-29T00:00:00.000Z' } }, 'Deny'),
      read({ DateLessThan: { 'aws:EpochTime': '1900000000' } }),
    ],
  },
  {
    check: 'cond-value-date',
    title: 'a day that no month has',
    host: 'identity',
    violates: read({ DateLessThan: { 'aws:CurrentTime': '2030-06-31T00:00:00Z' } }),
    at: inCondition('DateLessThan', 'aws:CurrentTime'),
    satisfies: [read({ DateLessThan: { 'aws:CurrentTime': '2030-06-30T00:00:00Z' } })],
  },
  {
    check: 'cond-value-date-epoch',
    host: 'identity',
    violates: read({ DateLessThan: { 'aws:CurrentTime': '1900000000' } }),
    at: inCondition('DateLessThan', 'aws:CurrentTime'),
    fixed: read({ DateLessThan: { 'aws:CurrentTime': '2030-03-17T17:46:40Z' } }),
    satisfies: [
      read({ DateLessThan: { 'aws:EpochTime': '1900000000' } }),
      read({ DateLessThan: { 'aws:CurrentTime': '2030' } }),
    ],
  },
  {
    check: 'cond-value-ip',
    host: 'identity',
    violates: read({ IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '203.0.113.300'] } }),
    at: inCondition('IpAddress', 'aws:SourceIp', 1),
    satisfies: [
      read({ IpAddress: { 'aws:SourceIp': ['203.0.113.7', '2001:db8::/32', '2001:DB8:1234:5678::7'] } }),
      read({ NotIpAddress: { 'aws:SourceIp': '198.51.100.0/24' } }, 'Deny'),
    ],
  },
  {
    check: 'cond-value-ip',
    title: 'a star is no network',
    host: 'identity',
    violates: read({ NotIpAddress: { 'aws:SourceIp': '*' } }, 'Deny'),
    at: inCondition('NotIpAddress', 'aws:SourceIp'),
    satisfies: [read({ NotIpAddress: { 'aws:SourceIp': '203.0.113.7' } }, 'Deny')],
  },
  {
    check: 'cond-value-binary',
    host: 'identity',
    violates: read({ BinaryEquals: { 'aws:PrincipalTag/key': 'not base64' } }),
    at: inCondition('BinaryEquals', 'aws:PrincipalTag/key'),
    satisfies: [read({ BinaryEquals: { 'aws:PrincipalTag/key': 'QmluYXJ5VmFsdWVJbkJhc2U2NA==' } })],
  },
  {
    check: 'cond-private-ip-only',
    host: 'identity',
    violates: read({ IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '192.168.1.0/24', 'fd00::/8'] } }),
    at: inCondition('IpAddress', 'aws:SourceIp'),
    onKey: true,
    fixed: read({ IpAddress: { 'aws:VpcSourceIp': ['10.0.0.0/8', '192.168.1.0/24', 'fd00::/8'] } }),
    satisfies: [
      read({ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }),
      read({ IpAddress: { 'aws:VpcSourceIp': '10.0.0.0/8' }, StringEquals: { 'aws:SourceVpc': 'vpc-0a1b2c3d' } }),
      read({ IpAddressIfExists: { 'aws:SourceIp': '10.0.0.0/8' } }),
      // The next address is one of the internet again.
      read({ IpAddress: { 'aws:SourceIp': '172.32.0.0/16' } }),
    ],
  },
  {
    check: 'cond-private-ip-only',
    title: 'everything is outside',
    host: 'bucket',
    violates: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:GetObject',
          Resource: 'arn:aws:s3:::reports/*',
          Condition: { NotIpAddress: { 'aws:SourceIp': '172.16.0.0/12' } },
        },
      ],
    },
    at: inCondition('NotIpAddress', 'aws:SourceIp'),
    onKey: true,
    fixed: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:GetObject',
          Resource: 'arn:aws:s3:::reports/*',
          Condition: { NotIpAddress: { 'aws:VpcSourceIp': '172.16.0.0/12' } },
        },
      ],
    },
    satisfies: [
      {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:GetObject',
            Resource: 'arn:aws:s3:::reports/*',
            Condition: { NotIpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '172.16.0.0/12'] } },
          },
        ],
      },
    ],
  },
  {
    check: 'cond-region-value',
    host: 'identity',
    violates: tag({ StringEquals: { 'aws:RequestedRegion': ['eu-west-1', 'eu-wset-2'] } }),
    at: inCondition('StringEquals', 'aws:RequestedRegion', 1),
    fixed: tag({ StringEquals: { 'aws:RequestedRegion': ['eu-west-1', 'eu-west-2'] } }),
    satisfies: [
      tag({
        StringEquals: { 'aws:RequestedRegion': ['eu-west-1', 'us-gov-west-1', 'cn-northwest-1', 'mx-central-1'] },
      }),
      tag({ StringLike: { 'aws:RequestedRegion': ['eu-*', 'us-*-1', 'ap-southeast-?'] } }),
      tag({ StringNotEquals: { 'aws:RequestedRegion': ['${aws:PrincipalTag/region}'] } }, 'Deny'),
      // AWS adds Regions.
      tag({ StringEquals: { 'aws:RequestedRegion': ['eu-west-4', 'sa-west-1', 'me-west-1'] } }),
    ],
  },
  {
    check: 'cond-region-value',
    title: 'an availability zone',
    host: 'identity',
    violates: tag({ StringEquals: { 'aws:RequestedRegion': 'eu-west-1a' } }),
    at: inCondition('StringEquals', 'aws:RequestedRegion'),
    fixed: tag({ StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } }),
    satisfies: [tag({ StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } })],
  },
  {
    check: 'cond-region-value',
    title: 'a pattern',
    host: 'identity',
    violates: tag({ StringLike: { 'aws:RequestedRegion': 'europe-*' } }),
    at: inCondition('StringLike', 'aws:RequestedRegion'),
    satisfies: [tag({ StringLike: { 'aws:RequestedRegion': 'eu*-*' } })],
  },
  {
    check: 'cond-vpc-format',
    host: 'identity',
    violates: read({ StringEquals: { 'aws:SourceVpc': 'vpce-0123456789abcdef0' } }),
    at: inCondition('StringEquals', 'aws:SourceVpc'),
    satisfies: [
      read({ StringEquals: { 'aws:SourceVpc': ['vpc-0123456789abcdef0', 'vpc-1a2b3c4d'] } }),
      read({ StringLike: { 'aws:SourceVpc': 'vpc-*' } }),
      read({ StringNotEquals: { 'aws:SourceVpc': '${aws:PrincipalTag/vpc}' } }, 'Deny'),
    ],
  },
  {
    check: 'cond-vpce-format',
    host: 'identity',
    violates: read({ StringEquals: { 'aws:SourceVpce': 'vpce-12345' } }),
    at: inCondition('StringEquals', 'aws:SourceVpce'),
    satisfies: [
      read({ StringEquals: { 'aws:SourceVpce': ['vpce-0123456789abcdef0', 'vpce-1a2b3c4d'] } }),
      // To be filled in.
      read({ StringEquals: { 'aws:SourceVpce': '<my-vpce>', 'aws:SourceVpc': ['{{ vpc }}', '{vpc-id}'] } }),
    ],
  },
  {
    check: 'cond-kms-key-value',
    host: 'identity',
    violates: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Action: 's3:PutObject',
          Resource: 'arn:aws:s3:::reports/*',
          Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'alias/reports' } },
        },
      ],
    },
    at: inCondition('StringNotEquals', 's3:x-amz-server-side-encryption-aws-kms-key-id'),
    satisfies: [
      {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Action: 's3:PutObject',
            Resource: 'arn:aws:s3:::reports/*',
            Condition: {
              ArnNotLike: {
                's3:x-amz-server-side-encryption-aws-kms-key-id': [
                  'arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-123456789012',
                  'arn:aws:kms:*:111122223333:key/*',
                ],
              },
            },
          },
          {
            Effect: 'Allow',
            Action: 'ec2:RunInstances',
            Resource: '*',
            // By id, here.
            Condition: { StringEquals: { 'ec2:KmsKeyId': '12345678-1234-1234-1234-123456789012' } },
          },
        ],
      },
    ],
  },
  {
    check: 'cond-missing-qualifier',
    host: 'identity',
    violates: tag({ StringEquals: { 'aws:TagKeys': ['team', 'stage'] } }),
    at: inCondition('StringEquals'),
    onKey: true,
    fixed: tag({ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['team', 'stage'] } }),
    satisfies: [
      tag({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'stage'] } }),
      tag({ Null: { 'aws:TagKeys': 'false' } }),
      tag({ StringEquals: { 'aws:CalledViaFirst': 'cloudformation.amazonaws.com' } }),
    ],
  },
  {
    check: 'cond-missing-qualifier',
    title: 'which one is for the author to decide',
    host: 'identity',
    violates: tag({ StringNotLike: { 'aws:TagKeys': 'team-*' } }, 'Deny'),
    at: inCondition('StringNotLike'),
    onKey: true,
    satisfies: [tag({ 'ForAnyValue:StringNotLike': { 'aws:TagKeys': 'team-*' } }, 'Deny')],
  },
  {
    check: 'wildcard-without-like',
    host: 'identity',
    violates: read({ StringNotEquals: { 'aws:PrincipalTag/team': 'platform-*' } }, 'Deny'),
    at: inCondition('StringNotEquals', 'aws:PrincipalTag/team'),
    fixed: read({ StringNotLike: { 'aws:PrincipalTag/team': 'platform-*' } }, 'Deny'),
    satisfies: [
      read({ StringLike: { 'aws:PrincipalTag/team': 'platform-*' } }),
      read({ ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/app-*' } }),
      read({ StringEquals: { 'aws:PrincipalTag/team': ['a${*}', 'b${?}', 'c${$}', '${aws:username}'] } }),
      read({ StringEquals: { 'aws:Referer': 'https://example.com/page?kind=alarm' } }),
    ],
  },
  {
    check: 'wildcard-without-like',
    title: 'an ARN',
    host: 'identity',
    violates: read({
      StringEquals: {
        'aws:PrincipalOrgID': 'o-1234567890',
        'aws:PrincipalArn': ['arn:aws:iam::111122223333:role/app', 'arn:aws:iam::111122223333:role/job-*'],
      },
    }),
    at: inCondition('StringEquals', 'aws:PrincipalArn', 1),
    fixed: read({
      ...ORG,
      ArnLike: {
        'aws:PrincipalArn': ['arn:aws:iam::111122223333:role/app', 'arn:aws:iam::111122223333:role/job-*'],
      },
    }),
    satisfies: [read({ ...ORG, ArnLike: { 'aws:PrincipalArn': ['arn:aws:iam::111122223333:role/job-*'] } })],
  },
  {
    check: 'wildcard-without-like',
    title: 'no Like ignores the case',
    host: 'identity',
    violates: read({ StringEqualsIgnoreCase: { 'aws:PrincipalTag/team': 'platform*' } }),
    at: inCondition('StringEqualsIgnoreCase', 'aws:PrincipalTag/team'),
    satisfies: [read({ StringEqualsIgnoreCase: { 'aws:PrincipalTag/team': 'platform' } })],
  },
  {
    check: 'wildcard-without-like',
    title: 'a star alone is not made a wildcard',
    host: 'identity',
    violates: read({ StringEquals: { 'aws:PrincipalTag/team': '*' } }),
    at: inCondition('StringEquals', 'aws:PrincipalTag/team'),
    satisfies: [read({ StringEquals: { 'aws:PrincipalTag/team': 'a${*}' } })],
  },
  {
    check: 'null-qualifier',
    host: 'identity',
    violates: tag({ 'ForAllValues:Null': { 'aws:TagKeys': 'false' } }),
    at: inCondition('ForAllValues:Null'),
    onKey: true,
    fixed: tag({ Null: { 'aws:TagKeys': 'false' } }),
    satisfies: [tag({ Null: { 'aws:TagKeys': 'false' } })],
  },
  {
    check: 'cond-ip-hostbits',
    host: 'identity',
    violates: read({ IpAddress: { 'aws:SourceIp': ['203.0.113.7/24', '198.51.100.7'] } }),
    at: inCondition('IpAddress', 'aws:SourceIp', 0),
    fixed: read({ IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '198.51.100.7'] } }),
    satisfies: [
      read({ IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '198.51.100.7/32', '198.51.100.8'] } }),
      read({ IpAddress: { 'aws:SourceIp': '2001:db8:1::/48' } }),
    ],
  },
  {
    check: 'cond-ip-hostbits',
    title: 'IPv6',
    host: 'identity',
    violates: read({ NotIpAddress: { 'aws:SourceIp': '2001:db8:0:1::7/32' } }, 'Deny'),
    at: inCondition('NotIpAddress', 'aws:SourceIp'),
    fixed: read({ NotIpAddress: { 'aws:SourceIp': '2001:db8::/32' } }, 'Deny'),
    satisfies: [read({ NotIpAddress: { 'aws:SourceIp': '2001:db8::/32' } }, 'Deny')],
  },
  {
    check: 'cond-private-ip-some',
    host: 'identity',
    violates: read({ IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '10.0.0.0/8'] } }),
    at: inCondition('IpAddress', 'aws:SourceIp', 1),
    fixed: read({ IpAddress: { 'aws:SourceIp': ['203.0.113.0/24'] } }),
    satisfies: [
      read({ IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '198.51.100.0/24'] } }),
      read({ IpAddress: { 'aws:VpcSourceIp': ['203.0.113.0/24', '10.0.0.0/8'] }, ...ORG }),
    ],
  },
  {
    check: 'equivalent-null-false',
    host: 'identity',
    violates: tag({ StringLike: { 'aws:RequestTag/team': '*' } }),
    at: inCondition('StringLike', 'aws:RequestTag/team'),
    fixed: tag({ Null: { 'aws:RequestTag/team': 'false' } }),
    satisfies: [
      tag({ Null: { 'aws:RequestTag/team': 'false' } }),
      tag({ StringLike: { 'aws:RequestTag/team': '?*' } }),
      tag({ StringLike: { 'aws:RequestTag/team': 'platform-*' } }),
    ],
  },
  {
    check: 'equivalent-null-false',
    title: 'beside a Null',
    host: 'identity',
    violates: tag({
      Null: { 'aws:RequestTag/stage': 'false' },
      StringLike: { 'aws:RequestTag/team': '*', 'aws:RequestTag/owner': 'a*' },
    }),
    at: inCondition('StringLike', 'aws:RequestTag/team'),
    fixed: tag({
      Null: { 'aws:RequestTag/stage': 'false', 'aws:RequestTag/team': 'false' },
      StringLike: { 'aws:RequestTag/owner': 'a*' },
    }),
    satisfies: [tag({ Null: { 'aws:RequestTag/stage': 'false', 'aws:RequestTag/team': 'false' } })],
  },
  {
    check: 'equivalent-null-true',
    host: 'identity',
    violates: tag({ StringNotLike: { 'aws:RequestTag/team': '*' } }, 'Deny'),
    at: inCondition('StringNotLike', 'aws:RequestTag/team'),
    fixed: tag({ Null: { 'aws:RequestTag/team': 'true' } }, 'Deny'),
    satisfies: [
      tag({ Null: { 'aws:RequestTag/team': 'true' } }, 'Deny'),
      tag({ StringNotLike: { 'aws:RequestTag/team': 'platform-*' } }, 'Deny'),
    ],
  },
  {
    check: 'cond-key-always-true',
    host: 'identity',
    violates: tag({ ...ORG, 'ForAllValues:StringLike': { 'aws:TagKeys': '*' } }, 'Deny'),
    at: inCondition('ForAllValues:StringLike', 'aws:TagKeys'),
    fixed: tag({ ...ORG }, 'Deny'),
    satisfies: [tag({ ...ORG, 'ForAllValues:StringLike': { 'aws:TagKeys': 'team-*' } })],
  },
  {
    check: 'cond-key-always-true',
    title: 'the last of its Condition',
    host: 'identity',
    violates: tag({ StringLikeIfExists: { 'aws:RequestTag/team': ['*', 'platform'] } }),
    at: inCondition('StringLikeIfExists', 'aws:RequestTag/team', 0),
    fixed: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 'ec2:CreateTags', Resource: 'arn:aws:ec2:eu-west-1:111122223333:instance/*' },
      ],
    },
    satisfies: [tag({ StringLikeIfExists: { 'aws:RequestTag/team': ['a*', 'platform'] } })],
  },
  {
    check: 'cond-key-never-true',
    host: 'identity',
    violates: tag({ 'ForAnyValue:StringNotLike': { 'aws:TagKeys': '*' } }, 'Deny'),
    at: inCondition('ForAnyValue:StringNotLike', 'aws:TagKeys'),
    satisfies: [
      tag({ 'ForAnyValue:StringNotLike': { 'aws:TagKeys': 'team-*' } }, 'Deny'),
      tag({ 'ForAllValues:StringNotLike': { 'aws:TagKeys': 'team-*' } }, 'Deny'),
    ],
  },
  {
    check: 'cond-redundant-number',
    host: 'identity',
    violates: read({ NumericLessThan: { 'aws:MultiFactorAuthAge': ['3600', '900'] } }),
    at: inCondition('NumericLessThan', 'aws:MultiFactorAuthAge', 1),
    fixed: read({ NumericLessThan: { 'aws:MultiFactorAuthAge': ['3600'] } }),
    satisfies: [
      read({ NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' } }),
      read({ NumericEquals: { 'aws:PrincipalTag/level': ['1', '2'] } }),
    ],
  },
  {
    check: 'cond-redundant-number',
    title: 'the least is enough',
    host: 'identity',
    violates: read({ NumericGreaterThanEquals: { 'aws:PrincipalTag/level': ['7', '3'] } }),
    at: inCondition('NumericGreaterThanEquals', 'aws:PrincipalTag/level', 0),
    fixed: read({ NumericGreaterThanEquals: { 'aws:PrincipalTag/level': ['3'] } }),
    satisfies: [read({ NumericGreaterThanEquals: { 'aws:PrincipalTag/level': ['3'] } })],
  },
];
