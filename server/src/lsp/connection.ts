/** The connection: every message of the protocol that the server answers, in one place. */

import {
  type Connection,
  DiagnosticRefreshRequest,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  WatchKind,
  type WorkspaceFolder,
} from 'vscode-languageserver';
import type { Analysis } from '../analysis/analyze.ts';
import type { Settings } from '../analysis/settings.ts';
import type { Side } from '../rules/rule.ts';
import type { RunReport, Wants } from './analyses.ts';
import { ClientData, ClientFiles } from './client-files.ts';
import { codeActions } from './code-actions.ts';
import { compareOnce, compareTexts, isComparable } from './compare.ts';
import { Completer, type CompletionAbilities } from './completion.ts';
import { configurationDiagnostics, diagnosticsOf, reportOf } from './diagnostics.ts';
import { explain, explainService } from './explain.ts';
import { hoverAt } from './hover.ts';
import { renderHover } from './hover-markdown.ts';
import { initializeResult } from './initialize.ts';
import { mapOfFiles } from './map.ts';
import type { Memory } from './memory.ts';
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
import { Publisher } from './publisher.ts';
import { invalid, positionOf, Requests, stringOf, uriOf } from './requests.ts';
import { nameOf } from './uris.ts';
import { type Files, isConfiguration, Workspace } from './workspace.ts';

/** What depends on a document is looked at again when that has rested this long. Milliseconds. */
const REFRESH_DELAY = 200;
/** An analysis that takes longer is told to the log. Milliseconds. */
const SLOW = 500;

/** The day, for suppressions that expire. */
const today = () => new Date().toISOString().slice(0, 10);

/** What the entry has at hand. */
export interface ServerHost {
  readonly version: string;
  /** Files of the scheme `file`; where there is no disk, the client is asked for them. */
  readonly disk?: Files;
  readonly memory?: Memory;
  /** The packed service authorization reference lies with the client. */
  readonly dataFromClient?: boolean;
}

/**
 * Wires a connection to a workspace.
 * @param asked with what `initialize` came, where it was answered before: the connection listens already. Else it is answered here,
 *   and the connection starts to listen
 */
