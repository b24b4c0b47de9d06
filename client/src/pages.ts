/** The rules' pages inside the editor: a read-only file system, so that the Markdown preview shows them and follows their links. */

import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { EXPLAIN_REQUEST, EXPLAIN_SERVICE_REQUEST, type Explanation } from '../../server/src/lsp/protocol.ts';

const SCHEME = 'demarc-rule';
/** The schema of the configuration file. */
const SCHEMA = '/demarc.schema.json';

/** `docs/` as the extension carries it: pages by path, all in one file. Works without a disk, in a browser too. */
export class Pages implements vscode.FileSystemProvider {
  private bundle: Promise<ReadonlyMap<string, string>> | undefined;
  private readonly never = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.never.event;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly client: BaseLanguageClient,
  ) {}

  /** Where the page of a rule is, by our id or another tool's. */
  async find(name: string): Promise<vscode.Uri> {
    const own = pathOf(name);
    const pages = await this.pages();
    if (!pages.has(own)) {
      const [ruleId, ...others] = (await this.explain(name))?.ruleIds ?? [];
      if (ruleId && !others.length && pages.has(pathOf(ruleId))) return uriOf(pathOf(ruleId));
    }
    return uriOf(own);
  }

  /** Where the page of a service is. */
  serviceUri(serviceId: string): vscode.Uri {
    return uriOf(`/services/${serviceId}.md`);
  }

  /** Where the table of all services is. */
  readonly responsibilityUri = uriOf('/responsibility.md');

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return new TextEncoder().encode(await this.text(uri));
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { length } = await this.readFile(uri);
    return {
      type: vscode.FileType.File,
      ctime: 0,
      mtime: 0,
      size: length,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  /** Nothing changes. */
  watch(): vscode.Disposable {
    return { dispose: () => undefined };
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  writeFile(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  delete(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  rename(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  /** The page that was made with the extension; else what the server knows of a rule of that name. */
  private async text(uri: vscode.Uri): Promise<string> {
    if (uri.path === SCHEMA) return this.schema();
    const made = (await this.pages()).get(uri.path);
    if (made !== undefined) return made;
    const serviceId = /^\/services\/([\w-]{1,100})\.md$/.exec(uri.path)?.[1];
    if (serviceId)
      return (
        (await this.service(serviceId))?.markdown ??
        vscode.l10n.t('# {0}\n\nThere is no service of this name.', serviceId)
      );
    const name = /^\/rules\/([\w.:-]{1,100})\.md$/.exec(uri.path)?.[1];
    if (name === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    const explained = await this.explain(name);
    return explained?.markdown ?? `# ${name.replaceAll('_', '\\_')}\n\nThere is no rule of this name.\n`;
  }

  /** For package.json: in a browser the extension's own files are on a web server, from which VS Code fetches no schema unasked. */
  private async schema(): Promise<string> {
    const uri = vscode.Uri.joinPath(this.extensionUri, 'schemas', SCHEMA);
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  }

  private async explain(ruleId: string): Promise<Explanation | null> {
    return this.client.sendRequest<Explanation | null>(EXPLAIN_REQUEST, { ruleId }).catch(() => null);
  }

  /** Made by the server out of the responsibility model. */
  private async service(serviceId: string): Promise<Explanation | null> {
    return this.client.sendRequest<Explanation | null>(EXPLAIN_SERVICE_REQUEST, { serviceId }).catch(() => null);
  }

  private pages(): Promise<ReadonlyMap<string, string>> {
    this.bundle ??= this.read();
    return this.bundle;
  }

  /** Without the file there are no pages, and the server's explanations stand in. */
  private async read(): Promise<ReadonlyMap<string, string>> {
    try {
      const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.extensionUri, 'dist', 'pages.json'));
      const pages = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, string>;
      return new Map(Object.entries(pages).map(([name, text]) => [`/${name}`, text]));
    } catch {
      return new Map();
    }
  }
}

function pathOf(name: string): string {
  return `/rules/${name}.md`;
}

function uriOf(path: string): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path });
}

/** Serves the pages under their own scheme. */
export function registerPages(pages: Pages): vscode.Disposable {
  return vscode.workspace.registerFileSystemProvider(SCHEME, pages, { isReadonly: true, isCaseSensitive: true });
}
