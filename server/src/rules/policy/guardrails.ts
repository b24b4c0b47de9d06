/**
 * Guardrails of an organization: resource control policies. Service control policies take the whole language of IAM since
 * September 2025 but for principals, of which grammar.ts speaks.
 * Sources: AWS Organizations user guide, "RCP syntax" and "RCP examples"; Access Analyzer policy check reference.
 */

import { serviceExists, supportsResourceControlPolicies } from '../../iam/actions.ts';
import { type ConditionClause, HOLE, isConditional, isKnown, isWildcard, type Statement } from '../../iam/document.ts';
import { addConditions, type Demand, policyFix } from '../policy-edits.ts';
import { aws } from '../references.ts';
import type { Rule } from '../rule.ts';
import {
  clausePath,
  type DocumentCheck,
  doubtful,
  fixOf,
  hasStatements,
  itemsOf,
  keyOf,
  leaves,
  policyRule,
  refused,
  replaceLeaf,
  writtenStatements,
} from './check.ts';

const PRINCIPAL_KINDS: ReadonlySet<string> = new Set(['AWS', 'Service', 'Federated', 'CanonicalUser']);

const checkPrincipal: DocumentCheck = (policy, fault) => {
  if (policy.kind !== 'rcp' || !hasStatements(policy)) return;
  for (const statement of writtenStatements(policy)) {
    const { Principal, NotPrincipal } = statement.elements;
    if (NotPrincipal) {
      fault({
        key: 'rcp-principal',
        node: NotPrincipal.key,
        message: 'A resource control policy takes no NotPrincipal: its Principal is "*"',
        path: 'NotPrincipal',
        conditions: statement.templateConditions,
      });
      continue;
    }
    if (!Principal) {
      const misspelt = statement.unknownElements.some(({ name }) => /^principals?$/i.test(name));
      if (misspelt || statement.openElements.has('Principal')) continue;
      fault({
        key: 'rcp-principal',
        node: keyOf(statement),
        message: 'A statement of a resource control policy needs the Principal "*"',
        path: 'Principal',
        conditions: statement.templateConditions,
      });
      continue;
    }
    if (policy.form === 'data') {
      for (const principal of statement.principals) {
        if (principal.type === '*' || principal.type === HOLE || !isKnown(principal)) continue;
        fault({
          key: 'rcp-principal',
          node: principal.node,
          message: 'The Principal of a resource control policy is "*"',
          path: 'Principal',
          conditions: principal.conditions,
        });
      }
      continue;
    }
    for (const leaf of leaves(Principal.value)) {
      // Lists and bare texts are no principal of any policy, and told as such; so are kinds that do not exist.
      if (leaf.kind !== 'object' || leaf.open !== undefined) continue;
      if (leaf.names.some((name) => !PRINCIPAL_KINDS.has(name))) continue;
      const everyone =
        leaf.names.length === 1 && statement.principals.every(({ type, text }) => type === 'AWS' && text === '*');
      fault({
        key: 'rcp-principal',
        node: leaf.node,
        message: 'The Principal of a resource control policy is "*": narrow it with conditions',
        path: 'Principal',
        conditions: statement.templateConditions,
        fix: () => fixOf('Replace with "*"', replaceLeaf(leaf, '*'), everyone),
      });
    }
  }
};

const checkAllow: DocumentCheck = (policy, fault) => {
  if (policy.kind !== 'rcp' || !hasStatements(policy)) return;
  for (const statement of policy.statements) {
    const { effectNode, elements } = statement;
    if (statement.effect !== 'Allow') continue;
    const everything =
      !elements.NotResource &&
      [...statement.actions, ...statement.resources].every((item) => isWildcard(item) || item.text?.includes(HOLE));
    const narrowed = statement.conditions.length > 0 && statement.hasCondition === true;
    if (everything && !narrowed) continue;
    fault({
      key: 'rcp-allow',
      node: effectNode ?? keyOf(statement),
      message: 'A resource control policy only denies: the one that allows everything is AWS’s own, RCPFullAWSAccess',
      path: 'Effect',
      conditions: statement.templateConditions,
    });
  }
};

