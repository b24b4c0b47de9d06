/** What the command line writes: fixes into files that others may change, reports to where there may be no room. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs, { chmodSync, chownSync, existsSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Configurations } from '../../server/src/cli/config.ts';
import { findFiles } from '../../server/src/cli/files.ts';
import { lint } from '../../server/src/cli/lint.ts';
import { loadIamData } from '../support/iam-data.ts';
import { CLI, demarc, folder, queue } from './cli-support.ts';

loadIamData();
const isRoot = process.getuid?.() === 0;
const isWindows = process.platform === 'win32';
const bucket = (name: string) => `resource "aws_sqs_queue" "${name}" {\n  sqs_managed_sse_enabled = false\n}\n`;

/** Applies fixes in this process. */
async function fix(cwd: string) {
  const { files } = findFiles(['.'], cwd);
  const { fixed, errors } = await lint(files, undefined, new Configurations(cwd, {}), {
    cwd,
    fix: true,
    today: '2026-01-01',
  });
  return {
    fixed: [...new Set(fixed.map(({ file }) => file))],
    fatal: errors.filter((one) => one.fatal).map(({ file, message }) => `${file}: ${message}`),
  };
}

/** With a function of the file system as it is told. */
async function withPatched<K extends 'readFileSync' | 'renameSync'>(
  name: K,
  patched: (original: (typeof fs)[K]) => (typeof fs)[K],
  run: () => Promise<void>,
): Promise<void> {
  const original = fs[name];
  try {
    fs[name] = patched(original);
    syncBuiltinESMExports();
    await run();
  } finally {
    fs[name] = original;
    syncBuiltinESMExports();
  }
}

describe('a fix', () => {
  it('does not write over what somebody else wrote meanwhile', async () => {
    const cwd = folder({ 'a.yaml': queue(), 'b.yaml': queue() });
    const path = join(cwd, 'a.yaml');
    const edited = `# edited meanwhile\n${queue()}`;
    let reads = 0;
    await withPatched(
      'readFileSync',
      (original) =>
        ((...args: Parameters<typeof original>) => {
          const bytes = original(...args);
          if (args[0] === path && !reads++) writeFileSync(path, edited);
          return bytes;
        }) as typeof original,
      async () => {
        const { fixed, fatal } = await fix(cwd);
        assert.deepEqual(fixed, ['b.yaml']);
        assert.deepEqual(fatal, ['a.yaml: Not fixed: it was changed meanwhile.']);
      },
    );
    assert.equal(readFileSync(path, 'utf8'), edited);
    assert.equal(readFileSync(join(cwd, 'b.yaml'), 'utf8'), queue('true'));
  });

  it('is told where it is written, and of a module that is written in part only there', async () => {
    const cwd = folder({ 'm/a.tf': bucket('a'), 'm/b.tf': bucket('b') });
    await withPatched(
      'renameSync',
      (original) => (from, to) => {
        if (String(to).endsWith('b.tf')) throw Object.assign(new Error('x'), { code: 'ENOSPC' });
        original(from, to);
      },
      async () => {
        const { fixed, fatal } = await fix(cwd);
        assert.deepEqual(fixed, ['m/a.tf']);
        assert.deepEqual(fatal, ['m/b.tf: Cannot be written: no space left.']);
      },
    );
    assert.match(readFileSync(join(cwd, 'm/a.tf'), 'utf8'), /enabled = true/);
    assert.equal(readFileSync(join(cwd, 'm/b.tf'), 'utf8'), bucket('b'));
  });

  it('is not written into a file that may not be written', {
    skip: isRoot && 'root may write everything',
  }, async () => {
    const cwd = folder({ 'a.yaml': queue() });
    chmodSync(join(cwd, 'a.yaml'), 0o444);
    assert.deepEqual((await fix(cwd)).fatal, ['a.yaml: Cannot be written: permission denied.']);
    assert.equal(readFileSync(join(cwd, 'a.yaml'), 'utf8'), queue());
  });

  it('leaves a file to whom it belongs', { skip: !isRoot && 'only root may give files away' }, async () => {
    const cwd = folder({ 'a.yaml': queue() });
    const path = join(cwd, 'a.yaml');
    chownSync(path, 12_345, 23_456);
    chmodSync(path, 0o640);
    assert.deepEqual(await fix(cwd), { fixed: ['a.yaml'], fatal: [] });
    const { uid, gid, mode } = statSync(path);
    assert.deepEqual([uid, gid, mode & 0o7777], [12_345, 23_456, 0o640]);
  });
});

describe('a report', () => {
  it('that finds no room is no success, and says so', { skip: !existsSync('/dev/full') && 'no /dev/full' }, () => {
    const cwd = folder({ 'a.yaml': queue('true') });
    for (const format of ['pretty', 'json', 'sarif', 'markdown']) {
      const { status, stderr } = spawnSync(process.execPath, [CLI, 'lint', '.', '--format', format], {
        cwd,
        stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
        encoding: 'utf8',
      });
      assert.deepEqual([status, stderr], [2, 'demarc: The report cannot be written: no space left.\n'], format);
    }
  });

  it('fails as one of ours where something fails that nobody caught', () => {
    const cwd = folder({ 'a.yaml': queue() });
    const file = join(cwd, 'fault.cjs');
    for (const fault of ["Promise.reject(new Error('lost'))", "setImmediate(() => { throw new Error('lost'); })"]) {
      writeFileSync(file, `${fault};\n`);
      const env = { NODE_OPTIONS: `--require ${file}` };
      const { code, stderr } = demarc(cwd, ['lint', 'a.yaml'], undefined, env);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /^demarc: internal error: Error: lost\n/);
    }
  });

  it('keeps to a file that may not be written', { skip: (isRoot || isWindows) && 'root may write everything' }, () => {
    const cwd = folder({ 'a.yaml': queue('true'), 'report.json': 'mine' });
    chmodSync(join(cwd, 'report.json'), 0o444);
    const { code, stderr } = demarc(cwd, ['lint', 'a.yaml', '--format', 'json', '--output', 'report.json']);
    assert.equal(code, 2);
    assert.match(stderr, /report\.json: Cannot be written: permission denied/);
    assert.equal(readFileSync(join(cwd, 'report.json'), 'utf8'), 'mine');
  });
});
