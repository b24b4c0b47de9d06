/** The command line with several threads: the same bytes whatever their number, file by file, and nothing lost. */

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { CLI, demarc, folder, queue, tfQueue, unused } from './cli-support.ts';

const FORMATS = ['pretty', 'json', 'sarif', 'github', 'markdown'];

const LIBRARY = `variable "encrypted" {
  default = true
}
resource "aws_sqs_queue" "q" {
  sqs_managed_sse_enabled = var.encrypted
}
`;
const caller = (name: string, encrypted: boolean) => `module "${name}" {
  source    = "../library"
  encrypted = ${encrypted}
}
resource "aws_sqs_queue" "own" {
  sqs_managed_sse_enabled = false
}
`;

/** Files alone, modules that share one, a configuration of their own, broken ones. */
function tree(): Record<string, string | Buffer> {
  const files: Record<string, string | Buffer> = {};
  for (let i = 0; i < 30; i++) files[`templates/t${String(i).padStart(2, '0')}.yaml`] = queue(i % 3 ? 'false' : 'true');
  for (let i = 0; i < 6; i++) {
    files[`m${i}/main.tf`] = caller(`c${i}`, i % 2 === 0);
    files[`m${i}/terraform.tfvars`] = 'unknown = 1\n';
  }
  return {
    ...files,
    'library/main.tf': LIBRARY,
    'circle/a/main.tf': `module "b" {\n  source = "../b"\n}\n`,
    'circle/b/main.tf': `module "a" {\n  source = "../a"\n}\n${LIBRARY}`,
    'json/main.tf.json': tfQueue('j', false),
    'quiet/.demarc.json': JSON.stringify({ rules: { 'sqs-encryption-disabled': 'off', nonsense: 'off' } }),
    'quiet/t.yaml': queue(),
    'broken/open.json': '{ "Resources": { "Queue": { "Type": "AWS::SQS::Queue", ',
    'broken/bytes.json': Buffer.from([0xc3, 0x28, 0x7b]),
    'broken/note.yaml': `${queue()}# demarc-ignore sqs-encryption-disabled: nothing here\n`,
  };
}

describe('several threads', () => {
  let cwd: string;
  before(() => {
    cwd = folder(tree());
  });

  it('write the same bytes, whatever their number', () => {
    for (const format of FORMATS) {
      const one = demarc(cwd, ['lint', '.', 'none.yaml', '--format', format, '--jobs', '1']);
      assert.equal(one.code, 2, 'a rule that does not exist, a file that does not exist');
      assert.ok(one.stdout.length > 2000);
      for (const jobs of ['2', '5'])
        assert.deepEqual(demarc(cwd, ['lint', '.', 'none.yaml', '--format', format, '--jobs', jobs]), one, format);
    }
    const plain = demarc(cwd, ['lint', '.', 'none.yaml', '--format', 'json']);
    assert.deepEqual(demarc(cwd, ['lint', '.', 'none.yaml', '--format', 'json', '-j3']), plain);
  });

  it('write the same bytes with a base', () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: repository });
    const { 'broken/bytes.json': _, ...files } = tree();
    const repository = folder(files);
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '--message', 'base');
    const report = join(repository, 'base.json');
    demarc(repository, ['lint', '.', '--format', 'json', '--output', report]);
    for (const i of [1, 2, 3])
      writeFileSync(join(repository, `templates/t0${i}.yaml`), queue(i === 3 ? 'false' : 'true'));
    writeFileSync(join(repository, 'm1/main.tf'), caller('other', false));
    git('rm', '--quiet', 'templates/t04.yaml');
    for (const base of [
      ['--since', 'HEAD'],
      ['--baseline', 'base.json'],
    ]) {
      for (const format of FORMATS) {
        const args = ['lint', 'templates', 'm1', 'm2', 'library', '--format', format, ...base];
        const one = demarc(repository, [...args, '--jobs', '1']);
        assert.ok(one.stdout, one.stderr);
        assert.deepEqual(demarc(repository, [...args, '--jobs', '3']), one, args.join(' '));
      }
    }
  });

  it('and fix the same', () => {
    const contents = (path: string) =>
      readdirSync(path, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(yaml|json|tf)$/.test(name))
        .sort()
        .map((name) => [name, readFileSync(join(path, name), 'latin1')]);
    const [one, other] = [folder(tree()), folder(tree())];
    const told = demarc(one, ['lint', '.', '--fix', '--jobs', '1']);
    assert.match(told.stdout, /findings fixed/);
    assert.deepEqual(demarc(other, ['lint', '.', '--fix', '--jobs', '4']), told);
    assert.deepEqual(contents(other), contents(one));
  });

  for (const [name, script] of [
    ['that do not start', 'throw new Error("no thread");'],
    ['that end at the first job', 'parentPort.once("message", () => process.exit(3));'],
    ['that end later', 'let n = 0; parentPort.on("message", () => { if (++n === 4) throw new Error("enough"); });'],
  ] as const) {
    it(`${name} lose nothing`, () => {
      const file = `${unused()}.cjs`;
      writeFileSync(
        file,
        `const { isMainThread, parentPort } = require('node:worker_threads');\nif (!isMainThread) { ${script} }\n`,
      );
      const one = demarc(cwd, ['lint', '.', '--format', 'json', '--jobs', '1']);
      const other = demarc(cwd, ['lint', '.', '--format', 'json', '--jobs', '3'], undefined, {
        NODE_OPTIONS: `--require ${file}`,
      });
      assert.deepEqual(other, one);
    });
  }

  it('that run out of memory give up one file, and say so', () => {
    const file = `${unused()}.cjs`;
    writeFileSync(
      file,
      `const { isMainThread, parentPort } = require('node:worker_threads');
if (!isMainThread) parentPort.once('message', () => {
  throw Object.assign(new Error('reached heap limit'), { code: 'ERR_WORKER_OUT_OF_MEMORY' });
});
`,
    );
    const args = ['lint', 'templates', '--format', 'json'];
    const report = (jobs: string, env = {}) => {
      const { code, stdout } = demarc(cwd, [...args, '--jobs', jobs], undefined, env);
      const { findings, errors } = JSON.parse(stdout) as Record<'findings' | 'errors', { file: string }[]>;
      return { code, files: [...new Set([...findings, ...errors].map((one) => one.file))].sort(), errors };
    };
    const other = report('2', { NODE_OPTIONS: `--require ${file}` });
    assert.equal(other.code, 2);
    assert.equal(other.errors.length, 1);
    assert.match(JSON.stringify(other.errors), /more memory than there is/);
    const first = other.errors.map((one) => one.file);
    assert.deepEqual(
      other.files.filter((one) => !first.includes(one)),
      report('1').files.filter((one) => !first.includes(one)),
    );
  });

  for (const jobs of ['0', '-1', 'many', '1.5', '100000', ''])
    it(`--jobs=${jobs} is a usage error`, () => {
      const { code, stdout, stderr } = demarc(cwd, ['lint', `--jobs=${jobs}`, '.']);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, /--jobs/);
    });
});

