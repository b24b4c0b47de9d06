/**
 * The language server's browser entry, in a worker: what it needs of files and data it asks the client for. The bundle of this file
 * is the Node server's library, too (see scripts/build.mjs): the package carries the rules once.
 */

import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import { version } from '../../package.json';
import { serve } from './lsp/connection.ts';

export * as protocol from 'vscode-languageserver';
export { setActionDataSource } from './iam/reference.ts';
export { serve };

/** The worker's own scope. */
declare const self: ConstructorParameters<typeof BrowserMessageReader>[0] &
  ConstructorParameters<typeof BrowserMessageWriter>[0];

if ('WorkerGlobalScope' in globalThis) {
  const connection = createConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self));
  serve(connection, { version, dataFromClient: true });
}
