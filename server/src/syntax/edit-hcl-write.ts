/** Writes data as HCL: expressions, attributes and blocks, as `terraform fmt` has them (equals signs are aligned later). */

import type { Data } from './edit.ts';
import type { FlowWriter, NewItem } from './edit-flow.ts';
import { isBlockData, type Place } from './edit-hcl-blocks.ts';
import { isList, isRecord } from './edit-plan.ts';
import { parseTemplate } from './hcl-parser.ts';
import type { Node } from './node.ts';

/** How an object expression is written. */
export interface ObjectHabits {
  /** Keys stand in quotes. */
  readonly quoted: boolean;
  /** Between a key and its value. */
  readonly separator: string;
}

export const PLAIN: ObjectHabits = { quoted: false, separator: ' = ' };

/** Lists of scalars stay on one line up to this many columns. */
const WIDTH = 100;

const IDENTIFIER = /^[A-Za-z_][\w-]*$/;

/** Arguments that name other parts of the configuration without quotes. */
const BARE: ReadonlySet<string> = new Set(['depends_on', 'ignore_changes', 'replace_triggered_by', 'provider']);

const REFERENCE = /^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*|\[(?:\d+|"[\w-]+")\])*$/;

export class HclWriter implements FlowWriter {
  /** Between a brace and what it holds on one line. */
  readonly pad = ' ';

  constructor(
    private readonly eol: string,
    readonly step: string,
    private readonly habits: ObjectHabits = PLAIN,
    /** Whether an empty container's new members get a line each. */
    readonly spread = true,
    /** Texts are references, not quoted. */
    private readonly bare = false,
    /** Whether new members of an object are set apart by commas. */
    readonly commas = true,
  ) {}

  /** A member of an object expression or an item of a tuple. */
  item({ name, data }: NewItem, indent: string | undefined): string {
    if (name === undefined) return this.expression(data, indent);
    const key = this.key(name) + this.habits.separator;
    return key + this.expression(data, indent, key.length);
  }

  private key(name: string): string {
    if (!this.habits.quoted && IDENTIFIER.test(name) && name !== 'for') return name;
    const text = hclText(name);
    return text.startsWith('"') ? text : `(${text})`;
  }

  /**
   * A value.
   * @param indent that of its first line; undefined where all has to stand on one line
   * @param before columns of what stands before it on its line
   */
  expression(data: Data, indent: string | undefined, before = 0): string {
    if (isList(data)) return this.tuple(data, indent, before);
    if (isRecord(data)) return this.object(data, indent);
    if (typeof data !== 'string') return JSON.stringify(data);
    if (this.bare && REFERENCE.test(data)) return data;
    const json = jsonIn(data);
    if (json !== undefined) return `jsonencode(${this.plain().expression(json, indent)})`;
    return hclText(data);
  }

  /** A list with a line for each item. */
  tall(items: readonly Data[], indent: string): string {
    if (!items.length) return '[]';
    const inner = indent + this.step;
    const lines = items.map((item) => `${inner}${this.expression(item, inner)},${this.eol}`);
    return `[${this.eol}${lines.join('')}${indent}]`;
  }

  private plain(): HclWriter {
    return new HclWriter(this.eol, this.step);
  }

  private tuple(items: readonly Data[], indent: string | undefined, before: number): string {
    const isFlat = items.every((item) => !isList(item) && !isRecord(item));
    if (!items.length || indent === undefined || isFlat) {
      const line = `[${items.map((item) => this.expression(item, undefined)).join(', ')}]`;
      if (indent === undefined || items.length < 2 || indent.length + before + line.length <= WIDTH) return line;
    }
    return this.tall(items, indent);
  }

  private object(data: { readonly [name: string]: Data }, indent: string | undefined): string {
    const items = Object.entries(data);
    if (!items.length) return '{}';
    if (indent === undefined)
      return `{ ${items.map(([name, value]) => this.item({ name, data: value }, undefined)).join(', ')} }`;
    const inner = indent + this.step;
    const lines = items.map(([name, value]) => `${inner}${this.item({ name, data: value }, inner)}${this.eol}`);
    return `{${this.eol}${lines.join('')}${indent}}`;
  }

