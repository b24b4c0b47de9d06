/**
 * `@aws/cloudformation-validate` as a language server: the empty server with that library behind it, as its documentation uses it.
 * The engine is made at the start, a document is validated whole when it is opened and after a change; changes that came meanwhile
 * are validated once. Of the two engines the one is taken that is the faster here; they say the same.
 *
 *   node validate-server.js PACKAGE --stdio    PACKAGE: the folder of the library
 */

import { createRequire } from 'node:module';
import {
  createConnection,
  DiagnosticSeverity,
  ProposedFeatures,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

interface Report {
  readonly diagnostics: readonly {
    readonly message: string;
    readonly ruleId: string;
    readonly startLine?: number;
    readonly startColumn?: number;
    readonly endLine?: number;
    readonly endColumn?: number;
  }[];
}

interface Library {
  readonly CelEngine: new () => {
    validateStandard(template: { readonly path: string; readBytes(): Uint8Array }): Report;
  };
}

const library = createRequire(`${process.cwd()}/`)(process.argv[2] ?? '') as Library;
const engine = new library.CelEngine();
const connection = createConnection(ProposedFeatures.all);
const documents = new TextDocuments(TextDocument);
const waiting = new Set<string>();
/** Milliseconds until a change is validated, so that those that queue up behind a validation are read before the next. */
const DELAY = 10;

connection.onInitialize(() => ({
  capabilities: { textDocumentSync: TextDocumentSyncKind.Incremental, hoverProvider: true },
}));
connection.onHover(() => null);

function validate(uri: string): void {
  waiting.delete(uri);
  const document = documents.get(uri);
  if (!document) return;
  const bytes = new TextEncoder().encode(document.getText());
  const from = (one?: number) => Math.max(0, (one ?? 1) - 1);
  let diagnostics: Report['diagnostics'] = [];
  try {
    diagnostics = engine.validateStandard({ path: uri, readBytes: () => bytes }).diagnostics;
  } catch {
    // Text that does not parse has no report.
  }
  void connection.sendDiagnostics({
    uri,
    version: document.version,
    diagnostics: diagnostics.map((one) => ({
      range: {
        start: { line: from(one.startLine), character: from(one.startColumn) },
        end: { line: from(one.endLine ?? one.startLine), character: from(one.endColumn ?? one.startColumn) },
      },
      code: one.ruleId,
      message: one.message,
      severity: DiagnosticSeverity.Warning,
    })),
  });
}

documents.onDidChangeContent(({ document: { uri } }) => {
  if (waiting.has(uri)) return;
  waiting.add(uri);
  setTimeout(validate, DELAY, uri);
});
documents.listen(connection);
connection.listen();
