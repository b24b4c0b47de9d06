/** The connection: every message of the protocol that the server answers, in one place. */

import {
  type Connection,
  DiagnosticRefreshRequest,
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
import { ClientData, ClientFiles } from './client-files.ts';
import { codeActions, FIX_ALL_KIND } from './code-actions.ts';
import { compareOnce, compareTexts } from './compare.ts';
import { Completer, type CompletionAbilities, TRIGGERS } from './completion.ts';
import { configurationDiagnostics, diagnosticsOf, SOURCE } from './diagnostics.ts';
import { explain, explainService } from './explain.ts';
import { hoverAt } from './hover.ts';
import { renderHover } from './hover-markdown.ts';
import { mapOfFiles } from './map.ts';
import {
  COMPARE_REQUEST,
  type CompareParams,
  type DocumentStatus,
  EXPLAIN_REQUEST,
  EXPLAIN_SERVICE_REQUEST,
  HOVER_REQUEST,
  type HoverParams,
  type InitializationOptions,
  MAP_REQUEST,
  type MapParams,
  STATUS_REQUEST,
} from './protocol.ts';
import { nameOf } from './uris.ts';
import { type Files, isConfiguration, Workspace } from './workspace.ts';

/** Push diagnostics wait this long for the next keystroke, for clients that cannot pull. Milliseconds. */
const PUSH_DELAY = 10;
/** A client that pulls is asked to look again at what depends on a document when that has rested this long. Milliseconds. */
const REFRESH_DELAY = 200;

/** The day, for suppressions that expire. */
const today = () => new Date().toISOString().slice(0, 10);

/** What the entry has at hand. */
export interface ServerHost {
  readonly version: string;
  /** Files of the scheme `file`; where there is no disk, the client is asked for them. */
  readonly disk?: Files;
  /** The packed service authorization reference lies with the client. */
  readonly dataFromClient?: boolean;
}

/** Wires a connection to a workspace and starts to listen. */
export function serve(connection: Connection, { version, disk, dataFromClient }: ServerHost): void {
  const documents = new TextDocuments(TextDocument);
  let pulls = false;
  let asksSettings = false;
  let refreshes = false;
  let registersSettings = false;
  let watchesFolders = false;
  let ourClient = false;
  let versionedEdits = false;
  let completionAbilities: CompletionAbilities | undefined;
  /** What a client that cannot be asked sent of its own accord. */
  let sentSettings: Partial<Settings> | undefined;
  const warn = (error: unknown) =>
    connection.console.warn(error instanceof Error ? (error.stack ?? error.message) : String(error));

  const files = new ClientFiles(connection, disk);
  const workspace = new Workspace({
    files,
    settings: async (uri) => {
      if (!asksSettings) return sentSettings;
      const settings = await connection.workspace.getConfiguration({ scopeUri: uri, section: 'demarc' });
      return (settings ?? undefined) as Partial<Settings> | undefined;
    },
    today,
    completed: () => refresh(),
    log: (message) => connection.console.warn(message),
  });

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    const { capabilities } = params;
    const options = (params.initializationOptions ?? {}) as InitializationOptions;
    ourClient = options.clientHovers === true;
    files.asks = options.clientFiles === true;
    pulls = !!capabilities.textDocument?.diagnostic;
    asksSettings = !!capabilities.workspace?.configuration;
    refreshes = !!capabilities.workspace?.diagnostics?.refreshSupport;
    registersSettings = !!capabilities.workspace?.didChangeConfiguration?.dynamicRegistration;
    workspace.watches = !!capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration;
    versionedEdits = !!capabilities.workspace?.workspaceEdit?.documentChanges;
    const item = capabilities.textDocument?.completion?.completionItem;
    completionAbilities = {
      snippets: !!item?.snippetSupport,
      markdown: !!item?.documentationFormat?.includes('markdown'),
      descriptions: !!item?.labelDetailsSupport,
      asksAgain: ourClient,
    };
    // Without literals a client takes commands for actions, and we have no commands.
    const literals = !!capabilities.textDocument?.codeAction?.codeActionLiteralSupport;
    watchesFolders = !!capabilities.workspace?.workspaceFolders;
    const folders = params.workspaceFolders?.map((folder) => folder.uri) ?? (params.rootUri ? [params.rootUri] : []);
    workspace.folders = folders.map((folder) => folder.replace(/\/$/, ''));
    return {
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
        codeActionProvider: literals ? { codeActionKinds: ['quickfix', FIX_ALL_KIND] } : undefined,
        completionProvider: { triggerCharacters: TRIGGERS, resolveProvider: true },
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
    // A client may refuse what it said it can do: that is worth a line in the log, not the server's life.
    if (registersSettings)
      connection.client.register(DidChangeConfigurationNotification.type, { section: 'demarc' }).catch(warn);
    if (workspace.watches) {
      const watchers = ['**/*.{tf,tofu,tf.json,tofu.json,tfvars,tfvars.json}', '**/.demarc.{json,yaml,yml}'].map(
        (globPattern) => ({ globPattern }),
      );
      connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch((error) => {
        workspace.watches = false;
        warn(error);
      });
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

  const diagnostics = async (uri: string) => {
    if (isConfiguration(uri)) {
      const text = workspace.document(uri)?.getText() ?? '';
      return configurationDiagnostics(uri, text, ourClient && nameOf(uri).endsWith('.json'));
    }
    const analysis = await workspace.analysis(uri, false);
    return analysis ? diagnosticsOf(analysis, uri) : [];
  };

  // Push, where the client cannot pull: one timer a document, so that a burst of keys costs one analysis.
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const send = async (uri: string) => {
    const items = await diagnostics(uri);
    const document = workspace.document(uri);
    if (document) await connection.sendDiagnostics({ uri, version: document.version, diagnostics: items });
  };
  const push = (uri: string, delay: number) => {
    clearTimeout(timers.get(uri));
    timers.set(
      uri,
      setTimeout(() => {
        timers.delete(uri);
        send(uri).catch(warn);
      }, delay),
    );
  };
  const refresh = () => {
    if (!pulls) for (const document of documents.all()) push(document.uri, 0);
    // Not the connection's own method: that one lets a refusal of the client go uncaught.
    else if (refreshes) connection.sendRequest(DiagnosticRefreshRequest.type).catch(warn);
  };
  const data = dataFromClient
    ? new ClientData(connection, () => {
        workspace.forgetAnalyses();
        refresh();
      })
    : undefined;
  /** Answers once more where data had to be asked for, when it is there: nobody asks for a hover or a suggestion again. */
  const informed = async <T>(answer: () => Promise<T>): Promise<T> => {
    const first = await answer();
    if (!data?.coming) return first;
    await data.coming;
    return answer();
  };
  let later: ReturnType<typeof setTimeout> | undefined;
  const isContext = (uri: string) =>
    documents.all().some((one) => one.uri !== uri && workspace.dependsOn(one.uri, uri));

  documents.onDidOpen(() => workspace.forgetUnwatched());
  // Said of a document that was opened, too.
  documents.onDidChangeContent(({ document: { uri } }) => {
    const document = documents.get(uri);
    if (!document) return;
    workspace.set(document);
    if (pulls) {
      // A client looks again at the other documents when the one in front is edited, not when one is reverted behind them.
      if (!isContext(uri)) return;
      clearTimeout(later);
      later = setTimeout(refresh, REFRESH_DELAY);
      return;
    }
    for (const one of documents.all())
      if (one.uri === uri || workspace.dependsOn(one.uri, uri)) push(one.uri, PUSH_DELAY);
  });
  documents.onDidSave(({ document: { uri } }) => {
    workspace.forgetUnwatched();
    if (isContext(uri)) refresh();
  });
  documents.onDidClose(({ document: { uri } }) => {
    workspace.close(uri);
    workspace.forgetUnwatched();
    clearTimeout(timers.get(uri));
    timers.delete(uri);
    if (!pulls) connection.sendDiagnostics({ uri, diagnostics: [] }).catch(warn);
    // What was not saved no longer counts for the others.
    if (isContext(uri)) refresh();
  });
  connection.onDidChangeConfiguration(({ settings }) => {
    const own = (settings as { demarc?: Partial<Settings> } | null)?.demarc;
    if (own && typeof own === 'object') sentSettings = own;
    workspace.changedSettings();
    refresh();
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    workspace.changedOnDisk(changes.map((change) => change.uri));
    workspace.changedSettings();
    refresh();
  });

  connection.languages.diagnostics.on(async ({ textDocument }) => ({
    kind: DocumentDiagnosticReportKind.Full,
    items: await diagnostics(textDocument.uri),
  }));
  connection.onCodeAction(async (params) => {
    const analysis = await workspace.analysis(params.textDocument.uri, false);
    const languageId = workspace.document(params.textDocument.uri)?.languageId;
    return analysis
      ? codeActions(analysis, params, (uri) => workspace.document(uri)?.version ?? null, {
          languageId,
          explains: ourClient,
          versioned: versionedEdits,
        })
      : [];
  });

  const completer = new Completer();
  connection.onCompletion(async (params, token) => {
    const { uri } = params.textDocument;
    if (!(await workspace.settingsOf(uri)).enable || token.isCancellationRequested) return null;
    const document = workspace.document(uri);
    return informed(async () =>
      document && completionAbilities
        ? completer.complete(document, params, completionAbilities, warn, () => workspace.resourcesBeside(uri))
        : null,
    );
  });
  connection.onCompletionResolve((item) => (completionAbilities ? completer.resolve(item, completionAbilities) : item));

  const hover = async ({ textDocument: { uri }, position, diff }: HoverParams) => {
    const analysis = await workspace.analysis(uri, diff !== undefined);
    const other = diff && (await workspace.analysis(diff.other));
    const document = workspace.document(uri);
    if (!analysis || !document) return null;
    const [base, head] = diff?.role === 'base' ? [analysis, other] : [other, analysis];
    const planned = analysis.planned && ({ role: 'head', comparison: analysis.planned } as const);
    const seen = diff ? { role: diff.role, comparison: compareOnce(base, head) } : planned;
    return hoverAt(analysis, uri, document.offsetAt(position), seen) ?? null;
  };
  connection.onHover(async (params) => {
    const model = await informed(() => hover(params));
    return model && { range: model.range, contents: { kind: 'markdown', value: renderHover(model, { icons: false }) } };
  });
  connection.onRequest(HOVER_REQUEST, (params: HoverParams) => informed(() => hover(params)));
  connection.onRequest(MAP_REQUEST, (params: MapParams, token) => mapOfFiles(workspace, params, token));
  connection.onRequest(COMPARE_REQUEST, (params: CompareParams, token) =>
    compareTexts(params, (uri) => workspace.settingsOf(uri), {
      today: today(),
      cancelled: () => token.isCancellationRequested,
    }),
  );
  connection.onRequest(
    EXPLAIN_SERVICE_REQUEST,
    ({ serviceId }: { serviceId: string }) => explainService(serviceId) ?? null,
  );
  connection.onRequest(EXPLAIN_REQUEST, ({ ruleId }: { ruleId: string }) => explain(ruleId) ?? null);
  connection.onRequest(STATUS_REQUEST, async ({ uri }: { uri: string }): Promise<DocumentStatus | null> => {
    if (!workspace.document(uri)) return null;
    const analysis = await workspace.analysis(uri, false);
    const bySide: Record<Side, number> = { customer: 0, shared: 0, aws: 0 };
    const own = (analysis?.findings ?? []).filter(({ finding }) => finding.node.document.uri === uri);
    for (const { finding } of own) bySide[finding.owner.side]++;
    return {
      dialect: analysis?.dialect,
      off: !(await workspace.settingsOf(uri)).enable || undefined,
      findings: own.length,
      bySide,
      suppressed: (analysis?.suppressed ?? []).filter(({ finding }) => finding.node.document.uri === uri).length,
      rules: analysis?.rules.length ?? 0,
    };
  });

  documents.listen(connection);
  connection.listen();
}
