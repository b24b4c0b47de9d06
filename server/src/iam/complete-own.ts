/** Resources of the template at hand: what a policy in it is most likely about. */

import type { Template } from '../template/template.ts';
import type { Completion } from './complete-item.ts';
import type { Place } from './complete-position.ts';
import { canTag } from './complete-principals.ts';
import type { Spot } from './complete-spot.ts';

/** A resource that a statement can refer to. */
export interface OwnResource {
  /** Logical id, or address in Terraform. */
  readonly address: string;
  readonly type: string;
}

/** What gives a resource's ARN, and the resource types of its service that this ARN, with a tail, is one of. */
interface Kind {
  readonly service: string;
  /** The attribute in CloudFormation; undefined where the `Ref` is the ARN. */
  readonly attribute: string | undefined;
  readonly tails: Readonly<Record<string, string>>;
}

/** `AWS::Type aws_type service attribute` (`-`: its `Ref`), and `type=tail` for each resource type. */
const KINDS: ReadonlyMap<string, Kind> = new Map(
  `AWS::S3::Bucket aws_s3_bucket s3 Arn object=/* bucket=
AWS::DynamoDB::Table aws_dynamodb_table dynamodb Arn table= index=/index/* stream=/stream/*
AWS::Serverless::SimpleTable - dynamodb Arn table=
AWS::SQS::Queue aws_sqs_queue sqs Arn queue=
AWS::SNS::Topic aws_sns_topic sns - topic=
AWS::KMS::Key aws_kms_key kms Arn key=
AWS::SecretsManager::Secret aws_secretsmanager_secret secretsmanager - Secret=
AWS::Lambda::Function aws_lambda_function lambda Arn function=
AWS::Serverless::Function - lambda Arn function=
AWS::Kinesis::Stream aws_kinesis_stream kinesis Arn stream=
AWS::KinesisFirehose::DeliveryStream aws_kinesis_firehose_delivery_stream firehose Arn deliverystream=
AWS::StepFunctions::StateMachine aws_sfn_state_machine states - statemachine=
AWS::Serverless::StateMachine - states - statemachine=
AWS::Logs::LogGroup aws_cloudwatch_log_group logs Arn log-group=
AWS::ECR::Repository aws_ecr_repository ecr Arn repository=
AWS::ECS::Cluster aws_ecs_cluster ecs Arn cluster=
AWS::Events::EventBus aws_cloudwatch_event_bus events Arn event-bus=
AWS::Events::Rule aws_cloudwatch_event_rule events Arn
AWS::EFS::FileSystem aws_efs_file_system elasticfilesystem Arn file-system=
AWS::CodeBuild::Project aws_codebuild_project codebuild Arn project=
AWS::Cognito::UserPool aws_cognito_user_pool cognito-idp Arn userpool=
AWS::IAM::Role aws_iam_role iam Arn role=`
    .split('\n')
    .flatMap((line) => {
      const [cloudFormation = '', terraform = '', service = '', attribute = '', ...types] = line.split(' ');
      const kind: Kind = {
        service,
        attribute: attribute === '-' ? undefined : attribute,
        tails: Object.assign(Object.create(null), Object.fromEntries(types.map((type) => type.split('=')))),
      };
      return [[cloudFormation, kind] as const, [terraform, kind] as const];
    }),
);

/** A distribution's ARN is an attribute of it in Terraform alone. */
const DISTRIBUTIONS: ReadonlySet<string> = new Set(['AWS::CloudFront::Distribution', 'aws_cloudfront_distribution']);

/** Resources that are looked at, and items that are offered of one type. */
const MAX_RESOURCES = 2000;
const MAX_ITEMS = 20;

/**
 * The resources of a template that ARNs are known of.
 * @param yaml all of a CloudFormation template in YAML, of which `template` holds the resource at the cursor alone
 */
export function ownResources(template: Template | undefined, yaml: string | undefined): readonly OwnResource[] {
  if (!template || (template.dialect !== 'cloudformation' && template.dialect !== 'terraform')) return [];
  const all =
    yaml === undefined
      ? template.resources.filter(
          (one) => !one.isData && !['count', 'for_each'].some((name) => one.attributes.get(name)),
        )
      : resourcesInYaml(yaml);
  return all.filter(({ type }) => KINDS.has(type) || DISTRIBUTIONS.has(type)).slice(0, MAX_RESOURCES);
}

