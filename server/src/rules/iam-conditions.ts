/** Conditions that do not do what they seem to, and policies by which a principal widens its own access. */

import { matchesPattern } from '../iam/actions.ts';
import {
  type ConditionClause,
  HOLE,
  type Item,
  isKnown,
  type PolicyDocument,
  type Statement,
} from '../iam/document.ts';
import { identify } from '../iam/principals.ts';
import type { Edit } from '../syntax/edit.ts';
import type { Node } from '../syntax/node.ts';
import type { Fix } from './fix.ts';
import { accessFindings } from './iam-access-findings.ts';
import { accessAliases, allAliases } from './iam-aliases.ts';
import { bucketGaps } from './iam-bucket-gap.ts';
import { looseness, narrowing } from './iam-narrowing.ts';
import { policyFix, removeItems } from './policy-edits.ts';
import { aws } from './references.ts';
import type { Owner, Reporter, Rule } from './rule.ts';

const OWNER: Owner = {
  side: 'customer',
  why: 'AWS evaluates conditions exactly as they are written; what they demand is for you to decide.',
};

const OPERATORS = aws(
  'IAM JSON policy elements: Condition operators',
  'IAM/latest/UserGuide/reference_policies_elements_condition_operators.html',
);
const GLOBAL_KEYS = aws(
  'AWS global condition context keys',
  'IAM/latest/UserGuide/reference_policies_condition-keys.html',
);

/** Rewrites an operator where it is written: a key in JSON, a value in a data source. Several keys under it change with it. */
function operatorEdit(clause: ConditionClause, statement: Statement, name: string): Edit | undefined {
  const node = clause.operatorNode;
  if (statement.policy.form === 'data') return { kind: 'replace', node, data: name };
  const { entry } = node;
  if (!entry || entry.key !== node) return undefined;
  // Two blocks of one name: the later would win.
  if (statement.conditions.some((other) => other.operatorText === name)) return undefined;
  return { kind: 'rename', entry, name };
}

function isAlone(clause: ConditionClause, statement: Statement): boolean {
  return (
    statement.policy.form === 'data' ||
    !statement.conditions.some((other) => other !== clause && other.operatorNode === clause.operatorNode)
  );
}

function fixOf(title: string, edit: Edit | undefined, safe: boolean): Fix | undefined {
  return edit && { title, safe, edits: [edit] };
}

// ---- multi-factor authentication

const MFA = 'aws:multifactorauthpresent';
const COMPARES: ReadonlySet<string> = new Set(['Bool', 'StringEquals', 'StringEqualsIgnoreCase', 'StringLike']);

interface Fault {
  readonly node: Node;
  readonly message: string;
  readonly fix: () => Fix | undefined;
}

/** What is wrong with a clause on aws:MultiFactorAuthPresent; undefined where nothing is, or it is not known. */
function mfaFault(clause: ConditionClause, statement: Statement): Fault | undefined {
  const { operator } = clause;
  const [value] = clause.values;
  if (clause.key.toLowerCase() !== MFA || clause.values.length !== 1 || !value || !isKnown(value)) return undefined;
  const text = value.text?.toLowerCase();
  const set = (data: string) => () =>
    fixOf(
      `Set ${clause.key} to ${data}`,
      value.via.length ? undefined : { kind: 'replace', node: value.node, data },
      false,
    );
  if (statement.effect === 'Allow') {
    if (operator.name === 'Null' && text === 'false') {
      return {
        node: clause.operatorNode,
        message: 'Only asks whether the key is there; it is there and false for sessions without MFA',
        fix: () =>
          isAlone(clause, statement) && !value.via.length
            ? {
                title: 'Demand MFA by Bool',
                safe: false,
                edits: [
                  operatorEdit(clause, statement, 'Bool'),
                  { kind: 'replace', node: value.node, data: 'true' } as const,
                ].flatMap((edit) => edit ?? []),
              }
            : undefined,
      };
    }
    if (!COMPARES.has(operator.name ?? '')) return undefined;
    if (text === 'false') {
      return {
        node: value.node,
        message: 'Allows requests that were made without MFA, and none that were made with it',
        fix: set('true'),
      };
    }
    if (text === 'true' && operator.ifExists) {
      return {
        node: clause.operatorNode,
        message: 'IfExists lets in requests with long-term access keys, which never carry the key',
        fix: () => {
          const name = clause.operatorText.slice(0, -'IfExists'.length);
          return fixOf(
            `Compare with ${name}`,
            isAlone(clause, statement) ? operatorEdit(clause, statement, name) : undefined,
            false,
          );
        },
      };
    }
    return undefined;
  }
  if (statement.effect !== 'Deny' || text !== 'false' || operator.ifExists || !COMPARES.has(operator.name ?? ''))
    return undefined;
  return {
    node: clause.operatorNode,
    message: 'Does not deny requests with long-term access keys, which never carry the key',
    fix: () =>
      fixOf(
        'Compare with BoolIfExists',
        isAlone(clause, statement) ? operatorEdit(clause, statement, 'BoolIfExists') : undefined,
        false,
      ),
  };
}

