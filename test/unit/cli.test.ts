/** The bundled command line, run as a program in folders of its own. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import Ajv from 'ajv';
import { LineIndex } from '../../server/src/syntax/document.ts';
import { applyTextEdits } from '../../server/src/syntax/edit.ts';

const SQS = 'sqs-encryption-disabled';
const root = realpathSync(mkdtempSync(join(tmpdir(), 'demarc-cli-')));
after(() => rmSync(root, { recursive: true, force: true }));

/** As scripts/build.mjs bundles it. */
const CLI = join(root, 'bin', 'cli.js');
{
  const options = [
    '--bundle',
    '--platform=node',
    '--format=cjs',
    '--target=node20',
    '--main-fields=module,main',
    '--log-level=warning',
  ];
  const built = spawnSync(
    process.execPath,
    [join('node_modules', 'esbuild', 'bin', 'esbuild'), 'server/src/cli/cli.ts', ...options, `--outfile=${CLI}`],
    {
      encoding: 'utf8',
    },
  );
  assert.equal(built.status, 0, built.stderr);
  const data = 'server/src/data/iam.generated.json';
  if (existsSync(data)) copyFileSync(data, join(dirname(CLI), 'iam.json'));
}

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function demarc(
  cwd: string,
  args: readonly string[],
  input?: string | Buffer,
  env: Record<string, string> = {},
): Outcome {
  const { NO_COLOR: _, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd,
    input,
    encoding: 'utf8',
    env: { ...inherited, ...env },
  });
  return { code: status, stdout, stderr };
}

let folders = 0;
/** A new folder with these files; its own repository, so that no configuration outside of it counts. */
function folder(files: Readonly<Record<string, string | Buffer>>): string {
  const path = join(root, `w${folders++}`);
  mkdirSync(join(path, '.git'), { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return path;
}

interface Json {
  readonly version: string;
  readonly findings: readonly {
    readonly ruleId: string;
    readonly severity: string;
    readonly file: string;
    readonly resource: string;
    readonly range: {
      readonly start: { line: number; character: number };
      readonly end: { line: number; character: number };
    };
    readonly condition?: string;
    readonly aliases: readonly string[];
    readonly related?: readonly { readonly file: string; readonly message: string }[];
    readonly fixes: readonly {
      readonly title: string;
      readonly safe: boolean;
      readonly edits: readonly { file: string; range: Json['findings'][number]['range']; newText: string }[];
    }[];
  }[];
  readonly errors: readonly { readonly file: string; readonly message: string; readonly range?: unknown }[];
}

/** Findings of the exemplar only: the catalogue grows. */
function json(cwd: string, ...args: string[]): Json & { readonly code: number | null } {
  const { code, stdout, stderr } = demarc(cwd, ['lint', '--format', 'json', ...args]);
  assert.ok(stdout, stderr);
  const report = JSON.parse(stdout) as Json;
  return { ...report, findings: report.findings.filter((one) => one.ruleId === SQS), code };
}

const queue = (value = 'false') => `AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      SqsManagedSseEnabled: ${value}
`;
const tfQueue = (name: string, value: unknown) =>
  JSON.stringify({ resource: { aws_sqs_queue: { [name]: { sqs_managed_sse_enabled: value } } } });
const where = (report: Json) => report.findings.map(({ file, resource }) => `${file} ${resource}`);

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
    assert.equal(report.code, 1);
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
      [['Set SqsManagedSseEnabled to true', true]],
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
    assert.equal(applyTextEdits(text, edits), text.replace('[IsProd, true, false]', '[IsProd, true, true]'));
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
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
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
    assert.match(stdout, /\| 1 \| medium \| shared \| Queue encryption/);
    assert.ok(!/(?<!\\)<img/.test(stdout) && !stdout.includes('http://z') && !/[^\\]\|<img/.test(stdout), stdout);
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
  });

  it('name what is wrong with suppressions', () => {
    const path = folder({ 'a.yaml': queue(`false # demarc-ignore sqs-nope: x`) });
    assert.match(demarc(path, ['lint']).stdout, /note {2}Unknown rule "sqs-nope"/);
    assert.match(demarc(path, ['lint', '--format', 'json']).stderr, /^a\.yaml:6:\d+: Unknown rule "sqs-nope"/m);
  });
});
