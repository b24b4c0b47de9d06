/** The desktop entry: the language server is a process of its own. */

import type { ChildProcess } from 'node:child_process';
import type * as vscode from 'vscode';
import {
  LanguageClient,
  type MessageReader,
  type MessageTransports,
  type MessageWriter,
  TransportKind,
} from 'vscode-languageclient/node';
import { compiledFolder } from './compiled.ts';
import { prepare, register } from './start.ts';
import type { ServerProcess, Supervisor } from './supervisor.ts';

/**
 * What server/src/heap.ts cannot set by itself in Electron: room for new objects, between the two sizes that it has elsewhere, and
 * the collector for when a person pauses.
 */
const MEMORY = ['--max-semi-space-size=4', '--expose-gc'];
/** Milliseconds that a process has to be gone, once it is killed or has closed its streams. */
const PATIENCE = 3000;

/** Waits for something, but no longer than a process that ends may take. */
async function withPatience(something: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE);
  });
  await Promise.race([something, late]);
  clearTimeout(timer);
}

/**
 * Of a process that ends its streams are closed before it is said how it ended: who listens for the one hears of it behind the other.
 */
function closeBehind(stream: MessageReader | MessageWriter, exit: Promise<void>): void {
  const { onClose } = stream;
  const late: typeof onClose = (listener, self, disposables) => {
    const tell = () => listener.call(self, undefined);
    return onClose(() => void withPatience(exit).then(tell), undefined, disposables);
  };
  Object.defineProperty(stream, 'onClose', { value: late });
}

/** Keeps an eye on the process, and remembers how the last one ended. */
class ProcessClient extends LanguageClient implements ServerProcess {
  private child: ChildProcess | undefined;
  private gone: Promise<void> = Promise.resolve();
  ended: string | undefined;

  get label(): string {
    return `process ${this.child?.pid}`;
  }

  async kill(): Promise<boolean> {
    const { child } = this;
    if (!child) return false;
    child.kill('SIGKILL');
    await withPatience(this.gone);
    return true;
  }

  protected override async createMessageTransports(encoding: string): Promise<MessageTransports> {
    const transports = await super.createMessageTransports(encoding);
    const child = this.serverProcess;
    this.child = child;
    this.ended = undefined;
    const exit = new Promise<void>((resolve) => {
      child?.once('exit', (code, signal) => {
        this.ended = signal ? `signal ${signal}` : `exit code ${code}`;
        resolve();
      });
    });
    closeBehind(transports.reader, exit);
    closeBehind(transports.writer, exit);
    this.gone = new Promise((resolve) => {
      // After the connection has heard of it.
      child?.once('close', () => {
        if (this.child === child) this.child = undefined;
        resolve();
      });
    });
    return transports;
  }
}

let server: Supervisor | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const module = context.asAbsolutePath('dist/server.js');
  // Else it would run in the folder of the workspace, where a system may look for libraries first.
  const cwd = context.extensionPath;
  const compiled = compiledFolder(context);
  const env = compiled === undefined ? undefined : { NODE_COMPILE_CACHE: compiled };
  const { output, options } = prepare(context);
  const client = new ProcessClient(
    'demarc',
    'Demarc',
    {
      // Not IPC: of a message that is sent again in parts the server keeps the bytes, see server/src/stdio.ts.
      run: { module, transport: TransportKind.stdio, options: { cwd, env, execArgv: MEMORY } },
      debug: { module, transport: TransportKind.stdio, options: { cwd, execArgv: ['--nolazy', '--inspect=6009'] } },
    },
    options,
  );
  server = register(context, client, client, output);
  await server.start();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
