/**
 * A language client as an editor is one: it starts a server, answers what it asks, types, and takes diagnostics in whichever way
 * the server gives them: pulled at once behind every change where it can be asked, waited for where it pushes.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import {
  CancellationTokenSource,
  createProtocolConnection,
  type DocumentDiagnosticReport,
  type InitializeResult,
  LSPErrorCodes,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { cpuTime, processTree } from './process-usage.ts';

export interface ServerCommand {
  /** Arguments of this Node. */
  readonly arguments: readonly string[];
  /** What is answered for a section of the settings; of others nothing is said. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A place in an open document, as the protocol counts. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** What a server says of a question that a newer version of the document has made pointless: that is no failure. */
const OUTDATED = new Set<number | undefined>([
  LSPErrorCodes.ServerCancelled,
  LSPErrorCodes.ContentModified,
  LSPErrorCodes.RequestCancelled,
]);
/** Milliseconds after which an answer no longer comes. */
const PATIENCE = 60_000;

export const sleep = (milliseconds: number) => new Promise<void>((resume) => setTimeout(resume, milliseconds));

const uriOf = (path: string) => pathToFileURL(path).href;

export class EditorClient {
  private readonly process: ChildProcess;
  private readonly connection: ProtocolConnection;
  /** Just before the process was started. */
  private readonly started = performance.now();
  private readonly versions = new Map<string, number>();
  private readonly resultIds = new Map<string, string>();
  private readonly waiting = new Set<{ uri: string; version: number; resolve: (at: number) => void }>();
  private lastPublished = 0;
  capabilities: InitializeResult['capabilities'] = {};
  /** Requests that were refused, and answers that did not come. */
  failures = 0;
  /** Diagnostics that were last told, by URI. */
  readonly counts = new Map<string, number>();
  private exited = false;
  private readonly gone: Promise<undefined>;

  constructor(command: ServerCommand) {
    this.process = spawn(process.execPath, [...command.arguments], { stdio: ['pipe', 'pipe', 'ignore'] });
    this.gone = new Promise((resolve) => {
      this.process.once('exit', () => {
        this.exited = true;
        resolve(undefined);
      });
    });
    const { stdin, stdout } = this.process;
    if (!stdin || !stdout) throw new Error('no pipe');
    stdin.on('error', () => undefined);
    this.connection = createProtocolConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
    this.connection.onError(() => this.failures++);
    this.connection.onNotification('textDocument/publishDiagnostics', ({ uri, version, diagnostics }) => {
      const at = performance.now();
      this.lastPublished = at;
      this.counts.set(uri, diagnostics.length);
      for (const one of this.waiting) {
        if (one.uri === uri && (version ?? one.version) >= one.version) one.resolve(at);
      }
    });
    this.connection.onRequest('workspace/configuration', ({ items }: { items: { section?: string }[] }) =>
      items.map(({ section }) => command.settings[section ?? ''] ?? null),
    );
    this.connection.onRequest('workspace/diagnostic/refresh', () => {
      for (const uri of this.versions.keys()) void this.pull(uri);
      return null;
    });
    for (const agreed of ['client/registerCapability', 'client/unregisterCapability', 'window/workDoneProgress/create'])
      this.connection.onRequest(agreed, () => null);
    this.connection.listen();
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** The server and its children. */
  get pids(): number[] {
    return processTree(this.pid);
  }

  get alive(): boolean {
    return !this.exited;
  }

  private get pulls(): boolean {
    return this.capabilities.diagnosticProvider !== undefined;
  }

  /** @returns milliseconds from before the start of the process until `initialize` is answered, and its CPU time by then */
  async initialize(folder: string): Promise<{ wall?: number; cpu?: number }> {
    const uri = uriOf(folder);
    const reply = await this.ask<InitializeResult>('initialize', {
      processId: process.pid,
      rootUri: uri,
      workspaceFolders: [{ uri, name: 'bench' }],
      capabilities: {
        workspace: {
          configuration: true,
          workspaceFolders: true,
          didChangeConfiguration: { dynamicRegistration: true },
          didChangeWatchedFiles: { dynamicRegistration: true },
          diagnostics: { refreshSupport: true },
          workspaceEdit: { documentChanges: true },
        },
        textDocument: {
          synchronization: { didSave: true },
          diagnostic: { dynamicRegistration: false, relatedDocumentSupport: true },
          publishDiagnostics: { relatedInformation: true, versionSupport: true, dataSupport: true },
          hover: { contentFormat: ['markdown', 'plaintext'] },
          completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown', 'plaintext'] } },
          codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source.fixAll'] } } },
        },
      },
    });
    const wall = performance.now() - this.started;
    const cpu = cpuTime([this.pid]);
    if (!reply) return {};
    this.capabilities = reply.capabilities;
    this.notify('initialized', {});
    return { wall, cpu };
  }

  open(path: string, languageId: string, text: string): void {
    const uri = uriOf(path);
    this.versions.set(uri, 1);
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
  }

  /** Puts a text where another was (`length` UTF-16 units of one line, or a line break and what follows up to `to`). */
  change(path: string, start: Position, end: Position, text: string): void {
    const uri = uriOf(path);
    const version = (this.versions.get(uri) ?? 0) + 1;
    this.versions.set(uri, version);
    this.notify('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range: { start, end }, text }],
    });
  }

