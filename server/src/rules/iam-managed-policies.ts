/** Managed policies of AWS that give too much, or that AWS has retired, wherever they are attached. */

import { type Found, select } from '../template/select.ts';
import type { Resource, Template } from '../template/template.ts';
import { asPattern, type Leaf } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { policyFix } from './policy-edits.ts';
import { rawText } from './policy-resources.ts';
import { aws } from './references.ts';
import type { Owner, Reporter, Rule } from './rule.ts';

const OWNER: Owner = {
  side: 'customer',
  why: 'AWS writes its managed policies for everyone and keeps them up to date; whom you attach them to is your decision.',
};
const MANAGED_PAGE = aws(
  'AWS managed policies for job functions',
  'IAM/latest/UserGuide/access_policies_job-functions.html',
);
const LEAST_PRIVILEGE = aws('Security best practices in IAM', 'IAM/latest/UserGuide/best-practices.html');

/** Where managed policies are attached, by type. */
const ATTACHED: Readonly<Record<string, string>> = {
  'AWS::IAM::Role': 'ManagedPolicyArns[]',
  'AWS::IAM::User': 'ManagedPolicyArns[]',
  'AWS::IAM::Group': 'ManagedPolicyArns[]',
  'AWS::SSO::PermissionSet': 'ManagedPolicies[]',
  'AWS::Serverless::Function': 'Policies[]',
  'AWS::Serverless::StateMachine': 'Policies[]',
  aws_iam_role: 'managed_policy_arns[]',
  aws_iam_role_policy_attachment: 'policy_arn',
  aws_iam_user_policy_attachment: 'policy_arn',
  aws_iam_group_policy_attachment: 'policy_arn',
  aws_iam_policy_attachment: 'policy_arn',
  aws_iam_role_policy_attachments_exclusive: 'policy_arns[]',
  aws_iam_user_policy_attachments_exclusive: 'policy_arns[]',
  aws_iam_group_policy_attachments_exclusive: 'policy_arns[]',
  aws_ssoadmin_managed_policy_attachment: 'managed_policy_arn',
};

/** SAM takes the bare name of a managed policy as well. */
const SAM = /^AWS::Serverless::/;
/** `arn:aws:iam::aws:policy/service-role/Name`; the partition may be a hole. */
const MANAGED_ARN = /^arn:[^:]*:iam::aws:policy\/((?:[\w+=,.@-]+\/)*)([\w+=,.@-]+)$/;

const ADMINISTRATOR = 'AdministratorAccess';

/** Control over permissions, secrets, keys, or what most accounts hold most of. */
const ELEVATED: ReadonlySet<string> = new Set([
  'PowerUserAccess',
  'IAMFullAccess',
  'SystemAdministrator',
  'DatabaseAdministrator',
  'NetworkAdministrator',
  'AdministratorAccess-Amplify',
  'AdministratorAccess-AWSElasticBeanstalk',
  'SecretsManagerReadWrite',
  'AWSKeyManagementServicePowerUser',
  'AWSOrganizationsFullAccess',
  'AWSSSOMasterAccountAdministrator',
  'AmazonS3FullAccess',
  'AmazonEC2FullAccess',
  'AWSLambda_FullAccess',
  'AmazonDynamoDBFullAccess',
  'AmazonDynamoDBFullAccess_v2',
  'AmazonRDSFullAccess',
  'AmazonSSMFullAccess',
  'AWSCloudFormationFullAccess',
  'AmazonECS_FullAccess',
  'AmazonEC2ContainerRegistryFullAccess',
  'AmazonRedshiftFullAccess',
  'AmazonSageMakerFullAccess',
  'AmazonVPCFullAccess',
  'AmazonRoute53FullAccess',
  'AmazonElasticFileSystemFullAccess',
  'AmazonCognitoPowerUser',
  'AWSCloudTrail_FullAccess',
  'CloudWatchLogsFullAccess',
  'AWSCodePipeline_FullAccess',
  'AWSCodeBuildAdminAccess',
  'AWSStepFunctionsFullAccess',
  'AWSGlueConsoleFullAccess',
]);

/**
 * Managed policies that AWS has taken out of use or is about to, and what takes their place, path included.
 * Source: the pages on AWS managed policies in the guides of AWS Batch, CloudTrail, CodePipeline, ECS, Elastic Beanstalk, Lambda
 * and Systems Manager, each of which names the old policy and the new.
 */
