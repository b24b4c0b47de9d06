/** The cache of the command line: what is found with it is what is found without it, whatever happened to the files meanwhile. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { Cache } from '../../server/src/cli/cache.ts';
import { Configurations } from '../../server/src/cli/config.ts';
import { findFiles } from '../../server/src/cli/files.ts';
import { type LintOptions, lint } from '../../server/src/cli/lint.ts';
import type { Result } from '../../server/src/cli/result.ts';
import { loadIamData } from '../support/iam-data.ts';
import { CLI, demarc, folder, queue, SQS, tfQueue, unused } from './cli-support.ts';

loadIamData();

const EXPIRES = `# trivy:ignore:AVD-AWS-0096:exp:2026-06-30
resource "aws_sqs_queue" "expires" {
  sqs_managed_sse_enabled = false
}
`;
const library = (encrypted: string) => `variable "encrypted" {
  default = ${encrypted}
}
resource "aws_sqs_queue" "q" {
  sqs_managed_sse_enabled = var.encrypted
}
`;
const root = (source: string, encrypted: string) => `variable "on" {
  default = ${encrypted}
}
module "m" {
  source    = "${source}"
  encrypted = var.on
}
`;
const bucket = (acl: string) => `Resources:
  B: { Type: AWS::S3::Bucket, Properties: { AccessControl: ${acl} } }
`;
const policy = (action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] });

/** What a file of each kind may hold: texts of the same length among them, some nothing to lint. */
const TEXTS: readonly (readonly [ending: RegExp, texts: readonly string[]])[] = [
  [
    /\.demarc\.json$/,
    [
      '{}',
      '{"tier":"all"}',
      '{"rules":{"sqs-encryption-disabled":"off"}}',
      '{"exclude":["b*"]}',
      '{"x":1}',
      '{"rules":{"sqs-encryption-disabled":"low"}}',
      '{',
    ],
  ],
  [/\.tfvars$/, ['on = true\n', 'on = null\n', 'on = false\n', '']],
  [
    /\.tf$/,
    [
      library('true '),
      library('false'),
      library('null'),
      root('../lib', 'true '),
      root('../lib', 'false'),
      root('../app', 'false'),
      root('./in', 'false'),
      EXPIRES,
      'locals {}\n',
      '',
    ],
  ],
  [/\.json$/, [policy('iam:*'), policy('s3:Ge'), policy('s3:Gx'), tfQueue('j', false), '[]', '{"Resources":{}}']],
  [
    /\.yaml$/,
    [
      queue('false'),
      queue('true '),
      queue('true'),
      bucket('PublicRead'),
      bucket('Private   '),
      `# demarc-ignore-file sqs-encryption-disabled: accepted\n${queue()}`,
      'a: 1\n',
      'Resources: [',
      '',
    ],
  ],
];
const NAMES = [
  'a.yaml',
  'b.yaml',
  'd/c.yaml',
  'p.json',
  'd/q.json',
  'lib/main.tf',
  'app/main.tf',
  'app/more.tf',
  'app/in/main.tf',
  'app/terraform.tfvars',
  'app/x.auto.tfvars',
  'two/main.tf',
  'two/override.tf',
  '.demarc.json',
  'd/.demarc.json',
  'app/.demarc.json',
  'n.txt',
];

/** Small, seeded. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What is linted, where it is not all. */
const PATHS = [['app'], ['app', 'lib'], ['two', 'lib'], ['app/main.tf'], ['two/main.tf', 'd'], ['lib']];

const THEN = new Date('2026-01-01T00:00:00Z');

