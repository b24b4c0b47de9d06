/**
 * Trust of identity providers. Sources: IAM user guide, "Create a role for OpenID Connect federation"; GitHub documentation,
 * "OpenID Connect reference" on the subject claim; Access Analyzer policy check reference.
 */

import {
  type ConditionClause,
  HOLE,
  type Item,
  isConditional,
  type PolicyDocument,
  type Principal,
  type Statement,
} from './document.ts';
import { identify } from './principals.ts';
import { hasWildcard, markedText } from './tokens.ts';

export const GITHUB_ISSUER = 'token.actions.githubusercontent.com';

/** Whom a statement lets in through an OpenID Connect provider. */
export interface OidcTrust {
  /**
   * `unscoped`: no key of the issuer is asked for. `no-subject`: a provider that many share, and its subject is not asked for.
   * `wildcard-owner`: the subject leaves the organization or user open. `caller-claim`: it begins with a claim that anyone can
   * bring about. `malformed`: it is no subject that the issuer writes, and matches no token. `wildcard-rest`: it leaves
   * repository, branch or environment open. `scoped`, `unknown`.
   */
  readonly state:
    | 'unscoped'
    | 'no-subject'
    | 'wildcard-owner'
    | 'caller-claim'
    | 'malformed'
    | 'wildcard-rest'
    | 'scoped'
    | 'unknown';
  /** Host and path of the issuer, where known. */
  readonly issuer: string | undefined;
  /** The clause that scopes, or does not. */
  readonly clause: ConditionClause | undefined;
  /** The value of the subject that is too wide. */
  readonly item: Item | undefined;
  /** Its wildcard stands in a comparison that takes it as a character: meant wide, it matches no token. */
  readonly literal: boolean;
}

/** What a subject can come to, from the narrowest on. */
const STATES: readonly OidcTrust['state'][] = [
  'scoped',
  'unknown',
  'wildcard-rest',
  'malformed',
  'caller-claim',
  'wildcard-owner',
];

/** Claims whose value the caller's repository chooses: a subject that begins with one can be made by anyone. */
const CALLER_CLAIMS: ReadonlySet<string> = new Set([
  'actor',
  'actor_id',
  'base_ref',
  'context',
  'environment',
  'event_name',
  'head_ref',
  'ref',
  'ref_type',
  'run_id',
  'workflow',
]);

/** Issuers that everyone's workloads share: their audience alone names nobody. */
const SHARED_ISSUERS: readonly string[] = [
  GITHUB_ISSUER,
  'gitlab.com',
  'app.terraform.io',
  'api.bitbucket.org',
  'agent.buildkite.com',
  'oidc.circleci.com',
];

/** How the subjects of other shared issuers begin, before the name of whoever owns the workload, and what ends that name. */
const SUBJECT_PREFIXES: ReadonlyMap<string, readonly [prefix: string, end: string]> = new Map([
  ['gitlab.com', ['project_path:', '/']],
  ['app.terraform.io', ['organization:', ':']],
]);

const BUILT_IN_PROVIDERS: ReadonlySet<string> = new Set([
  'cognito-identity.amazonaws.com',
  'accounts.google.com',
  'graph.facebook.com',
  'www.amazon.com',
]);

/** Whether a host is one of the providers that need no provider resource. */
export function isBuiltInProvider(host: string): boolean {
  return BUILT_IN_PROVIDERS.has(host.toLowerCase());
}

/** Judges what a trust statement asks of the tokens of an OpenID Connect provider; undefined for all other principals. */
export function oidcTrust(statement: Statement, principal: Principal): OidcTrust | undefined {
  const identity = identify(principal, statement.policy);
  if (principal.type !== 'Federated' || identity.form !== 'oidc') return undefined;
  const issuer = identity.name?.toLowerCase();
  const result: Make = (state, clause, item, literal = false) => ({ state, issuer, clause, item, literal });

  const keys = statement.conditions.filter((clause) => isKeyOf(clause.key, issuer));
  const certain = keys.filter((clause) => isPositive(clause) && !isConditional(clause, statement));
  const doubt = statement.openElements.has('Condition') || keys.some((clause) => isConditional(clause, statement));
  const shared = issuer !== undefined && SHARED_ISSUERS.some((one) => issuer === one || issuer.startsWith(`${one}/`));
  const subjects = shared ? certain.filter((clause) => claimOf(clause.key) === 'sub') : [];
  if (subjects.length) {
    // All clauses must hold: the strictest decides.
    const judged = subjects.map((clause) => judgeSubject(clause, statement.policy, issuer, result));
    return judged.sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state))[0];
  }
  const branches = shared ? subjectBranches(keys, statement) : [];
  if (branches.length) {
    // One of them is in force: the widest is certain under its condition, which its item carries.
    const judged = branches.map((clause) => judgeSubject(clause, statement.policy, issuer, result));
    return judged.sort((a, b) => STATES.indexOf(b.state) - STATES.indexOf(a.state))[0];
  }
  const guards = certain.filter((clause) => !matchesAll(clause));
  if (!guards.length) return result(doubt ? 'unknown' : 'unscoped', keys[0]);
  // Claims of a shared issuer other than the audience name whose workload it is, too: those that anyone cannot bring about.
  const open = (claim: string) => claim === 'aud' || (issuer === GITHUB_ISSUER && CALLER_CLAIMS.has(claim));
  const other = shared ? guards.find((clause) => !open(claimOf(clause.key))) : guards[0];
  return other ? result('scoped', other) : result(doubt ? 'unknown' : 'no-subject', guards[0]);
}

