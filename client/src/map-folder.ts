/** The templates of a folder, for the map: found, asked for in batches, and kept up to date. */

import * as vscode from 'vscode';
import type { MapTemplate } from '../../server/src/lsp/protocol.ts';
import { isFetched, isModulePart } from './branch-changes.ts';
import { Latest } from './latest.ts';
import type { Changed, MapSource } from './map-source.ts';

/** Files in which a template may be, `.tf.json` among them, and values of a module's variables. */
const INCLUDE = '**/*.{json,yaml,yml,template,tf,tofu,tfvars}';
/** Beside the setting `files.exclude`, which always holds; see {@link isFetched}. */
const EXCLUDE = '**/{node_modules,.git,.terraform,.terragrunt-cache}/**';
const MOST_FILES = 2000;
const BATCH = 50;
/** Milliseconds of quiet on the disk. */
const DELAY = 500;

/** The directory of a file: what Terraform takes for a module. */
function directoryOf(uri: vscode.Uri): string {
  return vscode.Uri.joinPath(uri, '..').toString();
}

/** Whether one directory is, or lies in, the other. */
function isInLine(one: string, other: string): boolean {
  return `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`);
}

export class FolderMap implements vscode.Disposable {
  private readonly files = new Map<string, vscode.Uri>();
  private readonly found = new Map<string, MapTemplate>();
  private readonly latest = new Latest();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly disposables: vscode.Disposable[] = [this.changed];
  private readonly onDisk = new Map<string, vscode.Uri>();
  /** What changed while the folder was read. */
  private readonly missed: Changed[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Sentences about what is left out. */
  notes: readonly string[] = [];
  /** The folder was read through, or its reading cancelled. */
  done = false;
  readonly onDidChange = this.changed.event;

  constructor(
    readonly folder: vscode.Uri,
    private readonly source: MapSource,
  ) {
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, INCLUDE));
    const touch = (uri: vscode.Uri) => this.touch(uri);
    this.disposables.push(
      watcher,
      watcher.onDidCreate(touch),
      watcher.onDidChange(touch),
      watcher.onDidDelete((uri) => {
        this.files.delete(uri.toString());
        this.found.delete(uri.toString());
        this.latest.begin([uri.toString()]);
        this.touch(uri);
      }),
      source.onDidChange((changed) => void this.refresh(changed)),
    );
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(...this.disposables).dispose();
  }

  /** By address, so that their order does not depend on who was read first. */
  templates(): readonly MapTemplate[] {
    return [...this.found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, template]) => template);
  }

  /** Reads the folder through, with a progress that can be cancelled. */
  async read(): Promise<void> {
    const pattern = new vscode.RelativePattern(this.folder, INCLUDE);
    let uris: readonly vscode.Uri[] = [];
    try {
      uris = await vscode.workspace.findFiles(pattern, EXCLUDE, MOST_FILES + 1);
    } catch {
      // A host without a search: said below.
    }
    const notes: string[] = [];
    if (!uris.length) {
      notes.push(
        vscode.l10n.t(
          'No JSON, YAML or Terraform file was found. Where the editor cannot search a folder, as with some repositories in a browser, only open templates are shown.',
        ),
      );
    }
    if (uris.length > MOST_FILES)
      notes.push(vscode.l10n.t('There are more than {0} files: the others are left out.', MOST_FILES));
    for (const uri of uris.slice(0, MOST_FILES)) this.files.set(uri.toString(), uri);
    if (!uris.length) for (const uri of this.openFiles()) this.files.set(uri.toString(), uri);
    // Not counted with them: files that come to be meanwhile.
    const wanted = [...this.files.values()];
    const asked = await this.progress(wanted);
    const isCancelled = asked < wanted.length;
    if (isCancelled) notes.push(vscode.l10n.t('Cancelled: {0} of {1} files were read.', asked, wanted.length));
    this.notes = notes;
    this.done = true;
    if (!isCancelled) for (const changed of this.missed) await this.refresh(changed);
    this.missed.length = 0;
  }

  private openFiles(): readonly vscode.Uri[] {
    const base = this.folder.toString().replace(/\/?$/, '/');
    return vscode.workspace.textDocuments.map(({ uri }) => uri).filter((uri) => uri.toString().startsWith(base));
  }

  /** @returns how many files were asked for before it was cancelled */
  private async progress(uris: readonly vscode.Uri[]): Promise<number> {
    // Files of one directory, being one module, go together.
    const ordered = [...uris].sort((a, b) => (a.toString() < b.toString() ? -1 : 1));
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Reading templates'),
      cancellable: true,
    };
    if (ordered.length <= BATCH) {
      await this.ask(ordered);
      return ordered.length;
    }
    return vscode.window.withProgress(options, async (progress, token) => {
      for (let at = 0; at < ordered.length; at += BATCH) {
        const batch = ordered.slice(at, at + BATCH);
        progress.report({
          increment: (100 * batch.length) / ordered.length,
          message: vscode.l10n.t('{0} of {1} files', at, ordered.length),
        });
        await this.ask(batch, token);
        if (token.isCancellationRequested) return at;
        this.changed.fire();
      }
      return ordered.length;
    });
  }

  private async ask(uris: readonly vscode.Uri[], token?: vscode.CancellationToken): Promise<void> {
    if (!uris.length) return;
    const keys = uris.map((uri) => uri.toString());
    const counts = this.latest.begin(keys);
    const templates = await this.source.many(uris, token);
    // Without a server, nothing is known anew.
    if (token?.isCancellationRequested || this.source.health !== 'running') return;
    for (const key of keys) if (counts(key)) this.found.delete(key);
    for (const template of templates) {
      // Both sides write addresses in ways of their own.
      const key = vscode.Uri.parse(template.uri).toString();
      if (counts(key)) this.found.set(key, template);
    }
  }

  private touch(uri: vscode.Uri): void {
    if (!isFetched(uri.path)) this.onDisk.set(uri.toString(), uri);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.readTouched(), DELAY);
  }

  private async readTouched(): Promise<void> {
    const touched = [...this.onDisk];
    this.onDisk.clear();
    for (const [key, uri] of touched) {
      const exists = await vscode.workspace.fs.stat(uri).then(
        () => true,
        () => false,
      );
      if (exists && this.files.size < MOST_FILES) this.files.set(key, uri);
    }
    await this.refresh(new Set(touched.map(([key]) => key)));
  }

  /** Asks again for what changed, and for Terraform's files beside it, above and below: modules are judged with their calls. */
  private async refresh(changed: Changed): Promise<void> {
    if (!this.done) {
      this.missed.push(changed);
      return;
    }
    let uris = [...this.files.values()];
    if (changed) {
      const parts = [...changed].map((uri) => vscode.Uri.parse(uri)).filter(({ path }) => isModulePart(path));
      const directories = [...new Set(parts.map(directoryOf))];
      uris = uris.filter(
        (uri) =>
          changed.has(uri.toString()) ||
          (isModulePart(uri.path) && directories.some((one) => isInLine(one, directoryOf(uri)))),
      );
    }
    for (let at = 0; at < uris.length; at += BATCH) await this.ask(uris.slice(at, at + BATCH));
    this.changed.fire();
  }
}
