// The responsibility map in the editor: its panel, its status item and its lenses. What is in the page is seen by test/ui/map.mjs.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { change, closeAll, finding, open, SQS, until } from './support';

/** The tab of the map, by what it is called. */
const mapTab = (label: RegExp) =>
  until(`a tab ${label}`, () =>
    vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .find((tab) => tab.input instanceof vscode.TabInputWebview && label.test(tab.label)),
  );

const lenses = (document: vscode.TextDocument) =>
  vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 50);

const setting = (value: boolean | undefined) =>
  vscode.workspace.getConfiguration('demarc').update('codeLens.enable', value, vscode.ConfigurationTarget.Global);

describe('map', () => {
  afterEach(async () => {
    await setting(undefined);
    await closeAll();
  });

  it('opens beside the template and follows the editor in front', async () => {
    await finding(await open('template.yaml'), SQS);
    await vscode.commands.executeCommand('demarc.showMap');
    const tab = await mapTab(/template\.yaml/);
    assert.notEqual(tab.group.viewColumn, vscode.ViewColumn.One);
    await vscode.commands.executeCommand('workbench.action.focusFirstEditorGroup');
    await open('main.tf.json');
    await mapTab(/main\.tf\.json/);
    const maps = vscode.window.tabGroups.all.flatMap(({ tabs }) =>
      tabs.filter(({ input }) => input instanceof vscode.TabInputWebview),
    );
    assert.equal(maps.length, 1, 'there is one map');
  });

  it('stays with its template when the editor in front is none of ours', async () => {
    await finding(await open('template.yaml'), SQS);
    await vscode.commands.executeCommand('demarc.showMap');
    await mapTab(/template\.yaml/);
    await vscode.commands.executeCommand('workbench.action.focusFirstEditorGroup');
    const notes = await vscode.workspace.openTextDocument({ language: 'plaintext', content: 'notes' });
    await vscode.window.showTextDocument(notes, { preview: false });
    await new Promise((wake) => setTimeout(wake, 500));
    await mapTab(/template\.yaml/);
  });

  it('of a folder has the name of the folder', async () => {
    await open('template.yaml');
    await vscode.commands.executeCommand('demarc.showMapOfFolder');
    await mapTab(/: ws$/);
  });

  it('has pages of its services', async () => {
    await vscode.commands.executeCommand('demarc.explainService', 'sqs');
    await mapTab(/sqs/);
  });

  it('opens without a template', async () => {
    await vscode.commands.executeCommand('demarc.showMap');
    await mapTab(/Responsibility Map/);
  });

  it('has lenses only where the settings ask for them, which follow the text', async () => {
    const document = await open('template.yaml');
    await finding(document, SQS);
    assert.deepEqual(await lenses(document), []);
    await setting(true);
    const [top, ...others] = await until('lenses', async () => {
      const all = await lenses(document);
      return all.length ? all : undefined;
    });
    assert.equal(top?.range.start.line, 0);
    const titles = (all: readonly vscode.CodeLens[]) => all.map(({ command }) => command?.title);
    for (const title of titles([top!, ...others]))
      assert.match(title ?? '', /^yours \d+ · shared \d+( · AWS \d+)? · AWS does \d+$/);
    const line = document.getText().split('\n').indexOf('  Orders:');
    const orders = others.find(({ range }) => range.start.line === line);
    assert.deepEqual(orders?.command?.arguments?.slice(1), ['Orders']);

    await change(document, 'SqsManagedSseEnabled: false', 'SqsManagedSseEnabled: true');
    await until('lenses of the new text', async () => {
      const now = (await lenses(document)).find(({ range }) => range.start.line === 0);
      return now && now.command?.title !== top?.command?.title;
    });
  });

  it('opens from a lens', async () => {
    const document = await open('template.yaml');
    await finding(document, SQS);
    await setting(true);
    const [lens] = await until('lenses', async () => {
      const all = await lenses(document);
      return all.length ? all : undefined;
    });
    const { command, arguments: args } = lens?.command ?? {};
    assert.ok(command && args);
    await vscode.commands.executeCommand(command, ...args);
    await mapTab(/template\.yaml/);
  });

  it('ignores arguments that are none of its', async () => {
    await finding(await open('template.yaml'), SQS);
    await vscode.commands.executeCommand('demarc.showMap', { scheme: 'file' }, { evil: true });
    await mapTab(/template\.yaml/);
  });
});
