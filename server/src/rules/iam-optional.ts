/** IAM: how access is organised, as some teams ask for it. Users and their keys: iam-users.ts. */

import { attachedPolicies } from '../iam/attached.ts';
import { HOLE, isConditional, isKnown, type PolicyDocument, type Statement } from '../iam/document.ts';
import { coversAction } from '../iam/queries.ts';
import { names } from '../template/companions.ts';
import { type Found, select } from '../template/select.ts';
import { isPartial, type Resource, type Template } from '../template/template.ts';
import { asPattern } from '../template/value.ts';
import { isNarrow } from './iam-breadth.ts';
import { demandsMfa } from './iam-users.ts';
import { isPresent } from './predicates.ts';
import { aws } from './references.ts';
import type { Owner, Reporter, Rule } from './rule.ts';

const OWNER: Owner = {
  side: 'customer',
  why: 'AWS enforces the policies that users, groups and roles have; how access is organised is up to you.',
};
const BEST_PRACTICES = aws('Security best practices in IAM', 'IAM/latest/UserGuide/best-practices.html');
const GROUPS_PAGE = aws('IAM user groups', 'IAM/latest/UserGuide/id_groups.html');

// ---- inline policies

const INLINE_ALIASES = ['guard:IAM_NO_INLINE_POLICY_CHECK', 'cdk-nag:IAMNoInlinePolicy'];
const GROUP_INLINE = [...INLINE_ALIASES, 'kics:IAM Group Inline Policies'];
const ROLE_INLINE = [...INLINE_ALIASES, 'kics:Inline Policies Are Attached To ECS Service'];

/** Where roles and groups get inline policies, by a property or as a resource; those of users are iam-user-policy-attached. */
const INLINE: Readonly<Record<string, { readonly path?: string; readonly aliases: readonly string[] }>> = {
  'AWS::IAM::Role': { path: 'Policies', aliases: ROLE_INLINE },
  'AWS::IAM::Group': { path: 'Policies', aliases: GROUP_INLINE },
  'AWS::IAM::RolePolicy': { aliases: ROLE_INLINE },
  'AWS::IAM::GroupPolicy': { aliases: GROUP_INLINE },
  aws_iam_role: { path: 'inline_policy', aliases: ROLE_INLINE },
  aws_iam_role_policy: { aliases: ROLE_INLINE },
  aws_iam_group_policy: { aliases: GROUP_INLINE },
};

function checkInline(resource: Resource, reporter: Reporter): void {
  const site = INLINE[resource.type];
  if (!site) return;
  const { path, aliases } = site;
  if (path === undefined) {
    reporter.report({ node: resource.key, resource, aliases });
    return;
  }
  for (const found of select(resource, path)) {
    const { value } = found;
    // An empty block in Terraform says that there are to be no inline policies.
    const isSet = value.kind === 'object' ? value.names.length > 0 : value.kind === 'list' && isPresent(value, found);
    if (isSet === true) reporter.reportFound(found, { node: found.key ?? found.node, aliases });
  }
}

// ---- users and groups

const USERS = ['AWS::IAM::User', 'aws_iam_user'];
const GROUPS = ['AWS::IAM::Group', 'aws_iam_group'];
/** Resources that put users into groups: the properties that name both. */
const MEMBERSHIPS: Readonly<Record<string, { readonly users: string; readonly groups: string }>> = {
  'AWS::IAM::UserToGroupAddition': { users: 'Users[]', groups: 'GroupName' },
  aws_iam_user_group_membership: { users: 'user', groups: 'groups[]' },
  aws_iam_group_membership: { users: 'users[]', groups: 'group' },
};

/** Whether any of the leaves names the resource; undefined where one may. */
function isNamed(leaves: readonly Found[], resource: Resource): boolean | undefined {
  const verdicts = leaves.filter(({ value }) => value.kind !== 'absent').map(({ value }) => names(value, resource));
  if (verdicts.includes(true)) return true;
  return verdicts.includes(undefined) ? undefined : false;
}

