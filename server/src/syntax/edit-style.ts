/** The habits of a text, so that what is added looks like what is there. */

import type { Surface } from './edit-plan.ts';
import type { Node } from './node.ts';

export interface Style {
  /** One level of indentation. */
  readonly step: string;
  /** Blanks before the dash of a list, counted from the key it is under. */
  readonly dash: string;
  readonly quote: '"' | "'";
  /** `!Ref X` rather than `Ref: X`. */
  readonly shortTags: boolean;
  /** Between a brace and what it holds on one line. */
  readonly pad: string;
  /** Between a JSON key and its value. */
  readonly colon: string;
}

/** Nodes looked at before a habit is taken for granted. */
const MAX_NODES = 5000;

const styles = new WeakMap<Node, { readonly text: string; readonly style: Style }>();

/** Finds the habits of a text from its tree; once for each version of it. */
export function styleOf(surface: Surface, roots: readonly Node[]): Style {
  const [first] = roots;
  const known = first && styles.get(first);
  if (known && known.text === surface.text) return known.style;
  const style = findStyle(surface, roots);
  if (first) styles.set(first, { text: surface.text, style });
  return style;
}

function findStyle(surface: Surface, roots: readonly Node[]): Style {
  const seen = new Habits(surface);
  for (const root of roots) seen.visit(root);
  const { text } = surface;
  const tight = /\{"/.exec(text)?.index ?? Infinity;
  const loose = /\{ +["\w]/.exec(text)?.index ?? Infinity;
  return {
    step: seen.step ?? '  ',
    dash: seen.dash ?? seen.step ?? '  ',
    quote: seen.double > seen.single ? '"' : "'",
    shortTags: seen.short || !seen.long,
    pad: tight < loose ? '' : ' ',
    colon: seen.colon ?? ': ',
  };
}

class Habits {
  step: string | undefined;
  dash: string | undefined;
  colon: string | undefined;
  double = 0;
  single = 0;
  short = false;
  long = false;
  private count = 0;

  constructor(private readonly surface: Surface) {}

  visit(node: Node): void {
    if (node.aliasOf || this.count++ > MAX_NODES) return;
    const { surface } = this;
    if (node.style === 'double') this.double++;
    else if (node.style === 'single') this.single++;
    if (node.tag?.startsWith('!') && !node.tag.startsWith('!!')) this.short = true;
    const first = node.kind === 'object' ? node.entries[0]?.key : node.items[0];
    if (first && node.style === 'flow' && this.step === undefined && surface.beginsLine(surface.start(first))) {
      const inner = surface.indentAt(surface.start(first));
      const outer = surface.indentAt(surface.start(node));
      if (inner.startsWith(outer) && inner.length > outer.length) this.step = inner.slice(outer.length);
    }
    for (const { key, value, merged } of node.entries) {
      if (merged) continue;
      if (node.entries.length === 1 && (key.source === 'Ref' || key.source.startsWith('Fn::'))) this.long = true;
      if (this.colon === undefined && node.style === 'flow' && value.kind !== 'missing') {
        const between = surface.text.slice(surface.end(key), surface.outerStart(value));
        if (/^ *: *$/.test(between)) this.colon = between;
      }
      if (value.style === 'block' && !value.aliasOf) this.block(key, value);
      this.visit(value);
    }
    for (const item of node.items) this.visit(item);
  }

  private block(key: Node, value: Node): void {
    const { surface } = this;
    if (surface.language === 'hcl') {
      const inner = value.entries[0]?.key;
      const [outer, own] = [value, inner].map((node) => node && surface.indentAt(surface.outerStart(node)));
      if (!inner || outer === undefined || !own?.startsWith(outer) || !surface.beginsLine(surface.start(inner))) return;
      if (own.length > outer.length) this.step ??= own.slice(outer.length);
      return;
    }
    if (!surface.beginsLine(surface.start(value))) return;
    const columns = column(surface, surface.start(value)) - column(surface, surface.start(key));
    if (value.kind === 'array') this.dash ??= ' '.repeat(Math.max(0, columns));
    else if (columns > 0) this.step ??= ' '.repeat(columns);
  }
}

/** Characters between the start of a line and an offset on it. */
export function column(surface: Surface, offset: number): number {
  return offset - surface.lineStart(offset);
}
