/** Fixes that send the log of a service to CloudWatch Logs: a log group, a role that the service may assume, and the setting. */

import type { Data, Edit } from '../syntax/edit.ts';
import { modulePrefix } from '../template/module-path.ts';
import type { Resource } from '../template/template.ts';
import { addCloudFormationResource, addTerraformResource, freeName, nameOf, terraformAccount } from './fixes.ts';

/** How long log data is kept: long enough to look back on a year. */
const RETENTION_DAYS = 365;

export interface LogDelivery {
  /** `cloudtrail.amazonaws.com` */
  readonly service: string;
  /** What it does in the log group, and nowhere else. */
  readonly actions: readonly string[];
}

/** What was added, as its template refers to it. */
export interface LogTarget {
  readonly edits: readonly Edit[];
  /** Names the group: `Ref`, `.name`. */
  readonly groupName: Data;
  /** ARN of the group: in CloudFormation with `:*` at its end, in Terraform without. */
  readonly groupArn: Data;
  readonly roleArn: Data;
}

/**
 * Adds a log group and a role for a service's log beside the resource whose log it is.
 * @param word tells them from the resource: `FlowLogs`; in Terraform in snake case
 * @returns undefined where nothing can be added beside it
 */
export function addLogTarget(resource: Resource, word: string, delivery: LogDelivery): LogTarget | undefined {
  if (resource.isMirrored) return undefined;
  return resource.template.dialect === 'cloudformation'
    ? cloudFormationTarget(resource, word, delivery)
    : terraformTarget(resource, word, delivery);
}

/** Lets the service in on behalf of the own account only. */
function trust(service: string, account: Data): { readonly [name: string]: Data } {
  const statement = {
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'aws:SourceAccount': account } },
  };
  return { Version: '2012-10-17', Statement: [statement] };
}

function permissions(actions: readonly string[], group: Data): { readonly [name: string]: Data } {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: group }] };
}

function cloudFormationTarget(
  resource: Resource,
  word: string,
  { service, actions }: LogDelivery,
): LogTarget | undefined {
  const taken = (name: string) => resource.template.resource(name) !== undefined;
  const group = freeName(`${nameOf(resource)}${word}`, '', taken);
  const role = freeName(`${group}Role`, '', taken);
  const groupArn = { 'Fn::GetAtt': [group, 'Arn'] };
  const groups = addCloudFormationResource(resource, group, 'AWS::Logs::LogGroup', { RetentionInDays: RETENTION_DAYS });
  const roles = addCloudFormationResource(resource, role, 'AWS::IAM::Role', {
    AssumeRolePolicyDocument: trust(service, { Ref: 'AWS::AccountId' }),
    Policies: [{ PolicyName: 'WriteLogs', PolicyDocument: permissions(actions, groupArn) }],
  });
  return (
    groups &&
    roles && {
      edits: [...groups, ...roles],
      groupName: { Ref: group },
      groupArn,
      roleArn: { 'Fn::GetAtt': [role, 'Arn'] },
    }
  );
}

function terraformTarget(resource: Resource, word: string, { service, actions }: LogDelivery): LogTarget | undefined {
  const { template } = resource;
  const types = ['aws_cloudwatch_log_group', 'aws_iam_role', 'aws_iam_role_policy'];
  const snake = word.replace(/(?!^)([A-Z])/g, '_$1').toLowerCase();
  const name = freeName(`${nameOf(resource)}_${snake}`, '_', (one) =>
    types.some((type) => template.resource(`${modulePrefix(resource)}${type}.${one}`) !== undefined),
  );
  const account = terraformAccount(resource);
  if (!account) return undefined;
  const groupArn = `\${aws_cloudwatch_log_group.${name}.arn}`;
  const added = [
    addTerraformResource(resource, 'aws_cloudwatch_log_group', name, { retention_in_days: RETENTION_DAYS }),
    addTerraformResource(resource, 'aws_iam_role', name, {
      assume_role_policy: JSON.stringify(trust(service, account.id)),
    }),
    addTerraformResource(resource, 'aws_iam_role_policy', name, {
      role: `\${aws_iam_role.${name}.id}`,
      policy: JSON.stringify(permissions(actions, `${groupArn}:*`)),
    }),
  ];
  const edits = [...account.edits, ...added.flatMap((one) => one ?? [])];
  if (added.includes(undefined)) return undefined;
  return {
    edits,
    groupName: `\${aws_cloudwatch_log_group.${name}.name}`,
    groupArn,
    roleArn: `\${aws_iam_role.${name}.arn}`,
  };
}
