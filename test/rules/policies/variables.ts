/** Policy variables. */

import type { Json, PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const VARIABLE_CHECKS: Readonly<Record<string, string>> = {
  'var-brace': 'iam-policy-variable/var-brace',
  'var-quote': 'iam-policy-variable/var-quote',
  'var-space': 'iam-policy-variable/var-space',
  'var-symbol': 'iam-policy-variable/var-symbol',
  'var-empty': 'iam-policy-variable/var-empty',
  'var-element': 'iam-policy-variable/var-element',
  'var-operator': 'iam-policy-variable/var-operator',
  'var-unknown': 'iam-policy-variable/var-unknown',
};

/** A policy that reads what a path says. */
function read(path: string): Json {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::home/${path}` }],
  };
}

/** The same under a condition. */
function when(condition: Json): Json {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::home', Condition: condition }],
  };
}

const RESOURCE = ['Statement', 0, 'Resource'];

export const VARIABLE_FIXTURES: readonly PolicyFixture[] = [
  {
    check: 'var-brace',
    host: 'identity',
    violates: read('${aws:username/*'),
    at: RESOURCE,
    fixed: read('${aws:username}/*'),
    satisfies: [
      read('${aws:username}/*'),
      read('${aws:PrincipalTag/team}/${aws:userid}/*'),
      read('a$b{c}/*'),
      read('${*}${?}${$}'),
    ],
  },
  {
    check: 'var-brace',
    title: 'of a tag, at the end',
    host: 'identity',
    violates: when({ StringLike: { 's3:prefix': ['${aws:PrincipalTag/team'] } }),
    at: ['Statement', 0, 'Condition', 'StringLike', 's3:prefix', 0],
    fixed: when({ StringLike: { 's3:prefix': ['${aws:PrincipalTag/team}'] } }),
    satisfies: [when({ StringLike: { 's3:prefix': ['${aws:PrincipalTag/team}'] } })],
  },
  {
    check: 'var-quote',
    host: 'identity',
    violates: read('${aws:PrincipalTag/team, shared}/*'),
    at: RESOURCE,
    fixed: read("${aws:PrincipalTag/team, 'shared'}/*"),
    satisfies: [read("${aws:PrincipalTag/team, 'shared'}/*"), read("${aws:PrincipalTag/team, 'all teams'}/*")],
  },
  {
    check: 'var-quote',
    title: 'half a quote',
    host: 'identity',
    violates: read("${aws:PrincipalTag/team, 'shared}/*"),
    at: RESOURCE,
    fixed: read("${aws:PrincipalTag/team, 'shared'}/*"),
    satisfies: [read("${aws:PrincipalTag/team,'shared'}/*")],
  },
  {
    check: 'var-space',
    host: 'identity',
    violates: read('${ aws:username }/*'),
    at: RESOURCE,
    fixed: read('${aws:username}/*'),
    satisfies: [read('${aws:username}/*'), read('${aws:PrincipalTag/cost center}/*')],
  },
  {
    check: 'var-symbol',
    host: 'identity',
    violates: read('${aws:user#name}/*'),
    at: RESOURCE,
    satisfies: [
      read('${aws:PrincipalTag/a+b=c@d}/*'),
      read('${cognito-identity.amazonaws.com:sub}/*'),
      read('${example.com/tenant:sub}/*'),
    ],
  },
  {
    check: 'var-empty',
    host: 'identity',
    violates: read('a${}/*'),
    at: RESOURCE,
    fixed: read('a/*'),
    satisfies: [read('a/*')],
  },
  {
    check: 'var-element',
    title: 'an action',
    host: 'identity',
    violates: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['s3:GetObject', 's3:${aws:PrincipalTag/action}'],
          Resource: 'arn:aws:s3:::home/*',
        },
      ],
    },
    at: ['Statement', 0, 'Action', 1],
    satisfies: [read('${aws:username}/*'), when({ StringLike: { 's3:prefix': '${aws:username}/*' } })],
  },
  {
    check: 'var-element',
    title: 'a principal',
    host: 'queue',
    violates: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::111122223333:user/${aws:username}' },
          Action: 'sqs:SendMessage',
          Resource: 'arn:aws:sqs:eu-west-1:111122223333:jobs',
        },
      ],
    },
    at: ['Statement', 0, 'Principal', 'AWS'],
    satisfies: [
      {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: 'arn:aws:iam::111122223333:user/alice' },
            Action: 'sqs:SendMessage',
            Resource: 'arn:aws:sqs:eu-west-1:111122223333:jobs',
          },
        ],
      },
    ],
  },
  {
    check: 'var-operator',
    host: 'identity',
    violates: when({ IpAddress: { 'aws:SourceIp': '${aws:PrincipalTag/network}' } }),
    at: ['Statement', 0, 'Condition', 'IpAddress', 'aws:SourceIp'],
    satisfies: [
      when({ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }),
      when({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/${aws:PrincipalTag/team}' } }),
      when({ StringNotEqualsIgnoreCase: { 'aws:PrincipalTag/team': '${aws:username}' } }),
      when({ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': '${aws:PrincipalOrgID}/*' } }),
    ],
  },
  {
    check: 'var-unknown',
    host: 'identity',
    violates: read('${aws:usernmae}/*'),
    at: RESOURCE,
    fixed: read('${aws:username}/*'),
    satisfies: [
      read('${aws:UserName}/*'),
      read('${saml:sub}/${SAML:namequalifier}'),
      read('${transfer:UserName}/*'),
      read('${credentials-iot:ThingName}/*'),
      read('${iot:Connection.Thing.ThingName}/*'),
      read('${s3:prefix}'),
    ],
  },
  {
    check: 'var-unknown',
    title: 'without the language of variables it is plain text',
    host: 'identity',
    violates: read('${aws:usrname}'),
    at: RESOURCE,
    fixed: read('${aws:username}'),
    satisfies: [read('plain')],
  },
];
