/** JSON types of the elements of policy documents. Source: IAM user guide, "Grammar of the IAM JSON policy language". */

import { HOLE, type PolicyDocument } from '../../iam/document.ts';
import type { Node } from '../../syntax/node.ts';
import type { Condition, Leaf } from '../../template/value.ts';
import type { Fix } from '../fix.ts';
import {
  type Alternative,
  clausePath,
  clausesOf,
  type DocumentCheck,
  elementLeaves,
  fixOf,
  hasStatements,
  itemsOf,
  leavesUnder,
  writtenStatements,
} from './check.ts';

/** Elements of another JSON type than the grammar asks for. Principals are judged by their form: grammar.ts. */
export const checkTypes: DocumentCheck = (policy, fault) => {
  if (!hasStatements(policy)) return;
  const { template } = policy.resource;
  const wrong = (
    node: Node,
    path: string,
    message: string,
    conditions: readonly Condition[],
    fix?: () => Fix | undefined,
  ) => fault({ key: 'data-type', node, message, path, conditions, fix });
  const text = (name: string, alternatives: readonly Alternative[]) => {
    for (const { leaf, conditions } of alternatives) {
      if (leaf.kind !== 'object' && leaf.kind !== 'list') continue;
      const [only] = leaf.kind === 'list' && leaf.items.length === 1 && leaf.open === undefined ? leaf.items : [];
      wrong(leaf.node, name, `${name} is a text`, conditions, () =>
        only?.kind === 'known' && !leaf.via?.length
          ? fixOf('Write the text without a list', { kind: 'replace', node: leaf.node, data: only.value })
          : undefined,
      );
    }
  };
  for (const leaf of policy.malformed) {
    wrong(leaf.node, 'Statement', 'A statement is an object', conditionsOf(leaf, policy));
  }
  for (const element of [policy.version, policy.id]) {
    if (element) text(element.name, leavesUnder(element.value, policy.conditions, template));
  }
  for (const { item, element } of itemsOf(policy, 'Action', 'NotAction', 'Resource', 'NotResource')) {
    if (item.value.kind === 'object')
      wrong(item.node, element, `${element} is a text or a list of texts`, item.conditions);
  }
  for (const { clause } of clausesOf(policy)) {
    for (const { value, node, conditions } of clause.values) {
      if (value.kind === 'object')
        wrong(node, clausePath(clause), 'A condition compares with a text or a list of texts', conditions);
    }
  }
  for (const statement of writtenStatements(policy)) {
    const { Sid, Effect, Condition } = statement.elements;
    for (const element of [Sid, Effect]) if (element) text(element.name, elementLeaves(statement, element));
    if (policy.form === 'data') continue;
    for (const { leaf, conditions } of elementLeaves(statement, Condition)) {
      if (leaf.kind === 'list' || leaf.kind === 'known')
        wrong(leaf.node, 'Condition', 'Condition is an object of operators', conditions);
      if (leaf.kind !== 'object') continue;
      for (const name of leaf.names) {
        const operator = leaf.get(name);
        for (const block of operator ? leavesUnder(operator.value, conditions, template) : []) {
          if (block.leaf.kind !== 'list' && block.leaf.kind !== 'known') continue;
          const path = `Condition.${name}`.replaceAll(HOLE, '…');
          wrong(block.leaf.node, path, `${name} is an object of condition keys`, block.conditions);
        }
      }
    }
  }
};

/** What must hold for a member of Statement to be there. */
function conditionsOf(member: Leaf, policy: PolicyDocument): readonly Condition[] {
  const { conditions, statement } = policy;
  const { template } = policy.resource;
  for (const list of statement ? leavesUnder(statement.value, conditions, template) : []) {
    if (list.leaf.node === member.node) return list.conditions;
    for (const item of list.leaf.kind === 'list' ? list.leaf.items : []) {
      const found = leavesUnder(item, list.conditions, template).find(({ leaf }) => leaf.node === member.node);
      if (found) return found.conditions;
    }
  }
  return conditions;
}
