/** Which texts are compared for the files that a branch changes. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ChangedFile, isCandidate, plan } from '../../client/src/branch-changes.ts';

/** `base → head` of each template; `*` marks a text of the commit. */
function planned(changed: readonly ChangedFile[], folders: Readonly<Record<string, readonly string[]>> = {}) {
  const names = (texts: readonly { path: string; version: string }[]) =>
    texts.map(({ path, version }) => (version === 'commit' ? `${path}*` : path)).join(' ') || '-';
  const siblings = (folder: string) => (folders[folder] ?? []).map((name) => `${folder}/${name}`);
  return plan(changed, siblings).map(({ base, head }) => `${names(base)} → ${names(head)}`);
}

describe('files of our languages', () => {
  it('are told by their extension', () => {
    for (const name of ['a.json', 'a.jsonc', 'a.yaml', 'a.yml', 'a.template', 'a.tf.json', 'A.YAML'])
      assert.ok(isCandidate(`/r/${name}`), name);
    for (const name of ['a.tf', 'a.tofu', 'a.tofu.json', 'terraform.tfvars', 'x.auto.tfvars', 'x.auto.tfvars.json'])
      assert.ok(isCandidate(`/r/${name}`), name);
    const fetched = ['node_modules/p/a.json', '.terraform/modules/m/main.tf', '.terragrunt-cache/x/main.tf'];
    for (const name of ['a.ts', 'prod.tfvars', 'a.hcl', 'yaml', 'a.yaml.bak', ...fetched])
      assert.ok(!isCandidate(`/r/${name}`), name);
  });

  it('are compared one by one: changed, added, deleted, renamed', () => {
    assert.deepEqual(
      planned([
        { before: '/r/a.yaml', after: '/r/a.yaml' },
        { after: '/r/b.json' },
        { before: '/r/c.yml' },
        { before: '/r/d.yaml', after: '/r/e.yaml' },
        { before: '/r/f.txt', after: '/r/f.yaml' },
        { before: '/r/g.ts', after: '/r/g.ts' },
      ]),
      ['/r/a.yaml* → /r/a.yaml', '- → /r/b.json', '/r/c.yml* → -', '/r/d.yaml* → /r/e.yaml', '- → /r/f.yaml'],
    );
  });
});

describe('a Terraform module', () => {
  it('is compared as a whole; what did not change is the same on both sides', () => {
    assert.deepEqual(
      planned([{ before: '/r/m/vars.tf.json', after: '/r/m/vars.tf.json' }], {
        '/r/m': ['main.tf.json', 'vars.tf.json'],
      }),
      ['/r/m/vars.tf.json* /r/m/main.tf.json → /r/m/vars.tf.json /r/m/main.tf.json'],
    );
  });

  it('has the files that were deleted and renamed on the old side only', () => {
    assert.deepEqual(
      planned([{ before: '/r/m/old.tf.json' }, { before: '/r/m/a.tf.json', after: '/r/m/b.tf.json' }], {
        '/r/m': ['b.tf.json', 'main.tf.json'],
      }),
      ['/r/m/old.tf.json* /r/m/a.tf.json* /r/m/main.tf.json → /r/m/b.tf.json /r/m/main.tf.json'],
    );
  });

  it('that is new or gone has one side', () => {
    assert.deepEqual(planned([{ after: '/r/n/a.tf.json' }], { '/r/n': ['a.tf.json'] }), ['- → /r/n/a.tf.json']);
    assert.deepEqual(planned([{ before: '/r/n/a.tf.json' }]), ['/r/n/a.tf.json* → -']);
  });

  it('whose folder was renamed is the same module', () => {
    assert.deepEqual(
      planned(
        [
          { before: '/r/x/a.tf.json', after: '/r/y/a.tf.json' },
          { before: '/r/x/b.tf.json', after: '/r/y/b.tf.json' },
        ],
        { '/r/y': ['a.tf.json', 'b.tf.json'] },
      ),
      ['/r/x/a.tf.json* /r/x/b.tf.json* → /r/y/a.tf.json /r/y/b.tf.json'],
    );
  });

  it('that gives a file to another one is two modules', () => {
    assert.deepEqual(
      planned([{ before: '/r/x/a.tf.json', after: '/r/y/a.tf.json' }], {
        '/r/x': ['main.tf.json'],
        '/r/y': ['a.tf.json', 'main.tf.json'],
      }),
      ['/r/x/a.tf.json* /r/x/main.tf.json → /r/x/main.tf.json', '/r/y/main.tf.json → /r/y/a.tf.json /r/y/main.tf.json'],
    );
  });
});
