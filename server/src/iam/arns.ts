/**
 * ARNs as written in Resource: taken apart, and compared with those of the resource types that AWS's service
 * authorization reference knows. Parts that are not known, and policy variables, may be any text.
 *
 * Sources: IAM user guide, "IAM JSON policy elements: Resource" (wildcards; a `*` at the end of a field also matches what
 * is behind the colon) and "Identify AWS resources with Amazon Resource Names (ARNs)".
 */

import { matchesWildcard, wildcardsOverlap } from '../syntax/text.ts';
import type { Template } from '../template/template.ts';
import type { Leaf, Value } from '../template/value.ts';
import { HOLE } from './document.ts';
import { arnPatterns, onDataChange } from './reference.ts';

/** The fields of an ARN as wildcard patterns; {@link HOLE} for any text that is not the pattern's own `*`. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

// The longest text that IAM takes is some 6,000 characters; ARNs are under 2,048.
const MAX_LENGTH = 4_096;
/** Stands for the name of a resource of the template: one text without separators. */
export const NAME = '\u0002';
/** Stands for the URL of a queue. */
export const QUEUE_URL = `https://${NAME}`;

/** Partitions of AWS. Source: the AWS SDKs' partitions.json, and AWS General Reference, "Amazon Resource Names". */
export const PARTITIONS: readonly string[] = [
  'aws',
  'aws-cn',
  'aws-us-gov',
  'aws-iso',
  'aws-iso-b',
  'aws-iso-e',
  'aws-iso-f',
  'aws-eusc',
];

/** Regions of AWS, all partitions. Source: AWS Regions and Availability Zones user guide, "AWS Regions". */
export const REGIONS: readonly string[] = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'af-south-1',
  'ap-east-1',
  'ap-east-2',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ca-central-1',
  'ca-west-1',
  'eu-central-1',
  'eu-central-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'eu-south-1',
  'eu-south-2',
  'eu-north-1',
  'il-central-1',
  'me-south-1',
  'me-central-1',
  'mx-central-1',
  'sa-east-1',
  'cn-north-1',
  'cn-northwest-1',
  'us-gov-east-1',
  'us-gov-west-1',
  'us-iso-east-1',
  'us-iso-west-1',
  'us-isob-east-1',
  'us-isob-west-1',
  'eu-isoe-west-1',
  'us-isof-east-1',
  'us-isof-south-1',
  'eusc-de-east-1',
];

const AREA = '(?:us|us-gov|us-iso[a-z]?|eu|eu-iso[a-z]|eusc-[a-z]{2}|ap|af|ca|cn|il|me|mx|sa)';
const DIRECTION = '(?:north|south|east|west|central|northeast|northwest|southeast|southwest)';
const REGION = new RegExp(`^${AREA}-${DIRECTION}-[1-9]$`);

/** Whether a text names a region, or may: AWS opens new ones, named by area, direction and number. */
export function mayBeRegion(text: string): boolean {
  return REGION.test(text) || text === 'global' || text === 'aws-global';
}

/**
 * The fields of an ARN as written, at most six: colons of policy variables (`${aws:username}`) and of intrinsic
 * functions do not count, and the last field takes all that is left. No field is interpreted.
 */
export function splitArn(text: string): string[] {
  const fields: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length && fields.length < 5; at++) {
    if (text[at] === '$' && text[at + 1] === '{') {
      const close = text.indexOf('}', at);
      if (close < 0) break;
      at = close;
    } else if (text[at] === ':') {
      fields.push(text.slice(from, at));
      from = at + 1;
    }
  }
  fields.push(text.slice(from));
  return fields;
}

/** A text with {@link HOLE} for each policy variable: it may be any text. `${*}`, `${?}` and `${$}` stand for one character. */
export function withoutVariables(text: string): string {
  let result = '';
  let from = 0;
  for (let open = text.indexOf('${'); open >= 0; open = text.indexOf('${', from)) {
    const close = text.indexOf('}', open);
    if (close < 0) break;
    const name = text.slice(open + 2, close);
    result += text.slice(from, open) + (name === '*' || name === '?' || name === '$' ? '?' : HOLE);
    from = close + 1;
  }
  return result + text.slice(from);
}

