/**
 * Conditions that say nothing, or could say it plainly: checks of the rule iam-policy-redundant.
 * Source: IAM user guide, "IAM JSON policy elements: Condition operators" and "Set operators for multivalued context keys".
 */

import { isProviderPrefix, keyPrefix } from '../../iam/condition-keys.ts';
import { type ConditionClause, HOLE, type Item, isKnown, type Statement } from '../../iam/document.ts';
import { isPrivate } from '../cidr.ts';
import { looseness } from '../iam-narrowing.ts';
import type { Variant } from '../rule.ts';
import {
  clausePath,
  clausesOf,
  type DocumentCheck,
  doubtful,
  fixOf,
  type PolicyFault,
  remark,
  replaceLeaf,
} from './check.ts';
import { changeOperator, operatorLike, removeClause, removeValue, renameOperator } from './condition-edits.ts';
import { isNumber, networkOf } from './condition-formats.ts';
import { editsFix } from './condition-operators.ts';

type Report = (fault: Omit<PolicyFault, 'path'>) => void;

/** Null with a qualifier does not look at the key. */
const checkNullQualifier: DocumentCheck = (policy, fault) => {
  const seen = new Set<unknown>();
  for (const { clause, statement } of clausesOf(policy)) {
    const { operator, operatorNode } = clause;
    if (operator.name !== 'Null' || !operator.qualifier || seen.has(operatorNode)) continue;
    seen.add(operatorNode);
    const name = operatorLike('Null', { ...operator, qualifier: undefined });
    fault({
      key: 'null-qualifier',
      node: operatorNode,
      message: `Null with ${operator.qualifier} is always ${operator.qualifier === 'ForAllValues'}`,
      conditions: clause.conditions,
      path: clausePath(clause),
      fix: () => editsFix(`Rename to ${name}`, renameOperator(clause, statement, name)),
    });
  }
};

function checkNetworks(clause: ConditionClause, report: Report): void {
  const networks = clause.values.flatMap((item) => {
    const network = isKnown(item) ? networkOf(item.text ?? '') : undefined;
    return network ? [{ item, network }] : [];
  });
  const isPublic = networks.some(({ network }) => !isPrivate(network.cidr));
  for (const { item, network } of networks) {
    const { masked } = network;
    if (clause.key.toLowerCase() === 'aws:sourceip' && isPublic && isPrivate(network.cidr)) {
      report({
        key: 'cond-private-ip-some',
        node: item.node,
        message: `${item.text} is private, and aws:SourceIp is a public address`,
        conditions: item.conditions,
        fix: () => fixOf(`Remove ${item.text}`, removeValue(item), false),
      });
    } else if (masked) {
      report({
        key: 'cond-ip-hostbits',
        node: item.node,
        message: `${item.text} is the network ${masked}: bits behind the mask are ignored`,
        conditions: item.conditions,
        fix: () => fixOf(`Change to ${masked}`, replaceLeaf(item.value, masked)),
      });
    }
  }
}

/** Whether another rule says of this clause that it lets everybody pass. */
function isToldLoose(clause: ConditionClause, statement: Statement): boolean {
  if (statement.effect !== 'Allow') return false;
  // What identity providers say of a caller is judged with the trust policy.
  if (statement.policy.kind === 'trust' && isProviderPrefix(keyPrefix(clause.key))) return true;
  return looseness(clause, statement) !== undefined;
}

/** What a comparison with `*` comes to. */
type Outcome = 'present' | 'absent' | 'always' | 'never' | undefined;

function outcomeOf({ operator }: ConditionClause): Outcome {
  const { qualifier, ifExists } = operator;
  if (operator.name === 'StringLike') return ifExists || qualifier === 'ForAllValues' ? 'always' : 'present';
  if (operator.name !== 'StringNotLike') return undefined;
  // Some value that does not match: of none there is none. With IfExists it holds where the key is missing.
  if (qualifier === 'ForAnyValue') return ifExists ? 'absent' : 'never';
  return 'absent';
}

