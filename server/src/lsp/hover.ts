/** What stands at a position: findings first, then the resource type, property, action or principal itself. */

import type { Analysis, ReportedFinding } from '../analysis/analyze.ts';
import { type Comparison, opensBy } from '../analysis/compare.ts';
import { placesIn } from '../analysis/places.ts';
import { conditionText, fixDiff, fixesOf, shortDiff } from '../analysis/present.ts';
import { describePolicyPart, policyAt } from '../iam/describe.ts';
import { awsWillNot } from '../responsibility/limits.ts';
import { CLASS_WORDS, CONFIGURATION, type SharedControl, sharedText } from '../responsibility/model.ts';
import { SERVICES, type ServiceView, serviceOf } from '../responsibility/services.ts';
import { relatedControls } from '../rules/frameworks.ts';
import type { Finding, Rule, Severity } from '../rules/rule.ts';
import type { Range, SyntaxDocument } from '../syntax/document.ts';
import type { Node } from '../syntax/node.ts';
import { detached } from '../syntax/text.ts';
import { attributePath } from '../template/cloud-control.ts';
import { locate } from '../template/locate.ts';
import type { Resource, Template } from '../template/template.ts';
import { factsOfFinding, factsOfProperty, factsOfResource } from './hover-facts.ts';
import { describePolicy } from './hover-policy.ts';
import { referenceAt } from './hover-reference.ts';
import { movedLine } from './map.ts';
import type { FindingHover, HoverModel, OpenHover, RemovedHover, ServiceHover, SubjectHover } from './protocol.ts';

function serviceHover(service: ServiceView | undefined): ServiceHover | undefined {
  return (
    service && {
      id: service.id,
      name: service.name,
      serviceClass: CLASS_WORDS[service.kind],
      aws: service.aws,
      customer: service.customer,
      shared: particular(service.shared).map(sharedText).join(' '),
      source: service.sources.map(({ title }) => title).join('; '),
      dependsOn: service.dependsOn,
      moved: service.moved.map(movedLine),
    }
  );
}

/** Configuration is shared everywhere: it is named only where nothing else is. */
function particular(shared: readonly SharedControl[]): readonly SharedControl[] {
  return shared.length > 1 ? shared.filter((one) => one !== CONFIGURATION) : shared;
}

/** The side of a diff that is looked at, and what the change does. */
export interface Seen {
  readonly role: 'base' | 'head';
  readonly comparison: Comparison;
}

function findingHover(reported: ReportedFinding, seen: Seen | undefined, suppressed?: string): FindingHover {
  const { finding, severity } = reported;
  const { rule, owner } = finding;
  const [fix] = fixesOf(finding);
  const diff = fix && fixDiff(fix);
  return {
    ruleId: rule.id,
    title: rule.title,
    message: finding.message,
    severity,
    side: owner.side,
    why: owner.why,
    moves: owner.moves,
    condition: conditionText(finding.conditions),
    description: rule.description,
    aws: factsOfFinding(finding),
    service: serviceHover(serviceOf(finding.resource, rule.id)),
    fix: fix && diff ? { title: fix.title, safe: fix.safe, diff: shortDiff(diff) } : undefined,
    frameworks: relatedControls(rule.id),
    references: rule.references,
    resource: finding.resource.address,
    suppressed,
    change: seen?.comparison.changeOf(reported),
    awsWillNot: awsWillNot(rule, owner),
  };
}

/** A name that is being typed is another one with each key. */
const MAX_PROPERTIES = 2_000;
const rulesOfProperty = new WeakMap<readonly Rule[], Map<string, readonly Rule[]>>();

/** Rules that look at a property of a resource, by the declared paths; `names` as written, without list positions. */
function rulesLookingAt(rules: readonly Rule[], resource: Resource, names: readonly string[]): readonly Rule[] {
  const { types, isMirrored = false } = resource;
  let byProperty = rulesOfProperty.get(rules);
  if (!byProperty) {
    byProperty = new Map();
    rulesOfProperty.set(rules, byProperty);
  }
  const written = names.join('.');
  const key = `${types.join()}|${isMirrored}|${written}`;
  const known = byProperty.get(key);
  if (known) return known;
  const spelled = (path: string) => (isMirrored ? attributePath(path.split('.')).join('.') : path);
  const found = rules.filter((rule) =>
    rule.checks.some(
      (check) =>
        check.kind === 'property' &&
        check.targets.some((target) => {
          if (![target.type].flat().some((type) => types.includes(type))) return false;
          const within = target.within ? `${target.within}.` : '';
          return [target.path].flat().some((path) => {
            const full = spelled((within + path.replace(/^@[^.]+\./, '')).replaceAll('[]', ''));
            return `${full}.`.startsWith(`${written}.`);
          });
        }),
    ),
  );
  if (byProperty.size >= MAX_PROPERTIES) byProperty.clear();
  byProperty.set(detached(key), found);
  return found;
}

