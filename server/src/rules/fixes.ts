/** Fix makers for declared rules: what to write, and what applying it means. */

import type { Data, Edit } from '../syntax/edit.ts';
import type { Node } from '../syntax/node.ts';
import { withoutQuery } from '../syntax/uri.ts';
import { inSameModule, localAddress, modulePrefix } from '../template/module-path.ts';
import type { Found } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import type { Via } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { takesMore } from './policy-edits.ts';
import type { FixMaker } from './rule.ts';

export interface FixOptions {
  /** Applying it blindly can neither break a deployment nor replace a resource with data in it. Default true. */
  readonly safe?: boolean;
  /** What else it does, in the title's brackets: `replaces the volume on deployment`. */
  readonly note?: string;
  /** Replaces the generated title (without the note). */
  readonly title?: string;
  /** Sets more properties in the same enclosing block: name → data. */
  readonly also?: Readonly<Record<string, Data>>;
}

/** The object a node is written in, for absence. */
function containerNode(found: Found): Node | undefined {
  if (found.value.kind === 'absent') return found.value.container?.node;
  return found.scopes[found.scopes.length - 1]?.node;
}

/** Names that say nothing without the block they stand in. */
const GENERIC = /^(status|enabled?|value|type|mode)$/i;

/** The name of the property as people read it: what is missing, or the last names of the path. */
function propertyName(found: Found): string {
  if (found.value.kind === 'absent' && found.value.missing.length) return found.value.missing.join('.');
  const names = found.path.split('.').filter((part) => !/^\d+$/.test(part));
  const last = names[names.length - 1] ?? 'value';
  const block = names[names.length - 2];
  return block && GENERIC.test(last) ? `${block}.${last}` : last;
}

function titled(title: string, options: FixOptions): string {
  return options.note ? `${title} (${options.note})` : title;
}

/** Where a leaf's value is decided, unless that decides other things as well: then the value is written at its use. */
function deciderOf({ via, resource, node }: Found): Via | undefined {
  const last = via[via.length - 1];
  if (last?.kind === 'global') return last;
  const hops = resource.template.dialect === 'terraform' ? via : via.slice(-1);
  // What a hop names is named in the module of the hop before: at the use, or at an argument or output on the way.
  const isSole = hops.every((hop, i) => usesOf(hop, hops[i - 1]?.node ?? node, resource) < 2);
  return last && isSole ? last : undefined;
}

/**
 * How often a parameter, variable or local is named in a module, its declaration aside; counted in the text, so rather too
 * often. Uses of outputs are not counted.
 * @param from a node in a file of the module
 */
function usesOf({ kind, name }: Via, from: Node, { template }: Resource): number {
  if (kind === 'output') return 0;
  const isCloudFormation = template.dialect === 'cloudformation';
  const use = isCloudFormation ? name : `${kind === 'local' ? 'local' : 'var'}.${name}`;
  let uses = isCloudFormation ? -1 : 0;
  const folder = folderOf(from.document.uri);
  for (const { text, uri } of template.documents) {
    if (folderOf(uri) !== folder) continue;
    for (let at = text.indexOf(use); at >= 0; at = text.indexOf(use, at + use.length)) {
      if (!/\w/.test(text[at - 1] ?? '') && !/\w/.test(text[at + use.length] ?? '')) uses++;
    }
  }
  return uses;
}

/** The folder of a file, by URI or path: a module's files share it. */
function folderOf(uri: string): string {
  return withoutQuery(uri).replace(/[^/\\]*$/, '');
}

/**
 * Edits that make the leaf be `data`: replaces the value where it is written (at the default of a parameter or variable where
 * that decides it and nothing else), or creates what is missing.
 */
export function setEdits(found: Found, data: Data): readonly Edit[] | undefined {
  const { value } = found;
  if (value.kind === 'absent') {
    if (value.written) {
      // What is written as nothing is the property itself, or a block around it that must come first.
      const isOwn = value.missing[0] === undefined || found.key?.value === value.missing[0];
      const names = isOwn ? value.missing.slice(1) : value.missing;
      const decider = nullOf(found);
      if (decider) return [{ kind: 'replace', node: decider.node, data }];
      return [{ kind: 'replace', node: value.written, data: nest(names, data) }];
    }
    const container = containerNode(found);
    if (container?.kind === 'missing' && value.missing.length) {
      return [{ kind: 'replace', node: container, data: nest(value.missing, data) }];
    }
    if (container?.kind !== 'object' || !value.missing.length) return undefined;
    return [{ kind: 'set', in: container, path: [...propertiesOf(container, found.resource), ...value.missing], data }];
  }
  if (found.via[found.via.length - 1]?.kind === 'mapping') return undefined;
  const node = deciderOf(found)?.node ?? found.node;
  const written = likewise(node, data);
  return [{ kind: 'replace', node: decided(node, written), data: written }];
}

