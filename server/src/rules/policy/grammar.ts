/**
 * The structure of policy documents: what AWS refuses, or reads otherwise than it looks.
 * Source: IAM user guide, "Grammar of the IAM JSON policy language" and the pages on each element.
 */

import {
  ELEMENT_NAMES,
  type Element,
  HOLE,
  type Item,
  isKnown,
  type PolicyDocument,
  type PolicyKind,
  type Statement,
} from '../../iam/document.ts';
import type { Data } from '../../syntax/edit.ts';
import { Node } from '../../syntax/node.ts';
import type { Condition, Leaf } from '../../template/value.ts';
import type { Fix } from '../fix.ts';
import { AWS_PRINCIPAL_CHECK, isServicePrincipal } from './aws-principals.ts';
import {
  type DocumentCheck,
  elementLeaves,
  fixOf,
  hasStatements,
  isJson,
  keyOf,
  leavesUnder,
  nearestName,
  type PolicyFault,
  replaceLeaf,
  writtenConditions,
  writtenStatements,
} from './check.ts';
import { checkTypes } from './types.ts';

const CURRENT = '2012-10-17';
const OLD = '2008-10-17';
const DOCUMENT_ELEMENTS = ['Version', 'Id', 'Statement'];
const PRINCIPAL_KEYS = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

const WITHOUT_PRINCIPAL: ReadonlySet<PolicyKind> = new Set<PolicyKind>(['identity', 'session', 'boundary']);
const WITH_PRINCIPAL: ReadonlySet<PolicyKind> = new Set<PolicyKind>(['resource', 'trust']);
const WITH_RESOURCE: ReadonlySet<PolicyKind> = new Set<PolicyKind>([
  'identity',
  'session',
  'boundary',
  'scp',
  'rcp',
  'vpc-endpoint',
]);
/** Services whose resource policies name the resource in every statement; others may leave it out. */
const RESOURCE_NAMED: ReadonlySet<string> = new Set(['s3', 'kms', 'sns']);

/** A place of its own in the text: where embedded JSON breaks off. */
function placeAt(host: Node, start: number, end: number): Node {
  // In the offsets of the block that it lies in, so that it moves with it.
  let outer = host;
  while (outer.origin.host) outer = outer.origin.host;
  const shift = outer.start - outer.from;
  return new Node('missing', 'plain', outer.origin, start - shift, end - shift);
}

const checkSyntax: DocumentCheck = (policy, fault) => {
  if (!policy.host) return;
  for (const problem of policy.problems.slice(0, 10)) {
    fault({
      key: 'json-syntax',
      // At least one character wide, to be seen.
      node: placeAt(policy.host, problem.start, Math.max(problem.end, Math.min(problem.start + 1, policy.host.end))),
      message: `The policy is not valid JSON: ${problem.message}`,
      path: 'json',
    });
  }
};

const checkVersion: DocumentCheck = (policy, fault) => {
  if (policy.form !== 'document' || policy.problems.length || policy.node.kind !== 'object') return;
  const { version } = policy;
  const variables = usesVariables(policy);
  if (!version) {
    // A document without Statement lacks more than that, and is told so.
    if (!policy.statement && !policy.elements.some(({ name }) => nearestName(name, DOCUMENT_ELEMENTS) === 'Statement'))
      return;
    const misspelt = policy.elements.some((element) => nearestName(element.name, ['Version']) === 'Version');
    if (misspelt) return;
    fault({
      key: variables ? 'var-version' : 'missing-version',
      node: policy.key,
      message: variables
        ? 'Without Version the language of 2008 applies, in which the policy variables here are plain text'
        : 'Without Version the language of 2008 applies',
      path: 'Version',
      fix: () =>
        fixOf(
          `Add Version ${CURRENT}`,
          { kind: 'set', in: policy.node, path: ['Version'], data: CURRENT, first: true },
          !variables,
        ),
    });
    return;
  }
  for (const { leaf, conditions } of leavesUnder(version.value, policy.conditions, policy.resource.template)) {
    if (leaf.kind !== 'known') continue;
    const text = String(leaf.value);
    if (text === CURRENT) continue;
    const old = text === OLD;
    fault({
      key: !old ? 'invalid-version' : variables ? 'var-version' : 'old-version',
      node: leaf.node,
      message: old
        ? `${OLD} is the old language${variables ? ', in which the policy variables here are plain text' : ''}`
        : `${JSON.stringify(text)} is no version of the policy language`,
      path: 'Version',
      conditions,
      fix: () => fixOf(`Set Version to ${CURRENT}`, replaceLeaf(leaf, CURRENT), !variables),
    });
  }
};

