/** Principals: who a policy names, and whether AWS takes it that way; with trust policies, what they may say. */

import { aws } from '../references.ts';
import type { Rule } from '../rule.ts';
import { doubtful, policyRule, refused } from './check.ts';
import { DEPUTY_CHECK } from './deputies.ts';
import { PRINCIPAL_FORM_CHECKS } from './principal-forms.ts';
import { TRUST_CHECKS } from './trust.ts';

export { PRINCIPAL_REDUNDANCY_CHECKS } from './principal-redundancy.ts';

export const PRINCIPAL_RULES: readonly Rule[] = [
  policyRule({
    id: 'iam-principal-invalid',
    title: 'Principal or trust policy is not valid',
    severity: 'medium',
    owner: {
      side: 'customer',
      why: 'AWS checks a principal when the policy is saved, and knows roles and users by their ids from then on; whom you name, and how, is yours.',
    },
    description:
      'AWS refuses the policy, or what it names matches nobody: wildcards stand for no part of a principal, service principals are written in lower case with their domain, and each kind of principal assumes a role by an action of its own. Ids that begin with AROA or AIDA are what is left of roles and users that were deleted: nobody can use them again, and they belong out of the policy.',
    variants: {
      'principal-wildcard': refused('access-analyzer:UNSUPPORTED_WILDCARD_IN_PRINCIPAL'),
      'principal-unique-id-role': doubtful('access-analyzer:INVALID_ROLE_REFERENCE'),
      'principal-unique-id-user': doubtful('access-analyzer:INVALID_USER_REFERENCE'),
      'service-principal-format': refused('access-analyzer:INVALID_SERVICE_PRINCIPAL_FORMAT'),
      'federated-not-supported': refused('access-analyzer:FEDERATED_PRINCIPAL_NOT_SUPPORTED'),
      'federated-format': refused(
        'parliament:UNKNOWN_FEDERATION_SOURCE',
        'access-analyzer:INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY',
      ),
      'trust-resource': refused('access-analyzer:ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE'),
      'trust-action-mismatch': refused('access-analyzer:MISMATCHED_ACTION_FOR_PRINCIPAL'),
      'trust-rolesanywhere-actions': refused('access-analyzer:MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY'),
      'trust-action-not-sts': refused(),
    },
    references: [
      aws('AWS JSON policy elements: Principal', 'IAM/latest/UserGuide/reference_policies_elements_principal.html'),
      aws('Update a role trust policy', 'IAM/latest/UserGuide/id_roles_update-role-trust-policy.html'),
      aws('IAM identifiers', 'IAM/latest/UserGuide/reference_identifiers.html'),
    ],
    checks: [...PRINCIPAL_FORM_CHECKS, ...TRUST_CHECKS],
  }),
  policyRule({
    id: 'iam-service-principal-no-source',
    title: 'Service may act on the resource for anyone',
    severity: 'medium',
    owner: {
      side: 'customer',
      why: 'AWS passes on for which account and resource a service acts; checking that is what the conditions of your policy are for.',
    },
    description:
      'A service acts for all of its customers: without a condition on `aws:SourceArn`, `aws:SourceAccount` or `aws:SourceOrgID` somebody else’s resource may make it write to yours, or read from it, as a confused deputy. Headers of the request such as `aws:Referer` say nothing about that.',
    variants: {
      'service-principal-no-source': {
        severity: 'medium',
        aliases: ['access-analyzer:RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL'],
      },
      'service-principal-weak-key': doubtful('access-analyzer:RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL'),
    },
    references: [
      aws('The confused deputy problem', 'IAM/latest/UserGuide/confused-deputy.html'),
      aws('AWS global condition context keys', 'IAM/latest/UserGuide/reference_policies_condition-keys.html'),
    ],
    checks: [DEPUTY_CHECK],
  }),
];
