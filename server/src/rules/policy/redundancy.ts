/**
 * What a policy says twice, or to no effect. Entries and statements that others repeat: redundant-entries.ts; principals:
 * principal-redundancy.ts; conditions: condition-values.ts.
 */

import type { Statement } from '../../iam/document.ts';
import type { Fix } from '../fix.ts';
import { aws } from '../references.ts';
import type { Rule, Variant } from '../rule.ts';
import {
  clausePath,
  clausesOf,
  type DocumentCheck,
  elementLeaves,
  fixOf,
  isJson,
  policyRule,
  remark,
  removeElement,
  writtenStatements,
} from './check.ts';
import { CONDITION_REDUNDANCY_CHECKS, CONDITION_REDUNDANCY_VARIANTS } from './condition-values.ts';
import { PRINCIPAL_REDUNDANCY_CHECKS } from './principals.ts';
import { REPETITION_CHECKS, removal } from './redundant-entries.ts';

/** Whether an element is written as it is, not as a choice or somewhere else. */
function isPlain(statement: Statement, name: keyof Statement['elements']): boolean {
  const value = statement.elements[name]?.value;
  return value !== undefined && value.kind !== 'choice' && !value.via?.length;
}

const checkSids: DocumentCheck = (policy, fault) => {
  // Terraform leaves an empty one out; in a plan it is Terraform that wrote it.
  if (!isJson(policy) || policy.resource.template.dialect === 'terraform-plan') return;
  for (const statement of writtenStatements(policy)) {
    const { Sid } = statement.elements;
    for (const { leaf, conditions } of elementLeaves(statement, Sid)) {
      // What a parameter holds may change.
      if (leaf.kind !== 'known' || leaf.value !== '' || leaf.via?.length) continue;
      fault({
        key: 'sid-empty',
        node: leaf.node,
        message: 'An empty Sid names nothing',
        path: 'Sid',
        conditions,
        fix: () => (isPlain(statement, 'Sid') ? fixOf('Remove Sid', removeElement(Sid)) : undefined),
      });
    }
  }
};

const checkEmptyLists: DocumentCheck = (policy, fault) => {
  // Terraform leaves empty lists out.
  if (!isJson(policy)) return;
  for (const statement of writtenStatements(policy)) {
    for (const name of ['Action', 'NotAction', 'Resource', 'NotResource'] as const) {
      for (const { leaf, conditions } of elementLeaves(statement, statement.elements[name])) {
        if (leaf.kind !== 'list' || leaf.items.length || leaf.open !== undefined) continue;
        const negated = name.startsWith('Not');
        fault({
          key: name.endsWith('Action') ? 'empty-array-action' : 'empty-array-resource',
          node: leaf.node,
          message: negated
            ? `${name} is empty and excepts nothing`
            : `${name} is empty: the statement is about nothing`,
          path: name,
          conditions,
          // What a list of no exceptions does is for the author to say.
          fix: () => (negated || !isPlain(statement, name) ? undefined : removal('Remove the statement', statement)),
        });
      }
    }
  }
};

const checkEmptyConditions: DocumentCheck = (policy, fault) => {
  for (const { clause } of clausesOf(policy)) {
    // No fix: the statement applies always or never, and neither is what the key was written for.
    if (clause.values.length || !clause.complete || clause.valueNode.kind !== 'array') continue;
    fault({
      key: 'empty-array-condition',
      node: clause.valueNode,
      message: `${clause.key} is compared with nothing`,
      path: clausePath(clause),
      conditions: clause.conditions,
    });
  }
  if (!isJson(policy)) return;
  for (const statement of writtenStatements(policy)) {
    const { Condition } = statement.elements;
    const whole = (): Fix | undefined =>
      isPlain(statement, 'Condition') ? fixOf('Remove Condition', removeElement(Condition)) : undefined;
    for (const { leaf, conditions } of elementLeaves(statement, Condition)) {
      if (leaf.kind !== 'object' || leaf.open !== undefined) continue;
      if (!leaf.names.length) {
        const message = 'Condition is empty: it asks for nothing';
        fault({ key: 'empty-object-condition', node: leaf.node, message, path: 'Condition', conditions, fix: whole });
      }
      for (const name of leaf.names) {
        const property = leaf.get(name);
        const block = property?.value;
        if (!property || block?.kind !== 'object' || block.names.length || block.open !== undefined) continue;
        const { entry } = property.key;
        fault({
          key: 'empty-object-condition',
          node: block.node,
          message: `${name} is empty: it asks for nothing`,
          path: `Condition.${name}`,
          conditions,
          fix: () => {
            if (leaf.names.length === 1) return whole();
            const isHere = entry?.key === property.key && !leaf.via?.length;
            return isHere ? fixOf(`Remove ${name}`, { kind: 'remove', entry }) : undefined;
          },
        });
      }
    }
  }
};

const VARIANTS: Readonly<Record<string, Variant>> = {
  'sid-empty': remark('access-analyzer:EMPTY_SID_VALUE'),
  'action-case': remark(),
  'empty-array-action': remark('access-analyzer:EMPTY_ARRAY_ACTION'),
  'empty-array-resource': remark('access-analyzer:EMPTY_ARRAY_RESOURCE'),
  'empty-array-principal': remark('access-analyzer:EMPTY_ARRAY_PRINCIPAL'),
  'empty-array-condition': remark(
    'access-analyzer:EMPTY_ARRAY_CONDITION',
    'access-analyzer:EMPTY_ARRAY_CONDITION_FORALLVALUES',
    'access-analyzer:EMPTY_ARRAY_CONDITION_FORANYVALUE',
    'access-analyzer:EMPTY_ARRAY_CONDITION_IFEXISTS',
  ),
  'empty-object-principal': remark('access-analyzer:EMPTY_OBJECT_PRINCIPAL'),
  'empty-object-condition': remark('access-analyzer:EMPTY_OBJECT_CONDITION'),
  'redundant-action': remark('access-analyzer:REDUNDANT_ACTION'),
  'redundant-resource': remark('access-analyzer:REDUNDANT_RESOURCE'),
  'redundant-statement': remark('access-analyzer:REDUNDANT_STATEMENT'),
  'redundant-trust-principal': remark('access-analyzer:REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY'),
  ...CONDITION_REDUNDANCY_VARIANTS,
};

export const REDUNDANCY_RULES: readonly Rule[] = [
  policyRule({
    id: 'iam-policy-redundant',
    title: 'Policy says something twice or to no effect',
    severity: 'info',
    owner: {
      side: 'customer',
      why: 'AWS evaluates all that is written and points out nothing that could be left out; what the policy says is yours.',
    },
    description:
      'An entry that a wider one beside it covers, an empty list or a comparison whose result is always the same decides nothing, but counts towards the quotas and misleads whoever reads the policy: it looks as if something were allowed or asked for there. Remove what says nothing, or write what was meant.',
    variants: VARIANTS,
    references: [
      aws('IAM policy validation check reference', 'IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html'),
      aws('Grammar of the IAM JSON policy language', 'IAM/latest/UserGuide/reference_policies_grammar.html'),
    ],
    checks: [
      checkSids,
      checkEmptyLists,
      checkEmptyConditions,
      ...REPETITION_CHECKS,
      ...PRINCIPAL_REDUNDANCY_CHECKS,
      ...CONDITION_REDUNDANCY_CHECKS,
    ],
  }),
];
