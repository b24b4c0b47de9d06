/**
 * Terraform modules that call each other, as they are edited: nothing throws, and what is taken over from the version before
 * says the same as an analysis that begins anew, of all files and of one. `FUZZ=5 node scripts/test.mjs fuzz/modules` runs it
 * for five minutes with a new seed.
 */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Analysis, analyze, type Source } from '../../server/src/analysis/analyze.ts';
import { fixesOf } from '../../server/src/analysis/present.ts';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings.ts';
import { sourcesOf } from '../unit/modules-support.ts';

const MINUTES = Number(process.env.FUZZ ?? 0);
/** Milliseconds after which a run ends, on whatever machine. */
const LIMIT = MINUTES ? MINUTES * 60_000 : 6_000;
const ROUNDS = MINUTES ? Number.POSITIVE_INFINITY : 60;
const EDITS = 12;

/** A generator of pseudo-random numbers below a bound (a linear congruence; any will do that has a seed). */
function random(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

type Below = (bound: number) => number;

const NAMES = ['x', 'y', 'z'];
const FOLDERS = ['', 'a', 'b', '../c'];

function pick<T>(below: Below, list: readonly T[]): T {
  return list[below(list.length)] as T;
}

function expression(below: Below, depth = 0): string {
  const name = pick(below, NAMES);
  switch (below(depth > 2 ? 8 : 13)) {
    case 0:
    case 1:
      return 'false';
    case 2:
      return 'true';
    case 3:
      return 'null';
    case 4:
    case 5:
      return `var.${name}`;
    case 6:
      return `local.${name}`;
    case 7:
      return `module.${name}${pick(below, ['', '[0]', '[*]', '["k"]'])}.${pick(below, NAMES)}`;
    case 8:
      return `var.${name} ? ${expression(below, depth + 1)} : ${expression(below, depth + 1)}`;
    case 9:
      return `aws_s3_bucket.${name}.${pick(below, ['id', 'arn', 'bucket'])}`;
    case 10:
      return `one(module.${name}[*].${pick(below, NAMES)})`;
    case 11:
      return `coalesce(${expression(below, depth + 1)}, ${expression(below, depth + 1)})`;
    default:
      return `try(${expression(below, depth + 1)}, ${expression(below, depth + 1)})`;
  }
}

const assigned = (below: Below) => `${pick(below, NAMES)} = ${expression(below)}\n`;

function block(below: Below): string {
  const name = pick(below, NAMES);
  const many = pick(below, [
    '',
    '',
    '',
    'count = 0\n',
    'count = var.x ? 1 : 0\n',
    'for_each = { k = false, l = true }\n',
  ]);
  switch (below(9)) {
    case 0:
      return `variable "${name}" {\n${pick(below, ['', 'default = false\n', 'default = true\n', 'default = null\n', 'default = false\nnullable = false\n', 'type = bool\ndefault = false\n'])}}\n`;
    case 1:
      return `output "${name}" {\nvalue = ${expression(below)}\n}\n`;
    case 2:
    case 3: {
      const source = pick(below, ['./a', './b', '../a', '../b', '../c', '../', './', '.', './missing']);
      return `module "${name}" {\nsource = "${source}"\n${many}${assigned(below)}${assigned(below)}}\n`;
    }
    case 4:
      return `locals {\n${assigned(below)}}\n`;
    case 5:
      return `resource "aws_s3_bucket" "${name}" {\n${many}bucket = ${expression(below)}\n}\n`;
    case 6:
      return `resource "aws_s3_bucket_public_access_block" "${name}" {\nbucket = ${expression(below)}\nblock_public_acls = ${expression(below)}\n}\n`;
    case 7:
      return `resource "aws_sqs_queue_policy" "${name}" {\nqueue_url = "q"\npolicy = <<EOT\n{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "\${${expression(below)}}"}]}\nEOT\n}\n`;
    default:
      return `resource "aws_sqs_queue" "${name}" {\n${many}sqs_managed_sse_enabled = ${expression(below)}\n}\n`;
  }
}

const blocks = (below: Below, count: number) => Array.from({ length: count }, () => block(below)).join('');

function filesOf(below: Below): Record<string, string> {
  const files: Record<string, string> = {};
  for (const folder of FOLDERS.slice(0, 2 + below(3))) {
    for (const name of ['main.tf', 'other.tf', 'x_override.tf'].slice(0, 1 + below(3)))
      files[folder ? `${folder}/${name}` : name] = blocks(below, 2 + below(7));
  }
  if (below(2)) files['terraform.tfvars'] = assigned(below);
  return files;
}

/** A file as it is after one edit: a block more, a line less, a word, or a letter. */
function edited(below: Below, text: string): string {
  const lines = text.split('\n');
  const at = below(lines.length);
  switch (below(6)) {
    case 0:
      return text + block(below);
    case 1:
      return [...lines.slice(0, at), ...lines.slice(at + 1)].join('\n');
    case 2:
      return text.replace(/= .*/, `= ${expression(below)}`);
    case 3:
      return pick(below, [text.replace('false', 'true'), text.replace('true', 'false')]);
    case 4: {
      const from = below(text.length + 1);
      return text.slice(0, from) + pick(below, ['"', '{', '}', '${', '\n', 'var.', '<<EOT\n']) + text.slice(from);
    }
    default: {
      const from = below(text.length + 1);
      return text.slice(0, from) + text.slice(from + 1 + below(5));
    }
  }
}

const settings = { ...DEFAULT_SETTINGS, tier: 'all' as const };

function run(sources: readonly Source[], previous?: Analysis): Analysis {
  const onError = (rule: string, error: unknown) =>
    assert.fail(`${rule}: ${error instanceof Error ? error.stack : String(error)}`);
  const analysis = analyze(sources, settings, { onError, previous });
  assert.ok(analysis);
  return analysis;
}

/** All that is told, by text and place alone. */
function told(analysis: Analysis): string[] {
  return analysis.findings.map(({ finding, severity }) => {
    const { node, rule, resource, message, conditions, related } = finding;
    return JSON.stringify([
      [severity, rule.id, resource.address, message, node.document.uri, node.start, node.end],
      conditions.map(({ text }) => text),
      related.map((one) => [one.message, one.node.document.uri, one.node.start, one.node.end]),
      fixesOf(finding).map(({ title, safe }) => [title, safe]),
    ]);
  });
}

describe('modules that are edited', () => {
  it('say what they say when they are read anew', () => {
    const seed = MINUTES ? Date.now() : 7;
    const until = performance.now() + LIMIT;
    let findings = 0;
    for (let round = 0; round < ROUNDS && performance.now() < until; round++) {
      const below = random(seed + round * 7919);
      let files = filesOf(below);
      let previous = run(sourcesOf(files));
      for (let edit = 0; edit < EDITS; edit++) {
        const name = pick(below, Object.keys(files));
        files = { ...files, [name]: edited(below, files[name] ?? '') };
        const what = `seed ${seed}, round ${round}, edit ${edit}`;
        const sources = sourcesOf(files);
        const anew = told(run(sources));
        previous = run(sources, previous);
        assert.deepEqual(told(previous), anew, what);
        findings += anew.length;
      }
    }
    assert.ok(findings > 100, `${findings} findings were compared`);
  });
});