/** The default or argument that says `null` for the property itself, and for nothing else. */
function nullOf(found: Found): Via | undefined {
  const { value, key } = found;
  const isItself = value.kind === 'absent' && value.written && key?.value === value.missing[0] && !value.missing[1];
  const decider = isItself ? deciderOf(found) : undefined;
  return decider?.node.kind === 'null' ? decider : undefined;
}

/**
 * The node to replace where `data` is written at `node`: an `Fn::If` of which the other alternative says the same already
 * asks for nothing any more, and goes as a whole.
 */
function decided(node: Node, data: Data): Node {
  const list = node.parent;
  if (list?.kind !== 'array' || list.items.length !== 3) return node;
  const index = list.items.indexOf(node);
  const other = index > 0 ? list.items[3 - index] : undefined;
  if (!other?.isScalar || other.tag !== undefined || other.value !== data) return node;
  if (list.tag === '!If') return decided(list, data);
  const { entry } = list;
  const call = entry?.name === 'Fn::If' && entry.value === list ? entry.key.parent : undefined;
  return call?.entries.length === 1 ? decided(call, data) : node;
}

/** A CloudFormation resource without a Properties block stands for it: what is set in it needs the block first. */
function propertiesOf(container: Node, resource: Resource): readonly string[] {
  return resource.template.dialect === 'cloudformation' && container === resource.body ? ['Properties'] : [];
}

/** Booleans and numbers stay strings where the template writes them as strings: `'false'` becomes `'true'`. */
function likewise(node: Node, data: Data): Data {
  const scalar = typeof data === 'boolean' || typeof data === 'number';
  return scalar && node.kind === 'string' && /^(true|false|-?\d+)$/i.test(String(node.value)) ? String(data) : data;
}

/** Where the value is that decides: it decides elsewhere, too. */
function hopName({ kind, name, module }: Via): string {
  if (kind === 'global') return `${name} in Globals`;
  if (kind === 'argument') return `argument ${name} of module ${module ?? ''}`;
  if (kind === 'assignment') return `variable ${name}`;
  if (kind === 'output') return `output ${name}`;
  return kind === 'local' ? `local ${name}` : `the default of ${kind} ${name}`;
}

function nest(names: readonly string[], data: Data): Data {
  return names.reduceRight<Data>((inner, name) => ({ [name]: inner }), data);
}

function show(data: Data): string {
  if (typeof data === 'string') return data;
  // `{ none: {} }`, a block with nothing in it, is a choice by its name.
  const [member, ...others] = data && typeof data === 'object' && !Array.isArray(data) ? Object.entries(data) : [];
  if (member && !others.length && JSON.stringify(member[1]) === '{}') return member[0];
  return JSON.stringify(data);
}

/** "Set X to data". */
export function set(data: Data, options: FixOptions = {}): (found: Found) => Fix | undefined {
  return (found) => {
    const edits = setEdits(found, data);
    if (!edits) return undefined;
    const container = containerNode(found);
    const more: Edit[] = Object.entries(options.also ?? {}).flatMap(([name, other]) =>
      container?.kind === 'object'
        ? [
            {
              kind: 'set' as const,
              in: container,
              path: [...propertiesOf(container, found.resource), name],
              data: other,
            },
          ]
        : [],
    );
    const hop = found.value.kind === 'absent' ? nullOf(found) : deciderOf(found);
    const what = hop ? hopName(hop) : propertyName(found);
    const title = options.title ?? `Set ${what} to ${show(data)}`;
    return {
      title: titled(title, options),
      safe: (options.safe ?? true) && !found.via.length,
      edits: [...edits, ...more],
    };
  };
}

/** "Remove X": the whole key; of several alternatives (`Fn::If`) only the one that is in the way, where the language can say so. */
export function remove(options: FixOptions = {}): FixMaker {
  return (found) => {
    const entry = found.key?.entry;
    if (!entry) return undefined;
    const whole = entry.value === found.node || found.via.length > 0;
    if (!whole && found.resource.template.dialect !== 'cloudformation') return undefined;
    const edit: Edit = whole
      ? { kind: 'remove', entry }
      : { kind: 'replace', node: found.node, data: { Ref: 'AWS::NoValue' } };
    return {
      title: titled(options.title ?? `Remove ${propertyName(found)}`, options),
      safe: options.safe ?? true,
      edits: [edit],
    };
  };
}

/**
 * Edits that add items to a list property of a resource, or make the list.
 * @returns undefined where the list is not written in one place
 */
export function appendTo(resource: Resource, property: string, items: readonly Data[]): readonly Edit[] | undefined {
  const { node } = resource.properties;
  if (node.kind !== 'object') return undefined;
  const written = resource.properties.get(property)?.key.entry?.value;
  if (!written) return [{ kind: 'set', in: node, path: [...propertiesOf(node, resource), property], data: items }];
  // `!If [A, [...], [...]]` is a list as well, but not this one.
  if (!takesMore(written) || written.tag !== undefined) return undefined;
  return items.map((data) => ({ kind: 'append', to: written, data }));
}

