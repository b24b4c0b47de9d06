/**
 * What AWS's documentation says of single condition keys and no data holds.
 * Sources: IAM user guide, "AWS global condition context keys" (availability of each key), "IAM policy validation check
 * reference", "Pass session tags in AWS STS", "Monitor and control actions taken with assumed roles".
 */

/** Services that tell through whose VPC endpoint a request came, by prefix. */
const ENDPOINT_OWNER = [
  'acm-pca',
  'application-insights',
  'applicationinsights',
  'apprunner',
  'athena',
  'cloudformation',
  'comprehendmedical',
  'compute-optimizer',
  'datasync',
  'discovery',
  'dynamodb',
  'ebs',
  'ecr',
  'ecs',
  'firehose',
  'gamelift',
  'healthlake',
  'iam',
  'iotfleetwise',
  'iotwireless',
  'kinesisanalytics',
  'kms',
  'lambda',
  'medical-imaging',
  'omics',
  'payment-cryptography',
  'polly',
  'rbin',
  'rekognition',
  'route53',
  's3',
  'scheduler',
  'servicediscovery',
  'servicequotas',
  'shield',
  'ssm-contacts',
  'storagegateway',
  'textract',
  'transcribe',
  'transfer',
];

const ENDPOINT_ORGANIZATION = [
  ...ENDPOINT_OWNER,
  'b2bi',
  'cassandra',
  'cognito-identity',
  'dms',
  'ds-data',
  'identitystore',
  'iottwinmaker',
  'network-firewall',
  'pricing',
  'ses',
  'sms-voice',
  'sqs',
  'workmail',
];

/** Global keys that only some services put into their requests, with those services. */
export const SUPPORTED_SERVICES: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['aws:vpceaccount', new Set(ENDPOINT_OWNER)],
  ['aws:vpceorgid', new Set(ENDPOINT_ORGANIZATION)],
  ['aws:vpceorgpaths', new Set(ENDPOINT_OWNER)],
]);

/** Its requests lack those keys although its service has them. */
export const WITHOUT_ENDPOINT_KEYS = 'iam:passrole';

/** Keys that requests of a service principal lack, with the one that says it of the source; `''` for none. */
export const PRINCIPAL_KEYS: ReadonlyMap<string, string> = new Map([
  ['aws:principalorgid', 'aws:SourceOrgID'],
  ['aws:principalorgpaths', 'aws:SourceOrgPaths'],
  ['aws:principalarn', ''],
  ['aws:principaltag', ''],
]);

/** Keys that are the same for every request to the resource that carries a policy, by the policy's service. */
export const CONSTANT_KEYS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['s3', new Set(['s3:resourceaccount', 'aws:resourceaccount', 'aws:resourceorgid', 'aws:resourceorgpaths'])],
]);

/** Keys of what is passed to a role's session, with the action that a trust policy must allow for it to be passed. */
export const PASSING_ACTIONS: ReadonlyMap<string, string> = new Map([
  ['aws:requesttag', 'sts:TagSession'],
  ['aws:tagkeys', 'sts:TagSession'],
  ['sts:transitivetagkeys', 'sts:TagSession'],
  ['sts:sourceidentity', 'sts:SetSourceIdentity'],
]);

/** Services of which the reference is known to leave out keys: AWS uses others in policies of its own. */
export const INCOMPLETE_SERVICES: ReadonlySet<string> = new Set([
  'a4b',
  'aws-marketplace',
  'catalog',
  'deepracer',
  'iottwinmaker',
  'nimble',
]);

/**
 * Services whose every action is listed with its keys: there, one action that lacks a key among others that have it is
 * no gap of the reference.
 */
export const COMPLETE_SERVICES: ReadonlySet<string> = new Set([
  'autoscaling',
  'dynamodb',
  'ec2',
  'elasticloadbalancing',
  'iam',
  'kms',
  'lambda',
  'organizations',
  's3',
  'secretsmanager',
  'sns',
  'sqs',
  'ssm',
  'sts',
]);

// ---- how far conditions reach

/** Keys whose value the caller chooses. */
export const CALLER_CHOSEN: ReadonlySet<string> = new Set(['aws:referer', 'aws:useragent']);

/** Keys in which AWS calls every wildcard too wide ("sensitive condition keys"). */
export const SENSITIVE_KEYS: ReadonlySet<string> = new Set([
  'aws:principalaccount',
  'aws:principalorgid',
  'aws:resourceaccount',
  'aws:resourceorgid',
  'aws:sourceaccount',
  'aws:sourceorgid',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:vpceaccount',
  'aws:vpceorgid',
]);

/** Keys that tell who calls by a name: what stands before a wildcard must be long enough not to be met by chance. */
export const NAME_KEYS: ReadonlySet<string> = new Set(['aws:sourceidentity', 'aws:username', 'sts:externalid']);

/** Policy variables with a value that callers, or those who tag them, choose. */
export const CHOSEN_VARIABLES: readonly string[] = [
  'aws:principaltag/',
  'aws:referer',
  'aws:requesttag/',
  'aws:sourceidentity',
  'aws:useragent',
  'aws:userid',
  'aws:username',
  'saml:',
  'sts:externalid',
  'sts:rolesessionname',
];

/** Keys that say little without one of others. */
export const PAIRED_KEYS: ReadonlyMap<string, readonly [first: string, ...others: string[]]> = new Map([
  ['aws:vpcsourceip', ['aws:SourceVpc', 'aws:SourceVpce', 'aws:SourceVpcArn']],
]);
