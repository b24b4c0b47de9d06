/** HCL text (Terraform's native syntax) to a syntax document. */

import { ownCopy } from './change.ts';
import type { Comment, SyntaxDocument, SyntaxProblem } from './document.ts';
import { type ReadBody, readHcl } from './hcl-reader.ts';
import { type PieceSpan, type Pieces, type Span, splitHcl } from './hcl-split.ts';
import { Node, Origin } from './node.ts';
import { addProblem, beginsLine, ParsedDocument } from './parsed.ts';
import { atOnce, type Steps } from './steps.ts';

/** Of a text: a reader's own limit holds for one piece. */
const MAX_PROBLEMS = 1_000;
/** Of a text. Of resources, 5,000 are judged. */
const MAX_PIECES = 20_000;

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
  return atOnce(parseHclInSteps(uri, text, previous))();
}

/** As {@link parseHcl}, in steps. `previous` may be used until what they return is called. */
export function* parseHclInSteps(uri: string, text: string, previous?: SyntaxDocument): Steps<() => SyntaxDocument> {
  const before = previous instanceof HclDocument ? previous : undefined;
  const spans = splitHcl(text, before?.spans && { text: before.text, pieces: before.spans });
  const { pieces, comments, first, last } = spans;
  const document = new HclDocument(uri, 'hcl', text, commentsIn(text, comments), previous);
  // What is cut off has nothing that the next version could take over.
  document.spans = pieces.length > MAX_PIECES ? undefined : spans;
  const taken = before?.pieces ?? [];
  const known = new Map<string, Piece[]>();
  for (const piece of taken.slice(first, taken.length - last)) {
    const same = known.get(piece.text);
    if (same) same.push(piece);
    else known.set(piece.text, [piece]);
  }
  const keptAt = (i: number) => {
    if (i < first) return taken[i];
    return i < pieces.length - last ? undefined : taken[i - pieces.length + taken.length];
  };
  const read: Piece[] = [];
  for (const [i, { start, end }] of pieces.slice(0, MAX_PIECES).entries()) {
    const slice = keptAt(i) ? undefined : text.slice(start, end);
    const same = slice === undefined ? keptAt(i) : known.get(slice)?.shift();
    if (same) read.push(same);
    else if (slice !== undefined) {
      // A slice keeps all of its text alive: one version's may live on in its successors, not every version's.
      read.push(readPiece(before ? ownCopy(slice) : slice, new Origin(document, start)));
      yield;
    }
  }
  return () => {
    before?.giveAway();
    assemble(document, spans, read);
    return document;
  };
}

/** Makes pieces a document: their nodes are part of no other one from then on. */
function assemble(document: HclDocument, spans: Pieces, read: readonly Piece[]): void {
  const root = new Node('object', 'block', new Origin(document, 0), 0, document.text.length);
  read.forEach(({ origin }, i) => {
    origin.document = document;
    origin.base = spans.pieces[i]?.start ?? 0;
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
  for (const { start, end } of spans.openComments)
    addProblem(problems, { start, end, message: "the comment is not closed with '*/'" }, MAX_PROBLEMS);
  const cut = spans.pieces[read.length];
  if (cut) {
    const message = `Not read from here on: more than ${MAX_PIECES} blocks`;
    addProblem(problems, { start: cut.start, end: document.text.length, message, leftOut: true }, 0);
  }
  document.problems = problems;
  document.pieces = read;
}

/**
 * The blocks and attributes of a text's top level, without reading them.
 * @param known the document of this text, or of a version before, which stays as it is: only what changed is looked at
 */
export function piecesOf(text: string, known?: SyntaxDocument): readonly PieceSpan[] {
  const spans = known instanceof HclDocument ? known.spans : undefined;
  if (spans && known?.text === text) return spans.pieces;
  return splitHcl(text, spans && known && { text: known.text, pieces: spans }).pieces;
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
