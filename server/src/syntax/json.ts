/** JSON text to a syntax document. */

import { createScanner } from 'jsonc-parser';
import { compareTexts } from './change.ts';
import type { Comment, SyntaxDocument } from './document.ts';
import { readJsonUnits, skipBlanks, type Unit, type UnitTree } from './json-reader.ts';
import { Origin } from './node.ts';
import { beginsLine, ParsedDocument } from './parsed.ts';
import { atOnce, type Steps } from './steps.ts';

/** The units of a document's latest version that had any, by start, and the text they stand in. */
interface Known {
  readonly text: string;
  readonly units: ReadonlyMap<number, Unit>;
}

const knownUnits = new WeakMap<SyntaxDocument, Known>();

/**
 * Parses JSON. Comments and trailing commas are accepted; a byte order mark is skipped. Never throws: what cannot be
 * read is reported in `problems` and everything else is kept. Offsets are those of `text`, byte order mark included.
 * @param previous the version before: units (resources and the like) whose text did not change move over to the result
 *   with their nodes, so the tree of `previous` must not be used afterwards (its text may)
 */
export function parseJson(uri: string, text: string, previous?: SyntaxDocument): SyntaxDocument {
  return atOnce(parseJsonInSteps(uri, text, previous))();
}

/** As {@link parseJson}, in steps. `previous` may be used until what they return is called. */
export function* parseJsonInSteps(uri: string, text: string, previous?: SyntaxDocument): Steps<() => SyntaxDocument> {
  const known = previous && knownUnits.get(previous);
  // Reading moves what is known.
  const units = known ? undefined : yield* readUnits(uri, text, previous);
  return () => {
    const { document, body, found } = units ?? atOnce(readUnits(uri, text, previous, known));
    if (previous) knownUnits.delete(previous);
    if (found) knownUnits.set(document, { text: body, units: new Map(found.map((unit) => [unit.start, unit])) });
    // While brackets do not match, the version before stays what the next one is compared with.
    else if (known) knownUnits.set(document, known);
    return document;
  };
}

function* readUnits(
  uri: string,
  text: string,
  previous: SyntaxDocument | undefined,
  known?: Known,
): Steps<{ readonly document: ParsedDocument; readonly body: string; readonly found: UnitTree['units'] }> {
  const document = new ParsedDocument(uri, 'json', text, findComments, previous);
  const base = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const body = base ? text.slice(1) : text;
  const find = known && unchanged(known, body);
  const { root, problems, units } = yield* readJsonUnits(body, new Origin(document, base), find);
  if (root) document.roots = [root];
  document.problems = problems.map(({ from, to, ...said }) => ({ start: from + base, end: to + base, ...said }));
  return { document, body, found: units };
}

/** Finds units of an earlier text that lie before or behind all changes; the character behind them is unchanged, too. */
function unchanged({ text: old, units }: Known, text: string): (offset: number, depth: number) => Unit | undefined {
  const { prefix, behind, shift } = compareTexts(old, text);
  return (offset, depth) => {
    const before = units.get(offset);
    if (before && before.depth === depth && before.end < prefix) return before;
    const after = units.get(offset - shift);
    return after && after.depth === depth && after.start >= behind ? after : undefined;
  };
}

/** Trivia tokens of jsonc-parser's scanner. */
const LINE_COMMENT = 12;
const BLOCK_COMMENT = 13;
const EOF = 17;

function findComments(document: ParsedDocument): Comment[] {
  const { text } = document;
  if (!text.includes('/')) return [];
  const comments: Comment[] = [];
  const scanner = createScanner(text, false);
  for (;;) {
    skipBlanks(text, scanner);
    const token = scanner.scan() as number;
    if (token === EOF) break;
    if (token !== LINE_COMMENT && token !== BLOCK_COMMENT) continue;
    const start = scanner.getTokenOffset();
    // The scanner ends a comment that is open, and nothing but begun, behind the text.
    const end = Math.min(start + scanner.getTokenLength(), text.length);
    const closed = token === BLOCK_COMMENT && text.startsWith('*/', end - 2) && end - start >= 4;
    comments.push({
      start,
      end,
      text: text.slice(start + 2, closed ? end - 2 : end).trim(),
      ownLine: beginsLine(text, start),
    });
  }
  return comments;
}
