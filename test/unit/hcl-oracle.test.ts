/**
 * Our reading of HCL against HashiCorp's own (its Go parser as WebAssembly, which prints a file as JSON and an expression
 * as a tree): both accept the same texts, and blocks, labels, attributes, values and operators come out the same.
 */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { getExpressionAst, parse as parseGo } from '@cdktf/hcl2json';
import fc from 'fast-check';
import { globSync } from 'tinyglobby';
import { parseHcl } from '../../server/src/syntax/hcl.ts';
import type { Expression, TemplatePart, TraversalStep } from '../../server/src/syntax/hcl-expression.ts';
import { parseExpression } from '../../server/src/syntax/hcl-parser.ts';
import { expressionAt } from '../../server/src/syntax/hcl-source.ts';
import type { Node } from '../../server/src/syntax/node.ts';
import { nodesOf } from './syntax-support.ts';

type Json = null | boolean | number | string | Json[] | Members;
interface Members {
  [name: string]: Json;
}

// Our tree as hcl2json prints it

/** A body, or the labels around one: every block in an array, attributes by name. */
function body(node: Node): Members {
  const result: Members = {};
  for (const { name, value } of node.entries) merge(result, name, member(value));
  return result;
}

function member(value: Node): Json {
  if (value.style !== 'block') return attribute(value);
  if (value.kind === 'array') return value.items.map(member).reduce(joined);
  // The objects that labels make begin behind the block's brace.
  return value.document.text[value.start] === '{' ? [body(value)] : body(value);
}

function merge(into: Members, name: string, value: Json): void {
  into[name] = name in into ? joined(into[name] as Json, value) : value;
}

/** Two blocks of one name: their bodies in one array, below equal labels. */
function joined(a: Json, b: Json): Json {
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
  if (!isMembers(a) || !isMembers(b)) return b;
  for (const [name, value] of Object.entries(b)) merge(a, name, value);
  return a;
}

function isMembers(value: Json): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function attribute(node: Node): Json {
  const whole = inParentheses(node);
  if (whole !== undefined) return whole;
  if (node.kind === 'array') return node.items.map(attribute);
  if (node.kind === 'object') {
    return Object.fromEntries(node.entries.map(({ key, value }) => [keyText(key), attribute(value)]));
  }
  if (node.kind === 'number') return Number(Number(node.value).toPrecision(15));
  if (node.kind !== 'string') return node.value ?? null;
  const written = expressionAt(node);
  assert.ok(written, 'every value of an attribute is an expression');
  const { expression, source } = written;
  if (expression.kind === 'unary' && expression.operand.kind === 'literal') {
    return expression.operator === '-' ? -(expression.operand.value as number) : !expression.operand.value;
  }
  return expression.kind === 'template' ? template(node, expression.parts, source.text) : wrapped(node);
}

function keyText(key: Node): string {
  const written = expressionAt(key);
  if (written?.expression.kind === 'template' && key.style !== 'plain') return String(attribute(key));
  if (typeof key.value === 'string') return key.value;
  // Our node of `(x)` is that of `x`; an unwrapped reference is printed as text.
  const { text } = key.document;
  return text[key.start - 1] === '(' ? `\${(${key.source})}` : key.source;
}

function wrapped(node: Node): string {
  return `\${${node.document.text.slice(node.start, node.end)}}`;
}

const BLANK = String.raw`(?:\s|/\*[^*]*\*/)*`;
const OPENING = new RegExp(`[(]${BLANK}(?:[(]${BLANK})*$`);
const CLOSING = new RegExp(`^(?:${BLANK}[)])+`);

/** A value with the parentheses around it, which its node leaves out; undefined where there are none. */
function inParentheses(node: Node): string | undefined {
  const { text } = node.document;
  const before = OPENING.exec(text.slice(0, node.start))?.[0];
  if (before === undefined) return undefined;
  return `\${${before}${text.slice(node.start, node.end)}${CLOSING.exec(text.slice(node.end))?.[0]}}`;
}

