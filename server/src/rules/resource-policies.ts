/**
 * Rules that every service with resource policies has, made from a description: who may not be let in, whatever the
 * service is.
 *
 *   publicPolicyRule      Allow to everyone that no condition narrows      reported at the principal
 *   wildcardActionRule    Allow of every action (of the service)           reported at the action
 *   crossAccountRule      Allow to an account named by its number          reported at the principal
 *   notPrincipalRule      Allow with NotPrincipal                          reported at the key `NotPrincipal`
 *   notActionRule         Allow with NotAction                             reported at the key `NotAction`
 *
 *     publicPolicyRule({
 *       id: 'sqs-policy-public', service: 'sqs', thing: 'queue', standalone: true,
 *       description: '…', aliases: ['checkov:CKV_AWS_168'], references: [aws('…', '…')],
 *     })
 *
 * What they share ({@link PolicyRule}):
 * - `service`: IAM prefixes of the resources that carry the policy; `carriers` narrows that to certain resource types
 *   (both languages) where a service has several rules. All sites are in iam/policy-sites.ts.
 * - A document defined apart (`data.aws_iam_policy_document`) is judged for its consumers; the finding lies in the
 *   document, the consumers are related. With `standalone`, policy files and unused data sources are judged as well if
 *   every action in them is of the service.
 * - A rule of the catalogue that stands for two of these (`sqs-policy-not-principal-action`) takes the checks of both:
 *   `merge(notPrincipalRule(spec), notActionRule(spec))`; each keeps its aliases.
 */

import { accessLevels } from '../iam/actions.ts';
import {
  allows,
  type Consumer,
  type Item,
  isKnown,
  isWildcard,
  type PolicyDocument,
  type Principal,
  type Statement,
} from '../iam/document.ts';
import { identify } from '../iam/principals.ts';
import { isPublic, type PrincipalVerdict, principalVerdicts } from '../iam/public.ts';
import type { Data, Edit } from '../syntax/edit.ts';
import type { Node } from '../syntax/node.ts';
import type { Resource } from '../template/template.ts';
import type { Fix } from './fix.ts';
import { aws } from './references.ts';
import type { Category, Owner, Reference, Related, Report, Reporter, Rule, Severity } from './rule.ts';
import { relatedHops } from './shared.ts';

/** A rule on the policies of one kind of resource; what is left out has a default. */
export interface PolicyRule {
  readonly id: string;
  /** What the policy guards, as people call it: `bucket`, `queue`. */
  readonly thing: string;
  /** IAM prefixes of the services whose resource policies are judged. */
  readonly service: string | readonly string[];
  /** Resource types that carry the policy; all of the services' where left out. */
  readonly carriers?: readonly string[];
  /** Also judges policy files and data sources without a consumer that speak of the service's actions only. */
  readonly standalone?: boolean;
  /** Whether a document is judged at all. */
  readonly where?: (policy: PolicyDocument, carriers: readonly Consumer[]) => boolean | undefined;
  readonly aliases: readonly string[];
  readonly description?: string;
  readonly references?: readonly Reference[];
  readonly title?: string;
  readonly category?: Category;
  readonly severity?: Severity;
  readonly tier?: Rule['tier'];
  readonly owner?: Owner;
  readonly aws?: Rule['aws'];
}

const OWNER: Owner = {
  side: 'customer',
  why: 'AWS enforces a resource policy exactly as it is written; whom it lets in is your decision.',
};

const REFERENCES: readonly Reference[] = [
  aws(
    'Identity-based policies and resource-based policies',
    'IAM/latest/UserGuide/access_policies_identity-vs-resource.html',
  ),
];

type Defaults = Pick<Rule, 'title' | 'category' | 'severity' | 'description' | 'references'>;

function rule(spec: PolicyRule, defaults: Defaults, more: Pick<Rule, 'checks' | 'variants'>): Rule {
  return {
    id: spec.id,
    title: spec.title ?? defaults.title,
    category: spec.category ?? defaults.category,
    severity: spec.severity ?? defaults.severity,
    tier: spec.tier ?? 'core',
    owner: spec.owner ?? OWNER,
    description: spec.description ?? defaults.description,
    aws: spec.aws,
    aliases: spec.aliases,
    references: spec.references ?? [...defaults.references, ...REFERENCES],
    ...more,
  };
}

/** One rule that reports what several do; the first names it. Each finding keeps the title, severity and aliases of its own. */
export function merge(first: Rule, ...others: readonly Rule[]): Rule {
  const all = [first, ...others];
  return {
    ...first,
    aliases: [...new Set(all.flatMap((one) => one.aliases))],
    checks: all.flatMap((one) => one.checks),
  };
}

