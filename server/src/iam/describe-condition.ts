/** What a condition means: its operator, its key, its values, and what it narrows or why it does not. */

import { expandActionPattern, serviceTitle } from './actions.ts';
import {
  findConditionKey,
  findGlobalKey,
  isMultivalued,
  isProviderPrefix,
  keyPrefix,
  nearestConditionKey,
  supportsConditionKey,
} from './condition-keys.ts';
import { keyFact } from './describe-keys.ts';
import { narrowedTo } from './describe-principal.ts';
import { code, counted, listed, type PolicyPart, plain, quoted } from './describe-text.ts';
import {
  type ConditionClause,
  HOLE,
  type Item,
  isConditional,
  isKnown,
  type Operator,
  type Statement,
} from './document.ts';
import { asksForNoMfa, looseness } from './looseness.ts';
import { type Audience, judgeClauses } from './narrowing.ts';
import { identify } from './principals.ts';
import { type ActionInfo, type ConditionKeyType, reference } from './reference.ts';
import { oidcTrust } from './trust.ts';

/** Wider patterns say nothing of one key. */
const MOST_ACTIONS = 1_000;

/** The operator of a clause. */
export function describeOperator(clause: ConditionClause, statement: Statement): PolicyPart {
  const lines = [...operatorLines(clause), ...effectLines(clause, statement)];
  return { title: plain(clause.operatorText), lines, node: clause.operatorNode };
}

/** The key of a clause. */
export function describeKey(clause: ConditionClause, statement: Statement): PolicyPart {
  if (isUnknownKey(clause.key)) {
    return { title: plain(clause.key), lines: keyLines(clause.key), node: clause.keyNode };
  }
  const lines = [
    ...keyLines(clause.key),
    ...effectLines(clause, statement),
    ...supportLines(clause.key, statement),
    ...operatorLines(clause).slice(0, 1),
  ];
  return { title: plain(clause.key), lines, node: clause.keyNode };
}

/** A value of a clause. */
export function describeValue(item: Item, clause: ConditionClause, statement: Statement): PolicyPart {
  const fact = keyFact(clause.key);
  const lines = [
    ...valueLines(item, clause),
    ...effectLines(clause, statement),
    ...(fact === undefined ? [] : [`${code(clause.key)}: ${fact}`]),
  ];
  const title = `${plain(clause.key)} ${plain(clause.operatorText)} ${item.text === undefined ? '…' : plain(item.text)}`;
  return { title, lines, node: item.node };
}

/** Condition as a whole: each of its clauses in a line. */
export function describeConditions(statement: Statement): PolicyPart | undefined {
  const element = statement.elements.Condition;
  if (!element || !statement.conditions.length) return undefined;
  const lines = statement.conditions.slice(0, 6).map((clause) => {
    const [effect] = effectLines(clause, statement);
    const values = quoted(clause.values) || '…';
    return `${code(clause.key)} ${plain(clause.operatorText)} ${values}.${effect ? ` ${effect}` : ''}`;
  });
  const count = statement.conditions.length;
  if (count > 1) lines.unshift(`All ${count} must hold.`);
  if (count > 6) lines.push(`And ${count - 6} more.`);
  return { title: element.name, lines, node: element.key };
}

