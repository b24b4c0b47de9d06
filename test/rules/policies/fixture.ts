/**
 * Cases of policy checks, written once as documents and tried in every place where such a document may live: a file,
 * properties of CloudFormation in YAML and JSON, JSON text in Terraform, `jsonencode()` and `data.aws_iam_policy_document`.
 * The host says which property; the form says how it is written.
 */

import { stringify } from 'yaml';
import { parseEmbeddedJson } from '../../../server/src/syntax/embedded.ts';
import { parseJson } from '../../../server/src/syntax/json.ts';
import type { Node } from '../../../server/src/syntax/node.ts';
import { jsonToHcl, type PolicyStyle, type Range } from '../../support/json-to-hcl.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** A check of the catalogue's iam-checks.tsv, shown by documents. */
export interface PolicyFixture {
  /** Key of iam-checks.tsv; IAM_CHECKS says which rule and variant report it. */
  readonly check: string;
  /** Told apart where a check has several. */
  readonly title?: string;
  readonly host: Host;
  /** A document with exactly one fault of this check. */
  readonly violates: Json;
  /** Where the fault is reported: path of the value in the document. Left out where it stands on the document as a whole. */
  readonly at?: readonly (string | number)[];
  /** It is reported on the key at the path, not on its value. */
  readonly onKey?: true;
  /** What the first fix leaves, by form where forms name things differently; without it no fix may be offered. */
  readonly fixed?: Json | ((form: Form) => Json);
  /** Documents without a fault of this check, nor of any grammar check. */
  readonly satisfies: readonly [Json, ...Json[]];
  /** Why a fault stays where the value at the path is not known; by default it must vanish. */
  readonly knownAnyway?: string;
  /** Why the value cannot stand under a condition; by default the fault must then be reported with the condition. */
  readonly unconditional?: string;
  /** Why `data.aws_iam_policy_document` cannot say it; by default it must, with the same finding. */
  readonly noData?: string;
  /** Why a file of its own is taken for another kind of document; by default it has the same finding. */
  readonly noFile?: string;
}

export type Host =
  | 'identity'
  | 'trust'
  | 'bucket'
  | 'queue'
  | 'topic'
  | 'key'
  | 'secret'
  | 'repository'
  | 'endpoint'
  | 'scp'
  | 'rcp';

interface HostSpec {
  /** CloudFormation type, the property, and what else the resource needs. */
  readonly cfn: readonly [type: string, property: string, others: { readonly [name: string]: Json }];
  readonly terraform: readonly [type: string, attribute: string, others: { readonly [name: string]: Json }];
  /** A file of its own is taken for such a document. */
  readonly file?: true;
}

const HOSTS: Readonly<Record<Host, HostSpec>> = {
  identity: {
    cfn: ['AWS::IAM::ManagedPolicy', 'PolicyDocument', { Roles: ['deployer'] }],
    terraform: ['aws_iam_policy', 'policy', {}],
    file: true,
  },
  trust: {
    cfn: ['AWS::IAM::Role', 'AssumeRolePolicyDocument', {}],
    terraform: ['aws_iam_role', 'assume_role_policy', {}],
  },
  bucket: {
    cfn: ['AWS::S3::BucketPolicy', 'PolicyDocument', { Bucket: 'reports' }],
    terraform: ['aws_s3_bucket_policy', 'policy', { bucket: 'reports' }],
  },
  queue: {
    cfn: [
      'AWS::SQS::QueuePolicy',
      'PolicyDocument',
      { Queues: ['https://sqs.eu-west-1.amazonaws.com/111122223333/jobs'] },
    ],
    terraform: [
      'aws_sqs_queue_policy',
      'policy',
      { queue_url: 'https://sqs.eu-west-1.amazonaws.com/111122223333/jobs' },
    ],
  },
  topic: {
    cfn: ['AWS::SNS::TopicPolicy', 'PolicyDocument', { Topics: ['arn:aws:sns:eu-west-1:111122223333:alarms'] }],
    terraform: ['aws_sns_topic_policy', 'policy', { arn: 'arn:aws:sns:eu-west-1:111122223333:alarms' }],
  },
  key: {
    cfn: ['AWS::KMS::Key', 'KeyPolicy', { EnableKeyRotation: true }],
    terraform: ['aws_kms_key', 'policy', { enable_key_rotation: true }],
  },
  secret: {
    cfn: ['AWS::SecretsManager::ResourcePolicy', 'ResourcePolicy', { SecretId: 'database' }],
    terraform: ['aws_secretsmanager_secret_policy', 'policy', { secret_arn: 'database' }],
  },
  repository: {
    cfn: ['AWS::ECR::Repository', 'RepositoryPolicyText', {}],
    terraform: ['aws_ecr_repository_policy', 'policy', { repository: 'images' }],
  },
  endpoint: {
    cfn: [
      'AWS::EC2::VPCEndpoint',
      'PolicyDocument',
      { ServiceName: 'com.amazonaws.eu-west-1.s3', VpcId: 'vpc-0123456789abcdef0' },
    ],
    terraform: [
      'aws_vpc_endpoint',
      'policy',
      { service_name: 'com.amazonaws.eu-west-1.s3', vpc_id: 'vpc-0123456789abcdef0' },
    ],
  },
  scp: {
    cfn: ['AWS::Organizations::Policy', 'Content', { Name: 'guardrail', Type: 'SERVICE_CONTROL_POLICY' }],
    terraform: ['aws_organizations_policy', 'content', { name: 'guardrail', type: 'SERVICE_CONTROL_POLICY' }],
  },
  rcp: {
    cfn: ['AWS::Organizations::Policy', 'Content', { Name: 'perimeter', Type: 'RESOURCE_CONTROL_POLICY' }],
    terraform: ['aws_organizations_policy', 'content', { name: 'perimeter', type: 'RESOURCE_CONTROL_POLICY' }],
  },
};