function template(node: Node, parts: readonly TemplatePart[], text: string): string {
  const printed = printParts(parts, text);
  const asWritten = (part: TemplatePart) =>
    part.kind === 'text' ||
    (part.kind === 'interpolation' &&
      part.expression.from === part.from + 2 &&
      part.expression.to === part.to - 1 &&
      interpolation(part.expression, text) === slice(part, text));
  // The value keeps what is written; it differs from the parts where that is more than one way to write them.
  if (parts.every(asWritten)) assert.equal(node.value, printed);
  return printed;
}

function printParts(list: readonly TemplatePart[], text: string): string {
  const only = list.length === 1 ? list[0] : undefined;
  if (only?.kind === 'interpolation' && only.expression.kind === 'conditional') return slice(only, text);
  return list.map((part) => printPart(part, text)).join('');
}

function printPart(part: TemplatePart, text: string): string {
  switch (part.kind) {
    case 'text':
      return part.value.replace(/[$%](?=\{)/g, '$&$&');
    case 'interpolation':
      return interpolation(part.expression, text);
    case 'if': {
      const otherwise = part.whenFalse.length ? `%{else}${printParts(part.whenFalse, text)}` : '';
      return `%{if ${slice(part.condition, text)}}${printParts(part.whenTrue, text)}${otherwise}%{endif}`;
    }
    case 'for': {
      const names = part.keyName === undefined ? part.valueName : `${part.keyName}, ${part.valueName}`;
      return `%{for ${names} in ${slice(part.collection, text)}}${printParts(part.body, text)}%{endfor}`;
    }
  }
}

/** hcl2json looks into an interpolation that is text or a choice itself. */
function interpolation(expression: Expression, text: string): string {
  if (expression.kind === 'template') return printParts(expression.parts, text);
  if (expression.kind === 'parentheses') return interpolation(expression.inner, text);
  if (expression.kind === 'literal') return String(expression.value);
  if (expression.kind !== 'conditional') return `\${${slice(expression, text)}}`;
  const { condition, whenTrue, whenFalse } = expression;
  return `%{if ${slice(condition, text)}}${interpolation(whenTrue, text)}%{else}${interpolation(whenFalse, text)}%{endif}`;
}

function slice({ from, to }: { readonly from: number; readonly to: number }, text: string): string {
  return text.slice(from, to);
}

// Go's answer

/** Undefined where the text is rejected; numbers to 15 digits, for Go keeps more than a double holds. */
async function goReading(text: string): Promise<{ readonly json?: Json; readonly error?: string }> {
  try {
    const json = JSON.parse(JSON.stringify(await parseGo('main.tf', text)), (_, value) =>
      typeof value === 'number' ? Number(value.toPrecision(15)) : value,
    );
    return { json };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

/** Reasons why Go rejects what we read without a problem: none keeps a rule from seeing what is written. */
const LENIENT = [
  // We keep both; the last one counts.
  'Attribute redefined',
  // Read as letters of a name.
  'Invalid character',
  // `x.0.1` is read as two indexes.
  'Invalid legacy index syntax',
  // It evaluates what it prints: `-true` has no value.
  'convert to HCL',
];

async function compare(text: string, name: string): Promise<'accepted' | 'rejected'> {
  const document = parseHcl('main.tf', text);
  const { json, error } = await goReading(text);
  if (error !== undefined) {
    if (!document.problems.length) {
      assert.ok(
        LENIENT.some((reason) => error.includes(reason)),
        `${name} is rejected: ${error}`,
      );
    }
    return 'rejected';
  }
  assert.deepEqual(document.problems, [], `${name} is accepted\n${text}`);
  const [root] = document.roots;
  assert.deepEqual(JSON.parse(JSON.stringify(root ? body(root) : {})), json, name);
  return 'accepted';
}

// Expressions as trees

interface GoAst {
  readonly type: string;
  readonly children?: readonly GoAst[];
  // biome-ignore lint/suspicious/noExplicitAny: every kind has other members
  readonly meta?: any;
}

const OPERATORS: Readonly<Record<string, string>> = {
  ...{ logicalOr: '||', logicalAnd: '&&', equal: '==', notEqual: '!=', negate: '-', logicalNot: '!' },
  ...{ greaterThan: '>', greaterThanOrEqual: '>=', lessThan: '<', lessThanOrEqual: '<=' },
  ...{ add: '+', subtract: '-', multiply: '*', divide: '/', modulo: '%' },
};

/** With every operator in brackets, a reference in one piece. */
function printGo(node: GoAst): string {
  const inner = (node.children ?? []).map(printGo);
  const { meta } = node;
  const steps = () =>
    (meta.traversal as { type: string; segment: string }[])
      .map(({ type, segment }, i) =>
        type === 'indexTraversal' ? `[${segment}]` : i || node.type === 'relativeTraversal' ? `.${segment}` : segment,
      )
      .join('');
  switch (node.type) {
    case 'binaryOp':
      return `(${inner[0]} ${OPERATORS[meta.operator]} ${inner[1]})`;
    case 'unaryOp':
      return `(${OPERATORS[meta.operator]}${inner[0]})`;
    case 'conditional':
      return `(${inner[0]} ? ${inner[1]} : ${inner[2]})`;
    case 'function':
      return `${meta.name}(${inner.join(', ')}${meta.expandedFinalArgument ? '...' : ''})`;
    case 'tuple':
      return `[${inner.join(', ')}]`;
    case 'for': {
      const names = meta.keyVar ? `${meta.keyVar}, ${meta.valVar}` : meta.valVar;
      const condition = meta.conditionalExpression ? ` if ${inner.pop()}` : '';
      const result = meta.keyExpression ? `${inner[1]} => ${inner[2]}${meta.groupedValue ? '...' : ''}` : inner[1];
      return `<for ${names} in ${inner[0]} : ${result}${condition}>`;
    }
    case 'scopeTraversal':
      return steps();
    case 'relativeTraversal':
      return inner[0] + steps();
    case 'index':
      return `${inner[0]}[${inner[1]}]`;
    case 'splat':
      return inner[0] + meta.anonSymbolExpression + (inner[1] ?? '');
    case 'literalValue':
      return meta.type === 'string' ? JSON.stringify(meta.value) : meta.value;
    case 'template':
      return `<${inner.filter((one) => one !== '""').join(' ')}>`;
    case 'templateWrap':
      return `<${inner[0]}>`;
    default:
      // What is in parentheses, and the item that a splat stands for.
      return inner.join('');
  }
}

function printOurs(expression: Expression, text: string): string {
  const print = (one: Expression) => printOurs(one, text);
  switch (expression.kind) {
    case 'binary':
      return `(${print(expression.left)} ${expression.operator} ${print(expression.right)})`;
    case 'unary':
      return `(${expression.operator}${print(expression.operand)})`;
    case 'conditional':
      return `(${[expression.condition, expression.whenTrue].map(print).join(' ? ')} : ${print(expression.whenFalse)})`;
    case 'call':
      return `${expression.name}(${expression.args.map(print).join(', ')}${expression.expands ? '...' : ''})`;
    case 'tuple':
      return `[${expression.items.map(print).join(', ')}]`;
    case 'for': {
      const { keyName, valueName, collection, key, value, groups, condition } = expression;
      const names = keyName === undefined ? valueName : `${keyName}, ${valueName}`;
      const result = key ? `${print(key)} => ${print(value)}${groups ? '...' : ''}` : print(value);
      return `<for ${names} in ${print(collection)} : ${result}${condition ? ` if ${print(condition)}` : ''}>`;
    }
    case 'parentheses':
      return print(expression.inner);
    case 'traversal':
      return print(expression.root) + expression.steps.map((step) => printStep(step, text)).join('');
    case 'template':
      return `<${expression.parts
        .map((part) => (part.kind === 'interpolation' ? print(part.expression) : JSON.stringify(slice(part, text))))
        .join(' ')}>`;
    default:
      return slice(expression, text);
  }
}

function printStep(step: TraversalStep, text: string): string {
  if (step.kind === 'splat') return step.full ? '[*]' : '.*';
  if (step.kind === 'attribute') return `.${step.name}`;
  const { key } = step;
  // A name for `null` and the like is what the tree lacks.
  if (key.kind === 'literal') return `[${typeof key.value === 'number' ? key.value : undefined}]`;
  return `[${key.kind === 'template' ? slice(key, text) : printOurs(key, text)}]`;
}

// Texts of our own

/** `FUZZ=1` tries more, and others each time. */
const RUNS = process.env.FUZZ ? { numRuns: 5_000 } : { numRuns: 400, seed: 20_261_122 };

const NAMES = ['a', 'b', 'each', 'x-1', '_y', 'données', 'for_each', 'format'] as const;
const name = fc.constantFrom(...NAMES);
const space = fc.constantFrom('', '', '', ' ', '  ', '\t', ' /* } " */ ');
const word = fc.constantFrom('', 'a', 'é😀', ' b ', '$', '%', '$$', '%%', '$${', '%%{', '{', '}', '#', '//', "'");
const escaped = fc.constantFrom('\\n', '\\"', '\\\\', '\\t', '\\r', '\\u00e9', '\\U0001F600');

const { expression } = fc.letrec<{ expression: string; operand: string; quoted: string }>((tie) => ({
  quoted: fc
    .array(
      fc.oneof(
        word,
        escaped,
        tie('expression').map((one) => `\${${one}}`),
      ),
      { maxLength: 3, depthIdentifier: 'e' },
    )
    // A `$` before what follows makes another text of it.
    .map((parts) => `"${parts.join('_')}"`),
  operand: fc.oneof(
    { depthSize: 'small', maxDepth: 4, depthIdentifier: 'e' },
    fc.constantFrom('1', '0.5', '1e3', 'true', 'null', 'var.a', 'aws_x.y[0].z', 'a.b.*.c', 'a[*].b["k"].c', 'a.0.b'),
    name,
    tie('quoted'),
    fc.tuple(space, tie('expression'), space).map(([a, e, b]) => `(${a}${e}${b})`),
    fc.array(tie('expression'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc.tuple(name, fc.array(tie('expression'), { minLength: 1, maxLength: 2 })).map(([f, all]) => `${f}(${all})`),
    fc.tuple(name, tie('expression')).map(([f, one]) => `provider::x::${f}(${one}...)`),
    fc.tuple(name, tie('expression'), tie('operand')).map(([n, c, v]) => `[for ${n} in ${c} : ${v} if ${n}]`),
    fc.tuple(name, tie('expression'), tie('operand')).map(([n, c, v]) => `{for k, ${n} in ${c}: k => ${v}...}`),
    fc.tuple(name, tie('expression')).map(([f, key]) => `${f}[${key}].${f}`),
    fc.tuple(fc.constantFrom('-', '!'), tie('operand')).map(([o, one]) => `${o}${one}`),
  ),
  expression: fc.oneof(
    { depthSize: 'small', maxDepth: 4, depthIdentifier: 'e' },
    tie('operand'),
    fc
      .tuple(tie('operand'), space, fc.constantFrom(...Object.values(OPERATORS)), space, tie('expression'))
      .filter(([, , operator]) => operator !== '!')
      .map(([a, s, o, t, b]) => `${a}${s}${o}${t} ${b}`),
    fc.tuple(tie('operand'), tie('expression'), tie('expression')).map(([c, a, b]) => `${c} ? ${a} : ${b}`),
  ),
}));

const newline = fc.constantFrom('\n', '\n', '\n\n', '\r\n', ' # } "\n', '\n  // {\n', '\n/* "\n*/\n');
const line = fc.constantFrom(
  'a',
  '  b',
  '\tc',
  '',
  '    ',
  '"${x}"',
  ' ${a.b} }',
  '$${',
  '# no',
  '    %{ if a }x%{ endif }',
);
const heredoc = fc
  .tuple(fc.constantFrom('<<', '<<-'), fc.array(line, { maxLength: 4 }), fc.constantFrom('', '  ', '      '))
  .map(([opener, lines, indent]) => `${opener}EOT\n${lines.map((one) => `${one}\n`).join('')}${indent}EOT`);
const object = fc
  .array(fc.tuple(fc.constantFrom('k', '"q"', '(a.b)', '80', 'true'), space, fc.constantFrom('=', ':'), expression), {
    maxLength: 3,
  })
  .map(
    (items) =>
      `{\n${items.map(([k, s, o, v], i) => `${k}${i}`.replace(/^(.*[")])\d$/, '$1') + s + o + v).join(',\n')}\n}`,
  );
const value = fc.oneof({ weight: 4, arbitrary: expression }, heredoc, object);

const { members } = fc.letrec<{ members: string; block: string }>((tie) => ({
  block: fc
    .tuple(name, fc.array(fc.constantFrom(' "l"', ' m', ' "é n"'), { maxLength: 2 }), space, tie('members'))
    .map(([type, labels, s, inner]) => `b_${type}${labels.join('')}${s}{${inner ? `\n${inner}` : ''}}`),
  members: fc
    .array(
      fc.tuple(
        fc.oneof(
          { depthSize: 'small', maxDepth: 3 },
          fc.tuple(name, space, value).map(([n, s, v]) => ({ n, text: `${s}=${s}${v}` })),
          tie('block').map((text) => ({ n: '', text })),
        ),
        newline,
      ),
      { maxLength: 4 },
    )
    // Heredocs end with their line, and no attribute is set twice.
    .map((all) =>
      all.map(([{ n, text }, end], i) => `${n && `${n}_${i}`}${text}${text.endsWith('EOT') ? '\n' : end}`).join(''),
    ),
}));

const SHARED = ['../shared/corpus', '../shared/realworld'];
const files = (): string[] =>
  SHARED.flatMap((cwd) => globSync('**/*.tf', { cwd, dot: true }).map((path) => join(cwd, path))).sort();
const skip = !SHARED.every((path) => existsSync(path)) && 'no corpus';

describe("HCL against HashiCorp's parser", () => {
  it('reads real files the same', { skip }, async () => {
    let accepted = 0;
    const all = files();
    for (const path of all) {
      if ((await compare(readFileSync(path, 'utf8'), path)) === 'accepted') accepted++;
    }
    assert.ok(accepted > 480, `${accepted} of ${all.length}`);
  });

  it('reads the expressions of real files the same', { skip }, async () => {
    const seen = new Set<string>();
    for (const path of files()) {
      const document = parseHcl(path, readFileSync(path, 'utf8'));
      for (const node of document.problems.length ? [] : nodesOf(document)) {
        if (node.kind === 'string' && node.value === undefined) seen.add(node.source);
      }
    }
    assert.ok(seen.size > 300, `${seen.size}`);
    for (const text of seen) await compareExpression(text);
  });

  it('reads our samples the same', async () => {
    for (const path of globSync(['samples/**/*.tf', 'test/**/*.tf', '!test/host/node_modules/**'])) {
      await compare(readFileSync(path, 'utf8'), path);
    }
  });

  it('reads any expression the same', async () => {
    await fc.assert(fc.asyncProperty(expression, compareExpression), RUNS);
  });

  it('reads any body the same', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(members, async (text) => {
        if ((await compare(text, JSON.stringify(text))) === 'accepted') accepted++;
      }),
      RUNS,
    );
    assert.ok(accepted > 200, `${accepted}`);
  });
});

async function compareExpression(text: string): Promise<void> {
  const parsed = parseExpression(text);
  let ast: unknown;
  try {
    ast = await getExpressionAst('main.tf', text);
  } catch (error) {
    const { message } = error as Error;
    if (parsed.problems.length || parsed.end < text.trimEnd().length) return;
    assert.ok(
      LENIENT.some((reason) => message.includes(reason)),
      message,
    );
    return;
  }
  assert.deepEqual(parsed.problems, [], text);
  if (hasMore(text)) return;
  assert.equal(printOurs(parsed.expression, text), printGo(ast as GoAst), text);
}

/** Whether it holds what the printed trees show in different ways: objects, directives, heredocs, escapes in texts. */
function hasMore(text: string): boolean {
  return /\\|<<|%\{|\{(?!for)/.test(text.replace(/(?<!\$)\$\{/g, ''));
}
