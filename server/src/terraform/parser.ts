/**
 * Reads Terraform's expression language. Tolerant and total: any text yields a tree, with `invalid` where it could not be read.
 * After the HCL native syntax specification (github.com/hashicorp/hcl, hclsyntax/spec.md).
 */

import {
  type BinaryOperator,
  type Expression,
  type NameExpression,
  type ObjectItem,
  type TemplatePart,
  type TraversalStep,
  unwrap,
} from './expression.ts';

export interface ExpressionProblem {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

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
 * @param newlines whether line breaks are mere white space (in `${…}`, in parentheses); if not, the expression ends at its line's end.
 */
export function parseExpression(text: string, from = 0, to = text.length, newlines = true): ParsedExpression {
  const parser = new Parser(text, from, to, newlines);
  const expression = parser.expression();
  return { expression, end: parser.at, problems: parser.problems };
}

/** Parses a template that is a text by itself, like the decoded text of a JSON string: `$${` and `%%{` are its only escapes. */
export function parseTemplate(text: string, from = 0, to = text.length): ParsedTemplate {
  const parser = new Parser(text, from, to, true);
  const parts = parser.template({ escapes: false, quoted: false, indent: 0 });
  return { parts, problems: parser.problems };
}

/** Deeper nesting is not read: far beyond what people write, far below what overflows the stack. */
const MAX_DEPTH = 100;
/** More operators in one text, or steps in one reference, are not read: a chain of operators is as deep a tree as it is long. */
const MAX_OPERATORS = 1_000;
const MAX_STEPS = 100;
const MAX_PROBLEMS = 50;

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

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

interface TemplateMode {
  /** Backslash escapes are undone. */
  readonly escapes: boolean;
  /** Ends before a `"`. */
  readonly quoted: boolean;
  /** Columns to drop at each line's start (`<<-`). */
  readonly indent: number;
}

/** What ended a run of template parts. */
interface Directive {
  readonly keyword: string;
  readonly from: number;
  readonly stripsAfter: boolean;
}

class Parser {
  readonly problems: ExpressionProblem[] = [];
  private depth = 0;
  private operators = 0;

  constructor(
    private readonly text: string,
    public at: number,
    private end: number,
    private newlines: boolean,
  ) {}

  expression(): Expression {
    if (this.depth >= MAX_DEPTH) return this.invalid(this.at, 'is nested too deeply');
    this.depth++;
    const condition = this.binary(0);
    let result = condition;
    this.space();
    if (this.peek('?')) {
      this.at++;
      const whenTrue = this.expression();
      this.space();
      const whenFalse = this.take(':') ? this.expression() : this.invalid(this.at, "expected ':'");
      result = { kind: 'conditional', from: condition.from, to: whenFalse.to, condition, whenTrue, whenFalse };
    }
    this.depth--;
    return result;
  }

  /** Template parts up to the end of the range, or up to (not over) the closing quote. */
  template(mode: TemplateMode): TemplatePart[] {
    const { parts, directive } = this.parts(mode, []);
    if (!directive) return parts;
    // `%{ else }` without `if`: what follows still is template.
    this.problem(directive.from, this.at, `unexpected ${directive.keyword}`);
    const all = [...parts];
    while (!this.templateEnds(mode)) {
      const before = this.at;
      all.push(...this.parts(mode, []).parts);
      if (this.at === before) break;
    }
    return all;
  }

  // Templates

  private templateEnds(mode: TemplateMode): boolean {
    return this.at >= this.end || (mode.quoted && this.text[this.at] === '"');
  }

  /** Reads parts until the template ends or one of the directives `until` (any stray one) is met. */
  private parts(mode: TemplateMode, until: readonly string[]): { parts: TemplatePart[]; directive?: Directive } {
    const parts: TemplatePart[] = [];
    let strips = false;
    for (;;) {
      const text = this.literal(mode, strips);
      if (text) parts.push(text);
      strips = false;
      if (this.templateEnds(mode)) return { parts };
      const from = this.at;
      const isDirective = this.text[from] === '%';
      this.at += 2;
      if (this.text[this.at] === '~' && this.at < this.end) {
        this.at++;
        stripLast(parts);
      }
      if (!isDirective) {
        const expression = this.delimited(() => this.expression());
        strips = this.close(mode);
        const closed = this.closed;
        parts.push({
          kind: 'interpolation',
          from,
          to: this.at,
          expression: closed ? expression : { kind: 'invalid', from: expression.from, to: Math.max(expression.from, this.at) },
        });
        continue;
      }
      const { keyword, part, strips: stripsAfter } = this.directive(mode, from);
      if (part) parts.push(part);
      else if (keyword === 'else' || keyword === 'endif' || keyword === 'endfor') {
        const directive = { keyword, from, stripsAfter };
        if (until.includes(keyword) || until.length === 0) return { parts, directive };
        this.problem(from, this.at, `unexpected ${keyword}`);
      }
      strips = stripsAfter;
    }
  }

