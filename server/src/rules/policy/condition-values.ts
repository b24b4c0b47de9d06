/** Condition operators and values that do not fit each other or their key. */

import {
  type ConditionClause,
  HOLE,
  type Item,
  isKnown,
  type PolicyDocument,
  type Statement,
} from '../../iam/document.ts';
import type { Data, Edit } from '../../syntax/edit.ts';
import type { Template } from '../../template/template.ts';
import type { Condition } from '../../template/value.ts';
import { isPrivate } from '../cidr.ts';
import type { Fix } from '../fix.ts';
import { looseness } from '../iam-narrowing.ts';
import { aws } from '../references.ts';
import type { Rule, Variant } from '../rule.ts';
import {
  clausePath,
  clausesOf,
  type DocumentCheck,
  doubtful,
  fixOf,
  nearestName,
  policyRule,
  refused,
  replaceLeaf,
} from './check.ts';
import { operatorLike, plainData, removeValue, renameOperator } from './condition-edits.ts';
import {
  dateForm,
  isBase64,
  isBoolean,
  isNumber,
  isoDate,
  isVpcId,
  matchesLike,
  mayBeKmsKeyArn,
  mayBeRegion,
  networkOf,
  REGIONS,
} from './condition-formats.ts';
import { checkIds } from './condition-ids.ts';
import {
  checkOperatorType,
  checkQualifier,
  checkWildcards,
  editsFix,
  type Family,
  familyOf,
  isLike,
  type Judged,
  keyOfClause,
  plainValues,
} from './condition-operators.ts';

export { CONDITION_REDUNDANCY_CHECKS, CONDITION_REDUNDANCY_VARIANTS } from './condition-redundancy.ts';

// ---- values

const YAML_BOOLEAN = /^(y|n|yes|no|on|off)$/i;

/** CloudFormation reads YAML 1.1, where `yes` and `off` without quotes are booleans. */
function isYamlBoolean({ node, text = '' }: Item): boolean {
  return node.style === 'plain' && node.document.language === 'yaml' && YAML_BOOLEAN.test(text);
}

function checkValues({ clause, statement, report }: Judged, family: Family): void {
  const wrong = (item: Item, key: string, message: string, fix?: () => Fix | undefined) =>
    report({ key, node: item.node, message, conditions: item.conditions, fix });
  for (const item of plainValues(clause)) {
    const text = item.text ?? '';
    const shown = JSON.stringify(text);
    switch (family) {
      case 'Bool':
        if (!isBoolean(text) && !isYamlBoolean(item))
          wrong(item, 'cond-value-bool', `${shown} is neither true nor false`);
        break;
      case 'Null':
        if (!isBoolean(text) && !isYamlBoolean(item))
          wrong(item, 'null-value-type', `Null asks whether the key is missing: true or false, not ${shown}`);
        break;
      case 'Numeric':
        if (!isNumber(text)) wrong(item, 'cond-value-number', `${shown} is no number`);
        break;
      case 'Date': {
        const form = dateForm(text);
        if (!form) wrong(item, 'cond-value-date', `${shown} is no date of ISO 8601, such as 2026-01-31T12:00:00Z`);
        else if (form === 'epoch' && clause.key.toLowerCase() !== 'aws:epochtime') {
          const date = isoDate(text);
          wrong(
            item,
            'cond-value-date-epoch',
            `Seconds since 1970 may be read otherwise than meant: write a date`,
            () => (date ? fixOf(`Change to ${date}`, replaceLeaf(item.value, date)) : undefined),
          );
        }
        break;
      }
      case 'IpAddress':
        // A star in an Allow is told to admit every address.
        if (!networkOf(text) && !(statement.effect === 'Allow' && looseness(clause, statement)?.node === item.node))
          wrong(item, 'cond-value-ip', `${shown} is neither an IP address nor a range of them`);
        break;
      case 'Binary':
        if (!isBase64(text)) wrong(item, 'cond-value-binary', `${shown} is not encoded as Base64`);
        break;
      default:
        break;
    }
  }
}

