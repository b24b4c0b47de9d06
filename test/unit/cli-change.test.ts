/** What a change introduced: against a revision of a real git repository, and against an earlier report. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import Ajv from 'ajv';
import { demarc, folder, type Json, json, queue, SQS, tfQueue } from './cli-support.ts';

const NO_CONFIGURATION = join(folder({ none: '' }), 'none');

function git(cwd: string, ...args: string[]): string {
  const identity = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.com', GIT_COMMITTER_NAME: 'a' };
  const env = {
    ...process.env,
    ...identity,
    GIT_COMMITTER_EMAIL: 'a@example.com',
    GIT_CONFIG_GLOBAL: NO_CONFIGURATION,
  };
  return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A repository with these files on `main`, and a branch `work` that is checked out. */
function repository(files: Readonly<Record<string, string>>): string {
  const cwd = folder(files);
  git(cwd, 'init', '-q', '-b', 'main');
  commit(cwd);
  git(cwd, 'checkout', '-q', '-b', 'work');
  return cwd;
}

function commit(cwd: string): void {
  git(cwd, 'add', '-A');
  git(cwd, 'commit', '-q', '-m', 'x', '--no-gpg-sign');
}

function put(cwd: string, name: string, text: string): void {
  mkdirSync(dirname(join(cwd, name)), { recursive: true });
  writeFileSync(join(cwd, name), text);
}

/** Two queues: the first as given, the second always wrong. */
const two = (value: string) => `${queue(value)}  Old:
    Type: AWS::SQS::Queue
    Properties:
      SqsManagedSseEnabled: false
`;
const BUCKET = 'resource "aws_s3_bucket" "b" {}\n';
/** Files whose bucket is no longer said to lack a public access block. */
function missing(cwd: string, ...args: string[]): string[] {
  const { stdout } = demarc(cwd, ['lint', '.', '--tier', 'all', '--format', 'json', ...args]);
  const { fixed } = JSON.parse(stdout) as Json;
  return (fixed ?? []).flatMap(({ ruleId, file }) => (ruleId === 's3-public-access-block-missing' ? [file] : []));
}
const changes = ({ findings }: Json) => findings.map(({ file, resource, change }) => `${change} ${file} ${resource}`);
const fixed = (report: Json) => report.fixed?.map(({ file, resource }) => `${file} ${resource}`);