  /** Literal text up to the next `${`, `%{`, quote or end. */
  private literal(mode: TemplateMode, strips: boolean): TemplatePart | undefined {
    const from = this.at;
    const { text, end } = this;
    let value = '';
    let run = from;
    const atLineStart = from === 0 || text[from - 1] === '\n';
    if (mode.indent && atLineStart) run = this.at = this.skipIndent(mode.indent);
    while (this.at < end) {
      const c = text[this.at];
      if (mode.quoted && c === '"') break;
      if ((c === '$' || c === '%') && text[this.at + 1] === '{' && this.at + 1 < end) break;
      if ((c === '$' || c === '%') && text[this.at + 1] === c && text[this.at + 2] === '{' && this.at + 2 < end) {
        value += `${text.slice(run, this.at) + c}{`;
        run = this.at += 3;
      } else if (mode.escapes && c === '\\' && this.at + 1 < end) {
        value += text.slice(run, this.at) + this.escape();
        run = this.at;
      } else {
        this.at++;
        if (mode.indent && c === '\n') {
          value += text.slice(run, this.at);
          run = this.at = this.skipIndent(mode.indent);
        }
      }
    }
    value += text.slice(run, this.at);
    if (strips) value = value.trimStart();
    return this.at > from ? { kind: 'text', from, to: this.at, value } : undefined;
  }

  private skipIndent(indent: number): number {
    let at = this.at;
    while (at < this.end && at < this.at + indent && (this.text[at] === ' ' || this.text[at] === '\t')) at++;
    return at;
  }

  /** At a backslash: what the escape stands for. */
  private escape(): string {
    const { text } = this;
    const c = text[this.at + 1] as string;
    const digits = c === 'u' ? 4 : c === 'U' ? 8 : 0;
    if (digits) {
      const hex = text.slice(this.at + 2, Math.min(this.at + 2 + digits, this.end));
      if (hex.length === digits && /^[0-9a-fA-F]+$/.test(hex)) {
        this.at += 2 + digits;
        const point = Number.parseInt(hex, 16);
        return point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
      }
    }
    const plain = SIMPLE_ESCAPES[c];
    if (plain === undefined) this.problem(this.at, this.at + 2, 'unknown escape');
    this.at += 2;
    return plain ?? c;
  }

  /** Whether the last {@link close} found its brace. */
  private closed = true;

  /** Takes `}` or `~}`; where there is none, skips to the brace that would be it. Returns whether white space is stripped after it. */
  private close(mode: TemplateMode): boolean {
    this.space();
    const strips = this.peek('~}');
    if (strips) this.at++;
    this.closed = this.take('}');
    if (!this.closed) {
      this.problem(this.at, Math.min(this.at + 1, this.end), "expected '}'");
      this.skipToBrace(mode);
    }
    return strips;
  }

  private skipToBrace(mode: TemplateMode): void {
    let depth = 0;
    while (this.at < this.end) {
      const c = this.text[this.at];
      if (mode.quoted && (c === '"' || c === '\n')) return;
      this.at++;
      if (c === '{') depth++;
      else if (c === '}' && depth-- === 0) return;
    }
  }

  /** Behind `%{`: reads the directive, for `if` and `for` with all that belongs to it. */
  private directive(mode: TemplateMode, from: number): { keyword: string; part?: TemplatePart; strips: boolean } {
    const keyword = this.delimited(() => {
      this.space();
      return this.identifier() ?? '';
    });
    if (this.depth >= MAX_DEPTH) {
      this.problem(from, this.at, 'is nested too deeply');
      this.skipToBrace(mode);
      return { keyword: '', part: { kind: 'interpolation', from, to: this.at, expression: this.nothing(from) }, strips: false };
    }
    if (keyword === 'if') return this.ifDirective(mode, from);
    if (keyword === 'for') return this.forDirective(mode, from);
    const strips = this.close(mode);
    if (keyword === 'else' || keyword === 'endif' || keyword === 'endfor') return { keyword, strips };
    this.problem(from, this.at, 'unknown template directive');
    return { keyword, part: { kind: 'interpolation', from, to: this.at, expression: this.nothing(from) }, strips };
  }

