/** The command line on Terraform modules: which files it judges together, what it tells once, and what it writes where. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { demarc, folder, type Json, json, SQS, where } from './cli-support.ts';
import { call, type Files, queue, variable } from './modules-support.ts';

const CHILD = variable('on') + queue('var.on');
const CALLER = call('a', './a', 'on = false');
const FILES = { 'main.tf': CALLER, 'a/main.tf': CHILD };
const IN_CHILD = 'a/main.tf module.a.aws_sqs_queue.q';

/** A repository with these files, all of them committed. */
function repository(files: Files): string {
  const cwd = folder(files);
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd, stdio: 'pipe' });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-q', '-m', 'x', '--no-gpg-sign');
  return cwd;
}

const changes = ({ findings }: Json) => findings.map(({ file, resource, change }) => `${change} ${file} ${resource}`);
const fixed = (report: Json) => report.fixed?.map(({ file, resource }) => `${file} ${resource}`);

describe('modules on the command line', () => {
  it('are judged through their calls, and told once', () => {
    const report = json(folder(FILES), '.');
    assert.deepEqual(where(report), [IN_CHILD]);
    const [finding] = report.findings;
    assert.deepEqual(
      finding?.related?.map(({ file, message }) => `${message} at ${file}`),
      ['Argument on of module a at main.tf', 'Called as module.a at main.tf'],
    );
    assert.deepEqual(
      finding?.fixes.map(({ title, edits }) => [title, edits.map(({ file, newText }) => [file, newText])]),
      [['Set argument on of module a to true', [['main.tf', 'true']]]],
    );
  });

  it('are judged by themselves where no caller is named', () => {
    const cwd = folder({ ...FILES, 'b/main.tf': queue('false') });
    assert.deepEqual(where(json(cwd, 'a')), []);
    assert.deepEqual(where(json(cwd, 'b/main.tf')), ['b/main.tf aws_sqs_queue.q']);
  });

  it('are context where only the caller is named', () => {
    assert.deepEqual(where(json(folder(FILES), 'main.tf')), []);
    const { stdout } = demarc(folder(FILES), ['lint', '--format', 'json', 'main.tf']);
    assert.deepEqual(JSON.parse(stdout).errors, []);
  });

  it('that two roots call are told once for the same, and for each where it differs', () => {
    const root = (on: boolean) => call('a', '../a', `on = ${on}`);
    const files = (one: boolean, two: boolean) => ({
      'one/main.tf': root(one),
      'two/main.tf': root(two),
      'a/main.tf': CHILD,
    });
    assert.deepEqual(where(json(folder(files(false, false)), '.')), [IN_CHILD]);
    assert.deepEqual(where(json(folder(files(true, false)), '.')), [IN_CHILD]);
    assert.deepEqual(where(json(folder(files(true, true)), '.')), []);
  });

  it('and files that are excluded still say what they say to others', () => {
    const configuration = { '.demarc.json': '{"exclude": ["a/**"]}' };
    assert.deepEqual(where(json(folder({ ...FILES, ...configuration }), '.')), []);
    const root = {
      'main.tf': call('a', './a') + queue('module.a.on'),
      'a/main.tf': 'output "on" {\n  value = false\n}\n',
    };
    assert.deepEqual(where(json(folder({ ...root, ...configuration }), '.')), ['main.tf aws_sqs_queue.q']);
  });

  it('that are broken are told once, whoever calls them', () => {
    const broken = `${CHILD}resource "aws_sqs_queue" {{\n`;
    const files = { 'one/main.tf': call('a', '../a'), 'two/main.tf': call('a', '../a'), 'a/main.tf': broken };
    const messages = ({ errors }: Json) => new Set(errors.map(({ file, message }) => `${file} ${message}`));
    const report = json(folder(files), '.');
    assert.ok(report.errors.length > 0);
    assert.equal(messages(report).size, report.errors.length);
    assert.deepEqual(new Set(report.errors.map(({ file }) => file)), new Set(['a/main.tf']));
    assert.deepEqual(json(folder(files), 'one').errors, [], 'nor where nobody asked for them');
  });

  it('that call each other in a circle are all judged', () => {
    const files = {
      'a/main.tf': CHILD + call('b', '../b', 'on = false'),
      'b/main.tf': CHILD + call('a', '../a', 'on = false'),
    };
    assert.deepEqual(where(json(folder(files), '.')), ['b/main.tf module.b.aws_sqs_queue.q']);
  });

  it('take values from files beside the root', () => {
    const files = { 'main.tf': variable('x') + call('a', './a', 'on = var.x'), 'a/main.tf': CHILD };
    assert.deepEqual(where(json(folder({ ...files, 'a.auto.tfvars': 'x = false\n' }), '.')), [IN_CHILD]);
    assert.deepEqual(where(json(folder({ ...files, 'a/terraform.tfvars': 'on = false\n' }), '.')), []);
    const alone = folder({ ...files, 'terraform.tfvars': 'x = false\n' });
    assert.equal(demarc(alone, ['lint', 'terraform.tfvars']).code, 0);
  });

  it('are read around a root on standard input', () => {
    const cwd = folder({
      'main.tf': CALLER.replace('false', 'true'),
      'a/main.tf': 'output "on" {\n  value = false\n}\n',
    });
    const args = ['lint', '--format', 'json', '--stdin', '--stdin-filename', 'main.tf'];
    const { stdout, stderr } = demarc(cwd, args, call('a', './a') + queue('module.a.on'));
    assert.ok(stdout, stderr);
    const { findings } = JSON.parse(stdout) as Json;
    assert.deepEqual(
      findings.filter(({ ruleId }) => ruleId === SQS).map(({ file, resource }) => `${file} ${resource}`),
      ['main.tf aws_sqs_queue.q'],
    );
  });

  it('are SARIF with the places of both files', () => {
    const { stdout } = demarc(folder(FILES), ['lint', '--format', 'sarif', '.']);
    const { results } = JSON.parse(stdout).runs[0];
    const result = results.find(({ ruleId }: { ruleId: string }) => ruleId === SQS);
    const uri = (one: { physicalLocation: { artifactLocation: { uri: string } } }) =>
      one.physicalLocation.artifactLocation.uri;
    assert.equal(uri(result.locations[0]), 'a/main.tf');
    assert.deepEqual(result.relatedLocations.map(uri), ['main.tf', 'main.tf']);
  });
});