/** Does something to a tree. Every time of every file stays the same. */
function mutate(cwd: string, below: (number: number) => number): string {
  const pick = <T>(list: readonly T[]) => list[below(list.length)] as T;
  const files = () =>
    readdirSync(cwd, { recursive: true, encoding: 'utf8' }).filter(
      (name) => !name.startsWith('.git') && !statSync(join(cwd, name), { throwIfNoEntry: false })?.isDirectory(),
    );
  const put = (name: string, text: string) => {
    const path = join(cwd, name);
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { force: true });
    writeFileSync(path, text);
    utimesSync(path, THEN, THEN);
  };
  const textFor = (name: string) => pick(TEXTS.find(([ending]) => ending.test(name))?.[1] ?? ['']);
  const text = (name: string) => readFileSync(join(cwd, name), 'utf8');
  const kind = below(8);
  const all = files().filter((name) => existsSync(join(cwd, name)));
  const [one, other] = [pick(all), pick(all)];
  if (kind === 0 && one !== undefined) rmSync(join(cwd, one));
  else if (kind === 1 && one !== undefined) {
    const to = pick(NAMES);
    mkdirSync(dirname(join(cwd, to)), { recursive: true });
    renameSync(join(cwd, one), join(cwd, to));
  } else if (kind === 2 && one !== undefined && other !== undefined) {
    const [a, b] = [text(one), text(other)];
    put(one, b);
    put(other, a);
  } else if (kind === 3) {
    const link = pick(['link.yaml', 'd/link.yaml', 'app/link.tf', 'lib/link.tf']);
    rmSync(join(cwd, link), { force: true });
    mkdirSync(dirname(join(cwd, link)), { recursive: true });
    symlinkSync(join(cwd, pick(NAMES)), join(cwd, link));
  } else if (kind === 4 && one !== undefined && text(one).length) {
    // One character, of the same width.
    const old = text(one);
    const at = below(old.length);
    put(one, old.slice(0, at) + pick(['a', ' ', '\n', '"', '0', '#', '{']) + old.slice(at + 1));
  } else {
    const name = pick(NAMES);
    put(name, textFor(name));
    return `${kind} ${name}`;
  }
  return `${kind} ${one} ${other}`;
}

describe('the cache', () => {
  type Options = Partial<LintOptions> & { readonly tier?: 'core' | 'all'; readonly paths?: readonly string[] };
  const run = async (cwd: string, options: Options, cache?: Cache) => {
    const { tier, paths = ['.'], ...rest } = options;
    const { files, errors } = findFiles(paths, cwd);
    const configurations = new Configurations(cwd, { tier }, cache);
    const all: LintOptions = { cwd, fix: false, today: '2026-01-01', rules: true, unfound: errors, ...rest, cache };
    return lint(files, undefined, configurations, all);
  };

  it('changes nothing of what is found, over random changes of a tree', async () => {
    const location = unused();
    let all = 0;
    let kept = 0;
    for (let seed = 1; seed <= 4; seed++) {
      const below = random(seed * 7919);
      const cwd = folder({ '.demarc.json': '{}', 'n.txt': queue() });
      for (let i = 0; i < 12; i++) mutate(cwd, below);
      for (let round = 0; round < 60; round++) {
        const what = mutate(cwd, below);
        const options = {
          today: below(4) ? '2026-01-01' : '2026-12-31',
          review: below(3) === 0,
          tier: below(3) ? undefined : ('all' as const),
          paths: PATHS[below(PATHS.length * 2)],
        };
        const cache = Cache.open({ location, cwd, paths: [cwd], program: 'p' });
        assert.ok(cache instanceof Cache, String(cache));
        const found = counted(cache);
        const fresh = await run(cwd, options);
        const cached = await run(cwd, options, cache);
        assert.deepEqual(plain(cached), plain(fresh), `seed ${seed}, round ${round}: ${what}`);
        assert.equal(cache.note, undefined);
        kept += found();
        all += fresh.findings.length;
        assert.equal(cache.save(), undefined);
      }
    }
    assert.ok(all > 200, `${all} findings`);
    assert.ok(kept > 300, `${kept} results were found`);
  });

  it('knows files by their names, too: those beside a file that is linted', async () => {
    const location = unused();
    const queueOf = (on: string) => `resource "aws_sqs_queue" "q" {\n  sqs_managed_sse_enabled = ${on}\n}\n`;
    const cwd = folder({ 'main.tf': queueOf('false'), 'override.tf': queueOf('true') });
    const found = async () => {
      const cache = Cache.open({ location, cwd, paths: [cwd], program: 'p' }) as Cache;
      const { findings } = await run(cwd, { paths: ['main.tf'] }, cache);
      cache.save();
      return findings.filter(({ rule }) => rule.id === SQS).length;
    };
    assert.equal(await found(), 0, 'overridden');
    renameSync(join(cwd, 'override.tf'), join(cwd, 'plain.tf'));
    assert.equal(await found(), 1);
    assert.equal(await found(), 1);
  });

  it('keeps a result for a day only where a suppression expires', async () => {
    const location = unused();
    const cwd = folder({ 'main.tf': EXPIRES, 'd/main.tf': library('false') });
    const results: { readonly expiring: number; readonly found: number }[] = [];
    for (const today of ['2026-06-29', '2026-06-30', '2026-07-01', '2026-07-01']) {
      const cache = Cache.open({ location, cwd, paths: [cwd], program: 'p' }) as Cache;
      const found = counted(cache);
      const { findings } = await run(cwd, { today }, cache);
      cache.save();
      results.push({ expiring: findings.filter(({ file }) => file === 'main.tf').length, found: found() });
    }
    const after = results[2]?.expiring ?? 0;
    assert.ok(after > 0, 'found when the suppression is over');
    assert.deepEqual(
      results.map(({ expiring }) => expiring < after),
      [true, true, false, false],
    );
    assert.deepEqual(
      results.map(({ found }) => found > 0),
      [false, true, true, true],
    );
  });

  it('is bounded, and what was used last stays', () => {
    const location = unused();
    const cwd = folder({});
    const open = () => Cache.open({ location, cwd, paths: [cwd], program: 'p' }) as Cache;
    const text = 'x'.repeat(20_000_000);
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      const cache = open();
      cache.get('a');
      cache.put(key, text);
      assert.equal(cache.save(), undefined);
    }
    const [file] = readdirSync(location) as [string];
    assert.ok(statSync(join(location, file)).size < 65 * 1024 * 1024);
    const cache = open();
    assert.ok(cache.get('a') && cache.get('e'));
    assert.ok(!cache.get('b'));
  });

  it('keeps what two runs at a time write', () => {
    const location = unused();
    const cwd = folder({});
    const open = () => Cache.open({ location, cwd, paths: [cwd], program: 'p' }) as Cache;
    const [one, two] = [open(), open()];
    one.put('a', '1');
    two.put('b', '2');
    one.save();
    two.save();
    const three = open();
    assert.deepEqual([three.get('a'), three.get('b')], ['1', '2']);
  });
});

