/** Who a principal is, and what the conditions of its statement make of it. */

import { code, type PolicyPart, plain, quoted } from './describe-text.ts';
import { HOLE, type PolicyDocument, type Principal, type Statement } from './document.ts';
import { judgeClauses, type NarrowedTo } from './narrowing.ts';
import { type Identity, identify } from './principals.ts';
import { isPublic, type PrincipalVerdict, principalVerdicts } from './public.ts';
import { GITHUB_ISSUER, type OidcTrust, oidcTrust } from './trust.ts';

/** Reasons why conditions do not help that are told one by one. */
const MOST_REASONS = 3;

/** A principal of a statement. */
export function describePrincipal(principal: Principal, statement: Statement): PolicyPart | undefined {
  const { node, text } = principal;
  const { policy } = statement;
  const identity = identify(principal, policy);
  const who = whoLine(principal, identity, policy);
  if (who === undefined) return undefined;
  const excluded = statement.notPrincipals.includes(principal);
  const lines = excluded ? [exceptLine(statement), who] : [who, ...effectLines(principal, identity, statement)];
  const element = excluded ? 'NotPrincipal' : 'Principal';
  const title = text === undefined || text.includes(HOLE) ? element : `${element} ${plain(text)}`;
  return { title, lines, node };
}

/** Principal or NotPrincipal as a whole: whom the statement lets in. */
export function describePrincipals(name: 'Principal' | 'NotPrincipal', statement: Statement): PolicyPart | undefined {
  const element = statement.elements[name];
  if (!element) return undefined;
  const verdicts = principalVerdicts(statement);
  if (name === 'NotPrincipal') {
    const lines = [exceptLine(statement), ...verdicts.slice(0, 1).flatMap(verdictLines)];
    return { title: element.name, lines, node: element.key };
  }
  const lines = statement.principals.slice(0, 6).flatMap((principal) => {
    const who = whoLine(principal, identify(principal, statement.policy), statement.policy);
    return who === undefined ? [] : [who];
  });
  const more = statement.principals.length - 6;
  if (more > 0) lines.push(`And ${more} more.`);
  return lines.length ? { title: element.name, lines: [...new Set(lines)], node: element.key } : undefined;
}

function exceptLine(statement: Statement): string {
  const verb = statement.effect === 'Deny' ? 'denies' : statement.effect === 'Allow' ? 'allows' : 'speaks of';
  return `NotPrincipal leaves out what it names: the statement ${verb} ${statement.effect ? 'its actions to ' : ''}everyone else.`;
}

const KINDS: Readonly<Record<string, string>> = {
  user: 'One user',
  role: 'One role',
  'assumed-role': 'One session of a role',
  'federated-user': 'One federated session',
};

function whoLine(principal: Principal, identity: Identity, policy: PolicyDocument): string | undefined {
  const { name } = identity;
  if (
    name?.includes(':cloudfront:') ||
    /CloudFrontOriginAccess|cloudfront_origin_access/.test(targetOf(principal, policy)?.type ?? '')
  ) {
    return 'A CloudFront origin access identity: CloudFront reads with it for the distributions that use it.';
  }
  switch (identity.form) {
    case 'everyone':
      return everyoneLine(policy);
    case 'account':
      return identity.account === 'own'
        ? 'Your own account as a whole: the policies of its principals decide which of them may.'
        : `The AWS account${identity.accountId ? ` ${code(identity.accountId)}` : ''} as a whole: its administrators decide which of its principals may.`;
    case 'identity':
      return identityLine(principal, identity, policy);
    case 'unique-id':
      return `The unique id of ${uniqueKind(name ?? '')}. AWS puts it where an ARN stood when what the ARN named is deleted; it then matches nobody, not even a new one of the same name.`;
    case 'service':
      return serviceLine(name, policy);
    case 'saml':
      return `Users whom a SAML identity provider of the account signs in. The claim \`SAML:aud\` says which sign-in page they came to.`;
    case 'oidc':
      return providerLine(name);
    case 'canonical-user':
      return identity.account === 'own'
        ? 'An AWS account by its canonical user id, taken from this template.'
        : 'One AWS account, by its canonical user id.';
    case 'aws-owned':
      return 'An account or identity that AWS itself owns.';
    case 'partial-wildcard':
      return 'A wildcard inside a principal stands for nothing: it matches nobody, and AWS refuses it in most places.';
    case 'invalid':
      return 'No principal that the policy language knows: it lets nobody in.';
    case 'unknown':
      return undefined;
  }
}

