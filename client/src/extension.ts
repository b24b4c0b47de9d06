/** The desktop entry: the language server is a process of its own. */

import type * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { CLIENT_OPTIONS, start } from './start.ts';

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const module = context.asAbsolutePath('dist/server.js');
  client = new LanguageClient(
    'demarc',
    'Demarc',
    {
      run: { module, transport: TransportKind.ipc },
      debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--inspect=6009'] } },
    },
    CLIENT_OPTIONS,
  );
  await start(context, client);
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}
