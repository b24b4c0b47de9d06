/** A Terraform module, written in HCL or in Terraform's JSON syntax, as a template; with the local modules that it calls. */

import type { SyntaxDocument } from '../syntax/document.ts';
import type { Node } from '../syntax/node.ts';
import { ResourceIndex } from '../template/resource-index.ts';
import type { Resource, Section, Template } from '../template/template.ts';
import { Cell, CHANGING, Lineage, nextRevision, note } from '../template/tracking.ts';
import { asString, type Condition, type Value } from '../template/value.ts';
import { Conditions } from './conditions.ts';
import { ModuleScope } from './module-scope.ts';
import { folderOfCall } from './module-source.ts';
import { setProviderVersion } from './provider.ts';
import { sameValue } from './values.ts';

/** Files of the modules that a module calls, directly or not: by folder, relative to the one at the root. */
export type ModuleFolders = ReadonlyMap<string, readonly SyntaxDocument[]>;

const NO_FOLDERS: ModuleFolders = new Map();
const NONE: ReadonlyMap<string, string> = new Map();

/** Resources that are judged, with those of the modules that are called. */
const MAX_RESOURCES = 5_000;

/** Calls that lie deeper, or are more, are not followed. */
const MAX_DEPTH = 10;
const MAX_MODULES = 200;

/**
 * All files of one folder as one module. Override files are merged into what they override.
 * @param documents the module's files, in any order; resources come in the order given.
 * @param folders files of the local modules that it calls; a call of another one makes nothing that is known
 * @param previous the template of an earlier version, which must not be used afterwards: resources of which nothing changed are
 *   part of the result, with all that was computed of them
 * @param unread folders of which not all files are at hand, with what is said of that; the module's own is the empty one
 */
export function terraformModule(
  documents: readonly SyntaxDocument[],
  folders: ModuleFolders = NO_FOLDERS,
  previous?: Template,
  unread: ReadonlyMap<string, string> = NONE,
): Template {
  const before = previous instanceof TerraformModule && !previous.isSuperseded ? previous : undefined;
  return new TerraformModule(documents, folders, before, unread);
}

class TerraformModule implements Template {
  readonly dialect = 'terraform';
  readonly metadata = undefined;
  readonly lineage: Lineage<Template>;
  private index: ResourceIndex;
  private readonly conditions: Conditions;
  private readonly scopes: ModuleScope[] = [];
  private readonly byDocument = new Map<SyntaxDocument, ModuleScope[]>();
  /** What lies outside of the resources, as far as it has been looked at. */
  private rest: Rest;
  /** What was left out, as far as it has been asked for. */
  private cut: Template['leftOut'];
  /** The next version has taken over what did not change. */
  isSuperseded = false;

  constructor(
    documents: readonly SyntaxDocument[],
    private folders: ModuleFolders,
    previous: TerraformModule | undefined,
    private readonly unread: ReadonlyMap<string, string>,
  ) {
    const changed = previous?.next(this, documents, folders);
    const kept = changed && previous;
    this.conditions = kept?.conditions ?? new Conditions();
    this.lineage = kept?.lineage ?? new Lineage<Template>(this);
    this.lineage.template = this;
    if (kept) {
      this.scopes = kept.scopes;
      for (const scope of this.scopes) this.noteDocuments(scope);
    } else this.add(new ModuleScope(this, documents, this.conditions, ''), '', ['']);
    const resources: Resource[] = [];
    for (const scope of this.scopes) resources.push(...scope.build(MAX_RESOURCES - resources.length, changed));
    this.index = new ResourceIndex(resources, 'first', kept?.index);
    const root = this.scopes[0] as ModuleScope;
    if (kept && !changed?.size) this.rest = kept.rest;
    else {
      if (kept) kept.rest.isStale = true;
      this.rest = new Rest(this.scopes);
    }
    const version = providerVersion(root, this.rest.providers);
    if (version !== undefined) setProviderVersion(this, version);
    if (previous) {
      previous.retire();
      nextRevision();
    }
  }

  /** What was found earlier may hold on to this version, which then shall hold on to nothing. */
  private retire(): void {
    this.isSuperseded = true;
    this.byDocument.clear();
    this.folders = NO_FOLDERS;
    this.index = new ResourceIndex([], 'first');
    this.rest = new Rest([]);
    this.cut = undefined;
  }

  /**
   * Hands its modules on to the next version.
   * @returns names that mean something else now; undefined where too much has changed to go on
   */
  private next(
    template: Template,
    documents: readonly SyntaxDocument[],
    folders: ModuleFolders,
  ): ReadonlySet<string> | undefined {
    const [root, ...called] = this.scopes;
    const versionBefore = root && providerVersion(root, this.rest.providers);
    const changed = root?.update(template, documents);
    if (!root || !changed) return undefined;
    // What a name means to a module that is called hangs on who calls it.
    if (called.length && changed.size) return undefined;
    for (const scope of called) {
      const own = folders.get(scope.folder);
      if (!own || scope.update(template, own)?.size !== 0) return undefined;
    }
    // Evaluates, which all modules have to be up to date for. A setting that names another provider or version counts everywhere.
    if (versionBefore !== providerVersion(root, root.sections(root.blocks.providers))) return undefined;
    if (!called.length) return this.callsKnown(root, folders) ? undefined : changed;
    return this.knowsAllCalls(folders) ? changed : undefined;
  }