/** Those who carry the document as a resource policy of the rule's; undefined where the rule does not concern it. */
function carriersOf(policy: PolicyDocument, spec: PolicyRule): readonly Consumer[] | undefined {
  const services = typeof spec.service === 'string' ? [spec.service] : spec.service;
  const carriers = policy.consumers.filter(
    (consumer) =>
      consumer.kind === 'resource' &&
      consumer.service !== undefined &&
      services.includes(consumer.service) &&
      (!spec.carriers || consumer.resource.types.some((type) => spec.carriers?.includes(type))),
  );
  if (!carriers.length && !(spec.standalone && isStandalone(policy) && speaksOf(policy, services))) return undefined;
  return !spec.where || spec.where(policy, carriers) === true ? carriers : undefined;
}

/** A resource policy that no resource of the template carries: a policy file, a data source for use elsewhere. */
export function isStandalone(policy: PolicyDocument): boolean {
  if (policy.kind !== 'resource' || policy.service !== undefined) return false;
  return policy.consumers.every((consumer) => consumer.resource === policy.resource && consumer.service === undefined);
}

/** Whether all actions of a document are of the services, or else what it names as resources is. */
export function speaksOf(policy: PolicyDocument, services: readonly string[]): boolean {
  let named = 0;
  for (const statement of policy.statements) {
    for (const item of [...statement.actions, ...statement.notActions]) {
      if (item.text === undefined || isWildcard(item)) continue;
      const colon = item.text.indexOf(':');
      if (!services.includes(item.text.slice(0, Math.max(colon, 0)).toLowerCase())) return false;
      named++;
    }
    for (const item of [...statement.resources, ...statement.notResources]) {
      if (!item.text?.startsWith('arn:')) continue;
      if (!services.includes(item.text.split(':')[2] ?? '')) return false;
      named++;
    }
  }
  return named > 0;
}

/** Statements that the document consists of, those of documents it includes too. */
function statementsOf(policy: PolicyDocument): readonly Statement[] {
  return policy.included.length ? [...policy.statements, ...policy.included] : policy.statements;
}

/** Resources that put a document to use, where that is defined apart. */
function users(statement: Statement, carriers: readonly Consumer[]): Related[] {
  return carriers
    .filter((carrier) => carrier.resource !== statement.policy.resource)
    .map(({ resource }) => ({ node: resource.key, message: `Used by ${resource.address}`, resource }));
}

type ReportInPolicy = (report: Omit<Report, 'resource'>) => void;

/** A check of each statement that certainly allows; `own` is what each finding says where the judge does not. */
function allowCheck(
  spec: PolicyRule,
  own: Pick<Report, 'severity' | 'message'>,
  judge: (statement: Statement, carriers: readonly Consumer[], report: ReportInPolicy) => void,
): Rule['checks'] {
  const check = (policy: PolicyDocument, reporter: Reporter) => {
    const carriers = carriersOf(policy, spec);
    if (!carriers) return;
    for (const statement of statementsOf(policy)) {
      if (!allows(statement)) continue;
      judge(statement, carriers, (report) =>
        reporter.report({
          resource: statement.policy.resource,
          conditions: statement.templateConditions,
          aliases: spec.aliases,
          ...own,
          ...report,
          related: [...(report.related ?? []), ...users(statement, carriers)],
        }),
      );
    }
  };
  return [{ kind: 'policy', check }];
}

// ---- public

/** Why a public statement has no effect: another setting of the template closes the resource. */
export interface Closed {
  /** A clause to follow "but": `BlockPublicPolicy refuses such a policy`. */
  readonly message: string;
  readonly node: Node;
  readonly resource: Resource;
}

export interface PublicPolicyRule extends PolicyRule {
  /** Severity where everyone may write or change permissions (default critical), and where everyone may read (high). */
  readonly severities?: { readonly write?: Severity; readonly read?: Severity };
  /** Another setting that closes what this carrier opens; the finding is then for information. */
  readonly closedBy?: (carrier: Resource) => Closed | undefined;
  /** Peers' ids that depend on what everyone may do; they replace `aliases`. */
  readonly aliasesFor?: (statement: Statement) => readonly string[];
  /** The service also answers requests without a signature: in a standalone document, whose service nobody names, too. */
  readonly unsigned?: boolean;
  /** Another rule reports NotPrincipal. */
  readonly leaveNotPrincipal?: boolean;
}

