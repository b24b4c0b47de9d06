/** What a part of a policy means, in words: for hovers. Each subject has a file of its own. */

import type { SyntaxDocument } from '../syntax/document.ts';
import type { Node } from '../syntax/node.ts';
import type { Template } from '../template/template.ts';
import { findAction } from './actions.ts';
import { describeAction, describeActions } from './describe-action.ts';
import { describeConditions, describeKey, describeOperator, describeValue } from './describe-condition.ts';
import { describePrincipal, describePrincipals } from './describe-principal.ts';
import { describeNotResource, describeResource, resourceFit } from './describe-resource.ts';
import type { PolicyPart } from './describe-text.ts';
import type { Item, PolicyDocument, Statement } from './document.ts';
import { policiesOf } from './sites.ts';

function covers(node: Node, document: SyntaxDocument, offset: number): boolean {
  return node.document === document && node.start <= offset && offset <= node.end;
}

/** The action, principal, resource or condition at an offset of a document of the template; undefined where none is. */
export function describePolicyPart(
  template: Template,
  document: SyntaxDocument,
  offset: number,
): PolicyPart | undefined {
  for (const policy of policiesOf(template)) {
    // A module's file may hold text that a resource of another file uses.
    if (policy.resource.document !== document && policy.node.document !== document) continue;
    for (const statement of policy.statements) {
      // A string holds more than its node shows only for flat permissions; everything else nests.
      if (policy.form !== 'flat' && !covers(statement.node, document, offset)) continue;
      const part = partAt(statement, (node) => covers(node, document, offset));
      if (part) return part;
    }
  }
  return undefined;
}

/** The document on whose first key, or on the key of whose property, the offset is. */
export function policyAt(template: Template, document: SyntaxDocument, offset: number): PolicyNamed | undefined {
  for (const policy of policiesOf(template)) {
    const key = keysOf(policy).find((one) => covers(one, document, offset));
    if (key) return { policy, node: key };
    const first = policy.node.entries[0]?.key;
    if (policy.form === 'document' && first && covers(first, document, offset)) return { policy, node: first };
  }
  return undefined;
}

/** The keys that a document hangs on: its property's, or its data source's name and the properties that use it. */
function keysOf(policy: PolicyDocument): Node[] {
  if (policy.form !== 'data') return [policy.key];
  const users = policy.consumers.flatMap(({ resource, site }) => resource.properties.get(site)?.key ?? []);
  return [policy.key, ...users];
}

/** A document, and the key that stands for it. */
export interface PolicyNamed {
  readonly policy: PolicyDocument;
  readonly node: Node;
}

function partAt(statement: Statement, at: (node: Node) => boolean): PolicyPart | undefined {
  const { elements } = statement;
  for (const item of [...statement.actions, ...statement.notActions]) {
    if (at(item.node)) return withFit(describeAction(item, statement), item, statement);
  }
  for (const principal of [...statement.principals, ...statement.notPrincipals]) {
    if (at(principal.node)) return describePrincipal(principal, statement);
  }
  for (const item of [...statement.resources, ...statement.notResources]) {
    if (at(item.node)) return describeResource(item, statement);
  }
  for (const clause of statement.conditions) {
    const value = clause.values.find((item) => at(item.node));
    if (value) return describeValue(value, clause, statement);
    if (at(clause.keyNode)) return describeKey(clause, statement);
    if (at(clause.operatorNode)) return describeOperator(clause, statement);
  }
  if (statement.policy.form === 'flat') return undefined;
  if (elements.Action && at(elements.Action.key)) return describeActions('Action', statement);
  if (elements.NotAction && at(elements.NotAction.key)) return describeActions('NotAction', statement);
  if (elements.Principal && at(elements.Principal.key)) return describePrincipals('Principal', statement);
  if (elements.NotPrincipal && at(elements.NotPrincipal.key)) return describePrincipals('NotPrincipal', statement);
  if (elements.NotResource && at(elements.NotResource.key)) return describeNotResource(statement);
  if (elements.Condition && at(elements.Condition.key)) return describeConditions(statement);
  return undefined;
}

/** Adds whether the resources of the statement are any that the action works on. */
function withFit(part: PolicyPart | undefined, item: Item, statement: Statement): PolicyPart | undefined {
  const action = item.text === undefined ? undefined : findAction(item.text);
  const fit = part && action && statement.actions.includes(item) ? resourceFit(action, statement) : undefined;
  return fit === undefined || !part
    ? part
    : { ...part, lines: [...part.lines.slice(0, 1), fit, ...part.lines.slice(1)] };
}
