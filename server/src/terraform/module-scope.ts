/** One module as it is used: its blocks, what its names stand for, and its resources. */

import type { SyntaxDocument } from '../syntax/document.ts';
import { type Expression, literalText, print, unwrap } from '../syntax/hcl-expression.ts';
import type { WrittenExpression } from '../syntax/hcl-source.ts';
import type { Node } from '../syntax/node.ts';
import { mirroredType } from '../template/cloud-control.ts';
import { mayBeType, type Resource, type Section, type Template } from '../template/template.ts';
import { asString, type Condition, type Leaf, type Value, type Via } from '../template/value.ts';
import { type Block, type Blocks, blocksOf } from './blocks.ts';
import type { Conditions } from './conditions.ts';
import { DefinitionGraph, type Use } from './cycles.ts';
import { Evaluator, MAX_DEPTH } from './evaluate.ts';
import { instanceScope } from './instances.ts';
import { registryType } from './module-source.ts';
import { addDependents, namesUsed } from './names-used.ts';
import { type Reference, referencesIn } from './references.ts';
import { areSameBlocks, isSameBlock, TerraformResource } from './resource.ts';
import { type Definitions, Scalars, type Scope } from './scope.ts';
import { assignmentsOf, isValuesFile } from './tfvars.ts';
import { changes, constraintOf, converted } from './types.ts';
import { mapChoice, refer, sensitive, unknown } from './values.ts';

/** Arguments that Terraform itself understands, in every resource. */
const META_ARGUMENTS: ReadonlySet<string> = new Set([
  'count',
  'for_each',
  'lifecycle',
  'depends_on',
  'provider',
  'provisioner',
  'connection',
]);

/** Arguments of a module call that are not the module's own. */
const CALL_ARGUMENTS: ReadonlySet<string> = new Set([
  'source',
  'version',
  'count',
  'for_each',
  'providers',
  'depends_on',
]);

/** How a module comes to be called. */
export interface ModuleCall {
  readonly name: string;
  readonly block: Block;
  readonly caller: ModuleScope;
  /** What must hold for it to be made; undefined where it certainly is not. */
  readonly conditions: () => readonly Condition[] | undefined;
}

type Assigned = { readonly value: Value; readonly kind: Via['kind']; readonly module?: string };

/** Among what has changed: which variables or outputs there are. No name looks like it. */
const LISTS = 'lists';

/** What names of a module are defined by, in one version of it. */
interface Defined {
  readonly blocks: Blocks;
  readonly variables: ReadonlyMap<string, Block>;
  readonly locals: ReadonlyMap<string, Node>;
  readonly outputs: ReadonlyMap<string, Block>;
  readonly declared: ReadonlySet<string>;
  /** Of resources and data sources: those with `count` or `for_each`. */
  readonly repeated: ReadonlySet<string>;
  readonly assignments: ReadonlyMap<string, Node>;
}

/** A name of a module, as the graph of definitions knows it. */
interface Definition {
  readonly scope: ModuleScope;
  readonly kind: Reference['kind'];
  readonly name: string;
}

/** Arguments of a variable's block that decide what its value is. */
const DECISIVE = ['default', 'type', 'nullable', 'sensitive'];

export class ModuleScope implements Definitions {
  readonly prefix: string;
  /** Modules that are called and known, by the name of the call. */
  readonly children = new Map<string, ModuleScope>();
  /** Keys of the calls that lead here, outermost first. */
  readonly calls: readonly Node[];
  private defined: Defined;
  private own: Evaluator;
  private readonly values = new Map<string, Assigned>();
  private readonly outputs = new Map<string, Value>();
  private readonly names = new Map<string, Definition>();
  /** Of the module at the root: what the names of all modules are defined by. */
  private graph = newGraph();
  private resources = new Map<Node, TerraformResource>();
  /** The first block that is no resource because there are too many. */
  beyond: Block | undefined;
  private readonly scalars = new Scalars();