/**
 * Everyone is let in, and nothing narrows it: iam/public.ts decides. Variants: `write`, `read`, `closed`, and `malformed` for a
 * wildcard in the account of an ARN, which means everyone to its author and nobody to AWS.
 */
export function publicPolicyRule(spec: PublicPolicyRule): Rule {
  const write = spec.severities?.write ?? 'critical';
  const read = spec.severities?.read ?? 'high';
  return rule(
    spec,
    {
      title: `${capital(spec.thing)} policy lets everyone in`,
      category: 'public-access',
      severity: write,
      description:
        `A statement allows every principal, and no condition narrows it to an account, an organization or a ` +
        `network. Anyone with an AWS account, and where the service takes unsigned requests anyone at all, may ` +
        `do what it allows. Name the principals, or add a condition on \`aws:PrincipalOrgID\`, ` +
        `\`aws:SourceAccount\` or \`aws:SourceVpce\`.`,
      references: [
        aws('AWS JSON policy elements: Principal', 'IAM/latest/UserGuide/reference_policies_elements_principal.html'),
      ],
    },
    {
      variants: {
        write: { severity: write },
        read: { severity: read },
        closed: { severity: 'info' },
        malformed: { severity: 'medium' },
      },
      checks: allowCheck(spec, {}, (statement, carriers, report) => {
        const aliases = spec.aliasesFor?.(statement) ?? spec.aliases;
        for (const verdict of principalVerdicts(statement)) {
          if (isPublic(verdict.verdict)) reportPublic(spec, verdict, carriers, aliases, report);
          else if (verdict.principal && hasWildcardAccount(verdict)) {
            report({
              node: verdict.principal.node,
              variant: 'malformed',
              message:
                'AWS takes no wildcard in the account of a principal: this names nobody, and stands for everyone only as "*" alone',
              conditions: verdict.principal.conditions,
              aliases,
              path: pathOf(statement, 'Principal'),
            });
          }
        }
      }),
    },
  );
}

function reportPublic(
  spec: PublicPolicyRule,
  verdict: PrincipalVerdict,
  carriers: readonly Consumer[],
  aliases: readonly string[],
  report: ReportInPolicy,
): void {
  const { statement, principal } = verdict;
  const element = principal ? undefined : statement.elements.NotPrincipal;
  if (!principal && (!element || spec.leaveNotPrincipal)) return;
  const closed = closedBy(spec, carriers);
  const anonymous = verdict.anonymous || (spec.unsigned && verdict.verdict === 'PUBLIC' && !carriers.length);
  const who = anonymous ? 'Anyone on the internet' : 'Any AWS account';
  const failed = verdict.notNarrowedBy.map(({ clause, why }) => ({
    node: clause.keyNode,
    message: `${clause.key} does not narrow it: it ${why}`,
  }));
  report({
    node: principal?.node ?? (element?.key as Node),
    variant: closed ? 'closed' : (accessOf(statement) ?? 'read'),
    message: `${who} may use ${actionsText(statement)} on this ${spec.thing}${closed ? `, but ${closed.message}` : ''}`,
    conditions: principal?.conditions ?? statement.templateConditions,
    aliases,
    path: pathOf(statement, principal ? 'Principal' : 'NotPrincipal'),
    related: [
      ...(principal ? relatedHops(principal.via) : []),
      ...failed,
      ...(closed ? [{ node: closed.node, message: capital(closed.message), resource: closed.resource }] : []),
    ],
    fix: principal && (() => ownAccountFix(principal, statement)),
  });
}

/** `arn:aws:iam::*:role/x`. */
function hasWildcardAccount(verdict: PrincipalVerdict): boolean {
  const { identity } = verdict;
  return identity?.form === 'partial-wildcard' && /^[*?]+$/.test(identity.name?.split(':')[4] ?? '');
}

function closedBy(spec: PublicPolicyRule, carriers: readonly Consumer[]): Closed | undefined {
  const closed = carriers.map(({ resource }) => spec.closedBy?.(resource));
  return closed.length > 0 && closed.every((one) => one !== undefined) ? closed[0] : undefined;
}

/** What a statement lets its principals do at most: change something, or look. Undefined where its actions are not known. */
export function accessOf(statement: Statement): 'write' | 'read' | undefined {
  if (statement.elements.NotAction) return 'write';
  let access: 'read' | undefined;
  for (const item of statement.actions) {
    if (!isKnown(item)) continue;
    if (writes(item.text as string)) return 'write';
    access = 'read';
  }
  return access;
}

