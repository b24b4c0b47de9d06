/**
 * Whom roles trust. The judgement of principals and conditions is in iam/public.ts, iam/narrowing.ts and iam/trust.ts.
 * Identity providers: iam-trust-oidc.ts.
 */

import { isConditional, isKnown, isWildcard, type Principal, type Statement } from '../iam/document.ts';
import { judgeClauses } from '../iam/narrowing.ts';
import { type Identity, identify } from '../iam/principals.ts';
import { isPublic, type PrincipalVerdict, principalVerdicts } from '../iam/public.ts';
import { externalIdGuard } from '../iam/trust.ts';
import type { Node } from '../syntax/node.ts';
import type { Fix } from './fix.ts';
import { OIDC_TRUST_RULES } from './iam-trust-oidc.ts';
import { checkTrust, type ReportTrust } from './iam-trust-statements.ts';
import {
  externalId,
  oneRole,
  ownOrganization,
  sourceAccount,
  strictComparison,
  trustAnchor,
} from './policy-conditions.ts';
import { aws } from './references.ts';
import { ownAccountFix } from './resource-policies-public.ts';
import type { Owner, Related, Rule } from './rule.ts';

const OWNER: Owner = {
  side: 'customer',
  why: 'AWS lets a caller assume the role exactly where its trust policy says so; whom it names is your decision.',
};
const TRUST_PAGE = aws('Update a role trust policy', 'IAM/latest/UserGuide/id_roles_update-role-trust-policy.html');
const PRINCIPAL_PAGE = aws(
  'AWS JSON policy elements: Principal',
  'IAM/latest/UserGuide/reference_policies_elements_principal.html',
);
const DEPUTY_PAGE = aws('The confused deputy problem', 'IAM/latest/UserGuide/confused-deputy.html');
const THIRD_PARTY_PAGE = aws(
  'Access to AWS accounts owned by third parties',
  'IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html',
);

/**
 * Services that act for resources of any account and whose documentation asks for `aws:SourceAccount` or `aws:SourceArn` in the
 * trust policy of the role they assume: their pages "Cross-service confused deputy prevention" and on service roles.
 */
const SERVICES_WITH_SOURCE: ReadonlySet<string> = new Set([
  'bedrock.amazonaws.com',
  'cloudtrail.amazonaws.com',
  'codebuild.amazonaws.com',
  'codedeploy.amazonaws.com',
  'logs.amazonaws.com',
  'personalize.amazonaws.com',
  'pipes.amazonaws.com',
  'sagemaker.amazonaws.com',
  'scheduler.amazonaws.com',
  'states.amazonaws.com',
  'transfer.amazonaws.com',
  'vpc-flow-logs.amazonaws.com',
]);

