/** What stands at a position: findings first, then the resource type, property, action or principal itself. */

import type { Analysis, ReportedFinding } from '../analysis/analyze.ts';
import { conditionText, fixDiff, fixesOf, shortDiff } from '../analysis/present.ts';
import { describePolicyPart, policyAt } from '../iam/describe.ts';
import { type ServiceResponsibility, serviceOf } from '../responsibility/services.ts';
import { relatedControls } from '../rules/frameworks.ts';
import type { Rule } from '../rules/rule.ts';
import { known } from '../rules/shared.ts';
import type { Range, SyntaxDocument } from '../syntax/document.ts';
import type { Node } from '../syntax/node.ts';
import { attributePath } from '../template/cloud-control.ts';
import { locate } from '../template/locate.ts';
import type { Resource, Template } from '../template/template.ts';
import { factsOfFinding, factsOfProperty, factsOfResource } from './hover-facts.ts';
import { describePolicy } from './hover-policy.ts';
import type { FindingHover, HoverModel, ServiceHover, SubjectHover } from './protocol.ts';

function serviceHover(service: ServiceResponsibility | undefined): ServiceHover | undefined {
  return (
    service && {
      name: service.name,
      serviceClass: service.serviceClass,
      aws: service.aws,
      customer: service.customer,
      shared: service.shared,
      source: service.source,
    }
  );
}

/** The service of a resource; its engine tells Aurora from RDS. */
function serviceFor(resource: Resource, ruleId?: string): ServiceResponsibility | undefined {
  return serviceOf(resource.type, { ruleId, engine: known(resource, 'Engine') ?? known(resource, 'engine') });
}

function findingHover({ finding, severity }: ReportedFinding, suppressed?: string): FindingHover {
  const { rule } = finding;
  const [fix] = fixesOf(finding);
  const diff = fix && fixDiff(fix);
  return {
    ruleId: rule.id,
    title: rule.title,
    message: finding.message,
    severity,
    side: rule.owner.side,
    why: rule.owner.why,
    moves: rule.owner.moves,
    condition: conditionText(finding.conditions),
    description: rule.description,
    aws: factsOfFinding(finding),
    service: serviceHover(serviceFor(finding.resource, rule.id)),
    fix: fix && diff ? { title: fix.title, safe: fix.safe, diff: shortDiff(diff) } : undefined,
    frameworks: relatedControls(rule.id),
    references: rule.references,
    resource: finding.resource.address,
    suppressed,
  };
}

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
  byProperty.set(key, found);
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

function subjectAt(analysis: Analysis, offset: number, uri: string): { subject: SubjectHover; node: Node } | undefined {
  const { template } = analysis;
  const document = analysis.documents.find((one) => one.uri === uri);
  if (!document) return undefined;
  const policy = policySubject(template, document, offset);
  if (policy) return policy;
  const at = locate(template, offset, document);
  if (!at) return undefined;
  const { resource } = at;
  const names = at.path.filter((part) => !/^\d+$/.test(part));
  // In Terraform the properties begin right below the name.
  if (!at.inProperties || names.length === 0) {
    const node = names.length === 0 ? resource.key : names.join() === 'Type' ? at.value : undefined;
    return node && holds(node, offset) ? { subject: resourceSubject(analysis, resource), node } : undefined;
  }
  const rules = rulesLookingAt(analysis.rules, resource, names);
  const facts = factsOfProperty(resource, names);
  // On the key only: a hover over every value would be in the way.
  if (!(rules.length || facts.length) || !at.key || !holds(at.key, offset)) return undefined;
  return {
    subject: {
      title: names.join('.'),
      lines: [],
      service: serviceHover(serviceFor(resource)),
      rules: rules.map((rule) => ({ ruleId: rule.id, title: rule.title })),
      aws: facts,
    },
    node: at.key,
  };
}

function holds(node: Node, offset: number): boolean {
  return node.start <= offset && offset <= node.end;
}

function resourceSubject(analysis: Analysis, resource: Resource): SubjectHover {
  const count = analysis.findings.filter(({ finding }) => finding.resource === resource).length;
  const lines = [
    count === 0
      ? 'No findings on this resource.'
      : `${count} ${count === 1 ? 'finding' : 'findings'} on this resource.`,
  ];
  const service = serviceHover(serviceFor(resource));
  return { title: resource.type, lines, service, rules: [], aws: factsOfResource(resource), isResource: true };
}

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
  const subject = subjectAt(analysis, offset, uri)?.subject;
  if (subject?.isPolicy) return { ...subject, lines: subject.lines.slice(0, BESIDE_FINDINGS) };
  if (!subject?.isResource) return undefined;
  const said = new Set(findings.flatMap((finding) => finding.aws.map((fact) => fact.text)));
  const aws = subject.aws.filter((fact) => !said.has(fact.text));
  return aws.length ? { title: subject.title, lines: [], rules: [], aws, isResource: true } : undefined;
}

/** The hover at an offset of a document, or undefined where we have nothing to say. */
export function hoverAt(analysis: Analysis, uri: string, offset: number): HoverModel | undefined {
  const covers = (node: Node) => node.document.uri === uri && node.start <= offset && offset <= node.end;
  const found = analysis.findings.filter(({ finding }) => covers(finding.node));
  const suppressed = analysis.suppressed.filter(({ finding }) => covers(finding.node));
  const document = analysis.documents.find((one) => one.uri === uri);
  if (!document) return undefined;
  if (found.length || suppressed.length) {
    const nodes = [...found, ...suppressed].map(({ finding }) => finding.node);
    const range: Range = document.lines.range(
      Math.max(...nodes.map((node) => node.start)),
      Math.min(...nodes.map((node) => node.end)),
    );
    const findings = [
      ...found.map((one) => findingHover(one)),
      ...suppressed.map(({ finding, suppression }) =>
        findingHover({ finding, severity: finding.severity }, suppression.reason ?? 'no reason given'),
      ),
    ];
    return { range, findings, subject: besideFindings(analysis, uri, offset, findings) };
  }
  const at = subjectAt(analysis, offset, uri);
  return at && { range: document.lines.range(at.node.start, at.node.end), findings: [], subject: at.subject };
}
