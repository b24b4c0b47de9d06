/** A Terraform plan or state, as `terraform show -json` prints it, as a template. */

import type { SyntaxDocument } from '../syntax/document.ts';
import type { Node } from '../syntax/node.ts';
import { mirroredProperties, mirroredType } from '../template/cloud-control.ts';
import { mayBeType, type Resource, type Section, type Template } from '../template/template.ts';
import { Lineage } from '../template/tracking.ts';
import type { Condition, ObjectValue, Value } from '../template/value.ts';
import { PlanReferences } from './plan-references.ts';
import { type Overlay, planObject, planValue } from './plan-values.ts';
import { setProviderVersion } from './provider.ts';
import { LazyObject, type Member, unknown } from './values.ts';

/** The document as a plan; undefined where it holds none. Works on broken text as far as it was read. */
export function terraformPlan(document: SyntaxDocument): Template | undefined {
  const root = document.roots[0];
  if (root?.kind !== 'object') return undefined;
  const planned = root.get('planned_values') ?? root.get('values');
  const changes = root.get('resource_changes');
  if (planned?.kind !== 'object' && changes?.kind !== 'array') return undefined;
  return new TerraformPlan(document, root, planned, changes, 'after');
}

/** What a plan says of the resources before it is applied; undefined where it does not tell. */
export function terraformPlanBefore(document: SyntaxDocument): Template | undefined {
  const root = document.roots[0];
  if (root?.kind !== 'object') return undefined;
  const prior = root.get('prior_state')?.get('values');
  const changes = root.get('resource_changes');
  if (changes?.kind !== 'array') return undefined;
  return new TerraformPlan(document, root, prior, changes, 'before');
}

/** A resource as planned: where its values stand. */
interface Planned {
  readonly address: string;
  readonly module: string;
  readonly node: Node;
  readonly values: Node | undefined;
}

const MAX_MODULE_DEPTH = 50;

/** Resources that are judged: each instance is one. */
const MAX_RESOURCES = 10_000;

class TerraformPlan implements Template {
  readonly dialect = 'terraform-plan';
  readonly lineage: Lineage<Template> = new Lineage<Template>(this);
  readonly documents: readonly SyntaxDocument[];
  readonly metadata = undefined;
  readonly resources: readonly Resource[];
  readonly leftOut: NonNullable<Template['leftOut']>;
  readonly outputs: readonly Section[];
  readonly parameters: readonly Section[];
  readonly providers: readonly Section[];
  private readonly changes = new Map<string, Node>();
  private readonly references: PlanReferences;
  private readonly byAddress = new Map<string, Resource>();

  /** @param when which side of the changes is meant */
  constructor(
    document: SyntaxDocument,
    root: Node,
    planned: Node | undefined,
    changes: Node | undefined,
    when: 'before' | 'after',
  ) {
    this.documents = [document];
    const listed = new Map<string, Node>();
    for (const change of changes?.items ?? []) {
      const address = change.get('address')?.value;
      if (typeof address === 'string' && change.get('deposed') === undefined) listed.set(address, change);
    }
    if (when === 'after') for (const [address, change] of listed) this.changes.set(address, change);
    const found = new Map<string, Planned>();
    collect(planned?.get('root_module'), '', () => true, found, 0);
    // Data sources that were read while planning stand in the prior state only.
    collect(root.get('prior_state')?.get('values')?.get('root_module'), '', isData, found, 0);
    if (when === 'before') renameMoved(found, listed);
    // Changes are the whole story only where nothing else was kept of the plan; and they tell of what is imported.
    if (when === 'before' || !planned?.get('root_module'))
      for (const [address, change] of listed) if (!found.has(address)) addChange(address, change, when, found);
    this.references = new PlanReferences(root.get('configuration'), found.keys());
    const typed = [...found.values()].filter(({ node }) => mayBeType(String(node.get('type')?.value ?? '')));
    this.resources = typed.slice(0, MAX_RESOURCES).map((resource) => this.build(resource));
    for (const resource of this.resources) this.byAddress.set(resource.address, resource);
    const message = `Not judged from here on: more than ${MAX_RESOURCES} resources`;
    const [beyond] = typed.slice(MAX_RESOURCES);
    this.leftOut = beyond ? [{ node: beyond.node.get('address') ?? beyond.node, message }] : [];
    this.outputs = sectionsOf(planned?.get('outputs'), 'value');
    this.parameters = sectionsOf(root.get('variables'), 'value');
    this.providers = providersOf(root.get('configuration')?.get('provider_config'));
    const version = awsConstraint(root.get('configuration')?.get('provider_config'));
    if (version !== undefined) setProviderVersion(this, version);
  }

  resource(address: string): Resource | undefined {
    return this.byAddress.get(address);
  }

  private readonly byTypes = new Map<string, readonly Resource[]>();

  ofType(...types: string[]): readonly Resource[] {
    const key = types.join(' ');
    let found = this.byTypes.get(key);
    if (!found) {
      found = this.resources.filter((resource) => types.includes(resource.type));
      this.byTypes.set(key, found);
    }
    return found;
  }

