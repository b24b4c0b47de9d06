/** The language status item: what the document was read as, and whose findings it holds. */

import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { type DocumentStatus, STATUS_REQUEST } from '../../server/src/lsp/protocol.ts';
import { COMMANDS } from './commands.ts';
import { SELECTOR } from './languages.ts';

const DIALECTS: Readonly<Record<string, string>> = {
  cloudformation: 'CloudFormation',
  terraform: 'Terraform',
  'terraform-plan': 'Terraform plan',
  policy: 'IAM policy',
};

/** Milliseconds of quiet after the last change before the item is brought up to date. */
const DELAY = 300;

export function registerStatus(client: LanguageClient): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem('demarc', SELECTOR as vscode.DocumentSelector);
  item.name = 'Demarc';
  item.command = { command: COMMANDS.showOutput, title: 'Show output' };
  let timer: ReturnType<typeof setTimeout> | undefined;

  const update = async () => {
    const document = vscode.window.activeTextEditor?.document;
    if (!document || !client.isRunning()) return;
    const status = await client
      .sendRequest<DocumentStatus | null>(STATUS_REQUEST, { uri: client.code2ProtocolConverter.asUri(document.uri) })
      .catch(() => null);
    if (document !== vscode.window.activeTextEditor?.document) return;
    if (!status?.dialect) {
      item.text = 'Demarc';
      item.detail = status?.off ? 'Switched off for this file by the settings' : 'Not a template or a policy';
      item.severity = vscode.LanguageStatusSeverity.Information;
      return;
    }
    const { customer, shared, aws } = status.bySide;
    item.text =
      status.findings === 0
        ? 'Demarc: no findings'
        : `Demarc: ${status.findings} ${status.findings === 1 ? 'finding' : 'findings'}`;
    const parts = [
      customer ? `${customer} yours` : '',
      shared ? `${shared} shared` : '',
      aws ? `${aws} AWS` : '',
    ].filter(Boolean);
    if (status.suppressed) parts.push(`${status.suppressed} suppressed`);
    item.detail = [DIALECTS[status.dialect] ?? status.dialect, ...parts].join(' · ');
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
  );
}
