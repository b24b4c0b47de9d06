/**
 * What stands under `AWS` in Principal: an account, or the ARN of a user, role or session in it.
 * Source: IAM user guide, "AWS JSON policy elements: Principal".
 */

import { splitArn } from '../../iam/arns.ts';
import { HOLE, isKnown, type PolicyDocument, type Principal, type Statement } from '../../iam/document.ts';
import type { Edit } from '../../syntax/edit.ts';
import { type DocumentCheck, fixOf, principalsOf, replaceLeaf } from './check.ts';

/** Policies that name principals freely. */
const KINDS: ReadonlySet<PolicyDocument['kind']> = new Set(['resource', 'trust', 'vpc-endpoint']);
const PRINCIPAL_TYPES: Readonly<Record<string, RegExp>> = Object.assign(Object.create(null), {
  iam: /^(?:root$|user\/|role\/)/,
  sts: /^(?:assumed-role|federated-user)\//,
});

/** Whether a text is the name of a service as a principal. */
export function isServicePrincipal(text: string): boolean {
  return /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.amazonaws\.com(?:\.cn)?$/i.test(text);
}

/** What is wrong with a text under `AWS` that is known in full; undefined where it may be right. */
function faultOf(text: string): string | undefined {
  if (isServicePrincipal(text)) return `${text} is a service: it stands under Service`;
  if (/^\d+$/.test(text) || /^\d{4}-\d{4}-\d{4}$/.test(text))
    return /^\d{12}$/.test(text) ? undefined : `${text} is no account: its id has 12 digits`;
  if (!text.startsWith('arn:') || /[*?<>{}%]/.test(text)) return undefined;
  const [, , service = '', , , resource] = splitArn(text);
  if (resource === undefined) return 'The ARN has fewer than six fields';
  if (/^(?:oidc|saml)-provider\//.test(resource)) return 'An identity provider stands under Federated';
  if (service === 'iam' && resource.startsWith('group/'))
    return 'A group is no principal: name its users, or a role that they assume';
  const types = PRINCIPAL_TYPES[service];
  if (!types) return `An ARN of ${service || 'no service'} is no principal: those are of iam and sts`;
  return types.test(resource)
    ? undefined
    : `${resource.split('/')[0]} is no principal: that is a user, a role or a session`;
}

/** Principals under `AWS` that AWS refuses for what they are. Wildcards and ids of deleted users are told elsewhere. */
export const AWS_PRINCIPAL_CHECK: DocumentCheck = (policy, fault) => {
  if (!KINDS.has(policy.kind)) return;
  for (const { principal, element, statement } of principalsOf(policy)) {
    const { text } = principal;
    if (principal.type !== 'AWS' || text === undefined || !isKnown(principal)) continue;
    const message = faultOf(text);
    if (message === undefined) continue;
    fault({
      key: 'principal-format',
      node: principal.node,
      message,
      conditions: principal.conditions,
      path: `${element}.AWS.${text.replaceAll(HOLE, '…')}`,
      fix: () => {
        if (/^\d{4}-\d{4}-\d{4}$/.test(text)) {
          const plain = text.replaceAll('-', '');
          return principal.via.length
            ? undefined
            : fixOf(`Change to ${plain}`, replaceLeaf(principal.value, plain), false);
        }
        const beside = element === 'Principal' ? statement.principals : statement.notPrincipals;
        return isServicePrincipal(text)
          ? fixOf('Put it under Service', toService(principal, beside, statement), false)
          : undefined;
      },
    });
  }
};

/** Renames the key, where all under it are services and no other key is. */
function toService({ typeNode }: Principal, principals: readonly Principal[], statement: Statement): Edit | undefined {
  const own = principals.filter((one) => one.typeNode === typeNode);
  const others = principals.length > own.length;
  if (!typeNode || others || own.some((one) => !isKnown(one) || !isServicePrincipal(one.text ?? ''))) return undefined;
  if (statement.openElements.has('Principal') || statement.openElements.has('NotPrincipal')) return undefined;
  if (statement.policy.form === 'data') return { kind: 'replace', node: typeNode, data: 'Service' };
  const { entry } = typeNode;
  return entry?.key === typeNode ? { kind: 'rename', entry, name: 'Service' } : undefined;
}