/** Whether a membership of the template joins the user or group to anything; undefined where one may. */
function isJoined(resource: Resource, side: 'users' | 'groups'): boolean | undefined {
  let result: boolean | undefined = isPartial(resource.template) ? undefined : false;
  for (const [type, paths] of Object.entries(MEMBERSHIPS)) {
    for (const membership of resource.template.ofType(type)) {
      const verdict = isNamed(select(membership, paths[side]), resource);
      if (verdict) return true;
      if (verdict === undefined) result = undefined;
    }
  }
  return result;
}

function checkUserGroups(user: Resource, reporter: Reporter): void {
  if (isJoined(user, 'users') !== false) return;
  if (user.type === 'aws_iam_user') {
    reporter.report({ node: user.key, resource: user });
    return;
  }
  for (const found of select(user, 'Groups')) {
    const { value } = found;
    if (value.kind === 'absent' || isPresent(value, found) === false) {
      reporter.reportFound(found, { node: value.kind === 'list' ? (found.key ?? found.node) : found.node });
    }
  }
}

function checkGroupUsers(group: Resource, reporter: Reporter): void {
  const { template } = group;
  // A template without users leaves membership to others.
  const users = template.ofType(...USERS);
  if (!users.length || isJoined(group, 'groups') !== false) return;
  const listed = users.flatMap((user) => (user.type.startsWith('AWS::') ? select(user, 'Groups[]') : []));
  if (isNamed(listed, group) === false) reporter.report({ node: group.key, resource: group });
}

/** A membership whose list of users is empty. */
function checkMembership(membership: Resource, reporter: Reporter): void {
  const path = membership.type.startsWith('AWS::') ? 'Users' : 'users';
  for (const found of select(membership, path)) {
    if (found.value.kind === 'list' && isPresent(found.value, found) === false) {
      reporter.reportFound(found, { variant: 'empty' });
    }
  }
}

// ---- MFA

/** Managed policies of AWS, none of which demands MFA; the account's own may. */
const MANAGED_BY_AWS = /^arn:[^:]*:iam::aws:policy\//;
const MFA_KEY = /^aws:multifactorauth(present|age)$/i;

function checkMfa(template: Template, reporter: Reporter): void {
  if (demandsMfa(template) !== false) return;
  for (const { principal, policies, managedArns } of attachedPolicies(template)) {
    if (!GROUPS.includes(principal.type) && !USERS.includes(principal.type)) continue;
    if (!policies.length && !managedArns.length) continue;
    if (managedArns.some(({ value }) => !MANAGED_BY_AWS.test(asPattern(value) ?? ''))) continue;
    if (policies.some((policy) => policy.open !== undefined || mentionsMfa(policy))) continue;
    reporter.report({
      node: principal.key,
      resource: principal,
      variant: USERS.includes(principal.type) ? 'user' : undefined,
    });
  }
}

function mentionsMfa(policy: PolicyDocument): boolean {
  return [...policy.statements, ...policy.included].some(
    (statement) =>
      statement.openElements.has('Condition') ||
      statement.conditions.some(({ key }) => MFA_KEY.test(key) || key.includes(HOLE)),
  );
}

// ---- permissions boundaries

/** Actions by which whoever may make roles or users gives them rights; all know the condition key. */
const DELEGATED = [
  'iam:CreateRole',
  'iam:CreateUser',
  'iam:AttachRolePolicy',
  'iam:AttachUserPolicy',
  'iam:PutRolePolicy',
  'iam:PutUserPolicy',
] as const;
const CREATES: ReadonlySet<string> = new Set(['iam:CreateRole', 'iam:CreateUser']);

/** Only the creation of principals in some path or with some prefix: what is broader is reported by iam-permissions-management. */
function checkBoundary(policy: PolicyDocument, reporter: Reporter): void {
  if (policy.kind !== 'identity' || policy.form === 'flat') return;
  for (const statement of policy.statements) {
    if (statement.effect !== 'Allow' || statement.elements.NotAction) continue;
    const item = statement.actions.find(
      (one) => isKnown(one) && !isConditional(one, statement) && CREATES.has(exact(one.text ?? '')),
    );
    if (!item || !isNarrow(statement) || statement.openElements.has('Condition') || asksForBoundary(statement))
      continue;
    if (!grantsRights(policy)) continue;
    reporter.report({
      node: item.node,
      resource: policy.resource,
      conditions: item.conditions,
      message: `${exact(item.text ?? '')} is allowed without asking for a permissions boundary`,
      path: `${policy.site}.Action.${item.text}`,
    });
  }
}

