/** The browser entry: the language server is a web worker. */

import * as vscode from 'vscode';
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient } from 'vscode-languageclient/browser';
import type { InitializationOptions } from '../../server/src/lsp/protocol.ts';
import { prepare, register } from './start.ts';
import type { ServerProcess, Supervisor } from './supervisor.ts';

type Port = ConstructorParameters<typeof BrowserMessageReader>[0] &
  ConstructorParameters<typeof BrowserMessageWriter>[0];
/** Of a worker, in the thread that started it. */
interface WorkerError {
  readonly message?: string;
  preventDefault(): void;
}
declare const Worker: new (
  address: string,
) => Port & {
  addEventListener(type: 'error', listener: (event: WorkerError) => void): void;
  terminate(): void;
};

/** A worker does not say that it is gone: whoever ends it does. */
class WorkerReader extends BrowserMessageReader {
  close(): void {
    this.fireClose();
  }
}

/** The language server's worker, of which there is one at a time. */
class ServerWorker implements ServerProcess {
  readonly label = 'a worker';
  ended: string | undefined;
  private end: (() => void) | undefined;

  constructor(private readonly address: string) {}

  /** What the client talks to; asked for anew with every start. */
  async launch() {
    this.end?.();
    const worker = new Worker(this.address);
    const reader = new WorkerReader(worker);
    this.ended = undefined;
    const end = () => {
      if (this.end !== end) return;
      this.end = undefined;
      worker.terminate();
      reader.close();
    };
    this.end = end;
    // An error that nobody caught, or a script that did not load: as a process would, it ends with it.
    worker.addEventListener('error', (event: WorkerError) => {
      // It is told in the log; also one that is ended while it loads reports an error, to nobody.
      event.preventDefault();
      if (this.end !== end) return;
      this.ended ??= `error ${event.message || 'without a message'}`;
      end();
    });
    return { reader, writer: new BrowserMessageWriter(worker) };
  }

  async kill(): Promise<boolean> {
    const { end } = this;
    end?.();
    return end !== undefined;
  }
}

let server: Supervisor | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const address = (...path: string[]) => vscode.Uri.joinPath(context.extensionUri, 'dist', ...path).toString(true);
  const { output, options } = prepare(context);
  const own: InitializationOptions = { engine: address('engine.js') };
  options.initializationOptions = { ...options.initializationOptions, ...own };
  const worker = new ServerWorker(address('browser', 'server.js'));
  const client = new LanguageClient('demarc', 'Demarc', () => worker.launch(), options);
  server = register(context, client, worker, output);
  await server.start();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
