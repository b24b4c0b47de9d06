/** The view of what the branch introduces: when it looks, with what it compares, and what it says where it cannot. */

import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { type BranchComparison, compareBranch } from './branch.ts';
import { isCandidate, MOST_FILES } from './branch-changes.ts';
import { BranchTree, type Entry, isEntry } from './branch-tree.ts';
import { defaultBase, exists, type GitApi, type GitRepository, gitApi, isRef, refNames } from './git.ts';
import { isLost, type Supervisor } from './supervisor.ts';

const VIEW = 'demarc.branch';
const COMMANDS = {
  show: 'demarc.showBranch',
  refresh: 'demarc.refreshBranch',
  chooseBase: 'demarc.chooseBranchBase',
  openFinding: 'demarc.openBranchFinding',
  openDiff: 'demarc.openBranchDiff',
} as const;
const BASE_SETTING = 'demarc.review.baseBranch';

/** Milliseconds that Git and the files rest before the branch is compared again. */
const DELAY = 500;
/** Milliseconds that the Git extension has to find its repositories. */
const PATIENCE = 10_000;

/** Why nothing is compared, in words for the view. */
class Obstacle extends Error {}

/** Restricted Mode: the view says so, with a button (`viewsWelcome` in package.json, which a message would hide). */
class Restricted extends Error {}

class BranchView {
  private readonly tree = new BranchTree(COMMANDS.openFinding);
  private readonly view: vscode.TreeView<unknown>;
  private readonly subscriptions: vscode.Disposable[] = [];
  private api: GitApi | undefined;
  private repository: GitRepository | undefined;
  private listener: vscode.Disposable | undefined;
  private running: vscode.CancellationTokenSource | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private comparison: BranchComparison | undefined;
  /** What is shown may be out of date: it is compared anew as soon as somebody looks. */
  private isStale = true;
  /** Branches that a person chose to compare with, by the repository's address. */
  private readonly chosen = new Map<string, string>();

  constructor(
    private readonly client: BaseLanguageClient,
    private readonly server: Supervisor,
  ) {
    const view = vscode.window.createTreeView(VIEW, { treeDataProvider: this.tree, showCollapseAll: true });
    this.view = view;
    const looked = () => {
      if (view.visible && this.isStale) this.later();
    };
    const follow = () => this.follow();
    this.subscriptions.push(
      view,
      view.onDidChangeVisibility(looked),
      vscode.commands.registerCommand(COMMANDS.show, () => this.show()),
      vscode.commands.registerCommand(COMMANDS.refresh, () => this.refresh()),
      vscode.commands.registerCommand(COMMANDS.chooseBase, () => this.chooseBase()),
      vscode.commands.registerCommand(COMMANDS.openFinding, (entry: unknown) => this.opened(entry, false)),
      vscode.commands.registerCommand(COMMANDS.openDiff, (entry: unknown) => this.opened(entry, true)),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (isCandidate(uri.path)) follow();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(follow),
      // What failed because the server ended is tried once more.
      server.onDidChange((health) => {
        if (health === 'running' && this.isStale) follow();
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('demarc')) follow();
      }),
    );
    looked();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.running?.cancel();
    this.listener?.dispose();
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  /** Brings the view to the front, about the repository of the file at hand, and compares. */
  private async show(): Promise<void> {
    await vscode.commands.executeCommand('setContext', 'demarc.branch.asked', true);
    await vscode.commands.executeCommand(`${VIEW}.focus`);
    const here = vscode.window.activeTextEditor?.document.uri;
    const repository = here && this.api?.getRepository(here);
    if (repository && repository.rootUri.toString() !== this.repository?.rootUri.toString())
      this.repository = undefined;
    await this.refresh();
  }