describe('a change since a revision', () => {
  it('is what it introduces, fixes and leaves, and only what it introduces fails', () => {
    const cwd = repository({ 'a.yaml': two('true'), 'b.yaml': queue('false') });
    put(cwd, 'a.yaml', `# moves all lines\n${two('false')}`);
    put(cwd, 'b.yaml', queue('true'));
    const report = json(cwd, '--since', 'main');
    assert.deepEqual(changes(report), ['introduced a.yaml Queue', 'before a.yaml Old']);
    assert.deepEqual(fixed(report), ['b.yaml Queue']);
    assert.equal(report.fixed?.[0]?.range.start.line, 5, 'the place it had');
    assert.equal(report.code, 1);
    put(cwd, 'a.yaml', two('true'));
    assert.equal(json(cwd, '--since', 'main').code, 0, 'what was there before does not fail');
    assert.equal(json(cwd).code, 1);
    assert.equal('change' in (json(cwd).findings[0] ?? {}), false);
    assert.equal('fixed' in json(cwd), false);
  });

  it('is seen from the merge base, not from where the other branch went', () => {
    const cwd = repository({ 'a.yaml': queue('true') });
    put(cwd, 'a.yaml', queue('false'));
    commit(cwd);
    git(cwd, 'checkout', '-q', 'main');
    put(cwd, 'a.yaml', `# as well\n${queue('false')}`);
    commit(cwd);
    git(cwd, 'checkout', '-q', 'work');
    assert.deepEqual(changes(json(cwd, '--since', 'main')), ['introduced a.yaml Queue']);
    assert.deepEqual(changes(json(cwd, '--since', 'HEAD')), ['before a.yaml Queue']);
  });

  it('knows files that were renamed, new ones and deleted ones', () => {
    const cwd = repository({ 'a.yaml': two('true'), 'gone.yaml': queue('false'), 'keep.yaml': queue('false') });
    mkdirSync(join(cwd, 'sub'));
    git(cwd, 'mv', 'a.yaml', 'sub/b.yaml');
    put(cwd, 'new.yaml', queue('false').replace('Queue:', 'Fresh:'));
    rmSync(join(cwd, 'gone.yaml'));
    const report = json(cwd, '--since', 'main');
    assert.deepEqual(changes(report), ['before keep.yaml Queue', 'introduced new.yaml Fresh', 'before sub/b.yaml Old']);
    assert.deepEqual(fixed(report), ['gone.yaml Queue']);
    assert.equal(demarc(cwd, ['lint', '--since', 'main', 'gone.yaml']).code, 0, 'a deleted file may be named');
    assert.equal(demarc(cwd, ['lint', '--since', 'main', 'never.yaml']).code, 2);
    assert.deepEqual(fixed(json(cwd, '--since', 'main', 'sub')), [], 'only where it was asked for');
  });

  it('of a Terraform module sees all of its files as they were', () => {
    const value = (text: string) => JSON.stringify({ variable: { sse: { default: text === 'on' } } });
    const cwd = repository({
      'm/main.tf.json': tfQueue('q', '${var.sse}'),
      'm/vars.tf.json': value('on'),
      'm/other.tf.json': tfQueue('o', false),
    });
    put(cwd, 'm/vars.tf.json', value('off'));
    rmSync(join(cwd, 'm/other.tf.json'));
    const report = json(cwd, '--since', 'main');
    assert.deepEqual(changes(report), ['introduced m/main.tf.json aws_sqs_queue.q']);
    assert.deepEqual(fixed(report), ['m/other.tf.json aws_sqs_queue.o']);
    put(cwd, 'm/vars.tf.json', value('on'));
    git(cwd, 'add', '-A');
    git(cwd, 'mv', 'm', 'n');
    put(cwd, 'n/vars.tf.json', value('off'));
    assert.deepEqual(changes(json(cwd, '--since', 'main')), ['introduced n/main.tf.json aws_sqs_queue.q']);
  });

  it('fixes nothing by breaking the text, nor by suppressing', () => {
    const cwd = repository({ 'a.yaml': two('false'), 'b.yaml': queue('false') });
    put(cwd, 'a.yaml', two('false').replace('  Old:\n    Type: AWS::SQS::Queue', '  Old: [\n    {{{'));
    put(cwd, 'b.yaml', queue(`false # demarc-ignore ${SQS}: accepted`));
    const report = json(cwd, '--since', 'main');
    assert.deepEqual(fixed(report), []);
    assert.ok(report.errors.length);
    assert.match(
      demarc(cwd, ['lint', '--since', 'main']).stdout,
      /0 introduced, 0 fixed, \d+ before, 1 suppressed by this change\.\n$/,
    );
  });

  it('fixes nothing by growing beyond a limit', () => {
    const template = `${queue('false')}  Bucket: { Type: AWS::S3::Bucket }\n`;
    const cwd = repository({ 'a.yaml': template, 'b.yaml': template });
    const handles = Array.from(
      { length: 5000 },
      (_, i) => `  H${i}: { Type: AWS::CloudFormation::WaitConditionHandle }\n`,
    );
    put(cwd, 'a.yaml', template.replace('Resources:\n', `Resources:\n${handles.join('')}`));
    put(cwd, 'b.yaml', queue('false'));
    const report = json(cwd, '--since', 'main');
    assert.match(JSON.stringify(report.errors), /more than 5000 resources/);
    assert.deepEqual(changes(report), ['before b.yaml Queue']);
    assert.deepEqual(fixed(report), []);
    assert.deepEqual(missing(cwd, '--since', 'main'), ['b.yaml']);
  });

  it('makes nothing new of modules beyond the number that is followed', () => {
    const names = Array.from({ length: 103 }, (_, i) => `m${String(i).padStart(3, '0')}`);
    const calls = names.map((name) => `module "${name}" {\n  source = "../lib/${name}"\n}\n`).join('');
    const off = 'resource "aws_sqs_queue" "q" {\n  sqs_managed_sse_enabled = false\n}\n';
    const libraries = Object.fromEntries(names.map((name) => [`lib/${name}/main.tf`, off]));
    const protect = 'resource "aws_s3_bucket_public_access_block" "p" {\n  bucket = var.b\n}\nvariable "b" {}\n';
    const bucket = `${BUCKET}module "z" {\n  source = "../lib/z"\n  b = aws_s3_bucket.b.id\n}\n`;
    const cwd = repository({ ...libraries, 'lib/z/main.tf': protect, 'app/main.tf': calls, 'app/z.tf': bucket });
    put(cwd, 'app/main.tf', `# another text\n${calls}`);
    const all = json(cwd, '--since', 'main');
    assert.equal(all.findings.length, names.length);
    assert.deepEqual(
      all.findings.filter(({ change }) => change !== 'before').map(({ file }) => file),
      [],
      'all of them are asked for',
    );
    // Only the root is asked for: of the last calls nothing is known on either side.
    assert.deepEqual(missing(cwd, '--since', 'main', 'app'), []);
    put(cwd, 'app/main.tf', calls.replace(/module "m00[0-9]" [^}]*}\n/g, ''));
    assert.deepEqual(missing(cwd, '--since', 'main', 'app'), []);
    const own = protect.replace('var.b', 'aws_s3_bucket.b.id');
    put(cwd, 'app/main.tf', '');
    put(cwd, 'app/z.tf', BUCKET + own);
    assert.deepEqual(missing(cwd, '--since', 'main', 'app'), [], 'it was protected by one that is not followed');
    put(cwd, 'app/main.tf', calls);
    put(cwd, 'app/z.tf', BUCKET);
    const { stdout } = demarc(cwd, ['lint', 'app', '--tier', 'all', '--format', 'json', '--since', 'main']);
    const now = (JSON.parse(stdout) as Json).findings.filter(
      ({ ruleId }) => ruleId === 's3-public-access-block-missing',
    );
    assert.deepEqual(now, [], 'other modules are beyond the limit still');
  });

  it('fixes nothing that is not checked out', () => {
    const call = 'module "m" {\n  source = "../lib"\n}\n';
    const files = { 'app/main.tf': call, 'lib/main.tf': BUCKET, 'other/a.yaml': queue(), 'app/b.yaml': queue() };
    const cwd = repository({ ...files, 'app/gone.tf': BUCKET });
    git(cwd, 'sparse-checkout', 'set', 'app');
    rmSync(join(cwd, 'app/gone.tf'));
    put(cwd, 'app/b.yaml', queue('true'));
    assert.deepEqual(fixed(json(cwd, '--since', 'main')), ['app/b.yaml Queue']);
    assert.deepEqual(missing(cwd, '--since', 'main'), ['app/gone.tf']);
  });

  it('sees submodules as they were, at the commits that the base names', () => {
    const library = repository({ 'a.yaml': two('true'), 'b.yaml': queue('false'), 'c.yaml': queue('false') });
    const nested = repository({ 'n.yaml': two('true') });
    const add = (cwd: string, from: string, name: string) =>
      git(cwd, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', '--name', name, from, name);
    add(library, nested, 'nested');
    commit(library);
    const cwd = repository({ 'own.yaml': queue('true') });
    git(cwd, 'checkout', '-q', 'main');
    add(cwd, library, 'lib');
    git(join(cwd, 'lib'), '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'update', '--init');
    commit(cwd);
    git(cwd, 'checkout', '-q', '-B', 'work');
    const seen = (...args: string[]) => json(cwd, '--since', 'main', ...args);
    const old = ['before lib/a.yaml Old', 'before lib/b.yaml Queue', 'before lib/c.yaml Queue'];
    assert.deepEqual(changes(seen()), [...old, 'before lib/nested/n.yaml Old'], 'nothing changed');
    // Commits of their own, and one that is not committed yet.
    put(cwd, 'lib/a.yaml', two('false'));
    git(join(cwd, 'lib'), 'mv', 'b.yaml', 'moved.yaml');
    commit(join(cwd, 'lib'));
    commit(cwd);
    rmSync(join(cwd, 'lib', 'c.yaml'));
    put(cwd, 'lib/nested/n.yaml', two('false'));
    const report = seen();
    assert.deepEqual(changes(report), [
      'introduced lib/a.yaml Queue',
      'before lib/a.yaml Old',
      'before lib/moved.yaml Queue',
      'introduced lib/nested/n.yaml Queue',
      'before lib/nested/n.yaml Old',
    ]);
    assert.deepEqual(fixed(report), ['lib/c.yaml Queue']);
    assert.deepEqual(report.errors, []);
    const inHook = demarc(cwd, ['lint', '--since', 'main', '--format', 'json'], undefined, {
      GIT_DIR: join(cwd, '.git'),
    });
    const told = (JSON.parse(inHook.stdout) as Json).findings.filter(({ ruleId }) => ruleId === SQS);
    assert.deepEqual(changes({ ...report, findings: told }), changes(report), 'in a hook of git');
    // Not checked out: nothing of it is linted, and nothing of it is gone.
    git(cwd, 'submodule', '--quiet', 'deinit', '--force', 'lib');
    assert.deepEqual([changes(seen()), fixed(seen()), seen().errors], [[], [], []]);
  });

  it('says which submodule lacks the commit that it was at', () => {
    const library = repository({ 'a.yaml': queue('false') });
    const cwd = repository({ 'own.yaml': queue('false') });
    git(cwd, 'checkout', '-q', 'main');
    git(cwd, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'lib');
    commit(cwd);
    git(cwd, 'checkout', '-q', '-B', 'work');
    put(cwd, 'lib/a.yaml', `# other\n${queue('false')}`);
    git(join(cwd, 'lib'), 'checkout', '-q', '--orphan', 'alone');
    commit(join(cwd, 'lib'));
    git(join(cwd, 'lib'), 'branch', '-q', '-D', 'work');
    for (const ref of git(join(cwd, 'lib'), 'for-each-ref', '--format=%(refname)', 'refs/remotes').trim().split('\n'))
      git(join(cwd, 'lib'), 'update-ref', '-d', ref);
    git(join(cwd, 'lib'), 'reflog', 'expire', '--expire=all', '--all');
    git(join(cwd, 'lib'), 'gc', '-q', '--prune=now');
    commit(cwd);
    const report = json(cwd, '--since', 'main');
    assert.deepEqual(changes(report), ['introduced lib/a.yaml Queue', 'before own.yaml Queue']);
    assert.equal(report.errors.length, 1);
    assert.equal(report.errors[0]?.file, 'lib');
    assert.match(
      report.errors[0]?.message ?? '',
      /^The files of this submodule before the change cannot be read: it lacks the commit [0-9a-f]{7}: fetch it\.$/,
    );
    assert.equal(report.code, 2);
  });

  it('asks git for the texts of what changed, not of all', { skip: process.platform === 'win32' && 'a script' }, () => {
    const module = (name: string) => ({
      [`${name}/main.tf`]: 'module "m" {\n  source = "../lib"\n}\n',
      [`${name}/q.tf`]: '',
    });
    const cwd = repository({ ...module('a'), ...module('b'), ...module('c'), 'lib/main.tf': BUCKET });
    put(cwd, 'b/q.tf', BUCKET);
    const bin = folder({});
    const real = execFileSync('which', ['git'], { encoding: 'utf8' }).trim();
    writeFileSync(join(bin, 'git'), `#!/bin/sh\necho "$@" >> '${bin}/asked'\nexec '${real}' "$@"\n`);
    chmodSync(join(bin, 'git'), 0o755);
    const { code, stderr } = demarc(cwd, ['lint', '.', '--since', 'main'], undefined, {
      PATH: `${bin}:${process.env.PATH}`,
    });
    assert.equal(code, 1, stderr);
    const asked = readFileSync(join(bin, 'asked'), 'utf8').split('\n');
    assert.equal(new Set(asked.filter((line) => line.includes('cat-file blob'))).size, 1, asked.join('\n'));
  });

  it('of standard input is seen against the file of that name', () => {
    const cwd = repository({ 'a.yaml': queue('true') });
    const args = ['lint', '--since', 'main', '--format', 'json', '--stdin', '--stdin-filename', 'a.yaml'];
    const { findings } = JSON.parse(demarc(cwd, args, queue('false')).stdout) as Json;
    assert.deepEqual(changes({ findings } as Json), ['introduced a.yaml Queue']);
    assert.equal(demarc(cwd, ['lint', '--stdin', '--since', 'main'], '').code, 2);
  });

  it('runs nothing that the repository or its configuration names', () => {
    const cwd = repository({ 'a.yaml': queue('true'), '.gitattributes': '*.yaml diff=evil filter=evil\n' });
    put(cwd, 'evil.sh', '#!/bin/sh\ntouch "$(dirname "$0")/ran"\ncat\n');
    execFileSync('chmod', ['+x', join(cwd, 'evil.sh')]);
    for (const key of [
      'diff.evil.textconv',
      'diff.evil.command',
      'diff.external',
      'filter.evil.smudge',
      'filter.evil.clean',
      'core.fsmonitor',
      'core.pager',
    ])
      git(cwd, 'config', key, join(cwd, 'evil.sh'));
    put(cwd, 'a.yaml', queue('false'));
    assert.deepEqual(changes(json(cwd, '--since', 'main')), ['introduced a.yaml Queue']);
    assert.throws(() => readFileSync(join(cwd, 'ran')), /ENOENT/);
    git(cwd, 'diff');
    assert.equal(readFileSync(join(cwd, 'ran'), 'utf8'), '', 'git itself runs it');
  });
});

