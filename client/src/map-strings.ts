/** The words of the map in the editor's language. */

import { l10n } from 'vscode';
import type { Totals } from './map/model.ts';
import type { Strings } from './map/strings.ts';

/** What the webview shows; it fills the places `{0}` itself. */
export function mapStrings(): Strings {
  return {
    title: l10n.t('Responsibility map'),
    columns: {
      resource: l10n.t('Resource'),
      aws: l10n.t("AWS's side"),
      shared: l10n.t('Shared'),
      customer: l10n.t('Your side'),
    },
    ends: { aws: l10n.t('AWS'), shared: l10n.t('both'), customer: l10n.t('you') },
    severities: {
      critical: l10n.t('Critical'),
      high: l10n.t('High'),
      medium: l10n.t('Medium'),
      low: l10n.t('Low'),
      info: l10n.t('Info'),
    },
    letters: {
      critical: l10n.t({ message: 'C', comment: ['One letter for the severity Critical; all five differ'] }),
      high: l10n.t({ message: 'H', comment: ['One letter for the severity High'] }),
      medium: l10n.t({ message: 'M', comment: ['One letter for the severity Medium'] }),
      low: l10n.t({ message: 'L', comment: ['One letter for the severity Low'] }),
      info: l10n.t({ message: 'i', comment: ['One letter for the severity Info'] }),
    },
    categories: {
      'public-access': l10n.t('Public access'),
      'encryption-at-rest': l10n.t('Encryption at rest'),
      'encryption-in-transit': l10n.t('Encryption in transit'),
      iam: l10n.t('IAM'),
      'network-exposure': l10n.t('Network exposure'),
      secrets: l10n.t('Secrets'),
      logging: l10n.t('Logging'),
      'backup-resilience': l10n.t('Backup and resilience'),
      patching: l10n.t('Patching'),
      responsibility: l10n.t('Moved lines'),
      other: l10n.t('Other'),
    },
    classes: {
      infrastructure: l10n.t('infrastructure service'),
      managed: l10n.t('managed service'),
      serverless: l10n.t('serverless service'),
      abstracted: l10n.t('abstracted service'),
    },
    dialects: {
      cloudformation: 'CloudFormation',
      terraform: 'Terraform',
      'terraform-plan': l10n.t('Terraform plan'),
      policy: l10n.t('IAM policy'),
    },
    yours: l10n.t('yours {0}'),
    shared: l10n.t('shared {0}'),
    awsOpen: l10n.t('AWS {0}'),
    awsDoes: l10n.t('AWS does {0}'),
    since: l10n.t('since {0}'),
    inTerraform: l10n.t('In Terraform: {0}'),
    when: l10n.t('when {0}'),
    movedTo: l10n.t({ message: '{0} → {1}', comment: ['{0} is what moved, {1} is who has it now: AWS, both or you'] }),
    movedFromTo: l10n.t('Moved from {0} to {1}'),
    goTo: l10n.t('Go to {0}'),
    explainRule: l10n.t('Explain rule {0}'),
    why: l10n.t('why?'),
    explainService: l10n.t('Explain {0}'),
    noService: l10n.t('Other resources'),
    cleanOne: l10n.t('1 resource with nothing open'),
    cleanMany: l10n.t('{0} resources with nothing open'),
    showMore: l10n.t('{0} more'),
    nothingOpen: l10n.t('Nothing is open here.'),
    nothingOpenOne: l10n.t('Nothing is open here. AWS does one thing by itself.'),
    nothingOpenMany: l10n.t('Nothing is open here. AWS does {0} things by itself.'),
    noResources: l10n.t('There are no resources here.'),
    noMatch: l10n.t('Nothing matches the filters.'),
    search: l10n.t('Search'),
    filters: l10n.t('Filters'),
    allCategories: l10n.t('All categories'),
    category: l10n.t('Category'),
    onlyMoved: l10n.t('Moved lines only'),
    hiddenFindings: l10n.t('Findings hidden by filters: {0}'),
    hiddenResources: l10n.t('resources: {0}'),
    clearFilters: l10n.t('Clear filters'),
    scope: l10n.t('What the map shows'),
    scopes: { active: l10n.t('Active template'), pinned: l10n.t('Pinned'), folder: l10n.t('Folder') },
    scopeHints: {
      active: l10n.t('Follow the active editor'),
      pinned: l10n.t('Stay at this template'),
      folder: l10n.t('All templates of the folder'),
    },
    files: l10n.t('Templates: {0}'),
  };
}

/** "yours 3 · shared 1 · AWS does 4", for the status item and the lenses. */
export function totalsLabel({ open, does }: Totals): string {
  const parts = [l10n.t('yours {0}', open.customer), l10n.t('shared {0}', open.shared)];
  if (open.aws) parts.push(l10n.t('AWS {0}', open.aws));
  parts.push(l10n.t('AWS does {0}', does));
  return parts.join(' · ');
}
