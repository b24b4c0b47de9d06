/**
 * Which actions, alone or together, are worth more than they look: privilege escalation, actions that hand out
 * credentials or data, and actions that open or change resources. All functions take what a policy allows and say what
 * is in it; whether resource and condition narrow it enough is for the caller to judge.
 *
 * The privilege escalation paths are facts after pathfinding.cloud (Datadog, Apache-2.0; see NOTICE), reduced to
 * minimal sets. The lists of actions follow what cloudsplaining, parliament and checkov look for, checked against the
 * service authorization reference.
 */
import paths from '../data/privilege-escalation.json';
import { findAction, matchesPattern, matchingActions, supportsResourceLevel } from './actions.ts';
import type { ActionInfo } from './reference.ts';

/** What a policy, or some of its statements, allow. */
export interface AllowedActions {
  /** Whether `service:Name`, in the case of the reference, is allowed. */
  covers(action: string): boolean;
  /** Patterns that together include everything allowed (and perhaps more). */
  readonly patterns: readonly string[];
}

/**
 * How the path works. `self-escalation`: widens its own permissions · `principal-access`: becomes another principal ·
 * `new-passrole`: hands a role to something new · `existing-passrole`: uses the role of something that exists.
 */
export type EscalationKind = 'self-escalation' | 'principal-access' | 'new-passrole' | 'existing-passrole';

export interface EscalationPath {
  /** As on pathfinding.cloud, where it is known there. */
  readonly id: string;
  readonly kind: EscalationKind;
  /** What the holder can do, to follow "can ". */
  readonly title: string;
  /** All of them are needed. */
  readonly actions: readonly string[];
  /** Longer published paths that contain this one. */
  readonly includes?: readonly string[];
}

/** Actions that widen access; no set contains another. */
export const ESCALATION_PATHS: readonly EscalationPath[] = paths as readonly EscalationPath[];

/**
 * What an Action list allows, less what an unconditional Deny takes away. Strings that are no pattern allow nothing.
 */
export function allowedBy(patterns: readonly string[], denied: readonly string[] = []): AllowedActions {
  return {
    patterns,
    covers: (action) => matchesAny(patterns, action) && !matchesAny(denied, action),
  };
}

/** The escalation paths of which every action is allowed, in the order of the table. */
export function escalationPaths(allowed: Pick<AllowedActions, 'covers'>): EscalationPath[] {
  return ESCALATION_PATHS.filter((path) => path.actions.every((action) => allowed.covers(action)));
}

/** The escalation paths that an action (any case) is part of. */
export function escalationPathsWith(action: string): EscalationPath[] {
  const lower = action.toLowerCase();
  return ESCALATION_PATHS.filter((path) => path.actions.some((member) => member.toLowerCase() === lower));
}

export interface SensitiveAction {
  readonly action: string;
  /** What the action hands out, as a noun phrase. */
  readonly exposes: string;
  /** Cloudsplaining, and with it checkov, looks for it too. */
  readonly peers: boolean;
}

const sensitive =
  (peers: boolean) =>
  ([action, exposes]: readonly [string, string]): SensitiveAction => ({ action, exposes, peers });

/**
 * Actions that return credentials and can be limited to a resource. Left out are names that the reference does not have
 * (`gamelist:*`, `connect:GetFederationTokens`, `sso:GetRoleCredentials`, `iot:AssumeRoleWithCertificate`).
 */
