/** The responsibility map: a panel that shows both sides of the line, for the template in front, a pinned one, or a folder. */

import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import type { MapTemplate } from '../../server/src/lsp/protocol.ts';
import type { Range } from '../../server/src/syntax/document.ts';
import { COMMANDS } from './commands.ts';
import { selector } from './languages.ts';
import { withoutLinks } from './links.ts';
import { fromView, keptScope, knownOf, type MapContent, type Scope, type ToView } from './map/messages.ts';
import { FolderMap } from './map-folder.ts';
import type { MapSource } from './map-source.ts';
import { mapStrings } from './map-strings.ts';

/** Arguments: a document's URI and a resource's address, both of which may be left out. */
export const SHOW_MAP = 'demarc.showMap';
/** Argument: a folder's URI, which may be left out. */
const SHOW_MAP_OF_FOLDER = 'demarc.showMapOfFolder';
const VIEW = 'demarc.map';

function isLookedAt(document: vscode.TextDocument): boolean {
  return vscode.languages.match(selector(), document) > 0;
}

function isOpen(uri: vscode.Uri): boolean {
  const wanted = uri.toString();
  const is = (one: vscode.Uri) => one.toString() === wanted;
  return vscode.window.tabGroups.all.some(({ tabs }) =>
    tabs.some(({ input }) => {
      if (input instanceof vscode.TabInputText) return is(input.uri);
      return input instanceof vscode.TabInputTextDiff && (is(input.original) || is(input.modified));
    }),
  );
}

function baseName(uri: vscode.Uri): string {
  return uri.path.replace(/\/$/, '').split('/').pop() ?? '';
}