const COMPARES: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  StringEquals: 'equals one of the values, letter case included; `*` and `?` are plain characters',
  StringNotEquals: 'equals none of the values, letter case included; `*` and `?` are plain characters',
  StringEqualsIgnoreCase: 'equals one of the values, letter case aside',
  StringNotEqualsIgnoreCase: 'equals none of the values, letter case aside',
  StringLike: 'matches one of the values, letter case included; `*` stands for any text, `?` for one character',
  StringNotLike: 'matches none of the values, letter case included; `*` stands for any text, `?` for one character',
  NumericEquals: 'is one of the numbers',
  NumericNotEquals: 'is none of the numbers',
  NumericLessThan: 'is less than the number',
  NumericLessThanEquals: 'is the number or less',
  NumericGreaterThan: 'is greater than the number',
  NumericGreaterThanEquals: 'is the number or greater',
  DateEquals: 'is the date',
  DateNotEquals: 'is not the date',
  DateLessThan: 'is before the date',
  DateLessThanEquals: 'is the date or before',
  DateGreaterThan: 'is after the date',
  DateGreaterThanEquals: 'is the date or after',
  Bool: 'is the value, true or false',
  BinaryEquals: 'is the value, byte by byte (written in Base64)',
  IpAddress: 'is in one of the address ranges',
  NotIpAddress: 'is in none of the address ranges',
  ArnEquals: 'matches one of the ARNs, part by part; `*` and `?` are wildcards, as with ArnLike',
  ArnLike: 'matches one of the ARNs, part by part; `*` and `?` are wildcards',
  ArnNotEquals: 'matches none of the ARNs, part by part; `*` and `?` are wildcards, as with ArnNotLike',
  ArnNotLike: 'matches none of the ARNs, part by part; `*` and `?` are wildcards',
});

/** What an operator does. Source: IAM user guide, "Condition operators" and "Multivalued context keys". */
function operatorLines({ operator, operatorText, values }: ConditionClause): string[] {
  if (operator.name === undefined) {
    return operator.base.includes(HOLE)
      ? ['An operator that is not known.']
      : [`${code(operatorText)} is no operator of the policy language.`];
  }
  if (operator.name === 'Null') {
    const value = values.length === 1 ? values[0]?.text?.toLowerCase() : undefined;
    if (value === 'true') return ['Holds where the request lacks the key.'];
    if (value === 'false') return ['Holds where the request has the key, whatever its value.'];
    return ['With `true` it holds where the request lacks the key, with `false` where it has it.'];
  }
  const compares = COMPARES[operator.name] ?? '';
  const subject =
    operator.qualifier === 'ForAllValues'
      ? 'every value of the key in the request'
      : operator.qualifier === 'ForAnyValue'
        ? 'at least one value of the key in the request'
        : 'the value of the key';
  const absent = holdsWithoutKey(operator)
    ? `It also holds where the request lacks the key${operator.ifExists ? ' (IfExists)' : ''}.`
    : 'It does not hold where the request lacks the key.';
  return [`Holds where ${subject} ${compares}. ${absent}`];
}

/** Whether a comparison holds for a request that lacks the key. */
function holdsWithoutKey({ ifExists, qualifier, negated }: Operator): boolean {
  if (ifExists || qualifier === 'ForAllValues') return true;
  return qualifier === undefined && negated;
}

const CATEGORY: Readonly<Record<string, string>> = {
  principal: 'the caller',
  session: 'the session of the caller',
  network: 'the network',
  resource: 'the resource',
  request: 'the request',
};

/** Whether AWS has no key of that name, as far as is known. */
function isUnknownKey(key: string): boolean {
  if (key.includes(HOLE) || !reference() || isProviderPrefix(keyPrefix(key)) || keyFact(key) !== undefined)
    return false;
  return !findGlobalKey(key) && !findConditionKey(key);
}

function keyLines(key: string): string[] {
  if (key.includes(HOLE)) return ['A key that the template makes up.'];
  const global = findGlobalKey(key);
  const known = global ?? findConditionKey(key);
  const fact = keyFact(key);
  const prefix = keyPrefix(key);
  const lines = fact === undefined ? [] : [fact];
  if (!known) {
    if (!isUnknownKey(key)) return lines;
    const near = nearestConditionKey(key);
    const hint = near.length ? ` Nearest: ${listed(near)}.` : '';
    return [`No condition key of this name is known: where no request has it, the clause counts it as missing.${hint}`];
  }
  const about = global ? `A global key, of ${CATEGORY[global.category]}` : `A key of ${ownerOf(prefix)}`;
  lines.push(`${about}${typeText(known.type)}.`);
  return lines;
}

function ownerOf(prefix: string): string {
  if (isProviderPrefix(prefix)) return 'an identity provider';
  return serviceTitle(prefix) ?? code(prefix);
}

