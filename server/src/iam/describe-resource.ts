/** How wide a text in Resource is, and which resource types of the actions it can name. */

import type { Template } from '../template/template.ts';
import { expandActionPattern, serviceTitle } from './actions.ts';
import { isOfType, isWorkedOn } from './arn-reach.ts';
import { type Arn, arnText, readArn } from './arns.ts';
import { code, counted, listed, type PolicyPart, plain } from './describe-text.ts';
import { HOLE, type Item, isKnown, isWildcard, type Statement } from './document.ts';
import type { ActionInfo } from './reference.ts';
import { FIXED_TEXT, markedText, OWN_ACCOUNT } from './tokens.ts';

/** Wider statements say nothing of one resource. */
const MOST_ACTIONS = 1_000;

/** An item of Resource or NotResource; undefined where nothing can be said of it. */
export function describeResource(item: Item, statement: Statement): PolicyPart | undefined {
  const { template } = statement.policy.resource;
  const excluded = statement.notResources.includes(item);
  const width = isWildcard(item) ? everything(statement) : widthOf(item, statement);
  const lines = excluded ? [exceptLine(statement)] : [];
  if (width !== undefined) lines.push(width);
  if (!excluded) lines.push(...typeLines(item, statement));
  if (!lines.length) return undefined;
  const text = markedText(item.value, template) ?? item.text;
  return {
    title: text === undefined || text === HOLE || text === FIXED_TEXT ? 'Resource' : plain(text),
    lines,
    node: item.node,
  };
}

/** NotResource as a whole. */
export function describeNotResource(statement: Statement): PolicyPart | undefined {
  const element = statement.elements.NotResource;
  if (!element) return undefined;
  const lines = [exceptLine(statement)];
  const named = statement.notResources.flatMap((item) => item.text ?? []);
  if (named.length) lines.push(`Left out: ${listed(named, 4)}.`);
  return { title: element.name, lines, node: element.key };
}

/**
 * Whether the resources of a statement fit an action: a sentence where it is certain that none of them is one the action
 * works on, or which of them are.
 */
export function resourceFit(action: ActionInfo, statement: Statement): string | undefined {
  if (!statement.resources.length || statement.openElements.has('Resource')) return undefined;
  if (statement.resources.some(isWildcard)) return undefined;
  const { template } = statement.policy.resource;
  const arns = statement.resources.map((item) => ({ item, arn: arnOf(item, template) }));
  if (arns.some(({ arn }) => arn === undefined)) return undefined;
  if (!action.resourceTypes.length) return 'The resources of the statement do not fit: the action works on `*` only.';
  const fitting = arns.filter(({ arn }) => arn && isWorkedOn(arn, action)).map(({ item }) => item);
  if (!fitting.length) return 'None of the resources of the statement is one that the action works on.';
  if (fitting.length === statement.resources.length) return undefined;
  return `Of the resources of the statement it works on ${listed(
    fitting.flatMap((item) => item.text ?? []),
    3,
  )}.`;
}

/** The ARN of an item; what is not known in it may be any text, so that what it cannot be is certain. */
function arnOf({ value }: Item, template: Template): Arn | undefined {
  const text = arnText(value, template);
  return text?.startsWith('arn:') ? readArn(text) : undefined;
}

function exceptLine(statement: Statement): string {
  const verb = statement.effect === 'Deny' ? 'denies' : statement.effect === 'Allow' ? 'allows' : 'speaks of';
  return `NotResource leaves out what it names: the statement ${verb} its actions on every other resource.`;
}

function everything({ policy }: Statement): string {
  switch (policy.kind) {
    case 'resource':
      return 'Everything that the policy is attached to.';
    case 'vpc-endpoint':
      return 'Every resource, of your own account and of others, that can be reached through the endpoint.';
    default:
      return 'Every resource that the actions work on.';
  }
}

function widthOf(item: Item, { policy }: Statement): string | undefined {
  const { template } = policy.resource;
  const { value } = item;
  const single = value.kind === 'text' && value.parts.length === 1 ? value.parts[0] : value;
  if (typeof single === 'object' && single.kind === 'reference' && single.to === 'resource') {
    const target = template.resource(single.target);
    if (!target) return undefined;
    return `${code(single.target)} of this template (${code(target.type)})${single.attribute ? `, by its ${code(single.attribute)}` : ''}.`;
  }
  const text = markedText(value, template);
  if (!text?.startsWith('arn:')) return undefined;
  const fields = text.split(':');
  if (fields.length < 6) return undefined;
  const [, , service = '', region = '', account = ''] = fields;
  const resource = fields.slice(5).join(':');
  if (service === 's3' && !region && !account) return bucketWidth(resource);
  const where = `${regionOf(region)}${accountOf(account)}`;
  return `${genericWidth(service, resource)}${where}.`;
}

