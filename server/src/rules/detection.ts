/** Services that look for trouble in an account: what is paused or switched off in them, and Access Analyzer where the rest is set up. */

import { select } from '../template/select.ts';
import { isPartial, type Resource, type Template } from '../template/template.ts';
import { asBoolean, asString } from '../template/value.ts';
import { addCloudFormationResource, addTerraformResource, appendItem, set } from './fixes.ts';
import { isTrue, noneOf, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { Reporter, Rule } from './rule.ts';
import { known } from './shared.ts';

const HUB = 'AWS::SecurityHub::Hub';
const TF_HUB = 'aws_securityhub_account';
/** Where each language enables a standard of Security Hub. */
const STANDARDS: Readonly<Record<string, string>> = {
  [HUB]: 'AWS::SecurityHub::Standard',
  [TF_HUB]: 'aws_securityhub_standards_subscription',
};
const CONFIGURATION_TYPES: Readonly<Record<string, string>> = {
  'AWS::SecurityHub::OrganizationConfiguration': 'ConfigurationType',
  aws_securityhub_organization_configuration: 'organization_configuration.configuration_type',
};

/** With central configuration the setting is always false: policies decide instead. */
function isLocal(resource: Resource): boolean | undefined {
  const found = select(resource, CONFIGURATION_TYPES[resource.type] ?? '');
  if (found.every(({ value }) => value.kind === 'absent')) return true;
  const type = known(resource, CONFIGURATION_TYPES[resource.type] ?? '');
  return type === undefined ? undefined : type.toUpperCase() !== 'CENTRAL';
}

// ---- Access Analyzer

const ANALYZERS = ['AWS::AccessAnalyzer::Analyzer', 'aws_accessanalyzer_analyzer'];
/** What an account is watched with: templates that have two of these set up an account, not a workload. */
const ACCOUNT_CONTROLS: readonly (readonly string[])[] = [
  ['AWS::GuardDuty::Detector', 'aws_guardduty_detector'],
  [HUB, TF_HUB],
  ['AWS::Config::ConfigurationRecorder', 'aws_config_configuration_recorder'],
  ['AWS::Macie::Session', 'aws_macie2_account'],
  ['AWS::CloudTrail::Trail', 'aws_cloudtrail'],
  ['aws_iam_account_password_policy'],
];

/** Whether there is more than the resources at hand, other templates that are taken in: an analyzer may be there. */
function hasParts(template: Template): boolean {
  if (isPartial(template)) return true;
  if (template.ofType('AWS::CloudFormation::Stack', 'AWS::Serverless::Application').length) return true;
  return template.documents.some((document) => document.roots.some((root) => root.get('module') !== undefined));
}

function checkAnalyzers(template: Template, reporter: Reporter): void {
  const analyzers = template.ofType(...ANALYZERS);
  if (analyzers.length) {
    // Analyzers of unused or internal access say nothing of who outside has access.
    const types = analyzers.flatMap((one) => select(one, one.type.startsWith('AWS::') ? 'Type' : 'type'));
    const [first] = types;
    if (first && types.every(({ value }) => /_(UNUSED|INTERNAL)_ACCESS$/.test(asString(value) ?? ''))) {
      reporter.reportFound(first, { variant: 'other' });
    }
    return;
  }
  const controls = ACCOUNT_CONTROLS.flatMap((types) => template.ofType(...types).slice(0, 1));
  const [first, ...rest] = controls;
  if (!first || !rest.length || hasParts(template)) return;
  reporter.report({
    node: first.key,
    resource: first,
    related: rest.map((one) => ({ node: one.key, message: 'Watches the account as well', resource: one })),
    fix: () => {
      const edits =
        addTerraformResource(first, 'aws_accessanalyzer_analyzer', 'account', { analyzer_name: 'account' }) ??
        addCloudFormationResource(first, 'AccessAnalyzer', 'AWS::AccessAnalyzer::Analyzer', { Type: 'ACCOUNT' });
      return edits && { title: 'Add an analyzer of external access', safe: true, edits };
    },
  });
}

// ---- Security Hub

/** A hub that enables no standards by itself, and none that the template names. */
function checkStandards(hub: Resource, reporter: Reporter): void {
  if (hub.template.ofType(STANDARDS[hub.type] ?? '').length || hasParts(hub.template)) return;
  const path = hub.type === HUB ? 'EnableDefaultStandards' : 'enable_default_standards';
  for (const found of select(hub, path)) {
    if (asBoolean(found.value) === false) {
      reporter.reportFound(found, { variant: 'standards', fix: () => set(true)(found) });
    }
  }
}

/** What Inspector scans, as its configuration for new accounts names it. */
const SCANNED = ['ec2', 'ecr', 'lambda'];

export const DETECTION_RULES: readonly Rule[] = [
  {
    id: 'macie-securityhub-inspector-off',
    title: 'Detective service is switched off',
    category: 'logging',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS runs Macie, Security Hub and Inspector for the accounts that switch them on; which do, and who reads the findings, is up to you.',
    },
    description:
      'A service that is paused, has no standards to check or leaves new accounts out finds nothing there, while the account looks watched. Switch it on, or take it out of the template so that nobody relies on it.',
    aws: [
      {
        text: 'Security Hub enables its default standards unless it is told not to; new accounts of an organization get Security Hub, Macie and Inspector only if the organization says so.',
        source:
          'AWS Security Hub API Reference: EnableSecurityHub, UpdateOrganizationConfiguration; Amazon Macie API Reference; Amazon Inspector API Reference: AutoEnable',
      },
    ],
    aliases: [],
    variants: {
      macie: { message: 'Macie is paused' },
      'macie-members': { message: 'Macie is not switched on for new accounts' },
      standards: { message: 'Security Hub checks no standards' },
      'hub-members': { message: 'Security Hub is not switched on for new accounts' },
      inspector: { message: 'Inspector leaves out resources of new accounts' },
    },
    references: [
      aws('What is Amazon Macie?', 'macie/latest/user/what-is-macie.html'),
      aws('What is Amazon Inspector?', 'inspector/latest/user/what-is-inspector.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::Macie::Session', path: 'Status' },
          { type: 'aws_macie2_account', path: 'status' },
        ],
        must: otherwise(noneOf('PAUSED'), 'macie'),
        absent: true,
        fix: set('ENABLED'),
      },
      {
        kind: 'property',
        targets: [{ type: 'aws_macie2_organization_configuration', path: 'auto_enable' }],
        must: otherwise(isTrue, 'macie-members'),
        absent: true,
        fix: set(true),
      },
      { kind: 'resource', types: [HUB, TF_HUB], check: checkStandards },
      {
        kind: 'property',
        targets: [
          { type: 'AWS::SecurityHub::OrganizationConfiguration', path: 'AutoEnable', where: isLocal },
          { type: 'aws_securityhub_organization_configuration', path: 'auto_enable', where: isLocal },
        ],
        must: otherwise(isTrue, 'hub-members'),
        absent: true,
        fix: set(true),
      },
      {
        kind: 'property',
        targets: SCANNED.map((name) => ({
          type: 'aws_inspector2_organization_configuration',
          path: `auto_enable.${name}`,
        })),
        must: otherwise(isTrue, 'inspector'),
        absent: true,
        fix: set(true),
      },
    ],
  },
  {
    id: 'iam-access-analyzer',
    title: 'The controls of the account lack IAM Access Analyzer',
    category: 'logging',
    severity: 'info',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS works out who outside has access where an analyzer exists; making one in each Region, and reading its findings, is your part.',
    },
    description:
      'This template sets up what watches an account, and no analyzer of external access. Access Analyzer reads the policies of buckets, keys, queues, roles and more and names each that lets somebody outside in; this kind costs nothing. Ignore the finding where another template makes it.',
    aws: [
      {
        text: 'An account has no analyzer until one is made, and an analyzer looks at its own Region.',
        source: 'AWS IAM Access Analyzer API Reference: CreateAnalyzer; IAM User Guide: Using AWS IAM Access Analyzer',
      },
    ],
    aliases: ['trivy:AVD-AWS-0175', 'kics:IAM Access Analyzer Not Enabled'],
    variants: { other: { message: 'No analyzer of this template looks at access from outside' } },
    references: [
      aws(
        'Using AWS Identity and Access Management Access Analyzer',
        'IAM/latest/UserGuide/what-is-access-analyzer.html',
      ),
    ],
    checks: [{ kind: 'template', check: checkAnalyzers }],
  },
  {
    id: 'iam-scp-missing',
    title: 'Organization cannot use service control policies',
    category: 'iam',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS enforces service control policies in every member account of an organization that has them switched on; to use them is your choice.',
    },
    description:
      'Service control policies are the one guardrail that even an administrator of a member account, root user included, cannot pass. They need an organization with all features and the policy type switched on in its root.',
    aws: [
      {
        text: 'An organization is made with all features, and with service control policies switched on in its root, unless it asks for consolidated billing alone.',
        source: 'CloudFormation User Guide: AWS::Organizations::Organization',
      },
    ],
    aliases: ['kics:Service Control Policies Disabled'],
    variants: { type: { message: 'Service control policies are not among the policy types of the organization' } },
    references: [
      aws('Service control policies (SCPs)', 'organizations/latest/userguide/orgs_manage_policies_scps.html'),
      aws(
        'Enabling all features for an organization with AWS Organizations',
        'organizations/latest/userguide/orgs_manage_org_support-all-features.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::Organizations::Organization', path: 'FeatureSet' },
          { type: 'aws_organizations_organization', path: 'feature_set' },
        ],
        must: noneOf('CONSOLIDATED_BILLING'),
        absent: true,
        fix: set('ALL', { safe: false, note: 'accounts that were invited must agree to it' }),
      },
      { kind: 'resource', types: ['aws_organizations_organization'], check: checkPolicyTypes },
    ],
  },
];

/** The list of policy types, where one is written, without service control policies. */
function checkPolicyTypes(organization: Resource, reporter: Reporter): void {
  if (known(organization, 'feature_set') === 'CONSOLIDATED_BILLING') return;
  for (const found of select(organization, 'enabled_policy_types')) {
    const { value } = found;
    if (value.kind !== 'list' || value.open) continue;
    const names = value.items.map((item) => (item.kind === 'known' ? String(item.value) : undefined));
    if (names.includes(undefined) || names.includes('SERVICE_CONTROL_POLICY')) continue;
    reporter.reportFound(found, {
      node: found.key ?? found.node,
      variant: 'type',
      fix: () => {
        const edits = appendItem(found, 'SERVICE_CONTROL_POLICY');
        return edits && { title: 'Add SERVICE_CONTROL_POLICY', safe: true, edits };
      },
    });
  }
}
