/** `initialize` is answered before anything else is loaded: the answer needs no rule, and a client waits for it. */

import {
  type Connection,
  type ConnectionOptions,
  ErrorCodes,
  type InitializeParams,
  type InitializeResult,
  ResponseError,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import type { InitializationOptions } from './protocol.ts';

/** Where diagnostics come from, for the client. */
export const SOURCE = 'Demarc';
/** The code action that applies all safe fixes of a document. */
export const FIX_ALL_KIND = 'source.fixAll.demarc';
/** Characters after which a client asks for completions by itself. */
export const TRIGGERS = ['"', "'", ':', '.', '-', '*', '/', ' '];

/** What the server offers a client, by what the client is able to do. */
export function initializeResult(
  { capabilities, initializationOptions }: InitializeParams,
  version: string,
): InitializeResult {
  const options = (initializationOptions ?? {}) as InitializationOptions;
  // Without literals a client takes commands for actions, and we have no commands.
  const literals = !!capabilities.textDocument?.codeAction?.codeActionLiteralSupport;
  return {
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      codeActionProvider: literals ? { codeActionKinds: ['quickfix', FIX_ALL_KIND] } : undefined,
      completionProvider: { triggerCharacters: TRIGGERS, resolveProvider: true },
      hoverProvider: options.clientHovers !== true,
      diagnosticProvider: capabilities.textDocument?.diagnostic
        ? { identifier: SOURCE, interFileDependencies: true, workspaceDiagnostics: false }
        : undefined,
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
    serverInfo: { name: 'demarc', version },
  };
}

export interface Early {
  /** Makes a connection that does not listen yet. */
  connect(options: ConnectionOptions): Connection;
  readonly version: string;
  /** Loads what handles all messages but the first, and wires it to the connection. Called once. */
  load(connection: Connection, asked: InitializeParams): void;
  /** Calls back in a turn of its own, when what was written before is on its way. */
  soon(load: () => void): unknown;
}

/**
 * Answers `initialize` at once and loads the rest in the next turn, at the latest when another message comes: none is handled
 * before. Messages before `initialize` are refused.
 * @returns the connection, which listens
 */
export function answerEarly({ connect, version, load, soon }: Early): Connection {
  let asked: InitializeParams | undefined;
  let isLoaded = false;
  const loadOnce = () => {
    if (!asked || isLoaded) return;
    isLoaded = true;
    refusal.dispose();
    load(connection, asked);
  };
  const connection = connect({
    messageStrategy: {
      handleMessage: async (message, next) => {
        loadOnce();
        return next(message);
      },
    },
  });
  const refusal = connection.onRequest(() => {
    throw new ResponseError(ErrorCodes.ServerNotInitialized, 'initialize comes first');
  });
  connection.onInitialize((params) => {
    const result = initializeResult(params, version);
    asked = params;
    soon(loadOnce);
    return result;
  });
  connection.listen();
  return connection;
}