function typeText(type: ConditionKeyType | undefined): string {
  if (type === undefined) return '';
  return isMultivalued(type)
    ? `, type ${type.replace(/^ArrayOf/, '')}, with several values in a request (ForAnyValue, ForAllValues)`
    : `, type ${type}, with one value in a request`;
}

/** Which actions of the statement know a key of a service. */
function supportLines(key: string, statement: Statement): string[] {
  if (key.includes(HOLE) || findGlobalKey(key) || isProviderPrefix(keyPrefix(key)) || !findConditionKey(key)) return [];
  if (statement.elements.NotAction || !statement.actions.length) return [];
  if (!statement.actions.every(isKnown) || statement.openElements.has('Action')) return [];
  const actions = new Set<ActionInfo>();
  for (const item of statement.actions) {
    for (const action of expandActionPattern(item.text ?? '')) actions.add(action);
    if (actions.size > MOST_ACTIONS) return [];
  }
  if (!actions.size) return [];
  const supporting = [...actions].filter((action) => supportsConditionKey(action, key));
  const others = [...actions].filter((action) => !supportsConditionKey(action, key));
  const names = (list: readonly ActionInfo[]) =>
    listed(
      list.map(({ full }) => full),
      4,
    );
  const source = 'by the service authorization reference';
  if (!others.length) return [`Every action of the statement knows it, ${source}.`];
  if (!supporting.length) {
    return [`None of the actions of the statement knows it, ${source}: nothing says that their requests carry it.`];
  }
  return [
    `Known to ${supporting.length} of the ${counted(actions.size, 'action')} of the statement (${names(supporting)}), not to ${names(others)}, ${source}.`,
  ];
}

function valueLines(item: Item, clause: ConditionClause): string[] {
  const { text } = item;
  const { name } = clause.operator;
  if (text === undefined || name === undefined) return [];
  const lines: string[] = [];
  const variable = /\$\{([^{}*?$][^{}]*)\}/.exec(text)?.[1]?.split(',')[0]?.trim();
  if (variable !== undefined && !variable.includes(HOLE)) {
    const fact = keyFact(variable);
    lines.push(`${code(`\${${variable}}`)} is filled in from each request.${fact ? ` ${fact}` : ''}`);
  }
  const exact = name === 'StringEquals' || name === 'StringNotEquals' || name.endsWith('IgnoreCase');
  const literal = text.replaceAll(/\$\{[^{}]*\}/g, '');
  if (/[*?]/.test(literal)) {
    if (exact) lines.push(`${name} compares \`*\` and \`?\` as plain characters: the value matches itself only.`);
    else if (/^\*+$/.test(literal) && name.startsWith('StringLike')) lines.push('Matches every value.');
  }
  if (name === 'IpAddress' || name === 'NotIpAddress') lines.push(...addressLines(text));
  return lines;
}

const PRIVATE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/;

function addressLines(text: string): string[] {
  const [address = '', length] = text.split('/', 2);
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) {
    return text === '::/0' ? ['Every IPv6 address.'] : [];
  }
  if (address.split('.').some((part) => Number(part) > 255)) return [];
  const prefix = length === undefined ? 32 : /^\d{1,2}$/.test(length) ? Number(length) : Number.NaN;
  if (!(prefix <= 32)) return [];
  if (prefix === 0) return ['Every IPv4 address.'];
  const size = prefix === 32 ? 'One IPv4 address' : `${(2 ** (32 - prefix)).toLocaleString('en-US')} IPv4 addresses`;
  return [`${size}${PRIVATE.test(address) && prefix >= 8 ? ' of a private network' : ''}.`];
}