export const FORMS = [
  'file',
  'cfn-json',
  'cfn-yaml',
  'tf-text',
  'tf-jsonencode',
  'tf-data',
  'hcl-heredoc',
  'hcl-quoted',
  'hcl-jsonencode',
  'hcl-data',
] as const;
export type Form = (typeof FORMS)[number];

/** A document as written in a form. */
export interface Hosted {
  readonly form: Form;
  readonly uri: string;
  readonly text: string;
  /** Path from the root of the text to the document, where it is written as plain JSON there. */
  readonly path?: readonly string[];
  /** HCL: where a value of the document stands, or the key that it has. */
  readonly place?: (path: readonly (string | number)[], key: boolean) => Range | undefined;
}

type Fields = { readonly [name: string]: Json };

/** Writes a document in a form; undefined where the host has no such form, or the form cannot say it. */
export function hosted(document: Json, host: Host, form: Form): Hosted | undefined {
  const spec = HOSTS[host];
  const [cfnType, property, cfnOthers] = spec.cfn;
  const [tfType, attribute, tfOthers] = spec.terraform;
  // CloudFormation reads ${…} in Fn::Sub only: policies may hold variables.
  const template = { Resources: { Example: { Type: cfnType, Properties: { ...cfnOthers, [property]: document } } } };
  const cfnPath = ['Resources', 'Example', 'Properties', property];
  const terraform = (value: Json) => ({ resource: { [tfType]: { example: { ...tfOthers, [attribute]: value } } } });
  switch (form) {
    case 'hcl-heredoc':
    case 'hcl-quoted':
    case 'hcl-jsonencode':
      return inHcl(hosted(document, host, 'tf-text'), form, form.slice(4) as PolicyStyle, (root) => {
        const text = root.get('resource')?.get(tfType)?.get('example')?.get(attribute);
        return text && parseEmbeddedJson(text)?.root;
      });
    case 'hcl-data':
      return inHcl(hosted(document, host, 'tf-data'), form, 'jsonencode', () => undefined);
    case 'file':
      return spec.file && { form, uri: 'policy.json', text: `${JSON.stringify(document, null, 2)}\n`, path: [] };
    case 'cfn-json':
      return { form, uri: 'template.json', text: `${JSON.stringify(template, null, 2)}\n`, path: cfnPath };
    case 'cfn-yaml':
      return { form, uri: 'template.yaml', text: stringify(template, { lineWidth: 0, aliasDuplicateObjects: false }) };
    case 'tf-text': {
      // Terraform's own templates begin with the same two characters as policy variables.
      const text = JSON.stringify(document, null, 2).replaceAll('${', () => '$${');
      return { form, uri: 'main.tf.json', text: `${JSON.stringify(terraform(text), null, 2)}\n` };
    }
    case 'tf-jsonencode': {
      const call = `\${jsonencode(${expression(document)})}`;
      return { form, uri: 'main.tf.json', text: `${JSON.stringify(terraform(call), null, 2)}\n` };
    }
    case 'tf-data': {
      const blocks = dataBlocks(document);
      if (!blocks) return undefined;
      const text = {
        data: { aws_iam_policy_document: { example: { statement: blocks } } },
        ...terraform('${data.aws_iam_policy_document.example.json}'),
      };
      return { form, uri: 'main.tf.json', text: `${JSON.stringify(text, null, 2)}\n` };
    }
  }
}

