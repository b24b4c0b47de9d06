/** Statements that a permission resource (`AWS::Lambda::Permission`) makes of its properties. */

import type { Node } from '../syntax/node.ts';
import { asPattern, type ObjectValue, type Value } from '../template/value.ts';
import {
  type ConditionClause,
  type ElementName,
  HOLE,
  type Item,
  type PolicyDocument,
  parseOperator,
  type Statement,
} from './document.ts';
import { hasCondition, type Reached, Reader, unknown } from './statements.ts';

/** What a permission resource says in properties of its own. */
export interface FlatStatement {
  readonly principal: Value | undefined;
  readonly action: Value | undefined;
  readonly resource: Value | undefined;
  /** Properties that act as a condition. */
  readonly conditions: readonly {
    readonly operator: string;
    readonly key: string;
    readonly keyNode: Node;
    readonly value: Value;
  }[];
  /** Blocks of the form `{ Type, Key, Value }`. */
  readonly blocks: readonly ObjectValue[];
  /** Why more may be set. */
  readonly open: string | undefined;
}

/**
 * The statement that a permission resource stands for, read as `policy`'s first. Its principal is sorted into AWS,
 * Service or `*` by its form, since no key says so.
 */
export function flatStatement(flat: FlatStatement, policy: PolicyDocument): Statement {
  const reader = new Reader(policy.resource.template, policy, 'json');
  const from: Reached = { value: unknown(policy.node), conditions: policy.conditions, via: policy.via };
  const principals = reader.items(flat.principal, from);
  const actions = reader.items(flat.action, from);
  const resources = reader.items(flat.resource, from);
  const clauses: ConditionClause[] = [];
  let complete = flat.open === undefined;
  const add = (operator: string, operatorNode: Node, key: string, keyNode: Node, value: Value) => {
    for (const one of reader.alternatives(value, from.conditions, from.via)) {
      if (one.value.kind === 'absent') continue;
      const { items } = reader.items(one.value, one);
      clauses.push({
        operator: parseOperator(operator),
        operatorText: operator,
        operatorNode,
        key,
        keyNode,
        values: items,
        valueNode: one.value.node,
        // A property holds one text: an unknown one is still a single value.
        complete: true,
        conditions: one.conditions,
      });
    }
  };
  for (const condition of flat.conditions) {
    add(condition.operator, condition.keyNode, condition.key, condition.keyNode, condition.value);
  }
  for (const block of flat.blocks) {
    const type = memberOf(block, 'type', 'ConditionOperator');
    const key = memberOf(block, 'key', 'ConditionKey');
    const value = memberOf(block, 'value', 'ConditionValues');
    const operator = type && asPattern(type.value, HOLE);
    const keyText = key && asPattern(key.value, HOLE);
    if (type && key && value && operator !== undefined && keyText !== undefined) {
      add(operator, type.value.node, keyText, key.value.node, value.value);
    } else complete = false;
    if (block.open !== undefined) complete = false;
  }
  return {
    policy,
    node: policy.node,
    index: 0,
    sid: undefined,
    effect: 'Allow',
    effectNode: undefined,
    principals: principals.items.map((item) => ({ ...item, type: flatType(item), typeNode: undefined })),
    notPrincipals: [],
    actions: actions.items,
    notActions: [],
    resources: resources.items,
    notResources: [],
    conditions: clauses,
    hasCondition: hasCondition(clauses, complete, policy.conditions),
    templateConditions: policy.conditions,
    elements: {},
    unknownElements: [],
    openElements: new Set<ElementName>(complete ? [] : ['Condition']),
    complete,
  };
}

/** A member by its Terraform name, the same name as CloudFormation spells it, or another one. */
function memberOf(object: ObjectValue, name: string, other: string): { key: Node; value: Value } | undefined {
  return object.get(name) ?? object.get(name.charAt(0).toUpperCase() + name.slice(1)) ?? object.get(other);
}

function flatType(item: Item): string {
  if (item.value.kind === 'unknown') return HOLE;
  const text = item.text ?? HOLE;
  if (text === '*') return '*';
  return /\.amazonaws\.com(\.cn)?$|\.amazon\.com$|\.aws\.internal$/.test(text) ? 'Service' : 'AWS';
}
