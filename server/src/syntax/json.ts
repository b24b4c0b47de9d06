/** JSON text to a syntax document. */

import { createScanner } from 'jsonc-parser';
import type { Comment, SyntaxDocument } from './document.ts';
import { readJson } from './json-reader.ts';
import { Origin } from './node.ts';
import { beginsLine, ParsedDocument } from './parsed.ts';

/**
 * Parses JSON. Comments and trailing commas are accepted; a byte order mark is skipped. Never throws: what cannot be
 * read is reported in `problems` and everything else is kept. Offsets are those of `text`, byte order mark included.
 */
export function parseJson(uri: string, text: string): SyntaxDocument {
  const document = new ParsedDocument(uri, 'json', text, findComments);
  const base = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const { root, problems } = readJson(base ? text.slice(1) : text, new Origin(document, base));
  if (root) document.roots = [root];
  document.problems = problems.map(({ from, to, message }) => ({ start: from + base, end: to + base, message }));
  return document;
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
  for (let token = scanner.scan() as number; token !== EOF; token = scanner.scan() as number) {
    if (token !== LINE_COMMENT && token !== BLOCK_COMMENT) continue;
    const start = scanner.getTokenOffset();
    const end = start + scanner.getTokenLength();
    const closed = token === BLOCK_COMMENT && text.startsWith('*/', end - 2) && end - start >= 4;
    comments.push({ start, end, text: text.slice(start + 2, closed ? end - 2 : end).trim(), ownLine: beginsLine(text, start) });
  }
  return comments;
}