function everyoneLine(policy: PolicyDocument): string {
  switch (policy.kind) {
    case 'trust':
      return 'Every principal of every AWS account.';
    case 'vpc-endpoint':
      return 'Every principal whose requests come through the endpoint; what they may do, their own policies say.';
    case 'rcp':
      return 'Everyone: a resource control policy speaks of all principals, and only takes away.';
    default:
      return 'Everyone: every principal of every AWS account, and callers without credentials where the service takes them.';
  }
}

function identityLine(principal: Principal, identity: Identity, policy: PolicyDocument): string {
  const target = targetOf(principal, policy);
  if (target && identity.name === undefined) {
    return target.inTemplate
      ? `${code(target.address)} (${code(target.type)}) of this template.`
      : `An identity that exists in your account, by ${code(target.address)}.`;
  }
  const kind = /^arn:[^:]*:(?:iam|sts)::[^:]*:([\w-]+)\//.exec(identity.name ?? '')?.[1] ?? '';
  const of =
    identity.account === 'own'
      ? ' of your own account'
      : identity.accountId
        ? ` of the account ${code(identity.accountId)}`
        : '';
  const rest = kind === 'role' && policy.kind !== 'trust' ? ', and with it every session of that role' : '';
  return `${KINDS[kind] ?? 'One identity'}${of}${rest}.`;
}

function uniqueKind(id: string): string {
  if (id.startsWith('AROA')) return 'a role';
  if (id.startsWith('AIDA')) return 'a user';
  return id.startsWith('AGPA') ? 'a group' : 'an instance profile';
}

function serviceLine(name: string | undefined, policy: PolicyDocument): string {
  const service = name === undefined ? 'An AWS service' : `The AWS service ${code(name)}`;
  return policy.kind === 'trust'
    ? `${service}: it assumes the role for those who configured it to, and works with the permissions of the role.`
    : `${service}, in its own name, on behalf of a resource or account that told it to.`;
}

interface Issuer {
  readonly name: string;
  readonly claims: string;
}

/** What the tokens of well-known issuers say. Sources: the OpenID Connect pages of each. */
function issuerOf(host: string): Issuer | undefined {
  const lower = host.toLowerCase();
  const is = (issuer: string) => lower === issuer || lower.startsWith(`${issuer}/`);
  if (is(GITHUB_ISSUER)) {
    const claims =
      'The claim `sub` says for which repository and branch or environment: `repo:OWNER/REPO:…`, of repositories created or renamed since July 2026 `repo:OWNER@ID/REPO@ID:…`.';
    return { name: 'GitHub Actions', claims };
  }
  if (is('gitlab.com') || lower.startsWith('gitlab.')) {
    return {
      name: 'GitLab CI',
      claims: 'The claim `sub` says for which project and branch: `project_path:GROUP/PROJECT:…`.',
    };
  }
  if (/^oidc\.eks\.[a-z0-9-]+\.amazonaws\.com/.test(lower) || /^oidc-eks\.[a-z0-9-]+\.api\.aws/.test(lower)) {
    return {
      name: 'an EKS cluster',
      claims: 'The claim `sub` says which service account: `system:serviceaccount:NAMESPACE:NAME`.',
    };
  }
  if (is('app.terraform.io')) {
    return {
      name: 'HCP Terraform',
      claims:
        'The claim `sub` says which organization, project and workspace: `organization:…:project:…:workspace:…:run_phase:…`.',
    };
  }
  if (is('oidc.circleci.com'))
    return { name: 'CircleCI', claims: 'The claim `sub` says which organization and project: `org/…/project/…`.' };
  if (is('agent.buildkite.com'))
    return {
      name: 'Buildkite',
      claims: 'The claim `sub` says which organization and pipeline: `organization:…:pipeline:…`.',
    };
  if (is('api.bitbucket.org'))
    return { name: 'Bitbucket Pipelines', claims: 'The claim `sub` begins with the id of the repository.' };
  if (is('cognito-identity.amazonaws.com')) {
    return {
      name: 'Amazon Cognito',
      claims: 'The claim `aud` says which identity pool, `amr` whether the user is signed in.',
    };
  }
  if (is('accounts.google.com'))
    return { name: 'Google', claims: 'The key `aud` says for which application, `sub` which user or service account.' };
  if (is('graph.facebook.com') || is('www.amazon.com')) {
    return {
      name: is('www.amazon.com') ? 'Login with Amazon' : 'Facebook',
      claims: 'The claim `app_id` says for which application.',
    };
  }
  return undefined;
}

