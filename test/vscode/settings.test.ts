import * as vscode from 'vscode';
import { closeAll, EBS, finding, gone, open, SQS } from './support';

const set = (key: string, value: unknown) =>
  vscode.workspace.getConfiguration('demarc').update(key, value, vscode.ConfigurationTarget.Workspace);

describe('settings', () => {
  afterEach(async () => {
    await set('rules', undefined);
    await closeAll();
  });

  it('act at once: a rule is switched off and on again', async () => {
    const document = await open('template.yaml');
    await finding(document, SQS);
    await set('rules', { [SQS]: 'off' });
    await gone(document, SQS);
    await finding(document, EBS);
    await set('rules', undefined);
    await finding(document, SQS);
  });
});
