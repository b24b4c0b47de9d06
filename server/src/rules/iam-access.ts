/**
 * What identity policies allow too broadly. The judgement is in iam-access-findings.ts, which gives each cause one
 * finding; here is what the rules say about it. Peers' ids per holder: iam-aliases.ts.
 */

import { accessFindings } from './iam-access-findings.ts';
import { accessFixes } from './iam-access-fixes.ts';
import type { AccessFinding, AccessRule } from './iam-access-statement.ts';
import {
  ANALYZER_SHAPES,
  accessAliases,
  allAliases,
  analyzerAliases,
  analyzerIds,
  type Concern,
} from './iam-aliases.ts';
import { aws } from './references.ts';
import type { Check, Owner, Reference, Related, Reporter, Rule, Variant } from './rule.ts';
import { relatedHops } from './shared.ts';

const OWNER: Owner = {
  side: 'customer',
  why: 'AWS evaluates every request against the policies as they are written; which permissions they give is for you to decide.',
};

const LEAST_PRIVILEGE = aws('Security best practices in IAM', 'IAM/latest/UserGuide/best-practices.html');
const ACTION = aws('IAM JSON policy elements: Action', 'IAM/latest/UserGuide/reference_policies_elements_action.html');
const NOT_ACTION = aws(
  'IAM JSON policy elements: NotAction',
  'IAM/latest/UserGuide/reference_policies_elements_notaction.html',
);
const RESOURCE = aws(
  'IAM JSON policy elements: Resource',
  'IAM/latest/UserGuide/reference_policies_elements_resource.html',
);
const NOT_RESOURCE = aws(
  'IAM JSON policy elements: NotResource',
  'IAM/latest/UserGuide/reference_policies_elements_notresource.html',
);
const PASS_ROLE = aws(
  'Grant a user permissions to pass a role to an AWS service',
  'IAM/latest/UserGuide/id_roles_use_passrole.html',
);
const REFERENCE_TABLES: Reference = aws(
  'Actions, resources, and condition keys for AWS services',
  'service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html',
);

/** Reports the findings of one rule on a document. */
export function accessCheck(rule: AccessRule): Check {
  return {
    kind: 'policy',
    check: (policy, reporter: Reporter) => {
      for (const finding of accessFindings(policy)) {
        if (finding.rule !== rule) continue;
        reporter.report({
          node: finding.node,
          resource: policy.resource,
          variant: finding.variant,
          message: finding.message,
          conditions: finding.conditions,
          aliases: [
            ...accessAliases(finding.concerns, policy),
            ...analyzerIds(finding.concerns, finding.statement, finding.item),
          ],
          related: [...relatedHops(finding.item?.via ?? []), ...finding.related, ...users(finding)],
          path: [policy.site, finding.path].filter(Boolean).join('.'),
          fix: () => accessFixes(finding),
        });
      }
    },
  };
}

/** Resources that put a document to use, where it is defined apart. */
function users({ statement }: AccessFinding): Related[] {
  const { consumers, resource } = statement.policy;
  return consumers
    .filter((consumer) => consumer.resource !== resource)
    .map((consumer) => ({
      node: consumer.resource.key,
      message: `Used by ${consumer.resource.address}`,
      resource: consumer.resource,
    }));
}

const NOT_RESOURCE_SHAPES = [ANALYZER_SHAPES.named[1], ANALYZER_SHAPES.pattern[1]];

interface Spec extends Pick<Rule, 'title' | 'severity' | 'description' | 'references'> {
  readonly id: AccessRule;
  readonly variants?: Readonly<Record<string, Variant>>;
  /** What the rule itself is about; what a finding absorbs is in the finding. */
  readonly concerns: readonly Concern[];
  readonly also?: readonly string[];
}

function rule({ concerns, also, ...spec }: Spec): Rule {
  return {
    ...spec,
    category: 'iam',
    tier: 'core',
    owner: OWNER,
    aliases: [...allAliases(...concerns), ...(also ?? [])],
    checks: [accessCheck(spec.id)],
  };
}

