/** The bundled language server over a pipe. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  type CompletionItem,
  type CompletionList,
  DiagnosticSeverity,
  type Hover,
  type MarkupContent,
} from 'vscode-languageserver-protocol';
import { Client } from './client.ts';

const QUEUE = `Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      SqsManagedSseEnabled: false
  More:
    Type: AWS::SQS::Queue
    Properties:
      SqsManagedSseEnabled: false
`;
const RULE = 'sqs-encryption-disabled';

describe('the bundled server', () => {
  let client: Client;
  let count = 0;
  const uri = (ending = 'yaml') => `untitled:template${++count}.${ending}`;
  before(async () => {
    client = await Client.start();
  });
  const others: Client[] = [];
  after(async () => {
    for (const one of [client, ...others]) await one.stop();
    assert.deepEqual(client.errors, [], 'nothing but the protocol on standard output');
  });

  it('answers with exact ranges, severity, code, link and data', async () => {
    const at = uri();
    await client.open(at, QUEUE);
    const [first, second] = await client.diagnostics(at);
    assert.deepEqual(first?.range, { start: { line: 4, character: 28 }, end: { line: 4, character: 33 } });
    assert.equal(first?.code, RULE);
    assert.equal(first?.source, 'Demarc');
    assert.equal(first?.severity, DiagnosticSeverity.Warning);
    assert.match(String(first?.codeDescription?.href), /^https:\/\/docs\.aws\.amazon\.com\//);
    assert.equal(first?.data.side, 'shared');
    assert.equal(second?.range.start.line, 8);
  });

  it('writes hovers and documentation as the client wants them', async () => {
    const plain = ['plaintext'];
    for (const [hoverFormat, itemFormat] of [
      [undefined, undefined],
      [['markdown'], ['markdown']],
      [
        ['markdown', 'plaintext'],
        ['markdown', 'plaintext'],
      ],
      [plain, plain],
      [
        ['plaintext', 'markdown'],
        ['plaintext', 'markdown'],
      ],
      [
        ['asciidoc', ...plain],
        ['asciidoc', ...plain],
      ],
      ['none', 7],
    ]) {
      const own = await Client.start({
        textDocument: {
          hover: { contentFormat: hoverFormat },
          completion: { completionItem: { documentationFormat: itemFormat } },
        },
      });
      others.push(own);
      const at = uri();
      await own.open(at, QUEUE);
      const hover = await own.connection.sendRequest<Hover | null>('textDocument/hover', {
        textDocument: { uri: at },
        position: { line: 4, character: 30 },
      });
      assert.ok(hover);
      const { kind, value } = hover.contents as MarkupContent;
      const isPlain = Array.isArray(hoverFormat) && hoverFormat.find((one) => one !== 'asciidoc') === 'plaintext';
      const which = JSON.stringify(hoverFormat);
      assert.equal(kind, isPlain ? 'plaintext' : 'markdown', which);
      if (isPlain) {
        assert.match(
          value,
          /^Shared \(AWS provides it, you choose it\) — Queue encryption is switched off[^*]* · medium\n/,
        );
        assert.match(value, /\n- +SqsManagedSseEnabled: false\n\+ +SqsManagedSseEnabled: true\n/);
        assert.match(value, /\nsqs-encryption-disabled · [^\n]+ \(https:\/\/docs\.aws\.amazon\.com\//);
        assert.doesNotMatch(value, /\*\*|```|\\|\]\(/);
      } else assert.match(value, /^\*\*Shared\*\*[\s\S]*```diff\n/, which);
      const policy = uri('json');
      await own.open(
        policy,
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObj"}]}',
        'json',
      );
      const list = await own.connection.sendRequest<CompletionList>('textDocument/completion', {
        textDocument: { uri: policy },
        position: { line: 0, character: 80 },
      });
      const item = list.items.find(({ label }) => label.includes('GetObject')) as CompletionItem;
      const resolved = await own.connection.sendRequest<CompletionItem>('completionItem/resolve', item);
      const wantsMarkdown = Array.isArray(itemFormat) && itemFormat[0] === 'markdown';
      const documentation = resolved.documentation as MarkupContent;
      assert.equal(documentation.kind, wantsMarkdown ? 'markdown' : 'plaintext', which);
    }
  });

  it('follows keystrokes and never answers for an older text', async () => {
    const at = uri();
    await client.open(at, QUEUE);
    await client.replace(at, 'false', 'true');
    const both = [client.findings(at), client.replace(at, 'false', 'fals'), client.findings(at)] as const;
    await both[1];
    assert.deepEqual(await both[2], []);
    await client.replace(at, 'fals', 'false');
    assert.deepEqual(await client.findings(at), [`${RULE} on "false"`]);
  });

  it('keeps findings while the text is broken elsewhere', async () => {
    const at = uri();
    await client.open(at, QUEUE);
    await client.replace(at, '  More:\n', '  Half:\n    Type: AWS::S3::Bucket\n    Properties:\n      Buck\n  More:\n');
    assert.deepEqual(
      (await client.findings(at)).filter((line) => line.startsWith(RULE)),
      [`${RULE} on "false"`, `${RULE} on "false"`],
    );
  });

  it('leaves alone what is not ours', async () => {
    for (const [text, language, ending] of [
      ['{"name": "x", "scripts": {"build": "tsc"}}', 'json', 'json'],
      ['apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n', 'yaml', 'yaml'],
      ['', 'yaml', 'yaml'],
    ] as const) {
      const at = uri(ending);
      await client.open(at, text, language);
      assert.deepEqual(await client.diagnostics(at), []);
    }
  });

  it('offers the fix, all of the rule, and suppressions with a reason', async () => {
    const at = uri();
    await client.open(at, QUEUE);
    const [diagnostic] = await client.diagnostics(at);
    assert.ok(diagnostic);
    const actions = await client.actions(at, diagnostic);
    const [fix] = actions;
    assert.equal(fix?.title, 'Set SqsManagedSseEnabled to true');
    assert.equal(fix.isPreferred, true);
    assert.equal(client.apply(at, fix), QUEUE.replace('false', 'true'));
    const all = actions.find((action) => action.title.startsWith('Fix all 2'));
    assert.ok(all);
    assert.equal(client.apply(at, all), QUEUE.replaceAll('false', 'true'));
    const here = actions.find((action) => action.title === `Suppress ${RULE} here…`);
    assert.ok(here);
    assert.match(client.apply(at, here), /# demarc-ignore sqs-encryption-disabled: /);
    const file = actions.find((action) => action.title === `Suppress ${RULE} in this file…`);
    assert.ok(file);
    assert.match(client.apply(at, file), /^# demarc-ignore-file sqs-encryption-disabled: /m);
  });

  it('applies all safe fixes as a source action, and only those', async () => {
    const at = uri();
    const volume =
      '  Disk:\n    Type: AWS::EC2::Volume\n    Properties:\n      AvailabilityZone: a\n      Encrypted: false\n';
    await client.open(at, QUEUE + volume);
    const [diagnostic] = await client.diagnostics(at);
    assert.ok(diagnostic);
    const actions = await client.actions(at, diagnostic, ['source.fixAll']);
    assert.deepEqual(
      actions.map((action) => action.kind),
      ['source.fixAll.demarc'],
    );
    assert.equal(client.apply(at, actions[0] as never), QUEUE.replaceAll('false', 'true') + volume);
  });

  it('shows the parameter default as related information and the condition in the message', async () => {
    const at = uri();
    await client.open(
      at,
      `Parameters:
  Encrypt: { Type: String, Default: 'false' }
  Stage: { Type: String }
Conditions:
  IsDev: !Equals [!Ref Stage, dev]
Resources:
  A:
    Type: AWS::SQS::Queue
    Properties:
      SqsManagedSseEnabled: !Ref Encrypt
  B:
    Type: AWS::SQS::Queue
    Properties:
      SqsManagedSseEnabled: !If [IsDev, false, true]
`,
    );
    const [a, b] = await client.diagnostics(at);
    const [related] = a?.relatedInformation ?? [];
    assert.match(String(related?.message), /Default of parameter Encrypt/);
    assert.equal(client.document(at).getText(related?.location.range), "'false'");
    assert.match(String(b?.message), /\(when IsDev\) · shared$/);
  });

  it('says whose side it is in a hover, with the fix as a diff and the service', async () => {
    const text = await client.hover(uri(), QUEUE.replace('false', 'fa|>lse'));
    assert.match(String(text), /\*\*Shared\*\*/);
    assert.match(String(text), /```diff[\s\S]*-\s+SqsManagedSseEnabled: false[\s\S]*\+\s+SqsManagedSseEnabled: true/);
    assert.match(String(text), /Amazon SQS/);
    assert.match(String(text), /\*Related:\* AWS FSBP SQS\\\.1/);
    const type = await client.hover(uri(), QUEUE.replace('AWS::SQS', 'AWS:|>:SQS'));
    assert.match(String(type), /\*\*You:\*\*/);
    const nothing = await client.hover(uri(), 'a: b|>\n');
    assert.equal(nothing, undefined);
  });

  it('explains a rule by the id of another tool, and says so of none', async () => {
    const page = (ruleId: string) =>
      client.connection.sendRequest<{ markdown: string; ruleIds: string[] } | null>('demarc/explain', { ruleId });
    assert.match(String((await page('CKV_AWS_27'))?.markdown), /sqs-encryption/);
    assert.deepEqual((await page(RULE))?.ruleIds, [RULE]);
    assert.ok(Number((await page('CKV_AWS_20'))?.ruleIds.length) > 1);
    assert.equal(await page('no-such-rule'), null);
  });

  it('answers for places and documents that do not exist, and goes on', async () => {
    const at = uri();
    await client.open(at, QUEUE);
    const far = { line: 9999, character: 9999 };
    for (const textDocument of [{ uri: at }, { uri: 'untitled:never-opened.yaml' }]) {
      assert.equal(await client.connection.sendRequest('textDocument/hover', { textDocument, position: far }), null);
      const range = { start: far, end: far };
      const context = { diagnostics: [] };
      assert.deepEqual(
        await client.connection.sendRequest('textDocument/codeAction', { textDocument, range, context }),
        [],
      );
    }
    await assert.rejects(client.connection.sendRequest('textDocument/hover', { textDocument: null }));
    await assert.rejects(client.connection.sendRequest('demarc/no-such-request', {}));
    assert.equal((await client.diagnostics(at)).length, 2);
  });

  it('escapes template text in hovers', async () => {
    const evil = '[x](command:evil) <img src=x> `code`';
    const text = await client.hover(
      uri(),
      `Conditions:\n  "${evil}": !Equals [!Ref A, b]\nParameters:\n  A: { Type: String }\nResources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      SqsManagedSseEnabled: !If ["${evil}", fal|>se, true]\n`,
    );
    assert.ok(text);
    assert.doesNotMatch(text.replace(/(`+)(?:(?!\1)[\s\S])+?\1/g, ''), /\]\(command:|<img/);
  });
});

