/** Which policies a principal ends up with: inline, attached, in a resource of their own. */

import { type Found, select } from '../template/select.ts';
import type { Resource, Template } from '../template/template.ts';
import { oncePerResource, oncePerTemplate } from '../template/template.ts';
import type { Leaf } from '../template/value.ts';
import type { PolicyDocument } from './document.ts';
import { policiesOn } from './sites.ts';
import { distinctText } from './tokens.ts';

/** A role, user, group, permission set, or function whose role SAM makes, with the policies it has in this template. */
export interface AttachedPolicies {
  readonly principal: Resource;
  /** Identity policies of the template, each once. */
  readonly policies: readonly PolicyDocument[];
  /** What a user has besides, from the groups of the template that it is in. */
  readonly inherited: readonly PolicyDocument[];
  /** Managed policies that the template does not define: ARNs and names as written. */
  readonly managedArns: readonly Found[];
  /** The permissions boundary, where one is set. */
  readonly boundaries: readonly Found[];
}

interface PrincipalType {
  /** Properties that carry its name. */
  readonly names: readonly string[];
  /** Lists of managed policies. */
  readonly managed: readonly string[];
  readonly boundary: string | undefined;
}

const CLOUDFORMATION = { managed: ['ManagedPolicyArns[]'], boundary: 'PermissionsBoundary' } as const;
const TERRAFORM = {
  names: ['name', 'name_prefix'],
  managed: ['managed_policy_arns[]'],
  boundary: 'permissions_boundary',
} as const;
const SAM = { names: [], managed: ['Policies[]'], boundary: 'PermissionsBoundary' } as const;

const PRINCIPALS: Readonly<Record<string, PrincipalType>> = {
  'AWS::IAM::Role': { names: ['RoleName'], ...CLOUDFORMATION },
  'AWS::IAM::User': { names: ['UserName'], ...CLOUDFORMATION },
  'AWS::IAM::Group': { names: ['GroupName'], managed: ['ManagedPolicyArns[]'], boundary: undefined },
  'AWS::SSO::PermissionSet': { names: [], managed: ['ManagedPolicies[]'], boundary: undefined },
  'AWS::Serverless::Function': SAM,
  'AWS::Serverless::StateMachine': SAM,
  aws_iam_role: TERRAFORM,
  aws_iam_user: TERRAFORM,
  aws_iam_group: { names: ['name'], managed: [], boundary: undefined },
  aws_ssoadmin_permission_set: { names: ['name'], managed: [], boundary: undefined },
};

/** A resource that attaches: to whom, and what, where that is not its own document. */
interface Attachment {
  readonly to: readonly string[];
  readonly policies?: string;
}

const ATTACHMENTS: Readonly<Record<string, Attachment>> = {
  'AWS::IAM::Policy': { to: ['Roles[]', 'Users[]', 'Groups[]'] },
  'AWS::IAM::ManagedPolicy': { to: ['Roles[]', 'Users[]', 'Groups[]'] },
  'AWS::IAM::RolePolicy': { to: ['RoleName'] },
  'AWS::IAM::UserPolicy': { to: ['UserName'] },
  'AWS::IAM::GroupPolicy': { to: ['GroupName'] },
  aws_iam_role_policy: { to: ['role'] },
  aws_iam_user_policy: { to: ['user'] },
  aws_iam_group_policy: { to: ['group'] },
  aws_iam_role_policy_attachment: { to: ['role'], policies: 'policy_arn' },
  aws_iam_user_policy_attachment: { to: ['user'], policies: 'policy_arn' },
  aws_iam_group_policy_attachment: { to: ['group'], policies: 'policy_arn' },
  aws_iam_policy_attachment: { to: ['roles[]', 'users[]', 'groups[]'], policies: 'policy_arn' },
  aws_iam_role_policy_attachments_exclusive: { to: ['role_name'], policies: 'policy_arns[]' },
  aws_iam_user_policy_attachments_exclusive: { to: ['user_name'], policies: 'policy_arns[]' },
  aws_iam_group_policy_attachments_exclusive: { to: ['group_name'], policies: 'policy_arns[]' },
  aws_ssoadmin_permission_set_inline_policy: { to: ['permission_set_arn'] },
  aws_ssoadmin_managed_policy_attachment: { to: ['permission_set_arn'], policies: 'managed_policy_arn' },
};

/** Resources that put users into groups. */
const MEMBERSHIPS: Readonly<Record<string, { readonly users: string; readonly groups: string }>> = {
  'AWS::IAM::UserToGroupAddition': { users: 'Users[]', groups: 'GroupName' },
  aws_iam_user_group_membership: { users: 'user', groups: 'groups[]' },
  aws_iam_group_membership: { users: 'users[]', groups: 'group' },
};
const USER = ['user'];
const GROUP = ['group'];

const PRINCIPAL_TYPES = Object.keys(PRINCIPALS);
const ATTACHMENT_TYPES = Object.keys(ATTACHMENTS);
const MEMBERSHIP_TYPES = Object.keys(MEMBERSHIPS);

/** What a resource says by itself: asked of every one with each change of another. */
interface Said {
  readonly policies: readonly PolicyDocument[];
  /** What it is called. */
  readonly names: readonly string[];
  readonly managed: readonly Found[];
  readonly boundaries: readonly Found[];
}

