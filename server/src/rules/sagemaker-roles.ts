/** Roles of Amazon SageMaker: what code in a notebook, an app or a model container may do. */

import { attachedPolicies } from '../iam/attached.ts';
import { allows, isWildcard, type Statement } from '../iam/document.ts';
import type { Found } from '../template/select.ts';
import { select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asPattern, type Condition } from '../template/value.ts';
import { everythingItem } from './iam-breadth.ts';
import { aws } from './references.ts';
import type { Related, Reporter, Rule } from './rule.ts';

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

interface Breadth {
  readonly related: Related;
  readonly conditions: readonly Condition[];
}

/** Managed policies that allow all or nearly all there is. */
const ADMINISTRATOR = /:iam::aws:policy\/(AdministratorAccess|PowerUserAccess)$/;

/** What gives a role of the template every action on every resource; a permissions boundary may take it away again. */
function breadthOf(role: Resource): readonly Breadth[] {
  const attached = attachedPolicies(role.template).find(({ principal }) => principal === role);
  if (!attached || attached.boundaries.length) return [];
  const managed = attached.managedArns.flatMap((found) => {
    const name = ADMINISTRATOR.exec(asPattern(found.value)?.replaceAll('\u0000', 'aws') ?? '')?.[1];
    return name
      ? [
          {
            related: { node: found.node, message: `Attaches ${name}`, resource: found.resource },
            conditions: found.conditions,
          },
        ]
      : [];
  });
  const written = attached.policies.flatMap((policy) =>
    [...policy.statements, ...policy.included].flatMap((statement) => breadthIn(statement)),
  );
  return [...managed, ...written];
}

function breadthIn(statement: Statement): Breadth[] {
  if (!allows(statement) || statement.hasCondition !== false || !everythingItem(statement)) return [];
  const item = statement.actions.find(isWildcard);
  if (!item) return [];
  const related = {
    node: item.node,
    message: 'Allows every action on every resource',
    resource: statement.policy.resource,
  };
  return [{ related, conditions: item.conditions }];
}

/** All that must hold at once; undefined where that cannot be. */
function together(found: Found, conditions: readonly Condition[]): readonly Condition[] | undefined {
  let all: readonly Condition[] | undefined = found.conditions;
  for (const condition of conditions) all = all && found.resource.template.assume(all, condition);
  return all;
}

function checkRole(resource: Resource, reporter: Reporter): void {
  for (const found of select(resource, ROLES[resource.type] ?? '')) {
    const { value } = found;
    if (value.kind !== 'reference' || value.to !== 'resource') continue;
    const role = resource.template.resource(value.target);
    if (!role || role.isData) continue;
    for (const { related, conditions } of breadthOf(role)) {
      const all = together(found, conditions);
      if (!all) continue;
      reporter.reportFound(found, { conditions: all, related: [related] });
      break;
    }
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
