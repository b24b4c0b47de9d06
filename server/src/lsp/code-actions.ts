/** What can be done about findings: fix this one, all of its rule, everything safe, or suppress it with a reason. */

import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { Analysis, ReportedFinding } from '../analysis/analyze.ts';
import { harmless } from '../analysis/markdown.ts';
import { placesIn } from '../analysis/places.ts';
import { combinedEdits, fixEdits, fixesOf } from '../analysis/present.ts';
import { suppressionEdit } from '../analysis/suppressions.ts';
import type { Fix } from '../rules/fix.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import type { TextEdit } from '../syntax/edit.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { FIX_ALL_KIND } from './initialize.ts';
import { EXPLAIN_COMMAND } from './protocol.ts';

/** What a suppression says until a person says better. */
const REASON = 'say why this is accepted';

/** Version of an open document; null for one on disk. A stale edit is then dropped by the client. */
export type VersionOf = (uri: string) => number | null;

/** `versioned`: the client takes edits with the versions they are for. */
function workspaceEdit(
  edits: ReadonlyMap<SyntaxDocument, readonly TextEdit[]>,
  versionOf: VersionOf,
  versioned: boolean,
): WorkspaceEdit {
  const changes = [...edits].map(([document, list]) => ({
    uri: document.uri,
    edits: list.map((edit) => ({ range: document.lines.range(edit.start, edit.end), newText: edit.newText })),
  }));
  if (!versioned) return { changes: Object.fromEntries(changes.map((one) => [one.uri, one.edits])) };
  return {
    documentChanges: changes.map((one) => ({
      textDocument: { uri: one.uri, version: versionOf(one.uri) },
      edits: one.edits,
    })),
  };
}

function wants(only: readonly string[] | undefined, kind: string): boolean {
  return !only || only.some((one) => kind === one || kind.startsWith(`${one}.`));
}

/** The preferred fix of a finding. */
function firstFix(reported: ReportedFinding): Fix | undefined {
  return fixesOf(reported.finding)[0];
}

/** The first safe fix of each finding in the document that changes nothing but the document. */
function safeFixes(analysis: Analysis, uri: string): Fix[] {
  return analysis.findings
    .filter(({ finding }) => finding.node.document.uri === uri)
    .flatMap(({ finding }) => fixesOf(finding).find((fix) => fix.safe) ?? [])
    .filter((fix) => [...(fixEdits(fix)?.keys() ?? [])].every((document) => document.uri === uri));
}

/**
 * Code actions for a range of a document. Edits are computed here, when they are asked for.
 * `explains`: the client has a command that opens a rule's explanation.
 */
export function codeActions(
  analysis: Analysis,
  params: CodeActionParams,
  versionOf: VersionOf,
  {
    languageId,
    explains,
    versioned = true,
  }: { readonly languageId?: string; readonly explains?: boolean; readonly versioned?: boolean } = {},
): CodeAction[] {
  const editOf = (edits: ReadonlyMap<SyntaxDocument, readonly TextEdit[]>) =>
    workspaceEdit(edits, versionOf, versioned);
  const uri = params.textDocument.uri;
  const document = analysis.documents.find((one) => one.uri === uri);
  if (!document) return [];
  const { only } = params.context;
  const actions: CodeAction[] = [];

  if (only && wants(only, FIX_ALL_KIND)) {
    const fixes = safeFixes(analysis, uri);
    const combined = combinedEdits(fixes);
    if (combined.size)
      actions.push({ title: 'Apply all safe Demarc fixes', kind: FIX_ALL_KIND, edit: editOf(combined) });
  }
  if (!wants(only, CodeActionKind.QuickFix)) return actions;

  const from = document.lines.offsetAt(params.range.start);
  const to = document.lines.offsetAt(params.range.end);
  const own = analysis.findings.filter(({ finding }) => finding.node.document === document);
  const placeOf = ({ finding }: ReportedFinding) =>
    placesIn(finding, uri).find((node) => node.start <= to && node.end >= from);
  const here = analysis.findings.filter((one) => placeOf(one));
  if (!here.length) return actions;
  const diagnostics = new Map<ReportedFinding, Diagnostic[]>();
  for (const reported of here) {
    const { finding } = reported;
    const { start, end } = placeOf(reported) ?? finding.node;
    const range = document.lines.range(start, end);
    const known = params.context.diagnostics.filter(
      (one) =>
        one.code === finding.rule.id &&
        one.range.start.line === range.start.line &&
        one.range.start.character === range.start.character,
    );
    diagnostics.set(
      reported,
      known.length
        ? known
        : diagnosticsOf({ ...analysis, findings: [reported], suppressionProblems: [], leftOut: [] }, uri),
    );
  }

  for (const reported of here) {
    const fixes = fixesOf(reported.finding);
    fixes.forEach((fix, index) => {
      const edits = fixEdits(fix);
      if (!edits?.size) return;
      actions.push({
        title: harmless(fix.title),
        kind: CodeActionKind.QuickFix,
        diagnostics: diagnostics.get(reported),
        isPreferred: fix.safe && index === 0 && fixes.filter((one) => one.safe).length === 1,
        edit: editOf(edits),
      });
    });
  }
  const seen = new Set<string>();
  for (const reported of here) {
    const { rule } = reported.finding;
    if (seen.has(rule.id)) continue;
    seen.add(rule.id);
    const all = own.filter(({ finding }) => finding.rule === rule).flatMap((one) => firstFix(one) ?? []);
    if (all.length < 2) continue;
    const combined = combinedEdits(all);
    if (!combined.size) continue;
    const risky = all.some((fix) => !fix.safe);
    actions.push({
      title: `Fix all ${all.length} of ${rule.id} in this file${risky ? ' (not all are safe: read the titles)' : ''}`,
      kind: CodeActionKind.QuickFix,
      diagnostics: diagnostics.get(reported),
      edit: editOf(combined),
    });
  }
  seen.clear();
  for (const reported of here) {
    const { rule } = reported.finding;
    if (seen.has(rule.id)) continue;
    seen.add(rule.id);
    // What is written in a called module is not suppressed from its caller.
    if (reported.finding.node.document !== document) continue;
    for (const scope of ['here', 'file'] as const) {
      const edits = suppressionEdit(reported.finding, scope, REASON, languageId);
      if (!edits?.length) continue;
      const where = scope === 'file' ? 'in this file' : 'here';
      actions.push({
        title: `Suppress ${rule.id} ${where}…`,
        kind: CodeActionKind.QuickFix,
        diagnostics: diagnostics.get(reported),
        edit: editOf(new Map([[reported.finding.node.document, edits]])),
      });
    }
  }
  if (explains) {
    for (const rule of new Set(here.map((one) => one.finding.rule))) {
      const title = `Explain ${rule.id}`;
      actions.push({
        title,
        kind: CodeActionKind.QuickFix,
        command: { title, command: EXPLAIN_COMMAND, arguments: [rule.id] },
      });
    }
  }
  return actions;
}
