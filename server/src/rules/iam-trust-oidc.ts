/** Trust of identity providers: whose tokens may assume a role, and for whom a provider may issue them. */

import type { ConditionClause, Principal, Statement } from '../iam/document.ts';
import { identify } from '../iam/principals.ts';
import { grantsAction } from '../iam/queries.ts';
import { asksOfAssertion, GITHUB_ISSUER, type OidcTrust, oidcTrust, withoutIds } from '../iam/trust.ts';
import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asString } from '../template/value.ts';
import { set } from './fixes.ts';
import { checkTrust, type ReportTrust } from './iam-trust-statements.ts';
import { askForEndpoint, askForToken, nameBranch } from './policy-conditions.ts';
import { textThat } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Owner, Predicate, Rule } from './rule.ts';

const OIDC_PAGE = aws(
  'Create a role for OpenID Connect federation (console)',
  'IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html',
);
const OWNER: Owner = {
  side: 'customer',
  why: 'AWS checks the signature of a token and the conditions of the trust policy; for whom the provider issues tokens, and which of them you accept, is for you to say.',
};

/** The provider resource's URL and audiences in each language. */
const PROVIDERS = {
  cloudFormation: { type: 'AWS::IAM::OIDCProvider', url: 'Url', audiences: 'ClientIdList[]' },
  terraform: { type: 'aws_iam_openid_connect_provider', url: 'url', audiences: 'client_id_list[]' },
} as const;
/** The audience of tokens that workloads get for AWS. */
const STS_AUDIENCE = 'sts.amazonaws.com';
/** Issuers whose tokens for AWS carry {@link STS_AUDIENCE}: GitHub's action for AWS credentials, EKS service accounts. */
const STS_ISSUERS =
  /^(?:https:\/\/)?(?:token\.actions\.githubusercontent\.com|oidc\.eks\.[a-z0-9-]+\.amazonaws\.com|oidc-eks\.[a-z0-9-]+\.api\.aws)(?:\/|$)/i;

const audience: Predicate = (value, found) => {
  const wildcard = textThat((text) => (text.includes('*') ? false : text.includes('\u0000') ? undefined : true))(
    value,
    found,
  );
  if (wildcard !== true) return wildcard;
  return issuesForSts(found.resource) && asString(value) !== STS_AUDIENCE ? 'unexpected' : true;
};

function issuesForSts(provider: Resource): boolean {
  const { url } = provider.type.startsWith('aws_') ? PROVIDERS.terraform : PROVIDERS.cloudFormation;
  const urls = select(provider, url).map((leaf) => asString(leaf.value));
  return urls.length > 0 && urls.every((one) => one !== undefined && STS_ISSUERS.test(one));
}

/** Only where the audience to expect is known, and is not in the list already. */
const expectSts: FixMaker = (found) => {
  const list = found.key?.entry?.value;
  if (list?.kind !== 'array' || list.items.length > 1 || !issuesForSts(found.resource)) return undefined;
  return set(STS_AUDIENCE, {
    safe: false,
    note: 'tokens must then be issued for it',
    title: `Accept ${STS_AUDIENCE} instead`,
  })(found);
};

export const OIDC_TRUST_RULES: readonly Rule[] = [
  {
    id: 'iam-trust-oidc-unscoped',
    title: 'Tokens of strangers may assume the role',
    category: 'iam',
    severity: 'critical',
    tier: 'core',
    owner: OWNER,
    description:
      'The provider issues tokens to all of its users. Without a condition on the subject, or with one that strangers can fulfil, a workflow in somebody else’s repository becomes this role. Compare `<issuer>:aud` with the audience and `<issuer>:sub` with the very repository, branch or environment that needs the role; for SAML, compare `SAML:aud` with the sign-in endpoint that assertions are sent to.',
    aws: awsDefaults('iam-shared-oidc'),
    aliases: [
      'checkov:CKV_AWS_358',
      'checkov:CKV_AWS_393',
      'access-analyzer:MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL',
      'access-analyzer:MISSING_GITHUB_REPO_CONDITION_KEY',
      'access-analyzer:SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED',
    ],
    variants: {
      unscoped: {},
      subject: {},
      'wildcard-owner': { severity: 'high' },
      'caller-claim': { severity: 'high' },
      cluster: { severity: 'medium' },
      unusable: { severity: 'low' },
      'any-repository': { severity: 'low' },
      'any-branch': { severity: 'info' },
      'saml-audience': {
        severity: 'info',
        message: 'Assertions that were issued for any endpoint may assume the role: SAML:aud is not asked for',
        aliases: [],
      },
    },
    references: [
      OIDC_PAGE,
      aws(
        'Identity-provider controls for shared OIDC providers',
        'IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html',
      ),
    ],
    checks: [
      checkTrust((statement, report) => {
        for (const principal of statement.principals) {
          const trust = oidcTrust(statement, principal);
          if (trust) reportOidc(statement, principal, trust, report);
          else if (isUnboundSaml(statement, principal)) {
            report({
              node: principal.node,
              element: 'Principal',
              item: principal,
              variant: 'saml-audience',
              fix: () => (statement.principals.length === 1 ? askForEndpoint(statement) : undefined),
            });
          }
        }
      }),
    ],
  },
  {
    id: 'iam-saml-oidc-provider-wildcard-thumbprint',
    title: 'Identity provider accepts an audience that names nobody',
    category: 'iam',
    severity: 'low',
    tier: 'core',
    owner: OWNER,
    description:
      'The client ID list says for whom tokens must have been issued to count here. A wildcard names no application, and an audience that you do not use lets in tokens that were meant for something else. List the audience that your workloads ask for, `sts.amazonaws.com` for most.',
    aliases: [],
    variants: {
      unexpected: {
        severity: 'info',
        message: 'Identity provider accepts tokens that were issued for another audience than AWS',
      },
    },
    references: [
      aws(
        'Create an OpenID Connect (OIDC) identity provider in IAM',
        'IAM/latest/UserGuide/id_roles_providers_create_oidc.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: PROVIDERS.cloudFormation.type, path: PROVIDERS.cloudFormation.audiences },
          { type: PROVIDERS.terraform.type, path: PROVIDERS.terraform.audiences },
        ],
        must: audience,
        absent: true,
        fix: expectSts,
      },
    ],
  },
];