export const CREDENTIALS_EXPOSURE: readonly SensitiveAction[] = [
  ...(
    [
      ['airflow:CreateCliToken', 'a token for the Airflow command line'],
      ['airflow:CreateWebLoginToken', 'a token for the Airflow web interface'],
      ['cloud9:CreateEnvironmentToken', 'a token for a development environment'],
      ['codeartifact:GetAuthorizationToken', 'a token for package repositories'],
      ['codepipeline:PollForJobs', 'credentials for the artifacts of a pipeline'],
      ['cognito-identity:GetOpenIdTokenForDeveloperIdentity', 'a token for any identity of the pool'],
      ['cognito-idp:GetSigningCertificate', 'the signing certificate of a user pool'],
      ['connect:GetFederationToken', 'a token for a Connect instance'],
      ['ec2:GetPasswordData', 'the administrator password of an instance'],
      ['emr-containers:GetManagedEndpointSessionCredentials', 'credentials for an EMR endpoint'],
      ['finspace-api:GetProgrammaticAccessCredentials', 'credentials for FinSpace data'],
      ['gamelift:GetComputeAccess', 'credentials for a game server'],
      ['gamelift:GetComputeAuthToken', 'a token for a game server'],
      ['gamelift:GetInstanceAccess', 'credentials for a fleet instance'],
      ['gamelift:RequestUploadCredentials', 'credentials for build uploads'],
      ['grafana:CreateWorkspaceApiKey', 'an API key for a Grafana workspace'],
      ['iam:CreateAccessKey', 'an access key of any user'],
      ['iam:CreateLoginProfile', 'a console password of any user'],
      ['iam:CreateServiceSpecificCredential', 'a service password of any user'],
      ['iam:ResetServiceSpecificCredential', 'a service password of any user'],
      ['iam:UpdateAccessKey', 'the use of access keys that were disabled'],
      ['lightsail:CreateBucketAccessKey', 'an access key for a bucket'],
      ['lightsail:GetInstanceAccessDetails', 'an SSH key of an instance'],
      ['lightsail:GetRelationalDatabaseMasterUserPassword', 'the master password of a database'],
      ['mediapackage:RotateChannelCredentials', 'new credentials of a channel'],
      ['mediapackage:RotateIngestEndpointCredentials', 'new credentials of an ingest endpoint'],
      ['rds-db:connect', 'a database login'],
      ['redshift:GetClusterCredentials', 'a database login'],
      ['redshift:GetClusterCredentialsWithIAM', 'a database login'],
      ['redshift-serverless:GetCredentials', 'a database login'],
      ['sts:AssumeRole', 'credentials of any role that trusts the account'],
      ['sts:AssumeRoleWithSAML', 'credentials of a role'],
      ['sts:AssumeRoleWithWebIdentity', 'credentials of a role'],
      ['sts:GetFederationToken', 'credentials of a federated session'],
    ] as const
  ).map(sensitive(true)),
  ...(
    [
      ['grafana:CreateWorkspaceServiceAccountToken', 'a token for a Grafana workspace'],
      ['sts:AssumeRoot', 'root credentials of a member account'],
    ] as const
  ).map(sensitive(false)),
];

/**
 * Actions that return credentials but know no resource type: a statement cannot allow them on less than `*`, so a
 * finding would ask for the impossible. They matter only where somebody asks what an action does.
 */
export const CREDENTIALS_WITHOUT_RESOURCE: readonly string[] = [
  'appsync:CreateApiKey',
  'chime:CreateApiKey',
  'cognito-identity:GetCredentialsForIdentity',
  'cognito-identity:GetOpenIdToken',
  'cognito-idp:AssociateSoftwareToken',
  'ecr-public:GetAuthorizationToken',
  'ecr:GetAuthorizationToken',
  'license-manager:GetAccessToken',
  'lightsail:DownloadDefaultKeyPair',
  'sts:GetSessionToken',
];

/**
 * Actions that read, or copy out of the account, what a service stores. The first five are what cloudsplaining looks
 * for; the others do the same elsewhere. Reads of metadata, queues and streams are left out: they are what most
 * policies are for.
 */
export const DATA_EXFILTRATION: readonly SensitiveAction[] = [
  ...(
    [
      ['s3:GetObject', 'the objects of every bucket'],
      ['secretsmanager:GetSecretValue', 'every secret'],
      ['ssm:GetParameter', 'every parameter'],
      ['ssm:GetParameters', 'every parameter'],
      ['ssm:GetParametersByPath', 'every parameter'],
    ] as const
  ).map(sensitive(true)),
  ...(
    [
      ['athena:GetQueryResults', 'the results of every query'],
      ['dynamodb:BatchGetItem', 'the items of every table'],
      ['dynamodb:ExportTableToPointInTime', 'a copy of every table'],
      ['dynamodb:GetItem', 'the items of every table'],
      ['dynamodb:PartiQLSelect', 'the items of every table'],
      ['dynamodb:Query', 'the items of every table'],
      ['dynamodb:Scan', 'the items of every table'],
      ['ebs:GetSnapshotBlock', 'the content of every volume snapshot'],
      ['ec2:ModifyImageAttribute', 'every machine image, to other accounts'],
      ['ec2:ModifySnapshotAttribute', 'every volume snapshot, to other accounts'],
      ['kms:Decrypt', 'what any key protects'],
      ['rds:ModifyDBClusterSnapshotAttribute', 'every database snapshot, to other accounts'],
      ['rds:ModifyDBSnapshotAttribute', 'every database snapshot, to other accounts'],
      ['rds:StartExportTask', 'a copy of every database'],
      ['redshift:AuthorizeSnapshotAccess', 'every warehouse snapshot, to other accounts'],
      ['s3:GetObjectVersion', 'the old versions of the objects of every bucket'],
      ['ssm:GetParameterHistory', 'the old values of every parameter'],
    ] as const
  ).map(sensitive(false)),
];

/**
 * Actions that open a resource to others although the reference does not call them "Permissions management": sharing,
 * and handing on a role. Each can be limited to a resource, or at least by condition key (`ram:CreateResourceShare`).
 */
