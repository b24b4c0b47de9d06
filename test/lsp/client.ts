/** Drives the bundled server over a pipe, as an editor does. */

import { type ChildProcess, spawn } from 'node:child_process';
import {
  type CodeAction,
  createProtocolConnection,
  type Diagnostic,
  type InitializeResult,
  LSPErrorCodes,
  MessageType,
  type ProtocolConnection,
  type Registration,
  type RegistrationParams,
  type ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

/** The server that is tested: as it is built, or another build. */
export const SERVER = process.env.DEMARC_SERVER ?? 'dist/server.js';

export interface ClientOptions {
  /** The client cannot pull diagnostics: the server must push. */
  readonly push?: boolean;
  readonly clientHovers?: boolean;
  /** The `demarc` section the client answers with. */
  readonly settings?: object;
  readonly folder?: string;
  readonly folders?: readonly string[];
  /** Client capabilities of less able editors, over those of an able one. */
  readonly workspace?: object;
  readonly textDocument?: object;
  /** The client reads files for the server: texts by URI. */
  readonly files?: Readonly<Record<string, string>>;
  /** Options of the Node that runs the server. */
  readonly execArgv?: readonly string[];
  /** The client refuses every request of the server. */
  readonly refuses?: boolean;
}

export class Client {
  readonly process: ChildProcess;
  readonly connection: ProtocolConnection;
  readonly published: { uri: string; version?: number; diagnostics: Diagnostic[] }[] = [];
  /** Anything on standard output that is not the protocol breaks the reader; it ends up here. */
  readonly errors: string[] = [];
  /** How often the server asked to pull diagnostics again. */
  refreshes = 0;
  /** What the server asked to be told of. */
  readonly registrations: Registration[] = [];
  /** What the server wrote into the log. */
  readonly log: string[] = [];
  /** The warnings and errors of it. */
  readonly complaints: string[] = [];
  /** URIs that the server asked for. */
  readonly read: string[] = [];
  settings: object;
  private readonly texts = new Map<string, TextDocument>();
  capabilities: InitializeResult['capabilities'] = {};

  private constructor(options: ClientOptions) {
    this.settings = options.settings ?? {};
    const node = [...(options.execArgv ?? []), SERVER, '--stdio'];
    this.process = spawn(process.execPath, node, { stdio: ['pipe', 'pipe', 'pipe'] });
    const { stdin, stdout } = this.process;
    if (!stdin || !stdout) throw new Error('no pipe');
    this.connection = createProtocolConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
    this.connection.onError(([error]) => this.errors.push(error.message));
    this.connection.onNotification('textDocument/publishDiagnostics', (params) => void this.published.push(params));
    this.connection.onNotification('window/logMessage', ({ type, message }: { type: number; message: string }) => {
      this.log.push(message);
      if (type <= MessageType.Warning) this.complaints.push(message);
    });
    const { files } = options;
    if (files) {
      this.connection.onRequest('demarc/readFile', ({ uri }: { uri: string }) => {
        this.read.push(uri);
        return files[uri] ?? null;
      });
      this.connection.onRequest('demarc/listFolder', ({ uri }: { uri: string }) =>
        Object.keys(files)
          .filter((file) => file.startsWith(`${uri}/`))
          .map((file) => decodeURIComponent(file.slice(uri.length + 1)).split('/')[0]),
      );
    }
    this.connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) =>
      items.map(() => this.settings),
    );
    const answer = () => {
      if (options.refuses) throw new Error('refused');
      return null;
    };
    this.connection.onRequest('client/registerCapability', ({ registrations }: RegistrationParams) => {
      this.registrations.push(...registrations);
      return answer();
    });
    this.connection.onRequest('workspace/diagnostic/refresh', () => {
      this.refreshes++;
      return answer();
    });
    this.connection.listen();
  }

  static async start(options: ClientOptions = {}): Promise<Client> {
    const client = new Client(options);
    const folders = options.folders ?? (options.folder ? [options.folder] : undefined);
    const result = await client.connection.sendRequest<InitializeResult>('initialize', {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: folders?.map((uri) => ({ uri, name: 'ws' })) ?? null,
      initializationOptions: { clientHovers: options.clientHovers ?? false, clientFiles: !!options.files },
      capabilities: {
        workspace: {
          configuration: true,
          workspaceFolders: true,
          didChangeConfiguration: { dynamicRegistration: true },
          didChangeWatchedFiles: { dynamicRegistration: true },
          diagnostics: { refreshSupport: true },
          workspaceEdit: { documentChanges: true },
          ...options.workspace,
        },
        textDocument: {
          diagnostic: options.push ? undefined : { dynamicRegistration: false },
          codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source.fixAll'] } } },
          ...options.textDocument,
        },
      },
    });
    client.capabilities = result.capabilities;
    await client.connection.sendNotification('initialized', {});
    return client;
  }

  async open(uri: string, text: string, languageId = 'yaml', version = 1): Promise<void> {
    this.texts.set(uri, TextDocument.create(uri, languageId, version, text));
    await this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId, version, text },
    });
  }

  async close(uri: string): Promise<void> {
    this.texts.delete(uri);
    await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  async save(uri: string): Promise<void> {
    await this.connection.sendNotification('textDocument/didSave', { textDocument: { uri } });
  }

  /** What was pushed last for a document, once it satisfies a test. */
  async pushed(uri: string, what: string, test: (codes: readonly unknown[]) => boolean): Promise<void> {
    await this.until(what, () => {
      const last = this.published.filter((one) => one.uri === uri).pop();
      return last && test(last.diagnostics.map((one) => one.code)) ? true : undefined;
    });
  }

  document(uri: string): TextDocument {
    const document = this.texts.get(uri);
    if (!document) throw new Error(`${uri} is not open`);
    return document;
  }

  /** Replaces the first occurrence of a text, as one incremental change. */
  async replace(uri: string, old: string, text: string): Promise<void> {
    const document = this.document(uri);
    const at = document.getText().indexOf(old);
    if (at < 0) throw new Error(`no ${JSON.stringify(old)} in ${uri}`);
    const range = { start: document.positionAt(at), end: document.positionAt(at + old.length) };
    const version = document.version + 1;
    TextDocument.update(document, [{ range, text }], version);
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range, text }],
    });
  }

  /** What the server says when it is asked, and once more where the text became another one meanwhile. */
  async diagnostics(uri: string): Promise<Diagnostic[]> {
    for (;;) {
      try {
        const params = { textDocument: { uri } };
        return (await this.connection.sendRequest<{ items: Diagnostic[] }>('textDocument/diagnostic', params)).items;
      } catch (error) {
        if ((error as ResponseError).code !== LSPErrorCodes.ServerCancelled) throw error;
      }
    }
  }

  /** Diagnostics as lines: `code on "text"`. */
  async findings(uri: string): Promise<string[]> {
    const document = this.document(uri);
    return (await this.diagnostics(uri)).map((one) => `${one.code} on ${JSON.stringify(document.getText(one.range))}`);
  }

  async actions(uri: string, diagnostic: Diagnostic, only?: string[]): Promise<CodeAction[]> {
    return this.connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri },
      range: diagnostic.range,
      context: { diagnostics: [diagnostic], only },
    });
  }

  /** The text of a document after a code action's edit, which must be for its current version. */
  apply(uri: string, action: CodeAction): string {
    const document = this.document(uri);
    const changes = (action.edit?.documentChanges ?? []) as {
      textDocument: { uri: string; version: number };
      edits: TextEdit[];
    }[];
    const own = changes.find((change) => change.textDocument.uri === uri);
    if (!own) throw new Error(`"${action.title}" does not edit ${uri}`);
    if (own.textDocument.version !== document.version) throw new Error('the edit is for another version');
    return TextDocument.applyEdits(document, own.edits);
  }

  /** Hover text where `|` stands in the document; the mark itself is not part of the text. */
  async hover(uri: string, text: string, languageId = 'yaml'): Promise<string | undefined> {
    const at = text.indexOf('|>');
    await this.open(uri, text.replace('|>', ''), languageId);
    const position = this.document(uri).positionAt(at);
    const hover = await this.connection.sendRequest<{ contents: { value: string } } | null>('textDocument/hover', {
      textDocument: { uri },
      position,
    });
    return hover?.contents.value;
  }

  /** Waits until something pushed satisfies a test. */
  async until<T>(what: string, test: () => T | undefined, milliseconds = 10_000): Promise<T> {
    for (const end = Date.now() + milliseconds; ; ) {
      const value = test();
      if (value !== undefined) return value;
      if (Date.now() > end) throw new Error(`timed out waiting for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async stop(): Promise<void> {
    // A server that has died answers nothing.
    if (this.process.exitCode !== null) return this.connection.dispose();
    await this.connection.sendRequest('shutdown');
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    await this.connection.sendNotification('exit');
    await gone;
    this.connection.dispose();
  }
}
