/** IAM users: policies attached to them, access keys, console passwords. */

import { policiesOf } from '../iam/sites.ts';
import { distinctText } from '../iam/tokens.ts';
import type { Edit } from '../syntax/edit.ts';
import { ownersOf } from '../template/companions.ts';
import { type Found, select } from '../template/select.ts';
import { isPartial, oncePerTemplate, type Resource, type Section, type Template } from '../template/template.ts';
import { asBoolean, asString, type Value, type Reference as ValueReference } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { remove, set, setEdits } from './fixes.ts';
import { isPresent, isTrue, noneOf } from './predicates.ts';
import { aws } from './references.ts';
import { entryToRemove, removeResource } from './resource-removal.ts';
import type { Reporter, Rule } from './rule.ts';
import { has } from './shared.ts';

const BEST_PRACTICES = aws('Security best practices in IAM', 'IAM/latest/UserGuide/best-practices.html');
const KEYS_PAGE = aws('Manage access keys for IAM users', 'IAM/latest/UserGuide/id_credentials_access-keys.html');

/** Properties that give a user rights of its own, by type, with the peers' ids. */
const USER_POLICIES: Readonly<
  Record<string, { readonly paths: readonly string[]; readonly aliases: readonly string[] }>
> = {
  'AWS::IAM::User': {
    paths: ['Policies', 'ManagedPolicyArns'],
    aliases: ['cfn_nag:F10', 'guard:IAM_USER_NO_POLICIES_CHECK', 'kics:IAM Policies Attached To User'],
  },
  'AWS::IAM::UserPolicy': { paths: ['UserName'], aliases: ['guard:IAM_USER_NO_POLICIES_CHECK'] },
  'AWS::IAM::Policy': {
    paths: ['Users'],
    aliases: ['cfn_nag:F11', 'guard:IAM_NO_POLICY_ON_USER', 'kics:IAM Policy On User'],
  },
  'AWS::IAM::ManagedPolicy': {
    paths: ['Users'],
    aliases: ['cfn_nag:F12', 'guard:IAM_NO_POLICY_ON_USER', 'kics:IAM Managed Policy Applied to a User'],
  },
  aws_iam_user_policy: { paths: ['user'], aliases: ['kics:IAM Policies Attached To User'] },
  aws_iam_user_policy_attachment: { paths: ['user'], aliases: ['kics:IAM Policies Attached To User'] },
  aws_iam_user_policy_attachments_exclusive: {
    paths: ['policy_arns'],
    aliases: ['kics:IAM Policies Attached To User'],
  },
  aws_iam_policy_attachment: {
    paths: ['users'],
    aliases: ['kics:IAM Policies Attached To User', 'kics:IAM Policies Without Groups'],
  },
};
const USER_POLICY_ALIASES = ['checkov:CKV_AWS_40', 'trivy:AVD-AWS-0143', 'cdk-nag:IAMUserNoPolicies'];
/** Of a user's inline policies. */
const INLINE_ALIASES = ['guard:IAM_NO_INLINE_POLICY_CHECK', 'cdk-nag:IAMNoInlinePolicy'];

const KEY_TYPES = ['AWS::IAM::AccessKey', 'aws_iam_access_key'];
/** The property that names the user a key is for. */
const KEY_USER: Readonly<Record<string, string>> = { 'AWS::IAM::AccessKey': 'UserName', aws_iam_access_key: 'user' };
/** Attributes of a key that are the secret. */
const SECRET_ATTRIBUTES: ReadonlySet<string> = new Set(['SecretAccessKey', 'secret', 'ses_smtp_password_v4']);
/** Properties that show what is put into them to anyone who may describe the resource. */
const SHOWN_IN: Readonly<Record<string, readonly string[]>> = {
  'AWS::EC2::Instance': ['UserData'],
  'AWS::EC2::LaunchTemplate': ['LaunchTemplateData.UserData'],
  'AWS::AutoScaling::LaunchConfiguration': ['UserData'],
  'AWS::Lambda::Function': ['Environment.Variables'],
  'AWS::ECS::TaskDefinition': ['ContainerDefinitions[].Environment[].Value'],
  aws_instance: ['user_data', 'user_data_base64'],
  aws_launch_template: ['user_data'],
  aws_launch_configuration: ['user_data', 'user_data_base64'],
  aws_lambda_function: ['environment[].variables'],
  aws_ecs_task_definition: ['container_definitions'],
};

