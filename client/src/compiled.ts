/** Where the server's process keeps what it compiled, so that the next one need not. */

import * as vscode from 'vscode';

/**
 * A folder for Node's compile cache (Node 22.1 and newer, by `NODE_COMPILE_CACHE`). What lies in it is run as code: it is the
 * extension's own storage in the user's profile, where no workspace and no other user writes. Without our client the server has none:
 * Node's own choice would be the folder for temporary files, which all users share.
 * One for each version of the extension; those of others are removed meanwhile.
 * @returns its path, undefined where storage is no folder on disk
 */
export function compiledFolder(context: vscode.ExtensionContext): string | undefined {
  const { scheme } = context.globalStorageUri;
  if (scheme !== 'file') return undefined;
  const all = vscode.Uri.joinPath(context.globalStorageUri, 'compiled');
  const { version } = context.extension.packageJSON as { readonly version: string };
  // What is in the way stays: it costs space, and nothing else.
  removeOthers(all, version).catch(() => undefined);
  return vscode.Uri.joinPath(all, version).fsPath;
}

async function removeOthers(folder: vscode.Uri, kept: string): Promise<void> {
  for (const [name] of await vscode.workspace.fs.readDirectory(folder))
    if (name !== kept) await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder, name), { recursive: true });
}