function providerLine(name: string | undefined): string {
  if (name === undefined) return 'Identities that an OpenID Connect provider vouches for.';
  const issuer = issuerOf(name);
  if (!issuer) {
    return `Identities that the OpenID Connect provider ${code(name)} vouches for. Its claims \`sub\` and \`aud\` say which, and for whom.`;
  }
  return `Identities that ${issuer.name} vouches for, by OpenID Connect (${code(name)}). ${issuer.claims}`;
}

interface Target {
  readonly address: string;
  readonly type: string;
  readonly inTemplate: boolean;
}

/** What the template refers to as a principal. */
function targetOf({ value }: Principal, policy: PolicyDocument): Target | undefined {
  const reference =
    value.kind === 'text' ? value.parts.find((part) => typeof part === 'object' && part.kind === 'reference') : value;
  if (typeof reference !== 'object' || reference.kind !== 'reference' || reference.to !== 'resource') return undefined;
  const { target } = reference;
  const resource = policy.resource.template.resource(target);
  return { address: target, type: resource?.type ?? target, inTemplate: resource !== undefined && !resource.isData };
}

function effectLines(principal: Principal, identity: Identity, statement: Statement): string[] {
  if (statement.effect === 'Deny')
    return [
      `The statement denies its actions to them${statement.conditions.length ? ' where its conditions hold' : ''}, whatever other statements allow.`,
    ];
  const verdict = principalVerdicts(statement).find((one) => one.principal === principal);
  if (!verdict || identity.form === 'invalid' || identity.form === 'partial-wildcard') return [];
  if (identity.form === 'oidc' && statement.policy.kind === 'trust') {
    const trust = oidcTrust(statement, principal);
    return trust ? [oidcLine(trust)] : [];
  }
  return verdictLines(verdict);
}

const NARROWED: Readonly<Record<NarrowedTo, string>> = {
  nobody: 'no request at all',
  own: 'your own account',
  fixed: 'what it names',
  network: 'the network it names',
  org: 'the organization it names',
  foreign: 'the account it names',
  signed: 'callers with AWS credentials, of any account',
};

/** Whom a condition leaves over, in words. */
export function narrowedTo(to: NarrowedTo): string {
  return NARROWED[to];
}

