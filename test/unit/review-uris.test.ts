/** What the addresses of documents in a review say. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addedLines, filePath, lineIn, pathInRepository, sideOf } from '../../client/src/review-uris.ts';

const address = (scheme: string, query: unknown, path = '/repo/stack.yaml') => ({
  scheme,
  path,
  query: typeof query === 'string' ? query : JSON.stringify(query),
});

describe('the side of a change', () => {
  for (const [scheme, query, side] of [
    ['git', { path: '/repo/stack.yaml', ref: '' }, 'head'],
    ['git', { path: '/repo/stack.yaml', ref: '~' }, 'base'],
    ['git', { path: '/repo/stack.yaml', ref: 'HEAD' }, 'history'],
    ['review', { path: 'stack.yaml', commit: 'abc', base: true }, 'base'],
    ['review', { path: 'stack.yaml', commit: 'abc', base: false }, 'head'],
    ['review', { path: 'stack.yaml', commit: 'abc' }, 'history'],
    ['pr', { fileName: 'stack.yaml', isBase: true }, 'base'],
    ['pr', { fileName: 'stack.yaml', isBase: false }, 'head'],
    ['pr', { fileName: 'stack.yaml', isBase: 'false' }, 'history'],
    ['githubpr', { fileName: 'stack.yaml', branch: 'main' }, 'history'],
    ['githubcommit', { commit: 'abc', owner: 'o', repo: 'r' }, 'history'],
    ['gitlens', '{"ref":"abc"}', 'history'],
    ['git', '', 'history'],
    ['git', '{"ref":', 'history'],
    ['git', '[""]', 'history'],
    ['pr', '{"isBase":null}', 'history'],
  ] as const) {
    it(`${scheme}:?${typeof query === 'string' ? query : JSON.stringify(query)} is ${side}`, () =>
      assert.equal(sideOf(address(scheme, query)), side));
  }
});

describe('the file of a document', () => {
  it('is at its path, without what Git appends', () => {
    assert.equal(filePath(address('git', { path: '/repo/stack.yaml', ref: '' })), '/repo/stack.yaml');
    assert.equal(
      filePath(address('git', { path: '/repo/stack.yaml', ref: '' }, '/repo/stack.yaml.git')),
      '/repo/stack.yaml',
    );
    assert.equal(filePath(address('git', { path: 'C:\\repo\\a.diff', ref: '' }, '/c:/repo/a.diff')), '/c:/repo/a.diff');
    assert.equal(filePath(address('gitlens', '', '/repo/stack.yaml.git')), '/repo/stack.yaml.git');
  });

  it('is named below the repository by GitHub, never above it', () => {
    assert.equal(pathInRepository(address('pr', { fileName: 'infra/a.yaml' })), 'infra/a.yaml');
    assert.equal(pathInRepository(address('githubcommit', { commit: 'abc' }, '/infra/a.yaml')), 'infra/a.yaml');
    for (const fileName of ['../a.yaml', 'infra/../../a.yaml', '/etc/passwd', '..\\a.yaml', './a', '', 7, null])
      assert.equal(pathInRepository(address('pr', { fileName })), undefined, String(fileName));
  });
});

describe('the lines of a fix', () => {
  it('are those that the diff adds', () => {
    assert.equal(addedLines(' a:\n-  b: 1\n+  b: 2\n+  c: 3\n d: 4'), '  b: 2\n  c: 3');
  });

  it('are not given where there are none, or not all', () => {
    assert.equal(addedLines('-a: 1'), undefined);
    assert.equal(addedLines('+a: 1\n@@ …'), undefined);
    assert.equal(addedLines('+…{"a": 1}'), undefined);
    assert.equal(addedLines('+{"a": 1…'), undefined);
  });
});

describe('the line of another version', () => {
  const lines = ['A:', '  on: false', 'B:', '  on: false', '  size: 1', 'C:', '  on: false'];
  const at = (number: number, text: string, resource?: number) => lineIn(lines, { number, text }, resource);

  it('is the same number where the text is the same', () => assert.equal(at(3, '  on: false', 5), 3));
  it('is the first such line of its resource', () => assert.equal(at(9, '  on: false', 2), 3));
  it('is the nearest one where the resource is not known', () => assert.equal(at(20, '    on: false'), 6));
  it('is the resource where the line is gone', () => assert.equal(at(4, '  size: 2', 2), 2));
  it('is within the text where all is gone', () => {
    assert.equal(at(99, '  size: 2'), 6);
    assert.equal(lineIn([''], { number: 3, text: '' }, undefined), 0);
  });
});
