/** The language status item: what the document was read as, and whose findings it holds. */

import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { type DocumentStatus, STATUS_REQUEST } from '../../server/src/lsp/protocol.ts';
import { onDidChangeSelector, selector } from './languages.ts';
import { type Totals, totalsOf } from './map/model.ts';
import { SHOW_MAP } from './map.ts';
import type { MapSource } from './map-source.ts';
import { totalsLabel } from './map-strings.ts';

const DIALECTS: Readonly<Record<string, string>> = {
  cloudformation: 'CloudFormation',
  terraform: 'Terraform',
  'terraform-plan': 'Terraform plan',
  policy: 'IAM policy',
};

/** Milliseconds of quiet after the last change before the item is brought up to date. */
const DELAY = 300;

/** While the document in front is a template or a policy: the editor's title then offers the map. */
const IS_TEMPLATE = 'demarc.isTemplate';

export function registerStatus(client: BaseLanguageClient, maps: MapSource): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem('demarc', selector());
  item.name = 'Demarc';
  item.command = { command: SHOW_MAP, title: vscode.l10n.t('Show map') };
  let timer: ReturnType<typeof setTimeout> | undefined;

  const update = async () => {
    const document = vscode.window.activeTextEditor?.document;
    // With the focus in the Output panel, the document beside it is still in front.
    if (!document || document.uri.scheme === 'output' || !client.isRunning()) return;
    const uri = client.code2ProtocolConverter.asUri(document.uri);
    const [status, template] = await Promise.all([
      client.sendRequest<DocumentStatus | null>(STATUS_REQUEST, { uri }).catch(() => null),
      maps.of(document.uri),
    ]);
    if (document !== vscode.window.activeTextEditor?.document) return;
    void vscode.commands.executeCommand('setContext', IS_TEMPLATE, !!status?.dialect);
    if (!status?.dialect) {
      item.text = 'Demarc';
      item.detail = status?.off
        ? vscode.l10n.t('Switched off for this file by the settings')
        : vscode.l10n.t('Not a template or a policy');
      return;
    }
    const totals: Totals = template ? totalsOf(template.resources) : { open: status.bySide, does: 0 };
    item.text = totalsLabel(totals);
    const parts = [DIALECTS[status.dialect] ?? status.dialect];
    if (status.suppressed) parts.push(vscode.l10n.t('{0} suppressed', status.suppressed));
    item.detail = parts.join(' · ');
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void update(), DELAY);
  };
  later();
  return vscode.Disposable.from(
    item,
    { dispose: () => clearTimeout(timer) },
    vscode.window.onDidChangeActiveTextEditor(later),
    vscode.languages.onDidChangeDiagnostics(later),
    maps.onDidChange(later),
    onDidChangeSelector(() => {
      item.selector = selector();
    }),
  );
}
