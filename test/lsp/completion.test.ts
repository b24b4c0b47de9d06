/** Completion inside policy documents, by the bundled server: what is offered at `|>`, and the text after it was chosen. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { CompletionItem, CompletionList, TextEdit } from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Client } from './client.ts';
import { HCL, hclTexts } from './completion-hcl.ts';
import { POLICY } from './completion-json.ts';
import { OTHER } from './completion-other.ts';
import { type Case, encoded, inString, json, key, role } from './completion-texts.ts';
import { YAML } from './completion-yaml.ts';

const languageOf = (ending: string) => (ending === 'yaml' ? 'yaml' : ending === 'tf' ? 'terraform' : 'json');

describe('completion', () => {
  let client: Client;
  let plain: Client;
  let count = 0;
  before(async () => {
    const completionItem = { snippetSupport: true, documentationFormat: ['markdown'] };
    client = await Client.start({ textDocument: { completion: { completionItem } } });
    plain = await Client.start();
  });
  after(async () => {
    await Promise.all([client.stop(), plain.stop()]);
    assert.deepEqual(client.errors, []);
    assert.deepEqual(client.complaints, [], 'an exception would be there');
  });

  const ask = async (text: string, ending: string, who = client) => {
    const cursor = text.indexOf('|>');
    assert.ok(cursor >= 0, 'no cursor');
    const uri = `untitled:completion${++count}.${ending}`;
    const language = languageOf(ending);
    const document = TextDocument.create(uri, language, 1, text.replace('|>', ''));
    await who.open(uri, document.getText(), language);
    const position = document.positionAt(cursor);
    const list = await who.connection.sendRequest<CompletionList | null>('textDocument/completion', {
      textDocument: { uri },
      position,
    });
    await who.close(uri);
    return { list, items: list?.items ?? [], document, position };
  };

  const suites: readonly (readonly [string, string, readonly Case[]])[] = [
    ['a policy in JSON', 'json', POLICY],
    ['a template in YAML', 'yaml', YAML],
    ['other forms', 'json', OTHER],
    ['HCL', 'tf', HCL],
  ];
  for (const [suite, kind, cases] of suites) {
    describe(suite, () => {
      for (const { name, text, ending = kind, has, first, lacks, choose, none } of cases) {
        it(name, async () => {
          const { items, document, position } = await ask(text, ending);
          const labels = items.map((item) => item.label);
          if (none) return assert.deepEqual(labels, []);
          assert.ok(labels.length > 0 && labels.length <= 300, `${labels.length} items`);
          if (first) assert.deepEqual(labels.slice(0, first.length), first);
          for (const label of has ?? []) assert.ok(labels.includes(label), `no ${label} in ${labels.slice(0, 40)}`);
          for (const label of lacks ?? []) assert.ok(!labels.includes(label), `${label} is there`);
          for (const item of items) checkRange(item, document, position);
          if (!choose) return;
          const item = items.find((one) => one.label === choose[0]);
          assert.ok(item, `no ${choose[0]} in ${labels.slice(0, 40)}`);
          const lines = apply(document, item).split('\n');
          const span = choose[1].split('\n').length;
          assert.equal(lines.slice(position.line, position.line + span).join('\n'), choose[1]);
        });
      }
    });
  }

  /** What an editor demands: one line, around the cursor, and text before the cursor that the filter text begins like. */
  function checkRange(item: CompletionItem, document: TextDocument, position: { line: number; character: number }) {
    const { range } = item.textEdit as TextEdit;
    assert.equal(range.start.line, position.line, item.label);
    assert.equal(range.end.line, position.line, item.label);
    assert.ok(range.start.character <= position.character && position.character <= range.end.character, item.label);
    const typed = document.getText({ start: range.start, end: position }).toLowerCase();
    let at = 0;
    for (const c of typed) {
      at = (item.filterText ?? item.label).toLowerCase().indexOf(c, at) + 1;
      assert.ok(at > 0, `${item.filterText} does not pass the filter ${typed}`);
    }
  }

  /** The text after an item was chosen; lines of a snippet take over the indentation, as editors do it. */
  function apply(document: TextDocument, item: CompletionItem): string {
    const edit = item.textEdit as TextEdit;
    const line = document.getText({ ...edit.range, start: { line: edit.range.start.line, character: 0 } });
    const indent = /^\s*/.exec(line)?.[0] ?? '';
    const newText = (item.insertTextFormat === 2 ? edit.newText.replace(/\\([\\$}])/g, '$1') : edit.newText).replaceAll(
      '\n',
      `\n${item.insertTextMode === 2 ? indent : ''}`,
    );
    // Edits before the cursor are on other lines or before the range: applied apart, the lines stay where they are.
    return TextDocument.applyEdits(document, [{ ...edit, newText }, ...(item.additionalTextEdits ?? [])]);
  }

  it('adds the comma that is missing at the end of the line before', async () => {
    const { items, document } = await ask(json('"Action": "s3:GetObject"\n      |>'), 'json');
    const item = items.find((one) => one.label === 'Resource');
    assert.ok(item);
    assert.match(apply(document, item), /"Action": "s3:GetObject",\n {6}"Resource": \["\$1"\]/);
  });

  it('reads nothing but the resource at hand in a large template', async () => {
    const queues = Array.from({ length: 1500 }, (_, i) => `"Q${i}": { "Type": "AWS::SQS::Queue", "Properties": {} },`);
    const large = key('"Action": ["kms:Decr|>]').replace('"Key":', `${queues.join('\n')}\n    "Key":`);
    const { items, document } = await ask(large, 'json');
    const item = items.find((one) => one.label === 'kms:Decrypt');
    assert.ok(document.getText().length > 50_000 && item);
    assert.match(apply(document, item), /"Action": \["kms:Decrypt"\] \}\]/);
  });

  it('tells more about an item that is looked at', async () => {
    const { items } = await ask(json('"Action": ["s3:GetObj|>"]'), 'json');
    const item = items.find((one) => one.label === 's3:GetObject');
    assert.equal(item?.documentation, undefined);
    const resolved = await client.connection.sendRequest<CompletionItem>('completionItem/resolve', item);
    const { documentation } = resolved;
    assert.ok(typeof documentation === 'object');
    assert.match(documentation.value, /Access level: Read/);
    assert.match(documentation.value, /s3:ExistingObjectTag/);
  });

  it('asks again for actions, and cuts long lists', async () => {
    const { list } = await ask(json('"Action": ["ec2:|>"]'), 'json');
    assert.equal(list?.items.length, 300);
    assert.equal(list?.isIncomplete, true);
  });

  it('writes no snippets for a client without them', async () => {
    const { items } = await ask(json('"Action": "s3:GetObject", "Resource": |>'), 'json', plain);
    const item = items.find((one) => one.label === 'arn:aws:s3:::<BucketName>/<ObjectName>');
    assert.ok(item?.textEdit);
    assert.equal(item.textEdit.newText, '"arn:aws:s3:::BucketName/ObjectName"');
    assert.notEqual(item.insertTextFormat, 2);
  });

  it('offers the next step by itself only to its own client', async () => {
    const { items } = await ask(json('"Action": "|>"'), 'json');
    assert.equal(items.find((one) => one.label === 's3:')?.command, undefined);
  });

  it('is silent where the settings leave a file alone', async () => {
    const off = await Client.start({ settings: { enable: false } });
    const { list } = await ask(json('"Action": "|>"'), 'json', off);
    await off.stop();
    assert.equal(list, null);
  });

  it('answers at every offset of half a policy, broken anywhere', async () => {
    const whole = [
      {
        ending: 'json',
        text: json(
          '"Action": ["s3:GetObject", "sqs:*"],\n      "Condition": { "Bool": { "aws:SecureTransport": "false" } }',
        ),
      },
      {
        ending: 'yaml',
        text: role('            Principal: { Service: [lambda.amazonaws.com] }\n            Action: sts:AssumeRole'),
      },
      {
        ending: 'json',
        text: key('"Principal": { "AWS": { "Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root" } }, "Action": "kms:*"'),
      },
      { ending: 'tf.json', text: inString('"Action":["s3:GetObject"],"Resource":"*"') },
      { ending: 'tf.json', text: encoded('Action = ["s3:GetObject"], Resource = "*"') },
      ...hclTexts.map((text) => ({ ending: 'tf', text })),
    ];
    let answers = 0;
    for (const { ending, text } of whole) {
      const uri = `untitled:everywhere${++count}.${ending}`;
      await client.open(uri, text, languageOf(ending));
      const document = TextDocument.create(uri, '', 1, text);
      const lists = await Promise.all(
        Array.from({ length: text.length + 1 }, (_, offset) =>
          client.connection.sendRequest<CompletionList | null>('textDocument/completion', {
            textDocument: { uri },
            position: document.positionAt(offset),
          }),
        ),
      );
      answers += lists.filter(Boolean).length;
      await client.close(uri);
      // The text up to the cursor alone.
      for (let end = 1; end < text.length; end += 17) await ask(`${text.slice(0, end)}|>`, ending);
    }
    assert.ok(answers > 300, `${answers} answers`);
    assert.deepEqual(client.complaints, [], 'an exception would be there');
  });
});
