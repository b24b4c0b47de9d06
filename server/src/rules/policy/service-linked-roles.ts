/** Who may create service-linked roles. */

import { accessCheck } from '../iam-access.ts';
import { analyzerAliases } from '../iam-aliases.ts';
import { aws } from '../references.ts';
import type { Rule } from '../rule.ts';

export const SERVICE_LINKED_ROLE_RULES: readonly Rule[] = [
  {
    id: 'iam-create-service-linked-role-star',
    title: 'Policy allows to create every service-linked role',
    category: 'iam',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS decides what the service-linked role of each service may do; for which services one is created is for your policies to decide.',
    },
    description:
      'With a service-linked role a service of AWS acts in the account. Its rights are fixed by that service, but whoever may create any of them can let services in that nobody here asked for. ' +
      'Name the services by the condition key `iam:AWSServiceName`, in values that do not begin with a wildcard.',
    aliases: analyzerAliases('linked-role', 'STAR_IN_RESOURCE', 'STAR_IN_ACTION_AND_RESOURCE'),
    references: [
      aws('Create a service-linked role', 'IAM/latest/UserGuide/id_roles_create-service-linked-role.html'),
      aws('IAM and AWS STS condition context keys', 'IAM/latest/UserGuide/reference_policies_iam-condition-keys.html'),
    ],
    checks: [accessCheck('iam-create-service-linked-role-star')],
  },
];