  /** @param folder where it lies, relative to the root's */
  constructor(
    public template: Template,
    public documents: readonly SyntaxDocument[],
    private readonly conditions: Conditions,
    readonly folder: string,
    readonly call?: ModuleCall,
  ) {
    this.prefix = call ? `${call.caller.prefix}module.${call.name}.` : '';
    this.calls = call ? [...call.caller.calls, call.block.key] : [];
    this.defined = this.define(documents);
    this.own = new Evaluator(this, conditions);
  }

  get blocks(): Blocks {
    return this.defined.blocks;
  }

  get evaluator(): Evaluator {
    return this.own;
  }

  private define(documents: readonly SyntaxDocument[]): Defined {
    const blocks = blocksOf(documents.filter(({ uri }) => !isValuesFile(uri)));
    const addressOf = ({ labels }: Block) => labels.join('.');
    return {
      blocks,
      variables: new Map(blocks.variables.map((block) => [block.labels[0] as string, block])),
      locals: new Map(blocks.locals.map((entry) => [entry.name, entry.value])),
      outputs: new Map(blocks.outputs.map((block) => [block.labels[0] as string, block])),
      declared: new Set(blocks.resources.map(addressOf)),
      repeated: new Set([
        ...blocks.resources.filter(isRepeated).map(addressOf),
        ...blocks.data.filter(isRepeated).map((block) => `data.${addressOf(block)}`),
      ]),
      assignments: this.call ? new Map() : assignmentsOf(documents),
    };
  }

  /**
   * Takes the next version of the module's files.
   * @returns names that mean something else now; undefined where it is not only names that have changed
   */
  update(template: Template, documents: readonly SyntaxDocument[]): ReadonlySet<string> | undefined {
    const before = this.defined;
    const now = this.define(documents);
    this.template = template;
    this.documents = documents;
    this.defined = now;
    this.own = new Evaluator(this, this.conditions);
    this.values.clear();
    this.outputs.clear();
    this.names.clear();
    this.graph = newGraph();
    if (!areSameBlocks(before.blocks.providers, now.blocks.providers)) return undefined;
    if (!areSameBlocks(before.blocks.modules, now.blocks.modules)) return undefined;
    const changed = new Set<string>();
    const compare = <T>(
      kind: string,
      old: ReadonlyMap<string, T>,
      next: ReadonlyMap<string, T>,
      same: (a: T, b: T) => boolean,
    ) => {
      for (const name of new Set([...old.keys(), ...next.keys()])) {
        const [a, b] = [old.get(name), next.get(name)];
        if (a === undefined || b === undefined || !same(a, b)) changed.add(`${kind}.${name}`);
      }
    };
    compare('var', before.variables, now.variables, isSameBlock);
    compare('var', before.assignments, now.assignments, (a, b) => a === b);
    compare('local', before.locals, now.locals, (a, b) => a === b);
    compare('output', before.outputs, now.outputs, isSameBlock);
    for (const kind of ['declared', 'repeated'] as const) {
      for (const one of before[kind]) if (!now[kind].has(one)) changed.add(one);
      for (const one of now[kind]) if (!before[kind].has(one)) changed.add(one);
    }
    // Of two that share a name only one counts, but both are there, and in an order.
    if (!areSameBlocks(before.blocks.variables, now.blocks.variables)) changed.add(LISTS);
    if (!areSameBlocks(before.blocks.outputs, now.blocks.outputs)) changed.add(LISTS);
    const regions = ({ blocks }: Defined) => blocks.data.filter(isRegion);
    if (!areSameBlocks(regions(before), regions(now))) return undefined;
    if (changed.size) addDependents(changed, this.definitions());
    return changed;
  }

