/** The command line: arguments, files, configuration, exit codes, fixes. */

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { demarc, folder, type Json, json, queue, SQS, tfQueue, unused, where } from './cli-support.ts';

describe('arguments', () => {
  const cwd = folder({ 'a.yaml': queue('true') });

  it('help and version', () => {
    for (const args of [[], ['--help'], ['lint', '-h'], ['help']]) {
      const { code, stdout } = demarc(cwd, args);
      assert.equal(code, 0);
      assert.match(stdout, /^Usage: demarc lint/);
    }
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    for (const args of [['--version'], ['-v'], ['version']]) assert.equal(demarc(cwd, args).stdout, `${version}\n`);
  });

  for (const [args, message] of [
    [['lint', '--frmat', 'json'], 'Unknown option --frmat. Did you mean --format?'],
    [['lint', '--zzz'], 'Unknown option --zzz.'],
    [['lint', '--format', 'jsn'], 'Unknown value "jsn" for --format. Did you mean "json"?'],
    [['lint', '--format'], 'Option --format needs a value.'],
    [['lint', '--format', '--fix'], 'Option --format needs a value.'],
    [['lint', '.', '--output', ''], 'Option --output needs a value.'],
    [['lint', '.', '--config='], 'Option --config needs a value.'],
    [['lint', 'a.yaml', ''], 'A path is empty: name a file, a folder or a glob.'],
    [['lint', '--fix=yes'], 'Option --fix takes no value.'],
    [['lint', '--tier', 'most'], 'Unknown value "most" for --tier. Known are core, all.'],
    [['lint', '--fail-on', 'hihg'], 'Did you mean "high"?'],
    [['lnt'], 'Unknown command "lnt". Did you mean "lint"?'],
    [['template.yaml'], 'To lint it: demarc lint template.yaml'],
    [['lint', '--stdin', 'a.yaml'], 'Either --stdin or paths, not both.'],
    [['lint', '--stdin', '--fix'], '--fix changes files'],
    [['lint', '--stdin-filename', 'x', '.'], '--stdin-filename is for --stdin.'],
    [['rules', '--fix'], 'Option --fix is for "demarc lint".'],
    [['rules', '--format', 'sarif'], 'knows the formats pretty and json'],
    [['explain'], 'Name one rule'],
    [['explain', 'sqs-encryption-disable'], `Did you mean "${SQS}"?`],
  ] as const) {
    it(`demarc ${args.join(' ')} is a usage error`, () => {
      const { code, stdout, stderr } = demarc(cwd, args);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.ok(stderr.includes(message), stderr);
    });
  }
});

describe('demarc rules and explain', () => {
  it('list and explain, for people and for programs', () => {
    const cwd = folder({});
    assert.match(demarc(cwd, ['rules']).stdout, new RegExp(`^${SQS} +medium +core +shared +Queue encryption`, 'm'));
    const all = JSON.parse(demarc(cwd, ['rules', '--format', 'json']).stdout) as {
      id: string;
      tier: string;
      aliases: string[];
    }[];
    assert.deepEqual(all.find((rule) => rule.id === SQS)?.aliases.includes('checkov:CKV_AWS_27'), true);
    assert.deepEqual(
      all.map((rule) => rule.id),
      all.map((rule) => rule.id).sort(),
    );
    const core = JSON.parse(demarc(cwd, ['rules', '--format', 'json', '--tier', 'core']).stdout) as { tier: string }[];
    assert.ok(core.length > 0 && core.every((rule) => rule.tier === 'core'));
    for (const name of [SQS, 'CKV_AWS_27', 'cfn_nag:W48'])
      assert.match(demarc(cwd, ['explain', name]).stdout, /Whose side: shared/, name);
    assert.match(demarc(cwd, ['explain', SQS]).stdout, /^Related: AWS FSBP SQS\.1$/m);
    assert.match(
      demarc(cwd, ['explain', SQS, '--format', 'markdown']).stdout,
      /^# Queue encryption[\s\S]*\n## Suppress\n/,
    );
    const [one] = JSON.parse(demarc(cwd, ['explain', SQS, '--format', 'json']).stdout) as { frameworks: unknown }[];
    assert.deepEqual(one?.frameworks, { fsbp: ['SQS.1'] });
  });
});

