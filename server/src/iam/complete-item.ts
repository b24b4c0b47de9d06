/** What a completion is, before it is written into its place. */

import type { Follow, Insertion, Part } from './complete-insert.ts';

export type CompletionKind =
  | 'service'
  | 'action'
  | 'pattern'
  | 'element'
  | 'operator'
  | 'key'
  | 'value'
  | 'principal'
  | 'resource';

export interface Completion {
  /** As listed, and what the typed text is compared with. */
  readonly label: string;
  readonly kind: CompletionKind;
  /** Behind the label. */
  readonly detail?: string;
  /** Read when the item is looked at: lines of plain text. */
  readonly documentation?: () => readonly string[];
  /** Order in the list: groups from 0, then the order within. */
  readonly rank: number;
  readonly insertion: Insertion;
  /** An object of these members instead of the insertion. */
  readonly object?: readonly (readonly [name: string, follow: Follow])[];
  /** The object stands behind a key: in brackets on its line, also in YAML. */
  readonly inBrackets?: boolean;
  /** It is written instead of the quotes around the place. */
  readonly unquotes?: boolean;
  /** Something is to be chosen behind it. */
  readonly again?: boolean;
  /** Fits whatever was typed: that is a pattern. */
  readonly always?: boolean;
}

/** A text that is written as it is listed. */
export function textItem(
  label: string,
  kind: CompletionKind,
  rank: number,
  more: Partial<Completion> & { readonly listed?: boolean } = {},
): Completion {
  const { listed, ...rest } = more;
  return { label, kind, rank, insertion: { parts: [label], listed }, ...rest };
}

/** Text with `${Name}` for each stop of the cursor. */
export function partsOf(template: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const match of template.matchAll(/\$\{([^{}]*)\}/g)) {
    if (match.index > at) parts.push(template.slice(at, match.index));
    parts.push({ stop: match[1] ?? '' });
    at = match.index + match[0].length;
  }
  if (at < template.length) parts.push(template.slice(at));
  return parts;
}

/**
 * How well a text fits what is typed, case aside: 0 begins with it, 1 holds it, 2 has its letters in order;
 * undefined where it does not fit.
 */
export function closeness(text: string, typed: string): number | undefined {
  if (typed === '') return 0;
  const lower = text.toLowerCase();
  const wanted = typed.toLowerCase();
  if (lower.startsWith(wanted)) return 0;
  if (lower.includes(wanted)) return 1;
  let at = 0;
  for (const c of wanted) {
    at = lower.indexOf(c, at) + 1;
    if (at === 0) return undefined;
  }
  return 2;
}