const DEPRECATED: ReadonlyMap<string, string> = new Map([
  ['AmazonEC2RoleforSSM', 'AmazonSSMManagedInstanceCore'],
  ['AmazonEC2SpotFleetRole', 'service-role/AmazonEC2SpotFleetTaggingRole'],
  ['AmazonEC2ContainerServiceFullAccess', 'AmazonECS_FullAccess'],
  ['AWSCloudTrailReadOnlyAccess', 'AWSCloudTrail_ReadOnlyAccess'],
  ['AWSCodePipelineFullAccess', 'AWSCodePipeline_FullAccess'],
  ['AWSCodePipelineReadOnlyAccess', 'AWSCodePipeline_ReadOnlyAccess'],
  ['AWSElasticBeanstalkFullAccess', 'AdministratorAccess-AWSElasticBeanstalk'],
  ['AWSElasticBeanstalkReadOnlyAccess', 'AWSElasticBeanstalkReadOnly'],
  ['AWSElasticBeanstalkService', 'AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy'],
  ['AWSLambdaFullAccess', 'AWSLambda_FullAccess'],
  ['AWSLambdaReadOnlyAccess', 'AWSLambda_ReadOnlyAccess'],
]);

/**
 * Managed policies that read where the named ones do everything. Source: AWS managed policy reference, which has a page for
 * each.
 */
const READ_ONLY: ReadonlyMap<string, string> = new Map([
  [ADMINISTRATOR, 'ReadOnlyAccess'],
  ['PowerUserAccess', 'ReadOnlyAccess'],
  ['IAMFullAccess', 'IAMReadOnlyAccess'],
  ['AdministratorAccess-AWSElasticBeanstalk', 'AWSElasticBeanstalkReadOnly'],
  ['AWSOrganizationsFullAccess', 'AWSOrganizationsReadOnlyAccess'],
  ['AWSSSOMasterAccountAdministrator', 'AWSSSOReadOnly'],
  ['AmazonS3FullAccess', 'AmazonS3ReadOnlyAccess'],
  ['AmazonEC2FullAccess', 'AmazonEC2ReadOnlyAccess'],
  ['AWSLambda_FullAccess', 'AWSLambda_ReadOnlyAccess'],
  ['AmazonDynamoDBFullAccess', 'AmazonDynamoDBReadOnlyAccess'],
  ['AmazonDynamoDBFullAccess_v2', 'AmazonDynamoDBReadOnlyAccess'],
  ['AmazonRDSFullAccess', 'AmazonRDSReadOnlyAccess'],
  ['AmazonSSMFullAccess', 'AmazonSSMReadOnlyAccess'],
  ['AWSCloudFormationFullAccess', 'AWSCloudFormationReadOnlyAccess'],
  ['AmazonEC2ContainerRegistryFullAccess', 'AmazonEC2ContainerRegistryReadOnly'],
  ['AmazonRedshiftFullAccess', 'AmazonRedshiftReadOnlyAccess'],
  ['AmazonSageMakerFullAccess', 'AmazonSageMakerReadOnly'],
  ['AmazonVPCFullAccess', 'AmazonVPCReadOnlyAccess'],
  ['AmazonRoute53FullAccess', 'AmazonRoute53ReadOnlyAccess'],
  ['AmazonElasticFileSystemFullAccess', 'AmazonElasticFileSystemReadOnlyAccess'],
  ['AmazonCognitoPowerUser', 'AmazonCognitoReadOnly'],
  ['AWSCloudTrail_FullAccess', 'AWSCloudTrail_ReadOnlyAccess'],
  ['CloudWatchLogsFullAccess', 'CloudWatchLogsReadOnlyAccess'],
  ['CloudWatchFullAccess', 'CloudWatchReadOnlyAccess'],
  ['AWSCodePipeline_FullAccess', 'AWSCodePipeline_ReadOnlyAccess'],
  ['AWSCodeBuildAdminAccess', 'AWSCodeBuildReadOnlyAccess'],
  ['AWSCodeCommitFullAccess', 'AWSCodeCommitReadOnly'],
  ['AWSCodeDeployFullAccess', 'AWSCodeDeployReadOnlyAccess'],
  ['AWSStepFunctionsFullAccess', 'AWSStepFunctionsReadOnlyAccess'],
  ['AmazonSQSFullAccess', 'AmazonSQSReadOnlyAccess'],
  ['AmazonSNSFullAccess', 'AmazonSNSReadOnlyAccess'],
  ['AmazonKinesisFullAccess', 'AmazonKinesisReadOnlyAccess'],
  ['AmazonKinesisFirehoseFullAccess', 'AmazonKinesisFirehoseReadOnlyAccess'],
  ['AmazonElastiCacheFullAccess', 'AmazonElastiCacheReadOnlyAccess'],
  ['AmazonESFullAccess', 'AmazonESReadOnlyAccess'],
  ['AmazonEventBridgeFullAccess', 'AmazonEventBridgeReadOnlyAccess'],
  ['AmazonFSxFullAccess', 'AmazonFSxReadOnlyAccess'],
  ['AmazonPollyFullAccess', 'AmazonPollyReadOnlyAccess'],
  ['AmazonRekognitionFullAccess', 'AmazonRekognitionReadOnlyAccess'],
  ['AmazonSESFullAccess', 'AmazonSESReadOnlyAccess'],
  ['AutoScalingFullAccess', 'AutoScalingReadOnlyAccess'],
  ['CloudFrontFullAccess', 'CloudFrontReadOnlyAccess'],
  ['ElasticLoadBalancingFullAccess', 'ElasticLoadBalancingReadOnly'],
  ['AWSXrayFullAccess', 'AWSXrayReadOnlyAccess'],
]);

