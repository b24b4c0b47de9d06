/** The command line among files that are none, names made for terminals, and configurations made to be slow. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { demarc, folder, json, queue, where } from './cli-support.ts';

const isWindows = process.platform === 'win32';
const isRoot = process.getuid?.() === 0;
/** Control characters but the line break. */
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

describe('what is no file', { skip: isWindows && 'no pipes and devices in folders' }, () => {
  it('is walked past', async () => {
    const cwd = folder({ 'good.yaml': queue() });
    assert.equal(spawnSync('mkfifo', [join(cwd, 'pipe.yaml')]).status, 0);
    symlinkSync('/dev/zero', join(cwd, 'zero.json'));
    symlinkSync(join(cwd, 'pipe.yaml'), join(cwd, 'linked.tf'));
    symlinkSync('nowhere', join(cwd, 'broken.yaml'));
    symlinkSync('self.yaml', join(cwd, 'self.yaml'));
    symlinkSync('/', join(cwd, 'everything'));
    symlinkSync('.', join(cwd, 'here'));
    mkdirSync(join(cwd, 'folder.yaml'));
    const server = createServer();
    await new Promise<void>((done) => server.listen(join(cwd, 'socket.yaml'), done));
    try {
      const report = json(cwd);
      assert.deepEqual(where(report), ['good.yaml Queue']);
      assert.deepEqual(report.errors, []);
    } finally {
      await new Promise((done) => server.close(done));
    }
  });

  it('is an error where it is named', () => {
    const cwd = folder({ 'good.yaml': queue() });
    assert.equal(spawnSync('mkfifo', [join(cwd, 'pipe.yaml')]).status, 0);
    symlinkSync('/dev/zero', join(cwd, 'zero.yaml'));
    symlinkSync('self.yaml', join(cwd, 'self.yaml'));
    const { code, errors, ...report } = json(cwd, 'good.yaml', 'pipe.yaml', 'zero.yaml', 'self.yaml');
    assert.equal(code, 2);
    assert.deepEqual(where({ ...report, errors }), ['good.yaml Queue']);
    assert.deepEqual(errors.map(({ file }) => file).sort(), ['pipe.yaml', 'self.yaml', 'zero.yaml']);
  });

  it('is no configuration', () => {
    const cwd = folder({ 'good.yaml': queue() });
    assert.equal(spawnSync('mkfifo', [join(cwd, '.demarc.json')]).status, 0);
    assert.deepEqual(where(json(cwd)), ['good.yaml Queue']);
    unlinkSync(join(cwd, '.demarc.json'));
    symlinkSync('/dev/zero', join(cwd, '.demarc.json'));
    assert.deepEqual(where(json(cwd)), ['good.yaml Queue']);
  });

  it('that may not be read is told, and the rest goes on', { skip: isRoot && 'root may read everything' }, () => {
    const cwd = folder({ 'a.yaml': queue(), 'b.yaml': queue(), 'closed/c.yaml': queue() });
    chmodSync(join(cwd, 'a.yaml'), 0);
    chmodSync(join(cwd, 'closed'), 0);
    try {
      const report = json(cwd);
      assert.deepEqual(where(report), ['b.yaml Queue']);
      assert.deepEqual(report.errors.map(({ file }) => file).sort(), ['a.yaml', 'closed']);
    } finally {
      chmodSync(join(cwd, 'closed'), 0o700);
    }
  });
});