class MapPanel implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private panel: vscode.WebviewPanel | undefined;
  private scope: Scope = 'active';
  /** The template, where it is not a folder that is shown. */
  private uri: vscode.Uri | undefined;
  private folder: FolderMap | undefined;
  private known = knownOf([]);
  /** The view listens. */
  private isReady = false;
  /** There is something in it. */
  private isFilled = false;
  private wanted: (ToView & { readonly type: 'show' }) | undefined;
  private turn = 0;
  private readonly disposables: vscode.Disposable;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly client: BaseLanguageClient,
    private readonly source: MapSource,
  ) {
    this.disposables = vscode.Disposable.from(
      source.onDidChange(() => this.update()),
      vscode.window.onDidChangeActiveTextEditor(() => this.follow()),
      vscode.window.tabGroups.onDidChangeTabs(() => this.follow()),
    );
  }

  dispose(): void {
    this.folder?.dispose();
    this.panel?.dispose();
    this.disposables.dispose();
  }

  /** Shows the template in front, or the one given; a map of a folder that holds it stays. */
  show(uri: vscode.Uri | undefined, address: string | undefined): void {
    const shows = this.folder?.templates().some((one) => one.uri === uri?.toString());
    if (!shows || address === undefined) {
      this.leaveFolder();
      this.scope = 'active';
      this.uri = uri ?? this.inFront();
    }
    if (uri && address !== undefined) {
      this.wanted = { type: 'show', uri: this.client.code2ProtocolConverter.asUri(uri), address };
    }
    this.reveal();
    this.update();
  }

  showFolder(folder: vscode.Uri): void {
    this.leaveFolder();
    this.scope = 'folder';
    const map = new FolderMap(folder, this.source);
    this.folder = map;
    map.onDidChange(() => this.update());
    this.reveal();
    this.update();
    void map.read().then(() => this.update());
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const { scope, uri } = keptScope(state);
    const kept = uri === undefined ? undefined : parse(uri);
    this.panel?.dispose();
    this.adopt(panel);
    if (scope === 'folder' && kept && vscode.workspace.getWorkspaceFolder(kept)) return this.showFolder(kept);
    this.scope = scope === 'pinned' && kept ? 'pinned' : 'active';
    this.uri = this.scope === 'pinned' ? kept : (this.inFront() ?? (kept && isOpen(kept) ? kept : undefined));
    this.update();
  }

  private leaveFolder(): void {
    this.folder?.dispose();
    this.folder = undefined;
  }

  private reveal(): void {
    if (this.panel) {
      this.panel.reveal();
      return;
    }
    const column = vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    this.adopt(vscode.window.createWebviewPanel(VIEW, vscode.l10n.t('Responsibility Map'), column));
  }

  /** Makes a panel the map's. */
  private adopt(panel: vscode.WebviewPanel): void {
    const dist = vscode.Uri.joinPath(this.extensionUri, 'dist');
    this.panel = panel;
    this.isReady = false;
    this.isFilled = false;
    panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    panel.webview.onDidReceiveMessage((message: unknown) => this.receive(message));
    panel.onDidDispose(() => {
      if (this.panel !== panel) return;
      this.panel = undefined;
      this.leaveFolder();
    });
    panel.webview.html = html(panel.webview, dist);
  }

  /** The template in front: the active editor's, else the one that was, while it is open, else another that is seen. */
  private inFront(): vscode.Uri | undefined {
    const { activeTextEditor, visibleTextEditors } = vscode.window;
    if (activeTextEditor && isLookedAt(activeTextEditor.document)) return activeTextEditor.document.uri;
    if (this.uri && isOpen(this.uri)) return this.uri;
    return visibleTextEditors.find(({ document }) => isLookedAt(document))?.document.uri;
  }

  private follow(): void {
    if (!this.panel || this.scope !== 'active') return;
    const uri = this.inFront();
    if (uri?.toString() === this.uri?.toString()) return;
    this.uri = uri;
    this.update();
  }

  private update(): void {
    // A hidden view is gone, and asks when it comes back.
    if (this.isReady && this.panel?.visible) void this.send();
  }

  private async send(): Promise<void> {
    const turn = ++this.turn;
    const { panel } = this;
    const content = await this.content();
    if (turn !== this.turn || !panel || panel !== this.panel) return;
    const { health } = this.source;
    // While the server is started again, the last map is better than none.
    if (this.isFilled && (health === 'restarting' || health === 'starting')) return;
    this.isFilled = content.templates.length > 0;
    this.known = knownOf(content.templates);
    const shown = content.uri === undefined ? undefined : parse(content.uri);
    panel.title = shown ? vscode.l10n.t('Map: {0}', baseName(shown)) : vscode.l10n.t('Responsibility Map');
    this.post({ type: 'map', content });
    if (!this.wanted || !content.templates.length) return;
    this.post(this.wanted);
    this.wanted = undefined;
  }

  private post(message: ToView): void {
    void this.panel?.webview.postMessage(message);
  }

  private async content(): Promise<MapContent> {
    const { scope, uri, folder } = this;
    const base = { scope, notes: folder?.notes ?? [] };
    const nothing = (empty: string): MapContent => ({ ...base, uri: shownUri?.toString(), empty, templates: [] });
    const shownUri = folder?.folder ?? uri;
    const { health } = this.source;
    if (health === 'failed')
      return nothing(vscode.l10n.t('The language server does not run. “Demarc: Restart Language Server” starts it.'));
    if (health !== 'running') return nothing(vscode.l10n.t('The language server is starting…'));
    if (folder) {
      const templates = folder.templates();
      if (!templates.length) {
        const text = folder.done
          ? vscode.l10n.t('There are no templates in this folder.')
          : vscode.l10n.t('Reading templates…');
        return { ...nothing(text), name: baseName(folder.folder) };
      }
      return this.filled(base, folder.folder, baseName(folder.folder), templates);
    }
    if (!uri) return nothing(vscode.l10n.t('Open a template or a policy to see who does what in it.'));
    const name = vscode.workspace.asRelativePath(uri);
    const template = await this.source.of(uri);
    if (template) return this.filled(base, uri, name, [template]);
    return { ...nothing(vscode.l10n.t('This file is not read as a template or a policy.')), name };
  }

  private filled(
    base: Pick<MapContent, 'scope' | 'notes'>,
    uri: vscode.Uri,
    name: string,
    templates: readonly MapTemplate[],
  ): MapContent {
    const asUri = this.client.protocol2CodeConverter.asUri;
    const named = templates.map((one) => ({ ...one, name: vscode.workspace.asRelativePath(asUri(one.uri)) }));
    return { ...base, uri: uri.toString(), name, templates: named };
  }

  private receive(message: unknown): void {
    const said = fromView(message, this.known);
    switch (said?.type) {
      case 'ready':
        this.isReady = true;
        this.post({ type: 'setup', strings: mapStrings() });
        void this.send();
        return;
      case 'open':
        void this.open(said.uri, said.range);
        return;
      case 'rule':
        void vscode.commands.executeCommand(COMMANDS.explainRule, said.ruleId);
        return;
      case 'service':
        void vscode.commands.executeCommand(COMMANDS.explainService, said.serviceId);
        return;
      case 'scope':
        void this.setScope(said.scope);
        return;
    }
  }

  private async setScope(scope: Scope): Promise<void> {
    if (scope === 'folder') {
      const folder = (this.uri && vscode.workspace.getWorkspaceFolder(this.uri)?.uri) ?? (await pickFolder());
      if (folder) this.showFolder(folder);
      return;
    }
    this.leaveFolder();
    this.scope = scope;
    if (scope === 'active' || !this.uri) this.uri = this.inFront();
    this.update();
  }

  /** Opens a document where it is open already, else beside the map, and selects a place in it. */
  private async open(uri: string, range: Range): Promise<void> {
    const target = this.client.protocol2CodeConverter.asUri(uri);
    const selection = this.client.protocol2CodeConverter.asRange(range);
    try {
      const document = await vscode.workspace.openTextDocument(target);
      const viewColumn = columnOf(target) ?? (this.panel?.viewColumn === 1 ? vscode.ViewColumn.Beside : 1);
      await vscode.window.showTextDocument(document, { viewColumn, selection });
    } catch {
      void vscode.window.showInformationMessage(vscode.l10n.t('{0} cannot be opened.', withoutLinks(baseName(target))));
    }
  }
}

