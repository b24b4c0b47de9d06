/** Trust policies: whom roles let in, and what such a policy may say. */

import type { Json, PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const TRUST_CHECKS: Readonly<Record<string, string>> = {
  'federated-format': 'iam-principal-invalid/federated-format',
  'trust-resource': 'iam-principal-invalid/trust-resource',
  'trust-action-mismatch': 'iam-principal-invalid/trust-action-mismatch',
  'trust-rolesanywhere-actions': 'iam-principal-invalid/trust-rolesanywhere-actions',
  // `sts:*` and `*` are iam-trust-wildcard-action, which replaces them.
  'trust-action-not-sts': 'iam-principal-invalid/trust-action-not-sts',
  'trust-notprincipal': 'iam-trust-not-principal',
  'trust-principal-star': 'iam-trust-public',
  'trust-oidc-no-condition': 'iam-trust-oidc-unscoped/unscoped',
  'trust-github-no-sub': 'iam-trust-oidc-unscoped/subject',
  // Variants by what the wildcard leaves open.
  'trust-github-wild-sub': 'iam-trust-oidc-unscoped',
  'trust-external-no-externalid': 'iam-trust-cross-account',
};

type Fields = { readonly [name: string]: Json };

const trust = (Principal: Json, Action: Json, more: Fields = {}): Json => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal, Action, ...more }],
});
const asking = (Condition: Json): Fields => ({ Condition });

const SAML = 'arn:aws:iam::111122223333:saml-provider/directory';
const provider = (issuer: string) => `arn:aws:iam::111122223333:oidc-provider/${issuer}`;
const GITHUB = 'token.actions.githubusercontent.com';
const GITLAB = 'gitlab.com';
const EKS = 'oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF';
const WEB = 'sts:AssumeRoleWithWebIdentity';

const github = (sub: Json, operator = 'StringEquals'): Json =>
  trust(
    { Federated: provider(GITHUB) },
    WEB,
    asking(
      operator === 'StringEquals'
        ? { StringEquals: { [`${GITHUB}:aud`]: 'sts.amazonaws.com', [`${GITHUB}:sub`]: sub } }
        : { StringEquals: { [`${GITHUB}:aud`]: 'sts.amazonaws.com' }, [operator]: { [`${GITHUB}:sub`]: sub } },
    ),
  );
const MAIN = 'repo:example/site:ref:refs/heads/main';
const ANYWHERE = { Service: 'rolesanywhere.amazonaws.com' };
const ANCHOR = asking({
  ArnEquals: {
    'aws:SourceArn': 'arn:aws:rolesanywhere:eu-west-1:111122223333:trust-anchor/11112222-3333-4444-5555-666677778888',
  },
});

