/** What an action, an action pattern or a principal of a policy means, in words: for hovers. */

import type { SyntaxDocument } from '../syntax/document.ts';
import type { Node } from '../syntax/node.ts';
import type { Template } from '../template/template.ts';
import { isRetired } from './action-names.ts';
import { expandActionPattern, findAction } from './actions.ts';
import { HOLE, type Item, type PolicyDocument, type Principal, type Statement } from './document.ts';
import { ACCESS_LEVELS, type ActionInfo } from './reference.ts';
import { policiesOf } from './sites.ts';

/** Text about a part of a policy: plain, a line each. */
export interface PolicyPart {
  readonly title: string;
  readonly lines: readonly string[];
  readonly node: Node;
}

/** How many actions are named one by one. */
const NAMED = 8;

function covers(node: Node, document: SyntaxDocument, offset: number): boolean {
  return node.document === document && node.start <= offset && offset <= node.end;
}

/** The action or principal at an offset of a document of the template; undefined where none stands there. */
export function describePolicyPart(
  template: Template,
  document: SyntaxDocument,
  offset: number,
): PolicyPart | undefined {
  for (const policy of policiesOf(template)) {
    if (policy.resource.document !== document) continue;
    for (const statement of policy.statements) {
      // A string holds more than its node shows only for flat permissions; everything else nests.
      if (policy.form !== 'flat' && !covers(statement.node, document, offset)) continue;
      for (const item of [...statement.actions, ...statement.notActions]) {
        if (covers(item.node, document, offset)) return describeAction(item);
      }
      for (const principal of [...statement.principals, ...statement.notPrincipals]) {
        if (covers(principal.node, document, offset)) return describePrincipal(principal, statement, policy);
      }
    }
  }
  return undefined;
}

function describeAction(item: Item): PolicyPart | undefined {
  const { text, node } = item;
  if (!text || text.includes(HOLE)) return undefined;
  const retired = isRetired(text) ? ['AWS has retired this name: it grants nothing.'] : [];
  if (!/[*?]/.test(text)) {
    const action = findAction(text);
    if (!action) return retired.length ? { title: text, lines: retired, node } : undefined;
    return { title: action.full, lines: [...retired, ...actionLines(action)], node };
  }
  const actions = expandActionPattern(text);
  if (!actions.length) return { title: text, lines: ['Matches no action that is known.'], node };
  return { title: text, lines: patternLines(actions), node };
}

function actionLines(action: ActionInfo): string[] {
  const types = action.resourceTypes.map((type) => type.name);
  const lines = [`Access level: ${action.accessLevel}.`];
  lines.push(
    types.length
      ? `Can be limited to resources of type ${types.slice(0, NAMED).join(', ')}${types.length > NAMED ? ' …' : ''}.`
      : 'Knows no resource type: it needs the resource "*".',
  );
  const keys = action.conditionKeys;
  if (keys.length)
    lines.push(
      `Condition keys: ${keys.slice(0, NAMED).join(', ')}${keys.length > NAMED ? ` and ${keys.length - NAMED} more` : ''}.`,
    );
  return lines;
}

function patternLines(actions: readonly ActionInfo[]): string[] {
  const byLevel = ACCESS_LEVELS.map(
    (level) => [level, actions.filter((action) => action.accessLevel === level)] as const,
  )
    .filter(([, list]) => list.length)
    .reverse();
  const services = new Set(actions.map((action) => action.service));
  const lines = [
    `Stands for ${actions.length} ${actions.length === 1 ? 'action' : 'actions'}${services.size > 1 ? ` of ${services.size} services` : ''}: ${byLevel.map(([level, list]) => `${list.length} ${level}`).join(', ')}.`,
  ];
  const dangerous = byLevel.find(([level]) => level === 'Permissions management')?.[1] ?? [];
  if (dangerous.length) {
    const names = dangerous.slice(0, NAMED).map((action) => action.full);
    lines.push(
      `Among them permissions management: ${names.join(', ')}${dangerous.length > NAMED ? ` and ${dangerous.length - NAMED} more` : ''}.`,
    );
  }
  return lines;
}

function describePrincipal(principal: Principal, statement: Statement, policy: PolicyDocument): PolicyPart | undefined {
  const { node, text } = principal;
  const line = principalLine(principal, policy);
  if (!line) return undefined;
  const lines = [line];
  if (statement.effect === 'Allow' && statement.hasCondition === true)
    lines.push('The statement has a Condition: it may narrow this.');
  const title = text === undefined || text.includes(HOLE) ? 'Principal' : `Principal ${text}`;
  return { title, lines, node };
}

function principalLine({ type, text }: Principal, policy: PolicyDocument): string | undefined {
  if (text === undefined || text === HOLE) return undefined;
  if (text === '*' && (type === '*' || type === 'AWS' || type === '')) {
    return policy.kind === 'trust'
      ? 'Every principal of every AWS account.'
      : 'Everyone: every AWS account, and requests that are not signed where the service takes them.';
  }
  if (type === 'Service')
    return `The AWS service ${text}, acting for whoever told it to unless a source condition says whose resources count.`;
  if (type === 'Federated') {
    return text.includes('saml-provider')
      ? 'Users of a SAML identity provider.'
      : 'Identities of a web identity (OIDC) provider.';
  }
  if (type === 'CanonicalUser') return 'One AWS account, by its canonical user id.';
  if (type !== 'AWS') return undefined;
  const account = /^(\d{12})$/.exec(text)?.[1] ?? /^arn:[^:]*:iam::(\d{12}):root$/.exec(text)?.[1];
  if (account)
    return `The AWS account ${account} as a whole: its administrators decide which of its principals may use this.`;
  if (/^arn:[^:]*:iam::[^:]*:root$/.test(text))
    return 'An AWS account as a whole: its administrators decide which of its principals may use this.';
  const kind = /^arn:[^:]*:(?:iam|sts)::[^:]*:(user|role|assumed-role|federated-user)\//.exec(text)?.[1];
  return kind && `One ${kind.replace('-', ' ')}.`;
}