/** What Terraform's JSON syntax says, in HCL. */
function inHcl(
  source: Hosted | undefined,
  form: Form,
  style: PolicyStyle,
  policyIn: (root: Node) => Node | undefined,
): Hosted | undefined {
  if (!source) return undefined;
  const document = parseJson(source.uri, source.text);
  const converted = jsonToHcl(document, style);
  const policy = policyIn(document.roots[0] as Node);
  const place: Hosted['place'] = (path, key) => {
    let node = policy;
    for (const step of path) node = typeof step === 'number' ? node?.items[step] : node?.get(step);
    const wanted = key ? node?.entry?.key : node;
    return wanted && converted.place(wanted);
  };
  return { form, uri: 'main.tf', text: converted.text, place: policy && place };
}

/** A value as an expression of Terraform's language. */
function expression(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(expression).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)} = ${expression(inner)}`);
    return `{${members.join(', ')}}`;
  }
  return typeof value === 'string' ? JSON.stringify(value).replaceAll('${', () => '$${') : String(value);
}

const DATA_NAMES: Readonly<Record<string, string>> = {
  Sid: 'sid',
  Effect: 'effect',
  Action: 'actions',
  NotAction: 'not_actions',
  Resource: 'resources',
  NotResource: 'not_resources',
};

const isFields = (value: Json | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const asList = (value: Json): Json => (Array.isArray(value) ? value : [value]);
const forData = (value: Json): Json => JSON.parse(JSON.stringify(value).replaceAll('${', '&{')) as Json;

/** The `statement` blocks that say what a document says; undefined where blocks cannot. */
function dataBlocks(document: Json): Json | undefined {
  if (!isFields(document) || Object.keys(document).some((name) => name !== 'Version' && name !== 'Statement')) {
    return undefined;
  }
  if (document.Version !== '2012-10-17' || document.Statement === undefined) return undefined;
  const blocks: Json[] = [];
  for (const statement of asList(document.Statement) as readonly Json[]) {
    if (!isFields(statement)) return undefined;
    const block: Record<string, Json> = {};
    for (const [name, value] of Object.entries(statement)) {
      const argument = DATA_NAMES[name];
      if (argument) block[argument] = name === 'Sid' || name === 'Effect' ? value : forData(asList(value));
      else if (name === 'Principal' || name === 'NotPrincipal') {
        const principals = principalBlocks(value);
        if (!principals) return undefined;
        block[name === 'Principal' ? 'principals' : 'not_principals'] = principals;
      } else if (name === 'Condition') {
        if (!isFields(value)) return undefined;
        const conditions: Json[] = [];
        for (const [test, keys] of Object.entries(value)) {
          if (!isFields(keys)) return undefined;
          for (const [variable, values] of Object.entries(keys)) {
            conditions.push({ test, variable, values: forData(asList(values)) });
          }
        }
        block.condition = conditions;
      } else return undefined;
    }
    blocks.push(block);
  }
  return blocks;
}

function principalBlocks(value: Json): Json | undefined {
  if (value === '*') return [{ type: '*', identifiers: ['*'] }];
  if (!isFields(value)) return undefined;
  return Object.entries(value).map(([type, identifiers]) => ({ type, identifiers: forData(asList(identifiers)) }));
}

/** The value at a path; undefined where there is none. */
export function valueAt(document: Json, path: readonly (string | number)[]): Json | undefined {
  let value: Json | undefined = document;
  for (const name of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as { readonly [name: string | number]: Json })[name];
  }
  return value;
}

/** A copy of a document with another value at a path. */
export function withValue(document: Json, path: readonly (string | number)[], value: Json): Json {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (Array.isArray(document)) return document.map((item, i) => (i === name ? withValue(item, rest, value) : item));
  if (!isFields(document)) return document;
  return Object.fromEntries(
    Object.entries(document).map(([key, inner]) => [key, key === name ? withValue(inner, rest, value) : inner]),
  );
}