const checkNotAction: DocumentCheck = (policy, fault) => {
  if (policy.kind !== 'rcp' || !hasStatements(policy)) return;
  for (const statement of writtenStatements(policy)) {
    const { NotAction } = statement.elements;
    if (!NotAction) continue;
    fault({
      key: 'rcp-notaction',
      node: NotAction.key,
      message: 'A resource control policy takes no NotAction: list what is denied with Action',
      path: 'NotAction',
      conditions: statement.templateConditions,
    });
  }
};

const checkServices: DocumentCheck = (policy, fault) => {
  if (policy.kind !== 'rcp') return;
  for (const { item } of itemsOf(policy, 'Action')) {
    const colon = item.text?.indexOf(':') ?? -1;
    const service = item.text?.slice(0, Math.max(colon, 0)) ?? '';
    // A service that does not exist is told as such.
    if (!/^[a-z0-9-]+$/i.test(service) || supportsResourceControlPolicies(service) !== false) continue;
    if (serviceExists(service) !== true) continue;
    fault({
      key: 'rcp-action-service',
      node: item.node,
      message: `Resource control policies do not apply to ${service}`,
      path: `Action.${item.text?.replaceAll(HOLE, '…')}`,
      conditions: item.conditions,
    });
  }
};

// ---- what a Deny must leave out

const SERVICE_CALL = 'aws:PrincipalIsAWSService';
/** Keys of a calling principal: calls that a service makes in its own name lack them, or have no value that a policy names. */
const PRINCIPAL_KEY = /^aws:(?:principal(?:arn|account|orgid|orgpaths|type)|principaltag\/.*|userid|username)$/;
/** Keys that tell for whom a service acts: calls of everyone else have none of them. */
const SOURCE_KEY = /^aws:source(?:account|arn|orgid|orgpaths)$/;

/** Whether a clause also holds for requests that lack its key. */
function holdsWithout(clause: ConditionClause): boolean {
  const { name, negated, ifExists, qualifier } = clause.operator;
  if (name === undefined || name === 'Null') return false;
  return ifExists || qualifier === 'ForAllValues' || (negated && qualifier !== 'ForAnyValue');
}

function has(statement: Statement, test: (clause: ConditionClause, key: string) => boolean): boolean {
  return statement.conditions.some((clause) => test(clause, clause.key.toLowerCase()));
}

const isServiceCall = (_clause: ConditionClause, key: string) =>
  key === 'aws:principalisawsservice' || key.startsWith('aws:principalservicename') || key.includes(HOLE);

/** Whether the clause asks that its key be there, or not be there. */
const isNull = (clause: ConditionClause) => clause.operator.name === 'Null';

const checkCarveOuts: DocumentCheck = (policy, fault) => {
  if (policy.kind !== 'rcp' || !hasStatements(policy)) return;
  for (const statement of policy.statements) {
    if (statement.effect !== 'Deny' || statement.openElements.has('Condition')) continue;
    const found = carveOut(statement);
    if (!found) continue;
    const { key, clause, message, demands, title } = found;
    if (isConditional(clause, statement)) continue;
    fault({
      key,
      node: clause.keyNode,
      message,
      path: clausePath(clause),
      conditions: clause.conditions,
      fix: () => policyFix(title, addConditions(statement, demands)),
    });
  }
};

interface CarveOut {
  readonly key: string;
  readonly clause: ConditionClause;
  readonly message: string;
  readonly title: string;
  readonly demands: readonly Demand[];
}

