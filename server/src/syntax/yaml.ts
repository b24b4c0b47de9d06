/** YAML text to a syntax document. */

import type { Comment, SyntaxDocument, SyntaxProblem } from './document.ts';
import { type Node, Origin } from './node.ts';
import { beginsLine, ParsedDocument } from './parsed.ts';
import { atOnce, type Steps } from './steps.ts';
import { type BlockTable, readBlockwise } from './yaml-blocks.ts';
import { readYamlInSteps, type YamlProblem } from './yaml-reader.ts';

/** Blocks of each document's latest version. */
const tables = new WeakMap<SyntaxDocument, BlockTable>();

/**
 * Parses YAML. Never throws: what cannot be read is reported in `problems` and the rest is kept. Any tag is accepted,
 * aliases and merge keys are resolved, booleans are those of YAML 1.1.
 * @param previous the version before: blocks whose text did not change move over to the result with their nodes, so the
 *   tree of `previous` must not be used afterwards (its text may)
 */
export function parseYaml(uri: string, text: string, previous?: SyntaxDocument): SyntaxDocument {
  return atOnce(parseYamlInSteps(uri, text, previous))();
}

/** As {@link parseYaml}, in steps. `previous` may be used until what they return is called. */
export function* parseYamlInSteps(uri: string, text: string, previous?: SyntaxDocument): Steps<() => SyntaxDocument> {
  const document = new ParsedDocument(uri, 'yaml', text, findComments, previous);
  const known = previous && tables.get(previous);
  const assemble = yield* readBlockwise(document, known);
  if (!assemble) yield* readWhole(document);
  return () => {
    const blockwise = assemble?.();
    // The next version may be fit for reading in blocks again.
    const table = blockwise?.table ?? known;
    if (previous) tables.delete(previous);
    if (table) tables.set(document, table);
    if (!blockwise) return document;
    document.roots = [blockwise.root];
    document.problems = sorted(blockwise.problems, 0);
    return document;
  };
}

/** Parses YAML as one piece, whatever its shape: what {@link parseYaml} must agree with on text without errors. */
export function parseYamlWhole(uri: string, text: string): SyntaxDocument {
  const document = new ParsedDocument(uri, 'yaml', text, findComments);
  atOnce(readWhole(document));
  return document;
}

function* readWhole(document: ParsedDocument): Steps<void> {
  const base = document.text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const tree = yield* readYamlInSteps(base ? document.text.slice(1) : document.text, new Origin(document, base));
  document.roots = tree.roots;
  document.problems = sorted(tree.problems, base);
}

function sorted(problems: readonly YamlProblem[], base: number): SyntaxProblem[] {
  const found = problems.map(({ from, to, ...said }) => ({ start: from + base, end: to + base, ...said }));
  return found.sort((a, b) => a.start - b.start);
}

/** A `#` at the start of a line or behind a blank begins a comment, unless a quoted or block scalar holds it. */
function findComments(document: ParsedDocument): Comment[] {
  const { text } = document;
  if (!text.includes('#')) return [];
  const scalars: number[] = [];
  for (const root of document.roots) scalarRanges(root, text, scalars);
  const comments: Comment[] = [];
  let next = 0;
  for (let at = text.indexOf('#'); at >= 0; at = text.indexOf('#', at)) {
    while (next < scalars.length && (scalars[next + 1] as number) <= at) next += 2;
    if (next < scalars.length && (scalars[next] as number) <= at) {
      at = scalars[next + 1] as number;
      continue;
    }
    const before = at === 0 ? 10 : text.charCodeAt(at - 1);
    if (before !== 32 && before !== 9 && before !== 10 && before !== 13 && before !== 0xfeff) {
      at++;
      continue;
    }
    let end = at;
    while (end < text.length && text.charCodeAt(end) !== 10 && text.charCodeAt(end) !== 13) end++;
    comments.push({ start: at, end, text: text.slice(at + 1, end).trim(), ownLine: beginsLine(text, at) });
    at = end;
  }
  return comments;
}

/** Start and end, in pairs and in order, of all text that is inside quotes or a block scalar's body. */
function scalarRanges(node: Node, text: string, into: number[]): void {
  if (node.aliasOf) return;
  for (const entry of node.entries) {
    if (entry.merged) continue;
    scalarRanges(entry.key, text, into);
    scalarRanges(entry.value, text, into);
  }
  for (const item of node.items) scalarRanges(item, text, into);
  if (node.style === 'double' || node.style === 'single') into.push(node.start, node.end);
  else if (node.style === 'literal' || node.style === 'folded') {
    // The header may carry a comment of its own.
    const body = text.indexOf('\n', node.start);
    if (body >= 0 && body < node.end) into.push(body, node.end);
  }
}