/** Values of keys with a form of their own. */
function checkKeyValues({ clause, report }: Judged): void {
  const key = clause.key.toLowerCase();
  const vpc = key === 'aws:sourcevpc' ? 'vpc' : key === 'aws:sourcevpce' ? 'vpce' : undefined;
  const isRegion = key === 'aws:requestedregion';
  const known = vpc || isRegion ? undefined : keyOfClause(clause);
  const isKmsKey = known?.type?.endsWith('ARN') && /kms-?key(-?(arns?|id))?$/i.test(known.name);
  if (!vpc && !isRegion && !isKmsKey) return;
  for (const item of plainValues(clause)) {
    const text = item.text ?? '';
    const shown = JSON.stringify(text);
    const wildcard = /[*?]/.test(text);
    const { conditions, node } = item;
    if (vpc) {
      if (wildcard || isVpcId(text, vpc)) continue;
      const digits = vpc === 'vpc' ? 'a VPC' : 'a VPC endpoint';
      const id = `${vpc}- and 8 or 17 hexadecimal digits`;
      report({ key: `cond-${vpc}-format`, node, conditions, message: `${shown} is no id of ${digits}: ${id}` });
    } else if (isKmsKey) {
      if (!mayBeKmsKeyArn(text))
        report({
          key: 'cond-kms-key-value',
          node,
          conditions,
          message: `${clause.key} holds the ARN of a KMS key, which ${shown} is not`,
        });
    } else if (isLike(clause)) {
      // A pattern of Regions to come still has the words of the present ones.
      if (REGIONS.some((region) => matchesLike(text, region)) || mayBeRegion(text)) continue;
      report({ key: 'cond-region-value', node, conditions, message: `${shown} matches no AWS Region` });
    } else {
      if (wildcard || mayBeRegion(text)) continue;
      const near = /^[a-z]+(-[a-z]+)+-\d[a-z]$/.test(text) ? text.slice(0, -1) : nearestName(text, REGIONS);
      report({
        key: 'cond-region-value',
        node,
        conditions,
        message: `${shown} is no AWS Region${near ? `: ${near} is meant?` : ''}`,
        fix: () => (near ? fixOf(`Change to ${near}`, replaceLeaf(item.value, near), false) : undefined),
      });
    }
  }
}

/** All values are of addresses that never come from the internet, which aws:SourceIp holds the addresses of. */
function checkPrivateAddresses({ clause, report }: Judged): void {
  const { operator, values, complete } = clause;
  if (clause.key.toLowerCase() !== 'aws:sourceip' || !values.length || !complete || operator.ifExists) return;
  const inside = (item: Item) => {
    const network = isKnown(item) ? networkOf(item.text ?? '') : undefined;
    return network !== undefined && isPrivate(network.cidr);
  };
  if (!values.every(inside)) return;
  report({
    key: 'cond-private-ip-only',
    node: clause.keyNode,
    message: `aws:SourceIp is a public address: to compare it with private ones ${operator.negated ? 'always' : 'never'} holds`,
    fix: () => {
      const entry = clause.keyNode.entry;
      const name = 'aws:VpcSourceIp';
      const edit: Edit | undefined =
        entry?.key === clause.keyNode
          ? { kind: 'rename', entry, name }
          : { kind: 'replace', node: clause.keyNode, data: name };
      return fixOf(`Compare ${name}`, edit, false);
    },
  });
}

// ---- several values

function checkSeveral({ clause, report }: Judged, policy: PolicyDocument): void {
  const { operator, values } = clause;
  if (values.length < 2) return;
  const { template } = policy.resource;
  if ((operator.name === 'Bool' || operator.name === 'Null') && !operator.qualifier) {
    const [first, ...others] = plainValues(clause).filter((item) => isBoolean(item.text ?? ''));
    const second = first && others.find((item) => both(template, first.conditions, item.conditions));
    if (first && second) {
      report({
        key: 'cond-multi-bool',
        node: second.node,
        message: `${operator.name} takes one boolean`,
        conditions: both(template, first.conditions, second.conditions),
        related: [{ node: first.node, message: 'The first' }],
        fix: () =>
          first.text?.toLowerCase() === second.text?.toLowerCase()
            ? fixOf('Remove the second', removeValue(second))
            : undefined,
      });
      return;
    }
  }
  // A data source writes all values as texts.
  if (policy.form === 'data') return;
  const typed = values.filter(({ value, via }) => value.kind === 'known' && !via.length);
  const text = typed.find(({ value }) => value.kind === 'known' && typeof value.value === 'string');
  const other = typed.find(({ value }) => value.kind === 'known' && typeof value.value !== 'string');
  const [first, second] = text ? [text, other] : pairOfTypes(typed);
  const conditions = first && second && both(template, first.conditions, second.conditions);
  if (!first || !second || !conditions) return;
  const unquoted = typed.filter(({ value }) => value.kind === 'known' && typeof value.value !== 'string');
  report({
    key: 'cond-mixed-types',
    node: second.node,
    message: 'The values of one key are all texts, all numbers or all booleans',
    // CloudFormation renders the document anew.
    severity: policy.resource.template.dialect === 'cloudformation' && !policy.host ? 'low' : undefined,
    conditions,
    fix: () =>
      unquoted.some(({ node }) => !node.source)
        ? undefined
        : editsFix(
            'Quote all values',
            unquoted.map(({ node }) => ({ kind: 'replace', node, data: node.source })),
            true,
          ),
  });
}