export const IAM_TRUST_RULES: readonly Rule[] = [
  {
    id: 'iam-trust-public',
    title: 'Every AWS account may assume the role',
    category: 'iam',
    severity: 'critical',
    tier: 'core',
    owner: OWNER,
    description:
      'Anyone who has an AWS account, or can open one, may become this role and use all that it may do. Name the accounts or roles to trust, or let only your organization in with a condition on `aws:PrincipalOrgID`.',
    aliases: [
      'checkov:CKV_AWS_60',
      'checkov:CKV_AWS_283',
      'kics:IAM Role Allows All Principals To Assume',
      'cloudsplaining:AssumableByAnyPrincipal',
    ],
    variants: {
      'external-id': {
        severity: 'medium',
        message: 'Every AWS account that knows the external ID may assume the role',
        aliases: ['cloudsplaining:AssumableByAnyPrincipalWithConditions'],
      },
      malformed: { severity: 'medium' },
    },
    references: [PRINCIPAL_PAGE, TRUST_PAGE],
    checks: [checkTrust(publicTrust)],
  },
  {
    id: 'iam-trust-account-root',
    title: 'Role trusts a whole account',
    category: 'iam',
    severity: 'low',
    tier: 'core',
    owner: OWNER,
    description:
      'The account as principal means every identity in it to which its own administrators allow `sts:AssumeRole`. Name the roles that need it where you know them.',
    aliases: ['checkov:CKV_AWS_61'],
    variants: {
      own: {
        severity: 'info',
        message: 'Role leaves it to the policies of this account who may assume it',
        aliases: ['checkov:CKV_AWS_61'],
      },
      'external-id': { severity: 'info', aliases: ['checkov:CKV_AWS_61'] },
    },
    references: [PRINCIPAL_PAGE, TRUST_PAGE],
    checks: [checkTrust(accountTrust)],
  },
  {
    id: 'iam-trust-cross-account',
    title: 'Role trusts another account without a condition',
    category: 'iam',
    severity: 'medium',
    tier: 'core',
    owner: OWNER,
    description:
      'Any identity of that account to which its administrators give the right can become this role. If it is a third party, anyone who talks that party into using your role’s ARN acts through it: the confused deputy. Ask for an `sts:ExternalId` that the party gives to you alone, for MFA where people assume the role, or for `aws:PrincipalOrgID` where the account is one of yours.',
    aliases: [
      'checkov:CKV_AWS_61',
      'kics:Cross-Account IAM Assume Role Policy Without ExternalId or MFA',
      'cloudsplaining:AssumableByCrossAccountPrincipal',
    ],
    variants: {
      identity: {
        severity: 'info',
        message: 'Role trusts an identity of another account without a condition',
        aliases: ['cloudsplaining:AssumableByCrossAccountPrincipal'],
      },
    },
    references: [THIRD_PARTY_PAGE, DEPUTY_PAGE],
    checks: [checkTrust(crossAccountTrust)],
  },
  {
    id: 'iam-trust-not-principal',
    title: 'Role trusts everyone but those named',
    category: 'iam',
    severity: 'critical',
    tier: 'core',
    owner: OWNER,
    description:
      '`NotPrincipal` with `Allow` means all principals that are not on the list, those of other accounts included; IAM refuses it in a trust policy. Name those to trust with `Principal`.',
    aliases: ['cfn_nag:F6', 'guard:IAM_ROLE_NO_ALLOW_PLUS_NOT_PRINCIPAL', 'parliament:NOTPRINCIPAL_WITH_ALLOW'],
    references: [
      aws(
        'AWS JSON policy elements: NotPrincipal',
        'IAM/latest/UserGuide/reference_policies_elements_notprincipal.html',
      ),
      TRUST_PAGE,
    ],
    checks: [
      checkTrust((statement, report) => {
        const element = statement.elements.NotPrincipal;
        if (element) report({ node: element.key, element: 'NotPrincipal' });
      }),
    ],
  },
  {
    id: 'iam-trust-wildcard-action',
    title: 'Trust policy allows every action',
    category: 'iam',
    severity: 'medium',
    tier: 'core',
    owner: OWNER,
    description:
      'A trust policy decides on a handful of `sts` actions. A wildcard lets the principals also tag the session and set its source identity, on which other policies may rely, and assume the role in ways that you did not mean. Name the one action: `sts:AssumeRole` for services and accounts, `sts:AssumeRoleWithWebIdentity` or `sts:AssumeRoleWithSAML` for identity providers.',
    aliases: ['cfn_nag:F2', 'guard:IAM_ROLE_NO_FULL_ACCESS_ON_TRUST_POLICY'],
    variants: {
      'not-action': {
        message: 'Trust policy allows every action but those named',
        aliases: ['cfn_nag:W14', 'guard:IAM_ROLE_NO_ALLOW_PLUS_NOT_ACTION_ON_TRUST_POLICY'],
      },
    },
    references: [
      aws('IAM JSON policy elements: Action', 'IAM/latest/UserGuide/reference_policies_elements_action.html'),
      TRUST_PAGE,
    ],
    checks: [checkTrust(wildcardTrust)],
  },
  {
    id: 'iam-trust-service-confused-deputy',
    title: 'Service may assume the role for any account',
    category: 'iam',
    severity: 'low',
    tier: 'core',
    owner: OWNER,
    description:
      'The service acts for all its customers: without a condition on whose resource it acts for, someone else’s resource that names your role may make the service use it, as a confused deputy. Add `aws:SourceAccount` with your account, or `aws:SourceArn` with the resource.',
    aliases: [],
    references: [DEPUTY_PAGE],
    checks: [checkTrust(serviceTrust)],
  },
  {
    id: 'iam-roles-anywhere-unscoped',
    title: 'Every trust anchor of IAM Roles Anywhere may assume the role',
    category: 'iam',
    severity: 'high',
    tier: 'core',
    owner: OWNER,
    description:
      'Any certificate that any trust anchor of the account accepts can be exchanged for this role, through any profile that lists it. Ask for the trust anchor with `aws:SourceArn`, and for the subject of the certificate with `aws:PrincipalTag/x509Subject/CN`.',
    aliases: [],
    references: [
      aws(
        'Trust model in AWS Identity and Access Management Roles Anywhere',
        'rolesanywhere/latest/userguide/trust-model.html',
      ),
      DEPUTY_PAGE,
    ],
    checks: [checkTrust(rolesAnywhereTrust)],
  },
  ...OIDC_TRUST_RULES,
];

