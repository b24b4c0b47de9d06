/**
 * Peers' ids of what a statement of an identity policy allows, by concern and by what holds the policy.
 *
 * A broad finding absorbs the narrower ones that peers would report on the same statement (`Action: "*"` with
 * `Resource: "*"` is one finding here and a dozen elsewhere) and carries their ids: see {@link accessAliases}. Which ids
 * those are depends on the holder: cfn_nag has a rule for each type, checkov one for each way to write a policy.
 */

import type { Item, PolicyDocument, Statement } from '../iam/document.ts';

/** What a statement can be blamed for. Several of ours share one cause; the finding carries the ids of all of them. */
export type Concern =
  | 'admin'
  | 'action'
  | 'service'
  | 'full-iam'
  | 'resource'
  | 'effective-resource'
  | 'write'
  | 'escalation'
  | 'credentials'
  | 'exfiltration'
  | 'permissions'
  | 'passrole'
  | 'assumerole'
  | 'linked-role'
  | 'not-action'
  | 'not-resource'
  | 'bucket-policy'
  | 'every-bucket';

/** What holds the document. `file`: a policy document of its own, which may end up in any of the others. */
export type Holder =
  | 'role'
  | 'policy'
  | 'managed-policy'
  | 'user'
  | 'group'
  | 'permission-set'
  | 'function'
  | 'tf-policy'
  | 'tf-data'
  | 'file';

type Ids = Readonly<Partial<Record<Holder | 'any' | 'cfn' | 'tf', readonly string[]>>>;

