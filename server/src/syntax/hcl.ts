/** HCL text (Terraform's native syntax) to a syntax document. */

import { ownCopy } from './change.ts';
import type { Comment, SyntaxDocument, SyntaxProblem } from './document.ts';
import { type ReadBody, readHcl } from './hcl-reader.ts';
import { type Pieces, type Span, splitHcl } from './hcl-split.ts';
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
  /** Where they are. */
  spans: Pieces | undefined;

  giveAway(): void {
    this.pieces = [];
    this.spans = undefined;
  }
}

/**
 * Parses HCL. Never throws: what cannot be read is reported in `problems` and everything else is kept. Offsets are those
 * of `text`, a byte order mark included.
 * @param previous the version before: blocks of the top level whose text did not change move over to the result with
 *   their nodes, so the tree of `previous` must not be used afterwards (its text may)
 */
export function parseHcl(uri: string, text: string, previous?: SyntaxDocument): SyntaxDocument {
  const before = previous instanceof HclDocument ? previous : undefined;
  const spans = splitHcl(text, before?.spans && { text: before.text, pieces: before.spans });
  const { pieces, comments, openComments, first, last } = spans;
  const document = new HclDocument(uri, 'hcl', text, commentsIn(text, comments), previous);
  document.spans = spans;
  const taken = before?.pieces ?? [];
  const known = new Map<string, Piece[]>();
  for (const piece of taken.slice(first, taken.length - last)) {
    const same = known.get(piece.text);
    if (same) same.push(piece);
    else known.set(piece.text, [piece]);
  }
  const root = new Node('object', 'block', new Origin(document, 0), 0, text.length);
  const keptAt = (i: number) => {
    if (i < first) return taken[i];
    return i < pieces.length - last ? undefined : taken[i - pieces.length + taken.length];
  };
  const readAt = (start: number, end: number) => {
    const slice = text.slice(start, end);
    const same = known.size ? known.get(slice)?.shift() : undefined;
    // A slice keeps all of its text alive: one version's may live on in its successors, not every version's.
    return same ?? readPiece(before ? ownCopy(slice) : slice, new Origin(document, start));
  };
  const read = pieces.map(({ start, end }, i) => {
    const piece = keptAt(i) ?? readAt(start, end);
    piece.origin.document = document;
    piece.origin.base = start;
    return piece;
  });
  before?.giveAway();
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

/** A function of its own: one made where the version before is at hand would keep that alive, and so all before it. */
function commentsIn(text: string, spans: readonly Span[]): () => Comment[] {
  return () =>
    spans.map(({ start, end }) => {
      const block = text.startsWith('/*', start);
      const from = start + (text[start] === '#' ? 1 : 2);
      const to = block && text.slice(start, end).endsWith('*/') && end - start >= 4 ? end - 2 : end;
      return { start, end, text: text.slice(from, to).trim(), ownLine: beginsLine(text, start) };
    });
}
