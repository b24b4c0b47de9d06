/**
 * Conditions and principals that keep strangers out once somebody has put in a name. Left as they are, they match nobody
 * (or for a Deny, spare nobody).
 */

import { expandActionPattern } from '../iam/actions.ts';
import {
  type ConditionClause,
  type Item,
  isConditional,
  isKnown,
  isWildcard,
  type Principal,
  type Statement,
} from '../iam/document.ts';
import { asPositive, judgeAlone } from '../iam/narrowing.ts';
import type { Identity } from '../iam/principals.ts';
import { GITHUB_ISSUER } from '../iam/trust.ts';
import type { Data } from '../syntax/edit.ts';
import { asString } from '../template/value.ts';
import type { Fix } from './fix.ts';
import {
  addConditions,
  addStatements,
  copyOf,
  type Demand,
  ownAccount,
  policyFix,
  removeItems,
  type Share,
  takesIntrinsics,
} from './policy-edits.ts';
import { joined, namedArn } from './policy-resources.ts';

const ORGANIZATION = 'ORGANIZATION_ID';

/** Whether all principals are accounts, identities or everyone: callers whose requests carry the keys of a principal. */
function letsInCallers(statement: Statement): boolean {
  return (
    statement.principals.length > 0 &&
    !statement.openElements.has('Principal') &&
    statement.principals.every(({ type }) => ['AWS', '*', ''].includes(type))
  );
}

/** Lets in only principals of one organization. */
export function ownOrganization(statement: Statement): Fix | undefined {
  if (!letsInCallers(statement) || statement.effect !== 'Allow') return undefined;
  // A URL without authentication knows no principals.
  if (statement.conditions.some((clause) => clause.key.toLowerCase() === 'lambda:functionurlauthtype')) {
    return undefined;
  }
  return policyFix(
    'Allow only your organization (put in its id)',
    addConditions(statement, [{ operator: 'StringEquals', key: 'aws:PrincipalOrgID', value: ORGANIZATION }]),
  );
}

/**
 * Compares by an operator that lets in only whom the clause names, where it keeps nobody out because of its operator: negated,
 * `IfExists` or `ForAllValues`. Undefined where that is not the reason, or the operator compares other keys as well.
 */
export function strictComparison(statement: Statement, clause: ConditionClause): Fix | undefined {
  const { policy } = statement;
  const { operatorNode, operatorText } = clause;
  const positive = asPositive(clause);
  const { name } = positive.operator;
  if (name === undefined || policy.via.length || policy.form === 'flat') return undefined;
  const operator = [undefined, 'ForAnyValue' as const]
    .map((qualifier) => ({ ...positive, operator: { ...positive.operator, qualifier } }))
    .filter((one) => {
      const { result, to } = judgeAlone(one, statement);
      return result === 'narrows' && to !== 'nobody' && to !== 'signed';
    })
    .map((one) => (one.operator.qualifier ? `${one.operator.qualifier}:${name}` : name))[0];
  if (operator === undefined || operator === operatorText) return undefined;
  const title = `Compare ${clause.key} by ${operator} (lets in only whom it names)`;
  if (policy.form === 'data') return policyFix(title, [{ kind: 'replace', node: operatorNode, data: operator }]);
  const { entry } = operatorNode;
  const alone = entry?.key === operatorNode && entry.value.kind === 'object' && entry.value.entries.length === 1;
  const taken = statement.conditions.some((other) => other.operatorText.toLowerCase() === operator.toLowerCase());
  return alone && !taken ? policyFix(title, [{ kind: 'rename', entry, name: operator }]) : undefined;
}

/** Asks another account for an external ID. */
export function externalId(statement: Statement): Fix | undefined {
  if (!letsInCallers(statement)) return undefined;
  return policyFix(
    'Ask for an external ID (put in the one agreed on)',
    addConditions(statement, [{ operator: 'StringEquals', key: 'sts:ExternalId', value: 'EXTERNAL_ID' }]),
  );
}

/**
 * Asks for more where one action is allowed: of the statement, if it is about nothing else, else of one for it alone.
 * @param items the action as written, with its repetitions
 */
function askOf(
  items: readonly Item[],
  statement: Statement,
  demands: readonly Demand[],
  title: string,
): Fix | undefined {
  const { elements, actions, resources, openElements } = statement;
  if (!items.length || elements.NotAction || openElements.has('Action')) return undefined;
  if (items.length === actions.length) return policyFix(title, addConditions(statement, demands));
  const written = resources.map(({ node, via }) => (via.length ? undefined : copyOf(node)));
  if (!elements.Resource || openElements.has('Resource')) return undefined;
  const share: Share = {
    actions: [...new Set(items.flatMap(({ text }) => text ?? []))],
    resources: written.filter((data) => data !== undefined),
    demands,
  };
  const removed = removeItems(statement, 'Action', items);
  const added = share.resources.length === resources.length ? addStatements(statement, [share]) : undefined;
  return removed && added && policyFix(title, [...removed, ...added]);
}