/** A field as a pattern of wildcards. */
export const toPattern = (field: string): string => (field.includes(HOLE) ? field.replaceAll(HOLE, '*') : field);

const isOpenEnded = (field: string): boolean => field.endsWith('*') || field.endsWith(HOLE);

/** Whether a text can be the account of an ARN: 12 digits, nothing, AWS itself, or a wildcard that may stand for these. */
export function mayBeAccount(field: string): boolean {
  return (
    field === '' || /^\d{12}$/.test(field) || field.startsWith('aws') || (mayVary(field) && /^[\d*?\0]*$/.test(field))
  );
}

/** Whether a field has a wildcard or a part that is not known. */
export function mayVary(field: string): boolean {
  return field.includes('*') || field.includes('?') || field.includes(HOLE);
}

/**
 * Reads an ARN without policy variables (see {@link withoutVariables}). Where fields are missing, or none is an account
 * where one belongs, a `*` that ends a field also stands for fields behind it.
 * @returns undefined where it is no ARN, has too few fields, or is too long to be one
 */
export function readArn(text: string): Arn | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const fields = splitArn(text);
  if (fields[0] !== 'arn' || fields.length < 2) return undefined;
  const plain = fields.length === 6 ? arnOf(fields) : undefined;
  if (plain && mayBeAccount(plain.account)) return plain;
  for (let at = 1; at < Math.min(fields.length, 5); at++) {
    if (!isOpenEnded(fields[at] ?? '')) continue;
    // The shortest that makes an ARN: as many fields as are missing, at least one.
    for (let count = Math.max(1, 6 - fields.length); count <= 5 - at; count++) {
      const longer = [...fields.slice(0, at + 1), ...Array<string>(count).fill('*'), ...fields.slice(at + 1)];
      const arn = arnOf([...longer.slice(0, 5), longer.slice(5).join(':')]);
      if (/^[a-z0-9*?\0-]*$/.test(arn.region) && mayBeAccount(arn.account)) return arn;
    }
  }
  return plain;
}

function arnOf(fields: readonly string[]): Arn {
  const [, partition = '', service = '', region = '', account = '', resource = ''] = fields;
  return { partition, service, region, account, resource };
}

// ---- resource types

/** An ARN pattern of the reference, in which `*` stands for each name that is to be filled in. */
export interface TypeArn extends Arn {
  /** The word that the resource begins with, and what separates it: `table/`, `/restapis/`; empty where a name comes first. */
  readonly head: string;
  /** The resource is a bucket's name, which has no slash. */
  readonly isBucket: boolean;
}

const MAX_READ = 5_000;
const read = new Map<string, readonly TypeArn[]>();

/** Reads an ARN pattern of the reference, which may hold several, separated by commas. */
export function typeArns(arnPattern: string): readonly TypeArn[] {
  let found = read.get(arnPattern);
  if (!found) {
    if (read.size >= MAX_READ) read.clear();
    found = arnPattern.split(', ').map((one): TypeArn => {
      const [, partition = '', service = '', region = '', account = '', resource = ''] = splitArn(one);
      return {
        partition: '*',
        service: filled(service),
        region: filled(region),
        account: filled(account),
        resource: filled(resource),
        head: headOf(resource),
        isBucket: service === 's3' && partition !== '' && resource === '${BucketName}',
      };
    });
    read.set(arnPattern, found);
  }
  return found;
}

/** What is fixed of a resource field, up to the first separator. */
function headOf(resource: string): string {
  const fixed = resource.slice(0, Math.max(0, `${resource}$`.search(/[$*]/)));
  const separator = fixed.slice(1).search(/[/:]/);
  return separator < 0 ? fixed : fixed.slice(0, separator + 2);
}