describe('names', { skip: isWindows && 'not in names there' }, () => {
  const NAMES = [
    'red\u001b[31m.yaml',
    'a\nb.yaml',
    'title\u001b]0;x\u0007.yaml',
    'back\b\b.yaml',
    'rtl\u202eyaml.yaml',
  ];

  it('cannot steer a terminal', () => {
    const cwd = folder(Object.fromEntries(NAMES.map((name) => [name, queue()])));
    for (const format of ['pretty', 'markdown', 'github']) {
      const { stdout, stderr } = demarc(cwd, ['lint', '--format', format]);
      assert.ok(stdout.includes('Queue'), stderr);
      assert.doesNotMatch(stdout + stderr, CONTROL, format);
    }
    const { stdout, stderr } = demarc(cwd, ['lint', 'gone\u001b[31m.yaml', 'x\ny']);
    assert.doesNotMatch(stdout + stderr, CONTROL);
    for (const format of ['json', 'sarif']) {
      const { stdout: text } = demarc(cwd, ['lint', '--format', format]);
      assert.doesNotThrow(() => JSON.parse(text), format);
    }
  });

  it('in a template cannot either', () => {
    const name = '"Q\\e[31m\\u202e\\n::error::x"';
    const text = `Resources:\n  ${name}:\n    Type: AWS::SQS::Queue\n    Properties: {SqsManagedSseEnabled: false, QueueName: "\u001b[2J"}\n`;
    const cwd = folder({ 'a.yaml': text });
    for (const format of ['pretty', 'markdown', 'github']) {
      const { stdout, stderr } = demarc(cwd, ['lint', '--format', format]);
      assert.doesNotMatch(stdout + stderr, CONTROL, format);
      assert.doesNotMatch(stdout, /^::error::x/m);
    }
  });

  it('may be long and many', () => {
    const long = 'd'.repeat(200);
    const cwd = folder({ [`${`${long}/`.repeat(10)}a.yaml`]: queue() });
    assert.equal(json(cwd).findings.length, 1);
    const many = folder({});
    for (let i = 0; i < 3_000; i++) writeFileSync(join(many, `f${i}.yaml`), 'a: b\n');
    writeFileSync(join(many, 'z.yaml'), queue());
    assert.deepEqual(where(json(many)), ['z.yaml Queue']);
    assert.equal(json(many, `${'x'.repeat(5_000)}.yaml`).code, 2);
  });
});

describe('configurations', () => {
  const GLOBS = [
    `${'**/'.repeat(5_000)}none.yaml`,
    `${'**/*a'.repeat(500)}b`,
    '{a,b}'.repeat(40),
    '{'.repeat(5_000),
    `${'{a,'.repeat(2_000)}${'}'.repeat(2_000)}`,
    `${'*a'.repeat(2_000)}b`,
    '[!'.repeat(5_000),
    '+(a|aa)+(a|aa)+(a|aa)b',
    '?'.repeat(10_000),
    '/'.repeat(10_000),
  ];

  it('with hostile globs are read in time', () => {
    const cwd = folder({
      '.demarc.json': JSON.stringify({ exclude: GLOBS }),
      [`${'a/'.repeat(60)}${'a'.repeat(200)}.yaml`]: queue(),
    });
    assert.equal(json(cwd).findings.length, 1);
  });

  it('that are huge or nested are read in time', () => {
    for (const text of [
      '['.repeat(100_000),
      `{"rules":${'{"a":'.repeat(20_000)}`,
      `{"rules":{${Array.from({ length: 20_000 }, (_, i) => `"sqs-encryption-disable${i}":"off"`).join(',')}}}`,
      `{"exclude":[${'"x",'.repeat(100_000)}"y"]}`,
      '{"__proto__":{"enable":false},"constructor":1,"rules":{"__proto__":"off","constructor":"high"}}',
    ]) {
      const cwd = folder({ '.demarc.json': text, 'a.yaml': queue() });
      assert.deepEqual(where(json(cwd)), ['a.yaml Queue'], text.slice(0, 40));
    }
  });
});

describe('hostile texts on the command line', () => {
  it('are told, and the rest goes on', () => {
    const cwd = folder({
      'deep.yaml': `${queue()}      QueueName: ${'['.repeat(20_000)}\n`,
      'large.yaml': `${queue()}      QueueName: ${'x'.repeat(5_000_000)}\n`,
      'laughs.yaml': `${queue()}  A: &a0 [x, x]\n${Array.from({ length: 40 }, (_, i) => `  A${i}: &a${i + 1} [*a${i}, *a${i}]\n`).join('')}`,
      'surrogates.json': Buffer.from([0xff, 0xfe, 0x7b, 0, 0, 0xd8, 0x22, 0]),
      'z.yaml': queue(),
    });
    const report = json(cwd);
    assert.deepEqual(where(report).sort(), ['deep.yaml Queue', 'laughs.yaml Queue', 'z.yaml Queue']);
    const told = report.errors.map(({ file, message }) => `${file}: ${message}`);
    for (const one of [
      'deep.yaml: Not read: nested deeper than 256 levels',
      'large.yaml: Not read: larger than 4 MB',
      'laughs.yaml: Not read: aliases stand for too much',
    ])
      assert.equal(told.filter((message) => message === one).length, 1, told.join('\n'));
    const pretty = demarc(cwd, ['lint', 'large.yaml']);
    assert.match(pretty.stdout, /Not read: larger than 4 MB/);
    assert.equal(pretty.code, 0);
  });
});
