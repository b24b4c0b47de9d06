/** What a stranger's tree cannot do to the machine that it is looked at on: read, write or run what lies outside of it. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { writeText } from '../../server/src/cli/files.ts';
import { programIn } from '../../server/src/cli/git.ts';
import { isPlanted, isStrangers } from '../../server/src/strangers.ts';
import { Client } from '../lsp/client.ts';
import { demarc, folder, json, queue, SQS, tfQueue, unused, where } from './cli-support.ts';

const SECRET = 'AKIAZQXZQXZQXZQXZQXZ';
const skip = process.platform === 'win32' && 'links need rights on Windows';

/** A tree, and a folder of somebody else beside it. */
function strangers(files: Readonly<Record<string, string>>): { readonly cwd: string; readonly outside: string } {
  return { cwd: folder(files), outside: folder({}) };
}

const all = ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) => stdout + stderr;

describe('what somebody else put into a folder where anybody may write', () => {
  const [ME, STRANGER, FRIEND, ROOT] = [1000, 1001, 1002, 0];

  it('is told by the permissions of the folder and by who owns what', () => {
    const planted = (mode: number, folder: number, file: number) =>
      isPlanted({ mode: 0o40000 | mode, uid: folder }, { uid: file }, ME);
    for (const mode of [0o777, 0o1777, 0o773, 0o702]) {
      assert.ok(planted(mode, ROOT, STRANGER), `/tmp: ${mode.toString(8)}`);
      for (const owner of [ME, ROOT]) assert.ok(!planted(mode, FRIEND, owner), 'ours, and the system’s');
      assert.ok(!planted(mode, STRANGER, STRANGER), 'a checkout of somebody else, as in a container');
    }
    for (const mode of [0o755, 0o775, 0o1775, 0o700]) assert.ok(!planted(mode, ROOT, STRANGER), mode.toString(8));
    assert.ok(!isStrangers(join(tmpdir(), 'nothing', 'there'), ME));
    assert.ok(!isStrangers(tmpdir(), undefined), 'Windows');
  });

  const owners = process.getuid?.() !== 0 && 'only root can make files that belong to somebody else';

  it('is no configuration, and makes no repository', { skip: owners }, async () => {
    const top = unused();
    mkdirSync(join(top, 'own'), { recursive: true });
    chmodSync(top, 0o1777);
    writeFileSync(join(top, 'own', 'a.yaml'), queue());
    writeFileSync(join(top, '.demarc.yaml'), `rules:\n  ${SQS}: off\n`);
    const found = async () => {
      const folder = pathToFileURL(join(top, 'own')).href;
      const client = await Client.start({ folder });
      await client.open(`${folder}/a.yaml`, queue(), 'yaml');
      const items = (await client.diagnostics(`${folder}/a.yaml`)).filter(({ code }) => code === SQS);
      await client.stop();
      return [where(json(top, 'own')).length, where(json(join(top, 'own'))).length, items.length];
    };
    mkdirSync(join(top, '.git'));
    assert.deepEqual(await found(), [0, 0, 0], 'our own');
    chownSync(join(top, '.git'), STRANGER, STRANGER);
    assert.deepEqual(await found(), [0, 1, 1], 'the repository is not ours: nothing above the folder at hand counts');
    chownSync(join(top, '.git'), ROOT, ROOT);
    chownSync(join(top, '.demarc.yaml'), STRANGER, STRANGER);
    assert.deepEqual(await found(), [1, 1, 1], 'nor is the configuration');
    const { errors, code } = json(top, 'own');
    assert.deepEqual(errors, [
      {
        file: '.demarc.yaml',
        message: 'Left alone: somebody else put it into a folder where anybody may write.',
      },
    ]);
    assert.equal(code, 1);
    chmodSync(top, 0o755);
    assert.deepEqual(await found(), [0, 0, 0], 'a folder of ours, in which a colleague has written');
  });
});