// ---- who

function publicTrust(statement: Statement, report: ReportTrust): void {
  for (const verdict of principalVerdicts(statement)) {
    const { principal, identity } = verdict;
    if (!principal) continue;
    if (identity?.form === 'everyone' && isPublic(verdict.verdict)) {
      report({
        node: principal.node,
        element: 'Principal',
        item: principal,
        variant: verdict.externalId ? 'external-id' : undefined,
        related: unhelpful(verdict),
        fix: () =>
          [
            ...verdict.notNarrowedBy.map(({ clause }) => strictComparison(statement, clause)),
            ownOrganization(statement),
            ownAccountFix(principal, statement),
          ].filter((fix) => fix !== undefined),
      });
    } else if (identity?.form === 'partial-wildcard' && /^[*?]+$/.test(identity.name?.split(':')[4] ?? '')) {
      report({
        node: principal.node,
        element: 'Principal',
        item: principal,
        variant: 'malformed',
        message: 'IAM takes no wildcard in the account of a principal: this names nobody, and is refused',
      });
    }
  }
}

/** Conditions that do not keep anyone out. */
function unhelpful(verdict: PrincipalVerdict): Related[] {
  return verdict.notNarrowedBy.map(({ clause, why }) => ({
    node: clause.keyNode,
    message: `${clause.key} does not narrow it: it ${why}`,
  }));
}

function accountTrust(statement: Statement, report: ReportTrust): void {
  const askedForId = externalIdGuard(statement) !== undefined;
  for (const principal of statement.principals) {
    const identity = identify(principal, statement.policy);
    if (identity.form !== 'account') continue;
    // Another account without a condition is the next rule's.
    if (identity.account === 'foreign' && guard(statement) !== 'guarded') continue;
    const foreign = identity.account === 'foreign';
    report({
      node: principal.node,
      element: 'Principal',
      item: principal,
      variant: !foreign ? 'own' : askedForId ? 'external-id' : undefined,
      message: foreign
        ? `Role trusts the whole account ${identity.accountId ?? ''}${askedForId ? ', which has to name the external ID' : ''}`
        : identity.account === undefined
          ? 'Role leaves it to the policies of an account who of it may assume it'
          : undefined,
      fix: () => oneRole(principal, identity, statement),
    });
  }
}

function crossAccountTrust(statement: Statement, report: ReportTrust): void {
  const foreign = statement.principals
    .map((principal) => ({ principal, identity: identify(principal, statement.policy) }))
    .filter(
      ({ identity }) => identity.account === 'foreign' && (identity.form === 'account' || identity.form === 'identity'),
    );
  if (!foreign.length || guard(statement) !== 'none') return;
  for (const { principal, identity } of foreign) {
    report({
      node: principal.node,
      element: 'Principal',
      item: principal,
      variant: identity.form === 'identity' ? 'identity' : undefined,
      message:
        identity.form === 'identity'
          ? undefined
          : `Role trusts account ${identity.accountId ?? ''} and asks for neither an external ID, MFA nor your organization`,
      fix: () => [externalId(statement), ownOrganization(statement)].filter((fix) => fix !== undefined),
    });
  }
}

/** Whether a condition guards a statement that lets in another account. */
function guard(statement: Statement): 'guarded' | 'none' | 'unknown' {
  if (externalIdGuard(statement) || asksForMfa(statement)) return 'guarded';
  const judged = judgeClauses(statement, 'everyone');
  if (judged.some((one) => one.result === 'narrows' && one.to !== 'signed')) return 'guarded';
  const doubt =
    statement.openElements.has('Condition') ||
    statement.hasCondition === 'unknown' ||
    judged.some((one) => one.result === 'unknown') ||
    statement.conditions.some(
      (clause) => clause.key.toLowerCase() === 'sts:externalid' && isConditional(clause, statement),
    );
  return doubt ? 'unknown' : 'none';
}