/** Whether a policy variable (`${aws:username}`) stands in it: the version changes what it means. */
function usesVariables(policy: PolicyDocument): boolean {
  const has = (items: readonly Item[]) =>
    items.some((item) => item.text !== undefined && /\$\{[\w-]+:[^{}]*\}/.test(item.text));
  return policy.statements.some(
    (statement) =>
      has(statement.resources) ||
      has(statement.notResources) ||
      statement.conditions.some((clause) => has(clause.values)),
  );
}

const checkElements: DocumentCheck = (policy, fault) => {
  if (!isJson(policy)) return;
  const unknown = (
    element: Element,
    known: readonly string[],
    present: readonly string[],
    where: string,
    conditions: readonly Condition[],
  ) => {
    if (/^(Fn::|Ref$|\/\/|Condition$)/.test(element.name) && where === 'document') return;
    if (/^(Fn::|Ref$|\/\/)/.test(element.name)) return;
    const near = nearestName(
      element.name,
      known.filter((name) => !present.includes(name)),
    );
    fault({
      key: 'unknown-element',
      node: element.key,
      message: `${element.name} is no element of a ${where}${near ? `: ${near} is meant?` : ''}`,
      path: element.name,
      conditions,
      fix: () => {
        const { entry } = element.key;
        return near && entry?.key === element.key
          ? fixOf(`Rename to ${near}`, { kind: 'rename', entry, name: near })
          : undefined;
      },
    });
  };
  const names = policy.elements.map((element) => element.name);
  for (const element of policy.elements) {
    if (DOCUMENT_ELEMENTS.includes(element.name)) continue;
    unknown(element, DOCUMENT_ELEMENTS, names, 'document', policy.conditions);
  }
  for (const statement of writtenStatements(policy)) {
    for (const element of statement.unknownElements)
      unknown(element, ELEMENT_NAMES, Object.keys(statement.elements), 'statement', writtenConditions(statement));
  }
};

/** Whether an element is there under a name that is nearly its own: then that is the fault. */
function isMisspelt(statement: Statement, ...names: readonly string[]): boolean {
  return statement.unknownElements.some((element) => {
    const near = nearestName(element.name, ELEMENT_NAMES);
    return near !== undefined && names.includes(near);
  });
}

const checkRequired: DocumentCheck = (policy, fault) => {
  if (policy.form === 'flat' || policy.kind === 'other' || policy.problems.length) return;
  if (policy.form === 'document' && !policy.statement && policy.open === undefined && policy.node.kind === 'object') {
    if (!policy.elements.some((element) => nearestName(element.name, DOCUMENT_ELEMENTS) === 'Statement')) {
      fault({
        key: 'missing-statement',
        node: policy.key,
        message: 'The document has no Statement',
        path: 'Statement',
      });
    }
  }
  for (const statement of policy.statements) {
    const lacks = (...names: readonly (keyof Statement['elements'])[]) =>
      names.every((name) => !statement.elements[name] && !statement.openElements.has(name)) &&
      !isMisspelt(statement, ...names);
    const missing = (key: string, element: string, message: string) =>
      fault({ key, node: keyOf(statement), message, path: element, conditions: statement.templateConditions });
    if (isJson(policy)) {
      if (!statement.effectNode && !statement.openElements.has('Effect') && !isMisspelt(statement, 'Effect')) {
        missing('missing-effect', 'Effect', 'The statement has no Effect: AWS refuses the policy');
      }
      if (lacks('Action', 'NotAction'))
        missing('missing-action', 'Action', 'The statement has neither Action nor NotAction');
      const named = policy.kind === 'resource' && RESOURCE_NAMED.has(policy.service ?? '');
      if ((named || WITH_RESOURCE.has(policy.kind)) && lacks('Resource', 'NotResource')) {
        missing('missing-resource', 'Resource', 'The statement has neither Resource nor NotResource');
      }
    }
    if (WITH_PRINCIPAL.has(policy.kind) && lacks('Principal', 'NotPrincipal')) {
      missing('missing-principal', 'Principal', `The statement has no Principal, which a ${policy.kind} policy needs`);
    }
  }
};