function checkStar(clause: ConditionClause, statement: Statement, report: Report): void {
  const outcome = outcomeOf(clause);
  if (!outcome || clause.key.includes(HOLE)) return;
  // Values are alternatives: one that matches everything decides.
  const star = clause.values.find((item) => item.text !== undefined && /^\*+$/.test(item.text));
  if (!star || isToldLoose(clause, statement)) return;
  const { key, operatorText } = clause;
  const at = { node: star.node, conditions: star.conditions };
  // What is there in some cases only decides in these.
  const decides = clause.complete && star.conditions.length <= clause.conditions.length;
  const rewrite = (value: string) => () =>
    decides ? editsFix(`Write as Null: ${value}`, changeOperator(clause, statement, 'Null', value)) : undefined;
  switch (outcome) {
    case 'present':
      report({
        ...at,
        key: 'equivalent-null-false',
        message: `Asks only that ${key} is there: Null with false says so plainly`,
        fix: rewrite('false'),
      });
      break;
    case 'absent':
      report({
        ...at,
        key: 'equivalent-null-true',
        message: `Asks only that ${key} is not there: Null with true says so plainly`,
        fix: rewrite('true'),
      });
      break;
    case 'always':
      report({
        ...at,
        key: 'cond-key-always-true',
        message: `${operatorText} with * always holds`,
        fix: () => (decides ? editsFix(`Remove ${key}`, removeClause(clause, statement)) : undefined),
      });
      break;
    case 'never':
      report({
        ...at,
        key: 'cond-key-never-true',
        message: `${operatorText} with * never holds: the statement has no effect`,
      });
  }
}

/** Bounds that another one implies: the values of a key are alternatives. */
function checkNumbers(clause: ConditionClause, report: Report): void {
  const { operator, values } = clause;
  const direction = /^Numeric(Less|Greater)Than/.exec(operator.name ?? '')?.[1];
  if (!direction || values.length < 2) return;
  const bounds = values.filter((item) => isKnown(item) && isNumber(item.text ?? ''));
  const value = (item: Item) => Number(item.text);
  const [first, ...others] = bounds.filter((item) => item.conditions.length <= clause.conditions.length);
  if (!first) return;
  const widest = others.reduce(
    (best, item) => ((direction === 'Less' ? value(item) > value(best) : value(item) < value(best)) ? item : best),
    first,
  );
  for (const item of bounds) {
    if (item === widest) continue;
    const implied = direction === 'Less' ? value(item) <= value(widest) : value(item) >= value(widest);
    if (!implied) continue;
    report({
      key: 'cond-redundant-number',
      node: item.node,
      message: `The values are alternatives: ${widest.text} takes in ${item.text}`,
      conditions: item.conditions,
      related: [{ node: widest.node, message: 'The bound that decides' }],
      fix: () => fixOf(`Remove ${item.text}`, removeValue(item)),
    });
  }
}

const checkClauses: DocumentCheck = (policy, fault) => {
  for (const { clause, statement } of clausesOf(policy)) {
    const { name } = clause.operator;
    const report: Report = (found) => fault({ conditions: clause.conditions, ...found, path: clausePath(clause) });
    if (name === 'IpAddress' || name === 'NotIpAddress') checkNetworks(clause, report);
    else if (name?.startsWith('Numeric')) checkNumbers(clause, report);
    else checkStar(clause, statement, report);
  }
};

/** Checks of the rule iam-policy-redundant on conditions. */
export const CONDITION_REDUNDANCY_CHECKS: readonly DocumentCheck[] = [checkNullQualifier, checkClauses];

/** The variants of the rule iam-policy-redundant that they name. */
export const CONDITION_REDUNDANCY_VARIANTS: Readonly<Record<string, Variant>> = {
  'null-qualifier': remark('access-analyzer:NULL_WITH_QUALIFIER'),
  'cond-ip-hostbits': remark('access-analyzer:IMPROVE_IP_RANGE'),
  'cond-private-ip-some': remark(
    'access-analyzer:PRIVATE_IP_ADDRESS_SUBSET',
    'access-analyzer:PRIVATE_NOT_IP_ADDRESS_SUBSET',
  ),
  'equivalent-null-false': remark('access-analyzer:EQUIVALENT_TO_NULL_FALSE'),
  'equivalent-null-true': remark('access-analyzer:EQUIVALENT_TO_NULL_TRUE'),
  'cond-key-always-true': remark('access-analyzer:REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION'),
  'cond-key-never-true': doubtful('access-analyzer:REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION'),
  'cond-redundant-number': remark('access-analyzer:REDUNDANT_CONDITION_VALUE_NUM'),
};