describe('a revision that cannot be compared with', () => {
  const fails = (cwd: string, revision: string, message: RegExp) => {
    const { code, stdout, stderr } = demarc(cwd, ['lint', `--since=${revision}`]);
    assert.match(stderr, message, revision);
    assert.deepEqual([code, stdout], [2, '']);
  };

  it('is refused where it looks like an option or holds what no name holds', () => {
    const cwd = repository({ 'a.yaml': queue('true') });
    for (const hostile of ['--output=x', '-x', '--upload-pack=touch ran', 'a b', 'a\u001b[2J', 'x'.repeat(2000)])
      fails(cwd, hostile, /^demarc: --since "[^\u001b]*" is no revision: /);
    for (const hostile of [
      '$(touch ran)',
      '`touch\tran`',
      ';touch${IFS}ran',
      'main..work',
      'main:a.yaml',
      'no@{where}',
    ])
      fails(cwd, hostile, /^demarc: (?:Unknown revision|--since ".*" is no revision)/);
    assert.throws(() => readFileSync(join(cwd, 'ran')), /ENOENT/);
    fails(cwd, '', /no revision|needs a value/);
  });

  it('says so outside of a repository, without a commit, without a common one', () => {
    const none = folder({ 'a.yaml': queue('true') });
    fails(none, 'main', /needs a git repository/);
    git(none, 'init', '-q', '-b', 'main');
    fails(none, 'main', /Unknown revision "main"/);
    const cwd = repository({ 'a.yaml': queue('true') });
    git(cwd, 'checkout', '-q', '--orphan', 'alone');
    put(cwd, 'b.yaml', queue('true'));
    commit(cwd);
    fails(cwd, 'main', /no commit in common\.\n$/);
  });

  it('says what to fetch in a shallow clone', () => {
    const origin = repository({ 'a.yaml': queue('true') });
    put(origin, 'a.yaml', queue('false'));
    commit(origin);
    const clone = join(folder({}), 'clone');
    git(origin, 'clone', '-q', '--depth', '1', '--no-single-branch', `file://${origin}`, clone);
    fails(clone, 'origin/main', /no commit in common\. This clone is shallow: .*git fetch --deepen.*fetch-depth: 0/);
    fails(clone, 'nowhere', /Unknown revision "nowhere"\. This clone is shallow/);
    git(clone, 'fetch', '-q', '--unshallow');
    assert.deepEqual(changes(json(clone, '--since', 'origin/main')), ['introduced a.yaml Queue']);
  });
});

