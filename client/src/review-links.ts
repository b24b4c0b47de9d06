/** What a hover offers where a document cannot be edited: the fix to paste, and the way to the file that can be. */

import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  type FindingHover,
  MAP_REQUEST,
  type MapParams,
  type ResponsibilityMap,
} from '../../server/src/lsp/protocol.ts';
import { isEditable } from './languages.ts';
import { commandLink } from './links.ts';
import { addedLines, filePath, lineIn, pathInRepository } from './review-uris.ts';

export const REVIEW_COMMANDS = { copyFix: 'demarc.copyFix', openWorkingFile: 'demarc.openWorkingFile' } as const;

/** Longer fixes make no link: it would be as long. Characters. */
const LONGEST_FIX = 8000;

/** Links beside a finding's fix, as Markdown; none where the lightbulb offers it. `line` counts from 0. */
export function fixLinks(document: vscode.TextDocument, line: number): (finding: FindingHover) => readonly string[] {
  return ({ fix, change, resource }) => {
    if (isEditable(document.uri.scheme)) return [];
    const links: string[] = [];
    // What the change fixes is not there any more to be mended.
    const text = fix && change !== 'fixed' ? addedLines(fix.diff) : undefined;
    if (text && text.length <= LONGEST_FIX)
      links.push(`[${vscode.l10n.t('Copy fix')}](${commandLink(REVIEW_COMMANDS.copyFix, text)})`);
    const place = commandLink(REVIEW_COMMANDS.openWorkingFile, document.uri.toString(), line, resource);
    links.push(`[${vscode.l10n.t('Open file')}](${place})`);
    return links;
  };
}

async function copyFix(text: unknown): Promise<void> {
  if (typeof text !== 'string' || !text || text.length > LONGEST_FIX) return;
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(vscode.l10n.t('The fix is on the clipboard.'), 3000);
}

/** The file that a document is a version of: at the same path, or at the path that it names below a folder. */
async function workingFile(uri: vscode.Uri): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const path = filePath(uri);
  const below = pathInRepository(uri);
  const candidates = [
    ...folders
      .filter((folder) => path.startsWith(`${folder.uri.path.replace(/\/$/, '')}/`))
      .map((folder) => folder.uri.with({ path })),
    ...(below === undefined ? [] : folders.map((folder) => vscode.Uri.joinPath(folder.uri, below))),
  ];
  for (const candidate of candidates) {
    try {
      if ((await vscode.workspace.fs.stat(candidate)).type & vscode.FileType.File) return candidate;
    } catch {
      // Not there: the next one.
    }
  }
  return undefined;
}

/** The line at which a resource's name stands in a file; undefined where the file or the server does not have it. */
async function lineOfResource(client: BaseLanguageClient, uri: vscode.Uri, address: string) {
  if (!client.isRunning()) return undefined;
  const params: MapParams = { uris: [client.code2ProtocolConverter.asUri(uri)] };
  const map = await client.sendRequest<ResponsibilityMap>(MAP_REQUEST, params).catch(() => undefined);
  const resources = map?.templates.flatMap((template) => template.resources) ?? [];
  return resources.find((one) => one.address === address)?.range.start.line;
}

/** Arguments come from a link: only a document that is open is followed to its file. */
async function openWorkingFile(client: BaseLanguageClient, uri: unknown, line: unknown, resource: unknown) {
  if (typeof uri !== 'string' || typeof line !== 'number' || !Number.isInteger(line) || line < 0) return;
  const address = typeof resource === 'string' && resource.length <= 500 ? resource : '';
  const shown = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri);
  if (!shown || line >= shown.lineCount) return;
  const file = await workingFile(shown.uri);
  if (!file) {
    void vscode.window.showInformationMessage(vscode.l10n.t('This file is not in the folder that is open here.'));
    return;
  }
  const document = await vscode.workspace.openTextDocument(file).then(undefined, () => undefined);
  if (!document) return;
  const begins = address ? await lineOfResource(client, file, address) : undefined;
  const at = lineIn(document.getText().split(/\r?\n/), { number: line, text: shown.lineAt(line).text }, begins);
  const start = new vscode.Position(at, document.lineAt(at).firstNonWhitespaceCharacterIndex);
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(start, start) });
}

export function registerReviewLinks(client: BaseLanguageClient): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(REVIEW_COMMANDS.copyFix, copyFix),
    vscode.commands.registerCommand(REVIEW_COMMANDS.openWorkingFile, (uri: unknown, line: unknown, resource: unknown) =>
      openWorkingFile(client, uri, line, resource),
    ),
  );
}
