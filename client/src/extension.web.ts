/** The browser entry: the language server is a web worker. */

import * as vscode from 'vscode';
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient } from 'vscode-languageclient/browser';
import { CLIENT_OPTIONS, start } from './start.ts';

type Port = ConstructorParameters<typeof BrowserMessageReader>[0] &
  ConstructorParameters<typeof BrowserMessageWriter>[0];
declare const Worker: new (address: string) => Port & { terminate(): void };

let client: LanguageClient | undefined;
let worker: InstanceType<typeof Worker> | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const address = vscode.Uri.joinPath(context.extensionUri, 'dist', 'browser', 'server.js').toString(true);
  const launch = async () => {
    // Asked for again when the server is restarted; the last one is still there.
    worker?.terminate();
    worker = new Worker(address);
    return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
  };
  client = new LanguageClient('demarc', 'Demarc', launch, CLIENT_OPTIONS);
  await start(context, client);
}

export async function deactivate(): Promise<void> {
  await client?.stop();
  worker?.terminate();
}
