import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { at, change, closeAll, finding, gone, hoverText, SQS, untitled } from './support';

const TEMPLATE = `AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      SqsManagedSseEnabled: false
`;

describe('without a folder', () => {
  afterEach(closeAll);

  it('an untitled document is linted, too', async () => {
    assert.equal(vscode.workspace.workspaceFolders, undefined);
    const document = await untitled('yaml', TEMPLATE);
    const found = await finding(document, SQS);
    assert.deepEqual(found.range.start, at(document, 'SqsManagedSseEnabled: |false'));
    assert.match(await hoverText(document, 'SqsManagedSseEnabled: f|alse'), /\bside\b|\bshared\b/i);
    await change(document, 'false', 'true');
    await gone(document, SQS);
  });
});
