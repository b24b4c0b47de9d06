/** Names in policies that AWS does not have: services, actions, condition operators. */

import { isRetired, nearest } from '../../iam/action-names.ts';
import { findAction, matchesAnyAction, matchesPattern, serviceExists } from '../../iam/actions.ts';
import { HOLE, type Item, OPERATOR_NAMES, type PolicyDocument, type Statement } from '../../iam/document.ts';
import { onDataChange } from '../../iam/reference.ts';
import { hasPlaceholder } from '../../iam/tokens.ts';
import { detached } from '../../syntax/text.ts';
import type { Fix } from '../fix.ts';
import { removeItems } from '../policy-edits.ts';
import { type DocumentCheck, fixOf, nearestName, type PolicyFault, replaceLeaf, writtenStatements } from './check.ts';

type Fault = Pick<PolicyFault, 'key' | 'message'> & Partial<PolicyFault>;

/** Actions of which nothing is wrong: most, and the same ones at every keystroke. */
const faultless = new Set<string>();
const MAX_FAULTLESS = 5_000;
onDataChange(() => faultless.clear());

/** What is wrong with an action as written; undefined where nothing is, or it is not known. */
function actionFault(item: Item, statement: Statement): Fault | undefined {
  const { text } = item;
  if (text === undefined || faultless.has(text)) return undefined;
  const fault = judgeAction(item, statement);
  if (!fault) {
    if (faultless.size >= MAX_FAULTLESS) faultless.clear();
    faultless.add(detached(text));
  }
  return fault;
}

function judgeAction(item: Item, statement: Statement): Fault | undefined {
  const { text } = item;
  if (text === undefined || text === HOLE || /^\*+$/.test(text)) return undefined;
  // That variables have no place in an action is for iam-policy-variable to say.
  if (text.includes('${') || hasPlaceholder(text)) return undefined;
  const colon = text.indexOf(':');
  if (colon < 0) {
    if (text.includes(HOLE)) return undefined;
    return { key: 'action-format', message: `${JSON.stringify(text)} is no action: it has the form service:Name` };
  }
  const service = text.slice(0, colon);
  const name = text.slice(colon + 1);
  if (service.includes(HOLE)) return undefined;
  if (isRetired(service) || (!name.includes(HOLE) && isRetired(text))) {
    return {
      key: 'retired-name',
      message: `AWS has retired ${isRetired(service) ? `the service ${service}` : text}: it grants nothing`,
    };
  }
  const wildcardService = /[*?]/.test(service);
  if (!wildcardService && serviceExists(service) !== true) {
    if (serviceExists(service) === undefined) return undefined;
    const [near] = name.includes(HOLE) ? nearest(service) : nearest(text);
    return misspelt('unknown-service', `There is no service ${service}`, near, item, statement);
  }
  if (name.includes(HOLE)) return undefined;
  if (!/[*?]/.test(text)) {
    if (findAction(text) || serviceExists(service) === undefined) return undefined;
    return misspelt('unknown-action', `There is no action ${text}`, nearest(text)[0], item, statement);
  }
  if (serviceExists('s3') === undefined) return undefined;
  if (matchesAnyAction(text)) return undefined;
  return {
    key: 'wildcard-action-matches-nothing',
    message: `${text} matches no action`,
    severity: statement.effect === 'Deny' ? 'medium' : undefined,
  };
}

/** A name that does not exist: surely a mistake where a like one does; otherwise AWS may be newer than the data. */
function misspelt(key: string, message: string, near: string | undefined, item: Item, statement: Statement): Fault {
  return {
    key,
    message: near === undefined ? message : `${message}: ${near} is meant?`,
    severity: near !== undefined || statement.effect === 'Deny' ? 'medium' : undefined,
    // What a Deny or Allow does changes with it: for the author to decide.
    fix: () => (near?.includes(':') ? correction(near, item, statement) : undefined),
  };
}

/** Writes the name that is meant; where the list has it already, by name or pattern, takes the misspelt one out. */
function correction(near: string, item: Item, statement: Statement): Fix | undefined {
  const list = statement.actions.includes(item) ? statement.actions : statement.notActions;
  const covers = ({ text }: Item) => text !== undefined && !text.includes(HOLE) && matchesPattern(text, near);
  if (!list.some((other) => other !== item && covers(other)))
    return fixOf(`Change to ${near}`, replaceLeaf(item.value, near), false);
  const element = list === statement.actions ? 'Action' : 'NotAction';
  const edits = removeItems(statement, element, [item]);
  return edits && { title: `Remove it: ${near} is there already`, safe: false, edits };
}

const checkActions: DocumentCheck = (policy, fault) => {
  if (policy.form === 'flat' || policy.kind === 'other') return;
  for (const statement of writtenStatements(policy)) {
    for (const [path, items] of [
      ['Action', statement.actions],
      ['NotAction', statement.notActions],
    ] as const) {
      for (const item of items) {
        const found = actionFault(item, statement);
        if (found)
          fault({
            ...found,
            node: item.node,
            conditions: item.conditions,
            path: `${path}.${item.text?.replaceAll(HOLE, '…')}`,
          });
      }
    }
  }
};

const checkOperators: DocumentCheck = (policy: PolicyDocument, fault) => {
  if (policy.form === 'flat' || policy.kind === 'other') return;
  for (const statement of writtenStatements(policy)) {
    for (const { operator, operatorText, operatorNode, conditions } of statement.conditions) {
      if (operator.name !== undefined || operatorText.includes(HOLE) || operatorText.startsWith('Fn::')) continue;
      const near = nearestName(operator.base, OPERATOR_NAMES);
      const whole =
        near && `${operator.qualifier ? `${operator.qualifier}:` : ''}${near}${operator.ifExists ? 'IfExists' : ''}`;
      fault({
        key: 'cond-operator',
        node: operatorNode,
        message: `There is no condition operator ${operatorText}${whole ? `: ${whole} is meant?` : ''}`,
        conditions,
        path: `Condition.${operatorText}`,
        fix: () => {
          if (!whole) return undefined;
          if (policy.form === 'data')
            return fixOf(`Change to ${whole}`, { kind: 'replace', node: operatorNode, data: whole }, false);
          const { entry } = operatorNode;
          const clash = statement.conditions.some((other) => other.operatorText === whole);
          return entry?.key === operatorNode && !clash
            ? fixOf(`Rename to ${whole}`, { kind: 'rename', entry, name: whole }, false)
            : undefined;
        },
      });
    }
  }
};

/** The checks of names. */
export const NAME_CHECKS: readonly DocumentCheck[] = [checkActions, checkOperators];
