import * as assert from 'node:assert/strict';
import { closeAll, finding, hoverText, open, SQS } from './support';

describe('hover', () => {
  afterEach(closeAll);

  for (const { file, marked, before, after } of [
    {
      file: 'template.yaml',
      marked: 'SqsManagedSseEnabled: f|alse',
      before: /^-.*SqsManagedSseEnabled: false/m,
      after: /^\+.*SqsManagedSseEnabled: true/m,
    },
    {
      file: 'main.tf.json',
      marked: '"sqs_managed_sse_enabled": f|alse',
      before: /^-.*"sqs_managed_sse_enabled": false/m,
      after: /^\+.*"sqs_managed_sse_enabled": true/m,
    },
  ]) {
    it(`on a finding in ${file} says whose side it is and carries the fix as a diff`, async () => {
      const document = await open(file);
      await finding(document, SQS);
      const text = await hoverText(document, marked, /sqs|queue/i);
      assert.match(text, /\bside\b|\bshared\b/i, text);
      assert.match(text, /encrypt/i, text);
      const diff = /```diff\n([\s\S]*?)```/.exec(text)?.[1];
      assert.ok(diff, text);
      assert.match(diff, before);
      assert.match(diff, after);
    });
  }

  it('on the key of a setting says whose side it is, too', async () => {
    const document = await open('template.yaml');
    await finding(document, SQS);
    assert.match(await hoverText(document, 'SqsManaged|SseEnabled'), /\bside\b|\bshared\b/i);
  });
});
