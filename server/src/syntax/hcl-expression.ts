/**
 * The abstract syntax of Terraform's expression language (the expression part of HCL), independent of what it is
 * written in: offsets are those of the text that was parsed.
 */

import type { Node } from './node.ts';

interface Span {
  /** Offset of the first character. */
  readonly from: number;
  /** Offset behind the last character. */
  readonly to: number;
}

/** A number, `true`, `false` or `null`. Quoted text is a {@link TemplateExpression}. */
export interface LiteralExpression extends Span {
  readonly kind: 'literal';
  readonly value: number | boolean | null;
}

/** Quoted text or a heredoc. Offsets include the quotes (the heredoc's markers). */
export interface TemplateExpression extends Span {
  readonly kind: 'template';
  readonly style: 'quoted' | 'heredoc';
  readonly parts: readonly TemplatePart[];
  /** Heredocs: columns that are dropped at each line's start (`<<-`). */
  readonly indent?: number;
}

const NO_PARTS: readonly TemplatePart[] = [];

/** Quoted text without holes, as most of a configuration is: its parts are made for those who ask for them. */
export class QuotedText implements TemplateExpression {
  /** The node that stands for it, where it was read as a part of a document. */
  node: Node | undefined = undefined;

  constructor(
    readonly from: number,
    readonly to: number,
    /** Escapes undone. */
    readonly value: string,
  ) {}

  get kind(): 'template' {
    return 'template';
  }

  get style(): 'quoted' {
    return 'quoted';
  }

  /** Characters of the quote on either side. */
  protected get quote(): number {
    return 1;
  }

  get parts(): readonly TemplatePart[] {
    const from = this.from + this.quote;
    const to = this.to - this.quote;
    return from < to ? [{ kind: 'text', from, to, value: this.value }] : NO_PARTS;
  }
}

/** A bare name as an object's key, which is text. */
export class BareText extends QuotedText {
  protected override get quote(): number {
    return 0;
  }
}

/** A name with nothing before it: `var`, `aws_s3_bucket`, the variable of a `for`. */
export interface NameExpression extends Span {
  readonly kind: 'name';
  readonly name: string;
}

export type TraversalStep =
  | (Span & { readonly kind: 'attribute'; readonly name: string })
  | (Span & { readonly kind: 'index'; readonly key: Expression })
  /** `[*]` applies all that follows to each item; `.*` only the attributes that follow at once. */
  | (Span & { readonly kind: 'splat'; readonly full: boolean });

/** `root.name[key].*`: one or more steps from a root on. */
export interface TraversalExpression extends Span {
  readonly kind: 'traversal';
  readonly root: Expression;
  readonly steps: readonly TraversalStep[];
}

export interface UnaryExpression extends Span {
  readonly kind: 'unary';
  readonly operator: '-' | '!';
  readonly operand: Expression;
}

export type BinaryOperator = '||' | '&&' | '==' | '!=' | '<' | '>' | '<=' | '>=' | '+' | '-' | '*' | '/' | '%';

