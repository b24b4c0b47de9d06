/** Reads statements out of Values: JSON documents, Terraform's data blocks, and the properties of permission resources. */

import type { Node } from '../syntax/node.ts';
import type { Template } from '../template/template.ts';
import { asPattern, type Condition, type Leaf, type ObjectValue, type Value, type Via } from '../template/value.ts';
import {
  type ConditionClause,
  DATA_ELEMENTS,
  type Effect,
  ELEMENT_NAMES,
  type Element,
  type ElementName,
  HOLE,
  type Item,
  type PolicyDocument,
  type Principal,
  parseOperator,
  type Statement,
} from './document.ts';

/** Larger than any policy that AWS accepts; bounds what a hostile template can cost. */
const MAX_ITEMS = 5000;
const MAX_STATEMENTS = 2000;
const MAX_DEPTH = 40;
/** Alternatives of Effect and Condition of one statement that are told apart. */
const MAX_VARIANTS = 16;

const IS_ELEMENT: ReadonlySet<string> = new Set(ELEMENT_NAMES);

/** A leaf with what was taken on the way to it. */
export interface Reached {
  readonly value: Leaf;
  readonly conditions: readonly Condition[];
  readonly via: readonly Via[];
}

/** Whether statements are read from JSON elements or from Terraform blocks. */
export type Grammar = 'json' | 'data';

/** What a Statement element holds. */
export interface StatementList {
  readonly statements: Statement[];
  readonly malformed: Leaf[];
  open: string | undefined;
}

/** Reads the elements of a statement, in the grammar of JSON or of Terraform's blocks. */
export class Reader {
  private budget = MAX_ITEMS;

  constructor(
    readonly template: Template,
    readonly policy: PolicyDocument,
    readonly grammar: Grammar,
  ) {}

  /** Leaves behind choices; contradicting alternatives and values that are not set are left out. */
  alternatives(value: Value, conditions: readonly Condition[], via: readonly Via[], depth = 0): Reached[] {
    if (depth > MAX_DEPTH) return [];
    if (value.kind === 'choice') {
      return value.alternatives.flatMap((alternative) => {
        const assumed = this.template.assume(conditions, alternative.condition);
        return assumed ? this.alternatives(alternative.value, assumed, hops(via, value), depth + 1) : [];
      });
    }
    return [{ value, conditions, via: hops(via, value) }];
  }

  /** Walks a scalar or list to its items. Returns whether these are all there are. */
  private walk(
    value: Value,
    conditions: readonly Condition[],
    via: readonly Via[],
    inList: boolean,
    emit: (reached: Reached) => void,
    depth = 0,
  ): boolean {
    if (depth > MAX_DEPTH) return false;
    let complete = true;
    switch (value.kind) {
      case 'absent':
        return true;
      case 'choice':
        for (const alternative of value.alternatives) {
          const assumed = this.template.assume(conditions, alternative.condition);
          if (assumed) {
            complete = this.walk(alternative.value, assumed, hops(via, value), inList, emit, depth + 1) && complete;
          }
        }
        return complete;
      case 'list': {
        const inner = hops(via, value);
        for (const item of value.items) {
          complete = this.walk(item, conditions, inner, true, emit, depth + 1) && complete;
        }
        return complete && value.open === undefined;
      }
      default:
        if (this.budget-- <= 0) {
          this.policy.leftOut ??= `Not judged in full: more than ${MAX_ITEMS} actions, resources and the like in one policy`;
          return false;
        }
        emit({ value, conditions, via: hops(via, value) });
        // An unknown in place of the whole element may be a list of any length; an item of a list is one text.
        return inList || value.kind !== 'unknown';
    }
  }

  item(reached: Reached): Item {
    const { value, conditions, via } = reached;
    let text = asPattern(value, HOLE);
    // Terraform's escape for policy variables in data sources.
    if (this.grammar === 'data' && text?.includes('&{')) text = text.replaceAll('&{', '${');
    return { value, text, node: value.node, conditions, via };
  }

  items(value: Value | undefined, from: Reached): { items: Item[]; complete: boolean } {
    const items: Item[] = [];
    if (!value) return { items, complete: true };
    const complete = this.walk(value, from.conditions, from.via, false, (reached) => items.push(this.item(reached)));
    return { items, complete };
  }

