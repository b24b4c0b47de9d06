/** How a completion is written at its place: quotes, colons, commas, dashes and escapes of the text around. */

import type { Place } from './complete-position.ts';

/** A stop of the cursor in text that is inserted; the last one is empty where nothing is proposed. */
export interface Stop {
  readonly stop: string;
  readonly choices?: readonly string[];
}

export type Part = string | Stop;

/** What follows a key that is inserted. */
export type Follow =
  | { readonly kind: 'text'; readonly choices?: readonly string[]; readonly value?: string }
  | { readonly kind: 'list' }
  | { readonly kind: 'object' }
  | {
      readonly kind: 'statements';
      readonly body: readonly (readonly [name: string, follow: Follow])[];
      readonly many: boolean;
    };

/** What is inserted, without the punctuation around. */
export interface Insertion {
  /** The word itself. */
  readonly parts: readonly Part[];
  /** It is a key: what follows it. */
  readonly follow?: Follow;
  /** It stands for itself: a call, an object; written without quotes. */
  readonly raw?: boolean;
  /** Interpolations in it are meant: in HCL they are not escaped. */
  readonly interpolates?: boolean;
  /** The element that it is a value of may be a list: in a block that is empty yet, it becomes the first item. */
  readonly listed?: boolean;
  /** More is to be typed behind it, inside its quotes. */
  readonly continues?: boolean;
}

export interface Written {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly isSnippet: boolean;
}

/** The place of an expression that is written instead of the quotes around a word. */
export function withoutQuotes(place: Place): Place {
  const { quote, quoteStart = place.start, end, closing } = place;
  return quote ? { ...place, quote: '', start: quoteStart, end: end + closing, closing: 0 } : place;
}

/**
 * Renders an insertion; undefined where its place does not admit it.
 * @param unit of indentation, where statements in JSON are to go over several lines
 */
export function write(place: Place, insertion: Insertion, snippets: boolean, unit?: string): Written | undefined {
  const out = new Output(place, snippets, unit, insertion.interpolates);
  const { quote, style } = place;
  const isKey = insertion.follow !== undefined;
  const asItem = !isKey && place.role === 'any' && !place.inline && insertion.listed;
  out.raw(place.lead + (asItem ? '- ' : ''));
  let closesQuote = false;
  if (insertion.raw) {
    if (quote) return undefined;
    out.add(style === 'flow' ? quotedSub(insertion.parts) : insertion.parts, true);
  } else if (quote) {
    out.add(insertion.parts);
    closesQuote = place.closing === 0;
  } else {
    const plain = insertion.parts.map((part) => (typeof part === 'string' ? part : part.stop)).join('');
    const own = needsQuotes(style, plain, isKey, insertion.continues === true);
    out.mark(own);
    out.add(insertion.parts);
    if (own && insertion.continues) out.add([{ stop: '' }]);
    out.mark(own);
  }
  const mark = quote || '"';
  let end = place.end;
  const follows = isKey && !place.hasColon;
  if (closesQuote) {
    if (insertion.continues) out.add([{ stop: '' }]);
    out.mark(mark);
  } else if (place.closing && (follows || place.trail)) {
    out.mark(mark);
    end += place.closing;
  }
  if (follows) out.follow(insertion.follow);
  if (place.trail && !(style === 'flow' && place.trail.startsWith(']'))) out.raw(place.trail);
  // Without a stop it is plain text, in which nothing is escaped for snippets.
  if (snippets && out.stops === 0) return write(place, insertion, false, unit);
  return { start: place.start, end, text: out.text, isSnippet: snippets };
}

