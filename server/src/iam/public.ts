/**
 * Whether a resource or trust policy lets in the public, after the model in the catalogue (public.md).
 * Sources: Amazon S3 user guide, "The meaning of public"; IAM user guide on principals, condition operators and the confused
 * deputy; Access Analyzer policy check reference.
 */

import { wildcardCovers } from '../syntax/text.ts';
import { ownersOf } from '../template/companions.ts';
import { select } from '../template/select.ts';
import type { Condition } from '../template/value.ts';
import {
  type ConditionClause,
  HOLE,
  type Item,
  isConditional,
  isKnown,
  isWildcard,
  type PolicyDocument,
  type Principal,
  type Statement,
} from './document.ts';
import { asPositive, type JudgedClause, judgeAlone, judgeClauses, type NarrowedTo } from './narrowing.ts';
import { type AccountContext, type Identity, identify } from './principals.ts';
import { coversActionsOf } from './queries.ts';
import { distinctText } from './tokens.ts';
import { externalIdGuard, isBuiltInProvider, oidcTrust } from './trust.ts';

/**
 * From the widest to the narrowest. `PUBLIC`: everyone. `ANY-AWS-ACCOUNT`: everyone with AWS credentials, which S3 and
 * Access Analyzer call public as well. `SERVICE-UNBOUNDED`: an AWS service, for whomever it acts. `UNKNOWN` is none of
 * them for certain and never a finding.
 */
export type Verdict =
  | 'PUBLIC'
  | 'ANY-AWS-ACCOUNT'
  | 'SERVICE-UNBOUNDED'
  | 'EXTERNAL-ACCOUNT'
  | 'ORG'
  | 'OWN'
  | 'FIXED'
  | 'NONE'
  | 'UNKNOWN';

const RANK: Readonly<Record<Verdict, number>> = {
  PUBLIC: 8,
  'ANY-AWS-ACCOUNT': 7,
  'SERVICE-UNBOUNDED': 6,
  'EXTERNAL-ACCOUNT': 5,
  UNKNOWN: 4,
  ORG: 3,
  OWN: 2,
  FIXED: 1,
  NONE: 0,
};

/** A condition that does not keep out whom it should, and why, to follow the name of its key. */
export interface NotNarrowed {
  readonly clause: ConditionClause;
  readonly why: string;
}

/** Whom one principal of a statement lets in. */
export interface PrincipalVerdict {
  readonly verdict: Verdict;
  /** The statement that grants. */
  readonly statement: Statement;
  /** Absent for NotPrincipal. */
  readonly principal: Principal | undefined;
  readonly identity: Identity | undefined;
  /** A clause of the sentence "… because …", for people. */
  readonly why: string;
  /** Callers need no credentials. */
  readonly anonymous: boolean;
  /** The condition that decides whom it lets in. */
  readonly narrowedBy: ConditionClause | undefined;
  /** Conditions that do not help: related locations of a finding. */
  readonly notNarrowedBy: readonly NotNarrowed[];
  /** A Deny that keeps out those whom the statement lets in: the verdict is what is left. */
  readonly rescuedBy: Statement | undefined;
  /** sts:ExternalId: guards a foreign account, not against the public. */
  readonly externalId: ConditionClause | undefined;
}

export interface PublicVerdict extends Omit<PrincipalVerdict, 'statement'> {
  /** Absent where no statement grants anything. */
  readonly statement: Statement | undefined;
  /** Every principal of every granting statement, widest first. */
  readonly principals: readonly PrincipalVerdict[];
}

/** Whether everyone, or everyone with AWS credentials, is let in. */
export function isPublic(verdict: Verdict): boolean {
  return verdict === 'PUBLIC' || verdict === 'ANY-AWS-ACCOUNT';
}

/** Services that answer nobody without credentials. */
const SIGNED_SERVICES: ReadonlySet<string> = new Set(['kms', 'secretsmanager', 'ecr', 'lambda', 'sts']);
/** Services that also answer requests without credentials. */
const ANONYMOUS_SERVICES: ReadonlySet<string> = new Set([
  's3',
  'sqs',
  'sns',
  'execute-api',
  'es',
  'mediastore',
  'cloudsearch',
  'lambda',
]);
/** Policies in which everyone is the normal form. */
const OPEN_BY_PURPOSE: ReadonlySet<string> = new Set(['ecr-public', 'iot']);
/** Services whose calls carry nothing that tells for whom they act. */
const WITHOUT_SOURCE: ReadonlySet<string> = new Set(['logging.s3.amazonaws.com', 'delivery.logs.amazonaws.com']);

