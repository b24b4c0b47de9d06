/** Names that AWS does not have, or no longer has: the nearest that it does. */

import retiredNames from '../data/retired-iam-names.json';
import { editDistance } from '../syntax/text.ts';
import { findAction, matchesAnyAction, serviceExists, services } from './actions.ts';
import { decode, reference } from './reference.ts';

// Nothing longer is a misspelt name.
const MAX_NAME = 512;

/**
 * Names close to one that does not exist, best first, at most three: other spellings of a service, other spellings of
 * an action (two typing errors at most), and the action behind an API operation of another name (`s3:ListBuckets`).
 * Takes `service:Name` or a service prefix alone; a wildcard in the name is kept where only the service is misspelt.
 * Empty where the name exists, where nothing is close, and without data.
 */
export function nearest(name: string): string[] {
  if (!reference() || name.length > MAX_NAME) return [];
  const colon = name.indexOf(':');
  const service = (colon < 0 ? name : name.slice(0, colon)).toLowerCase();
  const action = colon < 0 ? undefined : name.slice(colon + 1);
  if (!serviceExists(service)) {
    const known = SERVICE_NICKNAMES[service];
    const prefixes = known ? [known] : closest(service, services());
    if (action === undefined) return prefixes.slice(0, 3);
    const full = prefixes.map((prefix) => ({ prefix, info: findAction(`${prefix}:${action}`) }));
    const exact = full.flatMap(({ info }) => (info ? [info.full] : []));
    if (exact.length > 0) return exact.slice(0, 3);
    return full
      .map(({ prefix }) => `${prefix}:${action}`)
      .filter(matchesAnyAction)
      .slice(0, 3);
  }
  if (action === undefined || /[*?]/.test(action) || findAction(name)) return [];
  const operation = OPERATION_ACTIONS[`${service}:${action.toLowerCase()}`];
  if (operation) return operation.filter((full) => findAction(full) !== undefined);
  const names = [...(decode(service)?.byLowerName.keys() ?? [])];
  return closest(action.toLowerCase(), names)
    .flatMap((lower) => decode(service)?.byLowerName.get(lower)?.full ?? [])
    .slice(0, 3);
}

/**
 * Whether AWS retired the service (`deeplens`), or the action (`one:DeleteUser`) or its whole service. Needs no data.
 */
export function isRetired(name: string): boolean {
  const lower = name.toLowerCase();
  const colon = lower.indexOf(':');
  return RETIRED_SERVICES.has(colon < 0 ? lower : lower.slice(0, colon)) || RETIRED_ACTIONS.has(lower);
}

const RETIRED_SERVICES: ReadonlySet<string> = new Set(retiredNames.services);
const RETIRED_ACTIONS: ReadonlySet<string> = new Set(retiredNames.actions);

// What people write for a service: the name of its console, its SDK client or its endpoint.
const SERVICE_NICKNAMES: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  amazonmq: 'mq',
  apigatewayv2: 'apigateway',
  asg: 'autoscaling',
  aurora: 'rds',
  certificatemanager: 'acm',
  'cloudwatch-logs': 'logs',
  cloudwatchevents: 'events',
  cloudwatchlogs: 'logs',
  cognito: 'cognito-idp',
  cognitoidp: 'cognito-idp',
  ddb: 'dynamodb',
  docdb: 'rds',
  documentdb: 'rds',
  'ecs-tasks': 'ecs',
  efs: 'elasticfilesystem',
  elasticsearch: 'es',
  elb: 'elasticloadbalancing',
  elbv2: 'elasticloadbalancing',
  emr: 'elasticmapreduce',
  eventbridge: 'events',
  fargate: 'ecs',
  msk: 'kafka',
  parameterstore: 'ssm',
  rdsdata: 'rds-data',
  s3control: 's3',
  sesv2: 'ses',
  sfn: 'states',
  ssoadmin: 'sso',
  'sso-admin': 'sso',
  stepfunction: 'states',
  stepfunctions: 'states',
  'systems-manager': 'ssm',
  systemsmanager: 'ssm',
  vpc: 'ec2',
});

