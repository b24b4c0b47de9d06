/** The responsibility map of a document: its resources, what AWS does there, settings that moved the line, open findings. */

import type { Analysis, ReportedFinding } from '../analysis/analyze.ts';
import { harmless } from '../analysis/markdown.ts';
import { conditionText } from '../analysis/present.ts';
import { type LineMover, ruleOfMover } from '../responsibility/model.ts';
import { serviceOf } from '../responsibility/services.ts';
import type { Resource } from '../template/template.ts';
import type { Wants } from './analyses.ts';
import { allFactsOfResource } from './hover-facts.ts';
import type { MapFinding, MapParams, MapResource, MapTemplate, MovedHover, ResponsibilityMap } from './protocol.ts';

/** A finding as the map and the tree of a branch show it. */
export function findingOnMap({ finding, severity }: ReportedFinding): MapFinding {
  const { rule, owner, node, message, conditions } = finding;
  return {
    ruleId: rule.id,
    message: harmless(message),
    severity,
    category: rule.category,
    side: owner.side,
    moves: owner.moves,
    range: node.document.lines.range(node.start, node.end),
    condition: harmless(conditionText(conditions) ?? '') || undefined,
  };
}

/** A setting that moves the line, as hovers and the map show it. */
export function movedLine(mover: LineMover): MovedHover {
  const { concern, from, to, text } = mover;
  return { concern, from, to, text, ruleId: ruleOfMover(mover) };
}

/** The resources written in a document of an analysis, and whatever else has findings in it, in the order of the text. */
export function mapOf(analysis: Analysis, uri: string): MapTemplate {
  const { template, dialect } = analysis;
  const findings = new Map<Resource, ReportedFinding[]>();
  for (const resource of template.resources)
    if (resource.document.uri === uri && !resource.isData) findings.set(resource, []);
  for (const reported of analysis.findings) {
    const { node, resource } = reported.finding;
    if (node.document.uri !== uri) continue;
    const own = findings.get(resource);
    if (own) own.push(reported);
    else findings.set(resource, [reported]);
  }
  const resources = [...findings]
    .map(([resource, own]) => resourceOnMap(resource, own, uri))
    .sort(({ range: { start: a } }, { range: { start: b } }) => a.line - b.line || a.character - b.character);
  return { uri, dialect, resources };
}

function resourceOnMap(resource: Resource, findings: readonly ReportedFinding[], uri: string): MapResource {
  const { key, document } = resource;
  const service = serviceOf(resource);
  // What lies in another file is shown where it was found.
  const [first] = findings;
  const node = document.uri === uri || !first ? key : first.finding.node;
  return {
    address: resource.address,
    type: resource.type === '*' ? '' : resource.type,
    range: node.document.lines.range(node.start, node.end),
    service: service && { id: service.id, name: service.name, kind: service.kind },
    aws: allFactsOfResource(resource),
    moved: (service?.moved ?? []).map(movedLine),
    findings: findings.map(findingOnMap),
  };
}

/** What the map needs of the workspace. */
interface AnalysesOfFiles {
  analysisOfFile(uri: string, token: Token): Promise<Analysis | undefined>;
  /** Whether it is still good. */
  readonly analyses: { isCurrent(analysis: Analysis): boolean };
}

type Token = Wants['token'];

/** The maps of several files; files of one Terraform module are analysed once. Ends early where it is cancelled. */
export async function mapOfFiles(
  workspace: AnalysesOfFiles,
  { uris }: MapParams,
  token: Token,
): Promise<ResponsibilityMap> {
  const templates: MapTemplate[] = [];
  const modules = new Map<string, Analysis>();
  for (const uri of uris) {
    if (token?.isCancellationRequested) break;
    const known = modules.get(uri);
    const isGood = known && workspace.analyses.isCurrent(known);
    const analysis = isGood ? known : await workspace.analysisOfFile(uri, token);
    if (!analysis) continue;
    for (const document of analysis.documents) modules.set(document.uri, analysis);
    const own = analysis.documents.some((document) => document.uri === uri);
    if (own) templates.push(mapOf(analysis, uri));
  }
  return { templates };
}