  /** What the definition of each name speaks of. */
  private *definitions(): Generator<readonly [name: string, uses: ReadonlySet<string>]> {
    const { blocks, variables, locals, assignments } = this.defined;
    for (const [name, node] of locals) yield [`local.${name}`, namesUsed(node, this.scalars)];
    // Terraform takes literals only; whatever else is written is evaluated all the same.
    for (const [name, block] of variables) yield [`var.${name}`, this.namesUsedBy(block)];
    for (const [name, node] of assignments) yield [`var.${name}`, namesUsed(node, this.scalars)];
    const regions = blocks.data.filter(isRegion);
    if (!regions.length) return;
    for (const provider of blocks.providers) {
      const uses = this.namesUsedBy(provider);
      for (const { labels } of regions) yield [`data.${labels.join('.')}`, uses];
    }
  }

  /**
   * Makes the resources, once all modules that are called are known.
   * @param most how many are made; what comes after is not looked at
   * @param changed names that mean something else than in the version before
   */
  build(most: number, changed?: ReadonlySet<string>): readonly Resource[] {
    this.beyond = undefined;
    if (this.call && !this.call.conditions()) return [];
    const before = this.resources;
    this.resources = new Map();
    const found: TerraformResource[] = [];
    const add = (blocks: readonly Block[], isData: boolean, make: (block: Block) => TerraformResource | undefined) => {
      for (const block of blocks) {
        if (this.beyond) return;
        const known = changed && before.get(block.bodies[0] as Node);
        const kept = known?.goesOn(block, isData, changed as ReadonlySet<string>) ? known : undefined;
        if (kept) {
          before.delete(kept.text);
          kept.moveTo(block);
        }
        const resource = kept ?? make(block);
        if (!resource) continue;
        if (known && !kept) resource.follow(known);
        this.resources.set(resource.text, resource);
        if (found.length < most) found.push(resource);
        else this.beyond = block;
      }
    };
    const { resources, data, modules } = this.blocks;
    add(resources, false, (block) => this.resource(block, false));
    add(data, true, (block) => this.resource(block, true));
    add(modules, false, (block) => this.registryCall(block));
    for (const gone of before.values()) gone.isOutdated = true;
    return found;
  }

  /** Names that a block speaks of. */
  namesUsedBy({ bodies }: Block): ReadonlySet<string> {
    const [only, ...others] = bodies.map((body) => namesUsed(body, this.scalars));
    return others.length ? new Set([only, ...others].flatMap((names) => [...(names ?? [])])) : (only ?? new Set());
  }

  // What names stand for

  variable(name: string): Assigned | undefined {
    const block = this.defined.variables.get(name);
    if (!block) return undefined;
    const before = this.values.get(name);
    if (before) return before;
    const flaw = this.flaw('variable', name);
    const found: Assigned = flaw
      ? { value: unknown(`variable ${name} ${flaw}`, block.key), kind: 'variable' }
      : this.own.definition(() => this.assigned(name, block));
    this.values.set(name, found);
    return found;
  }

  private assigned(name: string, block: Block): Assigned {
    const body = this.evaluator.block(block.bodies);
    const given = this.given(name);
    const nullable = body.get('nullable')?.value;
    const fills = nullable?.kind === 'known' && String(nullable.value) === 'false';
    const isLeft = fills && given?.value.kind === 'absent';
    let value: Value = (isLeft ? undefined : given?.value) ??
      body.get('default')?.value ?? {
        kind: 'unknown',
        why: this.call ? `module ${this.call.name} is called without ${name}` : `variable ${name} has no default`,
        parameter: name,
        node: block.key,
        possible: this.possible(block, name),
      };
    const fallback = fills && body.get('default')?.value;
    if (fallback && value.kind === 'choice')
      value = mapChoice(value, value.node, (leaf) =>
        leaf.kind === 'absent' ? refer(fallback, leaf.node, { kind: 'variable', name }) : leaf,
      );
    const type = this.typeOf(block);
    if (type && changes(type.expression)) {
      const { source } = type;
      value = converted(value, type.expression, (written) => {
        const fallback = this.evaluator.expression(written, { source, scope: undefined });
        return refer(fallback, given?.value.node ?? fallback.node, { kind: 'variable', name });
      });
    }
    const secret = body.get('sensitive')?.value;
    if (secret?.kind === 'known' && String(secret.value) === 'true') value = sensitive(value);
    return given && !isLeft ? { ...given, value } : { value, kind: 'variable' };
  }

