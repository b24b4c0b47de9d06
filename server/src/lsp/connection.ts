/** The connection: every message of the protocol that the server answers, in one place. */

import {
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  DocumentDiagnosticReportKind,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Settings } from '../analysis/settings.ts';
import type { Side } from '../rules/rule.ts';
import { codeActions, FIX_ALL_KIND } from './code-actions.ts';
import { diagnosticsOf, SOURCE } from './diagnostics.ts';
import { explain } from './explain.ts';
import { hoverAt } from './hover.ts';
import { renderHover } from './hover-markdown.ts';
import {
  type DocumentStatus,
  EXPLAIN_REQUEST,
  HOVER_REQUEST,
  type InitializationOptions,
  STATUS_REQUEST,
} from './protocol.ts';
import { type Files, Workspace } from './workspace.ts';

/** Push diagnostics wait this long for the next keystroke, for clients that cannot pull. Milliseconds. */
const PUSH_DELAY = 10;

interface PositionParams {
  readonly textDocument: { readonly uri: string };
  readonly position: { readonly line: number; readonly character: number };
}

/** Wires a connection to a workspace and starts to listen. */
export function serve(connection: Connection, files: Files, version: string): void {
  const documents = new TextDocuments(TextDocument);
  let pulls = false;
  let asksSettings = false;
  let refreshes = false;
  let registersSettings = false;
  let watches = false;
  let watchesFolders = false;
  let ourClient = false;

  const workspace = new Workspace({
    files,
    settings: async (uri) => {
      if (!asksSettings) return undefined;
      const settings = await connection.workspace.getConfiguration({ scopeUri: uri, section: 'demarc' });
      return (settings ?? undefined) as Partial<Settings> | undefined;
    },
    today: () => new Date().toISOString().slice(0, 10),
    log: (message) => connection.console.warn(message),
  });

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    const { capabilities } = params;
    const options = (params.initializationOptions ?? {}) as InitializationOptions;
    ourClient = options.clientHovers === true;
    pulls = !!capabilities.textDocument?.diagnostic;
    asksSettings = !!capabilities.workspace?.configuration;
    refreshes = !!capabilities.workspace?.diagnostics?.refreshSupport;
    registersSettings = !!capabilities.workspace?.didChangeConfiguration?.dynamicRegistration;
    watches = !!capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration;
    watchesFolders = !!capabilities.workspace?.workspaceFolders;
    workspace.folders = (params.workspaceFolders ?? []).map((folder) => folder.uri.replace(/\/$/, ''));
    return {
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        codeActionProvider: { codeActionKinds: ['quickfix', FIX_ALL_KIND] },
        hoverProvider: !ourClient,
        diagnosticProvider: pulls
          ? { identifier: SOURCE, interFileDependencies: true, workspaceDiagnostics: false }
          : undefined,
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
      serverInfo: { name: 'demarc', version },
    };
  });

  connection.onInitialized(() => {
    if (registersSettings)
      void connection.client.register(DidChangeConfigurationNotification.type, { section: 'demarc' });
    if (watches) {
      const watchers = ['**/*.tf.json', '**/.demarc.{json,yaml,yml}'].map((globPattern) => ({ globPattern }));
      void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    }
    if (watchesFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map((folder) => folder.uri.replace(/\/$/, '')));
        workspace.folders = [
          ...workspace.folders.filter((folder) => !gone.has(folder)),
          ...added.map((folder) => folder.uri.replace(/\/$/, '')),
        ];
        refresh();
      });
    }
  });

  // Push, where the client cannot pull: one timer a document, so that a burst of keys costs one analysis.
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const push = (uri: string, delay: number) => {
    clearTimeout(timers.get(uri));
    timers.set(
      uri,
      setTimeout(async () => {
        timers.delete(uri);
        const analysis = await workspace.analysis(uri);
        const document = workspace.document(uri);
        if (!document) return;
        void connection.sendDiagnostics({
          uri,
          version: document.version,
          diagnostics: analysis ? diagnosticsOf(analysis, uri) : [],
        });
      }, delay),
    );
  };
  const refresh = () => {
    if (pulls && refreshes) connection.languages.diagnostics.refresh();
    else if (!pulls) for (const document of documents.all()) push(document.uri, 0);
  };

  documents.onDidOpen(({ document }) => {
    workspace.set(document);
    if (!pulls) push(document.uri, 0);
  });
  documents.onDidChangeContent(({ document }) => {
    workspace.set(document);
    if (!pulls && document.version > 1) push(document.uri, PUSH_DELAY);
  });
  documents.onDidClose(({ document }) => {
    workspace.close(document.uri);
    clearTimeout(timers.get(document.uri));
    timers.delete(document.uri);
    if (!pulls) void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
  });
  connection.onDidChangeConfiguration(() => {
    workspace.changedSettings();
    refresh();
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    workspace.changedOnDisk(changes.map((change) => change.uri));
    workspace.changedSettings();
    refresh();
  });

  connection.languages.diagnostics.on(async ({ textDocument }) => {
    const analysis = await workspace.analysis(textDocument.uri);
    return {
      kind: DocumentDiagnosticReportKind.Full,
      items: analysis ? diagnosticsOf(analysis, textDocument.uri) : [],
    };
  });
  connection.onCodeAction(async (params) => {
    const analysis = await workspace.analysis(params.textDocument.uri);
    const languageId = workspace.document(params.textDocument.uri)?.languageId;
    return analysis
      ? codeActions(analysis, params, (uri) => workspace.document(uri)?.version ?? null, {
          languageId,
          explains: ourClient,
        })
      : [];
  });

  const hover = async ({ textDocument, position }: PositionParams) => {
    const analysis = await workspace.analysis(textDocument.uri);
    const document = workspace.document(textDocument.uri);
    return (analysis && document && hoverAt(analysis, textDocument.uri, document.offsetAt(position))) ?? null;
  };
  connection.onHover(async (params) => {
    const model = await hover(params);
    return model && { range: model.range, contents: { kind: 'markdown', value: renderHover(model, { icons: false }) } };
  });
  connection.onRequest(HOVER_REQUEST, hover);
  connection.onRequest(EXPLAIN_REQUEST, ({ ruleId }: { ruleId: string }) => explain(ruleId) ?? null);
  connection.onRequest(STATUS_REQUEST, async ({ uri }: { uri: string }): Promise<DocumentStatus | null> => {
    if (!workspace.document(uri)) return null;
    const analysis = await workspace.analysis(uri);
    const bySide: Record<Side, number> = { customer: 0, shared: 0, aws: 0 };
    const own = (analysis?.findings ?? []).filter(({ finding }) => finding.node.document.uri === uri);
    for (const { finding } of own) bySide[finding.rule.owner.side]++;
    return {
      dialect: analysis?.dialect,
      findings: own.length,
      bySide,
      suppressed: analysis?.suppressed.length ?? 0,
      rules: analysis?.rules.length ?? 0,
    };
  });

  documents.listen(connection);
  connection.listen();
}
