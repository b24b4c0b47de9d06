/** Keeps the language server running: starts it again when it ends by itself, gives up where that is no use, and says so. */

import * as vscode from 'vscode';
import {
  type BaseLanguageClient,
  CloseAction,
  type CloseHandlerResult,
  ErrorAction,
  ErrorCodes,
  type ErrorHandler,
  type ErrorHandlerResult,
  ResponseError,
  State,
} from 'vscode-languageclient';
import { COMMANDS } from './commands.ts';
import { Crashes, MOST_CRASHES } from './crashes.ts';
import { withoutLinks } from './links.ts';
import type { Output } from './output.ts';

/** Where the server is: `restarting` after it ended by itself, `failed` where nobody starts it again unasked. */
export type Health = 'starting' | 'running' | 'restarting' | 'failed' | 'stopped';

/** What only the host knows of the server: a process on the desktop, a worker in a browser. */
export interface ServerProcess {
  /** For the log: `process 4711`. */
  readonly label: string;
  /** Why it ended: `signal SIGKILL`; undefined while it runs. */
  readonly ended: string | undefined;
  /** Ends it at once, whatever it does. Resolves when it is gone; to false where there was none. */
  kill(): Promise<boolean>;
}

/** Milliseconds that a server has to answer to `initialize`, and to end when it is asked to. */
const START_PATIENCE = 60_000;
const STOP_PATIENCE = 1500;
/** As long after a crash its cause is worth a word in the status item. Milliseconds. */
const NEWS = 3 * 60_000;
/** More requests that were under way in a crash are not named. */
const MOST_NAMED = 5;

/** Whether a request has no answer because the server ended, which is told elsewhere. */
export function isLost(error: unknown): boolean {
  const lost: readonly number[] = [ErrorCodes.PendingResponseRejected, ErrorCodes.ConnectionInactive];
  return error instanceof ResponseError && lost.includes(error.code);
}

