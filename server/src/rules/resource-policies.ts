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

import type { Consumer, Item, Statement } from '../iam/document.ts';
import { isWildcard } from '../iam/document.ts';
import { identify } from '../iam/principals.ts';
import { principalVerdicts } from '../iam/public.ts';
import type { Fix } from './fix.ts';
import { allowOnly } from './policy-actions.ts';
import { ownOrganization } from './policy-conditions.ts';
import { aws } from './references.ts';
import {
  actionsText,
  allowCheck,
  capital,
  type PolicyRule,
  pathOf,
  type ReportInPolicy,
  rule,
} from './resource-policy.ts';
import type { Rule } from './rule.ts';
import { relatedHops } from './shared.ts';

export { ownAccount } from './policy-edits.ts';
export { publicPolicyRule } from './resource-policies-public.ts';
export { isStandalone, merge, type PolicyRule, speaksOf } from './resource-policy.ts';

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
            fix: () => ownOrganization(statement),
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
            fix: () => usesOnly(item, statement, services),
          });
        }
      }),
    },
  );
}

/** What those who use a resource do with it, by service: neither managing it nor its policy. */
const USES: Readonly<Record<string, readonly string[]>> = Object.assign(Object.create(null), {
  kms: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
  s3: ['s3:Get*', 's3:List*'],
  ses: ['ses:SendEmail', 'ses:SendRawEmail'],
  sqs: ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
});

function usesOnly(item: Item, statement: Statement, services: readonly string[]): Fix | undefined {
  const [service, ...others] = services;
  const uses = service !== undefined && !others.length ? USES[service] : undefined;
  return uses && allowOnly(item, statement, uses, service === 's3' ? 'Allow reading only' : 'Allow use only');
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