describe('the server and its clients', () => {
  it('pushes where the client cannot pull, for the newest version only', async () => {
    const client = await Client.start({ push: true });
    try {
      assert.equal(client.capabilities.diagnosticProvider, undefined);
      const at = 'untitled:push.yaml';
      await client.open(at, QUEUE);
      await client.until('two findings', () => client.published.find((one) => one.diagnostics.length === 2));
      for (let i = 0; i < 5; i++) await client.replace(at, 'false', 'true').catch(() => undefined);
      const last = await client.until('none', () =>
        client.published.find((one) => one.version === 3 && one.diagnostics.length === 0),
      );
      assert.equal(last.version, 3);
    } finally {
      await client.stop();
    }
  });

  it('offers no hover of its own to a client that hosts hovers', async () => {
    const client = await Client.start({ clientHovers: true });
    try {
      assert.equal(client.capabilities.hoverProvider, false);
      const at = 'untitled:host.yaml';
      await client.open(at, QUEUE);
      const model = await client.connection.sendRequest<{ findings: { ruleId: string; side: string }[] }>(
        'demarc/hover',
        {
          textDocument: { uri: at },
          position: { line: 4, character: 30 },
        },
      );
      assert.equal(model.findings[0]?.ruleId, RULE);
      const page = await client.connection.sendRequest<{ markdown: string }>('demarc/explain', { ruleId: RULE });
      assert.match(page.markdown, /## Whose side/);
    } finally {
      await client.stop();
    }
  });

  for (const [name, settings, wanted] of [
    ['enable', { enable: false }, 0],
    ['rules: off', { rules: { [RULE]: 'off' } }, 0],
    ["rules: another tool's id", { rules: { CKV_AWS_27: 'off' } }, 0],
    ['exclude', { exclude: ['**/*.yaml'] }, 0],
    ['nothing', {}, 2],
  ] as const) {
    it(`settings act: ${name}`, async () => {
      const client = await Client.start({ settings });
      try {
        await client.open('untitled:settings.yaml', QUEUE);
        assert.equal((await client.diagnostics('untitled:settings.yaml')).length, wanted);
      } finally {
        await client.stop();
      }
    });
  }

  it('severity settings and the tier act', async () => {
    const client = await Client.start({ settings: { rules: { [RULE]: 'critical' } } });
    try {
      await client.open('untitled:severity.yaml', QUEUE);
      const [first] = await client.diagnostics('untitled:severity.yaml');
      assert.equal(first?.severity, DiagnosticSeverity.Error);
    } finally {
      await client.stop();
    }
  });

  it('reads a module from the files beside the document, and the configuration of the folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'demarc-lsp-'));
    const root = pathToFileURL(folder).href;
    writeFileSync(join(folder, 'variables.tf.json'), '{"variable": {"encrypt": {"default": false}}}');
    const main = '{"resource": {"aws_sqs_queue": {"q": {"sqs_managed_sse_enabled": "${var.encrypt}"}}}}';
    const client = await Client.start({ folder: root });
    try {
      const at = `${root}/main.tf.json`;
      await client.open(at, main, 'json');
      const [finding] = await client.diagnostics(at);
      assert.equal(finding?.code, RULE);
      assert.match(String(finding?.relatedInformation?.[0]?.location.uri), /variables\.tf\.json$/);
      writeFileSync(join(folder, '.demarc.json'), JSON.stringify({ rules: { [RULE]: 'off' } }));
      await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [{ uri: `${root}/.demarc.json`, type: 1 }],
      });
      assert.deepEqual(await client.diagnostics(at), []);
    } finally {
      await client.stop();
      rmSync(folder, { recursive: true });
    }
  });
});