/** How often something is found in a cache from now on. */
function counted(cache: Cache): () => number {
  let found = 0;
  const get = cache.get.bind(cache);
  cache.get = (key) => {
    const text = get(key);
    if (text !== undefined) found++;
    return text;
  };
  return () => found;
}

function plain(result: Result): unknown {
  return JSON.parse(JSON.stringify(result));
}

/** Changes a text in what is kept, as if it had been found so. */
function forge(location: string, from: string, to: string): void {
  for (const name of readdirSync(location)) {
    const path = join(location, name);
    const text = readFileSync(path, 'utf8');
    const end = text.indexOf('\n');
    const body = text.slice(end + 1).replaceAll(from, to);
    const digest = createHash('sha256').update(body).digest('hex');
    writeFileSync(path, `${text.slice(0, end).split(' ')[0]} ${digest}\n${body}`);
  }
}

describe('lint --cache', () => {
  const lintWith = (cwd: string, location: string, ...args: string[]) =>
    demarc(cwd, ['lint', '.', '--cache-location', location, ...args]);

  it('finds what it knows, for every format, and writes nothing where nothing is new', () => {
    const location = unused();
    const cwd = folder({ 'a.yaml': queue(), 'b/main.tf': library('false'), '.demarc.json': '{"rules":{"x":"off"}}' });
    const formats = ['pretty', 'json', 'sarif', 'github', 'markdown'];
    const plainly = formats.map((format) => demarc(cwd, ['lint', '.', '--format', format]));
    for (const when of ['cold', 'warm'])
      for (const [index, format] of formats.entries())
        assert.deepEqual(lintWith(cwd, location, '--format', format), plainly[index], `${format}, ${when}`);
    const [file] = readdirSync(location) as [string];
    const { mtimeMs, mode } = statSync(join(location, file));
    if (process.platform !== 'win32') assert.equal(mode & 0o777, 0o600);
    lintWith(cwd, location, '--jobs', '2');
    assert.equal(statSync(join(location, file)).mtimeMs, mtimeMs);
    // That it was found there shows where it is forged: by who can write to the user's own files, and nobody else.
    forge(location, 'encrypt', 'ENCRYPT');
    assert.match(lintWith(cwd, location).stdout, /ENCRYPT/);
    assert.doesNotMatch(demarc(cwd, ['lint', '.']).stdout, /ENCRYPT/);
  });

  it('forgets what another version of the program found', () => {
    const location = unused();
    const cwd = folder({ 'a.yaml': queue() });
    const other = join(unused(), 'cli.js');
    mkdirSync(dirname(other));
    const lintOther = () =>
      execFileSync(process.execPath, [other, 'lint', '.', '--cache-location', location, '--fail-on', 'critical'], {
        cwd,
        encoding: 'utf8',
      });
    copyFileSync(CLI, other);
    copyFileSync(join(dirname(CLI), 'iam.json'), join(dirname(other), 'iam.json'));
    lintOther();
    forge(location, 'encrypt', 'ENCRYPT');
    assert.match(lintOther(), /ENCRYPT/);
    writeFileSync(join(dirname(other), 'iam.json'), '{}');
    assert.doesNotMatch(lintOther(), /ENCRYPT/, 'other data');
    copyFileSync(join(dirname(CLI), 'iam.json'), join(dirname(other), 'iam.json'));
    assert.match(lintOther(), /ENCRYPT/);
    writeFileSync(other, `${readFileSync(other, 'utf8')}// changed\n`);
    assert.doesNotMatch(lintOther(), /ENCRYPT/, 'another program');
  });

  it('says what is damaged, and makes it anew', () => {
    const location = unused();
    const cwd = folder({ 'a.yaml': queue() });
    const good = lintWith(cwd, location);
    assert.equal(good.stderr, '');
    const [name] = readdirSync(location) as [string];
    const file = join(location, name);
    const bytes = readFileSync(file);
    for (const damaged of [
      Buffer.alloc(0),
      bytes.subarray(0, bytes.length - 10),
      Buffer.from(bytes.toString('latin1').replace('sqs', 'SQS'), 'latin1'),
      Buffer.from('{"not": "a cache"}\n'),
    ]) {
      writeFileSync(file, damaged);
      const told = lintWith(cwd, location);
      assert.equal(told.stdout, good.stdout);
      assert.equal(told.code, good.code);
      assert.match(told.stderr, /^demarc: The cache was damaged; it is made anew\.\n$/);
      assert.deepEqual(lintWith(cwd, location), good);
    }
    assert.deepEqual(readdirSync(location), [name], 'no temporary file is left');
  });

  it('is refused where a branch could bring it along', () => {
    const cwd = folder({ 'a.yaml': queue(), 'b/a.yaml': queue() });
    for (const [from, location] of [
      [cwd, '.cache'],
      [cwd, '.'],
      [join(cwd, 'b'), '../cache'],
      [join(cwd, 'b'), join(cwd, 'c')],
    ] as const) {
      const { code, stdout, stderr } = lintWith(from, location);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, /lies in what is linted/);
    }
    assert.deepEqual(readdirSync(cwd).sort(), ['.git', 'a.yaml', 'b']);
    const outside = unused();
    mkdirSync(join(outside, 'd'), { recursive: true });
    writeFileSync(join(outside, 'd', 'a.yaml'), queue());
    for (const path of [outside, join(outside, '**'), join(outside, '*', 'a.yaml')]) {
      const { code, stderr } = demarc(cwd, ['lint', path, '--cache-location', join(outside, 'cache')]);
      assert.equal(code, 2, path);
      assert.match(stderr, /lies in what is linted/, path);
    }
    if (process.platform === 'win32') return;
    const out = unused();
    mkdirSync(out);
    symlinkSync(cwd, join(out, 'link'));
    assert.match(lintWith(cwd, join(out, 'link', 'cache')).stderr, /lies in what is linted/);
    for (const mode of [0o777, 0o1777, 0o770, 0o775, 0o2770, 0o720, 0o702]) {
      chmodSync(out, mode);
      const { code, stdout, stderr } = lintWith(cwd, out);
      assert.deepEqual([code, stdout], [2, ''], mode.toString(8));
      assert.match(stderr, /can be written to by others: its group, everyone, or .* \(mode 700 keeps them out\)/);
    }
    chmodSync(out, 0o755);
    assert.equal(lintWith(cwd, out).stderr, demarc(cwd, ['lint', '.']).stderr);
  });

  it('is made so that the group of the user cannot write to it, whatever it may elsewhere', {
    skip: process.platform === 'win32',
  }, () => {
    const cwd = folder({ 'a.yaml': queue() });
    const plainly = demarc(cwd, ['lint', '.']);
    const location = join(unused(), 'above', 'cache');
    const mask = process.umask(0o002);
    try {
      for (let run = 0; run < 2; run++) assert.deepEqual(lintWith(cwd, location), plainly);
    } finally {
      process.umask(mask);
    }
    const modeOf = (path: string) => statSync(path).mode & 0o777;
    const [file] = readdirSync(location) as [string];
    assert.deepEqual([dirname(location), location, join(location, file)].map(modeOf), [0o700, 0o700, 0o600]);
    // A file that the group may have changed is made anew, and that is said.
    chmodSync(join(location, file), 0o660);
    const { stdout, stderr } = lintWith(cwd, location);
    assert.equal(stdout, plainly.stdout);
    assert.match(stderr, /The cache cannot be read: it can be written to by others/);
    assert.equal(modeOf(join(location, file)), 0o600);
    assert.deepEqual(lintWith(cwd, location), plainly);
  });

  it('is not written where somebody else made its folder meanwhile', { skip: process.platform === 'win32' }, () => {
    const location = unused();
    const cwd = folder({});
    const cache = Cache.open({ location, cwd, paths: [cwd], program: 'p' }) as Cache;
    cache.put('a', '1');
    mkdirSync(location);
    chmodSync(location, 0o770);
    assert.match(String(cache.save()), /cannot be written: the folder can be written to by others/);
    assert.deepEqual(readdirSync(location), []);
  });

  it('lies in the cache folder of the user, and is left out where that is in the tree', {
    skip: process.platform !== 'linux',
  }, () => {
    const home = unused();
    const cwd = folder({ 'a.yaml': queue() });
    const lintIn = (folder: string, env: Record<string, string>) =>
      demarc(folder, ['lint', '.', '--cache'], undefined, { XDG_CACHE_HOME: '', HOME: home, ...env });
    const plainly = demarc(cwd, ['lint', '.']);
    assert.deepEqual(lintIn(cwd, {}), plainly);
    assert.equal(readdirSync(join(home, '.cache', 'demarc')).length, 1);
    assert.deepEqual(lintIn(cwd, { XDG_CACHE_HOME: join(home, 'xdg') }), plainly);
    assert.equal(readdirSync(join(home, 'xdg', 'demarc')).length, 1);
    const told = lintIn(cwd, { HOME: cwd });
    assert.equal(told.stdout, plainly.stdout);
    assert.match(told.stderr, /^demarc: No cache is used: /);
    assert.ok(!existsSync(join(cwd, '.cache')));
  });

  it('that cannot be a folder is a usage error, and one that cannot be written fails no run', () => {
    const file = unused();
    writeFileSync(file, 'no folder');
    const cwd = folder({ 'a.yaml': queue() });
    for (const location of [file, join(file, 'below')]) {
      const { code, stderr } = lintWith(cwd, location);
      assert.equal(code, 2);
      assert.match(stderr, /no folder/);
    }
    if (process.platform !== 'linux') return;
    const { code, stdout, stderr } = lintWith(cwd, '/proc/demarc');
    assert.deepEqual({ code, stdout, stderr: '' }, demarc(cwd, ['lint', '.']));
    assert.match(stderr, /^demarc: The cache cannot be written: .*\.\n$/);
  });

  it('knows the base that it compares with, and is not used for fixes', () => {
    const location = unused();
    const cwd = folder({ 'a.yaml': queue('true'), 'b.yaml': queue() });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd });
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '--message', 'one');
    writeFileSync(join(cwd, 'a.yaml'), queue());
    git('commit', '--quiet', '--all', '--message', 'two');
    for (const base of [['--since', 'HEAD'], ['--since', 'HEAD~1'], [], ['--since', 'HEAD~1'], ['--since', 'HEAD']])
      assert.deepEqual(
        lintWith(cwd, location, '--format', 'json', ...base),
        demarc(cwd, ['lint', '.', '--format', 'json', ...base]),
        base.join(' '),
      );
    assert.match(lintWith(cwd, location, '--fix').stdout, /2 findings fixed/);
    assert.equal(lintWith(cwd, location).code, 0);
  });
});
