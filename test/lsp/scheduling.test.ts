/** What is answered when: while a large template is analysed, in bursts of changes, and where requests are cancelled. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  CancellationTokenSource,
  type Diagnostic,
  LSPErrorCodes,
  type ResponseError,
} from 'vscode-languageserver-protocol';
import { Client, type ClientOptions } from './client.ts';

const RULE = 'sqs-encryption-disabled';
const queue = (i: number, on: boolean) => `  Queue${i}:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub "\${AWS::StackName}-jobs-${i}"
      SqsManagedSseEnabled: ${on}
      Tags:
        - Key: part
          Value: "${'x'.repeat(400)}"
`;
const role = (i: number) => `  Role${i}:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - { Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: "sts:AssumeRole" }
      Policies:
        - PolicyName: read
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: ["s3:Get*", "sqs:SendMessage", "iam:PassRole"]
                Resource: !GetAtt Queue${i}.Arn
`;
/** Above 200,000 characters: large. */
const LARGE = `Resources:\n${Array.from({ length: 400 }, (_, i) => queue(i, i % 4 > 0) + role(i)).join('')}`;
const SMALL = `Resources:\n${queue(0, false)}`;

async function using(options: ClientOptions, test: (client: Client) => Promise<void>): Promise<void> {
  const client = await Client.start(options);
  try {
    await test(client);
    assert.deepEqual(client.errors, []);
    assert.deepEqual(client.complaints, []);
  } finally {
    await client.stop();
  }
}

/** The lines of the trace about analyses. */
async function tracing(client: Client): Promise<string[]> {
  const lines: string[] = [];
  client.connection.onNotification('$/logTrace', ({ message }: { message: string }) => void lines.push(message));
  await client.connection.sendNotification('$/setTrace', { value: 'messages' });
  return lines;
}

interface Report {
  readonly kind: string;
  readonly resultId: string;
  readonly items?: Diagnostic[];
}

const pull = (client: Client, uri: string, previousResultId?: string, source = new CancellationTokenSource()) =>
  client.connection.sendRequest<Report>(
    'textDocument/diagnostic',
    { textDocument: { uri }, previousResultId },
    source.token,
  );