const VERDICT_OF: Readonly<Record<NarrowedTo, Verdict>> = {
  nobody: 'NONE',
  own: 'OWN',
  fixed: 'FIXED',
  network: 'FIXED',
  org: 'ORG',
  foreign: 'EXTERNAL-ACCOUNT',
  signed: 'ANY-AWS-ACCOUNT',
};

/** Whom a policy lets in: the widest of its statements. Never throws. */
export function publicVerdict(policy: PolicyDocument, context: AccountContext = {}): PublicVerdict {
  return widest(policy.statements.flatMap((statement) => principalVerdicts(statement, context)));
}

/** The condition that certainly keeps the statement to those it names; undefined where none does. */
export function narrowed(
  statement: Statement,
  context: AccountContext = {},
): { readonly by: ConditionClause } | undefined {
  const by = judgeClauses(statement, 'everyone', context).find(
    (judged) => judged.result === 'narrows' && judged.to !== 'signed',
  );
  return by && { by: by.clause };
}

function widest(all: readonly PrincipalVerdict[]): PublicVerdict {
  const principals = [...all].sort((a, b) => RANK[b.verdict] - RANK[a.verdict]);
  const [first] = principals;
  if (first) return { ...first, principals };
  return {
    verdict: 'NONE',
    statement: undefined,
    principal: undefined,
    identity: undefined,
    why: 'no statement lets anyone in',
    anonymous: false,
    narrowedBy: undefined,
    notNarrowedBy: [],
    rescuedBy: undefined,
    externalId: undefined,
    principals,
  };
}

/** Whom each principal of a statement lets in; empty for statements that let in nobody. */
export function principalVerdicts(statement: Statement, context: AccountContext = {}): readonly PrincipalVerdict[] {
  const { policy, effect } = statement;
  if (effect === 'Deny' || (policy.kind !== 'resource' && policy.kind !== 'trust')) return [];
  if (policy.service !== undefined && OPEN_BY_PURPOSE.has(policy.service)) return [];
  const found: PrincipalVerdict[] = [];
  if (statement.elements.NotPrincipal) {
    found.push(
      judge(statement, undefined, undefined, everyone(statement, 'NotPrincipal lets in all but those named', context)),
    );
  }
  for (const principal of statement.principals) {
    const identity = identify(principal, policy, context);
    found.push(judge(statement, principal, identity, ofPrincipal(statement, principal, identity, context)));
  }
  if (statement.openElements.has('Principal')) {
    found.push(judge(statement, undefined, undefined, { verdict: 'UNKNOWN', why: 'its principals are not known' }));
  }
  return found.map((one) =>
    withSite(effect === undefined ? { ...one, verdict: 'UNKNOWN', why: 'its effect is not known' } : one),
  );
}

/** What is told of one principal, before Deny statements and the surroundings. */
interface Opinion {
  readonly verdict: Verdict;
  readonly why: string;
  readonly judged?: readonly JudgedClause[];
}

function judge(
  statement: Statement,
  principal: Principal | undefined,
  identity: Identity | undefined,
  opinion: Opinion,
): PrincipalVerdict {
  const judged = opinion.judged ?? [];
  const narrowedBy = judged.find((one) => one.result === 'narrows' && one.to !== 'signed')?.clause;
  const verdict: PrincipalVerdict = {
    verdict: opinion.verdict,
    statement,
    principal,
    identity,
    why: opinion.why,
    // A Lambda permission is PUBLIC only through a function URL without authentication.
    anonymous: opinion.verdict === 'PUBLIC' && ANONYMOUS_SERVICES.has(statement.policy.service ?? ''),
    narrowedBy,
    notNarrowedBy: judged.flatMap(({ clause, result, why }) => (result === 'fails' ? [{ clause, why }] : [])),
    rescuedBy: undefined,
    externalId: externalIdGuard(statement),
  };
  return isPublic(verdict.verdict) || verdict.verdict === 'SERVICE-UNBOUNDED' ? withDenies(verdict) : verdict;
}