export interface BinaryExpression extends Span {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface ConditionalExpression extends Span {
  readonly kind: 'conditional';
  readonly condition: Expression;
  readonly whenTrue: Expression;
  readonly whenFalse: Expression;
}

export interface CallExpression extends Span {
  readonly kind: 'call';
  /** With its namespace: `provider::aws::arn_parse`. */
  readonly name: string;
  readonly args: readonly Expression[];
  /** The last argument is a list of arguments (`...`). */
  readonly expands: boolean;
}

export interface TupleExpression extends Span {
  readonly kind: 'tuple';
  readonly items: readonly Expression[];
}

export interface ObjectItem {
  /** A bare name is text here; `(name)` is an expression. */
  readonly key: Expression;
  readonly value: Expression;
}

export interface ObjectExpression extends Span {
  readonly kind: 'object';
  readonly items: readonly ObjectItem[];
}

/** `[for k, v in c : x if y]`, `{for k, v in c : k => v...}`. */
export interface ForExpression extends Span {
  readonly kind: 'for';
  readonly keyName: string | undefined;
  readonly valueName: string;
  readonly collection: Expression;
  /** The result's key: makes an object. */
  readonly key: Expression | undefined;
  readonly value: Expression;
  readonly groups: boolean;
  readonly condition: Expression | undefined;
}

export interface ParenthesesExpression extends Span {
  readonly kind: 'parentheses';
  readonly inner: Expression;
}

/** Text that is no expression, or one that is not written to its end. */
export interface InvalidExpression extends Span {
  readonly kind: 'invalid';
}

export type Expression =
  | LiteralExpression
  | TemplateExpression
  | NameExpression
  | TraversalExpression
  | UnaryExpression
  | BinaryExpression
  | ConditionalExpression
  | CallExpression
  | TupleExpression
  | ObjectExpression
  | ForExpression
  | ParenthesesExpression
  | InvalidExpression;

export type TemplatePart =
  /** Literal text, escapes and strip markers (`~`) undone. */
  | (Span & { readonly kind: 'text'; readonly value: string })
  | (Span & { readonly kind: 'interpolation'; readonly expression: Expression })
  /** `%{ if c }…%{ else }…%{ endif }`. */
  | (Span & {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly whenTrue: readonly TemplatePart[];
      readonly whenFalse: readonly TemplatePart[];
    })
  /** `%{ for x in c }…%{ endfor }`. */
  | (Span & {
      readonly kind: 'for';
      readonly keyName: string | undefined;
      readonly valueName: string;
      readonly collection: Expression;
      readonly body: readonly TemplatePart[];
    });

/** An expression without the parentheses around it. */
export function unwrap(expression: Expression): Expression {
  let inner = expression;
  while (inner.kind === 'parentheses') inner = inner.inner;
  return inner;
}

/** The text of a quoted string or heredoc without holes; undefined for anything else. */
export function literalText(expression: Expression): string | undefined {
  if (expression instanceof QuotedText) return expression.value;
  if (expression.kind !== 'template') return undefined;
  let text = '';
  for (const part of expression.parts) {
    if (part.kind !== 'text') return undefined;
    text += part.value;
  }
  return text;
}

/** Expressions and template parts directly below an expression, in the order written. */
export function children(expression: Expression): Expression[] {
  if (expression instanceof QuotedText) return [];
  switch (expression.kind) {
    case 'template':
      return partExpressions(expression.parts);
    case 'traversal':
      return [expression.root, ...expression.steps.flatMap((step) => (step.kind === 'index' ? [step.key] : []))];
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'conditional':
      return [expression.condition, expression.whenTrue, expression.whenFalse];
    case 'call':
      return [...expression.args];
    case 'tuple':
      return [...expression.items];
    case 'object':
      return expression.items.flatMap((item) => [item.key, item.value]);
    case 'for': {
      const { collection, key, value, condition } = expression;
      return [collection, key, value, condition].filter((child) => child !== undefined);
    }
    case 'parentheses':
      return [expression.inner];
    default:
      return [];
  }
}

/** Every expression in template parts, in the order written. */
export function partExpressions(parts: readonly TemplatePart[]): Expression[] {
  return parts.flatMap(expressionsIn);
}

function expressionsIn(part: TemplatePart): Expression[] {
  switch (part.kind) {
    case 'text':
      return [];
    case 'interpolation':
      return [part.expression];
    case 'if':
      return [part.condition, ...partExpressions(part.whenTrue), ...partExpressions(part.whenFalse)];
    case 'for':
      return [part.collection, ...partExpressions(part.body)];
  }
}

/**
 * One spelling for all ways to write an expression (spaces, comments, parentheses that group nothing, `x["a"]` for
 * `x.a`), to recognise the same condition in two places and to show it to people.
 */
export function print(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return String(expression.value);
    case 'template':
      return `"${printParts(expression.parts)}"`;
    case 'name':
      return expression.name;
    case 'traversal':
      return print(expression.root) + expression.steps.map(printStep).join('');
    case 'unary':
      return expression.operator + printOperand(expression.operand);
    case 'binary':
      return `${printOperand(expression.left)} ${expression.operator} ${printOperand(expression.right)}`;
    case 'conditional': {
      const { condition, whenTrue, whenFalse } = expression;
      return `${printOperand(condition)} ? ${printOperand(whenTrue)} : ${printOperand(whenFalse)}`;
    }
    case 'call':
      return `${expression.name}(${expression.args.map(print).join(', ')}${expression.expands ? '...' : ''})`;
    case 'tuple':
      return `[${expression.items.map(print).join(', ')}]`;
    case 'object':
      return `{${expression.items.map(({ key, value }) => `${print(key)} = ${print(value)}`).join(', ')}}`;
    case 'for': {
      const { keyName, valueName, collection, key, value, groups, condition } = expression;
      const names = keyName === undefined ? valueName : `${keyName}, ${valueName}`;
      const result = key ? `${print(key)} => ${print(value)}${groups ? '...' : ''}` : print(value);
      const text = `for ${names} in ${print(collection)} : ${result}${condition ? ` if ${print(condition)}` : ''}`;
      return key ? `{${text}}` : `[${text}]`;
    }
    case 'parentheses':
      return print(expression.inner);
    case 'invalid':
      return '…';
  }
}

function printStep(step: TraversalStep): string {
  if (step.kind === 'attribute') return `.${step.name}`;
  if (step.kind === 'splat') return step.full ? '[*]' : '.*';
  const name = literalText(step.key);
  return name !== undefined && isIdentifier(name) ? `.${name}` : `[${print(step.key)}]`;
}

function printOperand(expression: Expression): string {
  const inner = unwrap(expression);
  return inner.kind === 'binary' || inner.kind === 'conditional' ? `(${print(inner)})` : print(inner);
}

function printParts(parts: readonly TemplatePart[]): string {
  return parts.map(printPart).join('');
}

function printPart(part: TemplatePart): string {
  switch (part.kind) {
    case 'text':
      return JSON.stringify(part.value)
        .slice(1, -1)
        .replace(/[$%]\{/g, (opener) => opener[0] + opener);
    case 'interpolation':
      return `\${${print(part.expression)}}`;
    case 'if': {
      const { condition, whenTrue, whenFalse } = part;
      return `%{if ${print(condition)}}${printParts(whenTrue)}%{else}${printParts(whenFalse)}%{endif}`;
    }
    case 'for':
      return `%{for ${part.valueName} in ${print(part.collection)}}${printParts(part.body)}%{endfor}`;
  }
}

function isIdentifier(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(text);
}