describe('fixes of modules on the command line', () => {
  it('are written into the file that decides, where they are safe', () => {
    const cwd = folder({ 'main.tf': call('a', './a'), 'a/main.tf': queue('false') });
    assert.equal(json(cwd, '--fix', '.').findings.length, 0);
    assert.equal(readFileSync(join(cwd, 'a/main.tf'), 'utf8'), queue('true'));
    assert.equal(readFileSync(join(cwd, 'main.tf'), 'utf8'), call('a', './a'));
  });

  it('are left to a person where an argument decides, and where the file was not named', () => {
    const cwd = folder(FILES);
    assert.deepEqual(where(json(cwd, '--fix', '.')), [IN_CHILD]);
    for (const [name, text] of Object.entries(FILES)) assert.equal(readFileSync(join(cwd, name), 'utf8'), text);
    const other = folder({ 'main.tf': call('a', './a'), 'a/main.tf': queue('false') });
    demarc(other, ['lint', '--fix', 'main.tf']);
    assert.equal(readFileSync(join(other, 'a/main.tf'), 'utf8'), queue('false'));
  });
});

describe('modules since a revision', () => {
  const ON = { ...FILES, 'main.tf': CALLER.replace('false', 'true') };

  it('introduce what a changed argument does', () => {
    const cwd = repository(ON);
    writeFileSync(join(cwd, 'main.tf'), CALLER);
    assert.deepEqual(changes(json(cwd, '--since', 'main', '.')), [`introduced ${IN_CHILD}`]);
  });

  it('introduce what a changed module does', () => {
    const cwd = repository({ 'main.tf': call('a', './a'), 'a/main.tf': queue('true') });
    writeFileSync(join(cwd, 'a/main.tf'), queue('false'));
    assert.deepEqual(changes(json(cwd, '--since', 'main', '.')), [`introduced ${IN_CHILD}`]);
  });

  it('fix what a changed argument mends, and leave what is as it was', () => {
    const cwd = repository(FILES);
    assert.deepEqual(changes(json(cwd, '--since', 'main', '.')), [`before ${IN_CHILD}`]);
    writeFileSync(join(cwd, 'main.tf'), `# more\n${CALLER}`);
    assert.deepEqual(changes(json(cwd, '--since', 'main', '.')), [`before ${IN_CHILD}`]);
    writeFileSync(join(cwd, 'main.tf'), ON['main.tf']);
    const report = json(cwd, '--since', 'main', '.');
    assert.deepEqual(changes(report), []);
    assert.deepEqual(fixed(report), [IN_CHILD]);
  });

  it('know what another module did before, also where it is gone', () => {
    const files = { 'main.tf': call('a', './a', 'on = false'), 'a/main.tf': CHILD, 'terraform.tfvars': '' };
    const cwd = repository(files);
    writeFileSync(join(cwd, 'main.tf'), call('a', './b', 'on = false'));
    renameSync(join(cwd, 'a'), join(cwd, 'b'));
    const moved = json(cwd, '--since', 'main', '.');
    assert.deepEqual(changes(moved), ['before b/main.tf module.a.aws_sqs_queue.q']);
    assert.deepEqual(fixed(moved), []);
    rmSync(join(cwd, 'b'), { recursive: true });
    writeFileSync(join(cwd, 'main.tf'), '');
    const gone = json(cwd, '--since', 'main', '.');
    assert.deepEqual(changes(gone), []);
    assert.deepEqual(fixed(gone), [IN_CHILD]);
  });

  it('stand in a baseline as they do in a report', () => {
    const cwd = folder(FILES);
    const { stdout } = demarc(cwd, ['lint', '--format', 'json', '.']);
    writeFileSync(join(cwd, 'baseline.json'), stdout);
    assert.deepEqual(changes(json(cwd, '--baseline', 'baseline.json', '.')), [`before ${IN_CHILD}`]);
  });
});