  /**
   * Waits for the diagnostics of the document as it is now.
   * @returns the time they were there; undefined where they never came or the pull was cancelled
   */
  diagnostics(path: string, cancel?: CancellationTokenSource): Promise<number | undefined> {
    const uri = uriOf(path);
    if (this.pulls) return this.pull(uri, cancel);
    return new Promise((resolve) => {
      const one = { uri, version: this.versions.get(uri) ?? 0, resolve: (at: number) => finish(at) };
      const timer = setTimeout(() => {
        this.failures++;
        finish();
      }, PATIENCE);
      const finish = (at?: number) => {
        clearTimeout(timer);
        this.waiting.delete(one);
        resolve(at);
      };
      this.waiting.add(one);
    });
  }

  private async pull(uri: string, cancel?: CancellationTokenSource): Promise<number | undefined> {
    const params = { textDocument: { uri }, previousResultId: this.resultIds.get(uri) };
    const report = await this.ask<DocumentDiagnosticReport>('textDocument/diagnostic', params, cancel);
    if (!report) return undefined;
    const at = performance.now();
    if (report.resultId !== undefined) this.resultIds.set(uri, report.resultId);
    if (report.kind === 'full') this.counts.set(uri, report.items.length);
    return at;
  }

  /** Waits until nothing has been pushed for a while: a server may say more than once what it thinks of a document. */
  async quiet(milliseconds: number): Promise<void> {
    for (const end = performance.now() + PATIENCE; performance.now() < end; ) {
      const rest = this.lastPublished + milliseconds - performance.now();
      if (rest <= 0) return;
      await sleep(rest);
    }
  }

  /** @returns milliseconds until the answer, and whether there was something in it; undefined where there is no such feature */
  async time(
    method: 'hover' | 'completion',
    path: string,
    position: Position,
  ): Promise<{ wall: number; said: boolean } | undefined> {
    if (!(method === 'hover' ? this.capabilities.hoverProvider : this.capabilities.completionProvider))
      return undefined;
    const sent = performance.now();
    const answer = await this.ask<{ contents?: unknown; items?: unknown[] } | unknown[] | null>(
      `textDocument/${method}`,
      { textDocument: { uri: uriOf(path) }, position },
    );
    if (answer === undefined) return undefined;
    const said = Array.isArray(answer) ? answer.length > 0 : !!(answer?.contents ?? answer?.items?.length);
    return { wall: performance.now() - sent, said };
  }

  /** Ends the server, politely at first. */
  async stop(): Promise<void> {
    if (this.alive) {
      await Promise.race([this.ask('shutdown', undefined), sleep(3000)]);
      this.notify('exit');
      await Promise.race([this.gone, sleep(1000)]);
      if (this.alive) this.process.kill('SIGKILL');
    }
    // Who still waits waits in vain.
    for (const one of this.waiting) one.resolve(performance.now());
    this.connection.dispose();
  }

  private notify(method: string, params?: object): void {
    if (this.alive) this.connection.sendNotification(method, params).catch(() => undefined);
  }

  private async ask<T>(method: string, params: unknown, cancel?: CancellationTokenSource): Promise<T | undefined> {
    if (!this.alive) return undefined;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => {
        this.failures++;
        resolve(undefined);
      }, PATIENCE);
    });
    const source = cancel ?? new CancellationTokenSource();
    const answer = this.connection.sendRequest<T>(method, params, source.token).catch((error: { code?: number }) => {
      if (!source.token.isCancellationRequested && !OUTDATED.has(error?.code)) this.failures++;
      return undefined;
    });
    try {
      return await Promise.race([answer, late, this.gone]);
    } finally {
      clearTimeout(timer);
    }
  }
}