/** Logical ids and types in the `Resources` of a template, by the indentation of its lines. */
function resourcesInYaml(text: string): OwnResource[] {
  const found: OwnResource[] = [];
  let inside = false;
  let indent: string | undefined;
  let address: string | undefined;
  for (const line of text.split('\n')) {
    if (/^[A-Za-z]/.test(line)) {
      inside = /^Resources:/.test(line);
      continue;
    }
    const blank = /^ */.exec(line)?.[0] ?? '';
    if (!inside || blank === '' || /^\s*(?:#|\r?$)/.test(line)) continue;
    indent ??= blank;
    const rest = line.slice(blank.length);
    if (blank === indent) address = /^([A-Za-z\d]+):\s*(?:#.*)?$/.exec(rest.trimEnd())?.[1];
    else if (address !== undefined) {
      const type = /^Type:\s*["']?([\w:]+)/.exec(rest)?.[1];
      // The resource's own `Type` comes before any other in what people write.
      if (type?.startsWith('AWS::')) {
        found.push({ address, type });
        address = undefined;
      }
    }
  }
  return found;
}

/** Services that the template has resources of; roles aside, which every template has. */
export function ownServices(own: readonly OwnResource[]): ReadonlySet<string> {
  const services = own.flatMap(({ type }) => KINDS.get(type)?.service ?? []);
  return new Set(services.filter((service) => service !== 'iam'));
}

/**
 * The ARNs of the template's resources of a resource type of the reference (`dynamodb`, `table`).
 * @param detail behind the label
 * @param rank of the first of them
 */
export function ownArns(
  own: readonly OwnResource[],
  [service, type]: readonly [service: string, type: string],
  { spot, place, detail, rank }: { spot: Spot; place: Place; detail: string; rank: number },
): Completion[] {
  return own
    .flatMap((one) => {
      const kind = KINDS.get(one.type);
      const tail = kind?.service === service ? kind.tails[type] : undefined;
      return kind && tail !== undefined ? (item(one.address, kind.attribute, tail, spot, place) ?? []) : [];
    })
    .slice(0, MAX_ITEMS)
    .map(([label, raw]) => ({ ...REFERENCE, label, detail, rank, insertion: { parts: [label], raw, listed: true } }));
}

/** The ARNs of the resources that a service principal acts for, for `aws:SourceArn`. */
export function sourceArns(
  own: readonly OwnResource[],
  principals: readonly string[],
  spot: Spot,
  place: Place,
): Completion[] {
  const services = new Set(principals.map((name) => name.replace(/\.amazonaws\.com(?:\.cn)?$/, '')));
  return own
    .flatMap((one) => {
      const kind = KINDS.get(one.type);
      if (kind) return services.has(kind.service) ? (item(one.address, kind.attribute, '', spot, place) ?? []) : [];
      return services.has('cloudfront') ? (distribution(one.address, spot, place) ?? []) : [];
    })
    .slice(0, MAX_ITEMS)
    .map(([label, raw], i) => ({
      ...REFERENCE,
      label,
      detail: 'of this template',
      rank: i,
      insertion: { parts: [label], raw, listed: true },
    }));
}

const REFERENCE = { kind: 'resource' as const };

type Written = readonly [label: string, raw: boolean][];

/** A resource's ARN as its place can say it; none where it cannot. */
function item(
  address: string,
  attribute: string | undefined,
  tail: string,
  spot: Spot,
  place: Place,
): Written | undefined {
  const target = attribute === undefined ? address : `${address}.${attribute}`;
  if (spot.template?.dialect === 'terraform') return terraform(`${address}.arn`, tail, place);
  if (place.substitutes) return [[`\${${target}}${tail}`, false]];
  if (canTag(spot, place)) {
    if (tail) return [[`!Sub '\${${target}}${tail}'`, true]];
    return [[attribute === undefined ? `!Ref ${address}` : `!GetAtt ${target}`, true]];
  }
  if (!takesObject(spot, place)) return undefined;
  if (tail) return [[`{ "Fn::Sub": "\${${target}}${tail}" }`, true]];
  if (attribute === undefined) return [[`{ "Ref": "${address}" }`, true]];
  return [[`{ "Fn::GetAtt": ["${address}", "${attribute}"] }`, true]];
}

function distribution(address: string, spot: Spot, place: Place): Written | undefined {
  if (spot.template?.dialect === 'terraform') return terraform(`${address}.arn`, '', place);
  const arn = `arn:\${AWS::Partition}:cloudfront::\${AWS::AccountId}:distribution/\${${address}}`;
  if (place.substitutes) return [[arn, false]];
  if (canTag(spot, place)) return [[`!Sub '${arn}'`, true]];
  return takesObject(spot, place) ? [[`{ "Fn::Sub": "${arn}" }`, true]] : undefined;
}

function terraform(expression: string, tail: string, place: Place): Written | undefined {
  if (place.style === 'json') return [[`\${${expression}}${tail}`, false]];
  if (place.style !== 'hcl' || place.quote) return undefined;
  return [[tail ? `"\${${expression}}${tail}"` : expression, true]];
}

/** Whether a call of CloudFormation may stand as an object of JSON. */
export function takesObject(spot: Spot, place: Place): boolean {
  return (
    spot.template?.dialect === 'cloudformation' && place.style === 'json' && !place.quote && place.encode('"') === '"'
  );
}
