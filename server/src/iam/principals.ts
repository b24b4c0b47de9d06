/**
 * Who a principal is. Sources: IAM user guide, "AWS JSON policy elements: Principal"; Access Analyzer's policy check
 * reference on wildcards in principals.
 */

import { HOLE, type PolicyDocument, type Principal } from './document.ts';
import { FIXED_TEXT, hasWildcard, markedText, OWN_ACCOUNT, referred } from './tokens.ts';

export type PrincipalForm =
  /** `"*"`, `{"AWS": "*"}`. */
  | 'everyone'
  /** An account: its number or its `:root`. */
  | 'account'
  /** A role, user or session of an account. */
  | 'identity'
  /** `AROA…`, `AIDA…`: what is left of a role or user that was deleted. */
  | 'unique-id'
  | 'service'
  | 'saml'
  /** An OpenID Connect provider: its ARN or its host. */
  | 'oidc'
  | 'canonical-user'
  /** An identity that AWS owns: a CloudFront origin access identity, a log delivery account. */
  | 'aws-owned'
  /** A wildcard where none is allowed: matches nobody, and is refused. */
  | 'partial-wildcard'
  /** No principal of the grammar. */
  | 'invalid'
  | 'unknown';

export interface Identity {
  readonly form: PrincipalForm;
  /** Whose it is; undefined where that cannot be told or asked. */
  readonly account: 'own' | 'foreign' | undefined;
  /** The twelve digits, where written. */
  readonly accountId: string | undefined;
  /** Service name, provider's host and path, or ARN. */
  readonly name: string | undefined;
}

/** What a caller knows beyond the template. */
export interface AccountContext {
  /** Ids of accounts that are not foreign. */
  readonly ownAccounts?: readonly string[];
}

const ACCOUNT_ID = /^\d{12}$/;
const UNIQUE_ID = /^(AROA|AIDA|AGPA|AIPA)[A-Z0-9]{8,}$/;
const DOMAIN = /^[a-z0-9-]+(\.[a-z0-9-]+)+(\/[^*?]*)?$/i;

/** Works out who a principal is. Never throws. */
export function identify(principal: Principal, policy: PolicyDocument, context: AccountContext = {}): Identity {
  const { template } = policy.resource;
  const text = markedText(principal.value, template);
  const result = (form: PrincipalForm, more: Partial<Identity> = {}): Identity => ({
    form,
    account: undefined,
    accountId: undefined,
    name: undefined,
    ...more,
  });
  if (principal.type === HOLE) return result('unknown');
  if (text === undefined) return result(principal.value.kind === 'object' ? 'invalid' : 'unknown');
  switch (principal.type) {
    case '*':
      return result(text === '*' ? 'everyone' : text === HOLE ? 'unknown' : 'invalid');
    case '':
    case 'AWS':
      return awsPrincipal(principal, text, policy, context, result);
    case 'Service':
      if (text === '*') return result('everyone');
      if (hasWildcard(text)) return result('partial-wildcard');
      if (text === HOLE || text === FIXED_TEXT) return result('unknown');
      return result('service', { name: text.includes(HOLE) || text.includes(FIXED_TEXT) ? undefined : text });
    case 'Federated':
      return federated(principal, text, policy, result);
    case 'CanonicalUser':
      if (hasWildcard(text)) return result('partial-wildcard');
      if (text === FIXED_TEXT) return result('canonical-user', { account: 'own' });
      return result(text.includes(HOLE) ? 'unknown' : 'canonical-user');
    default:
      return result('invalid');
  }
}

type Make = (form: PrincipalForm, more?: Partial<Identity>) => Identity;

function awsPrincipal(
  principal: Principal,
  text: string,
  policy: PolicyDocument,
  context: AccountContext,
  result: Make,
): Identity {
  if (text === '*') return result('everyone');
  // A policy variable is no wildcard, and no principal either.
  if (text.includes('${')) return result('invalid');
  if (text === OWN_ACCOUNT) return result('account', { account: 'own' });
  if (text === FIXED_TEXT) {
    const { value } = principal;
    const reference = value.kind === 'text' && value.parts.length === 1 ? value.parts[0] : value;
    if (typeof reference !== 'object' || reference.kind !== 'reference') return result('unknown');
    const whom = referred(reference, policy.resource.template);
    if (whom === 'aws') return result('aws-owned');
    return whom === 'own-identity' ? result('identity', { account: 'own' }) : result('unknown');
  }
  if (ACCOUNT_ID.test(text)) return result('account', { ...whose(text, context) });
  if (UNIQUE_ID.test(text)) return result('unique-id', { name: text });
  if (text.startsWith('arn:')) {
    if (hasWildcard(text)) return result('partial-wildcard', { name: text });
    const [, , service, , account = '', ...rest] = text.split(':');
    const resource = rest.join(':');
    if (account === 'cloudfront') return result('aws-owned', { name: text });
    if (service !== 'iam' && service !== 'sts') return result(service?.includes(HOLE) ? 'unknown' : 'invalid');
    return result(resource === 'root' ? 'account' : 'identity', { ...whose(account, context), name: text });
  }
  if (text.includes(HOLE) || text.includes(FIXED_TEXT) || text.includes(OWN_ACCOUNT)) {
    // `${Role.Arn}` with a suffix, `${Account}`: no certain wildcard in it unless it is spelt out.
    return result(hasWildcard(text) ? 'partial-wildcard' : 'unknown');
  }
  return result(hasWildcard(text) ? 'partial-wildcard' : 'invalid');
}

function whose(account: string, context: AccountContext): Pick<Identity, 'account' | 'accountId'> {
  if (account === OWN_ACCOUNT) return { account: 'own', accountId: undefined };
  if (!ACCOUNT_ID.test(account)) return { account: undefined, accountId: undefined };
  return { account: context.ownAccounts?.includes(account) ? 'own' : 'foreign', accountId: account };
}

function federated(principal: Principal, text: string, policy: PolicyDocument, result: Make): Identity {
  if (text === '*') return result('everyone');
  if (hasWildcard(text)) return result('partial-wildcard');
  const provider = text.indexOf(':oidc-provider/');
  if (provider >= 0) return result('oidc', { name: withoutHoles(text.slice(provider + 15)) });
  if (text.includes(':saml-provider/')) return result('saml', { name: text });
  if (text === FIXED_TEXT) return referredProvider(principal, policy, result);
  if (text.includes(HOLE) || text.includes(FIXED_TEXT)) return result('unknown');
  return DOMAIN.test(text) ? result('oidc', { name: text }) : result('invalid', { name: text });
}

/** A provider that the template creates or looks up: an OpenID Connect provider says its issuer in its URL. */
function referredProvider(principal: Principal, policy: PolicyDocument, result: Make): Identity {
  const { value } = principal;
  const reference = value.kind === 'text' && value.parts.length === 1 ? value.parts[0] : value;
  if (typeof reference !== 'object' || reference.kind !== 'reference') return result('unknown');
  const resource = policy.resource.template.resource(reference.target);
  const type = resource?.type ?? reference.target;
  if (/saml/i.test(type)) return result('saml');
  if (!/OIDCProvider|openid_connect_provider/.test(type)) return result('unknown');
  const url = resource?.properties.get('Url') ?? resource?.properties.get('url');
  const text = url?.value.kind === 'known' ? String(url.value.value) : undefined;
  return result('oidc', { name: text?.replace(/^https:\/\//i, '').replace(/\/$/, '') });
}

function withoutHoles(text: string): string | undefined {
  return text.includes(HOLE) || text.includes(FIXED_TEXT) || text === '' ? undefined : text;
}
