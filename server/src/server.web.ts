/** The language server's browser entry, in a worker: what it needs of files and data it asks the client for. */

import * as protocol from 'vscode-languageserver/browser';
import { version } from '../../package.json';
import type * as Engine from './engine.ts';
import { answerEarly } from './lsp/initialize.ts';
import type { InitializationOptions } from './lsp/protocol.ts';

/** The worker's own scope. */
declare const self: ConstructorParameters<typeof protocol.BrowserMessageReader>[0] &
  ConstructorParameters<typeof protocol.BrowserMessageWriter>[0];
declare function importScripts(address: string): void;
/** What the engine's script leaves behind: see scripts/build.mjs. */
declare function demarcEngine(require: () => typeof protocol): typeof Engine;

answerEarly({
  connect: (options) =>
    protocol.createConnection(
      new protocol.BrowserMessageReader(self),
      new protocol.BrowserMessageWriter(self),
      options,
    ),
  version,
  soon: (load) => setTimeout(load, 0),
  load: (connection, asked) => {
    const { engine } = asked.initializationOptions as InitializationOptions;
    if (engine === undefined) throw new Error('the client does not say where the engine is');
    importScripts(engine);
    demarcEngine(() => protocol).serve(connection, { version, dataFromClient: true }, asked);
  },
});