/** The places where a statement names an action in full, nothing else. */
function named(statement: Statement, action: string): readonly Item[] {
  return statement.actions.filter((item) => item.text?.toLowerCase() === action && !isConditional(item, statement));
}

/** Lets roles be passed to one service only. */
export function passedToService(statement: Statement): Fix | undefined {
  return askOf(
    named(statement, 'iam:passrole'),
    statement,
    [{ operator: 'StringEquals', key: 'iam:PassedToService', value: 'service-name.amazonaws.com' }],
    'Let roles be passed to one service only (put in service-name)',
  );
}

/** Lets service-linked roles be created for one service only. */
export function linkedToService(statement: Statement): Fix | undefined {
  return askOf(
    named(statement, 'iam:createservicelinkedrole'),
    statement,
    [{ operator: 'StringEquals', key: 'iam:AWSServiceName', value: 'service-name.amazonaws.com' }],
    'Let service-linked roles be created for one service only (put in service-name)',
  );
}

const RESOURCE_TAG = 'aws:ResourceTag/${TagKey}';
/** Services in which it is customary that tags decide who may change what. */
const TAGGED: ReadonlySet<string> = new Set(['autoscaling', 'ec2', 'ecs', 'rds', 'ssm']);
/** What is made has no tags yet. */
const MAKES = /^(?:Create|Run|Import|Register|Allocate|Copy|Request|Restore)/;

/** Lets actions be used only on what bears a tag, where each of them can be limited so. */
export function taggedOnly(statement: Statement): Fix | undefined {
  if (statement.conditions.length || statement.openElements.has('Action') || !statement.actions.length)
    return undefined;
  const found = statement.actions.map((item) => (isKnown(item) && !isWildcard(item) ? item.text : undefined));
  const actions = found.map((text) => (text === undefined ? [] : expandActionPattern(text)));
  const canBe = actions.every(
    (some) =>
      some.length > 0 &&
      some.every(
        ({ service, conditionKeys, name }) =>
          TAGGED.has(service) && conditionKeys.includes(RESOURCE_TAG) && !MAKES.test(name),
      ),
  );
  if (!canBe) return undefined;
  return policyFix(
    'Allow it only on what bears a tag (put in TAG_KEY and TAG_VALUE)',
    addConditions(statement, [{ operator: 'StringEquals', key: 'aws:ResourceTag/TAG_KEY', value: 'TAG_VALUE' }]),
  );
}

/** Asks a service for the account whose resource it acts for. */
export function sourceAccount(statement: Statement): Fix | undefined {
  if (statement.principals.length !== 1 || statement.effect !== 'Allow') return undefined;
  const own = ownAccount(statement.policy);
  return policyFix(
    own === undefined
      ? 'Ask for your account as the source (put in its number)'
      : 'Ask for this account as the source (the resource that the service acts for must be in it)',
    addConditions(statement, [{ operator: 'StringEquals', key: 'aws:SourceAccount', value: own ?? 'ACCOUNT_ID' }]),
  );
}

/** Asks IAM Roles Anywhere for the trust anchor: the template's only one, else one to be named. */
export function trustAnchor(statement: Statement): Fix | undefined {
  const arn = namedArn(statement, 'rolesanywhere', 'trust-anchor', 'trust-anchor/${TrustAnchorId}');
  return policyFix(
    arn.owner === undefined
      ? `Let only one trust anchor in (put in ${joined(arn.names)})`
      : `Let only the trust anchor ${arn.owner} in`,
    addConditions(statement, [{ operator: 'ArnEquals', key: 'aws:SourceArn', value: arn.data }]),
  );
}

/** Leaves a role out of a Deny. */
export function exceptOneRole(statement: Statement): Fix | undefined {
  const arn = namedArn(statement, 'iam', undefined, 'role/${RoleName}');
  return policyFix(
    `Leave out one role that may mend the policy (put in ${joined(arn.names)})`,
    addConditions(statement, [{ operator: 'ArnNotEquals', key: 'aws:PrincipalArn', value: arn.data }]),
  );
}

