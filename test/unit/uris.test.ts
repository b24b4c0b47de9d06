import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  childOf,
  folderOf,
  innermost,
  inWorkspace,
  isWithin,
  keyOf,
  nameOf,
  pathBelow,
  schemeOf,
} from '../../server/src/lsp/uris.ts';
import { withoutQuery } from '../../server/src/syntax/uri.ts';

/** As VS Code's Git extension makes them. */
const git = (path: string, own = path, ref = 'HEAD') =>
  `git:${path}?${encodeURIComponent(JSON.stringify({ path: own, ref }))}`;

describe('URIs', () => {
  it('lose their query and fragment, paths lose nothing', () => {
    assert.equal(withoutQuery(git('/a/main.tf.json')), 'git:/a/main.tf.json');
    assert.equal(withoutQuery('vscode-vfs://github/o/r/a.json#L1'), 'vscode-vfs://github/o/r/a.json');
    assert.equal(withoutQuery('/a/what?#.tf.json'), '/a/what?#.tf.json');
    assert.equal(withoutQuery('C:\\a#b.json'), 'C:\\a#b.json');
  });

  it('have a scheme and a name', () => {
    assert.equal(schemeOf('file:///a'), 'file');
    assert.equal(schemeOf('no-uri'), '');
    assert.equal(nameOf(git('/a/main%20%281%29.tf.json')), 'main (1).tf.json');
    assert.equal(nameOf('untitled:Untitled-1'), 'Untitled-1');
    assert.equal(nameOf('file:///a/%zz.json'), '%zz.json');
  });

  it('lie in a folder, up to the root', () => {
    assert.equal(folderOf('file:///a/b.json'), 'file:///a');
    assert.equal(folderOf('file:///a'), 'file://');
    assert.equal(folderOf('file://'), undefined);
    assert.equal(folderOf('vscode-vfs://github/o'), 'vscode-vfs://github');
    assert.equal(folderOf('untitled:Untitled-1'), undefined);
  });

  it('keep their query, in which the path follows', () => {
    const folder = folderOf(git('/a/main.tf.json'));
    assert.equal(folder, git('/a'));
    assert.equal(childOf(folder ?? '', 'vars.tf.json'), git('/a/vars.tf.json'));
    assert.equal(folderOf('x:/a/b?plain'), 'x:/a?plain');
    assert.equal(childOf('x:/a?%7B', 'b c.json'), 'x:/a/b%20c.json?%7B');
    assert.equal(childOf('x:/a?1', 'b'), 'x:/a/b?1');
    assert.equal(childOf('x:/a', 'b\ud83d'), 'x:/a/b%EF%BF%BD', 'half a character, as it is typed');
    assert.equal(childOf('x:/a', '😀'), 'x:/a/%F0%9F%98%80');
  });

  it('keep the separators of the query', () => {
    const main = git('/c%3A/a/main.tf.json', 'c:\\a\\main.tf.json');
    assert.equal(childOf(folderOf(main) ?? '', 'vars.tf.json'), git('/c%3A/a/vars.tf.json', 'c:\\a\\vars.tf.json'));
  });

  it('of one file are one key, of two versions two', () => {
    assert.equal(keyOf('file:///a/b%20%28c%29.json'), keyOf('file:///a/b%20(c).json'));
    assert.equal(keyOf('file:///%zz'), 'file:///%zz');
    assert.notEqual(keyOf(git('/a', '/a', 'HEAD')), keyOf(git('/a', '/a', '~')));
  });

  it('are within a folder by whole names and in the same place only', () => {
    assert.ok(isWithin('file:///a', 'file:///a/b/c.json'));
    assert.ok(isWithin('file:///a', 'file:///a'));
    assert.ok(isWithin('file:///a%20b', 'file:///a b/c'));
    assert.ok(!isWithin('file:///a', 'file:///ab/c.json'));
    assert.ok(!isWithin('file:///a', 'git:/a/c.json'));
    assert.ok(!isWithin('vscode-vfs://github/o', 'vscode-vfs://azure/o/c'));
    assert.equal(pathBelow('file:///a', 'file:///a/b%20c/d.json'), 'b c/d.json');
    assert.equal(pathBelow('file:///a', 'file:///b'), undefined);
    assert.equal(innermost(['file:///a', 'file:///a/b', 'file://']), 'file:///a/b');
  });

  it('of other versions are placed where the file is in the workspace', () => {
    const folders = ['file:///a', 'file:///a/b', 'vscode-vfs://github/o'];
    assert.equal(inWorkspace(git('/a/b/c%20d.json'), folders), 'file:///a/b/c%20d.json');
    assert.equal(inWorkspace(git('/a/b'), folders), 'file:///a/b');
    assert.equal(inWorkspace('review:/o/c.json?{}', folders), 'vscode-vfs://github/o/c.json');
    assert.equal(inWorkspace('file:///elsewhere/c.json', folders), 'file:///elsewhere/c.json');
    assert.equal(inWorkspace('vscode-vfs://github/o/c.json', folders), 'vscode-vfs://github/o/c.json');
    assert.equal(inWorkspace(git('/ab/c.json'), folders), git('/ab/c.json'));
    assert.equal(inWorkspace('untitled:Untitled-1', ['file://']), 'untitled:Untitled-1');
  });

  it('that are none do no harm', () => {
    for (const text of [
      '',
      ':',
      '?',
      '#',
      'a',
      '//',
      '%',
      'x:?%',
      'git:?%7B%22path%22%3A1%7D',
      'x:/a?null',
      'x:/a?[]',
    ]) {
      assert.equal(typeof nameOf(text), 'string');
      assert.doesNotThrow(() => folderOf(text));
      assert.equal(typeof childOf(text, 'b'), 'string');
      assert.equal(typeof inWorkspace(text, ['file:///a']), 'string');
    }
  });
});
