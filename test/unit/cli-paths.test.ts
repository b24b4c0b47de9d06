/** Paths and globs of the command line, as each system writes them. */

import assert from 'node:assert/strict';
import { posix, win32 } from 'node:path';
import { describe, it } from 'node:test';
import { isBelow } from '../../server/src/cli/boundary.ts';
import { coveredBy, splitGlob } from '../../server/src/cli/files.ts';

const split = (pattern: string, system: typeof win32) => {
  const { base, rest } = splitGlob(pattern, system === win32 ? 'D:\\work\\app' : '/srv/app', system);
  return [base, rest];
};

describe('globs on the command line', () => {
  it('begin at their last folder without a wildcard', () => {
    for (const [pattern, base, rest] of [
      ['*.yaml', '/srv/app', '/*.yaml'],
      ['./*.yaml', '/srv/app', '/*.yaml'],
      ['a/b/*/c.yaml', '/srv/app/a/b', '/*/c.yaml'],
      ['../**/c.{yaml,json}', '/srv', '/**/c.{yaml,json}'],
      ['/*.yaml', '/', '/*.yaml'],
      ['/a//b/*.yaml', '/a/b', '/*.yaml'],
      ['a\\b*.yaml', '/srv/app', '/a\\b*.yaml'],
    ] as const)
      assert.deepEqual(split(pattern, posix), [base, rest], pattern);
  });

  it('are understood with drives, shares and either slash on Windows', () => {
    for (const [pattern, base, rest] of [
      ['*.yaml', 'D:\\work\\app', '/*.yaml'],
      ['a\\b\\*.yaml', 'D:\\work\\app\\a\\b', '/*.yaml'],
      ['..\\**\\c.yaml', 'D:\\work', '/**/c.yaml'],
      ['C:/*.yaml', 'C:\\', '/*.yaml'],
      ['C:\\*.yaml', 'C:\\', '/*.yaml'],
      ['D:/*.yaml', 'D:\\', '/*.yaml'],
      ['c:\\a\\b/*\\c.yaml', 'c:\\a\\b', '/*/c.yaml'],
      ['\\*.yaml', 'D:\\', '/*.yaml'],
      ['/a/*.yaml', 'D:\\a', '/*.yaml'],
      ['\\\\server\\share\\a\\*.yaml', '\\\\server\\share\\a', '/*.yaml'],
      ['\\\\server\\share\\*.yaml', '\\\\server\\share\\', '/*.yaml'],
    ] as const)
      assert.deepEqual(split(pattern, win32), [base, rest], pattern);
  });
});

describe('what a command line stands for', () => {
  it('lies below it', () => {
    const covers = coveredBy(['a', 'b/*.yaml', 'named.txt'], '/srv', posix);
    for (const path of ['/srv/a/x.yaml', '/srv/a/deep/x.tf', '/srv/b/x.yaml', '/srv/named.txt'])
      assert.ok(covers(path), path);
    for (const path of ['/srv/x.yaml', '/srv/ab/x.yaml', '/srv/b/c/x.yaml', '/srv/a/.hidden/x.yaml', '/srv/a/x.txt'])
      assert.ok(!covers(path), path);
  });

  it('lies on the same drive on Windows', () => {
    for (const words of [['.'], ['**'], ['C:\\work'], ['C:/**/*.yaml']]) {
      const covers = coveredBy(words, 'C:\\work', win32);
      assert.ok(covers('C:\\work\\a\\x.yaml'), words[0]);
      assert.ok(covers('c:\\Work\\a\\x.yaml'), 'drives and folders have no case');
      assert.ok(!covers('D:\\work\\a\\x.yaml'), words[0]);
      assert.ok(!covers('\\\\server\\share\\x.yaml'), words[0]);
    }
    assert.ok(!coveredBy(['C:/srv/*.yaml'], 'C:\\work', win32)('C:\\x.yaml'));
  });

  it('is told by whole names', () => {
    for (const [folder, path, is] of [
      ['C:\\a', 'C:\\a\\b', true],
      ['C:\\a', 'C:\\a', true],
      ['C:\\a', 'C:\\ab', false],
      ['C:\\a', 'C:\\a\\..b', true],
      ['C:\\a', 'D:\\a\\b', false],
      ['\\\\server\\one', '\\\\server\\two\\a', false],
    ] as const)
      assert.equal(isBelow(folder, path, win32), is, `${path} in ${folder}`);
    assert.ok(isBelow('/', '/a', posix));
    assert.ok(!isBelow('/a', '/b/a', posix));
  });
});
