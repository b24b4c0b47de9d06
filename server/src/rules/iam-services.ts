/** Services of which `svc:*` means more, or less, than of others. */

/** Services whose whole is control over who may do what, or over what most accounts hold most of. After the catalogue. */
export const CRITICAL_SERVICES: ReadonlySet<string> = new Set([
  'ec2',
  'iam',
  'kms',
  'lambda',
  'organizations',
  'ram',
  's3',
  'secretsmanager',
  'ssm',
  'sso',
  'sts',
]);
/** Services that are nothing but the channel of an agent: all of their actions are what the agent needs. */
export const AGENT_CHANNELS: ReadonlySet<string> = new Set(['ec2messages', 'ssmmessages']);
/** Actions that write log events: AWS's own policies for functions and tasks allow them on everything. */
export const WRITES_LOGS: ReadonlySet<string> = new Set([
  'logs:CreateLogGroup',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
]);
/** Actions that let a service of AWS use a network interface: "Permissions management" by name, narrow by effect. */
export const LENDS_INTERFACES: ReadonlySet<string> = new Set([
  'ec2:CreateNetworkInterfacePermission',
  'ec2:DeleteNetworkInterfacePermission',
]);
/** Services that decide over the permissions of everybody, and what their whole gives. */
export const CONTROL: ReadonlyMap<string, string> = new Map([
  ['iam', 'its holder can give itself any permission'],
  ['organizations', 'its holder controls the accounts and guardrails of the organization'],
  ['sso', 'its holder can give anyone access through IAM Identity Center'],
]);