const saidOf = oncePerResource((resource): Said => {
  const { names = [], managed = [], boundary } = PRINCIPALS[resource.type] ?? {};
  const texts = names.flatMap((name) => select(resource, name).map(({ value }) => distinctText(value)));
  return {
    policies: policiesOn(resource).filter((policy) => policy.kind === 'identity' || policy.kind === 'boundary'),
    names: texts.filter((text) => text !== undefined),
    managed: managed.flatMap((path) => select(resource, path)),
    boundaries: boundary === undefined ? [] : select(resource, boundary).filter((leaf) => leaf.value.kind !== 'absent'),
  };
});

interface Building {
  /** Groups that a user is in. */
  readonly groups: Set<Resource>;
  readonly policies: Set<PolicyDocument>;
  readonly managedArns: Found[];
}

/**
 * The principals of a template with their policies, in the order of the template; computed once.
 * A policy counts for a principal that it names by reference or by the name written in the template.
 */
export const attachedPolicies = oncePerTemplate((template): readonly AttachedPolicies[] => collect(template));

function collect(template: Template): readonly AttachedPolicies[] {
  const building = new Map<Resource, Building>();
  const byName = new Map<string, Resource[]>();
  for (const resource of template.ofType(...PRINCIPAL_TYPES)) {
    const type = PRINCIPALS[resource.type];
    if (!type || resource.isData) continue;
    const { policies, names, managed } = saidOf(resource);
    const entry: Building = { groups: new Set(), policies: new Set(policies), managedArns: [] };
    building.set(resource, entry);
    for (const name of names) byName.set(name, [...(byName.get(name) ?? []), resource]);
    for (const leaf of managed) attach(entry, leaf, template);
  }
  if (!building.size) return [];
  for (const resource of template.ofType(...ATTACHMENT_TYPES)) {
    const attachment = ATTACHMENTS[resource.type];
    if (!attachment) continue;
    const targets = new Set(
      attachment.to
        .flatMap((path) => select(resource, path))
        .flatMap((leaf) => principalsNamed(leaf.value, template, byName, kindsOf(attachment))),
    );
    for (const target of targets) {
      const entry = building.get(target);
      if (!entry) continue;
      if (attachment.policies === undefined)
        for (const policy of identityPolicies(resource)) entry.policies.add(policy);
      else for (const leaf of select(resource, attachment.policies)) attach(entry, leaf, template);
    }
  }
  join(template, building, byName);
  return [...building].map(([principal, { groups, policies, managedArns }]) => {
    const inherited = new Set([...groups].flatMap((group) => [...(building.get(group)?.policies ?? [])]));
    const { boundaries } = saidOf(principal);
    return { principal, policies: [...policies], inherited: [...inherited], managedArns, boundaries };
  });
}

/** Notes the groups of each user. */
function join(
  template: Template,
  building: ReadonlyMap<Resource, Building>,
  byName: ReadonlyMap<string, readonly Resource[]>,
): void {
  const named = (resource: Resource, path: string, kinds: readonly string[]) =>
    select(resource, path).flatMap(({ value }) => principalsNamed(value, template, byName, kinds));
  const put = (users: readonly Resource[], groups: readonly Resource[]) => {
    for (const user of users) for (const group of groups) building.get(user)?.groups.add(group);
  };
  for (const resource of template.ofType('AWS::IAM::User', ...MEMBERSHIP_TYPES)) {
    if (resource.type === 'AWS::IAM::User') put([resource], named(resource, 'Groups[]', GROUP));
    const paths = MEMBERSHIPS[resource.type];
    if (paths) put(named(resource, paths.users, USER), named(resource, paths.groups, GROUP));
  }
}

function identityPolicies(resource: Resource): readonly PolicyDocument[] {
  return saidOf(resource).policies;
}

/** Adds what a managed policy stands for: its document where the template has it, else its name. */
function attach(entry: Building, leaf: Found, template: Template): void {
  const { value } = leaf;
  if (value.kind === 'absent' || value.kind === 'object') return;
  const policy = value.kind === 'reference' && value.to === 'resource' ? template.resource(value.target) : undefined;
  const documents = policy && !policy.isData ? identityPolicies(policy) : [];
  if (documents.length) for (const document of documents) entry.policies.add(document);
  else entry.managedArns.push(leaf);
}

/** The principals that a value names, by reference or by name. */
function principalsNamed(
  value: Leaf,
  template: Template,
  byName: ReadonlyMap<string, readonly Resource[]>,
  kinds: readonly string[],
): readonly Resource[] {
  if (value.kind === 'reference') {
    const target = value.to === 'resource' ? template.resource(value.target) : undefined;
    return target ? [target] : [];
  }
  const text = distinctText(value);
  if (text === undefined) return [];
  return (byName.get(text) ?? []).filter((resource) => kinds.some((kind) => isOf(resource, kind)));
}

/** A role and a user may share a name; the property says which is meant. */
function kindsOf({ to }: Attachment): readonly string[] {
  const wanted = to.join(' ').toLowerCase();
  return ['role', 'user', 'group'].filter((kind) => wanted.includes(kind));
}

function isOf(resource: Resource, kind: string): boolean {
  return resource.type.toLowerCase().endsWith(kind);
}
