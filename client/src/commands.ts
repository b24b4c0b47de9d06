/** The extension's commands. */

import * as vscode from 'vscode';
import { EXPLAIN_COMMAND, EXPLAIN_SERVICE_COMMAND } from '../../server/src/lsp/protocol.ts';
import type { Output } from './output.ts';
import type { Pages } from './pages.ts';
import type { Supervisor } from './supervisor.ts';

export const COMMANDS = {
  explainRule: EXPLAIN_COMMAND,
  explainService: EXPLAIN_SERVICE_COMMAND,
  restartServer: 'demarc.restartServer',
  showOutput: 'demarc.showOutput',
  createConfiguration: 'demarc.createConfiguration',
} as const;

const CONFIGURATION_NAMES = ['.demarc.json', '.demarc.yaml', '.demarc.yml'];

/** Finding codes of ours at the cursor, for "explain rule" without an argument. */
function ruleAtCursor(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return undefined;
  const found = vscode.languages
    .getDiagnostics(editor.document.uri)
    .find((one) => one.source === 'Demarc' && one.range.contains(editor.selection.active));
  return typeof found?.code === 'object' ? String(found.code.value) : undefined;
}

async function explainRule(pages: Pages, argument: unknown): Promise<void> {
  const ruleId =
    typeof argument === 'string'
      ? argument
      : (ruleAtCursor() ??
        (await vscode.window.showInputBox({
          title: vscode.l10n.t('Explain a rule'),
          prompt: vscode.l10n.t('Rule id, for example ebs-encryption; ids of other tools (CKV_AWS_20) work too'),
          placeHolder: vscode.l10n.t('rule-id'),
        })));
  const name = ruleId?.trim();
  if (!name) return;
  if (!/^[\w.:-]{1,100}$/.test(name)) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('A rule id is made of letters, digits and hyphens: ebs-encryption.'),
    );
    return;
  }
  await showBeside(await pages.find(name));
}

/** The page of a service, from a hover or the map; without an argument, the table of all services. */
async function explainService(pages: Pages, argument: unknown): Promise<void> {
  const isService = typeof argument === 'string' && /^[\w-]{1,100}$/.test(argument);
  await showBeside(isService ? pages.serviceUri(argument) : pages.responsibilityUri);
}

/** A page beside what a person looks at, or alone where that is nothing. */
async function showBeside(page: vscode.Uri): Promise<void> {
  const command = vscode.window.activeTextEditor ? 'markdown.showPreviewToSide' : 'markdown.showPreview';
  await vscode.commands.executeCommand(command, page);
}

const TEMPLATE = `{
  // Which rules run: "core" is what everyone wants, "all" adds the opt-in ones.
  "tier": "core",
  // By rule id (or another tool's id): "off", "on", or a severity.
  "rules": {},
  // Files to leave alone, relative to this file.
  "exclude": []
}
`;

async function createConfiguration(): Promise<void> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const folder =
    folders.length > 1
      ? await vscode.window.showWorkspaceFolderPick({ placeHolder: vscode.l10n.t('Folder of the configuration') })
      : folders[0];
  if (!folder) {
    if (!folders.length)
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Open a folder first: the configuration is a file in it (.demarc.json).'),
      );
    return;
  }
  // One that is there, in whichever syntax, is opened: a second one would overrule it.
  const files = new Set((await vscode.workspace.fs.readDirectory(folder.uri)).map(([name]) => name));
  const existing = CONFIGURATION_NAMES.find((name) => files.has(name));
  const uri = vscode.Uri.joinPath(folder.uri, existing ?? '.demarc.json');
  if (!existing) await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(TEMPLATE));
  await vscode.window.showTextDocument(uri);
}

export function registerCommands(server: Supervisor, pages: Pages, output: Output): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(COMMANDS.explainRule, (argument: unknown) => explainRule(pages, argument)),
    vscode.commands.registerCommand(COMMANDS.explainService, (argument: unknown) => explainService(pages, argument)),
    vscode.commands.registerCommand(COMMANDS.createConfiguration, createConfiguration),
    vscode.commands.registerCommand(COMMANDS.showOutput, () => output.channel.show()),
    vscode.commands.registerCommand(COMMANDS.restartServer, () => {
      output.channel.info('The language server is restarted by a command.');
      return server.restart();
    }),
  );
}