describe('a report that is streamed', () => {
  /** Takes a second or more to lint, and begins with what is told at once. */
  const large = () => {
    const files: Record<string, string> = {};
    for (let i = 0; i < 1500; i++) files[`f${String(i).padStart(4, '0')}.yaml`] = queue();
    return folder(files);
  };
  let cwd: string;
  before(() => {
    cwd = large();
  });
  const start = (...args: string[]) => spawn(process.execPath, [CLI, 'lint', '.', ...args], { cwd });
  /** As `start`, and counts the templates that were read: when the first text was written, and in all. */
  const counting = (...args: string[]) => {
    const [program, counts] = [`${unused()}.cjs`, unused()];
    writeFileSync(
      program,
      `const fs = require('node:fs');
if (require('node:worker_threads').isMainThread) {
  const { readFileSync } = fs;
  const { stdout } = process;
  const { write } = stdout;
  let reads = 0;
  let first;
  fs.readFileSync = (path, ...more) => {
    if (String(path).endsWith('.yaml')) reads++;
    return readFileSync(path, ...more);
  };
  stdout.write = (...text) => {
    first ??= reads;
    return write.apply(stdout, text);
  };
  process.on('exit', () => fs.writeFileSync(${JSON.stringify(counts)}, JSON.stringify([first, reads])));
}
`,
    );
    const env = { ...process.env, NODE_OPTIONS: `--require ${program}` };
    const child = spawn(process.execPath, [CLI, 'lint', '.', ...args], { cwd, env });
    return { child, counts: () => JSON.parse(readFileSync(counts, 'utf8')) as [first: number, all: number] };
  };

  it('tells the first file long before the last is linted', async () => {
    for (const format of ['pretty', 'github']) {
      const { child, counts } = counting('--format', format);
      const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
      assert.match(chunk.toString(), /f0000\.yaml/);
      child.stdout.resume();
      const [code] = await once(child, 'exit');
      assert.equal(code, 1);
      const [first, all] = counts();
      assert.equal(all, 1500);
      assert.ok(first < 1200, `${first} were read before anything was told`);
    }
  });

  it('has nothing else on standard error where that is no terminal', () => {
    assert.equal(demarc(cwd, ['lint', '.']).stderr, '');
  });

  it('ends where its reader has seen enough', async () => {
    const { child, counts } = counting();
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code, signal] = await once(child, 'exit');
    assert.deepEqual([code, signal], [1, null]);
    const [, all] = counts();
    assert.ok(all > 0 && all < 1500, `${all} were read`);
  });

  it('is ended by Ctrl+C, and leaves no half of a file', { skip: process.platform === 'win32' }, async () => {
    const out = folder({ 'report.txt': 'as it was' });
    for (const format of ['pretty', 'json']) {
      const child = start('--format', format, '--output', join(out, 'report.txt'), '--jobs', '2');
      setTimeout(() => child.kill('SIGINT'), 400);
      const [, signal] = await once(child, 'exit');
      assert.equal(signal, 'SIGINT');
      assert.equal(readFileSync(join(out, 'report.txt'), 'utf8'), 'as it was');
      assert.deepEqual(readdirSync(out).sort(), ['.git', 'report.txt']);
    }
  });
});