function reportClauses(
  policy: PolicyDocument,
  reporter: Reporter,
  judge: (
    clause: ConditionClause,
    statement: Statement,
  ) => { node: Node; message: string; fix?: () => Fix | undefined; variant?: string } | undefined,
): void {
  if (policy.form === 'flat') return;
  for (const statement of policy.statements) {
    for (const clause of statement.conditions) {
      const fault = judge(clause, statement);
      if (!fault) continue;
      reporter.report({
        ...fault,
        resource: policy.resource,
        conditions: clause.conditions,
        path: [policy.site, 'Condition', clause.operatorText, clause.key].filter(Boolean).join('.'),
      });
    }
  }
}

// ---- conditions that everybody fulfils

function looseFault(clause: ConditionClause, statement: Statement) {
  if (statement.effect !== 'Allow') return undefined;
  // Subjects and audiences of identity providers have a rule of their own.
  if (statement.policy.kind === 'trust' && !/^(aws|sts|iam|saml):/i.test(clause.key)) return undefined;
  const loose = looseness(clause, statement);
  if (!loose) return undefined;
  switch (loose.kind) {
    case 'any-address':
      return { node: loose.node, variant: loose.kind, message: `${clause.key} admits every address` };
    case 'any-value':
      return { node: loose.node, variant: loose.kind, message: `${clause.key} may have any value` };
    case 'any-principal':
      return { node: loose.node, variant: loose.kind, message: `${clause.key} admits principals of every account` };
    case 'absent-key':
      return {
        node: loose.node,
        variant: loose.kind,
        message: `ForAllValues also holds for requests without ${clause.key}`,
        fix: () => {
          const name = clause.operatorText.slice(clause.operatorText.indexOf(':') + 1);
          const edit =
            isAlone(clause, statement) && !/^aws:\w+OrgPaths$/i.test(clause.key)
              ? operatorEdit(clause, statement, name)
              : undefined;
          return fixOf(`Compare with ${name}`, edit, false);
        },
      };
  }
}

// ---- widening one's own access

/** Actions that rewrite a resource policy or what stands for one, by service. */
const REWRITES: Readonly<Record<string, readonly string[]>> = Object.assign(Object.create(null), {
  backup: ['backup:PutBackupVaultAccessPolicy'],
  dynamodb: ['dynamodb:PutResourcePolicy'],
  ecr: ['ecr:SetRepositoryPolicy', 'ecr:PutRegistryPolicy'],
  elasticfilesystem: ['elasticfilesystem:PutFileSystemPolicy'],
  es: ['es:UpdateDomainConfig'],
  events: ['events:PutPermission'],
  glue: ['glue:PutResourcePolicy'],
  kinesis: ['kinesis:PutResourcePolicy'],
  kms: ['kms:PutKeyPolicy', 'kms:CreateGrant'],
  lambda: ['lambda:AddPermission'],
  s3: ['s3:PutBucketPolicy', 's3:PutBucketAcl', 's3:PutAccessPointPolicy'],
  secretsmanager: ['secretsmanager:PutResourcePolicy'],
  sns: ['sns:AddPermission', 'sns:SetTopicAttributes'],
  sqs: ['sqs:AddPermission', 'sqs:SetQueueAttributes'],
});

/** Whether a text is all actions, or all of a service: what the service's own rule on wildcards reports. */
function isWide(item: Item): boolean {
  return /^([a-z0-9-]+:)?\*+$/i.test(item.text ?? '');
}

function checkResourcePolicy(policy: PolicyDocument, reporter: Reporter): void {
  if (policy.kind !== 'resource' || policy.form === 'flat') return;
  for (const statement of policy.statements) {
    if (statement.effect !== 'Allow' || narrowing(statement) !== 'none') continue;
    const principal = statement.principals.find((one) => {
      const { form, account } = identify(one, policy);
      return form === 'everyone' || (form === 'account' && account === 'foreign');
    });
    if (!principal) continue;
    for (const item of statement.actions) {
      if (!isKnown(item) || isWide(item)) continue;
      const service = item.text?.slice(0, item.text.indexOf(':')).toLowerCase() ?? '';
      const action = REWRITES[service]?.find((one) => matchesPattern(item.text ?? '', one));
      if (action === undefined) continue;
      const whom = principal.text === '*' ? 'everyone' : 'another account';
      reporter.report({
        node: item.node,
        resource: policy.resource,
        conditions: item.conditions,
        severity: principal.text === '*' ? 'high' : undefined,
        message: `${item.text} lets ${whom} decide who may use this ${service} resource`,
        related: [{ node: principal.node, message: 'Allowed to this principal' }],
        aliases: [],
        path: [policy.site, 'Action', item.text].filter(Boolean).join('.'),
        fix: () => withoutAction(item, statement),
      });
    }
  }
}

