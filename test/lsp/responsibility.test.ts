/** The bundled server over a pipe: the map, both sides of a diff, a branch, the pages of services. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Comparison, Explanation, HoverModel, ResponsibilityMap } from '../../server/src/lsp/protocol.ts';
import { Client } from './client.ts';

const OPEN = `Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      SqsManagedSseEnabled: false
  Work:
    Type: AWS::Lambda::Function
    Properties:
      PackageType: Image
      Role: arn:aws:iam::111122223333:role/work
      Code: { ImageUri: 111122223333.dkr.ecr.eu-central-1.amazonaws.com/work@sha256:0 }
`;
const CLOSED = OPEN.replace('SqsManagedSseEnabled: false', 'SqsManagedSseEnabled: true');
const RULE = 'sqs-encryption-disabled';

describe('responsibility over the pipe', () => {
  let client: Client;
  let folder: string;
  let count = 0;
  const git = (ref: string) => `git:/repository/${ref}/template${count}.yaml`;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'demarc-map-'));
    client = await Client.start({ clientHovers: true, folder: pathToFileURL(folder).href });
  });
  after(async () => {
    await client.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const map = (...uris: string[]) => client.connection.sendRequest<ResponsibilityMap>('demarc/map', { uris });

  it('maps an open document: service, what AWS does, moved lines, findings in their places', async () => {
    const uri = 'untitled:map.yaml';
    await client.open(uri, OPEN);
    const { templates } = await map(uri);
    assert.deepEqual(
      templates.map(({ dialect, resources }) => [dialect, resources.map(({ address }) => address)]),
      [['cloudformation', ['Jobs', 'Work']]],
    );
    const [jobs, work] = templates[0]?.resources ?? [];
    assert.equal(jobs?.service?.name, 'Amazon SQS');
    assert.deepEqual(jobs.range, { start: { line: 1, character: 2 }, end: { line: 1, character: 6 } });
    const [finding] = jobs.findings;
    assert.deepEqual([finding?.ruleId, finding?.side, finding?.category], [RULE, 'shared', 'encryption-at-rest']);
    assert.equal(finding?.range.start.line, 4);
    assert.equal(work?.service?.name, 'AWS Lambda, as a container image');
    assert.ok(
      work.moved.some(({ concern, from, to }) => concern === 'runtime patching' && from === 'aws' && to === 'customer'),
    );
    assert.ok(work.aws.length, 'AWS does nothing by itself');
  });

  it('maps files that nobody opened, a Terraform module file by file, and leaves out what is none of ours', async () => {
    const write = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return pathToFileURL(join(folder, name)).href;
    };
    const uris = [
      write('a.yaml', OPEN),
      write('package.json', '{"name": "x"}'),
      write('one.tf.json', JSON.stringify({ resource: { aws_s3_bucket: { one: { bucket: 'one' } } } })),
      write(
        'two.tf.json',
        JSON.stringify({ resource: { aws_sqs_queue: { two: { sqs_managed_sse_enabled: false } } } }),
      ),
    ];
    const { templates } = await map(...uris, pathToFileURL(join(folder, 'gone.yaml')).href);
    assert.deepEqual(
      templates.map(({ resources }) => resources.map(({ address }) => address)),
      [['Jobs', 'Work'], ['aws_s3_bucket.one'], ['aws_sqs_queue.two']],
    );
    assert.ok(templates[2]?.resources[0]?.findings.length);
  });

  const hover = async (uri: string, text: string, marked: string, diff: object) => {
    const offset = text.indexOf(marked.replace('|', '')) + marked.indexOf('|');
    const lines = text.slice(0, offset).split('\n');
    return client.connection.sendRequest<HoverModel | null>('demarc/hover', {
      textDocument: { uri },
      position: { line: lines.length - 1, character: lines[lines.length - 1]?.length ?? 0 },
      diff,
    });
  };

  it('says of both sides of a diff what the change does', async () => {
    count++;
    await client.open(git('base'), CLOSED);
    await client.open(git('head'), OPEN);
    const introduced = await hover(git('head'), OPEN, 'Enabled: f|alse', { role: 'head', other: git('base') });
    assert.deepEqual(
      introduced?.findings.map(({ ruleId, change }) => [ruleId, change]),
      [[RULE, 'introduced']],
    );
    const removed = await hover(git('base'), CLOSED, 'Enabled: t|rue', { role: 'base', other: git('head') });
    assert.deepEqual(
      removed?.removes?.map(({ ruleId, resource }) => [ruleId, resource]),
      [[RULE, 'Jobs']],
    );
    const before = await hover(git('head'), OPEN, 'PackageType: Im|age', { role: 'head', other: git('base') });
    assert.ok(before?.findings.length);
    for (const { change } of before.findings) assert.equal(change, 'before');
  });

  it('says on the old side what the change fixes', async () => {
    count++;
    await client.open(git('base'), OPEN);
    await client.open(git('head'), CLOSED);
    const fixed = await hover(git('base'), OPEN, 'Enabled: f|alse', { role: 'base', other: git('head') });
    assert.equal(fixed?.findings[0]?.change, 'fixed');
    assert.equal(fixed.removes, undefined);
  });

  it('has something to say where the other side is closed', async () => {
    count++;
    await client.open(git('head'), OPEN);
    const alone = await hover(git('head'), OPEN, 'Enabled: f|alse', { role: 'head', other: git('nowhere') });
    assert.equal(alone?.findings[0]?.change, 'introduced');
  });

  it('compares a branch: introduced, fixed, before, of changed, new and deleted files', async () => {
    const uri = (name: string) => `file:///repository/${name}`;
    const texts = (name: string, text: string) => [{ uri: uri(name), text }];
    const result = await client.connection.sendRequest<Comparison>('demarc/compare', {
      templates: [
        { base: texts('changed.yaml', CLOSED), head: texts('changed.yaml', OPEN) },
        { base: texts('gone.yaml', OPEN), head: [] },
        { base: [], head: texts('new.yaml', OPEN) },
        { base: [], head: [] },
      ],
    });
    const named = (all: Comparison['fixed']) =>
      all.filter(({ ruleId }) => ruleId === RULE).map((one) => `${one.resource} ${one.uri}`);
    assert.deepEqual(named(result.introduced), [`Jobs ${uri('changed.yaml')}`, `Jobs ${uri('new.yaml')}`]);
    assert.deepEqual(named(result.fixed), [`Jobs ${uri('gone.yaml')}`]);
    assert.ok(result.before > 0);
  });

  it('has a page for each service, and none for a name that is none', async () => {
    const page = (serviceId: unknown) =>
      client.connection.sendRequest<Explanation | null>('demarc/explainService', { serviceId });
    assert.match((await page('lambda'))?.markdown ?? '', /^# AWS Lambda: who does what\n/);
    for (const wrong of ['nothing', '__proto__', 'constructor', '']) assert.equal(await page(wrong), null);
  });
});