describe('a link that leads out of the repository', { skip }, () => {
  it('is not read: template, configuration, values, module', () => {
    const variable = { variable: { name: {} }, module: { out: { source: './module' }, far: { source: '../FAR' } } };
    const { cwd, outside } = strangers({ 'a.yaml': queue() });
    mkdirSync(join(cwd, 'tf'));
    const main = {
      ...variable,
      resource: { aws_sqs_queue: { q: { name: '${var.name}', sqs_managed_sse_enabled: false } } },
    };
    const far = outside.slice(outside.lastIndexOf('/') + 1);
    writeFileSync(join(cwd, 'tf', 'main.tf.json'), JSON.stringify(main).replace('../FAR', `../../${far}/mod`));
    mkdirSync(join(outside, 'mod'));
    writeFileSync(join(outside, 'queue.yaml'), queue().replace('Queue:', `${SECRET}:`));
    writeFileSync(join(outside, 'notes'), `${SECRET}: [\n"${SECRET}`);
    writeFileSync(join(outside, 'values'), `name = "${SECRET}"\n${SECRET} = {`);
    writeFileSync(join(outside, 'mod', 'main.tf.json'), tfQueue(SECRET, false));
    symlinkSync(join(outside, 'queue.yaml'), join(cwd, 'b.yaml'));
    symlinkSync(join(outside, 'notes'), join(cwd, 'tf', '.demarc.yaml'));
    symlinkSync(join(outside, 'values'), join(cwd, 'tf', 'x.auto.tfvars'));
    symlinkSync(join(outside, 'mod'), join(cwd, 'tf', 'module'));
    for (const format of ['pretty', 'json', 'sarif', 'markdown', 'github']) {
      const ran = demarc(cwd, ['lint', '.', '--format', format]);
      assert.ok(!all(ran).includes(SECRET), `${format}: ${all(ran)}`);
      assert.match(all(ran), /tf\/\.demarc\.yaml/, 'the configuration is not taken for none');
    }
    rmSync(join(cwd, 'tf', '.demarc.yaml'));
    assert.deepEqual(where(json(cwd)), ['a.yaml Queue', 'tf/main.tf.json aws_sqs_queue.q']);
    // The same within the tree is followed.
    symlinkSync(join(cwd, 'a.yaml'), join(cwd, 'c.yaml'));
    assert.deepEqual(where(json(cwd, 'c.yaml')), ['c.yaml Queue']);
  });

  it('is an error where it is named', () => {
    const { cwd, outside } = strangers({ 'x/a.yaml': queue() });
    writeFileSync(join(outside, 'b.yaml'), queue());
    symlinkSync(join(outside, 'b.yaml'), join(cwd, 'b.yaml'));
    symlinkSync(outside, join(cwd, 'folder'));
    for (const name of ['b.yaml', 'folder', 'folder/b.yaml', 'folder/*.yaml', 'folder/**']) {
      const { code, stdout } = demarc(cwd, ['lint', name]);
      assert.equal(code, 2, name);
      assert.match(stdout, /leads out of the repository/, name);
    }
    assert.equal(demarc(cwd, ['lint', join(outside, 'b.yaml')]).code, 1, 'its target may be named');
    assert.equal(demarc(cwd, ['lint', 'x', '--config', 'b.yaml']).code, 2);
    assert.equal(demarc(cwd, ['lint', 'x', '--baseline', 'b.yaml']).code, 2);
  });

  it('is not written through: neither by a fix nor by a report', () => {
    const { cwd, outside } = strangers({ 'a.yaml': queue() });
    const target = join(outside, 'b.yaml');
    writeFileSync(target, queue());
    symlinkSync(target, join(cwd, 'b.yaml'));
    symlinkSync(target, join(cwd, 'comment.md'));
    symlinkSync(outside, join(cwd, 'reports'));
    demarc(cwd, ['lint', '--fix', '.']);
    demarc(cwd, ['lint', '--fix', 'b.yaml']);
    assert.equal(readFileSync(join(cwd, 'a.yaml'), 'utf8'), queue('true'));
    assert.equal(readFileSync(target, 'utf8'), queue());
    for (const output of ['comment.md', 'reports/new.md', 'reports/deep/new.md']) {
      const { code, stderr } = demarc(cwd, ['lint', '--format', 'markdown', '--output', output]);
      assert.equal(code, 2, output);
      assert.match(stderr, /Cannot be written: It is a link that leads out/, output);
    }
    assert.equal(readFileSync(target, 'utf8'), queue());
    assert.deepEqual(readdirSync(outside), ['.git', 'b.yaml']);
    assert.equal(demarc(cwd, ['lint', '--output', join(outside, 'own.md')]).code, 0, 'a user may name any place');
    // A link to what is not there yet becomes the report itself.
    symlinkSync(join(outside, 'later'), join(cwd, 'dangling.md'));
    demarc(cwd, ['lint', '--output', 'dangling.md']);
    assert.ok(!existsSync(join(outside, 'later')));
    assert.ok(lstatSync(join(cwd, 'dangling.md')).isFile());
  });
});