/** A grant to everyone, after its conditions. */
function everyone(statement: Statement, why: string, context: AccountContext): Opinion {
  const { service } = statement.policy;
  const judged = judgeClauses(statement, 'everyone', context);
  const open = urlWithoutAuth(statement);
  const signed = service !== undefined && SIGNED_SERVICES.has(service) && !open && statement.policy.kind !== 'trust';
  const base: Opinion = {
    verdict: signed ? 'ANY-AWS-ACCOUNT' : 'PUBLIC',
    why: open ? 'anyone may call the function URL without credentials' : why,
  };
  return afterClauses(base, judged, statement);
}

function urlWithoutAuth(statement: Statement): boolean {
  return statement.conditions.some(
    (clause) =>
      clause.key.toLowerCase() === 'lambda:functionurlauthtype' &&
      clause.values.some((item) => item.text === 'NONE') &&
      !isConditional(clause, statement),
  );
}

/** What conditions leave of a verdict: the narrowest counts, since all must hold. */
function afterClauses(base: Opinion, judged: readonly JudgedClause[], statement: Statement): Opinion {
  let { verdict, why } = base;
  for (const one of judged) {
    if (one.result !== 'narrows' || one.to === undefined) continue;
    const to = VERDICT_OF[one.to];
    if (RANK[to] >= RANK[verdict]) continue;
    verdict = to;
    why = one.to === 'nobody' ? `${one.clause.key} never matches` : `${one.clause.key} narrows it`;
  }
  if (RANK[verdict] < RANK.UNKNOWN || base.verdict === 'EXTERNAL-ACCOUNT') return { verdict, why, judged };
  const doubt = judged.find((one) => one.result === 'unknown');
  if (doubt) return { verdict: 'UNKNOWN', why: `${doubt.clause.key} ${doubt.why}`, judged };
  if (statement.openElements.has('Condition'))
    return { verdict: 'UNKNOWN', why: 'its conditions are not known', judged };
  return { verdict, why, judged };
}

function ofPrincipal(statement: Statement, principal: Principal, identity: Identity, context: AccountContext): Opinion {
  const { policy } = statement;
  switch (identity.form) {
    case 'everyone': {
      if (policy.service === 'vpc-lattice-svcs') return { verdict: 'UNKNOWN', why: 'only its networks can reach it' };
      return everyone(statement, 'its principal is everyone', context);
    }
    case 'account':
    case 'identity': {
      if (identity.account === 'own') return { verdict: 'OWN', why: 'its principal is of this account' };
      if (identity.account === undefined) return { verdict: 'UNKNOWN', why: 'the account is not known' };
      const base: Opinion = { verdict: 'EXTERNAL-ACCOUNT', why: `its principal is of account ${identity.accountId}` };
      return afterClauses(base, judgeClauses(statement, 'everyone', context), statement);
    }
    case 'service': {
      if (policy.kind === 'trust') return { verdict: 'FIXED', why: 'a service may assume the role' };
      if (identity.name !== undefined && WITHOUT_SOURCE.has(identity.name))
        return { verdict: 'FIXED', why: 'the service names no source' };
      const base: Opinion = { verdict: 'SERVICE-UNBOUNDED', why: 'the service may act for anyone' };
      return afterClauses(base, judgeClauses(statement, 'service', context), statement);
    }
    case 'oidc':
      return ofProvider(statement, principal, identity);
    case 'saml':
    case 'canonical-user':
    case 'aws-owned':
    case 'unique-id':
      return { verdict: 'FIXED', why: 'its principal is one identity' };
    case 'partial-wildcard':
      return { verdict: 'NONE', why: 'wildcards in a principal match nobody' };
    case 'invalid':
      return { verdict: 'NONE', why: 'its principal is not valid' };
    case 'unknown':
      return { verdict: 'UNKNOWN', why: 'its principal is not known' };
  }
}

