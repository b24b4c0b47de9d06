/** Conditions that say nothing, or say it twice. */

import { inCondition, ORG, read, tag } from './condition-documents.ts';
import type { PolicyFixture } from './fixture.ts';

export const CONDITION_REDUNDANCY_FIXTURES: readonly PolicyFixture[] = [
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
