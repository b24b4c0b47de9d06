import * as assert from 'node:assert/strict';
import { action, apply, closeAll, codeActions, finding, findings, gone, open, SQS } from './support';

const SUPPRESS = /ignore|suppress/i;

describe('code actions', () => {
  afterEach(closeAll);

  for (const { file, before, after } of [
    { file: 'template.yaml', before: 'SqsManagedSseEnabled: false', after: 'SqsManagedSseEnabled: true' },
    { file: 'main.tf.json', before: '"sqs_managed_sse_enabled": false', after: '"sqs_managed_sse_enabled": true' },
  ]) {
    it(`the quick fix mends ${file} and nothing else`, async () => {
      const document = await open(file);
      const text = document.getText();
      const { range } = await finding(document, SQS);
      const fixes = (await codeActions(document, range)).filter(({ title }) => !SUPPRESS.test(title));
      assert.equal(
        fixes.filter(({ isPreferred }) => isPreferred).length,
        1,
        fixes.map(({ title }) => title).join(', '),
      );
      await apply(fixes.find(({ isPreferred }) => isPreferred) as (typeof fixes)[number]);
      assert.equal(document.getText(), text.replace(before, after));
      await gone(document, SQS);
    });
  }

  it('fix all mends what is safe to mend', async () => {
    const document = await open('template.yaml');
    const { range } = await finding(document, SQS);
    await apply(await action(document, range, /./, 'source.fixAll.demarc'));
    assert.match(document.getText(), /SqsManagedSseEnabled: true/);
    await gone(document, SQS);
  });

  it('suppressing leaves a comment with room for the reason, and the value as it is', async () => {
    const document = await open('template.yaml');
    const { range } = await finding(document, SQS);
    const others = findings(document).length - 1;
    await apply(await action(document, range, SUPPRESS));
    assert.match(document.getText(), /# demarc-ignore sqs-encryption-disabled: /);
    assert.match(document.getText(), /SqsManagedSseEnabled: false/);
    await gone(document, SQS);
    assert.equal(findings(document).length, others);
  });
});
