/** Reads Terraform's templates: texts with `${…}`, `%{ if }` and `%{ for }`, quoted or as heredocs. */

import { Cursor, exact, heredocHeader, MAX_DEPTH, TOO_DEEP } from './hcl-cursor.ts';
import { type Expression, QuotedText, type TemplatePart } from './hcl-expression.ts';
import { ClosingLines, dedented, sharedIndent } from './hcl-heredoc.ts';

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

interface TemplateMode {
  /** Backslash escapes are undone. */
  readonly escapes: boolean;
  /** Ends before a `"`, at the latest at its line's end. */
  readonly quoted: boolean;
}

/** What ended a run of template parts. */
interface Directive {
  readonly keyword: string;
  readonly from: number;
  readonly stripsAfter: boolean;
}

export abstract class TemplateReader extends Cursor {
  /** Reads one expression. */
  abstract expression(): Expression;

  /** One expression with line breaks as white space. */
  protected inner(): Expression {
    const outer = this.newlines;
    this.newlines = true;
    const expression = this.expression();
    this.newlines = outer;
    return expression;
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
      for (const part of this.parts(mode, []).parts) all.push(part);
      if (this.at === before) break;
    }
    return all;
  }

  private templateEnds(mode: TemplateMode): boolean {
    if (this.at >= this.end) return true;
    const c = this.text.charCodeAt(this.at);
    return mode.quoted && (c === 34 || c === 10);
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
        const expression = this.inner();
        strips = this.close(mode);
        const closed = this.closed;
        if (!closed && mode.quoted) this.toLineEnd(from);
        parts.push({
          kind: 'interpolation',
          from,
          to: this.at,
          expression: closed
            ? expression
            : { kind: 'invalid', from: expression.from, to: Math.max(expression.from, this.at) },
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
    const { text, end, at: from } = this;
    let before = '';
    let at = from;
    let run = at;
    while (at < end) {
      const c = text.charCodeAt(at);
      if ((c === 34 || c === 10) && mode.quoted) break;
      if (c === 36 || c === 37) {
        const next = at + 1 < end ? text.charCodeAt(at + 1) : -1;
        if (next === 123) break;
        if (next === c && at + 2 < end && text.charCodeAt(at + 2) === 123) {
          before += `${text.slice(run, at + 1)}{`;
          run = at += 3;
        } else at++;
      } else if (c === 92 && mode.escapes && at + 1 < end) {
        this.at = at;
        before += text.slice(run, at) + this.escape();
        run = at = this.at;
      } else at++;
    }
    this.at = at;
    if (at === from) return undefined;
    const value = before ? before + text.slice(run, at) : text.slice(run, at);
    return { kind: 'text', from, to: at, value: strips ? value.trimStart() : value };
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

  /**
   * Takes `}` or `~}`; where there is none, skips to the brace that would be it.
   * @returns whether white space after it is stripped
   */
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

  /** Back to the first line's end: what follows an interpolation that is left open belongs to the body around. */
  private toLineEnd(from: number): void {
    const next = this.text.indexOf('\n', from);
    if (next >= 0 && next < this.at) this.at = next;
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
    this.lines();
    const keyword = this.identifier() ?? '';
    if (this.depth >= MAX_DEPTH) {
      this.problem(from, this.at, TOO_DEEP, true);
      this.skipToBrace(mode);
      return {
        keyword: '',
        part: { kind: 'interpolation', from, to: this.at, expression: this.nothing(from) },
        strips: false,
      };
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
    const written = this.inner();
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
    const outer = this.newlines;
    this.newlines = true;
    const intro = this.forIntro();
    this.newlines = outer;
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
  protected forIntro(): { keyName: string | undefined; valueName: string; collection: Expression } {
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

  protected quoted(): Expression {
    const from = this.at++;
    if (this.depth >= MAX_DEPTH) return this.invalid(from, TOO_DEEP, true);
    this.depth++;
    const parts = this.template({ escapes: true, quoted: true });
    this.depth--;
    if (!this.takeCode(34)) return this.invalid(from, 'the text is not closed');
    const [only] = parts;
    if (parts.length === 0) return new QuotedText(from, this.at, '');
    if (parts.length === 1 && only?.kind === 'text') return new QuotedText(from, this.at, only.value);
    return { kind: 'template', style: 'quoted', from, to: this.at, parts: exact(parts) };
  }

  private closingLines: ClosingLines | undefined;

  protected heredoc(): Expression {
    const { text, at: from } = this;
    const header = heredocHeader(text, from);
    if (!header) return this.openHeredoc(from, 'expected an expression');
    const { tag, body } = header;
    this.closingLines ??= new ClosingLines(text);
    const line = this.closingLines.after(tag, body);
    const to = text.indexOf(tag, line) + tag.length;
    if (line < 0 || to > this.end) return this.openHeredoc(from, `expected ${tag}`);
    const parts = this.heredocBody(body, line);
    this.at = to;
    const indent = header.indented ? sharedIndent(parts, text, body, line) : 0;
    const kept = exact(indent ? dedented(parts, text, indent) : parts);
    return { kind: 'template', style: 'heredoc', from, to, parts: kept, indent };
  }

  /** A heredoc without an end: most likely its text is not written yet, so what follows belongs to the body around. */
  private openHeredoc(from: number, message: string): Expression {
    const next = this.text.indexOf('\n', from);
    const line = this.text.slice(from, next < 0 || next > this.end ? this.end : next);
    this.at = from + line.trimEnd().length;
    this.problem(from, this.at, message);
    return this.nothing(from);
  }

  private heredocBody(from: number, to: number): TemplatePart[] {
    if (this.depth >= MAX_DEPTH) return [{ kind: 'interpolation', from, to, expression: this.nothing(from) }];
    const end = this.end;
    this.at = from;
    this.end = to;
    this.depth++;
    const parts = this.template({ escapes: false, quoted: false });
    this.depth--;
    this.end = end;
    return parts;
  }
}

function stripLast(parts: TemplatePart[]): void {
  const last = parts[parts.length - 1];
  if (last?.kind === 'text') parts[parts.length - 1] = { ...last, value: last.value.trimEnd() };
}

function stripFirst(parts: readonly TemplatePart[]): readonly TemplatePart[] {
  const first = parts[0];
  return first?.kind === 'text' ? [{ ...first, value: first.value.trimStart() }, ...parts.slice(1)] : parts;
}