  /** What a call or a file of values says; undefined where the default counts. */
  private given(name: string): Assigned | undefined {
    const assigned = this.defined.assignments.get(name);
    if (assigned) return { value: this.evaluator.node(assigned), kind: 'assignment' };
    const argument = this.argument(name);
    if (!argument || !this.call) return undefined;
    const { caller, block } = this.call;
    const value = caller.evaluator.definition(() => caller.evaluator.node(argument, caller.namesIn(block)));
    return { value, kind: 'argument', module: this.call.name };
  }

  private argument(name: string): Node | undefined {
    if (!this.call || CALL_ARGUMENTS.has(name)) return undefined;
    return this.call.block.bodies.map((body) => body.get(name)).findLast((node) => node !== undefined);
  }

  isFixed(name: string): boolean {
    if (!this.call || !this.defined.variables.has(name)) return false;
    const argument = this.argument(name);
    return argument
      ? this.call.caller.evaluator.isConstant(argument)
      : this.defined.variables.get(name)?.bodies.some((body) => body.get('default') !== undefined) === true;
  }

  local(name: string): Node | undefined {
    return this.defined.locals.get(name);
  }

  flawOfLocal(name: string): string | undefined {
    return this.flaw('local', name);
  }

  /** Why a definition must not be evaluated, whoever asks; undefined where it may be. */
  private flaw(kind: Reference['kind'], name: string): string | undefined {
    let root: ModuleScope = this;
    while (root.call) root = root.call.caller;
    const flaw = root.graph.flaw(this.definition(kind, name));
    return flaw && (flaw === 'cyclic' ? 'refers to itself' : 'is defined through too many others');
  }

  private definition(kind: Reference['kind'], name: string): Definition {
    const key = `${kind} ${name}`;
    const known = this.names.get(key) ?? { scope: this, kind, name };
    this.names.set(key, known);
    return known;
  }

  /** What the definition of a name is made of. */
  usesOf(kind: Reference['kind'], name: string): readonly Use<Definition>[] {
    const uses: Use<Definition>[] = [];
    const add = (scope: ModuleScope, node: Node | undefined) => {
      if (node) uses.push(...scope.usesIn(node));
    };
    if (kind === 'local') add(this, this.local(name));
    else if (kind === 'output') add(this, this.writtenOutput(name));
    else {
      const { variables, assignments } = this.defined;
      for (const body of variables.get(name)?.bodies ?? [])
        for (const argument of DECISIVE) add(this, body.get(argument));
      add(this, assignments.get(name));
      const argument = this.argument(name);
      if (argument && this.call) {
        const { caller, block } = this.call;
        for (const node of [argument, block.count, block.forEach]) add(caller, node);
      }
    }
    return uses;
  }

  private usesIn(node: Node): Use<Definition>[] {
    return referencesIn(node, this.scalars).flatMap(({ kind, name, module, depth }) => {
      const scope = module === undefined ? this : this.children.get(module);
      // Evaluation does not come that far.
      return scope && depth <= MAX_DEPTH ? [{ of: scope.definition(kind, name), depth }] : [];
    });
  }

  declares(address: string): boolean {
    return this.defined.declared.has(address);
  }

  isRepeated(address: string): boolean {
    return this.defined.repeated.has(address);
  }

  region(name: string): Value | undefined {
    const block = this.blocks.data.find(({ labels }) => labels[0] === 'aws_region' && labels[1] === name);
    // Whatever is written in it may choose another provider or region.
    if (!block || block.bodies.some((body) => body.entries.length > 0)) return undefined;
    return this.providerRegion();
  }