/** The name of the AWS managed policy that a leaf attaches; undefined for all else. */
function managedName(found: Found, template: Template): string | undefined {
  const { value, resource } = found;
  const text = asPattern(lookedUp(value, template) ?? value);
  if (text === undefined) return undefined;
  const name = MANAGED_ARN.exec(text)?.[2];
  if (name !== undefined) return name;
  // `data.aws_iam_policy` by name, and SAM's short form.
  const bare = /^(?:[\w+=,.@-]+\/)?([\w+=,.@-]+)$/.exec(text)?.[1];
  return SAM.test(resource.type) || lookedUp(value, template) ? bare : undefined;
}

/** What `data.aws_iam_policy` looks a policy up by: its ARN or name. */
function lookedUp(value: Leaf, template: Template): Leaf | undefined {
  if (value.kind !== 'reference' || !value.target.includes('data.aws_iam_policy.')) return undefined;
  const source = template.resource(value.target);
  if (!source) return undefined;
  const leaves = ['arn', 'name'].flatMap((path) => select(source, path)).filter((leaf) => leaf.value.kind !== 'absent');
  return leaves.length === 1 ? leaves[0]?.value : undefined;
}

/** Runs a judgement of each managed policy of AWS that a resource attaches. */
function eachManaged(judge: (name: string, found: Found, reporter: Reporter) => void) {
  return (resource: Resource, reporter: Reporter): void => {
    const path = ATTACHED[resource.type];
    if (path === undefined) return;
    for (const found of select(resource, path)) {
      const name = managedName(found, resource.template);
      if (name !== undefined) judge(name, found, reporter);
    }
  };
}

const TYPES = Object.keys(ATTACHED);
const FULL_ALIASES = ['cdk-nag:AwsSolutions-IAM4', 'kics:Lambda Function With Privileged Role'];
const ELEVATED_ALIASES = ['cfn_nag:W44', 'guard:IAM_ROLE_ELEVATED_MANAGED_POLICY_RULE', ...FULL_ALIASES];

