/** Writes values as YAML in a document's style. */

import type { Data } from './edit.ts';
import type { FlowWriter, NewItem } from './edit-flow.ts';
import { isList, isRecord } from './edit-plan.ts';
import type { Style } from './edit-style.ts';
import { looksTyped } from './yaml-scalars.ts';

/** Intrinsic functions that have a short form. */
const SHORT = new Set([
  'Ref',
  'Fn::Base64',
  'Fn::Cidr',
  'Fn::FindInMap',
  'Fn::GetAtt',
  'Fn::GetAZs',
  'Fn::If',
  'Fn::And',
  'Fn::Or',
  'Fn::Not',
  'Fn::Equals',
  'Fn::ImportValue',
  'Fn::Join',
  'Fn::Length',
  'Fn::Select',
  'Fn::Split',
  'Fn::Sub',
  'Fn::ToJsonString',
  'Fn::Transform',
]);

/** Lists in a short form stay on its line up to this length. */
const INLINE_LENGTH = 72;

/** What stands behind a key or a dash, and the lines below it, indented in full. */
export interface Written {
  readonly head: string;
  readonly lines: readonly string[];
}

export class YamlWriter implements FlowWriter {
  readonly spread = false;

  constructor(private readonly style: Style) {}

  get step(): string {
    return this.style.step;
  }

  get pad(): string {
    return this.style.pad;
  }

  /** A member or item in flow style. */
  item({ name, data }: NewItem): string {
    const value = this.inline(data);
    return name === undefined ? value : `${this.scalar(name, true)}: ${value}`;
  }

  /** A value on one line. */
  inline(data: Data): string {
    const call = this.shortForm(data);
    if (call) return `${call.tag} ${this.inline(call.argument)}`;
    if (isList(data)) return `[${data.map((item) => this.inline(item)).join(', ')}]`;
    if (!isRecord(data)) return this.scalar(data, true);
    const members = Object.entries(data).map(([name, value]) => this.item({ name, data: value }));
    return members.length ? `{${this.pad}${members.join(', ')}${this.pad}}` : '{}';
  }

  /** Lines of `name: value` at an indentation. */
  entry(name: string, data: Data, indent: string): string[] {
    const { head, lines } = this.value(data, indent, this.style.dash);
    const key = `${indent}${this.scalar(name, false)}:`;
    return [head ? `${key} ${head}` : key, ...lines];
  }

  /** Lines of `- value` at an indentation; `gap` is the blank behind the dash. */
  listItem(data: Data, indent: string, gap = ' '): string[] {
    const inner = `${indent} ${gap}`;
    if (isList(data) && data.length && !this.shortForm(data))
      return hang(
        data.flatMap((item) => this.listItem(item, inner)),
        indent,
        gap,
      );
    if (isRecord(data) && Object.keys(data).length && !this.shortForm(data))
      return hang(this.entries(data, inner), indent, gap);
    const { head, lines } = this.value(data, indent, '  ');
    return [`${indent}-${gap}${head}`, ...lines];
  }

  entries(data: { readonly [key: string]: Data }, indent: string): string[] {
    return Object.entries(data).flatMap(([name, value]) => this.entry(name, value, indent));
  }

  /** A value behind a key that stands at an indentation; `dash` is how far lists are indented from there. */
  value(data: Data, indent: string, dash: string): Written {
    const call = this.shortForm(data);
    if (call) {
      const { tag, argument } = call;
      const inline =
        isList(argument) && argument.every((item) => this.isSimple(item)) ? `${tag} ${this.inline(argument)}` : '';
      if (inline && inline.length <= INLINE_LENGTH) return { head: inline, lines: [] };
      // Below a tag, lists are always indented: not every reader takes them otherwise.
      const { head, lines } = this.value(argument, indent, this.step);
      return { head: head ? `${tag} ${head}` : tag, lines };
    }
    if (isList(data)) {
      if (!data.length) return { head: '[]', lines: [] };
      return { head: '', lines: data.flatMap((item) => this.listItem(item, indent + dash)) };
    }
    if (isRecord(data)) {
      if (!Object.keys(data).length) return { head: '{}', lines: [] };
      return { head: '', lines: this.entries(data, indent + this.step) };
    }
    return (
      (typeof data === 'string' && this.literal(data, indent + this.step)) || {
        head: this.scalar(data, false),
        lines: [],
      }
    );
  }

  /** A text of several lines as a literal block; undefined where that would change it. */
  private literal(text: string, indent: string): Written | undefined {
    const body = text.endsWith('\n') ? text.slice(0, -1) : text;
    if (
      !body.includes('\n') ||
      /^\s|\s$/.test(body) ||
      /[^\n\t\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/.test(body)
    )
      return undefined;
    return { head: text === body ? '|-' : '|', lines: body.split('\n').map((line) => (line ? indent + line : '')) };
  }

  /** A scalar on one line, quoted where it must be. */
  scalar(data: string | number | boolean | null, flow: boolean, quote?: '"' | "'"): string {
    if (typeof data !== 'string') return JSON.stringify(data);
    if (!quote && isPlain(data, flow)) return data;
    const safe = /^[\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/.test(data);
    if ((quote ?? this.style.quote) === "'" && safe) return `'${data.replaceAll("'", "''")}'`;
    return JSON.stringify(data);
  }

  private isSimple(data: Data): boolean {
    const call = this.shortForm(data);
    return call ? !isList(call.argument) && !isRecord(call.argument) : !isList(data) && !isRecord(data);
  }

  /** The tag of an intrinsic function and what stands behind it. */
  private shortForm(data: Data): { tag: string; argument: Data } | undefined {
    if (!this.style.shortTags) return undefined;
    const call = intrinsic(data);
    // A node has one tag only: around another short form this one stays long.
    if (!call || intrinsic(call.argument)) return undefined;
    const { name, argument } = call;
    const tag = `!${name.replace('Fn::', '')}`;
    if (name === 'Fn::GetAtt' && isList(argument)) {
      return argument.every((part) => typeof part === 'string') ? { tag, argument: argument.join('.') } : undefined;
    }
    return { tag, argument };
  }
}

function intrinsic(data: Data): { name: string; argument: Data } | undefined {
  if (!isRecord(data)) return undefined;
  const names = Object.keys(data);
  const name = names[0];
  if (names.length !== 1 || name === undefined || !SHORT.has(name)) return undefined;
  return { name, argument: data[name] as Data };
}

/** Sets a dash before the first of some lines, which are indented to stand behind it. */
function hang(lines: readonly string[], indent: string, gap: string): string[] {
  const [first = '', ...rest] = lines;
  return [`${indent}-${gap}${first.slice(indent.length + 1 + gap.length)}`, ...rest];
}

/** Whether a text, written without quotes, is read as that text by readers of YAML 1.1 and 1.2. */
function isPlain(text: string, flow: boolean): boolean {
  if (looksTyped(text) || /^\s|\s$/.test(text) || /^(?:---|\.\.\.)/.test(text)) return false;
  if (/[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/.test(text)) return false;
  if (/^[,[\]{}#&*!|>'"%@`]/.test(text) || /^[-?:](?:\s|$)/.test(text) || /:(?:\s|$)|\s#/.test(text)) return false;
  return !flow || !/[,[\]{}]|^[-?:]/.test(text);
}