function ofProvider(statement: Statement, principal: Principal, identity: Identity): Opinion {
  if (statement.policy.kind !== 'trust') {
    if (identity.name === undefined) return { verdict: 'UNKNOWN', why: 'the provider is not known' };
    return isBuiltInProvider(identity.name)
      ? afterClauses(
          { verdict: 'PUBLIC', why: `everyone with an account at ${identity.name} is let in` },
          judgeClauses(statement, 'federated'),
          statement,
        )
      : { verdict: 'NONE', why: 'identity providers count in trust policies only' };
  }
  const trust = oidcTrust(statement, principal);
  if (trust?.literal || trust?.state === 'malformed') return { verdict: 'NONE', why: 'no token has such a subject' };
  switch (trust?.state) {
    case 'unscoped':
      return { verdict: 'PUBLIC', why: `everyone whom ${trust.issuer ?? 'the provider'} knows may assume the role` };
    case 'no-subject':
    case 'wildcard-owner':
    case 'caller-claim':
      return { verdict: 'PUBLIC', why: `anyone can get such a token from ${trust.issuer ?? 'the provider'}` };
    case 'unknown':
      return { verdict: 'UNKNOWN', why: 'the condition on its tokens is not known' };
    default:
      return { verdict: 'FIXED', why: 'its tokens are scoped' };
  }
}

/** Takes in account what is denied: to everyone, or to all but those named. */
function withDenies(verdict: PrincipalVerdict): PrincipalVerdict {
  const { policy } = verdict.statement;
  let doubt: Statement | undefined;
  for (const deny of [...policy.statements, ...policy.included]) {
    const denies = deny.effect === 'Deny' ? true : mayDeny(deny) ? undefined : false;
    const everyone = denies !== false && deniesEveryone(deny);
    if (everyone === false || excludes(deny, verdict.statement)) continue;
    const left = leftBy(deny);
    if (left === undefined) continue;
    const covers = coversActionsOf(deny, verdict.statement) && coversResources(deny, verdict.statement);
    if (!covers && !isOpenEnded(deny) && !isOpenEnded(verdict.statement)) continue;
    const certain = denies && covers && everyone && left !== 'UNKNOWN' && heldWith(deny, verdict.statement);
    if (!certain) {
      doubt ??= deny;
      continue;
    }
    if (RANK[left] >= RANK[verdict.verdict]) continue;
    return { ...verdict, verdict: left, why: 'a Deny keeps all others out', rescuedBy: deny, anonymous: false };
  }
  if (doubt)
    return { ...verdict, verdict: 'UNKNOWN', why: 'a Deny may keep others out', rescuedBy: doubt, anonymous: false };
  // What is not seen may be such a Deny.
  return policy.open === undefined
    ? verdict
    : { ...verdict, verdict: 'UNKNOWN', why: 'statements that are not known may keep others out', anonymous: false };
}

/** Whether the effect of a statement is not known: a parameter may make it a Deny. */
function mayDeny(statement: Statement): boolean {
  if (statement.effect !== undefined) return false;
  const { Effect } = statement.elements;
  return Effect ? Effect.value.kind !== 'known' : statement.openElements.has('Effect');
}

/** Whether two statements are never in force together: `Effect: !If […]` stands here once for each alternative. */
function excludes(one: Statement, other: Statement): boolean {
  const { template } = one.policy.resource;
  let assumed: readonly Condition[] | undefined = one.templateConditions;
  for (const condition of other.templateConditions) assumed = assumed && template.assume(assumed, condition);
  return assumed === undefined;
}

/** Whether a Deny keeps everyone out; undefined where its principal is not known. */
function deniesEveryone(deny: Statement): boolean | undefined {
  let doubt = deny.openElements.has('Principal');
  for (const principal of deny.principals) {
    const { form } = identify(principal, deny.policy);
    if (form === 'everyone' && !isConditional(principal, deny)) return true;
    doubt ||= form === 'everyone' || form === 'unknown';
  }
  return doubt ? undefined : false;
}

/** Whether a statement may speak of more actions or resources than can be read: of a parameter, an import. */
function isOpenEnded(statement: Statement): boolean {
  if (statement.openElements.has('Action') || statement.openElements.has('Resource')) return true;
  const isOpen = (item: Item) => item.text === undefined || item.text === HOLE;
  return (
    statement.actions.some((item) => !isKnown(item) || isConditional(item, statement)) ||
    statement.resources.some(
      (item) => isConditional(item, statement) || (isOpen(item) && item.value.kind === 'unknown'),
    )
  );
}