/** A part of a policy, or on a key that stands for it, the policy as a whole. */
function policySubject(
  template: Template,
  document: SyntaxDocument,
  offset: number,
): { subject: SubjectHover; node: Node } | undefined {
  const named = policyAt(template, document, offset);
  // A permission's own properties are parts of it.
  const part =
    (named?.policy.form === 'flat' ? undefined : named && describePolicy(named.policy, named.node)) ??
    describePolicyPart(template, document, offset) ??
    (named && describePolicy(named.policy, named.node));
  return (
    part && { subject: { title: part.title, lines: part.lines, rules: [], aws: [], isPolicy: true }, node: part.node }
  );
}

interface At {
  readonly subject: SubjectHover;
  readonly node: Node;
}

function subjectAt(analysis: Analysis, offset: number, uri: string, seen: Seen | undefined): At | undefined {
  const { template } = analysis;
  const document = analysis.documents.find((one) => one.uri === uri);
  if (!document) return undefined;
  const policy = policySubject(template, document, offset);
  if (policy) return policy;
  const reference = referenceAt(template, document, offset);
  if (reference) {
    const { title, lines, node } = reference;
    return { subject: { title, lines, rules: [], aws: [] }, node };
  }
  const at = locate(template, offset, document);
  if (!at) return undefined;
  const { resource } = at;
  const names = at.path.filter((part) => !/^\d+$/.test(part));
  // In Terraform the properties begin right below the name.
  if (!at.inProperties || names.length === 0) {
    const node = names.length === 0 ? resource.key : names.join() === 'Type' ? at.value : undefined;
    const subject = node && holds(node, offset) ? resourceSubject(analysis, resource, seen) : undefined;
    return node && subject && { subject, node };
  }
  const rules = rulesLookingAt(analysis.rules, resource, names);
  const facts = factsOfProperty(resource, names);
  const service = serviceOf(resource);
  // On the key only: a hover over every value would be in the way.
  if (!(rules.length || facts.length) || !at.key || !holds(at.key, offset)) return undefined;
  // What is open stands on the value, where the mouse is not.
  const { value } = at;
  const open = value
    ? analysis.findings.filter(({ finding }) => finding.resource === resource && lies(finding.node, value))
    : [];
  return {
    subject: {
      title: names.join('.'),
      lines: [],
      open: open.length ? open.map((one) => openHover(one, seen)).sort(bySeverity) : undefined,
      decision: decisionOf(rules, movesLine(service, resource, names)),
      service: serviceHover(service),
      rules: rules.map((rule) => ({ ruleId: rule.id, title: rule.title })),
      aws: facts,
    },
    node: at.key,
  };
}

function lies(node: Node, within: Node): boolean {
  return node.document === within.document && within.start <= node.start && node.end <= within.end;
}

function holds(node: Node, offset: number): boolean {
  return node.start <= offset && offset <= node.end;
}

/** Whether the model says that a property, by its value, moves the line. */
function movesLine(service: ServiceView | undefined, resource: Resource, names: readonly string[]): boolean {
  const movers = (service && SERVICES[service.id].movers) ?? [];
  const written = names.join('.');
  return movers.some(({ when }) =>
    when.some(
      ({ types, path }) =>
        path?.replaceAll('[]', '') === written && types.some((type) => resource.types.includes(type)),
    ),
  );
}

/** Who decides a property: as the rules that look at it say. AWS's defaults leave the decision where it is: with the customer. */
function decisionOf(rules: readonly Rule[], movesLine: boolean): 'customer' | 'shared' {
  // What a template writes is never AWS's to decide, even where AWS sees to it that nothing comes of a wrong value.
  const sides = new Set(rules.map(({ owner }) => (owner.side === 'aws' ? 'customer' : owner.side)));
  return (movesLine || sides.has('shared')) && !sides.has('customer') ? 'shared' : 'customer';
}

/** Undefined where neither the model nor a rule says anything: that nothing is open would promise too much. */
function resourceSubject(analysis: Analysis, resource: Resource, seen: Seen | undefined): SubjectHover | undefined {
  const open = analysis.findings.filter(({ finding }) => finding.resource === resource);
  const service = serviceHover(serviceOf(resource));
  const aws = factsOfResource(resource);
  if (!service && !aws.length && !open.length) return undefined;
  return {
    title: resource.type,
    lines: service ? linesOfCall(resource) : [],
    open: open.map((one) => openHover(one, seen)).sort(bySeverity),
    service,
    rules: [],
    aws,
    isResource: true,
  };
}