/** `any`: whoever holds it; `cfn`: every CloudFormation holder; `tf`: every Terraform resource, not the data source. */
const IDS: Readonly<Record<Concern, Ids>> = {
  admin: {
    any: [
      'trivy:AVD-AWS-0057',
      'trivy:AVD-AWS-0114',
      'trivy:AVD-AWS-0120',
      'guard:IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS',
      'cdk-nag:IAMPolicyNoStatementsWithAdminAccess',
      'kics:IAM Policy Grants Full Permissions',
      'kics:IAM Policies With Full Privileges',
    ],
    'tf-data': ['checkov:CKV_AWS_1'],
    tf: ['checkov:CKV_AWS_62'],
    cfn: ['checkov:CKV_AWS_62'],
    role: ['kics:IAM Role With Full Privileges'],
    'permission-set': ['kics:SSO Policy with full privileges'],
    function: ['kics:Lambda Functions With Full Privileges'],
  },
  action: {
    any: ['trivy:AVD-AWS-0057', 'cdk-nag:AwsSolutions-IAM5', 'cdk-nag:LambdaStarPermissions'],
    'tf-data': ['checkov:CKV_AWS_49'],
    tf: ['checkov:CKV_AWS_63'],
    cfn: ['checkov:CKV_AWS_63'],
    role: ['cfn_nag:F3', 'guard:IAM_ROLE_NO_WILDCARD_ACTIONS_ON_PERMISSIONS'],
    policy: ['cfn_nag:F4'],
    'managed-policy': ['cfn_nag:F5'],
  },
  service: {
    any: [
      'trivy:AVD-AWS-0057',
      'cdk-nag:AwsSolutions-IAM5',
      'cdk-nag:IAMPolicyNoStatementsWithFullAccess',
      'cloudsplaining:ServiceWildcard',
    ],
    // cfn_nag's "* action" is also that of one service.
    role: ['cfn_nag:F3'],
    policy: ['cfn_nag:F4', 'guard:IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS'],
    'managed-policy': ['cfn_nag:F5', 'guard:IAM_MANAGEDPOLICY_NO_STATEMENTS_WITH_FULL_ACCESS'],
  },
  'full-iam': {
    any: ['checkov:CKV2_AWS_40'],
  },
  resource: {
    any: [
      'trivy:AVD-AWS-0057',
      'guard:IAM_POLICYDOCUMENT_NO_WILDCARD_RESOURCE',
      'cdk-nag:AwsSolutions-IAM5',
      'parliament:RESOURCE_STAR',
    ],
    'tf-data': ['checkov:CKV_AWS_356'],
    tf: ['checkov:CKV_AWS_355'],
    role: ['cfn_nag:W11'],
    policy: ['cfn_nag:W12'],
    'managed-policy': ['cfn_nag:W13'],
  },
  'effective-resource': {
    any: ['parliament:RESOURCE_EFFECTIVELY_STAR'],
  },
  write: {
    any: ['cloudsplaining:InfrastructureModification'],
    'tf-data': ['checkov:CKV_AWS_111'],
    cfn: ['checkov:CKV_AWS_111'],
    tf: ['checkov:CKV_AWS_290'],
  },
  escalation: {
    any: ['parliament:PRIVILEGE_ESCALATION', 'cloudsplaining:PrivilegeEscalation'],
    'tf-data': ['checkov:CKV_AWS_110'],
    cfn: ['checkov:CKV_AWS_110'],
    tf: ['checkov:CKV_AWS_286'],
    role: ['kics:Role With Privilege Escalation By Actions'],
    user: ['kics:User With Privilege Escalation By Actions'],
    group: ['kics:Group With Privilege Escalation By Actions'],
    'tf-policy': [
      'kics:Group With Privilege Escalation By Actions',
      'kics:Role With Privilege Escalation By Actions',
      'kics:User With Privilege Escalation By Actions',
    ],
  },
  credentials: {
    any: ['parliament:CREDENTIALS_EXPOSURE', 'cloudsplaining:CredentialsExposure'],
    'tf-data': ['checkov:CKV_AWS_107'],
    cfn: ['checkov:CKV_AWS_107'],
    tf: ['checkov:CKV_AWS_287'],
  },
  exfiltration: {
    any: ['parliament:SENSITIVE_ACCESS', 'cloudsplaining:DataExfiltration'],
    'tf-data': ['checkov:CKV_AWS_108'],
    cfn: ['checkov:CKV_AWS_108'],
    tf: ['checkov:CKV_AWS_288'],
  },
  permissions: {
    any: ['parliament:PERMISSIONS_MANAGEMENT_ACTIONS', 'cloudsplaining:ResourceExposure'],
    'tf-data': ['checkov:CKV_AWS_109'],
    cfn: ['checkov:CKV_AWS_109'],
    tf: ['checkov:CKV_AWS_289'],
  },
  passrole: {
    any: ['trivy:AVD-AWS-0342'],
    role: ['cfn_nag:F38', 'guard:IAM_ROLE_NO_WILDCARD_RESOURCE_ON_PASSROLE'],
    policy: ['cfn_nag:F39', 'guard:IAM_POLICY_NO_WILDCARD_RESOURCE_ON_PASSROLE'],
    'managed-policy': ['cfn_nag:F40', 'guard:IAM_POLICY_NO_WILDCARD_RESOURCE_ON_PASSROLE'],
    'tf-policy': ['kics:IAM Role Policy passRole Allows All'],
  },
  assumerole: {
    any: ["kics:IAM Policy Grants 'AssumeRole' Permission Across All Services"],
  },
  'linked-role': {},
  'not-action': {
    any: ['cloudsplaining:NotAction'],
    role: ['cfn_nag:W15', 'guard:IAM_ROLE_OR_POLICY_NO_ALLOW_PLUS_NOT_ACTION'],
    policy: ['cfn_nag:W16', 'guard:IAM_ROLE_OR_POLICY_NO_ALLOW_PLUS_NOT_ACTION'],
    'managed-policy': ['cfn_nag:W17', 'guard:IAM_ROLE_OR_POLICY_NO_ALLOW_PLUS_NOT_ACTION'],
  },
  'not-resource': {
    any: ['parliament:NOTRESOURCE_WITH_ALLOW'],
    role: ['cfn_nag:W21', 'guard:IAM_ROLE_OR_POLICY_NO_ALLOW_PLUS_NOT_RESOURCE'],
    policy: ['cfn_nag:W22', 'guard:IAM_ROLE_OR_POLICY_NO_ALLOW_PLUS_NOT_RESOURCE'],
    'managed-policy': ['cfn_nag:W23', 'guard:IAM_ROLE_OR_POLICY_NO_ALLOW_PLUS_NOT_RESOURCE'],
  },
  'bucket-policy': {
    any: ['parliament:RESOURCE_POLICY_PRIVILEGE_ESCALATION'],
  },
  'every-bucket': {
    any: ['trivy:AVD-AWS-0345', 'trivy:AVD-AWS-0346'],
  },
};

