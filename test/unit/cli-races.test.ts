/** Files and folders that vanish, or become something else, between the look at a folder and the reading: each is an error, the rest goes on. */

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs, { mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { Configurations } from '../../server/src/cli/config.ts';
import { findFiles, type InputFile } from '../../server/src/cli/files.ts';
import { lint } from '../../server/src/cli/lint.ts';
import { loadIamData } from '../support/iam-data.ts';
import { CLI, folder, queue, SQS } from './cli-support.ts';

loadIamData();
const isWindows = process.platform === 'win32';
const BUCKET = 'resource "aws_s3_bucket" "b" {}\n';
const MISSING = 's3-public-access-block-missing';

/** Lints a folder in which something happens behind the look at it, and before. */
async function lintAfter(cwd: string, change: (files: readonly InputFile[]) => void, prepare = () => {}) {
  prepare();
  const { files, errors: unfound } = findFiles(['.'], cwd);
  const configurations = new Configurations(cwd, { tier: 'all' });
  await configurations.load(files.map(({ path }) => path));
  change(files);
  const options = { cwd, fix: false, today: '2026-01-01', unfound };
  const { findings, errors } = await lint(files, undefined, configurations, options);
  return {
    found: (rule = SQS) => findings.filter((one) => one.rule.id === rule).map(({ file }) => file),
    fatal: errors.filter((one) => one.fatal).map(({ file, message }) => `${file}: ${message}`),
    told: errors.filter((one) => !one.fatal).map(({ file, message }) => `${file}: ${message}`),
  };
}

const GONE = 'Cannot be read: no such file or folder.';

describe('between the look at a folder and the reading', () => {
  it('files that vanish are told, each', async () => {
    const cwd = folder({
      'a.yaml': queue(),
      'b.yaml': queue(),
      'd/c.yaml': queue(),
      'd/e/f.yaml': queue(),
      'g.yaml': queue(),
    });
    const { found, fatal } = await lintAfter(cwd, () => {
      rmSync(join(cwd, 'b.yaml'));
      rmSync(join(cwd, 'd'), { recursive: true });
    });
    assert.deepEqual(found(), ['a.yaml', 'g.yaml']);
    assert.deepEqual(fatal, [`b.yaml: ${GONE}`, `d/c.yaml: ${GONE}`, `d/e/f.yaml: ${GONE}`]);
  });

  it('what becomes something else is told, and not waited for', {
    skip: isWindows && 'no pipes in folders',
  }, async () => {
    const names = ['a', 'device', 'folder', 'link', 'outside', 'parent/x', 'pipe', 'z'].map((name) => `${name}.yaml`);
    const cwd = folder(Object.fromEntries(names.map((name) => [name, queue()])));
    const elsewhere = folder({ 'x.yaml': queue() });
    const { found, fatal, told } = await lintAfter(cwd, () => {
      const at = (name: string) => join(cwd, name);
      for (const name of names.slice(1, -1)) rmSync(at(name));
      symlinkSync('/dev/zero', at('device.yaml'));
      mkdirSync(at('folder.yaml'));
      symlinkSync('nowhere', at('link.yaml'));
      symlinkSync(join(elsewhere, 'x.yaml'), at('outside.yaml'));
      rmSync(at('parent'), { recursive: true });
      writeFileSync(at('parent'), 'a file');
      assert.equal(spawnSync('mkfifo', [at('pipe.yaml')]).status, 0);
    });
    assert.deepEqual(found(), ['a.yaml', 'z.yaml']);
    assert.deepEqual(fatal, [
      'device.yaml: Not a file.',
      'folder.yaml: Not a file.',
      `link.yaml: ${GONE}`,
      'parent/x.yaml: Cannot be read: part of its path is no folder.',
      'pipe.yaml: Not a file.',
    ]);
    assert.deepEqual(
      told.map((one) => one.split(':')[0]),
      [],
    );
  });

  it('a file of a module that vanishes is told, and what it held is not taken for missing', async () => {
    const files = { 'main.tf': BUCKET, 'other.tf': 'locals {}\n' };
    const whole = await lintAfter(folder(files), () => {});
    assert.deepEqual([whole.found(MISSING), whole.fatal, whole.told], [['main.tf'], [], []]);
    const cwd = folder(files);
    const { found, fatal, told } = await lintAfter(cwd, () => rmSync(join(cwd, 'other.tf')));
    assert.deepEqual(found(MISSING), []);
    assert.deepEqual(fatal, [`other.tf: ${GONE}`]);
    assert.deepEqual(told, ['main.tf: Judged without what cannot be read of this module: other.tf']);
  });

  it('files beside those that are linted, and in modules that they call, are told of where they cannot be read', {
    skip: isWindows && 'links need rights',
  }, async () => {
    const call = 'module "m" {\n  source = "./lib"\n}\n';
    const files = { 'app/main.tf': BUCKET + call, 'app/lib/main.tf': 'locals {}\n' };
    const lintMain = async (change: (cwd: string) => void) => {
      const cwd = folder(files);
      const main = { path: join(cwd, 'app/main.tf'), explicit: true };
      const configurations = new Configurations(cwd, { tier: 'all' });
      await configurations.load([main.path]);
      change(cwd);
      const { findings, errors } = await lint([main], undefined, configurations, {
        cwd,
        fix: false,
        today: '2026-01-01',
      });
      return [findings.filter(({ rule }) => rule.id === MISSING).length, errors.map(({ message }) => message)];
    };
    const without = (name: string) => [0, [`Judged without what cannot be read of this module: ${name}`]];
    assert.deepEqual(await lintMain(() => {}), [1, []]);
    assert.deepEqual(await lintMain((cwd) => symlinkSync('nowhere', join(cwd, 'app/other.tf'))), without('other.tf'));
    const outside = join(folder({ 'x.tf': 'locals {}\n' }), 'x.tf');
    assert.deepEqual(await lintMain((cwd) => symlinkSync(outside, join(cwd, 'app/other.tf'))), without('other.tf'));
    assert.deepEqual(
      await lintMain((cwd) => writeFileSync(join(cwd, 'app/other.tf'), Buffer.from([0x23, 0xff]))),
      without('other.tf'),
    );
    assert.deepEqual(
      await lintMain((cwd) => symlinkSync('nowhere', join(cwd, 'app/lib/other.tf'))),
      without('other.tf'),
    );
    // Terraform passes folders by, whatever their names, and what an editor keeps beside.
    assert.deepEqual(await lintMain((cwd) => symlinkSync('nowhere', join(cwd, 'app/.#main.tf'))), [1, []]);
    assert.deepEqual(await lintMain((cwd) => mkdirSync(join(cwd, 'app/other.tf'))), [1, []]);
  });

  it('files that are too large or lead elsewhere are not taken for missing in the module that they belong to', {
    skip: isWindows && 'links need rights',
  }, async () => {
    const large = folder({ 'main.tf': BUCKET, 'n/main.tf': '' });
    const linked = folder({ 'main.tf': BUCKET });
    const told = ['main.tf: Judged without what cannot be read of this module: other.tf'];
    const one = await lintAfter(
      large,
      () => {},
      () => {
        for (const name of ['other.tf', 'n/main.tf']) {
          writeFileSync(join(large, name), '');
          truncateSync(join(large, name), 64 * 1024 * 1024 + 1);
        }
      },
    );
    assert.deepEqual([one.found(MISSING), one.told], [[], told]);
    assert.deepEqual(one.fatal, ['n/main.tf: Larger than 64 MB.', 'other.tf: Larger than 64 MB.']);
    const outside = join(folder({ 'x.tf': 'locals {}\n' }), 'x.tf');
    const other = await lintAfter(
      linked,
      () => {},
      () => symlinkSync(outside, join(linked, 'other.tf')),
    );
    assert.deepEqual([other.found(MISSING), other.told, other.fatal], [[], told, []]);
  });

  it('a folder that cannot be looked at is told of globs that reach into it', () => {
    const cwd = folder({ 'a.yaml': queue(), 'd/e/b.yaml': queue(), 'f/e/c.yaml': queue() });
    const { readdirSync } = fs;
    try {
      fs.readdirSync = ((path: string, options: object) => {
        if (path === join(cwd, 'd/e')) throw Object.assign(new Error('x'), { code: 'EACCES' });
        return readdirSync(path, options as { withFileTypes: true });
      }) as typeof readdirSync;
      syncBuiltinESMExports();
      const closed = ['d/e: Cannot be read: permission denied.'];
      for (const [glob, files, told] of [
        ['**/*.yaml', ['a.yaml', 'f/e/c.yaml'], closed],
        ['{d,f}/e/*.yaml', ['f/e/c.yaml'], closed],
        ['?/e/*', ['f/e/c.yaml'], closed],
        ['*.yaml', ['a.yaml'], []],
        ['f*/e/*.yaml', ['f/e/c.yaml'], []],
        ['./f/**', ['f/e/c.yaml'], []],
      ] as const) {
        const { files: found, errors } = findFiles([glob], cwd);
        assert.deepEqual(
          found.map(({ path }) => path),
          files.map((name) => join(cwd, name)),
          glob,
        );
        assert.deepEqual(
          errors.map(({ file, message }) => `${file}: ${message}`),
          told,
          glob,
        );
      }
    } finally {
      fs.readdirSync = readdirSync;
      syncBuiltinESMExports();
    }
  });

  it('a folder that vanishes while others are looked at is told', () => {
    const cwd = folder({ 'a.yaml': queue(), 'd/b.yaml': queue(), 'e/c.yaml': queue() });
    const { readdirSync } = fs;
    try {
      // As if somebody removed it at that very moment.
      fs.readdirSync = ((path: string, options: object) => {
        const names = readdirSync(path, options as { withFileTypes: true });
        if (path === cwd) {
          rmSync(join(cwd, 'd'), { recursive: true });
          renameSync(join(cwd, 'e'), join(cwd, 'f'));
          writeFileSync(join(cwd, 'e'), 'a file');
        }
        return names;
      }) as typeof readdirSync;
      syncBuiltinESMExports();
      const { files, errors } = findFiles(['.'], cwd);
      assert.deepEqual(
        files.map(({ path }) => path),
        [join(cwd, 'a.yaml')],
      );
      assert.deepEqual(errors.map(({ file, message }) => `${file}: ${message}`).sort(), [
        `d: ${GONE}`,
        'e: Cannot be read: part of its path is no folder.',
      ]);
    } finally {
      fs.readdirSync = readdirSync;
      syncBuiltinESMExports();
    }
  });
});

describe('while the command line runs', { skip: isWindows && 'no pipes in folders' }, () => {
  it('files that go, or become something else, are told, and the exit code says that not all was linted', async () => {
    const count = 120;
    const queues = Array.from({ length: 20 }, (_, i) =>
      queue().slice(queue().indexOf('  Queue')).replace('Queue', `Q${i}`),
    ).join('');
    const name = (i: number) => `f${10_000 + i}.yaml`;
    const cwd = folder(Object.fromEntries(Array.from({ length: count }, (_, i) => [name(i), `Resources:\n${queues}`])));
    const child = spawn(process.execPath, [CLI, 'lint', '.', '--format', 'github', '--jobs', '1'], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(child, 'exit');
    const said = text(child.stderr);
    // What it writes is read only when all has happened: until then it waits with the pipe full.
    await once(child.stdout, 'readable');
    const at = (i: number) => join(cwd, name(i));
    rmSync(at(count - 1));
    rmSync(at(count - 2));
    mkdirSync(at(count - 2));
    rmSync(at(count - 3));
    assert.equal(spawnSync('mkfifo', [at(count - 3)]).status, 0);
    const output = await text(child.stdout);
    assert.ok(output.length > 2 * 65_536, 'more than a pipe takes');
    const [code] = await ended;
    assert.equal(code, 2, await said);
    const lines = output.split('\n').filter((line) => line.includes(`file=${name(0).slice(0, 2)}`));
    const of = (i: number) => lines.filter((line) => line.includes(`file=${name(i)}`));
    for (const i of [1, 2, 3]) {
      assert.equal(of(count - i).length, 1, `${name(count - i)}: ${of(count - i)}`);
      assert.match(of(count - i)[0] ?? '', i === 1 ? /Cannot be read: no such file/ : /Not a file/);
    }
    assert.ok(of(count - 4).some((line) => line.includes(SQS) || /encrypt/i.test(line)));
  });
});
