/** Principals that add nothing. Source: Access Analyzer policy check reference, the suggestions on principals. */

import { HOLE, isKnown, type PolicyDocument, type Principal, type Statement } from '../../iam/document.ts';
import type { Edit } from '../../syntax/edit.ts';
import type { Node } from '../../syntax/node.ts';
import type { Value } from '../../template/value.ts';

import { type DocumentCheck, fixOf, hasStatements, isJson, leaves, writtenStatements } from './check.ts';

/** The list that holds a node, if it is written out as one. */
function listAround(node: Node): Node | undefined {
  const { parent } = node;
  return parent?.kind === 'array' && parent.tag === undefined ? parent : undefined;
}

/** Takes the statement off the policy; the only one stays, since a policy needs one. */
function removeStatement(statement: Statement): Edit | undefined {
  const list = listAround(statement.node);
  if (!list || list.items.length < 2 || statement.policy.via.length) return undefined;
  return { kind: 'removeItem', node: statement.node };
}

/** Whether a value is a list that certainly has no member. */
function isEmptyList(value: Value): boolean {
  return value.kind === 'list' && value.items.length === 0 && value.open === undefined;
}

const checkEmpty: DocumentCheck = (policy, fault) => {
  // A data source takes both: Terraform leaves the principals out, and the statement is then without any.
  if (!isJson(policy) || policy.kind === 'other') return;
  for (const statement of writtenStatements(policy)) {
    for (const name of ['Principal', 'NotPrincipal'] as const) {
      const element = statement.elements[name];
      for (const leaf of element ? leaves(element.value) : []) {
        if (leaf.kind !== 'object' || leaf.open !== undefined) continue;
        const remove = () =>
          name === 'Principal' && !leaf.via?.length
            ? fixOf('Remove the statement, which is about nobody', removeStatement(statement))
            : undefined;
        if (!leaf.names.length) {
          fault({
            key: 'empty-object-principal',
            node: leaf.node,
            message: `${name} names nobody${name === 'Principal' ? ': the statement has no effect' : ''}`,
            path: name,
            conditions: statement.templateConditions,
            fix: remove,
          });
          continue;
        }
        for (const type of leaf.names) {
          const property = leaf.get(type);
          if (!property || type.startsWith('Fn::') || !isEmptyList(property.value)) continue;
          const only = leaf.names.length === 1;
          const { entry } = property.key;
          fault({
            key: 'empty-array-principal',
            node: property.value.node,
            message: `${name}.${type} is an empty list${only && name === 'Principal' ? ': the statement has no effect' : ''}`,
            path: `${name}.${type}`,
            conditions: statement.templateConditions,
            fix: () =>
              only
                ? remove()
                : entry && entry.key === property.key && !leaf.via?.length
                  ? fixOf(`Remove the empty ${type}`, { kind: 'remove', entry })
                  : undefined,
          });
        }
      }
    }
  }
};

const SESSION = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([\w+=,.@-]+)\/[\w+=,.@-]+$/;
const ROLE = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:[\x21-\x7e]+\/)?([\w+=,.@-]+)$/;

const checkSessions: DocumentCheck = (policy, fault) => {
  if (policy.kind !== 'trust' || !hasStatements(policy)) return;
  for (const statement of writtenStatements(policy)) {
    if (statement.effect !== 'Allow' || statement.principals.length < 2) continue;
    const roles = new Map<string, Principal>();
    for (const principal of statement.principals) {
      const named = isAws(principal) && ROLE.exec(principal.text ?? '');
      if (named) roles.set(named.slice(1).join(' '), principal);
    }
    if (!roles.size) continue;
    for (const principal of statement.principals) {
      const session = isAws(principal) && SESSION.exec(principal.text ?? '');
      const role = session && roles.get(session.slice(1).join(' '));
      if (!role || role.conditions.length > principal.conditions.length) continue;
      fault({
        key: 'redundant-trust-principal',
        node: principal.node,
        message: 'The role of this session is trusted already, and with it all its sessions',
        path: `Principal.${principal.text}`,
        conditions: principal.conditions,
        related: [{ node: role.node, message: 'The role' }],
        fix: () => fixOf('Remove the session', removePrincipal(principal, policy)),
      });
    }
  }
};

function isAws(principal: Principal): boolean {
  return principal.type === 'AWS' && isKnown(principal) && !principal.text?.includes(HOLE);
}

/** Takes a principal off the list that it shares with others. */
function removePrincipal(principal: Principal, policy: PolicyDocument): Edit | undefined {
  const list = listAround(principal.node);
  if (!list || list.items.length < 2 || principal.via.length || policy.via.length) return undefined;
  return { kind: 'removeItem', node: principal.node };
}

/** Checks of the rule `iam-policy-redundant`: `empty-array-principal`, `empty-object-principal`, `redundant-trust-principal`. */
export const PRINCIPAL_REDUNDANCY_CHECKS: readonly DocumentCheck[] = [checkEmpty, checkSessions];
