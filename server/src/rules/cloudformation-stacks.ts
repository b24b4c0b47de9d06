/** Stacks themselves: the roles behind custom resources, notifications, policies, retention, names that are fixed. */

import { select } from '../template/select.ts';
import type { Resource, Template } from '../template/template.ts';
import { breadthAt, referred } from './administrators.ts';
import { remove, set } from './fixes.ts';
import { isPresent, isTrue, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { Predicate, Reporter, Rule, Target } from './rule.ts';
import { has, lacks } from './shared.ts';

// ---- who acts behind a custom resource

/** The role of a function; of a SAM function without one the function itself, whose role SAM makes. */
function roleOf(lambda: Resource): Resource | undefined {
  if (has(lambda, 'Role') === false) return lambda.type === 'AWS::Serverless::Function' ? lambda : undefined;
  const roles = select(lambda, 'Role').map(referred);
  return roles.length === 1 ? roles[0] : undefined;
}

function checkCustomResources(template: Template, reporter: Reporter): void {
  if (template.dialect !== 'cloudformation') return;
  for (const resource of template.resources) {
    if (!/^(?:Custom::|AWS::CloudFormation::CustomResource$)/.test(resource.type)) continue;
    for (const found of select(resource, 'ServiceToken')) {
      const lambda = referred(found);
      const role = lambda?.types.includes('AWS::Lambda::Function') ? roleOf(lambda) : undefined;
      const breadth = role && breadthAt(found, role);
      if (!lambda || !breadth) continue;
      reporter.reportFound(found, {
        message: `The function ${lambda.address} behind this custom resource is an administrator of the account`,
        conditions: breadth.conditions,
        related: [breadth.related],
        fix: breadth.fix,
      });
    }
  }
}

function checkStackRole(stack: Resource, reporter: Reporter): void {
  for (const found of select(stack, 'iam_role_arn')) {
    const role = referred(found);
    const breadth = role && breadthAt(found, role);
    if (!breadth) continue;
    const { conditions, related, fix } = breadth;
    reporter.reportFound(found, { variant: 'stack', conditions, related: [related], fix });
  }
}

// ---- names

/** Resources that must be replaced for some changes, and the property that fixes their name. */
const NAMES: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::ApiKey': 'Name',
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::CodeDeploy::DeploymentConfig': 'DeploymentConfigName',
  'AWS::CodeDeploy::DeploymentGroup': 'DeploymentGroupName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::EC2::SecurityGroup': 'GroupName',
  'AWS::ECR::Repository': 'RepositoryName',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'Name',
  'AWS::Elasticsearch::Domain': 'DomainName',
  'AWS::OpenSearchService::Domain': 'DomainName',
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Kinesis::Stream': 'Name',
  'AWS::RDS::DBInstance': 'DBInstanceIdentifier',
};

/** Roles that a service looks up by exactly this name. */
const PRESCRIBED: ReadonlySet<string> = new Set([
  'dms-vpc-role',
  'dms-cloudwatch-logs-role',
  'dms-access-for-endpoint',
  'vmimport',
  'AWSCloudFormationStackSetAdministrationRole',
  'AWSCloudFormationStackSetExecutionRole',
]);

/** Written out, wholly or in part; a parameter may be empty. */
const isGenerated: Predicate = (value) => {
  if (value.kind === 'known' && PRESCRIBED.has(String(value.value))) return true;
  return value.kind === 'absent' ? true : value.kind === 'known' || value.kind === 'text' ? 'name' : undefined;
};

/** A stack set that deploys by itself. */
function deploys(path: string): Target['where'] {
  return (stackSet) => {
    const missing = lacks(stackSet, path);
    return missing === undefined ? undefined : !missing;
  };
}

