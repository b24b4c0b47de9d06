/**
 * Policy variables that AWS refuses, does not replace, or does not know.
 * Source: IAM user guide, "IAM policy elements: Variables and tags".
 */

import {
  findConditionKey,
  globalConditionKeys,
  isProviderPrefix,
  keyPrefix,
  nearestConditionKey,
} from '../../iam/condition-keys.ts';
import { type ConditionClause, HOLE, type Item, type PolicyDocument, type Statement } from '../../iam/document.ts';
import { Answers } from '../../iam/reference.ts';
import type { Data } from '../../syntax/edit.ts';
import type { Node } from '../../syntax/node.ts';
import type { Template } from '../../template/template.ts';
import { oncePerTemplate } from '../../template/template.ts';
import type { Fix } from '../fix.ts';
import { aws } from '../references.ts';
import type { Rule, Severity, Variant } from '../rule.ts';
import {
  clausePath,
  clausesOf,
  type DocumentCheck,
  doubtful,
  fixOf,
  hasStatements,
  itemsOf,
  policyRule,
  refused,
  replaceLeaf,
  writtenStatements,
} from './check.ts';
import { familyOf } from './condition-operators.ts';

/** A variable in a text. */
interface Variable {
  /** Where it begins in the text. */
  readonly start: number;
  /** Behind its brace, or where the text of it breaks off. */
  readonly end: number;
  readonly closed: boolean;
  /** What stands between the braces. */
  readonly inner: string;
}

/** Texts hold a few variables; more are not looked at. */
const MAX_VARIABLES = 20;

function variablesOf(text: string): Variable[] {
  const variables: Variable[] = [];
  for (let start = text.indexOf('${'); start >= 0 && variables.length < MAX_VARIABLES; ) {
    const close = text.indexOf('}', start);
    const next = text.indexOf('${', start + 2);
    const closed = close >= 0 && (next < 0 || close < next);
    const end = closed ? close + 1 : next < 0 ? text.length : next;
    variables.push({ start, end, closed, inner: text.slice(start + 2, closed ? close : end) });
    start = next >= 0 && next < end ? text.indexOf('${', end) : next;
  }
  return variables;
}

interface Fault {
  readonly key: string;
  readonly message: string;
  readonly severity?: Severity;
  /** The text with the variable mended. */
  readonly mended?: string;
  /** The text as an argument of Fn::Sub. */
  readonly substituted?: string;
}