/** A number and a boolean. */
function pairOfTypes(items: readonly Item[]): readonly (Item | undefined)[] {
  const [first] = items;
  const typeOfItem = ({ value }: Item) => (value.kind === 'known' ? typeof value.value : undefined);
  return [first, first && items.find((item) => typeOfItem(item) !== typeOfItem(first))];
}

/** The conditions of both; undefined where they contradict. */
function both(
  template: Template,
  one: readonly Condition[],
  other: readonly Condition[],
): readonly Condition[] | undefined {
  let result: readonly Condition[] | undefined = one;
  for (const condition of other) result = result && template.assume(result, condition);
  return result;
}

/** Keys are read in any letter case: the same one twice is two values for one. */
const checkDuplicateKeys: DocumentCheck = (policy, fault) => {
  const { template } = policy.resource;
  const firsts = new Map<string, ConditionClause>();
  let of: Statement | undefined;
  for (const { clause, statement } of clausesOf(policy)) {
    if (statement !== of) firsts.clear();
    of = statement;
    if (clause.key.includes(HOLE) || clause.operatorText.includes(HOLE)) continue;
    const place = `${clause.operatorText}\n${clause.key.toLowerCase()}`;
    const first = firsts.get(place);
    if (!first) {
      firsts.set(place, clause);
      continue;
    }
    const conditions = both(template, first.conditions, clause.conditions);
    if (first.key === clause.key || !conditions) continue;
    fault({
      key: 'cond-duplicate-key',
      node: clause.keyNode,
      message: `${first.key} stands here already: keys are read in any letter case`,
      related: [{ node: first.keyNode, message: 'The same key' }],
      conditions,
      path: clausePath(clause),
      fix: () => mergeFix(first, clause),
    });
  }
};

function mergeFix(first: ConditionClause, second: ConditionClause): Fix | undefined {
  const entry = second.keyNode.entry;
  const kept = plainData(first.valueNode);
  const added = plainData(second.valueNode);
  if (entry?.key !== second.keyNode || entry.merged || kept === undefined || added === undefined) return undefined;
  if (first.keyNode.entry?.value !== first.valueNode) return undefined;
  const values = [...new Set([kept, added].flat() as Data[])];
  const [only] = values;
  return {
    title: `Merge into ${first.key}`,
    safe: false,
    edits: [
      { kind: 'replace', node: first.valueNode, data: values.length === 1 && only !== undefined ? only : values },
      { kind: 'remove', entry },
    ],
  };
}

const checkNullIfExists: DocumentCheck = (policy, fault) => {
  const seen = new Set<unknown>();
  for (const { clause, statement } of clausesOf(policy)) {
    const { operator, operatorNode } = clause;
    if (operator.name !== 'Null' || !operator.ifExists || seen.has(operatorNode)) continue;
    seen.add(operatorNode);
    const name = operatorLike('Null', { ...operator, ifExists: false });
    fault({
      key: 'null-ifexists',
      node: operatorNode,
      message: 'Null asks whether the key exists: it takes no IfExists',
      conditions: clause.conditions,
      path: `Condition.${clause.operatorText}`,
      fix: () => editsFix(`Rename to ${name}`, renameOperator(clause, statement, name)),
    });
  }
};

