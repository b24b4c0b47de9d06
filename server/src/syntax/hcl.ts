/** HCL text (Terraform's native syntax) to a syntax document. */

import { ownCopy } from './change.ts';
import type { Comment, SyntaxDocument, SyntaxProblem } from './document.ts';
import { type ReadBody, readHcl } from './hcl-reader.ts';
import { type Span, splitHcl } from './hcl-split.ts';
import { Node, Origin } from './node.ts';
import { addProblem, beginsLine, ParsedDocument } from './parsed.ts';

/** Of a text: a reader's own limit holds for one piece. */
const MAX_PROBLEMS = 1_000;

/** A piece of the top level, read. Its nodes move with it while its text stays the same. */
interface Piece {
  readonly text: string;
  readonly origin: Origin;
  readonly body: ReadBody;
}

class HclDocument extends ParsedDocument {
  /** Until the next version takes them over. */
  pieces: readonly Piece[] = [];
}

/**
 * Parses HCL. Never throws: what cannot be read is reported in `problems` and everything else is kept. Offsets are those
 * of `text`, a byte order mark included.
 * @param previous the version before: blocks of the top level whose text did not change move over to the result with
 *   their nodes, so the tree of `previous` must not be used afterwards (its text may)
 */
export function parseHcl(uri: string, text: string, previous?: SyntaxDocument): SyntaxDocument {
  const { pieces, comments, openComments } = splitHcl(text);
  const document = new HclDocument(uri, 'hcl', text, () => commentsOf(text, comments), previous);
  const known = new Map<string, Piece[]>();
  if (previous instanceof HclDocument) {
    for (const piece of previous.pieces) {
      const same = known.get(piece.text);
      if (same) same.push(piece);
      else known.set(piece.text, [piece]);
    }
    previous.pieces = [];
  }
  const root = new Node('object', 'block', new Origin(document, 0), 0, text.length);
  const read = pieces.map(({ start, end }) => {
    const slice = text.slice(start, end);
    const same = known.size ? known.get(slice)?.shift() : undefined;
    // A slice keeps all of its text alive: one version's may live on in its successors, not every version's.
    if (!same) return readPiece(previous ? ownCopy(slice) : slice, new Origin(document, start));
    same.origin.document = document;
    same.origin.base = start;
    return same;
  });
  const entries = read.flatMap(({ body }) => body.entries);
  for (const { key, value } of entries) {
    key.parent = root;
    value.parent = root;
  }
  root.entries = entries;
  document.roots = [root];
  const problems: SyntaxProblem[] = [];
  for (const { body, origin } of read)
    for (const { from, to, ...said } of body.problems)
      addProblem(problems, { start: origin.at(from), end: origin.at(to), ...said }, MAX_PROBLEMS);
  for (const { start, end } of openComments)
    addProblem(problems, { start, end, message: "the comment is not closed with '*/'" }, MAX_PROBLEMS);
  document.problems = problems;
  document.pieces = read;
  return document;
}

function readPiece(text: string, origin: Origin): Piece {
  return { text, origin, body: readHcl(text, origin) };
}

function commentsOf(text: string, spans: readonly Span[]): Comment[] {
  return spans.map(({ start, end }) => {
    const block = text.startsWith('/*', start);
    const from = start + (text[start] === '#' ? 1 : 2);
    const to = block && text.slice(start, end).endsWith('*/') && end - start >= 4 ? end - 2 : end;
    return { start, end, text: text.slice(from, to).trim(), ownLine: beginsLine(text, start) };
  });
}