describe('a change since a report', () => {
  const baseline = (cwd: string) => assert.ok(demarc(cwd, ['lint', '--format', 'json', '--output', 'base.json']).code);

  it('is told by rule, resource and path', () => {
    const cwd = folder({ 'a.yaml': two('true'), 'b.yaml': queue('false'), 'gone.yaml': queue('false') });
    baseline(cwd);
    put(cwd, 'a.yaml', `\n\n${two('false')}`);
    renameSync(join(cwd, 'b.yaml'), join(cwd, 'c.yaml'));
    rmSync(join(cwd, 'gone.yaml'));
    const report = json(cwd, '--baseline', 'base.json');
    assert.deepEqual(changes(report), ['introduced a.yaml Queue', 'before a.yaml Old', 'before c.yaml Queue']);
    assert.deepEqual(fixed(report), ['gone.yaml Queue']);
    assert.equal(report.code, 1);
    assert.deepEqual(fixed(json(cwd, '--baseline', 'base.json', 'a.yaml')), []);
    assert.match(
      demarc(cwd, ['lint', '--baseline', 'base.json', '--format', 'markdown']).stdout,
      /^\*\*This change introduces 1 finding \(1 medium: 1 shared\); it fixes \d; \d+ were there before\.\*\*\n\nCompared with `base\.json`/,
    );
  });

  it('is mended neither by leaving out what protects, nor by a configuration', {
    skip: process.platform === 'win32' && 'links need rights',
  }, () => {
    const queues = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`${name}/q.yaml`, queue('false')]));
    const call = 'module "m" {\n  source = "./lib"\n}\n';
    const cwd = folder({ 'm/main.tf': call, 'm/z.tf': BUCKET, 'm/lib/main.tf': '', 'n/main.tf': BUCKET, ...queues });
    demarc(cwd, ['lint', '--tier', 'all', '--format', 'json', '--output', 'base.json']);
    symlinkSync('nowhere', join(cwd, 'm/lib/other.tf'));
    put(cwd, 'n/main.tf', '');
    assert.deepEqual(missing(cwd, '--baseline', 'base.json'), ['n/main.tf']);
    put(cwd, 'a/.demarc.json', '{"exclude": ["*.yaml"]}');
    put(cwd, 'b/.demarc.json', JSON.stringify({ rules: { [SQS]: 'off' } }));
    put(cwd, 'c/q.yaml', queue('true'));
    assert.deepEqual(fixed(json(cwd, '--baseline', 'base.json')), ['c/q.yaml Queue']);
    // Deleted with its folder: the configuration above it says what holds.
    rmSync(join(cwd, 'd'), { recursive: true });
    assert.deepEqual(fixed(json(cwd, '--baseline', 'base.json')), ['c/q.yaml Queue', 'd/q.yaml Queue']);
  });

  it('has to be one', () => {
    const cwd = folder({
      'a.yaml': queue('true'),
      'b.json': '{',
      'c.json': '[]',
      'd.json': '{"findings": [{"ruleId": 1}]}',
    });
    for (const name of ['b.json', 'c.json', 'd.json', 'none.json']) {
      const { code, stdout, stderr } = demarc(cwd, ['lint', 'a.yaml', '--baseline', name]);
      assert.deepEqual([code, stdout], [2, ''], name);
      assert.match(stderr, /^demarc: --baseline .*: (?:not a report of --format json|Cannot be read)/);
    }
    const both = demarc(cwd, ['lint', '--baseline', 'b.json', '--since', 'main']);
    assert.match(both.stderr, /Either --since or --baseline/);
  });
});

