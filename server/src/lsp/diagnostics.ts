/** Findings as diagnostics. */

import {
  type Diagnostic,
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
  type Location,
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

type Hash = readonly [number, number];

/** All that a diagnostic says, as a number, where that is known. Not enumerable: it is never sent, and no part of a copy. */
const HASH = Symbol('hash');

/** What a diagnostic says whatever its place: most of a template says the same with each key. */
interface Said {
  readonly conditions: ReportedFinding['finding']['conditions'];
  readonly severity: Severity;
  readonly message: string;
  readonly related: readonly string[];
  readonly codeDescription: Diagnostic['codeDescription'];
  readonly data: DiagnosticData;
  /** All of it as a number. */
  readonly hash: Hash;
  /**
   * The last diagnostic, at its own place. Most keys move no line: what was said then is said again, and need be neither made nor
   * thrown away.
   */
  shown?: Diagnostic;
}

/** By report, where nothing was added to it. */
const said = new WeakMap<object, Said>();

function saidOf({ finding, severity }: ReportedFinding): Said {
  const { report, conditions, rule, related, owner } = finding;
  // What other findings of the same text have added is not the report's.
  const isPlain = related.length === (report.related?.length ?? 0);
  const known = isPlain ? said.get(report) : undefined;
  if (known?.conditions === conditions && known.severity === severity) return known;
  const condition = conditionText(conditions);
  const [reference] = rule.references;
  // Whose side it is belongs into the list of problems, not only into the hover.
  const message = harmless(`${finding.message}${condition ? ` (when ${condition})` : ''} · ${SIDE_NAMES[owner.side]}`);
  const texts = related.map((one) => harmless(one.message));
  const data = { ruleId: rule.id, severity, side: owner.side, aliases: finding.aliases };
  const uris = related.map(({ node }) => node.document.uri);
  const made: Said = {
    conditions,
    severity,
    message,
    related: texts,
    codeDescription: reference && { href: reference.url },
    data,
    hash: hashOf(JSON.stringify([rule.id, message, texts, uris, reference?.url, data])),
  };
  if (isPlain) said.set(report, made);
  return made;
}

/** @param at the finding's own place, or what decides it there */
function diagnosticOf(reported: ReportedFinding, at: Node): Diagnostic {
  const { finding, severity } = reported;
  const { node, rule, resource, related } = finding;
  const words = saidOf(reported);
  const { message, related: texts, codeDescription, data } = words;
  const isElsewhere = at !== node;
  const before = isElsewhere ? undefined : words.shown;
  if (before && isAt(before, at) && areAt(before.relatedInformation, related, at)) return before;
  const relatedInformation: DiagnosticRelatedInformation[] = [];
  if (isElsewhere)
    relatedInformation.push({
      location: locationOf(node),
      message: harmless(`Used here, in ${resource.address}`),
    });
  related.forEach(({ node: other }, i) => {
    if (other !== at) relatedInformation.push({ location: locationOf(other), message: texts[i] ?? '' });
  });
  const made: Diagnostic = {
    range: at.document.lines.range(at.start, at.end),
    severity: SEVERITY[severity],
    source: SOURCE,
    code: rule.id,
    codeDescription,
    message,
    relatedInformation,
    // Elsewhere it says more than the report does.
    data: isElsewhere ? { ...data } : data,
  };
  if (!isElsewhere) {
    words.shown = made;
    const hash = new Hasher();
    hash.item(made, words.hash);
    Object.defineProperty(made, HASH, { value: hash.value });
  }
  return made;
}

function locationOf({ document, start, end }: Node): Location {
  return { uri: document.uri, range: document.lines.range(start, end) };
}

function isAt({ range }: { readonly range: Diagnostic['range'] }, { document, start, end }: Node): boolean {
  return document.lines.isRange(range, start, end);
}

/** Whether related places are where they were, in the same order; those at the finding itself are left out. */
function areAt(
  said: readonly DiagnosticRelatedInformation[] = [],
  related: ReportedFinding['finding']['related'],
  at: Node,
): boolean {
  let i = 0;
  for (const { node } of related) {
    if (node === at) continue;
    const location = said[i++]?.location;
    if (location?.uri !== node.document.uri || !isAt(location, node)) return false;
  }
  return i === said.length;
}

/** The diagnostics of one document of an analysis. */
export function diagnosticsOf(analysis: Analysis, uri: string): Diagnostic[] {
  const own = (document: SyntaxDocument) => document.uri === uri;
  const diagnostics: Diagnostic[] = [];
  for (const reported of analysis.findings)
    for (const node of placesIn(reported.finding, uri)) diagnostics.push(diagnosticOf(reported, node));
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
  const resultId = idOf(items);
  if (resultId === previousResultId) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
  return { kind: DocumentDiagnosticReportKind.Full, resultId, items };
}

/** 64 bits of a text: FNV-1a over its UTF-16 units, and a second mix of them. */
function hashOf(text: string): Hash {
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995);
    b ^= b >>> 15;
  }
  return [a, b];
}

/** Makes 64 bits of diagnostics, without writing them as JSON: of a thousand that takes longer than judging all of them. */
class Hasher {
  private a = 0x811c9dc5;
  private b = 0x01000193;

  get value(): Hash {
    return [this.a, this.b];
  }

  mix(one: number, other: number): void {
    this.a = Math.imul(this.a ^ one, 0x01000193);
    this.a ^= this.a >>> 13;
    this.b = Math.imul(this.b ^ other, 0x5bd1e995);
    this.b ^= this.b >>> 15;
  }

  /** @param words what it says whatever its place, as a number */
  item({ range, relatedInformation }: Diagnostic, words: Hash): void {
    this.mix(words[0], words[1]);
    this.place(range);
    if (relatedInformation) for (const { location } of relatedInformation) this.place(location.range);
  }

  private place({ start, end }: Diagnostic['range']): void {
    this.mix(start.line, start.character);
    this.mix(end.line, end.character);
  }
}

function idOf(items: readonly Diagnostic[]): string {
  const all = new Hasher();
  for (const item of items) {
    const known = (item as { readonly [HASH]?: Hash })[HASH];
    if (known) all.mix(known[0], known[1]);
    else all.item(item, hashOf(JSON.stringify({ ...item, range: undefined })));
  }
  return all.value.map((part) => (part >>> 0).toString(36)).join('-');
}