const LOOKS =
  /^(batch)?(get|list|describe|head|view|lookup|search|query|scan|select|read|receive|check|download|pull)/i;

/** By the service reference; by the name where that is not at hand or does not know it. */
function writes(pattern: string): boolean {
  const levels = accessLevels(pattern);
  if (levels.length) return levels.some((level) => level !== 'Read' && level !== 'List');
  return !LOOKS.test(pattern.slice(pattern.indexOf(':') + 1));
}

/** `s3:GetObject`, `s3:GetObject and 2 more actions`, `every action`. */
function actionsText(statement: Statement): string {
  if (statement.elements.NotAction) return 'all actions but a few';
  if (statement.actions.some(isWildcard)) return 'every action';
  const texts = statement.actions.filter(isKnown).map((item) => item.text as string);
  const [first] = texts;
  if (first === undefined) return 'the actions of this statement';
  const more = statement.actions.length - 1;
  return more === 0 ? first : more === 1 ? `${first} and one more action` : `${first} and ${more} more actions`;
}

/**
 * Lets only the own account in. CloudFormation knows its number; Terraform only where the configuration asks for it; nothing can
 * be written into a policy file.
 */
export function ownAccountFix(principal: Principal, statement: Statement): Fix | undefined {
  const { policy } = statement;
  const account = ownAccount(policy);
  // A URL without authentication knows no accounts: that is mended at the URL.
  if (statement.conditions.some((clause) => clause.key.toLowerCase() === 'lambda:functionurlauthtype'))
    return undefined;
  if (account === undefined || principal.via.length || principal.value.kind !== 'known') return undefined;
  const edits = principalEdits(principal, policy, account);
  return edits && { title: 'Let only this account in (ends the access of everyone else)', safe: false, edits };
}

function principalEdits(principal: Principal, policy: PolicyDocument, account: Data): readonly Edit[] | undefined {
  if (principal.type === 'AWS' || policy.form === 'flat')
    return [{ kind: 'replace', node: principal.node, data: account }];
  if (policy.form === 'data') {
    if (principal.type !== '*' || !principal.typeNode) return undefined;
    return [
      { kind: 'replace', node: principal.typeNode, data: 'AWS' },
      { kind: 'replace', node: principal.node, data: account },
    ];
  }
  return principal.type === '*' ? [{ kind: 'replace', node: principal.node, data: { AWS: account } }] : undefined;
}

/** How a policy names the account it is deployed to; undefined where it has no way to. */
export function ownAccount(policy: PolicyDocument): Data | undefined {
  const { template } = policy.resource;
  // Inside a string an intrinsic function is mere text.
  if (template.dialect === 'cloudformation') return policy.host ? undefined : { Ref: 'AWS::AccountId' };
  if (template.dialect !== 'terraform') return undefined;
  const caller = template.ofType('data.aws_caller_identity').find((one) => one.address.startsWith('data.'));
  return caller && `\${${caller.address}.account_id}`;
}

// ---- other accounts

/**
 * An account, or an identity in one, is let in by its number, and no condition narrows that further. An account that the
 * statement's own resources belong to is the owner's. For review: the number alone does not tell whose account it is.
 */
export function crossAccountRule(spec: PolicyRule): Rule {
  const severity = spec.severity ?? 'low';
  return rule(
    spec,
    {
      title: `${capital(spec.thing)} policy lets another account in`,
      category: 'iam',
      severity,
      description:
        `A statement names an AWS account by its number. If that is not your own, whoever runs it decides who uses this ${spec.thing}: ` +
        `an account's administrators can pass on what the account may do. Make sure that it is one you know, list only the actions it needs, ` +
        `and name a role rather than the account.`,
      references: [
        aws('AWS JSON policy elements: Principal', 'IAM/latest/UserGuide/reference_policies_elements_principal.html'),
      ],
    },
    {
      checks: allowCheck(spec, { severity }, (statement, _carriers, report) => {
        const owners = new Set(statement.resources.map((item) => item.text?.split(':')[4]));
        for (const { verdict, principal, identity, narrowedBy } of principalVerdicts(statement)) {
          if (verdict !== 'EXTERNAL-ACCOUNT' || !principal || !identity?.accountId || narrowedBy) continue;
          if ((identity.form !== 'account' && identity.form !== 'identity') || owners.has(identity.accountId)) continue;
          report({
            node: principal.node,
            message: `${identity.form === 'account' ? 'Account' : 'An identity of account'} ${identity.accountId} may use ${actionsText(statement)} on this ${spec.thing}`,
            conditions: principal.conditions,
            related: relatedHops(principal.via),
            path: pathOf(statement, 'Principal'),
          });
        }
      }),
    },
  );
}