const checkEffect: DocumentCheck = (policy, fault) => {
  if (policy.form === 'flat' || policy.kind === 'other') return;
  for (const statement of writtenStatements(policy)) {
    for (const { leaf, conditions } of elementLeaves(statement, statement.elements.Effect)) {
      if (leaf.kind !== 'known' || leaf.value === 'Allow' || leaf.value === 'Deny') continue;
      const near = nearestName(String(leaf.value), ['Allow', 'Deny']);
      fault({
        key: 'invalid-effect',
        node: leaf.node,
        message: `Effect is Allow or Deny, not ${JSON.stringify(leaf.value)}`,
        path: 'Effect',
        conditions,
        fix: () => (near ? fixOf(`Set Effect to ${near}`, replaceLeaf(leaf, near), false) : undefined),
      });
    }
  }
};

const checkCombinations: DocumentCheck = (policy, fault) => {
  if (policy.form === 'flat' || policy.kind === 'other') return;
  for (const statement of writtenStatements(policy)) {
    const { elements } = statement;
    for (const name of ['Action', 'Resource', 'Principal'] as const) {
      const plain = elements[name];
      const negated = elements[`Not${name}`];
      const conditions = plain && negated && togetherUnder(statement, plain, negated);
      if (!conditions) continue;
      fault({
        key: 'element-combination',
        node: negated.key,
        message: `${name} and Not${name} exclude each other`,
        related: [{ node: plain.key, message: `${name} of the same statement` }],
        path: `Not${name}`,
        conditions,
      });
    }
    const principal = elements.Principal ?? elements.NotPrincipal;
    if (!principal || !(WITHOUT_PRINCIPAL.has(policy.kind) || policy.kind === 'scp')) continue;
    const present = elementLeaves(statement, principal).find(({ leaf }) => leaf.kind !== 'absent');
    if (!present) continue;
    const { entry } = principal.key;
    fault({
      key: policy.kind === 'scp' ? 'scp-principal' : 'unsupported-principal',
      node: principal.key,
      message:
        policy.kind === 'scp'
          ? 'A service control policy has no Principal'
          : `An ${policy.kind === 'identity' ? 'identity' : policy.kind} policy has no Principal: it applies to whom it is attached to`,
      path: principal.name,
      conditions: present.conditions,
      fix: () =>
        entry?.key === principal.key ? fixOf(`Remove ${principal.name}`, { kind: 'remove', entry }, false) : undefined,
    });
  }
};

/** What must hold for two elements to be there at once; undefined where they exclude each other. */
function togetherUnder(statement: Statement, one: Element, other: Element): readonly Condition[] | undefined {
  const { template } = statement.policy.resource;
  for (const first of elementLeaves(statement, one)) {
    if (first.leaf.kind === 'absent') continue;
    const both = leavesUnder(other.value, first.conditions, template).find(({ leaf }) => leaf.kind !== 'absent');
    if (both) return both.conditions;
  }
  return undefined;
}

/** Sids of these kinds are letters and digits only; other services take more. */
const PLAIN_SID: ReadonlySet<PolicyKind> = new Set<PolicyKind>(['identity', 'trust', 'session', 'boundary']);

const checkSids: DocumentCheck = (policy, fault) => {
  if (policy.form === 'flat' || policy.kind === 'other') return;
  const first = new Map<string, Statement>();
  const taken = new Set(policy.statements.flatMap((statement) => statement.sid?.text ?? []));
  const { template } = policy.resource;
  for (const statement of writtenStatements(policy)) {
    const { sid } = statement;
    if (!sid || !isKnown(sid) || !sid.text) continue;
    const { text } = sid;
    if (PLAIN_SID.has(policy.kind) && !/^[A-Za-z0-9]*$/.test(text)) {
      const plain = text.replace(/[^A-Za-z0-9]/g, '');
      fault({
        key: 'sid-chars',
        node: sid.node,
        message: 'A Sid here is of letters and digits only',
        path: 'Sid',
        conditions: sid.conditions,
        fix: () =>
          plain && !taken.has(plain) ? fixOf(`Set Sid to ${plain}`, replaceLeaf(sid.value, plain)) : undefined,
      });
    }
    const before = first.get(text);
    if (!before) {
      first.set(text, statement);
      continue;
    }
    let together: readonly Condition[] | undefined = before.sid?.conditions;
    for (const condition of sid.conditions) together = together && template.assume(together, condition);
    if (!together) continue;
    const stem = PLAIN_SID.has(policy.kind) ? text.replace(/[^A-Za-z0-9]/g, '') : text;
    let counter = 2;
    while (taken.has(`${stem}${counter}`)) counter++;
    const free = `${stem}${counter}`;
    fault({
      key: 'sid-duplicate',
      node: sid.node,
      message: `Another statement has the Sid ${text}`,
      severity: PLAIN_SID.has(policy.kind) || policy.service === 'kms' ? undefined : 'low',
      related: before.sid ? [{ node: before.sid.node, message: 'The first statement of that Sid' }] : [],
      path: 'Sid',
      conditions: together,
      fix: () => fixOf(`Set Sid to ${free}`, replaceLeaf(sid.value, free)),
    });
    taken.add(free);
  }
};