describe('reports of a change', () => {
  const cwd = repository({ 'a.yaml': two('true'), 'b.yaml': queue('false') });
  put(cwd, 'a.yaml', two('false'));
  put(cwd, 'b.yaml', queue('true'));
  const report = (format: string) => demarc(cwd, ['lint', '--since', 'main', '--format', format]).stdout;

  it('pretty marks what is new and ends with the counts', () => {
    const text = report('pretty');
    assert.match(text, /^ {2}6:\d+ {2}new {2}medium/m);
    assert.equal(text.match(/ {2}new {2}/g)?.length, 1);
    assert.match(text, /: 1 introduced, 1 fixed, 1 before\.\n$/);
  });

  it('github annotates what is new only', () => {
    const lines = report('github').trimEnd().split('\n');
    assert.equal(lines.length, 2);
    assert.match(lines[0] ?? '', /^::warning file=a\.yaml,line=6,/);
    assert.equal(lines[1], 'Demarc: 1 introduced, 1 fixed, 1 before.');
  });

  it('sarif has the baseline state of each result, and is valid', () => {
    const log = JSON.parse(report('sarif'));
    const require = createRequire(join(process.cwd(), 'package.json'));
    const file = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
    const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(file, 'utf8'));
    const ajv = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false });
    const isValid: boolean = ajv.compile(schema)(log);
    assert.ok(isValid);
    const states = log.runs[0].results.map((one: { baselineState: string }) => one.baselineState);
    assert.deepEqual(states.sort(), ['absent', 'new', 'unchanged']);
  });

  it('markdown groups by change and by side, with fixes, and folds what was there', () => {
    const text = report('markdown');
    const order = [
      /^\*\*This change introduces 1 finding \(1 medium: 1 shared\); it fixes 1; 1 was there before\.\*\*\n/,
      /\n### Introduced by this change\n\n\*\*Shared\*\* \(1\)\n\n- \*\*medium\*\* · Queue encryption is switched off · `Queue` · `a\.yaml:6` · \[sqs/,
      /<summary>Fix \(safe\)<\/summary>\n\n {2}How: Set `?SqsManagedSseEnabled`? to true\.\n\n {2}```diff\n[^`]*\n {2}- {6}SqsManagedSseEnabled: false\n/,
      /\n### Fixed by this change\n\n- \*\*medium\*\* .*`b\.yaml:6`/,
      /\n<summary>Was there before \(1\)<\/summary>\n\n- .*`Old`/,
    ];
    const places = order.map((pattern) => text.search(pattern));
    assert.ok(
      places.every((at) => at >= 0),
      `${places}\n${text}`,
    );
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
  });

  it('markdown tells where the line moved, and back', () => {
    const fn = (more: string) => `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties: { Runtime: python3.12, Handler: a.b, Code: { ZipFile: x }, Role: r${more} }
`;
    const pinned =
      ', RuntimeManagementConfig: { UpdateRuntimeOn: Manual, RuntimeVersionArn: "arn:aws:lambda:eu-west-1::runtime:x" }';
    const path = repository({ 'a.yaml': fn(''), 'b.yaml': fn(pinned), 'c.yaml': fn(pinned) });
    put(path, 'a.yaml', fn(pinned));
    put(path, 'b.yaml', fn(''));
    put(path, 'c.yaml', fn(', RuntimeManagementConfig: { UpdateRuntimeOn: FunctionUpdate }'));
    const { stdout } = demarc(path, ['lint', '--since', 'main', '--format', 'markdown']);
    assert.match(
      stdout,
      /\n### The line moved\n\n- \*\*runtime patching: AWS → you\*\* · `Fn` · `a\.yaml:2`.*\n- \*\*runtime patching: you → AWS\*\* · `Fn` · `b\.yaml:2`.*\n- \*\*runtime patching: you → both\*\* · `Fn` · `c\.yaml:2`. AWS moves the function .*\n\n/,
    );
    assert.match(
      stdout,
      /<summary>What AWS does by itself for the resources that this change touches \(3\)<\/summary>/,
    );
  });

  it('markdown repeats no secret in the diff of a fix, nor beside one', () => {
    const { stdout } = demarc(
      folder({
        'a.yaml': `Resources:
  Db:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      PubliclyAccessible: true
      MasterUserPassword: hunter2-horse-staple
      StorageEncrypted: true
      CopyTagsToSnapshot: true
      AutoMinorVersionUpgrade: false
`,
      }),
      ['lint', '--format', 'markdown'],
    );
    assert.match(stdout, /Master password is written in the template/);
    assert.match(stdout, /How: Set PubliclyAccessible to false/);
    assert.doesNotMatch(stdout, /hunter2/);
    assert.match(stdout, /\+ +AutoMinorVersionUpgrade: true/);
  });

  it('markdown fits into a comment, and counts what does not', () => {
    const resources = Array.from({ length: 2000 }, (_, at) =>
      queue('false')
        .replace(/[\s\S]*Resources:\n/, '')
        .replace('Queue:', `Queue${at}:`),
    );
    const { stdout } = demarc(folder({ 'a.yaml': `Resources:\n${resources.join('')}` }), [
      'lint',
      '--format',
      'markdown',
    ]);
    assert.ok(stdout.length < 60_000 && stdout.length > 50_000, String(stdout.length));
    const listed = stdout.match(/^- \*\*/gm)?.length ?? 0;
    const [, left = '0'] = /^\*(\d+) more are left out here/m.exec(stdout) ?? [];
    assert.equal(listed + Number(left), 2000);
    assert.equal(stdout.match(/<details>/g)?.length, stdout.match(/<\/details>/g)?.length);
  });
});