export const IAM_USER_RULES: readonly Rule[] = [
  {
    id: 'iam-user-policy-attached',
    title: 'Policy is attached straight to a user',
    category: 'iam',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS takes policies on users, groups and roles alike; how access is organised is up to you.',
    },
    description:
      'Rights that hang on single users are overlooked when a person changes jobs or leaves. Attach policies to groups or, better, to roles that people assume through IAM Identity Center.',
    aliases: [
      ...USER_POLICY_ALIASES,
      ...INLINE_ALIASES,
      ...new Set(Object.values(USER_POLICIES).flatMap((one) => one.aliases)),
    ],
    references: [BEST_PRACTICES, aws('IAM user groups', 'IAM/latest/UserGuide/id_groups.html')],
    checks: [{ kind: 'resource', types: Object.keys(USER_POLICIES), check: checkUserPolicies }],
  },
  {
    id: 'iam-access-key-created',
    title: 'Template makes a long-lived access key',
    category: 'secrets',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS checks the signature of whoever has the key; to keep it secret, rotate it or do without it is your part.',
    },
    description:
      'An access key works from anywhere until someone deletes it, and a key that a template makes is in state files and in the outputs of whoever needs it. Use a role: for workloads in AWS that of the instance, function or task, for CI an OpenID Connect provider, for machines elsewhere IAM Roles Anywhere.',
    aliases: ['kics:IAM Access Key Is Exposed'],
    variants: {
      exposed: {
        severity: 'high',
        message: 'The secret access key is shown in plain text',
        aliases: ['kics:IAM Access Key Is Exposed'],
      },
      instance: {
        severity: 'high',
        message: 'The secret access key is handed over in plain text, where a role would do without one',
        aliases: ['kics:EC2 Instance Using API Keys'],
      },
    },
    references: [BEST_PRACTICES, KEYS_PAGE],
    checks: [
      { kind: 'resource', types: KEY_TYPES, check: checkKey },
      { kind: 'template', check: checkExposure },
    ],
  },
  {
    id: 'iam-root-access-key',
    title: 'Access key for the root user',
    category: 'secrets',
    severity: 'critical',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'No policy of the account limits its root user, and its credentials are for the account’s owner alone to guard.',
    },
    description:
      'The root user can do everything, close the account included, and no policy in the account holds it back. It needs no access keys: delete those it has, and use roles.',
    aliases: ['checkov:CKV_AWS_348', 'trivy:AVD-AWS-0141', 'kics:Root Account Has Active Access Keys'],
    references: [
      aws('Root user best practices for your AWS account', 'IAM/latest/UserGuide/root-user-best-practices.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::IAM::AccessKey', path: 'UserName' },
          { type: 'aws_iam_access_key', path: 'user' },
        ],
        must: noneOf('root', '<root_account>'),
        absent: true,
        // An alternative of a condition is no reason to remove what the other makes.
        fix: (found) =>
          found.conditions.length > found.resource.conditions.length ? undefined : removeKey(found.resource),
      },
    ],
  },
  {
    id: 'iam-too-many-access-keys',
    title: 'User has more than one access key',
    category: 'iam',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS allows two keys a user so that they can be rotated; to take the old one away is up to you.',
    },
    description:
      'The second key is there for the days of a rotation. Two that stay are twice as many to lose, and nobody knows which one is in use. Keep one, or better none.',
    aliases: ['trivy:AVD-AWS-0167', 'kics:IAM User Has Too Many Access Keys'],
    references: [KEYS_PAGE],
    checks: [{ kind: 'template', check: checkKeyCount }],
  },
  {
    id: 'iam-user-console-access',
    title: 'User signs in to the console with a password',
    category: 'iam',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS offers sign-in through your identity provider and MFA; that a user signs in with a password alone is your choice.',
    },
    description:
      'A password of an IAM user works without a second factor unless a policy asks for one, and lives on when the person has left. Let people in through IAM Identity Center or your identity provider. If it must be an IAM user, deny all actions without MFA.',
    aliases: ['checkov:CKV2_AWS_22', 'kics:IAM User With Access To Console'],
    references: [
      aws('What is IAM Identity Center?', 'singlesignon/latest/userguide/what-is.html'),
      aws(
        'AWS: Allows MFA-authenticated IAM users to manage their own credentials on the Security credentials page',
        'IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html',
      ),
    ],
    checks: [{ kind: 'resource', types: ['AWS::IAM::User', 'aws_iam_user_login_profile'], check: checkConsole }],
  },
  {
    id: 'iam-login-password-reset',
    title: 'First password need not be changed',
    category: 'iam',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS asks for a new password at the first sign-in if the login profile says so, which is your setting.',
    },
    description:
      'The first password is known to whoever made it and to every system that it passed through. Ask for a new one at the first sign-in.',
    aliases: [
      'cfn_nag:W50',
      'guard:IAM_USER_LOGIN_PROFILE_PASSWORD_RESET_RULE',
      'kics:IAM User Without Password Reset',
    ],
    references: [
      aws('Manage passwords for IAM users', 'IAM/latest/UserGuide/id_credentials_passwords_admin-change-user.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::IAM::User', within: 'LoginProfile', path: 'PasswordResetRequired' },
          // Terraform documents no default.
          { type: 'aws_iam_user_login_profile', path: 'password_reset_required', absent: undefined },
        ],
        must: isTrue,
        absent: false,
        fix: set(true),
      },
    ],
  },
];

