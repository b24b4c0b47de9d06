import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, until, untitled } from './support';

/** A policy in which somebody types; `|` is the cursor. */
const POLICY = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["s3:GetObj|"],
      "Resource": "*"
    }
  ]
}
`;

describe('completion', () => {
  afterEach(closeAll);

  it('offers actions in a policy, and the chosen one replaces what is typed', async () => {
    const cursor = POLICY.indexOf('|');
    const document = await untitled('json', POLICY.replace('|', ''));
    const position = document.positionAt(cursor);
    const item = await until('s3:GetObject among the completions', async () => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        position,
        ':',
        5,
      );
      return list.items.find(({ label }) => (typeof label === 'string' ? label : label.label) === 's3:GetObject');
    });
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor);
    editor.selection = new vscode.Selection(position, position);
    const { range, insertText } = item;
    assert.ok(range && insertText);
    const replaced = 'replacing' in range ? range.replacing : range;
    assert.equal(document.getText(replaced), 's3:GetObj');
    assert.equal(typeof insertText === 'string' ? insertText : insertText.value, 's3:GetObject');
  });

  it('is chosen from the list as people do it', async () => {
    const cursor = POLICY.indexOf('|');
    const document = await untitled('json', POLICY.replace('|', ''));
    const position = document.positionAt(cursor);
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor);
    await until('s3:GetObject in the text', async () => {
      editor.selection = new vscode.Selection(position, position);
      await vscode.commands.executeCommand('editor.action.triggerSuggest');
      await new Promise((wake) => setTimeout(wake, 1000));
      await vscode.commands.executeCommand('acceptSelectedSuggestion');
      await new Promise((wake) => setTimeout(wake, 200));
      return document.getText().includes('"Action": ["s3:GetObject"],');
    });
  });
});