export const IAM_ACCESS_RULES: readonly Rule[] = [
  rule({
    id: 'iam-admin-star',
    title: 'Policy allows every action on every resource',
    severity: 'critical',
    description:
      'Whoever holds this policy is an administrator of the account: it can read and delete all data, and give itself and others any permission. ' +
      'Name the actions that are needed and the resources they are needed on. ' +
      'If an administrator is what you mean, attach the AWS managed policy AdministratorAccess to a role that people assume, so that it can be found.',
    concerns: ['admin'],
    references: [LEAST_PRIVILEGE, ACTION],
  }),
  rule({
    id: 'iam-wildcard-action',
    title: 'Policy allows every action',
    severity: 'high',
    variants: { conditioned: { severity: 'medium' } },
    description:
      'The action `*` covers every service, also services and actions that AWS adds later, and permissions management among them. ' +
      'A narrow Resource or a condition limits where it holds, not what can be done there. Name the actions that are needed.',
    concerns: ['action'],
    references: [LEAST_PRIVILEGE, ACTION],
  }),
  rule({
    id: 'iam-service-wildcard',
    title: 'Policy allows every action of a service',
    severity: 'medium',
    variants: {
      'critical-service': { severity: 'high' },
      'narrow-resource': { severity: 'low' },
      // What the agents of Systems Manager need is all there is.
      'agent-channel': { severity: 'info' },
    },
    description:
      'The wildcard covers all that a service can do: reading, deleting, and deciding who else may. It grows as AWS adds actions. ' +
      'List the actions that are used, or take patterns by what they do (`Get*`, `List*`, `Describe*`).',
    concerns: ['service'],
    references: [ACTION, REFERENCE_TABLES],
  }),
  rule({
    id: 'iam-full-iam',
    title: 'Policy allows full control of who may do what',
    severity: 'critical',
    description:
      'All actions of IAM, AWS Organizations or IAM Identity Center on everything are the rights of an administrator by a detour: ' +
      'the holder can grant itself, or an identity of its own, whatever it lacks. ' +
      'List the actions that are needed, limit them to paths or names, and let a permissions boundary cap the roles that it may create.',
    concerns: ['full-iam'],
    references: [
      LEAST_PRIVILEGE,
      aws('Permissions boundaries for IAM entities', 'IAM/latest/UserGuide/access_policies_boundaries.html'),
    ],
  }),
  rule({
    id: 'iam-wildcard-resource',
    title: 'Actions are allowed on every resource',
    severity: 'low',
    variants: {
      metadata: { severity: 'info' },
      conditioned: { severity: 'info' },
      tagging: { severity: 'low' },
      'in-effect': { severity: 'low', aliases: allAliases('effective-resource') },
      'metadata-in-effect': { severity: 'info', aliases: allAliases('effective-resource') },
      'log-delivery': { severity: 'info', aliases: allAliases('effective-resource') },
    },
    description:
      'At least one of these actions can be limited to resources, and is not. Name the ARNs that are meant. ' +
      'Actions that know no resource type need `*`: give them a statement of their own.',
    concerns: ['resource'],
    references: [RESOURCE, REFERENCE_TABLES],
  }),
  rule({
    id: 'iam-write-without-constraint',
    title: 'Changes are allowed on every resource',
    severity: 'medium',
    // As AWS's own AWSLambdaBasicExecutionRole does.
    variants: { 'log-delivery': { severity: 'info' } },
    description:
      'The statement lets its holder create, change or delete resources of any name in the account. ' +
      'Name the ARNs that are meant, or limit the statement by a condition, for example on a tag (`aws:ResourceTag/…`).',
    concerns: ['write'],
    references: [RESOURCE, REFERENCE_TABLES],
  }),
  rule({
    id: 'iam-privilege-escalation',
    title: 'Policy lets its holder gain further rights',
    severity: 'critical',
    variants: { 'existing-role': { severity: 'medium' } },
    description:
      'The actions in this policy (together with the other policies of the same principal in the template) are a known way to rights that the policy does not name: ' +
      'by changing its own permissions, by becoming another principal, or by running code with a stronger role. ' +
      'Remove one of the actions, limit it to resources that are no stronger than the holder, or demand a permissions boundary (`iam:PermissionsBoundary`).',
    concerns: ['escalation'],
    references: [
      LEAST_PRIVILEGE,
      PASS_ROLE,
      { title: 'Paths of privilege escalation in AWS (Datadog, pathfinding.cloud)', url: 'https://pathfinding.cloud/' },
    ],
  }),
  rule({
    id: 'iam-credentials-exposure',
    title: 'Policy hands out credentials of any resource',
    severity: 'medium',
    description:
      'The action returns a password, key or token. On every resource, it does so for each user, role, database or instance of the account. ' +
      'Name those that are meant.',
    concerns: ['credentials'],
    references: [LEAST_PRIVILEGE, REFERENCE_TABLES],
  }),
  rule({
    id: 'iam-data-exfiltration',
    title: 'Policy gives access to all data of a service',
    severity: 'medium',
    description:
      'The action reads, copies or shares what is stored. On every resource, one leaked credential of the holder is a leak of all of it. ' +
      'Name the buckets, secrets, parameters, tables or keys that are meant.',
    concerns: ['exfiltration'],
    references: [LEAST_PRIVILEGE, REFERENCE_TABLES],
  }),
  rule({
    id: 'iam-permissions-management',
    title: 'Policy allows to change who may use any resource',
    severity: 'high',
    // Lends network interfaces: what services that run containers or builds in a VPC ask for.
    variants: { 'network-interface': { severity: 'low' } },
    description:
      'The action changes a resource policy, an ACL, a grant or a share. On every resource, its holder can open any of them to itself or to other accounts. ' +
      'Name the ARNs that are meant.',
    concerns: ['permissions'],
    references: [LEAST_PRIVILEGE, REFERENCE_TABLES],
  }),
  rule({
    id: 'iam-passrole-star',
    title: 'Policy allows to pass every role',
    severity: 'high',
    variants: { 'if-exists': { severity: 'low' }, 'to-service': { severity: 'medium' } },
    description:
      'Passing a role to a service lets that service act with the rights of the role, so whoever may pass every role can use every role: ' +
      'by a function, an instance or a stack of its own. Name the roles, and the services by the condition key `iam:PassedToService`. ' +
      'The service alone is no limit for those who may also create there what acts with the role.',
    concerns: ['passrole'],
    also: analyzerAliases('passrole', 'STAR_IN_RESOURCE', 'STAR_IN_ACTION_AND_RESOURCE'),
    references: [PASS_ROLE],
  }),
  rule({
    id: 'iam-assumerole-star',
    title: 'Policy allows to assume every role',
    severity: 'high',
    description:
      'The holder can become each role, here and in other accounts, whose trust policy lets this account decide. ' +
      'Name the ARNs of the roles.',
    concerns: ['assumerole'],
    references: [
      LEAST_PRIVILEGE,
      aws('Grant a user permissions to switch roles', 'IAM/latest/UserGuide/id_roles_use_permissions-to-switch.html'),
    ],
  }),
  rule({
    id: 'iam-not-action',
    title: 'Policy allows every action but some',
    severity: 'high',
    variants: { conditioned: { severity: 'medium' }, 'narrow-resource': { severity: 'low' } },
    description:
      'Allow with NotAction grants all of AWS except the actions that it names, so it grows with each service that AWS adds. ' +
      'List what is allowed in Action; use NotAction in Deny statements only.',
    concerns: ['not-action'],
    also: [
      ...analyzerAliases('passrole', ...ANALYZER_SHAPES.not),
      ...analyzerAliases('linked-role', ...ANALYZER_SHAPES.not),
    ],
    references: [NOT_ACTION],
  }),
  rule({
    id: 'iam-not-resource',
    title: 'Policy allows actions on every resource but some',
    severity: 'high',
    variants: { conditioned: { severity: 'medium' } },
    description:
      'Allow with NotResource grants the actions on everything except what it names, also on what is created later. ' +
      'List what is allowed in Resource; use NotResource in Deny statements only.',
    concerns: ['not-resource'],
    also: [
      ...analyzerAliases('passrole', ...NOT_RESOURCE_SHAPES),
      ...analyzerAliases('linked-role', ...NOT_RESOURCE_SHAPES),
    ],
    references: [NOT_RESOURCE],
  }),
];