  /** Something changed: compares anew where that is seen. */
  private follow(): void {
    this.isStale = true;
    if (this.view.visible) this.later();
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.refresh(), DELAY);
  }

  /** Compares anew, in place of a comparison that runs. */
  private async refresh(): Promise<void> {
    clearTimeout(this.timer);
    this.running?.cancel();
    this.isStale = false;
    const source = new vscode.CancellationTokenSource();
    this.running = source;
    await vscode.window.withProgress({ location: { viewId: VIEW } }, async () => {
      try {
        const comparison = await this.compare(source.token);
        if (!source.token.isCancellationRequested) this.present(comparison, messageOf(comparison));
      } catch (error) {
        if (!source.token.isCancellationRequested) this.presentFailure(error);
      }
    });
    if (this.running === source) this.running = undefined;
    source.dispose();
  }

  private presentFailure(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    if (isLost(error) && this.server.health === 'restarting') this.isStale = true;
    else if (error instanceof Restricted) this.present(undefined, undefined, 'restricted');
    else if (error instanceof Obstacle) this.present(undefined, why);
    else {
      const message = vscode.l10n.t('The branch could not be compared: {0}', firstLine(why));
      this.client.error(message, error, false);
      this.present(undefined, message);
    }
  }

  private present(comparison: BranchComparison | undefined, message: string | undefined, state = 'told'): void {
    this.comparison = comparison;
    this.tree.show(comparison);
    this.view.message = message;
    // A badge would be added to the number of changed files on the icon of Source Control.
    this.view.description = comparison && headline(comparison);
    void vscode.commands.executeCommand('setContext', 'demarc.branch.state', state);
  }

  private async compare(token: vscode.CancellationToken): Promise<BranchComparison> {
    const repository = await this.findRepository();
    if (!repository.state.HEAD?.commit) throw new Obstacle(vscode.l10n.t('There is no commit yet to compare with.'));
    const base = await this.baseOf(repository);
    const commit = await repository.getMergeBase('HEAD', base);
    if (!commit) throw new Obstacle(vscode.l10n.t('The branch and {0} have no commit in common.', base));
    await this.server.ready().catch((error: unknown) => {
      this.isStale = true;
      throw new Obstacle(error instanceof Error ? error.message : String(error));
    });
    return compareBranch(this.client, repository, base, commit, token);
  }

  /** The repository of the editor in front, else the one that is selected, else the first. Stays the same until asked anew. */
  private async findRepository(): Promise<GitRepository> {
    const api = await gitApi();
    if (api === 'restricted') throw new Restricted();
    if (api === 'virtual')
      throw new Obstacle(
        vscode.l10n.t('This folder is not on a disk, so Git cannot compare it. Hovers in its diffs work.'),
      );
    if (api === 'off') throw new Obstacle(vscode.l10n.t('The Git extension of VS Code is off, or finds no Git.'));
    this.watch(api);
    await initialized(api);
    const here = vscode.window.activeTextEditor?.document.uri;
    const known = api.repositories.find(({ rootUri }) => rootUri.toString() === this.repository?.rootUri.toString());
    const repository =
      known ??
      (here && api.getRepository(here)) ??
      api.repositories.find(({ ui }) => ui.selected) ??
      api.repositories[0];
    if (!repository) throw new Obstacle(vscode.l10n.t('There is no Git repository in the folder that is open.'));
    if (repository !== this.repository) {
      this.listener?.dispose();
      this.listener = repository.state.onDidChange(() => this.follow());
      this.repository = repository;
    }
    return repository;
  }

  private watch(api: GitApi): void {
    if (this.api) return;
    this.api = api;
    const follow = () => this.follow();
    this.subscriptions.push(api.onDidOpenRepository(follow), api.onDidCloseRepository(follow));
  }

  private async baseOf(repository: GitRepository): Promise<string> {
    const setting: unknown = vscode.workspace.getConfiguration(undefined, repository.rootUri).get(BASE_SETTING);
    const named = this.chosen.get(repository.rootUri.toString()) ?? (typeof setting === 'string' ? setting.trim() : '');
    if (named) {
      if (isRef(named) && (await exists(repository, named))) return named;
      throw new Obstacle(vscode.l10n.t('There is no branch {0} to compare with.', named.slice(0, 100)));
    }
    const base = await defaultBase(repository);
    if (!base) throw new Obstacle(vscode.l10n.t('There is no branch to compare with.'));
    return base;
  }

  private async chooseBase(): Promise<void> {
    const repository = await this.findRepository().catch(() => undefined);
    // The view says why there is none.
    if (!repository) return this.show();
    const usual = await defaultBase(repository);
    const names = (await refNames(repository)).filter((name) => name !== usual);
    const items: (vscode.QuickPickItem & { name: string })[] = [
      ...(usual ? [{ label: usual, description: vscode.l10n.t('as found by Demarc'), name: '' }] : []),
      ...names.map((name) => ({ label: name, name })),
    ];
    const picked = await vscode.window.showQuickPick(items, {
      placeHolder: vscode.l10n.t('Branch that this one will be merged into'),
    });
    if (!picked) return;
    const key = repository.rootUri.toString();
    if (picked.name) this.chosen.set(key, picked.name);
    else this.chosen.delete(key);
    await this.show();
  }

  /** Files may be gone since they were compared, and commands may be run without an entry. */
  private async opened(entry: unknown, asDiff: boolean): Promise<void> {
    if (!isEntry(entry)) return;
    try {
      await (asDiff || entry.isFixed ? this.openDiff(entry) : this.open(entry));
    } catch {
      void vscode.window.showInformationMessage(vscode.l10n.t('The file could not be opened.'));
      this.later();
    }
  }

  private async open(entry: Entry): Promise<void> {
    const selection = this.client.protocol2CodeConverter.asRange(entry.finding.range);
    await vscode.window.showTextDocument(vscode.Uri.parse(entry.finding.uri), { selection, preview: true });
  }

  /** Before and now, at the finding: one that is fixed stands on the left. */
  private async openDiff({ finding, isFixed }: Entry): Promise<void> {
    const { comparison, api } = this;
    if (!comparison || !api) return;
    const uri = vscode.Uri.parse(finding.uri);
    const selection = this.client.protocol2CodeConverter.asRange(finding.range);
    const { before, after } = comparison.files.get(uri.path) ?? { after: uri.path };
    const { rootUri } = comparison.repository;
    const old = before === undefined ? undefined : api.toGitUri(rootUri.with({ path: before }), comparison.commit);
    const now = after === undefined ? undefined : rootUri.with({ path: after });
    if (!old || !now) {
      const one = now ?? old;
      if (one) await vscode.window.showTextDocument(one, { selection, preview: true });
      return;
    }
    const name = now.path.slice(now.path.lastIndexOf('/') + 1);
    const title = vscode.l10n.t('{0} ({1} and this branch)', name, comparison.base);
    await vscode.commands.executeCommand('vscode.diff', old, now, title, {
      preview: true,
      ...(isFixed ? {} : { selection }),
    });
    const left = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === old.toString());
    if (isFixed && left) {
      left.selection = new vscode.Selection(selection.start, selection.end);
      left.revealRange(selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    }
  }
}

function firstLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').slice(0, 200);
}

/** Waits for the Git extension to have looked for repositories. */
async function initialized(api: GitApi): Promise<void> {
  if (api.state === 'initialized') return;
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      listener.dispose();
      resolve();
    };
    const timer = setTimeout(done, PATIENCE);
    const listener = api.onDidChangeState(() => api.state === 'initialized' && done());
  });
}

/** How many, and compared with what, beside the title of the view. */
function headline({ introduced, base }: BranchComparison): string {
  return vscode.l10n.t('{0} since {1}', introduced.length, base);
}

/** What is not in the tree: that nothing is, or that not all was looked at. */
function messageOf({ introduced, fixed, before, changed, unread, base }: BranchComparison): string | undefined {
  const parts: string[] = [];
  if (changed === 0) parts.push(vscode.l10n.t('No template differs from {0}.', base));
  else if (!introduced.length) {
    parts.push(vscode.l10n.t('Nothing is introduced since {0}.', base));
    if (before && !fixed.length) parts.push(vscode.l10n.t('{0} findings were there before.', before));
  }
  if (changed > MOST_FILES)
    parts.push(vscode.l10n.t('The first {0} of {1} changed files are shown.', MOST_FILES, changed));
  if (unread) parts.push(vscode.l10n.t('{0} files could not be read and are left out.', unread));
  return parts.length ? parts.join(' ') : undefined;
}

/** The view, its commands, and what makes it look again. */
export function registerBranch(client: BaseLanguageClient, server: Supervisor): vscode.Disposable {
  return new BranchView(client, server);
}