/**
 * Edits that add an item to the list that a leaf is, or make the list where there is none.
 * @returns undefined where the list is not written at its use
 */
export function appendItem(found: Found, item: Data): readonly Edit[] | undefined {
  const { value, via } = found;
  if (value.kind === 'absent') return setEdits(found, [item]);
  const isWritten = value.kind === 'list' && value.node.kind === 'array' && !via.length;
  return isWritten ? [{ kind: 'append', to: value.node, data: item }] : undefined;
}

// ---- sibling resources

/**
 * Edits that add a resource to a Terraform configuration, beside `anchor` (in its file): in HCL behind the anchor; in JSON
 * among those of its type, or as a type of its own behind the anchor's. `name` gets a number where it is taken.
 * Undefined where nothing can be added there: a plan, a module's resource, an anchor that is many (count, for_each).
 */
export function addTerraformResource(
  anchor: Resource,
  type: string,
  name: string,
  data: Data,
): readonly Edit[] | undefined {
  const { template, key } = anchor;
  if (template.dialect !== 'terraform' || isRepeated(anchor)) return undefined;
  const prefix = `${modulePrefix(anchor)}${type}.`;
  const free = freeName(name, '_', (one) => template.resource(prefix + one) !== undefined);
  if (key.document.language === 'hcl') {
    const block = topEntry(anchor.body);
    return block && [{ kind: 'insertAfter', entry: block, name: 'resource', data: { [type]: { [free]: data } } }];
  }
  const ofAnchor = enclosingEntry(key.parent);
  const all = ofAnchor?.key.parent;
  if (!ofAnchor || all?.kind !== 'object') return undefined;
  const ofType = all.entryOf(type)?.value;
  if (!ofType) return [{ kind: 'insertAfter', entry: ofAnchor, name: type, data: { [free]: data } }];
  if (ofType.kind === 'object') return [{ kind: 'set', in: ofType, path: [free], data }];
  return ofType.kind === 'array' ? [{ kind: 'append', to: ofType, data: { [free]: data } }] : undefined;
}

/** Edits that add a resource to a CloudFormation template behind `anchor`. `logicalId` gets a number where it is taken. */
export function addCloudFormationResource(
  anchor: Resource,
  logicalId: string,
  type: string,
  properties: { readonly [name: string]: Data },
): readonly Edit[] | undefined {
  const { template, key } = anchor;
  if (template.dialect !== 'cloudformation' || !key.entry) return undefined;
  const name = freeName(logicalId, '', (one) => template.resource(one) !== undefined);
  return [{ kind: 'insertAfter', entry: key.entry, name, data: { Type: type, Properties: properties } }];
}

export interface OwnAccount {
  /** Text that gives its number. */
  readonly id: string;
  readonly edits: readonly Edit[];
}

/**
 * The account that a Terraform configuration is applied to, as text in it: by the data source that it has, or by one that the
 * edits add to the anchor's file.
 */
export function terraformAccount(anchor: Resource): OwnAccount | undefined {
  const type = 'aws_caller_identity';
  const { template, key } = anchor;
  const known = template.ofType(`data.${type}`).find((one) => inSameModule(one, anchor));
  if (known) return { id: `\${${localAddress(known)}.account_id}`, edits: [] };
  const [root] = key.document.roots;
  // In HCL every block stands by itself.
  const sources = key.document.language === 'hcl' ? undefined : root?.get('data');
  if (root?.kind !== 'object' || (sources && sources.kind !== 'object')) return undefined;
  const add: Edit = { kind: 'set', in: root, path: ['data', type, 'current'], data: {} };
  return { id: `\${data.${type}.current.account_id}`, edits: [sources ? add : { ...add, first: true }] };
}

/** Terraform text that refers, in its own module, to an attribute of a resource: `${aws_s3_bucket.logs.id}`. */
export function terraformReference(resource: Resource, attribute: string): string {
  return `\${${localAddress(resource)}.${attribute}}`;
}

/** The name a resource is written under: the logical id, Terraform's second label. */
export function nameOf(resource: Resource): string {
  const { value } = resource.key;
  return typeof value === 'string' ? value : resource.key.source;
}

/** Whether it has `count` or `for_each`: then there is no one attribute to refer to. */
export function isRepeated(resource: Resource): boolean {
  return ['count', 'for_each'].some((name) => resource.attributes.get(name) !== undefined);
}

/** The block of HCL's top level that a node lies in. */
function topEntry(node: Node): Node['entry'] {
  let at = node;
  while (at.parent?.parent) at = at.parent;
  return at.parent && at.entry;
}

/** The entry whose value holds a node, lists between them aside. */
export function enclosingEntry(node: Node | undefined): Node['entry'] {
  let at = node;
  while (at && !at.entry && at.parent?.kind === 'array') at = at.parent;
  return at?.entry;
}

/** The name, with a number where it is taken. */
export function freeName(name: string, separator: string, taken: (name: string) => boolean): string {
  let free = name;
  for (let i = 2; taken(free); i++) free = `${name}${separator}${i}`;
  return free;
}