// ---- policies of users

function checkUserPolicies(resource: Resource, reporter: Reporter): void {
  const site = USER_POLICIES[resource.type];
  for (const path of site?.paths ?? []) {
    for (const found of select(resource, path)) {
      const list = found.value.kind === 'list';
      const names = path === 'user' || path === 'UserName';
      // Whoever the user is, there is one; a list that is not known may be empty.
      if (found.value.kind === 'absent' || (!list && !names) || isPresent(found.value, found) !== true) continue;
      reporter.reportFound(found, {
        // A list goes over many lines: its key says as much.
        node: list ? (found.key ?? found.node) : found.node,
        aliases: [...USER_POLICY_ALIASES, ...(site?.aliases ?? []), ...(path === 'Policies' ? INLINE_ALIASES : [])],
      });
    }
  }
}

// ---- access keys

function keyUser(key: Resource): readonly Found[] {
  return select(key, KEY_USER[key.type] ?? '');
}

function checkKey(key: Resource, reporter: Reporter): void {
  // Encrypted for one person with their PGP key.
  if (has(key, 'pgp_key') !== false || isInactive(key)) return;
  // The next rule says more.
  if (keyUser(key).some(({ value }) => asString(value) === 'root')) return;
  reporter.report({ node: key.key, resource: key, fix: () => removeKey(key) });
}

function removeKey(key: Resource): Fix | undefined {
  return removeResource(key, 'the access key', 'whoever uses it is then locked out');
}

/** A status that is not known may be it. */
function isInactive(key: Resource): boolean {
  return ['Status', 'status'].some((path) =>
    select(key, path).every(({ value }) => value.kind === 'unknown' || asString(value)?.toLowerCase() === 'inactive'),
  );
}

/** Outputs and properties that show the secret of a key of this template. */
function checkExposure(template: Template, reporter: Reporter): void {
  const keys = new Map(template.ofType(...KEY_TYPES).map((key) => [key.address, key]));
  if (!keys.size) return;
  const secretOf = (value: Value): { readonly key: Resource; readonly at: ValueReference } | undefined => {
    for (const reference of references(value)) {
      const key = keys.get(reference.target);
      if (key && SECRET_ATTRIBUTES.has(reference.attribute ?? '')) return { key, at: reference };
    }
    return undefined;
  };
  for (const output of template.outputs) {
    // Terraform asks for `sensitive` and then hides it; the state still has it, as it has that of every key.
    const sensitive = output.value.kind === 'object' ? output.value.get('sensitive') : undefined;
    if (sensitive && asBoolean(sensitive.value) !== false) continue;
    const found = secretOf(output.value);
    if (!found) continue;
    reporter.report({
      node: found.at.node,
      resource: found.key,
      variant: 'exposed',
      message: `Output ${output.name} shows the secret access key to everyone who may read the outputs`,
      path: `Outputs.${output.name}`,
      fix: () => hideOutput(output, template),
    });
  }
  for (const [type, paths] of Object.entries(SHOWN_IN)) {
    for (const resource of template.ofType(type)) {
      for (const leaf of paths.flatMap((path) => select(resource, path))) {
        const found = secretOf(leaf.value);
        if (!found) continue;
        reporter.reportFound(leaf, {
          node: found.at.node,
          variant: 'instance',
          related: [{ node: found.key.key, message: 'The key', resource: found.key }],
        });
      }
    }
  }
}