export class Supervisor implements ErrorHandler, vscode.Disposable {
  private state: Health = 'starting';
  private readonly changed = new vscode.EventEmitter<Health>();
  private readonly crashes = new Crashes();
  private readonly underWay = new Set<{ readonly name: string }>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** A start that is under way; never rejects. */
  private starting: Promise<void> = Promise.resolve();
  private queue: Promise<void> = Promise.resolve();
  private readySince: number | undefined;
  private lastCrash: { readonly at: number; readonly why: string } | undefined;
  /** It ends because we want it to. */
  private isEnding = false;
  /** Its end is being dealt with. */
  private isClosing = false;
  private isDisposed = false;
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly client: BaseLanguageClient,
    private readonly process: ServerProcess,
    private readonly output: Output,
  ) {
    client.clientOptions.errorHandler = this;
    // A start that fails is counted as a crash: the client would ask a person about it.
    client.clientOptions.initializationFailedHandler = () => false;
    client.middleware.sendRequest = async (type, param, token, next) => {
      const request = { name: nameOf(typeof type === 'string' ? type : type.method, param) };
      this.underWay.add(request);
      try {
        return await next(type, param, token);
      } finally {
        this.underWay.delete(request);
      }
    };
    // What the client has to say goes to the log: a person hears from us, once.
    const error = client.error.bind(client);
    client.error = (message, data) => error(message, data, false);
    // Of a server that does not run it throws, also where nobody waits for it.
    const stop = client.stop.bind(client);
    client.stop = async (timeout) => (client.isRunning() ? stop(timeout) : undefined);
  }

  get health(): Health {
    return this.state;
  }

  /** Whether it answers. Before the client knows of a crash, its own answer would still be yes. */
  isRunning(): boolean {
    return this.state === 'running' && this.client.isRunning();
  }

  /** Why it ended a short while ago, where that was not asked for. */
  get news(): string | undefined {
    return this.lastCrash && Date.now() - this.lastCrash.at < NEWS ? this.lastCrash.why : undefined;
  }

  /** Starts the server for the first time. */
  start(): Promise<void> {
    return this.run();
  }

  /** Ends the server, whatever it does, and starts it anew; several calls one after the other. Never rejects. */
  restart(): Promise<void> {
    this.queue = this.queue
      .then(async () => {
        this.crashes.forget();
        this.lastCrash = undefined;
        this.set('starting');
        await this.end();
        await this.run();
      })
      .catch((error: unknown) => this.client.error('The language server did not restart.', error));
    return this.queue;
  }

  /** Resolves as soon as it runs; rejects where it will not. */
  ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        if (this.isRunning()) resolve();
        else if (this.state === 'failed' || this.state === 'stopped')
          reject(new Error(vscode.l10n.t('The language server does not run.')));
        else return false;
        return true;
      };
      if (settle()) return;
      const listener = this.onDidChange(() => {
        if (settle()) listener.dispose();
      });
    });
  }

  /** For good. */
  async stop(): Promise<void> {
    this.isDisposed = true;
    this.set('stopped');
    await this.end();
  }

  dispose(): void {
    this.isDisposed = true;
    clearTimeout(this.timer);
    this.changed.dispose();
  }

  /** A message did not come through. Where that is because the server ended, {@link closed} follows. */
  error(_error: Error, _message: unknown, _count: number | undefined): ErrorHandlerResult {
    return { action: ErrorAction.Continue, handled: true };
  }

  /** The server ended. The client is told to leave it at that: starting again is done here, where a person can stop it. */
  async closed(): Promise<CloseHandlerResult> {
    const left = (message: string): CloseHandlerResult => ({
      action: CloseAction.DoNotRestart,
      handled: true,
      message,
    });
    if (this.isEnding || this.isDisposed) {
      await this.starting;
      return left('The language server ended.');
    }
    // A worker's error may hold text of a template.
    const why = withoutLinks(this.process.ended ?? 'its connection was closed');
    this.lastCrash = { at: Date.now(), why };
    // Before anyone sees a request of theirs fail.
    this.set('restarting');
    this.isClosing = true;
    const requests = [...this.underWay].map(({ name }) => name);
    // A start that fails for it must be over: the client would overwrite what it is told here.
    await this.starting;
    this.isClosing = false;
    const ran = this.readySince === undefined ? 0 : Date.now() - this.readySince;
    this.readySince = undefined;
    const { count, delay } = this.crashes.record(ran);
    if (delay === undefined) this.giveUp(why);
    else this.timer = setTimeout(() => void this.run(), delay);
    const under = requests.length
      ? ` Requests under way: ${requests.slice(0, MOST_NAMED).join(', ')}${requests.length > MOST_NAMED ? ' …' : ''}.`
      : '';
    const next =
      delay === undefined
        ? `${count} times in a row: it is not started again.`
        : `Start ${count + 1} of ${MOST_CRASHES} in ${delay} ms.`;
    return left(`The language server ended by itself after ${Math.round(ran / 1000)} s: ${why}.${under} ${next}`);
  }

  private set(health: Health): void {
    if (this.state === 'stopped' || this.state === health) return;
    this.state = health;
    this.changed.fire(health);
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer);
    if (this.isDisposed) return;
    const begun = Date.now();
    const patience = setTimeout(() => {
      this.client.warn(`The language server did not answer within ${START_PATIENCE / 1000} s.`, undefined, false);
      void this.process.kill();
    }, START_PATIENCE);
    this.starting = this.client.start().catch(() => undefined);
    await this.starting;
    clearTimeout(patience);
    if (this.client.isRunning()) {
      this.readySince = Date.now();
      this.output.channel.info(`The language server runs: ${this.process.label}, after ${this.readySince - begun} ms.`);
      this.set('running');
      this.output.refresh();
    } else if (!this.isClosing && !this.isEnding) {
      // It refused to start. Where there is a process, its end is a crash like any other; without one, nothing will follow.
      if (!(await this.process.kill())) this.giveUp('it could not be started', true);
    }
  }

  private async end(): Promise<void> {
    clearTimeout(this.timer);
    this.isEnding = true;
    try {
      if (this.client.state === State.Starting) {
        await this.process.kill();
        await this.starting;
      }
      await this.client.stop(STOP_PATIENCE);
    } catch {
      this.client.warn('The language server did not end when it was asked to.', undefined, false);
    }
    // A connection that closes late would be taken for that of the next server.
    await this.process.kill();
    await new Promise((resume) => setTimeout(resume));
    this.readySince = undefined;
    this.isEnding = false;
  }

  /** @param isStuck the client got no process at all, and will not ask for another */
  private giveUp(why: string, isStuck = false): void {
    this.lastCrash = { at: Date.now(), why };
    this.set('failed');
    const again = isStuck ? vscode.l10n.t('Reload window') : vscode.l10n.t('Restart');
    const show = vscode.l10n.t('Show output');
    const message = vscode.l10n.t(
      'The language server of Demarc keeps ending ({0}) and is not started again. Open files are not checked.',
      why,
    );
    const commands = new Map<string | undefined, string>([
      [again, isStuck ? 'workbench.action.reloadWindow' : COMMANDS.restartServer],
      [show, COMMANDS.showOutput],
    ]);
    void vscode.window.showErrorMessage(message, again, show).then((chosen) => {
      const command = commands.get(chosen);
      return command && vscode.commands.executeCommand(command);
    });
  }
}

/** A request for the log: its method, and the name of the file that it is about. */
function nameOf(method: string, param: unknown): string {
  const of = param as { readonly textDocument?: { readonly uri?: unknown }; readonly uri?: unknown } | undefined;
  const uri = of?.textDocument?.uri ?? of?.uri;
  return typeof uri === 'string' ? `${method} ${uri.slice(uri.lastIndexOf('/') + 1)}` : method;
}