export const IAM_MANAGED_POLICY_RULES: readonly Rule[] = [
  {
    id: 'iam-admin-managed-policy',
    title: 'AdministratorAccess is attached',
    category: 'iam',
    severity: 'high',
    tier: 'core',
    owner: OWNER,
    description:
      'Whoever holds this policy can do everything in the account: read and delete all data, make users and keys, switch off the logs. A workload that is taken over takes the account with it. Attach a policy with the actions that are used; IAM Access Analyzer can make one from what CloudTrail has seen.',
    aliases: [
      'checkov:CKV_AWS_274',
      'cfn_nag:W43',
      'guard:IAM_ROLE_ADMINISTRATOR_ACCESS_POLICY_RULE',
      'guard:IAM_ROLE_ELEVATED_MANAGED_POLICY_RULE',
      'cdk-nag:AwsSolutions-IAM4',
      'kics:Lambda Function With Privileged Role',
      'kics:ECS Service Admin Role Is Present',
    ],
    references: [
      LEAST_PRIVILEGE,
      aws('AdministratorAccess', 'aws-managed-policy/latest/reference/AdministratorAccess.html'),
      aws('IAM Access Analyzer policy generation', 'IAM/latest/UserGuide/access-analyzer-policy-generation.html'),
    ],
    checks: [
      {
        kind: 'resource',
        types: TYPES,
        check: eachManaged((name, found, reporter) => {
          if (name === ADMINISTRATOR) reporter.reportFound(found, { fix: () => readOnlyFix(found) });
        }),
      },
    ],
  },
  {
    id: 'iam-elevated-managed-policy',
    title: 'Managed policy with broad rights is attached',
    category: 'iam',
    severity: 'medium',
    tier: 'core',
    owner: OWNER,
    description:
      'The policy gives all rights to a service, or to most of them, on every resource of the account, and grows when AWS adds actions. Attach a policy of your own with the actions and resources that are used.',
    aliases: ELEVATED_ALIASES,
    variants: {
      iam: {
        severity: 'high',
        message: 'IAMFullAccess is attached: its holder can give itself any right',
        aliases: ['checkov:CKV2_AWS_56', ...ELEVATED_ALIASES],
      },
      'power-user': { aliases: ELEVATED_ALIASES },
      service: { aliases: FULL_ALIASES },
      'lesser-service': { severity: 'low', aliases: FULL_ALIASES },
    },
    references: [LEAST_PRIVILEGE, MANAGED_PAGE],
    checks: [
      {
        kind: 'resource',
        types: TYPES,
        check: eachManaged((name, found, reporter) => {
          const variant = elevation(name);
          if (variant !== undefined) {
            reporter.reportFound(found, {
              variant,
              message: variant === 'iam' ? undefined : `${name} is attached: broad rights on every resource`,
              fix: () => readOnlyFix(found),
            });
          }
        }),
      },
    ],
  },
  {
    id: 'iam-deprecated-managed-policy',
    title: 'Managed policy is deprecated',
    category: 'iam',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS replaces a managed policy whose rights turned out too broad or wrong; to attach the new one instead is up to you.',
    },
    description:
      'AWS deprecates a managed policy when a narrower or corrected one takes its place. The old one is no longer kept up to date, and once it is deprecated it cannot be attached to anyone new: such a deployment fails. Attach the policy that replaces it.',
    aliases: [],
    references: [
      aws('Deprecated AWS managed policies', 'IAM/latest/UserGuide/access_policies_managed-deprecated.html'),
    ],
    checks: [
      {
        kind: 'resource',
        types: TYPES,
        check: eachManaged((name, found, reporter) => {
          const replacement = DEPRECATED.get(name);
          if (replacement === undefined) return;
          const shown = replacement.slice(replacement.lastIndexOf('/') + 1);
          reporter.reportFound(found, {
            message: `AWS retires ${name}: ${shown} takes its place`,
            fix: () => replaceFix(found, replacement, shown),
          });
        }),
      },
    ],
  },
  {
    id: 'iam-aws-managed-policy',
    title: 'Managed policy of AWS is attached',
    category: 'iam',
    severity: 'low',
    tier: 'opt-in',
    owner: OWNER,
    description:
      'Policies of AWS name no resources of yours, most say `*`, and they grow as AWS adds actions. Write one with the actions and resources that are used; keep those of AWS for service roles and for a beginning.',
    aliases: ['cdk-nag:AwsSolutions-IAM4'],
    variants: { 'service-role': { severity: 'info' } },
    references: [
      LEAST_PRIVILEGE,
      aws('AWS managed policies', 'IAM/latest/UserGuide/access_policies_managed-vs-inline.html'),
    ],
    checks: [{ kind: 'resource', types: TYPES, check: eachManaged(anyManaged) }],
  },
];

/** Which policies of AWS none of the other rules says more about; those for service roles are made for them. */
function anyManaged(name: string, found: Found, reporter: Reporter): void {
  if (name === ADMINISTRATOR || elevation(name) !== undefined || DEPRECATED.has(name)) return;
  const isForService = /:policy\/(aws-)?service-role\//.test(asPattern(found.value) ?? '');
  reporter.reportFound(found, {
    variant: isForService ? 'service-role' : undefined,
    message: `${name} is attached, a managed policy of AWS`,
  });
}

/** How much a managed policy gives, if it is one of the broad. */
function elevation(name: string): string | undefined {
  if (name === 'IAMFullAccess') return 'iam';
  if (name === 'PowerUserAccess') return 'power-user';
  if (ELEVATED.has(name)) return 'service';
  return /FullAccess$/.test(name) && !DEPRECATED.has(name) ? 'lesser-service' : undefined;
}

/** Attaches the managed policy that reads only, where AWS has one for the same. */
export function readOnlyFix(found: Found): Fix | undefined {
  const name = managedName(found, found.resource.template);
  const replacement = name === undefined ? undefined : READ_ONLY.get(name);
  return replacement === undefined
    ? undefined
    : replaceFix(found, replacement, replacement, 'changes are then refused');
}

function replaceFix(found: Found, replacement: string, shown: string, note = 'it may allow less'): Fix | undefined {
  const text = rawText(found.node);
  if (text === undefined || found.via.length || found.node.aliasOf || /data\.aws_iam_policy\./.test(text))
    return undefined;
  const at = text.indexOf(':policy/');
  const data = at < 0 ? shown : `${text.slice(0, at)}:policy/${replacement}`;
  // The list may have it already, and takes nothing twice.
  const list = found.node.parent;
  if (list?.kind === 'array' && list.tag === undefined && list.items.some((item) => rawText(item) === data)) {
    return policyFix(`Remove this policy, beside which ${shown} is attached (${note})`, [
      { kind: 'removeItem', node: found.node },
    ]);
  }
  const isCall = found.node.kind === 'object' || found.node.tag !== undefined;
  return policyFix(`Attach ${shown} instead (${note})`, [
    { kind: 'replace', node: found.node, data: isCall ? { 'Fn::Sub': data } : data },
  ]);
}