function exact(text: string): string {
  if (!/^iam:/i.test(text)) return text;
  return DELEGATED.find((one) => one.toLowerCase() === text.toLowerCase()) ?? text;
}

/** Whether the document also lets its holder give rights to what it makes. */
function grantsRights(policy: PolicyDocument): boolean {
  return policy.statements.some(
    (statement) =>
      statement.effect === 'Allow' &&
      !asksForBoundary(statement) &&
      DELEGATED.some((action) => !CREATES.has(action) && coversAction(statement, action) === true),
  );
}

function asksForBoundary(statement: Statement): boolean {
  return statement.conditions.some(({ key }) => /^iam:permissionsboundary$/i.test(key) || key.includes(HOLE));
}

// ---- complexity

/** Statements and conditions that a reader still keeps apart. */
const MANY = 25;

function checkComplexity(policy: PolicyDocument, reporter: Reporter): void {
  if (policy.kind !== 'identity' || policy.form !== 'document' || policy.service === 'iot') return;
  const parts = new Map<unknown, number>();
  // Alternatives of one statement count once.
  for (const { node, conditions, elements } of policy.statements) {
    const inverted = Number(elements.NotAction !== undefined) + Number(elements.NotResource !== undefined);
    parts.set(node, Math.max(parts.get(node) ?? 0, 1 + conditions.length + inverted));
  }
  const total = [...parts.values()].reduce((sum, part) => sum + part, 0);
  if (total > MANY) {
    reporter.report({
      node: policy.key,
      resource: policy.resource,
      message: `Policy has ${parts.size} statements and ${total - parts.size} conditions or exceptions`,
      path: policy.site,
    });
  }
}