  principals(value: Value | undefined, from: Reached): { principals: Principal[]; complete: boolean } {
    const principals: Principal[] = [];
    if (!value) return { principals, complete: true };
    const complete =
      this.grammar === 'data'
        ? this.dataPrincipals(value, from, principals)
        : this.jsonPrincipals(value, from, principals);
    return { principals, complete };
  }

  private jsonPrincipals(value: Value, from: Reached, into: Principal[]): boolean {
    let complete = true;
    for (const reached of this.alternatives(value, from.conditions, from.via)) {
      const leaf = reached.value;
      if (leaf.kind === 'absent') continue;
      if (leaf.kind === 'object') {
        for (const name of leaf.names) {
          const property = leaf.get(name);
          if (!property) continue;
          const typed = (one: Reached) => into.push({ ...this.item(one), type: name, typeNode: property.key });
          complete = this.walk(property.value, reached.conditions, reached.via, false, typed) && complete;
        }
        if (leaf.open !== undefined) complete = false;
        continue;
      }
      const bare = (one: Reached) => {
        const item = this.item(one);
        const unknown = one.value.kind === 'unknown' || one.value.kind === 'reference';
        const type = unknown ? HOLE : item.text === '*' && leaf.kind !== 'list' ? '*' : '';
        into.push({ ...item, type, typeNode: undefined });
      };
      // The leaf's own hops are added on the way.
      complete = this.walk(leaf, reached.conditions, from.via, false, bare) && complete;
    }
    return complete;
  }

  private dataPrincipals(value: Value, from: Reached, into: Principal[]): boolean {
    return this.blocks(value, from, (block, reached) => {
      const type = block.get('type');
      const identifiers = block.get('identifiers');
      let complete = block.open === undefined;
      const types = type ? this.alternatives(type.value, reached.conditions, reached.via) : [];
      for (const one of types.length ? types : [{ ...reached, value: unknown(block.node) }]) {
        const name = one.value.kind === 'known' ? String(one.value.value) : HOLE;
        const typed = (item: Reached) => into.push({ ...this.item(item), type: name, typeNode: type?.value.node });
        if (identifiers) complete = this.walk(identifiers.value, one.conditions, one.via, false, typed) && complete;
      }
      return complete;
    });
  }

  /** Each block of a repeated Terraform block; returns whether all are known in full. */
  private blocks(value: Value, from: Reached, read: (block: ObjectValue, reached: Reached) => boolean): boolean {
    let complete = true;
    const all = this.walk(value, from.conditions, from.via, false, (reached) => {
      complete = reached.value.kind === 'object' && read(reached.value, reached) && complete;
    });
    return all && complete;
  }

  clauses(value: Leaf | undefined, from: Reached): { clauses: ConditionClause[]; complete: boolean } {
    const clauses: ConditionClause[] = [];
    if (!value || value.kind === 'absent') return { clauses, complete: true };
    if (this.grammar === 'data') {
      const complete = this.blocks(value, from, (block, reached) => {
        const test = block.get('test');
        const variable = block.get('variable');
        const values = block.get('values');
        if (!test || !variable || !values) return false;
        const operator = asPattern(test.value, HOLE) ?? HOLE;
        const key = asPattern(variable.value, HOLE) ?? HOLE;
        const { items, complete } = this.items(values.value, reached);
        clauses.push({
          operator: parseOperator(operator),
          operatorText: operator,
          operatorNode: test.value.node,
          key,
          keyNode: variable.value.node,
          values: items,
          valueNode: values.value.node,
          complete,
          conditions: reached.conditions,
        });
        // Which key a clause is about decides what it narrows.
        return block.open === undefined && operator !== HOLE && key !== HOLE;
      });
      return { clauses, complete };
    }
    if (value.kind !== 'object') return { clauses, complete: false };
    let complete = value.open === undefined;
    for (const name of value.names) {
      const property = value.get(name);
      if (!property) continue;
      const operator = parseOperator(name);
      for (const block of this.alternatives(property.value, from.conditions, from.via)) {
        if (block.value.kind === 'absent') continue;
        if (block.value.kind !== 'object') {
          complete = false;
          continue;
        }
        if (block.value.open !== undefined) complete = false;
        for (const key of block.value.names) {
          const member = block.value.get(key);
          if (!member) continue;
          // A choice of values is one clause an alternative: either may be what does not narrow.
          for (const one of this.alternatives(member.value, block.conditions, block.via)) {
            if (one.value.kind === 'absent') continue;
            const { items, complete: all } = this.items(one.value, { ...one, via: block.via });
            clauses.push({
              operator,
              operatorText: name,
              operatorNode: property.key,
              key,
              keyNode: member.key,
              values: items,
              valueNode: one.value.node,
              complete: all,
              conditions: one.conditions,
            });
          }
        }
      }
    }
    return { clauses, complete };
  }
}