/** A text that is substituted has braces, which end it inside of brackets. */
function quotedSub(parts: readonly Part[]): readonly Part[] {
  const [first, ...rest] = parts;
  if (typeof first !== 'string' || !/^!Sub (?!')/.test(first)) return parts;
  return ["!Sub '", first.slice('!Sub '.length), ...rest, "'"];
}

/** The quote that a word needs where it has none; empty for none. */
function needsQuotes(style: Place['style'], text: string, isKey: boolean, continues: boolean): '' | '"' | "'" {
  if (style === 'json') return '"';
  if (style === 'hcl') return isKey && /^[A-Za-z_][\w-]*$/.test(text) ? '' : '"';
  if (continues) return '';
  const plain =
    /^[A-Za-z][\w:/.@+*?=,${}-]*$/.test(text) &&
    !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(text) &&
    !text.endsWith(':') &&
    !(style === 'flow' && /[{},]/.test(text));
  return plain ? '' : text.includes("'") ? '"' : "'";
}

class Output {
  text = '';
  stops = 0;

  constructor(
    private readonly place: Place,
    private readonly snippets: boolean,
    private readonly unit?: string,
    private readonly interpolates = false,
  ) {}

  /** Punctuation of the syntax, escaped for the strings around. */
  raw(text: string): void {
    this.text += this.literal(this.outer(text));
  }

  mark(quote: string): void {
    if (quote) this.raw(quote);
  }

  /** The text of a string; `bare` where it stands in none of its own. */
  add(parts: readonly Part[], bare = false): void {
    for (const part of parts) {
      if (typeof part === 'string') this.text += this.literal(bare ? this.outer(part) : this.inner(part));
      else if (!this.snippets) this.text += this.inner(part.stop);
      else {
        const index = ++this.stops;
        if (part.choices)
          this.text += `\${${index}|${part.choices.map((one) => this.inner(one).replace(/[\\,|]/g, '\\$&')).join(',')}|}`;
        else if (part.stop === '') this.text += `$${index}`;
        else this.text += `\${${index}:${this.literal(this.inner(part.stop)).replaceAll('}', '\\}')}}`;
      }
    }
  }

  /** The colon and the value behind a key. */
  follow(follow: Follow, indent = ''): void {
    const block = this.place.style === 'block';
    const hcl = this.place.style === 'hcl';
    if (hcl && this.place.inBlock && follow.kind === 'statements') {
      this.raw(' ');
      this.body(follow.body, indent);
      return;
    }
    this.raw(hcl ? ' = ' : block && follow.kind !== 'text' ? ':' : ': ');
    const flow = this.place.style === 'flow';
    const quote = block || flow ? '' : '"';
    switch (follow.kind) {
      case 'text': {
        const choices = follow.choices;
        const { style } = this.place;
        const typed =
          follow.value !== undefined && (block || flow) ? needsQuotes(style, follow.value, false, false) : quote;
        this.mark(typed);
        if (follow.value !== undefined) this.add([follow.value]);
        else this.add([{ stop: this.snippets ? (choices?.[0] ?? '') : '', choices }]);
        this.mark(typed);
        break;
      }
      case 'list':
        this.raw(block ? `\n${indent}  - ` : `[${quote}`);
        this.add([{ stop: '' }]);
        if (!block) this.raw(`${quote}]`);
        break;
      case 'object':
        this.raw(block ? `\n${indent}  ` : '{ ');
        this.add([{ stop: '' }]);
        if (!block) this.raw(' }');
        break;
      case 'statements': {
        if (block) {
          follow.body.forEach(([name, inner], i) => {
            this.raw(`\n${indent}  ${follow.many ? (i === 0 ? '- ' : '  ') : ''}${name}`);
            this.follow(inner, `${indent}${follow.many ? '    ' : '  '}`);
          });
          break;
        }
        const { unit } = this;
        this.raw(follow.many ? (unit ? `[\n${unit}` : '[') : '');
        this.statement(follow.body, follow.many ? unit : '');
        this.raw(follow.many ? (unit ? '\n]' : ']') : '');
      }
    }
  }

  /** The body of a block of HCL, over several lines. */
  private body(members: readonly (readonly [name: string, follow: Follow])[], indent: string): void {
    const deeper = `${indent}${this.unit ?? '  '}`;
    const isBlock = (follow: Follow) => follow.kind === 'statements';
    const width = Math.max(...members.map(([name, follow]) => (isBlock(follow) ? 0 : name.length)));
    this.raw('{');
    for (const [name, follow] of members) {
      this.raw(`\n${deeper}${isBlock(follow) ? name : name.padEnd(width)}`);
      this.follow(follow, deeper);
    }
    this.raw(`\n${indent}}`);
  }

  /** An object in brackets; `indent` is that of its line, where it goes over several. */
  statement(body: readonly (readonly [name: string, follow: Follow])[], indent = ''): void {
    const quote = this.place.style === 'json' ? '"' : '';
    const line = this.unit === undefined ? ' ' : `\n${indent}${this.unit}`;
    // In HCL a new line is enough, and `=` stands in one column.
    const aligned = this.place.style === 'hcl' && this.unit !== undefined;
    const width = aligned ? Math.max(...body.map(([name]) => name.length)) : 0;
    this.raw('{');
    body.forEach(([name, inner], i) => {
      this.raw(`${i > 0 && !aligned ? ',' : ''}${line}${quote}${name.padEnd(width)}${quote}`);
      this.follow(inner);
    });
    this.raw(this.unit === undefined ? ' }' : `\n${indent}}`);
  }

  /** Escapes for the string that the word itself is in, if it is in one, and for those around. */
  private inner(text: string): string {
    const { style, quote } = this.place;
    if (style === 'block') return quote ? this.place.encode(text) : text;
    const escaped = style === 'flow' && quote !== '"' ? text : JSON.stringify(text).slice(1, -1);
    return this.place.encode(style === 'hcl' && !this.interpolates ? escaped.replaceAll('${', '$${') : escaped);
  }

  private outer(text: string): string {
    return this.place.style === 'block' ? text : this.place.encode(text);
  }

  private literal(text: string): string {
    return this.snippets ? text.replace(/[\\$]/g, '\\$&') : text;
  }
}

/** A whole object as a value, for lists of statements; `unit` as in {@link write}. */
export function writeObject(
  place: Place,
  body: readonly (readonly [name: string, follow: Follow])[],
  snippets: boolean,
  unit?: string,
): Written | undefined {
  if (place.quote) return undefined;
  const out = new Output(place, snippets, unit);
  if (place.style === 'block') {
    const dash = place.role === 'any' && !place.inline ? '- ' : '';
    out.raw(place.lead + dash);
    const [first, ...rest] = body;
    if (!first) return undefined;
    out.raw(first[0]);
    out.follow(first[1], dash || place.lead ? '  ' : '');
    for (const [name, follow] of rest) {
      out.raw(`\n  ${name}`);
      out.follow(follow, '  ');
    }
  } else {
    out.raw(place.lead);
    out.statement(body);
    out.raw(place.trail);
  }
  return { start: place.start, end: place.end, text: out.text, isSnippet: snippets && out.stops > 0 };
}
