/**
 * The texts of open documents, as the client keeps them. Whatever a client sends: nothing here throws, and a message that cannot
 * be understood changes nothing and is told to the log.
 */

import type { TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { type Position, type Range, TextDocument } from 'vscode-languageserver-textdocument';
import { keyOf } from './uris.ts';

/** An open document; `revision` counts every text: versions of the client begin anew when a document is opened again. */
interface Opened {
  document: TextDocument;
  revision: number;
  /** The client's versions were found out of order: said once. */
  isOutOfOrder?: boolean;
}

export class OpenDocuments {
  /** By URI, however the client spells it. */
  private readonly byKey = new Map<string, Opened>();
  private revision = 0;

  /** @param warn is told what a client did wrong */
  constructor(private readonly warn: (message: string) => void) {}

  get(uri: string): TextDocument | undefined {
    return this.byKey.get(keyOf(uri))?.document;
  }

  all(): TextDocument[] {
    return [...this.byKey.values()].map(({ document }) => document);
  }

  /** A number that is another one for each text a document had; undefined where it is not open. */
  revisionOf(uri: string): number | undefined {
    return this.byKey.get(keyOf(uri))?.revision;
  }

  /** `textDocument/didOpen`. A second one in a row is the document's new text. */
  open(params: unknown): TextDocument | undefined {
    const item = objectOf(objectOf(params)?.textDocument);
    const { uri, languageId, version, text } = item ?? {};
    if (typeof uri !== 'string' || typeof text !== 'string') return this.refuse('textDocument/didOpen', params);
    if (this.get(uri)) this.warn(`${uri} is opened again without having been closed: the new text holds`);
    const language = typeof languageId === 'string' ? languageId : '';
    const document = TextDocument.create(uri, language, integerOf(version) ?? 0, text);
    this.byKey.set(keyOf(uri), { document, revision: ++this.revision });
    return document;
  }

  /**
   * `textDocument/didChange`. Changes are applied in the order in which messages come, whatever their versions say: the pipe
   * keeps that order.
   */
  change(params: unknown): TextDocument | undefined {
    const { textDocument, contentChanges } = objectOf(params) ?? {};
    const { uri, version } = objectOf(textDocument) ?? {};
    if (typeof uri !== 'string' || !Array.isArray(contentChanges) || !contentChanges.every(isChange))
      return this.refuse('textDocument/didChange', params);
    const opened = this.byKey.get(keyOf(uri));
    if (!opened) {
      this.warn(`${uri} is changed, but not open: the change is left out`);
      return undefined;
    }
    const before = opened.document.version;
    const after = integerOf(version) ?? before;
    if (after <= before && contentChanges.length && !opened.isOutOfOrder) {
      opened.isOutOfOrder = true;
      this.warn(
        `${uri}: version ${after} comes after version ${before}. Changes are taken in the order in which they come`,
      );
    }
    for (const change of contentChanges) opened.document = changed(opened.document, change, after);
    if (!contentChanges.length) opened.document = TextDocument.update(opened.document, [], after);
    opened.revision = ++this.revision;
    return opened.document;
  }

  /** The document that a `didSave` or `didClose` is about; undefined where it is not open. */
  named(method: string, params: unknown): TextDocument | undefined {
    const { uri } = objectOf(objectOf(params)?.textDocument) ?? {};
    return typeof uri === 'string' ? this.get(uri) : this.refuse(method, params);
  }

  close(uri: string): void {
    this.byKey.delete(keyOf(uri));
  }

  private refuse(method: string, params: unknown): undefined {
    const shown = String(JSON.stringify(params)).slice(0, 200);
    this.warn(`${method} cannot be understood, and is left out: ${shown}`);
    return undefined;
  }
}

function objectOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

function integerOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}

function isPosition(value: unknown): value is Position {
  const { line, character } = objectOf(value) ?? {};
  return integerOf(line) !== undefined && integerOf(character) !== undefined;
}

function isChange(value: unknown): value is TextDocumentContentChangeEvent {
  const { text, range } = objectOf(value) ?? {};
  if (typeof text !== 'string') return false;
  if (range === undefined || range === null) return true;
  return isPosition(objectOf(range)?.start) && isPosition(objectOf(range)?.end);
}

/**
 * A document after one change. Positions outside of the text are moved to its end first: the library keeps wrong line starts
 * after an edit beyond it.
 */
function changed(document: TextDocument, change: TextDocumentContentChangeEvent, version: number): TextDocument {
  const { text } = change;
  const given = 'range' in change ? change.range : undefined;
  if (!given) return TextDocument.create(document.uri, document.languageId, version, text);
  const [from, to] = [document.offsetAt(given.start), document.offsetAt(given.end)];
  const [start, end] = from <= to ? [from, to] : [to, from];
  const whole = document.getText();
  // Where a CR and an LF come together or apart, lines are counted anew.
  const isSplit = whole[start - 1] === '\r' || (text.endsWith('\r') && whole[end] === '\n');
  if (isSplit) {
    const joined = whole.slice(0, start) + text + whole.slice(end);
    return TextDocument.create(document.uri, document.languageId, version, joined);
  }
  const range: Range = { start: document.positionAt(start), end: document.positionAt(end) };
  return TextDocument.update(document, [{ range, text }], version);
}