  private ifDirective(mode: TemplateMode, from: number): { keyword: string; part: TemplatePart; strips: boolean } {
    this.depth++;
    const written = this.delimited(() => this.expression());
    const strips = this.close(mode);
    const condition = this.closed ? written : this.nothing(from);
    const first = this.parts(mode, ['else', 'endif']);
    const whenTrue = strips ? stripFirst(first.parts) : first.parts;
    let last = first.directive;
    let whenFalse: readonly TemplatePart[] = [];
    if (last?.keyword === 'else') {
      const second = this.parts(mode, ['endif']);
      whenFalse = last.stripsAfter ? stripFirst(second.parts) : second.parts;
      last = second.directive;
    }
    if (!last) this.problem(from, this.at, 'expected endif');
    this.depth--;
    const part: TemplatePart = { kind: 'if', from, to: this.at, condition, whenTrue, whenFalse };
    return { keyword: 'if', part, strips: last?.stripsAfter ?? false };
  }

  private forDirective(mode: TemplateMode, from: number): { keyword: string; part: TemplatePart; strips: boolean } {
    this.depth++;
    const intro = this.delimited(() => this.forIntro());
    const strips = this.close(mode);
    const collection = this.closed ? intro.collection : this.nothing(from);
    const { parts, directive } = this.parts(mode, ['endfor']);
    const body = strips ? stripFirst(parts) : parts;
    if (!directive) this.problem(from, this.at, 'expected endfor');
    this.depth--;
    const { keyName, valueName } = intro;
    const part: TemplatePart = { kind: 'for', from, to: this.at, keyName, valueName, collection, body };
    return { keyword: 'for', part, strips: directive?.stripsAfter ?? false };
  }

  /** `k, v in collection`. */
  private forIntro(): { keyName: string | undefined; valueName: string; collection: Expression } {
    let keyName: string | undefined;
    this.space();
    let valueName = this.identifier() ?? '';
    this.space();
    if (this.take(',')) {
      keyName = valueName;
      this.space();
      valueName = this.identifier() ?? '';
      this.space();
    }
    if (this.identifier() !== 'in') return { keyName, valueName, collection: this.invalid(this.at, "expected 'in'") };
    return { keyName, valueName, collection: this.expression() };
  }

  // Operators

  private binary(minimum: number): Expression {
    let left = this.unary();
    for (;;) {
      this.space();
      const operator = this.operator();
      const precedence = operator ? (PRECEDENCE[operator] as number) : 0;
      if (!operator || precedence <= minimum) return left;
      if (++this.operators > MAX_OPERATORS) return this.invalid(left.from, 'has too many operators');
      this.at += operator.length;
      const right = this.binary(precedence);
      left = { kind: 'binary', from: left.from, to: right.to, operator, left, right };
    }
  }

  private operator(): BinaryOperator | undefined {
    if (this.at >= this.end) return undefined;
    const c = this.text[this.at] as string;
    const two = this.at + 1 < this.end ? c + this.text[this.at + 1] : c;
    // `=>` belongs to `for`, a lone `=` to object items and attributes.
    if (two === '==' || two === '!=' || two === '<=' || two === '>=' || two === '&&' || two === '||') return two;
    return c === '<' || c === '>' || c === '+' || c === '-' || c === '*' || c === '/' || c === '%' ? c : undefined;
  }

  private unary(): Expression {
    this.space();
    const c = this.at < this.end ? this.text[this.at] : undefined;
    if (c !== '-' && c !== '!') return this.postfix();
    const from = this.at;
    if (this.depth >= MAX_DEPTH) return this.invalid(from, 'is nested too deeply');
    this.at++;
    this.depth++;
    const operand = this.unary();
    this.depth--;
    return { kind: 'unary', from, to: operand.to, operator: c, operand };
  }

  private postfix(): Expression {
    const root = this.primary();
    const steps: TraversalStep[] = [];
    for (;;) {
      const from = this.at;
      // Spaces may stand before a step (`aws_x . y`); a line break may only where line breaks are white space.
      this.space();
      if (this.peek('.') && !this.peek('...')) {
        this.at++;
        this.space();
        if (!this.attributeSteps(from, steps)) break;
      } else if (this.peek('[')) {
        this.at++;
        steps.push(this.delimited(() => this.indexStep(from)));
      } else {
        this.at = from;
        break;
      }
    }
    if (steps.length > MAX_STEPS) return this.invalid(root.from, 'has too many steps');
    return steps.length ? { kind: 'traversal', from: root.from, to: this.at, root, steps } : root;
  }