export const IAM_OPTIONAL_RULES: readonly Rule[] = [
  {
    id: 'iam-inline-policy',
    title: 'Inline policy',
    category: 'iam',
    severity: 'low',
    tier: 'opt-in',
    owner: OWNER,
    description:
      'A policy inside a role or group cannot be used twice, has no versions to go back to and shows up in no list of policies. Where many people manage access, write managed policies and attach them. For a policy that belongs to one role alone, inline is fine: then leave this rule off.',
    aliases: [...new Set(Object.values(INLINE).flatMap((one) => one.aliases))],
    references: [
      aws(
        'Choose between managed policies and inline policies',
        'IAM/latest/UserGuide/access_policies-choosing-managed-or-inline.html',
      ),
    ],
    checks: [{ kind: 'resource', types: Object.keys(INLINE), check: checkInline }],
  },
  {
    id: 'iam-user-created',
    title: 'Template makes an IAM user',
    category: 'iam',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS takes people from your identity provider and gives workloads roles; that it is a user with lasting credentials is your choice.',
    },
    description:
      'The password and keys of an IAM user work until someone takes them away, also when the person has left. Let people in through IAM Identity Center or your identity provider, and give workloads roles.',
    aliases: ['checkov:CKV_AWS_273', 'kics:SSO Identity User Unsafe Creation'],
    variants: {
      user: { aliases: ['checkov:CKV_AWS_273'] },
      directory: {
        severity: 'info',
        message: 'User of IAM Identity Center is managed in the template, not in an identity provider',
        aliases: ['kics:SSO Identity User Unsafe Creation'],
      },
    },
    references: [BEST_PRACTICES, aws('What is IAM Identity Center?', 'singlesignon/latest/userguide/what-is.html')],
    checks: [
      {
        kind: 'resource',
        types: [...USERS, 'aws_identitystore_user'],
        check: (resource, reporter) => {
          const variant = USERS.includes(resource.type) ? 'user' : 'directory';
          reporter.report({ node: resource.key, resource, variant });
        },
      },
    ],
  },
  {
    id: 'iam-user-no-group',
    title: 'User is in no group',
    category: 'iam',
    severity: 'low',
    tier: 'opt-in',
    owner: OWNER,
    description:
      'Rights that users have through groups change in one place when a person changes jobs. A user outside of all groups has rights of its own, or none. Put it into a group, unless another template does.',
    aliases: [
      'checkov:CKV2_AWS_21',
      'cfn_nag:F2000',
      'guard:IAM_USER_MISSING_GROUP_RULE',
      'cdk-nag:IAMUserGroupMembership',
      'kics:IAM User With No Group',
    ],
    references: [GROUPS_PAGE, BEST_PRACTICES],
    checks: [{ kind: 'resource', types: USERS, check: checkUserGroups }],
  },
  {
    id: 'iam-group-no-user',
    title: 'No user of the template is in this group',
    category: 'iam',
    severity: 'low',
    tier: 'opt-in',
    owner: OWNER,
    description:
      'A group without users gives nobody anything: it is left over, or somebody was forgotten. Remove it, or put the users in.',
    aliases: ['checkov:CKV2_AWS_14', 'cdk-nag:IAMGroupHasUsers', 'kics:IAM Group Without Users'],
    variants: {
      empty: {
        message: 'Membership names no user',
        aliases: [
          'checkov:CKV2_AWS_14',
          'checkov:CKV2_AWS_21',
          'cdk-nag:IAMGroupHasUsers',
          'kics:IAM Group Without Users',
        ],
      },
    },
    references: [GROUPS_PAGE],
    checks: [
      { kind: 'resource', types: GROUPS, check: checkGroupUsers },
      {
        kind: 'resource',
        types: ['AWS::IAM::UserToGroupAddition', 'aws_iam_group_membership'],
        check: checkMembership,
      },
    ],
  },
  {
    id: 'iam-mfa-enforcement',
    title: 'No policy of the group demands MFA',
    category: 'iam',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'shared',
      why: 'AWS makes root users sign in with MFA; that IAM users do is for your policies to demand.',
    },
    description:
      'A stolen password or key is enough to do all that the group may. Deny everything but the setting up of a device where `aws:MultiFactorAuthPresent` is not true (with `BoolIfExists`), or let people in through IAM Identity Center with MFA.',
    aliases: [
      'trivy:AVD-AWS-0123',
      'trivy:AVD-AWS-0145',
      'kics:Authentication Without MFA',
      'kics:IAM User Policy Without MFA',
    ],
    variants: {
      user: {
        message: 'No policy of the user demands MFA',
        aliases: ['trivy:AVD-AWS-0145', 'kics:Authentication Without MFA', 'kics:IAM User Policy Without MFA'],
      },
    },
    references: [
      aws(
        'AWS: Allows MFA-authenticated IAM users to manage their own credentials on the Security credentials page',
        'IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html',
      ),
    ],
    checks: [{ kind: 'template', check: checkMfa }],
  },
  {
    id: 'iam-permission-boundary-missing',
    title: 'Principals may be made without a permissions boundary',
    category: 'iam',
    severity: 'low',
    tier: 'opt-in',
    owner: OWNER,
    description:
      'Whoever may make roles or users and give them policies can make one that may do more than they themselves. Allow it only with a condition on `iam:PermissionsBoundary`, so that all that is made has a boundary that you wrote.',
    aliases: [],
    references: [
      aws('Permissions boundaries for IAM entities', 'IAM/latest/UserGuide/access_policies_boundaries.html'),
    ],
    checks: [{ kind: 'policy', check: checkBoundary }],
  },
  {
    id: 'iam-policy-size-complexity',
    title: 'Policy is hard to review',
    category: 'iam',
    severity: 'low',
    tier: 'opt-in',
    owner: OWNER,
    description:
      'In a policy of many statements, conditions and exceptions nobody sees any more what is allowed in the end. Split it by task, and let IAM Access Analyzer check it.',
    aliases: ['cfn_nag:W76'],
    references: [BEST_PRACTICES],
    checks: [{ kind: 'policy', check: checkComplexity }],
  },
];