const hoverAt = (client: Client, uri: string, text: string) => {
  const document = client.document(uri);
  const position = document.positionAt(document.getText().indexOf(text) + 1);
  return client.connection.sendRequest<{ contents: { value: string } } | null>('textDocument/hover', {
    textDocument: { uri },
    position,
  });
};
const codeOf = (request: Promise<unknown>) =>
  request.then(
    () => undefined,
    (error: ResponseError) => error.code,
  );
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('while a large template is analysed', () => {
  it('hovers are answered before the findings are there, and say so', () =>
    using({}, async (client) => {
      const uri = 'untitled:large.yaml';
      await client.open(uri, LARGE);
      let isDone = false;
      const all = pull(client, uri).then((report) => {
        isDone = true;
        return report;
      });
      const first = await hoverAt(client, uri, 'AWS::SQS::Queue');
      assert.equal(isDone, false, 'the hover came first');
      assert.match(String(first?.contents.value), /still checking[\s\S]*Amazon SQS/);
      const finding = hoverAt(client, uri, 'false');
      assert.equal((await all).items?.filter(({ code }) => code === RULE).length, 100);
      assert.match(
        String((await finding)?.contents.value),
        /\*\*Shared\*\*/,
        'where only a finding can stand, it is waited for',
      );
      assert.doesNotMatch(String((await hoverAt(client, uri, 'AWS::SQS::Queue'))?.contents.value), /still checking/);
    }));

  it('hovers elsewhere are answered before it is read', () =>
    using({}, async (client) => {
      await client.open('untitled:small.yaml', SMALL);
      await pull(client, 'untitled:small.yaml');
      const uri = 'untitled:larger.yaml';
      const more = ['Second', 'Third'].map((name) => LARGE.slice(LARGE.indexOf('\n') + 1).replaceAll('Queue', name));
      await client.open(uri, LARGE + more.join(''));
      const all = pull(client, uri);
      let isRead = false;
      const first = hoverAt(client, uri, 'AWS::SQS::Queue').then(() => {
        isRead = true;
      });
      let answers = 0;
      while (!isRead) {
        await hoverAt(client, 'untitled:small.yaml', 'AWS::SQS::Queue');
        answers++;
      }
      // Were it read in one step, there would be two or three.
      assert.ok(answers > 5, `${answers} answers`);
      await Promise.all([first, all]);
    }));

  it('a request that is cancelled is answered at once', () =>
    using({}, async (client) => {
      const uri = 'untitled:cancelled.yaml';
      await client.open(uri, LARGE);
      const source = new CancellationTokenSource();
      let isDone = false;
      const all = pull(client, uri).then(() => {
        isDone = true;
      });
      const one = codeOf(pull(client, uri, undefined, source));
      // The template is read by now.
      await hoverAt(client, uri, 'AWS::SQS::Queue');
      source.cancel();
      assert.equal(await one, LSPErrorCodes.RequestCancelled);
      assert.equal(isDone, false);
      await all;
    }));

  it('diagnostics of a text that is changed are refused, and those of the new one come', () =>
    using({}, async (client) => {
      const uri = 'untitled:overtaken.yaml';
      await client.open(uri, LARGE);
      const old = pull(client, uri).then(
        () => undefined,
        (error: ResponseError<unknown>) => error,
      );
      await hoverAt(client, uri, 'AWS::SQS::Queue');
      await client.replace(uri, 'false', 'true');
      const error = await old;
      assert.equal(error?.code, LSPErrorCodes.ServerCancelled);
      assert.deepEqual(error.data, { retriggerRequest: true });
      assert.equal((await pull(client, uri)).items?.filter(({ code }) => code === RULE).length, 99);
    }));

  it('it ends when the document is closed', () =>
    using({}, async (client) => {
      const uri = 'untitled:closed.yaml';
      const lines = await tracing(client);
      await client.open(uri, LARGE);
      const all = pull(client, uri);
      await hoverAt(client, uri, 'AWS::SQS::Queue');
      await client.close(uri);
      assert.deepEqual((await all).items, []);
      await client.open('untitled:next.yaml', SMALL);
      await pull(client, 'untitled:next.yaml');
      assert.deepEqual(
        lines.map((line) => line.split(' ')[1]),
        ['next.yaml'],
      );
    }));

  it('what it takes is in the trace, with its phases, and in the log where it is slow', () =>
    using({}, async (client) => {
      const uri = 'untitled:slow.yaml';
      const lines = await tracing(client);
      await client.open(uri, LARGE + LARGE.slice(LARGE.indexOf('\n') + 1).replaceAll('Queue', 'Second'));
      await pull(client, uri);
      const [line] = lines;
      const [, spent, read] =
        /^Analysed slow\.yaml in (\d+) ms of work, (\d+) of them to read it$/.exec(line ?? '') ?? [];
      assert.ok(Number(read) > 0 && Number(read) <= Number(spent), line);
      const told = client.log.filter((one) => one.startsWith(`slow.yaml is slow to analyse: ${spent} ms of work`));
      assert.equal(told.length, Number(spent) > 500 ? 1 : 0);
      assert.match(String(client.log[0]), /^Demarc \d.* runs on Node \d.*; the client asks for diagnostics\.$/);
    }));
});