// ---- what is allowed, and to whom it is not

export interface WildcardActionRule extends PolicyRule {
  /** Principals that may be given everything: the own account (default), any account, or nobody. */
  readonly except?: 'own-account' | 'any-account' | 'nobody';
}

/** Every action, or every action of the service, is allowed to someone other than the own account as a whole. */
export function wildcardActionRule(spec: WildcardActionRule): Rule {
  const services = typeof spec.service === 'string' ? [spec.service] : spec.service;
  const title = spec.title ?? `${capital(spec.thing)} policy allows every action`;
  const severity = spec.severity ?? 'high';
  return rule(
    spec,
    {
      title,
      category: 'iam',
      severity,
      description:
        `A statement allows all actions, those that delete the ${spec.thing} and rewrite this very policy ` +
        `included. List the actions that the principal needs.`,
      references: [
        aws('IAM JSON policy elements: Action', 'IAM/latest/UserGuide/reference_policies_elements_action.html'),
      ],
    },
    {
      checks: allowCheck(spec, { severity }, (statement, _carriers, report) => {
        if (!letsIn(statement, spec.except ?? 'own-account')) return;
        for (const item of statement.actions) {
          if (!isWildcard(item) && !isServiceWildcard(item, services)) continue;
          report({
            node: item.node,
            message: `This ${spec.thing}'s policy allows ${item.text}: every action there is, now and later`,
            conditions: item.conditions,
            related: relatedHops(item.via),
            path: pathOf(statement, 'Action'),
          });
        }
      }),
    },
  );
}

/** `s3:*` for `s3`. */
function isServiceWildcard(item: Item, services: readonly string[]): boolean {
  const text = item.text?.toLowerCase() ?? '';
  const colon = text.indexOf(':');
  return colon > 0 && /^\*+$/.test(text.slice(colon + 1)) && services.includes(text.slice(0, colon));
}

/** Whether a principal that is certain is let in, the excepted aside. */
function letsIn(statement: Statement, except: NonNullable<WildcardActionRule['except']>): boolean {
  if (statement.elements.NotPrincipal) return true;
  return statement.principals.some((principal) => {
    const { form, account } = identify(principal, statement.policy);
    if (form === 'unknown' || form === 'invalid') return false;
    if (form !== 'account' || except === 'nobody') return true;
    return except === 'own-account' && account !== 'own';
  });
}

/** Allow with NotPrincipal: everyone but those named, the anonymous included. */
export function notPrincipalRule(spec: PolicyRule): Rule {
  const severity = spec.severity ?? 'high';
  const title = spec.title ?? `${capital(spec.thing)} policy allows everyone but those named`;
  return rule(
    spec,
    {
      title,
      category: 'iam',
      severity,
      description:
        `\`NotPrincipal\` with \`Allow\` lets in every principal that is not on the list: other accounts, and ` +
        `anonymous callers where the service takes unsigned requests. Name those to let in with \`Principal\`.`,
      references: [
        aws(
          'AWS JSON policy elements: NotPrincipal',
          'IAM/latest/UserGuide/reference_policies_elements_notprincipal.html',
        ),
      ],
    },
    { checks: allowCheck(spec, { severity, message: title }, elementCheck('NotPrincipal')) },
  );
}

/** Allow with NotAction: every action but those named. */
export function notActionRule(spec: PolicyRule): Rule {
  const severity = spec.severity ?? 'medium';
  const title = spec.title ?? `${capital(spec.thing)} policy allows every action but those named`;
  return rule(
    spec,
    {
      title,
      category: 'iam',
      severity,
      description:
        `\`NotAction\` with \`Allow\` grants every action that is not on the list, those that AWS adds later ` +
        `included. List what is allowed with \`Action\`.`,
      references: [
        aws('IAM JSON policy elements: NotAction', 'IAM/latest/UserGuide/reference_policies_elements_notaction.html'),
      ],
    },
    { checks: allowCheck(spec, { severity, message: title }, elementCheck('NotAction')) },
  );
}

function elementCheck(name: 'NotPrincipal' | 'NotAction') {
  return (statement: Statement, _carriers: readonly Consumer[], report: ReportInPolicy): void => {
    const element = statement.elements[name];
    if (element) report({ node: element.key, path: pathOf(statement, name) });
  };
}

/** Path of an element for fingerprints. */
function pathOf(statement: Statement, element: string): string {
  return [statement.policy.site, 'Statement', String(statement.index), element].filter(Boolean).join('.');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
