/** Findings as diagnostics. */

import {
  type Diagnostic,
  DiagnosticSeverity,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
} from 'vscode-languageserver';
import type { Analysis, ReportedFinding } from '../analysis/analyze.ts';
import { parseConfiguration } from '../analysis/configuration.ts';
import { harmless } from '../analysis/markdown.ts';
import { placesIn } from '../analysis/places.ts';
import { conditionText, SIDE_NAMES } from '../analysis/present.ts';
import type { Severity, Side } from '../rules/rule.ts';
import { LineIndex, type SyntaxDocument } from '../syntax/document.ts';
import type { Node } from '../syntax/node.ts';
import { SOURCE } from './initialize.ts';

const SEVERITY: Record<Severity, DiagnosticSeverity> = {
  critical: DiagnosticSeverity.Error,
  high: DiagnosticSeverity.Warning,
  medium: DiagnosticSeverity.Warning,
  low: DiagnosticSeverity.Information,
  info: DiagnosticSeverity.Hint,
};

/** What travels with a diagnostic for other tools: facts, never needed by our own features. */
export interface DiagnosticData {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly side: Side;
  readonly aliases: readonly string[];
}

/** @param at the finding's own place, or what decides it there */
function diagnosticOf({ finding, severity }: ReportedFinding, at: Node): Diagnostic {
  const { node, rule, resource } = finding;
  const elsewhere = at === node ? [] : [{ node, message: `Used here, in ${resource.address}` }];
  const condition = conditionText(finding.conditions);
  const data: DiagnosticData = { ruleId: rule.id, severity, side: finding.owner.side, aliases: finding.aliases };
  const [reference] = rule.references;
  return {
    range: at.document.lines.range(at.start, at.end),
    severity: SEVERITY[severity],
    source: SOURCE,
    code: rule.id,
    codeDescription: reference && { href: reference.url },
    // Whose side it is belongs into the list of problems, not only into the hover.
    message: harmless(
      `${finding.message}${condition ? ` (when ${condition})` : ''} · ${SIDE_NAMES[finding.owner.side]}`,
    ),
    relatedInformation: [...elsewhere, ...finding.related.filter((one) => one.node !== at)].map(
      ({ node: other, message }) => ({
        location: { uri: other.document.uri, range: other.document.lines.range(other.start, other.end) },
        message: harmless(message),
      }),
    ),
    data,
  };
}

/** The diagnostics of one document of an analysis. */
export function diagnosticsOf(analysis: Analysis, uri: string): Diagnostic[] {
  const own = (document: SyntaxDocument) => document.uri === uri;
  const diagnostics = analysis.findings.flatMap((reported) =>
    placesIn(reported.finding, uri).map((node) => diagnosticOf(reported, node)),
  );
  for (const problem of analysis.suppressionProblems) {
    if (!own(problem.document)) continue;
    diagnostics.push({
      range: problem.document.lines.range(problem.start, problem.end),
      severity: DiagnosticSeverity.Information,
      source: SOURCE,
      code: 'suppression',
      message: harmless(problem.message),
    });
  }
  for (const { document, start, end, message } of analysis.leftOut) {
    if (!own(document)) continue;
    const range = document.lines.range(start, end);
    diagnostics.push({
      // To the end of the first line: what was left out may be all of the rest.
      range:
        range.start.line === range.end.line
          ? range
          : document.lines.range(start, document.lines.lineEnd(range.start.line)),
      severity: DiagnosticSeverity.Information,
      source: SOURCE,
      code: 'left-out',
      message: harmless(message),
    });
  }
  return diagnostics;
}

/** What is wrong in a configuration file; `schema`: the editor checks it by the JSON schema already. */
export function configurationDiagnostics(uri: string, text: string, schema = false): Diagnostic[] {
  const lines = new LineIndex(text);
  const problems = parseConfiguration(uri, text).problems.filter((problem) => !schema || problem.unknownRule);
  return problems.map(({ start, end, message }) => ({
    range: lines.range(start, end),
    severity: DiagnosticSeverity.Warning,
    source: SOURCE,
    code: 'configuration',
    message: harmless(message),
  }));
}

/**
 * The answer to a request for diagnostics: that they are the ones the client has, where they are. Their id is made of all that
 * they say, places included; it is good for every document and every run of the server.
 */
export function reportOf(items: Diagnostic[], previousResultId?: string): DocumentDiagnosticReport {
  const resultId = idOf(JSON.stringify(items));
  if (resultId === previousResultId) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
  return { kind: DocumentDiagnosticReportKind.Full, resultId, items };
}

/** 64 bits of a text (FNV-1a over its UTF-16 units, and a second mix of them) and its length. */
function idOf(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995);
    b ^= b >>> 15;
  }
  return [a, b, text.length].map((part) => (part >>> 0).toString(36)).join('-');
}