describe('which files are linted', () => {
  const bad = queue();
  const cwd = folder({
    'b.yaml': bad,
    'a/z.yml': bad,
    'a/y.template': bad,
    'a/x.json': JSON.stringify({
      Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { SqsManagedSseEnabled: false } } },
    }),
    'a/notes.txt': bad,
    'a/package.json': '{"name": "x"}',
    'node_modules/n.yaml': bad,
    'a/.terraform/t.yaml': bad,
    '.hidden/h.yaml': bad,
  });

  it('of a folder: candidates, in order, dependencies left out', () => {
    const expected = ['a/x.json Queue', 'a/y.template Queue', 'a/z.yml Queue', 'b.yaml Queue'];
    assert.deepEqual(where(json(cwd)), expected);
    assert.deepEqual(where(json(cwd, '.')), expected);
    assert.deepEqual(where(json(cwd, 'b.yaml', 'a', './a/../b.yaml', cwd)), expected);
  });

  it('named files of any ending, and globs', () => {
    assert.deepEqual(where(json(cwd, 'a/notes.txt')), ['a/notes.txt Queue']);
    assert.deepEqual(where(json(cwd, '**/*.yml')), ['a/z.yml Queue']);
    assert.deepEqual(where(json(cwd, 'a/*.{json,template}')), ['a/x.json Queue', 'a/y.template Queue']);
    assert.deepEqual(where(json(cwd, '*.yaml')), ['b.yaml Queue']);
    assert.deepEqual(where(json(join(cwd, 'a'), '../*.yaml')), ['../b.yaml Queue']);
  });

  it('that are named but hold nothing to lint are noted, and no error', () => {
    const { code, stderr, stdout } = demarc(cwd, ['lint', '--format', 'json', 'a/package.json']);
    assert.equal(code, 0);
    assert.match(stderr, /a\/package\.json: Skipped/);
    assert.deepEqual(JSON.parse(stdout).errors, []);
  });

  it('that do not exist are errors, and the others are still linted', () => {
    const report = json(cwd, 'nope.yaml', 'b.yaml', 'x*.yaml');
    assert.equal(report.code, 2);
    assert.deepEqual(where(report), ['b.yaml Queue']);
    assert.deepEqual(report.errors, [
      { file: 'nope.yaml', message: 'No such file or folder.' },
      { file: 'x*.yaml', message: 'No file matches.' },
    ]);
    assert.equal(json(cwd, 'b.yaml/c').code, 2);
  });

  it('do not follow links in circles', () => {
    const circle = folder({ 'a/b.yaml': bad });
    symlinkSync(circle, join(circle, 'a', 'back'));
    assert.deepEqual(where(json(circle)), ['a/b.yaml Queue']);
  });

  it('of one Terraform folder form one module, each linted once', () => {
    const module = folder({
      'm/variables.tf.json': '{"variable": {"sse": {"default": false}}}',
      'm/main.tf.json': tfQueue('q', '${var.sse}'),
      'm/other.tf.json': tfQueue('r', false),
      'n/main.tf.json': tfQueue('q', true),
    });
    assert.deepEqual(where(json(module)), ['m/main.tf.json aws_sqs_queue.q', 'm/other.tf.json aws_sqs_queue.r']);
    const one = json(module, 'm/main.tf.json');
    assert.deepEqual(where(one), ['m/main.tf.json aws_sqs_queue.q'], 'the others are context');
    assert.deepEqual(
      one.findings[0]?.related?.map(({ file }) => file),
      ['m/variables.tf.json'],
    );
  });
});