/** The alternatives of one comparison of the subject, whose value is a choice; none where several stand beside each other. */
function subjectBranches(keys: readonly ConditionClause[], statement: Statement): readonly ConditionClause[] {
  const branches = keys.filter(
    (clause) => isPositive(clause) && isConditional(clause, statement) && claimOf(clause.key) === 'sub',
  );
  return branches.every((clause) => clause.keyNode === branches[0]?.keyNode) ? branches : [];
}

/** `sts:ExternalId` in a form that guards: a foreign account must then be told for whom it acts. */
export function externalIdGuard(statement: Statement): ConditionClause | undefined {
  return statement.conditions.find(
    (clause) =>
      clause.key.toLowerCase() === 'sts:externalid' &&
      isPositive(clause) &&
      !matchesAll(clause) &&
      !isConditional(clause, statement),
  );
}

/** Whether a clause asks for `SAML:aud`, or another property of the assertion; undefined where that is not known. */
export function asksOfAssertion(statement: Statement): boolean | undefined {
  const keys = statement.conditions.filter((clause) => /^saml:/i.test(clause.key));
  if (keys.some((clause) => isPositive(clause) && !matchesAll(clause) && !isConditional(clause, statement)))
    return true;
  const doubt =
    statement.openElements.has('Condition') ||
    keys.some((clause) => isConditional(clause, statement)) ||
    statement.conditions.some((clause) => clause.key.includes(HOLE));
  return doubt ? undefined : false;
}

/** Whether a clause lets in only what it names: a positive comparison, not just of what happens to be there. */
function isPositive(clause: ConditionClause): boolean {
  const { name, negated, ifExists, qualifier } = clause.operator;
  if (name === undefined || negated || ifExists || qualifier === 'ForAllValues') return false;
  return name.startsWith('String') || name.startsWith('Arn');
}

/** Whether one of the values is a wildcard for all. */
function matchesAll(clause: ConditionClause): boolean {
  if (clause.operator.name !== 'StringLike') return false;
  return clause.values.some((item) => item.text !== undefined && /^\*+$/.test(item.text));
}

function isKeyOf(key: string, issuer: string | undefined): boolean {
  const lower = key.toLowerCase();
  // `${local.issuer}:sub`.
  if (lower.includes(HOLE) || issuer === undefined)
    return lower.includes(':') && !lower.startsWith('aws:') && !lower.startsWith('sts:');
  // An enterprise's own issuer lies below the shared one.
  return lower.startsWith(`${issuer}:`) || lower.startsWith(`${issuer}/`);
}

function claimOf(key: string): string {
  return key.slice(key.lastIndexOf(':') + 1).toLowerCase();
}

type Make = (state: OidcTrust['state'], clause?: ConditionClause, item?: Item, literal?: boolean) => OidcTrust;

function judgeSubject(
  clause: ConditionClause,
  policy: PolicyDocument,
  issuer: string | undefined,
  result: Make,
): OidcTrust {
  const like = clause.operator.name !== 'StringEquals' && clause.operator.name !== 'StringEqualsIgnoreCase';
  let worst: OidcTrust = result(clause.complete ? 'scoped' : 'unknown', clause);
  for (const item of clause.values) {
    const text = markedText(item.value, policy.resource.template);
    const state = text === undefined ? 'unknown' : subjectState(text, issuer);
    if (STATES.indexOf(state) <= STATES.indexOf(worst.state)) continue;
    worst = result(state, clause, item, !like && text !== undefined && hasWildcard(text));
  }
  return worst;
}

function subjectState(text: string, issuer: string | undefined): OidcTrust['state'] {
  if (text === HOLE) return 'unknown';
  if (/^[*?]/.test(text)) return 'wildcard-owner';
  if (issuer !== GITHUB_ISSUER) return otherSubjectState(text, SUBJECT_PREFIXES.get(issuer ?? ''));
  const colon = text.indexOf(':');
  const claim = colon < 0 ? text : text.slice(0, colon);
  if (claim.includes(HOLE)) return 'unknown';
  if (hasWildcard(claim)) return 'wildcard-owner';
  if (CALLER_CLAIMS.has(claim)) return 'caller-claim';
  if (colon < 0) return 'malformed';
  // `repo:owner/name:…` is how a subject begins unless the organization has changed that.
  const value = withoutIds(text.slice(colon + 1));
  const slash = value.indexOf('/');
  const owner = slash < 0 || !claim.startsWith('repo') ? value : value.slice(0, slash);
  if (hasWildcard(owner)) return 'wildcard-owner';
  if (slash >= 0 && hasWildcard(value.slice(slash))) return 'wildcard-rest';
  return text.includes(HOLE) ? 'unknown' : 'scoped';
}

/**
 * The owner and repository of a subject of GitHub without the ids that may stand behind their names
 * (`owner@123/name@456:…`): where an id is open, the name before it still tells whose it is.
 */
export function withoutIds(subject: string): string {
  return subject.replace(/^([^/:@]+)@[^/:]*\*$/, '$1/*').replace(/^([^/:@]+)@[^/:]*(\/[^/:@]*)(?:@[^/:]*)?/, '$1$2');
}

/** A subject of an issuer other than GitHub; what it is like is known of few. */
function otherSubjectState(text: string, form: readonly [prefix: string, end: string] | undefined): OidcTrust['state'] {
  const known = text.includes(HOLE) ? 'unknown' : 'scoped';
  if (!form) return known;
  const [prefix, end] = form;
  if (!text.startsWith(prefix)) return hasWildcard(text.slice(0, prefix.length)) ? 'wildcard-owner' : known;
  const rest = text.slice(prefix.length);
  const stop = rest.indexOf(end);
  if (hasWildcard(stop < 0 ? rest : rest.slice(0, stop))) return 'wildcard-owner';
  return end === '/' && stop >= 0 && hasWildcard(rest.slice(stop)) ? 'wildcard-rest' : known;
}