export const CLOUDFORMATION_STACK_RULES: readonly Rule[] = [
  {
    id: 'custom-resource-lambda-admin',
    title: 'Function behind a custom resource is an administrator',
    category: 'iam',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS runs the function with the role that you give it; what that role may do is your decision.',
    },
    description:
      'Whoever may change the stack, the code of the function or what it is called with acts with all rights of the account, whatever rights they have themselves. Give the function the few permissions that its task needs.',
    aliases: [],
    variants: {
      stack: { severity: 'low', message: 'CloudFormation deploys this stack as an administrator of the account' },
    },
    references: [
      aws(
        'Create custom provisioning logic with custom resources',
        'AWSCloudFormation/latest/UserGuide/template-custom-resources.html',
      ),
      aws('CloudFormation service role', 'AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html'),
    ],
    checks: [
      { kind: 'template', check: checkCustomResources },
      { kind: 'resource', types: ['aws_cloudformation_stack'], check: checkStackRole },
    ],
  },
  {
    id: 'cloudformation-stack',
    title: 'Stack is deployed without a safety net',
    category: 'other',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS carries out the changes of a stack as they are asked for; who hears of them and what they must not touch is up to you.',
    },
    description:
      'Notifications tell someone of every change of a stack. A stack policy keeps updates from replacing what must stay. Stack instances that are retained outlive their stack set. A resource whose name is fixed cannot be replaced, nor can its template be deployed twice: leave the name to CloudFormation.',
    aliases: [
      'checkov:CKV_AWS_124',
      'cfn_nag:W28',
      'guard:CFN_NO_EXPLICIT_RESOURCE_NAMES',
      'kics:Stack Retention Disabled',
      'kics:Stack Notifications Disabled',
      'kics:No Stack Policy',
    ],
    variants: {
      notifications: {
        message: 'No one is told of changes of this stack',
        aliases: ['checkov:CKV_AWS_124', 'kics:Stack Notifications Disabled'],
      },
      policy: {
        severity: 'info',
        message: 'No stack policy protects resources of this stack from updates',
        aliases: ['kics:No Stack Policy'],
      },
      retention: {
        severity: 'info',
        message: 'Stacks are deleted along with the account’s place in the stack set',
        aliases: ['kics:Stack Retention Disabled'],
      },
      name: {
        severity: 'info',
        message: 'The name is fixed: the resource cannot be replaced without another one',
        aliases: ['cfn_nag:W28', 'guard:CFN_NO_EXPLICIT_RESOURCE_NAMES'],
      },
    },
    references: [
      aws('CloudFormation best practices', 'AWSCloudFormation/latest/UserGuide/best-practices.html'),
      aws('Name type', 'AWSCloudFormation/latest/TemplateReference/aws-properties-name.html'),
      aws('Prevent updates to stack resources', 'AWSCloudFormation/latest/UserGuide/protect-stack-resources.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::CloudFormation::Stack', path: 'NotificationARNs' },
          { type: 'aws_cloudformation_stack', path: 'notification_arns' },
        ],
        must: otherwise(isPresent, 'notifications'),
        absent: 'notifications',
      },
      {
        kind: 'property',
        targets: [{ type: 'aws_cloudformation_stack', path: ['policy_body', 'policy_url'] }],
        must: otherwise(isPresent, 'policy'),
        absent: 'policy',
      },
      {
        kind: 'property',
        targets: [
          {
            type: 'AWS::CloudFormation::StackSet',
            path: 'AutoDeployment.RetainStacksOnAccountRemoval',
            where: deploys('AutoDeployment'),
          },
          {
            type: 'aws_cloudformation_stack_set',
            path: 'auto_deployment.retain_stacks_on_account_removal',
            where: deploys('auto_deployment'),
          },
          { type: 'aws_cloudformation_stack_set_instance', path: 'retain_stack' },
          { type: 'aws_cloudformation_stack_instances', path: 'retain_stacks' },
        ],
        must: otherwise(isTrue, 'retention'),
        absent: 'retention',
        fix: set(true, { safe: false, note: 'stacks then have to be deleted by hand' }),
      },
      {
        kind: 'property',
        targets: Object.entries(NAMES).map(([type, path]) => ({ type, path })),
        must: isGenerated,
        absent: true,
        fix: remove({ safe: false, note: 'replaces the resource' }),
      },
    ],
  },
];
