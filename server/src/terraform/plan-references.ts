/**
 * What the configuration inside a plan says about a resource's arguments: which are written at all, and which other
 * resources they refer to (developer.hashicorp.com/terraform/internals/json-format, "Configuration Representation").
 */

import type { Node } from '../syntax/node.ts';

/** A resource named by an expression, as an address in the plan. */
export interface PlanReference {
  readonly target: string;
  readonly attribute: string | undefined;
}

/** A module's configuration, and how it was called. */
interface ModuleConfiguration {
  readonly node: Node;
  /** `module.a[0].module.b`; empty for the root. */
  readonly address: string;
  readonly parent: ModuleConfiguration | undefined;
  /** The call's `expressions`: what the module's variables are set to. */
  readonly inputs: Node | undefined;
}

const MAX_HOPS = 10;

export class PlanReferences {
  private readonly root: ModuleConfiguration | undefined;
  /** Addresses in the plan, by address without index. */
  private readonly instances = new Map<string, string[]>();
  private readonly bodies = new WeakMap<Node, ReadonlyMap<string, Node>>();
  private readonly modules = new Map<string, ModuleConfiguration | undefined>();

  constructor(configuration: Node | undefined, addresses: Iterable<string>) {
    const node = configuration?.get('root_module');
    this.root = node && { node, address: '', parent: undefined, inputs: undefined };
    for (const address of addresses) {
      const base = withoutIndex(address);
      const list = this.instances.get(base);
      if (list) list.push(address);
      else this.instances.set(base, [address]);
    }
  }

  /** The `expressions` of a resource's configuration; undefined where the plan does not tell. */
  expressions(moduleAddress: string, resource: string): Node | undefined {
    const module = this.module(moduleAddress);
    const node = module && this.bodyOf(module.node, withoutIndex(resource));
    return node?.get('expressions');
  }

  /**
   * The resources that an expression refers to, with the part of each that it asks for.
   * @param moduleAddress the module the expression stands in
   * @param referrer the address of the resource it belongs to: of several instances that with the same index is meant
   */
  resolve(expression: Node, moduleAddress: string, referrer: string): readonly PlanReference[] {
    const module = this.module(moduleAddress);
    if (!module) return [];
    const found = new Map<string, PlanReference>();
    for (const reference of this.follow(expression, module, 0)) {
      const target = this.instance(reference.target, referrer);
      if (target !== undefined)
        found.set(`${target} ${reference.attribute ?? ''}`, { target, attribute: reference.attribute });
    }
    return [...found.values()];
  }

  private module(address: string): ModuleConfiguration | undefined {
    if (address === '') return this.root;
    if (this.modules.has(address)) return this.modules.get(address);
    this.modules.set(address, undefined);
    const split = lastModule(address);
    const parent = split && this.module(split.parent);
    const call = split && parent?.node.get('module_calls')?.get(split.name);
    const node = call?.get('module');
    const found = node && { node, address, parent, inputs: call?.get('expressions') };
    this.modules.set(address, found);
    return found;
  }

  private bodyOf(module: Node, address: string): Node | undefined {
    let map = this.bodies.get(module);
    if (!map) {
      const items = module.get('resources')?.items ?? [];
      map = new Map(items.map((item) => [String(item.get('address')?.value ?? ''), item]));
      this.bodies.set(module, map);
    }
    return map.get(address);
  }

  /** References of an expression by address in the plan, index as written; through inputs and outputs of modules. */
  private follow(expression: Node, module: ModuleConfiguration, hops: number): PlanReference[] {
    if (hops > MAX_HOPS) return [];
    const found: PlanReference[] = [];
    let longer = '';
    for (const item of expression.get('references')?.items.slice(0, 200) ?? []) {
      if (typeof item.value !== 'string') continue;
      const text = item.value;
      // Terraform lists `a.b.id` and then what it begins with, `a.b`.
      if (longer.startsWith(`${text}.`) || longer.startsWith(`${text}[`)) continue;
      longer = text;
      found.push(...this.followOne(text, module, hops));
    }
    return found;
  }

  private followOne(text: string, module: ModuleConfiguration, hops: number): PlanReference[] {
    const parts = segments(text);
    const [first, second, third] = parts.map((part) => part.name);
    if (first === 'var' && second !== undefined) {
      const input = module.inputs?.get(second);
      return input && module.parent ? this.follow(input, module.parent, hops + 1) : [];
    }
    if (first === 'module' && second !== undefined) {
      if (third === undefined) return [];
      const index = parts[1]?.index ?? '';
      const prefix = `${join(module.address, `module.${second}`)}${index}`;
      const child = this.module(prefix);
      const output = child?.node.get('outputs')?.get(third)?.get('expression');
      return child && output ? this.follow(output, child, hops + 1) : [];
    }
    if (first === undefined || second === undefined || ROOTS.has(first)) return [];
    const isData = first === 'data';
    if (isData && third === undefined) return [];
    const own = isData ? 3 : 2;
    const name = parts
      .slice(0, own)
      .map((part) => part.name)
      .join('.');
    const attribute = parts[own]?.name;
    return [{ target: join(module.address, name) + (parts[own - 1]?.index ?? ''), attribute }];
  }

  /** The planned instance that an address means. */
  private instance(address: string, referrer: string): string | undefined {
    const base = withoutIndex(address);
    const all = this.instances.get(base);
    // Not planned (already there, or a module with count named without index): still a resource of that name.
    if (!all) return address;
    if (all.includes(address)) return address;
    if (all.length === 1) return all[0];
    const same = base + indexOf(referrer);
    return all.includes(same) ? same : undefined;
  }
}

const ROOTS: ReadonlySet<string> = new Set(['var', 'local', 'each', 'count', 'path', 'self', 'terraform', 'module']);

function join(module: string, name: string): string {
  return module ? `${module}.${name}` : name;
}

/** The last index of an address: `[0]`, `["a"]`, or nothing. */
export function indexOf(address: string): string {
  if (!address.endsWith(']')) return '';
  const parts = segments(address);
  return parts[parts.length - 1]?.index ?? '';
}

function withoutIndex(address: string): string {
  const index = indexOf(address);
  return index ? address.slice(0, -index.length) : address;
}

/** `module.a.module.b[0]` as `module.a` and `b`. */
function lastModule(address: string): { parent: string; name: string } | undefined {
  const parts = segments(address);
  const name = parts[parts.length - 1]?.name;
  if (parts.length < 2 || name === undefined) return undefined;
  const parent = parts.slice(0, -2).map((part) => part.name + part.index);
  return { parent: parent.join('.'), name };
}

/** The names of an address, each with the indexes behind it. Dots and brackets in quoted keys separate nothing. */
function segments(address: string): { name: string; index: string }[] {
  const parts: { name: string; index: string }[] = [];
  let name = '';
  let index = '';
  let at = 0;
  const push = () => {
    parts.push({ name, index });
    name = '';
    index = '';
  };
  while (at < address.length) {
    const c = address[at] as string;
    if (c === '.') {
      push();
      at++;
    } else if (c === '[') {
      const end = bracketEnd(address, at);
      index += address.slice(at, end);
      at = end;
    } else {
      name += c;
      at++;
    }
  }
  push();
  return parts;
}

function bracketEnd(address: string, from: number): number {
  let quoted = false;
  for (let at = from + 1; at < address.length; at++) {
    const c = address[at];
    if (quoted && c === '\\') at++;
    else if (c === '"') quoted = !quoted;
    else if (c === ']' && !quoted) return at + 1;
  }
  return address.length;
}
