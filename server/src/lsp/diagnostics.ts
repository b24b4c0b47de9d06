/** Findings as diagnostics. */

import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import type { Analysis, ReportedFinding } from '../analysis/analyze.ts';
import { parseConfiguration } from '../analysis/configuration.ts';
import { placesIn } from '../analysis/places.ts';
import { conditionText, SIDE_NAMES } from '../analysis/present.ts';
import type { Severity, Side } from '../rules/rule.ts';
import { LineIndex, type SyntaxDocument } from '../syntax/document.ts';
import type { Node } from '../syntax/node.ts';

export const SOURCE = 'Demarc';

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
    message: `${finding.message}${condition ? ` (when ${condition})` : ''} · ${SIDE_NAMES[finding.owner.side]}`,
    relatedInformation: [...elsewhere, ...finding.related.filter((one) => one.node !== at)].map(
      ({ node: other, message }) => ({
        location: { uri: other.document.uri, range: other.document.lines.range(other.start, other.end) },
        message,
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
      message: problem.message,
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
    message,
  }));
}
