/**
 * Reads Terraform's expression language. Tolerant and total: any text yields a tree, with `invalid` where it could not
 * be read.
 * After the HCL native syntax specification (github.com/hashicorp/hcl, hclsyntax/spec.md).
 */

import { type ExpressionProblem, exact, isDigit, isNameStart, MAX_DEPTH, TOO_DEEP } from './hcl-cursor.ts';
import {
  BareText,
  type BinaryOperator,
  type Expression,
  type ObjectItem,
  type TemplatePart,
  type TraversalStep,
  unwrap,
} from './hcl-expression.ts';
import { TemplateReader } from './hcl-template-reader.ts';

export interface ParsedExpression {
  readonly expression: Expression;
  /** Offset at which reading stopped: behind the expression. */
  readonly end: number;
  readonly problems: readonly ExpressionProblem[];
}

export interface ParsedTemplate {
  readonly parts: readonly TemplatePart[];
  readonly problems: readonly ExpressionProblem[];
}

/**
 * Parses one expression that begins at `from`.
 * @param newlines whether line breaks are mere white space (in `${…}`, in parentheses); if not, the expression ends
 *   at its line's end.
 */
export function parseExpression(text: string, from = 0, to = text.length, newlines = true): ParsedExpression {
  const parser = new ExpressionReader(text, from, to, newlines);
  const expression = parser.expression();
  return { expression, end: parser.at, problems: parser.problems };
}

/**
 * Parses a template that is a text by itself, like the decoded text of a JSON string: `$${` and `%%{` are its only
 * escapes.
 */
export function parseTemplate(text: string, from = 0, to = text.length): ParsedTemplate {
  const parser = new ExpressionReader(text, from, to, true);
  const parts = parser.template({ escapes: false, quoted: false });
  return { parts, problems: parser.problems };
}

/**
 * More operators in one text, or steps in one reference, are not read: a chain of operators is as deep a tree as it is
 * long.
 */
const MAX_OPERATORS = 1_000;
const MAX_STEPS = 100;

