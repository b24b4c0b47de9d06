/** The tree of what a branch introduces, by whose side it is, and of what it fixes. */

import * as vscode from 'vscode';
import { harmless } from '../../server/src/analysis/markdown.ts';
import type { ComparedFinding } from '../../server/src/lsp/protocol.ts';
import type { BranchComparison } from './branch.ts';
import { pathBelow } from './git.ts';

type GroupName = ComparedFinding['side'] | 'fixed';

/** Findings of one owner, or those that are fixed. */
interface Group {
  readonly name: GroupName;
  readonly entries: readonly Entry[];
}

/** A finding in the tree. */
export interface Entry {
  readonly id: string;
  readonly finding: ComparedFinding;
  readonly isFixed: boolean;
}

/** Whether the argument of a command is an entry of the tree. */
export function isEntry(value: unknown): value is Entry {
  return !!value && typeof value === 'object' && 'finding' in value && 'isFixed' in value;
}

/** The context values of entries, for the menus of package.json. */
const CONTEXT = { changed: 'demarcChanged', other: 'demarcFinding' } as const;

const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;

/** As in the list of problems, where shapes tell severities apart as well. */
const ICONS: Readonly<Record<ComparedFinding['severity'], readonly [icon: string, color: string]>> = {
  critical: ['error', 'problemsErrorIcon.foreground'],
  high: ['warning', 'problemsWarningIcon.foreground'],
  medium: ['warning', 'problemsWarningIcon.foreground'],
  low: ['info', 'problemsInfoIcon.foreground'],
  info: ['lightbulb', 'problemsInfoIcon.foreground'],
};

const GROUP_ICONS: Readonly<Record<GroupName, string>> = {
  customer: 'account',
  shared: 'organization',
  aws: 'cloud',
  fixed: 'pass',
};

function groupTitle(name: GroupName): string {
  if (name === 'customer') return vscode.l10n.t('Yours');
  if (name === 'shared') return vscode.l10n.t('Shared');
  return name === 'aws' ? vscode.l10n.t("AWS's") : vscode.l10n.t('Fixed');
}

/** By owner, the severest first; what is fixed is a group of its own, below. */
function groupsOf({ introduced, fixed }: BranchComparison): readonly Group[] {
  const group = (name: GroupName): Group => {
    const findings = name === 'fixed' ? fixed : introduced.filter(({ side }) => side === name);
    const entries = findings.map((finding, at) => ({
      id: `${name}/${at}/${finding.uri}/${finding.ruleId}`,
      finding,
      isFixed: name === 'fixed',
    }));
    const rank = ({ finding }: Entry) => SEVERITIES.indexOf(finding.severity);
    return { name, entries: entries.sort((a, b) => rank(a) - rank(b)) };
  };
  return (['customer', 'shared', 'aws', 'fixed'] as const).map(group).filter(({ entries }) => entries.length > 0);
}

/** Shows a comparison; `open` is the command of an entry that is clicked, with the entry as its argument. */
export class BranchTree implements vscode.TreeDataProvider<Group | Entry> {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private comparison: BranchComparison | undefined;
  private groups: readonly Group[] = [];

  constructor(private readonly open: string) {}

  show(comparison: BranchComparison | undefined): void {
    this.comparison = comparison;
    this.groups = comparison ? groupsOf(comparison) : [];
    this.changed.fire(undefined);
  }

  getChildren(element?: Group | Entry): (Group | Entry)[] {
    if (!element) return [...this.groups];
    return 'entries' in element ? [...element.entries] : [];
  }

  getParent(element: Group | Entry): Group | undefined {
    return 'entries' in element ? undefined : this.groups.find(({ entries }) => entries.includes(element));
  }

  getTreeItem(element: Group | Entry): vscode.TreeItem {
    return 'entries' in element ? groupItem(element) : this.entryItem(element);
  }

  private entryItem(entry: Entry): vscode.TreeItem {
    const { finding, isFixed, id } = entry;
    const { message, severity, resource, range, condition } = finding;
    const uri = vscode.Uri.parse(finding.uri);
    const path = (this.comparison && pathBelow(this.comparison.repository.rootUri, uri)) ?? uri.path;
    const file = this.comparison?.files.get(uri.path);
    const item = new vscode.TreeItem(harmless(`${shortName(resource)}${message}`));
    const [icon, color] = ICONS[severity];
    item.id = id;
    item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
    item.description = harmless(`${path.slice(path.lastIndexOf('/') + 1)}:${range.start.line + 1}`);
    item.tooltip = [
      message,
      `${severity} · ${finding.ruleId} · ${resource}`,
      ...(condition ? [vscode.l10n.t('Holds when {0}', condition)] : []),
      `${path}:${range.start.line + 1}`,
    ]
      .map(harmless)
      .join('\n');
    item.accessibilityInformation = {
      label: harmless(`${isFixed ? groupTitle('fixed') : severity}: ${message}, ${resource}, ${path}`),
    };
    item.contextValue = file?.before !== undefined && file.after !== undefined ? CONTEXT.changed : CONTEXT.other;
    item.command = { command: this.open, title: vscode.l10n.t('Open'), arguments: [entry] };
    return item;
  }
}

/** The resource in front of a message, so that a narrow tree tells equal messages apart: `jobs` of `aws_sqs_queue.jobs`. */
function shortName(resource: string): string {
  const name = resource.slice(resource.lastIndexOf('.') + 1);
  return name && name !== '*' ? `${name}: ` : '';
}

function groupItem({ name, entries }: Group): vscode.TreeItem {
  const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(groupTitle(name), name === 'fixed' ? Collapsed : Expanded);
  item.id = name;
  item.description = String(entries.length);
  item.iconPath = new vscode.ThemeIcon(GROUP_ICONS[name]);
  return item;
}
