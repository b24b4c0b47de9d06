import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { change, closeAll, finding, findings, gone, open, ruleOf, SQS, until } from './support';

function file(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'this window has no folder');
  return vscode.Uri.joinPath(folder.uri, name);
}
const write = (name: string, text: string) => vscode.workspace.fs.writeFile(file(name), new TextEncoder().encode(text));
const remove = (name: string) => vscode.workspace.fs.delete(file(name), { recursive: true }).then(undefined, () => {});
const OFF = JSON.stringify({ rules: { [SQS]: 'off' } });

describe('files that hang together', () => {
  afterEach(async () => {
    await closeAll();
    for (const name of ['module', '.demarc.json', '.demarc.yaml']) await remove(name);
  });

  it('a sibling of a Terraform module is edited: the other file follows, saved or not', async () => {
    await write('module/vars.tf.json', '{"variable": {"encrypt": {"default": true}}}');
    await write(
      'module/main.tf.json',
      '{"resource": {"aws_sqs_queue": {"q": {"sqs_managed_sse_enabled": "${var.encrypt}"}}}}',
    );
    const main = await open('module/main.tf.json');
    const variables = await open('module/vars.tf.json');
    assert.deepEqual(findings(main, SQS), []);
    await change(variables, 'true', 'false');
    await finding(main, SQS);
    await change(variables, 'false', 'true');
    await gone(main, SQS);
  });

  it('a sibling of a Terraform module counts that nobody has opened', async () => {
    await write('module/vars.tf.json', '{"variable": {"encrypt": {"default": false}}}');
    await write(
      'module/main.tf.json',
      '{"resource": {"aws_sqs_queue": {"q": {"sqs_managed_sse_enabled": "${var.encrypt}"}}}}',
    );
    const found = await finding(await open('module/main.tf.json'), SQS);
    assert.deepEqual(
      found.relatedInformation?.map(({ location: { uri } }) => uri.toString()),
      [file('module/vars.tf.json').toString()],
    );
  });

  it('a configuration file acts when it is created, edited without saving, and reverted', async () => {
    const document = await open('template.yaml');
    await finding(document, SQS);
    await write('.demarc.json', OFF);
    await gone(document, SQS);
    const configuration = await open('.demarc.json');
    await change(configuration, '"off"', '"on"');
    await finding(document, SQS);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await gone(document, SQS);
  });

  it('a configuration file in YAML is checked by us, and opened rather than overruled', async () => {
    await write('.demarc.yaml', 'tier: every\n');
    const configuration = await open('.demarc.yaml');
    await until('the mistake', () => findings(configuration).some((one) => ruleOf(one) === 'configuration'));
    await closeAll();
    await vscode.commands.executeCommand('demarc.createConfiguration');
    assert.equal(vscode.window.activeTextEditor?.document.uri.path, file('.demarc.yaml').path);
    await assert.rejects(async () => vscode.workspace.fs.stat(file('.demarc.json')));
  });
});

describe('the configuration schema', () => {
  afterEach(async () => {
    await closeAll();
    await remove('.demarc.json');
  });

  it('completes rule ids and marks what is wrong; a rule that does not exist is marked once', async () => {
    await write('.demarc.json', '{ "tier": "every", "rules": { "sqs-encryption-disable": "off" } }');
    const document = await open('.demarc.json');
    assert.equal(document.languageId, 'jsonc');
    const marked = await until('both mistakes', () => {
      const all = vscode.languages.getDiagnostics(document.uri);
      return all.length >= 2 && all;
    });
    assert.deepEqual(marked.map((one) => document.getText(one.range)).sort(), ['"every"', '"sqs-encryption-disable"']);
    const place = document.positionAt(document.getText().indexOf('"sqs-') + 2);
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      place,
    );
    assert.ok(items.some((item) => (typeof item.label === 'string' ? item.label : item.label.label).includes(SQS)));
  });
});