describe('texts', () => {
  it('in UTF-16 and with byte order marks are read and written back as they were', () => {
    const text = queue();
    const swap = (bytes: Buffer) => Buffer.from(bytes).swap16();
    const files = {
      'le.yaml': Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]),
      'be.yaml': Buffer.concat([Buffer.from([0xfe, 0xff]), swap(Buffer.from(text, 'utf16le'))]),
      'bom.yaml': Buffer.from(`\ufeff${text}`),
    };
    const cwd = folder(files);
    const report = json(cwd);
    assert.deepEqual(where(report), ['be.yaml Queue', 'bom.yaml Queue', 'le.yaml Queue']);
    assert.deepEqual(report.errors, []);
    assert.equal(demarc(cwd, ['lint', '--fix']).code, 0);
    const fixed = queue('true');
    assert.deepEqual(
      readFileSync(join(cwd, 'le.yaml')),
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(fixed, 'utf16le')]),
    );
    assert.deepEqual(
      readFileSync(join(cwd, 'be.yaml')),
      Buffer.concat([Buffer.from([0xfe, 0xff]), swap(Buffer.from(fixed, 'utf16le'))]),
    );
    assert.deepEqual(readFileSync(join(cwd, 'bom.yaml')), Buffer.from(`\ufeff${fixed}`));
  });

  it('that are no text are errors where they are named', () => {
    const cwd = folder({ 'latin.yaml': Buffer.from([0x61, 0x3a, 0x20, 0xe9, 0x0a]), 'b.yaml': queue() });
    assert.deepEqual(json(cwd).errors, []);
    const report = json(cwd, 'latin.yaml', 'b.yaml');
    assert.deepEqual(
      report.errors.map(({ file }) => file),
      ['latin.yaml'],
    );
    assert.match(report.errors[0]?.message ?? '', /Not UTF-8/);
    // Whoever names a file wants it linted: that it was not is no success.
    assert.equal(report.code, 2);
    assert.deepEqual(where(report), ['b.yaml Queue']);
  });

  it('that do not parse are reported with a place, not fatal, and still linted', () => {
    const cwd = folder({
      'a.json':
        '{"AWSTemplateFormatVersion":"2010-09-09","Resources":{"Q":{"Type":"AWS::SQS::Queue","Properties":{"SqsManagedSseEnabled":false',
    });
    const report = json(cwd);
    assert.deepEqual(where(report), ['a.json Q']);
    assert.equal(report.errors[0]?.file, 'a.json');
    assert.ok(report.errors[0]?.range);
    assert.equal(report.code, 1);
    assert.equal(json(cwd, '--fail-on', 'critical').code, 0);
  });

  it('on standard input', () => {
    const cwd = folder({
      '.demarc.json': `{"rules": {"${SQS}": "critical"}}`,
      'm/variables.tf.json': '{"variable": {"sse": {"default": false}}}',
    });
    const plain = demarc(cwd, ['lint', '--stdin', '--format', 'json'], queue());
    assert.deepEqual(
      JSON.parse(plain.stdout).findings.map((one: Json['findings'][number]) => [one.file, one.severity]),
      [['stdin', 'critical']],
    );
    assert.equal(plain.code, 1);
    const named = demarc(
      cwd,
      ['lint', '--stdin', '--stdin-filename', 'm/main.tf.json', '--format', 'json'],
      tfQueue('q', '${var.sse}'),
    );
    assert.deepEqual(where(JSON.parse(named.stdout)), ['m/main.tf.json aws_sqs_queue.q']);
    assert.equal(demarc(cwd, ['lint', '--stdin'], Buffer.from([0xff, 0x00, 0xe9])).code, 2);
    assert.equal(demarc(cwd, ['lint', '--stdin'], '').code, 0);
  });
});