describe('a file that is written', { skip }, () => {
  it('goes by way of no link that was laid out for it', () => {
    const { cwd, outside } = strangers({ 'a.yaml': 'old' });
    const target = join(outside, 'target');
    writeFileSync(target, 'theirs');
    // The name that was used once could be guessed.
    symlinkSync(target, join(cwd, `.a.yaml.${process.pid}.tmp`));
    writeText(join(cwd, 'a.yaml'), 'new');
    assert.equal(readFileSync(join(cwd, 'a.yaml'), 'utf8'), 'new');
    assert.equal(readFileSync(target, 'utf8'), 'theirs');
    assert.deepEqual(
      readdirSync(cwd).filter((name) => name.endsWith('.tmp')),
      [`.a.yaml.${process.pid}.tmp`],
    );
    assert.match(
      readFileSync('server/src/cli/files.ts', 'utf8'),
      /writeFileSync\(temporary, bytes, \{ flag: 'wx', mode \}\)/,
    );
  });
});

describe('a template in a wrong encoding', () => {
  it('is told of, not passed over', () => {
    const garbled = (text: string) => Buffer.concat([Buffer.from(text), Buffer.from('# caf\u00e9\n', 'latin1')]);
    const cwd = folder({
      'a.yaml': garbled(queue()),
      'main.tf': garbled('resource "aws_sqs_queue" "q" {\n}\n'),
      'none.yaml': garbled('a: b\n'),
      'none.json': Buffer.from([0xff, 0, 0xfe, 0x80]),
    });
    const { code, errors } = json(cwd);
    assert.equal(code, 2);
    assert.deepEqual(
      errors.map(({ file }) => file),
      ['a.yaml', 'main.tf'],
    );
    assert.match(errors[0]?.message ?? '', /^Not UTF-8/);
  });
});

describe('a module source', () => {
  it('is not followed out of the repository', () => {
    const { cwd, outside } = strangers({});
    const name = outside.slice(outside.lastIndexOf('/') + 1);
    writeFileSync(join(outside, 'main.tf'), `output "name" {\n  value = "${SECRET}"\n}\n`);
    writeFileSync(
      join(cwd, 'main.tf'),
      `module "far" {\n  source = "../${name}"\n}\n\nresource "aws_iam_user_policy" "p" {\n  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = module.far.name, Resource = "*" }] })\n}\n`,
    );
    assert.ok(!all(demarc(cwd, ['lint', '.', '--format', 'json', '--tier', 'all'])).includes(SECRET));
    // From a root without a repository of its own it would be: the test can see it.
    const alone = realpathSync(mkdtempSync(join(tmpdir(), 'demarc-alone-')));
    after(() => rmSync(alone, { recursive: true, force: true }));
    mkdirSync(join(alone, 'far'));
    mkdirSync(join(alone, 'root'));
    writeFileSync(join(alone, 'far', 'main.tf'), readFileSync(join(outside, 'main.tf')));
    writeFileSync(
      join(alone, 'root', 'main.tf'),
      readFileSync(join(cwd, 'main.tf'), 'utf8').replace(`../${name}`, '../far'),
    );
    assert.ok(all(demarc(join(alone, 'root'), ['lint', '.', '--format', 'json', '--tier', 'all'])).includes(SECRET));
  });
});