/** Names of the Serverless Framework's own variables, which it replaces before AWS sees them. */
const SERVERLESS = /^(self|opt|env|sls|param|cf|file|git|ssm|s3)(:|\(|\.)/;
const SERVERLESS_FILE = /\$\{(self|opt|sls|param|file)[:(]/;
/** Services with variables of their own, which AWS's data does not have. */
const DIALECTS: ReadonlySet<string> = new Set([
  'iot',
  'credentials-iot',
  'transfer',
  'greengrass',
  'sso',
  'identitystore',
]);

/** Files of a template that the Serverless Framework reads. */
const serverlessFiles = oncePerTemplate((template): readonly string[] =>
  template.documents.filter(({ text }) => SERVERLESS_FILE.test(text)).map(({ uri }) => uri),
);

function isServerless({ resource }: PolicyDocument, node: Node): boolean {
  return serverlessFiles(resource.template).includes(node.document.uri);
}

const known = new Answers<boolean>();

/** Whether a name is that of a condition key, or may be one that AWS's data does not have. */
function mayBeKey(name: string): boolean {
  return known.of(name, () => {
    const prefix = keyPrefix(name.split('/')[0] ?? '');
    return (
      findConditionKey(name) !== undefined ||
      isProviderPrefix(prefix) ||
      DIALECTS.has(prefix) ||
      !globalConditionKeys().length
    );
  });
}

/** What is wrong with a variable; undefined where nothing is, or it is not known. */
function judge(text: string, variable: Variable, policy: PolicyDocument): Fault | undefined {
  const { inner, closed, start, end } = variable;
  const before = text.slice(0, start);
  const after = text.slice(end);
  const shown = `\${${inner}}`;
  const replace = (name: string) => `${before}\${${name}}${after}`;
  if (inner.includes(HOLE)) return undefined;
  if (!closed) {
    const name = /^[\w-]+:[\w-]+/.exec(inner)?.[0];
    const whole = /^[\w-]+:[\w-]+(\/[\w+=.@:-]+)?$/.test(inner) && !after;
    const length = name && findConditionKey(name) ? name.length : whole && mayBeKey(inner) ? inner.length : undefined;
    return {
      key: 'var-brace',
      message: `The variable ${JSON.stringify(`\${${inner.slice(0, 40)}`)} has no closing brace`,
      mended: length === undefined ? undefined : `${before}\${${inner.slice(0, length)}}${inner.slice(length)}${after}`,
    };
  }
  // Escapes of single characters.
  if (inner === '*' || inner === '?' || inner === '$') return undefined;
  if (!inner.trim()) {
    return { key: 'var-empty', message: 'The variable has no name', mended: before + after || undefined };
  }
  // An expression of a tool that fills the file in.
  if (policy.resource.template.dialect === 'policy' && /["()[\]?]/.test(inner)) return undefined;
  const comma = inner.indexOf(',');
  const name = comma < 0 ? inner : inner.slice(0, comma);
  const fallback = comma < 0 ? undefined : inner.slice(comma + 1).trim();
  return (
    foreign(text, name, policy) ??
    spelling(name, shown, (mended) => replace(mended + (comma < 0 ? '' : inner.slice(comma)))) ??
    (fallback === undefined ? undefined : quotes(fallback, (quoted) => replace(`${name}, ${quoted}`))) ??
    unknown(name, shown, policy, (mended) => replace(mended + (comma < 0 ? '' : inner.slice(comma))))
  );
}

/** A token of CloudFormation that stands outside Fn::Sub. */
function foreign(text: string, name: string, policy: PolicyDocument): Fault | undefined {
  if (!isToken(name.trim(), policy.resource.template)) return undefined;
  return {
    key: 'var-unknown',
    message: `Fn::Sub is missing: \${${name}} stands as it is`,
    severity: 'medium',
    substituted: policy.host ? undefined : substitution(text, policy.resource.template),
  };
}

/** Whether a name means something to Fn::Sub in this template: a pseudo parameter, a parameter, a resource, an escape. */
function isToken(name: string, template: Template): boolean {
  if (template.dialect !== 'cloudformation') return false;
  if (name.startsWith('!') || /^AWS::[A-Za-z]+$/.test(name)) return true;
  const [first = ''] = name.split('.');
  return (
    /^[A-Za-z0-9]+$/.test(first) &&
    (template.resource(first) !== undefined || template.parameters.some((parameter) => parameter.name === first))
  );
}

/** The text for Fn::Sub: names of the template as they are, policy variables escaped. */
function substitution(text: string, template: Template): string | undefined {
  let result = '';
  let at = 0;
  for (const { start, end, closed, inner } of variablesOf(text)) {
    if (!closed) return undefined;
    result += `${text.slice(at, start)}\${${isToken(inner, template) ? '' : '!'}${inner}}`;
    at = end;
  }
  return result + text.slice(at);
}

function spelling(name: string, shown: string, replace: (name: string) => string): Fault | undefined {
  const slash = name.indexOf('/');
  const head = slash < 0 ? name : name.slice(0, slash);
  // Keys of tags may have spaces inside.
  if (/\s/.test(head) || name !== name.trim()) {
    const mended = slash < 0 ? name.replaceAll(/\s/g, '') : head.replaceAll(/\s/g, '') + name.slice(slash).trimEnd();
    return {
      key: 'var-space',
      message: `The name of the variable ${shown} has a space`,
      mended: findConditionKey(mended) ? replace(mended) : undefined,
    };
  }
  const symbol = /[^\w:/.@+=-]/u.exec(slash < 0 ? name : head)?.[0];
  if (symbol === undefined || !name.includes(':')) return undefined;
  return { key: 'var-symbol', message: `The name of the variable ${shown} has the character ${symbol}` };
}

function quotes(fallback: string, replace: (quoted: string) => string): Fault | undefined {
  if (fallback.length >= 2 && fallback.startsWith("'") && fallback.endsWith("'")) return undefined;
  const plain = fallback.replaceAll(/^['"]|['"]$/g, '');
  return {
    key: 'var-quote',
    message: 'The default of a variable stands in single quotes',
    mended: plain.includes("'") ? undefined : replace(`'${plain}'`),
  };
}

function unknown(
  name: string,
  shown: string,
  policy: PolicyDocument,
  replace: (name: string) => string,
): Fault | undefined {
  if (!name.includes(':')) {
    // Files of policies are templates of many tools, which fill such names in.
    if (policy.resource.template.dialect === 'policy' || !globalConditionKeys().length) return undefined;
    return { key: 'var-unknown', message: `${shown} is no policy variable: they have the form \${service:name}` };
  }
  if (SERVERLESS.test(name) || mayBeKey(name)) return undefined;
  if (/^AWS::/.test(name)) {
    if (policy.resource.template.dialect === 'policy') return undefined;
    return { key: 'var-unknown', message: `${shown} is CloudFormation's, and no policy variable` };
  }
  const [near] = nearestConditionKey(name);
  return {
    key: 'var-unknown',
    message: `There is no key ${name}${near ? `: ${near} is meant?` : ''}`,
    mended: near && replace(near),
  };
}

// ---- where variables stand

/** Whether the document's language has variables: not where Version is missing, old or unknown. */
function hasVariables(policy: PolicyDocument): boolean {
  if (!hasStatements(policy) || policy.service === 'iot' || policy.problems.length) return false;
  if (policy.form !== 'document') return true;
  const version = policy.version?.value;
  return version?.kind === 'known' && version.value === '2012-10-17';
}

/** The first variable of a text that is not right. */
function faultOf(item: Item, policy: PolicyDocument): Fault | undefined {
  const { text } = item;
  if (!text?.includes('${')) return undefined;
  for (const variable of variablesOf(text)) {
    const fault = judge(text, variable, policy);
    // Mappings and defaults with names that are no keys are filled in by a tool.
    if (fault && item.via.length && !variable.inner.includes(':')) continue;
    if (fault) return isServerless(policy, item.node) ? undefined : fault;
  }
  return undefined;
}

function fixFor(item: Item, fault: Fault): Fix | undefined {
  // Text that is put together of parts is not written at one place.
  if (item.value.kind !== 'known' || !item.node.isScalar || item.node.tag !== undefined) return undefined;
  const { mended, substituted } = fault;
  if (substituted !== undefined && !item.text?.includes(HOLE)) {
    const [name] = /^\$\{([A-Za-z0-9:]+)\}$/.exec(substituted)?.slice(1) ?? [];
    const data: Data = name === undefined ? { 'Fn::Sub': substituted } : { Ref: name };
    return fixOf(name === undefined ? 'Wrap in Fn::Sub' : `Refer to ${name}`, replaceLeaf(item.value, data), false);
  }
  if (mended === undefined || mended.includes(HOLE)) return undefined;
  return fixOf(`Change to ${mended}`, replaceLeaf(item.value, written(mended, item)), false);
}

/** As it is written where `$` and `{` mean something before AWS sees them. */
function written(text: string, { value, node }: Item): string {
  const source = value.kind === 'known' ? node.source : '';
  if (source.includes('&{')) return text.replaceAll('${', '&{');
  return source.includes('$${') ? text.replaceAll('${', () => '$${') : text;
}

const checkTexts: DocumentCheck = (policy, fault) => {
  if (!hasVariables(policy)) return;
  const report = (item: Item, path: string, found: Fault | undefined) => {
    if (!found) return;
    const { key, message, severity } = found;
    fault({
      key,
      message,
      severity,
      node: item.node,
      conditions: item.conditions,
      path,
      fix: () => fixFor(item, found),
    });
  };
  for (const { item, element } of itemsOf(policy, 'Resource', 'NotResource'))
    report(item, element, faultOf(item, policy));
  for (const { clause } of clausesOf(policy)) {
    for (const item of clause.values) report(item, clausePath(clause), valueFault(item, clause, policy));
  }
};

function valueFault(item: Item, clause: ConditionClause, policy: PolicyDocument): Fault | undefined {
  if (!item.text?.includes('${')) return undefined;
  const family = familyOf(clause.operator.name);
  if (!family || family === 'String' || family === 'Arn') return faultOf(item, policy);
  // That it does not belong here is said of each, however it is spelt; template tokens are none.
  const found = faultOf(item, policy);
  if (found?.substituted !== undefined || found?.message.startsWith('Fn::Sub')) return found;
  const stray =
    variablesOf(item.text).some(({ closed, inner }) => closed && isVariable(inner)) && !isServerless(policy, item.node);
  if (!stray) return undefined;
  return {
    key: 'var-operator',
    message: `${clause.operator.name} takes no variables: only String and Arn operators do`,
  };
}

function isVariable(inner: string): boolean {
  return /^[A-Za-z][\w.-]*:[^:]/.test(inner) && !inner.includes(HOLE) && !SERVERLESS.test(inner);
}

/** Whether it is one, or a name that nothing replaces: tools fill in files of policies only. */
function isStray(inner: string, { template }: PolicyDocument['resource']): boolean {
  return isVariable(inner) || (template.dialect !== 'policy' && /^\w[\w.]*$/.test(inner));
}

/** A variable where AWS takes it for plain text, or refuses it. */
const checkElements: DocumentCheck = (policy, fault) => {
  if (!hasVariables(policy)) return;
  const { template } = policy.resource;
  const check = (item: Item, where: string) => {
    if (!item.text?.includes('${') || isServerless(policy, item.node)) return;
    const variables = variablesOf(item.text).filter(({ closed }) => closed);
    const at = { node: item.node, conditions: item.conditions, path: where };
    const [token] = variables.filter(({ inner }) => isToken(inner.trim(), template));
    const found = token && foreign(item.text, token.inner, policy);
    if (found) fault({ ...at, ...found, fix: () => fixFor(item, found) });
    else if (variables.some(({ inner }) => (item.via.length ? isVariable(inner) : isStray(inner, policy.resource))))
      fault({ ...at, key: 'var-element', message: notIn(where) });
  };
  for (const { item, element } of itemsOf(policy, 'Action', 'NotAction')) check(item, element);
  for (const statement of writtenStatements(policy))
    for (const item of principalsOf(statement)) check(item, 'Principal');
  for (const { clause } of clausesOf(policy)) {
    const { key, keyNode, conditions } = clause;
    if (!key.includes('${') || isServerless(policy, keyNode)) continue;
    const variables = variablesOf(key).filter(({ closed }) => closed);
    const token = variables.some(({ inner }) => isToken(inner.trim(), template));
    if (!token && !variables.some(({ inner }) => isStray(inner, policy.resource))) continue;
    fault({
      key: 'var-element',
      node: keyNode,
      message: token ? 'CloudFormation replaces nothing in keys: the text stands as it is' : notIn('condition keys'),
      conditions,
      path: clausePath(clause),
    });
  }
};

function notIn(where: string): string {
  return `Variables are not replaced in ${where}: only in Resource and in the values of Condition`;
}

function principalsOf(statement: Statement): readonly Item[] {
  return statement.notPrincipals.length ? [...statement.principals, ...statement.notPrincipals] : statement.principals;
}

const VARIANTS: Readonly<Record<string, Variant>> = {
  'var-brace': refused('access-analyzer:MISSING_BRACE_IN_VARIABLE'),
  'var-quote': refused('access-analyzer:MISSING_QUOTE_IN_VARIABLE'),
  'var-space': refused('access-analyzer:UNSUPPORTED_SPACE_IN_VARIABLE'),
  'var-symbol': refused('access-analyzer:UNSUPPORTED_SYMBOL_IN_VARIABLE'),
  'var-empty': refused('access-analyzer:EMPTY_VARIABLE'),
  'var-element': refused('access-analyzer:VARIABLE_UNSUPPORTED_IN_ELEMENT'),
  'var-operator': refused('access-analyzer:INVALID_VARIABLE_FOR_OPERATOR'),
  'var-unknown': doubtful(),
};

export const VARIABLE_RULES: readonly Rule[] = [
  policyRule({
    id: 'iam-policy-variable',
    title: 'Policy variable is not valid',
    severity: 'medium',
    owner: {
      side: 'customer',
      why: 'AWS fills variables in with what a request carries; which ones stand in a policy, and where, is yours.',
    },
    description:
      'AWS replaces `${key}` by the value of that key in the request, in resources and in the values of String and Arn conditions. ' +
      'It refuses variables that are not well formed or stand elsewhere; one that no request carries matches nothing. ' +
      'In CloudFormation, `${Name}` is replaced in `Fn::Sub` only.',
    variants: VARIANTS,
    references: [
      aws('IAM policy elements: Variables and tags', 'IAM/latest/UserGuide/reference_policies_variables.html'),
      aws('IAM policy validation check reference', 'IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html'),
    ],
    checks: [checkTexts, checkElements],
  }),
];