  /** The region of the provider that resources without a `provider` have (developer.hashicorp.com/terraform/language/providers). */
  private providerRegion(): Value | undefined {
    const own = this.blocks.providers.filter(
      ({ labels, bodies }) => labels[0] === 'aws' && !bodies.some((body) => body.get('alias')),
    );
    if (this.call) {
      const { block, caller } = this.call;
      const isHanded = block.bodies.some((body) => body.get('providers'));
      return own.length || isHanded ? undefined : caller.providerRegion();
    }
    const written = own.length === 1 ? own[0]?.bodies[0]?.get('region') : undefined;
    return written && this.evaluator.isConstant(written) ? this.evaluator.node(written) : undefined;
  }

  output(module: string, name: string): Value | undefined {
    const child = this.children.get(module);
    const written = child?.writtenOutput(name);
    if (!child || !written || child.flaw('output', name)) return undefined;
    const known = child.outputs.get(name) ?? child.own.definition(() => child.own.node(written));
    child.outputs.set(name, known);
    return known;
  }

  private writtenOutput(name: string): Node | undefined {
    const bodies = this.defined.outputs.get(name)?.bodies;
    return bodies?.map((body) => body.get('value')).findLast((node) => node !== undefined);
  }

  /** A variable's type constraint. */
  private typeOf(block: Block): WrittenExpression | undefined {
    const node = block.bodies.map((body) => body.get('type')).findLast((type) => type !== undefined);
    return node && constraintOf(node);
  }

  /** The values that a validation of the form `contains(["a", "b"], var.x)` allows. */
  private possible(block: Block, name: string): readonly Value[] | undefined {
    for (const body of block.bodies) {
      const validation = body.get('validation');
      for (const rule of validation?.kind === 'array' ? validation.items : validation ? [validation] : []) {
        const condition = rule.get('condition');
        const found = condition && this.evaluator.expressionOf(condition);
        if (!found) continue;
        const expression = unwrap(found.expression);
        if (expression.kind !== 'call' || expression.name !== 'contains') continue;
        const [allowed, tested] = expression.args.map(unwrap);
        if (allowed?.kind !== 'tuple' || !tested || print(tested) !== `var.${name}`) continue;
        if (!allowed.items.every(isScalarLiteral)) continue;
        return allowed.items.map((item) => this.evaluator.expression(item, { source: found.source, scope: undefined }));
      }
    }
    return undefined;
  }

  // Resources

  private resource(block: Block, isData: boolean): TerraformResource | undefined {
    const [label, name] = block.labels as [string, string];
    if (!mayBeType(label)) return undefined;
    const mirrored = isData ? undefined : mirroredType(label);
    const written = isData ? `data.${label}` : label;
    const conditions = this.existence(block);
    return (
      conditions &&
      new TerraformResource(this, block, {
        address: `${this.prefix}${written}.${name}`,
        type: mirrored ?? written,
        isMirrored: mirrored !== undefined,
        isData,
        conditions,
        meta: META_ARGUMENTS,
      })
    );
  }

  /** A call of a registry module: its arguments are properties of a resource of the type `module:` and the source. */
  private registryCall(block: Block): TerraformResource | undefined {
    const source = this.sourceOf(block);
    const type = source === undefined ? undefined : registryType(source);
    if (type === undefined) return undefined;
    const conditions = this.existence(block);
    return (
      conditions &&
      new TerraformResource(this, block, {
        address: `${this.prefix}module.${block.labels[0]}`,
        type,
        isMirrored: false,
        isData: false,
        conditions,
        meta: CALL_ARGUMENTS,
      })
    );
  }

  /** Where a call says that its module is; undefined where that is no text. */
  sourceOf(call: Block): string | undefined {
    const written = call.bodies.map((body) => body.get('source')).findLast((node) => node !== undefined);
    return written && asString(this.evaluator.node(written));
  }