describe('exit code', () => {
  it('follows the threshold', () => {
    const cwd = folder({ 'a.yaml': queue() });
    for (const [args, code] of [
      [[], 1],
      [['--fail-on', 'medium'], 1],
      [['--fail-on', 'high'], 0],
      [['--fail-on', 'info'], 1],
    ] as const) {
      assert.equal(demarc(cwd, ['lint', ...args]).code, code, args.join(' '));
    }
    const info = folder({ 'a.yaml': queue(), '.demarc.json': `{"rules": {"${SQS}": "info"}}` });
    assert.equal(demarc(info, ['lint']).code, 0);
    assert.equal(demarc(info, ['lint', '--fail-on', 'info']).code, 1);
    assert.equal(demarc(folder({}), ['lint']).code, 0);
  });
});

describe('configuration', () => {
  it('is the nearest upward to the root of the repository, and --config overrides it', () => {
    const cwd = folder({
      '.demarc.yaml': `rules:\n  ${SQS}: off\n`,
      'a/a.yaml': queue(),
      'b/.demarc.json': `{"rules": {"${SQS}": "high"}}`,
      'b/deep/b.yaml': queue(),
      'c/.git/HEAD': '',
      'c/c.yaml': queue(),
      'other.json': `{"rules": {"CKV_AWS_27": "low"}}`,
    });
    const severities = (...args: string[]) => json(cwd, ...args).findings.map(({ file, severity }) => [file, severity]);
    assert.deepEqual(severities(), [
      ['b/deep/b.yaml', 'high'],
      ['c/c.yaml', 'medium'],
    ]);
    assert.deepEqual(severities('--config', 'other.json'), [
      ['a/a.yaml', 'low'],
      ['b/deep/b.yaml', 'low'],
      ['c/c.yaml', 'low'],
    ]);
    assert.deepEqual(
      json(join(cwd, 'b', 'deep')).findings.map(({ severity }) => severity),
      ['high'],
      'from below, too',
    );
  });

  it('outside of a repository is looked for up to the working folder, or to the folder that is named', () => {
    const top = unused();
    for (const at of ['', 'named/deep', 'elsewhere']) mkdirSync(join(top, at), { recursive: true });
    const off = `rules:\n  ${SQS}: off\n`;
    writeFileSync(join(top, '.demarc.yaml'), off);
    for (const at of ['named/deep', 'elsewhere']) writeFileSync(join(top, at, 'a.yaml'), queue());
    const count = (cwd: string, ...args: string[]) => json(join(top, cwd), ...args).findings.length;
    assert.equal(count(''), 0, 'the working folder');
    assert.equal(count('elsewhere'), 1, 'above the working folder');
    for (const named of ['named', 'named/deep', 'named/deep/a.yaml', 'named/*/a.yaml'])
      assert.equal(count('elsewhere', join(top, named)), 1, `above ${named}`);
    assert.equal(count('elsewhere', top), 0, 'the folder that is named');
    writeFileSync(join(top, 'named', '.demarc.yaml'), off);
    assert.equal(count('elsewhere', join(top, 'named')), 0, 'the folder that is named, for files below it');
    assert.equal(count('elsewhere', join(top, 'named', '*', 'a.yaml')), 0, 'where a glob begins');
    assert.equal(count('elsewhere', join(top, 'named', 'deep', 'a.yaml')), 1, 'a file is no folder');
  });

  it('excludes files relative to itself', () => {
    const cwd = folder({
      'app/.demarc.json': '{"exclude": ["gen/**", "*.tmp.yaml"]}',
      'app/gen/a.yaml': queue(),
      'app/b.tmp.yaml': queue(),
      'app/c.yaml': queue(),
      'gen/d.yaml': queue(),
    });
    assert.deepEqual(where(json(cwd)), ['app/c.yaml Queue', 'gen/d.yaml Queue']);
    const named = demarc(cwd, ['lint', 'app/gen/a.yaml']);
    assert.equal(named.code, 0);
    assert.match(named.stdout, /Left alone: the configuration excludes it/);
  });

  it('that is wrong is reported at its place, and linting goes on', () => {
    const cwd = folder({ '.demarc.json': `{\n  "rules": { "sqs-encrypton-disabled": "off" }\n}`, 'a.yaml': queue() });
    const report = json(cwd);
    assert.equal(report.code, 2);
    assert.deepEqual(where(report), ['a.yaml Queue']);
    assert.deepEqual(report.errors, [
      {
        file: '.demarc.json',
        message: `Unknown rule "sqs-encrypton-disabled". Did you mean "${SQS}"?`,
        range: { start: { line: 1, character: 13 }, end: { line: 1, character: 37 } },
      },
    ]);
    assert.equal(json(cwd, '--config', 'nope.json').code, 2);
  });

  it('and --tier choose the rules', () => {
    const cwd = folder({ 'a.yaml': queue('true'), '.demarc.json': '{"tier": "all"}' });
    const ran = (...args: string[]) =>
      JSON.parse(demarc(cwd, ['lint', '--format', 'sarif', ...args]).stdout).runs[0].tool.driver.rules.length as number;
    const number = (tier: string) =>
      JSON.parse(demarc(cwd, ['rules', '--format', 'json', '--tier', tier]).stdout).length as number;
    assert.equal(ran(), number('all'));
    assert.equal(ran('--tier', 'core'), number('core'));
  });
});