/** Names a role of the account in the account's place. */
export function oneRole(principal: Principal, identity: Identity, statement: Statement): Fix | undefined {
  const { policy } = statement;
  if (principal.via.length || principal.type !== 'AWS' || principal.node.aliasOf || policy.form === 'flat') {
    return undefined;
  }
  let data: Data;
  if (identity.accountId !== undefined) {
    const text = asString(principal.value);
    const partition = text?.startsWith('arn:') ? text.split(':')[1] : 'aws';
    if (text === undefined) return undefined;
    data = `arn:${partition}:iam::${identity.accountId}:role/ROLE_NAME`;
  } else {
    if (identity.account !== 'own') return undefined;
    const own = ownAccount(policy);
    if (own === undefined) return undefined;
    data = takesIntrinsics(policy)
      ? { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/ROLE_NAME' }
      : `arn:aws:iam::${own}:role/ROLE_NAME`;
  }
  return policyFix('Trust one role of the account only (put in ROLE_NAME)', [
    { kind: 'replace', node: principal.node, data },
  ]);
}

// ---- tokens

const EKS = /^(?:oidc\.eks\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?|oidc-eks\.[a-z0-9-]+\.api\.aws)\//;
const COGNITO = 'cognito-identity.amazonaws.com';
const BRANCH = 'ref:refs/heads/main';

interface Claims {
  readonly audience: string;
  /** Whose token it is. */
  readonly subject: Omit<Demand, 'key'> & { readonly claim: string };
  /** What is to be put in. */
  readonly names: readonly string[];
}

/** What the tokens of an issuer say for AWS: whom they are issued for, and to whom. */
function claimsOf(issuer: string): Claims {
  const sub = (value: string) => ({ claim: 'sub', operator: 'StringEquals', value });
  if (issuer === GITHUB_ISSUER) {
    return {
      audience: 'sts.amazonaws.com',
      subject: sub(`repo:ORGANIZATION/REPOSITORY:${BRANCH}`),
      names: ['ORGANIZATION', 'REPOSITORY'],
    };
  }
  if (EKS.test(issuer)) {
    return {
      audience: 'sts.amazonaws.com',
      subject: sub('system:serviceaccount:NAMESPACE:SERVICE_ACCOUNT'),
      names: ['NAMESPACE', 'SERVICE_ACCOUNT'],
    };
  }
  if (issuer === COGNITO) {
    const subject = { claim: 'amr', operator: 'ForAnyValue:StringLike', value: 'authenticated' };
    return { audience: 'IDENTITY_POOL_ID', subject, names: ['IDENTITY_POOL_ID'] };
  }
  return { audience: 'CLIENT_ID', subject: sub('SUBJECT'), names: ['CLIENT_ID', 'SUBJECT'] };
}

/** Asks for assertions that are sent to the sign-in page of AWS. */
export function askForEndpoint(statement: Statement): Fix | undefined {
  return policyFix(
    'Take only assertions for the AWS sign-in page',
    addConditions(statement, [
      { operator: 'StringEquals', key: 'SAML:aud', value: 'https://signin.aws.amazon.com/saml' },
    ]),
  );
}

/** Asks for the audience of a token, where none is asked for, and for its subject. `issuer` as written in the principal. */
export function askForToken(statement: Statement, issuer: string): Fix | undefined {
  const { audience, subject, names } = claimsOf(issuer.toLowerCase());
  const asked = statement.conditions.find((clause) => clause.key.toLowerCase() === `${issuer.toLowerCase()}:aud`);
  const prefix = asked ? asked.key.slice(0, -4) : issuer;
  const { claim, ...demanded } = subject;
  const demands: Demand[] = [{ ...demanded, key: `${prefix}:${claim}` }];
  if (!asked) demands.unshift({ operator: 'StringEquals', key: `${prefix}:aud`, value: audience });
  const missing = names.filter((name) => !asked || name !== audience);
  const put = missing.length ? ` (put in ${joined(missing)})` : '';
  return policyFix(
    `Ask for the token’s ${asked ? '' : 'audience and '}subject${put}`,
    addConditions(statement, demands),
  );
}

/** What a subject of GitHub ends in where it leaves that open. */
function contextOf(rest: string): string {
  if (rest.startsWith('environment:')) return 'environment:ENVIRONMENT';
  return rest.startsWith('ref:refs/tags/') ? 'ref:refs/tags/TAG' : BRANCH;
}

/** Names the branch, tag or environment in a subject of GitHub; and the repository and its owner where these are open. */
export function nameBranch(item: Item): Fix | undefined {
  const { text } = item;
  if (text === undefined || text.includes('\u0000') || item.via.length || item.node.aliasOf) return undefined;
  const [, owner = '', name = '', rest = ''] = /^repo:([^/]*)\/([^:]*):?(.*)$/.exec(text) ?? [];
  // An open id behind a name (`owner@*`) leaves nothing open.
  const known = (part: string, other: string) => (part === '' || /[*?]/.test(part.replace(/@\*$/, '')) ? other : part);
  const subject = `repo:${known(owner, 'ORGANIZATION')}/${known(name, 'REPOSITORY')}:${contextOf(rest)}`;
  const names = ['ORGANIZATION', 'REPOSITORY', 'ENVIRONMENT', 'TAG'].filter((one) =>
    subject.split(/[:/]/).includes(one),
  );
  const title = names.length
    ? `Ask for one repository and what runs in it (put in ${joined(names)})`
    : 'Ask for the branch main (others can then no longer assume the role)';
  return policyFix(title, [{ kind: 'replace', node: item.node, data: subject }]);
}