function checkIdentityPolicy(policy: PolicyDocument, reporter: Reporter): void {
  const gaps = bucketGaps(policy);
  if (!gaps.length) return;
  // On every bucket it is a matter of iam-permissions-management, or of a wildcard.
  const reported = new Set(
    accessFindings(policy).flatMap((finding) => [finding.node, ...finding.related.map((one) => one.node)]),
  );
  for (const gap of gaps) {
    if (reported.has(gap.item.node) || gap.item.text?.includes(HOLE)) continue;
    reporter.report({
      node: gap.item.node,
      resource: policy.resource,
      conditions: gap.item.conditions,
      message: `${gap.item.text} lets its holder give itself ${gap.gains.join(', ')} on the bucket, which this policy does not allow`,
      aliases: accessAliases(['bucket-policy'], policy),
      path: [policy.site, 'Action', gap.item.text].filter(Boolean).join('.'),
      fix: () => withoutAction(gap.item, gap.statement),
    });
  }
}

/** Takes one action, named in full, off a statement. */
function withoutAction(item: Item, statement: Statement): Fix | undefined {
  if (/[*?]/.test(item.text ?? '*')) return undefined;
  return policyFix(`Remove ${item.text} (its holder can no longer do this)`, removeItems(statement, 'Action', [item]));
}

export const IAM_CONDITION_RULES: readonly Rule[] = [
  {
    id: 'iam-condition-mfa-bad-pattern',
    title: 'Condition does not enforce multi-factor authentication',
    category: 'iam',
    severity: 'medium',
    tier: 'core',
    owner: OWNER,
    description:
      'The key `aws:MultiFactorAuthPresent` is in requests of temporary credentials only, and false there for sessions without MFA; requests with long-term access keys do not carry it. ' +
      'So an Allow has to compare it with `Bool` to `true`, and a Deny with `BoolIfExists` to `false`. Every other form has a way around.',
    aliases: ['parliament:BAD_PATTERN_FOR_MFA'],
    references: [
      GLOBAL_KEYS,
      aws('Secure API access with MFA', 'IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html'),
    ],
    checks: [{ kind: 'policy', check: (policy, reporter) => reportClauses(policy, reporter, mfaFault) }],
  },
  {
    id: 'iam-condition-too-loose',
    title: 'Condition holds for everybody',
    category: 'iam',
    severity: 'medium',
    tier: 'core',
    owner: OWNER,
    description:
      'The condition narrows nothing: its value matches every request, or its operator also holds where the key is missing. ' +
      'Name the networks, accounts or principals that are meant. `ForAllValues` is for keys with several values, and needs a `Null` check beside it.',
    aliases: ['parliament:SINGLE_VALUE_CONDITION_TOO_PERMISSIVE'],
    variants: {
      'any-address': { aliases: [] },
      'any-value': { aliases: [] },
      'any-principal': { aliases: [] },
      'absent-key': {
        aliases: [
          'parliament:SINGLE_VALUE_CONDITION_TOO_PERMISSIVE',
          'access-analyzer:FORALLVALUES_WITH_SINGLE_VALUED_KEY',
        ],
      },
    },
    references: [
      OPERATORS,
      aws(
        'Single-valued vs. multivalued context keys',
        'IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html',
      ),
    ],
    checks: [{ kind: 'policy', check: (policy, reporter) => reportClauses(policy, reporter, looseFault) }],
  },
  {
    id: 'iam-resource-policy-privesc',
    title: 'Policy lets its holder widen its own access to a resource',
    category: 'iam',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS applies the new resource policy like any other; who may write it is for you to decide.',
    },
    description:
      'Who may write the policy, ACL or lifecycle of a resource can give itself, and others, everything else on it. ' +
      'Leave these actions to the role that deploys the resource, or allow the rest as well, so that the policy says what it means.',
    aliases: allAliases('bucket-policy'),
    references: [
      aws(
        'Policies and permissions in AWS Identity and Access Management',
        'IAM/latest/UserGuide/access_policies.html',
      ),
      aws(
        'Identity-based policies and resource-based policies',
        'IAM/latest/UserGuide/access_policies_identity-vs-resource.html',
      ),
    ],
    checks: [
      { kind: 'policy', check: checkResourcePolicy },
      { kind: 'policy', check: checkIdentityPolicy },
    ],
  },
];
