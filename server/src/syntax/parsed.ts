/** The document that parsers fill in. */

import { type Comment, LineIndex, type SyntaxDocument, type SyntaxProblem } from './document.ts';
import type { Entry, Node } from './node.ts';

/** Containers nested deeper than this are not read: every walk over a tree may then recurse. */
export const MAX_DEPTH = 256;

/** Said where a reader ends. */
export const TOO_MUCH = 'Not read from here on: too much for one text';

/**
 * Adds a problem, unless there are enough of them already. What was left out is said however many there are, once.
 * @param most how many problems are enough
 */
export function addProblem<P extends { readonly message: string; readonly leftOut?: true }>(
  problems: P[],
  problem: P,
  most: number,
): void {
  if (
    problem.leftOut ? !problems.some((one) => one.leftOut && one.message === problem.message) : problems.length < most
  )
    problems.push(problem);
}

/** A parsed text; line starts and comments are found on first use. */
export class ParsedDocument implements SyntaxDocument {
  roots: readonly Node[] = [];
  problems: readonly SyntaxProblem[] = [];
  #lines: LineIndex | undefined;
  /** Those of the version before, until this one's are known. */
  #linesBefore: LineIndex | undefined;
  /** Words that the text does not hold, and those that the text of the lines before did not. */
  readonly #absent = new Set<string>();
  #absentBefore: ReadonlySet<string> | undefined;
  #comments: readonly Comment[] | undefined;
  readonly #findComments: (document: ParsedDocument) => readonly Comment[];

  constructor(
    readonly uri: string,
    readonly language: SyntaxDocument['language'],
    readonly text: string,
    findComments: (document: ParsedDocument) => readonly Comment[],
    previous?: SyntaxDocument,
  ) {
    this.#findComments = findComments;
    if (!(previous instanceof ParsedDocument)) return;
    this.#linesBefore = previous.#lines ?? previous.#linesBefore;
    this.#absentBefore = previous.#lines ? previous.#absent : previous.#absentBefore;
  }

  get lines(): LineIndex {
    if (!this.#lines) {
      this.#lines = new LineIndex(this.text, this.#linesBefore);
      this.#linesBefore = undefined;
    }
    return this.#lines;
  }

  /** Whether the text holds a word; of one that an earlier version did not hold, only what has changed is looked at. */
  holds(word: string): boolean {
    if (this.#absent.has(word)) return false;
    const { text } = this;
    const changed = this.#absentBefore?.has(word) ? this.lines.changed : undefined;
    const around = word.length - 1;
    const within = changed ? text.slice(Math.max(0, changed.start - around), changed.end + around) : text;
    const found = within.includes(word);
    if (!found) this.#absent.add(word);
    return found;
  }

  comments(): readonly Comment[] {
    this.#comments ??= this.#findComments(this);
    return this.#comments;
  }
}

/** Whether the text of a document holds a word. Asked of every version of it this costs next to nothing. */
export function holdsWord(document: SyntaxDocument, word: string): boolean {
  return document instanceof ParsedDocument ? document.holds(word) : document.text.includes(word);
}

/** Whether only blanks stand before an offset on its line. */
export function beginsLine(text: string, offset: number): boolean {
  for (let i = offset - 1; i >= 0; i--) {
    const c = text.charCodeAt(i);
    if (c === 10 || c === 13) return true;
    if (c !== 32 && c !== 9 && c !== 0xfeff) return false;
  }
  return true;
}

/** Makes entries members of an object: parents, back links, duplicates. */
export function adopt(object: Node, entries: readonly Entry[]): void {
  object.entries = entries;
  const seen = new Map<string, Entry>();
  for (const entry of entries) {
    entry.duplicate = false;
    if (entry.merged) continue;
    entry.key.parent = object;
    entry.value.parent = object;
    entry.key.entry = entry;
    entry.value.entry = entry;
    if (entries.length > 1) {
      const earlier = seen.get(entry.name);
      if (earlier) earlier.duplicate = true;
      seen.set(entry.name, entry);
    }
  }
}