const filled = (field: string): string => field.replace(/\$\{[^{}]*\}/g, '*');

let byService: ReadonlyMap<string, readonly TypeArn[]> | undefined;
onDataChange(() => {
  byService = undefined;
});

/**
 * The ARN patterns whose service field is the given one, whichever service names them; undefined where there are none,
 * or without data.
 */
export function typeArnsOf(service: string): readonly TypeArn[] | undefined {
  if (!byService) {
    const map = new Map<string, TypeArn[]>();
    for (const arnPattern of arnPatterns()) {
      for (const arn of typeArns(arnPattern)) {
        const known = map.get(arn.service);
        if (known) known.push(arn);
        else map.set(arn.service, [arn]);
      }
    }
    byService = map;
  }
  return byService.get(service);
}

/** Whether the resource field of an ARN can be one of the type. */
export function resourceMatches(resource: string, type: TypeArn): boolean {
  if (type.isBucket && resource.includes('/')) return false;
  return wildcardsOverlap(toPattern(resource), type.resource);
}

/**
 * Forms that AWS's own managed policies use and the reference lacks, by service: gaps of the reference, and a few slips
 * that AWS ships.
 */
const FURTHER: Readonly<Record<string, readonly string[]>> = Object.assign(Object.create(null), {
  apigateway: ['/tags*', '/v2/*'],
  aps: ['/workspaces'],
  appflow: ['connector-profile/*'],
  autoscaling: ['scalingPolicy:*'],
  backup: ['recovery-point:*'],
  'bedrock-agentcore': ['credential-provider/*'],
  cloudformation: ['transform/*'],
  cloudwatch: ['iotfleethub*'],
  config: [':config-rule/*'],
  ec2: ['vpc-endpoint:*'],
  kms: [':*'],
  logs: ['/aws-glue/*', '/aws/lambda/AmazonSecurityLake*'],
  organizations: [''],
  pricingplanmanager: ['subscription:*'],
  profile: ['/domains/amazon-connect-*', '/templates*'],
  quicksight: ['vpcconnection/*'],
  'redshift-serverless': ['snapshotcopyconfiguration/*'],
  robomaker: ['/createSimulationApplication'],
  sagemaker: ['Canvas*', 'canvas*', 'endpointconfig/*'],
  secretsmanager: ['sqlworkbench!*'],
  securityagent: ['agent-instance*'],
  states: ['statemachine:*sagemaker*'],
  waf: ['changetoken/*'],
  'waf-regional': ['changetoken/*'],
});

/** Whether it is one of the forms that AWS uses and the reference does not know: nothing is known of its type. */
export function isFurtherForm({ service, resource }: Arn): boolean {
  return FURTHER[service]?.some((form) => matchesWildcard(form, resource)) === true;
}

/**
 * Whether the service of an ARN may have such resources: some type begins alike. True where the service's types are not
 * known. An ARN of a path (`/workspaces`) may also name the whole of it.
 */
export function mayExist(arn: Arn): boolean {
  const { service, resource } = arn;
  const types = typeArnsOf(service);
  if (!types) return true;
  if (resource === '') return isFurtherForm(arn) || types.some((type) => type.resource === '');
  const pattern = toPattern(resource);
  return (
    types.some(
      ({ head, resource: whole }) =>
        wildcardsOverlap(pattern, head === whole ? head : `${head}*`) || (head[0] === '/' && `${pattern}/` === head),
    ) || isFurtherForm(arn)
  );
}

/**
 * Whether an ARN can name a resource of the type. Region and account count only where they tell types apart: an ARN that
 * lacks its region is no matter of the type.
 */
export function canBe(arn: Arn, type: TypeArn): boolean {
  return (
    (arn.service === type.service || wildcardsOverlap(toPattern(arn.service), type.service)) &&
    resourceMatches(arn.resource, type)
  );
}

// ---- what a template refers to