function hops(via: readonly Via[], value: Value): readonly Via[] {
  return value.via?.length ? [...via, ...value.via] : via;
}

/** What stands for an element that is not there. */
export function unknown(node: Node): Leaf {
  return { kind: 'unknown', why: 'is not set', node };
}

/** Members of an object; those written as nothing are left out. */
export function elementsOf(object: ObjectValue): Element[] {
  const elements: Element[] = [];
  for (const name of object.names) {
    const property = object.get(name);
    if (!property || property.value.kind === 'absent') continue;
    elements.push({ name: property.name, key: property.key, value: property.value });
  }
  return elements;
}

/**
 * Reads what stands as Statement (or as the `statement` blocks of a data source) into statements of `policy`, whose
 * `conditions` and `via` they start from. Never throws.
 */
export function readStatements(
  value: Value,
  policy: PolicyDocument,
  grammar: Grammar,
  conditions: readonly Condition[] = policy.conditions,
  via: readonly Via[] = policy.via,
): StatementList {
  const reader = new Reader(policy.resource.template, policy, grammar);
  const list: StatementList = { statements: [], malformed: [], open: undefined };
  let index = 0;
  const read = (reached: Reached, depth: number): void => {
    const { value: leaf } = reached;
    if (list.statements.length >= MAX_STATEMENTS) {
      list.open ??= 'too many statements';
      policy.leftOut ??= `Not judged in full: more than ${MAX_STATEMENTS} statements in one policy`;
      return;
    }
    switch (leaf.kind) {
      case 'absent':
        return;
      case 'object':
        readStatement(reader, leaf, reached, index++, list);
        return;
      case 'list':
        if (depth > 0 && grammar === 'json') {
          list.malformed.push(leaf);
          return;
        }
        for (const item of leaf.items) {
          for (const one of reader.alternatives(item, reached.conditions, reached.via)) read(one, depth + 1);
        }
        if (leaf.open !== undefined) list.open ??= leaf.open;
        return;
      case 'unknown':
        list.open ??= leaf.why;
        return;
      case 'reference':
        list.open ??= `refers to ${leaf.target}`;
        return;
      case 'text':
        list.open ??= 'is not known in full';
        return;
      case 'known':
        list.malformed.push(leaf);
    }
  };
  for (const reached of reader.alternatives(value, conditions, via)) read(reached, 0);
  return list;
}

function readStatement(
  reader: Reader,
  object: ObjectValue,
  reached: Reached,
  index: number,
  list: StatementList,
): void {
  const elements: Partial<Record<ElementName, Element>> = {};
  const unknownElements: Element[] = [];
  for (const element of elementsOf(object)) {
    const name = reader.grammar === 'data' ? DATA_ELEMENTS[element.name] : element.name;
    if (name !== undefined && IS_ELEMENT.has(name)) elements[name as ElementName] = element;
    else unknownElements.push(element);
  }
  const effects: readonly (Reached | undefined)[] = elements.Effect
    ? reader.alternatives(elements.Effect.value, reached.conditions, reached.via)
    : [undefined];
  let variants = 0;
  for (const effect of effects) {
    // Terraform blocks repeat: a choice of a whole list of them is walked block by block instead.
    const written = elements.Condition;
    const blocks: readonly (Reached | undefined)[] = written
      ? reader.alternatives(written.value, effect?.conditions ?? reached.conditions, reached.via)
      : [undefined];
    for (const block of blocks) {
      if (++variants > MAX_VARIANTS) {
        list.open ??= 'too many alternatives';
        return;
      }
      const conditions = block?.conditions ?? effect?.conditions ?? reached.conditions;
      const from = { ...reached, conditions };
      list.statements.push(new ReadStatement(reader, object, from, index, elements, unknownElements, effect, block));
    }
  }
}

