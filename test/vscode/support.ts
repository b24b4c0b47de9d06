// What every suite in a real VS Code needs: documents, findings, hovers, code actions.
/// <reference types="mocha" />
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';

export const SQS = 'sqs-encryption-disabled';
export const EBS = 'ebs-encryption';

/** Waits until `read` gives something truthy and gives it back. */
export async function until<T>(
  what: string,
  read: () => T | undefined | false | null | Promise<T | undefined | false | null>,
  ms = 20_000,
): Promise<T> {
  for (const end = Date.now() + ms; ; await new Promise((wake) => setTimeout(wake, 50))) {
    const value = await read();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}${known()}`);
  }
}

/** What we do see, for the message of a test that waited in vain. */
const known = () => {
  const all = vscode.languages
    .getDiagnostics()
    .flatMap(([uri, list]) =>
      list.map((d) => `  ${uri.path.split('/').pop()}:${d.range.start.line + 1} ${d.source} ${ruleOf(d)} ${d.message}`),
    );
  return all.length ? `; diagnostics now:\n${all.join('\n')}` : '; there are no diagnostics';
};

/** Opens a file of the fixture workspace (a copy: tests may write) in the active editor. */
export async function open(name: string): Promise<vscode.TextDocument> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'this window has no folder');
  return show(await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder.uri, name)));
}

export async function untitled(language: string, content: string): Promise<vscode.TextDocument> {
  return show(await vscode.workspace.openTextDocument({ language, content }));
}

async function show(document: vscode.TextDocument) {
  await vscode.window.showTextDocument(document, { preview: false });
  return document;
}

/** Throws unsaved edits away and closes all editors, so that each test starts from the files as they are. */
export async function closeAll(): Promise<void> {
  for (const tab of vscode.window.tabGroups.all.flatMap((group) => group.tabs)) {
    if (!tab.isDirty || !(tab.input instanceof vscode.TabInputText)) continue;
    await vscode.window.showTextDocument(tab.input.uri);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** The one place of `marked` in the text; `|` in it is the cursor: `Encrypted: |false`. */
export function at(document: vscode.TextDocument, marked: string): vscode.Position {
  const cursor = marked.indexOf('|');
  assert.ok(cursor >= 0, `no cursor | in ${marked}`);
  const text = marked.replace('|', '');
  const first = document.getText().indexOf(text);
  assert.ok(first >= 0, `"${text}" is not in the document`);
  assert.equal(document.getText().indexOf(text, first + 1), -1, `"${text}" is in the document more than once`);
  return document.positionAt(first + cursor);
}

export const ruleOf = ({ code }: vscode.Diagnostic): string => String(typeof code === 'object' ? code.value : code);

export const findings = ({ uri }: vscode.TextDocument, rule?: string): vscode.Diagnostic[] =>
  vscode.languages
    .getDiagnostics(uri)
    .filter((diagnostic) => diagnostic.source === 'Demarc' && (!rule || ruleOf(diagnostic) === rule));

export const finding = (document: vscode.TextDocument, rule: string): Promise<vscode.Diagnostic> =>
  until(`finding ${rule}`, () => findings(document, rule)[0]);

export const gone = (document: vscode.TextDocument, rule: string): Promise<boolean> =>
  until(`${rule} to be gone`, () => findings(document, rule).length === 0);

/** All hovers at a cursor marker as one Markdown text; waits for one that `wanted` matches. */
export function hoverText(document: vscode.TextDocument, marked: string, wanted = /\S/): Promise<string> {
  return until(`a hover at "${marked}" that matches ${wanted}`, async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      at(document, marked),
    );
    const text = hovers
      .flatMap(({ contents }) => contents)
      .map((content) => (typeof content === 'string' ? content : content.value))
      .join('\n\n');
    return wanted.test(text) ? text : undefined;
  });
}

/** Code actions at a range, with their edits resolved. */
export const codeActions = (
  document: vscode.TextDocument,
  range: vscode.Range,
  kind = vscode.CodeActionKind.QuickFix.value,
): Thenable<vscode.CodeAction[]> =>
  vscode.commands.executeCommand('vscode.executeCodeActionProvider', document.uri, range, kind, 50);

/** Waits for the code action whose title matches; with its edit. */
export function action(
  document: vscode.TextDocument,
  range: vscode.Range,
  title: string | RegExp,
  kind?: string,
): Promise<vscode.CodeAction> {
  const matches = (text: string) => (typeof title === 'string' ? text === title : title.test(text));
  return until(`code action ${title}`, async () =>
    (await codeActions(document, range, kind)).find((candidate) => matches(candidate.title)),
  );
}

/** Does what VS Code does when someone chooses the action: its edit, then its command. */
export async function apply({ title, edit, command }: vscode.CodeAction): Promise<void> {
  assert.ok(edit || command, `"${title}" does nothing`);
  if (edit) assert.ok(await vscode.workspace.applyEdit(edit), `the edit of "${title}" was refused`);
  if (command) await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
}

export async function replace(document: vscode.TextDocument, range: vscode.Range, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** Replaces the one place of `before`. */
export function change(document: vscode.TextDocument, before: string, after: string): Promise<void> {
  const start = at(document, `|${before}`);
  return replace(
    document,
    new vscode.Range(start, document.positionAt(document.offsetAt(start) + before.length)),
    after,
  );
}