// API operations that have no action of their own name: the action that permits them.
const OPERATION_ACTIONS: Readonly<Record<string, readonly string[]>> = Object.assign(Object.create(null), {
  'dynamodb:batchexecutestatement': ['dynamodb:PartiQLSelect', 'dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate'],
  'dynamodb:executestatement': ['dynamodb:PartiQLSelect', 'dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate'],
  'dynamodb:transactgetitems': ['dynamodb:GetItem'],
  'dynamodb:transactwriteitems': ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
  'kms:reencrypt': ['kms:ReEncryptFrom', 'kms:ReEncryptTo'],
  'lambda:invoke': ['lambda:InvokeFunction'],
  's3:completemultipartupload': ['s3:PutObject'],
  's3:copyobject': ['s3:GetObject', 's3:PutObject'],
  's3:createmultipartupload': ['s3:PutObject'],
  's3:deletebucketcors': ['s3:PutBucketCORS'],
  's3:deletebucketencryption': ['s3:PutEncryptionConfiguration'],
  's3:deletebucketlifecycle': ['s3:PutLifecycleConfiguration'],
  's3:deletebucketreplication': ['s3:PutReplicationConfiguration'],
  's3:deletebuckettagging': ['s3:PutBucketTagging'],
  's3:deleteobjects': ['s3:DeleteObject'],
  's3:deletepublicaccessblock': ['s3:PutBucketPublicAccessBlock'],
  's3:getbucketaccelerateconfiguration': ['s3:GetAccelerateConfiguration'],
  's3:getbucketencryption': ['s3:GetEncryptionConfiguration'],
  's3:getbucketlifecycle': ['s3:GetLifecycleConfiguration'],
  's3:getbucketlifecycleconfiguration': ['s3:GetLifecycleConfiguration'],
  's3:getbucketnotificationconfiguration': ['s3:GetBucketNotification'],
  's3:getbucketreplication': ['s3:GetReplicationConfiguration'],
  's3:getobjectlockconfiguration': ['s3:GetBucketObjectLockConfiguration'],
  's3:getpublicaccessblock': ['s3:GetBucketPublicAccessBlock'],
  's3:headbucket': ['s3:ListBucket'],
  's3:headobject': ['s3:GetObject'],
  's3:listbuckets': ['s3:ListAllMyBuckets'],
  's3:listmultipartuploads': ['s3:ListBucketMultipartUploads'],
  's3:listobjects': ['s3:ListBucket'],
  's3:listobjectsv2': ['s3:ListBucket'],
  's3:listobjectversions': ['s3:ListBucketVersions'],
  's3:listparts': ['s3:ListMultipartUploadParts'],
  's3:putbucketencryption': ['s3:PutEncryptionConfiguration'],
  's3:replicationtags': ['s3:ReplicateTags'],
  's3:putbucketlifecycleconfiguration': ['s3:PutLifecycleConfiguration'],
  's3:putbucketreplication': ['s3:PutReplicationConfiguration'],
  's3:putobjectlockconfiguration': ['s3:PutBucketObjectLockConfiguration'],
  's3:putpublicaccessblock': ['s3:PutBucketPublicAccessBlock'],
  's3:selectobjectcontent': ['s3:GetObject'],
  's3:uploadpart': ['s3:PutObject'],
  's3:uploadpartcopy': ['s3:GetObject', 's3:PutObject'],
  'sns:publishbatch': ['sns:Publish'],
  'sqs:changemessagevisibilitybatch': ['sqs:ChangeMessageVisibility'],
  'sqs:deletemessagebatch': ['sqs:DeleteMessage'],
  'sqs:sendmessagebatch': ['sqs:SendMessage'],
});

/** The candidates within two typing errors of a name, all in lower case, best first; short names allow fewer errors. */
export function closest(name: string, candidates: readonly string[]): string[] {
  const limit = name.length < 3 ? 0 : name.length < 6 ? 1 : 2;
  const found: { candidate: string; distance: number }[] = [];
  for (const candidate of candidates) {
    const distance = editDistance(name, candidate, limit);
    if (distance <= limit) found.push({ candidate, distance });
  }
  // Sorting is stable and candidates come sorted: the order is deterministic.
  return found.sort((a, b) => a.distance - b.distance).map(({ candidate }) => candidate);
}
