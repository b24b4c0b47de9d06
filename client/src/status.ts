/** The language status item: what the document was read as, and whose findings it holds. */

import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { type DocumentStatus, STATUS_REQUEST } from '../../server/src/lsp/protocol.ts';
import { COMMANDS } from './commands.ts';
import { onDidChangeSelector, selector } from './languages.ts';
import { type Totals, totalsOf } from './map/model.ts';
import { SHOW_MAP } from './map.ts';
import type { MapSource } from './map-source.ts';
import { totalsLabel } from './map-strings.ts';
import type { Supervisor } from './supervisor.ts';

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

/** What the item says while the server does not run; undefined where it does. */
function trouble(server: Supervisor): Partial<vscode.LanguageStatusItem> | undefined {
  switch (server.health) {
    case 'starting':
      return { busy: true, detail: vscode.l10n.t('The language server is starting…') };
    case 'restarting':
      return {
        busy: true,
        severity: vscode.LanguageStatusSeverity.Warning,
        detail: vscode.l10n.t('The language server ended ({0}) and is started again…', server.news ?? ''),
      };
    case 'failed':
      return {
        severity: vscode.LanguageStatusSeverity.Error,
        text: vscode.l10n.t('Demarc does not run'),
        detail: vscode.l10n.t('The language server keeps ending ({0}).', server.news ?? ''),
        command: { command: COMMANDS.restartServer, title: vscode.l10n.t('Restart') },
      };
    default:
      return undefined;
  }
}

export function registerStatus(client: BaseLanguageClient, server: Supervisor, maps: MapSource): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem('demarc', selector());
  item.name = 'Demarc';
  const showMap = { command: SHOW_MAP, title: vscode.l10n.t('Show map') };
  item.command = showMap;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const update = async () => {
    const document = vscode.window.activeTextEditor?.document;
    // With the focus in the Output panel, the document beside it is still in front.
    if (!document || document.uri.scheme === 'output' || !server.isRunning()) return;
    const uri = client.code2ProtocolConverter.asUri(document.uri);
    const [status, template] = await Promise.all([
      client.sendRequest<DocumentStatus | null>(STATUS_REQUEST, { uri }).catch(() => null),
      maps.of(document.uri),
    ]);
    if (document !== vscode.window.activeTextEditor?.document || !server.isRunning()) return;
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
    if (server.news) parts.push(vscode.l10n.t('server restarted ({0})', server.news));
    item.detail = parts.join(' · ');
  };
  const watch = () => {
    const now = trouble(server);
    item.busy = now?.busy ?? false;
    item.severity = now?.severity ?? vscode.LanguageStatusSeverity.Information;
    item.command = now?.command ?? showMap;
    if (!now) return later();
    item.text = now.text ?? 'Demarc';
    item.detail = now.detail;
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void update(), DELAY);
  };
  watch();
  return vscode.Disposable.from(
    item,
    { dispose: () => clearTimeout(timer) },
    vscode.window.onDidChangeActiveTextEditor(later),
    vscode.languages.onDidChangeDiagnostics(later),
    maps.onDidChange(later),
    server.onDidChange(watch),
    onDidChangeSelector(() => {
      item.selector = selector();
    }),
  );
}
