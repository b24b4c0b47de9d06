import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, codeActions, finding, hoverText, open, SQS } from './support';

describe('in Restricted Mode', () => {
  afterEach(closeAll);

  it('findings, hover and quick fix are there', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const document = await open('template.yaml');
    const { range } = await finding(document, SQS);
    assert.match(await hoverText(document, 'SqsManagedSseEnabled: f|alse'), /\bside\b|\bshared\b/i);
    assert.notEqual((await codeActions(document, range)).length, 0);
  });
});