  /** Nothing in a plan is conditional. */
  assume(assumed: readonly Condition[], condition: Condition): readonly Condition[] | undefined {
    for (const other of assumed)
      if (other.id === condition.id) return other.value === condition.value ? assumed : undefined;
    return [...assumed, condition];
  }

  evaluate(node: Node): Value {
    return planValue(node);
  }

  private build({ address, module, node, values }: Planned): Resource {
    const data = isData(node);
    const label = String(node.get('type')?.value ?? '');
    const mirrored = data ? undefined : mirroredType(label);
    const type = data ? `data.${label}` : (mirrored ?? label);
    const change = this.changes.get(address)?.get('change');
    const after = change?.get('after');
    const shown = values ?? (after?.kind === 'object' ? after : undefined);
    const local = module ? address.slice(module.length + 1) : address;
    const expressions = this.references.expressions(module, local);
    const overlay: Overlay = {
      unknown: change?.get('after_unknown'),
      sensitive: node.get('sensitive_values') ?? change?.get('after_sensitive'),
      expressions: expressions && [expressions],
      resolve: (expression) => this.references.resolve(expression, module, address),
    };
    const key = node.get('address') ?? node;
    let properties: ObjectValue | undefined;
    return {
      address,
      type,
      types: [type],
      isMirrored: mirrored !== undefined,
      key,
      body: node,
      get properties(): ObjectValue {
        if (!properties) {
          const own = shown
            ? planObject(shown, overlay)
            : new LazyObject(key, new Map(), 'the plan does not show its values');
          properties = mirrored ? mirroredProperties(own) : own;
        }
        return properties;
      },
      attributes: new LazyObject(node, new Map()),
      conditions: [],
      document: node.document,
      isData: data,
      template: this,
    };
  }
}

function isData(resource: Node): boolean {
  return resource.get('mode')?.value === 'data';
}

/** All resources of a module of `planned_values` or a state, and of its child modules. */
function collect(
  module: Node | undefined,
  address: string,
  takes: (resource: Node) => boolean,
  found: Map<string, Planned>,
  depth: number,
): void {
  if (!module || depth > MAX_MODULE_DEPTH) return;
  for (const node of module.get('resources')?.items ?? []) {
    const own = node.get('address')?.value;
    // Provider-less parts of a state that is being rewritten have no address; nothing can be said of them.
    if (typeof own !== 'string' || found.has(own) || !takes(node)) continue;
    const values = node.get('values');
    found.set(own, { address: own, module: address, node, values: values?.kind === 'object' ? values : undefined });
  }
  for (const child of module.get('child_modules')?.items ?? []) {
    const name = child.get('address')?.value;
    collect(child, typeof name === 'string' ? name : address, takes, found, depth + 1);
  }
}

function addChange(address: string, node: Node, when: 'before' | 'after', found: Map<string, Planned>): void {
  const values = node.get('change')?.get(when);
  if (values?.kind !== 'object') return;
  const module = node.get('module_address')?.value;
  found.set(address, { address, module: typeof module === 'string' ? module : '', node, values });
}

/** Gives resources that are moved the addresses that they will have, by which they are told apart. */
function renameMoved(found: Map<string, Planned>, changes: ReadonlyMap<string, Node>): void {
  const moved: Planned[] = [];
  for (const [address, change] of changes) {
    const previous = change.get('previous_address')?.value;
    const known = typeof previous === 'string' && previous !== address ? found.get(previous) : undefined;
    if (!known) continue;
    const module = change.get('module_address')?.value;
    moved.push({ ...known, address, module: typeof module === 'string' ? module : '' });
    found.delete(known.address);
  }
  for (const one of moved) found.set(one.address, one);
}

function sectionsOf(node: Node | undefined, member: string): Section[] {
  return (node?.entries ?? []).map((entry) => {
    const value = entry.value.get(member) ?? entry.value;
    return { name: entry.name, key: entry.key, value: planValue(value) };
  });
}

/** Provider blocks: constants as they are, everything computed as unknown. */
function providersOf(node: Node | undefined): Section[] {
  return (node?.entries ?? []).map((entry) => {
    const members = new Map<string, Member>();
    for (const { name, key, value } of entry.value.get('expressions')?.entries ?? []) {
      members.set(name, { key, value: () => expressionValue(value) });
    }
    const name = String(entry.value.get('name')?.value ?? entry.name);
    return { name, key: entry.key, value: new LazyObject(entry.value, members) };
  });
}

function expressionValue(node: Node): Value {
  const constant = node.get('constant_value');
  return constant ? planValue(constant) : unknown('is computed', node);
}

function awsConstraint(providers: Node | undefined): string | undefined {
  for (const { value } of providers?.entries ?? []) {
    const constraint = value.get('name')?.value === 'aws' ? value.get('version_constraint')?.value : undefined;
    if (typeof constraint === 'string') return constraint;
  }
  return undefined;
}
