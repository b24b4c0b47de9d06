/** The output channel, and what is traced into it. */

import * as vscode from 'vscode';

const TRACE_SETTING = 'demarc.trace.server';

/** Our channel, and the same as the language client writes traces to it. */
export interface Output extends vscode.Disposable {
  readonly channel: vscode.LogOutputChannel;
  readonly trace: vscode.LogOutputChannel;
  /** Tells the client once more whether to trace: it does not listen while no server runs. */
  refresh(): void;
}

function isTraced(): boolean {
  const setting: unknown = vscode.workspace.getConfiguration().get(TRACE_SETTING);
  return setting === 'messages' || setting === 'verbose';
}

/**
 * The language client traces only where a channel's own level is Trace, which is set per channel and forgotten with the window. Here
 * the setting decides at once, and what it asks for is seen at the usual level.
 */
export function createOutput(): Output {
  const channel = vscode.window.createOutputChannel('Demarc', { log: true });
  const changed = new vscode.EventEmitter<vscode.LogLevel>();
  const level = () => (isTraced() ? vscode.LogLevel.Trace : channel.logLevel);
  const trace = Object.create(channel, {
    logLevel: { get: level },
    onDidChangeLogLevel: { value: changed.event },
    trace: { value: (text: string) => (isTraced() ? channel.info(text) : channel.trace(text)) },
  }) as vscode.LogOutputChannel;
  const refresh = () => changed.fire(level());
  const listeners = [
    channel.onDidChangeLogLevel(refresh),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(TRACE_SETTING)) refresh();
    }),
  ];
  return { channel, trace, refresh, dispose: () => vscode.Disposable.from(...listeners, changed, channel).dispose() };
}