  /** What `each` and `count` are in a block. */
  namesIn({ bodies }: Block): Scope | undefined {
    return instanceScope(this.evaluator, bodies, this.prefix, isNone);
  }

  /** The value of a node, with the names of the block that it stands in. */
  evaluate(node: Node): Value {
    const { resources, data, modules } = this.blocks;
    const block = [...resources, ...data, ...modules].find(({ bodies }) =>
      bodies.some((body) => body.document === node.document && body.start <= node.start && node.end <= body.end),
    );
    return this.evaluator.node(node, block && this.namesIn(block));
  }

  /** As {@link evaluate}, of a node here or in a module around; elsewhere as the template does. */
  evaluateFrom(node: Node): Value {
    for (let scope: ModuleScope | undefined = this; scope; scope = scope.call?.caller)
      if (scope.documents.includes(node.document)) return scope.evaluate(node);
    return this.template.evaluate(node);
  }

  /** What must hold for a resource to exist; undefined where it certainly does not. */
  existence(block: Block): readonly Condition[] | undefined {
    for (const node of [block.count, block.forEach]) {
      if (!node) continue;
      const value = this.evaluator.node(node);
      const ways: (readonly Condition[])[] = [];
      let possible = 0;
      const fixed = this.evaluator.isConstant(node);
      const visit = (inner: Value, assumed: readonly Condition[]): void => {
        if (inner.kind !== 'choice') {
          possible++;
          // As below: what a variable's default of 0 decides may be otherwise.
          if (!isNone(inner) || (!fixed && isSetElsewhere(inner))) ways.push(assumed);
          return;
        }
        for (const { condition, value: next } of inner.alternatives) {
          const together = this.template.assume(assumed, condition);
          if (together) visit(next, together);
        }
      };
      visit(value, []);
      if (value.kind !== 'choice') {
        // A variable's default of 0 leaves a resource that somebody means to make.
        if (isNone(value) && fixed) return undefined;
        return this.whereCalled(NOTHING);
      }
      if (ways.length === 0) return undefined;
      return this.whereCalled(ways.length === 1 && possible > 1 ? (ways[0] ?? []) : []);
    }
    return this.whereCalled(NOTHING);
  }

  /** Conditions, with those of the module's call; undefined where they cannot hold together. */
  private whereCalled(conditions: readonly Condition[]): readonly Condition[] | undefined {
    let all: readonly Condition[] | undefined = this.call?.conditions() ?? NOTHING;
    for (const condition of conditions) all &&= this.template.assume(all, condition);
    return all;
  }

  sections(blocks: readonly Block[]): Section[] {
    return blocks.map((block) => ({
      name: this.prefix + block.labels[0],
      key: block.key,
      value: this.evaluator.block(block.bodies),
    }));
  }
}

const NOTHING: readonly never[] = [];

function newGraph(): DefinitionGraph<Definition> {
  return new DefinitionGraph(({ scope, kind, name }) => scope.usesOf(kind, name), MAX_DEPTH);
}

/** Whether who applies a configuration may set it to something else. */
function isSetElsewhere(value: Leaf): boolean {
  return value.via?.some((hop) => hop.kind === 'variable' || hop.kind === 'assignment') === true;
}

function isNone(value: Leaf): boolean {
  if (value.kind === 'known') return String(value.value) === '0';
  if (value.kind === 'list') return !value.open && value.items.length === 0;
  return value.kind === 'object' && !value.open && value.names.length === 0;
}

function isRegion({ labels }: Block): boolean {
  return labels[0] === 'aws_region';
}

function isRepeated({ count, forEach }: Block): boolean {
  return (count ?? forEach) !== undefined;
}

function isScalarLiteral(expression: Expression): boolean {
  const inner = unwrap(expression);
  return (inner.kind === 'literal' && inner.value !== null) || literalText(inner) !== undefined;
}