/** References anywhere in a value. */
function references(value: Value, depth = 0): ValueReference[] {
  if (depth > 20) return [];
  switch (value.kind) {
    case 'reference':
      return [value];
    case 'text':
      return value.parts.flatMap((part) => (typeof part === 'string' ? [] : references(part, depth + 1)));
    case 'choice':
      return value.alternatives.flatMap((alternative) => references(alternative.value, depth + 1));
    case 'list':
      return value.items.slice(0, 200).flatMap((item) => references(item, depth + 1));
    case 'object':
      return value.names.slice(0, 200).flatMap((name) => {
        const member = value.get(name);
        return member ? references(member.value, depth + 1) : [];
      });
    default:
      return [];
  }
}

/** Terraform hides an output that is marked; CloudFormation has no way to. */
function hideOutput({ key, name }: Section, template: Template): Fix | undefined {
  if (template.dialect === 'terraform') {
    const body = key.entry?.value;
    if (body?.kind !== 'object') return undefined;
    const edits: Edit[] = [{ kind: 'set', in: body, path: ['sensitive'], data: true }];
    return { title: 'Set sensitive to true (the state still holds the secret)', safe: false, edits };
  }
  const entry = template.dialect === 'cloudformation' ? entryToRemove(key.entry) : undefined;
  return (
    entry && {
      title: `Remove output ${name} (whoever reads it can no longer do so)`,
      safe: false,
      edits: [{ kind: 'remove', entry }],
    }
  );
}

function checkKeyCount(template: Template, reporter: Reporter): void {
  const seen = new Map<string, Resource>();
  for (const key of template.ofType(...KEY_TYPES)) {
    if (isInactive(key)) continue;
    for (const found of keyUser(key)) {
      const name = distinctText(found.value);
      if (name === undefined || name === '') continue;
      const first = seen.get(name);
      if (!first) seen.set(name, key);
      else if (first !== key && !excludeEachOther(first, key)) {
        reporter.reportFound(found, {
          related: [{ node: first.key, message: 'The first key of this user', resource: first }],
          fix: () => deactivate(key),
        });
      }
    }
  }
}

function deactivate(key: Resource): Fix | undefined {
  const [found, ...others] = select(key, key.type === 'aws_iam_access_key' ? 'status' : 'Status');
  const edits = found && !others.length ? setEdits(found, 'Inactive') : undefined;
  return edits && { title: 'Deactivate this key (whoever uses it is then locked out)', safe: false, edits };
}

/** Made under conditions that never hold together. */
function excludeEachOther(one: Resource, other: Resource): boolean {
  let conditions: Resource['conditions'] | undefined = one.conditions;
  for (const condition of other.conditions) conditions = conditions && one.template.assume(conditions, condition);
  return conditions === undefined;
}

// ---- the console

function checkConsole(resource: Resource, reporter: Reporter): void {
  if (demandsMfa(resource.template) !== false) return;
  if (resource.type === 'AWS::IAM::User') {
    for (const found of select(resource, 'LoginProfile')) {
      if (found.value.kind !== 'object' || !found.key) continue;
      reporter.reportFound(found, {
        node: found.key,
        fix: () => remove({ safe: false, note: 'the user can then no longer sign in to the console' })(found),
      });
    }
    return;
  }
  const users = ownersOf(resource, 'user', 'aws_iam_user');
  reporter.report({
    node: resource.key,
    resource,
    related: users.map((user) => ({ node: user.key, message: 'The user', resource: user })),
    fix: () => removeResource(resource, 'the login profile', 'the user can then no longer sign in to the console'),
  });
}

/** Whether some policy of the template denies what is done without MFA; undefined where one that was left out may. */
export const demandsMfa = oncePerTemplate((template): boolean | undefined => {
  const demands = policiesOf(template).some((policy) =>
    policy.statements.some(
      (statement) =>
        statement.effect !== 'Allow' &&
        statement.conditions.some((clause) => /^aws:multifactorauth(present|age)$/i.test(clause.key)),
    ),
  );
  return !demands && isPartial(template) ? undefined : demands;
});
