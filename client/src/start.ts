/** What desktop and browser share: which documents are looked at, and every feature, registered once. */

import type * as vscode from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import type { InitializationOptions } from '../../server/src/lsp/protocol.ts';
import { registerBranch } from './branch-view.ts';
import { registerCommands } from './commands.ts';
import { registerFiles } from './files.ts';
import { registerHover } from './hover.ts';
import { selector } from './languages.ts';
import { registerMap } from './map.ts';
import { registerLenses } from './map-lens.ts';
import { MapSource } from './map-source.ts';
import { Pages, registerPages } from './pages.ts';
import { hasProblems, registerReview } from './review.ts';
import { registerReviewLinks } from './review-links.ts';
import { registerStatus } from './status.ts';

/** What a feature is made of. */
export interface Extension {
  readonly context: vscode.ExtensionContext;
  readonly client: BaseLanguageClient;
  readonly pages: Pages;
  readonly maps: MapSource;
}

/** The features. Each registers itself before the server runs, and asks the client only when it does. */
const FEATURES: readonly ((extension: Extension) => vscode.Disposable)[] = [
  ({ client, context }) => registerFiles(client, context.extensionUri),
  ({ pages }) => registerPages(pages),
  ({ client, pages }) => registerCommands(client, pages),
  ({ client }) => registerHover(client),
  ({ client }) => registerReview(client),
  ({ client }) => registerReviewLinks(client),
  ({ client }) => registerBranch(client),
  ({ maps }) => maps,
  ({ client, maps }) => registerStatus(client, maps),
  ({ context, client, maps }) => registerMap(context, client, maps),
  ({ client, maps }) => registerLenses(client, maps),
];

const initializationOptions: InitializationOptions = { clientHovers: true, clientFiles: true };

/** The options of the language client, in every host. */
export const CLIENT_OPTIONS: LanguageClientOptions = {
  documentSelector: selector(),
  initializationOptions,
  diagnosticPullOptions: { onChange: true, onTabs: false },
  middleware: {
    // The old side of a diff explains itself in hovers, and has no problems to mend.
    provideDiagnostics: (document, previousResultId, token, next) => {
      const uri = 'uri' in document ? document.uri : document;
      return hasProblems(uri) ? next(document, previousResultId, token) : { kind: 'full' as never, items: [] };
    },
  },
};

/** Registers all features for a client that does not run yet, and starts it. */
export async function start(context: vscode.ExtensionContext, client: BaseLanguageClient): Promise<void> {
  const pages = new Pages(context.extensionUri, client);
  const extension: Extension = { context, client, pages, maps: new MapSource(client) };
  context.subscriptions.push(...FEATURES.map((register) => register(extension)));
  await client.start();
}
