/** What the command line prints. */

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, openSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import Ajv from 'ajv';
import { artifact } from '../../server/src/cli/report/sarif.ts';
import { LineIndex } from '../../server/src/syntax/document.ts';
import { applyTextEdits } from '../../server/src/syntax/edit.ts';
import { demarc, folder, json, queue, SQS, where } from './cli-support.ts';

describe('reports', () => {
  const cwd = folder({
    'a b/q,1.yaml': `AWSTemplateFormatVersion: '2010-09-09'
Conditions:
  IsProd: !Equals [!Ref AWS::Region, us-east-1]
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      SqsManagedSseEnabled: !If [IsProd, true, false]
  Accepted:
    Type: AWS::SQS::Queue
    Properties:
      SqsManagedSseEnabled: false # demarc-ignore ${SQS}: fine
`,
    'main.tf.json':
      '{"variable": {"sse": {"default": false}},\n"resource": {"aws_sqs_queue": {"q": {"sqs_managed_sse_enabled": "${var.sse}"}}}}',
    'broken.json': '{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"A": {"Type": "AWS::SQS::Queue"',
  });

  it('are the same from run to run', () => {
    for (const format of ['pretty', 'json', 'sarif', 'markdown', 'github']) {
      assert.equal(
        demarc(cwd, ['lint', '--format', format]).stdout,
        demarc(cwd, ['lint', '--format', format, 'main.tf.json', '.']).stdout,
        format,
      );
    }
  });

  it('json has the shape that is held stable', () => {
    const report = json(cwd);
    assert.deepEqual(
      Object.keys(report).filter((key) => key !== 'code'),
      ['version', 'findings', 'errors'],
    );
    assert.deepEqual(where(report), ['a b/q,1.yaml Queue', 'main.tf.json aws_sqs_queue.q']);
    const [first, second] = report.findings;
    assert.deepEqual(Object.keys(first ?? {}), [
      'ruleId',
      'title',
      'category',
      'severity',
      'owner',
      'file',
      'resource',
      'path',
      'range',
      'message',
      'condition',
      'aliases',
      'fixes',
    ]);
    assert.equal(first?.condition, 'not IsProd');
    assert.deepEqual(first?.range, { start: { line: 7, character: 47 }, end: { line: 7, character: 52 } });
    assert.deepEqual(
      first?.fixes.map(({ title, safe }) => [title, safe]),
      [['Set SqsManagedSseEnabled to true', false]],
    );
    assert.deepEqual(
      second?.related?.map(({ file, message }) => [file, message]),
      [['main.tf.json', 'Default of variable sse']],
    );
    // The edits are what mends the text.
    const text = readFileSync(join(cwd, 'a b/q,1.yaml'), 'utf8');
    const lines = new LineIndex(text);
    const edits =
      first?.fixes[0]?.edits.map(({ range, newText }) => ({
        start: lines.offsetAt(range.start),
        end: lines.offsetAt(range.end),
        newText,
      })) ?? [];
    assert.equal(applyTextEdits(text, edits), text.replace('!If [IsProd, true, false]', 'true'));
  });

  it('sarif is valid and carries the same', () => {
    const { stdout } = demarc(cwd, ['lint', '--format', 'sarif']);
    const log = JSON.parse(stdout);
    const require = createRequire(join(process.cwd(), 'package.json'));
    const {
      $schema: _,
      id: __,
      ...schema
    } = JSON.parse(readFileSync(require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8'));
    const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, allErrors: true }).compile(
      schema,
    );
    const valid: boolean = validate(log);
    assert.ok(valid, JSON.stringify(validate.errors?.slice(0, 5), undefined, 2));
    assert.equal(
      validate({ ...log, runs: [{ ...log.runs[0], results: [{ level: 'loud' }] }] }),
      false,
      'the schema does judge',
    );
    const [run] = log.runs;
    assert.equal(run.columnKind, 'utf16CodeUnits');
    assert.equal(run.invocations[0].executionSuccessful, true);
    assert.ok(
      run.invocations[0].toolExecutionNotifications.some((one: { level: string }) => one.level === 'warning'),
      'the broken file',
    );
    const rule = run.tool.driver.rules.find((one: { id: string }) => one.id === SQS);
    assert.deepEqual([rule.properties.category, rule.properties.owner], ['encryption-at-rest', 'shared']);
    assert.deepEqual(rule.properties.frameworks, { fsbp: ['SQS.1'] });
    assert.match(rule.help.markdown, /^# Queue encryption[\s\S]*\n## Whose side\n[\s\S]*\n- AWS FSBP SQS\.1\n/);
    const results = run.results.filter((one: { ruleId: string }) => one.ruleId === SQS);
    assert.equal(results.length, 3);
    for (const one of results) assert.equal(run.tool.driver.rules[one.ruleIndex].id, SQS);
    const [first, second, accepted] = results;
    assert.equal(first.level, 'warning');
    const [location] = first.locations;
    assert.equal(location.physicalLocation.artifactLocation.uri, 'a%20b/q%2C1.yaml');
    assert.deepEqual(location.physicalLocation.region, { startLine: 8, startColumn: 48, endLine: 8, endColumn: 53 });
    assert.equal(location.logicalLocations[0].fullyQualifiedName, 'Queue');
    assert.ok(first.properties.aliases.includes('checkov:CKV_AWS_27'));
    assert.equal(first.properties.resource, 'Queue');
    assert.equal(first.fixes[0].artifactChanges[0].replacements[0].insertedContent.text, 'true');
    assert.equal(second.relatedLocations[0].message.text, 'Default of variable sse');
    assert.equal(first.suppressions, undefined);
    assert.deepEqual([accepted.suppressions[0].kind, accepted.suppressions[0].justification], ['inSource', 'fine']);
    assert.equal(
      new Set(results.map((one: { partialFingerprints: object }) => JSON.stringify(one.partialFingerprints))).size,
      3,
    );
  });

  it('sarif names files of another drive as a whole, where there are drives', () => {
    const uriBaseId = '%SRCROOT%';
    for (const [file, windows, posix = windows] of [
      ['a b/c.yaml', { uri: 'a%20b/c.yaml', uriBaseId }],
      ['../c.yaml', { uri: '../c.yaml', uriBaseId }],
      ['D:/a b/c#.yaml', { uri: 'file:///D:/a%20b/c%23.yaml' }, { uri: 'D%3A/a%20b/c%23.yaml', uriBaseId }],
      ['//server/share/c.yaml', { uri: 'file://server/share/c.yaml' }, { uri: '//server/share/c.yaml', uriBaseId }],
      ['D:c.yaml', { uri: 'D%3Ac.yaml', uriBaseId }],
    ] as const) {
      assert.deepEqual(artifact(file, true), windows, file);
      assert.deepEqual(artifact(file, false), posix, file);
    }
  });

  it('sarif keeps its fingerprints when lines move and when files are renamed', () => {
    const of = (files: Record<string, string>) =>
      JSON.parse(demarc(folder(files), ['lint', '--format', 'sarif']).stdout).runs[0].results.map(
        (one: { partialFingerprints: object }) => one.partialFingerprints,
      );
    const before = of({ 'a.yaml': queue() });
    assert.equal(before.length >= 1, true);
    assert.deepEqual(of({ 'a.yaml': `# a\n# b\n${queue()}` }), before);
    assert.deepEqual(of({ 'sub/b.yaml': queue() }), before);
    assert.notDeepEqual(of({ 'a.yaml': queue().replace('Queue:', 'Other:') }), before);
  });

  it('pretty underlines the exact place and counts the sides', () => {
    const { stdout } = demarc(cwd, ['lint', '--color'], undefined, { NO_COLOR: '1' });
    assert.ok(stdout.includes('\u001b['), 'an option wins over the environment');
    const plain = demarc(cwd, ['lint']).stdout;
    assert.ok(!plain.includes('\u001b'), 'no colour where no terminal is');
    const lines = plain.split('\n');
    const at = lines.findIndex((line) => line.includes('!If [IsProd, true, false]'));
    assert.equal(lines[at + 1]?.indexOf('^^^^^'), lines[at]?.indexOf('false]'));
    assert.match(plain, /^a b\/q,1\.yaml$/m);
    assert.match(plain, /shared · resource Queue · when not IsProd/);
    assert.match(plain, /^Whose side: \d+/m);
    assert.match(plain, /1 suppressed/);
    assert.match(plain, /broken\.json\n {2}1:\d+ {2}error/);
  });

  it('pretty lets no template steer the terminal', () => {
    const evil = folder({
      'a.json': JSON.stringify({
        Resources: { 'Q\u001b[2J\u202e': { Type: 'AWS::SQS::Queue', Properties: { SqsManagedSseEnabled: false } } },
      }),
    });
    const raw = folder({ 'a.yaml': queue('false # \u001b[31m\u202e') });
    for (const path of [evil, raw]) {
      for (const format of ['pretty', 'markdown']) {
        const { stdout } = demarc(path, ['lint', '--format', format]);
        assert.match(stdout, /Queue encryption/);
        assert.doesNotMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u202e]/);
      }
    }
  });

  it('quiet prints findings and errors only', () => {
    const fine = folder({ 'a.yaml': queue('true') });
    assert.equal(demarc(fine, ['lint', '--quiet']).stdout, '');
    assert.match(demarc(fine, ['lint']).stdout, /No findings in 1 file\./);
  });

  it('github escapes what would end a command', () => {
    const { stdout } = demarc(cwd, ['lint', '--format', 'github']);
    assert.match(
      stdout,
      /^::warning file=a b\/q%2C1\.yaml,line=8,endLine=8,col=48,endColumn=53,title=[^,:]+::Queue encryption/m,
    );
    const evil = folder({
      'a.json': JSON.stringify({
        Resources: { 'Q\n::error::x': { Type: 'AWS::SQS::Queue', Properties: { SqsManagedSseEnabled: false } } },
      }),
    });
    const report = demarc(evil, ['lint', '--format', 'github']).stdout;
    assert.match(report, /Q%0A::error::x/);
    assert.doesNotMatch(report, /^::error::x/m);
  });

  it('markdown keeps a template from writing markup', () => {
    const evil = folder({
      'a.json': JSON.stringify({
        Resources: {
          'Q|<img src=x>[y](http://z)': { Type: 'AWS::SQS::Queue', Properties: { SqsManagedSseEnabled: false } },
        },
      }),
    });
    const { stdout } = demarc(evil, ['lint', '--format', 'markdown']);
    assert.match(
      stdout,
      /^- \*\*medium\*\* · Queue encryption is switched off · `Q\|<img src=x>\[y\]\(http:\/\/z\)` · `a\.json:1` · \[/m,
    );
  });

  it('markdown says beside the verdict that a file was not read whole, and why once', () => {
    const broken = folder({ 'a.yaml': 'Resources: {A: {Type: AWS::SQS::Queue\n' });
    const { stdout } = demarc(broken, ['lint', '--format', 'markdown']);
    assert.match(stdout.split('\n').slice(0, 3).join('\n'), /\*\*1 file could not be read whole\*\*/);
    const lines = stdout.match(/^- `a\.yaml:\d+`: .*$/gm) ?? [];
    assert.ok(lines.length);
    assert.deepEqual(lines, [...new Set(lines)]);
  });

  it('go to a file where --output says so', () => {
    const out = folder({ 'a.yaml': queue() });
    const { code, stdout } = demarc(out, ['lint', '--format', 'json', '--output', 'out/report.json']);
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.deepEqual(
      where(JSON.parse(readFileSync(join(out, 'out/report.json'), 'utf8'))).includes('a.yaml Queue'),
      true,
    );
    assert.equal(demarc(out, ['lint', '--output', 'a.yaml/x']).code, 2);
    assert.equal(demarc(out, ['lint', '--output', 'out']).code, 2);
  });

  it('go to a pipe as it is, which stays one', { skip: process.platform === 'win32' }, async () => {
    const out = folder({ 'a.yaml': queue() });
    spawnSync('sh', ['-c', 'mkfifo pipe'], { cwd: out });
    const reader = spawn('cat', [join(out, 'pipe')], { stdio: ['ignore', openSync(join(out, 'got'), 'w'), 'ignore'] });
    try {
      assert.equal(demarc(out, ['lint', '--output', 'pipe']).code, 1);
      assert.ok(lstatSync(join(out, 'pipe')).isFIFO());
      // It ends when it has read all of it.
      if (reader.exitCode === null) await once(reader, 'exit');
      assert.match(readFileSync(join(out, 'got'), 'utf8'), /Queue encryption/);
    } finally {
      reader.kill();
    }
  });

  it('name what is wrong with suppressions', () => {
    const path = folder({ 'a.yaml': queue(`false # demarc-ignore sqs-nope: x`) });
    assert.match(demarc(path, ['lint']).stdout, /note {2}Unknown rule "sqs-nope"/);
    assert.match(demarc(path, ['lint', '--format', 'json']).stderr, /^a\.yaml:6:\d+: Unknown rule "sqs-nope"/m);
  });
});
