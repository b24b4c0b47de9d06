/** Roles of Amazon SageMaker: what code in a notebook, an app or a model container may do. */

import { select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { breadthAt, referred } from './administrators.ts';
import { aws } from './references.ts';
import type { Reporter, Rule } from './rule.ts';

/** Where each type names the role that its code runs with. */
const ROLES: Readonly<Record<string, string>> = {
  'AWS::SageMaker::NotebookInstance': 'RoleArn',
  'AWS::SageMaker::Model': 'ExecutionRoleArn',
  'AWS::SageMaker::Domain': 'DefaultUserSettings.ExecutionRole',
  'AWS::SageMaker::UserProfile': 'UserSettings.ExecutionRole',
  aws_sagemaker_notebook_instance: 'role_arn',
  aws_sagemaker_model: 'execution_role_arn',
  aws_sagemaker_domain: 'default_user_settings.execution_role',
  aws_sagemaker_user_profile: 'user_settings.execution_role',
};

/** Managed policies that allow all or nearly all there is. */
const BROAD = ['AdministratorAccess', 'PowerUserAccess'];

function checkRole(resource: Resource, reporter: Reporter): void {
  for (const found of select(resource, ROLES[resource.type] ?? '')) {
    const role = referred(found);
    const breadth = role && breadthAt(found, role, BROAD);
    if (!breadth) continue;
    const { conditions, related, fix } = breadth;
    reporter.reportFound(found, { conditions, related: [related], fix });
  }
}

export const SAGEMAKER_ROLE_RULES: readonly Rule[] = [
  {
    id: 'sagemaker-role-broad',
    title: 'Code in SageMaker runs with administrator rights',
    category: 'iam',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS gives the code credentials of the role that you name; what that role may do is up to you.',
    },
    description:
      'Everyone who can open the notebook or app, and every package and model file that it loads, acts with the rights of this role, and this role may do everything in the account. Give it the actions and the buckets that the work needs.',
    aliases: ['checkov:CKV2_AWS_68'],
    references: [aws('How to use SageMaker AI execution roles', 'sagemaker/latest/dg/sagemaker-roles.html')],
    checks: [{ kind: 'resource', types: Object.keys(ROLES), check: checkRole }],
  },
];