function asksForMfa(statement: Statement): boolean {
  return statement.conditions.some((clause) => {
    const { operator } = clause;
    if (operator.ifExists || operator.negated || isConditional(clause, statement)) return false;
    switch (clause.key.toLowerCase()) {
      case 'aws:multifactorauthpresent':
        return operator.name === 'Bool' && clause.values.some((item) => item.text?.toLowerCase() === 'true');
      case 'aws:multifactorauthage':
        return operator.name?.startsWith('NumericLess') === true;
      default:
        return false;
    }
  });
}

// ---- services

function services(statement: Statement): { readonly principal: Principal; readonly name: string }[] {
  return statement.principals.flatMap((principal) => {
    const identity: Identity = identify(principal, statement.policy);
    return identity.form === 'service' && identity.name !== undefined
      ? [{ principal, name: globalName(identity.name) }]
      : [];
  });
}

/** `states.eu-west-1.amazonaws.com` is `states.amazonaws.com` of one Region. */
function globalName(name: string): string {
  return name.toLowerCase().replace(/^([a-z0-9-]+)\.[a-z]{2}(?:-[a-z]+){1,2}-\d\.(amazonaws\.com(?:\.cn)?)$/, '$1.$2');
}

function serviceTrust(statement: Statement, report: ReportTrust): void {
  const deputies = services(statement).filter(({ name }) => SERVICES_WITH_SOURCE.has(name));
  if (!deputies.length || !unscoped(statement)) return;
  for (const { principal, name } of deputies) {
    report({
      node: principal.node,
      element: 'Principal',
      item: principal,
      message: `${name} may assume the role for resources of any account`,
      fix: statement.principals.length === 1 ? () => sourceAccount(statement) : undefined,
    });
  }
}

function rolesAnywhereTrust(statement: Statement, report: ReportTrust): void {
  const found = services(statement).filter(({ name }) => name === 'rolesanywhere.amazonaws.com');
  if (!found.length || !unscoped(statement)) return;
  const certificate = statement.conditions.some(
    (clause) =>
      /^aws:principaltag\/x509/i.test(clause.key) &&
      !clause.operator.negated &&
      !clause.operator.ifExists &&
      clause.operator.qualifier !== 'ForAllValues' &&
      !clause.values.some((item) => item.text !== undefined && /^\*+$/.test(item.text)),
  );
  if (certificate) return;
  for (const { principal } of found) {
    const fix = statement.principals.length === 1 ? () => trustAnchor(statement) : undefined;
    report({ node: principal.node, element: 'Principal', item: principal, fix });
  }
}

/** Whether no condition says for whom the service may act. */
function unscoped(statement: Statement): boolean {
  if (statement.openElements.has('Condition') || statement.hasCondition === 'unknown') return false;
  return !judgeClauses(statement, 'service').some(
    (one) => one.result === 'narrows' || (one.result === 'unknown' && /^aws:source/i.test(one.clause.key)),
  );
}

// ---- actions

function wildcardTrust(statement: Statement, report: ReportTrust): void {
  const { NotAction } = statement.elements;
  if (NotAction) report({ node: NotAction.key, element: 'NotAction', variant: 'not-action' });
  for (const item of statement.actions) {
    if (!isKnown(item) || !(isWildcard(item) || /^sts:\*+$/i.test(item.text ?? ''))) continue;
    report({
      node: item.node,
      element: 'Action',
      item,
      message: `Trust policy allows ${item.text}, not only to assume the role`,
      fix: () => actionFix(item.node, item.via.length > 0, statement),
    });
  }
}

/** The action that fits the kind of principals, where they are of one kind. */
function actionFix(node: Node, remote: boolean, statement: Statement): Fix | undefined {
  if (remote || statement.actions.length > 1 || statement.openElements.has('Principal')) return undefined;
  const actions = new Set(statement.principals.map((principal) => actionFor(identify(principal, statement.policy))));
  const [action] = actions;
  if (actions.size !== 1 || action === undefined) return undefined;
  return {
    title: `Allow ${action} only (session tags and source identity then need their own action)`,
    safe: false,
    edits: [{ kind: 'replace', node, data: action }],
  };
}

function actionFor(identity: Identity): string | undefined {
  switch (identity.form) {
    case 'everyone':
    case 'account':
    case 'identity':
    case 'service':
      return 'sts:AssumeRole';
    case 'oidc':
      return 'sts:AssumeRoleWithWebIdentity';
    case 'saml':
      return 'sts:AssumeRoleWithSAML';
    default:
      return undefined;
  }
}
