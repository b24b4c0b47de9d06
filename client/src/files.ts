/** What the server asks for: files of the workspace that are on no disk of its own, and data that the extension carries. */

import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { LIST_FOLDER_REQUEST, READ_DATA_REQUEST, READ_FILE_REQUEST } from '../../server/src/lsp/protocol.ts';

/** Larger files are not templates that a person edits. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;

/** Files in dist/ that the server may ask for. */
const DATA = ['iam.json'];

/** Whether something open in this window has the scheme: a folder, or a document. */
function isInUse({ scheme }: vscode.Uri): boolean {
  const { workspaceFolders = [], textDocuments } = vscode.workspace;
  return [...workspaceFolders, ...textDocuments].some(({ uri }) => uri.scheme === scheme);
}

/** The URI that the server names, in the notation of file systems: a root is a path, too. */
function parse(text: string): vscode.Uri {
  const uri = vscode.Uri.parse(text);
  return uri.path === '' && uri.authority ? uri.with({ path: '/' }) : uri;
}

async function list(uri: vscode.Uri): Promise<string[]> {
  if (!isInUse(uri)) return [];
  return vscode.workspace.fs.readDirectory(uri).then(
    (entries) => entries.map(([name]) => name),
    () => [],
  );
}

async function read(uri: vscode.Uri): Promise<string | null> {
  try {
    if ((await vscode.workspace.fs.stat(uri)).size > MAX_FILE_BYTES) return null;
    const bytes = await vscode.workspace.fs.readFile(uri);
    return bytes.length > MAX_FILE_BYTES ? null : new TextDecoder().decode(bytes);
  } catch {
    return null;
  }
}

/** Answers the server's questions. */
export function registerFiles(client: BaseLanguageClient, extensionUri: vscode.Uri): vscode.Disposable {
  return vscode.Disposable.from(
    client.onRequest(LIST_FOLDER_REQUEST, ({ uri }: { uri: string }) => list(parse(uri))),
    client.onRequest(READ_FILE_REQUEST, ({ uri }: { uri: string }) => {
      const file = parse(uri);
      return isInUse(file) ? read(file) : null;
    }),
    client.onRequest(READ_DATA_REQUEST, ({ name }: { name: string }) =>
      DATA.includes(name) ? read(vscode.Uri.joinPath(extensionUri, 'dist', name)) : null,
    ),
  );
}
