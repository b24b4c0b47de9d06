import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { gitApi } from '../../client/src/git';

describe('the branch in Restricted Mode', () => {
  it('is not compared, because Git is off, and nothing fails', async () => {
    assert.equal(await gitApi(), 'restricted');
    await vscode.commands.executeCommand('demarc.showBranch');
  });
});