function carveOut(statement: Statement): CarveOut | undefined {
  const outsiders = statement.conditions.find(
    (clause) => PRINCIPAL_KEY.test(clause.key.toLowerCase()) && holdsWithout(clause),
  );
  // A comparison that only requests of principals meet leaves calls of services alone.
  const needsPrincipal = has(
    statement,
    (clause, key) => PRINCIPAL_KEY.test(key) && !holdsWithout(clause) && !(isNull(clause) && asks(clause, 'true')),
  );
  const source = statement.conditions.find(
    (clause) => SOURCE_KEY.test(clause.key.toLowerCase()) && holdsWithout(clause),
  );
  const serviceCall = has(statement, isServiceCall);
  if (outsiders && !source && !serviceCall && !needsPrincipal) {
    return {
      key: 'rcp-principal-key-carveout',
      clause: outsiders,
      message: `${outsiders.key} speaks of IAM principals: calls that AWS services make in their own name are denied as well`,
      title: 'Leave out calls of AWS services',
      demands: [{ operator: 'BoolIfExists', key: SERVICE_CALL, value: 'false' }],
    };
  }
  if (!source || outsiders) return undefined;
  const present: Demand = { operator: 'Null', key: 'aws:SourceAccount', value: 'false' };
  const checked = has(
    statement,
    (clause, key) => SOURCE_KEY.test(key) && (isNull(clause) ? asks(clause, 'false') : !holdsWithout(clause)),
  );
  if (!serviceCall) {
    return {
      key: 'rcp-service-key-carveout',
      clause: source,
      message: `Only calls that AWS services make in their own name have ${source.key}: all others are denied as well`,
      title: 'Deny calls of AWS services only',
      demands: [...(checked ? [] : [present]), { operator: 'Bool', key: SERVICE_CALL, value: 'true' }],
    };
  }
  if (checked) return undefined;
  return {
    key: 'rcp-service-key-null',
    clause: source,
    message: `Calls of AWS services that act for nobody lack ${source.key}: they are denied as well`,
    title: 'Deny only calls that tell for whom they are made',
    demands: [present],
  };
}

function asks(clause: ConditionClause, answer: string): boolean {
  return clause.values.some(
    (item) => item.text === undefined || item.text.includes(HOLE) || item.text.toLowerCase() === answer,
  );
}

const OWNER = {
  side: 'customer',
  why: 'AWS Organizations enforces a control policy on all accounts that it is attached to, exactly as it is written.',
} as const;
const SYNTAX = aws('RCP syntax', 'organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html');
const EXAMPLES = aws(
  'Resource control policy examples',
  'organizations/latest/userguide/orgs_manage_policies_rcps_examples.html',
);

export const GUARDRAIL_RULES: readonly Rule[] = [
  policyRule({
    id: 'iam-guardrail-invalid',
    title: 'Resource control policy is not valid',
    severity: 'medium',
    owner: OWNER,
    description:
      'AWS Organizations refuses the policy, or it denies nothing. A resource control policy denies actions of the services that support it to the principal `*`, and narrows whom that means with conditions; only the policy `RCPFullAWSAccess`, which AWS manages, allows.',
    variants: {
      'rcp-principal': refused('access-analyzer:RCP_SYNTAX_ERROR_PRINCIPAL'),
      'rcp-allow': refused('access-analyzer:RCP_SYNTAX_ERROR_ALLOW'),
      'rcp-notaction': refused('access-analyzer:RCP_SYNTAX_ERROR_NOTACTION'),
      'rcp-action-service': refused('access-analyzer:RCP_SYNTAX_ERROR_ACTION'),
    },
    references: [
      SYNTAX,
      aws('Resource control policies (RCPs)', 'organizations/latest/userguide/orgs_manage_policies_rcps.html'),
    ],
    checks: [checkPrincipal, checkAllow, checkNotAction, checkServices],
  }),
  policyRule({
    id: 'iam-rcp-carve-out',
    title: 'Resource control policy denies more than it means',
    severity: 'medium',
    owner: OWNER,
    description:
      'A negated comparison also holds for requests that lack its key. Services that call in their own name are no principals of IAM and belong to no organization, and everyone else has no source account: a Deny on these keys stops log delivery, replication and the like, or everybody. Say with `aws:PrincipalIsAWSService` which of the two is meant, and with `Null` that the source is known.',
    variants: {
      'rcp-principal-key-carveout': doubtful('access-analyzer:RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY'),
      'rcp-service-key-carveout': doubtful('access-analyzer:RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY'),
      'rcp-service-key-null': doubtful('access-analyzer:RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK'),
    },
    references: [
      EXAMPLES,
      aws('AWS global condition context keys', 'IAM/latest/UserGuide/reference_policies_condition-keys.html'),
    ],
    checks: [checkCarveOuts],
  }),
];