/** `name =`, `name {` or `name "label"`. */
const MEMBER = /[A-Za-z_][\w-]*[ \t]*(?:=(?![=>])|\{|")/y;

const PRECEDENCE: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 4,
  '>': 4,
  '<=': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '%': 6,
};

/** Reads expressions; who reads bodies builds on it. */
export class ExpressionReader extends TemplateReader {
  private operators = 0;

  expression(): Expression {
    if (this.depth >= MAX_DEPTH) return this.invalid(this.at, TOO_DEEP, true);
    this.depth++;
    const condition = this.binary(0);
    let result = condition;
    this.space();
    if (this.takeCode(63)) {
      const whenTrue = this.expression();
      this.space();
      const whenFalse = this.takeCode(58) ? this.expression() : this.invalid(this.at, "expected ':'");
      result = { kind: 'conditional', from: condition.from, to: whenFalse.to, condition, whenTrue, whenFalse };
    }
    this.depth--;
    return result;
  }

  // Operators

  private binary(minimum: number): Expression {
    let left = this.unary();
    for (;;) {
      this.space();
      const operator = this.operator();
      const precedence = operator ? (PRECEDENCE[operator] as number) : 0;
      if (!operator || precedence <= minimum) return left;
      if (++this.operators > MAX_OPERATORS) return this.invalid(left.from, 'Not read: too many operators', true);
      this.at += operator.length;
      const right = this.binary(precedence);
      left = { kind: 'binary', from: left.from, to: right.to, operator, left, right };
    }
  }

  private operator(): BinaryOperator | undefined {
    const next = this.at + 1 < this.end ? this.text.charCodeAt(this.at + 1) : -1;
    switch (this.code()) {
      // `=>` belongs to `for`, a lone `=` to object items and attributes.
      case 61:
        return next === 61 ? '==' : undefined;
      case 33:
        return next === 61 ? '!=' : undefined;
      case 60:
        return next === 61 ? '<=' : '<';
      case 62:
        return next === 61 ? '>=' : '>';
      case 38:
        return next === 38 ? '&&' : undefined;
      case 124:
        return next === 124 ? '||' : undefined;
      case 43:
        return '+';
      case 45:
        return '-';
      case 42:
        return '*';
      case 47:
        return '/';
      case 37:
        return '%';
      default:
        return undefined;
    }
  }

  private unary(): Expression {
    this.space();
    const c = this.code();
    if (c !== 45 && c !== 33) return this.postfix();
    const from = this.at;
    if (this.depth >= MAX_DEPTH) return this.invalid(from, TOO_DEEP, true);
    this.at++;
    this.depth++;
    const operand = this.unary();
    this.depth--;
    return { kind: 'unary', from, to: operand.to, operator: c === 45 ? '-' : '!', operand };
  }

  private postfix(): Expression {
    const root = this.primary();
    let steps: TraversalStep[] | undefined;
    for (;;) {
      const from = this.at;
      // Spaces may stand before a step (`aws_x . y`); a line break may only where line breaks are white space.
      this.space();
      const c = this.code();
      if (c === 46 && !this.peek('...')) {
        this.at++;
        this.space();
        steps ??= [];
        if (!this.attributeSteps(from, steps)) break;
      } else if (c === 91) {
        this.at++;
        steps ??= [];
        steps.push(this.indexStep(from));
      } else {
        this.at = from;
        break;
      }
    }
    if (!steps) return root;
    if (steps.length > MAX_STEPS) return this.invalid(root.from, 'Not read: too many steps', true);
    return { kind: 'traversal', from: root.from, to: this.written(root.from), root, steps: exact(steps) };
  }

  /** Behind a `.`: a name, a legacy index (`.0.1`) or a legacy splat. */
  private attributeSteps(from: number, steps: TraversalStep[]): boolean {
    if (this.takeCode(42)) {
      steps.push({ kind: 'splat', from, to: this.at, full: false });
      return true;
    }
    const start = this.at;
    while (this.at < this.end && isDigit(this.text.charCodeAt(this.at))) this.at++;
    if (this.at > start) {
      const key: Expression = {
        kind: 'literal',
        from: start,
        to: this.at,
        value: Number(this.text.slice(start, this.at)),
      };
      steps.push({ kind: 'index', from, to: this.at, key });
      return true;
    }
    const name = this.identifier();
    // A name still to be typed is an empty one: `aws_s3_bucket.` is no complete reference.
    steps.push({ kind: 'attribute', from, to: this.at, name: name ?? '' });
    if (name === undefined) this.problem(from, this.at, 'expected a name');
    return name !== undefined;
  }

  private indexStep(from: number): TraversalStep {
    this.lines();
    if (this.takeCode(42)) {
      this.lines();
      if (!this.takeCode(93)) this.problem(this.at, this.at, "expected ']'");
      return { kind: 'splat', from, to: this.at, full: true };
    }
    const key = this.inner();
    this.lines();
    if (this.takeCode(93)) return { kind: 'index', from, to: this.at, key };
    this.problem(this.at, this.at, "expected ']'");
    return { kind: 'index', from, to: this.at, key: this.nothing(from) };
  }

  // Primaries

  private primary(): Expression {
    this.space();
    const from = this.at;
    if (from >= this.end) return this.invalid(from, 'expected an expression');
    const c = this.text.charCodeAt(from);
    if (isDigit(c)) return this.number();
    if (c === 34) return this.quoted();
    if (c === 60 && this.peek('<<')) return this.heredoc();
    if (c === 40) return this.parentheses();
    if (c === 91) return this.tuple();
    if (c === 123) return this.object();
    const name = this.identifier();
    if (name === undefined) return this.invalid(from, 'expected an expression');
    const qualified = this.qualified(name);
    const afterName = this.at;
    this.space();
    if (this.code() === 40) return this.call(qualified, from);
    this.at = afterName;
    if (qualified !== name) this.problem(from, afterName, "expected '('");
    if (name === 'true' || name === 'false') return { kind: 'literal', from, to: afterName, value: name === 'true' };
    if (name === 'null') return { kind: 'literal', from, to: afterName, value: null };
    return { kind: 'name', from, to: afterName, name: qualified };
  }

  private qualified(first: string): string {
    let name = first;
    while (this.peek('::')) {
      this.at += 2;
      name += `::${this.identifier() ?? ''}`;
    }
    return name;
  }

  private number(): Expression {
    const from = this.at;
    const digits = () => {
      while (this.at < this.end && isDigit(this.text.charCodeAt(this.at))) this.at++;
    };
    digits();
    if (this.peek('.') && isDigit(this.text.charCodeAt(this.at + 1))) {
      this.at++;
      digits();
    }
    const exponent = /^[eE][+-]?\d+/.exec(this.text.slice(this.at, Math.min(this.at + 8, this.end)));
    if (exponent) this.at += exponent[0].length;
    return { kind: 'literal', from, to: this.at, value: Number(this.text.slice(from, this.at)) };
  }

  private parentheses(): Expression {
    const from = this.at++;
    const inner = this.inner();
    this.lines();
    if (this.takeCode(41)) return { kind: 'parentheses', from, to: this.at, inner };
    return this.invalid(from, "expected ')'");
  }

  private call(name: string, from: number): Expression {
    this.at++;
    const args: Expression[] = [];
    let expands = false;
    for (;;) {
      this.lines();
      if (this.takeCode(41)) return { kind: 'call', from, to: this.at, name, args: exact(args), expands };
      if (this.atMember()) return this.invalid(from, "expected ')'");
      const before = this.at;
      args.push(this.inner());
      this.lines();
      if (this.take('...')) {
        expands = true;
        this.lines();
      }
      if (!this.takeCode(44) && this.code() !== 41) return this.invalid(from, "expected ',' or ')'");
      if (this.at === before) return this.invalid(from, 'expected an argument');
    }
  }

  private tuple(): Expression {
    const from = this.at++;
    this.lines();
    if (this.atFor()) return this.forExpression(from, ']');
    const items: Expression[] = [];
    for (;;) {
      this.lines();
      if (this.takeCode(93)) return { kind: 'tuple', from, to: this.at, items: exact(items) };
      if (this.atMember()) {
        this.problem(from, from + 1, "the list is not closed with ']'");
        return this.openTuple(from, items);
      }
      const before = this.at;
      items.push(this.inner());
      this.lines();
      if (this.takeCode(44) || this.code() === 93) continue;
      this.problem(this.at, Math.min(this.at + 1, this.end), "expected ',' or ']'");
      // What was read so far counts: the list is open, or two items have no comma between them.
      if (this.at === before || this.at >= this.end || this.atMember()) return this.openTuple(from, items);
    }
  }

  /** What of a list is written where its end is not. */
  private openTuple(from: number, items: readonly Expression[]): Expression {
    return {
      kind: 'tuple',
      from,
      to: Math.max(this.written(from), items[items.length - 1]?.to ?? 0),
      items: exact(items),
    };
  }

  /** Whether a line begins here that belongs to the body around: what is open was left open. */
  private atMember(): boolean {
    const { text } = this;
    const c = this.code();
    if (c === 125) return true;
    if (!isNameStart(c)) return false;
    let line = this.at;
    while (line > 0 && (text[line - 1] === ' ' || text[line - 1] === '\t')) line--;
    if (line > 0 && text[line - 1] !== '\n') return false;
    MEMBER.lastIndex = this.at;
    return MEMBER.test(text);
  }

  private object(): Expression {
    const from = this.at++;
    this.lines();
    if (this.atFor()) return this.forExpression(from, '}');
    const outer = this.newlines;
    this.newlines = false;
    const result = this.objectItems(from);
    this.newlines = outer;
    return result;
  }

  private objectItems(from: number): Expression {
    const items: ObjectItem[] = [];
    for (;;) {
      this.lines();
      if (this.takeCode(125)) return { kind: 'object', from, to: this.at, items: exact(items) };
      const written = this.expression();
      this.space();
      if (this.peek('==') || this.peek('=>') || !(this.takeCode(61) || this.takeCode(58))) {
        this.problem(this.at, Math.min(this.at + 1, this.end), "expected '='");
        if (!this.nextItem()) return { kind: 'object', from, to: this.at, items: exact(items) };
        continue;
      }
      const value = this.expression();
      items.push({ key: bareKey(written), value });
      this.space();
      if (this.takeCode(44)) continue;
      const c = this.code();
      if (c === 125 || c === 10) continue;
      this.problem(this.at, Math.min(this.at + 1, this.end), "expected ',' or a new line");
      if (!this.nextItem()) return { kind: 'object', from, to: this.at, items: exact(items) };
    }
  }

  /** Behind something that is no item: skips to the next line; false where the object was left open. */
  private nextItem(): boolean {
    const { text } = this;
    while (
      this.at < this.end &&
      text[this.at] !== '\n' &&
      text[this.at] !== '}' &&
      text[this.at] !== ')' &&
      text[this.at] !== ']'
    )
      this.at++;
    return this.at < this.end && text[this.at] !== ')' && text[this.at] !== ']';
  }

  private atFor(): boolean {
    if (this.code() !== 102 || !this.peek('for')) return false;
    const rest = this.text.slice(this.at + 3, Math.min(this.at + 40, this.end));
    // `[for, x]` and `{for = 1}` are legal, if odd.
    return /^\s+[\p{L}_]/u.test(rest);
  }

  private forExpression(from: number, close: string): Expression {
    const outer = this.newlines;
    this.newlines = true;
    const result = this.loop(from, close);
    this.newlines = outer;
    return result;
  }

  private loop(from: number, close: string): Expression {
    this.at += 3;
    const { keyName, valueName, collection } = this.forIntro();
    this.space();
    if (!this.take(':')) return this.invalid(from, "expected ':'");
    let value = this.expression();
    let key: Expression | undefined;
    this.space();
    if (this.take('=>')) {
      key = value;
      value = this.expression();
      this.space();
    }
    const groups = this.take('...');
    this.space();
    let condition: Expression | undefined;
    if (this.peek('if')) {
      this.at += 2;
      condition = this.expression();
      this.space();
    }
    if (!this.take(close)) return this.invalid(from, `expected '${close}'`);
    return { kind: 'for', from, to: this.at, keyName, valueName, collection, key, value, groups, condition };
  }
}

/** A bare name as an object's key is the name's text, not a reference. */
function bareKey(key: Expression): Expression {
  if (key.kind === 'name') return new BareText(key.from, key.to, key.name);
  // `true = 1`, `80 = "http"`.
  if (key.kind === 'literal') return new BareText(key.from, key.to, String(key.value));
  return key.kind === 'parentheses' ? unwrap(key) : key;
}