const FORMS: readonly PolicyFixture[] = [
  {
    check: 'federated-format',
    host: 'trust',
    violates: trust(
      { Federated: 'https://idp.example.com' },
      WEB,
      asking({ StringEquals: { 'idp.example.com:sub': 'app' } }),
    ),
    at: ['Statement', 0, 'Principal', 'Federated'],
    satisfies: [
      trust({ Federated: SAML }, 'sts:AssumeRoleWithSAML', asking({ StringEquals: { 'SAML:aud': 'x' } })),
      trust(
        { Federated: 'cognito-identity.amazonaws.com' },
        WEB,
        asking({ StringEquals: { 'cognito-identity.amazonaws.com:aud': 'eu-west-1:pool' } }),
      ),
      trust(
        { Federated: 'accounts.google.com' },
        WEB,
        asking({ StringEquals: { 'accounts.google.com:aud': 'application' } }),
      ),
      github(MAIN),
    ],
  },
  {
    check: 'federated-format',
    title: 'the ARN of something else',
    host: 'trust',
    violates: trust({ Federated: 'arn:aws:iam::111122223333:role/app' }, WEB),
    at: ['Statement', 0, 'Principal', 'Federated'],
    satisfies: [
      trust(
        { Federated: 'arn:aws-cn:iam::111122223333:saml-provider/directory' },
        'sts:AssumeRoleWithSAML',
        asking({ StringEquals: { 'SAML:aud': 'https://signin.amazonaws.cn/saml' } }),
      ),
    ],
  },
  {
    check: 'trust-resource',
    host: 'trust',
    violates: trust({ Service: 'ec2.amazonaws.com' }, 'sts:AssumeRole', { Resource: '*' }),
    at: ['Statement', 0, 'Resource'],
    onKey: true,
    fixed: trust({ Service: 'ec2.amazonaws.com' }, 'sts:AssumeRole'),
    satisfies: [trust({ Service: 'ec2.amazonaws.com' }, 'sts:AssumeRole')],
  },
  {
    check: 'trust-action-mismatch',
    host: 'trust',
    violates: trust(
      { Federated: SAML },
      ['sts:AssumeRole', 'sts:TagSession'],
      asking({ StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } }),
    ),
    at: ['Statement', 0, 'Action', 0],
    fixed: trust(
      { Federated: SAML },
      ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
      asking({ StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } }),
    ),
    satisfies: [
      trust({ AWS: '111122223333' }, ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']),
      trust({ Service: 'pods.eks.amazonaws.com' }, ['sts:AssumeRole', 'sts:TagSession']),
      trust({ Service: 'ec2.amazonaws.com' }, 'sts:AssumeRole*'),
      trust(
        { Federated: SAML },
        ['sts:AssumeRoleWithSAML', 'sts:SetContext'],
        asking({ StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } }),
      ),
      trust({ Service: 'ec2.amazonaws.com', Federated: SAML }, ['sts:AssumeRole', 'sts:AssumeRoleWithSAML']),
      {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
          { Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRoleWithSAML' },
        ],
      },
    ],
  },
  {
    check: 'trust-action-mismatch',
    title: 'one principal among others',
    host: 'trust',
    violates: trust({ Service: 'ec2.amazonaws.com', Federated: SAML }, 'sts:AssumeRole'),
    at: ['Statement', 0, 'Principal', 'Federated'],
    satisfies: [trust({ Service: ['ec2.amazonaws.com', 'ssm.amazonaws.com'] }, 'sts:AssumeRole')],
  },
  {
    check: 'trust-action-mismatch',
    title: 'a service with a token',
    host: 'trust',
    violates: trust({ Service: 'lambda.amazonaws.com' }, WEB),
    at: ['Statement', 0, 'Action'],
    fixed: trust({ Service: 'lambda.amazonaws.com' }, 'sts:AssumeRole'),
    satisfies: [github(MAIN)],
  },
  {
    check: 'trust-rolesanywhere-actions',
    host: 'trust',
    violates: trust(ANYWHERE, 'sts:AssumeRole', ANCHOR),
    at: ['Statement', 0, 'Action'],
    onKey: true,
    fixed: trust(ANYWHERE, ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'], ANCHOR),
    satisfies: [
      trust(ANYWHERE, ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'], ANCHOR),
      {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: ANYWHERE, Action: 'sts:AssumeRole', ...ANCHOR },
          { Effect: 'Allow', Principal: ANYWHERE, Action: ['sts:SetSourceIdentity', 'sts:TagSession'], ...ANCHOR },
        ],
      },
      trust({ Service: 'ec2.amazonaws.com' }, 'sts:AssumeRole'),
    ],
  },
  {
    check: 'trust-rolesanywhere-actions',
    title: 'a list that lacks one',
    host: 'trust',
    violates: trust(ANYWHERE, ['sts:AssumeRole', 'sts:TagSession'], ANCHOR),
    at: ['Statement', 0, 'Action'],
    onKey: true,
    fixed: trust(ANYWHERE, ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'], ANCHOR),
    satisfies: [trust(ANYWHERE, ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'], ANCHOR)],
  },
  {
    check: 'trust-action-not-sts',
    host: 'trust',
    violates: trust({ Service: 'lambda.amazonaws.com' }, ['sts:AssumeRole', 's3:GetObject']),
    at: ['Statement', 0, 'Action', 1],
    fixed: trust({ Service: 'lambda.amazonaws.com' }, ['sts:AssumeRole']),
    satisfies: [
      trust({ Service: 'lambda.amazonaws.com' }, ['sts:AssumeRole', 'sts:TagSession']),
      trust({ Service: 'lambda.amazonaws.com' }, 'sts:*'),
      trust({ AWS: 'arn:aws:iam::111122223333:role/broker' }, ['sts:AssumeRole', 'sts:SetContext']),
    ],
  },
  {
    check: 'trust-action-not-sts',
    title: 'another action of the service',
    host: 'trust',
    violates: trust({ Service: 'lambda.amazonaws.com' }, 'sts:GetFederationToken'),
    at: ['Statement', 0, 'Action'],
    satisfies: [trust({ Service: 'lambda.amazonaws.com' }, 'STS:assumerole')],
  },
];

const PARTNER = 'arn:aws:iam::444455556666:root';

const EXPOSURE: readonly PolicyFixture[] = [
  {
    check: 'trust-notprincipal',
    host: 'trust',
    violates: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', NotPrincipal: { AWS: '111122223333' }, Action: 'sts:AssumeRole' }],
    },
    at: ['Statement', 0, 'NotPrincipal'],
    onKey: true,
    satisfies: [trust({ AWS: '111122223333' }, 'sts:AssumeRole')],
  },
  {
    check: 'trust-principal-star',
    host: 'trust',
    violates: trust('*', 'sts:AssumeRole'),
    at: ['Statement', 0, 'Principal'],
    fixed: trust('*', 'sts:AssumeRole', asking({ StringEquals: { 'aws:PrincipalOrgID': 'ORGANIZATION_ID' } })),
    satisfies: [
      trust({ AWS: '111122223333' }, 'sts:AssumeRole'),
      trust({ AWS: '*' }, 'sts:AssumeRole', asking({ StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } })),
      trust(
        { AWS: '*' },
        'sts:AssumeRole',
        asking({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/app-*' } }),
      ),
      {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
          { Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' },
        ],
      },
    ],
  },
  {
    check: 'trust-oidc-no-condition',
    title: 'GitHub',
    host: 'trust',
    violates: trust({ Federated: provider(GITHUB) }, WEB),
    at: ['Statement', 0, 'Principal', 'Federated'],
    fixed: github('repo:ORGANIZATION/REPOSITORY:ref:refs/heads/main'),
    satisfies: [github(MAIN)],
  },
  {
    check: 'trust-oidc-no-condition',
    title: 'GitLab',
    host: 'trust',
    violates: trust(
      { Federated: provider(GITLAB) },
      WEB,
      asking({ StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } }),
    ),
    at: ['Statement', 0, 'Principal', 'Federated'],
    fixed: trust(
      { Federated: provider(GITLAB) },
      WEB,
      asking({
        StringEquals: {
          'aws:RequestedRegion': 'eu-west-1',
          'gitlab.com:aud': 'CLIENT_ID',
          'gitlab.com:sub': 'SUBJECT',
        },
      }),
    ),
    satisfies: [
      trust(
        { Federated: provider(GITLAB) },
        WEB,
        asking({ StringLike: { 'gitlab.com:sub': 'project_path:example/site:ref_type:branch:ref:*' } }),
      ),
    ],
  },
  {
    check: 'trust-oidc-no-condition',
    title: 'a cluster of EKS',
    host: 'trust',
    violates: trust({ Federated: provider(EKS) }, WEB),
    at: ['Statement', 0, 'Principal', 'Federated'],
    fixed: trust(
      { Federated: provider(EKS) },
      WEB,
      asking({
        StringEquals: {
          [`${EKS}:aud`]: 'sts.amazonaws.com',
          [`${EKS}:sub`]: 'system:serviceaccount:NAMESPACE:SERVICE_ACCOUNT',
        },
      }),
    ),
    satisfies: [
      trust(
        { Federated: provider(EKS) },
        WEB,
        asking({
          StringEquals: {
            [`${EKS}:aud`]: 'sts.amazonaws.com',
            [`${EKS}:sub`]: 'system:serviceaccount:default:site',
          },
        }),
      ),
      trust(
        { Federated: provider(EKS) },
        WEB,
        asking({ StringLike: { [`${EKS}:sub`]: 'system:serviceaccount:default:*' } }),
      ),
    ],
  },
  {
    check: 'trust-github-no-sub',
    host: 'trust',
    violates: trust(
      { Federated: provider(GITHUB) },
      WEB,
      asking({ StringEquals: { [`${GITHUB}:aud`]: 'sts.amazonaws.com' } }),
    ),
    at: ['Statement', 0, 'Principal', 'Federated'],
    fixed: github('repo:ORGANIZATION/REPOSITORY:ref:refs/heads/main'),
    satisfies: [github(MAIN), github([MAIN, 'repo:example/site:environment:production'])],
  },
  {
    check: 'trust-github-no-sub',
    title: 'GitLab',
    host: 'trust',
    violates: trust(
      { Federated: provider(GITLAB) },
      WEB,
      asking({ StringEquals: { 'gitlab.com:aud': 'https://gitlab.com' } }),
    ),
    at: ['Statement', 0, 'Principal', 'Federated'],
    fixed: trust(
      { Federated: provider(GITLAB) },
      WEB,
      asking({ StringEquals: { 'gitlab.com:aud': 'https://gitlab.com', 'gitlab.com:sub': 'SUBJECT' } }),
    ),
    satisfies: [
      trust(
        { Federated: provider(GITLAB) },
        WEB,
        asking({ StringEquals: { 'gitlab.com:sub': 'project_path:example/site:ref_type:branch:ref:main' } }),
      ),
    ],
  },
  {
    check: 'trust-github-wild-sub',
    title: 'of any organization',
    host: 'trust',
    violates: github('repo:*/site:ref:refs/heads/main', 'StringLike'),
    at: ['Statement', 0, 'Condition', 'StringLike', `${GITHUB}:sub`],
    fixed: github('repo:ORGANIZATION/site:ref:refs/heads/main', 'StringLike'),
    satisfies: [github(MAIN, 'StringLike'), github([MAIN, 'repo:example/site:environment:production'])],
  },
  {
    check: 'trust-github-wild-sub',
    title: 'of any repository',
    host: 'trust',
    violates: github('repo:example/*', 'StringLike'),
    at: ['Statement', 0, 'Condition', 'StringLike', `${GITHUB}:sub`],
    fixed: github('repo:example/REPOSITORY:ref:refs/heads/main', 'StringLike'),
    satisfies: [github(MAIN, 'StringLike')],
  },
  {
    check: 'trust-github-wild-sub',
    title: 'a claim that anyone can bring about',
    host: 'trust',
    violates: github('environment:production:repo:example/site'),
    at: ['Statement', 0, 'Condition', 'StringEquals', `${GITHUB}:sub`],
    fixed: github('repo:ORGANIZATION/REPOSITORY:ref:refs/heads/main'),
    satisfies: [github('repo:example/site:environment:production')],
  },
  {
    check: 'trust-github-wild-sub',
    title: 'of any group at GitLab',
    host: 'trust',
    violates: trust(
      { Federated: provider(GITLAB) },
      WEB,
      asking({ StringLike: { 'gitlab.com:sub': 'project_path:*/site:ref_type:branch:ref:main' } }),
    ),
    at: ['Statement', 0, 'Condition', 'StringLike', 'gitlab.com:sub'],
    satisfies: [
      trust(
        { Federated: provider(GITLAB) },
        WEB,
        asking({ StringEquals: { 'gitlab.com:sub': 'project_path:example/site:ref_type:branch:ref:main' } }),
      ),
    ],
  },
  {
    check: 'trust-github-wild-sub',
    title: 'SAML without an endpoint',
    host: 'trust',
    violates: trust({ Federated: SAML }, 'sts:AssumeRoleWithSAML'),
    at: ['Statement', 0, 'Principal', 'Federated'],
    fixed: trust(
      { Federated: SAML },
      'sts:AssumeRoleWithSAML',
      asking({ StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } }),
    ),
    satisfies: [
      trust(
        { Federated: SAML },
        ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
        asking({ StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } }),
      ),
      trust(
        { Federated: SAML },
        'sts:AssumeRoleWithSAML',
        asking({ StringLike: { 'SAML:aud': 'https://*.signin.aws.amazon.com/saml' } }),
      ),
    ],
  },
  {
    check: 'trust-external-no-externalid',
    host: 'trust',
    violates: trust({ AWS: PARTNER }, 'sts:AssumeRole'),
    at: ['Statement', 0, 'Principal', 'AWS'],
    fixed: trust({ AWS: PARTNER }, 'sts:AssumeRole', asking({ StringEquals: { 'sts:ExternalId': 'EXTERNAL_ID' } })),
    satisfies: [
      trust({ AWS: PARTNER }, 'sts:AssumeRole', asking({ StringEquals: { 'sts:ExternalId': '7f3c' } })),
      trust({ AWS: PARTNER }, 'sts:AssumeRole', asking({ StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } })),
      trust({ AWS: PARTNER }, 'sts:AssumeRole', asking({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } })),
    ],
  },
];

export const TRUST_FIXTURES: readonly PolicyFixture[] = [...FORMS, ...EXPOSURE];
