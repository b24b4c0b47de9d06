/** A Terraform module, written in HCL or in Terraform's JSON syntax, as a template; with the local modules that it calls. */

import type { SyntaxDocument } from '../syntax/document.ts';
import type { Node } from '../syntax/node.ts';
import type { Resource, Section, Template } from '../template/template.ts';
import { Lineage } from '../template/tracking.ts';
import { asString, type Condition, type Value } from '../template/value.ts';
import { Conditions } from './conditions.ts';
import { ModuleScope } from './module-scope.ts';
import { folderOfCall } from './module-source.ts';
import { setProviderVersion } from './provider.ts';
import { sameValue } from './values.ts';

/** Files of the modules that a module calls, directly or not: by folder, relative to the one at the root. */
export type ModuleFolders = ReadonlyMap<string, readonly SyntaxDocument[]>;

const NO_FOLDERS: ModuleFolders = new Map();

/** Calls that lie deeper, or are more, are not followed. */
const MAX_DEPTH = 10;
const MAX_MODULES = 200;

/**
 * All files of one folder as one module. Override files are merged into what they override.
 * @param documents the module's files, in any order; resources come in the order given.
 * @param folders files of the local modules that it calls; a call of another one makes nothing that is known
 */
export function terraformModule(documents: readonly SyntaxDocument[], folders: ModuleFolders = NO_FOLDERS): Template {
  return new TerraformModule(documents, folders);
}

class TerraformModule implements Template {
  readonly dialect = 'terraform';
  readonly lineage: Lineage<Template> = new Lineage<Template>(this);
  readonly metadata = undefined;
  readonly documents: readonly SyntaxDocument[];
  readonly resources: readonly Resource[];
  readonly outputs: readonly Section[];
  readonly parameters: readonly Section[];
  readonly providers: readonly Section[];
  private readonly conditions = new Conditions();
  private readonly scopes: ModuleScope[] = [];
  private readonly byDocument = new Map<SyntaxDocument, ModuleScope[]>();
  private readonly byAddress = new Map<string, Resource>();
  private readonly byType = new Map<string, Resource[]>();

  constructor(
    documents: readonly SyntaxDocument[],
    private readonly folders: ModuleFolders,
  ) {
    const root = new ModuleScope(this, documents, this.conditions);
    this.add(root, '', ['']);
    this.documents = [...this.byDocument.keys()];
    this.resources = this.scopes.flatMap((scope) => scope.build());
    for (const resource of this.resources) {
      if (!this.byAddress.has(resource.address)) this.byAddress.set(resource.address, resource);
      const list = this.byType.get(resource.type);
      if (list) list.push(resource);
      else this.byType.set(resource.type, [resource]);
    }
    this.outputs = this.scopes.flatMap((scope) => scope.sections(scope.blocks.outputs));
    this.parameters = this.scopes.flatMap((scope) => scope.sections(scope.blocks.variables));
    this.providers = root.sections(root.blocks.providers);
    const version = providerVersion(root, this.providers);
    if (version !== undefined) setProviderVersion(this, version);
  }

  /** Takes a module and all that it calls; a call that leads back to a folder on the way is not followed. */
  private add(scope: ModuleScope, folder: string, way: readonly string[]): void {
    this.scopes.push(scope);
    for (const document of scope.documents) {
      const known = this.byDocument.get(document);
      if (known) known.push(scope);
      else this.byDocument.set(document, [scope]);
    }
    if (way.length > MAX_DEPTH) return;
    for (const block of scope.blocks.modules) {
      const source = scope.sourceOf(block);
      const called = source === undefined ? undefined : folderOfCall(folder, source);
      const documents = called === undefined ? undefined : this.folders.get(called);
      const name = block.labels[0];
      if (called === undefined || !documents?.length || name === undefined || way.includes(called)) continue;
      if (this.scopes.length >= MAX_MODULES) return;
      let conditions: { readonly found: readonly Condition[] | undefined } | undefined;
      const child = new ModuleScope(this, documents, this.conditions, {
        name,
        block,
        caller: scope,
        conditions: () => {
          conditions ??= { found: scope.existence(block) };
          return conditions.found;
        },
      });
      scope.children.set(name, child);
      this.add(child, called, [...way, called]);
    }
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
    return this.conditions.assume(assumed, condition);
  }

  /** In a module that is called more than once, what is not the same each time is unknown. */
  evaluate(node: Node): Value {
    const [first, ...others] = this.byDocument.get(node.document) ?? [];
    const value = (first ?? (this.scopes[0] as ModuleScope)).evaluate(node);
    const differs = others.some((scope) => !sameValue(scope.evaluate(node), value));
    return differs ? { kind: 'unknown', why: 'differs for each call of the module', node } : value;
  }
}

function providerVersion({ blocks }: ModuleScope, providers: readonly Section[]): string | undefined {
  for (const settings of blocks.settings) {
    const required = settings.get('required_providers');
    for (const object of required?.kind === 'array' ? required.items : required ? [required] : []) {
      const aws = object.get('aws');
      const version = aws?.kind === 'object' ? aws.get('version') : aws;
      if (typeof version?.value === 'string') return version.value;
    }
  }
  for (const { name, value } of providers) {
    const version = name === 'aws' && value.kind === 'object' ? value.get('version') : undefined;
    const text = version && asString(version.value);
    if (text !== undefined) return text;
  }
  return undefined;
}
