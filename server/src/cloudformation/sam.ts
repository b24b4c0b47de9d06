/** The Serverless Application Model: which CloudFormation type a SAM resource becomes, and what it inherits from Globals. */

import type { Node } from '../syntax/node.ts';
import type { ObjectValue, Property, Value, Via } from '../template/value.ts';
import { callOf, plainText } from './call.ts';
import { LazyList, withVia, writtenItems } from './values.ts';

/**
 * CloudFormation types whose rules hold for a SAM type, because SAM hands the properties through under the same names
 * (AWS SAM specification, resource pages; the exceptions are in RENAMED).
 * An Api or HttpApi stands for its stage: logging, tracing, caching and method settings are named as there, while
 * `EndpointConfiguration`, policy and authorisation are shaped otherwise than in a RestApi. An Application shares nothing.
 */
const BECOMES: Readonly<Record<string, readonly string[]>> = {
  'AWS::Serverless::Function': ['AWS::Lambda::Function'],
  'AWS::Serverless::LayerVersion': ['AWS::Lambda::LayerVersion'],
  'AWS::Serverless::SimpleTable': ['AWS::DynamoDB::Table'],
  'AWS::Serverless::StateMachine': ['AWS::StepFunctions::StateMachine'],
  'AWS::Serverless::Api': ['AWS::ApiGateway::Stage'],
  'AWS::Serverless::HttpApi': ['AWS::ApiGatewayV2::Stage'],
};

/** CloudFormation name of a property → SAM's name, and the member that SAM writes without a block around it. */
const RENAMED: Readonly<Record<string, Readonly<Record<string, { readonly name: string; readonly member?: string }>>>> =
  {
    'AWS::Serverless::Function': {
      DeadLetterConfig: { name: 'DeadLetterQueue' },
      TracingConfig: { name: 'Tracing', member: 'Mode' },
      Code: { name: 'InlineCode', member: 'ZipFile' },
    },
    'AWS::Serverless::StateMachine': {
      LoggingConfiguration: { name: 'Logging' },
      TracingConfiguration: { name: 'Tracing' },
      StateMachineName: { name: 'Name' },
      StateMachineType: { name: 'Type' },
      RoleArn: { name: 'Role' },
    },
  };

/** A type with the CloudFormation types whose rules apply to it as well. */
export function typesOf(type: string): readonly string[] {
  return Object.hasOwn(BECOMES, type) ? [type, ...(BECOMES[type] ?? [])] : [type];
}

/** Names that SAM's transform gives to resources it makes without being asked by a resource of that name. */
export function isImplicitName(name: string): boolean {
  return name.startsWith('ServerlessRestApi') || name.startsWith('ServerlessHttpApi');
}

/** What Globals say for a type: the section's node, if it is a block. */
function globalsOf(type: string, globals: Node | undefined): Node | undefined {
  if (!globals || !type.startsWith('AWS::Serverless::')) return undefined;
  const section = globals.get(type.slice('AWS::Serverless::'.length));
  return section?.kind === 'object' && !callOf(section) ? section : undefined;
}

/** Which properties a resource takes from Globals: its attribute `IgnoreGlobals` is `*` or a list of names to leave out. */
function inherits(attribute: Node | undefined): (name: string) => boolean {
  if (!attribute) return () => true;
  if (plainText(attribute) === '*') return () => false;
  const ignored = new Set(attribute.items.map((item) => plainText(item)));
  return (name) => !ignored.has(name);
}

/**
 * The properties of a SAM resource: merged with Globals, readable under CloudFormation's names as well.
 * `own` is what is written at the resource; other types get it back unchanged.
 */
export function samProperties(
  type: string,
  own: ObjectValue,
  body: Node,
  key: Node,
  globals: Node | undefined,
  evaluate: (node: Node) => Value,
): ObjectValue {
  const section = globalsOf(type, globals);
  const inherited = section && evaluate(section);
  const merged =
    inherited?.kind === 'object'
      ? new MergedObject(own, inherited, type.slice('AWS::Serverless::'.length), inherits(body.get('IgnoreGlobals')))
      : own;
  return Object.hasOwn(RENAMED, type) ? new RenamedObject(merged, RENAMED[type] ?? {}, key) : merged;
}

/** Two blocks as one: blocks merge, lists follow each other (the global's first), anything else is the resource's own. */
class MergedObject implements ObjectValue {
  readonly kind = 'object';
  readonly node: Node;
  readonly names: readonly string[];
  readonly open: string | undefined;
  private readonly read = new Map<string, Property | undefined>();

  constructor(
    private readonly own: ObjectValue,
    private readonly inherited: ObjectValue,
    private readonly path: string,
    private readonly takes: (name: string) => boolean = () => true,
  ) {
    this.node = own.node;
    this.names = [...new Set([...inherited.names.filter(takes), ...own.names])];
    this.open = own.open ?? inherited.open;
  }

  get(name: string): Property | undefined {
    if (!this.read.has(name)) this.read.set(name, this.compute(name));
    return this.read.get(name);
  }

  private compute(name: string): Property | undefined {
    const own = this.own.get(name);
    const inherited = this.takes(name) ? this.inherited.get(name) : undefined;
    if (!inherited) return own;
    const path = `${this.path}.${name}`;
    const via: Via = { kind: 'global', name: path, node: inherited.value.node };
    if (!own) return { name, key: inherited.key, value: withVia(inherited.value, via) };
    // Like the transform, look at what is written: a function call is no block and no list to merge with.
    if (callOf(own.value.node) || callOf(inherited.value.node)) return own;
    if (own.value.kind === 'object' && inherited.value.kind === 'object') {
      return { name, key: own.key, value: new MergedObject(own.value, inherited.value, path) };
    }
    if (own.value.kind === 'list' && inherited.value.kind === 'list') {
      const [first, last] = [inherited.value, own.value];
      const items = (): Value[] => [...writtenItems(first).map((item) => withVia(item, via)), ...writtenItems(last)];
      return { name, key: own.key, value: new LazyList(own.value.node, items, last.open ?? first.open) };
    }
    return own;
  }
}

/** A SAM block that can be read under CloudFormation's names too; what is missing is missing under SAM's name. */
class RenamedObject implements ObjectValue {
  readonly kind = 'object';
  readonly node: Node;
  readonly names: readonly string[];
  readonly open: string | undefined;
  private readonly read = new Map<string, Property | undefined>();

  constructor(
    private readonly block: ObjectValue,
    private readonly renamed: Readonly<Record<string, { readonly name: string; readonly member?: string }>>,
    private readonly key: Node,
  ) {
    this.node = block.node;
    this.names = block.names;
    this.open = block.open;
  }

  get(name: string): Property | undefined {
    const written = this.block.get(name);
    if (written || !Object.hasOwn(this.renamed, name)) return written;
    if (!this.read.has(name)) this.read.set(name, this.compute(name));
    return this.read.get(name);
  }

  private compute(name: string): Property | undefined {
    const sam = this.renamed[name];
    if (!sam) return undefined;
    const property = this.block.get(sam.name);
    if (!property) {
      if (this.open) return undefined;
      return {
        name,
        key: this.key,
        value: { kind: 'absent', node: this.key, container: this.block, missing: [sam.name] },
      };
    }
    const { key, value } = property;
    const { member } = sam;
    if (member === undefined || value.kind === 'absent') return { name, key, value };
    const only: Property = { name: member, key, value };
    return {
      name,
      key,
      value: {
        kind: 'object',
        node: value.node,
        names: [member],
        get: (asked) => (asked === member ? only : undefined),
      },
    };
  }
}