describe('the language server', { skip }, () => {
  it('reads no device that a link leads to, and says so', async () => {
    const cwd = folder({ 'main.tf': 'resource "aws_sqs_queue" "q" {\n  sqs_managed_sse_enabled = false\n}\n' });
    symlinkSync('/dev/zero', join(cwd, 'zero.tf'));
    execFileSync('mkfifo', [join(cwd, 'pipe.tf')]);
    const client = await Client.start({ folder: pathToFileURL(cwd).href });
    try {
      const uri = pathToFileURL(join(cwd, 'main.tf')).href;
      await client.open(uri, readFileSync(join(cwd, 'main.tf'), 'utf8'), 'terraform');
      assert.deepEqual(await client.findings(uri), [`${SQS} on "false"`, 'left-out on "resource"']);
    } finally {
      await client.stop();
    }
  });
});

describe('git', { skip }, () => {
  const git = (cwd: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();

  it('is taken from the search path, never from the working folder or from packages', () => {
    const cwd = folder({ git: '', 'bin/git': '', 'node_modules/.bin/git': '', 'dir/git/x': '' });
    const own = (...names: string[]) => names.map((name) => (name.startsWith('.') || !name ? name : join(cwd, name)));
    const path = [...own('', '.', './bin', 'node_modules/.bin', 'dir', 'none'), 'bin'].join(delimiter);
    assert.equal(programIn(path, 'git'), undefined);
    assert.equal(programIn([path, join(cwd, 'bin')].join(delimiter), 'git'), join(cwd, 'bin', 'git'));
  });

  it('runs no hook, and fetches nothing that a partial clone lacks', () => {
    const cwd = folder({ 'a.yaml': queue('true'), 'b.yaml': queue('false') });
    const evil = join(cwd, '.git', 'evil.sh');
    git(cwd, 'init', '-q', '-b', 'main');
    git(cwd, 'add', '-A');
    git(cwd, 'commit', '-q', '-m', 'x', '--no-gpg-sign');
    const blob = git(cwd, 'rev-parse', 'HEAD:a.yaml');
    git(cwd, 'checkout', '-q', '-b', 'work');
    writeFileSync(join(cwd, 'a.yaml'), queue('false'));
    writeFileSync(evil, `#!/bin/sh\ntouch "${join(cwd, 'ran')}"\n`);
    chmodSync(evil, 0o755);
    const hooks = join(cwd, '.git', 'evil-hooks');
    mkdirSync(hooks);
    for (const hook of ['post-index-change', 'post-checkout', 'reference-transaction', 'fsmonitor-watchman'])
      symlinkSync(evil, join(hooks, hook));
    for (const [key, value] of [
      ['core.repositoryFormatVersion', '1'],
      ['core.hooksPath', hooks],
      ['core.sshCommand', evil],
      ['extensions.partialClone', 'origin'],
      ['remote.origin.promisor', 'true'],
      ['remote.origin.url', `ext::${evil} %S`],
      ['remote.origin.uploadpack', evil],
      ['protocol.ext.allow', 'always'],
      ['protocol.allow', 'always'],
    ] as const)
      git(cwd, 'config', key, value);
    rmSync(join(cwd, '.git', 'objects', blob.slice(0, 2), blob.slice(2)));
    const ran = demarc(cwd, ['lint', '--since', 'main']);
    assert.ok(!existsSync(join(cwd, 'ran')), all(ran));
    assert.match(all(ran), /cannot be read from git/);
    // It is no idle test: left to itself git runs it.
    assert.throws(() => git(cwd, 'cat-file', 'blob', blob));
    assert.ok(existsSync(join(cwd, 'ran')));
  });

  it('trusts no bare repository that lies in the tree', () => {
    const cwd = folder({ 'sub/a.yaml': queue(), 'sub/HEAD': 'ref: refs/heads/main\n' });
    for (const name of ['objects', 'refs']) mkdirSync(join(cwd, 'sub', name));
    writeFileSync(
      join(cwd, 'sub', 'config'),
      '[core]\n\tbare = false\n\tworktree = ..\n\trepositoryformatversion = 0\n',
    );
    const { code, stderr } = demarc(join(cwd, 'sub'), ['lint', '--since', 'main']);
    assert.equal(code, 2);
    assert.match(stderr, /bare repository|needs a git repository/);
  });
});