  /**
   * A member of a body: an attribute, or blocks, each by itself. The first line comes without its indentation.
   * @param place of the body
   * @param asBlock whether it is known to be written as a block, or known not to be
   */
  member(name: string, data: Data, indent: string, place: Place | undefined, asBlock?: boolean): Written {
    if (asBlock ?? isBlockData(place, name, data)) {
      const inner = [...(place ?? []), name];
      const bodies = isList(data) ? data : [data];
      return { isBlock: true, texts: bodies.map((body) => `${word(name)} ${this.body(body, indent, inner)}`) };
    }
    const bare = (BARE.has(name) && place?.[0] !== 'locals') || (place?.[0] === 'variable' && name === 'type');
    const writer = bare ? new HclWriter(this.eol, this.step, PLAIN, true, true) : this;
    return { isBlock: false, texts: [`${name} = ${writer.expression(data, indent, name.length + 3)}`] };
  }

  /** A body with its braces. */
  body(data: Data, indent: string, place: Place | undefined): string {
    if (!isRecord(data) || !Object.keys(data).length) return '{}';
    return `{${this.eol}${this.members(data, indent + this.step, place)}${this.eol}${indent}}`;
  }

  /** What stands in a body, without its braces: attributes first, then blocks. */
  members(data: { readonly [name: string]: Data }, indent: string, place: Place | undefined): string {
    const all = Object.entries(data).map(([name, value]) => this.member(name, value, indent, place));
    const texts = [...all.filter((one) => !one.isBlock), ...all.filter((one) => one.isBlock)].flatMap((one) =>
      one.texts.map((text) => ({ text, apart: one.isBlock || text.includes('\n') })),
    );
    return texts
      .map(({ text, apart }, i) => {
        const gap = i > 0 && (apart || texts[i - 1]?.apart) ? this.eol : '';
        return `${gap}${indent}${text}`;
      })
      .join(this.eol);
  }

  /**
   * Blocks of the top level.
   * @param name `resource`, `variable`, …
   * @param data labels as objects around the bodies
   */
  top(name: string, data: Data): string[] {
    const blocks: string[] = [];
    const visit = (inner: Data, labels: readonly string[], depth: number): void => {
      for (const object of isList(inner) ? inner : [inner]) {
        if (depth > 0 && isRecord(object))
          for (const [label, value] of Object.entries(object)) visit(value, [...labels, label], depth - 1);
        else {
          const header = [name, ...labels.map((label) => JSON.stringify(label))].join(' ');
          blocks.push(`${header} ${this.body(object, '', [name, ...labels])}`);
        }
      }
    };
    visit(data, [], LABELS[name] ?? 0);
    return blocks;
  }
}

/** How many labels a block of the top level has. */
const LABELS: Readonly<Record<string, number>> = {
  resource: 2,
  data: 2,
  ephemeral: 2,
  variable: 1,
  output: 1,
  module: 1,
  provider: 1,
  check: 1,
};

export interface Written {
  readonly isBlock: boolean;
  /** Blocks of one name each by itself. */
  readonly texts: readonly string[];
}

function word(name: string): string {
  return IDENTIFIER.test(name) ? name : JSON.stringify(name);
}

/** The data that a text holds as JSON: HCL says it with `jsonencode`. */
function jsonIn(text: string): Data | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === 'object' && data !== null ? (data as Data) : undefined;
  } catch {
    // Holes where JSON has none, or no JSON at all: a text like any other.
    return undefined;
  }
}

/**
 * Text as Terraform's JSON syntax has it, as an expression of HCL: what is nothing but one interpolation is that
 * expression, all else is quoted.
 */
export function hclText(text: string): string {
  const { parts, problems } = parseTemplate(text);
  if (problems.length) return `"${escaped(text)}"`;
  const [only] = parts;
  if (parts.length === 1 && only?.kind === 'interpolation') {
    const inner = /^\$\{~?([\s\S]*?)~?\}$/.exec(text)?.[1]?.trim();
    if (inner) return inner.includes('\n') ? `(${inner})` : inner;
  }
  let quoted = '';
  let at = 0;
  for (const part of parts) {
    const raw = text.slice(part.from, part.to);
    quoted += part.kind === 'text' ? escaped(text.slice(at, part.to)) : raw;
    at = part.to;
  }
  return `"${quoted}${escaped(text.slice(at))}"`;
}

/** Characters that stand for something else between HCL's quotes. */
export function escaped(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/\\./g, (pair) => (pair === '\\b' ? '\\u0008' : pair === '\\f' ? '\\u000c' : pair));
}

/** Whether texts at a node name other parts of the configuration, without quotes. */
export function isBare(node: Node): boolean {
  for (let at: Node | undefined = node; at?.parent; at = at.parent) {
    if (at.style === 'block') return false;
    if (at.parent.style === 'block') return BARE.has(at.entry?.name ?? '');
  }
  return false;
}
