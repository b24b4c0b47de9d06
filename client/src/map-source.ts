/** Asks the server for maps: once for each state of a document, however many show it. */

import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  MAP_REQUEST,
  type MapParams,
  type MapTemplate,
  type ResponsibilityMap,
} from '../../server/src/lsp/protocol.ts';
import { selector } from './languages.ts';
import { type Health, isLost, type Supervisor } from './supervisor.ts';

/** Milliseconds of quiet after the last change before anyone asks again. */
const DELAY = 250;

/** The documents that a change may concern, as strings of their URIs; undefined: all. */
export type Changed = ReadonlySet<string> | undefined;

export class MapSource implements vscode.Disposable {
  private readonly answers = new Map<string, Promise<MapTemplate | undefined>>();
  private readonly changed = new vscode.EventEmitter<Changed>();
  private readonly disposables: vscode.Disposable;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waiting: Set<string> | undefined = new Set();
  /** Something changed a moment ago: what was asked before is out of date. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly client: BaseLanguageClient,
    private readonly server: Supervisor,
  ) {
    this.disposables = vscode.Disposable.from(
      this.changed,
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length && vscode.languages.match(selector(), document)) this.forget([document.uri]);
      }),
      vscode.languages.onDidChangeDiagnostics(({ uris }) => this.forget(uris)),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('demarc')) this.forget();
      }),
      server.onDidChange((health) => {
        // While it is started again, what was known is shown on.
        if (health === 'running' || health === 'failed') this.forget();
        else this.answers.clear();
      }),
    );
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.disposables.dispose();
  }

  get health(): Health {
    return this.server.health;
  }

  /** The map of one document; undefined where it is no template, or the server does not run. */
  of(uri: vscode.Uri): Promise<MapTemplate | undefined> {
    const key = uri.toString();
    const answer = this.answers.get(key) ?? this.many([uri]).then(([template]) => template);
    this.answers.set(key, answer);
    return answer;
  }

  /** The maps of several documents; what is no template is left out. A failure is nothing to show, and a line in the log. */
  async many(
    uris: readonly vscode.Uri[],
    // Undefined, it would be sent as a parameter.
    token: vscode.CancellationToken = new vscode.CancellationTokenSource().token,
  ): Promise<readonly MapTemplate[]> {
    if (!this.server.isRunning()) return [];
    const params: MapParams = { uris: uris.map((uri) => this.client.code2ProtocolConverter.asUri(uri)) };
    try {
      return (await this.client.sendRequest<ResponsibilityMap>(MAP_REQUEST, params, token)).templates;
    } catch (error) {
      if (!token.isCancellationRequested && !isLost(error)) this.client.warn('No map could be made', error, false);
      return [];
    }
  }

  private forget(uris?: readonly vscode.Uri[]): void {
    // A file of a Terraform module changes what is known of the others: no answer outlives a change.
    this.answers.clear();
    if (!uris) this.waiting = undefined;
    else for (const uri of uris) this.waiting?.add(uri.toString());
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const changed = this.waiting;
      this.waiting = new Set();
      this.changed.fire(changed);
    }, DELAY);
  }
}