  /** Behind a `.`: a name, a legacy index (`.0.1`) or a legacy splat. */
  private attributeSteps(from: number, steps: TraversalStep[]): boolean {
    if (this.take('*')) {
      steps.push({ kind: 'splat', from, to: this.at, full: false });
      return true;
    }
    const start = this.at;
    while (this.at < this.end && isDigit(this.text.charCodeAt(this.at))) this.at++;
    if (this.at > start) {
      const key: Expression = { kind: 'literal', from: start, to: this.at, value: Number(this.text.slice(start, this.at)) };
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
    this.space();
    if (this.peek('*')) {
      this.at++;
      this.space();
      if (!this.take(']')) this.problem(this.at, this.at, "expected ']'");
      return { kind: 'splat', from, to: this.at, full: true };
    }
    const key = this.expression();
    this.space();
    if (this.take(']')) return { kind: 'index', from, to: this.at, key };
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
    if (this.peek('(')) return this.call(qualified, from);
    this.at = afterName;
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

  private quoted(): Expression {
    const from = this.at++;
    if (this.depth >= MAX_DEPTH) return this.invalid(from, 'is nested too deeply');
    this.depth++;
    const parts = this.template({ escapes: true, quoted: true, indent: 0 });
    this.depth--;
    if (!this.take('"')) return this.invalid(from, 'the text is not closed');
    return { kind: 'template', style: 'quoted', from, to: this.at, parts };
  }

  private heredoc(): Expression {
    const from = this.at;
    const header = /^<<(-?)([\p{L}_][\p{L}\p{N}_-]*)[ \t]*\r?\n/u.exec(this.text.slice(from, Math.min(from + 200, this.end)));
    if (!header) return this.invalid(from, 'expected an expression');
    const tag = header[2] as string;
    const bodyFrom = from + header[0].length;
    let line = bodyFrom;
    let indent = Number.POSITIVE_INFINITY;
    for (;;) {
      let at = line;
      while (this.text[at] === ' ' || this.text[at] === '\t') at++;
      const next = this.text.indexOf('\n', line);
      const lineEnd = next < 0 || next >= this.end ? this.end : next;
      if (this.text.slice(at, lineEnd).trimEnd() === tag) {
        const to = at + tag.length;
        const shared = Number.isFinite(indent) ? Math.min(indent, at - line) : at - line;
        const parts = this.heredocBody(bodyFrom, line, header[1] ? shared : 0);
        this.at = to;
        return { kind: 'template', style: 'heredoc', from, to, parts };
      }
      if (lineEnd >= this.end) break;
      if (at < lineEnd) indent = Math.min(indent, at - line);
      line = lineEnd + 1;
    }
    this.at = this.end;
    return this.invalid(from, `expected ${tag}`);
  }

  private heredocBody(from: number, to: number, indent: number): TemplatePart[] {
    if (this.depth >= MAX_DEPTH) return [{ kind: 'interpolation', from, to, expression: this.nothing(from) }];
    const end = this.end;
    this.at = from;
    this.end = to;
    this.depth++;
    const parts = this.template({ escapes: false, quoted: false, indent });
    this.depth--;
    this.end = end;
    return parts;
  }

  private parentheses(): Expression {
    const from = this.at++;
    return this.delimited(() => {
      const inner = this.expression();
      this.space();
      if (this.take(')')) return { kind: 'parentheses', from, to: this.at, inner };
      return this.invalid(from, "expected ')'");
    });
  }

  private call(name: string, from: number): Expression {
    this.at++;
    return this.delimited(() => {
      const args: Expression[] = [];
      let expands = false;
      for (;;) {
        this.space();
        if (this.take(')')) return { kind: 'call', from, to: this.at, name, args, expands };
        const before = this.at;
        args.push(this.expression());
        this.space();
        if (this.take('...')) expands = true;
        this.space();
        if (!this.take(',') && !this.peek(')')) return this.invalid(from, "expected ',' or ')'");
        if (this.at === before) return this.invalid(from, 'expected an argument');
      }
    });
  }

  private tuple(): Expression {
    const from = this.at++;
    return this.delimited(() => {
      this.space();
      if (this.atFor()) return this.forExpression(from, ']');
      const items: Expression[] = [];
      for (;;) {
        this.space();
        if (this.take(']')) return { kind: 'tuple', from, to: this.at, items };
        const before = this.at;
        items.push(this.expression());
        this.space();
        if (!this.take(',') && !this.peek(']')) return this.invalid(from, "expected ',' or ']'");
        if (this.at === before) return this.invalid(from, 'expected an item');
      }
    });
  }

  private object(): Expression {
    const from = this.at++;
    const outer = this.newlines;
    this.newlines = true;
    this.space();
    let result: Expression;
    if (this.atFor()) result = this.forExpression(from, '}');
    else {
      this.newlines = false;
      result = this.objectItems(from);
    }
    this.newlines = outer;
    return result;
  }

  private objectItems(from: number): Expression {
    const items: ObjectItem[] = [];
    for (;;) {
      this.lines();
      if (this.take('}')) return { kind: 'object', from, to: this.at, items };
      const written = this.expression();
      this.space();
      if (this.peek('==') || this.peek('=>') || !(this.take('=') || this.take(':'))) {
        return this.invalid(from, "expected '='");
      }
      const value = this.expression();
      items.push({ key: bareKey(written), value });
      this.space();
      const before = this.at;
      if (this.take(',')) continue;
      this.lines();
      if (this.at === before && !this.peek('}')) return this.invalid(from, "expected ',' or a new line");
    }
  }

  private atFor(): boolean {
    if (!this.peek('for')) return false;
    const rest = this.text.slice(this.at + 3, Math.min(this.at + 40, this.end));
    // `[for, x]` and `{for = 1}` are legal, if odd.
    return /^\s+[\p{L}_]/u.test(rest);
  }

  private forExpression(from: number, close: string): Expression {
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

  // Characters

  /** Runs with line breaks as white space. */
  private delimited<T>(read: () => T): T {
    const outer = this.newlines;
    this.newlines = true;
    const result = read();
    this.newlines = outer;
    return result;
  }

  private peek(expected: string): boolean {
    return this.at + expected.length <= this.end && this.text.startsWith(expected, this.at);
  }

  private take(expected: string): boolean {
    if (!this.peek(expected)) return false;
    this.at += expected.length;
    return true;
  }

  /** Skips white space and comments; line breaks only where they mean nothing. */
  private space(): void {
    const { text } = this;
    while (this.at < this.end) {
      const c = text.charCodeAt(this.at);
      if (c === 32 || c === 9 || c === 13 || (c === 10 && this.newlines)) this.at++;
      else if (c === 35 || (c === 47 && text.charCodeAt(this.at + 1) === 47)) {
        const next = text.indexOf('\n', this.at);
        this.at = next < 0 || next > this.end ? this.end : next;
      } else if (c === 47 && text.charCodeAt(this.at + 1) === 42) {
        const close = text.indexOf('*/', this.at + 2);
        this.at = close < 0 || close + 2 > this.end ? this.end : close + 2;
      } else return;
    }
  }

  /** Skips white space, comments and line breaks. */
  private lines(): void {
    this.delimited(() => this.space());
  }

  private identifier(): string | undefined {
    const from = this.at;
    if (from >= this.end || !isNameStart(this.text.charCodeAt(from))) return undefined;
    this.at++;
    while (this.at < this.end && isNamePart(this.text.charCodeAt(this.at))) this.at++;
    return this.text.slice(from, this.at);
  }

  private nothing(from: number): Expression {
    return { kind: 'invalid', from, to: Math.max(from, this.at) };
  }

  private invalid(from: number, message: string): Expression {
    this.problem(this.at, Math.min(this.at + 1, this.end), message);
    return this.nothing(from);
  }

  private problem(from: number, to: number, message: string): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ from, to: Math.max(from, to), message });
  }
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

function isNameStart(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || c > 127;
}

function isNamePart(c: number): boolean {
  return isNameStart(c) || isDigit(c) || c === 45;
}

/** A bare name as an object's key is the name's text, not a reference. */
function bareKey(key: Expression): Expression {
  if (key.kind === 'name') return nameText(key);
  // `true = 1`, `80 = "http"`.
  if (key.kind === 'literal') {
    const part: TemplatePart = { kind: 'text', from: key.from, to: key.to, value: String(key.value) };
    return { kind: 'template', style: 'quoted', from: key.from, to: key.to, parts: [part] };
  }
  return key.kind === 'parentheses' ? unwrap(key) : key;
}

function nameText(key: NameExpression): Expression {
  const part: TemplatePart = { kind: 'text', from: key.from, to: key.to, value: key.name };
  return { kind: 'template', style: 'quoted', from: key.from, to: key.to, parts: [part] };
}

function stripLast(parts: TemplatePart[]): void {
  const last = parts[parts.length - 1];
  if (last?.kind === 'text') parts[parts.length - 1] = { ...last, value: last.value.trimEnd() };
}

function stripFirst(parts: readonly TemplatePart[]): readonly TemplatePart[] {
  const first = parts[0];
  return first?.kind === 'text' ? [{ ...first, value: first.value.trimStart() }, ...parts.slice(1)] : parts;
}