describe('a burst of changes', () => {
  it('that comes at once is analysed once or twice', () =>
    using({}, async (client) => {
      const uri = 'untitled:burst.yaml';
      await client.open(uri, SMALL);
      await pull(client, uri);
      const lines = await tracing(client);
      const answers = [];
      for (let i = 0; i < 20; i++) {
        await client.replace(uri, i % 2 ? 'true' : 'false', i % 2 ? 'false' : 'true');
        answers.push(pull(client, uri).catch((error: ResponseError) => error.code));
      }
      // On a slow machine the first ones are overtaken.
      const reports = await Promise.all(answers);
      const last = reports.pop();
      assert.ok(typeof last === 'object');
      assert.equal(last.items?.filter(({ code }) => code === RULE).length, 1);
      for (const one of reports) assert.ok(typeof one === 'object' || one === LSPErrorCodes.ServerCancelled);
      // Some more where the pipe hands them over in several pieces.
      assert.ok(lines.length <= 8, `${lines.length} analyses`);
    }));

  it('5 ms apart in a large template leads to few analyses', () =>
    using({}, async (client) => {
      const uri = 'untitled:typing.yaml';
      await client.open(uri, LARGE);
      const lines = await tracing(client);
      let report: Promise<unknown> | undefined;
      let source = new CancellationTokenSource();
      for (let i = 0; i < 20; i++) {
        await client.replace(uri, 'part', 'partx');
        // As VS Code does.
        source.cancel();
        source = new CancellationTokenSource();
        report = pull(client, uri, undefined, source).catch(() => undefined);
        await wait(5);
      }
      await report;
      assert.equal((await pull(client, uri)).items?.filter(({ code }) => code === RULE).length, 100);
      assert.ok(lines.length <= 8, `${lines.length} analyses`);
    }));

  it('is pushed for the newest text only, to a client that cannot pull, and not after it is closed', () =>
    using({ push: true }, async (client) => {
      const uri = 'untitled:pushed.yaml';
      await client.open(uri, SMALL);
      for (let i = 0; i < 21; i++) await client.replace(uri, i % 2 ? 'true' : 'false', i % 2 ? 'false' : 'true');
      const last = await client.until('the last version', () => client.published.find(({ version }) => version === 22));
      assert.deepEqual(
        last.diagnostics.filter(({ code }) => code === RULE),
        [],
      );
      assert.ok(client.published.length <= 8, `${client.published.length} publications`);
      const versions = client.published.map(({ version }) => Number(version));
      assert.deepEqual(
        versions,
        [...versions].sort((a, b) => a - b),
      );
      await client.replace(uri, 'true', 'false');
      await client.close(uri);
      await client.open('untitled:other.yaml', SMALL);
      await client.until('the other', () => client.published.find((one) => one.uri === 'untitled:other.yaml'));
      const after = client.published.filter((one) => one.uri === uri).at(-1);
      assert.deepEqual(after?.diagnostics, []);
    }));
});

describe('diagnostics that are asked for', () => {
  it('are unchanged where they say the same at the same places', () =>
    using({}, async (client) => {
      const uri = 'untitled:unchanged.yaml';
      await client.open(uri, SMALL);
      const first = await pull(client, uri);
      assert.equal(first.kind, 'full');
      assert.deepEqual(await pull(client, uri, first.resultId), { kind: 'unchanged', resultId: first.resultId });
      await client.replace(uri, 'xxx', 'yyy');
      assert.equal((await pull(client, uri, first.resultId)).kind, 'unchanged', 'the text is another one below');
      await client.replace(uri, 'Resources:', '# moved\nResources:');
      const moved = await pull(client, uri, first.resultId);
      assert.equal(moved.kind, 'full');
      assert.equal(moved.items?.length, first.items?.length);
      assert.notEqual(moved.resultId, first.resultId);
      assert.equal((await pull(client, uri, moved.resultId)).kind, 'unchanged');
    }));

  it('are the same to a server that begins anew', () =>
    using({}, async (client) => {
      await client.open('untitled:again.yaml', SMALL);
      const { resultId } = await pull(client, 'untitled:again.yaml');
      await using({}, async (fresh) => {
        await fresh.open('untitled:again.yaml', SMALL);
        assert.equal((await pull(fresh, 'untitled:again.yaml', resultId)).kind, 'unchanged');
        assert.equal((await pull(fresh, 'untitled:never.yaml', resultId)).kind, 'full');
      });
    }));
});