describe('plans on the command line', () => {
  const values = (on: boolean) => ({ sqs_managed_sse_enabled: on });
  const resource = (name: string, on: boolean) => ({
    address: `module.a.aws_sqs_queue.${name}`,
    mode: 'managed',
    type: 'aws_sqs_queue',
    name,
    values: values(on),
  });
  const inModule = (...resources: object[]) => ({
    root_module: { child_modules: [{ address: 'module.a', resources }] },
  });
  const plan = JSON.stringify(
    {
      format_version: '1.2',
      planned_values: inModule(resource('old', false), resource('q', false)),
      resource_changes: ['old', 'q'].map((name) => ({
        address: `module.a.aws_sqs_queue.${name}`,
        change: { actions: ['update'], before: values(name === 'q'), after: values(false), after_unknown: {} },
      })),
      prior_state: { values: inModule(resource('old', false), resource('q', true)) },
    },
    null,
    1,
  );

  it('mark what they introduce, and where it is written', () => {
    const cwd = folder({ ...FILES, 'plan.json': plan });
    const report = json(cwd, 'plan.json');
    assert.deepEqual(
      changes(report).map((line) => line.replace('undefined ', '')),
      ['plan.json module.a.aws_sqs_queue.old', 'introduced plan.json module.a.aws_sqs_queue.q'],
    );
    const related = report.findings.map((one) => one.related?.map(({ file, message }) => `${message} at ${file}`));
    assert.deepEqual(related[1], ['Written here in the configuration at a/main.tf']);
    const { stdout } = demarc(cwd, ['lint', 'plan.json']);
    assert.equal(stdout.split('\n').filter((line) => line.includes(SQS) && /\bnew\b/.test(line)).length, 1, stdout);
    const sarif = JSON.parse(demarc(cwd, ['lint', '--format', 'sarif', 'plan.json']).stdout);
    const states = sarif.runs[0].results
      .filter(({ ruleId }: { ruleId: string }) => ruleId === SQS)
      .map(({ baselineState }: { baselineState?: string }) => baselineState);
    assert.equal(states.filter((state: unknown) => state === 'new').length, 1);
  });
});