/** Of a call of a registry module: that the service is used by what the module makes. */
function linesOfCall(resource: Resource): readonly string[] {
  if (!resource.type.startsWith('module:')) return [];
  return ['Made by the module. What the call leaves out, the module decides.'];
}

function openHover(reported: ReportedFinding, seen: Seen | undefined): OpenHover {
  const { rule, owner, message } = reported.finding;
  const change = seen?.comparison.changeOf(reported);
  return { ruleId: rule.id, message, severity: reported.severity, side: owner.side, change };
}

/** Gravest first. */
const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

function bySeverity(a: OpenHover, b: OpenHover): number {
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
}

/** What the change opens by taking away what stands at a place of the old side. */
function removals(analysis: Analysis, uri: string, offset: number, seen: Seen): readonly RemovedHover[] {
  const document = analysis.documents.find((one) => one.uri === uri);
  const at = document && locate(analysis.template, offset, document);
  if (!at) return [];
  const path = at.inProperties ? at.path : [];
  return opensBy(seen.comparison, { resource: at.resource, path }).map((one) => ({
    ...openHover(one, seen),
    resource: one.finding.resource.address,
  }));
}

/** While rules are under way. */
const STILL_CHECKED = 'Demarc is still checking this file.';

/** Lines of a policy's part that are shown below findings. */
const BESIDE_FINDINGS = 4;

/**
 * What goes with findings: what a part of a policy means, in short, or what AWS does at a resource on whose name they
 * stand, but for what they say already.
 */
function besideFindings(
  analysis: Analysis,
  uri: string,
  offset: number,
  findings: readonly FindingHover[],
): SubjectHover | undefined {
  const subject = subjectAt(analysis, offset, uri, undefined)?.subject;
  if (subject?.isPolicy) return { ...subject, lines: subject.lines.slice(0, BESIDE_FINDINGS) };
  if (!subject?.isResource) return undefined;
  const said = new Set(findings.flatMap((finding) => finding.aws.map((fact) => fact.text)));
  const aws = subject.aws.filter((fact) => !said.has(fact.text));
  const { title, lines, service } = subject;
  return { title, lines, rules: [], aws, service, isResource: true };
}

/**
 * The hover at an offset of a document, or undefined where we have nothing to say.
 * @param seen the document is a side of a diff
 */
export function hoverAt(analysis: Analysis, uri: string, offset: number, seen?: Seen): HoverModel | undefined {
  const model = hoverWithin(analysis, uri, offset, seen);
  if (seen?.role !== 'base') return model;
  const removes = removals(analysis, uri, offset, seen);
  if (!removes.length) return model;
  if (model) return { ...model, removes };
  const document = analysis.documents.find((one) => one.uri === uri);
  const at = document && locate(analysis.template, offset, document);
  const node = at && (at.value && holds(at.value, offset) ? at.value : (at.key ?? at.resource.key));
  return document && node && { range: document.lines.range(node.start, node.end), findings: [], removes };
}

function hoverWithin(analysis: Analysis, uri: string, offset: number, seen?: Seen): HoverModel | undefined {
  const at = ({ finding }: { readonly finding: Finding }) =>
    placesIn(finding, uri).filter((node) => node.start <= offset && offset <= node.end);
  const found = analysis.findings.filter((one) => at(one).length);
  const suppressed = analysis.suppressed.filter((one) => at(one).length);
  const document = analysis.documents.find((one) => one.uri === uri);
  if (!document) return undefined;
  if (found.length || suppressed.length) {
    const nodes = [...found, ...suppressed].flatMap(at);
    const range: Range = document.lines.range(
      Math.max(...nodes.map((node) => node.start)),
      Math.min(...nodes.map((node) => node.end)),
    );
    const findings = [
      ...found.map((one) => findingHover(one, seen)),
      ...suppressed.map(({ finding, suppression }) =>
        findingHover({ finding, severity: finding.severity }, undefined, suppression.reason ?? 'no reason given'),
      ),
    ];
    return { range, findings, subject: besideFindings(analysis, uri, offset, findings) };
  }
  const under = subjectAt(analysis, offset, uri, seen);
  if (!under) return undefined;
  const { node, subject } = under;
  return {
    range: document.lines.range(node.start, node.end),
    findings: [],
    // That nothing is open would promise too much while rules are under way.
    subject: analysis.isUnjudged ? { ...subject, lines: [...subject.lines, STILL_CHECKED], open: undefined } : subject,
  };
}
