/** CloudFormation and SAM templates as the model that rules see. */

import type { SyntaxDocument } from '../syntax/document.ts';
import type { Entry, Node } from '../syntax/node.ts';
import { ResourceIndex } from '../template/resource-index.ts';
import { mayBeType, type Resource, type Section, type Template } from '../template/template.ts';
import { Cell, CHANGING, Lineage, nextRevision, note, type Read } from '../template/tracking.ts';
import type { Condition, ObjectValue, Value } from '../template/value.ts';
import { addsMembers, plainText } from './call.ts';
import { evaluateCall } from './intrinsics.ts';
import { entriesOf, NameReads, NameTable } from './names.ts';
import { samProperties, typesOf } from './sam.ts';
import { Evaluator, type Scope } from './scope.ts';
import { asObject, emptyObject, NodeObject } from './values.ts';

/** Resources that are judged: ten times what CloudFormation accepts. */
const MAX_RESOURCES = 5_000;

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
 * @param previous the template of an earlier version, which must not be used afterwards: resources of which nothing
 *   changed are part of the result, with all that was computed of them
 */
export function cloudFormationTemplate(document: SyntaxDocument, previous?: Template): Template | undefined {
  const root = document.roots.find((node) => node.kind === 'object' && SECTIONS.some((name) => node.get(name)));
  const before = previous instanceof CloudFormationTemplate && !previous.isSuperseded ? previous : undefined;
  return root && new CloudFormationTemplate(document, root, before);
}

class CloudFormationTemplate implements Template {
  readonly dialect = 'cloudformation';
  readonly lineage: Lineage<Template>;
  readonly providers: readonly Section[] = [];
  private own: readonly CloudFormationResource[];
  private index: ResourceIndex;
  private readonly names: NameTable;
  private evaluator: Evaluator;
  private top: Scope;
  /** What lies outside of the resources, as far as it has been looked at. */
  private rest: Rest;
  private readonly sections = new Map<string, readonly Section[]>();
  private readonly evaluated = new Map<Node, Value>();
  private ownMetadata: ObjectValue | undefined;
  /** The next version has taken over what did not change. */
  isSuperseded = false;
  leftOut: NonNullable<Template['leftOut']> = [];

  private document: SyntaxDocument | undefined;
  private root: Node | undefined;

  constructor(document: SyntaxDocument, root: Node, previous?: CloudFormationTemplate) {
    this.document = document;
    this.root = root;
    const changed = previous?.names.update(root);
    const kept = changed && previous;
    this.names = kept?.names ?? new NameTable(root);
    this.lineage = kept?.lineage ?? new Lineage<Template>(this);
    this.lineage.template = this;
    this.evaluator = new Evaluator(new NameReads(this.names), evaluateCall);
    this.top = this.evaluator.top();
    this.own = this.resourcesOf(document, kept, changed);
    this.index = new ResourceIndex(this.own, 'last', kept?.index);
    this.rest = new Rest(root);
    if (kept) {
      if (!changed?.size && kept.rest.isLike(this.rest)) this.rest = kept.rest;
      else kept.rest.isStale = true;
    }
    if (previous) {
      previous.retire();
      nextRevision();
    }
  }

  /** What was found earlier may hold on to this version, which then shall hold on to nothing. */
  private retire(): void {
    this.isSuperseded = true;
    this.own = [];
    this.index = new ResourceIndex([], 'last');
    this.document = undefined;
    this.root = undefined;
    this.rest = NOTHING;
    this.evaluator = new Evaluator(new NameReads(this.names), evaluateCall);
    this.top = this.evaluator.top();
    this.sections.clear();
    this.evaluated.clear();
    this.ownMetadata = undefined;
    this.leftOut = [];
  }

  /** Resources in order; those of the version before where neither their text nor what they refer to has changed. */
  private resourcesOf(
    document: SyntaxDocument,
    previous: CloudFormationTemplate | undefined,
    changed: ReadonlySet<string> | undefined,
  ): CloudFormationResource[] {
    const before = new Map<Node, CloudFormationResource>();
    for (const resource of previous?.own ?? []) before.set(resource.text, resource);
    const found: CloudFormationResource[] = [];
    for (const entry of this.names.declared.values()) {
      if (found.length >= MAX_RESOURCES) {
        this.leftOut = [{ node: entry.key, message: `Not judged from here on: more than ${MAX_RESOURCES} resources` }];
        break;
      }
      const known = before.get(entry.value);
      const kept = known?.goesOn(entry, changed as ReadonlySet<string>) ? known : undefined;
      const resource = kept ?? this.resourceOf(entry, document);
      if (!resource) continue;
      if (kept) {
        before.delete(entry.value);
        kept.moveTo(this, document);
      }
      found.push(resource);
    }
    for (const gone of before.values()) gone.isOutdated = true;
    return found;
  }

  /** What was found earlier may still ask the version that it was found in. */
  private get newest(): CloudFormationTemplate {
    return this.lineage.template as CloudFormationTemplate;
  }

  get documents(): readonly SyntaxDocument[] {
    // Whoever looks at the text has to look again at each version of it.
    note(CHANGING);
    const now = this.newest;
    return now.document ? [now.document] : [];
  }

  get resources(): readonly Resource[] {
    return this.newest.index.all;
  }

  get metadata(): ObjectValue | undefined {
    const { newest } = this;
    note(newest.rest);
    const node = newest.root?.get('Metadata');
    if (node?.kind === 'object') newest.ownMetadata ??= new NodeObject(node, newest.top.evaluate);
    return newest.ownMetadata;
  }

