/** The desktop entry: starts the language server and hosts what it says. */

import type * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import type { InitializationOptions } from '../../server/src/lsp/protocol.ts';
import { registerCommands } from './commands.ts';
import { registerHover } from './hover.ts';
import { isEditable, SELECTOR } from './languages.ts';
import { Pages, registerPages } from './pages.ts';
import { registerStatus } from './status.ts';

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const module = context.asAbsolutePath('dist/server.js');
  const initializationOptions: InitializationOptions = { clientHovers: true };
  client = new LanguageClient(
    'demarc',
    'Demarc',
    {
      run: { module, transport: TransportKind.ipc },
      debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--inspect=6009'] } },
    },
    {
      documentSelector: SELECTOR,
      initializationOptions,
      diagnosticPullOptions: { onChange: true, onTabs: false },
      middleware: {
        // The old side of a diff is history: it explains itself in hovers, and has no problems to mend.
        provideDiagnostics: (document, previousResultId, token, next) => {
          const uri = 'uri' in document ? document.uri : document;
          return isEditable(uri.scheme)
            ? next(document, previousResultId, token)
            : { kind: 'full' as never, items: [] };
        },
      },
    },
  );
  const pages = new Pages(context.extensionUri, client);
  context.subscriptions.push(
    registerPages(pages),
    registerCommands(client, pages),
    registerHover(client),
    registerStatus(client),
  );
  await client.start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}