/** What a clause does to its statement. */
function effectLines(clause: ConditionClause, statement: Statement): string[] {
  if (statement.effect === 'Deny') return [denyLine(clause, statement)];
  if (statement.effect !== 'Allow' || clause.operator.name === undefined) return [];
  const { kind } = statement.policy;
  if (kind === 'resource' || kind === 'trust') {
    const line = whoLine(clause, statement);
    if (line !== undefined) return [line];
  }
  const loose = looseness(clause, statement);
  switch (loose?.kind) {
    case 'any-value':
      return holdsWithoutKey(clause.operator)
        ? ['Narrows nothing: it holds for every value, and without one.']
        : ['Holds for every value: it only asks that the request has the key.'];
    case 'any-address':
      return clause.values.some(({ text }) => text?.endsWith('/1'))
        ? ['Hardly narrows: it holds for half of all addresses, or more.']
        : ['Hardly narrows: it holds for every address of its kind.'];
    case 'any-principal':
      return ['Hardly narrows: it holds for principals of every account.'];
    case 'absent-key':
      return ['Narrows nothing for requests that lack the key: ForAllValues holds for them.'];
  }
  if (asksForNoMfa(clause)) return ['Asks for sessions without MFA.'];
  if (isConditional(clause, statement)) return ['Is there only under a condition of the template.'];
  return ['The statement allows only requests for which it holds.'];
}

function denyLine({ operator }: ConditionClause, { conditions }: Statement): string {
  const others = conditions.length > 1 ? ', where its other conditions hold too' : '';
  if (operator.name === undefined || operator.name === 'Null')
    return `The statement denies requests for which it holds${others}.`;
  const absent = holdsWithoutKey(operator) ? 'and those that lack the key' : 'not those that lack the key';
  return `The statement denies requests for which it holds, ${absent}${others}.`;
}

/** Whom a clause of a resource or trust policy narrows a grant to; undefined where its principals are named without it. */
function whoLine(clause: ConditionClause, statement: Statement): string | undefined {
  const { policy } = statement;
  const forms = statement.principals.map((principal) => identify(principal, policy).form);
  const oidc = policy.kind === 'trust' ? statement.principals[forms.indexOf('oidc')] : undefined;
  if (oidc) {
    const trust = oidcTrust(statement, oidc);
    if (trust?.clause !== clause) return undefined;
    const value = trust.item?.text === undefined ? '' : ` (${code(trust.item.text)})`;
    // A wildcard that is a plain character is for the value to explain.
    if (trust.literal) return `Matches no token${value}.`;
    switch (trust.state) {
      case 'scoped':
        return 'Narrows whose tokens are accepted.';
      case 'wildcard-rest':
        return `Narrows the tokens to one owner; the wildcard leaves the rest open${value}.`;
      case 'wildcard-owner':
        return `Does not narrow whose tokens are accepted: the wildcard leaves the owner open${value}.`;
      case 'caller-claim':
        return `Does not narrow whose tokens are accepted: the subject begins with a claim that any repository can bring about${value}.`;
      case 'no-subject':
        return 'Does not narrow whose tokens are accepted: many share this provider, and the claim `sub` tells them apart.';
      case 'malformed':
        return `Matches no token${value}.`;
      default:
        return undefined;
    }
  }
  const audience: Audience | undefined =
    forms.includes('everyone') || statement.elements.NotPrincipal
      ? 'everyone'
      : forms.includes('service')
        ? policy.kind === 'trust' && !/^aws:source/i.test(clause.key)
          ? undefined
          : 'service'
        : undefined;
  if (!audience) return undefined;
  const judged = judgeClauses(statement, audience).find((one) => one.clause === clause);
  if (!judged) return undefined;
  const whom = audience === 'service' ? 'for whom the service may act' : 'whom the statement lets in';
  if (judged.result === 'narrows') {
    if (judged.to === 'nobody') return 'No request matches it: the statement lets in nobody.';
    return `Narrows ${whom}: to ${judged.to ? narrowedTo(judged.to) : 'what it names'}.`;
  }
  return judged.result === 'fails'
    ? `Does not narrow ${whom}: ${code(clause.key)} ${plain(judged.why)}.`
    : `Whether it narrows ${whom} is not known: ${code(clause.key)} ${plain(judged.why)}.`;
}
