// In Restricted Mode the map works like everywhere: nothing of the workspace is run.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, finding, open, SQS, until } from './support';

describe('map in Restricted Mode', () => {
  afterEach(closeAll);

  it('opens', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    await finding(await open('template.yaml'), SQS);
    await vscode.commands.executeCommand('demarc.showMap');
    await until('the map of the template', () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .find(({ input, label }) => input instanceof vscode.TabInputWebview && /template\.yaml/.test(label)),
    );
  });
});