export const RESOURCE_EXPOSURE: readonly string[] = [
  'ec2:ModifyImageAttribute',
  'iam:AddUserToGroup',
  'iam:PassRole',
  'lambda:CreateFunctionUrlConfig',
  'lambda:UpdateFunctionUrlConfig',
  'ram:AssociateResourceShare',
  'ram:CreateResourceShare',
  'ram:UpdateResourceShare',
  'rds:ModifyDBClusterSnapshotAttribute',
  'rds:ModifyDBSnapshotAttribute',
];

/** Which allowed actions return credentials and could be limited to a resource. */
export function credentialsExposure(allowed: Pick<AllowedActions, 'covers'>): SensitiveAction[] {
  return CREDENTIALS_EXPOSURE.filter(({ action }) => allowed.covers(action));
}

/** Which allowed actions read or copy out stored data. */
export function dataExfiltration(allowed: Pick<AllowedActions, 'covers'>): SensitiveAction[] {
  return DATA_EXFILTRATION.filter(({ action }) => allowed.covers(action));
}

/**
 * The allowed actions that could be limited to a resource and are not exempt, at most `limit`; for wide patterns the
 * search stops there, without unpacking the services that follow.
 */
export function restrictableActions(allowed: AllowedActions, limit = 20): ActionInfo[] {
  const found = new Map<string, ActionInfo>();
  for (const pattern of allowed.patterns) {
    for (const action of matchingActions(pattern)) {
      if (found.size >= limit) return [...found.values()];
      if (!supportsResourceLevel(action) || wildcardResourceExemption(action) !== undefined) continue;
      if (allowed.covers(action.full)) found.set(action.full, action);
    }
  }
  return [...found.values()];
}

const METRICS = 'metrics have no ARN; the dataset type concerns OpenTelemetry data only';
const WHOLE_ACCOUNT = 'without a name it answers for the whole account, which only "*" permits';
const MADE_AT_RUN_TIME = 'the id is made at run time and cannot be written into a policy';

/**
 * Actions that have to be, or by good custom are, allowed on `*` although the reference names a resource type, and why.
 */
export const WILDCARD_RESOURCE_EXEMPT: ReadonlyMap<string, string> = new Map([
  ['ce:GetCostAndUsage', 'billing views are optional; costs belong to the account'],
  ['cloudwatch:DescribeAlarms', WHOLE_ACCOUNT],
  ['cloudwatch:GetMetricData', METRICS],
  ['cloudwatch:ListMetrics', METRICS],
  ['cloudwatch:PutMetricData', `${METRICS}; limit it with the key cloudwatch:namespace`],
  ['ec2:AssignPrivateIpAddresses', MADE_AT_RUN_TIME],
  ['ec2:CreateNetworkInterface', 'needed by functions in a VPC; the interface does not exist yet'],
  ['ec2:DeleteNetworkInterface', MADE_AT_RUN_TIME],
  ['ec2:UnassignPrivateIpAddresses', MADE_AT_RUN_TIME],
  ['iam:CreateVirtualMFADevice', 'the device belongs to nobody until it is enabled for a user; its name is free'],
  ['polly:SynthesizeSpeech', 'lexicons are optional; the speech itself is no resource'],
  ['route53:GetChange', MADE_AT_RUN_TIME],
  ['servicequotas:GetServiceQuota', 'reads a number of the account'],
  ['ssm:UpdateInstanceInformation', 'the agent reports on the instance that it runs on'],
  ['translate:TranslateText', 'terminologies are optional; the text itself is no resource'],
]);

/**
 * Why an action (any case) is no matter for a finding on `Resource: "*"`, or undefined where it is one. Besides the
 * list that is every List or Describe action with a single, optional resource type. (Several optional types are mostly
 * alternatives, one of which is always named: `s3:ListBucket`.)
 */
export function wildcardResourceExemption(action: ActionInfo | string): string | undefined {
  const info = typeof action === 'string' ? findAction(action) : action;
  const reason = EXEMPT_BY_LOWER_NAME.get((info?.full ?? String(action)).toLowerCase());
  if (reason !== undefined) return reason;
  if (info?.accessLevel !== 'List' || !/^(?:List(?!Tags)|Describe)/.test(info.name)) return undefined;
  return info.resourceTypes.length === 1 && info.resourceTypes[0]?.required === false ? WHOLE_ACCOUNT : undefined;
}

const EXEMPT_BY_LOWER_NAME: ReadonlyMap<string, string> = new Map(
  [...WILDCARD_RESOURCE_EXEMPT].map(([action, reason]) => [action.toLowerCase(), reason]),
);

function matchesAny(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => matchesPattern(pattern, action));
}