const checkClauses: DocumentCheck = (policy, fault) => {
  for (const { clause, statement } of clausesOf(policy)) {
    const family = familyOf(clause.operator.name);
    if (!family || !clause.values.length) continue;
    const judged: Judged = {
      clause,
      statement,
      report: (found) => fault({ conditions: clause.conditions, ...found, path: clausePath(clause) }),
    };
    checkSeveral(judged, policy);
    // What is wrong with the operator is not told of its values again.
    if (family !== 'Null' && checkOperatorType(judged, family)) continue;
    checkValues(judged, family);
    if (family === 'Null') continue;
    checkQualifier(judged);
    if (family === 'IpAddress') checkPrivateAddresses(judged);
    if (family !== 'String' && family !== 'Arn') continue;
    checkKeyValues(judged);
    checkIds(judged, policy.resource.template);
    checkWildcards(judged);
  }
};

const VARIANTS: Readonly<Record<string, Variant>> = {
  'cond-duplicate-key': refused('access-analyzer:DUPLICATE_KEYS_WITH_DIFFERENT_CASE'),
  'cond-mixed-types': refused('access-analyzer:INVALID_CONDITION_DATA_TYPE'),
  'cond-multi-bool': refused('access-analyzer:INVALID_CONDITION_MULTIPLE_BOOLEAN'),
  'null-ifexists': refused('access-analyzer:NULL_WITH_IF_EXISTS'),
  'null-value-type': doubtful('parliament:MISMATCHED_TYPE_OPERATION_TO_NULL'),
  'cond-type-mismatch': doubtful('parliament:MISMATCHED_TYPE', 'access-analyzer:TYPE_MISMATCH'),
  'cond-value-bool': refused('parliament:MISMATCHED_TYPE', 'access-analyzer:TYPE_MISMATCH_BOOLEAN'),
  'cond-value-number': refused('parliament:MISMATCHED_TYPE', 'access-analyzer:TYPE_MISMATCH_NUMBER'),
  'cond-value-date': refused('parliament:MISMATCHED_TYPE', 'access-analyzer:TYPE_MISMATCH_DATE'),
  'cond-value-date-epoch': doubtful('access-analyzer:INVALID_DATE_VALUE'),
  'cond-value-ip': refused('parliament:MISMATCHED_TYPE', 'access-analyzer:TYPE_MISMATCH_IP_RANGE'),
  'cond-value-binary': doubtful('access-analyzer:TYPE_MISMATCH_STRING'),
  // AWS takes these three, and what they say is never, or always, so.
  'cond-private-ip-only': {
    severity: 'medium',
    aliases: ['access-analyzer:PRIVATE_IP_ADDRESS', 'access-analyzer:PRIVATE_NOT_IP_ADDRESS'],
  },
  'cond-vpc-format': refused('access-analyzer:INVALID_VPC_FORMAT'),
  'cond-vpce-format': refused('access-analyzer:INVALID_VPCE_FORMAT'),
  'cond-region-value': doubtful('access-analyzer:INVALID_REGION'),
  'cond-kms-key-value': refused('access-analyzer:INVALID_KMS_KEY_VALUE'),
  // Beyond what Access Analyzer tells: AWS takes it, and no request has such a value.
  'cond-value-id': doubtful(),
  'cond-missing-qualifier': refused('access-analyzer:MISSING_QUALIFIER'),
  'wildcard-without-like': doubtful('access-analyzer:WILDCARD_WITHOUT_LIKE_OPERATOR'),
};

export const CONDITION_VALUE_RULES: readonly Rule[] = [
  policyRule({
    id: 'iam-condition-invalid',
    title: 'Condition compares what does not fit',
    severity: 'medium',
    owner: {
      side: 'customer',
      why: 'AWS evaluates conditions exactly as they are written; that operator, key and value fit each other is for you to see to.',
    },
    description:
      'A condition operator, the key and the values have to be of one kind. AWS refuses some conditions that are not; others it takes, and they match never or always, so that an Allow grants nothing or a Deny keeps nobody out. ' +
      'Choose the operator of the type of the key, and write the values in its form.',
    variants: VARIANTS,
    references: [
      aws(
        'IAM JSON policy elements: Condition operators',
        'IAM/latest/UserGuide/reference_policies_elements_condition_operators.html',
      ),
      aws('AWS global condition context keys', 'IAM/latest/UserGuide/reference_policies_condition-keys.html'),
      aws('IAM policy validation check reference', 'IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html'),
    ],
    checks: [checkDuplicateKeys, checkNullIfExists, checkClauses],
  }),
];