const checkPrincipals: DocumentCheck = (policy, fault) => {
  // Where no principal belongs, its form is no matter.
  if (!hasStatements(policy) || WITHOUT_PRINCIPAL.has(policy.kind) || policy.kind === 'scp') return;
  for (const statement of writtenStatements(policy)) {
    if (policy.form === 'data') {
      checkPrincipalBlocks(statement, fault);
      continue;
    }
    for (const name of ['Principal', 'NotPrincipal'] as const) {
      for (const { leaf, conditions } of elementLeaves(statement, statement.elements[name])) {
        if (leaf.kind === 'list' || (leaf.kind === 'known' && leaf.value !== '*')) {
          const items = leaf.kind === 'list' ? leaf.items : [leaf];
          const data = items.flatMap((item) => (item.kind === 'known' ? item.value : []));
          fault({
            key: 'principal-format',
            node: leaf.node,
            message: `${name} is "*" or an object such as {"AWS": …}`,
            path: name,
            conditions,
            fix: () => (data.length === items.length && data.length ? wrap(leaf, data) : undefined),
          });
        }
        if (leaf.kind !== 'object') continue;
        for (const key of leaf.names) {
          const property = leaf.get(key);
          if (!property || PRINCIPAL_KEYS.includes(key) || key.includes(HOLE) || key.startsWith('Fn::')) continue;
          const near = nearestName(key, PRINCIPAL_KEYS);
          fault({
            key: 'principal-key',
            node: property.key,
            message: noPrincipal(key),
            path: `${name}.${key}`,
            conditions,
            fix: () => {
              const { entry } = property.key;
              return near && entry?.key === property.key && !leaf.names.includes(near)
                ? fixOf(`Rename to ${near}`, { kind: 'rename', entry, name: near }, false)
                : undefined;
            },
          });
        }
      }
    }
  }
};

/** Puts bare principals under what they are: services, or accounts and whoever is in them. */
function wrap(leaf: Leaf, data: readonly Data[]): Fix | undefined {
  const services = data.filter((one) => typeof one === 'string' && isServicePrincipal(one));
  const kind = services.length === data.length ? 'Service' : 'AWS';
  if (services.length && kind === 'AWS') return undefined;
  const wrapped = data.includes('*') ? '*' : { [kind]: data.length === 1 ? (data[0] as Data) : data };
  return fixOf(`Wrap as ${kind} principal${data.length === 1 ? '' : 's'}`, replaceLeaf(leaf, wrapped), false);
}

const noPrincipal = (type: string) =>
  `${JSON.stringify(type)} is no kind of principal: AWS, Service, Federated or CanonicalUser`;

/** The types of `principals` blocks of a data source. */
function checkPrincipalBlocks(statement: Statement, fault: (fault: PolicyFault) => void): void {
  const seen = new Set<Node>();
  for (const { type, typeNode, conditions } of [...statement.principals, ...statement.notPrincipals]) {
    if (!typeNode || seen.has(typeNode) || type === '*' || PRINCIPAL_KEYS.includes(type) || type.includes(HOLE))
      continue;
    seen.add(typeNode);
    const near = nearestName(type, PRINCIPAL_KEYS);
    fault({
      key: 'principal-key',
      node: typeNode,
      message: noPrincipal(type),
      path: `Principal.${type}`,
      conditions,
      fix: () =>
        near ? fixOf(`Change to ${near}`, { kind: 'replace', node: typeNode, data: near }, false) : undefined,
    });
  }
}

/** The checks of structure, in the order they are told. */
export const STRUCTURE_CHECKS: readonly DocumentCheck[] = [
  checkSyntax,
  checkVersion,
  checkElements,
  checkRequired,
  checkEffect,
  checkCombinations,
  checkTypes,
  checkSids,
  checkPrincipals,
  AWS_PRINCIPAL_CHECK,
];
