/** Which local modules a text calls. What only looks like a call must be none: nobody would judge the module. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { localSources } from '../../server/src/terraform/module-source.ts';
import { demarc, folder, json, SQS, where } from './cli-support.ts';

const block = (body: string) => `module "m" {\n${body}\n}\n`;

describe('local sources', () => {
  it('are those of calls, however they are written', () => {
    for (const [text, expected] of [
      [block('  source = "./a"'), ['./a']],
      [block('  count = 2\n  source="../b/c" # why\n  x = { y = 1 }'), ['../b/c']],
      ['module "m" { source = "./a" }', ['./a']],
      ['module m {\n  "source" = "./a"\n}', ['./a']],
      [`\ufeff/* module */ ${block('source = ".."')}${block('source = "."')}${block('source = "."')}`, ['..', '.']],
      [`${block('source = "./a"').replaceAll('\n', '\r\n')}`, ['./a']],
      [block('  source = "./a"').slice(0, -3), ['./a']],
      ['{"module": {"m": {"source": "./a"}, "n": [{"source": "../b"}]}}', ['./a', '../b']],
      ['[{"module": [{"m": {"source": "./a"}}]}]', ['./a']],
      ['{"module": {"m": {"source": "./a"}, ', ['./a']],
    ] as const)
      assert.deepEqual(localSources(text), expected, text);
  });

  it('are not those of comments, texts and other blocks', () => {
    for (const text of [
      '# module\n# source = "./a"\n',
      '# module "m" {\n#   source = "./a"\n# }\n',
      '/*\nmodule "m" {\n  source = "./a"\n}\n*/\n',
      block('  # source = "./a"\n  source = "registry/a/b"'),
      block('  text = <<EOT\nsource = "./a"\nEOT\n  source = "registry/a/b"'),
      block('  providers = {\n    source = "./a"\n  }'),
      'locals {\n  module = 1\n  source = "./a"\n}\n',
      'resource "aws_s3_object" "module" {\n  source = "./a"\n}\n',
      'module {\n  source = "./a"\n}\n',
      'module "a" "b" {\n  source = "./a"\n}\n',
      'output "module" {\n  value = <<EOT\nmodule "m" {\n  source = "./a"\n}\nEOT\n}\n',
      block('  source = "./${var.a}"'),
      block('  source = "registry/a/b"'),
      '{"locals": {"module": 1, "source": "./a"}}',
      '{"//": "module", "resource": {"aws_s3_object": {"o": {"source": "./a"}}}}',
      '{"module": {"m": {"x": {"source": "./a"}}}}',
      '{"module": "./a"}',
      'module',
    ])
      assert.deepEqual(localSources(text), [], text);
  });

  it('of hostile texts end in time', () => {
    for (const text of [
      `{"module": ${'['.repeat(100_000)}"./a"${']'.repeat(100_000)}}`,
      `{"module": ${'{"m":'.repeat(100_000)}"./a"`,
      `${'module "m" {\n'.repeat(50_000)}source = "./a"`,
      block('source = "./a"').repeat(20_000),
      `module "m" { source = "./${'a/'.repeat(200_000)}`,
    ]) {
      const before = process.cpuUsage();
      localSources(text);
      const { user, system } = process.cpuUsage(before);
      // Of processor time: what is not linear takes minutes.
      assert.ok(user + system < 2_000_000, `${(user + system) / 1000} ms: ${text.slice(0, 40)}`);
    }
  });
});

describe('a module', () => {
  const bad = 'resource "aws_sqs_queue" "q" {\n  sqs_managed_sse_enabled = false\n}\n';

  it('that only seems to be called is judged by itself', () => {
    for (const main of [
      '# module "m" {\n#   source = "./evil"\n# }\n',
      'resource "aws_s3_object" "module" {\n  source = "./evil"\n}\n',
      'module {\n  source = "./evil"\n}\n',
      'module "a" "b" {\n  source = "./evil"\n}\n',
    ])
      assert.deepEqual(
        where(json(folder({ 'main.tf': main, 'evil/main.tf': bad }))),
        ['evil/main.tf aws_sqs_queue.q'],
        main,
      );
  });

  it('is judged through every form of a call', () => {
    for (const main of ['module m {\n  source = "./evil"\n}\n', 'module "m" { source = "./evil" }\n'])
      assert.deepEqual(
        where(json(folder({ 'main.tf': main, 'evil/main.tf': bad }))),
        ['evil/main.tf module.m.aws_sqs_queue.q'],
        main,
      );
  });

  it('is judged however many there are, up to a number that is told', () => {
    const many = (count: number) => {
      const numbers = Array.from({ length: count }, (_, at) => at);
      const files = Object.fromEntries(numbers.map((at) => [`m${at}/main.tf`, bad]));
      const calls = numbers.map((at) => `module "m${at}" {\n  source = "./m${at}"\n}\n`).join('');
      return demarc(folder({ ...files, 'main.tf': calls }), ['lint', '.', '--format', 'json']).stdout;
    };
    const found = (text: string) => text.split(`"ruleId": "${SQS}"`).length - 1;
    assert.equal(found(many(130)), 130);
    const most = many(210);
    assert.equal(found(most), 199);
    assert.match(most, /Not all calls in [\w./]+(?: module)? are followed: only 10 deep, and 200 in all/);
  });

  it('that lies too deep is told of', () => {
    const files: Record<string, string> = { 'm12/main.tf': bad };
    for (let at = 0; at < 12; at++) files[`m${at}/main.tf`] = `module "m" {\n  source = "../m${at + 1}"\n}\n`;
    const cwd = folder(files);
    const { stdout } = demarc(cwd, ['lint', '.', '--format', 'json']);
    assert.ok(!stdout.includes(`"${SQS}"`));
    assert.match(stdout, /Not all calls in [\w./]+(?: module)? are followed: only 10 deep, and 200 in all/);
  });
});