/** Reads each element when it is asked for: rules look at some statements' effect only. */
class ReadStatement implements Statement {
  readonly policy: PolicyDocument;
  readonly node: Node;
  readonly effect: Effect | undefined;
  readonly effectNode: Node | undefined;
  readonly templateConditions: readonly Condition[];
  #items = new Map<ElementName, { readonly items: readonly Item[]; readonly complete: boolean }>();
  #principals = new Map<ElementName, { readonly principals: readonly Principal[]; readonly complete: boolean }>();
  #clauses: { readonly clauses: readonly ConditionClause[]; readonly complete: boolean } | undefined;
  #open: ReadonlySet<ElementName> | undefined;

  constructor(
    private readonly reader: Reader,
    private readonly object: ObjectValue,
    private readonly from: Reached,
    readonly index: number,
    readonly elements: Readonly<Partial<Record<ElementName, Element>>>,
    readonly unknownElements: readonly Element[],
    effect: Reached | undefined,
    private readonly block: Reached | undefined,
  ) {
    this.policy = reader.policy;
    this.node = object.node;
    this.effect = effectOf(effect, reader.grammar === 'data' && object.open === undefined);
    this.effectNode = effect && effect.value.kind !== 'absent' ? effect.value.node : undefined;
    this.templateConditions = from.conditions;
  }

  private read(name: ElementName): { readonly items: readonly Item[]; readonly complete: boolean } {
    let read = this.#items.get(name);
    if (!read) {
      read = this.reader.items(this.elements[name]?.value, this.from);
      this.#items.set(name, read);
    }
    return read;
  }

  private readPrincipals(name: ElementName): { readonly principals: readonly Principal[]; readonly complete: boolean } {
    let read = this.#principals.get(name);
    if (!read) {
      read = this.reader.principals(this.elements[name]?.value, this.from);
      this.#principals.set(name, read);
    }
    return read;
  }

  private readClauses(): { readonly clauses: readonly ConditionClause[]; readonly complete: boolean } {
    this.#clauses ??= this.reader.clauses(this.block?.value, { ...this.from, via: this.block?.via ?? this.from.via });
    return this.#clauses;
  }

  get sid(): Item | undefined {
    return this.read('Sid').items[0];
  }

  get principals(): readonly Principal[] {
    return this.readPrincipals('Principal').principals;
  }

  get notPrincipals(): readonly Principal[] {
    return this.readPrincipals('NotPrincipal').principals;
  }

  get actions(): readonly Item[] {
    return this.read('Action').items;
  }

  get notActions(): readonly Item[] {
    return this.read('NotAction').items;
  }

  get resources(): readonly Item[] {
    return this.read('Resource').items;
  }

  get notResources(): readonly Item[] {
    return this.read('NotResource').items;
  }

  get conditions(): readonly ConditionClause[] {
    return this.readClauses().clauses;
  }

  get hasCondition(): boolean | 'unknown' {
    return hasCondition(this.conditions, !this.openElements.has('Condition'), this.templateConditions);
  }

  get openElements(): ReadonlySet<ElementName> {
    this.#open ??= this.findOpen();
    return this.#open;
  }

  get complete(): boolean {
    return this.openElements.size === 0;
  }

  private findOpen(): ReadonlySet<ElementName> {
    const open = new Set<ElementName>();
    for (const name of ELEMENT_NAMES) {
      if (!this.elements[name]) {
        // An open block may hold elements that are not seen.
        if (this.object.open !== undefined) open.add(name);
      } else if (name === 'Principal' || name === 'NotPrincipal') {
        if (!this.readPrincipals(name).complete) open.add(name);
      } else if (name === 'Condition') {
        if (!this.readClauses().complete) open.add(name);
      } else if (name !== 'Sid' && name !== 'Effect' && !this.read(name).complete) open.add(name);
    }
    return open;
  }
}

/** Whether clauses narrow a statement that holds under the given conditions. */
export function hasCondition(
  clauses: readonly ConditionClause[],
  complete: boolean,
  conditions: readonly Condition[],
): boolean | 'unknown' {
  if (clauses.some((clause) => clause.conditions.length <= conditions.length)) return true;
  return clauses.length || !complete ? 'unknown' : false;
}

function effectOf(reached: Reached | undefined, defaultsToAllow: boolean): Effect | undefined {
  if (!reached || reached.value.kind === 'absent') return defaultsToAllow ? 'Allow' : undefined;
  const { value } = reached;
  return value.kind === 'known' && (value.value === 'Allow' || value.value === 'Deny') ? value.value : undefined;
}