export function serve(
  connection: Connection,
  { version, disk, memory, dataFromClient }: ServerHost,
  asked?: InitializeParams,
): void {
  const requests = new Requests(connection);
  let pulls = false;
  let asksSettings = false;
  let refreshes = false;
  let registersSettings = false;
  let watchesFolders = false;
  let ourClient = false;
  let versionedEdits = false;
  let completionAbilities: CompletionAbilities | undefined;
  let plainHovers = false;
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
    memory,
    analysed: (report) => tell(report),
    messages: () => requests.count,
    log: (message) => connection.console.warn(message),
    error: (message) => connection.console.error(message),
  });
  const { documents } = workspace;
  const tell = ({ uri, read, spent, resources, findings }: RunReport) => {
    const took = `${Math.round(spent)} ms of work, ${Math.round(read)} of them to read it`;
    const what = `${resources} resources, ${findings} findings`;
    if (spent > SLOW) connection.console.info(`${nameOf(uri)} is slow to analyse: ${took} (${what})`);
    connection.tracer.log(`Analysed ${nameOf(uri)} in ${took}`, `${uri}: ${what}`);
  };

  const initialize = (params: InitializeParams): InitializeResult => {
    requests.begin();
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
      markdown: preferred(item?.documentationFormat) === 'markdown',
      descriptions: !!item?.labelDetailsSupport,
      asksAgain: ourClient,
    };
    // Who says nothing of it gets Markdown, which is what hovers were before there was a choice.
    plainHovers = preferred(capabilities.textDocument?.hover?.contentFormat) === 'plaintext';
    watchesFolders = !!capabilities.workspace?.workspaceFolders;
    const root = params.rootUri ? [{ uri: params.rootUri, name: '' }] : [];
    workspace.folders = foldersOf(params.workspaceFolders ?? root);
    return initializeResult(params, version);
  };
  connection.onInitialize(initialize);
  connection.onShutdown(() => requests.end());

  connection.onInitialized(() => {
    const engine = typeof process === 'object' ? `Node ${process.versions.node}` : 'a browser';
    const way = pulls ? 'asks for diagnostics' : 'is sent diagnostics';
    connection.console.info(`Demarc ${version} runs on ${engine}; the client ${way}.`);
    // A client may refuse what it said it can do: that is worth a line in the log, not the server's life.
    if (registersSettings)
      connection.client.register(DidChangeConfigurationNotification.type, { section: 'demarc' }).catch(warn);
    if (workspace.watches) {
      const watchers = [
        { globPattern: '**/*.{tf,tofu,tf.json,tofu.json,tfvars,tfvars.json}' },
        { globPattern: '**/.demarc.{json,yaml,yml}' },
        // Of a folder that is deleted VS Code tells, of what was in it not.
        { globPattern: '**/*', kind: WatchKind.Delete },
      ];
      connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch((error) => {
        workspace.watches = false;
        warn(error);
      });
    }
    if (watchesFolders) {
      connection.workspace.onDidChangeWorkspaceFolders((event) => {
        const gone = new Set(foldersOf(event?.removed));
        const kept = workspace.folders.filter((folder) => !gone.has(folder));
        workspace.folders = [...new Set([...kept, ...foldersOf(event?.added)])];
        refresh();
      });
    }
  });

  const diagnostics = async (uri: string, wants?: Wants) => {
    if (isConfiguration(uri)) {
      const text = documents.get(uri)?.getText() ?? '';
      return configurationDiagnostics(uri, text, ourClient && nameOf(uri).endsWith('.json'));
    }
    const analysis = await workspace.analysis(uri, wants);
    return analysis ? diagnosticsOf(analysis, uri) : [];
  };
  // Push, where the client cannot pull.
  const publisher = new Publisher({
    document: (uri) => documents.get(uri),
    diagnostics,
    send: (params) => connection.sendDiagnostics(params),
    failed: warn,
  });
  let refreshing: { again: boolean } | undefined;
  /** Has all diagnostics looked at again; one question at a time. */
  const refresh = () => {
    if (!requests.isRunning) return;
    if (!pulls) for (const { uri } of documents.all()) publisher.publish(uri);
    else if (refreshing) refreshing.again = true;
    else if (refreshes) {
      const asked = { again: false };
      refreshing = asked;
      // Not the connection's own method: that one lets a refusal of the client go uncaught.
      connection
        .sendRequest(DiagnosticRefreshRequest.type)
        .catch(warn)
        .finally(() => {
          refreshing = undefined;
          if (asked.again) refresh();
        });
    }
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

  const changed = (uri: string) => {
    if (!pulls) publisher.publish(uri);
    // A client looks again at the other documents when the one in front is edited, not when one is reverted behind them.
    if (!isContext(uri)) return;
    clearTimeout(later);
    later = setTimeout(refresh, REFRESH_DELAY);
  };
  connection.onDidOpenTextDocument(
    requests.noting((params) => {
      workspace.forgetUnwatched();
      const document = workspace.open(params);
      if (document) changed(document.uri);
    }),
  );
  connection.onDidChangeTextDocument(
    requests.noting((params) => {
      const document = workspace.edit(params);
      if (document) changed(document.uri);
    }),
  );
  connection.onDidSaveTextDocument(
    requests.noting((params) => {
      const document = documents.named('textDocument/didSave', params);
      workspace.forgetUnwatched();
      // Where nobody watches the disk, this is when it is looked at.
      if (document && (!workspace.watches || isContext(document.uri))) refresh();
    }),
  );
  connection.onDidCloseTextDocument(
    requests.noting((params) => {
      const document = documents.named('textDocument/didClose', params);
      if (!document) return;
      const { uri } = document;
      workspace.close(uri);
      workspace.forgetUnwatched();
      if (!pulls) publisher.close(uri);
      // What was not saved no longer counts for the others.
      if (isContext(uri)) refresh();
    }),
  );
  connection.onDidChangeConfiguration(
    requests.noting((params) => {
      const own = (params?.settings as { demarc?: Partial<Settings> } | null | undefined)?.demarc;
      if (own && typeof own === 'object') sentSettings = own;
      workspace.changedSettings();
      refresh();
    }),
  );
  connection.onDidChangeWatchedFiles(
    requests.noting((params) => {
      const changes: unknown = params?.changes;
      const uris = (Array.isArray(changes) ? changes : []).map((change) => change?.uri);
      if (workspace.changedOnDisk(uris.filter((uri) => typeof uri === 'string'))) refresh();
    }),
  );

  /** The document that a request is about, as the client named it when it opened it. */
  const named = (params: Parameters<typeof uriOf>[0]) => {
    const uri = uriOf(params);
    return documents.get(uri)?.uri ?? uri;
  };
  connection.languages.diagnostics.on(
    requests.answering(async (params, token) =>
      reportOf(await diagnostics(named(params), { token, isForThisText: true }), params.previousResultId),
    ),
  );
  connection.onCodeAction(
    requests.answering(async (params, token) => {
      const uri = named(params);
      const range = { start: positionOf(params.range?.start), end: positionOf(params.range?.end) };
      if (!Array.isArray(params.context?.diagnostics)) throw invalid('context.diagnostics is missing');
      const analysis = await workspace.analysis(uri, { token });
      const languageId = documents.get(uri)?.languageId;
      const asked = { ...params, textDocument: { uri }, range };
      return analysis
        ? codeActions(analysis, asked, (one) => documents.get(one)?.version ?? null, {
            languageId,
            explains: ourClient,
            versioned: versionedEdits,
          })
        : [];
    }),
  );

  const completer = new Completer();
  connection.onCompletion(
    requests.answering(async (params, token) => {
      const uri = named(params);
      const { context } = params;
      const position = positionOf(params.position);
      if (!documents.get(uri) || !(await workspace.settingsOf(uri)).enable || token.isCancellationRequested)
        return null;
      return informed(async () => {
        const document = documents.get(uri);
        return document && completionAbilities
          ? completer.complete(document, { position, context }, completionAbilities, warn, {
              beside: () => workspace.resourcesBeside(uri),
              document: () => workspace.lastParsed(uri),
            })
          : null;
      });
    }),
  );
  connection.onCompletionResolve(
    requests.answering((item) => {
      if (typeof item !== 'object' || item === null) throw invalid('there is no item');
      return completionAbilities ? completer.resolve(item, completionAbilities) : item;
    }),
  );

  const hover = async (params: HoverParams, token: Wants['token']) => {
    const uri = named(params);
    const position = positionOf(params.position);
    const { diff } = params;
    if (!diff) {
      const at = (analysis: Analysis | undefined) => {
        const document = documents.get(uri);
        if (!analysis || !document) return undefined;
        const planned = analysis.planned && ({ role: 'head', comparison: analysis.planned } as const);
        return hoverAt(analysis, uri, document.offsetAt(position), planned);
      };
      const wants = { token };
      const first = await workspace.analyses.atHand(uri, wants);
      const model = at(first);
      // Where only a finding could stand, there is nothing to say without it.
      return model ?? (first?.isUnjudged ? at(await workspace.analysis(uri, wants)) : undefined) ?? null;
    }
    const otherUri = named({ textDocument: { uri: diff.other } });
    for (;;) {
      const analysis = await workspace.analysis(uri, { token });
      const other = await workspace.analysis(otherUri, { token });
      const document = documents.get(uri);
      if (!analysis || !document) return null;
      // The first was perhaps replaced while the other was made.
      if (!workspace.analyses.isCurrent(analysis)) continue;
      const [base, head] = diff.role === 'base' ? [analysis, other] : [other, analysis];
      const seen = { role: diff.role, comparison: compareOnce(base, head) };
      return hoverAt(analysis, uri, document.offsetAt(position), seen) ?? null;
    }
  };
  connection.onHover(
    requests.answering(async (params, token) => {
      const model = await informed(() => hover(params, token));
      if (!model) return null;
      return {
        range: model.range,
        contents: {
          kind: plainHovers ? ('plaintext' as const) : ('markdown' as const),
          value: renderHover(model, { icons: false, plain: plainHovers }),
        },
      };
    }),
  );
  connection.onRequest(
    HOVER_REQUEST,
    requests.answering((params: HoverParams, token) => informed(() => hover(params, token))),
  );
  connection.onRequest(
    MAP_REQUEST,
    requests.answering((params: MapParams, token) => {
      if (!Array.isArray(params?.uris)) throw invalid('uris is missing');
      return mapOfFiles(workspace, { uris: params.uris.filter((uri) => typeof uri === 'string') }, token);
    }),
  );
  connection.onRequest(
    COMPARE_REQUEST,
    requests.answering((params: CompareParams, token) => {
      if (!isComparable(params)) throw invalid('templates is missing');
      return compareTexts(params, (uri) => workspace.settingsOf(uri), {
        today: today(),
        cancelled: () => token.isCancellationRequested,
        messages: () => requests.count,
      });
    }),
  );
  connection.onRequest(
    EXPLAIN_SERVICE_REQUEST,
    requests.answering((params: { serviceId: string }) => explainService(stringOf(params, 'serviceId')) ?? null),
  );
  connection.onRequest(
    EXPLAIN_REQUEST,
    requests.answering((params: { ruleId: string }) => explain(stringOf(params, 'ruleId')) ?? null),
  );
  connection.onRequest(
    STATUS_REQUEST,
    requests.answering(async (params: { uri: string }, token): Promise<DocumentStatus | null> => {
      const uri = named({ textDocument: { uri: params?.uri } });
      if (!documents.get(uri)) return null;
      const isOff = !(await workspace.settingsOf(uri)).enable;
      const analysis = await workspace.analysis(uri, { token });
      return statusOf(analysis, uri, isOff);
    }),
  );

  if (asked) initialize(asked);
  else connection.listen();
}

/** Of the formats that a client lists, the one it likes best of those we write; undefined where it lists none. */
function preferred(formats: readonly string[] | undefined): 'markdown' | 'plaintext' | undefined {
  return [formats].flat().find((one) => one === 'markdown' || one === 'plaintext');
}

/** URIs of workspace folders, without a slash at their end; what is none is left out. */
function foldersOf(folders: readonly WorkspaceFolder[] | null | undefined): string[] {
  if (!Array.isArray(folders)) return [];
  return folders.flatMap((folder) => (typeof folder?.uri === 'string' ? [folder.uri.replace(/\/$/, '')] : []));
}

function statusOf(analysis: Analysis | undefined, uri: string, isOff: boolean): DocumentStatus {
  const bySide: Record<Side, number> = { customer: 0, shared: 0, aws: 0 };
  const own = (analysis?.findings ?? []).filter(({ finding }) => finding.node.document.uri === uri);
  for (const { finding } of own) bySide[finding.owner.side]++;
  return {
    dialect: analysis?.dialect,
    off: isOff || undefined,
    findings: own.length,
    bySide,
    suppressed: (analysis?.suppressed ?? []).filter(({ finding }) => finding.node.document.uri === uri).length,
    rules: analysis?.rules.length ?? 0,
  };
}