function parse(uri: string): vscode.Uri | undefined {
  try {
    return vscode.Uri.parse(uri, true);
  } catch {
    return undefined;
  }
}

/** The group in which a document has a tab; one that is seen comes first. */
function columnOf(uri: vscode.Uri): vscode.ViewColumn | undefined {
  const wanted = uri.toString();
  const seen = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === wanted);
  if (seen?.viewColumn !== undefined) return seen.viewColumn;
  return vscode.window.tabGroups.all.find(({ tabs }) =>
    tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === wanted),
  )?.viewColumn;
}

async function pickFolder(): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (!folders.length) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Open a folder first: the map shows the templates in it.'));
    return undefined;
  }
  if (folders.length === 1) return folders[0]?.uri;
  return (await vscode.window.showWorkspaceFolderPick({ placeHolder: vscode.l10n.t('Folder of the map') }))?.uri;
}

/** The page: nothing is loaded but our script and style, and nothing is connected to. */
function html(webview: vscode.Webview, dist: vscode.Uri): string {
  const nonce = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  const file = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  const language = /^[\w-]{1,20}$/.test(vscode.env.language) ? vscode.env.language : 'en';
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Demarc</title>
<link rel="stylesheet" href="${file('map.css')}">
</head>
<body>
<script nonce="${nonce}" src="${file('map.js')}"></script>
</body>
</html>`;
}

/** The map's commands and its panel, which outlives a reload of the window. */
export function registerMap(
  context: vscode.ExtensionContext,
  client: BaseLanguageClient,
  source: MapSource,
): vscode.Disposable {
  const map = new MapPanel(context.extensionUri, client, source);
  return vscode.Disposable.from(
    map,
    vscode.window.registerWebviewPanelSerializer(VIEW, map),
    vscode.commands.registerCommand(SHOW_MAP, (uri: unknown, address: unknown) =>
      map.show(uri instanceof vscode.Uri ? uri : undefined, typeof address === 'string' ? address : undefined),
    ),
    vscode.commands.registerCommand(SHOW_MAP_OF_FOLDER, async (uri: unknown) => {
      const folder = uri instanceof vscode.Uri ? uri : await pickFolder();
      if (folder) map.showFolder(folder);
    }),
  );
}