const HOLDERS: ReadonlyMap<string, Holder> = new Map<string, Holder>([
  ['*', 'file'],
  ['AWS::IAM::Role', 'role'],
  ['AWS::IAM::RolePolicy', 'role'],
  ['AWS::IAM::Policy', 'policy'],
  ['AWS::IAM::ManagedPolicy', 'managed-policy'],
  ['AWS::IAM::User', 'user'],
  ['AWS::IAM::UserPolicy', 'user'],
  ['AWS::IAM::Group', 'group'],
  ['AWS::IAM::GroupPolicy', 'group'],
  ['AWS::SSO::PermissionSet', 'permission-set'],
  ['aws_ssoadmin_permission_set_inline_policy', 'permission-set'],
]);

/** What holds a document, by the type of its resource. */
export function holderOf(policy: PolicyDocument): Holder {
  const { resource } = policy;
  const known = HOLDERS.get(resource.type);
  if (known) return known;
  if (resource.type.startsWith('AWS::')) return 'function';
  return resource.isData ? 'tf-data' : 'tf-policy';
}

/** Every peer id of some concerns, whoever holds the policy: what a rule declares. */
export function allAliases(...concerns: readonly Concern[]): readonly string[] {
  return [...new Set(concerns.flatMap((concern) => Object.values(IDS[concern]).flat()))];
}

/** The peer ids of some concerns for the holder of a document: what a finding carries. */
export function accessAliases(concerns: Iterable<Concern>, policy: PolicyDocument): readonly string[] {
  const holder = holderOf(policy);
  const isTerraform = !policy.resource.type.startsWith('AWS::');
  const found = new Set<string>();
  for (const concern of concerns) {
    const ids = IDS[concern];
    if (holder === 'file') {
      for (const list of Object.values(ids)) for (const id of list) found.add(id);
      continue;
    }
    const language = holder === 'tf-data' ? undefined : isTerraform ? ids.tf : ids.cfn;
    for (const list of [ids.any, language, ids[holder]]) for (const id of list ?? []) found.add(id);
  }
  return [...found];
}

/** What Access Analyzer names by how action and resource are written, and the action that it is about. */
const ANALYZER: readonly (readonly [concern: Concern, prefix: string, action: string])[] = [
  ['passrole', 'access-analyzer:PASS_ROLE_WITH_', 'iam:passrole'],
  ['linked-role', 'access-analyzer:CREATE_SLR_WITH_', 'iam:createservicelinkedrole'],
];

/** The ids of Access Analyzer of one action on every role, however it is written. */
export const ANALYZER_SHAPES = {
  named: ['STAR_IN_RESOURCE', 'NOT_RESOURCE'],
  pattern: ['STAR_IN_ACTION_AND_RESOURCE', 'STAR_IN_ACTION_AND_NOT_RESOURCE'],
  not: ['STAR_IN_RESOURCE_AND_NOT_ACTION', 'NOT_ACTION_AND_NOT_RESOURCE'],
} as const;

/** Access Analyzer's ids of some shapes: what a rule declares. */
export function analyzerAliases(concern: Concern, ...shapes: readonly string[]): readonly string[] {
  return ANALYZER.flatMap(([of, prefix]) => (of === concern ? shapes.map((shape) => `${prefix}${shape}`) : []));
}

/** Access Analyzer's ids of a finding: what it carries besides {@link accessAliases}. */
export function analyzerIds(
  concerns: ReadonlySet<Concern>,
  statement: Statement,
  item: Item | undefined,
): readonly string[] {
  const { NotAction, NotResource, Resource } = statement.elements;
  return ANALYZER.flatMap(([concern, prefix, action]) => {
    if (!concerns.has(concern)) return [];
    const items = item ? [item] : statement.actions;
    const isNamed = items.some(({ text }) => text?.toLowerCase() === action);
    const [everything, allBut] = ANALYZER_SHAPES[NotAction ? 'not' : isNamed ? 'named' : 'pattern'];
    return `${prefix}${NotResource && !Resource ? allBut : everything}`;
  });
}