/** Names in an S3 ARN: a bucket, or a bucket and a key. */
function bucketWidth(resource: string): string {
  if (/^\*+$/.test(resource)) return 'Every bucket and every object.';
  const slash = resource.indexOf('/');
  if (slash < 0) {
    if (resource.includes(HOLE)) return 'What the template names: a bucket, or objects of one.';
    if (resource === FIXED_TEXT) return 'The bucket itself that the template names, not its objects.';
    if (!hasWildcard(resource)) return `The bucket ${name(resource)} itself, not its objects.`;
    return resource.endsWith('*')
      ? `Every bucket whose name ${matching(resource)}, and every object in it.`
      : `Every bucket, and every object, whose ARN ends like ${code(resource)}.`;
  }
  const bucket = resource.slice(0, slash);
  if (bucket === '') return 'Names no bucket: it matches nothing.';
  const key = resource.slice(slash + 1);
  const of = hasWildcard(bucket) ? `of every bucket whose name ${matching(bucket)}` : `of the bucket ${name(bucket)}`;
  if (/^\*+$/.test(key)) return `Every object ${of}, not the bucket itself.`;
  if (!hasWildcard(key)) return `The object ${name(key)} ${of}.`;
  return `Objects ${of} whose key ${matching(key)}.`;
}

function genericWidth(service: string, resource: string): string {
  const title = hasWildcard(service) ? 'any service' : (serviceTitle(service) ?? code(service));
  if (/^\*+$/.test(resource)) return `Every resource of ${title}`;
  const at = resource.search(/[/:]/);
  if (at < 0) {
    return hasWildcard(resource)
      ? `Every resource of ${title} whose name ${matching(resource)}`
      : named('', resource, title);
  }
  const type = resource.slice(0, at);
  const rest = resource.slice(at + 1);
  if (hasWildcard(type)) return `Every resource of ${title} that matches ${code(resource)}`;
  if (/^\*+$/.test(rest)) return `Every ${code(type)} of ${title}`;
  if (!hasWildcard(rest)) return named(`The ${code(type)}`, rest, title);
  return `Every ${code(type)} of ${title} whose name ${matching(rest)}`;
}

function regionOf(region: string): string {
  if (region === '') return '';
  if (region === '*') return ', in every Region';
  if (isOpen(region)) return ', in the Region that the template gives';
  return `, in ${hasWildcard(region) ? `every Region that matches ${code(region)}` : code(region)}`;
}

function accountOf(account: string): string {
  if (account === '') return '';
  if (account === '*') return ', of every account';
  if (account === OWN_ACCOUNT) return ', of your own account';
  if (isOpen(account)) return ', of the account that the template gives';
  return `, of the account ${code(account)}`;
}

function isOpen(text: string): boolean {
  return text.includes(HOLE) || text.includes(FIXED_TEXT);
}

function name(text: string): string {
  return text === HOLE || text === FIXED_TEXT ? 'that the template names' : code(text);
}

/** One resource of a service. */
function named(type: string, text: string, title: string): string {
  if (text === HOLE || text === FIXED_TEXT)
    return `${type || 'What'} of ${title}${type ? ' that' : ''} the template names`;
  return `${type ? `${type} ` : ''}${code(text)} of ${title}`;
}

/** Wildcards of a text, policy variables aside. */
function hasWildcard(text: string): boolean {
  return /[*?]/.test(text.replaceAll(/\$\{[^{}]*\}/g, ''));
}

function matching(text: string): string {
  const head = text.slice(0, -1);
  if (!text.endsWith('*') || hasWildcard(head)) return `matches ${code(text)}`;
  return head === FIXED_TEXT || head === HOLE ? 'begins with what the template gives' : `begins with ${code(head)}`;
}

/** Resource types of the statement's actions that the text can name, and the actions that it is not for. */
function typeLines(item: Item, statement: Statement): string[] {
  if (isWildcard(item) || !statement.actions.length || !statement.actions.every(isKnown)) return [];
  const arn = arnOf(item, statement.policy.resource.template);
  if (!arn) return [];
  const actions = new Set<ActionInfo>();
  for (const action of statement.actions) {
    for (const one of expandActionPattern(action.text ?? '')) actions.add(one);
    if (actions.size > MOST_ACTIONS) return [];
  }
  const types = new Set<string>();
  const others: string[] = [];
  for (const action of actions) {
    const matching = action.resourceTypes.filter((type) => isOfType(arn, type));
    for (const { name } of matching) types.add(`${action.service} ${name}`);
    if (!matching.length) others.push(action.full);
  }
  if (!actions.size) return [];
  if (!types.size) return ['Fits none of the actions of the statement.'];
  const shown = [...types].map((type) => type.slice(type.indexOf(' ') + 1));
  const lines = [
    `Can be ${shown.length === 1 ? 'the resource type' : 'the resource types'} ${listed([...new Set(shown)], 4)} of the actions.`,
  ];
  if (others.length) {
    lines.push(
      `${counted(others.length, 'action')} of the statement ${others.length === 1 ? 'does' : 'do'} not work on it: ${listed(others, 4)}.`,
    );
  }
  return lines;
}