function reportOidc(statement: Statement, principal: Principal, trust: OidcTrust, report: ReportTrust): void {
  const { policy } = statement;
  const github = trust.issuer === GITHUB_ISSUER;
  const issuer = trust.issuer ?? 'the provider';
  // checkov has one rule for data sources and one for roles.
  const checkov = github ? [policy.form === 'data' ? 'checkov:CKV_AWS_358' : 'checkov:CKV_AWS_393'] : [];
  const { item, clause } = trust;
  const only = statement.principals.length === 1;
  const named = identify(principal, policy).name;
  const atPrincipal = {
    node: principal.node,
    element: 'Principal',
    item: principal,
    fix: () => (only && named !== undefined ? askForToken(statement, named) : undefined),
  };
  const atSubject = item && {
    node: item.node,
    element: 'Condition',
    item,
    fix: () => (github ? nameBranch(item) : undefined),
  };
  if (trust.literal || trust.state === 'malformed') {
    // A wildcard in another part than the first is also common, and the rule on condition operators speaks of it.
    if (!atSubject || trust.state === 'wildcard-rest') return;
    report({
      ...atSubject,
      variant: 'unusable',
      message: trust.literal
        ? 'The wildcard is compared as a character: no token has this subject, and nobody can assume the role'
        : 'No token has such a subject: nobody can assume the role',
      aliases: checkov,
    });
    return;
  }
  switch (trust.state) {
    case 'unscoped':
      report({
        ...atPrincipal,
        variant: 'unscoped',
        message: `Everyone to whom ${issuer} issues tokens may assume the role`,
        aliases: [...checkov, 'access-analyzer:MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL'],
      });
      return;
    case 'no-subject':
      report({
        ...atPrincipal,
        variant: 'subject',
        message: `The subject is not asked for: everyone at ${issuer} can get a token of this audience`,
        aliases: [...checkov, ...(github ? ['access-analyzer:MISSING_GITHUB_REPO_CONDITION_KEY'] : [])],
      });
      return;
    case 'wildcard-owner':
      if (!atSubject) return;
      report({
        ...atSubject,
        variant: 'wildcard-owner',
        message: `The subject leaves the organization open: strangers at ${issuer} can have such a token`,
        aliases: [...checkov, ...(github ? ['access-analyzer:SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED'] : [])],
      });
      return;
    case 'caller-claim':
      if (!atSubject) return;
      report({
        ...atSubject,
        variant: 'caller-claim',
        message:
          'The subject begins with a claim that anyone can bring about in a repository of their own: ask for the repository first',
        aliases: checkov,
      });
      return;
    case 'wildcard-rest': {
      if (!atSubject) return;
      const text = item.text ?? '';
      const subject = github ? `${text.slice(0, 5)}${withoutIds(text.slice(5))}` : text;
      const anyRepository = /^(?:repo|project_path):[^/]*\/[^:]*[*?]/.test(subject);
      report({
        ...atSubject,
        variant: anyRepository ? 'any-repository' : 'any-branch',
        message: anyRepository
          ? 'Every repository of the organization that matches may assume the role'
          : 'Every branch, tag and pull request of the repository that matches may assume the role',
        aliases: github ? ['access-analyzer:SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED'] : [],
      });
      return;
    }
    case 'scoped':
      if (clause && isClusterOnly(statement, trust, clause)) {
        report({
          ...atPrincipal,
          variant: 'cluster',
          message: 'Every service account of the cluster may assume the role: its subject is not asked for',
          aliases: [],
        });
      }
  }
}

/** Whether a SAML provider's users assume the role, and nothing is asked of their assertions. */
function isUnboundSaml(statement: Statement, principal: Principal): boolean {
  if (principal.type !== 'Federated' || identify(principal, statement.policy).form !== 'saml') return false;
  return grantsAction(statement, 'sts:AssumeRoleWithSAML') === true && asksOfAssertion(statement) === false;
}

/** An EKS cluster's tokens, of which only the audience is asked for. */
function isClusterOnly(statement: Statement, trust: OidcTrust, clause: ConditionClause): boolean {
  if (!/^oidc[.-]eks\./.test(trust.issuer ?? '') || !/:aud$/i.test(clause.key)) return false;
  return (
    !statement.openElements.has('Condition') &&
    !statement.conditions.some((one) => /:sub$/i.test(one.key) || one.key.includes('\u0000'))
  );
}
