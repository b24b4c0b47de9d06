/** Resource policies that let everyone in. */

import { accessLevels } from '../iam/actions.ts';
import { type Consumer, isKnown, type PolicyDocument, type Principal, type Statement } from '../iam/document.ts';
import { isPublic, type PrincipalVerdict, principalVerdicts } from '../iam/public.ts';
import type { Data, Edit } from '../syntax/edit.ts';
import type { Node } from '../syntax/node.ts';
import type { Resource } from '../template/template.ts';
import type { Fix } from './fix.ts';
import { ownOrganization, strictComparison } from './policy-conditions.ts';
import { ownAccount } from './policy-edits.ts';
import { aws } from './references.ts';
import {
  actionsText,
  allowCheck,
  capital,
  concerns,
  type PolicyRule,
  pathOf,
  type ReportInPolicy,
  rule,
} from './resource-policy.ts';
import type { Rule, Severity } from './rule.ts';
import { relatedHops } from './shared.ts';

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
  /** Why the statement allows nothing, to whomever it may be: a clause to follow "but". The finding is for information. */
  readonly grantsNothing?: (statement: Statement) => string | undefined;
  /** Peers' ids that depend on what everyone may do; they replace `aliases`. */
  readonly aliasesFor?: (statement: Statement) => readonly string[];
  /** The service also answers requests without a signature: in a standalone document, whose service nobody names, too. */
  readonly unsigned?: boolean;
  /** Another rule reports NotPrincipal. */
  readonly leaveNotPrincipal?: boolean;
}

/** What the rules made here judge. */
const judged: PublicPolicyRule[] = [];

/** Whether a rule on public access judges the principals of this document. */
export function isJudgedAsPublic(policy: PolicyDocument): boolean {
  return judged.some((spec) => concerns(policy, spec));
}

/**
 * Everyone is let in, and nothing narrows it: iam/public.ts decides. Variants: `write`, `read`, `closed`, `no-effect`, and `malformed`
 * for a wildcard in the account of an ARN, which means everyone to its author and nobody to AWS.
 */
export function publicPolicyRule(spec: PublicPolicyRule): Rule {
  const write = spec.severities?.write ?? 'critical';
  const read = spec.severities?.read ?? 'high';
  judged.push(spec);
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
        ...(spec.grantsNothing && { 'no-effect': { severity: 'info' as const } }),
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
  const nothing = spec.grantsNothing?.(statement);
  const closed = nothing === undefined ? closedBy(spec, carriers) : undefined;
  const anonymous = verdict.anonymous || (spec.unsigned && verdict.verdict === 'PUBLIC' && !carriers.length);
  const who = anonymous ? 'Anyone on the internet' : 'Any AWS account';
  const failed = verdict.notNarrowedBy.map(({ clause, why }) => ({
    node: clause.keyNode,
    message: `${clause.key} does not narrow it: it ${why}`,
  }));
  report({
    node: principal?.node ?? (element?.key as Node),
    variant: nothing !== undefined ? 'no-effect' : closed ? 'closed' : (accessOf(statement) ?? 'read'),
    message:
      nothing === undefined
        ? `${who} may use ${actionsText(statement)} on this ${spec.thing}${closed ? `, but ${closed.message}` : ''}`
        : `The statement names everyone, but ${nothing}`,
    conditions: principal?.conditions ?? statement.templateConditions,
    aliases,
    path: pathOf(statement, principal ? 'Principal' : 'NotPrincipal'),
    related: [
      ...(principal ? relatedHops(principal.via) : []),
      ...failed,
      ...(closed ? [{ node: closed.node, message: capital(closed.message), resource: closed.resource }] : []),
    ],
    fix:
      principal &&
      (() =>
        [
          ...verdict.notNarrowedBy.map(({ clause }) => strictComparison(statement, clause)),
          ownAccountFix(principal, statement),
          ownOrganization(statement),
        ].filter((fix) => fix !== undefined)),
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

// ---- mending

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