  /** Whether a call leads to files that are at hand. */
  private callsKnown(scope: ModuleScope, folders: ModuleFolders): boolean {
    return scope.blocks.modules.some((block) => {
      const source = scope.sourceOf(block);
      const called = source === undefined ? undefined : folderOfCall(scope.folder, source);
      return called !== undefined && Boolean(folders.get(called)?.length);
    });
  }

  /** Whether no folder has come or gone: calls may lead to it. */
  private knowsAllCalls(folders: ModuleFolders): boolean {
    const names = (of: ModuleFolders) => [...of.keys()].sort().join('\n');
    return names(folders) === names(this.folders);
  }

  private noteDocuments(scope: ModuleScope): void {
    for (const document of scope.documents) {
      const known = this.byDocument.get(document);
      if (known) known.push(scope);
      else this.byDocument.set(document, [scope]);
    }
  }

  /** What was found earlier may still ask the version that it was found in. */
  private get newest(): TerraformModule {
    return this.lineage.template as TerraformModule;
  }

  get documents(): readonly SyntaxDocument[] {
    // Whoever looks at the text has to look again at each version of it.
    note(CHANGING);
    return [...this.newest.byDocument.keys()];
  }

  get resources(): readonly Resource[] {
    return this.newest.index.all;
  }

  get outputs(): readonly Section[] {
    const { rest } = this.newest;
    note(rest);
    return rest.outputs;
  }

  get parameters(): readonly Section[] {
    const { rest } = this.newest;
    note(rest);
    return rest.parameters;
  }

  get providers(): readonly Section[] {
    const { rest } = this.newest;
    note(rest);
    return rest.providers;
  }

  /** Takes a module and all that it calls; a call that leads back to a folder on the way is not followed. */
  private add(scope: ModuleScope, folder: string, way: readonly string[]): void {
    this.scopes.push(scope);
    this.noteDocuments(scope);
    if (way.length > MAX_DEPTH) return;
    for (const block of scope.blocks.modules) {
      const source = scope.sourceOf(block);
      const called = source === undefined ? undefined : folderOfCall(folder, source);
      const documents = called === undefined ? undefined : this.folders.get(called);
      const name = block.labels[0];
      if (called === undefined || !documents?.length || name === undefined || way.includes(called)) continue;
      if (this.scopes.length >= MAX_MODULES) return;
      let conditions: { readonly found: readonly Condition[] | undefined } | undefined;
      const child = new ModuleScope(this, documents, this.conditions, called, {
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

  get leftOut(): NonNullable<Template['leftOut']> {
    const { newest } = this;
    newest.cut ??= [...newest.filesLeftOut, ...newest.resourcesLeftOut, ...newest.callsLeftOut];
    return newest.cut;
  }

  private get resourcesLeftOut(): NonNullable<Template['leftOut']> {
    const first = this.scopes.find(({ beyond }) => beyond)?.beyond;
    return first ? [{ node: first.key, message: `Not judged from here on: more than ${MAX_RESOURCES} resources` }] : [];
  }

  /** Files of the module itself that were not read: told at the first block of each that was. */
  private get filesLeftOut(): NonNullable<Template['leftOut']> {
    const message = this.unread.get('');
    if (message === undefined) return [];
    return (this.scopes[0]?.documents ?? []).flatMap(({ roots }) => {
      const node = roots[0]?.entries[0]?.key;
      return node ? [{ node, message }] : [];
    });
  }

  /** Calls of modules that were not read, and of those at hand that lie too deep, or are too many, to be followed. */
  private get callsLeftOut(): NonNullable<Template['leftOut']> {
    const { scopes, folders, unread } = this;
    return scopes.flatMap((scope) =>
      scope.blocks.modules.flatMap((block) => {
        const name = block.labels[0];
        const isKnown = name !== undefined && scope.children.has(name);
        // Of a module that is known some files may not have been read.
        const source = name === undefined || (isKnown && !unread.size) ? undefined : scope.sourceOf(block);
        const called = source === undefined ? undefined : folderOfCall(scope.folder, source);
        if (called === undefined) return [];
        const why = unread.get(called);
        if (why !== undefined) return [{ node: block.key, message: why }];
        if (isKnown || !folders.get(called)?.length) return [];
        // A call that leads back is not judged a second time.
        for (let at: ModuleScope | undefined = scope; at; at = at.call?.caller) if (at.folder === called) return [];
        const where = scope.folder || 'this module';
        const message = `Not all calls in ${where} are followed: only ${MAX_DEPTH} deep, and ${MAX_MODULES} in all`;
        return [{ node: block.key, message }];
      }),
    );
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
    return this.conditions.assume(assumed, condition);
  }

  /** In a module that is called more than once, what is not the same each time is unknown. */
  evaluate(node: Node): Value {
    const { byDocument, scopes, rest } = this.newest;
    note(rest);
    const [first, ...others] = byDocument.get(node.document) ?? [];
    const value = (first ?? (scopes[0] as ModuleScope)).evaluate(node);
    const differs = others.some((scope) => !sameValue(scope.evaluate(node), value));
    return differs ? { kind: 'unknown', why: 'differs for each call of the module', node } : value;
  }
}

/** Outputs, variables and providers. */
class Rest extends Cell {
  readonly outputs: readonly Section[];
  readonly parameters: readonly Section[];
  readonly providers: readonly Section[];

  constructor(scopes: readonly ModuleScope[]) {
    super();
    this.outputs = scopes.flatMap((scope) => scope.sections(scope.blocks.outputs));
    this.parameters = scopes.flatMap((scope) => scope.sections(scope.blocks.variables));
    this.providers = scopes[0]?.sections(scopes[0].blocks.providers) ?? [];
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
