/** Reads statements out of Values: JSON documents, Terraform's data blocks, and the properties of permission resources. */

import type { Node } from '../syntax/node.ts';
import type { Template } from '../template/template.ts';
import { asPattern, type Condition, type Leaf, type ObjectValue, type Value, type Via } from '../template/value.ts';
import {
  type ConditionClause,
  type Effect,
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

const ELEMENT_NAMES: readonly ElementName[] = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];
const IS_ELEMENT: ReadonlySet<string> = new Set(ELEMENT_NAMES);

/** Arguments of a `statement` block of data.aws_iam_policy_document. */
const DATA_NAMES: Readonly<Record<string, ElementName>> = Object.assign(Object.create(null), {
  sid: 'Sid',
  effect: 'Effect',
  principals: 'Principal',
  not_principals: 'NotPrincipal',
  actions: 'Action',
  not_actions: 'NotAction',
  resources: 'Resource',
  not_resources: 'NotResource',
  condition: 'Condition',
});

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
  private walk(value: Value, from: Reached, inList: boolean, emit: (reached: Reached) => void, depth = 0): boolean {
    let complete = true;
    for (const reached of this.alternatives(value, from.conditions, from.via)) {
      const leaf = reached.value;
      if (leaf.kind === 'absent') continue;
      if (leaf.kind === 'list') {
        if (depth > MAX_DEPTH) return false;
        for (const item of leaf.items) complete = this.walk(item, reached, true, emit, depth + 1) && complete;
        if (leaf.open !== undefined) complete = false;
        continue;
      }
      if (this.budget-- <= 0) return false;
      // An unknown in place of the whole element may be a list of any length; an item of a list is one text.
      if (!inList && leaf.kind === 'unknown') complete = false;
      emit(reached);
    }
    return complete;
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
    const complete = this.walk(value, from, false, (reached) => items.push(this.item(reached)));
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
          complete = this.walk(property.value, reached, false, typed) && complete;
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
      complete = this.walk(leaf, reached, false, bare) && complete;
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
        if (identifiers) complete = this.walk(identifiers.value, one, false, typed) && complete;
      }
      return complete;
    });
  }

  /** Each block of a repeated Terraform block; returns whether all are known in full. */
  private blocks(value: Value, from: Reached, read: (block: ObjectValue, reached: Reached) => boolean): boolean {
    let complete = true;
    const all = this.walk(value, from, false, (reached) => {
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
        return block.open === undefined;
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
            const { items, complete: all } = this.items(one.value, one);
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
    const name = reader.grammar === 'data' ? DATA_NAMES[element.name] : element.name;
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
      list.statements.push(
        statementOf(reader, object, { ...reached, conditions }, index, elements, unknownElements, effect, block),
      );
    }
  }
}

function statementOf(
  reader: Reader,
  object: ObjectValue,
  from: Reached,
  index: number,
  elements: Readonly<Partial<Record<ElementName, Element>>>,
  unknownElements: readonly Element[],
  effect: Reached | undefined,
  block: Reached | undefined,
): Statement {
  const sid = reader.items(elements.Sid?.value, from).items[0];
  const principals = reader.principals(elements.Principal?.value, from);
  const notPrincipals = reader.principals(elements.NotPrincipal?.value, from);
  const actions = reader.items(elements.Action?.value, from);
  const notActions = reader.items(elements.NotAction?.value, from);
  const resources = reader.items(elements.Resource?.value, from);
  const notResources = reader.items(elements.NotResource?.value, from);
  const clauses = reader.clauses(block?.value, { ...from, via: block?.via ?? from.via });
  // An open block may hold elements that are not seen.
  const openElements = new Set(object.open === undefined ? [] : ELEMENT_NAMES.filter((name) => !elements[name]));
  const parts: readonly (readonly [ElementName, boolean])[] = [
    ['Principal', principals.complete],
    ['NotPrincipal', notPrincipals.complete],
    ['Action', actions.complete],
    ['NotAction', notActions.complete],
    ['Resource', resources.complete],
    ['NotResource', notResources.complete],
    ['Condition', clauses.complete],
  ];
  for (const [name, complete] of parts) if (!complete) openElements.add(name);
  return {
    policy: reader.policy,
    node: object.node,
    index,
    sid,
    effect: effectOf(effect, reader.grammar === 'data' && object.open === undefined),
    effectNode: effect && effect.value.kind !== 'absent' ? effect.value.node : undefined,
    principals: principals.principals,
    notPrincipals: notPrincipals.principals,
    actions: actions.items,
    notActions: notActions.items,
    resources: resources.items,
    notResources: notResources.items,
    conditions: clauses.clauses,
    hasCondition: hasCondition(clauses.clauses, !openElements.has('Condition'), from.conditions),
    templateConditions: from.conditions,
    elements,
    unknownElements,
    openElements,
    complete: openElements.size === 0,
  };
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