  get outputs(): readonly Section[] {
    return this.section('Outputs');
  }

  get parameters(): readonly Section[] {
    return this.section('Parameters');
  }

  resource(address: string): Resource | undefined {
    return this.newest.index.at(address);
  }

  ofType(...types: string[]): readonly Resource[] {
    return this.newest.index.ofType(types);
  }

  where(accepts: (resource: Resource) => boolean): readonly Resource[] {
    return this.newest.index.where(accepts);
  }

  assume(assumed: readonly Condition[], condition: Condition): readonly Condition[] | undefined {
    return this.names.conditions.assume(assumed, condition);
  }

  evaluate(node: Node): Value {
    const { rest, evaluated, top } = this.newest;
    note(rest);
    let value = evaluated.get(node);
    if (!value) {
      value = top.evaluate(node);
      evaluated.set(node, value);
    }
    return value;
  }

  private resourceOf(entry: Entry, document: SyntaxDocument): CloudFormationResource | undefined {
    const body = entry.value;
    const type = plainText(body.get('Type'));
    if (body.kind !== 'object' || !type || !mayBeType(type)) return undefined;
    const names = new NameReads(this.names);
    const scope = scopeOf(body, new Evaluator(names, evaluateCall));
    return scope && new CloudFormationResource(this, document, entry, type, scope, names);
  }

  private section(name: string): readonly Section[] {
    const { rest, sections: known, root, evaluator } = this.newest;
    note(rest);
    let found = known.get(name);
    if (!found) {
      const sections: Section[] = [];
      for (const { name: own, key, value } of entriesOf(root?.get(name)).values()) {
        const scope = scopeOf(value, evaluator);
        if (scope) sections.push({ name: own, key, value: scope.evaluate(value) });
      }
      found = sections;
      known.set(name, found);
    }
    return found;
  }
}

/** The scope of something that exists only under the condition its body names; undefined where it never does. */
function scopeOf(body: Node, evaluator: Evaluator): Scope | undefined {
  const name = plainText(body.get('Condition'));
  return name ? evaluator.top().under({ id: name, value: true, text: name }) : evaluator.top();
}

/** The sections beside the resources. */
class Rest extends Cell {
  private readonly parts = new Map<string, Node>();

  constructor(root: Node | undefined) {
    super();
    for (const { name, value } of root?.entries ?? []) {
      if (name === 'Resources') continue;
      if (value.kind !== 'object') this.parts.set(name, value);
      else value.entries.forEach((entry, i) => void this.parts.set(`${name} ${i} ${entry.name}`, entry.value));
    }
  }

  isLike({ parts }: Rest): boolean {
    if (parts.size !== this.parts.size) return false;
    for (const [name, node] of parts) if (this.parts.get(name) !== node) return false;
    return true;
  }
}

/** Beside no resources. */
const NOTHING = new Rest(undefined);

class CloudFormationResource implements Resource, Read {
  readonly address: string;
  readonly types: readonly string[];
  readonly isData = false;
  /** Its body. */
  readonly text: Node;
  isOutdated = false;
  private readonly ownKey: Node;
  private ownProperties: ObjectValue | undefined;
  private ownAttributes: ObjectValue | undefined;

  constructor(
    public template: Template,
    public document: SyntaxDocument,
    entry: Entry,
    readonly type: string,
    private readonly scope: Scope,
    private readonly names: NameReads,
  ) {
    this.address = entry.name;
    this.ownKey = entry.key;
    this.text = entry.value;
    this.types = typesOf(type);
  }

  isCurrent(): boolean {
    return !this.isOutdated;
  }

  /** Whether it is the same in the next version of its template. */
  goesOn(entry: Entry, changed: ReadonlySet<string>): boolean {
    return entry.key === this.ownKey && entry.name === this.address && !this.names.readsAny(changed);
  }

  moveTo(template: Template, document: SyntaxDocument): void {
    this.template = template;
    this.document = document;
  }

  get key(): Node {
    note(this);
    return this.ownKey;
  }

  get body(): Node {
    note(this);
    return this.text;
  }

  get conditions(): readonly Condition[] {
    note(this);
    return this.scope.assumed;
  }

  get properties(): ObjectValue {
    note(this);
    this.ownProperties ??= this.readProperties();
    return this.ownProperties;
  }

  get attributes(): ObjectValue {
    note(this);
    this.ownAttributes ??= new NodeObject(
      this.text,
      this.scope.evaluate,
      (name) => name !== 'Type' && name !== 'Properties',
    );
    return this.ownAttributes;
  }

  private readProperties(): ObjectValue {
    const { text, ownKey, scope, type } = this;
    const node = text.get('Properties');
    const transform = text.entries.find((entry) => addsMembers(entry.name));
    let own: ObjectValue;
    if (!node) own = emptyObject(text, transform && `${transform.name} adds members`);
    // Nothing written yet, or nothing on purpose: either way no property is set.
    else if (node.kind === 'missing' || node.kind === 'null') own = emptyObject(node);
    else own = asObject(scope.evaluate(node), ownKey);
    // Globals are asked for where they count only: any change of them concerns who did.
    const globals = type.startsWith('AWS::Serverless::') ? this.names.globals : undefined;
    return samProperties(type, own, text, ownKey, globals, scope.evaluate);
  }
}