/** ARNs that attributes of resources give, where a statement may refer to them: the resource field tells the type. */
const OWN: ReadonlyMap<string, string> = new Map([
  ['AWS::S3::Bucket.Arn', `arn:aws:s3:::${NAME}`],
  ['aws_s3_bucket.arn', `arn:aws:s3:::${NAME}`],
  ['AWS::DynamoDB::Table.Arn', `arn:aws:dynamodb:*:*:table/${NAME}`],
  ['aws_dynamodb_table.arn', `arn:aws:dynamodb:*:*:table/${NAME}`],
  ['AWS::SQS::Queue.Arn', `arn:aws:sqs:*:*:${NAME}`],
  ['aws_sqs_queue.arn', `arn:aws:sqs:*:*:${NAME}`],
  ['AWS::SNS::Topic.', `arn:aws:sns:*:*:${NAME}`],
  ['aws_sns_topic.arn', `arn:aws:sns:*:*:${NAME}`],
  ['AWS::KMS::Key.Arn', `arn:aws:kms:*:*:key/${NAME}`],
  ['aws_kms_key.arn', `arn:aws:kms:*:*:key/${NAME}`],
  ['AWS::SecretsManager::Secret.', `arn:aws:secretsmanager:*:*:secret:${NAME}`],
  ['aws_secretsmanager_secret.arn', `arn:aws:secretsmanager:*:*:secret:${NAME}`],
  ['AWS::Lambda::Function.Arn', `arn:aws:lambda:*:*:function:${NAME}`],
  ['aws_lambda_function.arn', `arn:aws:lambda:*:*:function:${NAME}`],
  ['AWS::Kinesis::Stream.Arn', `arn:aws:kinesis:*:*:stream/${NAME}`],
  ['aws_kinesis_stream.arn', `arn:aws:kinesis:*:*:stream/${NAME}`],
  // The name alone.
  ['AWS::S3::Bucket.', NAME],
  ['aws_s3_bucket.id', NAME],
  ['aws_s3_bucket.bucket', NAME],
  ['AWS::DynamoDB::Table.', NAME],
  ['aws_dynamodb_table.name', NAME],
  ['AWS::IAM::Role.', NAME],
  ['aws_iam_role.id', NAME],
  ['aws_iam_role.name', NAME],
  ['AWS::KMS::Key.', NAME],
  ['aws_kms_key.id', NAME],
  ['aws_kms_key.key_id', NAME],
  ['AWS::Kinesis::Stream.', NAME],
  ['aws_kinesis_stream.name', NAME],
  ['AWS::Lambda::Function.', NAME],
  ['aws_lambda_function.function_name', NAME],
  ['AWS::SQS::Queue.QueueName', NAME],
  ['aws_sqs_queue.name', NAME],
  ['AWS::SQS::Queue.', QUEUE_URL],
  ['aws_sqs_queue.id', QUEUE_URL],
  ['aws_sqs_queue.url', QUEUE_URL],
]);

/**
 * An ARN's text in which references to resources of the template are ARNs or names of their type; {@link HOLE} for what is
 * not known besides. Undefined for what is no text.
 */
export function arnText(value: Leaf, template: Template): string | undefined {
  if (value.kind === 'object' || value.kind === 'list' || value.kind === 'absent') return undefined;
  return withoutVariables(textOf(value, template, 0).replaceAll('&{', '${'));
}

function textOf(value: Value, template: Template, depth: number): string {
  switch (value.kind) {
    case 'known':
      return String(value.value);
    case 'text':
      if (depth > 20) return HOLE;
      return value.parts.map((part) => (typeof part === 'string' ? part : textOf(part, template, depth + 1))).join('');
    case 'reference': {
      if (value.to !== 'resource') return HOLE;
      const type = template.resource(value.target)?.type;
      return (type !== undefined && OWN.get(`${type}.${value.attribute ?? ''}`)) || HOLE;
    }
    default:
      return HOLE;
  }
}
