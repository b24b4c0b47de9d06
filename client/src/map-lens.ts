/** Lenses that say, above each resource and at the top of a file, whose its open findings are. Off unless the settings ask for them. */

import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { isEditable, withSelector } from './languages.ts';
import { totalsOf } from './map/model.ts';
import { SHOW_MAP } from './map.ts';
import type { MapSource } from './map-source.ts';
import { totalsLabel } from './map-strings.ts';

export function registerLenses(client: BaseLanguageClient, source: MapSource): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses({ uri }) {
      const isOn = vscode.workspace.getConfiguration('demarc', uri).get<boolean>('codeLens.enable');
      if (!isOn || !isEditable(uri.scheme)) return [];
      const template = await source.of(uri);
      if (!template?.resources.length) return [];
      const lens = (range: vscode.Range, title: string, ...args: readonly unknown[]) =>
        new vscode.CodeLens(range, { command: SHOW_MAP, title, arguments: [uri, ...args] });
      const lenses = [lens(new vscode.Range(0, 0, 0, 0), totalsLabel(totalsOf(template.resources)))];
      for (const resource of template.resources) {
        if (!resource.findings.length && !resource.moved.length) continue;
        const range = client.protocol2CodeConverter.asRange(resource.range);
        lenses.push(lens(range, totalsLabel(totalsOf([resource])), resource.address));
      }
      return lenses;
    },
  };
  return vscode.Disposable.from(
    changed,
    source.onDidChange(() => changed.fire()),
    withSelector((filters) => vscode.languages.registerCodeLensProvider(filters, provider)),
  );
}