describe('--fix', () => {
  it('mends, says what it did, and leaves the rest as it was', () => {
    const text = `${queue()}  Second: { Type: 'AWS::SQS::Queue', Properties: { SqsManagedSseEnabled: false } }\n  # a comment\n`;
    const cwd = folder({ 'a.yaml': text.replaceAll('\n', '\r\n'), 'main.tf.json': tfQueue('q', false) });
    chmodSync(join(cwd, 'a.yaml'), 0o640);
    const { code, stdout } = demarc(cwd, ['lint', '--fix']);
    assert.equal(code, 0, stdout);
    assert.equal(readFileSync(join(cwd, 'a.yaml'), 'utf8'), text.replaceAll('false', 'true').replaceAll('\n', '\r\n'));
    assert.equal(readFileSync(join(cwd, 'main.tf.json'), 'utf8'), tfQueue('q', true));
    assert.equal(statSync(join(cwd, 'a.yaml')).mode & 0o777, 0o640);
    assert.deepEqual(readdirSync(cwd).sort(), ['.git', 'a.yaml', 'main.tf.json']);
    assert.match(stdout, /fixed {2}a\.yaml/);
    assert.match(stdout, /3 findings fixed/);
  });

  it('leaves suppressed findings, unsafe fixes and files that were not named', () => {
    const suppressed = queue(`false # demarc-ignore ${SQS}: fine`);
    const cwd = folder({
      'a.yaml': suppressed,
      'm/variables.tf.json': '{"variable": {"sse": {"default": false}}}',
      'm/main.tf.json': tfQueue('q', '${var.sse}'),
      'm/other.tf.json': tfQueue('r', false),
    });
    demarc(cwd, ['lint', '--fix', 'a.yaml', 'm/main.tf.json']);
    assert.equal(readFileSync(join(cwd, 'a.yaml'), 'utf8'), suppressed);
    assert.match(readFileSync(join(cwd, 'm/variables.tf.json'), 'utf8'), /false/);
    assert.equal(readFileSync(join(cwd, 'm/main.tf.json'), 'utf8'), tfQueue('q', '${var.sse}'));
    assert.equal(readFileSync(join(cwd, 'm/other.tf.json'), 'utf8'), tfQueue('r', false));
  });

  it('writes through a link', () => {
    const cwd = folder({ 'real/a.txt': queue() });
    symlinkSync(join(cwd, 'real', 'a.txt'), join(cwd, 'link.yaml'));
    demarc(cwd, ['lint', '--fix', 'link.yaml']);
    assert.equal(readFileSync(join(cwd, 'real', 'a.txt'), 'utf8'), queue('true'));
  });
});