/** What conditions and Deny statements make of a grant. */
function verdictLines(verdict: PrincipalVerdict): string[] {
  const { statement, identity, narrowedBy, rescuedBy, externalId } = verdict;
  const service = identity?.form === 'service';
  const lines: string[] = [];
  const narrowing = narrowedBy && judgeOf(verdict, service);
  if (narrowedBy && narrowing?.to) {
    lines.push(
      `Narrowed by ${code(narrowedBy.key)} to ${NARROWED[narrowing.to]}: ${quoted(narrowedBy.values) || 'a value that the template gives'}.`,
    );
  } else if (rescuedBy) {
    const which = rescuedBy.policy === statement.policy ? `A Deny (statement ${rescuedBy.index + 1})` : 'A Deny';
    const whom = rescuedBy.conditions.length ? 'all others' : 'everyone';
    lines.push(`${which} ${verdict.verdict === 'UNKNOWN' ? 'may keep others' : `keeps ${whom}`} out.`);
  } else if (verdict.verdict === 'UNKNOWN') lines.push(`Whom this lets in in the end is not known: ${verdict.why}.`);
  else if (isPublic(verdict.verdict) || verdict.verdict === 'SERVICE-UNBOUNDED') {
    lines.push(...unnarrowed(verdict, service));
  } else if (verdict.verdict === 'NONE') lines.push(nobody(verdict));
  if (externalId) lines.push('The caller must send the external id that `sts:ExternalId` asks for.');
  if (verdict.verdict === 'ANY-AWS-ACCOUNT' && statement.policy.kind !== 'trust')
    lines.push('The service answers signed requests only: everyone means every AWS account.');
  return lines;
}

/** Why nobody is let in, or nobody from outside of a network. */
export function nobody({ why, rescuedBy }: PrincipalVerdict): string {
  if (/\bVPC\b/.test(why)) return `Not open to the internet: ${why}.`;
  return rescuedBy ? 'A Deny keeps everyone out.' : `Lets in nobody: ${why}.`;
}

function judgeOf({ statement, narrowedBy }: PrincipalVerdict, service: boolean) {
  return judgeClauses(statement, service ? 'service' : 'everyone').find((one) => one.clause === narrowedBy);
}

function unnarrowed({ statement, notNarrowedBy, why }: PrincipalVerdict, service: boolean): string[] {
  if (!statement.conditions.length) {
    if (!service) return ['Not narrowed: the statement has no condition.'];
    return [
      'Not narrowed: no condition such as `aws:SourceArn`, `aws:SourceAccount` or `aws:SourceOrgID` says for whom the service may act, so it may for any account.',
    ];
  }
  const reasons = notNarrowedBy.slice(0, MOST_REASONS).map((one) => `${code(one.clause.key)} ${plain(one.why)}`);
  if (!reasons.length) return [`Not narrowed: ${why}.`];
  return [`Not narrowed: ${reasons.join('; ')}.`];
}

function oidcLine({ state, clause, item, issuer, literal }: OidcTrust): string {
  const key = clause ? code(clause.key) : '';
  const value = item?.text === undefined ? '' : ` ${code(item.text)}`;
  if (literal && clause)
    return `Matches no token: ${clause.operatorText} compares the wildcard of${value} as a plain character.`;
  switch (state) {
    case 'unscoped':
      return `Not narrowed: no condition asks for a claim${issuer ? ` of ${code(issuer)}` : ''}. Everyone to whom the provider gives a token may assume the role.`;
    case 'no-subject':
      return 'Not narrowed: the claim `sub` is not asked for, and many share this provider. Whoever gets a token from it with the same audience may assume the role.';
    case 'wildcard-owner':
      return `Not narrowed: the subject${value} leaves open whose it is.`;
    case 'caller-claim':
      return `Not narrowed: the subject${value} begins with a claim that any repository can bring about.`;
    case 'malformed':
      return `Matches no token: the provider writes no subject like${value}.`;
    case 'wildcard-rest':
      return `Narrowed by ${key} to${value}: one owner, and whatever the wildcard leaves open below.`;
    case 'scoped': {
      const values = quoted(clause?.values ?? []);
      return `Narrowed by ${key}${values && ` to ${values}`}.`;
    }
    case 'unknown':
      return 'Whether a condition narrows it is not known.';
  }
}
