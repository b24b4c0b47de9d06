import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { at, change, closeAll, EBS, finding, findings, gone, open, ruleOf, SQS } from './support';

describe('diagnostics', () => {
  afterEach(closeAll);

  it('come from the extension under test', async () => {
    const extension = vscode.extensions.getExtension('demarc.demarc');
    assert.ok(extension, 'demarc.demarc is not there');
    await open('template.yaml');
    await extension.activate();
    console.log(`      VS Code ${vscode.version}, demarc ${extension.packageJSON.version}`);
  });

  for (const { file, rule, marked } of [
    { file: 'template.yaml', rule: SQS, marked: 'SqsManagedSseEnabled: |false' },
    { file: 'template.yaml', rule: EBS, marked: '      Encrypted: |false' },
    { file: 'main.tf.json', rule: SQS, marked: '"sqs_managed_sse_enabled": |false' },
  ]) {
    it(`${rule} is on the exact value in ${file}`, async () => {
      const document = await open(file);
      const found = await finding(document, rule);
      const start = at(document, marked);
      assert.deepEqual(found.range, new vscode.Range(start, start.translate(0, 'false'.length)));
      assert.equal(found.severity, vscode.DiagnosticSeverity.Warning);
      assert.equal(findings(document, rule).length, 1);
    });
  }

  it('each links to the page of its rule', async () => {
    const document = await open('template.yaml');
    await finding(document, SQS);
    for (const { code } of findings(document)) {
      assert.ok(typeof code === 'object', `${code} has no target`);
      assert.match(code.target.toString(true), /^https:\/\//);
    }
  });

  it('follow the text: a mended value, then a broken line elsewhere', async () => {
    const document = await open('template.yaml');
    await finding(document, SQS);
    await change(document, 'SqsManagedSseEnabled: false', 'SqsManagedSseEnabled: true');
    await gone(document, SQS);
    await change(document, 'QueueName: orders', 'QueueName: [orders');
    await change(document, 'SqsManagedSseEnabled: true', 'SqsManagedSseEnabled: false');
    assert.equal(ruleOf(await finding(document, EBS)), EBS);
  });
});
