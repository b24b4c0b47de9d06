/** What desktop and browser share: which documents are looked at, and every feature, registered once. */

import * as vscode from 'vscode';
import {
  type BaseLanguageClient,
  DiagnosticServerCancellationData,
  type LanguageClientOptions,
  LSPCancellationError,
  RevealOutputChannelOn,
  type vsdiag,
} from 'vscode-languageclient';
import type { InitializationOptions } from '../../server/src/lsp/protocol.ts';
import { registerBranch } from './branch-view.ts';
import { registerCommands } from './commands.ts';
import { registerFiles } from './files.ts';
import { registerHover } from './hover.ts';
import { selector } from './languages.ts';
import { registerMap } from './map.ts';
import { registerLenses } from './map-lens.ts';
import { MapSource } from './map-source.ts';
import { createOutput, type Output } from './output.ts';
import { Pages, registerPages } from './pages.ts';
import { hasProblems, registerReview } from './review.ts';
import { registerReviewLinks } from './review-links.ts';
import { registerStatus } from './status.ts';
import { type ServerProcess, Supervisor } from './supervisor.ts';

/** What a feature is made of. */
export interface Extension {
  readonly context: vscode.ExtensionContext;
  readonly client: BaseLanguageClient;
  readonly server: Supervisor;
  readonly output: Output;
  readonly pages: Pages;
  readonly maps: MapSource;
}

/** The features. */
const FEATURES: readonly ((extension: Extension) => vscode.Disposable)[] = [
  ({ client, context }) => registerFiles(client, context.extensionUri),
  ({ pages }) => registerPages(pages),
  ({ server, pages, output }) => registerCommands(server, pages, output),
  ({ client }) => registerHover(client),
  ({ client, server }) => registerReview(client, server),
  ({ client }) => registerReviewLinks(client),
  ({ client, server }) => registerBranch(client, server),
  ({ maps }) => maps,
  ({ client, server, maps }) => registerStatus(client, server, maps),
  ({ context, client, maps }) => registerMap(context, client, maps),
  ({ client, maps }) => registerLenses(client, maps),
];

const initializationOptions: InitializationOptions = { clientHovers: true, clientFiles: true };

type Report = vsdiag.DocumentDiagnosticReport;

/**
 * A pull that a server refuses leaves the problems as they are: where it failed, the client would never pull for the document again.
 * @throws where the answer is asked for once more
 */
async function survived(answer: vscode.ProviderResult<Report>, previousResultId?: string): Promise<Report | undefined> {
  try {
    return (await answer) ?? undefined;
  } catch (error) {
    const data = error instanceof LSPCancellationError ? error.data : undefined;
    const isFinal = DiagnosticServerCancellationData.is(data) && !data.retriggerRequest;
    if (error instanceof vscode.CancellationError && !isFinal) throw error;
    return { kind: 'unChanged' as never, resultId: previousResultId ?? '' };
  }
}

/** What an entry makes its client of. */
export interface Prepared {
  readonly output: Output;
  readonly options: LanguageClientOptions;
}

/** The output channel and the options of the language client, in every host. */
export function prepare(context: vscode.ExtensionContext): Prepared {
  const output = createOutput();
  const { version } = context.extension.packageJSON as { readonly version: string };
  const where = vscode.env.uiKind === vscode.UIKind.Web ? 'in a browser' : 'on the desktop';
  const remote = vscode.env.remoteName ? `, remote ${vscode.env.remoteName}` : '';
  output.channel.info(`Demarc ${version} in ${vscode.env.appName} ${vscode.version} ${where}${remote}.`);
  const options: LanguageClientOptions = {
    documentSelector: selector(),
    initializationOptions,
    outputChannel: output.channel,
    traceOutputChannel: output.trace,
    // What goes wrong is in the log. Whether a person must be told is decided by the supervisor.
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    diagnosticPullOptions: { onChange: true, onTabs: false },
    middleware: {
      // The old side of a diff explains itself in hovers, and has no problems to mend.
      provideDiagnostics: (document, previousResultId, token, next) => {
        const uri = 'uri' in document ? document.uri : document;
        if (!hasProblems(uri)) return { kind: 'full' as never, items: [] };
        return survived(next(document, previousResultId, token), previousResultId);
      },
    },
  };
  return { output, options };
}

/**
 * Registers all features for a client that does not run yet. Each registers itself before the server runs, and asks only when it does.
 * @returns what starts the server and keeps it running; the entry stops it where the extension ends
 */
export function register(
  context: vscode.ExtensionContext,
  client: BaseLanguageClient,
  process: ServerProcess,
  output: Output,
): Supervisor {
  const server = new Supervisor(client, process, output);
  const pages = new Pages(context.extensionUri, client);
  const extension: Extension = { context, client, server, output, pages, maps: new MapSource(client, server) };
  context.subscriptions.push(output, server, ...FEATURES.map((feature) => feature(extension)));
  return server;
}