/** Whoever is left when a Deny holds; undefined where it keeps out nobody in particular. */
function leftBy(deny: Statement): Verdict | undefined {
  if (deny.openElements.has('Condition')) return 'UNKNOWN';
  if (!deny.conditions.length) return 'NONE';
  let left: Verdict | undefined;
  let doubt = false;
  for (const clause of deny.conditions) {
    if (isConditional(clause, deny) || clause.operatorText.includes(HOLE)) return 'UNKNOWN';
    // Calls of AWS services are let out of the perimeter: outsiders are none.
    if (
      /^aws:(principalisawsservice|viaawsservice)$/i.test(clause.key) &&
      clause.values.every((item) => item.text === 'false')
    )
      continue;
    const { operator } = clause;
    // A Deny holds where its negated comparison does: also for requests that lack the key.
    if (!operator.negated || operator.qualifier === 'ForAnyValue') return undefined;
    const judged = judgeAsAllowed(clause, deny);
    if (judged.result === 'fails') return undefined;
    if (judged.result === 'unknown' || judged.to === undefined) doubt = true;
    else if (judged.to === 'nobody') left ??= 'NONE';
    else left = VERDICT_OF[judged.to];
  }
  return doubt ? 'UNKNOWN' : left;
}

/** Judges whom a negated comparison leaves out, by judging the positive one. */
function judgeAsAllowed(clause: ConditionClause, deny: Statement): JudgedClause {
  // ForAllValues of a negated comparison is the opposite of ForAnyValue of the positive one.
  return judgeAlone(asPositive(clause), deny);
}

/** Whether a Deny is in force wherever an Allow is. */
function heldWith(deny: Statement, allow: Statement): boolean {
  return deny.templateConditions.every((condition) =>
    allow.templateConditions.some((other) => other.id === condition.id && other.value === condition.value),
  );
}

/** Whether a statement certainly names every resource that another one does. */
function coversResources(outer: Statement, inner: Statement): boolean {
  if (outer.elements.NotResource) return false;
  const outerItems = outer.resources.filter((item) => !isConditional(item, outer));
  // Some policies have no Resource: they speak of what they are attached to.
  if (!outer.elements.Resource || outerItems.some(isWildcard)) return true;
  if (inner.elements.NotResource || inner.openElements.has('Resource') || !inner.resources.length) return false;
  const texts = outerItems.map((item) => distinctText(item.value));
  return inner.resources.every((item) => {
    const text = distinctText(item.value);
    return text !== undefined && texts.some((one) => one !== undefined && wildcardCovers(one, text));
  });
}

/** Properties that take a resource off the internet, by the type that carries them. */
const VPC_PROPERTIES: Readonly<Record<string, string>> = {
  'AWS::OpenSearchService::Domain': 'VPCOptions.SubnetIds',
  'AWS::Elasticsearch::Domain': 'VPCOptions.SubnetIds',
  aws_opensearch_domain: 'vpc_options.subnet_ids',
  aws_elasticsearch_domain: 'vpc_options.subnet_ids',
  'AWS::S3::AccessPoint': 'VpcConfiguration.VpcId',
  aws_s3_access_point: 'vpc_configuration.vpc_id',
};

const DOMAIN_POLICIES: Readonly<Record<string, string>> = {
  aws_opensearch_domain_policy: 'aws_opensearch_domain',
  aws_elasticsearch_domain_policy: 'aws_elasticsearch_domain',
};

/** Domains and access points inside a VPC are never public. */
function withSite(verdict: PrincipalVerdict): PrincipalVerdict {
  if (!isPublic(verdict.verdict)) return verdict;
  const inside = verdict.statement.policy.consumers.map((consumer) => insideVpc(consumer.resource));
  if (!inside.length || inside.every((one) => one === false)) return verdict;
  if (inside.every((one) => one === true))
    return { ...verdict, verdict: 'NONE', why: 'it is reached from its VPC only', anonymous: false };
  return { ...verdict, verdict: 'UNKNOWN', why: 'it may be reached from its VPC only', anonymous: false };
}

function insideVpc(resource: PolicyDocument['resource']): boolean | undefined {
  const ownerType = DOMAIN_POLICIES[resource.type];
  if (ownerType !== undefined) {
    const [owner] = ownersOf(resource, 'domain_name', ownerType);
    return owner && insideVpc(owner);
  }
  const path = VPC_PROPERTIES[resource.type];
  if (path === undefined) return false;
  const leaves = select(resource, path);
  if (leaves.every(({ value }) => value.kind === 'absent')) return false;
  return leaves.some(({ value }) => value.kind === 'absent' || value.kind === 'unknown') ? undefined : true;
}
