/** CloudFormation and SAM templates as the model that rules see. */

import type { SyntaxDocument } from '../syntax/document.ts';
import type { Entry, Node } from '../syntax/node.ts';
import type { Resource, Section, Template } from '../template/template.ts';
import type { Condition, ObjectValue, Value } from '../template/value.ts';
import { addsMembers, plainText } from './call.ts';
import { Conditions } from './conditions.ts';
import { evaluateCall } from './intrinsics.ts';
import { readParameters } from './parameters.ts';
import { isImplicitName, samProperties, typesOf } from './sam.ts';
import { Evaluator, type Names, type Scope } from './scope.ts';
import { asObject, emptyObject, NodeObject } from './values.ts';

/** Top-level keys, any of which makes a mapping a template. */
const SECTIONS = [
  'Resources',
  'AWSTemplateFormatVersion',
  'Transform',
  'Parameters',
  'Conditions',
  'Mappings',
  'Outputs',
];

/**
 * The template a document holds: the first of its roots that has a section of one; undefined where there is none.
 * Nothing below the resources' types and conditions is looked at before it is asked for. Never throws.
 * Of a resource without `Properties`, `properties.node` is its body: what is inserted there belongs under a new `Properties`.
 * Resources that no combination of conditions creates are not part of it.
 */
export function cloudFormationTemplate(document: SyntaxDocument): Template | undefined {
  const root = document.roots.find((node) => node.kind === 'object' && SECTIONS.some((name) => node.get(name)));
  return root && new CloudFormationTemplate(document, root);
}

class CloudFormationTemplate implements Template {
  readonly dialect = 'cloudformation';
  readonly documents: readonly SyntaxDocument[];
  readonly providers: readonly Section[] = [];
  readonly resources: readonly Resource[];
  readonly metadata: ObjectValue | undefined;
  private readonly evaluator: Evaluator;
  private readonly top: Scope;
  private readonly globals: Node | undefined;
  private readonly byAddress: ReadonlyMap<string, Resource>;
  private readonly byTypes = new Map<string, readonly Resource[]>();
  private readonly sections = new Map<string, readonly Section[]>();
  private readonly evaluated = new Map<Node, Value>();

  constructor(
    private readonly document: SyntaxDocument,
    private readonly root: Node,
  ) {
    this.documents = [document];
    const declared = entriesOf(root.get('Resources'));
    this.evaluator = new Evaluator(
      namesOf(root, declared, (node) => this.top.evaluate(node)),
      evaluateCall,
    );
    this.top = this.evaluator.scope(this.evaluator.names.conditions.none);
    this.globals = root.get('Globals');
    const metadata = root.get('Metadata');
    this.metadata = metadata?.kind === 'object' ? new NodeObject(metadata, this.top.evaluate) : undefined;
    const resources: Resource[] = [];
    for (const entry of declared.values()) {
      const resource = this.resourceOf(entry);
      if (resource) resources.push(resource);
    }
    this.resources = resources;
    this.byAddress = new Map(resources.map((resource) => [resource.address, resource]));
  }

  get outputs(): readonly Section[] {
    return this.section('Outputs');
  }

  get parameters(): readonly Section[] {
    return this.section('Parameters');
  }

  resource(address: string): Resource | undefined {
    return this.byAddress.get(address);
  }

  ofType(...types: string[]): readonly Resource[] {
    const key = types.join(' ');
    let found = this.byTypes.get(key);
    if (!found) {
      found = this.resources.filter((resource) => resource.types.some((type) => types.includes(type)));
      this.byTypes.set(key, found);
    }
    return found;
  }

  assume(assumed: readonly Condition[], condition: Condition): readonly Condition[] | undefined {
    return this.evaluator.names.conditions.assume(assumed, condition);
  }

  evaluate(node: Node): Value {
    let value = this.evaluated.get(node);
    if (!value) {
      value = this.top.evaluate(node);
      this.evaluated.set(node, value);
    }
    return value;
  }

