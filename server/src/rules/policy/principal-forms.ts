/**
 * Principals in a form that AWS refuses, or that names someone who is gone. Sources: IAM user guide, "AWS JSON policy
 * elements: Principal"; Access Analyzer policy check reference.
 */

import { type ConditionClause, HOLE, isKnown, type PolicyDocument, type Principal } from '../../iam/document.ts';
import { isPublic, principalVerdicts } from '../../iam/public.ts';
import { hasWildcard } from '../../iam/tokens.ts';
import type { Node } from '../../syntax/node.ts';
import { isJudgedAsPublic } from '../resource-policies-public.ts';
import { isStandalone } from '../resource-policy.ts';
import {
  clausePath,
  clausesOf,
  type DocumentCheck,
  fixOf,
  type PolicyFault,
  principalsOf,
  replaceLeaf,
} from './check.ts';
import { servicePrincipalFault } from './service-principals.ts';

/** Policies that name principals freely. Where none belongs, or only `*`, that is the fault. */
const WITH_PRINCIPALS: ReadonlySet<PolicyDocument['kind']> = new Set(['resource', 'trust', 'vpc-endpoint']);

type Fault = Pick<PolicyFault, 'key' | 'message' | 'fix'>;

const checkForms: DocumentCheck = (policy, fault) => {
  if (!WITH_PRINCIPALS.has(policy.kind)) return;
  let reported: ReadonlySet<Node> | undefined;
  for (const { principal, element } of principalsOf(policy)) {
    const { text } = principal;
    if (text === undefined || !['AWS', 'Service', 'Federated', 'CanonicalUser'].includes(principal.type)) continue;
    const found = formFault(principal, text, policy);
    if (!found) continue;
    if (found.key === 'principal-wildcard' || found.key === 'federated-not-supported') {
      reported ??= reportedAsPublic(policy);
      if (reported.has(principal.node)) continue;
    }
    fault({
      ...found,
      node: principal.node,
      conditions: principal.conditions,
      path: `${element}.${principal.type}.${text.replaceAll(HOLE, '…')}`,
    });
  }
};

/** What is wrong with a principal of a known kind; the first that is. Holes hide nothing but what they stand for. */
function formFault(principal: Principal, text: string, policy: PolicyDocument): Fault | undefined {
  const { type } = principal;
  if (hasWildcard(text)) {
    if (type === 'AWS' && text === '*') return undefined;
    return {
      key: 'principal-wildcard',
      message:
        type === 'AWS'
          ? 'AWS takes no wildcard in a principal, only "*" alone: name roles and accounts, or compare aws:PrincipalArn in a condition'
          : `AWS takes no wildcard in a principal of kind ${type}`,
    };
  }
  if (type === 'Federated' && policy.kind !== 'trust') {
    // A document that nobody in the template uses may be a trust policy yet.
    if (isStandalone(policy) || !isKnown(principal)) return undefined;
    return {
      key: 'federated-not-supported',
      message:
        'Identity providers are principals of trust policies only: name the role that their users assume, or a session of it',
    };
  }
  if (!isKnown(principal)) return undefined;
  switch (type) {
    case 'AWS':
      return uniqueIdFault(text);
    case 'Federated':
      return FEDERATED.test(text) || text.includes('${')
        ? undefined
        : {
            key: 'federated-format',
            message: `${JSON.stringify(text)} is no identity provider: its ARN is expected, or the domain of a web identity provider`,
          };
    case 'Service': {
      const found = servicePrincipalFault(text);
      if (!found) return undefined;
      return { key: 'service-principal-format', message: found.message, fix: () => changeTo(principal, found.right) };
    }
    default:
      return undefined;
  }
}

/** A domain with nothing before it, or the ARN of a provider. */
const FEDERATED =
  /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?(?:\/[^\s*?]*)?|arn:aws[a-z-]*:iam::\d{12}:(?:oidc|saml)-provider\/\S+)$/i;

function uniqueIdFault(text: string): Fault | undefined {
  if (/^AROA[A-Z0-9]{8,}$/.test(text)) {
    return {
      key: 'principal-unique-id-role',
      message: `${text} is the id of a role: AWS writes it in place of a role that was deleted`,
    };
  }
  if (/^AIDA[A-Z0-9]{8,}$/.test(text)) {
    return {
      key: 'principal-unique-id-user',
      message: `${text} is the id of a user: AWS writes it in place of a user that was deleted`,
    };
  }
  return undefined;
}

/** The principals that the rules on public access report: as everyone, or as meant for everyone. */
function reportedAsPublic(policy: PolicyDocument): ReadonlySet<Node> {
  const reported = new Set<Node>();
  if (policy.kind !== 'trust' && !isJudgedAsPublic(policy)) return reported;
  for (const statement of policy.statements) {
    if (statement.effect !== 'Allow') continue;
    for (const { principal, identity, verdict } of principalVerdicts(statement)) {
      if (!principal) continue;
      const anyAccount = identity?.form === 'partial-wildcard' && /^[*?]+$/.test(identity.name?.split(':')[4] ?? '');
      if (anyAccount || isPublic(verdict)) reported.add(principal.node);
    }
  }
  return reported;
}

function changeTo(item: Principal | ConditionClause['values'][number], right: string | undefined) {
  return right === undefined || item.via.length
    ? undefined
    : fixOf(`Change to ${right}`, replaceLeaf(item.value, right), false);
}

/** Condition keys whose values are service principals. */
const SERVICE_KEYS: ReadonlySet<string> = new Set([
  'aws:calledvia',
  'aws:calledviafirst',
  'aws:calledvialast',
  'aws:principalservicename',
  'aws:principalservicenameslist',
  'iam:awsservicename',
  'iam:passedtoservice',
  'kms:viaservice',
  'organizations:serviceprincipal',
]);

const checkConditionValues: DocumentCheck = (policy, fault) => {
  for (const { clause } of clausesOf(policy)) {
    const { name } = clause.operator;
    if (!name?.startsWith('String') || !SERVICE_KEYS.has(clause.key.toLowerCase())) continue;
    for (const item of clause.values) {
      const { text } = item;
      // What a wildcard leaves out may be anything.
      if (text === undefined || !isKnown(item) || hasWildcard(text) || text.includes('${')) continue;
      const found = servicePrincipalFault(name.endsWith('IgnoreCase') ? text.toLowerCase() : text);
      if (!found) continue;
      fault({
        key: 'service-principal-format',
        node: item.node,
        message: `${found.message}: the comparison never matches`,
        conditions: item.conditions,
        path: `${clausePath(clause)}.${text}`,
        fix: () => changeTo(item, found.right),
      });
    }
  }
};

export const PRINCIPAL_FORM_CHECKS: readonly DocumentCheck[] = [checkForms, checkConditionValues];
