/** A Terraform module, written in HCL or in Terraform's JSON syntax, as a template. */

import type { SyntaxDocument } from '../syntax/document.ts';
import { type Expression, literalText, print, unwrap } from '../syntax/hcl-expression.ts';
import { expressionAt } from '../syntax/hcl-source.ts';
import type { Node } from '../syntax/node.ts';
import { mirroredProperties, mirroredType } from '../template/cloud-control.ts';
import type { Resource, Section, Template } from '../template/template.ts';
import { asString, type Condition, type Leaf, type ObjectValue, type Value } from '../template/value.ts';
import { type Block, type Blocks, blocksOf } from './blocks.ts';
import { Evaluator } from './evaluate.ts';
import { setProviderVersion } from './provider.ts';
import type { Definitions } from './scope.ts';
import { asSet, sensitive } from './values.ts';

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

/**
 * The type under which rules know the calls of a module from the public registry: `module:terraform-aws-modules/rds/aws`,
 * with `//modules/x` where one of its submodules is called. Undefined for other sources.
 */
function registryType(source: string): string | undefined {
  const address = source.trim().replace(/^(?:registry\.terraform\.io|registry\.opentofu\.org)\//, '');
  return /^[\w-]+\/[\w-]+\/[\w-]+(?:\/\/[\w./-]+)?$/.test(address) ? `module:${address}` : undefined;
}

/**
 * All files of one folder as one module. Override files are merged into what they override.
 * @param documents the module's `*.tf.json` files, in any order; resources come in the order given.
 */
export function terraformModule(documents: readonly SyntaxDocument[]): Template {
  return new TerraformModule(documents);
}

class TerraformModule implements Template, Definitions {
  readonly dialect = 'terraform';
  readonly metadata = undefined;
  readonly resources: readonly Resource[];
  readonly outputs: readonly Section[];
  readonly parameters: readonly Section[];
  readonly providers: readonly Section[];
  private readonly blocks: Blocks;
  private readonly evaluator: Evaluator;
  private readonly variables = new Map<string, Block>();
  private readonly defaults = new Map<string, Value>();
  private readonly locals = new Map<string, Node>();
  private readonly declared = new Set<string>();
  private readonly byAddress = new Map<string, Resource>();
  private readonly byType = new Map<string, Resource[]>();

  constructor(readonly documents: readonly SyntaxDocument[]) {
    this.blocks = blocksOf(documents);
    this.evaluator = new Evaluator(this);
    for (const block of this.blocks.variables) this.variables.set(block.labels[0] as string, block);
    for (const entry of this.blocks.locals) this.locals.set(entry.name, entry.value);
    for (const { labels } of this.blocks.resources) this.declared.add(labels.join('.'));
    this.resources = [
      ...this.blocks.resources.map((block) => this.build(block, false)),
      ...this.blocks.data.map((block) => this.build(block, true)),
      ...this.blocks.modules.map((block) => this.moduleCall(block)),
    ].filter((resource) => resource !== undefined);
    for (const resource of this.resources) {
      if (!this.byAddress.has(resource.address)) this.byAddress.set(resource.address, resource);
      const list = this.byType.get(resource.type);
      if (list) list.push(resource);
      else this.byType.set(resource.type, [resource]);
    }
    this.outputs = this.sections(this.blocks.outputs);
    this.parameters = this.sections(this.blocks.variables);
    this.providers = this.sections(this.blocks.providers);
    const version = this.providerVersion();
    if (version !== undefined) setProviderVersion(this, version);
  }

  resource(address: string): Resource | undefined {
    return this.byAddress.get(address);
  }

  ofType(...types: string[]): readonly Resource[] {
    const [only] = types;
    if (types.length === 1) return this.byType.get(only as string) ?? [];
    return this.resources.filter((resource) => types.includes(resource.type));
  }

  assume(assumed: readonly Condition[], condition: Condition): readonly Condition[] | undefined {
    return this.evaluator.conditions.assume(assumed, condition);
  }

  evaluate(node: Node): Value {
    return this.evaluator.node(node);
  }

  // What names stand for

  variable(name: string): Value | undefined {
    const block = this.variables.get(name);
    if (!block) return undefined;
    const before = this.defaults.get(name);
    if (before) return before;
    const body = this.evaluator.block(block.bodies);
    const written = body.get('default');
    let value: Value = written?.value ?? {
      kind: 'unknown',
      why: `variable ${name} has no default`,
      parameter: name,
      node: block.key,
      possible: this.possible(block, name),
    };
    if (/^\s*set\s*\(/.test(this.typeOf(block))) value = asSet(value);
    const secret = body.get('sensitive')?.value;
    if (secret?.kind === 'known' && String(secret.value) === 'true') value = sensitive(value);
    this.defaults.set(name, value);
    return value;
  }

  /** A variable's type constraint as written. */
  private typeOf(block: Block): string {
    const node = block.bodies.map((body) => body.get('type')).findLast((type) => type !== undefined);
    const written = node && expressionAt(node);
    return written ? print(written.expression) : String(node?.value ?? '');
  }

  local(name: string): Node | undefined {
    return this.locals.get(name);
  }

  declares(address: string): boolean {
    return this.declared.has(address);
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

  private build(block: Block, isData: boolean): Resource | undefined {
    const [label, name] = block.labels as [string, string];
    const mirrored = isData ? undefined : mirroredType(label);
    const written = isData ? `data.${label}` : label;
    const type = mirrored ?? written;
    const conditions = this.existence(block);
    if (!conditions) return undefined;
    const properties = lazily(() => {
      const own = this.evaluator.block(block.bodies, undefined, (key) => !META_ARGUMENTS.has(key));
      return mirrored ? mirroredProperties(own) : own;
    });
    const attributes = lazily(() => this.evaluator.block(block.bodies, undefined, (key) => META_ARGUMENTS.has(key)));
    return {
      address: `${written}.${name}`,
      type,
      types: [type],
      isMirrored: mirrored !== undefined,
      key: block.key,
      body: block.bodies[0] as Node,
      get properties(): ObjectValue {
        return properties();
      },
      get attributes(): ObjectValue {
        return attributes();
      },
      conditions,
      document: block.document,
      isData,
      template: this,
    };
  }

  /** A call of a registry module: its arguments are properties of a resource of the type `module:` and the source. */
  private moduleCall(block: Block): Resource | undefined {
    const written = block.bodies.map((body) => body.get('source')).findLast((node) => node !== undefined);
    const source = written && asString(this.evaluator.node(written));
    const type = source === undefined ? undefined : registryType(source);
    const conditions = type && this.existence(block);
    if (!type || !conditions) return undefined;
    const properties = lazily(() => this.evaluator.block(block.bodies, undefined, (key) => !CALL_ARGUMENTS.has(key)));
    const attributes = lazily(() => this.evaluator.block(block.bodies, undefined, (key) => CALL_ARGUMENTS.has(key)));
    return {
      address: `module.${block.labels[0]}`,
      type,
      types: [type],
      key: block.key,
      body: block.bodies[0] as Node,
      get properties(): ObjectValue {
        return properties();
      },
      get attributes(): ObjectValue {
        return attributes();
      },
      conditions,
      document: block.document,
      isData: false,
      template: this,
    };
  }

  /** What must hold for a resource to exist; undefined where it certainly does not. */
  private existence(block: Block): readonly Condition[] | undefined {
    for (const name of ['count', 'for_each']) {
      const node = block.bodies.map((body) => body.get(name)).findLast((written) => written !== undefined);
      if (!node) continue;
      const value = this.evaluator.node(node);
      const ways: (readonly Condition[])[] = [];
      let possible = 0;
      const visit = (inner: Value, assumed: readonly Condition[]): void => {
        if (inner.kind !== 'choice') {
          possible++;
          // As below: what a variable's default of 0 decides may be otherwise.
          if (!isNone(inner) || inner.via?.some((hop) => hop.kind === 'variable')) ways.push(assumed);
          return;
        }
        for (const { condition, value: next } of inner.alternatives) {
          const together = this.assume(assumed, condition);
          if (together) visit(next, together);
        }
      };
      visit(value, []);
      if (value.kind !== 'choice') {
        // A variable's default of 0 leaves a resource that somebody means to make.
        if (isNone(value) && this.evaluator.isConstant(node)) return undefined;
        return [];
      }
      if (ways.length === 0) return undefined;
      return ways.length === 1 && possible > 1 ? ways[0] : [];
    }
    return [];
  }

  private sections(blocks: readonly Block[]): Section[] {
    return blocks.map((block) => ({
      name: block.labels[0] as string,
      key: block.key,
      value: this.evaluator.block(block.bodies),
    }));
  }

  private providerVersion(): string | undefined {
    for (const settings of this.blocks.settings) {
      const required = settings.get('required_providers');
      for (const object of required?.kind === 'array' ? required.items : required ? [required] : []) {
        const aws = object.get('aws');
        const version = aws?.kind === 'object' ? aws.get('version') : aws;
        if (typeof version?.value === 'string') return version.value;
      }
    }
    for (const { name, value } of this.providers) {
      const version = name === 'aws' && value.kind === 'object' ? value.get('version') : undefined;
      const text = version && asString(version.value);
      if (text !== undefined) return text;
    }
    return undefined;
  }
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function isNone(value: Leaf): boolean {
  if (value.kind === 'known') return String(value.value) === '0';
  if (value.kind === 'list') return !value.open && value.items.length === 0;
  return value.kind === 'object' && !value.open && value.names.length === 0;
}

function isScalarLiteral(expression: Expression): boolean {
  const inner = unwrap(expression);
  return (inner.kind === 'literal' && inner.value !== null) || literalText(inner) !== undefined;
}