  /** The scope of something that exists only under the condition its body names; undefined where it never does. */
  private scopeOf(body: Node): Scope | undefined {
    const name = plainText(body.get('Condition'));
    return name ? this.top.under({ id: name, value: true, text: name }) : this.top;
  }

  private resourceOf(entry: Entry): Resource | undefined {
    const body = entry.value;
    const type = plainText(body.get('Type'));
    if (body.kind !== 'object' || !type) return undefined;
    const scope = this.scopeOf(body);
    return scope && new CloudFormationResource(this, this.document, entry, type, scope, this.globals);
  }

  private section(name: string): readonly Section[] {
    let found = this.sections.get(name);
    if (!found) {
      const sections: Section[] = [];
      for (const { name: own, key, value } of entriesOf(this.root.get(name)).values()) {
        const scope = this.scopeOf(value);
        if (scope) sections.push({ name: own, key, value: scope.evaluate(value) });
      }
      found = sections;
      this.sections.set(name, found);
    }
    return found;
  }
}

class CloudFormationResource implements Resource {
  readonly address: string;
  readonly types: readonly string[];
  readonly key: Node;
  readonly body: Node;
  readonly isData = false;
  private ownProperties: ObjectValue | undefined;
  private ownAttributes: ObjectValue | undefined;

  constructor(
    readonly template: Template,
    readonly document: SyntaxDocument,
    entry: Entry,
    readonly type: string,
    private readonly scope: Scope,
    private readonly globals: Node | undefined,
  ) {
    this.address = entry.name;
    this.key = entry.key;
    this.body = entry.value;
    this.types = typesOf(type);
  }

  get conditions(): readonly Condition[] {
    return this.scope.assumed;
  }

  get properties(): ObjectValue {
    this.ownProperties ??= this.readProperties();
    return this.ownProperties;
  }

  get attributes(): ObjectValue {
    this.ownAttributes ??= new NodeObject(
      this.body,
      this.scope.evaluate,
      (name) => name !== 'Type' && name !== 'Properties',
    );
    return this.ownAttributes;
  }

  private readProperties(): ObjectValue {
    const { body, key, scope, type } = this;
    const node = body.get('Properties');
    const transform = body.entries.find((entry) => addsMembers(entry.name));
    let own: ObjectValue;
    if (!node) own = emptyObject(body, transform && `${transform.name} adds members`);
    // Nothing written yet, or nothing on purpose: either way no property is set.
    else if (node.kind === 'missing' || node.kind === 'null') own = emptyObject(node);
    else own = asObject(scope.evaluate(node), key);
    return samProperties(type, own, body, key, this.globals, scope.evaluate);
  }
}

/** The members of a section by name: later ones win, loops and transforms left out. */
function entriesOf(section: Node | undefined): ReadonlyMap<string, Entry> {
  const found = new Map<string, Entry>();
  for (const entry of section?.entries ?? []) {
    const before = found.get(entry.name);
    if (!addsMembers(entry.name) && (!before || !entry.merged || before.merged)) found.set(entry.name, entry);
  }
  return found;
}

/** What names stand for; each section is read when the first name of its kind is met. */
function namesOf(root: Node, declared: ReadonlyMap<string, Entry>, evaluate: (node: Node) => Value): Names {
  const parameters = readParameters(root.get('Parameters'));
  const conditions = new Conditions(
    root.get('Conditions'),
    (name) => parameters.get(name)?.domain,
    (node) => {
      const value = evaluate(node);
      return value.kind === 'known' ? String(value.value) : undefined;
    },
  );
  const mappings = entriesOf(root.get('Mappings'));
  let serverless: readonly string[] | undefined;
  return {
    parameters,
    conditions,
    mapping: (name) => mappings.get(name)?.value,
    isResource: (name) => declared.has(name),
    isGenerated: (name) => {
      serverless ??= [...declared.values()]
        .filter((entry) => plainText(entry.value.get('Type'))?.startsWith('AWS::Serverless::'))
        .map((entry) => entry.name);
      return serverless.length > 0 && (isImplicitName(name) || serverless.some((id) => name.startsWith(id)));
    },
  };
}
