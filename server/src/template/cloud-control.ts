/**
 * Terraform's Cloud Control provider (`awscc_*`) mirrors CloudFormation: the same resource types and properties under names in
 * snake case. Such a resource is shown to rules as the CloudFormation resource that it is; only its spelling differs.
 * The naming follows the provider's documented behaviour ("Terraform AWS Cloud Control Provider Resource Behavior").
 */

import type { ListValue, ObjectValue, Property, Value } from './value.ts';

const PREFIX = 'awscc_';

const types = new Map<string, string>();
/** Names that were told and are not among them: hardly anybody has a resource of the provider. */
const told: string[] = [];

/** CloudFormation types that rules know; a Cloud Control resource of another type is nothing to them. SAM's are macros, no resources. */
export function knowCloudFormationTypes(names: Iterable<string>): void {
  told.push(...names);
}

/** `awscc_ec2_vpc_endpoint` for `AWS::EC2::VPCEndpoint`. */
export function cloudControlType(type: string): string {
  const [, service = '', resource = ''] = type.split('::');
  return `${PREFIX}${service.toLowerCase()}_${attributeName(resource)}`;
}

/** The CloudFormation type that a Terraform resource type mirrors; undefined for other providers and for types no rule knows. */
export function mirroredType(type: string): string | undefined {
  if (!type.startsWith(PREFIX)) return undefined;
  for (const name of told.splice(0))
    if (/^AWS::(?!Serverless::)\w+::\w+$/.test(name)) types.set(cloudControlType(name), name);
  return types.get(type);
}

/** Words that the provider does not split. */
const WHOLE: readonly (readonly [RegExp, string])[] = [
  [/CloudFormation/g, 'Cloudformation'],
  [/CloudFront/g, 'Cloudfront'],
  [/CloudWatch/g, 'Cloudwatch'],
  [/CNAMEs/g, 'Cnames'],
  [/FSx/g, 'Fsx'],
];

/** The attribute that a CloudFormation property is called in the provider: `KMSMasterKeyID` is `kms_master_key_id`. */
export function attributeName(property: string): string {
  let name = property;
  for (const [word, whole] of WHOLE) name = name.replace(word, whole);
  return name
    .replace(/([a-z])(?=[A-Z0-9])|(\d)(?=[A-Za-z])/g, '$&_')
    .replace(/([A-Z])(?=[A-Z][a-z])/g, '$1_')
    .toLowerCase();
}

/** Properties whose members the author or the service names: they are spelled alike in both. */
const MAPS: ReadonlySet<string> = new Set([
  'AdvancedOptions',
  'Attributes',
  'DockerLabels',
  'Headers',
  'Options',
  'ParameterMap',
  'Parameters',
  'RequestParameters',
  'ResponseParameters',
  'Variables',
]);

/** Whether the members of a property are names of the author's or the service's, not of properties. */
export function isMap(property: string): boolean {
  return MAPS.has(property);
}

/** A path of property names as the provider spells it. */
export function attributePath(path: readonly string[]): string[] {
  return path.map((name, index) => (isMap(path[index - 1] ?? '') ? name : attributeName(name)));
}

/** The property that a name in snake case reads as: `arn` is `Arn`; what refers to the resource itself (`id`) is undefined. */
function referred(attribute: string | undefined): string | undefined {
  if (attribute === undefined || attribute === 'id') return undefined;
  return attribute.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** A block of attributes that answers to CloudFormation's property names as well as to those written. */
class MirroredObject implements ObjectValue {
  readonly kind = 'object';
  private readonly read = new Map<string, Property | undefined>();

  constructor(private readonly own: ObjectValue) {}

  get node() {
    return this.own.node;
  }
  get names() {
    return this.own.names;
  }
  get open() {
    return this.own.open;
  }
  get via() {
    return this.own.via;
  }
  get sensitive() {
    return this.own.sensitive;
  }

  get(name: string): Property | undefined {
    if (!this.read.has(name)) {
      const written = this.own.get(name) ?? this.own.get(attributeName(name));
      this.read.set(name, written && { name, key: written.key, value: mirrored(written.value) });
    }
    return this.read.get(name);
  }
}

function mirroredList(list: ListValue): ListValue {
  let items: readonly Value[] | undefined;
  return Object.create(list, {
    items: {
      get: () => {
        items ??= list.items.map(mirrored);
        return items;
      },
    },
  }) as ListValue;
}

/** The same value with other fields: its getters and what it was made from stay in force. */
function changed<T extends Value>(value: T, fields: Partial<T>): T {
  return Object.assign(Object.create(value), fields) as T;
}

/** A value of a Cloud Control resource under CloudFormation's names, as deep as it goes. */
export function mirrored(value: Value): Value {
  switch (value.kind) {
    case 'object':
      return mirroredProperties(value);
    case 'list':
      return mirroredList(value);
    case 'choice':
      return changed(value, {
        alternatives: value.alternatives.map(({ condition, value: inner }) => ({ condition, value: mirrored(inner) })),
      });
    case 'text':
      return changed(value, { parts: value.parts.map((part) => (typeof part === 'string' ? part : mirrored(part))) });
    case 'reference':
      return value.target.startsWith(PREFIX) ? changed(value, { attribute: referred(value.attribute) }) : value;
    default:
      return value;
  }
}

/** The properties of a Cloud Control resource under CloudFormation's names. */
export function mirroredProperties(properties: ObjectValue): ObjectValue {
  return new MirroredObject(properties);
}
