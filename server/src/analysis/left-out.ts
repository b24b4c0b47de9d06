/**
 * Limits, and what they kept from being read or judged. Every text is answered for in bounded time and memory; where that
 * takes leaving something out, the user is told, once for each limit and file.
 */

import { policiesOf } from '../iam/sites.ts';
import type { SyntaxDocument, SyntaxProblem } from '../syntax/document.ts';
import { addProblem, ParsedDocument } from '../syntax/parsed.ts';
import type { Dialect, Template } from '../template/template.ts';

/** Something that was not read or not judged. Offsets are the document's. */
export interface LeftOut {
  readonly document: SyntaxDocument;
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/**
 * Characters of a text that is read. AWS takes templates of 1 MB and policies of some kilobytes; what tools print for
 * Terraform may be larger, and plans of large estates have dozens of megabytes.
 */
const MAX_LENGTH = 4_000_000;
const MAX_PLAN_LENGTH = 64_000_000;

/** Whether a text is too large to be read. */
export function isTooLarge(text: string, dialect: () => Dialect | undefined): boolean {
  return text.length > MAX_LENGTH && text.length > (dialect() === 'terraform-plan' ? MAX_PLAN_LENGTH : MAX_LENGTH);
}

/** A text that is too large, as a document that holds nothing. */
export function unreadDocument(uri: string, language: SyntaxDocument['language'], text: string): SyntaxDocument {
  const document = new ParsedDocument(uri, language, text, () => []);
  const message = `Not read: larger than ${(text.length > MAX_PLAN_LENGTH ? MAX_PLAN_LENGTH : MAX_LENGTH) / 1_000_000} MB`;
  const firstLine = text.slice(0, 1_000).search(/[\r\n]/);
  const end = firstLine < 0 ? Math.min(text.length, 1_000) : firstLine;
  document.problems = [{ start: 0, end, message, leftOut: true }];
  return document;
}

/**
 * What was left out of documents and of the template that they make, in document order.
 * @param more what was left out of what is said of them
 */
export function leftOutOf(
  documents: readonly SyntaxDocument[],
  template: Template | undefined,
  more: readonly LeftOut[] = [],
): readonly LeftOut[] {
  const found = new Map(
    documents.map((document) => [document, document.problems.filter(({ leftOut }) => leftOut)] as const),
  );
  const add = (document: SyntaxDocument, problem: SyntaxProblem) => {
    const list = found.get(document);
    if (list) addProblem(list, problem, 0);
  };
  for (const { document, ...place } of more) add(document, { ...place, leftOut: true });
  for (const { node, message } of template?.leftOut ?? [])
    add(node.document, { start: node.start, end: node.end, message, leftOut: true });
  for (const { node, leftOut, problems } of template ? policiesOf(template) : []) {
    if (leftOut) add(node.document, { start: node.start, end: node.end, message: leftOut, leftOut: true });
    for (const problem of problems) if (problem.leftOut) add(node.document, problem);
  }
  return [...found].flatMap(([document, problems]) =>
    problems
      .sort((a, b) => a.start - b.start || a.end - b.end)
      .map(({ start, end, message }) => ({ document, start, end, message })),
  );
}
